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

/// What README tells readers to type does what it says, line by line, in a folder with the examples. Feeds and the server
/// are left out: one needs a network, the other does not end.
#[test]
fn the_lines_in_the_readme_can_be_typed_as_they_stand() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md is there");
    let (_, ways) = readme.split_once("## Three ways to use it").expect("README.md shows the ways of use");
    let blocks: Vec<&str> =
        ways.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 3, "once, archive, server");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let reports = folder.path().join("examples/ferry");
    std::fs::create_dir_all(&reports).expect("a temporary folder can be made");
    for report in std::fs::read_dir(root().join("examples/ferry")).expect("the examples are there") {
        let report = report.expect("the examples are there").path();
        let name = report.file_name().expect("a file has a name");
        std::fs::copy(&report, reports.join(name)).expect("a temporary file can be written");
    }
    for block in &blocks {
        assert!(block.lines().count() <= 10, "a way of use is told in ten lines:\n{block}");
    }
    let lines = blocks.iter().flat_map(|block| block.lines());
    for line in lines.filter(|line| line.contains("rashomon ") && !line.starts_with("rashomon serve")) {
        let command = line.replace("rashomon ", &format!("{} ", env!("CARGO_BIN_EXE_rashomon")));
        if line.starts_with("rashomon watch") {
            continue;
        }
        let done = Command::new("sh").args(["-c", &command]).current_dir(folder.path()).output();
        let done = done.expect("a shell starts");
        assert!(done.status.success(), "{line}\n{}", String::from_utf8_lossy(&done.stderr));
        let is_silent = line.contains(" -o ");
        assert!(is_silent || !done.stdout.is_empty(), "{line} prints nothing");
    }
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
