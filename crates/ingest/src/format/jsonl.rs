//! JSONL: an article a line, as an object with `text` and, if known, `id`, `outlet`, `url`, `title`, `published`;
//! also a single such object, and an array of them.

use std::borrow::Cow;
use std::io::{self, BufRead, Cursor, Seek, SeekFrom};

use model::{Article, Skipped, Span};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Format;
use crate::article::{Given, article, id_of};
use crate::buffered::Buffered;
use crate::decode::decode;
use crate::limits::{
    ARTICLE_BYTES_MAX, RECORD_BYTES_MAX, SKIPPED_LISTED_MAX, SNIFF_BYTES_MAX, WHOLE_BYTES_MAX,
};
use crate::published::given as given_date;
use crate::stream::{
    Cutter, Opened, Piece, Pieces, Position, RecordKind, gather, nothing, unreadable, whole,
};
use crate::trace::{Tracer, compose};
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// Articles as JSON.
pub(crate) const FORMAT: Format =
    Format { id: "jsonl", name_ends: &[".jsonl", ".ndjson", ".json"], claims, read, cut: Some(cut) };

/// What stands between headline and text (contract: `title`, blank line, `text`).
const GAP: &str = "\n\n";

/// One article as given; other fields are left alone.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    outlet: Option<&'a RawValue>,
    #[serde(borrow, default)]
    url: Option<&'a RawValue>,
    #[serde(borrow, default)]
    title: Option<&'a RawValue>,
    #[serde(borrow, default)]
    published: Option<&'a RawValue>,
    #[serde(borrow, default)]
    text: Option<&'a RawValue>,
}

fn claims(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let inner = |rest: &[u8], wanted: &[u8]| {
        rest.trim_ascii_start().first().is_some_and(|byte| wanted.contains(byte))
    };
    match head.split_first() {
        Some((b'{', rest)) => inner(rest, b"\"}"),
        Some((b'[', rest)) => inner(rest, b"{"),
        Some(_) | None => false,
    }
}

/// Where a line stands in its file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Counted from 1; of an array, the element's.
    pub number: usize,
    /// Its first byte.
    pub start: usize,
}

fn read(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    let head = &raw.bytes[..raw.bytes.len().min(SNIFF_BYTES_MAX)];
    if wide(head) {
        return Err(Rejection::BadEncoding { input: raw.name.to_owned() });
    }
    match read_spread(raw, options) {
        Some(ingested) if ingested.articles.is_empty() => Err(nothing(raw.name, &ingested)),
        Some(ingested) => Ok(ingested),
        None => {
            let source = Buffered::new(Box::new(Cursor::new(raw.bytes)));
            let lines = Box::new(Lines::new(raw.name.to_owned(), source));
            gather(raw.name, Pieces::of(lines), options)
        }
    }
}

/// Whether these are 16-bit characters: they are decoded before they come here.
fn wide(head: &[u8]) -> bool {
    head.iter().take(4).any(|&byte| byte == 0)
}

