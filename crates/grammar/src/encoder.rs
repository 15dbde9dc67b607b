//! From a word's vector to its vector in context: windows of three.
//!
//! A vector in context depends on the four words on each side only (one for each layer), so a long row of
//! tokens is cut into tiles that fit the processor's cache. The layers before the first window depend on the
//! word alone and are kept by word.

use crate::kept::{Kept, NO_KEY, Recent};
use crate::kernel::Kernel;
use crate::lexeme::Lexeme;
use crate::mix::{Mix, MixMemory};
use crate::packed::{
    Affine, FIXED_MAX, Fixed, FixedRows, Norm, PANEL, Pack, PackWindows, Rows, WINDOW_MAX, WindowParts,
};
use crate::product::{Arithmetic, Precision, Product};
use crate::room::{self, Room};
use crate::weights::{self, Column};

/// A token for the encoder: number of its word, and whether a space follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Word {
    pub(crate) form: u32,
    pub(crate) spacy: bool,
}

/// Word vectors by hash, for pipelines that have them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Vectors {
    pub(crate) width: usize,
    pub(crate) numbers: Vec<f32>,
    /// Hash of the word and its row, sorted.
    pub(crate) rows: Vec<(u64, u32)>,
}

impl Vectors {
    pub(crate) fn get(&self, orth: u64) -> Option<&[f32]> {
        let at = self.rows.binary_search_by_key(&orth, |&(key, _)| key).ok()?;
        let start = self.rows[at].1 as usize * self.width;
        self.numbers.get(start..start + self.width)
    }
}

/// A network, packed for the kernel.
#[derive(Clone, Debug)]
pub(crate) struct Encoder {
    kernel: Kernel,
    pub(crate) width: usize,
    mix: Mix,
    /// The first window's three parts side by side, so that they can be applied to a word alone.
    parts: Product,
    /// What one step of its products is worth when they are kept in fixed point.
    parts_step: Option<f32>,
    layers: Vec<Layer>,
    /// Of each window, with the number of pieces that its outputs have.
    norms: Vec<(Norm, usize)>,
    uses_spacy: bool,
}

/// A window's map.
#[derive(Clone, Debug)]
enum Layer {
    Full(Affine),
    /// With what one step of its input is worth.
    Fixed(Fixed, f32),
}

/// A sum of normalised numbers is hardly ever greater than this many times the root of their gains' squares (one in a million,
/// were they normal and independent); what is greater becomes as great as that.
const NORMAL_MAX: f32 = 5.0;

/// Output rows of a tile: its input, its products and a layer's panel stay in the second cache.
const TILE_ROWS: usize = 320;

/// Rows multiplied at a time: their products stay in a near cache until they are normalised.
const STRIPE_ROWS: usize = 64;

/// Words whose products with the first window are kept, about 3.5 kB each in floats, half of it in fixed point. Twice as many
/// would save a quarter of these products; four hundred articles gain nothing measurable by it, and fewer lose by the memory.
const PRODUCTS_MAX: usize = 2560;

/// A product is hardly ever greater than this many times what it would be on average, were all inputs independent.
const PRODUCT_MAX: f32 = 8.0;

/// How many words before its own turn a word's products are fetched.
const WORDS_AHEAD: usize = 4;

/// Words computed at a time when they are new.
const NEW_WORDS_MAX: usize = 64;

/// What an encoder keeps between calls: vectors by word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// Words that may be expected.
    words_max: usize,
    words: Kept<f32>,
    products: Recent<f32>,
    fixed_products: Recent<i16>,
    mix: MixMemory,
}

/// Room to work, kept between calls. Encoders take turns in it: the second one finds it in the processor's cache.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) x: Vec<f32>,
    pub(crate) y: Vec<f32>,
    before: Before,
    pub(crate) room: Room,
}

/// A tile's rows as they were before a layer: windows reach into rows that have been changed by then.
#[derive(Clone, Debug, Default)]
struct Before {
    full: Vec<f32>,
    /// Products in floats, of which the greatest pieces are kept.
    products: Vec<f32>,
    fixed: Vec<i16>,
    steps: Vec<f32>,
}

impl Memory {
    /// For about this many words.
    pub(crate) fn new(words_max: usize) -> Memory {
        Memory { words_max, ..Memory::default() }
    }

    /// Forgets all words; their numbers may be given to others then.
    pub(crate) fn clear(&mut self) {
        self.words.clear();
        self.products.clear();
        self.fixed_products.clear();
        self.mix.clear();
    }
}

