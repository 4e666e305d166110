//! Reading, listing and looking, live and below a sysroot.

use std::os::unix::{ffi::OsStrExt, fs::symlink};

use super::*;
use crate::host::{FileType, glob};

fn trouble<T: std::fmt::Debug>(result: Result<T, Error>) -> Trouble {
    result.unwrap_err().trouble
}

#[test]
fn a_file_is_read_in_pieces_and_whole() {
    let folder = Folder::new();
    let bytes: Vec<u8> = (0..3_000_001_u32).map(|n| n.to_le_bytes()[usize::from(n % 3 == 0)]).collect();
    let path = folder.write("log", &bytes);
    let host = live();
    let mut file = host.open(&path).unwrap();
    assert_eq!(file.stat().len, bytes.len() as u64);
    let mut buf = vec![0; 2_500_000];
    assert_eq!(file.read_at(1_000_000, &mut buf).unwrap(), 2_000_001);
    assert_eq!(buf[..2_000_001], bytes[1_000_000..]);
    assert_eq!(file.read_at(3_000_001, &mut buf).unwrap(), 0);
    assert_eq!(host.read(&path, 4_000_000).unwrap(), bytes);
    assert_eq!(trouble(host.read(&path, 3_000_000)), Trouble::TooLarge);
    assert_eq!(trouble(host.read(&path, 10)), Trouble::TooLarge);
    assert_eq!(host.read(&path, 3_000_001).unwrap().len(), 3_000_001);
    std::fs::OpenOptions::new().append(true).open(&path).unwrap().set_len(5).unwrap();
    assert_eq!(file.restat().unwrap().len, 5);
    assert_eq!((file.stat().len, file.read_at(5, &mut buf).unwrap()), (3_000_001, 0));
}

#[test]
fn a_file_of_proc_is_read_although_its_length_is_nought() {
    let host = live();
    assert!(host.read(Path::new("/proc/self/status"), 1 << 20).unwrap().starts_with(b"Name:\tglsos-procs"));
    assert!(host.read(Path::new("/proc/mounts"), 1 << 20).unwrap().len() > 20);
    assert_eq!(trouble(host.read(Path::new("/proc/1/environ"), 1 << 20)), Trouble::NeverTaken);
    assert_eq!(trouble(host.open(Path::new("/proc/kmsg")).map(drop)), Trouble::NeverTaken);
}

