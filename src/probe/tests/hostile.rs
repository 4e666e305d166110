//! Hosts whose files hold what no kernel writes: no probe panics, forges a line or runs away.

use super::{
    super::PROBES,
    host::{Direct, Paper},
    kernel::network_host,
};
use crate::host::{Flow, Space, Trouble};

/// A file for every reader.
fn everything() -> Paper {
    let space =
        Space { bytes: u64::MAX, bytes_free: u64::MAX, bytes_available: u64::MAX, inodes: 1, inodes_free: 2 };
    let mut host = network_host()
        .file("/proc/meminfo", "MemTotal: 10 kB\nMemAvailable: 5 kB\nCached: 1 kB\nBuffers: 1 kB\nSwapTotal: 4 kB\nSwapFree: 2 kB\n")
        .file("/proc/vmstat", "pswpin 1\npswpout 1\npgpgin 1\noom_kill 1\nallocstall_a 1\nallocstall_b 1\n")
        .file("/proc/diskstats", "8 0 sda 1 1 1 1 1 1 1 1 1 1 1\n")
        .file("/proc/pressure/io", "some avg10=1.00 avg60=2.00 avg300=3.00 total=5\nfull avg10=1.00 avg60=2.00 avg300=3.00 total=5\n")
        .file("/proc/self/mountinfo", "1 1 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /b rw - ext4 /dev/sdb rw\n")
        .file("/proc/self/mountstats", "device n:/g mounted on /m with fstype nfs4 statvers=1.1\n\tage:\t1\n\tbytes:\t1 1 1 1 1 1\n\txprt:\ttcp 1 1 1 1 1 1 1\n\tREAD: 1 1 1 1 1 1 1 1 1\n")
        .space("/", Ok(space))
        .space("/b", Err(Trouble::TimedOut))
        .file("/sys/block/sda/size", "1\n")
        .file("/sys/block/sda/sda1/size", "1\n")
        .file("/proc/interrupts", " CPU0 CPU1\n1: 1 1 x\n2: 1 1 y\n")
        .file("/proc/loadavg", "1 1 1 1/1 1\n")
        .file("/proc/cpuinfo", "processor : 0\nphysical id : 0\ncore id : 0\ncpu MHz : 1\nflags : lm hypervisor\n")
        .file("/sys/kernel/security/lsm", "apparmor\n")
        .file("/proc/self/cgroup", "0::/a\n")
        .file("/sys/fs/cgroup/cgroup.controllers", "x\n")
        .file("/sys/fs/cgroup/a/memory.max", "1\n")
        .file("/sys/fs/cgroup/a/cpu.max", "1 1\n")
        .file("/sys/fs/cgroup/a/cpu.stat", "usage_usec 1\nnr_periods 1\nnr_throttled 1\nthrottled_usec 1\n")
        .file("/sys/fs/cgroup/a/memory.stat", "anon 1\n")
        .file("/sys/fs/cgroup/a/memory.events", "oom 1\n")
        .file("/sys/class/hwmon/hwmon0/temp1_input", "1\n")
        .file("/sys/class/rtc/rtc0/since_epoch", "1\n")
        .file("/proc/sys/kernel/tainted", "1\n")
        .file("/proc/net/tcp", "0: 0100007F:1F90 00000000:0000 0A 0:1 0:0 0 1 0 777\n1: 0100007F:1F90 0100007F:1111 01 1:1 0:0 0 1 0 778\n")
        .file("/proc/net/udp", "0: 0100007F:1F90 00000000:0000 07 0:1 0:0 0 1 0 779 1 1 1\n")
        .file("/proc/net/unix", "0: 00000002 00000000 00010000 0001 01 900 /x\n")
        .file("/proc/40/io", "read_bytes: 1\nwrite_bytes: 1\n")
        .file("/proc/40/smaps_rollup", "Pss: 1 kB\nPrivate_Clean: 1 kB\nPrivate_Dirty: 1 kB\n")
        .file("/etc/gitlab/ssl/a.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
        .file("/opt/gitlab/version-manifest.txt", "gitlab-ee 18.9.1\n")
        .file("/opt/gitlab/embedded/nodes/n.json", "{\"normal\":{\"a\":1}}")
        .file("/opt/gitlab/embedded/service/gitlab-rails/db/migrate/20240301120000_add_a_b.rb", "class\n")
        .file("gitlab-psql", "a b\n20240301120000\n20240201120000\n")
        .file("/opt/gitlab/service/puma/supervise/stat", "run\n")
        .file("/opt/gitlab/service/puma/supervise/pid", "40\n")
        .file("/opt/gitlab/service/puma/supervise/status", "@@@@@@@@@@@@@@@@@@@@");
    for pid in 50..60 {
        host = host.file(
            &format!("/proc/{pid}/stat"),
            &format!("{pid} (p) S 1 1 1 0 -1 0 0 0 1 0 1 1 0 0 20 0 1 0 1 1 1 1\n"),
        );
        host = host.file(&format!("/proc/{pid}/status"), "Uid: 1 1 1 1\nThreads: 1\nVmRSS: 1 kB\n");
    }
    host
}

fn numbers(bytes: &[u8], becomes: &str) -> Vec<u8> {
    some_numbers(bytes, becomes, |_| true)
}

/// Numbers are counted in each line.
fn some_numbers(bytes: &[u8], becomes: &str, chosen: impl Fn(usize) -> bool) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut warped = String::new();
    let (mut in_number, mut nth) = (false, 0);
    for c in text.chars() {
        if c == '\n' {
            nth = 0;
        }
        if c.is_ascii_digit() && !in_number {
            nth += 1;
            if chosen(nth) {
                warped.push_str(becomes);
            }
        }
        if !c.is_ascii_digit() || !chosen(nth) {
            warped.push(c);
        }
        in_number = c.is_ascii_digit();
    }
    warped.into_bytes()
}

