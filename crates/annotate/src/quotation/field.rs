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

/// Viterbi. Label 0 is outside, 1 + 2r begins role r and 2 + 2r continues it.
fn best_labels(field: &Field, scores: &[Scores]) -> Vec<usize> {
    let mut best: Scores = std::array::from_fn(|label| {
        field.first[label] + scores[0][label] + if continues(label) { NEVER } else { 0.0 }
    });
    // What each label gets from each label before it.
    let steps: [Scores; LABELS] =
        std::array::from_fn(|to| std::array::from_fn(|label| step(field, label, to)));
    let mut back = Vec::with_capacity(scores.len());
    for row in &scores[1..] {
        let mut from = [0; LABELS];
        let next = std::array::from_fn(|to| {
            let mut found = (f32::NEG_INFINITY, 0);
            for (label, (score, step)) in best.iter().zip(&steps[to]).enumerate() {
                let score = score + step;
                if score > found.0 {
                    found = (score, label);
                }
            }
            from[to] = found.1;
            found.0 + row[to]
        });
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
        last = from[last];
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
