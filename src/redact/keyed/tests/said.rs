//! Sentences, calls and command lines in which only a neighbour tells the secret.

use super::*;

#[test]
fn sentences() {
    check(&[
        "password is ‹bbtcz5!›",
        "the password for user git is ‹aB3dE9fGh1›",
        "Your password is \"‹geheim99›\".",
        "The new root password is: ‹aB3dE9fGh1›",
        "invalid token \"‹aQ860bVt5zKKdd›\"",
        "Using token ‹vIUAdIfcMVKq3PYNo1RG› for project 7",
        "Access token (‹vnXXHZ31Q8ZiYgg3gdL1›) has expired",
        "Set \"db.password\" to \"‹x9!yKq2›\" (line 8)",
        "password -> ‹Secret7479!›",
        "{\"m\":\"vault_token  ‹Ny9DI0g8mB0_ICP4jem4FcLB›\"}",
        "{\"m\":\"Your password is \\\"‹Basel@3URgp›\\\".\"}",
        "| token        | ‹cvTXOWh09kZjtRwX6d0r1sDq› | 4191076 |",
        "access token: acts as its user",
        "password is SHA-256 hashed",
        "secret is base64-encoded",
        "token \"oauth2\" is not supported",
        "token PersonalAccessToken/55 expired",
        "personal access token 01HZX5Y8K3M9T2V7W4Q6R1N0PA",
        "passwd: password expiry information changed.",
        "secrets: 3 found",
        "Decryptable? secrets: User failures: 0 Ci::Variable failures: 38",
        "Neither PUB key nor PRIV key: nested asn1 error",
        "ENV DB_PASSWORD not set",
        "id_tokens: VAULT_ID_TOKEN: aud: https://x",
    ]);
}

#[test]
fn calls() {
    check(&[
        "setPassword(\"‹ekbcb6!›\")",
        "x.setProperty(\"password\", \"‹xfvbg7x›\")",
        "http.basic_auth 'bob', '‹Secret6553x›'",
        "req.SetBasicAuth(\"bob\", \"‹mmfbc4!›\")",
        "DETAIL:  Key (token)=(‹5b8d44313c6796be8ecc06›) already exists.",
        "DETAIL:  Key (id)=(5) already exists.",
        "find_by_token('personal')",
        "undefined method `encrypted_password=' for #<User:0x4c94>",
        "#<PersonalAccessToken id: 292, token: \"‹x›\", name: \"ci\">",
        "Config { password: Some(\"‹a b›\"), port: 5 }",
    ]);
}

#[test]
fn programs_without_a_name_for_the_password() {
    check(&[
        "echo '‹aB3dE!fg›' | chpasswd",
        "echo \"root:‹aB3dE!fg›\" | sudo chpasswd",
        "echo ‹gvzsm6x› | docker login -u git --password-stdin h",
        "printf '%s' ‹gvzsm6x› | passwd --stdin bob",
        "--password-stdin requires a value",
        "zip -P ‹aB3dEfg› -r x.zip dir",
        "gzip -P foo",
        "htpasswd -b /etc/x.htpasswd root ‹ewdgw6x›",
        "htpasswd -nbB jdoe \"‹rdwqz7!›\"",
        "mongosh -u jdoe -p ‹FVsKirtB› --host h",
        "mongodb://h:27017 -p x",
        "rabbitmqctl add_user git ‹qptxj2x›",
        "curl -su gitlab:‹nil-545› https://h/",
        "SSHPASS=‹emdep8x› sshpass -e ssh x",
        "tool /password:‹Token_178› /user:git",
        "/etc/gitlab/password: No such file or directory",
        "a0=\\\"tool\\\" a1=\\\"--password\\\" a2=\\\"‹yktfm4x›\\\"",
    ]);
}

#[test]
fn redis_and_sql_in_more_words() {
    check(&[
        "requirepass ‹aQ8%60bVt5z›",
        "user worker on >‹aQ860bVt5z› ~* +@all",
        "\"ACL\" \"SETUSER\" \"x\" \"on\" \">‹yuvbm8x›\" \"+@all\"",
        "SET PASSWORD FOR 'u' = '‹sdfk›'",
        "SET PASSWORD FOR 'u'@'%' = PASSWORD('‹sdfk›')",
        "ALTER USER x IDENTIFIED WITH mysql_native_password BY '‹ukbcb5!›'",
        "primary_conninfo = 'user=g password=''‹x7›'' host=h port=5432'",
        "cmdstat_auth:calls=61,usec=220181,usec_per_call=1.25",
        " encrypted_password | character varying | | not null |",
    ]);
}

/// Found: the quote that ended a message was taken for one that opens a value, and the next member went.
#[test]
fn a_message_that_ends_with_a_name() {
    check(&[
        "{\"message\":\"password:\",\"id\":1}",
        "{\"m\":[\"password:\",\"token:\"],\"n\":1}",
        "{\"log\":\"password=\\n\",\"stream\":\"stderr\"}",
        "msg=\"token: \" component=agent id=4",
        "{\"m\":\"{\\\"a\\\":\\\"token:\\\",\\\"b\\\":1}\"}",
        "msg=x password: \"‹a b›\" id=4",
        "password= user=jdoe",
        "{\"errors\":{\"password\":[\"can't be blank\"],\"token\":[\"is invalid\"]}}",
    ]);
}

#[test]
fn names_with_a_number_behind() {
    check(&["password2=‹x›", "apiKey1: \"‹x›\"", "DB_PASSWORD2=‹x›", "sha256=x", "pass_phrase=‹x›"]);
}
