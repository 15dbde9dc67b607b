//! What grouping and the search for reprints need of an article: a kilobyte or two, whatever its length.

use std::collections::BTreeMap;

use model::{Annotated, Article, Statement, WordKind};

use super::calendar::{day_number, day_of_address};
use crate::reprint::sampled_runs;
use crate::words::hash_of;

/// Weight of a name beside another word: events of one kind differ in who and where.
const NAME_FACTOR: f32 = 1.5;
/// Weight of a verb: what happens is much the same in all events of a kind.
const VERB_FACTOR: f32 = 0.7;
/// Weight of a word in headline and opening, where the event is told.
const OPENING_FACTOR: f32 = 2.0;
/// Statements that are the opening.
const OPENING_COUNT: usize = 3;
/// Words that are kept, the heaviest.
const WORDS_MAX: usize = 160;
/// A word's share of the sketch is kept in so many steps.
const STEPS: f32 = 32_768.0;

/// A compact likeness of an article. It depends on the article alone, not on what else is in the archive.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sketch {
    /// Day of publication, counted in days of the Gregorian calendar: that of the article's address where it is days
    /// earlier than the date. `None` where the date names no day.
    pub day: Option<i32>,
    /// Beginning of the text's digest.
    pub digest: u64,
    /// Content words of the whole text, each as often as it stands there.
    pub length: u32,
    /// Its heaviest words, by key.
    pub words: Vec<SketchWord>,
    /// Mean of the sentence vectors of headline and opening, of length 127; empty where there is none.
    pub opening: Vec<i8>,
    /// Mean of all sentence vectors, of length 127.
    pub whole: Vec<i8>,
    /// A sample of the hashes of its runs of words, ascending: what shares some may be a reprint.
    pub runs: Vec<u32>,
}

/// A word of a sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SketchWord {
    /// Hash of the word.
    pub key: u32,
    /// Its part of the article's vector of unit length, in 32768ths.
    pub weight: u16,
    /// Its part of headline and opening, in 32768ths of their sum; 0 where it does not stand there.
    pub opening: u16,
}

impl Sketch {
    /// The sketch of an article.
    pub fn of(article: &Annotated) -> Sketch {
        let opens = |number: usize, statement: &Statement| {
            number < OPENING_COUNT
                || article.sentences.get(statement.sentence).is_some_and(|sentence| sentence.headline)
        };
        let statements = || {
            article
                .statements
                .iter()
                .enumerate()
                .map(|(number, statement)| (opens(number, statement), statement))
        };
        Sketch {
            day: day(&article.article),
            digest: article
                .article
                .digest
                .get(..16)
                .and_then(|hex| u64::from_str_radix(hex, 16).ok())
                .unwrap_or(0),
            length: article.statements.iter().map(|statement| statement.words.len() as u32).sum(),
            words: words(statements()),
            opening: mean(statements().filter(|(opens, _)| *opens).map(|(_, statement)| statement)),
            whole: mean(statements().map(|(_, statement)| statement)),
            runs: sampled_runs(article),
        }
    }
}

/// The day on which an article first appeared: that of its date, unless its address names an earlier one. Many pages
/// give the day of their last change for that of publication.
fn day(article: &Article) -> Option<i32> {
    /// The day of an address may be that of another time zone, or the eve of publication.
    const APART_MAX: i32 = 2;
    let published = article.published.as_ref().and_then(|date| day_number(&date.value))?;
    let named = article.url.as_deref().and_then(day_of_address);
    named.filter(|named| published.saturating_sub(*named) > APART_MAX).or(Some(published))
}

/// How often a word stands where, and what it weighs.
#[derive(Default)]
struct Counted {
    count: f32,
    opening_count: f32,
    weight: f32,
}

fn words<'a>(statements: impl Iterator<Item = (bool, &'a Statement)>) -> Vec<SketchWord> {
    let mut counts: BTreeMap<&str, Counted> = BTreeMap::new();
    for (opens, statement) in statements {
        for word in &statement.words {
            let counted = counts.entry(&word.key).or_default();
            counted.count += if opens { OPENING_FACTOR } else { 1.0 };
            counted.opening_count += if opens { 1.0 } else { 0.0 };
            counted.weight = counted.weight.max(word.weight * kind_factor(word.kind));
        }
    }
    let mut weighed: Vec<(u32, f32, f32)> = counts
        .iter()
        .map(|(key, counted)| {
            let damped = |count: f32| if count > 0.0 { (1.0 + count.ln()) * counted.weight } else { 0.0 };
            (hash_of([*key].into_iter()) as u32, damped(counted.count), damped(counted.opening_count))
        })
        .collect();
    weighed.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    let length = weighed.iter().map(|word| word.1 * word.1).sum::<f32>().sqrt().max(f32::EPSILON);
    let opening = weighed.iter().map(|word| word.2).sum::<f32>().max(f32::EPSILON);
    weighed.truncate(WORDS_MAX);
    let steps = |part: f32| (part * STEPS).round() as u16;
    let mut words: Vec<SketchWord> = weighed
        .into_iter()
        .map(|(key, weight, lead)| SketchWord {
            key,
            weight: steps(weight / length),
            opening: steps(lead / opening),
        })
        .collect();
    words.sort_unstable();
    words.dedup_by_key(|word| word.key);
    words
}

fn kind_factor(kind: WordKind) -> f32 {
    match kind {
        WordKind::Person | WordKind::Place | WordKind::Name => NAME_FACTOR,
        WordKind::Verb => VERB_FACTOR,
        WordKind::Number | WordKind::Noun | WordKind::Other => 1.0,
    }
}

/// Mean direction of sentence vectors, in whole numbers.
fn mean<'a>(statements: impl Iterator<Item = &'a Statement>) -> Vec<i8> {
    let mut sum: Vec<f32> = Vec::new();
    for statement in statements {
        sum.resize(sum.len().max(statement.vector.len()), 0.0);
        for (total, value) in sum.iter_mut().zip(&statement.vector) {
            *total += value;
        }
    }
    let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length <= f32::EPSILON {
        return Vec::new();
    }
    sum.iter().map(|value| (value / length * 127.0).round() as i8).collect()
}
