//! What looks like a quantity and is none: years, dates, labels, names, scores, the pronoun "one".

use model::{Span, TimeKind};
use rust_decimal::Decimal;

use super::Paragraph;
use super::counted::Counted;
use super::number::Form;
use super::quantity::{Quantity, is_year};
use crate::lang::Needs;

/// Words of the longest name whose age is told.
const NAME_MAX: usize = 8;
/// Nobody is older.
const AGE_MAX: i64 = 119;

impl Paragraph<'_> {
    /// Whether a quantity that was read is meant as one.
    pub(super) fn is_figure(&self, quantity: &Quantity, counted: Option<&Counted>, has_hedge: bool) -> bool {
        let numbers = &self.numbers;
        let start = quantity.atoms.start;
        if quantity.is_age {
            return true;
        }
        if !self.has_what_it_needs(quantity, counted) {
            return false;
        }
        if quantity.unit.is_some() {
            let ago = self.numbers.words.ago.contains(numbers.lower(quantity.atoms.end));
            let dates = |unit: &String| self.numbers.words.ago_dates.contains(unit);
            let ago =
                ago && (quantity.unit.as_ref().is_some_and(dates) || matches!(quantity.form, Form::Vague(_)));
            return !ago && !self.is_idle_one(quantity) && !self.is_clock(quantity);
        }
        if self.is_time(quantity) || self.is_label(start) || self.is_idle_one(quantity) {
            return false;
        }
        if self.is_pronoun(quantity, counted, has_hedge) {
            return false;
        }
        if is_year(quantity) && !has_hedge {
            let plural = counted.is_some_and(|counted| self.parse.tag(counted.noun) == "NNS");
            let near = counted.is_some_and(|counted| counted.noun <= self.last_token(quantity) + 2);
            return plural && near && !self.is_modified_year(quantity);
        }
        if quantity.is_hyphened && counted.is_none() {
            return false;
        }
        let digits = matches!(quantity.form, Form::Digits(_));
        let first = &self.atoms()[start];
        if digits && first.lower.len() > 1 && first.lower.starts_with('0') {
            return false;
        }
        // "1. Wash your hands": the number of a list.
        if start == 0 && [".", ")"].contains(&numbers.lower(quantity.atoms.end)) && counted.is_none() {
            return quantity.atoms.end + 1 >= self.atoms().len();
        }
        !(self.is_address(quantity) || digits && self.is_in_name(quantity, counted))
    }

    /// Vague numerals stand for a number only beside something counted.
    fn has_what_it_needs(&self, quantity: &Quantity, counted: Option<&Counted>) -> bool {
        let Form::Vague(needs) = quantity.form else { return true };
        let of = self.numbers.words.of.contains(self.numbers.lower(quantity.atoms.end));
        let near = counted.is_some_and(|counted| counted.noun <= self.last_token(quantity) + 4)
            || quantity.unit.is_some();
        match needs {
            Needs::Nothing => true,
            Needs::Noun => near,
            Needs::Of => of || self.is_casualty(quantity),
        }
    }

    /// Whether what follows, or the verb before, says that people came to harm.
    pub(super) fn is_casualty(&self, quantity: &Quantity) -> bool {
        let words = self.numbers.words;
        let after = words.casualty_words.contains(self.numbers.lower(quantity.atoms.end));
        let before = quantity.atoms.start.checked_sub(1).is_some_and(|at| {
            let token = self.atoms()[at].token;
            words.casualty_verbs.contains(self.parse.lemma(token))
        });
        after || before
    }

    /// "one" as a pronoun, in an idiom or after a determiner that makes it one.
    fn is_idle_one(&self, quantity: &Quantity) -> bool {
        let words = self.numbers.words;
        let is_one =
            quantity.form == Form::Words && quantity.low == Some(Decimal::ONE) && quantity.atoms.len() <= 2;
        if !is_one
            || quantity.number.len() != 1
            || !words.numbers.contains_key(self.numbers.lower(quantity.number.start))
        {
            return false;
        }
        let (at, end) = (quantity.number.start, quantity.number.end);
        let next = self.numbers.lower(end);
        let hyphen_unit = next == "-" && quantity.unit.is_some();
        if (words.one_idioms.contains(next) && !hyphen_unit) || next.is_empty() {
            return true;
        }
        if at > 0
            && (words.one_breakers.contains(self.numbers.lower(at - 1)) || self.numbers.lower(at - 1) == "-")
        {
            return true;
        }
        let token = self.atoms()[at].token;
        let counts = self.parse.label(token) == "nummod" && self.parse.head(token) > token;
        !counts && !self.is_casualty(quantity) && quantity.unit.is_none()
    }

    /// "the two", for what was named before.
    fn is_pronoun(&self, quantity: &Quantity, counted: Option<&Counted>, has_hedge: bool) -> bool {
        let opened =
            quantity.atoms.start.checked_sub(1).is_some_and(|before| {
                self.numbers.words.pronoun_openers.contains(self.numbers.lower(before))
            });
        opened
            && quantity.form == Form::Words
            && counted.is_none()
            && !has_hedge
            && !self.is_casualty(quantity)
    }

    /// Whether a date or clock time was read here.
    fn is_time(&self, quantity: &Quantity) -> bool {
        let span = self.span(quantity.number.clone());
        self.overlapping(span, |kind| matches!(kind, TimeKind::Date | TimeKind::Time))
    }

    /// Whether "10 m" or the like stands in a clock time.
    fn is_clock(&self, quantity: &Quantity) -> bool {
        !quantity.is_money
            && !self.numbers.words.lengths.units.contains(quantity.unit.as_deref().unwrap_or(""))
            && self.overlapping(self.span(quantity.number.clone()), |kind| kind == TimeKind::Time)
    }

    fn overlapping(&self, span: Span, fits: impl Fn(TimeKind) -> bool) -> bool {
        let first = self.times.partition_point(|time| time.span.end <= span.start);
        self.times[first..].iter().take_while(|time| time.span.start < span.end).any(|time| fits(time.kind))
    }

    /// "the 2016 elections" names a year, "killed 2016 people" counts.
    fn is_modified_year(&self, quantity: &Quantity) -> bool {
        let before = quantity.atoms.start.checked_sub(1).map(|at| self.atoms()[at].token);
        before.is_some_and(|token| ["DT", "PRP$", "POS", "IN"].contains(&self.parse.tag(token)))
    }

    /// "page 3", "No. 5".
    fn is_label(&self, start: usize) -> bool {
        let labels = &self.numbers.words.labels;
        let Some(before) = start.checked_sub(1) else { return false };
        let is_stop = [".", ":"].contains(&self.numbers.lower(before)) && self.atoms()[before].glued;
        if self.numbers.words.of.contains(self.numbers.lower(before)) {
            // "page 3 of 30"
            let digits = before >= 2 && self.atoms()[before - 1].is_digits();
            return digits && labels.contains(self.numbers.lower(before - 2));
        }
        let at = if is_stop { before.checked_sub(1) } else { Some(before) };
        at.is_some_and(|at| labels.contains(self.numbers.lower(at)) && !self.atoms()[start].glued)
    }

    /// "Boeing 737", "Euro 2016": a proper name stands right before and nothing counted right after.
    fn is_in_name(&self, quantity: &Quantity, counted: Option<&Counted>) -> bool {
        let Some(before) = quantity.atoms.start.checked_sub(1).map(|at| &self.atoms()[at]) else {
            return false;
        };
        let (token, own) = (before.token, self.atoms()[quantity.number.start].token);
        if !before.is_word() || token == own || !["NNP", "NNPS"].contains(&self.parse.tag(token)) {
            return false;
        }
        let plural = counted.is_some_and(|counted| ["NNS", "NNPS"].contains(&self.parse.tag(counted.noun)));
        let apart = self.parse.head(own) > own && self.parse.label(own) == "nummod";
        !(plural || apart || self.is_casualty(quantity))
    }

    /// "10 Downing Street".
    fn is_address(&self, quantity: &Quantity) -> bool {
        let end = quantity.atoms.end;
        let is_name = |at: usize| {
            self.atoms().get(at).is_some_and(|atom| {
                let printed = atom.span.of(self.parse.text);
                atom.is_word() && printed.chars().next().is_some_and(char::is_uppercase)
            })
        };
        is_name(end)
            && (end + 1..end + 4)
                .take_while(|&at| is_name(at))
                .any(|at| self.numbers.words.streets.contains(self.numbers.lower(at)))
    }

    /// The name or word whose age a bare number is: "Ana Ruiz, 56," and "aged 12".
    pub(super) fn bare_age(&self, quantity: &Quantity) -> Option<Span> {
        let start = quantity.atoms.start;
        let inside = quantity.low.is_some_and(|low| low > Decimal::ZERO && low <= Decimal::from(AGE_MAX));
        if !inside || quantity.unit.is_some() || !matches!(quantity.form, Form::Digits(1..=3) | Form::Words) {
            return None;
        }
        let before = start.checked_sub(1)?;
        if self.numbers.words.age_openers.contains(self.numbers.lower(before)) {
            return self.owner(before).or(Some(self.span(before..before + 1)));
        }
        let digits = matches!(quantity.form, Form::Digits(_));
        let next = self.numbers.lower(quantity.atoms.end);
        let closed = [",", ".", ")", ";", ""].contains(&next);
        let comma = [",", "("].contains(&self.numbers.lower(before));
        if !(digits && closed && comma) {
            return None;
        }
        let name = self.owner(before)?;
        let token = self.parse.tokens_in(name).end - 1;
        // A name that was not recognised is more often a person's than a place's.
        let named = ["PERSON", ""].contains(&self.parse.entity(token)) && self.parse.tag(token) == "NNP";
        named.then_some(name)
    }

    /// The noun phrase that ends before an atom, a comma between allowed.
    fn owner(&self, at: usize) -> Option<Span> {
        let comma = [",", "("].contains(&self.numbers.lower(at));
        let mut last = at.checked_sub(1)?;
        if !comma && self.numbers.lower(last) == "," {
            last = last.checked_sub(1)?;
        }
        let end = self.atoms()[last].token;
        let noun = |token: usize| ["NN", "NNS", "NNP", "NNPS"].contains(&self.parse.tag(token));
        let sentence = self.parse.sentences[self.parse.sentence_of(end)].start;
        let start = (sentence..end + 1).rev().take(NAME_MAX).take_while(|&token| noun(token)).last()?;
        Some(self.parse.span_of(start..end + 1))
    }

    fn last_token(&self, quantity: &Quantity) -> usize {
        self.atoms()[quantity.atoms.end - 1].token
    }
}
