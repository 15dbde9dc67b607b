//! Why a pipeline cannot be loaded.

use std::fmt;

/// Why a pipeline cannot be loaded: a sentence that names the file and what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(sentence: impl Into<String>) -> Error {
        Error(sentence.into())
    }

    /// An error within a file of a pipeline.
    pub(crate) fn within(file: &str, what: impl fmt::Display) -> Error {
        Error(format!("The pipeline's file `{file}` cannot be used: {what}."))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
