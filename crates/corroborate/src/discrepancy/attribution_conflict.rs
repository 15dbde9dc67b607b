//! # Attribution conflict
//!
//! **What it finds** The same words, given to one speaker by one outlet and to another by the next; or the same
//! report, which two outlets have from two sources.
//!
//! **Why it matters** One of them is wrong about who said it, and whoever copies it spreads that.
//!
//! **Example** The Example Herald: “We knew nothing of it,” the mayor, Ana Ruiz, said. The Sample Post: “We knew nothing
//! of it,” said her deputy, Tom Hale.
//!
//! **What it ignores** People by name who say the same in their own words: that is corroboration. A role and a name
//! ("the mayor", "Ana Ruiz"), or two forms of one name.
//!
//! **Sources** AP Stylebook on quotations; PARC 3.0 for what an attribution is.

use model::{Discrepancy, EntityKind, Evidence, Nature, QuotationForm, Side};

use super::Kind;
use super::rows::{self, RowOptions, Telling};
use crate::align::{Matches, harmonic};
use crate::change::ChangeKind;
use crate::saying::{Saying, differently_attributed};
use crate::scene::Scene;
use crate::speaker::same_speaker;
use crate::words::{listed, shortened};

pub(super) const KIND: Kind = Kind { id: ID, title: "Who said it", find };
const ID: &str = "attribution-conflict";

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let options = RowOptions { kind: ID, nature: rows::conflict, why };
    let mut found = rows::rows(scene, &[ChangeKind::Attribution], &options);
    let sayings = &scene.sayings.all;
    let mut said: Vec<Vec<Side>> = Vec::new();
    for same in &scene.sayings.same {
        /// With fewer common words two people may each have said it.
        const COMMON_MIN: f64 = 0.6;
        let (left, right) = (&sayings[same.left], &sayings[same.right]);
        if same.common_share >= COMMON_MIN && differently_attributed(left, right) {
            join(&mut said, [side(left), side(right)]);
        }
    }
    found.extend(said.into_iter().map(|sides| row(scene, sides)));
    for row in rows::merged(reported(scene)) {
        if !found.iter().any(|known| {
            row.sides.iter().any(|side| known.sides.iter().any(|other| other.evidence == side.evidence))
        }) {
            found.push(row);
        }
    }
    found
}

/// The same report in the outlets' own words, passed on from two sources.
fn reported(scene: &Scene<'_>) -> Vec<Discrepancy> {
    /// Sentences less alike may pass on two things.
    const LIKELY_MIN: f64 = 0.5;
    /// The same for what is passed on.
    const LIKENESS_MIN: f32 = 0.6;
    let mut found = Vec::new();
    for link in scene.links.iter().filter(|link| link.probability >= LIKELY_MIN) {
        let articles = [link.a, link.b].map(|unit| scene.units[unit].place.article);
        if !scene.independent(articles[0], articles[1]) {
            continue;
        }
        let (Some(left), Some(right)) = (report(scene, link.a), report(scene, link.b)) else { continue };
        let alike = likeness(scene, (link.a, &left), (link.b, &right));
        let (one, other) = (left.speaker.clone(), right.speaker.clone());
        // People by name who say the same corroborate each other, and a role may be the person's.
        let bodies = [(link.a, &one), (link.b, &other)]
            .iter()
            .all(|(unit, speaker)| !is_person(scene, *unit, speaker));
        let apart = bodies
            && !same_speaker(&one, &other)
            && !speaks_of(scene, link.b, &one)
            && !speaks_of(scene, link.a, &other);
        if apart && alike >= LIKENESS_MIN {
            let sides = [(link.a, one), (link.b, other)].map(|(unit, speaker)| Side {
                evidence: scene.evidence(unit),
                value: speaker.clone(),
                attributed_to: Some(speaker),
            });
            found.push(reported_row(scene, sides));
        }
    }
    found
}

/// Whether a speaker is a human being with a name: "Ana Ruiz", not "the harbour master" or "the ministry".
fn is_person(scene: &Scene<'_>, unit: usize, speaker: &str) -> bool {
    let entities = &scene.article_of(unit).entities;
    entities.iter().any(|entity| entity.kind == EntityKind::Person && speaker.contains(&entity.name))
}

/// Whether a sentence names a speaker: then both have it from that one, or tell of what that one said.
fn speaks_of(scene: &Scene<'_>, unit: usize, speaker: &str) -> bool {
    let Some(last) =
        speaker.split_whitespace().next_back().filter(|name| name.starts_with(char::is_uppercase))
    else {
        return false;
    };
    let key = last.trim_end_matches("'s").trim_end_matches("’s").to_lowercase();
    scene.units[unit].statement.words.iter().any(|word| *word.key == key)
}

