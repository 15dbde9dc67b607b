//! Paragraphs and sentences: what of a text is read, and where its sentences begin and end.

use std::ops::Range;

use model::{Article, Sentence, Span};

use crate::Parse;

/// The paragraphs that are read: lines with words in them that are not page furniture.
pub(crate) fn paragraphs(article: &Article) -> Vec<Range<usize>> {
    let mut furniture = article.furniture.iter().peekable();
    let mut found = Vec::new();
    let mut start = 0;
    for line in article.text.split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let span = after_dateline(article, Span::new(start, start + line.len()));
        start += line.len();
        while furniture.next_if(|piece| piece.span.end <= span.start).is_some() {}
        let aside = furniture.peek().is_some_and(|piece| piece.span.overlaps(span));
        if !span.is_empty() && !aside {
            found.push(span.range());
        }
    }
    found
}

/// The words of a line that are read: "GENEVA (AP) —" before the first sentence is no part of it.
fn after_dateline(article: &Article, line: Span) -> Span {
    let dateline = article.dateline.filter(|&dateline| line.contains(dateline));
    let start = dateline.map_or(line.start, |dateline| dateline.end);
    Span::new(start, line.end).trimmed(&article.text)
}

/// The sentences, in order; what holds no letter or digit is none.
pub(crate) fn sentences(parse: &Parse, article: &Article) -> Vec<Sentence> {
    let tokens = parse.sentences.iter();
    tokens
        .map(|tokens| Sentence {
            span: parse.span_of(tokens.clone()).trimmed(parse.text),
            paragraph: parse.piece_of(tokens.start),
            headline: article.headline.is_some_and(|headline| headline.overlaps(parse.span(tokens.start))),
        })
        .filter(|sentence| sentence.span.of(parse.text).chars().any(char::is_alphanumeric))
        .collect()
}
