//! Which articles are about one event: each article once, oldest first, its story found through an index.

use std::collections::{BTreeMap, BTreeSet};

use model::{Annotated, Relation, Reprint, WordKind};

/// Weight of a name beside another word: events of one kind differ in who and where.
const NAME_FACTOR: f32 = 1.5;
/// Weight of a verb: what happens is much the same in all events of a kind.
const VERB_FACTOR: f32 = 0.7;
/// Weight of a word in headline and opening, where the event is told.
const OPENING_FACTOR: f32 = 2.0;
/// Statements that are the opening.
const OPENING_COUNT: usize = 3;
/// Likeness to a story from which an article belongs to it, where both are dated: less will do, since they are of
/// the same days.
const DATED_LIKENESS_MIN: f32 = 0.14;
/// The same where a date is missing.
const UNDATED_LIKENESS_MIN: f32 = 0.24;
/// Days that do not count as apart: time zones, morning papers.
const GRACE_DAYS: f32 = 1.0;
/// Days after which likeness has fallen to a third.
const FADING_DAYS: f32 = 25.0;
/// An article is looked up by so many of its heaviest words.
const LOOKED_UP_MAX: usize = 40;
/// Stories that are compared in full, those with most looked-up weight in common first.
const CANDIDATES_MAX: usize = 20;
/// With so many articles their own word counts weigh as much as those of news at large.
const LOCAL_TRUST: f32 = 50.0;

/// Groups of articles about one event, each in order of input, in order of their first.
pub fn stories(articles: &[Annotated]) -> Vec<Vec<usize>> {
    grouped(articles, &crate::reprint::reprints(articles))
}

/// The same where reprints are known: a copy is about what its original is about.
pub(crate) fn grouped(articles: &[Annotated], reprints: &[Reprint]) -> Vec<Vec<usize>> {
    let profiles = profiles(articles);
    let mut order: Vec<usize> = (0..articles.len()).collect();
    let published =
        |article: usize| articles[article].article.published.as_ref().map(|date| date.value.as_str());
    order.sort_by_key(|&article| (published(article), article));
    let mut index = Index::default();
    for article in order {
        let original = reprints
            .iter()
            .filter(|reprint| reprint.relation == Relation::Copy)
            .filter_map(|reprint| match article {
                article if article == reprint.article => Some(reprint.of),
                article if article == reprint.of => Some(reprint.article),
                _ => None,
            })
            .find_map(|other| index.story_of.get(&other).copied());
        let story = original.or_else(|| index.assign(&profiles[article]));
        index.file(article, &profiles[article], story);
    }
    let mut groups: Vec<Vec<usize>> = index.stories.into_iter().map(|story| story.articles).collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort();
    groups
}

/// An article's words with their weights, as a vector of unit length.
struct Profile {
    /// By number of the word.
    words: Vec<(u32, f32)>,
    /// Day of publication, counted from a fixed day.
    day: Option<f32>,
}

fn profiles(articles: &[Annotated]) -> Vec<Profile> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut counted: Vec<BTreeMap<u32, (f32, f32)>> = Vec::with_capacity(articles.len());
    let mut holders: Vec<u32> = Vec::new();
    for article in articles {
        let mut counts: BTreeMap<u32, (f32, f32)> = BTreeMap::new();
        for (place, statement) in article.statements.iter().enumerate() {
            let headline =
                article.sentences.get(statement.sentence).is_some_and(|sentence| sentence.headline);
            let factor = if headline || place < OPENING_COUNT { OPENING_FACTOR } else { 1.0 };
            for word in &statement.words {
                let next = numbers.len() as u32;
                let number = *numbers.entry(&word.key).or_insert(next);
                let entry = counts.entry(number).or_insert((0.0, word.weight * kind_factor(word.kind)));
                entry.0 += factor;
            }
        }
        holders.resize(numbers.len(), 0);
        for number in counts.keys() {
            holders[*number as usize] += 1;
        }
        counted.push(counts);
    }
    let all = articles.len() as f32;
    let trust = 0.5 * all / (all + LOCAL_TRUST);
    let local = |number: u32| ((all + 1.0) / (holders[number as usize] as f32 + 0.5)).ln();
    articles
        .iter()
        .zip(counted)
        .map(|(article, counts)| {
            let weighed = |(number, (count, weight)): (u32, (f32, f32))| {
                (number, (1.0 + count.ln()) * ((1.0 - trust) * weight + trust * local(number)))
            };
            let mut words: Vec<(u32, f32)> = counts.into_iter().map(weighed).collect();
            let length = words.iter().map(|word| word.1 * word.1).sum::<f32>().sqrt().max(f32::EPSILON);
            for word in &mut words {
                word.1 /= length;
            }
            let day = article.article.published.as_ref().and_then(|date| day(&date.value));
            Profile { words, day }
        })
        .collect()
}

