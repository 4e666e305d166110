//! Memory that is never swapped out: the pages that hold the host's known secrets.
//!
//! Only those pages, since all of a run's memory would take it from a host that may be short of it. Best
//! effort: what the kernel refuses is told, and the run goes on. The locks end with the process.

use std::{ffi::c_void, ops::Range, ptr::NonNull};

use nix::{
    errno::Errno,
    sys::{
        mman::mlock,
        resource::{Resource, getrlimit, setrlimit},
    },
    unistd::{SysconfVar, sysconf},
};

/// So much may be locked where root says what may be. The secrets of a host take some hundred KiB.
const ROOM: u64 = 64 << 20;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Locked {
    /// Bytes in pages that stay in memory.
    pub bytes: usize,
    /// Bytes in pages that may be swapped out all the same, and why.
    pub refused: Option<(usize, String)>,
}

impl Locked {
    /// In one line.
    pub fn told(&self) -> String {
        match &self.refused {
            None => format!("{} bytes that hold known secrets are never swapped out", self.bytes),
            Some((bytes, why)) => format!(
                "known secrets may be swapped out: {bytes} of the {} bytes that hold them could not be locked in memory: {why}",
                self.bytes + bytes
            ),
        }
    }
}

/// Makes room for locks, as far as this process may: root for all that is needed, whatever capabilities it
/// gives up afterwards; others up to what root left them.
pub fn make_room() {
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_MEMLOCK)
        && soft < ROOM
        && setrlimit(Resource::RLIMIT_MEMLOCK, ROOM, hard.max(ROOM)).is_err()
    {
        let _ = setrlimit(Resource::RLIMIT_MEMLOCK, hard.min(ROOM), hard);
    }
}

/// Locks the pages on which these bytes are.
pub fn lock<'b>(parts: impl IntoIterator<Item = &'b [u8]>) -> Locked {
    let page = page();
    let pages = |part: &[u8]| {
        let start = part.as_ptr().addr();
        start / page * page..(start + part.len()).next_multiple_of(page)
    };
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    let mut locked = Locked::default();
    for range in joined(parts.map(pages).collect()) {
        match lock_pages(&range) {
            Ok(()) => locked.bytes += range.len(),
            Err(errno) => {
                let (bytes, _) = locked.refused.get_or_insert_with(|| (0, why(errno)));
                *bytes += range.len();
            }
        }
    }
    locked
}

fn page() -> usize {
    let page = sysconf(SysconfVar::PAGE_SIZE).ok().flatten();
    page.and_then(|page| usize::try_from(page).ok()).filter(|page| page.is_power_of_two()).unwrap_or(4096)
}

/// Neighbours as one: each call costs, and cuts a mapping in pieces.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, before| {
        let touches = next.start <= before.end;
        if touches {
            before.end = before.end.max(next.end);
        }
        touches
    });
    ranges
}

fn lock_pages(range: &Range<usize>) -> nix::Result<()> {
    let start = NonNull::new(std::ptr::without_provenance_mut::<c_void>(range.start)).ok_or(Errno::EINVAL)?;
    // SAFETY: no byte is read or changed; the kernel itself looks whether the pages are there.
    #[allow(unsafe_code)]
    unsafe {
        mlock(start, range.len())
    }
}

fn why(errno: Errno) -> String {
    let limit = getrlimit(Resource::RLIMIT_MEMLOCK).map_or(0, |(soft, _)| soft);
    match errno {
        Errno::ENOMEM | Errno::EPERM | Errno::EAGAIN => {
            format!("{} (RLIMIT_MEMLOCK is {limit} bytes)", errno.desc())
        }
        _ => errno.desc().to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // looks at a process of its own
mod tests {
    use super::*;

    /// Of the mapping that holds an address, in KiB, as /proc tells it.
    fn locked_around(at: usize) -> u64 {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let mut inside = false;
        for line in maps.lines() {
            let range = line.split_once(' ').and_then(|(range, _)| range.split_once('-'));
            if let Some((Ok(from), Ok(to))) =
                range.map(|(from, to)| (usize::from_str_radix(from, 16), usize::from_str_radix(to, 16)))
            {
                inside = (from..to).contains(&at);
            } else if let Some(size) = line.strip_prefix("Locked:").filter(|_| inside) {
                return size.trim().trim_end_matches(" kB").parse().unwrap();
            }
        }
        panic!("no mapping holds {at:x}");
    }

    #[test]
    fn the_pages_of_a_value_are_locked() {
        let value = vec![b'x'; 3 * page()];
        let locked = lock([&value[page()..page() + 10], &value[page() + 5..page() + 20]]);
        assert_eq!(locked.refused, None);
        assert!(locked.bytes >= page() && locked.bytes <= 2 * page(), "{locked:?}");
        assert!(locked_around(value[page()..].as_ptr().addr()) >= 4);
        assert!(locked.told().ends_with("never swapped out"));
        assert_eq!(lock([&[][..]]), Locked::default());
    }

    #[test]
    fn what_can_not_be_locked_is_told() {
        // Nothing is mapped at the lowest pages; the kernel says so.
        let refused = lock_pages(&(0x1000..0x2000)).unwrap_err();
        assert_eq!(refused, Errno::ENOMEM);
        let locked = Locked { bytes: 4096, refused: Some((8192, why(refused))) };
        let told = locked.told();
        assert!(told.contains("8192 of the 12288 bytes") && told.contains("RLIMIT_MEMLOCK"), "{told}");
    }

    #[test]
    fn neighbours_are_one_range() {
        assert_eq!(joined(vec![8..12, 0..4, 2..6, 12..16, 20..24]), [0..6, 8..16, 20..24]);
    }
}
