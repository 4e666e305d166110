//! A site's own policy, as it stands in the root folder of a host.

use std::{fs, os::unix::fs::chown, path::Path, process::Command};

use sha2::{Digest as _, Sha256};

use super::program::{Ended, NOBODY, Place, fed, finish, is_root};

const POLICY: &str = "etc/glsos/policy.toml";

/// A root folder with the program, a collector of the site's own, and a policy.
fn site(policy: &str) -> Option<Place> {
    if !is_root("a root folder of its own") {
        return None;
    }
    let place = Place::new();
    place.program("glsos");
    place.write("app.conf", "listen = 10.1.2.3\nowner = purple-monkey-dishwasher\nid = CUST-12345678\n");
    place.write("srv/payroll/2026.conf", "salary = 1\n");
    let source = |name: &str, path: &str| {
        format!("[[file]]\nname = \"{name}\"\nwhy = \"To see\"\npath = \"{path}\"\n")
    };
    let sources =
        source("app", "/app.conf") + &source("payroll", "/srv/payroll/*.conf") + &source("pay", "/pay.conf");
    place.write("etc/glsos/collectors.d/site.toml", format!("about = \"A site's own\"\n{sources}"));
    std::os::unix::fs::symlink("/srv/payroll/2026.conf", place.join("pay.conf")).unwrap();
    place.write("etc/glsos/values", "purple-monkey-dishwasher\n");
    place.write(POLICY, policy);
    Some(place)
}

const STRICT: &str = "hide = [\"ip\"]\nredact-values = [\"/etc/glsos/values\"]\nredact-patterns = ['CUST-\\d{8}']\n\
    never-take = [\"/srv/payroll/**\", \"/etc/glsos/**\"]\nskip = [\"memory\"]\nmax-log = \"1MiB\"\nkeep-value = false\n";

fn collect(place: &Place, options: &str) -> Ended {
    finish(place.command_below(&format!("collect --only site,memory,system {options} -o /b.tar.gz")))
}

#[test]
fn a_policy_holds_whatever_is_typed() {
    let Some(place) = site(STRICT) else { return };
    let ended = collect(&place, "--max-log none --redact-pattern own-[0-9]+").good();
    let bundle = place.bundle("b.tar.gz");
    let app = bundle.text("app.conf");
    for gone in ["10.1.2.3", "purple", "CUST-1"] {
        assert!(!app.contains(gone), "{app}");
    }
    assert!(app.contains("listen = ip-") || app.starts_with("listen = "), "{app}");
    // Neither under its name nor through a link.
    for name in ["/srv/payroll/2026.conf", "/pay.conf"] {
        let entry = bundle.entry_of(name);
        assert_eq!(
            (&entry["outcome"], &entry["reason"]),
            (&"skipped".into(), &"never taken: this site's policy".into())
        );
    }
    assert!(!bundle.holds("salary") && !bundle.names().contains(&"meminfo"));
    let run = bundle.run();
    assert_eq!(run["policy"]["sha256"], data_encoding::HEXLOWER.encode(&Sha256::digest(STRICT)));
    let keys = ["hide", "redact-values", "redact-patterns", "never-take", "skip", "max-log", "keep-value"];
    assert_eq!(run["policy"]["keys"], serde_json::json!(keys));
    assert_eq!((&run["limits"]["max_log"], &run["options"]["hide"]), (&(1 << 20).into(), &"ip".into()));
    assert!(!bundle.holds("CUST-"), "what the policy removes is not told");
    let told = format!("/etc/glsos/policy.toml holds: {}", keys.join(", "));
    assert!(ended.err.contains(&told) && bundle.log().contains(&told), "{}", ended.err);
    assert!(ended.err.contains("\n  policy    /etc/glsos/policy.toml: hide, "), "{}", ended.err);
    // What would loosen it.
    let ended = collect(&place, "--keep-value /app.conf");
    assert_eq!(ended.code(), 2);
    assert!(ended.err.contains("--keep-value: /etc/glsos/policy.toml forbids it"), "{}", ended.err);
}

