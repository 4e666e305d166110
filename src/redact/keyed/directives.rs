//! Directives of other servers' configuration whose secret no name announces: `createUser u SHA "x"`, `rocommunity x`,
//! a line of `.pgpass`. Each is told by a word of its own and by the form of its whole line.

use std::ops::Range;

use super::{
    Hunt, credible,
    name::{Name, is_inside, skip_blanks},
    none, prose, quotes,
    scan::Hit,
    spelled::spelled,
};
use crate::redact::finder::Until;

/// Longest line that is looked at.
const LINE: usize = 512;

/// Most words of a directive.
const WORDS: usize = 8;

impl Hunt<'_> {
    /// What stands behind the word of a directive.
    pub(super) fn server(&mut self, hit: Hit) -> Option<usize> {
        let word = self.text.get(hit.start..hit.end)?;
        let is = |known: &str| word.eq_ignore_ascii_case(known.as_bytes());
        match word {
            [b':', b'5' | b'6', ..] => self.line_of_pgpass(hit),
            [b':', ..] => self.line_of_ipsec(hit.end),
            [b']', ..] => self.line_of_a_relay(hit),
            [.., b'='] => self.login_alone(hit),
            _ if is("allow ") => self.login_alone(hit),
            _ if is("createuser ") => self.user_of_snmp(hit.end),
            _ if is("monitor ") => self.monitor(hit),
            _ if is("connectinfo ") => self.connect_info(hit),
            _ if is("client_send") => self.client_send(hit.end),
            _ if is("jdbc:oracle:") => self.thin(hit.end),
            _ if is("s-server ") => self.key_of_a_server(hit),
            _ if is("com2sec ") => self.community(hit.end - 1, 2),
            _ => self.community(hit.end, 0),
        }
    }

    /// `createUser u SHA "x" AES "y"`
    fn user_of_snmp(&mut self, at: usize) -> Option<usize> {
        const WAYS: &[&[u8]] = &[b"MD5", b"SHA", b"DES", b"AES"];
        let (words, _) = self.words_up_to(at - 1, WORDS);
        let mut end = None;
        for pair in words.windows(2) {
            let way = self.text.get(pair[0].clone())?;
            if WAYS.iter().any(|known| way.starts_with(known)) && way.len() < 8 {
                end = self.take_word(&pair[1], "passphrase", 0).or(end);
            }
        }
        end
    }

    /// `rocommunity x 10.0.0.0/8`, `snmp-server community x RO`, `com2sec name source x`. `nth`: the word.
    fn community(&mut self, at: usize, nth: usize) -> Option<usize> {
        let at = if self.text.get(at) == Some(&b'6') { at + 1 } else { at };
        let (mut words, _) = self.words_up_to(at, WORDS);
        if nth > 0 && self.text.get(words.first()?.clone())? == b"-Cn" {
            words.drain(..2.min(words.len()));
        }
        let word = words.get(nth)?;
        let value = self.text.get(word.clone())?;
        let known = matches!(value, b"public" | b"default" | b"string" | b"strings");
        (!known).then(|| self.take_word(word, "password", 0))?
    }

    /// `u : EAP "x"`, `: RSA key.pem "x"`, as IPsec has its secrets.
    fn line_of_ipsec(&mut self, at: usize) -> Option<usize> {
        let (words, whole) = self.words(at - 1);
        let quoted = |word: &&Range<usize>| self.text.get(word.start.wrapping_sub(1)) == Some(&b'"');
        let first = words.first().filter(quoted);
        let word = first.or_else(|| words.get(1).filter(|_| words.len() == 2).filter(quoted))?;
        whole.then(|| self.take_word(word, "passphrase", 0))?
    }

    /// `MONITOR ups1@localhost 1 u x primary`, as NUT has it.
    fn monitor(&mut self, hit: Hit) -> Option<usize> {
        let (words, _) = self.words_up_to(hit.end - 1, WORDS);
        let word = |nth: usize| self.text.get(words.get(nth)?.clone());
        let fits = word(0)?.contains(&b'@')
            && word(1)?.iter().all(u8::is_ascii_digit)
            && matches!(word(4)?, b"primary" | b"secondary" | b"master" | b"slave");
        fits.then(|| self.take_word(&words[3], "password", 0))?
    }

    /// `SQLConnectInfo db@h u x`, `SQLNamedConnectInfo name mysql db@h u x` of ProFTPD.
    fn connect_info(&mut self, hit: Hit) -> Option<usize> {
        let before = &self.text[hit.start.saturating_sub(8)..hit.start];
        let nth = if before.ends_with(b"SQLNamed") { 4 } else { 2 };
        if nth == 2 && !before.ends_with(b"SQL") {
            return None;
        }
        let (words, _) = self.words_up_to(hit.end - 1, WORDS);
        self.take_word(words.get(nth)?, "password", 0)
    }

    /// `[h]:587 user:x`, as Postfix has logins of relays.
    fn line_of_a_relay(&mut self, hit: Hit) -> Option<usize> {
        let digits = self.text.get(hit.end..)?.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        let blank = hit.end + digits;
        self.text.get(blank).filter(|b| matches!(b, b' ' | b'\t'))?;
        let host = self.text[..hit.start].iter().rev().take(255);
        let host = host.take_while(|b| is_inside(**b) || matches!(b, b'.' | b':')).count();
        let open = (hit.start - host).checked_sub(1).filter(|open| self.text[*open] == b'[')?;
        let before = open.checked_sub(1).map_or(b'\n', |at| self.text[at]);
        let value = self.login_at(skip_blanks(self.text, blank))?;
        let fits = (before.is_ascii_whitespace() || matches!(before, b'"' | b'\''))
            && self.ends_a_line(value.end)
            && !prose::is_talk(&self.text[value.clone()]);
        fits.then(|| self.take_login(value))?
    }

    /// The answer below `postmap -q '[h]:587' hash:/etc/postfix/sasl_passwd`: `user:x`.
    pub(super) fn answer_of_postmap(&mut self, name: &Name) -> Option<usize> {
        let before = &self.text[name.start.saturating_sub(200)..name.start];
        let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
        memchr::memmem::find(line, b"postmap -q").filter(|_| self.bytes(name).ends_with(b"sasl_passwd"))?;
        let next = self.text.get(name.end..)?.strip_prefix(b"\r").map_or(name.end, |_| name.end + 1) + 1;
        let value = self.login_at(next)?;
        self.ends_a_line(value.end).then(|| self.take_login(value))?
    }

    /// `user=u:x` of coturn, `allow u:"x"` of Monit: with nothing else on the line.
    fn login_alone(&mut self, hit: Hit) -> Option<usize> {
        let value = self.login_at(hit.end)?;
        let before = self.text[..hit.start].iter().rev().take(64).take_while(|b| **b != b'\n');
        if !before.clone().all(|b| matches!(b, b' ' | b'\t')) || before.count() == 64 {
            return None;
        }
        let quoted = self.text[value.start - 1] == b'"';
        let end = value.end + usize::from(quoted);
        let rest = self.text.get(end..self.line_end_before(end, end + LINE, false))?.trim_ascii();
        let bytes = self.text.get(value.clone())?;
        let user = &self.text[hit.end..value.start - 1 - usize::from(quoted)];
        // `allow fe80:1::2`, `allow localhost:8080`, `user=1000:1000`
        let address = |part: &[u8]| part.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'/'));
        let other = user == bytes
            || user.iter().all(u8::is_ascii_digit)
            || bytes.starts_with(b"/")
            || bytes.iter().all(u8::is_ascii_digit)
            || address(user) && address(bytes);
        if other || !matches!(rest, b"" | b"read-only" | b"readonly") {
            return None;
        }
        self.take_login(value)
    }

    /// `stats auth user:x` of HAProxy. `at`: behind the name.
    pub(super) fn login_of_statistics(&mut self, name: &Name, at: usize) -> Option<usize> {
        self.text[..name.start].strip_suffix(b" ").filter(|before| before.ends_with(b"stats"))?;
        let value = self.login_at(skip_blanks(self.text, at))?;
        self.take_login(value)
    }

    /// Where `x` is in `user:x` or `user:"x"`.
    fn login_at(&self, at: usize) -> Option<Range<usize>> {
        let rest = self.text.get(at..)?;
        let user = rest.iter().take(128).take_while(|b| is_inside(**b) || matches!(b, b'.' | b'@' | b'+'));
        let from = at + user.count() + 1;
        self.text.get(from - 1).filter(|b| **b == b':' && from > at + 1)?;
        if let Some(open) = spelled(self.text, from).filter(|s| s.is_quote()) {
            let closed = quotes::close(self.text, from + open.len, open, quotes::Around::default());
            return Some(from + open.len..closed.end);
        }
        let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, 0 | 0x1b | b'"' | b'\'' | b'\\');
        let value = self.text.get(from..)?.iter().take(LINE).take_while(|b| !ends(b)).count();
        Some(from..from + value)
    }

    fn take_login(&mut self, value: Range<usize>) -> Option<usize> {
        if none::is_no_value(self.text.get(value.clone())?) {
            return None;
        }
        let end = value.end;
        self.take(value, "password", false, Some(Until::WordEnd));
        Some(end)
    }

    fn ends_a_line(&self, at: usize) -> bool {
        self.text.get(at).is_none_or(|b| matches!(b, b'\n' | b'\r' | b'"' | b'\'' | b'\\'))
    }

    /// `client_send = : user : x`, `client_send = ^user^x` of Exim. `at`: behind the name.
    fn client_send(&mut self, at: usize) -> Option<usize> {
        let equals = skip_blanks(self.text, at);
        self.text.get(equals).filter(|b| **b == b'=')?;
        let end = self.line_end_before(equals, equals + LINE, false);
        let line = self.text.get(equals + 1..end)?.trim_ascii_end();
        let line = line.strip_suffix(b"\"").unwrap_or(line);
        let from = match memchr::memchr(b'^', line) {
            Some(_) => memchr::memrchr(b'^', line)? + 1,
            None => memchr::memmem::rfind(line, b" : ")? + 3,
        };
        self.take_login(equals + 1 + from..equals + 1 + line.len())
    }

    /// `h:5432:db:u:x` of `.pgpass`: five fields, a word of their own.
    fn line_of_pgpass(&mut self, hit: Hit) -> Option<usize> {
        let host = self.text[..hit.start].iter().rev().take(255);
        let host = host.take_while(|b| is_inside(**b) || matches!(b, b'.' | b'*' | b'/')).count();
        let start = hit.start - host;
        let before = start.checked_sub(1).map_or(b'\n', |at| self.text[at]);
        let apart = before.is_ascii_whitespace() || matches!(before, b'"' | b'\'' | b'`');
        if host == 0 || !apart {
            return None;
        }
        let mut at = hit.end;
        for _ in 0..2 {
            let field = self.text.get(at..)?.iter().take(64);
            let field = field.take_while(|b| is_inside(**b) || matches!(b, b'.' | b'*' | b'$')).count();
            let named = !self.text[at..at + field].iter().all(u8::is_ascii_digit);
            at += field + 1;
            self.text.get(at - 1).filter(|b| **b == b':' && named)?;
        }
        let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, 0 | 0x1b | b'"' | b'\'' | b'`');
        let value = self.text.get(at..)?.iter().take(LINE).take_while(|b| !ends(b)).count();
        self.take_login(at..at + value)
    }

    /// `jdbc:oracle:thin:u/x@//h:1521/db`. `at`: behind `oracle:`.
    fn thin(&mut self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?.get(..LINE.min(self.text.len() - at))?;
        let end = rest.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'<'));
        let url = &rest[..end.unwrap_or(rest.len())];
        let user = memchr::memchr(b':', url)? + 1;
        let slash = user + memchr::memchr(b'/', &url[user..])?;
        let host = memchr::memrchr(b'@', url).filter(|host| *host > slash)?;
        let plain = url[user..slash].iter().all(|b| is_inside(*b) || matches!(b, b'.' | b'$' | b'#'));
        (plain && slash > user).then(|| self.take_login(at + slash + 1..at + host))?
    }

    /// `tacacs-server host 10.1.1.1 key 7 x`, `radius-server key x`.
    fn key_of_a_server(&mut self, hit: Hit) -> Option<usize> {
        let before = &self.text[..hit.start];
        if !before.ends_with(b"tacac") && !before.ends_with(b"radiu") {
            return None;
        }
        let line = self.text.get(hit.end - 1..self.line_end_before(hit.end, hit.end + LINE, false))?;
        let key = hit.end - 1 + memchr::memmem::find(line, b" key ")? + b" key".len();
        let (words, _) = self.words(key);
        let digit = self.text.get(words.first()?.clone())?.len() == 1;
        self.take_word(words.get(usize::from(digit))?, "key", 0)
    }

    /// `password 0 x`, `secret 5 x`, `key 7 x`: what a router says of how it is written, and the line's end.
    pub(super) fn written_as(&mut self, at: usize, rule: &'static str) -> Option<usize> {
        let kind = self.text.get(at..at + 3)?;
        if kind[0] != b' ' || !kind[1].is_ascii_digit() || kind[2] != b' ' {
            return None;
        }
        let (words, whole) = self.words(at + 2);
        let value = self.text.get(words.first().filter(|_| whole && words.len() == 1)?.clone())?;
        let fits = credible::is_credible(value) || credible::is_scrambled(value);
        fits.then(|| self.take_word(&words[0], rule, 0))?
    }

    /// `AUTH 1 PLAIN service=imap resp=x`, as Dovecot's clients ask, with tabs between, as they are or as a log writes them.
    pub(super) fn asked_of_dovecot(&mut self, name: &Name) -> Option<usize> {
        const TABS: &[&[u8]] = &[b"\t", b"#011", b"\\t"];
        let rest = self.text.get(name.end..)?;
        let tab = TABS.iter().find(|tab| rest.starts_with(tab))?;
        rest.get(tab.len()).filter(|b| b.is_ascii_digit())?;
        let end = self.line_end_before(name.end, name.end + 2 * LINE, false);
        let line = self.text.get(name.end..end)?;
        let from = memchr::memmem::find(line, &[*tab, b"resp="].concat())? + tab.len() + b"resp=".len();
        let base64 = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        let length = line[from..].iter().take_while(base64).count();
        self.take_login(name.end + from..name.end + from + length)
    }

    /// `BasicAuth u x` of Tinyproxy, a line of its own.
    pub(super) fn basic_line(&mut self, name: &Name) -> Option<usize> {
        let (words, whole) = self.words(name.end);
        let value = self.text.get(words.get(1).filter(|_| whole && words.len() == 2)?.clone())?;
        let fits = credible::is_credible(value) && self.begins_a_command(name);
        fits.then(|| self.take_word(&words[1], "password", 0))?
    }
}
