//! Products in fixed point, without tiles: blocks of rows and panels whose sums stay in registers.
//!
//! Windows that overlap by two thirds, each a part further than the one before, are multiplied two by two: with their
//! differences and sums, four parts do what six did (S. Winograd, Arithmetic Complexity of Computations, 1980: F(2, 3)). All
//! of it is whole numbers, and comes to the same.

#[cfg(target_arch = "x86_64")]
use std::arch::asm;
use std::mem::MaybeUninit;
use std::ops::Range;

#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512, x86};
use super::{Kernel, Lanes};
use crate::packed::{BYTE_ZERO, Fixed, FixedRows, Line, PANEL, PARTS, TILE_BYTES, WINDOW_PART_MAX};

impl Kernel {
    /// Applies `map` to each row; row `i` of the result begins at `i * map.outputs`.
    pub(crate) fn multiply_fixed(self, map: &Fixed, x: FixedRows<'_>, y: &mut [f32]) {
        map.check(x, y.len());
        // SAFETY: there is room for all rows.
        unsafe { self.products(Product { map, pieces: 1, x, to: Floats(y.as_mut_ptr()) }) };
    }

    /// Multiplies rows that have been checked.
    ///
    /// # Safety
    /// There is room for all results.
    pub(super) unsafe fn products<T: To>(self, product: Product<'_, T>) {
        if product.x.steps.is_empty() {
            return;
        }
        #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
        if self == Kernel::Amx && super::amx::has_tiles_for(&product) {
            // SAFETY: the kernel is only chosen if the machine has its instructions; the rest is the caller's.
            unsafe { super::amx::multiply(product) };
            return;
        }
        dispatch!(self, multiply(product));
    }
}

/// A map, how many pieces each of its outputs has, of which the greatest is kept, and the rows it is applied to.
#[derive(Clone, Copy)]
pub(super) struct Product<'a, T> {
    pub(super) map: &'a Fixed,
    pub(super) pieces: usize,
    pub(super) x: FixedRows<'a>,
    pub(super) to: T,
}

/// Where results go.
pub(super) trait To: Copy {
    /// Stores a panel's numbers of a row at a place; those of pieces after the first where they are greater than what is.
    ///
    /// # Safety
    /// The machine has the instructions, and there is room.
    unsafe fn put<L: Lanes>(self, numbers: L, place: usize, is_first: bool);
}

/// As they are.
#[derive(Clone, Copy)]
pub(super) struct Floats(pub(super) *mut f32);

/// Rounded, and how many steps are in one; of one piece.
#[derive(Clone, Copy)]
pub(super) struct Steps(pub(super) *mut i16, pub(super) f32);

// SAFETY: in all methods, the caller's.
impl To for Floats {
    #[inline(always)]
    unsafe fn put<L: Lanes>(self, numbers: L, place: usize, is_first: bool) {
        unsafe {
            let to = self.0.add(place);
            if is_first {
                numbers.store(to);
            } else {
                numbers.max(L::load(to)).store(to);
            }
        }
    }
}

impl To for Steps {
    #[inline(always)]
    unsafe fn put<L: Lanes>(self, numbers: L, place: usize, _: bool) {
        unsafe { super::bodies::steps(self.1, numbers).store_rounded(self.0.add(place)) }
    }
}

/// Sixteen sums of products in whole numbers.
///
/// # Safety
/// As of [`Lanes`]; arithmetic wraps.
pub(super) trait Sums: Lanes {
    /// The weights of sixteen outputs for two inputs.
    type Weights: Copy;
    /// Rows of a block at most.
    const ROWS_MAX: usize;
    /// Pairs of windows that are multiplied together at most; with none, windows are rows like others.
    const WINDOW_PAIRS_MAX: usize;

