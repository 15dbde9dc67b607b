//! What stands in a table.

use model::Span;

use crate::KeepText;

/// What a column holds. Any cell may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8.
    Text,
    /// A whole number, 64 bits.
    Number,
    /// A number from 0 to 1.
    Share,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Number => "number",
            Kind::Share => "share",
        }
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is known.
    Nothing,
    /// Words.
    Text(String),
    /// A count or a place.
    Number(i64),
    /// A share, 0 to 1.
    Share(f64),
}

impl Cell {
    /// Whether a column of this kind may hold it.
    pub fn is(&self, kind: Kind) -> bool {
        matches!(
            (self, kind),
            (Cell::Nothing, _)
                | (Cell::Text(_), Kind::Text)
                | (Cell::Number(_), Kind::Number)
                | (Cell::Share(_), Kind::Share)
        )
    }

    /// A part of a report, unless its words are left out.
    pub(super) fn words(keep: KeepText, text: &str, span: Span) -> Cell {
        Cell::kept(keep, span.of(text))
    }

    /// What quotes a report, unless its words are left out.
    pub(super) fn kept(keep: KeepText, words: &str) -> Cell {
        match keep {
            KeepText::Whole => Cell::from(words),
            KeepText::LeftOut => Cell::Nothing,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Cell {
        Cell::Number(number as i64)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Cell {
        cell.map_or(Cell::Nothing, Into::into)
    }
}
