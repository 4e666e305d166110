"""The operating system: /etc, /proc, /sys and its logs."""
import struct

from .base import R, ZONE, Clock


def berlin():
    """A time zone file that holds nothing but the rule: CET, summer time from March to October."""
    head = b"TZif2" + bytes(15)
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    block = struct.pack(">lBB", 3600, 0, 0) + b"CET\0"
    return head + counts + block + head + counts + block + b"\nCET-1CEST,M3.5.0,M10.5.0/3\n"


DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n'
UBUNTU = 'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n'
ALMA = 'NAME="AlmaLinux"\nVERSION="9.6 (Sage Margay)"\nID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.6"\nPRETTY_NAME="AlmaLinux 9.6 (Sage Margay)"\n'


def etc(host, name, release=DEBIAN, users=True, zone=True):
    host.put("/etc/os-release", release)
    host.put("/etc/hostname", name.split(".")[0] + "\n")
    host.put("/etc/hosts", f"127.0.0.1 localhost\n10.20.4.3 {name} {name.split('.')[0]}\n")
    host.put("/etc/resolv.conf", "nameserver 10.20.0.2\nsearch example.com\n")
    host.put("/etc/fstab", "UUID=6f1c0c2e-8d1e-4a57-9c2f-0a9c1f2b7d11 / ext4 errors=remount-ro 0 1\n10.20.4.20:/export/backups /mnt/backups nfs4 rw,hard,vers=4.1 0 0\n")
    host.put("/etc/security/limits.conf", "# /etc/security/limits.conf\ngit soft nofile 65536\ngit hard nofile 65536\n")
    host.put("/etc/ssh/sshd_config", "PasswordAuthentication no\nPermitRootLogin prohibit-password\nMatch User git\n  AuthorizedKeysCommand /opt/gitlab/embedded/service/gitlab-shell/bin/gitlab-shell-authorized-keys-check git %u %k\n")
    host.put("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n" + ("git:x:998:998::/var/opt/gitlab:/bin/sh\ngitlab-psql:x:996:996::/var/opt/gitlab/postgresql:/bin/sh\n" if users else ""))
    host.put("/etc/group", "root:x:0:\n" + ("git:x:998:\ngitlab-psql:x:996:\n" if users else ""))
    if zone:
        host.put("/etc/localtime", berlin())
        host.put("/etc/timezone", "Europe/Berlin\n")


