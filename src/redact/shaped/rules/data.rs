//! Databases, metrics, traces and errors.

use crate::redact::shaped::rule::Rule;

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "grafana-token",
        "Grafana token or API key: reads or changes dashboards",
        &["glsa_{a32}_{H8}", "^glc_{b32}", "^eyJrIjoi{b50}"],
    )
    .such_as(&["glsa_{a32}_{h8}", "glc_{b60}=", "eyJrIjoi{b80}="])
    .but_not(&["eyJrIjoi{b20}"]),
    Rule::token(
        "newrelic-key",
        "New Relic key: reads or writes its account's data",
        &["NRAK-{u27}", "NRII-{w32}", "NRIQ-{w32}", "NRRA-{h40}", "NRAA-{h27}", "NRJS-{h19}", "^{H36}NRAL$"],
    )
    .such_as(&["NRAK-{u27}", "NRII-{w32}", "{h32}FFFFNRAL"]),
    Rule::token(
        "sentry-token",
        "Sentry auth token: reads and writes issues and releases",
        &["sntrys_{b40}<_{b20}>", "sntry[uai]_{h40}"],
    )
    .such_as(&["sntrys_{b180}_{b43}", "sntryu_{h64}"]),
    Rule::token(
        "honeycomb-key",
        "Honeycomb key: writes, or rules, its environment",
        &["^hc[abx][il][kc]_{l50}", "^hcamk_{l26}"],
    )
    .such_as(&["hcaik_{l58}", "hcbik_{l58}"]),
    Rule::token(
        "dynatrace-token",
        "Dynatrace token: reads and writes its environment",
        &["dt0[cse][01][0123456789].{u8-24}.{u60}"],
    )
    .such_as(&["dt0c01.{u24}.{u64}", "dt0s16.{u24}.{u64}", "dt0s01.{u8}.{u64}"])
    .but_not(&["dt0c01.{u8}"]),
    Rule::token(
        "elastic-token",
        "Elastic Cloud API key: rules its organisation's deployments",
        &["^essu_{b40}"],
    )
    .such_as(&["essu_{b60}=="]),
    Rule::token(
        "axiom-token",
        "Axiom token: reads and writes datasets",
        &["^xaat-{h8}-{h4}-{h4}-{h4}-{h12}", "^xapt-{h8}-{h4}-{h4}-{h4}-{h12}"],
    ),
    Rule::token(
        "databricks-token",
        "Databricks token or secret: acts as its user",
        &["^dapi{h32}<-{d1}>", "^dose{h32}$"],
    )
    .such_as(&["dapi{h32}", "dapi{h32}-2", "dose{h32}"])
    .but_not(&["dapi"]),
    Rule::token(
        "mongodb-atlas-secret",
        "MongoDB Atlas service account secret: rules its projects",
        &["mdb_sa_sk_{w40}"],
    ),
    Rule::token("aiven-password", "Aiven service password: opens the database", &["^AVNS_{w17}"])
        .such_as(&["AVNS_{w19}"]),
    Rule::token(
        "neon-key",
        "Neon API key or database password: opens databases",
        &["^napi_{a60}", "^npg_{a12}!"],
    )
    .such_as(&["napi_{a64}", "npg_{a12}"])
    .but_not(&["npg_catalog"]),
    Rule::token(
        "planetscale-secret",
        "PlanetScale token or password: opens databases",
        &["pscale_tkn_{s32}", "pscale_pw_{s32}", "pscale_oauth_{s32}"],
    )
    .such_as(&["pscale_tkn_{w43}", "pscale_pw_{w43}"]),
    Rule::token("segment-token", "Segment public API token: rules its workspace", &["^sgp_{a64}"]),
    Rule::token("confluent-secret", "Confluent Cloud API secret: reads and writes topics", &["^cflt{b56}"])
        .such_as(&["cflt{b60}"]),
];
