//! Why an input gives no article, as a sentence for the person who can act.

use std::fmt;

/// Why an input gives no article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// A format that is recognised, but not read.
    UnknownFormat {
        /// As the user named it.
        input: String,
        /// What it is: "an HTML page".
        what: &'static str,
        /// What to do instead.
        next: &'static str,
    },
    /// No byte, or only white space.
    Empty {
        /// As the user named it.
        input: String,
    },
    /// Not text at all.
    Binary {
        /// As the user named it.
        input: String,
    },
    /// Read, but there is no article in it.
    NoArticle {
        /// As the user named it.
        input: String,
        /// What is missing.
        why: String,
    },
    /// Larger than what is read.
    OverBudget {
        /// As the user named it, with a line number where it is about one line.
        input: String,
        /// What is too large: "file", "line", "text".
        what: &'static str,
        /// Its size in bytes.
        size: usize,
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// The disk, the pipe or the packing refused.
    Unreadable {
        /// As the user named it.
        input: String,
        /// What was said.
        why: String,
    },
    /// Text in an encoding that could not be told.
    BadEncoding {
        /// As the user named it.
        input: String,
    },
}

impl Rejection {
    /// The input it is about, as the user named it.
    pub fn input(&self) -> &str {
        match self {
            Rejection::UnknownFormat { input, .. }
            | Rejection::Empty { input }
            | Rejection::Binary { input }
            | Rejection::NoArticle { input, .. }
            | Rejection::OverBudget { input, .. }
            | Rejection::Unreadable { input, .. }
            | Rejection::BadEncoding { input } => input,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejection::UnknownFormat { input, what, next } => {
                write!(f, "{input} is {what}, which is not read yet; {next}.")
            }
            Rejection::Empty { input } => {
                write!(f, "{input} is empty: it holds no text; check that it was saved completely.")
            }
            Rejection::Binary { input } => {
                write!(f, "{input} is binary, not text; give the article as plain text or JSONL.")
            }
            Rejection::NoArticle { input, why } => write!(f, "{input} holds no article: {why}."),
            Rejection::OverBudget { input, what, size, limit } => write!(
                f,
                "{input}: this {what} has {size} bytes and at most {limit} are read; split it into one article each."
            ),
            Rejection::Unreadable { input, why } => {
                write!(f, "{input} cannot be read: {why}; check that it is whole.")
            }
            Rejection::BadEncoding { input } => {
                write!(f, "{input} is in an encoding that could not be told; save it as UTF-8.")
            }
        }
    }
}

impl std::error::Error for Rejection {}

#[cfg(test)]
mod tests {
    use super::Rejection;

    #[test]
    fn every_reason_names_the_input_and_is_a_sentence() {
        let input = || "news/a.txt".to_owned();
        let all = [
            Rejection::UnknownFormat { input: input(), what: "a PDF document", next: "save its text" },
            Rejection::Empty { input: input() },
            Rejection::Binary { input: input() },
            Rejection::NoArticle { input: input(), why: "no line has a text".to_owned() },
            Rejection::OverBudget { input: input(), what: "file", size: 9, limit: 8 },
            Rejection::Unreadable { input: input(), why: "the disk refused".to_owned() },
            Rejection::BadEncoding { input: input() },
        ];
        for rejection in all {
            let sentence = rejection.to_string();
            assert!(sentence.starts_with(rejection.input()) && sentence.ends_with('.'), "{sentence}");
        }
    }
}
