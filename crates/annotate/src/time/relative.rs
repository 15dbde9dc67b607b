//! Times counted from another: "last week", "this summer", "the following year", "the third quarter".

use model::TimeKind;

use super::stamp::{Grain, Part, Stamp, feast, holding, moved, quarter_of, weekday_back, weekday_forth};
use super::tense::Tense;
use super::{Found, Memory, Reader, Value};
use crate::lang::TimeOpener;

impl Reader<'_> {
    /// "recent weeks", "will one day be": more words than one, and no length of time.
    pub(super) fn long_reference(&self, at: usize) -> Found {
        let (length, _) = self.phrase(&self.words.references, at).filter(|(length, _)| *length > 1)?;
        let before_verb = || {
            let next = self.atoms.get(at + length);
            next.is_some_and(|next| self.parse.tag(next.token).starts_with("VB"))
        };
        let pointing = self.numbers.words.numbers.contains_key(self.lower(at)) && before_verb();
        let opened = self.words.length_openers.contains(self.lower(at));
        (pointing || opened).then(|| self.reference(at))?
    }

    /// "the day before last Tuesday", "the week of March 6", "the day after tomorrow".
    pub(super) fn beside(&self, at: usize, memory: &Memory) -> Found {
        let words = self.words;
        let unit = at + usize::from(words.determiners.contains(self.lower(at)));
        let grain = self.grain(unit).filter(|grain| matches!(grain, Grain::Day | Grain::Week))?;
        let joiner = self.lower(unit + 1);
        let offset = match grain {
            _ if words.earlier.contains(joiner) => -1,
            _ if words.later.contains(joiner) => 1,
            Grain::Week if words.parts_of.contains(joiner) => 0,
            _ => return None,
        };
        if unit == at && !words.days.contains_key(self.lower(unit + 2)) {
            return None;
        }
        let (Value::Point(stamp), end) = self.next_plain(unit + 2, memory)? else { return None };
        let day = moved(stamp.date()?, grain, offset)?;
        Some((Value::Point(holding(grain, day)), end))
    }

    /// "the summer of 1990", "winter 2004"; "the summer" is the article's year's.
    pub(super) fn season_alone(&self, at: usize) -> Found {
        let words = self.words;
        let the = usize::from(words.determiners.contains(self.lower(at)));
        let code = words.seasons.get(self.lower(at + the))?;
        let token = self.atoms[at + the].token;
        if !self.parse.tag(token).starts_with("NN") {
            return None;
        }
        let (year, end) = self.year_after(at + the + 1);
        let part = Part::Season(code.clone());
        if year.is_some() {
            return Some((Value::Point(Stamp::new(year, part)), end));
        }
        let named = self.is_capital(at + the) || the == 0;
        let stamp = || self.season(code, if self.tense(at + the) == Tense::Past { -1 } else { 0 });
        (!named).then(|| (Value::Point(stamp()), end))
    }

    /// "now", "recently", "the future".
    pub(super) fn reference(&self, at: usize) -> Found {
        let (length, value) = self.phrase(&self.words.references, at)?;
        // "Current" in a name, "now" in "now that".
        let token = self.atoms[at].token;
        let is_name = self.parse.tag(token) == "NNP";
        // "Now, she said": a particle.
        let opens = self.parse.document.sentence_starts[token];
        let comma = self.words.date_joiners.contains(self.lower(at + length));
        // "past losses" are no time, "future losses" are of one.
        let is_noun = self.words.attributes.contains(self.lower(at)) && self.parse.label(token) != "amod";
        // "most recently last October": the last of several, at the time that follows.
        let is_order = at > 0
            && self.words.superlatives.contains(self.lower(at - 1))
            && self.atoms.get(at + length).is_some_and(|next| next.opens.time > TimeOpener::Never);
        if is_noun || is_order {
            return None;
        }
        let is_particle = self.words.particles.contains(self.lower(at)) && opens && comma;
        (!is_name && !is_particle).then(|| (Value::Other(TimeKind::Date, value.clone()), at + length))
    }

    /// "this year", "last Friday", "next spring"; "the following month" from what was told last.
    pub(super) fn directed(&self, at: usize, memory: &Memory) -> Found {
        let words = self.words;
        let the = usize::from(words.determiners.contains(self.lower(at)));
        if let Some((length, offset)) = self.phrase(&words.told_directions, at)
            && let Some(found) = self.told(at + length, *offset, memory).or_else(|| {
                // "in October … that same day": one of that month's; a mere "that day" may be any.
                if length > 1 && *offset == 0 { self.day_within(at + length, memory) } else { None }
            })
        {
            return Some(found);
        }
        let start = at + the;
        if the == 1 && words.weekend.contains(self.lower(start)) {
            return Some((Value::Point(self.nearest_weekend(start)?), start + 1));
        }
        let (length, offset) = self.phrase(&words.directions, at).or_else(|| {
            self.phrase(&words.directions, start).map(|(length, offset)| (length + the, offset))
        })?;
        let next = at + length;
        let next = next + usize::from(words.fiscal.contains(self.lower(next)));
        self.directed_unit(next, *offset)
            .or_else(|| self.directed_name(next, *offset))
            .or_else(|| self.directed_part(next, *offset))
    }

    /// "week", "year 's third quarter" after "last".
    fn directed_unit(&self, at: usize, offset: i64) -> Found {
        let words = self.words;
        if words.weekend.contains(self.lower(at)) {
            return Some((Value::Point(self.weekend(offset)?), at + 1));
        }
        let unit = words.unit_forms.get(self.lower(at))?;
        if self.lower(at) != unit {
            return None;
        }
        let grain = self.grain(at).filter(|_| !self.is_named(at))?;
        let end = at + 1;
        if matches!(grain, Grain::Decade | Grain::Century) && offset < 0 {
            let times = words.units.get(unit)?.times;
            return Some((Value::Other(TimeKind::Duration, format!("P{times}Y")), end));
        }
        let Some(anchor) = self.anchor else {
            return Some((Value::Other(TimeKind::Date, unknown(grain).to_owned()), end));
        };
        if grain == Grain::Year
            && self.lower(end) == "'"
            && let Some((quarter, after)) = self.quarter_name(end + 2)
        {
            let year = anchor.year() + i16::try_from(offset).ok()?;
            return Some((Value::Point(Stamp::new(Some(year), Part::Quarter(quarter))), after));
        }
        let stamp = holding(grain, moved(anchor, grain, offset)?);
        Some((Value::Point(stamp), end))
    }

    /// "the weekend": the last one that has begun, or the coming one.
    fn nearest_weekend(&self, at: usize) -> Option<Stamp> {
        let begun = self.anchor?.weekday().to_monday_one_offset() >= 6;
        self.weekend(if begun || self.tense(at) == Tense::Future { 0 } else { -1 })
    }

    fn weekend(&self, offset: i64) -> Option<Stamp> {
        let date = moved(self.anchor?, Grain::Week, offset)?;
        let Stamp { year, part: Part::Week(week), .. } = holding(Grain::Week, date) else { return None };
        Some(Stamp::new(year, Part::Weekend(week)))
    }

    /// A weekday, month, season or feast after "last" or "next".
    fn directed_name(&self, at: usize, offset: i64) -> Found {
        if let Some((weekday, end)) = self.weekday_name(at) {
            let comma = end + usize::from(self.words.date_joiners.contains(self.lower(end)));
            if comma > end
                && self.month_name(comma).is_some()
                && let Some(found) = self.absolute(comma)
            {
                return Some(found);
            }
            let Some(anchor) = self.anchor else {
                return Some((Value::Point(Stamp::new(None, Part::Weekday(weekday))), end));
            };
            let date = match offset {
                ..0 => weekday_back(moved(anchor, Grain::Day, -1)?, weekday)?,
                0 if self.tense(at) == Tense::Past => weekday_back(anchor, weekday)?,
                0 => weekday_forth(anchor, weekday)?,
                1.. => weekday_forth(moved(anchor, Grain::Day, 1)?, weekday)?,
            };
            return self.with_day_part(Stamp::day(date), end);
        }
        if let Some((month, end)) = self.month_name(at) {
            if self.is_day_number(end).is_some() {
                return None;
            }
            let year = self.anchor.map(|anchor| {
                anchor.year()
                    + match offset {
                        ..0 => -i16::from(month >= anchor.month()),
                        0 => 0,
                        1.. => i16::from(month <= anchor.month()),
                    }
            });
            return Some((Value::Point(Stamp::new(year, Part::Month(month))), end));
        }
        if let Some(code) = self.words.seasons.get(self.lower(at)) {
            return Some((Value::Point(self.season(code, offset)), at + 1));
        }
        let (length, rule) = self.phrase(&self.words.feasts, at)?;
        let anchor = self.anchor?;
        let date = [-1, 0, 1]
            .iter()
            .filter_map(|year| feast(rule, anchor.year() + year))
            .filter(|date| if offset < 0 { *date < anchor } else { *date >= anchor })
            .min_by_key(|date| anchor.until(*date).map_or(i32::MAX, |span| span.get_days().abs()))?;
        Some((Value::Point(Stamp::day(date)), at + length))
    }

    /// The season before, of or after the article's day. A winter belongs to the year it begins in.
    fn season(&self, code: &str, offset: i64) -> Stamp {
        let year = self.anchor.map(|anchor| {
            let starts = match code {
                "SP" => 3,
                "SU" => 6,
                "FA" => 9,
                _ => 12,
            };
            let ends = starts + 2;
            anchor.year()
                + match offset {
                    ..0 if anchor.month() > ends.min(12) => 0,
                    ..0 => -1,
                    0 => 0,
                    1.. if anchor.month() < starts => 0,
                    1.. => 1,
                }
        });
        Stamp::new(year, Part::Season(code.to_owned()))
    }

    /// "this morning", "last night".
    fn directed_part(&self, at: usize, offset: i64) -> Found {
        let code = self.words.parts.get(self.lower(at)).filter(|code| !code.contains(':'))?;
        let Some(anchor) = self.anchor else {
            return Some((Value::Other(TimeKind::Time, format!("XXXX-XX-XXT{code}")), at + 1));
        };
        let date = moved(anchor, Grain::Day, offset)?;
        Some((Value::Point(Stamp::day(date).with_clock(code.clone())), at + 1))
    }

    /// "day" after "that same": one of the month told last.
    fn day_within(&self, at: usize, memory: &Memory) -> Found {
        let last = memory.last.as_ref()?;
        let Part::Month(month) = last.part else { return None };
        let stamp = Stamp::new(last.year, Part::DayWithin(month));
        (self.grain(at) == Some(Grain::Day)).then_some((Value::Point(stamp), at + 1))
    }

    /// "year" after "the following", counted from the date told last.
    fn told(&self, at: usize, offset: i64, memory: &Memory) -> Found {
        let base = memory.last.as_ref()?.some_day()?;
        if let Some((weekday, end)) = self.weekday_name(at) {
            let date = if offset < 0 {
                weekday_back(moved(base, Grain::Day, -1)?, weekday)?
            } else {
                weekday_forth(moved(base, Grain::Day, 1)?, weekday)?
            };
            return (offset != 0).then_some((Value::Point(Stamp::day(date)), end));
        }
        if let Some(code) = self.words.parts.get(self.lower(at)).filter(|code| !code.contains(':')) {
            let day = memory.last.as_ref()?.date()?;
            let date = moved(day, Grain::Day, offset)?;
            return Some((Value::Point(Stamp::day(date).with_clock(code.clone())), at + 1));
        }
        self.words.unit_forms.get(self.lower(at)).filter(|unit| unit.as_str() == self.lower(at))?;
        let grain = self.grain(at)?;
        if grain == Grain::Day && memory.last.as_ref()?.date().is_none() {
            return None;
        }
        Some((Value::Point(holding(grain, moved(base, grain, offset)?)), at + 1))
    }

    /// "the third quarter", "1988's first quarter", "the latest quarter", "the year-ago period".
    pub(super) fn quarter(&self, at: usize, memory: &Memory) -> Found {
        let words = self.words;
        let the = usize::from(words.determiners.contains(self.lower(at)));
        let start = at + the;
        if let Some((length, ())) = self.phrase(&words.year_end, start) {
            return Some((Value::Point(Stamp::new(Some(self.anchor?.year()), Part::Whole)), start + length));
        }
        let (year_ago, length) =
            self.phrase(&words.year_ago, start).map_or((0, 0), |(length, ())| (1, length));
        let next = start + length;
        if year_ago == 1 {
            let (year, quarter) = self.quarter_in_mind(memory)?;
            let stamp = Stamp::new(Some(year - 1), Part::Quarter(quarter));
            let named = self.quarter_name(next).map(|(_, end)| end);
            let period = self.phrase(&words.periods, next).map(|(length, ())| next + length);
            // "the year-ago results": the determiner is the results'.
            if the == 1 && named.or(period).is_none() {
                return None;
            }
            return Some((Value::Point(stamp), named.or(period).unwrap_or(next)));
        }
        if let Some(found) = self.half(next) {
            return Some(found);
        }
        let printed = self.year_digits(next).filter(|_| self.quarter_name(next + 1).is_some());
        if let Some(year) = self.year_digits(next)
            && words.quarters.contains(self.lower(next + 1))
            && !self.lower(next + 1).ends_with('s')
        {
            let (_, quarter) = self.quarter_in_mind(memory)?;
            return Some((Value::Point(Stamp::new(Some(year), Part::Quarter(quarter))), next + 2));
        }
        let next = next + usize::from(printed.is_some());
        let fiscal = usize::from(words.fiscal.contains(self.lower(next)));
        let dash = usize::from(fiscal > 0 && self.lower(next + 1) == "-");
        if let Some((quarter, end)) = self.quarter_name(next + fiscal + dash) {
            // "the third-quarter results": the determiner is the results'.
            if the == 1 && self.lower(end - 2) == "-" {
                return None;
            }
            let (after_year, end) = self.year_after(end);
            let year = printed.or(after_year).or_else(|| self.quarter_year(quarter, at));
            return Some((Value::Point(Stamp::new(year, Part::Quarter(quarter))), end));
        }
        let latest = usize::from(words.length_openers.contains(self.lower(next)));
        if the == 1
            && words.quarters.contains(self.lower(next + latest))
            && !self.lower(next + latest).ends_with('s')
        {
            let (year, quarter) = self.quarter_in_mind(memory)?;
            return Some((Value::Point(Stamp::new(Some(year), Part::Quarter(quarter))), next + latest + 1));
        }
        None
    }

    /// "the first half of 1989".
    fn half(&self, at: usize) -> Found {
        let words = self.words;
        let second = words.last_half.contains(self.lower(at));
        let first = words.ordinals.get(self.lower(at)) == Some(&1);
        if !(first || second)
            || !words.halves.contains(self.lower(at + 1))
            || !words.parts_of.contains(self.lower(at + 2))
        {
            return None;
        }
        let (year, end) = self.year_after(at + 2);
        Some((Value::Point(Stamp::new(Some(year?), Part::Half(if first { 1 } else { 2 }))), end))
    }

    /// The quarter told last, or the last one that was over on the article's day.
    fn quarter_in_mind(&self, memory: &Memory) -> Option<(i16, i8)> {
        memory.quarter.or_else(|| {
            let before = moved(self.anchor?, Grain::Quarter, -1)?;
            Some((before.year(), quarter_of(before)))
        })
    }

    /// "third quarter", "third-quarter".
    pub(super) fn quarter_name(&self, at: usize) -> Option<(i8, usize)> {
        let number = *self.words.ordinals.get(self.lower(at))?;
        let dash = usize::from(self.lower(at + 1) == "-");
        let is_quarter = self.words.quarters.contains(self.lower(at + 1 + dash));
        let number = i8::try_from(number).ok().filter(|number| (1..=4).contains(number))?;
        is_quarter.then_some((number, at + 2 + dash))
    }

    fn quarter_year(&self, quarter: i8, at: usize) -> Option<i16> {
        let anchor = self.anchor?;
        let ahead = quarter > quarter_of(anchor) && self.tense(at) != Tense::Future;
        Some(anchor.year() - i16::from(ahead))
    }
}

/// The value of a period when the article's day is not known.
fn unknown(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "XXXX-XX-XX",
        Grain::Week => "XXXX-WXX",
        Grain::Month => "XXXX-XX",
        Grain::Quarter => "XXXX-QX",
        Grain::Year => "XXXX",
        Grain::Decade => "XXX",
        Grain::Century => "XX",
    }
}
