//! `security`: what else may deny GitLab something: SELinux, AppArmor, seccomp, lockdown, FIPS.

use std::{collections::BTreeMap, path::Path};

use super::{
    page::{Page, Sink},
    proc::{fields::Fields, text, word},
};
use crate::host::{Error, Flow, Host};

/// More profiles than this are only counted.
const PROFILES: usize = 300;

/// Tells what modules and settings restrict programs.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut page = Page::new(sink);
    page.section("Security modules");
    page.read("active", word(host, "/sys/kernel/security/lsm"));
    page.maybe("lockdown", word(host, "/sys/kernel/security/lockdown").ok());
    selinux(host, &mut page);
    apparmor(host, &mut page);
    kernel(host, &mut page);
    for (heading, pid) in [("First process", "1"), ("This process", "self")] {
        page.section(heading);
        process(host, pid, &mut page);
    }
    page.end("security")
}

fn selinux(host: &dyn Host, page: &mut Page<'_>) {
    page.section("SELinux");
    if let Ok(enforce) = word(host, "/sys/fs/selinux/enforce") {
        page.fact("mode now", if enforce == "1" { "enforcing" } else { "permissive" });
        for name in ["policyvers", "mls", "deny_unknown", "reject_unknown"] {
            page.maybe(name, word(host, format!("/sys/fs/selinux/{name}")).ok());
        }
    }
    if let Ok(text) = text(host, "/etc/selinux/config") {
        let fields = Fields::assignments(&text);
        page.maybe("mode at boot", fields.get("SELINUX"));
        page.maybe("policy at boot", fields.get("SELINUXTYPE"));
    }
    if host.exists(Path::new("/usr/share/selinux/packages/gitlab")) {
        page.fact("modules of GitLab", "/usr/share/selinux/packages/gitlab is there");
    }
}

fn apparmor(host: &dyn Host, page: &mut Page<'_>) {
    page.section("AppArmor");
    if let Ok(enabled) = word(host, "/sys/module/apparmor/parameters/enabled") {
        page.fact("enabled", enabled);
    }
    let profiles = match text(host, "/sys/kernel/security/apparmor/profiles") {
        Ok(text) => text,
        Err(error) => {
            if error.trouble != crate::host::Trouble::Missing {
                page.closed("profiles", error);
            }
            return;
        }
    };
    // `/usr/sbin/cupsd (enforce)`
    let mut all: Vec<(&str, &str)> = profiles
        .lines()
        .filter_map(|line| line.strip_suffix(')')?.rsplit_once(" ("))
        .map(|(name, mode)| (mode, name))
        .collect();
    all.sort_unstable();
    let mut modes: BTreeMap<&str, usize> = BTreeMap::new();
    for (mode, _) in &all {
        *modes.entry(mode).or_default() += 1;
    }
    for (mode, number) in modes {
        page.fact(&format!("profiles: {mode}"), number);
    }
    for (mode, name) in all.iter().take(PROFILES) {
        page.fact(mode, name);
    }
    if all.len() > PROFILES {
        page.note(format!("{} more are not shown", all.len() - PROFILES));
    }
}

fn kernel(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Settings of the kernel");
    for name in [
        "crypto/fips_enabled",
        "fs/protected_fifos",
        "fs/protected_hardlinks",
        "fs/protected_regular",
        "fs/protected_symlinks",
        "fs/suid_dumpable",
        "kernel/apparmor_restrict_unprivileged_userns",
        "kernel/dmesg_restrict",
        "kernel/kptr_restrict",
        "kernel/perf_event_paranoid",
        "kernel/randomize_va_space",
        "kernel/unprivileged_bpf_disabled",
        "kernel/yama/ptrace_scope",
        "user/max_user_namespaces",
    ] {
        page.maybe(&name.replace('/', "."), word(host, format!("/proc/sys/{name}")).ok());
    }
}

/// What restricts a process: of a container, all its processes.
fn process(host: &dyn Host, pid: &str, page: &mut Page<'_>) {
    let Ok(text) = text(host, format!("/proc/{pid}/status")) else { return };
    let status = Fields::parse(&text);
    let seccomp = status.get("Seccomp").map(|mode| match mode {
        "0" => "off".to_owned(),
        "1" => "strict".to_owned(),
        "2" => "filter".to_owned(),
        other => other.to_owned(),
    });
    page.maybe("seccomp", seccomp);
    page.maybe("no new privileges", status.get("NoNewPrivs"));
    page.maybe("capabilities in effect", status.get("CapEff"));
    page.maybe("capabilities at most", status.get("CapBnd"));
    page.maybe(
        "label",
        word(host, format!("/proc/{pid}/attr/current")).ok().map(|label| label.replace('\0', "")),
    );
}
