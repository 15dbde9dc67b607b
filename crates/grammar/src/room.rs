//! Numbers to work with, kept between calls: memory that has to be cleared anew costs more than most maps.

use std::ops::{Deref, DerefMut};

use crate::rounded::Rounded;

/// Numbers that are kept of a run at most: those of an article ten times as long as most, in its widest map.
const NUMBERS_KEPT_MAX: usize = 1 << 23;

/// Room to work, kept between calls.
#[derive(Clone, Debug, Default)]
pub struct Room {
    spare: Vec<Vec<f32>>,
    spare_rounded: Vec<(Vec<i16>, Vec<f32>)>,
}

/// Numbers taken from a [`Room`].
#[derive(Debug)]
pub struct Numbers {
    /// Also those beyond, which were asked for before.
    all: Vec<f32>,
    count: usize,
}

impl Room {
    /// So many numbers, whatever they are.
    pub fn take(&mut self, count: usize) -> Numbers {
        let best = (0..self.spare.len()).min_by_key(|&place| fit(self.spare[place].capacity(), count));
        let mut all = best.map(|place| self.spare.swap_remove(place)).unwrap_or_default();
        first(&mut all, count);
        Numbers { all, count }
    }

    /// Gives numbers back that are no longer needed. Those of a text far longer than others are not kept.
    pub fn give(&mut self, numbers: Numbers) {
        if numbers.all.len() <= NUMBERS_KEPT_MAX {
            self.spare.push(numbers.all);
        }
    }

    /// Gives rounded rows back that are no longer needed.
    pub fn give_rounded(&mut self, rows: Rounded) {
        if rows.numbers.len() <= NUMBERS_KEPT_MAX {
            self.spare_rounded.push((rows.numbers, rows.steps));
        }
    }

    /// So many numbers, whatever they are, and the steps of rows that were given back.
    pub(crate) fn take_rounded(&mut self, count: usize) -> (Vec<i16>, Vec<f32>) {
        let spare = &mut self.spare_rounded;
        let best = (0..spare.len()).min_by_key(|&place| fit(spare[place].0.capacity(), count));
        let (mut numbers, steps) = best.map(|place| spare.swap_remove(place)).unwrap_or_default();
        first(&mut numbers, count);
        (numbers, steps)
    }
}

/// How well so many numbers fit for a count of them: the shortest that are long enough are best, else the longest.
pub(crate) fn fit(length: usize, count: usize) -> (bool, usize) {
    match length >= count {
        true => (false, length),
        false => (true, usize::MAX - length),
    }
}

impl Deref for Numbers {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.all[..self.count]
    }
}

impl DerefMut for Numbers {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.all[..self.count]
    }
}

/// The first so many numbers, whatever they are; those beyond stay for a longer run.
pub(crate) fn first<T: Copy + Default>(numbers: &mut Vec<T>, count: usize) -> &mut [T] {
    if numbers.capacity() < count {
        // What is in it need not be moved, and its memory may be taken again.
        *numbers = Vec::new();
        // Half as much again costs nothing before it is needed; each run that is a little longer would touch new memory.
        numbers.reserve_exact(count + count / 2);
    }
    if numbers.len() < count {
        numbers.resize(count, T::default());
    }
    &mut numbers[..count]
}

#[cfg(test)]
mod tests {
    use super::Room;

    #[test]
    fn what_is_given_back_is_taken_again() {
        let mut room = Room::default();
        let (mut one, two) = (room.take(100), room.take(10));
        one[99] = 7.0;
        let place = one.as_ptr();
        room.give(one);
        room.give(two);
        assert_eq!(room.take(5).len(), 5, "the shortest that is long enough");
        let again = room.take(50);
        assert_eq!((again.as_ptr(), again.len()), (place, 50));
        room.give(again);
        assert_eq!(room.take(100)[99], 7.0, "nothing was cleared");
        assert!(room.take(0).is_empty());
        let (huge, count) = (room.take(super::NUMBERS_KEPT_MAX + 1), room.spare.len());
        room.give(huge);
        assert_eq!(room.spare.len(), count, "too many to be kept");
    }
}
