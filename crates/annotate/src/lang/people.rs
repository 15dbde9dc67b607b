//! What `languages/<code>/people.toml` holds.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::word::{WordMap, WordSet};

/// Words by which a language speaks of people, bodies and places.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleWords {
    /// Nouns for what somebody has issued: "statement".
    pub documents: WordSet,
    /// Nouns by which a country speaks that was named before: "nation".
    pub lands: WordSet,
    /// Verbs whose object speaks: "quote".
    pub citing: WordSet,
    /// Nouns for people who are quoted without a name: "witness".
    pub public: WordSet,
    /// Countries with their people.
    pub countries: Countries,
    /// Words before a name.
    pub titles: Titles,
    /// Words that stand for a name.
    pub pronouns: Pronouns,
    /// Role nouns, with the roles they may stand for.
    pub roles: WordMap<WordSet>,
    /// Nouns for bodies, with the words of the bodies they may stand for.
    pub bodies: WordMap<WordSet>,
    /// Words within names.
    pub names: NameWords,
    /// First names by gender.
    pub first_names: FirstNames,
    /// Nicknames with what they are short for.
    pub nicknames: WordMap<WordSet>,
}

/// Words before and after a person's name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Titles {
    /// Of men.
    pub male: WordSet,
    /// Of women.
    pub female: WordSet,
    /// Of either.
    pub any: WordSet,
    /// After a name.
    pub after: WordSet,
}

/// Pronouns, in lower case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pronouns {
    /// "he"
    pub male: WordSet,
    /// "she"
    pub female: WordSet,
    /// "it"
    pub body: WordSet,
    /// "they"
    pub many: WordSet,
    /// "his"
    pub possessive: WordSet,
    /// "we"
    pub first: WordSet,
}

/// Words within names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameWords {
    /// Words that make a name that of a body.
    pub body_words: WordSet,
    /// Words at the end of a company's name that are left out at times.
    pub legal: WordSet,
    /// "de", "van"
    pub particles: WordSet,
    /// Capitalised words that are no names.
    pub not_names: WordSet,
}

/// First names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstNames {
    /// Of men.
    pub male: WordSet,
    /// Of women.
    pub female: WordSet,
}

/// Countries, found by any of their words.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Vec<Country>")]
pub struct Countries {
    by_word: WordMap<(usize, CountryWord)>,
    names: Vec<String>,
}

/// What a word says of a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountryWord {
    /// It is its name.
    Name,
    /// It is its people or what is theirs.
    People,
    /// It is the seat of its government.
    Capital,
}

/// A country as written in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Country {
    name: String,
    people: Vec<String>,
    capital: String,
    #[serde(default)]
    also: Vec<String>,
}

impl From<Vec<Country>> for Countries {
    fn from(countries: Vec<Country>) -> Countries {
        let mut by_word = BTreeMap::new();
        for (number, country) in countries.iter().enumerate() {
            let capital = (CountryWord::Capital, std::slice::from_ref(&country.capital));
            let name = (CountryWord::Name, std::slice::from_ref(&country.name));
            let rows = [
                capital,
                (CountryWord::People, &country.people[..]),
                (CountryWord::Name, &country.also[..]),
                name,
            ];
            for (what, words) in rows {
                for word in words.iter().filter(|word| !word.is_empty()) {
                    by_word.insert(word.clone(), (number, what));
                }
            }
        }
        Countries {
            by_word: by_word.into(),
            names: countries.into_iter().map(|country| country.name).collect(),
        }
    }
}

impl Countries {
    /// The country that a name or adjective, as printed, speaks of, and how.
    pub fn find(&self, words: &str) -> Option<(usize, CountryWord)> {
        self.by_word.get(words).copied()
    }

    /// Its usual name.
    pub fn name(&self, country: usize) -> &str {
        &self.names[country]
    }
}
