//! Who passes words on, and who spoke them: "according to the Courier, the harbour master said".

use model::Span;

use super::marks::Marked;
use super::{Draft, rules};
use crate::Parse;
use crate::lang::Language;

/// Arcs from "according to" up to the reporting verb of its sentence that are followed.
const STEPS_MAX: usize = 4;
/// Words of an "according to" at most.
const PHRASE_TOKENS_MAX: usize = 4;

/// Where a draft goes by "according to" and a reporting verb with a speaker stands above it, words in marks are the
/// speaker's, and what the speaker said without marks is a quotation within what is passed on.
pub(super) fn told_apart(
    parse: &Parse<'_>,
    language: &Language,
    marked: &[Marked],
    mut drafts: Vec<Draft>,
) -> Vec<Draft> {
    drafts.iter_mut().for_each(|draft| part(parse, language, draft));
    let mut place = 0;
    let mut nested = Vec::new();
    while place < drafts.len() {
        let spoken = spoken(parse, language, &drafts[place]);
        let Some(Spoken { verb, cue, source }) = spoken else {
            place += 1;
            continue;
        };
        let content = &drafts[place].content;
        let is_marked = |chunk: &Span| marked.iter().any(|marked| marked.outer.contains(*chunk));
        let overlaps = |other: &Draft| other.content.iter().any(|a| content.iter().any(|b| a.overlaps(*b)));
        if !content.iter().all(is_marked) {
            if !drafts.iter().chain(&nested).any(|other| other.cue == Some(cue)) {
                nested.extend(rules::told(parse, language, verb));
            }
            place += 1;
        } else if drafts.iter().any(|other| other.cue == Some(cue) && overlaps(other)) {
            drafts.remove(place);
        } else {
            drafts[place].cue = Some(cue);
            drafts[place].source = Some(source);
            place += 1;
        }
    }
    drafts.extend(nested);
    drafts
}

/// Parts a source that holds both who passes words on and who spoke them ("according to [the Courier, the harbour master] said"):
/// each cue has its own.
fn part(parse: &Parse<'_>, language: &Language, draft: &mut Draft) {
    let (Some(cue), Some(source)) = (draft.cue, draft.source) else { return };
    let first = parse.tokens_in(source).start;
    let mut near = first.saturating_sub(PHRASE_TOKENS_MAX)..first;
    let phrase = |token: usize| rules::according(parse, language, token).map(|found| (token, found));
    let Some((token, (phrase, relay))) = near.find_map(phrase) else { return };
    let speaker = above(parse, language, token).map(|spoken| spoken.source).find(|speaker| {
        relay.start == source.start && relay.end <= speaker.start && source.contains(*speaker)
    });
    if let Some(speaker) = speaker {
        draft.source = Some(if cue.overlaps(phrase) { relay } else { speaker });
    }
}

/// A reporting verb with its speaker.
struct Spoken {
    verb: usize,
    cue: Span,
    source: Span,
}

/// The reporting verb above the "according to" of a draft, if it has another speaker.
fn spoken(parse: &Parse<'_>, language: &Language, draft: &Draft) -> Option<Spoken> {
    let first = parse.tokens_in(draft.cue?).next()?;
    if !rules::is_according(parse, language, first) {
        return None;
    }
    above(parse, language, first).find(|Spoken { cue, source, .. }| {
        let is_other = draft.source.is_none_or(|relay| !source.overlaps(relay));
        // What is said within the quotation itself is said by nobody outside.
        let is_outside = |chunk: &Span| !chunk.contains(*cue) || !parse.tokens_in(*chunk).contains(&first);
        is_other && draft.content.iter().all(is_outside)
    })
}

/// The reporting verbs with a speaker above a token, the nearest first.
fn above(parse: &Parse<'_>, language: &Language, token: usize) -> impl Iterator<Item = Spoken> {
    let up = |&token: &usize| Some(parse.head(token)).filter(|&head| head != token);
    let heads = std::iter::successors(Some(token), up).skip(1).take(STEPS_MAX);
    heads.filter_map(|verb| {
        rules::said(parse, language, verb).map(|(cue, source)| Spoken { verb, cue, source })
    })
}
