//! Which GitLab is on a host, if any: how it was installed, its version, services and roles.
//!
//! Reads a handful of small files and lists three folders; runs nothing. What it reads may have been
//! written by others, so that odd values count as absent. Evaluates no collector's condition.

use std::path::{Path, PathBuf};

use super::{FileType, Host};

/// How GitLab came to a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum InstallationKind {
    /// The Linux package (Omnibus) on a machine.
    LinuxPackage,
    /// The Linux package in a container, as in GitLab's own image.
    Container,
    /// Built from source, below /home/git.
    Source,
    /// No GitLab; a runner may be there.
    #[default]
    None,
}

impl InstallationKind {
    /// As the manifest names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::LinuxPackage => "linux-package",
            Self::Container => "container",
            Self::Source => "source",
            Self::None => "none",
        }
    }

    /// Whether the Linux package's paths (/opt/gitlab, /var/opt/gitlab, /etc/gitlab) hold.
    pub fn has_package(self) -> bool {
        matches!(self, Self::LinuxPackage | Self::Container)
    }
}

/// What a host tells about its GitLab.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Installation {
    /// How it was installed.
    pub kind: InstallationKind,
    /// `17.11.2`, without the edition.
    pub version: Option<String>,
    /// `ee` or `ce`.
    pub edition: Option<String>,
    /// The commit of GitLab's Rails application, abbreviated as it is in its file.
    pub revision: Option<String>,
    /// Enabled services, sorted, under the Linux package's names (a source install's `gitlab-puma.service` is `puma`).
    pub services: Vec<String>,
    /// What the node is for, in the order of `ROLES`.
    pub roles: Vec<String>,
    /// The newest of the node's attribute files. It holds every rendered value, secrets included.
    pub node_attributes: Option<PathBuf>,
}

impl Installation {
    /// Whether a service is enabled on the node.
    pub fn has_service(&self, name: &str) -> bool {
        self.services.iter().any(|service| service == name)
    }

    /// Whether the node has a role.
    pub fn has_role(&self, name: &str) -> bool {
        self.roles.iter().any(|role| role == name)
    }
}

/// A node's roles, each with the services of which one is enough for it.
pub const ROLES: &[(&str, &[&str])] = &[
    // Wherever the Rails application runs: rake tasks and the Rails console work there.
    ("rails", &["puma", "unicorn", "sidekiq", "gitlab-workhorse", "geo-logcursor", "mailroom"]),
    ("web", &["puma", "unicorn", "gitlab-workhorse", "nginx"]),
    ("sidekiq", &["sidekiq"]),
    ("gitaly", &["gitaly"]),
    ("praefect", &["praefect"]),
    ("postgresql", &["postgresql", "patroni", "geo-postgresql"]),
    ("patroni", &["patroni"]),
    ("pgbouncer", &["pgbouncer"]),
    ("redis", &["redis"]),
    ("sentinel", &["sentinel"]),
    ("consul", &["consul"]),
    ("registry", &["registry"]),
    ("kas", &["gitlab-kas"]),
    ("pages", &["gitlab-pages"]),
    ("monitoring", &["prometheus", "alertmanager", "grafana"]),
    ("geo", &["geo-logcursor", "geo-postgresql"]),
    ("runner", &["gitlab-runner"]),
];

/// The names of all roles, in the table's order.
pub fn role_names() -> Vec<&'static str> {
    ROLES.iter().map(|(role, _)| *role).collect()
}

const SERVICE_FOLDER: &str = "/opt/gitlab/service";
const RAILS: &str = "/opt/gitlab/embedded/service/gitlab-rails";
const SOURCE: &str = "/home/git/gitlab";
const UNIT_FOLDERS: [&str; 3] = ["/etc/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system"];
/// version-manifest.json lists all software that the package is built from.
const MANIFEST_LIMIT: usize = 4 << 20;
const LINE_LIMIT: usize = 4 << 10;
/// More services or attribute files than any node has.
const MOST: usize = 500;

