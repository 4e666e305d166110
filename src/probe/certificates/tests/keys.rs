//! Which key fits which certificate, and what a certificate can't find out about a key.

use super::*;
use x509::Key;

/// One element of DER.
pub(super) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let head = match u16::try_from(content.len()).unwrap() {
        length @ 0..128 => vec![tag, length as u8],
        length @ 128..256 => vec![tag, 0x81, length as u8],
        length => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [head, content].concat()
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", data_encoding::BASE64.encode(der))
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    [b"\0", bytes].concat()
}

const P256: &[u8] = b"\x2a\x86\x48\xce\x3d\x03\x01\x07";
const SECRET: &[u8] = b"ab";

/// RFC 5915, with a point or without.
fn sec1(point: Option<&[u8]>) -> Vec<u8> {
    let point = point.map(|point| tlv(0xa1, &[&tlv(3, &[&bits(point)])])).unwrap_or_default();
    tlv(0x30, &[&tlv(2, &[b"\x01"]), &tlv(4, &[SECRET]), &tlv(0xa0, &[&tlv(6, &[P256])]), &point])
}

/// RFC 5958: the algorithm's identifier, its own form of the key, and what stands behind.
fn pkcs8(oid: &[u8], key: &[u8], behind: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&tlv(2, &[b"\x01"]), &tlv(0x30, &[&tlv(6, &[oid])]), &tlv(4, &[key]), behind])
}

fn pkcs1(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    tlv(
        0x30,
        &[&tlv(2, &[b"\0"]), &tlv(2, &[b"\0", modulus]), &tlv(2, &[b"\x03"]), &tlv(2, &[b"\0", exponent])],
    )
}

const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const ED25519: &[u8] = b"\x2b\x65\x70";

/// A key of P-256 with this point, as `openssl genpkey` writes it.
pub(super) fn curve(point: &[u8]) -> String {
    pem("PRIVATE KEY", &pkcs8(EC, &sec1(Some(point)), b""))
}

fn fit(key: &str, certificate: &str) -> Fit {
    let host = Memory::default().file("/x/a.key", key);
    key::fit(&host, Path::new("/x/a.crt"), None, &one(certificate)).unwrap().1
}

fn modulus() -> Vec<u8> {
    match one(OLD).key() {
        Key::Rsa(modulus) => modulus.clone(),
        other => panic!("{other:?}"),
    }
}

fn unknown(why: &str) -> Fit {
    Fit::Unknown(why.to_owned())
}

#[test]
fn a_key_is_compared_and_never_shown() {
    let own = pem("EC PRIVATE KEY", &sec1(Some(&point(LEAF))));
    assert_eq!(fit(&own, LEAF), Fit::Yes);
    assert_eq!(
        fit(
            &format!("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{own}"),
            LEAF
        ),
        Fit::Yes
    );
    assert_eq!(fit(&curve(&point(LEAF)), LEAF), Fit::Yes);
    assert_eq!(fit(&curve(&point(CA)), LEAF), Fit::No);
    let behind = tlv(0x81, &[&bits(&point(LEAF))]);
    assert_eq!(fit(&pem("PRIVATE KEY", &pkcs8(EC, &sec1(None), &behind)), LEAF), Fit::Yes);
    assert_eq!(
        fit(&pem("ENCRYPTED PRIVATE KEY", &sec1(Some(&point(LEAF)))), LEAF),
        unknown("it is encrypted")
    );
    for without in [pem("EC PRIVATE KEY", &sec1(None)), pem("PRIVATE KEY", &pkcs8(EC, &sec1(None), b""))] {
        assert_eq!(fit(&without, LEAF), unknown("it does not hold its public part"));
    }
    assert_eq!(fit("no key", LEAF), unknown("it is not understood"));
    assert_eq!(
        fit("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", LEAF),
        unknown("it is not understood")
    );
    let host = Memory::default();
    assert_eq!(key::fit(&host, Path::new("/x/a.crt"), None, &one(LEAF)), None);
}

#[test]
fn a_key_of_rsa_fits_by_its_modulus_and_one_of_another_kind_does_not() {
    let own = pkcs1(&modulus(), SECRET);
    assert_eq!(fit(&pem("RSA PRIVATE KEY", &own), OLD), Fit::Yes);
    assert_eq!(fit(&pem("PRIVATE KEY", &pkcs8(RSA, &own, b"")), OLD), Fit::Yes);
    let mut other = modulus();
    *other.last_mut().unwrap() ^= 2;
    assert_eq!(fit(&pem("RSA PRIVATE KEY", &pkcs1(&other, SECRET)), OLD), Fit::No);
    assert_eq!(fit(&pem("RSA PRIVATE KEY", &own), LEAF), Fit::No);
    assert_eq!(fit(&curve(&point(LEAF)), OLD), Fit::No);
    assert_eq!(fit(&pem("PRIVATE KEY", &pkcs8(ED25519, &tlv(4, &[SECRET]), b"")), OLD), Fit::No);
}

