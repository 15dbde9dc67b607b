//! What `languages/<code>/furniture.toml` holds: the phrases by which a page shows what is not the report.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::phrases::Phrases;
use crate::quick::Words;

/// The words of a page in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageWords {
    pub(crate) stop_words: Words,
    pub(crate) section_words: BTreeSet<String>,
    pub(crate) step_marks: Vec<String>,
    pub(crate) months: Vec<String>,
    pub(crate) month_forms: BTreeMap<String, u8>,
    pub(crate) weekdays: BTreeSet<String>,
    pub(crate) ordinal_ends: Vec<String>,
    pub(crate) afternoon: Vec<String>,
    pub(crate) morning: Vec<String>,
    pub(crate) cues: Cues,
    #[serde(rename = "phrase")]
    pub(crate) phrases: Phrases,
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

/// Every language there is; adding one is a file and a row.
const LANGUAGES: &[(&str, &str)] = &[("en", include_str!("../../../languages/en/furniture.toml"))];

impl PageWords {
    /// The built-in words of a language (BCP 47 code), if there are any.
    pub fn built_in(code: &str) -> Option<PageWords> {
        let (_, text) = LANGUAGES.iter().find(|(known, _)| *known == code)?;
        Some(toml::from_str(text).unwrap_or_else(|error| {
            panic!("languages/{code}/furniture.toml is built in and must be right: {error}")
        }))
    }

    /// Number of a month by its name or its short form, 1 to 12.
    pub(crate) fn month(&self, word: &str) -> Option<u8> {
        let word = word.trim_end_matches('.');
        let by_name = self.months.iter().position(|name| name == word).map(|place| place as u8 + 1);
        by_name.or_else(|| self.month_forms.get(word).copied())
    }
}

/// A line without the marks and bullets at its ends.
pub(crate) fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '©' | '(' | ')' | '+'))
}

/// The words of a line between white space: what `split_whitespace` gives, faster where most of it is ASCII.
pub(crate) fn spaced(line: &str) -> Spaced<'_> {
    Spaced { rest: line }
}

/// See [`spaced`].
pub(crate) struct Spaced<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Spaced<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        self.rest = self.rest.trim_start();
        let bytes = self.rest.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            at += match byte {
                b' ' | b'\t'..=b'\r' => break,
                0..0x80 => 1,
                _ => match self.rest.get(at..)?.chars().next()? {
                    c if c.is_whitespace() => break,
                    c => c.len_utf8(),
                },
            };
        }
        let (word, rest) = self.rest.split_at_checked(at)?;
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }
}

/// A line in the form that phrases have: lower case, plain apostrophes, single spaces.
pub(crate) fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    for word in spaced(line) {
        if !plain.is_empty() {
            plain.push(' ');
        }
        if word.is_ascii() {
            let from = plain.len();
            plain.push_str(word);
            plain.get_mut(from..).expect("a string ends at its end").make_ascii_lowercase();
        } else {
            let straight = word.chars().map(|c| if matches!(c, '’' | '‘') { '\'' } else { c });
            plain.extend(straight.flat_map(char::to_lowercase));
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, PageWords, spaced};

    #[test]
    fn every_language_reads_and_has_months() {
        for (code, _) in LANGUAGES {
            let words = PageWords::built_in(code).unwrap();
            assert_eq!(words.months.len(), 12, "languages/{code}/furniture.toml needs twelve months");
        }
    }

    #[test]
    fn words_end_at_white_space_of_every_kind() {
        for line in
            ["", "  ", " a\u{b}b\u{a0}c\u{2028}d\u{85}", "Où vas-tu, café\u{200b} ?\u{1c}x", "a  b\t\nc "]
        {
            let words: Vec<&str> = spaced(line).collect();
            assert_eq!(words, line.split_whitespace().collect::<Vec<&str>>());
        }
    }
}
