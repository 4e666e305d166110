//! `certificates`: the certificates of GitLab's listeners and those that it trusts: for whom, until when, in
//! which order, and whether the private key fits. Of a key nothing is told but that.

mod key;
mod used;
mod x509;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{
    page::{Page, Sink},
    table::{Side, Table},
};
use crate::host::{Error, Flow, Host, Kind, Trouble, glob};
use key::Fit;
use used::Use;
use x509::Certificate;

const FOLDERS: &[&str] = &["/etc/gitlab/ssl/*.{crt,pem,cer}", "/etc/gitlab/trusted-certs/*"];
/// Where reconfigure takes what it trusts from: one certificate in each file.
const TRUSTED: &str = "/etc/gitlab/trusted-certs/";
/// More files or certificates than a GitLab host has.
const MOST_FILES: usize = 200;
/// The package's own list of authorities has 150, and nobody asks for them.
const MOST_TOLD: usize = 12;
/// Bytes of a file, which all authorities of the world fit into, and of all files together.
const LIMIT: usize = 256 << 10;
const LIMIT_OF_ALL: usize = 2 << 20;
/// Whoever renews by hand wants to know by then.
const SOON: i64 = 30;

const DAY: i64 = 86_400;

const UNTOLD: &str =
    "no certificate is told: only configuration that others than root may write names this path";

/// The certificates of a file; of one that can't be read, why.
type Chain = Vec<Result<Certificate, String>>;

/// Tells what is in each file.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut files: BTreeMap<PathBuf, Use> = used::find(host);
    let listed = FOLDERS.iter().flat_map(|pattern| glob::files(host, pattern, MOST_FILES).files);
    for path in listed.filter(|path| !is_key(path)) {
        files.entry(path).or_default().by_root = true;
    }
    let mut files: Vec<_> = files.into_iter().collect();
    // What others name takes no room from what root does.
    files.sort_by_key(|(_, used)| !used.by_root);
    let mut page = Page::new(sink);
    let (mut room, mut left) = (LIMIT_OF_ALL, files.len().saturating_sub(MOST_FILES));
    for (path, used) in files.into_iter().take(MOST_FILES) {
        page.section(path.display().to_string());
        if page.stopped() {
            break;
        }
        if room == 0 {
            left += 1;
            continue;
        }
        let read = read(host, &path, LIMIT);
        room = room.saturating_sub(read.as_ref().map_or(0, |(bytes, _)| bytes.len()));
        one(host, path, used, read, &mut page);
    }
    if left > 0 {
        page.section("Others");
        page.note(format!("{left} more files; {MOST_FILES} files and {} KiB are read", LIMIT_OF_ALL >> 10));
    }
    page.end("certificates")
}

/// One file, told as it was read.
fn one(host: &dyn Host, path: PathBuf, used: Use, read: Result<(Vec<u8>, bool), Error>, page: &mut Page) {
    let found = read.map(|(bytes, is_roots)| (x509::all(&bytes), is_roots));
    match found {
        // Who names a path at will must not learn from root what is there.
        Ok((chain, _)) if chain.iter().all(Result::is_err) && !used.by_root => page.note(UNTOLD),
        Err(_) if !used.by_root => page.note(UNTOLD),
        Ok((chain, is_roots)) => {
            let file = File::of(host, path, used, chain, is_roots);
            let mut table = table();
            file.rows(host.now(), &mut table);
            page.table(&table);
            file.tell(page);
        }
        // A folder of authorities is named like a file of them.
        Err(error) if error.trouble == Trouble::WrongType => {}
        Err(error) => page.closed("file", error),
    }
}

/// A file up to a limit, and whether only root can have written it (elsewhere than on a live host nobody is held off).
fn read(host: &dyn Host, path: &Path, limit: usize) -> Result<(Vec<u8>, bool), Error> {
    let mut file = host.open(path)?;
    let stat = file.stat();
    let is_roots = host.kind() != Kind::Live || (stat.uid == 0 && stat.mode & 0o022 == 0);
    let mut bytes = Vec::new();
    let mut piece = vec![0; 64 << 10];
    let mut length = stat.len;
    while length <= limit as u64 {
        let n = file.read_at(bytes.len() as u64, &mut piece)?;
        if n == 0 {
            return Ok((bytes, is_roots));
        }
        bytes.extend_from_slice(&piece[..n]);
        length = bytes.len() as u64;
    }
    let why = format!("too long: more than {} KiB", limit >> 10);
    Err(Error::new(Trouble::TooLarge, "reading", path).detail(why))
}

