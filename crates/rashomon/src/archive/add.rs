//! Adding: inputs become captures, captures become articles, and articles are read and put on the shelf.

use corroborate::Sketch;
use ingest::Raw;
use model::{Article, InputNumber};
use store::{Begun, Error, Filing, Finished, NewInput, Packed};

use super::Archive;
use super::memo::Memo;
use crate::Progress;

/// Articles that are read before they are put on the shelf, in one transaction.
const BATCH_ARTICLES_MAX: usize = 256;

/// What adding did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Added {
    /// Inputs that were not known.
    pub input_count: usize,
    /// Inputs that were in already: nothing changed for them.
    pub known_count: usize,
    /// Articles that were put on the shelf.
    pub article_count: usize,
    /// What was not read, and why.
    pub skipped: Vec<model::Skipped>,
    /// What was odd, as sentences.
    pub warnings: Vec<String>,
}

/// An input's articles that wait to be read.
struct Waiting {
    input: InputNumber,
    /// Place of the first of them in the input.
    first: usize,
    articles: Vec<Article>,
    finished: Finished,
}

impl Archive {
    /// Keeps inputs and reads their articles. `at` is now, ISO 8601 in UTC; `progress` is told how many articles of
    /// these inputs are read. What is in already changes nothing, whatever it was called; what cannot be read is
    /// kept too, with the reason.
    ///
    /// # Errors
    /// When the disk refuses. What was added before stays, and adding the same again goes on from there.
    pub fn add(&mut self, inputs: &[Raw<'_>], at: &str, progress: Progress) -> Result<Added, Error> {
        let mut added = Added::default();
        let mut waiting = Vec::new();
        for raw in inputs {
            match self.store.begin(&NewInput { name: raw.name, bytes: raw.bytes, at })? {
                Begun::Known(_) => added.known_count += 1,
                Begun::New(input) => {
                    added.input_count += 1;
                    waiting.push(self.ingest(raw, (input, 0), &mut added));
                }
                Begun::Unfinished { input, filed_count } => {
                    added.input_count += 1;
                    waiting.push(self.ingest(raw, (input, filed_count), &mut added));
                }
            }
        }
        self.read(waiting, &mut added, progress)?;
        Ok(added)
    }

    /// Finishes what a stopped process began: reads the captures of inputs that are not in whole.
    ///
    /// # Errors
    /// When the disk refuses or a capture is damaged.
    pub fn resume(&mut self, progress: Progress) -> Result<Added, Error> {
        let mut added = Added::default();
        self.store.forget_unkept()?;
        for input in self.reader().unfinished()? {
            let bytes = self.reader().bytes(&input)?;
            let raw = Raw { name: &input.name, bytes: &bytes };
            let filed = self.reader().filed_count(input.number)?;
            added.input_count += 1;
            let waiting = self.ingest(&raw, (input.number, filed), &mut added);
            self.read(vec![waiting], &mut added, progress)?;
        }
        Ok(added)
    }

    fn ingest(&self, raw: &Raw, (input, filed): (InputNumber, usize), added: &mut Added) -> Waiting {
        let (articles, refusal, skipped) = match ingest::ingest(raw, &self.read.ingest) {
            Ok(mut ingested) => {
                ingest::mark_repeated(&mut ingested.articles);
                added.warnings.extend(ingested.warnings);
                (ingested.articles, None, ingested.skipped)
            }
            Err(rejection) => {
                let reason = rejection.to_string();
                added.skipped.push(model::Skipped { input: raw.name.to_owned(), reason: reason.clone() });
                (Vec::new(), Some(reason), Vec::new())
            }
        };
        added.skipped.extend(skipped.iter().cloned());
        let articles: Vec<Article> = articles.into_iter().skip(filed).collect();
        Waiting { input, first: filed, articles, finished: Finished { input, refusal, skipped } }
    }

    /// Reads articles batch by batch; an input is closed in the transaction that files its last.
    fn read(&mut self, waiting: Vec<Waiting>, added: &mut Added, progress: Progress) -> Result<(), Error> {
        let all: usize = waiting.iter().map(|input| input.articles.len()).sum();
        let (mut batch, mut places, mut finished) = (Vec::new(), Vec::new(), Vec::new());
        let mut done = 0;
        for input in waiting {
            for (number, article) in input.articles.into_iter().enumerate() {
                batch.push(article);
                places.push((input.input, input.first + number));
                if batch.len() == BATCH_ARTICLES_MAX {
                    let filings =
                        self.pack(&std::mem::take(&mut batch), &places, &|here| progress(done + here, all));
                    done += self.store.file(&filings, &std::mem::take(&mut finished))?.len();
                    places.clear();
                }
            }
            finished.push(input.finished);
        }
        let filings = self.pack(&batch, &places, &|here| progress(done + here, all));
        done += self.store.file(&filings, &finished)?.len();
        added.article_count += done;
        Ok(())
    }

    /// Reads a batch on all threads; each packs what it has read.
    fn pack(
        &self,
        articles: &[Article],
        places: &[(InputNumber, usize)],
        progress: &dyn Fn(usize),
    ) -> Vec<Filing> {
        let mut packed: Vec<Option<Packed>> = articles.iter().map(|_| None).collect();
        let mut done = 0;
        let make = |read: annotate::Read| {
            let sketch = Sketch::of(&read.annotated);
            let memo = Memo { sketch, evidence: read.undated.map(|undated| undated.evidence) }.write();
            Packed::new(read.annotated, memo)
        };
        let mut keep = |number: usize, made| {
            packed[number] = Some(made);
            done += 1;
            progress(done);
        };
        self.engine.read_each(articles, self.options.thread_count, (&make, &mut keep));
        packed
            .into_iter()
            .zip(places)
            .filter_map(|(packed, &(input, place))| Some(Filing { input, place, packed: packed? }))
            .collect()
    }
}
