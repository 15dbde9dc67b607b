//! # Polarity conflict
//!
//! **What it finds** One outlet says that something is so, the other that it is not.
//!
//! **Why it matters** Both cannot be right at the same time.
//!
//! **Example** The Example Herald: "The bridge was open." The Sample Post: "The bridge was not open."
//!
//! It also finds words that shut each other out, such as a bridge that is closed here and reopened there; with
//! another day between them that is an update.
//!
//! **What it ignores** A negation of something else in the same sentence; a denial by a person, which is a stance.
//!
//! **Sources** FactBank on polarity and certainty.

use std::collections::BTreeSet;

use model::{Clause, Contrast, Discrepancy, Evidence, Nature, Side, WordKind};
use rust_decimal::Decimal;

use super::Kind;
use super::clause_pair::{ClausePair, clause_pairs};
use super::rows::{self, RowOptions, Telling, published_apart};
use crate::change::ChangeKind;
use crate::scene::Scene;
use crate::words::shortened;

pub(super) const KIND: Kind = Kind { id: ID, title: "So or not so", find };
pub(crate) const ID: &str = "polarity-conflict";

/// Clauses that share less say something else.
const LIKENESS_MIN: f64 = 0.75;
/// The same for the sentences they stand in.
const LIKELY_MIN: f64 = 0.25;

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let mut found =
        rows::rows(scene, &[ChangeKind::Polarity], &RowOptions { kind: ID, nature: rows::conflict, why });
    let mut told = BTreeSet::new();
    for pair in clause_pairs(scene, LIKELY_MIN) {
        let opposed = pair.clauses[0].negated != pair.clauses[1].negated;
        let full = pair.clauses.iter().all(|clause| clause.words.len() >= 3);
        if opposed && full && pair.likeness >= LIKENESS_MIN && told.insert(pair.units) {
            found.push(row(scene, &pair));
        }
    }
    found.extend(rows::merged(opposites(scene, &mut told)));
    found.extend(rows::merged(none_and_some(scene)));
    found
}

/// Sentences that say the same but for what became of it: the last state that each tells is one that shuts out the
/// other's.
fn opposites(scene: &Scene<'_>, told: &mut BTreeSet<[usize; 2]>) -> Vec<Discrepancy> {
    /// Sentences less alike speak of different things.
    const LIKELY_MIN: f64 = 0.6;
    let mut states: BTreeSet<(&str, usize, &str, usize, &str)> = BTreeSet::new();
    let mut found = Vec::new();
    for link in scene.links.iter().filter(|link| link.probability >= LIKELY_MIN) {
        let articles = [link.a, link.b].map(|unit| scene.units[unit].place.article);
        let (Some(left), Some(right)) = (last_state(scene, link.a), last_state(scene, link.b)) else {
            continue;
        };
        let shut_out =
            left.contrast.family == right.contrast.family && left.contrast.side != right.contrast.side;
        let same_thing = match (left.subject, right.subject) {
            (Some(one), Some(other)) => scene.units[link.a].senses[one] == scene.units[link.b].senses[other],
            _ => true,
        };
        if shut_out
            && same_thing
            && left.negated == right.negated
            && scene.independent(articles[0], articles[1])
            && told.insert([link.a, link.b])
            // One pair of articles tells of one state once.
            && states.insert((&left.contrast.family, articles[0], &left.contrast.side, articles[1], &right.contrast.side))
        {
            found.push(state_row(scene, [link.a, link.b], [left.word, right.word]));
        }
    }
    found
}

/// "No one was injured" against a count of the injured. An outlet that has both contradicts itself only where it
/// passes on somebody's word that there were none.
fn none_and_some(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let counted: Vec<(usize, &str, Evidence)> =
        (0..scene.units.len()).flat_map(|unit| counts(scene, unit)).collect();
    let mut found = Vec::new();
    for unit in 0..scene.units.len() {
        let article = scene.units[unit].place.article;
        for (sense, said) in denied_senses(scene, unit) {
            let own = counted.iter().any(|count| count.1 == sense && count.2.article == article);
            if own && !said {
                continue;
            }
            for (_, _, place) in
                counted.iter().filter(|count| count.1 == sense && scene.independent(count.2.article, article))
            {
                found.push(harm_row(scene, scene.evidence(unit), *place));
            }
        }
    }
    found
}

/// What befell people whom a sentence counts: unit, sense of the word that tells it, place.
fn counts<'a>(scene: &Scene<'a>, unit: usize) -> Vec<(usize, &'a str, Evidence)> {
    let statement = scene.units[unit].statement;
    let harmed = statement.slots.iter().filter(|slot| slot.class.is_some() && slot.people);
    let told = harmed.filter_map(|slot| {
        let figure = &scene.article_of(unit).figures[slot.figure];
        let some = figure.low.is_some_and(|low| low > Decimal::ZERO);
        // "We hear that seventy are dead": the verb must be the figure's own.
        let own = slot.clause.and_then(|clause| statement.clauses[clause].predicate);
        let word = slot.verb.filter(|_| some && own == slot.verb)?;
        Some((unit, &*statement.words[word].sense, scene.evidence(unit)))
    });
    told.collect()
}

