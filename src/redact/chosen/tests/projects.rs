//! Projects and groups where structure names them.

use super::*;

/// What stands for a name.
fn name(name: &str) -> String {
    of(&format!("\"project_name\":\"{name}\"")).replace("\"project_name\":\"", "").replace('"', "")
}

/// `text` with the names in `⟦⟧` hidden.
fn expected(text: &str) -> String {
    let mut out = String::new();
    for (n, piece) in text.split(['⟦', '⟧']).enumerate() {
        if n % 2 == 1 {
            out.push_str(&name(piece));
        } else {
            out.push_str(piece);
        }
    }
    out
}

#[track_caller]
fn holds(cases: &[&str]) {
    for case in cases {
        let text = case.replace(['⟦', '⟧'], "");
        assert_eq!(redacted(&text), expected(case), "{text}");
    }
}

#[test]
fn a_path_keeps_its_shape_and_a_group_has_one_pseudonym() {
    let (acme, shop) = (name("acme"), name("shop"));
    assert!(acme.starts_with("proj-") && acme != shop && acme == name("ACME"));
    assert_eq!(redacted("project=acme/deep/shop"), format!("project={acme}/{}/{shop}", name("deep")));
}

#[test]
fn values_beside_keys_are_hidden_part_by_part() {
    holds(&[
        r#"{"meta.project":"⟦acme⟧/⟦shop⟧","meta.root_namespace":"⟦acme⟧","meta.project_id":7}"#,
        r#"{"meta":{"project":"⟦acme⟧/⟦shop⟧","root_namespace":"⟦acme⟧"}}"#,
        r#"{"grpc.request.glProjectPath":"⟦acme⟧/⟦shop⟧","glProjectPath":"⟦acme⟧/⟦shop⟧"}"#,
        r#"{"project_path": "⟦acme⟧/⟦sub⟧/⟦shop⟧", "namespace": "⟦acme⟧", "group": "⟦acme⟧"}"#,
        r#"[{"key":"namespace_id","value":"⟦acme⟧/⟦sub⟧"},{"key":"project_id","value":"⟦shop⟧"},{"key":"id","value":"master"}]"#,
        r#""params":[{"key":"namespace_id","value":"⟦acme⟧"},{"key":"id","value":"⟦shop⟧"}]"#,
        r#""params":[{"key":"id","value":"⟦acme⟧"}]"#,
        r#"Parameters: {"namespace_id"=>"⟦acme⟧", "project_id"=>"⟦shop⟧", "id"=>"7"}"#,
        r#"Parameters: {"namespace_id"=>"⟦acme⟧", "id"=>"⟦shop⟧"}"#,
        r#"Parameters: {"id"=>"⟦acme⟧"}"#,
        r#"{"m":"{\"fullPath\":\"⟦acme⟧/⟦shop⟧\"}"}"#,
        r#"{"full_path":"⟦acme⟧\/⟦shop⟧"}"#,
        r#"{"name_with_namespace":"⟦Acme Corp⟧ / ⟦Web Shop⟧","project_name":"⟦Caf\u00e9⟧"}"#,
        "?namespace_id=⟦acme⟧%2F⟦sub⟧&project_id=⟦shop⟧&page=2",
        "level=info project=⟦acme⟧/⟦shop⟧ msg=x",
        "project_path: ⟦acme⟧/⟦shop⟧",
        "GL_PROJECT_PATH=⟦acme⟧/⟦shop⟧",
        r#"{"vars.name":"⟦acme⟧/⟦shop⟧/⟦image⟧","entity_path":"⟦acme⟧"}"#,
    ]);
}

