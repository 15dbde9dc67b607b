//! Matrices as the kernel wants them: in panels of sixteen columns, in floats or in fixed point.

/// Columns of a packed matrix stand in panels of this many; its width is a multiple of it.
pub(crate) const PANEL: usize = 16;

/// Numbers in fixed point stay within this, so that sums of products stay within 32 bits: see [`Fixed::pack`].
pub(crate) const FIXED_MAX: f32 = 8191.0;

/// Wide weights in fixed point stay within this.
const WIDE_MAX: f32 = 16_000.0;

/// Narrow ones, and numbers that are bytes, stay within this.
pub(crate) const BYTE_MAX: f32 = 127.0;

/// The byte that stands for nought where bytes have no sign.
pub(crate) const BYTE_ZERO: i16 = 128;

/// Low bits of a number in fixed point; what is above them fits eight bits.
pub(crate) const LOW_BITS: u32 = 7;

/// Inputs of a tile.
pub(crate) const TILE_INPUTS: usize = 64;

/// Size of a tile.
pub(crate) const TILE_BYTES: usize = TILE_INPUTS * PANEL;

/// A tile of weights. Its rows are lines of the processor's cache: one that lay across two would cost two reads.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct Tile(pub(crate) [i8; TILE_BYTES]);

/// Numbers of a [`Line`].
pub(crate) const LINE: usize = 2 * PANEL;

/// A line of the processor's cache: numbers that lay across two would cost two reads. Of a panel of weights it is the two of
/// each output; of a hidden layer before the greater pieces are taken, a panel's first pieces and then its second ones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C, align(64))]
pub(crate) struct Line(pub(crate) [i16; LINE]);

/// Parts of a window.
pub(crate) const PARTS: usize = 3;

/// Numbers of a window's part, where windows are multiplied four by four.
pub(crate) const WINDOW_PART_MAX: usize = 128;

/// Differences and sums of the parts of four windows.
pub(crate) const KINDS: usize = 6;

/// Numbers of windows' parts stay within this, so that ten of them, as their differences and sums have, stay within sixteen
/// bits.
pub(crate) const WINDOW_MAX: f32 = 3276.0;

/// What has to stay within 32 bits where windows are multiplied four by four, and within less by more than floats lose: six times
/// a window's sum; the first kind's, of numbers up to ten times as great as a part's; the fourth's and fifth's, of up to six times.
const WINDOW_SUM_MAX: f32 = i32::MAX as f32 / 6.0 * 0.999;
const WINDOW_FIRST_MAX: f32 = i32::MAX as f32 / 10.0 * 0.999;
const WINDOW_FAR_MAX: f32 = i32::MAX as f32 / 6.0 * 0.999;

/// An affine map, packed for the kernel: `inputs` numbers a row in, `outputs` out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Affine {
    pub(crate) inputs: usize,
    /// Rounded up to whole panels; what is too much comes out as zero.
    pub(crate) outputs: usize,
    /// Panel by panel, input by input, [`PANEL`] numbers.
    pub(crate) panels: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

/// An affine map in fixed point.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fixed {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    /// Panel by panel, two inputs by two, the two weights of each of [`PANEL`] outputs.
    pub(crate) panels: Vec<Line>,
    /// For maps of windows that overlap: panel by panel, each of the six sums of the three parts' weights with which four
    /// windows are multiplied, two inputs of a part by two. Others have none.
    pub(crate) windows: Vec<Line>,
    /// The same in bytes: panel by panel, [`TILE_INPUTS`] inputs by as many, a tile: four inputs by four, the weights of
    /// each of [`PANEL`] outputs. Wide weights have two panels in place of one, of their high and of their low parts.
    pub(crate) tiles: Vec<Tile>,
    /// Of narrow weights, each output's sum for bytes that stand for nought, with its sign changed.
    pub(crate) byte_offsets: Vec<i32>,
    /// Whether all weights are whole numbers of eight bits.
    pub(crate) is_narrow: bool,
    /// What one step of each output's sum is worth.
    pub(crate) steps: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

/// How a map is rounded.
pub(crate) type Pack = fn(&Affine) -> Fixed;

/// The same of windows that overlap.
pub(crate) type PackWindows = fn(&Affine, &WindowParts) -> Fixed;

/// Rows of which windows consist, in steps: sums of so many rows, normalised so. Their numbers stay within [`WINDOW_MAX`].
#[derive(Clone, Debug)]
pub(crate) struct WindowParts(pub(crate) Vec<Norm>);

/// Rows of input: row `i` begins at `i * stride`, so that rows may overlap.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) numbers: &'a [f32],
    pub(crate) stride: usize,
    pub(crate) count: usize,
}

