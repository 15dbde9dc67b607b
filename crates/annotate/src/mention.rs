//! Who and what an article speaks of: names, and the pronouns and role nouns that stand for them.

mod cast;
mod name;
mod refer;
mod role;

use std::ops::Range;

use model::{Entity, Mention, Span};

use self::cast::Cast;
use crate::Parse;
use crate::lang::Language;

/// Whether a person is spoken of as a man or a woman.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gender {
    Male,
    Female,
}

/// A place in the text that stands for an entity.
#[derive(Clone, Debug)]
struct Place {
    tokens: Range<usize>,
    entity: usize,
    is_name: bool,
}

/// The mentions of a text in its order, and what they stand for.
pub(crate) fn entities(parse: &Parse<'_>, language: &Language) -> (Vec<Mention>, Vec<Entity>) {
    let words = &language.people;
    let names = name::names(parse, words, &language.speech);
    let (mut cast, mut places) = Cast::of(&names, words);
    role::learn(parse, words, &places, &mut cast);
    refer::resolve(parse, language, &mut places, &mut cast);
    places.sort_by_key(|place| (place.tokens.start, std::cmp::Reverse(place.tokens.end)));
    let mentions = places
        .into_iter()
        .map(|place| Mention {
            span: trimmed(parse, place.tokens),
            entity: place.entity,
            is_name: place.is_name,
        })
        .collect();
    let entities =
        cast.members.into_iter().map(|member| Entity { name: member.name, kind: member.kind }).collect();
    (mentions, entities)
}

fn trimmed(parse: &Parse<'_>, tokens: Range<usize>) -> Span {
    parse.span_of(tokens).trimmed(parse.text)
}
