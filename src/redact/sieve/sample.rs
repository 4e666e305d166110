//! What logs of a GitLab host are made of, to judge how often some bytes stand in them.

use std::sync::LazyLock;

/// Pairs that are counted; more are reckoned from their bytes.
const MANY: usize = 600;

/// The sample, counted once.
pub(super) static SAMPLE: LazyLock<Sample> = LazyLock::new(Sample::new);

/// Lines as they are written.
const LINES: &str = r#"
{"severity":"INFO","time":"2024-06-07T12:34:56.789Z","retry":3,"queue":"default","version":0,"store":null,"queue_namespace":null,
"args":["1234","[FILTERED]"],"class":"Ci::BuildFinishedWorker","jid":"9f3c21d0a1b2c3d4e5f60718","created_at":"2024-06-07T12:34:56.123Z",
"correlation_id":"01HZX5Y8K3M9T2V7W4Q6R1N0PA","meta.caller_id":"Projects::MergeRequestsController#show","meta.remote_ip":"10.1.2.3",
"meta.feature_category":"continuous_integration","meta.user":"ann","meta.user_id":42,"meta.project":"acme/web","meta.root_namespace":"acme",
"meta.client_id":"user/42","meta.root_caller_id":"PostReceive","worker_data_consistency":"delayed","size_limiter":"validated",
"enqueued_at":"2024-06-07T12:34:56.456Z","job_size_bytes":40,"pid":1201,"sidekiq_tid":"k3xq","sidekiq_thread_name":"worker",
"message":"PipelineProcessWorker JID-9f3c21d0: done: 0.0123 sec","job_status":"done","scheduling_latency_s":0.012345,"redis_calls":12,
"redis_duration_s":0.00123,"redis_read_bytes":1234,"redis_write_bytes":2345,"redis_cache_calls":3,"redis_sessions_calls":1,"db_count":12,
"db_write_count":1,"db_cached_count":2,"db_replica_txn_count":0,"db_primary_count":20,"db_main_count":19,"db_ci_count":1,"db_txn_count":2,
"db_primary_duration_s":0.012,"db_main_duration_s":0.011,"db_config_name":"main","cpu_s":0.0345,"mem_objects":23456,"mem_bytes":3456789,
"mem_mallocs":4567,"mem_total_bytes":5678901,"worker_id":"puma_1","rate_limiting_gates":[],"duration_s":0.0567,
"completed_at":"2024-06-07T12:34:56.999Z","load_balancing_strategy":"replica","db_duration_s":0.0067,"urgency":"high","target_duration_s":10}
{"method":"GET","path":"/acme/web/-/merge_requests/12/widget.json","format":"html","controller":"Projects::PipelinesController",
"action":"show","status":200,"params":[{"key":"namespace_id","value":"acme"},{"key":"project_id","value":"web"},{"key":"id","value":"7"},
{"key":"authenticity_token","value":"[FILTERED]"}],"remote_ip":"192.168.10.20","user_id":42,"username":"ann","request_urgency":"default",
"ua":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36","view_duration_s":0.0123,
"gitaly_calls":4,"gitaly_duration_s":0.0456,"redis_allowed_cross_slot_calls":0,"queue_duration_s":0.0078,"exception.class":"StandardError",
"exception.message":"failed","exception.backtrace":["lib/gitlab/git/wraps_gitaly_errors.rb:13:in `wrapped_gitaly_errors'",
"app/controllers/application_controller.rb:150:in `render'"],"route":"/api/:version/projects/:id/merge_requests","host":"gitlab.example.com"}
{"command.count":1,"command.cpu_time_ms":12,"command.inblock":0,"command.maxrss":123456,"command.real_time_ms":23,"command.user_time_ms":4,
"component":"gitaly.UnaryServerInterceptor","grpc.code":"OK","grpc.meta.auth_version":"v2","grpc.meta.client_name":"gitlab-web",
"grpc.meta.deadline_type":"regular","grpc.meta.method_operation":"accessor","grpc.meta.method_scope":"repository","grpc.method":"FindCommit",
"grpc.request.fullMethod":"/gitaly.CommitService/FindCommit","grpc.request.glProjectPath":"acme/web","grpc.request.payload_bytes":120,
"grpc.request.glRepository":"project-7","grpc.request.repoPath":"@hashed/6b/86/6b86b273ff34fce19d6b804eff5a3f57.git",
"grpc.request.repoStorage":"default","grpc.response.payload_bytes":2048,"grpc.service":"gitaly.CommitService","grpc.time_ms":12.345,
"grpc.start_time":"2024-06-07T12:34:56.789Z","level":"info","msg":"finished unary call with code OK","peer.address":"@","span.kind":"server",
"system":"http","content_type":"application/json","duration_ms":123,"proto":"HTTP/1.1","referrer":"https://gitlab.example.com/acme/web",
"remote_addr":"127.0.0.1:0","ttfb_ms":120,"uri":"/acme/web.git/info/refs?service=git-upload-pack","user_agent":"gitlab-runner 16.11.1",
"written_bytes":2345,"content_length":"123","backend_id":"rails","read_bytes":0,"token_type":"token","git_protocol":"version=2"}
10.1.2.3 - - [07/Jun/2024:12:34:56 +0000] "GET /api/v4/projects/7/repository/commits HTTP/1.1" 200 1234 "" "curl/8.5.0" 1.23
Started GET "/acme/web/-/issues/7" for 10.1.2.3 at 2024-06-07 12:34:56 +0000
Processing by Projects::IssuesController#show as HTML
  Parameters: {"namespace_id"=>"acme", "project_id"=>"web", "id"=>"7"}
