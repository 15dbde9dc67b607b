//! Layers whose outputs are the greatest of several pieces each: pieces of all outputs stand side by side, one piece's after the
//! other's.

use super::fixed::{Floats, Product};
use super::{Kernel, Lanes};
use crate::packed::{Fixed, FixedRows, PANEL};

impl Kernel {
    /// The greatest of the pieces of each output, of which a row has so many: whole lanes.
    pub(crate) fn greatest_pieces(self, pieces: usize, products: &[f32], (y, width): (&mut [f32], usize)) {
        assert!(width > 0 && width.is_multiple_of(PANEL) && y.len().is_multiple_of(width), "whole lanes");
        assert!(pieces > 0 && products.len() == y.len() * pieces, "rows for rows");
        dispatch!(self, greatest_pieces([pieces, width], products, y));
    }

    /// Applies `map` to each row and keeps the greatest of the pieces of each output, of which there are whole lanes.
    pub(crate) fn multiply_pieces(self, (map, pieces): (&Fixed, usize), x: FixedRows<'_>, y: &mut [f32]) {
        let width = map.outputs / pieces;
        assert!(width.is_multiple_of(PANEL) && width * pieces == map.outputs, "whole lanes of each piece");
        map.check(x, y.len() * pieces);
        // SAFETY: there is room for all rows.
        unsafe { self.products(Product { map, pieces, x, to: Floats(y.as_mut_ptr()) }) };
    }
}

#[inline(always)]
unsafe fn greatest_pieces<L: Lanes>([pieces, width]: [usize; 2], products: &[f32], y: &mut [f32]) {
    for (products, y) in products.chunks_exact(width * pieces).zip(y.chunks_exact_mut(width)) {
        for at in (0..width).step_by(PANEL) {
            // SAFETY: all have whole lanes, and `products` as many rows of them as there are pieces.
            unsafe {
                let mut greatest = L::load(products.as_ptr().add(at));
                for piece in 1..pieces {
                    greatest = L::load(products.as_ptr().add(piece * width + at)).max(greatest);
                }
                greatest.store(y.as_mut_ptr().add(at));
            }
        }
    }
}

compile_loops! {
    greatest_pieces(sizes: [usize; 2], products: &[f32], y: &mut [f32]);
}

#[cfg(test)]
mod tests {
    use super::Kernel;
    use crate::packed::{Affine, Fixed, FixedRows, Norm, WindowParts};

    #[test]
    fn the_greatest_piece_is_kept_in_every_kernel() {
        let weight = |output: usize, input: usize| ((output * 31 + input * 17) % 29) as f32 / 29.0 - 0.5;
        let sizes =
            [(16, 1, 32), (48, 3, 80), (32, 2, 96), (16, 3, 16), (16, 1, 1008), (16, 2, 1024), (16, 1, 1040)];
        for (width, pieces, inputs) in sizes {
            let map = Affine::pack(inputs, &vec![0.25; width * pieces], weight);
            for map in [Fixed::wide(&map), Fixed::narrow(&map)] {
                for count in [0, 1, 2, 7, 16, 21, 70] {
                    let numbers: Vec<i16> =
                        (0..count * inputs).map(|place| (place * 7919 % 16_383) as i16 - 8191).collect();
                    let steps = vec![1e-4; count];
                    let x = FixedRows { numbers: &numbers, stride: inputs, steps: &steps, are_bytes: false };
                    let mut products = vec![0.0; count * width * pieces];
                    Kernel::Portable.multiply_fixed(&map, x, &mut products);
                    let greatest = |at: usize| {
                        let (row, output) = (at / width, at % width);
                        let piece = |piece: usize| products[(row * pieces + piece) * width + output];
                        (0..pieces).map(piece).fold(f32::NEG_INFINITY, f32::max)
                    };
                    let expected: Vec<f32> = (0..count * width).map(greatest).collect();
                    for kernel in Kernel::all() {
                        let mut y = vec![7.0; count * width];
                        kernel.multiply_pieces((&map, pieces), x, &mut y);
                        assert_eq!(y, expected, "{kernel:?} {width} {pieces} {inputs} {count}");
                    }
                }
            }
        }
    }

    #[test]
    fn windows_four_by_four_are_those_one_by_one() {
        let weight = |output: usize, input: usize| ((output * 31 + input * 17) % 29) as f32 / 29.0 - 0.5;
        for (width, pieces, part) in [(16, 1, 32), (96, 3, 96), (48, 2, 64), (16, 2, 128)] {
            let map = Affine::pack(3 * part, &vec![0.25; width * pieces], weight);
            // The greatest and the least numbers stand side by side.
            let number = |place: usize| match place % 5 < 2 {
                true => [3276, -3276][place % 2],
                false => (place * 7919 % 6553) as i16 - 3276,
            };
            let numbers: Vec<i16> = (0..80 * part).map(number).collect();
            let square = |&number: &i16| f32::from(number) * f32::from(number);
            let length = |row: &[i16]| row.iter().map(square).sum::<f32>().sqrt();
            let length = numbers.chunks(part).map(length).fold(0.0, f32::max);
            let norm = Norm { gain: vec![length / (part as f32).sqrt(); part], bias: vec![0.0; part] };
            let parts = WindowParts(vec![norm]);
            for map in [Fixed::wide_windows(&map, &parts), Fixed::narrow_windows(&map, &parts)] {
                assert!(!map.windows.is_empty());
                for count in [0, 1, 2, 3, 4, 5, 7, 8, 12, 31, 32, 33, 63, 64, 77] {
                    let steps: Vec<f32> = (0..count).map(|row| 1e-4 + row as f32 * 1e-6).collect();
                    let x = FixedRows { numbers: &numbers, stride: part, steps: &steps, are_bytes: false };
                    let rows = |kernel: Kernel, map: &Fixed| {
                        let mut y = vec![7.0; count * width];
                        kernel.multiply_pieces((map, pieces), x, &mut y);
                        y
                    };
                    let expected = rows(Kernel::Portable, &Fixed { windows: Vec::new(), ..map.clone() });
                    for kernel in Kernel::all() {
                        assert_eq!(
                            rows(kernel, &map),
                            expected,
                            "{kernel:?} {width} {pieces} {part} {count}"
                        );
                    }
                }
            }
        }
    }
}
