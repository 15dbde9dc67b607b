//! What words may begin: the reader of figures and that of times pass by all others after one look.

use std::collections::BTreeMap;

use super::figures::FigureWords;
use super::times::TimeWords;
use super::word::WordMap;

/// What a word may be the first of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opener {
    /// A quantity, or its hedge.
    pub figure: bool,
    /// A time, numbers aside.
    pub time: bool,
    /// "the", "a": of a time only before a word that may begin one, or stands after an article in a phrase for one.
    pub article: bool,
    /// "couple" in "a couple".
    pub after_article: bool,
}

/// The words that may begin something.
pub(super) fn openers(figures: &FigureWords, times: &TimeWords) -> WordMap<Opener> {
    let mut found: BTreeMap<String, Opener> = BTreeMap::new();
    let mut at = |word: &str, note: &dyn Fn(&mut Opener)| note(found.entry(word.to_owned()).or_default());
    for word in figures.starts.iter() {
        at(word, &|opener| opener.figure = true);
    }
    for word in times.firsts() {
        at(word, &|opener| opener.time = true);
    }
    for article in times.articles() {
        let numbers = figures.vague.seconds(article).chain(figures.vague_factors.seconds(article));
        let seconds: Vec<Option<&str>> = times.seconds(article).chain(numbers).collect();
        let alone = seconds.contains(&None);
        at(article, &|opener| opener.article = !alone);
        for second in seconds.into_iter().flatten() {
            at(second, &|opener| opener.after_article = true);
        }
    }
    found.into()
}

#[cfg(test)]
mod tests {
    use crate::lang::Language;

    #[test]
    fn a_word_tells_what_it_may_begin() {
        let openers = Language::built_in("en").expect("English is built in").openers;
        let begins = |word: &str| {
            let opener = openers.get(word).copied().unwrap_or_default();
            [opener.figure, opener.time, opener.article, opener.after_article]
        };
        assert_eq!(begins("twelve"), [true, false, false, false]);
        assert_eq!(begins("friday"), [false, true, false, false]);
        assert_eq!(begins("the"), [true, true, true, false]);
        assert_eq!(begins("handful"), [false, false, false, true]);
        assert_eq!(begins("bridge"), [false; 4]);
    }
}
