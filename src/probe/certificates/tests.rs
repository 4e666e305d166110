//! What is told of certificates made for these tests; their keys are kept nowhere. A key that "fits" has the public
//! part of theirs, and for the rest nothing.

mod hostile;
mod keys;

use super::*;
use crate::host::memory::Memory;

const CA: &str = "-----BEGIN CERTIFICATE-----
MIIBkzCCATigAwIBAgIBATAKBggqhkjOPQQDAjAnMRAwDgYDVQQKDAdFeGFtcGxl
MRMwEQYDVQQDDApFeGFtcGxlIENBMCAXDTI2MTEzMDE0MTM0MVoYDzIxMjYxMTA2
MTQxMzQxWjAnMRAwDgYDVQQKDAdFeGFtcGxlMRMwEQYDVQQDDApFeGFtcGxlIENB
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE7vHuIbGRtlCJFPh8vHA90psZNi8R
3oXw9jNUPDIceuabY+0grjSVgEUQZHiw2zi7LLf5Um/XDKT+rQ3UN0MY8KNTMFEw
HQYDVR0OBBYEFHDSjvDCHmeVwZ1jvtEyHhHxSbKoMB8GA1UdIwQYMBaAFHDSjvDC
HmeVwZ1jvtEyHhHxSbKoMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAw
RgIhAK0JxXG/MyKlOh70rJxTJ4Hs1eI41jog1acHbRDAJxyjAiEAyaAeirDjyabt
eKyTiWKshz0PZtsVVX+pAlKkUnfRom0=
-----END CERTIFICATE-----
";

/// For gitlab.example.com, *.pages.example.com and 10.0.0.1, until 2095-05-12; by the one above.
const LEAF: &str = "-----BEGIN CERTIFICATE-----
MIIBvzCCAWWgAwIBAgICEjQwCgYIKoZIzj0EAwIwJzEQMA4GA1UECgwHRXhhbXBs
ZTETMBEGA1UEAwwKRXhhbXBsZSBDQTAgFw0yNjExMzAxNDEzNDNaGA8yMDk1MDUx
MjE0MTM0M1owHTEbMBkGA1UEAwwSZ2l0bGFiLmV4YW1wbGUuY29tMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAE8yEqOyXevhfVbBwtkGd3+EM1lMQtIdc+oUKHHaUU
xOL/s8uiNl8e3ZFgTKIFYwycuqFxK4ZKY96833UdfvuSlqOBiDCBhTA4BgNVHREE
MTAvghJnaXRsYWIuZXhhbXBsZS5jb22CEyoucGFnZXMuZXhhbXBsZS5jb22HBAoA
AAEwCQYDVR0TBAIwADAdBgNVHQ4EFgQUsOGUZTQtEGdnO7SSYolQ5z1lg40wHwYD
VR0jBBgwFoAUcNKO8MIeZ5XBnWO+0TIeEfFJsqgwCgYIKoZIzj0EAwIDSAAwRQIh
AOqLRmAkdKXJeoYCKjGSNBIHu4vltUTMD2FuFwIFML8hAiAieXtE3un6rgetnXd5
oCu+GO4BNvgRcfYQIxkZsl4WyQ==
-----END CERTIFICATE-----
";

