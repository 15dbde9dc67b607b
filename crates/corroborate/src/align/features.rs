//! What is measured on a pair of statements before a weighted sum decides whether they say the same.

use super::likeness::dot;
use super::unit::Unit;

/// Names of the features, in order; the trainer reads them too.
///
/// Tried and left out, since leaving events out they lowered recall at nine of ten right or did nothing: who speaks,
/// names and numbers shared or in conflict, dates, verbs, the best pair of clauses, the place in the article, the
/// likeness of neighbours, what a third article says, and the teacher of the sentence vectors in their place.
pub const FEATURES: [&str; 18] = [
    "cosine",
    "soft_min",
    "soft_max",
    "local_min",
    "local_max",
    "local_f",
    "shared",
    "local_shared",
    "word_cosine",
    "negation_differs",
    "runs",
    "length_ratio",
    "both_short",
    "row_rank",
    "column_rank",
    "mutual",
    "word_row_rank",
    "word_column_rank",
];

/// Values of [`FEATURES`] for one pair.
pub(crate) type Features = [f64; FEATURES.len()];

pub(crate) const LOCAL_F: usize = 5;
pub(crate) const SHARED: usize = 6;
pub(crate) const WORD_COSINE: usize = 8;
pub(crate) const RUNS: usize = 10;
/// From here on stand the ranks among the pairs of two articles: by [`LOCAL_F`], whether best for both, by
/// [`WORD_COSINE`].
pub(crate) const RANKS: usize = 13;

/// A word counts as shared from this match on.
const SHARED_MATCH: f32 = 0.5;

/// Measures a pair; ranks are left at zero until all pairs of two articles are known.
pub(crate) fn features(a: &Unit<'_>, b: &Unit<'_>) -> Features {
    let [rows, columns] = a.likenesses.best(&a.forms, &b.forms);
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
    let negated = |unit: &Unit<'_>| unit.statement.negation_count > 0;
    let runs = shared_count(&a.runs, &b.runs) as f64 / a.runs.len().min(b.runs.len()).max(1) as f64;
    let flag = |holds: bool| if holds { 1.0 } else { 0.0 };
    [
        f64::from(dot(&a.statement.vector, &b.statement.vector)),
        f64::from(soft_left.min(soft_right)),
        f64::from(soft_left.max(soft_right)),
        f64::from(local_left.min(local_right)),
        f64::from(local_left.max(local_right)),
        f64::from(harmonic(local_left, local_right)),
        f64::from(matched(&wa).ln_1p()),
        f64::from(matched(&a.local).max(0.0).ln_1p()),
        f64::from(word_cosine(a, b)),
        flag(negated(a) != negated(b)),
        runs,
        shorter as f64 / longer.max(1) as f64,
        flag(longer < 6),
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ]
}

/// Cosine of the two bags of words, weighted by rarity in the story: only the same word counts, and a long sentence
/// that shares a few of many words counts little.
fn word_cosine(a: &Unit<'_>, b: &Unit<'_>) -> f32 {
    let mut shared = 0.0;
    for (key, weight) in a.keys.iter().zip(&a.local) {
        if let Some(place) = b.keys.iter().position(|other| other == key) {
            shared += weight.max(0.0) * b.local[place].max(0.0);
        }
    }
    let length = |unit: &Unit<'_>| {
        unit.local.iter().map(|weight| weight.max(0.0) * weight.max(0.0)).sum::<f32>().sqrt()
    };
    shared / (length(a) * length(b) + 1e-6)
}

/// Harmonic mean of two shares.
pub(crate) fn harmonic(one: f32, other: f32) -> f32 {
    2.0 * one * other / (one + other + 1e-9)
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
