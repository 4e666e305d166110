//! One log, line by line. Never fails on a line: what is not understood is counted.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use super::{
    super::{
        fields::{Fields, Key},
        names::Format,
        place::{Place, shortened},
    },
    Happened, Logs, access,
    needles::{Means, meanings},
    tally::{Tallies, cut},
    traffic::Meter,
    words::{brief, is_error, json_in, message, undated},
};
use crate::logs::LineTimes;

/// Codes of gRPC that speak of the server, not of what was asked for.
const SERVER_CODES: &[&str] =
    &["Unavailable", "DeadlineExceeded", "ResourceExhausted", "Internal", "Unknown", "DataLoss", "Aborted"];
/// Codes that are an ordinary answer.
const PLAIN_CODES: &[&str] = &["", "OK", "NotFound", "Canceled", "AlreadyExists"];

/// Reads one log.
pub(in crate::index) struct Reader {
    format: Format,
    component: &'static str,
    entry: Arc<str>,
    times: LineTimes,
    meter: Meter,
    logs: Logs,
}

impl Reader {
    /// For the entry of this name, last written at `newest`.
    pub(in crate::index) fn new(
        format: Format,
        component: &'static str,
        entry: &str,
        zone: &TimeZone,
        newest: Timestamp,
    ) -> Self {
        Self {
            format,
            component,
            entry: entry.into(),
            times: LineTimes::new(zone, newest),
            meter: Meter::default(),
            logs: Logs::default(),
        }
    }

    /// All that it told.
    pub(in crate::index) fn finish(mut self, cut: u64) -> Logs {
        self.logs.traffic.insert(self.component, self.meter.finish(&self.entry));
        self.logs.events.settle();
        self.logs.cut = cut;
        self.logs
    }

    /// The next line.
    pub(in crate::index) fn line(&mut self, number: u64, line: &[u8]) {
        match self.format {
            Format::Quiet => self.meter.traffic.lines += 1,
            Format::Access => self.access(number, line),
            _ => match json_in(line) {
                Some(json) => match Fields::of(json) {
                    Some(fields) => self.json(number, line, &fields),
                    None => {
                        let place = self.place(number, line);
                        self.meter.traffic.bad += 1;
                        self.meter.traffic.first_bad.get_or_insert(place);
                        self.text(number, line);
                    }
                },
                None => self.text(number, line),
            },
        }
    }

    fn place(&self, number: u64, line: &[u8]) -> Place {
        Place { entry: Arc::clone(&self.entry), line: number, text: shortened(line) }
    }

    fn access(&mut self, number: u64, line: &[u8]) {
        let time = self.times.of_line(line);
        let Self { meter, entry, .. } = self;
        let place = || Place { entry: Arc::clone(entry), line: number, text: shortened(line) };
        meter.line(number, time, place);
        if let Some(status) = access::status(line) {
            meter.request(None, status >= 500, time, place);
        }
    }

    fn text(&mut self, number: u64, line: &[u8]) {
        let time = self.times.of_line(line);
        let Self { meter, entry, component, logs, .. } = self;
        let place = || Place { entry: Arc::clone(entry), line: number, text: shortened(line) };
        meter.line(number, time, place);
        meanings(line, component, |means| {
            if means == Means::Error {
                meter.error();
                logs.errors.add(component, undated(line), time, place);
            } else {
                mean(logs, component, means, time, place);
            }
        });
    }

    fn json(&mut self, number: u64, line: &[u8], fields: &Fields<'_>) {
        let stamp = fields.get(Key::Time);
        let time = if stamp.is_empty() { self.times.of_line(line) } else { self.times.of_field(stamp) };
        let Self { format, meter, entry, component, logs, .. } = self;
        let place = || Place { entry: Arc::clone(entry), line: number, text: brief(line, fields) };
        meter.line(number, time, place);
        let ordinary = match format {
            Format::Requests => requested(meter, logs, component, fields, time, place),
            Format::Served => served(meter, fields, time, place),
            Format::Jobs => job(meter, logs, fields, time, place),
            Format::Calls => call(meter, logs, fields, time, place),
            _ => false,
        };
        let troubled = is_error(fields.get(Key::Level))
            || !fields.get(Key::ExceptionClass).is_empty()
            || matches!(format, Format::Jobs) && fields.get(Key::JobStatus) == b"fail";
        if troubled {
            meter.error();
            logs.errors.add(component, &message(fields), time, place);
        }
        if troubled || !ordinary {
            let worker = fields.text(Key::Worker);
            meanings(&message(fields), component, |means| {
                let component = match worker {
                    worker if worker.starts_with("puma") => "puma",
                    worker if worker.starts_with("sidekiq") => "sidekiq",
                    _ => component,
                };
                if means != Means::Error {
                    mean(logs, component, means, time, place);
                }
            });
        }
    }
}

