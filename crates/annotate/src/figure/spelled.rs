//! Numbers in words: "two hundred and six", "half a million", "two thirds", "dozens".

use rust_decimal::Decimal;

use super::number::{Form, Number, Numbers, Reading};
use crate::lang::Needs;

/// Number words are short; a longer run is no number.
const WORDS_MAX: usize = 16;

impl Numbers<'_> {
    /// The number in words that begins at an atom.
    pub(super) fn spelled(&self, at: usize) -> Reading {
        if !self.atoms.get(at).is_some_and(super::atom::Atom::is_word) {
            return Reading::Nothing;
        }
        if let Some(number) = self.vague(at).or_else(|| self.half(at)).or_else(|| self.article_part(at)) {
            return Reading::Number(number);
        }
        let Some((value, mut end, scale)) = self.cardinal(at) else { return Reading::Nothing };
        if let Some((part, after)) = self.fraction_after(value, end) {
            return self.fraction(at, after, part);
        }
        let (with_point, after) = self.point_part(value, end);
        let (value, after) = self.and_part(with_point, scale, after);
        end = after;
        Reading::Number(Number {
            atoms: at..end,
            low: Some(value),
            high: Some(value),
            form: Form::Words,
            scale,
        })
    }

    /// A whole number in words: its value, the atom after, its last scale.
    fn cardinal(&self, at: usize) -> Option<(Decimal, usize, Decimal)> {
        let words = self.words;
        let (mut total, mut current) = (0_i64, None::<i64>);
        let (mut last_scale, mut end) = (i64::MAX, at);
        if words.articles.contains(self.lower(at)) {
            // "a hundred", but "a" alone is no number.
            words.scales.get(self.lower(at + 1))?;
            (current, end) = (Some(1), at + 1);
        }
        let mut seen = false;
        while end < at + WORDS_MAX {
            let next = if seen { self.word_from(end, current, total) } else { end };
            let word = self.lower(next);
            if let Some(&value) = words.numbers.get(word) {
                let Some(sum) = joined(current, value) else { break };
                current = Some(sum);
            } else if let Some(&scale) = words.scales.get(word) {
                if scale <= 100 && current.unwrap_or(1) < 100 && (current.is_some() || total == 0) {
                    current = Some(current.unwrap_or(1) * scale);
                } else if current.is_some() && scale < last_scale || !seen {
                    total = total.checked_add(current.unwrap_or(1).checked_mul(scale)?)?;
                    (current, last_scale) = (None, scale);
                } else if current.is_none() {
                    total = total.checked_mul(scale)?;
                } else {
                    break;
                }
            } else {
                break;
            }
            (seen, end) = (true, next + 1);
        }
        let value = total.checked_add(current.unwrap_or(0))?;
        let scale = if last_scale == i64::MAX { 1 } else { last_scale };
        seen.then(|| (Decimal::from(value), end, Decimal::from(scale)))
    }

    /// Where the next number word may stand: after a hyphen, or after "and" where "and" can join.
    fn word_from(&self, end: usize, current: Option<i64>, total: i64) -> usize {
        if ["-", "‑"].contains(&self.lower(end)) {
            return end + 1;
        }
        let whole =
            current.is_some_and(|value| value >= 100 && value % 100 == 0) || (current.is_none() && total > 0);
        let small = self.words.numbers.contains_key(self.lower(end + 1));
        // "three million and a half" and "two thousand and five thirds" are read elsewhere.
        let fraction = self.words.denominators.contains_key(self.lower(end + 2));
        if whole && small && !fraction && self.words.joiners.contains(self.lower(end)) {
            end + 1
        } else {
            end
        }
    }

    /// Decimals in words after a whole number: "point seventy-one".
    fn point_part(&self, value: Decimal, end: usize) -> (Decimal, usize) {
        if !self.words.points.contains(self.lower(end)) {
            return (value, end);
        }
        let mut digits = String::from("0.");
        let mut at = end + 1;
        while let Some(&digit) = self.words.numbers.get(self.lower(at)) {
            if digit >= 10 {
                let Some((part, after, _)) = self.cardinal(at) else { break };
                digits.push_str(&part.to_string());
                at = after;
                break;
            }
            digits.push_str(&digit.to_string());
            at += 1;
            if digits.len() > WORDS_MAX {
                break;
            }
        }
        match digits.parse::<Decimal>() {
            Ok(part) if at > end + 1 => (value + part, at),
            _ => (value, end),
        }
    }

    /// "and a half", "and three quarters" after a number whose last scale they are parts of.
    pub(crate) fn and_part(&self, value: Decimal, scale: Decimal, end: usize) -> (Decimal, usize) {
        if !self.words.joiners.contains(self.lower(end)) {
            return (value, end);
        }
        let (upper, at) = if self.words.articles.contains(self.lower(end + 1)) {
            (Decimal::ONE, end + 2)
        } else {
            match self.words.numbers.get(self.lower(end + 1)) {
                Some(&upper) if upper < 10 => (Decimal::from(upper), end + 2),
                _ => return (value, end),
            }
        };
        match self.words.denominators.get(self.lower(at)) {
            Some(&lower) if upper < Decimal::from(lower) => {
                (value + scale * (upper / Decimal::from(lower)).round_dp(12), at + 1)
            }
            _ => (value, end),
        }
    }

    /// "two" + "thirds".
    fn fraction_after(&self, upper: Decimal, end: usize) -> Option<(Decimal, usize)> {
        let at = if self.lower(end) == "-" { end + 1 } else { end };
        let word = self.lower(at);
        let lower = *self.words.denominators.get(word)?;
        let plural = word.ends_with('s');
        if plural == (upper == Decimal::ONE) {
            return None;
        }
        // "two quarters", "the first of two halves" count periods; parts are parts of something.
        let periods = lower == 2 || lower == 4;
        let hyphen = at > end;
        (!periods || hyphen || self.is_part_of(at + 1))
            .then(|| ((upper / Decimal::from(lower)).round_dp(12), at + 1))
    }

    /// Whether what a fraction is a part of follows: "of", a scale, or nothing at all.
    fn is_part_of(&self, at: usize) -> bool {
        let word = self.lower(at);
        self.words.of.contains(word) || self.words.scales.contains_key(word) || at >= self.atoms.len()
    }

    /// A fraction with the scale it may multiply: "three quarters of a million", "half a dozen".
    fn fraction(&self, at: usize, end: usize, part: Decimal) -> Reading {
        let number = self.scaled_fraction(at, end, part);
        Reading::Number(number)
    }

    fn scaled_fraction(&self, at: usize, end: usize, part: Decimal) -> Number {
        let mut next = end;
        if self.words.of.contains(self.lower(next)) {
            next += 1;
        }
        if self.words.articles.contains(self.lower(next)) || self.lower(next) == "-" {
            next += 1;
        }
        let scale = self.words.scales.get(self.lower(next)).copied();
        let (value, end, form) = match scale {
            Some(scale) => (part * Decimal::from(scale), next + 1, Form::Words),
            None => (part, end, Form::Fraction),
        };
        let value = value.round_dp(12);
        let scale = Decimal::from(scale.unwrap_or(1));
        Number { atoms: at..end, low: Some(value), high: Some(value), form, scale }
    }

    /// "half a million", "half of", "half the"; a football half is none.
    fn half(&self, at: usize) -> Option<Number> {
        let word = self.lower(at);
        let lower = *self.words.denominators.get(word)?;
        if word.ends_with('s')
            || lower > 4
            || lower == 3
            || (at > 0 && self.atoms[at].glued && self.lower(at - 1) == "-")
        {
            return None;
        }
        let next = self.lower(at + 1);
        let scaled = self.words.scales.contains_key(next)
            || (next == "-" && self.words.scales.contains_key(self.lower(at + 2)));
        let opens = at + 1 < self.atoms.len()
            && (self.words.half_openers.contains(next) || self.words.articles.contains(next));
        let whole = at == 0 || !self.words.half_breakers.contains(self.lower(at - 1));
        if !(scaled || (lower == 2 && opens && whole)) {
            return None;
        }
        Some(self.scaled_fraction(at, at + 1, Decimal::ONE / Decimal::from(lower)))
    }

    /// "a third of", "a quarter of a million", "a half".
    fn article_part(&self, at: usize) -> Option<Number> {
        if !self.words.articles.contains(self.lower(at)) {
            return None;
        }
        let lower = *self.words.denominators.get(self.lower(at + 1))?;
        let single = !self.lower(at + 1).ends_with('s');
        (single && self.is_part_of(at + 2))
            .then(|| self.scaled_fraction(at, at + 2, (Decimal::ONE / Decimal::from(lower)).round_dp(12)))
    }

    /// "dozens", "several hundred", "a couple".
    fn vague(&self, at: usize) -> Option<Number> {
        if let Some((length, vague)) = self.phrase(&self.words.vague_factors, at)
            && let Some(&first) = self.words.scales.get(self.lower(at + length))
        {
            let (mut scale, mut end) = (first, at + length + 1);
            while let Some(&next) = self.words.scales.get(self.lower(end)) {
                (scale, end) = (scale.checked_mul(next)?, end + 1);
            }
            let times = |value: i64| Some(Decimal::from(value.checked_mul(scale)?));
            let high = match vague.high {
                Some(high) => Some(times(high)?),
                None => None,
            };
            let form = Form::Vague(Needs::Nothing);
            return Some(Number { atoms: at..end, low: times(vague.low), high, form, scale: scale.into() });
        }
        let (length, vague) = self.phrase(&self.words.vague, at)?;
        let form = Form::Vague(vague.needs);
        let (low, high) = (Some(vague.low.into()), vague.high.map(Decimal::from));
        Some(Number { atoms: at..at + length, low, high, form, scale: Decimal::ONE })
    }
}

/// A number word after what stands before it: "twenty" + "one", "two hundred" + "six"; `None` when it begins
/// another number.
fn joined(current: Option<i64>, value: i64) -> Option<i64> {
    match current {
        None => Some(value),
        Some(before) if before >= 100 && before % 100 == 0 && value > 0 && value < 100 => {
            Some(before + value)
        }
        Some(before)
            if (20..100).contains(&(before % 100)) && before % 10 == 0 && (1..10).contains(&value) =>
        {
            Some(before + value)
        }
        Some(_) => None,
    }
}
