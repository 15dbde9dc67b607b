//! The curves between layers, as quotients of polynomials: the same bits on every machine, many at a time.

/// Hyperbolic tangent: a quotient of polynomials, within 1e-6 everywhere.
#[inline]
pub(super) fn tanh(x: f32) -> f32 {
    const LIMIT: f32 = 7.905_311;
    const UP: [f32; 7] = [
        4.893_524_6e-3,
        6.372_619_3e-4,
        1.485_722_4e-5,
        5.122_297e-8,
        -8.604_672e-11,
        2.000_188e-13,
        -2.760_768_5e-16,
    ];
    const DOWN: [f32; 4] = [4.893_525e-3, 2.268_434_6e-3, 1.185_347e-4, 1.198_258_4e-6];
    let x = x.clamp(-LIMIT, LIMIT);
    let square = x * x;
    // Written out, so that eight lanes are computed at a time: a loop over the terms is not always unrolled.
    let [u0, u1, u2, u3, u4, u5, u6] = UP;
    let up = (((((u6 * square + u5) * square + u4) * square + u3) * square + u2) * square + u1) * square + u0;
    let [d0, d1, d2, d3] = DOWN;
    let down = ((d3 * square + d2) * square + d1) * square + d0;
    x * up / down
}

/// Logistic curve.
#[inline]
pub(super) fn sigmoid(x: f32) -> f32 {
    0.5 + 0.5 * tanh(0.5 * x)
}

/// GELU in its tangent form.
#[inline]
pub(super) fn gelu(x: f32) -> f32 {
    const SCALE: f32 = 0.797_884_6;
    0.5 * x * (1.0 + tanh(SCALE * (x + 0.044_715 * x * x * x)))
}

#[cfg(test)]
mod tests {
    use super::{sigmoid, tanh};

    #[test]
    fn curves_are_close_to_the_exact_ones() {
        for step in -2000..2000 {
            let x = step as f32 * 0.01;
            assert!((f64::from(tanh(x)) - f64::from(x).tanh()).abs() < 1e-6, "tanh of {x}");
            assert!(
                (f64::from(sigmoid(x)) - 1.0 / (1.0 + (-f64::from(x)).exp())).abs() < 1e-6,
                "sigmoid of {x}"
            );
        }
    }
}
