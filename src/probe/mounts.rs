//! `mounts`: what is mounted where and how, and how NFS servers answer.

use std::collections::BTreeMap;

use super::{
    page::{Page, Sink},
    proc::{
        mounts::{self, unescape},
        text,
    },
    table::{Side, Table, cell, size},
};
use crate::host::{Error, Flow, Host};

/// More mounts than this are only counted.
const MOST: usize = 2_000;
/// Operations shown of each NFS mount.
const TOP: usize = 10;

/// Tells the mounts.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    const HEADS: &[(Side, &str)] = &[
        (Side::Left, "MOUNTED ON"),
        (Side::Left, "TYPE"),
        (Side::Left, "DEVICE"),
        (Side::Left, "SOURCE"),
        (Side::Left, "FOLDER"),
        (Side::Left, "OPTIONS"),
    ];
    let mut page = Page::new(sink);
    page.section("Mounts (folder: of a bind mount or subvolume)");
    match text(host, "/proc/self/mountinfo") {
        Ok(text) => {
            let mounts = mounts::parse(&text);
            let mut table = Table::new(HEADS);
            for mount in mounts.iter().take(MOST) {
                table.row([
                    mount.point.clone(),
                    mount.fs.clone(),
                    mount.device.clone(),
                    mount.source.clone(),
                    cell((mount.root != "/").then_some(&mount.root)),
                    options(&mount.options, &mount.super_options),
                ]);
            }
            page.table(&table);
            if mounts.len() > MOST {
                page.note(format!("{} more are not shown", mounts.len() - MOST));
            }
        }
        Err(error) => page.closed("/proc/self/mountinfo", error),
    }
    if let Ok(text) = text(host, "/proc/self/mountstats") {
        for server in servers(&text) {
            server.tell(&mut page);
        }
    }
    page.end("mounts")
}

/// Those of the mount and those of the file system, each once. The layers of an overlay are counted.
fn options(own: &str, of_file_system: &str) -> String {
    let mut all: Vec<String> = own.split(',').map(str::to_owned).collect();
    for option in of_file_system.split(',') {
        let option = match option.split_once('=') {
            Some(("lowerdir", layers)) => format!("lowerdir=({} layers)", layers.split(':').count()),
            Some((name @ ("upperdir" | "workdir"), _)) => format!("{name}=…"),
            _ => option.to_owned(),
        };
        if !option.is_empty() && !all.contains(&option) {
            all.push(option);
        }
    }
    all.join(",")
}

/// One NFS mount of /proc/self/mountstats.
#[derive(Debug, Default)]
struct Server {
    device: String,
    point: String,
    options: String,
    seconds: u64,
    /// Bytes read from and written to the server.
    bytes: Option<(u64, u64)>,
    transports: Vec<String>,
    operations: BTreeMap<String, Operation>,
}

/// Sums of one operation; times in milliseconds.
#[derive(Debug, Default, Clone, Copy)]
struct Operation {
    count: u64,
    sent: u64,
    timeouts: u64,
    rtt: u64,
    all: u64,
    errors: Option<u64>,
}

/// Only mounts with statistics (NFS) have more than their first line.
fn servers(text: &str) -> Vec<Server> {
    let mut servers: Vec<Server> = Vec::new();
    let mut current: Option<Server> = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("device ") {
            servers.extend(current.take());
            current = server(rest);
        } else if let Some(server) = &mut current {
            server.detail(line.trim());
        }
    }
    servers.extend(current);
    servers
}

fn server(line: &str) -> Option<Server> {
    let (device, rest) = line.split_once(" mounted on ")?;
    let (point, kind) = rest.split_once(" with fstype ")?;
    let is_nfs = kind.starts_with("nfs") && kind.contains("statvers");
    is_nfs.then(|| Server { device: unescape(device), point: unescape(point), ..Server::default() })
}

