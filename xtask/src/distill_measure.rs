//! Holds the sentence vectors against the encoder that they are distilled from: quality, speed and size.

#![expect(clippy::print_stdout, reason = "a task tells its result on the terminal")]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use grammar::{Vectors, WordPieces};

use crate::distill::{self, Source};
use crate::distill_encoder::{BEGIN, END, WIDTH};

/// Sentences of one set; all their pairs are compared.
const SENTENCES_MAX: usize = 1000;
const WORDS_MIN: usize = 5;
/// The encoder was trained on texts of at most this many pieces.
const PIECES_MAX: usize = 256;
const BATCH: usize = 16;
const THREADS: usize = 2;
/// How long sentences are computed to measure the speed.
const SPEED_TIME: Duration = Duration::from_secs(2);

/// Prints how well the likeness of sentences agrees with the encoder's, and what a sentence costs.
///
/// Without a folder of texts, the sets of `../shared` are taken, none of which were fitted on; without these, only
/// speed and size are measured.
///
/// # Errors
/// A text cannot be read, or the encoder not be fetched.
pub fn measure(root: &Path, folder: Option<&str>) -> Result<()> {
    let began = clock();
    let vectors = Vectors::built_in();
    println!("load: {:.2} ms", began.elapsed().as_secs_f64() * 1e3);
    let size = fs::metadata(root.join("crates/grammar/model/vectors.bin"))?.len();
    println!("file: {size} bytes, {} pieces of width {}", vectors.piece_count(), vectors.width());
    let shared = root.join("../shared");
    let sets: Vec<(&str, PathBuf)> = match folder {
        Some(folder) => vec![("folder", folder.into())],
        None => vec![
            ("stories of outlets", shared.join("boards/stories/outlets-dev.jsonl")),
            ("quotes dev", shared.join("boards/quotes/dev/text")),
            ("seeds", shared.join("seeds")),
        ],
    };
    let mut all =
        vec!["The bridge over the river was closed to traffic on Tuesday after a ship hit it.".to_owned()];
    let sets: Vec<_> = sets.into_iter().filter(|(_, path)| path.exists()).collect();
    if !sets.is_empty() {
        let teacher = Teacher::new(distill::source(root)?)?;
        for (name, path) in sets {
            let sentences = sentences(&path)?;
            let sample = sample(&sentences);
            println!(
                "{name}: Spearman {:.4} over all pairs of {} sentences",
                agreement(&vectors, &teacher, &sample),
                sample.len()
            );
            all.extend(sample);
        }
    } else {
        println!("No Spearman: there are no texts in {}; name a folder of .txt files.", shared.display());
    }
    speed(&vectors, &all);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this task measures time")]
fn clock() -> Instant {
    Instant::now()
}

fn speed(vectors: &Vectors, sentences: &[String]) {
    let began = clock();
    let mut best = Duration::MAX;
    let mut sum = 0.0;
    // The best round tells what the work costs; the others also what else the machine did.
    while began.elapsed() < SPEED_TIME {
        let round = clock();
        sum += sentences.iter().map(|sentence| vectors.sentence(sentence)[0]).sum::<f32>();
        best = best.min(round.elapsed());
    }
    let count = sentences.len() as f64;
    let micros = best.as_secs_f64() * 1e6 / count;
    let words = sentences.iter().map(|sentence| sentence.split(' ').count()).sum::<usize>() as f64;
    println!("speed: {micros:.2} µs a sentence of {:.1} words (checksum {sum:.1})", words / count);
}

/// The encoder with its whole vocabulary.
struct Teacher {
    source: Source,
    pieces: WordPieces,
}

impl Teacher {
    fn new(source: Source) -> Result<Teacher> {
        let lens: Vec<u8> = source.pieces.iter().map(|piece| piece.len() as u8).collect();
        let pieces =
            WordPieces::new(&source.pieces.concat(), &lens).context("The vocabulary passes a limit.")?;
        Ok(Teacher { source, pieces })
    }

    /// The encoder's vectors: the mean over a sentence's tokens, of length one.
    fn sentences(&self, sentences: &[String]) -> Vec<Vec<f32>> {
        let one = |sentences: &[String]| -> Vec<Vec<f32>> {
            sentences.chunks(BATCH).flat_map(|batch| self.batch(batch)).collect()
        };
        let share = sentences.len().div_ceil(THREADS).max(1);
        thread::scope(|scope| {
            let parts: Vec<_> = sentences.chunks(share).map(|part| scope.spawn(move || one(part))).collect();
            parts.into_iter().flat_map(|part| part.join().expect("the arithmetic does not panic")).collect()
        })
    }

    fn batch(&self, sentences: &[String]) -> Vec<Vec<f32>> {
        let sequence = |sentence: &String| {
            let mut pieces = vec![BEGIN];
            self.pieces.cut(sentence, |piece| pieces.push(piece as u32));
            pieces.truncate(PIECES_MAX - 1);
            pieces.push(END);
            pieces
        };
        let sequences: Vec<Vec<u32>> = sentences.iter().map(sequence).collect();
        let rows = self.source.encoder.encode(&sequences);
        let mut tokens = rows.chunks_exact(WIDTH);
        let mean = |sequence: &Vec<u32>| {
            let mut sum = vec![0.0; WIDTH];
            for row in tokens.by_ref().take(sequence.len()) {
                sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            }
            let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
            sum.iter_mut().for_each(|x| *x /= length);
            sum
        };
        sequences.iter().map(mean).collect()
    }
}

fn agreement(vectors: &Vectors, teacher: &Teacher, sentences: &[String]) -> f64 {
    let ours: Vec<Vec<f32>> = sentences.iter().map(|sentence| vectors.sentence(sentence)).collect();
    spearman(&likenesses(&ours), &likenesses(&teacher.sentences(sentences)))
}

/// The likeness of each pair.
fn likenesses(vectors: &[Vec<f32>]) -> Vec<f32> {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    (0..vectors.len()).flat_map(|i| (0..i).map(move |j| dot(&vectors[i], &vectors[j]))).collect()
}

/// Correlation of the ranks.
fn spearman(a: &[f32], b: &[f32]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let middle = (a.len() as f64 - 1.0) / 2.0;
    let product =
        |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - middle) * (b - middle)).sum::<f64>();
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}

