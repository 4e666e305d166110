//! Texts made to take long, or to break an assumption.

use super::*;

#[test]
fn any_bytes_are_looked_at_without_a_panic() {
    let keyed = Keyed::new();
    let parts: &[&[u8]] = &[
        b"password",
        b"token",
        b"key",
        b"auth",
        b"AUTH ",
        b"=",
        b":",
        b"=>",
        b"\"",
        b"'",
        b"\\",
        b"\\\"",
        b"{",
        b"}",
        b"[",
        b"]",
        b" ",
        b"\n",
        b"\r",
        b"\0",
        b"%22",
        b"%",
        b"&quot;",
        b"&",
        b"<",
        b">",
        b"|",
        b"!",
        b"-",
        b"--",
        b",",
        b"\\u0022",
        b"\\x",
        b"\xff",
        b"\x1b[0m",
        b"\x1b[",
        b"value",
        b"name: ",
        b"insert into",
        b"values",
        b"(",
        b")",
        b"mysql -p",
        b"curl -u ",
        b"Cookie: ",
        b"Authorization: ",
        b"Basic ",
        b"x",
        b"1",
        b"__REDACTED.",
        b"login ",
        b"user default ",
        b"<<~",
        b"%q(",
        b"\"\"\"",
        b"\"key\":",
        b"\"value\":",
        b"identified by",
        b"#",
        b"$",
        b"${",
        b"- ",
    ];
    let mut seed = 1_u64;
    let mut next = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % n
    };
    for _ in 0..20_000 {
        let mut text = Vec::new();
        for _ in 0..next(14) + 1 {
            text.extend_from_slice(parts[next(parts.len())]);
        }
        let (a, b) = (next(text.len() + 1), next(text.len() + 1));
        let mut found = Vec::new();
        let window = Window { text: &text, own: a.min(b)..a.max(b), first: next(2) == 0, last: next(2) == 0 };
        keyed.find(&window, &mut found);
        for span in found {
            assert!(
                window.own.contains(&span.range.start)
                    && span.range.end <= text.len()
                    && !span.range.is_empty()
            );
        }
    }
}
