//! The arithmetic of a transformer in plain Rust: always the same operations in the same order.
//!
//! Nothing here asks the machine for its own `exp` or fused multiplications, so that every machine makes the same
//! bytes. The compiler vectorises the loops over [`LANES`].

/// Outputs that are computed side by side; a panel of weights holds this many.
const LANES: usize = 8;
/// Rows of the input that share one walk over a panel.
const ROWS: usize = 4;

/// `y = x · weightsᵀ + bias`.
pub struct Linear {
    inputs: usize,
    /// `[outputs / LANES][inputs][LANES]`.
    panels: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// A layer from weights `[outputs][inputs]`; the number of outputs is a multiple of eight.
    pub fn new(weights: &[f32], bias: &[f32]) -> Linear {
        assert!(bias.len().is_multiple_of(LANES) && weights.len().is_multiple_of(bias.len()));
        let inputs = weights.len() / bias.len();
        let mut panels = Vec::with_capacity(weights.len());
        for panel in weights.chunks_exact(LANES * inputs) {
            for input in 0..inputs {
                panels.extend((0..LANES).map(|lane| panel[lane * inputs + input]));
            }
        }
        Linear { inputs, panels, bias: bias.to_vec() }
    }

    /// Applies the layer to each row.
    pub fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let outputs = self.bias.len();
        let row_count = rows.len() / self.inputs;
        let mut out = vec![0.0; row_count * outputs];
        for (number, panel) in self.panels.chunks_exact(LANES * self.inputs).enumerate() {
            let at = number * LANES;
            let bias = &self.bias[at..at + LANES];
            for first in (0..row_count).step_by(ROWS) {
                let count = ROWS.min(row_count - first);
                // A last block that is not full repeats its last row.
                let block: [&[f32]; ROWS] = std::array::from_fn(|i| {
                    let row = first + i.min(count - 1);
                    &rows[row * self.inputs..(row + 1) * self.inputs]
                });
                let sums = multiply(block, panel);
                for (i, sum) in sums.iter().enumerate().take(count) {
                    let start = (first + i) * outputs + at;
                    for ((y, x), b) in out[start..start + LANES].iter_mut().zip(sum).zip(bias) {
                        *y = x + b;
                    }
                }
            }
        }
        out
    }
}

fn multiply(rows: [&[f32]; ROWS], panel: &[f32]) -> [[f32; LANES]; ROWS] {
    let mut sums = [[0.0f32; LANES]; ROWS];
    let [a, b, c, d] = rows;
    for ((((weights, &a), &b), &c), &d) in panel.chunks_exact(LANES).zip(a).zip(b).zip(c).zip(d) {
        for lane in 0..LANES {
            let weight = weights[lane];
            sums[0][lane] += a * weight;
            sums[1][lane] += b * weight;
            sums[2][lane] += c * weight;
            sums[3][lane] += d * weight;
        }
    }
    sums
}

/// Brings each row to mean zero and variance one, then scales and shifts it.
pub struct Norm {
    /// Factor of each number of a row.
    pub weight: Vec<f32>,
    /// What is added to each number of a row.
    pub bias: Vec<f32>,
}

impl Norm {
    /// Applies the layer to each row in place.
    pub fn apply(&self, rows: &mut [f32]) {
        let width = self.weight.len();
        for row in rows.chunks_exact_mut(width) {
            let mean = row.iter().sum::<f32>() / width as f32;
            let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / width as f32;
            let factor = 1.0 / (variance + 1e-12).sqrt();
            for ((x, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
                *x = (*x - mean) * factor * weight + bias;
            }
        }
    }
}

/// `x · Φ(x)`, the activation of BERT.
pub fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// Abramowitz and Stegun 7.1.26; wrong by 1.5e-7 at most.
fn erf(x: f32) -> f32 {
    let a = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * a);
    let poly = ((((1.061_405_4 * t - 1.453_152) * t + 1.421_413_8) * t - 0.284_496_74) * t + 0.254_829_6) * t;
    (1.0 - poly * exp(-a * a)).copysign(x)
}

/// `eˣ` by a polynomial, the same on every machine; for `x` from -87 to 88, beyond them as at these.
pub fn exp(x: f32) -> f32 {
    /// Adding it to a small number rounds that number to a whole one.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let n = (x * std::f32::consts::LOG2_E + ROUND) - ROUND;
    // The logarithm of two in two parts, the first with few bits, so that the product is exact.
    let r = x - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let poly = ((((1.987_569_1e-4 * r + 1.398_199_9e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2) * r
        + 0.166_666_66)
        * r
        + 0.5;
    let whole = f32::from_bits(((n as i32 + 127) as u32) << 23);
    (poly * r * r + r + 1.0) * whole
}

/// Turns scores into shares that sum to one.
pub fn softmax(scores: &mut [f32]) {
    let greatest = scores.iter().fold(f32::NEG_INFINITY, |greatest, &x| greatest.max(x));
    scores.iter_mut().for_each(|x| *x = exp(*x - greatest));
    let sum = scores.iter().sum::<f32>();
    scores.iter_mut().for_each(|x| *x /= sum);
}

#[cfg(test)]
mod tests {
    use super::{Linear, Norm, erf, exp, gelu, softmax};

    #[test]
    fn a_layer_is_a_product_of_matrices() {
        let weights: Vec<f32> = (0..16 * 3).map(|i| (i % 7) as f32 - 3.0).collect();
        let bias: Vec<f32> = (0..16).map(|i| i as f32).collect();
        let rows: Vec<f32> = (0..5 * 3).map(|i| (i % 4) as f32).collect();
        let out = Linear::new(&weights, &bias).apply(&rows);
        for row in 0..5 {
            for output in 0..16 {
                let want =
                    bias[output] + (0..3).map(|i| rows[row * 3 + i] * weights[output * 3 + i]).sum::<f32>();
                assert_eq!(out[row * 16 + output], want);
            }
        }
    }

    #[test]
    fn functions_are_close_to_the_true_ones() {
        for i in -2000..2000 {
            let x = i as f32 / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 3e-7, "{x}");
        }
        for (x, want) in
            [(0.0, 0.0), (0.5, 0.520_499_9), (1.0, 0.842_700_8), (-2.0, -0.995_322_3), (9.0, 1.0)]
        {
            assert!((erf(x) - want).abs() < 4e-7, "{x}");
        }
        assert!((gelu(1.0) - 0.841_344_7).abs() < 1e-6);
    }

    #[test]
    fn shares_sum_to_one_and_norms_have_mean_zero() {
        let mut scores = [1000.0, 1001.0, -1000.0];
        softmax(&mut scores);
        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-6 && scores[2] == 0.0 || scores[2] < 1e-30);
        let mut row = [1.0, 2.0, 6.0];
        Norm { weight: vec![1.0; 3], bias: vec![0.5; 3] }.apply(&mut row);
        assert!((row.iter().sum::<f32>() - 1.5).abs() < 1e-6);
    }
}