Completed 200 OK in 123ms (Views: 45.6ms | ActiveRecord: 12.3ms | Elasticsearch: 0.0ms | Allocations: 45678)
2024-06-07_12:34:56.78901 LOG:  duration: 123.456 ms  execute <unnamed>: /*application:web,endpoint_id:ProjectsController#show*/
SELECT "projects".* FROM "projects" WHERE "projects"."id" = 7 AND "projects"."pending_delete" = FALSE ORDER BY "projects"."id" ASC LIMIT 1
Jun 07 12:34:56 host systemd[1]: Started session-1.scope. kernel: [ 1234.567890] audit: type=1400 apparmor="DENIED" operation="open"
time="2024-06-07T12:34:56Z" level=info msg="checkpoint complete" go_version=go1.22 http.request.method=GET http.response.status=404
configuration environment production development application connection certificate location permission description
"#;

/// How often bytes and pairs of bytes stand in the sample.
#[derive(Debug)]
pub(super) struct Sample {
    bytes: [u32; 256],
    pairs: Vec<u32>,
    /// By pair: which pairs stand behind it, and how often.
    behind: Beside,
    /// By pair: which stand before it.
    before: Beside,
}

impl Sample {
    fn new() -> Self {
        let (mut bytes, mut pairs) = ([0; 256], vec![0; 1 << 16]);
        let mut fours = Vec::new();
        for four in LINES.as_bytes().windows(4) {
            let (first, second) =
                (u16::from_le_bytes([four[0], four[1]]), u16::from_le_bytes([four[2], four[3]]));
            bytes[usize::from(four[0])] += 1;
            pairs[usize::from(first)] += 1;
            fours.push((first, second));
        }
        let before = Beside::new(fours.iter().map(|(first, second)| (*second, *first)).collect());
        Self { bytes, pairs, behind: Beside::new(fours), before }
    }

    /// The pairs that stand behind this one, and how often.
    pub(super) fn behind(&self, pair: u16) -> &[(u16, u32)] {
        self.behind.of(pair)
    }

    /// The pairs that stand before this one, and how often.
    pub(super) fn before(&self, pair: u16) -> &[(u16, u32)] {
        self.before.of(pair)
    }

    /// How often four bytes may be expected to stand together: as they do in the sample, and as their pairs would
    /// by chance. What the sample lacks is not free: it fills the table.
    pub(super) fn chance(&self, sets: &[Option<&[u8]>; 4]) -> f64 {
        let by_chance = self.share(sets[0], sets[1]) * self.share(sets[2], sets[3]);
        let [Some(a), Some(b), c, d] = sets else { return by_chance };
        if a.len() * b.len() > MANY {
            return by_chance;
        }
        let is = |set: &Option<&[u8]>, byte| set.is_none_or(|set| set.contains(&byte));
        let firsts = a.iter().flat_map(|a| b.iter().map(|b| u16::from_le_bytes([*a, *b])));
        let seen = firsts.flat_map(|pair| self.behind(pair)).filter(|(next, _)| {
            let [first, second] = next.to_le_bytes();
            is(c, first) && is(d, second)
        });
        f64::from(seen.map(|(_, count)| count).sum::<u32>()) / LINES.len() as f64 + by_chance
    }

    fn share(&self, first: Option<&[u8]>, second: Option<&[u8]>) -> f64 {
        let size = |set: Option<&[u8]>| set.map_or(256, <[u8]>::len);
        let all = LINES.len() as f64;
        let byte = |set: Option<&[u8]>| {
            set.map_or(1.0, |set| set.iter().map(|b| self.bytes[usize::from(*b)]).sum::<u32>() as f64 / all)
        };
        let fill = (size(first) * size(second)) as f64 / (1 << 18) as f64;
        let seen = match (first, second) {
            (Some(first), Some(second)) if first.len() * second.len() <= MANY => {
                let pair = |a: &u8, b: &u8| self.pairs[usize::from(u16::from_le_bytes([*a, *b]))];
                let seen: u32 = first.iter().map(|a| second.iter().map(|b| pair(a, b)).sum::<u32>()).sum();
                f64::from(seen) / all
            }
            _ => byte(first) * byte(second),
        };
        seen + fill
    }
}

/// Which pairs stand beside each pair, and how often.
#[derive(Debug)]
struct Beside {
    /// By pair: where in `pairs` its neighbours begin.
    starts: Vec<u16>,
    pairs: Vec<(u16, u32)>,
}

impl Beside {
    fn new(mut met: Vec<(u16, u16)>) -> Self {
        met.sort_unstable();
        let (mut starts, mut pairs) = (vec![0; (1 << 16) + 1], Vec::new());
        for same in met.chunk_by(|a, b| a == b) {
            pairs.push((same[0].1, same.len() as u32));
            starts[usize::from(same[0].0) + 1] = pairs.len() as u16;
        }
        let mut last = 0;
        for start in &mut starts {
            last = last.max(*start);
            *start = last;
        }
        Self { starts, pairs }
    }

    fn of(&self, pair: u16) -> &[(u16, u32)] {
        let pair = usize::from(pair);
        &self.pairs[usize::from(self.starts[pair])..usize::from(self.starts[pair + 1])]
    }
}
