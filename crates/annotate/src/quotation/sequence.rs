//! What the tagger and the linker read: the tokens of a text without white space, numbered anew.

use std::borrow::Cow;
use std::ops::Range;

use super::marks::Marked;
use crate::Parse;

/// Where a token stands to quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteState {
    /// Outside quotation marks.
    Outside = 0,
    /// It is an opening mark.
    Opens = 1,
    /// Inside quotation marks.
    Inside = 2,
    /// It is a closing mark.
    Closes = 3,
    /// A single mark outside: an apostrophe, say.
    SingleOutside = 4,
    /// A single mark inside.
    SingleInside = 5,
}

/// A text as a sequence of words and marks. All positions are places in it, not tokens of the document.
pub(super) struct Sequence<'a> {
    pub(super) parse: &'a Parse<'a>,
    /// The document's token at each place.
    pub(super) tokens: Vec<usize>,
    /// Place of each head.
    pub(super) heads: Vec<usize>,
    /// Paragraphs as runs of places.
    pub(super) pieces: Vec<Range<usize>>,
    /// Lemmas in the one spelling of the tables.
    pub(super) lemmas: Vec<Cow<'a, str>>,
    /// Where each stands to quotation marks.
    pub(super) quotes: Vec<QuoteState>,
    /// Number of the paragraph, from 1.
    pub(super) paragraphs: Vec<usize>,
    /// Number of the sentence, from 1.
    pub(super) sentences: Vec<usize>,
}

impl<'a> Sequence<'a> {
    /// Leaves white space out of an analysis and looks up where quotation marks stand.
    pub(super) fn new(parse: &'a Parse<'a>, marked: &[Marked]) -> Sequence<'a> {
        let document = parse.document;
        let mut place_of = vec![usize::MAX; parse.len()];
        let (mut tokens, mut pieces) = (Vec::new(), Vec::new());
        for piece in &document.pieces {
            let first = tokens.len();
            for token in piece.clone() {
                if !parse.word(token).trim().is_empty() {
                    place_of[token] = tokens.len();
                    tokens.push(token);
                }
            }
            if tokens.len() > first {
                pieces.push(first..tokens.len());
            }
        }
        let head = |(place, &token): (usize, &usize)| match place_of[document.heads[token]] {
            usize::MAX => place,
            head => head,
        };
        let heads = tokens.iter().enumerate().map(head).collect();
        let lemmas = tokens.iter().map(|&token| plain(document.lemma(token))).collect();
        let mut sequence = Sequence {
            parse,
            heads,
            lemmas,
            quotes: Vec::new(),
            paragraphs: vec![0; tokens.len()],
            sentences: vec![0; tokens.len()],
            tokens,
            pieces,
        };
        sequence.count();
        sequence.quotes = quote_states(&sequence, marked);
        sequence
    }

    /// Number of places.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether a sentence begins at the place.
    pub(super) fn begins_sentence(&self, place: usize) -> bool {
        self.parse.document.sentence_starts[self.tokens[place]]
    }

    fn count(&mut self) {
        let mut sentence = 0;
        for (number, piece) in self.pieces.clone().into_iter().enumerate() {
            for place in piece {
                sentence += usize::from(self.begins_sentence(place));
                self.paragraphs[place] = number + 1;
                self.sentences[place] = sentence;
            }
        }
    }
}

/// Marks of two strokes, in the spellings that tokens come in.
fn is_double(word: &str) -> bool {
    matches!(word, "“" | "”" | "„" | "‟" | "«" | "»" | "\"" | "''" | "``" | "＂")
}

fn is_single(word: &str) -> bool {
    matches!(word, "'" | "‘" | "’" | "‚" | "`" | "‹" | "›")
}

/// Reads the state of each token off the marks that were matched.
fn quote_states(sequence: &Sequence<'_>, marked: &[Marked]) -> Vec<QuoteState> {
    let mut next = 0;
    let mut states = Vec::with_capacity(sequence.len());
    for &token in &sequence.tokens {
        let span = sequence.parse.span(token);
        while next < marked.len() && marked[next].outer.end <= span.start {
            next += 1;
        }
        let around = marked.get(next).filter(|marked| marked.outer.overlaps(span));
        let word = sequence.parse.word(token);
        states.push(match around {
            Some(marked) if span.end <= marked.inner.start => QuoteState::Opens,
            Some(marked) if span.start >= marked.inner.end => QuoteState::Closes,
            Some(_) if is_single(word) => QuoteState::SingleInside,
            Some(_) => QuoteState::Inside,
            None if is_single(word) => QuoteState::SingleOutside,
            None if is_double(word) => QuoteState::Opens,
            None => QuoteState::Outside,
        });
    }
    states
}

/// The lemma as the tables know it: lower case, one spelling of marks, every digit a zero.
fn plain(lemma: &str) -> Cow<'_, str> {
    // Most are plain already.
    let is_plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase() && !byte.is_ascii_digit();
    if lemma.bytes().all(is_plain) && !matches!(lemma, "''" | "``") {
        return Cow::Borrowed(lemma);
    }
    let lower = lemma.to_lowercase();
    let plain = match lower.as_str() {
        "“" | "”" | "''" | "``" => "\"".to_owned(),
        "‘" | "’" => "'".to_owned(),
        "—" => "--".to_owned(),
        "–" => "-".to_owned(),
        "…" => "...".to_owned(),
        _ => lower
            .chars()
            .map(|letter| match letter {
                '0'..='9' => '0',
                '’' => '\'',
                other => other,
            })
            .collect(),
    };
    Cow::Owned(plain)
}
