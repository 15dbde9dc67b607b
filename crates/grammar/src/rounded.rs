//! Rows in fixed point, for all the maps that read them.

use crate::kernel::Kernel;
use crate::packed::{BYTE_MAX, FIXED_MAX, FixedRows};
use crate::room::Room;

/// What one step is worth in rows whose numbers lie between -1 and 1.
const STEP_OF_ONES: f32 = 1.0 / FIXED_MAX;

/// The same of bytes.
const STEP_OF_BYTES: f32 = 1.0 / BYTE_MAX;

/// Rows of numbers in fixed point, rounded once for all the [`Matrix`](crate::Matrix)es that are applied to them.
#[derive(Debug)]
pub struct Rounded {
    width: usize,
    /// Those of the rows, and beyond them what was left by others: memory that is overwritten need not be cleared.
    pub(crate) numbers: Vec<i16>,
    /// What one step of each row's numbers is worth.
    pub(crate) steps: Vec<f32>,
    are_bytes: bool,
}

impl Rounded {
    /// No rows yet, of so many numbers each; how many are expected.
    pub fn new(width: usize, expected: usize, room: &mut Room) -> Rounded {
        let (numbers, mut steps) = room.take_rounded(expected * width);
        steps.clear();
        Rounded { width, numbers, steps, are_bytes: false }
    }

    /// Rounds rows of `width` numbers, whole lanes, each in steps of its own: its greatest number becomes as great as can be.
    pub(crate) fn of(kernel: Kernel, x: &[f32], width: usize, room: &mut Room) -> Rounded {
        let mut rows = Rounded::new(width, x.len() / width, room);
        rows.append(kernel, x);
        rows
    }

    /// The same for more rows.
    pub(crate) fn append(&mut self, kernel: Kernel, x: &[f32]) {
        let start = self.len() * self.width;
        if self.numbers.len() < start + x.len() {
            self.numbers.resize(start + x.len(), 0);
        }
        kernel.round_rows(self.width, x, (&mut self.numbers[start..start + x.len()], &mut self.steps));
    }

    /// So many rows whose numbers lie between -1 and 1, to be written.
    pub(crate) fn of_ones(width: usize, count: usize, room: &mut Room) -> Rounded {
        let mut rows = Rounded::new(width, count, room);
        rows.steps.resize(count, STEP_OF_ONES);
        rows
    }

    /// The same of bytes.
    pub(crate) fn of_bytes(width: usize, count: usize, room: &mut Room) -> Rounded {
        let mut rows = Rounded { are_bytes: true, ..Rounded::new(width, count, room) };
        rows.steps.resize(count, STEP_OF_BYTES);
        rows
    }

    /// All rows in bytes, each in steps of its own.
    pub(crate) fn to_bytes(&self, kernel: Kernel, room: &mut Room) -> Rounded {
        let count = self.len() * self.width;
        let mut rows = Rounded { are_bytes: true, ..Rounded::new(self.width, self.len(), room) };
        rows.steps.extend(self.steps.iter().map(|step| step * (FIXED_MAX / BYTE_MAX)));
        kernel.to_bytes(&self.numbers[..count], &mut rows.numbers[..count]);
        rows
    }

    /// Numbers in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// All rows.
    pub(crate) fn all(&self) -> FixedRows<'_> {
        self.rows(0, self.len(), 0)
    }

    /// Some columns of so many rows, from the first of them on.
    pub(crate) fn rows(&self, first: usize, count: usize, column: usize) -> FixedRows<'_> {
        FixedRows {
            // Where there are no rows, they may begin at the end.
            numbers: self.numbers.get(first * self.width + column..).unwrap_or_default(),
            stride: self.width,
            steps: &self.steps[first..first + count],
            are_bytes: self.are_bytes,
        }
    }
}
