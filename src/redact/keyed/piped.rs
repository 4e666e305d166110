//! A password that is written into a program: `echo x | docker login --password-stdin`, `kinit <<< x`, and one
//! that a command given as an option prints: `--password-command "echo x"`.

use std::ops::Range;

use super::{Hunt, name::Name, programs::Part, scan::Hit};

/// How far before and behind a program its input is looked for.
const NEAR: usize = 256;

/// What prints its arguments.
const PRINTERS: [&[u8]; 2] = [b"echo ", b"printf "];

/// Last words of options whose argument is a command or a file in a secret's stead.
const COMMANDS: &[&[u8]] = &[b"command", b"cmd", b"eval", b"file", b"askpass", b"program"];

impl Hunt<'_> {
    /// `echo 'x' | chpasswd`, `passwd --stdin <<< x`. `at`: the program or option.
    pub(super) fn piped(&mut self, at: usize) -> Option<usize> {
        let users = self.text.get(at..at + 8).is_some_and(|word| word.eq_ignore_ascii_case(b"chpasswd"));
        let file = self.text.get(at) == Some(&b'/');
        let part = |value: &[u8]| match value.contains(&b':') {
            true if users => Part::Behind(b':'),
            true if file => Part::BehindLast(b':'),
            _ => Part::Whole,
        };
        // `"gitlab:password:reset[bob]" <<< x`: the quotes are the command's.
        let quoted = at > 0 && matches!(self.text[at - 1], b'"' | b'\'');
        let string = self.strings.holds(self.text, at - usize::from(quoted));
        let line = self.line_end_before(at, at + NEAR, string);
        if let Some(behind) = here_string(self.text.get(at..line)?)
            && let Some(argument) = self.argument(at + behind + 3, string)
        {
            // `$'x\nx\n'`
            let value = &self.text[argument.start..argument.end];
            let coded = value.starts_with(b"$'") && value.len() > 3 && value.ends_with(b"'");
            let (start, end) = (argument.start + 2 * usize::from(coded), argument.end - usize::from(coded));
            self.take_part(start, end, part(&self.text[start..end]));
        }
        let low = at.saturating_sub(NEAR);
        let before = &self.text[low..at];
        let line = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1);
        let end = low
            + line
            + written_to_a_file(&before[line..], &self.text[at..])
                .or_else(|| memchr::memrchr(b'|', &before[line..]))?;
        let command = &self.text[low + line..end];
        // `(echo x; echo x) | smbpasswd -s`
        let group =
            command.trim_ascii_end().ends_with(b")").then(|| memchr::memrchr(b'(', command)).flatten();
        let first = match group {
            Some(open) => open,
            None => PRINTERS.iter().filter_map(|word| memchr::memmem::rfind(command, word)).max()?,
        };
        self.printed(low + line + first..end, string, part);
        None
    }

    /// The arguments of each `echo` between two places.
    fn printed(&mut self, range: Range<usize>, string: bool, part: impl Fn(&[u8]) -> Part) -> Option<()> {
        let Range { start: mut from, end } = range;
        let mut user = false;
        loop {
            let rest = self.text.get(from..end)?;
            let word =
                PRINTERS.iter().filter_map(|w| memchr::memmem::find(rest, w).map(|at| at + w.len() - 1));
            from += word.min()?;
            while let Some(argument) = self.argument(from, string).filter(|argument| argument.end <= end) {
                let value = self.text.get(argument.start..argument.end)?;
                from = argument.after.max(from + 1);
                // `printf '%s:%s' user x`: two arguments, of which the second is one whole.
                if value.starts_with(b"%s:%s") {
                    user = true;
                    continue;
                }
                if std::mem::take(&mut user) {
                    let next = self.argument(from, string).filter(|argument| argument.end <= end)?;
                    self.take_part(next.start, next.end, Part::Whole);
                    from = self.more_of_an_argument(next.after.max(from + 1), "password");
                    continue;
                }
                if value.starts_with(b"-") || value.starts_with(b"%s") || matches!(value, b"|" | b";") {
                    continue;
                }
                self.take_part(argument.start, argument.end, part(value));
                from = self.more_of_an_argument(from, "password");
                if self.text.get(argument.after) == Some(&b';') {
                    break;
                }
            }
        }
    }

    /// `send "x\r"` of an `expect` script, behind the prompt for a password.
    pub(super) fn sent(&mut self, hit: Hit) -> Option<usize> {
        const PROMPT: usize = 120;
        let before = &self.text[hit.start.saturating_sub(PROMPT)..hit.start];
        let ask = memchr::memmem::rfind(before, b"ass")?;
        let asks =
            [b"assword".as_slice(), b"assphrase", b"asswort"].iter().any(|w| before[ask..].starts_with(w));
        let rest = self.text.get(hit.end..)?;
        let length = rest.iter().take(PROMPT).position(|b| matches!(b, b'"' | b'\n'))?;
        let value = rest[..length].strip_suffix(b"\\r").or_else(|| rest[..length].strip_suffix(b"\\n"))?;
        if asks && memchr::memmem::find(&before[ask..], b"send ").is_none() && !value.starts_with(b"$") {
            self.take_part(hit.end, hit.end + value.len(), Part::Whole);
        }
        None
    }

    /// `--password-command "echo x"`, `--password-file=<(echo x)`.
    pub(super) fn echoed(&mut self, name: &Name) -> Option<usize> {
        let word = self.bytes(name);
        let word = word.get(word.len().saturating_sub(8)..)?;
        if name.dashes == 0 || !COMMANDS.iter().any(|known| word.ends_with(known)) {
            return None;
        }
        let line = self.line_end_before(name.end, name.end + NEAR, false);
        let rest = self.text.get(name.end..line)?;
        let lead = rest.iter().take(16).position(u8::is_ascii_alphabetic)?;
        let printer = PRINTERS.iter().any(|word| rest[lead..].starts_with(word));
        let open = rest[..lead].iter().any(|b| b"\"'(".contains(b));
        if !printer || !open {
            return None;
        }
        let close = rest[lead..].iter().position(|b| b"\"')\\".contains(b))?;
        let end = name.end + lead + close;
        // Of `'echo "x"'` the inner quote.
        let end = if self.text[name.end + lead..end].ends_with(b" ") { line } else { end };
        let string = self.strings.holds(self.text, name.start);
        self.printed(name.end + lead..end, string, |_| Part::Whole);
        Some(end)
    }
}

/// Where the `>` of `echo x > FILE` stands, if the text behind it is the end of a file's name.
fn written_to_a_file(before: &[u8], name: &[u8]) -> Option<usize> {
    if name.first() != Some(&b'/') {
        return None;
    }
    let path = before.iter().rposition(|b| b.is_ascii_whitespace() || *b == b'>')?;
    let sign = before[..=path].trim_ascii_end();
    sign.ends_with(b">").then(|| sign.len() - sign.iter().rev().take_while(|b| **b == b'>').count())
}

/// Where `<<<` stands.
fn here_string(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'<', text).find(|at| text[*at..].starts_with(b"<<<"))
}
