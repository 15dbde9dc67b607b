//! Sentence vectors without a network: the mean of one stored vector per piece of a word.
//!
//! The stored table is distilled from a sentence encoder (`cargo xtask model`; how, and how close it comes, is in
//! `model/NOTICE-vectors.md`). The weight of a frequent piece and the mean of all sentences are already in its rows,
//! so a sentence costs one addition of rows. Such a vector tells what a sentence is about. It cannot tell who did
//! what to whom, nor a denial, nor another number.

use std::borrow::Cow;

use crate::error::Error;
use crate::pack::{self, Reader, Writer};
use crate::wordpiece::{PIECES_MAX, WordPieces};

const MAGIC: &[u8] = b"rashomon vectors 1\n";
const WIDTH_MAX: usize = 1024;
/// A code of four bits stands for `code - MIDDLE`, so that both signs reach equally far.
const MIDDLE: f32 = 7.5;

static BUILT_IN: &[u8] = include_bytes!("../model/vectors.bin");

/// A table of vectors for the pieces of words.
#[derive(Clone, Debug)]
pub struct Vectors {
    vocabulary: WordPieces,
    width: usize,
    /// Factor of each piece's codes.
    scales: Vec<f32>,
    /// `width / 2` bytes a piece. Each holds two codes: of a dimension in its low bits, and of the one half a width
    /// further in its high bits, so that both are unpacked in order.
    codes: Cow<'static, [u8]>,
}

/// Vectors of pieces of words in full precision, as [`Vectors::pack`] takes them.
#[derive(Clone, Debug, Default)]
pub struct VectorTable {
    /// Pieces as BERT writes them: `##ing` continues a word.
    pub pieces: Vec<String>,
    /// Numbers a row; even.
    pub width: usize,
    /// A row per piece, one after another.
    pub rows: Vec<f32>,
}

impl Vectors {
    /// The English table that is built into the program.
    pub fn built_in() -> Vectors {
        Vectors::load(Cow::Borrowed(BUILT_IN))
            .expect("the file was made by `cargo xtask model` and is tested")
    }

    /// A table from the bytes of its file.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the bytes.
    pub fn load(bytes: Cow<'static, [u8]>) -> Result<Vectors, Error> {
        let (mut vectors, codes_len) =
            read_head(&bytes).map_err(|what| Error::within("vectors.bin", what))?;
        let start = bytes.len() - codes_len;
        vectors.codes = match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[start..]),
            Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(start)),
        };
        Ok(vectors)
    }

    /// How many numbers a vector has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The vector of a sentence: of length one, or all zeros where no word is known. The dot product of two is
    /// their likeness.
    ///
    /// ```
    /// let vectors = grammar::Vectors::built_in();
    /// let [a, b, c] = ["The bridge fell.", "A bridge collapsed.", "Shares rose."].map(|s| vectors.sentence(s));
    /// let likeness = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f32>();
    /// assert!(likeness(&a, &b) > likeness(&a, &c));
    /// ```
    pub fn sentence(&self, text: &str) -> Vec<f32> {
        let mut sum = vec![0.0; self.width];
        self.vocabulary.cut(text, |piece| self.add(piece, &mut sum));
        let length = sum.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt();
        // A sum that overflowed (only a damaged table's rows are that long) says no more than none.
        let factor = if length > 0.0 && length.is_finite() { (1.0 / length) as f32 } else { 0.0 };
        sum.iter_mut().for_each(|x| *x = if factor > 0.0 { *x * factor } else { 0.0 });
        sum
    }

    /// The vector of a word; the same as that of a sentence of this one word.
    pub fn word(&self, word: &str) -> Vec<f32> {
        self.sentence(word)
    }

    /// Number of pieces in the table.
    pub fn piece_count(&self) -> usize {
        self.vocabulary.len()
    }

    fn add(&self, piece: usize, sum: &mut [f32]) {
        let half = self.width / 2;
        let scale = self.scales[piece];
        let shift = scale * MIDDLE;
        let codes = &self.codes[piece * half..(piece + 1) * half];
        let (low, high) = sum.split_at_mut(half);
        for ((low, high), &code) in low.iter_mut().zip(high).zip(codes) {
            *low += scale * f32::from(code & 15) - shift;
            *high += scale * f32::from(code >> 4) - shift;
        }
    }

    /// The bytes of a table's file: four bits a number, and one scale a row that makes the error smallest.
    ///
    /// # Errors
    /// A sentence that names the limit that the table passes.
    pub fn pack(table: &VectorTable) -> Result<Vec<u8>, Error> {
        let bad = |what| Err(Error::within("vectors.bin", what));
        if !(2..=WIDTH_MAX).contains(&table.width) || table.width % 2 == 1 {
            return bad("its width is odd or out of bounds");
        }
        if table.rows.len() != table.pieces.len() * table.width || table.rows.iter().any(|x| !x.is_finite()) {
            return bad("its rows are not a finite number for each piece and dimension");
        }
        let Ok(lens) =
            table.pieces.iter().map(|piece| u8::try_from(piece.len())).collect::<Result<Vec<u8>, _>>()
        else {
            return bad("a piece is too long");
        };
        let text = table.pieces.concat();
        if WordPieces::new(&text, &lens).is_none() {
            return bad("it has too many pieces, or one is too long");
        }
        let mut out = Writer::default();
        out.bytes.extend(MAGIC);
        out.u32(table.width as u32);
        out.bytes(&lens);
        out.str(&text);
        let rows: Vec<Row> = table.rows.chunks_exact(table.width).map(quantise).collect();
        rows.iter().for_each(|row| out.f32(row.scale));
        rows.iter().for_each(|row| out.bytes.extend(&row.codes));
        Ok(out.bytes)
    }
}

