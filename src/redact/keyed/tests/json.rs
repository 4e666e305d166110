//! JSON, JSON in strings, GitLab's params, Ruby's and Go's inspect output.

use super::*;

#[test]
fn json_values() {
    check(&[
        r#"{"password":"‹hunter2›"}"#,
        r#"{"a":1,"db_password": "‹a b,c;d&e›","b":2}"#,
        r#"{"password":"‹it's \"quoted\" \\›","b":2}"#,
        r#"{"PRIVATE-TOKEN":"‹x›"}"#,
        r#"{"secretAccessKey":"‹x/y+z=›","region":"eu"}"#,
        r#"{"password":‹12345›,"b":2}"#,
        r#"{"password":null,"b":2}"#,
        r#"{"password":true,"b":2}"#,
        r#"{"password":"","b":2}"#,
        r#"{"password":"[FILTERED]","b":2}"#,
        r#"{"password":"‹[FILTERED]hunter2›","b":2}"#,
        r#"{"password":"__REDACTED.password.12345678__"}"#,
        r#"{"password":"‹__REDACTED.x__real›"}"#,
        "{\n  \"password\": \"‹x y›\",\n  \"user\": \"z\"\n}",
        "{\n  \"password\":\n    \"‹x y›\",\n  \"user\": \"z\"\n}",
        r#"{"token":"‹x›","tokens":5,"max_tokens":100}"#,
        r#"{"headers":{"Authorization":"Basic ‹dXNlcjpwYXNz›","Accept":"*/*"}}"#,
        r#"{"headers":{"Authorization":["Bearer ‹abc.def›"],"Private-Token":["‹abc›"]}}"#,
        r#"{"HTTP_PRIVATE_TOKEN":"‹x›"}"#,
        r#"{"API Key":"‹x›"}"#,
        r#"{"encrypt":"‹pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s=›"}"#,
        r#"{"auths":{"registry.example.com":{"auth":"‹dXNlcjpwYXNzd29yZA==›"}}}"#,
        r#"{"command.spawn_token_wait_ms":0,"grpc.meta.auth_version":"v2"}"#,
    ]);
}

#[test]
fn json_in_strings() {
    check(&[
        r#"{"message":"{\"password\":\"‹hunter2›\",\"b\":1}"}"#,
        r#"{"message":"{\"password\":\"‹hun\\\"ter2›\",\"b\":1}"}"#,
        r#"{"m":"{\"n\":\"{\\\"token\\\":\\\"‹hunter2›\\\",\\\"b\\\":1}\"}"}"#,
        r#"{"m":"{\"n\":\"{\\\"o\\\":\\\"{\\\\\\\"token\\\\\\\":\\\\\\\"‹hunter2›\\\\\\\"}\\\"}\"}"}"#,
        r#"{"m":"{\"password\":\"‹cut off›"}"#,
        r#"{"message":"failed: password=‹hunter2›, retrying"}"#,
        r#"{"message":"password=‹hunter2›"}"#,
        r#"{"message":"password=‹hunter2›\nnext line"}"#,
        r#"{"message":"config:\npassword: ‹a b›\nuser: x"}"#,
        r#"{"message":"password='‹a b›' user=x"}"#,
        r#"{"message":"password='‹cut"›,"x":"it's"}"#.replace("‹cut\"›", "‹cut›\"").leak(),
        r#"{"message":"?private_token\u003d‹abc›\u0026page=2"}"#,
        r#"{"uri":"/a?private_token=‹abc›\u0026page=2"}"#,
        r#"{"m":"\u007b\u0022password\u0022:\u0022‹x y›\u0022\u007d"}"#,
        r#"{\x22password\x22:\x22‹x y›\x22,\x22b\x22:1}"#,
        r#"{"m":"pin password: ‹1234›, x"}"#,
        r#"{"m":"{\"password\":‹12345›,\"b\":1}"}"#,
    ]);
}

#[test]
fn gitlabs_params() {
    check(&[
        r#"{"params":[{"key":"id","value":"5"},{"key":"private_token","value":"‹x›"}]}"#,
        r#"{"params":[{"value":"‹x›","key":"private_token"},{"value":"5","key":"id"}]}"#,
        r#"{"params":[{"value":"5","key":"id"},{"value":"‹a \"b\" c›","key":"password"}]}"#,
        r#"{"params":[{"key":"password","value":‹12›}]}"#,
        r#"{"params":[{"key":"token","value":"[FILTERED]"},{"key":"per_page","value":"100"}]}"#,
        r#"{"params":[{"key":"user","value":{"login":"u","password":"‹x›"}}]}"#,
        r#"{"params":[{"key":"secrets","value":{"a":"‹x›","b":["‹y›",‹1234567890›]}}]}"#,
        r#"{"params":[{"value":{"a":"‹x›"},"key":"secrets"}]}"#,
        r#"{"p":"[{\"key\":\"password\",\"value\":\"‹x›\"}]"}"#,
        r#"{"p":"[{\"value\":\"‹x›\",\"key\":\"password\"}]"}"#,
        "{\n \"key\": \"password\",\n \"value\": \"‹x›\"\n}",
        "{\n \"value\": \"‹x›\",\n \"key\": \"password\"\n}",
        r#"{"key":"DB_PASSWORD","variable_type":"env_var","protected":false,"value":"‹x›"}"#,
        r#"{"name":"DB_PASSWORD","value":"‹x›"}"#,
        r#"{"key"=>"password", "value"=>"‹x›"}"#,
        r#"[{"key":"password"},{"key":"a","value":"b"}]"#,
        r#"["password","token","secret"]"#,
        r#"[["encrypted_password", "‹$2a$10$abc›"], ["id", 5]]"#,
        r#"["HTTP_PRIVATE_TOKEN", "‹x›"]"#,
    ]);
}