/// Cuts a file into its lines; an array, or one object that is spread over lines, is read as a whole.
fn cut(mut opened: Opened<'_>) -> Result<Box<dyn Cutter + '_>, Rejection> {
    let head = opened.source.peek(SNIFF_BYTES_MAX).map_err(|error| unreadable(&opened.name, &error))?;
    if opened.from.record_count == 0 && is_spread(head) {
        return whole(opened);
    }
    let mut lines = Lines::new(opened.name, opened.source);
    lines.go_to(opened.from)?;
    Ok(Box::new(lines))
}

/// Whether a file begins with an array, or an object whose first line does not end it.
fn is_spread(head: &[u8]) -> bool {
    let content = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let first_line = content.split(|&byte| byte == b'\n').next().unwrap_or_default();
    content.starts_with(b"[")
        || content.starts_with(b"{")
            && first_line.len() < content.len()
            && matches!(first_line.trim_ascii_end().last(), Some(b'{' | b','))
}

/// Reads an array, or one object that is spread over lines; `None` when the file is neither.
fn read_spread(raw: &Raw, options: &IngestOptions) -> Option<Ingested> {
    if raw.bytes.len() > WHOLE_BYTES_MAX || !is_spread(raw.bytes) {
        return None;
    }
    let content = raw.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw.bytes).trim_ascii();
    let content = std::str::from_utf8(content).ok()?;
    let records: Vec<&RawValue> = if content.starts_with('[') {
        serde_json::from_str(content).ok()?
    } else {
        vec![serde_json::from_str(content).ok()?]
    };
    let mut all = Ingested::default();
    for (number, record) in records.iter().enumerate() {
        let bytes = record.get().as_bytes();
        let place = Place { number: number + 1, start: offset(raw.bytes, bytes) };
        let mut one = read_line(&Raw { name: raw.name, bytes }, place, options);
        all.articles.append(&mut one.articles);
        all.skipped.append(&mut one.skipped);
        all.warnings.append(&mut one.warnings);
    }
    let unlisted_count = all.skipped.len().saturating_sub(SKIPPED_LISTED_MAX);
    if unlisted_count > 0 {
        all.skipped.truncate(SKIPPED_LISTED_MAX);
        let reason = format!(
            "{unlisted_count} more records of it could not be read; see the reasons of the first ones."
        );
        all.skipped.push(Skipped { input: raw.name.to_owned(), reason });
    }
    (!records.is_empty()).then_some(all)
}

/// The lines of a file, one after the other.
struct Lines<'a> {
    name: String,
    source: Buffered<'a>,
    number: u64,
}

impl<'a> Lines<'a> {
    fn new(name: String, source: Buffered<'a>) -> Lines<'a> {
        Lines { name, source, number: 0 }
    }

    fn go_to(&mut self, from: Position) -> Result<(), Rejection> {
        self.number = from.record_count;
        self.source
            .seek(SeekFrom::Start(from.offset))
            .map(|_| ())
            .map_err(|error| unreadable(&self.name, &error))
    }

    /// The next line without its end, kept only as far as lines are read, and its whole length; nothing at the end.
    fn line(&mut self) -> io::Result<Option<(Vec<u8>, usize)>> {
        let (mut line, mut length) = (Vec::new(), 0);
        loop {
            let ready = self.source.fill_buf()?;
            if ready.is_empty() {
                return Ok((length > 0).then_some((line, length)));
            }
            let end = memchr::memchr(b'\n', ready);
            let part = &ready[..end.unwrap_or(ready.len())];
            if line.len() <= RECORD_BYTES_MAX {
                line.extend_from_slice(part);
            }
            length += part.len();
            let taken = part.len() + usize::from(end.is_some());
            self.source.consume(taken);
            if end.is_some() {
                return Ok(Some((line, length)));
            }
        }
    }

    fn skip(&self, reason: String) -> Piece {
        Piece::Skipped(Skipped { input: format!("{}:{}", self.name, self.number), reason })
    }
}

impl Cutter for Lines<'_> {
    fn next(&mut self) -> Option<Piece> {
        loop {
            let mut start = self.source.offset() as usize;
            self.number += 1;
            let (mut bytes, length) = match self.line() {
                Ok(line) => line?,
                // A source that fails once is not asked again: whatever it says next would not be in order.
                Err(error) => {
                    self.source = Buffered::new(Box::new(io::empty()));
                    return Some(self.skip(format!("The file cannot be read on: {error}.")));
                }
            };
            if length > RECORD_BYTES_MAX {
                return Some(self.skip(format!(
                    "This line has {length} bytes and at most {RECORD_BYTES_MAX} are read; split it into one article each."
                )));
            }
            if start == 0 && bytes.starts_with(b"\xef\xbb\xbf") {
                bytes.drain(..3);
                start = 3;
            }
            if !bytes.trim_ascii().is_empty() {
                let kind = RecordKind::Line(Place { number: self.number as usize, start });
                return Some(Piece::Record(crate::stream::Record { input: self.name.clone(), bytes, kind }));
            }
        }
    }

