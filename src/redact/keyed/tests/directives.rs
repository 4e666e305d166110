//! Directives of other servers, heads of tables, and more of what people and programs say of a password.

use super::*;

#[test]
fn directives_without_a_name() {
    check(&[
        "    stats uri /stats\n    stats auth admin:‹MpJubRBV3426C›\n",
        "createUser backup SHA \"‹IG4pjlOtdrMGCd›\" AES \"‹hazelorbit27›\"\n",
        "createUser -e 0x8000 backup MD5 ‹IG4pjlOtdrMGCd›\n",
        "rocommunity ‹OHHJMdByJ9hAIaJw› 10.0.0.0/8 -V systemonly\n",
        "rwcommunity6 ‹OHHJMdByJ9hAIaJw›\n",
        "com2sec local 10.0.0.0/8 ‹OHHJMdByJ9hAIaJw›\n",
        "snmp-server community ‹2DF82IJB07rVWHO1› RO\n",
        "jsmith : EAP \"‹Ember-Cedar408›\"\n: XAUTH \"‹a b›\"\n: RSA moon.pem \"‹geheim›\"\n",
        "lt-cred-mech\nuser=backup:‹Harbor-Ember548›\n",
        "BasicAuth registry_ro ‹pepperbasil15›\n",
        "set httpd port 2812 and\n    allow svc-ci:\"‹fjordgarnet59›\"\n    allow bob:‹monit› read-only\n",
        "MONITOR ups1@localhost 1 deploy ‹vGhQ7agYmCLcr› primary\n",
        "SQLConnectInfo proftpd@db akira ‹fWFxQqjsLP0Es›\n",
        "[nexus.example.com]:587 akira@example.com:‹walnutbasil33›\n",
        "postmap -q '[h]:587' hash:/etc/postfix/sasl_passwd\njsmith@example.com:‹Pf38DEM06dKFfL›\n",
        "  client_send = : mlopez@example.com : ‹Winter-Ember652›\n  client_send = ^bob^‹x7›\n",
        "found h.example.org:5432:gitlabhq_production:deploy:‹nzN5AplUcJugcfsm› in x",
        "*:6432:*:pgbouncer:‹nzN5AplUcJugcfsm›\n",
        "jdbc:oracle:thin:git.bot/‹46DuAmXJvBwm›@//h.example.org:1521/ORCL",
        "jdbc:oracle:oci8:scott/‹tiger›@db",
        "client in: AUTH\t1\tPLAIN\tservice=imap\tresp=‹c3ZjLWNpOjFXcmVwai5ieHgxSXA=›\n",
        "client in: AUTH#0111#011PLAIN#011service=imap#011resp=‹c3ZjLWNpOjFXcmVwai5ieHgxSXA=›\n",
        "    shared_key ‹timberbasil93›\n  </security>\n",
        "MYSQLUser       git.bot\nMYSQLPassword   ‹M50kDF=j3BUGW›\n",
        "cachemgr_passwd ‹8bJqCa=ut9TsD› all\n",
        "username git.bot privilege 15 password 0 ‹uaA8hg_O11RIp›\nenable secret 9 ‹$9$abc.def1›\n",
        "tacacs-server host 10.37.183.113 key ‹0SJljQ1QwuTENa›\nradius-server key 7 ‹0822455D0A16›\n",
        "tacacs server x\n key 7 ‹0822455D0A16x›\n",
    ]);
}

#[test]
fn what_looks_like_a_directive() {
    check(&[
        "allow 10.0.0.0/8;\nallow all;\nallow fe80:1::2\nallow localhost:8080\n",
        "we allow bob:x86 to run\n",
        "user=git:git\nuser=1000:1000\nuser=root pid=5\n",
        "log: user=bob:admin1 connected\n",
        "sentinel monitor gitlab-redis 10.0.0.1 6379 2\n",
        "MONITOR\n",
        "rocommunity public\ncreateuser -s gitlab\nGitLab Community Edition\n",
        "connect to mail[10.0.0.1]:25: Connection refused\n",
        "relay=h[10.0.0.1]:587, delay=1\n",
        "127.0.0.1:5432:5432 ports: h:5432: refused\n",
        "jdbc:oracle:thin:@//h:1521/ORCL\n",
        "cachemgr_passwd none config\ncachemgr_passwd disable shutdown\n",
        "key type : RSA 4096\n",
        "password 5 attempts left\nkey 5 of 12\nsecret 2 rotated\n",
        "redis-server /etc/redis.conf key x\n",
        "AUTH\t1\tPLAIN\tservice=imap\tlip=10.0.0.1\n",
        "postmap -q x hash:/etc/postfix/sasl_passwd\npostmap: warning: y\n",
        "/etc/postfix/sasl_passwd\nbob@example.com:group/project.git\n",
        "shared_key sha256\ndb_password expired\n",
    ]);
}