fn table() -> Table {
    const HEADS: &[(Side, &str)] = &[
        (Side::Left, "FILE"),
        (Side::Left, "SUBJECT"),
        (Side::Left, "ENDS (UTC)"),
        (Side::Right, "DAYS LEFT"),
        (Side::Left, "NOTES"),
    ];
    Table::new(HEADS)
}

fn is_key(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "key")
        || path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("privkey"))
}

/// A file with its certificates, or what is wrong with them.
struct File {
    path: PathBuf,
    used: Use,
    chain: Chain,
    fit: Option<(PathBuf, Fit)>,
}

impl File {
    /// A key is looked for only if root alone wrote the certificate and what names it: nobody else may have one
    /// compared, or learn that it is there.
    fn of(host: &dyn Host, path: PathBuf, used: Use, chain: Chain, is_roots: bool) -> Self {
        let first = chain.first().and_then(|first| first.as_ref().ok()).filter(|_| is_roots && used.by_root);
        let fit = first.and_then(|first| key::fit(host, &path, used.key.as_deref(), first));
        Self { path, used, chain, fit }
    }

    fn rows(&self, now: Timestamp, table: &mut Table) {
        let file = self.path.display().to_string();
        if self.chain.is_empty() {
            table.row([
                file.clone(),
                String::new(),
                String::new(),
                String::new(),
                "no certificate in it".into(),
            ]);
        }
        let told = self.chain.iter().enumerate().filter(|(at, one)| *at < MOST_TOLD || ends(one, now) < SOON);
        for (at, one) in told {
            let mut notes = Vec::new();
            let (subject, until) = match one {
                Ok(one) => {
                    notes.extend(age(one, now).map(str::to_owned));
                    notes.extend(one.weakness());
                    notes.extend(self.order(at, one));
                    (one.subject.clone(), one.until.strftime("%Y-%m-%d %H:%M").to_string())
                }
                Err(why) => {
                    notes.push(why.clone());
                    (String::new(), String::new())
                }
            };
            if at == 0 {
                notes.extend(self.whole());
            }
            let days = one.as_ref().map(|_| ends(one, now).to_string()).unwrap_or_default();
            table.row([file.clone(), subject, until, days, notes.join("; ")]);
        }
        if self.chain.len() > MOST_TOLD {
            let notes =
                format!("{} certificates in all; of the others those that end soon", self.chain.len());
            table.row([file, String::new(), String::new(), String::new(), notes]);
        }
    }

    /// What is to be said of the file as a whole.
    fn whole(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.path.starts_with(TRUSTED) && self.chain.len() > 1 {
            notes.push("more than one certificate: only single ones are trusted".to_owned());
        }
        if let Some((path, Fit::No)) = &self.fit {
            notes.push(format!("the key {} is that of another certificate", path.display()));
        }
        if let Some(Ok(first)) = self.chain.first() {
            let missing: Vec<&str> =
                self.used.names.iter().map(String::as_str).filter(|name| !first.is_for(name)).collect();
            if !missing.is_empty() {
                notes.push(format!("not for {}", missing.join(", ")));
            }
            let alone = self.chain.len() == 1 && !first.is_self_signed() && !first.authority;
            if alone && !self.used.names.is_empty() {
                notes.push("comes alone: clients that do not know its issuer refuse it".to_owned());
            }
        }
        notes
    }

    /// Whether the one before was issued by this one, as a chain has it.
    fn order(&self, at: usize, one: &Certificate) -> Option<String> {
        let before = self.chain.get(at.checked_sub(1)?)?.as_ref().ok()?;
        let is_chain = !self.chain[0].as_ref().is_ok_and(|first| first.authority);
        (is_chain && before.issuer != one.subject).then(|| "did not issue the one before".to_owned())
    }

    fn tell(&self, page: &mut Page) {
        if self.chain.len() > MOST_TOLD {
            return;
        }
        for by in &self.used.by {
            page.fact("named in", by.display());
        }
        for one in self.chain.iter().flatten() {
            one.tell(page);
        }
        if let Some((path, fit)) = &self.fit {
            page.fact("key", format!("{}: {}", path.display(), fit.told()));
        }
    }
}

fn ends(one: &Result<Certificate, String>, now: Timestamp) -> i64 {
    one.as_ref().map_or(i64::MAX, |one| (one.until.as_second() - now.as_second()).div_euclid(DAY))
}

fn age(one: &Certificate, now: Timestamp) -> Option<&'static str> {
    let days = (one.until.as_second() - now.as_second()).div_euclid(DAY);
    match days {
        _ if one.from > now => Some("not valid yet"),
        ..0 => Some("EXPIRED"),
        0..SOON => Some("ends soon"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
