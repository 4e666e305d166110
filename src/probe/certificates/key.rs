//! Whether a private key is that of a certificate: its public part stands in it. Nothing else of a key leaves this
//! file, and its bytes are overwritten.

use std::path::{Path, PathBuf};

use memchr::memmem;
use zeroize::Zeroizing;

use super::x509::{Certificate, Key};
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

/// Holds the certificate's key against it: the one that configuration names, or the one that is called so.
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

fn compare(pem: &[u8], public: &Key) -> Fit {
    if memmem::find(pem, b"ENCRYPTED").is_some() {
        return Fit::Unknown("it is encrypted".to_owned());
    }
    let Some(der) = decoded(pem) else { return Fit::Unknown("it is not understood".to_owned()) };
    let part = match public {
        // An RSA key has its modulus in it.
        Key::Rsa(modulus) => modulus,
        Key::Curve(_, point) => point,
        Key::Other(_) => return Fit::Unknown("an unusual kind of key".to_owned()),
    };
    match memmem::find(&der, part) {
        Some(_) => Fit::Yes,
        None if holds_public(pem, &der) => Fit::No,
        None => Fit::Unknown("it does not hold its public part".to_owned()),
    }
}

/// Whether there is a public part in a key: any RSA key, or `[1]` with a bit string (RFC 5915, RFC 5958).
fn holds_public(pem: &[u8], der: &[u8]) -> bool {
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    let points: [&[u8]; 5] =
        [&[3, 0x42, 0, 4], &[3, 0x62, 0, 4], &[3, 0x81, 0x86, 0, 4], &[0x81, 0x21, 0], RSA];
    memmem::find(pem, b"BEGIN RSA PRIVATE").is_some()
        || points.iter().any(|point| memmem::find(der, point).is_some())
}

/// The bytes of the last block that is a private key (parameters of a curve may stand before).
fn decoded(pem: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut rest = pem;
    loop {
        let begin = memmem::find(rest, b"-----BEGIN ")?;
        let head = &rest[begin..];
        let line = memchr::memchr(b'\n', head)?;
        let body = &head[line..];
        let end = memmem::find(body, b"-----END")?;
        if memmem::find(&head[..line], b"PRIVATE KEY").is_some() {
            let base64: Zeroizing<Vec<u8>> = Zeroizing::new(
                body[..end].iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect(),
            );
            return data_encoding::BASE64.decode(&base64).ok().map(Zeroizing::new);
        }
        rest = &body[end + 1..];
    }
}
