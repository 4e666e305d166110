//! The little of an X.509 certificate that a report tells: until when it is valid, and whose it is. Walks
//! DER by lengths that it checks; verifies nothing.

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    pub(super) subject: String,
    pub(super) issuer: String,
}

/// Reads a certificate (RFC 5280, 4.1).
pub(super) fn certificate(der: &[u8]) -> Option<Told> {
    let (whole, _) = expect(der, 0x30)?;
    let (mut body, _) = expect(whole, 0x30)?;
    if body.first() == Some(&0xa0) {
        body = expect(body, 0xa0)?.1;
    }
    let (_, rest) = expect(body, 0x02)?;
    let (_, rest) = expect(rest, 0x30)?;
    let (issuer, rest) = expect(rest, 0x30)?;
    let (validity, rest) = expect(rest, 0x30)?;
    let (subject, _) = expect(rest, 0x30)?;
    let (not_before, validity) = time(validity)?;
    let (not_after, _) = time(validity)?;
    Some(Told { not_before, not_after, subject: name(subject), issuer: name(issuer) })
}

/// A value of this tag, and what stands behind it.
fn expect(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, value, rest) = element(der)?;
    (found == tag).then_some((value, rest))
}

fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let length = if first < 0x80 {
        usize::from(first)
    } else {
        let bytes = usize::from(first & 0x7f);
        if !(1..=4).contains(&bytes) {
            return None;
        }
        let (length, behind) = rest.split_at_checked(bytes)?;
        rest = behind;
        length.iter().fold(0, |all, byte| all << 8 | usize::from(*byte))
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((tag, value, rest))
}

/// `UTCTime` (two digits of the year: 1950 to 2049) or `GeneralizedTime`.
fn time(der: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (tag, value, rest) = element(der)?;
    let text = std::str::from_utf8(value).ok()?.strip_suffix('Z')?;
    let text = match tag {
        0x17 if text.len() == 12 && text.as_bytes()[0] < b'5' => format!("20{text}"),
        0x17 if text.len() == 12 => format!("19{text}"),
        0x18 if text.len() == 14 => text.to_owned(),
        _ => return None,
    };
    let shown = DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
    Some((Offset::UTC.to_timestamp(shown).ok()?, rest))
}

/// The common name; else the organisation; else nothing.
fn name(mut sets: &[u8]) -> String {
    let mut best = (0, String::new());
    while let Some((set, rest)) = expect(sets, 0x31) {
        sets = rest;
        let found = expect(set, 0x30).and_then(|(pair, _)| {
            let (oid, value) = expect(pair, 0x06)?;
            let rank = match oid {
                [0x55, 4, 3] => 2,
                [0x55, 4, 10] => 1,
                _ => return None,
            };
            Some((rank, String::from_utf8_lossy(element(value)?.1).into_owned()))
        });
        if let Some(found) = found.filter(|found| found.0 > best.0) {
            best = found;
        }
    }
    best.1
}