#[test]
fn the_filter_keeps_to_the_policy_too() {
    let Some(place) = site(STRICT) else { return };
    let ended =
        fed(place.command_below("redact"), b"from 10.1.2.3 by purple-monkey-dishwasher CUST-12345678\n")
            .good();
    assert!(
        !["10.1.2.3", "purple", "CUST"].iter().any(|gone| ended.text().contains(gone)),
        "{}",
        ended.text()
    );
}

#[test]
fn below_a_sysroot_the_policy_of_this_machine_holds_and_no_other() {
    let Some(place) = site(STRICT) else { return };
    place.write("tree/app.conf", "listen = 10.1.2.3\n");
    place.write("tree/srv/payroll/x.conf", "salary = 2\n");
    place.write(&format!("tree/{POLICY}"), "not understood");
    collect(&place, "--sysroot /tree").good();
    let bundle = place.bundle("b.tar.gz");
    assert!(!bundle.text("app.conf").contains("10.1.2.3") && !bundle.holds("salary"));
    assert_eq!(bundle.run()["policy"]["keys"][0], "hide");
}

#[test]
fn a_policy_that_can_not_be_trusted_or_understood_ends_the_run() {
    let Some(place) = site(STRICT) else { return };
    let refused = |why: &str| {
        for ended in
            [collect(&place, ""), collect(&place, "--dry-run"), fed(place.command_below("redact"), b"x\n")]
        {
            assert_eq!(ended.code(), 2, "{why}: {}", ended.err);
            assert!(
                ended.err.contains("/etc/glsos/policy.toml: ") && ended.err.contains(why),
                "{why}: {}",
                ended.err
            );
            assert!(ended.err.contains("hint: ") && ended.out.is_empty(), "{why}: {}", ended.err);
        }
        assert!(!place.join("b.tar.gz").exists());
    };
    let owner = |name: &str, user: u32| chown(place.join(name), Some(user), None).unwrap();
    owner(POLICY, NOBODY);
    refused("root does not own it");
    owner(POLICY, 0);
    place.allow(POLICY, 0o664);
    refused("others than root may write to it");
    place.allow(POLICY, 0o644);
    place.allow("etc/glsos", 0o777);
    refused("others than root may write to it");
    place.allow("etc/glsos", 0o755);
    owner("etc", NOBODY);
    refused("");
    owner("etc", 0);
    place.allow("etc/glsos/values", 0o666);
    refused("/etc/glsos/values: others than root may write to it");
    place.allow("etc/glsos/values", 0o644);
    collect(&place, "").good();
    fs::remove_file(place.join("b.tar.gz")).unwrap();
    place.write(POLICY, "hide = \"all\"\n");
    refused("`hide`: a list of texts in brackets is expected");
    fs::remove_file(place.join(POLICY)).unwrap();
    fs::create_dir(place.join(POLICY)).unwrap();
    refused("not a regular file");
    fs::remove_dir(place.join(POLICY)).unwrap();
    place.write("etc/glsos/mine", "");
    owner("etc/glsos/mine", NOBODY);
    std::os::unix::fs::symlink("mine", place.join(POLICY)).unwrap();
    refused("root does not own it");
    fs::remove_file(place.join(POLICY)).unwrap();
    collect(&place, "").good();
    assert!(place.bundle("b.tar.gz").run().get("policy").is_none());
}

#[test]
fn a_policy_that_a_user_can_not_read_is_not_passed_over() {
    let Some(place) = site(STRICT) else { return };
    place.allow(POLICY, 0o600);
    let as_nobody = |root: &Path| {
        let mut command = Command::new("chroot");
        command.arg(format!("--userspec={NOBODY}:{NOBODY}")).arg(root);
        command.args(["/glsos", "collect", "--only", "system", "-o", "/out/b.tar.gz"]);
        finish(command)
    };
    place.write("out/x", "");
    chown(place.join("out"), Some(NOBODY), Some(NOBODY)).unwrap();
    let ended = as_nobody(Path::new(place.path()));
    assert_eq!(ended.code(), 2, "{}", ended.err);
    assert!(ended.err.contains("/etc/glsos/policy.toml: permission denied"), "{}", ended.err);
    place.allow(POLICY, 0o644);
    place.allow("etc/glsos/values", 0o644);
    as_nobody(Path::new(place.path())).good();
    assert_eq!(place.bundle("out/b.tar.gz").run()["options"]["hide"], "ip");
}
