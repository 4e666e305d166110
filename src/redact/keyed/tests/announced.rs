//! Values on the line below their words, names of several words, and what only looks like either.

use super::*;

#[test]
fn a_value_alone_below_the_line_that_announces_it() {
    check(&[
        "Password for the bob user (reset with `x -u bob`):\n  ‹JkW0uy1hoVz46B15D7zN›\n\nnext\n",
        "Please use the following password to proceed:\n\n‹43e9cc36abcce92f1f3a55ad455bc264›\n\nalso at: /x\n",
        "Password for the [bob] user successfully reset.\nNew value: ‹cYfFnhOhb4cOAX1XChcb›\n",
        "Your new root password:\n‹JkW0uy1hoVz46B15D7zN›\n",
        "Enter the password of one of these:\n  deploy\n  backup\n",
        "The password policy is:\nminimum 8 characters\n",
        "passwords expire after 90 days.\nNew value: 30\n",
    ]);
}

#[test]
fn an_item_of_a_numbered_list() {
    check(&[
        "1) \"requirepass\"\n2) \"‹Harbor90!onyx#9Kr›\"\n",
        "    4) 1) \"CONFIG\"\n       2) \"SET\"\n       3) \"requirepass\"\n       4) \"‹a b›\"\n    5) \"10.0.0.1:20640\"\n",
        "1) \"requirepass\"\n1) \"maxmemory\"\n",
        "1) \"maxmemory\"\n2) \"100\"\n",
    ]);
}

#[test]
fn names_of_several_words() {
    check(&[
        "SecretID:         ‹34beda19-2e75-49f9-9385-55d9cc75d5a7›\n",
        "Secret ID    = ‹73904cc1-314e-4975-a778-de9441440851›\n",
        "Unseal Key 1: ‹/1nYvL4PVV238ORiPqQI23HgnteNKGXnORMCcnoQ/6lo›\n",
        "secret_id: 17\n",
        "AccessorID: 34beda19-2e75-49f9-9385-55d9cc75d5a7\n",
        "Secret IDs are listed\n",
    ]);
}

#[test]
fn tokens_of_consul() {
    check(&[r#"{"acl":{"tokens":{"initial_management":"‹ff624907-557e-406b-b832-97c949493936›","agent":"‹c30cf09f-fb56-4674-b6bf-7173b216dade›"}},"id":5}"#]);
}

#[test]
fn pairs_in_brackets() {
    check(&[
        "headers=[('Accept', '*/*'), ('X-Auth-Token', '‹2dd2db5ffd9ee7664180ee5699425255›'), ('Host', 'x')]",
        "t('password', 'Password') link_to('token', 'profile_path')",
    ]);
}

#[test]
fn commands_and_statements() {
    check(&[
        "+ npm config set //r.example.com/:_authToken ‹920cbcf2-4a2a-4855-b048-d70bb4a725ec›",
        "printf '%s:%s\\n' bob 'b7EkmQ@QP5R:lAjD0' | sudo chpasswd".replace("b7EkmQ@QP5R:lAjD0", "‹b7EkmQ@QP5R:lAjD0›").as_str(),
        "ALTER ROLE bob PASSWORD $$‹Lagoon@coral=756›$$",
        "ALTER ROLE bob PASSWORD $p$‹it's›$p$;",
        "db.password=\\\n    ‹Oi0Ko.PnF3S.5PjR›\ndb.host=x\n",
        "on field 'password': rejected value [‹W2_8S0mjmDPAehTo›]; codes [Size.user.password]; arguments [6836]",
    ]);
}

#[test]
fn what_stands_where_a_secret_would() {
    check(&[
        "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 ID=x",
        "pam_unix(passwd:chauthtok): password changed for bob",
        "{ 'dsn' => 'dbi:Pg:gitlabhq_production', 'password' => '‹bGCaQ.isYrt›', 'RaiseError' => 1 }",
        "export GITLAB_TOKEN=<your_token>   # see https://x/help",
        "existingSecret: lagoon-postgres\npasswordKey: postgres-password\n",
        "passwordKey: ‹Ab12Cd34Ef›\n",
    ]);
}
