//! Where GitLab's logs are besides /var/log/gitlab: the folders that the node attributes name.
//!
//! Only the attributes are believed, which root alone can write: a rendered file in a folder of `git`
//! could send the collection anywhere. Never lists or reads a log itself.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{Host, Kind, installation::Installation};

/// How a collector names all of these folders, at the beginning of a log's `path`.
pub const NAME: &str = "@gitlab-log-folders";

/// Where logs are unless somebody moved them.
const USUAL: &str = "/var/log/gitlab";
/// Longest file of node attributes.
const LONGEST: usize = 16 << 20;
/// More folders than GitLab has parts are no configuration.
const MOST: usize = 100;

/// Folders outside /var/log/gitlab in which GitLab's parts write their logs, sorted.
pub fn moved(host: &dyn Host, installation: &Installation) -> Vec<PathBuf> {
    let Some(path) = &installation.node_attributes else { return Vec::new() };
    let trusted = host.kind() != Kind::Live
        || host.stat(path).is_ok_and(|stat| stat.uid == 0 && stat.mode & 0o022 == 0);
    let attributes = trusted.then(|| host.read_secret(path, LONGEST).ok()).flatten();
    let Some(value) = attributes.and_then(|bytes| serde_json::from_slice(&bytes).ok()) else {
        return Vec::new();
    };
    let mut found = BTreeSet::new();
    gather(&value, "", &mut found);
    found.into_iter().take(MOST).collect()
}

/// Every `log_directory`, and `dir` below `logging` (Gitaly's and Praefect's).
fn gather(value: &Value, parent: &str, found: &mut BTreeSet<PathBuf>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let names_logs = key == "log_directory" || (parent == "logging" && key == "dir");
                match member.as_str() {
                    Some(path) if names_logs && is_moved(path) => {
                        found.insert(PathBuf::from(path));
                    }
                    _ => gather(member, key, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, parent, found)),
        _ => {}
    }
}

/// An absolute folder of its own, elsewhere, whose name is no pattern.
fn is_moved(path: &str) -> bool {
    let folder = Path::new(path);
    let clean = !path.contains(['*', '{', '}', '?', '[', '\\']) && !path.split('/').any(|part| part == "..");
    let shared = ["/var/log", "/var/opt/gitlab", "/opt/gitlab", "/etc/gitlab", "/home/git", "/var/lib"];
    folder.is_absolute()
        && clean
        && folder.components().count() > 2
        && !shared.iter().any(|other| folder == Path::new(other))
        && !folder.starts_with(USUAL)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{installation, memory::Memory},
        *,
    };

    fn moved_of(attributes: &str) -> Vec<PathBuf> {
        let host = Memory::default()
            .file("/opt/gitlab/version-manifest.txt", "gitlab-ee 17.11.2\n")
            .file("/opt/gitlab/embedded/nodes/n.json", attributes);
        moved(&host, &installation::detect(&host))
    }

    #[test]
    fn the_attributes_tell_where_logs_were_moved_to() {
        let attributes = r#"{"normal": {
            "gitlab": {"puma": {"log_directory": "/srv/logs/puma"}, "nginx": {"log_directory": "/var/log/gitlab/nginx"}},
            "gitaly": {"configuration": {"logging": {"dir": "/srv/gitaly-logs"}, "storage": [{"dir": "/srv/git"}]}}
        }}"#;
        assert_eq!(
            moved_of(attributes),
            [PathBuf::from("/srv/gitaly-logs"), PathBuf::from("/srv/logs/puma")]
        );
    }

    #[test]
    fn a_folder_that_holds_more_than_logs_is_not_swept() {
        for path in ["/", "/etc", "/var/log", "/home/git", "/srv/../etc/x", "relative/x", "/srv/*/x"] {
            let attributes = format!(r#"{{"puma": {{"log_directory": "{path}"}}}}"#);
            assert!(moved_of(&attributes).is_empty(), "{path}");
        }
        assert!(moved_of("{broken").is_empty());
    }
}
