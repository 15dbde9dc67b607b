//! The three counts of each statement, why articles count as one report, and the status that follows.
//!
//! Fails closed: where derivation is likely, independence is not assumed.

use std::collections::BTreeMap;

use model::{
    Alignment, Annotated, Counts, Discrepancy, HedgeKind, Merge, Nature, Reprint, Stance, StanceKind, Status,
};

use crate::CompareOptions;
use crate::reprint::{is_publisher, same_publisher};
use crate::scene::Scene;
use crate::speaker::same_speaker;
use crate::words::outlet_name;

/// Fills in counts, merges and status of every alignment.
pub(crate) fn count(
    scene: &mut Scene<'_>,
    (discrepancies, stances): (&[Discrepancy], &[Stance]),
    (reprints, options): (&[Reprint], &CompareOptions),
) {
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

/// Why two articles count as one report, for each pair that does.
fn merges(articles: &[Annotated], members: &[usize], reprints: &[Reprint]) -> Vec<Merge> {
    let mut merges = Vec::new();
    for (number, &a) in members.iter().enumerate() {
        for &b in &members[number + 1..] {
            if let Some(why) = merge(articles, (a, b), reprints) {
                merges.push(Merge { articles: [a, b], why });
            }
        }
    }
    merges
}

fn merge(articles: &[Annotated], (a, b): (usize, usize), reprints: &[Reprint]) -> Option<String> {
    let (one, other) = (&articles[a].article, &articles[b].article);
    let derives = |reprint: &&Reprint| [(a, b), (b, a)].contains(&(reprint.article, reprint.of));
    if let Some(reprint) = reprints.iter().find(derives) {
        return Some(reprint.why.clone());
    }
    if let (Some(left), Some(right)) = (&one.outlet, &other.outlet)
        && same_publisher(left, right)
    {
        return Some(format!("Both were published by {left}."));
    }
    if let (Some(left), Some(right)) = (&one.owner, &other.owner)
        && left == right
    {
        return Some(format!("Both outlets have the same owner: {left}."));
    }
    for credit in &one.credits {
        if let Some(same) =
            other.credits.iter().find(|same| same_publisher(&credit.publisher, &same.publisher))
        {
            return Some(format!("Both credit {}.", same.publisher));
        }
    }
    let credits = |from: &model::Article, to: &model::Article| {
        let credit = from.credits.iter().find(|credit| is_publisher(&credit.publisher, to))?;
        Some(format!("{} credits {}.", outlet_name(from), credit.publisher))
    };
    credits(one, other).or_else(|| credits(other, one))
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
    denied: bool,
    confirmed: bool,
    unconfirmed: bool,
    natures: Vec<Nature>,
}

fn status(counts: Counts, stands: &Stands, options: &CompareOptions) -> Status {
    if stands.denied {
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
        Stands { denied: false, confirmed: false, unconfirmed: false, natures: Vec::new() }
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
    fn a_conflict_stands_before_any_count() {
        let disputed = Stands { natures: vec![Nature::Precision, Nature::Conflict], ..stands() };
        assert_eq!(status(counts(4, 4), &disputed, &CompareOptions { reports_min: 2 }), Status::Disputed);
        let vaguer = Stands { natures: vec![Nature::Precision], ..stands() };
        assert_eq!(status(counts(4, 4), &vaguer, &CompareOptions { reports_min: 2 }), Status::Corroborated);
    }
}
