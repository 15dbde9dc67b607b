//! Writes the analysis of text files as golden tables: `analyze MODEL FILE…` makes `FILE` with the ending
//! `.ours` beside each file. Each line with something to read is a piece. `english` is the built-in model.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use grammar::{Grammar, golden};

fn main() -> ExitCode {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let Some(model) = paths.next() else { return ExitCode::FAILURE };
    match run(&model, paths) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(model: &Path, paths: impl Iterator<Item = PathBuf>) -> Result<(), Box<dyn std::error::Error>> {
    let grammar = match model.to_str() {
        Some("english") => Grammar::english(),
        _ => Grammar::load(model)?,
    };
    let mut session = grammar.session();
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        let document = session.analyze(&text, &pieces(&text));
        std::fs::write(path.with_extension("ours"), golden::write(&document))?;
    }
    Ok(())
}

/// Byte ranges of the lines that are not blank.
fn pieces(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let piece = line.trim_end_matches(['\n', '\r']);
        if !piece.trim().is_empty() {
            pieces.push(start..start + piece.len());
        }
        start += line.len();
    }
    pieces
}
