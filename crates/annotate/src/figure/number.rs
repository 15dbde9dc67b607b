//! Numbers as written in digits, words or both, read from atoms: "130 000", "1.3 million", "two and a half".

use std::ops::Range;

use rust_decimal::Decimal;

use super::atom::Atom;
use crate::lang::{FigureWords, Needs, Phrases};

/// More digits than a quantity in news has; longer runs are identifiers.
const DIGITS_MAX: usize = 18;

/// A number that was read.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    /// The atoms it is written with.
    pub atoms: Range<usize>,
    /// Lowest value meant.
    pub low: Option<Decimal>,
    /// Highest value meant.
    pub high: Option<Decimal>,
    /// How it is written.
    pub form: Form,
    /// What its scale word multiplies by; 1 without one.
    pub scale: Decimal,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// "130 000", "1.3 million"; with the number of digits before any scale or fraction when no separator is
    /// among them, else 0.
    Digits(usize),
    /// "twelve".
    Words,
    /// "two thirds", "half".
    Fraction,
    /// "dozens", with what must follow.
    Vague(Needs),
}

/// The outcome of looking for a number.
pub(crate) enum Reading {
    /// There is one.
    Number(Number),
    /// What stands up to this atom is no quantity, though it has digits: a date, a telephone number, an ordinal.
    Not(usize),
    /// There is none here.
    Nothing,
}

/// Reads numbers from the atoms of a paragraph.
#[derive(Clone, Copy)]
pub(crate) struct Numbers<'a> {
    pub text: &'a str,
    pub atoms: &'a [Atom<'a>],
    pub words: &'a FigureWords,
}

impl<'a> Numbers<'a> {
    /// The number that begins at an atom.
    pub(crate) fn read(&self, at: usize) -> Reading {
        let Some(first) = self.atoms.get(at) else { return Reading::Nothing };
        if self.words.minus.contains(&first.lower) || self.is_minus(at) {
            return self.negative(at);
        }
        if first.is_digits() {
            if self.follows_letters(at) {
                return Reading::Not(at + 1);
            }
            return self.digits(at);
        }
        if let Some(part) = sign_fraction(&first.lower) {
            return self.done(at..at + 1, part, Form::Fraction);
        }
        if self.is(at, ".") && !first.glued && self.glued_digits(at + 1) {
            return match self.decimal(Decimal::ZERO, at) {
                Some((value, end)) => self.scaled(at..end, value, 0),
                None => Reading::Not(at + 2),
            };
        }
        self.spelled(at)
    }

    /// Digits that begin at an atom, whatever stands before them.
    pub(crate) fn digits(&self, at: usize) -> Reading {
        if let Some(end) = self.telephone(at) {
            return Reading::Not(end);
        }
        let Some((mut value, mut end, plain)) = self.groups(at) else {
            return Reading::Not(self.after_code(at));
        };
        if let Some((with_fraction, after)) = self.decimal(value, end) {
            (value, end) = (with_fraction, after);
        }
        if let Some((part, after)) = self.slash_fraction(end) {
            if end == at + 1 && self.is(end, "/") {
                return match part_of(value, part) {
                    Some(part) => self.scaled(at..after, part, 0),
                    None => Reading::Not(self.after_code(at)),
                };
            }
            (value, end) = (value + part, after);
        }
        if let Some(part) = self.atoms.get(end).and_then(|atom| sign_fraction(&atom.lower)) {
            (value, end) = (value + part, end + 1);
        }
        let decade = plain == 4 || (plain == 2 && self.atoms[at].lower.ends_with('0'));
        if self.goes_on_as_code(end) || (decade && self.is_decade(end)) {
            return Reading::Not(self.after_code(at));
        }
        self.scaled(at..end, value, plain)
    }