    unsafe fn zero() -> Self::Whole;
    unsafe fn load_weights(from: *const Line) -> Self::Weights;
    /// Adds to each lane the products of both numbers of the pair with the lane's two weights.
    unsafe fn add_products(sum: Self::Whole, pair: i32, weights: Self::Weights) -> Self::Whole;
    unsafe fn add_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole;
    unsafe fn sub_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole;
    unsafe fn half(whole: Self::Whole) -> Self::Whole;
    /// Multiplies rows of bytes as such, if there are products of bytes: twice as many at once.
    ///
    /// # Safety
    /// As of [`Kernel::products`].
    #[inline(always)]
    unsafe fn multiply_bytes<T: To>(_: Product<'_, T>) -> bool {
        false
    }
    /// Multiplies these rows in blocks of so many.
    unsafe fn strip<T: To, K: Kind<Self>>(units: Units<'_, T, K>, range: Range<usize>, rows: usize);
    /// Multiplies pairs of windows in blocks of so many.
    unsafe fn window_strip<T: To>(windows: &Windows<'_, T>, range: Range<usize>, pairs: usize);
}

#[inline(always)]
unsafe fn multiply<L: Sums, T: To>(product: Product<'_, T>) {
    let Product { map, x, .. } = product;
    let count = x.steps.len();
    // SAFETY: the caller's.
    unsafe {
        if L::WINDOW_PAIRS_MAX > 0 && count > 1 && !map.windows.is_empty() && x.stride * PARTS == map.inputs {
            multiply_windows::<L, T>(product);
            return;
        }
        let are_bytes = x.are_bytes && map.is_narrow && map.inputs <= ROW_BYTES_MAX;
        if !(are_bytes && L::multiply_bytes(product)) {
            let lines = map.inputs.div_ceil(2);
            let units = Units {
                product,
                first: 0,
                numbers: x.numbers.as_ptr().cast(),
                stride: x.stride * size_of::<i16>(),
                weights: map.panels.as_ptr(),
                lines: [lines, lines],
                kind: Pairs,
            };
            blocks::<L, T, Pairs>(units, count);
        }
    }
}

/// Bytes of rows that are made at a time: they stay in the first cache beside a panel's weights.
const BYTES: usize = 16 << 10;

/// Rows of more bytes are multiplied as they are.
const ROW_BYTES_MAX: usize = BYTES / 16;

/// As many rows at a time as have room are turned into bytes.
#[inline(always)]
unsafe fn multiply_bytes<L: Sums, T: To>(product: Product<'_, T>)
where
    Quads: Kind<L>,
{
    let Product { map, x, .. } = product;
    let stride = map.inputs.next_multiple_of(UNIT);
    let mut bytes = [const { MaybeUninit::<u8>::uninit() }; BYTES];
    let rows_max = BYTES / stride;
    for first in (0..x.steps.len()).step_by(rows_max) {
        let count = rows_max.min(x.steps.len() - first);
        for (row, bytes) in bytes.chunks_exact_mut(stride).take(count).enumerate() {
            let numbers = &x.numbers[(first + row) * x.stride..][..map.inputs];
            for (byte, &number) in bytes.iter_mut().zip(numbers) {
                byte.write((number + BYTE_ZERO) as u8);
            }
            // They are multiplied by weights of nought.
            for byte in &mut bytes[map.inputs..] {
                byte.write(0);
            }
        }
        let units = Units {
            product,
            first,
            numbers: bytes.as_ptr().cast(),
            stride,
            weights: map.tiles.as_ptr().cast(),
            lines: [stride / UNIT, map.panel_tiles() * TILE_BYTES / size_of::<Line>()],
            kind: Quads,
        };
        // SAFETY: the caller's; a tile is lines of the weights of four inputs each.
        unsafe { blocks::<L, T, Quads>(units, count) };
    }
}

/// Bytes that are multiplied with each line of weights: two numbers, or four bytes.
const UNIT: usize = size_of::<i32>();

/// Rows as units, from a row on.
#[derive(Clone, Copy)]
pub(super) struct Units<'a, T, K> {
    product: Product<'a, T>,
    first: usize,
    numbers: *const u8,
    /// Bytes from row to row.
    stride: usize,
    weights: *const Line,
    /// Lines of a panel that are multiplied, and those to the next panel.
    lines: [usize; 2],
    #[expect(dead_code, reason = "tells kinds apart")]
    kind: K,
}

/// What units are.
///
/// # Safety
/// As of [`Sums`].
pub(super) trait Kind<L: Sums>: Copy {
    /// Sums of nothing.
    unsafe fn start(map: &Fixed, column: usize) -> L::Whole;
    /// Adds to each lane the products of a unit with the lane's weights.
    unsafe fn add(sum: L::Whole, unit: i32, weights: L::Weights) -> L::Whole;
}

/// Two numbers.
#[derive(Clone, Copy)]
pub(super) struct Pairs;

/// Four bytes, which stand for numbers that are [`BYTE_ZERO`] less.
#[derive(Clone, Copy)]
pub(super) struct Quads;

// SAFETY: in all methods, the caller's.
impl<L: Sums> Kind<L> for Pairs {
    #[inline(always)]
    unsafe fn start(_: &Fixed, _: usize) -> L::Whole {
        unsafe { L::zero() }
    }
    #[inline(always)]
    unsafe fn add(sum: L::Whole, pair: i32, weights: L::Weights) -> L::Whole {
        unsafe { L::add_products(sum, pair, weights) }
    }
}

#[inline(always)]
unsafe fn blocks<L: Sums, T: To, K: Kind<L>>(units: Units<'_, T, K>, count: usize) {
    for (range, rows) in evenly(0..count, L::ROWS_MAX) {
        // SAFETY: the caller's.
        unsafe { L::strip(units, range, rows) };
    }
}

/// Cuts a range into the fewest blocks of at most so many, of two sizes at most: the ranges of both, and their sizes.
fn evenly(range: Range<usize>, most: usize) -> [(Range<usize>, usize); 2] {
    let blocks = range.len().div_ceil(most).max(1);
    let (size, greater) = (range.len() / blocks, range.len() % blocks);
    let cut = range.start + greater * (size + 1);
    [(range.start..cut, size + 1), (cut..range.end, size)]
}

/// Blocks of `ROWS` rows and `PANELS` panels, the weights of which stay in the first cache while all rows pass by.
#[inline(always)]
unsafe fn strip<L: Sums, T: To, K: Kind<L>, const ROWS: usize, const PANELS: usize>(
    units: Units<'_, T, K>,
    range: Range<usize>,
) {
    let Product { map, pieces, .. } = units.product;
    let panels = map.outputs / PANEL / pieces;
    // SAFETY: the caller's.
    unsafe {
        for first in (0..panels).step_by(PANELS) {
            for piece in 0..pieces {
                let panel = piece * panels + first;
                if first + PANELS <= panels {
                    for row in range.clone().step_by(ROWS) {
                        block::<L, T, K, ROWS, PANELS>(units, [row, panel], piece == 0);
                    }
                } else {
                    for panel in panel..(piece + 1) * panels {
                        for row in range.clone().step_by(ROWS) {
                            block::<L, T, K, ROWS, 1>(units, [row, panel], piece == 0);
                        }
                    }
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn block<L: Sums, T: To, K: Kind<L>, const ROWS: usize, const PANELS: usize>(
    Units { product: Product { map, pieces, x, to }, first, numbers, stride, weights, lines, .. }: Units<
        '_,
        T,
        K,
    >,
    [row, panel]: [usize; 2],
    is_first: bool,
) {
    let [lines, panel_lines] = lines;
    let width = map.outputs / pieces;
    // SAFETY: the caller's; the panels are complete.
    unsafe {
        let mut weights = weights.add(panel * panel_lines);
        let mut input = numbers.add(row * stride);
        let mut sums = [[L::zero(); PANELS]; ROWS];
        for sums in &mut sums {
            for (next, sum) in sums.iter_mut().enumerate() {
                *sum = K::start(map, (panel + next) * PANEL);
            }
        }
        for _ in 0..lines {
            let mut columns = [L::load_weights(weights); PANELS];
            for (next, column) in columns.iter_mut().enumerate() {
                *column = L::load_weights(weights.add(next * panel_lines));
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                let unit = input.add(r * stride).cast::<i32>().read_unaligned();
                for next in 0..PANELS {
                    sums[next] = K::add(sums[next], unit, columns[next]);
                }
            }
            weights = weights.add(1);
            input = input.add(UNIT);
        }
        let row = first + row;
        for (r, sums) in sums.iter().enumerate() {
            for (next, &sum) in sums.iter().enumerate() {
                let column = (panel + next) * PANEL;
                let numbers = worth::<L>(map, column, (sum, *x.steps.get_unchecked(row + r)));
                to.put(numbers, (row + r) * width + column % width, is_first);
            }
        }
    }
}

/// What the sums of a panel's outputs are worth.
#[inline(always)]
unsafe fn worth<L: Lanes>(map: &Fixed, column: usize, (sum, step): (L::Whole, f32)) -> L {
    // SAFETY: the caller's.
    unsafe {
        let steps = L::load(map.steps.as_ptr().add(column)).mul(L::splat(step));
        L::to_floats(sum).mul(steps).add(L::load(map.bias.as_ptr().add(column)))
    }
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
unsafe fn multiply_windows<L: Sums, T: To>(product: Product<'_, T>) {
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
            for (range, pairs) in evenly(0..pairs, L::WINDOW_PAIRS_MAX) {
                L::window_strip(&windows, range, pairs);
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
unsafe fn window_strip<L: Sums, T: To, const PAIRS: usize, const PANELS: usize>(
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
                        true => window_block::<L, T, PAIRS, PANELS>(windows, [pair, panel], piece == 0),
                        false => window_block::<L, T, PAIRS, 1>(windows, [pair, panel], piece == 0),
                    }
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn window_block<L: Sums, T: To, const PAIRS: usize, const PANELS: usize>(
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

impl Sums for [f32; PANEL] {
    type Weights = [i16; 2 * PANEL];
    const ROWS_MAX: usize = 1;
    const WINDOW_PAIRS_MAX: usize = 0;

    #[inline(always)]
    unsafe fn zero() -> Self::Whole {
        [0; PANEL]
    }
    #[inline(always)]
    unsafe fn load_weights(from: *const Line) -> Self::Weights {
        // SAFETY: the caller's.
        unsafe { (*from).0 }
    }
    #[inline(always)]
    unsafe fn add_products(sum: Self::Whole, pair: i32, weights: Self::Weights) -> Self::Whole {
        // On every machine the pair was read as it lies in memory.
        let [a, b, c, d] = pair.to_ne_bytes();
        let (first, second) = (i16::from_ne_bytes([a, b]), i16::from_ne_bytes([c, d]));
        let mut sum = sum;
        for lane in 0..PANEL {
            let products = i32::from(weights[2 * lane]) * i32::from(first);
            sum[lane] += products + i32::from(weights[2 * lane + 1]) * i32::from(second);
        }
        sum
    }
    #[inline(always)]
    unsafe fn add_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        std::array::from_fn(|lane| a[lane].wrapping_add(b[lane]))
    }
    #[inline(always)]
    unsafe fn sub_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        std::array::from_fn(|lane| a[lane].wrapping_sub(b[lane]))
    }
    #[inline(always)]
    unsafe fn half(whole: Self::Whole) -> Self::Whole {
        whole.map(|number| number >> 1)
    }
    #[inline(always)]
    unsafe fn strip<T: To, K: Kind<Self>>(units: Units<'_, T, K>, range: Range<usize>, _: usize) {
        // SAFETY: the caller's.
        unsafe { strip::<Self, T, K, 1, 1>(units, range) }
    }
    #[inline(always)]
    unsafe fn window_strip<T: To>(windows: &Windows<'_, T>, range: Range<usize>, _: usize) {
        // SAFETY: the caller's.
        unsafe { window_strip::<Self, T, 1, 1>(windows, range) }
    }
}

// SAFETY: in all methods, the caller's.
#[cfg(target_arch = "x86_64")]
impl Sums for Avx2 {
    type Weights = (x86::__m256i, x86::__m256i);
    const ROWS_MAX: usize = 6;
    const WINDOW_PAIRS_MAX: usize = 1;

    #[inline(always)]
    unsafe fn zero() -> Self::Whole {
        unsafe { (x86::_mm256_setzero_si256(), x86::_mm256_setzero_si256()) }
    }
    #[inline(always)]
    unsafe fn load_weights(from: *const Line) -> Self::Weights {
        unsafe {
            let from = from.cast::<x86::__m256i>();
            (x86::_mm256_load_si256(from), x86::_mm256_load_si256(from.add(1)))
        }
    }
    #[inline(always)]
    unsafe fn add_products(sum: Self::Whole, pair: i32, weights: Self::Weights) -> Self::Whole {
        unsafe {
            let pair = x86::_mm256_set1_epi32(pair);
            let low = x86::_mm256_madd_epi16(pair, weights.0);
            let high = x86::_mm256_madd_epi16(pair, weights.1);
            Self::add_whole(sum, (low, high))
        }
    }
    #[inline(always)]
    unsafe fn add_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { (x86::_mm256_add_epi32(a.0, b.0), x86::_mm256_add_epi32(a.1, b.1)) }
    }
    #[inline(always)]
    unsafe fn sub_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { (x86::_mm256_sub_epi32(a.0, b.0), x86::_mm256_sub_epi32(a.1, b.1)) }
    }
    #[inline(always)]
    unsafe fn half(whole: Self::Whole) -> Self::Whole {
        unsafe { (x86::_mm256_srai_epi32::<1>(whole.0), x86::_mm256_srai_epi32::<1>(whole.1)) }
    }
    #[inline(always)]
    unsafe fn strip<T: To, K: Kind<Self>>(units: Units<'_, T, K>, range: Range<usize>, rows: usize) {
        unsafe {
            match rows {
                0 => {}
                1 => strip::<Self, T, K, 1, 2>(units, range),
                2 => strip::<Self, T, K, 2, 2>(units, range),
                3 => strip::<Self, T, K, 3, 1>(units, range),
                4 => strip::<Self, T, K, 4, 1>(units, range),
                5 => strip::<Self, T, K, 5, 1>(units, range),
                _ => strip::<Self, T, K, 6, 1>(units, range),
            }
        }
    }
    #[inline(always)]
    unsafe fn window_strip<T: To>(windows: &Windows<'_, T>, range: Range<usize>, _: usize) {
        unsafe { window_strip::<Self, T, 1, 1>(windows, range) }
    }
}

/// Products of units, in each lane the same, with the weights. Written out: of an instruction, the compiler makes two.
#[cfg(target_arch = "x86_64")]
macro_rules! add_unit {
    ($name:ident, $instruction:literal) => {
        #[inline]
        #[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")]
        fn $name(sum: x86::__m512i, unit: i32, weights: x86::__m512i) -> x86::__m512i {
            let mut sum = sum;
            // SAFETY: no address is involved.
            unsafe {
                asm!(
                    concat!($instruction, " {sum}, {units}, {weights}"),
                    sum = inout(zmm_reg) sum,
                    units = in(zmm_reg) x86::_mm512_set1_epi32(unit),
                    weights = in(zmm_reg) weights,
                    options(pure, nomem, nostack, preserves_flags),
                );
            }
            sum
        }
    };
}

#[cfg(target_arch = "x86_64")]
add_unit! { add_pair, "vpdpwssd" }
#[cfg(target_arch = "x86_64")]
add_unit! { add_quad, "vpdpbusd" }

// SAFETY: in all methods, the caller's.
#[cfg(target_arch = "x86_64")]
impl Kind<Avx512> for Quads {
    #[inline(always)]
    unsafe fn start(map: &Fixed, column: usize) -> x86::__m512i {
        unsafe { x86::_mm512_loadu_si512(map.byte_offsets.as_ptr().add(column).cast()) }
    }
    #[inline(always)]
    unsafe fn add(sum: x86::__m512i, quad: i32, weights: x86::__m512i) -> x86::__m512i {
        unsafe { add_quad(sum, quad, weights) }
    }
}

// SAFETY: in all methods, the caller's.
#[cfg(target_arch = "x86_64")]
impl Sums for Avx512 {
    type Weights = x86::__m512i;
    const ROWS_MAX: usize = 8;
    const WINDOW_PAIRS_MAX: usize = 2;

    #[inline(always)]
    unsafe fn zero() -> Self::Whole {
        unsafe { x86::_mm512_setzero_si512() }
    }
    #[inline(always)]
    unsafe fn load_weights(from: *const Line) -> Self::Weights {
        unsafe { x86::_mm512_load_si512(from.cast()) }
    }
    #[inline(always)]
    unsafe fn add_products(sum: Self::Whole, pair: i32, weights: Self::Weights) -> Self::Whole {
        unsafe { add_pair(sum, pair, weights) }
    }
    #[inline(always)]
    unsafe fn add_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_add_epi32(a, b) }
    }
    #[inline(always)]
    unsafe fn sub_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_sub_epi32(a, b) }
    }
    #[inline(always)]
    unsafe fn half(whole: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_srai_epi32::<1>(whole) }
    }
    #[inline(always)]
    unsafe fn multiply_bytes<T: To>(product: Product<'_, T>) -> bool {
        unsafe { multiply_bytes::<Self, T>(product) };
        true
    }
    #[inline(always)]
    unsafe fn strip<T: To, K: Kind<Self>>(units: Units<'_, T, K>, range: Range<usize>, rows: usize) {
        unsafe {
            match rows {
                0 => {}
                1 => strip::<Self, T, K, 1, 8>(units, range),
                2 => strip::<Self, T, K, 2, 8>(units, range),
                3 => strip::<Self, T, K, 3, 4>(units, range),
                4 => strip::<Self, T, K, 4, 4>(units, range),
                5 => strip::<Self, T, K, 5, 4>(units, range),
                6 => strip::<Self, T, K, 6, 4>(units, range),
                7 => strip::<Self, T, K, 7, 2>(units, range),
                _ => strip::<Self, T, K, 8, 2>(units, range),
            }
        }
    }
    #[inline(always)]
    unsafe fn window_strip<T: To>(windows: &Windows<'_, T>, range: Range<usize>, pairs: usize) {
        unsafe {
            match pairs {
                0 => {}
                1 => window_strip::<Self, T, 1, 2>(windows, range),
                2 => window_strip::<Self, T, 2, 2>(windows, range),
                _ => window_strip::<Self, T, 3, 2>(windows, range),
            }
        }
    }
}

compile_loops! {
    multiply<T: super::To>(product: super::Product<'_, T>);
}
