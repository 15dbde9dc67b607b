//! How sure a clause's source is that it is so (FactBank, Saurí and Pustejovsky 2009), and the words that show it.
//!
//! Three things decide: words beside the predicate (negation, modal, adverb), words above it ("is likely to",
//! "denied that"), and conditions and questions. What a reporting verb passes on is judged by itself: the source
//! commits itself to it.

use model::{Certainty, Ground, GroundKind};

use super::Unit;
use super::clause::SUBJECTS;

/// Predicates above one another in a sentence; a longer chain is a mistake of the parse.
const STEPS_MAX: usize = 12;

/// A certainty with the words that make it so, in order of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judged {
    pub certainty: Certainty,
    pub grounds: Vec<Ground>,
}

/// How sure the source of a predicate's clause is that it is so.
pub(super) fn certainty(unit: &Unit<'_>, head: usize) -> Judged {
    let mut judge = Judge { unit, level: 0, negative: false, grounds: Vec::new() };
    judge.beside(head);
    judge.consequent(head);
    judge.above(head);
    judge.grounds.sort_by_key(|ground| (ground.span, ground.kind));
    judge.grounds.dedup();
    Judged { certainty: joined(judge.level, judge.negative), grounds: judge.grounds }
}

struct Judge<'u, 'a> {
    unit: &'u Unit<'a>,
    /// 0 certain, 1 probable, 2 possible, 3 uncommitted: the weakest of all that was met.
    level: u8,
    negative: bool,
    grounds: Vec<Ground>,
}

impl Judge<'_, '_> {
    fn add(&mut self, certainty: Certainty, token: usize, kind: GroundKind) {
        let (level, negative) = parted(certainty);
        self.level = self.level.max(level);
        self.negative ^= negative;
        self.grounds.push(Ground { span: self.unit.reading.parse.span(token), kind });
    }

    /// Negations, modals and adverbs of a predicate.
    fn beside(&mut self, head: usize) {
        let unit = self.unit;
        let (parse, words) = (unit.reading.parse, &unit.reading.language.certainty);
        // Two words that negate one predicate are one negation: "nobody ever", "neither … nor".
        if let Some(token) = negation(unit, head) {
            self.add(Certainty::CertainNot, token, GroundKind::Negation);
        }
        let is_perfect =
            || parse.children(head).iter().any(|&child| words.perfect.contains(parse.lower(child)));
        for &child in parse.children(head) {
            let lower = parse.lower(child);
            let degree = match parse.label(child) {
                "aux" if parse.tag(child) == "MD" => {
                    let perfect = words.perfect_modals.get(lower).filter(|_| is_perfect());
                    perfect.or_else(|| words.modals.get(lower)).map(|degree| (degree, GroundKind::Modal))
                }
                "advmod" | "npadvmod" => {
                    let degree = words.words.get(lower).or_else(|| words.words.get(parse.lemma(child)));
                    degree.map(|degree| (degree, GroundKind::Adverb))
                }
                _ => None,
            };
            if let Some((degree, kind)) = degree {
                self.add(degree.0, child, kind);
            }
        }
        if let Some(mark) = self.condition(head) {
            self.add(Certainty::Uncommitted, mark, GroundKind::Condition);
        }
    }

    /// The word that makes the clause of a predicate a condition: "if", "whether".
    fn condition(&self, head: usize) -> Option<usize> {
        let (parse, words) = (self.unit.reading.parse, &self.unit.reading.language.certainty);
        let mut marks = parse.children(head).iter().copied();
        let before = |mark: usize| mark.checked_sub(1).map(|before| parse.lower(before)).unwrap_or_default();
        marks.find(|&mark| {
            matches!(parse.label(mark), "mark" | "advmod")
                && words.conditions.contains(parse.lower(mark))
                && !words.no_condition_after.contains(before(mark))
        })
    }

