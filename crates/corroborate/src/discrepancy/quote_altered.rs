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

use std::collections::BTreeMap;

use model::{Discrepancy, Evidence, Nature, Side};

use super::Kind;
use super::rows::{self, RowOptions, Telling};
use super::saying::{Same, Saying, same_sayings, sayings};
use crate::change::ChangeKind;
use crate::scene::Scene;
use crate::words::{listed, shortened};

pub(super) const KIND: Kind = Kind { id: ID, title: "Altered quotation", find };
const ID: &str = "quote-altered";

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let options = RowOptions { kind: ID, nature: rows::conflict, why };
    let mut found = rows::rows(scene, &[ChangeKind::Quotation], &options);
    let sayings = sayings(scene);
    let altered: Vec<Same> = same_sayings(scene, &sayings).into_iter().filter(|same| same.altered).collect();
    found.extend(gathered(&sayings, &altered).into_iter().map(|group| row(scene, &sayings, &group)));
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

/// Sayings that hang together: by being the same utterance, or by standing in one quotation.
fn gathered(sayings: &[Saying<'_>], altered: &[Same]) -> Vec<Vec<usize>> {
    let mut group_of: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for same in altered {
        let key = |saying: usize| (sayings[saying].article, sayings[saying].quotation);
        let (left, right) = (key(same.left), key(same.right));
        let group = match (group_of.get(&left).copied(), group_of.get(&right).copied()) {
            (Some(one), Some(other)) if one != other => {
                let moved = std::mem::take(&mut groups[other]);
                groups[one].extend(moved);
                for known in group_of.values_mut().filter(|known| **known == other) {
                    *known = one;
                }
                one
            }
            (Some(one), _) | (None, Some(one)) => one,
            (None, None) => {
                groups.push(Vec::new());
                groups.len() - 1
            }
        };
        group_of.insert(left, group);
        group_of.insert(right, group);
        groups[group].extend([same.left, same.right]);
    }
    for group in &mut groups {
        group.sort_unstable();
        group.dedup();
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn row(scene: &Scene<'_>, sayings: &[Saying<'_>], group: &[usize]) -> Discrepancy {
    let sides: Vec<Side> = group
        .iter()
        .map(|&number| {
            let saying = &sayings[number];
            let words = scene.words(saying.evidence());
            Side {
                evidence: saying.evidence(),
                value: shortened(words),
                attributed_to: saying.speaker.clone(),
            }
        })
        .collect();
    let speaker = sides.iter().find_map(|side| side.attributed_to.clone());
    let quoted: Vec<String> = sides
        .iter()
        .map(|side| format!("“{}” ({})", side.value, scene.outlet(side.evidence.article)))
        .collect();
    let who = speaker.map_or_else(String::new, |name| format!(" of {name}"));
    let why = format!(
        "The same words{who} are quoted differently: {}. Quotation marks promise what was said; at most one wording is \
         exact, or all are translations.",
        listed(&quoted)
    );
    let places: Vec<Evidence> = sides.iter().map(|side| side.evidence).collect();
    Discrepancy { kind: ID, nature: Nature::Conflict, alignment: scene.alignment_of(&places), why, sides }
}
