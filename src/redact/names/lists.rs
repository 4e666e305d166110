//! The words and whole names that `names` judges by. Lists only; how they are read is said there.

/// Words that make a name sensitive wherever they stand in it. `*x` also means words that end so.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(in crate::redact) const STRONG: &[&str] = &[
    "*password", "*passwords", "*passwd", "*passphrase", "*passcode", "*secret", "*secrets", "*token",
    "*tokens", "*authtok", "*apikey", "*apikeys", "*authkey", "*credential", "*credentials", "authorization", "requirepass",
    "masterauth", "jwt", "htpasswd", "kennwort", "passwort", "*privatekey", "*secretkey", "*accesskey", "*instrumentationkey", "creds",
];

/// Words that are sensitive only as a name's last one.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(in crate::redact) const LAST: &[&str] = &[
    "pass", "pwd", "psk", "tlspsk", "dsn", "salt", "passwordsalt", "setcookie", "cookie", "cookies", "bearer", "pat", "otp", "auth", "passwds",
    "userpass", "masterpass", "storepass", "keypass", "sshpass", "srcstorepass", "deststorepass", "rootbindpw", "mysqlpass", "ldappass", "pgpass", "sqlpass", "adminpass",
    "rootpass", "newpass", "oldpass", "mypass", "ftppass", "dbpass", "smtppass", "bindpass", "rootpw", "bindpw", "pw", "encrypt",
];

/// Last words that are often a mode, a count or a name instead.
pub(super) const WEAK: &[&str] = &["auth", "pass", "pat", "otp", "cookies", "encrypt", "pwd"];

/// What may stand before a last `key` or `keys`: `api_key`, `encryption_key`, `lets_encrypt_private_key`.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(in crate::redact) const KEY_OF: &[&str] = &[
    "access", "account", "admin", "service", "cf", "des", "upgrade", "aes", "api", "app", "application", "auth", "client", "consumer", "crypt",
    "cipher", "cookie", "decryption", "derivation", "deterministic", "encrypt", "encrypted", "encryption", "gossip",
    "hmac", "host_private", "instrumentation", "integration", "jwt", "license", "master", "migration", "otp", "pgp_private",
    "pragma", "primary_encryption", "priv", "recovery", "unseal", "private", "secret", "session", "shared", "signing", "storage",
    "preshared", "subscription", "symmetric", "token", "webhook", "write", "rsa", "ecdsa", "ed25519", "p12", "pkcs12",
];

/// Last words that turn a sensitive name into one that only talks about a secret.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(in crate::redact) const ABOUT: &[&str] = &[
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
    "size", "source", "status", "store", "strategy", "strength", "supported", "template", "time", "timeout", "total",
    "ttl", "type", "types", "updated", "uri", "url", "usage", "used", "user", "username", "users",
    "validation", "validity", "version", "worker", "days", "hours", "minutes", "scanning", "push",
    "protection", "management", "lease", "leeway", "usages", "reqd", "requests", "rate", "ratio", "present", "host",
    "ms", "us", "ns", "s", "wait", "calls", "hits", "misses", "age", "valid", "invalid", "exceeded",
    "controller", "helper", "finder", "spec", "rb", "js", "py", "go", "html", "json", "yml", "yaml", "txt", "log",
    "cc", "cpp", "patch", "diff", "socket", "css", "svg", "vue", "md", "sh", "conf", "metrics", "bucket", "buckets", "region", "port", "provider",
    "request", "redirect", "ref", "refs", "filter", "project", "grant", "grants", "engine", "namespace", "audience", "failures", "failed", "missing", "found", "required", "optional", "ip", "ips", "address", "accessor",
];

/// More last words that tell what a leaf below a sensitive name is.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(super) const TELLS: &[&str] = &[
    "key", "description", "title", "active", "impersonation", "scheme", "email", "login", "masked", "protected",
    "variable", "note", "state", "tags", "nullable", "algorithms", "audience", "alg", "exp", "iat", "nbf", "sub",
    "iss", "aud", "vault", "engine",
];

/// Whole names that look sensitive and are not, compared without case and with `_` for `-` and spaces.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(in crate::redact) const NOT: &[&str] = &[
    "pwd", "oldpwd", "load_credential", "load_credential_encrypted", "import_credential", "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass",
    "ssl_verify_pass", "auth_basic", "max_tokens", "input_tokens", "output_tokens", "prompt_tokens",
    "completion_tokens", "total_tokens", "cached_tokens", "server_tokens", "hide_server_tokens",
    "nginx_hide_server_tokens", "generate_secrets_json_file", "secret_detection", "token_auth",
    "basic_auth", "password_auth", "public_token", "auth", "smtp_auth", "no_auth", "xpack_auth", "encrypt",
    "skip_auth", "http_auth", "require_auth", "kerberos_auth", "access_tokens", "personal_access_tokens",
    "ci_job_token_scope", "password_authentication", "passwordauthentication", "permitemptypasswords",
    "num_tokens", "tokens_per_second", "otp", "forgot_password", "new_password_path", "password_encryption",
    "display_initial_root_password", "store_initial_root_password", "allow_passwordless",
    "incremental_token", "x_csrf_param", "storage_key", "existing_secret", "token_secret_name", "page_token", "next_page_token", "pagetoken", "nextpagetoken",
];

/// Whole names that are sensitive though no word of them says so (`requirepass` is a word above).
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(in crate::redact) const ALSO: &[&str] = &[
    "_gitlab_session", "secret_key_base", "db_key_base", "otp_key_base", "encrypted_settings_key_base",
    "enc_settings_key_base", "x_gitlab_token", "private_token", "job_token", "runner_token", "gossip_key",
    "encrypt_key", "atrestencryptkey", "publiclinksalt", "invitesalt", "sentry_dsn", "data_source_name",
    "google_json_key_string", "connection_string", "azure_storage_connection_string", "set_cookie",
    "x_amz_signature", "x_amz_security_token", "x_goog_signature", "forti_authenticator_access_token",
    "duo_auth_skey", "skey", "akey", "openssl_key", "proxy_authorization", "http_authorization",
    "x_authorization", "active_record_encryption_primary_key", "active_record_encryption_deterministic_key",
    "active_record_encryption_key_derivation_salt", "sharedkey", "accountkey", "signingkey",
    "gitlab_shell_api_request", "gitlab_workhorse_api_request", "gitlab_kas_api_request",
    "gitlab_pages_api_request", "x_jfrog_art_api", "x_j_frog_art_api", "encryptionkey", "masterkey", "otp_attempt", "authkey", "pass_phrase", "pass_word", "authtoken", "api_pw", "identity_token",
    "client_assertion", "samlresponse", "saml_response", "code_verifier", "device_code", "sessionid", "otp_backup_codes",
];

/// Words before a last `key` that name something else than a secret, for `might_be_sensitive`.
#[rustfmt::skip] // rows, not a column of hundreds of lines
pub(super) const NO_KEY_OF: &[&str] = &[
    "cache", "sort", "idempotency", "primary", "foreign", "public", "partition", "routing", "group", "host",
    "index", "lookup", "unique", "translation", "object", "job", "concurrency", "deduplication", "lock",
    "redis", "hash", "map", "registry", "ssh", "gpg", "deploy", "project", "section", "user", "cursor",
    "message", "event", "metric", "feature", "flag", "config", "setting", "lease", "ssl", "sslkey",
    "certificate", "tls", "site", "queue", "known", "pub", "label", "s3",
];