/// Rows of input in fixed point.
#[derive(Clone, Copy)]
pub(crate) struct FixedRows<'a> {
    pub(crate) numbers: &'a [i16],
    pub(crate) stride: usize,
    /// What one step of each row's numbers is worth; as many as there are rows.
    pub(crate) steps: &'a [f32],
    /// Whether all numbers stay within [`BYTE_MAX`].
    pub(crate) are_bytes: bool,
}

/// Gain and bias of a layer's normalisation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Norm {
    pub(crate) gain: Vec<f32>,
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

    /// The three parts of an output's weights.
    fn parts(&self, output: usize) -> [Vec<f32>; PARTS] {
        let part = self.inputs / PARTS;
        std::array::from_fn(|number| {
            (number * part..).take(part).map(|input| self.weight(output, input)).collect()
        })
    }

    fn weight(&self, output: usize, input: usize) -> f32 {
        let (panel, lane) = (output / PANEL, output % PANEL);
        self.panels[(panel * self.inputs + input) * PANEL + lane]
    }
}

impl WindowParts {
    /// The finest steps of each output's weights with which its sums have room, when windows are multiplied four by four; there
    /// are none where a map has other parts, or rows are too long for any weights.
    fn least_steps(&self, map: &Affine) -> Option<Vec<f32>> {
        let part = map.inputs / PARTS;
        if part * PARTS != map.inputs || !part.is_multiple_of(2) || part > WINDOW_PART_MAX {
            return None;
        }
        // Rounding may make each weight greater by half a step.
        let rounding = self.greatest(&vec![0.5; part]);
        let [of_sum, of_first, of_far] =
            [WINDOW_SUM_MAX - 3.0 * rounding, WINDOW_FIRST_MAX - rounding, WINDOW_FAR_MAX - 7.0 * rounding];
        let step = |output| {
            let parts @ [first, middle, last] = &map.parts(output);
            let far = |sign: f32| {
                let weights = first.iter().zip(middle).zip(last);
                self.greatest(&weights.map(|((a, b), c)| a + sign * 2.0 * b + 4.0 * c).collect::<Vec<_>>())
            };
            let greatest = parts.each_ref().map(|part| self.greatest(part));
            let sum: f32 = greatest.iter().sum();
            (sum / of_sum).max(greatest[0] / of_first).max(far(1.0).max(far(-1.0)) / of_far)
        };
        let is_room = of_sum.min(of_first).min(of_far) > 0.0;
        is_room.then(|| (0..map.outputs).map(step).collect())
    }

    /// What the product of a row with weights is at most, in steps. A product of vectors is at most that of their lengths, and a
    /// normalised row is no longer than the root of its width.
    fn greatest(&self, weights: &[f32]) -> f32 {
        let root = (weights.len() as f32).sqrt();
        let of_norm = |Norm { gain, bias }: &Norm| {
            let square: f32 = weights.iter().zip(gain).map(|(weight, gain)| (weight * gain).powi(2)).sum();
            let bias: f32 = weights.iter().zip(bias).map(|(weight, bias)| weight * bias).sum();
            root * square.sqrt() + bias.abs()
        };
        // Rounding may make each number of the row greater by half a step.
        let rounding = weights.iter().map(|weight| weight.abs()).sum::<f32>() / 2.0;
        self.0.iter().map(of_norm).sum::<f32>() + rounding
    }
}

impl Fixed {
    /// Rounds a map to wide weights. Each output has steps as fine as its greatest weight allows, and as its sums leave
    /// room for: even if all inputs were as great as can be, a sum would stay within 32 bits.
    pub(crate) fn wide(map: &Affine) -> Fixed {
        Fixed::with_steps(map, Fixed::steps(map, WIDE_MAX), false)
    }

    /// The same to narrow weights: half the work where there are tiles, and less exact.
    pub(crate) fn narrow(map: &Affine) -> Fixed {
        Fixed::with_steps(map, Fixed::steps(map, BYTE_MAX), true)
    }

    /// A map of windows that overlap, of wide weights: each output has steps as fine as its sums leave room for.
    pub(crate) fn wide_windows(map: &Affine, parts: &WindowParts) -> Fixed {
        let Some(least) = parts.least_steps(map) else { return Fixed::wide(map) };
        let greatest = |weights: &[f32]| weights.iter().fold(0.0f32, |most, weight| most.max(weight.abs()));
        let step = |(output, least): (usize, f32)| {
            let [first, middle, last] = map.parts(output).map(|part| greatest(&part));
            // Rounding may make each weight greater by half a step.
            let kinds = (first + 2.0 * middle + 4.0 * last) / (f32::from(i16::MAX) - 4.0);
            least.max(kinds).max(first.max(middle).max(last) / WIDE_MAX)
        };
        let fixed = Fixed::with_steps(map, least.into_iter().enumerate().map(step).collect(), false);
        Fixed { windows: fixed.windows(), ..fixed }
    }