type Warp = fn(&[u8]) -> Vec<u8>;

const WARPS: &[(&str, Warp)] = &[
    ("nothing", |_| Vec::new()),
    ("half", |bytes| bytes[..bytes.len() / 2].to_vec()),
    ("no line ends", |bytes| bytes.iter().copied().filter(|&b| b != b'\n').collect()),
    ("greatest numbers", |bytes| numbers(bytes, "18446744073709551615")),
    ("half of the greatest numbers", |bytes| numbers(bytes, "9223372036854775807")),
    ("greater numbers", |bytes| numbers(bytes, "99999999999999999999999")),
    ("negative numbers", |bytes| numbers(bytes, "-1")),
    ("floats", |bytes| numbers(bytes, "1e308")),
    ("no numbers", |bytes| numbers(bytes, "NaN")),
    ("control characters", |bytes| {
        bytes.iter().flat_map(|&b| if b == b' ' { vec![0x1b, b' ', 7] } else { vec![b] }).collect()
    }),
    ("not UTF-8", |bytes| {
        bytes.iter().map(|&b| if b.is_ascii_alphabetic() { b | 0x80 } else { b }).collect()
    }),
    ("wide characters", |bytes| String::from_utf8_lossy(bytes).replace(' ', "\u{2003}ü ").into_bytes()),
];

fn survives(host: &Paper, how: &str) {
    for probe in PROBES {
        let mut text = Vec::new();
        let mut sink = |bytes: &[u8]| {
            text.extend_from_slice(bytes);
            Flow::Go
        };
        let _ = (probe.run)(host, &mut sink);
        let text = String::from_utf8(text).unwrap();
        assert!(
            !text.chars().any(|c| c.is_control() && c != '\n'),
            "{} sends control characters of {how}:\n{text}",
            probe.name
        );
    }
}

#[test]
fn the_host_that_is_warped_is_told_whole_when_it_is_not() {
    for probe in PROBES {
        let mut sink = |_: &[u8]| Flow::Go;
        let told = (probe.run)(&everything(), &mut sink);
        assert!(told.is_ok(), "{}: {told:?}", probe.name);
    }
}

#[test]
fn malformed_files_are_survived_from_the_start() {
    for (how, warp) in WARPS {
        survives(&everything().warped(warp).after(1), how);
    }
}

#[test]
fn counters_that_jump_and_fall_back_are_survived() {
    for (how, warp) in WARPS {
        survives(&everything().warped(warp).running(4), how);
    }
}

#[test]
fn one_absurd_number_in_a_line_is_survived() {
    for becomes in ["18446744073709551615", "9223372036854775807", "4294967295", "0"] {
        for nth in 1..25 {
            let warp = |bytes: &[u8]| some_numbers(bytes, becomes, |n| n == nth);
            survives(&everything().warped(warp).after(1), becomes);
            survives(&everything().warped(warp).running(4), becomes);
        }
    }
}

#[test]
fn a_host_that_refuses_or_never_answers_is_survived() {
    for trouble in [Trouble::Denied, Trouble::TimedOut, Trouble::Stopped, Trouble::TooLarge] {
        survives(&everything().refusing(trouble), "a refusal");
    }
}

#[test]
fn a_process_can_not_forge_a_line() {
    let host = Paper::new()
        .file("/proc/7/stat", "7 (x\n1 root) S 1 7 7 0 -1 0 0 0 1 0 1 1 0 0 20 0 1 0 1 1 1 1\n")
        .file("/proc/7/cmdline", "a\nPID 1\r\x1b[2J\0b");
    let text = super::output("processes", &host).unwrap();
    assert!(text.contains("a\\nPID 1\\r\\x1b[2J b\n"), "{text}");
    assert!(text.contains("x\\n1 root"), "{text}");
}

#[test]
fn a_stopped_sink_gets_no_second_piece_from_any_probe() {
    for probe in PROBES {
        let mut calls = 0;
        let mut sink = |_: &[u8]| {
            calls += 1;
            Flow::Stop
        };
        let _ = (probe.run)(&Direct, &mut sink);
        assert!(calls <= 1, "{} went on", probe.name);
    }
}
