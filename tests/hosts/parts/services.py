"""Logs of the other services: JSON, JSON or text behind runit's time, and text of several forms."""
from .base import R, ZONE, Clock, compact, iso, runit, some, tai64n, ulid
from .people import address, agent, hashed, project, seconds, sha, user

LOG = "/var/log/gitlab/"
METHODS = ["InfoRefsUploadPack", "PostUploadPackWithSidechannel", "FindCommit", "GetBlobs", "ListCommits", "UserMergeBranch"]


def gitaly(t):
    where, who, method, ms = project(), user(), R.choice(METHODS), round(seconds(1, 9000), 3)
    code = R.choices(["OK", "NotFound", "ResourceExhausted", "Canceled"], [92, 3, 3, 2])[0]
    return {
        "command.count": R.randint(0, 4), "command.cpu_time_ms": R.randint(0, 90), "command.maxrss": R.randint(9000, 400000),
        "command.real_time_ms": R.randint(1, 300), "command.spawn_token_wait_ms": 0, "correlation_id": ulid(t), "grpc.code": code,
        "grpc.meta.auth_version": "v2", "grpc.meta.client_name": R.choice(["gitlab-web", "gitlab-sidekiq", "gitlab-workhorse"]),
        "grpc.meta.deadline_type": "regular", "grpc.meta.method_operation": "accessor", "grpc.method": method,
        "grpc.request.fullMethod": f"/gitaly.SmartHTTPService/{method}", "grpc.request.glProjectPath": where,
        "grpc.request.glRepository": f"project-{R.randint(1, 99)}", "grpc.request.payload_bytes": R.randint(40, 400),
        "grpc.request.repoPath": hashed(where), "grpc.request.repoStorage": "default", "grpc.response.payload_bytes": R.randint(0, 9000),
        "grpc.service": "gitaly.SmartHTTPService", "grpc.start_time": iso(t), "grpc.time_ms": ms, "level": "info" if code == "OK" else "error",
        "msg": f"finished unary call with code {code}", "pid": 1501, "remote_ip": address(), "span.kind": "server", "system": "grpc",
        "time": iso(t), "user_id": str(who[0]), "username": who[1],
    }


def workhorse(t):
    where = project()
    status = R.choices([200, 304, 401, 502], [85, 8, 5, 2])[0]
    return {
        "backend_id": "rails", "content_type": "application/json", "correlation_id": ulid(t), "duration_ms": int(seconds(4, 9000)),
        "host": "gitlab.example.com", "level": "info", "method": "GET", "msg": "access", "proto": "HTTP/1.1", "referrer": "",
        "remote_addr": "127.0.0.1:0", "remote_ip": address(), "route": "^/.+\\.git/git-upload-pack\\z", "route_id": "git_upload_pack", "status": status,
        "system": "http", "time": iso(t), "ttfb_ms": int(seconds(3, 8000)), "uri": f"/{where}.git/info/refs?service=git-upload-pack",
        "user_agent": agent(), "written_bytes": R.randint(0, 99999),
    }


def access(t, path=None, referer="-"):
    path = path or f"/{project()}/-/tree/{sha()}"
    when = t.astimezone(ZONE).strftime("%d/%b/%Y:%H:%M:%S %z")
    return f'{address()} - - [{when}] "GET {path} HTTP/1.1" {R.choice([200, 200, 304, 401])} {R.randint(0, 99999)} "{referer}" "{agent()}" {R.randint(1, 9)}.{R.randint(10, 99)}'


def put_json(host, name, make, count, extra=(), prefix=False, mean=60.0):
    clock, rows = Clock("09:00", mean), []
    for _ in range(count):
        t = clock.tick()
        rows.append((runit(t) if prefix else "") + compact(make(t)))
    for at, row in enumerate(extra):
        rows.insert(min(len(rows), 5 + at * 7), (runit(Clock("10:12").now) if prefix else "") + compact(row))
    host.lines(LOG + name, rows)


def put_text(host, name, texts, count, mean=60.0, start="09:00"):
    """Lines behind runit's time, round and round."""
    clock, lines = Clock(start, mean), []
    for at in range(count):
        t = clock.tick()
        line = texts[at % len(texts)]
        lines.append(runit(t) + (line(t) if callable(line) else line))
    host.lines(LOG + name, lines)


