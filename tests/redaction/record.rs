//! What a corpus is made of: a piece of a file, and what was planted in it.

/// What is planted, and what must become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Known,
    Shaped,
    Keyed,
    /// Must survive.
    Kept,
}

/// How a record is read, so that it can be seen to be still whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// One line of JSON in a file of them.
    JsonLine,
    /// A line or some lines of a log.
    Lines,
    /// A file of its own, of this format.
    Json,
    Yaml,
    Toml,
    /// A file of its own without a parser here.
    File,
    /// A file of its own in UTF-16 with a BOM.
    Utf16,
}

/// One planted value.
#[derive(Debug, Clone)]
pub(super) struct Plant {
    pub(super) class: Class,
    /// What it is and in what form: misses are grouped by it.
    pub(super) form: String,
    /// As it is written in the record.
    pub(super) written: Vec<u8>,
}

/// A piece of a file.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) syntax: Syntax,
    pub(super) text: Vec<u8>,
    pub(super) plants: Vec<Plant>,
}

impl Record {
    pub(super) fn new(syntax: Syntax, text: impl Into<Vec<u8>>) -> Self {
        Self { syntax, text: text.into(), plants: Vec::new() }
    }

    pub(super) fn with(mut self, class: Class, form: impl Into<String>, written: impl Into<Vec<u8>>) -> Self {
        let (form, written) = (form.into(), written.into());
        assert!(
            memchr::memmem::find(&self.text, &written).is_some(),
            "{form}: {:?} is not in {:?}",
            String::from_utf8_lossy(&written),
            String::from_utf8_lossy(&self.text)
        );
        self.plants.push(Plant { class, form, written });
        self
    }
}
