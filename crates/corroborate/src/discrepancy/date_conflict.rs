//! # Date conflict
//!
//! **What it finds** One event on two days, or at two hours of a day; a date whose weekday is not that of the day.
//! An hour that one of them rounds ("at about five" for ten past) is a matter of precision.
//!
//! **Why it matters** When something happened decides what can have caused it.
//!
//! **Example** The Example Herald: "The vote is on Tuesday, 4 March." The Sample Post: "The vote is on 11 March."
//!
//! **What it ignores** Days of different things in one sentence, a day given as "last week", the day of publication.
//!
//! **Sources** TimeML for what a date is.

use std::collections::BTreeSet;

use model::{
    Annotated, Clause, Discrepancy, Evidence, Nature, Side, Statement, Time, TimeKind, Token, TokenRole,
    WordKind,
};

use super::Kind;
use super::clause_pair::{ClausePair, clause_pairs};
use super::clock::hours_apart;
use super::rows::{self, RowOptions, Telling};
use crate::change::ChangeKind;
use crate::scene::Scene;

pub(super) const KIND: Kind = Kind { id: ID, title: "When", find };
pub(super) const ID: &str = "date-conflict";

/// Clauses that share less tell of something else.
const LIKENESS_MIN: f64 = 0.55;
/// The same for the sentences they stand in.
const LIKELY_MIN: f64 = 0.35;

fn find(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let mut found =
        rows::rows(scene, &[ChangeKind::Date], &RowOptions { kind: ID, nature: rows::conflict, why });
    let (mut told, mut apart) = (BTreeSet::new(), Vec::new());
    for pair in clause_pairs(scene, LIKELY_MIN) {
        if pair.likeness < LIKENESS_MIN {
            continue;
        }
        if let Some(days) = days_apart(scene, &pair)
            && told.insert(pair.units)
        {
            apart.push(row(scene, &pair, days));
        }
    }
    found.extend(rows::merged(apart));
    found.extend(rows::merged(misnamed(scene)));
    found.extend(rows::merged(hours_apart(scene)));
    found
}

fn why(telling: &Telling<'_>) -> String {
    let [one, other] = telling.outlets;
    let [left, right] = telling.words;
    format!("{one} has “{left}” where {other} has “{right}”; the rest of the passage is the same.")
}

/// The days of two clauses, where each has exactly one and they differ.
fn days_apart(scene: &Scene<'_>, pair: &ClausePair<'_>) -> Option<[String; 2]> {
    let [left, right] = [0, 1].map(|side| {
        let unit = pair.units[side];
        day(scene.article_of(unit), scene.units[unit].statement, pair.clauses[side])
    });
    let (left, right) = (left?, right?);
    (left != right).then_some([left, right])
}

/// The one calendar day named in a clause.
fn day(article: &Annotated, statement: &Statement, clause: &Clause) -> Option<String> {
    let mut days = statement
        .times
        .iter()
        .map(|&time| &article.times[time])
        .filter(|time| {
            matches!(time.kind, TimeKind::Date | TimeKind::Time) && clause.span.contains(time.span)
        })
        .filter(|time| !names_something(statement, time));
    let first = days.next()?;
    let day = whole_day(first)?;
    days.all(|other| whole_day(other) == Some(day)).then(|| day.to_owned())
}

/// A full date whose weekday is not that of the day, beside another article's name for the day: a slip of the pen that
/// no reader of the one article can tell.
fn misnamed(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let named: Vec<NamedDay<'_>> = (0..scene.units.len()).flat_map(|unit| named_days(scene, unit)).collect();
    let mut found = Vec::new();
    for full in named.iter().filter(|day| day.full) {
        for short in named.iter().filter(|day| !day.full && day.value == full.value) {
            let places = [full.evidence, short.evidence];
            let agree = short.names.iter().any(|name| full.names.contains(name));
            if !agree && scene.independent(places[0].article, places[1].article) {
                let why = format!(
                    "{} has “{}”, which is “{}” in {}: its date and its weekday do not go together.",
                    scene.outlet(places[0].article),
                    full.words,
                    short.words,
                    scene.outlet(places[1].article),
                );
                let sides = [(places[0], full.words), (places[1], short.words)];
                let sides = sides.map(|(place, words)| rows::made(scene, place, words)).into();
                let alignment = scene.alignment_of(&places);
                found.push(Discrepancy { kind: ID, nature: Nature::Conflict, alignment, why, sides });
            }
        }
    }
    found
}

/// A day as an article names it.
struct NamedDay<'a> {
    evidence: Evidence,
    words: &'a str,
    value: &'a str,
    /// Names of days and months in it.
    names: Vec<&'a str>,
    /// Whether it is a weekday with a month and a year, not the name of a day alone.
    full: bool,
}

fn named_days<'a>(scene: &Scene<'a>, unit: usize) -> Vec<NamedDay<'a>> {
    let statement = scene.units[unit].statement;
    let article = scene.article_of(unit);
    let times =
        statement.times.iter().map(|&time| &article.times[time]).filter(|time| time.kind == TimeKind::Date);
    let named = times.filter_map(|time| {
        let value = whole_day(time)?;
        let tokens: Vec<&Token> =
            statement.stream.iter().filter(|token| time.span.contains(token.span)).collect();
        let names: Vec<&str> = tokens
            .iter()
            .filter(|token| token.role == TokenRole::Calendar)
            .map(|token| &*token.form)
            .collect();
        let year = tokens.iter().any(|token| token.form.len() == 4 && value.starts_with(&*token.form));
        let full = year && names.len() == 2;
        let alone = tokens.len() == 1 && names.len() == 1;
        let words = time.span.of(&article.article.text);
        (full || alone).then(|| NamedDay { evidence: scene.evidence(unit), words, value, names, full })
    });
    named.collect()
}

/// Whether a day only tells of what kind the next word is: "a New Year display".
fn names_something(statement: &Statement, time: &Time) -> bool {
    statement.words.iter().any(|word| word.kind == WordKind::Noun && word.span.start == time.span.end + 1)
}

/// The calendar day of a time expression, its hour left out.
fn whole_day(time: &Time) -> Option<&str> {
    let day = time.value.get(.."2022-02-15".len())?;
    let digits = day.bytes().enumerate().all(|(at, sign)| match at {
        4 | 7 => sign == b'-',
        _ => sign.is_ascii_digit(),
    });
    digits.then_some(day)
}

fn row(scene: &Scene<'_>, pair: &ClausePair<'_>, days: [String; 2]) -> Discrepancy {
    let evidence = pair.evidence(scene);
    let why = format!(
        "{} puts it on {}, {} on {}.",
        scene.outlet(evidence[0].article),
        days[0],
        scene.outlet(evidence[1].article),
        days[1]
    );
    let sides: Vec<Side> =
        evidence.iter().zip(&days).map(|(place, day)| rows::made(scene, *place, day)).collect();
    Discrepancy { kind: ID, nature: Nature::Conflict, alignment: scene.alignment_of(&evidence), why, sides }
}