/// What an encoder looks at.
#[derive(Clone, Copy)]
pub(crate) struct Input<'a> {
    pub(crate) forms: &'a [Lexeme],
    pub(crate) words: &'a [Word],
    /// Lengths of the pieces that `words` consists of.
    pub(crate) pieces: &'a [usize],
    pub(crate) vectors: &'a Vectors,
}

impl Encoder {
    /// How weights are kept in fixed point: of the first window, of which each word has a part, and of the later ones.
    pub(crate) fn new(
        mut weights: weights::Encoder,
        arithmetic: Arithmetic,
        (words, windows): (Pack, PackWindows),
    ) -> Encoder {
        let width = weights.width;
        let uses_spacy = weights.tables.iter().any(|table| table.column == Column::Spacy);
        let mix = Mix::new(&mut weights, arithmetic);
        let first = &weights.layers[0];
        let part_width = width * first.pieces;
        // Part `p` of the window is applied to the word; the bias goes with the middle part.
        let mut bias = vec![0.0; 3 * part_width];
        for (output, bias) in bias[part_width..2 * part_width].iter_mut().enumerate() {
            *bias = first.linear.bias[trained(output, width, first.pieces)];
        }
        let parts = Affine::pack(width, &bias, |output, input| {
            let (part, output) = (output / part_width, output % part_width);
            let row = trained(output, width, first.pieces);
            first.linear.weights[row * 3 * width + part * width + input]
        });
        Encoder {
            kernel: arithmetic.kernel,
            width,
            uses_spacy,
            mix,
            parts_step: match arithmetic.precision {
                Precision::Full => None,
                Precision::Fixed => Some(parts_step(&weights)).filter(|step| step.is_normal()),
            },
            parts: Product::new(parts, arithmetic, words),
            layers: layers(&weights, arithmetic.precision, windows),
            norms: weights.layers.iter().map(|layer| (norm(layer), layer.pieces)).collect(),
        }
    }

    /// Appends vectors in context, `width` numbers for each word.
    pub(crate) fn run(
        &self,
        input: Input<'_>,
        (memory, scratch): (&mut Memory, &mut Scratch),
        out: &mut Vec<f32>,
    ) {
        let keys: Vec<usize> = input.words.iter().map(|&word| self.key(word)).collect();
        memory.words.begin(memory.words_max, self.width);
        let new = memory.words.reserve(&keys);
        for new in new.chunks(NEW_WORDS_MAX) {
            let word = |&key: &usize| (&input.forms[key / 2], key % 2 == 1);
            let new: Vec<_> = new.iter().map(word).collect();
            let to = &mut memory.words.numbers;
            self.mix.embed((&new, input.vectors), (&mut memory.mix, scratch), to);
        }
        self.keep_parts(&keys, (memory, scratch));
        out.reserve(keys.len() * self.width);
        let rows = self.padded(&keys, input.pieces);
        let end = rows.len();
        for start in (0..end).step_by(TILE_ROWS) {
            let tile = [start, end.min(start + TILE_ROWS)];
            self.tile(&rows, tile, (memory, scratch));
            let mut first = self.layers.len();
            for run in rows[tile[0]..tile[1]].chunk_by(|one, next| one.is_some() == next.is_some()) {
                if run[0].is_some() {
                    out.extend_from_slice(&scratch.x[first * self.width..][..run.len() * self.width]);
                }
                first += run.len();
            }
        }
    }

    /// Words with the same key have the same vectors before the first window.
    fn key(&self, word: Word) -> usize {
        word.form as usize * 2 + usize::from(word.spacy && self.uses_spacy)
    }

    /// The pieces in one row, with as many empty places before, between and after them as there are layers.
    fn padded(&self, keys: &[usize], pieces: &[usize]) -> Vec<Option<usize>> {
        let depth = self.norms.len();
        let mut rows = Vec::with_capacity(keys.len() + depth * (pieces.len() + 1));
        let mut start = 0;
        for &len in pieces {
            rows.resize(rows.len() + depth, None);
            rows.extend(keys[start..start + len].iter().map(|&key| Some(key)));
            start += len;
        }
        rows
    }

