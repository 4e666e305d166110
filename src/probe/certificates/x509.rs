//! Certificates out of a file's bytes, PEM or DER. Whatever else stands there, a private key above all, is not looked at.

use std::net::IpAddr;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use x509_cert::{
    certificate::{CertificateInner, Raw},
    der::{Decode, Encode, Reader, SliceReader, asn1::ObjectIdentifier, asn1::UintRef},
    ext::pkix::{BasicConstraints, SubjectAltName, name::GeneralName},
    name::Name,
};

use super::super::page::Page;

/// Certificates of one file.
const MOST: usize = 500;
/// Names of one certificate.
const MOST_NAMES: usize = 200;
/// Bytes of a subject, an issuer or a name: no honest one comes near.
const LONGEST: usize = 1 << 10;

/// Kinds of keys, by their identifiers: RSA (RFC 8017), elliptic curves (RFC 5480), Ed25519 (RFC 8410).
pub(super) const RSA: &str = "1.2.840.113549.1.1.1";
pub(super) const EC: &str = "1.2.840.10045.2.1";
pub(super) const ED25519: &str = "1.3.101.112";

/// What is told of a certificate.
#[derive(Debug)]
pub(super) struct Certificate {
    pub(super) subject: String,
    pub(super) issuer: String,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    /// Whether it may issue others.
    pub(super) authority: bool,
    /// `DNS:gitlab.example.com`, `IP:10.0.0.1`.
    names: Vec<String>,
    serial: String,
    key: Key,
    signed: ObjectIdentifier,
    sha256: String,
}

