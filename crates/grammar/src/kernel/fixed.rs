//! Products in fixed point, without tiles: blocks of rows and panels whose sums stay in registers.

#[cfg(target_arch = "x86_64")]
use std::arch::asm;
use std::ops::Range;

#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512, x86};
use super::{Kernel, Lanes};
use crate::packed::{FIXED_MAX, Fixed, FixedRows, Line, PANEL, PARTS};

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
        unsafe { super::bodies::steps([self.1, FIXED_MAX], numbers).store_rounded(self.0.add(place)) }
    }
}

/// Sixteen sums of products in whole numbers.
///
/// # Safety
/// As of [`Lanes`].
pub(super) trait Sums: Lanes {
    /// The weights of sixteen outputs for two inputs.
    type Weights: Copy;
    /// Rows of a block at most.
    const ROWS_MAX: usize;

    unsafe fn zero() -> Self::Whole;
    unsafe fn load_weights(from: *const Line) -> Self::Weights;
    /// Adds to each lane the products of both numbers of the pair with the lane's two weights.
    unsafe fn add_products(sum: Self::Whole, pair: i32, weights: Self::Weights) -> Self::Whole;
    unsafe fn add_whole(a: Self::Whole, b: Self::Whole) -> Self::Whole;
    /// Multiplies windows four by four, if there are as many and that is sooner done.
    #[inline(always)]
    unsafe fn multiply_windows<T: To>(_: Product<'_, T>) -> bool {
        false
    }
    /// Multiplies rows of bytes as such, if there are products of bytes: twice as many at once.
    #[inline(always)]
    unsafe fn multiply_bytes<T: To>(_: Product<'_, T>) -> bool {
        false
    }
    /// Multiplies these rows in blocks of so many.
    unsafe fn strip<T: To, K: Kind<Self>>(units: Units<'_, T>, range: Range<usize>, rows: usize);
}

#[inline(always)]
unsafe fn multiply<L: Sums, T: To>(product: Product<'_, T>) {
    let Product { map, x, .. } = product;
    let count = x.steps.len();
    // SAFETY: the caller's.
    unsafe {
        let are_windows = !map.windows.is_empty() && x.stride * PARTS == map.inputs;
        if are_windows && L::multiply_windows(product)
            || x.are_bytes && map.is_narrow && L::multiply_bytes(product)
        {
            return;
        }
        let lines = map.inputs.div_ceil(2);
        let units = Units {
            product,
            first: 0,
            numbers: x.numbers.as_ptr().cast(),
            stride: x.stride * size_of::<i16>(),
            weights: map.panels.as_ptr(),
            lines: [lines, lines],
        };
        blocks::<L, T, Pairs>(units, count);
    }
}

/// Bytes that are multiplied with each line of weights: two numbers, or four bytes.
pub(super) const UNIT: usize = size_of::<i32>();

/// Rows as units, from a row on.
#[derive(Clone, Copy)]
pub(super) struct Units<'a, T> {
    pub(super) product: Product<'a, T>,
    pub(super) first: usize,
    pub(super) numbers: *const u8,
    /// Bytes from row to row.
    pub(super) stride: usize,
    pub(super) weights: *const Line,
    /// Lines of a panel that are multiplied, and those to the next panel.
    pub(super) lines: [usize; 2],
}

/// What units are.
///
/// # Safety
/// As of [`Sums`].
pub(super) trait Kind<L: Sums> {
    /// Sums of nothing.
    unsafe fn start(map: &Fixed, column: usize) -> L::Whole;
    /// Adds to each lane the products of a unit with the lane's weights.
    unsafe fn add(sum: L::Whole, unit: i32, weights: L::Weights) -> L::Whole;
}

/// Two numbers.
pub(super) struct Pairs;

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
pub(super) unsafe fn blocks<L: Sums, T: To, K: Kind<L>>(units: Units<'_, T>, count: usize) {
    for (range, rows) in evenly(count, L::ROWS_MAX) {
        // SAFETY: the caller's.
        unsafe { L::strip::<T, K>(units, range, rows) };
    }
}

