//! Cuts a text into the pieces of words that BERT's uncased vocabulary knows.

use unicode_normalization::char::decompose_canonical;
use unicode_normalization::char::is_combining_mark;

/// A word of more letters is unknown, as in BERT.
const WORD_CHARS_MAX: usize = 100;
/// A vocabulary has fewer pieces than this: a slot of the hash table keeps a number in 16 bits.
pub(crate) const PIECES_MAX: usize = u16::MAX as usize;
/// A piece has at most this many bytes, which bounds the tries at one place of a word.
pub(crate) const PIECE_BYTES_MAX: usize = 64;
/// What stands before a piece that continues a word.
const CONTINUES: &str = "##";

/// The pieces of words that a BERT model knows.
///
/// A text is taken as the uncased models of BERT take it: in lower case, without accents, punctuation by itself;
/// then the longest known piece first, and on from its end.
#[derive(Clone, Debug)]
pub struct WordPieces {
    text: String,
    ends: Vec<u32>,
    /// Open addressing: 16 bits of the hash above the piece's number plus one; zero is free.
    slots: Vec<u32>,
    longest: usize,
}

/// Whether a piece begins a word or continues one.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Start,
    Inside,
}

impl WordPieces {
    /// A vocabulary of pieces written as in BERT's `vocab.txt`: `##ing` continues a word.
    ///
    /// The pieces lie in `text` one after another; `lens` are their bytes. `None` when the lengths do not fit the
    /// text or a limit is passed.
    ///
    /// ```
    /// let pieces = grammar::WordPieces::new("toll##s", &[4, 3]).expect("the lengths fit");
    /// let mut found = Vec::new();
    /// pieces.cut("Tolls", |piece| found.push(piece));
    /// assert_eq!(found, [0, 1]);
    /// ```
    pub fn new(text: &str, lens: &[u8]) -> Option<WordPieces> {
        if lens.len() >= PIECES_MAX {
            return None;
        }
        let slots = vec![0; (lens.len() * 2 + 2).next_power_of_two()];
        let ends = Vec::with_capacity(lens.len());
        let mut vocabulary = WordPieces { text: text.to_owned(), ends, slots, longest: 0 };
        let mut end = 0;
        for &len in lens {
            let piece = text.get(end..end + usize::from(len))?;
            if usize::from(len) > PIECE_BYTES_MAX {
                return None;
            }
            end += usize::from(len);
            vocabulary.ends.push(end as u32);
            vocabulary.insert(piece);
        }
        (end == text.len()).then_some(vocabulary)
    }

    /// Number of pieces.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no piece.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Calls `found` with the number of each piece of the text, in order. A word that cannot be cut into known
    /// pieces gives none.
    pub fn cut(&self, text: &str, mut found: impl FnMut(usize)) {
        let mut word = Word { bytes: Vec::with_capacity(4 * WORD_CHARS_MAX), char_count: 0 };
        let mut pieces = Vec::with_capacity(WORD_CHARS_MAX);
        let mut flush = |word: &mut Word| {
            if !word.bytes.is_empty() {
                self.cut_word(word, &mut pieces);
                pieces.iter().for_each(|&piece| found(piece));
                word.clear();
            }
        };
        for letter in text.chars() {
            match class(letter) {
                Class::Letter => word.push(letter),
                Class::Space => flush(&mut word),
                Class::Nothing => {}
                Class::Alone => {
                    flush(&mut word);
                    word.push(letter);
                    flush(&mut word);
                }
            }
        }
        flush(&mut word);
    }

    /// The longest known piece first, then on from its end.
    fn cut_word(&self, word: &Word, pieces: &mut Vec<usize>) {
        pieces.clear();
        if word.char_count > WORD_CHARS_MAX {
            return;
        }
        let mut rest = word.bytes.as_slice();
        let mut place = Place::Start;
        while !rest.is_empty() {
            let Some((piece, len)) = self.longest(rest, place) else {
                pieces.clear();
                return;
            };
            pieces.push(piece);
            rest = &rest[len..];
            place = Place::Inside;
        }
    }

