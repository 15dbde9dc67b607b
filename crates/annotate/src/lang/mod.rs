//! A language as data: the words that rules look for, read from `languages/<code>/`.

mod certainty;
mod compare;
mod figures;
mod frequency;
mod opener;
mod pattern;
mod people;
mod phrase;
mod speech;
mod times;
mod word;

pub use certainty::{CertaintyWords, Degree, Words};
pub use compare::CompareWords;
pub use figures::{FigureWords, Lengths, Multiple, Needs, Sense, SmallMoney, Vague};
pub use frequency::Frequencies;
pub use opener::{Opener, TimeOpener};
pub use people::{Countries, CountryWord, FirstNames, NameWords, PeopleWords, Pronouns, Titles};
pub use phrase::Phrases;
pub use speech::SpeechWords;
pub use times::{Grain, TimeUnit, TimeWords};
pub(crate) use word::Places;
pub use word::{WordMap, WordSet};

/// The words of one language.
#[derive(Clone, Debug)]
pub struct Language {
    /// BCP 47 code.
    pub code: &'static str,
    /// Number words, units, hedges of quantities.
    pub figures: FigureWords,
    /// Weekdays, months, words that point in time.
    pub times: TimeWords,
    /// What the words of both may begin.
    pub openers: WordMap<Opener>,
    /// Reporting verbs and what goes with them.
    pub speech: SpeechWords,
    /// Titles, role nouns, pronouns.
    pub people: PeopleWords,
    /// What comparing needs: synonyms, hedges, negations, stances.
    pub compare: CompareWords,
    /// How sure words make a source of what it says.
    pub certainty: CertaintyWords,
    /// How common its words are in news.
    pub frequencies: Frequencies,
}

/// The files of one language as they are built in.
struct Files {
    code: &'static str,
    figures: &'static str,
    times: &'static str,
    speech: &'static str,
    people: &'static str,
    compare: &'static str,
    certainty: &'static str,
    frequencies: &'static str,
}

/// Every language there is; adding one is a folder and a row.
const LANGUAGES: &[Files] = &[Files {
    code: "en",
    figures: include_str!("../../../../languages/en/figures.toml"),
    times: include_str!("../../../../languages/en/times.toml"),
    speech: include_str!("../../../../languages/en/speech.toml"),
    people: include_str!("../../../../languages/en/people.toml"),
    compare: include_str!("../../../../languages/en/compare.toml"),
    certainty: include_str!("../../../../languages/en/certainty.toml"),
    frequencies: include_str!("../../data/frequencies-en.tsv"),
}];

impl Language {
    /// The built-in language of that code, if there is one.
    pub fn built_in(code: &str) -> Option<Language> {
        let files = LANGUAGES.iter().find(|files| files.code == code)?;
        let (figures, times) = (part(files.figures, "figures"), part(files.times, "times"));
        Some(Language {
            code: files.code,
            openers: opener::openers(&figures, &times),
            figures,
            times,
            speech: part(files.speech, "speech"),
            people: part(files.people, "people"),
            compare: part(files.compare, "compare"),
            certainty: part(files.certainty, "certainty"),
            frequencies: Frequencies::read(files.frequencies),
        })
    }
}

fn part<T: serde::de::DeserializeOwned>(text: &str, name: &str) -> T {
    toml::from_str(text)
        .unwrap_or_else(|error| panic!("languages/*/{name}.toml is built in and must be right: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, Language};

    #[test]
    fn every_language_reads() {
        for files in LANGUAGES {
            assert!(Language::built_in(files.code).is_some(), "languages/{}/ does not read", files.code);
        }
    }
}
