//! One page of an archive: from its record's block to an article that says where it lies.

use std::borrow::Cow;
use std::io::{self, Seek, SeekFrom};

use model::{Article, Capture, Published};

use crate::article::id_of;
use crate::buffered::Buffered;
use crate::digest::{has_digest, sha256};
use crate::format::html::{self, Response, Retraced};
use crate::format::wacz::archive_in;
use crate::format::{format_of, text};
use crate::http::ResponseHead;
use crate::limits::SNIFF_BYTES_MAX;
use crate::stream::{Cutter, Piece, Position, Record, RecordKind, Source};
use crate::unpacked::{Packing, Unpacked, packing};
use crate::warc::cutter::Records;
use crate::{IngestOptions, Ingested, Raw, Rejection, read_whole};

/// Where a page lies in its input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PagePlace {
    /// The archive within a package.
    pub member: Option<String>,
    pub offset: u64,
    pub within: u64,
}

impl PagePlace {
    /// What a message calls it: `news.warc.gz@1048576`.
    pub(crate) fn name(&self, input: &str) -> String {
        let member = self.member.as_ref().map(|member| format!("!{member}")).unwrap_or_default();
        format!("{input}{member}@{}", self.in_file())
    }

    fn in_file(&self) -> String {
        if self.within == 0 { self.offset.to_string() } else { format!("{}+{}", self.offset, self.within) }
    }

    /// An id from it: `news@1048576`.
    fn id(&self, input: &str) -> String {
        let member = self.member.as_ref().map(|member| format!("/{}", stem(member))).unwrap_or_default();
        format!("{}{member}@{}", stem(input), self.in_file())
    }
}

/// A file's name without folder and the endings of archives.
fn stem(name: &str) -> String {
    let stem = id_of(name);
    stem.strip_suffix(".warc").map_or(stem.clone(), str::to_owned)
}

/// A record that may hold a report.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub place: PagePlace,
    pub record_id: String,
    pub url: Option<String>,
    /// When it was captured.
    pub date: Option<String>,
    pub payload_digest: Option<String>,
    pub block_digest: Option<String>,
    /// What HTTP, or else the record, says of its encoding.
    pub charset: Option<String>,
    /// Its HTTP head; `None` where the block is the payload.
    pub http: Option<ResponseHead>,
}

impl Page {
    /// Reads the article in the record's block.
    pub(crate) fn read(&self, raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
        let refused = |why: String| Rejection::NoArticle { input: self.place.name(raw.name), why };
        let payload = self.payload(raw.bytes).map_err(refused)?;
        let mut ingested = self.read_payload(raw.name, &payload, options)?;
        let digest = self.payload_digest.clone();
        let digest = digest.unwrap_or_else(|| format!("sha256:{}", sha256(&payload)));
        let several = ingested.articles.len() > 1;
        let mut undated = false;
        for (number, article) in ingested.articles.iter_mut().enumerate() {
            article.input = raw.name.to_owned();
            article.id = self.place.id(raw.name);
            if several {
                article.id.push_str(&format!(":{}", number + 1));
            }
            article.url = article.url.take().or_else(|| self.url.clone());
            if article.outlet.is_none()
                && let Some(outlet) = options.outlets.of(None, article.url.as_deref())
            {
                article.outlet = Some(outlet.name.clone());
                article.owner = article.owner.take().or_else(|| outlet.owner.clone());
            }
            undated |= self.forget_later_dates(article);
            article.capture = Some(Capture {
                record: self.record_id.clone(),
                member: self.place.member.clone(),
                offset: self.place.offset,
                within: self.place.within,
                payload_digest: Some(digest.clone()),
                date: self.date.clone(),
            });
        }
        if undated {
            ingested.warnings.push(format!(
                "{}: the date on the page is later than its capture on {}; it is not used.",
                self.place.name(raw.name),
                self.date.as_deref().unwrap_or_default()
            ));
        }
        Ok(ingested)
    }

