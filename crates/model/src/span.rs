//! Places in an article's text, and the words that stand there.

use std::ops::Range;

/// A byte range in one article's text, always on character boundaries (Web Annotation: TextPositionSelector,
/// counted in UTF-8 bytes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte; never before `start`.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Span {
        assert!(start <= end, "a span ends where it starts or later");
        Span { start, end }
    }

    /// The words at this place: the one way in which text is cut.
    ///
    /// # Panics
    /// When the span was made for another text: it would point outside or into the middle of a character.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).expect("a span is only read in the text it was made for")
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least a byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    pub fn hull(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same as a standard range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The span without white space at its ends; empty at its start when there is nothing else.
    pub fn trimmed(self, text: &str) -> Span {
        let words = self.of(text);
        let left = words.len() - words.trim_start().len();
        let length = words.trim().len();
        Span { start: self.start + left, end: self.start + left + length }
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}

/// A place in one of several articles. Its words are not kept beside it: they are read from the article when
/// shown, so that the two cannot drift apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// Index of the article among those compared.
    pub article: usize,
    /// Where in its text.
    pub span: Span,
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn trims_white_space_of_any_width() {
        let text = "\u{a0} twelve dead \n";
        assert_eq!(Span::new(0, text.len()).trimmed(text).of(text), "twelve dead");
        assert!(Span::new(0, 2).trimmed(text).is_empty());
    }
}
