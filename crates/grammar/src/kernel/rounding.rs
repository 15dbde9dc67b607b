//! Rows of floats to rows in fixed point, each in steps of its own.

use super::{Kernel, Lanes, bodies};
use crate::packed::{FIXED_MAX, PANEL};

impl Kernel {
    /// Rounds rows of `stride` numbers, whole lanes, and appends what one step of each is worth to `steps`: a row's
    /// greatest number becomes as great as can be.
    pub(crate) fn round_rows(self, stride: usize, x: &[f32], (fixed, steps): (&mut [i16], &mut Vec<f32>)) {
        assert!(stride > 0 && stride.is_multiple_of(PANEL), "rows are whole lanes");
        assert!(x.len() == fixed.len() && x.len().is_multiple_of(stride), "whole rows");
        dispatch!(self, round_rows(stride, x, fixed, steps));
    }
}

#[inline(always)]
unsafe fn round_rows<L: Lanes>(stride: usize, x: &[f32], fixed: &mut [i16], steps: &mut Vec<f32>) {
    for (row, numbers) in x.chunks_exact(stride).zip(fixed.chunks_exact_mut(stride)) {
        // SAFETY: both have the same number of whole lanes.
        unsafe {
            let mut greatest = L::splat(0.0);
            for at in (0..stride).step_by(PANEL) {
                let number = L::load(row.as_ptr().add(at));
                greatest = number.max(L::splat(0.0).sub(number)).max(greatest);
            }
            let step = greatest.greatest_lane() / FIXED_MAX;
            let step = if step.is_normal() { step } else { 1.0 };
            bodies::round::<L>(1.0 / step, row, numbers);
            steps.push(step);
        }
    }
}

/// The loop, compiled for instructions and lanes.
macro_rules! compiled {
    ($name:ident, $lanes:ty, $(#[$attribute:meta])*) => {
        mod $name {
            $(#[$attribute])*
            pub(super) unsafe fn round_rows(stride: usize, x: &[f32], fixed: &mut [i16], steps: &mut Vec<f32>) {
                // SAFETY: the caller's.
                unsafe { super::round_rows::<$lanes>(stride, x, fixed, steps) }
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

    #[test]
    fn each_row_has_steps_of_its_own_and_the_same_on_every_machine() {
        let mut x: Vec<f32> = (0..32).map(|place| place as f32 - 20.0).collect();
        x[16..].iter_mut().for_each(|number| *number *= 1e-3);
        x.extend([0.0, f32::NAN, f32::INFINITY, f32::MIN_POSITIVE / 4.0].repeat(4));
        x.extend([0.0; 16]);
        let run = |kernel: Kernel| {
            let (mut fixed, mut steps) = (vec![7; x.len()], Vec::new());
            kernel.round_rows(16, &x, (&mut fixed, &mut steps));
            (fixed, steps)
        };
        let (fixed, steps) = run(Kernel::Portable);
        assert_eq!((fixed[0], fixed[31]), (-8191, 8191));
        assert_eq!(fixed[48..], [0; 16]);
        assert!((steps[0] * 8191.0 - 20.0).abs() < 1e-4 && steps[3] == 1.0, "{steps:?}");
        for kernel in Kernel::all() {
            let (other, other_steps) = run(kernel);
            assert_eq!((&fixed[..32], &steps[..2]), (&other[..32], &other_steps[..2]), "{kernel:?}");
        }
    }
}
