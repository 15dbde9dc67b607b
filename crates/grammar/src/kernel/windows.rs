//! Windows that overlap by two thirds, each a part further than the one before, multiplied four by four.
//!
//! With their parts' differences and sums, six parts do what twelve did (S. Winograd, Arithmetic Complexity of Computations,
//! 1980: F(4, 3), at the points 0, 1, -1, 2 and -2). All of it is whole numbers, and comes to the same, provided that the parts'
//! numbers and the weights leave room: [`WindowParts`](crate::packed::WindowParts). Portable lanes take windows one by one.

use std::mem::MaybeUninit;
use std::num::Wrapping;
use std::ops::Range;

use super::fixed::{Product, Sums, To, evenly, worth};
use super::{Avx2, Avx512, x86};
use crate::packed::{FixedRows, KINDS, PANEL, PARTS, WINDOW_PART_MAX};

/// Sums of windows four by four; what leaves 32 bits in between comes back in the end.
///
/// # Safety
/// As of [`Sums`].
pub(super) trait InFours: Sums {
    /// Fours of windows that are multiplied together at most.
    const FOURS_MAX: usize;

    unsafe fn sub_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole;
    /// Half of each number, rounded down.
    unsafe fn half(whole: Self::Whole) -> Self::Whole;
    /// Which of them are odd: one, else nought.
    unsafe fn odd(whole: Self::Whole) -> Self::Whole;
    /// A sixth of multiples of six.
    unsafe fn sixth(whole: Self::Whole) -> Self::Whole;
    /// Multiplies these fours of windows in blocks of so many.
    unsafe fn strip_fours<T: To>(windows: &Windows<'_, T>, range: Range<usize>, fours: usize);
}

/// Windows multiplied together.
const FOUR: usize = 4;

/// Fours of windows whose differences and sums are made at a time: they stay in the first cache beside a panel's weights.
const FOURS_AT_ONCE: usize = 16;

/// By which a number is multiplied to divide it by three, if it is a multiple: three times it is one, modulo two to the 32nd.
const THIRD: i32 = 0xAAAA_AAABu32 as i32;

/// A four's differences and sums of parts, each with room for the longest part.
type Mixed = [[MaybeUninit<i16>; WINDOW_PART_MAX]; KINDS];

/// Fours of windows and their differences and sums.
pub(super) struct Windows<'a, T> {
    product: Product<'a, T>,
    /// Number of the first four.
    first: usize,
    mixed: &'a [Mixed; FOURS_AT_ONCE],
}

/// First row of a four; the last one takes windows of the one before again if it is not full.
#[inline(always)]
fn first_row(x: FixedRows<'_>, four: usize) -> usize {
    (four * FOUR).min(x.steps.len() - FOUR)
}

/// Multiplies windows, if there are four.
///
/// # Safety
/// As of [`Sums`]; the product has been checked.
#[inline(always)]
pub(super) unsafe fn multiply<L: InFours, T: To>(product: Product<'_, T>) -> bool {
    if product.x.steps.len() < FOUR {
        return false;
    }
    let mut mixed = [const { [[MaybeUninit::uninit(); WINDOW_PART_MAX]; KINDS] }; FOURS_AT_ONCE];
    let count = product.x.steps.len().div_ceil(FOUR);
    for first in (0..count).step_by(FOURS_AT_ONCE) {
        let fours = FOURS_AT_ONCE.min(count - first);
        for (four, mixed) in mixed[..fours].iter_mut().enumerate() {
            mix(product.x, first_row(product.x, first + four), mixed);
        }
        let windows = Windows { product, first, mixed: &mixed };
        for (range, fours) in evenly(fours, L::FOURS_MAX) {
            // SAFETY: the caller's.
            unsafe { L::strip_fours(&windows, range, fours) };
        }
    }
    true
}

