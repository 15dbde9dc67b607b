//! From a word's features to its vector before any window: hashed tables, a mixing layer.
//!
//! The layer's products are sums over the features. What an ending or a shape adds is worked out once for all words that
//! have it; only what is a word's own is multiplied for each.

use foldhash::HashMap;

use crate::encoder::{Scratch, Vectors, linear, maxout, norm};
use crate::hash;
use crate::kernel::Kernel;
use crate::lexeme::Lexeme;
use crate::packed::{Affine, Norm, Rows};
use crate::product::{Arithmetic, Product};
use crate::room::{self, Room};
use crate::weights::{self, Column, Table};

/// Tables and mixing layer, packed for the kernel.
#[derive(Clone, Debug)]
pub(crate) struct Mix {
    kernel: Kernel,
    width: usize,
    /// Features of which nearly every word has a value of its own, side by side, then the word's vector.
    own: Vec<Table>,
    vectors: Option<Affine>,
    /// The layer of those, with its bias.
    own_map: Product,
    /// Features whose values words share, each with its part of the layer.
    shared: Vec<(Table, Product)>,
    norm: Norm,
    pieces: usize,
}

/// Values of shared features that are expected: as many as some thousand articles have, about 1 kB each.
const VALUES_EXPECTED: usize = 8192;

/// What is kept between calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct MixMemory {
    /// By shared feature, the row of each value that has come up.
    rows: Vec<HashMap<u64, usize>>,
    /// What the values add, of all features in one: each table that grows by itself leaves memory behind that was touched.
    known: Vec<f32>,
}

impl MixMemory {
    /// Forgets the values of all features.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.known.clear();
    }
}

impl Mix {
    /// Takes the tables out of the weights.
    pub(crate) fn new(weights: &mut weights::Encoder, arithmetic: Arithmetic) -> Mix {
        let tables = std::mem::take(&mut weights.tables);
        let (width, layer) = (weights.width, &weights.mix);
        let of_vectors = tables.len() * width..layer.linear.inputs;
        let (mut own, mut shared) = (Vec::new(), Vec::new());
        for (place, table) in tables.into_iter().enumerate() {
            let is_own = matches!(table.column, Column::Norm | Column::Lower | Column::Orth);
            // Something has to bring the bias.
            let is_own = is_own || place == 0;
            if is_own { &mut own } else { &mut shared }.push((table, place * width..(place + 1) * width));
        }
        let mut columns: Vec<usize> = own.iter().flat_map(|(_, columns)| columns.clone()).collect();
        columns.extend(of_vectors);
        let shared = shared.into_iter().map(|(table, columns)| {
            let map = maxout(layer, &columns.collect::<Vec<_>>(), &vec![0.0; layer.linear.bias.len()]);
            (table, Product::wide(map, arithmetic))
        });
        Mix {
            kernel: arithmetic.kernel,
            width,
            own_map: Product::wide(maxout(layer, &columns, &layer.linear.bias), arithmetic),
            shared: shared.collect(),
            own: own.into_iter().map(|(table, _)| table).collect(),
            vectors: weights.vectors.as_ref().map(linear),
            norm: norm(layer),
            pieces: layer.pieces,
        }
    }

    /// Appends the vectors of words: their features, and whether a space follows.
    pub(crate) fn embed(
        &self,
        (words, vectors): (&[(&Lexeme, bool)], &Vectors),
        (memory, scratch): (&mut MixMemory, &mut Scratch),
        to: &mut Vec<f32>,
    ) {
        let (inputs, outputs) = (self.own_map.inputs(), self.own_map.outputs());
        let Scratch { x, y, room, .. } = scratch;
        x.clear();
        x.resize(words.len() * inputs, 0.0);
        for (word, row) in words.iter().zip(x.chunks_exact_mut(inputs)) {
            for (table, sum) in self.own.iter().zip(row.chunks_exact_mut(self.width)) {
                self.look_up(table, value(word, table.column), sum);
            }
            if let (Some(map), Some(vector)) = (&self.vectors, vectors.get(word.0.orth)) {
                let start = inputs - self.width;
                let y = room::first(y, map.outputs);
                let rows = Rows { numbers: vector, stride: vector.len(), count: 1 };
                self.kernel.multiply(map, rows, y);
                row[start..].copy_from_slice(&y[..self.width]);
            }
        }
        let sums = room::first(y, words.len() * outputs);
        self.own_map.apply(x, sums, room);
        memory.rows.resize_with(self.shared.len(), HashMap::default);
        for number in 0..self.shared.len() {
            let rows = self.learn((number, words), memory, (x, room));
            for (row, sum) in rows.into_iter().zip(sums.chunks_exact_mut(outputs)) {
                self.kernel.add_up(&[&memory.known[row * outputs..(row + 1) * outputs]], sum);
            }
        }
        let start = to.len();
        to.resize(start + words.len() * self.width, 0.0);
        let greatest = room::first(x, words.len() * self.width);
        self.kernel.greatest_pieces(self.pieces, sums, (greatest, self.width));
        self.kernel.add_normalised(&self.norm, greatest, &mut to[start..]);
    }

