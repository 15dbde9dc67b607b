//! What the pipeline wants to find again beside an article: its sketch, by which it finds its story, and what it prints
//! about its day.

use annotate::{DateEvidence, DateFact, DateFactKind, Side};
use corroborate::{Sketch, SketchWord};
use model::Span;

/// A fact is so many numbers: kind, side, weekday or 0, year or [`NO_YEAR`], month, day, first byte, length.
const NUMBERS: usize = 8;
/// Stands for a year that is not printed.
const NO_YEAR: i64 = i64::MIN;
/// Stands for a day that is not known.
const NO_DAY: i32 = i32::MIN;

/// What is kept beside an article.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Memo {
    /// Its likeness, as it was when the article came: dated by itself alone.
    pub sketch: Sketch,
    /// What an undated article prints about its day; `None` for one that came with a date.
    pub evidence: Option<DateEvidence>,
}

impl Memo {
    /// As the store keeps it.
    pub(super) fn kept(&self) -> store::Memo {
        store::Memo { day: self.sketch.day, bytes: self.write() }
    }

    /// As bytes: lists begin with their length, a number takes its width, the facts come last.
    fn write(&self) -> Vec<u8> {
        let Sketch { day, digest, length, words, opening, whole, runs } = &self.sketch;
        let mut out = Vec::new();
        out.extend(day.unwrap_or(NO_DAY).to_le_bytes());
        out.extend(digest.to_le_bytes());
        out.extend(length.to_le_bytes());
        for count in [words.len(), opening.len(), whole.len(), runs.len()] {
            out.extend((count as u32).to_le_bytes());
        }
        for word in words {
            out.extend(word.key.to_le_bytes());
            out.extend(word.weight.to_le_bytes());
            out.extend(word.opening.to_le_bytes());
        }
        out.extend(opening.iter().chain(whole).map(|number| number.cast_unsigned()));
        out.extend(runs.iter().flat_map(|run| run.to_le_bytes()));
        if let Some(evidence) = &self.evidence {
            out.push(1);
            out.extend(evidence.facts.iter().flat_map(numbers).flat_map(i64::to_le_bytes));
        }
        out
    }

    /// Read back; `None` where the bytes are no memo.
    pub(super) fn read(mut bytes: &[u8]) -> Option<Memo> {
        let input = &mut bytes;
        let day = Some(i32::from_le_bytes(take(input)?)).filter(|&day| day != NO_DAY);
        let digest = u64::from_le_bytes(take(input)?);
        let length = u32::from_le_bytes(take(input)?);
        let mut counts = [0usize; 4];
        for count in &mut counts {
            *count = u32::from_le_bytes(take(input)?).try_into().ok()?;
        }
        let words = list(input, counts[0], |input| {
            Some(SketchWord {
                key: u32::from_le_bytes(take(input)?),
                weight: u16::from_le_bytes(take(input)?),
                opening: u16::from_le_bytes(take(input)?),
            })
        })?;
        let opening = list(input, counts[1], |input| take(input).map(i8::from_le_bytes))?;
        let whole = list(input, counts[2], |input| take(input).map(i8::from_le_bytes))?;
        let runs = list(input, counts[3], |input| take(input).map(u32::from_le_bytes))?;
        let sketch = Sketch { day, digest, length, words, opening, whole, runs };
        Some(Memo { sketch, evidence: evidence(input) })
    }
}

fn take<const N: usize>(input: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = input.split_first_chunk::<N>()?;
    *input = rest;
    Some(*taken)
}

fn list<T>(input: &mut &[u8], count: usize, read: impl Fn(&mut &[u8]) -> Option<T>) -> Option<Vec<T>> {
    // Every item takes a byte or more: a longer list is damaged.
    if count > input.len() {
        return None;
    }
    (0..count).map(|_| read(input)).collect()
}

fn evidence(input: &mut &[u8]) -> Option<DateEvidence> {
    let (_, rest) = input.split_first()?;
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
    use corroborate::{Sketch, SketchWord};
    use model::Span;

    use super::Memo;

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
        let facts: Vec<_> = kinds.into_iter().map(|kind| DateFact { kind, span: Span::new(3, 9) }).collect();
        let sketch = Sketch {
            day: Some(738_000),
            digest: u64::MAX,
            length: 400,
            words: vec![SketchWord { key: 7, weight: 8, opening: 9 }],
            opening: vec![-127, 0, 127],
            whole: Vec::new(),
            runs: vec![1, u32::MAX],
        };
        for evidence in [None, Some(DateEvidence::default()), Some(DateEvidence { facts })] {
            let memo = Memo { sketch: sketch.clone(), evidence };
            assert_eq!(Memo::read(&memo.write()).as_ref(), Some(&memo));
        }
        let bytes = Memo { sketch, evidence: None }.write();
        assert!((0..bytes.len()).all(|end| Memo::read(&bytes[..end]).is_none()));
    }
}
