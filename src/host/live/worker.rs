//! A file worker: the process that touches what may never answer, so that nobody else hangs there.
//!
//! Serves one request at a time from its parent; data goes through the shared slot. Ends when its
//! parent does. It decides what may be opened (`open`, `never`), so that a caller can't forget to.

use std::{
    collections::{HashMap, HashSet},
    ffi::OsStr,
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Path, PathBuf},
};

use nix::{
    dir::{Dir, OwningIter},
    errno::Errno,
    fcntl::AtFlags,
    sys::{
        socket::{AddressFamily, SockFlag, SockType, UnixAddr, connect, setsockopt, socket, sockopt},
        stat::{FileStat, fstat, fstatat},
        statfs::{PROC_SUPER_MAGIC, fstatfs},
        statvfs::fstatvfs,
        time::{TimeVal, TimeValLike},
    },
};

use super::{
    cached,
    field::Field,
    open::{Found, Opener, Refused},
    slot::{ROOM, Slot},
    stat::{id, of_mode, of_type, pack_stat},
    wire::{self, Packet, Unpack, trouble_code, type_code},
};
use crate::host::{
    FileType, Trouble, gentle,
    glob::Pattern,
    never,
    power::{self, GivenUp},
};

/// What a worker can be asked. The first two and the last have no answer.
pub(super) mod ask {
    pub(in super::super) const AVOID: u8 = 1;
    pub(in super::super) const CLOSE: u8 = 2;
    pub(in super::super) const OPEN: u8 = 3;
    pub(in super::super) const READ: u8 = 4;
    pub(in super::super) const RESTAT: u8 = 5;
    pub(in super::super) const WHOLE: u8 = 6;
    pub(in super::super) const LIST: u8 = 7;
    pub(in super::super) const MORE: u8 = 8;
    pub(in super::super) const STAT: u8 = 9;
    pub(in super::super) const LINK: u8 = 10;
    pub(in super::super) const SPACE: u8 = 11;
    pub(in super::super) const CONNECT: u8 = 12;
    pub(in super::super) const GIVEN_UP: u8 = 13;
    pub(in super::super) const NEVER: u8 = 14;
}

/// An answer's first byte.
pub(super) const DONE: u8 = 0;
pub(super) const REFUSED: u8 = 1;

/// A read of so many bytes is part of a log's.
pub(super) const BULK: usize = 256 << 10;

/// Which files below which root.
#[derive(Debug, Clone)]
pub(super) struct Root {
    /// Where the root is on this machine.
    pub(super) path: PathBuf,
    /// Whether it is a `--sysroot`.
    pub(super) sysroot: bool,
}

/// Serves until the parent is gone.
pub(super) fn serve(socket: &OwnedFd, slot: &OwnedFd, root: &Root, field: Field) -> i32 {
    gentle::worker();
    let Ok(slot) = Slot::of(slot) else { return 1 };
    slot.begin();
    let mut worker = Worker {
        slot,
        root: root.clone(),
        field,
        given_up: GivenUp::new(),
        opener: None,
        avoid: Vec::new(),
        files: HashMap::new(),
        opened: 0,
        listing: None,
        more_never: Vec::new(),
        never: None,
        request: 0,
        bulk: false,
    };
    let mut buf = vec![0; 16 << 10];
    loop {
        let packet = match wire::receive(socket, &mut buf) {
            Ok((packet, _)) if !packet.is_empty() => packet,
            _ => return 0,
        };
        let Some(answer) = worker.answer(packet) else { continue };
        let fds: Vec<_> = answer.fd.iter().map(AsRawFd::as_raw_fd).collect();
        if wire::send(socket, answer.packet.as_bytes(), &fds).is_err() {
            return 0;
        }
    }
}

struct Answer {
    packet: Packet,
    fd: Option<OwnedFd>,
}

struct Open {
    fd: OwnedFd,
    real: PathBuf,
}

