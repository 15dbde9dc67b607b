//! Adding: inputs become captures, captures become articles, and articles are read and put on the shelf.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;

use corroborate::Sketch;
use ingest::Raw;
use model::{Article, InputNumber};
use store::{Begun, Error, Filing, Finished, NewInput, Packed, Store};

use super::Archive;
use super::memo::Memo;
use crate::Progress;

/// Articles that are put on the shelf in one transaction.
const BATCH_ARTICLES: usize = 128;

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

    /// Reads articles on all threads; while they read, this one puts on the shelf what is read, in order. An input is
    /// closed in the transaction that files its last article.
    fn read(&mut self, waiting: Vec<Waiting>, added: &mut Added, progress: Progress) -> Result<(), Error> {
        let (mut articles, mut places, mut ends) = (Vec::new(), Vec::new(), VecDeque::new());
        for input in waiting {
            places.extend((input.first..).take(input.articles.len()).map(|place| (input.input, place)));
            articles.extend(input.articles);
            ends.push_back((articles.len(), input.finished));
        }
        let Archive { store, engine, options, .. } = self;
        let mut shelf = Shelf { store, places: &places, ends, read: BTreeMap::new(), filed_count: 0 };
        let make = |read: annotate::Read| {
            let sketch = Sketch::of(&read.annotated);
            let memo = Memo { sketch, evidence: read.undated.map(|undated| undated.evidence) }.kept();
            Packed::new(read.annotated, memo)
        };
        let (mut outcome, mut done) = (Ok(()), 0);
        let mut take = |number: usize, packed| {
            done += 1;
            progress(done, articles.len());
            shelf.read.insert(number, packed);
            outcome = shelf.file_batches();
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        engine.read_each(&articles, options.thread_count, (&make, &mut take));
        outcome?;
        shelf.file_rest()?;
        added.article_count += shelf.filed_count;
        Ok(())
    }
}

/// Articles on their way to the shelf: they are read in any order and filed in theirs.
struct Shelf<'s> {
    store: &'s mut Store,
    /// Input of each article, and its place in it.
    places: &'s [(InputNumber, usize)],
    /// Inputs that are to be closed, each once so many articles are filed.
    ends: VecDeque<(usize, Finished)>,
    /// What is read and not filed yet, by number.
    read: BTreeMap<usize, Packed>,
    filed_count: usize,
}

impl Shelf<'_> {
    /// Files full batches of articles that follow those on the shelf.
    fn file_batches(&mut self) -> Result<(), Error> {
        let batch = self.filed_count..self.filed_count + BATCH_ARTICLES;
        if batch.into_iter().all(|number| self.read.contains_key(&number)) {
            self.file(BATCH_ARTICLES)?;
            return self.file_batches();
        }
        Ok(())
    }

    /// Files what is left, and closes the inputs that are left.
    fn file_rest(&mut self) -> Result<(), Error> {
        self.file(self.read.len())
    }

    fn file(&mut self, count: usize) -> Result<(), Error> {
        let last = self.filed_count + count;
        let filings: Vec<Filing> = (self.filed_count..last)
            .filter_map(|number| {
                let (input, place) = self.places[number];
                Some(Filing { input, place, packed: self.read.remove(&number)? })
            })
            .collect();
        let mut finished = Vec::new();
        while let Some((_, end)) = self.ends.pop_front_if(|(count, _)| *count <= last) {
            finished.push(end);
        }
        self.filed_count += self.store.file(&filings, &finished)?.len();
        Ok(())
    }
}
