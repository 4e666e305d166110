//! Collectors of a site's own: dropped into a folder, tried, refused.

use super::program::{NOBODY, Place, finish, is_root};

#[test]
fn a_command_a_file_and_a_log_dropped_into_a_folder_are_taken() {
    let place = Place::new();
    place.write("etc/app.conf", "listen = 8080\npassword = Ug2xN7vQ4kTz\n");
    place.write("log/app.log", "2026-03-01T10:00:00Z started\n2026-03-01T10:00:01Z ready\n");
    place.collector(&format!(
        "[[command]]\nname = \"release\"\nwhy = \"Which kernel\"\nrun = [\"uname\", \"-r\"]\n\
         [[file]]\nname = \"conf\"\nwhy = \"Its settings\"\npath = \"{0}/etc/*.conf\"\n\
         [[log]]\nname = \"log\"\nwhy = \"Its errors\"\npath = \"{0}/log/**\"\n",
        place.path()
    ));
    let collect = "collect --collectors collectors --only mine --since 2026-02-01T00:00:00Z -o b.tar.gz";
    place.glsos(collect).good();
    let bundle = place.bundle("b.tar.gz");
    let below = place.path().trim_start_matches('/');
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    assert_eq!(bundle.text("mine/release"), kernel);
    let conf = bundle.text(&format!("{below}/etc/app.conf"));
    assert!(conf.starts_with("listen = 8080\npassword = ") && !conf.contains("Ug2xN7vQ4kTz"), "{conf}");
    assert_eq!(bundle.text(&format!("{below}/log/app.log")).lines().count(), 2);
    assert!(place.glsos("list --collectors collectors").good().text().contains("mine"));
    assert!(place.glsos("explain mine --collectors collectors").good().text().contains("Its settings"));
}

#[test]
fn a_broken_collector_is_refused_with_its_line_and_a_caret() {
    let place = Place::new();
    place.collector("[[command]]\nname = \"x\"\nwhy = \"To be refused\"\nrun = [\"sh\", \"-c\", \"id\"]\ntimeuot = \"3s\"\n");
    for arguments in ["collect --only mine -o b.tar.gz", "list", "explain mine"] {
        let ended = place.glsos(&format!("{arguments} --collectors collectors"));
        assert_eq!(ended.code(), 2, "{arguments}");
        for part in
            ["mine.toml:6:8: `sh` is a shell", "6 | run = [", "^^^^", "unknown key `timeuot`", "hint: "]
        {
            assert!(ended.err.contains(part), "{part:?} is not in {}", ended.err);
        }
    }
    assert_eq!(place.files(), ["collectors/mine.toml"]);
}

#[test]
fn check_tells_every_mistake_of_every_file() {
    let place = Place::new();
    let good = place.glsos("collectors new good").good();
    place.write("good.toml", good.out);
    place.write("one.toml", "about = \"x\"\n[[file]]\nname = \"a\"\nwhy = \"w\"\npath = \"relative\"\n");
    place.write("two.toml", "about = \"x\"\n[[probe]]\nrun = \"nosuch\"\nwhy = \"w\"\n");
    assert!(place.glsos("collectors check good.toml").good().err.contains("good.toml: good"));
    let ended = place.glsos("collectors check good.toml one.toml two.toml");
    assert_eq!(ended.code(), 2);
    for part in ["one.toml:5:8: ", "two.toml:3:7: ", "nosuch", "good.toml: good"] {
        assert!(ended.err.contains(part), "{part:?} is not in {}", ended.err);
    }
    assert_eq!(place.glsos("collectors check missing.toml").code(), 2);
}

