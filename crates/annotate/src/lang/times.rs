//! What `languages/<code>/times.toml` holds: weekdays, months, words that point in time.

use serde::Deserialize;

use super::phrase::{Phrases, list};
use super::word::{WordMap, WordSet};

/// Words by which times are told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeWords {
    /// "the".
    pub determiners: WordSet,
    /// "a", "an".
    pub articles: WordSet,
    /// "of", "in" between a part and its day or month.
    pub of: WordSet,
    /// "of" in "the end of 1990".
    pub parts_of: WordSet,
    /// "every", "each".
    pub every: WordSet,
    /// "past" in "the past two years".
    pub length_openers: WordSet,
    /// "ago".
    pub ago: WordSet,
    /// "earlier" after a length.
    pub earlier: WordSet,
    /// "later" after a length.
    pub later: WordSet,
    /// "early", "late" before a date.
    pub leaders: WordSet,
    /// "on" in "early on Tuesday".
    pub leader_joiners: WordSet,
    /// "end" in "the end of 1990".
    pub ends: WordSet,
    /// Hedges that belong to a length.
    #[serde(deserialize_with = "list")]
    pub hedges: Phrases<()>,
    /// Hedges after a length.
    #[serde(deserialize_with = "list")]
    pub late_hedges: Phrases<()>,
    /// Words before a bare plural unit that make it a length.
    pub bare_openers: WordSet,
    /// Words after one.
    pub bare_closers: WordSet,
    /// "apart" in "minutes apart", which tells no time.
    pub apart: WordSet,
    /// "long" in "a decades-long war".
    pub long: WordSet,
    /// "more" in "20 more years".
    pub between: WordSet,
    /// "several".
    pub vague_numbers: WordSet,
    /// "fiscal".
    pub fiscal: WordSet,
    /// "quarter".
    pub quarters: WordSet,
    /// What "year-ago" is said of.
    #[serde(deserialize_with = "list")]
    pub periods: Phrases<()>,
    /// "half".
    pub halves: WordSet,
    /// "last" in "the last half of 1989".
    pub last_half: WordSet,
    /// "century".
    pub century: WordSet,
    /// "weekend".
    pub weekend: WordSet,
    /// The comma of "Friday, Aug. 7".
    pub date_joiners: WordSet,
    /// "year-ago".
    #[serde(deserialize_with = "list")]
    pub year_ago: Phrases<()>,
    /// "year-end".
    #[serde(deserialize_with = "list")]
    pub year_end: Phrases<()>,
    /// "will".
    pub future_words: WordSet,
    /// Words that put what hangs from them into the future: "planned".
    pub plan_words: WordSet,
    /// "set" in "a summit set for April", with the word that must follow.
    pub set_words: WordSet,
    /// "for" after one.
    pub set_joiners: WordSet,
    /// Present forms that arrange with an infinitive: "works are to begin on Monday".
    pub arranged: WordSet,
    /// Lemmas after which an infinitive is a plan: "agreed to".
    pub promise_words: WordSet,
    /// "until".
    pub future_openers: WordSet,
    /// "to" before a verb.
    pub infinitive: WordSet,
    /// "was", "had", "has" beside a participle.
    pub past_auxiliaries: WordSet,
    /// "has" beside a participle: what has been done by now.
    pub perfect_auxiliaries: WordSet,
    /// "now" in "Now, she said", which tells no time.
    pub particles: WordSet,
    /// "future" in "future losses": pointing only before a noun.
    pub attributes: WordSet,
    /// "most" in "most recently last October".
    pub superlatives: WordSet,
    /// Lemmas of what is said to be of today and means no day: "today's youth".
    pub of_an_age: WordSet,
    /// "hours" in "the early hours of Thursday".
    pub stretches: WordSet,
    /// Names of time zones after a clock time.
    #[serde(deserialize_with = "list")]
    pub zones: Phrases<()>,
    /// "a.m."
    pub morning_signs: WordSet,
    /// "p.m."
    pub evening_signs: WordSet,
    /// "o'clock".
    #[serde(deserialize_with = "list")]
    pub clock_words: Phrases<()>,
    /// "©".
    pub copyright: WordSet,
    /// Monday is 1.
    pub weekdays: WordMap<i8>,
    /// Short forms of the same.
    pub weekdays_short: WordMap<i8>,
    /// January is 1.
    pub months: WordMap<i8>,
    /// Short forms, with a stop or before a day or year.
    pub months_short: WordMap<i8>,
    /// "first" is 1.
    pub ordinals: WordMap<i64>,
    /// Days counted from the article's.
    pub days: WordMap<i64>,
    /// Parts of a day that a word of `days` carries.
    pub day_parts: WordMap<String>,
    /// Parts of a day: TIMEX3 code, or a clock time.
    pub parts: WordMap<String>,
    /// "this", "last", "next", counted from the article's date.
    pub directions: Phrases<i64>,
    /// "the following", counted from the date told last.
    pub told_directions: Phrases<i64>,
    /// TIMEX3 codes of seasons.
    pub seasons: WordMap<String>,
    /// Units by name.
    pub units: WordMap<TimeUnit>,
    /// Names of units by form.
    pub unit_forms: WordMap<String>,
    /// TIMEX3 values of repeated times.
    pub frequencies: WordMap<String>,
    /// TIMEX3 values of words that point without a date.
    pub references: Phrases<String>,
    /// Feast days and the rules of their dates.
    pub feasts: Phrases<String>,
}

impl TimeWords {
    /// Words with which a time can begin, whatever follows them; numbers aside.
    pub(super) fn alone(&self) -> impl Iterator<Item = &str> {
        let sets = [&self.every, &self.length_openers, &self.leaders, &self.ends, &self.vague_numbers];
        let more = [&self.fiscal, &self.last_half, &self.quarters, &self.weekend];
        let names = [&self.weekdays, &self.weekdays_short, &self.months, &self.months_short];
        let others = [&self.parts, &self.unit_forms, &self.frequencies, &self.seasons];
        let words = sets.into_iter().chain(more).flat_map(WordSet::iter);
        let names = names.into_iter().flat_map(WordMap::keys);
        let others = others.into_iter().flat_map(WordMap::keys);
        let numbers = self.ordinals.keys().chain(self.days.keys());
        let years = self.year_ago.lone().chain(self.year_end.lone());
        let phrases = self.references.lone().chain(self.feasts.lone()).chain(years);
        words.chain(names).chain(others).chain(numbers).chain(phrases)
    }

    /// Words with which a time can begin when it goes on with a word of `alone` or `seconds`, or a number.
    pub(super) fn leaning(&self) -> impl Iterator<Item = &str> {
        let articles = self.determiners.iter().chain(self.articles.iter());
        let directions = self.directions.firsts().chain(self.told_directions.firsts());
        let years = self.year_ago.firsts().chain(self.year_end.firsts());
        let pointing = self.references.firsts().chain(self.feasts.firsts());
        articles.chain(self.hedges.firsts()).chain(directions).chain(years).chain(pointing)
    }

    /// What follows a first word in phrases with which times begin.
    pub(super) fn seconds(&self, first: &str) -> impl Iterator<Item = &str> {
        let told = self.directions.seconds(first).chain(self.told_directions.seconds(first));
        let pointing = self.references.seconds(first).chain(self.feasts.seconds(first));
        let years = self.year_ago.seconds(first).chain(self.year_end.seconds(first));
        self.hedges.seconds(first).chain(years).chain(told).chain(pointing)
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
