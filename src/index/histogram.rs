//! Durations as a log-linear histogram: eight buckets for each doubling, so that any percentile is known
//! to a sixteenth of its value, in a few hundred bytes, however many were counted.

/// Durations in microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    /// Bucket and count, by bucket; only those that are used.
    buckets: Vec<(u16, u32)>,
    count: u64,
    sum: u64,
    max: u64,
}

impl Histogram {
    /// One more.
    pub fn add(&mut self, micros: u64) {
        self.put(bucket(micros), 1);
        self.count += 1;
        self.sum = self.sum.saturating_add(micros);
        self.max = self.max.max(micros);
    }

    /// All of another one.
    pub fn merge(&mut self, other: &Self) {
        other.buckets.iter().for_each(|(bucket, count)| self.put(*bucket, *count));
        self.count += other.count;
        self.sum = self.sum.saturating_add(other.sum);
        self.max = self.max.max(other.max);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// All of them together, in seconds.
    pub fn total(&self) -> f64 {
        self.sum as f64 / 1e6
    }

    /// The longest, in seconds.
    pub fn max(&self) -> Option<f64> {
        (self.count > 0).then_some(self.max as f64 / 1e6)
    }

    /// What `share` (0 to 1) of them do not exceed, in seconds.
    pub fn percentile(&self, share: f64) -> Option<f64> {
        let wanted = (self.count as f64 * share).ceil().max(1.0) as u64;
        let mut seen = 0_u64;
        for (bucket, count) in &self.buckets {
            seen += u64::from(*count);
            if seen >= wanted {
                return Some(middle(*bucket).min(self.max as f64) / 1e6);
            }
        }
        None
    }

    fn put(&mut self, bucket: u16, count: u32) {
        match self.buckets.binary_search_by_key(&bucket, |(bucket, _)| *bucket) {
            Ok(at) => self.buckets[at].1 = self.buckets[at].1.saturating_add(count),
            Err(at) => self.buckets.insert(at, (bucket, count)),
        }
    }
}

fn bucket(value: u64) -> u16 {
    if value < 16 {
        return value as u16;
    }
    let shift = 60 - value.leading_zeros();
    ((shift + 1) * 8) as u16 + ((value >> shift) & 7) as u16
}

fn middle(bucket: u16) -> f64 {
    if bucket < 16 {
        return f64::from(bucket);
    }
    let shift = u32::from(bucket / 8) - 1;
    let low = u64::from(8 + bucket % 8) << shift;
    low as f64 + (1_u64 << shift) as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_known_to_a_sixteenth() {
        for value in (0..60).map(|bit| 1_u64 << bit).flat_map(|n| [n - 1, n, n + n / 3]) {
            let told = middle(bucket(value));
            let off = (told - value as f64).abs();
            assert!(off <= value as f64 / 15.9, "{value} became {told}");
        }
    }

    #[test]
    fn percentiles_of_a_thousand() {
        let mut all = Histogram::default();
        let mut half = Histogram::default();
        for n in 1..=1000 {
            if n % 2 == 0 { all.add(n * 1000) } else { half.add(n * 1000) }
        }
        all.merge(&half);
        assert_eq!((all.count(), all.max()), (1000, Some(1.0)));
        for (share, expected) in [(0.5, 0.5), (0.95, 0.95), (0.99, 0.99)] {
            let told = all.percentile(share).unwrap();
            assert!((told - expected).abs() < expected / 12.0, "{share}: {told}");
        }
        assert_eq!(Histogram::default().percentile(0.5), None);
    }
}
