//! The rules for links, on the kernel's fast way and on the walk that old kernels need: both must
//! decide alike.
#![allow(clippy::disallowed_methods)] // the tests make the files that they look at

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown, symlink},
};

use super::*;
use crate::host::live::tests::Folder;

/// What a path gives: its content, or what stands in the way. Both ways must agree.
fn read(root: &Path, path: &str) -> Result<String, Trouble> {
    let one = |opener: Opener| {
        let found = opener.find(Path::new(path), &|_| {})?;
        let (fd, _) = opener.open(&found)?;
        let mut buf = [0; 100];
        let n = nix::unistd::read(&fd, &mut buf)?;
        Ok(format!("{}={}", found.real.display(), String::from_utf8_lossy(&buf[..n])))
    };
    let opener = || Opener::new(root, false).unwrap();
    let fast: Result<String, Refused> = one(opener());
    let slow: Result<String, Refused> = one(opener().without_openat2());
    assert_eq!(fast.is_ok(), slow.is_ok(), "{path}: {fast:?} {slow:?}");
    assert_eq!(
        fast.as_ref().map_err(|refused| refused.trouble),
        slow.as_ref().map_err(|r| r.trouble),
        "{path}"
    );
    fast.map_err(|refused| refused.trouble)
}

/// Only root can make the files of another user.
fn as_root() -> bool {
    nix::unistd::geteuid().is_root()
}

fn folder() -> Folder {
    let folder = Folder::new();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
    folder.write("etc/plain", "plain");
    folder
}

