"""What the measuring scripts of this folder share: the binary, a root with logs, and how a run is timed."""

import atexit
import json
import os
import random
import resource
import shutil
import string
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
GLSOS = os.path.abspath(os.environ.get("GLSOS", os.path.join(HERE, "../target/x86_64-unknown-linux-gnu/release/glsos")))
GENLOGS = os.environ.get("GENLOGS", os.path.join(HERE, "../../shared/bench/genlogs.py"))
# As glsos gives them to the commands that it runs.
PATH = "/opt/gitlab/bin:/opt/gitlab/embedded/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def scratch():
    """A folder that goes when the script ends."""
    folder = tempfile.mkdtemp(prefix="glsos-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def root_with_logs(megabytes):
    """A root like that of a GitLab host: logs, and 100 secrets in gitlab-secrets.json. $ROOT names one to use again."""
    root = os.environ.get("ROOT")
    if root and os.path.isdir(f"{root}/var/log/gitlab"):
        return root
    root = root or f"{scratch()}/root"
    logs = f"{root}/var/log/gitlab"
    os.makedirs(logs)
    os.makedirs(f"{root}/etc/gitlab")
    subprocess.run([sys.executable, GENLOGS, logs, str(megabytes)], check=True)
    draw = random.Random(1)
    token = lambda n: "".join(draw.choices(string.ascii_letters + string.digits, k=n))
    secrets = {
        f"service_{n}": {"secret_token": token(64), "password": token(20), "key_base": f"{draw.getrandbits(512):0128x}", "shared": token(32)}
        for n in range(25)
    }
    with open(f"{root}/etc/gitlab/gitlab-secrets.json", "w") as file:
        json.dump(secrets, file, indent=2)
    return root


def size_of(folder):
    return sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(folder) for name in names)


def timed(command, **options):
    """Seconds of wall and of processor time; the command must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def machine():
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return f"{len(os.sched_getaffinity(0))} cores ({models[0] if models else 'unknown'}), load {os.getloadavg()[0]:.1f}"


def verdict(checks):
    """Prints what holds; the script's exit status."""
    for what, holds in checks:
        print(f"{'holds' if holds else 'MISSED':7} {what}")
    sys.exit(0 if all(holds for _, holds in checks) else 1)
