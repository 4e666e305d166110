//! Values that the customer wants to keep although their form or the name beside them would take them.
//!
//! Only a span that is exactly such a value is spared, and only a shaped or keyed one: a secret of the
//! host, a value or a match of the customer's own rules goes whatever is to be kept.

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

use super::{
    KnownSecret, Redactor, Secret,
    finder::{Rank, Span},
    unite::Cut,
};

/// Values to keep, and how often they were.
#[derive(Debug, Default)]
pub struct Kept {
    /// Sorted, each once.
    values: Vec<Secret>,
    refused: usize,
    times: AtomicU64,
}

impl Kept {
    /// Those of `values` that are no known secrets, not even weak ones, which go only beside their name.
    pub fn new(mut values: Vec<Secret>, known: &[KnownSecret]) -> Self {
        values.retain(|value| !value.is_empty());
        values.sort_unstable();
        values.dedup();
        let all = values.len();
        let is_known = |value: &Secret| {
            known.iter().any(|known| known.value.expose().trim_ascii() == value.expose().trim_ascii())
        };
        values.retain(|value| !is_known(value));
        Self { refused: all - values.len(), values, times: AtomicU64::new(0) }
    }

    /// How many values there are.
    pub fn values(&self) -> usize {
        self.values.len()
    }

    /// How many more were to be kept and are secrets of the host, or to be removed.
    pub fn refused(&self) -> usize {
        self.refused
    }

    /// How often a value was kept.
    pub fn times(&self) -> u64 {
        self.times.load(Ordering::Relaxed)
    }

    fn is_one(&self, value: &[u8]) -> bool {
        self.values.binary_search_by(|kept| kept.expose().cmp(value)).is_ok()
    }

    /// `text` as if what was kept had been replaced, for who asks whether anything else is left; nothing
    /// if nothing was kept in it.
    pub fn replaced(&self, text: &[u8]) -> Option<Vec<u8>> {
        const STANDS_FOR_IT: &[u8] = b"__REDACTED.kept.00000000__";
        let mut places: Vec<Range<usize>> = Vec::new();
        for value in self.values.iter().map(Secret::expose) {
            let found = memchr::memmem::find_iter(text, value).map(|start| start..start + value.len());
            places.extend(found.filter(|place| stands_alone(text, place)));
        }
        places.sort_by_key(|place| (place.start, usize::MAX - place.end));
        let (mut out, mut at) = (Vec::new(), 0);
        for place in places {
            if place.start >= at {
                out.extend_from_slice(&text[at..place.start]);
                out.extend_from_slice(STANDS_FOR_IT);
                at = place.end;
            }
        }
        if at == 0 {
            return None;
        }
        out.extend_from_slice(&text[at..]);
        Some(out)
    }
}

/// Not a part of a longer word: what is kept hides nothing that stands around it.
fn stands_alone(text: &[u8], place: &Range<usize>) -> bool {
    let is_part = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"_-+/=.~%\\".contains(byte))
    };
    // `=` before a value is what assigns it.
    let before = place.start.checked_sub(1).and_then(|at| text.get(at)).filter(|byte| **byte != b'=');
    !is_part(before) && !is_part(text.get(place.end))
}

impl Redactor {
    /// The same, which keeps these values.
    #[must_use]
    pub fn keeping(mut self, kept: Kept) -> Self {
        self.kept = kept;
        self
    }

    /// What is kept, and how often it was.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Takes out the spans of what is kept; answers their places.
    pub(super) fn spare(&self, text: &[u8], spans: &mut Vec<Span<'_>>) -> Vec<Range<usize>> {
        let mut spared = Vec::new();
        if self.kept.values.is_empty() {
            return spared;
        }
        spans.retain(|span| {
            let sparable = matches!(span.rank, Rank::Keyed | Rank::Shaped) && span.open.is_none();
            let spare = sparable && text.get(span.range.clone()).is_some_and(|value| self.kept.is_one(value));
            if spare {
                spared.push(span.range.clone());
            }
            !spare
        });
        spared
    }

