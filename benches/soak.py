#!/usr/bin/env python3
"""Runs in a loop against the lab's node under traffic, every tenth of them killed: what is left behind must not grow.

usage: benches/soak.py GLSOS [RUNS]      (default: 200; as root, with what the lab needs)

After a first run, which warms the services up, and after the last one the node is brought to rest; then its
processes, their open descriptors, their memory, and all files outside of the services' own folders are held against
each other. Ends with 1 if there are more than before.
"""
import collections, os, pathlib, subprocess, sys, time

LAB = pathlib.Path(__file__).resolve().parent.parent / "tests/lab/lab"
RUN = "/glsos collect -o - --skip samples -q >/out/b.tar.gz && rm /out/b.tar.gz"
KILLED = "timeout -s KILL 0.{} /glsos collect -o /out/b.tar.gz --skip samples -q; rm -f /out/b.tar.gz*"
# Name, descriptors and memory (KiB) of each process; kernel threads are not in the node's namespace.
PROCESSES = """for p in /proc/[0-9]*; do
    echo "$(cat $p/comm) $(ls $p/fd | wc -l) $(grep -s ^Pss: $p/smaps_rollup | tr -dc 0-9)"; done 2>/dev/null"""
# Who was killed leaves its helpers to end by themselves; after ten seconds they count as left behind.
REST = "for n in {1..100}; do grep -qs ^glsos /proc/[0-9]*/comm || break; sleep 0.1; done; true"
FILES = "find /tmp /var/tmp /run /root /etc /opt /dev/shm /out -xdev ! -path '*/supervise/*' | sort"
# What a look at the node starts itself, the steps of its traffic, and PostgreSQL's own workers: they come and go.
PASSING = {"cat", "ls", "wc", "grep", "tr", "find", "sort", "bash", "sleep", "postgres"}
MIB_OF_SERVICES = 64


class Node:
    def __init__(self, binary):
        self.lab = subprocess.Popen([LAB, binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answer()

    def answer(self):
        status, length = map(int, self.lab.stdout.readline().split())
        return status, self.lab.stdout.read(length).decode(errors="replace")

    def tell(self, line):
        self.lab.stdin.write(line.replace("\n", " ").encode() + b"\n")
        self.lab.stdin.flush()
        return self.answer()

    def must(self, line):
        status, text = self.tell(line)
        if status != 0:
            sys.exit(f"{line}: exit {status}: {self.tell('cat /out/said.last')[1]}")
        return text


def state(node):
    """The node at rest: processes by name, descriptors by name, memory in MiB, files."""
    node.must("heal")
    node.must(REST)
    processes, descriptors, memory = collections.Counter(), collections.Counter(), 0
    for line in node.must(PROCESSES).splitlines():
        words = line.rsplit(None, 2) if line.split()[-1].isdigit() else []
        if len(words) != 3 or not words[1].isdigit():
            continue
        name, files, kib = words[0], int(words[1]), int(words[2])
        memory += kib / 1024
        if name not in PASSING:
            processes[name] += 1
            descriptors[name] += files
    return processes, descriptors, memory, set(node.must(FILES).splitlines())


def growth(before, after):
    """What there is more of, in words."""
    grown = [f"{name}: {before[0][name]} processes, {after[0][name]} now" for name in after[0] - before[0]]
    grown += [f"{name}: {before[1][name]} descriptors, {after[1][name]} now" for name in after[1] - before[1]]
    grown += [f"left behind: {name}" for name in sorted(after[3] - before[3])]
    if after[2] - before[2] > MIB_OF_SERVICES:
        grown.append("the services have grown beyond what traffic explains")
    return grown


def main():
    binary, runs = os.path.realpath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    node = Node(binary)
    node.must("traffic on")
    node.must(RUN)
    before = state(node)
    began = time.monotonic()
    for number in range(1, runs + 1):
        node.must("traffic on")
        if number % 10 == 5:
            node.tell(KILLED.format(number % 7 + 1))
        else:
            node.must(RUN)
        node.must("traffic off")
    took = time.monotonic() - began
    # A connection or a child may be about to end; what stays for ten seconds more was left behind.
    for _ in range(6):
        after = state(node)
        grown = growth(before, after)
        if not grown:
            break
        time.sleep(2)
    print(f"{runs} runs in {took:.0f} s")
    print(f"processes    {before[0].total():6} {after[0].total():6}")
    print(f"descriptors  {before[1].total():6} {after[1].total():6}")
    print(f"memory       {before[2]:6.0f} {after[2]:6.0f} MiB, of the services")
    print(f"files        {len(before[3]):6} {len(after[3]):6}")
    print("\n".join(grown) or "nothing has grown")
    node.lab.stdin.close()
    node.lab.wait()
    sys.exit(bool(grown))


main()
