//! Runs every folder of `cases/`: reads its articles, compares them, and holds the dossier against `must.txt`.
//!
//! A case needs no Rust. `about.txt` says in a sentence what it shows; `1.txt`, `2.txt`, … are articles (a few
//! header lines `outlet: …`, `title: …`, `published: …`, `url: …`, a blank line, the text); files whose name
//! begins with `raw-` are read as they are; `outlet-….toml` are outlets that only the case knows. The lines of `must.txt` are explained in `claim.rs`, where they are
//! parsed, and in CONTRIBUTING.md.

mod claim;
mod story;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use rashomon::Engine;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    let mut folders = Vec::new();
    find(&root, &mut folders);
    folders.sort();
    assert!(!folders.is_empty(), "cases/ holds no case: a folder with must.txt");
    let engine = Arc::new(Engine::built_in());
    let trials = folders
        .into_iter()
        .map(|folder| {
            let name = folder.strip_prefix(&root).expect("it was found below the root").display().to_string();
            let engine = Arc::clone(&engine);
            Trial::test(name, move || run(&engine, &folder))
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    if folder.join("must.txt").is_file() {
        return found.push(folder.to_owned());
    }
    let entries = std::fs::read_dir(folder).expect("a folder of cases can be listed");
    for entry in entries.flatten().filter(|entry| entry.path().is_dir() && entry.file_name() != "render") {
        find(&entry.path(), found);
    }
}

fn run(engine: &Engine, folder: &Path) -> Result<(), Failed> {
    let case = folder.display();
    if !folder.join("about.txt").is_file() {
        return Err(format!("{case}/about.txt is missing: say in a sentence what the case shows").into());
    }
    let story = story::compare(engine, folder)?;
    story.check_spans()?;
    let must = std::fs::read_to_string(folder.join("must.txt")).map_err(|error| error.to_string())?;
    let mut failures = Vec::new();
    for (number, line) in must.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Err(why) = claim::check(&story, line) {
            failures.push(format!("{case}/must.txt:{}\n    {line}\n    {why}", number + 1));
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(format!("\n{}\n{}", failures.join("\n"), story.summary()).into())
    }
}
