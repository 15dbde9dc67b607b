//! `cargo xtask eval`: runs the score boards and holds them against `evals/floors.toml`.
//!
//! The boards and scorers lie beside the repository (`../shared`), because they are others' texts; without them
//! there is nothing to measure, and this says so. A figure above its floor raises it; one below fails, unless
//! `--allow-regression` is given.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// What may fall short of a floor without being a regression: the floors are kept with three digits.
const TOLERANCE: f64 = 0.0005;

/// Runs every board of `evals/floors.toml`.
///
/// # Errors
/// When a scorer cannot be run, or a figure lies below its floor.
pub fn run(root: &Path, allow_regression: bool) -> anyhow::Result<()> {
    let shared = root.join("../shared");
    if !shared.join("score").is_dir() {
        println!(
            "Nothing to measure: ../shared/score is not there. The boards are others' texts and no part of the repository."
        );
        return Ok(());
    }
    let path = root.join("evals/floors.toml");
    let mut floors: toml::Table = std::fs::read_to_string(&path)?.parse().context("evals/floors.toml")?;
    let mut below = Vec::new();
    for (board, row) in floors.iter_mut() {
        let row = row.as_table_mut().with_context(|| format!("[{board}] is a table"))?;
        if let Some(module) = missing(row) {
            println!(
                "── {board}\nNot measured: python3 has no module {module}. Install it, or put a python3 that has it first in PATH."
            );
            continue;
        }
        let printed = score(root, row).with_context(|| format!("board {board}"))?;
        println!("── {board}\n{printed}");
        let figures = figures(&printed);
        let kept = row
            .get_mut("floors")
            .and_then(toml::Value::as_table_mut)
            .with_context(|| format!("[{board}.floors] is missing"))?;
        compare(board, &figures, kept, &mut below);
    }
    if !below.is_empty() && !allow_regression {
        bail!(
            "below the floor:\n  {}\n(--allow-regression lowers floors; give the reason in the commit)",
            below.join("\n  ")
        );
    }
    std::fs::write(&path, HEADER.to_owned() + &toml::to_string(&floors)?)?;
    Ok(())
}

const HEADER: &str = "\
# Quality floors: what each score board printed at best, and must not fall below. `cargo xtask eval` raises them by
# itself and lowers none without --allow-regression. The boards lie in ../shared, beside the repository.

";

/// The Python module that a board's scorer needs (`needs`), where it is not there.
fn missing(row: &toml::Table) -> Option<&str> {
    let module = row.get("needs").and_then(toml::Value::as_str)?;
    let found = Command::new("python3").args(["-c", &format!("import {module}")]).output();
    (!found.is_ok_and(|done| done.status.success())).then_some(module)
}

/// What a board's scorer prints.
fn score(root: &Path, row: &toml::Table) -> anyhow::Result<String> {
    let scorer = row.get("scorer").and_then(toml::Value::as_str).context("`scorer` is missing")?;
    let mut arguments: Vec<String> = Vec::new();
    for argument in row.get("arguments").and_then(toml::Value::as_array).into_iter().flatten() {
        let argument = argument.as_str().context("`arguments` are strings")?;
        match argument.strip_suffix("/*") {
            Some(folder) => arguments.extend(folders(&root.join(folder))?),
            None => arguments.push(argument.to_owned()),
        }
    }
    // A scorer of ours is a task of this program.
    let mut command = match scorer.strip_prefix("xtask ") {
        Some(task) => {
            let mut own = Command::new(std::env::current_exe()?);
            own.arg(task);
            own
        }
        None => {
            let mut python = Command::new("python3");
            python.arg(scorer).env("XTASK", std::env::current_exe()?);
            python
        }
    };
    let done = command.args(&arguments).current_dir(root).output()?;
    if !done.status.success() {
        bail!("{scorer} failed: {}", String::from_utf8_lossy(&done.stderr));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

fn folders(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let mut found: Vec<String> =
        entries.filter(|path| path.is_dir()).map(|path| path.display().to_string()).collect();
    found.sort();
    Ok(found)
}

/// The figures in a scorer's lines: "direct quotations  P 0.9  R 0.8  F1 0.85" → "direct quotations F1" → 0.85.
fn figures(printed: &str) -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    for line in printed.lines() {
        let words: Vec<&str> = line.split_whitespace().take_while(|word| !is_count(word)).collect();
        let number =
            |word: &str| word.trim_end_matches([',', ';']).parse::<f64>().ok().filter(|_| word.contains('.'));
        let Some(first) = words.iter().position(|word| number(word).is_some()) else { continue };
        let named = |at: usize| at > 0 && matches!(words[at - 1], "P" | "R" | "F1" | "source");
        let label_end = if named(first) { first - 1 } else { first };
        let label = words[..label_end].join(" ");
        for at in first..words.len() {
            if let Some(value) = number(words[at]) {
                let name = if named(at) { format!("{label} {}", words[at - 1]) } else { label.clone() };
                found.entry(name.trim().to_owned()).or_insert(value);
            }
        }
    }
    found
}

/// "(8": the counts behind a figure; "(bytes)" is part of its name.
fn is_count(word: &str) -> bool {
    word.strip_prefix('(').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

fn compare(board: &str, figures: &BTreeMap<String, f64>, floors: &mut toml::Table, below: &mut Vec<String>) {
    for (name, floor) in floors.iter_mut() {
        let Some(least) = floor.as_float() else { continue };
        match figures.get(name) {
            None => below.push(format!("{board}: the scorer does not print “{name}”")),
            Some(&value) if value + TOLERANCE < least => {
                below.push(format!("{board}: {name} is {value:.3}, floor {least:.3}"));
                *floor = toml::Value::Float(value);
            }
            Some(&value) => *floor = toml::Value::Float(least.max(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{compare, figures};

    #[test]
    fn reads_the_lines_that_scorers_print() {
        let found = figures(
            "direct quotations            P 0.900  R 0.800  F1 0.847   (8 of 9 found, 10 in gold)\n  with the right speaker     0.750 of gold\nindirect speech              R 0.900, right source 0.800  (31 in gold)\n",
        );
        assert_eq!(found.get("direct quotations F1"), Some(&0.847));
        assert_eq!(found.get("with the right speaker"), Some(&0.75));
        assert_eq!(found.get("indirect speech R"), Some(&0.9));
        assert_eq!(found.get("indirect speech source"), Some(&0.8));
    }

    #[test]
    fn a_floor_rises_and_a_fall_is_told() {
        let mut floors: toml::Table = "\"a F1\" = 0.5\n\"b F1\" = 0.9\n".parse().expect("it is TOML");
        let mut below = Vec::new();
        compare("x", &[("a F1".to_owned(), 0.6), ("b F1".to_owned(), 0.8)].into(), &mut floors, &mut below);
        assert_eq!(floors["a F1"].as_float(), Some(0.6));
        assert_eq!(below.len(), 1);
    }
}