/// Senses of the negated predicates of short clauses without a figure, and whether somebody is quoted with them.
fn denied_senses<'a>(scene: &Scene<'a>, unit: usize) -> Vec<(&'a str, bool)> {
    /// "No one was injured" is short; what a longer clause negates is more than that.
    const WORDS_MAX: usize = 2;
    let statement = scene.units[unit].statement;
    let article = scene.article_of(unit);
    let clauses = statement.clauses.iter().filter(|clause| {
        clause.negated
            && clause.words.len() <= WORDS_MAX
            && !statement.figures.iter().map(|&figure| &article.figures[figure]).any(|figure| {
                // "Nobody" is a count too: none.
                figure.high != Some(Decimal::ZERO) && clause.span.contains(figure.span)
            })
    });
    let said = |clause: &Clause| {
        let quotations = statement.quotations.iter().map(|&number| &article.quotations[number]);
        quotations.flat_map(|quotation| &quotation.content).any(|content| content.overlaps(clause.span))
    };
    clauses.filter_map(|clause| Some((&*statement.words[clause.predicate?].sense, said(clause)))).collect()
}

fn harm_row(scene: &Scene<'_>, none: Evidence, some: Evidence) -> Discrepancy {
    let places = [none, some];
    let why = format!(
        "{} has “{}”; {} counts some: “{}”.",
        scene.outlet(none.article),
        shortened(scene.words(none)),
        scene.outlet(some.article),
        shortened(scene.words(some)),
    );
    let apart = published_apart(scene, places.map(|place| place.article));
    let nature = if apart { Nature::Update } else { Nature::Conflict };
    let sides: Vec<Side> = places.map(|place| rows::made(scene, place, scene.words(place))).into();
    Discrepancy { kind: ID, nature, alignment: scene.alignment_of(&places), why, sides }
}

/// What a sentence says of a thing at last.
struct State<'a> {
    contrast: &'a Contrast,
    /// Number of the word that says it.
    word: usize,
    subject: Option<usize>,
    negated: bool,
}

/// The last verb or adjective with a contrast; where a thing lies is no state of it.
fn last_state<'a>(scene: &Scene<'a>, unit: usize) -> Option<State<'a>> {
    let statement = scene.units[unit].statement;
    let states = statement.words.iter().enumerate().filter_map(|(number, word)| {
        let contrast = word.contrast.as_ref().filter(|contrast| &*contrast.family != "compass")?;
        matches!(word.kind, WordKind::Verb | WordKind::Other).then_some((number, contrast))
    });
    let (word, contrast) = states.max_by_key(|(number, _)| statement.words[*number].span)?;
    let clause = statement.clauses.iter().find(|clause| clause.predicate == Some(word));
    Some(State {
        contrast,
        word,
        subject: clause.and_then(|clause| clause.subject),
        negated: clause.is_some_and(|clause| clause.negated),
    })
}

fn state_row(scene: &Scene<'_>, units: [usize; 2], words: [usize; 2]) -> Discrepancy {
    let evidence: [Evidence; 2] = units.map(|unit| scene.evidence(unit));
    let values: [&str; 2] = [0, 1].map(|side| {
        let span = scene.units[units[side]].statement.words[words[side]].span;
        span.of(&scene.article_of(units[side]).article.text)
    });
    let apart = published_apart(scene, evidence.map(|place| place.article));
    let nature = if apart { Nature::Update } else { Nature::Conflict };
    let verdict = match nature {
        Nature::Update => "they were published on different days, so the later may tell what happened since",
        Nature::Conflict | Nature::Precision => "both cannot hold at the same time",
    };
    let why = format!(
        "{} has “{}” where {} has “{}”; {verdict}.",
        scene.outlet(evidence[0].article),
        values[0],
        scene.outlet(evidence[1].article),
        values[1]
    );
    let sides: Vec<Side> = [0, 1].map(|side| rows::made(scene, evidence[side], values[side])).into();
    Discrepancy { kind: ID, nature, alignment: scene.alignment_of(&evidence), why, sides }
}

fn why(telling: &Telling<'_>) -> String {
    let [one, other] = telling.outlets;
    match telling.words {
        ["", words] => format!("{other} adds “{words}”, which turns what {one} says into its opposite."),
        [words, ""] => format!("{one} has “{words}”, which {other} leaves out; so they say the opposite."),
        [left, right] => format!(
            "{one} has “{left}” where {other} has “{right}”; one says that it is so, the other that it is not."
        ),
    }
}

fn row(scene: &Scene<'_>, pair: &ClausePair<'_>) -> Discrepancy {
    let evidence = pair.evidence(scene);
    let sides: Vec<Side> =
        evidence.iter().map(|place| rows::made(scene, *place, scene.words(*place))).collect();
    let (positive, negative) = if pair.clauses[0].negated { (1, 0) } else { (0, 1) };
    let why = format!(
        "{} says “{}”; {} says that it is not so: “{}”.",
        scene.outlet(evidence[positive].article),
        shortened(scene.words(evidence[positive])),
        scene.outlet(evidence[negative].article),
        shortened(scene.words(evidence[negative])),
    );
    Discrepancy { kind: ID, nature: Nature::Conflict, alignment: scene.alignment_of(&evidence), why, sides }
}
