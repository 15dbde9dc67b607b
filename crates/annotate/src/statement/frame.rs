//! What says nothing by itself: that somebody says, or gives an account of, what stands elsewhere.

use std::collections::BTreeSet;

use super::Unit;
use super::distance::{negated, negations};
use crate::quotation::rules::is_according;

/// Arcs that add nothing to who tells that something is told.
const SAYING_NOTHING: &[&str] = &["punct", "aux", "auxpass", "advmod", "cc", "mark"];
const OBJECT: &str = "dobj";

/// Whether a sentence only says that somebody tells something: what is told stands elsewhere.
pub(super) fn announces(unit: &Unit<'_>) -> bool {
    /// Longer ones say what it is about.
    const WORDS_MAX: usize = 7;
    let parse = unit.reading.parse;
    let Some(root) = unit.root() else { return false };
    if is_frame(unit, root, &unit.tokens) {
        return true;
    }
    let is_short = unit.tokens.len() <= WORDS_MAX && negations(unit).next().is_none();
    if !is_short || !unit.nearby.figures.is_empty() || unit.tokens.iter().any(|&token| unit.quoted(token)) {
        return false;
    }
    let tells = |token: usize| unit.reading.language.speech.tellings.contains(parse.lemma(token));
    let is_plain = |&child: &usize| {
        [OBJECT, "nsubj"].contains(&parse.label(child)) || SAYING_NOTHING.contains(&parse.label(child))
    };
    parse.child(root, &[OBJECT]).is_some_and(tells) && parse.children(root).iter().all(is_plain)
}

/// Whether the clause of a predicate, without those below it, only says who says what stands in those, or in a
/// quotation, and when: "the mayor added on Monday that". Where, to whom and on what occasion is told, too.
pub(super) fn is_frame(unit: &Unit<'_>, head: usize, own: &[usize]) -> bool {
    let Unit { reading, nearby, .. } = unit;
    let parse = reading.parse;
    let speech = &reading.language.speech;
    let content = || parse.children(head).iter().any(|&child| speech.contents.contains(parse.label(child)));
    if !speech.verbs.contains(parse.lemma(head)) || !(content() || unit.cues(head)) {
        return false;
    }
    // "Nine in ten residents said": that is told.
    let counts = |token: usize| {
        nearby.figures.iter().any(|&figure| reading.figures[figure].span.contains(parse.span(token)))
    };
    let dates = |token: usize| unit.dates(token);
    let names_source =
        |&child: &usize| speech.is_party(parse.label(child)) || is_according(parse, reading.language, child);
    let sources = parse.children(head).iter().filter(|child| names_source(child));
    let of_source: BTreeSet<usize> = sources.flat_map(|&child| parse.subtree(child, &[])).collect();
    let says_nothing = |token: usize| {
        token == head
            || of_source.contains(&token)
            || SAYING_NOTHING.contains(&parse.label(token))
            || dates(token)
            || (parse.label(token) == "prep" && parse.children(token).iter().copied().all(dates))
    };
    !negated(unit, head) && own.iter().all(|&token| says_nothing(token) && !counts(token))
}
