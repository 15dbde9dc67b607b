//! Packages of web archives (WACZ 1): a zip with WARCs in `archive/`. Nothing is unpacked to disk.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::Format;
use crate::buffered::Buffered;
use crate::limits::{PACKAGE_FILES_MAX, REPACKED_GROWTH_MAX};
use crate::stream::{Cutter, Forward, Opened, Piece, Position, gather_cut};
use crate::unpacked::{Packing, Unpacked, packing};
use crate::warc::Records;
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// Packages as Browsertrix and ArchiveWeb.page write them.
pub(crate) const FORMAT: Format = Format { id: "wacz", name_ends: &[".wacz"], claims, read, cut: Some(cut) };

/// Folders and files of which a package has one near its beginning.
const MARKS: &[&[u8]] = &[b"archive/", b"datapackage.json", b"indexes/", b"pages/"];

fn claims(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") && MARKS.iter().any(|mark| memchr::memmem::find(head, mark).is_some())
}

fn read(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    gather_cut(raw, options, cut)
}

fn cut(opened: Opened<'_>) -> Result<Box<dyn Cutter + '_>, Rejection> {
    let Opened { name, source, from, .. } = opened;
    let refused = |why: String| Rejection::NoArticle { input: name.clone(), why };
    let package = Package::open(source).map_err(|error| {
        refused(format!("it is no whole zip ({error}); give it as a file, not through a pipe"))
    })?;
    if package.archives.is_empty() {
        return Err(refused("the package has no WARC in its folder `archive`".to_owned()));
    }
    let place = usize::try_from(from.member).unwrap_or(usize::MAX);
    let mut cutter = Cut { name, package, place, records: None, from, ended_at: from };
    cutter.open_next();
    Ok(Box::new(cutter))
}

/// The archive of that name in a package.
///
/// # Errors
/// When the package cannot be read, or holds none of that name.
pub(crate) fn archive_in<'a>(source: Buffered<'a>, name: &str) -> io::Result<Buffered<'a>> {
    let package = Package::open(source)?;
    let found = package.archives.iter().find(|archive| archive.name == name);
    let archive = found.ok_or_else(|| io::Error::other(format!("the package has no archive {name}")))?;
    Ok(package.read(archive))
}

/// A package and the archives in it.
struct Package<'a> {
    source: Arc<Mutex<Buffered<'a>>>,
    archives: Vec<Archive>,
}

/// A WARC in a package.
struct Archive {
    name: String,
    start: u64,
    length: u64,
    is_packed: bool,
}

impl<'a> Package<'a> {
    fn open(source: Buffered<'a>) -> io::Result<Package<'a>> {
        let source = Arc::new(Mutex::new(source));
        let whole = Section { source: Arc::clone(&source), start: 0, length: u64::MAX, at: 0 };
        let mut zip = ZipArchive::new(whole)?;
        let mut archives = Vec::new();
        for number in 0..zip.len().min(PACKAGE_FILES_MAX) {
            let Ok(file) = zip.by_index_raw(number) else { continue };
            let Ok(name) = file.name().map(|name| name.into_owned()) else { continue };
            let is_warc = [".warc", ".warc.gz", ".warc.zst"].iter().any(|end| name.ends_with(end));
            let is_packed = match file.compression() {
                CompressionMethod::Stored => Some(false),
                CompressionMethod::Deflated => Some(true),
                _ => None,
            };
            if let (true, Some(is_packed), Some(start)) = (is_warc, is_packed, file.data_start()) {
                archives.push(Archive { name, start, length: file.compressed_size(), is_packed });
            }
        }
        archives.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Package { source, archives })
    }

    fn read(&self, archive: &Archive) -> Buffered<'a> {
        let section = || {
            let Archive { start, length, .. } = *archive;
            Section { source: Arc::clone(&self.source), start, length, at: 0 }
        };
        if !archive.is_packed {
            return Buffered::new(Box::new(section()));
        }
        let unpacked = || DeflateDecoder::new(BufReader::new(section()));
        let mut head = Vec::new();
        // What cannot be unpacked is told when it is read.
        let is_repacked =
            unpacked().take(4).read_to_end(&mut head).is_ok() && packing(&head) != Packing::Plain;
        let growth = if is_repacked { REPACKED_GROWTH_MAX } else { u64::MAX };
        let source = Forward::new(unpacked().take(archive.length.saturating_mul(growth)));
        Buffered::new(Box::new(source))
    }
}

/// A part of a source that several share.
struct Section<'a> {
    source: Arc<Mutex<Buffered<'a>>>,
    start: u64,
    /// `u64::MAX` for all of the rest.
    length: u64,
    at: u64,
}

impl Read for Section<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.length - self.at.min(self.length)).unwrap_or(usize::MAX);
        let count = into.len().min(room);
        let mut source = self.source.lock().expect("nobody panics while reading");
        let place = self.start.checked_add(self.at).ok_or(io::ErrorKind::InvalidInput)?;
        source.seek(SeekFrom::Start(place))?;
        let read = source.read(&mut into[..count])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Section<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) if self.length == u64::MAX => {
                let mut source = self.source.lock().expect("nobody panics while reading");
                source.seek(SeekFrom::End(0))?.checked_add_signed(by)
            }
            SeekFrom::End(by) => self.length.checked_add_signed(by),
        };
        self.at = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// The records of a package, archive by archive.
