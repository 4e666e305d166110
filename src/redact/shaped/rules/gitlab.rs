//! GitLab's own tokens. The prefixes are those of GitLab's token overview; the routable form is
//! PREFIX, a base64url payload, `.01.`, two digits of length and seven of checksum in base 36; an
//! older one has no `.01`.

use crate::redact::shaped::{routable, rule::Rule};

/// What stands behind a prefix.
pub(super) const BODY: &str = "{w20}<.{l2}.{l9}><.{l9}>";

/// Prefixes that are looked for in base64 too: those that stand in `user:password` or in variables.
pub(super) const PREFIXES: &[&str] = &[
    "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "gloas-", "glsoat-", "glagent-", "glffct-", "glft-",
    "glwt-",
];

/// Tokens behind a prefix that the operator named.
pub(super) static OWN_PREFIX: Rule = Rule::token(
    "gitlab-own-prefix-token",
    "GitLab token with the instance's own prefix: acts as its user, project or group",
    &[],
);

/// Base64 around a token.
pub(super) static IN_BASE64: Rule = Rule::token(
    "gitlab-token-in-base64",
    "base64 that holds a GitLab token, as in a Docker login or a Basic header",
    &[],
);

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "gitlab-token",
        "GitLab personal, project or group access token: acts as its user in API and Git",
        &["glpat-{w20}<.{l2}.{l9}><.{l9}>"],
    )
    .such_as(&[
        "glpat-{w20}",
        "glpat-{w27}.01.{l9}",
        "glpat-{w235}.01.{l9}",
        "glpat-{w40}.{l9}",
        "acme-(glpat-{w20})",
    ])
    .but_not(&["glpat-", "glpat-prefix", "glpat-{w8} "]),
    Rule::token(
        "gitlab-deploy-token",
        "GitLab deploy token: reads repositories, registries and packages",
        &["gldt-{w20}<.{l2}.{l9}><.{l9}>"],
    )
    .but_not(&["gldt-{w12}"]),
    Rule::token(
        "gitlab-runner-token",
        "GitLab runner authentication token: takes jobs, with their variables",
        &[
            "glrt-{w20}<.{l2}.{l9}><.{l9}>",
            "glrtr-{w20}<.{l2}.{l9}><.{l9}>",
            "glrt-t[0-9]_{w20}<.{l2}.{l9}><.{l9}>",
        ],
    )
    .such_as(&["glrt-{w20}", "glrtr-{w20}", "glrt-t1_{w20}", "glrt-t3_{w30}.01.{l9}"])
    .but_not(&["runner={w9}", "glrt-{w9}"]),
    Rule::token(
        "gitlab-registration-token",
        "GitLab runner registration token: registers runners that take jobs",
        &["GR1348941{w20}"],
    )
    .but_not(&["GR1348941"]),
    Rule::token(
        "gitlab-job-token",
        "GitLab CI job token: acts as the job's user while it runs",
        &["glcbt-{w20}<.{l2}.{l9}><.{l9}>", "glcbt-eyJ{w8+}.{w8+}.{w16}"],
    )
    .such_as(&["glcbt-64_{w20}", "glcbt-1_{w20}", "glcbt-eyJ{w40}.eyJ{w60}.{w43}", "glcbt-{w30}.01.{l9}"])
    .but_not(&["glcbt-64_"]),
    Rule::token(
        "gitlab-trigger-token",
        "GitLab pipeline trigger token: starts pipelines as its owner",
        &["glptt-{w20}<.{l2}.{l9}><.{l9}>"],
    )
    .such_as(&["glptt-{h40}"]),
    Rule::token(
        "gitlab-feed-token",
        "GitLab feed token: reads the user's activity and calendar feeds",
        &["glft-{w20}<.{l2}.{l9}><.{l9}>", "feed_token=({w20})", "rss_token=({w20})"],
    )
    .such_as(&["glft-{w20}", "glft-{h64}-{d4}", "/dashboard/issues.atom?feed_token=({w20})"])
    .but_not(&[r"feed_token=\[FILTERED\]", "glft-{w10}"]),
    Rule::token(
        "gitlab-incoming-mail-token",
        "GitLab incoming mail token: opens issues and merge requests as its user",
        &["glimt-{l20}", "^({l24-26})-issue@", "^({l24-26})-merge-request@", "^({l24-26})@incoming."],
    )
    .such_as(&[
        "glimt-{l25}",
        "incoming+acme-web-12-glimt-({l25})-issue@incoming.example.com",
        "incoming+acme-web-12-({l25})-issue@incoming.example.com",
        "incoming+acme-web-12-({l25})-merge-request@incoming.example.com",
        "incoming+acme/web+({l25})@incoming.example.com",
    ])
    .but_not(&["incoming+acme-web-12-issue-4@incoming.example.com", "reply-issue@incoming.example.com"]),
    Rule::token(
        "gitlab-agent-token",
        "GitLab agent for Kubernetes token: connects as the cluster's agent",
        &["glagent-{w30}<.{l2}.{l9}><.{l9}>"],
    )
    .such_as(&["glagent-{w50}"]),
    Rule::token(
        "gitlab-scim-token",
        "GitLab SCIM token: creates and removes the group's users",
        &["glsoat-{w20}<.{l2}.{l9}><.{l9}>"],
    ),
    Rule::token(
        "gitlab-oauth-secret",
        "Secret of an OAuth application of GitLab: asks for tokens in its name",
        &["gloas-{w20}<.{l2}.{l9}><.{l9}>"],
    )
    .such_as(&["gloas-{h64}"]),
    Rule::token(
        "gitlab-feature-flag-token",
        "GitLab feature flag client token: reads the project's flags",
        &["glffct-{w20}<.{l2}.{l9}><.{l9}>"],
    ),
    Rule::token(
        "gitlab-workspace-token",
        "GitLab workspace token: connects as the workspace",
        &["glwt-{w20}<.{l2}.{l9}><.{l9}>"],
    ),
    Rule::code(
        "gitlab-routable-token",
        "GitLab token behind an unknown prefix, told by its checksum",
        &[".01.{l9}$"],
        routable::find,
    )
    .such_as(&["acme_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4.01.0z03av8dp"])
    .but_not(&["10.0.01.{l9}", "acme_{w30}.01.{l9}", "v1.01.{l9}"]),
    Rule::token(
        "gitlab-session",
        "GitLab session cookie: is signed in as its user until it ends",
        &[
            "_gitlab_session=({v16})",
            "_gitlab_session%3D({v16})",
            "_gitlab_session_{h8+}=({v16})",
            "_gitlab_session\"=\\>\"({v16})",
            "_gitlab_session\":\"({v16})",
            "_gitlab_session\": \"({v16})",
        ],
    )
    .such_as(&["Cookie: theme=1; _gitlab_session=({h32}); x=y", "_gitlab_session_{h64}=({h32})"])
    .but_not(&[r"_gitlab_session=\[FILTERED\]", "_gitlab_session=; path"]),
    Rule::token(
        "gitlab-invite",
        "GitLab's invitation: who has it joins the group or project",
        &["/-/invites/({w20})"],
    )
    .but_not(&["/-/invites/"]),
];
