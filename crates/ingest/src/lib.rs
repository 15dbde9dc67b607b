//! Everything that looks at foreign bytes: bytes → articles, every text byte traced to its source bytes.
//!
//! ```
//! use ingest::{IngestOptions, Raw, ingest};
//!
//! let raw = Raw { name: "bridge.txt", bytes: "Old bridge closed to traffic\n\nThe bridge was closed on Monday, police said.".as_bytes() };
//! let article = &ingest(&raw, &IngestOptions::english(None)).unwrap().articles[0];
//! assert_eq!(article.headline.unwrap().of(&article.text), "Old bridge closed to traffic");
//! ```

mod article;
mod buffered;
mod byline;
mod credit;
mod dateline;
mod decode;
mod digest;
mod extract;
mod feed;
mod format;
mod http;
mod ids;
mod language;
mod limits;
mod line;
mod markup;
mod outlet;
mod overrides;
mod page;
mod phrases;
mod published;
mod quick;
mod rejection;
mod repeated;
mod stream;
mod trace;
pub mod training;
mod unpacked;
mod warc;
mod words;

pub use digest::{sha256, sha256_of};
pub use extract::limits::PAGE_BYTES_MAX;
pub use format::html::{Retraced, retraced};
pub use format::{FORMATS, Format, Response, is_archive, write_opml};
pub use ids::Ids;
pub use outlet::{Outlet, OutletError, OutletKind, Outlets};
pub use overrides::{OverridesError, parse_overrides, undo_override, write_override};
pub use rejection::Rejection;
pub use repeated::mark_repeated;
pub use stream::{Forward, Piece, Pieces, Position, Record, Source, Tally};
pub use trace::source_of;
pub use warc::{Captured, WarcWriter, WriteRecord, read_captured};
pub use words::PageWords;

use std::sync::Arc;

use model::{Address, Article, Skipped};

/// An input as it came.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'a> {
    /// As the user named it: a path, an address, `-`.
    pub name: &'a str,
    /// All of it.
    pub bytes: &'a [u8],
}

/// How to read inputs.
#[derive(Clone, Debug)]
pub struct IngestOptions {
    /// Today as `2022-02-15`: later publication dates are told. `None`: none is.
    pub reference_date: Option<String>,
    /// The phrases of pages.
    pub words: PageWords,
    /// BCP 47 code of the language of `words`.
    pub language: &'static str,
    /// What tells articles from the rest of their pages.
    pub pages: PageModel,
    /// The outlets by whose addresses, names and credits publishers are told.
    pub outlets: Outlets,
}

/// The learned numbers that tell the article of a web page from the rest of it.
#[derive(Clone, Debug)]
pub struct PageModel {
    pub(crate) weights: Arc<extract::weights::Weights>,
}

impl PageModel {
    /// Those in the program.
    pub fn built_in() -> PageModel {
        PageModel { weights: Arc::new(extract::weights::Weights::built_in()) }
    }

    /// Those in a file that `train/extract.py` wrote; `None` when it is no such file.
    pub fn read(bytes: &[u8]) -> Option<PageModel> {
        extract::weights::Weights::read(bytes).map(|weights| PageModel { weights: Arc::new(weights) })
    }
}

impl IngestOptions {
    /// For pages in English (and others, whose language is told, but not their furniture).
    pub fn english(reference_date: Option<String>) -> IngestOptions {
        let words = PageWords::built_in("en").expect("English is built in");
        let outlets = Outlets::built_in();
        IngestOptions { reference_date, words, language: "en", pages: PageModel::built_in(), outlets }
    }
}

/// What an input gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ingested {
    /// In order of the input.
    pub articles: Vec<Article>,
    /// Parts that could not be read, with reasons; the others were.
    pub skipped: Vec<Skipped>,
    /// What it names and does not hold: pages and feeds that would have to be fetched.
    pub addresses: Vec<Address>,
    /// What was odd, as sentences.
    pub warnings: Vec<String>,
    /// What became of its records.
    pub tally: Tally,
}

/// Reads an input of any known format.
///
/// # Errors
/// The reason why it gives no article and no address.
pub fn ingest(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    let mut ingested = stream::gather_bytes(raw, options)?;
    let mut ids = Ids::default();
    for article in &mut ingested.articles {
        article.id = ids.give(std::mem::take(&mut article.id));
    }
    Ok(ingested)
}

/// Reads an input of any known format without holding more of it than a record; ids may repeat ([`Ids`]).
///
/// # Errors
/// The reason why it gives no article and no address.
pub fn ingest_source(
    name: &str,
    source: Box<dyn Source + '_>,
    options: &IngestOptions,
) -> Result<Ingested, Rejection> {
    stream::gather(name, Pieces::open(name, source, Position::default())?, options)
}

/// Reads bytes that are one file of any format.
pub(crate) fn read_whole(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    if raw.bytes.trim_ascii().is_empty() {
        return Err(Rejection::Empty { input: raw.name.to_owned() });
    }
    let head = &raw.bytes[..raw.bytes.len().min(limits::SNIFF_BYTES_MAX)];
    read_as(raw, stream::stream_format(raw.name, head), options)
}

/// Reads bytes that are one file of a format; of none: 16-bit characters and binary files, which decoding tells apart,
/// and comes back for what it then sees.
pub(crate) fn read_as(
    raw: &Raw,
    format: Option<&Format>,
    options: &IngestOptions,
) -> Result<Ingested, Rejection> {
    let format = format.unwrap_or(FORMATS.last().expect("there is a format"));
    let ingested = (format.read)(raw, options)?;
    for article in &ingested.articles {
        for furniture in &article.furniture {
            assert!(
                article.text.get(furniture.span.range()).is_some(),
                "furniture lies on character boundaries"
            );
        }
    }
    Ok(ingested)
}

