//! How a member of an old archive looks in the new manifest. All texts go through redaction, those that
//! went through it before too: a bundle may come from anywhere.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    outcome::Outcome,
    pack::{
        EntryName, Head, Tail,
        manifest::{Asked, Entry, Kind, Text},
    },
    read::Member,
    redact::Redactor,
};

/// Suffixes that tell of a compression which an entry no longer has.
const PACKED: [&[u8]; 2] = [b".gz", b".s"];

/// Folders of a host: what stands below them in an archive stood there.
const FOLDERS: [&[u8]; 10] =
    [b"etc", b"home", b"opt", b"proc", b"root", b"run", b"srv", b"sys", b"usr", b"var"];

/// A part of a manifest with every string in it redacted.
pub(super) fn again<T: Serialize + DeserializeOwned>(redactor: &Redactor, part: &T) -> Option<T> {
    fn redact(redactor: &Redactor, value: Value) -> Value {
        let text =
            |text: String| String::from_utf8_lossy(redactor.text(text.as_bytes()).as_bytes()).into_owned();
        match value {
            Value::String(string) => Value::String(text(string)),
            Value::Array(items) => items.into_iter().map(|item| redact(redactor, item)).collect(),
            Value::Object(members) => {
                members.into_iter().map(|(key, value)| (text(key), redact(redactor, value))).collect()
            }
            other => other,
        }
    }
    serde_json::from_value(redact(redactor, serde_json::to_value(part).ok()?)).ok()
}

/// An entry of glsos, without its bytes.
pub(super) fn entry(redactor: &Redactor, old: &Entry, started: Timestamp) -> (Head, Tail) {
    let bare = Entry { sha256: None, segments: Vec::new(), ..old.clone() };
    let Some(entry) = again(redactor, &bare) else {
        let withheld = Text::word("withheld");
        let asked = Asked::Path(withheld.clone());
        let name = EntryName::of(&redactor.text(b"withheld"));
        let head = head(name, withheld.clone(), withheld, asked, started);
        return (head, Tail::new(Outcome::Withheld, Text::word("its description could not be redacted")));
    };
    let head = Head {
        name: EntryName::of(&redactor.text(old.name.as_str().as_bytes())),
        collector: entry.collector,
        source: entry.source,
        kind: entry.kind,
        asked: match &old.asked {
            // A value may stand behind the argument that names it.
            Asked::Argv(argv) => {
                let argv: Vec<&str> = argv.iter().map(Text::as_str).collect();
                Asked::Argv(redactor.argv(&argv).iter().map(Text::of).collect())
            }
            _ => entry.asked,
        },
        source_size: entry.source_bytes,
        mtime: entry.mtime.unwrap_or(started),
        started: entry.started,
        until: None,
    };
    let mut tail = Tail::new(entry.outcome, entry.reason);
    if tail.outcome != Outcome::Complete && tail.reason.is_empty() {
        tail.reason = Text::word("the old bundle tells no reason");
    }
    tail.seconds = entry.seconds;
    tail.exit = entry.exit;
    tail.signal = entry.signal;
    tail.status = entry.status;
    tail.stderr = entry.stderr;
    tail.source_bytes = entry.source_bytes;
    tail.redactions = entry.redactions;
    tail.window = entry.window;
    (head, tail)
}

/// A member that no manifest describes. `name` is the one below the top folder.
pub(super) fn member(redactor: &Redactor, member: &Member, name: &[u8], packed: bool) -> Head {
    let text = redactor.text(name);
    let first = name.split(|b| *b == b'/').next().unwrap_or_default();
    let asked = if FOLDERS.contains(&first) { [b"/", name].concat() } else { name.to_vec() };
    let short = PACKED.iter().find_map(|suffix| name.strip_suffix(*suffix)).filter(|_| packed);
    let entry = short.map_or_else(|| EntryName::of(&text), |short| EntryName::of(&redactor.text(short)));
    let asked = Asked::Path(Text::of(&redactor.text(&asked)));
    let mtime = Timestamp::from_second(member.mtime).unwrap_or_default();
    let mut head = head(entry, Text::word("archive"), Text::of(&text), asked, mtime);
    head.source_size = Some(member.size);
    head
}

fn head(name: EntryName, collector: Text, source: Text, asked: Asked, mtime: Timestamp) -> Head {
    Head {
        name,
        collector,
        source,
        kind: Kind::File,
        asked,
        source_size: None,
        mtime,
        started: None,
        until: None,
    }
}

/// What an earlier redaction counted, and this one.
pub(super) fn sum(before: &mut BTreeMap<Text, u64>, now: BTreeMap<Text, u64>) {
    for (rule, count) in now {
        let sum = before.entry(rule).or_default();
        *sum = sum.saturating_add(count);
    }
}
