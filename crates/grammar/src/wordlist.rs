//! A large set of words in little memory: sorted, in blocks, each word as what it adds to the one before.

use crate::pack::{self, Reader, Writer};
use std::cmp::Ordering;

/// Words in a block; the first is written out, so a search has to read no more than one block.
const BLOCK_WORDS: usize = 16;

/// A set of words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct WordList {
    bytes: Box<[u8]>,
    /// Where each block begins.
    blocks: Vec<u32>,
}

impl WordList {
    pub(crate) fn new(mut words: Vec<&str>) -> WordList {
        words.sort_unstable();
        words.dedup();
        let mut out = Writer::default();
        let mut blocks = Vec::with_capacity(words.len().div_ceil(BLOCK_WORDS));
        for block in words.chunks(BLOCK_WORDS) {
            blocks.push(out.bytes.len() as u32);
            let mut before: &[u8] = b"";
            for word in block {
                let word = word.as_bytes();
                let shared = word.iter().zip(before).take_while(|(a, b)| a == b).count();
                out.varint(shared);
                out.bytes(&word[shared..]);
                before = word;
            }
        }
        WordList { bytes: out.bytes.into(), blocks }
    }

    pub(crate) fn contains(&self, word: &str) -> bool {
        let word = word.as_bytes();
        let block = self.blocks.partition_point(|&start| {
            let mut input = self.input(start);
            let first = input.varint().and_then(|_| input.bytes());
            first.is_ok_and(|first| first <= word)
        });
        let Some(block) = block.checked_sub(1) else {
            return false;
        };
        self.is_in_block(block, word).unwrap_or(false)
    }

    fn is_in_block(&self, block: usize, word: &[u8]) -> Result<bool, pack::Error> {
        let end = self.blocks.get(block + 1).map_or(self.bytes.len(), |&end| end as usize);
        let bytes = self.bytes.get(self.blocks[block] as usize..end).unwrap_or(&[]);
        let mut input = Reader::new(bytes);
        // How many bytes of the word the listed word before began with.
        let mut matched = 0;
        while !input.is_done() {
            let shared = input.varint()?;
            let rest = input.bytes()?;
            if shared > matched {
                continue;
            }
            // It parts from the word where the one before still agreed: it is greater, as are all that follow.
            if shared < matched {
                return Ok(false);
            }
            let wanted = &word[matched..];
            match rest.cmp(wanted) {
                Ordering::Equal => return Ok(true),
                Ordering::Greater if !rest.starts_with(wanted) || wanted.is_empty() => return Ok(false),
                Ordering::Greater => return Ok(false),
                Ordering::Less => matched += rest.iter().zip(wanted).take_while(|(a, b)| a == b).count(),
            }
        }
        Ok(false)
    }

    fn input(&self, start: u32) -> Reader<'_> {
        Reader::new(self.bytes.get(start as usize..).unwrap_or(&[]))
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.bytes(&self.bytes);
        let mut before = 0;
        out.list(&self.blocks, |out, &start| {
            out.varint((start - before) as usize);
            before = start;
        });
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<WordList, pack::Error> {
        let bytes: Box<[u8]> = input.bytes()?.into();
        let mut start = 0usize;
        let blocks = input.list(|input| {
            start = start.saturating_add(input.varint()?);
            let place = u32::try_from(start).ok().filter(|_| start < bytes.len());
            place.ok_or(input.error("a block of words beyond the end"))
        })?;
        Ok(WordList { bytes, blocks })
    }
}

#[cfg(test)]
mod tests {
    use super::WordList;
    use crate::pack::{Reader, Writer};
    use proptest::prelude::*;

    fn packed(words: &[String]) -> Vec<u8> {
        let mut out = Writer::default();
        WordList::new(words.iter().map(String::as_str).collect()).write(&mut out);
        out.bytes
    }

    proptest! {
        #[test]
        fn finds_what_is_in_it_and_nothing_else(
            words in proptest::collection::vec("[abé]{0,5}", 0..80),
            others in proptest::collection::vec("[abé]{0,5}", 0..80),
        ) {
            let list = WordList::read(&mut Reader::new(&packed(&words))).unwrap();
            for word in words.iter().chain(&others) {
                prop_assert_eq!(list.contains(word), words.contains(word), "{}", word);
            }
        }

        #[test]
        fn damage_does_not_panic(
            words in proptest::collection::vec("[ab]{0,5}", 1..60),
            place in any::<prop::sample::Index>(),
            byte in any::<u8>(),
        ) {
            let mut bytes = packed(&words);
            let place = place.index(bytes.len());
            bytes[place] = byte;
            if let Ok(list) = WordList::read(&mut Reader::new(&bytes)) {
                words.iter().for_each(|word| { list.contains(word); });
            }
        }
    }
}
