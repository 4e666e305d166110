//! What the web carries: passwords in URLs, logins in headers, signatures in addresses.

use crate::redact::shaped::{basic, rule::Rule, url};

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::code(
        "url-password",
        "Password, or token in a user's place, in a URL",
        &["://({x1-1})", r":\\/\\/({x1-1})", r":\\\\/\\\\/({x1-1})"],
        url::plain,
    )
    .such_as(&[
        "https://deploy:({a18})@registry.example.com/v2/",
        "redis://:({a18})@10.0.0.1:6379/0",
        "postgresql://gitlab:({a8}/{a8})@db.example.com/gitlab",
        "amqp://guest:({a4}#{a4}?{a4})@mq.example.com",
        "https://oauth2:({a20})@gitlab.example.com/acme/web.git",
        r"https:\\/\\/user:({a18})@example.com\\/x",
        r"https:\\\\/\\\\/user:({a18})@example.com\\\\/x",
        "https://({h32})@sentry.example.com/4",
        "smtp://me@example.com:({a10})@mail.example.com:587",
        "http://proxy:({a4}\\!\\$&'\\(\\)*+,;={a4})@proxy.example.com:3128",
        "mongodb://u:({a12})@h1:27017,h2:27017/db",
        r"redis://:({a8}\\\\{a8})@10.0.0.1",
        r"redis://:({a8}\\u0026{a8})@10.0.0.1",
    ])
    .but_not(&[
        "https://gitlab.example.com/acme/web.git",
        "https://gitlab.example.com:8443/users/ann@example.com",
        "ssh://git@gitlab.example.com:2222/acme/web.git",
        r"https://user:\[FILTERED\]@example.com/x",
        "https://user:*****@example.com/x",
        r"https://user:\$\{PASSWORD\}@example.com/x",
        r"http://\[::1\]:8080/a@b",
        "docker://alpine:3.18@sha256:{h64}",
        "http://localhost:8080/npm/@scope/pkg",
        "https://example.com/?mail=ann@example.com",
        "http://a.example.com:80,http://b.example.com:81 ann@example.com",
        "\"url\":\"https://a.example.com:443\",\"mail\":\"ann@example.com\"",
        "https://user:@example.com/",
        "['http://10.0.0.1:80','ann@example.com']",
        r"http://10.0.0.1:80\\nmail ann@example.com",
        "https://project_7_bot_{h32}@gitlab.example.com/x.git",
    ]),
    Rule::code(
        "encoded-url-password",
        "Password in a URL that is percent-encoded, once or twice, as in a redirect or a referrer",
        &[
            "%3A%2F%2F({x1-1})",
            "%3a%2f%2f({x1-1})",
            "{L1-1}:%2F%2F({x1-1})",
            "{L1-1}:%2f%2f({x1-1})",
            "%253A%252F%252F({x1-1})",
            "%253a%252f%252f({x1-1})",
        ],
        url::encoded,
    )
    .such_as(&[
        "?url=https%3A%2F%2Fuser%3A({a18})%40example.com%2Fx",
        "?url=https%3a%2f%2fuser:({a18})@example.com%2fx",
        "?url=https:%2F%2Fuser:({a18})@example.com%2Fx&y=z",
        "?u=https%253A%252F%252Fuser%253A({a18})%2540example.com%252Fx",
    ])
    .but_not(&[
        "?url=https%3A%2F%2Fexample.com%3A8443%2Fx%40y",
        "?url=https%3A%2F%2Fgit%40example.com%2Fx",
        "?url=https%3A%2F%2Fuser%3A%5BFILTERED%5D%40example.com%2Fx",
        "?u=https%253A%252F%252Fexample.com%253A8443%252Fx%2540y",
    ]),
    Rule::code(
        "driver-password",
        "Password in a data source name as Go's MySQL driver has it: opens the database",
        &[r"@tcp\(", r"@unix\("],
        url::driver,
    )
    .such_as(&[
        r"root:({a12})@tcp\(10.0.0.1:3306\)/gitlab",
        r"dsn='gitlab:({a6}@{a4}:{a3})@unix\(/run/mysqld.sock\)/db?parseTime=true'",
    ])
    .but_not(&[
        r"root@tcp\(10.0.0.1:3306\)/gitlab",
        r"root:****@tcp\(db:3306\)/x",
        r"time 10:12 gitlab@tcp\(db\)",
    ]),
    Rule::code(
        "basic-auth",
        "HTTP Basic login: the base64 of a user and a password",
        &["[Bb]asic ({b8+})", "BASIC ({b8+})", "[Bb]asic%20({b8+})", "[Bb]asic+({b8+})"],
        basic::basic,
    )
    .such_as(&["Authorization: Basic (b2F1dGgyOmFiY2RlZmdo)", "authorization: basic (dXNlcjpwYXNz)"])
    .but_not(&["Basic authentication", "basic information", "Basic realm", "basic Authentication1"]),
    Rule::token(
        "git-login-in-base64",
        "Base64 of Git's login `oauth2:TOKEN` or `gitlab-ci-token:TOKEN`",
        &["b2F1dGgyO{b8}", "Z2l0bGFiLWNpLXRva2VuO{b8}", "eC1vYXV0aC1iYXNpYz{b8}", "eC1hY2Nlc3MtdG9rZW46{b8}"],
    ),
    Rule::code(
        "bearer-token",
        "HTTP Bearer token: whoever sends it is its owner",
        &["[Bb]earer ({v12+})", "BEARER ({v12+})", "[Bb]earer%20({v12+})", "[Bb]earer+({v12+})"],
        basic::bearer,
    )
    .such_as(&["Authorization: Bearer ({v40})", "authorization: bearer ({a32})", "Bearer%20({a32})"])
    .but_not(&[
        "Bearer authentication-required",
        "Bearer realm=\"https://gitlab.example.com/jwt/auth\"",
        "bearer of the token",
        r"Bearer \[FILTERED\]",
        "Bearer error=\"invalid_token\"",
        "token_type=bearer expires_in=7200 scope=api",
    ]),
    Rule::token(
        "presigned-url",
        "Signature in an address: whoever has it reads or writes the object until it expires",
        &[
            "X-Amz-Signature=({H32})",
            ", Signature=({h64})",
            ",Signature=({h64})",
            "OSS {a16-32}:({b27})",
            "[?&]signature=({v20})",
            "X-Amz-Signature%3D({H32})",
            "x-amz-signature=({H32})",
            "X-Amz-Security-Token=({v20})",
            "x-amz-security-token=({v20})",
            "X-Goog-Signature=({H32})",
            "x-goog-signature=({H32})",
            "GoogleAccessId={q1-200}&Expires={d1-12}&Signature=({v20})",
            "[?&]Signature=({v20})",
            "[?&]sig=({v20})",
            "u0026sig=({v20})",
            "u0026Signature=({v20})",
            "amp;sig=({v20})",
            "amp;Signature=({v20})",
            "%26sig%3D({v20})",
            "%26Signature%3D({v20})",
            "X-Oss-Signature=({v20})",
            "X-Oss-Security-Token=({v20})",
            "q-signature=({H32})",
            "AWSAccessKeyId={u16-32}:({b27})",
            "AWS {u16-32}:({b27})",
        ],
    )
    .such_as(&[
        "https://b.s3.amazonaws.com/o?X-Amz-Expires=600&X-Amz-Signature=({h64})",
        "https://a.blob.core.windows.net/c/b?sv=2022-11-02&se=2024-01-01&sig=({v43}%3D)&sp=r",
        "https://storage.googleapis.com/b/o?X-Goog-Signature=({h512})&x=y",
        "https://b.s3.amazonaws.com/o?AWSAccessKeyId=x&Signature=({v27}%3D)&Expires=1",
    ])
    .but_not(&[
        "X-Amz-Date=20240607T000000Z&X-Amz-Expires=600&X-Amz-SignedHeaders=host",
        "?sig=short",
        r"X-Amz-Signature=\[FILTERED\]",
    ]),
];
