//! Which names stand beside a secret: `db_password`, `PRIVATE-TOKEN`, `secretAccessKey`, `requirepass`.
//!
//! The one list for learning the host's secrets and for the keyed rules. It looks at a name only:
//! whether what stands beside it is a value or a reference (`ENV['X']`), a path or a number is the
//! caller's matter. Names that merely talk about a secret (`password_expires_at`, `token_id`,
//! `db_sslkey`, `*_keyfile`) are not sensitive.

/// Words that make a name sensitive wherever they stand in it. `*x` also means words that end so.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(super) const STRONG: &[&str] = &[
    "*password", "*passwords", "*passwd", "*passphrase", "*passcode", "*secret", "*secrets", "*token",
    "*tokens", "*apikey", "*apikeys", "*credential", "*credentials", "authorization", "requirepass",
    "masterauth", "jwt", "htpasswd", "kennwort", "passwort", "*privatekey", "*secretkey", "*accesskey",
];

/// Words that are sensitive only as a name's last one.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(super) const LAST: &[&str] = &[
    "pass", "pwd", "psk", "dsn", "salt", "cookie", "cookies", "bearer", "pat", "otp", "auth", "passwds",
    "userpass", "masterpass", "dbpass", "smtppass", "bindpass", "rootpw", "bindpw", "pw", "encrypt",
];

/// Last words that are often a mode, a count or a name instead.
const WEAK: &[&str] = &["auth", "pass", "pat", "otp", "cookies", "encrypt", "pwd"];

/// What may stand before a last `key` or `keys`: `api_key`, `encryption_key`, `lets_encrypt_private_key`.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(super) const KEY_OF: &[&str] = &[
    "access", "account", "admin", "aes", "api", "app", "application", "auth", "client", "consumer", "crypt",
    "cipher", "decryption", "derivation", "deterministic", "encrypt", "encrypted", "encryption", "gossip",
    "hmac", "host_private", "integration", "jwt", "license", "master", "migration", "otp", "pgp_private",
    "primary_encryption", "priv", "private", "secret", "session", "shared", "signing", "storage",
    "preshared", "subscription", "symmetric", "token", "webhook", "write", "rsa", "ecdsa", "ed25519", "p12", "pkcs12",
];

/// Last words that turn a sensitive name into one that only talks about a secret.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(super) const ABOUT: &[&str] = &[
    "algorithm", "allowed", "app_id", "at", "attempts", "automatically", "backend", "basename", "bytes",
    "cert", "certificate", "change", "changed", "checker", "class", "cleanup", "column", "command",
    "complexity", "count", "created", "cron", "detection", "dir", "directory", "disabled", "duration",
    "enable", "enabled", "endpoint", "error", "errors", "exist", "exists", "expiration", "expired",
    "expires", "expiry", "field", "fields", "file", "filename", "files", "fingerprint", "format", "grace",
    "header", "headers", "hint", "id", "ids", "in", "interval", "issuer", "keyfile", "kind", "label",
    "length", "level", "lifetime", "limit", "limits", "location", "locked", "manager", "max", "method",
    "min", "minimum", "maximum", "mode", "name", "names", "off", "on", "owner", "page", "param",
    "parameter", "path", "paths", "period", "policy", "prefix", "prefixes", "query", "realm", "required",
    "retries", "reset", "revoked", "rotation", "scope", "scopes", "sent", "seconds", "service", "set",
    "size", "source", "status", "store", "strategy", "strength", "template", "time", "timeout", "total",
    "ttl", "type", "types", "updated", "uri", "url", "usage", "used", "user", "username", "users",
    "validation", "validity", "version", "worker", "days", "hours", "minutes", "scanning", "push",
    "protection", "management", "lease", "leeway", "usages", "requests", "rate", "ratio", "present", "host",
    "ms", "us", "ns", "s", "wait", "calls", "hits", "misses", "age", "valid", "invalid", "exceeded",
    "controller", "helper", "finder", "spec", "rb", "js", "py", "go", "html", "json", "yml", "yaml", "txt", "log",
    "css", "svg", "vue", "md", "sh", "conf", "metrics", "bucket", "buckets", "region", "port", "provider",
    "request", "redirect", "failures", "failed", "missing", "found", "required", "optional",
];