#[test]
fn routes_are_hidden_up_to_what_follows_the_project() {
    holds(&[
        "GET /⟦acme⟧/⟦sub⟧/⟦shop⟧/-/issues/1 x",
        "Started GET \"/⟦acme⟧/⟦shop⟧\" for 127.0.0.1",
        r#"{"path":"/⟦acme⟧/⟦shop⟧/tree/master","uri":"/⟦acme⟧/⟦shop⟧.git/info/refs?service=x"}"#,
        r#"{"path":"/api/v4/projects/⟦acme⟧%2F⟦shop⟧/issues/7","x":"/api/v4/projects/7"}"#,
        r#"{"path":"\/⟦acme⟧\/⟦shop⟧\/-\/x"}"#,
        "POST /api/v4/groups/⟦acme⟧/members HTTP/1.1",
        "GET /groups/⟦acme⟧/⟦sub⟧/-/boards HTTP/1.1",
        "in ⟦acme⟧/⟦shop⟧/-/jobs/9, /⟦acme⟧/⟦shop⟧.wiki.git",
        "git@localhost:⟦acme⟧/⟦shop⟧.git git@localhost:⟦acme⟧/⟦shop⟧ ssh://git@localhost:22/⟦acme⟧/⟦shop⟧.git",
        "https://localhost/⟦acme⟧/⟦shop⟧ http://gitlab:8080/⟦acme⟧ https%3A%2F%2Fgitlab%2F⟦acme⟧%2F⟦shop⟧%2F-%2Fx",
        "upstream: \"http://unix:/var/opt/gitlab/gitlab-workhorse/sockets/socket:/⟦acme⟧/⟦shop⟧\", host",
        "see /api/v4/projects/⟦acme⟧%2F⟦shop⟧/x or %2Fapi%2Fv4%2Fgroups%2F⟦acme⟧%252F⟦sub⟧",
        "git-upload-pack '/⟦acme⟧/⟦shop⟧.git'",
        "/var/opt/gitlab/git-data/repositories/⟦acme⟧/⟦shop⟧.git",
        "HEAD /v2/⟦acme⟧/⟦shop⟧/manifests/latest HTTP/1.1",
        "fatal: repository '⟦acme⟧/⟦shop⟧.git' not found",
    ]);
}

#[test]
fn a_group_that_is_called_as_a_folder_is_a_group_in_a_route() {
    for group in ["dev", "media", "lib", "run", "cache", "builds"] {
        for text in [
            "GET /⟦G⟧/⟦shop⟧ HTTP/1.1",
            "https://localhost/⟦G⟧/⟦shop⟧",
            "git@localhost:⟦G⟧/⟦sub⟧/⟦shop⟧",
            r#"{"uri":"/⟦G⟧/⟦shop⟧"}"#,
            r#"{"method":"GET","path":"/⟦G⟧/⟦shop⟧"}"#,
        ] {
            holds(&[&text.replace("⟦G⟧", &format!("⟦{group}⟧"))]);
        }
    }
    holds(&[
        "error in /builds/⟦acme⟧/⟦shop⟧/src/x.rb and /builds/a1b2C3d4/0/⟦acme⟧/⟦shop⟧/y",
        r#"{"path":"/home/git/x","location":"/media/usb/y"}"#,
    ]);
    let alone = redactor_of(&Hidden::new([Kind::Project], key(), Own::default()));
    let out = text_of(&alone, "GET /home/shop HTTP/1.1");
    assert!(out.contains("/proj-") && !out.contains("shop"), "{out}");
}

