//! A number with its money or unit, its range and its hedge: "$1 billion to $3 billion", "nearly 100 km".

use std::ops::Range;

use rust_decimal::Decimal;

use super::number::{Form, Number, Numbers, Reading};
use crate::lang::Sense;

/// What was read, before it is known what it counts.
#[derive(Clone, Debug)]
pub(crate) struct Quantity {
    /// All atoms but the hedge's.
    pub atoms: Range<usize>,
    /// Atoms of the number or numbers with their scale words.
    pub number: Range<usize>,
    pub low: Option<Decimal>,
    pub high: Option<Decimal>,
    pub unit: Option<String>,
    pub is_money: bool,
    pub is_age: bool,
    pub form: Form,
    /// Whether it is two numbers with a hyphen between: a range, or the score of a match.
    pub is_hyphened: bool,
    /// The scale of its last number.
    scale: Decimal,
}

/// The outcome of looking for a quantity.
pub(crate) enum Found {
    Quantity(Quantity),
    /// No quantity up to this atom.
    Not(usize),
    Nothing,
}

/// Stages of reading a quantity: what the number's neighbours make of it.
impl Numbers<'_> {
    /// The quantity that begins at an atom, ranges included.
    pub(crate) fn quantity(&self, at: usize) -> Found {
        let words = self.words;
        if words.range_openers.contains(self.lower(at)) {
            let Found::Quantity(first) = self.single(at + 1) else { return Found::Nothing };
            if !words.range_joiners.contains(self.lower(first.atoms.end)) {
                return Found::Nothing;
            }
            let Found::Quantity(second) = self.single(first.atoms.end + 1) else { return Found::Nothing };
            return match range(first, second) {
                Some(range) => Found::Quantity(Quantity { atoms: at..range.atoms.end, ..range }),
                None => Found::Nothing,
            };
        }
        let first = match self.single(at) {
            Found::Quantity(first) => first,
            other => return other,
        };
        let end = first.atoms.end;
        let hyphen = ["-", "–", "‑"].contains(&self.lower(end)) && self.atoms[end].glued;
        if hyphen && self.atoms.get(end + 1).is_some_and(|atom| atom.glued) {
            return self.hyphened(first, end + 1);
        }
        let joined = words.plain_range_joiners.contains(self.lower(end))
            && !matches!(first.form, Form::Vague(_))
            && !(at > 0 && words.range_breakers.contains(self.lower(at - 1)));
        let opened = at > 0
            && words.age_openers.contains(self.lower(at - 1))
            && words.joiners.contains(self.lower(end));
        if (joined || opened)
            && let Found::Quantity(second) = self.single(end + 1)
            && let Some(range) = range(first.clone(), second)
        {
            return Found::Quantity(range);
        }
        Found::Quantity(self.share(&first).unwrap_or(first))
    }

    /// "10-20": a range when it rises; the score of a match or a span of years otherwise.
    fn hyphened(&self, first: Quantity, next: usize) -> Found {
        match self.single(next) {
            Found::Quantity(second) if !matches!(second.form, Form::Vague(_)) => {
                let end = second.atoms.end;
                let years = is_year(&first) && second.unit.is_none();
                let first = self.thousands_of(first, &second);
                match range(first, second) {
                    Some(range) if !years => Found::Quantity(Quantity { is_hyphened: true, ..range }),
                    _ => Found::Not(end),
                }
            }
            _ => Found::Quantity(first),
        }
    }

    /// "5-6,000" means 5,000: the first takes the thousands that the second prints.
    fn thousands_of(&self, first: Quantity, second: &Quantity) -> Quantity {
        let thousand = Decimal::from(1000);
        let grouped = second.form == Form::Digits(0) && second.scale == Decimal::ONE;
        let (Some(low), Some(high)) = (first.low, second.low) else { return first };
        if grouped && matches!(first.form, Form::Digits(1..=3)) && high >= thousand && low * thousand < high {
            let value = Some(low * thousand);
            return Quantity { low: value, high: value, ..first };
        }
        first
    }

    /// "one in five", "nine out of ten".
    fn share(&self, first: &Quantity) -> Option<Quantity> {
        let upper = first
            .low
            .filter(|_| first.unit.is_none() && first.form != Form::Fraction && first.low == first.high)?;
        let at = first.atoms.end;
        let (length, ()) = self.phrase(&self.words.share_joiners, at)?;
        let Reading::Number(second) = self.read(at + length) else { return None };
        let lower = second.low.filter(|_| second.low == second.high)?;
        let round = [10, 100, 1000, 10_000, 100_000].iter().any(|&round| lower == Decimal::from(round));
        let told = length > 1 || upper == Decimal::ONE || round;
        let fits = upper > Decimal::ZERO && upper < lower && lower <= Decimal::from(100_000) && told;
        if !fits || matches!(second.form, Form::Digits(4)) || self.unit_after(second.atoms.end).is_some() {
            return None;
        }
        let value = Some((upper / lower).round_dp(12));
        let atoms = first.atoms.start..second.atoms.end;
        Some(Quantity {
            number: atoms.clone(),
            atoms,
            low: value,
            high: value,
            form: Form::Fraction,
            ..first.clone()
        })
    }

    /// One number with its money or unit.
    fn single(&self, at: usize) -> Found {
        if let Some((length, code)) = self.phrase(&self.words.currency_signs, at)
            && (length == 1 || self.atoms.get(at + 1).is_some_and(|atom| atom.glued))
        {
            // "Rs. 500"
            let start = at + length + usize::from(self.is(at + length, ".") && self.atoms[at + length].glued);
            let reading = if self.atoms.get(start).is_some_and(super::atom::Atom::is_digits) {
                self.digits(start)
            } else if self.atoms[at].is_word() {
                Reading::Nothing
            } else {
                self.read(start)
            };
            if let Reading::Number(number) = reading {
                return Found::Quantity(self.money(at, number, code.clone()));
            }
        }
        match self.read(at) {
            Reading::Number(number) => Found::Quantity(self.measured(number)),
            Reading::Not(end) => Found::Not(end),
            Reading::Nothing => Found::Nothing,
        }
    }

    /// A number after a currency sign: "$1.3m", and "US dollars" after it.
    fn money(&self, at: usize, number: Number, code: String) -> Quantity {
        let mut quantity = plain(number);
        let end = quantity.atoms.end;
        if let Some(&scale) = self.words.scale_signs.get(self.lower(end))
            && (self.atoms[end].glued || self.lower(end).len() > 1)
            && !self.glued_digits(end + 1)
        {
            scale_by(&mut quantity, scale);
        }
        quantity.atoms.start = at;
        if let Some((length, named)) = self.phrase(&self.words.currency_words, quantity.atoms.end)
            && *named == code
        {
            quantity.atoms.end += length;
        }
        Quantity { unit: Some(code), is_money: true, ..quantity }
    }

    /// A number with what follows it: scale sign, money, unit, "old".
    fn measured(&self, number: Number) -> Quantity {
        let mut quantity = plain(number);
        let digits = matches!(quantity.form, Form::Digits(_));
        let end = quantity.atoms.end;
        if digits && self.is_scale_sign(end) {
            scale_by(&mut quantity, self.words.scale_signs[self.lower(end)]);
        }
        let end = quantity.atoms.end;
        let hyphen = ["-", "‑"].contains(&self.lower(end));
        // "half an hour", "a quarter of an hour"
        let article = quantity.form == Form::Fraction && self.words.articles.contains(self.lower(end));
        let start = end + usize::from(hyphen || article);
        // "two pounds" weigh, "two million pounds" pay.
        let weight = quantity.scale == Decimal::ONE && self.words.weights.contains(self.lower(start));
        let money = |found: &(usize, String, bool)| found.0 > 1 || !weight;
        if let Some((length, unit, money)) =
            self.currency_after(start).filter(money).or_else(|| self.sign_after(end, digits))
        {
            let from = if money { start } else { end };
            quantity.atoms.end = from + length;
            quantity.unit = Some(unit);
            quantity.is_money = money;
            self.small_part(&mut quantity);
            return quantity;
        }
        if let Some(small) = self.words.small_money.get(self.lower(start)) {
            divide(&mut quantity, small.parts);
            quantity.atoms.end = start + 1;
            quantity.unit = Some(small.currency.clone());
            quantity.is_money = true;
            return quantity;
        }
        if let Some((length, unit)) = self.unit_after(start) {
            quantity.atoms.end = start + length;
            quantity.unit = Some(unit);
            self.second_unit(&mut quantity);
            self.age_after(&mut quantity);
        }
        self.multiple(&mut quantity);
        quantity
    }

    /// Decades and centuries are told in years.
    fn multiple(&self, quantity: &mut Quantity) {
        let Some(multiple) = quantity.unit.as_ref().and_then(|unit| self.words.multiples.get(unit)) else {
            return;
        };
        quantity.unit = Some(multiple.unit.clone());
        let times = Decimal::from(multiple.times);
        quantity.low = quantity.low.and_then(|low| low.checked_mul(times));
        quantity.high = quantity.high.and_then(|high| high.checked_mul(times));
    }

    /// Whether "k", "bn" and the like after digits multiply; "m" is metres unless something counted follows.
    fn is_scale_sign(&self, at: usize) -> bool {
        let Some(atom) = self.atoms.get(at).filter(|atom| atom.is_word()) else { return false };
        if !self.words.scale_signs.contains_key(&atom.lower) || self.glued_digits(at + 1) {
            return false;
        }
        if !atom.glued && atom.lower.len() < 2 {
            return false;
        }
        let is_unit = self.words.unit_signs.find(&atom.lower, |_| None).is_some();
        !is_unit
            || self.currency_after(at + 1).is_some()
            || self
                .atoms
                .get(at + 1)
                .is_some_and(|next| next.is_word() && !next.glued && next.lower.ends_with('s'))
    }

    /// A currency's name, sign or code: number of atoms, code.
    fn currency_after(&self, at: usize) -> Option<(usize, String, bool)> {
        let word = self.phrase(&self.words.currency_words, at);
        let sign = || {
            let found = self.phrase(&self.words.currency_signs, at)?;
            // "10 $ 30" is one sum, but the sign of "5 $10 notes" belongs to what follows.
            let bound = self.glued_digits(at + found.0) && !self.atoms[at].glued;
            (!bound).then_some(found)
        };
        word.or_else(sign).map(|(length, code)| (length, code.clone(), true))
    }

    /// A sign that is a unit after digits: number of atoms, unit.
    fn sign_after(&self, at: usize, digits: bool) -> Option<(usize, String, bool)> {
        let atom = self.atoms.get(at)?;
        let (length, unit) = self.phrase(&self.words.unit_signs, at)?;
        let letter = atom.is_word() && atom.lower.chars().count() == 1;
        let bare_metre = atom.lower == "m" && length == 1;
        let tied = atom.glued || !letter || bare_metre || length > 1;
        // The 2 of "m2" is written close.
        let power =
            length > 1 && self.atoms[at + length - 1].is_digits() && !self.atoms[at + length - 1].glued;
        let tied = tied && !power;
        let percent = !atom.is_word();
        let code = self.glued_digits(at + length) || (atom.is_word() && self.is(at + length, "'"));
        ((digits || percent) && tied && !code).then(|| (length, unit.clone(), false))
    }

    /// A unit's name: number of atoms, unit.
    pub(super) fn unit_after(&self, at: usize) -> Option<(usize, String)> {
        // A hyphen within counts as a space: "kilowatt-hour".
        let hyphen = self.lower(at + 1) == "-";
        let following = |ahead: usize| {
            let skipped = if hyphen { ahead + 1 } else { ahead };
            self.atoms.get(at + skipped).map(|atom| &*atom.lower)
        };
        let (length, unit) = self.words.units.find(self.lower(at), following)?;
        let length = if hyphen && length > 1 { length + 1 } else { length };
        Some((length, unit.clone()))
    }

    /// "and 46 seconds" after "nine minutes": parts of the first unit.
    fn second_unit(&self, quantity: &mut Quantity) {
        let joiner = self.words.joiners.contains(self.lower(quantity.atoms.end));
        let at = quantity.atoms.end + usize::from(joiner);
        let (Some(unit), Reading::Number(number)) = (&quantity.unit, self.read(at)) else { return };
        if matches!(number.form, Form::Vague(_)) {
            return;
        }
        let end = number.atoms.end;
        let sign = || self.sign_after(end, true).map(|(length, unit, _)| (length, unit));
        let Some((length, second)) = self.unit_after(end).or_else(sign) else { return };
        if let Some(&parts) = self.words.compound.get(&format!("{unit} {second}")) {
            add(quantity, number.low, parts);
            quantity.number.end = end;
            quantity.atoms.end = end + length;
        }
    }

    /// "and forty-five cents" after "thirteen dollars".
    fn small_part(&self, quantity: &mut Quantity) {
        if !quantity.is_money {
            self.second_unit(quantity);
            return;
        }
        let joiner = self.words.joiners.contains(self.lower(quantity.atoms.end));
        let at = quantity.atoms.end + usize::from(joiner);
        let Reading::Number(number) = self.read(at) else { return };
        let Some(small) = self.words.small_money.get(self.lower(number.atoms.end)) else { return };
        if quantity.unit.as_ref() == Some(&small.currency) {
            add(quantity, number.low, small.parts);
            quantity.number.end = number.atoms.end;
            quantity.atoms.end = number.atoms.end + 1;
        }
    }

    /// "-old", "years of age" after a unit.
    fn age_after(&self, quantity: &mut Quantity) {
        let end = quantity.atoms.end;
        let at = if self.lower(end) == "-" { end + 1 } else { end };
        if let Some((length, ())) = self.phrase(&self.words.age_words, at) {
            quantity.is_age = true;
            quantity.atoms.end = at + length;
        }
    }

    /// "a month" as one month, told from an atom: the quantity and its unit as named at another.
    pub(crate) fn one_unit(&self, at: usize, unit: usize) -> Option<(Quantity, String)> {
        let (length, name) = self.unit_after(unit)?;
        let one = Some(Decimal::ONE);
        let number =
            Number { atoms: at..at + 1, low: one, high: one, form: Form::Words, scale: Decimal::ONE };
        let mut quantity = plain(number);
        quantity.atoms.end = unit + length;
        quantity.unit = Some(name.clone());
        self.multiple(&mut quantity);
        Some((quantity, name))
    }

    /// A hedge after the quantity: "or more", "+".
    pub(crate) fn late_hedge(&self, end: usize) -> Option<(Range<usize>, Sense)> {
        if self.is(end, "+") && self.atoms[end].glued {
            return Some((end..end + 1, Sense::Minimum));
        }
        let at = if self.is(end, "-") && self.atoms[end].glued { end + 1 } else { end };
        let (length, sense) = self.phrase(&self.words.late_hedges, at)?;
        Some((at..at + length, *sense))
    }
}

