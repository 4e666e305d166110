//! `sample-network`: traffic per interface and the health of TCP, as `sar -n DEV,TCP,ETCP` tells it.

use std::collections::BTreeMap;

use super::{
    Figure, Interval, Sampler,
    strip::{Column, Strip, summaries},
};
use crate::{
    host::{Error, Flow, Host},
    probe::{
        proc::{
            gained,
            net::{Counters, Interface, interfaces},
            text,
        },
        table::plain,
    },
};

const COLUMNS: &[Column] = &[
    ("rxkB/s", 10, 1),
    ("txkB/s", 10, 1),
    ("rxpck/s", 9, 0),
    ("txpck/s", 9, 0),
    ("rxerr/s", 8, 1),
    ("txerr/s", 8, 1),
    ("rxdrop/s", 8, 1),
    ("txdrop/s", 8, 1),
];
const LABEL: usize = 24;

const TCP: &[Column] = &[
    ("active/s", 8, 1),
    ("passive/s", 9, 1),
    ("iseg/s", 9, 0),
    ("oseg/s", 9, 0),
    ("retrans/s", 9, 1),
    ("%retrans", 8, 2),
    ("estres/s", 8, 1),
    ("orsts/s", 8, 1),
    ("overflow/s", 10, 1),
    ("lsndrop/s", 9, 1),
    ("estab", 6, 0),
];

/// Samples /proc/net/dev, snmp and netstat.
pub(crate) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    let network = Network { strips: BTreeMap::new(), tcp: Strip::new(8, TCP), lines: String::new() };
    super::run(host, sink, network)
}

struct Network {
    strips: BTreeMap<String, (Strip, bool)>,
    tcp: Strip,
    /// TCP's rows, which stand together after those of the interfaces.
    lines: String,
}

#[derive(Default)]
struct Sample {
    interfaces: BTreeMap<String, Interface>,
    counters: Counters,
}

impl Sampler for Network {
    type Sample = Sample;

    fn take(&mut self, host: &dyn Host) -> Result<Sample, Error> {
        let mut counters = Counters::default();
        for file in ["/proc/net/snmp", "/proc/net/netstat"] {
            if let Ok(text) = text(host, file) {
                counters.add(&text);
            }
        }
        let interfaces = match text(host, "/proc/net/dev") {
            Ok(text) => interfaces(&text),
            Err(_) if !counters.is_empty() => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        Ok(Sample { interfaces, counters })
    }

    fn head(&mut self, first: &Sample) -> String {
        format!(
            "# {} interfaces; those without traffic in an interval are left out. kB are 1024 bytes\n{}",
            first.interfaces.len(),
            Strip::new(LABEL, COLUMNS).heads("time     interface")
        )
    }

    fn rows(&mut self, interval: &Interval<'_, Sample>) -> String {
        let mut text = String::new();
        for (name, now) in &interval.now.interfaces {
            let Some(before) = interval.past(interval.before.interfaces.get(name)) else { continue };
            let (strip, active) =
                self.strips.entry(name.clone()).or_insert_with(|| (Strip::new(LABEL, COLUMNS), false));
            let row = strip.row(
                &format!("{:<8} {}", interval.label, plain(name)),
                &figures(&before, now, interval.seconds),
            );
            if *now != before {
                *active = true;
                text.push_str(&row);
            }
        }
        if !interval.now.counters.is_empty() {
            self.lines.push_str(&self.tcp.row(&interval.label, &tcp(interval)));
        }
        text
    }

    fn close(&mut self) -> String {
        let mut text = summaries(self.strips.iter().map(|(name, (strip, active))| (name, strip, *active)));
        if !self.lines.is_empty() {
            text.push_str(
                "\n# TCP: connections opened and accepted, segments in and out, sent again (and their share of those \
                 out),\n# reset while established, resets sent, overflows and drops of listen queues; established now\n",
            );
            text.push_str(&self.tcp.heads("time"));
            text.push_str(&self.lines);
            text.push_str(&self.tcp.summary(""));
        }
        text
    }
}

fn figures(before: &Interface, now: &Interface, seconds: f64) -> [Figure; 8] {
    let [rx, tx] = [(before.rx, now.rx), (before.tx, now.tx)];
    let rate = |side: ([u64; 4], [u64; 4]), i: usize, unit: f64| {
        let gain = side.0.get(i).zip(side.1.get(i)).and_then(|(before, now)| gained(*before, *now));
        Figure::rate(gain.map(|gain| gain / unit), seconds)
    };
    [
        rate(rx, 0, 1024.0),
        rate(tx, 0, 1024.0),
        rate(rx, 1, 1.0),
        rate(tx, 1, 1.0),
        rate(rx, 2, 1.0),
        rate(tx, 2, 1.0),
        rate(rx, 3, 1.0),
        rate(tx, 3, 1.0),
    ]
}

fn tcp(interval: &Interval<'_, Sample>) -> [Figure; 11] {
    let rate = |name: &str| interval.rate(|sample| sample.counters.get(name));
    let again = interval.gain(|sample| sample.counters.get("Tcp.RetransSegs"));
    let sent = interval.gain(|sample| sample.counters.get("Tcp.OutSegs"));
    [
        rate("Tcp.ActiveOpens"),
        rate("Tcp.PassiveOpens"),
        rate("Tcp.InSegs"),
        rate("Tcp.OutSegs"),
        rate("Tcp.RetransSegs"),
        Figure::per(again.map(|again| again * 100.0), sent),
        rate("Tcp.EstabResets"),
        rate("Tcp.OutRsts"),
        rate("TcpExt.ListenOverflows"),
        rate("TcpExt.ListenDrops"),
        interval.gauge(interval.now.counters.get("Tcp.CurrEstab"), 1.0),
    ]
}
