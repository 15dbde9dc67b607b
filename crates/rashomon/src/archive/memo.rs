//! What the pipeline wants to find again beside an article: what it prints about its day.

use annotate::{DateEvidence, DateFact, DateFactKind, Side};
use model::Span;

/// A fact is so many numbers: kind, side, weekday or 0, year or [`NO_YEAR`], month, day, first byte, length.
const NUMBERS: usize = 8;
/// Stands for a year that is not printed.
const NO_YEAR: i64 = i64::MIN;

/// A memo's bytes: none for an article that came with a date, else a 1 and its facts.
pub(super) fn write(evidence: Option<&DateEvidence>) -> Vec<u8> {
    let Some(evidence) = evidence else { return Vec::new() };
    let mut out = vec![1];
    for number in evidence.facts.iter().flat_map(numbers) {
        out.extend(number.to_le_bytes());
    }
    out
}

/// What an undated article prints about its day; `None` for an article that came with a date.
pub(super) fn read(memo: &[u8]) -> Option<DateEvidence> {
    let (_, rest) = memo.split_first()?;
    let numbers: Vec<i64> =
        rest.chunks_exact(8).filter_map(|bytes| Some(i64::from_le_bytes(bytes.try_into().ok()?))).collect();
    Some(DateEvidence { facts: numbers.chunks_exact(NUMBERS).filter_map(fact).collect() })
}

fn numbers(fact: &DateFact) -> [i64; NUMBERS] {
    let side = |side: Side| match side {
        Side::Past => 0,
        Side::Future => 1,
        Side::Unknown => 2,
    };
    let year = |year: Option<i16>| year.map_or(NO_YEAR, i64::from);
    let (first, length) = (fact.span.start as i64, fact.span.len() as i64);
    match &fact.kind {
        DateFactKind::Weekday { weekday, side: of } => {
            [0, side(*of), i64::from(*weekday), NO_YEAR, 0, 0, first, length]
        }
        DateFactKind::Day { weekday, year: of_year, month, day, side: of } => {
            let weekday = weekday.map_or(0, i64::from);
            [1, side(*of), weekday, year(*of_year), i64::from(*month), i64::from(*day), first, length]
        }
        DateFactKind::Month { month, year_offset } => {
            [2, 0, 0, *year_offset, i64::from(*month), 0, first, length]
        }
        DateFactKind::PastYear(of) => [3, 0, 0, i64::from(*of), 0, 0, first, length],
        DateFactKind::Copyright(of) => [4, 0, 0, i64::from(*of), 0, 0, first, length],
    }
}

fn fact(numbers: &[i64]) -> Option<DateFact> {
    let &[kind, side, weekday, year, month, day, first, length] = numbers else { return None };
    let side = match side {
        0 => Side::Past,
        1 => Side::Future,
        _ => Side::Unknown,
    };
    let small = |number: i64| i8::try_from(number).ok();
    let kind = match kind {
        0 => DateFactKind::Weekday { weekday: small(weekday)?, side },
        1 => DateFactKind::Day {
            weekday: small(weekday).filter(|&weekday| weekday != 0),
            year: i16::try_from(year).ok(),
            month: small(month)?,
            day: small(day)?,
            side,
        },
        2 => DateFactKind::Month { month: small(month)?, year_offset: year },
        3 => DateFactKind::PastYear(i16::try_from(year).ok()?),
        4 => DateFactKind::Copyright(i16::try_from(year).ok()?),
        _ => return None,
    };
    let first = usize::try_from(first).ok()?;
    let end = first.checked_add(usize::try_from(length).ok()?)?;
    Some(DateFact { kind, span: Span::new(first, end) })
}

#[cfg(test)]
mod tests {
    use annotate::{DateEvidence, DateFact, DateFactKind, Side};
    use model::Span;

    use super::{read, write};

    #[test]
    fn what_is_written_is_read() {
        let kinds = [
            DateFactKind::Weekday { weekday: 2, side: Side::Past },
            DateFactKind::Day { weekday: None, year: Some(2022), month: 2, day: 20, side: Side::Future },
            DateFactKind::Day { weekday: Some(7), year: None, month: 12, day: 31, side: Side::Unknown },
            DateFactKind::Month { month: 12, year_offset: -1 },
            DateFactKind::PastYear(1999),
            DateFactKind::Copyright(2022),
        ];
        let facts = kinds.into_iter().map(|kind| DateFact { kind, span: Span::new(3, 9) }).collect();
        let evidence = DateEvidence { facts };
        assert_eq!(read(&write(Some(&evidence))), Some(evidence));
        assert_eq!(read(&write(None)), None);
        assert_eq!(read(&[1, 2, 3]), Some(DateEvidence::default()));
    }
}
