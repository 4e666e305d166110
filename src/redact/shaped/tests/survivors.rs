//! What an engineer needs, against all rules at once.

use super::*;

#[test]
fn what_must_survive() {
    let lines = [
        r#"{"correlation_id":"01HZX5Y8K3M9T2V7W4Q6R1N0PA","meta.caller_id":"Projects::MergeRequestsController#show"}"#,
        "request_id=7b3c2f0e-0d5f-4a0c-9d5f-1c2d3e4f5a6b",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "registry.example.com/acme/web:v1.2.3@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "docker://registry.example.com:5000/acme/web@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "@hashed/6b/86/6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b.git",
        "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8 git@gitlab.example.com (ED25519)",
        "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7vbqajDhA5W2Yc2sQ2J1i4Rz0 ann@example.com",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT",
        "2024-06-07T12:34:56.789Z 2024-06-07_12:34:56.78901 1717763696.123",
        "Auth::TokenCleanupWorker JID-a1b2c3d4e5f6a7b8c9d0e1f2: done: 0.123 sec",
        "GET /api/v4/personal_access_tokens/self?private_token=[FILTERED] HTTP/1.1",
        "password: [REDACTED] secret=****** token=xxxxx",
        "__REDACTED.gitlab-token.9f3c21d0__ __REDACTED.db_password.00c0ffee__",
        "https://gitlab.example.com/users/ann@example.com/-/merge_requests/1?to=bob@example.com",
        "https://gitlab.example.com:8443/acme/web/-/blob/main/a:b@c",
        "ssh://git@gitlab.example.com:2222/acme/web.git git@gitlab.example.com:acme/web.git",
        "postgresql://gitlab@/gitlabhq_production?host=/var/opt/gitlab/postgresql",
        "unix:/var/opt/gitlab/redis/redis.socket redis://localhost:6379/0 redis://10.0.0.1:6379",
        "gid://gitlab/Ci::Build/12345 s3://bucket/prefix/key@v1",
        "SELECT \"users\".\"encrypted_password\" FROM \"users\" WHERE \"users\".\"id\" = $1 AND x = $2",
        "eyJpZCI6IjEyMzQ1Njc4OSIsImNyZWF0ZWRfYXQiOiIyMDI0LTA2LTA3In0",
        "feature_flag=ci_job_token_scope sk-learn task-20240607-abcdefghijklmnop disk-usage-percent-high-water-mark",
        "gitlab-runner 16.11.1 (16-11-stable; go1.21.9; linux/amd64) puma_0 sidekiq_3",
        "10.0.01.123456789 v1.01.200000000 kernel 5.15.0-1053-aws",
        "W/\"a1b2c3d4e5f60718293a4b5c6d7e8f90\" etag md5sum d41d8cd98f00b204e9800998ecf8427e  file",
        "Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==",
        "AKIA is a prefix; AIza too; ghp_ and npm_config_registry=https://registry.npmjs.org/",
        "HTTP Basic: Access denied. Bearer token required",
        "hf_hub_download(repo_id='x') npm_lifecycle_event pypi-publish-action-version-one rubygems_api_key",
        "/opt/gitlab/embedded/lib/ruby/gems/3.1.0/gems/doorkeeper-5.6.6/lib/doorkeeper/oauth/token.rb:30:in `find'",
        "runner=glrt-abc1 runner=t1_a2b3c token_id=12 gl_key_id=7 gitlab_id=acme",
        "xapp-runtime xoxo s.default.svc.cluster.local hvs. dp.pt. SG.1 SK_LEARN key-value-pairs-in-the-cache",
        "assets/application-2cb5b8a9d0d3d4f7a8c9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5.js",
        "Etag: md5-a1b2c3d4e5f60718293a4b5c6d7e8f90 cache:gitlab:flipper/v1/feature/ci_x",
        "span 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 traceparent",
        "$RAILS_ENV $1 $2 ${HOME} $5.00 $6.50$ $2a $y",
        "mem_bytes 4294967296 -us1 eu-us2 pat-1.2 dapi v1 SCRAM-SHA-256 scram-sha-256 md5",
    ];
    let wrong: Vec<_> = lines
        .iter()
        .filter(|line| shown(line.as_bytes()) != **line)
        .map(|line| shown(line.as_bytes()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
