"""/etc/gitlab and what reconfigure makes of it below /var/opt/gitlab and /opt/gitlab."""
import json

from .base import some

ENABLED = "alertmanager crond gitaly gitlab-exporter gitlab-kas gitlab-workhorse logrotate nginx node-exporter postgres-exporter postgresql prometheus puma redis redis-exporter registry sidekiq".split()

# Made for this test with openssl; its key is kept nowhere.
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBaDCCAQ+gAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJnaXRsYWIu
ZXhhbXBsZS5jb20wHhcNMjYwMTAxMDAwMDAwWhcNMjcwMTAxMDAwMDAwWjAdMRsw
GQYDVQQDDBJnaXRsYWIuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAATMljCFue6tcHsbzMrfnsJ1GuXHd1a30aTAPfTtacxUyQ4G5kvNC/A2AJiQ
AOo7Y/wGBw46usD+jw36LUqtSL+do0AwPjAdBgNVHREEFjAUghJnaXRsYWIuZXhh
bXBsZS5jb20wHQYDVR0OBBYEFBkGVeDmtN4WckShNd7bEJmijjQ+MAoGCCqGSM49
BAMCA0cAMEQCIHoMmf1Ro8tJf2ivWaLi6ws5uoka7aCJAX1vCg40iZOFAiBhR5Yp
lbXX2oQBOGdXH15bdCW5zjt+nDvzDo+e6MPDtw==
-----END CERTIFICATE-----
"""


def gitlab_rb(own):
    return f"""## GitLab URL
external_url 'https://gitlab.example.com'
roles ['application_role']

gitlab_rails['time_zone'] = 'Europe/Berlin'
gitlab_rails['db_host'] = '/var/opt/gitlab/postgresql'
gitlab_rails['db_username'] = "gitlab"
gitlab_rails['db_password'] = '{own.db_password}'
gitlab_rails['redis_host'] = '10.20.4.6'
gitlab_rails['redis_password'] = "{own.redis_password}"
gitlab_rails['initial_root_password'] = File.read('/etc/gitlab/initial_root_password')
gitlab_rails['display_initial_root_password'] = false
gitlab_rails['store_initial_root_password'] = true
gitlab_rails['expiring_tokens_cron'] = '0 1 * * *' # not a secret, though it is called so
gitlab_rails['env'] = {{
  'http_proxy' => 'http://proxyuser:{own.proxy_password}@proxy.example.com:3128',
  "MALLOC_CONF" => "dirty_decay_ms:1000,muzzy_decay_ms:1000"
}}

gitlab_rails['smtp_enable'] = true
gitlab_rails['smtp_address'] = 'smtp.example.com'
gitlab_rails['smtp_user_name'] = 'gitlab@example.com'
gitlab_rails['smtp_password'] =
  %q({own.smtp_password})

gitlab_rails['ldap_enabled'] = true
gitlab_rails['ldap_servers'] = YAML.load <<-'EOS'
  main:
    label: 'LDAP'
    host: 'ldap.example.com'
    port: 636
    uid: 'sAMAccountName'
    bind_dn: 'CN=gitlab,OU=service,DC=example,DC=com'
    password: '{own.ldap_password}'
    encryption: 'simple_tls'
EOS
# gitlab_rails['ldap_password'] = '{own.ldap_old}'

gitlab_rails['omniauth_providers'] = [
  {{
    name: "openid_connect",
    label: "Company login",
    args: {{
      scope: ["openid", "profile"],
      client_options: {{ identifier: "gitlab-prod", secret: "{own.oidc_secret}" }}
    }}
  }}
]

gitlab_rails['object_store']['enabled'] = true
gitlab_rails['object_store']['connection'] = {{
  'provider' => 'AWS',
  'region' => 'eu-central-1',
  'aws_access_key_id' => ENV['OBJECT_STORE_KEY_ID'],
  'aws_secret_access_key' => '{own.s3_secret}'
}}
gitlab_rails['backup_upload_connection'] = {{ :provider => 'AzureRM', :azure_storage_account_name => 'gitlabbackups', :azure_storage_access_key => '{own.azure_key}' }}

