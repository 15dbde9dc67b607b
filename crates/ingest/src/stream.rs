//! An input piece by piece: cut into records one after the other, each read by itself, on whatever thread.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};

use model::Skipped;

use crate::buffered::Buffered;
use crate::format::{Format, format_of, is_archive, jsonl, warc};
use crate::limits::{SKIPPED_LISTED_MAX, SNIFF_BYTES_MAX, WHOLE_BYTES_MAX};
use crate::{IngestOptions, Ingested, Raw, Rejection, read_as, read_whole};

/// Foreign bytes that can be read from any place.
pub trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}

/// A source that only goes forward: a pipe.
pub struct Forward<R> {
    inner: R,
    offset: u64,
}

impl<R: Read> Forward<R> {
    /// From its first byte on.
    pub fn new(inner: R) -> Forward<R> {
        Forward { inner, offset: 0 }
    }
}

impl<R: Read> Read for Forward<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.offset += count as u64;
        Ok(count)
    }
}

impl<R: Read> Seek for Forward<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(by) => self.offset.checked_add_signed(by),
            SeekFrom::End(_) => None,
        };
        let ahead = target.and_then(|target| target.checked_sub(self.offset));
        let ahead =
            ahead.ok_or_else(|| io::Error::new(io::ErrorKind::Unsupported, "a pipe only goes forward"))?;
        let skipped = io::copy(&mut self.by_ref().take(ahead), &mut io::sink())?;
        if skipped < ahead {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(self.offset)
    }
}

/// A place between two records of an input, from which it can be read on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Which archive of a package of archives.
    pub member: u64,
    /// Byte of the input: of a compressed member's beginning, where it is compressed.
    pub offset: u64,
    /// Byte within that member, unpacked.
    pub within: u64,
    /// Records before it.
    pub record_count: u64,
}

/// What comes next in an input.
pub enum Piece {
    /// Something to be read.
    Record(Record),
    /// Something that is no report by its nature, in a word or two: "request", "image".
    PassedOver(&'static str),
    /// Something that cannot be read.
    Skipped(Skipped),
}

/// A piece of an input that is read by itself: a line, a page of an archive, a whole file.
pub struct Record {
    /// The input, as the user named it.
    pub(crate) input: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) kind: RecordKind,
}

pub(crate) enum RecordKind {
    /// All of an input of a format that is read as a whole.
    Whole,
    /// A line of JSONL.
    Line(jsonl::Place),
    /// A page of a web archive.
    Page(Box<warc::Page>),
}

impl Record {
    /// Reads it.
    ///
    /// # Errors
    /// The reason why it gives nothing at all.
    pub fn read(&self, options: &IngestOptions) -> Result<Ingested, Rejection> {
        let raw = Raw { name: &self.input, bytes: &self.bytes };
        match &self.kind {
            RecordKind::Whole => read_whole(&raw, options),
            RecordKind::Line(place) => Ok(jsonl::read_line(&raw, *place, options)),
            RecordKind::Page(page) => page.read(&raw, options),
        }
    }

    /// Bytes that it holds.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// What a message calls it: the input, and the line or byte where it stands.
    pub fn name(&self) -> String {
        match &self.kind {
            RecordKind::Whole => self.input.clone(),
            RecordKind::Line(place) => format!("{}:{}", self.input, place.number),
            RecordKind::Page(page) => page.place.name(&self.input),
        }
    }
}

/// Cuts an input into records.
pub(crate) trait Cutter: Send {
    /// What comes next; `None` at the end.
    fn next(&mut self) -> Option<Piece>;
    /// Where reading would go on.
    fn position(&self) -> Position;
}

/// An input before it is cut.
pub(crate) struct Opened<'a> {
    pub name: String,
    /// Its name without the endings of packings, by which its format may be told.
    pub inner_name: String,
    pub source: Buffered<'a>,
    pub from: Position,
    /// Packings that it was taken out of.
    pub depth: usize,
}

impl<'a> Opened<'a> {
    /// Bytes at hand.
    pub(crate) fn of_bytes(raw: &Raw<'a>, from: Position) -> Opened<'a> {
        let source = Buffered::new(Box::new(io::Cursor::new(raw.bytes)));
        Opened { name: raw.name.to_owned(), inner_name: raw.name.to_owned(), source, from, depth: 0 }
    }
}

/// How an input of a format is cut.
pub(crate) type Cut = for<'a> fn(Opened<'a>) -> Result<Box<dyn Cutter + 'a>, Rejection>;

