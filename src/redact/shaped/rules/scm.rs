//! Source control, package registries and container registries.

use crate::redact::shaped::rule::Rule;

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "github-token",
        "GitHub token: acts as its user, app or installation",
        &["gh[pousr]_{a30}", "github_pat_{w40}"],
    )
    .such_as(&["ghp_{a36}", "gho_{a36}", "ghu_{a36}", "ghs_{a36}", "ghr_{a76}", "github_pat_{a22}_{a59}"])
    .but_not(&["ghp_", "github_pat_"]),
    Rule::token(
        "bitbucket-data-center-token",
        "Bitbucket Data Center token: acts as its user or project",
        &["^BBDC-{b40}"],
    )
    .such_as(&["BBDC-{b44}"])
    .but_not(&["BBDC-{b8}"]),
    Rule::token("bitbucket-app-password", "Bitbucket app password: acts as its user", &["^ATBB{a32}$"]),
    Rule::token(
        "atlassian-token",
        "Atlassian API token: acts as its user in Jira, Confluence and Bitbucket",
        &["ATATT3{w60}<={a6}>", "ATCTT3{w60}<={a6}>"],
    )
    .such_as(&["ATATT3{w180}={u8}", "ATCTT3{w180}"]),
    Rule::token("trello-token", "Trello token: reads and changes its user's boards", &["^ATTA{h60}"]),
    Rule::token(
        "azure-devops-token",
        "Azure DevOps personal access token: acts as its user",
        &["^{a70-80}AZDO{a4}"],
    ),
    Rule::token(
        "npm-token",
        "npm access token: publishes and installs packages as its owner",
        &["npm_{a36}"],
    )
    .but_not(&["npm_config_registry", "npm_lifecycle_event"]),
    Rule::token(
        "npm-auth-token",
        "Token of an npm registry in .npmrc: publishes and installs packages",
        &["_authToken=({w20})", "_auth=({b20})"],
    )
    .but_not(&[r"_authToken=\$\{NPM_TOKEN\}"]),
    Rule::token(
        "pypi-token",
        "PyPI upload token: publishes releases of its owner's projects",
        &["pypi-AgE{w50}"],
    )
    .but_not(&["pypi-publish-action-version-one"]),
    Rule::token("rubygems-key", "RubyGems API key: publishes gems as its owner", &["rubygems_{h40}"])
        .such_as(&["rubygems_{h48}"])
        .but_not(&["rubygems_api_key"]),
    Rule::token("crates-token", "crates.io API token: publishes crates as its owner", &["^cio{a32}$"])
        .but_not(&["cio"]),
    Rule::token("nuget-key", "NuGet API key: publishes packages as its owner", &["^oy2{l43}$"]),
    Rule::token(
        "clojars-token",
        "Clojars deploy token: publishes artefacts as its owner",
        &["CLOJARS_{l50}"],
    )
    .such_as(&["CLOJARS_{l60}"]),
    Rule::token(
        "packagist-token",
        "Private Packagist token: reads and changes its organisation's packages",
        &["packagist_[ou][ru]t_{h40}", "packagist_a[cu]t_{h40}"],
    )
    .such_as(&["packagist_ort_{h68}", "packagist_uut_{h68}"]),
    Rule::token(
        "docker-token",
        "Docker Hub access token: pulls and pushes images as its owner",
        &["dckr_pat_{w20}", "dckr_oat_{w20}"],
    )
    .such_as(&["dckr_pat_{w27}", "dckr_oat_{w32}"]),
    Rule::token(
        "docker-swarm-token",
        "Docker Swarm join token: adds nodes to the cluster",
        &["SWMTKN-1-{l40-60}-{l20}"],
    )
    .such_as(&["SWMTKN-1-{l50}-{l25}"]),
    Rule::token("artifactory-key", "JFrog Artifactory API key: acts as its user", &["^AKCp{a60}"])
        .such_as(&["AKCp8{a68}"]),
    Rule::token(
        "artifactory-reference-token",
        "JFrog Artifactory reference token: acts as its user",
        &["^cmVmdGtu{a40}"],
    )
    .such_as(&["cmVmdGtu{a56}"]),
    Rule::token(
        "sourcegraph-token",
        "Sourcegraph access token: reads all code that its user can",
        &["sgp_{h40}", "sgp_local_{h40}", "sgp_{h16-16}_{h40}"],
    )
    .such_as(&["sgp_{h40}", "sgp_{h16}_{h40}"]),
    Rule::token(
        "sourcegraph-license-key",
        "Sourcegraph license or gateway key: uses the subscription",
        &["^slk_{h60}", "^sgd_{h60}"],
    )
    .such_as(&["slk_{h64}", "sgd_{h64}"]),
    Rule::token("deno-token", "Deno Deploy token: deploys as its owner", &["^dd[pw]_{a36}"]),
    Rule::token(
        "sonarqube-token",
        "SonarQube token: analyses and reads projects as its user",
        &["^sq[paurt]_{h40}"],
    )
    .such_as(&["squ_{h40}", "sqp_{h40}", "sqa_{h40}"]),
    Rule::token(
        "phabricator-token",
        "Phabricator Conduit token: acts as its user",
        &["^api-{l28}!$", "^cli-{l28}!$"],
    )
    .such_as(&["api-{l28}", "cli-{l28}"])
    .but_not(&["api-gateway"]),
    Rule::token(
        "jetbrains-token",
        "JetBrains Hub, YouTrack or TeamCity permanent token: acts as its user",
        &["^perm:{b8+}.{b4+}.{a20}", "^perm-{b8+}.{b4+}.{a20}"],
    )
    .such_as(&["perm:{b12}=.{b8}.{a30}"])
    .but_not(&["perm:read"]),
    Rule::token(
        "portainer-token",
        "Portainer access token: rules the containers of its user",
        &["^ptr_{b40}"],
    )
    .such_as(&["ptr_{b43}="]),
    Rule::token(
        "sidekiq-credentials",
        "Sidekiq Pro or Enterprise credentials: install the licensed gems",
        &["CONTRIBSYS__COM=({h8}:{h8})", "CONTRIBSYS__COM: ({h8}:{h8})", "CONTRIBSYS__COM: \"({h8}:{h8})"],
    )
    .such_as(&["BUNDLE_ENTERPRISE__CONTRIBSYS__COM=({h8}:{h8})"]),
    Rule::token("socket-key", "Socket.dev API key: reads its organisation's scans", &["sktsec_{w40}"]),
];
