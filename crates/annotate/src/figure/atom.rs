//! A paragraph cut finer than into tokens, so that "$1.3m", "44million" and "25-ton" read alike however they were
//! tokenised.

use std::borrow::Cow;
use std::ops::Range;

use model::Span;

use crate::Parse;
use crate::lang::{Language, Opener, WordMap};

/// A run of digits, a run of letters, or one other character.
#[derive(Clone, Debug)]
pub(crate) struct Atom<'a> {
    /// Where.
    pub span: Span,
    /// In lower case, typographic apostrophes made plain.
    pub lower: Cow<'a, str>,
    /// What it is made of.
    pub kind: AtomKind,
    /// Index of the token it lies in.
    pub token: usize,
    /// Whether no space stands before it.
    pub glued: bool,
    /// What it may be the first of.
    pub opens: Opener,
}

/// What an atom is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtomKind {
    /// Decimal digits.
    Digits,
    /// Letters, with the inner stops of "p.m." and "U.S.".
    Word,
    /// One character of any other kind.
    Sign,
}

impl Atom<'_> {
    pub(crate) fn is_digits(&self) -> bool {
        self.kind == AtomKind::Digits
    }

    pub(crate) fn is_word(&self) -> bool {
        self.kind == AtomKind::Word
    }
}

/// The atoms of each paragraph.
pub(crate) fn paragraphs<'a>(parse: &'a Parse<'_>, language: &Language) -> Vec<Vec<Atom<'a>>> {
    parse.document.pieces.iter().map(|piece| atoms(parse, piece.clone(), language)).collect()
}

/// The atoms of a run of tokens. Addresses, user names and tags give none.
fn atoms<'a>(parse: &'a Parse<'_>, tokens: Range<usize>, language: &Language) -> Vec<Atom<'a>> {
    let mut atoms = Vec::with_capacity(tokens.len() * 5 / 4);
    for token in tokens {
        let word = parse.word(token);
        if word.contains('@') || word.contains(':') && word.contains("://") || word.starts_with("www.") {
            continue;
        }
        let whole = Whole { word, lower: parse.lower(token), start: parse.span(token).start, token };
        split(&whole, &language.openers, &mut atoms);
    }
    atoms
}

/// A token that is to be cut.
struct Whole<'w, 'a> {
    word: &'w str,
    lower: &'a str,
    start: usize,
    token: usize,
}

fn split<'a>(whole: &Whole<'_, 'a>, openers: &WordMap<Opener>, atoms: &mut Vec<Atom<'a>>) {
    let mut rest = whole.word;
    while let Some(first) = rest.chars().next() {
        let here = whole.start + whole.word.len() - rest.len();
        let (kind, length) = if first.is_ascii_digit() {
            (AtomKind::Digits, rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len())
        } else if first.is_alphabetic() {
            (AtomKind::Word, word_length(rest))
        } else {
            (AtomKind::Sign, first.len_utf8())
        };
        let (text, after) = rest.split_at(length);
        rest = after;
        if first.is_whitespace() {
            continue;
        }
        let span = Span::new(here, here + length);
        let glued = atoms.last().is_some_and(|last| last.span.end == span.start);
        let lower = match text.len() == whole.word.len() {
            true => Cow::Borrowed(whole.lower),
            false => Cow::Owned(crate::parse::lower(text).into_owned()),
        };
        let opens = openers.get(&lower).copied().unwrap_or_default();
        atoms.push(Atom { span, lower, kind, token: whole.token, glued, opens });
    }
}

/// Length of the letters at the start, and of single letters parted by stops: "p.m.", "U.S.".
fn word_length(text: &str) -> usize {
    let letters = |text: &str| text.len() - text.trim_start_matches(char::is_alphabetic).len();
    let mut length = letters(text);
    let first = text.chars().next().map_or(0, char::len_utf8);
    if length != first {
        return length;
    }
    while let Some(after) = text.get(length..).and_then(|rest| rest.strip_prefix('.')) {
        let next = letters(after);
        if next == 0 || after.chars().next().map(char::len_utf8) != Some(next) {
            break;
        }
        length += 1 + next;
    }
    // "p.m." keeps its last stop, a lone initial does not.
    if length > first && text.get(length..).is_some_and(|rest| rest.starts_with('.')) {
        length += 1;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::{Whole, split};
    use crate::lang::WordMap;

    fn lowers(word: &str) -> Vec<String> {
        let mut atoms = Vec::new();
        let whole = Whole { word, lower: &crate::parse::lower(word), start: 0, token: 0 };
        split(&whole, &WordMap::default(), &mut atoms);
        atoms.into_iter().map(|atom| atom.lower.into_owned()).collect()
    }

    #[test]
    fn cuts_between_digits_letters_and_signs() {
        assert_eq!(lowers("$1.3m"), ["$", "1", ".", "3", "m"]);
        assert_eq!(lowers("44million"), ["44", "million"]);
        assert_eq!(lowers("U.S."), ["u.s."]);
        assert_eq!(lowers("p.m"), ["p.m"]);
        assert_eq!(lowers("K."), ["k", "."]);
        assert_eq!(lowers("Élan’s"), ["élan", "'", "s"]);
        assert_eq!(lowers("’"), ["'"]);
    }
}
