//! The second scan of what is no entry's content: names, command lines, reasons, stderr.
//! A text that hits is replaced whole; the entry itself is judged by its bytes.

use super::{
    manifest::{Asked, Text},
    name::EntryName,
    piece::{Head, Tail},
    segment::{Check, checked},
};

/// What stands in place of a text that the second scan objected to.
pub(super) const WITHHELD: Text = Text::word("withheld by the second scan");

pub(super) fn head(check: &dyn Check, head: &mut Head) {
    if checked(check, b"", head.name.as_str().as_bytes()).is_some() {
        head.name = EntryName::own("withheld");
    }
    text(check, &mut head.collector);
    text(check, &mut head.source);
    match &mut head.asked {
        Asked::Path(path) => text(check, path),
        Asked::Argv(argv) => {
            // A secret may stand behind the option that names it.
            let line: Vec<&str> = argv.iter().map(Text::as_str).collect();
            if checked(check, b"", line.join(" ").as_bytes()).is_some() {
                argv.iter_mut().skip(1).for_each(|argument| *argument = WITHHELD);
            }
        }
        Asked::Get { at, path } => [at, path].into_iter().for_each(|part| text(check, part)),
        Asked::Probe(name) => text(check, name),
        Asked::Nothing => {}
    }
}

pub(super) fn tail(check: &dyn Check, tail: &mut Tail) {
    text(check, &mut tail.reason);
    tail.stderr.iter_mut().for_each(|stderr| text(check, stderr));
    tail.window.iter_mut().filter_map(|window| window.note.as_mut()).for_each(|note| text(check, note));
}

/// The strings of a JSON value, keys aside.
pub(super) fn json(check: &dyn Check, value: &mut serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::String(string) if checked(check, b"", string.as_bytes()).is_some() => {
            *string = WITHHELD.as_str().to_owned();
        }
        Value::Array(items) => items.iter_mut().for_each(|item| json(check, item)),
        Value::Object(members) => members.values_mut().for_each(|member| json(check, member)),
        _ => {}
    }
}

fn text(check: &dyn Check, text: &mut Text) {
    if !text.is_empty() && checked(check, b"", text.as_str().as_bytes()).is_some() {
        *text = WITHHELD;
    }
}
