//! Weights of the decision whether two statements say the same.
//!
//! Made by `train/alignment.py`; do not edit by hand.

use super::features::{FEATURES, Features};

/// One weight a feature, for features as they are measured.
const WEIGHTS: Features = [
    4.491, -0.024, 0.019, -1.093, 0.670, 2.028, -0.051, 2.366, 0.429, 0.996, -0.687, 0.035, -0.100, -1.285,
    0.208, 0.357, 1.026, 0.997, 0.852, 0.074, -0.260, 0.876,
];
const BIAS: f64 = -10.198;

/// That a pair with these features says the same.
pub(crate) fn probability(features: &Features) -> f64 {
    let sum: f64 = (0..FEATURES.len()).map(|number| WEIGHTS[number] * features[number]).sum();
    1.0 / (1.0 + (-(sum + BIAS)).exp())
}
