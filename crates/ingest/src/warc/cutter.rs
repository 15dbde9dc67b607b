//! From the bytes of an archive to its records, one at a time, getting past what is damaged.

use std::io::{self, BufRead, Read};

use model::Skipped;

use crate::http::{media_type, response_head};
use crate::limits::{DAMAGES_MAX, GAP_BYTES_MAX, HEAD_BYTES_MAX, RECORD_BYTES_MAX, RESCAN_BYTES_MAX};
use crate::stream::{Cutter, Piece, Position, Record, RecordKind};
use crate::unpacked::{Packing, Place, Unpacked};
use crate::warc::head::Head;
use crate::warc::page::{Page, PagePlace};

/// What every record begins with.
const MARK: &[u8] = b"WARC/";

/// The records of one archive.
pub(crate) struct Records<'a> {
    /// The input, as the user named it.
    input: String,
    /// The archive within a package, and its number there.
    member: Option<String>,
    number: u64,
    bytes: Unpacked<'a>,
    /// Where the record begins that is being read.
    current: Place,
    /// Where a record was found whose mark is taken already.
    found: Option<Place>,
    record_count: u64,
    damage_count: usize,
    rescan_left: u64,
    ended: bool,
}

/// Why a record cannot be read.
enum Trouble {
    /// The bytes are not what they should be; the next record has to be searched.
    Damage(String),
    /// The record is whole, and nothing is lost beside it.
    Refused(String),
    /// The source gives nothing more.
    Source(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Trouble {
        match error.kind() {
            io::ErrorKind::InvalidData => Trouble::Damage(format!("Its packed bytes are damaged: {error}.")),
            io::ErrorKind::UnexpectedEof => {
                Trouble::Damage("The file ends in the middle of it: it was cut off.".to_owned())
            }
            _ => Trouble::Source(error),
        }
    }
}

impl<'a> Records<'a> {
    /// An archive from its beginning or a position in it.
    pub(crate) fn open(input: String, bytes: Unpacked<'a>, from: Position) -> io::Result<Records<'a>> {
        let mut records = Records {
            input,
            member: None,
            number: from.member,
            bytes,
            current: Place::default(),
            found: None,
            record_count: from.record_count,
            damage_count: 0,
            rescan_left: RESCAN_BYTES_MAX,
            ended: false,
        };
        if from.record_count > 0 {
            records.bytes.go_to(Place { offset: from.offset, within: from.within })?;
        }
        Ok(records)
    }

    /// The same, of an archive within a package: its name there.
    pub(crate) fn in_package(self, member: String) -> Records<'a> {
        Records { member: Some(member), ..self }
    }

    fn piece(&mut self) -> Result<Option<Piece>, Trouble> {
        if self.found.is_none() {
            self.current = self.bytes.place();
            let filled = self.skip_gap().and_then(|_| Ok(self.bytes.fill_buf()?.is_empty()));
            let here = self.bytes.place();
            if filled.is_err() && here.offset > self.current.offset {
                self.current = Place { offset: here.offset, within: 0 };
            }
            if filled? {
                return Ok(None);
            }
        }
        self.current = self.found.unwrap_or_else(|| self.bytes.place());
        self.record_count += 1;
        let head = self.head()?;
        let Some(length) = head.length() else {
            return Err(Trouble::Damage("Its header gives no length.".to_owned()));
        };
        let kind = head.get("warc-type").unwrap_or_default().to_ascii_lowercase();
        let piece = match kind.as_str() {
            "response" | "resource" | "conversion" => self.page(&head, &kind, length),
            "revisit" => {
                self.skip_body(length)?;
                Err(Trouble::Refused(revisit(&head)))
            }
            kind => {
                self.skip_body(length)?;
                let known = ["request", "metadata", "warcinfo", "continuation"];
                Ok(Piece::PassedOver(
                    known.into_iter().find(|known| *known == kind).unwrap_or("other record"),
                ))
            }
        };
        if !matches!(piece, Err(Trouble::Damage(_) | Trouble::Source(_))) {
            self.check_end()?;
        }
        piece.map(Some)
    }

    /// Takes the header block, from the mark to the empty line.
    fn head(&mut self) -> Result<Head, Trouble> {
        let mut block = Vec::new();
        if self.found.take().is_some() {
            block.extend_from_slice(MARK);
        }
        loop {
            let line_start = block.len();
            let room = (HEAD_BYTES_MAX - line_start.min(HEAD_BYTES_MAX)) as u64;
            (&mut self.bytes).take(room).read_until(b'\n', &mut block)?;
            if !block.starts_with(MARK) {
                return Err(Trouble::Damage("No record begins where one should.".to_owned()));
            }
            let line = &block[line_start..];
            match line {
                b"\r\n" | b"\n" => break,
                _ if !line.ends_with(b"\n") && block.len() >= HEAD_BYTES_MAX => {
                    return Err(Trouble::Damage(format!("Its header has more than {HEAD_BYTES_MAX} bytes.")));
                }
                _ if !line.ends_with(b"\n") => {
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
                }
                _ => {}
            }
        }
        let first = memchr::memchr(b'\n', &block).map_or(0, |end| end + 1);
        Ok(Head::parse(&block[first..]))
    }

