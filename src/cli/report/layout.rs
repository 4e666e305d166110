//! Words on lines of 80 columns. What comes from a bundle goes through `shown`, so that it can't drive the
//! terminal or forge a line.

use std::fmt::Write as _;

use super::super::console::escape_line;

/// Columns of the terminal.
pub(in crate::cli) const WIDTH: usize = 80;

/// A text of a bundle, safe to show on a line.
pub(in crate::cli) fn shown(text: &str) -> String {
    escape_line(text)
}

/// The text within so many columns, with an ellipsis where it was cut.
pub(in crate::cli) fn fitted(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// The words on as many lines as they need, each behind the indent; longer ones than a line are broken.
pub(in crate::cli) fn wrapped(out: &mut String, indent: usize, text: &str) {
    let room = WIDTH - indent;
    let mut line = String::new();
    let mut used = 0;
    let mut end = |line: &mut String, used: &mut usize| {
        if !line.is_empty() {
            // Writing to a String does not fail.
            let _ = writeln!(out, "{:indent$}{line}", "");
        }
        line.clear();
        *used = 0;
    };
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            end(&mut line, &mut used);
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for character in word.chars() {
            if used == room {
                end(&mut line, &mut used);
            }
            line.push(character);
            used += 1;
        }
    }
    end(&mut line, &mut used);
}

/// A heading, underlined.
pub(in crate::cli) fn heading(out: &mut String, text: &str) {
    let text = fitted(text, WIDTH);
    let _ = write!(out, "\n{text}\n{}\n", "=".repeat(text.chars().count()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let mut out = String::new();
        let long = "x".repeat(200);
        wrapped(&mut out, 10, &format!("a few words and {long} and {}", "é ".repeat(100)));
        assert!(
            out.lines().all(|line| line.chars().count() <= WIDTH && line.starts_with("          ")),
            "{out}"
        );
        assert_eq!(out.matches('x').count(), 200);
        assert_eq!(fitted("abcdef", 4), "abc…");
    }
}
