//! Probes of the kernel's own state: CPUs, pressure, mounts, network, clocks, security, services.

use super::{
    host::{Paper, START},
    once::git_host,
    output, reads,
};
use crate::host::Trouble;

fn contains(name: &str, host: &Paper, lines: &[&str]) {
    let text = output(name, host).unwrap();
    for line in lines {
        assert!(text.contains(line), "{line:?} is not in\n{text}");
    }
}

pub(super) fn network_host() -> Paper {
    git_host()
        .file("/proc/net/dev", "Inter-|\n face |bytes\n  eth0: 1048576 9 1 2 0 0 0 0 2097152 8 3 4 0 0 0 0\n    lo: 5 5 0 0 0 0 0 0 5 5 0 0 0 0 0 0\n")
        .file("/sys/class/net/eth0/operstate", "up\n")
        .file("/sys/class/net/eth0/mtu", "1500\n")
        .file("/sys/class/net/eth0/speed", "10000\n")
        .file("/sys/class/net/lo/speed", "-1\n")
        .link("/sys/class/net/eth0/master", "../../devices/virtual/net/bond0")
        .file(
            "/proc/net/route",
            "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\neth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\neth0\t0000000A\t00000000\t0001\t0\t0\t100\t0000FFFF\t0\t0\t0\nbroken\n",
        )
        .file(
            "/proc/net/fib_trie",
            "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.0.0.7\n        /32 host LOCAL\n     |-- 10.0.255.255\n        /32 link BROADCAST\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- 192.0.2.1\n        /32 host LOCAL\n",
        )
        .file("/proc/net/if_inet6", "00000000000000000000000000000001 01 80 10 80       lo\n")
        .file(
            "/proc/net/ipv6_route",
            "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n",
        )
        .file("/etc/resolv.conf", "# made by hand\nnameserver 10.0.0.53\n\nsearch example.com\n")
        .file("/proc/net/snmp", "Tcp: OutSegs RetransSegs\nTcp: 1000 25\n")
        .file("/proc/net/netstat", "TcpExt: ListenDrops ListenOverflows\nTcpExt: 7 6\n")
}

#[test]
fn the_network_of_a_host() {
    reads(
        "interfaces",
        &network_host(),
        "\
# Interfaces
INTERFACE  STATE   MTU   Mb/s  DUPLEX  QUEUE  CARRIER LOST  ADDRESS  PART OF
eth0       up     1500  10000  -           -             -  -        bond0
lo         -         -      -  -           -             -  -        -

# Traffic since boot
INTERFACE  RECEIVED  PACKETS  ERRORS  DROPS     SENT  PACKETS  ERRORS  DROPS
eth0        1.0 MiB        9       1      2  2.0 MiB        8       3      4
lo              5 B        5       0      0      5 B        5       0      0

# Addresses
(interface not known)      192.0.2.1
eth0                       10.0.0.7/16
lo                         127.0.0.1
lo                         ::1/128 (host)

# Routes
TO           THROUGH   INTERFACE  METRIC
default      10.0.0.1  eth0          100
10.0.0.0/16  -         eth0          100
default      fe80::1   eth0         1024

# Name servers (/etc/resolv.conf)
nameserver 10.0.0.53
search example.com

# Counters since boot
Tcp.OutSegs                          1000  segments sent
Tcp.RetransSegs                        25  segments sent again
TcpExt.ListenOverflows                  6  accept queue was full
TcpExt.ListenDrops                      7  connections dropped by listeners
sent again                          2.500  % of segments sent
",
    );
}

#[test]
fn cpus_since_boot_and_who_is_throttled() {
    let host = Paper::new()
        .file("/proc/cpuinfo", "processor : 0\nmodel name : Fast\ncpu MHz : 800.0\n")
        .file("/proc/stat", "cpu 25 0 25 50 0 0 0 0\ncpu0 25 0 25 50 0 0 0 0\nctxt 500\n")
        .file("/proc/uptime", "100.0 0\n")
        .file("/proc/interrupts", "      CPU0  CPU1\n  1:  5  6  IO-APIC  1-edge  i8042\nNMI:  100  0  Non-maskable interrupts\nERR:  0\n")
        .file("/proc/self/cgroup", "0::/\n")
        .file("/sys/fs/cgroup/cgroup.controllers", "cpu\n")
        .file("/sys/fs/cgroup/cpu.max", "200000 100000\n")
        .file("/sys/fs/cgroup/cpu.stat", "usage_usec 1500000\nnr_periods 100\nnr_throttled 25\nthrottled_usec 2000000\n")
        .file("/sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n")
        .file("/sys/devices/system/cpu/vulnerabilities/l1tf", "Not affected\n");
    contains(
        "cpu",
        &host,
        &[
            "model                      Fast\n",
            "all  25.00  0.00  25.00  50.00  0.00  0.00  0.00  0.00\n",
            "context switches                      500        5.0/s\n",
            "INTERRUPT  ALL CPUS  MOST ON ONE  WHAT\nNMI             100          100  Non-maskable interrupts\n1                11            6  IO-APIC 1-edge i8042\n\n",
            "# Control group /\ncpu.max                    200000 100000\n",
            "throttled periods          25 of 100 (25.0 %)\n",
            "meltdown                   Mitigation: PTI\n",
        ],
    );
    assert!(!output("cpu", &host).unwrap().contains("l1tf"));
}

