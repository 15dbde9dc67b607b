//! A map of whole rows, in floats or in fixed point.

use crate::kernel::Kernel;
use crate::packed::{Affine, Fixed, PANEL, Pack, Rows};
use crate::room::Room;
use crate::rounded::Rounded;

/// How exactly products are computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Precision {
    /// In floats, as spaCy does.
    Full,
    /// In steps of 1/8191 of a row's greatest number, with weights of fifteen or eight bits: some times faster where the
    /// machine has instructions for it.
    Fixed,
}

/// With which instructions, and how exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Arithmetic {
    pub(crate) kernel: Kernel,
    pub(crate) precision: Precision,
}

/// A map in either precision.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    kernel: Kernel,
    map: Map,
}

#[derive(Clone, Debug)]
enum Map {
    Full(Affine),
    Fixed(Fixed),
}

impl Product {
    /// A map of which wide weights are kept in fixed point.
    pub(crate) fn wide(map: Affine, arithmetic: Arithmetic) -> Product {
        Product::new(map, arithmetic, Fixed::wide)
    }

    /// A map, and how its weights are kept in fixed point. Rows that are no whole lanes stay in floats.
    pub(crate) fn new(map: Affine, Arithmetic { kernel, precision }: Arithmetic, fixed: Pack) -> Product {
        let map = match precision {
            Precision::Fixed if map.inputs.is_multiple_of(PANEL) => Map::Fixed(fixed(&map)),
            Precision::Fixed | Precision::Full => Map::Full(map),
        };
        Product { kernel, map }
    }

    pub(crate) fn inputs(&self) -> usize {
        match &self.map {
            Map::Full(map) => map.inputs,
            Map::Fixed(map) => map.inputs,
        }
    }

    pub(crate) fn outputs(&self) -> usize {
        match &self.map {
            Map::Full(map) => map.outputs,
            Map::Fixed(map) => map.outputs,
        }
    }

    /// Applies the map to rows that follow each other. In fixed point, each has steps of its own.
    pub(crate) fn apply(&self, x: &[f32], y: &mut [f32], room: &mut Room) {
        let (kernel, stride) = (self.kernel, self.inputs());
        match &self.map {
            Map::Full(map) => {
                kernel.multiply(map, Rows { numbers: x, stride, count: x.len() / stride }, y);
            }
            Map::Fixed(map) => {
                let rows = Rounded::of(kernel, x, stride, room);
                kernel.multiply_fixed(map, rows.all(), y);
                room.give_rounded(rows);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Arithmetic, Precision, Product};
    use crate::kernel::Kernel;
    use crate::packed::{Affine, Fixed};
    use crate::room::Room;

    #[test]
    fn fixed_point_follows_each_rows_size() {
        let map = Affine::pack(16, &[0.25; 16], |output, input| (output as f32 - input as f32) / 16.0);
        let mut x: Vec<f32> = (0..16).map(|i| i as f32 / 16.0).collect();
        x.extend((0..16).map(|i| i as f32 * 1e6));
        x.extend([0.0; 16]);
        let run = |fixed: fn(&Affine) -> Fixed, precision: Precision| {
            let mut y = vec![0.0; 48];
            let arithmetic = Arithmetic { kernel: Kernel::best(), precision };
            let product = Product::new(map.clone(), arithmetic, fixed);
            product.apply(&x, &mut y, &mut Room::default());
            y
        };
        let full = run(Fixed::wide, Precision::Full);
        let fixed = run(Fixed::wide, Precision::Fixed);
        let narrow = run(Fixed::narrow, Precision::Fixed);
        for (row, scale) in [(0, 1.0), (1, 1e7), (2, 1.0)] {
            for column in row * 16..(row + 1) * 16 {
                assert!((full[column] - fixed[column]).abs() < 2e-3 * scale, "{row}");
                assert!((full[column] - narrow[column]).abs() < 2e-2 * scale, "{row}");
            }
        }
        assert_eq!(fixed[32..], [0.25; 16], "of zeros, the bias is left");
    }
}
