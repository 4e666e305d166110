//! Tokens of published formats, from the providers' own documentation, in lines that say nothing of a secret.
//! In `⟦⟧` stands what must go; without it the whole.

use super::{
    carriers::{CARRIERS, Carrier},
    chance::{BASE64, Chance, DIGITS},
    encode::Esc,
    record::{Class, Record, Syntax},
    template,
};

#[rustfmt::skip] // a table
const TOKENS: &[(&str, &str)] = &[
    ("gitlab personal", "glpat-«u:20»"), ("gitlab personal, routable", "glpat-«u:27».01.«a:2»«a:7»"), ("gitlab personal, long routable", "glpat-«u:200».01.«a:2»«a:7»"), ("gitlab personal, old routable", "glpat-«u:27».«a:2»«a:7»"),
    ("gitlab personal, own prefix", "acme-⟦glpat-«u:20»⟧"), ("gitlab personal, own prefix 2", "⟦glpat-«u:20»⟧, corp.⟦glpat-«u:20»⟧"),
    ("gitlab deploy", "gldt-«u:20»"), ("gitlab deploy, routable", "gldt-«u:27».01.«a:2»«a:7»"), ("gitlab runner", "glrt-«u:20»"), ("gitlab runner t1", "glrt-t1_«u:20»"), ("gitlab runner t3", "glrt-t3_«u:20»"), ("gitlab runner, routable", "glrt-«u:27».01.«a:2»«a:7»"),
    ("gitlab runner from registration", "glrtr-«u:20»"), ("gitlab registration", "GR1348941«u:20»"), ("gitlab job", "glcbt-«d:2»_«u:20»"), ("gitlab job 1", "glcbt-1_«u:20»"), ("gitlab job JWT", "glcbt-eyJ«w:60».eyJ«w:120».«u:86»"), ("gitlab trigger", "glptt-«h:40»"),
    ("gitlab feed", "glft-«u:20»"), ("gitlab feed of a path", "glft-«h:64»-«d:3»"), ("gitlab mail", "glimt-«a:25»"), ("gitlab mail address", "incoming+team-app-17-⟦glimt-«a:25»⟧-issue@gitlab.example.com"), ("gitlab agent", "glagent-«u:50»"), ("gitlab agent, routable", "glagent-«u:60».01.«a:2»«a:7»"), ("gitlab SCIM", "glsoat-«u:20»"),
    ("gitlab OAuth", "gloas-«h:64»"), ("gitlab feature flags", "glffct-«u:20»"), ("gitlab workspace", "glwt-«u:20»"),
    ("aws key id", "AKIA«32:16»"), ("aws temporary id", "ASIA«32:16»"), ("aws MWS", "amzn.mws.«uuid»"), ("aws bedrock", "ABSKQmVkcm9ja0FQSUtleS«b:110»"),
    ("google API", "AIza«u:35»"), ("google OAuth", "ya29.«u:68»"), ("google client secret", "GOCSPX-«u:28»"), ("google refresh", "1//0«u:62»"),
    ("azure client secret", "«w:3»8Q~«w:34»"), ("azure connection", "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=⟦«b:86»==⟧;EndpointSuffix=core.windows.net"), ("azure SAS", "https://acme.blob.core.windows.net/c/b?sv=2022-11-02&sp=r&sig=⟦«w:41»%2B%3D⟧"), ("azure devops", "«w:76»AZDO«w:4»"),
    ("digitalocean", "dop_v1_«h:64»"), ("digitalocean OAuth", "doo_v1_«h:64»"), ("digitalocean refresh", "dor_v1_«h:64»"), ("alibaba", "LTAI«w:20»"), ("heroku", "HRKU-AA«u:58»"), ("fly", "fm2_«b:120»"), ("fly old", "fo1_«u:43»"), ("scaleway", "SCW«A:17»"), ("cloudflare origin", "v1.0-«h:24»-«h:146»"),
    ("supabase", "sbp_«h:40»"), ("planetscale token", "pscale_tkn_«u:43»"), ("planetscale password", "pscale_pw_«u:43»"), ("databricks", "dapi«h:32»"), ("aiven", "AVNS_«u:19»"),
    ("doppler personal", "dp.pt.«w:43»"), ("doppler service", "dp.st.prd.«w:41»"), ("doppler audit", "dp.audit.«w:43»"), ("vault", "hvs.«u:95»"), ("vault batch", "hvb.«u:140»"), ("vault old", "s.«w:24»"), ("terraform", "«w:14».atlasv1.«u:67»"), ("pulumi", "pul-«h:40»"), ("age", "AGE-SECRET-KEY-1«A:58»"), ("1password", "ops_eyJ«w:260»"), ("1password secret key", "A3-«A:6»-«A:11»-«A:5»-«A:5»-«A:5»"), ("infracost", "ico-«w:32»"),
    ("github personal", "ghp_«w:36»"), ("github OAuth", "gho_«w:36»"), ("github app user", "ghu_«w:36»"), ("github server", "ghs_«w:36»"), ("github refresh", "ghr_«w:76»"), ("github fine-grained", "github_pat_«w:22»_«w:59»"), ("bitbucket", "ATBB«w:32»"), ("atlassian", "ATATT3xFfGF0«u:180»=«H:8»"), ("sourcegraph", "sgp_«h:16»_«h:40»"),
    ("circleci", "CCIPAT_«w:22»_«h:40»"), ("buildkite", "bkua_«h:40»"), ("sonar", "sqp_«h:40»"), ("sonar user", "squ_«h:40»"), ("sentry org", "sntrys_eyJ«w:120»_«w:43»"), ("sentry user", "sntryu_«h:64»"), ("artifactory", "AKCp«w:69»"), ("artifactory reference", "cmVmdGtu«w:56»"), ("docker", "dckr_pat_«u:27»"), ("npm", "npm_«w:36»"), ("pypi", "pypi-AgEIcHlwaS5vcmc«u:150»"), ("rubygems", "rubygems_«h:48»"), ("crates", "cio«w:32»"), ("nuget", "oy2«a:43»"), ("clojars", "CLOJARS_«h:60»"), ("harness", "pat.«u:22».«h:24».«w:20»"), ("snyk", "snyk_uat.«h:8».«u:60»"), ("octopus", "API-«A:26»"),
    ("slack bot", "xoxb-«d:12»-«d:12»-«w:24»"), ("slack user", "xoxp-«d:12»-«d:12»-«d:12»-«h:32»"), ("slack app", "xapp-1-A«A:10»-«d:13»-«h:64»"), ("slack config", "xoxe.xoxp-1-«w:163»"), ("slack refresh", "xoxe-1-«w:147»"), ("slack legacy", "xoxs-«d:12»-«d:12»-«d:12»-«h:10»"),
    ("slack webhook", "https://hooks.slack.com/services/⟦T«A:8»/B«A:10»/«w:24»⟧"), ("slack workflow", "https://hooks.slack.com/triggers/⟦T«A:8»/«d:13»/«h:32»⟧"), ("discord webhook", "https://discord.com/api/webhooks/«d:18»/⟦«u:68»⟧"), ("discord app webhook", "https://discordapp.com/api/webhooks/«d:18»/⟦«u:68»⟧"), ("discord bot", "«id».G«w:5».«u:38»"), ("telegram", "«d:10»:AA«u:33»"), ("telegram in a path", "https://api.telegram.org/bot⟦«d:10»:AA«u:33»⟧/sendMessage"), ("teams webhook", "https://acme.webhook.office.com/webhookb2/⟦«uuid»@«uuid»/IncomingWebhook/«h:32»/«uuid»⟧"), ("zapier", "https://hooks.zapier.com/hooks/catch/⟦«d:7»/«a:7»⟧/"), ("google chat", "https://chat.googleapis.com/v1/spaces/«w:11»/messages?key=«w:5»x&token=⟦«u:43»⟧"), ("pipedream", "https://⟦eo«a:14»⟧.m.pipedream.net"),
    ("sendgrid", "SG.«u:22».«u:43»"), ("mailgun", "key-«h:32»"), ("mailgun new", "«h:32»-«h:8»-«h:8»"), ("mailchimp", "«h:32»-us«d:1»"), ("brevo", "xkeysib-«h:64»-«w:16»"), ("brevo smtp", "xsmtpsib-«h:64»-«w:16»"), ("resend", "re_«w:8»_«w:24»"), ("mailersend", "mlsn.«h:64»"), ("twilio key", "SK«h:32»"),
    ("stripe live", "sk_live_«w:24»"), ("stripe long", "sk_live_51«w:97»"), ("stripe restricted", "rk_live_«w:24»"), ("stripe test", "sk_test_«w:24»"), ("stripe hook", "whsec_«w:32»"), ("square access", "sq0atp-«u:22»"), ("square secret", "sq0csp-«u:43»"), ("braintree", "access_token$production$«a:16»$«h:32»"), ("shopify", "shpat_«h:32»"), ("shopify secret", "shpss_«h:32»"), ("plaid", "access-production-«uuid»"), ("flutterwave", "FLWSECK-«h:32»-X"), ("flutterwave test", "FLWSECK_TEST-«h:32»-X"), ("razorpay", "rzp_live_«w:14»"), ("duffel", "duffel_live_«u:43»"), ("easypost", "EZAK«w:54»"), ("shippo", "shippo_live_«h:40»"), ("paddle", "pdl_live_apikey_«a:26»_«w:22»_«w:3»"), ("polar", "polar_oat_«w:43»"),
    ("openai", "sk-«w:20»T3BlbkFJ«w:20»"), ("openai project", "sk-proj-«u:74»T3BlbkFJ«u:74»"), ("openai service", "sk-svcacct-«u:74»T3BlbkFJ«u:74»"), ("openai admin", "sk-admin-«u:74»T3BlbkFJ«u:74»"), ("anthropic", "sk-ant-api03-«u:93»AA"), ("anthropic admin", "sk-ant-admin01-«u:93»AA"), ("anthropic OAuth", "sk-ant-oat01-«u:93»AA"), ("hugging face", "hf_«w:34»"), ("replicate", "r8_«w:37»"), ("groq", "gsk_«w:52»"), ("xai", "xai-«w:80»"), ("perplexity", "pplx-«w:48»"), ("openrouter", "sk-or-v1-«h:64»"), ("tavily", "tvly-«w:32»"), ("langsmith", "lsv2_pt_«h:32»_«h:10»"), ("pinecone", "pcsk_«w:5»_«w:63»"), ("nvidia", "nvapi-«u:64»"), ("langfuse", "sk-lf-«uuid»"), ("deepseek", "sk-«h:32»"), ("fireworks", "fw_«w:24»"),
    ("newrelic user", "NRAK-«A:27»"), ("newrelic insert", "NRII-«u:32»"), ("newrelic license", "«h:36»NRAL"), ("grafana cloud", "glc_eyJ«w:110»"), ("grafana service", "glsa_«w:32»_«h:8»"), ("grafana old", "eyJrIjoi«w:70»"), ("dynatrace", "dt0c01.«A:24».«A:64»"), ("honeycomb", "hcaik_«a:58»"), ("posthog", "phx_«w:43»"), ("launchdarkly", "sdk-«uuid»"), ("axiom", "xaat-«uuid»"), ("configcat", "configcat-sdk-1/«u:22»/«u:22»"),
    ("notion", "ntn_«d:11»«w:35»"), ("notion old", "secret_«w:43»"), ("linear", "lin_api_«w:40»"), ("airtable", "pat«w:14».«h:64»"), ("figma", "figd_«u:40»"), ("clickup", "pk_«d:8»_«A:32»"), ("postman", "PMAK-«h:24»-«h:34»"), ("typeform", "tfp_«u:44»_«w:14»"), ("contentful", "CFPAT-«u:43»"), ("dropbox", "sl.«u:135»"), ("hubspot", "pat-na1-«uuid»"), ("salesforce", "00D«w:12»!⟦«w:96»⟧"), ("frameio", "fio-u-«u:64»"), ("readme", "rdme_xn8s9h«h:64»"), ("prefect", "pnu_«a:36»"), ("mapbox", "sk.eyJ«w:70».«u:22»"), ("tailscale", "tskey-auth-«w:12»CNTRL-«w:32»"), ("yandex", "AQVN«u:36»"), ("openvsx", "ovsxp_«uuid»"), ("rootly", "rootly_«h:64»"), ("inngest", "signkey-prod-«h:64»"), ("scalingo", "tk-us-«u:48»"), ("zuplo", "zpka_«h:32»_«h:8»"), ("maxmind", "«w:6»_«w:29»_mmk"), ("adafruit", "aio_«w:28»"), ("ubidots", "BBFF-«w:30»"), ("nightfall", "NF-«w:32»"), ("wakatime", "waka_«uuid»"), ("facebook", "EAACEdEose0cBA«w:120»"), ("twitter", "AAAAAAAAAAAAAAAAAAAAA«w:30»%3D«w:50»"), ("thunderstore", "tss_«w:36»"), ("samsara", "samsara_api_«w:30»"), ("asana", "2/«d:16»/«d:16»:«h:32»"), ("intra42", "s-s4t2ud-«h:64»"), ("vercel blob", "vercel_blob_rw_«w:16»_«w:30»"), ("netlify", "nfp_«w:36»"), ("render", "rnd_«w:32»"), ("neon", "napi_«a:64»"), ("cockroach", "CCDB1_«w:22»_«w:40»"), ("val", "sgp_«h:40»"),
    ("JWT HS256", "eyJhbGciOiJIUzI1NiJ9.eyJ«w:60».«u:43»"), ("JWT RS256", "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJ«w:240».«u:342»"), ("JWT with kid", "eyJ0eXAiOiJKV1QiLCJraWQiOi«w:60».eyJ«w:400».«u:86»"),
    ("bcrypt", "$2a$10$«w:53»"), ("bcrypt y", "$2y$12$«w:53»"), ("sha512crypt", "$6$«w:16»$«w:86»"), ("sha512crypt rounds", "$6$rounds=656000$«w:16»$«w:86»"), ("sha256crypt", "$5$«w:16»$«w:43»"), ("md5crypt", "$1$«w:8»$«w:22»"), ("apr1", "$apr1$«w:8»$«w:22»"), ("yescrypt", "$y$j9T$«w:22»$«w:43»"), ("argon2", "$argon2id$v=19$m=65536,t=3,p=4$«b:22»$«b:43»"), ("SCRAM", "SCRAM-SHA-256$4096:«b:22»==$«b:43»=:«b:43»="), ("postgres md5", "md5«h:32»"), ("SSHA", "{SSHA}«b:32»"), ("pbkdf2", "$pbkdf2-sha512$20000$«b:22»$«b:86»"), ("django", "pbkdf2_sha256$600000$«w:22»$«b:43»="),
    ("https password", "https://deploy:⟦«password»⟧@registry.example.com/v2/"), ("https token as user", "https://⟦«w:40»⟧@github.com/acme/app.git"), ("https token, x-oauth-basic", "https://⟦«h:40»⟧:x-oauth-basic@github.com/acme/app.git"), ("postgres URL", "postgresql://gitlab:⟦«password»⟧@db.example.com:5432/gitlabhq_production"), ("redis URL", "redis://:⟦«password»⟧@10.0.0.5:6379/0"), ("rediss URL", "rediss://default:⟦«password»⟧@10.0.0.5:6379"), ("mysql URL", "mysql://root:⟦«w:7»⟧@db/x"), ("mongodb", "mongodb+srv://app:⟦«password»⟧@cluster0.example.net/?retryWrites=true"), ("amqp", "amqp://guest2:⟦«password»⟧@mq:5672/%2f"), ("ldap URL", "ldaps://admin:⟦«password»⟧@ldap.example.com:636"), ("smtp URL", "smtp://mailer:⟦«password»⟧@smtp.example.com:587"), ("ftp", "ftp://backup:⟦«password»⟧@10.2.3.4/x"), ("sftp", "sftp://u:⟦«password»⟧@host/p"), ("git URL", "git://u:⟦«password»⟧@host/p.git"), ("proxy", "http://proxyuser:⟦«password»⟧@proxy.example.com:3128"), ("encoded", "https://ci:⟦«w:6»%21%40«w:6»%23⟧@gitlab.example.com/a/b.git"), ("nats", "nats://u:⟦«password»⟧@n:4222"), ("jdbc", "jdbc:postgresql://u:⟦«password»⟧@h/db"), ("clickhouse", "clickhouse://default:⟦«password»⟧@ch:9000/gitlab"), ("s3", "s3://⟦AKIA«32:16»⟧:⟦«w:40»⟧@bucket/x"), ("job clone", "https://gitlab-ci-token:⟦«u:20»⟧@gitlab.example.com/a/b.git"), ("oauth2 clone", "https://oauth2:⟦«password»⟧@gitlab.example.com/a/b.git"), ("mail address as user", "https://ops%40example.com:⟦«password»⟧@git.example.com/x"), ("sentry DSN", "https://⟦«h:32»⟧@sentry.example.com/42"), ("scp-like password", "ssh://git:⟦«password»⟧@host:22/p.git"),
    ("basic header", "Authorization: Basic ⟦«login»⟧"), ("basic argument", "http.extraheader=AUTHORIZATION: basic ⟦«login»⟧"),
    ("AWS signature header", "AWS4-HMAC-SHA256 Credential=⟦AKIA«32:16»⟧/20260301/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=⟦«h:64»⟧"), ("token as user, empty password", "https://⟦«w:40»⟧:@git.example.com/g/p.git"), ("bitbucket data center", "BBDC-«b:44»"), ("cloudflare user", "cfut_«w:40»«h:8»"), ("cloudflare key", "cfk_«w:40»«h:8»"),
    ("dynatrace OAuth", "dt0s01.«32:8».«32:64»"), ("GRUB", "grub.pbkdf2.sha512.10000.«H:128».«H:128»"), ("JWT with spaces", "eyAi«w:40».eyAi«w:60».«u:43»"), ("newrelic browser", "NRJS-«h:19»"), ("NATS", "SUA«L:1»«32:54»"), ("PEM in base64", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ«b:300»"), ("PKCS 8 without armour", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC«b:300»"), ("PKCS 1 without armour", "MIIEpAIBAAKCAQEA«b:300»"), ("EC key without armour", "MHcCAQEEI«b:150»"),
    ("GitLab reply key", "gitlab-incoming+⟦«h:32»⟧@example.com"), ("vault batch, old", "b.AAAAAQ«w:120»"), ("launchdarkly API", "api-«uuid»"), ("paypal token", "A21AA«w:92»"), ("dbt", "dbtc_«w:40»"), ("veracode", "vera01ei-«h:32»"), ("dependency track", "odt_«w:32»"), ("google bound key", "AQ.Ab8RN6«w:44»"),
    ("S3 signature", "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260607T000000Z&X-Amz-Expires=600&X-Amz-SignedHeaders=host&X-Amz-Signature=⟦«h:64»⟧"), ("S3 session", "https://b.s3.amazonaws.com/k?X-Amz-Security-Token=⟦«w:300»⟧&X-Amz-Expires=600"), ("GCS signature", "https://storage.googleapis.com/b/k?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Date=20260607T000000Z&X-Goog-Signature=⟦«h:256»⟧"), ("S3 v2", "https://b.s3.amazonaws.com/k?AWSAccessKeyId=⟦AKIA«32:16»⟧&Expires=1780000000&Signature=⟦«w:26»%3D⟧"), ("CloudFront", "https://d111.cloudfront.net/x?Expires=1780000000&Signature=⟦«u:344»⟧&Key-Pair-Id=K2JCJMDEHXQW5F"),
];

