//! Who passes words on, and who spoke them: "according to the Courier, the harbour master said".

use model::Span;

use super::marks::Marked;
use super::{Draft, rules};
use crate::Parse;
use crate::lang::Language;

/// Arcs from "according to" up to the reporting verb of its sentence that are followed.
const STEPS_MAX: usize = 4;

/// Where a draft goes by "according to" and a reporting verb with a speaker stands above it, words in marks are the
/// speaker's, and what the speaker said without marks is a quotation within what is passed on.
pub(super) fn told_apart(
    parse: &Parse<'_>,
    language: &Language,
    marked: &[Marked],
    mut drafts: Vec<Draft>,
) -> Vec<Draft> {
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
    let mut token = first;
    for _ in 0..STEPS_MAX {
        let head = parse.head(token);
        if head == token {
            break;
        }
        token = head;
        let Some((cue, source)) = rules::said(parse, language, token) else { continue };
        let is_other = draft.source.is_none_or(|relay| !source.overlaps(relay));
        // What is said within the quotation itself is said by nobody outside.
        let is_outside = |chunk: &Span| !chunk.contains(cue) || !parse.tokens_in(*chunk).contains(&first);
        if is_other && draft.content.iter().all(is_outside) {
            return Some(Spoken { verb: token, cue, source });
        }
    }
    None
}