/// Of the six parts that four windows have together, the six differences and sums that [`Fixed::windows`] are multiplied with.
///
/// [`Fixed::windows`]: crate::packed::Fixed::windows
#[inline(always)]
fn mix(x: FixedRows<'_>, row: usize, mixed: &mut Mixed) {
    let part = x.stride;
    let numbers = &x.numbers[row * part..][..KINDS * part];
    let [a, b, c, d, e, f] = std::array::from_fn(|number| &numbers[number * part..][..part]);
    let [one, two, three, four, five, six] = mixed.each_mut().map(|kind| &mut kind[..part]);
    for at in 0..part {
        let [a, b, c] = [a[at], b[at], c[at]].map(Wrapping);
        let [d, e, f] = [d[at], e[at], f[at]].map(Wrapping);
        let (ahead, back) = (e - c, (d - b) << 1);
        one[at].write((((a - c) << 2) + ahead).0);
        two[at].write((((b + c) << 2) - (d + e)).0);
        three[at].write((((c - b) << 2) + (d - e)).0);
        four[at].write((ahead + back).0);
        five[at].write((ahead - back).0);
        six[at].write((((b - d) << 2) + (f - d)).0);
    }
}

#[inline(always)]
unsafe fn strip<L: InFours, T: To, const FOURS: usize, const PANELS: usize>(
    windows: &Windows<'_, T>,
    range: Range<usize>,
) {
    let Product { map, pieces, .. } = windows.product;
    let panels = map.outputs / PANEL / pieces;
    // SAFETY: the caller's.
    unsafe {
        for first in (0..panels).step_by(PANELS) {
            for piece in 0..pieces {
                if first + PANELS <= panels {
                    for four in range.clone().step_by(FOURS) {
                        block::<L, T, FOURS, PANELS>(windows, [four, first, piece]);
                    }
                } else {
                    for last in first..panels {
                        for four in range.clone().step_by(FOURS) {
                            block::<L, T, FOURS, 1>(windows, [four, last, piece]);
                        }
                    }
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn block<L: InFours, T: To, const FOURS: usize, const PANELS: usize>(
    windows: &Windows<'_, T>,
    [four, first, piece]: [usize; 3],
) {
    let Product { map, pieces, x, to } = windows.product;
    let width = map.outputs / pieces;
    let (panel, is_first) = (piece * width / PANEL + first, piece == 0);
    let lines = map.inputs / PARTS / 2;
    // SAFETY: the caller's; the panels are complete.
    unsafe {
        let mut sums = [[[L::zero(); KINDS]; PANELS]; FOURS];
        for kind in 0..KINDS {
            let mut weights = map.windows.as_ptr().add((panel * KINDS + kind) * lines);
            let mut input = windows.mixed[four][kind].as_ptr().cast::<i32>();
            let mut of_kind = [[L::zero(); PANELS]; FOURS];
            for _ in 0..lines {
                let mut columns = [L::load_weights(weights); PANELS];
                for (next, column) in columns.iter_mut().enumerate() {
                    *column = L::load_weights(weights.add(next * KINDS * lines));
                }
                for (f, sums) in of_kind.iter_mut().enumerate() {
                    let pair = input.add(f * KINDS * WINDOW_PART_MAX / 2).read_unaligned();
                    for next in 0..PANELS {
                        sums[next] = L::add_products(sums[next], pair, columns[next]);
                    }
                }
                weights = weights.add(1);
                input = input.add(1);
            }
            for (sums, of_kind) in sums.iter_mut().flatten().zip(of_kind.as_flattened()) {
                sums[kind] = *of_kind;
            }
        }
        for (f, sums) in sums.iter().enumerate() {
            let row = first_row(x, windows.first + four + f);
            for (next, &sums) in sums.iter().enumerate() {
                let next = next * PANEL;
                for (row, sum) in (row..).zip(unmixed::<L>(sums)) {
                    let step = *x.steps.get_unchecked(row);
                    let numbers = worth::<L>(map, panel * PANEL + next, (sum, step));
                    to.put(numbers, row * width + first * PANEL + next, is_first);
                }
            }
        }
    }
}

/// From the six kinds' sums, those of the four windows. No closures: they are compiled for other instructions, and called.
#[inline(always)]
unsafe fn unmixed<L: InFours>([a, b, c, d, e, f]: [L::Whole; KINDS]) -> [L::Whole; FOUR] {
    // SAFETY: no address is involved.
    unsafe {
        let (near, near_less) = (L::add_whole(b, c), L::sub_whole(b, c));
        // Halves of the fourth's and the fifth's sum and difference: both are even or both odd.
        let (half_d, half_e) = (L::half(d), L::half(e));
        let far = L::add_whole(L::add_whole(half_d, half_e), L::odd(d));
        let far_less = L::sub_whole(half_d, half_e);
        // Six times the first window's is `near` and half of three times `a` and `far`, which, too, are both even or both odd.
        let halves = L::add_whole(thrice::<L>(L::half(a)), L::half(far));
        let one = L::add_whole(L::add_whole(halves, twice::<L>(L::odd(a))), near);
        let two = L::add_whole(near_less, far_less);
        let three = L::add_whole(near, twice::<L>(far));
        let four = L::add_whole(two, thrice::<L>(L::add_whole(far_less, twice::<L>(f))));
        [L::sixth(one), L::sixth(two), L::sixth(three), L::sixth(four)]
    }
}

#[inline(always)]
unsafe fn twice<L: InFours>(whole: L::Whole) -> L::Whole {
    // SAFETY: the caller's.
    unsafe { L::add_whole(whole, whole) }
}

#[inline(always)]
unsafe fn thrice<L: InFours>(whole: L::Whole) -> L::Whole {
    // SAFETY: the caller's.
    unsafe { L::add_whole(twice::<L>(whole), whole) }
}

// SAFETY: in all methods, the caller's.
impl InFours for Avx2 {
    const FOURS_MAX: usize = 2;

    #[inline(always)]
    unsafe fn sub_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { (x86::_mm256_sub_epi32(a.0, b.0), x86::_mm256_sub_epi32(a.1, b.1)) }
    }
    #[inline(always)]
    unsafe fn half(whole: Self::Whole) -> Self::Whole {
        unsafe { (x86::_mm256_srai_epi32::<1>(whole.0), x86::_mm256_srai_epi32::<1>(whole.1)) }
    }
    #[inline(always)]
    unsafe fn odd(whole: Self::Whole) -> Self::Whole {
        unsafe {
            let one = x86::_mm256_set1_epi32(1);
            (x86::_mm256_and_si256(whole.0, one), x86::_mm256_and_si256(whole.1, one))
        }
    }
    #[inline(always)]
    unsafe fn sixth(whole: Self::Whole) -> Self::Whole {
        unsafe {
            let (low, high) = Self::half(whole);
            let third = x86::_mm256_set1_epi32(THIRD);
            (x86::_mm256_mullo_epi32(low, third), x86::_mm256_mullo_epi32(high, third))
        }
    }
    #[inline(always)]
    unsafe fn strip_fours<T: To>(windows: &Windows<'_, T>, range: Range<usize>, fours: usize) {
        unsafe {
            match fours {
                0 => {}
                1 => strip::<Self, T, 1, 2>(windows, range),
                _ => strip::<Self, T, 2, 2>(windows, range),
            }
        }
    }
}

// SAFETY: in all methods, the caller's.
impl InFours for Avx512 {
    const FOURS_MAX: usize = 4;

    #[inline(always)]
    unsafe fn sub_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_sub_epi32(a, b) }
    }
    #[inline(always)]
    unsafe fn half(whole: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_srai_epi32::<1>(whole) }
    }
    #[inline(always)]
    unsafe fn odd(whole: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_and_si512(whole, x86::_mm512_set1_epi32(1)) }
    }
    #[inline(always)]
    unsafe fn sixth(whole: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_mullo_epi32(Self::half(whole), x86::_mm512_set1_epi32(THIRD)) }
    }
    #[inline(always)]
    unsafe fn strip_fours<T: To>(windows: &Windows<'_, T>, range: Range<usize>, fours: usize) {
        unsafe {
            match fours {
                0 => {}
                1 => strip::<Self, T, 1, 6>(windows, range),
                2 => strip::<Self, T, 2, 6>(windows, range),
                3 => strip::<Self, T, 3, 3>(windows, range),
                _ => strip::<Self, T, 4, 3>(windows, range),
            }
        }
    }
}
