//! # Place conflict
//!
//! **What it finds** The same passage with another place in it; the same event at two places, of which neither outlet
//! names the other's; one place in another direction.
//!
//! **Why it matters** Where something happened decides who can confirm it.
//!
//! **Example** The Example Herald: "The ferry sank off Port Alma." The Sample Post: "The ferry sank off Port Brenn."
//!
//! **What it ignores** A place given more or less exactly, datelines, two forms of one name; places that both outlets
//! name somewhere.
//!
//! **Sources** The five Ws of news reporting.

use std::collections::{BTreeMap, BTreeSet};

use model::{Discrepancy, Evidence, Nature, Side, Word, WordKind};

use super::Kind;
use super::clause_pair::{ClausePair, clause_pairs};
use super::rows::{self, RowOptions, Telling};
use crate::align::same_beginning;
use crate::change::ChangeKind;
use crate::scene::Scene;

pub(super) const KIND: Kind = Kind { id: ID, title: "Where", find };
const ID: &str = "place-conflict";

/// Clauses that share less tell of something else; the place itself counts against them.
const LIKENESS_MIN: f64 = 0.6;
/// The same for the sentences they stand in.
const LIKELY_MIN: f64 = 0.45;
/// A direction is of one place, so the sentences may differ in much.
const BEARING_LIKELY_MIN: f64 = 0.2;
/// Bytes between a direction and the place it is of: a space or a hyphen.
const GAP_MAX: usize = 1;
/// Family of the words that give a direction.
const COMPASS: &str = "compass";

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let mut found =
        rows::rows(scene, &[ChangeKind::Place], &RowOptions { kind: ID, nature: rows::conflict, why });
    found.extend(rows::merged(elsewhere(scene)));
    found.extend(rows::merged(bearings(scene)));
    found
}

fn why(telling: &Telling<'_>) -> String {
    let [one, other] = telling.outlets;
    let [here, there] = telling.words;
    format!("{one} puts it in {here}, {other} in {there}; the rest of the passage is the same.")
}

/// One event at places of which neither article names the other's.
fn elsewhere(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let named: BTreeMap<usize, BTreeSet<&str>> =
        scene.members.iter().map(|&article| (article, all_words(scene, article))).collect();
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for pair in clause_pairs(scene, LIKELY_MIN) {
        if pair.likeness < LIKENESS_MIN {
            continue;
        }
        let articles = pair.units.map(|unit| scene.units[unit].place.article);
        let left = unnamed_place(scene, (&pair, 0), &named[&articles[1]]);
        let right = unnamed_place(scene, (&pair, 1), &named[&articles[0]]);
        if let (Some(here), Some(there)) = (left, right)
            && told.insert([here, there])
        {
            found.push(row(scene, pair.evidence(scene), ([here, there], Nature::Conflict)));
        }
    }
    found
}

fn all_words<'a>(scene: &Scene<'a>, article: usize) -> BTreeSet<&'a str> {
    let units = scene.units.iter().filter(|unit| unit.place.article == article);
    units.flat_map(|unit| unit.statement.words.iter()).map(|word| &*word.key).collect()
}

/// The first place that a clause names and another article never does, where all its places are such.
fn unnamed_place<'a>(
    scene: &Scene<'a>,
    (pair, side): (&ClausePair<'a>, usize),
    known: &BTreeSet<&str>,
) -> Option<&'a str> {
    let unit = pair.units[side];
    let statement = scene.units[unit].statement;
    let mut places = pair.clauses[side]
        .words
        .iter()
        .map(|&word| &statement.words[word])
        .filter(|word| word.kind == WordKind::Place);
    let first = places.next()?;
    let unknown = |key: &str| !known.contains(key) && !known.iter().any(|other| same_beginning(key, other));
    (unknown(&first.key) && places.all(|word| unknown(&word.key)))
        .then(|| first.span.of(&scene.article_of(unit).article.text))
}

