//! The curves between layers, as quotients of polynomials: the same bits on every machine, sixteen at a time.
//!
//! In a polynomial every product is fused with its sum, on machines that cannot do so as well; elsewhere none is. Curves
//! that are multiplied share one division.

use super::{Kernel, Lanes, bodies};
use crate::packed::{BYTE_MAX, FIXED_MAX, PANEL};

/// Rows in fixed point of a wider table, to be written: row `i` of `width` numbers begins at `i * stride`. Beside it stand
/// the same rows in bytes, one after the other.
pub(crate) struct ShownRows<'a> {
    pub(crate) numbers: &'a mut [i16],
    pub(crate) width: usize,
    pub(crate) stride: usize,
    pub(crate) bytes: &'a mut [i16],
}

impl Kernel {
    /// GELU in its tangent form of each number; there are whole lanes of them.
    pub(crate) fn gelu(self, x: &mut [f32]) {
        assert!(x.len().is_multiple_of(PANEL), "whole lanes");
        dispatch!(self, gelu(x));
    }

    /// One step of a long short-term memory for each row of `cell`, as wide as what is shown: whole lanes. The rows of
    /// `gates` are two terms of the input, forget and output gates and of the update, side by side. What is shown lies
    /// between -1 and 1, and is written in fixed point, of fourteen bits and of eight: 1 is as great as can be.
    pub(crate) fn remember(self, gates: [&[f32]; 2], cell: &mut [f32], shown: ShownRows<'_>) {
        let width = shown.width;
        assert!(width > 0 && width.is_multiple_of(PANEL) && cell.len().is_multiple_of(width), "whole lanes");
        assert!(gates.iter().all(|gates| gates.len() == 4 * cell.len()), "three gates and the update");
        let Some(last) = (cell.len() / width).checked_sub(1) else { return };
        assert!(last * shown.stride + width <= shown.numbers.len(), "there is room for all rows");
        assert!(cell.len() <= shown.bytes.len(), "there is room for all bytes");
        dispatch!(self, remember(gates, cell, shown));
    }
}

/// An odd curve as a quotient: its argument times a polynomial of the argument's square, and another such polynomial.
/// Beyond the limit, the curve is as good as flat.
struct Curve {
    limit: f32,
    up: [f32; 3],
    down: [f32; 4],
}

/// The hyperbolic tangent, within 2e-5 everywhere: fitted for the least greatest error, by weighting the squares of
/// errors anew until they were alike.
const TANH: Curve = Curve {
    limit: 6.25,
    up: [0.999_962_7, 0.113_965_16, 0.001_464_121_6],
    down: [1.0, 0.447_182_63, 0.017_298_864, 5.323_328_5e-5],
};

/// The same of half of the argument.
const TANH_OF_HALF: Curve = Curve {
    limit: 2.0 * TANH.limit,
    up: [TANH.up[0] / 2.0, TANH.up[1] / 8.0, TANH.up[2] / 32.0],
    down: [TANH.down[0], TANH.down[1] / 4.0, TANH.down[2] / 16.0, TANH.down[3] / 64.0],
};

/// Numerator and denominator of a curve.
#[inline(always)]
unsafe fn quotient<L: Lanes>(curve: &Curve, x: L) -> [L; 2] {
    // SAFETY: no address is involved.
    unsafe {
        let x = x.max(L::splat(-curve.limit)).min(L::splat(curve.limit));
        let square = x.mul(x);
        let [a, b, c] = curve.up;
        let up = L::splat(b).fused(L::splat(c), square);
        let up = L::splat(a).fused(up, square);
        let [a, b, c, d] = curve.down;
        let down = L::splat(c).fused(L::splat(d), square);
        let down = L::splat(b).fused(down, square);
        let down = L::splat(a).fused(down, square);
        [x.mul(up), down]
    }
}

/// Twice the numerator of the logistic curve, and its denominator.
#[inline(always)]
unsafe fn sigmoid<L: Lanes>(x: L) -> [L; 2] {
    // SAFETY: no address is involved.
    unsafe {
        let [up, down] = quotient(&TANH_OF_HALF, x);
        [up.add(down), down]
    }
}

#[inline(always)]
unsafe fn gelu<L: Lanes>(x: &mut [f32]) {
    const SCALE: f32 = 0.797_884_6;
    for lanes in x.chunks_exact_mut(PANEL) {
        // SAFETY: there are sixteen numbers.
        unsafe {
            let x = L::load(lanes.as_ptr());
            let cube = x.mul(x).mul(x).mul(L::splat(0.044_715));
            let [up, down] = quotient(&TANH, x.add(cube).mul(L::splat(SCALE)));
            x.mul(L::splat(0.5)).mul(up.add(down)).div(down).store(lanes.as_mut_ptr());
        }
    }
}

