//! `glsos report` and `glsos diff`: what an engineer at the desk sees of glsos's bundles and of others.

use std::{io::Write as _, process::Command};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;

use super::{
    bundle::Bundle,
    damage::Packed,
    program::{Place, finish},
    redact::gzip,
};

const KERNEL: &str = "Mar  1 09:00:00 gitlab kernel: eth0: link up
Mar  1 09:01:00 gitlab kernel: Out of memory: Killed process 1302 (bundle) total-vm:4123456kB
";
const POSTGRESQL: &str = "2026-03-01_09:00:00.00000 LOG:  checkpoint starting: time
2026-03-01_09:06:48.63325 FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute
";
const STATUS: &str = "run: gitaly: (pid 12) 45604s; run: log: (pid 10) 45700s
down: nginx: 3s, normally up; run: log: (pid 11) 45700s
";
const TITLES: [&str; 3] = [
    "CRITICAL  nginx is down",
    "CRITICAL  The kernel ended processes for want of memory",
    "CRITICAL  PostgreSQL refused connections once",
];

/// A tar archive, gzip's, as another tool makes it.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(1_772_366_400);
        builder.append_data(&mut header, format!("gitlabsos.gitlab/{name}"), *bytes).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

/// A host with three faults, as gitlabsos tells of it.
fn faulty() -> Vec<u8> {
    archive(&[
        ("hostname", b"gitlab.example.com\n"),
        ("gitlab_status", STATUS.as_bytes()),
        ("var/log/kern.log", KERNEL.as_bytes()),
        ("var/log/gitlab/postgresql/current", POSTGRESQL.as_bytes()),
    ])
}

/// A bundle of glsos of a host with two of them.
fn own(place: &Place, name: &str, gitlab_rb: &str) {
    place.write("root/var/log/kern.log", KERNEL);
    place.write("root/var/log/gitlab/postgresql/current", POSTGRESQL);
    place.write("root/etc/gitlab/gitlab.rb", gitlab_rb);
    place.write("root/etc/hostname", "gitlab\n");
    let ended = place.glsos(&format!("collect --sysroot root --skip samples --since 100y -o {name}"));
    assert_eq!(ended.code(), 0, "{}", ended.err);
}

