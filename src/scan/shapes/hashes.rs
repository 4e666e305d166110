//! Hashes of passwords: whoever has one can try words at leisure.

use super::{
    Body, Shape,
    bytes::{base64, crypt64, hex, is_apart, run},
};

const fn behind(name: &'static str, needle: &'static str, body: fn(&[u8]) -> Option<usize>) -> Shape {
    Shape { name, needle, body: Body::Behind(body) }
}

#[rustfmt::skip] // a table
pub(super) const HASHES: &[Shape] = &[
    behind("bcrypt-hash", "$2", bcrypt), behind("bcrypt-hash", "%242", bcrypt),
    behind("crypt-hash", "$6$", long), behind("crypt-hash", "$5$", long), behind("crypt-hash", "$y$", long), behind("crypt-hash", "$gy$", long),
    behind("crypt-hash", "$7$", long), behind("crypt-hash", "$sha1$", |rest| salted(rest, 24)),
    behind("crypt-hash", "$1$", |rest| salted(rest, 20)), behind("crypt-hash", "$apr1$", |rest| salted(rest, 20)),
    behind("crypt-hash", "$P$B", |rest| most(rest, crypt64, 28)),
    behind("password-hash", "$argon2", |rest| parts(rest, 3)), behind("password-hash", "$pbkdf2", |rest| parts(rest, 2)),
    behind("password-hash", "pbkdf2_sha", |rest| parts(rest, 2)), behind("password-hash", "$scrypt$", |rest| parts(rest, 2)),
    behind("crypt-hash", "%246%24", long), behind("crypt-hash", "%245%24", long), behind("crypt-hash", "%24y%24", long), behind("crypt-hash", "%24gy%24", long),
    behind("crypt-hash", "%241%24", |rest| salted(rest, 20)), behind("crypt-hash", "%24apr1%24", |rest| salted(rest, 20)), behind("crypt-hash", "%24P%24B", |rest| most(rest, crypt64, 28)),
    behind("password-hash", "%24argon2", |rest| parts(rest, 3)), behind("password-hash", "%24pbkdf2", |rest| parts(rest, 2)),
    behind("password-hash", "grub.pbkdf2.sha512.", |rest| most(rest, |b| hex(b) || b == b'.', 100)),
    behind("scram-hash", "SCRAM-SHA-", scram),
    Shape { name: "md5-hash", needle: "md5", body: Body::Around(md5) },
    behind("ldap-hash", "SHA}", |rest| most(rest, base64, 28)), behind("ldap-hash", "SHA256}", |rest| most(rest, base64, 28)),
    behind("ldap-hash", "SHA512}", |rest| most(rest, base64, 28)), behind("ldap-hash", "{PBKDF2", |rest| parts(rest, 2)),
];

fn most(rest: &[u8], class: fn(u8) -> bool, least: usize) -> Option<usize> {
    (run(rest, class, least) >= least).then_some(least)
}

/// A dollar as it is, behind a backslash, or percent-encoded.
fn dollar(rest: &[u8]) -> Option<usize> {
    [&b"$"[..], b"\\$", b"\\\\$", b"%24"].into_iter().find(|sign| rest.starts_with(sign)).map(<[u8]>::len)
}

/// Behind `$2`: a letter, the cost, and 53 letters.
fn bcrypt(rest: &[u8]) -> Option<usize> {
    let [b'a' | b'b' | b'x' | b'y', cost @ ..] = rest else { return None };
    let first = dollar(cost)?;
    let digits = run(&cost[first..], |b| b.is_ascii_digit(), 3);
    let second = first + digits + dollar(&cost[first + digits..])?;
    let body = run(cost.get(second..)?, |b| crypt64(b) || b == b'%', 50);
    (digits == 2 && body >= 50).then_some(1 + second + 50)
}

fn long(rest: &[u8]) -> Option<usize> {
    salted(rest, 40)
}

/// Rounds if they are told, a salt, and at least so many letters.
fn salted(rest: &[u8], least: usize) -> Option<usize> {
    let setting = |b: u8| crypt64(b) || b == b'=' || b == b',';
    let mut at = 0;
    for _ in 0..3 {
        let length = run(&rest[at..], setting, 90);
        if length >= least {
            return (at > 0).then_some(at + least);
        }
        at += length + dollar(&rest[at + length..])?;
    }
    None
}

/// Settings and a salt between dollars, and a hash behind the last.
fn parts(rest: &[u8], least: usize) -> Option<usize> {
    let piece = |b: u8| base64(b) || b == b',' || b == b'.';
    let (mut at, mut dollars) = (0, 0);
    loop {
        let length = run(&rest[at..], piece, 120);
        if dollars >= least && length >= 20 {
            return Some(at + 20);
        }
        if dollars > 5 {
            return None;
        }
        at += length + dollar(&rest[at + length..])?;
        dollars += 1;
    }
}

/// `SCRAM-SHA-256$4096:salt$stored:server`.
fn scram(rest: &[u8]) -> Option<usize> {
    let line = &rest[..rest.len().min(80)];
    let dollar = memchr::memchr(b'$', line)?;
    let salt = dollar + memchr::memchr(b':', &line[dollar..])? + 1;
    (run(rest.get(salt..)?, base64, 12) >= 12).then_some(salt + 12)
}

/// PostgreSQL's: 32 digits right behind the letters, and no more.
fn md5(before: &[u8], rest: &[u8]) -> Option<(usize, usize)> {
    (is_apart(before) && run(rest, hex, 33) == 32).then_some((0, 32))
}
