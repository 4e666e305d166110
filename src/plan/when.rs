//! Conditions of collectors and sources, held against this host.

use crate::{
    catalog::When,
    host::{Host, installation::Installation},
};

/// Why the condition does not hold, or nothing if it does.
pub(super) fn unmet(when: &When, host: &dyn Host, installation: &Installation) -> Option<String> {
    if !when.any_path.is_empty() && !when.any_path.iter().any(|path| host.exists(path)) {
        let paths: Vec<_> = when.any_path.iter().map(|path| path.display().to_string()).collect();
        return Some(format!("not there: {}", paths.join(", ")));
    }
    if let Some(path) = when.all_paths.iter().find(|path| !host.exists(path)) {
        return Some(format!("not there: {}", path.display()));
    }
    if !when.service.is_empty() && !when.service.iter().any(|name| installation.has_service(name)) {
        return Some(format!("not enabled on this node: {}", when.service.join(", ")));
    }
    if !when.role.is_empty() && !when.role.iter().any(|name| installation.has_role(name)) {
        return Some(format!("this node has no such role: {}", when.role.join(", ")));
    }
    None
}
