//! The host: disks, memory, kernel, limits, clock.

use super::{Case, Files, case, lines};
use crate::analyze::Severity::{Critical, Notice, Warning};

fn df(size: &str, left: &str, used: u32) -> Files {
    let head = "Filesystem Type Size Used Avail Use% Mounted on";
    vec![(
        "df_hT",
        format!("{head}\n/dev/vda ext4 {size} 1G {left} {used}% /\n/dev/l squashfs 1G 1G 0 100% /s\n"),
    )]
}

fn inodes(used: u32) -> Files {
    let head = "Filesystem Type Inodes IUsed IFree IUse% Mounted on";
    vec![("df_inodes", format!("{head}\n/dev/vda ext4 16 1 15 {used}% /\n"))]
}

fn meminfo(available: u64, swap_free: u64) -> Files {
    let text = format!(
        "MemTotal: 1000 kB\nMemAvailable: {available} kB\nSwapTotal: 1000 kB\nSwapFree: {swap_free} kB\n"
    );
    vec![("meminfo", text)]
}

fn pressure(name: &'static str, who: &str, long: &str) -> Files {
    vec![(name, format!("{who} avg10=0.00 avg60=0.00 avg300={long} total=1\n"))]
}

pub(super) fn taint(bits: &str) -> Files {
    vec![("tainted", format!("{bits}\n"))]
}

fn kernel(line: &str) -> Files {
    vec![("dmesg", format!("[Sun Mar  1 09:00:00 2026] Linux version\n[Sun Mar  1 09:01:00 2026] {line}\n"))]
}

fn swapped(rate: u32) -> Files {
    let head = "# From 2026-03-01T09:00:00Z (UTC)\ntime free si so";
    vec![("samples/sample-memory", format!("{head}\n09:00:01 10 {rate} 0\n09:00:02 10 {rate} 0\n"))]
}

fn limits(used: &str) -> Files {
    let head = "PID  USER  FILES  SOFT  HARD  USE%  THR  MAX PROC  STACK MiB  LOCKED  CORE  COMMAND";
    let row = format!("1201  git  950  1024  65536  {used}  4  63921  -  8.0  0.0  puma: cluster");
    vec![("processes/process-limits", format!("# x\n{head}\n{row}\n"))]
}

fn chrony(off: &str, leap: &str) -> Files {
    let text = format!("System time     : {off} seconds slow of NTP time\nLeap status     : {leap}\n");
    vec![("time/chrony-tracking", text)]
}

fn denials(program: &str) -> Files {
    let line = format!("type=AVC msg=audit(1): avc:  denied {{ read }} comm=\"{program}\"\n");
    vec![("getenforce", "Enforcing\n".to_owned()), ("security/selinux-denials", line)]
}

fn error(component: &'static str, message: &str) -> Files {
    vec![(
        component,
        lines(1, &format!(r#"{{"severity":"ERROR","time":"{{time}}Z","message":"{message}"}}"#)),
    )]
}

/// All that these analyzers look at, as it should be.
pub(super) fn well() -> Files {
    let mut files = df("252G", "67G", 27);
    files.extend(inodes(3));
    files.extend(meminfo(500, 1000));
    files.extend(pressure("pressure_mem.txt", "full", "0.10"));
    files.extend(pressure("pressure_io.txt", "full", "1.10"));
    files.extend(pressure("pressure_cpu.txt", "some", "12.10"));
    files.extend(taint("0"));
    files.extend(kernel("eth0: link up"));
    files.extend(swapped(0));
    files.extend(limits("12.0"));
    files.extend(chrony("0.000012", "Normal"));
    files.extend(denials("cupsd"));
    files
}

pub(super) fn cases() -> Vec<Case> {
    const APPLICATION: &str = "var/log/gitlab/gitlab-rails/application_json.log";
    vec![
        case("disk-full", Warning, df("252G", "20G", 92), df("2.0T", "200G", 92)),
        case("disk-full", Critical, df("100G", "3G", 97), df("252G", "30G", 89)),
        case("disk-full", Critical, df("9G", "900M", 90), df("10M", "0", 100)),
        case("inodes-full", Warning, inodes(90), inodes(89)),
        case(
            "no-space",
            Critical,
            error(APPLICATION, "No space left on device @ io_write"),
            error(APPLICATION, "no space"),
        ),
        case(
            "read-only",
            Critical,
            error(APPLICATION, "Read-only file system @ dir_s_mkdir"),
            error(APPLICATION, "read-only mode"),
        ),
        case(
            "disk-error",
            Critical,
            kernel("I/O error, dev sda, sector 12 op 0x0:(READ)"),
            kernel("EXT4-fs (vda): mounted filesystem"),
        ),
        case(
            "nfs-silent",
            Warning,
            kernel("nfs: server 10.20.4.20 not responding, still trying"),
            kernel("nfs: server 10.20.4.20 OK"),
        ),
        case(
            "oom",
            Critical,
            kernel("Out of memory: Killed process 1302 (bundle) total-vm:1kB"),
            kernel("oom_reaper: reaped process 1302"),
        ),
        case(
            "oom",
            Critical,
            vec![("sys/fs/cgroup/memory.events", "oom 1\noom_kill 1\n".to_owned())],
            vec![("sys/fs/cgroup/memory.events", "oom 1\noom_kill 0\n".to_owned())],
        ),
        case("memory-low", Warning, meminfo(99, 1000), meminfo(100, 1000)),
        case("memory-low", Critical, meminfo(39, 1000), meminfo(101, 1000)),
        case("swap-full", Warning, meminfo(500, 200), meminfo(500, 201)),
        case("swapping", Warning, swapped(1024), swapped(1023)),
        case(
            "pressure",
            Warning,
            pressure("pressure_mem.txt", "full", "5.00"),
            pressure("pressure_mem.txt", "some", "50.00"),
        ),
        case(
            "pressure",
            Critical,
            pressure("pressure_io.txt", "full", "50.00"),
            pressure("pressure_io.txt", "full", "19.90"),
        ),
        case(
            "pressure",
            Warning,
            pressure("pressure_cpu.txt", "some", "60.00"),
            pressure("pressure_cpu.txt", "some", "59.00"),
        ),
        case("kernel-taint", Notice, taint("1"), taint("0")),
        case("kernel-taint", Warning, taint("128"), taint("65536")),
        case(
            "hung-task",
            Warning,
            kernel("INFO: task git:123 blocked for more than 122 seconds."),
            kernel("task git"),
        ),
        case("segfault", Warning, kernel("git[12]: segfault at 0 ip 00"), kernel("no fault")),
        case("selinux", Warning, denials("gitlab-sshd"), denials("cupsd")),
        case(
            "open-files",
            Critical,
            error(APPLICATION, "Too many open files @ rb_sysopen"),
            error(APPLICATION, "files"),
        ),
        case("open-files", Warning, limits("80.0"), limits("79.9")),
        case(
            "processes",
            Critical,
            error(APPLICATION, "can't create Thread: Resource temporarily unavailable"),
            error(APPLICATION, "Resource temporarily unavailable"),
        ),
        case("clock-unsynchronized", Warning, chrony("0.0", "Not synchronised"), chrony("0.0", "Normal")),
        case("clock-off", Warning, chrony("1.0", "Normal"), chrony("0.9", "Normal")),
        case("clock-off", Critical, chrony("60.0", "Normal"), chrony("0.0", "Normal")),
    ]
}
