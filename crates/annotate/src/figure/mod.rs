//! Figures: every quantity of people, money, things and measures, as a range of exact decimals, with what is
//! counted.
//!
//! A paragraph is cut into atoms; numbers are read from them ([`number`], [`spelled`]), then money, units, ranges
//! and hedges ([`quantity`]), then what is counted ([`counted`]). What only looks like a quantity is told apart in
//! [`except`].

pub(crate) mod atom;
mod counted;
mod except;
pub(crate) mod number;
pub(crate) mod quantity;
mod spelled;
#[cfg(test)]
mod tests;

use std::ops::Range;

use model::{Figure, Quotation, Span, Time};

use self::atom::Atom;
use self::counted::{Counted, counted};
use self::number::Numbers;
use self::quantity::{Found, Quantity, hedged};
use crate::Parse;
use crate::lang::{Language, Sense};

/// The figures of an article, in order of the text. `times` are those of the same article: dates and clock times
/// are no figures.
pub(crate) fn figures(
    parse: &Parse,
    paragraphs: &[Vec<Atom<'_>>],
    times: &[Time],
    language: &Language,
) -> Vec<Figure> {
    let mut figures = Vec::new();
    for atoms in paragraphs {
        let numbers = Numbers { text: parse.text, atoms, words: &language.figures };
        let mut paragraph = Paragraph { parse, times, numbers, figures: Vec::new() };
        paragraph.read();
        figures.append(&mut paragraph.figures);
    }
    figures
}

/// Says of each figure whose it is: the innermost quotation around its number gives it.
pub(crate) fn sources(figures: &mut [Figure], quotations: &[Quotation]) {
    // Few quotations of an article hold a figure; each is looked up by where it begins.
    let mut contents: Vec<(Span, usize)> = Vec::new();
    for (number, quotation) in quotations.iter().enumerate() {
        if quotation.source.is_some() || quotation.speaker.is_some() {
            contents.extend(quotation.content.iter().map(|span| (*span, number)));
        }
    }
    for (span, number) in contents {
        let first = figures.partition_point(|figure| figure.number.start < span.start);
        for figure in figures[first..].iter_mut().take_while(|figure| figure.number.start < span.end) {
            let length =
                |number: usize| quotations[number].content.iter().map(|span| span.len()).sum::<usize>();
            if span.contains(figure.number)
                && figure.quotation.is_none_or(|outer| length(number) < length(outer))
            {
                figure.quotation = Some(number);
            }
        }
    }
}

/// How many figures back the counted noun of "eight of them" is looked for.
const FIGURES_BACK_MAX: usize = 4;

/// A hedge that was read just before.
type Pending = (Range<usize>, Sense);

struct Paragraph<'a> {
    parse: &'a Parse<'a>,
    times: &'a [Time],
    numbers: Numbers<'a>,
    figures: Vec<Figure>,
}

