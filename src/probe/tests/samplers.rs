//! Samplers: rates, wraps, what comes and goes, and hosts on which time stands still.

use super::{super::find, host::Paper, output, reads};
use crate::host::{Flow, Trouble};

fn stat(user: u64, idle: u64, switches: u64) -> String {
    format!(
        "cpu  {user} 0 0 {idle} 0 0 0 0 0 0\ncpu0 {user} 0 0 {idle} 0 0 0 0 0 0\nintr 0 1\nctxt {switches}\nbtime 1\nprocesses 10\nprocs_running 2\nprocs_blocked 1\n"
    )
}

#[test]
fn cpu_shares_by_the_second_and_over_the_window() {
    let (a, b, c) = (stat(100, 900, 50), stat(150, 950, 150), stat(225, 975, 170));
    let host = Paper::new().course("/proc/stat", &[&a, &b, &c]).running(2);
    reads(
        "sample-cpu",
        &host,
        "\
# From 2026-03-01T10:00:00Z (UTC)
# All 1 CPUs: shares of time in percent (busy: neither idle nor waiting for I/O), tasks now running or
# blocked by I/O, and a second: context switches, interrupts, new processes and threads
time       %us   %ni   %sy   %id   %wa   %hi   %si   %st %busy   run   blk    ctxt/s    intr/s  forks/s
10:00:01  50.0   0.0   0.0  50.0   0.0   0.0   0.0   0.0  50.0     2     1       100         0        0
10:00:02  75.0   0.0   0.0  25.0   0.0   0.0   0.0   0.0  75.0     2     1        20         0        0
(ended early, after 2 of 10 s)
min       50.0   0.0   0.0  25.0   0.0   0.0   0.0   0.0  50.0     2     1        20         0        0
avg       62.5   0.0   0.0  37.5   0.0   0.0   0.0   0.0  62.5     2     1        60         0        0
max       75.0   0.0   0.0  50.0   0.0   0.0   0.0   0.0  75.0     2     1       100         0        0

# Each CPU: shares over the window in percent, then how busy it was in each interval
cpu    %us   %ni   %sy   %wa   %hi   %si   %st  %busy    1    2
0     62.5   0.0   0.0   0.0   0.0   0.0   0.0   62.5   50   75
",
    );
}

#[test]
fn a_whole_window_is_ten_intervals() {
    let host = Paper::new().file("/proc/stat", &stat(1, 1, 1)).running(100);
    let text = output("sample-cpu", &host).unwrap();
    assert_eq!(text.matches("10:00:").count(), 11, "{text}");
    assert!(text.contains("10:00:10") && !text.contains("ended early"));
}

#[test]
fn where_time_stands_still_the_averages_since_boot_are_told() {
    let host = Paper::new().file("/proc/stat", &stat(100, 300, 500)).file("/proc/uptime", "50.00 0.00\n");
    let text = output("sample-cpu", &host).unwrap();
    assert!(text.contains("(no interval was sampled: averages since boot)\nboot      25.0"), "{text}");
    assert!(text.contains("        10         0        0\n\n# Each CPU"), "{text}");
}

#[test]
fn a_step_of_the_wall_clock_does_not_bend_rates() {
    let (a, b) = (stat(0, 0, 0), stat(1, 1, 100));
    // The paper clock moves by 1 s, uptime by 2 s: as if the clock had been set back by one.
    let host = Paper::new()
        .course("/proc/stat", &[&a, &b])
        .course("/proc/uptime", &["10.00 0", "12.00 0"])
        .running(1);
    let text = output("sample-cpu", &host).unwrap();
    assert!(text.contains("        50         0        0\n(ended"), "{text}");
}

#[test]
fn a_file_that_fails_midway_is_a_line_and_the_next_interval_spans_the_gap() {
    let (a, b) = (stat(0, 0, 0), stat(1, 1, 90));
    let host = Paper::new().course("/proc/stat", &[&a, "nonsense", "", &b]).running(3);
    let text = output("sample-cpu", &host).unwrap();
    assert!(text.contains("10:00:01  not readable: failed: it has no line of all CPUs"), "{text}");
    assert!(text.contains("        30         0        0\n(ended"), "{text}");
}

#[test]
fn counters_that_step_back_are_dashes() {
    let (a, b) = (stat(100, 100, 900), stat(50, 200, 100));
    let host = Paper::new().course("/proc/stat", &[&a, &b]).running(1);
    let text = output("sample-cpu", &host).unwrap();
    assert!(
        text.contains("10:00:01     -   0.0   0.0 100.0   0.0   0.0   0.0   0.0   0.0     2     1         -")
    );
}

