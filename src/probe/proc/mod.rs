//! Small parsers for the files of /proc and /sys, and the ways to read them through a host.
//!
//! A parser takes text and gives typed values; what is malformed is left out, never a panic.

pub(crate) mod cgroup;
pub(crate) mod diskstats;
pub(crate) mod fields;
pub(crate) mod mounts;
pub(crate) mod net;
pub(crate) mod pressure;
pub(crate) mod process;
pub(crate) mod stat;
pub(crate) mod users;

use std::{path::Path, str::FromStr};

use crate::host::{Error, Flow, Host, Trouble};

/// Ticks per second in /proc, on every architecture that GitLab runs on (proc(5): `USER_HZ`).
pub(crate) const TICKS: f64 = 100.0;
/// Bytes of a page on x86-64, the architecture of the release.
pub(crate) const PAGE: u64 = 4096;
/// No file that is read whole is larger than this.
const WHOLE: usize = 4 << 20;
/// A longer line of a file that is read line by line is left out.
const LINE: usize = 64 << 10;
/// A file that is read line by line ends here: below a sysroot it may be anything.
const LONGEST: u64 = 256 << 20;

/// A small file, whole.
pub(crate) fn text(host: &dyn Host, path: impl AsRef<Path>) -> Result<String, Error> {
    host.read(path.as_ref(), WHOLE).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// A file of at most a few thousand bytes, of which there are many (per process).
pub(crate) fn short(host: &dyn Host, path: impl AsRef<Path>) -> Result<String, Error> {
    host.read(path.as_ref(), 16 << 10).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// A file's first line without blanks at its ends; an empty one is missing.
pub(crate) fn word(host: &dyn Host, path: impl AsRef<Path>) -> Result<String, Error> {
    let path = path.as_ref();
    let text = short(host, path)?;
    match text.lines().next().map(str::trim) {
        Some(word) if !word.is_empty() => Ok(word.to_owned()),
        _ => Err(Error::new(Trouble::Missing, "reading", path).detail("it is empty")),
    }
}

/// A file that holds one number.
pub(crate) fn number<T: FromStr>(host: &dyn Host, path: impl AsRef<Path>) -> Option<T> {
    word(host, path).ok()?.parse().ok()
}

/// A file of any length, line by line, without holding it whole.
pub(crate) fn each_line(
    host: &dyn Host,
    path: impl AsRef<Path>,
    line: &mut dyn FnMut(&str) -> Flow,
) -> Result<(), Error> {
    let mut file = host.open(path.as_ref())?;
    let mut offset = 0;
    let mut piece = vec![0; 64 << 10];
    let mut rest = Vec::new();
    loop {
        let n = file.read_at(offset, &mut piece)?;
        if n == 0 {
            if !rest.is_empty() && rest.len() <= LINE {
                line(&String::from_utf8_lossy(&rest));
            }
            return Ok(());
        }
        offset += n as u64;
        if offset > LONGEST {
            return Err(Error::new(Trouble::TooLarge, "reading", path.as_ref()));
        }
        for part in piece.get(..n).unwrap_or_default().split_inclusive(|&byte| byte == b'\n') {
            if rest.len() <= LINE {
                rest.extend_from_slice(part);
            }
            if part.ends_with(b"\n") {
                let whole = rest.len() <= LINE;
                if whole && line(String::from_utf8_lossy(&rest).trim_end_matches('\n')) == Flow::Stop {
                    return Ok(());
                }
                rest.clear();
            }
        }
    }
}

/// What a counter gained; `None` where it stepped back (a replaced device, a reset).
pub(crate) fn gained(before: u64, now: u64) -> Option<f64> {
    now.checked_sub(before).map(|gain| gain as f64)
}

/// The same for a counter that the kernel prints as an unsigned 32-bit number and lets wrap. What
/// would be a gain of more than half its range is a reset.
pub(crate) fn gained32(before: u64, now: u64) -> Option<f64> {
    match (u32::try_from(before), u32::try_from(now)) {
        (Ok(before), Ok(now)) => {
            let gain = now.wrapping_sub(before);
            (gain <= u32::MAX / 2).then_some(f64::from(gain))
        }
        _ => gained(before, now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_that_steps_back_gained_nothing_known() {
        assert_eq!(gained(5, 7), Some(2.0));
        assert_eq!(gained(7, 5), None);
    }

    #[test]
    fn a_32_bit_counter_wraps_but_a_reset_is_no_gain() {
        assert_eq!(gained32(4_294_967_290, 4), Some(10.0));
        assert_eq!(gained32(1_000, 0), None);
        assert_eq!(gained32(1_000, 1_000), Some(0.0));
        assert_eq!(gained32(4_294_967_290, 4_294_967_300), Some(10.0));
    }
}
