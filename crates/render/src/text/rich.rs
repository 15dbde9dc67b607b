//! Styled text for a terminal: made safe, measured by display width, wrapped.

use model::Span;
use unicode_width::UnicodeWidthChar;

use crate::telling;

/// How a character looks. Every style must also be readable without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    /// Names and titles.
    Strong,
    /// Where something stands, and other apparatus.
    Dim,
    /// The one accent: kinds, and what is contested.
    Accent,
    /// Words that differ.
    Mark,
}

/// A run of styled characters. White space in it is where a line may break.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rich {
    letters: Vec<(char, Style)>,
}

impl Rich {
    pub(super) fn new() -> Rich {
        Rich::default()
    }

    pub(super) fn of(text: &str, style: Style) -> Rich {
        Rich::new().with(text, style)
    }

    /// Appends foreign text. Whatever could move the cursor, change colours or turn the direction of writing is
    /// replaced: a report must not be able to write on the reader's terminal.
    pub(super) fn with(mut self, text: &str, style: Style) -> Rich {
        self.push(text, style);
        self
    }

    pub(super) fn push(&mut self, text: &str, style: Style) {
        for letter in text.chars() {
            if letter.is_whitespace() {
                // One space stands for any run of them.
                if self.letters.last().is_some_and(|(last, _)| *last != ' ') {
                    self.letters.push((' ', style));
                }
            } else if telling::is_unsafe(letter) {
                self.letters.push(('\u{fffd}', style));
            } else {
                self.letters.push((letter, style));
            }
        }
    }

    /// Appends our own characters as they are, spaces too: for lines that are already wrapped.
    pub(super) fn join(&mut self, between: &str, other: Rich) {
        self.letters.extend(between.chars().map(|letter| (letter, Style::Dim)));
        self.append(other);
    }

