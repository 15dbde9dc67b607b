//! Lengths of time ("nearly two months", "years"), points told by them ("a year ago") and repetitions.

use model::TimeKind;
use rust_decimal::Decimal;

use super::stamp::{Grain, Part, Stamp, holding, moved};
use super::{Found, Memory, Reader, Value};
use crate::figure::atom::Atom;
use crate::figure::number::{Form, Reading};
use crate::lang::TimeUnit;

/// More years than any length in news has.
const COUNT_MAX: i64 = 1_000_000;

/// How many units: a number, or an unknown one.
#[derive(Clone, Copy, PartialEq)]
enum Count {
    Exactly(Decimal),
    Unknown,
}

impl Reader<'_> {
    /// "daily", "every two weeks", "each Thursday".
    pub(super) fn repeated(&self, at: usize) -> Found {
        let words = self.words;
        if let Some(value) = words.frequencies.get(self.lower(at)) {
            let is_name = self.parse.tag(self.atoms[at].token) == "NNP";
            return (!is_name).then(|| (Value::Other(TimeKind::Set, value.clone()), at + 1));
        }
        if !words.every.contains(self.lower(at)) {
            return None;
        }
        let set = |value: String, end: usize| Some((Value::Other(TimeKind::Set, value), end));
        let next = at + 1;
        if let Some(found) = self.each_of(next) {
            return Some(found);
        }
        if let Some((weekday, end)) = self.weekday_name(next) {
            return set(format!("XXXX-WXX-{weekday}"), end);
        }
        if let Some((month, end)) = self.month_name(next) {
            return set(format!("XXXX-{month:02}"), end);
        }
        if let Some(code) = words.parts.get(self.lower(next)).filter(|code| !code.contains(':')) {
            return set(format!("XXXX-XX-XXT{code}"), next + 1);
        }
        if let Some(unit) = words.unit_forms.get(self.lower(next)) {
            return set(duration(Count::Exactly(Decimal::ONE), words.units.get(unit)?), next + 1);
        }
        let (count, end) = self.count(next)?;
        let unit = words.unit_forms.get(self.lower(end))?;
        set(duration(count, words.units.get(unit)?), end + 1)
    }

    /// "of the last three years" after "each": every one of them, not all three together.
    fn each_of(&self, at: usize) -> Found {
        let words = self.words;
        let mut next = at + 1;
        next += usize::from(words.determiners.contains(self.lower(next)));
        while words.length_openers.contains(self.lower(next)) && next < at + 4 {
            next += 1;
        }
        let (_, end) = self.count(next).filter(|_| words.parts_of.contains(self.lower(at)))?;
        let unit = words.units.get(words.unit_forms.get(self.lower(end))?)?;
        let value = duration(Count::Exactly(Decimal::ONE), unit);
        Some((Value::Other(TimeKind::Set, value), end + 1))
    }

    /// A length with its hedge: "at least 30 days", "nearly two weeks ago".
    pub(super) fn hedged_length(&self, at: usize, memory: &Memory) -> Found {
        let (length, ()) = self.phrase(&self.words.hedges, at)?;
        let next = at + length;
        if self.words.determiners.contains(self.lower(next))
            || self.words.vague_numbers.contains(self.lower(next))
        {
            return None;
        }
        self.phrase(&self.words.hedges, next)
            .and_then(|(inner, ())| self.length(next + inner, memory))
            .or_else(|| self.length(next, memory))
    }

    /// A length, or the point in time that it tells.
    pub(super) fn length(&self, at: usize, memory: &Memory) -> Found {
        let words = self.words;
        let the = words.determiners.contains(self.lower(at));
        let mut next = at + usize::from(the);
        let opened = next;
        while words.length_openers.contains(self.lower(next)) && next < opened + 2 {
            next += 1;
        }
        let has_opener = next > opened;
        let (count, mut end) = match self.count(next) {
            Some(found) => found,
            None => return self.bare(at, next, has_opener),
        };
        // "the two-week crisis": the determiner is the crisis's.
        if the && !has_opener && self.lower(end) == "-" {
            return None;
        }
        end += usize::from(self.lower(end) == "-" || words.vague_numbers.contains(self.lower(end)));
        end += usize::from(words.between.contains(self.lower(end)));
        if matches!(count, Count::Exactly(value) if value > Decimal::from(COUNT_MAX)) {
            return None;
        }
        if self.is_rate(at, next) {
            return None;
        }
        let unit = words.units.get(words.unit_forms.get(self.lower(end))?)?;
        let name = words.unit_forms.get(self.lower(end))?;
        end += 1;
        let (count, mut end) = self.and_half(count, end);
        // "24 hours a day": how often, not how long.
        if words.articles.contains(self.lower(end)) && self.is_per_unit(end + 1) {
            return None;
        }
        let age = if self.lower(end) == "-" { end + 1 } else { end };
        if self.phrase(&self.numbers.words.age_words, age).is_some() {
            return None;
        }
        if let Some((length, ())) = self.phrase(&words.late_hedges, end) {
            end += length;
        }
        if !has_opener && let Some(point) = self.told_by_length((count, name), end, memory) {
            return Some(point);
        }
        Some((Value::Other(TimeKind::Duration, duration(count, unit)), end))
    }

    /// Whether the unit after "a" is one that something is told by: "a day", but not "a day ago".
    fn is_per_unit(&self, at: usize) -> bool {
        let (words, next) = (self.words, self.lower(at + 1));
        words.unit_forms.get(self.lower(at)).is_some_and(|unit| unit == self.lower(at))
            && !words.ago.contains(next)
            && !words.earlier.contains(next)
            && !words.later.contains(next)
    }

    /// "four flights a week": a rate, not a length.
    fn is_rate(&self, at: usize, number: usize) -> bool {
        let Some(before) = number.checked_sub(1).filter(|_| at == number) else { return false };
        let tag = self.parse.tag(self.atoms[before].token);
        self.words.articles.contains(self.lower(number))
            && ["NN", "NNS", "CD"].contains(&tag)
            && (self.atoms[before].is_word() || self.atoms[before].is_digits())
            && !self.words.ago.contains(self.lower(number + 2))
            && !self.words.earlier.contains(self.lower(number + 2))
    }

    /// A unit without a number: "years", "the year", "the past weeks".
    fn bare(&self, at: usize, next: usize, has_opener: bool) -> Found {
        let words = self.words;
        let form = self.lower(next);
        let name = words.unit_forms.get(form)?;
        let unit = words.units.get(name)?;
        let plural = form != name;
        let before = at.checked_sub(1).map_or("", |before| self.lower(before));
        let after = self.lower(next + 1);
        if unit.code == "Q" && !has_opener {
            return None;
        }
        let year = unit.grain == Some(Grain::Year) && next > at && !has_opener && !plural;
        if year && !self.atoms.get(next + 1).is_some_and(Atom::is_digits) && self.lower(next + 1) != "-" {
            return self.the_year(next, unit);
        }
        if plural && words.apart.contains(after) {
            return None;
        }
        // "52 years old": the number has been told to be an age.
        let counted = at.checked_sub(1).is_some_and(|before| self.atoms[before].is_digits())
            || self.numbers.words.numbers.contains_key(before);
        if plural && next == at && counted {
            return None;
        }
        if next == at && self.lower(next + 1) == "-" && words.long.contains(self.lower(next + 2)) {
            let count = if plural { Count::Unknown } else { Count::Exactly(Decimal::ONE) };
            return Some((Value::Other(TimeKind::Duration, duration(count, unit)), next + 3));
        }
        let told = has_opener
            || words.bare_openers.contains(before)
            || words.bare_closers.contains(after)
            || next > at;
        if plural && told {
            if next > at && !has_opener {
                // "the weeks before": the lone unit is read next.
                return None;
            }
            let ago = words.ago.contains(after);
            let end = next + 1 + usize::from(ago);
            return Some((Value::Other(TimeKind::Duration, duration(Count::Unknown, unit)), end));
        }
        None
    }

    /// "the year": the article's own; a year's length where its limits follow: "the year ended March 31".
    fn the_year(&self, at: usize, unit: &TimeUnit) -> Found {
        let next = self.lower(at + 1);
        let tag = self.atoms.get(at + 1).map_or("", |atom| self.parse.tag(atom.token));
        let limited = tag == "VBG" || tag == "VBN" || tag == "VBD" || self.words.of.contains(next);
        match self.anchor {
            Some(anchor) if !limited => {
                let before = i64::from(self.words.earlier.contains(next) && self.closes(at + 2));
                let end = at + 1 + usize::from(before > 0);
                Some((Value::Point(holding(Grain::Year, moved(anchor, Grain::Year, -before)?)), end))
            }
            _ => {
                let value = duration(Count::Exactly(Decimal::ONE), unit);
                Some((Value::Other(TimeKind::Duration, value), at + 1))
            }
        }
    }

    /// A number of units: "two", "several", "a", "12 to 18".
    fn count(&self, at: usize) -> Option<(Count, usize)> {
        let words = self.words;
        let article = usize::from(words.articles.contains(self.lower(at)));
        if words.vague_numbers.contains(self.lower(at + article)) {
            let end = at + article + 1;
            let of = usize::from(words.parts_of.contains(self.lower(end)));
            return Some((Count::Unknown, end + of));
        }
        let singular = |at: usize| {
            let form = self.lower(at);
            words.unit_forms.get(form).is_some_and(|unit| unit == form || !form.ends_with('s'))
        };
        if article == 1 && singular(at + 1) {
            // "a second attempt", "a quarter of it"
            let part = self.parse.tag(self.atoms[at + 1].token).starts_with("JJ")
                || words.parts_of.contains(self.lower(at + 2)) && words.quarters.contains(self.lower(at + 1));
            if part {
                return None;
            }
            return Some((Count::Exactly(Decimal::ONE), at + 1));
        }
        let Reading::Number(number) = self.numbers.read(at) else { return None };
        let end = number.atoms.end;
        let count = match (number.form, number.low) {
            (Form::Vague(_), _) | (_, None) => {
                let of = usize::from(words.parts_of.contains(self.lower(end)));
                return Some((Count::Unknown, end + of));
            }
            (_, Some(low)) => Count::Exactly(low),
        };
        let figures = self.numbers.words;
        let joined = figures.plain_range_joiners.contains(self.lower(end)) || self.lower(end) == "-";
        if joined && let Reading::Number(second) = self.numbers.read(end + 1) {
            return Some((Count::Unknown, second.atoms.end));
        }
        // "half an hour"
        let article = number.form == Form::Fraction && words.articles.contains(self.lower(end));
        Some((count, end + usize::from(article)))
    }

    /// "and a half" after the unit: "a minute and a half".
    fn and_half(&self, count: Count, end: usize) -> (Count, usize) {
        let Count::Exactly(value) = count else { return (count, end) };
        let (value, end) = self.numbers.and_part(value, Decimal::ONE, end);
        (Count::Exactly(value), end)
    }

    /// "a year ago", "two weeks earlier": the point, if the words after the length make it one.
    fn told_by_length(&self, length: (Count, &str), end: usize, memory: &Memory) -> Found {
        let (count, unit) = length;
        let words = self.words;
        let ago = words.ago.contains(self.lower(end));
        let earlier = words.earlier.contains(self.lower(end));
        let later = words.later.contains(self.lower(end));
        if !(ago || earlier || later) {
            return None;
        }
        let Count::Exactly(value) = count else {
            let value = duration(count, words.units.get(unit)?);
            return ago.then_some((Value::Other(TimeKind::Date, value), end + 1));
        };
        let grain = words.units.get(unit)?.grain?;
        let number = i64::try_from(value.trunc()).ok()?;
        let is_year = grain == Grain::Year && number == 1;
        if is_year
            && !later
            && let Some(year) = memory.reported
        {
            return Some((Value::Point(Stamp::new(Some(year - 1), Part::Whole)), end + 1));
        }
        if is_year
            && !later
            && let Some((year, quarter)) = memory.quarter
        {
            return Some((Value::Point(Stamp::new(Some(year - 1), Part::Quarter(quarter))), end + 1));
        }
        let base =
            if ago { self.anchor } else { memory.last.as_ref().and_then(Stamp::some_day).or(self.anchor) };
        // "six years after the fall": a length, not a point, unless nothing follows that it is counted from.
        if (earlier || later) && !self.closes(end + 1) {
            return None;
        }
        let date = moved(base?, grain, if later { number } else { -number })?;
        let told = if grain == Grain::Decade || grain == Grain::Century { Grain::Year } else { grain };
        Some((Value::Point(holding(told, date)), end + 1))
    }

    /// Whether a clause ends here.
    fn closes(&self, at: usize) -> bool {
        self.atoms.get(at).is_none_or(|atom| !atom.is_word() && !atom.is_digits())
    }
}

/// The ISO 8601 form of a length.
fn duration(count: Count, unit: &TimeUnit) -> String {
    let prefix = if unit.clock { "PT" } else { "P" };
    let Count::Exactly(value) = count else { return format!("{prefix}X{}", unit.code) };
    let value = value * Decimal::from(unit.times);
    let whole = value.trunc();
    let rest = value - whole;
    let smaller = match (unit.code.as_str(), unit.clock) {
        ("Y", _) => Some((12, "M")),
        ("H", true) => Some((60, "M")),
        ("M", true) => Some((60, "S")),
        _ => None,
    };
    match smaller {
        Some((parts, code)) if !rest.is_zero() => {
            let parts = (rest * Decimal::from(parts)).round();
            let first = if whole.is_zero() { String::new() } else { format!("{whole}{}", unit.code) };
            format!("{prefix}{first}{parts}{code}")
        }
        _ => format!("{prefix}{}{}", value.normalize(), unit.code),
    }
}
