//! The words of a text: tokens, sentences, tags, heads, names.
//!
//! Runs trained spaCy pipelines (the CNN family) natively; knows no news.
//!
//! ```
//! let grammar = grammar::Grammar::english();
//! let mut session = grammar.session();
//! let text = "The ferry sank off Norway.";
//! let document = session.analyze(text, std::slice::from_ref(&(0..text.len())));
//! let sank = 2;
//! assert_eq!((document.lemma(sank), document.part(sank)), ("sink", "VERB"));
//! assert_eq!((document.heads[1], document.label(1)), (sank, "nsubj"));
//! assert_eq!(document.entity(4), "GPE");
//! ```

mod compact;
mod config;
mod document;
mod draft;
mod encoder;
mod error;
mod files;
pub mod golden;
mod grammar;
mod half;
mod hash;
mod kept;
mod kernel;
mod lemma;
mod lexeme;
mod matrix;
mod mix;
mod msgpack;
mod names;
mod pack;
mod packed;
mod parser;
mod pattern;
mod pipeline;
mod product;
mod recurrent;
mod room;
mod rounded;
mod ruler;
mod scorer;
#[cfg(feature = "sentence-encoder")]
mod sentence_encoder;
mod session;
mod spacy;
mod symbols;
mod thinc;
mod tokenizer;
mod tree;
mod unicode;
mod vectors;
mod weights;
mod wordlist;
mod wordpiece;

pub use document::{Document, Symbol, TokenSymbols};
pub use error::Error;
pub use grammar::Grammar;
pub use matrix::Matrix;
pub use recurrent::{Abreast, Recurrent};
pub use room::{Numbers, Room};
pub use rounded::Rounded;
#[cfg(feature = "sentence-encoder")]
pub use sentence_encoder::SentenceEncoder;
pub use session::Session;
pub use vectors::{VectorTable, Vectors};
pub use wordpiece::WordPieces;