/// Everything before the codes, and how long these are.
fn read_head(bytes: &[u8]) -> Result<(Vectors, usize), pack::Error> {
    let mut input = Reader::new(bytes);
    if input.take(MAGIC.len())? != MAGIC {
        return Err(input.error("no table of vectors"));
    }
    let width = input.u32()? as usize;
    if !(2..=WIDTH_MAX).contains(&width) || width % 2 == 1 {
        return Err(input.error("a width out of bounds"));
    }
    let lens = input.bytes()?;
    if lens.len() > PIECES_MAX {
        return Err(input.error("too many pieces"));
    }
    let text = input.str()?;
    let vocabulary = WordPieces::new(text, lens).ok_or(input.error("pieces that do not fit their text"))?;
    let mut scales = Vec::with_capacity(lens.len());
    for _ in lens {
        scales.push(input.f32()?);
    }
    if scales.iter().any(|scale: &f32| !scale.is_finite()) {
        return Err(input.error("a scale that is no number"));
    }
    let codes_len = lens.len() * width / 2;
    input.take(codes_len)?;
    match input.is_done() {
        true => Ok((Vectors { vocabulary, width, scales, codes: Cow::Borrowed(&[]) }, codes_len)),
        false => Err(input.error("more than its rows")),
    }
}

struct Row {
    scale: f32,
    codes: Vec<u8>,
}

/// How many scales are tried for a row, from its greatest number at the end of the codes downwards: cutting off a
/// few great numbers makes the many small ones finer.
const SCALE_TRIES: usize = 40;

fn quantise(row: &[f32]) -> Row {
    let greatest = row.iter().fold(0.0f32, |greatest, x| greatest.max(x.abs()));
    if greatest == 0.0 {
        return Row { scale: 0.0, codes: vec![0; row.len() / 2] };
    }
    let error = |scale: f32| -> f64 {
        row.iter().map(|&x| f64::from(x - scale * (f32::from(code(x, scale)) - MIDDLE)).powi(2)).sum()
    };
    let mut best = (f64::INFINITY, 0.0);
    for attempt in 0..SCALE_TRIES {
        let scale = greatest / MIDDLE * (1.0 - 0.7 * attempt as f32 / SCALE_TRIES as f32);
        let error = error(scale);
        if error < best.0 {
            best = (error, scale);
        }
    }
    let scale = best.1;
    let (low, high) = row.split_at(row.len() / 2);
    let codes = low.iter().zip(high).map(|(&low, &high)| code(low, scale) | code(high, scale) << 4).collect();
    Row { scale, codes }
}

fn code(x: f32, scale: f32) -> u8 {
    // A cast from a float saturates, and this one has been bounded before.
    (x / scale + MIDDLE).round().clamp(0.0, 15.0) as u8
}

#[cfg(test)]
mod tests {
    use super::{VectorTable, Vectors};
    use proptest::prelude::*;
    use std::borrow::Cow;

