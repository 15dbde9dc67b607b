//! Sums of rows, number by number.

use super::{Kernel, Lanes};
use crate::packed::PANEL;

impl Kernel {
    /// `y = a + b + c`, the greatest of the pieces of each number: terms have whole pieces as long as `y`, a multiple of
    /// sixteen, one after the other.
    pub(crate) fn add_three(self, terms: [&[f32]; 3], y: &mut [f32]) {
        check_pieces(terms, y);
        dispatch!(self, add_three(terms, y));
    }

    /// Has the processor fetch numbers that will soon be added: they come from far.
    #[inline]
    #[cfg_attr(not(target_arch = "x86_64"), expect(unused_variables, reason = "others fetch by themselves"))]
    pub(crate) fn fetch<T>(self, numbers: &[T]) {
        #[cfg(target_arch = "x86_64")]
        for line in numbers.chunks(size_of::<crate::packed::Line>() / size_of::<T>()) {
            // SAFETY: any address may be fetched, and every such machine has the instruction.
            unsafe { super::x86::_mm_prefetch::<{ super::x86::_MM_HINT_T0 }>(line.as_ptr().cast()) };
        }
    }

    /// Adds terms to `y` in turn, all of the same length, a multiple of sixteen.
    pub(crate) fn add_up(self, terms: &[&[f32]], y: &mut [f32]) {
        assert!(y.len().is_multiple_of(PANEL) && terms.iter().all(|term| term.len() == y.len()));
        dispatch!(self, add_up(terms, y));
    }

    /// The same with terms in half precision.
    pub(crate) fn add_up_halves(self, terms: &[&[u16]], y: &mut [f32]) {
        assert!(y.len().is_multiple_of(PANEL) && terms.iter().all(|term| term.len() == y.len()));
        dispatch!(self, add_up_halves(terms, y));
    }

    /// `y = (a + b + c) · step`, in the same way, of numbers in fixed point, of which three add up within sixteen bits; steps are
    /// positive.
    pub(crate) fn add_three_fixed(self, terms: [&[i16]; 3], step: f32, y: &mut [f32]) {
        check_pieces(terms, y);
        dispatch!(self, add_three_fixed(terms, step, y));
    }
}

/// Panics unless the terms are as long as each other, and have whole pieces as long as `y`: whole lanes.
fn check_pieces<T>(terms: [&[T]; 3], y: &[f32]) {
    let length = terms[0].len();
    assert!(!y.is_empty() && y.len().is_multiple_of(PANEL) && length > 0 && length.is_multiple_of(y.len()));
    assert!(terms.iter().all(|term| term.len() == length), "terms are as long as each other");
}

#[inline(always)]
unsafe fn add_three<L: Lanes>(terms: [&[f32]; 3], y: &mut [f32]) {
    let (length, width) = (terms[0].len(), y.len());
    for at in (0..width).step_by(PANEL) {
        // SAFETY: all have whole lanes, and terms have whole pieces.
        unsafe {
            let mut greatest = three::<L>(terms, at);
            for piece in (width..length).step_by(width) {
                greatest = three::<L>(terms, piece + at).max(greatest);
            }
            greatest.store(y.as_mut_ptr().add(at));
        }
    }
}

// Written out, here and below: a closure handed to an array's `map` is compiled without the wide instructions.
#[inline(always)]
unsafe fn three<L: Lanes>([a, b, c]: [&[f32]; 3], at: usize) -> L {
    // SAFETY: the caller's.
    unsafe {
        let sum = L::load(a.as_ptr().add(at)).add(L::load(b.as_ptr().add(at)));
        sum.add(L::load(c.as_ptr().add(at)))
    }
}

#[inline(always)]
unsafe fn add_three_fixed<L: Lanes>(terms: [&[i16]; 3], step: f32, y: &mut [f32]) {
    let (length, width) = (terms[0].len(), y.len());
    for at in (0..width).step_by(PANEL) {
        // SAFETY: all have whole lanes, and terms have whole pieces.
        unsafe {
            let mut greatest = three_fixed::<L>(terms, at);
            for piece in (width..length).step_by(width) {
                greatest = L::max_short(three_fixed::<L>(terms, piece + at), greatest);
            }
            L::short_to_floats(greatest).mul(L::splat(step)).store(y.as_mut_ptr().add(at));
        }
    }
}

#[inline(always)]
unsafe fn three_fixed<L: Lanes>([a, b, c]: [&[i16]; 3], at: usize) -> L::Short {
    // SAFETY: the caller's.
    unsafe {
        let pair = L::add_short(L::load_short(a.as_ptr().add(at)), L::load_short(b.as_ptr().add(at)));
        L::add_short(pair, L::load_short(c.as_ptr().add(at)))
    }
}

#[inline(always)]
unsafe fn add_up<L: Lanes>(terms: &[&[f32]], y: &mut [f32]) {
    for at in (0..y.len()).step_by(PANEL) {
        // SAFETY: all have the same number of whole lanes.
        unsafe {
            let mut sum = L::load(y.as_ptr().add(at));
            for term in terms {
                sum = sum.add(L::load(term.as_ptr().add(at)));
            }
            sum.store(y.as_mut_ptr().add(at));
        }
    }
}

#[inline(always)]
unsafe fn add_up_halves<L: Lanes>(terms: &[&[u16]], y: &mut [f32]) {
    for at in (0..y.len()).step_by(PANEL) {
        // SAFETY: all have the same number of whole lanes.
        unsafe {
            let mut sum = L::load(y.as_ptr().add(at));
            for term in terms {
                sum = sum.add(L::load_halves(term.as_ptr().add(at)));
            }
            sum.store(y.as_mut_ptr().add(at));
        }
    }
}

compile_loops! {
    add_three(terms: [&[f32]; 3], y: &mut [f32]);
    add_three_fixed(terms: [&[i16]; 3], step: f32, y: &mut [f32]);
    add_up(terms: &[&[f32]], y: &mut [f32]);
    add_up_halves(terms: &[&[u16]], y: &mut [f32]);
}
