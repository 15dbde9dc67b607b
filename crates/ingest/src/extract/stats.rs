//! What the words and marks of a block add up to.

use super::name::{Kind, add_lower, basis, hash, mix};
use super::weights::Weights;

/// Words in a run of words that is looked up as one.
pub(crate) const RUN: usize = 4;
/// So many words at a block's beginning are looked up one by one.
const SCORED_WORDS_MAX: usize = 40;
/// Longest text that is looked up as a whole, in words.
pub(crate) const WHOLE_WORDS_MAX: usize = 12;

/// A set of hashes.
#[derive(Debug)]
pub(crate) struct Hashes {
    sorted: Vec<u32>,
    /// A bit for the last bits of each: most words are in no title, and are told so by it.
    endings: [u64; ENDINGS],
}

/// Words of bits for the endings of hashes.
const ENDINGS: usize = 64;

/// Which bit of which word stands for the ending of a hash.
fn ending(hash: u32) -> (usize, u64) {
    (hash as usize >> 6 & (ENDINGS - 1), 1 << (hash & 63))
}

impl Default for Hashes {
    fn default() -> Hashes {
        Hashes { sorted: Vec::new(), endings: [0; ENDINGS] }
    }
}

impl FromIterator<u32> for Hashes {
    fn from_iter<I: IntoIterator<Item = u32>>(hashes: I) -> Hashes {
        let mut list: Vec<u32> = hashes.into_iter().collect();
        list.sort_unstable();
        list.dedup();
        let mut endings = [0; ENDINGS];
        for hash in &list {
            let (word, bit) = ending(*hash);
            endings[word] |= bit;
        }
        Hashes { sorted: list, endings }
    }
}

impl Hashes {
    pub(crate) fn has(&self, hash: u32) -> bool {
        let (word, bit) = ending(hash);
        self.endings[word] & bit != 0 && self.sorted.binary_search(&hash).is_ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.sorted.len()
    }
}

/// What is known of the article before its blocks are read.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Words of the title.
    pub title: Hashes,
    /// Runs of words of the description.
    pub description: Hashes,
    /// Runs of words of the article's body as structured data gives it.
    pub body: Hashes,
}

/// The counts of one block's text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stats {
    pub words: f32,
    pub bytes: f32,
    pub capital_letters: f32,
    pub capital_words: f32,
    pub digits: f32,
    pub commas: f32,
    pub common_words: f32,
    pub quotes: f32,
    pub marks: f32,
    pub sentences: f32,
    pub long_words: f32,
    /// Its last byte.
    pub last: u8,
    pub begins_capital: bool,
    /// Lowest, highest and mean score of its first words.
    pub word_low: f32,
    pub word_high: f32,
    pub word_mean: f32,
    /// Score of its first two words together, and of all of it if it is short.
    pub first_pair: f32,
    pub whole: f32,
    /// Share of its words that are in the title, and of the title's words that are in it.
    pub in_title: f32,
    pub of_title: f32,
    pub in_description: f32,
    pub in_body: f32,
    /// Its words in [`Counted::words`].
    pub words_at: [u32; 2],
    /// The same for the same words.
    pub hash: u32,
}

/// Words and runs that training counts.
pub(crate) type Tokens = Vec<u32>;

/// What a word is looked up as.
fn word_key(word: u32) -> u32 {
    word ^ 0x5bd1_e995
}

/// The hash of every run of words.
pub(crate) fn runs(words: &[u32]) -> impl Iterator<Item = u32> {
    words.windows(RUN).map(mix)
}

/// The hashes of a text's words, in order.
pub(crate) fn words_of(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if is_word_byte(bytes, at) {
            words.push(word_at(bytes, &mut at));
        } else {
            at += mark_width(bytes[at]);
        }
    }
    words
}

/// The hash of the word that begins there; `at` is moved to its end.
fn word_at(bytes: &[u8], at: &mut usize) -> u32 {
    let mut word = basis(Kind::Word);
    while let Some(&byte) = bytes.get(*at) {
        let lower = LOWER[usize::from(byte)];
        if lower == 0 || byte == PUNCTUATION && bytes.get(*at + 1) == Some(&0x80) {
            break;
        }
        word = add_lower(word, lower);
        *at += 1;
    }
    word
}

/// How many bytes are so: many at a time.
fn count_of(bytes: &[u8], is: impl Fn(u8) -> bool) -> f32 {
    bytes.iter().map(|byte| u32::from(is(*byte))).sum::<u32>() as f32
}

/// How many bytes a character has that belongs to no word: punctuation beyond ASCII has three.
fn mark_width(first: u8) -> usize {
    if first == PUNCTUATION { 3 } else { 1 }
}

/// What the blocks of a page add up to.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    /// Of each block.
    pub all: Vec<Stats>,
    /// Hashes of the words of all blocks.
    words: Vec<u32>,
}

/// A block while it is counted.
struct Counter<'a> {
    stats: Stats,
    weights: &'a Weights,
    known: &'a Known,
    words: &'a mut Vec<u32>,
    tokens: Option<&'a mut Tokens>,
    /// How many there are of the block itself.
    word_count: usize,
    wide_bytes: f32,
    scored: f32,
    title_hits: f32,
    body_hits: f32,
    description_hits: f32,
}