    fn position(&self) -> Position {
        Position { offset: self.source.offset(), record_count: self.number, ..Position::default() }
    }
}

/// Reads one record; what is wrong with it costs only itself.
pub(crate) fn read_line(raw: &Raw, place: Place, options: &IngestOptions) -> Ingested {
    let mut line = Line { name: raw.name, place, options, ingested: Ingested::default() };
    match line.read(raw.bytes) {
        Ok(article) => line.ingested.articles.push(article),
        Err(reason) => line.ingested.skipped.push(Skipped { input: line.shown(), reason }),
    }
    line.ingested
}

/// A line while it is read.
struct Line<'a> {
    name: &'a str,
    place: Place,
    options: &'a IngestOptions,
    ingested: Ingested,
}

impl Line<'_> {
    /// What a message calls it.
    fn shown(&self) -> String {
        format!("{}:{}", self.name, self.place.number)
    }

    fn read(&mut self, bytes: &[u8]) -> Result<Article, String> {
        let (content, map) = match std::str::from_utf8(bytes) {
            Ok(content) => (Cow::Borrowed(content), None),
            Err(_) => {
                let decoded = decode(bytes).ok_or("It is not text.")?;
                let warning =
                    format!("{}: this line is not UTF-8; it was read as {}.", self.shown(), decoded.encoding);
                self.ingested.warnings.push(warning);
                (Cow::Owned(decoded.text), decoded.source_map)
            }
        };
        let (text, mut given) = self.build(&content)?;
        if let Some(map) = map {
            given.source_map = compose(&text, given.source_map.as_deref(), Some(&map));
        }
        let start = self.place.start;
        for trace in given.source_map.iter_mut().flatten() {
            trace.source = Span::new(trace.source.start + start, trace.source.end + start);
        }
        Ok(article(self.name, text, given, self.options))
    }

    /// The text of a record and what is given with it; source positions count from the record's start.
    fn build(&mut self, content: &str) -> Result<(String, Given), String> {
        let record: Record = serde_json::from_str(content)
            .map_err(|error| format!("It is not a JSON object of an article: {error}."))?;
        let place = |raw: &RawValue| offset(content.as_bytes(), raw.get().as_bytes());
        let mut text = String::new();
        let mut tracer = Tracer::default();
        if let Some(title) = record.title {
            unescape(title.get(), place(title), &mut text, &mut tracer);
        }
        let headline = Some(Span::new(0, text.len()).trimmed(&text)).filter(|span| !span.is_empty());
        if headline.is_some() {
            text.push_str(GAP);
        }
        let body = text.len();
        let raw_text = record.text.ok_or("It has no `text`; give the article's text in that field.")?;
        if !unescape(raw_text.get(), place(raw_text), &mut text, &mut tracer) {
            return Err("Its `text` is not a string.".to_owned());
        }
        if text.get(body..).is_none_or(|body| body.trim().is_empty()) {
            return Err("Its `text` is empty.".to_owned());
        }
        if text.len() > ARTICLE_BYTES_MAX {
            return Err(format!(
                "Its text has {} bytes and at most {ARTICLE_BYTES_MAX} are read.",
                text.len()
            ));
        }
        let published = record.published.and_then(scalar);
        let date = published.as_deref().and_then(|field| given_date(field, &self.options.words));
        let name = self.shown();
        if let (Some(field), None) = (&published, &date) {
            self.ingested.warnings.push(format!(
                "{name}: the date “{}” is not understood; write it as 2022-02-15.",
                crate::excerpt(field)
            ));
        }
        if let (Some(date), Some(today)) = (&date, &self.options.reference_date)
            && date.value.get(..10).is_some_and(|day| day > today.as_str())
        {
            self.ingested
                .warnings
                .push(format!("{name}: it is dated {}, after {today}; check its date.", date.value));
        }
        let id = record
            .id
            .and_then(scalar)
            .unwrap_or_else(|| format!("{}:{}", id_of(self.name), self.place.number));
        let given = Given {
            id: Some(id),
            outlet: record.outlet.and_then(scalar),
            url: record.url.and_then(scalar),
            headline,
            published: date,
            source_map: Some(tracer.finish().unwrap_or_default()),
            ..Given::default()
        };
        Ok((text, given))
    }
}

