//! Published formats of tokens: what they begin with, and the least that follows. From the providers' own
//! documentation; where one says nothing of a length, from tokens that it issues.

use super::{
    Body, Shape,
    bytes::{alnum, base64, dotted, hex, is_apart, lower, upper, varied, word},
};

const fn run(name: &'static str, needle: &'static str, class: fn(u8) -> bool, least: usize) -> Shape {
    Shape { name, needle, body: Body::Run(class, least) }
}

/// For beginnings that words have too.
const fn apart(name: &'static str, needle: &'static str, class: fn(u8) -> bool, least: usize) -> Shape {
    Shape { name, needle, body: Body::Apart(class, least) }
}

#[rustfmt::skip] // a table
pub(super) const TOKENS: &[Shape] = &[
    // GitLab
    run("gitlab-token", "glpat-", word, 18), run("gitlab-token", "gldt-", word, 18), run("gitlab-token", "glrt-", word, 18),
    run("gitlab-token", "glrtr-", word, 18), run("gitlab-token", "glptt-", word, 18), run("gitlab-token", "glft-", word, 18),
    run("gitlab-token", "glimt-", word, 18), run("gitlab-token", "glagent-", word, 18), run("gitlab-token", "glsoat-", word, 18),
    run("gitlab-token", "gloas-", word, 18), run("gitlab-token", "glffct-", word, 18), run("gitlab-token", "glwt-", word, 18),
    run("gitlab-token", "glcbt-", word, 18), run("gitlab-token", "GR1348941", word, 18),
    // Source control and build
    run("github-token", "ghp_", alnum, 34), run("github-token", "gho_", alnum, 34), run("github-token", "ghu_", alnum, 34),
    run("github-token", "ghs_", alnum, 34), run("github-token", "ghr_", alnum, 34), run("github-token", "github_pat_", word, 40),
    run("atlassian-token", "ATBB", alnum, 30), run("bitbucket-token", "BBDC-", base64, 40), run("atlassian-token", "ATATT3", word, 60), run("atlassian-token", "ATCTT3", word, 60),
    run("atlassian-token", "ATTA", alnum, 60), run("npm-token", "npm_", alnum, 34), run("pypi-token", "pypi-AgE", word, 40),
    run("rubygems-key", "rubygems_", hex, 40), apart("crates-token", "cio", alnum, 32), apart("nuget-key", "oy2", lower, 43),
    run("clojars-token", "CLOJARS_", alnum, 50), run("packagist-token", "packagist_", word, 60), run("docker-token", "dckr_pat_", word, 24),
    run("docker-token", "dckr_oat_", word, 24), run("swarm-token", "SWMTKN-1-", word, 50), apart("artifactory-key", "AKCp", alnum, 60),
    apart("artifactory-token", "cmVmdGtu", alnum, 50), apart("sourcegraph-token", "sgp_", word, 40), run("sourcegraph-key", "slk_", hex, 60),
    apart("sonarqube-token", "squ_", hex, 40), apart("sonarqube-token", "sqp_", hex, 40), apart("sonarqube-token", "sqa_", hex, 40),
    run("portainer-token", "ptr_", base64, 40), run("circleci-token", "CCIPAT_", word, 40), run("circleci-token", "CCIPRJ_", word, 40),
    run("buildkite-token", "bkua_", hex, 40), run("sentry-token", "sntrys_", base64, 60), run("sentry-token", "sntryu_", hex, 60),
    run("snyk-token", "snyk_uat.", dotted, 40), apart("octopus-key", "API-", upper, 26), run("openvsx-token", "ovsxp_", word, 32),
    run("socket-key", "sktsec_", word, 36), run("phabricator-token", "cli-", lower, 28), run("terraform-token", ".atlasv1.", word, 55),
    // Clouds and infrastructure
    apart("aws-key-id", "AKIA", upper, 16), apart("aws-key-id", "ASIA", upper, 16), apart("aws-key-id", "ABIA", upper, 16), apart("aws-key-id", "ACCA", upper, 16), run("aws-session", "IQoJb3JpZ2lu", base64, 80),
    run("aws-session", "FwoGZXIvYXdz", base64, 80), run("aws-session", "FQoGZXIvYXdz", base64, 80), apart("aws-key", "ABSK", base64, 100),
    run("aws-key", "bedrock-api-key-", base64, 60), run("aws-token", "amzn.mws.", word, 32),
    run("google-key", "AIza", word, 35), run("google-oauth", "GOCSPX-", word, 24), run("google-oauth", "ya29.", dotted, 40),
    apart("google-refresh", "1//0", word, 40), run("google-key", "GOOG1E", upper, 50), run("firebase-key", ":APA91b", word, 80),
    run("digitalocean-token", "_v1_", hex, 60), apart("alibaba-key", "LTAI", alnum, 16), apart("tencent-key", "AKID", alnum, 32),
    run("heroku-key", "HRKU-", word, 36), apart("fly-token", "fm2_", base64, 60), apart("fly-token", "fo1_", word, 40),
    apart("scaleway-key", "SCW", upper, 17), apart("exoscale-key", "EXO", lower, 24), run("cloudflare-key", "v1.0-", word, 150), apart("cloudflare-token", "cfut_", alnum, 40), apart("cloudflare-token", "cfat_", alnum, 40), apart("cloudflare-token", "cfk_", alnum, 40),
    run("cloudflare-token", "eyJhIjoi", base64, 100), run("supabase-key", "sbp_", hex, 40), run("supabase-key", "sb_secret_", word, 25),
    run("planetscale-key", "pscale_tkn_", dotted, 30), run("planetscale-key", "pscale_pw_", dotted, 30), run("planetscale-key", "pscale_oauth_", dotted, 30),
    apart("databricks-token", "dapi", hex, 32), apart("databricks-token", "dose", hex, 32), run("aiven-password", "AVNS_", word, 15),
    apart("netlify-token", "nfp_", alnum, 34), apart("netlify-token", "nfc_", alnum, 34), apart("netlify-token", "nfo_", alnum, 34),
    apart("netlify-token", "nfu_", alnum, 34), run("vercel-token", "vercel_blob_rw_", word, 36), apart("render-key", "rnd_", alnum, 30),
    apart("neon-key", "napi_", alnum, 50), apart("neon-password", "npg_", alnum, 12), run("cockroach-key", "CCDB1_", word, 40),
    apart("yandex-token", "AQVN", word, 30), apart("yandex-token", "y0_", word, 50), run("tailscale-key", "tskey-", word, 32),
    run("akamai-token", "akab-", word, 30), apart("appwrite-key", "standard_", hex, 100), run("openshift-token", "sha256~", word, 40),
    run("mongodb-secret", "mdb_sa_sk_", word, 36), apart("confluent-secret", "cflt", base64, 55), apart("scalingo-token", "tk-us-", word, 40),
    run("zuplo-key", "zpka_", word, 36), apart("elastic-token", "essu_", base64, 40), run("prefect-key", "pnu_", alnum, 34), run("prefect-key", "pnb_", alnum, 34),
    // Vaults
    apart("vault-token", "hvs.", word, 24), apart("vault-token", "hvb.", word, 24), apart("vault-token", "hvr.", word, 24),
    apart("doppler-token", "dp.", dotted, 40), run("1password-token", "ops_eyJ", base64, 100), apart("1password-key", "A3-", word, 30), apart("pulumi-token", "pul-", hex, 40), apart("infracost-key", "ico-", alnum, 32),
    apart("harness-token", "pat.", dotted, 55), apart("harness-token", "sat.", dotted, 55), run("age-key", "AGE-SECRET-KEY-1", upper, 50),
    // Messages and mail
    run("slack-token", "xoxb-", word, 24), run("slack-token", "xoxp-", word, 24), run("slack-token", "xoxa-", word, 24),
    run("slack-token", "xoxr-", word, 24), run("slack-token", "xoxs-", word, 24), run("slack-token", "xoxe-", word, 24),
    run("slack-token", "xoxc-", word, 24), run("slack-token", "xoxd-", word, 24), run("slack-token", "xapp-1-", word, 40), run("matrix-token", "syt_", word, 30),
    apart("mailgun-key", "key-", hex, 32), apart("mailgun-key", "pubkey-", hex, 32), run("brevo-key", "xkeysib-", word, 60),
    run("brevo-key", "xsmtpsib-", word, 60), apart("resend-key", "re_", word, 30), run("mailersend-token", "mlsn.", hex, 60),
    apart("twilio-key", "SK", hex, 32), apart("klaviyo-key", "pk_", alnum, 34), run("onesignal-key", "os_v2_", word, 50),
    run("pubnub-secret", "sec-c-", word, 40), apart("intercom-token", "dG9rO", base64, 50), apart("courier-key", "pk_prod_", alnum, 26),
    // Payment
    run("stripe-key", "sk_live_", alnum, 20), run("stripe-key", "sk_test_", alnum, 20), run("stripe-key", "rk_live_", alnum, 20), run("stripe-key", "rk_test_", alnum, 20), run("webhook-secret", "whsec_", base64, 28),
    run("square-token", "sq0atp-", word, 20), run("square-token", "sq0csp-", word, 40), apart("square-token", "EAAA", word, 55),
    run("braintree-token", "access_token$", |b| alnum(b) || b == b'$', 50), run("shopify-token", "shpat_", hex, 32), run("shopify-token", "shpss_", hex, 32),
    run("shopify-token", "shpca_", hex, 32), run("shopify-token", "shppa_", hex, 32), run("shopify-token", "shpua_", hex, 32),
    run("plaid-token", "access-production-", word, 32), run("plaid-token", "access-sandbox-", word, 32), run("plaid-token", "access-development-", word, 32),
    run("flutterwave-key", "FLWSECK-", alnum, 30), run("flutterwave-key", "FLWSECK_TEST-", alnum, 30), run("razorpay-key", "rzp_live_", alnum, 14),
    run("razorpay-key", "rzp_test_", alnum, 14), run("duffel-token", "duffel_", word, 40), apart("easypost-key", "EZAK", alnum, 50),
    apart("easypost-key", "EZTK", alnum, 50), run("shippo-token", "shippo_", word, 40), run("paddle-key", "pdl_", word, 40), run("polar-token", "polar_", word, 36),
    run("xendit-key", "xnd_", word, 40), run("midtrans-key", "Mid-server-", word, 20), run("riot-key", "RGAPI-", word, 36),
    Shape { name: "live-key", needle: "live_", body: Body::Around(live) }, apart("test-key", "test_", alnum, 30),
    // Models
    apart("openai-key", "sk-", word, 32), apart("elevenlabs-key", "sk_", hex, 40), run("openai-key", "T3BlbkFJ", word, 20), run("helicone-key", "sk-helicone-", word, 28),
    apart("huggingface-token", "hf_", alnum, 34), run("huggingface-token", "api_org_", alnum, 30), apart("replicate-token", "r8_", alnum, 36), apart("groq-key", "gsk_", alnum, 50),
    apart("xai-key", "xai-", alnum, 70), apart("perplexity-key", "pplx-", alnum, 40), apart("tavily-key", "tvly-", word, 30),
    run("langsmith-key", "lsv2_", word, 40), run("pinecone-key", "pcsk_", word, 50), run("nvidia-key", "nvapi-", word, 50), run("langfuse-key", "sk-lf-", word, 36),
    apart("fireworks-key", "fw_", alnum, 22), apart("cerebras-key", "csk-", alnum, 40), apart("jina-key", "jina_", word, 50), apart("e2b-key", "e2b_", hex, 40),
    apart("firecrawl-key", "fc-", hex, 32), apart("cursor-key", "crsr_", alnum, 60), run("together-key", "tgp_v1_", word, 40), run("wandb-key", "wandb_v1_", word, 40),
    // Observation
    run("newrelic-key", "NRAK-", alnum, 26), run("newrelic-key", "NRII-", word, 30), run("newrelic-key", "NRJS-", hex, 19), apart("nats-key", "SUA", upper, 50), run("okta-token", "SSWS ", word, 38), run("grafana-token", "glsa_", alnum, 32), apart("grafana-token", "glc_", base64, 32),
    run("grafana-token", "eyJrIjoi", base64, 40), apart("dynatrace-token", "dt0", dotted, 60), run("honeycomb-key", "hcaik_", alnum, 50), run("honeycomb-key", "hcbik_", alnum, 50),
    run("posthog-key", "phx_", alnum, 40), apart("launchdarkly-key", "sdk-", word, 36), apart("launchdarkly-key", "mob-", word, 36),
    run("axiom-token", "xaat-", word, 36), run("axiom-token", "xapt-", word, 36), run("configcat-key", "configcat-sdk-1/", |b| word(b) || b == b'/', 40),
    apart("statsig-secret", "secret-", alnum, 40), run("stytch-secret", "secret-live-", base64, 32), run("n8n-key", "n8n_api_", word, 36),
    // Office
    run("notion-token", "ntn_", alnum, 40), apart("notion-token", "secret_", alnum, 42), run("linear-key", "lin_api_", alnum, 36), run("linear-key", "lin_oauth_", alnum, 36),
    run("figma-token", "figd_", word, 36), run("postman-key", "PMAK-", word, 50), run("postman-key", "PMAT-", word, 26), run("typeform-token", "tfp_", word, 40),
    run("contentful-token", "CFPAT-", word, 40), apart("dropbox-token", "sl.", word, 110), run("dropbox-token", "sl.u.", word, 100), run("hubspot-token", "pat-na1-", word, 36),
    run("hubspot-token", "pat-eu1-", word, 36), run("frameio-token", "fio-u-", word, 50), run("readme-key", "rdme_", lower, 60), run("adobe-secret", "p8e-", word, 32),
    apart("adafruit-key", "aio_", alnum, 26), run("ubidots-key", "BBFF-", alnum, 28), apart("nightfall-key", "NF-", alnum, 32), run("wakatime-key", "waka_", word, 32),
    run("facebook-token", "EAACEdEose0cBA", alnum, 60), apart("facebook-token", "EAAG", alnum, 100), apart("instagram-token", "IGQV", word, 100),
    run("twitter-token", "AAAAAAAAAAAAAAAAAAAAA", |b| alnum(b) || b == b'%', 60), run("thunderstore-token", "tss_", alnum, 34), run("samsara-token", "samsara_api_", alnum, 28),
    run("intra42-secret", "s-s4t2ud-", hex, 60), run("inngest-key", "signkey-", word, 60), run("rootly-key", "rootly_", hex, 60), run("calcom-key", "cal_live_", word, 30),
    run("jumpcloud-key", "jca_", word, 34), run("lark-key", "dnkey-", word, 60), run("linkedin-secret", "WPL_AP1.", dotted, 20),
];

/// Not Stripe's publishable key, which every buyer's browser has.
fn live(before: &[u8], rest: &[u8]) -> Option<(usize, usize)> {
    let apart = is_apart(before) && !before.ends_with(b"pk_");
    apart.then(|| varied(rest, alnum, 30).map(|length| (0, length)))?
}
