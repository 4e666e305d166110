//! `sockets`: who listens, what is connected to what, and how full the queues are, as `ss` tells it.
//!
//! The tables are read line by line; a host may have hundreds of thousands of connections.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    net::SocketAddr,
    path::Path,
};

use super::{
    page::{Page, Sink},
    proc::{
        each_line,
        net::{ESTABLISHED, LISTEN, Socket, UnixSocket, state_name},
        number,
        process::{Process, pids},
        text,
        users::Users,
        word,
    },
    table::{Side, Table, cell, percent},
};
use crate::host::{Error, Flow, Host, Trouble};

/// Listeners beyond this are only counted.
const LISTENERS: usize = 1_000;
/// Groups of connections that are told apart while counting, and those that are shown.
const GROUPS: usize = 20_000;
const TOP: usize = 25;
/// At most that many open files are looked at to find a listener's process.
const LINKS: usize = 300_000;

/// Tells who listens and what is connected.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

/// A socket that takes connections or datagrams.
struct Listener {
    protocol: &'static str,
    socket: Socket,
}

/// What the tables of TCP and UDP hold.
#[derive(Default)]
struct Internet {
    listeners: Vec<Listener>,
    more: usize,
    states: BTreeMap<u8, u64>,
    /// Connections by both ends' services, once listeners are known.
    peers: HashMap<(bool, SocketAddr), Peer>,
    beyond: u64,
}

/// Established connections of one kind.
#[derive(Default, Clone, Copy)]
struct Peer {
    connections: u64,
    sending: u64,
    receiving: u64,
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut page = Page::new(sink);
    let mut internet = Internet::default();
    page.section("Listening");
    for protocol in ["tcp", "tcp6", "udp", "udp6"] {
        if let Err(error) = internet.listen(host, protocol)
            && (error.trouble != Trouble::Missing || protocol == "tcp")
        {
            page.closed(protocol, error);
        }
    }
    let (unix, kinds) = unix(host, &mut page);
    let wanted: HashSet<u64> =
        internet.listeners.iter().map(|listener| listener.socket.inode).chain(unix.keys().copied()).collect();
    let owners = owners(host, wanted);
    internet.tell_listeners(&Users::of(host).unwrap_or_default(), &owners, &mut page);
    if !page.stopped() {
        internet.count(host);
        internet.tell(&mut page);
        tell_unix(&unix, &kinds, &owners, &mut page);
        usage(host, &mut page);
    }
    page.end("sockets")
}

impl Internet {
    /// First pass: listeners and states.
    fn listen(&mut self, host: &dyn Host, protocol: &'static str) -> Result<(), Error> {
        let is_tcp = protocol.starts_with("tcp");
        each_line(host, format!("/proc/net/{protocol}"), &mut |line| {
            let Some(socket) = Socket::parse(line) else { return Flow::Go };
            if is_tcp {
                *self.states.entry(socket.state).or_default() += 1;
            }
            let listens = if is_tcp { socket.state == LISTEN } else { socket.remote.port() == 0 };
            if listens && self.listeners.len() < LISTENERS {
                self.listeners.push(Listener { protocol, socket });
            } else if listens {
                self.more += 1;
            }
            Flow::Go
        })
    }

    /// Second pass: established connections, by the local service they came to, or else by the
    /// remote service they go to.
    fn count(&mut self, host: &dyn Host) {
        let ports: BTreeSet<u16> = self
            .listeners
            .iter()
            .filter(|listener| listener.protocol.starts_with("tcp"))
            .map(|listener| listener.socket.local.port())
            .collect();
        for protocol in ["tcp", "tcp6"] {
            // What can't be read was told by the first pass.
            let _ = each_line(host, format!("/proc/net/{protocol}"), &mut |line| {
                if let Some(socket) = Socket::parse(line).filter(|socket| socket.state == ESTABLISHED) {
                    let comes = ports.contains(&socket.local.port());
                    self.add(comes, if comes { socket.local } else { socket.remote }, &socket);
                }
                Flow::Go
            });
        }
    }

