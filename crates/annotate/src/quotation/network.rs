//! The network of the tagger: from texts' words, parse and marks to a score for each label of each word.
//!
//! Paragraphs of several texts go through side by side, so that a step of the recurrent layers is a product of matrices. What
//! comes between those layers is done for a few rows at a time, which stay in a near cache.

use std::ops::Range;

use grammar::{Abreast, Room, Rounded};

use super::sequence::Sequence;
use super::terms::{Stretch, Words};
use super::weights::{LABELS, Tagger};

/// Scores of the labels of one word.
pub(super) type Scores = [f32; LABELS];

/// Longer paragraphs are cut: state is not carried further than this.
const UNIT_TOKENS_MAX: usize = 512;
/// As many words go through side by side, for the sake of memory.
const BATCH_TOKENS_MAX: usize = 8192;
/// Rows that are done at a time between the recurrent layers.
const ROWS: usize = 128;

/// A text, and its paragraphs as the network reads them: runs of places, the longest ones cut where a sentence begins.
pub(super) struct Cut<'a> {
    pub(super) sequence: &'a Sequence<'a>,
    pub(super) units: Vec<Range<usize>>,
}

impl<'a> Cut<'a> {
    /// Cuts a text.
    pub(super) fn new(sequence: &'a Sequence<'a>) -> Cut<'a> {
        let mut units = Vec::new();
        for piece in &sequence.pieces {
            let mut start = piece.start;
            while piece.end - start > UNIT_TOKENS_MAX {
                let limit = start + UNIT_TOKENS_MAX;
                let cut = (start + UNIT_TOKENS_MAX / 2..=limit)
                    .rev()
                    .find(|&place| sequence.begins_sentence(place));
                units.push(start..cut.unwrap_or(limit));
                start = cut.unwrap_or(limit);
            }
            units.push(start..piece.end);
        }
        Cut { sequence, units }
    }
}

