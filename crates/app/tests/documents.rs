//! The documents tell the truth: what README shows is what the program prints, and `docs/cli.md` is its help.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn printed(arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_rashomon")).args(arguments).current_dir(root()).output();
    let done = done.expect("the program starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("the program prints UTF-8")
}

/// Every line of README's excerpt stands in what the command above it prints, in that order; “…” leaves out.
#[test]
fn the_excerpt_in_the_readme_is_what_is_printed() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md is there");
    let start =
        readme.find("```text\n").expect("README.md shows an excerpt in a text block") + "```text\n".len();
    let excerpt =
        readme.get(start..).and_then(|rest| rest.split("\n```").next()).expect("the block is closed");
    let dossier = printed(&["compare", "examples/ferry", "--width", "100", "--colour", "never"]);
    let mut lines = dossier.lines();
    let mut count = 0;
    for wanted in excerpt.lines().filter(|line| !line.trim().is_empty() && line.trim() != "…") {
        assert!(
            lines.any(|line| line == wanted),
            "README shows a line that is not printed there:\n{wanted}\n\n{dossier}"
        );
        count += 1;
    }
    assert!(count >= 15, "an excerpt of {count} lines shows too little");
}

/// `docs/cli.md` is written by `BLESS=1 cargo test -p app --test documents`.
#[test]
fn the_page_of_the_command_line_is_its_help() {
    let mut page = String::from(
        "# The command line\n\nWritten by `BLESS=1 cargo test -p app --test documents`; do not edit.\n",
    );
    for command in [
        &["--help"][..],
        &["compare", "--help"],
        &["annotate", "--help"],
        &["extract", "--help"],
        &["stories", "--help"],
        &["verify", "--help"],
        &["add", "--help"],
        &["show", "--help"],
        &["search", "--help"],
        &["watch", "--help"],
        &["events", "--help"],
        &["export", "--help"],
        &["doctor", "--help"],
        &["serve", "--help"],
    ] {
        let help: Vec<String> = printed(command).lines().map(|line| line.trim_end().to_owned()).collect();
        page += &format!(
            "\n## rashomon {}\n\n```console\n{}\n```\n",
            command.join(" "),
            help.join("\n").trim_end()
        );
    }
    holds("docs/cli.md", &page);
}

/// `docs/export.md` is written by the same.
#[test]
fn the_page_of_the_tables_is_what_the_code_says() {
    holds("docs/export.md", &render::tables::tables_page());
}

/// Holds a page against what it should be, or writes it.
fn holds(name: &str, page: &str) {
    let path = root().join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, page).expect("docs/ can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "{name} is not what it is made from: run BLESS=1 cargo test -p app --test documents"
    );
}
