//! Figures of several articles that measure one thing: a sum of signs, set by hand, since a trained judge did worse.

use std::collections::{BTreeMap, BTreeSet};

use model::{Figure, Slot, WordKind};
use rust_decimal::Decimal;

use crate::align::{Matches, Unit, dot, harmonic, same_beginning};
use crate::scene::Scene;

/// A figure of a story: number of its unit, number of its slot there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub unit: usize,
    pub slot: usize,
}

impl At {
    pub(super) fn slot<'a>(self, scene: &Scene<'a>) -> &'a Slot {
        &scene.units[self.unit].statement.slots[self.slot]
    }

    pub(super) fn figure<'a>(self, scene: &Scene<'a>) -> &'a Figure {
        &scene.article_of(self.unit).figures[self.slot(scene).figure]
    }

    pub(super) fn article(self, scene: &Scene<'_>) -> usize {
        scene.units[self.unit].place.article
    }
}

/// Two figures and how much speaks for their measuring the same.
pub(super) struct Edge {
    pub left: At,
    pub right: At,
    pub score: f64,
}

/// Class of the slots that tell how old somebody is.
pub(super) const AGE: &str = "age";

/// From this sum on two figures measure the same.
const SCORE_MIN: f64 = 1.4;
/// Sentences this likely to say the same may hold one figure of no class.
const LIKELY_MIN: f64 = 0.1;
/// Values further apart measure different things.
const RATIO_MAX: f64 = 15.0;

/// Pairs of figures of independent articles that measure one thing and differ, best first.
pub(super) fn edges(scene: &Scene<'_>) -> Vec<Edge> {
    let holders: Vec<usize> =
        (0..scene.units.len()).filter(|&unit| !scene.units[unit].statement.slots.is_empty()).collect();
    let names: BTreeMap<usize, BTreeSet<&str>> =
        scene.members.iter().map(|&article| (article, names_of(scene, article))).collect();
    let mut edges = Vec::new();
    for (number, &a) in holders.iter().enumerate() {
        for &b in &holders[number + 1..] {
            let articles = (scene.units[a].place.article, scene.units[b].place.article);
            if scene.independent(articles.0, articles.1) {
                edges.extend(between(scene, (a, b), &names));
            }
        }
    }
    edges.sort_by(|x: &Edge, y| y.score.total_cmp(&x.score).then((x.left, x.right).cmp(&(y.left, y.right))));
    edges
}

fn names_of<'a>(scene: &Scene<'a>, article: usize) -> BTreeSet<&'a str> {
    let units = scene.units.iter().filter(|unit| unit.place.article == article);
    units
        .flat_map(|unit| unit.statement.words.iter())
        .filter(|word| is_name(word.kind))
        .map(|word| &*word.key)
        .collect()
}

fn is_name(kind: WordKind) -> bool {
    matches!(kind, WordKind::Person | WordKind::Place | WordKind::Name)
}

fn between(scene: &Scene<'_>, (a, b): (usize, usize), names: &BTreeMap<usize, BTreeSet<&str>>) -> Vec<Edge> {
    let mut matches = None;
    let mut found = Vec::new();
    for i in 0..scene.units[a].statement.slots.len() {
        for j in 0..scene.units[b].statement.slots.len() {
            let (left, right) = (At { unit: a, slot: i }, At { unit: b, slot: j });
            if comparable(scene, left, right) {
                let matches = matches.get_or_insert_with(|| Matches::new(&scene.units[a], &scene.units[b]));
                let score = score(scene, (left, right), matches, names);
                if score >= SCORE_MIN {
                    found.push(Edge { left, right, score });
                }
            }
        }
    }
    found
}

