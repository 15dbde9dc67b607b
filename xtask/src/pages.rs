//! Describes web pages for `train/extract.py`: the numbers of each block, and how much of it is in the article's text.

use std::fs::{self, File};
use std::io::{BufWriter, Write};

use anyhow::{Context, bail};
use ingest::training::{StudiedPage, studied_page};
use serde_json::json;

/// Longest alignment, in pairs of words: longer pages have no labels.
const PAIRS_MAX: usize = 400_000_000;
/// A pair of equal words is worth so much, and so much when the pair before it is taken, too.
const MATCH: i32 = 2;
const MATCH_AFTER_MATCH: i32 = 5;

/// How the best alignment of the first words came about.
const TAKEN: u8 = 1;
const UP: u8 = 2;
const LEFT: u8 = 3;
const JOINED: u8 = 4;

/// `LIST WEIGHTS OUT`: LIST has lines of name, page and text file (`-` for none), tab between. Writes `OUT.f32` (rows),
/// `OUT.columns`, and `OUT.jsonl` (a page a line).
pub fn describe(words: &[String]) -> anyhow::Result<()> {
    let [list, weights, out] = words else { bail!("cargo xtask pages LIST WEIGHTS OUT") };
    let weights = fs::read(weights).with_context(|| format!("{weights} cannot be read"))?;
    let mut rows = BufWriter::new(File::create(format!("{out}.f32"))?);
    let mut lines = BufWriter::new(File::create(format!("{out}.jsonl"))?);
    let mut columns: Vec<&str> = Vec::new();
    for line in fs::read_to_string(list)?.lines() {
        let [name, page, text] = line.split('\t').collect::<Vec<&str>>()[..] else {
            bail!("{line}: not a name, a page and a text");
        };
        let bytes = fs::read(page).with_context(|| format!("{page} cannot be read"))?;
        let studied = studied_page(&bytes, &weights).context("the weights are of another form")?;
        for value in &studied.rows {
            rows.write_all(&value.to_le_bytes())?;
        }
        if columns.is_empty() {
            columns.clone_from(&studied.columns);
        }
        let gold = if text == "-" { None } else { Some(fs::read_to_string(text)?) };
        writeln!(lines, "{}", entry(name, &studied, gold.as_deref()))?;
    }
    fs::write(format!("{out}.columns"), columns.join("\n"))?;
    Ok(())
}

fn entry(name: &str, page: &StudiedPage, gold: Option<&str>) -> serde_json::Value {
    let texts: Vec<&str> = page.blocks.iter().map(|block| block.text.as_str()).collect();
    let blocks: Vec<Vec<String>> = texts.iter().map(|text| split(text)).collect();
    json!({
        "id": name,
        "texts": texts,
        "share": gold.map(|gold| shares(&blocks, &split(gold))),
        "element": page.blocks.iter().map(|block| block.element).collect::<Vec<u32>>(),
        "tokens": page.blocks.iter().map(|block| &block.tokens).collect::<Vec<_>>(),
        "tree": page.elements.iter().map(|element| json!([element.parent, element.names])).collect::<Vec<_>>(),
    })
}

fn split(text: &str) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !is_word(c)).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// The share of each block's words that the best alignment with the text takes; -1 for blocks without words.
fn shares(blocks: &[Vec<String>], gold: &[String]) -> Vec<f32> {
    let words: Vec<&String> = blocks.iter().flatten().collect();
    let taken = if words.len().saturating_mul(gold.len()) > PAIRS_MAX {
        vec![false; words.len()]
    } else {
        align(&words, gold)
    };
    let mut at = 0;
    let share = |block: &Vec<String>| {
        let own = &taken[at..at + block.len()];
        at += block.len();
        if own.is_empty() {
            -1.0
        } else {
            own.iter().filter(|taken| **taken).count() as f32 / own.len() as f32
        }
    };
    blocks.iter().map(share).collect()
}

/// Which words are in the longest common subsequence, where runs are worth more than the same number of words apart.
fn align(words: &[&String], gold: &[String]) -> Vec<bool> {
    let width = gold.len() + 1;
    let mut moves = vec![0u8; (words.len() + 1) * width];
    let mut best = vec![0i32; width];
    let mut run = vec![i32::MIN / 2; width];
    for (i, word) in words.iter().enumerate() {
        let (mut corner, mut corner_run, mut left) = (best[0], run[0], 0);
        for (j, wanted) in gold.iter().enumerate() {
            let (up, up_run) = (best[j + 1], run[j + 1]);
            let (mut here, mut joined) = (i32::MIN / 2, 0);
            if *word == wanted {
                here = (corner + MATCH).max(corner_run + MATCH_AFTER_MATCH);
                joined = if corner_run + MATCH_AFTER_MATCH >= corner + MATCH { JOINED } else { 0 };
            }
            run[j + 1] = here;
            let (value, step) = if here >= up && here >= left {
                (here, TAKEN)
            } else if up >= left {
                (up, UP)
            } else {
                (left, LEFT)
            };
            moves[(i + 1) * width + j + 1] = step | joined;
            best[j + 1] = value;
            left = value;
            (corner, corner_run) = (up, up_run);
        }
    }
    trace_back(&moves, words.len(), gold.len())
}

fn trace_back(moves: &[u8], word_count: usize, gold_count: usize) -> Vec<bool> {
    let mut taken = vec![false; word_count];
    let (mut i, mut j, mut in_run) = (word_count, gold_count, false);
    while i > 0 && j > 0 {
        let step = moves[i * (gold_count + 1) + j];
        match step & 3 {
            TAKEN => {}
            _ if in_run => {}
            UP => {
                i -= 1;
                continue;
            }
            _ => {
                j -= 1;
                continue;
            }
        }
        taken[i - 1] = true;
        in_run = step & JOINED != 0;
        i -= 1;
        j -= 1;
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::{shares, split};

    #[test]
    fn runs_outweigh_scattered_words() {
        let blocks = ["The ferry", "The ferry ran aground on Sunday.", "ran Sunday"].map(split);
        assert_eq!(shares(&blocks, &split("The ferry ran aground on Sunday")), [0.0, 1.0, 0.0]);
        assert_eq!(shares(&[split("—")], &split("a")), [-1.0]);
    }
}