#[test]
fn what_the_product_calls_its_own_stays() {
    for text in [
        "GET /admin/users x GET /users/sign_in x GET /-/readiness?all=1 GET /api/v4/jobs/request GET /help/api/x",
        "GET /explore/projects x GET /dashboard/groups x GET /assets/webpack/x.js x GET /uploads/-/system/user/avatar/7/a.png",
        "\"caller_id\":\"GET /api/:version/projects/:id/-/x\",\"route\":\"/api/:version/groups/:id/-/packages\"",
        "\"caller_id\":\"Projects::IssuesController#show\" /*namespace_id/:project_id/-/x",
        "@hashed/6b/86/6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b.git",
        "\"relative_path\":\"@hashed/6b/86/6b86b273.git\",\"disk_path\":\"@hashed/6b/86/6b86b273\"",
        "\"path\":\"/var/opt/gitlab/x\" \"path\":\"app/models/x.rb\" \"path\":\"/metrics\" \"path\":\"/\" \"path\":null",
        "app/controllers/projects/issues_controller.rb /opt/x/app/services/groups/x.rb /home/git/x/.git/config",
        "\"project_id\":7,\"namespace_id\":\"12\",\"project\":\"gitlab\",\"group\":\"root\",\"namespace\":null,\"id\":\"master\"",
        "project: nothing is known of it, group: git, namespace: resque:gitlab, project == nil",
        "\"namespace\":\"Gitlab::BackgroundMigration\",\"project\":\"\",\"project_path\":\"[FILTERED]\"",
        "https://registry.npmjs.org/lodash/-/lodash-1.0.tgz https://docs.gitlab.com/ee/x/y https://gitlab.com/a/b.git",
        "redis://localhost/acme/shop \"project_path\":\"01234567-89ab-cdef-0123-456789abcdef\"",
        "\"message\":\"a - b / c - d\" x /- /y",
    ] {
        assert_eq!(redacted(text), text);
    }
}

/// The former try took the segment that an address had been hidden in.
#[test]
fn what_another_kind_hides_in_a_path_is_its_own() {
    let [address, host, lena] = ["10.8.4.4", "www.acme.com", "lena"];
    for kinds in [vec![Kind::Project], Kind::all().collect()] {
        let all = kinds.len() > 1;
        let redactor = redactor_of(&Hidden::new(kinds, key(), Own::default()));
        for text in [
            format!("GET /{address}/users/shop/-/x"),
            format!("x/{address}/shop.git"),
            format!("\"path\":\"/{host}/shop/-/x\""),
            format!("project={host}/shop"),
            "project=x%40acme.com%2Fshop".to_owned(),
            "x%40acme.com/shop.git".to_owned(),
        ] {
            let once = text_of(&redactor, &text);
            assert!(once.contains("proj-") != text.contains("users/shop"), "{once}");
            assert_eq!(once.contains(address) || once.contains("acme"), !all, "{text}: {once}");
            assert_eq!(text_of(&redactor, &once), once);
        }
        let out = text_of(&redactor, &format!("GET /users/{lena}/projects"));
        assert_eq!(out.contains(lena), !all, "{out}");
    }
}

#[test]
fn a_name_of_this_host_is_a_name_like_others_where_hosts_stay() {
    let of = |kinds: &[Kind]| {
        let hidden = Hidden::new(kinds.iter().copied(), key(), own_of_host());
        text_of(&redactor_of(&hidden), "GET /gl-prod-1/jonas.weber/-/x and jonas.weber")
    };
    let both = of(&[Kind::Project, Kind::Host, Kind::User]);
    assert!(both.starts_with("GET /host-") && both.contains("/user-") && !both.contains("jonas"), "{both}");
    let alone = of(&[Kind::Project]);
    assert!(alone.starts_with("GET /proj-") && alone.ends_with(" and jonas.weber"), "{alone}");
}

#[test]
fn names_come_back() {
    let hidden = hidden();
    let text = "GET /acme/web.shop/-/x HTTP/1.1 \"full_path\":\"acme/sub_1/shop-2\" acme/shop-2.git \
                x%252Facme/-/x";
    let out = text_of(&redactor_of(&hidden), text);
    assert!(!out.contains("acme") && !out.contains("shop"), "{out}");
    let mut originals = Originals::default();
    originals.add(hidden.pairs().into_iter().map(|pair| (pair.pseudonym, pair.original)));
    let mut back = Vec::new();
    assert_eq!(originals.reveal(out.as_bytes(), &mut back), 0);
    assert_eq!(String::from_utf8(back).unwrap(), text);
}
