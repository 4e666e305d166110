//! Files: modes, names that exist, nothing left over, and a disk that is full.

use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn it_grows_as_partial_and_gets_its_name_when_it_is_whole() {
    let folder = Folder::new();
    let path = folder.0.join("b.tar.gz");
    let whole = make(&path, 1, &CLEAN, entry("a", b"x", 1)).unwrap();
    assert_eq!(folder.files(), ["b.tar.gz.partial"]);
    let mode = std::fs::metadata(folder.0.join("b.tar.gz.partial")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    let size = whole.size();
    assert_eq!(whole.publish().unwrap(), Some(path.clone()));
    assert_eq!(folder.files(), ["b.tar.gz"]);
    assert_eq!(std::fs::metadata(&path).unwrap().len(), size);
}

#[test]
fn a_bundle_that_is_given_up_leaves_nothing() {
    let folder = Folder::new();
    drop(make(&folder.0.join("b"), 1, &CLEAN, entry("a", b"x", 1)).unwrap());
    drop(Bundle::create(&Target::File(folder.0.join("c")), &redacted("r"), &CLEAN).unwrap());
    assert!(folder.files().is_empty());
}

#[test]
fn no_file_is_ever_overwritten() {
    let folder = Folder::new();
    let path = folder.0.join("b");
    std::fs::write(&path, "mine").unwrap();
    assert!(make(&path, 1, &CLEAN, Vec::new()).unwrap_err().to_string().contains("exists"));
    std::fs::remove_file(&path).unwrap();
    let whole = make(&path, 1, &CLEAN, Vec::new()).unwrap();
    std::fs::write(&path, "came in between").unwrap();
    assert!(whole.publish().unwrap_err().to_string().contains("exists"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "came in between");
    assert_eq!(folder.files(), ["b"]);
}

/// Found: in a folder where others may write, a file of theirs got the bundle's name.
#[test]
fn a_file_that_took_the_place_of_the_partial_one_never_gets_the_name() {
    let folder = Folder::new();
    let path = folder.0.join("b");
    let whole = make(&path, 1, &CLEAN, entry("a", b"x", 1)).unwrap();
    let partial = folder.0.join("b.partial");
    std::fs::rename(&partial, folder.0.join("stolen")).unwrap();
    std::fs::write(&partial, "forged").unwrap();
    assert!(whole.publish().unwrap_err().to_string().contains("replaced"));
    assert_eq!(folder.files(), ["b.partial", "stolen"], "and what is not ours is not removed");
}

#[test]
fn a_planted_link_is_not_followed() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("/tmp/elsewhere", folder.0.join("b.partial")).unwrap();
    let error = make(&folder.0.join("b"), 1, &CLEAN, Vec::new()).unwrap_err();
    assert!(error.to_string().contains("b.partial"));
}

#[test]
fn a_spooled_bundle_has_no_name() {
    let folder = Folder::new();
    let mut bundle =
        Bundle::create(&Target::Spool(folder.0.clone()), &redacted("glsos.test"), &CLEAN).unwrap();
    bundle.pump(Pace::steady(1), &mut feed(entry("a", b"x", 1))).unwrap();
    let whole = bundle.finish(run(), &Redacted::empty()).unwrap();
    assert!(folder.files().is_empty());
    let size = whole.size() as usize;
    let mut bytes = vec![0; size];
    std::os::unix::fs::FileExt::read_exact_at(&whole.reader().unwrap(), &mut bytes, 0).unwrap();
    assert_eq!(content(&members(&bytes), "a"), Some(&b"x"[..]));
    assert_eq!(whole.publish().unwrap(), None);
}
