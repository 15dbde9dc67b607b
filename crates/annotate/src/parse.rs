//! An analysed text with the questions that rules ask of it: children, subtrees, sentences, words.

use std::ops::Range;

use grammar::Document;
use model::Span;

/// A text, its analysis, and what follows from the two.
pub struct Parse<'a> {
    /// The article's text.
    pub text: &'a str,
    /// Tokens, heads, labels, names.
    pub document: &'a Document,
    /// Token ranges of the sentences, in order.
    pub sentences: Vec<Range<usize>>,
    children: Vec<Vec<usize>>,
    sentence_of: Vec<usize>,
    piece_of: Vec<usize>,
}

impl<'a> Parse<'a> {
    /// Prepares an analysis for rules.
    pub fn new(text: &'a str, document: &'a Document) -> Parse<'a> {
        let count = document.len();
        let mut children = vec![Vec::new(); count];
        for token in 0..count {
            let head = document.heads[token];
            if head != token {
                children[head].push(token);
            }
        }
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
        Parse { text, document, sentences, children, sentence_of, piece_of }
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
    pub fn lower(&self, token: usize) -> String {
        self.word(token).to_lowercase().replace('’', "'")
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
    pub fn lemma(&self, token: usize) -> String {
        self.document.lemma(token).to_lowercase()
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
        &self.children[token]
    }

    /// The first dependent with one of these labels.
    pub fn child(&self, token: usize, labels: &[&str]) -> Option<usize> {
        self.children[token].iter().copied().find(|&child| labels.contains(&self.label(child)))
    }

    /// The token with all that hangs from it, in order of the text; arcs with a label in `without` are not
    /// followed.
    pub fn subtree(&self, token: usize, without: &[&str]) -> Vec<usize> {
        let mut found = vec![token];
        let mut next = 0;
        while next < found.len() {
            let here = found[next];
            next += 1;
            found.extend(self.children[here].iter().filter(|&&child| !without.contains(&self.label(child))));
        }
        found.sort_unstable();
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
