//! What the words and marks of a block add up to.

use super::name::{Kind, add, basis, hash, mix};
use super::weights::Weights;

/// Words in a run of words that is looked up as one.
pub(crate) const RUN: usize = 4;
/// So many words at a block's beginning are looked up one by one.
const SCORED_WORDS_MAX: u32 = 40;
/// Longest text that is looked up as a whole, in words.
pub(crate) const WHOLE_WORDS_MAX: u32 = 12;

/// A set of hashes.
#[derive(Debug, Default)]
pub(crate) struct Hashes {
    sorted: Vec<u32>,
    /// A bit for the last six bits of each: most words are in no title, and are told so by it.
    endings: u64,
}

impl FromIterator<u32> for Hashes {
    fn from_iter<I: IntoIterator<Item = u32>>(hashes: I) -> Hashes {
        let mut list: Vec<u32> = hashes.into_iter().collect();
        list.sort_unstable();
        list.dedup();
        let endings = list.iter().fold(0, |all, hash| all | 1 << (hash % u64::BITS));
        Hashes { sorted: list, endings }
    }
}

impl Hashes {
    pub(crate) fn has(&self, hash: u32) -> bool {
        self.endings & 1 << (hash % u64::BITS) != 0 && self.sorted.binary_search(&hash).is_ok()
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
    /// The same for the same words.
    pub hash: u32,
}

/// Words and runs that training counts.
pub(crate) type Tokens = Vec<u32>;

/// What a word is looked up as.
fn word_key(word: u32) -> u32 {
    word ^ 0x5bd1_e995
}

/// Calls `found` with the hash of every run of words.
pub(crate) fn runs(text: &str, mut found: impl FnMut(u32)) {
    let mut last = [0u32; RUN];
    let mut count = 0;
    let mut word = None;
    let mut finish = |word: &mut Option<u32>| {
        let Some(whole) = word.take() else { return };
        last = [last[1], last[2], last[3], whole];
        count += 1;
        if count >= RUN {
            found(mix(&last));
        }
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let c = if byte.is_ascii() {
            Some(char::from(*byte))
        } else {
            text.get(at..).and_then(|rest| rest.chars().next())
        };
        let c = c.expect("whole characters were passed over");
        let end = at + c.len_utf8();
        if c.is_alphanumeric() {
            let so_far = word.unwrap_or(const { basis(Kind::Word) });
            word = Some(bytes[at..end].iter().fold(so_far, |hash, byte| add(hash, *byte)));
        } else {
            finish(&mut word);
        }
        at = end;
    }
    finish(&mut word);
}

/// A block while it is counted.
struct Counter<'a> {
    stats: Stats,
    weights: &'a Weights,
    known: &'a Known,
    tokens: Option<&'a mut Tokens>,
    word_count: u32,
    first: u32,
    last: [u32; RUN],
    wide_bytes: f32,
    scored: f32,
    title_hits: f32,
    body_hits: f32,
    description_hits: f32,
}

/// Counts the text of a block; `tokens` gets what training wants to know of it.
pub(crate) fn stats(text: &str, weights: &Weights, known: &Known, tokens: Option<&mut Tokens>) -> Stats {
    let stats = Stats { hash: hash(Kind::Text, b""), ..Stats::default() };
    let mut counter = Counter {
        stats,
        weights,
        known,
        tokens,
        word_count: 0,
        first: 0,
        last: [0; RUN],
        wide_bytes: 0.0,
        scored: 0.0,
        title_hits: 0.0,
        body_hits: 0.0,
        description_hits: 0.0,
    };
    counter.run(text.as_bytes());
    counter.finish(text.as_bytes())
}

/// Whether the character there belongs to a word: ASCII by itself, all others but general punctuation.
fn is_word_byte(bytes: &[u8], at: usize) -> bool {
    let byte = bytes[at];
    byte.is_ascii_alphanumeric() || byte >= 0x80 && !(byte == 0xe2 && bytes.get(at + 1) == Some(&0x80))
}

impl Counter<'_> {
    fn run(&mut self, bytes: &[u8]) {
        let mut at = 0;
        let (mut capitals, mut digits, mut wide) = (0u32, 0u32, 0u32);
        while at < bytes.len() {
            if !is_word_byte(bytes, at) {
                self.mark(bytes, at);
                // Punctuation beyond ASCII has three bytes.
                at += if bytes[at] == 0xe2 { 3 } else { 1 };
                continue;
            }
            let start = at;
            let mut word = basis(Kind::Word);
            while at < bytes.len() && is_word_byte(bytes, at) {
                let byte = bytes[at];
                word = add(word, byte);
                capitals += u32::from(byte.is_ascii_uppercase());
                digits += u32::from(byte.is_ascii_digit());
                wide += u32::from(byte >= 0xe3);
                at += 1;
            }
            // Capitals of Latin letters with accents, too.
            let is_capital = bytes[start].is_ascii_uppercase()
                || bytes[start] == 0xc3 && bytes.get(start + 1).is_some_and(|next| *next < 0xa0);
            self.stats.capital_words += f32::from(is_capital);
            self.stats.long_words += f32::from(at - start > 6);
            self.word(word);
        }
        self.stats.capital_letters = capitals as f32;
        self.stats.digits = digits as f32;
        self.wide_bytes = wide as f32;
    }

    fn word(&mut self, word: u32) {
        self.word_count += 1;
        self.stats.common_words += f32::from(self.weights.is_common(word));
        self.stats.hash = (self.stats.hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b1);
        self.title_hits += f32::from(self.known.title.has(word));
        self.last = [self.last[1], self.last[2], self.last[3], word];
        if self.word_count as usize >= RUN && self.known.body.len() + self.known.description.len() > 0 {
            let run = mix(&self.last);
            self.body_hits += f32::from(self.known.body.has(run));
            self.description_hits += f32::from(self.known.description.has(run));
        }
        if self.word_count <= SCORED_WORDS_MAX {
            self.score(word_key(word));
        }
        match self.word_count {
            1 => self.first = word,
            2 => {
                let pair = mix(&[self.first, word]);
                self.note(pair);
                self.stats.first_pair = self.weights.score(pair).unwrap_or(0.0);
            }
            _ => {}
        }
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