    /// A record that may hold a report.
    fn page(&mut self, head: &Head, kind: &str, length: u64) -> Result<Piece, Trouble> {
        if head.get("warc-segment-number").is_some() {
            self.skip_body(length)?;
            return Err(Trouble::Refused("It is cut into segments, which are not put together.".to_owned()));
        }
        let mut bytes = Vec::new();
        let first = length.min(HEAD_BYTES_MAX as u64);
        self.take(first, &mut bytes)?;
        let (declared, charset) = head.get("content-type").map(media_type).unwrap_or_default();
        let http =
            if declared.is_empty() || declared == "application/http" { response_head(&bytes) } else { None };
        if kind == "response" && http.is_none() {
            self.skip_body(length - first)?;
            return Ok(Piece::PassedOver("response that is not HTTP"));
        }
        let media = http.as_ref().map_or(declared.as_str(), |http| http.media_type.as_str());
        let status = http.as_ref().map_or(200, |http| http.status);
        if let Some(what) = no_report(status, media) {
            self.skip_body(length - first)?;
            return Ok(Piece::PassedOver(what));
        }
        if length > RECORD_BYTES_MAX as u64 {
            self.skip_body(length - first)?;
            return Err(Trouble::Refused(format!(
                "This record has {length} bytes and at most {RECORD_BYTES_MAX} are read."
            )));
        }
        self.take(length - first, &mut bytes)?;
        let page = Page {
            place: PagePlace {
                member: self.member.clone(),
                offset: self.current.offset,
                within: self.current.within,
            },
            record_id: head.get("warc-record-id").unwrap_or_default().to_owned(),
            url: head.address("warc-target-uri").map(str::to_owned),
            date: head.get("warc-date").map(str::to_owned),
            payload_digest: head.get("warc-payload-digest").map(str::to_owned),
            block_digest: head.get("warc-block-digest").map(str::to_owned),
            charset: http.as_ref().and_then(|http| http.charset.clone()).or(charset),
            http,
        };
        Ok(Piece::Record(Record { input: self.input.clone(), bytes, kind: RecordKind::Page(Box::new(page)) }))
    }

    /// Adds bytes of the block; there must be so many.
    fn take(&mut self, count: u64, into: &mut Vec<u8>) -> Result<(), Trouble> {
        let taken = (&mut self.bytes).take(count).read_to_end(into)?;
        if (taken as u64) < count {
            Err(io::Error::from(io::ErrorKind::UnexpectedEof).into())
        } else {
            Ok(())
        }
    }

    fn skip_body(&mut self, mut length: u64) -> Result<(), Trouble> {
        while length > 0 {
            let ready = self.bytes.fill_buf()?.len();
            if ready == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
            let count = ready.min(usize::try_from(length).unwrap_or(usize::MAX));
            self.bytes.consume(count);
            length -= count as u64;
        }
        Ok(())
    }

    /// Takes the line breaks between two records and counts them.
    fn skip_gap(&mut self) -> Result<usize, Trouble> {
        let mut count = 0;
        loop {
            let ready = self.bytes.fill_buf()?;
            let breaks = ready.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let more = breaks > 0 && breaks == ready.len();
            self.bytes.consume(breaks);
            count += breaks;
            if !more {
                return Ok(count);
            }
            if count > GAP_BYTES_MAX {
                return Err(Trouble::Damage("Nothing but line breaks follows.".to_owned()));
            }
        }
    }

    /// After a record comes a gap, another record or the end; else its length is wrong, and it may hold what is not
    /// its own. What is wrong with the next member is no fault of this one.
    fn check_end(&mut self) -> Result<(), Trouble> {
        let end = self.bytes.place();
        let gap = match self.skip_gap() {
            Err(Trouble::Damage(_)) if self.bytes.place().offset > end.offset => return Ok(()),
            other => other?,
        };
        let next = self.bytes.place();
        let new_member = self.bytes.packing() != Packing::Plain && next.within == 0;
        let ready = self.bytes.fill_buf()?;
        let known = ready.len().min(MARK.len());
        if gap >= 2 || new_member || ready[..known] == MARK[..known] {
            Ok(())
        } else {
            Err(Trouble::Damage("Its length is wrong: no record follows it.".to_owned()))
        }
    }

    /// Notes damage and goes to the next record.
    fn get_past(&mut self, trouble: Trouble) -> Piece {
        let place = PagePlace {
            member: self.member.clone(),
            offset: self.current.offset,
            within: self.current.within,
        };
        let mut reason = match trouble {
            Trouble::Refused(why) => {
                return Piece::Skipped(Skipped { input: place.name(&self.input), reason: why });
            }
            Trouble::Source(error) => {
                self.ended = true;
                format!("The archive cannot be read on: {error}.")
            }
            Trouble::Damage(why) => {
                self.damage_count += 1;
                if self.damage_count > DAMAGES_MAX {
                    self.ended = true;
                    format!("{why} More than {DAMAGES_MAX} places are damaged; the rest is not read.")
                } else {
                    self.ended = !self.search().unwrap_or(false);
                    why
                }
            }
        };
        match self.found {
            Some(next) if !self.ended => {
                reason.push_str(&format!(" Reading went on at byte {}.", next.offset));
            }
            _ => reason.push_str(" Nothing after it could be read."),
        }
        Piece::Skipped(Skipped { input: place.name(&self.input), reason })
    }

