//! # Name conflict
//!
//! **What it finds** One person under two spellings, or another person's name in the same passage.
//!
//! **Why it matters** A misspelt name sends a search to somebody else.
//!
//! **Example** The Example Herald: "Marta Olsen". The Sample Post: "Martha Olson".
//!
//! **What it ignores** A name cut short ("Olsen"), accents, titles; two people whom one article tells apart.
//!
//! **Sources** AP Stylebook on names.

use std::collections::BTreeMap;

use model::{Discrepancy, EntityKind, Evidence, Nature, Side};

use super::Kind;
use super::rows::{self, RowOptions, Telling};
use crate::change::ChangeKind;
use crate::diff::common_count;
use crate::scene::Scene;

pub(super) const KIND: Kind = Kind { id: ID, title: "Names", find };
const ID: &str = "name-conflict";

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let mut found =
        rows::rows(scene, &[ChangeKind::Name], &RowOptions { kind: ID, nature: rows::conflict, why });
    let people: Vec<BTreeMap<String, Evidence>> =
        scene.members.iter().map(|&article| people(scene, article)).collect();
    let mut told: Vec<[String; 2]> = Vec::new();
    for (number, left) in people.iter().enumerate() {
        for right in &people[number + 1..] {
            for (one, place) in left.iter().filter(|(name, _)| !right.contains_key(*name)) {
                for (other, there) in right.iter().filter(|(name, _)| !left.contains_key(*name)) {
                    let pair = [one.clone(), other.clone()];
                    if scene.independent(place.article, there.article)
                        && two_spellings(one, other)
                        && !told.contains(&pair)
                    {
                        found.push(row(scene, &pair, [*place, *there]));
                        told.push(pair);
                    }
                }
            }
        }
    }
    found
}

fn why(telling: &Telling<'_>) -> String {
    let [one, other] = telling.outlets;
    let [left, right] = telling.words;
    format!("{one} names {left} where {other} names {right}; the rest of the passage is the same.")
}

/// Full names of people with the sentence of their first mention.
fn people(scene: &Scene<'_>, article: usize) -> BTreeMap<String, Evidence> {
    let annotated = &scene.articles[article];
    let mut people = BTreeMap::new();
    for mention in annotated.mentions.iter().filter(|mention| mention.is_name) {
        let name = mention.span.of(&annotated.article.text);
        let person = annotated.entities[mention.entity].kind == EntityKind::Person;
        if person && name.split_whitespace().count() >= 2 {
            people.entry(name.to_string()).or_insert(Evidence { article, span: mention.span });
        }
    }
    people
}

/// Whether two full names of two words differ by a letter or two in one of them.
fn two_spellings(one: &str, other: &str) -> bool {
    let parts = |name: &str| name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let (left, right) = (parts(one), parts(other));
    if left.len() != right.len() {
        return false;
    }
    let differing: Vec<(&String, &String)> = left.iter().zip(&right).filter(|(x, y)| x != y).collect();
    let [(x, y)] = differing[..] else { return false };
    /// Letters of a name that may be misspelt; shorter ones are other names.
    const LETTERS_MIN: usize = 4;
    let folded = |name: &str| {
        name.chars().filter(|letter| letter.is_alphanumeric()).map(String::from).collect::<Vec<_>>()
    };
    let (x, y) = (folded(x), folded(y));
    let plain: (Vec<&str>, Vec<&str>) =
        (x.iter().map(String::as_str).collect(), y.iter().map(String::as_str).collect());
    let longer = x.len().max(y.len());
    let apart = longer - common_count(&plain.0, &plain.1);
    x.len().min(y.len()) >= LETTERS_MIN && apart > 0 && apart <= 2 && longer >= 3 * apart
}

fn row(scene: &Scene<'_>, names: &[String; 2], evidence: [Evidence; 2]) -> Discrepancy {
    let why = format!(
        "{} spells the name {}, {} spells it {}.",
        scene.outlet(evidence[0].article),
        names[0],
        scene.outlet(evidence[1].article),
        names[1]
    );
    let sides: Vec<Side> = evidence
        .iter()
        .zip(names)
        .map(|(place, name)| Side { evidence: *place, value: name.clone(), attributed_to: None })
        .collect();
    Discrepancy { kind: ID, nature: Nature::Precision, alignment: scene.alignment_of(&evidence), why, sides }
}

#[cfg(test)]
mod tests {
    use super::two_spellings;

    #[test]
    fn a_letter_or_two_make_another_spelling() {
        assert!(two_spellings("Marta Olsen", "Marta Olson"));
        assert!(!two_spellings("Marta Olsen", "Marta Olsen"));
    }

    #[test]
    fn another_name_is_another_person() {
        assert!(!two_spellings("Marta Olsen", "Marta Webb"));
        assert!(!two_spellings("Tom Lee", "Tom Leo"));
        assert!(!two_spellings("Marta Olsen", "Olsen"));
    }
}
