//! When an undated article was published, worked out from what it prints: weekdays, dates, years, copyright lines.
//!
//! What one article shows is a list of facts ([`DateEvidence`]). Articles about one event share a day closely enough
//! to be solved together ([`infer`]): one prints the year, another the weekday, a third a date to come.

use jiff::ToSpan;
use jiff::civil::Date;
use model::{Article, Evidence, Span};

use crate::Parse;
use crate::figure::atom::paragraphs;
use crate::lang::{Language, TimeWords};
use crate::time::stamp::Part;
use crate::time::tense::Tense;
use crate::time::{Memory, Reader, Value};

/// More facts than an article needs to tell its day; the rest is left aside.
const FACTS_MAX: usize = 128;
/// Bytes of a line after a copyright sign in which its year may stand.
const COPYRIGHT_BYTES: usize = 60;
/// Years after the last one told in which a weekday's date is looked for; every weekday comes round within them.
const YEARS_AHEAD: i16 = 6;
/// Days from a printed date within which a weekday alone tells the day.
const NEAR_DAYS: i64 = 21;

/// What one article prints about its day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DateEvidence {
    /// In order of the text, copyright lines last.
    pub facts: Vec<DateFact>,
}

/// One thing that an article prints about its day.
#[derive(Clone, Debug, PartialEq)]
pub struct DateFact {
    /// What it tells.
    pub kind: DateFactKind,
    /// The words.
    pub span: Span,
}

/// What a printed time tells about the day of publication.
#[derive(Clone, Debug, PartialEq)]
pub enum DateFactKind {
    /// A weekday on which something happened or will happen; Monday is 1.
    Weekday {
        /// Monday is 1.
        weekday: i8,
        /// Whether it is told as past, future, or neither.
        side: Side,
    },
    /// A day of some year: "February 20", "Friday, Aug. 7", "March 3, 2020".
    Day {
        /// The weekday printed with it.
        weekday: Option<i8>,
        /// The year printed with it.
        year: Option<i16>,
        /// January is 1.
        month: i8,
        /// From 1.
        day: i8,
        /// Whether it is told as past, future, or neither.
        side: Side,
    },
    /// A month of a year counted from the article's own: "December last year".
    Month {
        /// January is 1.
        month: i8,
        /// −1 for the year before.
        year_offset: i64,
    },
    /// A year in which something has happened.
    PastYear(i16),
    /// The year of a copyright line.
    Copyright(i16),
}

/// On which side of the article's day a time lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before, or the day itself.
    Past,
    /// After, or the day itself.
    Future,
    /// The text does not say.
    Unknown,
}

/// A day, month or year that was worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Inferred {
    /// ISO 8601, as precise as `precision` says.
    pub value: String,
    /// `day`, `month` or `year`.
    pub precision: &'static str,
    /// The facts that tell it; `article` is an index among those given.
    pub evidence: Vec<Evidence>,
}

/// What an article prints about its day.
pub fn evidence(parse: &Parse, article: &Article, language: &Language) -> DateEvidence {
    let mut facts = Vec::new();
    let memory = Memory::default();
    for atoms in paragraphs(parse, language) {
        let reader = Reader::new(parse, &atoms, None, language);
        let mut at = 0;
        while at < atoms.len() && facts.len() < FACTS_MAX {
            let Some(hit) = reader.read(at, &memory) else {
                at += 1;
                continue;
            };
            let end = hit.atoms.end.max(at + 1);
            facts.extend(fact(&reader, hit.atoms, &hit.value));
            at = end;
        }
    }
    facts.extend(copyrights(&article.text, &language.times));
    DateEvidence { facts }
}

fn fact(reader: &Reader, atoms: std::ops::Range<usize>, value: &Value) -> Option<DateFact> {
    let Value::Point(stamp) = value else { return None };
    let at = atoms.start;
    let side = match reader.tense(at) {
        Tense::Past => Side::Past,
        Tense::Future => Side::Future,
        Tense::Open | Tense::Unknown => Side::Unknown,
    };
    let mut span = reader.span(atoms.clone());
    let kind = match (stamp.year, &stamp.part) {
        // "last Friday" counts from a day that is not known.
        (None, Part::Weekday(_)) if reader.phrase(&reader.words.directions, at).is_some() => return None,
        (None, Part::Weekday(weekday)) => DateFactKind::Weekday { weekday: *weekday, side },
        (year, Part::Day(month, day)) => {
            let weekday = reader.weekday_name(at).map(|(weekday, _)| weekday);
            DateFactKind::Day { weekday, year, month: *month, day: *day, side }
        }
        (None, Part::Month(month)) => {
            let (year_offset, end) = reader.year_offset(atoms.end)?;
            span = reader.span(at..end);
            DateFactKind::Month { month: *month, year_offset }
        }
        (Some(year), Part::Whole | Part::Month(_)) if side == Side::Past => DateFactKind::PastYear(year),
        _ => return None,
    };
    Some(DateFact { kind, span })
}

