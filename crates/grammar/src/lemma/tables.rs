//! The tables that lemmas come from, packed.

use super::entry;
use crate::msgpack::Value;
use crate::pack::{self, Reader, Strings, Writer};
use crate::symbols::string_id;
use crate::wordlist::WordList;

/// What a part of speech has of tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Part {
    pub(super) name: Box<str>,
    /// Suffixes and what takes their place, in order.
    pub(super) rules: Vec<(Box<str>, Box<str>)>,
    /// Words that are lemmas.
    pub(super) index: WordList,
    /// Words with irregular lemmas, sorted.
    words: Strings,
    /// Where the lemmas of each word end.
    ends: Vec<u32>,
    /// Irregular lemmas: how many bytes of the word they begin with, and what follows.
    lemmas: Vec<(u32, u32)>,
    /// What follows, each once, sorted.
    tails: Strings,
}

impl Part {
    /// The tables of a part of speech; none when there is nothing in any.
    pub(super) fn from_spacy(file: &Value<'_>, name: &str) -> Result<Option<Part>, String> {
        let table = |table: &str| file.get(table).and_then(|table| entry(table, name));
        let mut part = Part { name: name.into(), ..Part::default() };
        for rule in table("lemma_rules").and_then(Value::array).unwrap_or(&[]) {
            let rule = rule.array().and_then(|rule| Some((rule.first()?.text()?, rule.get(1)?.text()?)));
            let (old, new) = rule.ok_or_else(|| format!("a rule for {name:?} is no pair of strings"))?;
            part.rules.push((old.into(), new.into()));
        }
        let index = table("lemma_index").and_then(Value::array).unwrap_or(&[]);
        let index: Option<Vec<&str>> = index.iter().map(Value::text).collect();
        let index = index.ok_or_else(|| format!("the index for {name:?} has something that is no string"))?;
        let exceptions = table("lemma_exc").and_then(Value::map).unwrap_or(&[]);
        if part.rules.is_empty() && index.is_empty() && exceptions.is_empty() {
            return Ok(None);
        }
        part.index = WordList::new(index);
        part.set_exceptions(exceptions)
            .ok_or_else(|| format!("an exception for {name:?} is no list of strings"))?;
        Ok(Some(part))
    }

    fn set_exceptions(&mut self, exceptions: &[(Value<'_>, Value<'_>)]) -> Option<()> {
        let mut sorted: Vec<(&str, Vec<&str>)> = exceptions
            .iter()
            .map(|(word, lemmas)| {
                let lemmas: Option<Vec<&str>> = lemmas.array()?.iter().map(Value::text).collect();
                Some((word.text()?, lemmas?))
            })
            .collect::<Option<_>>()?;
        sorted.sort();
        sorted.dedup_by(|a, b| a.0 == b.0);
        let shared = |word: &str, lemma: &str| {
            let pairs = word.char_indices().zip(lemma.chars());
            let same = pairs.take_while(|((_, a), b)| a == b).last();
            same.map_or(0, |((at, a), _)| at + a.len_utf8())
        };
        let mut tails: Vec<&str> = Vec::new();
        for (word, lemmas) in &sorted {
            tails.extend(lemmas.iter().filter_map(|lemma| lemma.get(shared(word, lemma)..)));
        }
        tails.sort_unstable();
        tails.dedup();
        for (word, lemmas) in &sorted {
            for lemma in lemmas {
                let shared = shared(word, lemma);
                let tail = tails.binary_search(&lemma.get(shared..)?).ok()?;
                self.lemmas.push((shared as u32, tail as u32));
            }
            self.words.push(word)?;
            self.ends.push(self.lemmas.len() as u32);
        }
        tails.iter().try_for_each(|tail| self.tails.push(tail))
    }

