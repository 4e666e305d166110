#!/usr/bin/env python3
"""All of a node's logs into a bundle, beside tar: wall time, processor time, size, and peak memory of all processes.

usage: benches/logs.py [MB [GLSOS]]      (default: 500 and the release binary of this checkout)

Makes MB of GitLab-shaped logs (genlogs.py; $GENLOGS tells where it is, else ../shared/bench/) below a temporary root
with a hundred known secrets, and runs in turn `glsos collect` (redaction, the second scan, digests, compression),
`tar czf`, and `tar | pigz` where that is installed; on all processors, then on one. Memory is the largest sum of the
proportional set sizes of glsos and all its helpers, sampled twenty times a second, and as an upper bound the sum of each
process's own peak. Ends with 1 if that sum reaches 64 MiB, or anything but the bundle was written.
"""
import json, os, pathlib, secrets, shutil, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MB = sys.argv[1] if len(sys.argv) > 1 else "500"
GLSOS = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "target/x86_64-unknown-linux-gnu/release/glsos")
GENLOGS = os.environ.get("GENLOGS", str(ROOT.parent / "shared/bench/genlogs.py"))


def family(pid):
    """A process and all that descend from it."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            children = pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()
            found += [p for child in children for p in family(int(child))]
    except OSError:
        pass
    return found


def field(path, name):
    try:
        lines = pathlib.Path(path).read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def timed(argv, watch=False):
    began, peak, tops = time.monotonic(), 0, {}
    before = os.times()
    running = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None:
        if watch:
            all_of_it = family(running.pid)
            peak = max(peak, sum(field(f"/proc/{pid}/smaps_rollup", "Pss:") for pid in all_of_it))
            tops.update({pid: field(f"/proc/{pid}/status", "VmHWM:") for pid in all_of_it})
        time.sleep(0.05 if watch else 0.005)
    after = os.times()
    if running.returncode:
        sys.exit(f"{argv[0]} ended with {running.returncode}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - began, cpu, peak / 1024, sum(tops.values()) / 1024


with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
    root, out = os.path.join(folder, "root"), os.path.join(folder, "out")
    os.makedirs(os.path.join(root, "var/log/gitlab"))
    os.makedirs(os.path.join(root, "etc/gitlab"))
    os.makedirs(os.path.join(root, "opt/gitlab"))
    os.mkdir(out)
    known = {f"secret_{n}": secrets.token_urlsafe(24) for n in range(100)}
    pathlib.Path(root, "etc/gitlab/gitlab-secrets.json").write_text(json.dumps({"gitlab_rails": known}))
    subprocess.run([sys.executable, GENLOGS, os.path.join(root, "var/log/gitlab"), MB], check=True)
    bundle, archive = os.path.join(out, "b.tar.gz"), os.path.join(folder, "t.tar.gz")
    collect = [GLSOS, "collect", "--sysroot", root, "--only", "gitlab-logs", "--max-log", "none", "--max-bundle", "none", "--since", "100y",
               "-q", "-o", bundle]
    peers = [("tar czf", ["tar", "-C", root, "-czf", archive, "var/log/gitlab"])]
    if shutil.which("pigz"):
        peers.append(("tar | pigz", ["sh", "-c", f"tar -C {root} -cf - var/log/gitlab | pigz > {archive}"]))
    bad = False
    for where, pin in (("all processors", []), ("one processor", ["taskset", "-c", "0"])):
        timed(pin + peers[0][1])  # warms the page cache
        wall, cpu, pss, tops = timed(pin + collect, watch=True)
        size, written = os.path.getsize(bundle), os.listdir(out)
        os.unlink(bundle)
        wall, cpu, _, _ = timed(pin + collect)
        os.unlink(bundle)
        print(f"{MB} MB on {where}\n  glsos       {wall:6.2f} s  {cpu:6.2f} s of processor  {size / 1e6:.1f} MB")
        print(f"              {pss:.1f} MiB at most in all processes (upper bound {tops:.1f})")
        for name, argv in peers:
            peer_wall, peer_cpu, _, _ = timed(pin + argv)
            print(f"  {name:10}  {peer_wall:6.2f} s  {peer_cpu:6.2f} s of processor  {os.path.getsize(archive) / 1e6:.1f} MB"
                  f"   ratio {wall / peer_wall:.2f} of its wall time, {size / os.path.getsize(archive):.3f} of its size")
        bad |= pss >= 64 or written != ["b.tar.gz"]
    sys.exit(bad)