def json_logs(host, own, leaked):
    planted, t = host.planted, Clock("10:14").now
    put_json(host, "gitaly/current", gitaly, 130, [
        {**gitaly(t), "error": f"fetch remote: git -c http.extraHeader=Authorization: Bearer {leaked.shape('jwt')} fetch", "grpc.code": "Internal"},
        {**gitaly(t), "msg": "hook: GIT_TRACE_CURL: => Send header: PRIVATE-TOKEN: " + planted.keyed("private-token")},
    ])
    planted.keep("hashed storage path", hashed("platform/api"))
    put_json(host, "gitaly/gitaly_hooks.log", lambda t: {"level": "error", "msg": "pre-receive hook declined", "time": iso(t), "gl_key_id": 11, "correlation_id": ulid(t)}, 8, mean=600)
    put_json(host, "praefect/current", lambda t: {"level": "info", "msg": "finished streaming call with code OK", "grpc.method": "PostReceivePack", "virtual_storage": "default", "grpc.time_ms": seconds(1, 900), "correlation_id": ulid(t), "time": iso(t)}, 20, [
        {"level": "error", "msg": "dialing primary", "error": f'pq: password authentication failed: host=10.20.4.5 user=praefect password={own.praefect_token}', "time": iso(t)},
    ], mean=300)
    put_json(host, "gitlab-workhorse/current", workhorse, 130, [
        {**workhorse(t), "uri": f"/platform/api.git/info/refs?service=git-upload-pack&private_token={planted.keyed('private_token')}"},
        {"correlation_id": ulid(t), "error": f"badgateway: failed to receive response: dial unix /var/opt/gitlab/gitlab-rails/sockets/gitlab.socket: connect: connection refused", "level": "error", "method": "GET", "msg": "", "time": iso(t), "uri": "/"},
        {"level": "info", "msg": "keywatcher", "redis": f"redis://:{own.redis_quoted}@10.20.4.6:6379", "time": iso(t)},
    ])
    put_json(host, "gitlab-shell/gitlab-shell.log", lambda t: {"command": "git-upload-pack", "correlation_id": ulid(t), "gl_key_id": 11, "gl_key_type": "key", "git_protocol": "version=2", "gl_project_path": project(), "level": "info", "msg": "gitlab-shell: main: executing command", "remote_ip": address(), "time": iso(t), "username": user()[1]}, 40, [
        {"level": "error", "msg": "Internal API error", "error": "401", "headers": {"Gitlab-Shell-Api-Request": leaked.shape("jwt")}, "time": iso(t)},
    ], mean=150)
    put_json(host, "gitlab-sshd/current", lambda t: {"correlation_id": ulid(t), "level": "info", "msg": "ssh: connection: handle: done", "duration_s": seconds(0.1, 9), "remote_addr": f"{address()}:50122", "time": iso(t), "ssh_key_fingerprint": planted.keep("key fingerprint", "SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKZIDTMczCvj3tD2s")}, 15, mean=400)
    put_json(host, "registry/current", lambda t: {"auth_project_paths": ["platform/api"], "correlation_id": ulid(t), "digest": planted.keep("image digest", "sha256:8f4a0c1c4f1f2b5a2a6b3f3de2d1c9a8e7b6c5d4e3f2019a8b7c6d5e4f30211a"), "go_version": "go1.24.11", "level": "info", "msg": "authorized request", "time": iso(t), "vars_name": "platform/api"}, 20, [
        {"level": "error", "msg": "error authorizing context", "error": "authorization token required", "http.request.uri": f"/v2/platform/api/blobs/uploads/?_state={some(40)}&token={planted.keyed('token')}", "time": iso(t)},
    ], mean=300)
    put_json(host, "gitlab-pages/current", lambda t: {"level": "info", "msg": "access", "host": "platform.pages.example.com", "uri": "/index.html", "status": 200, "duration_ms": 3, "time": iso(t)}, 10, mean=600)
    put_json(host, "gitlab-kas/current", lambda t: {"time": iso(t), "level": "INFO", "msg": "Agent connected", "agent_id": 3, "project_id": 7}, 12, [
        {"time": iso(t), "level": "ERROR", "msg": "AgentInfo()", "mod_name": "gitlab_access", "error": f"HTTP status code: 401 for token {leaked.shape('agent-token')}"},
        {"time": iso(t), "level": "ERROR", "msg": "JWT", "error": f"signature is invalid, key {own.kas_decoded}"},
    ], prefix=True, mean=500)
    put_json(host, "mailroom/current", lambda t: {"severity": "INFO", "time": iso(t), "email": "incoming@example.com", "action": "Getting new messages", "unread": {"count": 0, "ids": []}}, 10, [
        {"severity": "ERROR", "time": iso(t), "email": "incoming@example.com", "message": f"LOGIN incoming@example.com \"{planted.keyed('imap_password')}\" failed"},
    ], prefix=True, mean=600)
    put_json(host, "geo-logcursor/current", lambda t: {"severity": "INFO", "time": iso(t), "pid": 1800, "message": "#handle_single_event: unknown event", "host": "gitlab.example.com"}, 6, prefix=True, mean=900)
    put_json(host, "consul/current", lambda t: {"@level": "info", "@message": "Synced service", "@module": "agent", "@timestamp": iso(t, 6), "service": "postgresql"}, 6, mean=900)


