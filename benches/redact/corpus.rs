//! The logs that are redacted, and the secrets that a host would know.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use glsos::redact::KnownSecret;

/// Megabytes that are made where no folder was named.
const SIZE: &str = "50";

/// A file's name and content.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) struct Corpus {
    pub(crate) files: Vec<File>,
    /// What was planted in them.
    pub(crate) planted: Vec<String>,
    /// The same without any planted secret, smaller.
    pub(crate) clean: Vec<File>,
}

impl Corpus {
    /// From a folder, or made for the occasion.
    pub(crate) fn load(folder: Option<&Path>) -> Self {
        let made = Scratch::new();
        let clean = made.generate("clean", "5", "0");
        let files = match folder {
            Some(folder) => folder.to_path_buf(),
            None => made.generate("logs", SIZE, "0.002"),
        };
        let planted = fs::read_to_string(files.join("../planted.txt")).unwrap_or_else(|_| {
            panic!("no planted.txt beside {}: the secrets that are in the logs, one a line", files.display())
        });
        Self {
            planted: planted.lines().map(str::to_owned).collect(),
            files: read(&files),
            clean: read(&clean),
        }
    }
}

/// A folder that goes when it is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("glsos-bench-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn generate(&self, name: &str, megabytes: &str, rate: &str) -> PathBuf {
        let generator = std::env::var("GENLOGS").unwrap_or_else(|_| "../shared/bench/genlogs.py".to_owned());
        let folder = self.0.join(name).join("logs");
        fs::create_dir_all(&folder).unwrap();
        let made =
            Command::new("python3").arg(&generator).arg(&folder).args([megabytes, rate]).status().unwrap();
        assert!(made.success(), "{generator} failed; $GENLOGS tells where genlogs.py is");
        folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn read(folder: &Path) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                files.push(File { name, bytes: fs::read(&path).unwrap() });
            }
        }
    }
    assert!(!files.is_empty(), "no files in {}", folder.display());
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// A hundred secrets as gitlab-secrets.json has them: long, of letters and digits or hex.
pub(crate) fn known() -> Vec<KnownSecret> {
    let mut chance = 1_u64;
    let mut draw = |length: usize, alphabet: &[u8]| -> Vec<u8> {
        let mut letter = || {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            alphabet[(chance >> 33) as usize % alphabet.len()]
        };
        (0..length).map(|_| letter()).collect()
    };
    let letters: Vec<u8> = (b'a'..=b'z').chain(b'A'..=b'Z').chain(b'0'..=b'9').collect();
    (0..100)
        .map(|n| {
            let value = match n % 4 {
                0 => draw(128, b"0123456789abcdef"),
                1 => draw(32, b"0123456789abcdef"),
                2 => draw(64, &letters),
                _ => draw(20, &letters),
            };
            KnownSecret::new(value, Some("secret"), "/etc/gitlab/gitlab-secrets.json")
        })
        .collect()
}
