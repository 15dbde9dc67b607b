//! Dictionary forms: by suffix rules with exceptions and an index of words, or looked up in a table.

mod edit;
mod memory;
mod tables;

pub(crate) use edit::{Choice, EditOptions, EditTrees};
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

/// Languages whose lemmatizer in spaCy goes by rules of its own, beyond the tables, which are not rebuilt here.
pub(crate) const OWN_RULES: [&str; 11] = ["ca", "el", "es", "ga", "ht", "it", "mk", "nl", "pl", "ru", "uk"];

/// How a pipeline finds lemmas.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lemmatizer {
    Lookup(Lookup),
    Rules(Rules),
}

/// Tables of suffix rules, by part of speech.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rules {
    parts: Vec<Part>,
    way: Way,
}

/// In which order the tables are asked.
#[derive(Clone, Debug, PartialEq)]
enum Way {
    /// spaCy's ordinary lemmatizer: rules, then exceptions in front of what they found.
    Ordinary,
    /// The same, but some features say that a word is its own lemma: spaCy's English one.
    English,
    /// Index, exceptions, rules, and a table of word forms at last: spaCy's French one.
    French(Lookup),
}

/// Parts of speech that [`Way::French`] has rules for; all others are looked up.
const INDEXED_PARTS: [&str; 11] =
    ["noun", "verb", "adj", "adp", "adv", "aux", "cconj", "det", "pron", "punct", "sconj"];

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
                let way = match language {
                    "en" => Way::English,
                    "fr" => Way::French(Lookup::from_spacy(&file)?),
                    _ => Way::Ordinary,
                };
                Ok(Lemmatizer::Rules(Rules { parts, way }))
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
                match &rules.way {
                    Way::Ordinary => out.u8(0),
                    Way::English => out.u8(1),
                    Way::French(lookup) => {
                        out.u8(2);
                        lookup.write(out);
                    }
                }
                out.list(&rules.parts, |out, part| part.write(out));
            }
        }
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<Lemmatizer, pack::Error> {
        match input.u8()? {
            0 => Ok(Lemmatizer::Lookup(Lookup::read(input)?)),
            1 => {
                let way = match input.u8()? {
                    0 => Way::Ordinary,
                    1 => Way::English,
                    2 => Way::French(Lookup::read(input)?),
                    _ => return Err(input.error("lemma rules of unknown order")),
                };
                Ok(Lemmatizer::Rules(Rules { way, parts: input.list(Part::read)? }))
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
        let is_base_form = match &self.way {
            Way::English => is_base_form(&part, morph),
            Way::Ordinary | Way::French(_) => false,
        };
        if is_base_form || matches!(part.as_str(), "" | "eol" | "space") {
            return Cow::Owned(word.to_lowercase());
        }
        let tables = self.parts.iter().find(|tables| *tables.name == *part);
        match (&self.way, tables) {
            (Way::French(lookup), _) if !INDEXED_PARTS.contains(&part.as_str()) => {
                Cow::Borrowed(lookup.get(word).unwrap_or(word))
            }
            (Way::French(lookup), tables) => {
                let lower = word.to_lowercase();
                let found = tables.and_then(|tables| tables.lemma_index_first(&lower));
                let found = found.or_else(|| Some(lookup.get(&lower)?.to_owned()));
                Cow::Owned(found.unwrap_or(lower))
            }
            (Way::Ordinary | Way::English, Some(tables)) => tables.lemma(word),
            (Way::Ordinary | Way::English, None) if part == "propn" => Cow::Borrowed(word),
            (Way::Ordinary | Way::English, None) => Cow::Owned(word.to_lowercase()),
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

    /// The lemma of a word in lower case by index, exceptions or rules, in this order.
    fn lemma_index_first(&self, lower: &str) -> Option<String> {
        if self.index.contains(lower) {
            return Some(lower.to_owned());
        }
        if let Some(exception) = self.exceptions(lower).next() {
            return Some(exception);
        }
        let mut unknown = None;
        for (old, new) in &self.rules {
            let form = lower.strip_suffix(&**old).map(|stem| format!("{stem}{new}"));
            let Some(form) = form.filter(|form| !form.is_empty()) else {
                continue;
            };
            if self.index.contains(&form) || !form.chars().all(is_letter) {
                return Some(form);
            }
            unknown.get_or_insert(form);
        }
        unknown
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
