//! Runs `cases/ingest/*/`: a folder holds `input.*` and `must.txt`, whose lines say what has to be read in it.
//!
//! ```text
//! headline: words                  published: 2022-02-15 Text        language: en
//! byline: name                     dateline: words                   credit: publisher
//! furniture KIND: words            report: words (in no furniture)   articles: 2
//! skipped: words of a reason       rejected: words of the reason     text: words
//! ```

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use ingest::{IngestOptions, Ingested, Raw, Rejection, ingest};
use model::Article;

#[test]
fn every_case_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/ingest");
    let mut folders: Vec<_> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "{} holds no case", root.display());
    for folder in folders {
        run(&folder);
    }
}

fn run(folder: &Path) {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let input = files
        .into_iter()
        .find(|path| path.file_stem().is_some_and(|stem| stem == "input"))
        .expect("a case has an input");
    let name = input.file_name().unwrap().to_str().unwrap();
    let bytes = fs::read(&input).unwrap();
    let found = ingest(&Raw { name, bytes: &bytes }, &IngestOptions::english(Some("2026-01-01".to_owned())));
    let must = fs::read_to_string(folder.join("must.txt")).unwrap();
    for line in must.lines().filter(|line| !line.trim().is_empty()) {
        let (law, words) =
            line.split_once(": ").unwrap_or_else(|| panic!("{}: “{line}” has no colon", folder.display()));
        assert!(
            holds(law, words, &found),
            "{}/must.txt: “{line}” does not hold in {found:#?}",
            folder.display()
        );
    }
}

fn holds(law: &str, words: &str, found: &Result<Ingested, Rejection>) -> bool {
    let found = match found {
        Err(rejection) => return law == "rejected" && rejection.to_string().contains(words),
        Ok(found) => found,
    };
    let article = &found.articles[0];
    let text = article.text.as_str();
    match law {
        "articles" => found.articles.len().to_string() == words,
        "skipped" => found
            .skipped
            .iter()
            .any(|skipped| format!("{} {}", skipped.input, skipped.reason).contains(words)),
        "warned" => found.warnings.iter().any(|warning| warning.contains(words)),
        "headline" => article.headline.map_or("none", |span| span.of(text)) == words,
        "byline" => article.byline.iter().any(|name| name == words),
        "dateline" => article.dateline.map_or("none", |span| span.of(text)) == words,
        "credit" => article.credits.iter().any(|credit| credit.publisher == words),
        "language" => article.language == words,
        "published" => article
            .published
            .as_ref()
            .is_some_and(|published| format!("{} {:?}", published.value, published.origin) == words),
        "text" => text.contains(words),
        "report" => text.contains(words) && !furniture(article, words, ""),
        law => law.strip_prefix("furniture ").is_some_and(|kind| furniture(article, words, kind)),
    }
}

/// Whether the words stand in furniture of that kind, or of any.
fn furniture(article: &Article, words: &str, kind: &str) -> bool {
    let kinds = article.furniture.iter().filter(|furniture| kind.is_empty() || furniture.kind == kind);
    kinds.into_iter().any(|furniture| furniture.span.of(&article.text).contains(words))
}