#[test]
fn memory_in_mib_and_swap_in_kib() {
    let info = "MemFree: 2048 kB\nMemAvailable: 10240 kB\nBuffers: 1024 kB\nCached: 3072 kB\nDirty: 512 kB\nSwapTotal: 8192 kB\nSwapFree: 4096 kB\n";
    let host = Paper::new()
        .file("/proc/meminfo", info)
        .course(
            "/proc/vmstat",
            &[
                "pswpin 0\npswpout 10\npgpgin 100\npgpgout 0\npgmajfault 7\noom_kill 0\nallocstall_normal 1\n",
                "pswpin 5\npswpout 10\npgpgin 300\npgpgout 8\npgmajfault 9\noom_kill 1\nallocstall_normal 1\n",
            ],
        )
        .running(1);
    let text = output("sample-memory", &host).unwrap();
    let row = "10:00:01         2        10         4     0.5        4       20        0       200         8        2        0     1\n";
    assert!(text.contains(row), "{text}");
}

#[test]
fn memory_without_vmstat_still_tells_what_is_free() {
    let host = Paper::new().file("/proc/meminfo", "MemFree: 2048 kB\n").running(1);
    let text = output("sample-memory", &host).unwrap();
    assert!(text.contains("10:00:01         2         -         -       -        -        -"), "{text}");
}

#[test]
fn disks_leave_out_partitions_and_idle_intervals() {
    let host = Paper::new()
        .file("/sys/block/sda/size", "100\n")
        .file("/sys/block/sdb/size", "100\n")
        .course(
            "/proc/diskstats",
            &[
                "8 0 sda 0 0 0 4294967290 0 0 0 0 0 0 0\n8 1 sda1 0 0 0 0 0 0 0 0 0 0 0\n8 16 sdb 1 0 0 0 0 0 0 0 0 0 0\n",
                "8 0 sda 10 0 2048 14 0 0 0 0 0 500 1500\n8 1 sda1 10 0 8 20 0 0 0 0 0 500 1500\n8 16 sdb 1 0 0 0 0 0 0 0 0 0 0\n",
            ],
        )
        .running(2);
    reads(
        "sample-disk",
        &host,
        "\
# From 2026-03-01T10:00:00Z (UTC)
# 2 block devices; those idle in an interval are left out. kB are 1024 bytes; await: ms per request;
# aqu-sz: requests under way on average; %util: share of time with any
time     device               r/s      w/s      rkB/s      wkB/s  r_await  w_await  aqu-sz  %util
10:00:01 sda                 10.0      0.0     1024.0        0.0     2.00        -    1.50   50.0
(ended early, after 2 of 10 s)

# Over the window
min sda                       0.0      0.0        0.0        0.0     2.00        -    0.00    0.0
avg sda                       5.0      0.0      512.0        0.0     2.00        -    0.75   25.0
max sda                      10.0      0.0     1024.0        0.0     2.00        -    1.50   50.0
(idle: sdb)
",
    );
}

#[test]
fn a_disk_that_comes_and_one_that_goes() {
    let host = Paper::new()
        .course(
            "/proc/diskstats",
            &[
                "8 0 sda 9 0 0 0 0 0 0 0 0 0 0\n",
                "8 16 sdb 7 0 0 0 0 0 0 0 0 0 0\n",
                "8 16 sdb 8 0 0 0 0 0 0 0 0 0 0\n",
            ],
        )
        .running(2);
    let text = output("sample-disk", &host).unwrap();
    assert!(!text.contains("10:00:01 s"), "a new disk's past is not one second's work: {text}");
    assert!(text.contains("10:00:02 sdb                  1.0"), "{text}");
}

#[test]
fn network_by_interface_and_tcp() {
    let dev = |rx: u64| {
        format!(
            "Inter-|\n face |\n  eth0: {rx} 10 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n    lo: 5 5 0 0 0 0 0 0 5 5 0 0 0 0 0 0\n"
        )
    };
    let snmp =
        |retrans: u64, out: u64| format!("Tcp: CurrEstab OutSegs RetransSegs\nTcp: 3 {out} {retrans}\n");
    let host = Paper::new()
        .course("/proc/net/dev", &[&dev(0), &dev(10_240)])
        .course("/proc/net/snmp", &[&snmp(1, 100), &snmp(5, 300)])
        .running(1);
    let text = output("sample-network", &host).unwrap();
    assert!(text.contains("10:00:01 eth0                  10.0        0.0         0"), "{text}");
    assert!(!text.contains("10:00:01 lo"), "{text}");
    assert!(
        text.contains("10:00:01        -         -         -       200       4.0     2.00        -"),
        "{text}"
    );
}

