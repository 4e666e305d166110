#!/usr/bin/env python3
"""One hour out of a large log, beside all of it and beside grep for that hour.

usage: benches/window.py [MB [GLSOS]]      (default: 2000 and the release binary of this checkout)

Writes one JSON log of MB over a day below a temporary root, and runs in turn `glsos collect` with that hour as its
window, the same for the whole day, and `grep` for the hour into `gzip`. Ends with 1 if the hour takes 5 % or more of
the time that the whole takes, or if its lines are not exactly grep's.
"""
import os, pathlib, subprocess, sys, tarfile, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MB = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
GLSOS = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "target/x86_64-unknown-linux-gnu/release/glsos")
LOG = "var/log/gitlab/gitlab-rails/production_json.log"
SINCE, UNTIL, HOUR = "2026-03-01T10:00:00Z", "2026-03-01T10:59:59.999Z", '"time":"2026-03-01T10:'


def write(path):
    lines = MB * 1_000_000 // 700
    with open(path, "w", encoding="ascii") as log:
        for number in range(lines):
            second = number * 86_400 * 1000 // lines
            hour, minute, milli = second // 3_600_000, second // 60_000 % 60, second % 60_000
            mixed = number * 2_654_435_761 % 2**32
            log.write(f'{{"method":"GET","path":"/group-{mixed % 97}/project-{mixed % 1009}/-/merge_requests/{mixed % 90001}",'
                      f'"status":200,"time":"2026-03-01T{hour:02}:{minute:02}:{milli // 1000:02}.{milli % 1000:03}Z",'
                      f'"correlation_id":"01HZ{mixed:022X}","pad":"{format(mixed, "032b") * 13}","duration_s":0.{mixed % 99991}}}\n')


def timed(argv, **more):
    began = time.monotonic()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, **more)
    return time.monotonic() - began


def lines(bundle):
    with tarfile.open(bundle) as tar:
        member = next(member for member in tar if member.name.endswith(LOG))
        return tar.extractfile(member).read()


with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
    root, bundle, hour = (os.path.join(folder, name) for name in ("root", "b.tar.gz", "hour.gz"))
    path = os.path.join(root, LOG)
    os.makedirs(os.path.dirname(path))
    write(path)
    collect = [GLSOS, "collect", "--sysroot", root, "--only", "gitlab-logs", "--max-log", "none", "--max-bundle", "none",
               "-q", "-o", bundle]
    grep = timed(["sh", "-c", f"grep '{HOUR}' {path} | gzip > {hour}"])
    one = timed(collect + ["--since", SINCE, "--until", UNTIL])
    same = lines(bundle) == subprocess.run(["zcat", hour], check=True, capture_output=True).stdout
    os.unlink(bundle)
    whole = timed(collect + ["--since", "2026-03-01T00:00:00Z"])
    print(f"one hour of {MB} MB  {one:6.2f} s\nall of it           {whole:6.2f} s   ratio {one / whole:.3f} (less than 0.05)")
    print(f"grep | gzip         {grep:6.2f} s   ratio {one / grep:.3f}\nthe same lines: {same}")
    sys.exit(not same or one / whole >= 0.05)
