//! Hosts, users and mail addresses by form and by structure.

use super::*;

/// The pseudonym of a part of a host's name.
fn host(label: &str) -> String {
    of(&format!("http://{label}/")).replace("http://", "").replace('/', "")
}

fn user(name: &str) -> String {
    of(&format!("username={name}")).replace("username=", "")
}

#[test]
fn a_name_keeps_its_depth_and_everybodys_words() {
    let (acme, db7, shop) = (host("acme"), host("db7"), host("shop"));
    assert!(acme.starts_with("host-") && acme != db7);
    for (text, expected) in [
        ("gitlab.acme.com", format!("gitlab.{acme}.com")),
        ("see GitLab.ACME.com.", format!("see GitLab.{acme}.com.")),
        ("db7.shop.acme.co.uk:5432", format!("{db7}.{shop}.{acme}.co.uk:5432")),
        ("https://ana@db7/x", format!("https://{}@{db7}/x", user("ana"))),
        ("redis:\\/\\/db7.acme:6379", format!("redis:\\/\\/{db7}.{acme}:6379")),
        ("a=https%3A%2F%2Fdb7.acme.com%2Fx", format!("a=https%3A%2F%2F{db7}.{acme}.com%2Fx")),
        (r#"{"host":"db7","x":1}"#, format!(r#"{{"host":"{db7}","x":1}}"#)),
        ("server: shop.acme.de, request", format!("server: {shop}.{acme}.de, request")),
        ("git@shop.acme.com:7/8.git", format!("git@{shop}.{acme}.com:7/8.git")),
        ("backup_shop.acme.com_1", format!("backup_{shop}.{acme}.com_1")),
    ] {
        assert_eq!(redacted(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_hosts_name_stays() {
    for text in [
        "production.log gitlab.rb meta.user grpc.meta.client_name lib/x.rb Foo.bar.baz",
        "https://docs.gitlab.com/ee/ https://rubygems.org and gitlab.com",
        "http://unix:/var/opt/gitlab http://localhost:8080 redis://redis:6379",
        r#"{"host":"localhost","server":"nginx/1.25","host":7,"host":"/var/opt"}"#,
        "self.id user.is.no",
        "# Pressure on the host: share of time, hostname: nothing runs, login: failed for, user: none",
    ] {
        assert_eq!(redacted(text), text);
    }
}

#[test]
fn users_are_hidden_where_structure_names_them() {
    let ana = user("ana.schmidt");
    assert!(ana.starts_with("user-"));
    for (text, expected) in [
        (
            r#"{"username":"ana.schmidt","meta.user":"Ana.Schmidt","user_id":7}"#,
            format!(r#"{{"username":"{ana}","meta.user":"{ana}","user_id":7}}"#),
        ),
        (
            r#"[{"key":"username","value":"ana.schmidt"}]"#,
            format!(r#"[{{"key":"username","value":"{ana}"}}]"#),
        ),
        (r#"{"m":"{\"login\":\"ana.schmidt\"}"}"#, format!(r#"{{"m":"{{\"login\":\"{ana}\"}}"}}"#)),
        ("GET /users/ana.schmidt/projects", format!("GET /users/{ana}/projects")),
        ("cd /home/ana.schmidt", format!("cd /home/{ana}")),
        ("session opened for user ana.schmidt(uid=0)", format!("session opened for user {ana}(uid=0)")),
        ("Invalid user ana.schmidt from 127.0.0.1", format!("Invalid user {ana} from 127.0.0.1")),
    ] {
        assert_eq!(redacted(text), expected, "{text}");
    }
}

#[test]
fn product_words_are_never_users() {
    for text in [
        r#"{"username":"root","meta.user":"gitlab","username":"ghost","username":"","username":null,"user_id":7}"#,
        "for user \"gitlab\" user=git USER=root user=www-data,db=gitlabhq_production user: 1000:1000",
        "/users/sign_in?x /home/git/gitlab username=[FILTERED]",
    ] {
        assert_eq!(redacted(text), text);
    }
}

#[test]
fn a_mail_address_stays_one() {
    let acme = host("acme");
    let out = redacted("to=<Ana.Schmidt@acme.com>, q=ana.schmidt%40acme.com gitlab@acme.com x@gmail.com");
    let local = out.trim_start_matches("to=<").split('@').next().unwrap().to_owned();
    assert!(local.starts_with("mail-"), "{out}");
    let other = of("x@gmail.com");
    assert_eq!(out, format!("to=<{local}@{acme}.com>, q={local}%40{acme}.com gitlab@{acme}.com {other}"));
    assert!(other.ends_with("@gmail.com") && !other.starts_with("x@"));
}

#[test]
fn two_values_never_share_a_pseudonym_and_kinds_are_counted() {
    let hidden = hidden();
    let redactor = redactor_of(&hidden);
    let mut seen = std::collections::HashSet::new();
    for n in 0..3_000 {
        assert!(seen.insert(text_of(&redactor, &format!("\"username\":\"u{n}x\""))));
        assert!(seen.insert(text_of(&redactor, &format!("http://h{n}x/"))));
    }
    let counts: Vec<_> = hidden.counts().into_iter().map(|(kind, count)| (kind.name(), count)).collect();
    assert_eq!(counts, [("ip", 0), ("host", 3_000), ("user", 3_000), ("email", 0), ("project", 0)]);
    assert_eq!((hidden.pairs().len(), hidden.left_out()), (6_000, 0));
}

#[test]
fn a_secret_beside_a_name_goes_as_before() {
    let out = redacted(r#"{"username":"ana","password":"Xy7-mail@acme.com"}"#);
    assert!(
        out.contains(r#""password":"__REDACTED."#) && !out.contains("acme") && !out.contains("ana\""),
        "{out}"
    );
    assert!(redacted("Tr0ub4dor-Tr0ub4dor-3@acme.com").starts_with("__REDACTED.db_password."));
}
