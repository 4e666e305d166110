//! Command lines.

use super::tools::{Panics, Words, redactor, untagged};
use crate::redact::{
    Redactor,
    finder::{Finder, Rank, Span, Window},
};

/// Finds the word behind `--password`, and the rest of the word behind `token=`.
struct Options;

impl Finder for Options {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        for name in ["--password ", "--password\0", "token="] {
            for at in memchr::memmem::find_iter(window.text, name.as_bytes()) {
                let start = at + name.len();
                let length = window.text[start..].iter().take_while(|byte| !matches!(byte, b' ' | 0)).count();
                if length > 0 {
                    let (rule, rank) = ("option", Rank::Keyed);
                    spans.push(Span { range: start..start + length, rule, rank, quoted: false, open: None });
                }
            }
        }
    }
}

fn shown(redactor: &Redactor, args: &[&str]) -> Vec<String> {
    redactor.argv(args).iter().map(|arg| untagged(arg.as_bytes())).collect()
}

#[test]
fn a_secret_goes_from_whatever_argument_it_stands_in() {
    let redactor = redactor(vec![Box::new(Options), Box::new(Words)]);
    assert_eq!(shown(&redactor, &["db", "--password", "x", "-v"]), ["db", "--password", "{option}", "-v"]);
    assert_eq!(shown(&redactor, &["db", "--password", "a b", "c"]), ["db", "--password", "{option}", "c"]);
    assert_eq!(shown(&redactor, &["curl", "--token=a b", "c"]), ["curl", "--token={option}", "c"]);
    assert_eq!(shown(&redactor, &["sh", "-c", "db token=a b"]), ["sh", "-c", "db token={option} b"]);
    assert_eq!(shown(&redactor, &["echo", "secret-x", ""]), ["echo", "{word}", ""]);
    assert_eq!(shown(&redactor, &[]), Vec::<String>::new());
}

#[test]
fn command_lines_fail_closed() {
    let redactor = redactor(vec![Box::new(Panics)]);
    assert_eq!(shown(&redactor, &["a", "panic"]), ["withheld", "withheld"]);
    let long = "x".repeat(300 << 10);
    assert_eq!(shown(&redactor, &["a", &long]), ["withheld", "withheld"]);
}
