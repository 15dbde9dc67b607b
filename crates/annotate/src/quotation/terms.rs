//! The first layer of the tagger's network, as a sum of what each thing that is known of a word adds to it.
//!
//! A row of that layer's input is made of the numbers of many tables side by side: what each table's row gives when
//! multiplied is worked out when the tagger is loaded, for a lemma once a text, so that an article asks for one small
//! product and sums.

use std::collections::HashMap;
use std::ops::Range;

use grammar::{Matrix, Numbers, Room, Symbol};

use super::sequence::Sequence;
use super::weights::{Lemmas, Names, Table};

/// Arcs longer than this count as this long.
const ARC_MAX: isize = 8;

/// Labels are kept as bits of one number.
pub(super) const LABELS_MAX: usize = 64;

/// The first layer.
pub(super) struct Terms {
    /// Of a word's vector in context, with the bias.
    pub(super) vectors: Matrix,
    pub(super) lemmas: Lemmas,
    /// Of a lemma's numbers: what it adds to its own word, and what to the words that hang from it.
    pub(super) of_lemmas: Matrix,
    /// Tags add to a word and to those that hang from it.
    pub(super) tags: Adding<2>,
    pub(super) labels: Adding<2>,
    /// What the label of an arc adds to the word that the arc comes from.
    pub(super) children: Rows<1>,
    pub(super) entities: Adding<1>,
    pub(super) quotes: Rows<1>,
    pub(super) flags: Rows<1>,
    pub(super) arcs: Rows<1>,
}

/// What named rows add, each in `N` ways.
pub(super) struct Adding<const N: usize> {
    pub(super) names: Names,
    pub(super) rows: Rows<N>,
}

/// Rows of the layer's width, `N` for each row of a table.
pub(super) struct Rows<const N: usize> {
    width: usize,
    numbers: Vec<f32>,
}

impl<const N: usize> Rows<N> {
    /// What each row of a table gives when multiplied by `N` stretches of the layer's weights, which begin at `starts`
    /// in each row of them.
    pub(super) fn new(table: &Table, starts: [usize; N], weights: &Weights) -> Rows<N> {
        let mut numbers = Vec::new();
        let mut row = vec![0.0; table.width];
        for place in 0..table.len() {
            table.fill(place, &mut row);
            for start in starts {
                numbers.extend(weights.outputs(start, &row));
            }
        }
        Rows { width: weights.width, numbers }
    }

    fn get(&self, row: u32, way: usize) -> &[f32] {
        &self.numbers[(row as usize * N + way) * self.width..][..self.width]
    }
}

impl Rows<1> {
    /// What each input of a stretch adds where it is one.
    pub(super) fn of_inputs(inputs: Range<usize>, weights: &Weights) -> Rows<1> {
        let numbers = inputs.flat_map(|input| weights.outputs(input, &[1.0])).collect();
        Rows { width: weights.width, numbers }
    }
}

/// The layer's weights as trained: a row for each output.
pub(super) struct Weights {
    pub(super) inputs: usize,
    /// Number of outputs, rounded up to what rows have.
    pub(super) width: usize,
    pub(super) numbers: Vec<f32>,
}

impl Weights {
    /// What a stretch of the input gives by itself.
    fn outputs(&self, start: usize, input: &[f32]) -> impl Iterator<Item = f32> {
        let output = move |weights: &[f32]| {
            let weights = &weights[start..start + input.len()];
            weights.iter().zip(input).map(|(weight, number)| weight * number).sum()
        };
        let outputs = self.numbers.chunks_exact(self.inputs).map(output);
        outputs.chain(std::iter::repeat(0.0)).take(self.width)
    }

    /// The weights of a stretch of the input, a row for each output.
    pub(super) fn of(&self, inputs: Range<usize>) -> Vec<f32> {
        self.numbers.chunks_exact(self.inputs).flat_map(|row| &row[inputs.clone()]).copied().collect()
    }
}

/// Which row stands for each of a document's symbols, looked up when it first comes up.
struct Known(Vec<u32>);

impl Known {
    fn new(count: usize) -> Known {
        Known(vec![0; count])
    }

    fn row(&mut self, symbol: Symbol, find: impl FnOnce() -> usize) -> u32 {
        let known = &mut self.0[symbol as usize];
        if *known == 0 {
            *known = u32::try_from(find() + 1).expect("tables have fewer rows");
        }
        *known - 1
    }
}

/// A run of a text's places.
pub(super) struct Stretch<'a> {
    pub(super) sequence: &'a Sequence<'a>,
    pub(super) places: Range<usize>,
}

/// What is known of words of several texts, one after the other.
pub(super) struct Words<'a> {
    all: Vec<Word<'a>>,
    /// Number of each word's head.
    heads: &'a [usize],
    /// Labels of the arcs that lead to each word, as bits.
    children: Vec<u64>,
    /// What the lemmas add.
    of_lemmas: Numbers,
}

/// A word's vector in context, and the rows of the tables that stand for it.
#[derive(Clone, Copy)]
struct Word<'a> {
    vector: &'a [f32],
    lemma: u32,
    tag: u32,
    label: u32,
    entity: u32,
    quote: u8,
    flag: u8,
}

impl Words<'_> {
    /// Gives back the room they took.
    pub(super) fn give(self, room: &mut Room) {
        room.give(self.of_lemmas);
    }
}

/// Lemmas that have come up, by their places in the tables: those that are in none are one.
#[derive(Default)]
struct Spelled {
    places: Vec<Option<usize>>,
    rows: HashMap<Option<usize>, u32>,
}

