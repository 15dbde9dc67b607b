//! What the words around a name say of its bearer: "German Chancellor Olaf Scholz", "Ana Ruiz, the mayor".

use std::ops::Range;

use model::EntityKind;

use super::cast::{Cast, Member};
use super::name::fold;
use super::{Gender, Place};
use crate::Parse;
use crate::lang::PeopleWords;

/// How far before a name its titles reach, in tokens.
const BEFORE_MAX: usize = 9;
/// Longest apposition that is read, in tokens.
const APPOSITION_MAX: usize = 24;

/// Gives the members of a cast the roles, countries and bodies that the text gives them.
pub(super) fn learn(parse: &Parse<'_>, words: &PeopleWords, places: &[Place], cast: &mut Cast) {
    for place in places.iter().filter(|place| place.is_name) {
        if cast.members[place.entity].kind != EntityKind::Person {
            continue;
        }
        let mut said = before(parse, words, &place.tokens);
        let head = head_of(parse, &place.tokens);
        said.extend(beside(parse, words, head, &place.tokens));
        said.sort_unstable();
        said.dedup();
        let said = Said::of(parse, words, &said);
        if !said.roles.is_empty() {
            said.give(words, &mut cast.members[place.entity]);
        }
    }
}

/// The token of a name that the rest of it hangs from.
pub(super) fn head_of(parse: &Parse<'_>, tokens: &Range<usize>) -> usize {
    let outside = |token: &usize| !tokens.contains(&parse.head(*token)) || parse.head(*token) == *token;
    tokens.clone().rev().find(outside).unwrap_or(tokens.end - 1)
}

/// The titles before a name, back to where its noun phrase begins.
fn before(parse: &Parse<'_>, words: &PeopleWords, name: &Range<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    let start = parse.sentences[parse.sentence_of(name.start)].start;
    for token in (start.max(name.start.saturating_sub(BEFORE_MAX))..name.start).rev() {
        let noun = matches!(parse.tag(token), "NN" | "NNP" | "NNS" | "NNPS" | "JJ" | "POS" | "HYPH" | "VBN");
        let within = matches!(parse.lower(token), "of" | "for" | "and")
            && found.iter().any(|&other| parse.tag(other) != "POS")
            && token > start
            && words.roles.contains_key(parse.lower(token - 1));
        if !noun && !within {
            break;
        }
        found.push(token);
    }
    found
}

/// Appositions on either side, and what the name is said to be.
fn beside(parse: &Parse<'_>, words: &PeopleWords, head: usize, name: &Range<usize>) -> Vec<usize> {
    let mut heads: Vec<usize> =
        parse.children(head).iter().copied().filter(|&child| parse.label(child) == "appos").collect();
    let above = parse.head(head);
    if parse.label(head) == "appos" {
        heads.push(above);
    }
    if parse.label(head) == "nsubj" && parse.lemma(above) == "be" {
        heads.extend(parse.child(above, &["attr"]));
    }
    let mut found = Vec::new();
    for head in heads.into_iter().filter(|&head| is_role(parse, words, head)) {
        let all = parse.subtree(head, &["relcl", "acl", "appos", "conj", "punct", "nsubj"]);
        found.extend(all.into_iter().filter(|token| !name.contains(token)).take(APPOSITION_MAX));
    }
    found
}

/// Whether a token is a role noun.
pub(super) fn is_role(parse: &Parse<'_>, words: &PeopleWords, token: usize) -> bool {
    matches!(parse.part(token), "NOUN" | "PROPN") && words.roles.contains_key(&fold(parse.lemma(token)))
}

/// What a run of words says of a person.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub roles: Vec<String>,
    /// The words beside the role nouns.
    pub fields: Vec<String>,
    pub countries: Vec<usize>,
    pub bodies: Vec<String>,
}

impl Said {
    pub(super) fn of(parse: &Parse<'_>, words: &PeopleWords, tokens: &[usize]) -> Said {
        let mut said = Said::default();
        let mut at = 0;
        while at < tokens.len() {
            let token = tokens[at];
            let joined = |length: usize| {
                let last = *tokens.get(at + length - 1)?;
                (last == token + length - 1).then(|| parse.span_of(token..last + 1).of(parse.text))
            };
            let country = [3, 2, 1].into_iter().find_map(|length| {
                let (country, _) = words.countries.find(joined(length)?)?;
                Some((length, country))
            });
            let hyphened = joined(3).map(str::to_lowercase).filter(|shown| words.roles.contains_key(shown));
            let lemma = fold(parse.lemma(token));
            let length = match (country, hyphened) {
                (Some((length, country)), _) => {
                    said.countries.push(country);
                    length
                }
                (None, Some(role)) => {
                    said.roles.push(role);
                    3
                }
                (None, None) => {
                    if words.roles.contains_key(&lemma) {
                        said.roles.push(lemma.into_owned());
                    } else if parse.part(token) == "PROPN" && !parse.entity(token).is_empty() {
                        said.bodies.push(fold(parse.word(token)).into_owned());
                    } else if matches!(parse.part(token), "PROPN" | "NOUN" | "ADJ") {
                        said.fields.push(fold(parse.word(token)).into_owned());
                    }
                    1
                }
            };
            at += length;
        }
        said
    }

    fn give(self, words: &PeopleWords, member: &mut Member) {
        for role in &self.roles {
            let gender = match (words.titles.male.contains(role), words.titles.female.contains(role)) {
                (true, false) => Some(Gender::Male),
                (false, true) => Some(Gender::Female),
                (true, true) | (false, false) => None,
            };
            member.gender = member.gender.or(gender);
        }
        member.roles.extend(self.roles);
        member.fields.extend(self.fields);
        member.countries.extend(self.countries);
        member.bodies.extend(self.bodies);
    }
}
