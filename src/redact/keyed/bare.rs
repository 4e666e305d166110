//! Where a value without quotes ends: at a separator of its syntax, or with its line.

use super::{
    Hunt,
    follow::{Kind, Subject},
    name,
    place::Lead,
    quotes::{self, Around, How},
    spelled::{Style, spelled},
};

/// Programs that a variable is set for: `PGPASSWORD=x psql -h db`.
#[rustfmt::skip] // rows, not a column
const PROGRAMS: &[&str] = &[
    "psql", "pg_dump", "pg_restore", "pg_basebackup", "mysql", "mysqldump", "mariadb", "redis-cli", "curl", "wget", "git",
    "gitlab-rake", "gitlab-rails", "gitlab-ctl", "gitlab-psql", "gitlab-backup", "gitlab-runner", "bundle", "rake",
    "rails", "ruby", "python", "python3", "node", "npm", "yarn", "docker", "kubectl", "helm", "aws", "gcloud", "az",
    "sudo", "env", "exec", "sh", "bash", "nohup", "time", "make", "go", "cargo", "terraform", "ansible-playbook",
    "restic", "rclone", "vault", "consul", "patroni", "patronictl", "sshpass", "apt-get", "yum", "ssh", "scp", "rsync",
];

impl Hunt<'_> {
    /// The end of the line that holds `at`; inside a string also at a written `\n` and at the string's quote.
    pub(super) fn line_end(&self, at: usize, string: bool) -> usize {
        self.line_end_before(at, self.text.len(), string)
    }

    /// The same, `stop` at the latest.
    pub(super) fn line_end_before(&self, at: usize, stop: usize, string: bool) -> usize {
        let rest = self.text.get(at..stop.min(self.text.len())).unwrap_or_default();
        if !string {
            return at + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        }
        let mut end = at;
        while let Some(here) = spelled(self.text, end).filter(|_| end < stop) {
            let quote =
                here.byte == b'"' && matches!(here.style, Style::Plain | Style::Slashes(_) | Style::Coded(_));
            if quote || matches!(here.byte, b'\n' | b'\r') && here.style != Style::Entity {
                break;
            }
            end += here.len;
        }
        end
    }

    /// The end of a word that begins at `start`.
    pub(super) fn word_end(&self, start: usize, subject: &Subject, string: bool) -> usize {
        self.word_end_before(start, self.text.len(), subject, string)
    }

    /// The same, `stop` at the latest.
    pub(super) fn word_end_before(
        &self,
        start: usize,
        stop: usize,
        subject: &Subject,
        string: bool,
    ) -> usize {
        if let Some(end) = self.whole_argument(start, subject) {
            return end;
        }
        let query = self.in_query(subject);
        let mut open = 0_usize;
        let mut at = start;
        while at < stop {
            let Some(&byte) = self.text.get(at) else { break };
            let (ends, len) = match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x1b => (true, 1),
                b'\\' | b'%' | b'&' => self.coded_end(at, subject.style, query, string),
                b'"' => (string || query || !self.goes_on(at + 1), 1),
                b'\'' => (!self.goes_on(at + 1), 1),
                b'`' => (query || !self.goes_on(at + 1), 1),
                b'#' => (query || name::colour(self.text, at).is_some(), 1),
                b',' | b';' => (self.breaks(at + 1), 1),
                b'(' | b'[' | b'{' => {
                    open += 1;
                    (false, 1)
                }
                b')' | b']' | b'}' if open > 0 => {
                    open -= 1;
                    (false, 1)
                }
                b')' | b']' | b'}' | b'>' => (!self.goes_on(at + 1), 1),
                b'<' => (matches!(self.text.get(at + 1), Some(b'/' | b'b' | b'p')), 1),
                _ => (false, 1),
            };
            if ends {
                // `<your_token>`
                let placeholder = byte == b'>' && self.text.get(start) == Some(&b'<');
                return at + usize::from(placeholder);
            }
            at += len;
        }
        stop.min(self.text.len())
    }

    /// The end of an argument that is one as a whole: between NULs, or between quotes as in
    /// `"--password=a b"` and `'X_TOKEN=a b'`.
    fn whole_argument(&self, start: usize, subject: &Subject) -> Option<usize> {
        if subject.kind != Kind::Equals || subject.quoted || subject.bracket {
            return None;
        }
        let begin = subject.name.start - subject.name.dashes;
        if self.text.get(begin.checked_sub(1)?) == Some(&0) {
            let rest = self.text.get(start..)?;
            return Some(start + memchr::memchr2(0, b'\n', rest).unwrap_or(rest.len()));
        }
        let open = subject.name.quote?;
        let name = self.text.get(subject.name.start..subject.name.end)?;
        let closed = quotes::close(self.text, start, open, Around::default());
        let rest = self.text.get(start..closed.end)?;
        let rest = &rest[rest.iter().position(|b| *b == b' ')?..];
        let variable = !name.iter().any(u8::is_ascii_lowercase) && !is_command(rest);
        let option = subject.name.dashes > 0 && memchr::memmem::find(rest, b" -").is_none();
        let quote = subject.name.start - open.len;
        let data = [b"--data-urlencode ".as_slice(), b"--form ", b"-F "]
            .iter()
            .any(|o| self.text[..quote].ends_with(o));
        let fits = closed.how == How::Quote && (variable || option || data) && !holds_pairs(rest);
        fits.then_some(closed.end)
    }

    /// Whether an escape ends a word, and how long it is.
    fn coded_end(&self, at: usize, style: Style, query: bool, string: bool) -> (bool, usize) {
        let Some(here) = spelled(self.text, at) else { return (true, 1) };
        let ends = match here.style {
            Style::Plain => {
                here.byte == b'&' && (query || self.breaks(at + 1) || self.text.get(at + 1) == Some(&b'&'))
            }
            Style::Slashes(_) | Style::Coded(_) => match here.byte {
                b'"' | b'\'' | b'`' => true,
                b'\n' | b'\r' | b'\t' => string,
                b'&' => query || self.breaks(at + here.len),
                byte => byte < b' ' || matches!(byte, b'<' | b'>'),
            },
            Style::Percent(_) => {
                here.style == style
                    && matches!(here.byte, b'&' | b'"' | b'\'' | b'\n' | b'\r' | b' ' | b'}' | b',')
            }
            Style::Entity => here.byte != b'&' || query || self.breaks(at + here.len),
        };
        (ends, here.len)
    }

    /// Whether the name stands in a query string or a form.
    fn in_query(&self, subject: &Subject) -> bool {
        if subject.kind != Kind::Equals || subject.quoted {
            return false;
        }
        let mut start = subject.name.start - subject.name.dashes;
        if subject.bracket {
            let before = self.text[..start].iter().rev().take(80);
            start -= before.take_while(|b| name::is_inside(**b) || matches!(b, b'[' | b']' | b'%')).count();
        }
        let before = &self.text[..start];
        let ends = |mark: &[u8]| {
            before.len() >= mark.len() && before[before.len() - mark.len()..].eq_ignore_ascii_case(mark)
        };
        [b"?".as_slice(), b"&", b"&amp;", b"\\u0026", b"%26", b"%3f", b"%2526", b"%253f"]
            .iter()
            .any(|mark| ends(mark))
    }

    /// Whether a word goes on behind a quote or a bracket.
    fn goes_on(&self, at: usize) -> bool {
        self.text.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b"!@#$%^*_~".contains(b))
    }

    /// Whether a comma, a semicolon or an ampersand before `at` ends a word: nothing follows, or the next pair.
    fn breaks(&self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default();
        match rest.first() {
            None
            | Some(
                b' ' | b'\t' | b'\n' | b'\r' | 0 | b'"' | b'\'' | b'`' | b')' | b']' | b'}' | b'>' | b'\\',
            ) => true,
            Some(_) => {
                let spaces = self.text.get(at - 1) == Some(&b';');
                let word = rest.iter().take(48);
                let word = word
                    .take_while(|b| name::is_inside(**b) || b"[].:$%".contains(b) || spaces && **b == b' ')
                    .count();
                word > 0 && (rest.get(word) == Some(&b'=') || rest[..word].contains(&b':'))
            }
        }
    }

    /// The end of a value that takes its line, if this one does. `word`: where its first word ends.
    pub(super) fn line_value(
        &self,
        subject: &Subject,
        lead: Lead,
        start: usize,
        word: usize,
        string: bool,
    ) -> Option<usize> {
        let end = self.line_end(start, string);
        let line = self.text.get(start..end)?;
        let mut end = start + trimmed(line);
        let mut rest = self.text.get(word.min(end)..end)?;
        if subject.kind == Kind::Equals && subject.spaced {
            let pair = spaced_pair(rest).unwrap_or(rest.len());
            rest = rest[..pair].trim_ascii_end();
            end = word.min(end) + rest.len();
        }
        // Where a colour ends a word, what follows is another's.
        if name::colour(self.text, word).is_some_and(|colour| colour < end) {
            return None;
        }
        let blank_behind = start > subject.behind;
        let takes = match subject.kind {
            _ if subject.style != Style::Plain => false,
            Kind::Rocket | Kind::Blank => false,
            Kind::Colon => blank_behind && !(lead.stamped && holds_pairs(rest)) && !holds_members(rest),
            Kind::Equals if subject.rule == "connection" => true,
            Kind::Equals if subject.spaced => !holds_pairs(rest),
            Kind::Equals => !lead.exported && !lead.stamped && !holds_pairs(rest) && !is_command(rest),
        };
        takes.then_some(end)
    }
}

