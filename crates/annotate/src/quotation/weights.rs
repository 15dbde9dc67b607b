//! The trained numbers: `model/attribution.bin`, written by `train/attribution.py export`.
//!
//! The file is a list of named parts: a byte for the length of the name, the name, a byte for the kind, rows and
//! columns (32 bits, little end first), then the numbers. Kinds: `t` text, `f` numbers of 32 bits, `b` a scale
//! of 32 bits a row and then numbers of one byte, `h` a scale, then hashes of 32 bits in order and weights of 16.

use std::collections::BTreeMap;

use grammar::{Matrix, Recurrent};

use crate::Parse;
use crate::lang::Language;

static BUILT_IN: &[u8] = include_bytes!("../../model/attribution.bin");

/// Number of labels: outside, and begins or continues a source, cue or content.
pub(super) const LABELS: usize = 7;

/// A table of rows of one-byte numbers with a scale each.
pub(super) struct Table {
    width: usize,
    scales: Vec<f32>,
    numbers: &'static [u8],
}

/// The trained tagger and linker.
pub struct Tagger {
    pub(super) lemmas: Lemmas,
    pub(super) tags: Names,
    pub(super) labels: Names,
    pub(super) entities: Names,
    pub(super) quote: Table,
    pub(super) flag: Table,
    pub(super) arc: Table,
    pub(super) dense: Matrix,
    pub(super) layers: [Recurrent; 2],
    pub(super) mix: Matrix,
    pub(super) out: Matrix,
    pub(super) field: Field,
    pub(super) source_linker: Linker,
    pub(super) content_linker: Linker,
    /// Width of the document's vectors it was trained on.
    pub(super) vector_width: usize,
    /// Code of the language it was trained on.
    language: &'static str,
}

/// Lemmas with what was learned of them in training, and with word vectors from elsewhere.
pub(super) struct Lemmas {
    known: Vec<&'static str>,
    rare: Vec<&'static str>,
    learned: Table,
    vectors: Table,
}

/// A small closed set of names with a row each; row 0 is for names that are not in it.
pub(super) struct Names {
    places: BTreeMap<&'static str, usize>,
    table: Table,
}

/// Scores of the conditional random field.
pub(super) struct Field {
    /// From label to label.
    pub(super) steps: [[f32; LABELS]; LABELS],
    pub(super) first: [f32; LABELS],
    pub(super) last: [f32; LABELS],
}

/// A logistic regression over hashed features.
pub(super) struct Linker {
    bias: f32,
    hashes: Vec<u32>,
    weights: Vec<f32>,
}

impl Tagger {
    /// The weights that are built in.
    pub fn built_in() -> Tagger {
        let parts = Parts::read(BUILT_IN).expect("the built-in weights are whole");
        let way = |layer: &str, way: &str| {
            let input = parts.affine(&format!("{layer}_{way}_in"), &format!("{layer}_{way}_bias"));
            [input, parts.affine(&format!("{layer}_{way}_hidden"), "none")]
        };
        let mean = parts.numbers("mean");
        Tagger {
            lemmas: Lemmas {
                known: parts.text("known").split('\n').collect(),
                rare: parts.text("rare").split('\n').collect(),
                learned: parts.table("lemma"),
                vectors: parts.table("vectors"),
            },
            tags: parts.names("tags", "tag"),
            labels: parts.names("labels", "label"),
            entities: parts.names("entities", "entity"),
            quote: parts.table("quote"),
            flag: parts.table("flag"),
            arc: parts.table("arc"),
            dense: parts.dense(&mean),
            layers: ["one", "two"].map(|layer| Recurrent::new([way(layer, "on"), way(layer, "back")])),
            mix: parts.affine("mix", "mix_bias"),
            out: parts.affine("out", "out_bias"),
            field: parts.field(),
            source_linker: parts.linker("source"),
            content_linker: parts.linker("content"),
            vector_width: mean.len(),
            language: parts.text("language"),
        }
    }
}

impl Tagger {
    /// Whether the tagger was trained for a text of this language with these vectors.
    pub(super) fn fits(&self, parse: &Parse<'_>, language: &Language) -> bool {
        language.code == self.language && parse.document.vector_width == self.vector_width
    }
}

impl Table {
    /// Appends a row's numbers.
    pub(super) fn append(&self, row: usize, numbers: &mut Vec<f32>) {
        let scale = self.scales[row];
        let bytes = &self.numbers[row * self.width..(row + 1) * self.width];
        numbers.extend(bytes.iter().map(|&byte| f32::from(byte as i8) * scale));
    }

    fn all(&self) -> Vec<f32> {
        let mut numbers = Vec::with_capacity(self.numbers.len());
        for row in 0..self.scales.len() {
            self.append(row, &mut numbers);
        }
        numbers
    }
}

impl Lemmas {
    /// Appends what is known of a lemma: learned numbers, then its word vector or zeros.
    pub(super) fn append(&self, lemma: &str, numbers: &mut Vec<f32>) {
        let known = self.known.binary_search(&lemma).ok();
        let rare = || self.rare.binary_search(&lemma).ok().map(|place| place + self.known.len());
        self.learned.append(known.map_or(0, |place| place + 1), numbers);
        match known.or_else(rare) {
            Some(row) => self.vectors.append(row, numbers),
            None => numbers.resize(numbers.len() + self.vectors.width, 0.0),
        }
    }
}

