//! What the host is called, what it calls others, and who lives on it: read from its own files, never from
//! a name service. Held against a text word by word.

use std::{
    collections::{HashMap, HashSet},
    net::Ipv4Addr,
    ops::Range,
    path::Path,
};

use super::{Kind, host, ip, words};
use crate::host::Host;

/// Longest of these files.
const LONGEST: usize = 2 << 20;

/// Whole lines of these name hosts: in URLs, and in quotes beside keys.
const CONFIGURATION: &[&str] = &[
    "/etc/gitlab/gitlab.rb",
    "/var/opt/gitlab/gitlab-rails/etc/gitlab.yml",
    "/home/git/gitlab/config/gitlab.yml",
    "/etc/gitlab-runner/config.toml",
];

/// Accounts of people begin here; the last ones are nobody's.
const PEOPLE: Range<u32> = 1000..65_533;

/// What the host told.
#[derive(Debug, Default)]
pub struct Own {
    /// Its addresses, and those that it has names for.
    pub(super) addresses: HashSet<Ipv4Addr>,
    /// Names with dots, by their first part.
    domains: HashMap<Vec<u8>, Vec<Vec<u8>>>,
    /// The letters that these begin with, a bit for each.
    firsts: u32,
    /// Names without, and users, by their first letter; the longest first.
    words: Vec<Vec<(Vec<u8>, Kind)>>,
    /// Parts of its own domains that are usually everybody's.
    forced: HashSet<Vec<u8>>,
}

