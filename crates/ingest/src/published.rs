//! When a report was published: from a field of the input, or from a date line on the page.

use model::{Published, PublishedOrigin, Span};

use crate::line::Line;
use crate::words::{PageWords, bare, plain};

/// Longest date line, in words.
const DATE_LINE_WORDS_MAX: usize = 22;
/// Most that may stand beside a date in a line that is nothing but a date, in bytes.
const REST_BYTES_MAX: usize = 40;
/// Years that a publication date may have.
const YEARS: std::ops::RangeInclusive<i32> = 1600..=2199;

/// A date as read, of any precision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    year: i32,
    month: Option<u8>,
    day: Option<u8>,
    time: Option<(u8, u8)>,
    zone: String,
}

impl Date {
    /// ISO 8601.
    pub(crate) fn value(&self) -> String {
        let mut value = format!("{:04}", self.year);
        if let Some(month) = self.month {
            value.push_str(&format!("-{month:02}"));
        }
        if let Some(day) = self.day {
            value.push_str(&format!("-{day:02}"));
        }
        if let Some((hour, minute)) = self.time {
            value.push_str(&format!("T{hour:02}:{minute:02}{}", self.zone));
        }
        value
    }

    fn precision(&self) -> &'static str {
        match (self.month, self.day, self.time) {
            (_, _, Some(_)) => "minute",
            (_, Some(_), None) => "day",
            (Some(_), None, None) => "month",
            (None, None, None) => "year",
        }
    }

    fn published(&self, origin: PublishedOrigin, evidence: Vec<Span>) -> Published {
        Published { value: self.value(), precision: self.precision(), origin, evidence }
    }
}

/// A field of the input. Midnight to the second is a day whose time nobody gave.
pub(crate) fn given(field: &str, words: &PageWords) -> Option<Published> {
    let field = field.trim();
    let mut date =
        iso(field).or_else(|| epoch(field)).or_else(|| worded(field, words).map(|(date, _)| date))?;
    if date.time == Some((0, 0)) {
        date.time = None;
    }
    Some(date.published(PublishedOrigin::Given, Vec::new()))
}

/// What stands before a date: the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cue {
    /// "Published".
    Published,
    /// "Updated".
    Updated,
    /// Nothing, at the head of the page.
    Bare,
}

/// A date printed on a page.
pub(crate) struct Printed {
    pub cue: Cue,
    /// Its place among the lines.
    pub line: usize,
    pub published: Published,
}

/// The best date line of a page: one that says "published" before one that says "updated", before a bare date
/// at the head. `head` is the number of lines above the report and its first paragraphs.
pub(crate) fn printed(
    text: &str,
    lines: &[Line],
    words: &PageWords,
    head: usize,
) -> Option<(usize, Published)> {
    let found = all_printed(text, lines, words, head);
    found.into_iter().min_by_key(|date| (date.cue, date.line)).map(|date| (date.line, date.published))
}

/// All date lines of a page, in order.
pub(crate) fn all_printed(text: &str, lines: &[Line], words: &PageWords, head: usize) -> Vec<Printed> {
    let mut found = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        if line.word_count > DATE_LINE_WORDS_MAX || line.plain.is_empty() {
            continue;
        }
        let shown = line.span.of(text);
        let Some((date, span)) = worded(shown, words) else { continue };
        if date.day.is_none() {
            continue;
        }
        let span = Span::new(line.span.start + span.start, line.span.start + span.end);
        let rest = shown.len() - span.len();
        let before = Span::new(line.span.start, span.start).of(text);
        let cue = if cued(before, &words.cues.published, words) {
            Cue::Published
        } else if cued(before, &words.cues.updated, words) {
            Cue::Updated
        } else if place < head && rest <= REST_BYTES_MAX && !line.ends_sentence {
            Cue::Bare
        } else {
            continue;
        };
        let published = date.published(PublishedOrigin::Text, vec![span]);
        found.push(Printed { cue, line: place, published });
    }
    found
}

