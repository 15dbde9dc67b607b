//! A name on the page for every piece of evidence, so that each line can open its article at the words.

use std::collections::BTreeMap;

use model::{Dossier, Evidence, Span};

/// Evidence with its number, in order of article and place.
pub(super) struct Anchors {
    numbers: BTreeMap<Evidence, usize>,
}

impl Anchors {
    /// Of all evidence that the page shows.
    pub(super) fn new(dossier: &Dossier) -> Anchors {
        let mut all = Vec::new();
        for story in &dossier.stories {
            for alignment in &story.alignments {
                all.push(alignment.gist);
                all.extend(alignment.voices.iter().map(|voice| voice.evidence));
            }
            all.extend(story.discrepancies.iter().flat_map(|d| &d.sides).map(|side| side.evidence));
            all.extend(story.stances.iter().map(|stance| stance.evidence));
            all.extend(story.timeline.iter().map(|moment| moment.evidence));
            all.extend(story.reprints.iter().flat_map(|reprint| reprint.evidence.iter().copied()));
        }
        for (article, annotated) in dossier.articles.iter().enumerate() {
            let published = annotated.article.published.iter().flat_map(|p| &p.evidence);
            all.extend(published.map(|span| Evidence { article, span: *span }));
            all.extend(annotated.article.furniture.iter().map(|f| Evidence { article, span: f.span }));
        }
        all.sort();
        all.dedup();
        Anchors { numbers: all.into_iter().enumerate().map(|(i, evidence)| (evidence, i + 1)).collect() }
    }

    /// Of nothing: for a page whose reports stand elsewhere.
    pub(super) fn none() -> Anchors {
        Anchors { numbers: BTreeMap::new() }
    }

    /// Its number; the id on the page is `e` and this number.
    pub(super) fn number(&self, evidence: Evidence) -> Option<usize> {
        self.numbers.get(&evidence).copied()
    }

    /// All evidence of one article with its numbers, in order of place.
    pub(super) fn of(&self, article: usize) -> Vec<(Evidence, usize)> {
        let first = |article| Evidence { article, span: Span::new(0, 0) };
        self.numbers.range(first(article)..first(article + 1)).map(|(e, n)| (*e, *n)).collect()
    }
}
