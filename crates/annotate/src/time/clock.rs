//! Times of day: "10 p.m. Wednesday", "7:15 a.m. EST", "14:30", "noon".

use super::stamp::{Part, Stamp};
use super::{Found, Memory, Reader, Value};

impl Reader<'_> {
    /// A clock time with its zone and the date beside it.
    pub(super) fn clock_time(&self, at: usize, memory: &Memory) -> Found {
        let hedge = self.phrase(&self.words.hedges, at).map_or(0, |(length, ())| length);
        let (clock, mut end) = self.clock(at + hedge)?;
        if let Some((length, ())) = self.phrase(&self.words.zones, end) {
            end += length;
        }
        if let Some(after) = self.elsewhere(end) {
            // "10:35 a.m. (0735 GMT) Friday": what stands between makes two times of it.
            let stamp =
                self.plain_date(after).map(|(stamp, _)| stamp).or_else(|| self.day_in_mind(memory))?;
            return Some((Value::Point(stamp.with_clock(clock)), after));
        }
        let comma = usize::from(self.words.date_joiners.contains(self.lower(end)));
        if let Some((stamp, after)) = self.plain_date(end + comma) {
            return Some((Value::Point(stamp.with_clock(clock)), after));
        }
        Some((Value::Point(self.day_in_mind(memory)?.with_clock(clock)), end))
    }

    /// The day that a clock time alone is of: the one told last, or the article's own.
    fn day_in_mind(&self, memory: &Memory) -> Option<Stamp> {
        let day = memory.last.clone().filter(|last| matches!(last.part, Part::Day(..)));
        let stamp = day.or_else(|| self.anchor.map(Stamp::day));
        Some(stamp.unwrap_or_else(|| Stamp::new(None, Part::Whole)))
    }

    /// The atom after the same time told in another zone: "10:35 a.m. (0735 GMT)".
    fn elsewhere(&self, at: usize) -> Option<usize> {
        let opens = self.lower(at) == "(";
        let (_, end) = self.clock(at + usize::from(opens)).filter(|_| opens)?;
        let (length, ()) = self.phrase(&self.words.zones, end)?;
        (self.lower(end + length) == ")").then_some(end + length + 1)
    }

    /// A date that may stand right after a clock time.
    fn plain_date(&self, at: usize) -> Option<(Stamp, usize)> {
        if at >= self.atoms.len() {
            return None;
        }
        let absolute = if self.weekday_name(at).is_some() || self.month_name(at).is_some() {
            self.absolute(at)
        } else {
            None
        };
        match absolute.or_else(|| self.weekday(at)).or_else(|| self.day_word(at))? {
            (Value::Point(stamp), end) if stamp.clock.is_none() && !matches!(stamp.part, Part::Month(_)) => {
                Some((stamp, end))
            }
            _ => None,
        }
    }

    /// The clock time alone, in TIMEX3 form.
    fn clock(&self, at: usize) -> Option<(String, usize)> {
        let atom = self.atoms.get(at)?;
        if let Some(code) = self.words.parts.get(&atom.lower) {
            // "noon" is a clock time, "morning" is not; "High Noon" is a title.
            let is_named = |word: usize| {
                let tag = self.parse.tag(self.atoms[word].token);
                self.is_capital(word) && ["NNP", "JJ"].contains(&tag) && self.weekday_name(word).is_none()
            };
            let is_title = self.is_capital(at) && at.checked_sub(1).is_some_and(is_named);
            return (code.contains(':') && !is_title).then(|| (code.clone(), at + 1));
        }
        let spelled =
            self.numbers.words.numbers.get(&atom.lower).copied().filter(|hour| (1..=12).contains(hour));
        let hour: i64 = match spelled {
            Some(hour) => hour,
            None if atom.is_digits() && atom.lower.len() <= 2 => atom.lower.parse().ok()?,
            None => return self.military(at),
        };
        let colon = ["", ":", "."].iter().position(|&sign| !sign.is_empty() && self.lower(at + 1) == sign);
        let minutes = self.atoms.get(at + 2).filter(|minutes| {
            colon.is_some()
                && minutes.glued
                && minutes.is_digits()
                && minutes.lower.len() == 2
                && self.atoms[at + 1].glued
        });
        let minute: i64 = minutes.map_or(Some(0), |minutes| minutes.lower.parse().ok())?;
        let end = if minutes.is_some() { at + 3 } else { at + 1 };
        if hour > 24 || minute > 59 || (atom.glued && at > 0 && self.lower(at - 1) == ":") {
            return None;
        }
        let (length, oclock) =
            self.phrase(&self.words.clock_words, end).map_or((0, false), |(length, ())| (length, true));
        let end = end + length;
        let (evening, end) = self.half_of_day(end);
        let is_colon = minutes.is_some() && colon == Some(1) && !self.numbers.glued_digits(end);
        if evening.is_none() && !oclock && !is_colon {
            return None;
        }
        let hour = match evening {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        Some((format!("{hour:02}:{minute:02}"), end))
    }

    /// "a.m.", or "in the morning": whether the hour is of the second half of the day.
    fn half_of_day(&self, at: usize) -> (Option<bool>, usize) {
        let words = self.words;
        if words.morning_signs.contains(self.lower(at)) {
            return (Some(false), at + 1);
        }
        if words.evening_signs.contains(self.lower(at)) {
            return (Some(true), at + 1);
        }
        if words.of.contains(self.lower(at)) && words.determiners.contains(self.lower(at + 1)) {
            match words.parts.get(self.lower(at + 2)).map(String::as_str) {
                Some("MO") => return (Some(false), at + 3),
                Some("AF" | "EV") => return (Some(true), at + 3),
                _ => {}
            }
        }
        (None, at)
    }

    /// "0730 GMT".
    fn military(&self, at: usize) -> Option<(String, usize)> {
        let digits = self.atoms.get(at).filter(|atom| atom.is_digits() && atom.lower.len() == 4)?;
        self.phrase(&self.words.zones, at + 1)?;
        let value: i64 = digits.lower.parse().ok()?;
        let (hour, minute) = (value / 100, value % 100);
        (hour <= 24 && minute < 60).then(|| (format!("{hour:02}:{minute:02}"), at + 1))
    }
}
