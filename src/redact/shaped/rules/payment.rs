//! Payment, commerce and shipping.

use crate::redact::shaped::{odd, rule::Rule};

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "stripe-key",
        "Stripe secret or restricted key: moves money of its account",
        &["^[sr]k_live_{a16}", "^[sr]k_test_{a16}", "^[sr]k_prod_{a16}"],
    )
    .such_as(&["sk_live_{a24}", "rk_live_{a99}", "sk_test_{a24}"])
    .but_not(&["sk_live_", "sk_test_mode"]),
    Rule::token(
        "webhook-secret",
        "Signing secret of a webhook (Stripe, Svix, Clerk): forges its calls",
        &["^whsec_{b24}"],
    )
    .such_as(&["whsec_{b32}"])
    .but_not(&["whsec_"]),
    Rule::token(
        "square-token",
        "Square access token or application secret: moves money of its account",
        &["sq0atp-{w22}", "sq0csp-{w40}", "^EAAA{w60}$"],
    )
    .such_as(&["sq0atp-{w22}", "sq0csp-{w43}", "EAAA{w60}"]),
    Rule::token(
        "braintree-token",
        "Braintree (PayPal) access token: moves money of its merchant",
        &[r"access_token\$production\${l16}\${h32}", r"access_token\$sandbox\${l16}\${h32}"],
    ),
    Rule::token(
        "shopify-token",
        "Shopify token or shared secret: acts as an app in shops",
        &["shpat_{H32}", "shpca_{H32}", "shppa_{H32}", "shpss_{H32}", "shpua_{H32}"],
    ),
    Rule::token(
        "flutterwave-key",
        "Flutterwave secret key: moves money of its merchant",
        &["FLWSECK-{l32}-X", "FLWSECK_TEST-{l32}-X", "FLWSECK_TEST{l12}"],
    )
    .such_as(&["FLWSECK-{h32}-X", "FLWSECK_TEST-{h32}-X"]),
    Rule::code(
        "live-key",
        "Mollie, GoCardless or Lob live key: moves money, or mail, of its account",
        &["^live_{a30}!", "^live_{w40}!$", "^test_{h35}$"],
        odd::unpublished,
    )
    .such_as(&["live_{a30}", "live_{a40}", "live_{h35}", "test_{h35}"])
    .but_not(&["live_view_component_render", "live_trace", "pk_live_{a99}", "pk_live_{a40}"]),
    Rule::token(
        "plaid-token",
        "Plaid access token: reads its user's bank account",
        &[
            "access-production-{h8}-{h4}-{h4}-{h4}-{h12}",
            "access-sandbox-{h8}-{h4}-{h4}-{h4}-{h12}",
            "access-development-{h8}-{h4}-{h4}-{h4}-{h12}",
        ],
    )
    .but_not(&["access-production-log"]),
    Rule::token(
        "shippo-token",
        "Shippo token: buys shipping at its owner's cost",
        &["shippo_live_{H40}", "shippo_test_{H40}"],
    ),
    Rule::token("easypost-key", "EasyPost key: buys shipping at its owner's cost", &["^EZ[AT]K{a54}"]),
    Rule::token(
        "duffel-token",
        "Duffel token: books travel at its owner's cost",
        &["duffel_live_{w40}", "duffel_test_{w40}"],
    )
    .such_as(&["duffel_test_{w43}"]),
    Rule::token(
        "paddle-key",
        "Paddle API key or notification secret: sells in its vendor's name",
        &["pdl_live_apikey_{w40}", "pdl_sdbx_apikey_{w40}", "pdl_ntfset_{w40}"],
    ),
    Rule::token(
        "polar-token",
        "Polar token: sells in its organisation's name",
        &["polar_oat_{a40}", "polar_pat_{a40}"],
    ),
    Rule::token(
        "xendit-key",
        "Xendit secret key: moves money of its merchant",
        &["xnd_production_{a40}", "xnd_development_{a40}"],
    ),
    Rule::token("midtrans-key", "Midtrans server key: moves money of its merchant", &["Mid-server-{w20}"])
        .but_not(&["Mid-server-side"]),
    Rule::token(
        "riot-key",
        "Riot Games API key: calls APIs as its owner",
        &["RGAPI-{h8}-{h4}-{h4}-{h4}-{h12}"],
    ),
    Rule::token("paypal-token", "PayPal access token: moves money of its merchant", &["^A21AA{w80}"])
        .such_as(&["A21AA{w92}"]),
    Rule::token(
        "klarna-key",
        "Klarna API key: moves money of its merchant",
        &["klarna_live_api_{w20}", "klarna_test_api_{w20}"],
    ),
    Rule::token("woocommerce-key", "WooCommerce key: reads and changes a shop", &["^c[ks]_{h40}$"])
        .but_not(&["cs_{h8}"]),
    Rule::token(
        "pagarme-key",
        "Pagar.me key: moves money of its merchant",
        &["^ak_live_{a30}", "^ak_test_{a30}"],
    ),
    Rule::token("ebay-token", "eBay token: acts as a seller or buyer", &[r"v\^1.1#i\^1#{q40}"])
        .such_as(&[r"v\^1.1#i\^1#{a100}"]),
    Rule::token(
        "checkout-key",
        "Checkout.com secret key: moves money of its merchant",
        &["^sk_sbox_{l26}", "^sk_{h8}-{h4}-{h4}-{h4}-{h12}"],
    ),
];
