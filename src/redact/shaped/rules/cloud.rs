//! Clouds and what is hosted there.

use crate::redact::shaped::rule::Rule;

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "aws-access-key",
        "AWS access key id: half of a login, and it names the other half",
        &["^A[KS]IA{u16}$", "^ABIA{u16}$", "^ACCA{u16}$"],
    )
    .such_as(&["AKIA{u16}", "ASIA{u16}"])
    .but_not(&["AKIA", "ARN AROA{u17}"]),
    Rule::token(
        "aws-secret-key",
        "AWS access key id and the secret behind it: a login",
        &["AKIA{u16},{b40}", "ASIA{u16},{b40}"],
    )
    .but_not(&["AKIA, {b40}"]),
    Rule::token(
        "aws-session-token",
        "AWS session token: acts as a role until it expires",
        &["IQoJb3JpZ2lu{v100}", "FwoGZXIvYXdz{v100}", "FQoGZXIvYXdz{v100}"],
    ),
    Rule::token(
        "aws-bedrock-key",
        "AWS Bedrock API key: runs models at its owner's cost",
        &["^ABSK{b80}", "bedrock-api-key-{b40}"],
    )
    .such_as(&["ABSK{b109}", "bedrock-api-key-{b132}"]),
    Rule::token(
        "aws-mws-token",
        "Amazon MWS auth token: acts as a seller",
        &["amzn.mws.{h8}-{h4}-{h4}-{h4}-{h12}"],
    ),
    Rule::token("google-api-key", "Google API key: calls APIs at its project's cost", &["AIza{w35}"])
        .but_not(&["AIza"]),
    Rule::token(
        "google-oauth-token",
        "Google OAuth access token: acts as its user or service account",
        &["ya29.{s30}"],
    )
    .such_as(&["ya29.a0{w100}", "ya29.c.b0{w200}"])
    .but_not(&["ya29.x"]),
    Rule::token(
        "google-refresh-token",
        "Google OAuth refresh token: gets access tokens as its user",
        &["^1//0{w40}"],
    )
    .such_as(&["1//0g{w80}"])
    .but_not(&["http://a/1//0"]),
    Rule::token(
        "google-oauth-secret",
        "Secret of a Google OAuth client: asks for tokens in its name",
        &["GOCSPX-{w28}"],
    ),
    Rule::token("google-hmac-key", "Google Cloud Storage HMAC key id: half of a login", &["^GOOG1E{u55}$"]),
    Rule::token(
        "firebase-key",
        "Firebase Cloud Messaging server key: sends to all devices of an app",
        &["^{w11}:APA91b{w100}"],
    ),
    Rule::token(
        "azure-client-secret",
        "Secret of an Azure app registration: logs in as the app",
        &["{t3}[78]Q~{t31}"],
    )
    .but_not(&["8Q~"]),
    Rule::token(
        "azure-connection-key",
        "Key in an Azure connection string: reads and writes all of an account",
        &[
            "AccountKey=({b40})",
            "SharedAccessKey=({b40})",
            "AccountKey%3D({v40})",
            "SharedAccessKey%3D({v40})",
            "SharedSecretValue=({b40})",
        ],
    )
    .such_as(&["AccountName=a;AccountKey=({b86}==);EndpointSuffix=x", "SharedAccessKey=({b43}=)"])
    .but_not(&["SharedAccessKeyName=RootManageSharedAccessKey", "AccountKey=short"]),
    Rule::token(
        "azure-storage-key",
        "Azure Storage, Batch or Cosmos account key: reads and writes all of an account",
        &["^{b76}+ASt{b8}", "^{b76}+ABa{b8}", "^{b76}ACDb{b8}"],
    )
    .such_as(&["{b76}+ASt{b6}==", "{b76}ACDb{b6}=="]),
    Rule::token(
        "azure-messaging-key",
        "Azure Service Bus, Event Hub, Relay or IoT key: sends and receives",
        &["^{b33}+ASb{b7}", "^{b33}+AEh{b7}", "^{b33}+ARm{b7}", "^{b33}AIoT{b7}"],
    )
    .such_as(&["{b33}+ASb{b6}="]),
    Rule::token(
        "azure-registry-password",
        "Azure Container Registry password: pulls and pushes images",
        &["^{b42}+ACR[ABCD]{a5}"],
    ),
    Rule::token("azure-function-key", "Azure Functions key: calls the functions", &["^{w44}AzFu{b6}"])
        .such_as(&["{w44}AzFu{w6}=="]),
    Rule::token(
        "azure-search-key",
        "Azure AI Search key: reads and changes the indexes",
        &["^{a42}AzSe[ABCD]{a5}"],
    ),
    Rule::token(
        "azure-cache-key",
        "Azure Cache for Redis key: reads and writes the cache",
        &["^{a33}AzCa{b7}"],
    )
    .such_as(&["^{a33}AzCa{a6}="]),
    Rule::token(
        "azure-api-management-key",
        "Azure API Management key: signs calls in the service's name",
        &["^{b76}APIM{b8}"],
    )
    .such_as(&["{b76}APIM{a6}=="]),
    Rule::token(
        "azure-ai-key",
        "Azure AI or OpenAI resource key: runs models at its owner's cost",
        &["^{a52}JQQJ99{a20}"],
    )
    .such_as(&["{a52}JQQJ99{a26}"]),
    Rule::token("digitalocean-token", "DigitalOcean token: rules its account", &["do[por]_v1_{h60}"])
        .such_as(&["dop_v1_{h64}", "doo_v1_{h64}", "dor_v1_{h64}"]),
    Rule::token(
        "cloudflare-origin-ca-key",
        "Cloudflare Origin CA key: makes certificates for the account's zones",
        &["^v1.0-{h24}-{h100}"],
    )
    .such_as(&["v1.0-{h24}-{h146}"])
    .but_not(&["v1.0-rc1"]),
    Rule::token(
        "cloudflare-token",
        "Cloudflare API token or key: rules what its owner granted it",
        &["^cf[ua]t_{a40}", "^cfk_{a40}"],
    )
    .such_as(&["cfut_{a48}", "cfat_{a48}", "cfk_{a48}"])
    .but_not(&["cfut_{a8}"]),
    Rule::token(
        "cloudflare-tunnel-token",
        "Cloudflare Tunnel token: serves as the tunnel's end",
        &["^eyJhIjoi{b120}"],
    )
    .but_not(&["eyJhIjoi{b40}"]),
    Rule::token("heroku-key", "Heroku API key: rules its account's apps", &["HRKU-{w36}"])
        .such_as(&["HRKU-{h8}-{h4}-{h4}-{h4}-{h12}", "HRKU-AA{w58}"]),
    Rule::token(
        "netlify-token",
        "Netlify access token: deploys and changes its owner's sites",
        &["^nf[pcoub]_{a36}"],
    ),
    Rule::token(
        "vercel-blob-token",
        "Vercel Blob token: reads and writes the store",
        &["vercel_blob_rw_{w30}"],
    )
    .such_as(&["vercel_blob_rw_{a16}_{a30}"]),
    Rule::token("render-key", "Render API key: rules its owner's services", &["^rnd_{a28}"])
        .such_as(&["rnd_{a32}"]),
    Rule::token(
        "fly-token",
        "Fly.io token: deploys its organisation's apps",
        &["^fo1_{w43}", "fm[12]r_{v60}", "fm[12]a_{v60}", "fm[12]_{v60}"],
    )
    .such_as(&["fo1_{w43}", "FlyV1 (fm2_{b100})"]),
    Rule::token("alibaba-access-key", "Alibaba Cloud access key id: half of a login", &["^LTAI{a17-30}$"])
        .such_as(&["LTAI5t{a18}", "LTAI{a20}"]),
    Rule::token("tencent-access-key", "Tencent Cloud secret id: half of a login", &["^AKID{a32}$"]),
    Rule::token(
        "yandex-token",
        "Yandex Cloud key or token: acts as its account",
        &["AQVN{w35}", "^y0_{w50}", "^t1.{w30+}.{w80}"],
    )
    .such_as(&["AQVN{w36}", "y0_{w55}", "t1.{w60}.{w86}"])
    .but_not(&["y0_axis"]),
    Rule::token("scaleway-access-key", "Scaleway access key id: half of a login", &["^SCW{u17}$"]),
    Rule::token("exoscale-key", "Exoscale API key id: half of a login", &["^EXO{h24}$"]),
    Rule::token("tailscale-key", "Tailscale key: joins or rules a network", &["tskey-{w20}"])
        .such_as(&["tskey-auth-{a12}-{a32}", "tskey-api-{a12}-{a32}"])
        .but_not(&["tskey-auth"]),
    Rule::token("akamai-token", "Akamai EdgeGrid token: calls APIs as its client", &["akab-{l16}-{l16}"]),
    Rule::token("appwrite-key", "Appwrite API key: rules the project", &["^standard_{h200}"])
        .but_not(&["standard_deviation"]),
    Rule::token(
        "supabase-key",
        "Supabase secret key or access token: bypasses row security, or rules projects",
        &["^sbp_{h40}", "^sbp_oauth_{h40}", "^sb_secret_{w22}"],
    )
    .such_as(&["sbp_{h40}", "sb_secret_{w31}"])
    .but_not(&["sb_secret_key"]),
    Rule::token(
        "rancher-token",
        "Rancher token: rules the clusters of its user",
        &["^token-{l5}:({l50})", "^kubeconfig-u-{l5+}:({l50})", "^kubeconfig-user-{l5+}:({l50})"],
    )
    .such_as(&["token-{l5}:({l54})", "kubeconfig-u-{l10}:({l54})"])
    .but_not(&["token-abcde:"]),
    Rule::token(
        "openshift-token",
        "OpenShift OAuth token: acts as its user in the cluster",
        &["sha256~{w43}"],
    )
    .but_not(&["sha256~"]),
    Rule::token("k3s-token", "K3s node token: joins the cluster", &["^K10{h64}::{w1-64}:({w16})"])
        .such_as(&["K10{h64}::server:({h32})"]),
    Rule::token(
        "vercel-token",
        "Vercel token: deploys and changes its owner's projects",
        &["^vc[pciark]_{a50}"],
    )
    .such_as(&["vcp_{a56}"])
    .but_not(&["vcp_{a8}"]),
    Rule::token("backblaze-key", "Backblaze application key: reads and writes buckets", &["^K00[0-9]{b27}$"])
        .but_not(&["K00{a8}"]),
    Rule::token("alibaba-sts-id", "Alibaba Cloud temporary key id: half of a login", &["^STS.{a24}!"])
        .but_not(&["STS.abc"]),
    Rule::token(
        "yandex-static-key",
        "Yandex Cloud static key: reads and writes buckets",
        &["^YC[AMNOPQ]{w37}$"],
    )
    .but_not(&["YC{w10}"]),
    Rule::token(
        "google-bound-key",
        "Google API key that is bound to a service account: calls APIs as it",
        &["^AQ.Ab{w40}"],
    )
    .such_as(&["AQ.Ab8RN6{w44}"]),
    Rule::token(
        "google-oauth-code",
        "Google OAuth code: is changed for tokens once",
        &["^4/0A{w50}", "^4%2F0A{w50}"],
    )
    .such_as(&["4/0A{w70}"]),
    Rule::token(
        "amazon-login-token",
        "Login with Amazon token or client secret: acts as a seller or device",
        &[r"^Atz[ar]|{v60}", "amzn1.oa2-cs.v1.{h60}"],
    )
    .such_as(&[r"Atza|{v100}", "amzn1.oa2-cs.v1.{h64}"])
    .but_not(&["amzn1.oa2-cs.v1."]),
    Rule::token("defined-networking-key", "Defined Networking key: rules a network", &["dnkey-{w26}-{w50}"])
        .such_as(&["dnkey-{w26}-{w52}"]),
    Rule::token("boundary-token", "HashiCorp Boundary token: connects as its user", &["^at_{a10}_{a60}"])
        .such_as(&["at_{a10}_{a200}"])
        .but_not(&["at_{a10}_{a8}"]),
    Rule::token("clickhouse-key", "ClickHouse Cloud key: administers services", &["^4b1d{a38}$"])
        .but_not(&["4b1d{h36}"]),
];
