//! Whose voice a cue is: of a passive, the one who speaks and not the one spoken to, and the subject of a verb that was left
//! without a source.

use model::Span;

use super::{Draft, rules};
use crate::Parse;
use crate::lang::{Language, WordSet};

/// A subject that the parse tore apart is taken for one up to so many words.
const SUBJECT_TOKENS_MAX: usize = 16;

/// Gives a draft the source that its cue has by the parse: where a passive's other party stands for it, and where there is none.
pub(super) fn settle(parse: &Parse<'_>, language: &Language, draft: &mut Draft) {
    let Some(cue) = draft.cue else { return };
    let by_parse = parse.tokens_in(cue).find_map(|verb| of_verb(parse, language, verb));
    let torn = || Some(Sides { speaker: torn_subject(parse, language, cue)?, other: None });
    let Some(Sides { speaker, other }) = by_parse.or_else(torn) else { return };
    let is_mistaken = draft.source.is_none_or(|source| other.is_some_and(|other| other.overlaps(source)));
    if !is_mistaken && other.is_none() {
        return;
    }
    // Who speaks, or is spoken to, may have been taken for a part of what is said.
    let is_party = |chunk: Span| speaker.contains(chunk) || other.is_some_and(|other| other.contains(chunk));
    let said: Vec<Span> = draft.content.iter().copied().filter(|&chunk| !is_party(chunk)).collect();
    if said.is_empty() || said.iter().any(|chunk| chunk.overlaps(speaker)) {
        return;
    }
    draft.content = said;
    if is_mistaken {
        draft.source = Some(speaker);
    }
}

/// Who speaks, and who stands there besides.
pub(super) struct Sides {
    pub(super) speaker: Span,
    other: Option<Span>,
}

/// The speaker of a passive or of any other reporting verb.
pub(super) fn of_verb(parse: &Parse<'_>, language: &Language, verb: usize) -> Option<Sides> {
    of_passive(parse, language, verb).or_else(|| {
        if !rules::is_reporting(parse, language, verb) {
            return None;
        }
        let subject = hanging(parse, verb, &language.speech.subjects)?;
        let speaker = rules::party(parse, subject).filter(|party| !party.overlaps(parse.span(verb)))?;
        Some(Sides { speaker, other: None })
    })
}

/// The first word that hangs from a verb by one of these labels.
fn hanging(parse: &Parse<'_>, verb: usize, labels: &WordSet) -> Option<usize> {
    parse.children(verb).iter().copied().find(|&child| labels.contains(parse.label(child)))
}

/// The speaker of a passive that a token is: "residents were told by police". Of what a passive's subject is quoted with, the
/// subject: "Hale was quoted by the paper as saying".
fn of_passive(parse: &Parse<'_>, language: &Language, token: usize) -> Option<Sides> {
    let speech = &language.speech;
    let above = parse.head(token);
    let verb = if is_quoting(parse, language, above) { parse.head(above) } else { token };
    let party = |token: Option<usize>| token.and_then(|token| rules::party(parse, token));
    let subject = party(hanging(parse, verb, &speech.passive_subjects));
    let agent =
        party(hanging(parse, verb, &speech.agents).and_then(|by| parse.children(by).first().copied()));
    match parse.children(verb).iter().any(|&child| is_quoting(parse, language, child)) {
        true => subject.map(|speaker| Sides { speaker, other: agent }),
        // "Voters were startled by the news": that does not speak.
        false if !rules::is_reporting(parse, language, verb) => None,
        false => agent.map(|speaker| Sides { speaker, other: subject }),
    }
}

/// Whether a token begins what a passive's subject is quoted with: "as saying", and not "as wearing a hood".
fn is_quoting(parse: &Parse<'_>, language: &Language, token: usize) -> bool {
    let is_reporting = |&child: &usize| rules::is_reporting(parse, language, child);
    language.speech.quoting.contains(parse.lower(token)) && parse.children(token).iter().any(is_reporting)
}

/// What stands in a sentence before its cue, where the cue's verb has no subject of its own: a name that is a sentence by itself
/// ("the organisers, It's Time for the Bay, said") is torn apart by the parse.
fn torn_subject(parse: &Parse<'_>, language: &Language, cue: Span) -> Option<Span> {
    let verb = parse.tokens_in(cue).find(|&token| rules::is_reporting(parse, language, token))?;
    let sentence = &parse.sentences[parse.sentence_of(verb)];
    let before = sentence.start..parse.tokens_in(cue).start;
    let is_nominal = |token: usize| matches!(parse.part(token), "DET" | "ADJ" | "NOUN" | "PROPN");
    let is_word = |token: &usize| !matches!(parse.part(*token), "PUNCT" | "SPACE");
    let last = before.clone().rev().find(is_word)?;
    let is_subject = parse.head(verb) == verb
        && before.len() <= SUBJECT_TOKENS_MAX
        && is_nominal(before.start)
        && is_nominal(last);
    is_subject.then(|| parse.span_of(before.start..last + 1))
}
