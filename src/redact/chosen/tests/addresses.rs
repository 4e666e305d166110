//! Addresses.

use super::*;

#[test]
fn an_address_has_one_pseudonym_in_every_form() {
    let (v4, v6) = (of("10.20.4.3"), of("2a01:4f8::a"));
    assert!(v4.starts_with("241.") && v4.parse::<std::net::Ipv4Addr>().is_ok(), "{v4}");
    let dashes = v4.replace('.', "-");
    let mut reversed: Vec<&str> = v4.split('.').collect();
    reversed.reverse();
    let text = "a 10.20.4.3, b [::ffff:10.20.4.3]:80 c ip-10-20-4-3 d 3.4.20.10.in-addr.arpa e 10.20.4.3:22 [2A01:04F8:0::A]:443 \\n10.20.4.3";
    let expected = format!(
        "a {v4}, b [::ffff:{v4}]:80 c ip-{dashes} d {}.in-addr.arpa e {v4}:22 [{v6}]:443 \\n{v4}",
        reversed.join(".")
    );
    assert_eq!(redacted(text), expected);
}

#[test]
fn what_is_no_address_or_a_special_one_stays() {
    let text = "127.0.0.1 ::1 0.0.0.0/0 255.255.255.0 fe80::1%eth0 224.0.0.1 GitLab 15.2.1.0 Chrome/126.0.0.0 at 10:00:28 \
                Ci::Build 01/Mar/2026:10:00:28 203.0.113.9 2001:db8::1";
    assert_eq!(redacted(text), text);
}

#[test]
fn a_secret_wins_over_a_pseudonym_inside_it() {
    assert!(redacted("password=10.20.4.3-Xy7 z").starts_with("password=__REDACTED."));
    let url = redacted("https://deploy:10.20.4.3@10.20.4.9/x");
    assert!(
        url.starts_with("https://deploy:__REDACTED.") && url.ends_with(&format!("@{}/x", of("10.20.4.9"))),
        "{url}"
    );
}

#[test]
fn an_argument_of_a_command_is_hidden_too() {
    let args = redactor_of(&hidden()).argv(&["redis-cli", "-h", "10.20.4.3", "--host=10.20.4.3"]);
    let args: Vec<_> = args.iter().map(|arg| String::from_utf8_lossy(arg.as_bytes()).into_owned()).collect();
    let address = of("10.20.4.3");
    assert_eq!(args, ["redis-cli", "-h", &address, &format!("--host={address}")]);
}

#[test]
fn without_a_kind_nothing_is_hidden() {
    let text = "10.20.4.3 and 2a01:4f8::a";
    let redactor = Redactor::new(Vec::new()).unwrap().hiding(Hidden::new([], key(), Own::default()));
    assert_eq!(text_of(&redactor, text), text);
}
