//! What training left: scores of class names and words, and the trees. Read once from the bytes in the program.

use super::forest::Forest;
use super::name::{Kind, hash};

/// Written by `train/extract.py`; its form is told there.
const MODEL: &[u8] = include_bytes!("../../model/extract.bin");
/// The commonest words of the languages of western newspapers, for telling prose from labels.
const COMMON_WORDS: &str = include_str!("../../../../languages/common_words.txt");
/// A score in the file is in so many parts of one.
const SCORE_PARTS: f32 = 32.0;

/// Scores by hash: open addressing, the empty slot is key 0.
#[derive(Debug, Default)]
struct Scores {
    slots: Vec<(u32, f32)>,
    /// A bit for the highest bits of each key, four bits a slot: small enough to stay close to the processor, and it
    /// tells most of what has no score.
    present: Vec<u64>,
}

impl Scores {
    fn new(pairs: impl ExactSizeIterator<Item = (u32, f32)>) -> Scores {
        let size = (pairs.len() * 3).next_power_of_two().max(16);
        let mut scores = Scores { slots: vec![(0u32, 0f32); size], present: vec![0; size * 4 / 64] };
        let slots = &mut scores.slots;
        for (key, score) in pairs {
            let (word, bit) = place(key, scores.present.len());
            scores.present[word] |= bit;
            let mut at = key as usize & (size - 1);
            while slots[at].0 != 0 && slots[at].0 != key {
                at = (at + 1) & (size - 1);
            }
            slots[at] = (key, score);
        }
        scores
    }

    fn get(&self, key: u32) -> Option<f32> {
        let (word, bit) = place(key, self.present.len());
        if self.present[word] & bit == 0 {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        while self.slots[at].0 != 0 {
            if self.slots[at].0 == key {
                return Some(self.slots[at].1);
            }
            at = (at + 1) & mask;
        }
        None
    }
}

/// Where the bit of a key is, in so many words of bits (a power of two).
fn place(key: u32, word_count: usize) -> (usize, u64) {
    let high = key.rotate_left(16) as usize;
    (high >> 6 & (word_count - 1), 1 << (high & 63))
}

/// The extractor's learned numbers.
#[derive(Debug)]
pub(crate) struct Weights {
    names: Scores,
    common: Scores,
    pub forest: Forest,
}

impl Weights {
    /// Those in the program.
    pub(crate) fn built_in() -> Weights {
        Weights::read(MODEL).expect("model/extract.bin is built in and must be whole")
    }

    /// Reads a file of `train/extract.py`; `None` when it is cut short or of another form.
    pub(crate) fn read(bytes: &[u8]) -> Option<Weights> {
        let rest = bytes.strip_prefix(b"RXT1")?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (keys, rest) = rest.split_at_checked(count.checked_mul(4)?)?;
        let (scores, rest) = rest.split_at_checked(count)?;
        let (keys, _) = keys.as_chunks::<4>();
        let pairs = keys.iter().zip(scores);
        let names = Scores::new(
            pairs.map(|(key, score)| (u32::from_le_bytes(*key), f32::from(*score as i8) / SCORE_PARTS)),
        );
        let words: Vec<&str> = COMMON_WORDS.split_whitespace().collect();
        let common = Scores::new(words.iter().map(|word| (hash(Kind::Word, word.as_bytes()), 1.0)));
        Some(Weights { names, common, forest: Forest::read(rest)? })
    }

    /// How far a name or word speaks for an article: log odds, above zero for it. `None`: not known.
    pub(crate) fn score(&self, key: u32) -> Option<f32> {
        self.names.get(key)
    }

    /// Whether a word, by its hash, is one of the commonest.
    pub(crate) fn is_common(&self, word: u32) -> bool {
        self.common.get(word).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{MODEL, Weights};
    use crate::extract::name::{Kind, hash};

    #[test]
    fn the_built_in_numbers_are_whole() {
        let weights = Weights::built_in();
        assert!(MODEL.len() <= 400_000, "{} bytes of weights are too many to carry", MODEL.len());
        let score = |name: &[u8]| weights.score(hash(Kind::Part, name)).unwrap_or(0.0);
        assert!(score(b"related") < 0.0 && score(b"related") < score(b"article"));
        assert!(weights.is_common(hash(Kind::Word, b"the")));
        for end in [3, 7, MODEL.len() / 2, MODEL.len() - 1] {
            assert!(Weights::read(&MODEL[..end]).is_none());
        }
    }
}
