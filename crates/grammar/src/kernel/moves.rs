//! The next move of a transition system, in whole numbers from the tokens in focus to the scores.

use super::Kernel;
use super::fixed::Sums;
#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512, x86};
use crate::packed::{LINE, Line, PANEL};
use crate::weights::Linear;

impl Line {
    /// The numbers of lines, one after the other.
    pub(crate) fn numbers(lines: &mut [Line]) -> &mut [i16] {
        // SAFETY: a line is so many numbers and nothing else.
        unsafe { std::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), lines.len() * LINE) }
    }
}

/// Weights of scores stay within this.
const WEIGHT_MAX: f32 = 16_000.0;

/// What is allowed to a move that may be taken, and to one that may not: the greatest score and the least.
pub(crate) const ALLOWED: i32 = i32::MAX;
pub(crate) const FORBIDDEN: i32 = i32::MIN;

/// A hidden layer of two pieces, and the scores of moves over it, in whole numbers.
#[derive(Clone, Debug)]
pub(crate) struct Moves {
    /// The hidden layer's.
    bias: Vec<Line>,
    /// Two inputs by two, panel by panel, the two weights of each score.
    weights: Vec<Line>,
    /// The scores' own.
    score_bias: Vec<i32>,
    /// A score's low bits give way to this: the more, the earlier the move. So the greatest score tells whose it is.
    ranks: Vec<i32>,
}

impl Moves {
    /// Rounds the scores' map. The hidden layer's numbers, and its bias, are whole numbers of this step; even if all were
    /// as great as can be, a score would stay within 32 bits.
    pub(crate) fn new(bias: Vec<Line>, step: f32, upper: &Linear) -> Moves {
        let (inputs, count) = (upper.inputs, upper.bias.len().next_multiple_of(PANEL));
        assert!(bias.len() * PANEL == inputs, "the layer is of whole panels");
        let hidden_max = -f32::from(i16::MIN);
        // Rounding may make each weight greater by half a step, and the bias as well.
        let room = i32::MAX as f32 / hidden_max - inputs as f32;
        let mut score_step = f32::MIN_POSITIVE;
        for (row, bias) in upper.weights.chunks_exact(inputs).zip(&upper.bias) {
            let greatest = row.iter().fold(0.0f32, |most, weight| most.max(weight.abs()));
            let score_max =
                row.iter().map(|weight| weight.abs()).sum::<f32>() + bias.abs() / (step * hidden_max);
            score_step = score_step.max(score_max / room).max(greatest / WEIGHT_MAX);
        }
        let mut weights = vec![Line::default(); inputs * count / LINE];
        for (number, row) in upper.weights.chunks_exact(inputs).enumerate() {
            let (panel, lane) = (number / PANEL, number % PANEL);
            for (input, weight) in row.iter().enumerate() {
                let line = &mut weights[input / 2 * (count / PANEL) + panel];
                line.0[lane * 2 + input % 2] = (weight / score_step).round_ties_even() as i16;
            }
        }
        let whole = |bias: &f32| (bias / (score_step * step)).round_ties_even() as i32;
        let mut score_bias: Vec<i32> = upper.bias.iter().map(whole).collect();
        score_bias.resize(count, 0);
        let ranks = (0..count.next_power_of_two() as i32).rev().take(count).collect();
        Moves { bias, weights, score_bias, ranks }
    }

    /// Number of scores: of moves, rounded up to whole panels.
    pub(crate) fn score_count(&self) -> usize {
        self.ranks.len()
    }

    /// Size of the hidden layer.
    pub(crate) fn hidden(&self) -> usize {
        self.bias.len() * PANEL
    }

    /// The low bits of a score that give way to its rank.
    fn low_bits(&self) -> i32 {
        self.ranks[0]
    }
}

/// What a state shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Focus<'a> {
    /// What the tokens in focus add to the hidden layer: each as many lines as the bias.
    pub(crate) features: &'a [&'a [Line]],
    /// Of each score, whether its move may be taken.
    pub(crate) allowed: &'a [i32],
}