/// Cuts a count into the fewest blocks of at most so many, of two sizes at most: the ranges of both, and their sizes.
pub(super) fn evenly(count: usize, most: usize) -> [(Range<usize>, usize); 2] {
    let blocks = count.div_ceil(most).max(1);
    let (size, greater) = (count / blocks, count % blocks);
    let cut = greater * (size + 1);
    [(0..cut, size + 1), (cut..count, size)]
}

/// Blocks of `ROWS` rows and `PANELS` panels, the weights of which stay in the first cache while all rows pass by.
#[inline(always)]
unsafe fn strip<L: Sums, T: To, K: Kind<L>, const ROWS: usize, const PANELS: usize>(
    units: Units<'_, T>,
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
    Units { product: Product { map, pieces, x, to }, first, numbers, stride, weights, lines }: Units<'_, T>,
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
pub(super) unsafe fn worth<L: Lanes>(map: &Fixed, column: usize, (sum, step): (L::Whole, f32)) -> L {
    // SAFETY: the caller's.
    unsafe {
        let steps = L::load(map.steps.as_ptr().add(column)).mul(L::splat(step));
        L::to_floats(sum).mul(steps).add(L::load(map.bias.as_ptr().add(column)))
    }
}

impl Sums for [f32; PANEL] {
    type Weights = [i16; 2 * PANEL];
    const ROWS_MAX: usize = 1;

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
        std::array::from_fn(|lane| a[lane] + b[lane])
    }
    #[inline(always)]
    unsafe fn strip<T: To, K: Kind<Self>>(units: Units<'_, T>, range: Range<usize>, _: usize) {
        // SAFETY: the caller's.
        unsafe { strip::<Self, T, K, 1, 1>(units, range) }
    }
}

// SAFETY: in all methods, the caller's.
#[cfg(target_arch = "x86_64")]
impl Sums for Avx2 {
    type Weights = (x86::__m256i, x86::__m256i);
    const ROWS_MAX: usize = 6;

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
    unsafe fn multiply_windows<T: To>(product: Product<'_, T>) -> bool {
        unsafe { super::windows::multiply::<Self, T>(product) }
    }
    #[inline(always)]
    unsafe fn strip<T: To, K: Kind<Self>>(units: Units<'_, T>, range: Range<usize>, rows: usize) {
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
}

/// Products of units, in each lane the same, with the weights. Written out: of an instruction, the compiler makes two.
#[cfg(target_arch = "x86_64")]
macro_rules! add_unit {
    ($name:ident, $instruction:literal) => {
        #[inline]
        #[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")]
        pub(super) fn $name(sum: x86::__m512i, unit: i32, weights: x86::__m512i) -> x86::__m512i {
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
impl Sums for Avx512 {
    type Weights = x86::__m512i;
    const ROWS_MAX: usize = 8;

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
    unsafe fn multiply_windows<T: To>(product: Product<'_, T>) -> bool {
        unsafe { super::windows::multiply::<Self, T>(product) }
    }
    #[inline(always)]
    unsafe fn multiply_bytes<T: To>(product: Product<'_, T>) -> bool {
        unsafe { super::bytes::multiply(product) }
    }
    #[inline(always)]
    unsafe fn strip<T: To, K: Kind<Self>>(units: Units<'_, T>, range: Range<usize>, rows: usize) {
        unsafe {
            match rows {
                0 => {}
                1 => strip::<Self, T, K, 1, 8>(units, range),
                2 => strip::<Self, T, K, 2, 8>(units, range),
                3 => strip::<Self, T, K, 3, 4>(units, range),
                4 => strip::<Self, T, K, 4, 2>(units, range),
                5 => strip::<Self, T, K, 5, 2>(units, range),
                6 => strip::<Self, T, K, 6, 2>(units, range),
                7 => strip::<Self, T, K, 7, 2>(units, range),
                _ => strip::<Self, T, K, 8, 2>(units, range),
            }
        }
    }
}

compile_loops! {
    multiply<T: super::To>(product: super::Product<'_, T>);
}
