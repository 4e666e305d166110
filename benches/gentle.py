#!/usr/bin/env python3
"""What a collection costs others: the page cache, and a neighbour that needs the processors.

usage: benches/gentle.py [MB [GLSOS]]      (default: 1000 and the release binary of this checkout)

Cache: makes MB of logs, of which every second mebibyte is cached, runs `glsos collect` on all of them, and counts by
mincore(2) the pages that are cached now and were not, and the other way round; then the same with `tar czf`.
Neighbour: a process a processor, each in a session and, where that may be made, a control group of its own, counts as
fast as it can, alone, beside `glsos collect` and beside `nice -n 19 tar czf`. Ends with 1 if glsos changed more than
1 % of the pages or the neighbour lost more than 10 %. Run as root, else there is no control group.
"""
import ctypes, mmap, os, pathlib, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MB = sys.argv[1] if len(sys.argv) > 1 else "1000"
GLSOS = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "target/x86_64-unknown-linux-gnu/release/glsos")
GENLOGS = os.environ.get("GENLOGS", str(ROOT.parent / "shared/bench/genlogs.py"))
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.mmap.restype = ctypes.c_void_p
LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
LIBC.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
LIBC.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


def cached(path):
    """A byte a page: whether it is in the page cache."""
    size = os.path.getsize(path)
    if not size:
        return b""
    with open(path, "rb") as file:
        at = LIBC.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
    pages = ctypes.create_string_buffer(-(-size // mmap.PAGESIZE))
    LIBC.mincore(at, size, pages)
    LIBC.munmap(at, size)
    return bytes(byte & 1 for byte in pages.raw)


def half_cached(paths):
    for path in paths:
        with open(path, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
            for at in range(0, os.path.getsize(path), 2 << 20):
                os.pread(file.fileno(), 1 << 20, at)
    return [cached(path) for path in paths]


def changed(paths, before):
    filled = evicted = pages = 0
    for path, old in zip(paths, before):
        new = cached(path)
        pages += len(new)
        filled += sum(b > a for a, b in zip(old, new))
        evicted += sum(b < a for a, b in zip(old, new))
    return filled / pages, evicted / pages


COUNT = """
import sys, time
end, n = time.monotonic() + float(sys.argv[1]), 0
while time.monotonic() < end:
    for _ in range(10000): pass
    n += 1
print(n)
"""


def group():
    """A control group for the neighbours, in whichever hierarchy has one."""
    for base in ("/sys/fs/cgroup/cpu", "/sys/fs/cgroup"):
        folder = f"{base}/glsos-bench"
        try:
            os.makedirs(folder, exist_ok=True)
            return folder
        except OSError:
            continue
    return None


def neighbours(seconds, argv=None):
    """What the neighbours count in that time while `argv` runs again and again."""
    folder = group()
    counting = [subprocess.Popen([sys.executable, "-c", COUNT, str(seconds)], stdout=subprocess.PIPE,
                                 start_new_session=True) for _ in os.sched_getaffinity(0)]
    for process in counting:
        if folder:
            pathlib.Path(folder, "cgroup.procs").write_text(str(process.pid))
    end = time.monotonic() + seconds
    while argv and time.monotonic() < end:
        running = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            running.wait(max(0.01, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            running.terminate()
            running.wait()
        for name in BUNDLES:
            pathlib.Path(name).unlink(missing_ok=True)
    return sum(int(process.communicate()[0]) for process in counting)


with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
    root = os.path.join(folder, "root")
    os.makedirs(os.path.join(root, "var/log/gitlab"))
    subprocess.run([sys.executable, GENLOGS, os.path.join(root, "var/log/gitlab"), MB], check=True)
    bundle, archive = os.path.join(folder, "b.tar.gz"), os.path.join(folder, "t.tar.gz")
    BUNDLES = [bundle, bundle + ".partial", archive]
    collect = [GLSOS, "collect", "--sysroot", root, "--only", "gitlab-logs", "--max-log", "none", "--max-bundle", "none",
               "--since", "100y", "-q", "-o", bundle]
    tar = ["nice", "-n", "19", "tar", "-C", root, "-czf", archive, "var/log/gitlab"]
    paths = [os.path.join(at, name) for at, _, names in os.walk(root) for name in names]
    bad = False
    for name, argv in (("glsos", collect), ("tar czf", tar)):
        before = half_cached(paths)
        subprocess.run(argv, check=True)
        filled, evicted = changed(paths, before)
        print(f"{name:8}  pages filled {filled:7.2%}, evicted {evicted:7.2%}")
        bad |= name == "glsos" and filled + evicted > 0.01
        for path in BUNDLES:
            pathlib.Path(path).unlink(missing_ok=True)
    alone = neighbours(15)
    for name, argv in (("glsos", collect), ("nice -n 19 tar czf", tar)):
        lost = 1 - neighbours(15, argv) / alone
        print(f"beside {name:18}  a neighbour loses {lost:6.1%}")
        bad |= name == "glsos" and lost > 0.10
    sys.exit(bad)