    /// The same of narrow weights.
    pub(crate) fn narrow_windows(map: &Affine, parts: &WindowParts) -> Fixed {
        let fixed = Fixed::narrow(map);
        match parts.least_steps(map) {
            Some(least) if least.iter().zip(&fixed.steps).all(|(least, step)| least <= step) => {
                Fixed { windows: fixed.windows(), ..fixed }
            }
            _ => fixed,
        }
    }

    /// A map whose weights are these steps, an output's each, times whole numbers of eight bits; it is rounded anew when it
    /// has so many inputs that a sum could leave 32 bits.
    pub(crate) fn of_steps(map: &Affine, steps: Vec<f32>) -> Fixed {
        match narrow_sums_fit(map.inputs) {
            true => Fixed::with_steps(map, steps, true),
            false => Fixed::narrow(map),
        }
    }

    fn steps(map: &Affine, weight_max: f32) -> Vec<f32> {
        let step = |output| {
            let sizes = || (0..map.inputs).map(|input| map.weight(output, input).abs());
            let (sum, greatest) = (sizes().sum::<f32>(), sizes().fold(0.0, f32::max));
            // Rounding may make each weight greater by half a step.
            let room = i32::MAX as f32 / FIXED_MAX - map.inputs as f32;
            (sum / room).max(greatest / weight_max)
        };
        (0..map.outputs).map(step).collect()
    }

    fn with_steps(map: &Affine, steps: Vec<f32>, is_narrow: bool) -> Fixed {
        let (inputs, outputs, bias) = (map.inputs, map.outputs, map.bias.clone());
        let mut fixed = Fixed { inputs, outputs, is_narrow, bias, ..Fixed::default() };
        fixed.panels = vec![Line::default(); inputs.div_ceil(2) * outputs / PANEL];
        fixed.tiles = vec![Tile([0; TILE_BYTES]); fixed.tile_count()];
        fixed.byte_offsets = vec![0; if is_narrow { outputs } else { 0 }];
        for (output, &step) in steps.iter().enumerate() {
            let per_step = if step > 0.0 { 1.0 / step } else { 0.0 };
            for input in 0..inputs {
                fixed.set([output, input], rounded(map.weight(output, input) * per_step));
            }
        }
        Fixed { steps, ..fixed }
    }

    fn set(&mut self, [output, input]: [usize; 2], weight: i16) {
        let (panel, lane) = (output / PANEL, output % PANEL);
        let pairs = self.inputs.div_ceil(2);
        self.panels[panel * pairs + input / 2].0[lane * 2 + input % 2] = weight;
        let place = (input % TILE_INPUTS / 4 * PANEL + lane) * 4 + input % 4;
        let tile = |panel: usize| panel * self.panel_tiles() + input / TILE_INPUTS;
        if self.is_narrow {
            let tile = tile(panel);
            self.tiles[tile].0[place] = weight as i8;
            self.byte_offsets[output] -= i32::from(BYTE_ZERO) * i32::from(weight);
        } else {
            let [high, low] = [tile(2 * panel), tile(2 * panel + 1)];
            self.tiles[high].0[place] = (weight >> LOW_BITS) as i8;
            self.tiles[low].0[place] = (weight & ((1 << LOW_BITS) - 1)) as i8;
        }
    }

    /// Weights with which windows that overlap are multiplied four by four.
    fn windows(&self) -> Vec<Line> {
        let lines = self.inputs / PARTS / 2;
        let mut windows = vec![Line::default(); self.outputs / PANEL * KINDS * lines];
        for (panel, windows) in windows.chunks_exact_mut(KINDS * lines).enumerate() {
            for line in 0..lines {
                let kinds = self.window_lines(panel * lines * PARTS + line);
                for (kind, of_kind) in kinds.into_iter().enumerate() {
                    windows[kind * lines + line] = of_kind;
                }
            }
        }
        windows
    }

    /// Those of two inputs, of which the first part's weights stand in this line.
    fn window_lines(&self, first: usize) -> [Line; KINDS] {
        let lines = self.inputs / PARTS / 2;
        let mut windows = [Line::default(); KINDS];
        for place in 0..LINE {
            let weight = |part: usize| self.panels[first + part * lines].0[place];
            let [first, middle, last] = [weight(0), weight(1), weight(2)];
            let (near, far) = (first + last, first + 4 * last);
            let kinds = [first, near + middle, near - middle, far + 2 * middle, far - 2 * middle, last];
            for (line, number) in windows.iter_mut().zip(kinds) {
                line.0[place] = number;
            }
        }
        windows
    }