struct Cut<'a> {
    name: String,
    package: Package<'a>,
    place: usize,
    records: Option<Records<'a>>,
    /// Where reading begins in the first archive.
    from: Position,
    ended_at: Position,
}

impl Cut<'_> {
    fn open_next(&mut self) {
        let Some(archive) = self.package.archives.get(self.place) else { return };
        let member = self.place as u64;
        let from = if self.from.member == member { self.from } else { Position::default() };
        let position = Position { member, record_count: from.record_count, ..from };
        let records = Unpacked::new(self.package.read(archive))
            .and_then(|bytes| Records::open(self.name.clone(), bytes, position));
        self.records = records.ok().map(|records| records.in_package(archive.name.clone()));
    }
}

impl Cutter for Cut<'_> {
    fn next(&mut self) -> Option<Piece> {
        loop {
            let archive = self.package.archives.get(self.place)?;
            let unread = self.records.is_none();
            let name = format!("{}!{}", self.name, archive.name);
            if let Some(piece) = self.records.as_mut().and_then(Cutter::next) {
                self.ended_at = self.position();
                return Some(piece);
            }
            self.place += 1;
            self.ended_at = Position { member: self.place as u64, ..Position::default() };
            self.open_next();
            if unread {
                let reason = "This archive in the package cannot be unpacked.".to_owned();
                return Some(Piece::Skipped(model::Skipped { input: name, reason }));
            }
        }
    }

    fn position(&self) -> Position {
        self.records.as_ref().map_or(self.ended_at, Cutter::position)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;
    use zip::write::SimpleFileOptions;

    use crate::warc::{WarcWriter, WriteRecord};
    use crate::{IngestOptions, Ingested, Raw, Rejection, ingest, read_captured};

    fn warc(words: &str) -> Vec<u8> {
        let mut writer = WarcWriter::gzip(Vec::new());
        let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{words}");
        let record = WriteRecord {
            kind: "response",
            id: "urn:uuid:1",
            date: "2021-03-15T06:00:00Z",
            target: Some("https://selm.example/1"),
            media_type: "application/http; msgtype=response",
            fields: &[],
            block: block.as_bytes(),
        };
        writer.write(&record).unwrap();
        writer.write(&record).unwrap();
        writer.finish().unwrap()
    }

    fn package() -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let packed = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        for (name, options, bytes) in [
            ("archive/a.warc.gz", stored, warc("The ferry ran aground.")),
            ("datapackage.json", packed, b"{}".to_vec()),
            ("archive/../../b.warc.gz", packed, warc("The choir sang in the fog.")),
        ] {
            zip.start_file(name, options).unwrap();
            zip.write_all(&bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn read(bytes: &[u8]) -> Result<Ingested, Rejection> {
        ingest(&Raw { name: "selm.wacz", bytes }, &IngestOptions::english(None))
    }

    #[test]
    fn every_archive_of_a_package_is_read_and_found_again() {
        let bytes = package();
        let found = read(&bytes).unwrap();
        let texts: Vec<&str> = found.articles.iter().map(|article| article.text.as_str()).collect();
        let (ferry, choir) = ("The ferry ran aground.", "The choir sang in the fog.");
        assert_eq!(texts, [choir, choir, ferry, ferry]);
        for article in &found.articles {
            let capture = article.capture.as_ref().unwrap();
            let source = Box::new(Cursor::new(&bytes));
            let again = read_captured("selm.wacz", source, capture, &IngestOptions::english(None)).unwrap();
            assert_eq!((again.articles[0].text.as_str(), again.digests), (article.text.as_str(), Ok(())));
        }
    }

    #[test]
    fn what_is_packed_twice_does_not_grow_without_end() {
        let mut block = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n".to_vec();
        block.resize(16 << 20, b' ');
        let mut writer = WarcWriter::gzip(Vec::new());
        let record = WriteRecord {
            kind: "response",
            id: "urn:uuid:2",
            date: "2021-03-15T06:00:00Z",
            target: Some("https://selm.example/2"),
            media_type: "application/http; msgtype=response",
            fields: &[],
            block: &block,
        };
        writer.write(&record).unwrap();
        let bomb = [writer.finish().unwrap(), warc("The ferry ran aground.")].concat();
        for (level, found_count) in [(None, 2), (Some(9), 0)] {
            let method = if level.is_some() {
                zip::CompressionMethod::Deflated
            } else {
                zip::CompressionMethod::Stored
            };
            let options = SimpleFileOptions::default().compression_method(method).compression_level(level);
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            // Whatever its name says, it is packed twice.
            zip.start_file("archive/a.warc", options).unwrap();
            zip.write_all(&bomb).unwrap();
            let bytes = zip.finish().unwrap().into_inner();
            let found = read(&bytes).map_or(0, |found| found.articles.len());
            assert_eq!(found, found_count, "{level:?}");
        }
    }

    #[test]
    fn a_zip_without_archives_is_refused() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("archive/x.txt", SimpleFileOptions::default()).unwrap();
        zip.write_all(b"x").unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        assert!(matches!(read(&bytes), Err(Rejection::NoArticle { .. })));
        assert!(read(&bytes[..bytes.len() - 30]).is_err());
    }

    proptest! {
        #[test]
        fn no_damage_breaks_it(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
            let mut bytes = package();
            for (place, byte) in places {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            let _ = read(&bytes);
        }
    }
}