/// More last words that tell what a leaf below a sensitive name is.
#[rustfmt::skip] // rows, not a column of hundreds of lines
const TELLS: &[&str] = &[
    "key", "description", "title", "active", "impersonation", "scheme", "email", "login", "masked", "protected",
    "variable", "note", "state", "tags", "nullable", "algorithms", "audience", "alg", "exp", "iat", "nbf", "sub",
    "iss", "aud", "vault", "engine",
];

/// Whole names that look sensitive and are not, compared without case and with `_` for `-` and spaces.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(super) const NOT: &[&str] = &[
    "pwd", "oldpwd", "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass",
    "ssl_verify_pass", "auth_basic", "max_tokens", "input_tokens", "output_tokens", "prompt_tokens",
    "completion_tokens", "total_tokens", "cached_tokens", "server_tokens", "hide_server_tokens",
    "nginx_hide_server_tokens", "generate_secrets_json_file", "secret_detection", "token_auth",
    "basic_auth", "password_auth", "public_token", "auth", "smtp_auth", "no_auth", "xpack_auth", "encrypt",
    "skip_auth", "http_auth", "require_auth", "kerberos_auth", "access_tokens", "personal_access_tokens",
    "ci_job_token_scope", "password_authentication", "passwordauthentication", "permitemptypasswords",
    "num_tokens", "tokens_per_second", "otp", "forgot_password", "new_password_path", "password_encryption",
    "display_initial_root_password", "store_initial_root_password", "allow_passwordless",
    "incremental_token", "x_csrf_param", "page_token", "next_page_token", "pagetoken", "nextpagetoken",
];

/// Whole names that are sensitive though no word of them says so (`requirepass` is a word above).
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(super) const ALSO: &[&str] = &[
    "_gitlab_session", "secret_key_base", "db_key_base", "otp_key_base", "encrypted_settings_key_base",
    "enc_settings_key_base", "x_gitlab_token", "private_token", "job_token", "runner_token", "gossip_key",
    "encrypt_key", "atrestencryptkey", "publiclinksalt", "invitesalt", "sentry_dsn", "data_source_name",
    "google_json_key_string", "connection_string", "azure_storage_connection_string", "set_cookie",
    "x_amz_signature", "x_amz_security_token", "x_goog_signature", "forti_authenticator_access_token",
    "duo_auth_skey", "skey", "akey", "openssl_key", "proxy_authorization", "http_authorization",
    "x_authorization", "active_record_encryption_primary_key", "active_record_encryption_deterministic_key",
    "active_record_encryption_key_derivation_salt", "sharedkey", "accountkey", "signingkey",
    "encryptionkey", "masterkey", "authtoken", "api_pw", "identity_token",
];

/// Words before a last `key` that name something else than a secret, for `might_be_sensitive`.
#[rustfmt::skip] // rows, not a column of hundreds of lines
const NO_KEY_OF: &[&str] = &[
    "cache", "sort", "idempotency", "primary", "foreign", "public", "partition", "routing", "group", "host",
    "index", "lookup", "unique", "translation", "object", "job", "concurrency", "deduplication", "lock",
    "redis", "hash", "map", "registry", "ssh", "gpg", "deploy", "project", "section", "user", "cursor",
    "message", "event", "metric", "feature", "flag", "config", "setting", "lease", "ssl", "sslkey",
    "certificate", "tls", "site", "queue", "known", "pub", "label", "s3",
];

/// How much a name says about the value beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) enum Strength {
    /// `db_password`: whatever the value is.
    Sure,
    /// `tokens`: but a number beside it counts them.
    Many,
    /// `password_for_backup`, `TOKEN_DEPLOY`: but a number or a duration beside it measures something.
    Within,
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
    judge(&words).or(bare.then_some(Strength::Weak))
}

fn judge(words: &Words<'_>) -> Option<Strength> {
    if words.matches_any(ALSO) {
        return Some(Strength::Sure);
    }
    if words.count == 0 || words.matches_any(NOT) {
        return None;
    }
    let last = words.last();
    if is_one_of(last, ABOUT) || words.has("enabled") || words.has("authentication") {
        return None;
    }
    if words.is_strong(words.count - 1) {
        let many = last.ends_with(b"s") && !last.ends_with(b"pass");
        return Some(if many { Strength::Many } else { Strength::Sure });
    }
    if is_key(last) && words.count > 1 && is_one_of(words.get(words.count - 2), KEY_OF) {
        return Some(Strength::Sure);
    }
    if last.eq_ignore_ascii_case(b"base") && words.count > 1 && is_key(words.get(words.count - 2)) {
        return Some(Strength::Sure);
    }
    if (0..words.count).any(|i| words.is_strong(i)) {
        return Some(Strength::Within);
    }
    let weak = is_one_of(last, WEAK) && (words.count == 1 || is_one_of(last, &["auth", "pat", "otp"]));
    is_one_of(last, LAST).then_some(if weak { Strength::Weak } else { Strength::Sure })
}

