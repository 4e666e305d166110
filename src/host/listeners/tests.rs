//! Each kind of rendered file, and what never comes out of one.

use super::*;
use crate::host::{Trouble, memory::Memory};

fn tcp(text: &str) -> Result<Address, String> {
    Ok(Address::Loopback(text.parse().unwrap()))
}

fn unix(path: &str) -> Result<Address, String> {
    Ok(Address::Unix(path.into()))
}

#[test]
fn every_default_is_an_address() {
    for listener in LISTENERS {
        for default in listener.defaults {
            assert!(address(default).is_ok(), "{}: {default}", listener.name);
        }
    }
    assert_eq!(SERVICES.len(), LISTENERS.len());
    assert_eq!(SERVICES[0], "workhorse");
}

#[test]
fn only_loopback_comes_out() {
    for (text, expected) in [
        ("localhost:9236", "127.0.0.1:9236"),
        (":9236", "127.0.0.1:9236"),
        ("0.0.0.0:9236", "127.0.0.1:9236"),
        ("[::]:9236", "127.0.0.1:9236"),
        ("*:9236", "127.0.0.1:9236"),
        ("127.0.0.2:9236", "127.0.0.2:9236"),
        ("[::1]:9236", "[::1]:9236"),
        ("tcp://127.0.0.1:8080", "127.0.0.1:8080"),
    ] {
        assert_eq!(address(text), Ok(Address::Loopback(expected.parse().unwrap())), "{text}");
    }
    for text in [
        "10.0.0.5:9236",
        "gitaly.example.com:9236",
        "169.254.169.254:80",
        "[::ffff:127.0.0.1]:80",
        "[fe80::1]:80",
        "127.0.0.1",
        "localhost",
        "",
        ":",
        ":0",
        ":99999",
        "https://localhost:9236",
        "127.0.0.1:80:90",
        "127.0.0.1@evil:80",
    ] {
        assert!(address(text).is_err(), "{text}");
    }
    assert_eq!(address("unix:///run/x"), Ok(Address::Unix("/run/x".into())));
    for text in ["unix:run/x", "unix:///../x", "/a/../b", "unix:"] {
        assert!(address(text).is_err(), "{text}");
    }
}

#[test]
fn workhorse_tells_its_socket_in_its_run_script() {
    let run = "#!/bin/sh\nexec chpst -P \\\n  /opt/gitlab/embedded/bin/gitlab-workhorse \\\n    -listenNetwork unix \\\n    -listenUmask 0 \\\n    -listenAddr /srv/sockets/workhorse \\\n    -authBackend http://localhost:8080 \\\n    -pprofListenAddr ''\\\n    -prometheusListenAddr 0.0.0.0:9229 \\\n    -config config.toml \\\n";
    let host = Memory::default().file("/opt/gitlab/sv/gitlab-workhorse/run", run);
    assert_eq!(resolve(&host, "workhorse"), unix("/srv/sockets/workhorse"));
    assert_eq!(resolve(&host, "workhorse-metrics"), tcp("127.0.0.1:9229"));
    let host = Memory::default()
        .file("/opt/gitlab/sv/gitlab-workhorse/run", run.replace("-prometheusListenAddr", "-x"));
    assert_eq!(
        resolve(&host, "workhorse-metrics").unwrap_err(),
        "not set up, by /opt/gitlab/sv/gitlab-workhorse/run"
    );
}

#[test]
fn exporters_tell_it_in_their_flags() {
    let run = "exec /opt/gitlab/embedded/bin/node_exporter --web.listen-address=\\[::1\\]:9999 --collector.mountstats\n";
    let host = Memory::default().file("/opt/gitlab/sv/node-exporter/run", run);
    assert_eq!(resolve(&host, "node-exporter"), tcp("[::1]:9999"));
    let run = "pgbouncer_exporter \\\n    --web.listen-address=\"10.1.1.1:9188\"";
    let host = host.file("/opt/gitlab/sv/pgbouncer-exporter/run", run);
    assert!(resolve(&host, "pgbouncer-exporter").unwrap_err().contains("not on loopback"));
    assert_eq!(resolve(&host, "prometheus"), tcp("127.0.0.1:9090"));
}

#[test]
fn the_rails_application_tells_it_in_gitlab_yml() {
    let yml = "production: &base\n  monitoring:\n    sidekiq_exporter:\n      enabled: true\n      address: 0.0.0.0\n      port: 8182\n    sidekiq_health_checks:\n      enabled: false\n      address: 127.0.0.1\n      port: 8092\n    web_exporter:\n      enabled: true\n      address: 127.0.0.1\n      port: 8083\n      tls_enabled: true\n";
    let host = Memory::default().file("/var/opt/gitlab/gitlab-rails/etc/gitlab.yml", yml);
    assert_eq!(resolve(&host, "sidekiq"), tcp("127.0.0.1:8182"));
    assert!(resolve(&host, "sidekiq-health").unwrap_err().starts_with("switched off"));
    assert!(resolve(&host, "puma-metrics").unwrap_err().starts_with("answers TLS only"));
}

#[test]
fn puma_tells_its_binds() {
    let rb = "# bind 'tcp://10.0.0.1:1'\nbind 'unix:///var/opt/gitlab/gitlab-rails/sockets/gitlab.socket'\nbind 'tcp://127.0.0.1:8080'\n";
    let host = Memory::default().file("/var/opt/gitlab/gitlab-rails/etc/puma.rb", rb);
    assert_eq!(resolve(&host, "puma"), unix("/var/opt/gitlab/gitlab-rails/sockets/gitlab.socket"));
}

