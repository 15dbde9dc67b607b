//! Weights of the decision whether two articles tell of one event.
//!
//! Made by `train/stories.py`; do not edit by hand.

use super::likeness::STORY_FEATURES;

/// One weight a feature, for features as they are measured.
const WEIGHTS: [f64; STORY_FEATURES.len()] =
    [9.03, 3.77, 2.46, 7.84, -7.57, -3.41, -0.89, 0.16, 0.0, 0.0, 0.78];
const BIAS: f64 = -1.94;
/// Mean likeness from which articles are one story.
pub(super) const JOIN_MIN: f32 = 0.35;

/// That a pair with these features is of one event.
pub(super) fn probability(features: &[f64; STORY_FEATURES.len()]) -> f64 {
    let sum: f64 = WEIGHTS.iter().zip(features).map(|(weight, value)| weight * value).sum();
    1.0 / (1.0 + (-(sum + BIAS)).exp())
}
