//! Quotations in marks that tagging left alone or cut short.

use model::Span;

use super::form::{QUOTED_WORDS_MIN, is_embedded, within, word_count};
use super::marks::Marked;
use super::{Draft, rules};
use crate::Parse;
use crate::lang::Language;

/// Adds to the drafts what stands in marks and is not in them yet.
pub(super) fn completed(
    parse: &Parse<'_>,
    language: &Language,
    marked: &[Marked],
    mut drafts: Vec<Draft>,
) -> Vec<Draft> {
    let mut before: Option<(Marked, usize)> = None;
    for (number, &one) in marked.iter().enumerate() {
        let holder = match standing(parse, &drafts, one) {
            Standing::Held(draft) => Some(draft),
            Standing::Touched(draft, chunk) => {
                widen(parse, &mut drafts[draft], chunk, one);
                Some(draft)
            }
            Standing::Embedded(draft) if word_count(one.inner.of(parse.text)) >= QUOTED_WORDS_MIN => {
                let Draft { cue, source, .. } = drafts[draft].clone();
                drafts.push(Draft { content: vec![one.outer], cue, source });
                Some(drafts.len() - 1)
            }
            Standing::Embedded(draft) => Some(draft),
            Standing::Alone => {
                let opened = before.filter(|(last, _)| number > 0 && runs_on(parse, *last, one));
                match opened {
                    Some((_, draft)) => {
                        drafts[draft].content.push(one.outer);
                        Some(draft)
                    }
                    None => {
                        drafts.push(rules::attributed(parse, language, marked, one));
                        Some(drafts.len() - 1)
                    }
                }
            }
        };
        before = holder.map(|draft| (one, draft));
    }
    drafts
}

/// How the drafts stand to something in marks.
enum Standing {
    /// It is one of their contents.
    Held(usize),
    /// Part of it is: which draft, which chunk.
    Touched(usize, usize),
    /// It is a small part of a content.
    Embedded(usize),
    /// It is in none.
    Alone,
}

/// Marked words of which this share is in a content belong to it; in percent.
const COVER_MIN: usize = 60;

fn standing(parse: &Parse<'_>, drafts: &[Draft], marked: Marked) -> Standing {
    let mut best = (0, Standing::Alone);
    for (number, draft) in drafts.iter().enumerate() {
        for (place, chunk) in draft.content.iter().enumerate() {
            if !chunk.overlaps(marked.outer) {
                continue;
            }
            let common = chunk.end.min(marked.outer.end) - chunk.start.max(marked.outer.start);
            if common <= best.0 {
                continue;
            }
            let standing = if common * 100 < marked.outer.len() * COVER_MIN {
                Standing::Touched(number, place)
            } else if is_embedded(parse, marked.inner, *chunk) {
                Standing::Embedded(number)
            } else {
                Standing::Held(number)
            };
            best = (common, standing);
        }
    }
    best.1
}

/// Lets a content that lies within marks have all that stands between them.
fn widen(parse: &Parse<'_>, draft: &mut Draft, chunk: usize, marked: Marked) {
    let is_within = within(&[marked], draft.content[chunk])
        .any(|part| word_count(part.of(parse.text)) >= word_count(draft.content[chunk].of(parse.text)));
    let spoken_there =
        [draft.cue, draft.source].into_iter().flatten().any(|span| span.overlaps(marked.outer));
    if is_within && !spoken_there {
        draft.content.retain(|span| !marked.outer.overlaps(*span));
        draft.content.push(marked.outer);
        draft.content.sort_unstable();
    }
}

/// Whether a quotation that was not closed goes on in the next paragraph.
fn runs_on(parse: &Parse<'_>, last: Marked, next: Marked) -> bool {
    let (old, new) = (parse.tokens_in(last.inner), parse.tokens_in(next.outer));
    let (Some(end), false) = (old.last(), new.is_empty()) else { return false };
    let (old, new) = (parse.piece_of(end), parse.piece_of(new.start));
    let pieces = &parse.document.pieces;
    let begins = |span: Span| parse.tokens_in(span).start == pieces[new].start;
    !last.is_closed && old + 1 == new && begins(next.outer)
}
