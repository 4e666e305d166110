//! Keys and certificates in PEM, told by their headers: which are private.

use super::values::{contains, find};

/// The private keys in a text, each from its header to its footer (or the end).
pub(super) fn private(value: &[u8]) -> Vec<&[u8]> {
    let mut pems = Vec::new();
    let mut rest = value;
    while let Some(at) = find(rest, b"-----BEGIN ") {
        rest = &rest[at..];
        let head = rest.get(11..80.min(rest.len())).unwrap_or_default();
        let label = head.split(|b| *b == b'-').next().unwrap_or_default();
        let end = find(rest, b"-----END ")
            .map_or(rest.len(), |i| find(&rest[i + 9..], b"-----").map_or(rest.len(), |j| i + 9 + j + 5));
        if contains(label, b"PRIVATE KEY") {
            pems.push(&rest[..end]);
        }
        rest = &rest[end.max(1)..];
    }
    pems
}

pub(super) fn has_private(value: &[u8]) -> bool {
    contains(value, b"-----BEGIN ") && !private(value).is_empty()
}

/// Certificates, public keys and their like.
pub(super) fn is_public(value: &[u8]) -> bool {
    let public = value.trim_ascii_start().starts_with(b"-----BEGIN ") && private(value).is_empty();
    public
        || value.starts_with(b"ssh-rsa ")
        || value.starts_with(b"ssh-ed25519 ")
        || value.starts_with(b"ecdsa-sha2-")
}