/// Reads what was fetched: like [`ingest`], knowing its address and what the server said about it.
///
/// # Errors
/// The reason why it gives no article at all.
pub fn ingest_response(
    raw: &Raw,
    response: &Response,
    options: &IngestOptions,
) -> Result<Ingested, Rejection> {
    let head = &raw.bytes[..raw.bytes.len().min(limits::SNIFF_BYTES_MAX)];
    if !raw.bytes.trim_ascii().is_empty() && format::format_of(raw.name, head).id == "html" {
        return format::read_page(raw, response, options);
    }
    let mut ingested = ingest(raw, options)?;
    if let (Some(url), [article]) = (response.url, ingested.articles.as_mut_slice()) {
        options.outlets.settle(article, url);
    }
    Ok(ingested)
}

/// The beginning of foreign words, for a message.
pub(crate) fn excerpt(words: &str) -> String {
    let mut short: String =
        words.chars().take(limits::EXCERPT_CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if words.chars().nth(limits::EXCERPT_CHARS_MAX).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{IngestOptions, Ingested, Raw, Rejection, ingest, source_of};
    use model::Span;
    use proptest::prelude::*;

    fn read(name: &str, bytes: &[u8]) -> Result<Ingested, Rejection> {
        ingest(&Raw { name, bytes }, &IngestOptions::english(None))
    }

    #[test]
    fn bad_inputs_have_their_reasons() {
        assert!(matches!(read("a", b""), Err(Rejection::Empty { .. })));
        assert!(matches!(read("a", b" \n\t \xc2\xa0"), Err(Rejection::Empty { .. })));
        assert!(matches!(read("a", b"\xff\xfe \0\n\0"), Err(Rejection::Empty { .. })));
        assert!(matches!(read("a", &[0, 1, 2, 3, 4, 200, 0, 5, 6, 7]), Err(Rejection::Binary { .. })));
        assert!(matches!(read("a", b"<html><body>x</body>"), Err(Rejection::NoArticle { .. })));
        assert!(matches!(read("a", b"%PDF-1.4 \0\0"), Err(Rejection::UnknownFormat { .. })));
        assert!(matches!(read("a", b"1234 --- 5678"), Err(Rejection::NoArticle { .. })));
        assert!(matches!(read("a.jsonl", b"{\"text\": \"\"}"), Err(Rejection::NoArticle { .. })));
    }

    #[test]
    fn a_line_of_a_hundred_megabytes_is_refused_unread() {
        let line = vec![b'a'; 100 << 20];
        assert!(matches!(read("a.txt", &line), Err(Rejection::OverBudget { .. })));
        let mut lines = b"{\"text\":\"One fell.\"}\n{\"text\":\"".to_vec();
        lines.extend(&line);
        lines.extend(b"\"}\n{\"text\":\"Two fell.\"}\n");
        let found = read("a.jsonl", &lines).unwrap();
        assert_eq!((found.articles.len(), found.skipped.len()), (2, 1));
        assert_eq!(found.skipped[0].input, "a.jsonl:2");
    }

    #[test]
    fn jsonl_in_utf16_is_traced_to_its_bytes() {
        let text = "{\"title\":\"Bridge falls\",\"text\":\"The caf\u{e9} shook.\"}\n";
        let bytes: Vec<u8> =
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let article = read("a.jsonl", &bytes).unwrap().articles.remove(0);
        let place = article.text.find("café").unwrap();
        let source = source_of(article.source_map.as_deref(), Span::new(place, place + 5)).unwrap();
        let units: Vec<u16> =
            bytes[source.range()].chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        assert_eq!(String::from_utf16(&units).unwrap(), "café");
    }

    /// Everything that points into a text points at whole characters of it.
    fn check(found: &Ingested, size: usize) {
        for article in &found.articles {
            let text = &article.text;
            let whole = |span: Span| text.get(span.range()).is_some();
            assert!(article.furniture.iter().all(|furniture| whole(furniture.span)));
            assert!(article.furniture.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
            assert!(article.headline.iter().chain(&article.dateline).all(|&span| whole(span)));
            assert!(article.credits.iter().all(|credit| whole(credit.span)));
            assert!(
                article.published.iter().flat_map(|published| &published.evidence).all(|&span| whole(span))
            );
            let mut end = 0;
            for trace in article.source_map.iter().flatten() {
                assert!(whole(trace.text) && trace.text.start >= end && trace.source.end <= size);
                end = trace.text.end;
            }
        }
    }

    /// Pieces that meet in bad files.
    const PIECES: &[&str] = &[
        "Leave a Reply",
        "\n",
        "\r\n",
        "\u{2028}",
        "© 2022 ",
        "By Ana Ruiz",
        "(AP)",
        " — ",
        "Published: 15 Feb 2022",
        "\u{feff}",
        "The bridge was closed on Monday after a ship had struck it.",
        "{\"text\":\"",
        "\"}",
        "\\ud800",
        "İ",
        "ß",
        "🙂",
        "\u{0}",
        "Source: ",
        "Related",
        "> ",
        "Photo: ",
        " contributed to this report",
        "reporting by ",
        "{\"id\":1,\"title\":\"A\",\"text\":\"B\"}",
    ];

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(found) = read("a", &bytes) {
                check(&found, bytes.len());
            }
        }

        #[test]
        fn any_pieces_are_read_or_refused(places in proptest::collection::vec(0..PIECES.len(), 0..40), name in prop_oneof!["a.txt", "a.jsonl"]) {
            let text: String = places.iter().map(|&place| PIECES[place]).collect();
            if let Ok(found) = read(&name, text.as_bytes()) {
                check(&found, text.len());
            }
        }
    }
}
