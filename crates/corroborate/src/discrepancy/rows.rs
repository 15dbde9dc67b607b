//! From changes in reprints to rows: the same difference between several reprints is one row.

use model::{Discrepancy, Evidence, Nature, Side};

use crate::change::{Change, ChangeKind};
use crate::scene::Scene;

/// How rows of a kind are made from changes.
pub(super) struct RowOptions {
    pub kind: &'static str,
    pub nature: fn(&Scene<'_>, &Change<'_>) -> Nature,
    /// A sentence, from the two outlets and their words.
    pub why: fn(&Telling<'_>) -> String,
}

/// What a sentence about a change may name.
pub(super) struct Telling<'a> {
    /// The outlets in order of input.
    pub outlets: [&'a str; 2],
    /// Their words; empty where they left them out.
    pub words: [&'a str; 2],
}

/// One row for each difference of the given kinds of change.
pub(super) fn rows(scene: &Scene<'_>, wanted: &[ChangeKind], options: &RowOptions) -> Vec<Discrepancy> {
    let mut rows: Vec<Discrepancy> = Vec::new();
    for change in scene.changes.iter().filter(|change| wanted.contains(&change.kind)) {
        let sides: Vec<Side> =
            change.sides.iter().map(|side| made(scene, side.evidence, side.words)).collect();
        let known = rows.iter_mut().find(|row| {
            sides.iter().all(|side| row.sides.iter().any(|other| other.value == side.value))
                && sides.iter().any(|side| row.sides.contains(side))
        });
        match known {
            Some(row) => {
                for side in sides {
                    if !row.sides.contains(&side) {
                        row.sides.push(side);
                    }
                }
            }
            None => rows.push(Discrepancy {
                kind: options.kind,
                nature: (options.nature)(scene, change),
                alignment: scene.alignment_of(&change.sides.each_ref().map(|side| side.evidence)),
                why: (options.why)(&Telling {
                    outlets: change.sides.each_ref().map(|side| scene.outlet(side.evidence.article)),
                    words: change.sides.each_ref().map(|side| side.words),
                }),
                sides,
            }),
        }
    }
    rows
}

/// Rows of a kind that share a side are one difference, told by the first of them.
pub(super) fn merged(rows: Vec<Discrepancy>) -> Vec<Discrepancy> {
    let mut made: Vec<Discrepancy> = Vec::new();
    for row in rows {
        match made.iter_mut().find(|known| row.sides.iter().any(|side| known.sides.contains(side))) {
            Some(known) => {
                known.sides.extend(
                    row.sides.into_iter().filter(|side| !known.sides.contains(side)).collect::<Vec<_>>(),
                );
                known.sides.sort_by_key(|side| side.evidence);
            }
            None => made.push(row),
        }
    }
    made
}

/// A side with the speaker whom its sentence names.
pub(super) fn made(scene: &Scene<'_>, evidence: Evidence, value: &str) -> Side {
    let article = &scene.articles[evidence.article];
    let said = article
        .quotations
        .iter()
        .find(|quotation| quotation.content.iter().any(|content| content.overlaps(evidence.span)));
    let value = if value.is_empty() { "(left out)".to_string() } else { crate::words::shortened(value) };
    Side {
        evidence,
        value,
        attributed_to: said.and_then(|quotation| crate::align::speaker(article, quotation)),
    }
}

/// Always a conflict.
pub(super) fn conflict(_: &Scene<'_>, _: &Change<'_>) -> Nature {
    Nature::Conflict
}

/// Whether the two sides were published on different days.
pub(super) fn published_apart(scene: &Scene<'_>, articles: [usize; 2]) -> bool {
    let [one, other] = articles.map(|article| {
        let published = scene.articles[article].article.published.as_ref();
        published.and_then(|date| date.value.get(..10))
    });
    one.is_some() && other.is_some() && one != other
}
