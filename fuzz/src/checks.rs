//! One check a target: whatever the bytes are, the parser ends, and what it says of them is true.

use std::sync::LazyLock;

use ingest::{IngestOptions, Ingested, PageModel, Raw, Source, ingest, read_captured, retraced};
use model::Span;
use rashomon::{CompareOptions, Engine, ReadOptions, Reading};
use render::{Colour, KeepText, RenderOptions};

#[allow(dead_code, reason = "only what reads a file is checked here")]
#[path = "../../crates/app/src/fetch/robots.rs"]
mod robots;

/// A target's name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target; the corpus of each is the folder of its name under `fuzz/corpus`.
pub const TARGETS: &[Target] = &[
    ("page", page),
    ("archive", archive),
    ("feed", feed),
    ("table", table),
    ("overrides", overrides),
    ("dossier", dossier),
    ("story", story),
    ("weights", weights),
    ("robots", robots),
];

static OPTIONS: LazyLock<IngestOptions> =
    LazyLock::new(|| IngestOptions::english(Some("2022-02-20".to_owned())));
static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::built_in);

/// Reads bytes under one of some names, which the first byte chooses.
fn under_names(bytes: &[u8], names: &[&'static str]) -> Option<(&'static str, Vec<u8>, Ingested)> {
    let (&chosen, rest) = bytes.split_first()?;
    let name = names[usize::from(chosen) % names.len()];
    let found = ingest(&Raw { name, bytes: rest }, &OPTIONS).ok()?;
    check(&found);
    Some((name, rest.to_vec(), found))
}

/// Whatever points into a text points at whole characters of it, in order.
fn check(found: &Ingested) {
    for article in &found.articles {
        let whole =
            |span: Span| assert!(article.text.get(span.range()).is_some(), "{span:?} cuts a character");
        article.furniture.iter().for_each(|furniture| whole(furniture.span));
        article.headline.iter().chain(&article.dateline).for_each(|&span| whole(span));
        article.credits.iter().for_each(|credit| whole(credit.span));
        let mut end = 0;
        for trace in article.source_map.iter().flatten() {
            whole(trace.text);
            assert!(trace.text.start >= end && trace.source.start <= trace.source.end, "runs are in order");
            end = trace.text.end;
        }
    }
    let told =
        found.articles.len() + found.addresses.len() + found.skipped.len() + found.tally.passed_over.len();
    assert!(told > 0, "what is read gives something");
}

/// A web page: its text is traced to its bytes.
pub fn page(bytes: &[u8]) {
    let Ok(found) = ingest(&Raw { name: "a.html", bytes }, &OPTIONS) else { return };
    check(&found);
    for article in &found.articles {
        assert_eq!(retraced(bytes, None, article).wrong, [], "every run of text is in the page");
    }
}

/// Archives of pages and packed files: what is captured is found again at its record.
pub fn archive(bytes: &[u8]) {
    let names = ["a.warc", "a.warc.gz", "a.wacz", "a.mhtml", "a.html.gz", "a.html.zst", "a.zip"];
    let Some((name, bytes, found)) = under_names(bytes, &names) else { return };
    for article in &found.articles {
        let Some(capture) = &article.capture else { continue };
        let source: Box<dyn Source> = Box::new(std::io::Cursor::new(bytes.clone()));
        let again = read_captured(name, source, capture, &OPTIONS).expect("a captured page is read again");
        assert!(again.articles.iter().any(|other| other.text == article.text), "the text is the same");
    }
}

/// Feeds, lists of feeds and maps of sites.
pub fn feed(bytes: &[u8]) {
    under_names(bytes, &["a.rss", "a.atom", "a.xml", "a.opml", "sitemap.xml", "feed.json"]);
}

/// Tables, lines of JSON and plain text.
pub fn table(bytes: &[u8]) {
    under_names(bytes, &["a.txt", "a.csv", "a.tsv", "a.jsonl", "a"]);
}

/// A file of the user's decisions: what is understood is written so that it is understood again.
pub fn overrides(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(read) = ingest::parse_overrides(text) else { return };
    let written: String = read.value.entries.iter().map(ingest::write_override).collect();
    let again = ingest::parse_overrides(&written).expect("what is written is read");
    assert_eq!(again.value.entries.len(), read.value.entries.len());
    assert!(ingest::undo_override(text).is_ok());
}

/// A dossier to verify.
pub fn dossier(bytes: &[u8]) {
    let Ok(verified) = rashomon::verify(bytes, &|name| Err(format!("{name} is not there"))) else { return };
    assert!(
        verified.mismatches.len() <= 4 * (verified.span_count + verified.article_count + 1) + bytes.len()
    );
}

/// The whole road: reports, parted by form feeds, are compared, told in every form, and verified.
pub fn story(bytes: &[u8]) {
    /// Longer inputs teach the fuzzer nothing that shorter ones do not.
    const BYTES_MAX: usize = 3_000;
    let reports: Vec<&[u8]> =
        bytes.get(..BYTES_MAX).unwrap_or(bytes).split(|&byte| byte == b'\x0c').take(3).collect();
    let mut reading = Reading::default();
    let options = ReadOptions::english(None);
    let names = ["a.txt", "b.txt", "c.txt"];
    for (name, bytes) in names.iter().zip(&reports) {
        rashomon::read(&Raw { name, bytes }, &options, &mut reading);
    }
    let compare =
        CompareOptions { reports_min: 2, thread_count: 1, reference_date: Some("2022-02-20".to_owned()) };
    let dossier = ENGINE.compare(reading, &compare);
    let told_so =
        RenderOptions { width: 80, colour: Colour::Never, text: KeepText::Whole, version: "of the fuzzer" };
    let mut json = Vec::new();
    for output in render::OUTPUTS {
        let mut told = Vec::new();
        (output.render)(&dossier, &told_so, &mut told).expect("memory takes what is written");
        if output.id == "json" {
            json = told;
        }
    }
    let open = |name: &str| -> Result<Box<dyn Source>, String> {
        let number = names.iter().position(|known| *known == name).ok_or("there is no such input")?;
        Ok(Box::new(std::io::Cursor::new(reports[number].to_vec())))
    };
    let verified = rashomon::verify(&json, &open).expect("a dossier is a dossier");
    assert_eq!(verified.mismatches, [], "every span is in its input");
}

/// Learned numbers: of the extractor, of the table of vectors.
pub fn weights(bytes: &[u8]) {
    let _ = PageModel::read(bytes);
    if let Ok(vectors) = grammar::Vectors::load(bytes.to_vec().into()) {
        assert_eq!(vectors.sentence("The bridge was closed.").len(), vectors.width());
    }
}

/// A site's `robots.txt`.
pub fn robots(bytes: &[u8]) {
    let rules = robots::Rules::read(bytes, "rashomon");
    for path in ["/", "/robots.txt", "/a/b?c=%2a", "/news/*$"] {
        let _ = rules.forbids(path);
    }
}