/// Without blanks, colour codes, a comment and a comma at the end.
fn trimmed(line: &[u8]) -> usize {
    let comment = line
        .windows(5)
        .position(|w| matches!(w, [b' ' | b'\t', b'#', b' ', ..] | [b' ', b';', b' ', ..] | b" -- ("));
    let mut line = &line[..comment.unwrap_or(line.len())];
    loop {
        let before = line.len();
        line = line.trim_ascii_end();
        if let Some(escape) = memchr::memrchr2(0x1b, b'\\', line)
            && name::colour(line, escape) == Some(line.len())
        {
            line = &line[..escape];
        }
        if let Some(shorter) = line.strip_suffix(b",") {
            line = shorter;
        }
        if line.len() == before {
            return before;
        }
    }
}

/// Whether ` name=` stands in the rest of a line.
fn holds_pairs(rest: &[u8]) -> bool {
    memchr::memchr_iter(b'=', rest).take(64).any(|at| {
        let word =
            rest[..at].iter().rev().take(48).take_while(|b| name::is_inside(**b) || **b == b'.').count();
        word > 0
            && at > word
            && b" \t;,&".contains(&rest[at - word - 1])
            && rest.get(at + 1).is_some_and(|b| !b" =".contains(b))
    })
}

/// Where `   name = ` begins in the rest of a line, far enough behind what was before.
fn spaced_pair(rest: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(rest, b" = ").take(16).find_map(|at| {
        let before = rest[..at].trim_ascii_end();
        let word = before.iter().rev().take(48).take_while(|b| name::is_inside(**b) || **b == b'.').count();
        let begin = before.len() - word;
        (word > 0 && before[..begin].ends_with(b"  ")).then_some(begin)
    })
}

/// Whether `, name:` stands in the rest of a line: the value was one of several.
fn holds_members(rest: &[u8]) -> bool {
    memchr::memchr_iter(b',', rest).take(16).any(|at| {
        let next = &rest[at + 1..];
        let word = next.iter().skip(1).take(48).take_while(|b| name::is_inside(**b)).count();
        next.first() == Some(&b' ') && word > 0 && next.get(word + 1) == Some(&b':')
    })
}

/// Whether the rest of a line is a command that a variable was set for.
fn is_command(rest: &[u8]) -> bool {
    let mut words = rest.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
    let Some(first) = words.next() else { return false };
    let program = first.rsplit(|b| *b == b'/').next().unwrap_or(first);
    PROGRAMS.iter().any(|known| program == known.as_bytes())
        || first.contains(&b'/') && first.starts_with(b"/")
        || first.starts_with(b"./")
        || words.any(|word| word.starts_with(b"--"))
}
