//! Redacts a corpus as files and judges each planted value by what is left of it.

use std::{collections::BTreeMap, fmt::Write as _};

use glsos::redact::{Redacted, Redactor};

use super::{
    chance::Chance,
    record::{Class, Plant, Record, Syntax},
    structure,
};

/// What came out.
#[derive(Default)]
pub(super) struct Score {
    /// Planted and missed, by class.
    pub(super) counts: BTreeMap<Class, (usize, usize)>,
    /// Misses by what they are, each with one example: before and after.
    misses: BTreeMap<(Class, String), (usize, String)>,
    /// What is broken by redaction.
    pub(super) broken: Vec<String>,
}

impl Score {
    /// Of a thousand, how many of a class were missed.
    pub(super) fn permille(&self, class: Class) -> f64 {
        let (planted, missed) = self.counts.get(&class).copied().unwrap_or((0, 0));
        missed as f64 * 1000.0 / planted.max(1) as f64
    }

    pub(super) fn missed(&self, class: Class) -> usize {
        self.counts.get(&class).map_or(0, |(_, missed)| *missed)
    }

    /// For a person.
    pub(super) fn report(&self) -> String {
        let mut out = String::new();
        for (class, (planted, missed)) in &self.counts {
            let word = if *class == Class::Kept { "lost" } else { "left" };
            let _ = writeln!(
                out,
                "{class:?}: {planted} planted, {missed} {word} ({:.2} %)",
                self.permille(*class) / 10.0
            );
        }
        for ((class, form), (count, example)) in &self.misses {
            let _ = writeln!(out, "{class:?} x{count} {form}\n{example}");
        }
        for broken in self.broken.iter().take(40) {
            let _ = writeln!(out, "broken: {broken}");
        }
        out
    }
}

/// Redacts all records: lines of one syntax as one file, the others each as one.
pub(super) fn score(redactor: &Redactor, records: &[Record], chance: &mut Chance) -> Score {
    let mut score = Score::default();
    for syntax in [Syntax::JsonLine, Syntax::Lines] {
        let lines: Vec<&Record> = records.iter().filter(|record| record.syntax == syntax).collect();
        let text: Vec<u8> = lines.iter().flat_map(|record| record.text.iter().copied()).collect();
        let out = redact(redactor, &text, chance, &mut score);
        let mut rows = out.split_inclusive(|byte| *byte == b'\n');
        for record in &lines {
            let count = memchr::memchr_iter(b'\n', &record.text).count();
            let own: Vec<u8> = rows.by_ref().take(count).flatten().copied().collect();
            score.judge(record, &own);
        }
        if rows.next().is_some() {
            score.broken.push(format!("{syntax:?}: more lines than before"));
        }
    }
    for record in records.iter().filter(|record| !matches!(record.syntax, Syntax::JsonLine | Syntax::Lines)) {
        let out = redact(redactor, &record.text, chance, &mut score);
        score.judge(record, &out);
    }
    score
}

/// Redacts in pieces, and once more what came out, which must change nothing.
fn redact(redactor: &Redactor, text: &[u8], chance: &mut Chance, score: &mut Score) -> Vec<u8> {
    let whole = redactor.text(text).as_bytes().to_vec();
    let (mut stream, mut out) = (redactor.stream(), Redacted::empty());
    let mut rest = text;
    let most = *chance.pick(&[3, 100, 5_000, 100_000]);
    while !rest.is_empty() {
        let (now, later) = rest.split_at(chance.between(1, most).min(rest.len()));
        stream.push(now, &mut out).unwrap();
        rest = later;
    }
    stream.finish(&mut out).unwrap();
    if out.as_bytes() != whole {
        score
            .broken
            .push(format!("cut in pieces it comes out differently: {}", differs(&whole, out.as_bytes())));
    }
    let again = redactor.text(&whole);
    if again.as_bytes() != whole {
        score.broken.push(format!("twice changes more: {}", differs(&whole, again.as_bytes())));
    }
    whole
}

/// The first line in which two texts differ, of both.
fn differs(one: &[u8], other: &[u8]) -> String {
    let lines = |text: &[u8]| -> Vec<String> {
        text.split(|byte| *byte == b'\n').map(|line| String::from_utf8_lossy(line).into_owned()).collect()
    };
    let (one, other) = (lines(one), lines(other));
    let at = one.iter().zip(&other).position(|(a, b)| a != b).unwrap_or(0);
    format!("\n  {}\n  {}", one.get(at).map_or("", |s| s), other.get(at).map_or("", |s| s))
}

impl Score {
    fn judge(&mut self, record: &Record, out: &[u8]) {
        for plant in &record.plants {
            let count = self.counts.entry(plant.class).or_default();
            count.0 += 1;
            if is_missed(record, plant, out) {
                count.1 += 1;
                let example = || format!("    {}    {}\n", shown(&record.text), shown(out));
                self.misses.entry((plant.class, plant.form.clone())).or_insert_with(|| (0, example())).0 += 1;
            }
        }
        if let Err(why) = structure::same(record.syntax, &record.text, out) {
            self.broken.push(format!("{why}\n    {}    {}", shown(&record.text), shown(out)));
        }
    }
}

fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut text: String = text.chars().take(1500).collect();
    text = text.replace('\u{1b}', "^[").replace('\0', "^@").replace('\r', "^M");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn is_missed(record: &Record, plant: &Plant, after: &[u8]) -> bool {
    let narrow = |text: &[u8]| if record.syntax == Syntax::Utf16 { from_utf16(text) } else { text.to_vec() };
    let (written, before, after) = (narrow(&plant.written), narrow(&record.text), unmarked(&narrow(after)));
    if plant.class != Class::Kept {
        return is_left(&written, &before, &after);
    }
    // A number may well stand in a secret too.
    let secrets = record.plants.iter().filter(|plant| plant.class != Class::Kept);
    let before = secrets.fold(before, |text, secret| without(&text, &narrow(&secret.written)));
    let count = |text: &[u8]| memchr::memmem::find_iter(text, &written).count();
    count(&after) < count(&before)
}

/// Whether a part that tells something is left: eight bytes, or half of a shorter value. A part that stands
/// elsewhere in the record too tells nothing.
fn is_left(written: &[u8], before: &[u8], after: &[u8]) -> bool {
    let rest = without(before, written);
    let part = (written.len() / 2).clamp(4.min(written.len()), 8);
    written.windows(part).any(|part| {
        memchr::memmem::find(after, part).is_some() && memchr::memmem::find(&rest, part).is_none()
    })
}

/// `text` with a NUL for each `part`.
fn without(text: &[u8], part: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut from = 0;
    for at in memchr::memmem::find_iter(text, part) {
        out.extend_from_slice(&text[from..at]);
        out.push(0);
        from = at + part.len();
    }
    out.extend_from_slice(&text[from..]);
    out
}

/// `text` without markers: their names and tags are no part of what was there.
fn unmarked(text: &[u8]) -> Vec<u8> {
    const START: &[u8] = b"__REDACTED.";
    let mut out = Vec::new();
    let mut from = 0;
    for at in memchr::memmem::find_iter(text, START) {
        if at < from {
            continue;
        }
        out.extend_from_slice(&text[from..at]);
        out.push(0);
        let behind = at + START.len();
        from = memchr::memmem::find(&text[behind..], b"__").map_or(text.len(), |length| behind + length + 2);
    }
    out.extend_from_slice(&text[from..]);
    out
}

fn from_utf16(text: &[u8]) -> Vec<u8> {
    let units: Vec<u16> = text.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units).into_bytes()
}
