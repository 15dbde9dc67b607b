//! # Polarity conflict
//!
//! **What it finds** One outlet says that something is so, the other that it is not.
//!
//! **Why it matters** Both cannot be right at the same time.
//!
//! **Example** The Example Herald: "The bridge was open." The Sample Post: "The bridge was not open."
//!
//! **What it ignores** A negation of something else in the same sentence; a denial by a person, which is a stance.
//!
//! **Sources** FactBank on polarity and certainty.

use std::collections::BTreeSet;

use model::{Discrepancy, Nature, Side};

use super::Kind;
use super::clause_pair::{ClausePair, clause_pairs};
use super::rows::{self, RowOptions, Telling};
use crate::change::ChangeKind;
use crate::scene::Scene;
use crate::words::shortened;

pub(super) const KIND: Kind = Kind { id: ID, title: "So or not so", find };
const ID: &str = "polarity-conflict";

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
    found
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