    pub(super) fn append(&mut self, other: Rich) {
        self.letters.extend(other.letters);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    pub(super) fn width(&self) -> usize {
        self.letters.iter().map(|(letter, _)| width(*letter)).sum()
    }

    /// Evidence as it stands in `text`, with its marks, between quotation marks unless it brings its own;
    /// cut after `limit` bytes. `brackets` stand around marks where no style can show them.
    pub(super) fn evidence(text: &str, span: Span, marks: &[Span], brackets: [&str; 2]) -> Rich {
        let limit = |at: usize| at.min(floor(text, span.start + SHOWN_BYTES_MAX)).max(span.start);
        let end = limit(span.end);
        let [open, close] = telling::quoted(Span::new(span.start, end).of(text));
        let mut rich = Rich::of(open, Style::Plain);
        let mut at = span.start;
        for mark in marks {
            let (from, to) = (limit(mark.start), limit(mark.end));
            if from < at || from >= to {
                continue;
            }
            rich.push(Span::new(at, from).of(text), Style::Plain);
            rich.push(brackets[0], Style::Plain);
            rich.push(Span::new(from, to).of(text), Style::Mark);
            rich.push(brackets[1], Style::Plain);
            at = to;
        }
        rich.push(Span::new(at, end).of(text), Style::Plain);
        rich.trim_end();
        if end < span.end {
            rich.push(" …", Style::Plain);
        }
        rich.push(close, Style::Plain);
        rich
    }

    fn trim_end(&mut self) {
        while self.letters.last().is_some_and(|(letter, _)| *letter == ' ') {
            self.letters.pop();
        }
    }

    /// Lines of at most `columns`, broken at white space; a word that is longer is cut.
    pub(super) fn wrapped(&self, columns: usize) -> Vec<Rich> {
        let columns = columns.max(COLUMNS_MIN);
        let mut lines = Vec::new();
        let mut line = Rich::new();
        let mut filled = 0;
        for word in self.letters.split(|(letter, _)| *letter == ' ').filter(|word| !word.is_empty()) {
            let long: usize = word.iter().map(|(letter, _)| width(*letter)).sum();
            let space = usize::from(filled > 0);
            if filled > 0 && filled + space + long > columns {
                lines.push(std::mem::take(&mut line));
                filled = 0;
            } else if filled > 0 {
                line.letters.push((' ', joined(line.letters.last(), word.first())));
                filled += 1;
            }
            for &(letter, style) in word {
                if filled + width(letter) > columns {
                    lines.push(std::mem::take(&mut line));
                    filled = 0;
                }
                line.letters.push((letter, style));
                filled += width(letter);
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// Its first line of at most `columns`, ending in an ellipsis where there is more.
    pub(super) fn clipped(&self, columns: usize) -> Rich {
        let mut lines = self.wrapped(columns);
        if lines.len() <= 1 {
            return lines.pop().unwrap_or_default();
        }
        let mut line = self.wrapped(columns.max(COLUMNS_MIN + 2) - 2).swap_remove(0);
        line.push(" …", Style::Plain);
        if line.width() > columns.max(COLUMNS_MIN) { lines.swap_remove(0) } else { line }
    }

    /// Writes its characters, with ANSI sequences where its style changes and colour is wanted.
    pub(super) fn write(&self, colour: crate::Colour, out: &mut String) {
        let mut current = Style::Plain;
        for &(letter, style) in &self.letters {
            if colour == crate::Colour::Always && style != current {
                out.push_str(sequence(style));
                current = style;
            }
            out.push(letter);
        }
        if current != Style::Plain {
            out.push_str(sequence(Style::Plain));
        }
    }
}

/// Bytes of one piece of evidence that are shown; the rest is a click away.
const SHOWN_BYTES_MAX: usize = 900;
/// Narrowest column that text is wrapped to.
const COLUMNS_MIN: usize = 4;

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// The space between two words looks like both where they look the same: an underline runs on.
fn joined(left: Option<&(char, Style)>, right: Option<&(char, Style)>) -> Style {
    match (left, right) {
        (Some((_, left)), Some((_, right))) if left == right => *left,
        _ => Style::Plain,
    }
}

/// Columns of a character, at most: the variation selector that makes a sign an emoji widens the one before it,
/// and sequences that join into one sign are counted apart.
fn width(letter: char) -> usize {
    if letter == '\u{fe0f}' { 1 } else { letter.width().unwrap_or(0) }
}

fn sequence(style: Style) -> &'static str {
    match style {
        Style::Plain => "\u{1b}[0m",
        Style::Strong => "\u{1b}[0;1m",
        Style::Dim => "\u{1b}[0;2m",
        Style::Accent => "\u{1b}[0;31m",
        Style::Mark => "\u{1b}[0;1;4m",
    }
}

#[cfg(test)]
mod tests {
    use model::Span;
    use proptest::prelude::proptest;
    use unicode_width::UnicodeWidthStr;

    use super::{Rich, Style};
    use crate::Colour;

    fn plain(rich: &Rich) -> String {
        let mut out = String::new();
        rich.write(Colour::Never, &mut out);
        out
    }

    #[test]
    fn wraps_at_spaces_and_cuts_only_what_is_too_long() {
        let lines = Rich::of("one  two\nthree-and-four five", Style::Plain).wrapped(9);
        assert_eq!(lines.iter().map(plain).collect::<Vec<_>>(), ["one two", "three-and", "-four", "five"]);
        assert_eq!(plain(&Rich::of("one two three", Style::Plain).clipped(9)), "one two …");
    }

    #[test]
    fn escape_sequences_and_bidi_controls_do_not_pass() {
        let rich = Rich::of("a\u{1b}[31mb\u{202e}c\u{9b}d\u{7}", Style::Plain);
        assert_eq!(plain(&rich), "a\u{fffd}[31mb\u{fffd}c\u{fffd}d\u{fffd}");
    }

    #[test]
    fn evidence_carries_its_marks() {
        let text = "He said “it is over” today";
        let rich = Rich::evidence(text, Span::new(0, 7), &[Span::new(3, 7)], ["‹", "›"]);
        assert_eq!(plain(&rich), "“He ‹said›”");
        let mut coloured = String::new();
        Rich::evidence(text, Span::new(0, 7), &[Span::new(3, 7)], ["", ""])
            .write(Colour::Always, &mut coloured);
        assert_eq!(coloured, "“He \u{1b}[0;1;4msaid\u{1b}[0m”");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in "[\\PC☺️ \u{fe0f}\u{200d}中e\u{301}]{0,200}", columns in 4usize..80) {
            for line in Rich::of(&text, Style::Mark).wrapped(columns) {
                let line = plain(&line);
                assert!(line.width() <= columns, "{line:?}");
                assert!(!line.ends_with(' '));
            }
        }
    }
}
