//! Private keys in the forms that logs and configurations give them, and GitLab's own forms that a
//! template can't write.

use super::*;

const A: &str = "MIIEowIBAAKCAQEAx1Yx0a2b3c4d5e6f7g8h9i0jAbCdEfGhIjKlMnOpQrStUvWx";
const B: &str = "q0a2b3c4d5e6f7g8h9i0jAbCdEfGhIjKlMnOpQrStUvWxMIIEowIBAAKCAQEAx1Yx";

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(shown(text.as_bytes()).replace("‹private-key›", "K"), expected);
}

#[test]
fn over_lines() {
    becomes(
        &format!("a\n-----BEGIN RSA PRIVATE KEY-----\n{A}\n{B}\nq==\n-----END RSA PRIVATE KEY-----\nb\n"),
        "a\nK\nK\nK\nK\nK\nb\n",
    );
}

#[test]
fn with_any_line_end_and_indentation() {
    becomes(
        &format!(
            "key: |\r\n  -----BEGIN PRIVATE KEY-----\r\n  {A}\r\n  q=\r\n  -----END PRIVATE KEY-----\r\nb: 1"
        ),
        "key: |\r\n  K\r\n  K\r\n  K\r\n  K\r\nb: 1",
    );
    becomes(&format!("-----BEGIN PRIVATE KEY-----\r{A}\r-----END PRIVATE KEY-----\rb"), "K\rK\rK\rb");
}

#[test]
fn encrypted_with_its_fields() {
    becomes(
        &format!(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,9A\n\n{A}\n-----END RSA PRIVATE KEY-----\n"
        ),
        "K\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,9A\n\nK\nK\n",
    );
}

#[test]
fn behind_a_log_prefix_on_each_line() {
    becomes(
        &format!(
            "12:00:01.1 app[7]: -----BEGIN EC PRIVATE KEY-----\n12:00:01.2 app[7]: {A}\n12:00:01.25 app[7]: q0==\n12:00:01.3 app[7]: -----END EC PRIVATE KEY-----\n12:00:02 app[7]: done\n"
        ),
        "12:00:01.1 app[7]: K\n12:00:01.2 app[7]: K\n12:00:01.25 app[7]: K\n12:00:01.3 app[7]: K\n12:00:02 app[7]: done\n",
    );
    becomes(
        &format!(
            "{{\"m\":\"-----BEGIN PRIVATE KEY-----\",\"t\":1}}\n{{\"m\":\"{A}\",\"t\":2}}\n{{\"m\":\"-----END PRIVATE KEY-----\",\"t\":3}}\n"
        ),
        "{\"m\":\"K\",\"t\":1}\n{\"m\":\"K\",\"t\":2}\n{\"m\":\"K\",\"t\":3}\n",
    );
}

#[test]
fn in_a_coloured_diff() {
    becomes(
        &format!(
            "\x1b[32m+-----BEGIN PRIVATE KEY-----\x1b[0m\n\x1b[32m+{A}\x1b[0m\n\x1b[32m+-----END PRIVATE KEY-----\x1b[0m\n"
        ),
        "\x1b[32m+K\x1b[0m\n\x1b[32m+K\x1b[0m\n\x1b[32m+K\x1b[0m\n",
    );
}

#[test]
fn cut_off_before_its_footer() {
    becomes(
        &format!("-----BEGIN RSA PRIVATE KEY-----\n{A}\n{B}\nq0a2b3c4\nlevel=info msg=\"next thing\"\n"),
        "K\nK\nK\nK\nlevel=info msg=\"next thing\"\n",
    );
    becomes(&format!("-----BEGIN RSA PRIVATE KEY-----\n{A}"), "K\nK");
    becomes(&format!("\"-----BEGIN PRIVATE KEY-----\\n{A}\\n{B}\" next"), "\"K\" next");
}

#[test]
fn cut_off_behind_its_header() {
    becomes(
        &format!("starting\n{A}\n{B}\nq0==\n-----END RSA PRIVATE KEY-----\nnext\n"),
        "starting\nK\nK\nK\nK\nnext\n",
    );
    becomes(
        &format!("starting\r\n  {A}\r\n  q0==\r\n  -----END PRIVATE KEY-----\r\nnext\r\n"),
        "starting\r\n  K\r\n  K\r\n  K\r\nnext\r\n",
    );
    let text = format!("{A}\n{B}\n-----END RSA PRIVATE KEY-----\n");
    let spans = find_in(&SHAPED, Window { text: text.as_bytes(), own: 0..40, first: true, last: true });
    assert_eq!(spans.len(), 1, "a footer in the next block: {spans:?}");
}

