//! Where a name may stand: one pass over all stems at once, without regard to case. Decides nothing else.
//!
//! The text is folded piece by piece into a small buffer (`| 0x20`, which also moves some other bytes
//! onto letters: whoever is called looks at the text itself) and searched there with SIMD.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind, packed};

/// What was seen, and so who looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stem {
    /// A part of a name such as `password`.
    Name,
    /// `key`, a secret only with a word before it.
    Key,
    /// `auth`, a secret's name only as a last word or in `authorization`, and a command.
    Auth,
    /// `bearer`, a name and a scheme.
    Bearer,
    /// `identified by`.
    Identified,
    /// `login`, a command of mail protocols.
    Login,
    /// A program whose options mean a password.
    Program,
    /// `insert into`, of which the columns name the values.
    Insert,
    /// `setuser` and `user` lines of Redis.
    Acl,
}

/// Lower case, three bytes at least. A stem that is a part of another one has no place here, and more than
/// 64 would be searched for more slowly.
#[rustfmt::skip] // rows, not a column
const STEMS: &[(&str, Stem)] = &[
    ("pass", Stem::Name), ("secre", Stem::Name), ("token", Stem::Name), ("credential", Stem::Name),
    ("cookie", Stem::Name), ("pwd", Stem::Name), ("psk", Stem::Name), ("dsn", Stem::Name), ("jwt", Stem::Name),
    ("salt", Stem::Name), ("kennwort", Stem::Name), ("_pat", Stem::Name), ("otp", Stem::Name),
    ("_pw", Stem::Name), ("bindpw", Stem::Name), ("rootpw", Stem::Name), ("ab_session", Stem::Name),
    ("data_source_name", Stem::Name), ("connection_s", Stem::Name), ("connectionstr", Stem::Name),
    ("encrypt\"", Stem::Name), ("amz-signature", Stem::Name), ("goog-signature", Stem::Name),
    ("key", Stem::Key), ("auth", Stem::Auth), ("bearer", Stem::Bearer), ("identified by", Stem::Identified),
    ("login ", Stem::Login), ("insert into", Stem::Insert), ("user default ", Stem::Acl), ("setuser ", Stem::Acl),
    ("mysql", Stem::Program), ("mariadb", Stem::Program), ("redis-cli", Stem::Program), ("ldap", Stem::Program),
    ("curl", Stem::Program), ("docker", Stem::Program), ("sqlcmd", Stem::Program), ("ipmitool", Stem::Program),
    ("smbclient", Stem::Program), ("mongodump", Stem::Program), ("sshpass", Stem::Program),
];

/// Bytes folded at a time; they stay in the first-level cache.
const PIECE: usize = 16 << 10;

/// The longest stem, minus one: what a piece sees of the next one.
const OVERLAP: usize = 15;

/// All stems, ready to be searched for.
#[derive(Debug)]
pub(super) struct Stems {
    /// Absent where the processor lacks the instructions.
    packed: Option<packed::Searcher>,
    plain: AhoCorasick,
}

/// A stem in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) stem: Stem,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Stems {
    pub(super) fn new() -> Self {
        let folded: Vec<Vec<u8>> =
            STEMS.iter().map(|(stem, _)| stem.bytes().map(|b| b | 0x20).collect()).collect();
        debug_assert!(STEMS.iter().all(|(stem, _)| (3..=OVERLAP + 1).contains(&stem.len())));
        let plain = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(&folded);
        Self {
            packed: packed::Searcher::new(&folded),
            // Building fails only over limits of size that a constant list is far from.
            plain: plain.unwrap_or_else(|_| unreachable!("the stems are few and short")),
        }
    }

    /// Calls `look` for each stem that starts in `range`, from left to right. It answers from where to
    /// look on, behind the stem's start.
    pub(super) fn each(&self, text: &[u8], range: Range<usize>, mut look: impl FnMut(Hit) -> usize) {
        let mut buffer = [0; PIECE];
        let mut at = range.start;
        while at < range.end {
            let end = (at + PIECE).min(text.len());
            let Some(piece) = text.get(at..end) else { return };
            let folded = &mut buffer[..piece.len()];
            for (to, from) in folded.iter_mut().zip(piece) {
                *to = from | 0x20;
            }
            let stop = if end == text.len() { end } else { end - OVERLAP }.min(range.end);
            at = self.piece(folded, at, stop, &mut look);
        }
    }

    /// One piece that stands at `base`; answers where the next one begins.
    fn piece(&self, folded: &[u8], base: usize, stop: usize, look: &mut impl FnMut(Hit) -> usize) -> usize {
        let mut from = 0;
        while from < folded.len() {
            let Some((id, found)) = self.next(folded, from) else { break };
            let (start, end) = (base + found.start, base + found.end);
            let Some((_, stem)) = STEMS.get(id).filter(|_| start < stop) else { break };
            from = look(Hit { stem: *stem, start, end }).max(start + 1) - base;
        }
        stop.max(base + from)
    }

    fn next(&self, folded: &[u8], from: usize) -> Option<(usize, Range<usize>)> {
        match &self.packed {
            Some(packed) => packed
                .find_in(folded, (from..folded.len()).into())
                .map(|found| (found.pattern().as_usize(), found.range())),
            None => self
                .plain
                .find(aho_corasick::Input::new(folded).range(from..))
                .map(|found| (found.pattern().as_usize(), found.range())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(stems: &Stems, text: &[u8], range: Range<usize>) -> Vec<usize> {
        let mut starts = Vec::new();
        stems.each(text, range, |hit| {
            starts.push(hit.start);
            hit.end
        });
        starts
    }

    #[test]
    fn a_stem_is_seen_wherever_a_piece_ends() {
        let mut stems = Stems::new();
        for packed in [true, false] {
            if !packed {
                stems.packed = None;
            }
            for shift in 0..40 {
                let at = PIECE - 20 + shift;
                let mut text = vec![b'.'; 3 * PIECE];
                text[at..at + 16].copy_from_slice(b"DATA_source_NAME");
                text[2 * at..2 * at + 4].copy_from_slice(b"PaSs");
                assert_eq!(starts(&stems, &text, 0..text.len()), [at, 2 * at], "{shift} {packed}");
                assert_eq!(starts(&stems, &text, at..at + 1), [at]);
                assert_eq!(starts(&stems, &text, at + 1..2 * at), [0; 0]);
            }
        }
    }

    #[test]
    fn no_stem_hides_behind_another() {
        for (a, _) in STEMS {
            for (b, _) in STEMS {
                assert!(a == b || !b.starts_with(a), "{b} is never seen: {a}");
            }
        }
    }
}
