//! Windows that overlap by two thirds, each a part further than the one before, multiplied two by two.
//!
//! With their differences and sums, four parts do what six did (S. Winograd, Arithmetic Complexity of Computations, 1980:
//! F(2, 3)). All of it is whole numbers, and comes to the same. In portable lanes it takes twice as long as one by one.

use std::mem::MaybeUninit;
use std::ops::Range;

use super::fixed::{Product, Sums, To, evenly, worth};
use super::{Avx2, Avx512, x86};
use crate::packed::{FixedRows, PANEL, PARTS, WINDOW_PART_MAX};

/// Sums of windows two by two; what leaves 32 bits in between comes back in the end.
///
/// # Safety
/// As of [`Sums`].
pub(super) trait InPairs: Sums {
    /// Pairs of windows that are multiplied together at most.
    const PAIRS_MAX: usize;

    unsafe fn sub_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole;
    unsafe fn half(whole: Self::Whole) -> Self::Whole;
    /// Multiplies these pairs of windows in blocks of so many.
    unsafe fn strip_pairs<T: To>(windows: &Windows<'_, T>, range: Range<usize>, pairs: usize);
}

/// Pairs of windows whose differences and sums are made at a time: they stay in the first cache beside a panel's weights.
const PAIRS_AT_ONCE: usize = 16;

/// The four differences and sums of a pair's parts, each with room for the longest part.
type Mixed = [[MaybeUninit<i16>; WINDOW_PART_MAX]; 4];

/// Pairs of windows: the first row of each, and their differences and sums.
pub(super) struct Windows<'a, T> {
    product: Product<'a, T>,
    first: usize,
    mixed: &'a [Mixed; PAIRS_AT_ONCE],
}

#[inline(always)]
pub(super) unsafe fn multiply<L: InPairs, T: To>(product: Product<'_, T>) {
    let x = product.x;
    let count = x.steps.len();
    let mut mixed = [const { [[MaybeUninit::uninit(); WINDOW_PART_MAX]; 4] }; PAIRS_AT_ONCE];
    // SAFETY: the caller's; a last pair that is not full takes the window before again.
    unsafe {
        let mut first = 0;
        while first < count {
            // The first row of a chunk's last pair is at most the last but one.
            let first_row = first.min(count - 2);
            let pairs = ((count - first_row) / 2).min(PAIRS_AT_ONCE);
            for (pair, mixed) in mixed[..pairs].iter_mut().enumerate() {
                mix(x, first_row + 2 * pair, mixed);
            }
            let windows = Windows { product, first: first_row, mixed: &mixed };
            for (range, pairs) in evenly(pairs, L::PAIRS_MAX) {
                L::strip_pairs(&windows, range, pairs);
            }
            first = first_row + 2 * pairs;
        }
    }
}

/// Of the four parts that two windows have together: the first less the third, the second and the third, the third less the
/// second, the second less the fourth.
#[inline(always)]
fn mix(x: FixedRows<'_>, row: usize, mixed: &mut Mixed) {
    let part = x.stride;
    let numbers = &x.numbers[row * part..][..4 * part];
    let [first, both, back, last] = mixed;
    for at in 0..part {
        let [a, b, c, d] = [0, 1, 2, 3].map(|number| numbers[number * part + at]);
        first[at].write(a.wrapping_sub(c));
        both[at].write(b.wrapping_add(c));
        back[at].write(c.wrapping_sub(b));
        last[at].write(b.wrapping_sub(d));
    }
}

