//! The text of a pattern → its tree, fenced into one line: no class matches a line end, `^` and `$` are
//! those of a line. Refuses what could not be kept: a pattern that matches nothing at all, or where nothing
//! is, and one that needs a line end. Finds nothing.

use std::fmt;

use regex_syntax::{
    Error as Syntax, ParserBuilder,
    ast::Span,
    hir::{
        Capture, Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look,
        Repetition,
    },
};

/// Longest text of a pattern.
const LONGEST: usize = 4 << 10;

/// Groups within groups.
const DEEPEST: u32 = 50;

/// What is wrong with a pattern, where in it, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// What is wrong.
    pub what: String,
    /// The pattern's line and a caret below the place in it.
    pub place: String,
    /// What to do.
    pub hint: &'static str,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.what, self.place)
    }
}

impl std::error::Error for PatternError {}

impl PatternError {
    /// About the pattern as a whole.
    pub(super) fn of(pattern: &str, what: impl Into<String>, hint: &'static str) -> Self {
        Self { what: what.into(), place: pointed(pattern, 1, 1), hint }
    }
}

/// The tree of a pattern.
pub(super) fn parse(pattern: &str) -> Result<Hir, PatternError> {
    if pattern.len() > LONGEST {
        let what = format!("longer than {LONGEST} bytes");
        return Err(PatternError::of(
            pattern,
            what,
            "several shorter ones do the same: give the option again",
        ));
    }
    let mut parser = ParserBuilder::new();
    // Logs are not UTF-8: `.` and `[^"]` match any byte of a value.
    parser.utf8(false).unicode(false).multi_line(true).crlf(true).nest_limit(DEEPEST);
    let parsed = parser.build().parse(pattern).map_err(|error| syntax(pattern, &error))?;
    let fenced = fence(&parsed).map_err(|(what, hint)| PatternError::of(pattern, what, hint))?;
    match fenced.properties().minimum_len() {
        None => Err(PatternError::of(pattern, "it can match nothing on any line", WITHIN)),
        Some(0) => Err(PatternError::of(
            pattern,
            "it also matches where nothing is, which is everywhere",
            "write + in place of *, or what must stand there",
        )),
        Some(_) => Ok(fenced),
    }
}

const WITHIN: &str = "a pattern is looked for within one line";

fn syntax(pattern: &str, error: &Syntax) -> PatternError {
    let told = |what: String, span: &Span| {
        let hint = if what.contains("Unicode") {
            "patterns work on bytes: (?u) before the pattern makes it work on characters"
        } else if what.contains("look-around") || what.contains("backreference") {
            "what stands around a value needs no look-around: put the value into a group, as in user=(\\S+)"
        } else {
            "the syntax is that of Rust's regex: https://docs.rs/regex/#syntax"
        };
        PatternError { what, place: pointed(pattern, span.start.line, span.start.column), hint }
    };
    match error {
        Syntax::Parse(error) => told(error.kind().to_string(), error.span()),
        Syntax::Translate(error) => told(error.kind().to_string(), error.span()),
        other => PatternError::of(pattern, other.to_string(), WITHIN),
    }
}

/// A line of the pattern, cut to what fits a terminal, and a caret below one of its columns.
fn pointed(pattern: &str, line: usize, column: usize) -> String {
    const BEFORE: usize = 40;
    const WIDTH: usize = 70;
    let line: Vec<char> = pattern.lines().nth(line.saturating_sub(1)).unwrap_or_default().chars().collect();
    let at = column.saturating_sub(1).min(line.len());
    let from = at.saturating_sub(BEFORE);
    let shown: String =
        line[from..].iter().take(WIDTH).map(|c| if c.is_control() { '?' } else { *c }).collect();
    format!("  {shown}\n  {}^", " ".repeat(at - from))
}

type Refused = (&'static str, &'static str);

fn fence(hir: &Hir) -> Result<Hir, Refused> {
    let all = |parts: &[Hir]| parts.iter().map(fence).collect::<Result<Vec<_>, _>>();
    Ok(match hir.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) if memchr::memchr2(b'\n', b'\r', &literal.0).is_some() => {
            return Err(("it needs a line end", WITHIN));
        }
        HirKind::Literal(literal) => Hir::literal(literal.0.clone()),
        HirKind::Class(class) => Hir::class(without_line_ends(class)),
        HirKind::Look(look) => Hir::look(match look {
            Look::Start | Look::StartLF | Look::StartCRLF => Look::StartCRLF,
            Look::End | Look::EndLF | Look::EndCRLF => Look::EndCRLF,
            other => *other,
        }),
        HirKind::Repetition(repetition) => {
            Hir::repetition(Repetition { sub: Box::new(fence(&repetition.sub)?), ..repetition.clone() })
        }
        HirKind::Capture(capture) => {
            Hir::capture(Capture { sub: Box::new(fence(&capture.sub)?), ..capture.clone() })
        }
        HirKind::Concat(parts) => Hir::concat(all(parts)?),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)?),
    })
}

fn without_line_ends(class: &Class) -> Class {
    const ENDS: [char; 2] = ['\n', '\r'];
    match class {
        Class::Bytes(bytes) => {
            let mut bytes = bytes.clone();
            bytes.difference(&ClassBytes::new(ENDS.map(|end| ClassBytesRange::new(end as u8, end as u8))));
            Class::Bytes(bytes)
        }
        Class::Unicode(chars) => {
            let mut chars = chars.clone();
            chars.difference(&ClassUnicode::new(ENDS.map(|end| ClassUnicodeRange::new(end, end))));
            Class::Unicode(chars)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(pattern: &str) -> String {
        parse(pattern).unwrap_err().to_string()
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        assert_eq!(refused("user=(a"), "unclosed group\n  user=(a\n       ^");
        assert_eq!(refused("a[z-b]").lines().last(), Some("    ^"));
        let long = format!("{}(", "é".repeat(100));
        let told = refused(&long);
        assert!(
            told.lines().all(|line| line.chars().count() <= 80)
                && told.ends_with("(\n                                          ^"),
            "{told}"
        );
        assert!(refused("(?x)\n a\n (b").ends_with("   (b\n   ^") || refused("(?x)\n a\n (b").contains("(b"));
        assert!(!refused("a\u{1b}[2J(").contains('\u{1b}'));
    }

    #[test]
    fn what_could_not_be_kept_is_refused() {
        for (pattern, why) in [
            ("", "nothing is"),
            ("a*", "nothing is"),
            ("a|", "nothing is"),
            ("^", "nothing is"),
            (r"a\nb", "a line end"),
            (r"[\n\r]x", "on any line"),
            ("(?=a)b", "look-around"),
            (r"(a)\1", "backreference"),
            ("[é]", "Unicode"),
            (&"(".repeat(60), ""),
            (&"a".repeat(5000), "longer than"),
        ] {
            assert!(refused(pattern).contains(why), "{pattern}: {}", refused(pattern));
        }
    }

    #[test]
    fn classes_and_anchors_stay_within_a_line() {
        for pattern in [r"[^a]+x", r"\s+x", "(?s).+x", r"\Aa\z", "(?u)[^é]x", r"(?-m)^a$", "é+"] {
            assert!(parse(pattern).is_ok(), "{pattern}: {}", refused(pattern));
        }
    }
}
