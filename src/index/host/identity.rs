//! Who a host is, in the few words that stand at the top of a report.

use super::super::docs::Docs;

/// What is known of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Identity {
    /// The host's name.
    pub name: Option<String>,
    /// The distribution.
    pub system: Option<String>,
    /// The kernel's release.
    pub kernel: Option<String>,
    /// Processors.
    pub cpus: Option<u64>,
    /// The processor's model.
    pub model: Option<String>,
    /// What it runs on, if that is virtual.
    pub virtual_machine: Option<String>,
    /// The clock's zone.
    pub zone: Option<String>,
    /// Since when it runs, in seconds.
    pub uptime: Option<f64>,
    /// Load of 1, 5 and 15 minutes.
    pub load: Option<[f64; 3]>,
}

/// Of the probes, or of the commands that gitlabsos runs.
pub(super) fn read(docs: &Docs) -> Identity {
    let summary = docs.get("system/host-summary");
    let told = |name: &str| {
        let value = summary?.value(name)?;
        (value != "-").then(|| value.to_owned())
    };
    let first = |name: &str| docs.get(name).and_then(|doc| doc.text.lines().next()).map(str::trim);
    let uname = first("uname").map(|line| line.split(' ').collect::<Vec<_>>()).unwrap_or_default();
    let count = |text: String| text.split(' ').next()?.parse().ok();
    Identity {
        name: first("hostname")
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .or_else(|| told("hostname"))
            .or_else(|| uname.get(1).map(|name| (*name).to_owned())),
        system: told("system").or_else(|| {
            let release = docs.get("etc/os-release")?;
            let (_, line) = release.line_with("PRETTY_NAME=")?;
            Some(line.trim_start_matches("PRETTY_NAME=").trim_matches('"').to_owned())
        }),
        kernel: told("kernel").or_else(|| uname.get(2).map(|release| (*release).to_owned())),
        cpus: told("CPUs").and_then(count).or_else(|| {
            let told = docs.get("lscpu").and_then(|doc| doc.value("CPU(s)")?.parse().ok());
            told.or_else(|| {
                let lines = docs.get("cpuinfo")?.lines();
                Some(lines.filter(|(_, line)| line.starts_with("processor")).count() as u64)
                    .filter(|n| *n > 0)
            })
        }),
        model: told("model").or_else(|| docs.get("lscpu")?.value("Model name").map(str::to_owned)),
        virtual_machine: first("systemd_detect_virt").map(str::to_owned).or_else(|| told("machine")),
        zone: told("time zone").or_else(|| first("etc/timezone").map(str::to_owned)),
        uptime: docs.get("time/clock").and_then(|doc| doc.value("up for, in seconds")?.parse().ok()),
        load: load(told("load (1, 5, 15 min)").as_deref(), first("uptime")),
    }
}

/// `7.41 5.20 3.11`, or the end of `uptime`'s line.
fn load(told: Option<&str>, uptime: Option<&str>) -> Option<[f64; 3]> {
    let text = told.or_else(|| uptime?.split_once("load average: ").map(|(_, rest)| rest))?;
    let mut numbers = text.split([' ', ',']).filter(|word| !word.is_empty()).map(|word| word.parse().ok());
    Some([numbers.next()??, numbers.next()??, numbers.next()??])
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn probes_and_commands_tell_the_same() {
        let summary = "# Host\nhostname                   gitlab\nsystem                     Debian 12\nkernel                     6.1.0\n\n# CPUs\nmodel                      AMD\nCPUs                       4 (1 sockets, 2 cores)\nload (1, 5, 15 min)        7.41 5.20 3.11\n";
        let native = read(&docs(&[("system/host-summary", summary)]));
        let commands = read(&docs(&[
            ("hostname", "gitlab\n"),
            ("uname", "Linux gitlab 6.1.0 #1 SMP x86_64 GNU/Linux\n"),
            ("etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian 12\"\n"),
            ("lscpu", "CPU(s):   4\nModel name:  AMD\n"),
            ("uptime", " 13:54:02 up 16 min,  0 user,  load average: 7.41, 5.20, 3.11\n"),
        ]));
        assert_eq!(native, commands);
        assert_eq!(native.load, Some([7.41, 5.2, 3.11]));
        assert_eq!((native.cpus, native.name.as_deref()), (Some(4), Some("gitlab")));
    }
}
