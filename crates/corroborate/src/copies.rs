//! Which articles may copy which, over a whole archive: an index of sampled runs that takes each article once.

use std::collections::{BTreeMap, HashMap};

use crate::story::Sketch;

/// Sampled runs that two articles share, from which their texts are compared.
const SHARED_MIN: u8 = 2;
/// A run that more articles hold is boilerplate and finds nothing.
const HOLDERS_MAX: usize = 200;

/// Articles by their sampled runs of words.
///
/// Memory is bounded by the articles that are kept; see [`Copies::forget_before`].
#[derive(Debug, Default)]
pub struct Copies {
    /// Slots of the articles that hold a run. Never walked through, only looked into: its order is no outcome.
    holders: HashMap<u32, Vec<u32>>,
    kept: Vec<Option<Kept>>,
    free: Vec<u32>,
    by_day: BTreeMap<i32, Vec<u32>>,
    /// Scratch: shared runs by slot.
    shared: Vec<u8>,
}

#[derive(Debug)]
struct Kept {
    article: u64,
    runs: Vec<u32>,
}

impl Copies {
    /// Files an article and returns those before it that share enough runs with it to be compared, ascending.
    pub fn add(&mut self, article: u64, sketch: &Sketch) -> Vec<u64> {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.kept.push(None);
            self.shared.push(0);
            (self.kept.len() - 1) as u32
        });
        let mut touched: Vec<u32> = Vec::new();
        for &run in &sketch.runs {
            let holders = self.holders.entry(run).or_default();
            if holders.len() < HOLDERS_MAX {
                for &other in holders.iter() {
                    let shared = &mut self.shared[other as usize];
                    if *shared == 0 {
                        touched.push(other);
                    }
                    *shared = shared.saturating_add(1);
                }
                holders.push(slot);
            }
        }
        let mut found = Vec::new();
        for other in touched {
            if std::mem::take(&mut self.shared[other as usize]) >= SHARED_MIN {
                found.extend(self.kept[other as usize].as_ref().map(|kept| kept.article));
            }
        }
        found.sort_unstable();
        if let Some(day) = sketch.day {
            self.by_day.entry(day).or_default().push(slot);
        }
        self.kept[slot as usize] = Some(Kept { article, runs: sketch.runs.clone() });
        found
    }

    /// Forgets the articles that are older than a day (see [`Sketch::day`]); undated ones are kept.
    pub fn forget_before(&mut self, day: i32) {
        let later = self.by_day.split_off(&day);
        for slot in std::mem::replace(&mut self.by_day, later).into_values().flatten() {
            let Some(kept) = self.kept[slot as usize].take() else { continue };
            for run in kept.runs {
                if let Some(holders) = self.holders.get_mut(&run) {
                    holders.retain(|&other| other != slot);
                    if holders.is_empty() {
                        self.holders.remove(&run);
                    }
                }
            }
            self.free.push(slot);
        }
    }

    /// Number of articles that are kept.
    pub fn len(&self) -> usize {
        self.kept.len() - self.free.len()
    }

    /// Whether no article is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::Copies;
    use crate::story::Sketch;

    fn sketch(day: i32, runs: &[u32]) -> Sketch {
        Sketch { day: Some(day), runs: runs.to_vec(), ..Sketch::default() }
    }

    #[test]
    fn what_shares_runs_is_found_and_what_is_past_forgotten() {
        let mut copies = Copies::default();
        assert!(copies.add(1, &sketch(1, &[1, 2, 3])).is_empty());
        assert!(copies.add(2, &sketch(5, &[3, 4, 5])).is_empty(), "one run is chance");
        assert_eq!(copies.add(3, &sketch(5, &[2, 3, 4])), [1, 2]);
        copies.forget_before(5);
        assert_eq!(copies.len(), 2);
        assert_eq!(
            copies.add(4, &sketch(6, &[1, 2, 3])),
            [3],
            "the slot of a forgotten article holds another"
        );
    }

    #[test]
    fn boilerplate_finds_nothing_and_costs_nothing() {
        let mut copies = Copies::default();
        for article in 0..1_000 {
            let found = copies.add(article, &sketch(1, &[7, 8]));
            assert!(found.len() <= super::HOLDERS_MAX);
        }
        assert!(copies.add(1_000, &sketch(1, &[7, 8])).is_empty());
    }
}
