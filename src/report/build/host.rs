//! Processes, services, versions, certificates.

use super::{
    super::{Section, Unit, Value},
    section, table,
};
use crate::index::Facts;

/// The busiest processes, and those with most memory.
pub(super) fn processes(facts: &Facts) -> Option<Section> {
    section("processes", "Processes", |section| {
        let columns = [
            ("pid", Unit::Count),
            ("user", Unit::Text),
            ("of a processor", Unit::Percent),
            ("memory", Unit::Bytes),
            ("command", Unit::Text),
        ];
        let row = |process: &&crate::index::host::Process| {
            vec![
                Value::Count(process.pid),
                Value::text(&process.user),
                Value::Percent(process.cpu),
                Value::Bytes(process.rss),
                Value::text(&process.command),
            ]
        };
        let mut all: Vec<_> = facts.host.processes.iter().collect();
        section.tables.push(table(
            "busiest",
            "Most processor time since their start",
            &columns,
            all.iter().map(row),
            15,
        ));
        all.sort_by_key(|process| (std::cmp::Reverse(process.rss), process.pid));
        section.tables.push(table("largest", "Most memory", &columns, all.iter().map(row), 15));
        let columns = [
            ("pid", Unit::Count),
            ("open files", Unit::Count),
            ("limit", Unit::Count),
            ("used", Unit::Percent),
            ("command", Unit::Text),
        ];
        let mut limits: Vec<_> = facts.host.limits.iter().collect();
        limits
            .sort_by(|a, b| b.used.unwrap_or(0.0).total_cmp(&a.used.unwrap_or(0.0)).then(a.pid.cmp(&b.pid)));
        let rows = limits.into_iter().map(|limit| {
            vec![
                Value::Count(limit.pid),
                Value::of(limit.files, Value::Count),
                Value::of(limit.soft, Value::Count),
                Value::of(limit.used, Value::Percent),
                Value::text(&limit.command),
            ]
        });
        section.tables.push(table("limits", "Open files of GitLab's processes", &columns, rows, 15));
    })
}

/// What runs and what does not.
pub(super) fn services(facts: &Facts) -> Option<Section> {
    section("services", "Services", |section| {
        let columns = [("service", Unit::Text), ("state", Unit::Text), ("for", Unit::Seconds)];
        let mut all: Vec<_> = facts.host.services.iter().collect();
        all.sort_by(|a, b| (a.up || !a.wanted, &a.name).cmp(&(b.up || !b.wanted, &b.name)));
        let rows = all.into_iter().map(|service| {
            let state = match (service.up, service.wanted) {
                (true, true) => "up",
                (true, false) => "up, wanted down",
                (false, true) => "down, wanted up",
                (false, false) => "down",
            };
            vec![
                Value::text(&service.name),
                Value::text(state),
                Value::of(service.seconds, |age| Value::Seconds(age as f64)),
            ]
        });
        section.tables.push(table("services", "GitLab's services", &columns, rows, 60));
        let units = facts.host.failed_units.iter().map(|unit| vec![Value::text(&unit.name)]);
        section.tables.push(table(
            "failed-units",
            "Units of systemd that failed",
            &[("unit", Unit::Text)],
            units,
            30,
        ));
    })
}

/// What is installed.
pub(super) fn versions(facts: &Facts) -> Option<Section> {
    section("versions", "Versions", |section| {
        let versions = &facts.host.versions;
        let gitlab = versions
            .gitlab
            .iter()
            .map(|version| vec![Value::text(&*version.place.entry), Value::text(&version.text)]);
        let columns = [("told by", Unit::Text), ("version", Unit::Text)];
        section.tables.push(table("gitlab", "GitLab", &columns, gitlab, 10));
        let rows =
            versions.components.iter().map(|(name, version)| vec![Value::text(name), Value::text(version)]);
        let columns = [("component", Unit::Text), ("version", Unit::Text)];
        let upgrades = facts.host.upgrades.iter().rev().map(|upgrade| {
            let stops: Vec<_> =
                upgrade.skipped().iter().map(|(major, minor)| format!("{major}.{minor}")).collect();
            vec![
                Value::text(&upgrade.at),
                Value::text(upgrade.from.as_deref().unwrap_or("")),
                Value::text(&upgrade.to),
                Value::text(stops.join(", ")),
            ]
        });
        let past =
            [("at", Unit::Text), ("from", Unit::Text), ("to", Unit::Text), ("stops skipped", Unit::Text)];
        section.tables.push(table("upgrades", "Upgrades", &past, upgrades, 20));
        section.tables.push(table("components-versions", "What comes with it", &columns, rows, 60));
    })
}

/// Until when certificates are valid.
pub(super) fn certificates(facts: &Facts) -> Option<Section> {
    section("certificates", "Certificates", |section| {
        let columns = [
            ("file", Unit::Text),
            ("of", Unit::Text),
            ("issued by", Unit::Text),
            ("from", Unit::Time),
            ("until", Unit::Time),
        ];
        let mut all: Vec<_> = facts.host.certificates.iter().collect();
        all.sort_by_key(|certificate| certificate.not_after);
        let rows = all.into_iter().map(|certificate| {
            vec![
                Value::text(format!("{}:{}", certificate.place.entry, certificate.place.line)),
                Value::text(&certificate.subject),
                Value::text(&certificate.issuer),
                Value::Time(certificate.not_before),
                Value::Time(certificate.not_after),
            ]
        });
        section.tables.push(table("certificates", "Below /etc/gitlab", &columns, rows, 50));
    })
}
