//! The layers in floats, as spaCy computes them.

use super::{Scratch, trained};
use crate::encoder::linear;
use crate::kernel::Kernel;
use crate::kernel::moves::ALLOWED;
use crate::packed::{Affine, LINE, PANEL, Rows};
use crate::room;
use crate::weights::{LOWER_PIECES, Transitions};

#[derive(Clone, Debug)]
pub(super) struct FullLayers {
    kernel: Kernel,
    lower: Affine,
    bias: Vec<f32>,
    missing: Vec<f32>,
    upper: Affine,
}

impl FullLayers {
    pub(super) fn new(weights: &Transitions, kernel: Kernel) -> FullLayers {
        let (width, inputs) = (weights.hidden * LOWER_PIECES, weights.reduce.bias.len());
        let trained = |output: usize| output / width * width + trained(output % width);
        let zeros = vec![0.0; weights.features * width];
        FullLayers {
            kernel,
            lower: Affine::pack(inputs, &zeros, |output, input| {
                weights.lower[trained(output) * inputs + input]
            }),
            bias: (0..width).map(|output| weights.lower_bias[trained(output)]).collect(),
            missing: (0..zeros.len()).map(|output| weights.missing[trained(output)]).collect(),
            upper: linear(&weights.upper),
        }
    }

    pub(super) fn prepare(&self, scratch: &mut Scratch) {
        let Scratch { reduced, parts, count, .. } = scratch;
        let parts = room::first(parts, *count * self.lower.outputs);
        let rows = Rows { numbers: reduced, stride: self.lower.inputs, count: *count };
        self.kernel.multiply(&self.lower, rows, parts);
        scratch.scores.resize(self.upper.outputs, 0.0);
    }

    pub(super) fn best<const N: usize>(
        &self,
        focus: [Option<usize>; N],
        allowed: &[i32],
        scratch: &mut Scratch,
    ) -> Option<usize> {
        let width = self.bias.len();
        let Scratch { parts, hidden, scores, .. } = scratch;
        let mut sums = self.bias.clone();
        for (place, token) in focus.into_iter().enumerate() {
            let part = match token {
                Some(token) => &parts[token * self.lower.outputs + place * width..][..width],
                None => &self.missing[place * width..][..width],
            };
            sums.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        hidden.clear();
        for panel in sums.chunks_exact(LINE) {
            let (first, second) = panel.split_at(PANEL);
            hidden.extend(first.iter().zip(second).map(|(first, second)| second.max(*first)));
        }
        self.kernel.multiply(&self.upper, Rows { numbers: hidden, stride: 0, count: 1 }, scores);
        let mut best = (None, f32::NEG_INFINITY);
        for (number, &score) in scores.iter().enumerate() {
            if allowed[number] == ALLOWED && score > best.1 {
                best = (Some(number), score);
            }
        }
        best.0
    }
}
