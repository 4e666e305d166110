//! Work, design and all other services.

use crate::redact::shaped::rule::Rule;

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "linear-key",
        "Linear key or token: acts as its user",
        &["^lin_api_{a32}", "^lin_oauth_{h60}", "^lin_wh_{a32}"],
    )
    .such_as(&["lin_api_{a40}", "lin_oauth_{h64}"]),
    Rule::token(
        "notion-token",
        "Notion integration token: reads and changes pages",
        &["^ntn_{a40}", "^secret_{a43}$"],
    )
    .such_as(&["ntn_{a46}", "secret_{a43}"])
    .but_not(&["secret_key_base_{a10}"]),
    Rule::token(
        "figma-token",
        "Figma personal access token: reads and comments as its user",
        &["^fig[duo]_{w38}"],
    )
    .such_as(&["figd_{w40}"]),
    Rule::token("clickup-token", "ClickUp personal token: acts as its user", &["^pk_{d5-10}_{u30}"])
        .such_as(&["pk_{d8}_{u32}"]),
    Rule::token(
        "contentful-token",
        "Contentful management token: changes its owner's spaces",
        &["CFPAT-{w40}"],
    )
    .such_as(&["CFPAT-{w43}"]),
    Rule::token("frameio-token", "Frame.io developer token: acts as its user", &["^fio-u-{w60}"])
        .such_as(&["fio-u-{w64}"]),
    Rule::token(
        "adobe-secret",
        "Secret of an Adobe application: asks for tokens in its name",
        &["^p8e-{w32}"],
    )
    .but_not(&["p8e-x"]),
    Rule::token("readme-key", "ReadMe API key: changes its project's docs", &["^rdme_{l64}"])
        .such_as(&["rdme_{l70}"]),
    Rule::token(
        "dropbox-token",
        "Dropbox access token: reads and writes its user's files",
        &["^sl.u.{w100}", "^sl.{w130}"],
    )
    .such_as(&["sl.u.{w140}", "sl.{w136}"])
    .but_not(&["sl.u.x"]),
    Rule::token(
        "mapbox-token",
        "Mapbox secret token: changes its account's maps",
        &["^[st]k.eyJ{w20+}.{w20}"],
    )
    .such_as(&["sk.eyJ{w60}.{w22}"])
    .but_not(&["sk.eyJ"]),
    Rule::token(
        "okta-token",
        "Okta API token in a header: acts as its administrator",
        &["SSWS ({w40})", "SSWS%20({w40})"],
    )
    .such_as(&["Authorization: SSWS (00{w40})"])
    .but_not(&["SSWS token"]),
    Rule::token(
        "stytch-secret",
        "Stytch secret: signs in anybody of its project",
        &["^secret-live-{w30}<=>", "^secret-test-{w30}<=>"],
    )
    .such_as(&["secret-live-{w35}="])
    .but_not(&["secret-live-update"]),
    Rule::token(
        "jumpcloud-key",
        "JumpCloud API key: rules its organisation's users and devices",
        &["^jca_{a36}"],
    ),
    Rule::token(
        "session-cookie",
        "Session cookie of PHP, Java, Laravel, Django, Express or ASP.NET: is signed in as its user",
        &[
            "PHPSESSID=({v20})",
            "JSESSIONID=({v20})",
            "connect.sid=({v20})",
            "laravel_session=({v20})",
            "^sessionid=({l32})$",
            ".AspNetCore.Session=({v20})",
            "grafana_session=({h32})",
            "remember_user_token=({v20})",
            "MMAUTHTOKEN=({l26})",
            "known_sign_in=({v20})",
        ],
    )
    .such_as(&["PHPSESSID=({l26});", "Cookie: JSESSIONID=({u32})", "remember_user_token=({v60})"])
    .but_not(&["PHPSESSID=;", r"JSESSIONID=\[FILTERED\]", "session_id={h8}-{h4}-{h4}-{h4}-{h12}"]),
    Rule::token(
        "calendar-address",
        "Private address of a calendar: reads all of its entries",
        &["/calendar/ical/{p5-120}/private-({h32})/"],
    )
    .such_as(&["https://calendar.google.com/calendar/ical/ann%40example.com/private-({h32})/basic.ics"]),
    Rule::token(
        "otp-seed",
        "Seed of one-time passwords in an otpauth address: makes the codes of a second factor",
        &["otpauth://{L4}/{q1-200}?secret=({u16})", "otpauth://{L4}/{q1-200}?issuer={q1-100}&secret=({u16})"],
    )
    .such_as(&[
        "otpauth://totp/GitLab:ann?secret=({u32})&issuer=x",
        "otpauth://totp/GitLab:ann?issuer=x&secret=({u32})",
    ])
    .but_not(&["?secret=&x"]),
    Rule::token("retool-token", "Retool access token: changes its organisation's apps", &["retool_01{l20}"])
        .such_as(&["retool_01{l24}"]),
    Rule::token("teamwork-token", "Teamwork token: acts as its user", &["^tkn.v1_{b60}"])
        .such_as(&["tkn.v1_{b71}="]),
    Rule::token("voiceflow-key", "Voiceflow key: runs its owner's agents", &["VF.[DW][MS].{h24}.{a16}"]),
    Rule::token("zoho-token", "Zoho OAuth token: acts as its user", &["^1000.{h32}.{h32}$"])
        .but_not(&["1000.{h32}"]),
    Rule::token(
        "salesforce-refresh-token",
        "Salesforce refresh token: gets sessions as its user",
        &["^5Aep861{s60}"],
    )
    .such_as(&["5Aep861{s80}"]),
    Rule::token("pinterest-token", "Pinterest access token: acts as its user", &["^pina_{w30}"])
        .such_as(&["pina_{w58}"]),
    Rule::token("lichess-token", "Lichess token: acts as its user", &["^lip_{a20}!$"]).but_not(&["lip_sync"]),
    Rule::token(
        "onfido-token",
        "Onfido token: reads identities",
        &["^api_live.{w10-16}.{w30}", "^api_sandbox.{w10-16}.{w30}"],
    )
    .such_as(&["api_live.{w11}.{w32}", "api_sandbox.{w11}.{w32}"]),
    Rule::token("close-key", "Close API key: reads and changes leads", &["^api_{a22}.{a22}$"])
        .but_not(&["api_{a22}"]),
    Rule::token("flexport-token", "Flexport token: ships at its owner's cost", &["^shltm_{w40}"]),
    Rule::token("fleetbase-key", "Fleetbase key: changes orders", &["^flb_live_{a20}", "^flb_test_{a20}"]),
];