#[test]
fn heads_of_tables() {
    check(&[
        "username,password,email\ndeploy,‹walnutfjord97›,deploy@example.com\nbob,‹x9›,b@example.com\n\nnext\n",
        "\"username\";\"password\"\n\"deploy\";\"‹walnut;fjord97›\"\n",
        "Access key ID,Secret access key\nAKIAROBIGADDPDOZAPIX,‹nZowRsvg+LXSO8WOP0IsKDNy+vs6/M74ymt7Xf7l›\n",
        "# server[:port]  shared_secret   timeout (s)\nmail.example.net:1812   ‹Orbit-Falcon511›   3\n",
        "| user | password | host |\n|------|----------|------|\n| bob | ‹Orbit-Falcon511› | h1 |\n",
        " id | user | token\n----+------+------\n  1 | bob  | ‹jC6I9PtIOpPTw6M9tNlrILxV›\n(1 row)\n",
        "TOKEN                     TTL         EXPIRES\n‹abcdef.0123456789abcdef›   23h   2026-01-01\n",
        "id,password,host\n1,2,3,4\n",
        "import a,password\nfoo,bar\n",
        "prompt_tokens,completion_tokens\n1200,300\n",
        "column,password\nname,varchar\n",
        "user,token\nbob,expired\n",
        "password, token\nabc1x2, def3y4\n",
    ]);
}

#[test]
fn a_row_is_found_wherever_the_text_was_cut() {
    let keyed = Ruled::new(&[]).only_keyed();
    for (text, at) in [
        ("username,password\nbob,aQ8bVt5z\nann,xY7zWv3k\n", 31),
        ("postmap -q '[h]:587' hash:/etc/postfix/sasl_passwd\nbob@example.com:aQ8bVt5z\n", 51),
    ] {
        let mut spans = Vec::new();
        let text = text.as_bytes();
        keyed.find(&Window { text, own: at..text.len(), first: true, last: true }, &mut spans);
        assert_eq!(spans.len(), 1, "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn what_programs_say_when_they_made_a_password() {
    check(&[
        "[Server] A temporary password is generated for root@localhost: ‹Jse1;tfTZ+J5m›\n",
        "A random password has been generated: ‹Jse1tfTZ+J5m›\n",
        "Temporary password for akira@example.com: ‹quartzpepper97›\n",
        "Passwort für jsmith: ‹quartzpepper97›\n",
        "PASSWORD kibana_system = ‹uJ03Q6cUm7NZC94v2liP›\n",
        "The generated password for the elastic built-in superuser is:\n‹harborhazel26›\n",
        "Webhook rejected: X-Gitlab-Token mismatch, got '‹ql7KfnbQq4t4w2vfikm8›' expected '‹iMDftm5Adokjul5azlyI›'\n",
        "shared secret changed from '‹pepperviolet59›' to '‹LeLvd0WrC7hCS9Cu›' by backup\n",
        "password changed from \"‹pepper59›\" to \"‹violet77›\"\n",
        "token: '‹pepperviolet59›' => '‹LeLvd0WrC7hCS9Cu›'\n",
        "smtp_password\n  String should have at least 20 characters [type=string_too_short, input_value='‹Meadow-Harbor90›', input_type=str]\n",
        "* **Password:** `‹Saddle-Basil683›`\n* **Host:** h\n",
        "**Password**: ‹Saddle-Basil683›\n",
        "Credentials: backup / ‹Copperhazel2021!›\n",
        "Contraseña: ‹emberfalcon90›\n",
        "Mot de passe : ‹Cedarfalcon2018!›\n",
        "Your one-time password is ‹824718›. It expires in 10 minutes.\n",
        "    env(APP_SECRET): ‹b27535d022a2f0c4e977db978b9d8da9›\n",
        "Set($DatabasePassword, '‹Falcon-Cedar857›');\n",
        "$Self->{DatabasePw} = '‹Trdk80l8rIT6iET›';\n$self->{password} = \"‹x›\";\n",
        "#0 db.php(12): PDO->__construct('mysql:host=h', 'akira', '‹Pepper-Amber736›')\n",
        "mysqli_connect($h, 'bob', '‹a b›', 'db')\nnew PDO(\"mysql:host=h\", \"u\", \"‹x›\");\n",
        "define( 'DB_PASSWORD', '‹Winter-Basil83›' );\n",
    ]);
}

#[test]
fn what_programs_say_without_one() {
    check(&[
        "Failed password for root from 10.0.0.1 port 22 ssh2\n",
        "password for user bob: fe_sendauth: no password supplied\n",
        "password has been generated for user: bob2\n",
        "Password for bob is invalid: EAUTH2\n",
        "Password for bob@example.com: \n",
        "password was sent for confirmation: bob@example.com\n",
        "PASSWORD reset = done\n",
        "X-Gitlab-Token mismatch, got nothing expected something\n",
        "the password is 8 characters long, 20 wanted\n",
        "Credentials: read / write\n",
        "passe : x1y2z3a4\n",
        "env(APP_SECRET): '%env(X)%'\n",
        "$self->{password} = $x;\n",
        "Foo->__construct('a', 'b', 'c1d2e3')\n",
        "db_connect(host, 'b', 'c1d2e3')\n",
        "**Token** rotation is required\n",
        "token_kind\n  String should match [type=x, input_value='abc', input_type=str]\n",
    ]);
}
