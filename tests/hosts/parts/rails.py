"""Logs of the application: requests, API, background jobs, errors, and their older text form."""
import json

from .base import HEX, R, ZONE, Clock, compact, iso, some, tai64n, ulid
from .people import address, agent, project, seconds, sha, user

PAGES = [
    ("Projects::MergeRequestsController", "show", "/-/merge_requests/{n}", "code_review_workflow"),
    ("Projects::PipelinesController", "show", "/-/pipelines/{n}.json", "continuous_integration"),
    ("Projects::BlobController", "show", "/-/blob/{sha}/config/secrets.yml", "source_code_management"),
    ("Repositories::GitHttpController", "info_refs", ".git/info/refs", "source_code_management"),
    ("Projects::Settings::AccessTokensController", "index", "/-/settings/access_tokens", "system_access"),
    ("GraphqlController", "execute", "/api/graphql", "not_owned"),
]
ROUTES = [
    ("/api/:version/projects/:id/merge_requests", "code_review_workflow"),
    ("/api/:version/jobs/request", "continuous_integration"),
    ("/api/:version/personal_access_tokens/self", "system_access"),
    ("/api/:version/internal/allowed", "source_code_management"),
    ("/api/:version/projects/:id/repository/commits", "source_code_management"),
]
WORKERS = [
    "PostReceive", "PipelineProcessWorker", "Ci::BuildFinishedWorker", "Auth::TokenCleanupWorker",
    "PersonalAccessTokens::ExpiringWorker", "WebHooks::LogExecutionWorker", "ProjectCacheWorker",
]


def costs(duration):
    return {
        "gitaly_calls": R.randint(0, 9), "gitaly_duration_s": seconds(0, duration / 2), "redis_calls": R.randint(3, 80),
        "redis_duration_s": seconds(0, 0.05), "redis_read_bytes": R.randint(200, 90000), "redis_write_bytes": R.randint(200, 9000),
        "db_count": R.randint(2, 120), "db_write_count": R.randint(0, 4), "db_cached_count": R.randint(0, 40),
        "db_main_count": R.randint(2, 110), "db_main_duration_s": seconds(0, duration / 2, 3),
        "db_primary_txn_count": R.randint(0, 3), "cpu_s": round(duration * 0.6, 6), "mem_objects": R.randint(9000, 900000),
        "mem_bytes": R.randint(10**6, 9 * 10**7), "mem_mallocs": R.randint(3000, 200000), "mem_total_bytes": R.randint(10**6, 10**8),
    }


def meta(caller, category, who, where):
    return {
        "meta.caller_id": caller, "meta.feature_category": category, "meta.remote_ip": address(), "meta.user": who[1],
        "meta.user_id": who[0], "meta.project": where, "meta.root_namespace": where.split("/")[0], "meta.client_id": f"user/{who[0]}",
        "meta.organization_id": 1,
    }


def request(t):
    (controller, action, path, category), who, where = R.choice(PAGES), user(), project()
    namespace, name = where.split("/")
    duration, status = seconds(0.01, 9), R.choices([200, 302, 304, 401, 404, 500], [80, 6, 6, 4, 3, 1])[0]
    path = path if controller.startswith("Graphql") else "/" + where + path.format(n=R.randint(1, 9000), sha=sha())
    return {
        "method": R.choice(["GET", "GET", "GET", "POST"]), "path": path, "format": R.choice(["html", "json"]),
        "controller": controller, "action": action, "status": status, "time": iso(t),
        "params": [{"key": "namespace_id", "value": namespace}, {"key": "project_id", "value": name}],
        "correlation_id": ulid(t), **meta(f"{controller}#{action}", category, who, where), **costs(duration),
        "pid": R.choice([1301, 1302, 1303]), "worker_id": f"puma_{R.randint(0, 2)}", "rate_limiting_gates": [],
        "remote_ip": address(), "user_id": who[0], "username": who[1], "ua": agent(), "request_urgency": "default",
        "target_duration_s": 1, "db_duration_s": seconds(0, 1), "view_duration_s": seconds(0, 2), "duration_s": duration,
    }