/// Looks at a host.
pub fn detect(host: &dyn Host) -> Installation {
    let kind = kind(host);
    let (version, edition) = match kind {
        InstallationKind::None => (None, None),
        InstallationKind::Source => rails_version(host, SOURCE),
        _ => package_version(host),
    };
    let revision = match kind {
        InstallationKind::None => None,
        InstallationKind::Source => line(host, &format!("{SOURCE}/REVISION")),
        _ => line(host, &format!("{RAILS}/REVISION")),
    }
    .filter(|revision| (6..=64).contains(&revision.len()) && revision.bytes().all(|b| b.is_ascii_hexdigit()));
    let services = services(host, kind);
    let roles = roles(&services);
    let node_attributes = kind.has_package().then(|| newest_attributes(host)).flatten();
    Installation { kind, version, edition, revision, services, roles, node_attributes }
}

fn kind(host: &dyn Host) -> InstallationKind {
    let there = |paths: &[&str]| paths.iter().any(|path| host.exists(Path::new(path)));
    if there(&["/opt/gitlab/version-manifest.txt", "/opt/gitlab/version-manifest.json", RAILS]) {
        let contained = there(&["/.dockerenv", "/run/.containerenv"]) || cgroup_of_a_container(host);
        return if contained { InstallationKind::Container } else { InstallationKind::LinuxPackage };
    }
    // A closed /home/git is no sign of GitLab; its units, in open folders, are.
    let seen = |path: &&str| host.stat(Path::new(path)).is_ok();
    let units = || UNIT_FOLDERS.iter().any(|folder| there(&[&format!("{folder}/gitlab-puma.service")]));
    if ["/home/git/gitlab/VERSION", "/home/git/gitlab/config/gitlab.yml"].iter().any(seen) || units() {
        return InstallationKind::Source;
    }
    InstallationKind::None
}

/// Without a marker file (containerd, Kubernetes) the first process's cgroup may tell it. LXC's does
/// not count: its containers are machines to their users.
fn cgroup_of_a_container(host: &dyn Host) -> bool {
    let Ok(bytes) = host.read(Path::new("/proc/1/cgroup"), 64 << 10) else { return false };
    let text = String::from_utf8_lossy(&bytes);
    ["/docker", "/kubepods", "/containerd", "/libpod", "cri-containerd", "/ecs/"]
        .iter()
        .any(|hint| text.contains(hint))
}

fn package_version(host: &dyn Host) -> (Option<String>, Option<String>) {
    let (version, edition) = manifest_line(host);
    if version.is_some() && edition.is_some() {
        return (version, edition);
    }
    let (rails, rails_edition) = rails_version(host, RAILS);
    let version = version.or(rails).or_else(|| build_version(host));
    (version, edition.or(rails_edition))
}

/// `gitlab-ee 17.11.2`, the first line of version-manifest.txt.
fn manifest_line(host: &dyn Host) -> (Option<String>, Option<String>) {
    let text = host.read(Path::new("/opt/gitlab/version-manifest.txt"), MANIFEST_LIMIT).unwrap_or_default();
    let first = String::from_utf8_lossy(text.split(|&b| b == b'\n').next().unwrap_or_default()).into_owned();
    let mut words = first.split_whitespace();
    let edition = match words.next() {
        Some("gitlab-ee" | "gitlab-ee-fips") => Some("ee"),
        Some("gitlab-ce") => Some("ce"),
        _ => return (None, None),
    };
    (words.next().and_then(plausible), edition.map(str::to_owned))
}

/// `17.11.2-ee`: the file VERSION of the Rails application. FOSS has no suffix.
fn rails_version(host: &dyn Host, folder: &str) -> (Option<String>, Option<String>) {
    let Some(text) = line(host, &format!("{folder}/VERSION")) else { return (None, None) };
    let (version, edition) = match text.strip_suffix("-ee") {
        Some(version) => (version, "ee"),
        None => (text.as_str(), "ce"),
    };
    let version = plausible(version);
    let edition = version.is_some().then(|| edition.to_owned());
    (version, edition)
}

fn build_version(host: &dyn Host) -> Option<String> {
    let text = host.read(Path::new("/opt/gitlab/version-manifest.json"), MANIFEST_LIMIT).ok()?;
    let manifest: serde_json::Value = serde_json::from_slice(&text).ok()?;
    plausible(manifest.get("build_version")?.as_str()?)
}

/// A version, as far as one can be recognised.
fn plausible(text: &str) -> Option<String> {
    let version = text.strip_suffix("-ee").unwrap_or(text);
    let fits = version.starts_with(|c: char| c.is_ascii_digit())
        && version.len() <= 64
        && version.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+~".contains(&b));
    fits.then(|| version.to_owned())
}

