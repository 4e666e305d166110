//! One entry on its way through redaction, in pieces of any size.
//!
//! Blocks are cut at borders that depend on the entry's bytes alone, so that the result never depends
//! on how the input came in pieces. Holds one block and what a finder sees around it, never more.
//! Fails closed: after an error nothing more comes out.

use std::{
    collections::BTreeMap,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use zeroize::Zeroize;

use super::{
    Redacted, Redactor,
    finder::{BLOCK, REACH, Rank, Span, Window},
    json,
    marker::{self, Recent},
    plain,
    unite::{self, Cut},
    veil::Veil,
    wide::Wide,
};

/// How often each rule cut.
pub type Counts = BTreeMap<String, u64>;

/// Bytes that tell UTF-16 from UTF-32.
const HEAD: usize = 4;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Why an entry can't be redacted, and so must be withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// It can't be read as text.
    NotText,
    /// Redaction itself failed; the text tells where, and holds nothing of the entry.
    Failed(&'static str),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotText => f.write_str("it can't be read as text"),
            Self::Failed(why) => write!(f, "redaction failed: {why}"),
        }
    }
}

impl std::error::Error for Broken {}

/// Redacts one entry.
pub struct Stream<'r> {
    redactor: &'r Redactor,
    /// What stands before the block, the block, and what stands behind it.
    buffer: Vec<u8>,
    /// Where the block begins in `buffer`.
    own: usize,
    /// Whether `buffer` begins at the entry's first byte.
    first: bool,
    /// The first bytes, until there are enough to tell the charset.
    head: Option<Vec<u8>>,
    wide: Option<Wide>,
    /// Whether the first block was looked at.
    begun: bool,
    veil: Option<Veil>,
    spans: Vec<Span<'r>>,
    cuts: Vec<Cut<'r>>,
    counts: Counts,
    recent: Recent,
    broken: Option<Broken>,
}

impl<'r> Stream<'r> {
    pub(super) fn new(redactor: &'r Redactor) -> Self {
        Self {
            redactor,
            buffer: Vec::new(),
            own: 0,
            first: true,
            head: Some(Vec::with_capacity(HEAD)),
            wide: None,
            begun: false,
            veil: None,
            spans: Vec::new(),
            cuts: Vec::new(),
            counts: Counts::new(),
            recent: Recent::new(),
            broken: None,
        }
    }

    /// Takes the entry's next bytes and appends to `out` what can be told by now.
    ///
    /// # Errors
    /// `Broken`: the entry is to be withheld, also what came out before.
    pub fn push(&mut self, mut bytes: &[u8], out: &mut Redacted) -> Result<(), Broken> {
        if let Some(head) = &mut self.head {
            let (now, later) = bytes.split_at(bytes.len().min(HEAD - head.len()));
            head.extend_from_slice(now);
            if head.len() < HEAD {
                return self.broken.map_or(Ok(()), Err);
            }
            bytes = later;
            self.open(out)?;
        }
        self.any(bytes, out)
    }

    /// Ends the entry, and tells how often each rule cut.
    ///
    /// # Errors
    /// As `push`.
    pub fn finish(mut self, out: &mut Redacted) -> Result<Counts, Broken> {
        self.open(out)?;
        let mut narrow = Redacted::empty();
        let mut wide = self.wide.take();
        if let Some(wide) = &mut wide {
            let mut rest = Vec::new();
            wide.flush(&mut rest);
            self.bytes(&rest, &mut narrow)?;
        }
        let into = if wide.is_some() { narrow.buffer() } else { out.buffer() };
        self.guarded(|stream| {
            stream.begin(into)?;
            while !stream.rest().is_empty() {
                stream.step(true, into)?;
            }
            Ok(())
        })?;
        if let Some(wide) = &mut wide {
            wide.encode(narrow.as_bytes(), out.buffer());
            wide.finish(out.buffer());
        }
        Ok(std::mem::take(&mut self.counts))
    }