    /// Counts what was spared and no other rule cut.
    pub(super) fn count_kept(&self, mut spared: Vec<Range<usize>>, cuts: &[Cut<'_>]) {
        spared.sort_by_key(|place| (place.start, place.end));
        spared.dedup();
        let is_cut = |place: &Range<usize>| {
            cuts.iter().any(|cut| cut.range.start < place.end && place.start < cut.range.end)
        };
        let times = spared.iter().filter(|place| !is_cut(place)).count();
        self.kept.times.fetch_add(times as u64, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{
        CHOSEN, Patterns,
        tests::tools::{untagged, whole},
    };

    fn known(value: &str, name: &str) -> KnownSecret {
        KnownSecret::new(value, Some(name), "/x")
    }

    fn keeping(values: &[&str], known: &[KnownSecret]) -> Redactor {
        let values = values.iter().map(|value| Secret::new(*value)).collect();
        Redactor::new(known.to_vec()).unwrap().keeping(Kept::new(values, known))
    }

    fn shown(redactor: &Redactor, text: &str) -> String {
        untagged(&whole(redactor, text.as_bytes()))
    }

    const TOKEN: &str = "glpat-aB3dE6gH9jK2mN5pQ8sT";

    #[test]
    fn a_keyed_or_shaped_value_stays_where_it_is_exactly_this_one() {
        let redactor = keeping(&["example-pass-9", TOKEN, ""], &[]);
        assert_eq!(shown(&redactor, "password=example-pass-9\n"), "password=example-pass-9\n");
        let text = format!("clone with {TOKEN} failed\n");
        assert_eq!(shown(&redactor, &text), text);
        assert_eq!((redactor.kept().values(), redactor.kept().times()), (2, 2));
        let longer = shown(&redactor, "password=example-pass-99\npassword='example-pass-9 x'\n");
        assert!(!longer.contains("example"), "{longer}");
        assert_eq!(redactor.kept().times(), 2);
    }

    #[test]
    fn a_known_secret_is_never_kept() {
        let secrets = [known("Tr0ub4dor-Tr0ub4dor-3", "db_password"), known("gitlab", "password")];
        let redactor = keeping(&["Tr0ub4dor-Tr0ub4dor-3", "gitlab", " gitlab "], &secrets);
        assert_eq!((redactor.kept().values(), redactor.kept().refused()), (0, 3));
        let text = shown(&redactor, "password: gitlab\npassword=Tr0ub4dor-Tr0ub4dor-3\n");
        assert!(!text.contains("gitlab") && !text.contains("Tr0ub4dor"), "{text}");
        // Nor where it is a part of what is to be kept.
        let redactor = keeping(&["x-Tr0ub4dor-Tr0ub4dor-3-y"], &secrets);
        let text = shown(&redactor, "password=x-Tr0ub4dor-Tr0ub4dor-3-y\n");
        assert!(!text.contains("Tr0ub4dor"), "{text}");
        assert_eq!(redactor.kept().times(), 0);
    }

    #[test]
    fn what_the_customers_own_rules_take_is_not_kept() {
        let chosen = [known("purple-elephant", CHOSEN)];
        let redactor = keeping(&["purple-elephant", "EMP-1234567"], &chosen);
        let redactor = redactor.matching(Patterns::parse(&["EMP-[0-9]+"]).unwrap());
        let text = shown(&redactor, "password=EMP-1234567\na purple-elephant\n");
        assert_eq!(text, "password={pattern-1}\na {chosen}\n");
        assert_eq!(redactor.kept().times(), 0);
    }

    #[test]
    fn an_argument_is_kept_whole_or_not_at_all() {
        let redactor = keeping(&["example-pass-9"], &[]);
        let args = |args: &[&str]| -> Vec<String> {
            redactor.argv(args).iter().map(|arg| untagged(arg.as_bytes())).collect()
        };
        assert_eq!(args(&["db", "--password", "example-pass-9"]), ["db", "--password", "example-pass-9"]);
        assert_eq!(redactor.kept().times(), 1);
        let more = args(&["db", "--password", "example-pass-9 more"]);
        assert!(!more[2].contains("example") && !more[2].contains("more"), "{more:?}");
    }

    #[test]
    fn for_the_second_look_only_a_value_by_itself_is_replaced() {
        let kept = Kept::new(vec![Secret::new(TOKEN)], &[]);
        let replaced = |text: String| kept.replaced(text.as_bytes()).is_some();
        assert!(replaced(format!("token={TOKEN}")) && replaced(format!("\"{TOKEN}\"")));
        for longer in [format!("{TOKEN}xyz"), format!("my-{TOKEN}"), format!("{TOKEN}.01"), "none".into()] {
            assert!(!replaced(longer));
        }
    }
}
