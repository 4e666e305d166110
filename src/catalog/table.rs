//! Reads one TOML table against its section of `keys`: unknown keys, missing keys and wrong types
//! are complaints; what is left is handed out by name.

use std::{collections::BTreeMap, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    keys::{Key, Need, Section, Type},
    problem::{Complaint, did_you_mean},
    rules::Told,
};
use crate::escape::is_odd;

/// The keys of one table that have the right type.
pub(super) struct Table<'t> {
    section: &'static Section,
    values: BTreeMap<&'static str, &'t Spanned<DeValue<'t>>>,
    /// The table's header or, of an inline table, the whole.
    pub(super) span: Range<usize>,
}

/// Reads a table; what is wrong goes to `complaints`, the rest can be read on.
pub(super) fn read<'t>(
    section: &'static Section,
    table: &'t DeTable<'t>,
    span: Range<usize>,
    complaints: &mut Vec<Complaint>,
) -> Table<'t> {
    let mut values = BTreeMap::new();
    for (name, value) in table {
        match section.key(name.get_ref()) {
            None => complaints.push(unknown(section, name.get_ref(), name.span())),
            Some(key) => match mistyped(key, value) {
                Some(complaint) => complaints.push(complaint),
                None => _ = values.insert(key.name, value),
            },
        }
    }
    for key in section.keys().filter(|key| key.need == Need::Must) {
        if !table.contains_key(key.name) {
            let example = format!("such as `{} = {}`", key.name, key.example);
            complaints.push(Complaint::new(span.clone(), format!("`{}` is missing", key.name)).hint(example));
        }
    }
    Table { section, values, span }
}

impl<'t> Table<'t> {
    /// A string, or the key's default (whose place is the table's).
    pub(super) fn text(&self, name: &str) -> Option<Told<'t>> {
        if let Some(value) = self.values.get(name) {
            return value.get_ref().as_str().map(|text| Told { text, span: value.span() });
        }
        match self.section.key(name)?.need {
            Need::Default(text) => Some(Told { text, span: self.span.clone() }),
            _ => None,
        }
    }

    /// A list of strings (a single one counts as a list), with the place of the whole; the key's default otherwise.
    pub(super) fn texts(&self, name: &str) -> Option<(Vec<Told<'t>>, Range<usize>)> {
        if let Some(value) = self.values.get(name) {
            let list = match value.get_ref() {
                DeValue::Array(items) => items.iter().filter_map(told).collect(),
                _ => told(value).into_iter().collect(),
            };
            return Some((list, value.span()));
        }
        match self.section.key(name)?.need {
            Need::Default(list) => {
                let told = |text| Told { text, span: self.span.clone() };
                Some((list.split(", ").map(told).collect(), self.span.clone()))
            }
            _ => None,
        }
    }

    /// A flag; false unless told.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.values.get(name).and_then(|value| value.get_ref().as_bool()).unwrap_or(false)
    }

    /// A table of its own.
    pub(super) fn table(&self, name: &str) -> Option<(&'t DeTable<'t>, Range<usize>)> {
        let value = self.values.get(name)?;
        Some((value.get_ref().as_table()?, value.span()))
    }

    /// All `[[name]]`.
    pub(super) fn tables(&self, name: &str) -> Vec<(&'t DeTable<'t>, Range<usize>)> {
        let items = self.values.get(name).and_then(|value| value.get_ref().as_array());
        items
            .into_iter()
            .flat_map(|items| items.iter())
            .filter_map(|item| Some((item.get_ref().as_table()?, item.span())))
            .collect()
    }
}

fn told<'t>(value: &'t Spanned<DeValue<'t>>) -> Option<Told<'t>> {
    value.get_ref().as_str().map(|text| Told { text, span: value.span() })
}

fn unknown(section: &'static Section, name: &str, span: Range<usize>) -> Complaint {
    let shown: String = name.chars().take(40).map(|c| if is_odd(c) { '\u{fffd}' } else { c }).collect();
    let complaint = Complaint::new(span, format!("unknown key `{shown}` in {}", section.title));
    let hint = match name {
        "shell" | "cmd" | "args" => {
            Some("`run` is the program and its arguments: `run = [\"uname\", \"-a\"]`".to_owned())
        }
        _ if name.contains("redact") => Some("what is redacted can't be changed by a collector".to_owned()),
        _ => did_you_mean(name, section.keys().map(|key| key.name)),
    };
    let known = || format!("known: {}", section.keys().map(|key| key.name).collect::<Vec<_>>().join(", "));
    complaint.hint(hint.unwrap_or_else(known))
}

/// What is wrong with the type of a key's value.
fn mistyped(key: &'static Key, value: &Spanned<DeValue>) -> Option<Complaint> {
    let wrong = |at: &Spanned<DeValue>, expected: &str| {
        let is = at.get_ref().type_str();
        let complaint = Complaint::new(at.span(), format!("`{}` is {expected}, not of type {is}", key.name));
        let shown = !key.example.is_empty();
        Some(complaint.maybe(shown.then(|| format!("such as `{} = {}`", key.name, key.example))))
    };
    let strings = |items: &[Spanned<DeValue>]| {
        items.iter().find(|item| !item.get_ref().is_str()).and_then(|item| wrong(item, "a list of strings"))
    };
    match (key.value, value.get_ref()) {
        (Type::Text | Type::OneOrMore, DeValue::String(_))
        | (Type::Flag, DeValue::Boolean(_))
        | (Type::Table(_), DeValue::Table(_)) => None,
        (Type::Texts | Type::OneOrMore, DeValue::Array(items)) => strings(items),
        (Type::Tables(section), DeValue::Array(items)) => items
            .iter()
            .find(|item| !item.get_ref().is_table())
            .and_then(|item| wrong(item, &format!("a table, written `{}`", section.title))),
        (Type::Text, _) => wrong(value, "a string"),
        (Type::Texts, _) => wrong(value, "a list of strings"),
        (Type::OneOrMore, _) => wrong(value, "a string or a list of strings"),
        (Type::Flag, _) => wrong(value, "`true` or `false`"),
        (Type::Table(_), _) => wrong(value, "a table"),
        (Type::Tables(section), _) => {
            wrong(value, &format!("a list of tables, each written `{}`", section.title))
        }
    }
}
