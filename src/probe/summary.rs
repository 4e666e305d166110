//! `host-summary`: what this host is, on one screen.

use std::{collections::BTreeSet, path::Path, time::Duration};

use super::{
    page::{Page, Sink},
    proc::{
        cgroup,
        fields::Fields,
        number,
        pressure::{Pressure, Stall},
        process::pids,
        stat::Stat,
        text, word,
    },
    sample::uptime,
    table::{percent, size},
};
use crate::{
    host::{Error, Flow, Host},
    units::show_duration,
};

/// Tells what the host is.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut page = Page::new(sink);
    system(host, &mut page);
    cpus(host, &mut page);
    load(host, &mut page);
    memory(host, &mut page);
    limits(host, &mut page);
    temperatures(host, &mut page);
    page.end("host-summary")
}

fn system(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Host");
    page.read("hostname", word(host, "/proc/sys/kernel/hostname"));
    let release = text(host, "/etc/os-release").or_else(|_| text(host, "/usr/lib/os-release"));
    match release {
        Ok(text) => {
            let fields = Fields::assignments(&text);
            page.maybe("system", fields.get("PRETTY_NAME").or_else(|| fields.get("NAME")));
        }
        Err(error) => page.closed("system", error),
    }
    page.read("kernel", word(host, "/proc/sys/kernel/osrelease"));
    page.read("kernel build", word(host, "/proc/sys/kernel/version"));
    page.maybe("architecture", architecture(host));
    page.maybe("machine", machine(host));
    page.maybe("container", container(host));
    page.maybe("time zone", zone(host));
    match number::<u64>(host, "/proc/sys/kernel/tainted") {
        Some(0) => page.fact("kernel taint", "none"),
        Some(bits) => page.fact("kernel taint", format!("{bits}: {}", taints(bits))),
        None => page.maybe("kernel taint", None::<&str>),
    }
}

fn architecture(host: &dyn Host) -> Option<String> {
    // Since Linux 6.1; before, the CPU tells.
    if let Ok(arch) = word(host, "/proc/sys/kernel/arch") {
        return Some(arch);
    }
    let info = Fields::colons(&text(host, "/proc/cpuinfo").ok()?);
    if info.get("flags")?.split(' ').any(|flag| flag == "lm") { Some("x86_64".to_owned()) } else { None }
}

