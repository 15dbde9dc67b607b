//! What `languages/<code>/furniture.toml` holds: the phrases by which a page shows what is not the report.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The words of a page in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageWords {
    pub(crate) stop_words: BTreeSet<String>,
    pub(crate) section_words: BTreeSet<String>,
    pub(crate) step_marks: Vec<String>,
    pub(crate) months: Vec<String>,
    pub(crate) month_forms: BTreeMap<String, u8>,
    pub(crate) weekdays: BTreeSet<String>,
    pub(crate) ordinal_ends: Vec<String>,
    pub(crate) afternoon: Vec<String>,
    pub(crate) morning: Vec<String>,
    pub(crate) cues: Cues,
    pub(crate) phrase: Vec<Phrase>,
}

/// Words that go before or after what a report says about itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cues {
    pub published: Vec<String>,
    pub updated: Vec<String>,
    pub byline: Vec<String>,
    pub reporting: Vec<String>,
    pub joining: Vec<String>,
    pub byline_roles: BTreeSet<String>,
    pub copyright_ends: Vec<String>,
    pub copyright_marks: Vec<String>,
    pub source_marks: Vec<String>,
    pub contributed: Vec<String>,
    pub with_files: Vec<String>,
}

/// Phrases of one kind of furniture.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Phrase {
    pub kind: String,
    #[serde(default)]
    pub opens: Opens,
    #[serde(default = "words_max")]
    pub words_max: usize,
    #[serde(default)]
    pub whole: BTreeSet<String>,
    /// Bytes of the longest of `whole`: a longer line is none of them.
    #[serde(skip)]
    whole_bytes_max: usize,
    /// Sorted, so that a line is held only against those that begin with its own first byte.
    #[serde(default)]
    pub start: Vec<String>,
    #[serde(default)]
    pub end: Vec<String>,
    #[serde(default)]
    pub within: Vec<String>,
}

/// What may follow a line of furniture.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Opens {
    /// Nothing in particular.
    #[default]
    Nothing,
    /// What readers wrote.
    Comments,
    /// Other reports.
    More,
}

fn words_max() -> usize {
    14
}

/// Every language there is; adding one is a file and a row.
const LANGUAGES: &[(&str, &str)] = &[("en", include_str!("../../../languages/en/furniture.toml"))];

impl PageWords {
    /// The built-in words of a language (BCP 47 code), if there are any.
    pub fn built_in(code: &str) -> Option<PageWords> {
        let (_, text) = LANGUAGES.iter().find(|(known, _)| *known == code)?;
        let mut words: PageWords = toml::from_str(text).unwrap_or_else(|error| {
            panic!("languages/{code}/furniture.toml is built in and must be right: {error}")
        });
        words.phrase.iter_mut().for_each(Phrase::index);
        Some(words)
    }

    /// Number of a month by its name or its short form, 1 to 12.
    pub(crate) fn month(&self, word: &str) -> Option<u8> {
        let word = word.trim_end_matches('.');
        let by_name = self.months.iter().position(|name| name == word).map(|place| place as u8 + 1);
        by_name.or_else(|| self.month_forms.get(word).copied())
    }

    /// The first kind whose phrases the line holds.
    pub(crate) fn kind_of(&self, plain: &str, word_count: usize) -> Option<&Phrase> {
        let bare = bare(plain);
        self.phrase.iter().find(|phrase| phrase.is_in((plain, bare), word_count))
    }

    /// Whether the line holds a phrase of that kind, whichever others it holds.
    pub(crate) fn is_of_kind(&self, kind: &str, plain: &str, word_count: usize) -> bool {
        let bare = bare(plain);
        self.phrase.iter().any(|phrase| phrase.kind == kind && phrase.is_in((plain, bare), word_count))
    }
}

impl Phrase {
    /// Prepares what is looked up.
    fn index(&mut self) {
        self.whole_bytes_max = self.whole.iter().map(String::len).max().unwrap_or(0);
        self.start.sort_unstable();
    }

    /// Whether a phrase begins the line.
    fn starts(&self, line: &str) -> bool {
        let first = line.as_bytes().first();
        let from = self.start.partition_point(|start| start.as_bytes().first() < first);
        let same = self.start[from..].iter().take_while(|start| start.as_bytes().first() == first);
        first.is_some() && same.into_iter().any(|start| begins(line, start))
    }

    /// Whether the line, as it is and bare, holds a phrase.
    fn is_in(&self, (plain, bare): (&str, &str), word_count: usize) -> bool {
        (bare.len() <= self.whole_bytes_max && self.whole.contains(bare))
            || (word_count <= self.words_max
                && (self.starts(plain)
                    || (plain != bare && self.starts(bare))
                    || self
                        .end
                        .iter()
                        .any(|end| bare.ends_with(end.as_str()) || plain.ends_with(end.as_str()))
                    || self.within.iter().any(|within| plain.contains(within.as_str()))))
    }
}

/// Whether a line begins with a phrase, at the end of a word.
fn begins(line: &str, phrase: &str) -> bool {
    let Some(rest) = line.strip_prefix(phrase) else { return false };
    let inner =
        phrase.ends_with(|c: char| c.is_alphanumeric()) && rest.starts_with(|c: char| c.is_alphabetic());
    !inner
}

/// A line without the marks and bullets at its ends.
pub(crate) fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '©' | '(' | ')' | '+'))
}

/// A line in the form that phrases have: lower case, plain apostrophes, single spaces.
pub(crate) fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    for word in line.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(
            word.chars().map(|c| if matches!(c, '’' | '‘') { '\'' } else { c }).flat_map(char::to_lowercase),
        );
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, PageWords, plain};

    #[test]
    fn every_language_reads_and_has_months() {
        for (code, _) in LANGUAGES {
            let words = PageWords::built_in(code).unwrap();
            assert_eq!(words.months.len(), 12, "languages/{code}/furniture.toml needs twelve months");
            for phrase in &words.phrase {
                let all = phrase.whole.iter().chain(&phrase.start).chain(&phrase.end).chain(&phrase.within);
                for text in all {
                    assert_eq!(text.to_lowercase(), *text, "phrases are held against lower case");
                }
            }
        }
    }

    #[test]
    fn phrases_end_at_words_and_long_lines_are_not_held_against_them() {
        let words = PageWords::built_in("en").unwrap();
        let kind = |line: &str| {
            let plain = plain(line);
            words.kind_of(&plain, plain.split(' ').count()).map(|phrase| phrase.kind.clone())
        };
        assert_eq!(kind("▲ Back to top").as_deref(), Some("page-furniture"));
        assert_eq!(kind("Photo: Ana Ruiz").as_deref(), Some("image-credit"));
        assert_eq!(kind("LEAVE A REPLY").as_deref(), Some("comment-form"));
        assert_eq!(kind("Photography students met the mayor."), None);
        assert_eq!(kind("Comments by the mayor angered the council."), None);
        assert_eq!(kind("The home of the mayor was searched."), None);
    }
}
