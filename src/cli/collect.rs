//! `glsos collect`: from what was typed to a bundle with a name.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Instant,
};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    args, catalogs, console::Console, dry_run, progress::Progress, run_log::RunLog, signals, summary,
};
use crate::{
    catalog::Catalog,
    collect::{self, Events},
    error::{Error, Result},
    exit_codes,
    host::{
        Host, Live, gentle,
        installation::{self, Installation},
        stop::{Reason, Stop},
        zone,
    },
    logs,
    outcome::Outcome,
    pack::{
        Bundle, EntryName, Target, Whole,
        manifest::{self, Text},
    },
    plan::{self, Plan, Wishes},
    redact::{
        KnownSecret, Redactor, Strength,
        secrets::{self, Learnt},
        strength,
    },
    scan::Scanner,
};

/// Longest file of `--redact-value`.
const LONGEST_VALUES: usize = 1 << 20;

pub(super) fn run(typed: &args::Collect, console: &Console) -> Result<u8> {
    let to_stdout = typed.output.as_deref() == Some(Path::new("-"));
    if to_stdout && typed.json {
        return Err(Error::usage("both --json and '-o -' want stdout").hint("leave one of them out"));
    }
    if to_stdout && console.data_goes_to_terminal() {
        return Err(Error::usage("the bundle would go to a terminal")
            .hint("send stdout to a file or another program, or leave '-o -' out"));
    }
    let stop = Stop::new().map_err(|error| Error::host(format!("preparing for signals: {error}")))?;
    // Both fork, so they come before the first thread. Collectors, policy and values are this machine's, also below a sysroot.
    let own = Live::start(None, stop.clone())?;
    let root = match &typed.sysroot {
        Some(root) => Some(Live::start(Some(catalogs::absolute(root)?), stop.clone())?),
        None => None,
    };
    gentle::keep_secrets();
    signals::watch(&stop)?;
    if let Some(timeout) = typed.timeout {
        stop.expire(timeout);
    }
    let host = root.as_ref().unwrap_or(&own);
    let session = Session { typed, console, stop: &stop, own: &own, host };
    let code = session.run()?;
    Ok(match stop.reason() {
        Some(Reason::Interrupted) => exit_codes::INTERRUPTED,
        Some(Reason::Terminated) => exit_codes::TERMINATED,
        Some(Reason::Timeout) | None => code,
    })
}

struct Session<'a> {
    typed: &'a args::Collect,
    console: &'a Console,
    stop: &'a Stop,
    /// This machine.
    own: &'a Live,
    /// Where things are taken: this machine, or what is below the sysroot.
    host: &'a Live,
}

/// What is known before anything is taken.
struct Prepared {
    started: Timestamp,
    began: Instant,
    zone: TimeZone,
    name: String,
    installation: Installation,
    plan: Plan,
    learnt: Learnt,
    redactor: Redactor,
}

