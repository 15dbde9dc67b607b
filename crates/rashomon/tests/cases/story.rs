//! A case's articles, read and compared by the real thing.

use std::fmt::Write;
use std::path::Path;

use model::{Annotated, Dossier, Evidence, Span};
use rashomon::{CompareOptions, Engine, Raw, ReadOptions, Reading};

/// The outcome of a case, with the questions that claims ask.
pub struct Outcome {
    pub dossier: Dossier,
}

/// Reads a case's articles and compares them.
pub fn compare(engine: &Engine, folder: &Path) -> Result<Outcome, String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map_err(|error| error.to_string())?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| is_article(name) || name.starts_with("raw-"))
        .collect();
    names.sort();
    let mut options = ReadOptions::english(None);
    add_outlets(&mut options, folder)?;
    let mut reading = Reading::default();
    for name in names {
        let mut bytes = std::fs::read(folder.join(&name)).map_err(|error| error.to_string())?;
        if is_article(&name) {
            bytes = record(name.trim_end_matches(".txt"), &String::from_utf8_lossy(&bytes)).into_bytes();
        }
        rashomon::read(&Raw { name: &name, bytes: &bytes }, &options, &mut reading);
    }
    let dossier =
        engine.compare(reading, &CompareOptions { reports_min: 2, thread_count: 1, reference_date: None });
    Ok(Outcome { dossier })
}

/// Invented outlets that a case brings along: `outlet-<name>.toml`, in the form of `outlets/_template.toml`.
fn add_outlets(options: &mut ReadOptions, folder: &Path) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("outlet-") {
            let text = std::fs::read_to_string(entry.path()).map_err(|error| error.to_string())?;
            options.add_outlet(&name, &text).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

fn is_article(name: &str) -> bool {
    name.strip_suffix(".txt").is_some_and(|stem| stem.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A case's article as a line of JSONL.
fn record(id: &str, text: &str) -> String {
    let (header, body) = text.split_once("\n\n").unwrap_or(("", text));
    let mut record = serde_json::Map::new();
    record.insert("id".to_owned(), id.into());
    for (key, value) in header.lines().filter_map(|line| line.split_once(':')) {
        record.insert(key.trim().to_owned(), value.trim().into());
    }
    record.insert("text".to_owned(), body.trim_end().into());
    serde_json::Value::Object(record).to_string() + "\n"
}

impl Outcome {
    /// Index of the article with that id, or of the only one of that input.
    pub fn article(&self, id: &str) -> Result<usize, String> {
        let found = |article: &Annotated| article.article.id == id || article.article.input == id;
        self.dossier.articles.iter().position(found).ok_or_else(|| format!("no article {id} was read"))
    }

    /// Where a passage stands in an article; it must stand there once, or be told apart by `#2`.
    pub fn place(&self, article: usize, words: &str, number: usize) -> Result<Span, String> {
        let text = &self.dossier.articles[article].article.text;
        let places: Vec<usize> = text.match_indices(words).map(|(at, _)| at).collect();
        if number == 0 && places.len() > 1 {
            return Err(format!("“{words}” stands {} times there: add #1, #2, …", places.len()));
        }
        let at =
            places.get(number.saturating_sub(1)).ok_or_else(|| format!("“{words}” does not stand there"))?;
        Ok(Span::new(*at, at + words.len()))
    }

    /// Invariant (a): every span lies on character boundaries of its article.
    pub fn check_spans(&self) -> Result<(), String> {
        for story in &self.dossier.stories {
            let voices = story
                .alignments
                .iter()
                .flat_map(|alignment| alignment.voices.iter().map(|voice| voice.evidence));
            let sides =
                story.discrepancies.iter().flat_map(|found| found.sides.iter().map(|side| side.evidence));
            let others = story.stances.iter().map(|stance| stance.evidence);
            for Evidence { article, span } in voices.chain(sides).chain(others) {
                let text = &self.dossier.articles[article].article.text;
                if text.get(span.range()).is_none() {
                    return Err(format!(
                        "a span of article {article} lies outside its text or within a character: {span:?}"
                    ));
                }
            }
        }
        Ok(())
    }

    /// What was found, for somebody whose case failed.
    pub fn summary(&self) -> String {
        let mut out = String::from("  What was found:\n");
        let words = |evidence: Evidence| {
            let article = &self.dossier.articles[evidence.article].article;
            format!("{} “{}”", article.id, evidence.span.of(&article.text))
        };
        for article in &self.dossier.articles {
            for quotation in &article.quotations {
                let content: Vec<&str> =
                    quotation.content.iter().map(|span| span.of(&article.article.text)).collect();
                let _ = writeln!(
                    out,
                    "  quotation {} {:?} {content:?} by {:?}",
                    article.article.id, quotation.form, quotation.speaker
                );
            }
            for figure in &article.figures {
                let _ = writeln!(
                    out,
                    "  figure {} “{}” {:?}–{:?} of {:?}",
                    article.article.id,
                    figure.span.of(&article.article.text),
                    figure.low,
                    figure.high,
                    figure.counts
                );
            }
        }
        for story in &self.dossier.stories {
            for found in &story.discrepancies {
                let sides: Vec<String> = found.sides.iter().map(|side| words(side.evidence)).collect();
                let _ = writeln!(out, "  {} {:?}: {}", found.kind, found.nature, sides.join(" / "));
            }
            for alignment in &story.alignments {
                let voices: Vec<String> =
                    alignment.voices.iter().map(|voice| words(voice.evidence)).collect();
                let _ =
                    writeln!(out, "  {:?} {:?}: {}", alignment.status, alignment.counts, voices.join(" / "));
            }
            for stance in &story.stances {
                let _ = writeln!(out, "  {:?} by {}: {}", stance.kind, stance.by, words(stance.evidence));
            }
        }
        out
    }
}
