//! A recurrent layer in both directions, over many sequences side by side.

use std::ops::Range;

use crate::kernel::curve::ShownRows;
use crate::matrix::Matrix;
use crate::room::{Numbers, Room};
use crate::rounded::Rounded;

/// A layer of long short-term memory that reads each sequence from its first row on and from its last row back.
#[derive(Clone, Debug)]
pub struct Recurrent {
    ways: [Way; 2],
}

/// Rows whose gates are computed at a time: they stay in a near cache until they are used.
const GATE_ROWS: usize = 128;

/// One direction.
#[derive(Clone, Debug)]
struct Way {
    direction: Direction,
    input: Matrix,
    hidden: Matrix,
}

/// From which end a sequence is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    On,
    Back,
}

/// The order of the rows of sequences that are read side by side: the first rows of all sequences, the second rows of those
/// that have one, and so on. The longest sequences come first, so that rows which are read together lie together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abreast {
    /// Where the rows of each step begin, and where the last ones end.
    starts: Vec<usize>,
}

impl Abreast {
    /// The order for sequences of these lengths, the greatest first.
    ///
    /// # Panics
    /// When a sequence is longer than the one before.
    pub fn new(lengths: &[usize]) -> Abreast {
        assert!(lengths.is_sorted_by(|one, next| one >= next), "the longest come first");
        let mut starts = vec![0];
        let mut running = lengths.len();
        for step in 0..lengths.first().copied().unwrap_or(0) {
            while lengths[running - 1] <= step {
                running -= 1;
            }
            starts.push(starts[step] + running);
        }
        Abreast { starts }
    }

    /// Row of a place in a sequence.
    pub fn row(&self, sequence: usize, place: usize) -> usize {
        self.starts[place] + sequence
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.starts[self.steps()]
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn steps(&self) -> usize {
        self.starts.len() - 1
    }

    /// First row of a step, and how many it has; a step after the last has none.
    fn step(&self, step: usize) -> (usize, usize) {
        match self.starts.get(step + 1) {
            Some(end) => (self.starts[step], end - self.starts[step]),
            None => (self.len(), 0),
        }
    }
}

impl Recurrent {
    /// The layer with the maps of input and of hidden state, first of the way on, then of the way back. Outputs are
    /// the input, forget and output gates and the update, side by side.
    ///
    /// # Panics
    /// When the maps do not fit together.
    pub fn new(ways: [[Matrix; 2]; 2]) -> Recurrent {
        let [on, back] = ways;
        let way = |direction, [input, hidden]: [Matrix; 2]| Way { direction, input, hidden };
        let ways = [way(Direction::On, on), way(Direction::Back, back)];
        for way in &ways {
            assert!(way.hidden.outputs() == 4 * way.hidden.inputs(), "three gates and the update");
            assert!(way.input.outputs() == way.hidden.outputs(), "both maps feed the same gates");
        }
        Recurrent { ways }
    }

    /// Numbers in a row that comes out: of the way on, and of the way back.
    pub fn outputs(&self) -> usize {
        self.ways.iter().map(|way| way.hidden.inputs()).sum()
    }

    /// Numbers in a row that goes in.
    pub fn inputs(&self) -> usize {
        self.ways[0].input.inputs()
    }

    /// Rounds rows for the layer and appends them to others; maps as wide may read them too.
    ///
    /// # Panics
    /// When the numbers are no whole rows of the layer's input, or the others are not as wide.
    pub fn round(&self, x: &[f32], rows: &mut Rounded) {
        self.ways[0].input.round(x, rows);
    }

    /// A row for each row of `x`, in the same order. What a sequence gives does not depend on the others.
    ///
    /// # Panics
    /// When there are not as many rows as the order has.
    pub fn apply(&self, x: &Rounded, order: &Abreast, room: &mut Room) -> Rounded {
        assert_eq!(x.len(), order.len(), "as many rows as places");
        let mut shown = Rounded::of_ones(self.outputs(), x.len(), room);
        let x = x.to_bytes(self.ways[0].input.kernel(), room);
        let mut start = 0;
        for way in &self.ways {
            way.run((&x, order), (&mut shown, start), room);
            start += way.hidden.inputs();
        }
        room.give_rounded(x);
        shown
    }
}

impl Way {
    /// Each step takes one row of every sequence that has one; results stand in the columns from `start` on.
    fn run(&self, (x, order): (&Rounded, &Abreast), (shown, start): (&mut Rounded, usize), room: &mut Room) {
        let (width, wide) = (self.hidden.inputs(), self.hidden.outputs());
        let most = order.step(0).1;
        let mut cell = room.take(most * width);
        cell.fill(0.0);
        // What the step before has shown, in bytes: the next one reads no more of it, the layers above do.
        let mut last = Rounded::of_bytes(width, most, room);
        let mut recurrent = room.take(most * wide);
        let mut gates = room.take((GATE_ROWS + most).min(x.len()) * wide);
        // Rows whose gates have been computed.
        let mut ready = 0..0;
        for number in 0..order.steps() {
            let (step, before) = match self.direction {
                Direction::On => (number, number.checked_sub(1)),
                Direction::Back => (order.steps() - 1 - number, Some(order.steps() - number)),
            };
            let (first, count) = order.step(step);
            if !ready.contains(&first) {
                ready = self.next(order, step);
                self.input.apply_fixed(x.rows(ready.start, ready.len(), 0), &mut gates[..ready.len() * wide]);
            }
            // On the way back, the shorter sequences join those that have begun.
            let known = before.map_or(0, |step| order.step(step).1).min(count);
            let recurrent = &mut recurrent[..count * wide];
            self.hidden.apply_fixed(last.rows(0, known, 0), &mut recurrent[..known * wide]);
            recurrent[known * wide..]
                .chunks_exact_mut(wide)
                .for_each(|row| row.copy_from_slice(self.hidden.bias()));
            let gates = &gates[(first - ready.start) * wide..][..count * wide];
            let stride = shown.width();
            let numbers = &mut shown.numbers[first * stride + start..];
            let rows = ShownRows { numbers, width, stride, bytes: &mut last.numbers };
            self.hidden.kernel().remember([gates, recurrent], &mut cell[..count * width], rows);
        }
        [gates, cell, recurrent].into_iter().for_each(|numbers: Numbers| room.give(numbers));
        room.give_rounded(last);
    }

