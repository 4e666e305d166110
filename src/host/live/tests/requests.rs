//! Requests to listeners of this test, over TCP and over a Unix socket.

use std::{
    io::{Read, Write},
    net::TcpListener,
    os::unix::net::UnixListener,
};

use super::*;

/// Answers one connection with `answer`, then closes it; `endless` repeats the last part.
fn serve(mut stream: impl Read + Write, answer: &[u8], endless: bool) -> Vec<u8> {
    let mut asked = vec![0; 4096];
    let n = stream.read(&mut asked).unwrap();
    asked.truncate(n);
    for piece in answer.chunks(7) {
        // Whoever has seen enough hangs up.
        if stream.write_all(piece).is_err() {
            return asked;
        }
    }
    while endless && stream.write_all(&[b'x'; 4096]).is_ok() {}
    asked
}

fn ask(answer: &'static [u8], endless: bool, limit: u64) -> (Result<Got, Error>, String, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = Address::Loopback(listener.local_addr().unwrap());
    let server = std::thread::spawn(move || serve(listener.accept().unwrap().0, answer, endless));
    let mut body = Vec::new();
    let get = Get { at, path: "/-/x?a=1".into(), timeout: AMPLE, limit };
    let got = live().get(&get, &mut |bytes| {
        body.extend_from_slice(bytes);
        Flow::Go
    });
    let asked = server.join().unwrap();
    (got, String::from_utf8(body).unwrap(), String::from_utf8(asked).unwrap())
}

#[test]
fn a_body_of_known_length() {
    let (got, body, asked) = ask(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more", false, 100);
    let got = got.unwrap();
    assert_eq!((got.status, got.whole, body.as_str()), (200, true, "hello"));
    assert!(asked.starts_with("GET /-/x?a=1 HTTP/1.1\r\nHost: localhost\r\n"), "{asked}");
    let (got, body, _) = ask(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", false, 100);
    assert_eq!((got.unwrap().whole, body.as_str()), (false, "hello"));
}

#[test]
fn a_chunked_body() {
    let answer = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n\
                   5;x=y\r\nhello\r\n7\r\n, world\r\n0\r\nTrailer: x\r\n\r\n";
    let (got, body, _) = ask(answer, false, 100);
    let got = got.unwrap();
    assert_eq!((got.status, got.whole, body.as_str()), (503, true, "hello, world"));
    let (got, body, _) = ask(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", false, 100);
    assert_eq!((got.unwrap().whole, body.as_str()), (false, "hel"));
    for broken in [
        &b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"[..],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
    ] {
        assert_eq!(ask(broken, false, 100).0.unwrap_err().trouble, Trouble::Io);
    }
}

#[test]
fn a_body_up_to_the_end() {
    let (got, body, _) = ask(b"HTTP/1.0 200 OK\r\n\r\nuntil the end", false, 100);
    assert_eq!((got.unwrap().whole, body.as_str()), (true, "until the end"));
    let (got, body, _) = ask(b"HTTP/1.0 200 OK\r\n\r\n", true, 10_000);
    assert_eq!((got.unwrap().whole, body.len()), (false, 10_000));
}

#[test]
fn no_redirect_is_followed() {
    let answer = b"HTTP/1.1 301 Moved\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n";
    let (got, body, _) = ask(answer, false, 100);
    assert_eq!((got.unwrap().status, body.as_str()), (301, ""));
}

#[test]
fn garbage_is_an_error() {
    for garbage in [
        &b"SSH-2.0-OpenSSH_9.2\r\n\r\n"[..],
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    ] {
        assert_eq!(ask(garbage, false, 100).0.unwrap_err().trouble, Trouble::Io);
    }
    assert_eq!(ask(b"HTTP/1.1 200 OK\r\nX: ", true, 100).0.unwrap_err().trouble, Trouble::Io);
}

#[test]
fn a_unix_socket_answers_too() {
    let folder = Folder::new();
    let path = folder.join(&format!("{}/socket", "long".repeat(20)));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    // Binding takes short names only.
    let short = folder.join("s");
    std::os::unix::fs::symlink(path.parent().unwrap(), &short).unwrap();
    let listener = UnixListener::bind(short.join("socket")).unwrap();
    let server = std::thread::spawn(move || {
        serve(listener.accept().unwrap().0, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false)
    });
    let get = Get { at: Address::Unix(path), path: "/".into(), timeout: AMPLE, limit: 9 };
    let got = live().get(&get, &mut |_| Flow::Go).unwrap();
    assert_eq!((got.status, got.whole), (200, true));
    server.join().unwrap();
}

#[test]
fn nobody_listens_and_nobody_answers() {
    let host = live();
    let folder = Folder::new();
    let mut get = Get { at: Address::Unix(folder.join("none")), path: "/".into(), timeout: AMPLE, limit: 9 };
    let ask = |get: &Get| host.get(get, &mut |_| Flow::Go).unwrap_err().trouble;
    assert_eq!(ask(&get), Trouble::Missing);
    get.at = Address::Unix(folder.write("file", ""));
    assert_eq!(ask(&get), Trouble::WrongType);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    get.at = Address::Loopback(free);
    assert_eq!(ask(&get), Trouble::Missing);
    get.at = Address::Loopback("192.0.2.1:80".parse().unwrap());
    assert_eq!(ask(&get), Trouble::Unsafe);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    get.at = Address::Loopback(silent.local_addr().unwrap());
    get.timeout = Duration::from_millis(100);
    assert_eq!(ask(&get), Trouble::TimedOut);
    get.timeout = AMPLE;
    get.path = "/ HTTP/1.1\r\nEvil: yes".into();
    assert_eq!(ask(&get), Trouble::Io);
}

/// Found: a frozen Prometheus was waited for as often as it was to be asked.
#[test]
fn who_never_answers_is_not_asked_for_ever() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = Address::Loopback(listener.local_addr().unwrap());
    let host = live();
    let ask = || {
        let get = Get { at: at.clone(), path: "/".into(), timeout: Duration::from_millis(20), limit: 1 };
        host.get(&get, &mut |_| Flow::Go).unwrap_err()
    };
    for _ in 0..2 {
        let error = ask();
        assert_eq!((error.trouble, error.detail.contains("before")), (Trouble::TimedOut, false), "{error}");
    }
    let error = ask();
    assert_eq!(error.trouble, Trouble::TimedOut);
    assert!(error.reason().contains("left 2 requests unanswered"), "{}", error.reason());
    listener.set_nonblocking(true).unwrap();
    let asked = std::iter::from_fn(|| listener.accept().ok()).count();
    assert_eq!(asked, 2);
}

#[test]
fn only_addresses_of_this_host_are_asked() {
    let live = live();
    for address in ["192.0.2.1:80", "8.8.8.8:443", "0.0.0.0:80", "[2001:db8::1]:80", "[::ffff:192.0.2.1]:80"]
    {
        let at = Address::Loopback(address.parse().unwrap());
        let get = Get { at, path: "/".into(), timeout: AMPLE, limit: 10 };
        let error = live.get(&get, &mut |_| Flow::Go).unwrap_err();
        assert_eq!((error.trouble, error.detail.as_str()), (Trouble::Unsafe, "not an address of this host"));
    }
}
