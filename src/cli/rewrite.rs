//! `glsos redact BUNDLE`: an old bundle, or another tool's archive, becomes a new bundle.

use std::{path::Path, time::Instant};

use super::{
    args,
    console::Console,
    facts,
    redaction::{self, Redaction},
    run_log::RunLog,
    summary::Summary,
    target,
};
use crate::{
    collect::rewrite::{Old, Rewrite, rewrite},
    error::{Error, Result},
    exit_codes,
    host::{
        input::Input,
        stop::{Reason, Stop},
    },
    pack::{
        Bundle, EntryName,
        manifest::{self, Text},
    },
    redact::Redacted,
    scan::Scanner,
};

/// What the new bundle's name has that the old one's has not.
const MARK: &str = ".redacted";

/// What a rewriting needs besides the archive.
pub(super) struct Desk<'a> {
    pub(super) typed: &'a args::Redact,
    pub(super) console: &'a Console,
    pub(super) stop: &'a Stop,
    pub(super) redaction: &'a Redaction,
}

/// The archive that was named.
pub(super) fn open(input: Input, name: &Path) -> Result<Old> {
    let file = input.into_file().ok_or_else(|| {
        Error::usage("an archive can't be rewritten from a pipe").hint("name its file: glsos redact FILE")
    })?;
    Old::open(file, name)
}

impl Desk<'_> {
    /// Makes the new bundle; `name` is the old archive's.
    pub(super) fn rewrite(&self, old: Old, name: &Path) -> Result<u8> {
        let began = Instant::now();
        let output = self.typed.output.as_deref();
        let to_stdout = target::to_stdout(output, self.console)?;
        let redactor = &self.redaction.redactor;
        let root = self.root(&old, name);
        let log = RunLog::beginning_with(&String::from_utf8_lossy(&old.log()));
        let shown = name.display();
        log.line(&format!("glsos {} redacts {shown}", env!("CARGO_PKG_VERSION")));
        let mut run = old.run(redactor, name);
        let scanner = Scanner::new();
        let check = |before: &[u8], chunk: &[u8]| self.redaction.hit(&scanner, before, chunk);
        let file = format!("{}.tar.gz", EntryName::of(&root).as_str().replace('/', "_"));
        let mut bundle = Bundle::create(&target::of(output, file), &root, &check)?;
        self.console.say(&format!("redacting {shown} into a new bundle"));
        let tell = |line: &str| {
            log.line(line);
            self.console.say(line);
        };
        let shared = Rewrite { redactor, stop: self.stop, tell: &tell };
        let trouble = rewrite(&shared, old, &mut bundle)?;
        self.describe(&mut run, trouble.as_deref(), began);
        log.line(&format!("{} entries were handed to the bundle", bundle.entries().len()));
        let whole = bundle.finish(run, &log.redacted(redactor))?;
        let manifest = whole.manifest().clone();
        let (size, digest) = (whole.size(), whole.digest()?);
        // First: a bundle that nobody can turn back is not what was asked for.
        let kept = self.redaction.keep(manifest.root.as_str())?;
        if to_stdout {
            self.console.stream(&mut whole.reader()?)?;
        }
        let path = whole.publish()?;
        let known = self.redaction.learnt.secrets.len();
        let stop = self.stop.reason();
        let (path, pairs) = (path.as_deref(), kept.as_deref());
        Summary { manifest: &manifest, size, digest: &digest, path, stop, known, pairs, host: false }
            .tell(self.console, false)?;
        Ok(match stop {
            Some(Reason::Interrupted) => exit_codes::INTERRUPTED,
            Some(Reason::Terminated) => exit_codes::TERMINATED,
            Some(Reason::Timeout) | None => exit_codes::OK,
        })
    }

    /// The new top folder: the old one's name, or the file's where there is none, and a mark.
    fn root(&self, old: &Old, name: &Path) -> Redacted {
        let mut root = String::from_utf8_lossy(old.root()).into_owned();
        if root.is_empty() {
            let file = name.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let short =
                [".tar.gz", ".tgz", ".tar", ".tar.gz.partial"].iter().find_map(|end| file.strip_suffix(end));
            root = short.unwrap_or(&file).to_owned();
        }
        let mark = if root.ends_with(MARK) { "" } else { MARK };
        self.redaction.redactor.text(format!("{root}{mark}").as_bytes())
    }

    fn describe(&self, run: &mut manifest::Run, trouble: Option<&str>, began: Instant) {
        let text = |text: &str| Text::of(&self.redaction.redactor.text(text.as_bytes()));
        run.glsos = Text::word(env!("CARGO_PKG_VERSION"));
        run.target = Text::word(env!("GLSOS_TARGET"));
        if run.kind == Text::word("archive") {
            run.seconds = (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        }
        if !self.typed.redaction.redact_value.is_empty() {
            run.options.insert(Text::word("redact-value"), Text::word("given"));
        }
        let hidden = redaction::hidden_kinds(&self.typed.redaction);
        if !hidden.is_empty() {
            run.options.insert(Text::word("hide"), text(&hidden));
        }
        if self.typed.redaction.without_known_secrets {
            run.options.insert(Text::word("without-known-secrets"), Text::word("true"));
        }
        if let Some(reason) = self.stop.reason() {
            run.stopped_by = Some(Text::word(reason.word()));
        }
        run.hidden.extend(facts::hidden(self.redaction));
        run.known_secrets.extend(facts::known(self.redaction));
        if let Some(from) = &mut run.from {
            from.trouble = trouble.map(text);
        }
    }
}
