//! The network of the tagger: from a text's words, parse and marks to a score for each label of each word.
//!
//! Paragraphs go through side by side, so that a step of the recurrent layers is a product of matrices.

use std::ops::Range;

use grammar::{Abreast, Room, Rounded};

use super::sequence::Sequence;
use super::weights::{LABELS, Tagger};

/// Scores of the labels of one word.
pub(super) type Scores = [f32; LABELS];

/// Longer paragraphs are cut: state is not carried further than this.
const UNIT_TOKENS_MAX: usize = 512;
/// As many words go through side by side, for the sake of memory.
const BATCH_TOKENS_MAX: usize = 2048;

/// Paragraphs as the network reads them: runs of places, the longest ones cut where a sentence begins.
pub(super) fn units(sequence: &Sequence<'_>) -> Vec<Range<usize>> {
    let mut units = Vec::new();
    for piece in &sequence.pieces {
        let mut start = piece.start;
        while piece.end - start > UNIT_TOKENS_MAX {
            let limit = start + UNIT_TOKENS_MAX;
            let cut =
                (start + UNIT_TOKENS_MAX / 2..=limit).rev().find(|&place| sequence.begins_sentence(place));
            units.push(start..cut.unwrap_or(limit));
            start = cut.unwrap_or(limit);
        }
        units.push(start..piece.end);
    }
    units
}

/// Scores for every place of a text.
pub(super) fn emissions(
    tagger: &Tagger,
    sequence: &Sequence<'_>,
    units: &[Range<usize>],
    room: &mut Room,
) -> Vec<Scores> {
    let mut scores = Vec::with_capacity(sequence.len());
    let mut rest = units;
    while let Some(first) = rest.first() {
        let fits = rest.partition_point(|unit| unit.end - first.start <= BATCH_TOKENS_MAX).max(1);
        let (batch, after) = rest.split_at(fits);
        score(tagger, sequence, batch, (&mut scores, room));
        rest = after;
    }
    scores
}

/// In which order the rows of units that go through side by side stand.
struct Order {
    abreast: Abreast,
    /// Row of each place.
    rows: Vec<usize>,
    /// Place of each row.
    places: Vec<usize>,
}

impl Order {
    fn new(units: &[Range<usize>]) -> Order {
        let start = units[0].start;
        let mut longest: Vec<&Range<usize>> = units.iter().collect();
        longest.sort_by_key(|unit| (std::cmp::Reverse(unit.len()), unit.start));
        let abreast = Abreast::new(&longest.iter().map(|unit| unit.len()).collect::<Vec<_>>());
        let [mut rows, mut places] = [(); 2].map(|()| vec![0; abreast.len()]);
        for (number, unit) in longest.iter().enumerate() {
            for at in 0..unit.len() {
                let row = abreast.row(number, at);
                rows[unit.start - start + at] = row;
                places[row] = unit.start - start + at;
            }
        }
        Order { abreast, rows, places }
    }
}

/// Appends the scores of units side by side.
fn score(
    tagger: &Tagger,
    sequence: &Sequence<'_>,
    units: &[Range<usize>],
    (scores, room): (&mut Vec<Scores>, &mut Room),
) {
    let (start, order) = (units[0].start, Order::new(units));
    let heads: Vec<usize> =
        units.iter().flat_map(|unit| unit.clone().map(|place| head(sequence, unit, place) - start)).collect();
    let mut dense = tagger.terms.rows(sequence, (start, &heads, &order.places), room);
    tagger.terms.gelu(&mut dense);
    let [first, second] = &tagger.layers;
    let rounded = first.round(&dense, room);
    room.give(dense);

    let one = first.apply(&rounded, &order.abreast, room);
    let mixed = mixed(tagger, &one, (&heads, &order), room);
    room.give_rounded(one);
    let two = second.apply(&mixed, &order.abreast, room);
    room.give_rounded(mixed);

    let [of_two, of_dense] = &tagger.out;
    let mut out = room.take(heads.len() * of_two.outputs());
    of_two.apply_rounded(&two, &mut out);
    let mut more = room.take(heads.len() * of_dense.outputs());
    of_dense.apply_rounded(&rounded, &mut more);
    scores.extend(order.rows.iter().map(|&row| {
        let (out, more) = (&out[row * of_two.outputs()..], &more[row * of_dense.outputs()..]);
        std::array::from_fn::<f32, LABELS, _>(|label| out[label] + more[label])
    }));
    [rounded, two].into_iter().for_each(|rows| room.give_rounded(rows));
    [out, more].into_iter().for_each(|numbers| room.give(numbers));
}

