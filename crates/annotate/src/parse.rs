//! An analysed text with the questions that rules ask of it: children, subtrees, sentences, words.

use std::borrow::Cow;
use std::ops::Range;

use grammar::Document;
use model::Span;

/// As many tokens hang from most.
const BELOW_MOST: usize = 16;

/// A text, its analysis, and what follows from the two.
pub struct Parse<'a> {
    /// The article's text.
    pub text: &'a str,
    /// Tokens, heads, labels, names.
    pub document: &'a Document,
    /// Token ranges of the sentences, in order.
    pub sentences: Vec<Range<usize>>,
    /// All dependents, those of a token side by side; and where a token's begin, with one entry more.
    children: Vec<usize>,
    first_child: Vec<usize>,
    /// Each token in lower case, and its dictionary form likewise.
    lowers: Vec<Cow<'a, str>>,
    lemmas: Vec<Cow<'a, str>>,
    sentence_of: Vec<usize>,
    piece_of: Vec<usize>,
}

impl<'a> Parse<'a> {
    /// Prepares an analysis for rules.
    pub fn new(text: &'a str, document: &'a Document) -> Parse<'a> {
        let count = document.len();
        let (children, first_child) = children(&document.heads);
        let mut piece_of = vec![0; count];
        let mut starts = Vec::new();
        for (number, piece) in document.pieces.iter().enumerate() {
            for token in piece.clone() {
                piece_of[token] = number;
                if token == piece.start || document.sentence_starts[token] {
                    starts.push(token);
                }
            }
        }
        let ends = starts.iter().skip(1).copied().chain([count]);
        let sentences: Vec<Range<usize>> = starts.iter().copied().zip(ends).map(|(a, b)| a..b).collect();
        let mut sentence_of = vec![0; count];
        for (number, sentence) in sentences.iter().enumerate() {
            for token in sentence.clone() {
                sentence_of[token] = number;
            }
        }
        let word = |token: usize| Span::from(document.spans[token].clone()).of(text);
        let lowers = (0..count).map(|token| lower(word(token))).collect();
        let lemmas = (0..count).map(|token| small(document.lemma(token))).collect();
        Parse { text, document, sentences, children, first_child, lowers, lemmas, sentence_of, piece_of }
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.document.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.document.is_empty()
    }

    /// The token as printed.
    pub fn word(&self, token: usize) -> &'a str {
        Span::from(self.document.spans[token].clone()).of(self.text)
    }

    /// The token in lower case, typographic apostrophes made plain.
    pub fn lower(&self, token: usize) -> &str {
        &self.lowers[token]
    }

    /// Where the token stands.
    pub fn span(&self, token: usize) -> Span {
        self.document.spans[token].clone().into()
    }

    /// Where a run of tokens stands.
    pub fn span_of(&self, tokens: Range<usize>) -> Span {
        assert!(!tokens.is_empty(), "a run of tokens has a first one");
        self.span(tokens.start).hull(self.span(tokens.end - 1))
    }

    /// Dictionary form in lower case.
    pub fn lemma(&self, token: usize) -> &str {
        &self.lemmas[token]
    }

    /// Penn Treebank tag.
    pub fn tag(&self, token: usize) -> &'a str {
        self.document.tag(token)
    }

    /// Universal part of speech.
    pub fn part(&self, token: usize) -> &'a str {
        self.document.part(token)
    }

    /// Label of the arc to the head.
    pub fn label(&self, token: usize) -> &'a str {
        self.document.label(token)
    }

    /// Index of the head; a root is its own.
    pub fn head(&self, token: usize) -> usize {
        self.document.heads[token]
    }

    /// Type of the named entity the token belongs to, or empty.
    pub fn entity(&self, token: usize) -> &'a str {
        self.document.entity(token)
    }

    /// Direct dependents, in order of the text.
    pub fn children(&self, token: usize) -> &[usize] {
        &self.children[self.first_child[token]..self.first_child[token + 1]]
    }

    /// The first dependent with one of these labels.
    pub fn child(&self, token: usize, labels: &[&str]) -> Option<usize> {
        self.children(token).iter().copied().find(|&child| labels.contains(&self.label(child)))
    }

    /// The token with all that hangs from it, in order of the text; arcs with a label in `without` are not
    /// followed.
    pub fn subtree(&self, token: usize, without: &[&str]) -> Vec<usize> {
        let mut found = self.below(token, |label| !without.contains(&label));
        found.sort_unstable();
        found
    }

    /// The same, from the token downwards, along arcs of which `follows` is true.
    pub fn below(&self, token: usize, follows: impl Fn(&str) -> bool) -> Vec<usize> {
        let mut found = Vec::with_capacity(BELOW_MOST);
        found.push(token);
        let mut next = 0;
        while next < found.len() {
            let here = found[next];
            next += 1;
            found.extend(self.children(here).iter().filter(|&&child| follows(self.label(child))));
        }
        found
    }

    /// Number of the token's sentence.
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentence_of[token]
    }

    /// Number of the token's paragraph.
    pub fn piece_of(&self, token: usize) -> usize {
        self.piece_of[token]
    }

    /// The tokens that overlap a span, as a range.
    pub fn tokens_in(&self, span: Span) -> Range<usize> {
        let first = self.document.spans.partition_point(|range| range.end <= span.start);
        let last = self.document.spans.partition_point(|range| range.start < span.end);
        first..last.max(first)
    }

    /// Token ranges of the named entities, in order.
    pub fn names(&self) -> Vec<Range<usize>> {
        let mut names: Vec<Range<usize>> = Vec::new();
        for token in 0..self.len() {
            if self.entity(token).is_empty() {
                continue;
            }
            match names.last_mut() {
                Some(last) if !self.document.entity_starts[token] && last.end == token => last.end += 1,
                _ => names.push(token..token + 1),
            }
        }
        names
    }
}

/// The dependents of each token in order, side by side, and where each token's begin.
fn children(heads: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let mut next = vec![0; heads.len() + 1];
    let below = || heads.iter().enumerate().filter(|(token, head)| token != *head);
    for (_, &head) in below() {
        next[head + 1] += 1;
    }
    for token in 0..heads.len() {
        next[token + 1] += next[token];
    }
    let first = next.clone();
    let mut children = vec![0; next[heads.len()]];
    for (token, &head) in below() {
        children[next[head]] = token;
        next[head] += 1;
    }
    (children, first)
}

/// In lower case, which most words are as printed.
fn small(word: &str) -> Cow<'_, str> {
    let is_small = word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_small { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) }
}

/// The same, typographic apostrophes made plain.
pub(crate) fn lower(word: &str) -> Cow<'_, str> {
    match small(word) {
        Cow::Owned(word) if word.contains('’') => Cow::Owned(word.replace('’', "'")),
        word => word,
    }
}

#[cfg(test)]
mod tests {
    use super::{children, lower};

    #[test]
    fn dependents_stand_in_order_of_the_text() {
        let heads = [1, 1, 4, 4, 1];
        let (children, first) = children(&heads);
        let of = |token: usize| children[first[token]..first[token + 1]].to_vec();
        assert_eq!(of(1), [0, 4]);
        assert_eq!(of(4), [2, 3]);
        assert!(of(0).is_empty() && of(3).is_empty());
    }

    #[test]
    fn words_are_lower_and_their_apostrophes_plain() {
        assert_eq!(["don’t", "O’Dell", "ÉLAN", "quay"].map(lower), ["don't", "o'dell", "élan", "quay"]);
    }
}