/// The pieces of one input, in its order.
pub struct Pieces<'a> {
    cutter: Box<dyn Cutter + 'a>,
}

impl<'a> Pieces<'a> {
    /// Tells the format of an input and begins to cut it, from its first byte or a [`Position`] in it.
    ///
    /// # Errors
    /// The reason why nothing of it can be read.
    pub fn open(name: &str, source: Box<dyn Source + 'a>, from: Position) -> Result<Pieces<'a>, Rejection> {
        let source = Buffered::new(source);
        let opened = Opened { name: name.to_owned(), inner_name: name.to_owned(), source, from, depth: 0 };
        Ok(Pieces { cutter: Pieces::cutter(opened)? })
    }

    /// Tells the format of an input and begins to cut it.
    pub(crate) fn cutter(mut opened: Opened<'a>) -> Result<Box<dyn Cutter + 'a>, Rejection> {
        let head = opened.source.peek(SNIFF_BYTES_MAX).map_err(|error| unreadable(&opened.name, &error))?;
        if head.trim_ascii().is_empty() && head.len() < SNIFF_BYTES_MAX {
            return Err(Rejection::Empty { input: opened.name });
        }
        match stream_format(&opened.inner_name, head).and_then(|format| format.cut) {
            Some(cut) => cut(opened),
            None => whole(opened),
        }
    }

    /// The pieces that a cutter makes.
    pub(crate) fn of(cutter: Box<dyn Cutter + 'a>) -> Pieces<'a> {
        Pieces { cutter }
    }

    /// Where reading would go on after the last piece.
    pub fn position(&self) -> Position {
        self.cutter.position()
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        self.cutter.next()
    }
}

/// The format of an input; none where it has to be decoded before that can be told.
pub(crate) fn stream_format(name: &str, head: &[u8]) -> Option<&'static Format> {
    let format = format_of(name, head);
    // An archive that is damaged at its beginning is one all the same, and its offsets are those of its own bytes.
    let binary = head.contains(&0) && !(format.claims)(head) && !is_archive(name, head);
    (!binary).then_some(format)
}

pub(crate) fn unreadable(name: &str, error: &io::Error) -> Rejection {
    Rejection::Unreadable { input: name.to_owned(), why: error.to_string() }
}

/// All of an input as one record.
pub(crate) fn whole<'a>(opened: Opened<'a>) -> Result<Box<dyn Cutter + 'a>, Rejection> {
    let Opened { name, source, from, .. } = opened;
    let record = if from.record_count > 0 { None } else { Some(whole_record(name, source)?) };
    Ok(Box::new(Whole { record }))
}

fn whole_record(name: String, source: Buffered) -> Result<Record, Rejection> {
    let bytes = source.rest(WHOLE_BYTES_MAX).map_err(|error| unreadable(&name, &error))?;
    if bytes.len() > WHOLE_BYTES_MAX {
        return Err(too_large(&name, bytes.len()));
    }
    Ok(Record { input: name, bytes, kind: RecordKind::Whole })
}

fn too_large(name: &str, size: usize) -> Rejection {
    Rejection::OverBudget { input: name.to_owned(), what: "file", size, limit: WHOLE_BYTES_MAX }
}

struct Whole {
    record: Option<Record>,
}

impl Cutter for Whole {
    fn next(&mut self) -> Option<Piece> {
        self.record.take().map(Piece::Record)
    }

    fn position(&self) -> Position {
        Position { record_count: u64::from(self.record.is_none()), ..Position::default() }
    }
}

/// What became of the records of an input: each was read, skipped or passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records that gave articles or addresses.
    pub read_count: u64,
    /// Records that could not be read; the reasons were told.
    pub skipped_count: u64,
    /// Records that are no reports by their nature, by what they are.
    pub passed_over: BTreeMap<String, u64>,
}

impl Tally {
    /// All records that there were.
    pub fn record_count(&self) -> u64 {
        self.read_count + self.skipped_count + self.passed_over.values().sum::<u64>()
    }

    /// Counts a record that was passed over.
    pub fn pass_over(&mut self, what: &str) {
        *self.passed_over.entry(what.to_owned()).or_insert(0) += 1;
    }

    /// Adds what became of other records.
    pub fn add(&mut self, other: &Tally) {
        self.read_count += other.read_count;
        self.skipped_count += other.skipped_count;
        for (what, count) in &other.passed_over {
            *self.passed_over.entry(what.clone()).or_insert(0) += count;
        }
    }

