//! Quotations that are signed: “We will stay.” — Mara Quill, baker

use model::Span;

use super::Draft;
use super::form::{QUOTED_WORDS_MIN, is_title, word_count};
use super::marks::Marked;
use crate::Parse;

/// Dashes before a signature.
const DASHES: [&str; 5] = ["--", "—", "―", "–", "‒"];
/// The same after white space: without, it makes one word of two.
const HYPHEN: &str = "-";
/// More words are no name.
const NAME_WORDS_MAX: usize = 6;
/// Words of a name that are no longer may be small: "ter", "de la".
const SMALL_WORD_LETTERS_MAX: usize = 3;

/// Gives words in marks the name that a dash after them leads to, on the same line or at the head of the next one: to a draft that
/// ends with them and that nobody says yet, else in a draft of their own.
pub(super) fn signed(parse: &Parse<'_>, marked: &[Marked], mut drafts: Vec<Draft>) -> Vec<Draft> {
    for one in marked.iter().filter(|one| one.is_closed) {
        let Some(source) = signature(parse, one) else { continue };
        let is_unsaid = |draft: &&mut Draft| {
            let ends = draft.content.last().is_some_and(|chunk| chunk.overlaps(one.outer));
            ends && draft.cue.is_none() && draft.source.is_none()
        };
        if let Some(draft) = drafts.iter_mut().find(is_unsaid) {
            draft.source = Some(source);
            continue;
        }
        let is_theirs = |draft: &Draft| {
            draft.source.is_some_and(|other| other.overlaps(source))
                && draft.content.iter().any(|chunk| chunk.overlaps(one.outer))
        };
        if !drafts.iter().any(is_theirs) {
            // A dash that follows at once may be in the same token as the mark.
            let whole = Span::new(one.outer.start, source.start);
            drafts.iter_mut().for_each(|draft| draft.content.retain(|chunk| !whole.contains(*chunk)));
            drafts.push(Draft { content: vec![one.outer], cue: None, source: Some(source) });
        }
    }
    drafts.retain(|draft| !draft.content.is_empty());
    drafts
}

/// The name that a dash leads to from an utterance: it stands alone to the end of its line, or with what its bearer is.
fn signature(parse: &Parse<'_>, one: &Marked) -> Option<Span> {
    let words = one.inner.of(parse.text);
    if word_count(words) < QUOTED_WORDS_MIN || is_title(words) {
        return None;
    }
    let rest = Span::new(one.outer.end, parse.text.len()).of(parse.text);
    let bare = rest.trim_start();
    let space = Span::new(0, rest.len() - bare.len()).of(rest);
    let dashed = DASHES.iter().find_map(|&dash| bare.strip_prefix(dash));
    // At the head of a line it begins what stands in a list.
    let hyphened = || bare.strip_prefix(HYPHEN).filter(|_| !space.is_empty() && !space.contains('\n'));
    let line = dashed.or_else(hyphened)?.lines().next()?.trim_start();
    let name = line.split([',', '(', ';']).next()?.trim_end_matches(|c: char| c.is_whitespace() || c == '.');
    let start = name.as_ptr() as usize - parse.text.as_ptr() as usize;
    let span = Span::new(start, start + name.len());
    let is_of_name =
        |word: &str| word.starts_with(char::is_uppercase) || word.chars().count() <= SMALL_WORD_LETTERS_MAX;
    let mut of_line = parse.tokens_in(Span::new(start, start + line.len()));
    let is_name = !of_line.clone().any(|token| matches!(parse.part(token), "VERB" | "AUX"))
        && of_line.next().is_some_and(|first| parse.part(first) == "PROPN")
        && name.split_whitespace().count() <= NAME_WORDS_MAX
        && name.split_whitespace().all(is_of_name);
    is_name.then_some(span)
}
