//! A list of words, asked for one of them without going through all: names are judged a thousand times a
//! megabyte. Knows no word itself.

const BUCKETS: usize = 128;

/// Words by what they look like: their length and three of their letters.
#[derive(Debug)]
pub(in crate::redact) struct Index(Vec<Vec<String>>);

impl Index {
    /// Of words, or of whole names whose words stand between underscores.
    pub(in crate::redact) fn new(words: &[&str]) -> Self {
        let mut buckets = vec![Vec::new(); BUCKETS];
        for word in words {
            let word = word.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
            buckets[bucket(word.as_bytes())].push(word);
        }
        Self(buckets)
    }

    /// Whether it is one of them, without regard to case.
    pub(in crate::redact) fn has(&self, word: &[u8]) -> bool {
        self.0[bucket(word)].iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
    }
}

fn bucket(word: &[u8]) -> usize {
    let letter = |at: usize| usize::from(word.get(at).map_or(0, u8::to_ascii_lowercase));
    let (first, middle, last) = (letter(0), letter(word.len() / 2), letter(word.len().saturating_sub(1)));
    (word.len() * 5 + first + middle * 11 + last * 37) % BUCKETS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_it_is_in_it() {
        let words = ["a", "ab", "key", "api_key", "_gitlab_session", "Password"];
        let index = Index::new(&words);
        for word in ["a", "A", "AB", "Key", "API_key", "gitlab_session", "password", "PASSWORD"] {
            assert!(index.has(word.as_bytes()), "{word}");
        }
        for word in ["", "b", "ba", "keys", "apikey", "_gitlab_session", "\u{e9}"] {
            assert!(!index.has(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn no_bucket_of_a_long_list_is_long() {
        let index = Index::new(super::super::lists::ABOUT);
        assert!(index.0.iter().all(|bucket| bucket.len() <= 10));
    }
}
