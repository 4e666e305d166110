//! Keeps a line of JSON one: a cut that reaches over the quotes, colons and commas between strings goes
//! in pieces, each inside one string or over one whole number or literal. Uncovers nothing but those.
//!
//! Rules tell by names and quotes, and a hostile line holds both where a rule would not expect them.
//! Whether the line is JSON decides a parser, not a guess: what is none stays cut as it was.

use std::ops::Range;

use serde::de::IgnoredAny;

use super::{
    finder::{Rank, Window},
    unite::Cut,
};

/// A string's inside, or a number or literal.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    range: Range<usize>,
    string: bool,
}

/// Splits the cuts on lines of JSON that would break it. Each line with a cut is read once.
pub(super) fn keep_shape<'r>(window: &Window<'_>, cuts: &mut Vec<Cut<'r>>) {
    let text = window.text;
    let mut line = window.own.start..window.own.start;
    // A block that begins within a line, which is longer than it, shows no whole line there.
    let mut whole = window.first && line.start == 0 || text[..line.start].ends_with(b"\n");
    let mut tokens: Option<Vec<Token>> = None;
    let (mut kept, mut split): (Vec<Cut<'r>>, bool) = (Vec::new(), false);
    for (index, cut) in cuts.iter().enumerate() {
        if cut.range.start >= line.end {
            let before = &text[line.end..cut.range.start];
            match memchr::memrchr(b'\n', before) {
                Some(at) => (line.start, whole) = (line.end + at + 1, true),
                None => line.start = line.end,
            }
            let rest = &text[cut.range.start..];
            let end = memchr::memchr(b'\n', rest);
            whole &= end.is_some() || window.last;
            line.end = cut.range.start + end.map_or(rest.len(), |at| at + 1);
            // A piece may not begin in the next block.
            whole &= line.end <= window.own.end;
            tokens = whole.then(|| tokens_of(text, line.clone())).flatten();
        }
        let fits = |tokens: &Vec<Token>| fits(text, cut, tokens);
        let Some(tokens) = tokens.as_ref().filter(|tokens| cut.range.end <= line.end && !fits(tokens)) else {
            if split {
                push(cut.clone(), &mut kept);
            }
            continue;
        };
        if !split {
            kept.extend_from_slice(&cuts[..index]);
            split = true;
        }
        pieces(text, cut, tokens).for_each(|piece| push(piece, &mut kept));
    }
    if split {
        *cuts = kept;
    }
}

/// Appends a cut that may have grown into the one before.
fn push<'r>(cut: Cut<'r>, cuts: &mut Vec<Cut<'r>>) {
    match cuts.last_mut() {
        Some(last) if cut.range.start < last.range.end => {
            last.range.end = last.range.end.max(cut.range.end);
            last.open = last.open.max(cut.open);
        }
        _ => cuts.push(cut),
    }
}

/// The strings and scalars of a line, if it is an object or a list.
fn tokens_of(text: &[u8], line: Range<usize>) -> Option<Vec<Token>> {
    let bytes = &text[line.clone()];
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace())?;
    if !matches!(first, b'{' | b'[') || serde_json::from_slice::<IgnoredAny>(bytes).is_err() {
        return None;
    }
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let from = at;
        if byte == b'"' {
            at += 1;
            while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(at..)?) {
                at += found;
                if bytes[at] == b'"' {
                    break;
                }
                at += 2;
            }
            tokens.push(Token { range: line.start + from + 1..line.start + at, string: true });
            at += 1;
        } else if is_scalar(byte) {
            at += bytes[at..].iter().take_while(|byte| is_scalar(**byte)).count();
            tokens.push(Token { range: line.start + from..line.start + at, string: false });
        } else {
            at += 1;
        }
    }
    Some(tokens)
}

fn is_scalar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

