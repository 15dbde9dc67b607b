//! Setting the lemmas of a document, with what has been worked out before kept.

use super::Lemmatizer;
use crate::document::{Document, Symbol};
use crate::tokenizer::{Form, FormId};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// Combinations of part of speech and features that are remembered before all is forgotten.
const CLASSES_MAX: usize = 4_000;

/// Lemmas of (word form, part, features). It changes no result.
#[derive(Clone, Debug, Default)]
pub(crate) struct LemmaMemory {
    /// Numbers of (part, features).
    classes: BTreeMap<(Box<str>, Box<str>), u32>,
    /// Numbers of lemmas, by form and class; none when there is no lemma.
    known: HashMap<(FormId, u32), Option<u32>>,
    lemmas: Vec<Box<str>>,
    /// In the document at hand: the classes by symbols of part and features, and symbols of lemmas by number.
    document_classes: HashMap<(Symbol, Symbol), u32>,
    symbols: Vec<Option<Symbol>>,
}

impl LemmaMemory {
    /// Forgets the forms, because they are numbered anew.
    pub(crate) fn clear_forms(&mut self) {
        self.known.clear();
        self.lemmas.clear();
        self.symbols.clear();
    }

    /// Forgets the symbols, because another document begins.
    pub(crate) fn start_document(&mut self) {
        self.document_classes.clear();
        self.symbols.clear();
        if self.classes.len() > CLASSES_MAX {
            self.classes.clear();
            self.clear_forms();
        }
    }

    fn class(&mut self, (document, token): (&Document, usize)) -> u32 {
        let key = (document.parts[token], document.morphs[token]);
        let classes = &mut self.classes;
        *self.document_classes.entry(key).or_insert_with(|| {
            let next = classes.len() as u32;
            let class = (document.part(token).into(), document.morph(token).into());
            *classes.entry(class).or_insert(next)
        })
    }

    /// Sets the lemma of a token by its form and class. `make` works it out the first time; whether there is one.
    pub(super) fn set(
        &mut self,
        (document, token): (&mut Document, usize),
        key: (FormId, u32),
        make: impl FnOnce(&Document) -> Option<String>,
    ) -> bool {
        let lemmas = &mut self.lemmas;
        let number = *self.known.entry(key).or_insert_with(|| {
            let lemma = make(document)?;
            lemmas.push(lemma.into());
            Some(lemmas.len() as u32 - 1)
        });
        let Some(number) = number.map(|number| number as usize) else {
            return false;
        };
        if number >= self.symbols.len() {
            self.symbols.resize(number + 1, None);
        }
        let symbol = self.symbols[number].get_or_insert_with(|| document.intern(&self.lemmas[number]));
        document.lemmas[token] = *symbol;
        true
    }
}

impl Lemmatizer {
    /// Sets the lemmas of tokens of a document that have none yet (the empty one); a ruler may have set some.
    pub(crate) fn apply(
        &self,
        memory: &mut LemmaMemory,
        (all_forms, forms): (&[Form], &[FormId]),
        (document, tokens): (&mut Document, Range<usize>),
    ) {
        for (token, &form) in tokens.zip(forms) {
            if !document.lemma(token).is_empty() {
                continue;
            }
            let class = memory.class((document, token));
            let word = &all_forms[form as usize].text;
            let make = |document: &Document| {
                Some(self.lemma(word, document.part(token), document.morph(token)).into_owned())
            };
            memory.set((document, token), (form, class), make);
        }
    }
}
