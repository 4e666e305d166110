//! Files and configuration that were made to cost much, or to confuse.

use super::*;
use keys::tlv;

#[test]
fn odd_bytes_are_told_not_fatal() {
    for odd in [
        &b""[..],
        b"\x30",
        b"\x30\x84\xff\xff\xff\xff",
        b"-----BEGIN CERTIFICATE-----",
        b"-----BEGIN CERTIFICATE-----\n!!\n-----END",
    ] {
        assert!(x509::all(odd).iter().all(Result::is_err), "{odd:?}");
    }
    let many = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n".repeat(3000);
    assert_eq!(x509::all(many.as_bytes()).len(), 500);
}

/// A certificate as LEAF, with this subject and this extension of names; its signature is nobody's.
fn certificate(subject: &[u8], names: &[u8]) -> String {
    let time = tlv(0x30, &[&tlv(0x17, &[b"260101000000Z"]), &tlv(0x17, &[b"300101000000Z"])]);
    let ecdsa = tlv(0x30, &[&tlv(6, &[b"\x2a\x86\x48\xce\x3d\x04\x03\x02"])]);
    let p256 = [tlv(6, &[b"\x2a\x86\x48\xce\x3d\x02\x01"]), tlv(6, &[b"\x2a\x86\x48\xce\x3d\x03\x01\x07"])];
    let key = tlv(0x30, &[&tlv(0x30, &[&p256.concat()]), &tlv(3, &[b"\0", &point(LEAF)])]);
    let san = tlv(0x30, &[&tlv(6, &[b"\x55\x1d\x11"]), &tlv(4, &[&tlv(0x30, &[names])])]);
    let extensions = tlv(0xa3, &[&tlv(0x30, &[&san])]);
    let version = tlv(0xa0, &[&tlv(2, &[b"\x02"])]);
    let tbs = tlv(0x30, &[&version, &tlv(2, &[b"\x01"]), &ecdsa, subject, &time, subject, &key, &extensions]);
    let der = tlv(0x30, &[&tbs, &ecdsa, &tlv(3, &[b"\0\0"])]);
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        data_encoding::BASE64.encode(&der)
    )
}

fn called(name: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&tlv(0x31, &[&tlv(0x30, &[&tlv(6, &[b"\x55\x04\x03"]), &tlv(0x0c, &[name])])])])
}

/// Found: a name of any length was told as it is.
#[test]
fn a_subject_and_names_beyond_all_measure_are_told_as_too_long() {
    let long = "x".repeat(2000);
    let names = [
        tlv(0x82, &[long.as_bytes()]),
        tlv(0x86, &[b"https://gitlab.example.com"]),
        tlv(0xa0, &[&tlv(6, &[b"\x2a\x03"]), &tlv(0xa0, &[&tlv(0x0c, &[long.as_bytes()])])]),
        tlv(0xa4, &[&called(long.as_bytes())]),
    ];
    let told = text(&Memory::default().file(
        "/etc/gitlab/ssl/a.crt",
        certificate(&called(long.as_bytes()), &names.concat()) + &certificate(&called(&[b'y'; 2000]), b""),
    ));
    assert!(!told.contains("xxx") && !told.contains("yyy") && !told.contains("78:78:78"), "{told}");
    for line in [
        "subject                    too long: 20",
        "issuer                     itself",
        "names                      DNS:too long: 2000 bytes, URI:https://gitlab.example.com, other:too long: 20",
        "DirName:too long: 20",
        "did not issue the one before",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

/// Found: whatever files there were, all that they held waited in memory until the last was read.
#[test]
fn files_without_measure_are_told_as_too_long_and_those_beyond_all_limits_counted() {
    let path = |number: usize| format!("/etc/gitlab/trusted-certs/{number:03}.crt");
    let host = Memory::default().file(&path(0), format!("{LEAF}{}", "\n".repeat(300 << 10)));
    let filled = format!("{LEAF}{}", "\n".repeat(250 << 10));
    let told = text(&(1..=20).fold(host, |host, number| host.file(&path(number), &filled)));
    assert!(
        told.contains("# /etc/gitlab/trusted-certs/000.crt\nfile                       not readable: "),
        "{told}"
    );
    assert!(told.contains("more than 256 KiB"), "{told}");
    assert_eq!(told.matches("SHA-256 fingerprint").count(), 9, "{told}");
    assert!(told.contains("(11 more files; 200 files and 2048 KiB are read)"), "{told}");
}

/// Found: the files were read to the last although nobody took what was told of them.
#[test]
fn no_file_is_read_for_a_sink_that_has_enough() {
    struct Counting(Memory, std::sync::atomic::AtomicUsize);
    #[rustfmt::skip] // all but one are the other host's
    impl Host for Counting {
        fn open(&self, path: &Path) -> Result<Box<dyn crate::host::File>, Error> {
            self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            self.0.open(path)
        }
        fn kind(&self) -> Kind { self.0.kind() }
        fn list(&self, path: &Path) -> Result<Vec<crate::host::Listed>, Error> { self.0.list(path) }
        fn stat(&self, path: &Path) -> Result<crate::host::Stat, Error> { self.0.stat(path) }
        fn read_link(&self, path: &Path) -> Result<PathBuf, Error> { self.0.read_link(path) }
        fn space(&self, path: &Path) -> Result<crate::host::Space, Error> { self.0.space(path) }
        fn run(&self, command: &crate::host::Command, sink: Sink<'_>) -> Result<crate::host::Ran, Error> { self.0.run(command, sink) }
        fn get(&self, request: &crate::host::Get, sink: Sink<'_>) -> Result<crate::host::Got, Error> { self.0.get(request, sink) }
        fn now(&self) -> Timestamp { self.0.now() }
        fn wait(&self, duration: std::time::Duration) -> Flow { self.0.wait(duration) }
        fn privileged(&self) -> bool { self.0.privileged() }
    }
    let path = |number: usize| format!("/etc/gitlab/trusted-certs/{number:03}.crt");
    let memory = (0..20).fold(Memory::default(), |host, number| host.file(&path(number), CA));
    let host = Counting(memory, 0.into());
    assert_eq!(run(&host, &mut |_| Flow::Stop), Ok(()));
    let opened = host.1.into_inner();
    assert!(opened < 5, "{opened} files were read");
}

/// Found: each name of a file was held against each certificate in it.
#[test]
fn a_name_belongs_to_the_certificate_of_its_own_server() {
    let conf = "upstream x { server 10.0.0.1:80; }
server { # the { first
  server_name a.example.com;
  location / { if ($x) { return 301; } }
  ssl_certificate /tls/a.crt; ssl_certificate_key /tls/a.key;
}
server
{
  listen 443 ssl; server_name b.example.com c.example.com;
  ssl_certificate /tls/b.crt;
}
server { server_name plain.example.com; }
";
    let host = Memory::default().file("/var/opt/gitlab/nginx/conf/gitlab-http.conf", conf);
    let found = used::find(&host);
    let names = |path: &str| found[Path::new(path)].names.iter().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(names("/tls/a.crt"), "a.example.com");
    assert_eq!(names("/tls/b.crt"), "b.example.com c.example.com");
    assert_eq!(found[Path::new("/tls/a.crt")].key.as_deref(), Some(Path::new("/tls/a.key")));
}