/// The tokens that a range touches.
fn touched<'t>(tokens: &'t [Token], range: &Range<usize>) -> &'t [Token] {
    let from = tokens.partition_point(|token| token.range.end <= range.start);
    let rest = &tokens[from..];
    &rest[..rest.partition_point(|token| token.range.start < range.end)]
}

/// Whether a cut leaves the line JSON as it is.
fn fits(text: &[u8], cut: &Cut<'_>, tokens: &[Token]) -> bool {
    // What has no end on its line goes to its end. The bytes of a known value, as a list, are one string.
    if cut.open.is_some() || cut.rank == Rank::Known && cut.quoted {
        return true;
    }
    match touched(tokens, &cut.range) {
        [token] if token.string => {
            token.range.start <= cut.range.start
                && cut.range.end <= token.range.end
                && !cut.quoted
                && whole_characters(text, cut.range.clone(), &token.range) == cut.range
        }
        [token] => token.range == cut.range && cut.quoted,
        _ => false,
    }
}

fn pieces<'c, 'r>(
    text: &'c [u8],
    cut: &'c Cut<'r>,
    tokens: &'c [Token],
) -> impl Iterator<Item = Cut<'r>> + use<'c, 'r> {
    touched(tokens, &cut.range).iter().map(move |token| {
        let range = if token.string {
            let part = cut.range.start.max(token.range.start)..cut.range.end.min(token.range.end);
            whole_characters(text, part, &token.range)
        } else {
            token.range.clone()
        };
        let value = if cut.rank == Rank::Known { cut.value.clone() } else { range.clone() };
        Cut { range, value, quoted: !token.string, ..cut.clone() }
    })
}

/// A part of a string, with the whole of each character and escape that it touches.
fn whole_characters(text: &[u8], part: Range<usize>, string: &Range<usize>) -> Range<usize> {
    let start = border(text, part.start, string);
    let end = border(text, part.end, string);
    start.0..end.1
}

/// Where the character that lies across `at` begins and ends; `at` itself if none does.
fn border(text: &[u8], at: usize, string: &Range<usize>) -> (usize, usize) {
    let (mut start, mut end) = (at, at);
    if let Some(escape) = escape_across(text, at, string) {
        (start, end) = (escape.start, escape.end);
    }
    let continues = |at: usize| string.contains(&at) && text[at] & 0xc0 == 0x80;
    while continues(start) && start > string.start {
        start -= 1;
    }
    while continues(end) {
        end += 1;
    }
    // Both halves of a pair.
    let half = |at: usize, digits: &[u8]| {
        let unit = text.get(at..at + 4).filter(|_| at >= string.start && at + 6 <= string.end);
        unit.is_some_and(|unit| {
            unit.starts_with(b"\\u") && matches!(unit[2], b'd' | b'D') && digits.contains(&unit[3])
        })
    };
    if half(start, b"cdefCDEF") && start >= string.start + 6 && half(start - 6, b"89abAB") {
        start -= 6;
    }
    if end >= string.start + 6 && half(end - 6, b"89abAB") && half(end, b"cdefCDEF") {
        end += 6;
    }
    (start, end)
}