#[test]
fn code_that_names_header_and_footer_stays() {
    let text =
        "START = b\"-----BEGIN OPENSSH PRIVATE KEY-----\"\nEND = b\"-----END OPENSSH PRIVATE KEY-----\"\n";
    becomes(text, text);
    let text = "ok\n-----END RSA PRIVATE KEY-----\n";
    becomes(text, text);
}

#[test]
fn pgp_armour() {
    becomes(
        &format!(
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n{A}\n{B}\n=aBcD\n-----END PGP PRIVATE KEY BLOCK-----\nx"
        ),
        "K\nVersion: GnuPG v2\n\nK\nK\nK\nK\nx",
    );
}

#[test]
fn a_certificate_behind_it_stays() {
    let certificate = format!("-----BEGIN CERTIFICATE-----\n{B}\n-----END CERTIFICATE-----\n");
    becomes(
        &format!("-----BEGIN PRIVATE KEY-----\n{A}\n-----END PRIVATE KEY-----\n{certificate}"),
        &format!("K\nK\nK\n{certificate}"),
    );
    becomes(&format!("-----BEGIN PRIVATE KEY-----\n{A}\n{certificate}"), &format!("K\nK\n{certificate}"));
}

#[test]
fn putty() {
    let text = format!("Public-Lines: 1\n{B}\nPrivate-Lines: 2\n{A}\nq==\nPrivate-MAC: 00\n");
    assert_eq!(
        shown(text.as_bytes()).replace("‹putty-private-key›", "K"),
        format!("Public-Lines: 1\n{B}\nPrivate-Lines: 2\nK\nK\nPrivate-MAC: 00\n")
    );
}

#[test]
fn a_routable_token_behind_an_unknown_prefix_is_told_by_its_checksum() {
    let body = "acme_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4.01.0z";
    let token = format!("{body}{}", super::super::routable::checksum_of(body.as_bytes()));
    assert_eq!(shown(format!("t={token};").as_bytes()), "t=‹gitlab-routable-token›;");
    let other = format!("b{}", &token[1..]);
    assert_eq!(shown(other.as_bytes()), other);
}

#[test]
fn the_prefix_of_an_instance_may_be_named() {
    let shaped = Ruled::new(&["acme.".into(), "q-".into(), "x".into()]).only_shaped();
    for (text, start) in [("t acme.AbcdefghijklmnopqrsT1 x", 2), ("t q-AbcdefghijklmnopqrsT1 x", 2)] {
        let spans =
            find_in(&shaped, Window { text: text.as_bytes(), own: 0..text.len(), first: true, last: true });
        let whole = |span: &Span<'_>| span.range == (start..text.len() - 2);
        assert!(spans.len() == 1 && whole(&spans[0]), "{text}: {spans:?}");
    }
}

#[test]
fn a_token_in_base64_goes_with_the_whole_run() {
    for user in ["oauth2:", "a:", "ab:", "abc:", "someone-else:"] {
        let login = format!("{user}glpat-AbcdefghijklmnopqrsT");
        let auth = data_encoding::BASE64.encode(login.as_bytes());
        let text = format!("\"auth\":\"{auth}\",");
        let spans = find(text.as_bytes());
        assert!(spans.iter().any(|span| span.range == (8..8 + auth.len())), "{text} {spans:?}");
    }
}

#[test]
fn in_base64_once_more_over_lines() {
    let pem = format!("-----BEGIN RSA PRIVATE KEY-----\n{A}\n{B}\n-----END RSA PRIVATE KEY-----\n");
    for before in ["", "a", "ab", "-----BEGIN CERTIFICATE-----\n"] {
        let base64 = data_encoding::BASE64.encode(format!("{before}{pem}").as_bytes());
        let whole = shown(format!("key: {base64} b").as_bytes());
        assert_eq!(whole, "key: ‹private-key-in-base64› b", "{before}");
    }
    let base64 = data_encoding::BASE64.encode(pem.as_bytes());
    let lines: Vec<&str> =
        base64.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    for (end, tail) in [("\n", "\nbehind it"), ("\n    ", "\nb: 1"), ("\\n", "\"")] {
        let text = format!("data: {}{tail}", lines.join(end));
        let keys = vec!["‹private-key-in-base64›"; lines.len()].join(end);
        assert_eq!(shown(text.as_bytes()), format!("data: {keys}{tail}"));
    }
}