impl Server {
    fn detail(&mut self, line: &str) {
        let Some((name, rest)) = line.split_once(':') else { return };
        let rest = rest.trim();
        let numbers: Vec<u64> = rest.split_whitespace().map_while(|word| word.parse().ok()).collect();
        let at = |i: usize| numbers.get(i).copied();
        match name {
            "opts" => self.options = rest.to_owned(),
            "age" => self.seconds = at(0).unwrap_or(0),
            "bytes" => self.bytes = at(4).zip(at(5)),
            "xprt" => self.transports.push(transport(rest)),
            _ if name.chars().all(|c| c.is_ascii_uppercase() || c == '_') => {
                if let (Some(count), Some(sent), Some(timeouts), Some(rtt), Some(all)) =
                    (at(0), at(1), at(2), at(6), at(7))
                {
                    let operation = Operation { count, sent, timeouts, rtt, all, errors: at(8) };
                    self.operations.insert(name.to_owned(), operation);
                }
            }
            _ => {}
        }
    }

    fn tell(&self, page: &mut Page<'_>) {
        const HEADS: &[(Side, &str)] = &[
            (Side::Left, "OPERATION"),
            (Side::Right, "NUMBER"),
            (Side::Right, "SENT AGAIN"),
            (Side::Right, "TIMEOUTS"),
            (Side::Right, "RTT ms"),
            (Side::Right, "WHOLE ms"),
            (Side::Right, "ERRORS"),
        ];
        page.section(format!("NFS: {} on {}", self.device, self.point));
        page.fact("options", &self.options);
        page.fact("mounted for", format!("{} s", self.seconds));
        if let Some((read, written)) = self.bytes {
            page.fact("read, written", format!("{}, {}", size(read), size(written)));
        }
        for transport in &self.transports {
            page.fact("transport", transport);
        }
        let mut order: Vec<(&String, &Operation)> =
            self.operations.iter().filter(|(_, operation)| operation.count > 0).collect();
        order.sort_by(|a, b| b.1.count.cmp(&a.1.count).then(a.0.cmp(b.0)));
        let mut table = Table::new(HEADS);
        for (name, operation) in order.into_iter().take(TOP) {
            let each = |ms: u64| format!("{:.2}", ms as f64 / operation.count as f64);
            table.row([
                name.clone(),
                operation.count.to_string(),
                operation.sent.saturating_sub(operation.count).to_string(),
                operation.timeouts.to_string(),
                each(operation.rtt),
                each(operation.all),
                cell(operation.errors),
            ]);
        }
        page.table(&table);
    }
}

/// `tcp PORT BINDS CONNECTS CONNECT-TIME IDLE SENDS RECEIVES BAD-XIDS …`
fn transport(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    match (words.first(), words.get(3), words.get(5), words.get(6), words.get(7)) {
        (Some(&"tcp"), Some(connects), Some(idle), Some(sends), Some(receives)) => {
            format!("tcp: {connects} connects, idle for {idle} s, {sends} sent, {receives} received")
        }
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_told_once_and_layers_counted() {
        assert_eq!(
            options("rw,relatime", "rw,lowerdir=/a:/b:/c,upperdir=/u"),
            "rw,relatime,lowerdir=(3 layers),upperdir=…"
        );
        assert_eq!(options("ro", ""), "ro");
    }

    #[test]
    fn only_nfs_has_statistics() {
        let text = "device proc mounted on /proc with fstype proc\n\
            device nas:/git mounted on /mnt/my\\040git with fstype nfs4 statvers=1.1\n\
            \topts:\trw,vers=4.2\n\tage:\t100\n\tbytes:\t1 2 3 4 5 6 7 8\n\
            \txprt:\ttcp 0 1 2 0 11 240 239 0\n\tper-op statistics\n\
            \t        READ: 10 12 1 100 200 5 40 60 3\n\t        BAD: 1 x\n";
        let servers = servers(text);
        assert_eq!(servers.len(), 1);
        assert_eq!(servers[0].point, "/mnt/my git");
        assert_eq!(servers[0].bytes, Some((5, 6)));
        assert_eq!(servers[0].operations.len(), 1);
        assert_eq!(servers[0].transports, ["tcp: 2 connects, idle for 11 s, 240 sent, 239 received"]);
    }
}