/// The years of copyright lines, furniture included: it is not parsed.
fn copyrights(text: &str, words: &TimeWords) -> Vec<DateFact> {
    let mut facts = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let lower = line.to_lowercase();
        // Lower case may move bytes; the sign is then looked for again in the line as printed.
        let sign = words.copyright.iter().filter_map(|word| lower.find(word)).min();
        if let Some(sign) = sign.filter(|_| lower.len() == line.len())
            && let Some((year, place)) = year_in(line, sign)
            && facts.len() < FACTS_MAX
        {
            let span = Span::new(start + sign.min(place), start + place + 4);
            facts.push(DateFact { kind: DateFactKind::Copyright(year), span });
        }
        start += line.len() + 1;
    }
    facts
}

/// The last year of a run such as "2019-2022" that begins soon after a byte of a line.
fn year_in(line: &str, from: usize) -> Option<(i16, usize)> {
    let bytes = line.as_bytes();
    let mut found: Option<(i16, usize)> = None;
    let mut at = from;
    while at + 4 <= bytes.len() && at < from + COPYRIGHT_BYTES {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 4 {
            let year = line.get(at..at + 4)?.parse::<i16>().ok().filter(|year| (1900..=2100).contains(year));
            if let Some(year) = year
                && found.is_none_or(|(_, before)| at - before <= 8)
            {
                found = Some((year, at));
            }
        }
        at += digits.max(1);
    }
    found
}

/// The day that articles of one event tell together. `reference` is the last day that it can be.
pub fn infer(articles: &[&DateEvidence], reference: Option<Date>) -> Option<Inferred> {
    let facts: Vec<Placed> = articles
        .iter()
        .enumerate()
        .flat_map(|(article, evidence)| evidence.facts.iter().map(move |fact| Placed { article, fact }))
        .collect();
    let weekday = news_weekday(&facts);
    let (years, copyright) = candidate_years(&facts, weekday, reference)?;
    let best = years
        .flat_map(|year| {
            let first = Date::new(year, 1, 1).ok();
            first
                .into_iter()
                .flat_map(move |first| first.series(1.day()).take_while(move |date| date.year() == year))
        })
        .filter(|date| reference.is_none_or(|reference| *date <= reference))
        .filter(|date| weekday.is_none_or(|weekday| date.weekday().to_monday_one_offset() == weekday))
        .filter_map(|date| Some((distance(date, &facts)?, date)))
        .min();
    match best {
        Some((near, date)) if near <= NEAR_DAYS => {
            let (value, precision) = match weekday {
                Some(_) => (date.to_string(), "day"),
                None => (format!("{:04}-{:02}", date.year(), date.month()), "month"),
            };
            Some(Inferred { value, precision, evidence: support(&facts, date) })
        }
        _ => {
            let year = copyright?;
            let is_copyright = |placed: &&Placed| placed.fact.kind == DateFactKind::Copyright(year);
            let evidence = facts.iter().filter(is_copyright).map(Placed::evidence).collect();
            Some(Inferred { value: format!("{year:04}"), precision: "year", evidence })
        }
    }
}

/// A fact with the article it stands in.
struct Placed<'a> {
    article: usize,
    fact: &'a DateFact,
}

impl Placed<'_> {
    fn evidence(&self) -> Evidence {
        Evidence { article: self.article, span: self.fact.span }
    }
}

