//! Which four bytes of a form are looked for: those that logs hold least.

use std::collections::BTreeMap;

/// Most trigrams that one form brings, if any of its places has as few.
const FEW: usize = 700;

/// Most that it may bring; more would make the first pass see it everywhere.
const MOST: usize = 6000;

/// What logs of a GitLab host are made of, to count trigrams in.
const SAMPLE: &str = r#"
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

/// How often trigrams stand in the sample.
pub(super) struct Sample(BTreeMap<u32, u32>);

impl Sample {
    pub(super) fn new() -> Self {
        let mut counts = BTreeMap::new();
        for gram in SAMPLE.as_bytes().windows(3) {
            *counts.entry(u32::from_le_bytes([gram[0], gram[1], gram[2], 0])).or_insert(0) += 1;
        }
        Self(counts)
    }

    /// All trigrams in it, and how often each.
    pub(super) fn counts(&self) -> impl Iterator<Item = (u32, u32)> {
        self.0.iter().map(|(gram, count)| (*gram, *count))
    }

    /// Where the four positions begin that are rarest, if any are rare enough.
    pub(super) fn anchor(&self, positions: &[Vec<u8>]) -> Option<usize> {
        self.rarest(positions, FEW).or_else(|| self.rarest(positions, MOST))
    }

    fn rarest(&self, positions: &[Vec<u8>], most: usize) -> Option<usize> {
        let count = |sets: &[Vec<u8>]| sets.iter().map(Vec::len).fold(1usize, usize::saturating_mul);
        let seen = |sets: &[Vec<u8>]| -> u32 { grams(sets).iter().filter_map(|gram| self.0.get(gram)).sum() };
        let cost = |window: &[Vec<u8>]| {
            let count = count(&window[..3]).saturating_add(count(&window[1..]));
            // A trigram that the sample lacks is not free: it fills the table.
            (count <= most).then(|| (seen(&window[..3]) + seen(&window[1..])) * 4 + count as u32)
        };
        let windows = positions.windows(4).enumerate();
        windows.filter_map(|(offset, window)| Some((cost(window)?, offset))).min().map(|(_, offset)| offset)
    }
}

/// All trigrams of three sets.
pub(super) fn grams(sets: &[Vec<u8>]) -> Vec<u32> {
    sets.iter().enumerate().fold(vec![0u32], |grams, (place, set)| {
        let with = |gram: u32| set.iter().map(move |byte| gram | u32::from(*byte) << (8 * place));
        grams.into_iter().flat_map(with).collect()
    })
}
