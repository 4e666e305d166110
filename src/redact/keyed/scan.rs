//! Where a name may stand: one pass over all stems at once, without regard to case. Decides nothing else.
//!
//! One automaton, at four places of the text at once: its step waits for the table look-up of the step
//! before it, and the steps of four lanes wait side by side.

use std::ops::Range;

use aho_corasick::{
    Anchored, MatchKind, StartKind,
    automaton::{Automaton, StateID},
    dfa::DFA,
};

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
    /// A program that reads a password from what is written before a `|`.
    Piped,
    /// `code`, a secret in what a login comes back with.
    Code,
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
    ("encrypt\"", Stem::Name), ("amz-signature", Stem::Name), ("-api-request", Stem::Name), ("frog-art-api", Stem::Name), ("goog-signature", Stem::Name),
    ("key", Stem::Key), ("auth", Stem::Auth), ("bearer", Stem::Bearer), ("identified by", Stem::Identified),
    ("login ", Stem::Login), ("insert into", Stem::Insert), ("setuser", Stem::Acl),
    (" on >", Stem::Acl), ("+@all", Stem::Acl), ("identified with", Stem::Identified),
    ("creds", Stem::Name), ("-pw", Stem::Name), ("\"pw\"", Stem::Name),
    ("mysql", Stem::Program), ("mariadb", Stem::Program), ("redis-cli", Stem::Program), ("ldap", Stem::Program),
    ("curl", Stem::Program), ("docker", Stem::Program), ("sqlcmd", Stem::Program), ("ipmitool", Stem::Program),
    ("smbclient", Stem::Program), ("mongo", Stem::Program), ("sshpass", Stem::Program), ("zip -", Stem::Program),
    ("z a ", Stem::Program), ("unzip ", Stem::Program), ("z x ", Stem::Program), ("htpasswd", Stem::Program), ("podman", Stem::Program),
    ("usermod", Stem::Program), ("useradd", Stem::Program), ("gitlab-runner", Stem::Program),
    ("ssh-keygen", Stem::Program), ("openssl", Stem::Program), ("az login", Stem::Program),
    ("rabbitmq", Stem::Program), ("twine", Stem::Program), ("isql -", Stem::Program), ("osql -", Stem::Program),
    ("tsql -", Stem::Program), ("bcp ", Stem::Program), ("sqlplus", Stem::Program), ("cqlsh", Stem::Program),
    ("beeline", Stem::Program), ("etcdctl", Stem::Program), ("lftp", Stem::Program), ("ncftp", Stem::Program),
    ("http -", Stem::Program), ("https -", Stem::Program), ("rpcclient", Stem::Program), ("winexe", Stem::Program),
    ("net ads", Stem::Program), ("net rpc", Stem::Program), ("net user", Stem::Program),
    ("samba-tool", Stem::Program), ("freerdp", Stem::Program), ("rdesktop", Stem::Program), ("snmp", Stem::Program),
    ("mosquitto_", Stem::Program), ("plink", Stem::Program), ("pscp", Stem::Program), ("psftp", Stem::Program),
    ("swaks", Stem::Program), ("sendemail", Stem::Program), ("rar -", Stem::Program), ("rar a", Stem::Program),
    ("rar x", Stem::Program), ("skopeo", Stem::Program), ("buildah", Stem::Program), ("nerdctl", Stem::Program),
    ("helm registry", Stem::Program), ("cf login", Stem::Program), ("cf auth", Stem::Program),
    ("oc login", Stem::Program), ("crane auth", Stem::Program), ("mc alias", Stem::Program),
    ("mc config", Stem::Program), ("mc admin", Stem::Program), ("wpa_passphrase", Stem::Program),
    ("replication-pass", Stem::Program), ("encrypt_string", Stem::Program), ("elasticsearch-us", Stem::Program),
    ("vault ", Stem::Program), ("poetry c", Stem::Program), ("bundle c", Stem::Program), ("sonar.login", Stem::Name), ("login=", Stem::Login), ("chpasswd", Stem::Piped), ("--stdin", Stem::Piped), ("kinit ", Stem::Piped),
    ("client_assert", Stem::Name), ("samlresp", Stem::Name), ("code_verif", Stem::Name), ("device_code", Stem::Name),
    ("sessionid", Stem::Name), ("sudo -s", Stem::Piped), ("cryptsetup", Stem::Piped), ("smbpasswd", Stem::Piped),
    ("code=", Stem::Code), ("code%3d", Stem::Code), ("\"code", Stem::Code),
];

const LANES: usize = 4;

/// Bytes of a lane; what was looked at then stays in the first-level cache.
const LANE: usize = 4 << 10;

/// The longest stem, minus one: what a lane sees of the next one.
const OVERLAP: usize = 15;

