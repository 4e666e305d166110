//! Where a sweep meets projects and groups: values beside keys, routes behind a method, a key or a host,
//! and what stands before `/-/` and `.git`. What comes later in the text waits for its turn, so that each
//! part of a path is looked at by the other kinds as well.

use std::ops::Range;

use super::{
    Kind, host,
    keys::{self, Trust},
    part::{self, Part},
    project::{self, Known},
    sweep::Sweep,
    words,
};

/// How far back a path is looked for.
const BACK: usize = 1 << 10;

/// Methods of HTTP, as they stand before a route.
const METHODS: &[&[u8]] = &[b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"HEAD", b"OPTIONS"];

/// What a sweep keeps of projects.
#[derive(Debug, Default)]
pub(super) struct Routes {
    /// Names whose turn has not come, in order.
    waiting: std::collections::VecDeque<Range<usize>>,
    /// Up to where nobody need look back again.
    looked: usize,
    /// Where the last `namespace_id` ended: an `id` behind it is a project's.
    namespace: usize,
    parts: Vec<Part>,
}

impl Routes {
    /// Where the next name begins.
    pub(super) fn next(&self) -> usize {
        self.waiting.front().map_or(usize::MAX, |name| name.start)
    }

    fn wait(&mut self, name: Range<usize>) {
        let place = self.waiting.iter().rposition(|other| other.start <= name.start).map_or(0, |at| at + 1);
        let free = place == 0 || self.waiting[place - 1].end <= name.start;
        if free && self.waiting.get(place).is_none_or(|next| name.end <= next.start) {
            self.waiting.insert(place, name);
        }
    }
}

impl Sweep<'_, '_> {
    /// A name's turn, or that of those which another kind went over.
    pub(super) fn due(&mut self, at: usize) {
        while let Some(name) = self.routes.waiting.front().filter(|name| name.start <= at).cloned() {
            self.routes.waiting.pop_front();
            if name.start == at {
                self.take(name.clone(), Kind::Project);
                let end = name.end
                    + self.text[name.end..].iter().take(16).take_while(|b| part::is_name_byte(**b)).count();
                // The run that it is the beginning of.
                if self.text[name.end..end].ends_with(b".git") {
                    self.hint(&(name.start..end));
                }
            }
        }
    }

    /// A run that may tell of a route.
    pub(super) fn hint(&mut self, run: &Range<usize>) {
        let text = self.text;
        match &text[run.clone()] {
            b"-" if part::slash(text, run.end) > 0 => {
                if matches!(text[..run.start], [.., b'/' | b'F' | b'f']) {
                    self.look_back(run.clone());
                }
            }
            // `.git` alone is a folder of a working copy.
            [_, .., b'.', b'g', b'i', b't'] if text.get(run.end) != Some(&b'@') => {
                self.look_back(run.clone());
            }
            b"projects" | b"groups" | b"namespaces" => {
                if let Some(start) = api(text, run.start) {
                    self.route(start, Known::Route);
                }
            }
            b"builds" if part::begins_a_path(&text[..run.start]) => self.route(run.start - 1, Known::Path),
            word if METHODS.contains(&word) => {
                let quotes = text
                    .get(run.end + 1..)
                    .unwrap_or_default()
                    .iter()
                    .take(4)
                    .take_while(|b| b"\\\"'".contains(b))
                    .count();
                let start = run.end + 1 + quotes;
                if text.get(start) == Some(&b'/') {
                    self.route(start, Known::Route);
                }
            }
            _ => {}
        }
    }

    /// A route from here on.
    pub(super) fn route(&mut self, start: usize, known: Known) {
        let mut parts = std::mem::take(&mut self.routes.parts);
        part::parts(self.text, start, &mut parts);
        self.chosen.names_in(self.text, &parts, known, |name| self.routes.wait(name));
        self.routes.parts = parts;
    }

