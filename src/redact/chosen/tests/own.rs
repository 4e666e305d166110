//! What the host is called.

use super::*;

#[test]
fn what_the_host_is_called_is_hidden_wherever_it_stands() {
    let redactor = redactor_of(&of_host());
    for name in [
        "gl-prod-1",
        "GL-Prod-1.acme.lan",
        "acme.lan",
        "deep.down.acme.lan",
        "code.acme.com",
        "gitaly-02",
        "cache7",
        "x.corp.acme.de",
    ] {
        for text in [
            format!("Mar  1 10:00:00 {name} sshd[7]: x"),
            format!("/var/log/{name}.log and {name}"),
            format!("glsos.ZD-1.{name}.20260301"),
            format!("a_{name}_b {name}-eth0 root@{name}:~#"),
            format!("{{\"{name}\":1}}\\n{name}"),
        ] {
            let out = text_of(&redactor, &text).to_lowercase();
            for part in ["gl-prod", "acme", "deep", "gitaly-02", "cache7"] {
                assert!(!out.contains(part), "{text}: {out}");
            }
            assert!(out.contains("host-"), "{text}: {out}");
        }
    }
    let short = text_of(&redactor, "gl-prod-1");
    assert!(
        text_of(&redactor, "gl-prod-1.acme.lan").starts_with(&format!("{short}.host-")),
        "they belong together"
    );
    assert_eq!(
        text_of(&redactor, "gitlab gitlab-ctl localhost code YAML.load"),
        "gitlab gitlab-ctl localhost code YAML.load"
    );
}

#[test]
fn who_lives_on_the_host_is_hidden_as_a_word() {
    let redactor = redactor_of(&of_host());
    let ana = text_of(&redactor, "ana");
    assert!(ana.starts_with("user-"), "{ana}");
    assert_eq!(
        text_of(&redactor, "ps: Ana /home/ana/x ~ana ana:x:1000 sudo: ana :"),
        format!("ps: {ana} /home/{ana}/x ~{ana} {ana}:x:1000 sudo: {ana} :")
    );
    let weber = text_of(&redactor, "jonas.weber");
    assert!(weber.starts_with("user-") && !weber.contains("weber"), "{weber}");
    for text in ["banana ana-lytics ana.rb diana git root nobody deploy", "/home/git x"] {
        assert_eq!(text_of(&redactor, text), text);
    }
}

#[test]
fn an_address_of_the_host_is_never_a_version() {
    let redactor = redactor_of(&of_host());
    assert_eq!(text_of(&redactor, "15.3.2.1 15.2.1.0").split(' ').next_back(), Some("15.2.1.0"));
    assert_ne!(text_of(&redactor, "15.3.2.0"), "15.3.2.0");
}

#[test]
fn a_host_called_as_the_product_or_by_a_common_word_is_no_name() {
    let host = Memory::default()
        .file("/etc/hostname", "gitlab")
        .file("/etc/hosts", "10.0.0.1 gitlab.test.com gitlab db redis\n");
    let redactor = redactor_of(&Hidden::new(Kind::all(), key(), Own::learn(&host, "gitlab")));
    let text = "gitlab redis db test";
    assert_eq!(text_of(&redactor, text), text);
    let out = text_of(&redactor, "gitlab.test.com");
    assert!(out.starts_with("gitlab.host-") && out.ends_with(".com"), "{out}");
}