#[test]
fn pressure_of_the_host_and_of_gitlab() {
    let line = "some avg10=1.00 avg60=2.00 avg300=3.00 total=5000000\n";
    let host = Paper::new()
        .file("/proc/uptime", "100.0 0\n")
        .file("/proc/pressure/io", line)
        .closed("/proc/pressure/cpu", Trouble::Denied)
        .file("/sys/fs/cgroup/system.slice/cgroup.controllers", "io\n")
        .file("/sys/fs/cgroup/system.slice/io.pressure", line);
    contains(
        "pressure",
        &host,
        &[
            "cpu                        not readable: permission denied\n",
            "io        some     1.00  2.00   3.00             5.0          5.00\n",
            "# Control group /system.slice\n",
            "io        some     1.00  2.00   3.00             5.0             -\n",
        ],
    );
}

#[test]
fn limits_of_a_container_with_the_old_control_groups() {
    let host = Paper::new()
        .file("/sys/fs/cgroup/memory/memory.limit_in_bytes", "4294967296\n")
        .file("/sys/fs/cgroup/memory/memory.failcnt", "12\n")
        .file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n")
        .file("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    contains(
        "host-summary",
        &host,
        &[
            "memory                     4.0 GiB\n",
            "limit reached              12\n",
            "CPU                        no limit\n",
        ],
    );
}

#[test]
fn mounts_and_how_nfs_answers() {
    let host = Paper::new()
        .file("/proc/self/mountinfo", "1 1 0:9 /git /mnt/nfs rw,noatime - nfs4 nas:/git rw,vers=4.2\n")
        .file(
            "/proc/self/mountstats",
            "device nas:/git mounted on /mnt/nfs with fstype nfs4 statvers=1.1\n\topts:\trw,vers=4.2,hard\n\tage:\t100\n\tper-op statistics\n\tREAD: 10 12 1 100 200 5 40 60 3\n\tNULL: 0 0 0 0 0 0 0 0 0\n",
        );
    reads(
        "mounts",
        &host,
        "\
# Mounts (folder: of a bind mount or subvolume)
MOUNTED ON  TYPE  DEVICE  SOURCE    FOLDER  OPTIONS
/mnt/nfs    nfs4  0:9     nas:/git  /git    rw,noatime,vers=4.2

# NFS: nas:/git on /mnt/nfs
options                    rw,vers=4.2,hard
mounted for                100 s
OPERATION  NUMBER  SENT AGAIN  TIMEOUTS  RTT ms  WHOLE ms  ERRORS
READ           10           2         1    4.00      6.00       3
",
    );
}

#[test]
fn the_git_user_as_id_tells_it() {
    let host = git_host()
        .file("/etc/group", "git:x:997:\nredis:x:5:git,www\nother:x:6:www\n")
        .owner("/var/opt/gitlab", 0);
    reads(
        "git-user",
        &host,
        "\
uid=998(git) gid=997(git) groups=997(git),5(redis)

# Users of GitLab
USER  UID  GID  HOME             SHELL    HOME'S UID  MODE
git   998  997  /var/opt/gitlab  /bin/sh           0  0644
",
    );
}

#[test]
fn clocks_and_what_keeps_them() {
    let host = git_host()
        .file("/sys/class/rtc/rtc0/since_epoch", &format!("{}\n", START - 3))
        .file("/run/systemd/timesync/synchronized", "")
        .mtime("/run/systemd/timesync/synchronized", START - 60);
    contains(
        "clock",
        &host,
        &[
            "# Clocks (now: 2026-03-01T10:00:00Z)\n",
            "now - boot - up            +0.0 s\n",
            "hardware clock - now       -3 s\n",
            "systemd-timesyncd synced   2026-03-01T09:59:00Z (/run/systemd/timesync/synchronized)\n",
        ],
    );
}

#[test]
fn security_modules_and_profiles() {
    let host = Paper::new()
        .file("/sys/fs/selinux/enforce", "1\n")
        .file("/etc/selinux/config", "# x\nSELINUX=permissive\nSELINUXTYPE=targeted\n")
        .file("/sys/kernel/security/apparmor/profiles", "/usr/sbin/b (enforce)\na (b) (complain)\nbroken\n")
        .file("/proc/1/status", "Name:\tinit\nSeccomp:\t2\nNoNewPrivs:\t0\nCapEff:\t00000000a80425fb\n");
    contains(
        "security",
        &host,
        &[
            "mode now                   enforcing\n",
            "mode at boot               permissive\n",
            "profiles: complain         1\nprofiles: enforce          1\ncomplain                   a (b)\n",
            "seccomp                    filter\n",
            "capabilities in effect     00000000a80425fb\n",
        ],
    );
}

#[test]
fn services_and_those_that_start_again_and_again() {
    let service = |host: Paper, name: &str, state: &str, pid: &str, age: i64| {
        let at = |file: &str| format!("/opt/gitlab/service/{name}/supervise/{file}");
        host.file(&at("stat"), state).file(&at("pid"), pid).mtime(&at("pid"), START - age)
    };
    let mut host = service(git_host(), "puma", "run\n", "40\n", 7_200);
    host = service(host, "gitaly", "run\n", "40\n", 5);
    host = service(host, "redis", "down\n", "\n", 60)
        .file("/opt/gitlab/service/redis/down", "")
        .closed("/opt/gitlab/service/nginx/supervise/stat", Trouble::Denied);
    reads(
        "services",
        &host,
        "\
# Services
SERVICE  STATE  PID     FOR  SINCE (UTC)          NOTES
gitaly   run     40    5.0s  2026-03-01 09:59:55  young: does it start again and again?
puma     run     40  2h 00m  2026-03-01 08:00:00  -
redis    down     -  1m 00s  2026-03-01 09:59:00  normally down
nginx                      state not readable: permission denied
",
    );
}
