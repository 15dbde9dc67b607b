//! Each article's wording of an aligned statement: the part of its sentence that says it, who says it, how.

use model::{Annotated, Evidence, HedgeKind, Quotation, QuotationForm, Span, Voice, VoiceForm};

use super::Likely;
use super::likeness::Matches;
use super::unit::Unit;

/// Where each unit of a group says what the group says, in order.
pub(super) fn places(articles: &[Annotated], units: &[Unit<'_>], group: &[usize]) -> Vec<Span> {
    group.iter().map(|&unit| part(&articles[units[unit].place.article], units, (unit, group))).collect()
}

/// A unit's voice, with the words in which it says it.
pub(super) fn voice(articles: &[Annotated], here: &Unit<'_>, span: Span) -> Voice {
    let article = &articles[here.place.article];
    let said = speech(article, here, span);
    let hedge = here.statement.hedges.iter().find(|hedge| {
        hedge.kind != HedgeKind::Modal && (span.contains(hedge.span) || hedge.kind != HedgeKind::Word)
    });
    let form = match said.map(|quotation| quotation.form) {
        Some(QuotationForm::Direct) => VoiceForm::Direct,
        Some(QuotationForm::Indirect) => VoiceForm::Indirect,
        Some(QuotationForm::Mixed) => VoiceForm::Mixed,
        Some(QuotationForm::Scare) | None => VoiceForm::Narration,
    };
    Voice {
        evidence: Evidence { article: here.place.article, span },
        form,
        attributed_to: said.and_then(|quotation| speaker(article, quotation)),
        hedge: hedge.map(|hedge| Evidence { article: here.place.article, span: hedge.span }),
    }
}

/// Who says a quotation: the resolved name, else the source as printed.
pub(crate) fn speaker(article: &Annotated, quotation: &Quotation) -> Option<String> {
    let printed = || quotation.source.map(|source| source.of(&article.article.text).to_string());
    quotation.speaker.clone().or_else(printed)
}

/// The quotation that covers most of a span, if any covers a good part of it.
fn speech<'a>(article: &'a Annotated, unit: &Unit<'_>, span: Span) -> Option<&'a Quotation> {
    const COVER_MIN: f64 = 0.4;
    let cover = |quotation: &Quotation| -> usize {
        let shared = |content: &Span| content.end.min(span.end).saturating_sub(content.start.max(span.start));
        quotation.content.iter().map(shared).sum()
    };
    unit.statement
        .quotations
        .iter()
        .map(|&number| &article.quotations[number])
        .filter(|quotation| quotation.form != QuotationForm::Scare)
        .map(|quotation| (cover(quotation), quotation))
        .filter(|(bytes, _)| *bytes as f64 >= COVER_MIN * span.len() as f64)
        // The first of those that cover most: of two equal ones the outer.
        .fold(None, |best: Option<(usize, &Quotation)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, quotation)| quotation)
}

/// The smallest clause or quotation that holds nearly all of what the others say too; the sentence where none does
/// or where it is short.
fn part(article: &Annotated, units: &[Unit<'_>], (unit, group): (usize, &[usize])) -> Span {
    /// Shorter sentences are printed whole.
    const WORDS_MAX: usize = 12;
    /// Share of the matched weight that a part must hold.
    const HELD_MIN: f32 = 0.97;
    let here = &units[unit];
    let whole = here.statement.span;
    if here.statement.stream.len() <= WORDS_MAX {
        return whole;
    }
    let matched = matched(units, unit, group);
    let all: f32 = matched.iter().sum();
    let held = |part: Span| -> f32 {
        let words = here.statement.words.iter().zip(&matched);
        words.filter(|(word, _)| part.contains(word.span)).map(|(_, weight)| *weight).sum()
    };
    // Without a subject a clause is a fragment: "deployed near the border".
    let clauses =
        here.statement.clauses.iter().filter(|clause| clause.subject.is_some()).map(|clause| clause.span);
    let contents = here
        .statement
        .quotations
        .iter()
        .flat_map(|&number| article.quotations[number].content.iter().copied());
    clauses
        .chain(contents.filter(|content| whole.contains(*content)))
        .filter(|part| held(*part) >= HELD_MIN * all)
        .min_by_key(|part| (part.len(), part.start))
        .unwrap_or(whole)
}

/// How much of each word of a unit the other units of its group have, weighted.
fn matched(units: &[Unit<'_>], unit: usize, group: &[usize]) -> Vec<f32> {
    const MATCH_MIN: f32 = 0.5;
    let here = &units[unit];
    let mut sums = vec![0.0_f32; here.keys.len()];
    for &other in group.iter().filter(|&&other| units[other].place.article != here.place.article) {
        for (sum, value) in sums.iter_mut().zip(Matches::new(here, &units[other]).rows()) {
            if value >= MATCH_MIN {
                *sum += value;
            }
        }
    }
    sums.iter().zip(&here.local).map(|(sum, weight)| sum * weight.max(0.0)).collect()
}

/// The unit that is most like the others, the first of equals: its wording stands for all.
pub(super) fn lead(units: &[Unit<'_>], likely: &Likely, group: &[usize]) -> usize {
    let mut best = (f64::MIN, 0);
    for (number, &unit) in group.iter().enumerate() {
        let others = group.iter().filter(|&&other| other != unit);
        let sum: f64 = others
            .map(|&other| likely.get(&(unit.min(other), unit.max(other))).copied().unwrap_or(0.0))
            .sum();
        // A headline is a fragment; a sentence reads better.
        let sum = if units[unit].headline { sum / 2.0 } else { sum };
        if sum > best.0 {
            best = (sum, number);
        }
    }
    best.1
}

/// The speaker whom all voices that name one name.
pub(super) fn common_speaker(voices: &[Voice]) -> Option<String> {
    let mut named = voices.iter().filter_map(|voice| voice.attributed_to.as_deref());
    let first = named.next()?;
    let mut fullest = first;
    for name in named {
        if !crate::speaker::same_speaker(fullest, name) {
            return None;
        }
        if name.len() > fullest.len() {
            fullest = name;
        }
    }
    Some(fullest.to_string())
}
