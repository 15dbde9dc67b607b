//! The inner loops: products of matrices, and what follows them, with the widest instructions the machine has.
//!
//! The only module that lifts the ban on `unsafe`. Reason: these loops are nine tenths of the run time, and the
//! compiler finds neither the blocking by registers nor the wide instructions by itself (measured: three to five
//! times slower). Each loop is written once, over sixteen lanes; what lanes are is the portable array, two AVX2
//! registers, or one of AVX-512; products of tiles stand beside, in `amx`. Every unsafe function is entered through a safe one that has checked all lengths,
//! and tests hold the wide lanes against the portable ones.
//!
//! A row's result does not depend on its neighbours in a call, so batches and caches never change a bit. Products
//! in fixed point are the same on every machine; those of floats differ in the last bit where multiplication and
//! addition are one instruction.
#![allow(unsafe_code, reason = "see the head of the file")]

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod amx;

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64 as x86;

use crate::half;
use crate::packed::{Affine, Norm, PANEL, Rows};

/// thinc adds this to the variance.
const EPSILON: f32 = 1e-8;

/// Which instructions to use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kernel {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// With instructions for products of sixteen bits.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// The same with those for whole tiles of eight bits.
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    Amx,
}

/// Calls the body that is compiled for the kernel's instructions.
macro_rules! dispatch {
    ($kernel:expr, $body:ident($($argument:expr),*)) => {
        match $kernel {
            // SAFETY: portable code needs no instructions, and each caller has checked the lengths.
            Kernel::Portable => unsafe { portable::$body($($argument),*) },
            // SAFETY: a kernel is only chosen if the machine has its instructions; lengths as above.
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => unsafe { avx2::$body($($argument),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => unsafe { avx512::$body($($argument),*) },
            // SAFETY: as above.
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Kernel::Amx => unsafe { avx512::$body($($argument),*) },
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod bytes;
#[macro_use]
mod compiled;
pub(crate) mod curve;
mod fixed;
mod maxout;
pub(crate) mod moves;
mod rounding;
mod sums;
#[cfg(target_arch = "x86_64")]
mod windows;

impl Kernel {
    /// All that this machine can run, the best last.
    pub(crate) fn all() -> Vec<Kernel> {
        #[allow(unused_mut, reason = "elsewhere there is but one")]
        let mut all = vec![Kernel::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                all.push(Kernel::Avx2);
            }
            let wide = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
            if all.len() == 2 && wide && is_x86_feature_detected!("avx512vnni") {
                all.push(Kernel::Avx512);
                #[cfg(target_os = "linux")]
                if amx::is_available() {
                    all.push(Kernel::Amx);
                }
            }
        }
        all
    }

    /// The best this machine can run.
    pub(crate) fn best() -> Kernel {
        *Kernel::all().last().expect("every machine runs portable code")
    }

    /// Applies `map` to each row; row `i` of the result begins at `i * map.outputs`.
    pub(crate) fn multiply(self, map: &Affine, x: Rows<'_>, y: &mut [f32]) {
        if x.count == 0 {
            return;
        }
        assert!((x.count - 1) * x.stride + map.inputs <= x.numbers.len(), "rows end within their numbers");
        assert!(x.count * map.outputs <= y.len(), "the result has room for all rows");
        assert!(map.panels.len() == map.inputs * map.outputs && map.bias.len() == map.outputs);
        assert!(map.outputs.is_multiple_of(PANEL));
        dispatch!(self, multiply(map, x, y));
    }

    /// Rounds numbers, a multiple of sixteen, to steps; what is more than so many becomes as many.
    pub(crate) fn round(self, [step, most]: [f32; 2], x: &[f32], fixed: &mut [i16]) {
        assert!(x.len() == fixed.len() && x.len().is_multiple_of(PANEL), "whole lanes");
        dispatch!(self, round([1.0 / step, most], x, fixed));
    }

    /// The rows of `y`, normalised, added to those of `x`.
    pub(crate) fn add_normalised(self, norm: &Norm, y: &[f32], x: &mut [f32]) {
        let width = norm.gain.len();
        assert!(width > 0 && width.is_multiple_of(PANEL) && norm.bias.len() == width);
        assert!(x.len().is_multiple_of(width) && y.len() == x.len(), "rows for rows");
        dispatch!(self, add_normalised(norm, y, x));
    }

    /// Index of the greatest sum of number and mask, the first of equals; `None` if all are minus infinity. Both
    /// are of the same length, a multiple of sixteen.
    pub(crate) fn greatest(self, numbers: &[f32], mask: &[f32]) -> Option<usize> {
        assert!(numbers.len() == mask.len() && numbers.len().is_multiple_of(PANEL));
        dispatch!(self, greatest(numbers, mask))
    }
}

/// Sixteen floats side by side.
///
/// # Safety
/// Whoever calls a method has checked that the machine has the instructions, and that sixteen numbers lie at each
/// address.
trait Lanes: Copy {
    /// Sixteen whole numbers of 32 bits.
    type Whole: Copy;
    /// Sixteen whole numbers of 16 bits.
    type Short: Copy;
    unsafe fn splat(number: f32) -> Self;
    unsafe fn load(from: *const f32) -> Self;
    /// Sixteen halves, exactly.
    unsafe fn load_halves(from: *const u16) -> Self;
    unsafe fn store(self, to: *mut f32);
    unsafe fn add(self, other: Self) -> Self;
    unsafe fn sub(self, other: Self) -> Self;
    unsafe fn mul(self, other: Self) -> Self;
    unsafe fn div(self, other: Self) -> Self;
    /// `self` where it is greater, else `other`.
    unsafe fn max(self, other: Self) -> Self;
    /// `self` where it is smaller, else `other`.
    unsafe fn min(self, other: Self) -> Self;
    /// `self + a * b`, rounded once or twice.
    unsafe fn add_product(self, a: Self, b: Self) -> Self;
    /// `self + a * b`, rounded once.
    unsafe fn fused(self, a: Self, b: Self) -> Self;
    /// Rounds to whole numbers, of ties to the even one, and stores them.
    unsafe fn store_rounded(self, to: *mut i16);
    /// Which lanes are equal, as bits.
    unsafe fn equal(self, other: Self) -> u32;
    unsafe fn to_floats(whole: Self::Whole) -> Self;
    unsafe fn load_short(from: *const i16) -> Self::Short;
    unsafe fn add_short(a: Self::Short, b: Self::Short) -> Self::Short;
    /// The greater of each two.
    unsafe fn max_short(a: Self::Short, b: Self::Short) -> Self::Short;
    unsafe fn short_to_floats(short: Self::Short) -> Self;

    /// The greatest lane, where all are numbers.
    #[inline(always)]
    unsafe fn greatest_lane(self) -> f32 {
        let mut lanes = [0.0; PANEL];
        // SAFETY: there are sixteen numbers.
        unsafe { self.store(lanes.as_mut_ptr()) };
        lanes.iter().fold(f32::NEG_INFINITY, |most, &lane| if lane > most { lane } else { most })
    }

    /// Sum of the lanes, added in halves.
    #[inline(always)]
    unsafe fn sum(self) -> f32 {
        let mut lanes = [0.0; PANEL];
        // SAFETY: there are sixteen numbers.
        unsafe { self.store(lanes.as_mut_ptr()) };
        let mut half = PANEL / 2;
        while half > 0 {
            for lane in 0..half {
                lanes[lane] += lanes[lane + half];
            }
            half /= 2;
        }
        lanes[0]
    }
}

/// The loops themselves, over any lanes. Safety is as [`Lanes`] asks, and lengths are as [`Kernel`]'s methods
/// ascertain.
mod bodies {
    use super::{Affine, EPSILON, Lanes, Norm, PANEL, Rows};

    /// Panels that share one walk over a single row.
    const ROW_PANELS: usize = 8;

    /// `ROWS` rows and `PANELS` panels stay in registers together. A last block that is not full takes rows of the
    /// one before again.
    #[inline(always)]
    pub(super) unsafe fn multiply<L: Lanes, const ROWS: usize, const PANELS: usize>(
        map: &Affine,
        x: Rows<'_>,
        y: &mut [f32],
    ) {
        // SAFETY: all rows lie within `x` and `y`, and the panels are complete.
        unsafe {
            if x.count >= ROWS && ROWS > 1 {
                let mut column = 0;
                while column < map.outputs {
                    let paired = column + PANELS * PANEL <= map.outputs;
                    for row in (0..x.count).step_by(ROWS) {
                        let at = [row.min(x.count - ROWS), column];
                        match paired {
                            true => block::<L, ROWS, PANELS>(map, x, at, y),
                            false => block::<L, ROWS, 1>(map, x, at, y),
                        }
                    }
                    column += if paired { PANELS * PANEL } else { PANEL };
                }
                return;
            }
            for row in 0..x.count {
                for column in (0..map.outputs).step_by(ROW_PANELS * PANEL) {
                    let at = [row, column];
                    match (map.outputs - column) / PANEL {
                        0 | 1 => block::<L, 1, 1>(map, x, at, y),
                        2 => block::<L, 1, 2>(map, x, at, y),
                        3 => block::<L, 1, 3>(map, x, at, y),
                        4 => block::<L, 1, 4>(map, x, at, y),
                        5 => block::<L, 1, 5>(map, x, at, y),
                        6 => block::<L, 1, 6>(map, x, at, y),
                        7 => block::<L, 1, 7>(map, x, at, y),
                        ROW_PANELS.. => block::<L, 1, ROW_PANELS>(map, x, at, y),
                    }
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn block<L: Lanes, const ROWS: usize, const PANELS: usize>(
        map: &Affine,
        x: Rows<'_>,
        [row, column]: [usize; 2],
        y: &mut [f32],
    ) {
        // SAFETY: see `multiply`.
        unsafe {
            let mut weights = map.panels.as_ptr().add(column * map.inputs);
            let bias = map.bias.as_ptr().add(column);
            let mut sums = [[L::splat(0.0); PANELS]; ROWS];
            for sum in &mut sums {
                for (panel, sum) in sum.iter_mut().enumerate() {
                    *sum = L::load(bias.add(panel * PANEL));
                }
            }
            let input = x.numbers.as_ptr().add(row * x.stride);
            for k in 0..map.inputs {
                let mut columns = [L::splat(0.0); PANELS];
                for (panel, columns) in columns.iter_mut().enumerate() {
                    *columns = L::load(weights.add(panel * PANEL * map.inputs));
                }
                weights = weights.add(PANEL);
                for (r, sum) in sums.iter_mut().enumerate() {
                    let number = L::splat(*input.add(r * x.stride + k));
                    // By index: an array's own iterator is not taken apart here, and costs five times the product.
                    for panel in 0..PANELS {
                        sum[panel] = sum[panel].add_product(number, columns[panel]);
                    }
                }
            }
            let output = y.as_mut_ptr().add(row * map.outputs + column);
            for (r, sum) in sums.iter().enumerate() {
                for (panel, sum) in sum.iter().enumerate() {
                    sum.store(output.add(r * map.outputs + panel * PANEL));
                }
            }
        }
    }

    #[inline(always)]
    pub(super) unsafe fn round<L: Lanes>(steps_of_one: [f32; 2], x: &[f32], fixed: &mut [i16]) {
        // SAFETY: both have the same number of whole lanes.
        unsafe {
            for at in (0..x.len()).step_by(PANEL) {
                let steps = steps::<L>(steps_of_one, L::load(x.as_ptr().add(at)));
                steps.store_rounded(fixed.as_mut_ptr().add(at));
            }
        }
    }

    /// How many steps the numbers are worth, of which there are so many in one; what is too great becomes as great as can be.
    #[inline(always)]
    pub(super) unsafe fn steps<L: Lanes>([per_one, greatest]: [f32; 2], numbers: L) -> L {
        // SAFETY: no address is involved.
        unsafe { numbers.mul(L::splat(per_one)).max(L::splat(-greatest)).min(L::splat(greatest)) }
    }

    #[inline(always)]
    pub(super) unsafe fn add_normalised<L: Lanes>(norm: &Norm, y: &[f32], x: &mut [f32]) {
        let width = norm.gain.len();
        let (gain, bias) = (norm.gain.as_ptr(), norm.bias.as_ptr());
        for (y, x) in y.chunks_exact(width).zip(x.chunks_exact_mut(width)) {
            // SAFETY: all have whole lanes.
            unsafe {
                let mut sum = L::splat(0.0);
                for at in (0..width).step_by(PANEL) {
                    sum = sum.add(L::load(y.as_ptr().add(at)));
                }
                let mean = L::splat(sum.sum() / width as f32);
                let mut sum = L::splat(0.0);
                for at in (0..width).step_by(PANEL) {
                    let distance = L::load(y.as_ptr().add(at)).sub(mean);
                    sum = sum.add(distance.mul(distance));
                }
                let variance = sum.sum() / width as f32;
                let scale = L::splat(1.0 / (variance + EPSILON).sqrt());
                for at in (0..width).step_by(PANEL) {
                    let normal = L::load(y.as_ptr().add(at)).sub(mean).mul(scale);
                    let normal = normal.mul(L::load(gain.add(at))).add(L::load(bias.add(at)));
                    let to = x.as_mut_ptr().add(at);
                    L::load(to).add(normal).store(to);
                }
            }
        }
    }

    #[inline(always)]
    pub(super) unsafe fn greatest<L: Lanes>(numbers: &[f32], mask: &[f32]) -> Option<usize> {
        // SAFETY: both have the same number of whole lanes.
        let masked =
            |at: usize| unsafe { L::load(numbers.as_ptr().add(at)).add(L::load(mask.as_ptr().add(at))) };
        // SAFETY: no address is involved. The greatest is a number: what is none is not greater.
        let best = unsafe {
            let mut greatest = L::splat(f32::NEG_INFINITY);
            for at in (0..numbers.len()).step_by(PANEL) {
                greatest = masked(at).max(greatest);
            }
            greatest.greatest_lane()
        };
        if best == f32::NEG_INFINITY {
            return None;
        }
        (0..numbers.len()).step_by(PANEL).find_map(|at| {
            // SAFETY: no address is involved.
            let found = unsafe { masked(at).equal(L::splat(best)) };
            (found != 0).then(|| at + found.trailing_zeros() as usize)
        })
    }
}

/// The bodies, compiled for instructions and lanes.
macro_rules! compiled {
    ($name:ident, $lanes:ty, [$rows:literal, $panels:literal], $(#[$attribute:meta])*) => {
        mod $name {
            use super::{Affine, Norm, Rows, bodies};
            $(#[$attribute])*
            pub(super) unsafe fn multiply(map: &Affine, x: Rows<'_>, y: &mut [f32]) {
                // SAFETY: the caller's.
                unsafe { bodies::multiply::<$lanes, $rows, $panels>(map, x, y) }
            }
            $(#[$attribute])*
            pub(super) unsafe fn round(steps_of_one: [f32; 2], x: &[f32], fixed: &mut [i16]) {
                // SAFETY: the caller's.
                unsafe { bodies::round::<$lanes>(steps_of_one, x, fixed) }
            }
            $(#[$attribute])*
            pub(super) unsafe fn add_normalised(norm: &Norm, y: &[f32], x: &mut [f32]) {
                // SAFETY: the caller's.
                unsafe { bodies::add_normalised::<$lanes>(norm, y, x) }
            }
            $(#[$attribute])*
            pub(super) unsafe fn greatest(numbers: &[f32], mask: &[f32]) -> Option<usize> {
                // SAFETY: the caller's.
                unsafe { bodies::greatest::<$lanes>(numbers, mask) }
            }
        }
    };
}

compiled! { portable, [f32; super::PANEL], [4, 1], }
#[cfg(target_arch = "x86_64")]
compiled! { avx2, super::Avx2, [6, 1], #[target_feature(enable = "avx2,fma")] }
#[cfg(target_arch = "x86_64")]
compiled! { avx512, super::Avx512, [12, 2], #[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")] }

/// The operations on two vectors that are alike in each implementation of [`Lanes`].
macro_rules! each_operation {
    (short) => {
        #[inline(always)]
        unsafe fn load_short(from: *const i16) -> Self::Short {
            unsafe { x86::_mm256_loadu_si256(from.cast()) }
        }
        #[inline(always)]
        unsafe fn add_short(a: Self::Short, b: Self::Short) -> Self::Short {
            unsafe { x86::_mm256_add_epi16(a, b) }
        }
        #[inline(always)]
        unsafe fn max_short(a: Self::Short, b: Self::Short) -> Self::Short {
            unsafe { x86::_mm256_max_epi16(a, b) }
        }
    };
    (array: $($name:ident = $operation:expr),*) => {$(
        #[inline(always)]
        unsafe fn $name(self, other: Self) -> Self {
            let operation: fn(f32, f32) -> f32 = $operation;
            std::array::from_fn(|lane| operation(self[lane], other[lane]))
        }
    )*};
    (pair: $($name:ident = $operation:ident),*) => {$(
        #[inline(always)]
        unsafe fn $name(self, other: Self) -> Self {
            unsafe { Avx2(x86::$operation(self.0, other.0), x86::$operation(self.1, other.1)) }
        }
    )*};
    (one: $($name:ident = $operation:ident),*) => {$(
        #[inline(always)]
        unsafe fn $name(self, other: Self) -> Self {
            unsafe { Avx512(x86::$operation(self.0, other.0)) }
        }
    )*};
}

/// Lane by lane, for any machine.
impl Lanes for [f32; PANEL] {
    type Whole = [i32; PANEL];
    type Short = [i16; PANEL];

    #[inline(always)]
    unsafe fn splat(number: f32) -> Self {
        [number; PANEL]
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller's.
        unsafe { from.cast::<Self>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn load_halves(from: *const u16) -> Self {
        // SAFETY: the caller's.
        unsafe { from.cast::<[u16; PANEL]>().read_unaligned().map(half::to_f32) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller's.
        unsafe { to.cast::<Self>().write_unaligned(self) }
    }
    each_operation! { array: add = |a, b| a + b, sub = |a, b| a - b, mul = |a, b| a * b, div = |a, b| a / b,
    max = |a, b| if a > b { a } else { b }, min = |a, b| if a < b { a } else { b } }
    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        std::array::from_fn(|lane| self[lane] + a[lane] * b[lane])
    }
    #[inline(always)]
    unsafe fn fused(self, a: Self, b: Self) -> Self {
        std::array::from_fn(|lane| a[lane].mul_add(b[lane], self[lane]))
    }
    #[inline(always)]
    unsafe fn store_rounded(self, to: *mut i16) {
        for (lane, number) in self.into_iter().enumerate() {
            // SAFETY: the caller's.
            unsafe { to.add(lane).write(number.round_ties_even() as i16) };
        }
    }
    #[inline(always)]
    unsafe fn equal(self, other: Self) -> u32 {
        (0..PANEL).fold(0, |bits, lane| bits | u32::from(self[lane] == other[lane]) << lane)
    }
    #[inline(always)]
    unsafe fn to_floats(whole: Self::Whole) -> Self {
        whole.map(|number| number as f32)
    }
    #[inline(always)]
    unsafe fn load_short(from: *const i16) -> Self::Short {
        // SAFETY: the caller's.
        unsafe { from.cast::<[i16; PANEL]>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn add_short(a: Self::Short, b: Self::Short) -> Self::Short {
        std::array::from_fn(|lane| a[lane].wrapping_add(b[lane]))
    }
    #[inline(always)]
    unsafe fn max_short(a: Self::Short, b: Self::Short) -> Self::Short {
        std::array::from_fn(|lane| a[lane].max(b[lane]))
    }
    #[inline(always)]
    unsafe fn short_to_floats(short: Self::Short) -> Self {
        short.map(f32::from)
    }
}

/// Two registers of eight.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
struct Avx2(x86::__m256, x86::__m256);

// SAFETY: in all methods, the caller's.
#[cfg(target_arch = "x86_64")]
impl Lanes for Avx2 {
    type Whole = (x86::__m256i, x86::__m256i);
    type Short = x86::__m256i;

    #[inline(always)]
    unsafe fn splat(number: f32) -> Self {
        unsafe { Avx2(x86::_mm256_set1_ps(number), x86::_mm256_set1_ps(number)) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        unsafe { Avx2(x86::_mm256_loadu_ps(from), x86::_mm256_loadu_ps(from.add(8))) }
    }
    #[inline(always)]
    unsafe fn load_halves(from: *const u16) -> Self {
        // SAFETY: the caller's.
        unsafe { Self::load(<[f32; PANEL]>::load_halves(from).as_ptr()) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe {
            x86::_mm256_storeu_ps(to, self.0);
            x86::_mm256_storeu_ps(to.add(8), self.1);
        }
    }
    each_operation! { pair: add = _mm256_add_ps, sub = _mm256_sub_ps, mul = _mm256_mul_ps, div = _mm256_div_ps, max = _mm256_max_ps,
    min = _mm256_min_ps }
    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        unsafe { Avx2(x86::_mm256_fmadd_ps(a.0, b.0, self.0), x86::_mm256_fmadd_ps(a.1, b.1, self.1)) }
    }
    #[inline(always)]
    unsafe fn fused(self, a: Self, b: Self) -> Self {
        // SAFETY: the caller's.
        unsafe { self.add_product(a, b) }
    }
    #[inline(always)]
    unsafe fn store_rounded(self, to: *mut i16) {
        unsafe {
            let packed =
                x86::_mm256_packs_epi32(x86::_mm256_cvtps_epi32(self.0), x86::_mm256_cvtps_epi32(self.1));
            x86::_mm256_storeu_si256(to.cast(), x86::_mm256_permute4x64_epi64::<0b11_01_10_00>(packed));
        }
    }
    #[inline(always)]
    unsafe fn equal(self, other: Self) -> u32 {
        unsafe {
            let low = x86::_mm256_movemask_ps(x86::_mm256_cmp_ps::<{ x86::_CMP_EQ_OQ }>(self.0, other.0));
            let high = x86::_mm256_movemask_ps(x86::_mm256_cmp_ps::<{ x86::_CMP_EQ_OQ }>(self.1, other.1));
            (low | high << 8) as u32
        }
    }
    #[inline(always)]
    unsafe fn to_floats(whole: Self::Whole) -> Self {
        unsafe { Avx2(x86::_mm256_cvtepi32_ps(whole.0), x86::_mm256_cvtepi32_ps(whole.1)) }
    }
    each_operation! { short }
    #[inline(always)]
    unsafe fn short_to_floats(short: Self::Short) -> Self {
        unsafe {
            let low = x86::_mm256_cvtepi16_epi32(x86::_mm256_castsi256_si128(short));
            let high = x86::_mm256_cvtepi16_epi32(x86::_mm256_extracti128_si256::<1>(short));
            Self::to_floats((low, high))
        }
    }
}

/// One register of sixteen.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
struct Avx512(x86::__m512);

// SAFETY: in all methods, the caller's.
#[cfg(target_arch = "x86_64")]
impl Lanes for Avx512 {
    type Whole = x86::__m512i;
    type Short = x86::__m256i;

    #[inline(always)]
    unsafe fn splat(number: f32) -> Self {
        unsafe { Avx512(x86::_mm512_set1_ps(number)) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        unsafe { Avx512(x86::_mm512_loadu_ps(from)) }
    }
    #[inline(always)]
    unsafe fn load_halves(from: *const u16) -> Self {
        // SAFETY: the caller's.
        unsafe { Avx512(x86::_mm512_cvtph_ps(x86::_mm256_loadu_si256(from.cast()))) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { x86::_mm512_storeu_ps(to, self.0) }
    }
    each_operation! { one: add = _mm512_add_ps, sub = _mm512_sub_ps, mul = _mm512_mul_ps, div = _mm512_div_ps, max = _mm512_max_ps,
    min = _mm512_min_ps }
    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        unsafe { Avx512(x86::_mm512_fmadd_ps(a.0, b.0, self.0)) }
    }
    #[inline(always)]
    unsafe fn greatest_lane(self) -> f32 {
        unsafe { x86::_mm512_reduce_max_ps(self.0) }
    }
    #[inline(always)]
    unsafe fn sum(self) -> f32 {
        unsafe {
            let low = x86::_mm512_castps512_ps256(self.0);
            let high = x86::_mm256_castpd_ps(x86::_mm512_extractf64x4_pd::<1>(x86::_mm512_castps_pd(self.0)));
            let eight = x86::_mm256_add_ps(low, high);
            let four =
                x86::_mm_add_ps(x86::_mm256_castps256_ps128(eight), x86::_mm256_extractf128_ps::<1>(eight));
            let two = x86::_mm_add_ps(four, x86::_mm_movehl_ps(four, four));
            x86::_mm_cvtss_f32(x86::_mm_add_ss(two, x86::_mm_movehdup_ps(two)))
        }
    }
    #[inline(always)]
    unsafe fn fused(self, a: Self, b: Self) -> Self {
        // SAFETY: the caller's.
        unsafe { self.add_product(a, b) }
    }
    #[inline(always)]
    unsafe fn store_rounded(self, to: *mut i16) {
        unsafe {
            let whole = x86::_mm512_cvtps_epi32(self.0);
            x86::_mm256_storeu_si256(to.cast(), x86::_mm512_cvtepi32_epi16(whole));
        }
    }
    #[inline(always)]
    unsafe fn equal(self, other: Self) -> u32 {
        unsafe { u32::from(x86::_mm512_cmp_ps_mask::<{ x86::_CMP_EQ_OQ }>(self.0, other.0)) }
    }
    #[inline(always)]
    unsafe fn to_floats(whole: Self::Whole) -> Self {
        unsafe { Avx512(x86::_mm512_cvtepi32_ps(whole)) }
    }
    each_operation! { short }
    #[inline(always)]
    unsafe fn short_to_floats(short: Self::Short) -> Self {
        unsafe { Self::to_floats(x86::_mm512_cvtepi16_epi32(short)) }
    }
}

#[cfg(test)]
mod tests;
