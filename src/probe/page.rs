//! A probe's output: sections of facts, tables and notes, sent on section by section.
//!
//! Keeps count of what could be told, so that a probe fails only where nothing could. A fact that
//! can't be had is a line too, with the reason. Never reads anything itself.

use std::fmt::{Display, Write};

use super::table::{Table, plain};
use crate::host::{Error, Flow, Trouble};

/// Where a probe's bytes go.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> Flow;

/// Sections under way to a sink.
pub(crate) struct Page<'a> {
    sink: Sink<'a>,
    text: String,
    heading: Option<String>,
    started: bool,
    told: usize,
    trouble: Option<Error>,
    flow: Flow,
}

impl<'a> Page<'a> {
    /// Nothing told yet.
    pub(crate) fn new(sink: Sink<'a>) -> Self {
        Self {
            sink,
            text: String::new(),
            heading: None,
            started: false,
            told: 0,
            trouble: None,
            flow: Flow::Go,
        }
    }

    /// Begins a section; its heading appears with the first line in it.
    pub(crate) fn section(&mut self, heading: impl Into<String>) {
        self.flush();
        self.heading = Some(heading.into());
    }

    /// One fact on one line.
    pub(crate) fn fact(&mut self, name: &str, value: impl Display) {
        self.told += 1;
        self.name_and(name, &value.to_string());
    }

    /// One fact, or a dash where there is none.
    pub(crate) fn maybe(&mut self, name: &str, value: Option<impl Display>) {
        match value {
            Some(value) => self.fact(name, value),
            None => self.name_and(name, "-"),
        }
    }

    /// One fact, or why it can't be told.
    pub(crate) fn read(&mut self, name: &str, value: Result<impl Display, Error>) {
        match value {
            Ok(value) => self.fact(name, value),
            Err(error) => self.closed(name, error),
        }
    }

    /// Something that could not be read, and why.
    pub(crate) fn closed(&mut self, name: &str, error: Error) {
        if error.trouble == Trouble::Missing {
            self.name_and(name, "-");
        } else {
            self.name_and(name, &format!("not readable: {}", error.reason()));
        }
        self.trouble.get_or_insert(error);
    }

    /// A line about how to read what stands around it; not a fact.
    pub(crate) fn note(&mut self, text: impl Display) {
        self.line(&format!("({text})"));
    }

    /// A line that is a fact by itself.
    pub(crate) fn tell(&mut self, text: impl Display) {
        self.told += 1;
        self.line(&text.to_string());
    }

    /// Lines as they are.
    pub(crate) fn block(&mut self, text: &str) {
        self.told += 1;
        self.head();
        self.text.push_str(text);
    }

    /// A table, unless it has no rows.
    pub(crate) fn table(&mut self, table: &Table) {
        if table.len() > 0 {
            self.block(&table.render());
        }
    }

    /// Whether the sink has had enough, or the run was stopped.
    pub(crate) fn stopped(&self) -> bool {
        self.flow == Flow::Stop
            || self.trouble.as_ref().is_some_and(|error| error.trouble == Trouble::Stopped)
    }

    /// Sends the rest. An error only where nothing at all could be told: the first that was met.
    pub(crate) fn end(mut self, probe: &'static str) -> Result<(), Error> {
        self.flush();
        match self.trouble {
            _ if self.told > 0 => Ok(()),
            Some(error) => Err(error),
            None => Err(Error::new(Trouble::Missing, "probing", probe)),
        }
    }

    fn name_and(&mut self, name: &str, value: &str) {
        self.line(&format!("{name:<26} {}", plain(value)));
    }

    fn line(&mut self, text: &str) {
        self.head();
        let _ = writeln!(self.text, "{}", plain(text).trim_end());
    }

    fn head(&mut self) {
        if let Some(heading) = self.heading.take() {
            let gap = if self.started { "\n" } else { "" };
            let _ = writeln!(self.text, "{gap}# {}", plain(&heading));
        }
        self.started = true;
    }

    fn flush(&mut self) {
        if self.told > 0 && !self.text.is_empty() {
            if self.flow == Flow::Go {
                self.flow = (self.sink)(self.text.as_bytes());
            }
            self.text.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_without_lines_has_no_heading() {
        let mut out = Vec::new();
        let mut sink = |bytes: &[u8]| {
            out.extend_from_slice(bytes);
            Flow::Go
        };
        let mut page = Page::new(&mut sink);
        page.section("Empty");
        page.section("Full");
        page.fact("name", "value\nforged  line");
        page.closed("other", Error::new(Trouble::Denied, "opening", "/x"));
        assert!(page.end("test").is_ok());
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            format!(
                "# Full\n{:<26} value\\nforged  line\n{:<26} not readable: permission denied\n",
                "name", "other"
            )
        );
    }

    #[test]
    fn nothing_told_is_the_first_error_and_no_output() {
        let mut calls = 0;
        let mut sink = |_: &[u8]| {
            calls += 1;
            Flow::Go
        };
        let mut page = Page::new(&mut sink);
        page.closed("a", Error::new(Trouble::Denied, "opening", "/a"));
        page.closed("b", Error::new(Trouble::Missing, "opening", "/b"));
        assert_eq!(page.end("test").unwrap_err().trouble, Trouble::Denied);
        assert_eq!(calls, 0);
    }

    #[test]
    fn a_sink_that_has_enough_gets_no_more() {
        let mut calls = 0;
        let mut sink = |_: &[u8]| {
            calls += 1;
            Flow::Stop
        };
        let mut page = Page::new(&mut sink);
        for section in ["a", "b", "c"] {
            page.section(section);
            page.fact("x", 1);
        }
        assert!(page.stopped());
        assert!(page.end("test").is_ok());
        assert_eq!(calls, 1);
    }
}
