//! Patterns of the customer's own: what goes, what stays, and that a second run changes nothing.

use super::Patterns;
use crate::redact::{
    Redactor,
    finder::{BLOCK, REACH},
    tests::tools::{Chance, Words, in_pieces, lines, redactor, untagged, whole},
};

fn of(patterns: &[&str]) -> Redactor {
    redactor(vec![Box::new(Words)]).matching(Patterns::parse(patterns).unwrap())
}

fn shown(patterns: &[&str], text: &str) -> String {
    untagged(&whole(&of(patterns), text.as_bytes()))
}

#[test]
fn the_whole_match_goes_or_only_its_groups() {
    assert_eq!(shown(&["EMP-[0-9]+"], "by EMP-123, EMP-4\nEMP-"), "by {pattern-1}, {pattern-1}\nEMP-");
    assert_eq!(shown(&[r"user=(\w+) "], "user=bob x user= "), "user={pattern-1} x user= ");
    assert_eq!(shown(&[r"(\w+)=(\w+)"], "a=b"), "{pattern-1}={pattern-1}");
    assert_eq!(shown(&[r"(a|b)=(?<Badge_No>\w+)"], "a=12 c=34"), "a={pattern-badge_no} c=34");
    assert_eq!(shown(&["a", "(b)|c"], "a b c"), "{pattern-1} {pattern-2} {pattern-2}");
    // Only the last of a repeated group is one; the others go all the same.
    assert_eq!(shown(&[r"ids=(?:(\d+),?)+"], "ids=12,34,5"), "ids={pattern-1},{pattern-1},{pattern-1}");
    assert_eq!(shown(&["(?i)secret name"], "A SECRET Name"), "A {pattern-1}");
}

#[test]
fn a_match_stays_on_its_line() {
    assert_eq!(shown(&["a[^b]+b"], "a1\nb a2b\ra\r\nb"), "a1\nb {pattern-1}\ra\r\nb");
    assert_eq!(shown(&[r"^x.*$"], "ax\nxa\r\nx\ryx"), "ax\n{pattern-1}\r\n{pattern-1}\ryx");
    assert_eq!(shown(&[r"\Ax\z"], "x\nx\nxx"), "{pattern-1}\n{pattern-1}\nxx");
}

#[test]
fn what_stands_side_by_side_is_one_and_no_character_is_cut() {
    assert_eq!(shown(&["."], "abc\nd"), "{pattern-1}\n{pattern-1}");
    assert_eq!(shown(&["a."], "aé aü"), "{pattern-1} {pattern-1}");
    assert_eq!(shown(&[r"n=(\S+)"], "n=mü\u{e9}ller x"), "n={pattern-1} x");
    let out = whole(&of(&["p=(.+)$"]), b"p=caf\xe9 \x00\xff.\nx");
    assert_eq!(untagged(&out), "p={pattern-1}\nx");
}

