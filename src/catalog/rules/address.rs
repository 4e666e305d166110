//! The rules for http sources: only this host, only what a request line can hold.

use std::net::{IpAddr, SocketAddr};

use super::{Told, Verdict, path};
use crate::{
    catalog::{model::At, problem::did_you_mean},
    host::listeners::SERVICES,
};

/// `at`: a known service, `unix:/path`, or a loopback address with its port.
pub(in super::super) fn at(told: &Told) -> Verdict<At> {
    let text = told.text;
    if let Some(socket) = text.strip_prefix("unix:") {
        let socket = Told { text: socket, span: told.span.clone() };
        return path::exact(&socket).map(At::Unix);
    }
    if let Some(service) = SERVICES.iter().find(|service| **service == text) {
        return Ok(At::Service(service));
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return loopback(told, address);
    }
    if let Ok(ip) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        let host = if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() };
        return Err(told.wrong("an address without its port").hint(format!("write `{host}:PORT`")));
    }
    if text.contains("://") {
        return Err(told.wrong("a URL can't stand here").hint("`at` is the address, `get` the path"));
    }
    let complaint = told.wrong(format!("no service is named `{}`", text.escape_debug()));
    if let Some((host, port)) = text.rsplit_once(':') {
        let hint = if host.eq_ignore_ascii_case("localhost") {
            format!("no name is asked for its address: write `127.0.0.1:{}`", port.escape_debug())
        } else {
            "only this host is asked: a loopback address and port, such as `127.0.0.1:8080`".to_owned()
        };
        return Err(complaint.hint(hint));
    }
    if text.eq_ignore_ascii_case("localhost") {
        return Err(complaint.hint("no name is asked for its address: write `127.0.0.1:PORT`"));
    }
    let known = || format!("known: {}; or `unix:/path`, or a loopback address and port", SERVICES.join(", "));
    Err(complaint.hint(did_you_mean(text, SERVICES.iter().copied()).unwrap_or_else(known)))
}

fn loopback(told: &Told, address: SocketAddr) -> Verdict<At> {
    if !address.ip().is_loopback() {
        return Err(told
            .wrong("not a loopback address")
            .hint("glsos asks no other host; 127.0.0.1 and [::1] are this one"));
    }
    if address.port() == 0 {
        return Err(told.wrong("port 0 is none"));
    }
    Ok(At::Loopback(address))
}

/// `get`: a path and query that can stand in a request line as they are.
pub(in super::super) fn get(told: &Told) -> Verdict<String> {
    if !told.text.starts_with('/') {
        return Err(told.wrong("a request's path begins with `/`"));
    }
    if told.text.len() > 4_096 {
        return Err(told.wrong("longer than 4096 bytes"));
    }
    match told.text.chars().find(|c| !c.is_ascii_graphic() || "\"#<>\\^`{|}".contains(*c)) {
        None => Ok(told.text.to_owned()),
        Some(c) => Err(told
            .wrong(format!("`{}` can't stand in a request's path", c.escape_debug()))
            .hint(format!("write it as `{}`", percent(c)))),
    }
}

fn percent(c: char) -> String {
    let mut utf8 = [0; 4];
    c.encode_utf8(&mut utf8).bytes().map(|b| format!("%{b:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::tests::told, *};

    #[test]
    fn only_this_host_is_asked() {
        for good in ["workhorse", "unix:/run/x.socket", "127.0.0.1:80", "127.9.9.9:1", "[::1]:9090"] {
            assert!(at(&told(good)).is_ok(), "{good}");
        }
        for bad in [
            "",
            "10.0.0.1:80",
            "0.0.0.0:80",
            "[::]:80",
            "[::ffff:127.0.0.1]:80",
            "169.254.169.254:80",
            "localhost:80",
            "localhost",
            "127.0.0.1",
            "::1",
            "127.1:80",
            "2130706433:80",
            "0177.0.0.1:80",
            "http://127.0.0.1:80",
            "127.0.0.1:0",
            "127.0.0.1:80 ",
            "unix:run/x",
            "unix:/a/../b",
            "unix:",
            "gitlab.example.com:80",
            "Workhorse",
        ] {
            assert!(at(&told(bad)).is_err(), "{bad}");
        }
        assert_eq!(
            at(&told("localhost:8080")).unwrap_err().hint.unwrap(),
            "no name is asked for its address: write `127.0.0.1:8080`"
        );
    }

    #[test]
    fn a_request_line_stays_one_line() {
        for bad in ["metrics", "", "/a b", "/a\r\nHost: x", "/a\t", "/é", "/a#b", "/{a}"] {
            assert!(get(&told(bad)).is_err(), "{bad}");
        }
        assert!(get(&told("/-/readiness?all=1&match[]=up%20x")).is_ok());
    }
}
