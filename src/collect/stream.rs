//! One entry's bytes on their way through redaction; what could not be redacted for certain is withheld.
//!
//! A limit or a timeout may cut a source in the midst of a secret, and half a secret looks like none.
//! So the last line waits until it is known how the source ended, and goes if it was cut.

use std::collections::BTreeMap;

use zeroize::Zeroize;

use crate::{
    pack::manifest::Text,
    redact::{Broken, Redacted, Redactor, Stream},
};

/// So much of a long line waits for its end: more than any secret that stands on one line.
const LAST_LINE: usize = 16 << 10;

/// An entry's redaction. After a failure it takes no more and gives no more.
pub(super) struct Output<'r> {
    redactor: &'r Redactor,
    stream: Option<Stream<'r>>,
    broken: Option<Broken>,
    /// The last line, as far as it is there. Never grows beyond its room, so that no copy stays behind.
    waiting: Vec<u8>,
}

/// How an entry's redaction ended.
pub(super) struct End {
    /// Replacements by rule.
    pub(super) redactions: BTreeMap<Text, u64>,
    /// Why the entry must not leave the host.
    pub(super) withheld: Option<Text>,
}

impl Drop for Output<'_> {
    fn drop(&mut self) {
        self.waiting.zeroize();
    }
}

impl<'r> Output<'r> {
    pub(super) fn new(redactor: &'r Redactor) -> Self {
        Self { redactor, stream: None, broken: None, waiting: Vec::with_capacity(LAST_LINE) }
    }

    /// What may be packed now.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Redacted {
        let waited = self.waiting.len();
        let all = waited + bytes.len();
        // What waits is one line at most: it holds no line end.
        let lines = memchr::memrchr(b'\n', bytes).map_or(0, |at| waited + at + 1);
        let sure = lines.max(all.saturating_sub(LAST_LINE));
        let mut redacted = Redacted::empty();
        let old = sure.min(waited);
        let mut line = std::mem::take(&mut self.waiting);
        self.redact(&line[..old], &mut redacted);
        line.copy_within(old.., 0);
        line[waited - old..].zeroize();
        line.truncate(waited - old);
        let (now, later) = bytes.split_at(sure - old);
        self.redact(now, &mut redacted);
        line.extend_from_slice(later);
        self.waiting = line;
        if self.broken.is_some() { Redacted::empty() } else { redacted }
    }

    fn redact(&mut self, bytes: &[u8], redacted: &mut Redacted) {
        if self.broken.is_none() && !bytes.is_empty() {
            let stream = self.stream.get_or_insert_with(|| self.redactor.stream());
            self.broken = stream.push(bytes, redacted).err();
        }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// The last bytes, and how it went. What is not `whole` loses the last line, of which more may have
    /// followed.
    pub(super) fn finish(&mut self, whole: bool) -> (Redacted, End) {
        let mut last = std::mem::take(&mut self.waiting);
        let mut rest = Redacted::empty();
        if whole {
            self.redact(&last, &mut rest);
        }
        last.zeroize();
        let mut redactions = BTreeMap::new();
        if let Some(stream) = self.stream.take().filter(|_| self.broken.is_none()) {
            match stream.finish(&mut rest) {
                Ok(counts) => {
                    let counted = |(rule, count): (String, u64)| {
                        (Text::of(&self.redactor.text(rule.as_bytes())), count)
                    };
                    redactions = counts.into_iter().map(counted).collect();
                }
                Err(broken) => {
                    self.broken = Some(broken);
                    rest = Redacted::empty();
                }
            }
        }
        let withheld = self.broken.map(|broken| match broken {
            Broken::NotText => Text::word("it can't be read as text"),
            Broken::Failed(_) => Text::word("its redaction failed"),
        });
        (rest, End { redactions, withheld })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::KnownSecret;

    fn through(pieces: &[&[u8]], whole: bool) -> String {
        let known = KnownSecret::new("Tr0ub4dor-Tr0ub4dor-3", Some("db_password"), "/x");
        let redactor = Redactor::new(vec![known]).unwrap();
        let mut output = Output::new(&redactor);
        let mut all = Redacted::empty();
        pieces.iter().for_each(|piece| all.append(&output.push(piece)));
        all.append(&output.finish(whole).0);
        String::from_utf8(all.as_bytes().to_vec()).unwrap()
    }

    /// Found: the limit of a command or file cut a known secret in two, and its first part went out.
    #[test]
    fn half_a_secret_at_a_limit_goes_with_its_line() {
        let text = through(&[b"one\ntwo is Tr0ub4", b"dor-Tr0ub"], false);
        assert_eq!(text, "one\n");
        let line = [b"x ".repeat(40_000), b"is Tr0ub4dor-Tr0ub".to_vec()].concat();
        let text = through(&[&line], false);
        assert!(text.len() > 60_000 && !text.contains("Tr0ub4dor"));
    }

    #[test]
    fn what_comes_out_does_not_depend_on_the_pieces() {
        let lines: Vec<u8> =
            (0..3000).flat_map(|n| format!("line {n} of db_password=x{n}y\n").into_bytes()).collect();
        let text = [lines, vec![b'a'; 3 * LAST_LINE], b" and the end".to_vec()].concat();
        for whole in [true, false] {
            let once = through(&[&text], whole);
            for size in [1000, LAST_LINE - 1, LAST_LINE, LAST_LINE + 1, 60_000] {
                let pieces: Vec<&[u8]> = text.chunks(size).collect();
                let lines = |text: &str| text.lines().map(|line| line.len()).collect::<Vec<_>>();
                assert_eq!(lines(&through(&pieces, whole)), lines(&once), "{size} {whole}");
            }
        }
    }

    #[test]
    fn a_last_line_without_an_end_stays_where_the_source_ended() {
        assert_eq!(through(&[b"one\nt", b"wo"], true), "one\ntwo");
        assert_eq!(through(&[b"one"], true), "one");
    }
}
