//! One entry's bytes on their way through redaction; what could not be redacted for certain is withheld.

use std::collections::BTreeMap;

use crate::{
    pack::manifest::Text,
    redact::{Broken, Redacted, Redactor, Stream},
};

/// An entry's redaction. After a failure it takes no more and gives no more.
pub(super) struct Output<'r> {
    redactor: &'r Redactor,
    stream: Option<Stream<'r>>,
    broken: Option<Broken>,
}

/// How an entry's redaction ended.
pub(super) struct End {
    /// Replacements by rule.
    pub(super) redactions: BTreeMap<Text, u64>,
    /// Why the entry must not leave the host.
    pub(super) withheld: Option<Text>,
}

impl<'r> Output<'r> {
    pub(super) fn new(redactor: &'r Redactor) -> Self {
        Self { redactor, stream: None, broken: None }
    }

    /// What may be packed now.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Redacted {
        let mut redacted = Redacted::empty();
        if self.broken.is_none() {
            let stream = self.stream.get_or_insert_with(|| self.redactor.stream());
            self.broken = stream.push(bytes, &mut redacted).err();
        }
        if self.broken.is_some() { Redacted::empty() } else { redacted }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// The last bytes, and how it went.
    pub(super) fn finish(&mut self) -> (Redacted, End) {
        let mut rest = Redacted::empty();
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