    /// Looks at the first bytes, which tell UTF-16, and takes them.
    fn open(&mut self, out: &mut Redacted) -> Result<(), Broken> {
        let Some(head) = self.head.take() else { return Ok(()) };
        self.wide = Wide::of(&head);
        let bom = if self.wide.is_some() { Wide::BOM } else { 0 };
        let (bom, rest) = head.split_at(bom);
        out.buffer().extend_from_slice(bom);
        self.any(rest, out)
    }

    /// Takes bytes of whatever charset.
    fn any(&mut self, bytes: &[u8], out: &mut Redacted) -> Result<(), Broken> {
        let Some(mut wide) = self.wide.take() else { return self.bytes(bytes, out) };
        let (mut text, mut narrow) = (Vec::new(), Redacted::empty());
        for bytes in bytes.chunks(REACH) {
            text.zeroize();
            if !wide.decode(bytes, &mut text) {
                self.guarded(|_| Err(Broken::NotText))?;
            }
            self.bytes(&text, &mut narrow)?;
        }
        text.zeroize();
        wide.encode(narrow.as_bytes(), out.buffer());
        self.wide = Some(wide);
        Ok(())
    }

    /// Takes bytes as the rules see them.
    fn bytes(&mut self, mut bytes: &[u8], out: &mut Redacted) -> Result<(), Broken> {
        while !bytes.is_empty() {
            let room = (REACH + BLOCK + REACH + 1).saturating_sub(self.buffer.len());
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.buffer.extend_from_slice(now);
            bytes = later;
            self.guarded(|stream| {
                while stream.rest().len() > BLOCK + REACH {
                    stream.step(false, out.buffer())?;
                }
                Ok(())
            })?;
        }
        self.broken.map_or(Ok(()), Err)
    }

    /// Runs a part of the work so that a panic in it is one more way to fail, and failing is final.
    fn guarded(&mut self, work: impl FnOnce(&mut Self) -> Result<(), Broken>) -> Result<(), Broken> {
        if let Some(broken) = self.broken {
            return Err(broken);
        }
        let result =
            catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or(Err(Broken::Failed("a rule panicked")));
        if let Err(broken) = result {
            self.broken = Some(broken);
            self.buffer.zeroize();
        }
        result
    }

    /// What is not written yet.
    fn rest(&self) -> &[u8] {
        self.buffer.get(self.own..).unwrap_or_default()
    }

    /// Looks at the entry's head, once there is enough of it.
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<(), Broken> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        let head = &self.buffer[..self.buffer.len().min(BLOCK)];
        if !plain::is_text(head) {
            return Err(Broken::NotText);
        }
        // Without it, so that a rule for a line's start sees the line's start.
        if head.starts_with(BOM) {
            self.buffer.drain(..BOM.len());
            out.extend_from_slice(BOM);
        }
        Ok(())
    }

    /// Redacts the next block. Needs a block's bytes and what is behind it, or the entry's end.
    fn step(&mut self, ended: bool, out: &mut Vec<u8>) -> Result<(), Broken> {
        if !self.begun {
            // The BOM that this may take away can leave too little for a block.
            return self.begin(out);
        }
        let end = self.own + block(self.rest());
        let reach = self.buffer.len().min(end + REACH);
        let window = Window {
            text: &self.buffer[..reach],
            own: self.own..end,
            first: self.first,
            last: ended && reach == self.buffer.len(),
        };
        self.spans.clear();
        for finder in &self.redactor.finders {
            finder.find(&window, &mut self.spans);
        }
        let spared = self.redactor.spare(window.text, &mut self.spans);
        unite::unite(&window, &mut self.spans, &mut self.cuts).map_err(Broken::Failed)?;
        json::keep_shape(&window, &mut self.cuts);
        if !spared.is_empty() {
            self.redactor.count_kept(spared, &self.cuts);
        }
        out.reserve(end - self.own + marker::USUAL * self.cuts.len());
        let mut writer = Writer {
            redactor: self.redactor,
            veil: &mut self.veil,
            counts: &mut self.counts,
            recent: &mut self.recent,
        };
        writer.block(&window, &self.cuts, out);
        let gone = end.saturating_sub(REACH);
        if let Some(veil) = &mut self.veil {
            veil.end = veil.end.checked_sub(gone).ok_or(Broken::Failed("a value ends before it begins"))?;
        }
        self.buffer.drain(..gone);
        self.own = end - gone;
        self.first &= gone == 0;
        Ok(())
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        self.buffer.zeroize();
    }
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("broken", &self.broken).finish_non_exhaustive()
    }
}

