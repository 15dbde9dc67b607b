//! The three counts of each statement, why articles count as one report, and the status that follows.
//!
//! Fails closed: where derivation is likely, independence is not assumed.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Alignment, Annotated, Counts, Discrepancy, HedgeKind, Merge, Nature, Reprint, Stance, StanceKind, Status,
};

use crate::CompareOptions;
use crate::merge::{merges, same_page};
use crate::scene::Scene;
use crate::speaker::same_speaker;
use crate::stance::target;
use crate::words::outlet_name;

/// Fills in counts, merges and status of every alignment.
pub(crate) fn count(
    scene: &mut Scene<'_>,
    (discrepancies, stances): (&[Discrepancy], &[Stance]),
    (reprints, options): (&[Reprint], &CompareOptions),
) {
    let corrected = corrected(scene, discrepancies);
    for number in 0..scene.alignments.len() {
        let articles = articles_of(&scene.alignments[number]);
        let merges = merges(scene.articles, &articles, reprints);
        let sources = sources(&scene.alignments[number]);
        let counts = Counts {
            outlets: outlets(scene.articles, &articles),
            reports: reports(&articles, &merges),
            sources: sources.len(),
        };
        let unconfirmed = scene.groups[number].iter().any(|&unit| {
            scene.units[unit].statement.hedges.iter().any(|hedge| hedge.kind == HedgeKind::Unconfirmed)
        });
        let about = |stance: &&Stance| stance.alignment == Some(number) && !stance.by.is_empty();
        let stands = Stands {
            corrected: corrected.contains(&number),
            denied: stances.iter().filter(about).any(|stance| stance.kind == StanceKind::Denies),
            confirmed: stances.iter().filter(about).any(|stance| stance.kind == StanceKind::Confirms),
            unconfirmed,
            natures: discrepancies
                .iter()
                .filter(|row| row.alignment == Some(number))
                .map(|row| row.nature)
                .collect(),
        };
        let alignment = &mut scene.alignments[number];
        alignment.counts = counts;
        alignment.merges = merges;
        alignment.status = status(counts, &stands, options);
    }
}

/// The alignments that an outlet takes back: by a notice of its own, or by what a later version of the same page says.
fn corrected(scene: &Scene<'_>, discrepancies: &[Discrepancy]) -> BTreeSet<usize> {
    let is_notice = |unit: &usize| {
        scene.units[*unit].statement.hedges.iter().any(|hedge| hedge.kind == HedgeKind::Correction)
    };
    let between_versions = |row: &&Discrepancy| {
        let articles: Vec<usize> = row.sides.iter().map(|side| side.evidence.article).collect();
        let page = |article: usize| &scene.articles[article].article;
        articles.iter().any(|&one| {
            articles.iter().any(|&other| one != other && same_page(page(one), page(other)).is_some())
        })
    };
    let noticed = (0..scene.units.len())
        .filter(is_notice)
        .filter_map(|unit| target(scene, unit, scene.units[unit].statement.span));
    let replaced = discrepancies.iter().filter(between_versions).filter_map(|row| row.alignment);
    noticed.chain(replaced).collect()
}

fn articles_of(alignment: &Alignment) -> Vec<usize> {
    let mut articles: Vec<usize> = alignment.voices.iter().map(|voice| voice.evidence.article).collect();
    articles.sort_unstable();
    articles.dedup();
    articles
}

