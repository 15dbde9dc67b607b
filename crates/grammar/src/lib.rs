//! The words of a text: tokens, sentences, tags, heads, names.
//!
//! Runs trained spaCy pipelines (the CNN family) natively; knows no news.

mod document;
mod msgpack;
mod pack;
pub mod golden;

pub use document::{Document, Symbol};
