//! Any bytes as a file of secrets: read without a panic or a hang, and whatever is learnt of it is
//! found again by the redactor.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use glsos::{
    host::{Command, Error, File, FileType, Flow, Get, Got, Host, Kind, Listed, Ran, Space, Stat, Trouble},
    redact::{KnownSecret, Redactor, Strength, secrets, strength},
};

use super::chance::Chance;

/// One file of each format.
const PATHS: &[&str] = &[
    "/etc/gitlab/gitlab.rb",
    "/etc/gitlab/gitlab-secrets.json",
    "/var/opt/gitlab/gitlab-rails/etc/database.yml",
    "/home/git/gitlab/workhorse/config.toml",
    "/var/opt/gitlab/consul/config.json",
    "/var/opt/gitlab/redis/redis.conf",
    "/opt/gitlab/etc/gitaly/env/REDIS_PASSWORD",
    "/var/opt/gitlab/postgresql/.pgpass",
    "/root/.netrc",
    "/etc/pgbouncer/userlist.txt",
    "/etc/gitlab/ssl/a.key",
    "/var/opt/gitlab/gitaly/x",
];

/// The first byte chooses the file.
pub(crate) fn check(bytes: &[u8]) {
    let Some((which, text)) = bytes.split_first() else { return };
    let path = PATHS[usize::from(*which) % PATHS.len()];
    let host = OneFile { path: PathBuf::from(path), text: text.to_vec() };
    let learnt = secrets::learn(&host, &[]);
    let size: usize = learnt.secrets.iter().map(|known| known.value.len()).sum();
    // A value may be decoded, joined or cut in many ways, but not without end.
    assert!(size <= 1_000_000 + 64 * text.len(), "{size} bytes of values from {}", text.len());
    // A redactor takes much longer to build than a file to read.
    if Chance::of(bytes).below(8) == 0 && !learnt.secrets.is_empty() {
        every_strong_one_goes(&learnt.secrets);
    }
}

fn every_strong_one_goes(secrets: &[KnownSecret]) {
    let redactor = Redactor::new(secrets.to_vec()).unwrap();
    for known in secrets.iter().filter(|known| strength(known) == Strength::Strong) {
        let value = known.value.expose().trim_ascii();
        let out = redactor.text(&[b"a line with ", value, b" in it\n"].concat());
        let left = memchr::memmem::find(out.as_bytes(), value);
        assert!(left.is_none(), "{} is learnt and left", value.escape_ascii());
    }
}

/// A host with one file.
struct OneFile {
    path: PathBuf,
    text: Vec<u8>,
}

impl OneFile {
    fn stat_of(&self, file_type: FileType) -> Stat {
        let len = self.text.len() as u64;
        let mtime = jiff::Timestamp::UNIX_EPOCH;
        Stat { file_type, len, mtime, uid: 0, gid: 0, mode: 0o600, links: 1, id: (0, 1) }
    }
}

impl Host for OneFile {
    fn kind(&self) -> Kind {
        Kind::Sysroot
    }

    fn open(&self, path: &Path) -> Result<Box<dyn File>, Error> {
        if path == self.path {
            return Ok(Box::new(Open { text: self.text.clone(), stat: self.stat_of(FileType::File) }));
        }
        Err(Error::new(Trouble::Missing, "opening", path))
    }

    fn list(&self, path: &Path) -> Result<Vec<Listed>, Error> {
        let below = self.path.strip_prefix(path);
        let mut parts = below.iter().flat_map(|below| below.components());
        let Some(name) = parts.next() else { return Err(Error::new(Trouble::Missing, "listing", path)) };
        let file_type = if parts.next().is_some() { FileType::Folder } else { FileType::File };
        Ok(vec![Listed { name: name.as_os_str().to_owned(), file_type }])
    }

    fn stat(&self, path: &Path) -> Result<Stat, Error> {
        match self.path.strip_prefix(path) {
            Ok(rest) if rest.as_os_str().is_empty() => Ok(self.stat_of(FileType::File)),
            Ok(_) => Ok(self.stat_of(FileType::Folder)),
            Err(_) => Err(Error::new(Trouble::Missing, "stat", path)),
        }
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, Error> {
        Err(Error::new(Trouble::WrongType, "reading the link", path))
    }

    fn space(&self, path: &Path) -> Result<Space, Error> {
        Err(Error::new(Trouble::Unsupported, "statvfs", path))
    }

    fn run(&self, _: &Command, _: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Ran, Error> {
        Err(Error::new(Trouble::Unsupported, "running", ""))
    }

    fn get(&self, _: &Get, _: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Got, Error> {
        Err(Error::new(Trouble::Unsupported, "asking", ""))
    }

    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }

    fn wait(&self, _: Duration) -> Flow {
        Flow::Stop
    }

    fn privileged(&self) -> bool {
        true
    }
}

struct Open {
    text: Vec<u8>,
    stat: Stat,
}

impl File for Open {
    fn stat(&self) -> &Stat {
        &self.stat
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, Error> {
        let rest = self.text.get(offset as usize..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }

    fn restat(&mut self) -> Result<Stat, Error> {
        Ok(self.stat.clone())
    }
}