    /// "If it rains, the match is off": the main clause is no more sure than its condition.
    fn consequent(&mut self, head: usize) {
        let (parse, words) = (self.unit.reading.parse, &self.unit.reading.language.certainty);
        let conditions = parse.children(head).iter().copied().filter(|&child| parse.label(child) == "advcl");
        let marks: Vec<usize> = conditions.filter_map(|child| self.condition(child)).collect();
        for mark in marks {
            if words.open_consequents.contains(parse.lower(mark)) {
                self.add(Certainty::Uncommitted, mark, GroundKind::Condition);
            }
        }
    }

    /// What stands above a clause, up to the verb that reports it or to the top of the sentence.
    fn above(&mut self, head: usize) {
        let parse = self.unit.reading.parse;
        let mut here = head;
        for _ in 0..STEPS_MAX {
            let next = match parse.label(here) {
                "xcomp" | "ccomp" | "csubj" => self.framed(here, parse.head(here)),
                "acl" if self.is_infinitive(here) || parse.child(here, &["mark"]).is_some() => {
                    self.framed(here, parse.head(here))
                }
                "pcomp" => self.governed(here),
                "advcl" if self.is_infinitive(here) => {
                    // "able to" hangs as a clause from some adjectives; else it is a purpose.
                    let to = parse.child(here, &["aux"]).unwrap_or(here);
                    if self.has_frame(parse.head(here)) {
                        self.framed(here, parse.head(here))
                    } else {
                        self.add(Certainty::Uncommitted, to, GroundKind::Frame);
                        None
                    }
                }
                "conj" => Some(self.joined_to(here)),
                "ROOT" => {
                    self.question();
                    None
                }
                _ => None,
            };
            match next.filter(|&next| next != here && self.unit.holds(next)) {
                Some(next) => here = next,
                None => return,
            }
        }
    }

    fn has_frame(&self, token: usize) -> bool {
        self.unit.reading.language.certainty.frames.contains_key(self.unit.reading.parse.lemma(token))
    }

    fn is_infinitive(&self, head: usize) -> bool {
        let (parse, words) = (self.unit.reading.parse, &self.unit.reading.language.certainty);
        let to =
            |child: &usize| parse.label(*child) == "aux" && words.infinitive.contains(parse.lower(*child));
        parse.children(head).iter().any(to)
    }

    /// The word above a clause; returns the word to go on from.
    fn framed(&mut self, clause: usize, above: usize) -> Option<usize> {
        let (parse, language) = (self.unit.reading.parse, self.unit.reading.language);
        // "it is impossible that": the adjective beside the verb.
        let adjective = parse.child(above, &["acomp", "attr"]).filter(|&beside| self.has_frame(beside));
        let frame = adjective.unwrap_or(above);
        let words = &language.certainty;
        let lemma = parse.lemma(frame);
        let infinitive = self.is_infinitive(clause);
        let passes_on = !infinitive && words.certain_before_that.words.contains(lemma);
        // An adjective's negation and modals stand at its verb: "is not likely to".
        let verb = if ["VERB", "AUX"].contains(&parse.part(frame)) { frame } else { parse.head(frame) };
        let denial = negation(self.unit, verb).or_else(|| negation(self.unit, frame));
        if let Some(pair) = words.frames.get(lemma).filter(|_| !passes_on) {
            let degree = if denial.is_some() { pair[1] } else { pair[0] };
            self.add(degree.0, frame, GroundKind::Frame);
            if let Some(token) = denial {
                self.grounds.push(Ground { span: parse.span(token), kind: GroundKind::Negation });
            }
        } else if language.compare.source.speech.contains(lemma) || language.speech.verbs.contains(lemma) {
            // "did not say that": nobody commits himself.
            if let Some(token) = denial {
                self.add(Certainty::Uncommitted, token, GroundKind::Negation);
            }
            return None;
        } else if infinitive && parse.label(clause) == "acl" {
            self.add(Certainty::Uncommitted, frame, GroundKind::Frame);
        } else if let Some(token) = denial {
            self.add(Certainty::CertainNot, token, GroundKind::Negation);
        }
        self.modals(verb);
        Some(verb)
    }