puma['worker_processes'] = 3
puma['per_worker_max_memory_mb'] = 1200
sidekiq['concurrency'] = 20
postgresql['sql_user_password'] = '{own.pg_hash}'
postgresql['sql_replication_password'] = "{own.replication}"
postgresql['max_connections'] = 200
redis['password'] = "{own.redis_password}"
redis_exporter['env'] = {{ 'REDIS_PASSWORD' => '{own.exporter}' }}
gitaly['configuration'] = {{
  auth: {{ token: '{own.gitaly_token}' }},
  storage: [{{ name: 'default', path: '/var/opt/gitlab/git-data/repositories' }}],
  logging: {{ level: 'info', format: 'json' }},
}}
praefect['configuration'] = {{ auth: {{ token: '{own.praefect_token}' }} }}
consul['encryption_key'] = '{own.consul_gossip}'
grafana['admin_password'] = '{own.grafana}'
mattermost['file_public_link_salt'] = '{own.mattermost_salt}'
alertmanager['receivers'] = [{{ 'name' => 'ops', 'webhook_configs' => [{{ 'url' => 'https://alerts.example.net/hook?token={own.alert_hook}' }}] }}]
gitlab_rails['gitlab_shell_ssh_port'] = 22
gitlab_rails['initial_shared_runners_registration_token'] = '{own.runner}'
letsencrypt['enable'] = false
nginx['ssl_certificate_key'] = "/etc/gitlab/ssl/gitlab.example.com.key"
nginx['hide_server_tokens'] = 'on'
logging['svlogd_size'] = 200 * 1024 * 1024
"""


def secrets_json(own):
    return json.dumps({
        "gitlab_workhorse": {"secret_token": own.workhorse},
        "gitlab_shell": {"secret_token": own.shell},
        "gitlab_rails": {**own.rails, **own.active_record, "openid_connect_signing_key": own.signing_key},
        "gitlab_kas": {"api_secret_key": own.kas},
        "registry": {"http_secret": own.registry_http, "internal_certificate": CERTIFICATE, "internal_key": own.registry_key},
    }, indent=2) + "\n"


def node_json(own):
    normal = {
        "gitlab": {
            "external-url": "https://gitlab.example.com",
            "gitlab_rails": {"enable": True, "log_directory": "/var/log/gitlab/gitlab-rails", "db_password": own.db_password, "db_host": "/var/opt/gitlab/postgresql"},
            "puma": {"enable": True, "log_directory": "/var/log/gitlab/puma", "worker_processes": 3, "socket": "/var/opt/gitlab/gitlab-rails/sockets/gitlab.socket", "exporter_enabled": True},
            "sidekiq": {"enable": True, "log_directory": "/var/log/gitlab/sidekiq", "listen_port": 8082, "health_checks_listen_port": 8092},
            "gitlab_workhorse": {"enable": True, "log_directory": "/var/log/gitlab/gitlab-workhorse", "listen_network": "unix", "listen_addr": "/var/opt/gitlab/gitlab-workhorse/sockets/socket"},
            "nginx": {"enable": True, "log_directory": "/var/log/gitlab/nginx"},
        },
        "gitaly": {"enable": True, "configuration": {"logging": {"dir": "/var/log/gitlab/gitaly"}, "auth": {"token": own.gitaly_token}}},
        "postgresql": {"enable": True, "dir": "/var/opt/gitlab/postgresql", "log_directory": "/var/log/gitlab/postgresql", "max_connections": 200},
        "redis": {"enable": True, "dir": "/var/opt/gitlab/redis", "log_directory": "/var/log/gitlab/redis", "password": own.redis_password},
        "registry": {"enable": True, "log_directory": "/var/log/gitlab/registry"},
        "monitoring": {"prometheus": {"enable": True, "log_directory": "/var/log/gitlab/prometheus"}, "node_exporter": {"enable": True, "log_directory": "/var/log/gitlab/node-exporter"}},
        "roles": {"application": {"enable": True}},
    }
    return json.dumps({"name": "gitlab.example.com", "chef_environment": "_default", "normal": normal, "automatic": {"fqdn": "gitlab.example.com", "platform": "debian", "platform_version": "12"}, "run_list": ["recipe[gitlab-ee]"]}, indent=1) + "\n"


def rails(host, own):
    etc = "/var/opt/gitlab/gitlab-rails/etc/"
    host.put(etc + "database.yml", f"""# This file is managed by gitlab-ctl. Manual changes will be erased!
