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
use crate::host::{Error, Flow, Host, Trouble, glob};
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
const LIMIT: usize = 1 << 20;
/// Whoever renews by hand wants to know by then.
const SOON: i64 = 30;

const DAY: i64 = 86_400;

/// Tells what is in each file.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut files: BTreeMap<PathBuf, Use> = used::find(host);
    let listed = FOLDERS.iter().flat_map(|pattern| glob::files(host, pattern, MOST_FILES).files);
    for path in listed.filter(|path| !is_key(path)) {
        files.entry(path).or_default();
    }
    let mut page = Page::new(sink);
    page.section("Certificates");
    let (mut table, mut details, mut closed) = (table(), Vec::new(), Vec::new());
    for (path, used) in files.into_iter().take(MOST_FILES) {
        match host.read(&path, LIMIT) {
            Ok(bytes) => {
                let file = File::of(host, path, used, x509::all(&bytes));
                file.rows(host.now(), &mut table);
                details.push(file);
            }
            // A folder of authorities is named like a file of them.
            Err(error) if error.trouble == Trouble::WrongType => {}
            Err(error) => closed.push((path, error)),
        }
    }
    page.table(&table);
    for (path, error) in closed {
        page.closed(&path.display().to_string(), error);
    }
    for file in &details {
        file.tell(&mut page);
    }
    page.end("certificates")
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
    chain: Vec<Result<Certificate, String>>,
    fit: Option<(PathBuf, Fit)>,
}

impl File {
    fn of(host: &dyn Host, path: PathBuf, used: Use, chain: Vec<Result<Certificate, String>>) -> Self {
        let first = chain.first().and_then(|first| first.as_ref().ok());
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
        page.section(self.path.display().to_string());
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