    /// Rows of the words' values of the so-manieth shared feature; what is new of them is worked out.
    fn learn(
        &self,
        (number, words): (usize, &[(&Lexeme, bool)]),
        MixMemory { rows: of_values, known }: &mut MixMemory,
        (x, room): (&mut Vec<f32>, &mut Room),
    ) -> Vec<usize> {
        let (table, map) = &self.shared[number];
        let start = known.len();
        let first = start / map.outputs();
        x.clear();
        let mut rows = Vec::with_capacity(words.len());
        for word in words {
            let (value, place) = (value(word, table.column), x.len());
            rows.push(*of_values[number].entry(value).or_insert_with(|| {
                x.resize(place + self.width, 0.0);
                self.look_up(table, value, &mut x[place..]);
                first + place / self.width
            }));
        }
        if known.capacity() == 0 {
            known.reserve_exact(VALUES_EXPECTED * map.outputs());
        }
        known.resize((first + x.len() / self.width) * map.outputs(), 0.0);
        map.apply(x, &mut known[start..], room);
        rows
    }

    /// Adds up the rows of a table that a value is hashed into.
    fn look_up(&self, table: &Table, value: u64, sum: &mut [f32]) {
        let rows = hash::rows(value, table.seed);
        table.numbers.add_to(self.kernel, rows.map(|row| row as usize % table.rows * self.width), sum);
    }
}

fn value(&(features, spacy): &(&Lexeme, bool), column: Column) -> u64 {
    match column {
        Column::Norm => features.norm,
        Column::Prefix => features.prefix,
        Column::Suffix => features.suffix,
        Column::Shape => features.shape,
        Column::Orth => features.orth,
        Column::Lower => features.lower,
        Column::IsSpace => u64::from(features.is_space),
        Column::Spacy => u64::from(spacy),
    }
}

#[cfg(test)]
mod tests {
    use super::{Mix, MixMemory};
    use crate::encoder::{Scratch, Vectors};
    use crate::kernel::Kernel;
    use crate::lexeme::Lexeme;
    use crate::product::{Arithmetic, Precision};
    use crate::weights::{Column, Encoder, Linear, Maxout, Numbers, Table};

    fn numbers(count: usize) -> Vec<f32> {
        (0..count).map(|place| (place * 31 % 67) as f32 / 67.0 - 0.5).collect()
    }

    /// Three features of a width of sixteen and two pieces.
    fn weights() -> Encoder {
        let table = |column| Table { column, seed: 7, rows: 50, numbers: Numbers::Full(numbers(50 * 16)) };
        let linear = Linear { inputs: 48, weights: numbers(48 * 32), bias: numbers(32) };
        let mix = Maxout { linear, gain: numbers(16), shift: numbers(16), pieces: 2 };
        Encoder {
            width: 16,
            tables: vec![table(Column::Norm), table(Column::Suffix), table(Column::Shape)],
            vectors: None,
            mix,
            layers: Vec::new(),
        }
    }

    fn embed(words: &[(&Lexeme, bool)], memory: &mut MixMemory) -> Vec<f32> {
        let arithmetic = Arithmetic { kernel: Kernel::best(), precision: Precision::Full };
        let mut to = Vec::new();
        let mix = Mix::new(&mut weights(), arithmetic);
        mix.embed((words, &Vectors::default()), (memory, &mut Scratch::default()), &mut to);
        to
    }

    #[test]
    fn what_words_share_is_kept_and_changes_nothing() {
        let word = |norm, suffix, shape| Lexeme { norm, suffix, shape, ..Lexeme::default() };
        let (one, two, three) = (word(1, 5, 5), word(2, 5, 5), word(1, 6, 5));
        let mut memory = MixMemory::default();
        let all = embed(&[(&one, true), (&two, true), (&three, false)], &mut memory);
        assert_eq!((memory.rows[0].len(), memory.rows[1].len()), (2, 1), "two endings and one shape");
        assert_eq!(memory.known.len(), 3 * 32, "a row for each");
        for (word, vector) in [&one, &two, &three].into_iter().zip(all.chunks_exact(16)) {
            assert_eq!(embed(&[(word, true)], &mut MixMemory::default()), vector);
            assert_eq!(embed(&[(word, true)], &mut memory), vector);
        }
        assert_ne!(all[..16], all[16..32]);
        assert_ne!(all[..16], all[32..]);
    }
}
