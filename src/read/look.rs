//! The second scan with places: which rule hits in which line, and what may be shown of it. The value
//! itself is never shown, nor anything that stands behind the name or form that gave it away.

use std::collections::BTreeSet;

use crate::scan::{Hit, Scanner};

/// So much of a text is looked at together.
const CHUNK: usize = 1 << 20;
/// What is seen of the text before, within a long line.
const BEFORE: usize = 4 << 10;
/// Bytes of context.
const CONTEXT: usize = 32;

/// What looks like a secret, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The rule.
    pub(super) rule: &'static str,
    /// The line, from 1.
    pub(super) line: u64,
    /// What stands before it, and four stars for it.
    pub(super) context: String,
}

/// Looks through one text, in pieces of any size.
pub(super) struct Look<'s> {
    scanner: &'s Scanner,
    text: Vec<u8>,
    /// What of `text` was looked at before.
    seen: usize,
    /// Where `text` begins in the whole.
    at: u64,
    line: u64,
    told: BTreeSet<u64>,
}

impl<'s> Look<'s> {
    pub(super) fn new(scanner: &'s Scanner) -> Self {
        Self { scanner, text: Vec::new(), seen: 0, at: 0, line: 1, told: BTreeSet::new() }
    }

    /// Takes more of the text.
    pub(super) fn push(&mut self, bytes: &[u8], found: &mut dyn FnMut(Found)) {
        for piece in bytes.chunks(CHUNK) {
            self.text.extend_from_slice(piece);
            while self.text.len() - self.seen > CHUNK {
                let own = &self.text[self.seen..self.seen + CHUNK];
                let end = memchr::memrchr(b'\n', own).map_or(CHUNK, |at| at + 1);
                self.look(self.seen + end, found);
            }
        }
    }

    /// Looks at the rest.
    pub(super) fn finish(mut self, found: &mut dyn FnMut(Found)) {
        self.look(self.text.len(), found);
    }

    fn look(&mut self, end: usize, found: &mut dyn FnMut(Found)) {
        let text = &self.text[..end];
        let (mut from, mut line) = (0, self.line);
        for hit in self.scanner.each(text, self.seen) {
            line += line_ends(&text[from..hit.start]);
            from = hit.start;
            // A value that goes on behind the border was told already.
            if self.told.insert(self.at + hit.start as u64) {
                found(Found { rule: hit.rule, line, context: context(text, &hit) });
            }
        }
        let kept = if text.ends_with(b"\n") { 0 } else { end.min(BEFORE) };
        let gone = end - kept;
        self.line += line_ends(&text[..gone]);
        self.at += gone as u64;
        self.text.drain(..gone);
        self.seen = kept;
        let at = self.at;
        self.told.retain(|start| *start >= at);
    }
}

fn line_ends(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// What led to the hit: back to the last sign behind which a value could stand, and nothing behind it.
fn context(text: &[u8], hit: &Hit) -> String {
    let from = hit.start.saturating_sub(CONTEXT);
    let ends = |b: &u8| b.is_ascii_whitespace() || b"=:&?,;/@%>|`".contains(b);
    let before = &text[from..hit.start];
    let before = &before[before.iter().rposition(ends).map_or(0, |at| at + 1)..];
    // A word with digits may be a value of its own, and so may the end of a long one.
    let odd = before.iter().any(u8::is_ascii_digit) || before.len() == CONTEXT;
    let before = if odd { "…".into() } else { String::from_utf8_lossy(before) };
    format!("{before}{}****", String::from_utf8_lossy(&text[hit.start..hit.named]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "aB3dE6gH9jK2mN5pQ8rS";

    fn all(text: &[u8], piece: usize) -> Vec<Found> {
        let scanner = Scanner::new();
        let mut look = Look::new(&scanner);
        let mut found = Vec::new();
        text.chunks(piece).for_each(|piece| look.push(piece, &mut |hit| found.push(hit)));
        look.finish(&mut |hit| found.push(hit));
        found
    }

    #[test]
    fn rule_line_and_context_are_told_and_the_value_is_not() {
        let text =
            format!("one\ngitlab_rails['smtp_password'] = '{VALUE}'\n\nx?private_token=glpat-{VALUE}\n");
        let found = all(text.as_bytes(), 5);
        let told: Vec<_> = found.iter().map(|f| (f.rule, f.line, f.context.as_str())).collect();
        assert_eq!(
            told,
            [
                ("named-value", 2, "gitlab_rails['smtp_password****"),
                ("named-value", 4, "private_token****"),
                ("gitlab-token", 4, "glpat-****"),
            ]
        );
        assert!(!format!("{found:?}").contains("aB3"));
    }

    #[test]
    fn what_is_found_does_not_depend_on_pieces_and_is_told_once() {
        let long = [vec![b'x'; CHUNK - 30], format!(" glpat-{VALUE} db_password={VALUE}").into()].concat();
        let text = [&long[..], b"\n", &long, &vec![b'y'; 3 * CHUNK], b"\n", &long].concat();
        let found = all(&text, text.len());
        assert!(found.len() >= 5, "{found:?}");
        assert_eq!(found.iter().map(|f| f.line).collect::<BTreeSet<_>>(), BTreeSet::from([1, 2, 3]));
        for piece in [777, 65_536, CHUNK + 1] {
            assert_eq!(all(&text, piece), found);
        }
    }

    #[test]
    fn no_other_value_is_shown_as_context() {
        for before in
            ["password=hunterhunter&", "a:correcthorse@", "horsebattery ", "Ab12Cd34_", &"q".repeat(50)]
        {
            let found = all(format!("{before}glpat-{VALUE}").as_bytes(), 100);
            let hit = found.iter().find(|f| f.rule == "gitlab-token").unwrap();
            assert!(matches!(hit.context.as_str(), "glpat-****" | "…glpat-****"), "{}", hit.context);
        }
    }
}
