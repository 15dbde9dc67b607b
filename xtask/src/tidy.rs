//! The house rules that a machine can check. Each complaint is a sentence with the path to open.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines a file may have; a table of data may have more, but then it is data and no `.rs`.
const LINES_MAX: usize = 800;

/// Which crate may depend on which of ours (ARCHITECTURE.md draws the same).
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("grammar", &[]),
    ("ingest", &["model"]),
    ("annotate", &["grammar", "model"]),
    ("corroborate", &["model"]),
    ("render", &["model"]),
    ("store", &["model"]),
    ("rashomon", &["annotate", "corroborate", "grammar", "ingest", "model", "render", "store"]),
    ("app", &["model", "rashomon", "render"]),
];

/// Where types become bytes: nowhere else is `Serialize` named (invariant g).
const SERIALISING: &[&str] = &["render", "store"];

/// How SQL begins, wherever it is written.
const SQL: &[&str] =
    &["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE FROM ", "\"CREATE TABLE ", "\"PRAGMA ", "rusqlite"];

/// Everything that is not as the house wants it.
pub fn complaints(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    arrows(root, &mut found);
    sources(root, &mut found);
    architecture(root, &mut found);
    links(root, &mut found);
    registers(root, &mut found);
    cases(root, &mut found);
    crate::outlets::complaints(root, &mut found);
    found
}

/// Files below a folder with that ending, sorted; build output and hidden folders are passed over.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() && name != "target" && name != "node_modules" && !name.starts_with('.') {
                folders.push(path);
            } else if path.is_file() && name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

fn arrows(root: &Path, found: &mut Vec<String>) {
    let ours: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for folder in fs::read_dir(root.join("crates")).into_iter().flatten().flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        let path = folder.path().join("Cargo.toml");
        let Some(allowed) = ours.get(name.as_str()) else {
            found.push(format!(
                "crates/{name} has no row in ARROWS of xtask/src/tidy.rs: say what it may look at."
            ));
            continue;
        };
        let manifest: toml::Table = read(&path).parse().unwrap_or_default();
        let depends = manifest.get("dependencies").and_then(toml::Value::as_table);
        for dependency in depends.into_iter().flat_map(toml::Table::keys) {
            if ours.contains_key(dependency.as_str()) && !allowed.contains(&dependency.as_str()) {
                found.push(format!("{}: {name} must not depend on {dependency}.", shown(root, &path)));
            }
        }
    }
}

fn sources(root: &Path, found: &mut Vec<String>) {
    for path in files(root, ".rs") {
        let (text, name) = (read(&path), shown(root, &path));
        if !text.starts_with("//!") {
            found.push(format!("{name} does not open with a `//!` sentence that a newcomer understands."));
        }
        if text.lines().count() > LINES_MAX {
            found.push(format!("{name} has more than {LINES_MAX} lines: split it."));
        }
        if text.contains(concat!("#[", "ignore")) {
            found.push(format!("{name} ignores a test: mend it, or make it a `wish:` in a case."));
        }
        let is_ours = !name.starts_with("crates/store/") && name != "xtask/src/tidy.rs";
        if is_ours && SQL.iter().any(|words| text.contains(words)) {
            found.push(format!("{name} speaks SQL: only `store` does."));
        }
        let krate = name.strip_prefix("crates/").and_then(|rest| rest.split('/').next());
        if krate.is_some_and(|krate| !SERIALISING.contains(&krate))
            && name.contains("/src/")
            && text.contains(concat!("Seri", "alize"))
        {
            found.push(format!(
                "{name} names Serialize: only `render` and `store` promise a form to the outside."
            ));
        }
    }
}

fn architecture(root: &Path, found: &mut Vec<String>) {
    let text = read(&root.join("ARCHITECTURE.md"));
    for (krate, _) in ARROWS {
        if !text.contains(&format!("`{krate}`")) {
            found.push(format!("ARCHITECTURE.md does not name the crate `{krate}`."));
        }
    }
    for name in ["README.md", "DESIGN.md", "STYLE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        if !root.join(name).is_file() {
            found.push(format!("{name} is missing."));
        }
    }
    let design = read(&root.join("DESIGN.md"));
    // What is only timed beside ours, or drives the fuzzer, comes with no program of ours: those are workspaces of their own.
    let manifests = files(root, "Cargo.toml")
        .into_iter()
        .filter(|path| ["benches", "fuzz"].iter().all(|outside| !path.starts_with(root.join(outside))));
    for path in manifests {
        let manifest: toml::Table = read(&path).parse().unwrap_or_default();
        for section in ["dependencies", "dev-dependencies"] {
            for name in
                manifest.get(section).and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::keys)
            {
                let ours = ARROWS.iter().any(|(krate, _)| krate == name);
                if !ours && !design.contains(&format!("`{name}`")) {
                    found.push(format!(
                        "{}: `{name}` has no line in DESIGN.md: what it saves, who else we looked at.",
                        shown(root, &path)
                    ));
                }
            }
        }
    }
}