#[test]
fn nested_below_a_sensitive_name() {
    check(&[
        r#"{"password":{"a":"‹b›"},"c":"d"}"#,
        r#"{"secrets":{"db":{"x":"‹1a›","y":["‹z›"]}},"c":"d"}"#,
        r#"{"token":{"id":5,"name":"ci","scopes":["api"],"raw_value":"‹x›"}}"#,
        r#"{"credentials":{"username":"u","password":"‹p›","host":"h"}}"#,
        r#"{"password":{"type":"string","description":"The password"}}"#,
        r#"{"passwords":["‹a›","‹b c›"],"x":["d"]}"#,
        r#"{"password":{},"x":"y"}"#,
        r#"{"password":[],"x":"y"}"#,
        r#""secrets"=>{"a"=>"‹b›", :c=>"‹d›"}, "x"=>"y""#,
        "secrets: {a: '‹b›', c: \"‹d›\"}",
        "tokens: [‹abc›, ‹def›]\n",
    ]);
}

#[test]
fn ruby() {
    check(&[
        r#"{"password"=>"‹x›", "b"=>"c"}"#,
        r#"{"user"=>{"login"=>"u", "password"=>"‹a, b›"}}"#,
        r#"{:password=>"‹x›", :b=>"c"}"#,
        r#"{password: "‹x›", b: "c"}"#,
        r#":password => '‹x›', :b => 1"#,
        r#"gitlab_rails['db_password'] = "‹a b›""#,
        r#"gitlab_rails['db_password'] = '‹it\'s›'"#,
        r##"# gitlab_rails['smtp_password'] = "‹x›""##,
        r#"gitlab_rails['db_password'] = ENV['DB_PASSWORD']"#,
        r#"gitlab_rails['db_password'] = File.read('/etc/x')"#,
        r#"gitlab_rails['db_password'] = nil"#,
        r#"gitlab_rails['db_password'] = %q(‹a b›)"#,
        r#"x = ENV.fetch("DB_PASSWORD", "‹hunter2›")"#,
        r#"x = ENV['DB_PASSWORD'] || '‹hunter2›'"#,
        r#"#<User id: 1, encrypted_password: "‹x›", email: "e">"#,
        r#"#<Foo @token="‹x›", @id=5>"#,
        r#"password ||= "‹x›""#,
        r#"if password == "x""#,
        r#"config.password = params[:password]"#,
        "gitlab_rails['db_password'] =\n  \"‹x›\"\n",
        "gitlab_rails['k_secret'] = <<~EOS\n  ‹a\n  b›\nEOS\nx = 1\n",
        r#"password: String, token: Foo::Bar"#,
        r#"'private_key' => "‹-----BEGIN X-----\nabc\n-----END X-----\n›","#,
        r#"{\"password\"=\u003e\"‹x›\"}"#,
    ]);
}

#[test]
fn go_and_python() {
    check(&[
        "{Password:‹hunter2› User:x}",
        "map[password:‹hunter2› user:x]",
        "map[Authorization:[Bearer ‹abcdef›] Private-Token:[‹abc›]]",
        "{'password': '‹x›', 'user': 'y'}",
        "{'password': b'‹x›', 'user': 'y'}",
        "connect(host='h', password='‹x y›', user='u')",
        "connect(password=None, user='u')",
        "Token:\"‹x›\" Name:\"y\"",
        "gitlab:password:reset[root]",
    ]);
}

#[test]
fn redacted_json_stays_json() {
    let keyed = Ruled::new(&[]).only_keyed();
    for text in [
        r#"{"password":12,"tokens":[1,"x"],"secret":{"a":[true,null,-1.5e3]},"b":"password=1 x"}"#,
        r#"{"m":"{\"password\":12,\"b\":\"\\\"\"}","password":"a\\"}"#,
        r#"{"m":"password: 12, x","n":"secret='x","o":"it's"}"#,
        r#"{"m":"Authorization: Digest a=\"b\", c=d","n":"Cookie: a=bcdefghijklmnopqrst"}"#,
        "{\n\"password\" : 5,\n\"key_secret\":\n[1,2]}",
    ] {
        serde_json::from_str::<serde_json::Value>(text).unwrap();
        let found = render(text.as_bytes(), spans(&keyed, text.as_bytes()), "__REDACTED.x.12345678__");
        assert!(serde_json::from_str::<serde_json::Value>(&found).is_ok(), "{found}");
        assert!(found.contains("__REDACTED"), "{found}");
        let again = render(found.as_bytes(), spans(&keyed, found.as_bytes()), "__REDACTED.x.12345678__");
        assert_eq!(found, again, "redacting twice changes nothing more");
    }
}

/// Found by fuzzing: what a rule of another syntax saw in a string went on behind the string.
#[test]
fn what_stands_in_a_string_ends_with_it() {
    check(&[
        r#"{"a":"curl -u 'b:‹c›","d":"e"}"#,
        r#"{"a":"x --password '‹b›","d":"e"}"#,
        r#"{"a":"CONFIG SET requirepass ","b":"c d"}"#,
        r#"{"a":"CONFIG SET requirepass '‹b›","c":"d"}"#,
    ]);
}
