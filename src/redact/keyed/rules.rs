//! What a marker calls a secret that was found by the name beside it: one of a few fixed words.

/// What a name contains, and the rule's name; the first that fits.
const RULES: &[(&str, &str)] = &[
    ("passphrase", "passphrase"),
    ("pass", "password"),
    ("pwd", "password"),
    ("kennwort", "password"),
    ("_pw", "password"),
    ("pw", "password"),
    ("authorization", "authorization"),
    ("cookie", "cookie"),
    ("session", "session"),
    ("token", "token"),
    ("jwt", "token"),
    ("bearer", "token"),
    ("secret", "secret"),
    ("credential", "credential"),
    ("creds", "credential"),
    ("salt", "salt"),
    ("dsn", "connection"),
    ("source_name", "connection"),
    ("connection", "connection"),
    ("signature", "signature"),
    ("otp", "otp"),
    ("psk", "key"),
    ("key", "key"),
    ("auth", "credential"),
    ("pat", "token"),
    ("code", "code"),
];

/// A name that no row fits.
const OTHER: &str = "secret";

/// All that a marker may call such a secret.
pub(in crate::redact) fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = RULES.iter().map(|(_, rule)| *rule).chain([OTHER]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The rule for a sensitive name.
pub(super) fn of(name: &[u8]) -> &'static str {
    let has = |part: &str| name.windows(part.len()).any(|w| w.eq_ignore_ascii_case(part.as_bytes()));
    RULES.iter().find(|(part, _)| has(part)).map_or(OTHER, |(_, rule)| rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_fits_a_marker() {
        for (_, rule) in RULES {
            assert_eq!(crate::redact::marker_name(rule).as_deref(), Some(*rule));
        }
        assert_eq!(of(b"DB_PASSWORD"), "password");
        assert_eq!(of(b"Private-Token"), "token");
        assert_eq!(of(b"gossip_encrypt"), "secret");
    }
}
