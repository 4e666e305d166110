//! The corpus, each record by itself and then damaged: cut off, spliced, wrapped, moved to a border of the
//! engine's blocks. Whatever it has become, it comes out the same however it was cut, lines stay lines, JSON
//! stays JSON, and no known value is left in any form.
//!
//! `GLSOS_CORPUS_SEED` makes one seed again; else there are fixed ones and a new one, which a failure tells.

use aho_corasick::AhoCorasick;
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use glsos::redact::{KnownSecret, Redactor, Strength, strength};

use super::{
    chance::Chance,
    encode::Esc,
    host::Host,
    kept, keyed, known,
    record::{Record, Syntax},
    shaped,
};
use crate::properties::redaction::{self, Twice};

/// Records that are damaged, of several thousand.
const DAMAGED: usize = 700;

/// Records that are moved to a border: each is a text of several hundred kilobytes.
const MOVED: usize = 6;

/// Most bytes of a block, and that much and what is seen behind one.
const BORDERS: [usize; 2] = [256 << 10, (256 << 10) + (64 << 10)];

/// What means something to a rule, or to the engine.
const WORDS: &[&str] = &[
    "\"",
    "'",
    "\\",
    "\\\"",
    "{",
    "}",
    "[",
    "]",
    ":",
    "=",
    "=>",
    ",",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\u{1b}[32m",
    "%22",
    "&quot;",
    "\\u0022",
    "\\n",
    "password=",
    "\"token\":\"",
    "Authorization: Basic ",
    "curl -u '",
    "<<EOS\n",
    ": |\n  ",
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "__REDACTED.x.00000000__",
    "__REDACTED.",
    "[FILTERED]",
    "://a:",
    "@",
    "\u{feff}",
    "é",
    "😀",
];

const ESCAPES: &[Esc] = &[
    Esc::None,
    Esc::Json,
    Esc::JsonAscii,
    Esc::JsonGo,
    Esc::JsonSlash,
    Esc::JsonTwice,
    Esc::JsonGoTwice,
    Esc::Percent,
    Esc::Form,
    Esc::PercentLower,
    Esc::PercentAll,
    Esc::PercentTwice,
    Esc::Userinfo,
    Esc::RubySingle,
    Esc::RubyInspect,
    Esc::RubyInspectJson,
    Esc::Doubled,
    Esc::Shell,
    Esc::ShellDouble,
    Esc::ShellBackslash,
    Esc::Xml,
    Esc::XmlAttribute,
    Esc::Redis,
    Esc::Bytes,
    Esc::Hex,
    Esc::HexUpper,
];

/// The values that are looked for everywhere, as any program would write them.
fn forms(learnt: &[KnownSecret], host: &Host) -> Vec<Vec<u8>> {
    let strong = |value: &str| {
        let same = |known: &&KnownSecret| known.value.expose().trim_ascii() == value.trim().as_bytes();
        learnt.iter().find(same).is_some_and(|known| strength(known) == Strength::Strong)
    };
    let values = host.values.iter().map(|(_, value)| value).filter(|value| strong(value));
    let mut forms = Vec::new();
    for value in values.flat_map(|value| known::parts(value)) {
        forms.extend(ESCAPES.iter().map(|escape| escape.apply(&value).into_bytes()));
        for before in 0..3 {
            let padded = [&[0; 2][..before], value.as_bytes()].concat();
            // What depends on no neighbour.
            let core = (before * 8).div_ceil(6)..padded.len() * 8 / 6;
            forms.push(BASE64_NOPAD.encode(&padded).as_bytes()[core.clone()].to_vec());
            forms.push(BASE64URL_NOPAD.encode(&padded).as_bytes()[core].to_vec());
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// A host, lines of a log of it that hold its secrets in every form, and those forms.
pub(crate) struct KnownLines {
    host: Host,
    pub(crate) text: Vec<u8>,
    forms: Vec<Vec<u8>>,
}

/// The same for the same seed.
pub(crate) fn known_lines(seed: u64, name: &str) -> KnownLines {
    let mut chance = Chance::new(seed);
    let host = Host::build(&mut chance, &format!("{name}-{seed}"));
    let learnt = host.learn();
    let records = known::records(&host, &learnt, &mut chance);
    let lines = records.iter().filter(|record| record.syntax == Syntax::JsonLine);
    let text = lines.flat_map(|record| record.text.iter().copied()).collect();
    let forms = forms(&learnt, &host);
    KnownLines { host, text, forms }
}

impl KnownLines {
    /// Where the host's files are.
    pub(crate) fn root(&self) -> &std::path::Path {
        self.host.root()
    }

    /// What of the secrets is in `text`, in whatever form.
    pub(crate) fn left_in(&self, text: &[u8]) -> Vec<String> {
        let search = AhoCorasick::new(&self.forms).unwrap();
        search.find_iter(text).map(|found| text[found.range()].escape_ascii().to_string()).collect()
    }
}

fn seeds() -> Vec<u64> {
    let now =
        || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64;
    match super::seeds().as_slice() {
        [one] => vec![*one],
        fixed => fixed.iter().copied().chain([now()]).collect(),
    }
}

struct Judge {
    redactor: Redactor,
    forms: AhoCorasick,
    seed: u64,
}

impl Judge {
    fn holds(&self, text: &[u8], twice: Twice, chance: &mut Chance) {
        let mut cuts = crate::properties::chance::Chance(chance.below(usize::MAX) as u64);
        let told =
            |why: &str| format!("with GLSOS_CORPUS_SEED={}: {why}\nof\n  {}", self.seed, text.escape_ascii());
        match redaction::holds(&self.redactor, text, twice, &mut cuts) {
            Ok(Some(out)) if !redaction::is_wide(text) => {
                let left = self.forms.find(&out).map(|found| out[found.range()].escape_ascii().to_string());
                assert!(left.is_none(), "{}", told(&format!("{left:?} is left")));
            }
            Ok(_) => {}
            Err(why) => panic!("{}", told(&why)),
        }
    }
}

#[test]
fn every_record_holds_by_itself_and_damaged() {
    for seed in seeds() {
        let mut chance = Chance::new(seed);
        let host = Host::build(&mut chance, &format!("mutated-{seed}"));
        let learnt = host.learn();
        let mut records = known::records(&host, &learnt, &mut chance);
        records.extend(shaped::records(&mut chance));
        records.extend(keyed::records(1, &mut chance));
        records.extend(kept::records(1, &mut chance));
        let forms = AhoCorasick::new(forms(&learnt, &host)).unwrap();
        let judge = Judge { redactor: Redactor::new(learnt).unwrap(), forms, seed };
        for _ in 0..DAMAGED {
            let record = chance.pick(&records);
            judge.holds(&record.text, Twice::Same, &mut chance);
            let text = damaged(record, &records, &mut chance);
            judge.holds(&text, Twice::Shrinks, &mut chance);
        }
        for _ in 0..MOVED {
            let text = moved(chance.pick(&records), &mut chance);
            judge.holds(&text, Twice::Shrinks, &mut chance);
        }
    }
}

fn damaged(record: &Record, all: &[Record], chance: &mut Chance) -> Vec<u8> {
    let mut text = record.text.clone();
    for _ in 0..chance.between(1, 3) {
        let at = chance.below(text.len() + 1);
        let to = at + chance.below((text.len() - at).min(60) + 1);
        match chance.below(9) {
            0 => text.truncate(at),
            1 => drop(text.drain(at..to)),
            2 => drop(text.splice(at..at, chance.pick(WORDS).bytes())),
            3 => drop(text.splice(at..at, text[at..to].to_vec())),
            4 => text.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << chance.below(8)),
            5 => {
                let other = &chance.pick(all).text;
                text.truncate(at);
                text.extend_from_slice(&other[chance.below(other.len() + 1)..]);
            }
            6 if record.syntax != Syntax::Utf16 => {
                let inner = String::from_utf8_lossy(&text).into_owned();
                text = serde_json::json!({ "message": inner, "pid": 7 }).to_string().into_bytes();
            }
            7 if record.syntax != Syntax::Utf16 => {
                let inner = Esc::Form.apply(&String::from_utf8_lossy(&text));
                text = format!("GET /x?q={inner}&page=2 HTTP/1.1\n").into_bytes();
            }
            _ => text.extend_from_slice(&chance.pick(all).text),
        }
    }
    text
}

/// Across a border, behind lines or within a line.
fn moved(record: &Record, chance: &mut Chance) -> Vec<u8> {
    let filler = *chance.pick(&["a line\n", "x", "{\"a\":1}\n"]);
    let border = *chance.pick(&BORDERS);
    let before = border - chance.below(record.text.len() + 1).min(border);
    let mut text: Vec<u8> = filler.bytes().cycle().take(before).collect();
    text.extend_from_slice(&record.text);
    text.extend(filler.bytes().cycle().take(1000));
    text
}
