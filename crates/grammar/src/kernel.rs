//! The inner loops: products of matrices, and what follows them, with the widest instructions the machine has.
//!
//! The only file that lifts the ban on `unsafe`. Reason: the products are nine tenths of the run time and the
//! compiler does not find the register blocking by itself (measured: four times slower). Every unsafe function
//! is entered through a safe one that has checked all lengths, and has a portable twin that tests compare it to.
//! A row's result does not depend on its neighbours in a call, so batches and caches never change a bit.
#![allow(unsafe_code, reason = "see the head of the file")]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    _mm256_broadcast_ss, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm512_fmadd_ps,
    _mm512_loadu_ps, _mm512_set1_ps, _mm512_storeu_ps,
};

/// Columns of a packed matrix stand in panels of this many; its width is a multiple of it.
pub(crate) const PANEL: usize = 16;

/// Which instructions to use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kernel {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// An affine map, packed for the kernel: `inputs` numbers a row in, `outputs` out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Affine {
    pub(crate) inputs: usize,
    /// Rounded up to whole panels; what is too much comes out as zero.
    pub(crate) outputs: usize,
    /// Panel by panel, input by input, [`PANEL`] numbers.
    panels: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

impl Affine {
    /// Packs a map of which `weight(output, input)` are the numbers.
    pub(crate) fn pack(inputs: usize, bias: &[f32], weight: impl Fn(usize, usize) -> f32) -> Affine {
        let outputs = bias.len().next_multiple_of(PANEL);
        let mut panels = Vec::with_capacity(inputs * outputs);
        for panel in (0..outputs).step_by(PANEL) {
            for input in 0..inputs {
                let row = panel..panel + PANEL;
                panels
                    .extend(row.map(|output| if output < bias.len() { weight(output, input) } else { 0.0 }));
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(outputs, 0.0);
        Affine { inputs, outputs, panels, bias }
    }
}

/// Rows of input: row `i` begins at `i * stride`, so that rows may overlap.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) numbers: &'a [f32],
    pub(crate) stride: usize,
    pub(crate) count: usize,
}

/// Gain and bias of a layer's normalisation, and the number of pieces the maximum is taken over before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Norm {
    pub(crate) gain: Vec<f32>,
    pub(crate) bias: Vec<f32>,
    pub(crate) pieces: usize,
}

/// thinc adds this to the variance.
const EPSILON: f32 = 1e-8;

impl Kernel {
    /// The widest this machine has.
    pub(crate) fn best() -> Kernel {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("fma") {
                return Kernel::Avx512;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                return Kernel::Avx2;
            }
        }
        Kernel::Portable
    }

    /// Applies `map` to each row; row `i` of the result begins at `i * map.outputs`.
    pub(crate) fn multiply(self, map: &Affine, x: Rows<'_>, y: &mut [f32]) {
        if x.count == 0 {
            return;
        }
        assert!((x.count - 1) * x.stride + map.inputs <= x.numbers.len(), "rows end within their numbers");
        assert!(x.count * map.outputs <= y.len(), "the result has room for all rows");
        assert!(map.panels.len() == map.inputs * map.outputs && map.bias.len() == map.outputs);
        match self {
            Kernel::Portable => multiply(map, x, y),
            // SAFETY: a kernel is only chosen if the machine has its instructions, and the lengths are checked.
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => unsafe { multiply_avx2(map, x, y) },
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => unsafe { multiply_avx512(map, x, y) },
        }
    }

    /// The greatest of each output's pieces, normalised, added to the rows of `x`.
    pub(crate) fn add_normalised(self, norm: &Norm, y: &[f32], x: &mut [f32]) {
        match self {
            Kernel::Portable => add_normalised(norm, y, x),
            // SAFETY: a kernel is only chosen if the machine has its instructions; the bodies are safe code.
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => unsafe { add_normalised_avx2(norm, y, x) },
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => unsafe { add_normalised_avx512(norm, y, x) },
        }
    }

    /// `y = a + b + c`, each as long as `y`.
    pub(crate) fn add_three(self, terms: [&[f32]; 3], y: &mut [f32]) {
        match self {
            Kernel::Portable => add_three(terms, y),
            // SAFETY: a kernel is only chosen if the machine has its instructions; the bodies are safe code.
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => unsafe { add_three_avx2(terms, y) },
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => unsafe { add_three_avx512(terms, y) },
        }
    }

    /// Adds the features to the bias and takes the greater of both halves.
    pub(crate) fn maxout_sum(self, features: &[&[f32]], bias: &[f32], hidden: &mut [f32]) {
        match self {
            Kernel::Portable => maxout_sum(features, bias, hidden),
            // SAFETY: a kernel is only chosen if the machine has its instructions; the bodies are safe code.
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => unsafe { maxout_sum_avx2(features, bias, hidden) },
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => unsafe { maxout_sum_avx512(features, bias, hidden) },
        }
    }

    /// Index of the greatest number, the first of equals; `None` if all are minus infinity.
    pub(crate) fn greatest(self, numbers: &[f32], mask: &[f32]) -> Option<usize> {
        match self {
            Kernel::Portable => greatest(numbers, mask),
            // SAFETY: a kernel is only chosen if the machine has its instructions; the bodies are safe code.
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => unsafe { greatest_avx2(numbers, mask) },
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => unsafe { greatest_avx512(numbers, mask) },
        }
    }
}

