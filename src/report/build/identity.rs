//! The few lines that tell who a host is; the same for every node, so that nodes can stand side by side.

use super::{
    super::{Fact, Value},
    fact,
};
use crate::index::Facts;

/// What the host is called; the file's name where nothing tells.
pub(in crate::report) fn name(facts: &Facts) -> String {
    let run = facts.manifest.as_ref().map(|manifest| manifest.run.host.as_str());
    let told = run.filter(|name| !name.is_empty()).or(facts.host.identity.name.as_deref());
    let file = facts.file.rsplit('/').next().unwrap_or(&facts.file);
    told.unwrap_or(file).to_owned()
}

/// The lines.
pub(in crate::report) fn identity(facts: &Facts) -> Vec<Fact> {
    let host = &facts.host.identity;
    let installed = |name: &str| {
        let told = facts.manifest.as_ref()?.run.installation.iter().find(|(key, _)| key.as_str() == name)?;
        Some(told.1.as_str().to_owned())
    };
    let version = facts.host.versions.gitlab.first().map(|version| version.text.clone());
    let load = host.load.map(|[one, five, fifteen]| format!("{one:.2} {five:.2} {fifteen:.2}"));
    let text = |value: Option<String>| Value::of(value, Value::Text);
    vec![
        fact("GitLab", text(version.or_else(|| installed("version")))),
        fact("edition", text(installed("edition"))),
        fact("installed as", text(installed("kind"))),
        fact("roles", text(installed("roles"))),
        fact("system", text(host.system.clone())),
        fact("kernel", text(host.kernel.clone())),
        fact("processors", Value::of(host.cpus, Value::Count)),
        fact("memory", Value::of(facts.host.memory.total, Value::Bytes)),
        fact("swap", Value::of(facts.host.memory.swap, Value::Bytes)),
        fact("machine", text(host.virtual_machine.clone())),
        fact("up for", Value::of(host.uptime, Value::Seconds)),
        fact("load", text(load)),
        fact("time zone", text(host.zone.clone())),
    ]
}
