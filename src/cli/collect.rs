//! `glsos collect`: from what was typed to a bundle with a name.

use std::{path::Path, time::Instant};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    args, catalogs,
    console::Console,
    dry_run, facts, options,
    policy::Policy,
    progress::Progress,
    redaction::{Chosen, Redaction},
    review,
    run_log::RunLog,
    signals, summary, target,
    trail::Trail,
};
use crate::{
    catalog::{Catalog, Disabled},
    collect::{self, Events},
    error::{Error, Result},
    exit_codes,
    host::{
        Host, Live, gentle,
        installation::{self, Installation},
        locked,
        power::{self, GivenUp, Needs, Writes},
        single::{self, Lock},
        stop::{Reason, Stop},
        zone,
    },
    logs,
    outcome::Outcome,
    pack::{
        Bundle, EntryName, Whole,
        manifest::{self, Text},
    },
    plan::{self, Plan, Wishes},
    probe::Neighbours,
    scan::Scanner,
};

pub(super) fn run(typed: &args::Collect, console: &Console) -> Result<u8> {
    let to_stdout = typed.output.as_deref() == Some(Path::new("-"));
    if to_stdout && typed.json {
        return Err(Error::usage("both --json and '-o -' want stdout").hint("leave one of them out"));
    }
    target::to_stdout(typed.output.as_deref(), console)?;
    if typed.review {
        review::is_possible(console)?;
    }
    let stop = Stop::new().map_err(|error| Error::host(format!("preparing for signals: {error}")))?;
    // Both fork, so they come before the first thread. Collectors, policy and values are this machine's, also below a sysroot.
    let own = Live::start(None, stop.clone())?;
    let root = match &typed.sysroot {
        Some(root) => Some(Live::start(Some(catalogs::absolute(root)?), stop.clone())?),
        None => None,
    };
    let policy = Policy::of(&own)?;
    let joined;
    let typed = match &policy {
        None => typed,
        Some(policy) => {
            joined = policy.collect(typed, own.now())?;
            console.say(&policy.told());
            &joined
        }
    };
    // The helpers must not have it. What is below a sysroot is no running host, and a plan takes nothing.
    let alone = (typed.sysroot.is_none() && !typed.dry_run).then(single::lock);
    if let Some(Lock::Others(pid, path)) = &alone {
        return Err(another(*pid, path));
    }
    let host = root.as_ref().unwrap_or(&own);
    let given_up = give_up(typed, host);
    signals::watch(&stop)?;
    let session = Session { typed, console, stop: &stop, own: &own, host, policy, given_up, alone };
    let ended = session.run();
    let code = match stop.reason() {
        Some(Reason::Interrupted) => exit_codes::INTERRUPTED,
        Some(Reason::Terminated) => exit_codes::TERMINATED,
        Some(Reason::Timeout) | None => return ended,
    };
    // Stopped before there was anything to close.
    if let Err(error) = ended {
        console.error(&error);
    }
    Ok(code)
}

