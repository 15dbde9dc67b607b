//! Dictionary forms: by suffix rules with exceptions and an index of words, or looked up in a table.

mod memory;
mod tables;

pub(crate) use memory::LemmaMemory;

use crate::msgpack::{self, Value};
use crate::pack::{self, Reader, Writer};
use crate::symbols::string_id;
use crate::unicode::is_letter;
use std::borrow::Cow;
use tables::{Lookup, Part};

/// Parts of speech as spaCy's tables name them.
const PARTS: [&str; 19] = [
    "adj", "adp", "adv", "aux", "conj", "cconj", "det", "intj", "noun", "num", "part", "pron", "propn",
    "punct", "sconj", "sym", "verb", "x", "space",
];

/// Languages whose lemmatizer in spaCy goes by rules of its own, beyond the tables.
pub(crate) const OWN_RULES: [&str; 12] =
    ["ca", "el", "es", "fr", "ga", "ht", "it", "mk", "nl", "pl", "ru", "uk"];

/// How a pipeline finds lemmas.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lemmatizer {
    Lookup(Lookup),
    Rules(Rules),
}

/// Tables of suffix rules, by part of speech.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rules {
    parts: Vec<Part>,
    /// Whether some features say that a word is its own lemma, as in spaCy's English.
    knows_base_forms: bool,
}

impl Lemmatizer {
    /// From the file `lemmatizer/lookups/lookups.bin` of a pipeline, and the language and mode that its
    /// configuration names.
    pub(crate) fn from_spacy(bytes: &[u8], language: &str, mode: &str) -> Result<Lemmatizer, String> {
        let file = msgpack::parse(bytes).map_err(|error| error.to_string())?;
        match mode {
            "lookup" => Ok(Lemmatizer::Lookup(Lookup::from_spacy(&file)?)),
            "rule" if OWN_RULES.contains(&language) => {
                Err(format!("its language {language:?} has rules of its own, which are not supported"))
            }
            "rule" => {
                let parts = PARTS.iter().filter_map(|name| Part::from_spacy(&file, name).transpose());
                let parts = parts.collect::<Result<_, _>>()?;
                Ok(Lemmatizer::Rules(Rules { parts, knows_base_forms: language == "en" }))
            }
            _ => Err(format!("its mode {mode:?} is not supported")),
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        match self {
            Lemmatizer::Lookup(lookup) => {
                out.u8(0);
                lookup.write(out);
            }
            Lemmatizer::Rules(rules) => {
                out.u8(1);
                out.u8(u8::from(rules.knows_base_forms));
                out.list(&rules.parts, |out, part| part.write(out));
            }
        }
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<Lemmatizer, pack::Error> {
        match input.u8()? {
            0 => Ok(Lemmatizer::Lookup(Lookup::read(input)?)),
            1 => {
                let knows_base_forms = input.u8()? == 1;
                Ok(Lemmatizer::Rules(Rules { knows_base_forms, parts: input.list(Part::read)? }))
            }
            _ => Err(input.error("a lemmatizer of unknown kind")),
        }
    }

    /// The lemma of a word with a universal part of speech ("NOUN", or empty) and features ("Number=Sing").
    pub(crate) fn lemma<'a>(&'a self, word: &'a str, part: &str, morph: &str) -> Cow<'a, str> {
        match self {
            Lemmatizer::Lookup(lookup) => Cow::Borrowed(lookup.get(word).unwrap_or(word)),
            Lemmatizer::Rules(rules) => rules.lemma(word, part, morph),
        }
    }
}

impl Rules {
    fn lemma<'a>(&'a self, word: &'a str, part: &str, morph: &str) -> Cow<'a, str> {
        let part = part.to_ascii_lowercase();
        let is_nothing = matches!(part.as_str(), "" | "eol" | "space");
        if is_nothing || self.knows_base_forms && is_base_form(&part, morph) {
            return Cow::Owned(word.to_lowercase());
        }
        match self.parts.iter().find(|tables| *tables.name == *part) {
            Some(tables) => tables.lemma(word),
            None if part == "propn" => Cow::Borrowed(word),
            None => Cow::Owned(word.to_lowercase()),
        }
    }
}

impl Part {
    fn lemma<'a>(&'a self, word: &'a str) -> Cow<'a, str> {
        let lower = word.to_lowercase();
        // The forms as spaCy lists them: words of the index first, the one found last before the others.
        let (mut indexed, mut odd, mut unknown) = (Vec::new(), Vec::new(), None);
        for (old, new) in &self.rules {
            let Some(stem) = lower.strip_suffix(&**old) else {
                continue;
            };
            let form = format!("{stem}{new}");
            if form.is_empty() {
                continue;
            }
            if self.index.contains(&form) {
                indexed.push(form);
            } else if !form.chars().all(is_letter) {
                odd.push(form);
            } else {
                unknown.get_or_insert(form);
            }
        }
        let listed = |form: &str| indexed.iter().chain(&odd).any(|known| known == form);
        let exceptions: Vec<String> = self.exceptions(&lower).filter(|form| !listed(form)).collect();
        let first =
            exceptions.into_iter().next_back().or(indexed.pop()).or(odd.into_iter().next()).or(unknown);
        first.map_or(Cow::Borrowed(word), Cow::Owned)
    }
}

/// Whether the features say that an English word is its own lemma, after spaCy's English lemmatizer.
fn is_base_form(part: &str, morph: &str) -> bool {
    let has = |feature: &str| morph.split('|').any(|known| known == feature);
    let has_number = || morph.split('|').any(|known| known.starts_with("Number="));
    match part {
        "noun" if has("Number=Sing") => true,
        "verb" if has("VerbForm=Fin") && has("Tense=Pres") && !has_number() => true,
        _ => has("VerbForm=Inf") || has("VerbForm=None") || has("Degree=Pos"),
    }
}

/// The entry of a table whose keys are spaCy's numbers of strings, or the strings.
fn entry<'a, 'b>(table: &'b Value<'a>, key: &str) -> Option<&'b Value<'a>> {
    let id = string_id(key);
    let entries = table.map()?;
    entries
        .iter()
        .find(|(known, _)| known.uint() == Some(id) || known.text() == Some(key))
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests;
