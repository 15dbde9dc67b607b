//! A whole sentence encoder, run by rten: some thousand times the work of [`crate::Vectors`], and likeness told better.
//!
//! Behind the feature `sentence-encoder`, off by default. The model is read from disk, since it is larger than the
//! program; `train/vectors/export.py` writes it.

use std::path::Path;

use rten::{Model, RunError, Value};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::WordPieces;
use crate::error::Error;

/// Pieces of a sentence that are read; what follows is passed over. The encoder was trained on no more.
const PIECES_MAX: usize = 256;
/// The encoder, in its folder.
const MODEL: &str = "model.onnx";
/// Its pieces, a line each.
const PIECES: &str = "vocab.txt";
/// The piece that begins every sequence, and the one that ends it.
const ENDS: [&str; 2] = ["[CLS]", "[SEP]"];

/// A BERT encoder whose one output is the vector of a sentence, of length one.
pub struct SentenceEncoder {
    model: Model,
    pieces: WordPieces,
    begin: i32,
    end: i32,
}

impl SentenceEncoder {
    /// Reads an encoder from a folder: `model.onnx`, whose input is the numbers of pieces, and `vocab.txt`.
    ///
    /// # Errors
    /// A file is missing, or is none that can be run; the encoder is tried on a sentence.
    pub fn load(folder: &Path) -> Result<SentenceEncoder, Error> {
        let vocabulary = std::fs::read_to_string(folder.join(PIECES))
            .map_err(|error| Error::new(format!("{PIECES} cannot be read: {error}")))?;
        let lines: Vec<&str> = vocabulary.lines().collect();
        let lens: Option<Vec<u8>> = lines.iter().map(|line| u8::try_from(line.len()).ok()).collect();
        let pieces = lens.and_then(|lens| WordPieces::new(&lines.concat(), &lens));
        let pieces = pieces.ok_or_else(|| Error::new(format!("{PIECES} is no vocabulary of pieces")))?;
        let [begin, end] = ENDS.map(|end| lines.iter().position(|line| *line == end));
        let (Some(begin), Some(end)) = (begin, end) else {
            return Err(Error::new(format!("{PIECES} lacks {} or {}", ENDS[0], ENDS[1])));
        };
        let model = Model::load_file(folder.join(MODEL))
            .map_err(|error| Error::new(format!("{MODEL} cannot be loaded: {error}")))?;
        let encoder = SentenceEncoder { model, pieces, begin: begin as i32, end: end as i32 };
        let wrong = |why: &dyn std::fmt::Display| {
            Error::new(format!("{MODEL} does not turn pieces of words into one vector: {why}"))
        };
        match encoder.run("A bridge was closed.") {
            Ok(vector) if !vector.is_empty() => Ok(encoder),
            Ok(_) => Err(wrong(&"it gives other things than floats")),
            Err(error) => Err(wrong(&error)),
        }
    }

    /// The vector of a sentence, of length one; empty where the model fails on it.
    pub fn sentence(&self, text: &str) -> Vec<f32> {
        self.run(text).unwrap_or_default()
    }

    fn run(&self, text: &str) -> Result<Vec<f32>, RunError> {
        let mut numbers = vec![self.begin];
        self.pieces.cut(text, |piece| {
            if numbers.len() < PIECES_MAX - 1 {
                numbers.push(piece as i32);
            }
        });
        numbers.push(self.end);
        let input = NdTensor::from_data([1, numbers.len()], numbers);
        match self.model.run_one(input.view().into(), None)? {
            Value::FloatTensor(vector) => Ok(vector.to_vec()),
            _ => Ok(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SentenceEncoder;

    #[test]
    fn a_folder_without_a_model_is_an_error_with_the_file_that_is_missing() {
        let folder = std::env::temp_dir().join("rashomon-no-encoder");
        std::fs::create_dir_all(&folder).unwrap();
        let told = |folder: &std::path::Path| SentenceEncoder::load(folder).err().unwrap().to_string();
        assert!(told(&folder).contains("vocab.txt"));
        std::fs::write(folder.join("vocab.txt"), "a\nb\n").unwrap();
        assert!(told(&folder).contains("[CLS]"));
        std::fs::write(folder.join("vocab.txt"), "[CLS]\n[SEP]\na\n").unwrap();
        std::fs::write(folder.join("model.onnx"), b"no model").unwrap();
        assert!(told(&folder).contains("model.onnx"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