    fn add(&mut self, comes: bool, service: SocketAddr, socket: &Socket) {
        let service = SocketAddr::new(service.ip().to_canonical(), service.port());
        if self.peers.len() >= GROUPS && !self.peers.contains_key(&(comes, service)) {
            self.beyond += 1;
            return;
        }
        let peer = self.peers.entry((comes, service)).or_default();
        peer.connections += 1;
        peer.sending = peer.sending.saturating_add(socket.send);
        peer.receiving = peer.receiving.saturating_add(socket.receive);
    }

    fn tell_listeners(&self, users: &Users, owners: &HashMap<u64, String>, page: &mut Page<'_>) {
        const HEADS: &[(Side, &str)] = &[
            (Side::Left, "PROTO"),
            (Side::Left, "LOCAL ADDRESS"),
            (Side::Right, "WAITING"),
            (Side::Right, "DROPS"),
            (Side::Left, "USER"),
            (Side::Left, "PROCESS"),
        ];
        let mut table = Table::new(HEADS);
        let mut order: Vec<&Listener> = self.listeners.iter().collect();
        order.sort_by_key(|listener| {
            (
                listener.protocol,
                listener.socket.local.port(),
                listener.socket.local.ip(),
                listener.socket.inode,
            )
        });
        for Listener { protocol, socket } in order {
            table.row([
                (*protocol).to_owned(),
                socket.local.to_string(),
                socket.receive.to_string(),
                cell(socket.drops.filter(|_| protocol.starts_with("udp"))),
                users.name(socket.uid),
                cell(owners.get(&socket.inode)),
            ]);
        }
        page.table(&table);
        if self.more > 0 {
            page.note(format!("{} more are not shown", self.more));
        }
        page.note("waiting: connections not yet accepted; of UDP, bytes not yet read. Which process: as far as this user may see");
    }

    fn tell(&self, page: &mut Page<'_>) {
        page.section("TCP sockets by state");
        for (state, number) in &self.states {
            page.fact(state_name(*state), format!("{number:>8}"));
        }
        for (comes, heading) in
            [(true, "Established to local services"), (false, "Established to other services")]
        {
            self.tell_peers(comes, heading, page);
        }
        if self.beyond > 0 {
            page.note(format!("{} connections of other kinds are not told apart", self.beyond));
        }
    }

    fn tell_peers(&self, comes: bool, heading: &str, page: &mut Page<'_>) {
        const HEADS: &[(Side, &str)] = &[
            (Side::Left, "SERVICE"),
            (Side::Right, "CONNECTIONS"),
            (Side::Right, "BYTES TO SEND"),
            (Side::Right, "BYTES TO READ"),
        ];
        let mut order: Vec<(&SocketAddr, &Peer)> = self
            .peers
            .iter()
            .filter(|((side, _), _)| *side == comes)
            .map(|((_, at), peer)| (at, peer))
            .collect();
        order.sort_by(|a, b| b.1.connections.cmp(&a.1.connections).then(a.0.cmp(b.0)));
        let mut table = Table::new(HEADS);
        for (service, peer) in order.iter().take(TOP) {
            table.row([
                service.to_string(),
                peer.connections.to_string(),
                peer.sending.to_string(),
                peer.receiving.to_string(),
            ]);
        }
        page.section(heading);
        page.table(&table);
        if order.len() > TOP {
            page.note(format!("{} more are not shown", order.len() - TOP));
        }
    }
}

/// Unix sockets that listen, by inode, and how many there are of each kind.
fn unix(host: &dyn Host, page: &mut Page<'_>) -> (BTreeMap<u64, UnixSocket>, BTreeMap<(u8, u8), u64>) {
    let (mut listeners, mut kinds) = (BTreeMap::new(), BTreeMap::new());
    let read = each_line(host, "/proc/net/unix", &mut |line| {
        if let Some(socket) = UnixSocket::parse(line) {
            *kinds.entry((socket.kind, socket.state)).or_default() += 1;
            if socket.listening && listeners.len() < LISTENERS {
                listeners.insert(socket.inode, socket);
            }
        }
        Flow::Go
    });
    if let Err(error) = read {
        page.closed("unix", error);
    }
    (listeners, kinds)
}

