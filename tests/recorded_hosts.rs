//! The recorded hosts below `tests/hosts` are what their lists say: each planted secret, each value to be
//! kept, stands in the file where the list has it. And the hostile one holds its traps.

use std::{fs, io::Read as _, os::unix::fs::FileTypeExt as _, path::Path};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use crate::hostile::{GIANT, Hostile, LOGS};

fn hosts() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hosts"))
}

/// A file of a recorded host, inflated if it is packed.
fn plain(host: &str, path: &str) -> Vec<u8> {
    let raw = fs::read(hosts().join(host).join(path.trim_start_matches('/'))).unwrap();
    if !raw.starts_with(b"\x1f\x8b") {
        return raw;
    }
    let mut text = Vec::new();
    MultiGzDecoder::new(raw.as_slice()).read_to_end(&mut text).unwrap();
    text
}

fn list(name: &str) -> Vec<Value> {
    serde_json::from_slice(&fs::read(hosts().join(name)).unwrap()).unwrap()
}

#[test]
fn every_listed_value_stands_where_the_list_says() {
    for host in ["omnibus", "container", "gitaly", "source"] {
        for kind in ["planted", "kept"] {
            for row in list(&format!("{host}.{kind}.json")) {
                let (value, path) = (row["value"].as_str().unwrap(), row["where"].as_str().unwrap());
                let text = plain(host, path);
                assert!(
                    memchr::memmem::find(&text, value.as_bytes()).is_some(),
                    "{host}: {path} does not hold the {kind} value {row}"
                );
            }
        }
    }
}

#[test]
fn the_recorded_hosts_are_small() {
    fn size(path: &Path) -> u64 {
        let meta = fs::symlink_metadata(path).unwrap();
        if !meta.is_dir() {
            return meta.len();
        }
        fs::read_dir(path).unwrap().map(|entry| size(&entry.unwrap().path())).sum()
    }
    let size = size(hosts());
    assert!(size < 3 << 20, "{size} bytes");
}

#[test]
fn the_hostile_host_holds_its_traps() {
    let host = Hostile::build();
    let logs = host.root.join(LOGS);
    let kind = |path: &str| fs::symlink_metadata(logs.join(path)).unwrap().file_type();
    assert!(kind("redis/current").is_fifo());
    assert!(kind("nginx/current").is_socket() || kind("nginx/current").is_fifo());
    assert!(kind("gitlab-rails/production_json.log").is_symlink());
    assert!(fs::metadata(logs.join("gitlab-workhorse/current")).unwrap().len() > GIANT);
    let mut secrets = Hostile::secrets().to_vec();
    secrets.dedup();
    assert_eq!(secrets.len(), 5);

    assert!(kind("praefect/current").is_file());
    host.swap();
    assert!(kind("praefect/current").is_symlink());
}