/// Whether two figures can be weighed against each other at all.
fn comparable(scene: &Scene<'_>, left: At, right: At) -> bool {
    let (f, g) = (left.figure(scene), right.figure(scene));
    let (s, t) = (left.slot(scene), right.slot(scene));
    // Ages are told under names.
    let age = s.class.as_deref() == Some(AGE);
    if age || f.unit != g.unit || s.class != t.class || same_range(f, g) {
        return false;
    }
    // Where one sentence has the other's value too, it agrees there.
    let has = |at: At, wanted: &Figure| {
        let slots = &scene.units[at.unit].statement.slots;
        let figures = &scene.article_of(at.unit).figures;
        slots
            .iter()
            .any(|slot| figures[slot.figure].unit == wanted.unit && same_range(&figures[slot.figure], wanted))
    };
    if has(right, f) || has(left, g) {
        return false;
    }
    let apart = ratio(f, g).is_none_or(|ratio| ratio > RATIO_MAX) && !compatible(f, g);
    !apart && (s.class.is_some() || scene.likely(left.unit, right.unit) >= LIKELY_MIN)
}

fn score(
    scene: &Scene<'_>,
    (left, right): (At, At),
    matches: &Matches,
    names: &BTreeMap<usize, BTreeSet<&str>>,
) -> f64 {
    let (a, b) = (&scene.units[left.unit], &scene.units[right.unit]);
    let (f, g) = (left.figure(scene), right.figure(scene));
    let (s, t) = (left.slot(scene), right.slot(scene));
    let likely = scene.likely(left.unit, right.unit);
    let classed = s.class.is_some();
    let (rows, columns) = (around(a, s), around(b, t));
    let people = s.people && t.people;
    let head = word_likeness((a, s.head), (b, t.head)).max(if people { 0.75 } else { 0.0 });
    let verb = word_likeness((a, s.verb), (b, t.verb));
    let factor = ratio(f, g).unwrap_or(RATIO_MAX);
    let fits = compatible(f, g);
    let other_names =
        names_apart(a, b, if classed && likely < LIKELY_MIN { None } else { Some((&rows, &columns)) });
    let (past, past_too) = (background(scene, left), background(scene, right));
    let elsewhen = if classed { past || past_too } else { past != past_too };
    let foreign = is_foreign(a, &names[&right.article(scene)]) || is_foreign(b, &names[&left.article(scene)]);
    let small = [f, g].iter().all(|figure| magnitude(figure).is_some_and(|value| value < Decimal::TEN));
    let sign = |holds: bool, weight: f64| if holds { weight } else { 0.0 };
    1.2 * likely
        + 0.8 * head
        + 0.4 * verb
        + 0.8 * context(matches, (a, &rows), (b, &columns))
        + sign(magnitude(f) == magnitude(g) || nominal(scene, left) == nominal(scene, right), 0.4)
        + sign(nominal(scene, left) == nominal(scene, right) && is_telling(&nominal(scene, left)), 0.3)
        + sign(factor <= 1.12, 0.2)
        + sign(fits, 0.2)
        + sign(classed, 0.6)
        + sign(other_names, -0.8)
        + sign(!fits && factor > 2.0, -0.6)
        + sign(elsewhen, -0.5)
        + sign(foreign, -0.5)
        + sign(small, -0.3)
}

