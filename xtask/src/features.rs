//! `cargo xtask features OUT.jsonl CARDS_FOLDER...`: what `train/alignment.py` learns from.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use model::{Annotated, Evidence};
use rashomon::{AnnotateOptions, Engine, Purpose, Raw, ReadOptions, Reading};
use serde_json::{Value, json};

/// Lines of a table of translations that are read as one pair of articles: about as many sentences as reports have.
pub(crate) const LINES: usize = 30;

/// A file by its name, with its bytes.
pub(crate) type Named = (String, Vec<u8>);

/// Writes one line for each pair of statements that may say the same, with what is measured on it.
///
/// A folder holds reports (`articles.jsonl` or `.txt` files) of one event; a `.tsv` file holds two translations of one
/// sentence in its last two columns.
///
/// # Errors
/// When a file cannot be read or written.
pub fn write(words: &[String]) -> Result<()> {
    let [out, inputs @ ..] = words else {
        anyhow::bail!("usage: cargo xtask features OUT.jsonl FOLDER_OR_TSV...")
    };
    let engine = Engine::built_in();
    let mut lines = String::new();
    for input in inputs {
        let path = Path::new(input);
        if path.is_dir() {
            let event = if path.join("articles.jsonl").exists() {
                path.file_name().unwrap_or_default().to_string_lossy().into_owned()
            } else {
                "seeds".to_owned()
            };
            add(&mut lines, &event, &read(&engine, &reports(path)?)?)?;
        } else {
            for (number, sides) in translations(path)?.iter().enumerate() {
                add(&mut lines, &format!("u/{number}"), &read(&engine, sides)?)?;
            }
        }
    }
    fs::write(out, lines).with_context(|| format!("{out} cannot be written"))
}

/// The files of an event, with their bytes.
fn reports(folder: &Path) -> Result<Vec<Named>> {
    let table = folder.join("articles.jsonl");
    let mut paths: Vec<PathBuf> = if table.exists() {
        vec![table]
    } else {
        let entries = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).collect()
    };
    paths.sort();
    ensure!(!paths.is_empty(), "{} has neither articles.jsonl nor .txt files", folder.display());
    paths
        .iter()
        .map(|path| {
            Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), fs::read(path)?))
        })
        .collect()
}

/// Two articles of translated lines for every so many lines of a table with a header.
pub(crate) fn translations(path: &Path) -> Result<Vec<Vec<Named>>> {
    let text = fs::read_to_string(path)?;
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let side = |rows: &[Vec<&str>], from_end: usize| -> Result<Named> {
        let lines: Vec<&str> =
            rows.iter().filter_map(|row| row.len().checked_sub(from_end).map(|at| row[at])).collect();
        let line = json!({"id": from_end.to_string(), "text": lines.join("\n\n")});
        Ok((format!("{from_end}.jsonl"), format!("{line}\n").into_bytes()))
    };
    rows.chunks(LINES).map(|rows| Ok(vec![side(rows, 2)?, side(rows, 1)?])).collect()
}

/// Reads and annotates files.
pub(crate) fn read(engine: &Engine, inputs: &[Named]) -> Result<Vec<Annotated>> {
    let mut reading = Reading::default();
    for (name, bytes) in inputs {
        rashomon::read(&Raw { name, bytes }, &ReadOptions::english(None), &mut reading);
    }
    ensure!(reading.skipped.is_empty(), "{:?} cannot be read", reading.skipped);
    let options = AnnotateOptions { purpose: Purpose::Comparing, thread_count: 2 };
    let mut articles = engine.annotate(reading.articles, &options, &|_, _| {});
    engine.liken(&mut articles);
    Ok(articles)
}

fn add(lines: &mut String, event: &str, articles: &[Annotated]) -> Result<()> {
    for pair in corroborate::measure(articles) {
        let [a, b] = pair.evidence.map(|evidence| place(articles, evidence));
        let mut line = json!({"event": event, "a": a, "b": b, "x": pair.features, "twin": pair.twin});
        if let Some(sentences) = pair.sentences {
            line["sentences"] = sentences.map(|evidence| place(articles, evidence)).into();
        }
        writeln!(lines, "{line}")?;
    }
    Ok(())
}

fn place(articles: &[Annotated], Evidence { article, span }: Evidence) -> Value {
    let article = &articles[article].article;
    let name = if article.input.ends_with(".txt") { &article.input } else { &article.id };
    let before = article.text.get(..span.start).unwrap_or_default();
    json!({
        "article": name, "start": span.start, "end": span.end, "text": span.of(&article.text),
        "line": before.matches("\n\n").count(),
    })
}