/// Whether the words before a date end in a cue, with nothing but weekdays, clock times and small words between.
fn cued(before: &str, cues: &[String], words: &PageWords) -> bool {
    let folded = plain(before);
    let part = folded.rsplit(['|', '•', '·', '/', '(']).next().unwrap_or_default();
    let part = bare(part);
    let Some(rest) =
        cues.iter().filter_map(|cue| part.strip_prefix(cue.as_str())).min_by_key(|rest| rest.len())
    else {
        return false;
    };
    rest.split(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '-' | '–' | '—')).map(bare).all(
        |word| {
            word.len() <= 2
                || word.starts_with(char::is_numeric)
                || words.weekdays.contains(word)
                || words.stop_words.has(word)
                || words.afternoon.iter().chain(&words.morning).any(|half| half == word)
                || (word.len() <= 4 && word.is_ascii())
        },
    )
}

/// A date of digits only: "2022-02-15T10:34:00Z", "2022-02".
fn iso(text: &str) -> Option<Date> {
    let (day, time) = match text.find(['T', ' ']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text, ""),
    };
    let mut parts = day.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map(|part| digits(part, 2));
    let day = parts.next().map(|part| digits(part, 2));
    if parts.next().is_some() || month == Some(None) || day == Some(None) {
        return None;
    }
    let (time, zone) = clock(time);
    checked(year, month.flatten(), day.flatten()).map(|date| Date { time, zone, ..date })
}

/// A number of exactly so many digits.
fn digits(part: &str, count: usize) -> Option<i32> {
    (part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| part.parse().ok())
        .flatten()
}

/// "10:34:00+02:00" → hour and minute, and the offset as written.
fn clock(text: &str) -> (Option<(u8, u8)>, String) {
    let mut parts = text.splitn(3, ':');
    let hour = parts.next().and_then(|part| part.parse::<u8>().ok());
    let rest = parts.next().unwrap_or_default();
    let minute = rest.get(..2).and_then(|part| part.parse::<u8>().ok());
    let zone =
        text.find(['Z', '+']).or_else(|| text.rfind('-')).and_then(|at| text.get(at..)).unwrap_or_default();
    let zone_ok = zone == "Z"
        || (zone.len() >= 3 && zone.bytes().skip(1).all(|byte| byte.is_ascii_digit() || byte == b':'));
    match (hour, minute) {
        (Some(hour), Some(minute)) if hour < 24 && minute < 60 => {
            (Some((hour, minute)), if zone_ok { zone.to_owned() } else { String::new() })
        }
        _ => (None, String::new()),
    }
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Date> {
    let number: i64 = text.parse().ok().filter(|number| *number >= 100_000_000)?;
    let seconds = if number >= 100_000_000_000 { number / 1000 } else { number };
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let minutes = seconds.rem_euclid(86_400) / 60;
    let time = Some(((minutes / 60) as u8, (minutes % 60) as u8));
    checked(i32::try_from(year).ok()?, Some(month), Some(day)).map(|date| Date {
        time,
        zone: "Z".to_owned(),
        ..date
    })
}

/// Days since 1970 as year, month, day (Hinnant's algorithm).
fn civil(days: i64) -> (i64, i32, i32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_place = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_place + 2) / 5 + 1;
    let month = if month_place < 10 { month_place + 3 } else { month_place - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as i32, day as i32)
}

/// A date that is in the calendar.
fn checked(year: i32, month: Option<i32>, day: Option<i32>) -> Option<Date> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        Some(2) => 28 + i32::from(leap),
        Some(4 | 6 | 9 | 11) => 30,
        Some(_) | None => 31,
    };
    let sound = YEARS.contains(&year)
        && month.is_none_or(|month| (1..=12).contains(&month))
        && day.is_none_or(|day| (1..=length).contains(&day));
    let (month, day) = (month.map(|month| month as u8), day.map(|day| day as u8));
    sound.then(|| Date { year, month, day, time: None, zone: String::new() })
}

/// A word of a line with its place.
struct Token<'t> {
    plain: String,
    span: Span,
    shown: &'t str,
}

