//! Points of the calendar of any precision, their TIMEX3 form, and the arithmetic between them.

use jiff::civil::{Date, Weekday};

pub(crate) use crate::lang::Grain;

/// More units than lie between any two dates of the calendar in news.
const COUNT_MAX: u64 = 100_000;

/// A point in time of some precision. A year may be unknown: an article without a date says "February 20".
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stamp {
    pub year: Option<i16>,
    pub part: Part,
    /// What follows `T`: a clock time, or the code of a part of the day.
    pub clock: Option<String>,
}

/// The part of a year that a [`Stamp`] means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Whole,
    Month(i8),
    Day(i8, i8),
    Quarter(i8),
    Half(i8),
    Season(String),
    Week(i8),
    Weekend(i8),
    /// A weekday of a week that is not known; Monday is 1.
    Weekday(i8),
    /// A day of a month, of which it is not known.
    DayWithin(i8),
    /// The stamp's year is the first of ten, or of a hundred.
    Decade,
    Century,
}

impl Stamp {
    pub(crate) fn new(year: Option<i16>, part: Part) -> Stamp {
        Stamp { year, part, clock: None }
    }

    pub(crate) fn day(date: Date) -> Stamp {
        Stamp::new(Some(date.year()), Part::Day(date.month(), date.day()))
    }

    pub(crate) fn with_clock(self, clock: impl Into<String>) -> Stamp {
        Stamp { clock: Some(clock.into()), ..self }
    }

    /// The calendar day, where that is what it is.
    pub(crate) fn date(&self) -> Option<Date> {
        match (self.year, &self.part) {
            (Some(year), Part::Day(month, day)) => Date::new(year, *month, *day).ok(),
            _ => None,
        }
    }

    /// A day inside, to count from.
    pub(crate) fn some_day(&self) -> Option<Date> {
        let year = self.year?;
        let (month, day) = match self.part {
            Part::Day(month, day) => (month, day),
            Part::Month(month) | Part::DayWithin(month) => (month, 1),
            Part::Quarter(quarter) => (quarter * 3 - 2, 1),
            Part::Half(half) => (half * 6 - 5, 1),
            Part::Week(week) | Part::Weekend(week) => {
                let monday = jiff::civil::ISOWeekDate::new(year, week, Weekday::Monday).ok()?;
                return Some(monday.date());
            }
            Part::Whole | Part::Season(_) | Part::Weekday(_) | Part::Decade | Part::Century => (1, 1),
        };
        Date::new(year, month, day).ok()
    }

    /// The TIMEX3 value.
    pub(crate) fn value(&self) -> String {
        let year = self.year.map_or_else(|| "XXXX".to_owned(), |year| format!("{year:04}"));
        let clock = self.clock.as_ref().map(|clock| format!("T{clock}")).unwrap_or_default();
        let point = match &self.part {
            Part::Whole => year,
            Part::Month(month) => format!("{year}-{month:02}"),
            Part::Day(month, day) => format!("{year}-{month:02}-{day:02}"),
            Part::DayWithin(month) => format!("{year}-{month:02}-XX"),
            Part::Quarter(quarter) => format!("{year}-Q{quarter}"),
            Part::Half(half) => format!("{year}-H{half}"),
            Part::Season(code) => format!("{year}-{code}"),
            Part::Week(week) => format!("{year}-W{week:02}"),
            Part::Weekend(week) => format!("{year}-W{week:02}-WE"),
            Part::Weekday(weekday) => format!("XXXX-WXX-{weekday}"),
            Part::Decade => format!("{}X", year.get(..3).unwrap_or("XXX")),
            Part::Century => format!("{}XX", year.get(..2).unwrap_or("XX")),
        };
        point + &clock
    }
}

/// The period of a grain that holds a day.
pub(crate) fn holding(grain: Grain, date: Date) -> Stamp {
    let year = Some(date.year());
    match grain {
        Grain::Day => Stamp::day(date),
        Grain::Week => {
            let week = date.iso_week_date();
            Stamp::new(Some(week.year()), Part::Week(week.week()))
        }
        Grain::Month => Stamp::new(year, Part::Month(date.month())),
        Grain::Quarter => Stamp::new(year, Part::Quarter(quarter_of(date))),
        Grain::Year => Stamp::new(year, Part::Whole),
        Grain::Decade => Stamp::new(Some(date.year() - date.year().rem_euclid(10)), Part::Decade),
        Grain::Century => Stamp::new(Some(date.year() - date.year().rem_euclid(100)), Part::Century),
    }
}