fn multiply(map: &Affine, x: Rows<'_>, y: &mut [f32]) {
    for (number, panel) in map.panels.chunks_exact((map.inputs * PANEL).max(1)).enumerate() {
        let column = number * PANEL;
        for row in 0..x.count {
            let input = &x.numbers[row * x.stride..row * x.stride + map.inputs];
            let mut sum = [0.0; PANEL];
            sum.copy_from_slice(&map.bias[column..column + PANEL]);
            let (weights, _) = panel.as_chunks::<PANEL>();
            for (number, weights) in input.iter().zip(weights) {
                for (sum, weight) in sum.iter_mut().zip(weights) {
                    *sum += number * weight;
                }
            }
            y[row * map.outputs + column..][..PANEL].copy_from_slice(&sum);
        }
    }
}

/// Rows that share one walk over a panel; a last block that is not full takes rows of the one before again.
#[cfg(target_arch = "x86_64")]
const BLOCK_AVX2: usize = 6;

/// See [`BLOCK_AVX2`].
#[cfg(target_arch = "x86_64")]
const BLOCK_AVX512: usize = 12;

/// Panels that share one walk over a single row.
#[cfg(target_arch = "x86_64")]
const PANELS: usize = 4;

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn multiply_avx2(map: &Affine, x: Rows<'_>, y: &mut [f32]) {
    // SAFETY: the caller has checked that all rows lie within `x` and `y`, and the panels are complete.
    unsafe {
        if x.count >= BLOCK_AVX2 {
            for column in (0..map.outputs).step_by(PANEL) {
                for row in (0..x.count).step_by(BLOCK_AVX2) {
                    let row = row.min(x.count - BLOCK_AVX2);
                    block_avx2::<BLOCK_AVX2, 1>(map, x, [row, column], y);
                }
            }
            return;
        }
        for row in 0..x.count {
            let mut column = 0;
            while column + PANELS * PANEL <= map.outputs {
                block_avx2::<1, PANELS>(map, x, [row, column], y);
                column += PANELS * PANEL;
            }
            for column in (column..map.outputs).step_by(PANEL) {
                block_avx2::<1, 1>(map, x, [row, column], y);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
#[inline]
unsafe fn block_avx2<const BLOCK: usize, const PANELS: usize>(
    map: &Affine,
    x: Rows<'_>,
    at: [usize; 2],
    y: &mut [f32],
) {
    let [row, column] = at;
    // SAFETY: see `multiply_avx2`.
    unsafe {
        let mut weights = map.panels.as_ptr().add(column * map.inputs);
        let bias = map.bias.as_ptr().add(column);
        let start: [[_; 2]; PANELS] = std::array::from_fn(|panel| {
            [_mm256_loadu_ps(bias.add(panel * PANEL)), _mm256_loadu_ps(bias.add(panel * PANEL + 8))]
        });
        let mut sums = [start; BLOCK];
        let input = x.numbers.as_ptr().add(row * x.stride);
        for k in 0..map.inputs {
            for panel in 0..PANELS {
                let columns = weights.add(panel * PANEL * map.inputs);
                let (low, high) = (_mm256_loadu_ps(columns), _mm256_loadu_ps(columns.add(8)));
                for (r, sum) in sums.iter_mut().enumerate() {
                    let number = _mm256_broadcast_ss(&*input.add(r * x.stride + k));
                    sum[panel][0] = _mm256_fmadd_ps(number, low, sum[panel][0]);
                    sum[panel][1] = _mm256_fmadd_ps(number, high, sum[panel][1]);
                }
            }
            weights = weights.add(PANEL);
        }
        let output = y.as_mut_ptr().add(row * map.outputs + column);
        for (r, sum) in sums.iter().enumerate() {
            for (panel, sum) in sum.iter().enumerate() {
                _mm256_storeu_ps(output.add(r * map.outputs + panel * PANEL), sum[0]);
                _mm256_storeu_ps(output.add(r * map.outputs + panel * PANEL + 8), sum[1]);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
unsafe fn multiply_avx512(map: &Affine, x: Rows<'_>, y: &mut [f32]) {
    // SAFETY: the caller has checked that all rows lie within `x` and `y`, and the panels are complete.
    unsafe {
        if x.count >= BLOCK_AVX512 {
            let mut column = 0;
            while column < map.outputs {
                let paired = column + 2 * PANEL <= map.outputs;
                for row in (0..x.count).step_by(BLOCK_AVX512) {
                    let row = row.min(x.count - BLOCK_AVX512);
                    match paired {
                        true => block_avx512::<BLOCK_AVX512, 2>(map, x, [row, column], y),
                        false => block_avx512::<BLOCK_AVX512, 1>(map, x, [row, column], y),
                    }
                }
                column += if paired { 2 * PANEL } else { PANEL };
            }
            return;
        }
        for row in 0..x.count {
            let mut column = 0;
            while column + PANELS * PANEL <= map.outputs {
                block_avx512::<1, PANELS>(map, x, [row, column], y);
                column += PANELS * PANEL;
            }
            for column in (column..map.outputs).step_by(PANEL) {
                block_avx512::<1, 1>(map, x, [row, column], y);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
#[inline]
unsafe fn block_avx512<const BLOCK: usize, const PANELS: usize>(
    map: &Affine,
    x: Rows<'_>,
    at: [usize; 2],
    y: &mut [f32],
) {
    let [row, column] = at;
    // SAFETY: see `multiply_avx512`.
    unsafe {
        let mut weights = map.panels.as_ptr().add(column * map.inputs);
        let bias = map.bias.as_ptr().add(column);
        let start: [_; PANELS] = std::array::from_fn(|panel| _mm512_loadu_ps(bias.add(panel * PANEL)));
        let mut sums = [start; BLOCK];
        let input = x.numbers.as_ptr().add(row * x.stride);
        for k in 0..map.inputs {
            let columns: [_; PANELS] =
                std::array::from_fn(|panel| _mm512_loadu_ps(weights.add(panel * PANEL * map.inputs)));
            weights = weights.add(PANEL);
            for (r, sum) in sums.iter_mut().enumerate() {
                let number = _mm512_set1_ps(*input.add(r * x.stride + k));
                for (sum, columns) in sum.iter_mut().zip(columns) {
                    *sum = _mm512_fmadd_ps(number, columns, *sum);
                }
            }
        }
        let output = y.as_mut_ptr().add(row * map.outputs + column);
        for (r, sum) in sums.iter().enumerate() {
            for (panel, sum) in sum.iter().enumerate() {
                _mm512_storeu_ps(output.add(r * map.outputs + panel * PANEL), *sum);
            }
        }
    }
}

/// Sums run in this many lanes side by side, in every kernel, so that all kernels add up in one order.
const LANES: usize = 16;

#[inline(always)]
fn add_normalised(norm: &Norm, y: &[f32], x: &mut [f32]) {
    let width = norm.gain.len();
    let mut greatest = vec![0.0; width];
    for (y, x) in y.chunks_exact((width * norm.pieces).max(1)).zip(x.chunks_exact_mut(width.max(1))) {
        greatest.copy_from_slice(&y[..width]);
        for piece in y.chunks_exact(width).skip(1) {
            for (greatest, &number) in greatest.iter_mut().zip(piece) {
                *greatest = if number > *greatest { number } else { *greatest };
            }
        }
        let mean = sum(&greatest, |number| number) / width as f32;
        let variance = sum(&greatest, |number| (number - mean) * (number - mean)) / width as f32;
        let scale = 1.0 / (variance + EPSILON).sqrt();
        for (((x, &number), gain), bias) in x.iter_mut().zip(&greatest).zip(&norm.gain).zip(&norm.bias) {
            *x += (number - mean) * scale * gain + bias;
        }
    }
}

#[inline(always)]
fn sum(numbers: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0f32; LANES];
    let (blocks, rest) = numbers.as_chunks::<LANES>();
    for block in blocks {
        for (lane, &number) in lanes.iter_mut().zip(block) {
            *lane += term(number);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|&number| term(number)).sum::<f32>()
}

#[inline(always)]
fn add_three([a, b, c]: [&[f32]; 3], y: &mut [f32]) {
    for (((y, a), b), c) in y.iter_mut().zip(a).zip(b).zip(c) {
        *y = a + b + c;
    }
}

#[inline(always)]
fn maxout_sum(features: &[&[f32]], bias: &[f32], hidden: &mut [f32]) {
    let half = hidden.len();
    for (block, hidden) in hidden.chunks_mut(LANES).enumerate() {
        let mut sums = [[0.0f32; LANES]; 2];
        for (piece, sum) in sums.iter_mut().enumerate() {
            let place = piece * half + block * LANES;
            let place = place..place + hidden.len();
            sum[..hidden.len()].copy_from_slice(&bias[place.clone()]);
            for feature in features {
                for (sum, number) in sum.iter_mut().zip(&feature[place.clone()]) {
                    *sum += number;
                }
            }
        }
        for ((hidden, &a), &b) in hidden.iter_mut().zip(&sums[0]).zip(&sums[1]) {
            *hidden = if b > a { b } else { a };
        }
    }
}

#[inline(always)]
fn greatest(numbers: &[f32], mask: &[f32]) -> Option<usize> {
    let mut best = f32::NEG_INFINITY;
    for (number, mask) in numbers.iter().zip(mask) {
        let number = number + mask;
        best = if number > best { number } else { best };
    }
    match best == f32::NEG_INFINITY {
        true => None,
        false => numbers.iter().zip(mask).position(|(number, mask)| number + mask == best),
    }
}

/// The same safe code, compiled for wider instructions.
macro_rules! compiled_for {
    ($features:literal: $($name:ident = $body:ident($($argument:ident: $kind:ty),*) $(-> $result:ty)?;)*) => {$(
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = $features)]
        unsafe fn $name($($argument: $kind),*) $(-> $result)? {
            $body($($argument),*)
        }
    )*};
}

compiled_for! { "avx2,fma":
    add_normalised_avx2 = add_normalised(norm: &Norm, y: &[f32], x: &mut [f32]);
    add_three_avx2 = add_three(terms: [&[f32]; 3], y: &mut [f32]);
    maxout_sum_avx2 = maxout_sum(features: &[&[f32]], bias: &[f32], hidden: &mut [f32]);
    greatest_avx2 = greatest(numbers: &[f32], mask: &[f32]) -> Option<usize>;
}

compiled_for! { "avx512f,avx2,fma":
    add_normalised_avx512 = add_normalised(norm: &Norm, y: &[f32], x: &mut [f32]);
    add_three_avx512 = add_three(terms: [&[f32]; 3], y: &mut [f32]);
    maxout_sum_avx512 = maxout_sum(features: &[&[f32]], bias: &[f32], hidden: &mut [f32]);
    greatest_avx512 = greatest(numbers: &[f32], mask: &[f32]) -> Option<usize>;
}
