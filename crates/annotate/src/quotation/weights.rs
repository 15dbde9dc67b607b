//! The trained numbers: `model/attribution.bin`, written by `train/attribution.py export`.
//!
//! The file is a list of named parts: a byte for the length of the name, the name, a byte for the kind, rows and
//! columns (32 bits, little end first), then the numbers. Kinds: `t` text, `f` numbers of 32 bits, `b` a scale
//! of 32 bits a row and then numbers of one byte, `h` a scale, then hashes of 32 bits in order and weights of 16.

use std::collections::BTreeMap;
use std::ops::Range;

use grammar::{Matrix, Recurrent};

use super::terms::{Adding, LABELS_MAX, Rows, Terms, Weights};
use crate::Parse;
use crate::lang::{Language, Places};

static BUILT_IN: &[u8] = include_bytes!("../../model/attribution.bin");

/// Number of labels: outside, and begins or continues a source, cue or content.
pub(super) const LABELS: usize = 7;

/// Rows that maps give are rounded up to whole lanes of so many numbers.
const LANES: usize = 16;

/// A table of rows of one-byte numbers with a scale each.
pub(super) struct Table {
    pub(super) width: usize,
    scales: Vec<f32>,
    numbers: &'static [u8],
}

/// The trained tagger and linker.
pub struct Tagger {
    pub(super) terms: Terms,
    pub(super) layers: [Recurrent; 2],
    /// Of a row of the first recurrent layer: what it gives its own word, and what the words that hang from it.
    pub(super) mix: [Matrix; 2],
    /// Of a row of the second recurrent layer, and of one of the layer before the first.
    pub(super) out: [Matrix; 2],
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
    /// Those that were often seen in training, then the others.
    words: Vec<&'static str>,
    places: Places,
    known_count: usize,
    learned: Table,
    vectors: Table,
}

/// A small closed set of names with a row each in a table; row 0 is for names that are not in it.
pub(super) struct Names(BTreeMap<&'static str, usize>);

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
    /// Hashes of features and their weights, each near the place that its hash names; a power of two of places, where
    /// those left empty weigh nothing.
    weights: Vec<(u32, f32)>,
}

