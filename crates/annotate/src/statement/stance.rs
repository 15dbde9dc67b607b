//! Who confirms, doubts, denies or declines in a sentence: cue and holder.

use model::{Span, StanceCue, StanceKind};

use super::Unit;
use super::clause::subject;

/// The stands taken in a sentence, at most one of a kind.
pub(super) fn stances(unit: &Unit<'_>) -> Vec<StanceCue> {
    let text = unit.span.of(unit.reading.parse.text);
    let mut cues: Vec<StanceCue> = Vec::new();
    for (pattern, stand) in unit.reading.language.compare.stances.possible(text) {
        if cues.iter().any(|cue| cue.kind == stand.kind) {
            continue;
        }
        let hit = pattern.find_iter(text).find(|found| {
            let excepted = stand.except.as_ref().and_then(|except| except.find_at(text, found.start()));
            excepted.is_none_or(|except| except.start() >= found.end())
        });
        let Some(hit) = hit else { continue };
        let span = Span::new(unit.span.start + hit.start(), unit.span.start + hit.end());
        if turned(unit, span, stand.kind) {
            continue;
        }
        match by(unit, span) {
            Holder::Thing => {}
            Holder::Nobody => cues.push(StanceCue { span, kind: stand.kind, by: None }),
            Holder::Somebody(by) => cues.push(StanceCue { span, kind: stand.kind, by: Some(by) }),
        }
    }
    cues
}

/// Whether a negation makes it no stand: "does not deny" denies nothing, "not confirmed" confirms nothing. That "found no
/// trace" negates by its own words is what makes it a denial.
fn turned(unit: &Unit<'_>, cue: Span, kind: StanceKind) -> bool {
    let parse = unit.reading.parse;
    let mut tokens = parse.tokens_in(cue);
    let outside = |token: usize| {
        let mut children = parse.children(token).iter();
        children.any(|&child| parse.label(child) == "neg" && parse.span(child).end <= cue.start)
    };
    match kind {
        StanceKind::Confirms => tokens.any(|token| super::distance::negated(unit, token)),
        StanceKind::Denies | StanceKind::Doubts => tokens.any(outside),
        StanceKind::Declines => false,
    }
}

/// Whoever takes a stand.
enum Holder {
    /// A person or body.
    Somebody(String),
    /// The text does not say.
    Nobody,
    /// "The announcement raised doubts": a thing takes no stand.
    Thing,
}

/// Who takes the stand: the speaker of the quotation the cue stands in, else the subject of its verb.
fn by(unit: &Unit<'_>, cue: Span) -> Holder {
    let reading = unit.reading;
    let parse = reading.parse;
    let quotation = unit
        .quotations()
        .filter(|quotation| quotation.content.iter().any(|content| content.overlaps(cue)))
        .min_by_key(|quotation| quotation.content.iter().map(|content| content.len()).sum::<usize>());
    let said = |number: &model::Quotation| {
        number.speaker.clone().or_else(|| number.source.map(|source| source.of(parse.text).to_string()))
    };
    if let Some(speaker) = quotation.and_then(said) {
        return Holder::Somebody(speaker);
    }
    let Some(subject) = doer(unit, cue) else { return Holder::Nobody };
    let named = reading
        .mentions
        .iter()
        .filter(|mention| mention.span.contains(parse.span(subject)))
        .min_by_key(|mention| mention.span.len());
    if let Some(entity) = named.and_then(|mention| reading.entities.get(mention.entity)) {
        return Holder::Somebody(entity.name.clone());
    }
    let (words, lemma) = (&reading.language.compare, parse.lemma(subject));
    let speaks = words.source.generic.contains(lemma) || words.slot.people.contains(lemma);
    if parse.part(subject) == "NOUN" && !speaks && is_thing(unit, subject) {
        return Holder::Thing;
    }
    Holder::Somebody(phrase(unit, subject).of(parse.text).to_string())
}

/// Whether a noun is what a stand is about or what gives rise to it, not who takes it.
fn is_thing(unit: &Unit<'_>, noun: usize) -> bool {
    let (parse, words) = (unit.reading.parse, &unit.reading.language.compare);
    let negated = parse.children(noun).iter().any(|&child| words.negation.words.contains(parse.lower(child)));
    let lemma = parse.lemma(noun);
    let said = words.source.acts.contains(lemma);
    negated || said
}

/// The subject of the cue's verb, or of the one above it.
fn doer(unit: &Unit<'_>, cue: Span) -> Option<usize> {
    let parse = unit.reading.parse;
    let verb = parse
        .tokens_in(cue)
        .find(|&token| ["VERB", "AUX"].contains(&parse.part(token)))
        .or_else(|| above(unit, parse.tokens_in(cue).next()?))?;
    let found = subject(unit, verb).or_else(|| subject(unit, above(unit, parse.head(verb))?))?;
    unit.holds(found).then_some(found)
}

/// The nearest verb at or above a token.
fn above(unit: &Unit<'_>, token: usize) -> Option<usize> {
    let parse = unit.reading.parse;
    let mut here = token;
    for _ in 0..unit.tokens.len() {
        if ["VERB", "AUX"].contains(&parse.part(here)) {
            return Some(here);
        }
        here = parse.head(here);
    }
    None
}

/// A noun with what stands before it.
fn phrase(unit: &Unit<'_>, noun: usize) -> Span {
    let parse = unit.reading.parse;
    let tokens = parse.subtree(noun, &["relcl", "appos", "acl", "prep", "punct", "conj", "cc"]);
    let first = tokens.into_iter().find(|token| unit.holds(*token)).unwrap_or(noun).min(noun);
    parse.span_of(first..noun + 1)
}
