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

#[cfg(test)]
mod tests {
    use super::entities;
    use crate::{Parse, Tools};

    /// What each of the words stands for; a word that occurs more than once is meant in its first place after the
    /// word before.
    fn names_of(text: &str, words: &[&str]) -> Vec<String> {
        let tools = Tools::built_in();
        let pieces = Vec::from([std::ops::Range { start: 0, end: text.len() }]);
        let document = tools.session().analyze(text, &pieces);
        let parse = Parse::new(text, &document);
        let (mentions, entities) = entities(&parse, &tools.language);
        let mut from = 0;
        let mut found = Vec::new();
        for word in words {
            let start = from + text.get(from..).unwrap().find(word).unwrap();
            from = start + word.len();
            let mention =
                mentions.iter().find(|mention| mention.span.start == start && mention.span.end == from);
            found.push(
                mention.map_or_else(|| "–".to_owned(), |mention| entities[mention.entity].name.clone()),
            );
        }
        found
    }

    #[test]
    fn a_surname_stands_for_the_full_name_before_or_after_it() {
        let text = "Ruiz opened the bridge. Mayor Ana Ruiz thanked the workers, and Ms. Ruiz left early.";
        assert_eq!(names_of(text, &["Ruiz", "Ana Ruiz", "Ruiz"]), ["Ana Ruiz", "Ana Ruiz", "Ana Ruiz"]);
    }

    #[test]
    fn a_first_name_at_the_head_of_a_sentence_belongs_to_what_follows() {
        let text = "Joost ter Horst said the bridge would open on Monday. Engineer van Loon said no.";
        assert_eq!(names_of(text, &["Joost ter Horst", "van Loon"]), ["Joost ter Horst", "van Loon"]);
    }

    #[test]
    fn two_people_of_one_surname_stay_two() {
        let text = "Mary Holt met her brother Paul Holt in Leeds. Mr. Holt said no. Mrs. Holt said yes.";
        assert_eq!(
            names_of(text, &["Mary Holt", "Paul Holt", "Holt", "Holt"]),
            ["Mary Holt", "Paul Holt", "Paul Holt", "Mary Holt"]
        );
    }

    #[test]
    fn role_nouns_stand_for_those_who_have_the_role() {
        let text = "French President Marie Duval met German Chancellor Peter Krause in Berlin on Monday. The chancellor \
            welcomed the French leader at the airport.";
        assert_eq!(names_of(text, &["The chancellor", "the French leader"]), ["Peter Krause", "Marie Duval"]);
    }

    #[test]
    fn a_role_of_another_country_stands_for_nobody_here() {
        let text = "French President Marie Duval spoke in Paris. The Polish president did not come.";
        assert_eq!(names_of(text, &["The Polish president"]), ["–"]);
    }

    #[test]
    fn the_country_is_the_only_one_there_is() {
        let text = "Norway closed its harbours. The country said that ferries would stop.";
        assert_eq!(names_of(text, &["The country"]), ["Norway"]);
        let text = "Norway and Sweden closed their harbours. The country said that ferries would stop.";
        assert_eq!(names_of(text, &["The country"]), ["–"]);
    }

    #[test]
    fn the_government_is_the_one_named_before() {
        let text = "The Norwegian government met. The government said that the army would help.";
        assert_eq!(names_of(text, &["The government"]), ["Norwegian government"]);
        assert_eq!(names_of("The storm was heavy. The government said so.", &["The government"]), ["–"]);
    }

    #[test]
    fn pronouns_agree_with_the_person() {
        let text = "Mary Holt told Paul Brown that the school would close. He was angry. She left the room.";
        assert_eq!(names_of(text, &["He", "She"]), ["Paul Brown", "Mary Holt"]);
    }

    #[test]
    fn bodies_are_known_by_short_forms_and_nouns() {
        let text = "The Northern Harbour Authority (NHA) closed the pier. The NHA said that divers were at work. The \
            authority gave no date.";
        let name = "Northern Harbour Authority";
        assert_eq!(names_of(text, &["NHA", "NHA", "The authority"]), [name, name, name]);
    }
}