impl Own {
    /// Asks the host; `called` is its name, however that was found out.
    pub fn learn(host: &dyn Host, called: &str) -> Self {
        let mut own = Self { words: vec![Vec::new(); 256], ..Self::default() };
        let read = |path: &str| {
            let bytes = host.read(Path::new(path), LONGEST).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        for name in [called.to_owned(), read("/etc/hostname"), read("/proc/sys/kernel/hostname")] {
            own.machine(name.trim());
        }
        own.hosts(&read("/etc/hosts"));
        for line in read("/etc/resolv.conf").lines() {
            if let Some(names) = line.strip_prefix("search").or_else(|| line.strip_prefix("domain")) {
                names.split_ascii_whitespace().for_each(|name| own.name(name));
            }
        }
        CONFIGURATION.iter().for_each(|path| own.configuration(&read(path)));
        own.people(&read("/etc/passwd"));
        own.interfaces(&read("/proc/net/fib_trie"));
        own.words.iter_mut().for_each(|words| {
            words.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
            words.dedup();
        });
        own
    }

    /// The host's own name: its first part is a name by itself.
    fn machine(&mut self, name: &str) {
        self.name(name);
        let first = name.split('.').next().unwrap_or_default();
        self.word(first, Kind::Host);
    }

    fn hosts(&mut self, text: &str) {
        for line in text.lines() {
            let mut parts = line.split('#').next().unwrap_or_default().split_ascii_whitespace();
            self.addresses.extend(parts.next().and_then(|address| ip::quad(address.as_bytes())));
            for name in parts {
                self.name(name);
                let first = name.split('.').next().unwrap_or_default();
                // Of `code.acme.com` the first part is a word like any other.
                if first == name || first.bytes().any(|byte| byte.is_ascii_digit() || byte == b'-') {
                    self.word(first, Kind::Host);
                }
            }
        }
    }

    fn configuration(&mut self, text: &str) {
        for line in text.lines() {
            for (at, _) in line.match_indices("://") {
                if let (Some(place), _) = host::in_url(line.as_bytes(), at + 3) {
                    self.name(&line[place]);
                }
            }
            let key = line.split(['=', ':']).next().unwrap_or_default().to_ascii_lowercase();
            let names_hosts =
                ["host", "address", "server", "domain", "fqdn"].iter().any(|word| key.contains(word));
            let values = line.split(['"', '\'', ' ', ',', '[', ']']).skip(1).filter(|_| names_hosts);
            for value in values {
                let name = value.split(':').next().unwrap_or_default();
                let top = name.rsplit('.').next().unwrap_or_default();
                if name.contains('.') && words::parts_under(top.as_bytes()).is_some() {
                    self.name(name);
                } else if name.bytes().any(|byte| byte.is_ascii_digit()) && host::is_name(name.as_bytes()) {
                    self.word(name, Kind::Host);
                }
            }
        }
    }

    fn people(&mut self, passwd: &str) {
        for line in passwd.lines() {
            let mut fields = line.split(':');
            let (name, uid) = (fields.next(), fields.nth(1).and_then(|uid| uid.parse::<u32>().ok()));
            if let (Some(name), Some(uid)) = (name, uid)
                && PEOPLE.contains(&uid)
            {
                self.word(name, Kind::User);
            }
        }
    }

    /// The addresses that the kernel's routing table calls local.
    fn interfaces(&mut self, fib_trie: &str) {
        let mut last = None;
        for line in fib_trie.lines() {
            if let Some(address) = line.trim().strip_prefix("|-- ") {
                last = ip::quad(address.as_bytes());
            } else if line.contains("host LOCAL") {
                self.addresses.extend(last.take());
            }
        }
    }

    /// A name with dots, and the domain that it belongs to.
    fn name(&mut self, name: &str) {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        if !name.contains('.') || !host::is_name(name.as_bytes()) || words::is_public(name.as_bytes()) {
            return;
        }
        let labels: Vec<&str> = name.split('.').collect();
        let country = labels.last().is_some_and(|last| last.len() == 2);
        let second = labels[labels.len() - 2];
        let of_two = country && ["co", "com", "net", "org", "ac", "gov", "edu"].contains(&second);
        let kept = if of_two { 3 } else { 2 };
        let domain = &labels[labels.len().saturating_sub(kept)..];
        for labels in [&labels[..], domain] {
            // A domain alone is one only with a name before its end.
            if labels.len() >= kept || labels.len() > 2 {
                self.firsts |= 1 << (labels[0].as_bytes()[0] & 31);
                let all = self.domains.entry(labels[0].into()).or_default();
                let joined = labels.join(".").into_bytes();
                if !all.contains(&joined) {
                    all.push(joined);
                }
            }
        }
        let first = domain[0].as_bytes();
        if words::is_common(first) && !words::is_product(first) && domain.len() == kept {
            self.forced.insert(first.to_vec());
        }
    }

    fn word(&mut self, word: &str, kind: Kind) {
        let word = word.to_ascii_lowercase().into_bytes();
        let fits = word.len() > 1
            && word.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            && word.iter().any(u8::is_ascii_alphabetic)
            && word[0].is_ascii_alphanumeric();
        if fits && !words::is_common(&word) {
            let first = usize::from(word[0]);
            self.words[first].push((word, kind));
        }
    }

    /// Whether a part of a host's name stays as it is.
    pub(super) fn keeps(&self, label: &[u8]) -> bool {
        words::is_common(label) && !self.forced.contains(label.to_ascii_lowercase().as_slice())
    }

    /// Where one of its names or domains ends in a word with dots.
    pub(super) fn domain_in(&self, word: &[u8]) -> Option<usize> {
        if self.domains.is_empty() {
            return None;
        }
        let mut lower = [0; 64];
        let mut start = 0;
        for label in word.split(|byte| *byte == b'.') {
            let begins = label.first().is_some_and(|byte| self.firsts >> (byte & 31) & 1 == 1);
            if begins && let Some(lower) = lower.get_mut(..label.len()) {
                lower.copy_from_slice(label);
                lower.make_ascii_lowercase();
                if let Some(end) = self
                    .domains
                    .get(&*lower)
                    .and_then(|domains| domains.iter().find_map(|domain| ends(word, start, domain)))
                {
                    return Some(end);
                }
            }
            start += label.len() + 1;
        }
        None
    }

    /// The first of its words in a run, from `from` on. Inside a longer word only if it hardly means anything else.
    pub(super) fn word_in(
        &self,
        text: &[u8],
        run: Range<usize>,
        from: usize,
        joint: bool,
    ) -> Option<(Range<usize>, Kind)> {
        let mut start = from.max(run.start);
        if start >= run.end || self.words.is_empty() {
            return None;
        }
        loop {
            // Before a run there may be a letter that is none of it: the `n` of `\\n`.
            let begins = start == run.start || !text[start - 1].is_ascii_alphanumeric();
            if begins && let Some((end, kind)) = self.word_at(text, start) {
                return Some((start..end, kind));
            }
            if !joint {
                return None;
            }
            start += text[start..run.end].iter().position(|byte| matches!(byte, b'.' | b'-' | b'_'))? + 1;
            if start >= run.end {
                return None;
            }
        }
    }

    fn word_at(&self, text: &[u8], start: usize) -> Option<(usize, Kind)> {
        let words = &self.words[usize::from(text[start].to_ascii_lowercase())];
        words.iter().find_map(|(word, kind)| {
            let end = ends(text, start, word)?;
            let is_joint = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'-' | b'_'));
            let dot =
                text.get(end) == Some(&b'.') && text.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
            let inside = is_joint(text.get(end))
                || is_joint(text[..start].last())
                || (*kind == Kind::User && (dot || text[..start].ends_with(b".")));
            let telling = word.len() > 5 || (word.len() > 2 && word.iter().any(u8::is_ascii_digit));
            (!inside || telling).then_some((end, *kind))
        })
    }
}

/// Where a word ends that stands at `start`, without regard to case.
fn ends(text: &[u8], start: usize, word: &[u8]) -> Option<usize> {
    let end = start + word.len();
    let there = text.get(start..end)?.eq_ignore_ascii_case(word);
    (there && !text.get(end).is_some_and(u8::is_ascii_alphanumeric)).then_some(end)
}
