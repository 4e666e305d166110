//! Values as Ruby and the shell quote them without quotes: `%q(x)`, `<<~EOS`.

use super::{
    Hunt,
    follow::{Kind, Subject},
    name,
};

impl Hunt<'_> {
    /// `%q(x)`, `<<~EOS`.
    pub(super) fn ruby(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let rest = self.text.get(start..)?;
        let letters = match rest {
            [b'%', b'q' | b'Q' | b'w' | b'W', ..] => 2,
            [b'%', b'(' | b'{' | b'[', ..] if subject.kind != Kind::Colon => 1,
            [b'<', b'<', ..] => return self.heredoc(subject, start),
            _ => return None,
        };
        let close = match rest.get(letters)? {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            b'<' => b'>',
            sign @ (b'|' | b'!' | b'/' | b'^') => *sign,
            _ => return None,
        };
        let from = start + letters + 1;
        let string = self.strings.holds(self.text, start);
        let line = self.line_end(from, string);
        let open = self.text[from - 1];
        let rest = self.text.get(from..line)?;
        let end = from + closing(rest, open, close).or_else(|| memchr::memrchr(close, rest))?;
        if subject.is_secret(self.text.get(from..end)?) {
            self.take(from..end, subject.rule, false, None);
        }
        Some(end + 1)
    }

    /// The lines up to the one that holds only the word behind `<<~`.
    fn heredoc(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        const LINES: usize = 128;
        const MOST_UNCLOSED: u32 = 64;
        if self.unclosed > MOST_UNCLOSED {
            return None;
        }
        let head = start + 2;
        let word_at =
            head + self.text.get(head..)?.iter().take(2).take_while(|b| b"~-'\"".contains(b)).count();
        let word: Vec<u8> =
            self.text.get(word_at..)?.iter().take(40).take_while(|b| name::is_inside(**b)).copied().collect();
        let first = self.line_end(word_at, false) + 1;
        let mut at = first;
        for _ in 0..LINES {
            let end = self.line_end(at, false);
            let line = self.text.get(at..end)?.trim_ascii();
            if line == word && !word.is_empty() {
                let value = self.text.get(first..at)?;
                let blank = value.iter().take_while(|b| b.is_ascii_whitespace()).count();
                let trimmed = value.trim_ascii();
                if subject.is_secret(trimmed) {
                    self.take(first + blank..first + blank + trimmed.len(), subject.rule, false, None);
                }
                return Some(end);
            }
            at = end + 1;
        }
        self.unclosed += 1;
        None
    }
}

/// The bracket that closes `%q(x)`, if the statement ends behind it.
fn closing(rest: &[u8], open: u8, close: u8) -> Option<usize> {
    let mut depth = 0_usize;
    let at = rest.iter().position(|byte| {
        let closes = *byte == close && depth == 0;
        depth += usize::from(*byte == open && open != close);
        depth = depth.saturating_sub(usize::from(*byte == close));
        closes
    })?;
    let next = rest.get(at + 1).copied().unwrap_or(b'\n');
    (next.is_ascii_whitespace() || b",;)}].#\"\\\x1b".contains(&next)).then_some(at)
}
