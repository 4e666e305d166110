//! `interfaces`: addresses, state and counters of interfaces, routes, name servers, and what TCP lost.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, Ipv6Addr},
    path::Path,
};

use super::{
    page::{Page, Sink},
    proc::{
        each_line,
        net::{Counters, interfaces},
        text, word,
    },
    table::{Side, Table, cell, size},
};
use crate::host::{Error, Flow, Host};

/// More interfaces, addresses or routes than this are only counted (a host may have one for each
/// container).
const MOST: usize = 500;

/// Tells the network of the host.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut page = Page::new(sink);
    let routes = routes(host);
    devices(host, &mut page);
    addresses(host, routes.as_deref().unwrap_or_default(), &mut page);
    match routes {
        Ok(routes) => tell_routes(host, &routes, &mut page),
        Err(error) => {
            page.section("Routes");
            page.closed("/proc/net/route", error);
        }
    }
    names(host, &mut page);
    counters(host, &mut page);
    page.end("interfaces")
}

fn devices(host: &dyn Host, page: &mut Page<'_>) {
    const STATE: &[(Side, &str)] = &[
        (Side::Left, "INTERFACE"),
        (Side::Left, "STATE"),
        (Side::Right, "MTU"),
        (Side::Right, "Mb/s"),
        (Side::Left, "DUPLEX"),
        (Side::Right, "QUEUE"),
        (Side::Right, "CARRIER LOST"),
        (Side::Left, "ADDRESS"),
        (Side::Left, "PART OF"),
    ];
    const TRAFFIC: &[(Side, &str)] = &[
        (Side::Left, "INTERFACE"),
        (Side::Right, "RECEIVED"),
        (Side::Right, "PACKETS"),
        (Side::Right, "ERRORS"),
        (Side::Right, "DROPS"),
        (Side::Right, "SENT"),
        (Side::Right, "PACKETS"),
        (Side::Right, "ERRORS"),
        (Side::Right, "DROPS"),
    ];
    page.section("Interfaces");
    let all = match text(host, "/proc/net/dev") {
        Ok(text) => interfaces(&text),
        Err(error) => return page.closed("/proc/net/dev", error),
    };
    let (mut state, mut traffic) = (Table::new(STATE), Table::new(TRAFFIC));
    for (name, counted) in all.iter().take(MOST) {
        let folder = Path::new("/sys/class/net").join(name);
        let own = |file: &str| word(host, folder.join(file)).ok();
        let master = host.read_link(&folder.join("master")).ok();
        state.row([
            name.clone(),
            cell(own("operstate")),
            cell(own("mtu")),
            // An interface that is down says -1.
            cell(own("speed").filter(|speed| !speed.starts_with('-'))),
            cell(own("duplex")),
            cell(own("tx_queue_len")),
            cell(own("carrier_down_count")),
            cell(own("address")),
            cell(master.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))),
        ]);
        let [received, in_packets, in_errors, in_drops] = counted.rx;
        let [sent, out_packets, out_errors, out_drops] = counted.tx;
        let mut row = vec![name.clone(), size(received)];
        row.extend([in_packets, in_errors, in_drops].map(|n| n.to_string()));
        row.push(size(sent));
        row.extend([out_packets, out_errors, out_drops].map(|n| n.to_string()));
        traffic.row(row);
    }
    page.table(&state);
    if all.len() > MOST {
        page.note(format!("{} more are not shown", all.len() - MOST));
    }
    page.section("Traffic since boot");
    page.table(&traffic);
}

/// A line of /proc/net/route.
struct Route {
    interface: String,
    to: Ipv4Addr,
    through: Ipv4Addr,
    mask: Ipv4Addr,
    metric: String,
}

fn routes(host: &dyn Host) -> Result<Vec<Route>, Error> {
    Ok(text(host, "/proc/net/route")?.lines().skip(1).filter_map(route).collect())
}

fn route(line: &str) -> Option<Route> {
    let words: Vec<&str> = line.split_whitespace().collect();
    // 32 bits in the byte order of the machine.
    let ip = |i: usize| {
        let bits = u32::from_str_radix(words.get(i)?, 16).ok()?;
        Some(Ipv4Addr::from(bits.to_ne_bytes()))
    };
    Some(Route {
        interface: (*words.first()?).to_owned(),
        to: ip(1)?,
        through: ip(2)?,
        mask: ip(7)?,
        metric: (*words.get(6)?).to_owned(),
    })
}

