"""Who uses the GitLab of these hosts, and for what."""
from .base import HEX, R, some

USERS = [(2, "maya.novak"), (3, "jonas.weber"), (5, "priya.patel"), (8, "token.ring"), (13, "ci-bot"), (21, "root")]
PROJECTS = ["platform/api", "platform/secret-scanner", "web/portal", "data/token-service", "infra/ansible", "gitlab-org/gitlab"]
ADDRESSES = ["203.0.113.24", "203.0.113.77", "198.51.100.9", "10.20.4.17", "10.20.4.31", "2001:db8:40::1f"]
AGENTS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36",
    "gitlab-runner 18.9.0 (18-9-stable; go1.24.11; linux/amd64)",
    "git/2.47.3",
    "curl/8.5.0",
    "python-requests/2.32.3",
]


def user():
    return R.choice(USERS)


def project():
    return R.choice(PROJECTS)


def address():
    return R.choice(ADDRESSES)


def agent():
    return R.choice(AGENTS)


def sha():
    return some(40, HEX)


def hashed(name):
    import hashlib

    digest = hashlib.sha256(name.encode()).hexdigest()
    return f"@hashed/{digest[:2]}/{digest[2:4]}/{digest}.git"


def seconds(low, high, digits=5):
    """Mostly short, sometimes long, as durations are."""
    return round(low + (high - low) * R.random() ** 4, digits)
