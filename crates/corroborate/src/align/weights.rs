//! Weights of the decision whether two statements say the same.
//!
//! Made by `train/alignment.py`; do not edit by hand.

use super::features::{FEATURES, Features};

/// One weight a feature, for features as they are measured.
const WEIGHTS: Features = [
    1.624, -0.351, -0.639, 1.052, 0.098, 1.426, 0.519, 1.181, 2.563, -1.120, 0.461, 0.163, 1.980, 0.415,
    0.628, 0.623, 0.333, 0.211,
];
const BIAS: f64 = -8.411;

/// That a pair with these features says the same.
pub(crate) fn probability(features: &Features) -> f64 {
    let sum: f64 = (0..FEATURES.len()).map(|number| WEIGHTS[number] * features[number]).sum();
    1.0 / (1.0 + (-(sum + BIAS)).exp())
}
