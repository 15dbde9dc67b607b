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
        1.705, -0.269, -0.670, 1.139, 0.204, 1.245, 0.432, 1.142, 2.191, -1.089, 0.694, 0.231, 2.006, 0.530,
        0.748, 0.717, 0.368, 0.255,
    ],
    whole: 0.000,
    bias: -8.446,
};
/// For two parts of sentences, or a part and a sentence that has none.
pub(super) const PARTS: Weights = Weights {
    features: [
        1.534, -1.435, -0.916, 1.455, -0.414, 1.178, 0.661, 1.321, 1.818, -1.818, 0.417, -0.415, 0.253,
        -0.238, 0.013, 0.863, 0.103, -0.006,
    ],
    whole: -0.316,
    bias: -6.405,
};

impl Weights {
    /// That a pair with these features, so many of it whole sentences, says the same.
    pub(super) fn probability(&self, features: &Features, whole_count: f64) -> f64 {
        let sum: f64 = (0..FEATURES.len()).map(|number| self.features[number] * features[number]).sum();
        1.0 / (1.0 + (-(sum + self.whole * whole_count + self.bias)).exp())
    }
}
