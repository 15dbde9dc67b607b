//! # Dropped hedge
//!
//! **What it finds** One outlet keeps its distance from a statement ("allegedly", "police said"), another states it
//! as plain fact.
//!
//! **Why it matters** Somewhere on the way a claim became a fact, and nobody confirmed it.
//!
//! **Example** The Example Herald: "The driver was allegedly drunk." The Sample Post: "The driver was drunk."
//!
//! **What it ignores** Statements within quotations, a named person's own words, a hedge on another clause.
//!
//! **Sources** FactBank; AP Stylebook on attribution of what was not witnessed.

use model::{Discrepancy, Evidence, Hedge, HedgeKind, Nature, QuotationForm, Side, TokenRole};

use super::Kind;
use super::rows::{self, RowOptions, Telling};
use crate::align::Matches;
use crate::change::{Change, ChangeKind};
use crate::scene::Scene;
use crate::words::shortened;

pub(super) const KIND: Kind = Kind { id: ID, title: "Dropped hedge", find };
const ID: &str = "hedge-dropped";

/// Sentences that share less than this may hedge something else.
const WORD_LIKELY_MIN: f64 = 0.5;
/// A source may belong to another part of a sentence more easily than a word.
const SOURCE_LIKELY_MIN: f64 = 0.75;
/// Share of the hedged clause that the plain sentence must have.
const CLAUSE_SHARE_MIN: f32 = 0.5;

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let options = RowOptions { kind: ID, nature: precision, why };
    let mut found = rows::rows(scene, &[ChangeKind::Hedge, ChangeKind::Source], &options);
    for group in &scene.groups {
        if let Some(row) = dropped(scene, group)
            && !found.iter().any(|known: &Discrepancy| {
                known.sides.iter().filter(|side| row.sides.contains(side)).count() >= 2
            })
        {
            found.push(row);
        }
    }
    found
}

fn precision(_: &Scene<'_>, _: &Change<'_>) -> Nature {
    Nature::Precision
}

fn why(telling: &Telling<'_>) -> String {
    let [one, other] = telling.outlets;
    match telling.words {
        [words, ""] => {
            format!("{one} keeps its distance with “{words}”; {other} leaves that out and states it as fact.")
        }
        ["", words] => {
            format!("{other} keeps its distance with “{words}”; {one} leaves that out and states it as fact.")
        }
        [left, right] => {
            format!("{one} has “{left}” where {other} has “{right}”: only one of them keeps its distance.")
        }
    }
}

/// The hedged unit of a group with the plain ones that go with it, most likely first.
fn dropped(scene: &Scene<'_>, group: &[usize]) -> Option<Discrepancy> {
    let mut best: Option<(f64, usize, &Hedge)> = None;
    for &unit in group {
        let Some(hedge) = distance(scene, unit) else { continue };
        for &other in group {
            let likely = counterpart(scene, (unit, hedge), other);
            if likely > best.map_or(0.0, |best| best.0) {
                best = Some((likely, unit, hedge));
            }
        }
    }
    let (_, unit, hedge) = best?;
    let plain: Vec<usize> =
        group.iter().copied().filter(|&other| counterpart(scene, (unit, hedge), other) > 0.0).collect();
    Some(row(scene, (unit, hedge), &plain))
}

/// The word or source by which a unit keeps its distance, if its words are its outlet's own.
fn distance<'a>(scene: &Scene<'a>, unit: usize) -> Option<&'a Hedge> {
    if quotes(scene, unit) {
        return None;
    }
    let hedges = &scene.units[unit].statement.hedges;
    let of = |kind| hedges.iter().find(|hedge| hedge.kind == kind);
    of(HedgeKind::Word).or_else(|| of(HedgeKind::Source))
}

fn quotes(scene: &Scene<'_>, unit: usize) -> bool {
    let quotations = &scene.article_of(unit).quotations;
    let statement = scene.units[unit].statement;
    statement.quotations.iter().any(|&number| {
        quotations[number].form != QuotationForm::Indirect && quotations[number].form != QuotationForm::Scare
    })
}

/// How likely `other` states plainly what is hedged; zero where it does not.
fn counterpart(scene: &Scene<'_>, (unit, hedge): (usize, &Hedge), other: usize) -> f64 {
    let plain = scene.units[other].statement;
    let keeps_distance = plain.hedges.iter().any(|hedge| hedge.kind != HedgeKind::Modal);
    let articles = (scene.units[unit].place.article, scene.units[other].place.article);
    let reports = plain.stream.iter().any(|token| token.role == TokenRole::Speech);
    if keeps_distance || reports || !plain.quotations.is_empty() || !scene.independent(articles.0, articles.1)
    {
        return 0.0;
    }
    let least = if hedge.kind == HedgeKind::Word { WORD_LIKELY_MIN } else { SOURCE_LIKELY_MIN };
    let likely = scene.likely(unit, other);
    if likely >= least && clause_share(scene, (unit, hedge), other) >= CLAUSE_SHARE_MIN {
        likely
    } else {
        0.0
    }
}

/// How much of the hedged clause the other sentence has.
fn clause_share(scene: &Scene<'_>, (unit, hedge): (usize, &Hedge), other: usize) -> f32 {
    let here = &scene.units[unit];
    let clauses = here.statement.clauses.iter().filter(|clause| clause.span.contains(hedge.span));
    let Some(clause) = clauses.min_by_key(|clause| clause.span.len()) else { return 1.0 };
    let best = Matches::new(here, &scene.units[other]).rows();
    let inside = (0..here.keys.len()).filter(|&word| {
        let span = here.statement.words[word].span;
        clause.span.contains(span) && !hedge.span.overlaps(span)
    });
    let (mut all, mut held) = (f32::EPSILON, 0.0);
    for word in inside {
        all += here.local[word].max(0.0);
        held += here.local[word].max(0.0) * best[word];
    }
    held / all
}

fn row(scene: &Scene<'_>, (unit, hedge): (usize, &Hedge), plain: &[usize]) -> Discrepancy {
    let hedged = scene.evidence(unit);
    let words = hedge.span.of(&scene.article_of(unit).article.text);
    let mut sides = vec![Side { value: words.to_string(), ..rows::made(scene, hedged, words) }];
    sides.extend(plain.iter().map(|&other| rows::made(scene, scene.evidence(other), "stated as fact")));
    let outlet = scene.outlet(hedged.article);
    let other = scene.outlet(scene.units[plain[0]].place.article);
    let told = shortened(scene.words(scene.evidence(plain[0])));
    let why = match hedge.kind {
        HedgeKind::Source => {
            format!("{outlet} gives this as what {words} says; {other} states it as fact: “{told}”.")
        }
        HedgeKind::Word | HedgeKind::Modal | HedgeKind::Unconfirmed | HedgeKind::Correction => {
            format!("{outlet} keeps its distance (“{words}”); {other} states it as fact: “{told}”.")
        }
    };
    let places: Vec<Evidence> = sides.iter().map(|side| side.evidence).collect();
    Discrepancy { kind: ID, nature: Nature::Precision, alignment: scene.alignment_of(&places), why, sides }
}
