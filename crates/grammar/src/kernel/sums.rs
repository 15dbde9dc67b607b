//! Sums of rows, number by number.

use super::{Kernel, Lanes};
use crate::packed::PANEL;

impl Kernel {
    /// `y = a + b + c`, all of the same length, a multiple of sixteen.
    pub(crate) fn add_three(self, terms: [&[f32]; 3], y: &mut [f32]) {
        assert!(y.len().is_multiple_of(PANEL) && terms.iter().all(|term| term.len() == y.len()));
        dispatch!(self, add_three(terms, y));
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

    /// `y = (a + b + c) · step`, all of the same length, a multiple of sixteen.
    pub(crate) fn add_three_fixed(self, terms: [&[i16]; 3], step: f32, y: &mut [f32]) {
        assert!(y.len().is_multiple_of(PANEL) && terms.iter().all(|term| term.len() == y.len()));
        dispatch!(self, add_three_fixed(terms, step, y));
    }
}

#[inline(always)]
unsafe fn add_three<L: Lanes>([a, b, c]: [&[f32]; 3], y: &mut [f32]) {
    for at in (0..y.len()).step_by(PANEL) {
        // SAFETY: all have the same number of whole lanes.
        unsafe {
            let sum = L::load(a.as_ptr().add(at)).add(L::load(b.as_ptr().add(at)));
            sum.add(L::load(c.as_ptr().add(at))).store(y.as_mut_ptr().add(at));
        }
    }
}

#[inline(always)]
unsafe fn add_three_fixed<L: Lanes>([a, b, c]: [&[i16]; 3], step: f32, y: &mut [f32]) {
    for at in (0..y.len()).step_by(PANEL) {
        // SAFETY: all have the same number of whole lanes.
        unsafe {
            // Written out: a closure handed to an array's `map` is compiled without the wide instructions.
            let pair = L::add_whole(L::load_whole(a.as_ptr().add(at)), L::load_whole(b.as_ptr().add(at)));
            let sum = L::to_floats(L::add_whole(pair, L::load_whole(c.as_ptr().add(at))));
            sum.mul(L::splat(step)).store(y.as_mut_ptr().add(at));
        }
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

/// The loops, compiled for instructions and lanes.
macro_rules! compiled {
    ($name:ident, $lanes:ty, $(#[$attribute:meta])*) => {
        mod $name {
            $(#[$attribute])*
            pub(super) unsafe fn add_three(terms: [&[f32]; 3], y: &mut [f32]) {
                // SAFETY: the caller's.
                unsafe { super::add_three::<$lanes>(terms, y) }
            }
            $(#[$attribute])*
            pub(super) unsafe fn add_three_fixed(terms: [&[i16]; 3], step: f32, y: &mut [f32]) {
                // SAFETY: the caller's.
                unsafe { super::add_three_fixed::<$lanes>(terms, step, y) }
            }
            $(#[$attribute])*
            pub(super) unsafe fn add_up(terms: &[&[f32]], y: &mut [f32]) {
                // SAFETY: the caller's.
                unsafe { super::add_up::<$lanes>(terms, y) }
            }
            $(#[$attribute])*
            pub(super) unsafe fn add_up_halves(terms: &[&[u16]], y: &mut [f32]) {
                // SAFETY: the caller's.
                unsafe { super::add_up_halves::<$lanes>(terms, y) }
            }
        }
    };
}

compiled! { portable, [f32; super::PANEL], }
#[cfg(target_arch = "x86_64")]
compiled! { avx2, super::super::Avx2, #[target_feature(enable = "avx2,fma")] }
#[cfg(target_arch = "x86_64")]
compiled! { avx512, super::super::Avx512, #[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")] }
