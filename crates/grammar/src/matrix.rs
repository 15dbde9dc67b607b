//! Products of matrices, for those who run a small network of their own over a document's vectors.

use crate::kernel::Kernel;
use crate::packed::{Affine, PANEL};
use crate::product::{Arithmetic, Precision, Product, Room};

/// An affine map of rows of numbers, ready for the fastest instructions that the machine has.
///
/// It is computed in fixed point, so that its results are the same bits on every machine; they differ from those
/// of floats by less than one part in a thousand of a row's greatest.
#[derive(Clone, Debug)]
pub struct Matrix {
    kernel: Kernel,
    map: Product,
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
        let kernel = Kernel::best();
        Matrix { kernel, map: Product::new(map, Arithmetic { kernel, precision: Precision::Fixed }) }
    }

    /// Numbers in a row that goes in: a weight's row, rounded up with zeros to what the kernel handles at once.
    pub fn inputs(&self) -> usize {
        self.map.inputs()
    }

    /// Numbers in a row that comes out: the bias's, rounded up with zeros likewise.
    pub fn outputs(&self) -> usize {
        self.map.outputs()
    }

    /// Applies the map to each row of `x` and fills as many rows of `y`. A row's result does not depend on the
    /// rows beside it.
    pub fn apply(&self, x: &[f32], y: &mut [f32], room: &mut Room) {
        self.map.apply(x, y, room);
    }

    /// The same, and then GELU in its tangent form.
    pub fn apply_gelu(&self, x: &[f32], y: &mut [f32], room: &mut Room) {
        self.apply(x, y, room);
        self.kernel.gelu(y);
    }

    pub(crate) fn kernel(&self) -> Kernel {
        self.kernel
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;
    use crate::product::Room;

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
                assert!((y[output] - sum - bias[output]).abs() < 1e-2, "{output}: {y:?}");
            }
            assert!(y[17..].iter().all(|&number| number == 0.0));
        }
    }
}
