//! Scores of a transition system's moves, from the tokens in a state's focus.

mod fixed;
mod full;

use fixed::FixedLayers;
use full::FullLayers;

use crate::encoder::linear;
use crate::kernel::moves::{ALLOWED, FORBIDDEN};
use crate::packed::{LINE, Line, PANEL};
use crate::product::{Arithmetic, Precision, Product};
use crate::room::{self, Room};
use crate::weights::{LOWER_PIECES, Transitions};

/// The networks of a transition system, packed for the kernel.
#[derive(Clone, Debug)]
pub(crate) struct Scorer {
    pub(crate) encoder: usize,
    reduce: Product,
    layers: Layers,
    /// Tokens in focus.
    features: usize,
    score_count: usize,
}

/// From a token's reduced vector to what it adds to the hidden layer in each place in focus, and on to the scores. The
/// hidden layer's numbers stand in panels, the first pieces of sixteen and then their second ones.
#[derive(Clone, Debug)]
enum Layers {
    Full(FullLayers),
    Fixed(FixedLayers),
}

/// What is expected of the tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected<'a> {
    /// How great the numbers of a vector in context are, about.
    pub(crate) sizes: &'a [f32],
    /// The first places in focus, in which nearly every token comes to stand once; in the others few do.
    pub(crate) common_places: usize,
}

/// Room to work, kept between calls. A scorer uses the floats or the whole numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    reduced: Vec<f32>,
    room: Room,
    /// Tokens it was prepared for.
    count: usize,
    /// What each token adds to the hidden layer, in each place in focus.
    parts: Vec<f32>,
    hidden: Vec<f32>,
    scores: Vec<f32>,
    fixed_parts: Vec<Line>,
    /// The same where few tokens come to stand, of the last one that did in each place of each state.
    late_parts: Vec<Line>,
    late_tokens: Vec<Option<usize>>,
    fixed_hidden: Vec<i16>,
}

impl Scorer {
    pub(crate) fn new(weights: &Transitions, expected: Expected<'_>, arithmetic: Arithmetic) -> Scorer {
        let fixed = || FixedLayers::new(weights, expected, arithmetic.kernel);
        let layers = match arithmetic.precision {
            Precision::Full => None,
            Precision::Fixed => fixed().map(Layers::Fixed),
        };
        Scorer {
            encoder: weights.encoder,
            reduce: Product::wide(linear(&weights.reduce), arithmetic),
            layers: layers.unwrap_or_else(|| Layers::Full(FullLayers::new(weights, arithmetic.kernel))),
            features: weights.features,
            score_count: weights.upper.bias.len().next_multiple_of(PANEL),
        }
    }

    /// Which moves are allowed, as [`Scorer::best`] wants it.
    pub(crate) fn mask(&self, is_allowed: impl Fn(usize) -> bool) -> Vec<i32> {
        (0..self.score_count).map(|number| if is_allowed(number) { ALLOWED } else { FORBIDDEN }).collect()
    }

    /// Prepares for the tokens with these vectors in context.
    pub(crate) fn prepare(&self, vectors: &[f32], scratch: &mut Scratch) {
        scratch.count = vectors.len() / self.reduce.inputs();
        let reduced = room::first(&mut scratch.reduced, scratch.count * self.reduce.outputs());
        self.reduce.apply(vectors, reduced, &mut scratch.room);
        match &self.layers {
            Layers::Full(layers) => layers.prepare(scratch),
            Layers::Fixed(layers) => layers.prepare(scratch),
        }
    }

    /// In each of so many states, the move with the greatest score among those that are allowed; `None` if none is.
    pub(crate) fn best<const N: usize, const ROWS: usize>(
        &self,
        focus: [[Option<usize>; N]; ROWS],
        allowed: [&[i32]; ROWS],
        scratch: &mut Scratch,
    ) -> [Option<usize>; ROWS] {
        assert_eq!(N, self.features, "the loader has checked the tokens in focus");
        match &self.layers {
            Layers::Full(layers) => std::array::from_fn(|row| layers.best(focus[row], allowed[row], scratch)),
            Layers::Fixed(layers) => layers.best(focus, allowed, scratch),
        }
    }
}

/// Where a number of the hidden layer, before the greater pieces are taken, stands among the trained ones.
fn trained(place: usize) -> usize {
    let (panel, piece, lane) = (place / LINE, place / PANEL % LOWER_PIECES, place % PANEL);
    (panel * PANEL + lane) * LOWER_PIECES + piece
}

#[cfg(test)]
mod tests {
    use super::{Expected, Scorer, Scratch};
    use crate::kernel::Kernel;
    use crate::product::{Arithmetic, Precision};
    use crate::weights::{Linear, Move, Transitions};

