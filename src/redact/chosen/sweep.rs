//! One pass over a window: runs of letters, digits, dots, dashes and underscores, and the few signs between
//! them that mean something. Decides nothing: it shows what it meets to those who know a kind.

use std::{cmp::Reverse, ops::Range};

use super::{
    Chosen, Kind, addresses, code, host, ip,
    keys::{self, Trust},
    made::{CLASS, Made, RUN, SIGN},
    mail,
    project::Known,
    route::Routes,
    words,
};
use crate::redact::finder::{Rank, Span, Window};

/// How far before a block that cuts a line the pass begins: more than any value is long.
const BEFORE: usize = 4 << 10;

/// One window's pass.
pub(super) struct Sweep<'s, 't> {
    pub(super) chosen: &'s Chosen,
    pub(super) text: &'t [u8],
    own: Range<usize>,
    spans: &'s mut Vec<Span<'static>>,
    /// Up to where everything is decided.
    pub(super) done: usize,
    /// The run met last.
    pub(super) last: Range<usize>,
    /// A host behind the user of its URL: found before what stands between.
    ahead: Range<usize>,
    /// What the kinds see in a run; of no kind is what was hidden before.
    found: Vec<(Range<usize>, Option<Kind>)>,
    pub(super) routes: Routes,
    projects: bool,
}

impl<'s, 't> Sweep<'s, 't> {
    pub(super) fn new(chosen: &'s Chosen, window: &Window<'t>, spans: &'s mut Vec<Span<'static>>) -> Self {
        Self {
            chosen,
            text: window.text,
            own: window.own.clone(),
            spans,
            done: 0,
            last: 0..0,
            ahead: 0..0,
            found: Vec::new(),
            routes: Routes::default(),
            projects: chosen.hides(Kind::Project),
        }
    }

    pub(super) fn go(&mut self) {
        let begun = self.text[..self.own.start].last().is_none_or(|byte| *byte == b'\n');
        let mut at = if begun { self.own.start } else { self.own.start.saturating_sub(BEFORE) };
        let end = self.end();
        while at < end {
            if at >= self.routes.next() {
                self.due(at);
                at = at.max(self.done);
                continue;
            }
            let class = CLASS[usize::from(self.text[at])];
            if class & RUN != 0 {
                let (start, mut made) = (at, class);
                at += 1;
                while let Some(class) = self.text.get(at).map(|byte| CLASS[usize::from(*byte)])
                    && class & RUN != 0
                {
                    made |= class;
                    at += 1;
                }
                self.run(start..at, Made(made));
                self.last = start..at;
            } else if class & SIGN != 0 {
                at += self.sign(at);
            } else {
                at += 1;
            }
            at = at.max(self.done);
            if self.ahead.contains(&at) {
                at = self.ahead.end;
            }
        }
    }

    /// Where the pass ends: a block that cuts a line may cut a path that only its end tells.
    fn end(&self) -> usize {
        let whole = self.text[..self.own.end].last().is_none_or(|byte| *byte == b'\n');
        if whole || !self.projects { self.own.end } else { self.text.len().min(self.own.end + BEFORE) }
    }

    /// A run; what is not decided yet of it.
    fn run(&mut self, run: Range<usize>, made: Made) {
        if made.has_joint() {
            self.joint(run.clone(), made);
        } else if let Some((place, kind)) = self.chosen.own.word_in(self.text, run.clone(), self.done, false)
            && self.chosen.hides(kind)
            && !(kind == Kind::User && self.is_mail(&place))
        {
            self.take(place, kind);
        }
        if (4..=5).contains(&run.len())
            && let Some(place) = keys::after(self.text, run.clone())
            && self.chosen.hides(Kind::User)
            && self.is_user(place.clone(), Trust::Plain)
        {
            self.take(place, Kind::User);
        }
        if self.projects && (made.has_joint() || is_before_route(self.text.get(run.end))) {
            self.hint(&run);
        }
    }

