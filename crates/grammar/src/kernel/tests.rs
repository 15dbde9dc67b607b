//! The wide loops against the portable ones, and those against their definitions.

use super::Kernel;
use crate::half;
use crate::packed::{Affine, FIXED_MAX, Fixed, FixedRows, Norm, PANEL, Rows};

/// Numbers between -1 and 1 that look arbitrary and are always the same.
fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

fn map(inputs: usize, outputs: usize) -> Affine {
    let weights = numbers(inputs * outputs, 7);
    Affine::pack(inputs, &numbers(outputs, 8), |output, input| weights[output * inputs + input])
}

fn product(kernel: Kernel, map: &Affine, x: &[f32], [stride, count]: [usize; 2]) -> Vec<f32> {
    let mut y = vec![0.0; count * map.outputs];
    kernel.multiply(map, Rows { numbers: x, stride, count }, &mut y);
    y
}

#[test]
fn products_are_those_of_the_portable_twin() {
    for (inputs, outputs) in [(1, 1), (64, 106), (96, 50), (288, 288), (33, 80)] {
        let map = map(inputs, outputs);
        for count in [0, 1, 5, 6, 7, 12, 13, 40] {
            let x = numbers(inputs * count.max(1) + 7, 9);
            let portable = product(Kernel::Portable, &map, &x, [inputs, count]);
            for kernel in Kernel::all() {
                let other = product(kernel, &map, &x, [inputs, count]);
                let close = portable.iter().zip(&other).all(|(a, b)| (a - b).abs() < 1e-4);
                assert!(close, "{kernel:?} {inputs} {outputs} {count}");
            }
        }
    }
}

#[test]
fn a_product_is_what_its_definition_says() {
    let map = Affine::pack(2, &[10.0, 20.0], |output, input| [[1.0, 2.0], [3.0, 4.0]][output][input]);
    for kernel in Kernel::all() {
        let y = product(kernel, &map, &[1.0, 1.0, 0.5], [1, 2]);
        assert_eq!([y[0], y[1], y[PANEL], y[PANEL + 1]], [13.0, 27.0, 12.0, 25.0], "{kernel:?}");
    }
}

#[test]
fn a_row_does_not_depend_on_its_neighbours() {
    let map = map(96, 288);
    let fixed = Fixed::wide(&map);
    let x = numbers(96 * 41, 3);
    for kernel in Kernel::all() {
        let all = product(kernel, &map, &x, [96, 41]);
        let all_fixed = fixed_product(kernel, &fixed, &x, 41);
        for row in 0..41 {
            let x = &x[row * 96..][..96];
            assert_eq!(all[row * 288..][..288], product(kernel, &map, x, [96, 1]), "{kernel:?}");
            assert_eq!(all_fixed[row * 288..][..288], fixed_product(kernel, &fixed, x, 1), "{kernel:?}");
        }
    }
}

fn fixed_product(kernel: Kernel, map: &Fixed, x: &[f32], count: usize) -> Vec<f32> {
    let mut fixed = vec![0; x.len()];
    kernel.round([1.0 / 8000.0, FIXED_MAX], x, &mut fixed);
    let mut y = vec![0.0; count * map.outputs];
    let rows = FixedRows {
        numbers: &fixed,
        stride: map.inputs,
        steps: &vec![1.0 / 8000.0; count],
        are_bytes: false,
    };
    kernel.multiply_fixed(map, rows, &mut y);
    y
}

#[test]
fn fixed_point_is_close_and_the_same_on_every_machine() {
    for (inputs, outputs) in [(16, 1), (64, 1024), (96, 864), (288, 288)] {
        let map = map(inputs, outputs);
        let of_steps = Fixed::of_steps(&map, vec![1.0 / 127.0; map.outputs]);
        for (fixed, error) in [(Fixed::wide(&map), 0.01), (Fixed::narrow(&map), 0.2), (of_steps, 0.2)] {
            for count in [1, 5, 12, 29, 67, 90] {
                let x = numbers(inputs * count, 4);
                let exact = product(Kernel::Portable, &map, &x, [inputs, count]);
                let portable = fixed_product(Kernel::Portable, &fixed, &x, count);
                let close = exact.iter().zip(&portable).all(|(a, b)| (a - b).abs() < error);
                assert!(close, "{inputs} {outputs} {error}");
                for kernel in Kernel::all() {
                    let other = fixed_product(kernel, &fixed, &x, count);
                    assert_eq!(other, portable, "{kernel:?} {inputs} {outputs} {error}");
                }
            }
        }
    }
}

#[test]
fn products_of_bytes_are_those_of_numbers() {
    for (inputs, outputs) in [(16, 1), (96, 384), (192, 96), (1024, 32), (1040, 16)] {
        let map = Fixed::narrow(&map(inputs, outputs));
        for count in [0, 1, 2, 3, 7, 8, 12, 29, 171] {
            let numbers: Vec<i16> =
                (0..inputs * count).map(|place| (place * 7919 % 255) as i16 - 127).collect();
            let steps: Vec<f32> = (1..=count).map(|row| 1e-3 * row as f32).collect();
            let run = |kernel: Kernel, are_bytes: bool| {
                let mut y = vec![7.0; count * map.outputs];
                let x = FixedRows { numbers: &numbers, stride: inputs, steps: &steps, are_bytes };
                kernel.multiply_fixed(&map, x, &mut y);
                y
            };
            let expected = run(Kernel::Portable, false);
            for kernel in Kernel::all() {
                assert_eq!(run(kernel, true), expected, "{kernel:?} {inputs} {outputs} {count}");
            }
        }
    }
}