#[test]
fn pressure_is_the_share_of_the_interval() {
    let some = |total: u64| format!("some avg10=0.00 avg60=0.00 avg300=0.00 total={total}\n");
    let host = Paper::new().course("/proc/pressure/io", &[&some(0), &some(250_000)]).running(1);
    let text = output("sample-pressure", &host).unwrap();
    assert!(
        text.contains("10:00:01         -         -         -         -     25.00         -\n"),
        "{text}"
    );
    let error =
        output("sample-pressure", &Paper::new().closed("/proc/pressure/cpu", Trouble::Io)).unwrap_err();
    assert_eq!(error.trouble, Trouble::Missing);
}

fn process(pid: u32, name: &str, user: u64, start: u64) -> String {
    format!("{pid} ({name}) S 1 1 1 0 -1 0 0 0 0 0 {user} 0 0 0 20 0 1 0 {start} 1000 10 0\n")
}

#[test]
fn processes_that_come_and_go_are_counted() {
    let busy = [process(10, "puma", 100, 5), process(10, "puma", 180, 5), process(10, "puma", 180, 5)];
    let host = Paper::new()
        .course("/proc/uptime", &["100.00 0", "101.00 0", "102.00 0"])
        .course("/proc/stat", &["cpu 0 0 0 0", "cpu 100 0 0 100", "cpu 100 0 0 300"])
        .course("/proc/10/stat", &[&busy[0], &busy[1], &busy[2]])
        .file("/proc/10/cmdline", "puma 6.4\0--workers\0")
        .file("/proc/10/status", "Uid:\t998\t998\t998\t998\n")
        .file("/proc/10/io", "read_bytes: 0\nwrite_bytes: 4096\n")
        .vanishing("/proc/11/stat", &process(11, "idle", 5, 5), 0)
        .appearing("/proc/12/stat", &process(12, "git", 10, 10_050), 1)
        .appearing("/proc/12/cmdline", "git\0gc\0", 1)
        .file("/etc/passwd", "git:x:998:998::/:/bin/sh\n")
        .running(2);
    reads(
        "sample-processes",
        &host,
        "\
# From 2026-03-01T10:00:00Z (UTC)
# 2 processes and kernel threads
# %CPU is of one CPU
time     processes   new  gone  run  blk   %CPU  busiest
10:00:01         2     1     1    0    0   80.0  10 puma
10:00:02         2     0     0    0    0      -  -
(ended early, after 2 of 10 s)

# CPUs were busy for 1.00 s; the processes seen account for 90 % of it (the rest: processes that
# came and went within an interval, and interrupts)

# Most CPU over the window (max: in one interval)
PID  USER  %CPU   MAX   %us  %sy  rkB/s  wkB/s  majflt/s  COMMAND
 10  git   40.0  80.0  40.0  0.0    0.0    0.0       0.0  puma 6.4 --workers
 12  -      5.0  10.0   5.0  0.0      -      -       0.0  git gc

# Most disk I/O over the window
PID  USER  %CPU  MAX  %us  %sy  rkB/s  wkB/s  majflt/s  COMMAND
",
    );
}

#[test]
fn a_pid_used_again_is_another_process() {
    let course = [process(10, "old", 5_000, 5), process(10, "new", 7, 10_050)];
    let host = Paper::new()
        .course("/proc/uptime", &["100.00 0", "101.00 0"])
        .course("/proc/10/stat", &[&course[0], &course[1]])
        .running(1);
    let text = output("sample-processes", &host).unwrap();
    assert!(text.contains("10:00:01         1     1     1    0    0    7.0  10 new"), "{text}");
}

#[test]
fn a_sink_that_has_enough_ends_a_sampler() {
    let host = Paper::new().file("/proc/stat", &stat(1, 1, 1)).running(100);
    let mut calls = 0;
    let mut sink = |_: &[u8]| {
        calls += 1;
        if calls == 3 { Flow::Stop } else { Flow::Go }
    };
    assert!((find("sample-cpu").unwrap().run)(&host, &mut sink).is_ok());
    assert_eq!(calls, 3);
}
