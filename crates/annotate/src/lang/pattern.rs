//! Patterns that are looked for in every sentence and found in few.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use regex::{Match, Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};
use serde::Deserialize;

/// A pattern, in any case. It is compiled when the first text asks for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    line: String,
    /// Each of its matches has one of these words or parts of words in it; none when that cannot be said.
    needles: Vec<String>,
    compiled: OnceLock<Regex>,
}

/// Patterns, each with what it stands for. Sentences that have none of a pattern's words are passed by in one walk for all.
#[derive(Clone, Debug)]
pub struct Patterns<T> {
    list: Vec<(Pattern, T)>,
    needles: AhoCorasick,
    /// The patterns that have each needle, as bits.
    holders: Vec<u64>,
    /// Patterns that have none.
    always: u64,
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(line: String) -> Result<Pattern, String> {
        let parsed = regex_syntax::parse(&line).map_err(|error| error.to_string())?;
        let needles = needles(&parsed).unwrap_or_default();
        Ok(Pattern { line, needles, compiled: OnceLock::new() })
    }
}

impl Pattern {
    /// The first match.
    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.regex().find(text)
    }

    /// All matches that do not overlap, from the first on.
    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        self.regex().find_iter(text)
    }

    /// The first match that begins at a byte or after it.
    pub fn find_at<'t>(&self, text: &'t str, start: usize) -> Option<Match<'t>> {
        self.regex().find_at(text, start)
    }

    fn regex(&self) -> &Regex {
        let made = || RegexBuilder::new(&self.line).case_insensitive(true).build();
        self.compiled
            .get_or_init(|| made().expect("it was parsed, and a test has compiled all of a language's"))
    }
}

impl<T> Patterns<T> {
    /// Patterns in the order in which they are looked for.
    ///
    /// # Errors
    /// When there are more than 64.
    pub fn new(list: Vec<(Pattern, T)>) -> Result<Patterns<T>, String> {
        if list.len() > u64::BITS as usize {
            return Err(format!(
                "There are {} patterns where at most {} are handled.",
                list.len(),
                u64::BITS
            ));
        }
        let (mut words, mut holders, mut always) = (Vec::new(), Vec::new(), 0);
        for (number, (pattern, _)) in list.iter().enumerate() {
            if pattern.needles.is_empty() {
                always |= 1 << number;
            }
            words.extend(pattern.needles.iter().cloned());
            holders.resize(words.len(), 1 << number);
        }
        let mut builder = AhoCorasickBuilder::new();
        let builder = builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
        let needles = builder.build(words).map_err(|error| error.to_string())?;
        Ok(Patterns { list, needles, holders, always })
    }

    /// Those that may match somewhere in a text, in their order: all others do not.
    pub fn possible(&self, text: &str) -> impl Iterator<Item = (&Pattern, &T)> {
        let found = self.needles.find_overlapping_iter(text);
        let some = found.fold(self.always, |some, needle| some | self.holders[needle.pattern()]);
        let list = self.list.iter().enumerate().filter(move |(number, _)| some >> number & 1 == 1);
        list.map(|(_, (pattern, meaning))| (pattern, meaning))
    }
}

/// Strings of which every match has one in it: of the parts that must come, those of which the shortest is longest.
fn needles(part: &Hir) -> Option<Vec<String>> {
    let shortest = |needles: &Vec<String>| needles.iter().map(String::len).min();
    match part.kind() {
        // Needles are found in any case of ASCII only.
        HirKind::Literal(literal) => {
            let literal = std::str::from_utf8(&literal.0).ok()?;
            let longest = literal.split(|letter: char| !letter.is_ascii()).max_by_key(|run| run.len())?;
            (!longest.is_empty()).then(|| vec![longest.to_owned()])
        }
        HirKind::Capture(capture) => needles(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needles(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(needles).max_by_key(shortest),
        HirKind::Alternation(parts) => {
            let each: Option<Vec<Vec<String>>> = parts.iter().map(needles).collect();
            each.map(|each| each.concat())
        }
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Patterns};
    use crate::lang::{LANGUAGES, Language};

    fn pattern(line: &str) -> Pattern {
        Pattern::try_from(line.to_owned()).expect("the pattern is one")
    }

    #[test]
    fn needles_are_what_every_match_has() {
        assert_eq!(pattern(r"\b(?:not|n.t) (?:yet )?seen (?:any|a)\b").needles, ["seen "]);
        assert_eq!(pattern(r"\bden(?:y|ies)\b|\bdisavow\w*").needles, ["den", "disavow"]);
        assert_eq!(pattern(r"(?:ab)+\w(?:cde)?").needles, ["ab"]);
        assert_eq!(pattern("démenti|ÉÉ?déni").needles, ["menti", "ni"]);
        assert!(pattern(r"\w+|quay").needles.is_empty());
        assert!(Pattern::try_from("(".to_owned()).is_err());
    }

    #[test]
    fn only_what_may_match_is_asked() {
        let lines = [r"\bden(?:y|ies)\b", r"\w{12}", "doubts?"];
        let patterns = Patterns::new(lines.into_iter().map(|line| (pattern(line), line.len())).collect());
        let patterns = patterns.expect("they are few");
        let possible = |text: &str| patterns.possible(text).map(|(_, meaning)| *meaning).collect::<Vec<_>>();
        assert_eq!(possible("Nothing."), [6]);
        assert_eq!(possible("HE DENIES and doubts"), [16, 6, 7]);
        assert!(Patterns::new(vec![(pattern("a"), ()); 65]).is_err());
    }

    #[test]
    fn the_patterns_of_every_language_compile() {
        for files in LANGUAGES {
            let language = Language::built_in(files.code).expect("it is built in");
            let words = &language.compare;
            for (pattern, stand) in &words.stances.list {
                assert!(
                    pattern.find("").is_none() && stand.except.iter().all(|except| except.find("").is_none())
                );
            }
            assert!(words.hedge.phrases.list.iter().all(|(pattern, _)| pattern.find("").is_none()));
        }
    }
}