/// The length of the next block: all of a short rest, else up to the last line end in reach, else as
/// much as may be, but through no marker.
fn block(rest: &[u8]) -> usize {
    if rest.len() <= BLOCK {
        return rest.len();
    }
    let most = &rest[..BLOCK];
    let newline = memchr::memrchr(b'\n', most);
    let end =
        newline.or_else(|| memchr::memrchr_iter(b'\r', most).find(|at| rest.get(at + 1) != Some(&b'\n')));
    end.map_or_else(|| marker::cut(rest, BLOCK).max(1), |at| at + 1)
}

/// Writes blocks.
struct Writer<'s, 'r> {
    redactor: &'r Redactor,
    veil: &'s mut Option<Veil>,
    counts: &'s mut Counts,
    recent: &'s mut Recent,
}

impl Writer<'_, '_> {
    fn block(&mut self, window: &Window<'_>, cuts: &[Cut<'_>], out: &mut Vec<u8>) {
        let Window { text, own, last, .. } = window;
        let mut at = own.start;
        if let Some(veil) = self.veil.as_mut() {
            veil.resolve(text, *last);
        }
        for cut in cuts {
            if let Some(veil) = self.veil.as_mut().filter(|veil| cut.range.start < veil.end) {
                veil.join(cut.range.end, cut.open);
                veil.resolve(text, *last);
                continue;
            }
            at = self.veiled(text, at, cut.range.start, out);
            out.extend_from_slice(&text[at..cut.range.start]);
            at = cut.range.start;
            let marker = self.redactor.marker(text, cut, self.recent);
            let mut veil = Veil::new(cut.range.end, cut.open, marker, cut.over_markers);
            veil.resolve(text, *last);
            *self.veil = Some(veil);
            match self.counts.get_mut(cut.rule) {
                Some(count) => *count += 1,
                None => drop(self.counts.insert(cut.rule.to_owned(), 1)),
            }
        }
        at = self.veiled(text, at, own.end, out);
        out.extend_from_slice(&text[at..own.end]);
    }

    /// Writes what the veil hides of `text[at..end]`, and drops a veil that has ended there.
    fn veiled(&mut self, text: &[u8], at: usize, end: usize, out: &mut Vec<u8>) -> usize {
        let Some(veil) = self.veil.as_mut() else { return at };
        let end = veil.end.min(end).max(at);
        veil.write(&text[at..end], out);
        if veil.is_over(end) {
            *self.veil = None;
        }
        end
    }
}

impl Redactor {
    /// What stands for a cut: a pseudonym, or a marker; its tag is that of the plain value, where it is known.
    pub(super) fn marker(&self, text: &[u8], cut: &Cut<'_>, recent: &mut Recent) -> Vec<u8> {
        let value = &text[cut.value.clone()];
        let plain = match cut.rank {
            Rank::Known => self.finders.iter().find_map(|finder| finder.plain(value)),
            Rank::Pattern | Rank::Shaped | Rank::Keyed => None,
            Rank::Chosen => {
                if let Some(pseudonym) = self.finders.iter().find_map(|f| f.pseudonym(cut.rule, value)) {
                    return pseudonym;
                }
                None
            }
        };
        let mut marker = Vec::with_capacity(marker::LONGEST);
        self.tags.write(recent, cut.rule, plain.unwrap_or(value), cut.quoted, &mut marker);
        marker
    }
}
