#!/usr/bin/env python3
"""The largest that docs/limits.md speaks of, made and measured: as root,

    benches/limits.py BINARY [folder|processes|line …]

folder:    a log folder with a million files, in a tmpfs of its own mount namespace
processes: a recorded /proc of 100,000 processes, below --sysroot
line:      one line of 2 GB, through `glsos redact` from a pipe

Prints the time, and the memory of the largest process. Nothing stays behind. Ends with 1 if a run failed, or took
more memory or time of a processor than docs/limits.md says.
"""
import os, shutil, subprocess, sys, tempfile, time

MANY, PROCESSES, LINE = 1_000_000, 100_000, 2_000_000_000
MOST_MIB, MOST_SECONDS = 64, 60
failed = False
STAT = "{0} (ruby) S 1 {0} {0} 0 -1 4194560 100 0 0 0 10 5 0 0 20 0 4 0 500 100000000 2000 18446744073709551615" + " 0" * 27 + "\n"
STATUS = "Name:\truby\nState:\tS (sleeping)\nPid:\t{0}\nPPid:\t1\nUid:\t998\t998\t998\t998\nThreads:\t4\nVmRSS:\t8000 kB\n"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def folder(root):
    logs = f"{root}/var/log/gitlab/gitlab-rails"
    os.makedirs(logs)
    for number in range(MANY):
        os.close(os.open(f"{logs}/request-{number:07}.log", os.O_CREAT | os.O_WRONLY, 0o644))
    write(f"{logs}/production_json.log", '{"time":"2026-03-01T10:00:00.000Z","status":200}\n' * 1000)
    return ["--only", "gitlab-logs", "--since", "2026-02-01T00:00:00Z"]


def processes(root):
    for pid in range(1, PROCESSES + 1):
        write(f"{root}/proc/{pid}/stat", STAT.format(pid))
        write(f"{root}/proc/{pid}/status", STATUS.format(pid))
        write(f"{root}/proc/{pid}/cmdline", "ruby\0puma\0")
    write(f"{root}/proc/uptime", "10000.00 9000.00\n")
    return ["--only", "processes,memory", "--profile", "default"]


def measured(command, feed=None):
    """Runs it, and tells its time and the most memory that any of its processes had, in MiB."""
    begun = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.PIPE if feed else subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
    out = b""
    if feed:
        # What comes back is counted, not kept.
        child.stdout.close()
        feed(child.stdin)
        child.stdin.close()
    else:
        out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    print(f"exit {os.waitstatus_to_exitcode(status)}, {time.monotonic() - begun:.1f} s, {usage.ru_utime + usage.ru_stime:.1f} s of a processor, "
          f"largest process {usage.ru_maxrss / 1024:.0f} MiB", flush=True)
    global failed
    failed |= status != 0 or usage.ru_maxrss > MOST_MIB << 10 or usage.ru_utime + usage.ru_stime > MOST_SECONDS
    print("   ", out.decode(errors="replace").strip().replace("\n", "\n    "), flush=True)


def one_line(pipe):
    part = b'{"severity":"INFO","path":"/acme/web/-/issues/12","status":200},' * 4096
    for _ in range(LINE // len(part)):
        pipe.write(part)
    pipe.write(b"\n")


def line(binary):
    child = ["sh", "-c", f'"{binary}" redact >/dev/null']
    measured(child, one_line)


def main():
    binary, wanted = os.path.realpath(sys.argv[1]), sys.argv[2:] or ["folder", "processes", "line"]
    for name in wanted:
        print(f"{name}:", flush=True)
        if name == "line":
            line(binary)
            continue
        root = tempfile.mkdtemp(dir="/var/tmp")
        try:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4g,nr_inodes=0", "tmpfs", root], check=True)
            options = {"folder": folder, "processes": processes}[name](f"{root}/root")
            bundle = f"{root}/b.tar.gz"
            measured([binary, "collect", "--sysroot", f"{root}/root", *options, "-o", bundle])
            taken = subprocess.run(["tar", "tzf", bundle], stdout=subprocess.PIPE, text=True).stdout.split()
            print("    taken:", *(name.split("/", 1)[1] for name in taken if "glsos/" not in name[6:] and name[-1] != "/"))
        finally:
            subprocess.run(["umount", root])
            shutil.rmtree(root, ignore_errors=True)
    sys.exit(failed)


if __name__ == "__main__":
    if os.environ.get("GLSOS_OWN_MOUNTS") is None:
        os.environ["GLSOS_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])
    main()
