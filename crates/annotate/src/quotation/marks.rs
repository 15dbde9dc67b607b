//! What stands between quotation marks, in text as it is: straight and curly, double and single, unclosed,
//! misplaced.
//!
//! In each paragraph the marks are read as a chain of openings and closings. A mark's shape (what it looks like
//! and what stands beside it) makes one reading cheaper than the other; the cheapest chain as a whole is taken.
//! So a closing mark that slipped behind its space still closes when something has to be closed there.

use model::Span;

use crate::Parse;
use crate::lang::WordSet;

/// Words between quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marked {
    /// With the marks.
    pub(super) outer: Span,
    /// Without the marks and the white space beside them.
    pub(super) inner: Span,
    /// Whether it has a closing mark; one that has none runs to the end of its paragraph or to the next opening.
    pub(super) is_closed: bool,
    /// Whether its marks are single.
    pub(super) is_single: bool,
}

/// What stands between marks anywhere in a text, in order; what is nested in another is left out.
///
/// `elisions` are words that an apostrophe may begin ("em").
pub(super) fn marked(parse: &Parse<'_>, elisions: &WordSet) -> Vec<Marked> {
    let mut found = Vec::new();
    for piece in parse.document.pieces.iter().filter(|piece| !piece.is_empty()) {
        let paragraph =
            Paragraph { text: parse.text, span: parse.span_of(piece.clone()).trimmed(parse.text) };
        if paragraph.span.is_empty() {
            continue;
        }
        let doubles = paragraph.doubles();
        let singles = paragraph.singles(elisions);
        let crosses = |a: &Marked, b: &Marked| a.outer.overlaps(b.outer) && !a.outer.contains(b.outer);
        let outer_singles = |single: &&Marked| !doubles.iter().any(|double| crosses(single, double));
        let singles: Vec<Marked> = singles.iter().filter(outer_singles).copied().collect();
        let within = |double: &&Marked| !singles.iter().any(|single| single.outer.contains(double.outer));
        let start = found.len();
        found.extend(doubles.iter().filter(within).chain(&singles));
        found[start..].sort_by_key(|marked: &Marked| marked.outer.start);
    }
    found
}

struct Paragraph<'a> {
    text: &'a str,
    span: Span,
}

/// A mark with what it costs to read it in one way or the other.
#[derive(Clone, Copy, Debug)]
struct Mark {
    span: Span,
    open: u32,
    close: u32,
    stray: u32,
}

/// A mark that looks one way and is read the other.
const GLYPH: u32 = 15;
/// A mark with white space, or a letter, on the wrong side.
const SIDE: u32 = 10;
/// A mark that neither opens nor closes; less behind a digit, where it may mean inches or minutes.
const STRAY: u32 = 20;
const STRAY_DIGIT: u32 = 4;
/// A quotation that the next one cuts off.
const CUT_OFF: u32 = 15;
/// A quotation that runs to the end of its paragraph; less if the paragraph began with it.
const RUNS_ON: u32 = 12;
const RUNS_ON_WHOLE: u32 = 4;

