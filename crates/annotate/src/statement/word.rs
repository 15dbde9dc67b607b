//! The content words of a sentence, each with key, class and weight.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Figure, Word, WordKind};
use rust_decimal::Decimal;

use super::Unit;
use crate::letters::plain;

/// The content words of a sentence, and which token is which.
#[derive(Default)]
pub(super) struct Content {
    /// Each key once, in order of the text.
    pub words: Vec<Word>,
    /// From a token to its word.
    pub of_token: BTreeMap<usize, usize>,
}

/// Weight of a number: as much as a word of one in fifty-five articles.
const NUMBER_WEIGHT: f32 = 4.0;
/// Weight of a weekday or month: frequent in news and shared by chance.
const CALENDAR_WEIGHT: f32 = 1.5;

pub(super) fn content(unit: &Unit<'_>, figures: &[usize]) -> Content {
    let mut made = Content { words: Vec::new(), of_token: BTreeMap::new() };
    let mut seen: BTreeMap<Box<str>, usize> = BTreeMap::new();
    let numbers = figure_tokens(unit, figures);
    for &token in &unit.tokens {
        let word = match numbers.get(&token) {
            Some(Some(figure)) => number(unit, figure),
            Some(None) => continue,
            None => match word(unit, token) {
                Some(word) => word,
                None => continue,
            },
        };
        let place = *seen.entry(word.key.clone()).or_insert_with(|| {
            made.words.push(word);
            made.words.len() - 1
        });
        made.of_token.insert(token, place);
    }
    made
}

/// Whether a token is one of the content words.
pub(super) fn is_content(unit: &Unit<'_>, token: usize) -> bool {
    let figures = unit.nearby.figures.iter().map(|&number| &unit.reading.figures[number]);
    let mut numbers = figures.map(|figure| unit.reading.parse.tokens_in(figure.number));
    match numbers.find(|tokens| tokens.contains(&token)) {
        Some(tokens) => tokens.start == token,
        None => form(unit, token).is_some(),
    }
}

/// Tokens of numbers: the first stands for its figure, the others for nothing.
fn figure_tokens<'a>(unit: &Unit<'a>, figures: &[usize]) -> BTreeMap<usize, Option<&'a Figure>> {
    let mut tokens = BTreeMap::new();
    for &number in figures {
        let figure = &unit.reading.figures[number];
        for (place, token) in unit.reading.parse.tokens_in(figure.number).enumerate() {
            tokens.entry(token).or_insert((place == 0).then_some(figure));
        }
    }
    tokens
}

/// The number itself, whatever hedge stands before it.
fn nominal(figure: &Figure) -> Option<Decimal> {
    match (figure.low, figure.high) {
        (Some(low), Some(high)) if low == high => Some(low),
        (Some(low), Some(high)) => low.checked_add(high).and_then(|sum| sum.checked_div(Decimal::TWO)),
        (one, None) | (None, one) => one,
    }
}

fn number(unit: &Unit<'_>, figure: &Figure) -> Word {
    let printed: String = figure
        .number
        .of(unit.reading.parse.text)
        .chars()
        .filter(|letter| !",\u{a0}\u{202f} ".contains(*letter))
        .collect();
    // "nearly 100" is a range; its number is still 100.
    let value = printed.parse::<Decimal>().ok().or_else(|| nominal(figure));
    let key: Box<str> =
        value.map_or_else(|| format!("#{printed}"), |value| format!("#{}", value.normalize())).into();
    Word {
        sense: key.clone(),
        span: figure.number,
        kind: WordKind::Number,
        weight: NUMBER_WEIGHT,
        vector: Arc::default(),
        contrast: None,
        key,
    }
}

/// A content word as its lemma or name is printed, and in one spelling.
struct Form<'a> {
    raw: Cow<'a, str>,
    key: Cow<'a, str>,
}

/// `None` when the token is no content word.
fn form<'a>(unit: &Unit<'a>, token: usize) -> Option<Form<'a>> {
    /// Parts of speech without content.
    const EMPTY: &[&str] = &["DET", "ADP", "PRON", "AUX", "CCONJ", "SCONJ", "PART", "PUNCT", "SPACE", "SYM"];
    let (parse, words) = (unit.reading.parse, &unit.reading.language.compare);
    let (lower, part) = (parse.lower(token), parse.part(token));
    if EMPTY.contains(&part) || (part == "NUM" && words.numbers.contains_key(lower)) {
        return None;
    }
    let name = part == "PROPN";
    let surface = lower.strip_suffix("'s").unwrap_or(lower);
    let raw = if name { Cow::Borrowed(surface) } else { replaced(parse.lemma(token).into(), '’', "'") };
    let letters = match &raw {
        Cow::Borrowed(raw) => plain(raw),
        Cow::Owned(raw) => Cow::Owned(plain(raw).into_owned()),
    };
    let key = words.spelling(replaced(letters, '.', ""));
    // "US" is no pronoun.
    let shouted = name && parse.word(token).len() > 1 && !parse.word(token).chars().any(char::is_lowercase);
    let empty = !key.chars().any(char::is_alphanumeric)
        || (!shouted && (words.stop.contains(&key) || words.stop.contains(lower)));
    (!empty).then_some(Form { raw, key })
}

fn replaced<'a>(word: Cow<'a, str>, letter: char, other: &str) -> Cow<'a, str> {
    if word.contains(letter) { Cow::Owned(word.replace(letter, other)) } else { word }
}

fn word(unit: &Unit<'_>, token: usize) -> Option<Word> {
    let (parse, language) = (unit.reading.parse, unit.reading.language);
    let words = &language.compare;
    let Form { raw, key } = form(unit, token)?;
    let name = parse.part(token) == "PROPN";
    let calendar = words.calendar.weekdays.contains(&key)
        || (name && words.calendar.months.contains(key.trim_end_matches('.')));
    let capital = parse.word(token).starts_with(char::is_uppercase);
    let kind = match (parse.entity(token), parse.part(token)) {
        ("PERSON", "PROPN" | "NOUN") => WordKind::Person,
        ("GPE" | "LOC" | "FAC", "PROPN" | "NOUN") => WordKind::Place,
        (_, "PROPN") => WordKind::Name,
        ("NORP", _) => WordKind::Name,
        (_, "NUM") => WordKind::Number,
        (_, "VERB") => WordKind::Verb,
        (_, "NOUN") => WordKind::Noun,
        _ => WordKind::Other,
    };
    Some(Word {
        sense: words.sense(&key).into(),
        span: parse.span(token),
        kind,
        weight: if calendar { CALENDAR_WEIGHT } else { language.frequencies.weight(&raw) },
        vector: Arc::default(),
        // "North Korea" is a name, no bearing; in "southern Norland" the tagger takes the bearing for a name, too.
        contrast: if name && capital { None } else { words.contrasts.get(&key).cloned() },
        key: key.into(),
    })
}
