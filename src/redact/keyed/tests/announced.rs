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
    check(&[
        r#"{"acl":{"tokens":{"initial_management":"‹ff624907-557e-406b-b832-97c949493936›","agent":"‹c30cf09f-fb56-4674-b6bf-7173b216dade›"}},"id":5}"#,
    ]);
}

#[test]
fn pairs_in_brackets() {
    check(&[
        "headers=[('Accept', '*/*'), ('X-Auth-Token', '‹2dd2db5ffd9ee7664180ee5699425255›'), ('Host', 'x')]",
        "'APPEND': ('AUTH', 'SELECTED'), 'CREATE': ('AUTH', 'NONAUTH')",
        "t('password', 'Password') link_to('token', 'profile_path')",
    ]);
}

#[test]
fn commands_and_statements() {
    check(&[
        "+ npm config set //r.example.com/:_authToken ‹920cbcf2-4a2a-4855-b048-d70bb4a725ec›",
        "printf '%s:%s\\n' bob 'b7EkmQ@QP5R:lAjD0' | sudo chpasswd"
            .replace("b7EkmQ@QP5R:lAjD0", "‹b7EkmQ@QP5R:lAjD0›")
            .as_str(),
        "ALTER ROLE bob PASSWORD $$‹Lagoon@coral=756›$$",
        "ALTER ROLE bob PASSWORD $p$‹it's›$p$;",
        "db.password=\\\n    ‹Oi0Ko.PnF3S.5PjR›\ndb.host=x\n",
        "Password:\x08 ‹Fennel-Cinder24›\nHost: x\n",
        "poetry config http-basic.nimbus bob ‹8aEo7.zTKsF_zEwu›",
        "poetry config pypi-token.nimbus ‹WpDamJNnuD75zELxeVpv› --no-interaction",
        "pulumi config set --secret dbPassword ‹Fjord-Harbor92› --stack x",
        "bundle config --global gems.example.com bob:‹b3V3e_sKLKx-IfFL›",
        "bundle config mirror.https://rubygems.org https://mirror.example.com",
        "htpasswd -bc /x/y bob ‹SaLfE.CQM7e_A4Un› ---- Begin output of htpasswd",
        "htpasswd -nb bob ‹SaLfE.CQM7e› | tee x",
        "C: A02 AUTHENTICATE PLAIN\nS: +\nC: ‹AGpvbmFzLm1leWVyAFVrUQ==›\nS: A02 OK\n",
        r#"{"m":"ALTER ROLE x PASSWORD E'‹uvNONy\\'J7P72GI›'","n":1}"#,
        "grafana-cli admin reset-admin-password ‹gpPD.onyx_VDfpd›",
        "grafana-cli admin reset-admin-password --help",
        "Map(host -> h, password -> ‹KNZSKrsXfBayzcOl›, port -> 58603)",
        "| admin_password | ‹nRLFB-FriNQ-azwq› | 2026-10-06 |",
        "| admin_password | character varying | not null |",
        "New password for user bob is: ‹aFqgYmDgMVnmJJtp›",
        "token_accessor       V1zdK8Vkit5ebl5v2KNxegZB\n",
        "Filter: ((token)::text = '‹j6Y1lMKDVSJwmdQha1wi›'::text) rows=5",
        "cache_peer h.example.com parent 3128 0 login=bob:‹QA7x7In5H2f4RbmGcH› default",
        "GET /x?login=bob&page=2 login=bob:admin",
        "-Dsonar.login=‹d64fe5ba38e0f0695b54e5a2f0b96185a1a6e48f›",
        "1790249723.1 [0 10.0.0.1:5] \"MIGRATE\" \"10.0.0.2\" \"6379\" \"\" \"0\" \"5000\" \"AUTH\" \"‹Osprey-Ember26›\" \"KEYS\" \"a\"",
        "on field 'password': rejected value [‹W2_8S0mjmDPAehTo›]; codes [Size.user.password]; arguments [6836]",
    ]);
}

