//! How a token looks, in a small language of our own, and how it is matched: left to right, without
//! going back, so that the time never grows faster than the text.
//!
//! ```text
//! npm_{a36}            literal bytes; at least 36 of class `a`, and the whole run of them
//! {d8-10}:AA{w33}      8 to 10 of class `d`, looked for backwards from the literal behind them
//! xox[abp]-{d10-13}-   one of a set; 10 to 13; exactly that many where more of the form follows
//! ^AKIA{u16}$          `^`: no letter or digit before it; `$`: none behind it, and exactly 16
//! {w20}<.{l2}.{l9}>    a part that may be absent
//! Signature=({v20})    only what stands in parentheses goes
//! ^sk-{w24}!           the run has a digit, or letters of both cases: a name in words is no token
//! \{ \$ \.             a character of the language itself
//! ```

use super::{class::Class, text::Text};

/// A form, compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    left: Option<Run>,
    parts: Vec<Part>,
    strict_left: bool,
    strict_right: bool,
    mixed: bool,
    /// Whether parentheses open before the run on the left.
    opens_left: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    class: Class,
    least: usize,
    most: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(Vec<u8>),
    Set(Vec<u8>),
    Run(Run),
    Maybe(Vec<Part>),
    Open,
    Close,
}

/// Where a form was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// First byte of the secret.
    pub(super) start: usize,
    /// Behind its last byte.
    pub(super) end: usize,
    /// Where the whole form begins.
    pub(super) from: usize,
    /// Behind the whole form.
    pub(super) to: usize,
    /// The secret's last run was still going on where the text ends.
    pub(super) unended: bool,
}

/// Positions a filter may look at, at most.
const ANCHORED: usize = 96;

impl Form {
    /// Compiles a form, or says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut form = Self::needle(text)?;
        if !form.strict_right {
            let_run_on(&mut form.parts);
        }
        Ok(form)
    }

    /// Compiles a form whose last run ends where it says: the rest is looked at by code.
    pub(super) fn needle(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("{what} in the form `{text}`");
        let mut rest = text.as_bytes();
        let strict_left = take(&mut rest, b'^');
        let strict_right = rest.ends_with(b"$") && !rest.ends_with(b"\\$");
        if strict_right {
            rest = &rest[..rest.len() - 1];
        }
        let mixed = rest.ends_with(b"!");
        if mixed {
            rest = &rest[..rest.len() - 1];
        }
        let mut parts = parts(&mut rest, false).ok_or_else(|| wrong("a mistake"))?;
        let opens_left = parts.first() == Some(&Part::Open);
        let first = usize::from(opens_left);
        let left = match parts.get(first) {
            Some(Part::Run(run)) if run.least != run.most => Some(*run),
            _ => None,
        };
        let opens_left = opens_left && left.is_some();
        if left.is_some() {
            parts.drain(..=first);
        }
        if parts.iter().all(|part| matches!(part, Part::Run(_) | Part::Maybe(_) | Part::Open | Part::Close)) {
            return Err(wrong("nothing to look for"));
        }
        Ok(Self { left, parts, strict_left, strict_right, mixed, opens_left })
    }

    /// What may stand at each of the first positions (behind a run on the left), as far as they are fixed.
    pub(super) fn positions(&self) -> Vec<Vec<u8>> {
        let mut positions = Vec::new();
        for part in &self.parts {
            match part {
                Part::Literal(bytes) => positions.extend(bytes.iter().map(|byte| vec![*byte])),
                Part::Set(set) => positions.push(set.clone()),
                Part::Run(run) => {
                    let members: Vec<u8> = run.class.members().collect();
                    positions.extend(std::iter::repeat_n(members, run.least.min(ANCHORED)));
                    if run.least != run.most {
                        break;
                    }
                }
                Part::Maybe(_) => break,
                Part::Open | Part::Close => {}
            }
        }
        positions.truncate(ANCHORED);
        positions
    }

    /// Longest run on the left: how far before the fixed positions the form may begin.
    pub(super) fn reach_left(&self) -> usize {
        self.left.map_or(0, |run| run.most)
    }

    /// Whether the form stands here, its fixed part at `at`.
    pub(super) fn matches(&self, text: &mut Text<'_>, at: usize) -> Option<Match> {
        if self.left.is_none() && self.strict_left && !text.begins_word(at) {
            return None;
        }
        let mut state = State { open: None, close: None, body: None, unended: false };
        let behind = self.parts.iter().try_fold(at, |at, part| part.matches(text, at, &mut state))?;
        let from = match self.left {
            None => at,
            Some(run) => {
                let from = text.run_start(run.class, at, run.most);
                if at - from < run.least {
                    return None;
                }
                from
            }
        };
        if (self.left.is_some() && self.strict_left && !text.begins_word(from))
            || (self.strict_right && text.alnum_at(behind))
        {
            return None;
        }
        let start = if self.opens_left { from } else { state.open.unwrap_or(from) };
        let end = state.close.unwrap_or(behind);
        let body = if self.left.is_some() { from } else { state.body.unwrap_or(start) };
        if self.mixed && !is_mixed(text.slice(body..behind)) {
            return None;
        }
        Some(Match { start, end, from, to: behind, unended: state.unended && end == behind })
    }
}