def proc(host, cpus=4, total=16 << 20, swap=2 << 20, processes=()):
    """`total` and `swap` in kB."""
    host.put("/proc/stat", f"cpu  8812340 12031 1920331 90123451 301233 0 40211 0 0 0\n" + "".join(f"cpu{n} {8812340 // cpus} {12031 // cpus} {1920331 // cpus} {90123451 // cpus} {301233 // cpus} 0 {40211 // cpus} 0 0 0\n" for n in range(cpus)) + "intr 912345678 0 9\nctxt 1912345678\nbtime 1771142400\nprocesses 9123411\nprocs_running 3\nprocs_blocked 2\nsoftirq 402345678 1 2 3 4 5 6 7 8 9 10\n")
    host.put("/proc/meminfo", f"MemTotal:       {total} kB\nMemFree:          {total // 40} kB\nMemAvailable:     {total // 9} kB\nBuffers:          131072 kB\nCached:          {total // 6} kB\nSwapCached:        40960 kB\nActive:          {total // 2} kB\nInactive:        {total // 4} kB\nDirty:              4312 kB\nWriteback:             0 kB\nAnonPages:       {total // 2} kB\nShmem:            912345 kB\nSlab:             512340 kB\nSReclaimable:     301233 kB\nSUnreclaim:       211107 kB\nSwapTotal:       {swap} kB\nSwapFree:        {swap // 3} kB\nCommitLimit:    {total // 2 + swap} kB\nCommitted_AS:   {total} kB\nHugePages_Total:       0\n")
    host.put("/proc/loadavg", "7.41 5.20 3.11 4/1123 91234\n")
    host.put("/proc/uptime", "1209600.42 3601234.10\n")
    host.put("/proc/version", "Linux version 6.1.0-31-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.128-1\n")
    host.put("/proc/cmdline", "BOOT_IMAGE=/boot/vmlinuz-6.1.0-31-amd64 root=UUID=6f1c0c2e-8d1e-4a57-9c2f-0a9c1f2b7d11 ro quiet\n")
    host.put("/proc/cpuinfo", "".join(f"processor\t: {n}\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 7763 64-Core Processor\ncpu MHz\t\t: 2445.404\ncache size\t: 512 KB\nphysical id\t: 0\ncpu cores\t: {cpus}\nflags\t\t: fpu vme sse4_2 avx2 hypervisor\n\n" for n in range(cpus)))
    mounts = [("/dev/vda1", "/", "ext4", "rw,relatime,errors=remount-ro", "254:1"), ("/dev/vdb", "/var/opt/gitlab", "xfs", "rw,noatime", "254:16"), ("10.20.4.20:/export/backups", "/mnt/backups", "nfs4", "rw,vers=4.1,hard,timeo=600,addr=10.20.4.20", "0:44"), ("proc", "/proc", "proc", "rw,nosuid,nodev,noexec", "0:21"), ("tmpfs", "/run", "tmpfs", "rw,nosuid,nodev,size=1619012k,mode=755", "0:24")]
    host.put("/proc/mounts", "".join(f"{dev} {at} {kind} {options} 0 0\n" for dev, at, kind, options, _ in mounts))
    host.put("/proc/self/mountinfo", "".join(f"{20 + n} 1 {number} / {at} {options.split(',', 2)[0]},relatime shared:{n} - {kind} {dev} {options}\n" for n, (dev, at, kind, options, number) in enumerate(mounts)))
    host.put("/proc/diskstats", " 254       0 vda 512340 1023 20123456 401233 812340 91234 40123456 9012345 2 1812340 9412345 0 0 0 0 91234 8123\n 254       1 vda1 512000 1023 20120000 401000 812000 91234 40120000 9012000 2 1812000 9412000 0 0 0 0 0 0\n 254      16 vdb 9123401 40211 712345678 8123401 4123401 512340 612345678 71234010 17 9123401 79412340 0 0 0 0 301233 40123\n")
    host.put("/proc/vmstat", "nr_free_pages 102400\npgpgin 412345678\npgpgout 812345678\npswpin 91234\npswpout 412345\npgfault 9123456789\npgmajfault 912345\noom_kill 3\nallocstall_normal 8123\npgsteal_kswapd 81234567\npgsteal_direct 91234\n")
    host.put("/proc/swaps", f"Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/vda2                               partition\t{swap}\t\t{swap - swap // 3}\t\t-2\n")
    host.put("/proc/net/dev", "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo: 912345678 1912345    0    0    0     0          0         0 912345678 1912345    0    0    0     0       0          0\n  eth0: 81234567890 91234567    0  412    0     0          0         0 71234567890 81234567    0    0    0     0       0          0\n")
    host.put("/proc/net/snmp", "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors\nTcp: 1 200 120000 -1 912345 1912345 41234 8123 214 912345678 1012345678 412345 12 91234 0\nUdp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors\nUdp: 91234 12 0 81234 0 0 0 0 0\n")
    host.put("/proc/net/netstat", "TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeouts TCPAbortOnMemory\nTcpExt: 0 31 31 8123 0\n")
    host.put("/proc/net/sockstat", "sockets: used 812\nTCP: inuse 214 orphan 2 tw 91 alloc 240 mem 61\nUDP: inuse 4 mem 2\n")
    head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    host.put("/proc/net/tcp", head + "   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 18001 1 0000000000000000 100 0 0 10 0\n   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 18002 1 0000000000000000 100 0 0 10 0\n   2: 0304140A:01BB 18007121:C3E2 01 00000000:00000000 02:000A1F2C 00000000   999        0 18003 2 0000000000000000 20 4 30 10 -1\n")
    host.put("/proc/net/tcp6", head)
    host.put("/proc/net/unix", "Num       RefCount Protocol Flags    Type St Inode Path\n0000000000000000: 00000002 00000000 00010000 0001 01 18010 /var/opt/gitlab/gitlab-rails/sockets/gitlab.socket\n")
    for name, row in {"cpu": "some avg10=12.40 avg60=9.11 avg300=4.02 total=912345678\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n", "memory": "some avg10=31.20 avg60=22.87 avg300=9.40 total=412345678\nfull avg10=18.01 avg60=12.22 avg300=5.10 total=212345678\n", "io": "some avg10=44.02 avg60=30.50 avg300=11.71 total=812345678\nfull avg10=29.90 avg60=20.12 avg300=8.02 total=512345678\n"}.items():
        host.put(f"/proc/pressure/{name}", row)
    for path, value in {"kernel/tainted": 0, "vm/swappiness": 60, "vm/overcommit_memory": 0, "kernel/pid_max": 4194304, "kernel/threads-max": 127843, "fs/file-nr": "9120\t0\t9223372036854775807", "kernel/random/boot_id": "0d9c3a51-6a0f-4d0e-8f57-2f5f6f0f7b11", "kernel/osrelease": "6.1.0-31-amd64", "kernel/ostype": "Linux", "kernel/hostname": "gitlab", "crypto/fips_enabled": 0}.items():
        host.put(f"/proc/sys/{path}", f"{value}\n")
    host.put("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n")
    for row in processes:
        process(host, *row)


