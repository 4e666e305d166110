//! Entries that find no room below a bundle's limit.

use super::*;

/// An entry that has to end below so many bytes of the bundle.
fn below(until: u64, name: &str, data: &[u8]) -> Vec<Piece> {
    let mut pieces = entry(name, data, 200_000);
    if let Piece::Start(head) = &mut pieces[0] {
        head.until = Some(until);
    }
    pieces
}

#[test]
fn an_entry_that_outgrows_its_room_keeps_what_fits_and_the_next_has_its_own() {
    let large = log(8 << 20);
    let pieces = || {
        let mut pieces = below(500_000, "a", &large);
        pieces.extend(below(520_000, "b", b"small\n"));
        pieces.extend(below(1_000, "c", &large[..300_000]));
        pieces
    };
    let (bundle, manifest) = bytes(1, &CLEAN, pieces());
    let members = members(&bundle);
    let a = content(&members, "a").unwrap();
    assert!(!a.is_empty() && large.starts_with(a) && a.ends_with(b"\n"), "whole lines, {} bytes", a.len());
    assert_eq!(content(&members, "b"), Some(&b"small\n"[..]));
    assert!(content(&members, "c").is_none());
    let told: Vec<_> =
        manifest.entries.iter().take(3).map(|entry| (entry.outcome, entry.present, entry.bytes)).collect();
    let truncated = crate::outcome::Outcome::Truncated;
    assert_eq!(told[0], (truncated, true, a.len() as u64));
    assert_eq!((told[1].1, told[2]), (true, (truncated, false, 0)));
    assert!(manifest.entries[0].reason.as_str().contains("--max-bundle"));
    assert!(bundle.len() < 540_000, "{}", bundle.len());
    assert_eq!(bytes(2, &CLEAN, pieces()).0, bundle, "with any number of threads");
}

#[test]
fn an_entry_of_which_nothing_fits_leaves_no_trace() {
    let (bundle, manifest) = bytes(1, &CLEAN, below(2_000, "folder/a", &log(4 << 20)));
    assert!(members(&bundle).iter().all(|member| !member.0.contains("folder")));
    assert!(!manifest.entries[0].present && manifest.entries[0].sha256.is_none());
}
