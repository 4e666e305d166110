//! `clock`: what the clocks of the host say, and whether something keeps them right.

use std::path::Path;

use jiff::Timestamp;

use super::{
    page::{Page, Sink},
    proc::{number, stat::Stat, text, word},
    sample::uptime,
    summary::zone,
};
use crate::host::{Error, Flow, Host};

const SOURCES: &str = "/sys/devices/system/clocksource/clocksource0";
/// Files whose time of change tells when a service last set the clock or looked at it.
const KEEPERS: &[(&str, &str)] = &[
    ("systemd-timesyncd synced", "/run/systemd/timesync/synchronized"),
    ("systemd-timesyncd's clock", "/var/lib/systemd/timesync/clock"),
    ("chrony's drift", "/var/lib/chrony/drift"),
    ("chrony's drift", "/var/lib/chrony/chrony.drift"),
    ("ntpd's drift", "/var/lib/ntp/ntp.drift"),
    ("ntpsec's drift", "/var/lib/ntpsec/ntp.drift"),
];

/// Tells what the clocks say.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut page = Page::new(sink);
    let now = host.now();
    page.section(format!("Clocks (now: {})", show(now)));
    page.maybe("time zone", zone(host));
    let up = uptime(host);
    page.maybe("up for, in seconds", up.map(|up| format!("{up:.2}")));
    let stat = text(host, "/proc/stat").ok().and_then(|text| Stat::parse(&text));
    let boot = stat.and_then(|stat| Timestamp::from_second(stat.boot?).ok());
    page.maybe("booted", boot.map(show));
    if let Some((up, boot)) = up.zip(boot) {
        // The kernel moves the time of boot with each step of the clock, so these agree but for rounding.
        let off = now.duration_since(boot).as_secs_f64() - up;
        page.fact("now - boot - up", format!("{off:+.1} s"));
    }
    let hardware = number::<i64>(host, "/sys/class/rtc/rtc0/since_epoch");
    let hardware = hardware.and_then(|seconds| Timestamp::from_second(seconds).ok());
    page.maybe("hardware clock", hardware.map(show));
    if let Some(hardware) = hardware {
        page.fact("hardware clock - now", format!("{:+.0} s", hardware.duration_since(now).as_secs_f64()));
    }
    page.read("clock source", word(host, format!("{SOURCES}/current_clocksource")));
    page.read("available", word(host, format!("{SOURCES}/available_clocksource")));
    page.section("What keeps the clock right");
    for (name, path) in KEEPERS {
        if let Ok(stat) = host.stat(Path::new(path)) {
            page.fact(name, format!("{} ({path})", show(stat.mtime)));
        }
    }
    page.end("clock")
}

fn show(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
