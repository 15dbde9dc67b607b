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
    /// Places in the list, one more than they are; 0 where there is none. A power of two of them.
    table: Vec<u32>,
}

impl Places {
    /// Of words that differ, in their order.
    pub(crate) fn new<'w>(words: impl ExactSizeIterator<Item = &'w str>) -> Places {
        // Half of it or more stays empty, so that a word that is not in it is soon known not to be.
        let mut table = vec![0; (2 * words.len()).next_power_of_two()];
        for (place, word) in words.enumerate() {
            let mut slot = start(word, table.len());
            while table[slot] != 0 {
                slot = (slot + 1) & (table.len() - 1);
            }
            table[slot] = u32::try_from(place + 1).expect("a language has fewer words");
        }
        Places { table }
    }

    /// Where a word stands; `at` says what stands at a place.
    pub(crate) fn find<'w>(&self, word: &str, at: impl Fn(usize) -> &'w str) -> Option<usize> {
        let mut slot = start(word, self.table.len());
        loop {
            let place = self.table[slot].checked_sub(1)? as usize;
            if at(place) == word {
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

/// Where the search for a word begins, of a power of two of places.
fn start(word: &str, slots: usize) -> usize {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = word.len() as u64;
    for bytes in word.as_bytes().chunks(8) {
        let mut eight = [0; 8];
        eight[..bytes.len()].copy_from_slice(bytes);
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(eight)).wrapping_mul(FACTOR);
    }
    (hash >> 32) as usize & (slots - 1)
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
