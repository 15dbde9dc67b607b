//! A map of whole rows, in floats or in fixed point.

use crate::kernel::Kernel;
use crate::packed::{Affine, FIXED_MAX, Fixed, FixedRows, PANEL, Rows};
use crate::room::{self, Room};

/// How exactly products are computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Precision {
    /// In floats, as spaCy does.
    Full,
    /// In steps of 1/8192 of the greatest number: some times faster where the machine has instructions for it.
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
    /// Rows that are no whole lanes stay in floats.
    pub(crate) fn new(map: Affine, Arithmetic { kernel, precision }: Arithmetic) -> Product {
        let map = match precision {
            Precision::Fixed if map.inputs.is_multiple_of(PANEL) => Map::Fixed(Fixed::pack(&map)),
            Precision::Fixed | Precision::Full => Map::Full(map),
        };
        Product { kernel, map }
    }

    /// A map whose weights are these steps, an output's each, times whole numbers of eight bits.
    pub(crate) fn narrow(map: Affine, steps: Vec<f32>, kernel: Kernel) -> Product {
        match Fixed::narrow(&map, steps).filter(|_| map.inputs.is_multiple_of(PANEL)) {
            Some(fixed) => Product { kernel, map: Map::Fixed(fixed) },
            None => Product::new(map, Arithmetic { kernel, precision: Precision::Fixed }),
        }
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
                let numbers = room::first(&mut room.fixed, x.len());
                room.steps.clear();
                kernel.round_rows(stride, x, (numbers, &mut room.steps));
                kernel.multiply_fixed(map, FixedRows { numbers, stride, steps: &room.steps }, y);
            }
        }
    }

    /// The same for rows whose numbers lie between -1 and 1: all have the same steps.
    pub(crate) fn apply_to_ones(&self, x: &[f32], y: &mut [f32], room: &mut Room) {
        let (kernel, stride) = (self.kernel, self.inputs());
        let Map::Fixed(map) = &self.map else { return self.apply(x, y, room) };
        const STEP: f32 = 1.0 / FIXED_MAX;
        let numbers = room::first(&mut room.fixed, x.len());
        kernel.round(STEP, x, numbers);
        room.steps.clear();
        room.steps.resize(x.len() / stride, STEP);
        kernel.multiply_fixed(map, FixedRows { numbers, stride, steps: &room.steps }, y);
    }
}

#[cfg(test)]
mod tests {
    use super::{Arithmetic, Precision, Product};
    use crate::kernel::Kernel;
    use crate::packed::Affine;
    use crate::room::Room;

    #[test]
    fn fixed_point_follows_each_rows_size() {
        let map = Affine::pack(16, &[0.25; 16], |output, input| (output as f32 - input as f32) / 16.0);
        let mut x: Vec<f32> = (0..16).map(|i| i as f32 / 16.0).collect();
        x.extend((0..16).map(|i| i as f32 * 1e6));
        x.extend([0.0; 16]);
        let run = |precision: Precision| {
            let mut y = vec![0.0; 48];
            let product = Product::new(map.clone(), Arithmetic { kernel: Kernel::best(), precision });
            product.apply(&x, &mut y, &mut Room::default());
            y
        };
        let (full, fixed) = (run(Precision::Full), run(Precision::Fixed));
        for (row, scale) in [(0, 1.0), (1, 1e7), (2, 1.0)] {
            for column in row * 16..(row + 1) * 16 {
                assert!((full[column] - fixed[column]).abs() < 2e-3 * scale, "{row}");
            }
        }
        assert_eq!(fixed[32..], [0.25; 16], "of zeros, the bias is left");
    }

    #[test]
    fn rows_between_one_and_minus_one_have_the_steps_of_one() {
        let map = Affine::pack(16, &[0.25; 16], |output, input| (output as f32 - input as f32) / 16.0);
        let x: Vec<f32> =
            (0..32).map(|i| (i as f32 / 16.0 - 1.0) * if i < 16 { 1.0 } else { 1e-2 }).collect();
        for precision in [Precision::Full, Precision::Fixed] {
            let product = Product::new(map.clone(), Arithmetic { kernel: Kernel::best(), precision });
            let (mut own, mut ones) = (vec![0.0; 32], vec![0.0; 32]);
            product.apply(&x, &mut own, &mut Room::default());
            product.apply_to_ones(&x, &mut ones, &mut Room::default());
            assert!(own.iter().zip(&ones).all(|(own, ones)| (own - ones).abs() < 1e-3), "{precision:?}");
        }
    }
}
