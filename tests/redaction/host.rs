//! A host whose every source of secrets holds one, with fresh values: what the program has to learn.

use std::{
    fs,
    path::{Path, PathBuf},
};

use data_encoding::BASE64;
use glsos::{
    host::{Live, stop::Stop},
    redact::{KnownSecret, secrets},
};

use super::{
    chance::{self, Chance},
    encode::Esc,
};

/// A host whose every source of secrets holds one; removed when dropped.
pub(super) struct Host {
    root: PathBuf,
    /// Name of the place, and the value.
    pub(super) values: Vec<(&'static str, String)>,
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

impl Host {
    fn put(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn value(&mut self, place: &'static str, value: impl Into<String>) -> String {
        let value = value.into();
        self.values.push((place, value.clone()));
        value
    }

    pub(super) fn build(chance: &mut Chance, name: &str) -> Self {
        let root =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("corpus-{}-{name}", std::process::id()));
        let mut host = Self { root, values: Vec::new() };
        host.gitlab_rb(chance);
        host.secrets_json(chance);
        host.rendered(chance);
        host.beside(chance);
        host
    }

    /// The folder that stands for `/`.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// What the program learns there.
    pub(super) fn learn(&self) -> Vec<KnownSecret> {
        let live = Live::start(Some(self.root.clone()), Stop::new().unwrap()).unwrap();
        secrets::learn(&live, &[]).secrets
    }

    /// The values that were not learnt, by place.
    pub(super) fn unknown(&self, learnt: &[KnownSecret]) -> Vec<&'static str> {
        let known = |value: &str| {
            learnt.iter().any(|known| known.value.expose().trim_ascii() == value.trim().as_bytes())
        };
        self.values.iter().filter(|(_, value)| !known(value)).map(|(place, _)| *place).collect()
    }

    fn gitlab_rb(&mut self, chance: &mut Chance) {
        let mut rb = String::from("external_url 'https://gitlab.example.com'\n");
        let mut line = |host: &mut Self, place, value: String, esc: Esc, template: &str| {
            let value = host.value(place, value);
            rb.push_str(&template.replace("«v»", &esc.apply(&value)));
            rb.push('\n');
        };
        let single = Esc::RubySingle;
        line(self, "single quotes", chance.symbols(18, None), single, "gitlab_rails['db_password'] = '«v»'");
        line(
            self,
            "double quotes",
            chance.symbols(16, None),
            Esc::RubyInspect,
            r#"gitlab_rails["smtp_password"] = "«v»""#,
        );
        line(
            self,
            "with quotes and backslash",
            format!("{}'\"\\{}", chance.mixed(7), chance.mixed(7)),
            single,
            "redis['password'] = '«v»'",
        );
        line(self, "with spaces", chance.words(4, " "), single, "gitlab_rails['redis_password'] = '«v»'");
        line(
            self,
            "with & < >",
            format!("{}&<{}>{}", chance.mixed(5), chance.mixed(5), chance.mixed(4)),
            single,
            "gitlab_rails['redis_cache_sentinels_password'] = '«v»'",
        );
        line(
            self,
            "unicode",
            format!("{}é{}ß{}–Ж", chance.mixed(5), chance.mixed(4), chance.mixed(4)),
            single,
            "gitlab_rails['incoming_email_password'] = '«v»'",
        );
        line(
            self,
            "emoji",
            format!("{}🔑{}", chance.mixed(6), chance.mixed(6)),
            single,
            "gitlab_rails['service_desk_email_password'] = '«v»'",
        );
        line(
            self,
            "short and strong",
            chance.symbols(7, Some("!#%&*")),
            single,
            "postgresql['sql_replication_password'] = '«v»'",
        );
        line(self, "eight letters and digits", chance.mixed(8), single, "praefect['auth_token'] = '«v»'");
        line(
            self,
            "digits",
            chance.text(20, chance::DIGITS),
            single,
            "gitlab_rails['geo_registry_replication_token'] = '«v»'",
        );
        line(self, "%q", chance.symbols(15, Some("'\"#$")), Esc::None, "grafana['admin_password'] = %q(«v»)");
        line(
            self,
            "hash rocket",
            chance.text(40, chance::BASE64),
            single,
            "gitlab_rails['object_store']['connection'] = {\n  'provider' => 'AWS', 'aws_access_key_id' => 'x',\n  'aws_secret_access_key' => '«v»'\n}",
        );
        line(
            self,
            "symbol hash",
            chance.mixed(40),
            single,
            "gitlab_rails['omniauth_providers'] = [{ name: 'openid_connect', args: { client_options: { identifier: 'gitlab', secret: '«v»' } } }]",
        );
        line(
            self,
            "LDAP heredoc",
            chance.symbols(14, Some("$@!")),
            Esc::Doubled,
            "gitlab_rails['ldap_servers'] = YAML.load <<-'EOS'\nmain:\n  host: 'ldap.example.com'\n  bind_dn: 'cn=admin'\n  password: '«v»'\nEOS",
        );
        line(self, "comment", chance.mixed(17), single, "# gitlab_rails['smtp_password_old'] = '«v»'");
        line(
            self,
            "consul encrypt",
            BASE64.encode(chance.mixed(32).as_bytes()),
            single,
            "consul['configuration'] = { server: true, encrypt: '«v»' }",
        );
        line(self, "registry", chance.text(64, chance::HEX), single, "registry['http_secret'] = '«v»'");
        line(self, "next line", chance.mixed(22), single, "gitlab_rails['mailroom_token'] =\n  '«v»'");
        line(self, "variable", chance.mixed(19), single, "pw = '«v»'\npatroni['password'] = pw");
        line(
            self,
            "fetch default",
            chance.mixed(21),
            single,
            "patroni['replication_password'] = ENV.fetch('PATRONI_PW', '«v»')",
        );
        line(
            self,
            "proxy",
            chance.mixed(16),
            Esc::None,
            "gitlab_rails['env'] = { 'HTTPS_PROXY' => 'http://proxy:«v»@proxy.example.com:3128' }",
        );
        line(
            self,
            "gitaly configuration",
            chance.mixed(30),
            single,
            "gitaly['configuration'] = { auth: { token: '«v»' }, prometheus_listen_addr: 'localhost:9236' }",
        );
        line(
            self,
            "storage list",
            chance.mixed(28),
            single,
            "gitlab_rails['repositories_storages'] = { 'default' => { 'gitaly_address' => 'tcp://g:8075', 'gitaly_token' => '«v»' } }",
        );
        line(
            self,
            "sentry DSN",
            chance.text(32, chance::HEX),
            Esc::None,
            "gitlab_rails['sentry_dsn'] = 'https://«v»@sentry.example.com/3'",
        );
        line(
            self,
            "merge",
            chance.mixed(24),
            single,
            "gitlab_rails['x'] = {}.merge('private_token' => '«v»')",
        );
        line(
            self,
            "remote write",
            chance.mixed(26),
            single,
            "prometheus['remote_write'] = [{ url: 'https://m.example.com', basic_auth: { username: 'u', password: '«v»' } }]",
        );
        self.put("etc/gitlab/gitlab.rb", &rb);
    }

    fn secrets_json(&mut self, chance: &mut Chance) {
        let key = pem("RSA PRIVATE KEY", chance);
        let signing = self.value("signing key", key);
        let base = self.value("secret_key_base", chance.text(128, chance::HEX));
        let shell = self.value("shell secret", chance.text(128, chance::HEX));
        let kas_plain = self.value("decoded form of base64", chance.text(32, chance::HEX));
        let kas = self.value("base64 of hex", BASE64.encode(kas_plain.as_bytes()));
        let record = self.value("active record array", chance.mixed(32));
        let salt = self.value("salt", chance.mixed(32));
        let json = serde_json::json!({
            "gitlab_rails": {"secret_key_base": base, "openid_connect_signing_key": signing, "active_record_encryption_primary_key": [record],
                "active_record_encryption_key_derivation_salt": salt},
            "gitlab_shell": {"secret_token": shell}, "gitlab_kas": {"api_secret_key": kas},
        });
        self.put("etc/gitlab/gitlab-secrets.json", &serde_json::to_string_pretty(&json).unwrap());
    }

    fn rendered(&mut self, chance: &mut Chance) {
        let v = |host: &mut Self, place, value: String| host.value(place, value);
        let one = v(self, "database.yml", chance.symbols(16, Some(":#@/")));
        self.put(
            "var/opt/gitlab/gitlab-rails/etc/database.yml",
            &format!(
                "production:\n  main:\n    adapter: postgresql\n    password: {}\n    host: db\n",
                serde_json::to_string(&one).unwrap()
            ),
        );
        let two = v(self, "resque.yml", chance.symbols(18, Some("@/:+%")));
        self.put(
            "var/opt/gitlab/gitlab-rails/etc/resque.yml",
            &format!("production:\n  url: redis://:{}@10.0.0.5:6379/0\n", Esc::Percent.apply(&two)),
        );
        let three = v(self, "redis.conf", chance.symbols(20, Some("$!&")));
        self.put(
            "var/opt/gitlab/redis/redis.conf",
            &format!("port 6379\nrequirepass \"{three}\"\nmaxmemory 0\n"),
        );
        let four = v(self, "workhorse", chance.mixed(24));
        self.put(
            "var/opt/gitlab/gitlab-workhorse/config.toml",
            &format!("[redis]\nURL = \"unix:/x\"\nPassword = \"{four}\"\n"),
        );
        let five = v(self, "patroni", chance.mixed(20));
        self.put("var/opt/gitlab/patroni/patroni.yaml", &format!("postgresql:\n  authentication:\n    superuser:\n      username: gitlab-psql\n      password: {five}\n"));
        let six = v(self, "consul config.json", BASE64.encode(chance.mixed(32).as_bytes()));
        self.put(
            "var/opt/gitlab/consul/config.json",
            &format!("{{\"datacenter\":\"gitlab_consul\",\"encrypt\":\"{six}\"}}"),
        );
        let seven = v(self, "pg_auth", format!("md5{}", chance.text(32, chance::HEX)));
        self.put("var/opt/gitlab/pgbouncer/pg_auth", &format!("\"pgbouncer\" \"{seven}\"\n"));
        let eight = v(self, "env directory", chance.mixed(23));
        self.put("opt/gitlab/etc/redis-exporter/env/REDIS_PASSWORD", &eight);
        let nine = v(self, "DSN in env", chance.mixed(18));
        self.put(
            "opt/gitlab/etc/postgres-exporter/env/DATA_SOURCE_NAME",
            &format!("user=gitlab host=/x password={nine} dbname=p"),
        );
        let ten = v(self, "mattermost DSN", chance.mixed(18));
        let salt = v(self, "mattermost salt", chance.text(32, chance::HEX));
        self.put("var/opt/gitlab/mattermost/config.json", &format!("{{\"SqlSettings\":{{\"DataSource\":\"user=mm password={ten} host=h\"}},\"FileSettings\":{{\"PublicLinkSalt\":\"{salt}\"}}}}"));
        let eleven = v(self, "prometheus bearer", chance.mixed(40));
        self.put(
            "var/opt/gitlab/prometheus/prometheus.yml",
            &format!("scrape_configs:\n- job_name: a\n  bearer_token: {eleven}\n"),
        );
        let twelve = v(self, "registry storage", chance.text(40, chance::BASE64));
        self.put(
            "var/opt/gitlab/registry/config.yml",
            &format!("storage: {{\"s3\":{{\"bucket\":\"r\",\"secretkey\":\"{twelve}\"}}}}\n"),
        );
        let thirteen = v(self, "shell secret file", chance.text(64, chance::HEX));
        self.put("var/opt/gitlab/gitlab-rails/etc/gitlab_shell_secret", &format!("{thirteen}\n"));
        let fourteen = v(self, "smtp_settings.rb", chance.symbols(15, Some("#$&")));
        self.put(
            "var/opt/gitlab/gitlab-rails/etc/smtp_settings.rb",
            &format!(
                "ActionMailer::Base.smtp_settings = {{\n  user_name: 'g',\n  password: '{fourteen}',\n}}\n"
            ),
        );
        let fifteen = v(self, "chef node", chance.mixed(25));
        self.put(
            "opt/gitlab/embedded/nodes/h.json",
            &format!("{{\"normal\":{{\"gitlab\":{{\"gitlab-rails\":{{\"db_password\":\"{fifteen}\"}}}}}}}}"),
        );
        let sixteen = v(self, "sentinel", chance.mixed(22));
        self.put(
            "var/opt/gitlab/sentinel/sentinel.conf",
            &format!("sentinel monitor m 10.0.0.1 6379 2\nsentinel auth-pass m {sixteen}\n"),
        );
        let seventeen = v(self, "alertmanager", chance.text(40, chance::BASE36));
        self.put(
            "var/opt/gitlab/alertmanager/alertmanager.yml",
            &format!("global:\n  smtp_auth_password: '{seventeen}'\n"),
        );
    }

    fn beside(&mut self, chance: &mut Chance) {
        let v = |host: &mut Self, place, value: String| host.value(place, value);
        let one = v(self, ".pgpass", chance.mixed(16));
        self.put("root/.pgpass", &format!("db.example.com:5432:*:gitlab:{one}\n"));
        let two = v(self, ".netrc", chance.mixed(16));
        self.put("root/.netrc", &format!("machine git.example.com login bot password {two}\n"));
        let three = v(self, ".my.cnf", chance.mixed(16));
        self.put("root/.my.cnf", &format!("[client]\nuser=root\npassword=\"{three}\"\n"));
        let four = v(self, "runner cache", chance.text(40, chance::BASE64));
        let five = v(self, "runner token without a prefix", chance.mixed(20));
        let six = v(self, "runner environment", chance.mixed(20));
        let auth = v(self, "docker auth", BASE64.encode(format!("bot:{}", chance.mixed(18)).as_bytes()));
        self.put("etc/gitlab-runner/config.toml", &format!("[[runners]]\n  name = \"r\"\n  token = \"{five}\"\n  environment = [\"NPM_TOKEN={six}\", 'DOCKER_AUTH_CONFIG={{\"auths\":{{\"r.example.com\":{{\"auth\":\"{auth}\"}}}}}}']\n  [runners.cache.s3]\n    SecretKey = \"{four}\"\n"));
        let seven = v(self, "TLS key", pem("PRIVATE KEY", chance));
        self.put("etc/gitlab/ssl/gitlab.example.com.key", &seven);
        let eight = v(self, "initial root password", format!("{}=", chance.text(43, chance::BASE62)));
        self.put("etc/gitlab/initial_root_password", &format!("# WARNING\n\nPassword: {eight}\n\n# NOTE\n"));
    }
}

fn pem(kind: &str, chance: &mut Chance) -> String {
    let lines: Vec<String> = (0..8).map(|_| chance.text(64, chance::BASE64)).collect();
    format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", lines.join("\n"))
}