impl<'a> Paragraph<'a> {
    fn atoms(&self) -> &'a [Atom<'a>] {
        self.numbers.atoms
    }

    fn read(&mut self) {
        let mut at = 0;
        let mut hedge: Option<Pending> = None;
        while at < self.atoms().len() {
            let atom = &self.atoms()[at];
            let may_begin = !atom.is_word() || atom.opens.quantity;
            if !may_begin && !atom.opens.hedge {
                at += 1;
                continue;
            }
            if hedge.as_ref().is_some_and(|(range, _)| range.end < at && !self.is_see_through(range.end, at))
            {
                hedge = None;
            }
            match if may_begin { self.numbers.quantity(at) } else { Found::Nothing } {
                Found::Quantity(quantity) => {
                    let end = quantity.atoms.end.max(at + 1);
                    let fits = hedge.take();
                    at = self.add(quantity, fits).max(end);
                    continue;
                }
                Found::Not(end) => {
                    (at, hedge) = (end.max(at + 1), None);
                    continue;
                }
                Found::Nothing => {}
            }
            if may_begin && let Some(quantity) = self.article_length(at, hedge.is_some()) {
                let end = quantity.atoms.end;
                let fits = hedge.take();
                self.add(quantity, fits);
                at = end;
                continue;
            }
            if let Some((length, sense)) = self.numbers.phrase(&self.numbers.words.hedges, at) {
                let outer = hedge.as_ref().filter(|(range, _)| range.end == at).cloned();
                hedge = Some(match outer {
                    Some((range, outer)) => (range.start..at + length, outer),
                    None => (at..at + length, *sense),
                });
                at += length;
                continue;
            }
            at += 1;
        }
    }

    /// Whether only a determiner or a mark stands between a hedge and a number: "more than the 40".
    fn is_see_through(&self, from: usize, to: usize) -> bool {
        to == from + 1 && {
            let word = self.numbers.lower(from);
            ["\"", "“", "'", "‘", "("].contains(&word) || self.parse.part(self.atoms()[from].token) == "DET"
        }
    }

    /// "a month", "an hour" where something shows that it is measured; "month-long".
    fn article_length(&self, at: usize, has_hedge: bool) -> Option<Quantity> {
        let words = self.numbers.words;
        let long =
            self.numbers.lower(at + 1) == "-" && words.lengths.closers.contains(self.numbers.lower(at + 2));
        if !long {
            let spans = at.checked_sub(1).is_some_and(|before| {
                let atom = &self.atoms()[before];
                words.lengths.spans.contains(&atom.lower) || self.parse.tag(atom.token).starts_with("VB")
            });
            if !words.articles.contains(self.numbers.lower(at)) || !(has_hedge || spans) {
                return None;
            }
        }
        let (mut quantity, unit) = self.numbers.one_unit(at, if long { at } else { at + 1 })?;
        if long {
            quantity.atoms.end = at + 3;
        }
        words.lengths.units.contains(&unit).then_some(quantity)
    }

    /// Adds the figure if it is one; returns the atom to go on from.
    fn add(&mut self, quantity: Quantity, hedge: Option<Pending>) -> usize {
        let end = quantity.atoms.end;
        let counted = counted(self.parse, self.atoms(), end, self.numbers.words);
        let age = self.bare_age(&quantity);
        if age.is_none() && !self.is_figure(&quantity, counted.as_ref(), hedge.is_some()) {
            return end;
        }
        let late = self.numbers.late_hedge(end);
        let (mut low, mut high) = (quantity.low, quantity.high);
        for (_, sense) in hedge.iter().chain(late.iter()) {
            (low, high) = hedged(low, high, *sense);
        }
        let next = late.as_ref().map_or(end, |(range, _)| range.end);
        let (counts, head, last) = self.what(&quantity, counted, age);
        let first = hedge.as_ref().map_or(quantity.atoms.start, |(range, _)| range.start);
        let mut span = self.span(first..next);
        if let Some(last) = last {
            span = span.hull(last);
        }
        let printed = hedge.or(late).map(|(range, _)| self.span(range).of(self.parse.text).to_owned());
        let unit = quantity.unit.clone().or_else(|| age_unit(&quantity, &counts, self.numbers.words));
        let number = self.span(quantity.number.clone());
        self.figures.push(Figure {
            span,
            number,
            low: tidy(low),
            high: tidy(high),
            unit,
            counts,
            head,
            hedge: printed,
            quotation: None,
        });
        next
    }

    /// What is counted as printed, its head, and where it stands.
    fn what(
        &self,
        quantity: &Quantity,
        counted: Option<Counted>,
        age: Option<Span>,
    ) -> (Option<String>, Option<String>, Option<Span>) {
        let words = self.numbers.words;
        if let Some(name) = age {
            let counts = format!("{} {}", words.age_label, name.of(self.parse.text));
            return (Some(counts), Some(words.age_head.clone()), None);
        }
        if let Some(Counted { tokens, noun }) = counted {
            let span = self.parse.span_of(tokens);
            let printed = span.of(self.parse.text);
            if quantity.is_age {
                return (
                    Some(format!("{} {printed}", words.age_label)),
                    Some(words.age_head.clone()),
                    Some(span),
                );
            }
            return (Some(printed.to_owned()), Some(self.parse.lemma(noun).to_owned()), Some(span));
        }
        if quantity.is_age {
            return (None, Some(words.age_head.clone()), None);
        }
        if quantity.unit.is_some() {
            return (None, None, None);
        }
        // "12 people were killed and three wounded": the noun of the figure before.
        let sentence = self.parse.sentence_of(self.atoms()[quantity.atoms.start].token);
        // "Eight of them": what was counted, also in the sentence before.
        let of_them = words.of.contains(self.numbers.lower(quantity.atoms.end))
            && words.partitives.contains(self.numbers.lower(quantity.atoms.end + 1));
        let before = self.figures.iter().rev().take(FIGURES_BACK_MAX).find(|figure| {
            figure.unit.is_none() && figure.head.as_ref().is_some_and(|head| *head != words.age_head) && {
                let token = self.parse.tokens_in(figure.number).start;
                of_them || self.parse.sentence_of(token) == sentence
            }
        });
        let hurts = self.is_casualty(quantity);
        match before {
            Some(figure) if hurts || quantity.form != number::Form::Fraction => {
                (figure.counts.clone(), figure.head.clone(), None)
            }
            _ if hurts => (None, Some(words.person.clone()), None),
            _ => (None, None, None),
        }
    }

    fn span(&self, atoms: Range<usize>) -> Span {
        self.atoms()[atoms.start].span.hull(self.atoms()[atoms.end - 1].span)
    }
}

/// A bare age is told in years.
fn age_unit(
    quantity: &Quantity,
    counts: &Option<String>,
    words: &crate::lang::FigureWords,
) -> Option<String> {
    let is_age = counts.as_ref().is_some_and(|counts| counts.starts_with(&words.age_label));
    (is_age && quantity.unit.is_none()).then(|| words.age_unit.clone())
}

/// Without zeros after the point that nobody printed.
fn tidy(value: Option<rust_decimal::Decimal>) -> Option<rust_decimal::Decimal> {
    value.map(|value| value.normalize())
}
