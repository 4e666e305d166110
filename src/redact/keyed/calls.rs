//! A name before a bracket or an argument: `set_password("x")`, `basic_auth 'user', 'x'`, `{:password, "x"}`, PostgreSQL's
//! `Key (token)=(x) already exists`.

use super::{
    Hunt, credible,
    follow::Subject,
    name::{self, Name},
    none, prose,
    quotes::{self, Around},
    scan::Hit,
    spelled::spelled,
};
use crate::redact::names::{self, Strength};

impl Hunt<'_> {
    /// `Key (token)=(x) already exists.`, as PostgreSQL has it.
    pub(super) fn violated(&mut self, name: &Name) -> Option<usize> {
        const NEAR: usize = 1 << 10;
        let from = name.end + b")=(".len();
        let key = self.text[..name.start].ends_with(b"(") && self.text.get(name.end..from) == Some(b")=(");
        let rest = self.text.get(from..self.line_end_before(from, from + NEAR, false)).filter(|_| key)?;
        let subject = self.pair_of(name, false)?;
        let end = from + memchr::memmem::find(rest, b") ").or_else(|| memchr::memchr(b')', rest))?;
        if subject.is_secret(self.text.get(from..end)?) {
            self.take(from..end, subject.rule, false, None);
        }
        Some(end)
    }

    /// `((token)::text = 'x'::text)`, as PostgreSQL explains a plan.
    pub(super) fn cast(&mut self, name: &Name) -> Option<usize> {
        let rest = self.text.get(name.end..)?.strip_prefix(b")::")?;
        let kind = rest.iter().take(24).take_while(|b| name::is_inside(**b) || **b == b' ').count();
        let at = name.end + b")::".len() + kind;
        let sign =
            [b"= ".as_slice(), b"<> ", b"~~ "].into_iter().find(|sign| self.text[at..].starts_with(sign))?;
        let open = spelled(self.text, at + sign.len()).filter(|s| s.byte == b'\'')?;
        let subject = self.pair_of(name, false)?;
        Some(self.quoted(&subject, at + sign.len(), open))
    }

    /// `set_password("x")`, `SetToken('x')`, `valid_password?('a b')`.
    pub(super) fn call(&mut self, name: &Name) -> Option<usize> {
        const LONG: usize = 16;
        let bracket = name.end + usize::from(self.text.get(name.end) == Some(&b'?'));
        self.text.get(bracket).filter(|b| **b == b'(')?;
        let open = spelled(self.text, bracket + 1).filter(|s| matches!(s.byte, b'"' | b'\''))?;
        let from = bracket + 1 + open.len;
        let closed = quotes::close(self.text, from, open, Around::default());
        let value = self.text.get(from..closed.end)?;
        let alone = self.text.get(closed.after) == Some(&b')');
        let word = self.bytes(name).rsplit(|b| *b == b'.').next().unwrap_or_default();
        let tells = ["set", "valid", "verify"].iter().any(|verb| {
            word.get(..verb.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(verb.as_bytes()))
        });
        let fits = alone
            && (tells || !value.contains(&b' ') && value.len() > 3)
            && (!names::is_sensitive(value) || value.iter().any(u8::is_ascii_digit));
        let subject = self.pair_of(name, false).filter(|s| fits && s.strength == Strength::Sure)?;
        let real = credible::is_credible(value)
            || tells && value.len() >= LONG
            || subject.rule == "password"
                && (tells || !value.iter().all(|b| name::is_inside(*b) && !b.is_ascii_digit()));
        if !real || !subject.is_secret(value) {
            return None;
        }
        self.take(from..closed.end, subject.rule, false, None);
        Some(closed.after)
    }

    /// `{:password, "x"}` of Elixir, `{default_pass, <<"x">>}` of Erlang.
    pub(super) fn tuple(&mut self, name: &Name) -> Option<usize> {
        let before = &self.text[..name.start];
        before.strip_suffix(b":").unwrap_or(before).strip_suffix(b"{")?;
        let at = name::skip_blanks(self.text, name.end + 1);
        let binary = self.text.get(at..)?.starts_with(b"<<");
        let at = if binary { at + 2 } else { at };
        let open = spelled(self.text, at).filter(|s| s.byte == b'"')?;
        let closed = quotes::close(self.text, at + open.len, open, Around::default());
        let close: &[u8] = if binary { b">>}" } else { b"}" };
        if !self.text.get(closed.after..)?.starts_with(close) {
            return None;
        }
        let subject = self.pair_of(name, false)?;
        let value = self.text.get(at + open.len..closed.end)?;
        if subject.is_secret(value) && !prose::is_talk(value) {
            self.take(at + open.len..closed.end, subject.rule, false, None);
        }
        Some(closed.after)
    }

    /// `basic_auth 'user', 'x'`, `SetBasicAuth("user", "x")`.
    pub(super) fn basic_call(&mut self, name: &Name) -> Option<usize> {
        let word = self.bytes(name);
        let known = [b"basic_auth".as_slice(), b"basicauth"];
        if !known
            .iter()
            .any(|k| word.len() >= k.len() && word[word.len() - k.len()..].eq_ignore_ascii_case(k))
        {
            return None;
        }
        self.text.get(name.end).filter(|b| b" (".contains(b))?;
        self.second_of_two(name.end + 1).or_else(|| self.basic_line(name))
    }

    /// `PDO->__construct('mysql:host=h', 'user', 'x')`, `mysqli_connect($h, $u, 'x')`.
    pub(super) fn connect(&mut self, hit: Hit) -> Option<usize> {
        const OF: &[&[u8]] = &[b"pdo", b"mysqli", b"mysql", b"mysqli_real", b"->real"];
        let word = self.text.get(hit.start..hit.end)?;
        let before = &self.text[hit.start.saturating_sub(12)..hit.start];
        let of = |known: &&[u8]| {
            before.len() >= known.len() && before[before.len() - known.len()..].eq_ignore_ascii_case(known)
        };
        if matches!(word[0], b'-' | b'_') && !OF.iter().any(of) {
            return None;
        }
        let mut at = hit.end;
        for _ in 0..2 {
            at = self.behind_argument(name::skip_blanks(self.text, at))?;
        }
        let start = name::skip_blanks(self.text, at);
        let open = spelled(self.text, start).filter(|s| matches!(s.byte, b'"' | b'\''))?;
        let closed = quotes::close(self.text, start + open.len, open, Around::default());
        if none::is_no_value(self.text.get(start + open.len..closed.end)?) {
            return None;
        }
        self.take(start + open.len..closed.end, "password", false, None);
        Some(closed.after)
    }

    /// Behind an argument, a string or a word, and its comma.
    fn behind_argument(&self, at: usize) -> Option<usize> {
        const LONGEST: usize = 200;
        let end = match spelled(self.text, at).filter(|s| s.is_quote()) {
            Some(open) => quotes::close(self.text, at + open.len, open, Around::default()).after,
            None => {
                let rest = &self.text[at..self.text.len().min(at + LONGEST)];
                at + rest.iter().position(|b| matches!(b, b',' | b'\n' | b'"'))?
            }
        };
        self.text.get(end).filter(|b| **b == b',').map(|_| end + 1)
    }

    /// `Set($DatabasePassword, 'x')`, as Request Tracker is configured.
    pub(super) fn set_call(&mut self, name: &Name) -> Option<usize> {
        self.text[..name.start].strip_suffix(b"et($")?;
        let at = name::skip_blanks(self.text, name.end + 1);
        let open = spelled(self.text, at).filter(|s| matches!(s.byte, b'"' | b'\''))?;
        let subject = self.pair_of(name, false)?;
        Some(self.quoted(&subject, at, open))
    }

    /// `$Self->{DatabasePw} = 'x'` of Perl.
    pub(super) fn member(&mut self, name: &Name) -> Option<usize> {
        let quote = name.quote.map_or(0, |quote| quote.len);
        self.text[..name.start - quote].strip_suffix(b"{")?;
        let equals = name::skip_blanks(self.text, name.end + quote + 1);
        self.text.get(equals).filter(|b| **b == b'=')?;
        let at = name::skip_blanks(self.text, equals + 1);
        let open = spelled(self.text, at).filter(|s| matches!(s.byte, b'"' | b'\''))?;
        let subject = self.pair_of(name, false)?;
        Some(self.quoted(&subject, at, open))
    }

    /// `env(APP_SECRET): x`, as Symfony has the value of a variable that is not set.
    pub(super) fn unset(&mut self, name: &Name) -> Option<usize> {
        self.text[..name.start].strip_suffix(b"env(")?;
        let behind = name.end + b"): ".len();
        self.text.get(name.end..behind).filter(|sign| *sign == b"): ")?;
        let subject = Subject { behind: behind - 1, ..self.pair_of(name, false)? };
        self.value(&subject, behind)
    }

    /// `'user', 'x'`: two strings of which the second is a password.
    pub(super) fn second_of_two(&mut self, at: usize) -> Option<usize> {
        let user = spelled(self.text, at).filter(|s| s.is_quote())?;
        let closed = quotes::close(self.text, at + user.len, user, Around::default());
        let at = self.text.get(closed.after..)?.strip_prefix(b", ").map(|_| closed.after + 2)?;
        let open = spelled(self.text, at).filter(|s| s.is_quote())?;
        let closed = quotes::close(self.text, at + open.len, open, Around::default());
        if none::is_no_value(self.text.get(at + open.len..closed.end)?) {
            return None;
        }
        self.take(at + open.len..closed.end, "password", false, None);
        Some(closed.after)
    }
}
