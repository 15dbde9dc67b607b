//! Whether what happens at a time lies before or after the article, told from the verb that governs it.

use crate::Parse;
use crate::lang::TimeTable;

/// Steps up the tree; sentences are not deeper.
const STEPS_MAX: usize = 24;

/// Where the verb puts a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    Past,
    Future,
    Unknown,
}

/// The tense that governs a token.
pub(crate) fn tense(parse: &Parse, token: usize, words: &TimeTable) -> Tense {
    let mut here = token;
    for _ in 0..STEPS_MAX {
        let word = parse.lower(here);
        if here != token && (words.plan_words.contains(&word) || words.future_openers.contains(&word)) {
            return Tense::Future;
        }
        if is_verb(parse, here) && here != token {
            let found = of_verb(parse, here, words);
            if found != Tense::Unknown {
                return found;
            }
        }
        let head = parse.head(here);
        // "Wednesday's ruling" has its own time, whatever is done about it.
        if head == here || parse.label(here) == "poss" {
            break;
        }
        here = head;
    }
    Tense::Unknown
}

fn is_verb(parse: &Parse, token: usize) -> bool {
    parse.tag(token).starts_with("VB") || parse.tag(token) == "MD"
}

fn of_verb(parse: &Parse, verb: usize, words: &TimeTable) -> Tense {
    let auxiliaries = || {
        parse.children(verb).iter().copied().filter(|&child| ["aux", "auxpass"].contains(&parse.label(child)))
    };
    if auxiliaries().any(|child| words.future_words.contains(&parse.lower(child))) {
        return Tense::Future;
    }
    match parse.tag(verb) {
        "VBD" => Tense::Past,
        "VBN" | "VBG" => {
            if auxiliaries().any(|child| words.past_auxiliaries.contains(&parse.lower(child))) {
                Tense::Past
            } else if auxiliaries().next().is_some() {
                // "is meeting Sunday", "are due Monday"
                if parse.tag(verb) == "VBG" { Tense::Future } else { planned(parse, verb, words) }
            } else if parse.tag(verb) == "VBN" {
                // "announced Wednesday by the service"
                Tense::Past
            } else {
                Tense::Unknown
            }
        }
        "VB" => {
            if auxiliaries().any(|child| words.infinitive.contains(&parse.lower(child))) {
                let head = parse.head(verb);
                let plan = words.plan_words.contains(&parse.lemma(head))
                    || words.promise_words.contains(&parse.lemma(head))
                    // "works are to begin on Monday"
                    || words.arranged.contains(&parse.lower(head));
                if plan && head != verb { Tense::Future } else { Tense::Unknown }
            } else if auxiliaries().any(|child| words.past_auxiliaries.contains(&parse.lower(child))) {
                Tense::Past
            } else if auxiliaries().any(|child| parse.tag(child) == "MD") {
                Tense::Future
            } else {
                Tense::Unknown
            }
        }
        "VBZ" | "VBP" => planned(parse, verb, words),
        _ => Tense::Unknown,
    }
}

/// A present form is future when it plans.
fn planned(parse: &Parse, verb: usize, words: &TimeTable) -> Tense {
    if words.plan_words.contains(&parse.lemma(verb)) { Tense::Future } else { Tense::Unknown }
}
