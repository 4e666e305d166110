//! Developers' tools, databases as a service and devices.

use crate::redact::shaped::{odd, rule::Rule};

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "airtable-token",
        "Airtable personal access token: reads and changes bases",
        &["^pat{a14}.{h60}"],
    )
    .such_as(&["pat{a14}.{h64}"])
    .but_not(&["pat{a14}.rb"]),
    Rule::token(
        "asana-token",
        "Asana personal access token: acts as its user",
        &["^[12]/{d15-17}/{d15-17}:{h32}"],
    )
    .such_as(&["2/{d16}/{d16}:{h32}"])
    .but_not(&["2/{d16}/{d16}"]),
    Rule::token(
        "docker-swarm-key",
        "Docker Swarm's unlock key: opens the keys of a manager",
        &["SWMKEY-1-{b40}"],
    )
    .such_as(&["SWMKEY-1-{b43}"]),
    Rule::token("ceph-key", "Key of a Ceph client: reads and writes pools", &["key = (AQ{b36})"])
        .such_as(&["key = (AQ{b36}==)"])
        .but_not(&["key = AQ"]),
    Rule::token(
        "healthchecks-url",
        "Ping URL of healthchecks.io: whoever has it says that a job ran",
        &["hc-ping.com/({h8}-{h4}-{h4}-{h4}-{h12})"],
    ),
    Rule::token("adafruit-key", "Adafruit IO key: reads and writes feeds", &["^aio_{a28}"]),
    Rule::token("cockroach-key", "CockroachDB Cloud key: administers clusters", &["^CCDB1_{a22}_{a40}"]),
    Rule::token("configcat-key", "ConfigCat SDK key: reads feature flags", &["configcat-sdk-1/{w22}/{w22}"])
        .but_not(&["configcat-sdk-1/js"]),
    Rule::token(
        "discord-bot-token",
        "Discord bot token: acts as the bot",
        // The base64 of the digits of an id.
        &["^[MNO][DTjz][AEIMQUYcgk][wxyz012345]{a20-24}.{w6}.{w27}"],
    )
    .such_as(&["MTEx{a20}.{w6}.{w38}"])
    .but_not(&["MTEx{a20}.{w6}"]),
    Rule::token("inngest-key", "Inngest signing key: runs functions", &["^signkey-{L3-10}-{h60}"])
        .such_as(&["signkey-prod-{h64}"]),
    Rule::token(
        "intra42-secret",
        "42 intranet application secret: asks for tokens",
        &["^s-s4t2[ua][df]-{h60}"],
    )
    .such_as(&["s-s4t2ud-{h64}"]),
    Rule::token("maxmind-key", "MaxMind licence key: downloads databases", &["^{w36-40}_mmk$"])
        .such_as(&["{a6}_{a29}_mmk"]),
    Rule::token("nightfall-key", "Nightfall API key: scans in its owner's name", &["^NF-{a32}$"]),
    Rule::token(
        "openvsx-token",
        "Open VSX token: publishes extensions",
        &["^ovsxp_{h8}-{h4}-{h4}-{h4}-{h12}"],
    ),
    Rule::token(
        "pipedream-address",
        "Pipedream address: whoever knows it sends to it",
        &["^(e[on]{l14}).m.pipedream.net"],
    ),
    Rule::token("razorpay-key", "Razorpay key: half of a login", &["^rzp_live_{a14}", "^rzp_test_{a14}"]),
    Rule::token("resend-key", "Resend API key: sends mail", &["^re_{a8}_{a22}!"])
        .such_as(&["re_{a8}_{a24}"])
        .but_not(&["re_matched_x"]),
    Rule::token("rootly-key", "Rootly API key: changes incidents", &["^rootly_{h60}"])
        .such_as(&["rootly_{h64}"]),
    Rule::token("samsara-token", "Samsara API token: reads vehicles", &["^samsara_api_{a30}"]),
    Rule::token("scalingo-token", "Scalingo API token: administers applications", &["^tk-us-{w48}"]),
    Rule::token("snyk-token", "Snyk service or user token: reads projects", &["^snyk_[us]at.{h8}.{s40}"])
        .such_as(&["snyk_uat.{h8}.{w60}"]),
    Rule::token("thunderstore-token", "Thunderstore token: publishes packages", &["^tss_{a36}"]),
    Rule::token("ubidots-key", "Ubidots key: reads and writes devices", &["^BBFF-{a30}"]),
    Rule::token(
        "wakatime-key",
        "WakaTime key: reads its user's activity",
        &["^waka_{h8}-{h4}-{h4}-{h4}-{h12}"],
    ),
    Rule::token("zuplo-key", "Zuplo API key: calls a gateway", &["^zpka_{h32}_{h8}"]),
    Rule::code(
        "vault-service-token",
        "HashiCorp Vault token of an old version: reads what its policies allow",
        &["^s.({a24})$"],
        odd::random,
    )
    .such_as(&["s.({a24})"])
    .but_not(&["s.{L24}", "s.getRepositoryByNameAsync"]),
    Rule::code(
        "smtp-login",
        "A password in the base64 of SMTP's AUTH LOGIN, the line behind its prompt",
        &["334 UGFzc3dvcmQ6", "334 UGFzc3dvcmQA"],
        odd::answer,
    )
    .such_as(&["334 UGFzc3dvcmQ6\nC: ({b16})\n", r"334 UGFzc3dvcmQ6\\r\\n - ({b24})\\r\\n"])
    .but_not(&["334 UGFzc3dvcmQ6\n"]),
];