production:
  main:
    adapter: postgresql
    encoding: unicode
    database: gitlabhq_production
    username: "gitlab"
    password: "{own.db_password}"
    host: "/var/opt/gitlab/postgresql"
    port: 5432
    sslkey:
    prepared_statements: false
""")
    host.put(etc + "resque.yml", f"production:\n  url: redis://:{own.redis_quoted}@10.20.4.6:6379/\n  secret_file: /var/opt/gitlab/gitlab-rails/etc/redis.secret\n")
    host.put(etc + "cable.yml", f"production:\n  adapter: redis\n  url: redis://:{own.redis_quoted}@10.20.4.6:6379/\n")
    host.put(etc + "smtp_settings.rb", f"""if Rails.env.production?
  Rails.application.config.action_mailer.delivery_method = :smtp
  ActionMailer::Base.smtp_settings = {{
    authentication: :login,
    address: "smtp.example.com",
    port: 587,
    user_name: "gitlab@example.com",
    password: "{own.smtp_password}",
  }}
end
""")
    host.put(etc + "secrets.yml", "production:\n" + "".join(f"  {k}: {v}\n" for k, v in own.rails.items()) + "  openid_connect_signing_key: |\n" + "".join(f"    {line}\n" for line in own.signing_key.splitlines()))
    host.put(etc + "gitlab.yml", f"""production: &base
  gitlab:
    host: gitlab.example.com
    port: 443
    https: true
    time_zone: 'Europe/Berlin'
  object_store:
    enabled: true
    connection: {{"provider":"AWS","region":"eu-central-1","aws_secret_access_key":"{own.s3_secret}"}}
  ldap:
    enabled: true
    servers:
      main:
        bind_dn: 'CN=gitlab,OU=service,DC=example,DC=com'
        password: '{own.ldap_password}'
  monitoring:
    ip_whitelist: ["127.0.0.0/8", "::1/128"]
    sidekiq_exporter:
      enabled: true
      address: 127.0.0.1
      port: 8082
    sidekiq_health_checks:
      enabled: true
      address: 127.0.0.1
      port: 8092
    web_exporter:
      enabled: true
      address: 127.0.0.1
      port: 8083
  gitlab_shell:
    secret_file: /var/opt/gitlab/gitlab-rails/etc/gitlab_shell_secret
""")
    host.put(etc + "gitlab_shell_secret", own.shell)
    host.put(etc + "gitlab_workhorse_secret", own.workhorse)
    host.put("/var/opt/gitlab/gitlab-rails/etc/puma.rb", "workers 3\nthreads 4, 4\nbind 'unix:///var/opt/gitlab/gitlab-rails/sockets/gitlab.socket'\nbind 'tcp://127.0.0.1:8080'\n")


def rendered(host, own):
    var = "/var/opt/gitlab/"
    rails(host, own)
    host.put(var + "gitaly/config.toml", f"""socket_path = "/var/opt/gitlab/gitaly/gitaly.socket"
prometheus_listen_addr = "localhost:9236"
bin_dir = "/opt/gitlab/embedded/bin"

[auth]
token = "{own.gitaly_token}"

[[storage]]
name = "default"
path = "/var/opt/gitlab/git-data/repositories"