/// Where a slice begins in the bytes that it is a part of.
pub(crate) fn offset(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

/// A field as a string: strings as they are, numbers as written; nothing for `null`, lists and objects.
pub(crate) fn scalar(raw: &RawValue) -> Option<String> {
    let shown = raw.get();
    let mut value = String::new();
    if unescape(shown, 0, &mut value, &mut Tracer::default()) {
        let value = value.trim();
        return (!value.is_empty()).then(|| value.to_owned());
    }
    (shown != "null" && !shown.starts_with(['{', '['])).then(|| shown.to_owned())
}

/// Adds a JSON string, which stands at `start` of its record, to the text; `false` when it is no string. Half a
/// surrogate pair, which JSON can write and text cannot hold, becomes U+FFFD.
pub(crate) fn unescape(json: &str, start: usize, text: &mut String, tracer: &mut Tracer) -> bool {
    let Some(body) = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')) else { return false };
    let start = start + 1;
    text.reserve(body.len());
    let mut at = 0;
    loop {
        // Most of a text stands for itself.
        let rest = &body.as_bytes()[at..];
        let plain = rest.iter().position(|byte| !byte.is_ascii() || *byte == b'\\').unwrap_or(rest.len());
        tracer.push_plain(text.len(), start + at, plain);
        text.push_str(body.get(at..at + plain).expect("letters of ASCII are whole characters"));
        at += plain;
        let Some(c) = body.get(at..).and_then(|rest| rest.chars().next()) else { return true };
        let (written, length) =
            if c == '\\' { escaped(body.get(at + 1..).unwrap_or_default()) } else { (c, c.len_utf8()) };
        let before = text.len();
        text.push(written);
        tracer.push(Span::new(before, text.len()), Span::new(start + at, start + at + length), 1);
        at += length;
    }
}

/// The character of an escape and its length with the backslash, from what follows the backslash.
fn escaped(rest: &str) -> (char, usize) {
    let simple = |c| (c, 2);
    match rest.bytes().next() {
        Some(b'n') => simple('\n'),
        Some(b't') => simple('\t'),
        Some(b'r') => simple('\r'),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'u') => {
            let unit = |at: usize| rest.get(at..at + 4).and_then(|hex| u16::from_str_radix(hex, 16).ok());
            let Some(first) = unit(1) else { return ('\u{fffd}', 2) };
            let second = rest.get(5..7).filter(|mark| *mark == "\\u").and_then(|_| unit(7));
            let pair = second.and_then(|second| char::decode_utf16([first, second]).next()?.ok());
            match (char::from_u32(u32::from(first)), pair) {
                (Some(c), _) => (c, 6),
                (None, Some(c)) => (c, 12),
                (None, None) => ('\u{fffd}', 6),
            }
        }
        Some(other) if other.is_ascii() => simple(char::from(other)),
        Some(_) | None => ('\u{fffd}', 1),
    }
}

#[cfg(test)]
mod tests {
    use super::claims;
    use crate::trace::source_of;
    use crate::{IngestOptions, Ingested, Raw, Rejection};
    use model::Span;

    fn ingest(bytes: &[u8]) -> Result<Ingested, Rejection> {
        crate::ingest(
            &Raw { name: "day.jsonl", bytes },
            &IngestOptions::english(Some("2022-03-01".to_owned())),
        )
    }

