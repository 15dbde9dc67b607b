//! A recurrent layer in both directions, over many sequences side by side.

use std::ops::Range;

use crate::matrix::Matrix;
use crate::room::{Numbers, Room};

/// A layer of long short-term memory that reads each sequence from its first row on and from its last row back.
#[derive(Clone, Debug)]
pub struct Recurrent {
    ways: [Way; 2],
}

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

    /// A row for each row of `x`. `sequences` are runs of rows, the longest first; what one of them gives does not
    /// depend on the others.
    pub fn apply(&self, x: &[f32], sequences: &[Range<usize>], room: &mut Room) -> Numbers {
        debug_assert!(sequences.is_sorted_by(|one, next| one.len() >= next.len()), "the longest come first");
        let count = x.len() / self.ways[0].input.inputs();
        let mut y = room.take(count * self.outputs());
        let mut start = 0;
        for way in &self.ways {
            let to = Columns { start, stride: self.outputs() };
            way.run(Rows { x, sequences }, (&mut y, to), room);
            start += way.hidden.inputs();
        }
        y
    }
}

/// What a direction reads.
#[derive(Clone, Copy)]
struct Rows<'a> {
    x: &'a [f32],
    sequences: &'a [Range<usize>],
}

/// Where in a row its results stand, and how wide the row is.
#[derive(Clone, Copy)]
struct Columns {
    start: usize,
    stride: usize,
}

impl Way {
    /// Each step takes one row of every sequence that is long enough.
    fn run(&self, Rows { x, sequences }: Rows<'_>, (y, to): (&mut [f32], Columns), room: &mut Room) {
        let (width, wide) = (self.hidden.inputs(), self.hidden.outputs());
        let mut gates = room.take(x.len() / self.input.inputs() * wide);
        self.input.apply(x, &mut gates, room);
        let [mut hidden, mut cell] = [width; 2].map(|width| room.take(sequences.len() * width));
        hidden.fill(0.0);
        cell.fill(0.0);
        let mut recurrent = room.take(sequences.len() * wide);
        for step in 0..sequences.first().map_or(0, Range::len) {
            let active = sequences.partition_point(|sequence| sequence.len() > step);
            self.hidden.apply_to_ones(&hidden[..active * width], &mut recurrent[..active * wide], room);
            let cells = cell.chunks_exact_mut(width).zip(hidden.chunks_exact_mut(width));
            let rows = recurrent.chunks_exact(wide).zip(cells);
            for (sequence, (recurrent, (cell, hidden))) in sequences[..active].iter().zip(rows) {
                let row = match self.direction {
                    Direction::On => sequence.start + step,
                    Direction::Back => sequence.end - 1 - step,
                };
                let gates = &gates[row * wide..][..wide];
                self.hidden.kernel().remember([gates, recurrent], cell, hidden);
                y[row * to.stride + to.start..][..width].copy_from_slice(hidden);
            }
        }
        [gates, hidden, cell, recurrent].into_iter().for_each(|numbers| room.give(numbers));
    }
}

#[cfg(test)]
mod tests {
    use super::Recurrent;
    use crate::matrix::Matrix;
    use crate::room::Room;

    fn layer() -> Recurrent {
        let matrix = |seed: usize| {
            let weights: Vec<f32> =
                (0..64 * 16).map(|place| ((place * seed + seed) % 17) as f32 / 17.0 - 0.5).collect();
            Matrix::new(&weights, &[0.125; 64])
        };
        Recurrent::new([[matrix(3), matrix(5)], [matrix(7), matrix(11)]])
    }

    fn rows(count: usize) -> Vec<f32> {
        (0..count * 16).map(|place| (place * 29 % 31) as f32 / 31.0 - 0.5).collect()
    }

    #[test]
    fn a_sequence_does_not_depend_on_those_beside_it() {
        let (layer, x) = (layer(), rows(30));
        let sequences = [10..20, 0..7, 20..26, 26..30, 7..10];
        let all = layer.apply(&x, &sequences, &mut Room::default());
        for sequence in sequences {
            let only = 0..sequence.len();
            let own = &x[sequence.start * 16..sequence.end * 16];
            let alone = layer.apply(own, std::slice::from_ref(&only), &mut Room::default());
            assert_eq!(all[sequence.start * 32..sequence.end * 32], *alone);
        }
    }

    #[test]
    fn one_way_knows_what_went_before_and_the_other_what_comes_after() {
        let layer = layer();
        let (x, mut other) = (rows(6), rows(6));
        other[5 * 16] += 1.0;
        let run = |x: &[f32]| layer.apply(x, std::slice::from_ref(&(0..6)), &mut Room::default());
        let (one, other) = (run(&x), run(&other));
        assert_eq!(one[..16], other[..16], "the way on has not seen the last row");
        assert_ne!(one[16..32], other[16..32], "the way back has");
        assert_eq!(layer.outputs(), 32);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(layer().apply(&[], &[], &mut Room::default()).is_empty());
    }
}