/// What a hedge makes of a range.
pub(crate) fn hedged(
    low: Option<Decimal>,
    high: Option<Decimal>,
    sense: Sense,
) -> (Option<Decimal>, Option<Decimal>) {
    let part = |value: Option<Decimal>, percent: i64| {
        value.and_then(|value| value.checked_mul(Decimal::new(percent, 2))).map(|value| value.normalize())
    };
    match sense {
        Sense::Minimum => (low.or(high), None),
        Sense::Maximum => (None, high.or(low)),
        Sense::Nearly => (part(low, 90), high),
        Sense::About => (part(low, 90), part(high, 110)),
        Sense::Exact => (low, high),
    }
}

/// Whether a plain number reads as a year.
pub(crate) fn is_year(quantity: &Quantity) -> bool {
    let inside = |value: Decimal| value >= Decimal::from(1500) && value <= Decimal::from(2100);
    quantity.form == Form::Digits(4) && quantity.unit.is_none() && quantity.low.is_some_and(inside)
}

fn plain(number: Number) -> Quantity {
    Quantity {
        atoms: number.atoms.clone(),
        number: number.atoms,
        low: number.low,
        high: number.high,
        unit: None,
        is_money: false,
        is_age: false,
        form: number.form,
        is_hyphened: false,
        scale: number.scale,
    }
}

