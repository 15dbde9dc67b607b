//! The archive looks at itself: every capture against its digest, every article against its capture.

use std::collections::BTreeMap;

use ingest::Raw;
use model::{Article, InputRow, Paging};
use store::{Check, Error};

use super::Archive;
use crate::Progress;

/// Inputs that are asked for at once.
const INPUTS_BATCH: usize = 200;

impl Archive {
    /// Checks the database, its index, the captures, and re-reads every article from its capture: its text and the
    /// way from the text to the capture's bytes must be what is kept. `progress` is told how many inputs are read.
    ///
    /// # Errors
    /// When the disk refuses to be read at all.
    pub fn check(&self, progress: Progress) -> Result<Check, Error> {
        let mut check = self.reader().check(&|_, _| {})?;
        if let Err(error) = self.store.check_index() {
            check.complain("the index of words", error.to_string());
        }
        let all = self.reader().health()?.input_count;
        let (mut before, mut done) = (None, 0);
        loop {
            let inputs = self.reader().inputs(Paging { before, limit: INPUTS_BATCH })?;
            let Some(last) = inputs.last() else { return Ok(check) };
            before = Some(last.number);
            for input in &inputs {
                self.check_input(input, &mut check)?;
                done += 1;
                progress(done, all);
            }
        }
    }

    /// Mends what can be mended: removes captures that nothing names, and makes the index of words again.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn mend(&mut self) -> Result<usize, Error> {
        let count = self.store.sweep()?;
        self.store.rebuild_index()?;
        Ok(count)
    }

    fn check_input(&self, input: &InputRow, check: &mut Check) -> Result<(), Error> {
        // A capture that cannot be read is told already.
        let Ok(bytes) = self.reader().bytes(input) else { return Ok(()) };
        let raw = Raw { name: &input.name, bytes: &bytes };
        let articles = ingest::ingest(&raw, &self.read.ingest).map(|ingested| ingested.articles);
        let fresh: BTreeMap<usize, Article> = articles.into_iter().flatten().enumerate().collect();
        for (place, kept) in self.reader().articles_of(input.number)?.into_iter().enumerate() {
            check.article_count += 1;
            let why = match fresh.get(&place) {
                None => "Its capture no longer gives this article.",
                Some(fresh) if fresh.text != kept.article.text => "Its text is not what its capture says.",
                Some(fresh) if fresh.source_map != kept.article.source_map => {
                    "The way from its text to its capture's bytes is not what is kept."
                }
                Some(_) if !spans_hold(&kept) => "A span does not lie on its text.",
                Some(_) => continue,
            };
            check.complain(kept.article.id, format!("{why} `rashomon doctor --reread` reads it again."));
        }
        Ok(())
    }
}

/// Whether everything that points into an article's text points at whole characters of it.
fn spans_hold(annotated: &model::Annotated) -> bool {
    let text = &annotated.article.text;
    let quotations = annotated.quotations.iter().flat_map(|quotation| {
        quotation.content.iter().chain(&quotation.cue).chain(&quotation.source).copied()
    });
    annotated
        .sentences
        .iter()
        .map(|sentence| sentence.span)
        .chain(annotated.mentions.iter().map(|mention| mention.span))
        .chain(annotated.figures.iter().map(|figure| figure.span))
        .chain(annotated.times.iter().map(|time| time.span))
        .chain(annotated.statements.iter().map(|statement| statement.span))
        .chain(quotations)
        .all(|span| text.get(span.range()).is_some())
}
