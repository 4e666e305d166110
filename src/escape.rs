//! Texts of strangers, made fit to be seen: control characters and marks that reverse what is read can't drive
//! a terminal, forge a line, or hide in a page. No effects.

use std::fmt::{self, Write as _};

/// Control characters (but newline and tab) and marks that can't be seen as `\u{…}`, so that a name or a
/// log line from a stranger's host can't drive the terminal or reverse what is read.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_odd(c) && c != '\n' && c != '\t' { safe.extend(c.escape_unicode()) } else { safe.push(c) }
    }
    safe
}

/// The same for one name or reason in a line of many: what ends a line could forge the next one.
pub fn escape_line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_odd(c) { safe.extend(c.escape_default()) } else { safe.push(c) }
    }
    safe
}

/// JSON as ASCII would write what a terminal might act on; that stands in strings only.
pub fn escape_json(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        // All of these are below U+10000, so one unit of UTF-16 tells them.
        if is_odd(c) { safe.push_str(&format!("\\u{:04x}", u32::from(c))) } else { safe.push(c) }
    }
    safe
}

/// A text in HTML, between tags or in a quoted attribute: never markup, and one line.
pub fn html(text: &str) -> Html<'_> {
    Html(text)
}

/// See [`html`].
#[derive(Debug, Clone, Copy)]
pub struct Html<'t>(&'t str);

impl fmt::Display for Html<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c if is_odd(c) => write!(f, "{}", c.escape_default())?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Whether a character moves, hides or reverses others where it is shown: control characters; blanks and joiners
/// without width, and the marks of direction among them; line and paragraph separators; embeddings, overrides
/// and isolates; the mark of byte order. The one list for names, texts, the terminal and the page.
pub fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_cannot_drive_the_terminal() {
        assert_eq!(escape("a\u{1b}[2Jb\u{202e}c\n\td"), "a\\u{1b}[2Jb\\u{202e}c\n\td");
    }

    #[test]
    fn a_name_with_a_line_end_cannot_forge_a_line() {
        assert_eq!(escape_line("a\nerror: b\u{9b}2J"), "a\\nerror: b\\u{9b}2J");
    }

    #[test]
    fn json_for_a_terminal_still_says_the_same() {
        let value = serde_json::json!({"entry": "a\u{9b}2J\u{7f}\u{202e}é\n\u{1b}"});
        let text = escape_json(&value.to_string());
        assert!(text.chars().all(|c| !is_odd(c)), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn no_text_is_markup() {
        let hostile = "</td><script>alert('x' & \"y\")</script>\u{202e}\0é";
        let text = html(hostile).to_string();
        assert_eq!(
            text,
            "&lt;/td&gt;&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)&lt;/script&gt;\\u{202e}\\u{0}é"
        );
    }

    #[test]
    fn what_has_no_width_or_turns_text_round_is_odd_everywhere() {
        let odd = [
            '\0', '\u{7f}', '\u{85}', '\u{200b}', '\u{200d}', '\u{2028}', '\u{202e}', '\u{2060}', '\u{2069}',
        ];
        for c in odd.into_iter().chain(['\u{61c}', '\u{feff}']) {
            assert!(is_odd(c));
            for safe in [
                escape(&format!("a{c}b")),
                escape_line(&format!("a{c}b")),
                html(&format!("a{c}b")).to_string(),
            ] {
                assert!(!safe.contains(c) && safe.len() > 3, "{safe}");
            }
        }
        for plain in ['a', 'é', '日', ' ', '\u{a0}', '…', '‹', '\u{2027}', '\u{202f}', '\u{206a}', '😀']
        {
            assert!(!is_odd(plain), "{plain:?}");
        }
    }
}