/// RSA, 1024 bits, no names, until 2126.
const OLD: &str = "-----BEGIN CERTIFICATE-----
MIIB+jCCAWOgAwIBAgIUTfmkiC9ciqnzo+X3lgFl3g6oaU8wDQYJKoZIhvcNAQEL
BQAwDjEMMAoGA1UEAwwDb2xkMCAXDTI2MTEzMDE0MTM0NFoYDzIxMjYxMTA2MTQx
MzQ0WjAOMQwwCgYDVQQDDANvbGQwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGB
ALLQ2pKbAI+L83ZBcASElFq7erGTK49Pxh4W4x0foaz4NBWHaJmh8KM94fspfnQQ
jkktG7AnDanaf3tP0d17kUjnCKDQazOJvjUadwmBvKSOhyh1jvnHuaNgP40G3Jqy
G8VPMtIQHhOUULKIK7z63ZsOS3leDOp17mwI0l/KYV/rAgMBAAGjUzBRMB0GA1Ud
DgQWBBTcjFSyWrCXgpfrZI0sdxV3wlWK4TAfBgNVHSMEGDAWgBTcjFSyWrCXgpfr
ZI0sdxV3wlWK4TAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4GBAHWU
95kdZOgBxgJYjbxgEGA0VQh+mlUOx/QD69sJcp173W/C9mAWal00Q9noT5CCr+0S
iXHF+T6KsYZYwYaUTQgVNcHS2Z6Ev3Z0ttWeU+GGALfuCsCBQG2sU5Y6gpFr32ii
9GTCwPzETEOfE/dUiah6OsJNMX0yjVnLi3azywLL
-----END CERTIFICATE-----
";

const CONF: &str = "server {\n  server_name gitlab.example.com git.example.com;\n  ssl_certificate /etc/gitlab/ssl/a.crt;\n  ssl_certificate_key /etc/gitlab/ssl/other.key;\n}\n";

fn one(pem: &str) -> Certificate {
    x509::all(pem.as_bytes()).remove(0).unwrap()
}

fn point(pem: &str) -> Vec<u8> {
    match one(pem).key() {
        x509::Key::Curve("P-256", point) => point.clone(),
        other => panic!("{other:?}"),
    }
}

/// The table's rows on a day, without its head.
fn rows(host: &Memory, path: &str, used: Use, day: &str) -> String {
    let bytes = host.read(Path::new(path), LIMIT).unwrap();
    let mut table = table();
    File::of(host, path.into(), used, x509::all(&bytes), true)
        .rows(format!("{day}T00:00:00Z").parse().unwrap(), &mut table);
    table
        .render()
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n")
        .collect()
}

