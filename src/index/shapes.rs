//! Error messages by shape: what differs from one to the next (numbers, ids, addresses) is folded away, so
//! that ten thousand errors become the few kinds that they are. Bounded: kinds beyond the cap are counted.

use std::collections::HashMap;

use super::place::Place;

/// Kinds that are told apart.
const MOST: usize = 1000;
/// Bytes of a shape.
const LONGEST: usize = 160;
/// Examples of each.
const EXAMPLES: usize = 3;

/// Errors of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// The first and the last time, in microseconds since 1970, as far as lines tell theirs.
    pub times: Option<(i64, i64)>,
    /// Most of them within one minute.
    pub peak: u64,
    /// That minute, since 1970.
    pub peak_minute: i64,
    /// The first three.
    pub examples: Vec<Place>,
    /// The minute at hand and how many were in it.
    now: (i64, u64),
}

/// All kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shapes {
    groups: HashMap<(String, String), Group>,
    /// Errors of kinds beyond the cap.
    pub others: u64,
}

impl Shapes {
    /// One more error of a component.
    pub(super) fn add(
        &mut self,
        component: &str,
        message: &[u8],
        time: Option<i64>,
        place: impl FnOnce() -> Place,
    ) {
        let key = (component.to_owned(), fold(message));
        if self.groups.len() >= MOST && !self.groups.contains_key(&key) {
            self.others += 1;
            return;
        }
        let group = self.groups.entry(key).or_insert(Group {
            count: 0,
            times: None,
            peak: 0,
            peak_minute: 0,
            examples: Vec::new(),
            now: (i64::MIN, 0),
        });
        group.count += 1;
        if group.examples.len() < EXAMPLES {
            group.examples.push(place());
        }
        if let Some(time) = time {
            let (first, last) = group.times.unwrap_or((time, time));
            group.times = Some((first.min(time), last.max(time)));
            let minute = time.div_euclid(super::minutes::MINUTE);
            group.now = if group.now.0 == minute { (minute, group.now.1 + 1) } else { (minute, 1) };
            if group.now.1 > group.peak {
                (group.peak, group.peak_minute) = (group.now.1, minute);
            }
        }
    }

    /// All of a later part.
    pub(super) fn merge(&mut self, other: Self) {
        self.others += other.others;
        let mut more: Vec<_> = other.groups.into_iter().collect();
        more.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
        for (key, group) in more {
            if let Some(mine) = self.groups.get_mut(&key) {
                mine.merge(group);
            } else if self.groups.len() < MOST {
                self.groups.insert(key, group);
            } else {
                self.others += group.count;
            }
        }
    }

    /// How many kinds there are.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Component, shape and group; the most frequent first.
    pub fn sorted(&self) -> Vec<(&str, &str, &Group)> {
        let mut all: Vec<_> =
            self.groups.iter().map(|((component, shape), group)| (&**component, &**shape, group)).collect();
        all.sort_by(|a, b| b.2.count.cmp(&a.2.count).then_with(|| (a.0, a.1).cmp(&(b.0, b.1))));
        all
    }
}

impl Group {
    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.times = match (self.times, other.times) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        if other.peak > self.peak {
            (self.peak, self.peak_minute) = (other.peak, other.peak_minute);
        }
        let room = EXAMPLES.saturating_sub(self.examples.len());
        self.examples.extend(other.examples.into_iter().take(room));
    }
}

/// The message with `#` for each run of digits, and for words of hexadecimal digits and of base32 ids.
fn fold(message: &[u8]) -> String {
    let mut shape = String::with_capacity(message.len().min(LONGEST));
    let mut rest = message;
    while let Some(&byte) = rest.first() {
        if shape.len() >= LONGEST {
            break;
        }
        let word = rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        if word > 0 {
            let (text, behind) = rest.split_at(word);
            rest = behind;
            fold_word(text, &mut shape);
        } else {
            rest = &rest[1..];
            let plain = if byte.is_ascii_graphic() || byte == b' ' { char::from(byte) } else { '.' };
            shape.push(plain);
        }
    }
    shape
}

fn fold_word(word: &[u8], shape: &mut String) {
    let digits = word.iter().filter(|b| b.is_ascii_digit()).count();
    let hex = word.iter().all(u8::is_ascii_hexdigit);
    if digits > 0 && (hex && word.len() >= 6 || word.len() >= 20) {
        shape.push('#');
        return;
    }
    let mut in_digits = false;
    for &byte in word.iter().take(LONGEST) {
        if !byte.is_ascii_digit() {
            shape.push(char::from(byte));
        } else if !in_digits {
            shape.push('#');
        }
        in_digits = byte.is_ascii_digit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u64) -> Place {
        Place { entry: "x".into(), line, text: "t".to_owned() }
    }

    #[test]
    fn what_differs_is_folded() {
        for (one, other) in [
            ("timeout after 300 ms for 10.0.0.1:53", "timeout after 4 ms for 192.168.17.1:8080"),
            ("job 01HZ4Q6W9PYF5XK3TEXG0S2B1V failed", "job 01KJMA7WBZ28WRY4EKX3BXTK43 failed"),
            ("object 0badc0ffee12 missing", "object 77aa55aa1f00 missing"),
        ] {
            assert_eq!(fold(one.as_bytes()), fold(other.as_bytes()));
        }
        assert_ne!(fold(b"cannot read x"), fold(b"cannot write x"));
        assert!(fold(&[b'a'; 100_000]).len() <= LONGEST);
        assert_eq!(fold("é\n\u{1b}[2J".as_bytes()), "....[#J");
    }

    #[test]
    fn kinds_are_capped_and_the_rest_counted() {
        let mut shapes = Shapes::default();
        for n in 0..2000_u32 {
            let word: String = (0..12).map(|bit| if n >> bit & 1 == 1 { 'x' } else { 'y' }).collect();
            shapes.add("c", word.as_bytes(), None, || place(1));
        }
        assert_eq!((shapes.sorted().len(), shapes.others), (MOST, 1000));
    }

    #[test]
    fn times_peak_and_examples_are_kept() {
        let mut shapes = Shapes::default();
        let mut later = Shapes::default();
        for n in 0..10 {
            let time = if n < 4 { n } else { 600_000_000 + n };
            let to = if n < 5 { &mut shapes } else { &mut later };
            to.add("c", format!("error {n}").as_bytes(), Some(time), || place(n as u64));
        }
        shapes.merge(later);
        let (component, shape, group) = shapes.sorted()[0];
        assert_eq!((component, shape, group.count), ("c", "error #", 10));
        assert_eq!(group.times, Some((0, 600_000_009)));
        assert_eq!((group.peak, group.peak_minute), (5, 10));
        assert_eq!(group.examples.iter().map(|p| p.line).collect::<Vec<_>>(), [0, 1, 2]);
    }
}