/// Its public key.
#[derive(Debug)]
pub(super) enum Key {
    /// The modulus, without leading zeros.
    Rsa(Vec<u8>),
    /// The curve, and the point as it is encoded.
    Curve(&'static str, Vec<u8>),
    Other(ObjectIdentifier),
}

/// All in a file, in its order; what can't be read is there with the reason.
pub(super) fn all(bytes: &[u8]) -> Vec<Result<Certificate, String>> {
    if bytes.first() == Some(&0x30) {
        return vec![Certificate::of(bytes)];
    }
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some((der, after)) = block(rest) {
        found.push(der.and_then(|der| Certificate::of(&der)));
        rest = after;
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// The next certificate's DER, and what stands behind it.
#[allow(clippy::type_complexity)] // read right here
fn block(bytes: &[u8]) -> Option<(Result<Vec<u8>, String>, &[u8])> {
    const BEGIN: [&[u8]; 2] = [b"-----BEGIN CERTIFICATE-----", b"-----BEGIN TRUSTED CERTIFICATE-----"];
    let begins = BEGIN.iter().filter_map(|begin| Some(memchr::memmem::find(bytes, begin)? + begin.len()));
    let text = &bytes[begins.min()?..];
    let Some(end) = memchr::memmem::find(text, b"-----") else {
        return Some((Err("has no end".to_owned()), &[]));
    };
    let base64: Vec<u8> = text[..end].iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let der = data_encoding::BASE64.decode(&base64).map_err(|_| "is no Base64".to_owned());
    Some((der, &text[end + 5..]))
}

impl Certificate {
    fn of(der: &[u8]) -> Result<Self, String> {
        let unclear = |error: x509_cert::der::Error| format!("not understood: {error}");
        // Behind a trusted certificate openssl writes for what it is trusted.
        let mut reader = SliceReader::new(der).map_err(unclear)?;
        let parsed = CertificateInner::<Raw>::decode(&mut reader).map_err(unclear)?;
        let length = usize::try_from(reader.position()).unwrap_or(der.len());
        let tbs = parsed.tbs_certificate();
        let time = |time: &x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
            Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
        };
        let names = tbs.get_extension::<SubjectAltName>().ok().flatten();
        let constraints = tbs.get_extension::<BasicConstraints>().ok().flatten();
        Ok(Self {
            subject: whose(tbs.subject()),
            issuer: whose(tbs.issuer()),
            from: time(&tbs.validity().not_before),
            until: time(&tbs.validity().not_after),
            authority: constraints.is_some_and(|(_, constraints)| constraints.ca),
            names: names
                .map(|(_, names)| names.0.iter().take(MOST_NAMES).map(name).collect())
                .unwrap_or_default(),
            serial: hex(tbs.serial_number().as_bytes()),
            key: Key::of(tbs.subject_public_key_info()),
            signed: parsed.signature_algorithm().oid,
            sha256: hex(&Sha256::digest(&der[..length])),
        })
    }

    pub(super) fn key(&self) -> &Key {
        &self.key
    }

    pub(super) fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether a client that asks for this name takes it; `*` stands for one label.
    pub(super) fn is_for(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.names.iter().any(|name| match name.split_once(':') {
            Some(("DNS", name)) => {
                let name = name.to_ascii_lowercase();
                let wild = name
                    .strip_prefix("*.")
                    .zip(host.split_once('.'))
                    .is_some_and(|(rest, (_, of))| rest == of);
                name == host || wild
            }
            Some(("IP", ip)) => ip == host,
            _ => false,
        })
    }

    /// What today's clients refuse.
    pub(super) fn weakness(&self) -> Option<String> {
        let signed = signature(self.signed);
        if !self.is_self_signed()
            && signed.is_some_and(|name| name.starts_with("SHA-1") || name.starts_with("MD5"))
        {
            return Some(format!("signed with {}", signed.unwrap_or_default()));
        }
        match &self.key {
            Key::Rsa(modulus) if bits(modulus) < 2048 => {
                Some(format!("a key of {} bits only", bits(modulus)))
            }
            _ if self.names.is_empty() && !self.authority => Some("no alternative names".to_owned()),
            _ => None,
        }
    }

    pub(super) fn tell(&self, page: &mut Page) {
        page.fact("subject", &self.subject);
        page.fact("issuer", if self.is_self_signed() { "itself" } else { &self.issuer });
        page.fact("valid", format!("{} to {}", self.from, self.until));
        if !self.names.is_empty() {
            page.fact("names", self.names.join(", "));
        }
        page.fact("issues others", if self.authority { "yes" } else { "no" });
        page.fact("public key", self.key.told());
        page.fact(
            "signed with",
            signature(self.signed).map_or_else(|| self.signed.to_string(), str::to_owned),
        );
        page.fact("serial number", &self.serial);
        page.fact("SHA-256 fingerprint", &self.sha256);
    }
}

impl Key {
    fn of(info: &x509_cert::spki::SubjectPublicKeyInfoOwned) -> Self {
        let bytes = info.subject_public_key.raw_bytes();
        let curve =
            info.algorithm.parameters.as_ref().and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        match info.algorithm.oid.to_string().as_str() {
            RSA => match modulus(bytes) {
                Some(modulus) => Self::Rsa(modulus),
                None => Self::Other(info.algorithm.oid),
            },
            EC => {
                let curve = match curve.map(|oid| oid.to_string()).as_deref() {
                    Some("1.2.840.10045.3.1.7") => "P-256",
                    Some("1.3.132.0.34") => "P-384",
                    Some("1.3.132.0.35") => "P-521",
                    _ => "another curve",
                };
                Self::Curve(curve, bytes.to_vec())
            }
            ED25519 => Self::Curve("Ed25519", bytes.to_vec()),
            _ => Self::Other(info.algorithm.oid),
        }
    }

    fn told(&self) -> String {
        match self {
            Self::Rsa(modulus) => format!("RSA, {} bits", bits(modulus)),
            Self::Curve("Ed25519", _) => "Ed25519".to_owned(),
            Self::Curve(curve, _) => format!("ECDSA, {curve}"),
            Self::Other(oid) => oid.to_string(),
        }
    }
}

/// The first number of an RSA key.
fn modulus(der: &[u8]) -> Option<Vec<u8>> {
    let mut reader = SliceReader::new(der).ok()?;
    reader
        .sequence(|reader| -> x509_cert::der::Result<Vec<u8>> {
            let modulus = UintRef::decode(reader)?.as_bytes().to_vec();
            let rest = reader.remaining_len();
            reader.read_slice(rest)?;
            Ok(modulus)
        })
        .ok()
}

fn bits(modulus: &[u8]) -> usize {
    let first = modulus.first().copied().unwrap_or(0);
    (modulus.len() * 8).saturating_sub(first.leading_zeros() as usize)
}

/// A subject or issuer. One that is too long is still told from another: chains are held together by them.
fn whose(name: &Name) -> String {
    match name.to_der() {
        Ok(der) if der.len() > LONGEST => {
            format!("too long: {} bytes, SHA-256 {}", der.len(), hex(&Sha256::digest(&der)[..8]))
        }
        _ => name.to_string(),
    }
}

fn name(name: &GeneralName) -> String {
    let (kind, text) = match name {
        GeneralName::DnsName(name) => ("DNS", name.as_str().to_owned()),
        GeneralName::Rfc822Name(mail) => ("email", mail.as_str().to_owned()),
        GeneralName::UniformResourceIdentifier(uri) => ("URI", uri.as_str().to_owned()),
        GeneralName::DirectoryName(name) => ("DirName", whose(name)),
        GeneralName::IpAddress(ip) => {
            let ip = ip.as_bytes();
            let four = <[u8; 4]>::try_from(ip).map(IpAddr::from);
            let ip = four.or_else(|_| <[u8; 16]>::try_from(ip).map(IpAddr::from));
            ("IP", ip.map_or_else(|_| "?".to_owned(), |ip| ip.to_string()))
        }
        other => match other.to_der() {
            Ok(der) if der.len() > LONGEST => ("other", format!("too long: {} bytes", der.len())),
            der => ("other", der.map_or_else(|_| "?".to_owned(), |der| hex(&der))),
        },
    };
    match text.len() {
        length if length > LONGEST && kind != "other" => format!("{kind}:too long: {length} bytes"),
        _ => format!("{kind}:{text}"),
    }
}

fn signature(oid: ObjectIdentifier) -> Option<&'static str> {
    Some(match oid.to_string().as_str() {
        "1.2.840.113549.1.1.4" => "MD5 and RSA",
        "1.2.840.113549.1.1.5" => "SHA-1 and RSA",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.2.840.113549.1.1.11" => "SHA-256 and RSA",
        "1.2.840.113549.1.1.12" => "SHA-384 and RSA",
        "1.2.840.113549.1.1.13" => "SHA-512 and RSA",
        "1.2.840.10045.4.1" => "SHA-1 and ECDSA",
        "1.2.840.10045.4.3.2" => "SHA-256 and ECDSA",
        "1.2.840.10045.4.3.3" => "SHA-384 and ECDSA",
        "1.2.840.10045.4.3.4" => "SHA-512 and ECDSA",
        ED25519 => "Ed25519",
        _ => return None,
    })
}

/// `AA:BB`, as openssl writes fingerprints.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}