    /// A run of several words. What each kind sees is taken in the order in which it stands.
    fn joint(&mut self, run: Range<usize>, made: Made) {
        let text = self.text;
        let mut found = std::mem::take(&mut self.found);
        if made.has_digit() && self.chosen.hides(Kind::Ip) {
            if made.has_dot() {
                let dots = text[run.clone()].iter().filter(|byte| **byte == b'.').count();
                if dots >= 3 {
                    let own = &self.chosen.own.addresses;
                    ip::in_run(text, run.clone(), own, |place, done| {
                        found.push((place, (!done).then_some(Kind::Ip)));
                    });
                }
            } else if let Some(address) = ip::dashed(&text[run.clone()]) {
                if addresses::hides(address) {
                    found.push((run.clone(), Some(Kind::Ip)));
                } else if addresses::is_pseudonym(address) {
                    found.push((run.clone(), None));
                }
            }
        }
        // What stands before an at sign is a part of a mail address, or a user.
        if made.has_dot() && made.has_letter() && self.chosen.hides(Kind::Host) && !is_at(&text[run.end..]) {
            let mut from = run.start.max(self.done);
            while let Some(place) = host::in_run(text, from..run.end, &self.chosen.own) {
                from = place.end;
                found.push((place, Some(Kind::Host)));
            }
        }
        // A number has no word in it.
        let mut from = if made.has_letter() { run.start } else { run.end };
        while let Some((place, kind)) = self.chosen.own.word_in(text, run.clone(), from, true) {
            from = place.end;
            if self.chosen.hides(kind) && !(kind == Kind::User && self.is_mail(&place)) {
                found.push((place, Some(kind)));
            }
        }
        found.sort_by_key(|(place, _)| (place.start, Reverse(place.end)));
        found.drain(..).for_each(|(place, kind)| match kind {
            Some(kind) => self.take(place, kind),
            None => self.done = self.done.max(place.end),
        });
        self.found = found;
    }

    /// A sign; how many bytes it has.
    fn sign(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        match rest[0] {
            b':' => self.colon(at),
            b'=' => self.key(at),
            b'@' => self.mail(at, 1),
            b'\\' => return escape(rest),
            b'%' if is_percent(rest) => {
                if rest[1..3] == *b"40" {
                    self.mail(at, 3);
                } else if is_encoded_url(rest) {
                    self.url(at + 9);
                }
                // `%252F` is a slash that is encoded twice.
                return if rest[1..].starts_with(b"252") { 5.min(rest.len()) } else { 3 };
            }
            _ => {}
        }
        1
    }

    fn colon(&mut self, at: usize) {
        if self.chosen.hides(Kind::Ip)
            && let Some((place, address)) = ip::v6_at(self.text, self.last.clone(), at)
        {
            if ip::hides_v6(address) {
                return self.take(place, Kind::Ip);
            }
            if ip::is_pseudonym_v6(address) {
                self.done = self.done.max(place.end);
                return;
            }
        }
        let rest = &self.text[at + 1..];
        match rest {
            [b'/', b'/', ..] => self.url(at + 3),
            [b'\\', b'/', b'\\', b'/', ..] => self.url(at + 5),
            // nginx: `http://unix:/…/socket:/group/project`.
            [b'/', ..] if self.projects && self.text[self.last.clone()] == *b"socket" => {
                self.route(at + 1, Known::Route)
            }
            _ => self.key(at),
        }
    }

    /// The authority of a URL.
    fn url(&mut self, start: usize) {
        let (host, user) = host::in_url(self.text, start);
        if let Some(user) = user
            && self.chosen.hides(Kind::User)
            && self.is_user(user.clone(), Trust::Plain)
        {
            self.take(user, Kind::User);
        }
        if let Some(host) = host
            && self.chosen.hides(Kind::Host)
            && host.start >= self.ahead.end
            && host::changes(&self.text[host.clone()], &self.chosen.own)
        {
            self.add(host.clone(), Kind::Host);
            self.ahead = host;
        }
        if self.projects {
            let scheme = &self.text[self.last.clone()];
            self.behind_host(scheme, start);
        }
    }

    /// A value beside a key.
    fn key(&mut self, sign: usize) {
        let any = self.projects || self.chosen.hides(Kind::User) || self.chosen.hides(Kind::Host);
        if self.last.end + 8 < sign || !any {
            return;
        }
        let Some((name, quoting)) = keys::key(self.text, self.last.clone(), sign) else { return };
        let Some((kind, trust)) = self.chosen.keys.kind(&self.text[name.clone()]) else { return };
        if !self.chosen.hides(kind) {
            return;
        }
        let Some((place, prose)) = keys::value(self.text, sign, quoting, kind) else { return };
        let telling =
            || self.text[place.clone()].iter().any(|byte| byte.is_ascii_digit() || b".-".contains(byte));
        match kind {
            Kind::User if prose && trust == Trust::Plain => {}
            Kind::User if self.is_user(place.clone(), trust) => self.take(place, kind),
            Kind::Host if !prose || telling() => self.host_value(place, trust),
            Kind::Project if !prose || self.text[place.clone()].contains(&b'/') => {
                let quoted = matches!(self.text.get(place.start - 1), Some(b'"' | b'\''));
                self.project_value(&name, place, quoted, trust);
            }
            _ => {}
        }
    }