/// All stems, ready to be searched for.
#[derive(Debug)]
pub(super) struct Stems {
    automaton: DFA,
    start: StateID,
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
        debug_assert!(STEMS.iter().all(|(stem, _)| (3..=OVERLAP + 1).contains(&stem.len())));
        let automaton = DFA::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .start_kind(StartKind::Unanchored)
            .prefilter(false)
            .build(STEMS.iter().map(|(stem, _)| stem));
        // Building fails only over limits of size that a constant list is far from.
        let automaton = automaton.unwrap_or_else(|_| unreachable!("the stems are few and short"));
        let start = automaton.start_state(Anchored::No);
        let start = start.unwrap_or_else(|_| unreachable!("an unanchored search is what it is built for"));
        Self { automaton, start }
    }

    /// Calls `look` for each stem that starts in `range`, from left to right. It answers from where to
    /// look on, behind the stem's start.
    pub(super) fn each(&self, text: &[u8], range: Range<usize>, mut look: impl FnMut(Hit) -> usize) {
        let end = range.end.min(text.len());
        let (mut at, mut from) = (range.start, range.start);
        let mut hits: Vec<Hit> = Vec::new();
        while at < end {
            let stop = (at + LANES * LANE).min(end);
            self.collect(text, at..stop, &mut hits);
            hits.sort_unstable_by_key(|hit| hit.start);
            for hit in hits.drain(..) {
                if hit.start >= from {
                    from = look(hit).max(hit.start + 1);
                }
            }
            at = stop.max(from);
        }
    }

    /// Stems that start in `range`, lane by lane.
    fn collect(&self, text: &[u8], range: Range<usize>, hits: &mut Vec<Hit>) {
        let length = range.len() / LANES;
        let lane = |lane: usize| {
            let begin = range.start + lane * length;
            text.get(begin..begin + length).unwrap_or_default()
        };
        let (automaton, special) = (&self.automaton, |state| self.automaton.is_special(state));
        let [mut p, mut q, mut r, mut s] = [self.start; LANES];
        // Four variables and no early way out of the test: else it is compiled to half the speed.
        let lanes = lane(0).iter().zip(lane(1)).zip(lane(2)).zip(lane(3));
        for (at, (((a, b), c), d)) in lanes.enumerate() {
            p = automaton.next_state(Anchored::No, p, *a);
            q = automaton.next_state(Anchored::No, q, *b);
            r = automaton.next_state(Anchored::No, r, *c);
            s = automaton.next_state(Anchored::No, s, *d);
            if special(p) | special(q) | special(r) | special(s) {
                for (lane, state) in [p, q, r, s].into_iter().enumerate() {
                    self.note(state, range.start + lane * length + at + 1, range.end, hits);
                }
            }
        }
        for (lane, state) in [p, q, r, s].into_iter().enumerate() {
            let from = range.start + (lane + 1) * length;
            let next = if lane + 1 == LANES { range.end } else { from };
            self.go_on(text, state, from, next, hits);
        }
    }

    /// Goes on with a lane behind its end, for stems that begin before `next`.
    fn go_on(&self, text: &[u8], mut state: StateID, from: usize, next: usize, hits: &mut Vec<Hit>) {
        let rest = text.get(from..text.len().min(next + OVERLAP)).unwrap_or_default();
        for (at, byte) in rest.iter().enumerate() {
            state = self.automaton.next_state(Anchored::No, state, *byte);
            self.note(state, from + at + 1, next, hits);
        }
    }

    /// Stems that end at `end` and begin before `next`. Out of the way of the loop, which else spills its states.
    #[inline(never)]
    fn note(&self, state: StateID, end: usize, next: usize, hits: &mut Vec<Hit>) {
        if !self.automaton.is_match(state) {
            return;
        }
        for index in 0..self.automaton.match_len(state) {
            let Some((stem, kind)) = STEMS.get(self.automaton.match_pattern(state, index).as_usize()) else {
                continue;
            };
            let start = end - stem.len();
            if start < next {
                hits.push(Hit { stem: *kind, start, end });
            }
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
    fn a_stem_is_seen_wherever_a_lane_ends() {
        let stems = Stems::new();
        for border in [LANE, LANES * LANE] {
            for shift in 0..40 {
                let at = border - 20 + shift;
                let mut text = vec![b'.'; 3 * LANES * LANE];
                text[at..at + 16].copy_from_slice(b"DATA_source_NAME");
                text[2 * at..2 * at + 4].copy_from_slice(b"PaSs");
                assert_eq!(starts(&stems, &text, 0..text.len()), [at, 2 * at], "{shift}");
                assert_eq!(starts(&stems, &text, at..at + 1), [at]);
                assert_eq!(starts(&stems, &text, at + 1..2 * at), [0; 0]);
            }
        }
    }

    #[test]
    fn short_texts_and_stems_side_by_side() {
        let stems = Stems::new();
        assert_eq!(starts(&stems, b"tokenkeyPASS", 0..12), [0, 5, 8]);
        assert_eq!(starts(&stems, b"key", 0..3), [0]);
        assert_eq!(starts(&stems, b"key", 0..1), [0]);
        assert_eq!(starts(&stems, b"ke", 0..2), [0; 0]);
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
