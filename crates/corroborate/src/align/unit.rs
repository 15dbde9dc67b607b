//! The statements of a story made ready to be compared with each other: words as numbers, weights, runs of three.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use model::{Annotated, Statement, Word, WordKind};

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
    /// Number of each word among those of the story that are compared by their vectors.
    vectors: Vec<u32>,
    /// Number of the beginning of each word; [`NO_BEGINNING`] for words too short to have one.
    beginnings: Vec<u32>,
    /// What is known of the story's words.
    pub(super) likenesses: Rc<Likenesses>,
    /// Statements with the same number have all in common that [`super::features`] looks at.
    pub same: u32,
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
    let statements = members.iter().flat_map(|&article| {
        let annotated = &articles[article];
        annotated.statements.iter().enumerate().map(move |(number, statement)| {
            let headline =
                annotated.sentences.get(statement.sentence).is_some_and(|sentence| sentence.headline);
            (Place { article, statement: number }, statement, headline)
        })
    });
    ready(statements, &Rc::default())
}

/// Statements made ready: where each stands, and whether it is part of a headline. What is known of the story's words is
/// added to.
pub(super) fn ready<'a>(
    statements: impl Iterator<Item = (Place, &'a Statement, bool)>,
    likenesses: &Rc<Likenesses>,
) -> Vec<Unit<'a>> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut beginnings: BTreeMap<&str, u32> = BTreeMap::new();
    let mut words = likenesses.numbers.borrow_mut();
    let mut same = Numbers::default();
    let mut units = Vec::new();
    for (place, statement, headline) in statements {
        let mut number_of = |name: &'a str| {
            let next = numbers.len() as u32;
            *numbers.entry(name).or_insert(next)
        };
        let keys = statement.words.iter().map(|word| number_of(&word.key)).collect();
        let senses = statement.words.iter().map(|word| number_of(&word.sense)).collect();
        let proper =
            |kind| matches!(kind, WordKind::Person | WordKind::Place | WordKind::Name | WordKind::Number);
        let mut beginning_of = |word: &'a Word| match beginning(&word.key) {
            Some(beginning) => {
                let next = beginnings.len() as u32;
                *beginnings.entry(beginning).or_insert(next)
            }
            None => NO_BEGINNING,
        };
        let runs = runs(statement);
        let vectors: Vec<u32> = statement.words.iter().map(|word| words.of(&word.vector)).collect();
        units.push(Unit {
            place,
            statement,
            keys,
            senses,
            same: same.of(content(statement, (&runs, &vectors))),
            vectors,
            beginnings: statement.words.iter().map(&mut beginning_of).collect(),
            likenesses: Rc::clone(likenesses),
            proper: statement.words.iter().map(|word| proper(word.kind)).collect(),
            local: Vec::new(),
            mass: statement.words.iter().map(|word| word.weight).sum::<f32>() + f32::EPSILON,
            local_mass: 0.0,
            runs,
            headline,
        });
    }
    weigh(&mut units, numbers.len());
    likenesses.make_room(words.by_value.0.len());
    drop(words);
    units
}

/// Numbers for values, in order of first sight.
#[derive(Default)]
struct Numbers(BTreeMap<Vec<u8>, u32>);

impl Numbers {
    fn of(&mut self, value: Vec<u8>) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(value).or_insert(next)
    }
}

/// Numbers for vectors of words. Words share theirs, so that most are known by where they lie; that is only looked up,
/// never walked through, and numbers do not depend on it.
#[derive(Default)]
struct VectorNumbers {
    by_place: HashMap<*const f32, u32>,
    by_value: Numbers,
}

impl VectorNumbers {
    fn of(&mut self, vector: &[f32]) -> u32 {
        let by_value = &mut self.by_value;
        if vector.is_empty() {
            // It lies nowhere.
            return by_value.of(Vec::new());
        }
        *self.by_place.entry(vector.as_ptr()).or_insert_with(|| by_value.of(bits(vector)))
    }
}

fn bits(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_bits().to_le_bytes()).collect()
}

/// All of a statement that comparing it with another looks at.
fn content(statement: &Statement, (runs, vectors): (&[u64], &[u32])) -> Vec<u8> {
    let mut content = bits(&statement.vector);
    content.extend(runs.iter().flat_map(|run| run.to_le_bytes()));
    content.push(u8::from(statement.negation_count > 0));
    for (word, vector) in statement.words.iter().zip(vectors) {
        content.extend_from_slice(word.key.as_bytes());
        content.push(0);
        content.extend_from_slice(word.sense.as_bytes());
        content.extend([0, word.kind as u8]);
        content.extend(word.weight.to_bits().to_le_bytes());
        content.extend(vector.to_le_bytes());
    }
    content
}

