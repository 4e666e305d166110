//! A password that is written into a program: `echo x | docker login --password-stdin`.

use super::{Hunt, programs::Part};

impl Hunt<'_> {
    /// `echo 'x' | chpasswd`, `echo x | docker login --password-stdin`, `passwd --stdin <<< x`. `at`: the program or option.
    pub(super) fn piped(&mut self, at: usize) -> Option<usize> {
        const NEAR: usize = 512;
        let low = at.saturating_sub(NEAR);
        let before = &self.text[low..at];
        let line = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1);
        let end = low + line + memchr::memrchr(b'|', &before[line..])?;
        let command = &self.text[low + line..end];
        let words = [b"echo".as_slice(), b"printf"];
        let word =
            words.iter().find_map(|word| memchr::memmem::rfind(command, word).map(|at| at + word.len()))?;
        let users = self.text.get(at..at + 8)?.eq_ignore_ascii_case(b"chpasswd");
        let mut from = low + line + word;
        let string = self.strings.holds(self.text, at);
        while let Some(argument) = self.argument(from, string).filter(|argument| argument.end <= end) {
            let value = self.text.get(argument.start..argument.end)?;
            from = argument.after.max(from + 1);
            if value.starts_with(b"-") || value.starts_with(b"%s") || value == b"|" {
                continue;
            }
            let part = if users && value.contains(&b':') { Part::Behind(b':') } else { Part::Whole };
            self.take_part(argument.start, argument.end, part);
            from = self.more_of_an_argument(from, "password");
        }
        None
    }
}
