//! Where GitLab's services listen on this very host, as their rendered configuration says.
//!
//! One table: the names that collectors may use, where each service's address is written, and where it
//! listens unless that says otherwise. Only loopback addresses and Unix sockets come out: a service that
//! listens elsewhere is not asked. Connects to nothing. Facts: the Linux package's templates and default
//! attributes (18.x); what comes from a source install is marked.
//!
//! Some of these files lie in folders of the `git` user, who could so point a collector's fixed GET
//! at another socket of this host; what answers is redacted like all else.

mod rendered;
mod yaml;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Component, Path, PathBuf},
};

use super::{Address, Host};
use rendered::{Place, Said};

/// A service that can be asked.
#[derive(Debug)]
pub struct Listener {
    /// As collectors name it.
    pub name: &'static str,
    /// What it answers.
    pub about: &'static str,
    /// Where its address is written; the first of these that tells anything decides.
    places: &'static [Place],
    /// Where it listens if nothing tells; of Unix sockets the first that is there.
    pub defaults: &'static [&'static str],
}

const GITLAB_YML: [&str; 2] =
    ["/var/opt/gitlab/gitlab-rails/etc/gitlab.yml", "/home/git/gitlab/config/gitlab.yml"];

const fn flag(script: &'static str, flag: &'static str) -> Place {
    Place::Flag { script, flag }
}

const fn toml(file: &'static str, key: &'static str) -> Place {
    Place::Toml { file, key }
}

const fn yaml(file: &'static str, base: &'static str, address: &'static str, port: &'static str) -> Place {
    Place::Yaml { file, base, address, port }
}

const fn listener(
    name: &'static str,
    about: &'static str,
    places: &'static [Place],
    defaults: &'static [&'static str],
) -> Listener {
    Listener { name, about, places, defaults }
}

