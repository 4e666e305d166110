#!/usr/bin/env python3
"""A default run without logs beside the same commands one after another, on this very machine.

usage: benches/side_by_side.py [GLSOS]      (default: the release binary of this checkout)

The commands are those that `glsos collect --dry-run --json` names; each is run as glsos runs it, with its own
timeout. Prints both wall times, their ratio, the longest command, and how much longer than that the run took.
Ends with 1 if the ratio is over 0.3 or the run took more than 3 s longer than the longest command.
"""
import json, os, pathlib, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GLSOS = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/x86_64-unknown-linux-gnu/release/glsos")
WITHOUT_LOGS = ["--skip", "gitlab-logs,system-logs,journal"]
PATH = "/opt/gitlab/bin:/opt/gitlab/embedded/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

plan = json.loads(subprocess.check_output([GLSOS, "collect", "--dry-run", "--json", *WITHOUT_LOGS], stderr=subprocess.DEVNULL))
commands = [item for item in plan["items"] if item.get("argv") and item["outcome"] == "planned"]

took = {}
for item in commands:
    began = time.monotonic()
    try:
        subprocess.run(item["argv"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       timeout=item["timeout_seconds"], env={"PATH": PATH, "LC_ALL": "C"}, cwd="/")
    except FileNotFoundError:
        continue
    except subprocess.TimeoutExpired:
        pass
    took[item["entry"]] = time.monotonic() - began

with tempfile.TemporaryDirectory() as folder:
    began = time.monotonic()
    subprocess.run([GLSOS, "collect", *WITHOUT_LOGS, "-q", "-o", os.path.join(folder, "b.tar.gz")],
                   check=True, stdout=subprocess.DEVNULL)
    together = time.monotonic() - began

in_a_row = sum(took.values())
longest = max(took, key=took.get)
ratio, more = together / in_a_row, together - took[longest]
print(f"{len(took)} commands in a row   {in_a_row:7.2f} s")
print(f"glsos, and its probes    {together:7.2f} s   ratio {ratio:.2f} (at most 0.30)")
print(f"longest: {longest} {took[longest]:.2f} s; glsos took {more:+.2f} s more (at most 3)")
sys.exit(ratio > 0.3 or more > 3)
