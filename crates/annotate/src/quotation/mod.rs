//! Who says what: quotations with source, cue and content.
//!
//! A trained tagger labels sources, cues and contents, and a linker joins them. What stands between marks and was
//! left alone is added by rule, so that no quotation in marks is lost; where the tagger does not fit (another
//! language), rules do all the work.

mod curve;
mod field;
mod form;
mod linker;
mod marks;
mod network;
mod quoted;
mod rules;
mod sequence;
mod weights;

use model::{Quotation, Span};

use self::sequence::Sequence;
pub use self::weights::Tagger;
use crate::Parse;
use crate::lang::Language;

/// A quotation before its form is known.
#[derive(Clone, Debug, PartialEq)]
struct Draft {
    content: Vec<Span>,
    cue: Option<Span>,
    source: Option<Span>,
}

/// All quotations of a text, in order of their first content. Who the speakers are is not resolved here.
pub(crate) fn quotations(parse: &Parse<'_>, tagger: &Tagger, language: &Language) -> Vec<Quotation> {
    let marked = marks::marked(parse, &language.speech.elisions);
    let drafts = match tagger.fits(parse, language) {
        true => tagged(&Sequence::new(parse, &marked), tagger),
        false => rules::reported(parse, language, &marked),
    };
    let drafts = quoted::completed(parse, language, &marked, drafts);
    let mut found: Vec<Quotation> =
        drafts.into_iter().map(|draft| form::quotation(parse, &marked, draft)).collect();
    found.sort_by_key(|quotation| (quotation.content[0], quotation.cue));
    found
}

/// What tagger and linker find.
fn tagged(sequence: &Sequence<'_>, tagger: &Tagger) -> Vec<Draft> {
    if sequence.len() == 0 {
        return Vec::new();
    }
    let units = network::units(sequence);
    let scores = network::emissions(tagger, sequence, &units);
    let spans = field::spans(&tagger.field, &scores, &units);
    let span = |index: usize| {
        let places = &spans[index].places;
        sequence.parse.span_of(sequence.tokens[places.start]..sequence.tokens[places.end - 1] + 1)
    };
    linker::link(tagger, sequence, &spans)
        .into_iter()
        .map(|found| Draft {
            content: found.contents.into_iter().map(span).collect(),
            cue: found.cue.map(span),
            source: found.source.map(span),
        })
        .collect()
}