fn scale_by(quantity: &mut Quantity, scale: i64) {
    let scale = Decimal::from(scale);
    quantity.low = quantity.low.and_then(|low| low.checked_mul(scale));
    quantity.high = quantity.high.and_then(|high| high.checked_mul(scale));
    quantity.scale = scale;
    quantity.form = Form::Digits(0);
    quantity.atoms.end += 1;
    quantity.number.end += 1;
}

fn divide(quantity: &mut Quantity, parts: i64) {
    let parts = Decimal::from(parts);
    quantity.low = quantity.low.map(|low| (low / parts).normalize());
    quantity.high = quantity.high.map(|high| (high / parts).normalize());
}

fn add(quantity: &mut Quantity, more: Option<Decimal>, parts: i64) {
    let more = more.map(|more| (more / Decimal::from(parts)).round_dp(6)).unwrap_or_default();
    quantity.low = quantity.low.map(|low| low + more);
    quantity.high = quantity.high.map(|high| high + more);
}

/// Two quantities as one range: `None` when it does not rise or their units differ.
fn range(first: Quantity, second: Quantity) -> Option<Quantity> {
    let (mut low, high) = (first.low?, second.high?);
    let same = first.unit.is_none() || second.unit.is_none() || first.unit == second.unit;
    // "10 to 20 million"
    if first.scale == Decimal::ONE && second.scale > Decimal::ONE && low < high / second.scale {
        low = low.checked_mul(second.scale)?;
    }
    let late_unit = first.unit.is_some() && second.unit.is_none() && !first.is_money;
    (same && low < high && !late_unit).then(|| Quantity {
        atoms: first.atoms.start..second.atoms.end,
        number: first.number.start..second.number.end,
        low: Some(low),
        high: Some(high),
        unit: second.unit.or(first.unit),
        is_money: first.is_money || second.is_money,
        is_age: second.is_age,
        ..first
    })
}
