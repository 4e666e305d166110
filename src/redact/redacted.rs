//! The type that shows the compiler that bytes went through redaction.

/// Bytes that may leave the host. Made only by `redact`; `pack` takes nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redacted(Vec<u8>);

impl Redacted {
    /// No bytes at all, which hold no secret.
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// Text of the program itself, which was written before any secret was known.
    pub fn literal(text: &'static str) -> Self {
        Self(text.as_bytes().to_vec())
    }

    /// What may leave the host.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Bytes in it.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Moves what stands behind the first `at` bytes into a value of its own.
    #[must_use]
    pub fn split_off(&mut self, at: usize) -> Self {
        Self(self.0.split_off(at))
    }

    /// Appends what went through redaction too.
    pub fn append(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// Only for the rest of `redact`: vouches for `bytes`.
    pub(in crate::redact) fn vouch(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Only for the rest of `redact`: where a stream writes.
    pub(in crate::redact) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }

    /// Only for tests of what stands behind redaction.
    #[cfg(test)]
    pub(crate) fn for_test(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}
