//! The second scan, judged on the corpus that the redactor is judged on: what it flags while nothing is redacted, and that it
//! is silent on what redaction leaves.

use std::collections::BTreeMap;

use glsos::{redact::Redactor, scan::Scanner};

use super::{
    chance::Chance,
    kept, keyed,
    record::{Class, Record, Syntax},
    shaped,
};

/// Seeds that the redactor's own test does not use.
const SEEDS: &[u64] = &[11, 20_261_125];

/// Of the secrets of a class, so many must be flagged.
const LEAST: f64 = 0.95;

fn records(chance: &mut Chance, rounds: usize) -> Vec<Record> {
    let mut records = shaped::records(chance);
    // It looks through no escapes that no encoder writes.
    records.retain(|record| !record.plants.iter().any(|plant| plant.form.contains(", some")));
    records.extend(keyed::records(rounds, chance));
    records.extend(kept::records(rounds, chance));
    records
}

#[test]
fn the_second_scan_alone_flags_nearly_all_secrets_of_a_corpus() {
    let scanner = Scanner::new();
    for &seed in SEEDS {
        let mut planted: BTreeMap<Class, usize> = BTreeMap::new();
        let mut missed: BTreeMap<Class, Vec<String>> = BTreeMap::new();
        for record in records(&mut Chance::new(seed), 4) {
            let hit = scanner.hit(b"", &record.text).is_some();
            for plant in record.plants.iter().filter(|plant| plant.class != Class::Kept) {
                *planted.entry(plant.class).or_default() += 1;
                if !hit {
                    missed.entry(plant.class).or_default().push(plant.form.clone());
                }
            }
        }
        for (class, planted) in planted {
            let missed = missed.remove(&class).unwrap_or_default();
            let share = 1.0 - missed.len() as f64 / planted as f64;
            assert!(
                share >= LEAST,
                "seed {seed}: {class:?} {:.1} % of {planted}: {missed:#?}",
                share * 100.0
            );
        }
    }
}

#[test]
fn what_must_survive_is_no_hit_of_the_second_scan() {
    let scanner = Scanner::new();
    for &seed in SEEDS {
        for record in kept::records(8, &mut Chance::new(seed)) {
            let text = String::from_utf8_lossy(&record.text).into_owned();
            assert_eq!(scanner.hit(b"", &record.text), None, "{text}");
        }
    }
}

/// Ten megabytes; the bench `redact check` looks at a hundred.
#[test]
fn the_second_scan_is_silent_on_what_redaction_leaves() {
    const SIZE: usize = 10_000_000;
    let (scanner, redactor) = (Scanner::new(), Redactor::new(Vec::new()).unwrap());
    let mut chance = Chance::new(SEEDS[1]);
    let lines: Vec<Record> = kept::records(40, &mut chance)
        .into_iter()
        .chain(shaped::records(&mut chance))
        .filter(|record| matches!(record.syntax, Syntax::JsonLine | Syntax::Lines))
        .collect();
    // Redacted once, then looked at in every order: what stands together at a border is always another pair.
    let redacted: Vec<Vec<u8>> =
        lines.iter().map(|record| redactor.text(&record.text).as_bytes().to_vec()).collect();
    let mut text = Vec::new();
    while text.len() < SIZE {
        text.extend_from_slice(chance.pick::<Vec<u8>>(&redacted));
    }
    let mut hits = Vec::new();
    let mut reading = scanner.reading();
    text.chunks(300_000).for_each(|chunk| reading.push(chunk, &mut |hit| hits.push(hit)));
    reading.finish(&mut |hit| hits.push(hit));
    let shown = |line: u64| text.split(|b| *b == b'\n').nth(line as usize - 1).map(String::from_utf8_lossy);
    let told: Vec<_> = hits.iter().map(|hit| (hit, shown(hit.line))).take(5).collect();
    assert!(hits.is_empty(), "{} hits: {told:#?}", hits.len());
}