    /// Panics unless rows end within their numbers, results have room for all of them, and the map is whole.
    pub(crate) fn check(&self, x: FixedRows<'_>, results: usize) {
        let (count, pairs) = (x.steps.len(), self.inputs.div_ceil(2));
        assert!(
            count == 0 || (count - 1) * x.stride + 2 * pairs <= x.numbers.len(),
            "rows end within their numbers"
        );
        assert!(count * self.outputs <= results, "the result has room for all rows");
        assert!(self.panels.len() * PANEL == pairs * self.outputs && self.outputs.is_multiple_of(PANEL));
        assert!(self.bias.len() == self.outputs && self.steps.len() == self.outputs);
        assert!(self.tiles.len() == self.tile_count());
        assert!(self.byte_offsets.len() == if self.is_narrow { self.outputs } else { 0 });
        let part = self.inputs / PARTS;
        let lines = self.outputs / PANEL * (part / 2) * KINDS;
        assert!(self.windows.is_empty() || self.windows.len() == lines && part <= WINDOW_PART_MAX);
    }

    /// Tiles of a panel.
    pub(crate) fn panel_tiles(&self) -> usize {
        self.inputs.div_ceil(TILE_INPUTS)
    }

    /// Panels of tiles.
    pub(crate) fn tile_panels(&self) -> usize {
        self.outputs / PANEL * if self.is_narrow { 1 } else { 2 }
    }

    /// How many tiles there are.
    pub(crate) fn tile_count(&self) -> usize {
        self.panel_tiles() * self.tile_panels()
    }
}

/// Whether sums of narrow weights stay within 32 bits, even if all of so many inputs were as great as can be.
fn narrow_sums_fit(inputs: usize) -> bool {
    inputs as f32 * FIXED_MAX * BYTE_MAX < i32::MAX as f32
}

/// The nearest whole number, of ties the even one. Floats beyond two to the 23rd are whole, so a sum with one of them is rounded;
/// the library's own function is a call for each weight, a fifth of the time in which the program starts.
fn rounded(number: f32) -> i16 {
    const WHOLE: f32 = 12_582_912.0;
    ((number + WHOLE) - WHOLE) as i16
}

#[cfg(test)]
mod tests {
    use super::{Affine, Fixed, KINDS, Norm, PackWindows, WindowParts, rounded};

    fn map(inputs: usize) -> Affine {
        Affine::pack(inputs, &[0.0; 16], |output, input| (output + 1) as f32 / (input + 1) as f32)
    }

    /// Rows of which none is longer than this.
    fn parts(inputs: usize, length: f32) -> WindowParts {
        let part = inputs / 3;
        let norm = Norm { gain: vec![length / (part as f32).sqrt(); part], bias: vec![0.0; part] };
        WindowParts(vec![norm])
    }

    #[test]
    fn windows_are_taken_four_by_four_only_where_they_have_parts() {
        for pack in [Fixed::narrow_windows as PackWindows, Fixed::wide_windows] {
            let windows = |inputs: usize| pack(&map(inputs), &parts(inputs, 3e3)).windows.len();
            assert_eq!(windows(96), 16 * KINDS);
            assert_eq!(windows(97), 0, "no three parts");
            assert_eq!(windows(3 * 33), 0, "an odd number of inputs");
            assert_eq!(windows(3 * 130), 0, "parts are too long");
        }
        assert!(Fixed::narrow(&map(96)).windows.is_empty() && Fixed::wide(&map(96)).windows.is_empty());
    }

    #[test]
    fn sums_of_windows_have_room_however_long_their_parts_are() {
        for length in [100.0, 4e3, 3e4, 1e5, 3e6, 1e9] {
            let narrow = Fixed::narrow_windows(&map(96), &parts(96, length));
            assert_eq!(narrow.windows.is_empty(), length > 2e5, "{length}");
            let wide = Fixed::wide_windows(&map(96), &parts(96, length));
            for windows in [narrow, wide].iter().filter(|map| !map.windows.is_empty()) {
                for output in 0..16 {
                    let weight = |input: usize| windows.panels[input / 2].0[2 * output + input % 2];
                    let square = |input| f32::from(weight(input)) * f32::from(weight(input));
                    let part = |first: usize| (first..first + 32).map(square).sum::<f32>().sqrt();
                    let sum = [0, 32, 64].map(part).iter().sum::<f32>() * length;
                    assert!(6.0 * sum < i32::MAX as f32, "{length} {output}");
                }
            }
        }
    }

    #[test]
    fn whole_numbers_are_those_of_the_library() {
        for step in -4 * 16_384..=4 * 16_384 {
            for number in [step as f32 / 4.0, step as f32 / 4.0 + 0.1] {
                assert_eq!(rounded(number), number.round_ties_even() as i16, "{number}");
            }
        }
        assert_eq!(rounded(f32::NAN), 0);
    }
}
