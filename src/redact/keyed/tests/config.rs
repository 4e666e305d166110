//! YAML, TOML, INI, XML, dotenv and units.

use super::*;

#[test]
fn yaml() {
    check(&[
        "password: ‹hunter2›\nuser: x\n",
        "  password: ‹a b c›\n  user: x\n",
        "password: ‹abc› # the root one\n",
        "password: '‹a b›' # x\n",
        "password: \"‹a b›\"\n",
        "\"password\": ‹a b›\nx: y\n",
        "- password: ‹a b›\n- user: x\n",
        "{password: ‹abc›, user: x}",
        "x: {password: '‹a b›', user: x}",
        "password: !!str ‹a b›\n",
        "password: &pw ‹a b›\nx: y\n",
        "private_key: |\n  ‹-----BEGIN X-----\n  abc\n  -----END X-----›\nnext: y\n",
        "a:\n  private_key: >-\n    ‹abc\n    def›\n  next: y\n",
        "a:\n  - private_key: |2\n      ‹abc\n\n      def›\n    next: y\n",
        "password:\n  ‹hunter2›\nnext: y\n",
        "tokens:\n  - ‹abc›\n  - '‹d e›'\nnext: y\n",
        "tokens:\n- ‹abc›\n- ‹def›\nnext: y\n",
        "secrets:\n  db: ‹abc›\n  name: x\n  other: \"‹d›\"\nnext: y\n",
        "password:\nuser: x\n",
        "password: ~\n",
        "password: <%= ENV['X'] %>\n",
        "password: ${DB_PASSWORD}\n",
        "password: $DB_PASSWORD\n",
        "password: {{ db_password }}\n",
        "password_file: /etc/x\n",
        "secret_key_base: ‹0f3e›\n",
        "- name: DB_PASSWORD\n  value: ‹a b›\n- name: X\n  value: y\n",
        "- name: DB_PASSWORD\n  value: \"‹x›\"\n",
        "- value: ‹x›\n  name: DB_PASSWORD\n",
        "- DB_PASSWORD=‹x›\n- USER=y\n",
        "password: ‹a›\r\nuser: x\r\n",
        "password: ‹a b›\ruser: x\r",
        "\u{feff}password: ‹a b›\n",
        "password: ‹12345678›\n",
        "+  password: ‹a b›\n-  password: ‹c d›\n",
        "\x1b[31m-    password: ‹a b›\x1b[0m\n\x1b[32m+    password: ‹c d›\x1b[0m\n",
        "    \x1b[0m-  password: \x1b[1m‹a b›\x1b[0m\n",
        "\x1b[33mpassword\x1b[0m: ‹hunter2›\n",
        "+ private_key: |\n+   ‹abc\n+   def›\n+ next: y\n",
    ]);
}

#[test]
fn toml_and_ini() {
    check(&[
        "password = \"‹a b›\"\n",
        "token = '‹a\\›'\nx = 'y'\n",
        "password = \"\"\"\n‹a\nb›\n\"\"\"\n",
        "auth = { token = \"‹x›\", user = \"y\" }\n",
        "tokens = [\"‹a›\", \"‹b›\"]\n",
        "password = ‹12345›\n",
        "[smtp]\npassword = ‹a b›\nuser = x\n",
        "password=‹a b›\nuser=x\n",
        "password=‹abc› user=x took 5 ms\n",
        "password = ‹p;w#x›\n",
        "requirepass ‹abc›\n",
        "masterauth \"‹a b›\"\n",
        "sentinel auth-pass mymaster ‹x›\n",
        "user default on >‹pass› ~* +@all\n",
        "user default on #‹1baf›  ~* +@all\n",
        "machine gitlab.example.com login root password ‹x›\n",
        "db = host=/x port=5432 user=u password='‹a b›' dbname=d\n",
        "gitlabhq_production = host=1.2.3.4 port=5432 password=‹abc› auth_user=pgbouncer\n",
        "sentry_dsn = ‹https://abc@sentry.example.com/1›\n",
        "ssl_certificate_key /etc/gitlab/ssl/x.key;\n",
        "token_ttl=300\n",
        "  ; password = ‹x y›\n",
        "spring.datasource.password=‹x›\n",
        "secret_key = \"‹x›\"\n",
        "[runners]\n  token = \"‹abc›\"\n  url = \"https://x\"\n  environment = [\"DB_PASSWORD=‹x›\", \"A=b\"]\n",
    ]);
}

