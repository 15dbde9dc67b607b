//! Web archives (WARC): plain, gzip or Zstandard, whole or not.

use std::io::{Cursor, Read};

use super::Format;
use crate::buffered::Buffered;
use crate::stream::{Cutter, Opened, gather_cut, unreadable};
use crate::unpacked::{Packing, Unpacked, has_dictionary, packing};
use crate::warc::Records;
use crate::{IngestOptions, Ingested, Raw, Rejection};

pub(crate) use crate::warc::Page;

/// Pages as a crawler captured them.
pub(crate) const FORMAT: Format =
    Format { id: "warc", name_ends: &[".warc", ".warc.gz", ".warc.zst"], claims, read, cut: Some(cut) };

/// What an archive begins with, unpacked.
const MARK: &[u8] = b"WARC/";

fn claims(head: &[u8]) -> bool {
    if packing(head) == Packing::Plain {
        return head.starts_with(MARK);
    }
    if has_dictionary(head) {
        return true;
    }
    let source = Buffered::new(Box::new(Cursor::new(head)));
    let mut start = [0; MARK.len()];
    Unpacked::new(source).is_ok_and(|mut unpacked| unpacked.read_exact(&mut start).is_ok() && start == MARK)
}

fn cut(opened: Opened<'_>) -> Result<Box<dyn Cutter + '_>, Rejection> {
    let Opened { name, source, from, .. } = opened;
    let records = Unpacked::new(source).and_then(|bytes| Records::open(name.clone(), bytes, from));
    match records {
        Ok(records) => Ok(Box::new(records)),
        Err(error) => Err(unreadable(&name, &error)),
    }
}

fn read(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    gather_cut(raw, options, cut)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;

    use crate::stream::{Piece, Pieces, Position};
    use crate::warc::{WarcWriter, WriteRecord};
    use crate::{IngestOptions, Ingested, Raw, Rejection, ingest};

    const PAGES: usize = 5;

    fn text(number: usize) -> String {
        format!("Ferry {number} ran aground off Port Selm on Sunday, the coast guard said.\n")
    }

    /// An archive with everything that crawlers write, and five pages.
    fn archive<W: Write>(mut writer: WarcWriter<W>) -> (W, Vec<u64>) {
        let record = WriteRecord {
            kind: "warcinfo",
            id: "urn:uuid:0",
            date: "2021-03-15T06:00:00Z",
            target: None,
            media_type: "application/warc-fields",
            fields: &[],
            block: b"software: test\r\n",
        };
        writer.write(&record).unwrap();
        let mut offsets = Vec::new();
        for number in 0..PAGES {
            let url = format!("https://selm.example/{number}");
            let (request, response) = (format!("urn:uuid:q{number}"), format!("urn:uuid:r{number}"));
            let page = WriteRecord { target: Some(&url), ..record };
            let media_type = "application/http; msgtype=request";
            let block = b"GET / HTTP/1.1\r\n\r\n";
            writer.write(&WriteRecord { kind: "request", id: &request, media_type, block, ..page }).unwrap();
            let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{}", text(number));
            let media_type = "application/http; msgtype=response";
            let block = block.as_bytes();
            offsets.push(
                writer
                    .write(&WriteRecord { kind: "response", id: &response, media_type, block, ..page })
                    .unwrap(),
            );
        }
        (writer.finish().unwrap(), offsets)
    }

    fn read(bytes: &[u8]) -> Result<Ingested, Rejection> {
        ingest(&Raw { name: "selm.warc.gz", bytes }, &IngestOptions::english(None))
    }

    fn texts(found: &Ingested) -> Vec<&str> {
        found.articles.iter().map(|article| article.text.as_str()).collect()
    }

    #[test]
    fn every_page_is_read_and_says_where_it_lies() {
        for (bytes, offsets) in
            [archive(WarcWriter::gzip(Vec::new())), archive(WarcWriter::plain(Vec::new()))]
        {
            let found = read(&bytes).unwrap();
            assert_eq!(texts(&found), (0..PAGES).map(text).collect::<Vec<_>>());
            assert_eq!((found.tally.read_count, found.tally.record_count()), (5, 11));
            assert_eq!(found.tally.passed_over["request"], 5);
            for (number, (article, offset)) in found.articles.iter().zip(offsets).enumerate() {
                let capture = article.capture.as_ref().unwrap();
                assert_eq!((capture.offset, capture.within), (offset, 0));
                assert_eq!(capture.record, format!("<urn:uuid:r{number}>"));
                assert_eq!(article.id, format!("selm@{offset}"));
                assert_eq!(article.url.as_deref(), Some(format!("https://selm.example/{number}").as_str()));
                assert!(capture.payload_digest.as_ref().unwrap().starts_with("sha1:"));
            }
        }
    }

    #[test]
    fn an_archive_in_one_gzip_member_is_traced_into_it() {
        let (plain, offsets) = archive(WarcWriter::plain(Vec::new()));
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(&plain).unwrap();
        let found = read(&packer.finish().unwrap()).unwrap();
        let places: Vec<u64> =
            found.articles.iter().map(|article| article.capture.as_ref().unwrap().within).collect();
        assert_eq!(places, offsets);
    }

    #[test]
    fn a_cut_off_archive_gives_every_whole_record() {
        for (bytes, offsets) in
            [archive(WarcWriter::gzip(Vec::new())), archive(WarcWriter::plain(Vec::new()))]
        {
            for end in (1..bytes.len()).step_by(7) {
                let whole = offsets.iter().skip(1).filter(|&&offset| offset as usize <= end).count();
                let count = read(&bytes[..end]).map_or(0, |found| found.articles.len());
                assert!(count >= whole && count <= whole + 1, "{count} of {whole} whole ones at {end}");
            }
        }
    }

    #[test]
    fn damage_costs_the_record_that_it_hits_and_is_told() {
        for (bytes, offsets) in
            [archive(WarcWriter::gzip(Vec::new())), archive(WarcWriter::plain(Vec::new()))]
        {
            for place in (offsets[1] as usize..offsets[2] as usize).step_by(3) {
                let mut damaged = bytes.clone();
                damaged[place..place + 2].copy_from_slice(b"\xff\xf3");
                let found = read(&damaged).unwrap();
                let kept = texts(&found);
                for number in [0, 2, 3, 4] {
                    assert!(kept.contains(&text(number).as_str()), "page {number} is lost with byte {place}");
                }
                assert!(kept.len() <= PAGES, "a page is read twice with byte {place}");
            }
        }
    }

    #[test]
    fn a_wrong_length_does_not_swallow_the_next_record() {
        let (bytes, _) = archive(WarcWriter::plain(Vec::new()));
        let head = b"Content-Length: 112";
        let at = memchr::memmem::find(&bytes, head).unwrap();
        for wrong in
            [b"Content-Length: 900", b"Content-Length: 002", b"Content-Length: -12", b"Content-Length: 999"]
        {
            let mut damaged = bytes.clone();
            damaged[at..at + head.len()].copy_from_slice(wrong);
            let found = read(&damaged).unwrap();
            assert_eq!(
                texts(&found),
                (1..PAGES).map(text).collect::<Vec<_>>(),
                "{}",
                String::from_utf8_lossy(wrong)
            );
            assert_eq!((found.skipped.len(), found.tally.skipped_count), (1, 1), "{:?}", found.skipped);
            assert!(found.skipped[0].input.starts_with("selm.warc.gz@"));
        }
    }

    /// The texts from a position on.
    fn rest(bytes: &[u8], from: Position) -> Vec<String> {
        let pieces = Pieces::open("selm.warc.gz", Box::new(Cursor::new(bytes)), from).unwrap();
        let options = IngestOptions::english(None);
        pieces
            .filter_map(|piece| match piece {
                Piece::Record(record) => Some(record.read(&options).unwrap().articles.remove(0).text),
                Piece::Skipped(_) | Piece::PassedOver(_) => None,
            })
            .collect()
    }

    #[test]
    fn reading_goes_on_from_any_position() {
        for (bytes, _) in [archive(WarcWriter::gzip(Vec::new())), archive(WarcWriter::plain(Vec::new()))] {
            let mut pieces =
                Pieces::open("selm.warc.gz", Box::new(Cursor::new(&bytes)), Position::default()).unwrap();
            let mut read_count = 0;
            while let Some(piece) = pieces.next() {
                read_count += usize::from(matches!(piece, Piece::Record(_)));
                let wanted: Vec<String> = (read_count..PAGES).map(text).collect();
                assert_eq!(rest(&bytes, pieces.position()), wanted);
            }
        }
    }

    proptest! {
        #[test]
        fn damaged_archives_are_read_or_refused(
            packed: bool,
            damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            cut in any::<prop::sample::Index>(),
        ) {
            let (mut bytes, _) =
                if packed { archive(WarcWriter::gzip(Vec::new())) } else { archive(WarcWriter::plain(Vec::new())) };
            for (place, byte) in damage {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            let from = cut.index(bytes.len());
            bytes.drain(from..(from + 40).min(bytes.len()));
            if let Ok(found) = read(&bytes) {
                prop_assert!(found.articles.len() <= PAGES);
                for article in &found.articles {
                    prop_assert!(article.capture.is_some());
                }
            }
        }
    }
}
