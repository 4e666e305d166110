//! A corpus with fresh random values each time, redacted and scored: secrets of a GitLab host's own in every
//! encoded form, tokens of published formats, values beside a secret's name in every syntax, and what must survive.
//!
//! `GLSOS_CORPUS_SEED` makes the corpus of one seed again. Each seed's scores, and what was missed within the
//! limits, are in `corpus-SEED.txt` in cargo's folder for tests (`target/tmp`).

mod carriers;
mod chance;
mod encode;
mod host;
mod kept;
mod keyed;
mod known;
mod logs;
mod mutated;
mod record;
mod scanned;
mod score;
mod shaped;
mod structure;
mod syntaxes;
mod template;

use glsos::redact::{Redactor, Strength, strength};

use chance::Chance;
use host::Host;
use record::Class;

/// Two fixed ones, and a new one each time: what holds for chance holds for all of it. A failure prints its seed.
pub(crate) fn seeds() -> Vec<u64> {
    if let Ok(seed) = std::env::var("GLSOS_CORPUS_SEED") {
        return vec![seed.parse().expect("GLSOS_CORPUS_SEED is a number")];
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    vec![1, 20_260_607, now.as_nanos() as u64]
}

pub(crate) use mutated::known_lines;

#[test]
fn no_secret_of_the_corpus_is_left_and_what_must_survive_does() {
    for seed in seeds() {
        let mut chance = Chance::new(seed);
        let host = Host::build(&mut chance, &format!("scored-{seed}"));
        let learnt = host.learn();
        let mut records = known::records(&host, &learnt, &mut chance);
        records.extend(shaped::records(&mut chance));
        records.extend(keyed::records(4, &mut chance));
        records.extend(kept::records(4, &mut chance));
        let redactor = Redactor::new(learnt).unwrap();
        let score = score::score(&redactor, &records, &mut chance);
        let report = score.report();
        // What was missed within the limits is of interest too.
        let place = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("corpus-{seed}.txt"));
        std::fs::write(place, &report).unwrap();
        assert!(
            score.missed(Class::Known) == 0
                && score.missed(Class::Shaped) == 0
                && score.permille(Class::Keyed) <= 10.0
                && score.permille(Class::Kept) <= 3.0
                && score.broken.is_empty(),
            "with GLSOS_CORPUS_SEED={seed}:\n{report}"
        );
    }
}

#[test]
fn every_secret_of_a_host_is_learnt_whatever_its_file() {
    for seed in seeds() {
        let mut chance = Chance::new(seed);
        let host = Host::build(&mut chance, &format!("learnt-{seed}"));
        let learnt = host.learn();
        assert_eq!(host.unknown(&learnt), Vec::<&str>::new(), "with GLSOS_CORPUS_SEED={seed}");
        for (place, value) in &host.values {
            let known =
                learnt.iter().find(|known| known.value.expose().trim_ascii() == value.trim().as_bytes());
            assert_eq!(known.map(strength), Some(Strength::Strong), "{place} with GLSOS_CORPUS_SEED={seed}");
        }
    }
}

/// docs/redaction.md; `GLSOS_BLESS=1 cargo test` writes it anew.
#[test]
fn the_page_about_redaction_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/redaction.md");
    let page = glsos::redact::docs::page();
    if std::env::var_os("GLSOS_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/redaction.md is not what the program says; run the tests with GLSOS_BLESS=1"
    );
}
