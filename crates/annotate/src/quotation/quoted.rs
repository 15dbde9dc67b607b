//! Quotations in marks that tagging left alone, cut short or tore apart.

use model::Span;

use super::form::{QUOTED_WORDS_MIN, is_embedded, is_title, word_count};
use super::marks::Marked;
use super::{Draft, rules};
use crate::Parse;
use crate::lang::Language;

/// Adds to the drafts what stands in marks and is not in them yet.
pub(super) fn completed(
    parse: &Parse<'_>,
    language: &Language,
    marked: &[Marked],
    drafts: Vec<Draft>,
) -> Vec<Draft> {
    let mut work = Work { parse, language, marked, drafts };
    let mut before: Option<(Marked, usize)> = None;
    for &one in marked {
        let opened = before.filter(|(last, _)| runs_on(parse, *last, one)).map(|(_, draft)| draft);
        before = work.place(one, opened).map(|draft| (one, draft));
    }
    work.drafts.retain(|draft| !draft.content.is_empty());
    work.drafts
}

struct Work<'a> {
    parse: &'a Parse<'a>,
    language: &'a Language,
    marked: &'a [Marked],
    drafts: Vec<Draft>,
}

/// How the drafts stand to something in marks.
enum Standing {
    /// It is, or part of it is, one of their contents: which draft, which chunk.
    Held(usize, usize),
    /// It is a small part of a content.
    Embedded(usize),
    /// It is in none.
    Alone,
}

impl Work<'_> {
    /// Sees to one quotation in marks and says which draft has it. `opened` has what it continues.
    fn place(&mut self, one: Marked, opened: Option<usize>) -> Option<usize> {
        match (self.standing(one), opened) {
            (Standing::Held(draft, chunk), None) => {
                self.widen(draft, chunk, one);
                Some(draft)
            }
            (Standing::Held(draft, chunk), Some(opened)) => {
                self.widen(draft, chunk, one);
                Some(if draft == opened { draft } else { self.join(opened, draft, one) })
            }
            (Standing::Embedded(draft), _) => {
                let words = one.inner.of(self.parse.text);
                if word_count(words) < QUOTED_WORDS_MIN || is_title(words) {
                    return None;
                }
                let Draft { cue, source, .. } = self.drafts[draft].clone();
                self.drafts.push(Draft { content: vec![one.outer], cue, source });
                Some(self.drafts.len() - 1)
            }
            (Standing::Alone, Some(opened)) => {
                self.drafts[opened].content.push(one.outer);
                Some(opened)
            }
            (Standing::Alone, None) => Some(self.add(one)),
        }
    }

    /// The chunk that shares most with the marked words.
    fn standing(&self, one: Marked) -> Standing {
        let mut best = (0, Standing::Alone);
        for (number, draft) in self.drafts.iter().enumerate() {
            for (place, chunk) in
                draft.content.iter().enumerate().filter(|(_, chunk)| chunk.overlaps(one.outer))
            {
                let common = chunk.end.min(one.outer.end) - chunk.start.max(one.outer.start);
                if common > best.0 {
                    let is_embedded = chunk.contains(one.inner) && is_embedded(self.parse, one.inner, *chunk);
                    let held = Standing::Held(number, place);
                    best = (common, if is_embedded { Standing::Embedded(number) } else { held });
                }
            }
        }
        best.1
    }

    /// Lets a content that lies within marks have all that stands between them, unless the reporting clause
    /// itself stands there; an "according to" behind them is not a part of it.
    fn widen(&mut self, draft: usize, chunk: usize, one: Marked) {
        let draft = &mut self.drafts[draft];
        let content = &mut draft.content[chunk];
        let behind = (one.outer.end < content.end).then(|| Span::new(one.outer.end, content.end));
        let first = behind.and_then(|behind| self.parse.tokens_in(behind).next());
        if first.is_some_and(|first| rules::is_according(self.parse, self.language, first)) {
            content.end = one.outer.end;
        }
        let spoken_there =
            [draft.cue, draft.source].into_iter().flatten().any(|span| span.overlaps(one.outer));
        if one.outer.contains(draft.content[chunk]) && !spoken_there {
            draft.content.retain(|span| !one.outer.contains(*span));
            draft.content.push(one.outer);
            draft.content.sort_unstable();
        }
    }

    /// Brings together what two drafts hold of a quotation that runs over paragraphs: with the one whose cue
    /// stands nearer to where they meet.
    fn join(&mut self, first: usize, second: usize, one: Marked) -> usize {
        let piece = |span: Span| self.parse.tokens_in(span).next().map(|token| self.parse.piece_of(token));
        let here = piece(one.outer);
        let distance = |draft: &Draft| match (draft.cue.and_then(piece), here) {
            (Some(cue), Some(here)) => cue.abs_diff(here),
            _ => usize::MAX,
        };
        let keeps_first = distance(&self.drafts[first]) < distance(&self.drafts[second]);
        let (to, from) = if keeps_first { (first, second) } else { (second, first) };
        // Only what belongs to this quotation moves: from its paragraph, or from the open end before it, or all
        // that has no cue anyway.
        let is_before = |span: &Span| piece(*span).is_some_and(|at| Some(at + 1) == here);
        let whole = self.drafts[from].cue.is_none();
        let moves =
            |span: &Span| whole || if keeps_first { one.outer.contains(*span) } else { is_before(span) };
        let moved: Vec<Span> = self.drafts[from].content.iter().copied().filter(moves).collect();
        self.drafts[from].content.retain(|span| !moved.contains(span));
        self.drafts[to].content.extend(moved);
        self.drafts[to].content.sort_unstable();
        to
    }

    /// A quotation that no draft has: by the reporting clause beside it, which may have another part already.
    fn add(&mut self, one: Marked) -> usize {
        let new = rules::attributed(self.parse, self.language, self.marked, one);
        let same = |draft: &Draft| new.cue.is_some() && draft.cue == new.cue;
        match self.drafts.iter().position(same) {
            Some(draft) => {
                self.drafts[draft].content.push(one.outer);
                self.drafts[draft].content.sort_unstable();
                draft
            }
            None => {
                self.drafts.push(new);
                self.drafts.len() - 1
            }
        }
    }
}

/// Whether a quotation that was not closed goes on in the next paragraph.
fn runs_on(parse: &Parse<'_>, last: Marked, next: Marked) -> bool {
    let (Some(end), Some(start)) = (parse.tokens_in(last.inner).last(), parse.tokens_in(next.outer).next())
    else {
        return false;
    };
    let (old, new) = (parse.piece_of(end), parse.piece_of(start));
    !last.is_closed && old + 1 == new && parse.document.pieces[new].start == start
}