impl Paragraph<'_> {
    fn before(&self, at: usize) -> Option<char> {
        Span::new(self.span.start, at).of(self.text).chars().next_back()
    }

    fn after(&self, at: usize) -> Option<char> {
        Span::new(at, self.span.end).of(self.text).chars().next()
    }

    /// The characters that may be marks, with where they begin: three of ASCII, and all beyond it.
    fn glyphs(&self) -> impl Iterator<Item = (usize, char)> {
        let begins = |byte: u8| matches!(byte, b'"' | b'\'' | b'`') || byte >= 0xC0;
        let bytes = self.span.of(self.text).bytes().zip(self.span.start..);
        bytes.filter(move |(byte, _)| begins(*byte)).filter_map(|(_, at)| Some((at, self.after(at)?)))
    }

    /// Quotations in double marks.
    fn doubles(&self) -> Vec<Marked> {
        let marks = self.double_marks();
        let readings = cheapest(&marks, self.span.start);
        let mut found = Vec::new();
        let mut open: Option<Mark> = None;
        for (mark, reading) in marks.iter().zip(readings) {
            match reading {
                Reading::Stray => {}
                Reading::Opens => {
                    found.extend(open.map(|open| self.make(open.span, None, mark.span.start)));
                    open = Some(*mark);
                }
                Reading::Closes => {
                    found.extend(open.map(|open| self.make(open.span, Some(mark.span), mark.span.start)));
                    open = None;
                }
            }
        }
        found.extend(open.map(|open| self.make(open.span, None, self.span.end)));
        found.retain(|marked| !marked.inner.is_empty());
        found
    }

    fn make(&self, open: Span, close: Option<Span>, end: usize) -> Marked {
        let inner = Span::new(open.end, end).trimmed(self.text);
        let outer = Span::new(open.start, close.map_or(inner.end.max(open.end), |close| close.end));
        Marked { outer, inner, is_closed: close.is_some(), is_single: false }
    }

    fn double_marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        let mut skip = 0;
        for (start, glyph) in self.glyphs() {
            if start < skip {
                continue;
            }
            let mut end = start + glyph.len_utf8();
            let (open, close) = match glyph {
                '"' | '＂' => (0, 0),
                '“' | '«' => (0, GLYPH),
                '”' | '»' => (GLYPH, 0),
                '„' | '‟' => (0, GLYPH),
                '\'' | '`' | '’' | '‘' if self.after(end) == Some(glyph) => {
                    end += glyph.len_utf8();
                    match glyph {
                        '\'' => (0, 0),
                        '’' => (GLYPH, 0),
                        _ => (0, GLYPH),
                    }
                }
                _ => continue,
            };
            skip = end;
            let (before, after) = (self.before(start), self.after(end));
            let stray = if before.is_some_and(char::is_numeric) { STRAY_DIGIT } else { STRAY };
            let open = open + SIDE * (u32::from(!is_free(before)) + u32::from(is_gap(after)));
            let close = close + SIDE * (u32::from(is_gap(before)) + u32::from(is_letter(after)));
            marks.push(Mark { span: Span::new(start, end), open, close, stray });
        }
        marks
    }

    /// Quotations in single marks: an opening with a closing after it, neither of which is an apostrophe.
    fn singles(&self, elisions: &WordSet) -> Vec<Marked> {
        let candidates = self.single_marks(elisions);
        let mut found = Vec::new();
        let mut next = 0;
        while next < candidates.len() {
            let open = candidates[next];
            next += 1;
            if open.kind != Single::Opens {
                continue;
            }
            let rest = &candidates[next..];
            let reach = rest.iter().position(|mark| mark.kind == Single::Opens).unwrap_or(rest.len());
            let pick = |kind: Single| rest[..reach].iter().position(|mark| mark.kind == kind);
            let close = pick(Single::Closes).or_else(|| pick(Single::MayClose));
            if let Some(close) = close {
                let end = rest[close].span;
                let inner = Span::new(open.span.end, end.start).trimmed(self.text);
                let outer = open.span.hull(end);
                if !inner.is_empty() {
                    found.push(Marked { outer, inner, is_closed: true, is_single: true });
                }
                next += close + 1;
            }
        }
        found
    }

    fn single_marks(&self, elisions: &WordSet) -> Vec<SingleMark> {
        let mut marks = Vec::new();
        for (start, glyph) in self.glyphs() {
            let end = start + glyph.len_utf8();
            if !matches!(glyph, '\'' | '‘' | '’' | '‚' | '‹' | '›') {
                continue;
            }
            let (before, after) = (self.before(start), self.after(end));
            if before == Some(glyph) || after == Some(glyph) {
                continue;
            }
            let kind = if is_free(before) && !is_gap(after) && glyph != '’' {
                if self.is_elision(end, elisions) { continue } else { Single::Opens }
            } else if is_gap(before) || is_letter(after) {
                continue;
            } else if before.is_some_and(char::is_alphanumeric) && is_gap(after) {
                // The plural's genitive ("the workers' rights") and dropped letters end like this, too.
                Single::MayClose
            } else {
                Single::Closes
            };
            marks.push(SingleMark { span: Span::new(start, end), kind });
        }
        marks
    }

    fn is_elision(&self, at: usize, elisions: &WordSet) -> bool {
        let rest = Span::new(at, self.span.end).of(self.text);
        let word: String = rest.chars().take_while(|letter| letter.is_alphanumeric()).take(12).collect();
        let decade = word.chars().next().is_some_and(char::is_numeric) && word.len() <= 3;
        decade || elisions.contains(&word.to_lowercase())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Single {
    Opens,
    Closes,
    MayClose,
}

#[derive(Clone, Copy, Debug)]
struct SingleMark {
    span: Span,
    kind: Single,
}

/// White space or the paragraph's edge.
fn is_gap(beside: Option<char>) -> bool {
    beside.is_none_or(char::is_whitespace)
}

fn is_letter(beside: Option<char>) -> bool {
    beside.is_some_and(char::is_alphanumeric)
}

/// Where an opening mark may stand: behind a gap, a bracket, a dash or another mark.
fn is_free(before: Option<char>) -> bool {
    before.is_none_or(|before| {
        before.is_whitespace()
            || matches!(before, '(' | '[' | '{' | '-' | '–' | '—' | '/' | '>' | ':' | '…')
            || matches!(before, '"' | '“' | '‘' | '\'' | '„' | '«')
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Opens,
    Closes,
    Stray,
}

/// The cheapest way to read a paragraph's marks, of equals the one that closes early.
fn cheapest(marks: &[Mark], start: usize) -> Vec<Reading> {
    // Cost outside and inside of a quotation after each mark, and whether the open one began the paragraph.
    let mut costs = [0, u32::MAX / 2];
    let mut whole = false;
    let mut back: Vec<[(usize, Reading); 2]> = Vec::with_capacity(marks.len());
    for mark in marks {
        let outside =
            pick([(costs[1] + mark.close, 1, Reading::Closes), (costs[0] + mark.stray, 0, Reading::Stray)]);
        let open = pick([
            (costs[0] + mark.open, 0, Reading::Opens),
            (costs[1] + mark.open + CUT_OFF, 1, Reading::Opens),
        ]);
        let inside = pick([open, (costs[1] + mark.stray, 1, Reading::Stray)]);
        whole = match inside.2 {
            Reading::Opens => mark.span.start == start,
            Reading::Closes | Reading::Stray => whole,
        };
        costs = [outside.0, inside.0];
        back.push([(outside.1, outside.2), (inside.1, inside.2)]);
    }
    let runs_on = if whole { RUNS_ON_WHOLE } else { RUNS_ON };
    let mut state = usize::from(costs[1] + runs_on < costs[0]);
    let mut readings = Vec::with_capacity(marks.len());
    for step in back.iter().rev() {
        let (from, reading) = step[state];
        readings.push(reading);
        state = from;
    }
    readings.reverse();
    readings
}

fn pick([first, second]: [(u32, usize, Reading); 2]) -> (u32, usize, Reading) {
    if second.0 < first.0 { second } else { first }
}

#[cfg(test)]
mod tests {
    use model::Span;

    use super::Paragraph;
    use crate::lang::WordSet;

    fn doubles(text: &str) -> Vec<&str> {
        let paragraph = Paragraph { text, span: Span::new(0, text.len()) };
        paragraph.doubles().iter().map(|marked| marked.inner.of(text)).collect()
    }

    fn singles(text: &str) -> Vec<&str> {
        let elisions = ["em".to_owned(), "n".to_owned()].into_iter().collect();
        let paragraph = Paragraph { text, span: Span::new(0, text.len()) };
        paragraph.singles(&elisions).iter().map(|marked| marked.inner.of(text)).collect()
    }

    #[test]
    fn reads_marks_of_any_shape() {
        assert_eq!(doubles("\"Yes,\" she said, \"at once.\""), ["Yes,", "at once."]);
        assert_eq!(doubles("“Yes,” she said, “at once.”"), ["Yes,", "at once."]);
        assert_eq!(doubles("``Yes,'' she said, «at once»."), ["Yes,", "at once"]);
        assert_eq!(doubles("„Ja“, sagte er, „sofort“."), ["Ja", "sofort"]);
    }

    #[test]
    fn a_closing_mark_behind_its_space_still_closes() {
        assert_eq!(
            doubles("\"The bridge is safe. \"Engineers said so. They saw \"no cracks\" in it."),
            ["The bridge is safe.", "no cracks"]
        );
        assert_eq!(doubles("He called it “ a mistake ” and left."), ["a mistake"]);
    }

    #[test]
    fn an_unclosed_quotation_ends_with_its_paragraph_or_at_the_next() {
        assert_eq!(doubles("“We waited all night. Nobody came."), ["We waited all night. Nobody came."]);
        assert_eq!(doubles("“We waited. “Nobody came,” she said."), ["We waited.", "Nobody came,"]);
    }

    #[test]
    fn inches_are_no_quotation() {
        assert_eq!(doubles("A 12\" pipe, \"the old one\", broke."), ["the old one"]);
        assert!(doubles("A 12\" pipe broke.").is_empty());
    }

    #[test]
    fn single_marks_quote_and_apostrophes_do_not() {
        assert_eq!(singles("'We are ready,' the mayor's aide said."), ["We are ready,"]);
        assert_eq!(singles("Rivals call the workers' plan a ‘gift’ to banks."), ["gift"]);
        assert_eq!(singles("'It's the drivers' fault,' he said."), ["It's the drivers' fault,"]);
        assert!(singles("Rock 'n' roll of the '90s: give 'em the drivers' seats, don't they?").is_empty());
    }

    #[test]
    fn any_row_of_marks_is_read_in_order() {
        const LETTERS: [char; 8] = ['"', '“', '”', '\'', '’', ' ', 'é', '.'];
        for number in 0..LETTERS.len().pow(5) {
            let letter = |place: u32| LETTERS[number / LETTERS.len().pow(place) % LETTERS.len()];
            let text: String = (0..5).map(letter).collect();
            let paragraph = Paragraph { text: &text, span: Span::new(0, text.len()) };
            for found in [paragraph.doubles(), paragraph.singles(&WordSet::default())] {
                assert!(found.iter().all(|marked| marked.outer.contains(marked.inner)), "{text}");
                assert!(found.windows(2).all(|pair| pair[0].outer.end <= pair[1].outer.start), "{text}");
            }
        }
    }
}
