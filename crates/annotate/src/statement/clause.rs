//! The clauses of a sentence: a predicate with its arguments. The frame of a report ("police said") is a clause of
//! its own.

use model::{Clause, Span};

use super::Unit;
use super::certainty::{Judged, certainty};
use super::frame::is_frame;
use super::word::Content;

/// A clause and the tokens it was made of.
pub(super) struct Built {
    pub made: Clause,
    /// Its predicate.
    pub head: usize,
    /// Own tokens, subordinate clauses left out.
    pub tokens: Vec<usize>,
    /// Tokens that belong to it though they hang elsewhere.
    borrowed: Vec<usize>,
}

pub(super) const SUBJECTS: &[&str] = &["nsubj", "nsubjpass", "csubj"];

/// The clauses with content words, in order; [`give_words`] says which these are.
pub(super) fn clauses(unit: &Unit<'_>, is_content: &dyn Fn(usize) -> bool) -> Vec<Built> {
    let heads: Vec<usize> = unit.tokens.iter().copied().filter(|&token| is_predicate(unit, token)).collect();
    let mut built: Vec<Built> = Vec::with_capacity(heads.len());
    for (&head, tokens) in heads.iter().zip(own_tokens(unit, &heads)) {
        let borrowed = borrowed(unit, head);
        if !tokens.iter().chain(&borrowed).any(|&token| is_content(token)) {
            continue;
        }
        let Judged { certainty, grounds } = certainty(unit, head);
        let made = Clause {
            span: whole_span(unit, head),
            certainty,
            grounds,
            predicate: None,
            subject: None,
            words: Vec::new(),
            negated: false,
        };
        built.push(Built { made, head, tokens, borrowed });
    }
    built.sort_by_key(|clause| clause.made.span);
    built
}

/// Says which of a statement's words a clause is made of, and whether it is negated.
pub(super) fn give_words(unit: &Unit<'_>, clause: &mut Built, content: &Content) {
    let Built { made, head, tokens, borrowed } = clause;
    let word = |token: usize| content.of_token.get(&token).copied();
    if !is_frame(unit, *head, tokens) {
        made.words = tokens.iter().chain(&*borrowed).filter_map(|&token| word(token)).collect();
        made.words.sort_unstable();
        made.words.dedup();
    }
    // "to rebuild" has a subject in thought only: by itself it says nothing.
    let doer = if unit.reading.parse.label(*head) == "xcomp" { None } else { subject(unit, *head) };
    made.subject = doer.and_then(word);
    made.predicate = word(*head);
    made.negated = super::distance::negated(unit, *head);
}

fn is_predicate(unit: &Unit<'_>, token: usize) -> bool {
    let parse = unit.reading.parse;
    let is_root = parse.head(token) == token;
    is_root || matches!(parse.part(token), "VERB" | "AUX") && is_clausal(parse.label(token))
}

/// Whether a predicate hangs on another by such an arc.
fn is_clausal(label: &str) -> bool {
    matches!(
        label,
        "ROOT" | "ccomp" | "conj" | "advcl" | "relcl" | "acl" | "parataxis" | "pcomp" | "csubj" | "xcomp"
    )
}

/// The subject of a predicate, its own or that of the verb it is joined to.
pub(super) fn subject(unit: &Unit<'_>, head: usize) -> Option<usize> {
    let parse = unit.reading.parse;
    let mut verb = head;
    // A chain of joined verbs is as long as the sentence at most.
    for _ in 0..unit.tokens.len() {
        if let Some(found) = parse.child(verb, SUBJECTS) {
            return Some(found);
        }
        if !["conj", "xcomp"].contains(&parse.label(verb)) {
            return None;
        }
        verb = parse.head(verb);
    }
    None
}

/// The tokens below each predicate down to the next predicates, in order of the text.
fn own_tokens(unit: &Unit<'_>, heads: &[usize]) -> Vec<Vec<usize>> {
    let parse = unit.reading.parse;
    let mut found = vec![Vec::new(); heads.len()];
    for &token in &unit.tokens {
        let up = std::iter::successors(Some(token), |&token| Some(parse.head(token)));
        // It is as long as the sentence at most.
        let mut up = up.take(unit.tokens.len()).take_while(|&token| unit.holds(token));
        if let Some(predicate) = up.find_map(|token| heads.binary_search(&token).ok()) {
            found[predicate].push(token);
        }
    }
    found
}

/// Words that belong to a clause though they hang elsewhere: a shared subject, the noun a relative clause is about.
fn borrowed(unit: &Unit<'_>, head: usize) -> Vec<usize> {
    let parse = unit.reading.parse;
    let noun = match parse.label(head) {
        "relcl" | "acl" => Some(parse.head(head)),
        "conj" | "xcomp" if parse.child(head, SUBJECTS).is_none() => subject(unit, head),
        _ => None,
    };
    let Some(noun) = noun else { return Vec::new() };
    let near = parse.children(noun).iter().copied();
    let mut tokens: Vec<usize> =
        near.filter(|&child| ["compound", "amod", "nummod", "poss"].contains(&parse.label(child))).collect();
    tokens.push(noun);
    tokens.retain(|token| unit.holds(*token));
    tokens
}

/// From the first to the last word below a predicate, without what follows it after "and".
fn whole_span(unit: &Unit<'_>, head: usize) -> Span {
    let parse = unit.reading.parse;
    let tokens = parse.below(head, |label| !matches!(label, "conj" | "cc" | "punct" | "mark"));
    let held = || tokens.iter().copied().filter(|&token| unit.holds(token));
    parse.span_of(held().min().unwrap_or(head)..held().max().unwrap_or(head) + 1)
}
