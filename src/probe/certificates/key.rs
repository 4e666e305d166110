//! Whether a private key is that of a certificate: the public part that the key holds, read from its own place, is
//! the certificate's as a whole. A certificate may be another user's, and whatever it claims as its public key must
//! tell nothing of the rest of a key. Nothing else of a key leaves this file, and its bytes are overwritten.

use std::path::{Path, PathBuf};

use memchr::memmem;
use x509_cert::{
    der::{
        self, Decode, Reader, SliceReader, TagMode, TagNumber,
        asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef},
    },
    spki::AlgorithmIdentifierRef,
};
use zeroize::Zeroizing;

use super::x509::{Certificate, EC, ED25519, Key, RSA};
use crate::host::{Host, Trouble};

const LIMIT: usize = 64 << 10;

/// Whether a key fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    Yes,
    No,
    /// It can't be told, and why.
    Unknown(String),
}

impl Fit {
    pub(super) fn told(&self) -> String {
        match self {
            Self::Yes => "fits".to_owned(),
            Self::No => "is that of another certificate".to_owned(),
            Self::Unknown(why) => format!("not compared: {why}"),
        }
    }
}

/// Holds the certificate's key against it: the one that configuration names, or the one that is called so. Who
/// could have written either is for the caller to judge.
pub(super) fn fit(
    host: &dyn Host,
    file: &Path,
    told: Option<&Path>,
    one: &Certificate,
) -> Option<(PathBuf, Fit)> {
    let path = match told {
        Some(path) => path.to_owned(),
        None => beside(file).into_iter().find(|path| host.exists(path))?,
    };
    let fit = match host.read_secret(&path, LIMIT) {
        Ok(bytes) => compare(&Zeroizing::new(bytes), one.key()),
        Err(error) if error.trouble == Trouble::Missing => Fit::Unknown("not there".to_owned()),
        Err(error) => Fit::Unknown(error.reason()),
    };
    Some((path, fit))
}

fn beside(file: &Path) -> Vec<PathBuf> {
    vec![file.with_extension("key"), file.with_file_name("privkey.pem")]
}

/// What a key tells of its public half, borrowed from it.
#[derive(Clone, Copy)]
enum Public<'k> {
    /// The modulus, without leading zeros.
    Rsa(&'k [u8]),
    /// The point, which may be left out.
    Curve(Option<&'k [u8]>),
    Ed25519(Option<&'k [u8]>),
}

/// Holds a key's text against what a certificate says.
pub(super) fn compare(pem: &[u8], certified: &Key) -> Fit {
    let unknown = |why: &str| Fit::Unknown(why.to_owned());
    if memmem::find(pem, b"ENCRYPTED").is_some() {
        return unknown("it is encrypted");
    }
    let Some((label, der)) = decoded(pem) else { return unknown("it is not understood") };
    let Some(public) = public(label, &der) else { return unknown("it is not understood") };
    let (part, whole) = match (public, certified) {
        (_, Key::Other(_)) => return unknown("an unusual kind of key"),
        (_, Key::Curve(name, point)) if !is_whole(name, point) => return unknown("an unusual kind of key"),
        (Public::Rsa(modulus), Key::Rsa(whole)) => (Some(modulus), whole),
        (Public::Ed25519(point), Key::Curve("Ed25519", whole)) => (point, whole),
        (Public::Curve(point), Key::Curve(name, whole)) if *name != "Ed25519" => (point, whole),
        _ => return Fit::No,
    };
    match part {
        Some(part) if part == whole.as_slice() => Fit::Yes,
        Some(_) => Fit::No,
        None => unknown("it does not hold its public part"),
    }
}

/// Whether a certificate holds a point in full: `04 || x || y` of the curve's length (SEC 1), 32 bytes of Ed25519.
fn is_whole(curve: &str, point: &[u8]) -> bool {
    let coordinates = match curve {
        "Ed25519" => return point.len() == 32,
        "P-256" => 64,
        "P-384" => 96,
        "P-521" => 132,
        _ => return false,
    };
    point.len() == 1 + coordinates && point[0] == 4
}

fn public<'k>(label: &[u8], der: &'k [u8]) -> Option<Public<'k>> {
    let read = match label {
        b"RSA PRIVATE KEY" => pkcs1(der).map(Public::Rsa),
        b"EC PRIVATE KEY" => sec1(der).map(Public::Curve),
        b"PRIVATE KEY" => pkcs8(der),
        _ => return None,
    };
    read.ok()
}

