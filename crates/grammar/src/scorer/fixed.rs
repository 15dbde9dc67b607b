//! The layers in whole numbers: what tokens add to the hidden layer is rounded to steps of one size, so that nothing is a
//! float again before the move is found.

use super::{Expected, Scratch, trained};
use crate::kernel::Kernel;
use crate::kernel::moves::{Focus, Moves};
use crate::packed::{Affine, FIXED_MAX, Fixed, FixedRows, LINE, Line};
use crate::room;
use crate::rounded::Rounded;
use crate::weights::{LOWER_PIECES, Transitions};

/// What a token adds to a number is hardly ever greater than this many times what it would be on average, were all numbers
/// before it independent. Sums of all tokens in focus have four times as much room.
const PART_MAX: f32 = 6.0;

/// Tokens whose parts are computed at a time: one place's stay in the first cache until they are rounded.
const STRIPE: usize = 64;

#[derive(Clone, Debug)]
pub(super) struct FixedLayers {
    kernel: Kernel,
    /// For each place in focus.
    lower: Vec<Fixed>,
    /// The first places, in which all tokens come to stand; to the others few do.
    common_places: usize,
    /// What one step of the hidden layer's numbers is worth.
    step: f32,
    missing: Vec<Line>,
    /// Lines of the hidden layer before the greater pieces are taken.
    lines: usize,
    moves: Moves,
}

impl FixedLayers {
    /// `None` if the numbers are of no size that can be rounded.
    pub(super) fn new(
        weights: &Transitions,
        Expected { sizes, common_places }: Expected<'_>,
        kernel: Kernel,
    ) -> Option<FixedLayers> {
        let step = Some(part_step(weights, sizes)).filter(|step| step.is_normal())?;
        let (width, inputs) = (weights.hidden * LOWER_PIECES, weights.reduce.bias.len());
        let lower = |place: usize| {
            let rows = &weights.lower[place * width * inputs..];
            let weight = |output: usize, input: usize| rows[trained(output) * inputs + input];
            Fixed::wide(&Affine::pack(inputs, &vec![0.0; width], weight))
        };
        let rounded = |numbers: &[f32]| {
            let numbers: Vec<f32> = (0..width).map(|place| numbers[trained(place)]).collect();
            let mut fixed = vec![Line::default(); width / LINE];
            kernel.round([step, FIXED_MAX], &numbers, Line::numbers(&mut fixed));
            fixed
        };
        Some(FixedLayers {
            kernel,
            lower: (0..weights.features).map(lower).collect(),
            common_places: common_places.min(weights.features),
            step,
            missing: weights.missing.chunks_exact(width).flat_map(rounded).collect(),
            lines: width / LINE,
            moves: Moves::new(rounded(&weights.lower_bias), step, &weights.upper),
        })
    }

    pub(super) fn prepare(&self, scratch: &mut Scratch) {
        let Scratch { reduced, room, count, fixed_parts, .. } = scratch;
        let (inputs, lines) = (self.lower[0].inputs, self.lines);
        let rows = Rounded::of(self.kernel, &reduced[..*count * inputs], inputs, room);
        let fixed_parts = room::first(fixed_parts, *count * self.common_places * lines);
        for (place, map) in self.lower[..self.common_places].iter().enumerate() {
            let of_place = &mut fixed_parts[place * *count * lines..][..*count * lines];
            for (number, fixed) in of_place.chunks_mut(STRIPE * lines).enumerate() {
                let rows = rows.rows(number * STRIPE, fixed.len() / lines, 0);
                self.multiply(map, rows, fixed);
            }
        }
        room.give_rounded(rows);
        scratch.late_tokens.clear();
    }

    /// What tokens with these reduced vectors add to the hidden layer in a place.
    fn multiply(&self, map: &Fixed, rows: FixedRows<'_>, fixed: &mut [Line]) {
        self.kernel.multiply_rounded((map, self.step), rows, Line::numbers(fixed));
    }

    pub(super) fn best<const N: usize, const ROWS: usize>(
        &self,
        focus: [[Option<usize>; N]; ROWS],
        allowed: [&[i32]; ROWS],
        scratch: &mut Scratch,
    ) -> [Option<usize>; ROWS] {
        scratch.late_parts.resize(ROWS * N * self.lines, Line::default());
        scratch.late_tokens.resize(ROWS * N, None);
        scratch.fixed_hidden.resize(ROWS * self.moves.hidden(), 0);
        for (at, token) in focus.as_flattened().iter().enumerate() {
            if at % N >= self.common_places {
                self.prepare_late(*token, (at, at % N), scratch);
            }
        }
        let Scratch { fixed_parts, late_parts, fixed_hidden, count, .. } = scratch;
        // Written out: a closure for each place would be called.
        let mut features: [[&[Line]; N]; ROWS] = [[&[]; N]; ROWS];
        for (row, (features, focus)) in features.iter_mut().zip(focus).enumerate() {
            for (place, (feature, token)) in features.iter_mut().zip(focus).enumerate() {
                let (numbers, at) = match token {
                    Some(token) if place < self.common_places => (&*fixed_parts, place * *count + token),
                    Some(_) => (&*late_parts, row * N + place),
                    None => (&self.missing, place),
                };
                *feature = &numbers[at * self.lines..][..self.lines];
            }
        }
        let mut rows = [Focus { features: &[], allowed: &[] }; ROWS];
        for (row, (features, allowed)) in rows.iter_mut().zip(features.iter().zip(allowed)) {
            *row = Focus { features, allowed };
        }
        self.kernel.best_moves(&self.moves, rows, fixed_hidden)
    }

    /// Computes what a token adds in a place where few come to stand, unless it was the last one there.
    fn prepare_late(&self, token: Option<usize>, (at, place): (usize, usize), scratch: &mut Scratch) {
        let Scratch { reduced, room, late_parts, late_tokens, .. } = scratch;
        let Some(token) = token.filter(|_| late_tokens[at] != token) else { return };
        let (map, inputs) = (&self.lower[place], self.lower[place].inputs);
        let row = Rounded::of(self.kernel, &reduced[token * inputs..][..inputs], inputs, room);
        let fixed = &mut late_parts[at * self.lines..][..self.lines];
        self.multiply(map, row.all(), fixed);
        room.give_rounded(row);
        late_tokens[at] = Some(token);
    }
}

/// What one step of a part is worth: the greatest part is estimated from the weights, and the sizes of a vector's numbers.
fn part_step(weights: &Transitions, sizes: &[f32]) -> f32 {
    let size = |row: &[f32], sizes: &[f32]| {
        let squares = row.iter().zip(sizes).map(|(weight, size)| (weight * size) * (weight * size));
        squares.sum::<f32>().sqrt()
    };
    let reduce = &weights.reduce;
    let reduced: Vec<f32> = reduce.weights.chunks_exact(reduce.inputs).map(|row| size(row, sizes)).collect();
    let parts = weights.lower.chunks_exact(reduced.len()).map(|row| size(row, &reduced));
    PART_MAX * parts.fold(0.0, f32::max) / FIXED_MAX
}