    /// The path behind a URL's host, which ends here. What is on public sites is everybody's.
    pub(super) fn behind_host(&mut self, scheme: &[u8], start: usize) {
        let text = self.text;
        let known = ["http", "https", "ssh", "git"];
        if !known.iter().any(|known| scheme.eq_ignore_ascii_case(known.as_bytes())) {
            return;
        }
        let near = &text[start..text.len().min(start + 400)];
        let length = near.iter().position(host::ends_authority).unwrap_or(near.len());
        let from = start + memchr::memrchr(b'@', &near[..length]).map_or(0, |at| at + 1);
        let end = from + text[from..].iter().take(255).take_while(|byte| host::is_host_byte(**byte)).count();
        let name = &text[from..end];
        if name == b"unix" || words::is_public(name) {
            return;
        }
        let colon = match &text[end..] {
            [b':', ..] => 1,
            [b'%', b'3', b'A' | b'a', ..] => 3,
            _ => 0,
        };
        let digits = text[end + colon..].iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
        let slash = end + colon + digits;
        if part::slash(text, slash) == 0 {
            return;
        }
        let mut parts = std::mem::take(&mut self.routes.parts);
        part::parts(text, slash, &mut parts);
        // A page of some other server is not known to be a group's.
        if parts.len() > 1 || self.is_gitlab(name) {
            self.chosen.names_in(text, &parts, Known::Route, |name| self.routes.wait(name));
        }
        self.routes.parts = parts;
    }

    fn is_gitlab(&self, name: &[u8]) -> bool {
        let first = name.split(|byte| *byte == b'.').next().unwrap_or_default();
        [&b"gitlab"[..], b"git"].iter().any(|known| first.eq_ignore_ascii_case(known))
            || self.chosen.own.domain_in(name).is_some()
    }

    /// `git@host:g/p`.
    pub(super) fn behind_git(&mut self, at: usize) {
        let host = self.text[at..].iter().take(255).take_while(|byte| host::is_host_byte(**byte)).count();
        if host > 0
            && let [b':', next, ..] = &self.text[at + host..]
            && next.is_ascii_alphabetic()
        {
            let mut parts = std::mem::take(&mut self.routes.parts);
            part::parts(self.text, at + host + 1, &mut parts);
            if parts.len() > 1 {
                self.chosen.names_in(self.text, &parts, Known::Route, |name| self.routes.wait(name));
            }
            self.routes.parts = parts;
        }
    }

    /// The value of a key that names a project, a group or a route; `name` is the key's place.
    pub(super) fn project_value(
        &mut self,
        name: &Range<usize>,
        value: Range<usize>,
        quoted: bool,
        trust: Trust,
    ) {
        let text = self.text;
        let near = name.start.saturating_sub(self.routes.namespace) <= 16 && self.routes.namespace > 0;
        if trust == Trust::Id && !near && !keys::is_first(text, name.start) {
            return;
        }
        if text[name.clone()].eq_ignore_ascii_case(b"namespace_id") {
            self.routes.namespace = value.end;
        }
        if part::slash(text, value.start) > 0 {
            return self.route(value.start, self.known_by(name));
        }
        if trust == Trust::Route || value.is_empty() || text[value.start] == b'@' {
            return;
        }
        let mut parts = std::mem::take(&mut self.routes.parts);
        let end = part::parts(text, value.start, &mut parts);
        let path = end == value.end || (!quoted && parts.last().is_some_and(Part::is_whole));
        let plain = parts.iter().all(|part| part.is_plain(text));
        if path && (plain || trust != Trust::Any) && (trust != Trust::Path || parts.len() > 1) {
            for name in parts.iter().filter_map(|part| self.chosen.name_in(text, part)) {
                self.routes.wait(name);
            }
        } else if quoted && trust == Trust::Any {
            self.title(value);
        }
        self.routes.parts = parts;
    }

    /// A log of files has a `path` too, but no method right before it.
    fn known_by(&self, key: &Range<usize>) -> Known {
        const NEAR: usize = 32;
        let before = &self.text[key.start.saturating_sub(NEAR)..key.start];
        let file = [&b"path"[..], b"location"].iter().any(|key_of| {
            self.text[key.clone()]
                .rsplit(|b| *b == b'.')
                .next()
                .is_some_and(|w| w.eq_ignore_ascii_case(key_of))
        });
        if file && memchr::memmem::find(before, b"method").is_none() { Known::Path } else { Known::Route }
    }

    /// `Group / Project`, as people see it.
    fn title(&mut self, value: Range<usize>) {
        let text = self.text;
        if !text[value.clone()].iter().all(|byte| part::is_title_byte(*byte)) {
            return;
        }
        let (mut at, mut from, mut names) = (value.start, value.start, Vec::new());
        while at <= value.end {
            let slash = if at < value.end { part::slash(text, at) } else { 1 };
            if slash > 0 {
                // A URL is no title.
                if at < value.end && part::slash(text, at + slash) > 0 {
                    return;
                }
                names.extend(self.chosen.title_in(text, from..at));
                from = at + slash;
            }
            at += slash.max(1);
        }
        names.into_iter().for_each(|name| self.routes.wait(name));
    }

