//! # Dropped hedge
//!
//! **What it finds** One outlet keeps its distance from a statement ("allegedly", "police said", "it is not confirmed
//! that"), another states it as plain fact; or what could be so by the one is so by the other, in the same figure.
//!
//! **Why it matters** Somewhere on the way a claim became a fact, and nobody confirmed it.
//!
//! **Example** The Example Herald: "The driver was allegedly drunk." The Sample Post: "The driver was drunk."
//!
//! **What it ignores** Statements within quotations, a named person's own words, a hedge on another clause.
//!
//! **Sources** FactBank; AP Stylebook on attribution of what was not witnessed.

use model::{
    Discrepancy, Evidence, Figure, Hedge, HedgeKind, Nature, QuotationForm, Side, Span, StanceKind, TokenRole,
};
use rust_decimal::Decimal;

use super::Kind;
use super::figure_slot::{magnitude, same_range};
use super::rows::{self, RowOptions, Telling};
use crate::align::Matches;
use crate::change::{Change, ChangeKind};
use crate::scene::Scene;
use crate::words::shortened;

pub(super) const KIND: Kind = Kind { id: ID, title: "Dropped hedge", find };
const ID: &str = "hedge-dropped";

/// Sentences that share less than this may hedge something else.
const WORD_LIKELY_MIN: f64 = 0.33;
/// A source may belong to another part of a sentence more easily than a word.
const SOURCE_LIKELY_MIN: f64 = 0.6;
/// "Could" is said of much; only where both have the same figure is it the same thing.
const MODAL_LIKELY_MIN: f64 = 0.5;
/// What the likelihood of the sentences and the share of the hedged clause that the plain one has must come to
/// together: the less alike the sentences are, the more of the clause must be there.
const TOGETHER_MIN: f64 = 0.45;
/// The share of a hedged clause that another voice of the same statement must have.
const SHARE_MIN: f32 = 0.5;
/// A word of a source is known where a word is this much like it.
const KNOWN_MIN: f32 = 0.8;

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let options = RowOptions { kind: ID, nature: precision, why };
    let mut found = rows::rows(scene, &[ChangeKind::Hedge, ChangeKind::Source], &options);
    let mut hedged: Vec<(f64, Discrepancy)> =
        (0..scene.units.len()).filter_map(|unit| dropped(scene, unit)).collect();
    // The likelier first, so that what is told of one sentence twice is told by the better row.
    hedged
        .sort_by(|x, y| y.0.total_cmp(&x.0).then_with(|| x.1.sides[0].evidence.cmp(&y.1.sides[0].evidence)));
    for row in hedged.into_iter().map(|(_, row)| row).chain(within_rows(scene)) {
        let meets = |known: &Discrepancy| {
            row.sides.iter().any(|side| known.sides.iter().any(|other| other.evidence == side.evidence))
        };
        if !found.iter().any(meets) {
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

/// What is hedged in a unit and stated plainly in others, with how likely the best of them says the same.
fn dropped(scene: &Scene<'_>, unit: usize) -> Option<(f64, Discrepancy)> {
    let hedge = distance(scene, unit)?;
    let mut plain: Vec<(f64, usize)> = scene
        .links
        .iter()
        .filter(|link| link.a == unit || link.b == unit)
        .map(|link| if link.a == unit { link.b } else { link.a })
        .map(|other| (counterpart(scene, (unit, hedge), other), other))
        .filter(|(likely, _)| *likely > 0.0)
        .collect();
    plain.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
    let best = plain.first()?.0;
    let plain: Vec<usize> = plain.into_iter().map(|(_, other)| other).collect();
    Some((best, row(scene, (unit, hedge), &plain)))
}

/// The word or source by which a unit keeps its distance, if its words are its outlet's own.
fn distance<'a>(scene: &Scene<'a>, unit: usize) -> Option<&'a Hedge> {
    let statement = scene.units[unit].statement;
    if quotes(scene, unit) {
        return None;
    }
    let of = |kind| statement.hedges.iter().find(|hedge| hedge.kind == kind);
    // Who confirms keeps no distance.
    let confirms = statement.stances.iter().any(|stance| stance.kind == StanceKind::Confirms);
    of(HedgeKind::Word)
        .or_else(|| of(HedgeKind::Source).filter(|_| !confirms))
        .or_else(|| of(HedgeKind::Modal))
}

fn quotes(scene: &Scene<'_>, unit: usize) -> bool {
    let quotations = &scene.article_of(unit).quotations;
    let statement = scene.units[unit].statement;
    statement.quotations.iter().any(|&number| {
        quotations[number].form != QuotationForm::Indirect && quotations[number].form != QuotationForm::Scare
    })
}

/// What one voice of a statement hedges and another does not.
fn within_rows<'a>(scene: &'a Scene<'_>) -> impl Iterator<Item = Discrepancy> + 'a {
    scene.groups.iter().flat_map(move |group| {
        group.iter().filter(|&&unit| !quotes(scene, unit)).filter_map(move |&unit| {
            scene.units[unit].statement.hedges.iter().find_map(|hedge| {
                let plain: Vec<usize> =
                    group.iter().copied().filter(|&other| is_plain(scene, (unit, hedge), other)).collect();
                (!plain.is_empty()).then(|| row(scene, (unit, hedge), &plain))
            })
        })
    })
}