/// Whether a name says what its value is about: `id`, `name`, `expires_at`; a leaf so named below a
/// sensitive name is no secret.
pub(in crate::redact) fn talks_about(name: &[u8]) -> bool {
    let words = Words::of(name);
    words.count > 0 && (is_one_of(words.last(), ABOUT) || is_one_of(words.last(), TELLS))
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
        && !words.matches_any(NOT)
        && !is_one_of(words.get(words.count - 2), NO_KEY_OF)
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
        || words.matches_any(&["data_source_name"])
}

impl Words<'_> {
    fn is_strong(&self, i: usize) -> bool {
        STRONG.iter().any(|strong| matches_word(self.get(i), strong))
    }
}

fn is_key(word: &[u8]) -> bool {
    is_one_of(word, &["key", "keys"])
}

fn is_one_of(word: &[u8], list: &[&str]) -> bool {
    list.iter().any(|w| word.eq_ignore_ascii_case(w.as_bytes()))
}

fn matches_word(word: &[u8], pattern: &str) -> bool {
    match pattern.strip_prefix('*') {
        None => word.eq_ignore_ascii_case(pattern.as_bytes()),
        Some(end) => word
            .len()
            .checked_sub(end.len())
            .is_some_and(|from| word[from..].eq_ignore_ascii_case(end.as_bytes())),
    }
}

/// The last words of a name, without allocation; of a longer name the first words don't count.
struct Words<'a> {
    name: &'a [u8],
    spans: [(usize, usize); Words::MOST],
    count: usize,
}

impl<'a> Words<'a> {
    const MOST: usize = 12;

    fn of(name: &'a [u8]) -> Self {
        let mut words = Self { name, spans: [(0, 0); Self::MOST], count: 0 };
        let mut start = None;
        for (i, &byte) in name.iter().enumerate() {
            let inside = byte.is_ascii_alphanumeric();
            if let Some(from) = start
                && (!inside || camel_boundary(name, i))
            {
                words.push(from, i);
                start = None;
            }
            if inside && start.is_none() {
                start = Some(i);
            }
        }
        if let Some(from) = start {
            words.push(from, name.len());
        }
        // `password_1`, `token2_old`: a number or an age says nothing about what a name means.
        while words.count > 1 && is_suffix(words.last()) {
            words.count -= 1;
        }
        words
    }

    fn push(&mut self, from: usize, to: usize) {
        if self.count == Self::MOST {
            self.spans.copy_within(1.., 0);
            self.count -= 1;
        }
        self.spans[self.count] = (from, to);
        self.count += 1;
    }

    fn get(&self, i: usize) -> &'a [u8] {
        let (from, to) = self.spans[i];
        &self.name[from..to]
    }

    fn last(&self) -> &'a [u8] {
        self.get(self.count - 1)
    }

    fn has(&self, word: &str) -> bool {
        (0..self.count).any(|i| self.get(i).eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Whether all the words are those of one of these names (`_` between words).
    fn matches_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| {
            let mut i = 0;
            name.split('_').filter(|word| !word.is_empty()).all(|word| {
                i += 1;
                i <= self.count && self.get(i - 1).eq_ignore_ascii_case(word.as_bytes())
            }) && i == self.count
        })
    }
}

/// `dbPassword` and `HTTPToken` have a boundary before `P` and `T`.
fn camel_boundary(name: &[u8], i: usize) -> bool {
    let (before, here) = (name[i - 1], name[i]);
    here.is_ascii_uppercase()
        && (before.is_ascii_lowercase()
            || (before.is_ascii_uppercase() && name.get(i + 1).is_some_and(u8::is_ascii_lowercase)))
}

fn is_suffix(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_digit)
        || is_one_of(word, &["old", "new", "previous", "current", "base64", "b64"])
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