    /// The longest piece that the bytes begin with, and its length.
    fn longest(&self, bytes: &[u8], place: Place) -> Option<(usize, usize)> {
        let bytes = &bytes[..bytes.len().min(self.longest)];
        // One pass hashes all beginnings, so that a word costs no more than its length.
        let mut hashes = [0; PIECE_BYTES_MAX];
        let mut hash = seed(place);
        for (slot, &byte) in hashes.iter_mut().zip(bytes) {
            hash = step(hash, byte);
            *slot = hash;
        }
        (1..=bytes.len())
            .rev()
            .find_map(|len| self.find(hashes[len - 1], &bytes[..len], place).map(|piece| (piece, len)))
    }

    fn find(&self, hash: u64, bytes: &[u8], place: Place) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let (mut at, tag) = position(hash, mask);
        // The table is at most half full, so a free slot ends the walk.
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            let piece = (slot & 0xffff) as usize - 1;
            if slot >> 16 == tag && self.piece(piece) == (place, bytes) {
                return Some(piece);
            }
            at = (at + 1) & mask;
        }
    }

    fn insert(&mut self, piece: &str) {
        let (place, bytes) = parts(piece);
        self.longest = self.longest.max(bytes.len());
        let hash = bytes.iter().fold(seed(place), |hash, &byte| step(hash, byte));
        let mask = self.slots.len() - 1;
        let (mut at, tag) = position(hash, mask);
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = tag << 16 | self.ends.len() as u32;
    }

    fn piece(&self, number: usize) -> (Place, &[u8]) {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        parts(self.text.get(start..self.ends[number] as usize).expect("cut from this text in `new`"))
    }
}

fn parts(piece: &str) -> (Place, &[u8]) {
    match piece.strip_prefix(CONTINUES) {
        // The piece `##` itself is two number signs.
        Some(rest) if !rest.is_empty() => (Place::Inside, rest.as_bytes()),
        _ => (Place::Start, piece.as_bytes()),
    }
}

/// FNV-1a, with another start for pieces that continue a word.
fn seed(place: Place) -> u64 {
    match place {
        Place::Start => 0xcbf2_9ce4_8422_2325,
        Place::Inside => 0x8422_2325_cbf2_9ce4,
    }
}

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// First slot to look at, and the bits of the hash that a slot keeps.
fn position(hash: u64, mask: usize) -> (usize, u32) {
    // The low bits of FNV mix worst.
    ((hash ^ hash >> 29) as usize & mask, (hash >> 48) as u32)
}

/// A word while its letters come in: lower case, no accents.
struct Word {
    bytes: Vec<u8>,
    char_count: usize,
}

impl Word {
    fn push(&mut self, letter: char) {
        if letter.is_ascii() {
            self.push_plain(letter.to_ascii_lowercase());
        } else {
            decompose_canonical(letter, |part| {
                if !is_combining_mark(part) {
                    part.to_lowercase().for_each(|lower| self.push_plain(lower));
                }
            });
        }
    }

    fn push_plain(&mut self, letter: char) {
        self.char_count += 1;
        // Of a longer word nothing is asked but that it is too long.
        if self.char_count <= WORD_CHARS_MAX {
            self.bytes.extend(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.char_count = 0;
    }
}

/// What a character does to the words around it.
#[derive(Clone, Copy)]
enum Class {
    Letter,
    Space,
    /// Punctuation and ideographs: a word of its own.
    Alone,
    /// Control and format characters: as if they were not there.
    Nothing,
}

fn class(letter: char) -> Class {
    match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Letter,
        ' ' | '\t' | '\n' | '\r' => Class::Space,
        '!'..='~' => Class::Alone,
        '\u{fffd}' => Class::Nothing,
        _ if letter.is_control() || within(letter, &FORMATS) => Class::Nothing,
        _ if letter.is_whitespace() => Class::Space,
        _ if within(letter, &PUNCTUATION) || within(letter, &IDEOGRAPHS) => Class::Alone,
        _ => Class::Letter,
    }
}

fn within(letter: char, ranges: &[(char, char)]) -> bool {
    ranges.iter().any(|&(first, last)| (first..=last).contains(&letter))
}

/// Unicode's category Cf as far as it occurs in print: soft hyphen, joiners, directions, byte order mark.
const FORMATS: [(char, char); 5] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
];

