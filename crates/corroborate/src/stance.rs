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

/// The alignment that a unit is about: its own, else the one with the most content in common.
fn target(scene: &Scene<'_>, unit: usize) -> Option<usize> {
    /// Shared weight below which a sentence is about something that nobody else reports.
    const SHARED_MIN: f32 = 6.0;
    if let Some(own) = scene.groups.iter().position(|group| group.contains(&unit)) {
        return Some(own);
    }
    let here = &scene.units[unit];
    let shared = |group: &Vec<usize>| -> f32 {
        let best = group.iter().map(|&other| {
            let there = &scene.units[other];
            let common =
                here.senses.iter().zip(&here.local).filter(|(sense, _)| there.senses.contains(sense));
            common.map(|(_, weight)| weight.max(0.0)).sum::<f32>()
        });
        best.fold(0.0, f32::max)
    };
    let mut best = (SHARED_MIN, None);
    for (number, group) in scene.groups.iter().enumerate() {
        let mass = shared(group);
        if mass > best.0 {
            best = (mass, Some(number));
        }
    }
    best.1
}
