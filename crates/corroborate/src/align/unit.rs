//! The statements of a story made ready to be compared with each other: words as numbers, weights, runs of three.

use std::collections::BTreeMap;

use model::{Annotated, Statement, WordKind};

use crate::words::hash_of;

/// A statement of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Index of the article among all that are compared.
    pub article: usize,
    /// Index of the statement in its article.
    pub statement: usize,
}

/// A statement with what comparing needs, computed once for the story.
pub(crate) struct Unit<'a> {
    pub place: Place,
    pub statement: &'a Statement,
    /// Number of each word's key in the story.
    pub keys: Vec<u32>,
    /// Number of each word's class.
    pub senses: Vec<u32>,
    /// Whether each word only matches itself: names and numbers.
    pub proper: Vec<bool>,
    /// Weight of each word among the story's statements.
    pub local: Vec<f32>,
    /// Sum of the words' weights in news at large.
    pub mass: f32,
    /// Sum of their weights in this story.
    pub local_mass: f32,
    /// Hashes of runs of three words, each once, sorted.
    pub runs: Vec<u64>,
    /// Whether it is part of a headline.
    pub headline: bool,
}

/// Numbers tell statements of one story apart better than words of the same rarity.
const NUMBER_FACTOR: f32 = 1.5;
const RUN_LENGTH: usize = 3;

/// All statements of the story's articles, in order.
pub(crate) fn units<'a>(articles: &'a [Annotated], members: &[usize]) -> Vec<Unit<'a>> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut units = Vec::new();
    for &article in members {
        for (number, statement) in articles[article].statements.iter().enumerate() {
            let mut number_of = |name: &'a str| {
                let next = numbers.len() as u32;
                *numbers.entry(name).or_insert(next)
            };
            let keys = statement.words.iter().map(|word| number_of(&word.key)).collect();
            let senses = statement.words.iter().map(|word| number_of(&word.sense)).collect();
            let proper =
                |kind| matches!(kind, WordKind::Person | WordKind::Place | WordKind::Name | WordKind::Number);
            units.push(Unit {
                place: Place { article, statement: number },
                statement,
                keys,
                senses,
                proper: statement.words.iter().map(|word| proper(word.kind)).collect(),
                local: Vec::new(),
                mass: statement.words.iter().map(|word| word.weight).sum::<f32>() + f32::EPSILON,
                local_mass: 0.0,
                runs: runs(statement),
                headline: articles[article]
                    .sentences
                    .get(statement.sentence)
                    .is_some_and(|sentence| sentence.headline),
            });
        }
    }
    weigh(&mut units, numbers.len());
    units
}

fn runs(statement: &Statement) -> Vec<u64> {
    let mut runs: Vec<u64> = statement
        .stream
        .windows(RUN_LENGTH)
        .map(|run| hash_of(run.iter().map(|token| &*token.form)))
        .collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// Gives each word its weight among the story's statements: what all of them say tells none of them apart.
fn weigh(units: &mut [Unit<'_>], key_count: usize) {
    let mut counts = vec![0_u32; key_count];
    for unit in units.iter() {
        for &key in &unit.keys {
            counts[key as usize] += 1;
        }
    }
    let all = units.len() as f32;
    for unit in units {
        let weight = |(number, &key): (usize, &u32)| {
            let rarity = ((all + 1.0) / (counts[key as usize] as f32 + 0.5)).ln();
            let number = unit.statement.words[number].kind == WordKind::Number;
            if number { rarity * NUMBER_FACTOR } else { rarity }
        };
        unit.local = unit.keys.iter().enumerate().map(weight).collect();
        unit.local_mass = unit.local.iter().sum::<f32>() + f32::EPSILON;
    }
}

/// How well each word of one statement matches each of another, 0 to 1.
pub(crate) struct Matches {
    width: usize,
    values: Vec<f32>,
}

impl Matches {
    pub(crate) fn new(a: &Unit<'_>, b: &Unit<'_>) -> Matches {
        let mut values = Vec::with_capacity(a.keys.len() * b.keys.len());
        for i in 0..a.keys.len() {
            for j in 0..b.keys.len() {
                values.push(word_match(a, i, b, j));
            }
        }
        Matches { width: b.keys.len(), values }
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> f32 {
        self.values[row * self.width + column]
    }

    /// Best match of each word of the first statement.
    pub(crate) fn rows(&self) -> Vec<f32> {
        if self.width == 0 {
            return Vec::new();
        }
        self.values.chunks(self.width).map(|row| row.iter().copied().fold(0.0, f32::max)).collect()
    }

    /// Best match of each word of the second statement.
    pub(crate) fn columns(&self) -> Vec<f32> {
        let mut best = vec![0.0_f32; self.width];
        if self.width > 0 {
            for row in self.values.chunks(self.width) {
                for (known, &value) in best.iter_mut().zip(row) {
                    *known = known.max(value);
                }
            }
        }
        best
    }
}

/// Likeness of two words: the same 1, of one class .9, a name of the same beginning .8 ("Russia", "Russian"),
/// any other word by its vector; names and numbers match nothing else.
fn word_match(a: &Unit<'_>, i: usize, b: &Unit<'_>, j: usize) -> f32 {
    const SAME_CLASS: f32 = 0.9;
    const SAME_BEGINNING: f32 = 0.8;
    const LIKENESS_MIN: f32 = 0.5;
    if a.keys[i] == b.keys[j] {
        return 1.0;
    }
    if a.senses[i] == b.senses[j] {
        return SAME_CLASS;
    }
    let (left, right) = (&a.statement.words[i], &b.statement.words[j]);
    if a.proper[i] || b.proper[j] {
        let both_words = left.kind != WordKind::Number && right.kind != WordKind::Number;
        return if both_words && same_beginning(&left.key, &right.key) { SAME_BEGINNING } else { 0.0 };
    }
    let likeness = dot(&left.vector, &right.vector);
    if likeness > LIKENESS_MIN { likeness * SAME_CLASS } else { 0.0 }
}

/// Whether two words of five letters or more begin with the same five.
pub(crate) fn same_beginning(one: &str, other: &str) -> bool {
    const LETTERS: usize = 5;
    let begins = |word: &str| word.chars().take(LETTERS).collect::<String>();
    let (one, other) = (begins(one), begins(other));
    one.chars().count() == LETTERS && one == other
}

/// Scalar product; zero where a vector is missing.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
