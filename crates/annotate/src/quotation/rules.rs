//! Quotations by rule: a reporting verb with its speaker, or "according to", near what is said.

use std::ops::Range;

use model::Span;

use super::Draft;
use super::marks::Marked;
use super::voice;
use crate::Parse;
use crate::lang::Language;

/// A reporting verb is looked for this far from the marks.
const REACH_TOKENS: usize = 12;
/// Longer sources are cut off: they are parse errors.
const SOURCE_TOKENS_MAX: usize = 40;

/// A quotation in marks with the speaker that stands beside it, if there is one.
pub(super) fn attributed(parse: &Parse<'_>, language: &Language, marked: &[Marked], one: Marked) -> Draft {
    let tokens = parse.tokens_in(one.outer);
    let alone = Draft { content: vec![one.outer], cue: None, source: None };
    if tokens.is_empty() {
        return alone;
    }
    let is_free = |token: &usize| !marked.iter().any(|marked| marked.outer.overlaps(parse.span(*token)));
    let [first, last] =
        [tokens.start, tokens.end - 1].map(|token| &parse.sentences[parse.sentence_of(token)]);
    let after = tokens.end..last.end.min(tokens.end + REACH_TOKENS);
    let before = first.start.max(tokens.start.saturating_sub(REACH_TOKENS))..tokens.start;
    let near = after.chain(before.rev()).filter(is_free);
    let is_beside = |(_, source): &(Span, Span)| !source.overlaps(one.outer);
    let speaker = near.filter_map(|token| speaker(parse, language, token)).find(is_beside);
    match speaker {
        Some((cue, source)) => Draft { cue: Some(cue), source: Some(source), ..alone },
        None => alone,
    }
}

/// Indirect speech by the parse alone: what hangs from a reporting verb as its content.
pub(super) fn reported(parse: &Parse<'_>, language: &Language, marked: &[Marked]) -> Vec<Draft> {
    let is_marked = |token: usize| marked.iter().any(|marked| marked.inner.contains(parse.span(token)));
    let mut found = Vec::new();
    for token in (0..parse.len()).filter(|&token| !is_marked(token)) {
        let Some(content) = content(parse, language, token) else { continue };
        let Some((cue, source)) = speaker(parse, language, token) else { continue };
        found.extend(indirect(content, (cue, source)));
    }
    found
}

/// What is said, by whom and with which cue, where the three stand apart.
fn indirect(content: Span, (cue, source): (Span, Span)) -> Option<Draft> {
    let is_apart = !content.overlaps(cue) && !content.overlaps(source);
    is_apart.then(|| Draft { content: vec![content], cue: Some(cue), source: Some(source) })
}

/// What the speaker of a reporting verb says without marks.
pub(super) fn told(parse: &Parse<'_>, language: &Language, verb: usize) -> Option<Draft> {
    indirect(content(parse, language, verb)?, said(parse, language, verb)?)
}

/// What hangs from a verb as its content.
fn content(parse: &Parse<'_>, language: &Language, verb: usize) -> Option<Span> {
    let labels: Vec<&str> = language.speech.contents.iter().collect();
    run(parse, &parse.subtree(parse.child(verb, &labels)?, &[]))
}

/// Cue and source, where a token is a reporting verb with a speaker or begins "according to".
fn speaker(parse: &Parse<'_>, language: &Language, token: usize) -> Option<(Span, Span)> {
    if is_reporting(parse, language, token) {
        return said(parse, language, token);
    }
    according(parse, language, token)
}

pub(super) fn is_reporting(parse: &Parse<'_>, language: &Language, token: usize) -> bool {
    language.speech.verbs.contains(parse.lemma(token)) && parse.part(token) == "VERB"
}

/// Cue and source, where a token is a reporting verb with a speaker.
pub(super) fn said(parse: &Parse<'_>, language: &Language, token: usize) -> Option<(Span, Span)> {
    if !is_reporting(parse, language, token) {
        return None;
    }
    let source = voice::of_verb(parse, language, token)?.speaker;
    (!source.overlaps(parse.span(token))).then(|| (parse.span(token), source))
}

/// Whether a token begins "according to".
pub(crate) fn is_according(parse: &Parse<'_>, language: &Language, token: usize) -> bool {
    language.speech.according.iter().any(|phrase| spelled(parse, token, phrase).is_some())
}

/// Cue and source, where a token begins "according to".
pub(super) fn according(parse: &Parse<'_>, language: &Language, token: usize) -> Option<(Span, Span)> {
    language.speech.according.iter().find_map(|phrase| {
        let cue = spelled(parse, token, phrase)?;
        let object = cue.clone().find_map(|token| parse.child(token, &["pobj"]))?;
        let source = party(parse, object)?;
        Some((parse.span_of(cue), source))
    })
}

/// The tokens of a phrase that begins at a token.
fn spelled(parse: &Parse<'_>, token: usize, phrase: &str) -> Option<Range<usize>> {
    let mut end = token;
    for word in phrase.split(' ') {
        if end >= parse.len() || parse.lower(end) != word {
            return None;
        }
        end += 1;
    }
    Some(token..end)
}

/// Somebody with all that hangs from the word for them but clauses.
pub(super) fn party(parse: &Parse<'_>, token: usize) -> Option<Span> {
    run(parse, &parse.subtree(token, &["relcl", "acl", "punct"]))
}

/// From the first to the last token of a subtree.
fn run(parse: &Parse<'_>, tokens: &[usize]) -> Option<Span> {
    let (first, last) = (*tokens.first()?, *tokens.last()?);
    (last - first < SOURCE_TOKENS_MAX).then(|| parse.span_of(first..last + 1))
}