#[test]
fn values_of_other_formats() {
    check(&[
        " Password: (string) (len=16) \"‹RoV37Lsen0l9beuF›\",\n Addr: (string) (len=9) \"10.73.25.113\"\n",
        "[api]\ntokens = ‹jC6I9PtIOpPTw6M9tNlrILxV›\n    ‹Z8dbLPBubg32ZxGKDDKru89v›\nport = 44928\n",
        "tokens = ‹jC6I9PtIOpPTw6M9tNlrILxV›\n  at Foo.bar(x.rb:1)\n",
        "GET /x?tokens[]=‹L53D7MUPWDIGLktZziozurxW›&page=1 HTTP/1.1",
        "GET /x?tokens%5B%5D=‹L53D7MUPWDIGLktZziozurxW›&page=1 HTTP/1.1",
        "#033[36mpassword#033[0m=#033[35m‹Lagoon-Timber65›#033[0m #033[36mhost#033[0m=x",
        r#"{"m":"Config { host: \"x\", password: Some(\"‹dKpRTi@gC3p›\"), pool: 8 }"}"#,
        "secret_id             ‹f23af27c-d740-4569-9613-90c4b82790b3›\nsecret_id_ttl         10m\n",
        "secret                unlocked\n",
        "2026-01-01 password   =   ‹h5WTB46dN5pApS›   host = x\n",
        "password = ‹a b = c›\nhost = x\n",
        "    HTTP_User bob\n    HTTP_Passwd ‹dtdt.tandem_YzYgx›\n",
        "HTTP_Passwd required",
        "new password “‹amN1p0@kTKI:M3eMQ›” was set for bob",
        "profile::gitlab::db_password: ‹spruce2383Falcon›\n",
        "2026-10-06T15:18:43Z h java[9]: profile::gitlab::db_password: ‹giYkfjePPifDpmYH› # on x",
        "userlist ops\n  user bob insecure-password ‹lYNm.bamboo_DfMvo›\n  group x\n",
        "token.set_token('‹IaeICqTFSfwDezXINrjo›'); token.save!",
        "cache_peer h parent 3128 0 login=bob:‹AowDm.KetiC-CpsZ› default",
        r#"{"error":"password\t‹pMXCfeL31eDbhulR›\thost\tx"}"#,
        "Auth::Token: expired9999Falcon\n",
    ]);
}

#[test]
fn what_stands_where_a_secret_would() {
    check(&[
        "* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 ID=x",
        "pam_unix(passwd:chauthtok): password changed for bob",
        "{ 'dsn' => 'dbi:Pg:gitlabhq_production', 'password' => '‹bGCaQ.isYrt›', 'RaiseError' => 1 }",
        "export GITLAB_TOKEN=<your_token>   # see https://x/help",
        r#""password": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "name": "x""#,
        "kubeadm join 10.0.0.1:6443 --discovery-token-ca-cert-hash sha256:32ea6694e393a2e76d367bc9c5f64881e8e3cb4106182ef45e36b06eb5944d79",
        "token = User.find_by_username('bob').personal_access_tokens.create(name: 'x')",
        "Cookie: grafana_session_expiry=1780333216; MMUSERID=0s6fk89niheauaieagi03qj8vw",
        "secrets:\n  - db_password\nports:\n",
        "Send header: Authorization: Basic <redacted> (x)",
        "password: ${{ secrets.DB_PASSWORD }} # orchid\n",
        "2026-04-27T09:20:46.110Z h node[4828]: password: ${{ secrets.DB_PASSWORD }} # plover\n",
        "&{Network:tcp Addr:10.0.0.1:6379 Username: Password: DB:0 PoolSize:2395}",
        r#"{"token_last_used_ips":["10.87.80.105"],"n":1}"#,
        "existingSecret: lagoon-postgres\npasswordKey: postgres-password\n",
        "passwordKey: ‹Ab12Cd34Ef›\n",
        "password_for_backup: ‹topsecret›\n",
    ]);
}