/// The weekday on which the news is told: that from which the past weekdays lie least far back and those to come
/// least far ahead.
fn news_weekday(facts: &[Placed]) -> Option<i8> {
    let mut told: Vec<(i8, Side)> = Vec::new();
    for placed in facts {
        if let DateFactKind::Weekday { weekday, side } = placed.fact.kind {
            told.push((weekday, side));
        }
    }
    let happened = |weekday: &i8| told.iter().any(|(past, side)| past == weekday && *side != Side::Future);
    let cost = |day: i8| -> i64 {
        told.iter()
            .map(|(weekday, side)| match side {
                Side::Past => 2 * i64::from((day - weekday).rem_euclid(7)),
                Side::Unknown => i64::from((day - weekday).rem_euclid(7)),
                Side::Future => i64::from((weekday - day).rem_euclid(7)),
            })
            .sum()
    };
    (1..=7).filter(happened).min_by_key(|&day| (cost(day), day))
}

/// The years in which the day may lie, and the year of a copyright line.
fn candidate_years(
    facts: &[Placed],
    news: Option<i8>,
    reference: Option<Date>,
) -> Option<(std::ops::RangeInclusive<i16>, Option<i16>)> {
    let latest = reference.map_or(i16::MAX, Date::year);
    let mut copyright = None;
    let mut told = None;
    let (mut dated_weekday, mut dated_year) = (false, None);
    for placed in facts {
        match placed.fact.kind {
            DateFactKind::Copyright(year) if year <= latest => copyright = copyright.max(Some(year)),
            DateFactKind::PastYear(year) if year <= latest => told = told.max(Some(year)),
            DateFactKind::Day { weekday, year, side, .. } => {
                dated_weekday |= weekday.is_some() && year.is_none();
                if weekday.is_some() && (news.is_none() || weekday == news) {
                    dated_year = dated_year.max(year.filter(|year| *year <= latest));
                }
                if side != Side::Future {
                    told = told.max(year.filter(|year| *year <= latest));
                }
            }
            DateFactKind::Copyright(_)
            | DateFactKind::PastYear(_)
            | DateFactKind::Weekday { .. }
            | DateFactKind::Month { .. } => {}
        }
    }
    match (copyright, told) {
        // A site's footer may be newer than the article, but an article is no older than what it tells.
        (Some(year), told) if told.is_none_or(|told| told <= year) => Some((year..=year, copyright)),
        (_, Some(year)) if dated_weekday => Some((year..=(year + YEARS_AHEAD).min(latest), None)),
        // "said Friday, Dec. 29, 2017"
        (Some(_) | None, _) => dated_year.map(|year| (year..=year, None)),
    }
}

/// Days from a day to the nearest date that tells it; `None` when a date forbids it.
///
/// A date in the past without a weekday is most often background ("since the attacks of Nov. 13"): it tells nothing.
/// One to come, or one with its weekday, is near.
fn distance(date: Date, facts: &[Placed]) -> Option<i64> {
    let mut nearest = i64::MAX;
    for placed in facts {
        match placed.fact.kind {
            DateFactKind::Day { weekday, side, .. } => {
                let Some(told) = told_day(date, &placed.fact.kind) else { continue };
                let days = days_between(date, told);
                let wrong_side = (side == Side::Past && days > 0) || (side == Side::Future && days < 0);
                let wrong_weekday =
                    weekday.is_some_and(|weekday| told.weekday().to_monday_one_offset() != weekday);
                if wrong_side || wrong_weekday {
                    return None;
                }
                if side == Side::Future || weekday.is_some() {
                    nearest = nearest.min(days.abs());
                }
            }
            DateFactKind::PastYear(year) if year > date.year() => return None,
            DateFactKind::PastYear(_)
            | DateFactKind::Copyright(_)
            | DateFactKind::Weekday { .. }
            | DateFactKind::Month { .. } => {}
        }
    }
    Some(nearest)
}

/// The printed day: in its year, or the last before a day, the next after it, or the nearest, as it is told.
fn told_day(date: Date, kind: &DateFactKind) -> Option<Date> {
    let DateFactKind::Day { year, month, day, side, .. } = *kind else { return None };
    if let Some(year) = year {
        return Date::new(year, month, day).ok();
    }
    (-1..=1)
        .filter_map(|offset| Date::new(date.year() + offset, month, day).ok())
        .filter(|told| match side {
            Side::Past => *told <= date,
            Side::Future => *told >= date,
            Side::Unknown => true,
        })
        .min_by_key(|told| days_between(date, *told).abs())
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(i64::from(i32::MAX), |span| i64::from(span.get_days()))
}