def api(t):
    (route, category), who, where, duration = R.choice(ROUTES), user(), project(), seconds(0.005, 5)
    return {
        "time": iso(t), "severity": "INFO", "duration_s": duration, "db_duration_s": seconds(0, 1), "view_duration_s": duration,
        "status": R.choice([200, 200, 201, 204, 403, 404]), "method": R.choice(["GET", "POST", "PUT"]),
        "path": route.replace(":version", "v4").replace(":id", str(R.randint(1, 99))),
        "params": [{"key": "private_token", "value": "[FILTERED]"}, {"key": "per_page", "value": "100"}],
        "host": "gitlab.example.com", "remote_ip": f"{address()}, 127.0.0.1", "ua": agent(), "route": route, "user_id": who[0],
        "username": who[1], "token_type": "PersonalAccessToken", "token_id": R.randint(100, 999), "queue_duration_s": seconds(0, 0.5),
        "correlation_id": ulid(t), **meta(f"GET {route}", category, who, where), **costs(duration),
        "request_urgency": "low", "target_duration_s": 5,
    }


def job(t):
    worker, who, where, duration = R.choice(WORKERS), user(), project(), seconds(0.01, 20)
    jid, status = some(24, HEX), R.choices(["done", "fail"], [95, 5])[0]
    line = {
        "severity": "INFO" if status == "done" else "WARN", "time": iso(t), "retry": 3, "queue": "default", "backtrace": True,
        "version": 0, "store": None, "status_expiration": 1800, "queue_namespace": None, "args": [str(R.randint(1, 9999))],
        "class": worker, "jid": jid, "created_at": iso(t), "correlation_id": ulid(t), **meta("PostReceive", "continuous_integration", who, where),
        "worker_data_consistency": "delayed", "size_limiter": "validated", "enqueued_at": iso(t), "job_size_bytes": R.randint(2, 400),
        "pid": 1410, "sidekiq_tid": some(4, "abcdefghijklmnop0123"), "sidekiq_thread_name": "worker",
        "message": f"{worker} JID-{jid}: {status}: {duration} sec", "job_status": status, "scheduling_latency_s": seconds(0, 30, 6),
        **costs(duration), "worker_id": "sidekiq_0", "duration_s": duration, "completed_at": iso(t), "urgency": "high", "target_duration_s": 10,
    }
    if status == "fail":
        line |= {"error_class": "Gitlab::Git::CommandTimedOut", "error_message": "4:Deadline Exceeded"}
    return line


def text(t):
    """production.log: several lines a request."""
    who, where, n = user(), project(), R.randint(1, 9000)
    namespace, name = where.split("/")
    return [
        f'Started GET "/{where}/-/merge_requests/{n}" for {address()} at {t.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S %z")}',
        "Processing by Projects::MergeRequestsController#show as HTML",
        f'  Parameters: {{"namespace_id"=>"{namespace}", "project_id"=>"{name}", "id"=>"{n}"}}',
        f"Completed 200 OK in {R.randint(20, 3000)}ms (Views: {R.randint(10, 900)}.{R.randint(0, 9)}ms | ActiveRecord: {R.randint(1, 90)}.{R.randint(0, 9)}ms | Elasticsearch: 0.0ms | Allocations: {R.randint(900, 900000)})",
    ]


def with_params(line, *params):
    return {**line, "params": line["params"] + [{"key": k, "value": v} for k, v in params]}


def leaks_of_requests(t, own, leaked, planted):
    """Requests whose parameters show what they should not."""
    yield with_params(request(t), ("private_token", leaked.shape("personal-token")))
    yield with_params(request(t), ("user", {"login": "maya.novak", "password": planted.keyed("password"), "remember_me": "0"}))
    yield with_params(request(t), ("user", {"login": "jonas.weber", "password": "[FILTERED]"}), ("authenticity_token", "[FILTERED]"))
    yield {**request(t), "path": "/users/sign_in?redirect=" + "https%3A%2F%2Fgitlab.example.com%2Fx%3Fprivate_token%3D" + planted.keyed("private_token")}
    yield with_params(request(t), ("body", f"clone with https://oauth2:{leaked.shape('personal-token-routable')}@gitlab.example.com/platform/api.git"))
    yield with_params(request(t), ("import_url", f"https://mirror:{leaked.shape('url-password')}@git.example.net/api.git"))
    yield with_params(request(t), ("content", json.dumps({"smtp_password": planted.keyed("smtp_password"), "port": 587})))
    yield {"value": "first", **with_params(request(t), ("description", f"see {leaked.shape('feed-token')} and {leaked.shape('job-token')} in the job"))}
    yield {**request(t), "exception.class": "PG::ConnectionBad", "exception.message": f'connection to server failed: "host=10.20.4.5 user=gitlab password={own.db_password} dbname=gitlabhq_production"'}