/// The escape of which a part stands before `at` and a part behind it.
fn escape_across(text: &[u8], at: usize, string: &Range<usize>) -> Option<Range<usize>> {
    (1..=5).filter_map(|back| at.checked_sub(back)).filter(|start| string.contains(start)).find_map(|start| {
        let run = text[string.start..=start].iter().rev().take_while(|byte| **byte == b'\\').count();
        let length = if text.get(start + 1) == Some(&b'u') { 6 } else { 2 };
        (run % 2 == 1 && start + length > at).then_some(start..start + length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(range: Range<usize>) -> Cut<'static> {
        let value = range.clone();
        Cut { range, rule: "x", rank: Rank::Keyed, value, quoted: false, open: None, over_markers: false }
    }

    /// The text with a `#` for each cut; `from` and `to` are words that it begins and ends with.
    fn shown(text: &str, from: &str, to: &str) -> String {
        let start = text.find(from).unwrap();
        let end = start + text[start..].find(to).unwrap() + to.len();
        cut_out(text, vec![cut(start..end)])
    }

    fn cut_out(text: &str, mut cuts: Vec<Cut<'static>>) -> String {
        let bytes = text.as_bytes();
        let window = Window { text: bytes, own: 0..bytes.len(), first: true, last: true };
        keep_shape(&window, &mut cuts);
        let (mut out, mut at) = (Vec::new(), 0);
        for cut in cuts {
            out.extend_from_slice(&bytes[at..cut.range.start]);
            out.extend_from_slice(if cut.quoted { b"\"#\"" } else { b"#" });
            at = cut.range.end;
        }
        out.extend_from_slice(&bytes[at..]);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_cut_over_the_end_of_a_string_goes_in_pieces() {
        assert_eq!(shown(r#"{"a":"b cde","f":"gh i"}"#, "c", "g"), r##"{"a":"b #","#":"#h i"}"##);
        assert_eq!(shown(r#"{"a":"b ","c":"d"}"#, ",", ","), r#"{"a":"b ","c":"d"}"#);
        assert_eq!(shown(r#"{"a":"bc","d":[12,true]}"#, "c", "tr"), r##"{"a":"b#","#":["#","#"]}"##);
    }

    #[test]
    fn numbers_and_literals_go_whole_and_become_strings() {
        assert_eq!(shown(r#"{"a":12345}"#, "23", "4"), r##"{"a":"#"}"##);
        let two = vec![cut(5..7), cut(8..9)];
        assert_eq!(cut_out(r#"{"a":12345,"b":1}"#, two), r##"{"a":"#","b":1}"##);
    }

    #[test]
    fn escapes_and_characters_go_whole() {
        for (text, from, to, expected) in [
            (r#"{"a":"b\nc"}"#, "nc", "c", r##"{"a":"b#"}"##),
            (r#"{"a":"b\\nc"}"#, "nc", "c", r##"{"a":"b\\#"}"##),
            (r#"{"a":"b\u00e9c"}"#, "b", "00", r##"{"a":"#c"}"##),
            (r#"{"a":"b\ud83d\ude00c"}"#, "\\ude", "c", r##"{"a":"b#"}"##),
            (r#"{"a":"b\ud83d\ude00c"}"#, "b", "\\ud83d", r##"{"a":"#c"}"##),
            (r#"{"a":"b\"c"}"#, "b\\", "\\", r##"{"a":"#c"}"##),
        ] {
            assert_eq!(shown(text, from, to), expected, "{text} {from} {to}");
        }
        let text = "{\"a\":\"bé\"}";
        assert_eq!(cut_out(text, vec![cut(8..9)]), "{\"a\":\"b#\"}");
    }

    #[test]
    fn what_is_no_json_or_no_whole_line_stays_as_it_was() {
        for text in [r#"{"a"=>"b c","d"=>"e"}"#, r#"x {"a":"b c","d":"e"}"#, r#"{"a":"b c","d":"e""#] {
            assert!(shown(text, "c", "e").contains("b #\""), "{text}");
        }
        let text = r#"{"a":"b c","d":"e"}"#.as_bytes();
        let mut cuts = vec![cut(8..16)];
        keep_shape(&Window { text, own: 0..text.len(), first: false, last: false }, &mut cuts);
        assert_eq!(cuts, vec![cut(8..16)]);
    }

    #[test]
    fn every_line_counts_for_itself() {
        let text = "{\"a\":\"bc\",\"d\":1}\nplain \"bc\",\"d\"\n{\"a\":\"bc\",\"d\":1}\n";
        let cuts = [7, 25, 39].map(|at| cut(at..at + 5)).to_vec();
        assert_eq!(cut_out(text, cuts), "{\"a\":\"b#\",\"#\":1}\nplain \"b#\"\n{\"a\":\"b#\",\"#\":1}\n");
    }
}