/// Maker and model, and whether the CPU knows of a hypervisor.
fn machine(host: &dyn Host) -> Option<String> {
    let mut parts: Vec<String> = ["sys_vendor", "product_name"]
        .iter()
        .filter_map(|name| word(host, format!("/sys/class/dmi/id/{name}")).ok())
        .collect();
    if let Ok(kind) = word(host, "/sys/hypervisor/type") {
        parts.push(format!("({kind})"));
    }
    let info = text(host, "/proc/cpuinfo").map(|text| Fields::colons(&text)).unwrap_or_default();
    if let Some(flags) = info.get("flags") {
        let is_guest = flags.split(' ').any(|flag| flag == "hypervisor");
        parts.push(if is_guest { "[virtual machine]" } else { "[no hypervisor seen]" }.to_owned());
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn container(host: &dyn Host) -> Option<String> {
    let mut hints: BTreeSet<String> = ["/.dockerenv", "/run/.containerenv"]
        .iter()
        .filter(|path| host.exists(Path::new(path)))
        .map(|path| (*path).to_owned())
        .collect();
    if host.exists(Path::new("/var/run/secrets/kubernetes.io")) {
        hints.insert("Kubernetes service account".to_owned());
    }
    if let Ok(text) = text(host, "/proc/1/cgroup") {
        for word in ["docker", "kubepods", "containerd", "libpod", "lxc"] {
            if text.contains(word) {
                hints.insert(format!("/proc/1/cgroup names {word}"));
            }
        }
    }
    (!hints.is_empty()).then(|| hints.into_iter().collect::<Vec<_>>().join(", "))
}

/// The name of the time zone.
pub(super) fn zone(host: &dyn Host) -> Option<String> {
    let linked = host
        .read_link(Path::new("/etc/localtime"))
        .ok()
        .and_then(|path| path.to_str()?.split_once("zoneinfo/").map(|(_, name)| name.to_owned()));
    linked.or_else(|| word(host, "/etc/timezone").ok())
}

/// The flags of Documentation/admin-guide/tainted-kernels.rst.
fn taints(bits: u64) -> String {
    const FLAGS: [&str; 20] = [
        "P proprietary module",
        "F module was force-loaded",
        "S out of specification",
        "R module was force-unloaded",
        "M machine check",
        "B bad page",
        "U set by a user",
        "D kernel died (oops)",
        "A ACPI table overridden",
        "W warning",
        "C staging driver",
        "I firmware bug worked around",
        "O module from outside the tree",
        "E unsigned module",
        "L soft lockup",
        "K live patched",
        "X set by the distribution",
        "T randomised structures",
        "N in-kernel test",
        "J firmware debugging",
    ];
    let mut known: Vec<String> = FLAGS
        .iter()
        .enumerate()
        .filter(|(bit, _)| bits >> bit & 1 == 1)
        .map(|(_, flag)| (*flag).to_owned())
        .collect();
    let others = bits >> FLAGS.len();
    if others > 0 {
        known.push(format!("others ({:#x})", others << FLAGS.len()));
    }
    known.join(", ")
}

fn cpus(host: &dyn Host, page: &mut Page<'_>) {
    page.section("CPUs");
    match text(host, "/proc/cpuinfo") {
        Ok(text) => {
            let model = Fields::colons(&text);
            page.maybe("model", model.get("model name").or_else(|| model.get("Model")));
            page.maybe("CPUs", counted(&text));
        }
        Err(error) => page.closed("model", error),
    }
    page.maybe("online", word(host, "/sys/devices/system/cpu/online").ok());
}

/// Logical CPUs, and sockets and cores where the kernel tells them.
fn counted(text: &str) -> Option<String> {
    let (mut logical, mut sockets, mut cores) = (0, BTreeSet::new(), BTreeSet::new());
    for one in text.split("\n\n") {
        let fields = Fields::colons(one);
        if fields.get("processor").is_none() {
            continue;
        }
        logical += 1;
        if let Some(socket) = fields.get("physical id") {
            sockets.insert(socket.to_owned());
            cores.extend(fields.get("core id").map(|core| (socket.to_owned(), core.to_owned())));
        }
    }
    if logical == 0 {
        return None;
    }
    if cores.is_empty() {
        return Some(logical.to_string());
    }
    Some(format!("{logical} ({} sockets, {} cores)", sockets.len(), cores.len()))
}

fn load(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Load");
    match word(host, "/proc/loadavg") {
        Ok(line) => {
            let words: Vec<&str> = line.split_whitespace().collect();
            page.fact("load (1, 5, 15 min)", words.get(..3).unwrap_or(&words).join(" "));
            page.maybe("threads running/all", words.get(3));
        }
        Err(error) => page.closed("load (1, 5, 15 min)", error),
    }
    page.maybe("processes", pids(host).ok().filter(|pids| !pids.is_empty()).map(|pids| pids.len()));
    page.maybe("up for", uptime(host).map(|up| show_duration(Duration::from_secs_f64(up.min(1e10)))));
    let stat = text(host, "/proc/stat").ok().and_then(|text| Stat::parse(&text));
    let boot = stat.as_ref().and_then(|stat| jiff::Timestamp::from_second(stat.boot?).ok());
    page.maybe("booted", boot.map(|boot| boot.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()));
    if let Some(stat) = stat {
        page.maybe(
            "CPU since boot",
            stat.all.since(&Default::default()).busy().map(|b| format!("{b:.1} % busy")),
        );
    }
    for (name, file) in [("cpu", "cpu"), ("memory", "memory"), ("I/O", "io")] {
        let pressure = text(host, format!("/proc/pressure/{file}")).map(|text| Pressure::parse(&text));
        let shown = pressure.ok().and_then(|pressure| pressed(&pressure));
        page.maybe(&format!("waiting for {name}"), shown);
    }
}

/// Shares of time in which tasks waited.
fn pressed(pressure: &Pressure) -> Option<String> {
    let show = |stall: &Stall| {
        let [ten, sixty, three_hundred] = stall.averages;
        format!("{ten:.2} {sixty:.2} {three_hundred:.2}")
    };
    let some = pressure.some.as_ref()?;
    let full = pressure.full.as_ref().map_or_else(|| "-".to_owned(), show);
    Some(format!("some {}, full {full} (% of 10, 60, 300 s)", show(some)))
}

fn memory(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Memory");
    let info = match text(host, "/proc/meminfo") {
        Ok(text) => Fields::parse(&text),
        Err(error) => return page.closed("total", error),
    };
    let total = info.bytes("MemTotal");
    page.maybe("total", total.map(size));
    let available = info.bytes("MemAvailable");
    page.maybe("available", available.map(|bytes| share(bytes, total.unwrap_or(0))));
    let swap = info.bytes("SwapTotal");
    page.maybe("swap", swap.map(size));
    let used = swap.zip(info.bytes("SwapFree")).map(|(total, free)| total.saturating_sub(free));
    page.maybe("swap used", used.map(|bytes| share(bytes, swap.unwrap_or(0))));
    let kills = text(host, "/proc/vmstat").ok().and_then(|text| Fields::parse(&text).number("oom_kill"));
    page.maybe("OOM kills since boot", kills);
}

fn share(part: u64, whole: u64) -> String {
    match percent(part, whole) {
        Some(percent) => format!("{} ({percent} %)", size(part)),
        None => size(part),
    }
}

fn limits(host: &dyn Host, page: &mut Page<'_>) {
    let chain = cgroup::own(host);
    let Some(own) = chain.first() else { return limits_v1(host, page) };
    page.section("Limits of our own control group and those above it");
    page.fact("group", cgroup::name(own));
    let memory = cgroup::tightest_memory(host, &chain)
        .map(|(bytes, folder)| format!("{} (set on {})", size(bytes), cgroup::name(&folder)));
    page.fact("memory", memory.unwrap_or_else(|| "no limit".to_owned()));
    page.maybe("memory used", number::<u64>(host, own.join("memory.current")).map(size));
    let cpu = cgroup::tightest_cpu(host, &chain)
        .map(|(cpus, folder)| format!("{cpus:.2} CPUs (set on {})", cgroup::name(&folder)));
    page.fact("CPU", cpu.unwrap_or_else(|| "no limit".to_owned()));
    if let Some(events) = cgroup::fields(host, own, "memory.events") {
        let shown = ["high", "max", "oom", "oom_kill"]
            .iter()
            .filter_map(|name| Some(format!("{name} {}", events.number(name)?)))
            .collect::<Vec<_>>();
        page.fact("memory events", shown.join(", "));
    }
    if let Some(stat) = cgroup::fields(host, own, "cpu.stat")
        && let Some(throttled) = stat.number("nr_throttled")
    {
        page.fact("throttled periods", format!("{throttled} of {}", stat.number("nr_periods").unwrap_or(0)));
    }
}

/// Version 1, as a container sees it: its own group is the root of what is mounted.
fn limits_v1(host: &dyn Host, page: &mut Page<'_>) {
    /// The kernel's word for no limit is the greatest multiple of a page.
    const NONE: u64 = 1 << 62;
    page.section("Limits of the control group (version 1)");
    let folder = Path::new(cgroup::ROOT);
    if let Some(bytes) = number::<u64>(host, folder.join("memory/memory.limit_in_bytes")) {
        page.fact("memory", if bytes > NONE { "no limit".to_owned() } else { size(bytes) });
        let used = number::<u64>(host, folder.join("memory/memory.usage_in_bytes"));
        page.maybe("memory used", used.map(size));
        page.maybe("limit reached", number::<u64>(host, folder.join("memory/memory.failcnt")));
    }
    let quota = number::<i64>(host, folder.join("cpu/cpu.cfs_quota_us"));
    let period = number::<i64>(host, folder.join("cpu/cpu.cfs_period_us"));
    if let Some((quota, period)) = quota.zip(period.filter(|period| *period > 0)) {
        let cpus = format!("{:.2} CPUs", quota as f64 / period as f64);
        page.fact("CPU", if quota < 0 { "no limit".to_owned() } else { cpus });
    }
}

/// The hottest of each sensor chip, where the machine has any.
fn temperatures(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Temperatures");
    for chip in host.list(Path::new("/sys/class/hwmon")).unwrap_or_default().iter().take(64) {
        let folder = Path::new("/sys/class/hwmon").join(&chip.name);
        let hottest = host
            .list(&folder)
            .unwrap_or_default()
            .iter()
            .filter_map(|listed| listed.name.to_str())
            .filter(|name| name.starts_with("temp") && name.ends_with("_input"))
            .filter_map(|name| number::<i64>(host, folder.join(name)))
            .max();
        if let Some(hottest) = hottest {
            let name = word(host, folder.join("name")).unwrap_or_else(|_| "sensor".to_owned());
            page.fact(&name, format!("{:.1} °C", hottest as f64 / 1000.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taints_by_letter() {
        assert_eq!(taints(1 << 12 | 1), "P proprietary module, O module from outside the tree");
        assert_eq!(taints(1 << 40), "others (0x10000000000)");
    }

    #[test]
    fn cpus_with_and_without_a_topology() {
        assert_eq!(counted("processor : 0\n\nprocessor : 1\n").as_deref(), Some("2"));
        let text = "processor: 0\nphysical id: 0\ncore id: 0\n\nprocessor: 1\nphysical id: 0\ncore id: 0\n";
        assert_eq!(counted(text).as_deref(), Some("2 (1 sockets, 1 cores)"));
        assert_eq!(counted("Hardware: x\n"), None);
    }
}
