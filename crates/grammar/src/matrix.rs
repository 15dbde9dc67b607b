//! Products of matrices, for those who run a small network of their own over a document's vectors.

use std::ops::Range;

use crate::kernel::Kernel;
use crate::packed::{Affine, Fixed, FixedRows, PANEL};
use crate::room::Room;
use crate::rounded::Rounded;

/// An affine map of rows of numbers, ready for the fastest instructions that the machine has.
///
/// It is computed in fixed point, weights of eight bits and inputs of fourteen, so that its results are the same bits on
/// every machine; they differ from those of floats by less than one part in a hundred of a row's greatest.
#[derive(Clone, Debug)]
pub struct Matrix {
    kernel: Kernel,
    map: Fixed,
}

impl Matrix {
    /// The map with these weights, given row by row: one row an output, as many rows as `bias` has numbers.
    ///
    /// # Panics
    /// When the weights are not so many whole rows.
    pub fn new(weights: &[f32], bias: &[f32]) -> Matrix {
        assert!(!bias.is_empty() && weights.len().is_multiple_of(bias.len()), "each output has a whole row");
        let inputs = weights.len() / bias.len();
        let weight =
            |output: usize, input: usize| if input < inputs { weights[output * inputs + input] } else { 0.0 };
        let map = Affine::pack(inputs.next_multiple_of(PANEL), bias, weight);
        Matrix { kernel: Kernel::best(), map: Fixed::narrow(&map) }
    }

    /// The map whose weights are kept as bytes: those of an output are whole numbers times its scale.
    ///
    /// # Panics
    /// When there are not as many scales as biases, or the weights are not so many whole rows.
    pub fn of_bytes(scales: &[f32], bytes: &[i8], bias: &[f32]) -> Matrix {
        assert!(!bias.is_empty() && bytes.len().is_multiple_of(bias.len()), "each output has a whole row");
        assert_eq!(scales.len(), bias.len(), "each output has a scale");
        let inputs = bytes.len() / bias.len();
        let weight = |output: usize, input: usize| match input < inputs {
            true => f32::from(bytes[output * inputs + input]) * scales[output],
            false => 0.0,
        };
        let map = Affine::pack(inputs.next_multiple_of(PANEL), bias, weight);
        let mut steps = scales.to_vec();
        steps.resize(map.outputs, 0.0);
        Matrix { kernel: Kernel::best(), map: Fixed::of_steps(&map, steps) }
    }

    /// Numbers in a row that goes in: a weight's row, rounded up with zeros to what the kernel handles at once.
    pub fn inputs(&self) -> usize {
        self.map.inputs
    }

    /// Numbers in a row that comes out: the bias's, rounded up with zeros likewise.
    pub fn outputs(&self) -> usize {
        self.map.outputs
    }

    /// Rounds rows and appends them to others, for this map and all others that read them.
    ///
    /// # Panics
    /// When the numbers are no whole rows of the map's input, or the others are not as wide.
    pub fn round(&self, x: &[f32], rows: &mut Rounded) {
        assert_eq!(rows.width(), self.inputs(), "rows are as wide as the map's input");
        rows.append(self.kernel, x);
    }

    /// Applies the map to each row of `x` and fills as many rows of `y`. A row's result does not depend on the
    /// rows beside it.
    pub fn apply(&self, x: &[f32], y: &mut [f32], room: &mut Room) {
        let rows = Rounded::of(self.kernel, x, self.inputs(), room);
        self.apply_rounded(&rows, 0..rows.len(), y);
        room.give_rounded(rows);
    }

    /// The same for some of the rows that were rounded before: one rounding serves several maps.
    ///
    /// # Panics
    /// When the rows are not as wide as the map's input, or not as many.
    pub fn apply_rounded(&self, x: &Rounded, rows: Range<usize>, y: &mut [f32]) {
        assert_eq!(x.width(), self.inputs(), "rows are as wide as the map's input");
        self.apply_fixed(x.rows(rows.start, rows.len(), 0), y);
    }

    pub(crate) fn apply_fixed(&self, x: FixedRows<'_>, y: &mut [f32]) {
        self.kernel.multiply_fixed(&self.map, x, y);
    }

    /// What the map gives for zeros.
    pub(crate) fn bias(&self) -> &[f32] {
        &self.map.bias
    }

    /// Adds terms, each as long as a row that comes out, to such a row, in turn.
    pub fn add_up(&self, terms: &[&[f32]], row: &mut [f32]) {
        self.kernel.add_up(terms, row);
    }

    /// GELU in its tangent form of each number of rows that came out.
    pub fn gelu(&self, rows: &mut [f32]) {
        self.kernel.gelu(rows);
    }

    pub(crate) fn kernel(&self) -> Kernel {
        self.kernel
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;
    use crate::room::Room;

    #[test]
    fn a_map_is_its_sums() {
        let weights: Vec<f32> = (0..3 * 17).map(|number| number as f32 * 0.25 - 3.0).collect();
        let bias: Vec<f32> = (0..17).map(|number| number as f32).collect();
        let map = Matrix::new(&weights, &bias);
        assert_eq!((map.inputs(), map.outputs()), (16, 32));
        let mut x = [0.0; 32];
        x[..3].copy_from_slice(&[1.0, -2.0, 0.5]);
        x[17] = 1.0;
        let mut y = vec![1.0; 2 * map.outputs()];
        map.apply(&x, &mut y, &mut Room::default());
        for (x, y) in x.chunks_exact(map.inputs()).zip(y.chunks_exact(map.outputs())) {
            for output in 0..17 {
                let sum: f32 = x.iter().zip(&weights[output * 3..][..3]).map(|(x, weight)| x * weight).sum();
                assert!((y[output] - sum - bias[output]).abs() < 0.15, "{output}: {y:?}");
            }
            assert!(y[17..].iter().all(|&number| number == 0.0));
        }
    }

    #[test]
    fn bytes_are_weights_in_steps_of_their_scale() {
        let bytes: Vec<i8> = (0..40 * 33).map(|place| (place * 91 % 255 - 127) as i8).collect();
        let scales: Vec<f32> = (1..=33).map(|output| 0.01 / output as f32).collect();
        let bias: Vec<f32> = (0..33).map(|output| output as f32 * 0.25).collect();
        let map = Matrix::of_bytes(&scales, &bytes, &bias);
        for count in [1, 2, 16, 23, 150] {
            let x: Vec<f32> = (0..count * 48)
                .map(|place| if place % 48 < 40 { (place * 7 % 23) as f32 - 11.0 } else { 0.0 })
                .collect();
            let mut y = vec![0.0; count * map.outputs()];
            map.apply(&x, &mut y, &mut Room::default());
            for (x, y) in x.chunks_exact(48).zip(y.chunks_exact(map.outputs())) {
                for (output, (scale, bias)) in scales.iter().zip(&bias).enumerate() {
                    let bytes = &bytes[output * 40..][..40];
                    let sum: f32 = x.iter().zip(bytes).map(|(x, &byte)| x * f32::from(byte)).sum();
                    assert!((y[output] - sum * scale - bias).abs() < 2e-2, "{count} {output}");
                }
            }
        }
    }
}
