//! What a figure measures: the counted noun, the verb, what befalls those counted.

use model::Slot;

use super::Unit;
use super::clause::Built;
use super::word::Content;

/// Verb arguments through which what befalls a verb's noun befalls those counted.
const ARGUMENTS: &[&str] = &["nsubjpass", "dobj", "nsubj", "attr", "oprd", "conj", "acomp", "appos", "pobj"];

pub(super) fn slot(unit: &Unit<'_>, figure: usize, (content, clauses): (&Content, &[Built])) -> Slot {
    let head = head(unit, figure);
    let verb = head.and_then(|head| governor(unit, head));
    let first = unit.reading.parse.tokens_in(unit.reading.figures[figure].number).start;
    let clause = clauses
        .iter()
        .enumerate()
        .filter(|(_, clause)| clause.tokens.binary_search(&first).is_ok())
        .min_by_key(|(_, clause)| clause.tokens.len())
        .map(|(number, _)| number);
    let people = head.is_some_and(|head| people(unit, head));
    let word = |token: Option<usize>| token.and_then(|token| content.of_token.get(&token).copied());
    Slot {
        figure,
        clause,
        head: word(head),
        verb: word(verb),
        class: class(unit, figure, (head, verb)),
        people,
    }
}

/// The token of the counted noun.
fn head(unit: &Unit<'_>, figure: usize) -> Option<usize> {
    let parse = unit.reading.parse;
    let figure = &unit.reading.figures[figure];
    let inside = parse.tokens_in(figure.span);
    let number = parse.tokens_in(figure.number);
    if let Some(lemma) = &figure.head {
        let found =
            inside.clone().rev().find(|&token| !number.contains(&token) && parse.lemma(token) == *lemma);
        if found.is_some() {
            return found;
        }
    }
    // Climb out of the number; through a preposition ("fell by 3 percent") to what it modifies.
    let mut token = number.clone().next()?;
    for _ in 0..unit.tokens.len() {
        let up = parse.head(token);
        if up == token {
            return None;
        }
        token = up;
        if !number.contains(&token) && parse.part(token) != "ADP" && parse.part(token) != "SYM" {
            return unit.holds(token).then_some(token);
        }
    }
    None
}

/// The verb above a noun.
fn governor(unit: &Unit<'_>, noun: usize) -> Option<usize> {
    const STEPS_MAX: usize = 6;
    let parse = unit.reading.parse;
    let mut token = noun;
    for _ in 0..STEPS_MAX {
        if parse.part(token) == "VERB" {
            return Some(token);
        }
        token = parse.head(token);
    }
    None
}

fn people(unit: &Unit<'_>, noun: usize) -> bool {
    let parse = unit.reading.parse;
    let words = &unit.reading.language.compare.slot;
    let lemma = parse.lemma(noun);
    let befallen =
        words.classes.values().any(|class| class.contains(lemma) || class.contains(parse.lower(noun)));
    words.people.contains(lemma) || parse.entity(noun) == "NORP" || befallen
}

/// What befalls those counted, read from the noun, its adjectives and participles, and the verb.
fn class(unit: &Unit<'_>, figure: usize, (head, verb): (Option<usize>, Option<usize>)) -> Option<Box<str>> {
    let parse = unit.reading.parse;
    let language = unit.reading.language;
    let figure = &unit.reading.figures[figure];
    if figure.counts.is_some() && figure.head.as_ref() == Some(&language.figures.age_head) {
        return Some("age".into());
    }
    if figure.unit.is_some() {
        return None;
    }
    let head = head?;
    let counted_people = people(unit, head) || parse.part(head) == "VERB" || parse.part(head) == "NUM";
    if !counted_people {
        return None;
    }
    let mut tokens = vec![head];
    let modifiers = parse.children(head).iter().copied();
    tokens.extend(modifiers.filter(|&child| ["acl", "amod", "relcl"].contains(&parse.label(child))));
    let label = parse.label(head);
    if let Some(verb) = verb
        && ARGUMENTS.contains(&label)
    {
        // Who kills is not killed.
        let acts = label == "nsubj" && parse.child(verb, &["dobj"]).is_some();
        if !acts && (label != "pobj" || parse.lemma(parse.head(head)) == "of") {
            tokens.push(verb);
        }
    }
    // "30 were injured", "left 30 people dead"; after the noun the parser takes a participle for a clause.
    if (label == "nsubj" && parse.part(parse.head(head)) == "AUX") || label == "dobj" {
        let predicate = parse.children(parse.head(head)).iter().copied();
        tokens.extend(predicate.filter(|&child| {
            let follows = child == head + 1 && parse.label(child) == "advcl" && parse.tag(child) == "VBN";
            follows || ["acomp", "attr", "oprd"].contains(&parse.label(child))
        }));
    }
    let classes = &language.compare.slot.classes;
    tokens.iter().find_map(|&token| {
        let (lemma, lower) = (parse.lemma(token), parse.lower(token));
        classes
            .iter()
            .find(|(_, words)| words.contains(lemma) || words.contains(lower))
            .map(|(name, _)| name.into())
    })
}