/// A direction that a sentence gives: of what place, and where it stands.
struct Bearing<'a> {
    /// "northwest".
    side: String,
    /// Key of the place behind it.
    place: &'a str,
    words: &'a str,
}

/// One place in two directions: "western Norland", "north-west Norland".
fn bearings(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for link in scene.links.iter().filter(|link| link.probability >= BEARING_LIKELY_MIN) {
        let units = [link.a, link.b];
        let articles = units.map(|unit| scene.units[unit].place.article);
        if !scene.independent(articles[0], articles[1]) {
            continue;
        }
        let [left, right] = units.map(|unit| bearings_of(scene, unit));
        for (one, other) in left.iter().flat_map(|one| right.iter().map(move |other| (one, other))) {
            let same_place = one.place == other.place || same_beginning(one.place, other.place);
            // Where one sentence has both, it tells of both.
            if same_place
                && !has_side(scene, link.a, &other.side)
                && !has_side(scene, link.b, &one.side)
                && one.side != other.side
                && told.insert((articles, one.side.clone(), other.side.clone()))
            {
                // "West" may only be less exact than "north-west".
                let vaguer = one.side.contains(&other.side) || other.side.contains(&one.side);
                let nature = if vaguer { Nature::Precision } else { Nature::Conflict };
                let evidence = units.map(|unit| scene.evidence(unit));
                found.push(row(scene, evidence, ([one.words, other.words], nature)));
            }
        }
    }
    found
}

/// Whether a sentence has a direction by itself, not as part of one in between ("west" in "north-west").
fn has_side(scene: &Scene<'_>, unit: usize, side: &str) -> bool {
    let words = &scene.units[unit].statement.words;
    let compass = |word: &Word| word.contrast.as_ref().is_some_and(|contrast| &*contrast.family == COMPASS);
    let part = |one: usize, next: usize| {
        words.get(one).zip(words.get(next)).is_some_and(|(one, next)| {
            compass(one) && compass(next) && next.span.start <= one.span.end + GAP_MAX
        })
    };
    words.iter().enumerate().any(|(at, word)| {
        compass(word)
            && word.contrast.as_ref().is_some_and(|contrast| &*contrast.side == side)
            && !part(at, at + 1)
            && !(at > 0 && part(at - 1, at))
    })
}

fn bearings_of<'a>(scene: &Scene<'a>, unit: usize) -> Vec<Bearing<'a>> {
    let words = &scene.units[unit].statement.words;
    let text = &scene.article_of(unit).article.text;
    let beside =
        |at: usize| words.get(at + 1).is_some_and(|next| next.span.start <= words[at].span.end + GAP_MAX);
    let side = |at: usize| words[at].contrast.as_ref().filter(|contrast| &*contrast.family == COMPASS);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let start = at;
        let mut name = String::new();
        while let Some(contrast) = words.get(at).and_then(|_| side(at)) {
            name.push_str(&contrast.side);
            at += 1;
            if !beside(at - 1) {
                break;
            }
        }
        let named = |at: usize| matches!(words[at].kind, WordKind::Place | WordKind::Name);
        if at > start && beside(at - 1) && named(at) {
            let span = words[start].span.hull(words[at].span);
            found.push(Bearing { side: name, place: &words[at].key, words: span.of(text) });
        }
        at += usize::from(at == start);
    }
    found
}

fn row(scene: &Scene<'_>, evidence: [Evidence; 2], (places, nature): ([&str; 2], Nature)) -> Discrepancy {
    let verdict = match nature {
        Nature::Precision => "one may only be less exact",
        Nature::Conflict | Nature::Update => "these are not the same",
    };
    let why = format!(
        "{} has {}, {} has {}; {verdict}.",
        scene.outlet(evidence[0].article),
        places[0],
        scene.outlet(evidence[1].article),
        places[1]
    );
    let sides: Vec<Side> = [0, 1].map(|side| rows::made(scene, evidence[side], places[side])).into();
    Discrepancy { kind: ID, nature, alignment: scene.alignment_of(&evidence), why, sides }
}