/// Whether another voice of the same statement leaves out a hedge, and keeps its distance in no other way.
fn is_plain(scene: &Scene<'_>, (unit, hedge): (usize, &Hedge), other: usize) -> bool {
    let articles = (scene.units[unit].place.article, scene.units[other].place.article);
    if !scene.independent(articles.0, articles.1) || quotes(scene, other) {
        return false;
    }
    match hedge.kind {
        HedgeKind::Modal => sure_figure(scene, (unit, hedge), other),
        HedgeKind::Word => {
            let keeps =
                |kept: &Hedge| kept.kind != HedgeKind::Source || !knows(scene, unit, (other, kept.span));
            !scene.units[other].statement.hedges.iter().any(keeps)
                && clause_share(scene, (unit, hedge), other) >= SHARE_MIN
        }
        // Who has a source for what another could not confirm keeps no such distance.
        HedgeKind::Unconfirmed => {
            scene.units[other].statement.hedges.iter().all(|kept| kept.kind == HedgeKind::Source)
        }
        HedgeKind::Source | HedgeKind::Correction => false,
    }
}

/// Whether a unit has half of the words of a source that another names, or more: then both have it from there.
fn knows(scene: &Scene<'_>, unit: usize, (other, source): (usize, Span)) -> bool {
    let best = Matches::new(&scene.units[other], &scene.units[unit]).rows();
    let words = scene.units[other].statement.words.iter().zip(best);
    let (known, unknown): (Vec<f32>, Vec<f32>) = words
        .filter(|(word, _)| source.contains(word.span))
        .map(|(_, best)| best)
        .partition(|&best| best >= KNOWN_MIN);
    !known.is_empty() && known.len() >= unknown.len()
}

/// Whether a figure that stands with "may" in one unit stands without any such word in another.
fn sure_figure(scene: &Scene<'_>, (unit, hedge): (usize, &Hedge), other: usize) -> bool {
    let clause = |unit: usize, place: Span| {
        let clauses = scene.units[unit].statement.clauses.iter().map(|clause| clause.span);
        clauses.filter(|clause| clause.contains(place)).min_by_key(|clause| clause.len())
    };
    let Some(hedged) = clause(unit, hedge.span) else { return false };
    let figures = |unit: usize| {
        let figures = &scene.article_of(unit).figures;
        scene.units[unit].statement.figures.iter().map(|&number| &figures[number])
    };
    figures(unit).filter(|figure| hedged.contains(figure.number) && is_telling(figure)).any(|figure| {
        figures(other).filter(|same| same.unit == figure.unit && same_range(figure, same)).any(|same| {
            let unsure = |kept: &Hedge| {
                clause(other, same.number).is_some_and(|clause| clause.contains(kept.span))
                    && kept.kind != HedgeKind::Source
            };
            !scene.units[other].statement.hedges.iter().any(unsure)
        })
    })
}

/// Whether two things seldom have this figure by chance.
fn is_telling(figure: &Figure) -> bool {
    figure.unit.is_some() || magnitude(figure).is_some_and(|value| value >= Decimal::TEN)
}

/// How likely `other` states plainly what is hedged; zero where it does not.
fn counterpart(scene: &Scene<'_>, (unit, hedge): (usize, &Hedge), other: usize) -> f64 {
    let plain = scene.units[other].statement;
    let modal = hedge.kind == HedgeKind::Modal;
    let keeps_distance = plain.hedges.iter().any(|other| modal || other.kind != HedgeKind::Modal);
    let articles = (scene.units[unit].place.article, scene.units[other].place.article);
    let reports = plain.stream.iter().any(|token| token.role == TokenRole::Speech);
    if keeps_distance || reports || !plain.quotations.is_empty() || !scene.independent(articles.0, articles.1)
    {
        return 0.0;
    }
    let least = match hedge.kind {
        HedgeKind::Word => WORD_LIKELY_MIN,
        HedgeKind::Source | HedgeKind::Unconfirmed => SOURCE_LIKELY_MIN,
        HedgeKind::Modal => MODAL_LIKELY_MIN,
        // An outlet that corrects itself keeps no distance that another could drop.
        HedgeKind::Correction => return 0.0,
    };
    let likely = scene.likely(unit, other);
    let together = likely * f64::from(clause_share(scene, (unit, hedge), other));
    let same_thing = if modal { same_figure(scene, unit, other) } else { together >= TOGETHER_MIN };
    if likely >= least && same_thing { likely } else { 0.0 }
}

/// Whether both sentences have a figure of one value and unit.
fn same_figure(scene: &Scene<'_>, one: usize, other: usize) -> bool {
    let figures = |unit: usize| {
        let figures = &scene.article_of(unit).figures;
        scene.units[unit].statement.figures.iter().map(|&number| &figures[number])
    };
    figures(one).any(|f| figures(other).any(|g| f.unit.is_some() && f.unit == g.unit && same_range(f, g)))
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