struct Worker {
    slot: Slot,
    root: Root,
    field: Field,
    given_up: GivenUp,
    opener: Option<Opener>,
    avoid: Vec<PathBuf>,
    files: HashMap<u64, Open>,
    opened: u64,
    /// The folder being listed, and where in it.
    listing: Option<(OwnedFd, OwningIter)>,
    /// What a site never wants taken, besides.
    more_never: Vec<Pattern>,
    /// Devices and inodes of what is never taken.
    never: Option<HashSet<(u64, u64)>>,
    request: u64,
    /// Whether it reads logs, and has become the gentler for it.
    bulk: bool,
}

type Reply = Result<Packet, Refused>;

impl Worker {
    fn answer(&mut self, packet: &[u8]) -> Option<Answer> {
        let mut packet = Unpack(packet);
        let kind = packet.u8()?;
        self.request = packet.u64()?;
        self.slot.touch(self.request, Path::new(""));
        if !matches!(kind, ask::MORE | ask::AVOID | ask::CLOSE | ask::NEVER) {
            self.listing = None;
        }
        let mut fd = None;
        let reply = match kind {
            ask::AVOID => {
                self.avoid.push(packet.path()?);
                if let Some(opener) = &mut self.opener {
                    opener.avoid.clone_from(&self.avoid);
                }
                return None;
            }
            ask::NEVER => {
                self.more_never.push(Pattern::new(&packet.text()?));
                return None;
            }
            ask::CLOSE => {
                if let Some(Open { fd, real }) = self.files.remove(&packet.u64()?) {
                    self.slot.touch(0, &real);
                    drop(fd);
                    self.slot.touch(0, Path::new(""));
                }
                return None;
            }
            ask::OPEN => self
                .open_file(&packet.path()?, packet.u8()? == 1)
                .map(|(handle, stat)| pack_stat(Packet::new(DONE).u64(handle), &stat)),
            ask::READ => self.read(packet.u64()?, packet.u64()?, packet.u64()?),
            ask::RESTAT => self.restat(packet.u64()?),
            ask::WHOLE => self.whole(&packet.path()?, packet.u8()? == 1, packet.u64()?),
            ask::LIST => self.list(&packet.path()?),
            ask::MORE => self.more(),
            ask::STAT => self.stat(&packet.path()?),
            ask::LINK => self.link(&packet.path()?),
            ask::GIVEN_UP => self.opener().map(drop).map(|()| {
                let told = self.given_up.iter().flat_map(|(what, how)| [what, how]);
                told.fold(Packet::new(DONE), |packet, text| packet.bytes(text.as_bytes()))
            }),
            ask::SPACE => self.space(&packet.path()?),
            ask::CONNECT => self.connect(&packet.path()?, packet.u64()?).map(|socket| {
                fd = Some(socket);
                Packet::new(DONE)
            }),
            _ => Err(Errno::EBADMSG.into()),
        };
        let packet = reply.unwrap_or_else(|refused| {
            Packet::new(REFUSED).u8(trouble_code(refused.trouble)).bytes(refused.detail.as_bytes())
        });
        Some(Answer { packet, fd })
    }

    fn opener(&mut self) -> Result<&Opener, Refused> {
        if self.opener.is_none() {
            self.slot.touch(self.request, Path::new("/"));
            let mut opener = Opener::new(&self.root.path, self.root.sysroot)?;
            opener.avoid.clone_from(&self.avoid);
            self.opener = Some(opener);
            // Only now: the way to a root may lead through another process's folder in /proc.
            self.given_up = power::give_up(&self.field.needs());
        }
        self.opener.as_ref().ok_or_else(|| Errno::EBADF.into())
    }

    fn find(&mut self, path: &Path) -> Result<Found, Refused> {
        self.opener()?;
        let (slot, request) = (&self.slot, self.request);
        let opener = self.opener.as_ref().ok_or(Errno::EBADF)?;
        opener.find(path, &|path| slot.touch(request, path))
    }

