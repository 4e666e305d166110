//! One text from anywhere to anywhere: redacted as an entry of a bundle is, in constant memory. What a
//! bundle withholds ends it here, before the place that can't be shown to be clean.

use std::collections::BTreeMap;

use super::stream::Output;
use crate::{
    host::Flow,
    pack::{Check, Screen, manifest::Text},
    redact::{Redacted, Redactor},
};

/// Bytes that are read at once.
const PIECE: usize = 256 << 10;

/// How a text went through.
#[derive(Debug, Default)]
pub struct Filtered {
    /// Replacements by rule.
    pub redactions: BTreeMap<Text, u64>,
    /// Why the source ended before its end; its last line, of which more may have followed, was left out.
    pub cut: Option<String>,
    /// Why what follows is held back, and behind which line.
    pub withheld: Option<(String, u64)>,
}

/// Where a text comes from: fills a buffer, less than all of it only at the end; the error says why it
/// ended too early.
pub type Source<'s> = &'s mut dyn FnMut(&mut [u8]) -> Result<usize, String>;

/// Redacts all of `source` into `sink`.
///
/// # Errors
/// Those of `sink`.
pub fn filter<E>(
    redactor: &Redactor,
    check: &dyn Check,
    source: Source<'_>,
    sink: &mut dyn FnMut(&Redacted) -> Result<Flow, E>,
) -> Result<Filtered, E> {
    let mut output = Output::new(redactor);
    let mut screen = Screen::new(check);
    let mut piece = vec![0; PIECE];
    let cut = loop {
        let read = source(&mut piece);
        let n = *read.as_ref().unwrap_or(&0);
        let redacted = output.push(&piece[..n]);
        if screen.push(&redacted, sink)? == Flow::Stop || output.is_broken() || n == 0 {
            break read.err();
        }
    };
    let (rest, end) = output.finish(cut.is_none());
    if end.withheld.is_none() && screen.push(&rest, sink)? == Flow::Go {
        screen.finish(sink)?;
    }
    let reason = screen.hit().map(|rule| format!("the second scan found what looks like a secret: {rule}"));
    let withheld = end.withheld.map(|why| why.as_str().to_owned()).or(reason);
    let withheld = withheld.map(|why| (why, screen.lines()));
    Ok(Filtered { redactions: end.redactions, cut, withheld })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: fn(&[u8], &[u8]) -> Option<&'static str> = |_, _| None;

    fn through(check: &dyn Check, pieces: &[Result<&[u8], &str>]) -> (String, Filtered) {
        let redactor = Redactor::new(Vec::new()).unwrap();
        let (mut out, mut pieces) = (Vec::new(), pieces.iter());
        let mut source = |room: &mut [u8]| match pieces.next() {
            Some(Ok(bytes)) => {
                room[..bytes.len()].copy_from_slice(bytes);
                Ok(bytes.len())
            }
            Some(Err(why)) => Err((*why).to_owned()),
            None => Ok(0),
        };
        let filtered = filter(&redactor, check, &mut source, &mut |text| {
            out.extend_from_slice(text.as_bytes());
            Ok::<_, ()>(Flow::Go)
        });
        (String::from_utf8(out).unwrap(), filtered.unwrap())
    }

    #[test]
    fn what_the_second_scan_hits_is_held_back_with_all_that_follows() {
        let line = [b"x".repeat(99), b"\n".to_vec()].concat();
        let block = line.repeat(1000);
        let mut pieces: Vec<Result<&[u8], &str>> = vec![Ok(&block); 25];
        pieces.push(Ok(b"odd\n"));
        pieces.extend(vec![Ok(&block[..]); 25]);
        let odd = |_: &[u8], text: &[u8]| memchr::memmem::find(text, b"odd").map(|_| "odd-rule");
        let (out, filtered) = through(&odd, &pieces);
        let (why, lines) = filtered.withheld.unwrap();
        assert!(why.ends_with(": odd-rule"), "{why}");
        assert_eq!((out.len() as u64, out.len() % 100), (lines * 100, 0));
        assert!(out.len() > 2_000_000 && out.len() < 2_500_000, "{}", out.len());
    }

    #[test]
    fn what_is_no_text_gives_nothing() {
        let (out, filtered) = through(&CLEAN, &[Ok(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\0\0")]);
        assert_eq!(out, "");
        assert_eq!(filtered.withheld.unwrap(), ("it can't be read as text".to_owned(), 0));
    }

    #[test]
    fn a_source_that_ends_too_early_loses_the_line_that_it_tore() {
        let (out, filtered) = through(&CLEAN, &[Ok(b"one\ntwo is glpat-aB3"), Err("gone")]);
        assert_eq!((out.as_str(), filtered.cut.as_deref()), ("one\n", Some("gone")));
    }
}
