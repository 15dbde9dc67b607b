//! Whether what happens at a time lies before or after the article, told from the verb that governs it.

use crate::Parse;
use crate::lang::TimeWords;

/// Steps up the tree; sentences are not deeper.
const STEPS_MAX: usize = 24;

/// Where the verb puts a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    Past,
    Future,
    /// What was planned has happened or failed by now: "the fair planned for Saturday was called off".
    Open,
    Unknown,
}

/// The tense that governs a token.
pub(crate) fn tense(parse: &Parse, token: usize, words: &TimeWords) -> Tense {
    let mut here = token;
    let mut opened = Tense::Unknown;
    for _ in 0..STEPS_MAX {
        let word = parse.lower(here);
        if here != token && words.plan_words.contains(word) {
            return if is_told_of(parse, here, words) { Tense::Open } else { Tense::Future };
        }
        // "the planned visit in September"
        let is_noun = || ["NN", "NNS"].contains(&parse.tag(here));
        let planned =
            |child: &usize| parse.label(*child) == "amod" && words.plan_words.contains(parse.lower(*child));
        if here != token && is_noun() && parse.children(here).iter().any(planned) {
            return Tense::Future;
        }
        if words.future_openers.contains(word) {
            opened = Tense::Future;
        }
        if is_verb(parse, here) && here != token {
            let found = of_verb(parse, here, words);
            if found != Tense::Unknown {
                // "postponed until Thursday", but "until Thursday they had not called him"
                let plain = parse.children(here).iter().all(|&child| {
                    parse.label(child) != "aux" || words.perfect_auxiliaries.contains(parse.lower(child))
                });
                return if opened == Tense::Future && plain { opened } else { found };
            }
            // "He said the talks begin Monday": the verb of the time's own clause decides.
            if is_present(parse, here) {
                return opened;
            }
        }
        let head = parse.head(here);
        // "Wednesday's ruling" has its own time, whatever is done about it.
        if head == here || parse.label(here) == "poss" {
            break;
        }
        here = head;
    }
    opened
}

/// Whether a verb is finite and of the present: "begins", "is heard".
fn is_present(parse: &Parse, verb: usize) -> bool {
    let present = |token: usize| ["VBZ", "VBP"].contains(&parse.tag(token));
    let auxiliary = |child: &usize| ["aux", "auxpass"].contains(&parse.label(*child)) && present(*child);
    present(verb) || parse.children(verb).iter().any(auxiliary)
}

fn is_verb(parse: &Parse, token: usize) -> bool {
    parse.tag(token).starts_with("VB") || parse.tag(token) == "MD"
}

fn of_verb(parse: &Parse, verb: usize, words: &TimeWords) -> Tense {
    let auxiliaries = || {
        parse.children(verb).iter().copied().filter(|&child| ["aux", "auxpass"].contains(&parse.label(child)))
    };
    if auxiliaries().any(|child| words.future_words.contains(parse.lower(child))) {
        return Tense::Future;
    }
    match parse.tag(verb) {
        "VBD" => Tense::Past,
        "VBN" | "VBG" => {
            if parse.tag(verb) == "VBN" && sets(parse, verb, words) {
                Tense::Future
            } else if auxiliaries().any(|child| words.past_auxiliaries.contains(parse.lower(child))) {
                Tense::Past
            } else if auxiliaries().next().is_some() {
                // "is meeting Sunday", "are due Monday"
                if parse.tag(verb) == "VBG" { Tense::Future } else { planned(parse, verb, words) }
            } else if parse.tag(verb) == "VBN" {
                // "announced Wednesday by the service", but "a summit planned for April"
                match planned(parse, verb, words) {
                    Tense::Future => Tense::Future,
                    Tense::Past | Tense::Open | Tense::Unknown => Tense::Past,
                }
            } else {
                Tense::Unknown
            }
        }
        "VB" => {
            if auxiliaries().any(|child| words.infinitive.contains(parse.lower(child))) {
                let head = parse.head(verb);
                let plan = words.plan_words.contains(parse.lemma(head))
                    || words.promise_words.contains(parse.lemma(head))
                    // "works are to begin on Monday"
                    || words.arranged.contains(parse.lower(head));
                if plan && head != verb { Tense::Future } else { Tense::Unknown }
            } else if auxiliaries().any(|child| words.past_auxiliaries.contains(parse.lower(child))) {
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

/// Whether a participle tells of what a sentence in the past tense says something: "planned" of "the fair planned
/// for Saturday was called off".
fn is_told_of(parse: &Parse, participle: usize, words: &TimeWords) -> bool {
    let noun = parse.head(participle);
    let verb = parse.head(noun);
    parse.label(participle) == "acl"
        && ["nsubj", "nsubjpass"].contains(&parse.label(noun))
        && is_verb(parse, verb)
        && of_verb(parse, verb, words) == Tense::Past
}

/// A present form is future when it plans.
fn planned(parse: &Parse, verb: usize, words: &TimeWords) -> Tense {
    if words.plan_words.contains(parse.lemma(verb)) { Tense::Future } else { Tense::Unknown }
}

/// "a summit set for April", "was scheduled for Sunday": what is set for a time is to come.
fn sets(parse: &Parse, verb: usize, words: &TimeWords) -> bool {
    let for_it = |child: &usize| words.set_joiners.contains(parse.lower(*child));
    words.set_words.contains(parse.lemma(verb)) && parse.children(verb).iter().any(for_it)
}
