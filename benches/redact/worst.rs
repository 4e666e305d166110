//! Inputs made to hurt: their time must grow with their length, and no faster.

use glsos::{
    redact::{Redacted, Redactor},
    scan::Scanner,
};

use crate::{
    corpus::known,
    speed::{best, redacting, scanning},
};

/// Bytes of each.
const SIZE: usize = 20_000_000;
/// Of the one that is a single line of a log.
const LINE: usize = 100_000_000;

/// None may be slower, in MB/s.
const LEAST: f64 = 20.0;

fn repeated(unit: &str) -> Vec<u8> {
    unit.bytes().cycle().take(SIZE).collect()
}

fn noise(alphabet: &[u8]) -> Vec<u8> {
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        alphabet[(state >> 33) as usize % alphabet.len()]
    };
    (0..SIZE).map(|_| next()).collect()
}

fn wrapped_noise() -> Vec<u8> {
    let base64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    noise(base64).chunks(64).flat_map(|line| line.iter().copied().chain([b'\n'])).collect()
}

/// Lines of 100 kB, each a list of a thousand objects with a secret and what does not fit JSON.
fn json_lines() -> Vec<u8> {
    let object = r#"{"password":"ab12cd34","cmd":"CONFIG SET requirepass 'x y","n":12}"#;
    repeated(&format!("[{}]\n", vec![object; 1000].join(",")))
}

fn wide(text: &[u8]) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.iter().flat_map(|byte| [*byte, 0])).collect()
}

