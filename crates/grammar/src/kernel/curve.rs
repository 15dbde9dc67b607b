//! The curves between layers, as quotients of polynomials: the same bits on every machine, sixteen at a time.
//!
//! No product is fused with a sum here, and curves that are multiplied share one division.

use super::{Kernel, Lanes};
use crate::packed::PANEL;

impl Kernel {
    /// GELU in its tangent form of each number; there are whole lanes of them.
    pub(crate) fn gelu(self, x: &mut [f32]) {
        assert!(x.len().is_multiple_of(PANEL), "whole lanes");
        dispatch!(self, gelu(x));
    }

    /// One step of a long short-term memory. `gates` are two terms of the input, forget and output gates and of
    /// the update, side by side; each is as wide as `cell` and `hidden`, which are whole lanes.
    pub(crate) fn remember(self, gates: [&[f32]; 2], cell: &mut [f32], hidden: &mut [f32]) {
        let width = cell.len();
        assert!(width.is_multiple_of(PANEL) && hidden.len() == width, "whole lanes");
        assert!(gates.iter().all(|gates| gates.len() == 4 * width), "three gates and the update");
        dispatch!(self, remember(gates, cell, hidden));
    }
}

/// Numerator and denominator of the hyperbolic tangent, within 1e-6 of it everywhere.
#[inline(always)]
unsafe fn tanh<L: Lanes>(x: L) -> [L; 2] {
    const LIMIT: f32 = 7.905_311;
    const UP: [f32; 7] = [
        4.893_524_6e-3,
        6.372_619_3e-4,
        1.485_722_4e-5,
        5.122_297e-8,
        -8.604_672e-11,
        2.000_188e-13,
        -2.760_768_5e-16,
    ];
    const DOWN: [f32; 4] = [4.893_525e-3, 2.268_434_6e-3, 1.185_347e-4, 1.198_258_4e-6];
    // SAFETY: no address is involved.
    unsafe {
        let x = x.max(L::splat(-LIMIT)).min(L::splat(LIMIT));
        let square = x.mul(x);
        let mut up = L::splat(UP[6]);
        for term in [UP[5], UP[4], UP[3], UP[2], UP[1], UP[0]] {
            up = up.mul(square).add(L::splat(term));
        }
        let mut down = L::splat(DOWN[3]);
        for term in [DOWN[2], DOWN[1], DOWN[0]] {
            down = down.mul(square).add(L::splat(term));
        }
        [x.mul(up), down]
    }
}

/// Twice the numerator of the logistic curve, and its denominator.
#[inline(always)]
unsafe fn sigmoid<L: Lanes>(x: L) -> [L; 2] {
    // SAFETY: no address is involved.
    unsafe {
        let [up, down] = tanh(x.mul(L::splat(0.5)));
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
            let [up, down] = tanh(x.add(cube).mul(L::splat(SCALE)));
            x.mul(L::splat(0.5)).mul(up.add(down)).div(down).store(lanes.as_mut_ptr());
        }
    }
}

#[inline(always)]
unsafe fn remember<L: Lanes>([a, b]: [&[f32]; 2], cell: &mut [f32], hidden: &mut [f32]) {
    let width = cell.len();
    for at in (0..width).step_by(PANEL) {
        // SAFETY: each term has four times as many whole lanes as cell and hidden have.
        unsafe {
            let half = L::splat(0.5);
            let [input, input_down] = sigmoid(gate::<L>([a, b], at));
            let [forget, forget_down] = sigmoid(gate::<L>([a, b], width + at));
            let [output, output_down] = sigmoid(gate::<L>([a, b], 2 * width + at));
            let [update, update_down] = tanh(gate::<L>([a, b], 3 * width + at));
            let new_down = input_down.mul(update_down);
            let kept = forget.mul(L::load(cell.as_ptr().add(at))).mul(new_down);
            let new = input.mul(update).mul(forget_down);
            let state = kept.add(new).div(forget_down.mul(new_down)).mul(half);
            state.store(cell.as_mut_ptr().add(at));
            let [shown, shown_down] = tanh(state);
            let shown = output.mul(shown).div(output_down.mul(shown_down)).mul(half);
            shown.store(hidden.as_mut_ptr().add(at));
        }
    }
}

/// The sum of both terms of a gate.
#[inline(always)]
unsafe fn gate<L: Lanes>([a, b]: [&[f32]; 2], at: usize) -> L {
    // SAFETY: the caller's.
    unsafe { L::load(a.as_ptr().add(at)).add(L::load(b.as_ptr().add(at))) }
}

/// The loops, compiled for instructions and lanes.
macro_rules! compiled {
    ($name:ident, $lanes:ty, $(#[$attribute:meta])*) => {
        mod $name {
            $(#[$attribute])*
            pub(super) unsafe fn gelu(x: &mut [f32]) {
                // SAFETY: the caller's.
                unsafe { super::gelu::<$lanes>(x) }
            }
            $(#[$attribute])*
            pub(super) unsafe fn remember(gates: [&[f32]; 2], cell: &mut [f32], hidden: &mut [f32]) {
                // SAFETY: the caller's.
                unsafe { super::remember::<$lanes>(gates, cell, hidden) }
            }
        }
    };
}

compiled! { portable, [f32; super::PANEL], }
#[cfg(target_arch = "x86_64")]
compiled! { avx2, super::super::Avx2, #[target_feature(enable = "avx2,fma")] }
#[cfg(target_arch = "x86_64")]
compiled! { avx512, super::super::Avx512, #[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")] }

#[cfg(test)]
mod tests {
    use super::Kernel;

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
            assert!((f64::from(*y) - exact).abs() < 1e-5, "{x}: {y}");
        }
        for kernel in Kernel::all() {
            let mut other = steps();
            kernel.gelu(&mut other);
            assert_eq!(portable, other, "{kernel:?}");
        }
    }

    #[test]
    fn a_step_is_what_its_definition_says_on_every_machine() {
        let gates: Vec<f32> = (0..64).map(|place| (place * 37 % 64) as f32 * 0.2 - 6.4).collect();
        let zeros = vec![0.0; 64];
        for kernel in Kernel::all() {
            let mut cell: Vec<f32> = (0..16).map(|place| place as f32 * 0.25 - 2.0).collect();
            let before = cell.clone();
            let mut hidden = vec![0.0; 16];
            kernel.remember([&gates, &zeros], &mut cell, &mut hidden);
            for at in 0..16 {
                let [input, forget, output] = [0, 16, 32].map(|gate| logistic(gates[gate + at]));
                let update = f64::from(gates[48 + at]).tanh();
                let state = forget * f64::from(before[at]) + input * update;
                assert!((f64::from(cell[at]) - state).abs() < 1e-5, "{kernel:?} {at}");
                assert!((f64::from(hidden[at]) - output * state.tanh()).abs() < 1e-5, "{kernel:?} {at}");
            }
        }
    }
}
