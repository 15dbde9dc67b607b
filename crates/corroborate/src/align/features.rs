//! What is measured on a pair of statements before a weighted sum decides whether they say the same.

use super::unit::{Matches, Unit, dot};

/// Names of the features, in order; the trainer reads them too.
pub const FEATURES: [&str; 22] = [
    "cosine",
    "soft_left",
    "soft_right",
    "soft_min",
    "soft_max",
    "local_min",
    "local_max",
    "local_f",
    "shared",
    "local_shared",
    "jaccard",
    "names_differ",
    "verb",
    "negation_differs",
    "runs",
    "length_ratio",
    "row_rank",
    "column_rank",
    "mutual",
    "both_quoted",
    "length",
    "both_short",
];

/// Values of [`FEATURES`] for one pair.
pub(crate) type Features = [f64; FEATURES.len()];

pub(crate) const LOCAL_F: usize = 7;
pub(crate) const SHARED: usize = 8;
pub(crate) const RUNS: usize = 14;
pub(crate) const ROW_RANK: usize = 16;
pub(crate) const COLUMN_RANK: usize = 17;
pub(crate) const MUTUAL: usize = 18;

/// A word counts as shared from this match on.
const SHARED_MATCH: f32 = 0.5;

/// Measures a pair; ranks are left at zero until all pairs of two articles are known.
pub(crate) fn features(a: &Unit<'_>, b: &Unit<'_>) -> Features {
    let matches = Matches::new(a, b);
    let (rows, columns) = (matches.rows(), matches.columns());
    let weights = |unit: &Unit<'_>| unit.statement.words.iter().map(|word| word.weight).collect::<Vec<f32>>();
    let (wa, wb) = (weights(a), weights(b));
    let soft_left = dot(&rows, &wa) / a.mass;
    let soft_right = dot(&columns, &wb) / b.mass;
    let local_left = dot(&rows, &a.local) / a.local_mass;
    let local_right = dot(&columns, &b.local) / b.local_mass;
    let matched = |weights: &[f32]| {
        rows.iter()
            .zip(weights)
            .filter(|(row, _)| **row >= SHARED_MATCH)
            .map(|(row, weight)| row * weight)
            .sum::<f32>()
    };
    let (shorter, longer) = (a.keys.len().min(b.keys.len()), a.keys.len().max(b.keys.len()));
    let common = a.keys.iter().filter(|key| b.keys.contains(key)).count();
    let verb = a
        .statement
        .words
        .iter()
        .zip(&rows)
        .filter(|(word, _)| word.kind == model::WordKind::Verb)
        .map(|(_, row)| *row)
        .fold(0.0, f32::max);
    let negated = |unit: &Unit<'_>| unit.statement.negation_count > 0;
    let quoted = |unit: &Unit<'_>| !unit.statement.quotations.is_empty();
    let runs = shared_count(&a.runs, &b.runs) as f64 / a.runs.len().min(b.runs.len()).max(1) as f64;
    let flag = |holds: bool| if holds { 1.0 } else { 0.0 };
    [
        f64::from(dot(&a.statement.vector, &b.statement.vector)),
        f64::from(soft_left),
        f64::from(soft_right),
        f64::from(soft_left.min(soft_right)),
        f64::from(soft_left.max(soft_right)),
        f64::from(local_left.min(local_right)),
        f64::from(local_left.max(local_right)),
        f64::from(harmonic(local_left, local_right)),
        f64::from(matched(&wa).ln_1p()),
        f64::from(matched(&a.local).max(0.0).ln_1p()),
        common as f64 / (a.keys.len() + b.keys.len() - common).max(1) as f64,
        flag(names_differ(a, b)),
        f64::from(verb),
        flag(negated(a) != negated(b)),
        runs,
        shorter as f64 / longer.max(1) as f64,
        0.0,
        0.0,
        0.0,
        flag(quoted(a) && quoted(b)),
        (shorter.max(2) as f64).ln(),
        flag(longer < 6),
    ]
}

/// Harmonic mean of two shares.
pub(crate) fn harmonic(one: f32, other: f32) -> f32 {
    2.0 * one * other / (one + other + 1e-9)
}

/// Both have names and none is shared.
fn names_differ(a: &Unit<'_>, b: &Unit<'_>) -> bool {
    let names = |unit: &Unit<'_>| -> Vec<u32> {
        let words = unit.statement.words.iter().zip(&unit.keys).zip(&unit.proper);
        words
            .filter(|((word, _), proper)| **proper && word.kind != model::WordKind::Number)
            .map(|((_, key), _)| *key)
            .collect()
    };
    let (left, right) = (names(a), names(b));
    !left.is_empty() && !right.is_empty() && !left.iter().any(|key| right.contains(key))
}

/// Number of values that two sorted lists share.
pub(crate) fn shared_count(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    count
}
