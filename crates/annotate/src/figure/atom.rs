//! A paragraph cut finer than into tokens, so that "$1.3m", "44million" and "25-ton" read alike however they were
//! tokenised.

use std::ops::Range;

use model::Span;

use crate::Parse;

/// A run of digits, a run of letters, or one other character.
#[derive(Clone, Debug)]
pub(crate) struct Atom {
    /// Where.
    pub span: Span,
    /// In lower case, typographic apostrophes made plain.
    pub lower: String,
    /// What it is made of.
    pub kind: AtomKind,
    /// Index of the token it lies in.
    pub token: usize,
    /// Whether no space stands before it.
    pub glued: bool,
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

impl Atom {
    pub(crate) fn is_digits(&self) -> bool {
        self.kind == AtomKind::Digits
    }

    pub(crate) fn is_word(&self) -> bool {
        self.kind == AtomKind::Word
    }
}

/// The atoms of a run of tokens, usually a paragraph. Addresses, user names and tags give none.
pub(crate) fn atoms(parse: &Parse, tokens: Range<usize>) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::with_capacity(tokens.len() * 5 / 4);
    for token in tokens {
        let word = parse.word(token);
        if word.contains('@') || word.contains("://") || word.starts_with("www.") {
            continue;
        }
        split(word, parse.span(token).start, token, &mut atoms);
    }
    atoms
}

fn split(word: &str, start: usize, token: usize, atoms: &mut Vec<Atom>) {
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let here = start + word.len() - rest.len();
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
        let lower = if first == '’' { "'".to_owned() } else { text.to_lowercase() };
        atoms.push(Atom { span, lower, kind, token, glued });
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
    use super::{Atom, split};

    fn lowers(word: &str) -> Vec<String> {
        let mut atoms: Vec<Atom> = Vec::new();
        split(word, 0, 0, &mut atoms);
        atoms.into_iter().map(|atom| atom.lower).collect()
    }

    #[test]
    fn cuts_between_digits_letters_and_signs() {
        assert_eq!(lowers("$1.3m"), ["$", "1", ".", "3", "m"]);
        assert_eq!(lowers("44million"), ["44", "million"]);
        assert_eq!(lowers("U.S."), ["u.s."]);
        assert_eq!(lowers("p.m"), ["p.m"]);
        assert_eq!(lowers("K."), ["k", "."]);
        assert_eq!(lowers("élan’s"), ["élan", "'", "s"]);
    }
}
