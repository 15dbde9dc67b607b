//! Words to be looked up, many times for each word of an article.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Index;

use serde::Deserialize;

/// What words stand for. In order of the words, and found by a table of their hashes.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "BTreeMap<String, T>")]
pub struct WordMap<T> {
    entries: Vec<(Box<str>, T)>,
    places: Places,
}

/// Words of which only their presence counts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "BTreeSet<String>")]
pub struct WordSet(WordMap<()>);

/// Where words stand in a list that is kept elsewhere, by their hashes.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// A power of two of slots.
    table: Vec<Slot>,
}

/// Where a word may stand.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Place in the list, one more than it is; 0 where there is none.
    place: u32,
    /// More of the word's hash than names the slot: a word of another hash need not be read.
    hash: u32,
}

impl Places {
    /// Of words that differ, in their order.
    pub(crate) fn new<'w>(words: impl ExactSizeIterator<Item = &'w str>) -> Places {
        // Half of it or more stays empty, so that a word that is not in it is soon known not to be.
        let mut table = vec![Slot::default(); (2 * words.len()).next_power_of_two()];
        for (place, word) in words.enumerate() {
            let hash = hash(word);
            let mut slot = hash as usize & (table.len() - 1);
            while table[slot].place != 0 {
                slot = (slot + 1) & (table.len() - 1);
            }
            table[slot] = Slot { place: u32::try_from(place + 1).expect("a language has fewer words"), hash };
        }
        Places { table }
    }

    /// Where a word stands; `at` says what stands at a place.
    pub(crate) fn find<'w>(&self, word: &str, at: impl Fn(usize) -> &'w str) -> Option<usize> {
        let hash = hash(word);
        let mut slot = hash as usize & (self.table.len() - 1);
        loop {
            let Slot { place, hash: own } = self.table[slot];
            let place = place.checked_sub(1)? as usize;
            if own == hash && at(place) == word {
                return Some(place);
            }
            slot = (slot + 1) & (self.table.len() - 1);
        }
    }
}

impl<T> From<BTreeMap<String, T>> for WordMap<T> {
    fn from(words: BTreeMap<String, T>) -> WordMap<T> {
        let entries: Vec<(Box<str>, T)> =
            words.into_iter().map(|(word, meaning)| (word.into_boxed_str(), meaning)).collect();
        let places = Places::new(entries.iter().map(|(word, _)| &**word));
        WordMap { entries, places }
    }
}

impl<T> Default for WordMap<T> {
    fn default() -> WordMap<T> {
        WordMap::from(BTreeMap::new())
    }
}

impl<T> WordMap<T> {
    /// What a word stands for.
    pub fn get(&self, word: &str) -> Option<&T> {
        let place = self.places.find(word, |place| &self.entries[place].0)?;
        Some(&self.entries[place].1)
    }

    /// Whether a word is in it.
    pub fn contains_key(&self, word: &str) -> bool {
        self.get(word).is_some()
    }

    /// The words in order, each with what it stands for.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries.iter().map(|(word, meaning)| (&**word, meaning))
    }

    /// The words in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(word, _)| word)
    }

    /// What the words stand for, in their order.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.iter().map(|(_, meaning)| meaning)
    }
}

impl<T> FromIterator<(String, T)> for WordMap<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(words: I) -> WordMap<T> {
        WordMap::from(words.into_iter().collect::<BTreeMap<_, _>>())
    }
}

impl<T> Index<&str> for WordMap<T> {
    type Output = T;

    fn index(&self, word: &str) -> &T {
        self.get(word).expect("the word was looked up before")
    }
}

impl From<BTreeSet<String>> for WordSet {
    fn from(words: BTreeSet<String>) -> WordSet {
        words.into_iter().collect()
    }
}

impl FromIterator<String> for WordSet {
    fn from_iter<I: IntoIterator<Item = String>>(words: I) -> WordSet {
        WordSet(words.into_iter().map(|word| (word, ())).collect())
    }
}

impl WordSet {
    /// Whether a word is in it.
    pub fn contains(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// The words in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.keys()
    }
}

/// A hash of a word's length, its beginning and its end, whatever is between: most words are looked up only to find that
/// they are not there.
fn hash(word: &str) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let bytes = word.as_bytes();
    let ends = if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
    } else {
        bytes.iter().fold(0, |all, &byte| all << 8 | u64::from(byte))
    };
    ((ends ^ bytes.len() as u64).wrapping_mul(FACTOR) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::{Places, WordMap, WordSet};

    #[test]
    fn finds_what_is_in_it_and_nothing_else() {
        let words: WordMap<usize> = (0..500).map(|number| (format!("word{number}"), number)).collect();
        for number in 0..500 {
            assert_eq!(words.get(&format!("word{number}")), Some(&number));
            assert_eq!(words.get(&format!("other{number}")), None);
        }
        assert_eq!(words["word7"], 7);
        // What is hashed of these is the same.
        let long = ["north-by-northwesterly", "north-by-southwesterly"];
        let words: WordMap<()> = long.iter().take(1).map(|word| (word.to_string(), ())).collect();
        assert_eq!(long.map(|word| words.contains_key(word)), [true, false]);
        assert!(!WordMap::<()>::default().contains_key(""));
    }

    #[test]
    fn a_word_of_a_list_kept_elsewhere_has_its_place() {
        let words = ["quay", "bridge", ""];
        let places = Places::new(words.into_iter());
        let find = |word: &str| places.find(word, |place| words[place]);
        assert_eq!(["bridge", "", "pier"].map(find), [Some(1), Some(2), None]);
    }

    #[test]
    fn words_come_in_order() {
        let words: WordSet = ["quay", "", "bridge", "quay"].map(str::to_owned).into_iter().collect();
        assert_eq!(words.iter().collect::<Vec<_>>(), ["", "bridge", "quay"]);
        assert!(words.contains("") && words.contains("bridge") && !words.contains("pier"));
    }
}
