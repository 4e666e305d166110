//! Pseudonyms: a whole bundle of a host whose names, addresses and people are to stay its owner's.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Command};

use nix::unistd::{Uid, chown};
use serde_json::Value;

use super::{
    bundle::Bundle,
    program::{Ended, Place, finish, is_root},
};

/// All that must not be in a bundle of the host below, in lower case.
const ORIGINALS: &[&str] = &[
    "gl-prod-1",
    "acme",
    "gitaly-02",
    "10.20.4.",
    "10-20-4",
    "81.2.69.142",
    "2a01:4f8",
    "ana.schmidt",
    "jonas",
    "weber",
    "lena",
    "shop",
    "warehouse",
    "phoenix",
    "dbz7",
    "3.4.20.10.in-addr",
];

/// A host with all that `--hide` hides, in every place.
fn host() -> Place {
    let place = Place::new();
    ["out", "m"].iter().for_each(|folder| fs::create_dir(place.join(folder)).unwrap());
    let put = |path: &str, text: &str| drop(place.write(&format!("root{path}"), text));
    put("/etc/hostname", "gl-prod-1.acme.lan\n");
    put("/proc/sys/kernel/hostname", "gl-prod-1.acme.lan\n");
    put("/etc/hosts", "127.0.0.1 localhost\n10.20.4.3 gl-prod-1.acme.lan gl-prod-1\n10.20.4.7 gitaly-02\n");
    put("/etc/resolv.conf", "nameserver 10.20.4.2\nsearch acme.lan\n");
    put(
        "/etc/passwd",
        "root:x:0:0::/root:/bin/sh\ngit:x:998:998::/x:/bin/sh\nlena:x:1000:1000::/home/lena:/bin/sh\n",
    );
    put("/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
    put(
        "/etc/gitlab/gitlab.rb",
        "external_url 'https://gitlab.acme.com'\ngitlab_rails['smtp_address'] = 'mail.acme.com'\n",
    );
    put(
        "/etc/gitlab/gitlab-secrets.json",
        "{\"gitlab_rails\":{\"db_key_base\":\"0123456789abcdef0123456789abcdef\"}}",
    );
    put("/opt/gitlab/version-manifest.txt", "gitlab-ee 18.9.1\n");
    put("/opt/gitlab/embedded/service/gitlab-rails/VERSION", "18.9.1-ee\n");
    let rails = r#"{"method":"GET","path":"/shop/warehouse/phoenix/-/issues/7","status":200,"time":"2026-03-01T10:00:00.000Z","params":[{"key":"username","value":"ana.schmidt"},{"key":"namespace_id","value":"shop/warehouse"},{"key":"project_id","value":"phoenix"}],"meta.user":"ana.schmidt","meta.project":"shop/warehouse/phoenix","meta.root_namespace":"shop","meta.project_id":7,"meta.remote_ip":"81.2.69.142","remote_ip":"10.20.4.17","username":"jonas.weber","user_id":7,"host":"gitlab.acme.com","ua":"Chrome/126.0.0.0","correlation_id":"01KJMA3DXSAS4Y6W9PTBPCQ42H","duration_s":0.1}"#;
    put(
        "/var/log/gitlab/gitlab-rails/production_json.log",
        &format!("{rails}\n{}\n", rails.replace("10.20.4.17", "2a01:4f8:1::7")),
    );
    put(
        "/var/log/gitlab/gitlab-rails/production.log",
        "Started GET \"/users/jonas.weber\" for 10.20.4.17 at 2026-03-01 10:00:00 +0000\nmail to Jonas.Weber@acme.com via 3.4.20.10.in-addr.arpa\n\
         GitLab 15.2.1.0 on GL-PROD-1 (ip-10-20-4-3), lena in /home/lena, redis://dbz7.acme.lan:6379\n\
         Started GET \"/api/v4/projects/shop%2Fwarehouse%2Fphoenix/jobs\" for 10.20.4.17\n  Parameters: {\"namespace_id\"=>\"shop/warehouse\", \"id\"=>\"phoenix\"}\n\
         git@gitlab.acme.com:shop/warehouse/phoenix.git https://gitlab.acme.com/shop/warehouse/phoenix\n",
    );
    put("/var/log/gitlab/repositories/shop/phoenix.git/x.log", "2026-03-01T10:00:00Z x\n");
    put("/var/log/gitlab/gl-prod-1.acme.lan/jonas.weber@acme.com.log", "2026-03-01T10:00:00Z 10.20.4.17 x\n");
    put(
        "/var/log/gitlab/nginx/gitlab_access.log",
        "10.20.4.17 - - [01/Mar/2026:10:00:00 +0000] \"GET /shop/phoenix HTTP/1.1\" 200 1 \"https://gitlab.acme.com/\" \"x\"\n",
    );
    place
}

fn collect(place: &Place, arguments: &str) -> Ended {
    let since = "--since 2026-02-01T00:00:00Z";
    finish(place.command(&format!("collect --sysroot root {since} {arguments}"))).good()
}

fn no_original(bundle: &Bundle) {
    // `tablename` of the statements is nobody's name.
    let all = String::from_utf8_lossy(&bundle.tar).to_lowercase().replace("tablename", "");
    for original in ORIGINALS {
        let at = all.find(original);
        assert!(at.is_none(), "{original}: {}", &all[at.unwrap().saturating_sub(80)..at.unwrap() + 40]);
    }
}

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn nothing_that_was_hidden_is_in_the_bundle_or_its_name() {
    let place = host();
    collect(&place, "--ticket ZD-7 --hide all -o out/").code();
    let name = fs::read_dir(place.join("out")).unwrap().next().unwrap().unwrap().file_name();
    let name = name.into_string().unwrap();
    assert!(name.starts_with("glsos.ZD-7.host-") && !name.contains("acme"), "{name}");
    let bundle = place.bundle(&format!("out/{name}"));
    no_original(&bundle);
    assert_eq!(format!("{}.tar.gz", bundle.root), name);
    let rails = rows(bundle.text("var/log/gitlab/gitlab-rails/production_json.log"));
    assert_eq!(rails[0]["meta.user"], rails[0]["params"][0]["value"], "one value, one pseudonym");
    assert_eq!((&rails[0]["user_id"], &rails[0]["ua"]), (&7.into(), &"Chrome/126.0.0.0".into()));
    assert!(rails[0]["remote_ip"].as_str().unwrap().parse::<std::net::Ipv4Addr>().is_ok());
    assert!(rails[1]["remote_ip"].as_str().unwrap().parse::<std::net::Ipv6Addr>().is_ok());
    assert!(rails[0]["host"].as_str().unwrap().starts_with("gitlab.host-"));
    let project = rails[0]["meta.project"].as_str().unwrap();
    let group = project.split('/').next().unwrap();
    assert!(group.starts_with("proj-") && project.split('/').count() == 3, "{project}");
    assert_eq!(rails[0]["path"].as_str().unwrap(), format!("/{project}/-/issues/7"));
    assert_eq!((&rails[0]["meta.root_namespace"], &rails[0]["meta.project_id"]), (&group.into(), &7.into()));
    assert!(project.starts_with(rails[0]["params"][1]["value"].as_str().unwrap()));
    assert_eq!(rails[0]["correlation_id"], "01KJMA3DXSAS4Y6W9PTBPCQ42H");
    let log = bundle.text("var/log/gitlab/gitlab-rails/production.log");
    assert!(log.contains("GitLab 15.2.1.0 on host-") && log.lines().count() == 6, "{log}");
    assert!(log.contains(&format!("/api/v4/projects/{}/jobs", project.replace('/', "%2F"))), "{log}");
    assert!(log.contains(&format!(":{project}.git ")) && log.contains(&format!(".com/{project}\n")), "{log}");
    let run = bundle.run();
    assert_eq!(run["options"]["hide"], "ip,host,user,email,project");
    for kind in ["ip", "host", "user", "email", "project"] {
        assert!(run["hidden"][kind].as_u64().unwrap() > 0, "{run}");
    }
    let redactions = bundle.entry("var/log/gitlab/gitlab-rails/production_json.log")["redactions"].clone();
    assert_eq!(
        (&redactions["hidden-ip"], &redactions["hidden-user"], &redactions["hidden-project"]),
        (&4.into(), &6.into(), &20.into()),
        "{redactions}"
    );
}

#[test]
fn without_it_nothing_is_hidden() {
    let place = host();
    collect(&place, "-o b.tar.gz");
    let bundle = place.bundle("b.tar.gz");
    for original in ORIGINALS.iter().filter(|original| **original != "10-20-4") {
        assert!(
            bundle.holds(original) || String::from_utf8_lossy(&bundle.tar).to_lowercase().contains(original),
            "{original}"
        );
    }
    assert!(bundle.run().get("hidden").is_none() && bundle.run()["options"].get("hide").is_none());
    let log = fs::read(place.join("root/var/log/gitlab/gitlab-rails/production_json.log")).unwrap();
    assert_eq!(bundle.text("var/log/gitlab/gitlab-rails/production_json.log").as_bytes(), log);
}

#[test]
fn only_what_was_chosen_is_hidden() {
    let place = host();
    collect(&place, "--hide ip -o b.tar.gz");
    let bundle = place.bundle("b.tar.gz");
    assert!(!bundle.holds("10.20.4.") && !bundle.holds("81.2.69.142") && !bundle.holds("2a01:4f8"));
    assert!(
        bundle.holds("gl-prod-1.acme.lan")
            && bundle.holds("\"ana.schmidt\"")
            && bundle.holds("Jonas.Weber@acme.com")
            && bundle.holds("/shop/warehouse/phoenix/-/issues/7")
    );
    let refused = place.glsos("collect --hide ips -o c.tar.gz");
    assert_eq!(refused.code(), 2);
    assert!(refused.err.contains("ip, host, user, email, project, or all"), "{}", refused.err);
}

#[test]
fn runs_and_nodes_with_one_mapping_agree_and_only_it_leads_back() {
    let place = host();
    collect(&place, "--hide all --mapping m/key -o a.tar.gz --profile quick").code();
    collect(&place, "--hide all -o b.tar.gz --profile quick");
    collect(&place, "--hide all --mapping m/key -o c.tar.gz --only gitlab-logs");
    let [a, b, c] = ["a", "b", "c"].map(|name| place.bundle(&format!("{name}.tar.gz")));
    let log = |bundle: &Bundle| bundle.text("var/log/gitlab/gitlab-rails/production.log").to_owned();
    assert_eq!(log(&a), log(&c));
    assert_ne!(log(&a), log(&b));
    let files: Vec<String> = place.files().into_iter().filter(|file| file.starts_with("m/")).collect();
    assert_eq!(
        files.iter().filter(|file| file.ends_with(".glsos-pairs")).count(),
        files.len() - 1,
        "{files:?}"
    );
    let key = fs::read_to_string(place.join("m/key")).unwrap();
    let key: Value = serde_json::from_str(&key).unwrap();
    for file in &files {
        assert_eq!(fs::metadata(place.join(file)).unwrap().permissions().mode() & 0o7777, 0o600, "{file}");
    }
    assert!(!a.holds(key["key"].as_str().unwrap()));
    no_original(&a);

    let log = log(&a);
    place.write("log", &log);
    let back = place.glsos("reveal --mapping m/key log").good();
    let original = fs::read_to_string(place.join("root/var/log/gitlab/gitlab-rails/production.log")).unwrap();
    assert_eq!(back.text().to_lowercase(), original.to_lowercase());
    assert_eq!(back.err, "");
    let word = log.split(' ').find(|word| word.starts_with("host-")).unwrap();
    assert_eq!(place.glsos(&format!("reveal --mapping m/key {word}")).good().text(), "gl-prod-1\n");
    let mut command = Command::new("sh");
    let typed = format!("{} reveal --mapping m/key - < log", env!("CARGO_BIN_EXE_glsos"));
    command.arg("-c").arg(typed).current_dir(place.path());
    assert_eq!(finish(command).good().out, back.out);
    place.write("other", log_of(&b));
    let unknown = place.glsos("reveal --mapping m/key other").good();
    assert_eq!(unknown.text(), log_of(&b));
    assert!(unknown.err.contains("pseudonyms are not in the mapping"), "{}", unknown.err);
}

pub(super) fn log_of(bundle: &Bundle) -> String {
    bundle.text("var/log/gitlab/gitlab-rails/production.log").to_owned()
}

#[test]
fn a_mapping_inside_what_is_collected_is_not_in_the_bundle() {
    let place = host();
    collect(&place, "--hide all --mapping root/var/log/gitlab/m.log -o a.tar.gz --only gitlab-logs");
    collect(&place, "--hide all --mapping root/var/log/gitlab/m.log -o b.tar.gz --only gitlab-logs");
    let key = fs::read_to_string(place.join("root/var/log/gitlab/m.log")).unwrap();
    let key: Value = serde_json::from_str(&key).unwrap();
    for bundle in ["a.tar.gz", "b.tar.gz"].map(|name| place.bundle(name)) {
        assert!(!bundle.holds(key["key"].as_str().unwrap()), "the key is in the bundle");
        no_original(&bundle);
    }
}

#[test]
fn a_mapping_that_another_could_have_made_or_may_read_is_refused() {
    let place = host();
    let run = |name: &str| {
        place.glsos(&format!("collect --sysroot root --only system --hide ip --mapping {name} -o b.tar.gz"))
    };
    place.write("m/text", "hello");
    place.allow("m/text", 0o600);
    place.write("m/open", "{}");
    fs::create_dir(place.join("m/folder")).unwrap();
    std::os::unix::fs::symlink("text", place.join("m/link")).unwrap();
    fs::create_dir(place.join("all")).unwrap();
    place.allow("all", 0o777);
    let mut cases = vec![
        ("m/text", "not valid JSON"),
        ("m/open", "others may read it"),
        ("m/folder", "not a regular file"),
        ("m/link", "a link is not followed"),
        ("all/key", "others may write there"),
        ("none/key", "opening the folder"),
    ];
    if is_root("to give a file to another user") {
        // Who can't write the pairs in the end is told before anything is taken.
        place.allow("m", 0o755);
        let ended = place.as_nobody("collect --sysroot root --only system --hide ip --mapping m/new -o -");
        assert_eq!(ended.code(), 2, "{}", ended.err);
        assert!(ended.err.contains("this run's pairs can't be written there"), "{}", ended.err);
        place.write("m/theirs", "{}");
        place.allow("m/theirs", 0o600);
        chown(&place.join("m/theirs"), Some(Uid::from_raw(super::program::NOBODY)), None).unwrap();
        cases.push(("m/theirs", "another user could have put it there"));
    }
    for (name, why) in cases {
        let ended = run(name);
        assert_eq!(ended.code(), 2, "{name}: {}", ended.err);
        assert!(ended.err.contains(why) && ended.err.contains("hint: "), "{name}: {}", ended.err);
        let ended = place.glsos(&format!("reveal --mapping {name} x"));
        assert_eq!(ended.code(), 2, "{name}: {}", ended.err);
    }
    assert!(!place.join("b.tar.gz").exists());
    assert_eq!(place.glsos("reveal --mapping m/none x").code(), 2);
    assert_eq!(place.glsos("collect --mapping m/key -o b.tar.gz").code(), 2, "--mapping without --hide");
}
