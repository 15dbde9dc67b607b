//! What a language lacks, said in sentences: each folder below `languages/` is held against `languages/_template/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use annotate::lang::Language;
use toml::{Table, Value};

fn languages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../languages")
}

/// The files of a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).expect("a language is a folder").flatten();
    let named = entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
    named
        .filter(|(name, _)| name.ends_with(".toml"))
        .map(|(name, path)| (name, fs::read_to_string(path).expect("a language file reads")))
        .collect()
}

/// What a language lacks to be one, in sentences.
fn lacks(code: &str, files: &BTreeMap<String, String>, template: &BTreeMap<String, String>) -> Vec<String> {
    let mut lacks = Vec::new();
    for (name, pattern) in template {
        let place = format!("languages/{code}/{name}");
        let Some(text) = files.get(name) else {
            lacks.push(format!("{place} is missing: copy languages/_template/{name} and fill it in."));
            continue;
        };
        let pattern: Table = pattern.parse().expect("the template reads");
        match text.parse::<Table>() {
            Ok(table) => compare(&place, &table, &pattern, &mut lacks),
            Err(error) => lacks.push(format!("{place} does not read: {}.", error.message())),
        }
    }
    if !files.contains_key("furniture.toml") {
        lacks.push(format!("languages/{code}/furniture.toml is missing: copy that of en and translate it."));
    }
    if Language::built_in(code).is_none() {
        lacks.push(format!(
            "{code} is not in the table LANGUAGES of crates/annotate/src/lang/mod.rs: add its row; \
             train/frequencies.py makes crates/annotate/data/frequencies-{code}.tsv."
        ));
    }
    lacks
}

/// Names that a table should have and does not, and those that nobody reads. Where the template's table is empty,
/// its names are words of the language.
fn compare(place: &str, table: &Table, pattern: &Table, lacks: &mut Vec<String>) {
    for (name, wanted) in pattern {
        match (table.get(name), wanted) {
            (None, _) => {
                lacks.push(format!("{place} lacks `{name}`: the template says above it what it holds."));
            }
            (Some(Value::Table(inner)), Value::Table(wanted)) if !wanted.is_empty() => {
                compare(&format!("{place}, [{name}]"), inner, wanted, lacks);
            }
            (Some(is), wanted) if is.type_str() != wanted.type_str() => {
                let (is, wanted) = (is.type_str(), wanted.type_str());
                lacks.push(format!("{place} has `{name}` as {is}, and it must be {wanted}."));
            }
            (Some(_), _) => {}
        }
    }
    if !pattern.is_empty() {
        let unread = table.keys().filter(|name| !pattern.contains_key(*name));
        lacks.extend(unread.map(|name| format!("{place} has `{name}`, which nobody reads.")));
    }
}

#[test]
fn every_language_has_what_the_template_asks_for() {
    let template = files(&languages().join("_template"));
    let folders = fs::read_dir(languages()).expect("languages/ is a folder").flatten();
    let codes = folders
        .filter(|entry| entry.path().is_dir())
        .map(|folder| folder.file_name().to_string_lossy().into_owned());
    let found: Vec<String> = codes
        .filter(|code| !code.starts_with('_'))
        .flat_map(|code| lacks(&code, &files(&languages().join(&code)), &template))
        .collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn an_incomplete_language_is_told_what_it_lacks() {
    let template = files(&languages().join("_template"));
    let mut folder = files(&languages().join("en"));
    folder.remove("speech.toml");
    folder.remove("furniture.toml");
    let times = folder.get_mut("times.toml").expect("English has times");
    *times = times.replace("\nago = [", "\nagone = [");
    let people = folder.get_mut("people.toml").expect("English has people");
    *people = people.replace("[pronouns]\nmale = ", "[pronouns]\nmen = ");
    let found = lacks("xx", &folder, &template);
    for wanted in [
        "languages/xx/speech.toml is missing",
        "languages/xx/furniture.toml is missing",
        "languages/xx/times.toml lacks `ago`",
        "languages/xx/times.toml has `agone`, which nobody reads",
        "languages/xx/people.toml, [pronouns] lacks `male`",
        "xx is not in the table LANGUAGES",
    ] {
        assert!(found.iter().any(|line| line.starts_with(wanted)), "{wanted}: {found:#?}");
    }
}
