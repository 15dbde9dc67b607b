//! What reading an article takes: models and words, loaded once and shared.

use std::path::Path;

use grammar::{Grammar, Session};

use crate::lang::Language;
use crate::quotation::Tagger;
use crate::vectors::Likeness;

/// Models and words of one language. Immutable: threads share it, each with a session of its own.
pub struct Tools {
    pub(crate) grammar: Grammar,
    pub(crate) vectors: Likeness,
    pub(crate) tagger: Tagger,
    pub(crate) language: Language,
}

impl Tools {
    /// English, with the models built into the program.
    pub fn built_in() -> Tools {
        Tools::with(Grammar::english())
    }

    /// English, with a pipeline read from disk.
    ///
    /// # Errors
    /// A sentence, when the path holds no pipeline that can be run.
    pub fn with_grammar(path: &Path) -> Result<Tools, String> {
        Grammar::load(path).map(Tools::with).map_err(|error| error.to_string())
    }

    /// Sentences are likened by a whole encoder (a folder with `model.onnx` and `vocab.txt`) in place of the built-in
    /// table: far slower.
    ///
    /// # Errors
    /// A sentence, when the folder holds no encoder that can be run.
    #[cfg(feature = "sentence-encoder")]
    pub fn with_sentence_encoder(mut self, folder: &Path) -> Result<Tools, String> {
        self.vectors.encoder =
            Some(grammar::SentenceEncoder::load(folder).map_err(|error| error.to_string())?);
        Ok(self)
    }

    /// What likeness of words and sentences rests on.
    pub fn likeness(&self) -> &Likeness {
        &self.vectors
    }

    /// Scratch space and caches for one thread. They never change what is found.
    pub fn session(&self) -> Session<'_> {
        self.grammar.session()
    }

    fn with(grammar: Grammar) -> Tools {
        let language = Language::built_in("en").expect("English is in the table of languages");
        Tools { grammar, vectors: Likeness::built_in(), tagger: Tagger::built_in(), language }
    }
}
