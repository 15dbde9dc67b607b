//! Weights of the decision whether two articles tell of one event.
//!
//! Made by `train/stories.py`; do not edit by hand.

use super::likeness::STORY_FEATURES;

/// One weight a feature, for features as they are measured.
const WEIGHTS: [f64; STORY_FEATURES.len()] =
    [6.673, 1.338, 1.950, -4.535, -11.864, -5.452, -2.250, 1.573, 0.209, 3.003, 1.721];
const BIAS: f64 = 2.988;
/// Mean likeness from which articles are one story.
pub(super) const JOIN_MIN: f32 = 0.7;
/// Mean likeness of the strongest links from which an article or two belong to a story.
pub(super) const ATTACH_MIN: f32 = 0.25;

/// That a pair with these features is of one event.
pub(super) fn probability(features: &[f64; STORY_FEATURES.len()]) -> f64 {
    let sum: f64 = WEIGHTS.iter().zip(features).map(|(weight, value)| weight * value).sum();
    1.0 / (1.0 + (-(sum + BIAS)).exp())
}
