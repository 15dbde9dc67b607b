//! Sets that are asked for every word of every page: hashed without a defence against chosen keys, since what is in
//! them is ours, or limited.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Deserializer, de};

/// Longest word that is looked up, in bytes: longer ones are in no list of common words.
const WORD_BYTES_MAX: usize = 16;

/// A hash that takes one multiplication for eight bytes (as in FxHash).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quick(u64);

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

/// At most eight bytes as a number. (A copy of unknown length would be a call.)
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte))
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (parts, rest) = bytes.as_chunks();
        for part in parts {
            self.add(u64::from_le_bytes(*part));
        }
        if !rest.is_empty() {
            self.add(number(rest));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn finish(&self) -> u64 {
        // The lowest bits choose the slot, and the best mixed ones are the highest.
        self.0.rotate_left(26)
    }
}

/// A map by keys that nobody outside chooses, or of few keys.
pub(crate) type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;
/// A set of such keys.
pub(crate) type QuickSet<K> = HashSet<K, BuildHasherDefault<Quick>>;

/// A set of words in lower case, each in one number: open addressing, the empty slot is 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    slots: Vec<u128>,
    /// By first byte, the lengths that words have, a bit each: most others are told apart by them.
    lengths: Vec<u32>,
}

/// A word in lower case in one number.
fn packed(word: &[u8]) -> Option<u128> {
    let lower =
        |part: &[u8]| part.iter().rev().fold(0, |all, byte| all << 8 | u64::from(byte.to_ascii_lowercase()));
    match word.split_at_checked(8) {
        None => Some(u128::from(lower(word))),
        Some((low, high)) if word.len() <= WORD_BYTES_MAX => {
            Some(u128::from(lower(high)) << 64 | u128::from(lower(low)))
        }
        Some(_) => None,
    }
}

impl Words {
    /// The slot of a word: its own, or the empty one that it would have.
    fn slot(&self, word: u128) -> usize {
        let mixed = (word as u64 ^ (word >> 64) as u64).wrapping_mul(0x517c_c1b7_2722_0a95) >> 32;
        let mut at = mixed as usize % self.slots.len();
        while self.slots[at] != 0 && self.slots[at] != word {
            at = (at + 1) % self.slots.len();
        }
        at
    }

    /// Whether a word, in any case, is one of them.
    pub(crate) fn has(&self, word: &str) -> bool {
        if word.is_ascii() {
            self.has_lower(word.as_bytes())
        } else {
            self.has_lower(word.to_lowercase().as_bytes())
        }
    }

    /// The same for a word whose letters beyond ASCII are in lower case.
    fn has_lower(&self, word: &[u8]) -> bool {
        let first = word.first().copied().unwrap_or_default().to_ascii_lowercase();
        if word.len() > WORD_BYTES_MAX || self.lengths[usize::from(first)] & 1 << word.len() == 0 {
            return false;
        }
        packed(word).is_some_and(|word| word != 0 && self.slots[self.slot(word)] == word)
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Words, D::Error> {
        let list = Vec::<String>::deserialize(from)?;
        let slots = vec![0; (list.len() * 4).next_power_of_two().max(16)];
        let mut words = Words { slots, lengths: vec![0; 1 << u8::BITS] };
        for word in &list {
            let packed = packed(word.as_bytes()).ok_or_else(|| {
                de::Error::custom(format!(
                    "{word:?} has more than {WORD_BYTES_MAX} bytes, too many for a common word"
                ))
            })?;
            let first = word.as_bytes().first().copied().unwrap_or_default();
            words.lengths[usize::from(first)] |= 1 << word.len();
            let slot = words.slot(packed);
            words.slots[slot] = packed;
        }
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::{QuickSet, Words};

    #[test]
    fn words_are_found_in_any_case() {
        let words: Words = serde_json::from_str(r#"["the", "über"]"#).unwrap();
        assert!(words.has("The") && words.has("ÜBER") && words.has("the"));
        assert!(!words.has("th") && !words.has("") && !words.has("notwithstanding"));
    }

    #[test]
    fn neighbouring_keys_keep_apart() {
        let all: QuickSet<u32> = (0..10_000).collect();
        assert!((0..10_000).all(|key| all.contains(&key)) && !all.contains(&10_000));
    }
}