    fn negative(&self, at: usize) -> Reading {
        let reading = if self.atoms.get(at + 1).is_some_and(Atom::is_digits) {
            self.digits(at + 1)
        } else {
            self.spelled(at + 1)
        };
        match reading {
            Reading::Number(number) if !matches!(number.form, Form::Vague(_)) => Reading::Number(Number {
                atoms: at..number.atoms.end,
                low: number.high.map(|value| -value),
                high: number.low.map(|value| -value),
                ..number
            }),
            Reading::Not(end) => Reading::Not(end),
            Reading::Number(_) | Reading::Nothing => Reading::Nothing,
        }
    }

    /// Whether a hyphen is a minus sign: free on its left, digits on its right.
    fn is_minus(&self, at: usize) -> bool {
        (self.is(at, "-") || self.is(at, "−")) && !self.atoms[at].glued && self.glued_digits(at + 1)
    }

    /// Whether digits belong to a name or code that begins with letters: "G20", "Covid-19", "No.5".
    fn follows_letters(&self, at: usize) -> bool {
        if at == 0 || !self.atoms[at].glued {
            return false;
        }
        let before = &self.atoms[at - 1];
        let letters_before = at >= 2 && before.glued && self.atoms[at - 2].is_word();
        before.is_word()
            || before.is_digits()
            || ["#", "/", ":", "_", "&", "="].contains(&&*before.lower)
            || (["-", "‑", "."].contains(&&*before.lower) && letters_before)
            || (before.lower == "+" && !before.glued)
            || (before.lower == "'" && !letters_before)
    }

    /// Digits with group separators: value, the atom after, and the digit count when there is no separator.
    fn groups(&self, at: usize) -> Option<(Decimal, usize, usize)> {
        let mut digits = self.atoms[at].lower.to_string();
        let plain = digits.len();
        let mut end = at + 1;
        if plain <= 3 {
            while digits.len() <= DIGITS_MAX {
                let Some(next) = self.next_group(at, end) else { break };
                digits.push_str(&self.atoms[next].lower);
                end = next + 1;
            }
        }
        if digits.len() > DIGITS_MAX {
            return None;
        }
        let value = digits.parse::<Decimal>().ok()?;
        Some((value, end, if end == at + 1 { plain } else { 0 }))
    }

    /// The next group of three digits (two in Indian numbers) after a separator, if there is one.
    fn next_group(&self, at: usize, end: usize) -> Option<usize> {
        let here = self.atoms.get(end)?;
        let long =
            |next: usize| self.atoms.get(next).is_some_and(|atom| atom.is_digits() && atom.lower.len() == 3);
        if here.is_digits() && !here.glued && long(end) {
            // "130 000": one space of any width, and no second number that merely follows.
            let gap = self.text.get(self.atoms[end - 1].span.end..here.span.start)?;
            let narrow = gap.chars().count() == 1 && gap != "\n";
            let typeset = !gap.contains(' ');
            return (narrow && (typeset || self.splits_plainly(at, end))).then_some(end);
        }
        if here.lower == "," && here.glued {
            let indian = self.atoms.get(end + 1).is_some_and(|atom| atom.lower.len() == 2)
                && self.is(end + 2, ",")
                && self.glued_digits(end + 3)
                && self.atoms[end + 3].lower.len() >= 2;
            if self.glued_digits(end + 1) && (long(end + 1) || indian) {
                return Some(end + 1);
            }
            // "1, 600": a slip of typesetting, when nothing looks like a list.
            let alone = end == at + 1
                && long(end + 1)
                && !self.is(end + 2, ",")
                && !(at > 0 && self.is(at - 1, ","))
                && self
                    .atoms
                    .get(end + 2)
                    .is_some_and(|atom| atom.is_word() && !self.words.joiners.contains(&atom.lower));
            return alone.then_some(end + 1);
        }
        if here.lower == "'" && here.glued && self.glued_digits(end + 1) && long(end + 1) {
            return Some(end + 1);
        }
        // "1.300.000": stops group only when there are two of them.
        let stops = here.lower == "." && here.glued && self.glued_digits(end + 1) && long(end + 1);
        let again = (self.is(end + 2, ".") && self.glued_digits(end + 3) && long(end + 3))
            || (end > at + 1 && self.is(end - 2, "."));
        (stops && again).then_some(end + 1)
    }

