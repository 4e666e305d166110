//! Reads an address out of rendered configuration: run scripts, TOML, YAML, JSON, Puma's Ruby, NGINX's directives.
//!
//! Nothing else of these files leaves this module: some hold secrets.

use std::path::Path;

use super::{super::Host, yaml};

/// Longer than any of these files.
const LIMIT: usize = 1 << 20;

/// Where an address is written.
#[derive(Debug)]
pub(super) enum Place {
    /// A flag of the command line in runit's script (`--flag=VALUE`, `-flag VALUE`).
    Flag { script: &'static str, flag: &'static str },
    /// A top-level key.
    Toml { file: &'static str, key: &'static str },
    /// Keys below a path; `port` is empty where the address has it. `enabled: false` and TLS beside them count.
    Yaml { file: &'static str, base: &'static str, address: &'static str, port: &'static str },
    /// `key=value` on a line.
    Line { file: &'static str, key: &'static str },
    /// Puma's `bind '…'`.
    Bind { file: &'static str },
    /// NGINX's `listen …;`.
    Listen { file: &'static str },
    /// One string of a JSON file.
    Json { file: &'static str, pointer: &'static str },
    /// Consul's JSON.
    Consul { file: &'static str },
}

/// What a place says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The file is not there, can't be read, or is not understood.
    Nothing,
    /// The service can't be asked, for this reason.
    Off(&'static str),
    /// One or more addresses, as they are written.
    At(Vec<String>),
}

const NOT_SET_UP: Said = Said::Off("not set up");
const SWITCHED_OFF: Said = Said::Off("switched off");
const TLS: Said = Said::Off("answers TLS only");

impl Place {
    /// The file.
    pub(super) fn file(&self) -> &'static str {
        match self {
            Self::Flag { script: file, .. }
            | Self::Toml { file, .. }
            | Self::Yaml { file, .. }
            | Self::Line { file, .. }
            | Self::Bind { file }
            | Self::Listen { file }
            | Self::Json { file, .. }
            | Self::Consul { file } => file,
        }
    }

    /// Reads it.
    pub(super) fn read(&self, host: &dyn Host) -> Said {
        let text =
            host.read(Path::new(self.file()), LIMIT).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(text) = text else { return Said::Nothing };
        match self {
            Self::Flag { flag, .. } => flags(&text, flag),
            Self::Toml { key, .. } => toml(&text, key),
            Self::Yaml { base, address, port, .. } => in_yaml(&text, base, address, port),
            Self::Line { key, .. } => line(&text, key),
            Self::Bind { .. } => binds(&text),
            Self::Listen { .. } => listens(&text),
            Self::Json { pointer, .. } => json(&text, pointer),
            Self::Consul { .. } => consul(&text),
        }
    }
}

fn at(found: Vec<String>) -> Said {
    if found.is_empty() { NOT_SET_UP } else { Said::At(found) }
}

fn flags(script: &str, flag: &str) -> Said {
    let lines = script.lines().filter(|line| !line.trim_start().starts_with('#'));
    let mut words = lines.flat_map(str::split_whitespace);
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        let Some(rest) = word.trim_start_matches('-').strip_prefix(flag).filter(|_| word.starts_with('-'))
        else {
            continue;
        };
        let value = match rest.strip_prefix('=') {
            Some(value) => Some(value),
            None if rest.is_empty() => words.next(),
            None => None,
        };
        // As the shell would take it: quotes and backslashes go.
        let value: String = value.unwrap_or_default().chars().filter(|c| !"\"'\\".contains(*c)).collect();
        if !value.is_empty() {
            found.push(value);
        }
    }
    at(found)
}

fn toml(text: &str, key: &str) -> Said {
    let Ok(table) = text.parse::<toml::Table>() else { return Said::Nothing };
    match table.get(key).and_then(|value| value.as_str()) {
        Some(value) if !value.is_empty() => Said::At(vec![value.to_owned()]),
        _ => NOT_SET_UP,
    }
}

fn in_yaml(text: &str, base: &str, address: &str, port: &str) -> Said {
    let Some(scalars) = yaml::scalars(text) else { return Said::Nothing };
    let get = |key: &str| scalars.get(&format!("{base}/{key}")).map(String::as_str).filter(|v| !v.is_empty());
    let given = |value: &str| !matches!(value, "false" | "~" | "null");
    if get("enabled") == Some("false") {
        return SWITCHED_OFF;
    }
    if ["tls_enabled", "certfile", "certificate_file"].iter().any(|key| get(key).is_some_and(given)) {
        return TLS;
    }
    let Some(address) = get(address) else { return NOT_SET_UP };
    if port.is_empty() {
        return Said::At(vec![address.to_owned()]);
    }
    let Some(port) = get(port) else { return NOT_SET_UP };
    Said::At(vec![joined(address, port)])
}

/// Address and port; an address of IPv6 gets its brackets.
fn joined(address: &str, port: impl std::fmt::Display) -> String {
    let bare = address.contains(':') && !address.starts_with('[');
    if bare { format!("[{address}]:{port}") } else { format!("{address}:{port}") }
}

fn line(text: &str, key: &str) -> Said {
    let value = |line: &str| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    };
    at(text.lines().filter_map(value).filter(|value| !value.is_empty()).collect())
}

fn binds(text: &str) -> Said {
    let quoted = |line: &str| {
        let rest = line.trim_start().strip_prefix("bind")?.trim_start_matches(['(', ' ']);
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        Some(rest[1..].split(quote).next()?.to_owned())
    };
    at(text.lines().filter_map(quoted).collect())
}

/// A directive with `ssl` answers TLS only, so it tells nothing here.
fn listens(text: &str) -> Said {
    let address = |line: &str| {
        let rest = line.trim().strip_prefix("listen")?.strip_suffix(';')?;
        let mut words = rest.strip_prefix([' ', '\t'])?.split_whitespace();
        let address = words.next()?;
        let plain = !words.any(|word| matches!(word, "ssl" | "quic" | "proxy_protocol"));
        plain.then(|| if address.contains(':') { address.to_owned() } else { format!("*:{address}") })
    };
    at(text.lines().filter_map(address).collect())
}

fn json(text: &str, pointer: &str) -> Said {
    let Ok(config) = serde_json::from_str::<serde_json::Value>(text) else { return Said::Nothing };
    let address = config.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default();
    if address.is_empty() { NOT_SET_UP } else { Said::At(vec![address.to_owned()]) }
}

fn consul(text: &str) -> Said {
    let Ok(config) = serde_json::from_str::<serde_json::Value>(text) else { return Said::Nothing };
    let port = config.pointer("/ports/http").and_then(serde_json::Value::as_i64).unwrap_or(8500);
    if port <= 0 {
        return SWITCHED_OFF;
    }
    let text = |pointer| config.pointer(pointer).and_then(serde_json::Value::as_str);
    let addresses = text("/addresses/http").or_else(|| text("/client_addr")).unwrap_or("127.0.0.1");
    at(addresses
        .split_whitespace()
        .map(|address| if address.contains('/') { address.to_owned() } else { joined(address, port) })
        .collect())
}
