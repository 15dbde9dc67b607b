//! What spaCy knows of a word form by itself: the features that embeddings are looked up by.

use crate::msgpack::{self, Value};
use crate::pack::{self, Reader, Writer};
use crate::symbols::string_id;
use crate::unicode::{is_digit, is_letter, is_space};

/// The features of a word form; each but the last is spaCy's number of a string.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Lexeme {
    /// The form with spelling variants and quotes made alike: "favourite" → "favorite".
    pub(crate) norm: u64,
    /// The first character.
    pub(crate) prefix: u64,
    /// The last three characters.
    pub(crate) suffix: u64,
    /// Capitals as X, other letters as x, digits as d, runs cut at four.
    pub(crate) shape: u64,
    pub(crate) orth: u64,
    pub(crate) lower: u64,
    pub(crate) is_space: bool,
}

/// spaCy writes "LONG" for the shape of forms this long, in characters.
const SHAPE_CHARS_MAX: usize = 100;

/// A run of one kind of character counts this often in a shape.
const SHAPE_RUN_MAX: usize = 4;

/// Entries between places where a form's number is looked for, at first.
const NEAR: usize = 16;

/// What spaCy itself normalises, in every language: quotes, dashes, currencies.
const BASE_NORMS: &[(&str, &[&str])] = &[
    ("'s", &["'s", "'S", "’s", "’S"]),
    ("'", &["’", "‘", "´", "`"]),
    ("\"", &["”", "“", "''", "``", "´´", "„", "»", "«", "‘‘", "’’"]),
    ("?", &["？"]),
    ("!", &["！"]),
    (",", &["，"]),
    (";", &["；"]),
    (":", &["："]),
    (".", &["。", "।"]),
    ("...", &["…"]),
    ("-", &["—", "–", "--", "---", "——"]),
    ("$", &["€", "£", "¥", "฿", "US$", "C$", "A$", "₺", "₹", "৳", "₩", "Mex$", "₣", "E£"]),
];

/// The normal forms of a vocabulary.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lexemes {
    /// Number of a form and of its norm, sorted.
    norms: Vec<(u64, u64)>,
}