    #[test]
    fn reads_all_fields_and_ignores_others() {
        let line = r#"{"id": 7, "outlet": "Arle Herald", "url": "https://arle.example/7", "title": "Bridge falls", "published": "2022-02-15T10:34:00Z", "text": "It fell.", "extra": [1]}"#;
        let article = ingest(line.as_bytes()).unwrap().articles.remove(0);
        assert_eq!((article.id.as_str(), article.text.as_str()), ("7", "Bridge falls\n\nIt fell."));
        assert_eq!(article.headline.unwrap().of(&article.text), "Bridge falls");
        assert_eq!(article.published.unwrap().value, "2022-02-15T10:34Z");
        assert_eq!(article.outlet.as_deref(), Some("Arle Herald"));
    }

    #[test]
    fn a_bad_line_costs_only_itself() {
        let found = ingest(b"{\"text\":\"One fell.\"}\n{\"text\": oops\n\n{\"title\":\"x\"}\n{\"text\":\"Two fell.\"}\n{\"text\":3}").unwrap();
        assert_eq!(found.articles.len(), 2);
        let inputs: Vec<&str> = found.skipped.iter().map(|skipped| skipped.input.as_str()).collect();
        assert_eq!(inputs, ["day.jsonl:2", "day.jsonl:4", "day.jsonl:6"]);
        assert_eq!(found.articles[1].id, "day:5");
    }

    #[test]
    fn half_surrogates_and_escapes_are_traced() {
        let line = r#"{"text":"A \ud83d\ude00 \ud800 \u201cno\u201d\n\\ é."}"#;
        let article = ingest(line.as_bytes()).unwrap().articles.remove(0);
        assert_eq!(article.text, "A 😀 \u{fffd} “no”\n\\ é.");
        let place = article.text.find("no").unwrap();
        let source = source_of(article.source_map.as_deref(), Span::new(place - 3, place + 5)).unwrap();
        assert_eq!(source.of(line), r"\u201cno\u201d");
    }

    #[test]
    fn repeated_ids_are_told_apart() {
        let found = ingest(b"{\"id\":\"a\",\"text\":\"One.\"}\n{\"id\":\"a\",\"text\":\"Two.\"}\n{\"id\":\"a#2\",\"text\":\"Three.\"}").unwrap();
        let ids: Vec<&str> = found.articles.iter().map(|article| article.id.as_str()).collect();
        assert_eq!(ids, ["a", "a#2", "a#2#2"]);
    }

    #[test]
    fn reads_an_array_and_a_spread_object() {
        assert_eq!(ingest(b"[{\"text\":\"One.\"},\n {\"text\":\"Two.\"}]").unwrap().articles.len(), 2);
        let spread = "{\n  \"title\": \"Bridge\",\n  \"text\": \"It fell.\"\n}\n";
        let article = ingest(spread.as_bytes()).unwrap().articles.remove(0);
        let place = article.text.find("fell").unwrap();
        let source = source_of(article.source_map.as_deref(), Span::new(place, place + 4)).unwrap();
        assert_eq!(source.of(spread), "fell");
    }

    #[test]
    fn a_line_that_is_not_utf8_is_decoded_and_traced() {
        let line = b"{\"text\":\"The caf\xe9 was \x93full\x94.\"}";
        let found = ingest(line).unwrap();
        let article = &found.articles[0];
        assert_eq!((article.text.as_str(), found.warnings.len()), ("The café was “full”.", 1));
        let place = article.text.find("full").unwrap();
        let source = source_of(article.source_map.as_deref(), Span::new(place, place + 4)).unwrap();
        assert_eq!(&line[source.range()], b"full");
    }

    #[test]
    fn dates_that_are_unknown_or_to_come_are_told() {
        let found = ingest(
            b"{\"text\":\"One.\",\"published\":\"soon\"}\n{\"text\":\"Two.\",\"published\":\"2031-01-01\"}",
        )
        .unwrap();
        assert_eq!(found.warnings.len(), 2);
        assert!(found.articles[0].published.is_none() && found.articles[1].published.is_some());
    }

    #[test]
    fn nothing_readable_is_a_reason() {
        assert!(matches!(ingest(b"{\"a\":1}\n{]"), Err(Rejection::NoArticle { .. })));
        assert!(!claims(b"{curly} people") && claims(b" [ {\"text\""));
    }
}
