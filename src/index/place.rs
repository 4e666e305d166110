//! Where something stands: entry, line, and the line itself, shortened.

use std::sync::Arc;

/// Bytes of a line that are shown.
const LONGEST: usize = 240;

/// A line in a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The entry's name.
    pub entry: Arc<str>,
    /// From 1.
    pub line: u64,
    /// The line, shortened; not escaped.
    pub text: String,
}

/// The beginning of a line, as text.
pub(super) fn shortened(line: &[u8]) -> String {
    let cut = line.len() > LONGEST;
    let head = String::from_utf8_lossy(&line[..line.len().min(LONGEST)]);
    let head = head.trim_end_matches('\u{fffd}').trim_end();
    if cut { format!("{head}…") } else { head.to_owned() }
}

/// Something that was seen, how often, and where first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signal {
    /// How often.
    pub count: u64,
    /// The first and the last time, in microseconds since 1970, as far as lines tell theirs.
    pub times: Option<(i64, i64)>,
    /// The first three.
    pub examples: Vec<Place>,
}

impl Signal {
    /// Once more.
    pub(super) fn add(&mut self, time: Option<i64>, place: impl FnOnce() -> Place) {
        self.count += 1;
        if self.examples.len() < 3 {
            self.examples.push(place());
        }
        if let Some(time) = time {
            let (first, last) = self.times.unwrap_or((time, time));
            self.times = Some((first.min(time), last.max(time)));
        }
    }

    /// All of a later part.
    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.times = match (self.times, other.times) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        let room = 3_usize.saturating_sub(self.examples.len());
        self.examples.extend(other.examples.into_iter().take(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_between_characters() {
        assert_eq!(shortened(b"short \n"), "short");
        let long = "é".repeat(1000);
        let cut = shortened(&long.as_bytes()[1..]);
        assert!(cut.ends_with('…') && cut.len() <= LONGEST + 6, "{}", cut.len());
    }
}
