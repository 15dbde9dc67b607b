//! How loops over lanes are compiled for the instructions of each kernel.

/// For each loop over any [`Lanes`](super::Lanes), the function of its name that `dispatch!` calls in `portable`, `avx2` and
/// `avx512`. Types of the file at hand are named from a module in it: `super::Type`.
macro_rules! compile_loops {
    (@each $lanes:ty, [$($attribute:tt)*],) => {};
    (@each $lanes:ty, [$($attribute:tt)*],
        $name:ident $(<$of:ident: $bound:path>)? ($($argument:ident: $type:ty),*); $($rest:tt)*) => {
        $($attribute)*
        pub(super) unsafe fn $name$(<$of: $bound>)?($($argument: $type),*) {
            // SAFETY: the caller's.
            unsafe { super::$name::<$lanes $(, $of)?>($($argument),*) }
        }
        compile_loops! { @each $lanes, [$($attribute)*], $($rest)* }
    };
    ($($loops:tt)*) => {
        mod portable {
            compile_loops! { @each [f32; $crate::packed::PANEL], [], $($loops)* }
        }
        #[cfg(target_arch = "x86_64")]
        mod avx2 {
            compile_loops! { @each $crate::kernel::Avx2, [#[target_feature(enable = "avx2,fma")]], $($loops)* }
        }
        #[cfg(target_arch = "x86_64")]
        mod avx512 {
            compile_loops! {
                @each $crate::kernel::Avx512,
                [#[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")]],
                $($loops)*
            }
        }
    };
}
