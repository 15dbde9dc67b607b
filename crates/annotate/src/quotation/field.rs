//! From scores to labelled spans: the likeliest sequence of labels under the conditional random field.

use std::ops::Range;

use super::network::Scores;
use super::weights::{Field, LABELS};

/// The part that words play in an attribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Who says it.
    Source,
    /// The word that says so.
    Cue,
    /// What is said.
    Content,
}

/// A labelled run of places.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tagged {
    pub(super) role: Role,
    pub(super) places: Range<usize>,
}

const ROLES: [Role; 3] = [Role::Source, Role::Cue, Role::Content];
const NEVER: f32 = -1e4;

/// The spans of a text, unit by unit.
pub(super) fn spans(field: &Field, scores: &[Scores], units: &[Range<usize>]) -> Vec<Tagged> {
    let mut spans = Vec::new();
    for unit in units {
        let labels = best_labels(field, &scores[unit.clone()]);
        let mut place = 0;
        while place < labels.len() {
            let start = place;
            place += 1;
            if labels[start] == 0 {
                continue;
            }
            let role = (labels[start] - 1) / 2;
            while labels.get(place) == Some(&(2 * role + 2)) {
                place += 1;
            }
            spans.push(Tagged { role: ROLES[role], places: unit.start + start..unit.start + place });
        }
    }
    spans
}

/// Labels, rounded up to what instructions handle at once.
const LANES: usize = LABELS.next_multiple_of(8);

/// Viterbi. Label 0 is outside, 1 + 2r begins role r and 2 + 2r continues it.
fn best_labels(field: &Field, scores: &[Scores]) -> Vec<usize> {
    let first = |label: usize| match label {
        0..LABELS => field.first[label] + scores[0][label] + if continues(label) { NEVER } else { 0.0 },
        _ => NEVER,
    };
    let steps: [[f32; LANES]; LABELS] = std::array::from_fn(|from| {
        std::array::from_fn(|to| if to < LABELS { step(field, from, to) } else { NEVER })
    });
    let mut best: [f32; LANES] = std::array::from_fn(first);
    let mut back = Vec::with_capacity(scores.len());
    for row in &scores[1..] {
        let (mut next, mut from) = ([f32::NEG_INFINITY; LANES], [0_u32; LANES]);
        for (label, (before, steps)) in (0..).zip(best.iter().zip(&steps)) {
            let reached = steps.map(|step| before + step);
            for to in 0..LANES {
                from[to] = if reached[to] > next[to] { label } else { from[to] };
            }
            for to in 0..LANES {
                next[to] = if reached[to] > next[to] { reached[to] } else { next[to] };
            }
        }
        next.iter_mut().zip(row).for_each(|(next, score)| *next += score);
        back.push(from);
        best = next;
    }
    let mut last = 0;
    for label in 1..LABELS {
        if best[label] + field.last[label] > best[last] + field.last[last] {
            last = label;
        }
    }
    let mut labels = vec![last];
    for from in back.iter().rev() {
        last = from[last] as usize;
        labels.push(last);
    }
    labels.reverse();
    labels
}

fn continues(label: usize) -> bool {
    label > 0 && label.is_multiple_of(2)
}

fn step(field: &Field, from: usize, to: usize) -> f32 {
    let broken = continues(to) && from != to && from + 1 != to;
    field.steps[from][to] + if broken { NEVER } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{Field, LABELS, Role, Tagged, spans};

    #[test]
    fn a_span_never_continues_what_has_not_begun() {
        let field = Field { steps: [[0.0; LABELS]; LABELS], first: [0.0; LABELS], last: [0.0; LABELS] };
        let mut scores = [[0.0; LABELS]; 4];
        scores[0][2] = 3.0; // continues a source: cannot be
        scores[1][5] = 3.0;
        scores[2][6] = 3.0;
        scores[3][4] = 0.5; // continues a cue: cannot be, after a content
        let found = spans(&field, &scores, std::slice::from_ref(&(0..4)));
        assert_eq!(found, [Tagged { role: Role::Content, places: 1..3 }]);
    }
}
