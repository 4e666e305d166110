//! Chat, alerts and the hooks that feed them: where the address is the secret.

use crate::redact::shaped::rule::Rule;

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "slack-token",
        "Slack token: reads and writes as its user or app",
        &[
            "xox[abceoprs]-{w20}",
            "xoxe.xox[bp]-{w20}",
            "xoxd-{v20}",
            "^xapp-[0123456789]-{w20}!",
            "^xwfp-{w20}!",
        ],
    )
    .such_as(&[
        "xoxb-{d12}-{d12}-{a24}",
        "xoxp-{d12}-{d12}-{d12}-{h32}",
        "xoxe.xoxp-1-{a100}",
        "xapp-1-{u11}-{d13}-{h64}",
    ])
    .but_not(&["xapp-runtime", "xoxb-"]),
    Rule::token(
        "slack-webhook",
        "Slack webhook address: posts to a channel",
        &[
            "hooks.slack.com/services/({q20})",
            "hooks.slack.com/workflows/({q20})",
            "hooks.slack.com/triggers/({q20})",
            r"hooks.slack.com\\/services\\/(T{u6+}\\/B{u6+}\\/{a16})",
            "hooks.slack.com%2Fservices%2F({v20})",
        ],
    )
    .such_as(&[
        "https://hooks.slack.com/services/(T{u9}/B{u9}/{a24})",
        r"https:\\/\\/hooks.slack.com\\/services\\/(T{u9}\\/B{u9}\\/{a24})",
    ])
    .but_not(&["https://hooks.slack.com/services/"]),
    Rule::token(
        "discord-webhook",
        "Discord webhook address: posts to a channel",
        &[
            "discord.com/api/webhooks/{d15-22}/({w40})",
            "discordapp.com/api/webhooks/{d15-22}/({w40})",
            r"discord.com\\/api\\/webhooks\\/{d15-22}\\/({w40})",
        ],
    )
    .such_as(&["https://discord.com/api/webhooks/{d18}/({w68})"])
    .but_not(&["https://discord.com/api/webhooks/{d18}"]),
    Rule::token(
        "teams-webhook",
        "Microsoft Teams webhook address: posts to a channel",
        &["office.com/webhookb2/({q36})", "office.com/webhook/({q36})", r"office.com\\/webhookb2\\/({v30})"],
    )
    .such_as(&[
        "https://acme.webhook.office.com/webhookb2/({h8}-{h12}@{h8}-{h12}/IncomingWebhook/{h32}/{h8}-{h12})",
    ]),
    Rule::token(
        "google-chat-webhook",
        "Google Chat webhook address: posts to a space",
        &["/messages?key={v10+}&token=({v20})", r"/messages?key={v10+}\\u0026token=({v20})"],
    )
    .such_as(&["https://chat.googleapis.com/v1/spaces/{a11}/messages?key={w12}&token=({w43})"]),
    Rule::token(
        "telegram-bot-token",
        "Telegram bot token: reads and writes as the bot",
        &["{d8-10}:AA{w33}"],
    )
    .such_as(&["{d9}:AA{w33}", "https://api.telegram.org/bot({d10}:AA{w33})/sendMessage"])
    .but_not(&["12:AA"]),
    Rule::token(
        "mattermost-webhook",
        "Mattermost webhook address: posts to a channel",
        &["/hooks/({l26})!$"],
    )
    .but_not(&["/-/hooks/{d5}", "/hooks/pre-receive.d"]),
    Rule::token(
        "rocketchat-webhook",
        "Rocket.Chat webhook address: posts to a channel",
        &["/hooks/{a17-24}/({a40})"],
    )
    .such_as(&["https://chat.example.com/hooks/{a17}/({a48})"]),
    Rule::token(
        "webex-webhook",
        "Webex webhook address: posts to a space",
        &["webexapis.com/v1/webhooks/incoming/({w40})"],
    ),
    Rule::token(
        "zapier-webhook",
        "Zapier hook address: starts a workflow",
        &["hooks.zapier.com/hooks/catch/({q10})"],
    )
    .such_as(&["https://hooks.zapier.com/hooks/catch/({d7}/{l7}/)"]),
    Rule::token(
        "make-webhook",
        "Make hook address: starts a scenario",
        &["hook.[eu][us][1-9].make.com/({a20})", "hook.make.com/({a20})", "hook.integromat.com/({a20})"],
    )
    .such_as(&["https://hook.eu1.make.com/({a32})", "https://hook.integromat.com/({a32})"]),
    Rule::token(
        "ifttt-webhook",
        "IFTTT key in a hook's address: starts its owner's applets",
        &["/with/key/({w20})"],
    )
    .such_as(&["https://maker.ifttt.com/trigger/x/with/key/({w43})"]),
    Rule::token(
        "lark-webhook",
        "Lark or Feishu bot address: posts to a group",
        &["/open-apis/bot/v2/hook/({w20})", "/open-apis/bot/hook/({w20})"],
    )
    .such_as(&["https://open.feishu.cn/open-apis/bot/v2/hook/({h8}-{h4}-{h4}-{h4}-{h12})"]),
    Rule::token(
        "dingtalk-webhook",
        "DingTalk robot address: posts to a group",
        &["/robot/send?access_token=({h60})"],
    )
    .such_as(&["https://oapi.dingtalk.com/robot/send?access_token=({h64})"]),
    Rule::token(
        "wecom-webhook",
        "WeCom robot address: posts to a group",
        &["/cgi-bin/webhook/send?key=({w30})"],
    )
    .such_as(&["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=({h8}-{h4}-{h4}-{h4}-{h12})"]),
    Rule::token(
        "pagerduty-integration",
        "PagerDuty integration key in an address: opens incidents",
        &["events.pagerduty.com/integration/({l30})"],
    )
    .such_as(&["https://events.pagerduty.com/integration/({h32})/enqueue"]),
    Rule::token(
        "victorops-integration",
        "Splunk On-Call key in an address: opens incidents",
        &["/integrations/generic/{d6-10}/alert/({w30})"],
    )
    .such_as(&["https://alert.victorops.com/integrations/generic/{d8}/alert/({h8}-{h4}-{h4}-{h4}-{h12})/x"]),
    Rule::token("matrix-token", "Matrix access token: reads and writes as its user", &["^syt_{w30}"])
        .such_as(&["syt_{a12}_{a20}_{a6}"]),
    Rule::token(
        "intercom-token",
        "Intercom access token: reads its workspace's conversations",
        &["^dG9rO{b50}"],
    )
    .such_as(&["dG9rO{b55}="]),
    Rule::token(
        "onesignal-key",
        "OneSignal API key: sends to all users of an app",
        &["os_v2_app_{l60}", "os_v2_org_{l60}"],
    ),
    Rule::token(
        "courier-key",
        "Courier authorization token: sends messages",
        &["^pk_prod_{u28}", "^pk_test_{u28}$"],
    ),
    Rule::token("pubnub-secret", "PubNub secret key: administrates channels", &["^sec-c-{b40}"])
        .such_as(&["sec-c-{b48}"]),
    Rule::token("discord-mfa-token", "Discord token of an account with a second factor", &["^mfa.{w80}"])
        .such_as(&["mfa.{w84}"]),
    Rule::token("mandrill-key", "Mandrill API key: sends mail", &["^md-{w22}!$"]).but_not(&["md-{w8}"]),
    Rule::token(
        "pagerduty-token",
        "PagerDuty OAuth token: changes incidents",
        &["pdus+_{w20}", "pdeu+_{w20}"],
    )
    .such_as(&["pdus+_{w8}_{w40}"]),
    Rule::token(
        "tines-webhook",
        "Tines webhook address: starts a story",
        &["tines.com/webhook/({h32}/{h32})"],
    ),
    Rule::token(
        "telnyx-key",
        "Telnyx API key: calls and texts at its owner's cost",
        &["^KEY0{u30-34}_{a20}"],
    )
    .such_as(&["KEY0{u31}_{a22}"]),
    Rule::token(
        "gitlab-reply-key",
        "Key in an address that GitLab's mail is answered to: comments as its user",
        &["incoming+({h32})@", "reply+({h32})@", "incoming+({h32})-unsubscribe@", "Reply-Key: ({h32})"],
    )
    .such_as(&["<gitlab-incoming+({h32})@example.com>", "X-GitLab-Reply-Key: ({h32})"])
    .but_not(&["incoming+acme-web-12-issue-4@incoming.example.com"]),
];