/// The first date in a line, in words or digits, with the clock time after it.
fn worded(line: &str, words: &PageWords) -> Option<(Date, Span)> {
    // Every form has a year of four digits.
    if !line.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let tokens = tokens(line);
    for place in 0..tokens.len() {
        if let Some((mut date, next)) = date_at(&tokens, place, words) {
            let mut end = tokens[next - 1].span.end;
            if date.time.is_none()
                && let Some((time, last)) = time_near(&tokens, next, words)
            {
                date.time = Some(time);
                end = tokens[last].span.end;
            }
            return Some((date, Span::new(tokens[place].span.start, end)));
        }
    }
    None
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    for piece in
        line.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '|' | '•' | '·'))
    {
        let shown =
            piece.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '|' | '•' | '·'));
        let at = start + piece.find(shown).unwrap_or(0);
        start += piece.len();
        if !shown.is_empty() {
            found.push(Token { plain: plain(shown), span: Span::new(at, at + shown.len()), shown });
        }
    }
    found
}

/// A date that begins at a token, with the place after it.
fn date_at(tokens: &[Token], place: usize, words: &PageWords) -> Option<(Date, usize)> {
    let word = &tokens[place];
    if let Some(date) = iso(word.shown.trim_end_matches('.')).filter(|date| date.day.is_some()) {
        return Some((date, place + 1));
    }
    if let Some(date) = numeric(word.shown) {
        return Some((date, place + 1));
    }
    let number = |at: usize| tokens.get(at).and_then(|token| ordinal(&token.plain, words));
    let month = |at: usize| tokens.get(at).and_then(|token| words.month(token.plain.trim_end_matches('.')));
    let year =
        |at: usize| tokens.get(at).and_then(|token| digits(token.shown.trim_end_matches(['.', ':']), 4));
    if let (Some(day), Some(month), Some(year)) = (number(place), month(place + 1), year(place + 2)) {
        return checked(year, Some(i32::from(month)), Some(day)).map(|date| (date, place + 3));
    }
    if let (Some(month), Some(day), Some(year)) = (month(place), number(place + 1), year(place + 2)) {
        return checked(year, Some(i32::from(month)), Some(day)).map(|date| (date, place + 3));
    }
    if let (Some(month), Some(year)) = (month(place), year(place + 1)) {
        return checked(year, Some(i32::from(month)), None).map(|date| (date, place + 2));
    }
    None
}

/// A day of the month: "15", "15th", "15.".
fn ordinal(word: &str, words: &PageWords) -> Option<i32> {
    let word = word.trim_end_matches('.');
    let number = words.ordinal_ends.iter().find_map(|end| word.strip_suffix(end.as_str())).unwrap_or(word);
    (number.len() <= 2).then(|| number.parse().ok()).flatten().filter(|day| (1..=31).contains(day))
}

/// "15/02/2022", "15.02.2022", "2022/02/15"; one whose day and month could be exchanged is no date.
fn numeric(word: &str) -> Option<Date> {
    let mark = word.chars().find(|c| matches!(c, '/' | '.'))?;
    let parts: Vec<&str> = word.trim_end_matches('.').split(mark).collect();
    let [first, second, third] = parts[..] else { return None };
    let number = |part: &str| (part.len() <= 2).then(|| part.parse::<i32>().ok()).flatten();
    if let Some(year) = digits(first, 4) {
        return checked(year, Some(number(second)?), Some(number(third)?));
    }
    let (year, a, b) = (digits(third, 4)?, number(first)?, number(second)?);
    match (mark, a > 12, b > 12) {
        ('.', _, false) | (_, true, false) => checked(year, Some(b), Some(a)),
        (_, false, true) => checked(year, Some(a), Some(b)),
        _ if a == b => checked(year, Some(a), Some(b)),
        _ => None,
    }
}

