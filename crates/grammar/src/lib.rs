//! The words of a text: tokens, sentences, tags, heads, names.
//!
//! Runs trained spaCy pipelines (the CNN family) natively; knows no news.

mod compact;
mod config;
mod document;
mod encoder;
mod error;
mod files;
mod grammar;
mod half;
mod hash;
mod kernel;
mod matrix;
mod lexeme;
mod lemma;
mod names;
mod packed;
mod parser;
mod ruler;
mod pipeline;
mod product;
mod scorer;
mod session;
mod spacy;
mod thinc;
mod tree;
mod weights;
mod wordlist;
mod symbols;
mod tokenizer;
mod msgpack;
mod pack;
mod pattern;
pub mod golden;
mod unicode;
mod vectors;
mod wordpiece;

pub use document::{Document, Symbol};
pub use error::Error;
pub use grammar::Grammar;
pub use matrix::Matrix;
pub use session::Session;
pub use vectors::{VectorTable, Vectors};
pub use wordpiece::WordPieces;
