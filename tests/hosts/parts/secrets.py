"""The secrets of the Linux-package host, and those that its logs leaked. All are made up."""
import base64
from urllib.parse import quote

from .base import B62, B64URL, HEX, some


def pem(label, lines=5):
    body = "\n".join(some(64, B62 + "+/") for _ in range(lines)) + "\n" + some(43, B62 + "+/") + "="
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


class Own:
    """What /etc/gitlab holds, by name."""

    def __init__(self, planted):
        known = planted.known
        self.db_password = known("db_password", "Uh/4+x#" + some(14))
        self.redis_password = known("redis_password", some(8) + "&=" + some(10) + "%")
        self.smtp_password = known("smtp_password", some(10) + " " + some(9))  # with a space
        self.ldap_password = known("password", "Pa$$" + some(12))
        self.ldap_old = known("password", some(17))  # in a comment
        self.oidc_secret = known("secret", some(40))
        self.s3_secret = known("aws_secret_access_key", some(40, B62 + "/+"))
        self.azure_key = known("azure_storage_access_key", base64.b64encode(some(48).encode()).decode())
        self.replication = known("sql_replication_password", some(22))
        self.pg_hash = known("sql_user_password", some(32, HEX))
        self.praefect_token = known("praefect_auth_token", some(30))
        self.gitaly_token = known("gitaly_auth_token", some(30))
        self.registry_http = known("registry_http_secret", some(64, HEX))
        self.mattermost_salt = known("public_link_salt", some(32, HEX))
        self.consul_gossip = known("encryption_key", base64.b64encode(some(32).encode()).decode())
        self.grafana = known("admin_password", some(18))
        self.proxy_password = known("proxy_password", some(15))
        self.alert_hook = known("alertmanager_token", some(33))
        self.initial_root = known("root_password", some(43) + "=")
        self.exporter = known("redis_exporter_password", some(21))
        keys = "secret_key_base db_key_base otp_key_base encrypted_settings_key_base".split()
        self.rails = {key: known(key, some(128, HEX)) for key in keys}
        self.active_record = {
            "active_record_encryption_primary_key": [known("primary_key", some(32))],
            "active_record_encryption_deterministic_key": [known("deterministic_key", some(32))],
            "active_record_encryption_key_derivation_salt": known("key_derivation_salt", some(32)),
        }
        self.signing_key = pem("RSA PRIVATE KEY")
        self.registry_key = pem("RSA PRIVATE KEY")
        self.tls_key = pem("PRIVATE KEY")
        for name, key in (("openid_connect_signing_key", self.signing_key), ("registry_internal_key", self.registry_key), ("tls_key", self.tls_key)):
            known(name, key.splitlines()[2])
        self.workhorse = known("workhorse_secret_token", base64.b64encode(some(32).encode()).decode())
        self.shell = known("shell_secret_token", some(128, HEX))
        self.kas = known("kas_api_secret_key", base64.b64encode(some(32).encode()).decode())
        self.runner = known("runner_registration_token", some(24))
        # The same ones in the forms in which other programs write them.
        self.redis_quoted = known("redis_password", quote(self.redis_password, safe=""))
        self.db_quoted = known("db_password", quote(self.db_password, safe=""))
        self.redis_escaped = known("redis_password", self.redis_password.replace("&", "\\\\u0026"))  # JSON in JSON
        self.basic_praefect = known("praefect_auth_token", base64.b64encode(f"praefect:{self.praefect_token}".encode()).decode())
        self.kas_decoded = known("kas_api_secret_key", base64.b64decode(self.kas).decode())


class Leaked:
    """What logs show and no file of the host tells."""

    def __init__(self, planted):
        self.planted = planted
        jwt = ".".join(["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", base64.urlsafe_b64encode(b'{"iss":"gitlab-workhorse","sub":"' + some(12).encode() + b'"}').decode().rstrip("="), some(43, B64URL)])
        self.shapes = {
            "personal-token": "glpat-" + some(20, B62),
            "personal-token-routable": "glpat-" + some(27, B64URL) + ".01.0r" + some(7, "0123456789abcdefghijklmnopqrstuvwxyz"),
            "personal-token-prefixed": "acme-glpat-" + some(20, B62),
            "deploy-token": "gldt-" + some(20, B62),
            "runner-token": "glrt-t1_" + some(20, B62),
            "runner-registration-token": "GR1348941" + some(20, B62),
            "job-token": "glcbt-64_" + some(20, B62),
            "trigger-token": "glptt-" + some(40, HEX),
            "feed-token": "glft-" + some(20, B62),
            "mail-token": "glimt-" + some(25, "abcdefghijklmnopqrstuvwxyz0123456789"),
            "agent-token": "glagent-" + some(50, B64URL),
            "scim-token": "glsoat-" + some(20, B62),
            "oauth-secret": "gloas-" + some(64, HEX),
            "jwt": jwt,
            "url-password": some(18),
            # Formats of other providers: only in packed logs, or hosts of code refuse the push.
            "slack-token": "xo" + "xb-" + some(12, "123456789") + "-" + some(12, "123456789") + "-" + some(24),
            "aws-key-id": "AK" + "IA" + some(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
            "stripe-key": "sk_" + "live_" + some(24),
            "slack-webhook": "https://hooks.sl" + "ack.com/services/T" + some(8, "ABCDEFGH0123456789") + "/B" + some(8, "ABCDEFGH0123456789") + "/" + some(24),
            "google-key": "AI" + "za" + some(35, B64URL),
            "npm-token": "np" + "m_" + some(36),
        }

    def shape(self, name):
        return self.planted.shaped(name, self.shapes[name])