impl Names {
    /// Row of a name.
    pub(super) fn row(&self, name: &str) -> usize {
        self.places.get(name).map_or(0, |place| place + 1)
    }

    /// Number of rows.
    pub(super) fn count(&self) -> usize {
        self.places.len() + 1
    }

    /// Appends a row's numbers.
    pub(super) fn append(&self, row: usize, numbers: &mut Vec<f32>) {
        self.table.append(row, numbers);
    }
}

impl Linker {
    /// Log odds before any feature.
    pub(super) fn bias(&self) -> f32 {
        self.bias
    }

    /// Weight of a hashed feature.
    pub(super) fn weight(&self, hash: u32) -> f32 {
        self.hashes.binary_search(&hash).map_or(0.0, |place| self.weights[place])
    }
}

/// The parts of the file by name.
struct Parts(BTreeMap<&'static str, Part>);

struct Part {
    kind: u8,
    rows: usize,
    columns: usize,
    bytes: &'static [u8],
}

impl Parts {
    fn read(mut rest: &'static [u8]) -> Option<Parts> {
        let mut parts = BTreeMap::new();
        while let Some((&length, after)) = rest.split_first() {
            let (name, after) = after.split_at_checked(usize::from(length))?;
            let (&kind, after) = after.split_first()?;
            let (rows, after) = after.split_first_chunk()?;
            let (columns, after) = after.split_first_chunk()?;
            let (rows, columns) = (u32::from_le_bytes(*rows) as usize, u32::from_le_bytes(*columns) as usize);
            let size = match kind {
                b't' => rows,
                b'f' => rows * columns * 4,
                b'b' => rows * 4 + rows * columns,
                b'h' => 8 + rows * 6,
                _ => return None,
            };
            let (bytes, after) = after.split_at_checked(size)?;
            parts.insert(std::str::from_utf8(name).ok()?, Part { kind, rows, columns, bytes });
            rest = after;
        }
        Some(Parts(parts))
    }

    fn part(&self, name: &str, kind: u8) -> &Part {
        let part = self.0.get(name).unwrap_or_else(|| panic!("attribution.bin has no part {name}"));
        assert_eq!(part.kind, kind, "attribution.bin has another kind of part {name}");
        part
    }

    fn text(&self, name: &str) -> &'static str {
        std::str::from_utf8(self.part(name, b't').bytes).expect("names are text")
    }

    fn numbers(&self, name: &str) -> Vec<f32> {
        floats(self.part(name, b'f').bytes)
    }

    fn table(&self, name: &str) -> Table {
        let part = self.part(name, b'b');
        let (scales, numbers) = part.bytes.split_at(part.rows * 4);
        Table { width: part.columns, scales: floats(scales), numbers }
    }

    fn names(&self, names: &str, table: &str) -> Names {
        let places = self.text(names).split('\n').enumerate().map(|(place, name)| (name, place)).collect();
        Names { places, table: self.table(table) }
    }

    /// A map; without a part for the bias, the bias is zero.
    fn affine(&self, weights: &str, bias: &str) -> Matrix {
        let table = self.table(weights);
        let bias = self.0.get(bias).map_or_else(|| vec![0.0; table.scales.len()], |part| floats(part.bytes));
        let bytes: Vec<i8> = table.numbers.iter().map(|&byte| byte as i8).collect();
        Matrix::of_bytes(&table.scales, &bytes, &bias)
    }

    /// The first layer, which takes the document's vectors as they are: their mean and scale go into it.
    fn dense(&self, mean: &[f32]) -> Matrix {
        let table = self.table("dense");
        let (mut weights, mut bias, scale) = (table.all(), self.numbers("dense_bias"), self.numbers("scale"));
        for (row, bias) in weights.chunks_exact_mut(table.width).zip(&mut bias) {
            for ((weight, mean), scale) in row.iter_mut().zip(mean).zip(&scale) {
                *weight *= scale;
                *bias -= *weight * mean;
            }
        }
        Matrix::new(&weights, &bias)
    }

    fn field(&self) -> Field {
        let row = |numbers: &[f32]| <[f32; LABELS]>::try_from(numbers).expect("a number a label");
        let steps = self.numbers("steps");
        Field {
            steps: std::array::from_fn(|from| row(&steps[from * LABELS..(from + 1) * LABELS])),
            first: row(&self.numbers("first")),
            last: row(&self.numbers("last")),
        }
    }

    fn linker(&self, name: &str) -> Linker {
        let part = self.part(name, b'h');
        let (head, rest) = part.bytes.split_at(8);
        let (hashes, weights) = rest.split_at(part.rows * 4);
        let head = floats(head);
        let (hashes, _) = hashes.as_chunks::<4>();
        let (weights, _) = weights.as_chunks::<2>();
        Linker {
            bias: head[1],
            hashes: hashes.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect(),
            weights: weights.iter().map(|&bytes| f32::from(i16::from_le_bytes(bytes)) * head[0]).collect(),
        }
    }
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::{LABELS, Tagger};

    #[test]
    fn the_built_in_weights_fit_together() {
        let tagger = Tagger::built_in();
        assert!(tagger.out.outputs() >= LABELS);
        assert_eq!(tagger.out.inputs(), tagger.layers[1].outputs() + tagger.dense.outputs());
        let mut row = Vec::new();
        tagger.lemmas.append("say", &mut row);
        let known = row.clone();
        row.clear();
        tagger.lemmas.append("no such lemma", &mut row);
        assert_eq!(row.len(), known.len());
        assert_ne!(row, known);
    }
}