    /// Modals and adverbs of the verb above, whose negation has been counted.
    fn modals(&mut self, verb: usize) {
        let (level, negative) = (self.level, self.negative);
        let count = self.grounds.len();
        self.beside(verb);
        let weakest = |ground: &Ground| ground.kind != GroundKind::Negation;
        let counted = self.grounds.split_off(count);
        self.grounds.extend(counted.into_iter().filter(weakest));
        (self.level, self.negative) = (level.max(self.level), negative);
    }

    /// "accused of stealing", "without stopping": the word above the preposition.
    fn governed(&mut self, clause: usize) -> Option<usize> {
        let parse = self.unit.reading.parse;
        let preposition = parse.head(clause);
        if self.unit.reading.language.compare.negation.words.contains(parse.lower(preposition)) {
            self.add(Certainty::CertainNot, preposition, GroundKind::Negation);
            return None;
        }
        let frame = parse.head(preposition);
        if self.has_frame(frame) { self.framed(clause, frame) } else { None }
    }

    /// "may collapse and block the road": a verb without subject or auxiliary shares those of the first.
    fn joined_to(&mut self, verb: usize) -> usize {
        let (parse, words) = (self.unit.reading.parse, &self.unit.reading.language.certainty);
        let first = parse.head(verb);
        let alone = parse.child(verb, SUBJECTS).is_none()
            && parse.child(verb, &["aux", "auxpass"]).is_none()
            && parse.tag(verb) == parse.tag(first);
        if alone {
            let own = negation(self.unit, verb).is_some();
            self.modals(first);
            let joiner = parse.child(first, &["cc"]).map(|joiner| parse.lower(joiner)).unwrap_or_default();
            // "did not eat or sleep"; a base form also shares it through "and".
            let shares = words.shared_negation.contains(joiner) || parse.tag(verb) == "VB";
            if let Some(token) = negation(self.unit, first).filter(|_| shares && !own) {
                self.add(Certainty::CertainNot, token, GroundKind::Negation);
            }
        }
        first
    }

    fn question(&mut self) {
        let words = &self.unit.reading.language.certainty;
        let parse = self.unit.reading.parse;
        let last = self.unit.tokens.iter().rev().take(2);
        if let Some(&mark) = { last }.find(|&&token| words.question_marks.contains(parse.word(token))) {
            self.add(Certainty::Uncommitted, mark, GroundKind::Question);
        }
    }
}

/// The word that negates a predicate: its own, or that of an argument ("no house burned").
pub(super) fn negation(unit: &Unit<'_>, head: usize) -> Option<usize> {
    let parse = unit.reading.parse;
    let words = &unit.reading.language.compare.negation;
    let only = &unit.reading.language.certainty.no_negation_before;
    let negates = |token: usize| {
        let negates = match parse.label(token) {
            "neg" => true,
            "prep" | "cc" | "intj" => false,
            _ => words.words.contains(parse.lower(token)),
        };
        negates && (token + 1 >= parse.len() || !only.contains(parse.lower(token + 1)))
    };
    let below = |token: usize| parse.children(token).iter().copied().find(|&child| negates(child));
    let is_argument =
        |&child: &usize| matches!(parse.label(child), "nsubj" | "nsubjpass" | "dobj" | "attr" | "acomp");
    below(head).or_else(|| {
        let mut arguments = parse.children(head).iter().copied().filter(is_argument);
        arguments.find_map(below)
    })
}

/// Level and polarity.
fn parted(certainty: Certainty) -> (u8, bool) {
    match certainty {
        Certainty::Certain => (0, false),
        Certainty::CertainNot => (0, true),
        Certainty::Probable => (1, false),
        Certainty::ProbableNot => (1, true),
        Certainty::Possible => (2, false),
        Certainty::PossibleNot => (2, true),
        Certainty::Uncommitted => (3, false),
    }
}

fn joined(level: u8, negative: bool) -> Certainty {
    match (level, negative) {
        (0, false) => Certainty::Certain,
        (0, true) => Certainty::CertainNot,
        (1, false) => Certainty::Probable,
        (1, true) => Certainty::ProbableNot,
        (2, false) => Certainty::Possible,
        (2, true) => Certainty::PossibleNot,
        _ => Certainty::Uncommitted,
    }
}
