//! gitlab.rb in every form that people write it.

use super::{super::harvest::tests::found, *};

fn learnt(text: &str) -> Vec<(String, String)> {
    let mut harvest = Harvest::new("");
    assert!(leaves(text.as_bytes(), &mut harvest), "came out even: {text}");
    found(harvest)
}

fn values(text: &str) -> Vec<String> {
    learnt(text).into_iter().map(|(value, _)| value).collect()
}

#[test]
fn strings_in_every_form() {
    for (form, expected) in [
        (r"'single \'quoted\' \n'", r"single 'quoted' \n"),
        (r#""double \"quoted\" \t\x41\u0042\u{43 44}""#, "double \"quoted\" \tABCD"),
        ("%q(paren (nested) s)", "paren (nested) s"),
        ("%Q{brace {nested} s}", "brace {nested} s"),
        ("%[square]", "square"),
        ("%q|pipe's|", "pipe's"),
        ("%<angle>", "angle"),
        ("'ad' 'ja' \"cent\"", "adjacent"),
        ("'plus' + \"plus\"", "plusplus"),
        ("'back' \\\n  'slash'", "backslash"),
        ("'line' +\n  'break'", "linebreak"),
        ("\n  'value on the next line'", "value on the next line"),
        ("'frozen'.freeze", "frozen"),
        ("ENV['DB_PASSWORD'] || 'fallback'", "fallback"),
        ("ENV.fetch('DB_PASSWORD', 'default')", "default"),
        ("ENV.fetch('DB_PASSWORD') { 'block' }", "block"),
        ("%w[ab cd].join('-')", "ab-cd"),
        ("'hash#tag'", "hash#tag"),
        ("\"a#b\"", "a#b"),
        ("('parens')", "parens"),
        ("<<-EOS.strip\n  body\n  EOS", "  body"),
        ("<<~'EOS'\n    b#{x}\n  EOS", "b#{x}"),
        ("<<EOS\nplain\nEOS", "plain"),
    ] {
        let text = format!("gitlab_rails['db_password'] = {form}\nexternal_url 'https://x'\n");
        let found = values(&text);
        assert!(found.iter().any(|value| value == expected), "{form}: {found:?}");
        let stray = |value: &String| ["DB_PASSWORD", "https://x"].contains(&value.as_str());
        assert!(!found.iter().any(stray), "{form}: {found:?}");
    }
}

#[test]
fn hashes_nested_in_either_syntax() {
    let text = r#"
gitlab_rails['omniauth_providers'] = [
  { "name" => "saml", 'args' => { client_secret: 'oauth-s3cret', 'redirect_uri' => 'https://gitlab.example.com/x' } },
  { name: "google", "app_id": 'app-id', app_secret: %q{google-s3cret} }, # a comment
]
gitlab_rails['object_store']['connection'] = {
  'provider' => 'AWS',
  'aws_access_key_id' => 'AKIAEXAMPLE',
  'aws_secret_access_key' => 'aws/s3cret+x'
}
consul['configuration'] = { acl: { tokens: { default: 'acl-default', agent: 'acl-agent' } } }
redis['rename_commands'] = { 'KEYS': '' }
"#;
    assert_eq!(values(text), ["acl-agent", "acl-default", "aws/s3cret+x", "google-s3cret", "oauth-s3cret"]);
}

#[test]
fn variables_methods_and_calls() {
    let text = r##"
redis_pw = 'shared-one'
DB = { 'password' => 'in-a-hash', 'host' => 'db.example.com' }
def smtp_password
  'from-a-method'
end
def lookup; 'from-a-helper'; end
gitlab_rails['redis_password'] = redis_pw
gitlab_rails['redis_url'] = "redis://:#{redis_pw}-x@10.0.0.1:6379/0"
postgresql['sql_user_password'] = DB['password']
gitlab_rails['incoming_email_password'] = lookup
gitlab_rails.store('ldap_password', 'stored')
gitlab_rails.merge!('db_password' => 'merged', host: 'db.example.com')
gitlab_rails['env'] = { 'HTTPS_PROXY' => 'http://u:proxy-pw@proxy:3128' }
gitlab_rails['db_key_base'] = cond ? 'one-way' : "other-way"
gitlab_rails['internal_api_token'] = 'guarded' if ENV['ROLE'] == 'web'
"##;
    let expected = [
        "from-a-helper",
        "from-a-method",
        "guarded",
        "in-a-hash",
        "merged",
        "one-way",
        "other-way",
        "proxy-pw",
        "shared-one",
        "shared-one-x",
        "stored",
    ];
    assert_eq!(values(text), expected);
}

#[test]
fn values_of_several_expressions() {
    for (text, expected) in [
        (
            "redis['password'] = case node_name\n  when 'web-1' then 'of-a-case'\n  else nil\nend",
            vec!["of-a-case"],
        ),
        ("redis['password'] = begin\n  'of-a-begin'\nrescue\n  nil\nend", vec!["of-a-begin"]),
        (
            "redis['password'] = if node['fqdn'] == 'web-1.example' then 'of-then' else 'of-else' end",
            vec!["of-else", "of-then"],
        ),
        (
            "redis['password'] =\n  unless x\n 'of-unless' if y\n end\nredis['port'] = '6379x'",
            vec!["of-unless"],
        ),
        ("redis['password'] = ENV.fetch('REDIS_PW') do\n  'of-a-do'\nend", vec!["of-a-do"]),
        (
            "a['db_password'], b['host'], c['token'] = 'first', 'db-1.example', %q(third)",
            vec!["first", "third"],
        ),
        ("a['db_password'], c['token'] = [\n 'first',\n 'second',\n]\nx['a'] = 'b'", vec!["first", "second"]),
        ("a['db_password'], b['host'] = %w[first second]", vec!["first"]),
        ("pw, host = 'first', 'second'\nredis['password'] = pw", vec!["first"]),
        ("gitlab_rails.[]=('db_password', 'by-brackets')", vec!["by-brackets"]),
        ("gitlab_rails.send(:[]=, 'db_password', 'by-sending')", vec!["by-sending"]),
        ("gitlab_rails.public_send :store, :db_password, 'by-sending'", vec!["by-sending"]),
        ("gitlab_rails[\n  'db_password'\n] = 'over-lines'", vec!["over-lines"]),
        ("gitlab_rails['db_' + 'password'] = 'of-a-sum'", vec!["of-a-sum"]),
        ("gitlab_rails['db_password'.to_sym] = 'of-a-symbol'", vec!["of-a-symbol"]),
        (
            "gitlab_rails['db_password'] = Base64.decode64('aW4tYmFzZTY0LTQy')",
            vec!["aW4tYmFzZTY0LTQy", "in-base64-42"],
        ),
        ("gitlab_rails['db_password'] = lookup() if node\nx['a'] = 'b'\nif y\nend", vec![]),
        (
            "nginx['custom_nginx_config'] = \"proxy_set_header X-Auth-Token BKw85kln;\\nlocation /x { deny all; }\"",
            vec!["BKw85kln"],
        ),
        (
            "gitlab_rails['ldap_servers'] = YAML.safe_load(\"main: {host: h, password: 'of a flow', port: 389}\")",
            vec!["of a flow"],
        ),
        (
            "gitlab_rails['ldap_servers'] = YAML.load <<~'EOS'\n  main: { host: h, password: 'of a flow', port: 1 }\nEOS\n",
            vec!["of a flow"],
        ),
    ] {
        assert_eq!(values(text), expected, "{text}");
    }
}

#[test]
fn comments_hold_old_values() {
    let text = "# Don't edit, it's managed\n\
                # gitlab_rails['db_password'] = \"old-one\"\n\
                gitlab_rails['smtp_password'] = 'new' # was 'older'\n\
                ### gitlab_rails['ldap_servers'] = YAML.load <<-'EOS'\n\
                ###   main:\n\
                ###     bind_dn: 'cn=x'\n\
                ###     password: 'old-ldap'\n\
                ### EOS\n\
                # the admin token: bare-word\n\
                =begin\ngrafana['admin_password'] = 'blocked out'\n=end\n";
    let found = values(text);
    for expected in ["old-one", "new", "older", "old-ldap", "bare-word", "blocked out"] {
        assert!(found.iter().any(|value| value == expected), "{expected}: {found:?}");
    }
    assert_eq!(found.len(), 6, "{found:?}");
}

#[test]
fn yaml_in_a_heredoc() {
    let text = "gitlab_rails['ldap_servers'] = YAML.load <<-'EOS' # remember\n  main:\n    label: 'LDAP'\n    \
                bind_dn: '_the_full_dn'\n    password: 'ldap pw'\n    tls_options:\n      ca_file: ''\nEOS\n\
                gitlab_rails['x'] = 1\n";
    assert_eq!(values(text), ["ldap pw"]);
}

#[test]
fn names_are_those_of_the_keys() {
    let text =
        "gitlab_rails['smtp_password'] = 'a1'\npraefect['configuration'] = { auth: { token: 'b2' } }\n";
    assert_eq!(learnt(text), [("a1".into(), "smtp_password".into()), ("b2".into(), "token".into())]);
}

#[test]
fn what_only_looks_like_a_secret() {
    let text = r#"
external_url 'https://gitlab.example.com'
roles ['application_role']
gitlab_rails['password_authentication_enabled_for_web'] = false
gitlab_rails['stuck_ci_jobs_worker_cron'] = "0 0 * * *"
gitlab_rails['personal_access_token_prefix'] = 'acme-'
nginx['ssl_certificate_key'] = "/etc/gitlab/ssl/gitlab.key"
nginx['hide_server_tokens'] = 'on'
gitlab_rails['db_password'] = File.read('/etc/gitlab/db_password').strip
gitlab_rails['smtp_password'] = ENV['SMTP_PASSWORD']
gitlab_rails['redis_password'] = nil
gitlab_rails['rate'] = 10 / 2 + 6 / 3
letsencrypt['auto_renew_log_directory'] = '/var/log/gitlab/lets-encrypt'
x = y ? z : w
if x =~ /it's "quoted/ then puts "x" end
"#;
    assert_eq!(values(text), Vec::<String>::new());
}

#[test]
fn what_does_not_come_out_even_gives_every_literal() {
    for text in [
        "x['a'] = { 'p' => 'hunter2-zz'\n",
        "x['a'] = 'hunter2-zz'\ny = \"no end\n",
        "a = [\"hunter2-zz\")\n",
    ] {
        let mut harvest = Harvest::new("");
        assert!(!leaves(text.as_bytes(), &mut harvest), "{text}");
        let found = found(harvest);
        assert!(found.iter().any(|(value, _)| value == "hunter2-zz"), "{text}: {found:?}");
    }
}

#[test]
fn hostile_texts_end() {
    for piece in [
        "[",
        "{",
        "(",
        "<<~A ",
        "\"#{",
        "'",
        "%q(",
        "a: ",
        "x['",
        "/",
        "# it's <<A\n",
        "\n\n",
        "a=a+a\n",
        "?",
        "=begin\n",
    ] {
        let text = piece.repeat(60_000);

        leaves(text.as_bytes(), &mut Harvest::new(""));
    }
}
