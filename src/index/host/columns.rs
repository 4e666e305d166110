//! Columns of the probes' tables: two blanks or more stand between them, one may stand within.

/// The cells of a line.
pub(super) fn cells(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

/// A number with or without a percent sign.
pub(super) fn percent(text: &str) -> Option<f64> {
    let number: f64 = text.trim_end_matches('%').trim().parse().ok()?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_blanks_stay() {
        assert_eq!(cells(" /  ext4   252.0 GiB    0 B  x"), ["/", "ext4", "252.0 GiB", "0 B", "x"]);
        assert_eq!((percent("97%"), percent("-"), percent("inf")), (Some(97.0), None, None));
    }
}