impl Session<'_> {
    fn run(&self) -> Result<u8> {
        let catalog = catalogs::load(self.own, &self.typed.catalogs)?;
        let prepared = self.prepare(&catalog)?;
        if self.typed.dry_run {
            let text = if self.typed.json {
                format!("{}\n", dry_run::json(&prepared.plan))
            } else {
                dry_run::text(&prepared.plan)
            };
            self.console
                .data(text.as_bytes())
                .map_err(|error| Error::host(format!("writing to stdout: {error}")))?;
            return Ok(exit_codes::OK);
        }
        let log = RunLog::default();
        let progress = Progress::start(self.console, self.typed.json, self.typed.verbose, &log);
        let scanner = Scanner::new();
        let check = |before: &[u8], chunk: &[u8]| scanner.hit(before, chunk);
        let mut bundle = self.create(&prepared, &check)?;
        log.line(&format!("glsos {} began", env!("CARGO_PKG_VERSION")));
        self.tell_learnt(&prepared, &progress, &log);
        progress.tell(&collect::Event::Planned { plan: &prepared.plan });
        let run = collect::Run {
            host: self.host,
            redactor: &prepared.redactor,
            check: &check,
            stop: self.stop,
            events: &progress,
            zone: &prepared.zone,
            withhold: self.withhold(&prepared.learnt),
        };
        collect::run(&run, &prepared.plan, &mut bundle)?;
        progress.closing();
        let manifest = self.manifest_run(&prepared);
        log.line(&format!("{} entries were handed to the bundle", bundle.entries().len()));
        let whole = bundle.finish(manifest, &log.redacted(&prepared.redactor))?;
        progress.finish();
        self.hand_over(whole, prepared.learnt.secrets.len())
    }

    fn prepare(&self, catalog: &Catalog) -> Result<Prepared> {
        let began = Instant::now();
        let started = self.host.now();
        let zone = zone::of(self.host);
        let installation = installation::detect(self.host);
        let window = self.window(started)?;
        let wishes = Wishes {
            only: self.typed.only.clone(),
            skip: self.typed.skip.clone(),
            profile: self.typed.profile.into(),
            window,
            max_log: self.typed.max_log.0,
        };
        let plan = plan::make(self.host, catalog, &installation, &wishes)?;
        let learnt = secrets::learn(self.host, &self.more_values()?);
        let redactor = Redactor::new(learnt.secrets.clone())?;
        let name = host_name(self.host, self.typed.sysroot.as_deref());
        Ok(Prepared { started, began, zone, name, installation, plan, learnt, redactor })
    }

    fn window(&self, now: Timestamp) -> Result<logs::Window> {
        let since = self.typed.since.before(now);
        let until = self.typed.until.map_or(Timestamp::MAX, |until| until.before(now));
        if since >= until {
            return Err(Error::usage("--since must be before --until"));
        }
        Ok(logs::Window { since, until })
    }

    fn more_values(&self) -> Result<Vec<KnownSecret>> {
        let mut values = Vec::new();
        for path in &self.typed.redact_value {
            let path = catalogs::absolute(path)?;
            let text = self.own.read(&path, LONGEST_VALUES).map_err(|error| {
                Error::usage(format!("{error}")).hint("--redact-value names a file with one value a line")
            })?;
            let lines = text.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
            values.extend(
                lines
                    .filter(|line| !line.is_empty())
                    .map(|line| KnownSecret::new(line, Some("chosen"), &path)),
            );
        }
        Ok(values)
    }

    /// Why GitLab's entries must stay here, if they must.
    fn withhold(&self, learnt: &Learnt) -> Option<String> {
        if self.typed.without_known_secrets || !learnt.is_incomplete() {
            return None;
        }
        let first = learnt.unreadable().find(|place| place.gitlabs)?;
        let secrets::Outcome::Unreadable(why) = &first.outcome else { return None };
        Some(format!("not all secrets of this host are known: {}: {why}", first.path.display()))
    }

    fn create<'c>(&self, prepared: &Prepared, check: &'c dyn crate::pack::Check) -> Result<Bundle<'c>> {
        // The file's name is seen by as many as the folder's in it.
        let root = prepared.redactor.text(self.root_name(prepared).as_bytes());
        let file = format!("{}.tar.gz", EntryName::of(&root).as_str().replace('/', "_"));
        let target = match self.typed.output.as_deref() {
            None => Target::File(PathBuf::from(file)),
            Some(path) if path == Path::new("-") => Target::Spool(spool_folder()),
            Some(path) if path.as_os_str().as_encoded_bytes().ends_with(b"/") || is_folder(path) => {
                Target::File(path.join(file))
            }
            Some(path) => Target::File(path.to_owned()),
        };
        Bundle::create(&target, &root, check)
    }

    /// The bundle's top folder, and its file's name without the suffix.
    fn root_name(&self, prepared: &Prepared) -> String {
        let ticket = self.typed.ticket.as_ref().map_or_else(String::new, |ticket| format!("{ticket}."));
        let time = prepared.started.to_zoned_datetime(prepared.zone.clone()).strftime("%Y%m%d%H%M%S");
        format!("glsos.{ticket}{}.{time}", prepared.name)
    }

    fn tell_learnt(&self, prepared: &Prepared, progress: &Progress<'_>, log: &RunLog) {
        let learnt = &prepared.learnt;
        progress.line(&format!(
            "learnt {} secrets of this host from {} places; they go wherever they stand",
            learnt.secrets.len(),
            learnt.sources.iter().filter(|source| source.count > 0).count()
        ));
        for place in learnt.unreadable() {
            let secrets::Outcome::Unreadable(why) = &place.outcome else { continue };
            let line = format!("secrets in {} are not known: {why}", place.path.display());
            // What is not GitLab's own holds nothing back; the manifest names it.
            if place.gitlabs {
                progress.line(&line);
            } else {
                log.line(&line);
            }
        }
    }

    fn manifest_run(&self, prepared: &Prepared) -> manifest::Run {
        let text = |text: &str| Text::of(&prepared.redactor.text(text.as_bytes()));
        let window = &prepared.plan.window;
        manifest::Run {
            glsos: Text::word(env!("CARGO_PKG_VERSION")),
            target: Text::word(env!("GLSOS_TARGET")),
            host: text(&prepared.name),
            kind: Text::word(if self.typed.sysroot.is_some() { "sysroot" } else { "live" }),
            ticket: self.typed.ticket.as_deref().map(text),
            profile: text(prepared.plan.profile.name()),
            since: Some(window.since),
            until: (window.until < Timestamp::MAX).then_some(window.until),
            started: prepared.started,
            seconds: (prepared.began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
            stopped_by: self.stop.reason().map(|reason| Text::word(reason.word())),
            options: self.options(&text),
            installation: describe(&prepared.installation, &text),
            known_secrets: known(&prepared.learnt, &prepared.redactor),
            limits: self
                .typed
                .max_log
                .0
                .map(|bytes| (Text::word("max_log"), bytes))
                .into_iter()
                .chain(self.typed.timeout.map(|timeout| (Text::word("timeout"), timeout.as_secs())))
                .collect(),
            selection: prepared.plan.selection.iter().map(|name| text(name)).collect(),
        }
    }

    /// What was typed, by option; what only changes what is said here is left out.
    fn options(&self, text: &dyn Fn(&str) -> Text) -> BTreeMap<Text, Text> {
        let typed = self.typed;
        let picks =
            |picks: &[plan::Pick]| picks.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let paths = |paths: &[PathBuf]| {
            paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(",")
        };
        let given: [(&'static str, String); 7] = [
            ("only", picks(&typed.only)),
            ("skip", picks(&typed.skip)),
            ("sysroot", typed.sysroot.as_ref().map_or_else(String::new, |p| p.display().to_string())),
            ("collectors", paths(&typed.catalogs.collectors)),
            ("redact-value", if typed.redact_value.is_empty() { String::new() } else { "given".into() }),
            ("without-known-secrets", flag(typed.without_known_secrets)),
            ("strict", flag(typed.strict)),
        ];
        given
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (Text::word(name), text(&value)))
            .collect()
    }

    fn hand_over(&self, whole: Whole, known: usize) -> Result<u8> {
        let incomplete = whole
            .manifest()
            .entries
            .iter()
            .any(|entry| !matches!(entry.outcome, Outcome::Complete | Outcome::Skipped));
        let manifest = whole.manifest().clone();
        let size = whole.size();
        if self.typed.output.as_deref() == Some(Path::new("-")) {
            let mut file = whole.reader()?;
            self.console.stream(&mut file)?;
        }
        let path = whole.publish()?;
        let telling = summary::Summary {
            manifest: &manifest,
            size,
            path: path.as_deref(),
            stop: self.stop.reason(),
            known,
        };
        telling.tell(self.console, self.typed.json)?;
        Ok(if self.typed.strict && incomplete { exit_codes::INCOMPLETE } else { exit_codes::OK })
    }
}