/// Likenesses of the story's words, each worked out when first asked for: a story has few words and uses them often.
#[derive(Default)]
pub(crate) struct Likenesses {
    numbers: RefCell<VectorNumbers>,
    width: Cell<usize>,
    /// By two words' numbers; not a number where it is not known yet.
    known: Cell<Vec<f32>>,
}

/// Words of a story whose likenesses are remembered: sixteen megabytes of them at most.
const WORDS_REMEMBERED_MAX: usize = 2048;

impl Likenesses {
    /// Room for the likenesses of so many words, unless there is room already: words that come later do without.
    fn make_room(&self, word_count: usize) {
        let width = word_count.min(WORDS_REMEMBERED_MAX);
        if self.width.get() > 0 {
            return;
        }
        self.width.set(width);
        self.known.set(vec![f32::NAN; width * width]);
    }
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

/// Gives each word its weight among the story's statements: what all of them say tells none of them apart. Statements
/// that are the same count once, so that one more copy of a report changes nothing.
fn weigh(units: &mut [Unit<'_>], key_count: usize) {
    let mut counts = vec![0_u32; key_count];
    let mut seen = BTreeSet::new();
    for unit in units.iter().filter(|unit| seen.insert(unit.same)) {
        for &key in &unit.keys {
            counts[key as usize] += 1;
        }
    }
    let all = seen.len() as f32;
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
        let (width, mut known) = (a.likenesses.width.get(), a.likenesses.known.take());
        for i in 0..a.keys.len() {
            for j in 0..b.keys.len() {
                let likeness = || {
                    let vectors = [&a.statement.words[i].vector, &b.statement.words[j].vector];
                    let (one, other) = (a.vectors[i] as usize, b.vectors[j] as usize);
                    if one.max(other) >= width {
                        return dot(vectors[0], vectors[1]);
                    }
                    // One half of the table is enough: a product does not depend on the order.
                    let place = &mut known[one.max(other) * width + one.min(other)];
                    if place.is_nan() {
                        *place = dot(vectors[0], vectors[1]);
                    }
                    *place
                };
                values.push(word_match((a, i), (b, j), likeness));
            }
        }
        a.likenesses.known.set(known);
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
fn word_match((a, i): (&Unit<'_>, usize), (b, j): (&Unit<'_>, usize), likeness: impl FnOnce() -> f32) -> f32 {
    const SAME_CLASS: f32 = 0.9;
    const SAME_BEGINNING: f32 = 0.8;
    const LIKENESS_MIN: f32 = 0.5;
    if a.keys[i] == b.keys[j] {
        return 1.0;
    }
    if a.senses[i] == b.senses[j] {
        return SAME_CLASS;
    }
    if a.proper[i] || b.proper[j] {
        let kind = |unit: &Unit<'_>, word: usize| unit.statement.words[word].kind;
        let both_words = kind(a, i) != WordKind::Number && kind(b, j) != WordKind::Number;
        let same_beginning = a.beginnings[i] == b.beginnings[j] && a.beginnings[i] != NO_BEGINNING;
        return if both_words && same_beginning { SAME_BEGINNING } else { 0.0 };
    }
    let likeness = likeness();
    if likeness > LIKENESS_MIN { likeness * SAME_CLASS } else { 0.0 }
}

/// Stands for the beginning of a word that is too short to have one.
const NO_BEGINNING: u32 = u32::MAX;

/// A word's first five letters, where it has so many.
fn beginning(word: &str) -> Option<&str> {
    const LETTERS: usize = 5;
    let (last, letter) = word.char_indices().nth(LETTERS - 1)?;
    word.get(..last + letter.len_utf8())
}

/// Whether two words of five letters or more begin with the same five.
pub(crate) fn same_beginning(one: &str, other: &str) -> bool {
    beginning(one).is_some_and(|begins| beginning(other) == Some(begins))
}

/// Scalar product; zero where a vector is missing. Summed in lanes, which processors add side by side: always in the
/// same order.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let length = a.len().min(b.len());
    let (a, b) = (a[..length].chunks_exact(LANES), b[..length].chunks_exact(LANES));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    let mut sums = [0.0_f32; LANES];
    for (x, y) in a.zip(b) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}