/// Place of each number among all; equal numbers share the mean of their places.
fn ranks(numbers: &[f32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|&i, &j| numbers[i].total_cmp(&numbers[j]));
    let mut ranks = vec![0.0; numbers.len()];
    let mut place = 0.0;
    for equal in order.chunk_by(|&i, &j| numbers[i] == numbers[j]) {
        let count = equal.len() as f64;
        equal.iter().for_each(|&i| ranks[i] = place + (count - 1.0) / 2.0);
        place += count;
    }
    ranks
}

/// The sentences of a file of articles (JSON lines with a `text`), or of a folder's text files.
fn sentences(path: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    if path.is_dir() {
        let mut files: Vec<PathBuf> =
            fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
        files.sort();
        for file in files {
            texts.push(fs::read_to_string(&file).with_context(|| file.display().to_string())?);
        }
    } else {
        for line in fs::read_to_string(path).with_context(|| path.display().to_string())?.lines() {
            let article: serde_json::Value = serde_json::from_str(line)?;
            texts.push(article["text"].as_str().unwrap_or_default().to_owned());
        }
    }
    let mut sentences: Vec<String> = texts.iter().flat_map(|text| split(text)).collect();
    sentences.sort();
    sentences.dedup();
    Ok(sentences)
}

/// A rough cut into sentences: at line ends, and at a full stop before a capital.
fn split(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    for line in text.lines() {
        let mut sentence: Vec<&str> = Vec::new();
        for word in line.split_whitespace() {
            let ended = sentence
                .last()
                .is_some_and(|last| last.trim_end_matches(['"', '”', '’']).ends_with(['.', '!', '?']));
            if ended && !word.starts_with(char::is_lowercase) {
                sentences.push(std::mem::take(&mut sentence));
            }
            sentence.push(word);
        }
        sentences.push(sentence);
    }
    sentences.iter().filter(|words| words.len() >= WORDS_MIN).map(|words| words.join(" ")).collect()
}

/// At most [`SENTENCES_MAX`], evenly from all.
fn sample(sentences: &[String]) -> Vec<String> {
    let count = sentences.len().min(SENTENCES_MAX);
    (0..count).map(|i| sentences[i * sentences.len() / count].clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::{ranks, spearman, split};

    #[test]
    fn ranks_agree_whatever_the_scale() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 9.0]), [1.5, 0.0, 1.5, 3.0]);
        assert!((spearman(&[1.0, 2.0, 3.0], &[10.0, 100.0, 1e9]) - 1.0).abs() < 1e-12);
        assert!((spearman(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]) + 1.0).abs() < 1e-12);
    }

    #[test]
    fn sentences_end_before_a_capital() {
        let found =
            split("The toll rose to five. “It is high now,” she said. No.\nAnother line of five words");
        assert_eq!(
            found,
            ["The toll rose to five.", "“It is high now,” she said.", "Another line of five words"]
        );
    }
}
