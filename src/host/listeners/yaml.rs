//! The scalars of a YAML file by their path (`http/debug/addr`), for the few that are asked for.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};

/// Deepest map that is looked into.
const DEEPEST: usize = 8;

/// All scalars in maps, by the keys that lead to them; `None` if it is not YAML to its end.
pub(super) fn scalars(text: &str) -> Option<HashMap<String, String>> {
    let mut found = HashMap::new();
    // One for each open map or list; the key that waits for its value, if it is a map's.
    let mut keys: Vec<Option<String>> = Vec::new();
    let mut maps: Vec<bool> = Vec::new();
    for event in Parser::new_from_str(text) {
        match event.ok()?.0 {
            Event::Scalar(value, ..) => match (maps.last(), keys.last_mut()) {
                (Some(true), Some(key @ None)) => *key = Some(value.into_owned()),
                (Some(true), Some(_)) => {
                    if keys.len() <= DEEPEST {
                        found.insert(path(&keys), value.into_owned());
                    }
                    ended(&mut keys);
                }
                _ => {}
            },
            Event::Alias(_) => ended(&mut keys),
            Event::MappingStart(..) | Event::SequenceStart(..)
                if maps.last() == Some(&true) && keys.last() == Some(&None) =>
            {
                return None; // a map as a key: not a file of ours
            }
            Event::MappingStart(..) => {
                maps.push(true);
                keys.push(None);
            }
            Event::SequenceStart(..) => {
                maps.push(false);
                keys.push(None);
            }
            Event::MappingEnd | Event::SequenceEnd => {
                maps.pop();
                keys.pop();
                ended(&mut keys);
            }
            _ => {}
        }
    }
    Some(found)
}

fn ended(keys: &mut [Option<String>]) {
    if let Some(key) = keys.last_mut() {
        *key = None;
    }
}

fn path(keys: &[Option<String>]) -> String {
    keys.iter().map(|key| key.as_deref().unwrap_or("-")).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scalar_is_found_by_its_path() {
        let text =
            "a: &base\n  b: 1\n  c: [x, y]\n  d:\n    - e: 2\n    - f\n  g: last\nh: *base\ni:\n  j: 'k l'\n";
        let found = scalars(text).unwrap();
        assert_eq!(found["a/b"], "1");
        assert_eq!(found["a/d/-/e"], "2");
        assert_eq!(found["a/g"], "last");
        assert_eq!(found["i/j"], "k l");
        assert!(!found.contains_key("h"));
    }

    #[test]
    fn what_is_no_yaml_is_nothing() {
        assert!(scalars("a: [").is_none());
        assert!(scalars("? {a: b}\n: c").is_none());
    }
}