#[test]
fn shell_and_units() {
    check(&[
        "export DB_PASSWORD='‹a b›'\n",
        "export DB_PASSWORD=\"‹a b›\"; x\n",
        "DB_PASSWORD=‹x›\n",
        "DB_PASSWORD=‹a b›\n",
        "DB_PASSWORD='‹it›'\\''‹s›' cmd\n",
        "PGPASSWORD=‹x› psql -h db\n",
        "DB_PASSWORD=‹x› bundle exec rake db:migrate\n",
        "Environment=\"X_TOKEN=‹y›\" \"A=b\"\n",
        "Environment=X_TOKEN=‹y›\n",
        "Environment='X_TOKEN=‹y z›'\n",
        "DATA_SOURCE_NAME=user=gitlab-psql host=/x password=‹abc› database=postgres\n",
        "SECRET=$(cat /run/x)\n",
        "SECRET=${X}\n",
        "ENV DB_PASSWORD ‹x›\n",
        "PWD=/opt/x\nOLDPWD=/root\n",
        "A=b\0DB_PASSWORD=‹a b›\0C=d\0",
    ]);
}

#[test]
fn xml() {
    check(&[
        "<password>‹a b›</password>",
        "<db:password>‹x›</db:password>",
        "<password type=\"plain\">‹x›</password>",
        "<password>‹a\"b›</password>",
        "<password/>",
        "<password></password>",
        "<user password=\"‹a b›\" name=\"x\"/>",
        "<user password='‹a b›' name='x'/>",
        "<add key=\"Password\" value=\"‹x›\"/>",
        "<property name=\"password\" type=\"s\" value=\"‹x›\"/>",
        "<entry key=\"password\">‹x›</entry>",
        "<key>Password</key>\n<string>‹x›</string>",
        "<name>password</name>\n  <value>‹x›</value>",
        "<password><![CDATA[‹a<b›]]></password>",
        "&lt;password&gt;‹x y›&lt;/password&gt;",
        r#""m":"\u003cpassword\u003e‹x›\u003c/password\u003e""#,
        r#""m":"<password>‹x›<\/password>""#,
        "<setting name=\"Token\"><value>‹x›</value></setting>",
        "<input type=\"password\" name=\"user[password]\" id=\"x\" value=\"‹x›\">",
        "<meta name=\"csrf-token\" content=\"‹x›\">",
        "<user password=&quot;‹x y›&quot; name=&quot;z&quot;/>",
    ]);
}

#[test]
fn toml_and_yaml_still_parse() {
    let keyed = Ruled::new(&[]).only_keyed();
    let text = "password = 5\ntoken = 'a'\n[x]\nsecrets = [1, 'b']\nkeys.secret = { a = \"b\", n = 1 }\n";
    let found = render(text.as_bytes(), spans(&keyed, text.as_bytes()), "__REDACTED.x.12345678__");
    assert!(found.parse::<toml::Table>().is_ok(), "{found}");
    let text = "password: 5\ntoken: a # b\nx: {secret: y, b: [1]}\nsecrets:\n  - 1\n  - {a: b}\n  - |\n    c\nk_secret: |\n  a\n  b\nz: 1\n";
    let found = render(text.as_bytes(), spans(&keyed, text.as_bytes()), "__REDACTED.x.12345678__");
    let events: Result<Vec<_>, _> = saphyr_parser::Parser::new_from_str(&found).collect();
    assert!(events.is_ok(), "{found}");
}
