//! A document in the making: its strings have the session's numbers, which stay from one document to the next.

use std::sync::Arc;

use foldhash::HashMap;

use crate::document::{Document, Symbol};

/// The empty string, which every session numbers first.
pub(crate) const NONE: Symbol = 0;

/// Strings that are kept before all are forgotten: labels, and the lemmas of as many forms as are remembered.
const STRINGS_MAX: usize = 1 << 16;

/// A session's document at hand. What is worked out by number of a string holds until [`Draft::begin`] forgets.
#[derive(Debug)]
pub(crate) struct Draft {
    /// Its columns hold the session's numbers.
    pub(crate) document: Document,
    strings: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, Symbol>,
    /// While a document is finished: the symbols that it gives to the session's strings, by number.
    symbols: Vec<Option<Symbol>>,
}

impl Default for Draft {
    fn default() -> Draft {
        let mut draft = Draft {
            document: Document::default(),
            strings: Vec::new(),
            numbers: HashMap::default(),
            symbols: Vec::new(),
        };
        draft.intern("");
        draft
    }
}

impl Draft {
    /// Begins a document. Whether all strings were forgotten first, because they had become too many: who keeps
    /// something by their numbers has to forget it.
    pub(crate) fn begin(&mut self, vector_width: usize, vectors: Vec<f32>) -> bool {
        let forgets = self.strings.len() > STRINGS_MAX;
        if forgets {
            *self = Draft::default();
        }
        self.document = Document { vector_width, vectors, ..Document::default() };
        forgets
    }

    /// Number of a string.
    pub(crate) fn intern(&mut self, string: &str) -> Symbol {
        if let Some(&number) = self.numbers.get(string) {
            return number;
        }
        let number = self.strings.len() as Symbol;
        let string: Arc<str> = string.into();
        self.strings.push(Arc::clone(&string));
        self.numbers.insert(string, number);
        self.symbols.push(None);
        number
    }

    /// The string of a number.
    pub(crate) fn string(&self, number: Symbol) -> &str {
        &self.strings[number as usize]
    }

    /// Ends the document: its strings get numbers of its own, in the order in which its columns have them, whatever
    /// the session read before.
    pub(crate) fn finish(&mut self) -> Document {
        let mut document = std::mem::take(&mut self.document);
        let mut used = Vec::new();
        for column in document.columns() {
            for symbol in column {
                let number = *symbol as usize;
                *symbol = *self.symbols[number].get_or_insert_with(|| {
                    used.push(number);
                    used.len() as Symbol - 1
                });
            }
        }
        document.strings = used.iter().map(|&number| Arc::clone(&self.strings[number])).collect();
        used.into_iter().for_each(|number| self.symbols[number] = None);
        document
    }
}

#[cfg(test)]
mod tests {
    use super::{Draft, NONE};
    use crate::document::Document;

    /// Two tokens with tags and lemmas.
    fn document(draft: &mut Draft, [first, second]: [&str; 2]) -> Document {
        draft.begin(0, Vec::new());
        let (first, second) = (draft.intern(first), draft.intern(second));
        draft.document.spans = vec![0..1, 1..2];
        draft.document.tags = vec![first, second];
        draft.document.lemmas = vec![second, NONE];
        draft.finish()
    }

    #[test]
    fn a_document_does_not_show_what_was_read_before_it() {
        let mut draft = Draft::default();
        let first = document(&mut draft, ["NN", "ferry"]);
        document(&mut draft, ["VB", "NN"]);
        let again = document(&mut draft, ["NN", "ferry"]);
        assert_eq!(again, first);
        assert_eq!((again.tag(0), again.lemma(0), again.lemma(1)), ("NN", "ferry", ""));
        assert_eq!(again.symbol_count(), 3);
        assert_eq!(again, document(&mut Draft::default(), ["NN", "ferry"]));
    }

    #[test]
    fn too_many_strings_are_forgotten() {
        let mut draft = Draft::default();
        assert!(!draft.begin(0, Vec::new()));
        (0..=super::STRINGS_MAX).for_each(|number| assert!(draft.intern(&number.to_string()) > NONE));
        assert!(draft.begin(0, Vec::new()));
        assert_eq!((draft.intern(""), draft.intern("ferry")), (NONE, 1));
    }
}
