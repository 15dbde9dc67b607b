//! Rows of numbers by key, in tables that are asked for at once: one that grows by doubling touches three times as much.

/// What stands where there is no key. Its row is row 0.
pub(crate) const NO_KEY: usize = usize::MAX;

/// A row for every key that ever came up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept<T> {
    index: Index,
    /// Those of new rows are appended.
    pub(crate) numbers: Vec<T>,
    width: usize,
    count: usize,
}

impl<T: Copy + Default> Kept<T> {
    /// Numbers of a key's row.
    pub(crate) fn get(&self, key: usize) -> &[T] {
        &self.numbers[self.index.row(key) * self.width..][..self.width]
    }

    pub(crate) fn clear(&mut self) {
        self.index.0.clear();
        self.count = 0;
        self.numbers.clear();
    }

    /// Makes row 0, of zeros, if there is none, and asks for the memory of so many rows.
    pub(crate) fn begin(&mut self, count_expected: usize, width: usize) {
        if self.count == 0 {
            self.numbers.reserve_exact(count_expected * width);
            self.numbers.resize(width, T::default());
            self.width = width;
            self.count = 1;
        }
    }

    /// Gives each key that has none a row, and lists the keys that are new.
    pub(crate) fn reserve(&mut self, keys: &[usize]) -> Vec<usize> {
        let mut new = Vec::new();
        for &key in keys {
            if self.index.row(key) == 0 {
                self.index.set(key, self.count);
                self.count += 1;
                new.push(key);
            }
        }
        new
    }
}

/// Rows for the keys that came up of late.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent<T> {
    index: Index,
    numbers: Vec<T>,
    width: usize,
    /// Key of each row.
    keys: Vec<usize>,
    /// In which run each row was wanted last; 0 if not since the hand passed it.
    wanted: Vec<u64>,
    run: u64,
    /// The row that was given to another key last.
    hand: usize,
}

impl<T: Copy + Default> Recent<T> {
    pub(crate) fn clear(&mut self) {
        let numbers = std::mem::take(&mut self.numbers);
        *self = Recent { numbers, ..Recent::default() };
        self.numbers.clear();
    }

    /// Numbers of a key's row.
    pub(crate) fn get(&self, key: usize) -> &[T] {
        &self.numbers[self.index.row(key) * self.width..][..self.width]
    }

    pub(crate) fn get_mut(&mut self, key: usize) -> &mut [T] {
        &mut self.numbers[self.index.row(key) * self.width..][..self.width]
    }

    /// Gives each key a row, and lists the keys whose rows are to be written; row 0 is that of no key. Beyond so many rows,
    /// a key takes that of another which is not wanted now, and was not for about the longest time.
    pub(crate) fn renew(&mut self, keys: &[usize], (count_max, width): (usize, usize)) -> Vec<usize> {
        let mut new = Vec::new();
        self.run += 1;
        if self.keys.is_empty() {
            self.width = width;
            self.numbers.reserve_exact(count_max * width);
            self.add();
            new.push(NO_KEY);
        }
        // Those that are wanted now stay.
        let mut wanted_count = 1;
        for &key in keys {
            let row = self.index.row(key);
            if row != 0 && self.wanted[row] != self.run {
                self.wanted[row] = self.run;
                wanted_count += 1;
            }
        }
        for &key in keys {
            if self.index.row(key) == 0 {
                let is_room = self.keys.len() < count_max || self.keys.len() == wanted_count;
                let row = if is_room { self.add() } else { self.free() };
                self.index.set(key, row);
                self.keys[row] = key;
                self.wanted[row] = self.run;
                wanted_count += 1;
                new.push(key);
            }
        }
        new
    }

    /// A row more.
    fn add(&mut self) -> usize {
        self.keys.push(NO_KEY);
        self.wanted.push(self.run);
        self.numbers.resize(self.keys.len() * self.width, T::default());
        self.keys.len() - 1
    }

    /// The next row that is not wanted now and was not since the hand passed it; there is one that is not wanted now.
    fn free(&mut self) -> usize {
        loop {
            self.hand = self.hand % (self.keys.len() - 1) + 1;
            let wanted = &mut self.wanted[self.hand];
            if *wanted == 0 {
                self.index.set(self.keys[self.hand], 0);
                return self.hand;
            }
            if *wanted != self.run {
                *wanted = 0;
            }
        }
    }
}

/// Row of each key; 0 if there is none.
#[derive(Clone, Debug, Default)]
struct Index(Vec<u32>);

impl Index {
    fn row(&self, key: usize) -> usize {
        self.0.get(key).map_or(0, |&row| row as usize)
    }

    fn set(&mut self, key: usize, row: usize) {
        if key >= self.0.len() {
            self.0.resize(key + 1, 0);
        }
        self.0[key] = row as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::{NO_KEY, Recent};

    /// Asks for keys, and writes each into the row that it is given; returns those that were written.
    fn ask(recent: &mut Recent<usize>, keys: &[usize]) -> Vec<usize> {
        let new = recent.renew(keys, (5, 2));
        new.iter().for_each(|&key| recent.get_mut(key).fill(key));
        assert!(keys.iter().all(|&key| recent.get(key) == [key; 2]), "{keys:?}");
        assert_eq!(recent.get(NO_KEY), [NO_KEY; 2]);
        new
    }

    #[test]
    fn what_was_not_wanted_for_long_makes_room() {
        let mut recent = Recent::default();
        assert_eq!(ask(&mut recent, &[3, 1, 3]), [NO_KEY, 3, 1]);
        assert_eq!(ask(&mut recent, &[7, 1, 9]), [7, 9]);
        assert_eq!(ask(&mut recent, &[4, 3]), [4], "in place of another than 3");
        assert!(ask(&mut recent, &[3, 4]).is_empty());
        assert_eq!(ask(&mut recent, &[5, 6, 4]), [5, 6]);
        assert!(ask(&mut recent, &[4, 5, 6]).is_empty());
    }

    #[test]
    fn all_that_is_wanted_at_a_time_has_room() {
        let mut recent = Recent::default();
        let many: Vec<usize> = (0..20).collect();
        assert_eq!(ask(&mut recent, &many)[1..], many);
        assert!(ask(&mut recent, &many).is_empty());
        assert_eq!(ask(&mut recent, &[30, 31]), [30, 31]);
        recent.clear();
        assert_eq!(ask(&mut recent, &[2]), [NO_KEY, 2]);
    }
}
