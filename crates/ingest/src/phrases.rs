//! Which phrases of page furniture a line holds: all phrases of a language looked for at once.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde::{Deserialize, Deserializer, de};

use crate::quick::QuickMap;
use crate::words::bare;

/// Kinds that a language can have: as many as a set in one number can hold.
const KINDS_MAX: usize = u64::BITS as usize;

/// Phrases of one kind of furniture, as written in `furniture.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: String,
    #[serde(default)]
    opens: Opens,
    #[serde(default = "words_max")]
    words_max: usize,
    #[serde(default)]
    whole: BTreeSet<String>,
    #[serde(default)]
    start: Vec<String>,
    #[serde(default)]
    end: Vec<String>,
    #[serde(default)]
    within: Vec<String>,
}

fn words_max() -> usize {
    14
}

/// A kind of furniture.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    pub kind: String,
    pub opens: Opens,
    /// Longest line that can be of this kind, in words; one that is exactly a phrase always is.
    words_max: usize,
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

/// A set of places in [`Phrases::kinds`], a bit each.
type Kinds = u64;

/// All phrases of a language.
#[derive(Clone, Debug)]
pub(crate) struct Phrases {
    /// In the order in which they are held against a line.
    kinds: Vec<Phrase>,
    whole: QuickMap<String, Kinds>,
    /// Bytes of the longest of `whole`.
    whole_bytes_max: usize,
    /// With the kind of each; by their first byte.
    starts: Vec<Vec<(String, Kinds)>>,
    /// By their last byte.
    ends: Vec<Vec<(String, Kinds)>>,
    within: AhoCorasick,
    /// Kinds of the phrases in `within`.
    within_kinds: Vec<Kinds>,
}

impl<'de> Deserialize<'de> for Phrases {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Phrases, D::Error> {
        let written = Vec::<Written>::deserialize(from)?;
        if written.len() > KINDS_MAX {
            return Err(de::Error::custom(format!("there are more than {KINDS_MAX} kinds of phrases")));
        }
        let all = written.iter().flat_map(|phrase| {
            phrase.whole.iter().chain(&phrase.start).chain(&phrase.end).chain(&phrase.within)
        });
        if let Some(text) = all.into_iter().find(|text| text.is_empty() || text.to_lowercase() != **text) {
            return Err(de::Error::custom(format!(
                "the phrase {text:?} is held against lines in lower case: write it so"
            )));
        }
        Phrases::of(&written).map_err(de::Error::custom)
    }
}

impl Phrases {
    fn of(written: &[Written]) -> Result<Phrases, aho_corasick::BuildError> {
        let mut whole = QuickMap::<String, Kinds>::default();
        let mut starts = vec![Vec::new(); 256];
        let mut ends = vec![Vec::new(); 256];
        let (mut within, mut within_kinds) = (Vec::new(), Vec::new());
        for (place, phrase) in written.iter().enumerate() {
            let own = 1 << place;
            for text in &phrase.whole {
                *whole.entry(text.clone()).or_insert(0) |= own;
            }
            for text in &phrase.start {
                starts[usize::from(text.as_bytes().first().copied().unwrap_or(0))].push((text.clone(), own));
            }
            for text in &phrase.end {
                ends[usize::from(text.as_bytes().last().copied().unwrap_or(0))].push((text.clone(), own));
            }
            within.extend(phrase.within.iter().map(String::as_str));
            within_kinds.resize(within.len(), own);
        }
        let kind = |phrase: &Written| Phrase {
            kind: phrase.kind.clone(),
            opens: phrase.opens,
            words_max: phrase.words_max,
        };
        Ok(Phrases {
            kinds: written.iter().map(kind).collect(),
            whole_bytes_max: written
                .iter()
                .flat_map(|phrase| &phrase.whole)
                .map(String::len)
                .max()
                .unwrap_or(0),
            whole,
            starts,
            ends,
            within: AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(within)?,
            within_kinds,
        })
    }

    /// The first kind whose phrases the line holds.
    pub(crate) fn kind_of(&self, plain: &str, word_count: usize) -> Option<&Phrase> {
        self.kinds.get(self.in_line(plain, word_count).trailing_zeros() as usize)
    }

