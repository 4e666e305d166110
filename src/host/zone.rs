//! The host's own time zone, read as a file: never through libc, never this machine's below a sysroot.

use std::path::{Component, Path, PathBuf};

use jiff::tz::TimeZone;

use super::Host;

const ZONES: &str = "/usr/share/zoneinfo";
/// The largest zone of the database has 4 KiB.
const LIMIT: usize = 256 << 10;

/// The zone in which the host's programs write local times; UTC if it has none that can be read, as theirs is then.
pub fn of(host: &dyn Host) -> TimeZone {
    direct(host).or_else(|| linked(host)).or_else(|| named(host)).unwrap_or(TimeZone::UTC)
}

/// `/etc/localtime`, where it is a file or a link that may be followed.
fn direct(host: &dyn Host) -> Option<TimeZone> {
    compiled("localtime", &host.read(Path::new("/etc/localtime"), LIMIT).ok()?)
}

/// Where the link points, below the zones only.
fn linked(host: &dyn Host) -> Option<TimeZone> {
    let target = Path::new("/etc").join(host.read_link(Path::new("/etc/localtime")).ok()?);
    let mut path = PathBuf::new();
    for part in target.components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::CurDir | Component::Prefix(_) => {}
            Component::RootDir | Component::Normal(_) => path.push(part),
        }
    }
    zone(host, path.strip_prefix(ZONES).ok()?.to_str()?)
}

/// Debian's `/etc/timezone`.
fn named(host: &dyn Host) -> Option<TimeZone> {
    let text = host.read(Path::new("/etc/timezone"), 4096).ok()?;
    zone(host, std::str::from_utf8(&text).ok()?.lines().next()?.trim())
}

fn zone(host: &dyn Host, name: &str) -> Option<TimeZone> {
    if matches!(name, "UTC" | "Etc/UTC" | "UCT" | "Etc/UCT" | "Universal" | "Zulu") {
        return Some(TimeZone::UTC);
    }
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    if name.is_empty() || !plain {
        return None;
    }
    compiled(name, &host.read(&Path::new(ZONES).join(name), LIMIT).ok()?)
}

fn compiled(name: &str, bytes: &[u8]) -> Option<TimeZone> {
    TimeZone::tzif(name, bytes).ok()
}
