//! Adding: inputs become captures, captures become articles, and articles are read and put on the shelf.

use std::collections::VecDeque;

use annotate::Purpose;
use corroborate::Sketch;
use ingest::Raw;
use model::{Article, InputNumber};
use store::{Begun, Error, Filing, Finished, NewInput, Packed, Store};

use super::Archive;
use super::memo::Memo;
use crate::Progress;
use crate::engine::AnnotateOptions;

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
        let count = articles.len();
        let mut shelf = Shelf { store, places: &places, ends, read: Vec::new(), filed_count: 0 };
        let make = |read: annotate::Read| {
            let sketch = Sketch::of(&read.annotated);
            let memo = Memo { sketch, evidence: read.undated.map(|undated| undated.evidence) }.kept();
            Packed::new(read.annotated, memo)
        };
        let mut take = |packed| {
            shelf.read.push(packed);
            progress(shelf.filed_count + shelf.read.len(), count);
            if shelf.read.len() == BATCH_ARTICLES { shelf.file() } else { Ok(()) }
        };
        let options = AnnotateOptions { purpose: Purpose::Comparing, thread_count: options.thread_count };
        engine.read_each(articles, &options, (&make, &mut take))?;
        shelf.file()?;
        added.article_count += shelf.filed_count;
        Ok(())
    }
}

/// Articles on their way to the shelf.
struct Shelf<'s> {
    store: &'s mut Store,
    /// Input of each article, and its place in it.
    places: &'s [(InputNumber, usize)],
    /// Inputs that are to be closed, each once so many articles are filed.
    ends: VecDeque<(usize, Finished)>,
    /// What is read and not filed yet, in order.
    read: Vec<Packed>,
    filed_count: usize,
}

impl Shelf<'_> {
    /// Files what is read, and closes the inputs of which it was the last.
    fn file(&mut self) -> Result<(), Error> {
        let places = &self.places[self.filed_count..];
        let filing = |(packed, &(input, place))| Filing { input, place, packed };
        let filings: Vec<Filing> = self.read.drain(..).zip(places).map(filing).collect();
        self.filed_count += filings.len();
        let mut finished = Vec::new();
        while let Some((_, end)) = self.ends.pop_front_if(|(count, _)| *count <= self.filed_count) {
            finished.push(end);
        }
        self.store.file(&filings, &finished)?;
        Ok(())
    }
}
