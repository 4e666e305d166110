//! The forms in which a value is met again: as it is, or as an encoder wrote it, one layer of JSON,
//! base64, percent, hex, XML, quotes, UTF-16 or numbers (JSON twice) around it or around the text that
//! it stands in. Makes strings to look for; finds nothing itself.
//!
//! An encoder has its habits and keeps them: a value whose `&` became `\u0026` has no `\u003C` beside
//! it. So a value has as many forms as there are habits, not as many as there are combinations, and a
//! value of letters and digits has some fifteen.

use data_encoding::{BASE64_NOPAD, HEXLOWER, HEXUPPER};
use zeroize::Zeroizing;

/// How to take a form for the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Just these bytes.
    Text,
    /// A part of a base64 text, which goes whole.
    Base64,
    /// Numbers of a list, as journald writes bytes that are no text.
    Numbers,
}

/// A form; zeroed when dropped.
pub(super) type Bytes = Zeroizing<Vec<u8>>;

/// How many forms a value gets: with ten thousand values the rarest would cost more memory than
/// they are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Breadth {
    /// What logs are full of.
    Few,
    /// Every habit known.
    All,
}

/// Longer forms can't be seen whole in a window; their value's lines are looked for instead.
const LONGEST: usize = 16 << 10;

/// A line of a key that is worth looking for by itself.
const PEM_LINE: usize = 16;

/// All the forms of a value, with repetitions.
pub(super) fn forms(value: &[u8], breadth: Breadth) -> Vec<(Bytes, Kind)> {
    let mut forms = Vec::new();
    for part in parts(value) {
        add_forms(part, breadth, &mut forms);
    }
    forms.retain(|(bytes, _)| bytes.len() <= LONGEST);
    forms
}

/// The value, and what of it is a secret by itself: the lines of a key, the pieces of a long one.
fn parts(value: &[u8]) -> Vec<&[u8]> {
    const PIECE: usize = 512;
    let mut parts = vec![value];
    if value.contains(&b'\n') {
        let pem = value.starts_with(b"-----BEGIN ");
        let lines = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        parts.extend(lines.filter(|line| is_part(line, pem)));
    } else if value.len() > 2 * PIECE {
        parts.extend(value.chunks_exact(PIECE));
        parts.push(&value[value.len() - PIECE..]);
    }
    parts
}

fn is_part(line: &[u8], pem: bool) -> bool {
    let base64 = line.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
    let random = line.iter().any(u8::is_ascii_digit) && line.iter().any(u8::is_ascii_alphabetic);
    // A line of a text in several lines is a secret only if it looks like one.
    line.len() >= PEM_LINE && base64 && (pem || (random && line.len() >= 2 * PEM_LINE))
}