def leaks_of_api(t, leaked, planted):
    yield with_params(api(t), ("token", leaked.shape("runner-token")), ("system_id", planted.keep("runner system id", "s_" + some(12, HEX))))
    yield with_params(api(t), ("registration_token", leaked.shape("runner-registration-token")))
    yield with_params(api(t), ("value", planted.keyed("password")), ("key", "DEPLOY_PASSWORD"), ("masked", True))
    yield with_params(api(t), ("variables", [{"key": "DB_PASSWORD", "value": planted.keyed("db_password")}, {"key": "LOG_LEVEL", "value": "debug"}]))
    yield {**api(t), "path": "/api/scim/v2/groups/platform/Users", "meta.caller_id": "scim " + leaked.shape("scim-token")}
    yield with_params(api(t), ("note", f"new OAuth application: {leaked.shape('oauth-secret')}"))
    yield {**api(t), "path": "/api/v4/projects/7/trigger/pipeline", "meta.caller_id": "POST", "params": [{"key": "token", "value": leaked.shape("trigger-token")}]}


def exceptions(t, own, leaked, planted):
    where = "lib/gitlab/redis/wrapper.rb"
    base = {"severity": "ERROR", "time": iso(t), "correlation_id": ulid(t)}
    backtrace = [f"{where}:{n}:in `{name}'" for n, name in ((88, "with"), (41, "pool"), (12, "encrypted_password"))]
    yield {**base, "exception.class": "Redis::CannotConnectError", "exception.message": f"Error connecting to redis://:{own.redis_quoted}@10.20.4.6:6379/0", "exception.backtrace": backtrace}
    yield {**base, "exception.class": "ActiveRecord::StatementInvalid", "exception.sql": 'SELECT "users"."encrypted_password", "users"."reset_password_token" FROM "users" WHERE "users"."id" = 5', "exception.message": "PG::QueryCanceled: ERROR:  canceling statement due to statement timeout", "exception.backtrace": backtrace}
    yield {**base, "exception.class": "Gitlab::HTTP::Error", "exception.message": "401 for Authorization: Basic " + own.basic_praefect, "exception.backtrace": backtrace}
    yield {**base, "exception.class": "OpenSSL::PKey::RSAError", "exception.message": "Neither PUB key nor PRIV key: " + own.signing_key, "exception.backtrace": backtrace}
    yield {**base, "exception.class": "Net::SMTPAuthenticationError", "exception.message": f"535 5.7.8 {{:user_name=>\"gitlab\", :password=>\"{own.smtp_password}\"}}", "exception.backtrace": backtrace}