    /// The payload: out of HTTP, chunks and codings.
    pub(crate) fn payload<'b>(&self, block: &'b [u8]) -> Result<Cow<'b, [u8]>, String> {
        match &self.http {
            Some(http) => http.payload(&block[http.length.min(block.len())..]),
            None => Ok(Cow::Borrowed(block)),
        }
    }

    /// Reads a payload of whatever format it shows; one that is still packed is none.
    fn read_payload(
        &self,
        name: &str,
        payload: &[u8],
        options: &IngestOptions,
    ) -> Result<Ingested, Rejection> {
        let place = self.place.name(name);
        if packing(payload) != Packing::Plain {
            return Err(Rejection::NoArticle {
                input: place,
                why: "its payload is a packed file".to_owned(),
            });
        }
        let raw = Raw { name: &place, bytes: payload };
        let charset = self.charset.as_deref();
        match format_of("", &payload[..payload.len().min(SNIFF_BYTES_MAX)]).id {
            "html" => {
                let response = Response { charset, url: self.url.as_deref(), captured: self.date.as_deref() };
                html::read(&raw, &response, options)
            }
            "text" => text::read_as(&raw, charset, options),
            _ => read_whole(&raw, options),
        }
    }

    /// Nothing on a page can be dated later than its capture, but for the hours that time zones make.
    fn forget_later_dates(&self, article: &mut Article) -> bool {
        let Some(captured) = self.date.as_deref().and_then(day_number) else { return false };
        let later = |date: &Published| day_number(&date.value).is_some_and(|day| day > captured + 1);
        let published = article.published.take_if(|date| later(date)).is_some();
        let modified = article.modified.take_if(|date| later(date)).is_some();
        published || modified
    }

    /// Whether the record's bytes have the digests that the archive wrote of them; a sentence where they do not.
    /// Writers digest the payload with or without its chunks, so either counts.
    pub(crate) fn check_digests(&self, block: &[u8]) -> Result<(), String> {
        if self.block_digest.as_deref().and_then(|digest| has_digest(block, digest)) == Some(false) {
            return Err("the archive's digest of the record does not match its bytes".to_owned());
        }
        let Some(digest) = &self.payload_digest else { return Ok(()) };
        let body = self.http.as_ref().map_or(block, |http| &block[http.length.min(block.len())..]);
        let unchunked = self.http.as_ref().map_or(Cow::Borrowed(body), |http| http.unchunked(body));
        let payload = self.payload(block)?;
        let all = [body, &unchunked, &payload].map(|bytes| has_digest(bytes, digest));
        if all.contains(&None) || all.contains(&Some(true)) {
            return Ok(());
        }
        Err("the archive's digest of the payload does not match its bytes".to_owned())
    }
}

/// Days since a fixed one in the past, roughly: enough to tell whether one date is more than a day after another.
fn day_number(date: &str) -> Option<i64> {
    let number = |from: usize, to: usize| date.get(from..to)?.parse::<i64>().ok();
    let year = number(0, 4)?;
    let (month, day) = (number(5, 7).unwrap_or(1), number(8, 10).unwrap_or(1));
    Some((year * 12 + month) * 31 + day)
}

/// What stands at a place of an archive.
#[derive(Clone, Debug)]
pub struct Captured {
    /// The articles of the page, as they are read now.
    pub articles: Vec<Article>,
    /// Whether the record's bytes have the digests that the archive gives them; a sentence's end where not.
    pub digests: Result<(), String>,
    /// For each article, what reading its runs from the payload again has shown.
    pub retraced: Vec<Retraced>,
}

/// Reads one page of an archive again, going straight to its record.
///
/// # Errors
/// A sentence's end: why nothing could be read there.
pub fn read_captured(
    name: &str,
    source: Box<dyn Source + '_>,
    capture: &Capture,
    options: &IngestOptions,
) -> Result<Captured, String> {
    let place = PagePlace { member: capture.member.clone(), offset: capture.offset, within: capture.within };
    let record = record_at(name, source, &place).map_err(|error| error.to_string())?;
    let RecordKind::Page(page) = &record.kind else { return Err("it is no page of an archive".to_owned()) };
    let digests = page.check_digests(&record.bytes);
    let ingested = record.read(options).map_err(|rejection| rejection.to_string())?;
    let payload = page.payload(&record.bytes)?;
    let again = |article: &Article| html::retraced(&payload, page.charset.as_deref(), article);
    let retraced = ingested.articles.iter().map(again).collect();
    Ok(Captured { articles: ingested.articles, digests, retraced })
}

/// The record that begins at a place.
fn record_at(name: &str, source: Box<dyn Source + '_>, place: &PagePlace) -> io::Result<Record> {
    let mut source = Buffered::new(source);
    source.seek(SeekFrom::Start(0))?;
    let from = Position { member: 0, offset: place.offset, within: place.within, record_count: 1 };
    if let Some(member) = &place.member {
        source = archive_in(source, member)?;
    }
    let mut records = Records::open(name.to_owned(), Unpacked::new(source)?, from)?;
    if let Some(member) = &place.member {
        records = records.in_package(member.clone());
    }
    match records.next() {
        Some(Piece::Record(record)) if matches!(&record.kind, RecordKind::Page(page) if page.place == *place) => {
            Ok(record)
        }
        _ => Err(io::Error::other(format!("no page begins at byte {}", place.offset))),
    }
}