    fn host_value(&mut self, place: Range<usize>, trust: Trust) {
        let length = self.text[place.clone()].iter().take_while(|byte| host::is_host_byte(**byte)).count();
        let whole = matches!(
            self.text.get(place.start + length),
            None | Some(
                b':' | b'/'
                    | b','
                    | b'"'
                    | b'\''
                    | b' '
                    | b'\n'
                    | b'\r'
                    | b'\\'
                    | b';'
                    | b'&'
                    | b'['
                    | b')'
                    | b'}'
                    | b']'
            )
        );
        let name = host::trimmed(self.text, place.start..place.start + length);
        let word = &self.text[name.clone()];
        let trusted = trust == Trust::Any || word.contains(&b'.');
        if whole && trusted && host::is_name(word) && host::changes(word, &self.chosen.own) {
            self.take(name, Kind::Host);
        }
    }

    fn mail(&mut self, at: usize, sign: usize) {
        if self.projects && sign == 1 && self.last.end == at && self.text[self.last.clone()] == *b"git" {
            self.behind_git(at + 1);
        }
        if self.chosen.hides(Kind::Email)
            && let Some(place) = mail::around(self.text, at, sign, self.done)
            && !self.text[..place.start].ends_with(b"__REDACTED.")
            && !code::is_in(&self.text[place.clone()])
        {
            self.take(place, Kind::Email);
        }
    }

    /// Whether a value is somebody's name: not the product's, nobody's number, no address of mail.
    fn is_user(&self, place: Range<usize>, trust: Trust) -> bool {
        let value = &self.text[place.clone()];
        let name =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') || *byte >= 0x80;
        let mail = value.contains(&b'@') && (trust == Trust::Plain || self.chosen.hides(Kind::Email));
        !mail
            && !self.is_mail(&place)
            && value.iter().any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80)
            && (trust == Trust::Any || value.iter().all(name))
            && !words::is_common(value)
            && !code::is_in(value)
            && memchr::memmem::find(value, b"__REDACTED.").is_none()
            && !value.starts_with(b"[")
    }

    /// Whether a word is the first part of a mail address, which is hidden as a whole.
    fn is_mail(&self, place: &Range<usize>) -> bool {
        let sign = match &self.text[place.end..] {
            [b'@', ..] => 1,
            [b'%', b'4', b'0', ..] => 3,
            _ => return false,
        };
        self.chosen.hides(Kind::Email) && mail::around(self.text, place.end, sign, self.done).is_some()
    }

    /// Hides a part of the text, if it begins in the block; decided it is in any case.
    pub(super) fn take(&mut self, range: Range<usize>, kind: Kind) {
        if range.start < self.done || range.is_empty() {
            return;
        }
        if range.start < self.ahead.end && self.ahead.start < range.end {
            return;
        }
        self.done = range.end;
        self.add(range, kind);
    }

    /// What is hidden by now, the last first.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.spans.iter().rev().map(|span| span.range.clone())
    }

    pub(super) fn add(&mut self, range: Range<usize>, kind: Kind) {
        if self.own.contains(&range.start) {
            self.spans.push(Span { range, rule: kind.rule(), rank: Rank::Chosen, quoted: false, open: None });
        }
    }
}

/// Whether a word stands before what may be a route.
fn is_before_route(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b' ' | b'/' | b'%' | b'\\'))
}

/// `%2F`.
fn is_percent(text: &[u8]) -> bool {
    matches!(text, [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}

/// Bytes of what a backslash begins: the letter of `\n` is no part of the word behind it.
fn escape(text: &[u8]) -> usize {
    match text.get(1) {
        Some(b'n' | b'r' | b't' | b'b' | b'f') => 2,
        Some(b'u') if text.get(2..6).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) => 6,
        _ => 1,
    }
}

/// `://`, percent-encoded.
fn is_encoded_url(text: &[u8]) -> bool {
    text.get(..9).is_some_and(|text| text.eq_ignore_ascii_case(b"%3A%2F%2F"))
}

fn is_at(text: &[u8]) -> bool {
    text.starts_with(b"@") || text.starts_with(b"%40")
}