    /// Searches the next record from just after the beginning of the current one, as long as there is budget for
    /// reading twice, else from where reading stands; `false` when there is none.
    fn search(&mut self) -> io::Result<bool> {
        let twice = self.bytes.taken().saturating_sub(self.current.offset);
        if twice <= self.rescan_left {
            self.rescan_left -= twice;
            let after = Place { within: self.current.within, offset: self.current.offset };
            let gone = match self.bytes.packing() {
                Packing::Plain => self.bytes.go_to(Place { offset: after.offset + 1, ..after }),
                Packing::Gzip | Packing::Zstd => {
                    self.bytes.go_to(Place { within: after.within + 1, ..after })
                }
            };
            if gone.is_err() && !self.recover(self.current.offset + 1)? {
                return Ok(false);
            }
        }
        loop {
            match self.scan() {
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) =>
                {
                    let from = self.bytes.place().offset.max(self.current.offset) + 1;
                    self.damage_count += 1;
                    if self.damage_count > DAMAGES_MAX || !self.recover(from)? {
                        return Ok(false);
                    }
                }
                other => return other,
            }
        }
    }

    /// Goes to where a packed member seems to begin; plain bytes have none.
    fn recover(&mut self, from: u64) -> io::Result<bool> {
        match self.bytes.packing() {
            Packing::Plain => Ok(true),
            Packing::Gzip | Packing::Zstd => {
                let twice = self.bytes.taken().saturating_sub(from);
                let from = if twice <= self.rescan_left { from } else { self.bytes.taken() };
                self.rescan_left = self.rescan_left.saturating_sub(twice);
                self.bytes.recover(from)
            }
        }
    }

    /// Reads until a line begins with the mark and takes the mark; `false` at the end.
    fn scan(&mut self) -> io::Result<bool> {
        let (mut matched, mut start) = (0, Place::default());
        let mut line_begins = self.bytes.place().within == 0 && self.bytes.packing() != Packing::Plain;
        loop {
            let ready = self.bytes.fill_buf()?;
            if ready.is_empty() {
                return Ok(false);
            }
            if matched == 0 && !line_begins {
                // Nothing before the next line break matters.
                let count = memchr::memchr(b'\n', ready).map_or(ready.len(), |at| at + 1);
                line_begins = ready[count - 1] == b'\n';
                self.bytes.consume(count);
                continue;
            }
            let byte = ready[0];
            if byte == MARK[matched] {
                if matched == 0 {
                    start = self.bytes.place();
                }
                matched += 1;
                self.bytes.consume(1);
                if matched == MARK.len() {
                    self.found = Some(start);
                    return Ok(true);
                }
                continue;
            }
            (matched, line_begins) = (0, byte == b'\n');
            self.bytes.consume(1);
            // A new member is a new line.
            line_begins |= self.bytes.packing() != Packing::Plain && self.bytes.place().within == 0;
        }
    }
}

impl Cutter for Records<'_> {
    fn next(&mut self) -> Option<Piece> {
        if self.ended {
            return None;
        }
        match self.piece() {
            Ok(None) => {
                self.ended = true;
                None
            }
            Ok(Some(piece)) => Some(piece),
            Err(trouble) => Some(self.get_past(trouble)),
        }
    }

    fn position(&self) -> Position {
        let place = self.found.unwrap_or_else(|| self.bytes.place());
        Position {
            member: self.number,
            offset: place.offset,
            within: place.within,
            record_count: self.record_count,
        }
    }
}

/// What a revisit record says.
fn revisit(head: &Head) -> String {
    let url = head.address("warc-target-uri").unwrap_or("its page");
    match head.get("warc-refers-to-date") {
        Some(date) => format!("It only says that {url} was unchanged since {date}, where its text stands."),
        None => {
            format!("It only says that {url} was unchanged since an earlier capture, where its text stands.")
        }
    }
}

/// What a response is, when it is no report: by its status, then by its media type.
fn no_report(status: u16, media_type: &str) -> Option<&'static str> {
    match status {
        300..=399 => return Some("redirect"),
        400.. => return Some("error page"),
        _ => {}
    }
    let (kind, subtype) = media_type.split_once('/').unwrap_or_default();
    match (kind, subtype) {
        ("image", _) => Some("image"),
        ("audio", _) => Some("audio"),
        ("video", _) => Some("video"),
        ("font", _) => Some("font"),
        ("text", "css") => Some("style sheet"),
        (_, "javascript" | "x-javascript" | "ecmascript") => Some("script"),
        ("text", "html" | "plain" | "xml") => None,
        ("application", subtype) if subtype.ends_with("xml") || subtype == "feed+json" => None,
        ("" | "unknown", _) | ("application", "octet-stream") => None,
        ("application", "json") => Some("data"),
        _ => Some("other media"),
    }
}