/// What one attempt to match has seen.
struct State {
    open: Option<usize>,
    close: Option<usize>,
    body: Option<usize>,
    unended: bool,
}

impl Part {
    /// Behind this part, if it stands at `at`.
    fn matches(&self, text: &mut Text<'_>, at: usize, state: &mut State) -> Option<usize> {
        match self {
            Self::Literal(bytes) => text.has(at, bytes).then(|| at + bytes.len()),
            Self::Set(set) => set.contains(&text.at(at)?).then_some(at + 1),
            Self::Run(run) => {
                state.body.get_or_insert(at);
                let mut end = text.run_end(run.class, at, run.most);
                // Some write JSON with each slash behind a backslash.
                while run.most > run.least && run.class.has(b'/') && text.has(end, b"\\/") {
                    end = text.run_end(run.class, end + 1, run.most);
                }
                state.unended = text.is_cut_at(end);
                (end - at >= run.least).then_some(end)
            }
            Self::Maybe(parts) => {
                let behind = parts.iter().try_fold(at, |at, part| part.matches(text, at, state));
                Some(behind.unwrap_or(at))
            }
            Self::Open => {
                state.open = Some(at);
                Some(at)
            }
            Self::Close => {
                state.close = Some(at);
                Some(at)
            }
        }
    }
}

/// Whether this is no name in words: a digit, or letters of both cases.
pub(super) fn is_mixed(body: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| body.iter().any(test);
    has(u8::is_ascii_digit) || (has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
}

/// The last run of a form takes all that follows of its class: a longer token goes whole.
fn let_run_on(parts: &mut [Part]) {
    for part in parts.iter_mut().rev() {
        match part {
            Part::Run(run) if run.least == run.most => {
                run.most = usize::MAX;
                return;
            }
            Part::Maybe(inner) => let_run_on(inner),
            Part::Close => {}
            _ => return,
        }
    }
}

fn take(rest: &mut &[u8], byte: u8) -> bool {
    let found = rest.first() == Some(&byte);
    if found {
        *rest = &rest[1..];
    }
    found
}

/// Parses up to the end, or to `>` inside of `<…>`.
fn parts(rest: &mut &[u8], inner: bool) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte == b'>' {
            return inner.then_some(parts);
        }
        *rest = tail;
        match byte {
            b'{' => parts.push(Part::Run(run(rest)?)),
            b'[' => {
                let end = rest.iter().position(|byte| *byte == b']')?;
                parts.push(Part::Set(rest[..end].to_vec()));
                *rest = &rest[end + 1..];
            }
            b'<' => {
                parts.push(Part::Maybe(self::parts(rest, true)?));
                take(rest, b'>').then_some(())?;
            }
            b'(' => parts.push(Part::Open),
            b')' => parts.push(Part::Close),
            b'}' | b']' | b'^' | b'!' => return None,
            _ => {
                let byte = if byte == b'\\' { first(rest)? } else { byte };
                match parts.last_mut() {
                    Some(Part::Literal(bytes)) => bytes.push(byte),
                    _ => parts.push(Part::Literal(vec![byte])),
                }
            }
        }
    }
    (!inner).then_some(parts)
}