fn outlets(articles: &[Annotated], members: &[usize]) -> usize {
    let mut names: Vec<&str> =
        members.iter().map(|&article| outlet_name(&articles[article].article)).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// Distinct people and bodies named as saying so.
fn sources(alignment: &Alignment) -> Vec<&str> {
    let mut sources: Vec<&str> = Vec::new();
    for name in alignment.voices.iter().filter_map(|voice| voice.attributed_to.as_deref()) {
        if !sources.iter().any(|known| same_speaker(known, name)) {
            sources.push(name);
        }
    }
    sources
}

/// Number of articles left when those that count as one report are put together.
fn reports(members: &[usize], merges: &[Merge]) -> usize {
    let mut root: BTreeMap<usize, usize> = members.iter().map(|&article| (article, article)).collect();
    for merge in merges {
        let (from, to) = (root[&merge.articles[1]], root[&merge.articles[0]]);
        for known in root.values_mut().filter(|known| **known == from) {
            *known = to;
        }
    }
    let mut roots: Vec<usize> = root.into_values().collect();
    roots.sort_unstable();
    roots.dedup();
    roots.len()
}

/// What stands on a statement.
struct Stands {
    corrected: bool,
    denied: bool,
    confirmed: bool,
    unconfirmed: bool,
    natures: Vec<Nature>,
}

fn status(counts: Counts, stands: &Stands, options: &CompareOptions) -> Status {
    // What an outlet itself takes back is not disputed any more, and nobody else's word weighs more on it.
    if stands.corrected {
        Status::Corrected
    } else if stands.denied {
        Status::Denied
    } else if stands.natures.contains(&Nature::Conflict) {
        Status::Disputed
    } else if stands.natures.contains(&Nature::Update) {
        Status::Superseded
    } else if stands.unconfirmed {
        Status::Unconfirmed
    } else if stands.confirmed {
        Status::Confirmed
    } else if counts.reports <= 1 {
        Status::SingleSource
    } else if counts.reports >= options.reports_min && counts.sources >= 2 {
        Status::Corroborated
    } else if counts.sources >= 1 {
        Status::MultiplyReported
    } else {
        Status::Unattributed
    }
}

#[cfg(test)]
mod tests {
    use model::{Counts, Nature, Status};

    use super::{Stands, status};
    use crate::CompareOptions;

    fn stands() -> Stands {
        Stands { corrected: false, denied: false, confirmed: false, unconfirmed: false, natures: Vec::new() }
    }

    fn counts(reports: usize, sources: usize) -> Counts {
        Counts { outlets: reports, reports, sources }
    }

    #[test]
    fn corroboration_takes_reports_and_sources() {
        let two = CompareOptions { reports_min: 2 };
        assert_eq!(status(counts(2, 2), &stands(), &two), Status::Corroborated);
        assert_eq!(status(counts(3, 1), &stands(), &two), Status::MultiplyReported);
        assert_eq!(status(counts(1, 2), &stands(), &two), Status::SingleSource);
        assert_eq!(status(counts(2, 0), &stands(), &two), Status::Unattributed);
        assert_eq!(
            status(counts(2, 2), &stands(), &CompareOptions { reports_min: 3 }),
            Status::MultiplyReported
        );
    }

    #[test]
    fn each_status_is_reached() {
        let two = CompareOptions { reports_min: 2 };
        let many = counts(3, 3);
        assert_eq!(
            status(many, &Stands { corrected: true, denied: true, ..stands() }, &two),
            Status::Corrected
        );
        assert_eq!(status(many, &Stands { denied: true, confirmed: true, ..stands() }, &two), Status::Denied);
        assert_eq!(status(many, &Stands { confirmed: true, ..stands() }, &two), Status::Confirmed);
        assert_eq!(status(many, &Stands { unconfirmed: true, ..stands() }, &two), Status::Unconfirmed);
        let updated = Stands { natures: vec![Nature::Update], ..stands() };
        assert_eq!(status(many, &updated, &two), Status::Superseded);
    }

    #[test]
    fn a_conflict_stands_before_any_count() {
        let disputed = Stands { natures: vec![Nature::Precision, Nature::Conflict], ..stands() };
        assert_eq!(status(counts(4, 4), &disputed, &CompareOptions { reports_min: 2 }), Status::Disputed);
        let vaguer = Stands { natures: vec![Nature::Precision], ..stands() };
        assert_eq!(status(counts(4, 4), &vaguer, &CompareOptions { reports_min: 2 }), Status::Corroborated);
    }
}
