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

#[test]
fn a_stem_that_is_none_hides_no_other_that_begins_within_it() {
    check(&[
        r#"{"code_verifier":"‹dBjftJeZ4CVP-mB92K27uhbUJU1p1r›"}"#,
        r#"{"code_challenge_method":"S256","code_verifier":"‹dBjftJeZ4CVP-mB92K27uhbUJU1p1r›"}"#,
    ]);
}

#[test]
fn the_number_of_an_option_is_no_word_of_htpasswd() {
    check(&[
        "htpasswd -nbBC 10 bob ‹S3cretPass9x›",
        "htpasswd -nbB -C 10 bob ‹S3cretPass9x›",
        "htpasswd -b2 -r 5000 /etc/x bob ‹S3cretPass9x›",
        "htpasswd -nbB -C10 bob ‹S3cretPass9x›",
    ]);
}

#[test]
fn a_value_of_letters_that_speaks_of_secrets_is_one() {
    check(&[
        "x --password ‹supersecret› --port 5",
        "x --root-password ‹gitlabpassword›",
        "x --secret ‹mysecretvalue›",
        "pulumi config set --secret dbPassword ‹hunter22›",
        "password_prod: ‹gitlab-db-password›",
        "passwords: ‹my-root-password›",
        "passwords: ‹[my-root-password]›",
        "secrets: [db_password, api-token]",
    ]);
}

#[test]
fn a_certificates_password_is_one_and_its_hash_is_none() {
    check(&[
        "cert_password_live: ‹hunter2›",
        "CERT_PASSWORD_PROD=‹hunter2›",
        "--discovery-token-ca-cert-hash sha256:0123456789abcdef0123456789abcdef",
    ]);
}

#[test]
fn a_value_of_words_goes_up_to_the_pair_behind_it() {
    check(&[
        "password = ‹Tr0ub4dor zebra9Q›   host = db",
        "password = ‹Tr0ub4dor›   host = db   port = 5432",
        "password = ‹Tr0ub4dor zebra9Q›",
    ]);
}

#[test]
fn a_drivers_name_makes_no_description_of_a_database() {
    check(&[
        "DATA_SOURCE_NAME=‹mysql:root:x9Kq2w:3306›",
        "DATA_SOURCE_NAME='‹pgsql:dbname=x root S3cret9›'",
        "DATA_SOURCE_NAME=mysql:host=db;dbname=gitlab",
        "DATA_SOURCE_NAME=dbi:Pg:dbname=gitlab;host=10.0.0.1",
        "DATA_SOURCE_NAME=sqlite:/var/lib/x.db",
    ]);
}

#[test]
fn an_expression_or_a_call_with_more_than_names_is_a_value() {
    check(&[
        "token: ‹${{ 'hunter22' }}›",
        "token: ${{ secrets.DEPLOY_TOKEN }}",
        "token: ${{ secrets['X'] || github.token }}",
        "token = ‹Abc.d_e(hunter22›",
        "token = User.find_by_username('ann').tokens",
        "token = User.find_by_username('ann').tokens.create(name: 'x'); token.set_token('‹aB3dE9fGh1kQ2mN5pQ8s›')",
        r#"{"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"]}"#,
    ]);
}

#[test]
fn a_cookie_is_an_id_only_where_mattermost_sets_one() {
    check(&[
        "Cookie: MMUSERID=8wwx5cy1tpbwxx5hd9xqd5s4cy; superuserid=‹aB3dE9fGh1kQ›; MMUSERID=‹aB3dE9fGh1kQ›",
    ]);
}

#[test]
fn what_a_second_blind_corpus_showed_of_names() {
    check(&[
        "password_secret = ‹Kx82hdJs92abKx82hdJs92ab›",
        "password_secret: gitlab-db-password",
        "wd_authkey = '‹Kx82hdJs92ab›'",
        "cookie_secret = \"‹OQINaROshtE9TcZkNAm-5Zs2Pv3xaWytBmc5W7sPX7w=›\"",
        "encrypt = \"‹pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=›\"",
        "TLSPSKValue=‹0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde1›",
        "'passwordsalt' => '‹Kx82hdJs92ab›'",
        "SAVED_CF_Key='‹0123456789abcdef0123456789abcdef01234›'",
        "- user_key: ‹Kx82hdJs92abKx82hdJs92abKx82hd›",
        "user_key: id",
        "otp_backup_codes: [\"‹5df2aa8e›\",\"‹2aa8bb1c›\"]",
        "$wgUpgradeKey = \"‹0123456789abcdef›\"",
        "$config['des_key'] = '‹Kx82hdJs92abKx82hdJs92ab›'",
        "beam.smp -- -setcookie ‹ABCDEFGHIJKLMNOPQRST› -x",
    ]);
}

#[test]
fn what_a_second_blind_corpus_showed_of_diagnostics() {
    check(&[
        "(google_oauth2) Authentication failure! invalid_credentials: OAuth2::Error, invalid_grant",
        "dovecot: auth: sql(u@x.org,10.1.1.1): unknown user",
        "LoadCredential=db_password:/etc/credstore/db_password",
        "ImportCredential=network.wireguard.*",
        "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?err}",
        "POSTGRES_PASSWORD: ‹${POSTGRES_PASSWORD:-Kx82hdJs92ab}›",
        "DATA_SOURCE_NAME=user=gitlab-psql host=/var/opt/gitlab/postgresql database=postgres",
        "db_dsn: user=gitlab host=10.0.0.1 dbname=x",
        "password:  64 bytes",
        "  ~ token    = (known after apply)",
        "pub fn x(token: Optional[str]);",
        "pub fn with_token(mut self, token: impl Into<String>)",
        "db_password: ref+vault://secret/gitlab#/db_password",
    ]);
}
