//! What is wrong with a collector, at which place of which file, and what to write instead.
//!
//! Knows lines and columns, no rules. A shown line is escaped here already, so that its caret stays
//! below the text it means.

use std::{fmt, ops::Range};

use crate::{error::Error, escape::is_odd};

/// Longest part of a line that is shown; a longer one is cut around the caret.
const SHOWN: usize = 100;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as the user knows it.
    pub file: String,
    /// From 1; 0 if the problem is the file as a whole.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The line, without its end.
    pub text: String,
    /// How many characters of the line are meant, from `column` on.
    pub width: usize,
}

/// One rule that a file breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What is wrong, and what was expected.
    pub message: String,
    /// What to do, where that is not the same.
    pub hint: Option<String>,
}

/// A problem that does not know its file yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Complaint {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), hint: None }
    }

    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub(super) fn maybe(mut self, hint: Option<String>) -> Self {
        self.hint = self.hint.or(hint);
        self
    }
}

/// A file's text, for finding places in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

impl Text<'_> {
    pub(super) fn place(&self, span: &Range<usize>) -> Place {
        let start = self.text.floor_char_boundary(span.start.min(self.text.len()));
        let head = &self.text[..start];
        let line_start = head.rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let end = self.text.ceil_char_boundary(span.end.clamp(start, line_end));
        Place {
            file: self.file.to_owned(),
            line: head.matches('\n').count() + 1,
            column: self.text[line_start..start].chars().count() + 1,
            text: self.text[line_start..line_end].trim_end_matches('\r').to_owned(),
            width: self.text[start..end].trim_end().chars().count().max(1),
        }
    }

    pub(super) fn problem(&self, complaint: Complaint) -> Problem {
        Problem { place: self.place(&complaint.span), message: complaint.message, hint: complaint.hint }
    }
}

impl Place {
    /// A file as a whole.
    pub fn whole(file: impl Into<String>) -> Self {
        Self { file: file.into(), line: 0, column: 0, text: String::new(), width: 0 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 { write!(f, ":{}:{}", self.line, self.column) } else { Ok(()) }
    }
}

/// The place, the message, the line and its caret; `error: ` and the hint are added by who prints it.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)?;
        if self.place.line == 0 {
            return Ok(());
        }
        let (line, caret) = excerpt(&self.place);
        let number = self.place.line.to_string();
        let gap = " ".repeat(number.len());
        write!(f, "\n {number} | {line}\n {gap} | {caret}")
    }
}

/// The line as it is shown, and the line of carets below it.
fn excerpt(place: &Place) -> (String, String) {
    let chars: Vec<char> = place.text.chars().map(shown).collect();
    let from = (place.column - 1).min(chars.len());
    let skip = if from + place.width.min(SHOWN / 2) > SHOWN { from.saturating_sub(SHOWN / 4) } else { 0 };
    let part: String = chars.iter().skip(skip).take(SHOWN).collect();
    let cut = chars.len() > skip + SHOWN;
    let lead = if skip > 0 { "…" } else { "" };
    let line = format!("{lead}{part}{}", if cut { "…" } else { "" });
    let indent: String = chars[skip..from].iter().map(|c| if *c == '\t' { '\t' } else { ' ' }).collect();
    let width = place.width.min(SHOWN.saturating_sub(from - skip).max(1));
    (line, format!("{}{indent}{}", if skip > 0 { " " } else { "" }, "^".repeat(width)))
}

/// One column for each character, nothing that drives a terminal.
fn shown(c: char) -> char {
    if c == '\t' || !is_odd(c) { c } else { '\u{fffd}' }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        let error = Error::usage(problem.to_string());
        match problem.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

/// `did you mean …?`, if one of the known words is close to what was written.
pub(super) fn did_you_mean<'w>(written: &str, known: impl IntoIterator<Item = &'w str>) -> Option<String> {
    if written.len() > 64 {
        return None;
    }
    let most = (written.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|word| (distance(&written.to_lowercase(), word), word))
        .filter(|(distance, word)| *distance <= most && *distance < word.len())
        .min()
        .map(|(_, word)| format!("did you mean `{word}`?"))
}

/// Edits from one word to the other; two letters that changed places are one.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + same);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_at(text: &str, span: Range<usize>) -> String {
        Text { file: "x.toml", text }.problem(Complaint::new(span, "wrong")).to_string()
    }

    #[test]
    fn the_caret_stands_under_the_text_it_means() {
        assert_eq!(shown_at("a = 1\nbé = 22\n", 12..14), "x.toml:2:6: wrong\n 2 | bé = 22\n   |      ^^");
        assert_eq!(shown_at("\ta = 1", 5..6), "x.toml:1:6: wrong\n 1 | \ta = 1\n   | \t    ^");
    }

    #[test]
    fn a_place_past_the_end_or_inside_a_character_is_still_a_place() {
        assert!(shown_at("a =", 3..3).ends_with("a =\n   |    ^"));
        assert!(shown_at("a =", 90..99).ends_with('^'));
        assert!(shown_at("é", 1..2).ends_with("é\n   | ^"));
        assert!(shown_at("", 0..0).starts_with("x.toml:1:1"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let text = format!("{}HERE{}", "a".repeat(5_000), "b".repeat(5_000));
        let shown = shown_at(&text, 5_000..5_004);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[1].chars().count() < 120 && lines[1].ends_with('…'), "{shown}");
        let caret = lines[2].chars().position(|c| c == '^').unwrap();
        assert_eq!(lines[1].chars().skip(caret).take(4).collect::<String>(), "HERE");
    }

    #[test]
    fn a_hostile_line_does_not_move_the_caret() {
        assert!(shown_at("a\u{1b}[2J\u{202e}b", 8..9).contains("a\u{fffd}[2J\u{fffd}b"));
    }

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let known = ["timeout", "limit", "name"];
        assert_eq!(did_you_mean("timeuot", known).as_deref(), Some("did you mean `timeout`?"));
        assert_eq!(did_you_mean("Limit", known).as_deref(), Some("did you mean `limit`?"));
        assert_eq!(did_you_mean("shell", known), None);
        assert_eq!(did_you_mean("x", ["y"]), None);
    }
}