    /// Numbers between -1 and 1 that look arbitrary and are always the same.
    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|at| ((at + seed) * 7_919 % 2_003) as f32 / 1_001.0 - 1.0).collect()
    }

    fn weights() -> Transitions {
        let linear = |inputs: usize, outputs: usize, seed: usize| Linear {
            inputs,
            weights: numbers(inputs * outputs, seed),
            bias: numbers(outputs, seed + 1),
        };
        Transitions {
            encoder: 0,
            reduce: linear(16, 32, 5),
            features: 3,
            hidden: 48,
            lower: numbers(3 * 96 * 32, 11),
            lower_bias: numbers(96, 12),
            missing: numbers(3 * 96, 13),
            upper: linear(48, 20, 14),
            moves: vec![Move { action: 0, label: String::new() }; 20],
        }
    }

    /// By the definition: the score of each move.
    fn scores(weights: &Transitions, vectors: &[f32], focus: [Option<usize>; 3]) -> Vec<f32> {
        let apply = |map: &Linear, x: &[f32]| -> Vec<f32> {
            let rows = map.weights.chunks_exact(map.inputs).zip(&map.bias);
            rows.map(|(row, bias)| row.iter().zip(x).map(|(w, x)| w * x).sum::<f32>() + bias).collect()
        };
        let mut sums = weights.lower_bias.clone();
        for (feature, token) in focus.into_iter().enumerate() {
            let of_feature = feature * 96..(feature + 1) * 96;
            let part = match token {
                None => weights.missing[of_feature].to_vec(),
                Some(token) => {
                    let reduced = apply(&weights.reduce, &vectors[token * 16..(token + 1) * 16]);
                    let rows = weights.lower.chunks_exact(32).skip(of_feature.start).take(96);
                    rows.map(|row| row.iter().zip(&reduced).map(|(w, x)| w * x).sum()).collect()
                }
            };
            sums.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        let hidden: Vec<f32> = sums.chunks_exact(2).map(|pieces| pieces[0].max(pieces[1])).collect();
        apply(&weights.upper, &hidden)
    }

    /// The best move of each token from the third on, where those of one remainder by five are forbidden.
    fn best_moves(weights: &Transitions, common_places: usize, arithmetic: Arithmetic) -> Vec<usize> {
        let expected = Expected { sizes: &[0.6; 16], common_places };
        let scorer = Scorer::new(weights, expected, arithmetic);
        let mut scratch = Scratch::default();
        scorer.prepare(&numbers(16 * 70, 21), &mut scratch);
        assert_eq!(scorer.best([focus(2)], [&scorer.mask(|_| false)], &mut scratch), [None]);
        let best = |token: usize| {
            let mask = scorer.mask(|number| number < 20 && number % 5 != token % 5);
            let [best] = scorer.best([focus(token)], [&mask], &mut scratch);
            let two = scorer.best([focus(69), focus(token)], [&mask, &mask], &mut scratch);
            assert_eq!(two[1], best, "beside another state");
            best.unwrap()
        };
        (2..70).map(best).collect()
    }

    fn focus(token: usize) -> [Option<usize>; 3] {
        [Some(token), (!token.is_multiple_of(3)).then_some(token - 1), Some(token - 2)]
    }

    #[test]
    fn the_best_move_is_that_of_the_definition() {
        let (weights, vectors) = (weights(), numbers(16 * 70, 21));
        for precision in [Precision::Full, Precision::Fixed] {
            let found = best_moves(&weights, 3, Arithmetic { kernel: Kernel::best(), precision });
            for (token, best) in (2..).zip(found) {
                let scores = scores(&weights, &vectors, focus(token));
                let allowed = (0..20).filter(|number| number % 5 != token % 5);
                let most = allowed.map(|number| scores[number]).fold(f32::MIN, f32::max);
                assert!(most - scores[best] < 0.2, "{precision:?} {token}: {scores:?} {best}");
                assert!(best % 5 != token % 5);
            }
        }
    }

    #[test]
    fn in_fixed_point_it_is_the_same_on_every_machine_and_whenever_it_is_computed() {
        let precision = Precision::Fixed;
        let portable = best_moves(&weights(), 3, Arithmetic { kernel: Kernel::Portable, precision });
        for kernel in Kernel::all() {
            for common_places in [0, 1, 3] {
                let found = best_moves(&weights(), common_places, Arithmetic { kernel, precision });
                assert_eq!(found, portable, "{kernel:?} {common_places}");
            }
        }
    }
}