    /// Sees to it that the words' products with the three parts of the first window are kept.
    fn keep_parts(&self, keys: &[usize], (memory, scratch): (&mut Memory, &mut Scratch)) {
        let size = (PRODUCTS_MAX, self.parts.outputs());
        let new = match self.parts_step {
            None => memory.products.renew(keys, size),
            Some(_) => memory.fixed_products.renew(keys, size),
        };
        let Scratch { x, y, room, .. } = scratch;
        for new in new.chunks(NEW_WORDS_MAX) {
            x.clear();
            new.iter().for_each(|&key| x.extend_from_slice(memory.words.get(key)));
            let y = room::first(y, new.len() * self.parts.outputs());
            self.parts.apply(x, y, room);
            for (&key, row) in new.iter().zip(y.chunks_exact(self.parts.outputs())) {
                match self.parts_step {
                    None => memory.products.get_mut(key).copy_from_slice(row),
                    Some(step) => {
                        self.kernel.round([step, FIXED_MAX], row, memory.fixed_products.get_mut(key))
                    }
                }
            }
        }
    }

    /// Adds up the products of a word's neighbours, and its own, with their parts of the first window, and keeps the greatest
    /// piece of each output.
    fn add_parts(&self, memory: &Memory, keys: [Option<usize>; 3], y: &mut [f32]) {
        let width = self.parts.outputs() / 3;
        let part = |part: usize| part * width..(part + 1) * width;
        let [first, second, third] = keys.map(|key| key.unwrap_or(NO_KEY));
        match self.parts_step {
            None => {
                let kept = &memory.products;
                let terms =
                    [&kept.get(first)[part(0)], &kept.get(second)[part(1)], &kept.get(third)[part(2)]];
                self.kernel.add_three(terms, y);
            }
            Some(step) => {
                let kept = &memory.fixed_products;
                let terms =
                    [&kept.get(first)[part(0)], &kept.get(second)[part(1)], &kept.get(third)[part(2)]];
                self.kernel.add_three_fixed(terms, step, y);
            }
        }
    }

    /// Has what is kept of a word fetched that will soon be added up.
    fn fetch(&self, memory: &Memory, key: Option<usize>) {
        if let (Some(key), Some(_)) = (key, self.parts_step) {
            self.kernel.fetch(memory.fixed_products.get(key));
            self.kernel.fetch(memory.words.get(key));
        }
    }

    /// Runs the rows `[start, end)` through all layers. Each layer needs one row more on each side than the
    /// next; afterwards row `start` is row `layers.len()` of `x`.
    fn tile(
        &self,
        rows: &[Option<usize>],
        [start, end]: [usize; 2],
        (memory, scratch): (&Memory, &mut Scratch),
    ) {
        let (kernel, width, margin) = (self.kernel, self.width, self.layers.len());
        let count = end - start + 2 * margin;
        // Row `i` of the tile; outside of the text there is nothing.
        let key = |i: usize| (start + i).checked_sub(margin).and_then(|row| *rows.get(row)?);
        let Scratch { x, y, before, .. } = scratch;
        x.clear();
        let y = room::first(y, count * width);
        for (i, y) in y.chunks_exact_mut(width).enumerate() {
            self.fetch(memory, key(i + WORDS_AHEAD));
            let previous = (start + i).checked_sub(margin + 1).and_then(|row| *rows.get(row)?);
            self.add_parts(memory, [previous, key(i), key(i + 1)], y);
            x.extend_from_slice(memory.words.get(key(i).unwrap_or(NO_KEY)));
        }
        kernel.add_normalised(&self.norms[0].0, y, x);
        for (number, (layer, (norm, pieces))) in self.layers.iter().zip(&self.norms[1..]).enumerate() {
            before.keep(kernel, layer, x);
            let end = count - (number + 1);
            for first in (number + 1..end).step_by(STRIPE_ROWS) {
                let rows = first..end.min(first + STRIPE_ROWS);
                let y = &mut y[..rows.len() * width];
                before.multiply((kernel, layer, *pieces), (rows.start - 1, rows.len()), y);
                kernel.add_normalised(norm, y, &mut x[rows.start * width..rows.end * width]);
            }
        }
    }
}

impl Before {
    fn keep(&mut self, kernel: Kernel, layer: &Layer, x: &[f32]) {
        match layer {
            Layer::Full(_) => {
                self.full.clear();
                self.full.extend_from_slice(x);
            }
            Layer::Fixed(_, step) => {
                self.steps.clear();
                self.steps.resize(STRIPE_ROWS, *step);
                kernel.round([*step, WINDOW_MAX], x, room::first(&mut self.fixed, x.len()));
            }
        }
    }

