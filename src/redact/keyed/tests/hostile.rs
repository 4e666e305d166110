//! Texts made to take long, or to break an assumption.

use super::*;

#[test]
fn any_bytes_are_looked_at_without_a_panic() {
    let keyed = Ruled::new(&[]).only_keyed();
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

/// Of command lines inside others not each is read again, which took a hundred times the text's length; one that
/// begins behind them is.
#[test]
fn a_text_of_names_of_programs_hides_no_command_line_behind_it() {
    let keyed = Ruled::new(&[]).only_keyed();
    for names in ["htpasswd -", "vault -", "curl -k "] {
        let text = format!("{}\nmysql -u root -pTr0ub4dor9 -h db\n", names.repeat(2_000));
        let out = redacted(&keyed, text.as_bytes());
        assert!(out.ends_with("\nmysql -u root -p█ -h db\n"), "{names}: {}", &out[out.len() - 60..]);
    }
    let text = "htpasswd -nb git Tr0ub4dor9; curl -u a:Tr0ub4dor9 x; mysql -pTr0ub4dor9";
    assert_eq!(redacted(&keyed, text.as_bytes()).matches('█').count(), 3);
}
