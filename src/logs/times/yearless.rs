//! Times without a year (syslog, klog): the latest year in which the line is not younger than its file.

use super::{
    Moment,
    local::Local,
    number::{SECOND, clock, date, day, digits, fraction, month},
};

/// Clocks and copies may be a little off: a line may seem younger than its file by that much.
const TOLERANCE: i64 = 86_400 * SECOND;

/// `Mar  1 10:00:00 host program: …`, in the host's zone.
pub(super) fn syslog(line: &[u8], local: &mut Local, newest: i64) -> Option<Moment> {
    let month = month(line, 0)?;
    let spaced = line.get(3) == Some(&b' ') && line.get(6) == Some(&b' ');
    let (day, clock) = (day(line, 4)?, clock(line, 7)?);
    let (fraction, length) = fraction(line, 15);
    let ends = matches!(line.get(15 + length), None | Some(b' ' | b'\t' | b'\n' | b'\r' | b':'));
    (spaced && ends).then(|| placed(month, day, clock * SECOND + fraction, local, newest))?
}

/// `I0301 10:00:00.123456   1 file.go:1] …`, in the host's zone.
pub(super) fn klog(line: &[u8], local: &mut Local, newest: i64) -> Option<Moment> {
    if !matches!(line.first()?, b'I' | b'W' | b'E' | b'F') || line.get(5) != Some(&b' ') {
        return None;
    }
    let (month, day, clock) = (digits(line, 1, 2)?, digits(line, 3, 2)?, clock(line, 6)?);
    let (fraction, length) = fraction(line, 14);
    (length > 0).then(|| placed(month, day, clock * SECOND + fraction, local, newest))?
}

fn placed(month: i64, day: i64, of_day: i64, local: &mut Local, newest: i64) -> Option<Moment> {
    let year = local.year(newest.saturating_add(TOLERANCE))?;
    // A 29th of February can be eight years back.
    (0..=8).filter_map(|back| date(year - back, month, day)).find_map(|midnight| {
        let moment = local.moment(midnight * SECOND + of_day);
        (moment.early <= newest.saturating_add(TOLERANCE)).then_some(moment)
    })
}
