//! Hours of the day: what independent reports say of the minute at which one thing happened.

use model::{Discrepancy, Evidence, Nature, Statement, Time, TimeKind, TokenRole};

use super::date_conflict::ID;
use super::rows;
use crate::scene::Scene;

/// Sentences that are less likely to say the same may tell of two moments.
const LIKELY_MIN: f64 = 0.15;
/// The same where the hours cannot both be right, or only one is given loosely: a story has many moments.
const SAME_LIKELY_MIN: f64 = 0.6;
/// Further apart, two hours are of two things.
const APART_MAX: i32 = 180;
/// What is rounded to the half-hour is off by no more than this.
const ROUNDED_MAX: i32 = 15;
/// Minutes to which hours are rounded.
const ROUND: i32 = 30;

/// The one hour of a sentence.
struct Hour<'a> {
    day: &'a str,
    /// Since midnight.
    minutes: i32,
    /// "Around" or "shortly after" stands before it.
    is_loose: bool,
    words: &'a str,
    evidence: Evidence,
}

/// Rows for sentences of independent articles that say the same but for the hour.
pub(super) fn hours_apart(scene: &Scene<'_>) -> Vec<Discrepancy> {
    let mut found = Vec::new();
    for link in scene.links.iter().filter(|link| link.probability >= LIKELY_MIN) {
        let (Some(left), Some(right)) = (hour(scene, link.a), hour(scene, link.b)) else { continue };
        if !scene.independent(left.evidence.article, right.evidence.article) || left.day != right.day {
            continue;
        }
        if let Some(nature) = nature(&left, &right, link.probability >= SAME_LIKELY_MIN) {
            found.push(row(scene, nature, [left, right]));
        }
    }
    found
}

/// How two hours of a day stand to each other; `None` where they agree, or need not be of one thing.
fn nature(left: &Hour<'_>, right: &Hour<'_>, is_same: bool) -> Option<Nature> {
    match (left.minutes - right.minutes).abs() {
        0 => (is_same && left.is_loose != right.is_loose).then_some(Nature::Precision),
        1..=ROUNDED_MAX if is_round(left) || is_round(right) => Some(Nature::Precision),
        1..=APART_MAX if is_same => Some(Nature::Conflict),
        _ => None,
    }
}

fn is_round(hour: &Hour<'_>) -> bool {
    hour.minutes % ROUND == 0
}

/// The hour that a sentence names, if it names one only: "2024-03-05T17:10".
fn hour<'a>(scene: &Scene<'a>, unit: usize) -> Option<Hour<'a>> {
    let article = scene.article_of(unit);
    let statement = scene.units[unit].statement;
    let mut hours = statement
        .times
        .iter()
        .map(|&time| &article.times[time])
        .filter(|time| time.kind == TimeKind::Time)
        .filter_map(|time| Some((time, time.value.split_once('T')?)));
    let (time, (day, clock)) = hours.next()?;
    if hours.any(|(_, other)| other != (day, clock)) {
        return None;
    }
    let (hours, minutes) = clock.get(.."17:10".len())?.split_once(':')?;
    let minutes = hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?;
    Some(Hour {
        day,
        minutes,
        is_loose: is_loose(statement, time),
        words: time.span.of(&article.article.text),
        evidence: scene.evidence(unit),
    })
}

/// Whether some other word stands before the number of an hour: "around 9 p.m.".
fn is_loose(statement: &Statement, time: &Time) -> bool {
    let mut roles =
        statement.stream.iter().filter(|token| time.span.contains(token.span)).map(|token| token.role);
    let first = roles.next();
    let word = matches!(first, Some(TokenRole::Function | TokenRole::Content | TokenRole::Filler));
    word && roles.next() == Some(TokenRole::Number)
}

fn row(scene: &Scene<'_>, nature: Nature, hours: [Hour<'_>; 2]) -> Discrepancy {
    let verdict = match nature {
        Nature::Precision => "one of them is less exact",
        Nature::Conflict | Nature::Update => "both cannot be the hour of one thing",
    };
    let [one, other] = &hours;
    let why = format!(
        "{} has “{}” where {} has “{}”; {verdict}.",
        scene.outlet(one.evidence.article),
        one.words,
        scene.outlet(other.evidence.article),
        other.words,
    );
    let places = [one.evidence, other.evidence];
    Discrepancy {
        kind: ID,
        nature,
        alignment: scene.alignment_of(&places),
        why,
        sides: hours.iter().map(|hour| rows::made(scene, hour.evidence, hour.words)).collect(),
    }
}
