//! Entries that are made while others are: a command's output waits here, redacted and compressed,
//! until its turn comes. All parcels of a run share one budget.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sha2::{Digest, Sha256};

use super::{
    manifest::Text,
    piece::{Head, Tail},
    segment::{BEFORE, Check, Deflated, Deflater, SEGMENT, checked},
    writer::WITHHELD,
};
use crate::{host::Flow, outcome::Outcome, redact::Redacted};

/// Compressed bytes that all waiting parcels together may hold.
#[derive(Debug, Clone)]
pub struct Budget(Arc<AtomicU64>);

impl Budget {
    /// A budget of this many compressed bytes.
    pub fn new(bytes: u64) -> Self {
        Self(Arc::new(AtomicU64::new(bytes)))
    }

    fn take(&self, bytes: u64) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes)).is_ok()
    }

    fn give_back(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// An entry, redacted, scanned and compressed, that waits for its place in the bundle.
#[derive(Debug)]
pub struct Parcel {
    pub(super) head: Box<Head>,
    pub(super) tail: Box<Tail>,
    pub(super) segments: Vec<Deflated>,
    pub(super) sha256: [u8; 32],
    /// The rule of the second scan that hit.
    pub(super) hit: Option<&'static str>,
    budget: Option<(Budget, u64)>,
}

impl Parcel {
    /// A parcel that was made on the spot.
    pub(super) fn whole(head: Box<Head>, tail: Box<Tail>, made: Made) -> Self {
        let Made { segments, sha256, hit } = made;
        Self { head, tail, segments, sha256, hit, budget: None }
    }

    /// Bytes of the entry.
    pub fn len(&self) -> u64 {
        self.segments.iter().map(|segment| segment.len).sum()
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Its name, as far as is known now.
    pub fn name(&self) -> Text {
        self.head.name.text()
    }

    /// Why it ends so.
    pub fn reason(&self) -> Text {
        self.hit.map_or_else(|| self.tail.reason.clone(), |rule| Text::made(format!("{WITHHELD}{rule}")))
    }

    /// How it will end in the manifest, as far as is known now.
    pub fn outcome(&self) -> Outcome {
        if self.hit.is_some() { Outcome::Withheld } else { self.tail.outcome }
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        if let Some((budget, bytes)) = self.budget.take() {
            budget.give_back(bytes);
        }
    }
}

/// The segments of a whole entry.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) segments: Vec<Deflated>,
    pub(super) sha256: [u8; 32],
    pub(super) hit: Option<&'static str>,
}

/// Scans and deflates an entry that is no longer than a segment.
pub(super) fn make(check: &dyn Check, deflater: &mut Deflater, data: &[u8]) -> Made {
    if data.is_empty() {
        return Made { sha256: Sha256::digest(data).into(), ..Made::default() };
    }
    match checked(check, b"", data) {
        Some(rule) => Made { hit: Some(rule), ..Made::default() },
        None => {
            Made { segments: vec![deflater.segment(data)], sha256: Sha256::digest(data).into(), hit: None }
        }
    }
}

/// Makes a parcel out of redacted pieces of any size.
pub struct ParcelWriter<'a> {
    check: &'a dyn Check,
    budget: Budget,
    taken: u64,
    head: Box<Head>,
    deflater: Deflater,
    data: Vec<u8>,
    before: Vec<u8>,
    segments: Vec<Deflated>,
    sha256: Sha256,
    hit: Option<&'static str>,
    full: bool,
}

impl<'a> ParcelWriter<'a> {
    /// Begins an entry.
    pub fn new(head: Head, check: &'a dyn Check, budget: &Budget) -> Self {
        Self {
            check,
            budget: budget.clone(),
            taken: 0,
            head: Box::new(head),
            deflater: Deflater::new(),
            data: Vec::new(),
            before: Vec::new(),
            segments: Vec::new(),
            sha256: Sha256::new(),
            hit: None,
            full: false,
        }
    }

    /// Takes more of its bytes. `Flow::Stop`: it is withheld, or the budget is used up.
    pub fn push(&mut self, redacted: &Redacted) -> Flow {
        let mut rest = redacted.as_bytes();
        while !rest.is_empty() && !self.stopped() {
            let (now, later) = rest.split_at(rest.len().min(SEGMENT + 1 - self.data.len()));
            self.data.extend_from_slice(now);
            rest = later;
            if self.data.len() > SEGMENT {
                let at = memchr::memrchr(b'\n', &self.data[..SEGMENT]).map_or(SEGMENT, |at| at + 1);
                self.segment(at);
            }
        }
        if self.stopped() { Flow::Stop } else { Flow::Go }
    }

    /// Ends the entry.
    pub fn finish(mut self, mut tail: Tail) -> Parcel {
        if !self.data.is_empty() && !self.stopped() {
            self.segment(self.data.len());
        }
        if self.full && self.hit.is_none() && tail.outcome != Outcome::Withheld {
            tail.outcome = Outcome::Truncated;
            tail.reason = Text::word("the outputs that wait for the bundle reached their cap");
        }
        Parcel {
            head: self.head,
            tail: Box::new(tail),
            segments: self.segments,
            sha256: self.sha256.finalize().into(),
            hit: self.hit,
            budget: Some((self.budget, self.taken)),
        }
    }

    fn stopped(&self) -> bool {
        self.full || self.hit.is_some()
    }

    fn segment(&mut self, length: usize) {
        let segment = &self.data[..length];
        self.hit = checked(self.check, &self.before, segment);
        if self.hit.is_some() {
            self.segments.clear();
            self.data = Vec::new();
            return;
        }
        let mut deflated = self.deflater.segment(segment);
        deflated.bytes.shrink_to_fit();
        let cost = deflated.bytes.len() as u64;
        if !self.budget.take(cost) {
            self.full = true;
            self.data = Vec::new();
            return;
        }
        self.taken += cost;
        self.sha256.update(segment);
        self.before = segment[length.saturating_sub(BEFORE)..].to_vec();
        self.segments.push(deflated);
        self.data.drain(..length);
    }
}
