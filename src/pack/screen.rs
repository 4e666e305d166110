//! The second scan of what is no entry's content: names, command lines, reasons, stderr, where a text
//! that hits is replaced whole; and of a text that goes elsewhere than into a bundle.

use super::{
    manifest::{Asked, Text},
    name::EntryName,
    piece::{Head, Tail},
    segment::{BEFORE, Check, SEGMENT, checked},
};
use crate::{host::Flow, redact::Redacted};

/// What stands in place of a text that the second scan objected to.
pub(super) const WITHHELD: Text = Text::word("withheld by the second scan");

pub(super) fn head(check: &dyn Check, head: &mut Head) {
    if checked(check, b"", head.name.as_str().as_bytes()).is_some() {
        head.name = EntryName::own("withheld");
    }
    text(check, &mut head.collector);
    text(check, &mut head.source);
    match &mut head.asked {
        Asked::Path(path) => text(check, path),
        Asked::Argv(argv) => {
            // A secret may stand behind the option that names it.
            let line: Vec<&str> = argv.iter().map(Text::as_str).collect();
            if checked(check, b"", line.join(" ").as_bytes()).is_some() {
                argv.iter_mut().skip(1).for_each(|argument| *argument = WITHHELD);
            }
        }
        Asked::Get { at, path } => [at, path].into_iter().for_each(|part| text(check, part)),
        Asked::Probe(name) => text(check, name),
        Asked::Nothing => {}
    }
}

pub(super) fn tail(check: &dyn Check, tail: &mut Tail) {
    text(check, &mut tail.reason);
    tail.stderr.iter_mut().for_each(|stderr| text(check, stderr));
    tail.window.iter_mut().filter_map(|window| window.note.as_mut()).for_each(|note| text(check, note));
}

/// The strings of a JSON value, keys aside.
pub(super) fn json(check: &dyn Check, value: &mut serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::String(string) if checked(check, b"", string.as_bytes()).is_some() => {
            *string = WITHHELD.as_str().to_owned();
        }
        Value::Array(items) => items.iter_mut().for_each(|item| json(check, item)),
        Value::Object(members) => members.values_mut().for_each(|member| json(check, member)),
        _ => {}
    }
}

fn text(check: &dyn Check, text: &mut Text) {
    if !text.is_empty() && checked(check, b"", text.as_str().as_bytes()).is_some() {
        *text = WITHHELD;
    }
}

/// A text that goes elsewhere than into a bundle: what hits and all that follows it stays behind. Sees it
/// in the same segments as an entry's.
pub struct Screen<'a> {
    check: &'a dyn Check,
    waiting: Redacted,
    before: Vec<u8>,
    hit: Option<&'static str>,
    lines: u64,
    over: bool,
}

impl<'a> Screen<'a> {
    /// At the text's beginning.
    pub fn new(check: &'a dyn Check) -> Self {
        Self { check, waiting: Redacted::empty(), before: Vec::new(), hit: None, lines: 0, over: false }
    }

    /// Takes more of it, and gives to `sink` what is clean.
    ///
    /// # Errors
    /// Those of `sink`.
    pub fn push<E>(
        &mut self,
        redacted: &Redacted,
        sink: &mut dyn FnMut(&Redacted) -> Result<Flow, E>,
    ) -> Result<Flow, E> {
        self.waiting.append(redacted);
        while self.waiting.len() > SEGMENT && !self.over {
            let first = &self.waiting.as_bytes()[..SEGMENT];
            let length = memchr::memrchr(b'\n', first).map_or(SEGMENT, |at| at + 1);
            let rest = self.waiting.split_off(length);
            let segment = std::mem::replace(&mut self.waiting, rest);
            self.segment(&segment, sink)?;
        }
        Ok(if self.over { Flow::Stop } else { Flow::Go })
    }

    /// Gives the rest.
    ///
    /// # Errors
    /// Those of `sink`.
    pub fn finish<E>(&mut self, sink: &mut dyn FnMut(&Redacted) -> Result<Flow, E>) -> Result<(), E> {
        let segment = std::mem::take(&mut self.waiting);
        if self.over || segment.is_empty() { Ok(()) } else { self.segment(&segment, sink) }
    }

    /// The rule that hit.
    pub fn hit(&self) -> Option<&'static str> {
        self.hit
    }

    /// Whole lines that were given.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    fn segment<E>(
        &mut self,
        segment: &Redacted,
        sink: &mut dyn FnMut(&Redacted) -> Result<Flow, E>,
    ) -> Result<(), E> {
        let bytes = segment.as_bytes();
        self.hit = checked(self.check, &self.before, bytes);
        self.over = self.hit.is_some() || sink(segment)? == Flow::Stop;
        if self.hit.is_none() {
            self.lines += memchr::memchr_iter(b'\n', bytes).count() as u64;
            self.before = bytes[bytes.len().saturating_sub(BEFORE)..].to_vec();
        }
        Ok(())
    }
}