fn is_quiet(text: &str) -> bool {
    !text.chars().any(|c| {
        c != '\n' && c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

#[test]
fn the_first_screen_names_three_faults() {
    let place = Place::new();
    place.write("x.tar.gz", faulty());
    let ended = place.glsos("report x.tar.gz").good();
    assert!(ended.text().lines().all(|line| line.chars().count() <= 80), "{}", ended.text());
    let screen: Vec<&str> = ended.text().lines().take(24).collect();
    assert!(screen[0].starts_with("gitlab.example.com"), "{screen:?}");
    for title in TITLES {
        assert!(screen.iter().any(|line| line.starts_with(title)), "{title}: {screen:#?}");
    }
    assert!(ended.text().contains("glsos did not make this archive"));
}

#[test]
fn a_bundle_of_glsos_tells_the_same_and_what_is_not_in_it() {
    let place = Place::new();
    own(&place, "b.tar.gz", "external_url 'https://gitlab.example.com'\n");
    let ended = place.glsos("report b.tar.gz").good();
    let screen: Vec<&str> = ended.text().lines().take(24).collect();
    for title in &TITLES[1..] {
        assert!(screen.iter().any(|line| line.starts_with(title)), "{title}: {screen:#?}");
    }
    assert!(ended.text().contains("What is not in it, or not whole"));
    assert!(!ended.text().contains("glsos did not make this archive"));
}

#[test]
fn evidence_is_where_it_is_said_to_be() {
    let place = Place::new();
    place.write("x.tar.gz", faulty());
    let ended = place.glsos("report --json x.tar.gz").good();
    let [report] = &ended.events()[..] else { panic!("{}", ended.text()) };
    assert_eq!(report["format"], "glsos-report/1");
    let content = |entry: &str| match entry {
        "gitlab_status" => STATUS,
        "var/log/kern.log" => KERNEL,
        "var/log/gitlab/postgresql/current" => POSTGRESQL,
        other => panic!("{other}"),
    };
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 3, "{findings:#?}");
    for evidence in findings.iter().flat_map(|finding| finding["evidence"].as_array().unwrap()) {
        let line = evidence["line"].as_u64().unwrap() as usize;
        let text = content(evidence["entry"].as_str().unwrap()).lines().nth(line - 1).unwrap();
        assert_eq!(evidence["text"], text);
    }
    assert!(findings.iter().all(|finding| finding["severity"] == "critical" && finding["node"] == 0));
}

#[test]
fn the_exit_code_tells_a_script_how_bad_it_is() {
    let place = Place::new();
    place.write("bad.tar.gz", faulty());
    place.write("well.tar.gz", archive(&[("hostname", b"well\n"), ("tainted", b"4096\n")]));
    for (arguments, code) in [
        ("report bad.tar.gz", 0),
        ("report --fail-on critical bad.tar.gz", 4),
        ("report --fail-on critical well.tar.gz", 0),
        ("report --fail-on warning well.tar.gz", 0),
        ("report --fail-on notice well.tar.gz", 4),
        ("report --fail-on warning well.tar.gz bad.tar.gz", 4),
        ("report --fail-on worse bad.tar.gz", 2),
        ("report --fail-on critical none.tar.gz bad.tar.gz", 1),
        ("report", 2),
    ] {
        assert_eq!(place.glsos(arguments).code(), code, "{arguments}");
    }
}

#[test]
fn several_hosts_stand_side_by_side() {
    let place = Place::new();
    let host = |name: &str, version: &str| {
        let version = format!("gitlab-ee {version}\n\n");
        archive(&[("hostname", name.as_bytes()), ("opt/gitlab/version-manifest.txt", version.as_bytes())])
    };
    place.write("a.tar.gz", host("web-1\n", "18.9.1-ee"));
    place.write("b.tar.gz", host("web-2\n", "18.9.0-ee"));
    let ended = place.glsos("report a.tar.gz b.tar.gz").good();
    assert!(ended.text().contains("warning   The hosts run different versions of GitLab: 18.9.0, 18.9.1\n"));
    let beside = ended.text().lines().find(|line| line.starts_with("GitLab  ")).unwrap();
    assert!(beside.contains("18.9.1-ee") && beside.contains("18.9.0-ee"), "{beside}");
    assert!(ended.text().lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn hostile_contents_and_names_stay_text() {
    let place = Place::new();
    let hostile = "a\u{1b}[2J\u{202e}b\u{9b}31m<script>alert(1)</script>";
    let status = format!("down: {hostile}: 3s, normally up; run: log: (pid 1) 3s\n");
    let log = format!(
        "{{\"status\":500,\"time\":\"2026-03-01T09:00:00Z\",\"meta.caller_id\":\"{hostile}\",\"duration_s\":1,\"exception.class\":\"{hostile}\"}}\n"
    );
    let files = [
        ("hostname", hostile),
        ("gitlab_status", &status),
        ("var/log/gitlab/gitlab-rails/production_json.log", &log),
        (hostile, "x"),
    ];
    let files = files.map(|(name, text)| (name, text.as_bytes()));
    place.write("x.tar.gz", archive(&files));
    place.write("y.tar.gz", archive(&[("hostname", b"y")]));
    for arguments in [
        "report x.tar.gz",
        "report --json x.tar.gz",
        "diff y.tar.gz x.tar.gz",
        "diff --json x.tar.gz y.tar.gz",
    ] {
        let ended = place.glsos(arguments).good();
        assert!(is_quiet(ended.text()), "{arguments}: {}", ended.text());
        assert!(ended.text().contains("alert(1)"), "{arguments}");
    }
}

#[test]
fn archives_that_are_no_bundles_are_refused_or_read_as_far_as_they_go() {
    let place = Place::new();
    place.write("text", "no archive");
    place.write("empty", "");
    place.write("zip", b"PK\x03\x04 and more");
    for name in ["text", "empty", "zip"] {
        let ended = place.glsos(&format!("report {name}"));
        assert_eq!((ended.code(), ended.text()), (1, ""));
        assert!(ended.err.starts_with("error: ") && ended.err.contains("hint: "), "{}", ended.err);
    }
    let whole = faulty();
    place.write("mailed", data_encoding::BASE64.encode(&whole));
    let ended = place.glsos("report mailed");
    assert!(ended.code() == 1 && ended.err.contains("base64 that mail sends it in"), "{}", ended.err);
    place.write("cut.tar.gz", &whole[..whole.len() - 30]);
    let ended = place.glsos("report cut.tar.gz").good();
    assert!(ended.text().contains("warning   The bundle is damaged"), "{}", ended.text());
    assert!(ended.text().contains(TITLES[0]));
    let again =
        [("df_hT", &b"one\n"[..]), ("df_hT", b"two\n"), ("../../etc/passwd", b"x\n"), ("/abs", b"x\n")];
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in again {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, bytes).unwrap();
    }
    place.write("odd.tar", builder.into_inner().unwrap());
    let before = place.files();
    place.glsos("report odd.tar").good();
    assert_eq!(place.files(), before);
}

#[test]
fn a_gigabyte_of_zeros_and_a_hundred_thousand_files_need_no_more_memory() {
    let place = Place::new();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let mut header = tar::Header::new_gnu();
    header.set_path("x/var/log/gitlab/gitlab-rails/production_json.log").unwrap();
    header.set_size(1 << 30);
    header.set_cksum();
    packed.write_all(header.as_bytes()).unwrap();
    (0..1024).for_each(|_| packed.write_all(&vec![0; 1 << 20]).unwrap());
    header.set_size(0);
    for number in 0..100_001 {
        header.set_path(format!("x/{number}")).unwrap();
        header.set_cksum();
        packed.write_all(header.as_bytes()).unwrap();
    }
    packed.write_all(&[0; 1024]).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 16 << 20, "{}", packed.len());
    place.write("bomb.tar.gz", packed);
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -v 131072; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_glsos")])
        .args(["report", "--json", "bomb.tar.gz"])
        // Else the allocator reserves 64 MiB of addresses, not of memory, for each thread.
        .env("MALLOC_ARENA_MAX", "1")
        .current_dir(place.path());
    let ended = finish(command).good();
    let report = &ended.events()[0];
    assert_eq!(report["findings"][0]["analyzer"], "bundle-damaged");
    assert!(report["findings"][0]["evidence"][0]["text"].as_str().unwrap().contains("100000 files"));
}

/// A tar archive with these files, whatever their names.
fn raw(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn what_does_not_fit_its_digest_is_damage_in_report_and_diff_too() {
    let place = Place::new();
    own(&place, "b.tar.gz", "external_url 'https://gitlab.example.com'\n");
    let whole = place.bundle("b.tar.gz");
    let mut manifest = whole.manifest.clone();
    let entries = manifest["entries"].as_array_mut().unwrap();
    let log = entries.iter_mut().find(|entry| entry["name"] == "var/log/kern.log").unwrap();
    log["sha256"] = "0".repeat(64).into();
    let bytes = std::fs::read(place.join("b.tar.gz")).unwrap();
    place.write("changed.tar.gz", Packed(&bytes).with_manifest(&manifest));
    let report = &place.glsos("report --json changed.tar.gz").good().events()[0];
    let findings = report["findings"].as_array().unwrap();
    let damaged = findings.iter().find(|finding| finding["analyzer"] == "bundle-damaged").unwrap();
    assert_eq!(damaged["evidence"][0]["entry"], "var/log/kern.log");
    assert!(damaged["evidence"][0]["text"].as_str().unwrap().contains("does not fit its digest"));
    let diff = place.glsos("diff b.tar.gz changed.tar.gz").good();
    assert!(diff.text().contains("The bundle is damaged: 1 part could not be read"), "{}", diff.text());
    let whole = place.glsos("report --json b.tar.gz").good();
    assert!(!whole.text().contains("bundle-damaged"));
}

#[test]
fn of_a_name_twice_all_read_the_first_and_tell_of_the_second() {
    let place = Place::new();
    let (first, second) = (&b"down: nginx: 3s, normally up\n"[..], &b"down: puma: 3s, normally up\n"[..]);
    let names = ["gitlabsos.h/gitlab_status", "gitlabsos.h/./gitlab_status"];
    place.write("x.tar", raw(&[(names[0], first), (names[1], second)]));
    let report = place.glsos("report x.tar").good();
    assert!(report.text().contains("CRITICAL  nginx is down"), "{}", report.text());
    assert!(!report.text().contains("puma is down"));
    assert!(report.text().contains("one of this name came before it"), "{}", report.text());
    assert_eq!(place.glsos("show x.tar gitlab_status").good().out, first);
    assert_eq!(place.glsos("show x.tar *status").good().out, first);
    let all = place.glsos("show x.tar --grep normally");
    assert_eq!(all.text().lines().count(), 1, "{}", all.text());
    let list = place.glsos("show x.tar");
    assert_eq!(list.code(), 3);
    assert!(list.text().contains("it is not read: one of this name came before"), "{}", list.text());
    assert!(list.err.contains("1 of its files are not read"), "{}", list.err);
    let unpacked = place.glsos("unpack x.tar --into desk");
    assert!(unpacked.err.contains("refused: there is one of this name already"), "{}", unpacked.err);
    let status = place.files().into_iter().find(|name| name.ends_with("/gitlab_status")).unwrap();
    assert_eq!(std::fs::read(place.join(&status)).unwrap(), first);
}

#[test]
fn a_manifest_that_names_one_file_twice_gives_the_first_and_tells() {
    let place = Place::new();
    own(&place, "b.tar.gz", "external_url 'https://gitlab.example.com'\n");
    let bytes = std::fs::read(place.join("b.tar.gz")).unwrap();
    let mut manifest = Bundle::of(bytes.clone()).manifest;
    let entries = manifest["entries"].as_array_mut().unwrap();
    let present: Vec<usize> = (0..entries.len()).filter(|n| entries[*n]["present"] == true).collect();
    let last = entries[*present.last().unwrap()]["name"].clone();
    assert_ne!(last, entries[present[0]]["name"]);
    let first = entries[present[0]]["name"].clone();
    entries[*present.last().unwrap()]["name"] = first.clone();
    place.write("twice.tar.gz", Packed(&bytes).with_manifest(&manifest));
    let first = first.as_str().unwrap();
    let one = place.glsos(&format!("show b.tar.gz {first}")).good();
    assert_eq!(place.glsos(&format!("show twice.tar.gz {first}")).good().out, one.out);
    let report = place.glsos("report twice.tar.gz").good();
    assert!(report.text().contains("The bundle is damaged: 1 part could not be read"), "{}", report.text());
}

#[test]
fn a_small_archive_of_compressed_files_keeps_nobody_busy_for_hours() {
    let place = Place::new();
    let zeros = gzip(&vec![0; 64 << 20]);
    let names: Vec<String> = (0..18).map(|n| format!("gitlabsos.h/var/log/gitlab/puma/{n}.gz")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    place.write("x.tar.gz", gzip(&raw(&files)));
    let report = place.glsos("report x.tar.gz").good();
    assert!(report.text().contains("warning   The bundle is damaged"), "{}", report.text());
    let grep = place.glsos("show x.tar.gz --grep never");
    assert_eq!(grep.code(), 3, "{}", grep.err);
    for told in [report.text(), &grep.err] {
        assert!(told.contains("the compressed files in the archive inflate to more than"), "{told}");
    }
}

#[test]
fn diff_tells_what_was_changed_and_nothing_else() {
    let place = Place::new();
    let settings = "external_url 'https://gitlab.example.com'\n# a comment\ngitlab_rails['db_password'] = 'correct-horse-1'\n";
    own(&place, "a.tar.gz", settings);
    own(&place, "again.tar.gz", settings);
    let same = place.glsos("diff a.tar.gz again.tar.gz").good();
    assert!(same.text().ends_with("\nno difference\n"), "{}", same.text());
    place.write("root/opt/gitlab/service/nginx/supervise/stat", "down, normally up\n");
    own(&place, "b.tar.gz", &settings.replace("https:", "http:"));
    let ended = place.glsos("diff a.tar.gz b.tar.gz").good();
    for line in [
        "critical  nginx is down",
        "etc/gitlab/gitlab.rb",
        "  - external_url 'https://gitlab.example.com'",
        "  + external_url 'http://gitlab.example.com'",
        "  nginx: (none) -> down",
    ] {
        assert!(ended.text().lines().any(|told| told == line), "{line:?}: {}", ended.text());
    }
    assert!(!ended.text().contains("db_password"), "{}", ended.text());
    let ended = place.glsos("diff --json b.tar.gz a.tar.gz").good();
    let diff: &Value = &ended.events()[0];
    assert_eq!(diff["gone_findings"][0]["title"], "nginx is down");
    assert_eq!(diff["configuration"][0]["added"][0], "external_url 'https://gitlab.example.com'");
    assert_eq!(place.glsos("diff a.tar.gz").code(), 2);
    assert_eq!(place.glsos("diff a.tar.gz none").code(), 1);
}
