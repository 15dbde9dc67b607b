//! `cargo xtask pairs TABLE.tsv [LINES]`: whether two sentences say the same, on sentences in two independent translations.
//! So many first lines are left out: those that the weights were trained on.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use model::Annotated;
use rashomon::Engine;

use crate::features::{LINES, read, translations};

/// From this likelihood on, two sentences are said to say the same.
const SAME_MIN: f64 = 0.5;

/// Prints precision and recall of the decision, with the neighbours of each sentence as negatives, and how often the
/// likeliest of them is the right one, beside plain likeness of words.
///
/// # Errors
/// When the table cannot be read.
pub fn measure(words: &[String]) -> Result<()> {
    let (table, left_out) = match words {
        [table] => (table, 0),
        [table, lines] => (table, lines.parse::<usize>().context("LINES is a number")?),
        _ => anyhow::bail!("usage: cargo xtask pairs TABLE.tsv [LINES]"),
    };
    let engine = Engine::built_in();
    let (mut lines, mut said, mut right, mut first, mut by_words) = (0, 0, 0, 0, 0);
    let chunks = translations(Path::new(table)).with_context(|| format!("{table} cannot be read"))?;
    for sides in chunks.into_iter().skip(left_out.div_ceil(LINES)) {
        let articles = read(&engine, &sides)?;
        by_words += nearest_by_words(&articles);
        let likely = by_line(&articles);
        lines += sentences(&articles[0]);
        for (&(left, right_line), &probability) in &likely {
            if probability >= SAME_MIN {
                said += 1;
                right += usize::from(left == right_line);
            }
        }
        let mut best: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        for (&(left, other), &probability) in &likely {
            let known = best.entry(left).or_insert((probability, other));
            if probability > known.0 {
                *known = (probability, other);
            }
        }
        first += best.iter().filter(|(left, (_, other))| *left == other).count();
    }
    let (precision, recall) = (share(right, said), share(right, lines));
    let harmonic = 2.0 * precision * recall / (precision + recall).max(f64::EPSILON);
    println!("same utterance  P {precision:.3}  R {recall:.3}  F1 {harmonic:.3}   ({lines} lines)");
    println!("likeliest is right  {:.3}   ({lines} lines)", share(first, lines));
    println!("likeliest by TF-IDF is right  {:.3}   ({lines} lines)", share(by_words, lines));
    Ok(())
}

/// How many lines of the first article have their own line of the second as the one with the nearest words: cosine of
/// the words' counts, each weighed by how few lines have it.
fn nearest_by_words(articles: &[Annotated]) -> usize {
    let lines = |article: &Annotated| -> Vec<BTreeMap<String, f64>> {
        let text = article.article.text.to_lowercase();
        text.split("\n\n")
            .map(|line| {
                let mut counts = BTreeMap::new();
                for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
                    *counts.entry(word.to_owned()).or_insert(0.0) += 1.0;
                }
                counts
            })
            .collect()
    };
    let mut sides = [lines(&articles[0]), lines(&articles[1])];
    let mut holders: BTreeMap<String, f64> = BTreeMap::new();
    for word in sides.iter().flatten().flat_map(BTreeMap::keys) {
        *holders.entry(word.clone()).or_insert(0.0) += 1.0;
    }
    let count = sides.iter().map(Vec::len).sum::<usize>() as f64;
    for line in sides.iter_mut().flatten() {
        line.iter_mut().for_each(|(word, weight)| *weight *= (count / holders[word]).ln() + 1.0);
        let length = line.values().map(|weight| weight * weight).sum::<f64>().sqrt();
        line.values_mut().for_each(|weight| *weight /= length.max(f64::EPSILON));
    }
    let near = |one: &BTreeMap<String, f64>, other: &BTreeMap<String, f64>| -> f64 {
        one.iter().filter_map(|(word, weight)| Some(weight * other.get(word)?)).sum()
    };
    let [left, right] = &sides;
    let nearest = |line: &BTreeMap<String, f64>| {
        (0..right.len())
            .max_by(|&x, &y| near(line, &right[x]).total_cmp(&near(line, &right[y])).then(y.cmp(&x)))
    };
    left.iter().enumerate().filter(|(number, line)| nearest(line) == Some(*number)).count()
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Lines of an article that was made of one line a paragraph.
fn sentences(article: &Annotated) -> usize {
    article.article.text.split("\n\n").count()
}

/// The likelihood of each pair of lines: that of their likeliest sentences.
fn by_line(articles: &[Annotated]) -> BTreeMap<(usize, usize), f64> {
    let line = |evidence: model::Evidence| {
        let before = articles[evidence.article].article.text.get(..evidence.span.start).unwrap_or_default();
        before.matches("\n\n").count()
    };
    let mut likely: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for pair in corroborate::measure(articles).into_iter().filter(|pair| pair.sentences.is_none()) {
        let known = likely.entry((line(pair.evidence[0]), line(pair.evidence[1]))).or_insert(0.0);
        *known = known.max(pair.probability);
    }
    likely
}
