//! What `languages/<code>/times.toml` holds: weekdays, months, words that point in time.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Deserialize;

use super::phrase::{Phrases, list};

/// Words by which times are told, and with which they begin.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "TimeTable")]
pub struct TimeWords {
    /// The words as written down.
    pub table: TimeTable,
    /// Every word with which a time can begin, numbers aside.
    pub starts: HashSet<String>,
}

impl From<TimeTable> for TimeWords {
    fn from(table: TimeTable) -> TimeWords {
        let starts = table.first_words();
        TimeWords { table, starts }
    }
}

/// Words by which times are told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeTable {
    /// "the".
    pub determiners: BTreeSet<String>,
    /// "a", "an".
    pub articles: BTreeSet<String>,
    /// "of", "in" between a part and its day or month.
    pub of: BTreeSet<String>,
    /// "of" in "the end of 1990".
    pub parts_of: BTreeSet<String>,
    /// "every", "each".
    pub every: BTreeSet<String>,
    /// "past" in "the past two years".
    pub length_openers: BTreeSet<String>,
    /// "ago".
    pub ago: BTreeSet<String>,
    /// "earlier" after a length.
    pub earlier: BTreeSet<String>,
    /// "later" after a length.
    pub later: BTreeSet<String>,
    /// "early", "late" before a date.
    pub leaders: BTreeSet<String>,
    /// "on" in "early on Tuesday".
    pub leader_joiners: BTreeSet<String>,
    /// "end" in "the end of 1990".
    pub ends: BTreeSet<String>,
    /// Hedges that belong to a length.
    #[serde(deserialize_with = "list")]
    pub hedges: Phrases<()>,
    /// Hedges after a length.
    #[serde(deserialize_with = "list")]
    pub late_hedges: Phrases<()>,
    /// Words before a bare plural unit that make it a length.
    pub bare_openers: BTreeSet<String>,
    /// Words after one.
    pub bare_closers: BTreeSet<String>,
    /// "apart" in "minutes apart", which tells no time.
    pub apart: BTreeSet<String>,
    /// "long" in "a decades-long war".
    pub long: BTreeSet<String>,
    /// "more" in "20 more years".
    pub between: BTreeSet<String>,
    /// "several".
    pub vague_numbers: BTreeSet<String>,
    /// "fiscal".
    pub fiscal: BTreeSet<String>,
    /// "quarter".
    pub quarters: BTreeSet<String>,
    /// What "year-ago" is said of.
    #[serde(deserialize_with = "list")]
    pub periods: Phrases<()>,
    /// "half".
    pub halves: BTreeSet<String>,
    /// "last" in "the last half of 1989".
    pub last_half: BTreeSet<String>,
    /// "century".
    pub century: BTreeSet<String>,
    /// "weekend".
    pub weekend: BTreeSet<String>,
    /// The comma of "Friday, Aug. 7".
    pub date_joiners: BTreeSet<String>,
    /// "year-ago".
    #[serde(deserialize_with = "list")]
    pub year_ago: Phrases<()>,
    /// "year-end".
    #[serde(deserialize_with = "list")]
    pub year_end: Phrases<()>,
    /// "will".
    pub future_words: BTreeSet<String>,
    /// Words that put what hangs from them into the future: "planned".
    pub plan_words: BTreeSet<String>,
    /// "set" in "a summit set for April", with the word that must follow.
    pub set_words: BTreeSet<String>,
    /// "for" after one.
    pub set_joiners: BTreeSet<String>,
    /// Present forms that arrange with an infinitive: "works are to begin on Monday".
    pub arranged: BTreeSet<String>,
    /// Lemmas after which an infinitive is a plan: "agreed to".
    pub promise_words: BTreeSet<String>,
    /// "until".
    pub future_openers: BTreeSet<String>,
    /// "to" before a verb.
    pub infinitive: BTreeSet<String>,
    /// "was", "had", "has" beside a participle.
    pub past_auxiliaries: BTreeSet<String>,
    /// Names of time zones after a clock time.
    #[serde(deserialize_with = "list")]
    pub zones: Phrases<()>,
    /// "a.m."
    pub morning_signs: BTreeSet<String>,
    /// "p.m."
    pub evening_signs: BTreeSet<String>,
    /// "o'clock".
    #[serde(deserialize_with = "list")]
    pub clock_words: Phrases<()>,
    /// "©".
    pub copyright: BTreeSet<String>,
    /// Monday is 1.
    pub weekdays: BTreeMap<String, i8>,
    /// Short forms of the same.
    pub weekdays_short: BTreeMap<String, i8>,
    /// January is 1.
    pub months: BTreeMap<String, i8>,
    /// Short forms, with a stop or before a day or year.
    pub months_short: BTreeMap<String, i8>,
    /// "first" is 1.
    pub ordinals: BTreeMap<String, i64>,
    /// Days counted from the article's.
    pub days: BTreeMap<String, i64>,
    /// Parts of a day that a word of `days` carries.
    pub day_parts: BTreeMap<String, String>,
    /// Parts of a day: TIMEX3 code, or a clock time.
    pub parts: BTreeMap<String, String>,
    /// "this", "last", "next", counted from the article's date.
    pub directions: Phrases<i64>,
    /// "the following", counted from the date told last.
    pub told_directions: Phrases<i64>,
    /// TIMEX3 codes of seasons.
    pub seasons: BTreeMap<String, String>,
    /// Units by name.
    pub units: BTreeMap<String, TimeUnit>,
    /// Names of units by form.
    pub unit_forms: BTreeMap<String, String>,
    /// TIMEX3 values of repeated times.
    pub frequencies: BTreeMap<String, String>,
    /// TIMEX3 values of words that point without a date.
    pub references: Phrases<String>,
    /// Feast days and the rules of their dates.
    pub feasts: Phrases<String>,
}

impl TimeTable {
    /// Every word with which a time can begin, numbers aside.
    fn first_words(&self) -> HashSet<String> {
        let sets =
            [&self.determiners, &self.articles, &self.every, &self.length_openers, &self.leaders, &self.ends];
        let more = [&self.vague_numbers, &self.fiscal, &self.last_half, &self.quarters, &self.weekend];
        let names = [&self.weekdays, &self.weekdays_short, &self.months, &self.months_short];
        let words = sets.into_iter().chain(more).flatten();
        let names =
            names.into_iter().flat_map(BTreeMap::keys).chain(self.ordinals.keys()).chain(self.days.keys());
        let others = [&self.parts, &self.unit_forms, &self.frequencies, &self.seasons]
            .into_iter()
            .flat_map(BTreeMap::keys);
        let phrases = self.hedges.firsts().chain(self.year_ago.firsts()).chain(self.year_end.firsts());
        let told = self.directions.firsts().chain(self.told_directions.firsts());
        let pointing = self.references.firsts().chain(self.feasts.firsts());
        words.chain(names).chain(others).chain(phrases).chain(told).chain(pointing).cloned().collect()
    }
}

/// A unit in which points of the calendar are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grain {
    /// A day.
    Day,
    /// A week that begins on Monday.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
    /// Ten years.
    Decade,
    /// A hundred years.
    Century,
}

/// A unit of time in ISO 8601.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeUnit {
    /// Its letter.
    pub code: String,
    /// How many of it; 1 when left out.
    #[serde(default = "one")]
    pub times: i64,
    /// The period that it names, if it is one of the calendar.
    pub grain: Option<Grain>,
    /// Whether it is told after `T`.
    #[serde(default)]
    pub clock: bool,
}

fn one() -> i64 {
    1
}
