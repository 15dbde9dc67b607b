//! Lemmas by edit trees: a network says for each token which rewriting to apply.
//!
//! A tree keeps the middle of a word and rewrites what stands before and behind it by smaller trees, down to
//! single replacements: "ge|lauf|en" → "|lauf|en".

use super::memory::LemmaMemory;
use crate::draft::{Draft, NONE};
use crate::msgpack::{self, Value};
use crate::pack::{self, Reader, Strings, Writer};
use crate::symbols::{self, string_id};
use crate::tokenizer::FormId;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Applying a tree takes at most as many steps; a word needs a few. A damaged file may lead round and round.
const STEPS_MAX: usize = 100;

/// spaCy's number for a tree that is not there.
const NO_TREE: u64 = 0xffff_ffff;

/// A rewriting of a word or a part of one. Lengths are in characters.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Tree {
    /// Keeps what is between a prefix and a suffix; these are rewritten, or dropped when there is no tree.
    Keep { prefix_len: u32, suffix_len: u32, prefix: Option<u32>, suffix: Option<u32> },
    /// Replaces just one string by another.
    Replace { old: u32, new: u32 },
}

/// What a word's lemma is when no tree fits.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fallback {
    Form,
    Lower,
    Nothing,
}

/// The trees of a trainable lemmatizer, and which of them its network chooses from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EditTrees {
    trees: Vec<Tree>,
    strings: Strings,
    /// Numbers of trees, by the network's labels.
    labels: Vec<u32>,
    /// How many of the best trees are tried.
    tries: usize,
    fallback: Fallback,
}

/// What the configuration says of a trainable lemmatizer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EditOptions<'a> {
    /// spaCy's `top_k`.
    pub(crate) tries: usize,
    /// spaCy's `backoff`: "orth", "lower", or none.
    pub(crate) fallback: Option<&'a str>,
}

/// What a network says of a token's lemma.
pub(crate) struct Choice<'a, F> {
    pub(crate) word: &'a str,
    pub(crate) form: FormId,
    /// The best label.
    pub(crate) best: usize,
    /// Gives the best of the others when a label's tree does not fit.
    pub(crate) next: F,
}

impl EditTrees {
    /// From a pipeline's files `trees` and `cfg` of the component, and `vocab/strings.json`.
    pub(crate) fn from_spacy(
        [trees, cfg, strings]: [&[u8]; 3],
        options: EditOptions<'_>,
    ) -> Result<EditTrees, String> {
        let file = msgpack::parse(trees).map_err(|error| error.to_string())?;
        let list = file.get("trees").and_then(Value::array).ok_or("it has no list of trees")?;
        let cfg: Json = serde_json::from_slice(cfg).map_err(|error| error.to_string())?;
        let labels = cfg.get("labels").and_then(Json::as_array).ok_or("its settings have no labels")?;
        let labels = labels.iter().map(|label| u32::try_from(label.as_u64()?).ok());
        let labels: Option<Vec<u32>> = labels.collect();
        let mut numbers = Numbers::new(strings, list)?;
        let mut trees = Vec::with_capacity(list.len());
        for (number, tree) in list.iter().enumerate() {
            let tree = numbers.tree(tree);
            trees
                .push(tree.ok_or_else(|| format!("its tree {number} is neither a match nor a replacement"))?);
        }
        let fallback = match options.fallback {
            Some("orth") => Fallback::Form,
            Some("lower") => Fallback::Lower,
            None => Fallback::Nothing,
            Some(other) => return Err(format!("its backoff {other:?} is not supported")),
        };
        let labels = labels.ok_or("its labels are no numbers")?;
        let edits = EditTrees { trees, strings: numbers.strings, labels, tries: options.tries, fallback };
        match edits.is_sound() {
            true => Ok(edits),
            false => Err("it leads to trees that are not there".to_owned()),
        }
    }

