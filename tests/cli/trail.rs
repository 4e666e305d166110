//! What a run leaves in the log of the system.

use std::{fs, os::unix::net::UnixDatagram};

use sha2::{Digest as _, Sha256};

use super::program::{Place, finish, is_root};

/// A root folder with the program, in which somebody listens as syslogd does.
fn with_syslog() -> Option<(Place, UnixDatagram)> {
    if !is_root("a root folder of its own") {
        return None;
    }
    let place = Place::new();
    place.program("glsos");
    fs::create_dir(place.join("dev")).unwrap();
    let syslog = UnixDatagram::bind(place.join("dev/log")).unwrap();
    syslog.set_nonblocking(true).unwrap();
    Some((place, syslog))
}

fn lines(syslog: &UnixDatagram) -> Vec<String> {
    let mut room = [0; 9000];
    let mut next = || syslog.recv(&mut room).ok().map(|n| String::from_utf8(room[..n].to_vec()).unwrap());
    std::iter::from_fn(&mut next).collect()
}

#[test]
fn each_run_leaves_a_line_that_nobody_can_forge() {
    let Some((place, syslog)) = with_syslog() else { return };
    let mut command = place.command_below("collect --only system --ticket ZD-7 -o");
    command.arg("/b \"\n<85>Jan  1 00:00:00 glsos[1]: x.tar.gz").env("SUDO_USER", "tom\" ticket=\"none\n");
    let ended = finish(command).good();
    let name = place.files().into_iter().find(|name| name.ends_with("x.tar.gz")).unwrap();
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(fs::read(place.join(&name)).unwrap()));
    let lines = lines(&syslog);
    let [line] = lines.as_slice() else { panic!("{lines:#?}") };
    assert!(line.starts_with("<85>") && line.contains(" glsos["), "{line}");
    assert!(!line.contains('\n') && line.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{line}");
    let told = format!(
        r#" sudo_user="tom\" ticket=\"none\x0a" ticket="ZD-7" sha256={digest} bundle="/b \"\x0a<85>Jan  1 00:00:00 glsos[1]: x.tar.gz""#
    );
    assert!(line.contains("]: collect uid=0") && line.ends_with(&told), "{line}\n{told}");
    assert!(ended.err.contains(&format!("\n  sha256    {digest}\n")), "{}", ended.err);
}

#[test]
fn a_secret_that_was_typed_is_not_in_the_log_of_the_system() {
    let Some((place, syslog)) = with_syslog() else { return };
    let token = format!("glpat-{}", "aB3dE6gH9jK2mN5pQ8sT");
    let mut command = place.command_below(&format!("collect --only system --ticket {token} -o"));
    command.arg(format!("/x-{token}.tar.gz")).env("SUDO_USER", &token);
    finish(command).good();
    let lines = lines(&syslog);
    let [line] = lines.as_slice() else { panic!("{lines:#?}") };
    assert!(!line.contains("aB3dE6gH9jK2mN5pQ8sT"), "{line}");
    assert_eq!(line.matches("__REDACTED.gitlab-token.").count(), 3, "{line}");
}

#[test]
fn a_plan_and_a_filter_leave_no_line_and_stdout_has_no_path() {
    let Some((place, syslog)) = with_syslog() else { return };
    finish(place.command_below("collect --only system --dry-run")).good();
    finish(place.command_below("redact glsos --without-known-secrets"));
    assert_eq!(lines(&syslog), Vec::<String>::new());
    fs::create_dir_all(place.join("var/tmp")).unwrap();
    let ended = finish(place.command_below("collect --only system --json -o /b.tar.gz")).good();
    let told = ended.events().into_iter().find(|event| event["event"] == "bundle").unwrap();
    let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(fs::read(place.join("b.tar.gz")).unwrap()));
    assert_eq!(told["sha256"], digest.as_str());
    finish(place.command_below("collect --only system -o -")).good();
    let lines = lines(&syslog);
    assert!(lines[0].ends_with(&format!("sha256={digest} bundle=\"/b.tar.gz\"")), "{lines:?}");
    assert!(lines[1].ends_with("bundle=\"-\"") && lines.len() == 2, "{lines:?}");
}

#[test]
fn where_no_log_listens_a_run_says_so_and_goes_on() {
    let Some((place, syslog)) = with_syslog() else { return };
    drop(syslog);
    // A socket that nobody listens at, and none at all.
    for (name, why) in [("a", "Connection refused"), ("b", "No such file")] {
        finish(place.command_below(&format!("collect --only system -o /{name}.tar.gz"))).good();
        let bundle = place.bundle(&format!("{name}.tar.gz"));
        let line = format!("the log of this system will not tell of this run: /dev/log: {why}");
        assert!(bundle.log().contains(&line), "{}", bundle.log());
        let _ = fs::remove_file(place.join("dev/log"));
    }
}
