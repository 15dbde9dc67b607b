//! # Name conflict
//!
//! **What it finds** One person under two spellings or of another age, a place under two spellings, or another
//! person's name in the same passage.
//!
//! **Why it matters** A misspelt name sends a search to somebody else.
//!
//! **Example** The Example Herald: "Marta Olsen". The Sample Post: "Martha Olson".
//!
//! **What it ignores** A name cut short ("Olsen"), accents, titles; two people whom one article tells apart; another
//! first name with the same last name, which may be a brother's.
//!
//! **Sources** AP Stylebook on names.

use std::collections::{BTreeMap, BTreeSet};

use model::{Discrepancy, EntityKind, Evidence, Nature, Side, WordKind};
use rust_decimal::Decimal;

use super::Kind;
use super::figure_slot::AGE;
use super::rows::{self, RowOptions, Telling};
use crate::change::ChangeKind;
use crate::diff::common_count;
use crate::scene::Scene;
use crate::speaker::{plain, same_speaker};

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
    found.extend(misspelt_places(scene));
    found.extend(ages(scene));
    found
}

/// Names of places of which two outlets differ by one letter, and neither has the other's.
fn misspelt_places(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let places: Vec<BTreeMap<&str, Evidence>> =
        scene.members.iter().map(|&article| places(scene, article)).collect();
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for (number, left) in places.iter().enumerate() {
        for right in &places[number + 1..] {
            for (&one, place) in left.iter().filter(|(name, _)| !right.contains_key(*name)) {
                for (&other, there) in right.iter().filter(|(name, _)| !left.contains_key(*name)) {
                    if scene.independent(place.article, there.article)
                        && a_letter_apart(one, other)
                        && told.insert([one, other])
                    {
                        found.push(row(scene, &[one.to_owned(), other.to_owned()], [*place, *there]));
                    }
                }
            }
        }
    }
    found
}

/// Words of an article's names of places, each with its first sentence.
fn places<'a>(scene: &Scene<'a>, article: usize) -> BTreeMap<&'a str, Evidence> {
    let mut found = BTreeMap::new();
    for (number, unit) in scene.units.iter().enumerate().filter(|(_, unit)| unit.place.article == article) {
        for word in unit.statement.words.iter().filter(|word| word.kind == WordKind::Place) {
            found.entry(&*word.key).or_insert(scene.evidence(number));
        }
    }
    found
}

/// Whether a letter inside comes, goes or differs: not at the end, where languages and grammar differ ("-iv", "-ov").
fn a_letter_apart(one: &str, other: &str) -> bool {
    const LETTERS_MIN: usize = 6;
    const SAME_END: usize = 2;
    let letters = |name: &str| name.chars().map(String::from).collect::<Vec<_>>();
    let (left, right) = (letters(one), letters(other));
    fn plain(list: &[String]) -> Vec<&str> {
        list.iter().map(String::as_str).collect()
    }
    let (short, long) = (left.len().min(right.len()), left.len().max(right.len()));
    short >= LETTERS_MIN
        && left.first() == right.first()
        && left[left.len() - SAME_END..] == right[right.len() - SAME_END..]
        && long - common_count(&plain(&left), &plain(&right)) == 1
}

/// An age that an article gives a person.
struct Age {
    name: String,
    evidence: Evidence,
    years: Decimal,
}

/// People of whom independent articles give different ages.
fn ages(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let ages: Vec<Age> = (0..scene.units.len()).flat_map(|unit| ages_in(scene, unit)).collect();
    let mut found = Vec::new();
    for (number, one) in ages.iter().enumerate() {
        for other in &ages[number + 1..] {
            let articles = [one.evidence.article, other.evidence.article];
            if one.years != other.years
                && same_speaker(&one.name, &other.name)
                && scene.independent(articles[0], articles[1])
                && !ages.iter().any(|age| {
                    // An article that gives both tells of two people, or of a birthday.
                    articles.contains(&age.evidence.article)
                        && same_speaker(&age.name, &one.name)
                        && age.years
                            == if age.evidence.article == articles[0] { other.years } else { one.years }
                })
            {
                found.push(age_row(scene, [one, other]));
            }
        }
    }
    rows::merged(found)
}

fn ages_in(scene: &Scene<'_>, unit: usize) -> Vec<Age> {
    let article = scene.article_of(unit);
    let statement = scene.units[unit].statement;
    let slots = statement.slots.iter().filter(|slot| slot.class.as_deref() == Some(AGE));
    let aged = slots.filter_map(|slot| {
        let figure = &article.figures[slot.figure];
        let counts = figure.counts.as_deref()?;
        let person = article.mentions.iter().find(|mention| {
            mention.is_name
                && statement.span.contains(mention.span)
                && article.entities[mention.entity].kind == EntityKind::Person
                && counts.ends_with(mention.span.of(&article.article.text))
        })?;
        let evidence =
            Evidence { article: scene.units[unit].place.article, span: person.span.hull(figure.span) };
        let years = figure.low.filter(|low| Some(*low) == figure.high)?;
        Some(Age { name: article.entities[person.entity].name.clone(), evidence, years })
    });
    aged.collect()
}

fn age_row(scene: &Scene<'_>, ages: [&Age; 2]) -> Discrepancy {
    let [one, other] = ages;
    let why = format!(
        "{} gives the age of {} as {}, {} as {}.",
        scene.outlet(one.evidence.article),
        one.name,
        one.years.normalize(),
        scene.outlet(other.evidence.article),
        other.years.normalize()
    );
    let sides = ages.map(|age| Side {
        evidence: age.evidence,
        value: age.years.normalize().to_string(),
        attributed_to: None,
    });
    let evidence = ages.map(|age| age.evidence);
    Discrepancy {
        kind: ID,
        nature: Nature::Conflict,
        alignment: scene.alignment_of(&evidence),
        why,
        sides: sides.into(),
    }
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
    // What differs by accents alone is one spelling, on another keyboard.
    let (one, other) = (plain(one), plain(other));
    let parts = |name: &str| name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let joined = |name: &str| name.chars().filter(|sign| sign.is_alphanumeric()).collect::<String>();
    if joined(&one).to_lowercase() == joined(&other).to_lowercase() {
        // "Yong-dae" and "Yong Dae" are two customs, "Nunez-Ortiz" and "Nunez Ortiz" two last names.
        let is_double = |name: &str| {
            let mut ends = name.split('-').skip(1);
            ends.any(|end| end.starts_with(char::is_uppercase))
        };
        return is_double(&one) != is_double(&other);
    }
    let (left, right) = (parts(&one), parts(&other));
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