    /// How many labels the network has to tell apart.
    pub(crate) fn label_count(&self) -> usize {
        self.labels.len()
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.list(&self.trees, |out, tree| match *tree {
            Tree::Keep { prefix_len, suffix_len, prefix, suffix } => {
                out.u8(0);
                for n in [prefix_len, suffix_len] {
                    out.varint(n as usize);
                }
                for tree in [prefix, suffix] {
                    out.varint(tree.map_or(0, |tree| tree as usize + 1));
                }
            }
            Tree::Replace { old, new } => {
                out.u8(1);
                out.varint(old as usize);
                out.varint(new as usize);
            }
        });
        out.strings(&self.strings.iter().collect::<Vec<_>>());
        out.list(&self.labels, |out, &label| out.varint(label as usize));
        out.varint(self.tries);
        out.u8(match self.fallback {
            Fallback::Form => 0,
            Fallback::Lower => 1,
            Fallback::Nothing => 2,
        });
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<EditTrees, pack::Error> {
        let tree = |n: usize| n.checked_sub(1).map(|n| n as u32);
        let trees = input.list(|input| match input.u8()? {
            0 => Ok(Tree::Keep {
                prefix_len: input.varint()? as u32,
                suffix_len: input.varint()? as u32,
                prefix: tree(input.varint()?),
                suffix: tree(input.varint()?),
            }),
            1 => Ok(Tree::Replace { old: input.varint()? as u32, new: input.varint()? as u32 }),
            _ => Err(input.error("a tree of unknown kind")),
        })?;
        let strings = input.strings()?;
        let labels = input.list(|input| Ok(input.varint()? as u32))?;
        let tries = input.varint()?;
        let fallback = match input.u8()? {
            0 => Fallback::Form,
            1 => Fallback::Lower,
            2 => Fallback::Nothing,
            _ => return Err(input.error("an unknown way out when no tree fits")),
        };
        let edits = EditTrees { trees, strings, labels, tries, fallback };
        match edits.is_sound() {
            true => Ok(edits),
            false => Err(input.error("trees that are not there")),
        }
    }

    fn is_sound(&self) -> bool {
        let has_tree = |tree: &u32| (*tree as usize) < self.trees.len();
        let has_string = |string: u32| (string as usize) < self.strings.len();
        self.labels.iter().all(has_tree)
            && self.trees.iter().all(|tree| match tree {
                Tree::Keep { prefix, suffix, .. } => prefix.iter().chain(suffix).all(has_tree),
                &Tree::Replace { old, new } => has_string(old) && has_string(new),
            })
    }

    /// Sets the lemma of a token of a document if it has none yet.
    pub(crate) fn apply<F: FnMut(usize) -> Option<usize>>(
        &self,
        memory: &mut LemmaMemory,
        (draft, token): (&mut Draft, usize),
        choice: Choice<'_, F>,
    ) {
        let Choice { word, form, best, mut next } = choice;
        if draft.document.lemmas[token] != NONE {
            return;
        }
        let mut label = Some(best);
        for tried in 0..self.tries.min(self.labels.len()) {
            if tried > 0 {
                label = label.and_then(&mut next);
            }
            let Some(label) = label else { break };
            let lemma = memory.lemma(draft, (form, [label as u32, 0]), |_| self.lemma(label, word));
            if let Some(lemma) = lemma {
                draft.document.lemmas[token] = lemma;
                return;
            }
        }
        let fallback = |_: &Draft| match self.fallback {
            Fallback::Form => Some(word.to_owned()),
            Fallback::Lower => Some(word.to_lowercase()),
            Fallback::Nothing => None,
        };
        draft.document.lemmas[token] = memory.lemma(draft, (form, [u32::MAX, 0]), fallback).unwrap_or(NONE);
    }

    /// The lemma of a word by a label's tree, if that fits.
    fn lemma(&self, label: usize, word: &str) -> Option<String> {
        let mut lemma = String::with_capacity(word.len());
        let mut steps = 0;
        self.rewrite(*self.labels.get(label)?, word, (&mut lemma, &mut steps))?;
        Some(lemma)
    }

    fn rewrite(&self, tree: u32, part: &str, (lemma, steps): (&mut String, &mut usize)) -> Option<()> {
        *steps += 1;
        if *steps > STEPS_MAX {
            return None;
        }
        match self.trees[tree as usize] {
            Tree::Keep { prefix_len, suffix_len, prefix, suffix } => {
                let count = part.chars().count();
                let suffix_start = count.checked_sub(suffix_len as usize)?;
                if (prefix_len as usize) > suffix_start {
                    return None;
                }
                let byte = |place: usize| part.char_indices().nth(place).map_or(part.len(), |(at, _)| at);
                let (kept, end) = (byte(prefix_len as usize), byte(suffix_start));
                if let Some(prefix) = prefix {
                    self.rewrite(prefix, part.get(..kept)?, (lemma, steps))?;
                }
                lemma.push_str(part.get(kept..end)?);
                match suffix {
                    Some(suffix) => self.rewrite(suffix, part.get(end..)?, (lemma, steps)),
                    None => Some(()),
                }
            }
            Tree::Replace { old, new } if self.strings.get(old as usize) == part => {
                lemma.push_str(self.strings.get(new as usize));
                Some(())
            }
            Tree::Replace { .. } => None,
        }
    }
}

/// The strings of the trees, by spaCy's numbers.
struct Numbers {
    strings: Strings,
    places: BTreeMap<u64, u32>,
}

impl Numbers {
    fn new(strings: &[u8], trees: &[Value<'_>]) -> Result<Numbers, String> {
        let keys = ["orig", "subst"];
        let wanted = trees.iter().flat_map(|tree| keys.iter().filter_map(|key| tree.get(key)?.uint()));
        let wanted: std::collections::BTreeSet<u64> = wanted.collect();
        let all: Vec<String> = serde_json::from_slice(strings).map_err(|error| error.to_string())?;
        let mut numbers = Numbers { strings: Strings::default(), places: BTreeMap::new() };
        // The empty string and the symbols are in no list.
        for string in std::iter::once("").chain(symbols::names()).chain(all.iter().map(String::as_str)) {
            let id = string_id(string);
            if wanted.contains(&id) && !numbers.places.contains_key(&id) {
                numbers.places.insert(id, numbers.strings.len() as u32);
                numbers.strings.push(string).ok_or("its strings are too long")?;
            }
        }
        Ok(numbers)
    }

    fn tree(&mut self, tree: &Value<'_>) -> Option<Tree> {
        let number = |key| tree.get(key).and_then(Value::uint);
        if let Some(old) = number("orig") {
            let [old, new] = [old, number("subst")?].map(|id| self.places.get(&id).copied());
            return Some(Tree::Replace { old: old?, new: new? });
        }
        let length = |key| u32::try_from(number(key)?).ok();
        let subtree = |key| match number(key) {
            None | Some(NO_TREE) => Some(None),
            Some(tree) => u32::try_from(tree).ok().map(Some),
        };
        Some(Tree::Keep {
            prefix_len: length("prefix_len")?,
            suffix_len: length("suffix_len")?,
            prefix: subtree("prefix_tree")?,
            suffix: subtree("suffix_tree")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Choice, EditOptions, EditTrees, LemmaMemory, NO_TREE};
    use crate::draft::{Draft, NONE};
    use crate::msgpack::{Value, encode};
    use crate::pack::{Reader, Writer};
    use crate::symbols::string_id;
    use proptest::prelude::*;

    fn tree<'a>(entries: &[(&'a str, u64)]) -> Value<'a> {
        Value::Map(entries.iter().map(|&(key, n)| (Value::Str(key), Value::UInt(n))).collect())
    }