#[inline(always)]
unsafe fn remember<L: Lanes>([a, b]: [&[f32]; 2], cell: &mut [f32], shown: ShownRows<'_>) {
    let width = shown.width;
    for (row, cell) in cell.chunks_exact_mut(width).enumerate() {
        for at in (0..width).step_by(PANEL) {
            // SAFETY: a row of each term has four times as many whole lanes as the cell's; `remember` of the kernel has
            // seen that there is room for what is shown.
            unsafe {
                let first = 4 * row * width + at;
                let half = L::splat(0.5);
                let [input, input_down] = sigmoid(gate::<L>([a, b], first));
                let [forget, forget_down] = sigmoid(gate::<L>([a, b], first + width));
                let [output, output_down] = sigmoid(gate::<L>([a, b], first + 2 * width));
                let [update, update_down] = quotient(&TANH, gate::<L>([a, b], first + 3 * width));
                let new_down = input_down.mul(update_down);
                let kept = forget.mul(L::load(cell.as_ptr().add(at))).mul(new_down);
                let new = input.mul(update).mul(forget_down);
                let state = kept.add(new).div(forget_down.mul(new_down)).mul(half);
                state.store(cell.as_mut_ptr().add(at));
                let [state, state_down] = quotient(&TANH, state);
                let state = output.mul(state).div(output_down.mul(state_down)).mul(half);
                let step = shown.numbers.as_mut_ptr().add(row * shown.stride + at);
                bodies::steps([FIXED_MAX; 2], state).store_rounded(step);
                let byte = shown.bytes.as_mut_ptr().add(row * width + at);
                bodies::steps([BYTE_MAX; 2], state).store_rounded(byte);
            }
        }
    }
}

/// The sum of both terms of a gate. A closure would be compiled without the wide instructions.
#[inline(always)]
unsafe fn gate<L: Lanes>([a, b]: [&[f32]; 2], at: usize) -> L {
    // SAFETY: the caller's.
    unsafe { L::load(a.as_ptr().add(at)).add(L::load(b.as_ptr().add(at))) }
}

compile_loops! {
    gelu(x: &mut [f32]);
    remember(gates: [&[f32]; 2], cell: &mut [f32], shown: super::ShownRows<'_>);
}

#[cfg(test)]
mod tests {
    use super::{Kernel, ShownRows};

    fn steps() -> Vec<f32> {
        (-2000..2000).map(|step| step as f32 * 0.01).collect()
    }

    fn logistic(x: f32) -> f64 {
        1.0 / (1.0 + (-f64::from(x)).exp())
    }

    #[test]
    fn gelu_is_close_to_its_definition_and_the_same_on_every_machine() {
        let mut portable = steps();
        Kernel::Portable.gelu(&mut portable);
        for (x, y) in steps().into_iter().map(f64::from).zip(&portable) {
            let exact = 0.5 * x * (1.0 + (0.797_884_6 * (x + 0.044_715 * x * x * x)).tanh());
            assert!((f64::from(*y) - exact).abs() < 2e-5 * x.abs().max(1.0), "{x}: {y}");
        }
        for kernel in Kernel::all() {
            let mut other = steps();
            kernel.gelu(&mut other);
            assert_eq!(portable, other, "{kernel:?}");
        }
    }

    #[test]
    fn a_step_is_what_its_definition_says_on_every_machine() {
        let gates: Vec<f32> = (0..2 * 64).map(|place| (place * 37 % 128) as f32 * 0.1 - 6.4).collect();
        let zeros = vec![0.0; gates.len()];
        let before: Vec<f32> = (0..32).map(|place| place as f32 * 0.125 - 2.0).collect();
        let run = |kernel: Kernel| {
            let (mut cell, mut shown, mut bytes) = (before.clone(), vec![7; 40], vec![7; 32]);
            let rows = ShownRows { numbers: &mut shown, width: 16, stride: 24, bytes: &mut bytes };
            kernel.remember([&gates, &zeros], &mut cell, rows);
            (cell, shown, bytes)
        };
        let (cell, shown, bytes) = run(Kernel::Portable);
        for (row, gates) in gates.chunks_exact(64).enumerate() {
            for at in 0..16 {
                let [input, forget, output] = [0, 16, 32].map(|gate| logistic(gates[gate + at]));
                let update = f64::from(gates[48 + at]).tanh();
                let place = row * 16 + at;
                let state = forget * f64::from(before[place]) + input * update;
                assert!((f64::from(cell[place]) - state).abs() < 1e-4, "{row} {at}");
                let steps = f64::from(shown[row * 24 + at]) / 8191.0;
                assert!((steps - output * state.tanh()).abs() < 2e-4, "{row} {at}");
                let steps = f64::from(bytes[place]) / 127.0;
                assert!((steps - output * state.tanh()).abs() < 0.5 / 127.0 + 1e-4, "{row} {at}");
            }
        }
        assert_eq!(shown[16..24], [7; 8], "what lies between rows stays");
        for kernel in Kernel::all() {
            assert_eq!(run(kernel), (cell.clone(), shown.clone(), bytes.clone()), "{kernel:?}");
        }
    }
}
