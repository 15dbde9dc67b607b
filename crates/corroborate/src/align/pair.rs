//! Which statements of two articles may say the same, and how likely they do.

use std::collections::BTreeMap;

use super::features::{Features, LOCAL_F, RANKS, RUNS, SHARED, WORD_COSINE, features};
use super::likeness::{AT_ONCE, dots};
use super::unit::Unit;

/// Two statements of different articles, by their numbers in the story; `a` comes first.
pub(crate) struct Link {
    pub a: usize,
    pub b: usize,
    /// That they say the same, 0 to 1.
    pub probability: f64,
    /// They are nearly word for word the same.
    pub twin: bool,
}

/// Shared weight from which two statements are looked at.
const SHARED_MASS_MIN: f32 = 3.5;
/// Likeness of sentence vectors from which they are looked at without shared words.
const COSINE_MIN: f32 = 0.45;
/// Softly shared weight below which a pair is dropped after all.
const SOFT_MASS_MIN: f64 = 3.0;
/// Stories with more different statements are searched by shared words alone: comparing every vector would be quadratic.
const VECTOR_SEARCH_MAX: usize = 3000;
/// A word that more different statements share is not looked up.
const HOLDERS_MAX: usize = 2000;

/// By what pairs are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// By the words that they share.
    Words,
    /// By these, and by their vectors.
    WordsAndVectors,
}

/// All pairs that may say the same; those that a twin rules out are left out. `likely` tells from the features of two
/// units how likely they do, and `take` gets each pair with its features.
pub(crate) fn links(units: &[Unit<'_>], search: Search, (likely, take): (Likely<'_>, Take<'_>)) {
    let (pairs, kind_count) = candidates(units, search);
    let mut judge = Judge::new(units, kind_count);
    for same_articles in pairs.chunk_by(|one, other| one.articles == other.articles) {
        judge.judge(same_articles);
        for Judged { pair, features, twin } in judge.judged.drain(..) {
            let [a, b] = [pair.a as usize, pair.b as usize];
            let least = if twin { TWIN_PROBABILITY } else { 0.0 };
            let probability = likely(&features, [a, b]).max(least);
            take(Link { a, b, probability, twin }, &features);
        }
    }
}

/// How likely two units say the same, by what was measured on them.
type Likely<'l> = &'l dyn Fn(&Features, [usize; 2]) -> f64;
/// What is done with a pair and what was measured on it.
pub(super) type Take<'t> = &'t mut dyn FnMut(Link, &Features);

/// Two units of different articles. They stand in order of their articles.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    articles: [u32; 2],
    /// The earlier one.
    a: u32,
    b: u32,
    /// Number of all pairs that are measured as they are.
    kind: u32,
}

