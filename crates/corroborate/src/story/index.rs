//! Finds the articles that share heavy words with one, among those of the same weeks.

use std::collections::BTreeMap;

use super::WINDOW_DAYS;
use super::sketch::{Sketch, SketchWord};

/// An article is looked up by so many of its heaviest words.
const LOOKED_UP_MAX: usize = 24;
/// Product of the weights that two articles share among those words, from which they are compared.
const SHARED_MIN: u64 = 20_000_000;

/// Where the articles stand that hold a word.
#[derive(Debug, Default)]
struct Holders {
    /// Slots with the word's weight, by day.
    dated: BTreeMap<i32, Vec<(u32, u16)>>,
    undated: Vec<(u32, u16)>,
}

/// Articles by their heaviest words.
#[derive(Debug, Default)]
pub(super) struct Index {
    holders: BTreeMap<u32, Holders>,
    /// Scratch: shared product by slot.
    products: Vec<u64>,
}

impl Index {
    /// Slots of articles to compare an article with, each once, in no particular order. Whether two articles meet here
    /// depends on the two alone.
    pub(super) fn candidates(&mut self, sketch: &Sketch) -> Vec<u32> {
        let mut touched = Vec::new();
        let days = sketch.day.map_or(i32::MIN..=i32::MAX, |day| {
            day.saturating_sub(WINDOW_DAYS)..=day.saturating_add(WINDOW_DAYS)
        });
        for word in heaviest(sketch) {
            let Some(holders) = self.holders.get(&word.key) else { continue };
            let dated = holders.dated.range(days.clone()).flat_map(|(_, slots)| slots);
            for &(slot, weight) in dated.chain(&holders.undated) {
                let product = &mut self.products[slot as usize];
                if *product == 0 {
                    touched.push(slot);
                }
                *product += u64::from(word.weight) * u64::from(weight);
            }
        }
        touched.retain(|&slot| std::mem::take(&mut self.products[slot as usize]) >= SHARED_MIN);
        touched
    }

    pub(super) fn add(&mut self, slot: u32, sketch: &Sketch) {
        if self.products.len() <= slot as usize {
            self.products.resize(slot as usize + 1, 0);
        }
        for word in heaviest(sketch) {
            let holders = self.holders.entry(word.key).or_default();
            match sketch.day {
                Some(day) => holders.dated.entry(day).or_default().push((slot, word.weight)),
                None => holders.undated.push((slot, word.weight)),
            }
        }
    }

    pub(super) fn remove(&mut self, slot: u32, sketch: &Sketch) {
        for word in heaviest(sketch) {
            let Some(holders) = self.holders.get_mut(&word.key) else { continue };
            match sketch.day {
                Some(day) => {
                    if let Some(slots) = holders.dated.get_mut(&day) {
                        slots.retain(|held| held.0 != slot);
                        if slots.is_empty() {
                            holders.dated.remove(&day);
                        }
                    }
                }
                None => holders.undated.retain(|held| held.0 != slot),
            }
            if holders.dated.is_empty() && holders.undated.is_empty() {
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