#[test]
fn names_come_sorted_by_their_bytes() {
    let folder = Folder::new();
    for name in [&b"b"[..], b"a\xff", b"a", b"B", b".x"] {
        std::fs::write(folder.0.join(std::ffi::OsStr::from_bytes(name)), "").unwrap();
    }
    symlink("nowhere", folder.join("c")).unwrap();
    nix::unistd::mkfifo(&folder.join("d"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    std::fs::create_dir(folder.join("e")).unwrap();
    let host = live();
    let listed: Vec<_> = host.list(&folder.0).unwrap();
    let names: Vec<&[u8]> = listed.iter().map(|listed| listed.name.as_bytes()).collect();
    assert_eq!(names, [&b".x"[..], b"B", b"a", b"a\xff", b"b", b"c", b"d", b"e"]);
    let types: Vec<FileType> = listed[5..].iter().map(|listed| listed.file_type).collect();
    assert_eq!(types, [FileType::Link, FileType::Other, FileType::Folder]);
    assert_eq!(trouble(host.list(&folder.join("a"))), Trouble::WrongType);
    assert_eq!(trouble(host.list(&folder.join("none"))), Trouble::Missing);
}

#[test]
fn a_folder_of_many_names_comes_in_several_answers() {
    let folder = Folder::new();
    let tail = "x".repeat(240);
    for n in 0..4_500 {
        std::fs::write(folder.join(&format!("{n:05}{tail}")), "").unwrap();
    }
    let host = live();
    assert_eq!(host.list(&folder.0).unwrap().len(), 4_500);
    let some = glob::files(&host, &format!("{}/*", folder.0.display()), 10);
    assert_eq!((some.files.len(), some.cut), (10, true));
    assert!(some.files[9].to_str().unwrap().contains("/00009"));
}

#[test]
fn what_is_no_file_does_not_block() {
    let folder = Folder::new();
    nix::unistd::mkfifo(&folder.join("fifo"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let _listener = std::os::unix::net::UnixListener::bind(folder.join("socket")).unwrap();
    let host = live();
    for path in [folder.join("fifo"), folder.join("socket"), folder.0.clone(), "/dev/null".into()] {
        let trouble = trouble(host.open(&path).map(drop));
        assert!(matches!(trouble, Trouble::WrongType | Trouble::NeverTaken), "{path:?}: {trouble:?}");
    }
    assert_eq!(host.stat(&folder.0).unwrap().file_type, FileType::Folder);
    assert_eq!(trouble(host.open(Path::new("relative")).map(drop)), Trouble::Missing);
    assert_eq!(trouble(host.open(Path::new(&format!("/{}", "x/".repeat(9000)))).map(drop)), Trouble::Missing);
}

#[test]
fn space_and_links_are_told() {
    let folder = Folder::new();
    symlink("/a/../b c", folder.join("link")).unwrap();
    let host = live();
    assert_eq!(host.read_link(&folder.join("link")).unwrap(), Path::new("/a/../b c"));
    assert_eq!(trouble(host.read_link(&folder.0)), Trouble::WrongType);
    let space = host.space(&folder.0).unwrap();
    assert!(space.bytes > space.bytes_free && space.inodes > 0);
}

#[test]
fn many_threads_share_the_workers() {
    let folder = Folder::new();
    for n in 0..16 {
        folder.write(&n.to_string(), n.to_string().repeat(1000));
    }
    let host = live();
    std::thread::scope(|scope| {
        for n in 0..16 {
            let (host, folder) = (&host, &folder);
            scope.spawn(move || {
                let expected = n.to_string().repeat(1000);
                let mut file = host.open(&folder.join(&n.to_string())).unwrap();
                for _ in 0..50 {
                    let mut buf = vec![0; 4000];
                    let len = file.read_at(0, &mut buf).unwrap();
                    assert_eq!(&buf[..len], expected.as_bytes());
                    assert_eq!(host.read(&folder.join(&n.to_string()), 5000).unwrap(), expected.as_bytes());
                }
            });
        }
    });
}

#[test]
fn a_sysroot_holds_all_paths() {
    let folder = Folder::new();
    folder.write("etc/os-release.real", "ID=inside");
    folder.write("etc/gitlab/gitlab-secrets.json", "{\"a\":\"b\"}");
    symlink("/etc/os-release.real", folder.join("etc/absolute")).unwrap();
    symlink("../../../../../etc/os-release.real", folder.join("etc/climbs")).unwrap();
    symlink("/etc/gitlab/gitlab-secrets.json", folder.join("etc/innocent")).unwrap();
    let host = sysroot(&folder.0);
    assert_eq!(host.kind(), Kind::Sysroot);
    for name in ["/etc/absolute", "/etc/climbs", "/../etc/absolute", "/etc/../../etc/os-release.real"] {
        assert_eq!(host.read(Path::new(name), 100).unwrap(), b"ID=inside", "{name}");
    }
    assert_eq!(trouble(host.read(Path::new("/etc/passwd"), 100)), Trouble::Missing);
    for name in ["/etc/gitlab/gitlab-secrets.json", "/etc/innocent"] {
        assert_eq!(trouble(host.read(Path::new(name), 100)), Trouble::NeverTaken, "{name}");
        assert_eq!(trouble(host.stat(Path::new(name))), Trouble::NeverTaken, "{name}");
        assert_eq!(host.read_secret(Path::new(name), 100).unwrap(), b"{\"a\":\"b\"}", "{name}");
    }
    assert_eq!(host.wait(AMPLE), Flow::Stop);
    let command = Command { argv: vec!["true".into()], timeout: AMPLE, limit: 1 };
    assert_eq!(trouble(host.run(&command, &mut |_| Flow::Go)), Trouble::Unsupported);
}

#[test]
fn a_second_name_of_what_is_never_taken_is_known_by_its_inode() {
    let folder = Folder::new();
    let secret = folder.write("etc/gitlab/gitlab-secrets.json", "{}");
    std::fs::hard_link(secret, folder.join("etc/copy.json")).unwrap();
    assert_eq!(trouble(sysroot(&folder.0).read(Path::new("/etc/copy.json"), 100)), Trouble::NeverTaken);
}

#[test]
fn a_sysroot_that_is_not_there_is_told_at_once() {
    let error = Live::start(Some("/no/such/root".into()), Stop::new().unwrap()).err().unwrap();
    assert_eq!(error.kind, error::Kind::Usage);
}

#[test]
fn a_stopped_run_opens_nothing() {
    let stop = Stop::new().unwrap();
    let host = Live::start(None, stop.clone()).unwrap();
    assert!(host.exists(Path::new("/etc/passwd")));
    stop.set(crate::host::stop::Reason::Interrupted);
    assert_eq!(trouble(host.stat(Path::new("/etc/passwd"))), Trouble::Stopped);
}

/// Pages of a file that are in memory, and all its pages.
fn cached(path: &Path) -> (usize, usize) {
    use std::os::fd::AsRawFd;
    let file = std::fs::File::open(path).unwrap();
    let len = usize::try_from(file.metadata().unwrap().len()).unwrap();
    let mut pages = vec![0_u8; len.div_ceil(4096)];
    // SAFETY: a mapping of its own, that is looked at only by mincore and taken away again.
    #[allow(unsafe_code)]
    unsafe {
        let fd = file.as_raw_fd();
        let at = libc::mmap(std::ptr::null_mut(), len, libc::PROT_READ, libc::MAP_SHARED, fd, 0);
        assert_ne!(at, libc::MAP_FAILED);
        assert_eq!(libc::mincore(at, len, pages.as_mut_ptr()), 0);
        libc::munmap(at, len);
    }
    (pages.iter().filter(|page| **page & 1 == 1).count(), pages.len())
}

#[test]
fn reading_leaves_the_page_cache_as_it_was() {
    let folder = Folder::new();
    let path = folder.write("log", vec![b'x'; 5_000_003]);
    std::fs::File::open(&path).unwrap().sync_all().unwrap();
    let host = live();
    let read = |piece: usize| {
        let mut file = host.open(&path).unwrap();
        let (mut buf, mut at) = (vec![0; piece], 0);
        while let n @ 1.. = file.read_at(at, &mut buf).unwrap() {
            at += n as u64;
        }
        assert_eq!(at, 5_000_003);
    };
    let (in_memory, all) = cached(&path);
    assert_eq!(in_memory, all);
    read(1 << 20);
    assert_eq!(cached(&path), (all, all), "what was there stays");

    let evict = nix::fcntl::PosixFadviseAdvice::POSIX_FADV_DONTNEED;
    nix::fcntl::posix_fadvise(std::fs::File::open(&path).unwrap(), 0, 0, evict).unwrap();
    let before = cached(&path).0;
    for piece in [1 << 20, 300_001] {
        read(piece);
        assert_eq!(cached(&path).0, before, "what was not there goes, read by {piece}");
    }
}
