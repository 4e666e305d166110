//! Which names stand beside a secret: `db_password`, `PRIVATE-TOKEN`, `secretAccessKey`, `requirepass`.
//!
//! The one list for learning the host's secrets and for the keyed rules. It looks at a name only:
//! whether what stands beside it is a value or a reference (`ENV['X']`), a path or a number is the
//! caller's matter. Names that merely talk about a secret (`password_expires_at`, `token_id`,
//! `db_sslkey`, `*_keyfile`) are not sensitive.

mod index;
pub(super) mod lists;
mod words;

use std::sync::LazyLock;

pub(in crate::redact) use index::Index;
use lists::{ABOUT, ALSO, KEY_OF, LAST, NO_KEY_OF, NOT, STRONG, TELLS, WEAK};
use words::{Words, is_one_of};

static IN_ABOUT: LazyLock<Index> = LazyLock::new(|| Index::new(ABOUT));
static IN_TELLS: LazyLock<Index> = LazyLock::new(|| Index::new(TELLS));
static IN_KEY_OF: LazyLock<Index> = LazyLock::new(|| Index::new(KEY_OF));
static IN_NO_KEY_OF: LazyLock<Index> = LazyLock::new(|| Index::new(NO_KEY_OF));
static IN_LAST: LazyLock<Index> = LazyLock::new(|| Index::new(LAST));
static IN_ALSO: LazyLock<Index> = LazyLock::new(|| Index::new(ALSO));
static IN_DOUBTFUL: LazyLock<Index> =
    LazyLock::new(|| Index::new(&["sonar_login", "dsonar_login", "user_key"]));
static IN_POINTING: LazyLock<Index> = LazyLock::new(|| Index::new(&["password_secret"]));
static IN_NOT: LazyLock<Index> = LazyLock::new(|| Index::new(NOT));

/// How much a name says about the value beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) enum Strength {
    /// `db_password`: whatever the value is.
    Sure,
    /// `tokens`: but a number beside it counts them.
    Many,
    /// `password_for_backup`, `TOKEN_DEPLOY`: but a number or a duration beside it measures something.
    Within,
    /// `passwordKey`: as `Within`, but what is itself called as a secret is one tells where it stands.
    Pointing,
    /// `smtp_auth`, `pass`: only if the value itself looks like a secret rather than a mode or a number.
    Weak,
}

/// Whether a value beside this name is a secret, by the name alone. Any case style: `db_password`,
/// `dbPassword`, `DB-PASSWORD`, `db.password`, `gitlab_rails['db_password']`.
pub fn is_sensitive(name: impl AsRef<[u8]>) -> bool {
    judge(&Words::of(name.as_ref())).is_some()
}

/// As `is_sensitive`, and how sure that is; with those names too that are a secret's only if the value says so.
pub(in crate::redact) fn strength(name: &[u8]) -> Option<Strength> {
    let words = Words::of(name);
    let bare = words.count == 1 && is_one_of(words.last(), WEAK) && name != b"PWD";
    // Vault's and Consul's is a secret, but a number is a row's.
    let id = words.count > 1
        && is_one_of(words.last(), &["id"])
        && words.get(words.count - 2).eq_ignore_ascii_case(b"secret");
    // A secret of Graylog, the name of one in Kubernetes.
    if words.are_in(&IN_POINTING) {
        return Some(Strength::Pointing);
    }
    let doubtful = words.are_in(&IN_DOUBTFUL);
    judge(&words).or((bare || id || doubtful).then_some(Strength::Weak))
}

fn judge(words: &Words<'_>) -> Option<Strength> {
    if words.are_in(&IN_ALSO) {
        return Some(Strength::Sure);
    }
    if words.count == 0 || words.are_in(&IN_NOT) {
        return None;
    }
    let last = words.last();
    if IN_ABOUT.has(last) || words.has("enabled") || words.has("authentication") {
        return None;
    }
    if words.is_strong(words.count - 1) {
        let many = last.ends_with(b"s") && !last.ends_with(b"pass");
        return Some(if many { Strength::Many } else { Strength::Sure });
    }
    if is_key(last) && words.count > 1 && IN_KEY_OF.has(words.get(words.count - 2)) {
        return Some(if last.ends_with(b"s") { Strength::Many } else { Strength::Sure });
    }
    if last.eq_ignore_ascii_case(b"base") && words.count > 1 && is_key(words.get(words.count - 2)) {
        return Some(Strength::Sure);
    }
    // `--discovery-token-ca-cert-hash`: a fingerprint.
    if words.has("cert") && last.eq_ignore_ascii_case(b"hash") {
        return None;
    }
    if (0..words.count).any(|i| words.is_strong(i)) {
        return Some(if is_key(last) { Strength::Pointing } else { Strength::Within });
    }
    let weak = is_one_of(last, WEAK) && (words.count == 1 || is_one_of(last, &["auth", "pat", "otp"]));
    IN_LAST.has(last).then_some(if weak { Strength::Weak } else { Strength::Sure })
}

/// Whether a name says what its value is about: `id`, `name`, `expires_at`; a leaf so named below a
/// sensitive name is no secret.
pub(in crate::redact) fn talks_about(name: &[u8]) -> bool {
    let words = Words::of(name);
    words.count > 0 && (IN_ABOUT.has(words.last()) || IN_TELLS.has(words.last()))
}

/// Whether such a name is that of a feature, as `initial_management` of Consul's tokens, rather than of a fact.
pub(in crate::redact) fn is_of_a_feature(name: &[u8]) -> bool {
    is_one_of(Words::of(name).last_or_none(), &["management", "protection", "detection", "replication"])
}

