//! Who confirms, doubts, denies or declines, and which statement it is about.

use model::{Evidence, Stance, StanceKind};

use crate::scene::Scene;

/// From this likelihood on, a confirming sentence says something that another article says too; a bare "confirmed"
/// is said of so much that it tells nothing alone.
const COUNTERPART_MIN: f64 = 0.4;

/// The stances of a story, in order of its articles; one a sentence.
pub(crate) fn stances(scene: &Scene<'_>) -> Vec<Stance> {
    let mut found = Vec::new();
    for (number, unit) in scene.units.iter().enumerate() {
        // The file of patterns lists the surer ones first.
        let cue = unit
            .statement
            .stances
            .iter()
            .find(|cue| cue.kind != StanceKind::Confirms || has_counterpart(scene, number));
        let Some(cue) = cue else { continue };
        found.push(Stance {
            alignment: target(scene, number),
            kind: cue.kind,
            by: cue.by.clone().unwrap_or_default(),
            evidence: Evidence { article: unit.place.article, span: unit.statement.span },
        });
    }
    found
}

fn has_counterpart(scene: &Scene<'_>, unit: usize) -> bool {
    scene.links.iter().any(|link| (link.a == unit || link.b == unit) && link.probability >= COUNTERPART_MIN)
}

/// The alignment that a unit is about: its own, else that of the unit it is most likely to say the same as.
///
/// Sharing words alone was tried: it made half of a story denied.
pub(crate) fn target(scene: &Scene<'_>, unit: usize) -> Option<usize> {
    /// Less likely pairs only share a topic.
    const LIKELY_MIN: f64 = 0.2;
    let group_of = |unit: usize| scene.groups.iter().position(|group| group.contains(&unit));
    if let Some(own) = group_of(unit) {
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