impl Lexemes {
    /// From the `vocab/lookups.bin` of a pipeline.
    pub(crate) fn from_spacy(bytes: &[u8]) -> Result<Lexemes, String> {
        let file = msgpack::parse(bytes).map_err(|error| error.to_string())?;
        let mut norms = Vec::new();
        for (form, norm) in file.get("lexeme_norm").and_then(Value::map).unwrap_or(&[]) {
            let form = match form.text() {
                Some(text) => Some(string_id(text)),
                None => form.uint(),
            };
            let norm = norm.text().map(string_id);
            norms
                .push(form.zip(norm).ok_or("the table `lexeme_norm` leads from something else to a string")?);
        }
        norms.sort_unstable();
        norms.dedup_by_key(|&mut (form, _)| form);
        Ok(Lexemes { norms })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.list(&self.norms, |out, &(form, norm)| {
            out.u64(form);
            out.u64(norm);
        });
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<Lexemes, pack::Error> {
        let norms = input.list(|input| Ok((input.u64()?, input.u64()?)))?;
        match norms.is_sorted() {
            true => Ok(Lexemes { norms }),
            false => Err(input.error("norms out of order")),
        }
    }

    /// The features of a form. A tokenizer exception may bring a norm of its own; 0 is none.
    pub(crate) fn lexeme(&self, form: &str, norm: u64) -> Lexeme {
        let orth = string_id(form);
        let lower = string_id(&form.to_lowercase());
        let first = form.chars().next().map_or(0, char::len_utf8);
        let last = form.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
        Lexeme {
            norm: if norm == 0 { self.norm(form, orth).unwrap_or(lower) } else { norm },
            prefix: string_id(form.get(..first).unwrap_or("")),
            suffix: string_id(form.get(last..).unwrap_or("")),
            shape: string_id(&shape(form)),
            orth,
            lower,
            is_space: !form.is_empty() && form.chars().all(is_space),
        }
    }

    /// The entries among which a form's stands, if there is one. Numbers of strings are spread evenly, so it is about as
    /// far into the table as its number is into all numbers.
    fn near(&self, orth: u64) -> &[(u64, u64)] {
        let count = self.norms.len();
        let guess = ((u128::from(orth) * count as u128) >> u64::BITS) as usize;
        let (mut first, mut end, mut step) = (guess, guess, NEAR);
        while first > 0 && self.norms[first].0 > orth {
            first = first.saturating_sub(step);
            step *= 2;
        }
        while end < count && self.norms[end].0 <= orth {
            end = count.min(end + step);
            step *= 2;
        }
        &self.norms[first..end]
    }

    fn norm(&self, form: &str, orth: u64) -> Option<u64> {
        let near = self.near(orth);
        if let Ok(place) = near.binary_search_by_key(&orth, |&(form, _)| form) {
            return Some(near[place].1);
        }
        let (norm, _) = BASE_NORMS.iter().find(|(_, forms)| forms.contains(&form))?;
        Some(string_id(norm))
    }
}

/// "McDonald's" → "XxXxxxx'x".
pub(crate) fn shape(form: &str) -> String {
    if form.chars().nth(SHAPE_CHARS_MAX - 1).is_some() {
        return "LONG".to_owned();
    }
    let mut shape = String::with_capacity(form.len());
    let (mut last, mut run) = (None, 0);
    for c in form.chars() {
        let kind = match c {
            _ if is_letter(c) => {
                if c.is_uppercase() {
                    'X'
                } else {
                    'x'
                }
            }
            _ if is_digit(c) => 'd',
            _ => c,
        };
        run = if last == Some(kind) { run + 1 } else { 0 };
        last = Some(kind);
        if run < SHAPE_RUN_MAX {
            shape.push(kind);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::{Lexemes, shape};
    use crate::pack::{Reader, Writer};
    use crate::symbols::string_id;
    use proptest::prelude::*;

    /// `lookups.bin` with one norm: "tolled" → "toll".
    fn lookups() -> Vec<u8> {
        let mut bytes = b"\x81\xablexeme_norm\x81\xcf".to_vec();
        bytes.extend(string_id("tolled").to_be_bytes());
        bytes.extend(b"\xa4toll");
        bytes
    }

    #[test]
    fn shapes_are_those_of_spacy() {
        assert_eq!(shape("McDonald's"), "XxXxxxx'x");
        assert_eq!(shape("U.S.-led"), "X.X.-xxx");
        assert_eq!(shape("1,200,000"), "d,ddd,ddd");
        assert_eq!(shape("corroborated"), "xxxx");
        assert_eq!(shape("ⅧⅧ²½"), "ⅧⅧd½");
        assert_eq!(shape(&"ab".repeat(50)), "LONG");
        assert_eq!(shape(&"ab".repeat(49)), "xxxx");
    }

    #[test]
    fn features_of_a_form() {
        let lexemes = Lexemes::from_spacy(&lookups()).unwrap();
        let toll = lexemes.lexeme("tolled", 0);
        assert_eq!(toll.norm, string_id("toll"));
        assert_eq!((toll.prefix, toll.suffix), (string_id("t"), string_id("led")));
        assert_eq!(lexemes.lexeme("“", 0).norm, string_id("\""));
        assert_eq!(lexemes.lexeme("Tolled", 0).norm, string_id("tolled"));
        assert_eq!(lexemes.lexeme("ca", string_id("can")).norm, string_id("can"));
        assert_eq!(lexemes.lexeme("A", 0).shape, 101, "the symbol X has a small number");
        assert!(lexemes.lexeme(" \u{2028}", 0).is_space && !lexemes.lexeme("a ", 0).is_space);
        assert_eq!(lexemes.lexeme("é", 0).suffix, string_id("é"));
    }

    #[test]
    fn a_norm_is_found_wherever_its_number_stands() {
        // Spread evenly, and many small ones before them.
        let numbers = (0..300).chain((1..200).map(|n| n * (u64::MAX / 200))).chain([u64::MAX]);
        let lexemes = Lexemes { norms: numbers.clone().map(|number| (number, number ^ 7)).collect() };
        for number in numbers {
            assert_eq!(lexemes.norm("ferry", number), Some(number ^ 7), "{number}");
            let has_next = lexemes.norms.binary_search_by_key(&number.wrapping_add(1), |norm| norm.0).is_ok();
            assert_eq!(lexemes.norm("ferry", number.wrapping_add(1)).is_some(), has_next);
        }
        assert_eq!(Lexemes::default().norm("ferry", 7), None);
    }

    #[test]
    fn what_is_written_is_read() {
        let lexemes = Lexemes::from_spacy(&lookups()).unwrap();
        let mut out = Writer::default();
        lexemes.write(&mut out);
        assert_eq!(Lexemes::read(&mut Reader::new(&out.bytes)), Ok(lexemes));
        out.bytes.pop();
        assert!(Lexemes::read(&mut Reader::new(&out.bytes)).is_err());
    }

    proptest! {
        #[test]
        fn no_form_panics(form in "\\PC{0,12}|[\\x00-\\x20]{0,4}") {
            Lexemes::default().lexeme(&form, 0);
        }

        #[test]
        fn damaged_lookups_do_not_panic(place in 0usize..40, byte in any::<u8>()) {
            let mut bytes = lookups();
            let place = place % bytes.len();
            bytes[place] = byte;
            let _ = Lexemes::from_spacy(&bytes);
        }
    }
}
