//! Finds the articles that share heavy words with one, among those of the same weeks.

use std::collections::{HashMap, VecDeque};

use super::WINDOW_DAYS;
use super::sketch::{Sketch, SketchWord};

/// An article is looked up by so many of its heaviest words.
const LOOKED_UP_MAX: usize = 24;
/// Product of the weights that two articles share among those words, from which they are compared: a
/// cosine of some .03.
const SHARED_MIN: u64 = 32_000_000;

/// An article that holds a word.
#[derive(Clone, Copy, Debug)]
struct Holder {
    /// Undated ones stand after all days, on the last day that there is.
    day: i32,
    slot: u32,
    weight: u16,
}

/// The day on which undated articles are filed.
const UNDATED: i32 = i32::MAX;

/// Articles by their heaviest words.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By day. Never walked through, only looked into: its order is no outcome.
    holders: HashMap<u32, VecDeque<Holder>>,
    /// Scratch: shared product by slot.
    products: Vec<u64>,
}

impl Index {
    /// Slots of articles to compare an article with, each once, in no particular order. Whether two articles meet here
    /// depends on the two alone.
    pub(super) fn candidates(&mut self, sketch: &Sketch) -> Vec<u32> {
        let mut touched = Vec::new();
        let products = &mut self.products;
        for word in heaviest(sketch) {
            let Some(holders) = self.holders.get(&word.key) else { continue };
            let mut look = |from: usize, to: usize| {
                for holder in holders.range(from..to) {
                    let product = &mut products[holder.slot as usize];
                    if *product == 0 {
                        touched.push(holder.slot);
                    }
                    *product += u64::from(word.weight) * u64::from(holder.weight);
                }
            };
            let dated = holders.partition_point(|holder| holder.day < UNDATED);
            if let Some(day) = sketch.day {
                let before = day.saturating_sub(WINDOW_DAYS);
                let after = day.saturating_add(WINDOW_DAYS);
                let first = holders.partition_point(|holder| holder.day < before);
                let end = holders.partition_point(|holder| holder.day <= after).min(dated);
                look(first, end.max(first));
                look(dated.max(first), holders.len());
            } else {
                look(0, holders.len());
            }
        }
        touched.retain(|&slot| std::mem::take(&mut products[slot as usize]) >= SHARED_MIN);
        touched
    }

    pub(super) fn add(&mut self, slot: u32, sketch: &Sketch) {
        if self.products.len() <= slot as usize {
            self.products.resize(slot as usize + 1, 0);
        }
        let day = sketch.day.unwrap_or(UNDATED);
        for word in heaviest(sketch) {
            let holders = self.holders.entry(word.key).or_default();
            // News comes mostly in order: the place is at the end or near it.
            let at = holders.partition_point(|holder| holder.day <= day);
            holders.insert(at, Holder { day, slot, weight: word.weight });
        }
    }

    pub(super) fn remove(&mut self, slot: u32, sketch: &Sketch) {
        let day = sketch.day.unwrap_or(UNDATED);
        for word in heaviest(sketch) {
            let Some(holders) = self.holders.get_mut(&word.key) else { continue };
            let first = holders.partition_point(|holder| holder.day < day);
            let at = holders.range(first..).position(|holder| holder.slot == slot);
            if let Some(at) = at {
                holders.remove(first + at);
            }
            if holders.is_empty() {
                self.holders.remove(&word.key);
            }
        }
    }
}

/// A sketch's heaviest words.
fn heaviest(sketch: &Sketch) -> Vec<SketchWord> {
    let mut words: Vec<SketchWord> = sketch.words.iter().filter(|word| word.weight > 0).copied().collect();
    words.sort_unstable_by(|x, y| y.weight.cmp(&x.weight).then(x.key.cmp(&y.key)));
    words.truncate(LOOKED_UP_MAX);
    words
}
