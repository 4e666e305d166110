//! What redaction must hold for any text: where it is cut does not matter, twice changes nothing more,
//! lines stay lines, and JSON stays JSON of which only values changed.

use glsos::redact::{Broken, Redacted, Redactor};
use serde_json::Value;

use super::chance::Chance;

/// What redacting once more may change.
#[derive(Clone, Copy)]
pub(crate) enum Twice {
    /// Nothing.
    Same,
    /// In a text that no program writes, what stands beside a marker may look like a secret that did not
    /// before. More may go then, each time; lines stay lines.
    Shrinks,
}

/// Passes that are looked at.
const PASSES: usize = 3;

/// What comes out; nothing where the text is withheld. The error says which property does not hold.
pub(crate) fn holds(
    redactor: &Redactor,
    text: &[u8],
    twice: Twice,
    chance: &mut Chance,
) -> Result<Option<Vec<u8>>, String> {
    let whole = in_pieces(redactor, text, || usize::MAX);
    let most = [3, 90, 5_000, 100_000][chance.below(4)];
    let cut = in_pieces(redactor, text, || 1 + chance.below(most));
    same_cut(&whole, &cut, most)?;
    if text.len() < 20_000 {
        same_cut(&whole, &in_pieces(redactor, text, || 1), 1)?;
    }
    let out = match whole {
        Ok(out) => out,
        Err(Broken::NotText) => return Ok(None),
        Err(broken) => return Err(broken.to_string()),
    };
    if let Some(changed) = again(redactor, &out)? {
        match twice {
            Twice::Same => return Err(format!("twice changes more:\n{}", differs(&out, &changed))),
            Twice::Shrinks => shrinks(redactor, &out, changed)?,
        }
    }
    if !is_wide(text) {
        if line_ends(text).ne(line_ends(&out)) {
            return Err(format!("other line ends:\n{}", differs(text, &out)));
        }
        same_json(text, &out)?;
    }
    Ok(Some(out))
}

/// What comes out of what was redacted, where it is not the same.
fn again(redactor: &Redactor, out: &[u8]) -> Result<Option<Vec<u8>>, String> {
    match in_pieces(redactor, out, || usize::MAX) {
        Ok(again) => Ok(Some(again).filter(|again| again != out)),
        // So much went that the rest is no text.
        Err(Broken::NotText) => Ok(None),
        Err(broken) => Err(format!("twice: {broken}")),
    }
}

fn shrinks(redactor: &Redactor, before: &[u8], changed: Vec<u8>) -> Result<(), String> {
    let (mut last, mut next) = (before.to_vec(), changed);
    for _ in 0..PASSES {
        if line_ends(&last).ne(line_ends(&next)) {
            return Err(format!("other line ends when redacted again:\n{}", differs(&last, &next)));
        }
        let Some(after) = again(redactor, &next)? else { return Ok(()) };
        last = std::mem::replace(&mut next, after);
    }
    Ok(())
}

pub(crate) fn in_pieces(
    redactor: &Redactor,
    mut text: &[u8],
    mut next: impl FnMut() -> usize,
) -> Result<Vec<u8>, Broken> {
    let (mut stream, mut out) = (redactor.stream(), Redacted::empty());
    while !text.is_empty() {
        let (now, later) = text.split_at(next().clamp(1, text.len()));
        stream.push(now, &mut out)?;
        text = later;
    }
    stream.finish(&mut out)?;
    Ok(out.as_bytes().to_vec())
}

fn same_cut(
    whole: &Result<Vec<u8>, Broken>,
    cut: &Result<Vec<u8>, Broken>,
    most: usize,
) -> Result<(), String> {
    match (whole, cut) {
        (Ok(whole), Ok(cut)) if whole != cut => {
            Err(format!("in pieces of up to {most} bytes it comes out differently:\n{}", differs(whole, cut)))
        }
        (Ok(_), Err(broken)) | (Err(broken), Ok(_)) => {
            Err(format!("whole or in pieces of up to {most} bytes: {broken}"))
        }
        _ => Ok(()),
    }
}

pub(crate) fn is_wide(text: &[u8]) -> bool {
    text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff")
}

fn line_ends(text: &[u8]) -> impl Iterator<Item = u8> {
    text.iter().copied().filter(|byte| matches!(byte, b'\n' | b'\r'))
}

/// Where two texts differ, of both.
pub(crate) fn differs(one: &[u8], other: &[u8]) -> String {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let shown = |text: &[u8]| {
        let around = &text[same.saturating_sub(200).min(text.len())..text.len().min(same + 200)];
        around.escape_ascii().to_string()
    };
    format!("  {}\n  {}", shown(one), shown(other))
}

/// A text that is JSON as a whole, or of which every line is, stays so.
fn same_json(before: &[u8], after: &[u8]) -> Result<(), String> {
    // A bare number is a text like any other.
    let parsed = |text: &[u8]| {
        serde_json::from_slice::<Value>(text).ok().filter(|value| value.is_object() || value.is_array())
    };
    if let Some(old) = parsed(before) {
        let new = parsed(after).ok_or_else(|| format!("no JSON any more:\n{}", differs(before, after)))?;
        return same(&old, &new);
    }
    let lines = |text: &[u8]| -> Vec<Vec<u8>> {
        text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
    };
    let (old, new) = (lines(before), lines(after));
    let Some(values) = old.iter().map(|line| parsed(line)).collect::<Option<Vec<_>>>() else { return Ok(()) };
    for ((value, old), new) in values.iter().zip(&old).zip(&new) {
        let parsed =
            parsed(new).ok_or_else(|| format!("no line of JSON any more:\n{}", differs(old, new)))?;
        same(value, &parsed)?;
    }
    Ok(())
}

/// The same keys in the same order, lists as long; what changed is a string with a marker in it.
fn same(old: &Value, new: &Value) -> Result<(), String> {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            a.iter().zip(b).try_for_each(|((key, a), (other, b))| {
                if key != other && !other.contains("__REDACTED.") {
                    return Err(format!("the key {key:?} is {other:?}"));
                }
                same(a, b)
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).try_for_each(|(a, b)| same(a, b))
        }
        // A list of the bytes of a secret may become shorter.
        (Value::Array(a), Value::Array(b)) if a.iter().all(Value::is_number) && b.iter().any(is_marked) => {
            Ok(())
        }
        (a, b) if a == b || (!a.is_array() && !a.is_object() && is_marked(b)) => Ok(()),
        (a, b) => Err(format!("JSON: {a} is {b}")),
    }
}

fn is_marked(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains("__REDACTED."))
}