#[test]
fn a_key_of_ed25519_fits_where_it_holds_its_public_part() {
    let public = [7; 32];
    let key = |behind: &[u8]| pem("PRIVATE KEY", &pkcs8(ED25519, &tlv(4, &[&[9; 32]]), behind));
    let certified = Key::Curve("Ed25519", public.to_vec());
    let compare = |pem: &str| key::compare(pem.as_bytes(), &certified);
    assert_eq!(compare(&key(&tlv(0x81, &[&bits(&public)]))), Fit::Yes);
    assert_eq!(compare(&key(&tlv(0x81, &[&bits(&[8; 32])]))), Fit::No);
    assert_eq!(compare(&key(b"")), unknown("it does not hold its public part"));
}

/// Found: bytes that a certificate gave as its public key were looked for in the whole of a key that only root may
/// read, so that its secret part could be found out byte by byte.
#[test]
fn a_certificate_that_claims_bytes_of_a_secret_part_learns_nothing() {
    let secret: Vec<u8> = (0x80..=0xff).collect();
    let key = pem("RSA PRIVATE KEY", &pkcs1(&modulus(), &secret));
    let old = data_encoding::BASE64
        .decode(OLD.lines().filter(|line| !line.starts_with('-')).collect::<String>().as_bytes());
    let mut forged = old.unwrap();
    let at = memchr::memmem::find(&forged, &modulus()).unwrap();
    forged[at..at + secret.len()].copy_from_slice(&secret);
    assert_eq!(fit(&key, &pem("CERTIFICATE", &forged)), Fit::No);

    for claimed in [&secret[..1], &secret[..2], &modulus()[..127], b""] {
        assert_ne!(key::compare(key.as_bytes(), &Key::Rsa(claimed.to_vec())), Fit::Yes, "{claimed:?}");
    }
    let (curve, ed) = (curve(&point(LEAF)), pem("PRIVATE KEY", &pkcs8(ED25519, &tlv(4, &[&[9; 32]]), b"")));
    for claimed in [SECRET, b"a", b"\x04a", &point(LEAF)[..64], b"", &[9; 32]] {
        for name in ["P-256", "P-384", "Ed25519", "another curve"] {
            let told =
                [&curve, &ed].map(|key| key::compare(key.as_bytes(), &Key::Curve(name, claimed.to_vec())));
            // The answer is the same, whether or not the bytes are there.
            let absent = vec![0xee; claimed.len()];
            let same =
                [&curve, &ed].map(|key| key::compare(key.as_bytes(), &Key::Curve(name, absent.clone())));
            assert_eq!(told, same, "{name}: {claimed:?}");
        }
    }
}

/// Found: the git user named a key and a certificate of its own making in configuration of its own.
#[test]
fn a_key_that_others_than_root_name_is_neither_compared_nor_told() {
    let conf = "/home/git/gitlab/config/gitlab.yml";
    let host = Memory::default()
        .file(conf, "  certificate: /x/a.crt\n  key: /root/secret.key\n  ca_file: /root/secret.pem\n")
        .file("/x/a.crt", LEAF)
        .file("/x/a.key", curve(&point(LEAF)))
        .file("/root/secret.pem", "none");
    let told = text(&host.clone().file("/root/secret.key", curve(&point(LEAF))));
    assert!(told.contains("/root/secret.key: fits"), "{told}");
    for (path, uid, mode) in [
        (conf, 998, 0o644),
        (conf, 0, 0o664),
        (conf, 0, 0o666),
        ("/x/a.crt", 998, 0o644),
        ("/x/a.crt", 0, 0o662),
    ] {
        let host = host.clone().owner(path, uid, mode);
        let with = text(&host.clone().file("/root/secret.key", curve(&point(LEAF))));
        assert!(with.contains("CN=gitlab.example.com"), "{with}");
        assert!(!with.contains(".key"), "{path} {uid} {mode:o}: {with}");
        assert_eq!(with, text(&host), "whether it is there is told");
    }
    let host = host.owner(conf, 998, 0o644);
    let gone = text(&host.clone().fails("/root/secret.pem", Trouble::Missing));
    assert_eq!(text(&host), gone, "whether a file of root's is there is told");
}
