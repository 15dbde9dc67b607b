//! `cargo xtask pairs TABLE.tsv`: whether two sentences say the same, on sentences in two independent translations.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use model::Annotated;
use rashomon::Engine;

use crate::features::{read, translations};

/// From this likelihood on, two sentences are said to say the same.
const SAME_MIN: f64 = 0.5;

/// Prints precision and recall of the decision, with the neighbours of each sentence as negatives, and how often the
/// likeliest of them is the right one.
///
/// # Errors
/// When the table cannot be read.
pub fn measure(words: &[String]) -> Result<()> {
    let [table] = words else { anyhow::bail!("usage: cargo xtask pairs TABLE.tsv") };
    let engine = Engine::built_in();
    let (mut lines, mut said, mut right, mut first) = (0, 0, 0, 0);
    for sides in translations(Path::new(table)).with_context(|| format!("{table} cannot be read"))? {
        let articles = read(&engine, &sides)?;
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
    Ok(())
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
    for pair in corroborate::measure(articles) {
        let known = likely.entry((line(pair.evidence[0]), line(pair.evidence[1]))).or_insert(0.0);
        *known = known.max(pair.probability);
    }
    likely
}
