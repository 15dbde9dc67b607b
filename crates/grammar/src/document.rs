//! What the pipeline found in a text: tokens in flat arrays, strings by number.

use std::ops::Range;
use std::sync::Arc;

/// An interned string of a [`Document`]: a tag, label or lemma.
pub type Symbol = u32;

/// Numbers of a token's strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenSymbols {
    /// Dictionary form.
    pub lemma: Symbol,
    /// Fine-grained tag.
    pub tag: Symbol,
    /// Label of the arc to the head.
    pub label: Symbol,
    /// Type of the named entity.
    pub entity: Symbol,
}

/// An analysed text. Token `i` has its `i`-th entry in every array.
///
/// Positions are bytes in the text that was analysed. A piece (a paragraph, say) is analysed by itself: heads
/// never leave it and a sentence never crosses it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Byte range of each token.
    pub spans: Vec<Range<usize>>,
    /// Index of each token's head; a root is its own head.
    pub heads: Vec<usize>,
    /// Whether a sentence begins here.
    pub sentence_starts: Vec<bool>,
    /// Whether a named entity begins here.
    pub entity_starts: Vec<bool>,
    /// Token ranges of the pieces, in order.
    pub pieces: Vec<Range<usize>>,
    /// Context vectors, `vector_width` numbers a token; empty when not asked for.
    pub vectors: Vec<f32>,
    /// Width of a context vector.
    pub vector_width: usize,
    pub(crate) lemmas: Vec<Symbol>,
    pub(crate) tags: Vec<Symbol>,
    pub(crate) parts: Vec<Symbol>,
    pub(crate) morphs: Vec<Symbol>,
    pub(crate) labels: Vec<Symbol>,
    pub(crate) entities: Vec<Symbol>,
    pub(crate) strings: Vec<Arc<str>>,
}

impl Document {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Dictionary form: "troops" → "troop".
    pub fn lemma(&self, token: usize) -> &str {
        self.string(self.lemmas[token])
    }

    /// Fine-grained tag: for English the Penn Treebank's, `NNS`.
    pub fn tag(&self, token: usize) -> &str {
        self.string(self.tags[token])
    }

    /// Universal part of speech: `NOUN`.
    pub fn part(&self, token: usize) -> &str {
        self.string(self.parts[token])
    }

    /// Universal features: `Number=Plur`; empty when there are none.
    pub fn morph(&self, token: usize) -> &str {
        self.string(self.morphs[token])
    }

    /// Label of the arc to the head: for English ClearNLP's, `nsubj`.
    pub fn label(&self, token: usize) -> &str {
        self.string(self.labels[token])
    }

    /// Type of the named entity the token belongs to: `PERSON`; empty when to none.
    pub fn entity(&self, token: usize) -> &str {
        self.string(self.entities[token])
    }

    /// Number of strings that tags, labels, lemmas and the like are numbered by.
    pub fn symbol_count(&self) -> usize {
        self.strings.len()
    }

    /// Numbers of the token's lemma, tag, label and entity type: what is looked up for one holds for its equals.
    pub fn symbols(&self, token: usize) -> TokenSymbols {
        TokenSymbols {
            lemma: self.lemmas[token],
            tag: self.tags[token],
            label: self.labels[token],
            entity: self.entities[token],
        }
    }

    /// The token's context vector; empty when vectors were not asked for.
    pub fn vector(&self, token: usize) -> &[f32] {
        let width = self.vector_width;
        self.vectors.get(token * width..(token + 1) * width).unwrap_or(&[])
    }

    /// What holds symbols: tags, parts, features, labels, lemmas and entities.
    pub(crate) fn columns(&mut self) -> [&mut Vec<Symbol>; 6] {
        [
            &mut self.tags,
            &mut self.parts,
            &mut self.morphs,
            &mut self.labels,
            &mut self.lemmas,
            &mut self.entities,
        ]
    }

    fn string(&self, symbol: Symbol) -> &str {
        &self.strings[symbol as usize]
    }
}