fn flag(given: bool) -> String {
    if given { "true".to_owned() } else { String::new() }
}

fn describe(installation: &Installation, text: &dyn Fn(&str) -> Text) -> BTreeMap<Text, Text> {
    let mut told = BTreeMap::new();
    told.insert(Text::word("kind"), text(installation.kind.name()));
    let more = [
        ("version", installation.version.clone().unwrap_or_default()),
        ("edition", installation.edition.clone().unwrap_or_default()),
        ("roles", installation.roles.join(" ")),
        ("services", installation.services.join(" ")),
    ];
    for (name, value) in more.iter().filter(|(_, value)| !value.is_empty()) {
        told.insert(Text::word(name), text(value));
    }
    told
}

/// How many secrets were learnt from where.
fn known(learnt: &Learnt, redactor: &Redactor) -> Vec<manifest::Learnt> {
    let text = |text: &str| Text::of(&redactor.text(text.as_bytes()));
    let place = |source: &secrets::LearntFrom| {
        let weak = learnt
            .secrets
            .iter()
            .filter(|secret| secret.source == source.path && matches!(strength(secret), Strength::Weak(_)))
            .count() as u64;
        manifest::Learnt {
            from: Text::of(&redactor.text(source.path.as_os_str().as_encoded_bytes())),
            values: (source.count as u64).saturating_sub(weak),
            weak,
            trouble: match &source.outcome {
                secrets::Outcome::Learnt => None,
                secrets::Outcome::Guessed(why) | secrets::Outcome::Unreadable(why) => Some(text(why)),
            },
        }
    };
    learnt.sources.iter().map(place).collect()
}

/// What the host is called: its own files tell, never a name service.
fn host_name(host: &dyn Host, sysroot: Option<&Path>) -> String {
    let files: &[&str] = if sysroot.is_some() {
        &["/etc/hostname", "/proc/sys/kernel/hostname"]
    } else {
        &["/proc/sys/kernel/hostname"]
    };
    let read = |path: &&str| host.read(Path::new(path), 4096).ok();
    let told = files.iter().find_map(read).or_else(|| {
        // Without /proc the kernel can still be asked.
        sysroot.is_none().then(nix::unistd::gethostname)?.ok().map(|name| name.into_encoded_bytes())
    });
    let text = String::from_utf8_lossy(&told.unwrap_or_default()).trim().to_owned();
    let safe: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') { c } else { '_' })
        .take(64)
        .collect();
    let safe = safe.trim_matches('.').to_owned();
    if safe.is_empty() { "unnamed-host".to_owned() } else { safe }
}

/// Where a bundle for stdout waits until it is whole, unlinked.
fn spool_folder() -> PathBuf {
    std::env::var_os("TMPDIR")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
        .unwrap_or_else(|| PathBuf::from("/var/tmp"))
}

fn is_folder(path: &Path) -> bool {
    nix::sys::stat::stat(path).is_ok_and(|stat| {
        stat.st_mode & nix::sys::stat::SFlag::S_IFMT.bits() == nix::sys::stat::SFlag::S_IFDIR.bits()
    })
}