def process(host, pid, name, argv, parent=1, uid=998, rss=102400, files=65536, threads=4):
    """`rss` in kB. `argv` as the kernel shows it: each word ends in NUL."""
    ticks = R.randint(100, 900000)
    host.put(f"/proc/{pid}/stat", f"{pid} ({name}) S {parent} {pid} {pid} 0 -1 4194560 912345 0 1203 0 {ticks} {ticks // 5} 0 0 20 0 {threads} 0 90123 {rss * 1500} {rss // 4} 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 412 0 0 0 0 0 0 0 0 0 0\n")
    host.put(f"/proc/{pid}/status", f"Name:\t{name}\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t{pid}\nPid:\t{pid}\nPPid:\t{parent}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\nGid:\t{uid}\t{uid}\t{uid}\t{uid}\nFDSize:\t256\nVmPeak:\t {rss * 2} kB\nVmSize:\t {rss * 2} kB\nVmRSS:\t {rss} kB\nVmSwap:\t {rss // 10} kB\nThreads:\t{threads}\nSeccomp:\t0\nvoluntary_ctxt_switches:\t912345\nnonvoluntary_ctxt_switches:\t81234\n")
    host.put(f"/proc/{pid}/cmdline", "".join(word + "\0" for word in argv))
    host.put(f"/proc/{pid}/limits", f"Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            unlimited            seconds   \nMax core file size        0                    unlimited            bytes     \nMax processes             63921                63921                processes \nMax open files            {files:<20} {files:<20} files     \nMax locked memory         8388608              8388608              bytes     \n")
    host.put(f"/proc/{pid}/io", f"rchar: {ticks * 4096}\nwchar: {ticks * 1024}\nsyscr: {ticks}\nsyscw: {ticks // 2}\nread_bytes: {ticks * 512}\nwrite_bytes: {ticks * 256}\ncancelled_write_bytes: 0\n")
    host.put(f"/proc/{pid}/comm", f"{name}\n")
    host.put(f"/proc/{pid}/wchan", "do_epoll_wait")


def cgroup(host, cpu="200000 100000", memory=8 << 30, kills=2):
    """The limits of a container: two processors and `memory` bytes."""
    for name, text in {"cpu.max": cpu, "memory.max": memory, "memory.high": "max", "memory.current": memory - (96 << 20), "memory.swap.max": 0, "memory.swap.current": 0, "pids.max": "max", "pids.current": 214, "memory.events": f"low 0\nhigh 0\nmax 9123\noom {kills}\noom_kill {kills}\noom_group_kill 0", "cpu.stat": "usage_usec 9123456789\nuser_usec 7123456789\nsystem_usec 2000000000\nnr_periods 912345\nnr_throttled 81234\nthrottled_usec 9012345678", "cgroup.controllers": "cpu io memory pids"}.items():
        host.put(f"/sys/fs/cgroup/{name}", f"{text}\n")


def logs(host, name, path="/var/log/syslog", extra=()):
    """The system's log: local time without a year."""
    clock, rows = Clock("08:00", 120.0), []

    def line(t, text):
        t = t.astimezone(ZONE)
        return f"{t.strftime('%b')} {t.day:>2} {t.strftime('%H:%M:%S')} {name.split('.')[0]} {text}"

    usual = ["systemd[1]: Started session-4.scope - Session 4 of User admin.", "CRON[20411]: (root) CMD (test -x /usr/sbin/anacron)", "chronyd[612]: Selected source 10.20.0.4", "kernel: nfs: server 10.20.4.20 not responding, still trying", "kernel: nfs: server 10.20.4.20 OK"]
    for at in range(70):
        rows.append(line(clock.tick(), usual[at % len(usual)]))
    oom = Clock("10:13").now
    rows += [line(oom, "kernel: bundle invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0"), line(oom, "kernel: Out of memory: Killed process 1302 (bundle) total-vm:4123456kB, anon-rss:2123456kB, file-rss:0kB, shmem-rss:812kB, UID:998 pgtables:5123kB oom_score_adj:0")]
    rows += [line(oom, text) for text in extra]
    host.lines(path, rows)
    host.lines("/var/log/kern.log", [row for row in rows if " kernel: " in row])
