//! # Figure conflict
//!
//! **What it finds** Different figures for one quantity of one thing: a toll, a sum, a length, an age.
//!
//! **Why it matters** Figures are what is copied fastest and checked least. A later count is no contradiction, and a
//! vaguer one need be none; the rest cannot all be right.
//!
//! **Example** The Example Herald: "Twelve people were killed." The Sample Post, the same day: "at least 14 dead".
//!
//! **What it ignores** Figures of another year or place, of other people's deaths in a list, values fifteen times
//! apart, and sentences that have both values.
//!
//! **Sources** ACLED on conflicting fatality reports; Recognizers-Text for what a figure is.

use std::collections::{BTreeMap, BTreeSet};

use model::{Discrepancy, Evidence, Nature, Side};
use rust_decimal::Decimal;

use super::Kind;
use super::figure_slot::{At, compatible, edges, same_range, word_likeness};
use super::rows::{self, RowOptions, Telling, published_apart};
use crate::change::{Change, ChangeKind};
use crate::scene::Scene;
use crate::words::listed;

pub(super) const KIND: Kind = Kind { id: ID, title: "Figures", find };
const ID: &str = "figure-conflict";

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let options = RowOptions { kind: ID, nature: change_nature, why };
    let counted: Vec<Discrepancy> = slots(scene).iter().map(|members| row(scene, members)).collect();
    let mut found = rows::rows(scene, &[ChangeKind::Figure], &options);
    // A change between reprints that is one of the differences of a count is told there.
    found.retain(|change| !counted.iter().any(|row| has_values(row, change)));
    found.extend(counted);
    found.extend(within_sentences(scene));
    found
}

/// Whether a row of figures has, in the same articles, every value that a change shows.
fn has_values(row: &Discrepancy, change: &Discrepancy) -> bool {
    fn numbers(value: &str) -> Vec<&str> {
        value
            .split_whitespace()
            .filter(|word| word.starts_with(|first: char| first.is_ascii_digit()))
            .collect()
    }
    change.sides.iter().all(|side| {
        let wanted = numbers(&side.value);
        !wanted.is_empty()
            && row.sides.iter().any(|other| {
                other.evidence.article == side.evidence.article
                    && wanted.iter().all(|number| numbers(&other.value).contains(number))
            })
    })
}

fn change_nature(scene: &Scene<'_>, change: &Change<'_>) -> Nature {
    let articles = change.sides.each_ref().map(|side| side.evidence.article);
    if published_apart(scene, articles) { Nature::Update } else { Nature::Conflict }
}

fn why(telling: &Telling<'_>) -> String {
    let [one, other] = telling.outlets;
    let [left, right] = telling.words;
    format!("{one} has “{left}” where {other} has “{right}”; the rest of the passage is the same.")
}

/// Figures that measure one thing, gathered over all articles.
fn slots(scene: &Scene<'_>) -> Vec<Vec<At>> {
    let mut slot_of: BTreeMap<At, usize> = BTreeMap::new();
    let mut slots: Vec<Vec<At>> = Vec::new();
    let mut taken: BTreeSet<(At, usize)> = BTreeSet::new();
    for edge in edges(scene) {
        let ends = [(edge.left, edge.right.article(scene)), (edge.right, edge.left.article(scene))];
        // A figure has one counterpart an article: its best.
        if ends.iter().any(|end| taken.contains(end)) {
            continue;
        }
        taken.extend(ends);
        let left = joined(&mut slot_of, &mut slots, edge.left);
        let right = joined(&mut slot_of, &mut slots, edge.right);
        if left != right {
            let moved = std::mem::take(&mut slots[right]);
            for at in &moved {
                slot_of.insert(*at, left);
            }
            slots[left].extend(moved);
        }
    }
    one_of_each_class(scene, slots)
}

fn joined(slot_of: &mut BTreeMap<At, usize>, slots: &mut Vec<Vec<At>>, at: At) -> usize {
    *slot_of.entry(at).or_insert_with(|| {
        slots.push(vec![at]);
        slots.len() - 1
    })
}

/// All of one class are one slot (a story has one toll), and every other place with one of its values joins.
fn one_of_each_class(scene: &Scene<'_>, slots: Vec<Vec<At>>) -> Vec<Vec<At>> {
    let mut classed: BTreeMap<&str, Vec<At>> = BTreeMap::new();
    let mut made: Vec<Vec<At>> = Vec::new();
    for members in slots.into_iter().filter(|members| !members.is_empty()) {
        match members[0].slot(scene).class.as_deref() {
            Some(class) => classed.entry(class).or_default().extend(members),
            None => made.push(members),
        }
    }
    made.extend(classed.into_values());
    for members in &mut made {
        members.extend(repetitions(scene, members));
        members.sort_unstable();
        members.dedup();
    }
    made.sort();
    made
}

/// Other places where an article of these gives the same value for the same thing.
fn repetitions(scene: &Scene<'_>, members: &[At]) -> Vec<At> {
    const HEAD_MIN: f64 = 0.7;
    let mut found = Vec::new();
    for (number, unit) in scene.units.iter().enumerate() {
        for slot in 0..unit.statement.slots.len() {
            let at = At { unit: number, slot };
            let repeats = members.iter().any(|member| {
                let same_thing = at.slot(scene).class == member.slot(scene).class
                    && (member.slot(scene).class.is_some()
                        || word_likeness(
                            (unit, at.slot(scene).head),
                            (&scene.units[member.unit], member.slot(scene).head),
                        ) >= HEAD_MIN);
                member.article(scene) == at.article(scene)
                    && at.figure(scene).unit == member.figure(scene).unit
                    && same_range(at.figure(scene), member.figure(scene))
                    && same_thing
            });
            if repeats {
                found.push(at);
            }
        }
    }
    found
}