impl Kernel {
    /// For each state, the move with the greatest score, the first of equals, among those that are [`ALLOWED`]; `None` if all
    /// are [`FORBIDDEN`]. `hidden` is as long as the hidden layers of all states.
    pub(crate) fn best_moves<const ROWS: usize>(
        self,
        moves: &Moves,
        rows: [Focus<'_>; ROWS],
        hidden: &mut [i16],
    ) -> [Option<usize>; ROWS] {
        for Focus { features, allowed } in rows {
            assert!(features.iter().all(|feature| feature.len() == moves.bias.len()), "as long as the bias");
            assert!(allowed.len() == moves.score_count(), "as many as there are scores");
        }
        assert!(hidden.len() == ROWS * moves.hidden(), "as long as the hidden layers");
        let best = dispatch!(self, best_moves(moves, rows, hidden));
        let low_bits = moves.low_bits();
        best.map(|best| (best != FORBIDDEN).then(|| (low_bits - (best & low_bits)) as usize))
    }
}

/// What lanes do beside here.
///
/// # Safety
/// As [`Sums`] asks; at each address lie a line, a panel's hidden numbers, or sixteen whole numbers.
trait Choose: Sums {
    /// A panel's pieces.
    type Pieces: Copy;
    unsafe fn load_pieces(from: *const Line) -> Self::Pieces;
    /// Sums that stop at the greatest and the least number of sixteen bits.
    unsafe fn add_pieces(a: Self::Pieces, b: Self::Pieces) -> Self::Pieces;
    /// Stores the greater of each two pieces.
    unsafe fn store_greater(pieces: Self::Pieces, to: *mut i16);
    unsafe fn splat_whole(number: i32) -> Self::Whole;
    unsafe fn load_numbers(from: *const i32) -> Self::Whole;
    /// `number`, its bits under `mask` given way to those of `other`.
    unsafe fn with_bits(number: Self::Whole, mask: Self::Whole, other: Self::Whole) -> Self::Whole;
    unsafe fn lesser(a: Self::Whole, b: Self::Whole) -> Self::Whole;
    unsafe fn greater(a: Self::Whole, b: Self::Whole) -> Self::Whole;
    /// The greatest lane.
    unsafe fn greatest(whole: Self::Whole) -> i32;
}

/// The greatest score of each row and the rank in it; `MOST` panels at most stay in registers together.
#[inline(always)]
unsafe fn best_moves<L: Choose, const MOST: usize, const ROWS: usize>(
    moves: &Moves,
    rows: [Focus<'_>; ROWS],
    hidden: &mut [i16],
) -> [i32; ROWS] {
    // SAFETY: the features and the bias have a line for each panel of a row's hidden layer, and all that is of scores has as
    // many whole panels.
    unsafe {
        let mut to = hidden.as_mut_ptr();
        for Focus { features, .. } in rows {
            for (panel, bias) in moves.bias.iter().enumerate() {
                let mut sum = L::load_pieces(bias);
                for feature in features {
                    sum = L::add_pieces(sum, L::load_pieces(feature.as_ptr().add(panel)));
                }
                L::store_greater(sum, to);
                to = to.add(PANEL);
            }
        }
        let mut best = [L::splat_whole(FORBIDDEN); ROWS];
        let panels = moves.score_count() / PANEL;
        for first in (0..panels).step_by(MOST) {
            match (panels - first).min(MOST) {
                0 | 1 => block::<L, 1, ROWS>(moves, (rows, hidden), first, &mut best),
                2 => block::<L, 2, ROWS>(moves, (rows, hidden), first, &mut best),
                3 => block::<L, 3, ROWS>(moves, (rows, hidden), first, &mut best),
                4 => block::<L, 4, ROWS>(moves, (rows, hidden), first, &mut best),
                5 => block::<L, 5, ROWS>(moves, (rows, hidden), first, &mut best),
                6 => block::<L, 6, ROWS>(moves, (rows, hidden), first, &mut best),
                7 => block::<L, 7, ROWS>(moves, (rows, hidden), first, &mut best),
                8.. => block::<L, 8, ROWS>(moves, (rows, hidden), first, &mut best),
            }
        }
        let mut greatest = [FORBIDDEN; ROWS];
        for (greatest, best) in greatest.iter_mut().zip(best) {
            *greatest = L::greatest(best);
        }
        greatest
    }
}

/// Compares the scores of so many panels from the first on with the best ones, lane by lane.
#[inline(always)]
unsafe fn block<L: Choose, const PANELS: usize, const ROWS: usize>(
    moves: &Moves,
    (rows, hidden): ([Focus<'_>; ROWS], &[i16]),
    first: usize,
    best: &mut [L::Whole; ROWS],
) {
    // SAFETY: see `best_moves`.
    unsafe {
        let (width, panels) = (moves.hidden(), moves.score_count() / PANEL);
        let mut sums = [[L::zero(); PANELS]; ROWS];
        for pair in 0..width / 2 {
            let weights = moves.weights.as_ptr().add(pair * panels + first);
            for (row, sums) in sums.iter_mut().enumerate() {
                let pair = hidden.as_ptr().add(row * width + 2 * pair).cast::<i32>().read_unaligned();
                for (panel, sum) in sums.iter_mut().enumerate() {
                    *sum = L::add_products(*sum, pair, L::load_weights(weights.add(panel)));
                }
            }
        }
        let low_bits = L::splat_whole(moves.low_bits());
        for (row, (best, sums)) in best.iter_mut().zip(sums).enumerate() {
            for (panel, sum) in sums.into_iter().enumerate() {
                let at = (first + panel) * PANEL;
                let score = L::add_whole(sum, L::load_numbers(moves.score_bias.as_ptr().add(at)));
                let ranked = L::with_bits(score, low_bits, L::load_numbers(moves.ranks.as_ptr().add(at)));
                let allowed = L::load_numbers(rows[row].allowed.as_ptr().add(at));
                *best = L::greater(*best, L::lesser(ranked, allowed));
            }
        }
    }
}

impl Choose for [f32; PANEL] {
    type Pieces = [i16; LINE];

    #[inline(always)]
    unsafe fn load_pieces(from: *const Line) -> Self::Pieces {
        // SAFETY: the caller's.
        unsafe { (*from).0 }
    }
    #[inline(always)]
    unsafe fn add_pieces(a: Self::Pieces, b: Self::Pieces) -> Self::Pieces {
        std::array::from_fn(|lane| a[lane].saturating_add(b[lane]))
    }
    #[inline(always)]
    unsafe fn store_greater(pieces: Self::Pieces, to: *mut i16) {
        let greater: [i16; PANEL] = std::array::from_fn(|lane| pieces[lane].max(pieces[lane + PANEL]));
        // SAFETY: the caller's.
        unsafe { to.cast::<[i16; PANEL]>().write_unaligned(greater) }
    }
    #[inline(always)]
    unsafe fn splat_whole(number: i32) -> Self::Whole {
        [number; PANEL]
    }
    #[inline(always)]
    unsafe fn load_numbers(from: *const i32) -> Self::Whole {
        // SAFETY: the caller's.
        unsafe { from.cast::<Self::Whole>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn with_bits(number: Self::Whole, mask: Self::Whole, other: Self::Whole) -> Self::Whole {
        std::array::from_fn(|lane| number[lane] & !mask[lane] | other[lane])
    }
    #[inline(always)]
    unsafe fn lesser(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        std::array::from_fn(|lane| a[lane].min(b[lane]))
    }
    #[inline(always)]
    unsafe fn greater(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        std::array::from_fn(|lane| a[lane].max(b[lane]))
    }
    #[inline(always)]
    unsafe fn greatest(whole: Self::Whole) -> i32 {
        whole.into_iter().fold(FORBIDDEN, i32::max)
    }
}

// SAFETY: in all methods, the caller's.
#[cfg(target_arch = "x86_64")]
impl Choose for Avx2 {
    type Pieces = (x86::__m256i, x86::__m256i);

    #[inline(always)]
    unsafe fn load_pieces(from: *const Line) -> Self::Pieces {
        let halves = from.cast::<x86::__m256i>();
        unsafe { (x86::_mm256_load_si256(halves), x86::_mm256_load_si256(halves.add(1))) }
    }
    #[inline(always)]
    unsafe fn add_pieces(a: Self::Pieces, b: Self::Pieces) -> Self::Pieces {
        unsafe { (x86::_mm256_adds_epi16(a.0, b.0), x86::_mm256_adds_epi16(a.1, b.1)) }
    }
    #[inline(always)]
    unsafe fn store_greater(pieces: Self::Pieces, to: *mut i16) {
        unsafe { x86::_mm256_storeu_si256(to.cast(), x86::_mm256_max_epi16(pieces.0, pieces.1)) }
    }
    #[inline(always)]
    unsafe fn splat_whole(number: i32) -> Self::Whole {
        unsafe { (x86::_mm256_set1_epi32(number), x86::_mm256_set1_epi32(number)) }
    }
    #[inline(always)]
    unsafe fn load_numbers(from: *const i32) -> Self::Whole {
        unsafe { (x86::_mm256_loadu_si256(from.cast()), x86::_mm256_loadu_si256(from.add(8).cast())) }
    }
    #[inline(always)]
    unsafe fn with_bits(number: Self::Whole, mask: Self::Whole, other: Self::Whole) -> Self::Whole {
        unsafe {
            let (low, high) =
                (x86::_mm256_andnot_si256(mask.0, number.0), x86::_mm256_andnot_si256(mask.1, number.1));
            (x86::_mm256_or_si256(low, other.0), x86::_mm256_or_si256(high, other.1))
        }
    }
    #[inline(always)]
    unsafe fn lesser(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { (x86::_mm256_min_epi32(a.0, b.0), x86::_mm256_min_epi32(a.1, b.1)) }
    }
    #[inline(always)]
    unsafe fn greater(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { (x86::_mm256_max_epi32(a.0, b.0), x86::_mm256_max_epi32(a.1, b.1)) }
    }
    #[inline(always)]
    unsafe fn greatest(whole: Self::Whole) -> i32 {
        unsafe {
            let eight = x86::_mm256_max_epi32(whole.0, whole.1);
            let four = x86::_mm_max_epi32(
                x86::_mm256_castsi256_si128(eight),
                x86::_mm256_extracti128_si256::<1>(eight),
            );
            let two = x86::_mm_max_epi32(four, x86::_mm_shuffle_epi32::<0b00_00_11_10>(four));
            let one = x86::_mm_max_epi32(two, x86::_mm_shuffle_epi32::<0b00_00_00_01>(two));
            x86::_mm_cvtsi128_si32(one)
        }
    }
}

// SAFETY: in all methods, the caller's.
#[cfg(target_arch = "x86_64")]
impl Choose for Avx512 {
    type Pieces = x86::__m512i;

    #[inline(always)]
    unsafe fn load_pieces(from: *const Line) -> Self::Pieces {
        unsafe { x86::_mm512_load_si512(from.cast()) }
    }
    #[inline(always)]
    unsafe fn add_pieces(a: Self::Pieces, b: Self::Pieces) -> Self::Pieces {
        unsafe { x86::_mm512_adds_epi16(a, b) }
    }
    #[inline(always)]
    unsafe fn store_greater(pieces: Self::Pieces, to: *mut i16) {
        unsafe {
            let (first, second) =
                (x86::_mm512_castsi512_si256(pieces), x86::_mm512_extracti64x4_epi64::<1>(pieces));
            x86::_mm256_storeu_si256(to.cast(), x86::_mm256_max_epi16(first, second));
        }
    }
    #[inline(always)]
    unsafe fn splat_whole(number: i32) -> Self::Whole {
        unsafe { x86::_mm512_set1_epi32(number) }
    }
    #[inline(always)]
    unsafe fn load_numbers(from: *const i32) -> Self::Whole {
        unsafe { x86::_mm512_loadu_si512(from.cast()) }
    }
    #[inline(always)]
    unsafe fn with_bits(number: Self::Whole, mask: Self::Whole, other: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_or_si512(x86::_mm512_andnot_si512(mask, number), other) }
    }
    #[inline(always)]
    unsafe fn lesser(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_min_epi32(a, b) }
    }
    #[inline(always)]
    unsafe fn greater(a: Self::Whole, b: Self::Whole) -> Self::Whole {
        unsafe { x86::_mm512_max_epi32(a, b) }
    }
    #[inline(always)]
    unsafe fn greatest(whole: Self::Whole) -> i32 {
        unsafe { x86::_mm512_reduce_max_epi32(whole) }
    }
}

/// The loops, compiled for instructions and lanes.
macro_rules! compiled {
    ($name:ident, $lanes:ty, $most:literal, $(#[$attribute:meta])*) => {
        mod $name {
            $(#[$attribute])*
            pub(super) unsafe fn best_moves<const ROWS: usize>(
                moves: &super::Moves,
                rows: [super::Focus<'_>; ROWS],
                hidden: &mut [i16],
            ) -> [i32; ROWS] {
                // SAFETY: the caller's.
                unsafe { super::best_moves::<$lanes, $most, ROWS>(moves, rows, hidden) }
            }
        }
    };
}

compiled! { portable, [f32; super::PANEL], 1, }
#[cfg(target_arch = "x86_64")]
compiled! { avx2, super::Avx2, 2, #[target_feature(enable = "avx2,fma")] }
#[cfg(target_arch = "x86_64")]
compiled! { avx512, super::Avx512, 8, #[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")] }

#[cfg(test)]
mod tests {
    use super::{ALLOWED, FORBIDDEN, Focus, Kernel, LINE, Line, Moves};
    use crate::weights::Linear;

    /// Sixteen hidden numbers; score `i` is that of hidden number `i % 16`, and one more from the third panel on.
    fn moves() -> Moves {
        let bias: Vec<f32> = (0..150).map(|output| if output < 32 { 0.0 } else { 1.0 }).collect();
        let weights = (0..150 * 16).map(|place| if place / 16 % 16 == place % 16 { 1.0 } else { 0.0 });
        Moves::new(vec![Line([10; LINE])], 0.5, &Linear { inputs: 16, weights: weights.collect(), bias })
    }

    #[test]
    fn the_first_of_the_greatest_that_are_allowed_is_found_in_every_kernel() {
        let moves = moves();
        let (mut one, mut other) = ([Line::default()], [Line::default()]);
        (one[0].0[5], other[0].0[5], one[0].0[16 + 9]) = (300, -100, 150);
        let mut allowed = vec![ALLOWED; 160];
        allowed[150..].fill(FORBIDDEN);
        for kernel in Kernel::all() {
            let run = |features: &[&[Line]], allowed: &[i32]| {
                let (mut hidden, mut beside) = ([0; 16], [0; 32]);
                let focus = Focus { features, allowed };
                let [best] = kernel.best_moves(&moves, [focus], &mut hidden);
                let rows = [Focus { features: &[], allowed }, focus];
                assert_eq!(
                    kernel.best_moves(&moves, rows, &mut beside)[1],
                    best,
                    "{kernel:?}: beside another"
                );
                best.map(|best| (best, hidden))
            };
            let (best, hidden) = run(&[&one, &other], &allowed).unwrap();
            assert_eq!((best, hidden[4], hidden[5], hidden[9]), (37, 10, 210, 160), "{kernel:?}");
            let mut few = allowed.clone();
            few.iter_mut().enumerate().for_each(|(at, few)| {
                if at % 16 == 5 {
                    *few = FORBIDDEN
                }
            });
            assert_eq!(run(&[&one, &other], &few).unwrap().0, 41, "{kernel:?}");
            few[32..].fill(FORBIDDEN);
            assert_eq!(run(&[&one, &other], &few).unwrap().0, 9, "{kernel:?}");
            assert_eq!(run(&[&one], &[FORBIDDEN; 160]), None, "{kernel:?}");
            one[0].0[5] = i16::MAX;
            assert_eq!(run(&[&one, &one], &allowed).unwrap().1[5], i16::MAX, "{kernel:?}");
            one[0].0[5] = 300;
        }
    }
}
