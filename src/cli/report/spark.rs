//! A curve as a row of blocks, for a terminal.

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Columns of a curve.
pub(super) const COLUMNS: usize = 40;

/// The largest value of each column against `most`; a blank where nothing is known.
pub(super) fn spark(values: &[Option<f64>], most: f64) -> String {
    let columns = values.len().min(COLUMNS);
    let column = |number: usize| {
        let part = &values[number * values.len() / columns..(number + 1) * values.len() / columns];
        part.iter().flatten().copied().reduce(f64::max)
    };
    (0..columns).map(column).map(|value| value.map_or(' ', |value| block(value, most))).collect()
}

fn block(value: f64, most: f64) -> char {
    let share = if most > 0.0 { (value / most).clamp(0.0, 1.0) } else { 0.0 };
    BLOCKS[((share * 7.0).round() as usize).min(7)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_survive_however_many_values_there_are() {
        let mut values = vec![Some(0.0); 1000];
        values[777] = Some(5.0);
        values[..25].fill(None);
        let row = spark(&values, 5.0);
        assert_eq!((row.chars().count(), row.matches('█').count(), row.starts_with(' ')), (COLUMNS, 1, true));
        assert_eq!(spark(&[Some(1.0), None, Some(2.0)], 2.0), "▅ █");
        assert_eq!(spark(&[], 1.0), "");
    }
}