fn first(rest: &mut &[u8]) -> Option<u8> {
    let (byte, tail) = rest.split_first()?;
    *rest = tail;
    Some(*byte)
}

/// `w20}`, `d8-10}`, `w1+}`.
fn run(rest: &mut &[u8]) -> Option<Run> {
    let class = Class::named(first(rest)?)?;
    let end = rest.iter().position(|byte| *byte == b'}')?;
    let counts = std::str::from_utf8(&rest[..end]).ok()?;
    *rest = &rest[end + 1..];
    let (least, most) = match counts.split_once('-') {
        Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
        None => match counts.strip_suffix('+') {
            Some(least) => (least.parse().ok()?, usize::MAX),
            None => (counts.parse().ok()?, counts.parse().ok()?),
        },
    };
    (least <= most && most > 0).then_some(Run { class, least, most })
}

/// Writes a literal so that a form reads it as such.
pub(super) fn escape(literal: &str) -> String {
    literal
        .chars()
        .flat_map(|c| (!c.is_ascii_alphanumeric()).then_some('\\').into_iter().chain([c]))
        .collect()
}

#[cfg(test)]
pub(super) mod sample {
    //! Texts that look as a form says: the tests' tokens, so that none stands in the source.

    use super::*;

    /// A text of this form, and where its secret stands in it. The same form makes the same text.
    pub(in crate::redact::shaped) fn of(form: &str) -> (Vec<u8>, std::ops::Range<usize>) {
        of_length(form, |run_least| run_least)
    }

    /// As `of`, with runs as long as `length` makes them.
    pub(in crate::redact::shaped) fn of_length(
        form: &str,
        length: impl Fn(usize) -> usize + Copy,
    ) -> (Vec<u8>, std::ops::Range<usize>) {
        let mut rest = form.strip_prefix('^').unwrap_or(form).as_bytes();
        while rest.ends_with(b"!") || (rest.ends_with(b"$") && !rest.ends_with(b"\\$")) {
            rest = &rest[..rest.len() - 1];
        }
        let parts = parts(&mut rest, false).unwrap_or_else(|| panic!("a mistake in `{form}`"));
        let mut text = Vec::new();
        let mut place = (None, None);
        let mut seed = form.bytes().fold(7u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        write(&parts, &mut text, &mut place, &mut seed, length);
        let end = text.len();
        (text, place.0.unwrap_or(0)..place.1.unwrap_or(end))
    }

    fn write(
        parts: &[Part],
        text: &mut Vec<u8>,
        place: &mut (Option<usize>, Option<usize>),
        seed: &mut u64,
        length: impl Fn(usize) -> usize + Copy,
    ) {
        let random = |seed: &mut u64, most: usize| {
            *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (*seed >> 33) as usize % most
        };
        for part in parts {
            match part {
                Part::Literal(bytes) => text.extend(bytes),
                Part::Set(set) => text.push(set[random(seed, set.len())]),
                Part::Run(run) => {
                    // Letters and digits only, of both kinds: what every consumer of the class would print.
                    let members: Vec<u8> = run.class.members().filter(u8::is_ascii_alphanumeric).collect();
                    let from = text.len();
                    for _ in 0..length(run.least) {
                        text.push(members[random(seed, members.len())]);
                    }
                    if text.len() > from + 1 && members.len() > 26 {
                        text[from] = *members.last().unwrap();
                        text[from + 1] = members[0];
                    }
                }
                Part::Maybe(inner) => write(inner, text, place, seed, length),
                Part::Open => place.0 = Some(text.len()),
                Part::Close => place.1 = Some(text.len()),
            }
        }
    }
}