/// All services that a collector may ask.
pub const LISTENERS: &[Listener] = &[
    listener(
        "workhorse",
        "GitLab's web interface before NGINX: health checks",
        &[flag("/opt/gitlab/sv/gitlab-workhorse/run", "listenAddr")],
        // The second is a source install's, from its documentation.
        &[
            "/var/opt/gitlab/gitlab-workhorse/sockets/socket",
            "/home/git/gitlab/tmp/sockets/gitlab-workhorse.socket",
        ],
    ),
    listener(
        "puma",
        "the Rails application itself",
        &[
            Place::Bind { file: "/var/opt/gitlab/gitlab-rails/etc/puma.rb" },
            Place::Bind { file: "/home/git/gitlab/config/puma.rb" },
        ],
        &["/var/opt/gitlab/gitlab-rails/sockets/gitlab.socket", "/home/git/gitlab/tmp/sockets/gitlab.socket"],
    ),
    listener(
        "sidekiq",
        "Sidekiq's metrics",
        &[
            yaml(GITLAB_YML[0], "production/monitoring/sidekiq_exporter", "address", "port"),
            yaml(GITLAB_YML[1], "production/monitoring/sidekiq_exporter", "address", "port"),
        ],
        &["127.0.0.1:8082"],
    ),
    listener(
        "sidekiq-health",
        "Sidekiq's health checks",
        &[
            yaml(GITLAB_YML[0], "production/monitoring/sidekiq_health_checks", "address", "port"),
            yaml(GITLAB_YML[1], "production/monitoring/sidekiq_health_checks", "address", "port"),
        ],
        &["127.0.0.1:8092"],
    ),
    listener(
        "gitaly",
        "Gitaly's metrics",
        &[
            toml("/var/opt/gitlab/gitaly/config.toml", "prometheus_listen_addr"),
            toml("/home/git/gitaly/config.toml", "prometheus_listen_addr"),
        ],
        &["localhost:9236"],
    ),
    listener(
        "praefect",
        "Praefect's metrics",
        &[toml("/var/opt/gitlab/praefect/config.toml", "prometheus_listen_addr")],
        &["localhost:9652"],
    ),
    listener(
        "workhorse-metrics",
        "Workhorse's metrics",
        &[flag("/opt/gitlab/sv/gitlab-workhorse/run", "prometheusListenAddr")],
        &["localhost:9229"],
    ),
    listener(
        "puma-metrics",
        "the Rails application's metrics, off unless configured",
        &[
            yaml(GITLAB_YML[0], "production/monitoring/web_exporter", "address", "port"),
            yaml(GITLAB_YML[1], "production/monitoring/web_exporter", "address", "port"),
        ],
        &["127.0.0.1:8083"],
    ),
    listener(
        "gitlab-exporter",
        "metrics of processes, Sidekiq's queues and the database",
        &[yaml(
            "/var/opt/gitlab/gitlab-exporter/gitlab-exporter.yml",
            "server",
            "listen_address",
            "listen_port",
        )],
        &["localhost:9168"],
    ),
    listener(
        "node-exporter",
        "metrics of the machine",
        &[flag("/opt/gitlab/sv/node-exporter/run", "web.listen-address")],
        &["localhost:9100"],
    ),
    listener(
        "redis-exporter",
        "metrics of Redis",
        &[flag("/opt/gitlab/sv/redis-exporter/run", "web.listen-address")],
        &["localhost:9121"],
    ),
    listener(
        "postgres-exporter",
        "metrics of PostgreSQL",
        &[flag("/opt/gitlab/sv/postgres-exporter/run", "web.listen-address")],
        &["localhost:9187"],
    ),
    listener(
        "pgbouncer-exporter",
        "metrics of PgBouncer",
        &[flag("/opt/gitlab/sv/pgbouncer-exporter/run", "web.listen-address")],
        &["localhost:9188"],
    ),
    listener(
        "registry-debug",
        "the container registry's metrics and health, off unless configured",
        &[yaml("/var/opt/gitlab/registry/config.yml", "http/debug", "addr", "")],
        &["localhost:5001"],
    ),
    listener(
        "pages-metrics",
        "metrics of Pages, off unless configured",
        &[Place::Line { file: "/var/opt/gitlab/gitlab-pages/gitlab-pages-config", key: "metrics-address" }],
        &["localhost:9235"],
    ),
    listener(
        "kas-metrics",
        "metrics and health of the agent server for Kubernetes",
        &[yaml("/var/opt/gitlab/gitlab-kas/gitlab-kas-config.yml", "observability/listen", "address", "")],
        &["localhost:8151"],
    ),
    listener(
        "prometheus",
        "Prometheus: targets, rules, queries",
        &[flag("/opt/gitlab/sv/prometheus/run", "web.listen-address")],
        &["localhost:9090"],
    ),
    listener(
        "alertmanager",
        "Alertmanager: alerts",
        &[flag("/opt/gitlab/sv/alertmanager/run", "web.listen-address")],
        &["localhost:9093"],
    ),
    listener(
        "consul",
        "Consul: members, leader, checks",
        &[Place::Consul { file: "/var/opt/gitlab/consul/config.json" }],
        &["localhost:8500"],
    ),
    listener(
        "patroni",
        "Patroni: this member's role and the cluster",
        &[yaml("/var/opt/gitlab/patroni/patroni.yaml", "restapi", "listen", "")],
        &["localhost:8008"],
    ),
];

/// The names of all services, in the table's order.
pub const SERVICES: &[&str] = &{
    let mut names = [""; LISTENERS.len()];
    let mut i = 0;
    while i < names.len() {
        names[i] = LISTENERS[i].name;
        i += 1;
    }
    names
};

