//! Control groups, version 2: which is ours, and what limits it, its parents' limits included.

use std::path::{Path, PathBuf};

use super::{fields::Fields, number, text, word};
use crate::host::Host;

/// Where version 2 is mounted.
pub(crate) const ROOT: &str = "/sys/fs/cgroup";

/// Our own group's folder and its parents', innermost first. Empty without version 2.
pub(crate) fn own(host: &dyn Host) -> Vec<PathBuf> {
    let Ok(text) = text(host, "/proc/self/cgroup") else { return Vec::new() };
    let Some(path) = text.lines().find_map(|line| line.strip_prefix("0::")) else { return Vec::new() };
    if !host.exists(&Path::new(ROOT).join("cgroup.controllers")) {
        return Vec::new();
    }
    chain(path)
}

/// A group's folder and its parents'. From inside a namespace a group beyond it begins with `/..`:
/// then only the namespace's root is known.
pub(crate) fn chain(path: &str) -> Vec<PathBuf> {
    let root = Path::new(ROOT);
    if path.split('/').any(|part| part == "..") {
        return vec![root.to_owned()];
    }
    let whole = root.join(path.trim_matches('/'));
    whole.ancestors().take_while(|folder| folder.starts_with(root)).map(Path::to_owned).collect()
}

/// A folder's name within the hierarchy (`/system.slice/x.service`).
pub(crate) fn name(folder: &Path) -> String {
    match folder.strip_prefix(ROOT) {
        Ok(rest) if !rest.as_os_str().is_empty() => format!("/{}", rest.display()),
        _ => "/".to_owned(),
    }
}

/// Bytes; `None` where there is no limit.
pub(crate) fn memory_max(host: &dyn Host, folder: &Path) -> Option<u64> {
    number(host, folder.join("memory.max"))
}

/// CPUs; `None` where there is no limit.
pub(crate) fn cpu_max(host: &dyn Host, folder: &Path) -> Option<f64> {
    cpus(&word(host, folder.join("cpu.max")).ok()?)
}

/// `200000 100000` is two CPUs, `max 100000` no limit.
fn cpus(line: &str) -> Option<f64> {
    let mut words = line.split_whitespace();
    let quota: f64 = words.next()?.parse().ok()?;
    let period: f64 = words.next()?.parse().ok()?;
    (period > 0.0).then_some(quota / period)
}

/// The tightest memory limit of a chain, and whose it is.
pub(crate) fn tightest_memory(host: &dyn Host, chain: &[PathBuf]) -> Option<(u64, PathBuf)> {
    chain.iter().filter_map(|folder| Some((memory_max(host, folder)?, folder.clone()))).min_by_key(|m| m.0)
}

/// The tightest CPU limit of a chain, and whose it is.
pub(crate) fn tightest_cpu(host: &dyn Host, chain: &[PathBuf]) -> Option<(f64, PathBuf)> {
    chain
        .iter()
        .filter_map(|folder| Some((cpu_max(host, folder)?, folder.clone())))
        .min_by(|a, b| a.0.total_cmp(&b.0))
}

/// A file of names and values in a group (memory.events, cpu.stat), if it is there and says something.
pub(crate) fn fields(host: &dyn Host, folder: &Path, file: &str) -> Option<Fields> {
    let fields = Fields::parse(&text(host, folder.join(file)).ok()?);
    (!fields.is_empty()).then_some(fields)
}

/// Groups in which GitLab's processes run: the Linux package's unit, Gitaly's own groups, and ours.
pub(crate) fn of_interest(host: &dyn Host) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = own(host);
    folders.truncate(1);
    for name in ["system.slice", "system.slice/gitlab-runsvdir.service", "gitaly"] {
        let folder = Path::new(ROOT).join(name);
        if !folders.contains(&folder) && host.exists(&folder.join("cgroup.controllers")) {
            folders.push(folder);
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quota_over_period() {
        assert_eq!(cpus("150000 100000"), Some(1.5));
        assert_eq!(cpus("max 100000"), None);
        assert_eq!(cpus("1 0"), None);
        assert_eq!(cpus(""), None);
    }

    #[test]
    fn a_chain_ends_at_the_root_and_never_leaves_it() {
        let names = |path| chain(path).iter().map(|folder| name(folder)).collect::<Vec<_>>();
        assert_eq!(names("/a/b"), ["/a/b", "/a", "/"]);
        assert_eq!(names("/"), ["/"]);
        assert_eq!(names("/../../etc"), ["/"]);
    }
}