/// A map of each row and its head's, side by side: what the row gives, and what its head's gives.
fn mixed(tagger: &Tagger, rows: &Rounded, (heads, order): (&[usize], &Order), room: &mut Room) -> Rounded {
    let wide = tagger.mix.outputs();
    let width = wide / 2;
    let mut both = room.take(heads.len() * wide);
    tagger.mix.apply_rounded(rows, &mut both);
    let mut mixed = room.take(heads.len() * width);
    for ((own, &place), row) in both.chunks_exact(wide).zip(&order.places).zip(mixed.chunks_exact_mut(width))
    {
        row.copy_from_slice(&own[..width]);
        let of_head = &both[order.rows[heads[place]] * wide + width..][..width];
        tagger.mix.add_up(&[of_head], row);
    }
    room.give(both);
    tagger.mix.gelu(&mut mixed);
    let rounded = tagger.layers[1].round(&mixed, room);
    room.give(mixed);
    rounded
}

/// Place of the head within the unit; what is headed from outside is its own head.
fn head(sequence: &Sequence<'_>, unit: &Range<usize>, place: usize) -> usize {
    Some(sequence.heads[place]).filter(|head| unit.contains(head)).unwrap_or(place)
}

#[cfg(test)]
mod tests {
    use grammar::{Grammar, Room};

    use super::{BATCH_TOKENS_MAX, UNIT_TOKENS_MAX, emissions, units};
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
            let scores = emissions(&tagger, &sequence, &units(&sequence), &mut Room::default());
            assert_eq!(scores.len(), rows.lines().count());
            for (row, scores) in rows.lines().zip(&scores) {
                let expected = row.split('\t').skip(1).map(|number| number.parse::<f32>().expect("a number"));
                for (expected, score) in expected.zip(scores) {
                    assert!((expected - score).abs() < 0.02, "{row}: {scores:?}");
                }
            }
        }
    }

    #[test]
    fn paragraphs_longer_than_any_are_cut_and_batches_change_nothing() {
        let line = "She said it rained. ".repeat(UNIT_TOKENS_MAX / 4);
        let text = format!("He left.\n{line}\n").repeat(BATCH_TOKENS_MAX / UNIT_TOKENS_MAX);
        let pieces: Vec<_> = text
            .lines()
            .map(|line| line.as_ptr() as usize - text.as_ptr() as usize)
            .zip(text.lines())
            .map(|(start, line)| start..start + line.len())
            .collect();
        let (grammar, tagger) = (Grammar::english(), Tagger::built_in());
        let document = grammar.session().analyze(&text, &pieces);
        let parse = Parse::new(&text, &document);
        let sequence = Sequence::new(&parse, &[]);
        let units = units(&sequence);
        assert!(units.iter().all(|unit| !unit.is_empty() && unit.len() <= UNIT_TOKENS_MAX));
        assert_eq!(units.iter().map(|unit| unit.len()).sum::<usize>(), sequence.len());
        let scores = emissions(&tagger, &sequence, &units, &mut Room::default());
        let single = emissions(&tagger, &sequence, &units[..1], &mut Room::default());
        assert_eq!(single[..], scores[..single.len()]);
    }
}
