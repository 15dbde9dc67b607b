//! Dates of the calendar: weekdays, days of months, months, years, decades, feasts.

use jiff::civil::Date;
use model::TimeKind;

use super::stamp::{Grain, Part, Stamp, feast, holding, moved, weekday_back, weekday_forth, weekday_near};
use super::tense::Tense;
use super::{Found, Reader, Value};
use crate::figure::atom::Atom;

/// Years that a lone number of four digits may mean.
const YEARS: std::ops::RangeInclusive<i16> = 1000..=2100;

impl Reader<'_> {
    /// "Friday, Aug. 7, 1998", "15 March", "1989", "the 1980s".
    pub(super) fn absolute(&self, at: usize) -> Found {
        let words = self.words;
        let the = usize::from(words.determiners.contains(self.lower(at)));
        if let Some((_, after)) = self.weekday_name(at) {
            let next = after + usize::from(words.date_joiners.contains(self.lower(after)));
            let next = next + usize::from(words.determiners.contains(self.lower(next)));
            if let Some((stamp, end)) = self.day_of_month(next) {
                return self.with_day_part(stamp, end);
            }
            return None;
        }
        let day = if the == 0 {
            self.day_of_month(at)
        } else {
            self.is_day_number(at + the).and_then(|_| self.day_of_month(at + the))
        };
        let day = day.or_else(|| self.numeric(at));
        if let Some((stamp, end)) = day {
            return self.with_day_part(stamp, end);
        }
        if the == 0
            && let Some((stamp, end)) = self.month_alone(at)
        {
            return Some((Value::Point(stamp), end));
        }
        let (stamp, end) = self
            .decade(at + the)
            .or_else(|| self.century(at + the))
            .or_else(|| if the == 0 { self.year_alone(at) } else { self.named_year(at) })?;
        Some((Value::Point(stamp), end))
    }

    /// A weekday's name and the atom after it: "Friday", "Fri.".
    pub(crate) fn weekday_name(&self, at: usize) -> Option<(i8, usize)> {
        if !self.is_capital(at) {
            return None;
        }
        if let Some(&weekday) = self.words.weekdays.get(self.lower(at)) {
            return Some((weekday, at + 1));
        }
        let weekday = *self.words.weekdays_short.get(self.lower(at))?;
        let stop = self.lower(at + 1) == "." && self.atoms[at + 1].glued;
        let end = at + 1 + usize::from(stop);
        let comma = usize::from(self.words.date_joiners.contains(self.lower(end)));
        let date = self.month_name(end + comma).is_some() || self.is_day_number(end + comma).is_some();
        (date && self.parse.tag(self.atoms[at].token) != "VBD").then_some((weekday, end))
    }

    /// A weekday by itself, with the part of the day after it.
    pub(super) fn weekday(&self, at: usize) -> Found {
        let (weekday, end) = self.weekday_name(at)?;
        let plural = self.lower(at).ends_with('s')
            && self.words.weekdays.get(self.lower(at)) == Some(&weekday)
            && !self.words.weekdays_short.contains_key(self.lower(at))
            && self.lower(at).ends_with("days");
        if plural {
            return Some((Value::Other(TimeKind::Set, format!("XXXX-WXX-{weekday}")), end));
        }
        if let Some(code) = self.words.parts.get(self.lower(end))
            && self.lower(end).ends_with('s')
        {
            return Some((Value::Other(TimeKind::Set, format!("XXXX-WXX-{weekday}T{code}")), end + 1));
        }
        let tense = self.tense(at);
        let stamp = if self.lede.contains(&self.atoms[at].token) && tense == Tense::Past {
            self.tomorrow(weekday)
        } else {
            None
        };
        self.with_day_part(stamp.unwrap_or_else(|| self.that_weekday(weekday, tense)), end)
    }

    /// The next day, if it is such a weekday. "Was freed Friday", first in a report dated Thursday, is told where it
    /// is Friday already, or for the paper of Friday: what comes first in the news is not six days old.
    fn tomorrow(&self, weekday: i8) -> Option<Stamp> {
        let day = moved(self.anchor?, Grain::Day, 1)?;
        (day.weekday().to_monday_one_offset() == weekday).then(|| Stamp::day(day))
    }

    /// The weekday nearest to the article's day on the side that the tense tells; the day itself counts for both.
    pub(super) fn that_weekday(&self, weekday: i8, tense: Tense) -> Stamp {
        let date = self.anchor.and_then(|anchor| match tense {
            Tense::Future => weekday_forth(anchor, weekday),
            Tense::Open => weekday_near(anchor, weekday),
            Tense::Past | Tense::Unknown => weekday_back(anchor, weekday),
        });
        date.map_or_else(|| Stamp::new(None, Part::Weekday(weekday)), Stamp::day)
    }

    /// A date, with the part of the day or clock time that follows: "Tuesday night".
    pub(super) fn with_day_part(&self, stamp: Stamp, end: usize) -> Found {
        let next = end + usize::from(self.lower(end) == "-");
        match self.words.parts.get(self.lower(next)) {
            Some(code) => Some((Value::Point(stamp.with_clock(code.clone())), next + 1)),
            None => Some((Value::Point(stamp), end)),
        }
    }

    /// A month's name, its stop included: number of the month, atom after.
    pub(super) fn month_name(&self, at: usize) -> Option<(i8, usize)> {
        if !self.is_capital(at) {
            return None;
        }
        if let Some(&month) = self.words.months.get(self.lower(at)) {
            // "May" and "March" are verbs too.
            let tag = self.parse.tag(self.atoms[at].token);
            let verb = tag == "MD" || tag.starts_with("VB");
            return (!verb && !self.is_event(at)).then_some((month, at + 1));
        }
        let month = *self.words.months_short.get(self.lower(at))?;
        let stop = self.lower(at + 1) == "." && self.atoms[at + 1].glued;
        let number = self.atoms.get(at + 1).is_some_and(Atom::is_digits);
        let day_before = at.checked_sub(1).is_some_and(|before| self.atoms[before].is_digits());
        (stop || number || day_before).then(|| (month, at + 1 + usize::from(stop)))
    }

    /// Whether a month's name is what happens: "the annual March for Life", "the March of the Masons".
    fn is_event(&self, at: usize) -> bool {
        let (words, token) = (self.words, self.atoms[at].token);
        let modified = |child: &usize| {
            let word = self.parse.lower(*child);
            match self.parse.label(*child) {
                "det" => words.determiners.contains(word) || words.articles.contains(word),
                "amod" => !words.leaders.contains(word) && !words.length_openers.contains(word),
                _ => false,
            }
        };
        let next = self.lower(at + 1);
        let named = words.set_joiners.contains(next) || words.parts_of.contains(next);
        let year = || self.year_digits(at + 2).is_some() || self.year_offset(at + 1).is_some();
        named && self.parse.children(token).iter().any(modified) && !year()
    }

    /// "Aug. 7, 1998", "7 August", "the 7th of August", "March eighth".
    fn day_of_month(&self, at: usize) -> Option<(Stamp, usize)> {
        if let Some((month, end)) = self.month_name(at) {
            let the = usize::from(self.words.determiners.contains(self.lower(end)));
            let (day, after) = self.is_day_number(end + the)?;
            let (year, end) = self.year_after(after);
            return Some((self.dated(year, (month, day), at)?, end));
        }
        let (day, after) = self.is_day_number(at)?;
        let of = usize::from(self.words.parts_of.contains(self.lower(after)));
        let (month, end) = self.month_name(after + of)?;
        let (year, end) = self.year_after(end);
        Some((self.dated(year, (month, day), at)?, end))
    }

    /// A day of a month in the year that is meant, when none is printed.
    fn dated(&self, year: Option<i16>, day: (i8, i8), at: usize) -> Option<Stamp> {
        let (month, day) = day;
        Date::new(year.unwrap_or(2000), month, day).ok()?;
        let year = year.or_else(|| {
            let anchor = self.anchor?;
            let days = (-1..=1).filter_map(|offset| Date::new(anchor.year() + offset, month, day).ok());
            let distance = |date: &Date| anchor.until(*date).map_or(i32::MAX, |span| span.get_days().abs());
            let nearest = days.min_by_key(distance)?;
            // Half a year away, the tense decides.
            let far = distance(&nearest) > 120;
            let wrong = match self.tense(at) {
                Tense::Past => nearest > anchor && far,
                Tense::Future => nearest < anchor && far,
                Tense::Open | Tense::Unknown => false,
            };
            let step = if nearest > anchor { -1 } else { 1 };
            Some(nearest.year() + if wrong { step } else { 0 })
        });
        Some(Stamp::new(year, Part::Day(month, day)))
    }

    /// A day of the month in digits, with or without an ending, or as an ordinal word.
    pub(super) fn is_day_number(&self, at: usize) -> Option<(i8, usize)> {
        let atom = self.atoms.get(at)?;
        if atom.is_digits() && atom.lower.len() <= 2 {
            let day: i8 = atom.lower.parse().ok()?;
            let ending = self.atoms.get(at + 1).filter(|next| next.glued);
            let is_ordinal =
                ending.is_some_and(|next| self.numbers.words.ordinal_endings.contains(&next.lower));
            let blocked = ending.is_some_and(|next| {
                (next.is_word() && !is_ordinal)
                    || next.lower == "%"
                    || ([",", ".", ":"].contains(&&*next.lower) && self.numbers.glued_digits(at + 2))
            });
            return ((1..=31).contains(&day) && !blocked).then_some((day, at + 1 + usize::from(is_ordinal)));
        }
        let tens =
            self.numbers.words.numbers.get(self.lower(at)).copied().filter(|&tens| tens == 20 || tens == 30);
        let dash = self.lower(at + 1) == "-";
        let (base, at) = tens.map_or((0, at), |tens| (tens, at + 1 + usize::from(dash)));
        let day = base + self.words.ordinals.get(self.lower(at)).copied()?;
        i8::try_from(day).ok().filter(|day| (1..=31).contains(day)).map(|day| (day, at + 1))
    }

    /// A year after a day or month, a comma or "of" between allowed; or "last year".
    pub(super) fn year_after(&self, end: usize) -> (Option<i16>, usize) {
        let comma = self.words.date_joiners.contains(self.lower(end))
            || self.words.parts_of.contains(self.lower(end));
        let at = end + usize::from(comma);
        if let Some(year) = self.year_digits(at) {
            return (Some(year), at + 1);
        }
        if let Some((year, after)) = self.spelled_year(at) {
            return (Some(year), after);
        }
        if let Some((year, after)) = self.directed_year(at) {
            return (Some(year), after);
        }
        (None, end)
    }

    /// "last year" after a month.
    fn directed_year(&self, at: usize) -> Option<(i16, usize)> {
        let (offset, end) = self.year_offset(at)?;
        Some((self.anchor?.year() + i16::try_from(offset).ok()?, end))
    }

    /// "last year" as the number of years from the article's own.
    pub(crate) fn year_offset(&self, at: usize) -> Option<(i64, usize)> {
        let at = at + usize::from(self.words.parts_of.contains(self.lower(at)));
        let (length, offset) = self.phrase(&self.words.directions, at)?;
        (self.grain(at + length) == Some(Grain::Year)).then_some((*offset, at + length + 1))
    }

    pub(super) fn year_digits(&self, at: usize) -> Option<i16> {
        let atom = self.atoms.get(at).filter(|atom| atom.is_digits() && atom.lower.len() == 4)?;
        let year = atom.lower.parse().ok().filter(|year| YEARS.contains(year))?;
        let next = self.atoms.get(at + 1).filter(|next| next.glued);
        let blocked = next.is_some_and(|next| {
            next.is_word()
                || next.lower == "%"
                || ([",", ".", ":"].contains(&&*next.lower) && self.numbers.glued_digits(at + 2))
        });
        (!blocked).then_some(year)
    }

    /// "in March", "October 1984": a month as a whole.
    fn month_alone(&self, at: usize) -> Option<(Stamp, usize)> {
        let (month, end) = self.month_name(at)?;
        let (year, after) = self.year_after(end);
        let year = year.or_else(|| self.year_of_month(month, at));
        Some((Stamp::new(year, Part::Month(month)), after))
    }

    /// The year of a month that is printed without one.
    fn year_of_month(&self, month: i8, at: usize) -> Option<i16> {
        let anchor = self.anchor?;
        let ahead = (month - anchor.month()).rem_euclid(12);
        let coming = moved(anchor, Grain::Month, i64::from(ahead))?.year();
        let begun = coming - i16::from(ahead > 0);
        Some(match self.tense(at) {
            Tense::Future => coming,
            Tense::Open | Tense::Unknown if ahead <= 2 => coming,
            // "warned of cuts in September", printed in August: of the last one "last September" would be said.
            Tense::Past if ahead == 1 && self.is_of_noun(at) => coming,
            _ => begun,
        })
    }

    /// Whether what a word tells the time of is a noun and no verb: "cuts in September".
    fn is_of_noun(&self, at: usize) -> bool {
        let token = self.atoms[at].token;
        let upper = self.parse.head(token);
        let is_noun = |token: usize| ["NN", "NNS"].contains(&self.parse.tag(token));
        match self.parse.label(token) {
            "compound" | "nmod" => is_noun(upper),
            "pobj" => is_noun(self.parse.head(upper)),
            _ => false,
        }
    }

    /// "2022-02-15", "10/23/99".
    fn numeric(&self, at: usize) -> Option<(Stamp, usize)> {
        let sign = self.lower(at + 1);
        let number = |at: usize, longest: usize| {
            let atom = self.atoms.get(at).filter(|atom| atom.is_digits() && atom.lower.len() <= longest)?;
            atom.lower.parse::<i16>().ok()
        };
        if !["-", "/", "."].contains(&sign) || self.lower(at + 3) != sign || !self.atoms[at + 1].glued {
            return None;
        }
        let (first, second, third) = (number(at, 4)?, number(at + 2, 2)?, number(at + 4, 4)?);
        if !(self.numbers.glued_digits(at + 2) && self.numbers.glued_digits(at + 4)) || self.atoms[at].glued {
            return None;
        }
        let (year, month, day) = if self.atoms[at].lower.len() == 4 {
            (first, second, third)
        } else if first > 12 || sign == "." {
            (third, second, first)
        } else {
            (third, first, second)
        };
        let year = if year < 100 { year + if year < 50 { 2000 } else { 1900 } } else { year };
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        YEARS.contains(&year).then(|| (Stamp::day(date), at + 5))
    }

    /// A year by itself: "1989", "'98", "nineteen ninety-six".
    fn year_alone(&self, at: usize) -> Option<(Stamp, usize)> {
        if let Some((year, end)) = self.spelled_year(at) {
            return Some((Stamp::new(Some(year), Part::Whole), end));
        }
        let fiscal = usize::from(self.words.fiscal.contains(self.lower(at)));
        let year = self.year_digits(at + fiscal)?;
        let end = at + fiscal + 1;
        (fiscal > 0 || self.is_year_here(at)).then(|| (Stamp::new(Some(year), Part::Whole), end))
    }

    /// Whether four digits are a year and not a quantity or a code.
    fn is_year_here(&self, at: usize) -> bool {
        let atom = &self.atoms[at];
        let before = at.checked_sub(1).map(|at| &self.atoms[at]);
        let glued_to = before.filter(|_| atom.glued).map_or("", |before| &*before.lower);
        if atom.glued && !["(", "-", "–", "—", "/", "\"", "“", "'", "‘", "["].contains(&glued_to) {
            return false;
        }
        let code = ["-", "/"].contains(&glued_to) && at >= 2 && !self.atoms[at - 2].is_digits() && {
            let spelled = &self.atoms[at - 2];
            spelled.lower.len() < 3 || !self.atoms[at - 1].glued
        };
        let next = self.lower(at + 1);
        let words = self.numbers.words;
        let measured = self.words.unit_forms.contains_key(next)
            || words.scales.contains_key(next)
            || words.units.find(next, |_| None).is_some()
            || words.currency_words.find(next, |_| None).is_some()
            || words.person_words.contains(next);
        let label = before.is_some_and(|before| words.labels.contains(&before.lower));
        let plausible = atom.lower.parse::<i16>().is_ok_and(|year| (1700..=2060).contains(&year));
        let token = atom.token;
        let counts = self.parse.label(token) == "nummod"
            && self.parse.tag(self.parse.head(token)) == "NNS"
            && self.parse.head(token) == token + 1
            && before.is_some_and(|before| self.parse.tag(before.token).starts_with("VB"));
        // "Orion 1980": a name's number.
        let entity = self.parse.entity(token);
        let named = !["", "DATE", "CARDINAL", "TIME"].contains(&entity)
            && !self.parse.document.entity_starts[token]
            && before.is_some_and(|before| {
                before.is_word() && self.is_capital(at - 1) && self.parse.entity(before.token) == entity
            });
        // "a 1999 Sorrel", "her 1987 Sorrel Estate": the year in which a car was built.
        let head = self.parse.head(token);
        let article = |child: &usize| self.words.articles.contains(self.parse.lower(*child));
        let made = self.parse.label(token) == "nummod" && self.parse.tag(head) == "NNP" && {
            let of = self.parse.entity(head);
            of == "PRODUCT" || of == "ORG" && self.parse.children(head).iter().any(article)
        };
        let early = !plausible && before.is_some_and(|before| self.words.of.contains(&before.lower));
        (plausible || early) && !(code || measured || label || counts || named || made)
    }

    /// "nineteen ninety-six".
    fn spelled_year(&self, at: usize) -> Option<(i16, usize)> {
        let numbers = &self.numbers.words.numbers;
        let hundreds = *numbers.get(self.lower(at)).filter(|&&value| (17..=20).contains(&value))?;
        let tens = *numbers.get(self.lower(at + 1)).filter(|&&value| (10..100).contains(&value))?;
        let dash = usize::from(self.lower(at + 2) == "-");
        let unit =
            numbers.get(self.lower(at + 2 + dash)).filter(|&&unit| tens >= 20 && (1..10).contains(&unit));
        let year = i16::try_from(hundreds * 100 + tens + unit.copied().unwrap_or(0)).ok()?;
        Some((year, if unit.is_some() { at + 3 + dash } else { at + 2 }))
    }

    /// "the year 2000", "the year two thousand".
    fn named_year(&self, at: usize) -> Option<(Stamp, usize)> {
        if self.grain(at + 1) != Some(Grain::Year) {
            return None;
        }
        if let Some(year) = self.year_digits(at + 2) {
            return Some((Stamp::new(Some(year), Part::Whole), at + 3));
        }
        let super::super::figure::number::Reading::Number(number) = self.numbers.read(at + 2) else {
            return None;
        };
        let year =
            i16::try_from(i64::try_from(number.low?).ok()?).ok().filter(|year| YEARS.contains(year))?;
        Some((Stamp::new(Some(year), Part::Whole), number.atoms.end))
    }

    /// "1980s", "'80s".
    fn decade(&self, at: usize) -> Option<(Stamp, usize)> {
        let quote = usize::from(self.lower(at) == "'");
        let digits =
            self.atoms.get(at + quote).filter(|atom| atom.is_digits() && atom.lower.ends_with('0'))?;
        let ending = self.atoms.get(at + quote + 1).filter(|next| next.glued)?;
        let apostrophe = usize::from(ending.lower == "'");
        let ending = self.atoms.get(at + quote + 1 + apostrophe).filter(|next| next.glued)?;
        if !self.numbers.words.decade_endings.contains(&ending.lower) || (quote == 1 && !digits.glued) {
            return None;
        }
        let value: i16 = digits.lower.parse().ok()?;
        let year = match digits.lower.len() {
            4 => value,
            2 if quote == 0 && (at == 0 || !self.words.determiners.contains(self.lower(at - 1))) => {
                return None;
            }
            2 if value >= 20 => 1900 + value,
            2 => 2000 + value,
            _ => return None,
        };
        Some((Stamp::new(Some(year), Part::Decade), at + quote + 2 + apostrophe))
    }

    /// "20th century".
    fn century(&self, at: usize) -> Option<(Stamp, usize)> {
        let (number, end) = self.is_day_number(at)?;
        let dash = usize::from(self.lower(end) == "-");
        let is_century = self.words.century.contains(self.lower(end + dash));
        let year = (i16::from(number) - 1) * 100;
        (is_century && end > at).then(|| (Stamp::new(Some(year), Part::Century), end + dash + 1))
    }

    /// "Thanksgiving Day", "Christmas 1998".
    pub(super) fn feast(&self, at: usize) -> Found {
        if !self.is_capital(at) {
            return None;
        }
        let (length, rule) = self.phrase(&self.words.feasts, at)?;
        let end = at + length;
        let (year, end) = self.year_after(end);
        let date = match year {
            Some(year) => feast(rule, year)?,
            None => {
                let anchor = self.anchor?;
                let days = (-1..=1).filter_map(|offset| feast(rule, anchor.year() + offset));
                days.min_by_key(|date| anchor.until(*date).map_or(i32::MAX, |span| span.get_days().abs()))?
            }
        };
        if self.grain(end) == Some(Grain::Week) {
            return Some((Value::Point(holding(Grain::Week, date)), end + 1));
        }
        self.with_day_part(Stamp::day(date), end)
    }

    /// "today's youth": people and things of these times, and no day.
    fn is_of_its_age(&self, at: usize) -> bool {
        let token = self.atoms[at].token;
        self.parse.label(token) == "poss"
            && self.words.of_an_age.contains(self.parse.lemma(self.parse.head(token)))
    }

    /// "yesterday", "tonight", "tomorrow morning".
    pub(super) fn day_word(&self, at: usize) -> Found {
        let offset = *self.words.days.get(self.lower(at))?;
        if self.is_named(at) || self.is_of_its_age(at) {
            return None;
        }
        let Some(date) = self.anchor.and_then(|anchor| moved(anchor, Grain::Day, offset)) else {
            return Some((Value::Other(TimeKind::Date, "XXXX-XX-XX".to_owned()), at + 1));
        };
        let stamp = Stamp::day(date);
        match self.words.day_parts.get(self.lower(at)) {
            Some(code) => Some((Value::Point(stamp.with_clock(code.clone())), at + 1)),
            None => self.with_day_part(stamp, at + 1),
        }
    }
}
