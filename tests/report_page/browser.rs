//! The page in real Chromium, without a head: no console message, no request, hostile text stays text. Where
//! `GLSOS_BROWSER=required` is set (CI) a missing browser is a failure; elsewhere it is told. `GLSOS_PAGES=DIR`
//! keeps the pages, to be looked at.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use glsos::report::html::page;

use super::{HOSTILE, example, plain};

/// What a browser made of a page.
struct Seen {
    dom: String,
    console: Vec<String>,
    /// First lines of all requests.
    requests: Vec<String>,
}

#[allow(clippy::disallowed_macros)] // says what was not tested
fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|path| path.is_file());
    if found.is_none() {
        let required = std::env::var_os("GLSOS_BROWSER").is_some_and(|word| word == "required");
        assert!(!required, "GLSOS_BROWSER=required, and there is no chromium");
        eprintln!("skipped: there is no chromium to look at the page with");
    }
    found
}

struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Opens a page; all requests go to a proxy that answers none.
fn look(browser: &Path, page: &str) -> Seen {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let scratch = Scratch(PathBuf::from(format!("/var/tmp/glsos-page-{}-{number}", std::process::id())));
    fs::create_dir(&scratch.0).unwrap();
    let file = scratch.0.join("page.html");
    fs::write(&file, page).unwrap();
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = proxy.local_addr().unwrap();
    let over = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&over);
    let listener = std::thread::spawn(move || {
        let mut requests = Vec::new();
        for stream in proxy.incoming() {
            if end.load(Ordering::Acquire) {
                break;
            }
            let (mut stream, mut head) = (stream.unwrap(), [0; 1024]);
            let n = stream.read(&mut head).unwrap_or(0);
            let text = String::from_utf8_lossy(&head[..n]).into_owned();
            requests.push(text.lines().next().unwrap_or_default().to_owned());
            let _ = stream.write_all(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        requests
    });
    let output = Command::new(browser)
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
        ])
        .args([
            "--disable-default-apps",
            "--disable-domain-reliability",
            "--no-pings",
            "--metrics-recording-only",
        ])
        .args([
            "--proxy-bypass-list=<-loopback>",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        ])
        .args(["--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom"])
        .arg(format!("--proxy-server=http://{address}"))
        .arg(format!("--user-data-dir={}", scratch.0.join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .env("HOME", &scratch.0)
        .output()
        .unwrap();
    over.store(true, Ordering::Release);
    let _ = std::net::TcpStream::connect(address);
    let requests = listener.join().unwrap();
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{talk}");
    let console = talk.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
    Seen { dom: String::from_utf8_lossy(&output.stdout).into_owned(), console, requests }
}

/// Without what Chromium asks for on its own account, of its makers.
fn of_the_page(requests: &[String]) -> Vec<&String> {
    const ITS_OWN: [&str; 4] = ["google.com", "googleapis.com", "gvt1.com", "gstatic.com"];
    let host = |line: &str| -> String {
        let target = line.split(' ').nth(1).unwrap_or_default();
        let behind = target.split_once("://").map_or(target, |(_, rest)| rest);
        behind.split(['/', ':']).next().unwrap_or_default().to_owned()
    };
    requests.iter().filter(|line| !ITS_OWN.iter().any(|own| host(line).ends_with(own))).collect()
}

#[test]
fn what_a_page_does_would_be_seen() {
    let Some(browser) = chromium() else { return };
    let page = "<!DOCTYPE html><title>x</title><style>b{}</style><p>here<img src=http://evil.invalid/x><script>console.log('heard')</script>";
    let seen = look(&browser, page);
    assert!(seen.console.iter().any(|line| line.contains("heard")), "{:?}", seen.console);
    let asked = of_the_page(&seen.requests);
    assert!(asked.len() == 1 && asked[0].contains("evil.invalid"), "{asked:?}");
    assert!(seen.dom.contains("<p>here"), "{}", seen.dom);
}

#[test]
fn a_browser_shows_the_page_and_has_nothing_to_say() {
    let Some(browser) = chromium() else { return };
    for report in [example::one(), example::three(), example::healthy()] {
        let seen = look(&browser, &page(&report));
        assert!(seen.console.is_empty(), "{:?}", seen.console);
        assert!(of_the_page(&seen.requests).is_empty(), "{:?}", seen.requests);
        assert!(seen.dom.contains("Made by glsos") && seen.dom.contains("id=\"who\""), "{}", seen.dom);
    }
}

#[test]
fn a_browser_takes_hostile_text_for_text() {
    let Some(browser) = chromium() else { return };
    let seen = look(&browser, &page(&example::hostile(HOSTILE)));
    assert!(seen.console.is_empty(), "{:?}", seen.console);
    assert!(of_the_page(&seen.requests).is_empty(), "{:?}", seen.requests);
    for tag in ["<script", "<img", "<!--"] {
        assert!(!seen.dom.contains(tag), "{tag}");
    }
    assert!(seen.dom.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let plain = look(&browser, &page(&example::hostile(&plain())));
    let elements = |dom: &str| dom.matches("<").count();
    assert_eq!(elements(&seen.dom), elements(&plain.dom), "no element more");
}

#[test]
fn pages_are_kept_where_somebody_wants_to_look_at_them() {
    let Some(folder) = std::env::var_os("GLSOS_PAGES").map(PathBuf::from) else { return };
    let reports = [
        ("one", example::one()),
        ("three", example::three()),
        ("healthy", example::healthy()),
        ("hostile", example::hostile(HOSTILE)),
    ];
    for (name, report) in reports {
        fs::write(folder.join(format!("{name}.html")), page(&report)).unwrap();
        assert!(folder.join(format!("{name}.html")).is_file());
    }
}
