//! Scores of a transition system's moves, from the tokens in a state's focus.

use crate::encoder::linear;
use crate::kernel::Kernel;
use crate::packed::{Affine, Rows};
use crate::product::{Arithmetic, Product};
use crate::room::{self, Room};
use crate::weights::{LOWER_PIECES, Transitions};

/// The networks of a transition system, packed for the kernel.
#[derive(Clone, Debug)]
pub(crate) struct Scorer {
    kernel: Kernel,
    pub(crate) encoder: usize,
    reduce: Product,
    lower: Product,
    bias: Vec<f32>,
    missing: Vec<f32>,
    upper: Affine,
    /// Tokens in focus.
    features: usize,
}

/// Room to work, kept between calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    reduced: Vec<f32>,
    room: Room,
    /// What each token adds to the hidden layer, in each place in focus.
    parts: Vec<f32>,
    hidden: Vec<f32>,
    scores: Vec<f32>,
}

impl Scorer {
    pub(crate) fn new(weights: &Transitions, arithmetic: Arithmetic) -> Scorer {
        let (features, hidden) = (weights.features, weights.hidden);
        let width = hidden * LOWER_PIECES;
        // The pieces of the trained numbers alternate; ours stand in two halves.
        let trained = |output: usize| {
            let (feature, rest) = (output / width, output % width);
            feature * width + rest % hidden * LOWER_PIECES + rest / hidden
        };
        let inputs = weights.reduce.bias.len();
        let lower = Affine::pack(inputs, &vec![0.0; features * width], |output, input| {
            weights.lower[trained(output) * inputs + input]
        });
        Scorer {
            kernel: arithmetic.kernel,
            encoder: weights.encoder,
            reduce: Product::wide(linear(&weights.reduce), arithmetic),
            lower: Product::wide(lower, arithmetic),
            bias: (0..width).map(|output| weights.lower_bias[trained(output)]).collect(),
            missing: (0..features * width).map(|output| weights.missing[trained(output)]).collect(),
            upper: linear(&weights.upper),
            features,
        }
    }

    /// Number of scores, rounded up as the kernel needs it: masks must be as long.
    pub(crate) fn score_count(&self) -> usize {
        self.upper.outputs
    }

    /// Prepares for the tokens with these vectors in context.
    pub(crate) fn prepare(&self, vectors: &[f32], scratch: &mut Scratch) {
        let count = vectors.len() / self.reduce.inputs();
        let reduced = room::first(&mut scratch.reduced, count * self.reduce.outputs());
        let parts = room::first(&mut scratch.parts, count * self.lower.outputs());
        scratch.hidden.resize(self.bias.len() / LOWER_PIECES, 0.0);
        scratch.scores.resize(self.upper.outputs, 0.0);
        self.reduce.apply(vectors, reduced, &mut scratch.room);
        self.lower.apply(reduced, parts, &mut scratch.room);
    }

    /// The move with the greatest score among those the mask leaves at zero; `None` if it leaves none.
    pub(crate) fn best<const N: usize>(
        &self,
        focus: [Option<usize>; N],
        mask: &[f32],
        scratch: &mut Scratch,
    ) -> Option<usize> {
        assert_eq!(N, self.features, "the loader has checked the tokens in focus");
        let width = self.bias.len();
        let Scratch { parts, hidden, scores, .. } = scratch;
        let mut place = 0;
        let features = focus.map(|token| {
            let start = place * width;
            place += 1;
            match token {
                Some(token) => &parts[token * self.lower.outputs() + start..][..width],
                None => &self.missing[start..start + width],
            }
        });
        self.kernel.maxout_sum(&features, &self.bias, hidden);
        self.kernel.multiply(&self.upper, Rows { numbers: hidden, stride: 0, count: 1 }, scores);
        self.kernel.greatest(scores, mask)
    }
}

/// Scores' mask: zero for the moves that are allowed, minus infinity for all others.
pub(crate) fn mask(count: usize, allowed: impl Fn(usize) -> bool) -> Vec<f32> {
    (0..count).map(|number| if allowed(number) { 0.0 } else { f32::NEG_INFINITY }).collect()
}
