//! Times: dates, clock times, lengths and repetitions with their TIMEX3 values.
//!
//! A small reader over the same atoms as figures: at each place it tries the ways in which a time begins, and keeps
//! the first that fits. Relative times are counted from the article's date ([`Reader::anchor`]) or from the date
//! told last ([`Memory`]).

mod calendar;
mod clock;
mod length;
mod relative;
pub(crate) mod stamp;
pub(crate) mod tense;
#[cfg(test)]
mod tests;

use std::ops::Range;

use jiff::civil::Date;
use model::{Time, TimeKind};

use self::stamp::{Grain, Part, Stamp};
use self::tense::{Tense, tense};
use crate::Parse;
use crate::figure::atom::{Atom, AtomKind};
use crate::figure::number::Numbers;
use crate::lang::{Language, Opener, Phrases, TimeOpener, TimeWords};

/// What companies report on besides quarters: after "the nine months", "a year earlier" is no quarter.
const REPORTED: [&str; 2] = ["P6M", "P9M"];

/// The times of an article, in order of the text. Without `anchor`, the day of publication, values that hang on it
/// keep their unknown parts: `XXXX-WXX-2` for "Tuesday".
pub(crate) fn times(
    parse: &Parse,
    paragraphs: &[Vec<Atom<'_>>],
    anchor: Option<Date>,
    language: &Language,
) -> Vec<Time> {
    let mut found = Vec::new();
    let over = anchor.and_then(|day| stamp::moved(day, Grain::Quarter, -1));
    let over = over.map(|day| (day.year(), stamp::quarter_of(day)));
    let lede = lede(parse);
    let mut memory = Memory { over, ..Memory::default() };
    for atoms in paragraphs {
        let reader = Reader { lede: lede.clone(), ..Reader::new(parse, atoms, anchor, language) };
        let mut at = 0;
        while at < atoms.len() {
            let Some(hit) = reader.read(at, &memory) else {
                at += 1;
                continue;
            };
            let (kind, value) = memory.keep(&hit.value);
            let span = reader.span(hit.atoms.clone());
            found.push(Time { span, kind, value });
            at = hit.atoms.end.max(at + 1);
            if let Some(second) = reader.second_day(&hit) {
                let (kind, value) = memory.keep(&second.value);
                found.push(Time { span: reader.span(second.atoms.clone()), kind, value });
                at = second.atoms.end;
            }
        }
    }
    found
}

/// The first sentence that ends as one, which a headline does not.
fn lede(parse: &Parse) -> Range<usize> {
    let ends = |sentence: &&Range<usize>| parse.tag(sentence.end - 1) == ".";
    parse.sentences.iter().find(ends).cloned().unwrap_or_default()
}

/// What was told last, for "the following year" and "a year earlier".
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    last: Option<Stamp>,
    quarter: Option<(i16, i8)>,
    /// The year of the half or three quarters that figures are given for.
    reported: Option<i16>,
    /// The last quarter that was over on the article's day.
    over: Option<(i16, i8)>,
}

impl Memory {
    /// Remembers a value; returns it as printed.
    fn keep(&mut self, value: &Value) -> (TimeKind, String) {
        match value {
            Value::Point(stamp) => {
                if let (Some(year), Part::Quarter(quarter)) = (stamp.year, &stamp.part) {
                    // Neither "the year-ago quarter" nor one that is not over moves what "the quarter" is.
                    let over = self.over.is_none_or(|over| (year, *quarter) <= over);
                    let before = self.quarter.filter(|(known, _)| *known > year || !over);
                    self.quarter = Some(before.unwrap_or((year, *quarter)));
                    self.reported = None;
                }
                if stamp.year.is_some() {
                    self.last = Some(Stamp { clock: None, ..stamp.clone() });
                }
                let kind = if stamp.clock.is_some() { TimeKind::Time } else { TimeKind::Date };
                (kind, stamp.value())
            }
            Value::Other(kind, value) => {
                if *kind == TimeKind::Duration && REPORTED.contains(&value.as_str()) {
                    self.reported = self.quarter.map(|(year, _)| year);
                }
                (*kind, value.clone())
            }
        }
    }
}

/// A time that was read.
pub(crate) struct Hit {
    pub atoms: Range<usize>,
    pub value: Value,
}

