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
        "sshd-metrics",
        "metrics of GitLab's own SSH server",
        &[yaml("/var/opt/gitlab/gitlab-shell/config.yml", "sshd", "web_listen", "")],
        &["localhost:9122"],
    ),
    listener(
        "nginx-status",
        "NGINX: connections and requests, and metrics where its module for them is there",
        &[Place::Listen { file: "/var/opt/gitlab/nginx/conf/nginx-status.conf" }],
        &["localhost:8060"],
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
    // Up to GitLab 18; its own configuration tells where.
    listener(
        "mattermost",
        "Mattermost's own account of its health",
        &[Place::Json {
            file: "/var/opt/gitlab/mattermost/config.json",
            pointer: "/ServiceSettings/ListenAddress",
        }],
        &["localhost:8065"],
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
mod tests;
