//! Whether what comes out is right.

use glsos::{redact::Redactor, scan::Scanner};
use serde_json::Value;

use crate::{
    corpus::{Corpus, File, known},
    speed::redact,
};

/// Says what is wrong; true if nothing is.
pub(crate) fn run(corpus: &Corpus) -> bool {
    let redactor = Redactor::new(known()).unwrap();
    let scanner = Scanner::new();
    let mut wrong = Vec::new();
    let (mut lines, mut markers) = (0, 0);
    for file in &corpus.files {
        let out = redact(&redactor, &file.bytes);
        lines += out.split(|byte| *byte == b'\n').count();
        markers += memchr::memmem::find_iter(&out, b"__REDACTED.").count();
        same_json(file, &out, &mut wrong);
        no_hit(&scanner, &file.name, &out, &mut wrong);
        nothing_planted(corpus, &file.name, &out, &mut wrong);
        if redact(&redactor, &out) != out {
            wrong.push(format!("{}: redacting twice is not redacting once", file.name));
        }
    }
    for file in &corpus.clean {
        let out = redact(&redactor, &file.bytes);
        if out != file.bytes {
            let differs = out.iter().zip(&file.bytes).position(|(a, b)| a != b).unwrap_or(0);
            let from = differs.saturating_sub(60);
            let shown = String::from_utf8_lossy(&out[from..out.len().min(differs + 60)]).into_owned();
            wrong.push(format!("{}: holds no secret, but came out as …{shown}…", file.name));
        }
    }
    println!("check: {} planted, {markers} redacted, {lines} lines", corpus.planted.len());
    wrong.iter().take(20).for_each(|what| println!("  WRONG {what}"));
    wrong.is_empty()
}

/// What would still tell a planted secret.
fn core(planted: &str) -> &str {
    match planted.split_once("://deploy:").and_then(|(_, rest)| rest.split_once('@')) {
        Some((password, _)) => password,
        None => planted,
    }
}

fn nothing_planted(corpus: &Corpus, name: &str, out: &[u8], wrong: &mut Vec<String>) {
    let needles = corpus.planted.iter().map(|planted| core(planted));
    let search = aho_corasick::AhoCorasick::new(needles).unwrap();
    for found in search.find_iter(out) {
        wrong.push(format!("{name}: {} is left", corpus.planted[found.pattern().as_usize()]));
    }
}

fn no_hit(scanner: &Scanner, name: &str, out: &[u8], wrong: &mut Vec<String>) {
    for line in out.split(|byte| *byte == b'\n') {
        if let Some(rule) = scanner.hit(b"", line) {
            wrong.push(format!("{name}: the second scan says {rule}: {}", String::from_utf8_lossy(line)));
        }
    }
}

/// Every line that was JSON is, and only strings differ, and only by markers.
fn same_json(file: &File, out: &[u8], wrong: &mut Vec<String>) {
    let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
    if lines(&file.bytes) != lines(out) {
        wrong.push(format!("{}: lines were lost", file.name));
    }
    let pairs = file.bytes.split(|byte| *byte == b'\n').zip(out.split(|byte| *byte == b'\n'));
    for (before, after) in pairs.filter(|(before, _)| before.starts_with(b"{")) {
        let Ok(before) = serde_json::from_slice::<Value>(before) else { continue };
        let same = serde_json::from_slice::<Value>(after).is_ok_and(|after| same(&before, &after));
        if !same {
            wrong.push(format!("{}: not the same JSON: {}", file.name, String::from_utf8_lossy(after)));
        }
    }
}

fn same(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, v), (l, w))| k == l && same(v, w))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(v, w)| same(v, w)),
        (Value::String(a), Value::String(b)) => a == b || b.contains("__REDACTED."),
        (before, after) => before == after,
    }
}
