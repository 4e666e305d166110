//! YAML: GitLab's rendered configuration, the registry's, Patroni's, and LDAP settings in gitlab.rb.
//!
//! A full parser where the text is YAML; where it is not (ERB, a hand's slip) the lines that look like
//! `key: value`, and the caller is told.

use std::{borrow::Cow, collections::HashMap};

use saphyr_parser::{Event, Parser};

use super::{harvest::Harvest, lines};

/// Hands over every scalar below `keys`, also old ones in comments; false if only lines could be read.
pub(super) fn leaves(text: &[u8], keys: Vec<String>, harvest: &mut Harvest) -> bool {
    let text = String::from_utf8_lossy(text);
    let whole = events(&text, keys.clone(), harvest).is_some();
    if whole {
        lines::comments(text.as_bytes(), &keys, harvest);
    } else {
        lines::leaves(text.as_bytes(), &keys, harvest);
    }
    whole
}

/// Where the parser stands: in a map (with a key waiting for its value or not), or in a list.
enum Frame {
    Map { has_key: bool },
    List,
}

struct Walk<'a> {
    frames: Vec<Frame>,
    keys: Vec<String>,
    anchors: HashMap<usize, String>,
    harvest: &'a mut Harvest,
}

fn events(text: &str, keys: Vec<String>, harvest: &mut Harvest) -> Option<()> {
    let mut walk = Walk { frames: Vec::new(), keys, anchors: HashMap::new(), harvest };
    for event in Parser::new_from_str(text) {
        match event.ok()?.0 {
            Event::Scalar(value, _, anchor, _) => walk.scalar(value, anchor),
            Event::Alias(anchor) => {
                let value = walk.anchors.get(&anchor).cloned().unwrap_or_default();
                walk.scalar(Cow::Owned(value), 0);
            }
            Event::MappingStart(..) => walk.open(Frame::Map { has_key: false }),
            Event::SequenceStart(..) => walk.open(Frame::List),
            Event::MappingEnd | Event::SequenceEnd => {
                walk.frames.pop();
                walk.value_ended();
            }
            _ => {}
        }
    }
    Some(())
}

impl Walk<'_> {
    fn scalar(&mut self, value: Cow<'_, str>, anchor: usize) {
        if let Some(Frame::Map { has_key: has_key @ false }) = self.frames.last_mut() {
            *has_key = true;
            self.keys.push(value.into_owned());
            return;
        }
        self.harvest.leaf(&self.keys, value.as_bytes());
        if anchor > 0 {
            self.anchors.insert(anchor, value.into_owned());
        }
        self.value_ended();
    }

    fn open(&mut self, frame: Frame) {
        if let Some(Frame::Map { has_key: has_key @ false }) = self.frames.last_mut() {
            *has_key = true; // a map or list as a key: it has no name
            self.keys.push(String::new());
        }
        self.frames.push(frame);
    }

    fn value_ended(&mut self) {
        if let Some(Frame::Map { has_key: has_key @ true }) = self.frames.last_mut() {
            *has_key = false;
            self.keys.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::harvest::tests::found, *};

    fn learnt(text: &str) -> Vec<(String, String)> {
        let mut harvest = Harvest::new("");
        leaves(text.as_bytes(), Vec::new(), &mut harvest);
        found(harvest)
    }

    #[test]
    fn every_style_of_scalar() {
        let text = "
production:
  main:
    adapter: postgresql
    password: \"p\\\"lain\"
    username: gitlab
  ci: {database: gitlabhq_production, password: 'fl''ow'}
  secret_key_base: >-
    fold
    ed
  db_key_base: |
    block
  shared_secret: &s anchored
  other_token: *s
  api_key: !!str 12345
  tls: {key: /etc/gitlab/ssl/key.pem}
# password: old-one
";
        let values: Vec<String> = learnt(text).into_iter().map(|(value, _)| value).collect();
        assert_eq!(values, ["12345", "anchored", "block", "fl'ow", "fold ed", "old-one", "p\"lain"]);
    }

    #[test]
    fn what_is_no_yaml_is_read_by_lines() {
        let mut harvest = Harvest::new("db");
        assert!(!leaves(b"% if x\npassword: 'hunter2'\n\tsecret: [\n", Vec::new(), &mut harvest));
        assert!(found(harvest).contains(&("hunter2".into(), "db_password".into())));
    }

    #[test]
    fn nesting_without_end_ends() {
        let mut harvest = Harvest::new("");
        for text in ["[".repeat(100_000), "{a: ".repeat(50_000), "- ".repeat(50_000)] {
            leaves(text.as_bytes(), Vec::new(), &mut harvest);
        }
    }
}
