//! Probes that look once: what they tell of small hosts, and of hosts that are half closed.

use super::{host::Paper, output, reads};
use crate::host::{Space, Trouble};

pub(super) fn git_host() -> Paper {
    Paper::new()
        .file("/etc/passwd", "root:x:0:0::/root:/bin/bash\ngit:x:998:997::/var/opt/gitlab:/bin/sh\n")
        .file("/proc/uptime", "1000.00 0\n")
        .file("/proc/stat", "cpu 1 0 0 1\nbtime 1772358200\n")
        .file("/proc/1/stat", &stat(1, "systemd", 'S', 100, 200))
        .file("/proc/1/status", "Uid:\t0\t0\t0\t0\nVmRSS:\t 800 kB\nThreads:\t1\n")
        .file("/proc/1/cmdline", "/sbin/init\0splash\0")
        .file("/proc/1/cgroup", "0::/init.scope\n")
        .file("/proc/40/stat", &stat(40, "puma", 'D', 50_000, 25_600))
        .file(
            "/proc/40/status",
            "Uid:\t998\t998\t998\t998\nVmRSS:\t 102400 kB\nVmSwap:\t 2048 kB\nThreads:\t9\n",
        )
        .file("/proc/40/cmdline", "puma: cluster worker\0")
        .file("/proc/40/cgroup", "0::/system.slice/gitlab-runsvdir.service\n")
        .file("/proc/40/comm", "puma\n")
        .file("/proc/40/wchan", "io_schedule")
        .file("/proc/40/oom_score_adj", "0\n")
        .file("/proc/40/oom_score", "667\n")
        .file("/proc/40/limits", LIMITS)
        .link("/proc/40/fd/0", "/dev/null")
        .link("/proc/40/fd/7", "socket:[777]")
        .file("/proc/41/stat", "41 (evil\n1 (x) S 1 nonsense")
}

const LIMITS: &str = "\
Limit                     Soft Limit           Hard Limit           Units     \n\
Max cpu time              unlimited            unlimited            seconds   \n\
Max file size             unlimited            unlimited            bytes     \n\
Max data size             unlimited            unlimited            bytes     \n\
Max stack size            8388608              unlimited            bytes     \n\
Max core file size        0                    unlimited            bytes     \n\
Max resident set          unlimited            unlimited            bytes     \n\
Max processes             63402                63402                processes \n\
Max open files            1024                 524288               files     \n\
Max locked memory         8388608              8388608              bytes     \n\
Max address space         unlimited            unlimited            bytes     \n\
Max file locks            unlimited            unlimited            locks     \n\
Max pending signals       63402                63402                signals   \n\
Max msgqueue size         819200               819200               bytes     \n\
Max nice priority         0                    0                    \n\
Max realtime priority     0                    0                    \n\
Max realtime timeout      unlimited            unlimited            us        \n";

fn stat(pid: u32, name: &str, state: char, start: u64, pages: u64) -> String {
    format!("{pid} ({name}) {state} 1 1 1 0 -1 0 0 0 3 0 900 100 0 0 20 0 9 0 {start} 1048576 {pages} 0\n")
}

#[test]
fn the_process_table_names_stuck_ones_first_and_skips_what_is_malformed() {
    reads(
        "processes",
        &git_host(),
        "\
# Summary
processes                  2
kernel threads             0
threads of processes       18
state D                         1  waiting, mostly for disks; can't be interrupted
state S                         1  sleeping

# Stuck in the kernel (D) or not collected by their parent (Z)
PID  PPID  S  STARTED (UTC)        WAITS IN     COMMAND
 40     1  D  2026-03-01 09:51:40  io_schedule  puma: cluster worker

# Processes, those with most memory first (%CPU: of one CPU, since the start)
PID  PPID  USER  S  NI  THR  RSS MiB  SWAP  %CPU     TIME  STARTED (UTC)        COMMAND
 40     1  git   D   0    9    100.0   2.0   2.0  0:00:10  2026-03-01 09:51:40  puma: cluster worker
  1     1  root  S   0    9      0.8     -   1.0  0:00:10  2026-03-01 09:43:21  /sbin/init splash

# The same processes: open files, address space, OOM adjustment and score, and where they are
PID  NAME     FILES   MAX  USE%  VSZ MiB  OOM ADJ  SCORE  WAITS IN     CONTROL GROUP
 40  puma         2  1024   0.2      1.0        0    667  io_schedule  gitlab-runsvdir.service
  1  systemd      -     -     -      1.0        -      -  -            init.scope
",
    );
}