    /// Refuses what is never taken.
    fn allowed(&mut self, found: &Found) -> Result<(), Refused> {
        let below = self.root.sysroot.then_some(self.root.path.as_path());
        if let Some(why) = never::why_below(below, &found.real) {
            return Err(Refused::new(Trouble::NeverTaken, why));
        }
        let here = self.root.path.join(found.real.strip_prefix("/").unwrap_or(&found.real));
        if self.more_never.iter().any(|never| never.matches(&found.real) || never.matches(&here)) {
            return Err(Refused::new(Trouble::NeverTaken, "this site's policy"));
        }
        if self.never.is_none() {
            // Not this request's fault if one of those places hangs.
            let request = std::mem::take(&mut self.request);
            let ids = never::exact().filter_map(|path| self.find(&path).ok().map(|found| id(&found.stat)));
            self.never = Some(ids.collect());
            self.request = request;
        }
        if self.never.as_ref().is_some_and(|never| never.contains(&id(&found.stat))) {
            return Err(Refused::new(Trouble::NeverTaken, "another name of a file that is never taken"));
        }
        if never::may_be_in_proc(&found.real) {
            let handle = self.opener()?.handle(found)?;
            if fstatfs(&handle)?.filesystem_type() == PROC_SUPER_MAGIC
                && let Some(why) = never::why_in_proc(&found.real)
            {
                return Err(Refused::new(Trouble::NeverTaken, why));
            }
        }
        Ok(())
    }

    fn open(&mut self, path: &Path, secret: bool) -> Result<(Open, FileStat), Refused> {
        let mut found = self.find(path)?;
        if !secret {
            self.allowed(&found)?;
        }
        let (fd, stat) = self.opener()?.open(&found)?;
        if id(&stat) != id(&found.stat) && !secret {
            // Replaced between the look and the opening: what was opened counts.
            found.stat = stat;
            self.allowed(&found)?;
        }
        Ok((Open { fd, real: found.real }, stat))
    }

    fn open_file(&mut self, path: &Path, secret: bool) -> Result<(u64, FileStat), Refused> {
        let (open, stat) = self.open(path, secret)?;
        Ok((self.keep(open), stat))
    }

    fn keep(&mut self, open: Open) -> u64 {
        self.opened += 1;
        self.files.insert(self.opened, open);
        self.opened
    }

    fn file(&self, handle: u64) -> Result<&Open, Refused> {
        let open = self.files.get(&handle).ok_or(Errno::EBADF)?;
        self.slot.touch(self.request, &open.real);
        Ok(open)
    }

    fn read(&mut self, handle: u64, offset: u64, len: u64) -> Reply {
        self.file(handle)?;
        let open = self.files.get(&handle).ok_or(Errno::EBADF)?;
        let len = usize::try_from(len).unwrap_or(ROOM).min(ROOM);
        if len >= BULK && !self.bulk {
            self.bulk = true;
            gentle::bulk_worker();
        }
        let n = cached::read(&open.fd, &mut self.slot.room()[..len], offset)?;
        let after = u64::try_from(fstat(&open.fd)?.st_size).unwrap_or(0);
        Ok(Packet::new(DONE).u64(n as u64).u64(after))
    }

    fn restat(&mut self, handle: u64) -> Reply {
        let stat = fstat(&self.file(handle)?.fd)?;
        Ok(pack_stat(Packet::new(DONE), &stat))
    }

    /// A small file at once; of a larger one the first part, and a handle for the rest.
    fn whole(&mut self, path: &Path, secret: bool, limit: u64) -> Reply {
        let (open, _) = self.open(path, secret)?;
        let len = usize::try_from(limit.saturating_add(1)).unwrap_or(ROOM).min(ROOM);
        let n = cached::read(&open.fd, &mut self.slot.room()[..len], 0)?;
        let handle = if n == ROOM && n as u64 <= limit { self.keep(open) } else { 0 };
        Ok(Packet::new(DONE).u64(n as u64).u64(handle))
    }

