//! The encoders of the programs on a GitLab host, written from their documentation and not from the redactor.

use std::fmt::Write as _;

/// How a text is written where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Esc {
    None,
    /// JSON as Ruby and Python write it.
    Json,
    /// JSON, all that is not ASCII as `\u`.
    JsonAscii,
    /// JSON as Go writes it: `&<>` as `\u0026`.
    JsonGo,
    /// JSON with `\/`.
    JsonSlash,
    /// JSON as Rails writes it for HTML.
    JsonRails,
    /// JSON, a third of all characters as `\u`, for no reason at all.
    JsonSome,
    /// JSON in a JSON string.
    JsonTwice,
    /// Go's JSON in a Go's JSON string.
    JsonGoTwice,
    /// JSON in JSON in JSON.
    JsonThrice,
    /// `encodeURIComponent`.
    Percent,
    /// Ruby's `CGI.escape` and Go's `QueryEscape`.
    Form,
    PercentLower,
    /// A third of all bytes, and those that must be.
    PercentSome,
    /// Each byte.
    PercentAll,
    /// In a URL that is a parameter of another one.
    PercentTwice,
    /// Go's `url.UserPassword`.
    Userinfo,
    /// Single quotes of Ruby.
    RubySingle,
    /// Ruby's `inspect`.
    RubyInspect,
    /// Ruby's `inspect`, in JSON.
    RubyInspectJson,
    /// Single quotes of YAML and SQL.
    Doubled,
    /// SQL in JSON.
    DoubledJson,
    /// Single quotes of a shell.
    Shell,
    /// Double quotes of a shell.
    ShellDouble,
    /// Bash's `%q`.
    ShellBackslash,
    Xml,
    XmlAttribute,
    /// Redis' MONITOR.
    Redis,
    /// `[104,117]`
    Bytes,
    Hex,
    HexUpper,
}

impl Esc {
    pub(super) fn apply(self, text: &str) -> String {
        match self {
            Self::None => text.to_owned(),
            Self::Json => json(text, |_| false, false),
            Self::JsonAscii => json(text, |c| !c.is_ascii(), false),
            Self::JsonGo => json(text, |c| "&<>".contains(c), false),
            Self::JsonSlash => json(text, |_| false, true),
            Self::JsonRails => json(text, |c| "&<>\u{2028}\u{2029}".contains(c), false),
            Self::JsonSome => json(text, |c| u32::from(c) % 3 == 1 && c >= ' ' && !"\"\\".contains(c), false),
            Self::JsonTwice => Self::Json.apply(&Self::Json.apply(text)),
            Self::JsonGoTwice => Self::JsonGo.apply(&Self::JsonGo.apply(text)),
            Self::JsonThrice => Self::Json.apply(&Self::JsonTwice.apply(text)),
            Self::Percent => percent(text, "-_.!~*'()", true),
            Self::Form => percent(text, "-_.* ", true).replace(' ', "+"),
            Self::PercentLower => percent(text, "-_.~", false),
            Self::PercentSome => {
                let kept: String = ('!'..='~').filter(|c| u32::from(*c) % 3 != 1).collect();
                let kept = kept.replace(['%', '"', '<', '>', '&', '#', '\\'], "");
                text.chars().fold(String::new(), |mut out, c| {
                    let kept = kept.contains(c);
                    let bytes = c.encode_utf8(&mut [0; 4]).bytes().collect::<Vec<_>>();
                    bytes.iter().for_each(|byte| match kept {
                        true => out.push(c),
                        false => write!(out, "%{byte:02X}").unwrap(),
                    });
                    out
                })
            }
            Self::PercentAll => text.bytes().fold(String::new(), |out, byte| out + &format!("%{byte:02X}")),
            Self::PercentTwice => Self::Percent.apply(&Self::Percent.apply(text)),
            Self::Userinfo => percent(text, "-_.~$&+,;=", true),
            Self::RubySingle => text.replace('\\', "\\\\").replace('\'', "\\'"),
            Self::RubyInspect => {
                let text = Self::Json.apply(text);
                text.replace("#{", "\\#{").replace("#$", "\\#$").replace("#@", "\\#@")
            }
            Self::RubyInspectJson => Self::Json.apply(&Self::RubyInspect.apply(text)),
            Self::Doubled => text.replace('\'', "''"),
            Self::DoubledJson => Self::Json.apply(&Self::Doubled.apply(text)),
            Self::Shell => text.replace('\'', "'\\''"),
            Self::ShellDouble => behind_backslash(text, |c| "\"\\$`".contains(c)),
            Self::ShellBackslash => behind_backslash(text, |c| {
                c.is_ascii() && !c.is_ascii_alphanumeric() && !"-._/:=%@+".contains(c)
            }),
            Self::Xml => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
            Self::XmlAttribute => Self::Xml.apply(text).replace('"', "&quot;").replace('\'', "&#39;"),
            Self::Redis => text.bytes().fold(String::new(), |mut out, byte| {
                match byte {
                    b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
                    0x20..0x7f => out.push(char::from(byte)),
                    _ => write!(out, "\\x{byte:02x}").unwrap(),
                }
                out
            }),
            Self::Bytes => text.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(","),
            Self::Hex => data_encoding::HEXLOWER.encode(text.as_bytes()),
            Self::HexUpper => data_encoding::HEXUPPER.encode(text.as_bytes()),
        }
    }
}

fn json(text: &str, more: fn(char) -> bool, slash: bool) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '/' if slash => out.push_str("\\/"),
            c if c < ' ' || more(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").unwrap();
                }
            }
            c => out.push(c),
        }
    }
    out
}

fn percent(text: &str, kept: &str, upper: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let c = char::from(byte);
        if byte.is_ascii() && (c.is_ascii_alphanumeric() || kept.contains(c)) {
            out.push(c);
        } else if upper {
            write!(out, "%{byte:02X}").unwrap();
        } else {
            write!(out, "%{byte:02x}").unwrap();
        }
    }
    out
}

fn behind_backslash(text: &str, which: fn(char) -> bool) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if which(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// A base64 text in lines of `width`, with `between` between them.
pub(super) fn wrapped(base64: &str, width: usize, between: &str) -> String {
    let lines: Vec<&str> =
        (0..base64.len()).step_by(width).map(|at| &base64[at..base64.len().min(at + width)]).collect();
    lines.join(between)
}
