#!/usr/bin/env python3
"""Makes the recorded hosts beside this file anew: `python3 tests/hosts/make.py`. The same output every time.

A host is a folder with files at their absolute paths. What is planted in it and must never be in a bundle
stands in HOST.planted.json, what must be there still in HOST.kept.json. Everything is made up, and the time
is the first of March 2026, from 9 to 11 o'clock UTC, with an older day in the rotated logs.
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from parts import config, rails, secrets, services, system  # noqa: E402
from parts.base import Clock, Host, compact  # noqa: E402

HERE = Path(__file__).parent
NEVER_TAKEN = {
    "/etc/gitlab/gitlab-secrets.json", "/etc/gitlab/initial_root_password", "/etc/gitlab/ssl/gitlab.example.com.key",
    "/var/opt/gitlab/gitlab-rails/etc/secrets.yml", "/opt/gitlab/embedded/nodes/gitlab.example.com.json",
}


def omnibus():
    """One node of the Linux package, with everything on it, on a day when memory ran out."""
    host = Host("omnibus", HERE)
    own, leaked = secrets.Own(host.planted), secrets.Leaked(host.planted)
    config.write(host, own)
    rails.write(host, own, leaked)
    services.write(host, own, leaked)
    bundled, planted = "/opt/gitlab/embedded/bin/", host.planted
    pids = {"puma": 1300, "sidekiq": 1410, "gitaly": 1501, "postgresql": 1600, "redis": 1201, "nginx": 1700, "gitlab-workhorse": 1550, "registry": 1570, "prometheus": 1580, "gitlab-kas": 1590}
    config.runit(host, config.ENABLED, pids)
    system.etc(host, "gitlab.example.com")
    system.proc(host, processes=[
        (1, "systemd", ["/sbin/init"], 0, 0), (900, "runsvdir", ["runsvdir", "-P", "/opt/gitlab/service"], 1, 0),
        (1300, "bundle", ["puma 6.6.1 (unix:///var/opt/gitlab/gitlab-rails/sockets/gitlab.socket) [gitlab-puma-worker]"], 900, 998, 912340),
        (1301, "bundle", ["puma: cluster worker 0: 1300 [gitlab-puma-worker]"], 1300, 998, 1412340), (1410, "bundle", ["sidekiq 7.3.9 queues:default,mailers [1 of 20 busy]"], 900, 998, 1812340),
        (1501, "gitaly", [bundled + "gitaly", "/var/opt/gitlab/gitaly/config.toml"], 900, 998, 212340), (1600, "postgres", [bundled + "postgres", "-D", "/var/opt/gitlab/postgresql/data"], 900, 996, 112340),
        (1201, "redis-server", [bundled + "redis-server 10.20.4.6:6379"], 900, 997, 91234), (1550, "gitlab-workhorse", [bundled + "gitlab-workhorse", "-config", "config.toml"], 900, 998, 61234),
        (1700, "nginx", ["nginx: master process /opt/gitlab/embedded/sbin/nginx -p /var/opt/gitlab/nginx"], 900, 0, 12340),
        (2101, "redis-cli", [bundled + "redis-cli", "-a", own.redis_password, "info"], 1, 0), (2102, "psql", ["psql", f"postgresql://gitlab:{own.db_quoted}@10.20.4.5/gitlabhq_production"], 1, 996),
        (2103, "mysqldump", ["mysqldump", "--password=" + planted.keyed("password"), "legacy"], 1, 0), (2104, "curl", ["curl", "-u", "backup:" + planted.keyed("password"), "https://backup.example.com/"], 1, 0),
        (2105, "sh", ["sh", "-c", f"PGPASSWORD={planted.keyed('pgpassword')} pg_dump gitlabhq_production"], 1, 996),
    ])
    system.logs(host, "gitlab.example.com", extra=[f"sudo:     admin : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/gitlab-rake gitlab:backup:create SECRET_TOKEN={planted.keyed('secret_token')}"])
    host.put("/var/log/mail.log", "Mar  1 10:20:11 gitlab postfix/smtp[3121]: 4F1D0: to=<maya.novak@example.com>, relay=smtp.example.com[203.0.113.25]:587, status=sent (250 OK)\n")
    host.put("/var/log/dpkg.log", "2026-02-20 10:01:12 upgrade gitlab-ee:amd64 18.8.4-ee.0 18.9.1-ee.0\n2026-02-20 10:06:40 status installed gitlab-ee:amd64 18.9.1-ee.0\n")
    host.put("/var/lib/dpkg/status", "Package: gitlab-ee\nStatus: install ok installed\nVersion: 18.9.1-ee.0\n\n")
    host.lists(NEVER_TAKEN)


def container():
    """The container image: no systemd, a limit on memory, no time zone."""
    host = Host("container", HERE)
    host.put("/.dockerenv", "")
    host.put("/RELEASE", "RELEASE_PACKAGE=gitlab-ce\nRELEASE_VERSION=18.9.1-ce.0\nTARGETARCH=amd64\n")
    host.put("/etc/gitlab/gitlab.rb", f"external_url ENV['GITLAB_URL']\ngitlab_rails['smtp_password'] = '{host.planted.known('smtp_password', secrets.some(20))}'\n")
    host.put("/etc/gitlab/gitlab-secrets.json", compact({"gitlab_shell": {"secret_token": host.planted.known("secret_token", secrets.some(128, secrets.HEX))}}))
    config.versions(host, "gitlab-ce", "18.9.1-ce.0")
    config.runit(host, ["puma", "sidekiq", "gitaly", "gitlab-workhorse", "nginx", "postgresql", "redis", "sshd"], {"puma": 310, "sidekiq": 320, "gitaly": 330, "gitlab-workhorse": 340, "nginx": 350, "postgresql": 360, "redis": 370, "sshd": 380})
    system.etc(host, "gitlab.docker.example.com", system.UBUNTU, zone=False)
    system.proc(host, processes=[(1, "assets/wrapper", ["/bin/bash", "/assets/init-container"], 0, 0), (310, "bundle", ["puma 6.6.1 (unix:///var/opt/gitlab/gitlab-rails/sockets/gitlab.socket) [gitlab-puma-worker]"], 1, 998, 812340)])
    system.cgroup(host)
    clock = Clock("09:00", 120.0)
    host.lines("/var/log/gitlab/gitlab-rails/production_json.log", [compact(rails.request(clock.tick())) for _ in range(20)])
    host.lists(NEVER_TAKEN)


def gitaly():
    """A node of the Linux package that only keeps repositories, on the Red Hat family."""
    host = Host("gitaly", HERE)
    token = host.planted.known("gitaly_auth_token", secrets.some(32))
    host.put("/etc/gitlab/gitlab.rb", f"roles ['gitaly_role'] if false\ngitlab_rails['auto_migrate'] = false\npostgresql['enable'] = false\nredis['enable'] = false\nnginx['enable'] = false\npuma['enable'] = false\nsidekiq['enable'] = false\ngitlab_workhorse['enable'] = false\ngitaly['configuration'] = {{ listen_addr: '0.0.0.0:8075', auth: {{ token: '{token}' }}, logging: {{ dir: '/srv/gitaly-logs' }} }}\n")
    host.put("/etc/gitlab/gitlab-secrets.json", compact({"gitlab_shell": {"secret_token": host.planted.known("secret_token", secrets.some(128, secrets.HEX))}}))
    host.put("/opt/gitlab/embedded/nodes/gitaly-1.example.com.json", compact({"name": "gitaly-1.example.com", "normal": {"gitlab": {"puma": {"enable": False}}, "gitaly": {"enable": True, "configuration": {"listen_addr": "0.0.0.0:8075", "logging": {"dir": "/srv/gitaly-logs"}, "auth": {"token": token}}}}}) + "\n")
    host.put("/var/opt/gitlab/gitaly/config.toml", f'listen_addr = "0.0.0.0:8075"\nprometheus_listen_addr = "0.0.0.0:9236"\n\n[auth]\ntoken = "{token}"\n\n[logging]\ndir = "/srv/gitaly-logs"\n')
    config.versions(host)
    config.runit(host, ["gitaly", "logrotate", "node-exporter"], {"gitaly": 1501, "node-exporter": 1502})
    system.etc(host, "gitaly-1.example.com", system.ALMA)
    host.put("/etc/redhat-release", "AlmaLinux release 9.6 (Sage Margay)\n")
    host.put("/etc/selinux/config", "SELINUX=enforcing\nSELINUXTYPE=targeted\n")
    system.proc(host, cpus=8, processes=[(1, "systemd", ["/usr/lib/systemd/systemd"], 0, 0), (1501, "gitaly", ["/opt/gitlab/embedded/bin/gitaly", "/var/opt/gitlab/gitaly/config.toml"], 1, 998, 912340)])
    clock = Clock("09:00", 90.0)
    rows = [services.gitaly(clock.tick()) for _ in range(60)] + [{"level": "error", "msg": f"permission denied: token {token}", "time": "2026-03-01T10:30:00.000Z"}]
    host.lines("/var/log/gitlab/gitaly/current", [compact(row) for row in rows[:20]])
    host.lines("/srv/gitaly-logs/gitaly_ruby_json.log", [compact(row) for row in rows[20:]])
    system.logs(host, "gitaly-1.example.com", "/var/log/messages")
    host.lists(NEVER_TAKEN)


def source():
    """A GitLab that was installed from source, with systemd units."""
    host, home = Host("source", HERE), "/home/git/"
    password, base = host.planted.known("db_password", secrets.some(20)), host.planted.known("secret_key_base", secrets.some(128, secrets.HEX))
    host.put(home + "gitlab/VERSION", "18.9.1\n")
    host.put(home + "gitlab/GITALY_SERVER_VERSION", "18.9.1\n")
    host.put(home + "gitlab/config/database.yml", f"production:\n  main:\n    adapter: postgresql\n    username: git\n    password: '{password}'\n    host: localhost\n")
    host.put(home + "gitlab/config/secrets.yml", f"production:\n  secret_key_base: {base}\n")
    host.put(home + "gitlab/config/gitlab.yml", "production: &base\n  gitlab:\n    host: git.example.org\n    port: 443\n    https: true\n    user: git\n")
    host.put(home + "gitlab/config/puma.rb", "bind 'tcp://127.0.0.1:8080'\nbind 'unix:///home/git/gitlab/tmp/sockets/gitlab.socket'\nworkers 2\n")
    host.put(home + "gitaly/config.toml", 'socket_path = "/home/git/gitlab/tmp/sockets/private/gitaly.socket"\n[[storage]]\nname = "default"\npath = "/home/git/repositories"\n')
    host.put(home + "gitlab-shell/config.yml", 'user: git\ngitlab_url: "http+unix://%2Fhome%2Fgit%2Fgitlab%2Ftmp%2Fsockets%2Fgitlab-workhorse.socket"\n')
    for name in ("puma", "sidekiq", "gitaly", "workhorse"):
        host.put(f"/usr/local/lib/systemd/system/gitlab-{name}.service", f"[Unit]\nDescription=GitLab {name}\nPartOf=gitlab.target\n\n[Service]\nUser=git\nExecStart=/home/git/bin/{name}\n\n[Install]\nWantedBy=gitlab.target\n")
        host.link(f"/etc/systemd/system/gitlab.target.wants/gitlab-{name}.service", f"/usr/local/lib/systemd/system/gitlab-{name}.service")
    system.etc(host, "git.example.org")
    host.put("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\ngit:x:1001:1001:GitLab,,,:/home/git:/bin/bash\n")
    system.proc(host, cpus=2, total=8 << 20, processes=[(1, "systemd", ["/sbin/init"], 0, 0), (700, "bundle", ["puma 6.6.1 (tcp://127.0.0.1:8080) [gitlab]"], 1, 1001, 812340)])
    clock = Clock("09:00", 120.0)
    host.lines(home + "gitlab/log/production_json.log", [compact(rails.request(clock.tick())) for _ in range(25)] + [compact({"severity": "ERROR", "time": "2026-03-01T10:30:00.000Z", "message": f"could not log in as git/{password}"})])
    host.lines(home + "gitlab/log/sidekiq.log", [compact(rails.job(clock.tick())) for _ in range(20)])
    host.lines(home + "gitlab/log/production_json.log-20260301.gz", [compact(rails.request(Clock("04:00").tick())) for _ in range(5)], pack=True)
    host.put("/var/log/nginx/gitlab_error.log", "2026/03/01 11:13:00 [error] 1702#0: *8121 connect() to unix:/home/git/gitlab/tmp/sockets/gitlab-workhorse.socket failed (2: No such file or directory) while connecting to upstream\n")
    host.lists(NEVER_TAKEN)


def bare():
    """No GitLab at all."""
    host = Host("bare", HERE)
    system.etc(host, "db-7.example.net", users=False)
    system.proc(host, cpus=2, total=4 << 20, swap=0, processes=[(1, "systemd", ["/sbin/init"], 0, 0), (612, "sshd", ["sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"], 1, 0, 9123, 1024, 1)])
    system.logs(host, "db-7.example.net")


if __name__ == "__main__":
    for make in (omnibus, container, gitaly, source, bare):
        make()