/// A folder of another user below the root.
fn owned(root: &Folder, name: &str, uid: u32, mode: u32) {
    let path = root.join(name);
    fs::create_dir_all(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    chown(&path, Some(uid), None).unwrap();
}

#[test]
fn a_link_of_roots_in_roots_folder_is_followed() {
    let root = folder();
    symlink("plain", root.join("etc/relative")).unwrap();
    symlink("/etc/plain", root.join("etc/absolute")).unwrap();
    symlink("../../../../etc", root.join("etc/climbs")).unwrap();
    symlink("/etc", root.join("dir")).unwrap();
    for path in ["/etc/relative", "/etc/absolute", "/dir/plain", "/etc/climbs/relative", "/dir/../etc/plain"]
    {
        assert_eq!(read(&root.0, path), Ok("/etc/plain=plain".into()), "{path}");
    }
}

#[test]
fn a_link_below_a_folder_of_another_user_is_not() {
    if !as_root() {
        return;
    }
    let root = folder();
    owned(&root, "log", 1000, 0o755);
    owned(&root, "log/inner", 0, 0o755);
    owned(&root, "shared", 0, 0o1777);
    owned(&root, "group", 0, 0o775);
    for place in ["log", "log/inner", "shared", "group"] {
        root.write(&format!("{place}/file"), "own");
        symlink("/etc/plain", root.join(&format!("{place}/link"))).unwrap();
        symlink("/etc", root.join(&format!("{place}/dir"))).unwrap();
        symlink("file", root.join(&format!("{place}/harmless"))).unwrap();
        assert_eq!(read(&root.0, &format!("/{place}/file")), Ok(format!("/{place}/file=own")), "{place}");
        for name in ["link", "dir/plain", "harmless"] {
            assert_eq!(read(&root.0, &format!("/{place}/{name}")), Err(Trouble::Unsafe), "{place}/{name}");
        }
    }
    // A way round: back up into root's folder, where links count again.
    symlink("plain", root.join("etc/relative")).unwrap();
    assert_eq!(read(&root.0, "/log/../etc/relative"), Ok("/etc/plain=plain".into()));
}

#[test]
fn a_link_of_another_user_in_roots_folder_is_not() {
    if !as_root() {
        return;
    }
    let root = folder();
    symlink("plain", root.join("etc/theirs")).unwrap();
    std::os::unix::fs::lchown(root.join("etc/theirs"), Some(1000), None).unwrap();
    assert_eq!(read(&root.0, "/etc/theirs"), Err(Trouble::Unsafe));
}

#[test]
fn a_moved_log_folder_is_followed_but_no_link_in_it() {
    if !as_root() {
        return;
    }
    let root = folder();
    owned(&root, "data", 0, 0o755);
    owned(&root, "data/logs", 1000, 0o700);
    root.write("data/logs/current", "line");
    fs::create_dir_all(root.join("var/log")).unwrap();
    symlink("/data/logs", root.join("var/log/gitlab")).unwrap();
    symlink("/etc/plain", root.join("data/logs/planted")).unwrap();
    assert_eq!(read(&root.0, "/var/log/gitlab/current"), Ok("/data/logs/current=line".into()));
    assert_eq!(read(&root.0, "/var/log/gitlab/planted"), Err(Trouble::Unsafe));
}

#[test]
fn a_second_name_counts_only_where_others_may_write() {
    let root = folder();
    fs::hard_link(root.join("etc/plain"), root.join("etc/second")).unwrap();
    assert_eq!(read(&root.0, "/etc/second"), Ok("/etc/second=plain".into()));
    owned(&root, "open", nix::unistd::geteuid().as_raw(), 0o777);
    fs::hard_link(root.join("etc/plain"), root.join("open/planted")).unwrap();
    assert_eq!(read(&root.0, "/open/planted"), Err(Trouble::Unsafe));
}

#[test]
fn chains_and_circles_end() {
    let root = folder();
    symlink("circle", root.join("circle")).unwrap();
    assert_eq!(read(&root.0, "/circle"), Err(Trouble::Unsafe));
    for n in 0..39 {
        symlink(format!("chain{}", n + 1), root.join(&format!("chain{n}"))).unwrap();
    }
    symlink("etc/plain", root.join("chain39")).unwrap();
    assert_eq!(read(&root.0, "/chain0"), Ok("/etc/plain=plain".into()));
    symlink("chain0", root.join("longer")).unwrap();
    assert_eq!(read(&root.0, "/longer"), Err(Trouble::Unsafe));
}

#[test]
fn other_types_and_missing_names() {
    let root = folder();
    nix::unistd::mkfifo(&root.join("fifo"), Mode::S_IRWXU).unwrap();
    symlink("nowhere", root.join("dangling")).unwrap();
    for path in ["/", "/etc", "/etc/..", "/fifo", "/etc/."] {
        assert_eq!(read(&root.0, path), Err(Trouble::WrongType), "{path}");
    }
    for path in ["/none", "/none/x", "/etc/plain/x", "/dangling", "relative", "/a\0b"] {
        assert_eq!(read(&root.0, path), Err(Trouble::Missing), "{path}");
    }
    let winding = format!("/{}etc/plain", "etc/../".repeat(500));
    assert_eq!(read(&root.0, &winding), Ok("/etc/plain=plain".into()));
}

#[test]
fn a_sysroots_owner_counts_as_root_there() {
    if !as_root() {
        return;
    }
    let root = folder();
    symlink("plain", root.join("etc/link")).unwrap();
    for path in [root.0.clone(), root.join("etc")] {
        chown(path, Some(1000), None).unwrap();
    }
    std::os::unix::fs::lchown(root.join("etc/link"), Some(1000), None).unwrap();
    let found =
        |sysroot| Opener::new(&root.0, sysroot).unwrap().find(Path::new("/etc/link"), &|_| {}).is_ok();
    assert_eq!((found(true), found(false)), (true, false));
}

#[test]
fn a_file_swapped_for_a_link_after_the_look_is_refused() {
    let root = folder();
    let path = root.write("etc/swapped", "first");
    for opener in
        [Opener::new(&root.0, false).unwrap(), Opener::new(&root.0, false).unwrap().without_openat2()]
    {
        let found = opener.find(Path::new("/etc/swapped"), &|_| {}).unwrap();
        fs::remove_file(&path).unwrap();
        symlink("plain", &path).unwrap();
        assert_eq!(opener.open(&found).unwrap_err().trouble, Trouble::Unsafe);
        fs::remove_file(&path).unwrap();
        nix::unistd::mkfifo(&path, Mode::S_IRWXU).unwrap();
        assert_eq!(opener.open(&found).unwrap_err().trouble, Trouble::WrongType);
        fs::remove_file(&path).unwrap();
        root.write("etc/swapped", "again");
    }
}

#[test]
fn what_did_not_answer_is_left_alone_however_it_is_reached() {
    let root = folder();
    root.write("mnt/dead/file", "x");
    symlink("/mnt/dead", root.join("way")).unwrap();
    for mut opener in
        [Opener::new(&root.0, false).unwrap(), Opener::new(&root.0, false).unwrap().without_openat2()]
    {
        opener.avoid.push("/mnt/dead".into());
        for path in ["/mnt/dead/file", "/mnt/dead", "/way/file", "/etc/../mnt/dead/x"] {
            let trouble = opener.find(Path::new(path), &|_| {}).unwrap_err().trouble;
            assert_eq!(trouble, Trouble::TimedOut, "{path}");
        }
        assert!(opener.find(Path::new("/etc/plain"), &|_| {}).is_ok());
    }
}

#[test]
fn deep_folders_end_the_walk_but_not_the_process() {
    let root = folder();
    let deep = "d/".repeat(DEEPEST + 10);
    root.write(&format!("{deep}file"), "x");
    let walk = Opener::new(&root.0, false).unwrap().without_openat2();
    assert_eq!(walk.find(Path::new(&format!("/{deep}file")), &|_| {}).unwrap_err().trouble, Trouble::Io);
}
