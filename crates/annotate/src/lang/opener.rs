//! What words may begin: the readers of figures and of times pass by all others after one look.

use std::collections::BTreeMap;

use super::figures::FigureWords;
use super::times::TimeWords;
use super::word::WordMap;

/// What a word may be the first of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opener {
    /// A number in words, whatever follows.
    pub number: bool,
    /// A quantity: a number, a range, a unit or the article that counts it.
    pub quantity: bool,
    /// What stands before a quantity and is no part of it: "more than".
    pub hedge: bool,
    /// A time.
    pub time: TimeOpener,
    /// "handful" in "a handful", "same" in "that same day": of nothing, but it follows a word that leans.
    pub second: bool,
}

/// How a word may begin a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeOpener {
    /// It does not.
    #[default]
    Never,
    /// "the", "this", "about": only before a word that may begin one or a number, or is second in a phrase.
    Leaning,
    /// By itself, as far as can be said without looking on.
    Alone,
}

/// The words that may begin something.
pub(super) fn openers(figures: &FigureWords, times: &TimeWords) -> WordMap<Opener> {
    let mut found: BTreeMap<String, Opener> = BTreeMap::new();
    let mut at = |word: &str, note: &dyn Fn(&mut Opener)| note(found.entry(word.to_owned()).or_default());
    for word in figures.numbers() {
        at(word, &|opener| opener.number = true);
    }
    for word in figures.quantities.iter() {
        at(word, &|opener| opener.quantity = true);
    }
    for word in figures.hedges.firsts() {
        at(word, &|opener| opener.hedge = true);
    }
    for word in times.alone() {
        at(word, &|opener| opener.time = TimeOpener::Alone);
    }
    for word in times.leaning().chain(figures.vague.firsts()).chain(figures.vague_factors.firsts()) {
        at(word, &|opener| opener.time = opener.time.max(TimeOpener::Leaning));
        let numbers = figures.vague.seconds(word).chain(figures.vague_factors.seconds(word));
        for second in times.seconds(word).chain(numbers) {
            at(second, &|opener| opener.second = true);
        }
    }
    found.into()
}

#[cfg(test)]
mod tests {
    use super::{Opener, TimeOpener};
    use crate::lang::Language;

    #[test]
    fn a_word_tells_what_it_may_begin() {
        let openers = Language::built_in("en").expect("English is built in").openers;
        let begins = |word: &str| openers.get(word).copied().unwrap_or_default();
        let nothing = Opener::default();
        assert_eq!(begins("twelve"), Opener { number: true, quantity: true, ..nothing });
        assert_eq!(begins("tuesday"), Opener { time: TimeOpener::Alone, ..nothing });
        assert_eq!(begins("that"), Opener { time: TimeOpener::Leaning, ..nothing });
        assert_eq!(begins("handful"), Opener { second: true, ..nothing });
        assert!(begins("about").hedge && !begins("about").quantity);
        assert_eq!(begins("bridge"), nothing);
    }
}
