//! Weights of the decision whether two statements say the same.
//!
//! Made by `train/alignment.py`; do not edit by hand.

use super::features::{FEATURES, Features};

/// One weight a feature, for features as they are measured.
const WEIGHTS: Features = [
    1.664, -0.382, -0.120, -0.141, -0.368, 1.766, 0.613, 2.131, 0.586, 1.306, -0.753, 0.211, -0.048, -1.068,
    1.333, 0.270, 0.641, 0.760, 0.732, -0.236, -0.100, 1.920,
];
const BIAS: f64 = -8.607;

/// That a pair with these features says the same.
pub(crate) fn probability(features: &Features) -> f64 {
    let sum: f64 = (0..FEATURES.len()).map(|number| WEIGHTS[number] * features[number]).sum();
    1.0 / (1.0 + (-(sum + BIAS)).exp())
}
