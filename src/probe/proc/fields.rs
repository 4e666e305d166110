//! Files of names and values, one a line: meminfo, vmstat, status, io, memory.stat, cpu.stat.

use std::collections::BTreeMap;

/// Values by name; of a name that occurs twice, the first.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// `name value` or `name: value`.
    pub(crate) fn parse(text: &str) -> Self {
        Self::split(text, |line| {
            let end = line.find(|c: char| c == ':' || c.is_whitespace())?;
            Some((line.get(..end)?, line.get(end + 1..)?))
        })
    }

    /// `NAME=value`, with quotes around the value or without (os-release).
    pub(crate) fn assignments(text: &str) -> Self {
        Self::split(text, |line| {
            let (name, value) = line.split_once('=')?;
            Some((name, value.trim().trim_matches(['"', '\''])))
        })
    }

    /// `Name : value` (cpuinfo).
    pub(crate) fn colons(text: &str) -> Self {
        Self::split(text, |line| line.split_once(':'))
    }

    fn split(text: &str, split: impl Fn(&str) -> Option<(&str, &str)>) -> Self {
        let mut fields = BTreeMap::new();
        for (name, value) in text.lines().filter_map(split) {
            fields.entry(name.trim().to_owned()).or_insert_with(|| value.trim().to_owned());
        }
        Self(fields)
    }

    /// A value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A value's first word as a number.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.split_whitespace().next()?.parse().ok()
    }

    /// A value that is given in kB, as bytes.
    pub(crate) fn bytes(&self, name: &str) -> Option<u64> {
        self.number(name)?.checked_mul(1024)
    }

    /// The sum of all numbers whose names begin so; `None` if there is none.
    pub(crate) fn sum(&self, prefix: &str) -> Option<u64> {
        let mut sum = None;
        for (name, _) in self.0.range(prefix.to_owned()..).take_while(|(name, _)| name.starts_with(prefix)) {
            if let Some(n) = self.number(name) {
                sum = Some(sum.unwrap_or(0u64).saturating_add(n));
            }
        }
        sum
    }

    /// Whether nothing was understood.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_separators_and_units() {
        let fields =
            Fields::parse("MemTotal:  16 kB\npgmajfault 7\nbroken\nallocstall_dma 1\nallocstall_x 2\n");
        assert_eq!(fields.bytes("MemTotal"), Some(16_384));
        assert_eq!(fields.number("pgmajfault"), Some(7));
        assert_eq!(fields.sum("allocstall_"), Some(3));
        assert_eq!(fields.number("broken"), None);
        assert_eq!(fields.sum("none"), None);
    }

    #[test]
    fn a_number_too_large_is_none() {
        let fields =
            Fields::parse("MemTotal: 99999999999999999999999 kB\nMemFree: 18446744073709551615 kB\n");
        assert_eq!(fields.bytes("MemTotal"), None);
        assert_eq!(fields.bytes("MemFree"), None);
    }

    #[test]
    fn quotes_are_not_part_of_a_value() {
        let fields = Fields::assignments("PRETTY_NAME=\"Debian 12\"\nID=debian\n# x\n");
        assert_eq!(fields.get("PRETTY_NAME"), Some("Debian 12"));
        assert_eq!(fields.get("ID"), Some("debian"));
    }
}