/// A clock time within the next few tokens.
fn time_near(tokens: &[Token], from: usize, words: &PageWords) -> Option<((u8, u8), usize)> {
    for place in from..tokens.len().min(from + 4) {
        let word = &tokens[place].plain;
        let digits_end =
            word.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(word.len());
        let clock = word.get(..digits_end).unwrap_or_default().trim_end_matches('.');
        let after = word.get(digits_end..).unwrap_or_default().trim_end_matches(',');
        let next = tokens.get(place + 1).map(|token| token.plain.as_str()).unwrap_or_default();
        let half = if after.is_empty() { next } else { after };
        let (is_late, is_early) =
            (words.afternoon.iter().any(|w| w == half), words.morning.iter().any(|w| w == half));
        let mut parts = clock.split([':', '.']);
        let hour = parts.next().and_then(|part| part.parse::<u8>().ok());
        let minute = parts.next().map_or_else(
            || (is_late || is_early).then_some(0),
            |part| (part.len() == 2).then(|| part.parse::<u8>().ok()).flatten(),
        );
        let (Some(mut hour), Some(minute)) = (hour, minute) else { continue };
        if hour > 23 || minute > 59 {
            continue;
        }
        if is_late && hour < 12 {
            hour += 12;
        } else if is_early && hour == 12 {
            hour = 0;
        }
        let last = place + usize::from((is_late || is_early) && after.is_empty());
        return Some(((hour, minute), last));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{given, printed};
    use crate::line::lines;
    use crate::words::PageWords;
    use model::PublishedOrigin;

    fn line(text: &str) -> Option<String> {
        let words = PageWords::built_in("en").unwrap();
        printed(text, &lines(text, &words), &words, 3).map(|(_, found)| {
            assert_eq!(found.origin, PublishedOrigin::Text);
            found.value
        })
    }

    fn field(text: &str) -> Option<(String, &'static str)> {
        given(text, &PageWords::built_in("en").unwrap()).map(|found| (found.value, found.precision))
    }

    #[test]
    fn reads_date_lines_of_many_forms() {
        for (text, value) in [
            ("Published: 15 February 2022", "2022-02-15"),
            ("Feb. 15, 2022 10:34 am", "2022-02-15T10:34"),
            ("Posted on Tuesday, February 15th, 2022 at 3 p.m.", "2022-02-15T15:00"),
            ("Updated 2022-02-15T10:34:00+02:00", "2022-02-15T10:34+02:00"),
            ("Last updated: 15.02.2022, 12:05", "2022-02-15T12:05"),
            ("Updated: 2016-07-15 13:14 By Agencies", "2016-07-15T13:14"),
            ("15/02/2022", "2022-02-15"),
            ("By Ana Ruiz | Published 02/15/2022", "2022-02-15"),
            ("Published 4:31 PM ET, Tue February 15, 2022", "2022-02-15"),
            ("Tue 15 Feb 2022 16.31 GMT", "2022-02-15T16:31"),
        ] {
            assert_eq!(line(text).as_deref(), Some(value), "{text}");
        }
    }

    #[test]
    fn published_comes_before_updated() {
        assert_eq!(line("Updated: 16 March 2021\nPublished: 15 March 2021").as_deref(), Some("2021-03-15"));
    }

    #[test]
    fn dates_within_sentences_and_unclear_ones_are_none() {
        assert_eq!(
            line(
                "The bridge was opened on 15 February 2012 by the mayor, who has since left the town for good."
            ),
            None
        );
        assert_eq!(line("One\nTwo\nThree\nPublished reports of 15 February 2012 were wrong."), None);
        assert_eq!(line("Published 02/03/2022"), None);
        assert_eq!(line("Published: 31 February 2022"), None);
        assert_eq!(line("May 2022 be better"), None);
    }

    #[test]
    fn fields_keep_the_precision_of_their_form() {
        assert_eq!(field("2017-12-27T14:36:30"), Some(("2017-12-27T14:36".to_owned(), "minute")));
        assert_eq!(field("2017-12-27T00:00:00"), Some(("2017-12-27".to_owned(), "day")));
        assert_eq!(field("2017-12"), Some(("2017-12".to_owned(), "month")));
        assert_eq!(field("2017"), Some(("2017".to_owned(), "year")));
        assert_eq!(field("Tue, 15 Feb 2022 10:00:00 GMT"), Some(("2022-02-15T10:00".to_owned(), "minute")));
        assert_eq!(field("1644921240"), Some(("2022-02-15T10:34Z".to_owned(), "minute")));
        assert_eq!(field("soon"), None);
    }
}
