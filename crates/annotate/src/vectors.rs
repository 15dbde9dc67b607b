//! Vectors of words and sentences: the built-in table, or a whole encoder for sentences where one was loaded.

use std::collections::BTreeMap;
use std::sync::Arc;

#[cfg(feature = "sentence-encoder")]
use grammar::SentenceEncoder;
use grammar::Vectors;
use model::{Statement, Word, WordKind};

use crate::parse::lower;

/// What likeness of words and sentences rests on.
pub struct Likeness {
    table: Vectors,
    #[cfg(feature = "sentence-encoder")]
    pub(crate) encoder: Option<SentenceEncoder>,
}

impl Likeness {
    /// The table that is built into the program; it is read in about a millisecond.
    pub fn built_in() -> Likeness {
        Likeness {
            table: Vectors::built_in(),
            #[cfg(feature = "sentence-encoder")]
            encoder: None,
        }
    }

    /// Gives an article's statements their vectors, and those of their words. They follow from its text, so whoever keeps
    /// statements need not keep them. `known` holds words' vectors that were made before, for all that are compared with
    /// each other.
    pub fn give(&self, text: &str, (statements, known): (&mut [Statement], &mut WordVectors)) {
        self.give_sentences(text, statements);
        self.give_words(text, (statements, known));
    }

    /// Only those of the statements: what finding stories needs.
    pub(crate) fn give_sentences(&self, text: &str, statements: &mut [Statement]) {
        for statement in statements {
            statement.vector = self.sentence(statement.span.of(text));
        }
    }

    /// Only those of the words, which comparing needs.
    pub fn give_words(&self, text: &str, (statements, known): (&mut [Statement], &mut WordVectors)) {
        let words = statements.iter_mut().flat_map(|statement| &mut statement.words);
        for word in words.filter(|word| is_likened(word)) {
            let printed = lower(word.span.of(text));
            word.vector = match known.0.get(&*printed) {
                Some(vector) => Arc::clone(vector),
                None => {
                    let vector: Arc<[f32]> = self.table.word(&printed).into();
                    known.0.insert(printed.into(), Arc::clone(&vector));
                    vector
                }
            };
        }
    }

    /// A sentence's vector. Those of one run are comparable with each other.
    fn sentence(&self, text: &str) -> Vec<f32> {
        #[cfg(feature = "sentence-encoder")]
        if let Some(encoder) = &self.encoder {
            return encoder.sentence(text);
        }
        self.table.sentence(text)
    }
}

/// Vectors of words by how they are printed.
#[derive(Default)]
pub struct WordVectors(BTreeMap<Box<str>, Arc<[f32]>>);

/// Whether a word is compared by its vector: a name or a number matches only itself.
fn is_likened(word: &Word) -> bool {
    match word.kind {
        WordKind::Person | WordKind::Place | WordKind::Name | WordKind::Number => false,
        WordKind::Verb | WordKind::Noun | WordKind::Other => true,
    }
}
