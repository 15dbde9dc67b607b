//! Runs `cases/render`: a folder an output, what it must show of the invented sample, and a record of it whole.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Colour, KeepText, OUTPUTS, Output, RenderOptions, sample};

/// Windows that the terminal's output is recorded at.
const WIDTHS: [usize; 2] = [80, 200];

fn rendered(output: &Output, dossier: &model::Dossier, width: usize) -> String {
    let options = RenderOptions { width, colour: Colour::Never, text: KeepText::Whole, version: "0.1.0" };
    let mut out = Vec::new();
    (output.render)(dossier, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}. Each output has it.", path.display()))
}

/// The records of an output, with the width of the window each was made for.
fn records(output: &Output) -> Vec<(String, usize)> {
    match output.id {
        "text" => WIDTHS.iter().map(|width| (format!("expected-{width}.txt"), *width)).collect(),
        "html" => vec![("expected.html".to_owned(), WIDTHS[0])],
        _ => vec![("expected.json".to_owned(), WIDTHS[0])],
    }
}

#[test]
fn every_output_shows_what_its_case_asks_for() {
    let cases = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases/render");
    let mut failures = Vec::new();
    for output in OUTPUTS {
        let folder = cases.join(output.id);
        assert!(!read(&folder.join("about.txt")).trim().is_empty());
        for (name, width) in records(output) {
            let page = rendered(output, &sample::dossier(), width);
            for line in read(&folder.join("must.txt")).lines().filter(|line| !line.trim().is_empty()) {
                let met = match line.split_once(": ") {
                    Some(("shows", words)) => page.contains(words),
                    Some(("never", words)) => !page.contains(words),
                    _ => panic!("{}: a line of must.txt is `shows: …` or `never: …`", folder.display()),
                };
                if !met {
                    failures.push(format!("cases/render/{}/must.txt, in {name}: {line}", output.id));
                }
            }
            if read(&folder.join(&name)) != page {
                failures.push(format!(
                    "cases/render/{id}/{name} is another. Look at it, and if it is better:\n  cargo run -q -p render --example sample -- {id} {width} > cases/render/{id}/{name}",
                    id = output.id
                ));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}