/// Pairs of units in order of their two articles, and how many kinds of them there are. Statements that are the same in
/// all that is measured are looked for once, and their pairs are of one kind: a story of a thousand reprints has hardly
/// more different statements than one of ten.
fn candidates(units: &[Unit<'_>], search: Search) -> (Vec<Pair>, usize) {
    if units.windows(2).all(|pair| pair[0].place.article == pair[1].place.article) {
        return (Vec::new(), 0);
    }
    let mut classes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (number, unit) in units.iter().enumerate() {
        classes.entry(unit.same).or_default().push(number);
    }
    let classes: Vec<Vec<usize>> = classes.into_values().collect();
    let firsts: Vec<&Unit<'_>> = classes.iter().map(|class| &units[class[0]]).collect();
    let articles: Vec<u32> = units.iter().map(|unit| unit.place.article as u32).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    let mut kind_count = 0;
    for (one, other) in like_classes(&firsts, search) {
        for (number, &left) in classes[one].iter().enumerate() {
            let rights = if one == other { &classes[one][number + 1..] } else { &classes[other][..] };
            for &right in rights.iter().filter(|&&right| articles[left] != articles[right]) {
                let (a, b) = (left.min(right), left.max(right));
                // Which of two comes first is measured, too: sums are rounded in their order.
                let kind = kind_count + u32::from(left > right);
                pairs.push(Pair { articles: [articles[a], articles[b]], a: a as u32, b: b as u32, kind });
            }
        }
        kind_count += 2;
    }
    pairs.sort_unstable();
    (pairs, kind_count as usize)
}

/// Pairs of different statements that share enough words or are alike enough, and each statement with itself where it
/// says enough.
fn like_classes(firsts: &[&Unit<'_>], search: Search) -> Vec<(usize, usize)> {
    let mut holders: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (class, unit) in firsts.iter().enumerate() {
        for &key in &unit.keys {
            holders.entry(key).or_default().push(class);
        }
    }
    let search_vectors = search == Search::WordsAndVectors && firsts.len() <= VECTOR_SEARCH_MAX;
    let vectors: Vec<(usize, &[f32])> =
        firsts.iter().enumerate().map(|(class, unit)| (class, &*unit.statement.vector)).collect();
    let mut pairs = Vec::new();
    let mut masses = vec![0.0_f32; firsts.len()];
    let mut touched: Vec<usize> = Vec::new();
    for (class, unit) in firsts.iter().enumerate() {
        touched.clear();
        for (word, key) in unit.statement.words.iter().zip(&unit.keys) {
            let holders = &holders[key];
            if holders.len() > HOLDERS_MAX {
                continue;
            }
            let first = holders.partition_point(|&other| other < class);
            for &other in &holders[first..] {
                if masses[other] == 0.0 {
                    touched.push(other);
                }
                masses[other] += word.weight;
            }
        }
        if search_vectors && !unit.statement.vector.is_empty() {
            for some in vectors[class..].chunks(AT_ONCE) {
                let likenesses = dots(&unit.statement.vector, some);
                let near = some.iter().zip(likenesses).filter(|(_, likeness)| *likeness >= COSINE_MIN);
                touched.extend(
                    near.map(|((other, _), _)| *other).inspect(|&other| masses[other] += SHARED_MASS_MIN),
                );
            }
        }
        touched.sort_unstable();
        touched.dedup();
        for &other in &touched {
            if std::mem::replace(&mut masses[other], 0.0) >= SHARED_MASS_MIN {
                pairs.push((class, other));
            }
        }
    }
    pairs
}

/// A pair with what was measured on it.
struct Judged {
    pair: Pair,
    features: Features,
    /// They are nearly word for word the same.
    twin: bool,
}

/// Measures pairs, those of two articles at a time.
struct Judge<'u, 'a> {
    units: &'u [Unit<'a>],
    /// What was measured on each kind of pair: copies repeat it.
    measured: Vec<Option<Box<Features>>>,
    /// By unit: the best of its pairs by [`LOCAL_F`] and by [`WORD_COSINE`], and whether it has a twin. Nothing for those
    /// that are in none of the pairs at hand.
    best: Vec<[f64; 2]>,
    has_twin: Vec<bool>,
    judged: Vec<Judged>,
}

impl<'u, 'a> Judge<'u, 'a> {
    fn new(units: &'u [Unit<'a>], kind_count: usize) -> Judge<'u, 'a> {
        Judge {
            units,
            measured: vec![None; kind_count],
            best: vec![[0.0; 2]; units.len()],
            has_twin: vec![false; units.len()],
            judged: Vec::new(),
        }
    }

    /// Measures the pairs of two articles and ranks them among each other.
    fn judge(&mut self, pairs: &[Pair]) {
        for &pair in pairs {
            let [a, b] = [pair.a, pair.b].map(|unit| &self.units[unit as usize]);
            let measured = &mut self.measured[pair.kind as usize];
            let features = **measured.get_or_insert_with(|| Box::new(features(a, b)));
            if features[SHARED] >= SOFT_MASS_MIN.ln_1p() {
                for unit in [pair.a, pair.b] {
                    let best = &mut self.best[unit as usize];
                    *best = [best[0].max(features[LOCAL_F]), best[1].max(features[WORD_COSINE])];
                }
                self.judged.push(Judged { pair, features, twin: false });
            }
        }
        /// A rank this near to one is the best.
        const BEST: f64 = 0.999;
        for Judged { pair, features, twin } in &mut self.judged {
            let [a, b] = [pair.a, pair.b].map(|unit| self.best[unit as usize]);
            let rank = |best: f64, feature: usize| features[feature] / (best + 1e-9);
            let (row, column) = (rank(a[0], LOCAL_F), rank(b[0], LOCAL_F));
            let mutual = if row > BEST && column > BEST { 1.0 } else { 0.0 };
            let (word_row, word_column) = (rank(a[1], WORD_COSINE), rank(b[1], WORD_COSINE));
            features[RANKS..].copy_from_slice(&[row, column, mutual, word_row, word_column]);
            *twin = is_twin(features);
            if *twin {
                self.has_twin[pair.a as usize] = true;
                self.has_twin[pair.b as usize] = true;
            }
        }
        self.leave_out_rivals_of_twins();
        for unit in pairs.iter().flat_map(|pair| [pair.a, pair.b]) {
            self.best[unit as usize] = [0.0; 2];
            self.has_twin[unit as usize] = false;
        }
    }

    /// A statement that has its twin in the other article is not compared with anything else there: of all rules this
    /// one gained most precision.
    fn leave_out_rivals_of_twins(&mut self) {
        let has_twin = |unit: u32| self.has_twin[unit as usize];
        self.judged.retain(|Judged { pair, twin, .. }| *twin || !(has_twin(pair.a) || has_twin(pair.b)));
    }
}

const TWIN_PROBABILITY: f64 = 0.97;

fn is_twin(features: &Features) -> bool {
    (features[RUNS] >= 0.5 && features[LOCAL_F] >= 0.7) || features[LOCAL_F] >= 0.88
}