impl Route {
    fn prefix(&self) -> u32 {
        u32::from(self.mask).count_ones()
    }

    /// Whether an address is in a network that this interface reaches by itself.
    fn is_local(&self, address: Ipv4Addr) -> bool {
        self.through.is_unspecified()
            && self.prefix() > 0
            && u32::from(address) & u32::from(self.mask) == u32::from(self.to)
    }
}

/// IPv4 addresses are known as local routes only; their interface is that of the network they are in.
fn addresses(host: &dyn Host, routes: &[Route], page: &mut Page<'_>) {
    page.section("Addresses");
    let mut lines: BTreeSet<(String, String)> = BTreeSet::new();
    match local(host) {
        Ok(local) => {
            for address in local {
                let route = routes.iter().filter(|route| route.is_local(address)).max_by_key(|r| r.prefix());
                let (interface, shown) = match route {
                    Some(route) => (route.interface.clone(), format!("{address}/{}", route.prefix())),
                    None if address.is_loopback() => ("lo".to_owned(), address.to_string()),
                    None => ("(interface not known)".to_owned(), address.to_string()),
                };
                lines.insert((interface, shown));
            }
        }
        Err(error) => page.closed("/proc/net/fib_trie", error),
    }
    for line in text(host, "/proc/net/if_inet6").unwrap_or_default().lines() {
        lines.extend(inet6(line));
    }
    for (interface, address) in lines.iter().take(MOST) {
        page.fact(interface, address);
    }
    if lines.len() > MOST {
        page.note(format!("{} more are not shown", lines.len() - MOST));
    }
}

/// The addresses that /proc/net/fib_trie marks `/32 host LOCAL`.
fn local(host: &dyn Host) -> Result<BTreeSet<Ipv4Addr>, Error> {
    let mut local = BTreeSet::new();
    let mut last: Option<Ipv4Addr> = None;
    each_line(host, "/proc/net/fib_trie", &mut |line| {
        if let Some((_, address)) = line.split_once("|-- ") {
            last = address.trim().parse().ok();
        } else if line.trim_start().starts_with("/32 host LOCAL") {
            local.extend(last);
        }
        Flow::Go
    })?;
    Ok(local)
}

/// `fe80…(32 digits) INDEX PREFIX SCOPE FLAGS NAME`
fn inet6(line: &str) -> Option<(String, String)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let address = Ipv6Addr::from(u128::from_str_radix(words.first()?, 16).ok()?);
    let prefix = u8::from_str_radix(words.get(2)?, 16).ok()?;
    let scope = match *words.get(3)? {
        "00" => "global",
        "10" => "host",
        "20" => "link",
        "40" => "site",
        _ => "other",
    };
    Some(((*words.get(5)?).to_owned(), format!("{address}/{prefix} ({scope})")))
}

fn tell_routes(host: &dyn Host, routes: &[Route], page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] =
        &[(Side::Left, "TO"), (Side::Left, "THROUGH"), (Side::Left, "INTERFACE"), (Side::Right, "METRIC")];
    page.section("Routes");
    let mut table = Table::new(HEADS);
    for route in routes.iter().take(MOST) {
        let to = if route.prefix() == 0 {
            "default".to_owned()
        } else {
            format!("{}/{}", route.to, route.prefix())
        };
        let through = (!route.through.is_unspecified()).then_some(route.through);
        table.row([to, cell(through), route.interface.clone(), route.metric.clone()]);
    }
    for line in text(host, "/proc/net/ipv6_route").unwrap_or_default().lines() {
        table_row6(line, &mut table);
    }
    page.table(&table);
    if routes.len() > MOST {
        page.note(format!("{} more are not shown", routes.len() - MOST));
    }
}

/// Default routes of IPv6: the rest is mostly the kernel's own.
fn table_row6(line: &str, table: &mut Table) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (Some(to), Some(prefix), Some(through), Some(metric), Some(interface)) =
        (words.first(), words.get(1), words.get(4), words.get(5), words.get(9))
    else {
        return;
    };
    let Ok(through) = u128::from_str_radix(through, 16) else { return };
    let is_default = *prefix == "00" && to.bytes().all(|byte| byte == b'0');
    if is_default && through != 0 && *interface != "lo" {
        let metric = u32::from_str_radix(metric, 16).ok();
        table.row([
            "default".to_owned(),
            Ipv6Addr::from(through).to_string(),
            (*interface).to_owned(),
            cell(metric),
        ]);
    }
}

