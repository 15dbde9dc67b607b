//! What a tokenizer remembers: word forms by number, and how chunks between spaces were cut.

use super::specials::Specials;
use crate::pattern::Scratch;
use crate::unicode::is_space;
use foldhash::HashMap;
use std::ops::Range;

/// Number of a word form in a [`TokenCache`], from 0 up; good until the cache's generation changes.
pub(crate) type FormId = u32;

/// Longer chunks are cut anew each time they occur.
const CHUNK_BYTES_MAX: usize = 64;

/// Bytes of text that are kept for each form, on average, before everything is forgotten.
const BYTES_PER_FORM_MAX: usize = 64;

/// A word form. Two tokens with the same text and norm may have two numbers; no number has two forms.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Form {
    pub(crate) text: Box<str>,
    /// spaCy's number of the norm that an exception gave it; 0 when none did.
    pub(crate) norm: u64,
    /// Its number in the exceptions' phrases; 0 when it is in none.
    pub(super) word: u32,
    pub(crate) is_space: bool,
}

#[cfg(test)]
impl Form {
    /// A form for tests of what comes after the tokenizer.
    pub(crate) fn new(text: &str) -> Form {
        Form { text: text.into(), norm: 0, word: 0, is_space: text.chars().all(is_space) }
    }
}

/// A token of a chunk: bytes within it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) form: FormId,
}

/// A chunk as one number, its bytes and their count: most are as short, and then nothing is followed to compare them.
fn short(chunk: &str) -> Option<u128> {
    let mut bytes = [0; size_of::<u128>()];
    let (count, text) = bytes.split_last_mut()?;
    text.get_mut(..chunk.len())?.copy_from_slice(chunk.as_bytes());
    *count = chunk.len() as u8;
    Some(u128::from_le_bytes(bytes))
}

/// A tokenizer's memory, one for each thread. It changes no result, only the time to get there.
#[derive(Debug)]
pub(crate) struct TokenCache {
    forms_max: usize,
    generation: u32,
    forms: Vec<Form>,
    numbers: HashMap<Box<str>, FormId>,
    /// The forms of the exceptions' tokens, by the number of the token.
    special_forms: Vec<Option<FormId>>,
    /// Where the tokens of a chunk stand among `parts`: of a short one, and of others.
    short_chunks: HashMap<u128, Range<u32>>,
    long_chunks: HashMap<Box<str>, Range<u32>>,
    parts: Vec<Part>,
    bytes: usize,
    pub(super) scratch: Scratch,
}

impl TokenCache {
    /// Keeps about this many word forms. One piece of text may take it beyond, by its own words.
    pub(crate) fn new(forms_max: usize) -> TokenCache {
        TokenCache {
            forms_max,
            generation: 0,
            forms: Vec::new(),
            numbers: HashMap::default(),
            special_forms: Vec::new(),
            short_chunks: HashMap::default(),
            long_chunks: HashMap::default(),
            parts: Vec::new(),
            bytes: 0,
            scratch: Scratch::default(),
        }
    }

    /// Changes when the forms are numbered anew, which happens only at the start of a piece. Whoever keeps
    /// something by number of form then has to forget it.
    pub(crate) fn generation(&self) -> u32 {
        self.generation
    }

    pub(crate) fn form(&self, number: FormId) -> &Form {
        &self.forms[number as usize]
    }

    /// All forms so far; the place of each is its number.
    pub(crate) fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// Whether the next piece will make it forget everything. Whoever still needs the forms uses them before.
    pub(crate) fn is_full(&self) -> bool {
        self.forms.len() >= self.forms_max
            || self.short_chunks.len() + self.long_chunks.len() >= self.forms_max.saturating_mul(2)
            || self.bytes >= self.forms_max.saturating_mul(BYTES_PER_FORM_MAX)
    }

    /// Forgets everything when there is too much of it.
    pub(super) fn make_room(&mut self) {
        if self.is_full() {
            let scratch = std::mem::take(&mut self.scratch);
            let generation = self.generation.wrapping_add(1);
            *self = TokenCache { generation, scratch, ..TokenCache::new(self.forms_max) };
        }
    }

    pub(super) fn chunk(&self, chunk: &str) -> Option<&[Part]> {
        let parts = match short(chunk) {
            Some(short) => self.short_chunks.get(&short)?,
            None => self.long_chunks.get(chunk)?,
        };
        Some(&self.parts[parts.start as usize..parts.end as usize])
    }

    pub(super) fn keep_chunk(&mut self, chunk: &str, parts: &[Part]) {
        if chunk.len() > CHUNK_BYTES_MAX {
            return;
        }
        let start = self.parts.len() as u32;
        self.parts.extend_from_slice(parts);
        self.bytes += chunk.len();
        let parts = start..self.parts.len() as u32;
        match short(chunk) {
            Some(short) => self.short_chunks.insert(short, parts),
            None => self.long_chunks.insert(chunk.into(), parts),
        };
    }

    /// The number of an ordinary form.
    pub(super) fn number(&mut self, text: &str, specials: &Specials) -> FormId {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.add(text, 0, specials);
        self.numbers.insert(text.into(), number);
        number
    }

    /// The number of the form of an exception's token.
    pub(super) fn special_number(&mut self, text: &str, token: usize, specials: &Specials) -> FormId {
        let norm = specials.token(token).norm;
        if norm == 0 {
            return self.number(text, specials);
        }
        if self.special_forms.is_empty() {
            self.special_forms.resize(specials.token_count(), None);
        }
        if let Some(number) = self.special_forms[token] {
            return number;
        }
        let number = self.add(text, norm, specials);
        self.special_forms[token] = Some(number);
        number
    }

    fn add(&mut self, text: &str, norm: u64, specials: &Specials) -> FormId {
        self.bytes += text.len();
        self.forms.push(Form {
            text: text.into(),
            norm,
            word: specials.word(text),
            is_space: text.chars().all(is_space),
        });
        self.forms.len() as FormId - 1
    }
}
