//! What has changed in how a story stands since it was last told.
//!
//! A reprint of what is known is no news, however many there are of it. Everything else that an article brings raises
//! one event for each statement that it changes: another status, another figure, a denial, a correction.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Alignment, Annotated, Discrepancy, Event, EventKind, Evidence, Nature, Relation, RevisionKind, Side,
    StanceKind, Standing, Status, Story,
};

use crate::revision::revisions;

/// A story as it was told before.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// What was found then.
    pub story: &'a Story,
    /// For each article that it points to, its place among the articles of now; `None` where it has left the story.
    pub places: &'a [Option<usize>],
    /// For each article of now, whether it was compared before, in this story or another.
    pub compared: &'a [bool],
}

/// What is to be told, in order of the statements. `articles` are those that `after` points to.
pub fn events(before: Before, after: &Story, articles: &[Annotated]) -> Vec<Event> {
    let known: BTreeSet<usize> =
        (0..articles.len()).filter(|&article| before.compared.get(article) == Some(&true)).collect();
    let fresh: BTreeSet<usize> = (0..articles.len())
        .filter(|article| !known.contains(article))
        .filter(|&article| !repeats(after, articles, (article, &known)))
        .collect();
    if fresh.is_empty() {
        return Vec::new();
    }
    let scene = Scene { before, after, articles, known, fresh };
    let mut found = scene.corrections();
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for (alignment, event) in scene.differences().into_iter().chain(scene.denials()) {
        if alignment.is_none_or(|alignment| told.insert(alignment)) {
            found.push(event);
        }
    }
    found.extend(scene.statuses(&told));
    found
}

/// Whether an article only repeats what is known: a copy of another outlet's, or the same text at the same address.
fn repeats(story: &Story, articles: &[Annotated], (article, known): (usize, &BTreeSet<usize>)) -> bool {
    let same_address = |other: usize| {
        let (own, theirs) = (&articles[article].article, &articles[other].article);
        own.url.is_some() && own.url == theirs.url && own.digest != theirs.digest
    };
    story.reprints.iter().any(|reprint| {
        let other = if reprint.article == article { reprint.of } else { reprint.article };
        let ours = reprint.article == article || reprint.of == article;
        ours && reprint.relation == Relation::Copy && known.contains(&other) && !same_address(other)
    })
}

struct Scene<'a> {
    before: Before<'a>,
    after: &'a Story,
    articles: &'a [Annotated],
    known: BTreeSet<usize>,
    /// Articles that were not known and are no reprints of known ones.
    fresh: BTreeSet<usize>,
}