#[test]
fn nginx_tells_where_it_tells_its_status() {
    let conf = "server  {\n    \n    listen 10.0.0.5:8060;\n    listen [::1]:8070;\n    server_name localhost;\n    location /nginx_status {\n      stub_status;\n    }\n}\n";
    let status = |conf: String| {
        resolve(&Memory::default().file("/var/opt/gitlab/nginx/conf/nginx-status.conf", conf), "nginx-status")
    };
    assert_eq!(status(conf.to_owned()), tcp("[::1]:8070"));
    assert_eq!(status(conf.replace("10.0.0.5:8060", "*:8061")), tcp("127.0.0.1:8061"));
    assert_eq!(status(conf.replace("10.0.0.5:", "")), tcp("127.0.0.1:8060"));
    assert!(
        status(conf.replace("[::1]:8070", "127.0.0.1:8070 ssl")).unwrap_err().contains("not on loopback")
    );
    assert!(status("# listen 127.0.0.1:1\n".to_owned()).unwrap_err().starts_with("not set up"));
}

#[test]
fn what_is_told_within_json() {
    let shell = "user: git\nsshd: {\"listen\":\"0.0.0.0:22\",\"web_listen\":\"localhost:9222\"}\n";
    let mattermost =
        r#"{"ServiceSettings":{"ListenAddress":"127.0.0.1:8075"},"SqlSettings":{"DataSource":"x"}}"#;
    let host = Memory::default()
        .file("/var/opt/gitlab/gitlab-shell/config.yml", shell)
        .file("/var/opt/gitlab/mattermost/config.json", mattermost);
    assert_eq!(resolve(&host, "sshd-metrics"), tcp("127.0.0.1:9222"));
    assert_eq!(resolve(&host, "mattermost"), tcp("127.0.0.1:8075"));
}

#[test]
fn the_other_files() {
    let host = Memory::default()
        .file(
            "/var/opt/gitlab/gitaly/config.toml",
            "socket_path = '/x'\nprometheus_listen_addr = \"0.0.0.0:9236\"\n[auth]\ntoken = 'x'\n",
        )
        .file("/var/opt/gitlab/praefect/config.toml", "listen_addr = 'x:1'\n")
        .file(
            "/var/opt/gitlab/registry/config.yml",
            "version: 0.1\nhttp:\n  addr: localhost:5000\n  debug:\n    addr: localhost:5001\n",
        )
        .file(
            "/var/opt/gitlab/gitlab-pages/gitlab-pages-config",
            "pages-domain=example.com\nmetrics-address=:9235\n",
        )
        .file(
            "/var/opt/gitlab/gitlab-kas/gitlab-kas-config.yml",
            "observability:\n  listen:\n    address: localhost:8151\n    network: tcp\n",
        )
        .file(
            "/var/opt/gitlab/gitlab-exporter/gitlab-exporter.yml",
            "server:\n  listen_address: localhost\n  listen_port: 9168\n",
        )
        .file("/var/opt/gitlab/patroni/patroni.yaml", "restapi:\n  listen: \":8008\"\n  certfile: /x\n")
        .file(
            "/var/opt/gitlab/consul/config.json",
            r#"{"client_addr":"10.0.0.1 127.0.0.1","ports":{"http":8555}}"#,
        );
    assert_eq!(resolve(&host, "gitaly"), tcp("127.0.0.1:9236"));
    assert!(resolve(&host, "praefect").unwrap_err().starts_with("not set up"));
    assert_eq!(resolve(&host, "registry-debug"), tcp("127.0.0.1:5001"));
    assert_eq!(resolve(&host, "pages-metrics"), tcp("127.0.0.1:9235"));
    assert_eq!(resolve(&host, "kas-metrics"), tcp("127.0.0.1:8151"));
    assert_eq!(resolve(&host, "gitlab-exporter"), tcp("127.0.0.1:9168"));
    assert!(resolve(&host, "patroni").unwrap_err().starts_with("answers TLS only"));
    assert_eq!(resolve(&host, "consul"), tcp("127.0.0.1:8555"));
    let off =
        Memory::default().file("/var/opt/gitlab/consul/config.json", r#"{"ports":{"http":-1,"https":8501}}"#);
    assert!(resolve(&off, "consul").unwrap_err().starts_with("switched off"));
}

#[test]
fn without_a_word_the_default_holds() {
    let host = Memory::default().fails("/var/opt/gitlab/gitaly/config.toml", Trouble::Denied);
    assert_eq!(resolve(&host, "gitaly"), tcp("127.0.0.1:9236"));
    assert!(resolve(&host, "workhorse").unwrap_err().starts_with("no socket at"));
    let source = host.other("/home/git/gitlab/tmp/sockets/gitlab-workhorse.socket");
    assert_eq!(resolve(&source, "workhorse"), unix("/home/git/gitlab/tmp/sockets/gitlab-workhorse.socket"));
    assert!(resolve(&source, "docker").is_err());
}

#[test]
fn odd_files_tell_nothing() {
    for odd in [
        &b"\xff\xfe\0"[..],
        b"[[[[",
        b"",
        &[b'['; 100_000],
        b"a: &a [*a, *a]\nserver: 7\n",
        b"server:\n  - listen_address\n",
    ] {
        for listener in LISTENERS {
            let host =
                listener.places.iter().fold(Memory::default(), |host, place| host.file(place.file(), odd));
            let _ = resolve(&host, listener.name);
        }
    }
    let deep = "a:\n ".repeat(20_000);
    let host = Memory::default().file("/var/opt/gitlab/registry/config.yml", deep);
    let _ = resolve(&host, "registry-debug");
}