[logging]
dir = "/var/log/gitlab/gitaly"
level = "info"
format = "json"
""")
    host.put(var + "praefect/config.toml", f'listen_addr = "localhost:2305"\n\n[auth]\ntoken = "{own.praefect_token}"\n')
    host.put(var + "gitlab-workhorse/config.toml", f'[redis]\nURL = "tcp://10.20.4.6:6379"\nPassword = "{own.redis_password}"\n\n[object_storage.s3]\naws_secret_access_key = "{own.s3_secret}"\n')
    host.put(var + "gitlab-shell/config.yml", 'user: git\ngitlab_url: "http+unix://%2Fvar%2Fopt%2Fgitlab%2Fgitlab-workhorse%2Fsockets%2Fsocket"\nsecret_file: "/var/opt/gitlab/gitlab-rails/etc/gitlab_shell_secret"\nlog_file: "/var/log/gitlab/gitlab-shell/gitlab-shell.log"\nlog_format: json\n')
    host.put(var + "gitlab-kas/gitlab-kas-config.yml", "agent:\n  listen:\n    address: localhost:8150\ngitlab:\n  address: http://localhost:8080\n  authentication_secret_file: /var/opt/gitlab/gitlab-kas/authentication_secret_file\nobservability:\n  listen:\n    address: localhost:8151\n")
    host.put(var + "gitlab-kas/authentication_secret_file", own.kas)
    host.put(var + "postgresql/data/postgresql.conf", "listen_addresses = ''\nport = 5432\nmax_connections = 200\nshared_buffers = 8MB\npassword_encryption = md5\ninclude 'runtime.conf'\n")
    host.put(var + "postgresql/data/runtime.conf", f"work_mem = 16MB\nstatement_timeout = 60000\nprimary_conninfo = 'user=gitlab_replicator host=10.20.4.8 password={own.replication}'\n")
    host.put(var + "postgresql/data/pg_hba.conf", "local   all         all                               peer map=gitlab\nhost    all         all         10.20.4.0/24          scram-sha-256\n")
    host.put(var + "postgresql/data/PG_VERSION", "16\n")
    host.put(var + "redis/redis.conf", f'bind 10.20.4.6\nport 6379\nmaxmemory-policy noeviction\nrequirepass "{own.redis_password}"\nmasterauth "{own.redis_password}"\nsave 900 1\n')
    host.put(var + "consul/config.json", json.dumps({"datacenter": "gitlab_consul", "encrypt": own.consul_gossip, "server": False}, indent=2))
    host.put(var + "registry/config.yml", f'version: 0.1\nhttp:\n  addr: localhost:5000\n  secret: "{own.registry_http}"\n  debug:\n    addr: localhost:5001\nstorage: {{"s3":{{"bucket":"registry","secretkey":"{own.s3_secret}"}}}}\n')
    host.put(var + "prometheus/prometheus.yml", "global:\n  scrape_interval: 15s\nscrape_configs:\n- job_name: gitaly\n  static_configs:\n  - targets: [\"localhost:9236\"]\n")
    host.put(var + "gitlab-exporter/gitlab-exporter.yml", "server:\n  name: webrick\n  listen_address: localhost\n  listen_port: 9168\nprobes:\n  metrics:\n    multiple: true\n")
    host.put(var + "alertmanager/alertmanager.yml", f"receivers:\n- name: ops\n  webhook_configs:\n  - url: https://alerts.example.net/hook?token={own.alert_hook}\n")
    host.put(var + "nginx/conf/nginx.conf", "worker_processes 8;\nhttp {\n  server_tokens off;\n  include /var/opt/gitlab/nginx/conf/service_conf/*.conf;\n}\n")
    host.put(var + "nginx/conf/service_conf/gitlab-rails.conf", 'server {\n  listen *:443 ssl;\n  server_name gitlab.example.com;\n  ssl_certificate /etc/gitlab/ssl/gitlab.example.com.crt;\n  ssl_certificate_key /etc/gitlab/ssl/gitlab.example.com.key;\n  proxy_set_header Authorization "Basic %s";\n}\n' % own.basic_praefect)
    host.put(var + "logrotate/logrotate.d/gitlab-rails", "/var/log/gitlab/gitlab-rails/*.log {\n  daily\n  rotate 30\n  compress\n  copytruncate\n  missingok\n}\n")


def reconfigure(host, own):
    red, green, plain = "\x1b[31m", "\x1b[32m", "\x1b[0m"
    host.put("/var/log/gitlab/reconfigure/1772352000.log", f"""# Logfile created on 2026-03-01 09:00:00 +0100 by logger.rb/v1.6.4
