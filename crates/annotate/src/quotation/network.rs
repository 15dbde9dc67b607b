//! The network of the tagger: from a text's words, parse and marks to a score for each label of each word.
//!
//! Paragraphs go through side by side, so that a step of the recurrent layers is a product of matrices.

use std::ops::Range;

use grammar::Room;

use super::sequence::Sequence;
use super::weights::{LABELS, Tagger};

/// Scores of the labels of one word.
pub(super) type Scores = [f32; LABELS];

/// Longer paragraphs are cut: state is not carried further than this.
const UNIT_TOKENS_MAX: usize = 512;
/// As many words go through side by side, for the sake of memory.
const BATCH_TOKENS_MAX: usize = 2048;
/// Arcs longer than this count as this long.
const ARC_MAX: isize = 8;

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
        let places = batch[0].start..batch[batch.len() - 1].end;
        let heads: Vec<usize> = batch
            .iter()
            .flat_map(|unit| unit.clone().map(|place| head(sequence, unit, place) - places.start))
            .collect();
        let inputs = inputs(tagger, sequence, (places, &heads), room);
        scores.extend(score(tagger, batch, (inputs, &heads), room));
        rest = after;
    }
    scores
}

/// Scores of units side by side; `heads` are rows of the inputs.
fn score(
    tagger: &Tagger,
    units: &[Range<usize>],
    (inputs, heads): (Vec<f32>, &[usize]),
    room: &mut Room,
) -> Vec<Scores> {
    let (count, start) = (heads.len(), units[0].start);
    let mut longest: Vec<Range<usize>> =
        units.iter().map(|unit| unit.start - start..unit.end - start).collect();
    longest.sort_by_key(|unit| (std::cmp::Reverse(unit.len()), unit.start));
    let mut dense = room.take(count * tagger.dense.outputs());
    tagger.dense.apply_gelu(&inputs, &mut dense, room);
    room.give(inputs);

    let [first, second] = &tagger.layers;
    let one = first.apply(&dense, &longest, room);
    let width = first.outputs();
    let mut pairs = room.take(0);
    for (row, &head) in one.chunks_exact(width).zip(heads) {
        pairs.extend_from_slice(row);
        pairs.extend_from_slice(&one[head * width..][..width]);
    }
    room.give(one);
    let mut mixed = room.take(count * tagger.mix.outputs());
    tagger.mix.apply_gelu(&pairs, &mut mixed, room);
    room.give(pairs);

    let two = second.apply(&mixed, &longest, room);
    room.give(mixed);
    let mut last = room.take(0);
    for (two, dense) in two.chunks_exact(width).zip(dense.chunks_exact(tagger.dense.outputs())) {
        last.extend_from_slice(two);
        last.extend_from_slice(dense);
    }
    let mut out = room.take(count * tagger.out.outputs());
    tagger.out.apply(&last, &mut out, room);
    let rows = out.chunks_exact(tagger.out.outputs());
    let scores = rows.map(|row| std::array::from_fn::<f32, LABELS, _>(|label| row[label])).collect();
    [two, dense, last, out].into_iter().for_each(|numbers| room.give(numbers));
    scores
}

/// Place of the head within the unit; what is headed from outside is its own head.
fn head(sequence: &Sequence<'_>, unit: &Range<usize>, place: usize) -> usize {
    Some(sequence.heads[place]).filter(|head| unit.contains(head)).unwrap_or(place)
}

/// One row a place, as trained: vector, word, the head's word, quotation marks, beginnings, name, arc, children.
fn inputs(
    tagger: &Tagger,
    sequence: &Sequence<'_>,
    (places, heads): (Range<usize>, &[usize]),
    room: &mut Room,
) -> Vec<f32> {
    let parse = sequence.parse;
    let mut words = room.take(0);
    let mut children = room.take(places.len() * tagger.labels.count());
    children.fill(0.0);
    for place in places.clone() {
        let token = sequence.tokens[place];
        let label = tagger.labels.row(parse.label(token));
        tagger.lemmas.append(&sequence.lemmas[place], &mut words);
        tagger.tags.append(tagger.tags.row(parse.tag(token)), &mut words);
        tagger.labels.append(label, &mut words);
        let head = heads[place - places.start];
        if head != place - places.start {
            children[head * tagger.labels.count() + label] = 1.0;
        }
    }
    let width = words.len() / places.len().max(1);
    let mut rows = room.take(0);
    for place in places.clone() {
        let (row, token) = (place - places.start, sequence.tokens[place]);
        let head = heads[row];
        let vector = parse.document.vector(token);
        assert_eq!(
            vector.len(),
            tagger.vector_width,
            "the analysis has the vectors that the tagger was trained on"
        );
        rows.extend_from_slice(vector);
        rows.extend_from_slice(&words[row * width..][..width]);
        rows.extend_from_slice(&words[head * width..][..width]);
        tagger.quote.append(sequence.quotes[place] as usize, &mut rows);
        let first = place == places.start || sequence.paragraphs[place] != sequence.paragraphs[place - 1];
        tagger.flag.append(2 * usize::from(sequence.begins_sentence(place)) + usize::from(first), &mut rows);
        let begins = usize::from(parse.document.entity_starts[token]);
        tagger.entities.append(2 * tagger.entities.row(parse.entity(token)) + begins, &mut rows);
        let arc = (head as isize - row as isize).clamp(-ARC_MAX, ARC_MAX) + ARC_MAX;
        tagger.arc.append(arc as usize, &mut rows);
        rows.extend_from_slice(&children[row * tagger.labels.count()..][..tagger.labels.count()]);
        rows.resize((row + 1) * tagger.dense.inputs(), 0.0);
    }
    room.give(words);
    room.give(children);
    rows
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
