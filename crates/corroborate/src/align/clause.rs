//! How alike two clauses are: the same predicate, and how much of each stands in the other.

use model::{Clause, WordKind};

use super::features::harmonic;
use super::likeness::Matches;
use super::unit::Unit;

/// What two clauses share.
pub(crate) struct ClauseMatch<'a> {
    pub left: &'a Clause,
    pub right: &'a Clause,
    /// Share of each that stands in the other, 0 to 1; numbers left out.
    pub likeness: f64,
}

/// Every pair of clauses of two statements with the same predicate.
pub(crate) fn clause_matches<'a>(a: &Unit<'a>, b: &Unit<'a>) -> Vec<ClauseMatch<'a>> {
    let matches = Matches::new(a, b);
    let mut found = Vec::new();
    for left in &a.statement.clauses {
        for right in &b.statement.clauses {
            let same_predicate = match (left.predicate, right.predicate) {
                (Some(i), Some(j)) => a.senses[i] == b.senses[j],
                _ => false,
            };
            if same_predicate {
                let likeness = likeness(&matches, (a, left), (b, right));
                found.push(ClauseMatch { left, right, likeness });
            }
        }
    }
    found
}

fn likeness(matches: &Matches, (a, x): (&Unit<'_>, &Clause), (b, y): (&Unit<'_>, &Clause)) -> f64 {
    let plain = |unit: &Unit<'_>, clause: &Clause| -> Vec<usize> {
        clause
            .words
            .iter()
            .copied()
            .filter(|&word| unit.statement.words[word].kind != WordKind::Number)
            .collect()
    };
    let (rows, columns) = (plain(a, x), plain(b, y));
    let mass =
        |words: &[usize], unit: &Unit<'_>| words.iter().map(|&word| unit.local[word].max(0.0)).sum::<f32>();
    let held = |words: &[usize], unit: &Unit<'_>, best: &dyn Fn(usize) -> f32| {
        words.iter().map(|&word| unit.local[word].max(0.0) * best(word)).sum::<f32>()
    };
    let (left, right) = (mass(&rows, a), mass(&columns, b));
    let left_share =
        held(&rows, a, &|i| columns.iter().map(|&j| matches.at(i, j)).fold(0.0, f32::max)) / (left + 1e-9);
    let right_share =
        held(&columns, b, &|j| rows.iter().map(|&i| matches.at(i, j)).fold(0.0, f32::max)) / (right + 1e-9);
    f64::from(harmonic(left_share, right_share))
}