[2026-03-01T09:00:04+01:00] INFO: Started Cinc Zero at chefzero://localhost:1 with repository at /opt/gitlab/embedded (One version per cookbook)
[2026-03-01T09:00:05+01:00] INFO: *** Cinc Client, version 18.3.0 ***
Recipe: gitlab::gitlab-rails
  * templatesymlink[Create a database.yml and create a symlink to Rails root] action create
    * template[/var/opt/gitlab/gitlab-rails/etc/database.yml] action create
      - update content in file /var/opt/gitlab/gitlab-rails/etc/database.yml from 3f9a1c to 9b02de
      --- /var/opt/gitlab/gitlab-rails/etc/database.yml\t2026-02-20 10:00:00.000000000 +0100
      +++ /var/opt/gitlab/gitlab-rails/etc/.chef-database20260301-1-x.yml\t2026-03-01 09:00:11.000000000 +0100
      @@ -6,7 +6,7 @@
      {red}-    password: "{host.planted.keyed("password")}"{plain}
      {green}+    password: "{own.db_password}"{plain}
      +    secret_key_base: {own.rails["secret_key_base"]}
  * execute[set password of gitlab] action run
    - execute "gitlab-psql" "-c" "ALTER USER gitlab WITH ENCRYPTED PASSWORD '{host.planted.keyed("password")}'"
