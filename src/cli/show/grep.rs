//! The lines that a regular expression matches, as `entry:line:text`. Time grows with the text alone; of a
//! line without end only a window is held.

use std::collections::BTreeSet;

use regex_automata::meta::Regex;
use regex_syntax::ParserBuilder;
use serde_json::json;

use super::Out;
use crate::{
    cli::console::{Console, escape_json, escape_line},
    error::{Error, Result},
    host::Flow,
    read::contents::{Contents, Pull},
    read::inflated::{Budget, Inflated},
};

/// Most bytes of a line that are looked at as one.
const LONGEST: usize = 1 << 20;
const PIECE: usize = 64 << 10;
/// Most bytes of the pattern's program.
const LARGEST: usize = 4 << 20;

pub(super) fn parse(pattern: &str) -> Result<Regex> {
    let wrong = |why: String| {
        Error::usage(format!("--grep: {why}")).hint(
            "the syntax is that of Rust's regex, on bytes: https://docs.rs/regex/#syntax; (?i) ignores case",
        )
    };
    // Logs are not always UTF-8.
    let mut parser = ParserBuilder::new();
    parser.utf8(false).unicode(false);
    let hir = parser.build().parse(pattern).map_err(|error| wrong(error.to_string()))?;
    let config =
        Regex::config().utf8_empty(false).nfa_size_limit(Some(LARGEST)).hybrid_cache_capacity(LARGEST);
    Regex::builder()
        .configure(config)
        .build_from_hir(&hir)
        .map_err(|_| wrong("its program would be too large: repeat less, or shorter things".to_owned()))
}

/// Whether all of it could be read.
pub(super) fn run(
    contents: &Contents,
    picked: &BTreeSet<usize>,
    regex: &Regex,
    as_json: bool,
    console: &Console,
) -> Result<bool> {
    let terminal = console.data_goes_to_terminal();
    let mut out = Out::new(console);
    let (mut matches, mut whole) = (0_u64, true);
    contents.read(picked, &mut |number, pull| {
        let entry = &contents.listed[number].name;
        let name = escape_line(entry);
        let mut tell = |line: u64, text: &[u8]| {
            matches += 1;
            let lossy = String::from_utf8_lossy(text);
            if as_json {
                let value = json!({"entry": entry, "line": line, "text": lossy});
                return out.write(format!("{}\n", escape_json(&value.to_string())).as_bytes());
            }
            out.write(format!("{name}:{line}:").as_bytes())?;
            out.write(if terminal { escape_line(&lossy).into_bytes() } else { text.to_vec() }.as_slice())?;
            out.write(b"\n")
        };
        let (flow, torn) = lines(pull, &contents.budget, &mut |line, text| {
            if regex.is_match(text) { tell(line, text) } else { Ok(Flow::Go) }
        })?;
        if let Some(why) = torn {
            whole = false;
            console.say(&format!("{name}: {why}"));
        }
        Ok(flow)
    })?;
    out.flush()?;
    if matches == 0 {
        console.say("no line matches");
    }
    Ok(whole)
}

type Line<'l> = &'l mut dyn FnMut(u64, &[u8]) -> Result<Flow>;

/// Every line with its number, without its end.
fn lines(pull: Pull<'_>, budget: &Budget, line: Line<'_>) -> Result<(Flow, Option<String>)> {
    let mut inflated = Inflated::new(pull, budget);
    let (mut held, mut number, mut piece) = (Vec::new(), 1, vec![0; PIECE]);
    loop {
        let (n, torn) = match inflated.read(&mut piece) {
            Ok(n) => (n, None),
            Err(why) => (0, Some(why)),
        };
        held.extend_from_slice(&piece[..n]);
        let mut begin = 0;
        let searched = held.len() - n;
        for end in memchr::memchr_iter(b'\n', &piece[..n]).map(|at| at + searched) {
            if line(number, without_return(&held[begin..end]))? == Flow::Stop {
                return Ok((Flow::Stop, None));
            }
            (begin, number) = (end + 1, number + 1);
        }
        held.drain(..begin);
        // What is too long for one look is given in pieces, under the same number.
        if (n == 0 || held.len() > LONGEST) && !held.is_empty() {
            if line(number, without_return(&held))? == Flow::Stop {
                return Ok((Flow::Stop, None));
            }
            held.clear();
        }
        if n == 0 {
            return Ok((Flow::Go, torn));
        }
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &[u8], step: usize) -> Vec<(u64, usize)> {
        let mut rest = text;
        let mut pull = |room: &mut [u8]| {
            let n = rest.len().min(room.len()).min(step);
            room[..n].copy_from_slice(&rest[..n]);
            rest = &rest[n..];
            Ok(n)
        };
        let mut told = Vec::new();
        let mut each = |number, text: &[u8]| {
            told.push((number, text.len()));
            Ok(Flow::Go)
        };
        lines(&mut pull, &Budget::of(0), &mut each).unwrap();
        told
    }

    #[test]
    fn lines_have_their_numbers_whatever_the_pieces() {
        for step in [1, 2, 7, 1000] {
            assert_eq!(told(b"one\r\n\ntwo\nlast", step), [(1, 3), (2, 0), (3, 3), (4, 4)]);
        }
        assert_eq!(told(b"", 1), []);
    }

    #[test]
    fn a_line_without_end_is_looked_at_in_pieces() {
        let told = told(&vec![b'x'; 3 * LONGEST], 1 << 20);
        assert!(
            told.len() > 2 && told.iter().all(|(number, length)| *number == 1 && *length <= LONGEST + PIECE)
        );
        assert_eq!(told.iter().map(|(_, length)| length).sum::<usize>(), 3 * LONGEST);
    }

    #[test]
    fn a_pattern_that_is_wrong_says_where() {
        assert!(parse("a(b").unwrap_err().message.contains("unclosed group"));
        assert!(parse("(?u)(\\w{900}){900}").unwrap_err().message.contains("too large"));
        assert!(parse("^x.*[0-9]$").unwrap().is_match(b"x\xff 7"));
    }
}
