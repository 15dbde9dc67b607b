//! # Altered quotation
//!
//! **What it finds** One utterance, quoted in different words: a word changed within the quotation marks, or two
//! renderings of the same sentence by the same speaker.
//!
//! **Why it matters** Quotation marks promise the speaker's own words. If they differ, at most one outlet kept the
//! promise; if the speaker spoke another language, neither may have.
//!
//! **Example** The Example Herald: “We will rebuild every house,” Ruiz said. The Sample Post: “We shall rebuild almost every
//! house,” Ruiz said.
//!
//! **What it ignores** Punctuation, case, spelling, number style, a quotation that is cut short, "a", "the" and
//! "that" coming or going.
//!
//! **Sources** AP Stylebook: never alter quotations, even to correct minor grammatical errors.

use std::collections::BTreeSet;

use model::{Discrepancy, Evidence, Nature, Side};

use super::Kind;
use super::rows::{self, RowOptions, Telling};
use crate::change::ChangeKind;
use crate::saying::Same;
use crate::scene::Scene;
use crate::words::{listed, shortened};

pub(super) const KIND: Kind = Kind { id: ID, title: "Altered quotation", find };
const ID: &str = "quote-altered";

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let options = RowOptions { kind: ID, nature: rows::conflict, why };
    let mut found = rows::rows(scene, &[ChangeKind::Quotation], &options);
    let altered = scene.sayings.same.iter().filter(|same| same.altered);
    found.extend(gathered(altered).into_iter().map(|group| row(scene, &group)));
    found
}

fn why(telling: &Telling<'_>) -> String {
    let [one, other] = telling.outlets;
    match telling.words {
        [words, ""] => {
            format!("Within quotation marks {one} has “{}”, which {other} leaves out.", shortened(words))
        }
        ["", words] => {
            format!("Within quotation marks {other} has “{}”, which {one} leaves out.", shortened(words))
        }
        [left, right] => format!(
            "Within quotation marks {one} has “{}” where {other} has “{}”.",
            shortened(left),
            shortened(right)
        ),
    }
}

/// Sayings of which each is the same utterance as another of its group.
fn gathered<'a>(altered: impl Iterator<Item = &'a Same>) -> Vec<Vec<usize>> {
    let mut groups: Vec<BTreeSet<usize>> = Vec::new();
    for same in altered {
        let pair = BTreeSet::from([same.left, same.right]);
        let (meeting, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| !group.is_disjoint(&pair));
        groups = apart;
        groups.push(meeting.into_iter().flatten().chain(pair).collect());
    }
    groups.sort();
    groups.into_iter().map(|group| group.into_iter().collect()).collect()
}

fn row(scene: &Scene<'_>, group: &[usize]) -> Discrepancy {
    let sayings = &scene.sayings.all;
    // The wording is the difference: a side has no value beside its words.
    let side = |&number: &usize| Side {
        evidence: sayings[number].evidence(),
        value: String::new(),
        attributed_to: sayings[number].speaker.clone(),
    };
    let sides: Vec<Side> = group.iter().map(side).collect();
    let mut speakers: Vec<String> = Vec::new();
    for speaker in sides.iter().flat_map(|side| &side.attributed_to) {
        if !speakers.contains(speaker) {
            speakers.push(speaker.clone());
        }
    }
    let mut outlets: Vec<String> =
        sides.iter().map(|side| scene.outlet(side.evidence.article).to_owned()).collect();
    outlets.dedup();
    let outlets = listed(&outlets);
    let quoted = match speakers.as_slice() {
        [] => format!("One speaker is quoted in different words by {outlets}"),
        [who] => format!("{who} is quoted in different words by {outlets}"),
        _ => format!("One quotation, given to {}, stands in different words in {outlets}", listed(&speakers)),
    };
    let why = format!("{quoted}: at most one wording is exact, or all are translations.");
    let places: Vec<Evidence> = sides.iter().map(|side| side.evidence).collect();
    Discrepancy { kind: ID, nature: Nature::Conflict, alignment: scene.alignment_of(&places), why, sides }
}