fn tell_unix(
    listeners: &BTreeMap<u64, UnixSocket>,
    kinds: &BTreeMap<(u8, u8), u64>,
    owners: &HashMap<u64, String>,
    page: &mut Page<'_>,
) {
    const HEADS: &[(Side, &str)] = &[(Side::Left, "TYPE"), (Side::Left, "PROCESS"), (Side::Left, "PATH")];
    let kind = |kind: u8| match kind {
        1 => "stream",
        2 => "datagram",
        5 => "seqpacket",
        _ => "other",
    };
    page.section("Listening Unix sockets");
    let mut order: Vec<&UnixSocket> = listeners.values().collect();
    order.sort_by(|a, b| a.path.cmp(&b.path).then(a.inode.cmp(&b.inode)));
    let mut table = Table::new(HEADS);
    for socket in order {
        table.row([
            kind(socket.kind).to_owned(),
            cell(owners.get(&socket.inode)),
            cell(socket.path.as_ref()),
        ]);
    }
    page.table(&table);
    page.section("Unix sockets by type and state");
    for ((type_number, state), number) in kinds {
        let state = if *state == 3 { "connected" } else { "not connected" };
        page.fact(&format!("{} {state}", kind(*type_number)), format!("{number:>8}"));
    }
}

/// The first process that holds each of these sockets.
fn owners(host: &dyn Host, mut wanted: HashSet<u64>) -> HashMap<u64, String> {
    let mut owners = HashMap::new();
    let mut links = 0;
    for pid in pids(host).unwrap_or_default() {
        if wanted.is_empty() || links >= LINKS {
            break;
        }
        let folder = format!("/proc/{pid}/fd");
        let Ok(files) = host.list(Path::new(&folder)) else { continue };
        let mut held = Vec::new();
        for file in files {
            links += 1;
            let Ok(target) = host.read_link(&Path::new(&folder).join(&file.name)) else { continue };
            let inode = target
                .to_str()
                .and_then(|target| target.strip_prefix("socket:[")?.strip_suffix(']')?.parse::<u64>().ok());
            held.extend(inode.filter(|inode| wanted.remove(inode)));
        }
        if !held.is_empty() {
            let name =
                Process::read(host, pid).ok().flatten().map(|process| process.name).unwrap_or_default();
            owners.extend(held.into_iter().map(|inode| (inode, format!("{pid} {name}"))));
        }
    }
    owners
}

fn usage(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Sockets and connection tracking in use");
    for file in ["sockstat", "sockstat6"] {
        for line in text(host, format!("/proc/net/{file}")).unwrap_or_default().lines() {
            if let Some((name, rest)) = line.split_once(": ") {
                page.fact(name, rest);
            }
        }
    }
    page.maybe(
        "tcp_mem (pages)",
        word(host, "/proc/sys/net/ipv4/tcp_mem").ok().map(|line| line.replace('\t', " ")),
    );
    let tracked = number::<u64>(host, "/proc/sys/net/netfilter/nf_conntrack_count");
    let most = number::<u64>(host, "/proc/sys/net/netfilter/nf_conntrack_max");
    let shown = tracked.zip(most).map(|(tracked, most)| {
        format!("{tracked} of {most} ({} %)", percent(tracked, most).unwrap_or_default())
    });
    page.maybe("connections tracked", shown);
    let ports = word(host, "/proc/sys/net/ipv4/ip_local_port_range").ok().map(|line| line.replace('\t', "-"));
    page.maybe("local ports", ports);
    page.maybe("somaxconn", word(host, "/proc/sys/net/core/somaxconn").ok());
}
