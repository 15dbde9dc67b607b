//! Setting the lemmas of a document, with what has been worked out before kept.

use super::Lemmatizer;
use crate::document::Symbol;
use crate::draft::{Draft, NONE};
use crate::tokenizer::{Form, FormId};
use foldhash::HashMap;
use std::ops::Range;

/// What a lemma depends on: the word form, and numbers of its part of speech and features, or of a network's label.
pub(super) type Key = (FormId, [u32; 2]);

/// A lemma, none where there is none, and what it depends on beside the form.
type Last = ([u32; 2], Option<Symbol>);

/// Lemmas that have been worked out. It changes no result.
#[derive(Clone, Debug, Default)]
pub(crate) struct LemmaMemory {
    known: HashMap<Key, Option<Symbol>>,
    /// What each form had last, by its number: mostly it has the same again.
    last: Vec<Option<Last>>,
}

impl LemmaMemory {
    /// Forgets all, because forms or strings are numbered anew.
    pub(crate) fn clear(&mut self) {
        self.known.clear();
        self.last.clear();
    }

    /// The lemma for a key. `make` works it out the first time.
    pub(super) fn lemma(
        &mut self,
        draft: &mut Draft,
        key: Key,
        make: impl FnOnce(&Draft) -> Option<String>,
    ) -> Option<Symbol> {
        let (form, rest) = key;
        let place = form as usize;
        if place >= self.last.len() {
            self.last.resize(place + 1, None);
        }
        match self.last[place] {
            Some((known, lemma)) if known == rest => lemma,
            _ => {
                let lemma = *self.known.entry(key).or_insert_with(|| Some(draft.intern(&make(draft)?)));
                self.last[place] = Some((rest, lemma));
                lemma
            }
        }
    }
}

impl Lemmatizer {
    /// Sets the lemmas of tokens of a document that have none yet (the empty one); a ruler may have set some.
    pub(crate) fn apply(
        &self,
        memory: &mut LemmaMemory,
        (all_forms, forms): (&[Form], &[FormId]),
        (draft, tokens): (&mut Draft, Range<usize>),
    ) {
        for (token, &form) in tokens.zip(forms) {
            if draft.document.lemmas[token] != NONE {
                continue;
            }
            let (part, morph) = (draft.document.parts[token], draft.document.morphs[token]);
            let word = &all_forms[form as usize].text;
            let make =
                |draft: &Draft| Some(self.lemma(word, draft.string(part), draft.string(morph)).into_owned());
            if let Some(lemma) = memory.lemma(draft, (form, [part, morph]), make) {
                draft.document.lemmas[token] = lemma;
            }
        }
    }
}
