//! Kernel, clock and security modules.

use super::super::{
    docs::{Doc, Docs},
    place::{Place, Signal},
};

/// What is known of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct System {
    /// The kernel's taint, with its place.
    pub taint: Option<(u64, Place)>,
    /// Whether something keeps the clock right, as `timedatectl` or `chronyc` tell.
    pub synchronized: Option<(bool, Place)>,
    /// Seconds by which the clock is off, as `chronyc` tells.
    pub clock_off: Option<(f64, Place)>,
    /// Whether SELinux enforces its policy.
    pub enforcing: Option<bool>,
    /// What SELinux denied to GitLab's programs.
    pub denials: Signal,
    /// Processes that the kernel ended in this control group for want of memory.
    pub group_kills: Option<(u64, Place)>,
}

pub(super) fn read(docs: &Docs) -> System {
    let number = |doc: &Doc| doc.text.trim().parse().ok().map(|n| (n, doc.place(1, doc.text.trim())));
    System {
        taint: docs.any(&["tainted", "proc/sys/kernel/tainted"]).and_then(number),
        synchronized: synchronized(docs),
        clock_off: docs.get("time/chrony-tracking").and_then(off),
        enforcing: docs.get("getenforce").map(|doc| doc.text.trim() == "Enforcing"),
        denials: denials(docs),
        group_kills: docs.get("sys/fs/cgroup/memory.events").and_then(|doc| {
            let (line, text) = doc.line_with("oom_kill ")?;
            Some((doc.value("oom_kill")?.parse().ok()?, doc.place(line, text)))
        }),
    }
}

fn synchronized(docs: &Docs) -> Option<(bool, Place)> {
    if let Some(doc) = docs.get("timedatectl") {
        // systemd 239 and later; before that `NTP synchronized`.
        for name in ["System clock synchronized", "NTP synchronized"] {
            if let (Some(value), Some((line, text))) = (doc.value(name), doc.line_with(name)) {
                return Some((value == "yes", doc.place(line, text)));
            }
        }
    }
    let doc = docs.get("time/chrony-tracking")?;
    let (line, text) = doc.line_with("Leap status")?;
    Some((!text.contains("Not synchronised"), doc.place(line, text)))
}

/// `System time     : 0.000001234 seconds slow of NTP time`.
fn off(doc: &Doc) -> Option<(f64, Place)> {
    let (line, text) = doc.line_with("System time")?;
    let seconds: f64 = text.split_once(':')?.1.split_ascii_whitespace().next()?.parse().ok()?;
    let off = if text.contains("slow") { -seconds } else { seconds };
    off.is_finite().then(|| (off, doc.place(line, text)))
}

/// Of `ausearch`: only what is GitLab's.
fn denials(docs: &Docs) -> Signal {
    let mut signal = Signal::default();
    if let Some(doc) = docs.get("security/selinux-denials") {
        for (number, line) in doc.lines().filter(|(_, line)| line.contains("avc:  denied")) {
            if line.contains("gitlab") {
                signal.add(None, || doc.place(number, line));
            }
        }
    }
    signal
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn the_clocks_of_timedatectl_and_chrony() {
        let chrony = "Reference ID    : 00000000 ()\nSystem time     : 3.500000000 seconds slow of NTP time\nLeap status     : Not synchronised\n";
        let told = read(&docs(&[("time/chrony-tracking", chrony)]));
        assert!(!told.synchronized.unwrap().0);
        assert_eq!(told.clock_off.unwrap().0, -3.5);
        let timedatectl = "      Local time: x\nSystem clock synchronized: yes\n";
        assert!(read(&docs(&[("timedatectl", timedatectl)])).synchronized.unwrap().0);
    }

    #[test]
    fn taint_kills_and_denials() {
        let events = "low 0\noom 3\noom_kill 2\noom_group_kill 0\n";
        let audit = "type=AVC msg=audit(x): avc:  denied { read } comm=\"nginx\" path=\"/var/opt/gitlab/x\"\ntype=AVC msg=audit(x): avc:  denied { read } comm=\"cupsd\"\n";
        let told = read(&docs(&[
            ("tainted", "4096\n"),
            ("sys/fs/cgroup/memory.events", events),
            ("security/selinux-denials", audit),
            ("getenforce", "Enforcing\n"),
        ]));
        assert_eq!(told.taint.unwrap().0, 4096);
        assert_eq!(told.group_kills.unwrap().0, 2);
        assert_eq!((told.denials.count, told.enforcing), (1, Some(true)));
    }
}
