//! Whether a redacted text is still what it was: as many lines, JSON of the same shape, YAML and TOML that parse alike.

use saphyr_parser::{Event, Parser};
use serde_json::Value;

use super::record::Syntax;

/// Why `after` is not of the same shape as `before`.
pub(super) fn same(syntax: Syntax, before: &[u8], after: &[u8]) -> Result<(), String> {
    let count = |text: &[u8], byte: u8| memchr::memchr_iter(byte, text).count();
    for (byte, what) in [(b'\n', "lines"), (b'\r', "carriage returns"), (0, "NULs"), (0x1b, "escapes")] {
        if syntax != Syntax::Utf16 && count(before, byte) != count(after, byte) {
            return Err(format!("other {what}"));
        }
    }
    let (Ok(old), Ok(new)) = (std::str::from_utf8(before), std::str::from_utf8(after)) else { return Ok(()) };
    match syntax {
        Syntax::JsonLine | Syntax::Json => {
            let value =
                |text: &str| serde_json::from_str::<Value>(text).map_err(|error| format!("no JSON: {error}"));
            json(&value(old).unwrap_or_else(|error| panic!("the corpus: {error}: {old}")), &value(new)?)
        }
        Syntax::Yaml => {
            let events = |text: &str| events(text).map_err(|error| format!("no YAML: {error}"));
            let (old, new) =
                (events(old).unwrap_or_else(|error| panic!("the corpus: {error}: {old}")), events(new)?);
            if old == new { Ok(()) } else { Err("YAML of another shape".into()) }
        }
        Syntax::Toml => {
            let value = |text: &str| text.parse::<toml::Table>().map_err(|error| format!("no TOML: {error}"));
            let (old, new) =
                (value(old).unwrap_or_else(|error| panic!("the corpus: {error}: {old}")), value(new)?);
            toml_table(&old, &new)
        }
        Syntax::Lines | Syntax::File | Syntax::Utf16 => Ok(()),
    }
}

/// The same keys in the same order, lists as long; a value that changed is a string.
fn json(old: &Value, new: &Value) -> Result<(), String> {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            if old.len() != new.len() {
                return Err("JSON with other keys".into());
            }
            for ((key, old), (other, new)) in old.iter().zip(new) {
                if key != other && !other.contains("__REDACTED.") {
                    return Err(format!("JSON: the key {key} is {other}"));
                }
                json(old, new)?;
            }
            Ok(())
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            old.iter().zip(new).try_for_each(|(old, new)| json(old, new))
        }
        // A list of bytes that are a secret may become one string, or a shorter list with a marker in it.
        (Value::Array(old), Value::Array(new))
            if old.iter().all(Value::is_number) && new.iter().any(is_marked) =>
        {
            Ok(())
        }
        (old, new) if old == new || (!old.is_array() && !old.is_object() && is_marked(new)) => Ok(()),
        (old, new) => Err(format!("JSON: {old} is {new}")),
    }
}

fn is_marked(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains("__REDACTED."))
}

/// The kinds of events, and the keys' and values' texts as far as they did not change.
fn events(text: &str) -> Result<Vec<&'static str>, String> {
    Parser::new_from_str(text)
        .map(|event| {
            let (event, _) = event.map_err(|error| error.to_string())?;
            Ok(match event {
                Event::Scalar(..) => "scalar",
                Event::MappingStart(..) => "{",
                Event::MappingEnd => "}",
                Event::SequenceStart(..) => "[",
                Event::SequenceEnd => "]",
                Event::Alias(..) => "alias",
                _ => "",
            })
        })
        .collect()
}

fn toml_table(old: &toml::Table, new: &toml::Table) -> Result<(), String> {
    let keys = |table: &toml::Table| table.keys().cloned().collect::<Vec<_>>();
    if keys(old) != keys(new) {
        return Err("TOML with other keys".into());
    }
    old.iter().zip(new.iter()).try_for_each(|((_, old), (_, new))| match (old, new) {
        (toml::Value::Table(old), toml::Value::Table(new)) => toml_table(old, new),
        (old, toml::Value::String(_)) if !old.is_table() && !old.is_array() => Ok(()),
        (old, new) if old.type_str() == new.type_str() => Ok(()),
        (old, new) => Err(format!("TOML: {old} is {new}")),
    })
}
