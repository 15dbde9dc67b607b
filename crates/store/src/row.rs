//! What is put into the archive.

use model::{InputNumber, Skipped};

/// Number of a story in the archive.
pub type StoryNumber = i64;

/// An input that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewInput<'a> {
    /// As the user named it: a path, an address, `-`.
    pub name: &'a str,
    /// All of it.
    pub bytes: &'a [u8],
    /// Now, ISO 8601 in UTC.
    pub at: &'a str,
}

/// What the archive says to an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It was not known: its bytes are kept, its articles may come.
    New(InputNumber),
    /// It was begun before, and its first articles are in.
    Unfinished {
        /// Its number.
        input: InputNumber,
        /// How many of its articles are in.
        filed_count: usize,
    },
    /// It is in, whole; nothing changes.
    Known(InputNumber),
}

/// How reading an input ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// Which.
    pub input: InputNumber,
    /// Why it gave no article at all.
    pub refusal: Option<String>,
    /// Parts of it that were not read.
    pub skipped: Vec<Skipped>,
}
