//! Logins of protocols: Redis (`AUTH x`, `HELLO`, `MIGRATE`, ACLs, bulk strings), SMTP and IMAP.

use super::{
    Hunt, credible,
    name::{self, Name},
    none, prose,
    quotes::{self, Around},
    scan::Hit,
    spelled::{Style, spelled},
};
use crate::redact::finder::Until;

/// Mechanisms behind `AUTH` and `AUTHENTICATE`.
#[rustfmt::skip] // rows, not a column
const MECHANISMS: &[&str] = &[
    "PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "NTLM", "OAUTHBEARER", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "GSSAPI", "EXTERNAL", "ANONYMOUS",
];

pub(super) fn is_mechanism(word: &[u8]) -> bool {
    MECHANISMS.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}

impl Hunt<'_> {
    /// `AUTH x`, `AUTH user x`, `AUTH PLAIN x`, `"AUTH" "user" "x"`.
    pub(super) fn auth(&mut self, name: &Name, at: usize) -> Option<usize> {
        let begins = self.begins_a_command(name);
        let quoted = name.quote.is_some() && self.text.get(name.end) != Some(&b' ');
        let next = self.text.get(name::skip_blanks(self.text, at)..)?;
        let mail = next.first().is_some_and(|b| b"PLXCNODplxcnod".contains(b));
        let inner = self.is_of_a_greeting(name) || self.is_behind(name, 96, b"MIGRATE");
        if !begins && !quoted && !mail && !inner {
            return None;
        }
        let (words, whole) = self.words(at);
        let first = self.text.get(words.first()?.clone())?;
        if is_mechanism(first) {
            return match words.get(1) {
                Some(word) => self.take_word(word, "password", 4),
                None => self.answer(words.first()?.end),
            };
        }
        if inner {
            let user = self.bytes(name).ends_with(b"2") || self.is_of_a_greeting(name);
            return self.take_word(words.get(usize::from(user))?, "password", 0);
        }
        // Of a quoted command the quoted words; a logger's own may follow.
        let is_quoted = |word: &&std::ops::Range<usize>| {
            word.start > 0 && matches!(self.text[word.start - 1], b'"' | b'\'')
        };
        let count = if quoted { words.iter().take_while(is_quoted).count() } else { words.len() };
        let fits = count <= 2 && (quoted || whole && begins);
        fits.then(|| self.take_word(words.get(count.checked_sub(1)?)?, "password", 0))?
    }

    /// `HELLO 3 AUTH user x SETNAME y`: more may follow, as behind `MIGRATE host 6379 "" 0 5000 AUTH x KEYS k`.
    fn is_of_a_greeting(&self, name: &Name) -> bool {
        self.is_behind(name, 24, b"HELLO")
    }

    /// Whether a word stands before a name, near by on its line.
    fn is_behind(&self, name: &Name, near: usize, word: &[u8]) -> bool {
        let before = &self.text[name.start.saturating_sub(near)..name.start];
        let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let known = |at: usize| line[at..].get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word));
        memchr::memchr2_iter(word[0], word[0].to_ascii_lowercase(), line).any(known)
    }

    /// `AUTH PLAIN`, the server's `334`, and the answer on a line of its own. `at`: behind the mechanism.
    pub(super) fn answer(&mut self, at: usize) -> Option<usize> {
        const SHORTEST: usize = 8;
        let challenge = self.line_ends(at)?;
        let end = self.line_end_before(challenge, challenge + 80, false);
        let line = self.text.get(challenge..end)?;
        // IMAP asks with a `+`.
        let said = match line.trim_ascii_end() {
            [before @ .., b'+'] => before.len(),
            _ => memchr::memmem::find(line, b"334")? + 3,
        };
        // `334 VXNlcm5hbWU6` asks for something of its own.
        if said > 40 || line[said..].iter().any(u8::is_ascii_alphanumeric) {
            return None;
        }
        let start = self.line_ends(end)?;
        let stop = self.line_end_before(start, start + 4096, false);
        let answer = self.text.get(start..stop)?;
        let lead = answer.len() - answer.rsplit(|b| *b == b' ').next()?.len();
        let base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
        let value = &answer[lead..];
        if value.len() < SHORTEST || lead > 40 || !value.iter().all(base64) {
            return None;
        }
        self.take(start + lead..stop, "password", false, None);
        Some(stop)
    }

    /// Behind the line ends at `at`, as they are or written out.
    fn line_ends(&self, at: usize) -> Option<usize> {
        let mut end = at;
        while let Some(here) = spelled(self.text, end).filter(|s| matches!(s.byte, b'\n' | b'\r')) {
            end += here.len;
        }
        (end > at).then_some(end)
    }

    /// `*2 $4 AUTH $12 x`, each on a line, as Redis' protocol has it.
    pub(super) fn bulk(&mut self, name: &Name) -> Option<usize> {
        const NEAR: usize = 32;
        if !self.bytes(name).eq_ignore_ascii_case(b"auth") {
            return None;
        }
        let before = &self.text[name.start.saturating_sub(NEAR)..name.start];
        memchr::memmem::rfind(before, b"$4")?;
        let star = memchr::memrchr(b'*', before)?;
        let count = before.get(star + 1).filter(|b| (b'2'..=b'3').contains(b))? - b'1';
        let mut at = name.end;
        for left in (0..count).rev() {
            at = self.line_ends(at)?;
            let size = self.text.get(at..)?.strip_prefix(b"$")?;
            at += 1 + size.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
            at = self.line_ends(at)?;
            let start = at;
            while let Some(here) = spelled(self.text, at) {
                if matches!(here.byte, b'\n' | b'\r')
                    && matches!(here.style, Style::Plain | Style::Slashes(_))
                {
                    break;
                }
                at += here.len;
            }
            if left == 0 && !none::is_no_value(self.text.get(start..at)?) {
                self.take(start..at, "password", false, None);
            }
        }
        Some(at)
    }

    /// `[:auth, "user", "x"]`, as a Redis client of Ruby logs a command.
    pub(super) fn symbol(&mut self, name: &Name) -> Option<usize> {
        if self.bytes(name) != b"auth" || !self.text[..name.start].ends_with(b"[:") {
            return None;
        }
        let (mut at, mut last) = (name.end, None);
        while spelled(self.text, at).is_some_and(|s| s.byte == b',') {
            let start = self.skip_space(at + 1);
            let open = spelled(self.text, start).filter(|s| s.is_quote())?;
            let closed = quotes::close(self.text, start + open.len, open, Around::default());
            last = Some(start + open.len..closed.end);
            at = closed.after;
        }
        let value = last?;
        if none::is_no_value(self.text.get(value.clone())?) {
            return None;
        }
        self.take(value, "password", false, None);
        Some(at)
    }

    /// `a1 LOGIN user pass`, `A0001 login user x`.
    pub(super) fn login(&mut self, hit: Hit) -> Option<usize> {
        if self.text.get(hit.end - 1) == Some(&b'=') {
            return self.login_pair(hit);
        }
        let before = self.text[..hit.start].last().copied().unwrap_or(b'\n');
        let word = self.text.get(hit.start..hit.end)?;
        let tagged = word == b"login " && self.is_tagged(hit.start);
        if word != b"LOGIN " && !tagged || !matches!(before, b' ' | b'"' | b'\'' | b'\n') {
            return None;
        }
        let (words, whole) = self.words(hit.end - 1);
        // `CREATE ROLE x LOGIN PASSWORD 'y'`
        let first = self.text.get(words.first()?.clone())?;
        if first.eq_ignore_ascii_case(b"password") || first.eq_ignore_ascii_case(b"encrypted") {
            return None;
        }
        // `LOGIN user "x" failed`
        let second = words.get(1)?;
        if matches!(self.text.get(second.start.checked_sub(1)?), Some(b'"' | b'\'')) && !prose::is_talk(first)
        {
            return self.take_word(second, "password", 0);
        }
        let mail = words.len() == 2 && whole && !words.iter().any(|w| prose::is_talk(&self.text[w.clone()]));
        let value = self.text.get(second.clone())?;
        let credible = !tagged || credible::is_credible(value);
        (mail && credible).then(|| self.take_word(second, "password", 0))?
    }

    /// `cache_peer x login=user:x` of Squid.
    fn login_pair(&mut self, hit: Hit) -> Option<usize> {
        let rest = self.text.get(hit.end..)?;
        let apart = hit.start == 0 || self.text[hit.start - 1] == b' ';
        let user = rest.iter().take(64).take_while(|b| name::is_inside(**b) || **b == b'.').count();
        rest.get(user).filter(|b| **b == b':' && apart && user > 0)?;
        let from = hit.end + user + 1;
        let more = self.text.get(from..)?;
        let length = more.iter().take_while(|b| b.is_ascii_graphic() && !b"\"'\\,;".contains(b)).count();
        let value = self.text.get(from..from + length)?;
        let own = Name { start: hit.start, end: hit.end, dashes: 0, quote: None };
        let squid = self.is_behind(&own, 160, b"cache_peer");
        if !squid && !credible::is_credible(value) || none::is_no_value(value) {
            return None;
        }
        self.take(from..from + length, "password", false, Some(Until::WordEnd));
        Some(from + length)
    }

    /// Whether the tag of an IMAP command stands before `at`: `A0001 `.
    fn is_tagged(&self, at: usize) -> bool {
        const LONGEST: usize = 12;
        let before = &self.text[at.saturating_sub(LONGEST)..at];
        let Some(before) = before.strip_suffix(b" ") else { return false };
        let tag = before.rsplit(|b| !b.is_ascii_alphanumeric()).next().unwrap_or_default();
        // Behind a colour code its `31m` is no part of the tag.
        let coloured = before.len() > tag.len() && before[before.len() - tag.len() - 1] == b'[';
        let code = if coloured { tag.iter().position(|b| *b == b'm').map_or(0, |at| at + 1) } else { 0 };
        let tag = &tag[code..];
        let letters = tag.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        (1..5).contains(&letters) && tag.len() > letters && tag[letters..].iter().all(u8::is_ascii_digit)
    }

    /// `ACL SETUSER x on >password ~*`, `user default on >password`.
    pub(super) fn acl(&mut self, hit: Hit) -> Option<usize> {
        const REACH: usize = 1 << 10;
        let line = self.line_end_before(hit.end, hit.end + REACH, false);
        let mut at = hit.end;
        if !self.text.get(hit.start..hit.end)?.eq_ignore_ascii_case(b"setuser") {
            let low = hit.start.saturating_sub(REACH);
            let before = &self.text[low..hit.start];
            let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1);
            at = low + start + memchr::memmem::rfind(&before[start..], b"user ")? + 5;
        }
        while at < line {
            let byte = self.text.get(at).copied()?;
            let begins = matches!(self.text.get(at.checked_sub(1)?), Some(b' ' | b'"'));
            if begins && matches!(byte, b'>' | b'<' | b'#') {
                let rest = self.text.get(at + 1..line)?;
                let len = rest.iter().position(|b| b" \"\t\\\x1b".contains(b)).unwrap_or(rest.len());
                if len > 0 && !none::is_no_value(&rest[..len]) {
                    self.take(at + 1..at + 1 + len, "password", false, None);
                }
                at += len;
            }
            at += 1;
        }
        Some(line)
    }
}
