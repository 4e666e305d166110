//! About how much of a log is inside a window, and how its bytes look: for sharing a bundle's room
//! before anything is taken. Reads some hundreds of kilobytes at most, whatever the log's size.

use jiff::tz::TimeZone;

use super::{Body, Reader};
use crate::{
    host::{self, Host},
    logs::{
        LogFile, SLACK_BYTES, SLACK_TIME, Window,
        bisect::Search,
        filter::{Place, Slack},
        lines::{LONG, Source},
        rotation::Rotated,
        times::micros,
    },
};

/// A part up to this size is read, a larger one only probed.
const SMALL: u64 = 512 << 10;
/// A sample's size, and how many are taken of a large log.
const SAMPLE: u64 = 64 << 10;
const SAMPLES: u64 = 4;
/// No more of one file is read than this: a file's hole may be endless.
const MOST_READ: u64 = 64 << 20;

/// What a look at a log tells.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Survey {
    /// Bytes of lines inside the window, about; of a compressed log inflated ones.
    pub inside: u64,
    /// Some of them, from all over it: how they compress is how the log does. None of a compressed log.
    pub samples: Vec<Vec<u8>>,
    /// A compressed log's own bytes for each that is inflated; nothing for a plain one.
    pub packed: Option<f64>,
}

impl Survey {
    /// Looks at a log. `zone` is the host's own. Nothing is inside a log that can't be read.
    pub fn of(host: &dyn Host, file: &LogFile, window: &Window, zone: &TimeZone) -> Self {
        let slack = Slack { time: SLACK_TIME, bytes: SLACK_BYTES };
        Reader::with_limits(host, file, window, zone, (None, MOST_READ), slack)
            .and_then(|reader| reader.survey(file))
            .unwrap_or_default()
    }
}

impl Reader<'_> {
    fn survey(mut self, file: &LogFile) -> Result<Survey, host::Error> {
        if self.ending.is_some() {
            return Ok(Survey::default());
        }
        match &self.body {
            Body::Nothing => Ok(Survey::default()),
            Body::Gzip(_) => self.inflated(file),
            Body::Plain(plain) if plain.len.min(self.to).saturating_sub(self.at) <= SMALL => self.counted(),
            Body::Plain(_) => self.probed(),
        }
    }

    /// A small part: its lines are counted.
    fn counted(&mut self) -> Result<Survey, host::Error> {
        let (mut inside, mut sample) = (0, Vec::new());
        while let Some((place, line)) = self.pass()? {
            if place == Place::In {
                inside += line.range.len() as u64;
                let room = (SAMPLE as usize).saturating_sub(sample.len());
                let bytes = self.lines.bytes(&line);
                sample.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
            }
            if line.ended && (self.at >= self.to || self.filter.is_over(self.at)) {
                break;
            }
        }
        Ok(Survey { inside, samples: vec![sample], packed: None })
    }

    /// A large part: where the window begins and ends is found by the times of few lines.
    fn probed(&mut self) -> Result<Survey, host::Error> {
        let Body::Plain(plain) = &mut self.body else { return Ok(Survey::default()) };
        let (from, to) = (self.at, plain.len.min(self.to));
        let mut search = Search { plain, lines: &mut self.lines, times: &mut self.times };
        let (from, to) = search.extent(from, to, &self.filter)?;
        let inside = to.saturating_sub(from);
        let mut samples = Vec::new();
        for number in 0..SAMPLES {
            let at = from + inside / SAMPLES * number;
            let mut sample = vec![0; usize::try_from(SAMPLE.min(inside)).unwrap_or(LONG)];
            let n = plain.span(at, to).read(&mut sample)?;
            sample.truncate(n);
            samples.push(sample);
        }
        Ok(Survey { inside, samples, packed: None })
    }

    /// A compressed log: how long it is inflated stands at its end; how much of that is inside follows from the
    /// times of its first line and of its last writing.
    fn inflated(&mut self, file: &LogFile) -> Result<Survey, host::Error> {
        while self.filter.timed == 0 && self.at < SLACK_BYTES {
            if self.pass()?.is_none() {
                break;
            }
        }
        let Body::Gzip(inflate) = &mut self.body else { return Ok(Survey::default()) };
        let (len, whole) = (inflate.len, inflate.inflated_len()?);
        let named = file.rotated.and_then(Rotated::newest);
        let last = micros(named.map_or(file.stat.mtime, |named| named.min(file.stat.mtime)));
        let share = self.filter.share_of(last);
        let packed = Some(len as f64 / whole.max(1) as f64);
        Ok(Survey { inside: (whole as f64 * share) as u64, samples: Vec::new(), packed })
    }
}
