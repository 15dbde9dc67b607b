//! Who confirms, doubts, denies or declines, and which statement it is about.

use std::collections::BTreeSet;

use model::{Discrepancy, Evidence, Nature, Span, Stance, StanceKind, Voice};

use crate::scene::Scene;

/// From this likelihood on, a sentence says something that another article says too. A bare "confirmed" or "declined to
/// comment" is said of so much that it tells nothing alone.
const COUNTERPART_MIN: f64 = 0.4;

/// The stances of a story, in order of its articles; one a sentence.
pub(crate) fn stances(scene: &Scene<'_>, discrepancies: &[Discrepancy]) -> Vec<Stance> {
    let mut found = Vec::new();
    for (number, unit) in scene.units.iter().enumerate() {
        // The file of patterns lists the surer ones first.
        let cue = unit.statement.stances.iter().find(|cue| match cue.kind {
            StanceKind::Denies | StanceKind::Doubts => true,
            StanceKind::Confirms => has_counterpart(scene, number),
            StanceKind::Declines => has_question(scene, number),
        });
        let Some(cue) = cue else { continue };
        found.push(Stance {
            alignment: target(scene, number, cue.span),
            kind: cue.kind,
            by: cue.by.clone().unwrap_or_default(),
            evidence: scene.evidence(number),
        });
    }
    let told: Vec<Evidence> = found.iter().map(|stance| stance.evidence).collect();
    found.extend(contradictions(scene, discrepancies).filter(|stance| !told.contains(&stance.evidence)));
    found.sort_by_key(|stance| stance.evidence);
    found
}

/// Who says that what another outlet states is not so denies it, even without a word for that.
fn contradictions(scene: &Scene<'_>, discrepancies: &[Discrepancy]) -> impl Iterator<Item = Stance> {
    let unit_of = |place: Evidence| {
        (0..scene.units.len()).find(|&unit| {
            let own = scene.evidence(unit);
            own.article == place.article && own.span.contains(place.span)
        })
    };
    let opposed = discrepancies
        .iter()
        .filter(|found| found.kind == crate::discrepancy::POLARITY && found.nature == Nature::Conflict);
    let denials = opposed.flat_map(move |found| {
        let sides = found.sides.iter().filter_map(move |side| {
            let by = side.attributed_to.clone()?;
            let unit = unit_of(side.evidence)?;
            let negated = scene.units[unit].statement.negation_count > 0;
            let evidence = scene.evidence(unit);
            negated.then_some(Stance { alignment: found.alignment, kind: StanceKind::Denies, by, evidence })
        });
        sides.collect::<Vec<_>>()
    });
    // One denial may stand against several outlets' statements.
    let mut seen = BTreeSet::new();
    denials.filter(move |stance| seen.insert(stance.evidence))
}

fn has_counterpart(scene: &Scene<'_>, unit: usize) -> bool {
    counterparts(scene, unit).next().is_some()
}

/// Whether some other statement tells what somebody will not speak of: that calls were not returned is no stand on
/// anything, nor is it when two outlets say so.
fn has_question(scene: &Scene<'_>, unit: usize) -> bool {
    let declines = |other: usize| {
        scene.units[other].statement.stances.iter().any(|cue| cue.kind == StanceKind::Declines)
    };
    counterparts(scene, unit).any(|other| !declines(other))
}

/// The statements that say the same as one.
fn counterparts(scene: &Scene<'_>, unit: usize) -> impl Iterator<Item = usize> {
    scene
        .links
        .iter()
        .filter(move |link| (link.a == unit || link.b == unit) && link.probability >= COUNTERPART_MIN)
        .map(move |link| if link.a == unit { link.b } else { link.a })
}

/// The alignment that words of a unit are about: its own, else that of the unit it is most likely to say the same as.
/// What another part of the sentence says together with others is not denied by "denied" in this one.
///
/// Sharing words alone was tried: it made half of a story denied.
pub(crate) fn target(scene: &Scene<'_>, unit: usize, words: Span) -> Option<usize> {
    /// Less likely pairs only share a topic.
    const LIKELY_MIN: f64 = 0.2;
    let group_of = |unit: usize| scene.groups.iter().position(|group| group.contains(&unit));
    let article = scene.units[unit].place.article;
    let own = (0..scene.groups.len()).find(|&group| {
        let voiced = |voice: &Voice| voice.evidence.article == article && voice.evidence.span.overlaps(words);
        scene.groups[group].contains(&unit) && scene.alignments[group].voices.iter().any(voiced)
    });
    if let Some(own) = own {
        return Some(own);
    }
    let mut best = (LIKELY_MIN, None);
    for link in scene.links.iter().filter(|link| link.a == unit || link.b == unit) {
        let other = if link.a == unit { link.b } else { link.a };
        if link.probability > best.0
            && let Some(group) = group_of(other)
        {
            best = (link.probability, Some(group));
        }
    }
    best.1
}
