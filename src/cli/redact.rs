//! `glsos redact`: what was typed or piped in, redacted as an entry of a bundle is. A text goes to stdout, and
//! nothing of it is kept; an archive becomes a bundle (`rewrite`).

use std::{io::Write as _, path::Path};

use flate2::{Compression, write::GzEncoder};

use super::{
    args,
    console::Console,
    facts,
    policy::Policy,
    redaction::{Chosen, Redaction},
    rewrite::{self, Desk},
    signals, target,
};
use crate::{
    collect::{Filtered, filter},
    error::{Error, Result},
    exit_codes,
    host::{
        Live, gentle,
        input::Input,
        locked,
        power::{self, Needs, Writes},
        stop::Stop,
    },
    logs::{GZIP, Gunzip, MOST_INFLATED},
    read::{is_archive, packed_by},
    redact::Redacted,
    scan::Scanner,
};

/// What compresses texts and archives elsewhere, and undoes it with `-dc`.
const UNPACKERS: [&str; 3] = ["bzip2", "xz", "zstd"];

/// So much is looked at to tell an archive.
const HEAD: usize = 64 << 10;

pub(super) fn run(typed: &args::Redact, console: &Console) -> Result<u8> {
    let mut input = match typed.input.as_deref() {
        None => Input::stdin()?,
        Some(path) if path == Path::new("-") => Input::stdin()?,
        Some(path) => Input::open(path)?,
    };
    if console.data_goes_to(&input) {
        return Err(Error::usage(format!("{} is input and output at once", input.name().display()))
            .hint("send stdout to another file"));
    }
    let archive = is_archive(input.peek(HEAD)?);
    if let Some(program) = packed_by(input.peek(HEAD)?).filter(|program| UNPACKERS.contains(program)) {
        let name = input.name().display();
        return Err(Error::usage(format!("{name} is compressed with {program}, which glsos does not read"))
            .hint(format!(
                "unpack it before: {program} -dc {name} | glsos redact, or into a file if it is an archive"
            )));
    }
    if typed.output.is_some() && !archive {
        return Err(Error::usage("-o is for a new bundle; a text goes to stdout")
            .hint("send stdout to a file, and leave -o out"));
    }
    let stop = Stop::new().map_err(|error| Error::host(format!("preparing for signals: {error}")))?;
    let own = Live::start(None, stop.clone())?;
    let policy = Policy::of(&own)?;
    let joined;
    let typed = match &policy {
        None => typed,
        Some(policy) => {
            joined = args::Redact { redaction: policy.redaction(&typed.redaction)?, ..typed.clone() };
            console.say(&policy.told());
            &joined
        }
    };
    gentle::keep_secrets();
    locked::make_room();
    let folders = match archive {
        true => target::folders(typed.output.as_deref(), typed.redaction.mapping.as_deref()),
        false => target::mappings_folder(typed.redaction.mapping.as_deref()),
    };
    power::give_up(&Needs {
        writes: Writes::Below(&folders),
        connects: false,
        capabilities: &power::to_write_in(&folders),
    });
    if archive {
        // A text that is interrupted just ends; a bundle is closed.
        signals::watch(&stop)?;
    }
    let chosen = Chosen::read(&typed.redaction, &own)?;
    let name = input.name().to_owned();
    if archive {
        let old = rewrite::open(input, &name)?;
        let called = old.host().map_or_else(|| facts::host_name(&own, None), str::to_owned);
        let redaction = learnt(&chosen, &own, &called, console)?;
        return Desk { typed, console, stop: &stop, redaction: &redaction }.rewrite(old, &name);
    }
    let redaction = learnt(&chosen, &own, &facts::host_name(&own, None), console)?;
    if input.is_terminal() {
        console.say("reading from the terminal: Ctrl-D ends it");
    }
    let filtered = text(&mut input, &redaction, console)?;
    if let Some(pairs) = redaction.keep(&name.file_name().unwrap_or_default().to_string_lossy())? {
        console.say(&format!("what the pseudonyms stand for is in {}", pairs.display()));
    }
    tell(&filtered, &name, console)
}

/// What is removed: what the host keeps secret, and what was chosen.
fn learnt(chosen: &Chosen<'_>, own: &Live, called: &str, console: &Console) -> Result<Redaction> {
    let redaction = chosen.learn(own, called)?;
    tell_learnt(&redaction, console);
    if let Some(why) = &redaction.withhold {
        return Err(Error::host(format!("nothing was redacted: {why}"))
            .hint("run as root; --without-known-secrets goes on all the same"));
    }
    Ok(redaction)
}

/// At a desk there is none, and nothing to say.
fn tell_learnt(redaction: &Redaction, console: &Console) {
    let (told, trouble) = redaction.told();
    if !redaction.learnt.secrets.is_empty() {
        console.say(&told);
    }
    if redaction.locked.refused.is_some() {
        console.say(&redaction.locked.told());
    }
    trouble.iter().filter(|(_, gitlabs)| *gitlabs).for_each(|(line, _)| console.say(line));
}

fn text(input: &mut Input, redaction: &Redaction, console: &Console) -> Result<Filtered> {
    let scanner = Scanner::new();
    let check = |before: &[u8], chunk: &[u8]| redaction.hit(&scanner, before, chunk);
    let packed = input.peek(GZIP.len())? == GZIP;
    let mut raw = |room: &mut [u8]| input.read(room).map_err(|error| error.message);
    if !packed {
        let mut sink = |text: &Redacted| console.part(text.as_bytes());
        return filter(&redaction.redactor, &check, &mut raw, &mut sink);
    }
    if console.data_goes_to_terminal() {
        return Err(Error::usage("compressed data would go to a terminal")
            .hint("send stdout to a file, or let `zcat` unpack it before"));
    }
    let mut gunzip = Gunzip::new(MOST_INFLATED);
    let mut inflated = |room: &mut [u8]| match gunzip.read(&mut raw, room)? {
        0 => gunzip.damage().map_or(Ok(0), |damage| Err(damage.reason())),
        n => Ok(n),
    };
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to a Vec does not fail.
    let mut sink = |text: &Redacted| {
        let _ = gzip.write_all(text.as_bytes());
        console.part(&std::mem::take(gzip.get_mut()))
    };
    let filtered = filter(&redaction.redactor, &check, &mut inflated, &mut sink)?;
    // Without its end nobody takes what was held back for whole.
    if filtered.withheld.is_none() {
        console.part(&gzip.finish().unwrap_or_default())?;
    }
    Ok(filtered)
}

fn tell(filtered: &Filtered, name: &Path, console: &Console) -> Result<u8> {
    let name = name.display();
    match (&filtered.withheld, &filtered.cut) {
        (Some((why, 0)), _) => return Err(Error::host(format!("{name} is withheld: {why}"))),
        (Some((why, line)), _) => {
            let what = format!("{name}: what stands behind line {line} is withheld: {why}");
            return Err(Error::host(what));
        }
        (None, Some(why)) => {
            return Err(Error::host(format!("{name}: {why}")).hint("what stood before it was written"));
        }
        (None, None) => {}
    }
    let total: u64 = filtered.redactions.values().sum();
    console.say(&format!("redacted {total} values"));
    for (rule, count) in &filtered.redactions {
        console.say(&format!("{count:>9}  {}", rule.as_str()));
    }
    Ok(exit_codes::OK)
}
