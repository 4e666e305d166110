//! `glsos report --html`: the page as a file.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::{
    program::Place,
    redact::gzip,
    verify::{MADE, old_archive},
};

#[test]
fn the_page_is_a_new_file_for_its_owner_alone() {
    let place = Place::new();
    place.write("b.tar.gz", &*MADE);
    let ended = place.glsos("report b.tar.gz --html page.html").good();
    assert_eq!(ended.text(), "page.html\n");
    let page = fs::read_to_string(place.join("page.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(page.contains("b.tar.gz"), "{page}");
    assert_eq!(fs::metadata(place.join("page.html")).unwrap().permissions().mode() & 0o7777, 0o600);
    let piped = place.glsos("report b.tar.gz --html -").good();
    assert_eq!(piped.text(), page);
    fs::write(place.join("page.html"), "mine").unwrap();
    let ended = place.glsos("report b.tar.gz --html page.html");
    assert_eq!(ended.code(), 1);
    assert!(
        ended.err.contains("page.html: it is there already\nhint: nothing is overwritten"),
        "{}",
        ended.err
    );
    assert_eq!(fs::read_to_string(place.join("page.html")).unwrap(), "mine");
    assert_eq!(place.glsos("report b.tar.gz --html x.html --json").code(), 2);
}

#[test]
fn several_bundles_of_any_tool_are_one_page() {
    let place = Place::new();
    place.write("b.tar.gz", &*MADE);
    place.write("old.tar.gz", gzip(&old_archive()));
    place.glsos("report b.tar.gz old.tar.gz --html page.html").good();
    let page = fs::read_to_string(place.join("page.html")).unwrap();
    assert!(
        page.contains("<h1>2 hosts: ") && page.contains("not made by glsos"),
        "{}",
        &page[page.len() - 3000..]
    );
}

#[test]
fn what_a_hostile_host_writes_stays_text_on_the_page() {
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    let mut tar = tar::Builder::new(Vec::new());
    let line = format!(
        "{{\"severity\":\"ERROR\",\"time\":\"2026-03-01T10:00:00.000Z\",\"status\":500,\"method\":\"GET\",\"path\":\"/x\",\
         \"controller\":\"{hostile}\",\"action\":\"show\",\"duration_s\":1.5,\"exception.message\":\"{hostile}\",\"message\":\"{hostile}\"}}\n"
    );
    for (name, content) in [
        ("hostname", format!("{hostile}\n")),
        ("uname", format!("Linux {hostile} 6.1.0 x86_64\n")),
        (
            "df_hT",
            format!(
                "Filesystem Type Size Used Avail Use% Mounted on\n/dev/{hostile} xfs 10G 10G 0 100% /{hostile}\n"
            ),
        ),
        ("gitlab_status", format!("down: {hostile}: 3s, normally up; run: log: (pid 1) 9s\n")),
        ("var/log/gitlab/gitlab-rails/production_json.log", line.repeat(50)),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("gitlabsos.h_20260301120000/{name}"), content.as_bytes())
            .unwrap();
    }
    let place = Place::new();
    place.write("<script>x.tar.gz", gzip(&tar.into_inner().unwrap()));
    let mut command = place.command("report --html page.html");
    command.arg("<script>x.tar.gz");
    super::program::finish(command).good();
    let page = fs::read_to_string(place.join("page.html")).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "nothing hostile arrived: {page}");
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
}