    /// Counts a record that was read.
    pub fn note(&mut self, outcome: &Result<Ingested, Rejection>) {
        match outcome {
            Ok(found) if !found.articles.is_empty() || !found.addresses.is_empty() => self.read_count += 1,
            Ok(_) | Err(_) => self.skipped_count += 1,
        }
    }
}

/// As [`gather`], for a format that is always cut, from the bytes of an input.
pub(crate) fn gather_cut(raw: &Raw, options: &IngestOptions, cut: Cut) -> Result<Ingested, Rejection> {
    let opened = Opened::of_bytes(raw, Position::default());
    gather(raw.name, Pieces::of(cut(opened)?), options)
}

/// Reads all pieces of an input and keeps what they gave; its articles' ids may repeat ([`crate::Ids`]).
pub(crate) fn gather(name: &str, pieces: Pieces, options: &IngestOptions) -> Result<Ingested, Rejection> {
    let mut gathered = Gathered::default();
    for piece in pieces {
        match piece {
            Piece::PassedOver(what) => gathered.all.tally.pass_over(what),
            Piece::Skipped(skipped) => {
                gathered.all.tally.skipped_count += 1;
                gathered.skip(vec![skipped]);
            }
            Piece::Record(record) => {
                let outcome = record.read(options);
                gathered.all.tally.note(&outcome);
                match outcome {
                    Ok(found) => gathered.add(found),
                    Err(rejection) if matches!(record.kind, RecordKind::Whole) => return Err(rejection),
                    Err(rejection) => {
                        gathered.skip(vec![Skipped { input: record.name(), reason: rejection.to_string() }]);
                    }
                }
            }
        }
    }
    gathered.finish(name)
}

/// As [`gather`], from bytes at hand: what is read as a whole is not copied first.
pub(crate) fn gather_bytes(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    let head = &raw.bytes[..raw.bytes.len().min(SNIFF_BYTES_MAX)];
    let format = stream_format(raw.name, head);
    if format.is_some_and(|format| format.cut.is_some()) || raw.bytes.trim_ascii().is_empty() {
        return gather(
            raw.name,
            Pieces::of(Pieces::cutter(Opened::of_bytes(raw, Position::default()))?),
            options,
        );
    }
    if raw.bytes.len() > WHOLE_BYTES_MAX {
        return Err(too_large(raw.name, raw.bytes.len()));
    }
    let outcome = read_as(raw, format, options);
    let mut gathered = Gathered::default();
    gathered.all.tally.note(&outcome);
    gathered.add(outcome?);
    gathered.finish(raw.name)
}

/// What the records of an input gave so far.
#[derive(Default)]
struct Gathered {
    all: Ingested,
    /// Reasons beyond those that are listed.
    unlisted_count: u64,
}

impl Gathered {
    fn add(&mut self, mut found: Ingested) {
        self.all.articles.append(&mut found.articles);
        self.all.addresses.append(&mut found.addresses);
        self.all.warnings.append(&mut found.warnings);
        self.skip(found.skipped);
    }

    fn skip(&mut self, mut skipped: Vec<Skipped>) {
        let room = SKIPPED_LISTED_MAX.saturating_sub(self.all.skipped.len());
        self.unlisted_count += skipped.len().saturating_sub(room) as u64;
        skipped.truncate(room);
        self.all.skipped.append(&mut skipped);
    }

    fn finish(self, name: &str) -> Result<Ingested, Rejection> {
        let Gathered { mut all, unlisted_count } = self;
        if all.articles.is_empty() && all.addresses.is_empty() {
            return Err(nothing(name, &all));
        }
        if unlisted_count > 0 {
            let reason = format!(
                "{unlisted_count} more records of it could not be read; see the reasons of the first ones."
            );
            all.skipped.push(Skipped { input: name.to_owned(), reason });
        }
        Ok(all)
    }
}

/// Why an input gave nothing.
pub(crate) fn nothing(name: &str, found: &Ingested) -> Rejection {
    let record_count = found.tally.record_count().max(found.skipped.len() as u64);
    let why = match found.skipped.first() {
        Some(first) => format!(
            "none of its {record_count} records could be read, the first because: {}",
            first.reason.trim_end_matches('.')
        ),
        None if record_count > 0 => {
            let kinds: Vec<String> =
                found.tally.passed_over.iter().map(|(what, count)| format!("{count} × {what}")).collect();
            format!("its {record_count} records are no reports ({})", kinds.join(", "))
        }
        None => "it has no record".to_owned(),
    };
    Rejection::NoArticle { input: name.to_owned(), why }
}
