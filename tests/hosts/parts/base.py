"""What all recorded hosts are made of: a folder of files, planted values, a clock. Same output every time."""
import datetime as dt
import gzip
import json
import random
import shutil
from pathlib import Path

R = random.Random(20260301)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
B62 = LETTERS + "0123456789"
B64URL = B62 + "-_"
HEX = "0123456789abcdef"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
UTC = dt.timezone.utc
ZONE = dt.timezone(dt.timedelta(hours=1))  # Europe/Berlin in winter
DAY = dt.datetime(2026, 3, 1, tzinfo=UTC)


def some(n, alphabet=B62):
    return "".join(R.choices(alphabet, k=n))


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def hidden(value):
    """JSON in which two characters are escaped, so that no scanner of repositories takes a made-up token for a leaked one."""
    return '"' + "".join(f"\\u{ord(c):04x}" if at in (0, 10) else json.dumps(c)[1:-1] for at, c in enumerate(value)) + '"'


class Clock:
    """Times that move on, from `start` on, by `mean` seconds at a time."""

    def __init__(self, start="09:00", mean=30.0, day=DAY):
        hour, minute = map(int, start.split(":"))
        self.now, self.mean = day + dt.timedelta(hours=hour, minutes=minute), mean

    def tick(self):
        self.now += dt.timedelta(microseconds=int(R.expovariate(1 / self.mean) * 1e6))
        return self.now


def iso(t, digits=3):
    return t.strftime("%Y-%m-%dT%H:%M:%S.") + f"{t.microsecond:06d}"[:digits] + "Z"


def runit(t):
    """The time that svlogd -tt puts before a line."""
    return t.strftime("%Y-%m-%d_%H:%M:%S.") + f"{t.microsecond // 10:05d} "


def tai64n(t):
    return f"@{int(t.timestamp()) + (1 << 62) + 10:016x}{t.microsecond * 1000:08x}"


def ulid(t):
    ms, text = int(t.timestamp() * 1000), ""
    for _ in range(10):
        ms, text = ms >> 5, CROCKFORD[ms & 31] + text
    return text + some(16, CROCKFORD)


class Planted:
    """Values that must go and values that must stay. Where they stand is looked up in the files as written."""

    def __init__(self):
        self.secrets, self.kept = {}, {}

    def secret(self, kind, name, value):
        self.secrets.setdefault(value, (kind, name))
        return value

    def known(self, name, value):
        return self.secret("known", name, value)

    def keyed(self, name, value=None):
        return self.secret("keyed", name, value or some(R.randint(12, 20)))

    def shaped(self, name, value):
        return self.secret("shaped", name, value)

    def keep(self, name, value):
        self.kept.setdefault(value, name)
        return value


class Host:
    def __init__(self, name, folder):
        self.name, self.root, self.plain, self.planted = name, Path(folder) / name, {}, Planted()
        shutil.rmtree(self.root, ignore_errors=True)

    def put(self, path, content, pack=False):
        data = content if isinstance(content, bytes) else content.encode()
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(gzip.compress(data, 9, mtime=0) if pack else data)
        self.plain[path] = data

    def lines(self, path, lines, pack=False):
        self.put(path, "".join(line + "\n" for line in lines), pack)

    def link(self, path, target):
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)

    def lists(self, never_taken):
        """The two lists beside the host."""
        for suffix, values in (("planted", self.planted.secrets), ("kept", self.planted.kept)):
            rows = []
            for value, meaning in values.items():
                needle = value.encode()
                places = [p for p, data in sorted(self.plain.items()) if needle in data]
                assert places, f"{meaning} was planted nowhere"
                for where in places:
                    if suffix == "kept" and where in never_taken:
                        continue
                    text = hidden(value) if suffix == "planted" else json.dumps(value)
                    about = (
                        f'"kind": "{meaning[0]}", "name": {json.dumps(meaning[1])}'
                        if suffix == "planted"
                        else f'"name": {json.dumps(meaning)}'
                    )
                    rows.append(f'  {{"value": {text}, "where": {json.dumps(where)}, {about}}}')
            self.root.with_name(f"{self.name}.{suffix}.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")