def write(host, own, leaked):
    planted, rails = host.planted, "/var/log/gitlab/gitlab-rails/"

    def log(name, make, count, extra=(), mean=40.0, start="09:00", pack=False, day=None):
        clock = Clock(start, mean, day) if day else Clock(start, mean)
        rows = [make(clock.tick()) for _ in range(count)]
        for at, row in enumerate(extra):
            rows.insert(min(len(rows), 7 + at * 9), row)
        host.lines(name, [compact(row) for row in rows], pack)
        return rows

    t, yesterday = Clock("10:12").now, Clock("09:00").now.replace(month=2, day=28, hour=0)
    rows = log(rails + "production_json.log", request, 150, leaks_of_requests(t, own, leaked, planted))
    for row in rows[::29]:
        planted.keep("correlation id", row["correlation_id"])
        planted.keep("time", row["time"])
        planted.keep("duration", f'"duration_s":{row["duration_s"]}')
    planted.keep("name of a column", "encrypted_password")
    planted.keep("kind of token", '"token_type":"PersonalAccessToken"')
    planted.keep("name of a controller", "Projects::Settings::AccessTokensController#index")
    planted.keep("secret scanner's path", "platform/secret-scanner")
    planted.keep("masked", "[FILTERED]")
    log(rails + "production_json.log-20260301.gz", request, 60, [with_params(request(yesterday), ("url", leaked.shape("slack-webhook"))), with_params(request(yesterday), ("token", leaked.shape("slack-token")))], pack=True, day=yesterday)
    log(rails + "production_json.log.2.gz", request, 30, [with_params(request(yesterday), ("key", leaked.shape("stripe-key")))], pack=True, day=yesterday)
    rows = log(rails + "api_json.log", api, 120, leaks_of_api(t, leaked, planted), 50.0)
    planted.keep("correlation id", rows[3]["correlation_id"])
    log(rails + "api_json.log.1.gz", api, 40, [with_params(api(yesterday), ("note", f"id {leaked.shape('aws-key-id')} and {leaked.shape('google-key')}"))], pack=True, day=yesterday)
    log(rails + "exceptions_json.log", lambda t: {"severity": "ERROR", "time": iso(t), "correlation_id": ulid(t), "exception.class": "GRPC::DeadlineExceeded", "exception.message": "4:Deadline Exceeded. debug_error_string:{UNKNOWN:Deadline Exceeded}", "extra.storage": "default"}, 20, exceptions(t, own, leaked, planted), 300.0)
    log(rails + "application_json.log", lambda t: {"severity": "INFO", "time": iso(t), "correlation_id": ulid(t), "message": R.choice(["Project was created", "User Logout: username=maya.novak ip=203.0.113.24", "Deleted expired tokens"])}, 40, [], 120.0)
    log(rails + "auth_json.log", lambda t: {"severity": "WARN", "time": iso(t), "correlation_id": ulid(t), "message": "Rack_Attack", "env": "throttle", "remote_ip": address(), "request_method": "GET", "path": "/platform/api.git/info/refs?service=git-upload-pack", "matched": "throttle_unauthenticated_web"}, 20, [], 200.0)
    log(rails + "audit_json.log", lambda t: {"severity": "INFO", "time": iso(t), "author_id": 2, "author_name": "Maya Novak", "entity_id": 7, "entity_type": "Project", "change": "personal_access_token_expiry", "from": "30", "to": "365", "ip_address": address(), "target_details": "platform/api"}, 12, [], 600.0)
    log(rails + "graphql_json.log", lambda t: {"severity": "INFO", "time": iso(t), "correlation_id": ulid(t), "trace_type": "execute_query", "query_fingerprint": "getRunners/" + some(43), "duration_s": seconds(0.01, 3), "operation_name": "getRunners", "variables": '{"first"=>20, "token"=>"[FILTERED]"}', "complexity": 30, "depth": 7}, 25, [], 200.0)
    log(rails + "integrations_json.log", lambda t: {"severity": "INFO", "time": iso(t), "integration_class": "Integrations::Slack", "message": "Integration executed", "project_path": project()}, 10, [{"severity": "ERROR", "time": iso(t), "integration_class": "Integrations::Jira", "error": f'401: {{"username":"bot","api_token":"{planted.keyed("api_token")}"}}'}], 600.0)
    log(rails + "git_json.log", lambda t: {"severity": "ERROR", "time": iso(t), "correlation_id": ulid(t), "message": "Error syncing repository for project platform/api: fatal: repository not found"}, 8, [], 900.0)
    log(rails + "backup_json.log", lambda t: {"severity": "INFO", "time": iso(t), "correlation_id": None, "message": "Dumping database ... done", "command": "create", "backup_id": "1772337600_2026_03_01_18.9.1-ee"}, 9, [], 60.0, "04:00")
    log(rails + "geo.log", lambda t: {"severity": "INFO", "time": iso(t), "correlation_id": ulid(t), "class": "Geo::MetricsUpdateService", "gitlab_host": "gitlab.example.com", "message": "Geo node status updated"}, 8, [], 600.0)
    log(rails + "importer.log", lambda t: {"severity": "INFO", "time": iso(t), "correlation_id": ulid(t), "import_type": "github", "importer": "pull_requests_importer", "project_id": 7, "message": "importer finished"}, 6, [], 600.0)
    log(rails + "web_hooks.log", lambda t: {"severity": "ERROR", "time": iso(t), "correlation_id": ulid(t), "hook_id": 4, "message": "WebHook failed"}, 6, [{"severity": "ERROR", "time": iso(t), "request_headers": {"Content-Type": "application/json", "X-Gitlab-Token": planted.keyed("x-gitlab-token"), "X-Gitlab-Event-UUID": planted.keep("uuid", "4f1d0c52-6b0e-4a53-9d67-0c1a7e64d2b9")}}], 600.0)
    log(rails + "sidekiq_client.log", lambda t: {"severity": "INFO", "time": iso(t), "class": R.choice(WORKERS), "jid": some(24, HEX), "queue": "default", "job_status": "scheduled"}, 20, [], 200.0)
    log(rails + "product_usage_data.log", lambda t: {"severity": "INFO", "time": iso(t), "message": "sending event", "payload": "eyJob3N0IjoiZ2l0bGFiLmV4YW1wbGUuY29tIn0="}, 5, [], 600.0)

    clock, lines = Clock("09:00", 90.0), []
    for _ in range(40):
        lines += text(clock.tick())
    lines[9:9] = [
        f'Started POST "/users/sign_in" for 203.0.113.24 at {clock.now.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S %z")}',
        "Processing by SessionsController#create as HTML",
        f'  Parameters: {{"authenticity_token"=>"{planted.keyed("authenticity_token", some(64))}", "user"=>{{"login"=>"maya.novak", "password"=>"{planted.keyed("password")}", "remember_me"=>"0"}}}}',
        f'  Parameters: {{user: {{login: "jonas", password: "{planted.keyed("password")}"}}, "utf8"=>"✓"}}',
    ]
    host.lines(rails + "production.log", lines)
    host.lines(rails + "auth.log", [f"{iso(clock.tick())}: Rack_Attack: throttle 203.0.113.77 GET /users/password/edit?reset_password_token={planted.keyed('reset_password_token')}"])
    host.lines(rails + "gitlab-rails-db-migrate-2026-03-01-08-58-01.log", ["main: == [advisory_lock_connection] object_id: 127340, pg_backend_pid: 20811", "main: == 20260210101112 AddTokenPrefixToCiRunners: migrating =====================", "main: -- add_column(:ci_runners, :token_prefix, :text, {:if_not_exists=>true})", "main:    -> 0.0041s", "main: == 20260210101112 AddTokenPrefixToCiRunners: migrated (0.0102s) =============="])

    failed = [
        {**job(t), "args": ["7", f"https://ci:{leaked.shape('deploy-token')}@gitlab.example.com/platform/api.git"], "job_status": "fail"},
        {**job(t), "job_status": "fail", "error_class": "RuntimeError", "error_message": f"fetch failed: https://oauth2:{leaked.shape('personal-token-prefixed')}@gitlab.example.com/web/portal.git not found", "exception.backtrace": ["app/workers/repository_update_mirror_worker.rb:31:in `perform'"]},
        {**job(t), "args": ["{\"registration_token\":\"" + planted.keyed("registration_token") + "\",\"run_untagged\":true}"]},
        {**job(t), "args": [compact({"host": "10.20.4.6", "redis_password": own.redis_password}).replace("&", "\\u0026")]},
        {**job(t), "class": "EmailReceiverWorker", "args": [f"To: incoming+platform-api-7-{leaked.shape('mail-token')}-issue@gitlab.example.com"]},
    ]
    rows = log("/var/log/gitlab/sidekiq/current", job, 130, failed, 45.0)
    planted.keep("job id", rows[2]["jid"])
    planted.keep("worker named after tokens", "Auth::TokenCleanupWorker")
    log(f"/var/log/gitlab/sidekiq/{tai64n(Clock('00:00').now)}.s", job, 40, [{**job(yesterday), "error_message": f"npm publish: _authToken={leaked.shape('npm-token')}"}], pack=True, day=yesterday)