fn line(host: &dyn Host, path: &str) -> Option<String> {
    let bytes = host.read(Path::new(path), LINE_LIMIT).ok()?;
    Some(String::from_utf8_lossy(&bytes).lines().next()?.trim().to_owned())
}

fn services(host: &dyn Host, kind: InstallationKind) -> Vec<String> {
    let mut services = Vec::new();
    if kind.has_package() {
        services.extend(names(host, SERVICE_FOLDER, |name, file_type| {
            matches!(file_type, FileType::Link | FileType::Folder).then(|| name.to_owned())
        }));
    }
    for folder in UNIT_FOLDERS {
        services.extend(names(host, folder, |name, _| {
            let unit = name.strip_suffix(".service").filter(|unit| unit.starts_with("gitlab-"))?;
            // The package has units of its own, to start runit; a runner may stand beside it.
            let counts = kind == InstallationKind::Source || unit == "gitlab-runner";
            counts.then(|| package_name(unit).to_owned())
        }));
    }
    services.sort();
    services.dedup();
    services
}

fn names(host: &dyn Host, folder: &str, keep: impl Fn(&str, FileType) -> Option<String>) -> Vec<String> {
    let listed = host.list(Path::new(folder)).unwrap_or_default();
    let mut names: Vec<String> = listed
        .iter()
        .filter_map(|entry| keep(entry.name.to_str()?, entry.file_type))
        .filter(|name| {
            name.len() <= 64
                && name.starts_with(|c: char| c.is_ascii_alphanumeric())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.@".contains(&b))
        })
        .collect();
    names.truncate(MOST);
    names
}

/// The Linux package's name for a unit of a source install.
fn package_name(unit: &str) -> &str {
    let known = |name: &str| ROLES.iter().any(|(_, services)| services.contains(&name));
    let short = unit.strip_prefix("gitlab-").unwrap_or(unit);
    if !known(unit) && known(short) { short } else { unit }
}

fn roles(services: &[String]) -> Vec<String> {
    ROLES
        .iter()
        .filter(|(_, of)| of.iter().any(|name| services.iter().any(|service| service == name)))
        .map(|(role, _)| (*role).to_owned())
        .collect()
}