def text_logs(host, own, leaked):
    planted = host.planted
    fresh = planted.keyed("password")
    put_text(host, "postgresql/current", [
        "LOG:  checkpoint starting: time",
        lambda t: f'LOG:  duration: {seconds(1000, 9000, 3)} ms  execute <unnamed>: /*application:web,correlation_id:{ulid(t)},endpoint_id:SessionsController#create,db_config_name:main*/ SELECT "users"."encrypted_password" FROM "users" WHERE "users"."id" = {R.randint(1, 99)} LIMIT 1',
        "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
        f"LOG:  statement: ALTER USER \"gitlab\" WITH ENCRYPTED PASSWORD '{fresh}'",
        f"DETAIL:  Connection matched file \"pg_hba.conf\" line 70: \"host all all 10.20.4.0/24 scram-sha-256\"",
        f"STATEMENT:  SELECT dblink_connect('host=10.20.4.8 user=gitlab_replicator password={own.replication} dbname=gitlabhq_production')",
        f"DETAIL:  parameters: $1 = 'md5{own.pg_hash}'",
    ], 60, 120)
    put_text(host, "patroni/current", ["2026-03-01 10:00:02,113 INFO: no action. I am (pg-1.example.com), the leader with the lock", f"2026-03-01 10:00:12,114 ERROR: Error when executing query, conninfo {{'user': 'gitlab_replicator', 'password': '{own.replication}', 'host': '10.20.4.8'}}"], 10, 600)
    put_text(host, "pgbouncer/current", ["2026-03-01 10:00:02.113 CET [1901] LOG stats: 91 xacts/s, 120 queries/s, in 9012 B/s, out 91021 B/s", "2026-03-01 10:00:09.410 CET [1901] WARNING C-0x55: gitlabhq_production/pgbouncer@10.20.4.3:40112 pooler error: query_wait_timeout"], 12, 600)
    put_text(host, "redis/current", ["1201:M 01 Mar 2026 10:02:11.402 * 100 changes in 300 seconds. Saving...", "1201:M 01 Mar 2026 10:02:11.411 * Background saving started by pid 20017", f'1201:M 01 Mar 2026 10:03:00.000 # WARNING: config set requirepass "{own.redis_password}"', "1201:M 01 Mar 2026 10:04:00.100 # WARNING overcommit_memory is set to 0!"], 24, 300)
    put_text(host, "sentinel/current", ["1211:X 01 Mar 2026 10:05:00.001 # +sdown master gitlab-redis 10.20.4.6 6379", "1211:X 01 Mar 2026 10:05:09.001 # -sdown master gitlab-redis 10.20.4.6 6379"], 8, 700)
    for name in ("node-exporter", "redis-exporter", "postgres-exporter"):
        put_text(host, f"{name}/current", ['time=2026-03-01T09:00:01.002Z level=INFO source=tls_config.go:351 msg="Listening on" address=127.0.0.1:9100'], 4, 900)
    put_text(host, "redis-exporter/current", [f'time="2026-03-01T09:00:01Z" level=error msg="Couldn\'t connect to redis instance" addr=redis://localhost:6379 redis_password={own.exporter}', 'time="2026-03-01T09:00:02Z" level=info msg="Providing metrics at :9121/metrics"'], 6, 900)
    put_text(host, "gitlab-exporter/current", ['::1 - - [01/Mar/2026:10:00:00 CET] "GET /database HTTP/1.1" 200 6412'], 5, 900)
    put_text(host, "prometheus/current", ['time=2026-03-01T10:00:00.007Z level=INFO source=compact.go:607 msg="write block" component=tsdb mint=1772352000026 maxt=1772359200000 ulid=01KJM4ZQ2M8W3V0T6R5Y1XH7BD duration=402.2ms', f"time=2026-03-01T10:00:03.007Z level=ERROR msg=\"remote write\" url=https://metrics.example.net/push authorization=\"Bearer {planted.keyed('authorization', some(32))}\""], 8, 900)
    planted.keep("block's ULID", "01KJM4ZQ2M8W3V0T6R5Y1XH7BD")
    put_text(host, "alertmanager/current", [f"time=2026-03-01T10:00:03.007Z level=WARN component=dispatcher msg=\"Notify attempt failed\" receiver=ops err=\"post https://alerts.example.net/hook?token={own.alert_hook}: timeout\""], 4, 900)
    put_text(host, "puma/current", ['{"timestamp":"2026-03-01T09:00:04.120Z","pid":1300,"message":"- Worker 0 (PID: 1301) booted in 19.2s, phase: 0"}', "[1300] - Worker 1 (PID: 1302) booted in 19.4s, phase: 0"], 6, 900)
    host.lines(LOG + "puma/puma_stdout.log", ['{"timestamp":"2026-03-01T09:00:00.101Z","pid":1300,"message":"Puma starting in cluster mode..."}', "[1300] * Listening on unix:///var/opt/gitlab/gitlab-rails/sockets/gitlab.socket", '{"timestamp":"2026-03-01T10:13:40.771Z","pid":1300,"message":"PumaWorkerKiller: Out of memory. 3 workers consuming total: 4120.4 mb out of max: 3920.0 mb."}'])
    host.lines(LOG + "puma/puma_stderr.log", ["=== puma startup: 2026-03-01 10:00:00 +0100 ===", f"/opt/gitlab/embedded/lib/ruby/gems/3.3.0/gems/pg-1.6.2/lib/pg/connection.rb:710:in `connect_to_hosts': FATAL: password authentication failed for postgresql://gitlab:{own.db_quoted}@10.20.4.5:5432/gitlabhq_production (PG::ConnectionBad)", "\tfrom config.ru:9:in `block in <main>'"])