/// As `is_sensitive`, and any other `*_key` that is no key of a table, cache or certificate: for
/// configuration files, where an unknown key is more likely a secret than a name.
pub fn might_be_sensitive(name: impl AsRef<[u8]>) -> bool {
    let name = name.as_ref();
    if is_sensitive(name) {
        return true;
    }
    let words = Words::of(name);
    words.count > 1
        && is_key(words.last())
        && !words.are_in(&IN_NOT)
        && !IN_NO_KEY_OF.has(words.get(words.count - 2))
}

/// Whether a path beside this name is that of a file with a secret in it: `password_file`,
/// `ssl_certificate_key`, `tls_key_path`.
pub(in crate::redact) fn names_a_file_of_secrets(name: &str) -> bool {
    let words = Words::of(name.as_bytes());
    if words.count == 0 {
        return false;
    }
    let about_a_file =
        is_one_of(words.last(), &["file", "path", "keyfile", "key", "secret", "password", "token"]);
    let strong = (0..words.count).any(|i| STRONG.iter().any(|strong| matches_word(words.get(i), strong)));
    about_a_file && (strong || words.has("key") || words.has("keyfile") || words.has("sslkey"))
}

/// Whether a value beside this name is a connection's description, with a password as one part of it.
pub(in crate::redact) fn is_connection(name: &str) -> bool {
    let words = Words::of(name.as_bytes());
    words.count > 0 && is_one_of(words.last(), &["dsn", "string", "url"])
        || words.are_in(&Index::new(&["data_source_name"]))
}

impl Words<'_> {
    fn is_strong(&self, i: usize) -> bool {
        STRONG.iter().any(|strong| matches_word(self.get(i), strong))
    }
}

fn is_key(word: &[u8]) -> bool {
    is_one_of(word, &["key", "keys"])
}

fn matches_word(word: &[u8], pattern: &str) -> bool {
    // Most end in another letter; a look at it is cheaper than a call.
    if word.last().map(u8::to_ascii_lowercase).as_ref() != pattern.as_bytes().last() {
        return false;
    }
    match pattern.strip_prefix('*') {
        None => word.eq_ignore_ascii_case(pattern.as_bytes()),
        Some(end) => word
            .len()
            .checked_sub(end.len())
            .is_some_and(|from| word[from..].eq_ignore_ascii_case(end.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "password",
            "db_password",
            "DB_PASSWORD",
            "dbPassword",
            "Private-Token",
            "smtp_password",
            "PGPASSWORD",
            "gitlab_rails['db_password']",
            "secretAccessKey",
            "aws_secret_access_key",
            "app_secret",
            "client_secret",
            "api_key",
            "apiKey",
            "x-api-key",
            "openai_api_key",
            "secret_key_base",
            "X-Otp-Key-Base",
            "PresharedKey",
            "db_key_base",
            "otp_key_base",
            "private_key",
            "passphrase",
            "requirepass",
            "masterauth",
            "masterpass",
            "sentry_dsn",
            "storage_access_key",
            "azure_storage_access_key",
            "google_json_key_string",
            "encryption_key",
            "http_secret",
            "Authorization",
            "set-cookie",
            "_gitlab_session",
            "reset_password_token",
            "password_confirmation",
            "authenticity_token",
            "gitlab_shell_secret_token",
            "smtp_pass",
            "PublicLinkSalt",
            "AtRestEncryptKey",
            "password_1",
            "job_token",
            "tokens",
            "access_token",
            "runner_token",
            "static_objects_external_storage_auth_token",
            "refresh_token",
            "encrypted_password",
            "DATA_SOURCE_NAME",
            "shared_secret",
            "authToken",
            "userpassword",
            "bind_pw",
        ] {
            assert!(is_sensitive(name), "{name}");
        }
    }

    #[test]
    fn names_that_only_talk_about_secrets() {
        for name in [
            "",
            "key",
            "value",
            "user",
            "pipeline_schedule_worker_cron",
            "personal_access_tokens_expiring_worker_cron",
            "ssl_certificate_key",
            "tls_key_path",
            "db_sslkey",
            "password_authentication_enabled_for_web",
            "token_id",
            "password_authentication_enabled_for_git",
            "display_initial_root_password",
            "store_initial_root_password",
            "personal_access_token_prefix",
            "key_size",
            "auth_type",
            "auth_query",
            "jwt_expiry",
            "gl_key_id",
            "token_expire_in_seconds",
            "token_ttl",
            "hide_server_tokens",
            "server_tokens",
            "idempotency_key",
            "sort_key",
            "cache_key",
            "generate_secrets_json_file",
            "PWD",
            "proxy_pass",
            "password_expires_at",
            "secret_file",
            "token_path",
            "keyfile",
            "max_tokens",
            "primary_key",
            "page_token",
            "gitlab_id",
            "application_id",
            "public_key",
            "correlation_id",
            "author",
            "authority",
            "compass",
            "bypass",
            "passed",
            "passenger",
            "secret_detection",
            "token_type",
            "tokenizer",
            "monkey",
            "password_automatically_set",
            "secretary",
        ] {
            assert!(!is_sensitive(name), "{name}");
        }
    }

    #[test]
    fn a_configuration_key_is_sooner_a_secret() {
        assert!(might_be_sensitive("akismet_key") && !is_sensitive("akismet_key"));
        for name in ["cache_key", "ssl_certificate_key", "sort_key", "idempotency_key", "key", "public_key"] {
            assert!(!might_be_sensitive(name), "{name}");
        }
    }

    #[test]
    fn a_name_of_any_length_and_bytes_is_looked_at() {
        assert!(is_sensitive(format!("{}password", "a_".repeat(100_000))));
        assert!(is_sensitive([b"\xff\xfe_".as_slice(), b"token"].concat()));
    }
}
