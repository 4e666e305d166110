//! Logins of protocols, headers with parameters, statements whose values stand elsewhere, and sentences.

use super::*;

#[test]
fn redis() {
    check(&[
        "*2\r\n$4\r\nAUTH\r\n$6\r\n‹geheim›\r\n+OK\r\n",
        "*3\r\n$4\r\nAUTH\r\n$7\r\ndefault\r\n$6\r\n‹geheim›\r\n+OK\r\n",
        "{\"m\":\"*2\\r\\n$4\\r\\nAUTH\\r\\n$6\\r\\n‹geheim›\\r\\n\",\"n\":1}",
        "MIGRATE h 6379 \"\" 0 5000 AUTH ‹geheim› KEYS k",
        "MIGRATE h 6379 \"\" 0 5000 AUTH2 bob ‹geheim› KEYS k",
        "redis_call: [:auth, \"bob\", \"‹geheim›\"]",
        "17.1 [0 10.0.0.1:5] \"auth\" \"bob\" \"‹geheim›\"  -- (correlation_id: 01A)",
        "17.1 [0 10.0.0.1:5] \"ACL\" \"SETUSER\" \"bob\" \"on\" \">‹geheim›\" \"+@all\"",
        "[:authenticate_user!, \"x\"]",
    ]);
}

#[test]
fn mail() {
    check(&[
        "AUTH PLAIN\r\n334 \r\n‹AGJvYgBnZWhlaW0=›\r\n235 ok\r\n",
        "C: AUTH PLAIN\nS: 334 \nC: ‹AGJvYgBnZWhlaW0=›\nS: 235 ok",
        "a2 AUTHENTICATE PLAIN ‹AGJvYgBnZWhlaW0=›",
        "A0001 login bob ‹geheim1!›",
        "v2 login page shown",
        "USER bob PASS ‹geheim›",
        "Send the USER and PASS commands. If one fails, stop.",
        "<-- PASS ‹geheim›",
    ]);
}

#[test]
fn headers_with_parameters() {
    check(&[
        "Authorization: Token token=\"‹geheim1›\", nonce=\"a\"",
        "{\"m\":\"> Authorization: Digest username=\\\"bob\\\", uri=\\\"/\\\", response=\\\"‹ab12›\\\"\",\"n\":1}",
        "Authorization: OAuth oauth_consumer_key=\"x\", oauth_token=\"‹a1›\", oauth_signature=\"‹b2›\"",
        "Authorization: AWS4-HMAC-SHA256 Credential=‹AK/2026/s3›, SignedHeaders=host;date, Signature=‹ab12›",
        "-H 'Authorization: SharedKey acme:‹WbSR+A==›' https://h/x",
        "send: b'GET / HTTP/1.1\\r\\nPRIVATE-TOKEN: ‹geheim1›\\r\\nAccept: */*\\r\\n'",
        "Authorization: Basic ‹eA==›",
        "Gitlab-Shell-Api-Request: ‹abc.def.ghi›",
    ]);
}

#[test]
fn statements_and_source() {
    check(&[
        "LOG:  execute <unnamed>: ALTER USER x WITH PASSWORD $1\nDETAIL:  parameters: $1 = '‹geheim›'\n",
        "LOG:  execute x: UPDATE u SET a = $1, token = $2\n\tWHERE id = $3\nDETAIL:  parameters: $1 = 'b', $2 = '‹x›', $3 = '5'",
        "UPDATE u SET token = $1\nLOG:  parameters of x\n",
        "CREATE ROLE x\n  LOGIN\n  PASSWORD\n  '‹geheim›';",
        "PRAGMA key = '‹geheim›'",
        "a.password = a.password_confirmation = '‹geheim›'; save",
        "let password: String = \"‹geheim›\";",
        "ENV.fetch(\"API_TOKEN\") { \"‹geheim›\" }",
        "auth=('bob', '‹geheim›')",
        "user.valid_password?('‹ge heim›')",
        "x['password'] = %q(‹ge(h)eim›)  -- (correlation_id: 01A)",
        "command('set-replication-password', 'database')",
    ]);
}

#[test]
fn sentences_and_tables() {
    check(&[
        "password changed from ‹geheim1!› to ‹geheim2!›",
        "{\"m\":\"token \\\"‹a1B2c3D4e5F6g7H8›\\\" rejected\"}",
        "| password | ‹geheim1› |",
        "INFO: db_password          | ‹geheim1›",
        "Password..........: ‹geheim1›",
        "{\"m\":\"Password :\\t‹geheim1›\",\"n\":1}",
        "with password ‹geheim1›",
        "gpg: using RSA key 98BFDB87FCF10076416C1E0BAD997ACC82DD593D",
        "Archive Automatic Signing Key <ftpmaster@example.com>",
        "1. **ID Token Configuration**: sets up JWT",
        "for my $token (@attrs) {",
        "|tokens| tokens.checked_sub(1)",
        "password \"md5#{password}\" unless password.nil?",
        "password varchar(255), token text NOT NULL",
    ]);
}