fn add_forms(value: &[u8], breadth: Breadth, forms: &mut Vec<(Bytes, Kind)>) {
    let mut text = |bytes: Vec<u8>| forms.push((Zeroizing::new(bytes), Kind::Text));
    text(value.to_vec());
    if value.contains(&b'\n') {
        text(replaced(value, |byte| (byte == b'\n').then(|| b"\r\n".to_vec())));
    }
    json(value, breadth, &mut text);
    percent(value, breadth, &mut text);
    quotes(value, breadth, &mut text);
    xml(value, breadth, &mut text);
    text(HEXLOWER.encode(value).into_bytes());
    text(HEXUPPER.encode(value).into_bytes());
    if let Ok(value) = std::str::from_utf8(value) {
        text(value.encode_utf16().flat_map(u16::to_le_bytes).collect());
        text(value.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    if breadth == Breadth::All {
        for separator in [",", ", "] {
            let list: Vec<String> = value.iter().map(u8::to_string).collect();
            forms.push((Zeroizing::new(list.join(separator).into_bytes()), Kind::Numbers));
        }
    }
    for alignment in 0..3 {
        base64(value, alignment, breadth, forms);
    }
}

/// The characters that depend on nothing but the value, wherever in a longer text it stands.
fn base64(value: &[u8], alignment: usize, breadth: Breadth, forms: &mut Vec<(Bytes, Kind)>) {
    let mut padded = Zeroizing::new(vec![0; alignment]);
    padded.extend_from_slice(value);
    let encoded = Zeroizing::new(BASE64_NOPAD.encode(&padded).into_bytes());
    let core = (alignment * 8).div_ceil(6)..(padded.len() * 8) / 6;
    let Some(core) = encoded.get(core) else { return };
    let mut add = |bytes: Vec<u8>| forms.push((Zeroizing::new(bytes), Kind::Base64));
    let with = |plus: &[u8], slash: &[u8]| {
        replaced(core, |byte| match byte {
            b'+' => Some(plus.to_vec()),
            b'/' => Some(slash.to_vec()),
            _ => None,
        })
    };
    add(core.to_vec());
    add(with(b"-", b"_"));
    if breadth == Breadth::All {
        // In a query string, and in JSON as some write it.
        add(with(b"%2B", b"%2F"));
        add(with(b"%2b", b"%2f"));
        add(with(b"%252B", b"%252F"));
        add(with(b"+", b"\\/"));
    }
}

/// One encoder's habits in writing a JSON string.
#[derive(Clone, Copy, Default)]
struct Json {
    /// `/` as `\/`.
    slash: bool,
    /// `&<>` as `\u0026`; with 2 also `'"=+` and the backtick, with 3 `'=` as Gson does, with 4 all but letters,
    /// digits and blanks.
    html: u8,
    /// No byte above 0x7f.
    ascii: bool,
    /// `\u00E9`, not `\u00e9`.
    upper: bool,
}

impl Json {
    fn escape(self, value: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(value.len() + 8);
        for chunk in value.utf8_chunks() {
            for char in chunk.valid().chars() {
                self.char(char, &mut out);
            }
            out.extend_from_slice(chunk.invalid());
        }
        out
    }

    fn char(self, char: char, out: &mut Vec<u8>) {
        let short = match char {
            '"' | '\\' => Some(char as u8),
            '\n' => Some(b'n'),
            '\r' => Some(b'r'),
            '\t' => Some(b't'),
            '\u{8}' => Some(b'b'),
            '\u{c}' => Some(b'f'),
            '/' if self.slash => Some(b'/'),
            _ => None,
        };
        let html = match char {
            '&' | '<' | '>' => self.html >= 1,
            '\'' | '=' => self.html >= 2,
            '"' | '+' | '`' => matches!(self.html, 2 | 4),
            _ => self.html >= 4 && char.is_ascii_punctuation(),
        };
        if html || (char < ' ' && short.is_none()) || (self.ascii && !char.is_ascii()) {
            for unit in char.encode_utf16(&mut [0; 2]) {
                let hex = if self.upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
                out.extend_from_slice(hex.as_bytes());
            }
        } else if let Some(letter) = short {
            out.extend([b'\\', letter]);
        } else {
            out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

fn json(value: &[u8], breadth: Breadth, add: &mut impl FnMut(Vec<u8>)) {
    if value.iter().all(u8::is_ascii_alphanumeric) {
        return;
    }
    let most = if breadth == Breadth::All { 4 } else { 1 };
    for (slash, ascii, upper) in
        [0, 1, 2, 3, 4, 5, 6, 7].map(|bits| (bits & 1 > 0, bits & 2 > 0, bits & 4 > 0))
    {
        for html in 0..=most {
            let once = Zeroizing::new(Json { slash, html, ascii, upper }.escape(value));
            let twice = Zeroizing::new(Json::default().escape(&once));
            if !(slash || ascii || upper) && html == 0 {
                add(Json::default().escape(&twice));
            }
            add(twice.to_vec());
            if slash {
                add(Json { slash, ..Json::default() }.escape(&once));
            }
            add(once.to_vec());
        }
    }
}

/// What encoders leave as it is, besides letters and digits.
const KEPT: &[&[u8]] = &[
    b"-._~",
    b"-._*",
    b"",
    b"_",
    b"-_.",
    b"-._~/",
    b"-._~!'()*",
    b"-._~$&+,;=",
    b"-._~!$&'()*+,;=",
    b"-._~!$&'()*+,;=:@/",
    b"-._~!$&'()*+,;=:@/?#[]",
];

fn percent(value: &[u8], breadth: Breadth, add: &mut impl FnMut(Vec<u8>)) {
    let coded = |byte: u8, upper: bool| {
        let hex = if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") };
        Some(hex.into_bytes())
    };
    let sets = if breadth == Breadth::All { KEPT } else { &KEPT[..2] };
    for upper in [true, false] {
        for kept in sets.iter().filter(|_| !value.iter().all(u8::is_ascii_alphanumeric)) {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || kept.contains(&byte);
            let once =
                Zeroizing::new(replaced(value, |byte| if plain(byte) { None } else { coded(byte, upper) }));
            // Nested in another URL.
            add(replaced(&once, |byte| (byte == b'%').then(|| b"%25".to_vec())));
            add(replaced(value, |byte| match byte {
                b' ' => Some(b"+".to_vec()),
                byte if plain(byte) => None,
                byte => coded(byte, upper),
            }));
            add(once.to_vec());
        }
        add(replaced(value, |byte| coded(byte, upper)));
    }
}

/// Inside the quotes of shells, SQL, YAML, Ruby, Python, and escaped without any.
fn quotes(value: &[u8], breadth: Breadth, add: &mut impl FnMut(Vec<u8>)) {
    if value.iter().all(u8::is_ascii_alphanumeric) {
        return;
    }
    let mut both = |bytes: Vec<u8>| {
        let bytes = Zeroizing::new(bytes);
        add(Json::default().escape(&bytes));
        add(bytes.to_vec());
    };
    for quote in ["''", r"\'", r"'\''", r#"'"'"'"#] {
        both(replaced(value, |byte| (byte == b'\'').then(|| quote.into())));
    }
    let backslash = |set: &'static [u8]| move |byte: u8| set.contains(&byte).then(|| vec![b'\\', byte]);
    both(replaced(value, backslash(br"'\")));
    both(replaced(value, backslash(br#"'"\"#)));
    both(replaced(value, backslash(br#""\$`"#)));
    both(replaced(value, backslash(br##""\#"##)));
    both(inspected(value));
    if breadth == Breadth::Few {
        return;
    }
    // What bash's %q and Ruby's Shellwords leave.
    for kept in [b"-._/:=%@+".as_slice(), b"-._/:,@+\n", b"-._/:@,+=%~"] {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || kept.contains(&byte) || byte >= 0x80;
        both(replaced(value, |byte| (!plain(byte)).then(|| vec![b'\\', byte])));
    }
    let quoted = |byte: u8| matches!(byte, b'"' | b'\\').then(|| vec![b'\\', byte]);
    let odd = |byte: u8| !(0x20..0x7f).contains(&byte);
    // Redis and Python; NGINX; C, git and strace.
    both(replaced(
        value,
        |byte| if odd(byte) { Some(format!("\\x{byte:02x}").into()) } else { quoted(byte) },
    ));
    both(replaced(value, |byte| {
        (odd(byte) || matches!(byte, b'"' | b'\\')).then(|| format!("\\x{byte:02X}").into())
    }));
    both(replaced(value, |byte| if odd(byte) { Some(format!("\\{byte:03o}").into()) } else { quoted(byte) }));
}

/// As Ruby's `inspect` has it: a `#` only where it would begin an interpolation.
fn inspected(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 8);
    for (at, byte) in value.iter().enumerate() {
        let hash = *byte == b'#' && matches!(value.get(at + 1), Some(b'{' | b'$' | b'@'));
        if hash || matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out
}

fn xml(value: &[u8], breadth: Breadth, add: &mut impl FnMut(Vec<u8>)) {
    if !value.iter().any(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
        return;
    }
    let (quot, apos): (&[&str], &[&str]) = match breadth {
        Breadth::All => (&["\"", "&quot;", "&#34;", "&#x22;"], &["'", "&#39;", "&apos;", "&#x27;", "&#039;"]),
        Breadth::Few => (&["\"", "&quot;"], &["'", "&#39;"]),
    };
    for quot in quot {
        for apos in apos {
            let entity = |byte: u8| match byte {
                b'&' => Some(b"&amp;".to_vec()),
                b'<' => Some(b"&lt;".to_vec()),
                b'>' => Some(b"&gt;".to_vec()),
                b'"' => Some(quot.as_bytes().to_vec()),
                b'\'' => Some(apos.as_bytes().to_vec()),
                _ => None,
            };
            add(replaced(value, entity));
            // Mustache and its kin.
            add(replaced(value, |byte| match byte {
                b'/' => Some(b"&#x2F;".to_vec()),
                b'=' => Some(b"&#x3D;".to_vec()),
                b'`' => Some(b"&#x60;".to_vec()),
                byte => entity(byte),
            }));
        }
    }
}

fn replaced(value: &[u8], by: impl Fn(u8) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() * 3);
    for byte in value {
        match by(*byte) {
            Some(bytes) => out.extend_from_slice(&bytes),
            None => out.push(*byte),
        }
    }
    out
}
