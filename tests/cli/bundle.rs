//! Reads a bundle with other people's code, and holds it against what it says about itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
};

use flate2::{Decompress, FlushDecompress, Status, read::GzDecoder};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A bundle, unpacked.
pub(crate) struct Bundle {
    packed: Vec<u8>,
    /// Every byte of the archive: contents, names, manifest, run log.
    pub(crate) tar: Vec<u8>,
    pub(crate) root: String,
    /// By their name below the top folder.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) manifest: Value,
}

impl Bundle {
    /// Unpacks it and asserts what holds for every bundle, however its run ended.
    pub(crate) fn of(packed: Vec<u8>) -> Self {
        let tar = inflate(&packed);
        let (root, files) = members(&tar);
        let manifest: Value = serde_json::from_slice(&files["glsos/manifest.json"]).unwrap();
        let bundle = Self { packed, tar, root, files, manifest };
        bundle.fits_the_schema();
        bundle.every_member_is_what_the_manifest_says();
        bundle.every_count_of_redactions_is_the_same();
        bundle
    }

    pub(crate) fn entries(&self) -> &[Value] {
        self.manifest["entries"].as_array().unwrap()
    }

    /// An entry of the manifest, whether or not it is in the archive.
    pub(crate) fn entry(&self, name: &str) -> &Value {
        self.entries()
            .iter()
            .find(|entry| entry["name"] == name)
            .unwrap_or_else(|| panic!("no entry {name} among {:?}", self.names()))
    }

    /// The entry that was made of this path of the host.
    pub(crate) fn entry_of(&self, path: &str) -> &Value {
        self.entries()
            .iter()
            .find(|entry| entry["asked"]["path"] == path)
            .unwrap_or_else(|| panic!("no entry of {path}"))
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.entries().iter().map(|entry| entry["name"].as_str().unwrap()).collect()
    }

    pub(crate) fn outcome(&self, name: &str) -> &str {
        self.entry(name)["outcome"].as_str().unwrap()
    }

    pub(crate) fn reason(&self, name: &str) -> &str {
        self.entry(name)["reason"].as_str().unwrap_or_default()
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        let bytes = self.files.get(name).unwrap_or_else(|| panic!("no file {name}: {}", self.entry(name)));
        std::str::from_utf8(bytes).unwrap()
    }

    pub(crate) fn run(&self) -> &Value {
        &self.manifest["run"]
    }

    pub(crate) fn log(&self) -> &str {
        self.text("glsos/run.log")
    }

    pub(crate) fn holds(&self, value: &str) -> bool {
        memchr::memmem::find(&self.tar, value.as_bytes()).is_some()
    }

    fn fits_the_schema(&self) {
        let text = include_str!("../../docs/manifest.schema.json");
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        compiler.add_resource("file:///manifest.json", serde_json::from_str(text).unwrap()).unwrap();
        let schema = compiler.compile("file:///manifest.json", &mut schemas).unwrap();
        if let Err(error) = schemas.validate(&self.manifest, schema) {
            panic!("docs/manifest.schema.json: {error:#}");
        }
        assert_eq!(self.manifest["root"], self.root);
    }

    fn every_member_is_what_the_manifest_says(&self) {
        let mut told: BTreeSet<&str> = BTreeSet::from(["glsos/manifest.json"]);
        for entry in self.entries() {
            let name = entry["name"].as_str().unwrap();
            assert!(told.insert(name), "{name} is named twice");
            let Some(content) = self.files.get(name) else {
                assert_eq!((&entry["present"], &entry["bytes"]), (&false.into(), &0.into()), "{entry}");
                continue;
            };
            let lines = content.split_inclusive(|byte| *byte == b'\n').count();
            let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(content));
            assert_eq!(entry["present"], true, "{entry}");
            assert_eq!(entry["bytes"], content.len(), "{name}");
            assert_eq!(entry["lines"], lines, "{name}");
            assert_eq!(entry["sha256"], digest, "{name}");
            assert!(self.segments(entry) == *content, "the segments of {name} are not its content");
            assert!(entry["outcome"] != "skipped" && entry["outcome"] != "denied", "{entry}");
        }
        let untold: Vec<_> = self.files.keys().filter(|name| !told.contains(name.as_str())).collect();
        assert!(untold.is_empty(), "not in the manifest: {untold:?}");
    }

    /// An entry's bytes without the rest of the archive.
    fn segments(&self, entry: &Value) -> Vec<u8> {
        let mut content = Vec::new();
        for segment in entry["segments"].as_array().into_iter().flatten() {
            let number = |at: usize| usize::try_from(segment[at].as_u64().unwrap()).unwrap();
            let (offset, packed, bytes) = (number(0), number(1), number(2));
            let mut inflated = Vec::with_capacity(bytes + 1);
            let status = Decompress::new(false)
                .decompress_vec(&self.packed[offset..offset + packed], &mut inflated, FlushDecompress::Sync)
                .unwrap();
            assert!(status == Status::Ok && inflated.len() == bytes, "{segment}");
            content.extend_from_slice(&inflated);
        }
        content
    }

    fn every_count_of_redactions_is_the_same(&self) {
        let told: Value = serde_json::from_str(self.text("glsos/redactions.json")).unwrap();
        let (mut by_rule, mut by_entry) = (BTreeMap::<String, u64>::new(), BTreeMap::new());
        for entry in self.entries().iter().filter(|entry| entry["redactions"].is_object()) {
            by_entry.insert(entry["name"].as_str().unwrap(), entry["redactions"].clone());
            for (rule, count) in entry["redactions"].as_object().unwrap() {
                *by_rule.entry(rule.clone()).or_default() += count.as_u64().unwrap();
            }
        }
        assert_eq!(told["total"], by_rule.values().sum::<u64>());
        assert_eq!(told["rules"], serde_json::to_value(by_rule).unwrap());
        assert_eq!(told["entries"], serde_json::to_value(by_entry).unwrap());
    }
}

/// The archive behind the one gzip member that there must be.
fn inflate(packed: &[u8]) -> Vec<u8> {
    let mut rest = packed;
    let mut tar = Vec::new();
    GzDecoder::new(&mut rest).read_to_end(&mut tar).unwrap();
    assert!(rest.is_empty(), "{} bytes behind the archive", rest.len());
    tar
}

/// The top folder's name, and the files below it. Nothing else may be there.
fn members(tar: &[u8]) -> (String, BTreeMap<String, Vec<u8>>) {
    let mut root = None;
    let mut files = BTreeMap::new();
    for member in tar::Archive::new(tar).entries().unwrap() {
        let mut member = member.unwrap();
        let path = String::from_utf8(member.path_bytes().into_owned()).unwrap();
        let header = member.header();
        assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0), "{path}");
        let plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        let (top, name) = path.split_once('/').unwrap_or((&path, ""));
        assert!(plain || path.strip_suffix('/').is_some(), "{path:?}");
        assert!(!path.chars().any(char::is_control), "{path:?}");
        assert_eq!(root.get_or_insert_with(|| top.to_owned()), top, "{path}");
        if header.entry_type().is_dir() {
            assert_eq!(header.mode().unwrap(), 0o700, "{path}");
            continue;
        }
        assert!(header.entry_type().is_file(), "{path}: {:?}", header.entry_type());
        assert_eq!(header.mode().unwrap(), 0o600, "{path}");
        let name = name.to_owned();
        let mut content = Vec::new();
        member.read_to_end(&mut content).unwrap();
        assert!(files.insert(name, content).is_none(), "{path} is there twice");
    }
    (root.unwrap(), files)
}
