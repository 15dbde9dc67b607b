//! Vectors of words and sentences: the built-in table, or a whole encoder for sentences where one was loaded.

#[cfg(feature = "sentence-encoder")]
use grammar::SentenceEncoder;
use grammar::Vectors;

/// What likeness of words and sentences rests on.
pub(crate) struct Likeness {
    table: Vectors,
    #[cfg(feature = "sentence-encoder")]
    pub(crate) encoder: Option<SentenceEncoder>,
}

impl Likeness {
    /// The table that is built into the program.
    pub(crate) fn built_in() -> Likeness {
        Likeness {
            table: Vectors::built_in(),
            #[cfg(feature = "sentence-encoder")]
            encoder: None,
        }
    }

    /// A sentence's vector. Those of one run are comparable with each other.
    pub(crate) fn sentence(&self, text: &str) -> Vec<f32> {
        #[cfg(feature = "sentence-encoder")]
        if let Some(encoder) = &self.encoder {
            return encoder.sentence(text);
        }
        self.table.sentence(text)
    }

    /// A word's vector.
    pub(crate) fn word(&self, word: &str) -> Vec<f32> {
        self.table.word(word)
    }
}
