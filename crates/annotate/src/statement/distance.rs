//! How far an outlet stands behind a sentence: negations, hedges, and the certainty that follows.

use model::{Certainty, Hedge, HedgeKind, QuotationForm, Span};

use super::Unit;
use super::clause::subject;

/// Tokens that negate.
pub(super) fn negations(unit: &Unit<'_>) -> Vec<usize> {
    let parse = unit.reading.parse;
    let words = &unit.reading.language.compare.negation;
    unit.tokens
        .iter()
        .copied()
        .filter(|&token| {
            parse.label(token) == "neg"
                || words.words.contains(&parse.lower(token))
                || (parse.part(token) == "VERB" && words.verbs.contains(&parse.lemma(token)))
        })
        .collect()
}

/// Whether what this predicate says is negated.
pub(super) fn negated(unit: &Unit<'_>, head: usize) -> bool {
    let parse = unit.reading.parse;
    let words = &unit.reading.language.compare.negation;
    let below = |token: usize| {
        parse
            .children(token)
            .iter()
            .any(|&child| parse.label(child) == "neg" || words.words.contains(&parse.lower(child)))
    };
    let arguments = ["nsubj", "nsubjpass", "dobj", "attr", "acomp"];
    below(head)
        || parse.children(head).iter().any(|&child| arguments.contains(&parse.label(child)) && below(child))
        || (["xcomp", "ccomp"].contains(&parse.label(head))
            && words.verbs.contains(&parse.lemma(parse.head(head))))
}

/// The words by which the outlet keeps its distance, in order of the text.
pub(super) fn hedges(unit: &Unit<'_>) -> Vec<Hedge> {
    let mut hedges: Vec<Hedge> = Vec::new();
    let text = unit.span.of(unit.reading.parse.text);
    for pattern in &unit.reading.language.compare.hedge.unconfirmed {
        if let Some(found) = pattern.find(text) {
            let span = Span::new(unit.span.start + found.start(), unit.span.start + found.end());
            hedges.push(Hedge { span, kind: HedgeKind::Unconfirmed });
        }
    }
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

fn word_hedge(unit: &Unit<'_>, token: usize) -> Option<HedgeKind> {
    let (parse, words) = (unit.reading.parse, &unit.reading.language.compare.hedge);
    if parse.part(token) == "PROPN" || unit.quoted(token) {
        return None;
    }
    let (lemma, lower) = (parse.lemma(token), parse.lower(token));
    if words.modals.contains(&lower) && parse.tag(token) == "MD" {
        return Some(HedgeKind::Modal);
    }
    let passive = parse.child(token, &["nsubjpass", "auxpass"]).is_some() || (parse.label(token) == "amod");
    if words.passive.contains(&lemma) {
        return passive.then_some(HedgeKind::Word);
    }
    (words.words.contains(&lemma) || words.words.contains(&lower)).then_some(HedgeKind::Word)
}

/// Sources whose word stands for the sentence: "police said", "according to officials". Only those that speak for
/// what outlets did not see; a person's own statement is no hedge.
fn sources(unit: &Unit<'_>) -> Vec<Span> {
    let parse = unit.reading.parse;
    let words = &unit.reading.language.compare.source;
    let generic = |span: Span| {
        parse.tokens_in(span).any(|token| words.generic.contains(&parse.lemma(token)) && !unit.quoted(token))
    };
    let mut found: Vec<Span> = unit
        .reading
        .quotations
        .iter()
        .filter(|quotation| quotation.form == QuotationForm::Indirect)
        .filter(|quotation| quotation.content.iter().any(|content| content.overlaps(unit.span)))
        .filter_map(|quotation| quotation.source)
        .filter(|source| unit.span.contains(*source) && generic(*source))
        .collect();
    for &token in &unit.tokens {
        let speaks = parse.part(token) == "VERB" && words.speech.contains(&parse.lemma(token));
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

/// How sure the sentence's source is (FactBank), read from its first predicate, modals and hedges.
pub(super) fn certainty(unit: &Unit<'_>, hedges: &[Hedge]) -> Certainty {
    let (parse, words) = (unit.reading.parse, &unit.reading.language.compare.hedge);
    let root = unit.tokens.iter().copied().find(|&token| parse.head(token) == token);
    // Under a reporting verb the source commits itself to what is reported.
    let main = root.map(|root| match parse.child(root, &["ccomp"]) {
        Some(reported) if unit.reading.language.compare.source.speech.contains(&parse.lemma(root)) => {
            reported
        }
        _ => root,
    });
    let negative = main.is_some_and(|main| negated(unit, main));
    let text = unit.span.of(parse.text);
    if text.ends_with('?') || hedges.iter().any(|hedge| hedge.kind == HedgeKind::Unconfirmed) {
        return Certainty::Uncommitted;
    }
    let probable = hedges.iter().any(|hedge| {
        hedge.kind == HedgeKind::Word
            && parse.tokens_in(hedge.span).any(|token| {
                words.probable.contains(&parse.lemma(token)) || words.probable.contains(&parse.lower(token))
            })
    });
    let open = hedges.iter().any(|hedge| hedge.kind == HedgeKind::Word);
    let possible = hedges.iter().any(|hedge| hedge.kind == HedgeKind::Modal);
    match (probable, possible, open, negative) {
        (true, _, _, false) => Certainty::Probable,
        (true, _, _, true) => Certainty::ProbableNot,
        (false, true, _, false) => Certainty::Possible,
        (false, true, _, true) => Certainty::PossibleNot,
        (false, false, true, _) => Certainty::Uncommitted,
        (false, false, false, true) => Certainty::CertainNot,
        (false, false, false, false) => Certainty::Certain,
    }
}