/// The day so many units before or after; `None` outside the calendar.
pub(crate) fn moved(date: Date, grain: Grain, count: i64) -> Option<Date> {
    if count.unsigned_abs() > COUNT_MAX {
        return None;
    }
    let none = jiff::Span::new();
    let span = match grain {
        Grain::Day => none.try_days(count),
        Grain::Week => none.try_weeks(count),
        Grain::Month => none.try_months(count),
        Grain::Quarter => none.try_months(count * 3),
        Grain::Year => none.try_years(count),
        Grain::Decade => none.try_years(count * 10),
        Grain::Century => none.try_years(count * 100),
    };
    date.checked_add(span.ok()?).ok()
}

/// The quarter of a day, from 1.
pub(crate) fn quarter_of(date: Date) -> i8 {
    (date.month() - 1) / 3 + 1
}

/// The last such weekday on or before a day; Monday is 1.
pub(crate) fn weekday_back(date: Date, weekday: i8) -> Option<Date> {
    let back = (date.weekday().to_monday_one_offset() - weekday).rem_euclid(7);
    moved(date, Grain::Day, -i64::from(back))
}

/// The first such weekday on or after a day.
pub(crate) fn weekday_forth(date: Date, weekday: i8) -> Option<Date> {
    let forth = (weekday - date.weekday().to_monday_one_offset()).rem_euclid(7);
    moved(date, Grain::Day, i64::from(forth))
}

/// The nearest such weekday on either side of a day.
pub(crate) fn weekday_near(date: Date, weekday: i8) -> Option<Date> {
    let forth = (weekday - date.weekday().to_monday_one_offset()).rem_euclid(7);
    if forth > 3 { weekday_back(date, weekday) } else { weekday_forth(date, weekday) }
}

/// The day of a feast in a year, by the rules of `feasts` in `times.toml`.
pub(crate) fn feast(rule: &str, year: i16) -> Option<Date> {
    if let Some(offset) = rule.strip_prefix("easter") {
        return moved(easter(year)?, Grain::Day, offset.parse().ok()?);
    }
    if rule == "election" {
        let monday = weekday_forth(Date::new(year, 11, 1).ok()?, 1)?;
        return moved(monday, Grain::Day, 1);
    }
    let mut fields = rule.split('-');
    let month: i8 = fields.next()?.parse().ok()?;
    let day = fields.next()?;
    let Some(weekday) = day.strip_prefix('w') else { return Date::new(year, month, day.parse().ok()?).ok() };
    let (weekday, nth): (i8, i64) = (weekday.parse().ok()?, fields.next()?.parse().ok()?);
    let first = Date::new(year, month, 1).ok()?;
    if nth == 9 {
        return weekday_back(first.last_of_month(), weekday);
    }
    moved(weekday_forth(first, weekday)?, Grain::Week, nth - 1)
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    Date::new(i16::try_from(year).ok()?, i8::try_from(sum / 31).ok()?, i8::try_from(sum % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Grain, Part, Stamp, feast, holding, weekday_back, weekday_forth};

    #[test]
    fn feasts_fall_on_their_days() {
        assert_eq!(feast("11-w4-4", 1998), Some(date(1998, 11, 26)));
        assert_eq!(feast("05-w1-9", 2021), Some(date(2021, 5, 31)));
        assert_eq!(feast("easter+0", 2000), Some(date(2000, 4, 23)));
        assert_eq!(feast("easter-2", 2022), Some(date(2022, 4, 15)));
        assert_eq!(feast("election", 2016), Some(date(2016, 11, 8)));
    }

    #[test]
    fn nothing_leaves_the_calendar() {
        assert_eq!(super::moved(date(2022, 2, 15), Grain::Century, 99_000), None);
        assert_eq!(super::moved(date(2022, 2, 15), Grain::Year, i64::MIN), None);
    }

    #[test]
    fn weekdays_are_found_on_both_sides() {
        let tuesday = date(2022, 2, 15);
        assert_eq!(weekday_back(tuesday, 2), Some(tuesday));
        assert_eq!(weekday_back(tuesday, 3), Some(date(2022, 2, 9)));
        assert_eq!(weekday_forth(tuesday, 7), Some(date(2022, 2, 20)));
    }

    #[test]
    fn stamps_print_as_timex3() {
        assert_eq!(Stamp::new(None, Part::Day(2, 20)).value(), "XXXX-02-20");
        assert_eq!(Stamp::new(Some(1980), Part::Decade).value(), "198X");
        assert_eq!(holding(Grain::Week, date(2021, 1, 1)).value(), "2020-W53");
        assert_eq!(Stamp::day(date(1998, 3, 3)).with_clock("EV").value(), "1998-03-03TEV");
    }
}