    /// The path before `/-/` and before `.git`.
    fn look_back(&mut self, needle: Range<usize>) {
        let floor = std::mem::replace(&mut self.routes.looked, needle.end);
        let Some(start) = start_of(self.text, needle.start, floor) else { return };
        let mut parts = std::mem::take(&mut self.routes.parts);
        part::parts(self.text, start, &mut parts);
        let is_path = parts.len() > 1 || part::slash(self.text, start) > 0;
        if is_path && parts.iter().any(|part| part.place == needle) {
            let mut names = Vec::new();
            self.chosen.names_in(self.text, &parts, Known::Path, |name| names.push(name));
            names.into_iter().for_each(|name| self.take_back(name));
        }
        self.routes.parts = parts;
    }

    /// Hides what the sweep has passed, unless another kind has.
    fn take_back(&mut self, name: Range<usize>) {
        let taken = |span: &Range<usize>| span.start < name.end && name.start < span.end;
        if self.ranges().take_while(|span| span.end > name.start).any(|span| taken(&span)) {
            return;
        }
        self.done = self.done.max(name.end);
        self.add(name, Kind::Project);
    }
}

/// Where `/api/v4/` begins before this.
fn api(text: &[u8], end: usize) -> Option<usize> {
    let near = end.saturating_sub(24);
    let start = near + memchr::memmem::rfind(&text[near..end], b"api")?;
    let version = start + 3 + part::slash(text, start + 3);
    let digits = text[version..end].iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
    let behind = version + 1 + digits;
    let fits = version > start + 3 && text[version] == b'v' && digits > 0;
    let slash = if fits { part::slash(text, behind) } else { 0 };
    (slash > 0 && behind + slash == end).then_some(start)
}

/// Where the path begins that leads to `needle`, not before `floor`: behind a blank, a quote, a host.
fn start_of(text: &[u8], needle: usize, floor: usize) -> Option<usize> {
    let least = needle.saturating_sub(BACK);
    let mut start = needle;
    while start > 0 {
        if start == floor && floor > 0 || start == least {
            return None;
        }
        match text[start - 1] {
            b'\\' if matches!(text[start], b'/' | b'\\') => {}
            b'/' | b'+' | b'~' | b'%' | 0x80.. => {}
            byte if part::is_name_byte(byte) => {}
            _ => break,
        }
        // `%22` is no part of what follows it.
        let percent = text[start - 1] == b'%' && part::slash(text, start - 1) == 0;
        if percent && text.get(start..start + 2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)) {
            // The digits of `%252F`.
            start += 2;
            break;
        }
        start -= 1;
    }
    let start = if start > 0 { behind(text, start)? } else { 0 };
    after_host(text, start).filter(|start| *start < needle)
}

/// What begins here, given what stands before it.
fn behind(text: &[u8], start: usize) -> Option<usize> {
    let first = &text[start..start + text[start..].iter().take_while(|b| part::is_name_byte(**b)).count()];
    match text[..start] {
        [.., b'\\'] => match first {
            [b'n' | b'r' | b't', ..] => Some(start + 1),
            _ => Some(start + first.len()),
        },
        [.., b'@'] if project::STORES.iter().any(|store| store.as_bytes() == first) => None,
        // The end of a mail address, or a host.
        [.., b'@'] | [.., b'%', b'4', b'0'] => Some(start + first.len()),
        // A route with its parameters' names: `/projects/:id/-/x`, `/*path`.
        [.., b'/' | b'(', b':'] | [.., b'*'] => None,
        // The end of an IPv6 address.
        [.., b':'] if first.len() <= 4 && first.iter().all(u8::is_ascii_hexdigit) => {
            let before =
                text[..start].iter().rev().take(40).take_while(|b| b.is_ascii_hexdigit() || **b == b':');
            let colons = before.filter(|byte| **byte == b':').count();
            Some(if colons > 1 { start + first.len() } else { start })
        }
        _ => Some(start),
    }
}

/// Behind the host, where the path begins with two slashes; none if it is everybody's.
fn after_host(text: &[u8], start: usize) -> Option<usize> {
    let one = part::slash(text, start);
    let two = if one > 0 { part::slash(text, start + one) } else { 0 };
    if two == 0 {
        return Some(start);
    }
    let from = start + one + two;
    let end = from + text[from..].iter().take_while(|byte| part::is_name_byte(**byte)).count();
    (!words::is_public(&text[from..end])).then_some(end)
}
