//! How far an outlet stands behind a sentence: negations, hedges, and the certainty that follows.

use model::{Certainty, Hedge, HedgeKind, QuotationForm, Span};

use super::Unit;
use super::clause::{Built, subject};

/// Tokens that negate.
pub(super) fn negations(unit: &Unit<'_>) -> impl Iterator<Item = usize> {
    let parse = unit.reading.parse;
    let words = &unit.reading.language.compare.negation;
    unit.tokens.iter().copied().filter(|&token| {
        parse.label(token) == "neg"
            || words.words.contains(parse.lower(token))
            || (parse.part(token) == "VERB" && words.verbs.contains(parse.lemma(token)))
    })
}

/// Whether what this predicate says is negated.
pub(super) fn negated(unit: &Unit<'_>, head: usize) -> bool {
    let parse = unit.reading.parse;
    let words = &unit.reading.language.compare.negation;
    let below = |token: usize| {
        parse
            .children(token)
            .iter()
            .any(|&child| parse.label(child) == "neg" || words.words.contains(parse.lower(child)))
    };
    let arguments = ["nsubj", "nsubjpass", "dobj", "attr", "acomp"];
    below(head)
        || parse.children(head).iter().any(|&child| {
            arguments.contains(&parse.label(child))
                // "Nobody was hurt", "no one was hurt".
                && (below(child) || words.words.contains(parse.lower(child)))
        })
        || (["xcomp", "ccomp"].contains(&parse.label(head))
            && words.verbs.contains(parse.lemma(parse.head(head))))
}

/// The words by which the outlet keeps its distance, in order of the text.
pub(super) fn hedges(unit: &Unit<'_>) -> Vec<Hedge> {
    let mut hedges: Vec<Hedge> = phrases(unit).collect();
    for &token in &unit.tokens {
        if let Some(kind) = word_hedge(unit, token) {
            hedges.push(Hedge { span: unit.reading.parse.span(token), kind });
        }
    }
    hedges.extend(sources(unit).into_iter().map(|span| Hedge { span, kind: HedgeKind::Source }));
    hedges.sort_by_key(|hedge| (hedge.span, hedge.kind));
    hedges.dedup();
    hedges
}

/// Phrases that keep distance, one for each pattern.
fn phrases(unit: &Unit<'_>) -> impl Iterator<Item = Hedge> {
    let start = unit.span.start;
    let text = unit.span.of(unit.reading.parse.text);
    let possible = unit.reading.language.compare.hedge.phrases.possible(text);
    possible.filter_map(move |(pattern, &kind)| {
        let found = pattern.find(text)?;
        Some(Hedge { span: Span::new(start + found.start(), start + found.end()), kind })
    })
}

fn word_hedge(unit: &Unit<'_>, token: usize) -> Option<HedgeKind> {
    let (parse, words) = (unit.reading.parse, &unit.reading.language.compare.hedge);
    if parse.part(token) == "PROPN" || unit.quoted(token) {
        return None;
    }
    let (lemma, lower) = (parse.lemma(token), parse.lower(token));
    if words.modals.contains(lower) && parse.tag(token) == "MD" {
        return Some(HedgeKind::Modal);
    }
    let passive = parse.child(token, &["nsubjpass", "auxpass"]).is_some() || (parse.label(token) == "amod");
    if words.passive.contains(lemma) {
        return passive.then_some(HedgeKind::Word);
    }
    (words.words.contains(lemma) || words.words.contains(lower)).then_some(HedgeKind::Word)
}

/// Sources whose word stands for the sentence: "police said", "according to officials". Only those that speak for
/// what outlets did not see; a person's own statement is no hedge.
fn sources(unit: &Unit<'_>) -> Vec<Span> {
    let parse = unit.reading.parse;
    let words = &unit.reading.language.compare.source;
    let people = &unit.reading.language.compare.slot.people;
    // "Women reported", "residents said": nobody by name.
    let nameless = |token: usize| parse.part(token) == "NOUN" && people.contains(parse.lemma(token));
    let generic = |span: Span| {
        parse.tokens_in(span).any(|token| {
            (words.generic.contains(parse.lemma(token)) || nameless(token)) && !unit.quoted(token)
        })
    };
    let mut found: Vec<Span> = unit
        .quotations()
        .filter(|quotation| quotation.form == QuotationForm::Indirect)
        .filter(|quotation| quotation.content.iter().any(|content| content.overlaps(unit.span)))
        .filter_map(|quotation| quotation.source)
        .filter(|source| unit.span.contains(*source) && generic(*source))
        .collect();
    for &token in &unit.tokens {
        let speaks = parse.part(token) == "VERB" && words.speech.contains(parse.lemma(token));
        if !speaks
            || parse.child(token, &["ccomp", "parataxis"]).is_none() && parse.label(token) != "parataxis"
        {
            continue;
        }
        if let Some(who) = subject(unit, token).filter(|&who| parse.label(who) == "nsubj" && unit.holds(who))
        {
            let span = parse.span(who);
            if generic(span) && !found.iter().any(|other| other.overlaps(span)) {
                found.push(span);
            }
        }
    }
    found
}

/// How sure the sentence's source is: of its main clause, or of what that reports.
pub(super) fn certainty(unit: &Unit<'_>, clauses: &[Built]) -> Certainty {
    if phrases(unit).any(|hedge| hedge.kind == HedgeKind::Unconfirmed) {
        return Certainty::Uncommitted;
    }
    let parse = unit.reading.parse;
    let Some(mut main) = unit.root() else { return Certainty::Certain };
    // Reports of reports are as deep as the sentence at most.
    for _ in 0..unit.tokens.len() {
        let reports = unit.reading.language.compare.source.speech.contains(parse.lemma(main));
        match parse.child(main, &["ccomp"]).filter(|_| reports) {
            Some(reported) => main = reported,
            None => break,
        }
    }
    match clauses.iter().find(|clause| clause.head == main) {
        Some(clause) => clause.made.certainty,
        None => super::certainty::certainty(unit, main).certainty,
    }
}
