//! Build, delivery and infrastructure.

use crate::redact::shaped::rule::Rule;

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "circleci-token",
        "CircleCI token: starts and reads pipelines as its owner",
        &["CCIPAT_{w40}", "CCIPRJ_{w40}"],
    )
    .such_as(&["CCIPAT_{a22}_{h40}", "CCIPRJ_{a22}_{h40}"]),
    Rule::token("buildkite-token", "Buildkite API token: acts as its user", &["bkua_{a40}"]),
    Rule::token(
        "terraform-token",
        "HCP Terraform token: plans and applies as its owner",
        &["^{a14}.atlasv1.{w60}"],
    )
    .but_not(&["x.atlasv1."]),
    Rule::token("vault-token", "HashiCorp Vault token: reads what its policies allow", &["^hv[sbr].{w24}"])
        .such_as(&["hvs.{w90}", "hvb.{w140}", "hvr.{w90}"])
        .but_not(&["hvs.x"]),
    Rule::token(
        "doppler-token",
        "Doppler token: reads the secrets of a project",
        &[
            "^dp.pt.{a40}",
            "^dp.st.<{w1-35}.>{a40}",
            "^dp.[cs]t.{a40}",
            "^dp.sa.{a40}",
            "^dp.scim.{a40}",
            "^dp.audit.{a40}",
        ],
    )
    .such_as(&["dp.pt.{a43}", "dp.st.prd_api.{a43}", "dp.ct.{a43}", "dp.sa.{a43}"])
    .but_not(&["dp.pt.x"]),
    Rule::token(
        "onepassword-token",
        "1Password service account token or secret key: opens vaults",
        &["ops_eyJ{b60}", "^A3-{u6}-{u11}-{u5}-{u5}-{u5}", "^A3-{u6}-{u6}-{u5}-{u5}-{u5}-{u5}"],
    )
    .such_as(&["ops_eyJ{b250}", "A3-{u6}-{u11}-{u5}-{u5}-{u5}"])
    .but_not(&["A3-{u6}"]),
    Rule::token(
        "infisical-token",
        "Infisical service token: reads the secrets of a project",
        &["^st.{h24}.{h32}.{h32}"],
    )
    .but_not(&["st.x"]),
    Rule::token("pulumi-token", "Pulumi access token: changes its owner's stacks", &["^pul-{h40}"])
        .but_not(&["pul-x"]),
    Rule::token("infracost-key", "Infracost API key: reads its organisation's estimates", &["^ico-{a32}$"])
        .but_not(&["ico-file"]),
    Rule::token(
        "harness-token",
        "Harness token: starts and changes pipelines as its owner",
        &["^pat.{w22}.{a24}.{a20}", "^sat.{w22}.{a24}.{a20}"],
    )
    .but_not(&["pat.x", "path.{w22}"]),
    Rule::token("octopus-key", "Octopus Deploy API key: deploys as its user", &["^API-{u26-34}$"])
        .such_as(&["API-{u26}", "API-{u31}"])
        .but_not(&["API-GATEWAY"]),
    Rule::token("prefect-key", "Prefect API key: runs flows as its owner", &["^pn[ub]_{a36}"]),
    Rule::token(
        "launchdarkly-key",
        "LaunchDarkly SDK key: reads all flags of an environment",
        &["^sdk-{h8}-{h4}-{h4}-{h4}-{h12}$"],
    )
    .but_not(&["sdk-2.0.1"]),
    Rule::token(
        "unleash-token",
        "Unleash API token: reads or changes feature flags",
        &[":production.({h50})", ":development.({h50})", "^*:*.({h50})"],
    )
    .such_as(&["default:production.({h56})", "*:*.({h56})"]),
    Rule::token(
        "statsig-secret",
        "Statsig server secret: reads and changes experiments",
        &["^secret-{a30}!"],
    )
    .such_as(&["secret-{a43}"])
    .but_not(&["secret-key"]),
    Rule::token("posthog-key", "PostHog personal API key: acts as its user", &["^ph[xs]_{w40}"])
        .such_as(&["phx_{w43}"]),
    Rule::token(
        "n8n-key",
        "n8n API key: reads and changes workflows with their credentials",
        &["n8n_api_{w40}"],
    ),
    Rule::token(
        "enrolment-secret",
        "Enrolment secret of an agent (osquery Fleet, Elastic Agent): joins as a host",
        &["enroll_secret=({w20})", "enrollment_token=({w20})", "enrollment-token=({b20})"],
    )
    .such_as(&["?enroll_secret=({w32})", "--enrollment-token=({b40})"])
    .but_not(&["enroll_secret="]),
    Rule::token(
        "jenkins-trigger",
        "Token in the address that starts a job of Jenkins",
        &["/build?token=({v8})", "/buildWithParameters?token=({v8})"],
    )
    .such_as(&["https://ci.example.com/job/x/build?token=({a20})"])
    .but_not(&["/build?token="]),
    Rule::token(
        "postman-key",
        "Postman API key: reads and changes its owner's collections",
        &["PMAK-{h24}-{h34}", "PMAT-{u26}"],
    ),
    Rule::token("veracode-key", "Veracode API id or key: reads and starts scans", &["vera01e[is]-{h32}"])
        .such_as(&["vera01ei-{h32}", "vera01es-{h128}"]),
    Rule::token(
        "dependency-track-key",
        "Dependency-Track API key: reads and writes findings",
        &["^odt_{a32}!", "^odt_{a8}_{a32}"],
    )
    .such_as(&["odt_{a32}", "odt_{a8}_{a32}"])
    .but_not(&["odt_converter"]),
    Rule::token("stackhawk-key", "StackHawk key: starts and reads scans", &["^hawk.{w20}.{w20}"])
        .but_not(&["hawk.io"]),
    Rule::token(
        "trufflehog-token",
        "TruffleHog agent's token: reports findings",
        &["thog-agent-{h32}", "thog-web-{h32}"],
    ),
    Rule::token("dbt-token", "dbt Cloud token: runs jobs on its data", &["^dbt[cu]_{w30}"])
        .such_as(&["dbtc_{w40}"])
        .but_not(&["dbtc_{w8}"]),
    Rule::token("flagsmith-key", "Flagsmith server key: reads all flags", &["^ser.{a22}!$"])
        .but_not(&["ser.abcdefghijklmnopqrstuv"]),
    Rule::token(
        "launchdarkly-api-token",
        "LaunchDarkly API token: changes flags",
        &["^api-{h8}-{h4}-{h4}-{h4}-{h12}$"],
    )
    .but_not(&["api-{h8}"]),
    Rule::token("devcycle-key", "DevCycle server key: reads all flags", &["^dvc_server_{w20}"])
        .such_as(&["dvc_server_{w40}"]),
    Rule::token("ionic-token", "Ionic token: builds its owner's apps", &["^ion_{a42}"]),
    Rule::token("settlemint-token", "SettleMint token: acts as its user", &["^sm_[aps]at_{a16}!"]),
    Rule::token(
        "trigger-key",
        "Trigger.dev key: starts tasks",
        &["^tr_dev_{a20}", "^tr_prod_{a20}", "^tr_pat_{a20}"],
    )
    .such_as(&["tr_dev_{a20}", "tr_prod_{a20}", "tr_pat_{a40}"]),
    Rule::token("valtown-token", "Val Town token: acts as its user", &["^vtwn_{a24}"])
        .such_as(&["vtwn_{a32}"]),
    Rule::token("unkey-root-key", "Unkey root key: makes and revokes keys", &["^unkey_{a16-32}!$"])
        .such_as(&["unkey_{a22}", "unkey_{a24}"])
        .but_not(&["unkey_database"]),
];