#[test]
fn ulimit_is_that_of_a_process_of_the_git_user() {
    let host = git_host()
        .owner("/var/opt/gitlab/git-data", 998)
        .file("/etc/security/limits.conf", "# git soft nofile 1\ngit  soft nofile 2048\nroot hard nproc 5\n")
        .file("/etc/security/limits.d/90.conf", "*\t-\tnproc\t4096\n@git - core 0\n")
        .file("/etc/group", "git:x:997:\n")
        .file("/proc/sys/fs/file-nr", "5120\t0\t9223372036854775807\n")
        .closed("/proc/sys/fs/file-max", Trouble::Denied);
    let text = output("ulimit", &host).unwrap();
    let bash = "\
real-time non-blocking time  (microseconds, -R) unlimited
core file size              (blocks, -c) 0
data seg size               (kbytes, -d) unlimited
scheduling priority                 (-e) 0
file size                   (blocks, -f) unlimited
pending signals                     (-i) 63402
max locked memory           (kbytes, -l) 8192
max memory size             (kbytes, -m) unlimited
open files                          (-n) 1024
pipe size                (512 bytes, -p) 8
POSIX message queues         (bytes, -q) 819200
real-time priority                  (-r) 0
stack size                  (kbytes, -s) 8192
cpu time                   (seconds, -t) unlimited
max user processes                  (-u) 63402
virtual memory              (kbytes, -v) unlimited
file locks                          (-x) unlimited

# Whose limits these are
process 40 (puma) of user git (uid 998)
";
    assert!(text.starts_with(bash), "{text}");
    assert!(text.contains("open files                          (-n) 524288\n"), "hard limits: {text}");
    for line in [
        "git soft nofile 2048       (/etc/security/limits.conf)\n",
        "* - nproc 4096             (/etc/security/limits.d/90.conf)\n",
        "@git - core 0              (/etc/security/limits.d/90.conf)\n",
        "open files now             5120\n",
        "fs.file-max                not readable: permission denied\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("root hard"), "{text}");
}

#[test]
fn ulimit_without_a_git_user_says_whose_limits_it_shows() {
    let text = output("ulimit", &Paper::new().file("/proc/1/limits", LIMITS)).unwrap();
    assert!(text.contains("process 1, because this host has no git user\n"), "{text}");
    assert!(output("ulimit", &Paper::new().file("/proc/1/limits", "nonsense\n")).is_err());
}

#[test]
fn process_limits_are_those_of_gitlab() {
    let text = output("process-limits", &git_host()).unwrap();
    assert!(text.contains(" 40  git       2  1024  524288   0.2    9     63402        8.0     8.0   0.0  puma: cluster worker\n"), "{text}");
    assert!(!text.contains("/sbin/init"), "{text}");
    assert!(text.contains("git                        9\n"), "{text}");
}

#[test]
fn listeners_have_their_process_and_queue() {
    let tcp = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000005 00:00000000 00000000   998        0 777 1 0\n\
   1: 0100007F:1F90 0100007F:D431 01 00000010:00000000 00:00000000 00000000   998        0 778 1 0\n\
   2: 0200000A:A000 0500000A:1538 01 00000000:00000000 00:00000000 00000000   998        0 779 1 0\n\
   3: 0200000A:A001 0500000A:1538 01 00000000:00000000 00:00000000 00000000   998        0 780 1 0\n\
   4: garbage\n\
   5: 0200000A:A001 0500000A:1538 08 00000000:00000000 00:00000000 00000000   998        0 0 1 0\n";
    let unix = "Num       RefCount Protocol Flags    Type St Inode Path\n\
0: 00000002 00000000 00010000 0001 01 900 /var/opt/gitlab/gitaly/gitaly.socket\n\
0: 00000003 00000000 00000000 0001 03 901\n";
    let host = git_host()
        .file("/proc/net/tcp", tcp)
        .file("/proc/net/unix", unix)
        .link("/proc/40/fd/9", "socket:[900]")
        .file("/proc/net/sockstat", "sockets: used 10\nTCP: inuse 5 orphan 0 tw 0 alloc 6 mem 1\n")
        .file("/proc/sys/net/netfilter/nf_conntrack_count", "50\n")
        .file("/proc/sys/net/netfilter/nf_conntrack_max", "100\n");
    reads(
        "sockets",
        &host,
        "\
# Listening
PROTO  LOCAL ADDRESS   WAITING  DROPS  USER  PROCESS
tcp    127.0.0.1:8080        5      -  git   40 puma
(waiting: connections not yet accepted; of UDP, bytes not yet read. Which process: as far as this user may see)

# TCP sockets by state
ESTABLISHED                       3
CLOSE-WAIT                        1
LISTEN                            1

# Established to local services
SERVICE         CONNECTIONS  BYTES TO SEND  BYTES TO READ
127.0.0.1:8080            1             16              0

# Established to other services
SERVICE        CONNECTIONS  BYTES TO SEND  BYTES TO READ
10.0.0.5:5432            2              0              0

# Listening Unix sockets
TYPE    PROCESS  PATH
stream  40 puma  /var/opt/gitlab/gitaly/gitaly.socket

# Unix sockets by type and state
stream not connected              1
stream connected                  1

# Sockets and connection tracking in use
sockets                    used 10
TCP                        inuse 5 orphan 0 tw 0 alloc 6 mem 1
tcp_mem (pages)            -
connections tracked        50 of 100 (50.0 %)
local ports                -
somaxconn                  -
",
    );
}

#[test]
fn memory_by_use_and_by_process() {
    let host = git_host()
        .file(
            "/proc/meminfo",
            "MemTotal: 1048576 kB\nMemFree: 262144 kB\nMemAvailable: 524288 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\nHugePages_Total: 4\n",
        )
        .file("/proc/vmstat", "oom_kill 3\npgmajfault 12\n")
        .file("/proc/40/smaps_rollup", "Rss: 102400 kB\nPss: 51200 kB\nPrivate_Clean: 0 kB\nPrivate_Dirty: 40960 kB\nSwap: 2048 kB\n")
        .file("/proc/self/cgroup", "0::/box\n")
        .file("/sys/fs/cgroup/cgroup.controllers", "memory\n")
        .file("/sys/fs/cgroup/box/memory.max", "2147483648\n")
        .file("/sys/fs/cgroup/box/memory.events", "oom 2\noom_kill 1\n");
    let text = output("memory", &host).unwrap();
    for line in [
        "MemTotal                        1.0 GiB\n",
        "MemFree                       256.0 MiB   25.0 % of MemTotal\n",
        "HugePages_Total                     4 pages\n",
        "OOM kills                  3\n",
        "# Control group /box\nmemory.max                      2.0 GiB\n",
        "memory.events oom_kill     1\n",
        "PID  USER   PSS    RSS  PRIVATE  SWAP  COMMAND\n",
        " 40  git   50.0  100.0     40.0   2.0  puma: cluster worker\n",
        "  1  root     -    0.8        -     -  /sbin/init splash\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_dead_mount_is_a_line_and_the_others_are_measured() {
    let space = Space {
        bytes: 100 << 30,
        bytes_free: 30 << 30,
        bytes_available: 20 << 30,
        inodes: 1000,
        inodes_free: 900,
    };
    let host = Paper::new()
        .file(
            "/proc/self/mountinfo",
            "1 1 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / /mnt/nfs rw - nfs4 nas:/git rw\n3 1 0:5 / /proc rw - proc proc rw\n4 1 8:1 /x /bind rw - ext4 /dev/sda1 rw\n",
        )
        .space("/", Ok(space))
        .space("/mnt/nfs", Err(Trouble::TimedOut))
        .file("/sys/block/sda/size", "209715200\n")
        .file("/sys/block/sda/queue/rotational", "0\n")
        .file("/sys/block/sda/queue/scheduler", "none [mq-deadline]\n")
        .file("/sys/block/sda/sda1/size", "2048\n")
        .file("/sys/block/loop0/size", "0\n")
        .file("/proc/mdstat", "Personalities : [raid1]\nmd0 : active raid1 sdb1[1] sda1[0](F)\n\n")
        .file("/proc/diskstats", "8 0 sda 10 0 2048 20 4 0 8 2 1 5 6\n");
    reads(
        "disks",
        &host,
        "\
# File systems (each once, however often it is mounted)
MOUNTED ON  TYPE       SIZE      USED  AVAILABLE  USE%  INODES  IUSE%  SOURCE
/           ext4  100.0 GiB  70.0 GiB   20.0 GiB  77.8    1000   10.0  /dev/sda1
/mnt/nfs (nfs4 nas:/git): no answer in time

# Block devices
DEVICE       SIZE  KIND   SCHEDULER    QUEUE  AHEAD kB  CACHE  PARTS        MODEL
sda     100.0 GiB  solid  mq-deadline      -         -  -      sda1:1.0MiB  -

# RAID (/proc/mdstat)
Personalities : [raid1]
md0 : active raid1 sdb1[1] sda1[0](F)

# Since boot (times of busy devices wrap after 49 days of I/O); now: requests under way
DEVICE  READS     READ  ms EACH  WRITES  WRITTEN  ms EACH  NOW
sda        10  1.0 MiB     2.00       4  4.0 KiB     0.50    1
",
    );
}

#[test]
fn the_summary_of_a_container() {
    let host = git_host()
        .file("/proc/sys/kernel/hostname", "gitlab.example.com\n")
        .file("/etc/os-release", "PRETTY_NAME=\"Ubuntu 24.04\"\n")
        .closed("/proc/sys/kernel/osrelease", Trouble::Denied)
        .file("/.dockerenv", "")
        .link("/etc/localtime", "/usr/share/zoneinfo/Europe/Berlin")
        .file("/proc/sys/kernel/tainted", "4097\n")
        .file("/proc/loadavg", "1.00 2.00 3.00 4/500 99\n")
        .file("/proc/meminfo", "MemTotal: 1048576 kB\nMemAvailable: 524288 kB\n")
        .file("/proc/pressure/io", "some avg10=1.00 avg60=2.00 avg300=3.00 total=5\n")
        .file("/proc/self/cgroup", "0::/\n")
        .file("/sys/fs/cgroup/cgroup.controllers", "memory\n")
        .file("/sys/fs/cgroup/memory.max", "max\n")
        .file("/sys/fs/cgroup/cpu.max", "150000 100000\n");
    let text = output("host-summary", &host).unwrap();
    for line in [
        "hostname                   gitlab.example.com\n",
        "system                     Ubuntu 24.04\n",
        "kernel                     not readable: permission denied\n",
        "container                  /.dockerenv\n",
        "time zone                  Europe/Berlin\n",
        "kernel taint               4097: P proprietary module, O module from outside the tree\n",
        "load (1, 5, 15 min)        1.00 2.00 3.00\n",
        "processes                  3\n",
        "up for                     16m 40s\n",
        "booted                     2026-03-01T09:43:20Z\n",
        "waiting for I/O            some 1.00 2.00 3.00, full - (% of 10, 60, 300 s)\n",
        "available                  512.0 MiB (50.0 %)\n",
        "memory                     no limit\n",
        "CPU                        1.50 CPUs (set on /)\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}