fn kind_factor(kind: WordKind) -> f32 {
    match kind {
        WordKind::Person | WordKind::Place | WordKind::Name => NAME_FACTOR,
        WordKind::Verb => VERB_FACTOR,
        WordKind::Number | WordKind::Noun | WordKind::Other => 1.0,
    }
}

/// Number of an ISO date's day in the Gregorian calendar; `None` where the value names no day.
fn day(value: &str) -> Option<f32> {
    let mut parts = value.get(..10)?.split('-').map(str::parse::<i32>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    // The year begins in March, so that the leap day is its last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some((365 * year + leap_days + (153 * month + 2) / 5 + day) as f32)
}

/// A story while articles come in.
struct Growing {
    articles: Vec<usize>,
    /// Sum of its articles' words.
    sum: BTreeMap<u32, f32>,
    /// First and last day.
    days: Option<(f32, f32)>,
}

#[derive(Default)]
struct Index {
    stories: Vec<Growing>,
    story_of: BTreeMap<usize, usize>,
    /// Stories by the heavy words of their articles.
    holders: BTreeMap<u32, BTreeSet<usize>>,
}

impl Index {
    /// The story that an article belongs to, if it is like one.
    fn assign(&self, profile: &Profile) -> Option<usize> {
        let mut touched: BTreeMap<usize, f32> = BTreeMap::new();
        for (number, weight) in heaviest(profile) {
            for &story in self.holders.get(&number).into_iter().flatten() {
                *touched.entry(story).or_insert(0.0) += weight * weight;
            }
        }
        let mut candidates: Vec<(usize, f32)> = touched.into_iter().collect();
        candidates.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        let mut best = (0.0, None);
        for (story, _) in candidates.into_iter().take(CANDIDATES_MAX) {
            let dated = profile.day.is_some() && self.stories[story].days.is_some();
            let least = if dated { DATED_LIKENESS_MIN } else { UNDATED_LIKENESS_MIN };
            let likeness = self.stories[story].likeness(profile);
            if likeness >= least && likeness > best.0 {
                best = (likeness, Some(story));
            }
        }
        best.1
    }

    /// Puts an article into a story, or opens one for it.
    fn file(&mut self, article: usize, profile: &Profile, story: Option<usize>) {
        let story = story.unwrap_or_else(|| {
            self.stories.push(Growing { articles: Vec::new(), sum: BTreeMap::new(), days: None });
            self.stories.len() - 1
        });
        self.story_of.insert(article, story);
        for (number, _) in heaviest(profile) {
            self.holders.entry(number).or_default().insert(story);
        }
        let growing = &mut self.stories[story];
        growing.articles.push(article);
        for &(number, weight) in &profile.words {
            *growing.sum.entry(number).or_insert(0.0) += weight;
        }
        if let Some(day) = profile.day {
            let (first, last) = growing.days.unwrap_or((day, day));
            growing.days = Some((first.min(day), last.max(day)));
        }
    }
}

impl Growing {
    /// Mean likeness to its articles, less where they are days apart.
    fn likeness(&self, profile: &Profile) -> f32 {
        let shared: f32 = profile
            .words
            .iter()
            .map(|(number, weight)| weight * self.sum.get(number).copied().unwrap_or(0.0))
            .sum();
        let apart = match (profile.day, self.days) {
            (Some(day), Some((first, last))) => (first - day).max(day - last).max(0.0),
            _ => 0.0,
        };
        shared / self.articles.len() as f32 * (-(apart - GRACE_DAYS).max(0.0) / FADING_DAYS).exp()
    }
}

/// An article's heaviest words.
fn heaviest(profile: &Profile) -> Vec<(u32, f32)> {
    let mut words = profile.words.clone();
    words.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    words.truncate(LOOKED_UP_MAX);
    words
}

/// The article whose headline stands for a story: the first that has one.
pub(crate) fn lead(articles: &[Annotated], members: &[usize]) -> usize {
    members
        .iter()
        .copied()
        .find(|&article| articles[article].article.headline.is_some())
        .unwrap_or(members[0])
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_follow_each_other_over_month_and_year() {
        assert_eq!(day("2024-03-01").zip(day("2024-02-28")).map(|(x, y)| x - y), Some(2.0));
        assert_eq!(day("2023-01-01T06:00").zip(day("2022-12-31")).map(|(x, y)| x - y), Some(1.0));
        assert_eq!(day("2022-02"), None);
    }
}