impl Tagger {
    /// The weights that are built in.
    pub fn built_in() -> Tagger {
        let parts = Parts::read(BUILT_IN).expect("the built-in weights are whole");
        let way = |layer: &str, way: &str| {
            let input = parts.affine(&format!("{layer}_{way}_in"), &format!("{layer}_{way}_bias"));
            [input, parts.affine(&format!("{layer}_{way}_hidden"), "none")]
        };
        let vector_width = parts.numbers("mean").len();
        Tagger {
            terms: parts.terms(),
            layers: ["one", "two"].map(|layer| Recurrent::new([way(layer, "on"), way(layer, "back")])),
            mix: parts.mix(),
            out: parts.out(),
            field: parts.field(),
            source_linker: parts.linker("source"),
            content_linker: parts.linker("content"),
            vector_width,
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
    /// Writes a row's numbers.
    pub(super) fn fill(&self, row: usize, to: &mut [f32]) {
        let scale = self.scales[row];
        let bytes = &self.numbers[row * self.width..(row + 1) * self.width];
        for (to, &byte) in to.iter_mut().zip(bytes) {
            *to = f32::from(byte as i8) * scale;
        }
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.scales.len()
    }

    /// Some columns of all rows, as bytes.
    fn columns(&self, columns: Range<usize>) -> Vec<i8> {
        let rows = self.numbers.chunks_exact(self.width);
        rows.flat_map(|row| &row[columns.clone()]).map(|&byte| byte as i8).collect()
    }

    fn all(&self) -> Vec<f32> {
        let mut numbers = vec![0.0; self.numbers.len()];
        for (row, to) in numbers.chunks_exact_mut(self.width).enumerate() {
            self.fill(row, to);
        }
        numbers
    }
}

impl Lemmas {
    /// Where a lemma stands in the tables.
    pub(super) fn find(&self, lemma: &str) -> Option<usize> {
        self.places.find(lemma, |place| self.words[place])
    }

    /// Writes what is known of a lemma: learned numbers, then its word vector, and zeros for what is not known or beyond.
    pub(super) fn fill(&self, place: Option<usize>, to: &mut [f32]) {
        let known = place.filter(|&place| place < self.known_count);
        let (learned, vector) = to.split_at_mut(self.learned.width);
        self.learned.fill(known.map_or(0, |place| place + 1), learned);
        vector.fill(0.0);
        if let Some(row) = place {
            self.vectors.fill(row, vector);
        }
    }

    /// Numbers that stand for a lemma.
    fn width(&self) -> usize {
        self.learned.width + self.vectors.width
    }
}

impl Names {
    /// Row of a name.
    pub(super) fn row(&self, name: &str) -> usize {
        self.0.get(name).map_or(0, |place| place + 1)
    }
}

impl Linker {
    /// Log odds before any feature.
    pub(super) fn bias(&self) -> f32 {
        self.bias
    }

    /// Weight of a hashed feature.
    pub(super) fn weight(&self, hash: u32) -> f32 {
        let mut place = hash as usize & (self.weights.len() - 1);
        loop {
            let (own, weight) = self.weights[place];
            if own == hash || weight == 0.0 {
                return weight;
            }
            place = (place + 1) & (self.weights.len() - 1);
        }
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

    fn names(&self, names: &str) -> Names {
        Names(self.text(names).split('\n').enumerate().map(|(place, name)| (name, place)).collect())
    }

    fn lemmas(&self) -> Lemmas {
        let known = self.text("known").split('\n');
        let words: Vec<&str> = known.clone().chain(self.text("rare").split('\n')).collect();
        Lemmas {
            places: Places::new(words.iter().copied()),
            words,
            known_count: known.count(),
            learned: self.table("lemma"),
            vectors: self.table("vectors"),
        }
    }

    /// A map; without a part for the bias, the bias is zero.
    fn affine(&self, weights: &str, bias: &str) -> Matrix {
        let table = self.table(weights);
        let bias = self.0.get(bias).map_or_else(|| vec![0.0; table.scales.len()], |part| floats(part.bytes));
        Matrix::of_bytes(&table.scales, &table.columns(0..table.width), &bias)
    }

    /// The first layer. Its input is a word's vector, lemma, tag and label, its head's lemma, tag and label, and then
    /// where it stands to quotation marks, beginnings, its name, its arc, and the labels of its children.
    fn terms(&self) -> Terms {
        let table = self.table("dense");
        let mut bias = self.numbers("dense_bias");
        bias.resize(bias.len().next_multiple_of(LANES), 0.0);
        let mut weights = Weights { inputs: table.width, width: bias.len(), numbers: table.all() };
        let vector_width = self.fold_scale(&mut weights, &mut bias);
        let (lemmas, names) = (self.lemmas(), ["tags", "labels", "entities"].map(|name| self.names(name)));
        let tables = ["tag", "label", "quote", "flag", "entity", "arc"].map(|name| self.table(name));
        let [tag, label, quote, flag, entity, arc] = &tables;
        let own = vector_width;
        let word = lemmas.width() + tag.width + label.width;
        let starts = |inside: usize| [own + inside, own + word + inside];
        let mut at = own + 2 * word;
        let mut next = |width: usize| {
            at += width;
            at - width
        };
        let (quotes, flags) = (next(quote.width), next(flag.width));
        let (entities, arcs, children) = (next(entity.width), next(arc.width), next(label.len()));
        assert!(
            children + label.len() == table.width && label.len() <= LABELS_MAX,
            "the layer's inputs are these"
        );
        // Rows of the layer are whole lanes: so many outputs more give nothing.
        let (more, width) = (bias.len() - table.len(), lemmas.width());
        let lemma_weights =
            starts(0).map(|start| [table.columns(start..start + width), vec![0; more * width]].concat());
        let scales = [&table.scales[..], &vec![0.0; more]].concat();
        let [tag_names, label_names, entity_names] = names;
        Terms {
            vectors: Matrix::new(&weights.of(0..own), &bias),
            of_lemmas: Matrix::of_bytes(
                &scales.repeat(2),
                &lemma_weights.concat(),
                &vec![0.0; 2 * bias.len()],
            ),
            tags: Adding { names: tag_names, rows: Rows::new(tag, starts(lemmas.width()), &weights) },
            labels: Adding {
                names: label_names,
                rows: Rows::new(label, starts(lemmas.width() + tag.width), &weights),
            },
            children: Rows::of_inputs(children..children + label.len(), &weights),
            entities: Adding { names: entity_names, rows: Rows::new(entity, [entities], &weights) },
            quotes: Rows::new(quote, [quotes], &weights),
            flags: Rows::new(flag, [flags], &weights),
            arcs: Rows::new(arc, [arcs], &weights),
            lemmas,
        }
    }

    /// Takes the vectors' mean and scale into the weights and the bias, so that a document's vectors go in as they are;
    /// returns the vectors' width.
    fn fold_scale(&self, weights: &mut Weights, bias: &mut [f32]) -> usize {
        let (mean, scale) = (self.numbers("mean"), self.numbers("scale"));
        for (row, bias) in weights.numbers.chunks_exact_mut(weights.inputs).zip(bias) {
            for ((weight, mean), scale) in row.iter_mut().zip(&mean).zip(&scale) {
                *weight *= scale;
                *bias -= *weight * mean;
            }
        }
        mean.len()
    }

    /// The map after the first recurrent layer: of each word's row, and of its head's.
    fn mix(&self) -> [Matrix; 2] {
        let (table, bias) = (self.table("mix"), self.numbers("mix_bias"));
        let of = |inputs, bias: &[f32]| Matrix::of_bytes(&table.scales, &table.columns(inputs), bias);
        let half = table.width / 2;
        [of(0..half, &bias), of(half..table.width, &vec![0.0; bias.len()])]
    }

    /// The last map: of a word's row of the second recurrent layer, and of the first layer's.
    fn out(&self) -> [Matrix; 2] {
        let (table, bias) = (self.table("out"), self.numbers("out_bias"));
        let recurrent = 2 * self.table("two_on_hidden").width;
        let of = |inputs, bias: &[f32]| Matrix::of_bytes(&table.scales, &table.columns(inputs), bias);
        [of(0..recurrent, &bias), of(recurrent..table.width, &vec![0.0; bias.len()])]
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
        let mut table = vec![(0, 0.0); (2 * hashes.len()).next_power_of_two()];
        for (&hash, &weight) in hashes.iter().zip(weights) {
            let (hash, weight) = (u32::from_le_bytes(hash), f32::from(i16::from_le_bytes(weight)) * head[0]);
            let mut place = hash as usize & (table.len() - 1);
            while table[place].1 != 0.0 {
                place = (place + 1) & (table.len() - 1);
            }
            table[place] = (hash, weight);
        }
        Linker { bias: head[1], weights: table }
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
        let [of_two, of_dense] = &tagger.out;
        assert!(of_two.outputs() >= LABELS && of_dense.outputs() == of_two.outputs());
        assert_eq!(of_two.inputs(), tagger.layers[1].outputs());
        assert_eq!(of_dense.inputs(), tagger.terms.width());
        let lemmas = &tagger.terms.lemmas;
        let mut rows = [[7.0; 128]; 2];
        assert!(lemmas.width() < 128);
        lemmas.fill(lemmas.find("say"), &mut rows[0]);
        lemmas.fill(lemmas.find("no such lemma"), &mut rows[1]);
        assert_ne!(rows[0], rows[1]);
        assert_eq!(rows.map(|row| row[127]), [0.0; 2], "what is beyond is cleared");
    }
}
