//! Rows of floats to rows in fixed point, each in steps of its own.

use super::fixed::{Product, Steps};
use super::{Kernel, Lanes, bodies};
use crate::packed::{BYTE_MAX, FIXED_MAX, Fixed, FixedRows, PANEL};

impl Kernel {
    /// Applies `map` to each row and rounds what comes out to steps of one size.
    pub(crate) fn multiply_rounded(self, (map, step): (&Fixed, f32), x: FixedRows<'_>, fixed: &mut [i16]) {
        map.check(x, fixed.len());
        // SAFETY: there is room for all rows.
        unsafe { self.products(Product { map, pieces: 1, x, to: Steps(fixed.as_mut_ptr(), 1.0 / step) }) };
    }

    /// Rounds numbers in fixed point, whole lanes, to bytes: the greatest becomes as great as can be.
    pub(crate) fn to_bytes(self, x: &[i16], bytes: &mut [i16]) {
        assert!(x.len() == bytes.len() && x.len().is_multiple_of(PANEL), "whole lanes");
        dispatch!(self, to_bytes(x, bytes));
    }

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
            bodies::round::<L>([1.0 / step, FIXED_MAX], row, numbers);
            steps.push(step);
        }
    }
}

#[inline(always)]
unsafe fn to_bytes<L: Lanes>(x: &[i16], bytes: &mut [i16]) {
    for at in (0..x.len()).step_by(PANEL) {
        // SAFETY: both have the same number of whole lanes.
        unsafe {
            let numbers = L::short_to_floats(L::load_short(x.as_ptr().add(at)));
            numbers.mul(L::splat(BYTE_MAX / FIXED_MAX)).store_rounded(bytes.as_mut_ptr().add(at));
        }
    }
}

compile_loops! {
    to_bytes(x: &[i16], bytes: &mut [i16]);
    round_rows(stride: usize, x: &[f32], fixed: &mut [i16], steps: &mut Vec<f32>);
}

#[cfg(test)]
mod tests {
    use super::{FIXED_MAX, Kernel};
    use crate::packed::{Affine, Fixed, FixedRows};

    #[test]
    fn products_are_rounded_as_if_they_had_been_floats_in_between() {
        let weight = |output: usize, input: usize| ((output * 31 + input * 17) % 29) as f32 / 29.0 - 0.5;
        let map = Affine::pack(48, &[0.25; 64], weight);
        for map in [Fixed::wide(&map), Fixed::narrow(&map)] {
            for count in [0, 1, 5, 16, 70] {
                let numbers: Vec<i16> =
                    (0..count * 48).map(|place| (place * 7919 % 16_383) as i16 - 8191).collect();
                let x =
                    FixedRows { numbers: &numbers, stride: 48, steps: &vec![1e-4; count], are_bytes: false };
                let (mut products, mut expected) = (vec![0.0; count * 64], vec![0; count * 64]);
                Kernel::Portable.multiply_fixed(&map, x, &mut products);
                Kernel::Portable.round([1e-4, FIXED_MAX], &products, &mut expected);
                for kernel in Kernel::all() {
                    let mut fixed = vec![7; count * 64];
                    kernel.multiply_rounded((&map, 1e-4), x, &mut fixed);
                    assert_eq!(fixed, expected, "{kernel:?} {count}");
                }
            }
        }
    }

    #[test]
    fn bytes_are_the_nearest_and_the_same_on_every_machine() {
        let x: Vec<i16> = (-8191..=8192).collect();
        for kernel in Kernel::all() {
            let mut bytes = vec![7; x.len()];
            kernel.to_bytes(&x, &mut bytes);
            for (number, byte) in x.iter().zip(&bytes).take(2 * 8191 + 1) {
                assert_eq!(
                    *byte,
                    (f32::from(*number) * (127.0 / 8191.0)).round() as i16,
                    "{kernel:?} {number}"
                );
            }
        }
    }

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