    /// The irregular lemmas of a word, in order.
    pub(super) fn exceptions(&self, word: &str) -> impl Iterator<Item = String> {
        let lemmas = self.words.find(word).map_or(&[][..], |number| {
            let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
            self.lemmas.get(start as usize..self.ends[number] as usize).unwrap_or(&[])
        });
        lemmas.iter().map(move |&(shared, tail)| {
            let stem = word.get(..shared as usize).unwrap_or("");
            format!("{stem}{}", self.tails.get(tail as usize))
        })
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.str(&self.name);
        out.list(&self.rules, |out, (old, new)| {
            out.str(old);
            out.str(new);
        });
        self.index.write(out);
        out.strings(&self.words.iter().collect::<Vec<_>>());
        let mut before = 0;
        out.list(&self.ends, |out, &end| {
            out.varint((end - before) as usize);
            before = end;
        });
        out.list(&self.lemmas, |out, &(shared, tail)| {
            out.varint(shared as usize);
            out.varint(tail as usize);
        });
        out.strings(&self.tails.iter().collect::<Vec<_>>());
    }

    pub(super) fn read(input: &mut Reader<'_>) -> Result<Part, pack::Error> {
        let name = input.str()?.into();
        let rules = input.list(|input| Ok((input.str()?.into(), input.str()?.into())))?;
        let index = WordList::read(input)?;
        let words = input.strings()?;
        let mut end = 0u32;
        let ends = input.list(|input| {
            end = end.saturating_add(input.varint()? as u32);
            Ok(end)
        })?;
        let lemmas = input.list(|input| Ok((input.varint()? as u32, input.varint()? as u32)))?;
        let tails = input.strings()?;
        match words.is_sorted() && ends.len() == words.len() {
            true => Ok(Part { name, rules, index, words, ends, lemmas, tails }),
            false => Err(input.error("irregular lemmas that do not fit together")),
        }
    }
}

/// Lemmas by word form.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lookup {
    /// spaCy's number of a form, and the number of its lemma; sorted.
    forms: Vec<(u64, u32)>,
    /// Lemmas, each once, sorted.
    lemmas: Strings,
}

impl Lookup {
    pub(super) fn from_spacy(file: &Value<'_>) -> Result<Lookup, String> {
        let table = file.get("lemma_lookup").and_then(Value::map).ok_or("it has no table `lemma_lookup`")?;
        let mut entries = Vec::with_capacity(table.len());
        for (form, lemma) in table {
            let form = form.text().map(string_id).or(form.uint());
            // A list of lemmas stands for its first.
            let lemma = lemma.text().or_else(|| lemma.array()?.first()?.text());
            entries.push(form.zip(lemma).ok_or("`lemma_lookup` leads from something to no string")?);
        }
        entries.sort_unstable();
        entries.dedup_by_key(|&mut (form, _)| form);
        let mut sorted: Vec<&str> = entries.iter().map(|&(_, lemma)| lemma).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut lookup = Lookup::default();
        sorted.iter().try_for_each(|lemma| lookup.lemmas.push(lemma)).ok_or("`lemma_lookup` is too long")?;
        lookup.forms = entries
            .into_iter()
            .map(|(form, lemma)| (form, sorted.partition_point(|&known| known < lemma) as u32))
            .collect();
        Ok(lookup)
    }

    pub(super) fn get(&self, word: &str) -> Option<&str> {
        let place = self.forms.binary_search_by_key(&string_id(word), |&(form, _)| form).ok()?;
        Some(self.lemmas.get(self.forms[place].1 as usize))
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.list(&self.forms, |out, &(form, lemma)| {
            out.u64(form);
            out.varint(lemma as usize);
        });
        out.strings(&self.lemmas.iter().collect::<Vec<_>>());
    }

    pub(super) fn read(input: &mut Reader<'_>) -> Result<Lookup, pack::Error> {
        let forms = input.list(|input| Ok((input.u64()?, input.varint()? as u32)))?;
        let lemmas = input.strings()?;
        match forms.is_sorted() && forms.iter().all(|&(_, lemma)| (lemma as usize) < lemmas.len()) {
            true => Ok(Lookup { forms, lemmas }),
            false => Err(input.error("lemmas that do not fit together")),
        }
    }
}