/// Where a service listens on this host, or why it can't be asked.
pub fn resolve(host: &dyn Host, service: &str) -> Result<Address, String> {
    let listener = LISTENERS.iter().find(|listener| listener.name == service);
    let Some(listener) = listener else { return Err(format!("no service is named {service}")) };
    for place in listener.places {
        match place.read(host) {
            Said::Nothing => {}
            Said::Off(reason) => return Err(format!("{reason}, by {}", place.file())),
            Said::At(written) => {
                let mut reason = "tells no address";
                for text in &written {
                    match address(text) {
                        Ok(address) => return Ok(address),
                        Err(error) => reason = error,
                    }
                }
                return Err(format!("{reason}, by {}", place.file()));
            }
        }
    }
    let defaults: Vec<Address> = listener.defaults.iter().filter_map(|text| address(text).ok()).collect();
    let answers = |address: &&Address| match address {
        Address::Unix(path) => host.exists(path),
        Address::Loopback(_) => true,
    };
    match defaults.iter().find(answers) {
        Some(address) => Ok(address.clone()),
        None => Err(format!("no socket at {}", listener.defaults.join(" or "))),
    }
}

/// An address as configuration writes it: with or without a scheme, a name or an address, or a socket's path.
fn address(text: &str) -> Result<Address, &'static str> {
    const ELSEWHERE: &str = "listens on an address that is not on loopback";
    let text = text.trim();
    if let Some(path) = text.strip_prefix("unix:").map(|path| path.strip_prefix("//").unwrap_or(path)) {
        return socket(path);
    }
    if text.starts_with('/') {
        return socket(text);
    }
    if text.starts_with("https://") || text.starts_with("ssl://") || text.starts_with("tls://") {
        return Err("answers TLS only");
    }
    let text = text.strip_prefix("tcp://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let (name, port) = text.rsplit_once(':').ok_or("tells no port")?;
    let port: u16 = port.parse().ok().filter(|port| *port > 0).ok_or("tells no port")?;
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let any = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let ip = match name {
        "" | "*" => any,
        _ if name.eq_ignore_ascii_case("localhost") => any,
        _ => name.parse().map_err(|_| ELSEWHERE)?,
    };
    match ip {
        // Listening on all of IPv6 includes IPv4, unless the system's default was changed.
        ip if ip.is_unspecified() => Ok(Address::Loopback(SocketAddr::new(any, port))),
        ip if ip.is_loopback() => Ok(Address::Loopback(SocketAddr::new(ip, port))),
        _ => Err(ELSEWHERE),
    }
}

fn socket(path: &str) -> Result<Address, &'static str> {
    let path = Path::new(path);
    let clean = path.is_absolute()
        && path.as_os_str().len() <= 107 // sun_path
        && path.components().skip(1).all(|part| matches!(part, Component::Normal(_)));
    if clean {
        Ok(Address::Unix(PathBuf::from(path)))
    } else {
        Err("tells a socket's path that can't be used")
    }
}

#[cfg(test)]
mod tests {
    use super::{super::memory::Memory, *};

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
        let off = Memory::default()
            .file("/var/opt/gitlab/consul/config.json", r#"{"ports":{"http":-1,"https":8501}}"#);
        assert!(resolve(&off, "consul").unwrap_err().starts_with("switched off"));
    }

    #[test]
    fn without_a_word_the_default_holds() {
        let host =
            Memory::default().fails("/var/opt/gitlab/gitaly/config.toml", super::super::Trouble::Denied);
        assert_eq!(resolve(&host, "gitaly"), tcp("127.0.0.1:9236"));
        assert!(resolve(&host, "workhorse").unwrap_err().starts_with("no socket at"));
        let source = host.other("/home/git/gitlab/tmp/sockets/gitlab-workhorse.socket");
        assert_eq!(
            resolve(&source, "workhorse"),
            unix("/home/git/gitlab/tmp/sockets/gitlab-workhorse.socket")
        );
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
                let host = listener
                    .places
                    .iter()
                    .fold(Memory::default(), |host, place| host.file(place.file(), odd));
                let _ = resolve(&host, listener.name);
            }
        }
        let deep = "a:\n ".repeat(20_000);
        let host = Memory::default().file("/var/opt/gitlab/registry/config.yml", deep);
        let _ = resolve(&host, "registry-debug");
    }
}