    fn likeness(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    fn small() -> VectorTable {
        VectorTable {
            pieces: ["toll", "##s", "bridge"].map(String::from).to_vec(),
            width: 4,
            rows: vec![1.0, -0.5, 0.0, 0.25, 0.0, 0.0, 0.0, 0.0, -2.0, 1.0, 1.0, 0.3],
        }
    }

    fn load(bytes: Vec<u8>) -> Result<Vectors, crate::error::Error> {
        Vectors::load(Cow::Owned(bytes))
    }

    #[test]
    fn a_table_comes_back_within_its_precision() {
        let vectors = load(Vectors::pack(&small()).unwrap()).unwrap();
        let bridge = vectors.word("Bridge");
        let length = (4.0f32 + 1.0 + 1.0 + 0.09).sqrt();
        for (got, want) in bridge.iter().zip([-2.0, 1.0, 1.0, 0.3]) {
            assert!((got - want / length).abs() < 0.08, "{bridge:?}");
        }
        assert_eq!(vectors.sentence("tolls"), vectors.sentence("toll"), "a row of zeros adds nothing");
    }

    #[test]
    fn likenesses_are_what_they_were() {
        let vectors = Vectors::built_in();
        assert_eq!((vectors.width(), vectors.piece_count()), (256, 27_779));
        for (a, b, want) in [
            (
                "The ferry sank off the coast; nine people drowned.",
                "Nine dead as a boat goes down near the shore.",
                0.6668,
            ),
            ("The mayor resigned after the audit.", "An audit forced the city's mayor to step down.", 0.6867),
            ("The mayor resigned after the audit.", "The harvest of apples was the best in years.", -0.0093),
            ("The central bank raised interest rates.", "The bank of the river was flooded.", 0.4896),
            ("Café owners in São Paulo protest", "cafe owners in sao paulo PROTEST", 1.0),
        ] {
            let got = likeness(&vectors.sentence(a), &vectors.sentence(b));
            assert!((got - want).abs() < 1e-3, "{got}: {a} / {b}");
        }
        assert!(likeness(&vectors.word("prison"), &vectors.word("jail")) > 0.6);
        assert!(likeness(&vectors.word("prison"), &vectors.word("apple")) < 0.3);
    }

    #[test]
    fn no_known_word_gives_zeros() {
        let vectors = Vectors::built_in();
        for text in ["", " \n", "桥梁倒塌", &"x".repeat(101)] {
            assert!(vectors.sentence(text).iter().all(|&x| x == 0.0), "{text:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_packed() {
        for change in [
            |table: &mut VectorTable| table.width = 3,
            |table: &mut VectorTable| table.rows[0] = f32::NAN,
            |table: &mut VectorTable| table.pieces[0] = "a".repeat(65),
            |table: &mut VectorTable| table.pieces.truncate(2),
        ] {
            let mut table = small();
            change(&mut table);
            assert!(Vectors::pack(&table).is_err());
        }
    }

    #[test]
    fn a_shortened_table_is_an_error() {
        let bytes = Vectors::pack(&small()).unwrap();
        for len in 0..bytes.len() {
            assert!(load(bytes[..len].to_vec()).is_err(), "{len}");
        }
        assert!(load([bytes, vec![0]].concat()).is_err());
    }

    proptest! {
        #[test]
        fn a_damaged_table_never_panics(at in 0usize..200, byte: u8, text in "[a-z ]{0,40}") {
            let mut bytes = Vectors::pack(&small()).unwrap();
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(vectors) = load(bytes) {
                let sentence = vectors.sentence(&format!("tolls bridge {text}"));
                prop_assert!(sentence.iter().all(|x| x.is_finite()));
            }
        }

        #[test]
        fn a_sentence_has_length_one_and_its_order_does_not_matter(words in "[a-z]{1,6}( [a-z]{1,6}){1,12}") {
            let vectors = load(Vectors::pack(&small()).unwrap()).unwrap();
            let words = format!("toll {words}");
            let forth = vectors.sentence(&words);
            let back = vectors.sentence(&words.split(' ').rev().collect::<Vec<_>>().join(" "));
            prop_assert!((likeness(&forth, &forth) - 1.0).abs() < 1e-5);
            prop_assert!((likeness(&forth, &back) - 1.0).abs() < 1e-4);
        }
    }
}