fn names(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Name servers (/etc/resolv.conf)");
    match text(host, "/etc/resolv.conf") {
        Ok(text) => {
            for line in
                text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';']))
            {
                page.tell(line);
            }
        }
        Err(error) => page.closed("/etc/resolv.conf", error),
    }
}

/// Counters of /proc/net/{snmp,netstat} that tell of trouble, and what each means.
const TROUBLE: &[(&str, &str)] = &[
    ("Tcp.ActiveOpens", "connections opened"),
    ("Tcp.PassiveOpens", "connections accepted"),
    ("Tcp.AttemptFails", "connections that failed"),
    ("Tcp.EstabResets", "connections reset"),
    ("Tcp.CurrEstab", "connections now"),
    ("Tcp.OutSegs", "segments sent"),
    ("Tcp.RetransSegs", "segments sent again"),
    ("Tcp.InErrs", "segments received in error"),
    ("TcpExt.ListenOverflows", "accept queue was full"),
    ("TcpExt.ListenDrops", "connections dropped by listeners"),
    ("TcpExt.TCPReqQFullDrop", "SYN queue was full"),
    ("TcpExt.TCPReqQFullDoCookies", "SYN cookies sent, queue full"),
    ("TcpExt.SyncookiesSent", "SYN cookies sent"),
    ("TcpExt.TCPTimeouts", "retransmission timeouts"),
    ("TcpExt.TCPSynRetrans", "SYNs sent again"),
    ("TcpExt.TCPLostRetransmit", "retransmissions lost too"),
    ("TcpExt.TCPAbortOnTimeout", "given up after timeouts"),
    ("TcpExt.TCPAbortOnMemory", "given up for lack of memory"),
    ("TcpExt.TCPBacklogDrop", "dropped, backlog full"),
    ("TcpExt.TCPRcvQDrop", "dropped, receive queue full"),
    ("TcpExt.PruneCalled", "receive queue pruned"),
    ("TcpExt.TCPMemoryPressures", "short of memory for TCP"),
    ("TcpExt.TCPTimeWaitOverflow", "too many in TIME-WAIT"),
    ("Udp.InErrors", "datagrams received in error"),
    ("Udp.RcvbufErrors", "datagrams dropped, buffer full"),
    ("Udp.NoPorts", "datagrams to closed ports"),
    ("Ip.InDiscards", "packets discarded"),
    ("Ip.OutNoRoutes", "packets without a route"),
    ("Ip.ReasmFails", "packets not put together"),
];

fn counters(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Counters since boot");
    let mut counters = Counters::default();
    for file in ["/proc/net/snmp", "/proc/net/netstat"] {
        match text(host, file) {
            Ok(text) => counters.add(&text),
            Err(error) => page.closed(file, error),
        }
    }
    for (name, meaning) in TROUBLE {
        if let Some(count) = counters.get(name) {
            page.fact(name, format!("{count:>14}  {meaning}"));
        }
    }
    let again = counters.get("Tcp.RetransSegs").zip(counters.get("Tcp.OutSegs"));
    if let Some((again, sent)) = again.filter(|(_, sent)| *sent > 0) {
        page.fact("sent again", format!("{:>14.3}  % of segments sent", again as f64 * 100.0 / sent as f64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_and_what_they_reach() {
        let route = route("eth0\t0000000A\t00000000\t0001\t0\t0\t100\t0000FFFF\t0\t0\t0").unwrap();
        assert_eq!((route.to.to_string().as_str(), route.prefix()), ("10.0.0.0", 16));
        assert!(route.is_local("10.0.3.4".parse().unwrap()));
        assert!(!route.is_local("10.1.0.1".parse().unwrap()));
        assert!(super::route("eth0 zz").is_none());
    }

    #[test]
    fn addresses_of_ipv6() {
        assert_eq!(
            inet6("fe80000000000000020000fffe000001 02 40 20 80     eth0"),
            Some(("eth0".to_owned(), "fe80::200:ff:fe00:1/64 (link)".to_owned()))
        );
        assert_eq!(inet6("nonsense 1 2"), None);
    }
}
