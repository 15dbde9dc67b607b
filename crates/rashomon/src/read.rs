//! From inputs to articles: what was read, what was skipped, and no id twice.

use std::collections::BTreeMap;

use ingest::{IngestOptions, Raw};
use model::{Article, Input, Skipped};

/// How inputs are read: made once, since it holds the phrases by which page furniture is told.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    ingest: IngestOptions,
}

impl ReadOptions {
    /// For reports in English. `reference_date` (`YYYY-MM-DD`) is what "today" means where an article has no date.
    pub fn english(reference_date: Option<String>) -> ReadOptions {
        ReadOptions { ingest: IngestOptions::english(reference_date) }
    }
}

/// All that was read so far.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The inputs that gave articles, with their digests.
    pub inputs: Vec<Input>,
    /// Their articles, in order, each id once.
    pub articles: Vec<Article>,
    /// What was not read.
    pub skipped: Vec<Skipped>,
    /// What was odd in what was read, as sentences.
    pub warnings: Vec<String>,
    ids: BTreeMap<String, usize>,
}

impl Reading {
    /// Notes that an input could not even be opened.
    pub fn skip(&mut self, input: &str, reason: String) {
        self.skipped.push(Skipped { input: input.to_owned(), reason });
    }

    /// Marks what stands on many pages of one outlet: no report, but its page. Call it when all inputs are read.
    pub fn mark_repeated(&mut self) {
        ingest::mark_repeated(&mut self.articles);
    }

    /// Adds an article under an id that no other has: the second `a` becomes `a#2`.
    fn add(&mut self, mut article: Article) {
        let count = self.ids.entry(article.id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            article.id = format!("{}#{count}", article.id);
            self.ids.insert(article.id.clone(), 1);
        }
        self.articles.push(article);
    }
}

/// Reads one input into `reading`. What cannot be read is noted there with its reason; nothing else is lost.
pub fn read(raw: &Raw, options: &ReadOptions, reading: &mut Reading) {
    match ingest::ingest(raw, &options.ingest) {
        Ok(ingested) => {
            let input = Input {
                name: raw.name.to_owned(),
                sha256: ingest::sha256(raw.bytes),
                article_count: ingested.articles.len(),
            };
            reading.inputs.push(input);
            reading.skipped.extend(ingested.skipped);
            reading.warnings.extend(ingested.warnings);
            for article in ingested.articles {
                reading.add(article);
            }
        }
        Err(rejection) => reading.skip(raw.name, rejection.to_string()),
    }
}
