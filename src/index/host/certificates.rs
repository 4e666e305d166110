//! GitLab's certificates: until when they are valid.

use data_encoding::BASE64;
use jiff::Timestamp;
use x509_cert::{
    certificate::{CertificateInner, Raw},
    der::Decode,
    name::Name,
    time::Time,
};

use super::super::{
    docs::{Doc, Docs},
    place::Place,
};

/// Certificates of one file: a bundle of authorities has hundreds.
const MOST: usize = 50;

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who says so.
    pub issuer: String,
    /// From when.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// Whether GitLab shows it to others, rather than trusts it.
    pub own: bool,
    /// Where it begins.
    pub place: Place,
}

/// Those below `/etc/gitlab`.
pub(super) fn read(docs: &Docs) -> Vec<Certificate> {
    let own = docs.below("etc/gitlab/ssl/").flat_map(|doc| within(doc, true));
    let trusted = docs.below("etc/gitlab/trusted-certs/").flat_map(|doc| within(doc, false));
    own.chain(trusted).collect()
}

fn within(doc: &Doc, own: bool) -> Vec<Certificate> {
    let mut all = Vec::new();
    let mut begun: Option<(u64, String)> = None;
    for (number, line) in doc.lines() {
        if line.starts_with("-----BEGIN CERTIFICATE") {
            begun = Some((number, String::new()));
        } else if line.starts_with("-----END") {
            let told = begun.take().and_then(|(number, text)| {
                let der = BASE64.decode(text.as_bytes()).ok()?;
                Some((number, CertificateInner::<Raw>::from_der(&der).ok()?))
            });
            if let Some((number, told)) = told
                && all.len() < MOST
            {
                let told = told.tbs_certificate();
                let (subject, issuer) = (called(told.subject()), called(told.issuer()));
                let validity = told.validity();
                let (not_before, not_after) = (time(&validity.not_before), time(&validity.not_after));
                let place = doc.place(number, &format!("{subject}, valid until {not_after:.0}"));
                all.push(Certificate { subject, issuer, not_before, not_after, own, place });
            }
        } else if let Some((_, text)) = &mut begun {
            text.push_str(line.trim());
        }
    }
    all
}

/// The common name; else the organisation; else all of it.
fn called(name: &Name) -> String {
    let part = name.common_name().ok().flatten().or_else(|| name.organization().ok().flatten());
    part.map_or_else(|| name.to_string(), |part| part.value().into_owned())
}

fn time(time: &Time) -> Timestamp {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
pub(crate) const EXAMPLE: &str = "\
-----BEGIN CERTIFICATE-----
MIIB0jCCAXigAwIBAgIUVIgH/qdVwgg6YDPjV7xCCLjNDpowCgYIKoZIzj0EAwIw
LzEQMA4GA1UECgwHRXhhbXBsZTEbMBkGA1UEAwwSZ2l0bGFiLmV4YW1wbGUuY29t
MB4XDTI2MTEzMDE0MTE0M1oXDTI2MTIzMDE0MTE0M1owLzEQMA4GA1UECgwHRXhh
bXBsZTEbMBkGA1UEAwwSZ2l0bGFiLmV4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEymeJcmNs4hrh7DonXo9IFCNXjgggJIBBku522f9r7H8T7oW1
wzrosDJkx9854esmGdZA43uJZhFcszsYGXswCKNyMHAwHQYDVR0OBBYEFIKAbXP8
LHeX8x1syB2EUX5FdRlqMB8GA1UdIwQYMBaAFIKAbXP8LHeX8x1syB2EUX5FdRlq
MA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0RBBYwFIISZ2l0bGFiLmV4YW1wbGUuY29t
MAoGCCqGSM49BAMCA0gAMEUCIDKJaIf8OZjt0pXG6bb3vA1aoJ1iQRbpzBHRzh7E
2Fw3AiEA1o/Mj1gVaP+n5imtW4q3PrCS1ebhD2lyQ/TdSRqNfXo=
-----END CERTIFICATE-----
";

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn a_certificate_of_openssl() {
        let all = read(&docs(&[("etc/gitlab/ssl/x.crt", &format!("Subject: x\n{EXAMPLE}"))]));
        let [found] = &all[..] else { panic!("{all:?}") };
        assert_eq!(found.not_before.to_string(), "2026-11-30T14:11:43Z");
        assert_eq!(found.not_after.to_string(), "2026-12-30T14:11:43Z");
        assert_eq!((found.subject.as_str(), found.own, found.place.line), ("gitlab.example.com", true, 2));
    }

    #[test]
    fn what_is_cut_or_damaged_is_none() {
        let body: String = EXAMPLE.lines().filter(|line| !line.starts_with('-')).collect();
        let whole = BASE64.decode(body.as_bytes()).unwrap();
        let read = |der: &[u8]| {
            let pem =
                format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", BASE64.encode(der));
            read(&docs(&[("etc/gitlab/ssl/x.crt", &pem)]))
        };
        assert_eq!(read(&whole).len(), 1);
        for length in 0..whole.len() {
            assert_eq!(read(&whole[..length]), [], "{length}");
        }
        for at in 0..200 {
            let mut damaged = whole.clone();
            damaged[at] = 0xff;
            // It must not panic.
            let _ = read(&damaged);
        }
    }
}
