//! # Attribution conflict
//!
//! **What it finds** The same words, given to one speaker by one outlet and to another by the next.
//!
//! **Why it matters** One of them is wrong about who said it, and whoever copies it spreads that.
//!
//! **Example** The Example Herald: “We knew nothing of it,” the mayor, Ana Ruiz, said. The Sample Post: “We knew nothing
//! of it,” said her deputy, Tom Hale.
//!
//! **What it ignores** Two people who say the same in their own words: that is corroboration. A role and a name
//! ("the mayor", "Ana Ruiz"), or two forms of one name.
//!
//! **Sources** AP Stylebook on quotations; PARC 3.0 for what an attribution is.

use model::{Discrepancy, Evidence, Nature, Side};

use super::Kind;
use super::rows::{self, RowOptions, Telling};
use super::saying::{Saying, differently_attributed, same_sayings, sayings};
use crate::change::ChangeKind;
use crate::scene::Scene;
use crate::words::{listed, shortened};

pub(super) const KIND: Kind = Kind { id: ID, title: "Who said it", find };
const ID: &str = "attribution-conflict";

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let options = RowOptions { kind: ID, nature: rows::conflict, why };
    let mut found = rows::rows(scene, &[ChangeKind::Attribution], &options);
    let sayings = sayings(scene);
    let mut said: Vec<Vec<Side>> = Vec::new();
    for same in same_sayings(scene, &sayings) {
        /// With fewer common words two people may each have said it.
        const COMMON_MIN: f64 = 0.6;
        let (left, right) = (&sayings[same.left], &sayings[same.right]);
        if same.common_share >= COMMON_MIN && differently_attributed(left, right) {
            join(&mut said, [side(left), side(right)]);
        }
    }
    found.extend(said.into_iter().map(|sides| row(scene, sides)));
    found
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