impl Counted {
    /// Counts the text of the next block; `tokens` gets what training wants to know of it.
    pub(crate) fn add(
        &mut self,
        text: &str,
        (weights, known): (&Weights, &Known),
        tokens: Option<&mut Tokens>,
    ) {
        let from = self.words.len() as u32;
        let stats = Stats { hash: hash(Kind::Text, b""), words_at: [from, from], ..Stats::default() };
        let mut counter = Counter {
            stats,
            weights,
            known,
            words: &mut self.words,
            tokens,
            word_count: 0,
            wide_bytes: 0.0,
            scored: 0.0,
            title_hits: 0.0,
            body_hits: 0.0,
            description_hits: 0.0,
        };
        counter.run(text.as_bytes());
        let stats = counter.finish(text.as_bytes());
        self.all.push(stats);
    }

    /// The hashes of a block's words, in order.
    pub(crate) fn words_of(&self, block: usize) -> &[u32] {
        let [from, to] = self.all[block].words_at;
        &self.words[from as usize..to as usize]
    }
}

/// Whether the character there belongs to a word: ASCII by itself, all others but general punctuation.
fn is_word_byte(bytes: &[u8], at: usize) -> bool {
    let byte = bytes[at];
    LOWER[usize::from(byte)] != 0 && !(byte == PUNCTUATION && bytes.get(at + 1) == Some(&0x80))
}

/// With which byte general punctuation begins in UTF-8; 0x80 follows it.
const PUNCTUATION: u8 = 0xe2;
/// Every byte that may be of a word, in lower case, and 0 for those that are of none.
const LOWER: [u8; 256] = lower();

const fn lower() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        if (byte as u8).is_ascii_alphanumeric() || byte >= 0x80 {
            table[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    table
}

impl Counter<'_> {
    fn run(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while at < bytes.len() {
            if !is_word_byte(bytes, at) {
                self.mark(bytes, at);
                at += mark_width(bytes[at]);
                continue;
            }
            let start = at;
            let word = word_at(bytes, &mut at);
            // Capitals of Latin letters with accents, too.
            let is_capital = bytes[start].is_ascii_uppercase()
                || bytes[start] == 0xc3 && bytes.get(start + 1).is_some_and(|next| *next < 0xa0);
            self.stats.capital_words += f32::from(is_capital);
            self.stats.long_words += f32::from(at - start > 6);
            self.word(word);
        }
        self.stats.capital_letters = count_of(bytes, |byte| byte.is_ascii_uppercase());
        self.stats.digits = count_of(bytes, |byte| byte.is_ascii_digit());
        self.wide_bytes = count_of(bytes, |byte| byte >= 0xe3);
    }

    fn word(&mut self, word: u32) {
        self.word_count += 1;
        self.words.push(word);
        self.stats.common_words += f32::from(self.weights.is_common(word));
        self.stats.hash = (self.stats.hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b1);
        self.title_hits += f32::from(self.known.title.has(word));
        if self.word_count >= RUN && self.known.body.len() + self.known.description.len() > 0 {
            let run = mix(self.latest(RUN));
            self.body_hits += f32::from(self.known.body.has(run));
            self.description_hits += f32::from(self.known.description.has(run));
        }
        if self.word_count <= SCORED_WORDS_MAX {
            self.score(word_key(word));
        }
        if self.word_count == 2 {
            let pair = mix(self.latest(2));
            self.note(pair);
            self.stats.first_pair = self.weights.score(pair).unwrap_or(0.0);
        }
    }

    /// The last so many words.
    fn latest(&self, count: usize) -> &[u32] {
        &self.words[self.words.len() - count..]
    }

    fn note(&mut self, token: u32) {
        if let Some(tokens) = self.tokens.as_deref_mut() {
            tokens.push(token);
        }
    }

    fn score(&mut self, key: u32) {
        self.note(key);
        if let Some(score) = self.weights.score(key) {
            self.scored += 1.0;
            self.stats.word_mean += score;
            self.stats.word_low = self.stats.word_low.min(score);
            self.stats.word_high = self.stats.word_high.max(score);
        }
    }

    fn mark(&mut self, bytes: &[u8], at: usize) {
        let stats = &mut self.stats;
        match bytes[at] {
            b',' => stats.commas += 1.0,
            b'.' | b'?' | b'!'
                if bytes.get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\n' | b'"')) =>
            {
                stats.sentences += 1.0;
            }
            b'"' => stats.quotes += 1.0,
            0xe2 if matches!(bytes.get(at + 2), Some(0x9c | 0x9d)) => stats.quotes += 1.0,
            b'|' | b'/' | b'\\' | b'#' | b'@' | b'{' | b'}' | b'=' | b'<' | b'>' | b'_' | b';' => {
                stats.marks += 1.0
            }
            _ => {}
        }
    }

    fn finish(mut self, bytes: &[u8]) -> Stats {
        let count = self.word_count as f32;
        if (1..=WHOLE_WORDS_MAX).contains(&self.word_count) {
            let whole = self.stats.hash;
            self.note(whole);
            self.stats.whole = self.weights.score(whole).unwrap_or(0.0);
        }
        let mut stats = self.stats;
        stats.words_at[1] = self.words.len() as u32;
        stats.bytes = bytes.len() as f32;
        // Scripts without spaces: a word is about four characters there.
        stats.words = count + self.wide_bytes / 4.0;
        stats.last = bytes.last().copied().unwrap_or(0);
        stats.begins_capital = bytes.first().is_some_and(|byte| byte.is_ascii_uppercase() || *byte == b'"');
        stats.word_mean /= self.scored + 2.0;
        if count > 0.0 {
            let run_count = (count - (RUN - 1) as f32).max(1.0);
            stats.in_title = self.title_hits / count;
            stats.of_title = self.title_hits / self.known.title.len().max(1) as f32;
            stats.in_body = self.body_hits / run_count;
            stats.in_description = self.description_hits / run_count;
        }
        stats
    }
}
