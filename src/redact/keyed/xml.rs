//! XML and HTML: `<password>x</password>`, attributes that name what another one holds, property lists.

use super::{
    Hunt,
    follow::Subject,
    name::{self, Name},
    quotes::{self, Around},
    spelled::{Style, spelled},
};

/// How far a tag and a text in it go.
const REACH: usize = 16 << 10;

/// Attributes that hold the value.
const VALUES: &[&str] = &["value", "content", "val", "default"];

impl Hunt<'_> {
    /// `<password>x</password>`, `<password type="a">x</password>`, `<key>Password</key><string>x</string>`.
    pub(super) fn element(&mut self, name: &Name) -> Option<usize> {
        let tag = &self.text[..name.start];
        let prefix = tag
            .strip_suffix(b":")
            .map_or(0, |tag| 1 + tag.iter().rev().take(40).take_while(|b| name::is_inside(**b)).count());
        let tag = &tag[..tag.len() - prefix];
        let opens = [b"<".as_slice(), b"&lt;", b"\\u003c", b"\\u003C"].iter().any(|open| tag.ends_with(open));
        let next = spelled(self.text, name.end)?;
        if opens {
            let subject = self.pair_of(name, false)?;
            let at = if next.byte == b'>' { name.end + next.len } else { self.tag_end(name.end)? };
            // Other names may stand in the tag: `#<AccessToken id: 1, token: "x">` is none.
            return self.text_of(&subject, at).map(|_| name.end);
        }
        let closes = [b">".as_slice(), b"&gt;", b"\\u003e"].iter().any(|close| tag.ends_with(close));
        if closes && next.byte == b'<' {
            let subject = self.pair_of(name, false)?;
            let at = self.tag_end(name.end + next.len)?;
            let at = self.skip_space(at);
            let open = spelled(self.text, at).filter(|s| s.byte == b'<')?;
            let mut end = self.tag_end(at + open.len)?;
            let word = self.text.get(at + open.len..end)?;
            let known = ["string", "value", "data", "content"];
            if self.text.get(end..).is_some_and(|rest| rest.starts_with(b"<string>")) {
                end += b"<string>".len(); // as XML-RPC has it
            }
            return known
                .iter()
                .any(|known| word.starts_with(known.as_bytes()))
                .then(|| self.text_of(&subject, end))?;
        }
        None
    }

    /// Behind the `>` of the tag that `at` stands in.
    fn tag_end(&self, at: usize) -> Option<usize> {
        let mut at = at;
        let stop = at + 512;
        while at < stop {
            let here = spelled(self.text, at)?;
            at += here.len;
            match here.byte {
                b'>' => return Some(at),
                b'<' | b'\n' | b'\r' => return None,
                b'/' if spelled(self.text, at)?.byte == b'>' => return None,
                _ => {}
            }
        }
        None
    }

    /// The text up to the next tag.
    fn text_of(&mut self, subject: &Subject, at: usize) -> Option<usize> {
        const DATA: &[u8] = b"<![CDATA[";
        let string = self.inside(subject);
        let stop = (at + REACH).min(self.text.len());
        let rest = self.text.get(at..stop)?;
        let (from, end) = if rest.starts_with(DATA) {
            let from = at + DATA.len();
            (from, from + memchr::memmem::find(&rest[DATA.len()..], b"]]>")?)
        } else {
            // `&lt;` is text between `<` and `>`, and a tag between `&lt;` and `&gt;`.
            let plain = self.text.get(at.checked_sub(1)?) == Some(&b'>');
            let mut end = at;
            while end < stop {
                let here = spelled(self.text, end)?;
                let tag = here.byte == b'<' && (here.style == Style::Plain) == plain;
                if tag || here.byte == b'"' && string && here.style == Style::Plain {
                    break;
                }
                end += here.len;
            }
            (at, end)
        };
        let value = self.text.get(from..end)?;
        let blank = value.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let value = value.trim_ascii();
        if end == stop || !self.closes_a_tag(end) {
            return None;
        }
        if subject.is_secret(value) {
            self.take(from + blank..from + blank + value.len(), subject.rule, false, None);
        }
        Some(end)
    }

    /// `</`, however written, or the end of character data.
    fn closes_a_tag(&self, at: usize) -> bool {
        let open = spelled(self.text, at).filter(|s| s.byte == b'<');
        let slash = open.and_then(|open| spelled(self.text, at + open.len));
        slash.is_some_and(|s| s.byte == b'/') || self.text.get(at) == Some(&b']')
    }

    /// ` value="x"` beside `name="password"`; or `>x<`. `at`: behind the name's quote.
    pub(super) fn attribute(&mut self, name: &Name, at: usize) -> Option<usize> {
        self.attribute_behind(name, at).or_else(|| self.attribute_before(name))
    }

    /// `<add value="x" name="password"/>`
    fn attribute_before(&mut self, name: &Name) -> Option<usize> {
        const NEAR: usize = 512;
        let low = name.start.saturating_sub(NEAR);
        let tag = low + memchr::memrchr(b'<', &self.text[low..name.start])?;
        let subject = self.pair_of(name, true)?;
        for known in VALUES {
            let key = [b" ", known.as_bytes(), b"="].concat();
            let Some(at) = memchr::memmem::find(&self.text[tag..name.start], &key) else { continue };
            let at = tag + at + key.len();
            let open = spelled(self.text, at).filter(|s| s.is_quote())?;
            self.quoted(&subject, at, open);
            return Some(name.end);
        }
        None
    }

    fn attribute_behind(&mut self, name: &Name, at: usize) -> Option<usize> {
        const MOST: usize = 8;
        let subject = self.pair_of(name, true)?;
        let mut at = at;
        for _ in 0..MOST {
            at = self.skip_space(at);
            let here = spelled(self.text, at)?;
            if here.byte == b'>' {
                let at = self.skip_space(at + here.len);
                let inner = self.text.get(at..)?;
                return match inner.strip_prefix(b"<value>") {
                    Some(_) => self.text_of(&subject, at + 7),
                    None => self.text_of(&subject, at),
                };
            }
            let word = self
                .text
                .get(at..)?
                .iter()
                .take(40)
                .take_while(|b| name::is_inside(**b) || **b == b':')
                .count();
            let key = self.text.get(at..at + word)?;
            let equals = spelled(self.text, at + word).filter(|s| s.byte == b'=' && word > 0)?;
            let open_at = at + word + equals.len;
            let open = spelled(self.text, open_at).filter(|s| s.is_quote())?;
            if VALUES.iter().any(|known| key.eq_ignore_ascii_case(known.as_bytes())) {
                return Some(self.quoted(&subject, open_at, open));
            }
            at = quotes::close(self.text, open_at + open.len, open, Around::default()).after;
        }
        None
    }
}