#[test]
fn rounding_goes_to_the_even_step_and_stops_at_the_greatest() {
    let mut x = vec![0.5, 1.5, -2.5, 1e9, -1e9, f32::NAN, f32::INFINITY];
    x.resize(PANEL, 0.0);
    for kernel in Kernel::all() {
        let mut fixed = vec![0; PANEL];
        kernel.round([1.0, FIXED_MAX], &x, &mut fixed);
        assert_eq!(fixed[..7], [0, 2, -2, 8191, -8191, -8191, 8191], "{kernel:?}");
        kernel.round([1.0, 100.0], &x, &mut fixed);
        assert_eq!(fixed[..7], [0, 2, -2, 100, -100, -100, 100], "{kernel:?}");
    }
}

#[test]
fn what_follows_a_product_is_the_same_in_every_kernel() {
    for (width, pieces) in [(16, 1), (96, 3), (128, 2)] {
        let norm = Norm { gain: numbers(width, 1), bias: numbers(width, 2) };
        let products = numbers(width * pieces * 5, 3);
        let start = numbers(width * 5, 4);
        let run = |kernel: Kernel| {
            let (mut x, mut y) = (start.clone(), vec![0.0; width * 5]);
            kernel.greatest_pieces(pieces, &products, (&mut y, width));
            kernel.add_normalised(&norm, &y, &mut x);
            x
        };
        for kernel in Kernel::all() {
            assert_eq!(run(kernel), run(Kernel::Portable), "{kernel:?} {width} {pieces}");
        }
    }
    let norm = Norm { gain: vec![1.0; 16], bias: vec![0.0; 16] };
    let mut x = vec![0.0; 16];
    let y: Vec<f32> = (0..16).map(|lane| if lane % 2 == 0 { 3.0 } else { 5.0 }).collect();
    Kernel::Portable.add_normalised(&norm, &y, &mut x);
    assert_eq!(x[..2], [-1.0, 1.0]);
}

#[test]
fn sums_are_the_same_in_every_kernel() {
    let features = [numbers(128, 1), numbers(128, 2), numbers(128, 3)];
    let features: Vec<&[f32]> = features.iter().map(Vec::as_slice).collect();
    let run = |kernel: Kernel| {
        let mut sum = vec![0.0; 128];
        kernel.add_three([features[0], features[1], features[2]], &mut sum);
        // Of two pieces, one after the other.
        let mut greatest = vec![0.0; 64];
        kernel.add_three([features[0], features[1], features[2]], &mut greatest);
        for (at, &number) in greatest.iter().enumerate() {
            assert_eq!(number, sum[at].max(sum[64 + at]), "{kernel:?} {at}");
        }
        let fixed: Vec<i16> = (0..128).map(|i| i * 125 - 8_000).collect();
        let mut of_fixed = vec![0.0; 128];
        kernel.add_three_fixed([&fixed, &fixed, &fixed], 0.5, &mut of_fixed);
        assert_eq!(of_fixed[..2], [-12_000.0, -11_812.5], "{kernel:?}");
        kernel.add_three_fixed([&fixed, &fixed, &fixed], 0.5, &mut greatest);
        assert_eq!(greatest, of_fixed[64..], "{kernel:?}");
        (sum, of_fixed)
    };
    for kernel in Kernel::all() {
        assert_eq!(run(kernel), run(Kernel::Portable), "{kernel:?}");
    }
}

#[test]
fn terms_are_added_in_turn_and_halves_are_exact_in_every_kernel() {
    let terms = [numbers(48, 1), numbers(48, 2)];
    let terms: Vec<&[f32]> = terms.iter().map(Vec::as_slice).collect();
    // Of every size that a half can have, subnormal and infinite ones among them.
    let halves: Vec<u16> = (0..48).map(|place| place * 1_327).collect();
    for kernel in Kernel::all() {
        let mut y = numbers(48, 3);
        kernel.add_up(&terms, &mut y);
        let mut of_halves = vec![0.0; 48];
        kernel.add_up_halves(&[&halves], &mut of_halves);
        for at in 0..48 {
            assert_eq!(y[at], (numbers(48, 3)[at] + terms[0][at]) + terms[1][at], "{kernel:?}");
            let expected = half::to_f32(halves[at]);
            assert!(
                of_halves[at] == expected || expected.is_nan() && of_halves[at].is_nan(),
                "{kernel:?} {at}"
            );
        }
    }
}

#[test]
fn the_first_of_the_greatest_is_found() {
    let mut numbers = vec![0.0; 48];
    (numbers[5], numbers[40], numbers[41]) = (3.0, 7.0, 7.0);
    let open = vec![0.0; 48];
    let mut mask = open.clone();
    (mask[40], mask[41]) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
    for kernel in Kernel::all() {
        assert_eq!(kernel.greatest(&numbers, &open), Some(40), "{kernel:?}");
        assert_eq!(kernel.greatest(&numbers, &mask), Some(5), "{kernel:?}");
        assert_eq!(kernel.greatest(&numbers, &[f32::NEG_INFINITY; 48]), None, "{kernel:?}");
        assert_eq!(kernel.greatest(&[f32::NAN; 16], &[0.0; 16]), None, "{kernel:?}");
    }
}
