//! What a log's name tells: which live log a rotated file belongs to, and when it was rotated.
//!
//! Names only; nothing is opened here.

use jiff::Timestamp;

use super::times::{Moment, digits_of, midnight, tai, timestamp};

/// How a file was rotated out of its live log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotated {
    /// `NAME.1`: the larger the older.
    Number(u32),
    /// `NAME-20260309`, `NAME-2026030912`, `NAME-20260309-1773014400`: the rotation's day or second (as if in UTC).
    Date(Timestamp),
    /// svlogd's `@4000….s`, `.u`: the second of the rotation.
    Tai(Timestamp),
    /// `NAME.old`, and a rotated file whose name tells no age.
    Old,
}

/// Suffixes of compressed files, and whether glsos inflates them.
const COMPRESSED: &[(&[u8], Option<&str>)] = &[
    (b".gz", None),
    (b".zst", Some("zstd")),
    (b".xz", Some("xz")),
    (b".bz2", Some("bzip2")),
    (b".lz4", Some("lz4")),
    (b".lzma", Some("lzma")),
    (b".Z", Some("compress")),
];

/// A file name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// The live log's name in the same folder.
    pub(super) live: Vec<u8>,
    /// Absent for the live log itself.
    pub(super) rotated: Option<Rotated>,
    /// Without the suffix of its compression; the whole name if it has none.
    pub(super) inflated: &'a [u8],
    /// Its suffix says that it is compressed: with what glsos inflates, or with the named one.
    pub(super) compressed: Option<Result<(), &'static str>>,
}

/// Takes a name apart.
pub(super) fn parse(name: &[u8]) -> Name<'_> {
    if let Some((moment, suffix)) = svlogd(name) {
        let inflated = name.strip_suffix(b".s").unwrap_or(name);
        let rotated = timestamp(moment.early).map_or(Rotated::Old, Rotated::Tai);
        let compressed = (suffix == b".s").then_some(Ok(()));
        return Name { live: b"current".to_vec(), rotated: Some(rotated), inflated, compressed };
    }
    let known = COMPRESSED.iter().find_map(|(suffix, unread)| Some((name.strip_suffix(*suffix)?, unread)));
    let (inflated, compressed) = match known {
        Some((inflated, unread)) if !inflated.is_empty() => (inflated, Some(unread.map_or(Ok(()), Err))),
        _ => (name, None),
    };
    let (live, rotated) = match rotation(inflated) {
        Some((live, rotated)) => (live, Some(rotated)),
        // `x.log.gz` is nobody's live log.
        None => (inflated.to_vec(), compressed.map(|_| Rotated::Old)),
    };
    Name { live, rotated, inflated, compressed }
}

/// `@` and TAI64N, then `.s` (processed) or `.u` (unfinished).
fn svlogd(name: &[u8]) -> Option<(Moment, &[u8])> {
    let rest = name.strip_prefix(b"@")?;
    let suffix = rest.get(24..)?;
    matches!(suffix, b".s" | b".u").then_some((tai(rest)?, suffix))
}

fn rotation(name: &[u8]) -> Option<(Vec<u8>, Rotated)> {
    if let Some(live) = name.strip_suffix(b".old").filter(|live| !live.is_empty()) {
        return Some((live.to_vec(), Rotated::Old));
    }
    if let Some((live, date)) = dated(name) {
        return Some((live.to_vec(), date));
    }
    // logrotate's `extension .log` puts the date or number before it.
    if let Some((live, date)) = name.strip_suffix(b".log").and_then(dated) {
        return Some(([live, b".log"].concat(), date));
    }
    let dot = memchr::memrchr(b'.', name)?;
    let (live, number) = (name.get(..dot)?, name.get(dot + 1..)?);
    let plausible = !live.is_empty() && (1..=4).contains(&number.len());
    let number = digits_of(number).filter(|_| plausible)?;
    Some((live.to_vec(), Rotated::Number(u32::try_from(number).ok()?)))
}

/// `LIVE-20260309`, `LIVE.20260309`, with an hour or a Unix time behind it, or `LIVE-2026-03-09`.
fn dated(name: &[u8]) -> Option<(&[u8], Rotated)> {
    let tail = |n: usize| {
        let (rest, tail) = name.split_at_checked(name.len().checked_sub(n)?)?;
        let live = rest.strip_suffix(b"-").or_else(|| rest.strip_suffix(b"."))?;
        (!live.is_empty()).then_some((live, tail))
    };
    let day = |text: &[u8]| {
        let midnight =
            midnight(digits_of(text.get(..4)?)?, digits_of(text.get(4..6)?)?, digits_of(text.get(6..8)?)?)?;
        let hour = text.get(8..10).map_or(Some(0), digits_of).filter(|hour| *hour < 24)?;
        Timestamp::from_second(midnight + hour * 3600).ok().map(Rotated::Date)
    };
    if let Some((live, text)) = tail(19) {
        // dateformat -%Y%m%d-%s
        if text.get(8) == Some(&b'-') && day(text.get(..8)?).is_some() {
            let second = digits_of(text.get(9..)?)?;
            return Some((live, Rotated::Date(Timestamp::from_second(second).ok()?)));
        }
    }
    if let Some((live, text)) = tail(10) {
        if text.get(4) == Some(&b'-') && text.get(7) == Some(&b'-') {
            let text = [text.get(..4)?, text.get(5..7)?, text.get(8..)?].concat();
            return Some((live, day(&text)?));
        }
        if let Some(date) = digits_of(text).and_then(|_| day(text)) {
            return Some((live, date));
        }
    }
    let (live, text) = tail(8)?;
    digits_of(text)?;
    Some((live, day(text)?))
}

impl Rotated {
    /// No line of the file is younger than this, to within a day of zones and late rotations.
    pub(super) fn newest(self) -> Option<Timestamp> {
        let slack = match self {
            Self::Number(_) | Self::Old => return None,
            // The name is the day's beginning in an unknown zone; the file may hold all of that day.
            Self::Date(_) => jiff::SignedDuration::from_hours(48),
            Self::Tai(_) => jiff::SignedDuration::from_mins(5),
        };
        match self {
            Self::Date(at) | Self::Tai(at) => at.checked_add(slack).ok(),
            Self::Number(_) | Self::Old => None,
        }
    }

    /// Orders the files of one log, the newest first.
    pub fn age(self) -> (u8, i64) {
        match self {
            Self::Number(n) => (1, i64::from(n)),
            Self::Date(at) | Self::Tai(at) => (2, -at.as_second()),
            Self::Old => (3, 0),
        }
    }
}

/// What lies beside logs and is none: svlogd's own files, locks, pids, editors' leavings.
pub(super) fn is_junk(name: &[u8], beside_current: bool) -> bool {
    let svlogd = matches!(name, b"lock" | b"state" | b"newstate" | b"config")
        || (name.starts_with(b"@") && name.ends_with(b".t"));
    let anywhere: [&[u8]; 7] = [b".pid", b".lock", b".sock", b".socket", b".swp", b".tmp", b"~"];
    (beside_current && svlogd) || anywhere.iter().any(|suffix| name.ends_with(suffix))
}

/// When a file's first line was written, where its name tells: reconfigure's `UNIXTIME.log`.
pub(super) fn begins(live: &[u8]) -> Option<Timestamp> {
    let stem = live.strip_suffix(b".log")?;
    let second = digits_of(stem).filter(|_| stem.len() == 10)?;
    Timestamp::from_second(second).ok()
}