fn newest_attributes(host: &dyn Host) -> Option<PathBuf> {
    let folder = Path::new("/opt/gitlab/embedded/nodes");
    let listed = host.list(folder).ok()?;
    listed
        .into_iter()
        .filter(|entry| entry.file_type == FileType::File)
        .map(|entry| folder.join(entry.name))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .take(MOST)
        .filter_map(|path| Some((host.stat(&path).ok()?.mtime, path)))
        .max()
        .map(|(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::{super::memory::Memory, *};

    fn package() -> Memory {
        Memory::default()
            .file("/opt/gitlab/version-manifest.txt", "gitlab-ee 17.11.2\n\nComponent  Installed Version\n")
            .file("/opt/gitlab/embedded/service/gitlab-rails/VERSION", "17.11.2-ee\n")
            .file("/opt/gitlab/embedded/service/gitlab-rails/REVISION", "a1b2c3d4e5f\n")
            .link("/opt/gitlab/service/puma", "/opt/gitlab/sv/puma")
            .link("/opt/gitlab/service/gitaly", "/opt/gitlab/sv/gitaly")
            .link("/opt/gitlab/service/nginx", "/opt/gitlab/sv/nginx")
    }

    #[test]
    fn a_linux_package() {
        let host = package()
            .file("/opt/gitlab/embedded/nodes/old.json", "{}")
            .file("/opt/gitlab/embedded/nodes/new.json", "{}")
            .mtime("/opt/gitlab/embedded/nodes/new.json", 9)
            .file("/etc/systemd/system/gitlab-runsvdir.service", "")
            .file("/etc/systemd/system/gitlab-runner.service", "");
        let found = detect(&host);
        assert_eq!(found.kind, InstallationKind::LinuxPackage);
        assert_eq!(found.version.as_deref(), Some("17.11.2"));
        assert_eq!(found.edition.as_deref(), Some("ee"));
        assert_eq!(found.revision.as_deref(), Some("a1b2c3d4e5f"));
        assert_eq!(found.services, ["gitaly", "gitlab-runner", "nginx", "puma"]);
        assert_eq!(found.roles, ["rails", "web", "gitaly", "runner"]);
        assert_eq!(found.node_attributes.as_deref(), Some(Path::new("/opt/gitlab/embedded/nodes/new.json")));
        assert!(found.has_service("puma") && !found.has_service("redis"));
        assert!(found.has_role("rails") && !found.has_role("redis"));
    }

    #[test]
    fn the_package_in_a_container() {
        assert_eq!(detect(&package().file("/.dockerenv", "")).kind, InstallationKind::Container);
        let pod = package().file("/proc/1/cgroup", "0::/kubepods/burstable/pod1\n");
        assert_eq!(detect(&pod).kind, InstallationKind::Container);
        let machine = package().file("/proc/1/cgroup", "0::/init.scope\n");
        assert_eq!(detect(&machine).kind, InstallationKind::LinuxPackage);
    }

    #[test]
    fn a_source_install() {
        let host = Memory::default()
            .file("/home/git/gitlab/VERSION", "17.11.0-rc42\n")
            .file("/etc/systemd/system/gitlab-puma.service", "")
            .file("/etc/systemd/system/gitlab-workhorse.service", "")
            .file("/etc/systemd/system/gitlab-gitaly.service", "")
            .file("/etc/systemd/system/gitlab.target", "")
            .file("/lib/systemd/system/gitlab-sidekiq.service", "")
            .file("/lib/systemd/system/ssh.service", "");
        let found = detect(&host);
        assert_eq!(found.kind, InstallationKind::Source);
        assert_eq!((found.version.as_deref(), found.edition.as_deref()), (Some("17.11.0-rc42"), Some("ce")));
        assert_eq!(found.services, ["gitaly", "gitlab-workhorse", "puma", "sidekiq"]);
        assert_eq!(found.roles, ["rails", "web", "sidekiq", "gitaly"]);
    }

    #[test]
    fn no_gitlab() {
        assert_eq!(detect(&Memory::default()), Installation::default());
        let runner = detect(&Memory::default().file("/etc/systemd/system/gitlab-runner.service", ""));
        assert_eq!((runner.kind, runner.roles), (InstallationKind::None, vec!["runner".to_owned()]));
    }

    #[test]
    fn the_version_comes_from_what_is_there() {
        let manifest = r#"{"manifest_format":2,"software":{},"build_version":"16.3.4"}"#;
        let host = Memory::default().file("/opt/gitlab/version-manifest.json", manifest);
        assert_eq!(detect(&host).version.as_deref(), Some("16.3.4"));
        let host = host.file("/opt/gitlab/embedded/service/gitlab-rails/VERSION", "16.3.5-ee\n");
        assert_eq!(detect(&host).version.as_deref(), Some("16.3.5"));
    }

    #[test]
    fn odd_files_tell_nothing() {
        let host = Memory::default()
            .file("/opt/gitlab/version-manifest.txt", b"gitlab-ee \x1b[2J$(id)\n\xff\xfe")
            .file("/opt/gitlab/version-manifest.json", "[".repeat(100_000))
            .file("/opt/gitlab/embedded/service/gitlab-rails/VERSION", vec![b'1'; 100_000])
            .file("/opt/gitlab/embedded/service/gitlab-rails/REVISION", "../../etc")
            .link("/opt/gitlab/service/..x", "/a")
            .link("/opt/gitlab/service/a b", "/a")
            .other("/opt/gitlab/service/fifo");
        let found = detect(&host);
        assert_eq!((found.version, found.revision), (None, None));
        assert!(found.services.is_empty(), "{:?}", found.services);
    }

    #[test]
    fn what_may_not_be_read_is_there_all_the_same() {
        use super::super::Trouble;
        let host = Memory::default().fails("/opt/gitlab/version-manifest.txt", Trouble::Denied);
        assert_eq!(detect(&host).kind, InstallationKind::LinuxPackage);
        let closed = Memory::default().fails("/home/git", Trouble::Denied);
        assert_eq!(detect(&closed).kind, InstallationKind::None);
        let unit = closed.file("/lib/systemd/system/gitlab-puma.service", "");
        assert_eq!(detect(&unit).kind, InstallationKind::Source);
        let dead = Memory::default().fails("/home/git/gitlab/VERSION", Trouble::TimedOut);
        assert_eq!(detect(&dead).kind, InstallationKind::None);
    }
}
