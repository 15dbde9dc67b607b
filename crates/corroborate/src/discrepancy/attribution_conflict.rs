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

use model::{Discrepancy, Nature, Side};

use super::Kind;
use super::rows::{self, RowOptions, Telling};
use super::saying::{Saying, differently_attributed, same_sayings, sayings};
use crate::change::ChangeKind;
use crate::scene::Scene;
use crate::words::shortened;

pub(super) const KIND: Kind = Kind { id: ID, title: "Who said it", find };
const ID: &str = "attribution-conflict";

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let options = RowOptions { kind: ID, nature: rows::conflict, why };
    let mut found = rows::rows(scene, &[ChangeKind::Attribution], &options);
    let sayings = sayings(scene);
    for same in same_sayings(scene, &sayings) {
        /// With fewer common words two people may each have said it.
        const COMMON_MIN: f64 = 0.6;
        let (left, right) = (&sayings[same.left], &sayings[same.right]);
        if same.common_share >= COMMON_MIN && differently_attributed(left, right) {
            found.push(row(scene, left, right));
        }
    }
    found
}

fn why(telling: &Telling<'_>) -> String {
    let [one, other] = telling.outlets;
    let [said, told] = telling.words;
    format!(
        "{one} gives these words to {said}, {other} gives them to {told}; the rest of the passage is the same."
    )
}

fn row(scene: &Scene<'_>, left: &Saying<'_>, right: &Saying<'_>) -> Discrepancy {
    let side = |saying: &Saying<'_>| Side {
        evidence: saying.evidence(),
        value: saying.speaker.clone().unwrap_or_default(),
        attributed_to: saying.speaker.clone(),
    };
    let sides = vec![side(left), side(right)];
    let why = format!(
        "{} quotes {} with words that {} quotes from {}: “{}”.",
        scene.outlet(left.article),
        sides[0].value,
        scene.outlet(right.article),
        sides[1].value,
        shortened(scene.words(left.evidence())),
    );
    let alignment = scene.alignment_of(&[left.evidence(), right.evidence()]);
    Discrepancy { kind: ID, nature: Nature::Conflict, alignment, why, sides }
}
