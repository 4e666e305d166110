//! UTF-16 as the other parts read it: every second byte, where the ones between are NULs. Words of other scripts are
//! passed over: no form and no name of a secret has any.

/// `text` without the NULs, if it is UTF-16 for the most part.
pub(super) fn narrow(text: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(0, text)?;
    let nuls = memchr::memchr_iter(0, text).count();
    (nuls * 3 >= text.len()).then(|| text.iter().copied().filter(|b| *b != 0).collect())
}
