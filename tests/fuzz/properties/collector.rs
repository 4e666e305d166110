//! Any bytes as the file of a collector: a collector that can be listed, explained and told in the docs, or problems
//! that drive no terminal; the same each time.

use glsos::catalog::{self, Catalog, Origin, Words, docs, show};

const WORDS: Words<'_> = Words { probes: &["host-summary", "disks"] };

pub(crate) fn check(bytes: &[u8]) {
    let parse = || catalog::parse("mine", bytes, Origin::DropIn("/c/mine.toml".into()), &WORDS);
    let parsed = parse();
    assert_eq!(parsed, parse());
    let joined = parsed.and_then(|file| catalog::add(Catalog::default(), vec![file]));
    match joined {
        Ok(catalog) => {
            told(&show::list(&catalog, 80));
            for collector in &catalog.collectors {
                told(&show::explain(collector, 80));
                for source in &collector.sources {
                    told(&show::explain_source(collector, source, 40));
                }
            }
            assert!(docs::page(&catalog).ends_with('\n'));
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for problem in problems {
                told(&problem.to_string());
                told(&problem.hint.unwrap_or_default());
            }
        }
    }
}

/// Printed as it is.
fn told(text: &str) {
    let steers = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(steers), "{text:?}");
}
