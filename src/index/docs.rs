//! The short texts of a bundle, kept whole: outputs of commands and probes, configuration. Capped one by one
//! and together, so that no bundle fills the memory.

use std::{collections::BTreeMap, sync::Arc};

use super::place::{Place, shortened};

/// Bytes of one text that are kept.
pub(super) const LONGEST: usize = 2 << 20;
/// Bytes of all of them.
const ALL: usize = 24 << 20;
/// Texts, and bytes of their names.
const MOST: usize = 20_000;
const NAMES: usize = 8 << 20;

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doc {
    /// The entry's name.
    pub entry: Arc<str>,
    /// Its content, as far as it is kept; what is no UTF-8 replaced.
    pub text: String,
    /// Whether all of it is here.
    whole: bool,
}

impl Doc {
    /// Whether no cap took a part of it.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Lines with their numbers, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (u64, &str)> {
        (1..).zip(self.text.lines())
    }

    /// A line of it, to be shown.
    pub fn place(&self, line: u64, text: &str) -> Place {
        Place { entry: Arc::clone(&self.entry), line, text: shortened(text.as_bytes()) }
    }

    /// The first line that begins with this, blanks left out before it.
    pub fn line_with(&self, beginning: &str) -> Option<(u64, &str)> {
        self.lines().find(|(_, line)| line.trim_start().starts_with(beginning))
    }

    /// What stands behind a name and a colon or blanks, as `/proc` and the probes write it.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.lines().find_map(|(_, line)| {
            let rest = line.trim_start().strip_prefix(name)?;
            let rest = rest.strip_prefix(':').or_else(|| rest.starts_with([' ', '\t']).then_some(rest))?;
            Some(rest.trim())
        })
    }
}

/// All texts of a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs {
    by_name: BTreeMap<Arc<str>, Doc>,
    bytes: usize,
    names: usize,
    /// Texts that found no room.
    pub left_out: u64,
}

impl Docs {
    /// One more; the first of a name stays. Where there is no room the largest give way: what an analyzer looks
    /// for is short.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) {
        let room = self.by_name.len() < MOST && self.names + name.len() <= NAMES;
        if !room || self.by_name.contains_key(name) {
            self.left_out += 1;
            return;
        }
        while self.bytes + bytes.len() > ALL {
            let largest = self.by_name.iter().max_by_key(|(_, doc)| doc.text.len());
            let Some((entry, size)) = largest.map(|(entry, doc)| (Arc::clone(entry), doc.text.len())) else {
                return;
            };
            self.left_out += 1;
            if size <= bytes.len() {
                return;
            }
            self.by_name.remove(&entry);
            self.bytes -= size;
            self.names -= entry.len();
        }
        let entry: Arc<str> = name.into();
        let text = String::from_utf8_lossy(bytes).into_owned();
        self.bytes += text.len();
        self.names += name.len();
        self.by_name.insert(Arc::clone(&entry), Doc { entry, text, whole: bytes.len() < LONGEST });
    }

    /// The text of this name.
    pub fn get(&self, name: &str) -> Option<&Doc> {
        self.by_name.get(name)
    }

    /// The first of these names that is there.
    pub fn any(&self, names: &[&str]) -> Option<&Doc> {
        names.iter().find_map(|name| self.get(name))
    }

    /// All below a folder, by name.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Doc> {
        let from: Arc<str> = folder.into();
        self.by_name.range(from..).take_while(move |(name, _)| name.starts_with(folder)).map(|(_, doc)| doc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_name_and_folder() {
        let mut docs = Docs::default();
        for (name, text) in [("a/x", "one: 1\n  two   2 %\n"), ("a/y", ""), ("b", "\u{fffd}")] {
            docs.add(name, text.as_bytes());
        }
        docs.add("a/x", b"another");
        let doc = docs.any(&["none", "a/x"]).unwrap();
        assert_eq!((doc.value("one"), doc.value("two"), doc.value("on")), (Some("1"), Some("2 %"), None));
        assert_eq!(docs.below("a/").count(), 2);
    }

    #[test]
    fn large_texts_give_way_to_small_ones() {
        let mut docs = Docs::default();
        for n in 0..20 {
            docs.add(&format!("large/{n}"), &vec![b'x'; LONGEST]);
        }
        docs.add("df_hT", b"small");
        assert_eq!(docs.get("df_hT").unwrap().text, "small");
        assert!(docs.bytes <= ALL && docs.below("large/").count() == ALL / LONGEST - 1);
    }

    #[test]
    fn names_have_a_cap_as_the_texts_do() {
        let mut docs = Docs::default();
        for n in 0..MOST {
            docs.add(&format!("{n}{}", "x".repeat(4_000)), b"");
        }
        assert!(docs.below("").map(|doc| doc.entry.len()).sum::<usize>() <= NAMES);
        assert!(docs.left_out > 0);
    }

    #[test]
    fn all_together_have_a_cap() {
        let mut docs = Docs::default();
        for n in 0..100 {
            docs.add(&format!("{n}"), &vec![b'x'; LONGEST]);
        }
        assert_eq!(docs.left_out as usize, 100 - ALL / LONGEST);
    }
}