#[test]
fn json_stays_json() {
    assert_eq!(shown(&[r#""id": ?(\d+)"#], r#"{"id": 17, "x":3}"#), r#"{"id": "{pattern-1}", "x":3}"#);
}

#[test]
fn a_surer_rule_names_what_both_find() {
    assert_eq!(shown(&["secret-[a-z]+"], "secret-abc"), "{pattern-1}");
    assert_eq!(shown(&["abc"], "secret-abc1"), "{pattern-1}");
}

#[test]
fn a_group_called_like_a_secret_gets_a_number() {
    let redactor =
        redactor(vec![Box::new(super::super::known::Known::new(vec![crate::redact::KnownSecret::new(
            "hunter2hunter3",
            None,
            "/x",
        )]))]);
    let redactor = redactor.matching(Patterns::parse(&["(?<hunter2hunter3>EMP-[0-9])"]).unwrap());
    assert_eq!(untagged(&whole(&redactor, b"EMP-1")), "{pattern-1}");
}

#[test]
fn a_marker_ends_no_value_that_began_before_it() {
    let forged = "__REDACTED.x.01234567__";
    assert_eq!(shown(&[r"token=(\S+)"], &format!("token=a{forged}b c")), "token={pattern-1} c");
    assert_eq!(shown(&["x.*y"], &format!("xay{forged}zy z")), "{pattern-1} z");
    // Nothing of it stood before the marker: what a pattern left behind its own marker looks the same.
    assert_eq!(shown(&["k=(.{3})"], "k=abcdef"), "k={pattern-1}def");
    for pattern in [".", r"\w+", "REDACTED", "[0-9a-f]{8}", "_+", r"\S*E\S*", "^.{3}", ".{3}$", "(?u)\\w{3}"]
    {
        let once = whole(&of(&[pattern]), format!("ab {forged}c\n{forged}\nd").as_bytes());
        assert!(memchr::memmem::find(&once, forged.as_bytes()).is_some(), "{pattern}: {}", untagged(&once));
        assert_eq!(whole(&of(&[pattern]), &once), once, "{pattern}");
    }
}

/// Patterns of all kinds, made by chance.
fn pattern(chance: &mut Chance, depth: usize) -> String {
    const ATOMS: &[&str] = &[
        "a", "b", "c", "_", "R", "0", ".", "[ab]", "[^a]", r"\w", r"\d", r"\S", r"\s", "é", "[a-z]", "ab",
        "=",
    ];
    let mut text = String::new();
    for _ in 0..=chance.below(3) {
        match chance.below(if depth == 0 { 4 } else { 10 }) {
            0..=3 => text.push_str(ATOMS[chance.below(ATOMS.len())]),
            4 | 5 => text.push_str(&format!("({})", pattern(chance, depth - 1))),
            6 => text.push_str(&format!("(?:{}|{})", pattern(chance, depth - 1), pattern(chance, depth - 1))),
            7 => text.push_str(["^", "$", r"\b", r"\B", r"\b{start}", r"\b{end-half}"][chance.below(6)]),
            _ => text.push_str(&format!(
                "(?:{}){}",
                pattern(chance, depth - 1),
                ["+", "*", "?", "{2,3}", "+?", "*?", "{3}"][chance.below(7)]
            )),
        }
    }
    text
}

#[test]
fn a_second_run_changes_nothing_whatever_the_patterns() {
    let mut chance = Chance(21);
    let mut tried = 0;
    while tried < 3_000 {
        let patterns: Vec<String> = (0..=chance.below(2)).map(|_| pattern(&mut chance, 2)).collect();
        let Ok(parsed) = Patterns::parse(&patterns) else { continue };
        tried += 1;
        let redactor = redactor(vec![Box::new(Words)]).matching(parsed);
        for _ in 0..3 {
            let mut text = Vec::new();
            for _ in 0..chance.below(12) {
                match chance.below(7) {
                    0 => text.extend_from_slice(b"secret-ab"),
                    1 => text.extend_from_slice("é".as_bytes()),
                    2 => text.push([b'\n', b'\r', b' ', b'-', 0xff][chance.below(5)]),
                    3 if chance.below(3) == 0 => text.extend_from_slice(b"__REDACTED.x.0123abcd__"),
                    _ => {
                        let length = chance.below(6);
                        text.extend(chance.text(length, b"abcR0_= "));
                    }
                }
            }
            let once = whole(&redactor, &text);
            assert_eq!(
                untagged(&whole(&redactor, &once)),
                untagged(&once),
                "{patterns:?} on {:?}",
                String::from_utf8_lossy(&text)
            );
            assert_eq!(lines(&once), lines(&text), "{patterns:?}");
        }
    }
}

#[test]
fn where_the_input_is_cut_does_not_matter() {
    let mut chance = Chance(22);
    let redactor = of(&[r"id=(\d+)", r"[a-f]{3}x+", "BEGIN.*END", r"^\S+ <"]);
    for longest in [90, 2 * BLOCK] {
        let mut text = Vec::new();
        while text.len() < 3 * BLOCK {
            match chance.below(6) {
                0 => text.extend_from_slice(b" id=1234 "),
                1 => text.extend_from_slice(b" abcxxx <b>\n"),
                2 if chance.below(50) == 0 => text.extend_from_slice(b"BEGIN "),
                3 if chance.below(50) == 0 => text.extend_from_slice(b"END "),
                _ => {
                    let most = if chance.below(9_000) == 0 { longest } else { 90 };
                    let length = chance.below(most);
                    text.extend(chance.text(length, b"abcdefx 0123="));
                    if longest < BLOCK {
                        text.push(b'\n');
                    }
                }
            }
        }
        let expected = in_pieces(&redactor, &text, || usize::MAX).unwrap();
        for most in [5_000, 200_000, 700_000] {
            assert!(in_pieces(&redactor, &text, || chance.below(most)).unwrap() == expected, "{most}");
        }
    }
}

#[test]
fn a_match_across_any_border_goes_whole() {
    let redactor = of(&[r"id=(\d{6})", "BEGIN.{0,9}?END"]);
    for border in [BLOCK, BLOCK + REACH, 2 * BLOCK] {
        for before in 0..=12 {
            for found in ["id=123456", "BEGIN 1 END"] {
                let mut text = vec![b'x'; border - before];
                text.extend_from_slice(found.as_bytes());
                text.resize(3 * BLOCK, b'x');
                let shown = untagged(&whole(&redactor, &text));
                let expected = text.len() - found.len();
                assert!(!shown.contains(&found[5..]), "{border} {before} {found}");
                assert!(shown.bytes().filter(|byte| *byte == b'x').count() == expected, "{border} {before}");
            }
        }
    }
}

#[test]
fn what_has_no_end_in_sight_goes_to_the_end_of_its_line() {
    let long = "x ".repeat(BLOCK);
    for (pattern, line) in [
        ("BEGIN.*END", format!("a BEGIN hunter2 {long} hunter2 END b")),
        (r"token=(\S+)", format!("a token={} b", "hunter2".repeat(BLOCK / 4))),
        (".*hunter2", format!("{long}{long}hunter2 b")),
    ] {
        let text = format!("before\n{line}\nafter\n");
        let once = whole(&of(&[pattern]), text.as_bytes());
        let told = untagged(&once);
        assert!(!told.contains("hunter2"), "{pattern}");
        assert!(told.starts_with("before\n") && told.ends_with("\nafter\n"), "{pattern}: {told:.200}");
        assert_eq!(whole(&of(&[pattern]), &once), once);
    }
    // What has no beginning stays.
    let text = format!("{long}{long} token= b");
    assert!(whole(&of(&[r"token=(\S+)", "BEGIN.*END"]), text.as_bytes()) == text.as_bytes());
}

#[test]
fn a_line_that_would_be_searched_for_ever_goes() {
    // Each match looks as far as the line's end and takes one byte.
    let text = [b"ok A\n".to_vec(), vec![b'A'; 60_000], b"\nok\n".to_vec()].concat();
    let out = untagged(&whole(&of(&["[^A]*A.*[^A-Z \n]|A"]), &text));
    assert!(out.ends_with("{pattern-1}\nok\n") && !out.contains("AA"), "{out:.300}");
}

#[test]
fn what_is_too_much_is_refused() {
    for pattern in ["(?:a{1000}){1000}", r"(?u)(?:\w{500}){50}"] {
        let error = Patterns::parse(&[pattern]).unwrap_err();
        assert!(error.what.starts_with("pattern 1: its program would be too large"), "{error}");
        assert!(error.place.contains(pattern), "{error}");
    }
    assert!(Patterns::parse(&["a"; 101]).unwrap_err().what.contains("too many"));
    assert!(Patterns::parse(&["a", "("]).unwrap_err().what.starts_with("pattern 2: "));
}
