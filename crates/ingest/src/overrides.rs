//! The file of a user's own decisions: read, checked for contradictions, added to, and taken back from.
//!
//! A plain TOML file, so that it can be read, kept under version control and edited by hand:
//!
//! ```toml
//! [[merge]]
//! articles = ["herald-1", "sha256:9f86d081884c"]
//! by = "Ana"
//! at = "2026-03-04"
//! ```
//!
//! Kinds: `merge` and `split` (`articles`), `alias` (`name`, `also`), `owner` (`outlet`, `owner`), `ignore` (`article`, and
//! `words` for a single statement). `by` and `at` say who decided and when.

use std::fmt;

use model::{Override, Overrides, Ruling, Warned};
use serde::Deserialize;
use toml::Spanned;

/// Decisions that one file may hold.
const ENTRIES_MAX: usize = 100_000;

/// Why a file of decisions could not be read: a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverridesError(String);

impl fmt::Display for OverridesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OverridesError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    #[serde(default)]
    merge: Vec<Spanned<Articles>>,
    #[serde(default)]
    split: Vec<Spanned<Articles>>,
    #[serde(default)]
    alias: Vec<Spanned<Alias>>,
    #[serde(default)]
    owner: Vec<Spanned<Owner>>,
    #[serde(default)]
    ignore: Vec<Spanned<Ignore>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Articles {
    articles: Vec<String>,
    by: Option<String>,
    at: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alias {
    name: String,
    also: Vec<String>,
    by: Option<String>,
    at: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Owner {
    outlet: String,
    owner: String,
    by: Option<String>,
    at: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ignore {
    article: String,
    words: Option<String>,
    by: Option<String>,
    at: Option<String>,
}

/// Reads a file of decisions. Contradictions are warnings that name both lines; the later line holds.
///
/// # Errors
/// When the text is not in the form above.
pub fn parse_overrides(text: &str) -> Result<Warned<Overrides>, OverridesError> {
    let entries = located(text)?.into_iter().map(|(_, entry)| entry).collect();
    let overrides = Overrides { entries };
    let warnings = contradictions(&overrides.entries);
    Ok(Warned { value: overrides, warnings })
}

/// A decision as it is appended to the file, with an empty line before it.
pub fn write_override(entry: &Override) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let listed = |items: &[String]| items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", ");
    let (kind, mut lines) = match &entry.ruling {
        Ruling::Merge(articles) => ("merge", vec![format!("articles = [{}]", listed(articles))]),
        Ruling::Split(articles) => ("split", vec![format!("articles = [{}]", listed(articles))]),
        Ruling::Alias { name, also } => {
            ("alias", vec![format!("name = {}", quoted(name)), format!("also = [{}]", listed(also))])
        }
        Ruling::Owner { outlet, owner } => {
            ("owner", vec![format!("outlet = {}", quoted(outlet)), format!("owner = {}", quoted(owner))])
        }
        Ruling::Ignore { article, words } => {
            let words = words.iter().map(|words| format!("words = {}", quoted(words)));
            ("ignore", std::iter::once(format!("article = {}", quoted(article))).chain(words).collect())
        }
    };
    lines.extend(entry.by.iter().map(|by| format!("by = {}", quoted(by))));
    lines.extend(entry.at.iter().map(|at| format!("at = {}", quoted(at))));
    format!("\n[[{kind}]]\n{}\n", lines.join("\n"))
}

/// The file without its last decision, and that decision; `None` where it holds none. Comments above it are kept.
///
/// # Errors
/// When the text is not in the form above.
pub fn undo_override(text: &str) -> Result<Option<(String, Override)>, OverridesError> {
    let Some((start, entry)) = located(text)?.pop() else { return Ok(None) };
    let kept = text.get(..start).expect("an entry starts on a character").trim_end();
    Ok(Some((if kept.is_empty() { String::new() } else { format!("{kept}\n") }, entry)))
}

/// All decisions in order of the file, with the byte where each starts.
fn located(text: &str) -> Result<Vec<(usize, Override)>, OverridesError> {
    let page: Page = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        OverridesError(format!(
            "line {line}: {}. Each decision is a [[merge]], [[split]], [[alias]], [[owner]] or [[ignore]].",
            error.message()
        ))
    })?;
    let mut entries = Vec::new();
    let mut add = |at: usize, (by, date): (Option<String>, Option<String>), ruling: Ruling| {
        // The span of a table in an array may begin after its header.
        let start = text
            .get(..at)
            .and_then(|before| before.rfind("[["))
            .filter(|_| !text.get(at..).is_some_and(|rest| rest.starts_with("[[")))
            .unwrap_or(at);
        entries.push((start, Override { line: line_of(text, start), by, at: date, ruling }));
    };
    for entry in page.merge {
        let (at, entry) = (entry.span().start, entry.into_inner());
        add(at, (entry.by, entry.at), Ruling::Merge(entry.articles));
    }
    for entry in page.split {
        let (at, entry) = (entry.span().start, entry.into_inner());
        add(at, (entry.by, entry.at), Ruling::Split(entry.articles));
    }
    for entry in page.alias {
        let (at, entry) = (entry.span().start, entry.into_inner());
        add(at, (entry.by, entry.at), Ruling::Alias { name: entry.name, also: entry.also });
    }
    for entry in page.owner {
        let (at, entry) = (entry.span().start, entry.into_inner());
        add(at, (entry.by, entry.at), Ruling::Owner { outlet: entry.outlet, owner: entry.owner });
    }
    for entry in page.ignore {
        let (at, entry) = (entry.span().start, entry.into_inner());
        add(at, (entry.by, entry.at), Ruling::Ignore { article: entry.article, words: entry.words });
    }
    if entries.len() > ENTRIES_MAX {
        return Err(OverridesError(format!(
            "it holds more than {ENTRIES_MAX} decisions; split it by project."
        )));
    }
    entries.sort_by_key(|(start, _)| *start);
    Ok(entries)
}

fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|&byte| byte == b'\n').count() + 1
}

/// Pairs of decisions that cannot both hold, as sentences.
fn contradictions(entries: &[Override]) -> Vec<String> {
    let mut found = Vec::new();
    for (number, later) in entries.iter().enumerate() {
        // Each line is told once, against the nearest one that it contradicts.
        let earlier =
            entries[..number].iter().rev().find_map(|earlier| Some((earlier, clash(earlier, later)?)));
        if let Some((earlier, what)) = earlier {
            found.push(format!(
                "lines {} and {} contradict each other: {what}. Line {} holds; remove the other.",
                earlier.line, later.line, later.line
            ));
        }
    }
    found
}

/// What two decisions cannot both say.
fn clash(earlier: &Override, later: &Override) -> Option<String> {
    let same = |one: &str, other: &str| one.trim().eq_ignore_ascii_case(other.trim());
    match (&earlier.ruling, &later.ruling) {
        (Ruling::Merge(together), Ruling::Split(apart)) | (Ruling::Split(apart), Ruling::Merge(together)) => {
            let torn = together.iter().find(|article| apart.contains(article))?;
            let left = together.iter().find(|article| !apart.contains(article))?;
            Some(format!("{torn} and {left} are to be one story and two"))
        }
        (Ruling::Owner { outlet, owner }, Ruling::Owner { outlet: again, owner: other }) => {
            (same(outlet, again) && !same(owner, other))
                .then(|| format!("{outlet} belongs to {owner} and to {other}"))
        }
        (Ruling::Alias { name, also }, Ruling::Alias { name: other, also: again }) => {
            if same(name, other) {
                return None;
            }
            let both = also.iter().find(|alias| again.iter().any(|word| same(word, alias)));
            let turned =
                again.iter().any(|word| same(word, name)) && also.iter().any(|word| same(word, other));
            match both {
                Some(alias) => Some(format!("{alias} stands for {name} and for {other}")),
                None if turned => Some(format!("{name} stands for {other} and the other way round")),
                None => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use model::{Override, Ruling};
    use proptest::prelude::{ProptestConfig, any, proptest};

    use super::{parse_overrides, undo_override, write_override};

    const FILE: &str = "\
# Decided in the morning meeting.
[[alias]]
name = \"Lena Ostrow\"
also = [\"the director\", \"L. Ostrow\"]
by = \"Ana\"

[[owner]]
outlet = \"vale-tribune.example\"
owner = \"Nordal Press\"
at = \"2026-03-04\"

[[merge]]
articles = [\"a\", \"b\"]

[[ignore]]
article = \"c\"
words = \"The alarm\"

[[split]]
articles = [\"b\"]
";

    #[test]
    fn decisions_are_read_in_order_with_their_lines() {
        let read = parse_overrides(FILE).expect("the file is in form");
        let lines: Vec<usize> = read.value.entries.iter().map(|entry| entry.line).collect();
        assert_eq!(lines, [2, 7, 12, 15, 19]);
        assert_eq!(read.value.entries[0].by.as_deref(), Some("Ana"));
        assert_eq!(read.value.entries[1].at.as_deref(), Some("2026-03-04"));
    }

    #[test]
    fn contradictions_name_both_lines() {
        let read = parse_overrides(FILE).expect("the file is in form");
        assert_eq!(read.warnings.len(), 1);
        assert!(read.warnings[0].starts_with("lines 12 and 19 contradict each other: b and a"), "{read:?}");
        let owners =
            "[[owner]]\noutlet = \"x\"\nowner = \"one\"\n[[owner]]\noutlet = \"X\"\nowner = \"two\"\n";
        let read = parse_overrides(owners).expect("the file is in form");
        assert!(read.warnings[0].contains("lines 1 and 4"), "{read:?}");
    }

    #[test]
    fn what_is_appended_can_be_read_and_taken_back() {
        let entry = Override {
            line: 0,
            by: Some("Ana \"A\"".into()),
            at: None,
            ruling: Ruling::Ignore { article: "c:\\d".into(), words: Some("line\nbreak".into()) },
        };
        let grown = FILE.to_owned() + &write_override(&entry);
        let last =
            parse_overrides(&grown).expect("it is in form").value.entries.pop().expect("it holds some");
        assert_eq!((&last.ruling, &last.by), (&entry.ruling, &entry.by));
        let (kept, undone) = undo_override(&grown).expect("it is in form").expect("there is one");
        assert_eq!(undone, last);
        assert_eq!(kept.trim_end(), FILE.trim_end());
        assert_eq!(undo_override("# nothing yet\n").expect("it is in form"), None);
    }

    #[test]
    fn an_unknown_word_is_refused_with_its_line() {
        let error = parse_overrides("[[merge]]\narticles = []\n[[merg]]\n").expect_err("no such kind");
        assert!(error.to_string().starts_with("line 3"), "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            if let Ok(read) = parse_overrides(&text) {
                assert!(read.value.entries.len() <= text.len());
            }
        }
    }
}