/// Unicode's categories P of the scripts that the vocabulary knows; another script's words are unknown anyway.
const PUNCTUATION: [(char, char); 17] = [
    ('\u{2010}', '\u{2027}'),
    ('\u{2030}', '\u{2043}'),
    ('\u{2045}', '\u{2051}'),
    ('\u{2053}', '\u{205e}'),
    ('¡', '¡'),
    ('§', '§'),
    ('«', '«'),
    ('¶', '·'),
    ('»', '»'),
    ('¿', '¿'),
    ('\u{207d}', '\u{207e}'),
    ('\u{2308}', '\u{230b}'),
    ('\u{2e00}', '\u{2e5d}'),
    ('\u{3001}', '\u{3003}'),
    ('\u{3008}', '\u{3011}'),
    ('\u{3014}', '\u{301f}'),
    ('\u{ff01}', '\u{ff0f}'),
];

const IDEOGRAPHS: [(char, char); 5] = [
    ('\u{3400}', '\u{4dbf}'),
    ('\u{4e00}', '\u{9fff}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{20000}', '\u{2a6df}'),
    ('\u{2a700}', '\u{2fa1f}'),
];

#[cfg(test)]
mod tests {
    use super::{PIECE_BYTES_MAX, WordPieces};
    use proptest::prelude::*;

    fn known(pieces: &[&str]) -> WordPieces {
        let lens: Vec<u8> = pieces.iter().map(|piece| piece.len() as u8).collect();
        WordPieces::new(&pieces.concat(), &lens).unwrap()
    }

    fn cut(pieces: &[&str], text: &str) -> String {
        let mut found = Vec::new();
        known(pieces).cut(text, |piece| found.push(pieces[piece]));
        found.join(" ")
    }

    const PIECES: [&str; 13] =
        ["toll", "tolls", "##s", "bridge", "un", "##bridge", "##d", "##ed", "'", "#", "cafe", "“", "##fe"];

    #[test]
    fn the_longest_piece_wins() {
        assert_eq!(cut(&PIECES, "Tolls unbridged bridges"), "tolls un ##bridge ##d bridge ##s");
    }

    #[test]
    fn a_word_with_an_unknown_rest_gives_nothing() {
        assert_eq!(cut(&PIECES, "tollbooth bridge"), "bridge");
        assert_eq!(cut(&PIECES, "s"), "", "a continuation does not begin a word");
        assert_eq!(cut(&PIECES, "#s"), "#", "a sign before a word is not the mark of a continuation");
    }

    #[test]
    fn marks_stand_alone_and_accents_go() {
        assert_eq!(cut(&PIECES, "“CAFÉ'x“"), "“ cafe ' “", "an unknown word between gives nothing");
        assert_eq!(cut(&PIECES, "cafe\u{301}"), "cafe");
        assert_eq!(cut(&PIECES, "to\u{ad}ll\u{200b} to\u{a0}ll"), "toll");
    }

    #[test]
    fn a_word_of_a_hundred_letters_is_the_longest() {
        let pieces = ["a", "##a"];
        assert_eq!(cut(&pieces, &"a".repeat(100)).split(' ').count(), 100);
        assert_eq!(cut(&pieces, &"a".repeat(101)), "");
    }

    #[test]
    fn a_damaged_vocabulary_is_refused() {
        assert!(WordPieces::new("abc", &[1, 1]).is_none());
        assert!(WordPieces::new("abc", &[1, 3]).is_none());
        assert!(WordPieces::new("é", &[1, 1]).is_none());
        assert!(WordPieces::new(&"a".repeat(PIECE_BYTES_MAX + 1), &[PIECE_BYTES_MAX as u8 + 1]).is_none());
        WordPieces::new("", &[]).unwrap().cut("anything", |_| panic!("there is no piece"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}|[a-e \u{301}#'é“]{0,300}") {
            known(&PIECES).cut(&text, |piece| assert!(piece < PIECES.len()));
        }

        #[test]
        fn every_piece_is_found(words in proptest::collection::btree_set("[a-z]{1,8}", 1..200)) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            prop_assert_eq!(cut(&words, &words.join(" ")), words.join(" "));
        }
    }
}
