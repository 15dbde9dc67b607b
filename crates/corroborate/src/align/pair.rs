//! Which statements of two articles may say the same, and how likely they do.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::features::{Features, LOCAL_F, RANKS, RUNS, SHARED, WORD_COSINE, features};
use super::unit::{Unit, dot};

/// Two statements of different articles, by their numbers in the story; `a` comes first.
pub(crate) struct Link {
    pub a: usize,
    pub b: usize,
    /// That they say the same, 0 to 1.
    pub probability: f64,
    /// They are nearly word for word the same.
    pub twin: bool,
    pub features: Features,
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

/// All pairs that may say the same, with their features; those that a twin rules out are left out. `likely` tells from
/// the features of two units how likely they do.
pub(crate) fn links(
    units: &[Unit<'_>],
    search: Search,
    likely: &dyn Fn(&Features, [usize; 2]) -> f64,
) -> Vec<Link> {
    let mut links = Vec::new();
    let mut known = HashMap::new();
    for (_, pairs) in candidates(units, search) {
        let mut judged = judged(units, &pairs, &mut known);
        for link in &mut judged {
            link.probability = likely(&link.features, [link.a, link.b]);
            if link.twin {
                link.probability = link.probability.max(TWIN_PROBABILITY);
            }
        }
        links.extend(judged);
    }
    links
}

/// What was measured on two statements, by their [`Unit::same`]: copies repeat it. Only looked into, never walked through.
type Known = HashMap<(u32, u32), Features>;

/// Pairs of units, grouped by their two articles. Statements that are the same in all that is measured are looked for
/// once: a story of a thousand reprints has hardly more different statements than one of ten.
fn candidates(units: &[Unit<'_>], search: Search) -> BTreeMap<(usize, usize), Vec<(usize, usize)>> {
    if units.windows(2).all(|pair| pair[0].place.article == pair[1].place.article) {
        return BTreeMap::new();
    }
    let mut classes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (number, unit) in units.iter().enumerate() {
        classes.entry(unit.same).or_default().push(number);
    }
    let classes: Vec<Vec<usize>> = classes.into_values().collect();
    let firsts: Vec<&Unit<'_>> = classes.iter().map(|class| &units[class[0]]).collect();
    let mut found: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
    for (one, other) in like_classes(&firsts, search) {
        for (number, &left) in classes[one].iter().enumerate() {
            let rights = if one == other { &classes[one][number + 1..] } else { &classes[other][..] };
            for &right in rights {
                let pair = (left.min(right), left.max(right));
                let articles = (units[pair.0].place.article, units[pair.1].place.article);
                if articles.0 != articles.1 {
                    found.entry(articles).or_default().push(pair);
                }
            }
        }
    }
    for pairs in found.values_mut() {
        pairs.sort_unstable();
    }
    found
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
    let mut pairs = Vec::new();
    let mut masses = vec![0.0_f32; firsts.len()];
    for (class, unit) in firsts.iter().enumerate() {
        let mut touched = BTreeSet::new();
        for (word, key) in unit.statement.words.iter().zip(&unit.keys) {
            let holders = &holders[key];
            if holders.len() > HOLDERS_MAX {
                continue;
            }
            let first = holders.partition_point(|&other| other < class);
            for &other in &holders[first..] {
                masses[other] += word.weight;
                touched.insert(other);
            }
        }
        if search_vectors && !unit.statement.vector.is_empty() {
            let near =
                |other: &usize| dot(&unit.statement.vector, &firsts[*other].statement.vector) >= COSINE_MIN;
            touched.extend(
                (class..firsts.len()).filter(near).inspect(|&other| masses[other] += SHARED_MASS_MIN),
            );
        }
        for other in touched {
            if std::mem::replace(&mut masses[other], 0.0) >= SHARED_MASS_MIN {
                pairs.push((class, other));
            }
        }
    }
    pairs
}

/// Measures the pairs of two articles and ranks them among each other.
fn judged(units: &[Unit<'_>], pairs: &[(usize, usize)], known: &mut Known) -> Vec<Link> {
    let mut measured = |a: usize, b: usize| {
        *known.entry((units[a].same, units[b].same)).or_insert_with(|| features(&units[a], &units[b]))
    };
    let mut links: Vec<Link> = pairs
        .iter()
        .map(|&(a, b)| Link { a, b, probability: 0.0, twin: false, features: measured(a, b) })
        .filter(|link| link.features[SHARED] >= SOFT_MASS_MIN.ln_1p())
        .collect();
    let (rows, columns) = best(&links, LOCAL_F);
    let (word_rows, word_columns) = best(&links, WORD_COSINE);
    /// A rank this near to one is the best.
    const BEST: f64 = 0.999;
    for link in &mut links {
        let rank = |best: &BTreeMap<usize, f64>, unit, feature| link.features[feature] / (best[&unit] + 1e-9);
        let (row, column) = (rank(&rows, link.a, LOCAL_F), rank(&columns, link.b, LOCAL_F));
        let mutual = if row > BEST && column > BEST { 1.0 } else { 0.0 };
        let (word_row, word_column) =
            (rank(&word_rows, link.a, WORD_COSINE), rank(&word_columns, link.b, WORD_COSINE));
        link.features[RANKS..].copy_from_slice(&[row, column, mutual, word_row, word_column]);
        link.twin = is_twin(&link.features);
    }
    without_rivals_of_twins(links)
}

/// The highest value of a feature for each statement of the first and of the second article.
fn best(links: &[Link], feature: usize) -> (BTreeMap<usize, f64>, BTreeMap<usize, f64>) {
    let (mut rows, mut columns) = (BTreeMap::new(), BTreeMap::new());
    for link in links {
        for (known, unit) in [(&mut rows, link.a), (&mut columns, link.b)] {
            let known = known.entry(unit).or_insert(0.0_f64);
            *known = known.max(link.features[feature]);
        }
    }
    (rows, columns)
}

const TWIN_PROBABILITY: f64 = 0.97;

fn is_twin(features: &Features) -> bool {
    (features[RUNS] >= 0.5 && features[LOCAL_F] >= 0.7) || features[LOCAL_F] >= 0.88
}

/// A statement that has its twin in the other article is not compared with anything else there: of all rules this
/// one gained most precision.
fn without_rivals_of_twins(mut links: Vec<Link>) -> Vec<Link> {
    let twins: BTreeSet<usize> =
        links.iter().filter(|link| link.twin).flat_map(|link| [link.a, link.b]).collect();
    links.retain(|link| link.twin || !(twins.contains(&link.a) || twins.contains(&link.b)));
    links
}