    fn list(&mut self, path: &Path) -> Reply {
        let found = self.find(path)?;
        let folder = self.opener()?.open_folder(&found)?;
        let again = folder.try_clone().map_err(|_| Errno::EMFILE)?;
        self.listing = Some((again, Dir::from_fd(folder)?.into_iter()));
        self.more()
    }

    /// As many names as the slot holds: each its type, its length in two bytes, itself.
    fn more(&mut self) -> Reply {
        let Some((folder, entries)) = &mut self.listing else { return Err(Errno::EBADF.into()) };
        let room = self.slot.room();
        let (mut used, mut count) = (0, 0_u64);
        let mut more = false;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            let file_type = match entry.file_type() {
                Some(known) => of_type(known),
                None => fstatat(&*folder, entry.file_name(), AtFlags::AT_SYMLINK_NOFOLLOW)
                    .map_or(FileType::Other, |stat| of_mode(stat.st_mode)),
            };
            let Some(place) = room.get_mut(used..used + 3 + name.len()) else { continue };
            place[0] = type_code(file_type);
            place[1..3].copy_from_slice(&u16::try_from(name.len()).unwrap_or(u16::MAX).to_ne_bytes());
            place[3..].copy_from_slice(name);
            used += place.len();
            count += 1;
            if used + 3 + 4096 > ROOM {
                more = true;
                break;
            }
        }
        Ok(Packet::new(DONE).u64(count).u64(used as u64).u8(u8::from(more)))
    }

    fn stat(&mut self, path: &Path) -> Reply {
        let found = self.find(path)?;
        if of_mode(found.stat.st_mode) == FileType::File {
            self.allowed(&found)?;
        }
        Ok(pack_stat(Packet::new(DONE), &found.stat))
    }

    fn link(&mut self, path: &Path) -> Reply {
        self.opener()?;
        let (slot, request) = (&self.slot, self.request);
        let opener = self.opener.as_ref().ok_or(Errno::EBADF)?;
        let found = opener.find_link(path, &|path| slot.touch(request, path))?;
        let target = opener.target(&found)?;
        Ok(Packet::new(DONE).bytes(target.as_bytes()))
    }

    fn space(&mut self, path: &Path) -> Reply {
        let found = self.find(path)?;
        let space = fstatvfs(&self.opener()?.handle(&found)?)?;
        let block = if space.fragment_size() == 0 { space.block_size() } else { space.fragment_size() };
        Ok(Packet::new(DONE)
            .u64(space.blocks().saturating_mul(block))
            .u64(space.blocks_free().saturating_mul(block))
            .u64(space.blocks_available().saturating_mul(block))
            .u64(space.files())
            .u64(space.files_free()))
    }

    /// By name in its folder, so that a long path fits and no other path is walked.
    fn connect(&mut self, path: &Path, millis: u64) -> Result<OwnedFd, Refused> {
        let found = self.find(path)?;
        if found.stat.st_mode & libc::S_IFMT != libc::S_IFSOCK {
            return Err(Refused::new(Trouble::WrongType, "not a socket"));
        }
        let (folder, name) = found.place();
        let name = Path::new(OsStr::from_bytes(name.to_bytes()));
        let address = UnixAddr::new(&Path::new(".").join(name))?;
        nix::unistd::fchdir(folder)?;
        let socket = socket(AddressFamily::Unix, SockType::Stream, SockFlag::SOCK_CLOEXEC, None)?;
        let patience = TimeVal::milliseconds(i64::try_from(millis).unwrap_or(i64::MAX).max(1));
        setsockopt(&socket, sockopt::SendTimeout, &patience)?;
        let connected = connect(socket.as_raw_fd(), &address);
        let _ = nix::unistd::chdir("/");
        connected?;
        Ok(socket)
    }
}