    /// Whether "130 000" with a common space is one number: its groups fit, and nothing makes it two.
    fn splits_plainly(&self, at: usize, end: usize) -> bool {
        let before_is_number = at > 0 && self.atoms[at - 1].is_digits();
        let zeros = self.atoms[end].lower.ends_with('0');
        let label = at > 0 && self.words.labels.contains(&self.atoms[at - 1].lower);
        !before_is_number && !label && zeros && !self.atoms[at].lower.starts_with('0')
    }

    /// Digits after a decimal point at `end`.
    fn decimal(&self, value: Decimal, end: usize) -> Option<(Decimal, usize)> {
        let is_point = self.is(end, ".") || self.is(end, "·");
        if !is_point
            || !self.glued_digits(end + 1)
            || (end > 0 && value > Decimal::ZERO && !self.atoms[end].glued)
        {
            return None;
        }
        let digits = &self.atoms[end + 1].lower;
        if digits.len() > DIGITS_MAX {
            return None;
        }
        let part = format!("0.{digits}").parse::<Decimal>().ok()?;
        Some((value + part, end + 2))
    }

    /// "/4" after digits (the lower part alone), or " 1/2" after a whole number (the fraction).
    fn slash_fraction(&self, end: usize) -> Option<(Decimal, usize)> {
        let small = |at: usize| {
            let atom = self.atoms.get(at)?;
            (atom.is_digits() && atom.lower.len() <= 2).then(|| atom.lower.parse::<i64>().ok())?
        };
        if self.is(end, "/") && self.atoms[end].glued && self.glued_digits(end + 1) {
            let ends = !(self.is(end + 2, "/") && self.atoms[end + 2].glued);
            return small(end + 1).filter(|_| ends).map(|lower| (Decimal::from(lower), end + 2));
        }
        let upper = small(end)?;
        if self.is(end + 1, "/") && self.atoms[end + 1].glued && self.glued_digits(end + 2) {
            let lower = small(end + 2)?;
            return part_of(upper.into(), lower.into()).map(|part| (part, end + 3));
        }
        None
    }

    /// The atom after a telephone number: groups of digits that begin with a zero.
    fn telephone(&self, at: usize) -> Option<usize> {
        let first = &self.atoms[at].lower;
        let group =
            |at: usize| self.atoms.get(at).is_some_and(|atom| atom.is_digits() && atom.lower.len() > 2);
        if !first.starts_with('0') || first.len() < 3 || !group(at + 1) {
            return None;
        }
        (at + 1..self.atoms.len()).find(|&next| !group(next)).or(Some(self.atoms.len()))
    }

    /// Whether the "s" of "1920s" follows.
    fn is_decade(&self, end: usize) -> bool {
        self.atoms.get(end).is_some_and(|atom| atom.glued && self.words.decade_endings.contains(&atom.lower))
    }

    /// Whether digits go on as a clock time, date, ordinal, telephone number or code.
    fn goes_on_as_code(&self, end: usize) -> bool {
        let Some(next) = self.atoms.get(end).filter(|atom| atom.glued) else { return false };
        if next.is_word() {
            let words = self.words;
            let measures = words.scales.contains_key(&next.lower)
                || words.scale_signs.contains_key(&next.lower)
                || words.unit_signs.find(&next.lower, |_| None).is_some()
                || words.units.find(&next.lower, |_| None).is_some()
                || words.currency_signs.find(&next.lower, |_| None).is_some();
            return !measures || self.glued_digits(end + 1);
        }
        let digits_next = self.glued_digits(end + 1);
        match &*next.lower {
            ":" | "/" | "." | "_" | "*" | "×" => digits_next,
            "-" | "‑" | "–" => {
                digits_next
                    && ["-", "‑", "–"].iter().any(|sign| self.is(end + 2, sign))
                    && self.glued_digits(end + 3)
            }
            "'" => self.atoms.get(end + 1).is_some_and(|atom| atom.glued && atom.is_word()),
            _ => false,
        }
    }