/// The number as printed, its hedge left out: "about 140 million" and "140 million" have one.
fn nominal(scene: &Scene<'_>, at: At) -> String {
    let printed = at.figure(scene).number.of(&scene.article_of(at.unit).article.text);
    printed
        .chars()
        .filter(|sign| sign.is_alphanumeric() || *sign == '.')
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether two things have this number rarely by chance: two digits that are no zeros, or more.
fn is_telling(number: &str) -> bool {
    number.chars().filter(|sign| ('1'..='9').contains(sign)).count() > 1
}

/// Words of the figure's clause, numbers left out.
fn around(unit: &Unit<'_>, slot: &Slot) -> Vec<usize> {
    let all: Vec<usize> = (0..unit.keys.len()).collect();
    let words = slot.clause.map_or(&all, |clause| &unit.statement.clauses[clause].words);
    words.iter().copied().filter(|&word| unit.statement.words[word].kind != WordKind::Number).collect()
}

/// Likeness of the two clauses; less where they say little.
fn context(matches: &Matches, (a, rows): (&Unit<'_>, &[usize]), (b, columns): (&Unit<'_>, &[usize])) -> f64 {
    /// Weight of a clause that says enough.
    const ENOUGH: f32 = 8.0;
    if rows.is_empty() || columns.is_empty() {
        return 0.0;
    }
    let best = |value: &dyn Fn(usize) -> f32, others: &[usize]| {
        others.iter().map(|&other| value(other)).fold(0.0, f32::max)
    };
    let (left_mass, right_mass): (f32, f32) =
        (rows.iter().map(|&row| a.local[row]).sum(), columns.iter().map(|&column| b.local[column]).sum());
    let left: f32 = rows.iter().map(|&i| a.local[i] * best(&|j| matches.at(i, j), columns)).sum::<f32>()
        / (left_mass + 1e-9);
    let right: f32 = columns.iter().map(|&j| b.local[j] * best(&|i| matches.at(i, j), rows)).sum::<f32>()
        / (right_mass + 1e-9);
    f64::from(harmonic(left, right) * (left_mass.min(right_mass).max(0.0) / ENOUGH).sqrt().min(1.0))
}

/// Likeness of two nouns or verbs.
pub(super) fn word_likeness((a, i): (&Unit<'_>, Option<usize>), (b, j): (&Unit<'_>, Option<usize>)) -> f64 {
    let (Some(i), Some(j)) = (i, j) else { return 0.0 };
    if a.keys[i] == b.keys[j] || a.senses[i] == b.senses[j] {
        return 1.0;
    }
    if a.proper[i] || b.proper[j] {
        return 0.0;
    }
    f64::from(dot(&a.statement.words[i].vector, &b.statement.words[j].vector).max(0.0))
}

/// Both have names and share none.
fn names_apart(a: &Unit<'_>, b: &Unit<'_>, within: Option<(&[usize], &[usize])>) -> bool {
    let names = |unit: &Unit<'_>, words: Option<&[usize]>| -> Vec<Box<str>> {
        let all: Vec<usize> = (0..unit.keys.len()).collect();
        let numbers = words.unwrap_or(&all).iter();
        let named = numbers.map(|&word| &unit.statement.words[word]).filter(|word| is_name(word.kind));
        named.map(|word| word.key.clone()).collect()
    };
    let left = names(a, within.map(|words| words.0));
    let right = names(b, within.map(|words| words.1));
    let shared = left.iter().any(|one| right.iter().any(|other| one == other || same_beginning(one, other)));
    !left.is_empty() && !right.is_empty() && !shared
}

/// Whether its sentence tells of another year than the article's.
fn background(scene: &Scene<'_>, at: At) -> bool {
    let article = scene.article_of(at.unit);
    let Some(year) = article.article.published.as_ref().and_then(|date| date.value.get(..4)) else {
        return false;
    };
    let statement = scene.units[at.unit].statement;
    statement.times.iter().any(|&time| {
        let told = article.times[time].value.get(..4).unwrap_or_default();
        told.len() == 4 && told.bytes().all(|digit| digit.is_ascii_digit()) && told != year
    })
}

/// Whether it names a place that the other article never names.
fn is_foreign(unit: &Unit<'_>, names: &BTreeSet<&str>) -> bool {
    unit.statement.words.iter().any(|word| word.kind == WordKind::Place && !names.contains(&*word.key))
}

pub(super) fn same_range(f: &Figure, g: &Figure) -> bool {
    f.low == g.low && f.high == g.high
}

/// Whether one value can satisfy both.
pub(super) fn compatible(f: &Figure, g: &Figure) -> bool {
    let below = |low: Option<Decimal>, high: Option<Decimal>| match (low, high) {
        (Some(low), Some(high)) => low <= high,
        (None, _) | (_, None) => true,
    };
    below(f.low, g.high) && below(g.low, f.high)
}

/// The number that stands for a range.
pub(super) fn magnitude(figure: &Figure) -> Option<Decimal> {
    figure.low.or(figure.high)
}

fn ratio(f: &Figure, g: &Figure) -> Option<f64> {
    let (x, y) = (magnitude(f)?, magnitude(g)?);
    let (small, large) = (x.min(y), x.max(y));
    if small <= Decimal::ZERO {
        return None;
    }
    // A float serves to weigh, never to show.
    large.checked_div(small).and_then(|ratio| f64::try_from(ratio).ok())
}