    /// Whether the line holds a phrase of that kind, whichever others it holds.
    pub(crate) fn is_of_kind(&self, kind: &str, plain: &str, word_count: usize) -> bool {
        let found = self.in_line(plain, word_count);
        self.kinds.iter().enumerate().any(|(place, phrase)| found & 1 << place != 0 && phrase.kind == kind)
    }

    /// All kinds whose phrases the line holds, as it is or bare.
    fn in_line(&self, plain: &str, word_count: usize) -> Kinds {
        let bare = bare(plain);
        let mut whole = 0;
        if bare.len() <= self.whole_bytes_max {
            whole = self.whole.get(bare).copied().unwrap_or(0);
        }
        let fits = |(place, phrase): (usize, &Phrase)| Kinds::from(word_count <= phrase.words_max) << place;
        let fitting = self.kinds.iter().enumerate().map(fits).fold(0, |all, one| all | one);
        if fitting == 0 {
            return whole;
        }
        let mut found = self.starting(plain) | self.ending(plain);
        if plain.len() != bare.len() {
            found |= self.starting(bare) | self.ending(bare);
        }
        for hit in self.within.find_overlapping_iter(plain) {
            found |= self.within_kinds[hit.pattern().as_usize()];
        }
        whole | found & fitting
    }

    fn starting(&self, line: &str) -> Kinds {
        let Some(first) = line.as_bytes().first() else { return 0 };
        let begun = self.starts[usize::from(*first)].iter().filter(|(start, _)| begins(line, start));
        begun.fold(0, |all, (_, kind)| all | kind)
    }

    fn ending(&self, line: &str) -> Kinds {
        let Some(last) = line.as_bytes().last() else { return 0 };
        let ended = self.ends[usize::from(*last)].iter().filter(|(end, _)| line.ends_with(end.as_str()));
        ended.fold(0, |all, (_, kind)| all | kind)
    }
}

/// Whether a line begins with a phrase, at the end of a word.
fn begins(line: &str, phrase: &str) -> bool {
    let Some(rest) = line.strip_prefix(phrase) else { return false };
    let inner =
        phrase.ends_with(|c: char| c.is_alphanumeric()) && rest.starts_with(|c: char| c.is_alphabetic());
    !inner
}

#[cfg(test)]
mod tests {
    use super::Phrases;
    use crate::words::{PageWords, plain};

    #[test]
    fn phrases_end_at_words_and_long_lines_are_not_held_against_them() {
        let words = PageWords::built_in("en").unwrap();
        let kind = |line: &str| {
            let plain = plain(line);
            words.phrases.kind_of(&plain, plain.split(' ').count()).map(|phrase| phrase.kind.clone())
        };
        assert_eq!(kind("▲ Back to top").as_deref(), Some("page-furniture"));
        assert_eq!(kind("Photo: Ana Ruiz").as_deref(), Some("image-credit"));
        assert_eq!(kind("LEAVE A REPLY").as_deref(), Some("comment-form"));
        assert_eq!(kind("Photography students met the mayor."), None);
        assert_eq!(kind("Comments by the mayor angered the council."), None);
        assert_eq!(kind("The home of the mayor was searched."), None);
    }

    #[test]
    fn the_first_kind_wins_and_the_length_counts_for_all_but_whole_lines() {
        let phrases: Phrases = serde_json::from_str(
            r#"[{"kind": "a", "words_max": 2, "within": ["quay"], "whole": ["one two three"]},
                {"kind": "b", "start": ["the quay"], "end": ["sold out"]}]"#,
        )
        .unwrap();
        let kind =
            |line: &str| phrases.kind_of(line, line.split(' ').count()).map(|phrase| phrase.kind.as_str());
        assert_eq!(kind("the quay"), Some("a"));
        assert_eq!(kind("the quay is"), Some("b"));
        assert_eq!(kind("the quays are"), None);
        assert_eq!(kind("• one two three •"), Some("a"));
        assert_eq!(kind("tickets are sold out."), Some("b"));
        assert!(phrases.is_of_kind("b", "the quay", 2) && !phrases.is_of_kind("b", "a quay", 2));
    }

    #[test]
    fn a_phrase_that_could_never_be_found_is_refused() {
        assert!(serde_json::from_str::<Phrases>(r#"[{"kind": "a", "within": ["Quay"]}]"#).is_err());
    }
}