    /// The atom after a glued run that is no quantity.
    fn after_code(&self, at: usize) -> usize {
        let mut end = at + 1;
        while self.atoms.get(end).is_some_and(|atom| {
            atom.glued && (atom.is_digits() || atom.is_word() || ".:/-‑–_'*×".contains(&*atom.lower))
        }) {
            end += 1;
        }
        end
    }

    /// Scale words and signs after digits.
    fn scaled(&self, atoms: Range<usize>, value: Decimal, plain: usize) -> Reading {
        let (mut end, mut scale) = (atoms.end, Decimal::ONE);
        while let Some((factor, after)) = self.scale_at(end) {
            let Some(product) = scale.checked_mul(factor) else { return Reading::Not(after) };
            (scale, end) = (product, after);
        }
        let Some(value) = value.checked_mul(scale) else { return Reading::Not(end) };
        let (value, end) = self.and_part(value, scale, end);
        let (value, end) = self.and_small(value, scale, end);
        let number = Number {
            atoms: atoms.start..end,
            low: Some(value),
            high: Some(value),
            form: Form::Digits(plain),
            scale,
        };
        Reading::Number(number)
    }

    /// "and one" after "3 hundred".
    fn and_small(&self, value: Decimal, scale: Decimal, end: usize) -> (Decimal, usize) {
        let hundreds = scale == Decimal::ONE_HUNDRED && self.words.joiners.contains(self.lower(end));
        match self.words.numbers.get(self.lower(end + 1)) {
            Some(&small) if hundreds && small < 100 => (value + Decimal::from(small), end + 2),
            _ => (value, end),
        }
    }

    /// A scale word at `end`, a hyphen before it allowed: "10-million".
    fn scale_at(&self, end: usize) -> Option<(Decimal, usize)> {
        let at = if self.is(end, "-") && self.atoms[end].glued { end + 1 } else { end };
        let word = self.atoms.get(at).filter(|atom| atom.is_word())?;
        let factor = self.words.scales.get(&word.lower)?;
        Some((Decimal::from(*factor), at + 1))
    }

    fn done(&self, atoms: Range<usize>, value: Decimal, form: Form) -> Reading {
        Reading::Number(Number { atoms, low: Some(value), high: Some(value), form, scale: Decimal::ONE })
    }

    pub(crate) fn is(&self, at: usize, lower: &str) -> bool {
        self.atoms.get(at).is_some_and(|atom| atom.lower == lower)
    }

    pub(crate) fn glued_digits(&self, at: usize) -> bool {
        self.atoms.get(at).is_some_and(|atom| atom.glued && atom.is_digits())
    }

    pub(crate) fn lower(&self, at: usize) -> &'a str {
        self.atoms.get(at).map_or("", |atom| &*atom.lower)
    }

    /// The longest of the phrases that begins at an atom: the number of its atoms and its meaning.
    pub(crate) fn phrase<'p, T>(&self, phrases: &'p Phrases<T>, at: usize) -> Option<(usize, &'p T)> {
        phrases.find(self.lower(at), |ahead| self.atoms.get(at + ahead).map(|atom| &*atom.lower))
    }
}

/// Upper over lower, when it is a proper fraction that people write.
fn part_of(upper: Decimal, lower: Decimal) -> Option<Decimal> {
    let usual = [2, 3, 4, 5, 6, 8, 10, 12, 16].iter().any(|&usual| lower == Decimal::from(usual));
    (usual && upper < lower && upper > Decimal::ZERO).then(|| (upper / lower).round_dp(12))
}

/// The value of a fraction that is one character.
fn sign_fraction(sign: &str) -> Option<Decimal> {
    let (upper, lower) = match sign {
        "½" => (1, 2),
        "⅓" => (1, 3),
        "⅔" => (2, 3),
        "¼" => (1, 4),
        "¾" => (3, 4),
        "⅕" => (1, 5),
        "⅛" => (1, 8),
        "⅜" => (3, 8),
        "⅝" => (5, 8),
        "⅞" => (7, 8),
        _ => return None,
    };
    Some((Decimal::from(upper) / Decimal::from(lower)).round_dp(12))
}
