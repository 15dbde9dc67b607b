//! Everything that looks at one article: text → names, quotations, figures, times, statements.

pub mod lang;
mod parse;

pub use parse::Parse;
