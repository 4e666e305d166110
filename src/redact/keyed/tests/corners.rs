//! What a corpus of random values showed: each was left, or lost, once.

use super::*;

#[test]
fn the_parameters_of_a_ci_variable_belong_together() {
    check(&[
        r#"[{"key":"key","value":"DEPLOY_PASSWORD"},{"key":"value","value":"‹x9Kq2w›"},{"key":"masked","value":"true"}]"#,
        r#"[{"key":"value","value":"‹x9Kq2w›"},{"key":"key","value":"DEPLOY_TOKEN"}]"#,
        r#"[{"key":"value","value":"debug"},{"key":"key","value":"LOG_LEVEL"}]"#,
    ]);
}

#[test]
fn a_key_is_no_reason_to_skip_the_rest_of_a_name() {
    check(&[
        "keystore_password: ‹hunter22›",
        r#"{"key_passphrase":"‹hunter22›"}"#,
        "app.master.key=‹hunter22›",
    ]);
}

#[test]
fn a_field_of_a_form_has_its_value_behind_an_empty_line() {
    check(&["Content-Disposition: form-data; name=\"password\"\r\n\r\n‹a b'c›\r\n--x--"]);
}

#[test]
fn a_greeting_of_redis_may_go_on() {
    check(&[r#"[0 10.0.0.1:1] "HELLO" "3" "AUTH" "default" "‹x9Kq2w›" "SETNAME" "sidekiq""#]);
}

#[test]
fn a_role_that_may_log_in_is_no_login_of_mail() {
    check(&[
        "CREATE ROLE x LOGIN PASSWORD '‹8nQyU›''‹3rCn›'",
        r#"{"message":"LOGIN incoming@example.com \"‹JRXR1NHRWf›\" failed"}"#,
    ]);
}

#[test]
fn arguments_as_auditd_and_shells_write_them() {
    check(&[
        r#"argc=3 a0="x" a1="--password" a2="‹M3hI==›""#,
        r"x --password '‹Kq9wB›'\''‹x2Rt›' --port 5",
        "GET /x?private_token=‹Al241'eI3Q%22Bl9By› HTTP/1.1",
    ]);
}

#[test]
fn no_values() {
    check(&[
        "main: == 20260210101112 AddTokenPrefixToCiRunners: migrating =====",
        "delay=0.3, dsn=4.4.1, status=deferred",
        "  --password value        Password of the user",
        "?page_token=27713&x=1",
        "__REDACTED.password.01234567____REDACTED.password.01234567____REDACTED.password.01234567____REDACTED.token.01234567__=x",
    ]);
}
