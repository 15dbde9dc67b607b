//! The lines of a text and what their shape tells.

use memchr::memchr3;
use model::Span;

use crate::limits::PHRASE_LINE_BYTES_MAX;
use crate::words::{PageWords, push_plain, spaced};

/// Line separator, paragraph separator and next line (U+2028, U+2029, U+0085).
const UNICODE_BREAKS: [&[u8]; 3] = [b"\xe2\x80\xa8", b"\xe2\x80\xa9", b"\xc2\x85"];

/// A line that is not blank.
pub(crate) struct Line {
    /// Without white space at its ends.
    pub span: Span,
    /// In the form that phrases have; empty for lines too long to be held against any.
    pub plain: String,
    /// Number of words.
    pub word_count: usize,
    /// Share of its words that are common short words.
    pub stop_share: f64,
    /// Share of its words that begin with a capital or a digit.
    pub capital_share: f64,
    /// Whether it ends as sentences do.
    pub ends_sentence: bool,
    /// Number of blank lines before it.
    pub blank_count: usize,
}

/// The lines of a text that are not blank.
pub(crate) fn lines(text: &str, words: &PageWords) -> Vec<Line> {
    let mut found = Vec::new();
    let (mut start, mut blank_count) = (0, 0);
    while start < text.len() {
        let end = line_end(text, start);
        let span = Span::new(start, end).trimmed(text);
        start = end;
        if span.is_empty() {
            blank_count += 1;
        } else {
            found.push(line(span, span.of(text), blank_count, words));
            blank_count = 0;
        }
    }
    found
}

/// Where the line that begins there ends, with its break: a line feed, or one of Unicode's own breaks.
fn line_end(text: &str, mut from: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(length) = memchr3(b'\n', UNICODE_BREAKS[0][0], UNICODE_BREAKS[2][0], &bytes[from..]) {
        from += length;
        if bytes[from] == b'\n' {
            return from + 1;
        }
        if let Some(found) = UNICODE_BREAKS.iter().find(|found| bytes[from..].starts_with(found)) {
            return from + found.len();
        }
        from += 1;
    }
    bytes.len()
}

fn line(span: Span, text: &str, blank_count: usize, words: &PageWords) -> Line {
    let (mut word_count, mut stops, mut capitals) = (0usize, 0usize, 0usize);
    let has_plain = text.len() <= PHRASE_LINE_BYTES_MAX;
    let mut plain = String::with_capacity(if has_plain { text.len() } else { 0 });
    for word in spaced(text) {
        if has_plain {
            push_plain(&mut plain, word);
        }
        let bare = without_marks(word);
        let Some(first) = bare.chars().next() else { continue };
        word_count += 1;
        capitals += usize::from(first.is_uppercase() || first.is_numeric());
        stops += usize::from(words.stop_words.has(bare));
    }
    let share = |count: usize| count as f64 / word_count.max(1) as f64;
    let last = text.trim_end_matches(['"', '”', '\'', '’', ')', ']', '»', '*']).chars().last();
    Line {
        span,
        plain,
        word_count,
        stop_share: share(stops),
        capital_share: share(capitals),
        ends_sentence: last
            .is_some_and(|c| matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '।' | '؟')),
        blank_count,
    }
}

/// A word without the marks at its ends.
fn without_marks(word: &str) -> &str {
    match word.as_bytes() {
        // Most words have none.
        [first, .., last] if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() => word,
        _ => word.trim_matches(|c: char| !c.is_alphanumeric()),
    }
}

impl Line {
    /// Whether it reads as a sentence or a paragraph.
    pub(crate) fn is_prose(&self) -> bool {
        let sentence = self.ends_sentence && self.word_count >= 8 && self.capital_share < 0.7;
        (sentence && self.stop_share >= 0.12) || (self.word_count >= 28 && self.stop_share >= 0.1)
    }

    /// Whether it could be a headline: some words and no full stop.
    pub(crate) fn is_title_like(&self, text: &str) -> bool {
        let words = self.span.of(text);
        (3..=30).contains(&self.word_count)
            && self.span.len() <= 250
            && !words.ends_with(['.', ':', ';', ','])
            && !words.starts_with(['-', '*', '•', '>', '–', '—', '·', '(', '[', '|', '#'])
    }
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::words::PageWords;

    #[test]
    fn keeps_places_through_every_line_break() {
        let text = "One\r\n\r\n  Two words \u{2028}Three\n\u{2029}Four…\u{85}é";
        let found = lines(text, &PageWords::built_in("en").unwrap());
        let shown: Vec<_> = found.iter().map(|line| (line.span.of(text), line.blank_count)).collect();
        assert_eq!(shown, [("One", 0), ("Two words", 1), ("Three", 0), ("Four…", 1), ("é", 0)]);
    }

    #[test]
    fn tells_prose_from_titles() {
        let words = PageWords::built_in("en").unwrap();
        let first = |text: &str| lines(text, &words).remove(0).is_prose();
        assert!(first("The bridge was closed on Monday after a ship struck one of its pillars."));
        assert!(!first("Ship Strikes Bridge, Twelve Hurt as Port Closes for the Night."));
        assert!(!first("Ship strikes bridge, twelve hurt"));
    }
}
