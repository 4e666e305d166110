//! Mail, text messages and customer relations.

use crate::redact::shaped::rule::Rule;

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token("sendgrid-key", "SendGrid API key: sends mail as its owner", &["^SG.{w16-32}.{w32}"])
        .such_as(&["SG.{w22}.{w43}"])
        .but_not(&["SG.1"]),
    Rule::token(
        "mailgun-key",
        "Mailgun key: sends mail as its domain",
        &["^key-{h32}$", "^pubkey-{h32}$", "^{h32}-{h8}-{h8}$"],
    )
    .but_not(&["key-value-pairs", "{h32}-{h8}-{h4}", "{h32}-{h16}-01"]),
    Rule::token(
        "mailchimp-key",
        "Mailchimp API key: reads and mails its owner's lists",
        &["^{h32}-us{d1-2}$"],
    )
    .such_as(&["{h32}-us12"])
    .but_not(&["-us1", "{h20}-us12"]),
    Rule::token(
        "brevo-key",
        "Brevo (Sendinblue) API or SMTP key: sends mail as its owner",
        &["xkeysib-{h60}<-{a16}>", "xsmtpsib-{h60}<-{a16}>"],
    )
    .such_as(&["xkeysib-{h64}-{a16}", "xsmtpsib-{h64}-{a16}"]),
    Rule::token("mailersend-token", "MailerSend token: sends mail as its domain", &["mlsn.{h60}"])
        .such_as(&["mlsn.{h64}"]),
    Rule::token("klaviyo-key", "Klaviyo private key: reads its account's profiles", &["^pk_{h34}$"])
        .but_not(&["pk_id"]),
    Rule::token(
        "hubspot-token",
        "HubSpot private app token: reads and changes its account's contacts",
        &["^pat-[nae][aup]{d1}-{h8}-{h4}-{h4}-{h4}-{h12}", "^pat-[nae][aup]{d1}-{h30}"],
    )
    .such_as(&["pat-na1-{h8}-{h4}-{h4}-{h4}-{h12}", "pat-eu1-{h8}-{h4}-{h4}-{h4}-{h12}"])
    .but_not(&["pat-na1"]),
    Rule::token("twilio-key", "Twilio API key: calls and texts at its account's cost", &["^SK{h32}$"])
        .but_not(&["SK_LEARN", "SKU{h10}"]),
    Rule::token(
        "salesforce-token",
        "Salesforce session or access token: acts as its user",
        &[r"^00D{a12-15}\!({s60})"],
    )
    .such_as(&[r"00D{a15}\!({s90})"])
    .but_not(&["00D"]),
    Rule::token(
        "linkedin-secret",
        "Secret of a LinkedIn application: asks for tokens in its name",
        &["WPL_AP1.{a14}<.{b8}>"],
    )
    .such_as(&["WPL_AP1.{a16}.{b6}=="]),
    Rule::token(
        "facebook-token",
        "Facebook access token: acts as its user, page or app",
        &["EAACEdEose0cBA{a20}", "^EAA[ABCDEFGHIJKLMNOPQRSTUVWXYZ]{a90}"],
    )
    .such_as(&["EAAG{a150}"]),
    Rule::token(
        "instagram-token",
        "Instagram access token: reads its user's account",
        &["^IGQV{w80}", "^IGAA{a100}"],
    )
    .such_as(&["IGQV{w140}"]),
    Rule::token(
        "twitter-bearer-token",
        "X (Twitter) app bearer token: reads at the app's cost",
        &["^AAAAAAAAAAAAAAAAAAAA{v60}"],
    )
    .such_as(&["AAAAAAAAAAAAAAAAAAAAA{v90}"]),
    Rule::token("typeform-token", "Typeform token: reads its owner's forms and answers", &["^tfp_{w40}"])
        .such_as(&["tfp_{w44}_{w15}"]),
    Rule::token("calcom-key", "Cal.com API key: reads and books its owner's calendar", &["^cal_live_{h32}"]),
];
