//! Password hashes: what is guessed offline, once somebody has it.

use crate::redact::shaped::rule::Rule;

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "bcrypt-hash",
        "bcrypt hash of a password, as in GitLab's users table: can be guessed offline",
        &[
            r"\$2[abxy]\${d2-2}\${c40}",
            r"\\\$2[abxy]\\\${d2-2}\\\${c40}",
            r"%242[abxy]%24{d2-2}%24{v40}",
            r"\\u00242[abxy]\\u0024{d2-2}\\u0024{c40}",
        ],
    )
    .such_as(&[r"\$2a\$10\${c53}", r"\$2y\$12\${c53}", "%242a%2410%24{c53}", r"\\\$2a\\\$10\\\${c53}"])
    .but_not(&[r"\$2a\$10", r"\$2 \$10", r"costs \$2a"]),
    Rule::token(
        "encoded-hash",
        "Hash of a password, percent-encoded as in a query: can be guessed offline",
        &[
            "%24argon2[id]{v40}",
            "%24[156]%24{v30}",
            "%24apr1%24{v26}",
            "%24y%24{v40}",
            "%24[PHS]%24{v31}",
            "%24pbkdf2{v40}",
            "%7BSSHA%7D{v28}",
            "%7BSSHA[235]{v40}",
            "%7BSHA%7D{v27}",
        ],
    )
    .such_as(&["%241%24{a8}%24{a22}", "%24argon2id%24{v60}", "%7BSHA%7D{a27}%3D"])
    .but_not(&["price%241%24x", "%7BSHA%7D"]),
    Rule::token(
        "grub-hash",
        "Hash of a boot loader's password: can be guessed offline",
        &["grub.pbkdf2.sha512.{d1-9}.{H16+}.{H64}"],
    )
    .but_not(&["grub.pbkdf2.sha512"]),
    Rule::token(
        "crypt-hash",
        "crypt(3) hash of a password, as in /etc/shadow and htpasswd: can be guessed offline",
        &[
            r"\$[15689]\${c1-64}\${c20}",
            r"\$[56]\$rounds={d1-9}\${c1-64}\${c20}",
            r"\$apr1\${c1-16}\${c20}",
            // As Docker Compose has it.
            r"\$\$apr1\$\${c1-16}\$\${c20}",
            r"\$gy\${c1-16}\${c1-86}\${c20}",
            r"\$y\${c1-16}\${c1-86}\${c20}",
            r"\$7\${c11-90}\${c20}",
            r"\$md5<,rounds={d1-9}>\${c1-16}\$<\$>{c20}",
            r"\$sha1\${d1-9}\${c1-64}\${c20}",
            r"\$S\${c50}",
            r"\$[PH]\${c31}",
        ],
    )
    .such_as(&[
        r"\$1\${c8}\${c22}",
        r"\$6\${c16}\${c86}",
        r"\$5\$rounds=10000\${c16}\${c43}",
        r"\$y\$j9T\${c22}\${c43}",
        r"\$apr1\${c8}\${c22}",
        r"\$sha1\$4294967\${c8}\${c28}",
        r"\$P\$B{c30}",
    ])
    .but_not(&[
        r"WHERE id = \$1 AND name = \$2",
        r"\$1, \$2, \$3",
        r"echo \$5 \$6",
        r"(\$1\$2)",
        r"\$S \$P",
    ]),
    Rule::token(
        "password-hash",
        "Password hash of an application: can be guessed offline",
        &[
            r"\$argon2[id]<d>\$v={d1-3}\$m={d1-9},t={d1-9},p={d1-9}\${v8-90}\${v16}",
            r"\$argon2[id]<d>\$m={d1-9},t={d1-9},p={d1-9}\${v8-90}\${v16}",
            r"\$scrypt\$ln={d1-3},r={d1-3},p={d1-3}\${c8-90}\${c16}",
            r"\$pbkdf2<-sha1><-sha256><-sha512>\${d1-9}\${v1-200}\${v20}",
            r"pbkdf2_sha256\${d1-9}\${a1-64}\${b20}",
            r"pbkdf2_sha1\${d1-9}\${a1-64}\${b20}",
            r"bcrypt_sha256\$\$2[aby]\${d2-2}\${c40}",
            r"grafana_pbkdf2\${b20}",
            r"\$bcrypt-sha256\${s1-40},{q20}",
        ],
    )
    .such_as(&[
        r"\$argon2id\$v=19\$m=65536,t=3,p=4\${c22}\${c43}",
        r"\$argon2i\$v=19\$m=4096,t=3,p=1\${c22}\${c43}",
        r"\$pbkdf2-sha512\$20000\${c22}\${c86}",
        r"\$pbkdf2\$20000\${c22}\${c27}",
        r"pbkdf2_sha256\$600000\${a22}\${b43}=",
    ])
    .but_not(&["argon2id", r"\$argon2id\$v=19", "pbkdf2_sha256"]),
    Rule::token(
        "scram-hash",
        "PostgreSQL's SCRAM verifier of a password: can be guessed offline, and its keys log in",
        &[
            r"SCRAM-SHA-256\${d1-9}:{b8-200}\${b20-200}:{b20}",
            r"SCRAM-SHA-1\${d1-9}:{b8-200}\${b20-200}:{b20}",
        ],
    )
    .such_as(&[r"SCRAM-SHA-256\$4096:{b22}==\${b43}=:{b43}="])
    .but_not(&["scram-sha-256", "SCRAM-SHA-256", r"SCRAM-SHA-256\$4096"]),
    Rule::token(
        "postgresql-md5-hash",
        "PostgreSQL's md5 of a password and a user: enough to log in",
        &["^md5{h32}$"],
    )
    .but_not(&["md5:{h32}", "md5={h32}", "md5{h40}", "{h32}", "amd5{h32}"]),
    Rule::token(
        "ldap-password-hash",
        "LDAP password hash: can be guessed offline",
        &[
            r"\{SSHA\}{b20}",
            r"\{SSHA256\}{b20}",
            r"\{SSHA384\}{b20}",
            r"\{SSHA512\}{b20}",
            r"\{SHA\}{b20}",
            r"\{SHA256\}{b20}",
            r"\{SHA512\}{b20}",
            r"\{SMD5\}{b20}",
            r"\{MD5\}{b20}",
            r"\{PBKDF2-SHA256\}{d1-9}\${c8-90}\${c20}",
            r"\{PBKDF2-SHA512\}{d1-9}\${c8-90}\${c20}",
            r"\{CRYPT\}{c13}",
        ],
    )
    .such_as(&[r"\{SSHA\}{b32}", r"\{SSHA512\}{b94}==", r"\{PBKDF2-SHA256\}10000\${c22}\${c43}"])
    .but_not(&[r"\{SSHA\}", r"\{SHA\}", r"\$\{SHA\}/path"]),
    Rule::token(
        "mysql-password-hash",
        "MySQL's double SHA-1 of a password: can be guessed offline",
        &[r"PASSWORD '(*{u40})'", r"AS '(*{u40})'", r"| (*{u40}) |"],
    ),
];
