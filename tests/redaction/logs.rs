//! Logs as the services of a GitLab host write them, line after line, with a secret in few of them: those go,
//! every other byte stays.

use std::fmt::Write as _;

use glsos::redact::{Redacted, Redactor};
use serde_json::Value;

use super::{chance::Chance, template};

/// Lines of each log.
const LINES: usize = 400;

/// One line in so many has a secret.
const RARE: usize = 25;

/// A log's name, and its line; `«note»` is where a secret may turn up.
#[rustfmt::skip] // a table
const LOGS: &[(&str, &str)] = &[
    ("gitlab-rails/production_json.log", r#"{"method":"GET","path":"/«project»/-/merge_requests/«n»","format":"html","controller":"Projects::MergeRequestsController","action":"show","status":«status»,"time":"«time»","params":[{"key":"namespace_id","value":"«word»"},{"key":"id","value":"«n»"},{"key":"note","value":"«note»"},{"key":"authenticity_token","value":"[FILTERED]"},{"key":"user","value":{"login":"«user»","password":"[FILTERED]"}}],"correlation_id":"«ulid»","meta.caller_id":"Projects::MergeRequestsController#show","meta.remote_ip":"«ip»","meta.user":"«user»","meta.user_id":«n»,"meta.project":"«project»","meta.client_id":"user/«n»","gitaly_calls":«d:1»,"redis_duration_s":«seconds»,"db_count":«n»,"cpu_s":«seconds»,"mem_bytes":«n»,"pid":«pid»,"worker_id":"puma_1","rate_limiting_gates":[],"remote_ip":"«ip»","ua":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36","duration_s":«seconds»}"#),
    ("gitlab-rails/api_json.log", r#"{"time":"«time»","severity":"INFO","duration_s":«seconds»,"status":«status»,"method":"POST","path":"/api/v4/projects/«n»/repository/commits","params":[{"key":"id","value":"«word»%2F«word»"},{"key":"token","value":"[FILTERED]"},{"key":"body","value":"«note»"}],"host":"gitlab.example.com","remote_ip":"«ip»","ua":"git/2.43.0","route":"/api/:version/projects/:id/repository/commits","user_id":«n»,"username":"«user»","correlation_id":"«ulid»","meta.caller_id":"GET /api/:version/projects/:id/repository/commits","content_length":"«n»","request_urgency":"low"}"#),
    ("sidekiq/current", r#"{"severity":"INFO","time":"«time»","retry":3,"queue":"default","version":0,"store":null,"args":["«n»","«sha»"],"class":"PipelineProcessWorker","jid":"«h:24»","created_at":"«time»","correlation_id":"«ulid»","meta.project":"«project»","worker_data_consistency":"delayed","job_size_bytes":«n»,"sidekiq_tid":"«a:4»","message":"PipelineProcessWorker JID-«h:24»: done: «seconds» sec","error_message":"«note»","job_status":"done","scheduling_latency_s":«seconds»,"load_balancing_strategy":"replica"}"#),
    ("gitaly/current", r#"{"command.count":«d:1»,"command.maxrss":«n»,"command.spawn_token_wait_ms":0,"component":"gitaly.UnaryServerInterceptor","correlation_id":"«ulid»","error":"«note»","grpc.code":"OK","grpc.meta.auth_version":"v2","grpc.method":"FindCommit","grpc.request.fullMethod":"/gitaly.CommitService/FindCommit","grpc.request.repoPath":"@hashed/«h:2»/«h:2»/«sha256».git","grpc.request.repoStorage":"default","grpc.time_ms":«seconds»,"level":"info","msg":"finished unary call with code OK","pid":«pid»,"time":"«time»","username":"«user»"}"#),
    ("gitlab-workhorse/current", r#"{"content_type":"application/json","correlation_id":"«ulid»","duration_ms":«n»,"host":"gitlab.example.com","level":"info","method":"GET","msg":"«note»","proto":"HTTP/1.1","referrer":"https://gitlab.example.com/«project»","remote_addr":"127.0.0.1:0","remote_ip":"«ip»","route":"^/.+\\.git/git-upload-pack\\z","status":200,"uri":"/«project»/-/blob/«sha»/src/a.rb?private_token=[FILTERED]","written_bytes":«n»}"#),
    ("nginx/gitlab_access.log", r#"«ip» - - [07/Jun/2026:10:01:22 +0000] "GET /«project»/-/issues/«n»?q=«note» HTTP/1.1" «status» «n» "https://gitlab.example.com/«project»" "curl/8.5.0" 2.41"#),
    ("postgresql/current", r#"«runit» LOG:  duration: «seconds» ms  execute <unnamed>: /*application:web,correlation_id:«ulid»,endpoint_id:Projects::IssuesController#show*/ SELECT "projects".* FROM "projects" WHERE "projects"."id" = «n» LIMIT 1 -- «note»"#),
    ("gitlab-rails/production.log", "Started GET \"/«project»/-/merge_requests/«n»\" for «ip» at 2026-06-07 10:01:22 +0000\nProcessing by Projects::MergeRequestsController#show as HTML\n  Parameters: {\"namespace_id\"=>\"«word»\", \"project_id\"=>\"«word»\", \"note\"=>\"«note»\"}\nCompleted 200 OK in «n»ms (Views: «n».3ms | ActiveRecord: «n».1ms | Elasticsearch: 0.0ms | Allocations: «n»)"),
];

/// What people paste and programs report; `⟦⟧` is what must go.
#[rustfmt::skip] // a table
const SECRETS: &[&str] = &[
    "see ⟦glpat-«w:20»⟧ in the job", "⟦glrt-«w:20»⟧", "failed: ⟦AKIA«32:16»⟧", "⟦ghp_«w:36»⟧", "⟦xoxb-«d:12»-«d:12»-«w:24»⟧",
    "⟦eyJhbGciOiJIUzI1NiJ9.eyJ«w:60».«w:43»⟧", "https://deploy:⟦«w:18»⟧@registry.example.com/v2/", "⟦GR1348941«w:20»⟧",
    "⟦gldt-«w:20»⟧", "⟦npm_«w:36»⟧", "&private_token=⟦«w:20»⟧", "password=⟦«w:14»⟧",
];

struct Log {
    name: &'static str,
    text: String,
    planted: Vec<String>,
}

fn logs(rare: Option<usize>, chance: &mut Chance) -> Vec<Log> {
    LOGS.iter()
        .map(|(name, line)| {
            let (mut text, mut planted) = (String::new(), Vec::new());
            for _ in 0..LINES {
                let note = match rare {
                    Some(rare) if chance.below(rare) == 0 => {
                        let secret = template::token(chance.pick::<&str>(SECRETS), chance);
                        planted.extend(secret.planted);
                        secret.text
                    }
                    _ => chance.words(3, "+"),
                };
                let made =
                    template::fill(line, chance, &mut |name, _| (name == "note").then(|| note.clone()));
                let _ = writeln!(text, "{}", made.text);
            }
            Log { name, text, planted }
        })
        .collect()
}

fn redacted(redactor: &Redactor, text: &str) -> String {
    let (mut stream, mut out) = (redactor.stream(), Redacted::empty());
    for piece in text.as_bytes().chunks(64 << 10) {
        stream.push(piece, &mut out).unwrap();
    }
    stream.finish(&mut out).unwrap();
    String::from_utf8(out.as_bytes().to_vec()).unwrap()
}

#[test]
fn logs_lose_their_secrets_and_nothing_else() {
    for seed in super::seeds() {
        let mut chance = Chance::new(seed);
        let redactor = Redactor::new(Vec::new()).unwrap();
        for log in logs(Some(RARE), &mut chance) {
            let out = redacted(&redactor, &log.text);
            let told = format!("{} with GLSOS_CORPUS_SEED={seed}", log.name);
            assert!(log.planted.len() > 5, "{told}");
            for secret in &log.planted {
                assert!(!out.contains(secret), "{secret} is left in {told}");
            }
            assert_eq!(log.text.lines().count(), out.lines().count(), "{told}");
            for (before, after) in log.text.lines().zip(out.lines()) {
                let holds = log.planted.iter().any(|secret| before.contains(secret));
                assert_eq!(holds, before != after, "{told}:\n{before}\n{after}");
                if let Ok(value) = serde_json::from_str::<Value>(before) {
                    let other = serde_json::from_str(after)
                        .unwrap_or_else(|error| panic!("{told}: {error}: {after}"));
                    assert!(only_strings_differ(&value, &other), "{told}:\n{before}\n{after}");
                }
            }
        }
    }
}

#[test]
fn logs_without_a_secret_come_out_byte_for_byte() {
    for seed in super::seeds() {
        let redactor = Redactor::new(Vec::new()).unwrap();
        for log in logs(None, &mut Chance::new(seed)) {
            let out = redacted(&redactor, &log.text);
            let differs = log.text.lines().zip(out.lines()).find(|(before, after)| before != after);
            assert_eq!(differs, None, "{} with GLSOS_CORPUS_SEED={seed}", log.name);
            assert!(out == log.text);
        }
    }
}

fn only_strings_differ(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && only_strings_differ(a, b))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| only_strings_differ(a, b))
        }
        (Value::String(a), Value::String(b)) => a == b || b.contains("__REDACTED."),
        (old, new) => old == new,
    }
}
