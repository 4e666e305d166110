//! Lines of a GitLab host in which any text may turn up, with what must survive beside it.

use super::{
    chance::Chance,
    encode::Esc,
    record::{Class, Record, Syntax},
    template,
};

/// A line in which `«x»` stands, written as that line writes a text; what is in `⟦⟧` must survive.
pub(super) struct Carrier {
    pub(super) name: &'static str,
    syntax: Syntax,
    pub(super) esc: Esc,
    template: &'static str,
}

const fn carrier(name: &'static str, syntax: Syntax, esc: Esc, template: &'static str) -> Carrier {
    Carrier { name, syntax, esc, template }
}

/// None of these has a word beside the text that says that it is a secret.
#[rustfmt::skip] // a table
pub(super) const CARRIERS: &[Carrier] = &[
    carrier("rails param", Syntax::JsonLine, Esc::JsonRails, r#"{"method":"POST","path":"/⟦«project»⟧/-/issues/⟦«n»⟧","controller":"Projects::IssuesController","action":"update","status":⟦«status»⟧,"time":"⟦«time»⟧","params":[{"key":"namespace_id","value":"«word»"},{"key":"description","value":"see «x» in the job output"}],"correlation_id":"⟦«ulid»⟧","meta.user":"⟦«user»⟧","duration_s":⟦«seconds»⟧,"pid":⟦«pid»⟧}"#),
    carrier("exception", Syntax::JsonLine, Esc::Json, r#"{"severity":"ERROR","time":"⟦«time»⟧","correlation_id":"⟦«ulid»⟧","exception.class":"RuntimeError","exception.message":"failed: «x»","exception.backtrace":["lib/gitlab/redis/wrapper.rb:⟦«n»⟧:in `with'"]}"#),
    carrier("sidekiq args", Syntax::JsonLine, Esc::Json, r#"{"severity":"INFO","time":"⟦«time»⟧","class":"⟦Auth::TokenCleanupWorker⟧","args":["⟦«n»⟧","«x»"],"jid":"⟦«h:24»⟧","queue":"default","correlation_id":"⟦«ulid»⟧","job_status":"done"}"#),
    carrier("JSON in JSON", Syntax::JsonLine, Esc::JsonTwice, r#"{"severity":"INFO","time":"⟦«time»⟧","jid":"⟦«h:24»⟧","args":["{\"id\":⟦«n»⟧,\"note\":\"«x»\",\"sha\":\"⟦«sha»⟧\"}"]}"#),
    carrier("Go JSON in Go JSON", Syntax::JsonLine, Esc::JsonGoTwice, r#"{"level":"error","ts":"⟦«time»⟧","msg":"{\"error\":\"got «x»\",\"code\":⟦«status»⟧}","correlation_id":"⟦«ulid»⟧"}"#),
    carrier("JSON three deep", Syntax::JsonLine, Esc::JsonThrice, r#"{"message":"{\"payload\":\"{\\\"text\\\":\\\"«x»\\\",\\\"id\\\":⟦«n»⟧}\"}","correlation_id":"⟦«ulid»⟧"}"#),
    carrier("workhorse", Syntax::JsonLine, Esc::JsonGo, r#"{"correlation_id":"⟦«ulid»⟧","error":"handleFileUploads: «x»","level":"error","msg":"","time":"⟦«time»⟧","uri":"/⟦«project»⟧/uploads"}"#),
    carrier("PHP JSON", Syntax::JsonLine, Esc::JsonSlash, r#"{"integration":"jira","time":"⟦«time»⟧","body":"«x»","event_uuid":"⟦«uuid»⟧"}"#),
    carrier("Python JSON", Syntax::JsonLine, Esc::JsonAscii, r#"{"level": "INFO", "message": "line «x» end", "digest": "sha256:⟦«sha256»⟧"}"#),
    carrier("JSON, some as \\u", Syntax::JsonLine, Esc::JsonSome, r#"{"time":"⟦«time»⟧","component":"⟦«word»⟧","msg":"got «x» here","n":⟦«n»⟧}"#),
    carrier("percent, some", Syntax::Lines, Esc::PercentSome, r#"⟦«ip»⟧ - - [07/Jun/2026:10:01:22 +0000] "GET /⟦«project»⟧/-/search?q=«x»&page=⟦«n»⟧ HTTP/1.1" ⟦«status»⟧ ⟦«n»⟧"#),
    carrier("nginx query", Syntax::Lines, Esc::Form, r#"⟦«ip»⟧ - - [07/Jun/2026:10:01:22 +0000] "GET /⟦«project»⟧/-/tree/main?note=«x»&page=⟦«n»⟧ HTTP/1.1" ⟦«status»⟧ ⟦«n»⟧ "" "curl/8.5.0" 2.41"#),
    carrier("nginx referer", Syntax::Lines, Esc::Percent, r#"⟦«ip»⟧ - - [07/Jun/2026:10:01:22 +0000] "GET /⟦«project»⟧ HTTP/1.1" 200 ⟦«n»⟧ "https://gitlab.example.com/search?q=«x»" "Mozilla/5.0 (X11; Linux x86_64)" 3.10"#),
    carrier("nested URL", Syntax::Lines, Esc::PercentTwice, r#"⟦«ip»⟧ - - [07/Jun/2026:10:01:22 +0000] "GET /users/sign_in?redirect=https%3A%2F%2Fgitlab.example.com%2F⟦«word»⟧%3Fq%3D«x»%26page%3D⟦«n»⟧ HTTP/1.1" ⟦«status»⟧ 0"#),
    carrier("lower percent", Syntax::Lines, Esc::PercentLower, r#"time="⟦«time»⟧" level=info msg="proxied" uri="/api/v4/projects/⟦«n»⟧/search?q=«x»" correlation_id=⟦«ulid»⟧"#),
    carrier("every byte percent", Syntax::Lines, Esc::PercentAll, r#"⟦«runit»⟧ audit path=/-/x?y=«x»&z=⟦«n»⟧"#),
    carrier("userinfo", Syntax::Lines, Esc::Userinfo, r#"⟦«runit»⟧ W fetch of https://gitlab.example.com/«x»/info/refs: 401, attempt ⟦«n»⟧"#),
    carrier("postgres statement", Syntax::Lines, Esc::Doubled, r#"⟦«runit»⟧ LOG:  duration: ⟦«seconds»⟧ ms  statement: /*application:web,correlation_id:⟦«ulid»⟧*/ INSERT INTO "notes" ("note", "project_id") VALUES ('«x»', ⟦«n»⟧)"#),
    carrier("redis MONITOR", Syntax::Lines, Esc::Redis, r#"⟦17«d:8».«d:6»⟧ [0 ⟦«ip»⟧:«pid»] "SETEX" "cache:gitlab:⟦«word»⟧:⟦«n»⟧" "3600" "«x»""#),
    carrier("Ruby inspect", Syntax::Lines, Esc::RubyInspect, r#"  Parameters: {"namespace_id"=>"⟦«word»⟧", "note"=>{"body"=>"«x»"}, "id"=>"⟦«n»⟧"}"#),
    carrier("Ruby inspect in JSON", Syntax::JsonLine, Esc::RubyInspectJson, r#"{"time":"⟦«time»⟧","variables":"{\"input\"=>{\"title\"=>\"«x»\", \"iid\"=>⟦«n»⟧}}","correlation_id":"⟦«ulid»⟧"}"#),
    carrier("chef diff", Syntax::Lines, Esc::RubySingle, "    \u{1b}[31m-  setting: '⟦«n»⟧'\u{1b}[0m\n    \u{1b}[32m+  setting: '«x»'\u{1b}[0m"),
    carrier("bare log line", Syntax::Lines, Esc::None, "⟦«runit»⟧ E, [⟦«time»⟧ #⟦«pid»⟧] ERROR -- : got «x» from ⟦«ip»⟧"),
    carrier("CRLF line", Syntax::Lines, Esc::None, "⟦«time»⟧ value «x» end ⟦«n»⟧\r"),
    carrier("logfmt", Syntax::Lines, Esc::Json, r#"time="⟦«time»⟧" level=warning msg="unexpected «x»" job=⟦«n»⟧ project=⟦«n»⟧ runner=⟦«u:9»⟧"#),
    carrier("shell quotes", Syntax::Lines, Esc::Shell, "⟦«runit»⟧ + /opt/gitlab/embedded/bin/ruby -e '«x»' --port ⟦«n»⟧"),
    carrier("shell double quotes", Syntax::Lines, Esc::ShellDouble, r#"⟦«runit»⟧ sh -c "echo \"«n»\" ; printf %s "«x»" " exit ⟦«n»⟧"#),
    carrier("shell backslashes", Syntax::Lines, Esc::ShellBackslash, "⟦«runit»⟧ run: printf %s «x» ; code ⟦«n»⟧"),
    carrier("XML text", Syntax::Lines, Esc::Xml, "<testcase name=\"⟦«word»⟧\" time=\"⟦«seconds»⟧\"><system-out>«x»</system-out></testcase>"),
    carrier("XML attribute", Syntax::Lines, Esc::XmlAttribute, "<item id=\"⟦«n»⟧\" text=\"«x»\" digest=\"sha256:⟦«sha256»⟧\"/>"),
    carrier("journald bytes", Syntax::JsonLine, Esc::Bytes, r#"{"__REALTIME_TIMESTAMP":"⟦17«d:14»⟧","_PID":"⟦«pid»⟧","MESSAGE":[«x»],"_BOOT_ID":"⟦«h:32»⟧"}"#),
    carrier("journald", Syntax::JsonLine, Esc::Json, r#"{"__CURSOR":"s=⟦«h:32»⟧;i=⟦«h:5»⟧;b=⟦«h:32»⟧","MESSAGE":"started with «x»","_PID":"⟦«pid»⟧","SYSLOG_IDENTIFIER":"gitlab-runner"}"#),
    carrier("hex dump", Syntax::Lines, Esc::Hex, "⟦«runit»⟧ DEBUG payload=«x» crc=⟦«h:8»⟧"),
    carrier("bytea", Syntax::Lines, Esc::HexUpper, r"⟦«runit»⟧ LOG:  statement: SELECT '\x«x»'::bytea, ⟦«n»⟧"),
    carrier("command line", Syntax::File, Esc::None, "/usr/bin/gitlab-runner\0run\0--x\0«x»\0--config\0⟦/etc/gitlab-runner/config.toml⟧\0"),
    carrier("YAML", Syntax::Yaml, Esc::Doubled, "production:\n  adapter: ⟦postgresql⟧\n  note: '«x»'\n  port: ⟦«n»⟧\n"),
    carrier("YAML double", Syntax::Yaml, Esc::Json, "items:\n- text: \"«x»\"\n  sha: ⟦«sha»⟧\n"),
    carrier("TOML", Syntax::Toml, Esc::Json, "concurrent = ⟦«n»⟧\n[[runners]]\n  name = \"⟦«word»⟧\"\n  note = \"«x»\"\n"),
    carrier("UTF-16", Syntax::Utf16, Esc::None, "⟦«time»⟧ note «x» end ⟦«ulid»⟧\r\n"),
];

impl Carrier {
    pub(super) fn named(name: &str) -> &'static Carrier {
        CARRIERS.iter().find(|carrier| carrier.name == name).unwrap_or_else(|| panic!("no carrier {name}"))
    }

    /// Whether such a text can stand in it.
    pub(super) fn takes(&self, text: &str) -> bool {
        !(text.contains('\n') && self.name == "YAML")
    }

    /// A file of its own?
    pub(super) fn is_line(&self) -> bool {
        matches!(self.syntax, Syntax::JsonLine | Syntax::Lines)
    }

    /// With `text` in it, of which `secret` is what must go: both before they are written.
    pub(super) fn record(
        &self,
        class: Class,
        form: &str,
        text: &str,
        secret: &str,
        chance: &mut Chance,
    ) -> Record {
        let (text, written) = (self.esc.apply(text), self.esc.apply(secret));
        let made = template::fill(self.template, chance, &mut |name, _| (name == "x").then(|| text.clone()));
        let form = format!("{form} | {}", self.name);
        if self.syntax == Syntax::Utf16 {
            let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
            let mut record = Record::new(self.syntax, [b"\xff\xfe".to_vec(), wide(&made.text)].concat());
            record = record.with(class, form, wide(&written));
            return made.planted.iter().fold(record, |record, kept| {
                record.with(Class::Kept, format!("kept | {}", self.name), wide(kept))
            });
        }
        let mut text = made.text;
        if self.syntax == Syntax::JsonLine || self.syntax == Syntax::Lines {
            text.push('\n');
        }
        let record = Record::new(self.syntax, text).with(class, form, written);
        made.planted.iter().fold(record, |record, kept| {
            record.with(Class::Kept, format!("kept | {}", self.name), kept.as_bytes())
        })
    }
}