/// RFC 8017, A.1.2: version, modulus, and what is nobody's business.
fn pkcs1(der: &[u8]) -> der::Result<&[u8]> {
    only(der, |reader| {
        u8::decode(reader)?;
        let modulus = UintRef::decode(reader)?.as_bytes();
        let rest = reader.remaining_len();
        reader.read_slice(rest)?;
        Ok(modulus)
    })
}

/// RFC 5915: version, the number, the curve, `[1]` the point.
fn sec1(der: &[u8]) -> der::Result<Option<&[u8]>> {
    only(der, |reader| {
        u8::decode(reader)?;
        <&OctetStringRef>::decode(reader)?;
        reader.context_specific::<ObjectIdentifier>(TagNumber(0), TagMode::Explicit)?;
        let point = reader.context_specific::<BitStringRef<'_>>(TagNumber(1), TagMode::Explicit)?;
        Ok(point.and_then(|point| point.as_bytes()))
    })
}

/// RFC 5958: version, algorithm, the key in the algorithm's own form, `[0]` attributes, `[1]` the public part.
fn pkcs8(der: &[u8]) -> der::Result<Public<'_>> {
    const ATTRIBUTES: u8 = 0xa0;
    let (algorithm, key, point) = only(der, |reader| {
        u8::decode(reader)?;
        let algorithm = AlgorithmIdentifierRef::decode(reader)?.oid;
        let key = <&OctetStringRef>::decode(reader)?.as_bytes();
        if reader.peek_byte() == Some(ATTRIBUTES) {
            AnyRef::decode(reader)?;
        }
        let point = reader.context_specific::<BitStringRef<'_>>(TagNumber(1), TagMode::Implicit)?;
        Ok((algorithm, key, point.and_then(|point| point.as_bytes())))
    })?;
    match algorithm.to_string().as_str() {
        RSA => pkcs1(key).map(Public::Rsa),
        EC => sec1(key).map(|own| Public::Curve(own.or(point))),
        ED25519 => Ok(Public::Ed25519(point)),
        _ => Err(der::ErrorKind::OidUnknown { oid: algorithm }.into()),
    }
}

/// One sequence, and nothing behind it.
fn only<'k, T>(der: &'k [u8], fields: impl FnOnce(&mut SliceReader<'k>) -> der::Result<T>) -> der::Result<T> {
    let mut reader = SliceReader::new(der)?;
    let read = reader.sequence(fields)?;
    reader.finish()?;
    Ok(read)
}

/// Label and bytes of the first block that is a private key (a certificate, or parameters of a curve, may stand before).
fn decoded(pem: &[u8]) -> Option<(&[u8], Zeroizing<Vec<u8>>)> {
    let mut rest = pem;
    loop {
        let begin = memmem::find(rest, b"-----BEGIN ")?;
        let head = &rest[begin + b"-----BEGIN ".len()..];
        let label = &head[..memmem::find(head, b"-----")?];
        let body = &head[label.len() + 5..];
        let end = memmem::find(body, b"-----END")?;
        if label.ends_with(b"PRIVATE KEY") {
            // With all its room from the start: a vector that grows leaves its bytes behind in memory.
            let mut base64 = Zeroizing::new(Vec::with_capacity(end));
            base64.extend(body[..end].iter().filter(|byte| !byte.is_ascii_whitespace()));
            let mut der = Zeroizing::new(vec![0; data_encoding::BASE64.decode_len(base64.len()).ok()?]);
            let length = data_encoding::BASE64.decode_mut(&base64, &mut der).ok()?;
            der.truncate(length);
            return Some((label, der));
        }
        rest = &body[end + 1..];
    }
}