/// Links between our own documents, and paths in code quotes that look like ours, must lead somewhere.
fn links(root: &Path, found: &mut Vec<String>) {
    for path in files(root, ".md") {
        let text = read(&path);
        let folder = path.parent().unwrap_or(root);
        for target in
            text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
        {
            let target = target.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !folder.join(target).exists() {
                found.push(format!("{} links to {target}, which is not there.", shown(root, &path)));
            }
        }
        for quoted in text.split('`').skip(1).step_by(2) {
            let ours = [
                "crates/",
                "cases/",
                "languages/",
                "evals/",
                "xtask/",
                "train/",
                "docs/",
                "examples/",
                "benches/",
                "outlets/",
            ];
            let plain = !quoted.contains(['<', '*', ' ', '{', '…', ':']);
            if plain && ours.iter().any(|start| quoted.starts_with(start)) && !root.join(quoted).exists() {
                found.push(format!("{} names {quoted}, which is not there.", shown(root, &path)));
            }
        }
    }
}

/// The ids in a `const` table: every `id: "…"` of the files that its folder holds.
fn ids(root: &Path, folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in files(&root.join(folder), ".rs") {
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('_')) {
            continue;
        }
        let text = read(&path);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for rest in code.split("id: \"").skip(1) {
            if let Some((id, _)) = rest.split_once('"') {
                found.push((id.to_owned(), shown(root, &path)));
            }
        }
    }
    found
}

/// Each kind, format and output has a case, and each kind a page.
fn registers(root: &Path, found: &mut Vec<String>) {
    let pages = read(&root.join("docs/kinds.md"));
    for (id, path) in ids(root, "crates/corroborate/src/discrepancy") {
        let folder = format!("cases/discrepancy/{id}");
        let musts: Vec<String> =
            files(&root.join(&folder), "must.txt").iter().map(|path| read(path)).collect();
        if !musts.iter().any(|must| must.lines().any(|line| line.starts_with(&format!("disputed {id}")))) {
            found.push(format!(
                "{path}: {id} has no case in which it is found; write {folder}/<name>/must.txt."
            ));
        }
        if !musts.iter().any(|must| must.contains(&format!("never: disputed {id}"))) {
            found.push(format!("{path}: {id} has no counter-case, the pair that looks like one and is none; write it below {folder}/."));
        }
        if !pages.contains(&format!("## {id}")) {
            found.push(format!("docs/kinds.md has no page for {id}: run `cargo xtask docs`."));
        }
    }
    for (table, cases) in
        [("crates/ingest/src/format", "cases/ingest"), ("crates/render/src/output", "cases/render")]
    {
        for (id, path) in ids(root, table) {
            let folder = format!("{cases}/{id}");
            if !root.join(&folder).is_dir() {
                found.push(format!("{path}: {id} has no case in {folder}/."));
            }
        }
    }
}

/// A case says what it shows and what must hold; a language without cases is not known to work.
fn cases(root: &Path, found: &mut Vec<String>) {
    for path in files(&root.join("cases"), "must.txt") {
        let folder = path.parent().unwrap_or(root);
        if !folder.join("about.txt").is_file() {
            found.push(format!("{}/about.txt is missing.", shown(root, folder)));
        }
    }
    for language in fs::read_dir(root.join("languages")).into_iter().flatten().flatten() {
        let code = language.file_name().to_string_lossy().into_owned();
        if language.path().is_dir()
            && !code.starts_with('_')
            && !root.join("cases/annotate").join(&code).is_dir()
        {
            found.push(format!("languages/{code} has no case in cases/annotate/{code}/."));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    fn root() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
    }

    #[test]
    fn the_house_is_tidy() {
        let found = super::complaints(root());
        assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    }

    /// A target folder of its own: the one in use is locked by the build that runs this test. With all features, so
    /// that what they add is at least compiled.
    #[test]
    fn the_code_has_no_lints() {
        let done = Command::new(env!("CARGO"))
            .args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--locked",
                "--quiet",
                "--features=app/sentence-encoder",
                "--target-dir",
                "target/lints",
            ])
            .args(["--", "-D", "warnings"])
            .current_dir(root())
            .output();
        let done = done.expect("cargo runs, since it runs this test");
        assert!(done.status.success(), "\n{}", String::from_utf8_lossy(&done.stderr));
    }

    #[test]
    fn the_code_is_formatted() {
        let done = Command::new(env!("CARGO")).args(["fmt", "--all", "--check"]).current_dir(root()).output();
        let done = done.expect("cargo runs, since it runs this test");
        assert!(done.status.success(), "Run `cargo fmt --all`.\n{}", String::from_utf8_lossy(&done.stdout));
    }
}