/// The facts that agree with a day and say something about it, each wording once an article.
fn support(facts: &[Placed], date: Date) -> Vec<Evidence> {
    let mut seen: Vec<(usize, &DateFactKind)> = Vec::new();
    let mut evidence = Vec::new();
    for placed in facts {
        let tells = match &placed.fact.kind {
            DateFactKind::Weekday { weekday, side } => match side {
                Side::Future => true,
                Side::Past | Side::Unknown => *weekday == date.weekday().to_monday_one_offset(),
            },
            DateFactKind::Day { .. } => told_day(date, &placed.fact.kind)
                .is_some_and(|told| days_between(date, told).abs() <= NEAR_DAYS),
            DateFactKind::Month { year_offset, .. } => *year_offset == -1,
            DateFactKind::Copyright(year) => *year == date.year(),
            DateFactKind::PastYear(_) => false,
        };
        let told = (placed.article, &placed.fact.kind);
        if tells && !seen.contains(&told) {
            seen.push(told);
            evidence.push(placed.evidence());
        }
    }
    evidence
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use model::Span;

    use super::{DateEvidence, DateFact, DateFactKind, Side, infer, year_in};

    fn article(kinds: &[DateFactKind]) -> DateEvidence {
        let fact =
            |(at, kind): (usize, &DateFactKind)| DateFact { kind: kind.clone(), span: Span::new(at, at + 1) };
        DateEvidence { facts: kinds.iter().enumerate().map(fact).collect() }
    }

    fn weekday(weekday: i8, side: Side) -> DateFactKind {
        DateFactKind::Weekday { weekday, side }
    }

    fn day(month: i8, day: i8, side: Side) -> DateFactKind {
        DateFactKind::Day { weekday: None, year: None, month, day, side }
    }

    #[test]
    fn articles_of_one_event_tell_the_day_together() {
        // A ferry sank on a Thursday; one paper prints the year, another when the hearing is due.
        let one = article(&[weekday(4, Side::Past), weekday(3, Side::Past), DateFactKind::Copyright(2019)]);
        let two = article(&[weekday(4, Side::Past), day(6, 18, Side::Future), weekday(2, Side::Future)]);
        let found = infer(&[&one, &two], None).unwrap();
        assert_eq!((found.value.as_str(), found.precision), ("2019-06-13", "day"));
        assert!(found.evidence.iter().any(|evidence| evidence.article == 1));
        // Alone, the first knows its year only.
        let alone = infer(&[&one], None).unwrap();
        assert_eq!((alone.value.as_str(), alone.precision), ("2019", "year"));
    }

    #[test]
    fn a_date_with_its_weekday_tells_the_year() {
        let dated = DateFactKind::Day { weekday: Some(5), year: None, month: 3, day: 8, side: Side::Past };
        let found =
            infer(&[&article(&[dated, DateFactKind::PastYear(2015), weekday(1, Side::Past)])], None).unwrap();
        // 8 March is a Friday in 2019, not in 2015 to 2018.
        assert_eq!(found.value, "2019-03-11");
    }

    #[test]
    fn a_date_in_the_past_is_background() {
        let facts = [weekday(2, Side::Past), day(11, 13, Side::Past), DateFactKind::Copyright(2018)];
        let found = infer(&[&article(&facts)], None).unwrap();
        assert_eq!((found.value.as_str(), found.precision), ("2018", "year"));
    }

    #[test]
    fn what_is_not_enough_tells_nothing() {
        assert_eq!(infer(&[&article(&[weekday(2, Side::Past)])], None), None);
        assert_eq!(infer(&[&article(&[day(2, 20, Side::Future)])], None), None);
        assert_eq!(infer(&[], None), None);
    }

    #[test]
    fn nothing_is_later_than_the_reference() {
        let facts = [weekday(2, Side::Past), day(5, 25, Side::Future), DateFactKind::Copyright(2018)];
        assert_eq!(infer(&[&article(&facts)], None).unwrap().value, "2018-05-22");
        assert_eq!(infer(&[&article(&facts)], Some(date(2018, 5, 21))).unwrap().value, "2018-05-15");
        assert_eq!(infer(&[&article(&facts)], Some(date(2017, 5, 21))), None);
    }

    #[test]
    fn a_run_of_years_ends_with_the_last() {
        assert_eq!(year_in("© 1998-2021 The Arle Herald", 0), Some((2021, 8)));
        assert_eq!(year_in("Copyright Arle Herald 2020. Call 5550199", 0), Some((2020, 22)));
        assert_eq!(year_in("© The Arle Herald", 0), None);
    }
}
