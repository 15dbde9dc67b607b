//! Weights of the decision whether two statements say the same.
//!
//! Made by `train/alignment.py`; do not edit by hand.

use super::features::{FEATURES, Features};

/// One weight a feature, for features as they are measured.
pub(super) struct Weights {
    features: Features,
    /// For each of the two that is a whole sentence.
    whole: f64,
    bias: f64,
}

/// For two sentences.
pub(super) const SENTENCES: Weights = Weights {
    features: [
        1.656, -0.211, -0.573, 1.091, 0.193, 1.219, 0.434, 1.132, 2.199, -1.098, 0.676, 0.256, 1.996, 0.542,
        0.757, 0.681, 0.392, 0.257,
    ],
    whole: 0.000,
    bias: -8.467,
};
/// For two parts of sentences, or a part and a sentence that has none.
pub(super) const PARTS: Weights = Weights {
    features: [
        0.684, -1.091, -0.743, 1.352, -0.457, 1.207, 0.624, 1.457, 1.904, -1.607, 0.240, -0.333, 0.309,
        -0.121, 0.087, 0.807, -0.027, -0.059,
    ],
    whole: -0.279,
    bias: -6.483,
};

impl Weights {
    /// That a pair with these features, so many of it whole sentences, says the same.
    pub(super) fn probability(&self, features: &Features, whole_count: f64) -> f64 {
        let sum: f64 = (0..FEATURES.len()).map(|number| self.features[number] * features[number]).sum();
        1.0 / (1.0 + (-(sum + self.whole * whole_count + self.bias)).exp())
    }
}