fn text(host: &Memory) -> String {
    let mut text = Vec::new();
    let mut sink = |bytes: &[u8]| {
        text.extend_from_slice(bytes);
        Flow::Go
    };
    run(host, &mut sink).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn a_chain_is_told_with_its_end_and_what_is_wrong() {
    let host =
        Memory::default().file("/x/a.crt", format!("{LEAF}{CA}")).file("/x/b.crt", format!("{LEAF}{OLD}"));
    assert_eq!(
        rows(&host, "/x/a.crt", Use::default(), "2095-05-01"),
        "/x/a.crt CN=gitlab.example.com 2095-05-12 14:13 11 ends soon\n\
         /x/a.crt CN=Example CA,O=Example 2126-11-06 14:13 11511 -\n"
    );
    assert!(rows(&host, "/x/a.crt", Use::default(), "2095-06-01").contains(" -20 EXPIRED\n"));
    assert!(rows(&host, "/x/a.crt", Use::default(), "2020-01-01").contains(" not valid yet\n"));
    let wrong = rows(&host, "/x/b.crt", Use::default(), "2090-01-01");
    assert!(wrong.ends_with("a key of 1024 bits only; did not issue the one before\n"), "{wrong}");
}

#[test]
fn names_that_a_listener_is_asked_for_are_held_against_it() {
    let leaf = one(LEAF);
    for name in ["gitlab.example.com", "GitLab.example.com", "group.pages.example.com", "10.0.0.1"] {
        assert!(leaf.is_for(name), "{name}");
    }
    for name in
        ["example.com", "pages.example.com", "a.b.pages.example.com", "gitlab.example.com.evil.example", ""]
    {
        assert!(!leaf.is_for(name), "{name}");
    }
    let host = Memory::default().file("/x/a.crt", LEAF);
    let used = Use { names: ["git.example.com".to_owned()].into(), ..Use::default() };
    let told = rows(&host, "/x/a.crt", used, "2090-01-01");
    assert!(
        told.contains("not for git.example.com; comes alone: clients that do not know its issuer refuse it"),
        "{told}"
    );
}

#[test]
fn what_configuration_names_is_found_in_every_syntax() {
    let host = Memory::default()
        .file("/var/opt/gitlab/nginx/conf/service_conf/gitlab-rails.conf", CONF)
        .file("/var/opt/gitlab/gitaly/config.toml", "[tls]\ncertificate_path = '/tls/gitaly.crt'\nkey_path = '/tls/gitaly.key'\n")
        .file("/var/opt/gitlab/registry/config.yml", "auth:\n  token:\n    rootcertbundle: /var/opt/gitlab/registry/gitlab-registry.crt\n")
        .file("/var/opt/gitlab/redis/redis.conf", "# tls-cert-file /no.crt\ntls-cert-file /tls/redis.crt\ntls-key-file /tls/redis.key\ntls-ca-cert-file /opt/gitlab/embedded/ssl/certs/cacert.pem\n")
        .file("/var/opt/gitlab/gitlab-rails/etc/puma.rb", "bind 'ssl://0.0.0.0:8443?key=/tls/p.key&cert=/tls/p.crt'\n")
        .file("/var/opt/gitlab/gitlab-rails/etc/gitlab.yml", "    ldap: {\"ca_file\":\"/tls/ldap.pem\",\"host\":\"x\"}\n    path: /not/one\n    cert: /tls/../x\n");
    let found = used::find(&host);
    let paths: Vec<_> = found.keys().map(|path| path.to_str().unwrap()).collect();
    assert_eq!(
        paths,
        [
            "/etc/gitlab/ssl/a.crt",
            "/tls/gitaly.crt",
            "/tls/ldap.pem",
            "/tls/p.crt",
            "/tls/redis.crt",
            "/var/opt/gitlab/registry/gitlab-registry.crt"
        ]
    );
    let nginx = &found[Path::new("/etc/gitlab/ssl/a.crt")];
    assert_eq!(nginx.key.as_deref(), Some(Path::new("/etc/gitlab/ssl/other.key")));
    assert_eq!(nginx.names.iter().collect::<Vec<_>>(), ["git.example.com", "gitlab.example.com"]);
    assert_eq!(found[Path::new("/tls/gitaly.crt")].key.as_deref(), Some(Path::new("/tls/gitaly.key")));
}

#[test]
fn the_whole_page() {
    let host = Memory::default()
        .file("/etc/gitlab/ssl/a.crt", LEAF)
        .file("/etc/gitlab/ssl/other.key", keys::curve(&point(CA)))
        .file("/etc/gitlab/trusted-certs/ca.crt", format!("{CA}{OLD}"))
        .file("/etc/gitlab/trusted-certs/README", "put them here\n")
        .file(
            "/etc/gitlab/trusted-certs/bad.crt",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        )
        .file("/var/opt/gitlab/nginx/conf/gitlab-http.conf", CONF);
    let told = text(&host);
    let secret = data_encoding::BASE64.encode(&point(CA));
    assert!(!told.contains(&secret[..20]));
    for line in [
        "the key /etc/gitlab/ssl/other.key is that of another certificate; not for git.example.com",
        "more than one certificate: only single ones are trusted",
        "no certificate in it",
        "not understood: ",
        "named in                   /var/opt/gitlab/nginx/conf/gitlab-http.conf",
        "names                      DNS:gitlab.example.com, DNS:*.pages.example.com, IP:10.0.0.1",
        "issuer                     CN=Example CA,O=Example",
        "issuer                     itself",
        "public key                 ECDSA, P-256",
        "public key                 RSA, 1024 bits",
        "serial number              12:34",
        "valid                      2026-11-30T14:13:43Z to 2095-05-12T14:13:43Z",
        "key                        /etc/gitlab/ssl/other.key: is that of another certificate",
        "SHA-256 fingerprint        17:0F:F8:CD:26:1C:08:7C:2D:4B:51:63:2A:4C:B8:5D:9F:86:3A:C5:AE:F1:09:4C:BA:FA:1F:4C:04:65:61:72",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}