impl Scene<'_> {
    /// What was, where it is now; `None` where its article has left.
    fn moved(&self, evidence: Evidence) -> Option<Evidence> {
        let article = (*self.before.places.get(evidence.article)?)?;
        Some(Evidence { article, ..evidence })
    }

    /// The statement that was told before: the one with most voices in common.
    fn earlier(&self, alignment: &Alignment) -> Option<&Alignment> {
        let mut best: Option<(usize, &Alignment)> = None;
        for old in &self.before.story.alignments {
            let places: Vec<Evidence> =
                old.voices.iter().filter_map(|voice| self.moved(voice.evidence)).collect();
            let common = alignment
                .voices
                .iter()
                .filter(|voice| places.iter().any(|&place| meets(place, voice.evidence)));
            let count = common.count();
            if count > 0 && best.is_none_or(|(most, _)| count > most) {
                best = Some((count, old));
            }
        }
        best.map(|(_, old)| old)
    }

    /// Statements that stand otherwise than before, because of an article that is new.
    fn statuses(&self, told: &BTreeSet<usize>) -> Vec<Event> {
        let mut found = Vec::new();
        for (number, alignment) in self.after.alignments.iter().enumerate() {
            let fresh: Vec<Evidence> = self.fresh_first(alignment.voices.iter().map(|voice| voice.evidence));
            if told.contains(&number) || !fresh.first().is_some_and(|evidence| self.is_fresh(*evidence)) {
                continue;
            }
            let Some(old) = self.earlier(alignment).filter(|old| old.status != alignment.status) else {
                continue;
            };
            let stances = self.after.stances.iter().filter(|stance| stance.alignment == Some(number));
            let by = stances
                .filter(|stance| alignment.status == Status::Confirmed && stance.kind == StanceKind::Confirms)
                .map(|stance| stance.by.clone())
                .find(|by| !by.is_empty());
            found.push(Event {
                kind: EventKind::Status,
                gist: alignment.gist,
                old: Some(Standing::Status(old.status)),
                new: Standing::Status(alignment.status),
                by,
                evidence: fresh,
            });
        }
        found
    }

    /// Differences that bring a value which was not known, with the statement that each is about.
    fn differences(&self) -> Vec<(Option<usize>, Event)> {
        let mut found = Vec::new();
        for discrepancy in &self.after.discrepancies {
            if discrepancy.nature == Nature::Precision {
                continue;
            }
            let known = self.known_values(discrepancy);
            let is_new = |side: &&Side| self.is_fresh(side.evidence) && !known.contains_key(&side.value);
            let Some(new) = discrepancy.sides.iter().rfind(is_new) else { continue };
            let old = discrepancy.sides.iter().find(|side| self.known.contains(&side.evidence.article));
            let Some(old) = old else { continue };
            let values: BTreeSet<&String> = known.keys().collect();
            let listed: Vec<&str> = values.into_iter().map(String::as_str).collect();
            let evidence = self.fresh_first(discrepancy.sides.iter().map(|side| side.evidence));
            let event = Event {
                kind: EventKind::Difference,
                gist: discrepancy.alignment.map_or(old.evidence, |number| self.after.alignments[number].gist),
                old: Some(Standing::Value(listed.join(" / "))),
                new: Standing::Value(new.value.clone()),
                by: new.attributed_to.clone(),
                evidence,
            };
            found.push((discrepancy.alignment, event));
        }
        found
    }

    /// The values that known articles give in a difference.
    fn known_values(&self, discrepancy: &Discrepancy) -> BTreeMap<String, usize> {
        let mut values = BTreeMap::new();
        for side in discrepancy.sides.iter().filter(|side| self.known.contains(&side.evidence.article)) {
            *values.entry(side.value.clone()).or_insert(0) += 1;
        }
        values
    }

    /// Denials by those who had not denied it before.
    fn denials(&self) -> Vec<(Option<usize>, Event)> {
        let mut found = Vec::new();
        for stance in &self.after.stances {
            let Some(number) = stance.alignment else { continue };
            if stance.kind != StanceKind::Denies || !self.is_fresh(stance.evidence) {
                continue;
            }
            let alignment = &self.after.alignments[number];
            let Some(old) = self.earlier(alignment) else { continue };
            let denied_before = self.before.story.stances.iter().any(|before| {
                let same =
                    before.alignment.is_some_and(|place| self.before.story.alignments[place].id == old.id);
                same && before.kind == StanceKind::Denies && before.by == stance.by
            });
            if denied_before {
                continue;
            }
            let event = Event {
                kind: EventKind::Denial,
                gist: alignment.gist,
                old: Some(Standing::Status(old.status)),
                new: Standing::Status(Status::Denied),
                by: Some(stance.by.clone()).filter(|by| !by.is_empty()),
                evidence: vec![stance.evidence],
            };
            found.push((Some(number), event));
        }
        found
    }

    /// What outlets have changed in articles that were known, as far as they correct something.
    fn corrections(&self) -> Vec<Event> {
        let mut found = Vec::new();
        for &new in &self.fresh {
            let url = self.articles[new].article.url.as_ref();
            let older = self
                .known
                .iter()
                .rev()
                .find(|&&old| url.is_some() && self.articles[old].article.url.as_ref() == url);
            let Some(&old) = older else { continue };
            let changed = revisions(&self.articles[old], &self.articles[new]);
            let telling = changed.iter().filter(|revision| {
                matches!(
                    revision.kind,
                    RevisionKind::Correction | RevisionKind::Figure | RevisionKind::Reversed
                )
            });
            // One event a version, however much it changes: its notice, or the first change without one.
            let Some(first) = telling.clone().min_by_key(|revision| revision.kind) else { continue };
            let evidence: Vec<Evidence> = telling
                .filter_map(|revision| Some(Evidence { article: new, span: revision.new? }))
                .chain(first.old.map(|span| Evidence { article: old, span }))
                .collect();
            let Some(&gist) = evidence.first() else { continue };
            let words = |article: usize, span: model::Span| {
                Standing::Value(span.of(&self.articles[article].article.text).to_owned())
            };
            found.push(Event {
                kind: EventKind::Correction,
                gist,
                old: first.old.map(|span| words(old, span)),
                new: first.new.map_or(Standing::Status(Status::Corrected), |span| words(new, span)),
                by: self.articles[new].article.outlet.clone(),
                evidence,
            });
        }
        found
    }

    fn is_fresh(&self, evidence: Evidence) -> bool {
        self.fresh.contains(&evidence.article)
    }

    /// Evidence from new articles before that from known ones.
    fn fresh_first(&self, evidence: impl Iterator<Item = Evidence>) -> Vec<Evidence> {
        let mut evidence: Vec<Evidence> = evidence.collect();
        evidence.sort_by_key(|evidence| (!self.is_fresh(*evidence), *evidence));
        evidence.dedup();
        evidence
    }
}

fn meets(left: Evidence, right: Evidence) -> bool {
    left.article == right.article && left.span.overlaps(right.span)
}