/// Each format in several lines.
pub(super) fn records(chance: &mut Chance) -> Vec<Record> {
    let mut records = Vec::new();
    for (name, template) in TOKENS {
        // What a URL encoder does to a URL or to `$` is the keyed and known rules' matter, not the format's.
        let plain = is_word(template);
        for round in 0..4 {
            let carrier: &Carrier = loop {
                let carrier = chance.pick(CARRIERS);
                let opaque =
                    matches!(carrier.name, "every byte percent" | "journald bytes" | "hex dump" | "bytea");
                let percent = matches!(
                    carrier.name,
                    "nginx query"
                        | "nginx referer"
                        | "nested URL"
                        | "lower percent"
                        | "userinfo"
                        | "shell backslashes"
                        | "shell double quotes"
                );
                if !opaque && (plain || !percent) && (round < 3 || carrier.is_line()) {
                    break carrier;
                }
            };
            let made = template::token(template, chance);
            for secret in &made.planted {
                records.push(carrier.record(Class::Shaped, name, &made.text, secret, chance));
            }
        }
    }
    records.extend(keys(chance));
    records
}

/// Nothing in it that an encoder of URLs changes.
fn is_word(template: &str) -> bool {
    let mut plain = template.to_owned();
    while let (Some(from), Some(to)) = (plain.find('«'), plain.find('»')) {
        if plain[from..to].starts_with("«b") {
            return false;
        }
        plain.replace_range(from..to + '»'.len_utf8(), "");
    }
    plain.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// Private keys: whole, on one line, each line behind a prefix, cut off at either end.
fn keys(chance: &mut Chance) -> Vec<Record> {
    let kinds = [
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "DSA PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ];
    let mut records = Vec::new();
    for kind in kinds {
        let lines: Vec<String> = (0..chance.between(4, 12)).map(|_| chance.text(64, BASE64)).collect();
        let secret = chance.pick(&lines[1..]).clone();
        let (head, foot) = (format!("-----BEGIN {kind}-----"), format!("-----END {kind}-----"));
        let body = lines.join("\n");
        let pem = format!("{head}\n{body}\n{foot}\n");
        let mut add = |form: &str, syntax, text: String| {
            let written = if form == "percent" { Esc::Form.apply(&secret) } else { secret.clone() };
            records.push(Record::new(syntax, text).with(Class::Shaped, format!("{form} of {kind}"), written));
        };
        add("whole", Syntax::File, format!("before\n{pem}after\n"));
        add(
            "escaped",
            Syntax::JsonLine,
            format!("{{\"msg\":\"key {}\",\"pid\":5}}\n", pem.replace('\n', "\\n")),
        );
        add(
            "escaped twice",
            Syntax::JsonLine,
            format!("{{\"msg\":\"{{\\\"k\\\":\\\"{}\\\"}}\"}}\n", pem.replace('\n', "\\\\n")),
        );
        add("CRLF", Syntax::File, pem.replace('\n', "\r\n"));
        add(
            "indented",
            Syntax::Yaml,
            format!("a:\n  b: |\n    {}\n  c: 1\n", pem.trim_end().replace('\n', "\n    ")),
        );
        let prefix = format!("2026-06-07_00:00:01.{} ", chance.text(5, DIGITS));
        add(
            "behind a prefix",
            Syntax::File,
            format!("{prefix}{}\n{prefix}after\n", pem.trim_end().replace('\n', &format!("\n{prefix}"))),
        );
        add("cut off", Syntax::File, format!("x\n{head}\n{body}\n"));
        add("in a diff", Syntax::File, format!("+{}\n after\n", pem.trim_end().replace('\n', "\n+")));
        add("inspected", Syntax::File, format!("{{:text=>\"{}\", :n=>1}}\n", pem.replace('\n', "\\n")));
        add("on one line with spaces", Syntax::File, format!("text {}\n", pem.trim_end().replace('\n', " ")));
        add("percent", Syntax::File, format!("GET /x?y={} HTTP/1.1\n", Esc::Form.apply(&pem)));
    }
    records
}