#[test]
fn a_new_collector_works_as_it_is_and_fits_a_terminal() {
    let place = Place::new();
    let new = place.glsos("collectors new mine").good();
    let wide: Vec<_> = new.text().lines().filter(|line| line.chars().count() > 100).collect();
    assert!(wide.is_empty(), "{wide:?}");
    place.write("collectors/mine.toml", &new.out);
    place.glsos("collect --collectors collectors --only mine -o b.tar.gz").good();
    assert_eq!(place.bundle("b.tar.gz").outcome("mine/kernel"), "complete");
    assert_eq!(place.glsos("collectors new ../Evil").code(), 2);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let ended = Place::new().glsos("list --collectors nosuch");
    assert_eq!(ended.code(), 2);
    assert!(ended.err.contains("nosuch: not there\nhint: --collectors names a folder"), "{}", ended.err);
}

#[test]
fn root_runs_nothing_that_another_user_may_have_written() {
    if !is_root("drop-ins of another user") {
        return;
    }
    let source = "[[command]]\nname = \"id\"\nwhy = \"Who runs it\"\nrun = [\"id\"]\n";
    for (name, mode, owner, why) in [
        ("collectors/mine.toml", 0o644, 1000, "root does not own it"),
        ("collectors/mine.toml", 0o664, 0, "others may write to it"),
        ("collectors/mine.toml", 0o646, 0, "others may write to it"),
        ("collectors", 0o755, 1000, "root does not own it"),
        ("collectors", 0o1777, 0, "others may write to it"),
    ] {
        let place = Place::new();
        place.collector(source);
        place.allow(name, mode);
        std::os::unix::fs::chown(place.join(name), Some(owner), None).unwrap();
        let ended = place.glsos("collect --collectors collectors --only mine -o b.tar.gz");
        assert_eq!(ended.code(), 2, "{name} {mode:o} {owner}");
        assert!(ended.err.contains(why) && ended.err.contains("hint: chown root"), "{}", ended.err);
        assert!(!place.join("b.tar.gz").exists());
    }
}

#[test]
fn an_ordinary_user_may_try_a_collector_of_its_own() {
    if !is_root("to become another user") {
        return;
    }
    let place = Place::new();
    place.collector("[[command]]\nname = \"id\"\nwhy = \"Who runs it\"\nrun = [\"id\", \"-u\"]\n");
    for name in ["", "collectors", "collectors/mine.toml"] {
        std::os::unix::fs::chown(place.join(name), Some(NOBODY), None).unwrap();
    }
    place.as_nobody("collect --collectors collectors --only mine -o b.tar.gz").good();
    assert_eq!(place.bundle("b.tar.gz").text("mine/id"), format!("{NOBODY}\n"));
}

#[test]
fn what_is_switched_off_is_not_taken_and_that_is_told() {
    let place = Place::new();
    place.write("collectors/site.toml", "disable = [\"memory\", \"system/uname\"]\n");
    let arguments = "--collectors collectors --only system --profile quick";
    place.glsos(&format!("collect {arguments} -o b.tar.gz")).good();
    let bundle = place.bundle("b.tar.gz");
    assert!(!bundle.names().contains(&"uname") && bundle.names().contains(&"uptime"));
    assert_eq!(bundle.run()["options"]["disabled"], "memory,system/uname");
    for target in ["memory", "system/uname"] {
        let line = format!("{target} is switched off by {}/collectors/site.toml", place.path());
        assert!(bundle.log().contains(&line), "{}", bundle.log());
    }
    let ended = place.glsos("collect --collectors collectors --only memory -o c.tar.gz");
    assert_eq!(ended.code(), 2);
}

#[test]
fn the_sites_own_folder_is_read_without_being_asked_for() {
    if !is_root("a root folder of its own") {
        return;
    }
    let place = Place::new();
    place.program("glsos");
    place.write("app.conf", "listen = 8080\n");
    let file = "[[file]]\nname = \"conf\"\nwhy = \"Its settings\"\npath = \"/app.conf\"\n";
    place.write("etc/glsos/collectors.d/site.toml", format!("about = \"A site's own\"\n{file}"));
    finish(place.command_below("collect --only site -o /b.tar.gz")).good();
    assert_eq!(place.bundle("b.tar.gz").text("app.conf"), "listen = 8080\n");
}