    /// The greatest of each output's pieces of the windows that begin at so many rows from the first on.
    fn multiply(
        &mut self,
        (kernel, layer, pieces): (Kernel, &Layer, usize),
        (first, count): (usize, usize),
        y: &mut [f32],
    ) {
        match layer {
            Layer::Full(map) => {
                let stride = map.inputs / 3;
                let products = room::first(&mut self.products, count * map.outputs);
                kernel.multiply(map, Rows { numbers: &self.full[first * stride..], stride, count }, products);
                kernel.greatest_pieces(pieces, products, (y, map.outputs / pieces));
            }
            Layer::Fixed(map, _) => {
                let stride = map.inputs / 3;
                let numbers = &self.fixed[first * stride..];
                let rows = FixedRows { numbers, stride, steps: &self.steps[..count], are_bytes: false };
                kernel.multiply_pieces((map, pieces), rows, y);
            }
        }
    }
}

/// What one step of the first window's products is worth in fixed point: the greatest product is estimated from the
/// weights, and the size of what the mixing layer's normalisation lets through.
fn parts_step(weights: &weights::Encoder) -> f32 {
    let sizes: Vec<f32> = weights
        .mix
        .gain
        .iter()
        .zip(&weights.mix.shift)
        .map(|(gain, shift)| gain.abs() + shift.abs())
        .collect();
    let mut greatest = 0.0f32;
    for row in weights.layers[0].linear.weights.chunks_exact(weights.width) {
        let square: f32 =
            row.iter().zip(&sizes).map(|(weight, size)| (weight * size) * (weight * size)).sum();
        greatest = greatest.max(square.sqrt());
    }
    let bias = weights.layers[0].linear.bias.iter().fold(0.0f32, |most, bias| most.max(bias.abs()));
    (PRODUCT_MAX * greatest + bias) / FIXED_MAX
}

/// The windows after the first. In fixed point, each one's input is bounded by what the layers before add up to.
fn layers(weights: &weights::Encoder, precision: Precision, pack: PackWindows) -> Vec<Layer> {
    let before = std::iter::once(&weights.mix).chain(&weights.layers).map(norm);
    let before: Vec<Norm> = before.collect();
    let mut packed = Vec::new();
    for (number, layer) in weights.layers.iter().enumerate().skip(1) {
        let map = maxout(layer, &(0..layer.linear.inputs).collect::<Vec<_>>(), &layer.linear.bias);
        packed.push(match precision {
            Precision::Fixed => fixed_layer(map, &before[..=number], pack),
            Precision::Full => Layer::Full(map),
        });
    }
    packed
}

fn fixed_layer(map: Affine, before: &[Norm], pack: PackWindows) -> Layer {
    let step = greatest_sum(before) / WINDOW_MAX;
    if !step.is_normal() {
        return Layer::Full(map);
    }
    let in_steps = |numbers: &[f32]| numbers.iter().map(|number| number / step).collect();
    let norms = before.iter().map(|norm| Norm { gain: in_steps(&norm.gain), bias: in_steps(&norm.bias) });
    Layer::Fixed(pack(&map, &WindowParts(norms.collect())), step)
}

/// The normalisation that follows a layer.
pub(crate) fn norm(layer: &weights::Maxout) -> Norm {
    Norm { gain: layer.gain.clone(), bias: layer.shift.clone() }
}

/// What sums of normalised rows hardly ever exceed, were the rows independent.
fn greatest_sum(norms: &[Norm]) -> f32 {
    let of = |column: usize| {
        let square: f32 = norms.iter().map(|norm| norm.gain[column] * norm.gain[column]).sum();
        NORMAL_MAX * square.sqrt() + norms.iter().map(|norm| norm.bias[column]).sum::<f32>().abs()
    };
    (0..norms[0].gain.len()).map(of).fold(0.0, f32::max)
}

/// Where the `output`-th row of the packed layer stands in the trained one: we keep each piece's outputs
/// together, so that the maximum runs over whole rows.
fn trained(output: usize, width: usize, pieces: usize) -> usize {
    output % width * pieces + output / width
}

/// Packs some columns of a layer with a bias as it was trained.
pub(crate) fn maxout(layer: &weights::Maxout, columns: &[usize], bias: &[f32]) -> Affine {
    let width = layer.gain.len();
    let (linear, pieces) = (&layer.linear, layer.pieces);
    let bias: Vec<f32> = (0..width * pieces).map(|output| bias[trained(output, width, pieces)]).collect();
    Affine::pack(columns.len(), &bias, |output, input| {
        linear.weights[trained(output, width, pieces) * linear.inputs + columns[input]]
    })
}

/// Packs an affine map as it is.
pub(crate) fn linear(linear: &weights::Linear) -> Affine {
    Affine::pack(linear.inputs, &linear.bias, |output, input| linear.weights[output * linear.inputs + input])
}

/// Whether the packed layers can hold this width.
pub(crate) fn is_width(width: usize) -> bool {
    width > 0 && width.is_multiple_of(PANEL)
}