fn mean(
    logs: &mut Logs,
    component: &'static str,
    means: Means,
    time: Option<i64>,
    place: impl Fn() -> Place + Copy,
) {
    let (kind, text, signal) = match means {
        Means::Error => return,
        Means::Signal(name) => {
            logs.signals.entry(name).or_default().add(time, place);
            if name != "oom" {
                return;
            }
            ("oom", "the kernel ended a process for want of memory", None)
        }
        Means::Restart => ("restart", "started", None),
        Means::Kill(why) => {
            ("kill", why, Some(if component == "sidekiq" { "sidekiq-killed" } else { "puma-killed" }))
        }
    };
    if let Some(name) = signal {
        logs.signals.entry(name).or_default().add(time, place);
    }
    if let Some(time) = time {
        logs.events.add(Happened { time, kind, component, text: text.to_owned(), place: place() });
    }
}

fn requested(
    meter: &mut Meter,
    logs: &mut Logs,
    component: &'static str,
    fields: &Fields<'_>,
    time: Option<i64>,
    place: impl Fn() -> Place + Copy,
) -> bool {
    let Some(status) = fields.number(Key::Status) else { return false };
    let failed = status >= 500.0;
    let took = fields.number(Key::DurationS).map(|seconds| (seconds * 1e6) as u64);
    meter.request(took, failed, time, place);
    let (caller, controller, route) =
        (fields.text(Key::Caller), fields.text(Key::Controller), fields.text(Key::Route));
    let joined;
    let name = if !caller.is_empty() {
        caller
    } else if !controller.is_empty() {
        joined = format!("{controller}#{}", fields.text(Key::Action));
        &joined
    } else {
        route
    };
    count(&mut logs.routes, component, name, took, None, failed);
    true
}

fn served(
    meter: &mut Meter,
    fields: &Fields<'_>,
    time: Option<i64>,
    place: impl Fn() -> Place + Copy,
) -> bool {
    let Some(status) = fields.number(Key::Status) else { return false };
    let failed = status >= 500.0;
    meter.request(fields.number(Key::DurationMs).map(|ms| (ms * 1e3) as u64), failed, time, place);
    true
}

fn job(
    meter: &mut Meter,
    logs: &mut Logs,
    fields: &Fields<'_>,
    time: Option<i64>,
    place: impl Fn() -> Place + Copy,
) -> bool {
    let failed = match fields.get(Key::JobStatus) {
        b"done" => false,
        b"fail" => true,
        b"" => return false,
        _ => return true,
    };
    let took = fields.number(Key::DurationS).map(|seconds| (seconds * 1e6) as u64);
    let waited = fields.number(Key::Waited).map(|seconds| (seconds * 1e6) as u64);
    meter.request(took, failed, time, place);
    if let Some(waited) = waited {
        meter.traffic.waited.add(waited);
    }
    count(&mut logs.workers, "sidekiq", fields.text(Key::Class), took, waited, failed);
    true
}

fn call(
    meter: &mut Meter,
    logs: &mut Logs,
    fields: &Fields<'_>,
    time: Option<i64>,
    place: impl Fn() -> Place + Copy,
) -> bool {
    let code = fields.text(Key::GrpcCode);
    if code.is_empty() {
        return false;
    }
    let failed = SERVER_CODES.contains(&code);
    let took = fields.number(Key::GrpcMs).map(|ms| (ms * 1e3) as u64);
    meter.request(took, failed, time, place);
    if !PLAIN_CODES.contains(&code)
        && let Some(signal) = logs.code(cut(code))
    {
        signal.add(time, place);
    }
    count(&mut logs.methods, "gitaly", fields.text(Key::GrpcMethod), took, None, failed);
    true
}

fn count(
    tallies: &mut Tallies,
    component: &'static str,
    name: &str,
    took: Option<u64>,
    waited: Option<u64>,
    failed: bool,
) {
    let Some(tally) = tallies.of(if name.is_empty() { "(not told)" } else { name }) else { return };
    tally.component = component;
    tally.count += 1;
    tally.failed += u64::from(failed);
    took.into_iter().for_each(|micros| tally.took.add(micros));
    waited.into_iter().for_each(|micros| tally.waited.add(micros));
}
