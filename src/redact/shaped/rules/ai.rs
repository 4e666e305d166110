//! Models and what is built on them.

use crate::redact::shaped::rule::Rule;

/// The table.
pub(super) static RULES: &[Rule] = &[
    Rule::token(
        "openai-key",
        "OpenAI API key: runs models at its owner's cost",
        &[
            "^sk-proj-{w40}",
            "^sk-svcacct-{w40}",
            "^sk-admin-{w40}",
            "^sk-None-{w40}",
            "{w20-100}T3BlbkFJ{w20}",
        ],
    )
    .such_as(&["sk-proj-{w74}T3BlbkFJ{w74}", "sk-svcacct-{w100}", "sk-{a20}T3BlbkFJ{a20}"])
    .but_not(&["sk-project-one"]),
    Rule::token("anthropic-key", "Anthropic API key: runs models at its owner's cost", &["^sk-ant-{w32}"])
        .such_as(&["sk-ant-api03-{w93}AA", "sk-ant-admin01-{w93}AA"])
        .but_not(&["sk-ant-task"]),
    Rule::token(
        "openrouter-key",
        "OpenRouter API key: runs models at its owner's cost",
        &["^sk-or-v1-{h60}"],
    )
    .such_as(&["sk-or-v1-{h64}"]),
    Rule::token(
        "sk-key",
        "API key of a service that follows OpenAI's form (DeepSeek, Moonshot, Stability)",
        &["^sk-{a32}!"],
    )
    .such_as(&["sk-{h32}", "sk-{a48}"])
    .but_not(&["sk-learn", "sk-abcdefghijklmnopqrstuvwxyzabcdefgh"]),
    Rule::token(
        "langfuse-key",
        "Langfuse secret key: reads and writes traces",
        &["^sk-lf-{h8}-{h4}-{h4}-{h4}-{h12}"],
    ),
    Rule::token(
        "huggingface-token",
        "Hugging Face token: reads and writes as its user or organisation",
        &["^hf_{a30}!", "api_org_{a30}"],
    )
    .such_as(&["hf_{a34}", "api_org_{a34}"])
    .but_not(&["hf_hub_download"]),
    Rule::token("replicate-token", "Replicate token: runs models at its owner's cost", &["^r8_{a37}"])
        .but_not(&["r8_x"]),
    Rule::token("groq-key", "Groq API key: runs models at its owner's cost", &["^gsk_{a40}"])
        .such_as(&["gsk_{a52}"]),
    Rule::token("xai-key", "xAI API key: runs models at its owner's cost", &["^xai-{a60}"])
        .such_as(&["xai-{a80}"]),
    Rule::token("perplexity-key", "Perplexity API key: runs models at its owner's cost", &["^pplx-{a40}"])
        .such_as(&["pplx-{a48}"]),
    Rule::token("together-key", "Together AI API key: runs models at its owner's cost", &["^tgp_v1_{w40}"])
        .such_as(&["tgp_v1_{w43}"]),
    Rule::token(
        "fireworks-key",
        "Fireworks AI API key: runs models at its owner's cost",
        &["^fw_{a22-24}!$"],
    )
    .such_as(&["fw_{a22}", "fw_{a24}"])
    .but_not(&["fw_version"]),
    Rule::token("elevenlabs-key", "ElevenLabs API key: makes speech at its owner's cost", &["^sk_{h48}$"])
        .but_not(&["sk_id"]),
    Rule::token(
        "langsmith-key",
        "LangSmith API key: reads and writes traces",
        &["lsv2_[ps][tk]_{h32}_{h10}"],
    )
    .such_as(&["lsv2_pt_{h32}_{h10}", "lsv2_sk_{h32}_{h10}"]),
    Rule::token("pinecone-key", "Pinecone API key: reads and changes indexes", &["^pcsk_{w50}"])
        .such_as(&["pcsk_{a6}_{a63}"]),
    Rule::token("nvidia-key", "NVIDIA API key: runs models and pulls images as its owner", &["^nvapi-{w60}"])
        .such_as(&["nvapi-{w64}"]),
    Rule::token("cerebras-key", "Cerebras API key: runs models at its owner's cost", &["^csk-{l48}!"])
        .such_as(&["csk-{l48}"]),
    Rule::token("tavily-key", "Tavily API key: searches at its owner's cost", &["^tvly-{w20}!"])
        .such_as(&["tvly-{a32}", "tvly-dev-{a32}"])
        .but_not(&["tvly-search"]),
    Rule::token("jina-key", "Jina AI API key: runs models at its owner's cost", &["^jina_{w50}"])
        .such_as(&["jina_{h32}{w28}"]),
    Rule::token("e2b-key", "E2B API key: runs sandboxes at its owner's cost", &["^e2b_{h40}"]),
    Rule::token("firecrawl-key", "Firecrawl API key: crawls at its owner's cost", &["^fc-{h32}$"])
        .but_not(&["fc-cache"]),
    Rule::token("cursor-key", "Cursor API key: reads its team's usage and starts agents", &["^crsr_{h60}"])
        .such_as(&["crsr_{h64}"]),
    Rule::token(
        "deepl-key",
        "DeepL API key: translates at its owner's cost",
        &["^{h8}-{h4}-{h4}-{h4}-{h12}:fx$"],
    )
    .but_not(&["{h8}-{h4}-{h4}-{h4}-{h12}:fy"]),
    Rule::token("wandb-key", "Weights & Biases key: reads and writes its user's runs", &["wandb_v1_{w40}"]),
    Rule::token("helicone-key", "Helicone key: reads its organisation's requests", &["^sk-helicone-{w20}!"])
        .such_as(&["sk-helicone-{l7}-{l7}-{l7}-{l7}"])
        .but_not(&["sk-helicone-proxy"]),
    Rule::token("anyscale-key", "Anyscale API key: runs models at its owner's cost", &["^esecret_{l26}!"]),
    Rule::token("runway-key", "Runway API key: makes videos at its owner's cost", &["^key_{h100}"])
        .such_as(&["key_{h128}"])
        .but_not(&["key_{h40}"]),
    Rule::token("modal-token", "Modal token: runs code at its owner's cost", &["^a[ks]-{a22}!$"])
        .but_not(&["as-abcdefghijklmnopqrstuv", "ak-{a20}"]),
    Rule::token("llamacloud-key", "LlamaCloud API key: reads and changes its indexes", &["^llx-{a40}"])
        .such_as(&["llx-{a48}"]),
    Rule::token("coze-token", "Coze personal access token: acts as its user", &["^pat_{a60}"])
        .such_as(&["pat_{a64}"]),
    Rule::token(
        "browserbase-key",
        "Browserbase API key: runs browsers at its owner's cost",
        &["^bb_live_{w20}!"],
    )
    .such_as(&["bb_live_{w27}"]),
    Rule::token("mem0-key", "Mem0 API key: reads and changes what agents remember", &["^m0-{a36}"])
        .such_as(&["m0-{a40}"]),
    Rule::token("voyage-key", "Voyage AI API key: runs models at its owner's cost", &["^pa-{w43}!$"]),
    Rule::token("runpod-key", "RunPod API key: runs machines at its owner's cost", &["^rpa_{a40}"])
        .such_as(&["rpa_{a46}"]),
    Rule::token("brave-search-key", "Brave Search API key: searches at its owner's cost", &["^BSA{w28}$"])
        .but_not(&["BSA{w8}"]),
];
