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
        let bytes = self.rest.as_bytes();
        let mut start = 0;
        while let Some(length) = space_at(self.rest, start) {
            start += length;
        }
        let mut end = start;
        while end < bytes.len() {
            match SPACES[usize::from(bytes[end])] {
                Space::Never => end += 1,
                Space::Perhaps if space_at(self.rest, end).is_none() => end += width(bytes[end]),
                Space::Always | Space::Perhaps => break,
            }
        }
        let word = self.rest.get(start..end)?;
        self.rest = self.rest.get(end..)?;
        (!word.is_empty()).then_some(word)
    }
}

/// Whether a character is white space by its first byte, or one within a character that is none.
#[derive(Clone, Copy)]
enum Space {
    Never,
    Always,
    /// White space beyond ASCII begins so, and much else.
    Perhaps,
}

const SPACES: [Space; 256] = spaces();

const fn spaces() -> [Space; 256] {
    let mut table = [Space::Never; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = match byte as u8 {
            b' ' | b'\t'..=b'\r' => Space::Always,
            0xc2 | 0xe1..=0xe3 => Space::Perhaps,
            _ => Space::Never,
        };
        byte += 1;
    }
    table
}

/// How many bytes the white space has that stands there, if one does.
fn space_at(text: &str, at: usize) -> Option<usize> {
    match SPACES[usize::from(*text.as_bytes().get(at)?)] {
        Space::Never => None,
        Space::Always => Some(1),
        Space::Perhaps => {
            let c = text.get(at..)?.chars().next()?;
            c.is_whitespace().then_some(c.len_utf8())
        }
    }
}

/// How many bytes a character has that may be white space beyond ASCII.
fn width(first: u8) -> usize {
    if first == 0xc2 { 2 } else { 3 }
}

/// A line in the form that phrases have: lower case, plain apostrophes, single spaces.
pub(crate) fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    for word in spaced(line) {
        push_plain(&mut plain, word);
    }
    plain
}

/// Adds the next word of a line to its form that phrases have.
pub(crate) fn push_plain(plain: &mut String, word: &str) {
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