impl Spelled {
    fn row(&mut self, place: Option<usize>) -> u32 {
        *self.rows.entry(place).or_insert_with(|| {
            self.places.push(place);
            self.places.len() as u32 - 1
        })
    }
}

impl Terms {
    /// The layer's curve.
    pub(super) fn gelu(&self, rows: &mut [f32]) {
        self.vectors.gelu(rows);
    }

    /// Numbers in a row of the layer.
    pub(super) fn width(&self) -> usize {
        self.vectors.outputs()
    }

    /// Looks up the words of stretches of texts, whose heads these are, all numbered one after the other.
    pub(super) fn words<'a>(
        &self,
        stretches: impl Iterator<Item = &'a Stretch<'a>>,
        heads: &'a [usize],
        room: &mut Room,
    ) -> Words<'a> {
        let mut spelled = Spelled::default();
        let mut all = Vec::with_capacity(heads.len());
        for stretch in stretches {
            self.look_up(stretch, &mut spelled, &mut all);
        }
        let (inputs, count) = (self.of_lemmas.inputs(), spelled.places.len());
        let mut numbers = room.take(count * inputs);
        for (place, to) in spelled.places.into_iter().zip(numbers.chunks_exact_mut(inputs)) {
            self.lemmas.fill(place, to);
        }
        let mut of_lemmas = room.take(count * self.of_lemmas.outputs());
        self.of_lemmas.apply(&numbers, &mut of_lemmas, room);
        room.give(numbers);
        let children = children(&all, heads);
        Words { all, heads, children, of_lemmas }
    }

    fn look_up<'a>(
        &self,
        Stretch { sequence, places }: &Stretch<'a>,
        spelled: &mut Spelled,
        words: &mut Vec<Word<'a>>,
    ) {
        let parse = sequence.parse;
        let known = || Known::new(parse.document.symbol_count());
        let [mut lemmas, mut tags, mut labels, mut entities] = [known(), known(), known(), known()];
        let first = words.len();
        let mut first_places = Vec::new();
        for place in places.clone() {
            let token = sequence.tokens[place];
            let symbols = parse.document.symbols(token);
            let lemma = lemmas.row(symbols.lemma, || {
                first_places.push(place);
                first_places.len() - 1
            });
            let entity = entities.row(symbols.entity, || self.entities.names.row(parse.entity(token)));
            let opens = place == 0 || sequence.paragraphs[place] != sequence.paragraphs[place - 1];
            words.push(Word {
                // As long as the tagger was trained on, or it would not fit.
                vector: parse.document.vector(token),
                lemma,
                tag: tags.row(symbols.tag, || self.tags.names.row(parse.tag(token))),
                label: labels.row(symbols.label, || self.labels.names.row(parse.label(token))),
                entity: 2 * entity + u32::from(parse.document.entity_starts[token]),
                quote: sequence.quotes[place] as u8,
                flag: 2 * u8::from(sequence.begins_sentence(place)) + u8::from(opens),
            });
        }
        // Memory is waited for at each step: many lemmas side by side take each of them sooner than one after the other.
        let find = |&place: &usize| self.lemmas.find(&sequence.lemmas[place]);
        let found: Vec<Option<usize>> = first_places.iter().map(find).collect();
        let rows: Vec<u32> = found.into_iter().map(|place| spelled.row(place)).collect();
        words[first..].iter_mut().for_each(|word| word.lemma = rows[word.lemma as usize]);
    }

    /// The layer's rows for some of the words, by their numbers.
    pub(super) fn rows(&self, words: &Words<'_>, some: &[usize], (rows, room): (&mut [f32], &mut Room)) {
        let (inputs, width) = (self.vectors.inputs(), self.width());
        let mut vectors = room.take(some.len() * inputs);
        for (&word, to) in some.iter().zip(vectors.chunks_exact_mut(inputs)) {
            to.copy_from_slice(words.all[word].vector);
        }
        self.vectors.apply(&vectors, rows, room);
        room.give(vectors);
        let lemma = |row: u32, way: usize| &words.of_lemmas[(row as usize * 2 + way) * width..][..width];
        let mut terms: Vec<&[f32]> = Vec::new();
        for (&number, row) in some.iter().zip(rows.chunks_exact_mut(width)) {
            let head = words.heads[number];
            let (word, above) = (words.all[number], words.all[head]);
            let arc = (head as isize - number as isize).clamp(-ARC_MAX, ARC_MAX) + ARC_MAX;
            terms.clear();
            terms.extend([
                lemma(word.lemma, 0),
                lemma(above.lemma, 1),
                self.tags.rows.get(word.tag, 0),
                self.tags.rows.get(above.tag, 1),
                self.labels.rows.get(word.label, 0),
                self.labels.rows.get(above.label, 1),
                self.quotes.get(word.quote.into(), 0),
                self.flags.get(word.flag.into(), 0),
                self.entities.rows.get(word.entity, 0),
                self.arcs.get(arc as u32, 0),
            ]);
            let mut labels = words.children[number];
            while labels != 0 {
                terms.push(self.children.get(labels.trailing_zeros(), 0));
                labels &= labels - 1;
            }
            self.vectors.add_up(&terms, row);
        }
    }
}

/// The labels of the arcs that lead to each word, as bits.
fn children(words: &[Word<'_>], heads: &[usize]) -> Vec<u64> {
    let mut children = vec![0; words.len()];
    for (at, (word, &head)) in words.iter().zip(heads).enumerate() {
        if head != at {
            children[head] |= 1 << word.label;
        }
    }
    children
}