    /// Rows of as many whole steps from this one on as make a product worth while.
    fn next(&self, order: &Abreast, step: usize) -> Range<usize> {
        let (first, count) = order.step(step);
        let mut rows = first..first + count;
        for number in 1..order.steps() {
            let next = match self.direction {
                Direction::On => step + number,
                Direction::Back if number > step => break,
                Direction::Back => step - number,
            };
            let (first, count) = order.step(next);
            if count == 0 || rows.len() + count > GATE_ROWS {
                break;
            }
            rows = rows.start.min(first)..rows.end.max(first + count);
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::{Abreast, Recurrent};
    use crate::matrix::Matrix;
    use crate::room::Room;
    use crate::rounded::Rounded;

    fn layer() -> Recurrent {
        let matrix = |seed: usize| {
            let weights: Vec<f32> =
                (0..64 * 16).map(|place| ((place * seed + seed) % 17) as f32 / 17.0 - 0.5).collect();
            Matrix::new(&weights, &[0.125; 64])
        };
        Recurrent::new([[matrix(3), matrix(5)], [matrix(7), matrix(11)]])
    }

    fn row(number: usize) -> Vec<f32> {
        (0..16).map(|place| ((number * 16 + place) * 29 % 31) as f32 / 31.0 - 0.5).collect()
    }

    fn run(rows: &[Vec<f32>], lengths: &[usize]) -> Vec<Vec<i16>> {
        let mut room = Room::default();
        let layer = layer();
        let mut x = Rounded::new(layer.inputs(), rows.len(), &mut room);
        layer.round(&rows.concat(), &mut x);
        let shown = layer.apply(&x, &Abreast::new(lengths), &mut room);
        shown.numbers.chunks_exact(32).take(shown.len()).map(<[i16]>::to_vec).collect()
    }

    #[test]
    fn rows_that_are_read_together_lie_together() {
        let order = Abreast::new(&[3, 1, 1]);
        assert_eq!((order.len(), order.steps(), order.is_empty()), (5, 3, false));
        assert_eq!([order.row(0, 0), order.row(1, 0), order.row(2, 0), order.row(0, 2)], [0, 1, 2, 4]);
        assert_eq!([order.step(0), order.step(2), order.step(3)], [(0, 3), (4, 1), (5, 0)]);
        assert!(Abreast::new(&[]).is_empty() && Abreast::new(&[0, 0]).is_empty());
    }

    #[test]
    fn a_sequence_does_not_depend_on_those_beside_it() {
        let lengths = [10, 7, 6, 4, 3];
        let order = Abreast::new(&lengths);
        let mut rows = vec![Vec::new(); order.len()];
        let sequences: Vec<Vec<Vec<f32>>> = (0..lengths.len())
            .map(|number| (0..lengths[number]).map(|place| row(number * 10 + place)).collect())
            .collect();
        for (number, sequence) in sequences.iter().enumerate() {
            for (place, row) in sequence.iter().enumerate() {
                rows[order.row(number, place)].clone_from(row);
            }
        }
        let all = run(&rows, &lengths);
        for (number, sequence) in sequences.iter().enumerate() {
            for (place, alone) in run(sequence, &lengths[number..=number]).iter().enumerate() {
                assert_eq!(*alone, all[order.row(number, place)], "{number} {place}");
            }
        }
    }

    #[test]
    fn one_way_knows_what_went_before_and_the_other_what_comes_after() {
        let (x, mut other) = ((0..6).map(row).collect::<Vec<_>>(), (0..6).map(row).collect::<Vec<_>>());
        // Less than the row's greatest, so that its steps stay.
        other[5][0] *= -0.5;
        let (one, other) = (run(&x, &[6]), run(&other, &[6]));
        assert_eq!(one[0][..16], other[0][..16], "the way on has not seen the last row");
        assert_ne!(one[0][16..], other[0][16..], "the way back has");
        assert_eq!(layer().outputs(), 32);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(run(&[], &[]).is_empty());
    }
}
