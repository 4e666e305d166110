//! Private keys and signed tokens that any issuer makes.

use crate::redact::shaped::{basic, pem, rule::Rule};

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::code(
        "private-key",
        "Private key in PEM or PGP armour: whoever has it is its owner",
        &[
            "PRIVATE KEY-----",
            "PRIVATE KEY BLOCK-----",
            "PRIVATE KEY ----",
            "PRIVATE+KEY-----",
            "PRIVATE+KEY+BLOCK-----",
            "PRIVATE%20KEY%20BLOCK-----",
            "PRIVATE%20KEY-----",
        ],
        pem::find,
    )
    .such_as(&[
        r"(-----BEGIN RSA PRIVATE KEY-----\\n{b64}\\n{b64}\\n{b30}==\\n-----END RSA PRIVATE KEY-----)\\n",
        r"(-----BEGIN PRIVATE KEY-----\\\\n{b64}\\\\n{b30}==\\\\n-----END PRIVATE KEY-----)\\\\n",
        r"(-----BEGIN OPENSSH PRIVATE KEY-----\\n{b70}\\n{b70})",
        r"(-----BEGIN EC PRIVATE KEY----- {b64} {b30}== -----END EC PRIVATE KEY-----)",
        r"(-----BEGIN+ENCRYPTED+PRIVATE+KEY-----%0A{b64}%0A{b31}%3D%0A-----END+ENCRYPTED+PRIVATE+KEY-----)",
    ])
    .but_not(&[
        r"-----BEGIN CERTIFICATE-----\\n{b64}\\n{b64}\\n-----END CERTIFICATE-----",
        r"-----BEGIN PUBLIC KEY-----\\n{b64}\\n{b64}\\n-----END PUBLIC KEY-----",
        r"-----BEGIN PGP PUBLIC KEY BLOCK-----\\n\\n{b64}\\n-----END PGP PUBLIC KEY BLOCK-----",
        r"-----BEGIN CERTIFICATE REQUEST-----\\n{b64}\\n-----END CERTIFICATE REQUEST-----",
        "expected -----BEGIN RSA PRIVATE KEY----- at line 1",
        "between -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----",
    ]),
    Rule::code(
        "putty-private-key",
        "Private key in PuTTY's format: whoever has it is its owner",
        &["Private-Lines: ({d1-3})"],
        pem::putty,
    )
    .such_as(&["Private-Lines: 1\n({b64})\nPrivate-MAC: {h40}"])
    .but_not(&["Private-Lines: 14"]),
    Rule::token(
        "jwt",
        "JSON web token: a signed claim that its bearer is somebody",
        &[
            "eyJ{w8+}.eyJ{w4+}<.{w4}>",
            "eyJ{w8+}.{w8+}.{w16}",
            "eyJ{w8+}.{w0+}.{w8+}.{w8+}.{w16}",
            // `{ "` and `{` with a line end, as some libraries write their JSON
            "eyAi{w8+}.{w8+}.{w16}",
            "ewog{w8+}.{w8+}.{w16}",
            "ewoJ{w8+}.{w8+}.{w16}",
        ],
    )
    .such_as(&[
        "eyJ{w33}.eyJ{w60}.{w43}",
        "eyJ{w33}.eyJ{w60}",
        "eyJ{w50}..{w16}.{w100}.{w22}",
        "eyJ{w50}.{w342}.{w16}.{w100}.{w22}",
        "eyAi{w40}.eyAi{w40}.{w43}",
    ])
    .but_not(&["eyJ{w60}", "cursor=eyJ{w60}", "eyJ{w30}.json", "eyJ.eyJ."]),
    Rule::token(
        "rails-signed-message",
        "Message that Rails signed, as in a cookie that remembers a sign-in: is believed as it stands",
        &["eyJfcmFpbHMi{v40}"],
    )
    .such_as(&["eyJfcmFpbHMi{b80}%3D--{h40}"])
    .but_not(&["eyJfcmFpbHMi"]),
    Rule::code(
        "private-key-in-base64",
        "Private key in base64 once more, as in a kubeconfig or a Kubernetes secret",
        &["LS0tLS1CRUdJTi"],
        basic::private_key,
    )
    .such_as(&["client-key-data: (LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo{a60}=)"])
    .but_not(&["certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUM{a60}="]),
    Rule::token("nats-seed", "NATS seed: signs in as its user, account or operator", &["^S[UAONCX]A{u55}$"])
        .but_not(&["SUA{u20}"]),
    Rule::token(
        "age-key",
        "age secret key: decrypts what was encrypted to it",
        &["AGE-SECRET-KEY-1{u50}", "AGE-SECRET-KEY-PQ-1{u50}"],
    )
    .such_as(&["AGE-SECRET-KEY-1{u58}"])
    .but_not(&["age1{l58}"]),
    Rule::token(
        "ssh-signing-blob",
        "OpenSSH private key without its armour: the base64 of its magic words",
        &["b3BlbnNzaC1rZXktdjEA{b20}"],
    ),
];
