//! Writes what `train/stories.py` learns from: a line an article, then a line a pair of articles that share a few words.
//!
//! usage: story_pairs ARTICLES.jsonl > PAIRS.jsonl

use std::io::{BufWriter, Write};

use corroborate::{STORY_FEATURES, Sketch, WINDOW_DAYS, story_features};
use rashomon::{AnnotateOptions, Purpose};
use serde_json::json;

/// Pairs that share fewer words are never compared.
const SHARED_MIN: f64 = 3.0;

fn main() -> std::io::Result<()> {
    let name = std::env::args().nth(1).expect("usage: story_pairs ARTICLES.jsonl > PAIRS.jsonl");
    let bytes = std::fs::read(&name)?;
    let mut reading = rashomon::Reading::default();
    let raw = rashomon::Raw { name: &name, bytes: &bytes };
    rashomon::read(&raw, &rashomon::ReadOptions::english(None), &mut reading);
    let options = AnnotateOptions { purpose: Purpose::Comparing, thread_count: 2 };
    let articles = rashomon::Engine::built_in().annotate(reading.articles, &options, &|_, _| {});
    let sketches: Vec<Sketch> = articles.iter().map(Sketch::of).collect();
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{}", json!({ "features": STORY_FEATURES, "window_days": WINDOW_DAYS }))?;
    for (article, sketch) in articles.iter().zip(&sketches) {
        writeln!(out, "{}", json!({ "id": article.article.id, "day": sketch.day }))?;
    }
    let shared =
        STORY_FEATURES.iter().position(|&name| name == "shared").expect("the feature is in the table");
    for (a, one) in sketches.iter().enumerate() {
        for (b, other) in sketches.iter().enumerate().skip(a + 1) {
            let features = story_features(one, other);
            if features[shared] >= SHARED_MIN.ln_1p() {
                writeln!(out, "{}", json!({ "a": a, "b": b, "x": features }))?;
            }
        }
    }
    out.flush()
}
