//! Any other format in gzip or Zstandard: unpacked while it is read.

use super::Format;
use crate::buffered::Buffered;
use crate::limits::CODING_DEPTH_MAX;
use crate::stream::{Cutter, Forward, Opened, Pieces, gather_cut, unreadable};
use crate::unpacked::{Packing, Unpacked, packing};
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// Packed files; places in them count from their unpacked beginning.
pub(crate) const FORMAT: Format = Format { id: "packed", name_ends: &[], claims, read, cut: Some(cut) };

fn claims(head: &[u8]) -> bool {
    packing(head) != Packing::Plain
}

fn cut(opened: Opened<'_>) -> Result<Box<dyn Cutter + '_>, Rejection> {
    let Opened { name, inner_name, source, from, depth } = opened;
    if depth >= CODING_DEPTH_MAX {
        let why = format!("it is packed more than {CODING_DEPTH_MAX} times over");
        return Err(Rejection::NoArticle { input: name, why });
    }
    let unpacked = Unpacked::new(source).map_err(|error| unreadable(&name, &error))?;
    let inner = [".gz", ".gzip", ".zst"].iter().find_map(|end| inner_name.strip_suffix(end));
    let inner_name = inner.unwrap_or(&inner_name).to_owned();
    let source = Buffered::new(Box::new(Forward::new(unpacked)));
    Pieces::cutter(Opened { name, inner_name, source, from, depth: depth + 1 })
}

fn read(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    gather_cut(raw, options, cut)
}

#[cfg(test)]
mod tests {
    use crate::{IngestOptions, Ingested, Raw, Rejection, ingest};
    use proptest::prelude::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn read(name: &str, bytes: &[u8]) -> Result<Ingested, Rejection> {
        ingest(&Raw { name, bytes }, &IngestOptions::english(None))
    }

    const LINES: &[u8] = b"{\"text\":\"The ferry ran aground.\"}\n{\"text\":\"The choir sang.\"}\n";

    #[test]
    fn formats_are_told_inside_and_places_count_inside() {
        for packed in
            [gzip(LINES), zstd(LINES), gzip(&zstd(LINES)), [gzip(&LINES[..35]), gzip(&LINES[35..])].concat()]
        {
            let found = read("day.jsonl.gz", &packed).unwrap();
            let texts: Vec<&str> = found.articles.iter().map(|article| article.text.as_str()).collect();
            assert_eq!(texts, ["The ferry ran aground.", "The choir sang."]);
            let map = found.articles[1].source_map.as_ref().unwrap();
            assert_eq!(map[0].source.of(std::str::from_utf8(LINES).unwrap()), "The choir sang.");
        }
        let found = read("ferry.txt.gz", &gzip(b"The ferry ran aground in thick fog on Sunday.\n")).unwrap();
        assert_eq!(found.articles[0].id, "ferry.txt");
    }

    #[test]
    fn what_is_cut_off_packed_too_often_or_grows_too_large_is_refused_or_told() {
        let packed = gzip(LINES);
        assert!(read("a.gz", &packed[..20]).is_err());
        assert!(read("a.gz", &gzip(&gzip(&gzip(&gzip(LINES))))).is_err());
        let bomb = gzip(&vec![b'a'; 200 << 20]);
        assert!(matches!(read("a.txt.gz", &bomb), Err(Rejection::OverBudget { .. })));
    }

    proptest! {
        #[test]
        fn no_damage_breaks_it(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), use_zstd: bool) {
            let mut bytes = if use_zstd { zstd(LINES) } else { gzip(LINES) };
            for (place, byte) in places {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            let _ = read("a.jsonl.gz", &bytes);
        }
    }
}
