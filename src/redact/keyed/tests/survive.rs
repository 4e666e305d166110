//! What an engineer needs and no rule may take.

use super::*;

#[test]
fn look_alikes_survive() {
    check(&[
        "password reset for user 5",
        "token expired",
        "Invalid password",
        "Password: can't be blank",
        "password: is too short (minimum is 8 characters)",
        "Token: expired",
        "Auth::TokenCleanupWorker",
        "class=Auth::TokenCleanupWorker status=done",
        "\"class\":\"PersonalAccessTokens::ExpiringWorker\",\"x\":1",
        "unexpected token: }",
        "unexpected token at 'x'",
        "syntax error, unexpected token: ';'",
        "\"key\":\"id\",\"value\":\"5\"",
        "key: value",
        "\"authenticity_token\":\"[FILTERED]\"",
        "meta.client_id=user/5 grpc.meta.auth_version=v2",
        "token_id=5 token_ttl=300 password_expires_at=2024-01-01",
        "password_authentication_enabled_for_web: true",
        "display_initial_root_password = true",
        "ssl_certificate_key = /etc/x",
        "personal_access_token_prefix: 'glpat-'",
        "cache_key: projects/5",
        "idempotency_key=resque:gitlab:duplicate:default:abc",
        "\"idempotency_key\":\"abc\"",
        "primary_key: id",
        "spawn_token_wait_ms=5",
        "password: string",
        "token: String!",
        "registry.example.com/group/secret:1.2.3",
        "/etc/gitlab/password: No such file or directory",
        "gitlab-rake gitlab:password:reset",
        "\"secret_detection\":\"true\"",
        "monkey: see",
        "keyboard: us",
        "ssh_key: ssh-rsa",
        "compass=north",
        "tests passed: 12",
        "pass: 12, fail: 3",
        "password: ******",
        "password: [REDACTED]",
        "password=<redacted>",
        "token = $1",
        "token = ?",
        "\"token\":\"<secret>\"",
        "smtp_auth=plain",
        "auth: none",
        "ssl_client_auth=require",
        "otp_required_for_login: false",
        "Completed 401 Unauthorized: token missing",
        "GET /oauth/token HTTP/1.1",
        "POST /users/password/edit 200",
        "route=/api/:version/personal_access_tokens/:id",
        "SHA256:abc (RSA) key fingerprint",
        "ssh-rsa key accepted",
        "Accepted publickey for git",
        "gl_key_id=5 key-5",
        "password_hash_algorithm=bcrypt",
        "tokens=512 max_tokens=1024",
        "docker: Error response from daemon",
        "curl: (7) Failed to connect",
        "mysql -u root -h db -P 3306",
        "insert into x (a) values ('password')",
        "Filter chain halted as :authenticate_user! rendered",
        "require 'devise/token'",
        "def password=(value)",
        "attr_accessor :password, :token",
        "validates :password, presence: true",
        "secret_key_base: <%= x %>",
        "csrf_token_mismatch",
        "\"jwt\":{\"exp\":5}",
        "Can't verify CSRF token authenticity.",
        "cookie: missing",
        "key=abc",
        "PASS: gdb.base/store.exp: print old l, expecting -1",
        "credential-cache: report more daemon connection errors",
        "see SetCredential= and LoadCredential= for more",
        "identified by `path` and then \"x\"",
        "user default is N Closes: #197356",
        "--password <password>  the password\n  --user <user>",
        "avoid \"auth is trust\" warning",
        "  password: <password>\n  x: <y>",
        "['cookie', 'other-sensitive-header']",
        "public_key = \"ssh-rsa AAAA\"",
        "correlation_id=01HZABCDEF",
        "JwtController#auth",
        "\"feature_flag\":\"token_exchange\",\"x\":\"y\"",
    ]);
}

#[test]
fn the_first_keyword_found_and_the_rest_of_the_line_skipped() {
    check(&[
        "password=‹a1› secret=‹b2› token=‹c3› x=d",
        r#"{"password":"‹a›","token":"‹b›","secret":"‹c›"}"#,
    ]);
}

#[test]
fn a_password_with_a_space_is_not_half_masked() {
    check(&[
        "password: ‹correct horse battery›\n",
        "x='y' password='‹a b, c; d & e›' z",
        r#"{"password":"‹a b›"}"#,
    ]);
}

#[test]
fn a_long_token_goes_whole() {
    let token = "a1".repeat(5000);
    check(&[&format!("y token=‹{token}› x"), &format!("{{\"token\":\"‹{token}›\"}}")]);
}