/// This process keeps what it will know to itself, and gives up what it has no use for; its helpers have.
fn give_up(typed: &args::Collect, host: &Live) -> [(&'static str, GivenUp); 3] {
    gentle::keep_secrets();
    locked::make_room();
    let folders = match typed.dry_run {
        true => Vec::new(),
        false => target::folders(typed.output.as_deref(), typed.redaction.mapping.as_deref()),
    };
    let main = power::give_up(&Needs {
        writes: Writes::Below(&folders),
        connects: typed.sysroot.is_none(),
        capabilities: &power::to_write_in(&folders),
    });
    let [files, processes] = host.given_up();
    [("main", main), files, processes]
}

struct Session<'a> {
    typed: &'a args::Collect,
    console: &'a Console,
    stop: &'a Stop,
    /// This machine.
    own: &'a Live,
    /// Where things are taken: this machine, or what is below the sysroot.
    host: &'a Live,
    /// This machine's, which `typed` has become tighter by.
    policy: Option<Policy>,
    /// What this process and its helpers have given up.
    given_up: [(&'static str, GivenUp); 3],
    /// What keeps other runs from this host, where one could.
    alone: Option<Lock>,
}

/// What is known before anything is taken.
struct Prepared {
    started: Timestamp,
    began: Instant,
    zone: TimeZone,
    name: String,
    installation: Installation,
    /// What drop-ins switched off.
    disabled: Vec<Disabled>,
    plan: Plan,
    redaction: Redaction,
}

impl Session<'_> {
    fn run(&self) -> Result<u8> {
        let catalog = catalogs::load(self.own, &self.typed.catalogs)?;
        let chosen = Chosen::read(&self.typed.redaction, self.own)?;
        // Only now: what root and the customer wrote down may lie where a policy lets nothing be taken.
        if let Some(policy) = &self.policy {
            self.host.never_take(policy.never());
        }
        // Only now: without what root and the customer wrote down there would be no valid bundle.
        if let Some(timeout) = self.typed.timeout {
            self.stop.expire(timeout);
        }
        let prepared = self.prepare(&catalog, &chosen)?;
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
        let check = |before: &[u8], chunk: &[u8]| prepared.redaction.hit(&scanner, before, chunk);
        let mut bundle = self.create(&prepared, &check)?;
        log.line(&format!("glsos {} began", env!("CARGO_PKG_VERSION")));
        self.given_up.iter().for_each(|(process, told)| log.line(&facts::given_up_line(process, told)));
        if let Some(policy) = &self.policy {
            log.line(&policy.told());
        }
        if let Some(Lock::None(why)) = &self.alone {
            log.line(&format!("no lock keeps other runs away at the same time: {why}"));
        }
        for off in &prepared.disabled {
            log.line(&format!("{} is switched off by {}", off.target, off.by.display()));
        }
        self.tell_learnt(&prepared, &progress, &log);
        progress.tell(&collect::Event::Planned { plan: &prepared.plan });
        let neighbours = Neighbours::of(self.own);
        let run = collect::Run {
            rest: &|| neighbours.wait(),
            host: self.host,
            redactor: &prepared.redaction.redactor,
            check: &check,
            stop: self.stop,
            events: &progress,
            zone: &prepared.zone,
            withhold: prepared.redaction.withhold.clone(),
        };
        collect::run(&run, &prepared.plan, &mut bundle)?;
        progress.closing();
        let manifest = self.manifest_run(&prepared);
        if let Some(left_out) =
            prepared.redaction.hiding.as_ref().map(|hiding| hiding.hidden.left_out()).filter(|n| *n > 0)
        {
            progress.line(&format!(
                "too many different values were hidden: {left_out} times one that can't be revealed"
            ));
        }
        log.line(&format!("{} entries were handed to the bundle", bundle.entries().len()));
        let trail = Trail::open(self.own, self.typed.ticket.as_deref(), &prepared.redaction.redactor);
        if let Some(why) = trail.trouble() {
            log.line(&why);
        }
        let whole = bundle.finish(manifest, &log.redacted(&prepared.redaction.redactor))?;
        progress.finish();
        self.hand_over(whole, &prepared, &trail)
    }

    fn prepare(&self, catalog: &Catalog, chosen: &Chosen<'_>) -> Result<Prepared> {
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
            max_bundle: self.typed.max_bundle.0,
            estimate: self.typed.dry_run,
        };
        let plan = plan::make(self.host, catalog, &installation, &wishes)?;
        let name = facts::host_name(self.host, self.typed.sysroot.as_deref());
        let redaction = chosen.learn(self.host, &name)?;
        let disabled = catalog.disabled.clone();
        Ok(Prepared { disabled, started, began, zone, name, installation, plan, redaction })
    }

    fn window(&self, now: Timestamp) -> Result<logs::Window> {
        let since = self.typed.since.before(now);
        let until = self.typed.until.map_or(Timestamp::MAX, |until| until.before(now));
        if since >= until {
            return Err(Error::usage("--since must be before --until"));
        }
        Ok(logs::Window { since, until })
    }

    fn create<'c>(&self, prepared: &Prepared, check: &'c dyn crate::pack::Check) -> Result<Bundle<'c>> {
        // The file's name is seen by as many as the folder's in it.
        let root = prepared.redaction.redactor.text(self.root_name(prepared).as_bytes());
        let file = format!("{}.tar.gz", EntryName::of(&root).as_str().replace('/', "_"));
        let target = target::of(self.typed.output.as_deref(), file);
        Bundle::create(&target, &root, check)
    }

    /// The bundle's top folder, and its file's name without the suffix.
    fn root_name(&self, prepared: &Prepared) -> String {
        let ticket = self.typed.ticket.as_ref().map_or_else(String::new, |ticket| format!("{ticket}."));
        let time = prepared.started.to_zoned_datetime(prepared.zone.clone()).strftime("%Y%m%d%H%M%S");
        // Alone: in a longer name nobody could tell where a host's name begins.
        let name = prepared.redaction.redactor.text(prepared.name.as_bytes());
        format!("glsos.{ticket}{}.{time}", String::from_utf8_lossy(name.as_bytes()))
    }

    fn tell_learnt(&self, prepared: &Prepared, progress: &Progress<'_>, log: &RunLog) {
        let (told, trouble) = prepared.redaction.told();
        progress.line(&told);
        if let Some(refused) =
            prepared.redaction.kept().map(|kept| kept.secrets).filter(|refused| *refused > 0)
        {
            progress.line(&match refused {
                1 => "1 of the values to keep is a secret of this host, or to be removed: it goes all the same".to_owned(),
                _ => format!(
                    "{refused} of the values to keep are secrets of this host, or to be removed: they go all the same"
                ),
            });
        }
        log.line(&prepared.redaction.locked.told());
        for (line, gitlabs) in trouble {
            // What is not GitLab's own holds nothing back; the manifest names it.
            if gitlabs {
                progress.line(&line);
            } else {
                log.line(&line);
            }
        }
    }

    fn manifest_run(&self, prepared: &Prepared) -> manifest::Run {
        let text = |text: &str| Text::of(&prepared.redaction.redactor.text(text.as_bytes()));
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
            options: options::options(self.typed, &prepared.disabled, &text),
            installation: facts::installation(&prepared.installation, &text),
            known_secrets: facts::known(&prepared.redaction),
            limits: options::limits(self.typed),
            hidden: facts::hidden(&prepared.redaction),
            kept_values: prepared.redaction.kept(),
            policy: self.policy.as_ref().map(|policy| manifest::Policy {
                sha256: policy.digest.clone(),
                keys: policy.keys.iter().map(|key| Text::word(key)).collect(),
            }),
            given_up: facts::given_up(&self.given_up, &text),
            selection: prepared.plan.selection.iter().map(|name| text(name)).collect(),
            from: None,
        }
    }

    fn hand_over(&self, whole: Whole, prepared: &Prepared, trail: &Trail<'_>) -> Result<u8> {
        let redaction = &prepared.redaction;
        let leave = |digest: &str, path: Option<&Path>| {
            let now = self.own.now().to_zoned_datetime(prepared.zone.clone());
            if let Err(error) = trail.leave(&now, digest, path) {
                self.console.say(&format!("the log of this system took no line of this run: {error}"));
            }
        };
        let incomplete = whole
            .manifest()
            .entries
            .iter()
            .any(|entry| !matches!(entry.outcome, Outcome::Complete | Outcome::Skipped));
        if self.typed.review && !review::agreed(&whole, Path::new("the bundle"), self.console, self.stop)? {
            drop(whole);
            leave("none", None);
            self.console.say("The bundle is deleted: nothing was written.");
            return Ok(exit_codes::FAILED);
        }
        let manifest = whole.manifest().clone();
        let (size, digest) = (whole.size(), whole.digest()?);
        // First: a bundle that nobody can turn back is not what was asked for.
        let kept = redaction.keep(manifest.root.as_str())?;
        if self.typed.output.as_deref() == Some(Path::new("-")) {
            let mut file = whole.reader()?;
            self.console.stream(&mut file)?;
        }
        let path = whole.publish()?;
        leave(&digest, path.as_deref());
        let telling = summary::Summary {
            manifest: &manifest,
            size,
            digest: &digest,
            path: path.as_deref(),
            stop: self.stop.reason(),
            known: redaction.learnt.secrets.len(),
            pairs: kept.as_deref(),
            host: true,
        };
        telling.tell(self.console, self.typed.json)?;
        Ok(if self.typed.strict && incomplete { exit_codes::INCOMPLETE } else { exit_codes::OK })
    }
}

fn another(pid: Option<u32>, lock: &Path) -> Error {
    let (who, what) = match pid {
        Some(pid) => (format!("process {pid}"), format!("ps -fp {pid}")),
        None => ("another process".to_owned(), format!("fuser -v {}", lock.display())),
    };
    Error::host(format!("{who} holds {}: another run collects on this host", lock.display()))
        .hint(format!("wait for its end; `{what}` shows it"))
}