    fn keep(lens: [u64; 2], trees: [u64; 2]) -> Value<'static> {
        tree(&[
            ("prefix_len", lens[0]),
            ("suffix_len", lens[1]),
            ("prefix_tree", trees[0]),
            ("suffix_tree", trees[1]),
        ])
    }

    fn replace(old: &str, new: &str) -> Value<'static> {
        tree(&[("orig", string_id(old)), ("subst", string_id(new))])
    }

    /// Trees: "ge" → "", "t" → "en", both around a middle, and the word as it is.
    fn trees() -> Vec<u8> {
        let list = vec![
            replace("ge", ""),
            replace("t", "en"),
            keep([2, 1], [0, 1]),
            keep([0, 0], [NO_TREE, NO_TREE]),
            replace("X", "_"),
        ];
        let mut bytes = Vec::new();
        encode(&Value::Map(vec![(Value::Str("trees"), Value::Array(list))]), &mut bytes);
        bytes
    }

    fn edits(tries: usize, fallback: Option<&str>) -> Result<EditTrees, String> {
        let files = [&trees()[..], br#"{"labels": [2, 3]}"#, br#"["ge", "t", "en", "other"]"#];
        EditTrees::from_spacy(files, EditOptions { tries, fallback })
    }

    fn lemma(edits: &EditTrees, word: &str) -> String {
        let mut draft = Draft::default();
        draft.document.lemmas.push(NONE);
        let next = |label: usize| Some(label + 1);
        let choice = Choice { word, form: 0, best: 0, next };
        edits.apply(&mut LemmaMemory::default(), (&mut draft, 0), choice);
        draft.finish().lemma(0).to_owned()
    }

    #[test]
    fn a_tree_keeps_the_middle_and_rewrites_the_ends() {
        let edits = edits(1, Some("lower")).unwrap();
        assert_eq!(lemma(&edits, "gesagt"), "sagen");
        assert_eq!(lemma(&edits, "geübt"), "üben");
        assert_eq!(lemma(&edits, "get"), "en");
        assert_eq!(lemma(&edits, "Ge"), "ge", "too short for the tree");
        assert_eq!(lemma(&edits, "Gesagt"), "gesagt", "a replacement is of exactly one string");
    }

    #[test]
    fn the_next_best_tree_is_tried_and_then_the_way_out() {
        assert_eq!(lemma(&edits(2, Some("lower")).unwrap(), "Haus"), "Haus");
        assert_eq!(lemma(&edits(1, Some("lower")).unwrap(), "Haus"), "haus");
        assert_eq!(lemma(&edits(1, Some("orth")).unwrap(), "Haus"), "Haus");
        assert_eq!(lemma(&edits(1, None).unwrap(), "Haus"), "");
        assert!(edits(1, Some("norm")).unwrap_err().contains("\"norm\""));
    }

    #[test]
    fn what_is_written_is_read() {
        let edits = edits(3, None).unwrap();
        let mut out = Writer::default();
        edits.write(&mut out);
        assert_eq!(EditTrees::read(&mut Reader::new(&out.bytes)), Ok(edits));
    }

    #[test]
    fn a_tree_within_itself_ends() {
        let list = vec![keep([0, 0], [0, 0])];
        let mut bytes = Vec::new();
        encode(&Value::Map(vec![(Value::Str("trees"), Value::Array(list))]), &mut bytes);
        let options = EditOptions { tries: 1, fallback: Some("orth") };
        let edits = EditTrees::from_spacy([&bytes, br#"{"labels": [0]}"#, b"[]"], options).unwrap();
        assert_eq!(lemma(&edits, "Haus"), "Haus");
    }

    proptest! {
        #[test]
        fn damage_does_not_panic(place in any::<prop::sample::Index>(), byte in any::<u8>(), word in "\\PC{0,6}t?") {
            let mut out = Writer::default();
            edits(2, Some("orth")).unwrap().write(&mut out);
            let place = place.index(out.bytes.len());
            out.bytes[place] = byte;
            if let Ok(edits) = EditTrees::read(&mut Reader::new(&out.bytes)) {
                lemma(&edits, &word);
            }
        }
    }
}