/// Scores for every place of each text.
pub(super) fn emissions(tagger: &Tagger, texts: &[Cut<'_>], room: &mut Room) -> Vec<Vec<Scores>> {
    let mut scores: Vec<Vec<Scores>> = texts.iter().map(|_| Vec::new()).collect();
    let mut batch = Batch::default();
    for (text, Cut { sequence, units }) in texts.iter().enumerate() {
        for unit in units {
            if batch.count + unit.len() > BATCH_TOKENS_MAX && batch.count > 0 {
                std::mem::take(&mut batch).score(tagger, &mut scores, room);
            }
            batch.add((text, sequence), unit);
        }
    }
    if batch.count > 0 {
        batch.score(tagger, &mut scores, room);
    }
    scores
}

/// Units that go through side by side; their words are numbered one after the other.
#[derive(Default)]
struct Batch<'a> {
    /// Each text's part of them, and which text it is.
    stretches: Vec<(usize, Stretch<'a>)>,
    /// The units, by the number of their first word.
    units: Vec<Range<usize>>,
    /// Number of each word's head.
    heads: Vec<usize>,
    count: usize,
}

impl<'a> Batch<'a> {
    fn add(&mut self, (text, sequence): (usize, &'a Sequence<'a>), unit: &Range<usize>) {
        match self.stretches.last_mut() {
            Some((last, stretch)) if *last == text => stretch.places.end = unit.end,
            _ => self.stretches.push((text, Stretch { sequence, places: unit.clone() })),
        }
        let first = self.count;
        self.heads.extend(unit.clone().map(|place| head(sequence, unit, place) - unit.start + first));
        self.count += unit.len();
        self.units.push(first..self.count);
    }

    /// Appends the scores to those of the texts.
    fn score(self, tagger: &Tagger, scores: &mut [Vec<Scores>], room: &mut Room) {
        let order = Order::new(&self.units);
        let stretches = self.stretches.iter().map(|(_, stretch)| stretch);
        let words = tagger.terms.words(stretches, &self.heads, room);
        let dense = dense(tagger, &words, &order, room);
        words.give(room);

        let [first, second] = &tagger.layers;
        let one = first.apply(&dense, &order.abreast, room);
        let mixed = mixed(tagger, &one, (&self.heads, &order), room);
        room.give_rounded(one);
        let two = second.apply(&mixed, &order.abreast, room);
        room.give_rounded(mixed);

        let rows = out(tagger, [&two, &dense], room);
        [dense, two].into_iter().for_each(|rows| room.give_rounded(rows));
        let mut of_words = order.rows.iter().map(|&row| rows[row]);
        for (text, Stretch { places, .. }) in self.stretches {
            scores[text].extend(of_words.by_ref().take(places.len()));
        }
    }
}

/// Number of the head's place, within the unit; what is headed from outside is its own head.
fn head(sequence: &Sequence<'_>, unit: &Range<usize>, place: usize) -> usize {
    Some(sequence.heads[place]).filter(|head| unit.contains(head)).unwrap_or(place)
}

/// In which order the rows of words that go through side by side stand.
struct Order {
    abreast: Abreast,
    /// Row of each word.
    rows: Vec<usize>,
    /// Word of each row.
    words: Vec<usize>,
}

impl Order {
    fn new(units: &[Range<usize>]) -> Order {
        let mut longest: Vec<&Range<usize>> = units.iter().collect();
        longest.sort_by_key(|unit| (std::cmp::Reverse(unit.len()), unit.start));
        let abreast = Abreast::new(&longest.iter().map(|unit| unit.len()).collect::<Vec<_>>());
        let [mut rows, mut words] = [(); 2].map(|()| vec![0; abreast.len()]);
        for (number, unit) in longest.iter().enumerate() {
            for (at, word) in (*unit).clone().enumerate() {
                let row = abreast.row(number, at);
                rows[word] = row;
                words[row] = word;
            }
        }
        Order { abreast, rows, words }
    }
}

/// The first layer of every word, rounded.
fn dense(tagger: &Tagger, words: &Words<'_>, order: &Order, room: &mut Room) -> Rounded {
    let mut rounded = Rounded::new(tagger.layers[0].inputs(), order.words.len(), room);
    let mut rows = room.take(ROWS * tagger.terms.width());
    for some in order.words.chunks(ROWS) {
        let rows = &mut rows[..some.len() * tagger.terms.width()];
        tagger.terms.rows(words, some, (rows, room));
        tagger.terms.gelu(rows);
        tagger.layers[0].round(rows, &mut rounded);
    }
    room.give(rows);
    rounded
}

/// A map of each row and its head's: what the row gives, and what its head's gives.
fn mixed(tagger: &Tagger, rows: &Rounded, (heads, order): (&[usize], &Order), room: &mut Room) -> Rounded {
    let [of_own, of_heads] = &tagger.mix;
    let width = of_own.outputs();
    let mut above = room.take(rows.len() * width);
    of_heads.apply_rounded(rows, 0..rows.len(), &mut above);
    let mut mixed = Rounded::new(tagger.layers[1].inputs(), rows.len(), room);
    let mut some = room.take(ROWS * width);
    for first in (0..rows.len()).step_by(ROWS) {
        let numbers = first..rows.len().min(first + ROWS);
        let some = &mut some[..numbers.len() * width];
        of_own.apply_rounded(rows, numbers.clone(), some);
        for (row, to) in numbers.zip(some.chunks_exact_mut(width)) {
            let head = order.rows[heads[order.words[row]]];
            of_own.add_up(&[&above[head * width..][..width]], to);
        }
        of_own.gelu(some);
        tagger.layers[1].round(some, &mut mixed);
    }
    [above, some].into_iter().for_each(|numbers| room.give(numbers));
    mixed
}

/// The last map, of each row of the second recurrent layer and of the first layer's.
fn out(tagger: &Tagger, [two, dense]: [&Rounded; 2], room: &mut Room) -> Vec<Scores> {
    let [of_two, of_dense] = &tagger.out;
    let width = of_two.outputs();
    let mut scores = Vec::with_capacity(two.len());
    let [mut one, mut other] = [(); 2].map(|()| room.take(ROWS * width));
    for first in (0..two.len()).step_by(ROWS) {
        let rows = first..two.len().min(first + ROWS);
        of_two.apply_rounded(two, rows.clone(), &mut one);
        of_dense.apply_rounded(dense, rows.clone(), &mut other);
        let sums = one.chunks_exact(width).zip(other.chunks_exact(width)).take(rows.len());
        scores.extend(
            sums.map(|(one, other)| std::array::from_fn::<f32, LABELS, _>(|label| one[label] + other[label])),
        );
    }
    [one, other].into_iter().for_each(|numbers| room.give(numbers));
    scores
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use grammar::{Grammar, Room};

    use super::{BATCH_TOKENS_MAX, Cut, UNIT_TOKENS_MAX, emissions};
    use crate::Parse;
    use crate::lang::WordSet;
    use crate::quotation::sequence::Sequence;
    use crate::quotation::{Tagger, marks};

    /// Scores that train/attribution.py computed with the same weights.
    const SAMPLES: &str = include_str!("../../model/attribution.samples.tsv");

    #[test]
    fn scores_are_those_of_the_training_script() {
        let (grammar, tagger) = (Grammar::english(), Tagger::built_in());
        for sample in SAMPLES.split("# ").filter(|sample| !sample.is_empty()) {
            let (text, rows) = sample.split_once('\n').expect("a text and its rows");
            let document = grammar.session().analyze(text, std::slice::from_ref(&(0..text.len())));
            let parse = Parse::new(text, &document);
            let sequence = Sequence::new(&parse, &marks::marked(&parse, &WordSet::default()));
            let scores = emissions(&tagger, &[Cut::new(&sequence)], &mut Room::default());
            assert_eq!(scores[0].len(), rows.lines().count());
            for (row, scores) in rows.lines().zip(&scores[0]) {
                let expected = row.split('\t').skip(1).map(|number| number.parse::<f32>().expect("a number"));
                for (expected, score) in expected.zip(scores) {
                    // What goes into its gates is rounded to bytes.
                    assert!((expected - score).abs() < 0.05, "{row}: {scores:?}");
                }
            }
        }
    }

    #[test]
    fn paragraphs_longer_than_any_are_cut_and_batches_change_nothing() {
        let line = "She said it rained. ".repeat(UNIT_TOKENS_MAX / 4);
        let long = format!("He left.\n{line}\n").repeat(BATCH_TOKENS_MAX / UNIT_TOKENS_MAX);
        let texts =
            ["“We will sail,” Quill said.\n", &long, "", "Nobody was hurt, police said.\n\nIt rained.\n"];
        let (grammar, tagger) = (Grammar::english(), Tagger::built_in());
        let mut session = grammar.session();
        let documents = texts.map(|text| session.analyze(text, &lines(text)));
        let parses: Vec<Parse<'_>> =
            texts.iter().zip(&documents).map(|(text, document)| Parse::new(text, document)).collect();
        let sequences: Vec<Sequence<'_>> = parses.iter().map(|parse| Sequence::new(parse, &[])).collect();
        let cuts: Vec<Cut<'_>> = sequences.iter().map(Cut::new).collect();
        let units = &cuts[1].units;
        assert!(units.iter().all(|unit| !unit.is_empty() && unit.len() <= UNIT_TOKENS_MAX));
        assert_eq!(units.iter().map(|unit| unit.len()).sum::<usize>(), sequences[1].len());
        let all = emissions(&tagger, &cuts, &mut Room::default());
        for (text, scores) in all.iter().enumerate() {
            assert_eq!(scores.len(), sequences[text].len());
            let alone = emissions(&tagger, &[Cut::new(&sequences[text])], &mut Room::default());
            assert_eq!(*scores, alone[0], "{text}");
        }
        let one = Cut { sequence: &sequences[1], units: units[..1].to_vec() };
        let single = emissions(&tagger, &[one], &mut Room::default());
        assert_eq!(single[0][..], all[1][..units[0].len()]);
    }

    /// Byte ranges of the lines of a text.
    fn lines(text: &str) -> Vec<Range<usize>> {
        let start = |line: &str| line.as_ptr() as usize - text.as_ptr() as usize;
        text.lines().map(|line| start(line)..start(line) + line.len()).collect()
    }
}
