//! What a source may take and how long, as text.

use std::time::Duration;

use super::model::SourceKind;

/// Limit and timeout of a source.
pub(super) fn limits(kind: &SourceKind) -> String {
    match kind {
        SourceKind::Command { timeout, limit, .. } | SourceKind::Http { timeout, limit, .. } => {
            format!("{}, {}", size(*limit), duration(*timeout))
        }
        SourceKind::File { limit, .. } => size(*limit),
        SourceKind::Log { .. } | SourceKind::Probe { .. } | SourceKind::Part { .. } => String::new(),
    }
}

/// A size as its author wrote it, without loss.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 5] =
        [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("MB", 1_000_000), ("kB", 1_000)];
    match UNITS.iter().find(|(_, unit)| bytes.is_multiple_of(*unit)) {
        Some((name, unit)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes} B"),
    }
}

fn duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    match [("h", 3_600_000), ("min", 60_000), ("s", 1_000)]
        .iter()
        .find(|(_, unit)| millis.is_multiple_of(*unit))
    {
        Some((name, unit)) => format!("{} {name}", millis / unit),
        None => format!("{millis} ms"),
    }
}