fn nested() -> Vec<u8> {
    let depth = SIZE / 12;
    [r#"{"password":"#.repeat(depth), "1".to_owned(), "}".repeat(depth)].concat().into_bytes()
}

/// JSON in a JSON string in a JSON string, as loggers nest it.
fn escaped() -> Vec<u8> {
    let mut value = r#"{"a":1,"token":"abcdef0123456789","b":[1,2,{"password":"x y z"}]}"#.to_owned();
    for _ in 0..4 {
        value = serde_json::json!({ "message": value }).to_string();
    }
    repeated(&format!("{value}\n"))
}

fn cases() -> Vec<(&'static str, Vec<u8>)> {
    let base64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let line =
        r#"{"severity":"INFO","path":"/acme/web/-/merge_requests/12","duration_s":0.0123,"status":200},"#;
    let wrapped: Vec<u8> =
        noise(base64).chunks(76).flat_map(|line| line.iter().copied().chain([b'\n'])).collect();
    vec![
        ("one line of 100 MB", line.bytes().cycle().take(LINE).collect()),
        ("one line of 100 MB, one letter", vec![b'a'; LINE]),
        ("password= again and again", repeated("password=")),
        ("password=x, a line each", repeated("password=x\n")),
        ("password: and a space", repeated("password: ")),
        ("\"password\":\"", repeated("\"password\":\"")),
        ("password=\"", repeated("password=\"")),
        ("--password x", repeated("--password x ")),
        ("key=value", repeated("key=value ")),
        ("token", repeated("token")),
        ("token_", repeated("token_")),
        ("authorization: basic", repeated("Authorization: Basic ")),
        ("objects in objects", nested()),
        ("JSON in strings", escaped()),
        ("[{\"key\":", repeated("[{\"key\":")),
        ("{\"key\":\"password\",\"value\":", repeated("{\"key\":\"password\",\"value\":")),
        ("double quotes", repeated("\"")),
        ("quotes of all kinds", repeated("\"'`\\\"")),
        ("backslashes", repeated("\\")),
        ("braces", repeated("{[(")),
        ("equal signs", repeated("=")),
        ("line ends", repeated("\n")),
        ("NULs", repeated("\0")),
        ("eyJ", repeated("eyJ")),
        ("eyJ and dots", repeated("eyJhbGciOi.")),
        ("://", repeated("://")),
        ("://a:b@", repeated("://a:b@")),
        ("https://user:", repeated("https://user:")),
        ("-----BEGIN", repeated("-----BEGIN ")),
        ("-----BEGIN PRIVATE KEY-----", repeated("-----BEGIN PRIVATE KEY-----\\n")),
        ("glpat-", repeated("glpat-")),
        ("glpat- and a body", repeated("glpat-aB3dE6gH9jK2mN5pQ8sT ")),
        ("sk-", repeated("sk-")),
        ("$2a$", repeated("$2a$10$")),
        ("base64 in one line", noise(base64)),
        ("base64, wrapped", wrapped),
        ("hex in one line", noise(b"0123456789abcdef")),
        ("insert into", repeated("INSERT INTO t (password) VALUES (")),
        ("identified by", repeated("IDENTIFIED BY ")),
        ("curl -u", repeated("curl -u a:b ")),
        ("%2522", repeated("%2522token%2522%253A")),
        ("YAML blocks", repeated("password: |\n  a\n  b\n")),
        ("&quot;", repeated("&quot;password&quot;:&quot;")),
        ("secrets={\"", repeated("secrets={\"")),
        ("a value before its name", repeated("\"value\":\"x\",\"key\":\"token\",")),
        ("password is to for", repeated("password is to for ")),
        ("<password>", repeated("<password>")),
        ("htpasswd -", repeated("htpasswd -")),
        ("AUTH a", repeated("AUTH a ")),
        ("/hooks/", repeated("/hooks/a/")),
        ("st. and dots", repeated("st.")),
        ("base64 of -----BEGIN", repeated("LS0tLS1CRUdJTi")),
        ("keys in DER, a line each", repeated(&format!("MIIEpAIBAAKC{}\n", "A".repeat(64)))),
        ("\\u0025", repeated("\\u0025")),
        ("numbers in brackets", repeated("[1,2,3,4,5,6,7,8,9,10,11,12,")),
        ("every other byte a NUL", repeated("a\0")),
        ("percent signs", repeated("%")),
        ("percent codes", repeated("%25")),
        ("colons", repeated(":")),
        ("single quotes", repeated("'")),
        ("ampersands", repeated("&")),
        ("one user without an end", [b"https://user:".to_vec(), vec![b'x'; SIZE]].concat()),
        ("one key without an end", [b"-----BEGIN PRIVATE KEY-----\n".to_vec(), wrapped_noise()].concat()),
        ("one quoted value without an end", [b"password=\"".to_vec(), vec![b'x'; SIZE]].concat()),
        ("one heredoc without an end", [b"x <<EOS\n".to_vec(), repeated("password: x\n")].concat()),
        ("curl -u and an open quote", repeated("curl -u 'a:b ")),
        ("mysql -p", repeated("mysql -pab ")),
        ("password: ${{ and no end", repeated("password: ${{ ")),
        ("password: $( and no end", repeated("password: $(")),
        ("password: <% and no end", repeated("password: <% ")),
        ("rejected value [ and no end", repeated("password: rejected value [a")),
        ("eyJ without an end", [b"eyJhbGciOiJIUzI1NiJ9.eyJ".to_vec(), noise(base64)].concat()),
        ("JSON with a secret in each line", repeated("{\"a\":\"b c\",\"token\":\"ab12cd34ef\",\"n\":1}\n")),
        ("JSON with many secrets in a line", json_lines()),
        ("cookies", repeated("Cookie: a=b; c=d; e=f\n")),
        ("UTF-16", wide(&repeated("2026-06-07 a line with password=hunter2 in it\n")[..SIZE / 2])),
        ("UTF-16 without a secret", wide(&repeated("2026-06-07 a line of no interest\n")[..SIZE / 2])),
        ("bytes above 127", repeated("\u{e9}\u{fc}")),
        ("redacted before", repeated("__REDACTED.token.0123abcd__ ")),
    ]
}

/// Prints the table of those whose names begin so; true if none is too slow.
pub(crate) fn run(begin: &str) -> bool {
    let redactor = Redactor::new(known()).unwrap();
    let scanner = Scanner::new();
    println!("worst cases in MB/s of one core:{:>13}{:>9}", "all", "scan");
    let mut good = true;
    for (name, bytes) in cases().into_iter().filter(|(name, _)| name.starts_with(begin)) {
        let megabytes = bytes.len() as f64 / 1e6;
        let mut stream = redactor.stream();
        if stream.push(&bytes, &mut Redacted::empty()).is_err() {
            println!("{name:36} withheld: no text");
            continue;
        }
        let seconds = [best(|| redacting(&redactor, &bytes)), best(|| scanning(&scanner, &bytes))];
        let speeds = seconds.map(|seconds| megabytes / seconds);
        let slow = speeds.iter().any(|speed| *speed < LEAST);
        good &= !slow;
        println!("{name:36}{:9.0}{:9.0}{}", speeds[0], speeds[1], if slow { "  TOO SLOW" } else { "" });
    }
    good
}