#[inline(always)]
unsafe fn strip<L: InPairs, T: To, const PAIRS: usize, const PANELS: usize>(
    windows: &Windows<'_, T>,
    range: Range<usize>,
) {
    let Product { map, pieces, .. } = windows.product;
    let panels = map.outputs / PANEL / pieces;
    // SAFETY: the caller's.
    unsafe {
        for first in (0..panels).step_by(PANELS) {
            for piece in 0..pieces {
                let panel = piece * panels + first;
                for pair in range.clone().step_by(PAIRS) {
                    match first + PANELS <= panels {
                        true => block::<L, T, PAIRS, PANELS>(windows, [pair, panel], piece == 0),
                        false => block::<L, T, PAIRS, 1>(windows, [pair, panel], piece == 0),
                    }
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn block<L: InPairs, T: To, const PAIRS: usize, const PANELS: usize>(
    windows: &Windows<'_, T>,
    [pair, panel]: [usize; 2],
    is_first: bool,
) {
    let Product { map, pieces, x, to } = windows.product;
    let lines = map.inputs / PARTS / 2;
    let width = map.outputs / pieces;
    // SAFETY: the caller's; the panels are complete.
    unsafe {
        let mut weights = map.windows.as_ptr().add(panel * lines * 4);
        let mut input = windows.mixed.as_ptr().add(pair).cast::<i32>();
        let mut sums = [[[L::zero(); 4]; PANELS]; PAIRS];
        for _ in 0..lines {
            for kind in 0..4 {
                let mut columns = [L::load_weights(weights.add(kind)); PANELS];
                for (next, column) in columns.iter_mut().enumerate() {
                    *column = L::load_weights(weights.add(next * lines * 4 + kind));
                }
                for (p, sums) in sums.iter_mut().enumerate() {
                    let number = input.add((p * 4 + kind) * WINDOW_PART_MAX / 2).read_unaligned();
                    for next in 0..PANELS {
                        sums[next][kind] = L::add_products(sums[next][kind], number, columns[next]);
                    }
                }
            }
            weights = weights.add(4);
            input = input.add(1);
        }
        for (p, sums) in sums.iter().enumerate() {
            let row = windows.first + 2 * (pair + p);
            for (next, &[a, b, c, d]) in sums.iter().enumerate() {
                let column = (panel + next) * PANEL;
                let both = [L::add_whole(b, c), L::sub_whole(b, c)];
                let [both, less] = if map.is_narrow { both.map(|sum| L::half(sum)) } else { both };
                let (one, other) = (L::add_whole(a, both), L::sub_whole(less, d));
                for (row, sum) in [(row, one), (row + 1, other)] {
                    let numbers = worth::<L>(map, column, (sum, *x.steps.get_unchecked(row)));
                    to.put(numbers, row * width + column % width, is_first);
                }
            }
        }
    }
}

// SAFETY: in all methods, the caller's.
impl InPairs for Avx2 {
    const PAIRS_MAX: usize = 1;

    #[inline(always)]
    unsafe fn sub_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { (x86::_mm256_sub_epi32(a.0, b.0), x86::_mm256_sub_epi32(a.1, b.1)) }
    }
    #[inline(always)]
    unsafe fn half(whole: Self::Whole) -> Self::Whole {
        unsafe { (x86::_mm256_srai_epi32::<1>(whole.0), x86::_mm256_srai_epi32::<1>(whole.1)) }
    }
    #[inline(always)]
    unsafe fn strip_pairs<T: To>(windows: &Windows<'_, T>, range: Range<usize>, _: usize) {
        unsafe { strip::<Self, T, 1, 1>(windows, range) }
    }
}

// SAFETY: in all methods, the caller's.
impl InPairs for Avx512 {
    const PAIRS_MAX: usize = 2;

    #[inline(always)]
    unsafe fn sub_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_sub_epi32(a, b) }
    }
    #[inline(always)]
    unsafe fn half(whole: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_srai_epi32::<1>(whole) }
    }
    #[inline(always)]
    unsafe fn strip_pairs<T: To>(windows: &Windows<'_, T>, range: Range<usize>, pairs: usize) {
        unsafe {
            match pairs {
                0 => {}
                1 => strip::<Self, T, 1, 2>(windows, range),
                _ => strip::<Self, T, 2, 2>(windows, range),
            }
        }
    }
}