fn row(scene: &Scene<'_>, members: &[At]) -> Discrepancy {
    let all_fit =
        members.iter().all(|x| members.iter().all(|y| compatible(x.figure(scene), y.figure(scene))));
    let apart = members
        .iter()
        .any(|x| members.iter().any(|y| published_apart(scene, [x.article(scene), y.article(scene)])));
    // Values of one day that exclude each other are no news of later: the row is a conflict, whatever came after.
    let at_once = members.iter().any(|x| {
        members.iter().any(|y| {
            !compatible(x.figure(scene), y.figure(scene))
                && !published_apart(scene, [x.article(scene), y.article(scene)])
        })
    });
    let nature = if all_fit {
        Nature::Precision
    } else if apart && !at_once && members[0].slot(scene).class.is_some() {
        Nature::Update
    } else {
        Nature::Conflict
    };
    let sides: Vec<Side> = members.iter().map(|&at| side(scene, at)).collect();
    let places: Vec<Evidence> = sides.iter().map(|side| side.evidence).collect();
    Discrepancy {
        kind: ID,
        nature,
        alignment: scene.alignment_of(&places),
        why: reason(scene, members, nature),
        sides,
    }
}

fn side(scene: &Scene<'_>, at: At) -> Side {
    let unit = &scene.units[at.unit];
    let figure = at.figure(scene);
    let span =
        at.slot(scene).clause.map_or(unit.statement.span, |clause| unit.statement.clauses[clause].span);
    let span = if span.contains(figure.span) { span } else { unit.statement.span };
    let evidence = Evidence { article: unit.place.article, span };
    let value = figure.span.of(&scene.article_of(at.unit).article.text);
    let mut side = rows::made(scene, evidence, value);
    side.value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    side
}

fn reason(scene: &Scene<'_>, members: &[At], nature: Nature) -> String {
    // By value, so that outlets which agree stand together.
    let mut values: Vec<(At, Vec<String>)> = Vec::new();
    for &at in members {
        let outlet = scene.outlet(at.article(scene)).to_owned();
        match values.iter_mut().find(|(known, _)| same_range(known.figure(scene), at.figure(scene))) {
            Some((_, outlets)) if outlets.contains(&outlet) => {}
            Some((_, outlets)) => outlets.push(outlet),
            None => values.push((at, vec![outlet])),
        }
    }
    let told: Vec<String> = values
        .iter()
        .map(|(at, outlets)| format!("“{}” ({})", side(scene, *at).value, listed(outlets)))
        .collect();
    let counted = members.iter().find_map(|at| at.figure(scene).counts.clone());
    let what = match (members[0].slot(scene).class.as_deref(), counted) {
        (Some(class), _) => format!("one count ({class})"),
        (None, Some(counted)) => format!("the number of {counted}"),
        (None, None) => "the same quantity".to_string(),
    };
    let verdict = match nature {
        Nature::Precision => "the ranges overlap, so one may only be vaguer",
        Nature::Update => "they were published on different days, so the later may be a new count",
        Nature::Conflict => "these values cannot all be right",
    };
    format!("Figures differ for {what}: {}; {verdict}.", listed(&told))
}

/// Two figures for one thing in one sentence: "more than 14,000 … around 14,000".
fn within_sentences(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let mut found = Vec::new();
    for (number, unit) in scene.units.iter().enumerate() {
        let count = unit.statement.slots.len();
        let pairs = (0..count).flat_map(|i| {
            (i + 1..count).map(move |j| (At { unit: number, slot: i }, At { unit: number, slot: j }))
        });
        let same_thing = |x: At, y: At| {
            let (f, g) = (x.figure(scene), y.figure(scene));
            let number_of = |at: At| super::figure_slot::magnitude(at.figure(scene));
            let nominal = |at: At| at.figure(scene).number.of(&scene.article_of(at.unit).article.text);
            let (head, other) = ((unit, x.slot(scene).head), (unit, y.slot(scene).head));
            let befallen = x.slot(scene).class.is_some() && x.slot(scene).class == y.slot(scene).class;
            let alike = befallen || word_likeness(head, other) >= 1.0;
            // Two small numbers are equal by chance: three dead, three of them children.
            let telling = number_of(x).is_some_and(|value| value >= Decimal::TEN);
            f.unit == g.unit
                && alike
                && telling
                && !same_range(f, g)
                && (nominal(x) == nominal(y) || number_of(x) == number_of(y))
                && compatible(f, g)
        };
        for (x, y) in pairs.filter(|(x, y)| same_thing(*x, *y)) {
            let sides: Vec<Side> = [x, y]
                .iter()
                .map(|at| Side {
                    evidence: Evidence { article: at.article(scene), span: at.figure(scene).span },
                    ..side(scene, *at)
                })
                .collect();
            let why = format!(
                "{} gives the same figure twice in one sentence, as “{}” and as “{}”; both can be right, but they do not \
                 say the same.",
                scene.outlet(x.article(scene)),
                sides[0].value,
                sides[1].value
            );
            let alignment = scene.alignment_of(&[sides[0].evidence]);
            found.push(Discrepancy { kind: ID, nature: Nature::Precision, alignment, why, sides });
        }
    }
    found
}