/// What a sentence passes on in its outlet's words.
struct Report {
    speaker: String,
    /// Numbers of its words among the unit's.
    words: Vec<usize>,
}

/// The one report of a sentence; nothing where it quotes, or passes on several.
fn report(scene: &Scene<'_>, unit: usize) -> Option<Report> {
    let statement = scene.units[unit].statement;
    let article = scene.article_of(unit);
    let mut quotations = statement.quotations.iter().map(|&number| &article.quotations[number]);
    let quotation = quotations.next()?;
    if quotation.form != QuotationForm::Indirect
        || quotations.any(|other| other.form != QuotationForm::Indirect)
    {
        return None;
    }
    let speaker = crate::align::speaker(article, quotation)?;
    // "He said": whose word it is was inferred, and not surely enough to hold it against another outlet.
    let printed = quotation.source?.of(&article.article.text);
    if !same_speaker(printed, &speaker) {
        return None;
    }
    let holds =
        |word: &usize| quotation.content.iter().any(|content| content.contains(statement.words[*word].span));
    let words: Vec<usize> = (0..statement.words.len()).filter(holds).collect();
    Some(Report { speaker, words })
}

/// Harmonic mean of the shares of what each passes on that the other does too.
fn likeness(scene: &Scene<'_>, (a, left): (usize, &Report), (b, right): (usize, &Report)) -> f32 {
    let (x, y) = (&scene.units[a], &scene.units[b]);
    let matches = Matches::new(x, y);
    let share = |words: &[usize], weights: &[f32], best: &dyn Fn(usize) -> f32| {
        let all: f32 = words.iter().map(|&word| weights[word].max(0.0)).sum();
        words.iter().map(|&word| weights[word].max(0.0) * best(word)).sum::<f32>() / (all + f32::EPSILON)
    };
    let one =
        share(&left.words, &x.local, &|i| right.words.iter().map(|&j| matches.at(i, j)).fold(0.0, f32::max));
    let other =
        share(&right.words, &y.local, &|j| left.words.iter().map(|&i| matches.at(i, j)).fold(0.0, f32::max));
    harmonic(one, other)
}

fn reported_row(scene: &Scene<'_>, sides: [Side; 2]) -> Discrepancy {
    let outlets = [0, 1].map(|side| scene.outlet(sides[side].evidence.article));
    let why = format!(
        "{} has this from {}, {} from {}; one of them may have it from the other.",
        outlets[0], sides[0].value, outlets[1], sides[1].value
    );
    let places = [0, 1].map(|side| sides[side].evidence);
    Discrepancy {
        kind: ID,
        nature: Nature::Precision,
        alignment: scene.alignment_of(&places),
        why,
        sides: sides.into(),
    }
}

fn why(telling: &Telling<'_>) -> String {
    let [one, other] = telling.outlets;
    let [said, told] = telling.words;
    format!(
        "{one} gives these words to {said}, {other} gives them to {told}; the rest of the passage is the same."
    )
}

fn side(saying: &Saying<'_>) -> Side {
    let value = saying.speaker.clone().unwrap_or_default();
    Side { evidence: saying.evidence(), value, attributed_to: saying.speaker.clone() }
}

/// Adds two sides to the row that has one of them: copies of one report stand in one row.
fn join(rows: &mut Vec<Vec<Side>>, pair: [Side; 2]) {
    let known = rows.iter_mut().find(|row| pair.iter().any(|side| row.contains(side)));
    match known {
        Some(row) => row.extend(pair.into_iter().filter(|side| !row.contains(side)).collect::<Vec<_>>()),
        None => rows.push(pair.into()),
    }
}

fn row(scene: &Scene<'_>, mut sides: Vec<Side>) -> Discrepancy {
    sides.sort_by_key(|side| side.evidence);
    let mut speakers: Vec<&str> = Vec::new();
    for side in &sides {
        if !speakers.contains(&side.value.as_str()) {
            speakers.push(&side.value);
        }
    }
    let given = |speaker: &&str| {
        let outlets = sides.iter().filter(|side| side.value == **speaker);
        let outlets: Vec<String> =
            outlets.map(|side| scene.outlet(side.evidence.article).to_owned()).collect();
        format!("to {speaker} ({})", listed(&outlets))
    };
    let why = format!(
        "The same quotation is given {}: “{}”.",
        listed(&speakers.iter().map(given).collect::<Vec<_>>()),
        shortened(scene.words(sides[0].evidence)),
    );
    let places: Vec<Evidence> = sides.iter().map(|side| side.evidence).collect();
    Discrepancy { kind: ID, nature: Nature::Conflict, alignment: scene.alignment_of(&places), why, sides }
}
