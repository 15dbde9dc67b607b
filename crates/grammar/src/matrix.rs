//! Products of matrices, for those who run a small network of their own over a document's vectors.

use crate::kernel::Kernel;
use crate::packed::{Affine, Rows};

/// An affine map of rows of numbers, ready for the fastest instructions that the machine has.
#[derive(Clone, Debug)]
pub struct Matrix {
    kernel: Kernel,
    map: Affine,
}

impl Matrix {
    /// The map with these weights, given row by row: one row an output, as many rows as `bias` has numbers.
    ///
    /// # Panics
    /// When the weights are not so many whole rows.
    pub fn new(weights: &[f32], bias: &[f32]) -> Matrix {
        assert!(!bias.is_empty() && weights.len().is_multiple_of(bias.len()), "each output has a whole row");
        let inputs = weights.len() / bias.len();
        let map = Affine::pack(inputs, bias, |output, input| weights[output * inputs + input]);
        Matrix { kernel: Kernel::best(), map }
    }

    /// Numbers in a row that goes in.
    pub fn inputs(&self) -> usize {
        self.map.inputs
    }

    /// Numbers in a row that comes out: the bias's, rounded up with zeros to what the kernel handles at once.
    pub fn outputs(&self) -> usize {
        self.map.outputs
    }

    /// Applies the map to each row of `x` and fills as many rows of `y`. A row's result does not depend on the
    /// rows beside it.
    pub fn apply(&self, x: &[f32], y: &mut [f32]) {
        let rows = Rows { numbers: x, stride: self.map.inputs, count: x.len() / self.map.inputs.max(1) };
        self.kernel.multiply(&self.map, rows, y);
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;

    #[test]
    fn a_map_is_its_sums() {
        let weights: Vec<f32> = (0..3 * 17).map(|number| number as f32 * 0.25 - 3.0).collect();
        let bias: Vec<f32> = (0..17).map(|number| number as f32).collect();
        let map = Matrix::new(&weights, &bias);
        let x = [1.0, -2.0, 0.5, 0.0, 1.0, 0.0];
        let mut y = vec![1.0; 2 * map.outputs()];
        map.apply(&x, &mut y);
        for (x, y) in x.chunks_exact(3).zip(y.chunks_exact(map.outputs())) {
            for output in 0..17 {
                let sum: f32 = x.iter().zip(&weights[output * 3..]).map(|(x, weight)| x * weight).sum();
                assert_eq!(y[output], sum + bias[output]);
            }
            assert!(y[17..].iter().all(|&number| number == 0.0));
        }
    }
}