def nginx(host, leaked):
    planted, clock = host.planted, Clock("09:00", 45.0)
    lines = [access(clock.tick()) for _ in range(130)]
    lines[20:20] = [
        access(clock.now, f"/platform/api/-/raw/main/README.md?private_token={leaked.shape('personal-token')}"),
        access(clock.now, f"/dashboard/projects.atom?feed_token={planted.keyed('feed_token')}"),
        access(clock.now, "/assets/application.js", "https://gitlab.example.com/users/auth/openid_connect/callback?locale=de"),
        access(clock.now, f"/api/v4/jobs/1/artifacts?job_token={leaked.shape('job-token')}&x=1"),
    ]
    host.lines(LOG + "nginx/gitlab_access.log", lines)
    host.lines(LOG + "nginx/gitlab_access.log.1.gz", [access(t) for t in (Clock("06:00").tick() for _ in range(20))], pack=True)
    when = clock.now.replace(hour=10, minute=13).astimezone(ZONE).strftime("%Y/%m/%d %H:%M:%S")
    host.lines(LOG + "nginx/gitlab_error.log", [
        f'{when} [error] 1702#0: *8121 connect() to unix:/var/opt/gitlab/gitlab-workhorse/sockets/socket failed (111: Connection refused) while connecting to upstream, client: 203.0.113.24, server: gitlab.example.com, request: "GET /platform/api HTTP/1.1", upstream: "http://unix:/var/opt/gitlab/gitlab-workhorse/sockets/socket:/platform/api", host: "gitlab.example.com"',
        f'{when} [error] 1702#0: *8122 upstream timed out, request: "GET /x?access_token={planted.keyed("access_token")} HTTP/1.1", host: "gitlab.example.com", referrer: "https://gitlab.example.com/?rss_token={planted.keyed("rss_token")}"',
        f"{when} [warn] 1702#0: *8123 an upstream response is buffered to a temporary file",
    ])
    host.lines(LOG + "nginx/gitlab_registry_access.log", [access(clock.tick(), "/v2/") for _ in range(6)])
    host.lines(LOG + "nginx/current", [runit(clock.now) + "nginx: [warn] conflicting server name"])


def rotation(host):
    """What runit keeps beside its logs."""
    for name in ("sidekiq", "gitaly", "postgresql", "redis", "puma", "gitlab-workhorse"):
        host.put(f"{LOG}{name}/config", "s209715200\nn30\nt86400\n!gzip\n")
        host.put(f"{LOG}{name}/lock", "")
    old = Clock("00:00").now
    host.lines(f"{LOG}gitaly/{tai64n(old)}.s", [compact(gitaly(t)) for t in (Clock("00:00").tick() for _ in range(15))], pack=True)
    host.lines(f"{LOG}postgresql/{tai64n(old)}.u", [runit(old) + "LOG:  database system was shut down"])


def write(host, own, leaked):
    json_logs(host, own, leaked)
    text_logs(host, own, leaked)
    nginx(host, leaked)
    rotation(host)