Running handlers:
[2026-03-01T09:01:42+01:00] INFO: Cinc Infra Phase complete, 12/812 resources updated in 01 minutes 38 seconds
gitlab Reconfigured!
""")


# What reconfigure writes behind `chpst`, where it tells more than a program and its configuration.
COMMANDS = {
    "gitlab-workhorse": "gitlab-workhorse -listenNetwork unix -listenUmask 0 -listenAddr /var/opt/gitlab/gitlab-workhorse/sockets/socket -authBackend http://localhost:8080 -authSocket /var/opt/gitlab/gitlab-rails/sockets/gitlab.socket -documentRoot /opt/gitlab/embedded/service/gitlab-rails/public -secretPath /opt/gitlab/embedded/service/gitlab-rails/.gitlab_workhorse_secret -logFormat json -config config.toml -prometheusListenAddr localhost:9229",
    "node-exporter": "node_exporter --web.listen-address=localhost:9100 --collector.mountstats",
    "redis-exporter": "redis_exporter --web.listen-address=localhost:9121 --redis.addr=redis://10.20.4.6:6379",
    "postgres-exporter": "postgres_exporter --web.listen-address=localhost:9187 --extend.query-path=/var/opt/gitlab/postgres-exporter/queries.yaml",
    "prometheus": "prometheus --web.listen-address=localhost:9090 --storage.tsdb.path=/var/opt/gitlab/prometheus/data --config.file=/var/opt/gitlab/prometheus/prometheus.yml",
    "alertmanager": "alertmanager --web.listen-address=localhost:9093 --config.file=/var/opt/gitlab/alertmanager/alertmanager.yml",
    "gitaly": "gitaly /var/opt/gitlab/gitaly/config.toml",
    "registry": "registry serve /var/opt/gitlab/registry/config.yml",
    "gitlab-kas": "gitlab-kas --configuration-file=/var/opt/gitlab/gitlab-kas/gitlab-kas-config.yml",
}


def runit(host, services, pids):
    """A service is enabled if /opt/gitlab/service has a link to it."""
    for name in services:
        sv = f"/opt/gitlab/sv/{name}"
        command = COMMANDS.get(name, name).replace(" -", " \\\n    -")
        host.put(sv + "/run", f"#!/bin/sh\nexec 2>&1\nexec chpst -e /opt/gitlab/etc/{name}/env -P \\\n  -u git:git \\\n  /opt/gitlab/embedded/bin/{command}\n")
        pid, up = pids.get(name, 0), name in pids
        host.put(sv + "/supervise/stat", "run\n" if up else "down, normally up\n")
        host.put(sv + "/supervise/pid", f"{pid}\n" if up else "")
        tai = (1 << 62) + 10 + 1772352000
        host.put(sv + "/supervise/status", tai.to_bytes(8, "big") + bytes(4) + pid.to_bytes(4, "little") + b"\0" + (b"u" if up else b"d") + b"\0" + (b"\1" if up else b"\0"))
        host.link(f"/opt/gitlab/service/{name}", sv)


def versions(host, edition="gitlab-ee", version="18.9.1-ee.0"):
    plain = version.split(".0")[0]
    software = {"gitlab-rails": (f"v{plain}", "7f3c1d90a4b"), "gitaly": ("v18.9.1", "c41d2fe1b02"), "postgresql": ("16.11", ""), "redis": ("7.2.11", ""), "ruby": ("3.3.10", ""), "git": ("2.52.gl1", "")}
    host.put("/opt/gitlab/version-manifest.json", json.dumps({"manifest_format": 2, "software": {k: {"locked_version": v, "described_version": v, "locked_source": {"git": f"https://gitlab.com/gitlab-org/{k}.git"}} for k, (v, _) in software.items()}, "build_version": plain, "build_git_revision": host.planted.keep("build revision", some(40, "0123456789abcdef"))}, indent=1))
    host.put("/opt/gitlab/version-manifest.txt", f"{edition} {plain}\n\nComponent               Installed Version                   Version GUID\n" + "-" * 80 + "\n" + "".join(f"{k:<23} {v:<35} git:{g or v}\n" for k, (v, g) in software.items()))
    host.put("/opt/gitlab/embedded/service/gitlab-rails/VERSION", f"{plain}\n")
    host.put("/opt/gitlab/embedded/service/gitlab-rails/REVISION", "7f3c1d90a4b\n")
    host.put("/opt/gitlab/embedded/service/gitlab-rails/INSTALLATION_TYPE", "omnibus-gitlab\n")
    host.put("/opt/gitlab/bin/gitlab-ctl", "#!/opt/gitlab/embedded/bin/ruby\n")


def write(host, own):
    host.put("/etc/gitlab/gitlab.rb", gitlab_rb(own))
    host.put("/etc/gitlab/gitlab-secrets.json", secrets_json(own))
    host.put("/etc/gitlab/initial_root_password", f"# WARNING: This value is valid only in the following conditions\n\nPassword: {own.initial_root}\n")
    host.put("/etc/gitlab/ssl/gitlab.example.com.crt", CERTIFICATE)
    host.put("/etc/gitlab/ssl/gitlab.example.com.key", own.tls_key)
    host.put("/opt/gitlab/embedded/nodes/gitlab.example.com.json", node_json(own))
    host.put("/opt/gitlab/etc/redis-exporter/env/REDIS_PASSWORD", own.exporter)
    host.put("/opt/gitlab/etc/gitlab-rails/env/http_proxy", f"http://proxyuser:{own.proxy_password}@proxy.example.com:3128")
    rendered(host, own)
    reconfigure(host, own)
    versions(host)
    host.planted.keep("a key's path", "/etc/gitlab/ssl/gitlab.example.com.key")
    host.planted.keep("a cron setting called token", "gitlab_rails['expiring_tokens_cron'] = '0 1 * * *'")
    host.planted.keep("a reference", "ENV['OBJECT_STORE_KEY_ID']")
    host.planted.keep("a setting called password", "password_encryption = md5")
    host.planted.keep("server tokens", "nginx['hide_server_tokens'] = 'on'")
    host.planted.keep("certificate", CERTIFICATE.splitlines()[2])