/// What a time means.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A point of the calendar.
    Point(Stamp),
    /// Anything else, in TIMEX3 form.
    Other(TimeKind, String),
}

/// A value and the atom after it.
type Found = Option<(Value, usize)>;

/// Whether a time that begins with a leaning word may go on with an atom.
fn goes_on(atom: &Atom<'_>) -> bool {
    let Opener { number, time, second, .. } = atom.opens;
    !atom.is_word() || number || second || time > TimeOpener::Never
}

/// Reads times from the atoms of a paragraph.
pub(crate) struct Reader<'a> {
    pub parse: &'a Parse<'a>,
    pub atoms: &'a [Atom<'a>],
    pub words: &'a TimeWords,
    pub numbers: Numbers<'a>,
    /// The day of publication.
    pub anchor: Option<Date>,
    /// The tokens of the article's first whole sentence; none where that is not asked.
    lede: Range<usize>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        parse: &'a Parse<'a>,
        atoms: &'a [Atom<'a>],
        anchor: Option<Date>,
        language: &'a Language,
    ) -> Reader<'a> {
        let numbers = Numbers { text: parse.text, atoms, words: &language.figures };
        Reader { parse, atoms, words: &language.times, numbers, anchor, lede: 0..0 }
    }

    /// The time that begins at an atom.
    pub(crate) fn read(&self, at: usize, memory: &Memory) -> Option<Hit> {
        let atom = &self.atoms[at];
        let may = match atom.kind {
            AtomKind::Digits => true,
            AtomKind::Sign => atom.lower == "'",
            AtomKind::Word => match atom.opens.time {
                _ if atom.opens.number => true,
                TimeOpener::Never => false,
                TimeOpener::Leaning => self.atoms.get(at + 1).is_some_and(goes_on),
                TimeOpener::Alone => true,
            },
        };
        if !may {
            return None;
        }
        let (value, end) = self.value(at, memory)?;
        Some(Hit { atoms: at..end, value })
    }

    fn value(&self, at: usize, memory: &Memory) -> Found {
        let stretch = self.stretch(at).and_then(|after| match self.next_plain(after, memory)? {
            (Value::Point(stamp), end) => Some((Value::Point(stamp), end)),
            (Value::Other(..), _) => None,
        });
        stretch.or_else(|| self.plain(at, memory)).or_else(|| self.led(at, memory))
    }

    /// The atom after "the early hours of": what follows is the time that is meant.
    fn stretch(&self, at: usize) -> Option<usize> {
        let words = self.words;
        let first = at + usize::from(words.determiners.contains(self.lower(at)));
        let led =
            words.leaders.contains(self.lower(first)) || words.length_openers.contains(self.lower(first));
        let fits = led
            && words.stretches.contains(self.lower(first + 1))
            && words.parts_of.contains(self.lower(first + 2));
        fits.then_some(first + 3)
    }

    /// The second day of "April 24 and 25", as a time of its own.
    fn second_day(&self, hit: &Hit) -> Option<Hit> {
        let Value::Point(Stamp { year, part: Part::Day(month, day), clock: None }) = &hit.value else {
            return None;
        };
        let at = hit.atoms.end + 1;
        let joined = self.numbers.words.joiners.contains(self.lower(hit.atoms.end));
        let before = self.atoms.get(hit.atoms.end.checked_sub(1)?)?;
        let number = self.atoms.get(at).filter(|atom| joined && before.is_digits() && atom.is_digits())?;
        let (second, end) = self.is_day_number(at)?;
        // "On April 24 and 25 people came" counts people.
        let counts = self.parse.head(number.token) > number.token;
        let stamp = Stamp::new(*year, Part::Day(*month, second));
        (second > *day && !counts).then_some(Hit { atoms: at..end, value: Value::Point(stamp) })
    }

    /// A time without a leader; what a leader stands before is one of these, so that leaders do not nest.
    fn plain(&self, at: usize, memory: &Memory) -> Found {
        self.clock_time(at, memory)
            .or_else(|| self.repeated(at))
            .or_else(|| self.long_reference(at))
            .or_else(|| self.beside(at, memory))
            .or_else(|| self.hedged_length(at, memory))
            .or_else(|| self.absolute(at))
            .or_else(|| self.feast(at))
            .or_else(|| self.quarter(at, memory))
            .or_else(|| self.directed(at, memory))
            .or_else(|| self.season_alone(at))
            .or_else(|| self.day_word(at))
            .or_else(|| self.weekday(at))
            .or_else(|| self.length(at, memory))
            .or_else(|| self.reference(at))
    }

    fn next_plain(&self, at: usize, memory: &Memory) -> Found {
        if at < self.atoms.len() { self.plain(at, memory) } else { None }
    }

    /// "early Tuesday", "the end of 1990", "late last year": the value of what follows, in a longer span.
    fn led(&self, at: usize, memory: &Memory) -> Found {
        let words = self.words;
        let mut next = at;
        if words.determiners.contains(self.lower(next)) {
            next += 1;
        }
        if words.ends.contains(self.lower(next)) && words.parts_of.contains(self.lower(next + 1)) {
            let after = next + 2;
            if let Some((Value::Point(stamp), end)) = self.next_plain(after, memory) {
                return Some((Value::Point(stamp), end));
            }
            // "the end of the month"
            let unit = after + usize::from(words.determiners.contains(self.lower(after)));
            let grain = self.grain(unit)?;
            return Some((Value::Point(stamp::holding(grain, self.anchor?)), unit + 1));
        }
        if !words.leaders.contains(self.lower(next)) {
            return None;
        }
        let mut after = next + 1;
        // "later Thursday", "earlier today": earlier or later than something else on that day.
        let compared = words.earlier.contains(self.lower(next)) || words.later.contains(self.lower(next));
        let today = words.days.get(self.lower(after)) == Some(&0);
        if compared && (today || self.weekday_name(after).is_some()) {
            return None;
        }
        if words.leader_joiners.contains(self.lower(after)) {
            after += 1;
            // "earlier in the year"
            let unit = after + 1;
            if words.of.contains(self.lower(next + 1))
                && words.determiners.contains(self.lower(after))
                && let Some(grain) = self.grain(unit).filter(|grain| *grain != Grain::Day)
            {
                return Some((Value::Point(stamp::holding(grain, self.anchor?)), unit + 1));
            }
        }
        match self.next_plain(after, memory)? {
            (Value::Point(stamp), end) => Some((Value::Point(stamp), end)),
            (Value::Other(..), _) => None,
        }
    }

    /// The unit in which points are counted that is named at an atom.
    pub(crate) fn grain(&self, at: usize) -> Option<Grain> {
        self.words.units.get(self.words.unit_forms.get(self.lower(at))?)?.grain
    }

    pub(crate) fn lower(&self, at: usize) -> &'a str {
        self.numbers.lower(at)
    }

    pub(crate) fn phrase<T>(&self, phrases: &'a Phrases<T>, at: usize) -> Option<(usize, &'a T)> {
        self.numbers.phrase(phrases, at)
    }

    pub(crate) fn span(&self, atoms: Range<usize>) -> model::Span {
        self.atoms[atoms.start].span.hull(self.atoms[atoms.end - 1].span)
    }

    pub(crate) fn tense(&self, at: usize) -> Tense {
        tense(self.parse, self.atoms[at].token, self.words)
    }

    /// Whether a word for a time is part of a name: the programme "This Week", the paper Northport Today.
    pub(crate) fn is_named(&self, at: usize) -> bool {
        if !self.is_capital(at) {
            return false;
        }
        let token = self.atoms[at].token;
        let first = self.parse.document.sentence_starts[token];
        let title = !["", "DATE", "TIME"].contains(&self.parse.entity(token));
        let after_name = !first && self.parse.tag(token - 1) == "NNP";
        let quoted = |at: usize| ["\"", "“", "'", "‘", "`"].contains(&self.lower(at));
        let opened = at >= 2 && quoted(at - 2) && self.is_capital(at - 1);
        !first && (title || opened || after_name)
    }

    /// Whether the word is printed with a capital.
    pub(crate) fn is_capital(&self, at: usize) -> bool {
        self.atoms
            .get(at)
            .is_some_and(|atom| atom.span.of(self.parse.text).chars().next().is_some_and(char::is_uppercase))
    }
}
