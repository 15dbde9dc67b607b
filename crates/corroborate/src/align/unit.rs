//! The statements of a story made ready to be compared with each other: words as numbers, weights, runs of three.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use model::{Annotated, Statement, WordKind};

use super::likeness::{Likenesses, bits};
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
    /// Number of each word among those of the story, by which [`Likenesses`] knows it.
    pub(super) forms: Vec<u32>,
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
    let mut same: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut units = Vec::new();
    for (place, statement, headline) in statements {
        let words = || statement.words.iter();
        let (forms, parts): (Vec<u32>, Vec<_>) = words().map(|word| likenesses.form(word)).unzip();
        let runs = runs(statement);
        let next = same.len() as u32;
        units.push(Unit {
            place,
            statement,
            keys: parts.iter().map(|form| form.key).collect(),
            senses: parts.iter().map(|form| form.sense).collect(),
            same: *same.entry(content(statement, (&runs, &forms))).or_insert(next),
            forms,
            likenesses: Rc::clone(likenesses),
            proper: parts.iter().map(|form| form.proper).collect(),
            local: Vec::new(),
            mass: words().map(|word| word.weight).sum::<f32>() + f32::EPSILON,
            local_mass: 0.0,
            runs,
            headline,
        });
    }
    weigh(&mut units, likenesses.name_count());
    units
}

/// All of a statement that comparing it with another looks at.
fn content(statement: &Statement, (runs, forms): (&[u64], &[u32])) -> Vec<u8> {
    let mut content = bits(&statement.vector);
    content.extend((runs.len() as u32).to_le_bytes());
    content.extend(runs.iter().flat_map(|run| run.to_le_bytes()));
    content.push(u8::from(statement.negation_count > 0));
    for (word, form) in statement.words.iter().zip(forms) {
        content.extend(form.to_le_bytes());
        content.push(word.kind as u8);
        content.extend(word.weight.to_bits().to_le_bytes());
    }
    content
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
