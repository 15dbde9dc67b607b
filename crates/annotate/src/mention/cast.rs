//! Names brought together: one member for each person, body, place or group.

use std::collections::{BTreeMap, BTreeSet};

use model::EntityKind;

use super::name::Name;
use super::{Gender, Place};
use crate::lang::PeopleWords;

/// Who and what an article speaks of.
#[derive(Debug, Default)]
pub(super) struct Cast {
    pub members: Vec<Member>,
}

/// One person, body, place or group, with what the article says of it.
#[derive(Debug)]
pub(super) struct Member {
    /// Its fullest name.
    pub name: String,
    pub kind: EntityKind,
    pub gender: Option<Gender>,
    /// Words of its names, each name once.
    forms: BTreeSet<Vec<String>>,
    /// Role nouns that the article gives it.
    pub roles: BTreeSet<String>,
    /// Words that go with its role nouns: "foreign", "defense".
    pub fields: BTreeSet<String>,
    /// Countries that it is said to belong to.
    pub countries: BTreeSet<usize>,
    /// Words of the bodies that it is said to belong to.
    pub bodies: BTreeSet<String>,
}

impl Member {
    pub(super) fn new(name: String, kind: EntityKind) -> Member {
        Member {
            name,
            kind,
            gender: None,
            forms: BTreeSet::new(),
            roles: BTreeSet::new(),
            fields: BTreeSet::new(),
            countries: BTreeSet::new(),
            bodies: BTreeSet::new(),
        }
    }

    /// A member with one name and its words.
    pub(super) fn named(name: String, kind: EntityKind, words: Vec<String>) -> Member {
        Member { forms: BTreeSet::from([words]), ..Member::new(name, kind) }
    }

    /// Words of all its names.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.forms.iter().flatten().map(String::as_str)
    }
}

impl Cast {
    /// The members that names stand for, and where.
    pub(super) fn of(names: &[Name], words: &PeopleWords) -> (Cast, Vec<Place>) {
        let mut builder = Builder {
            names,
            words,
            cast: Cast::default(),
            given: vec![None; names.len()],
            by_word: BTreeMap::new(),
        };
        builder.full_people();
        builder.short_people();
        builder.others();
        let places = names
            .iter()
            .zip(&builder.given)
            .filter_map(|(name, entity)| {
                entity.map(|entity| Place { tokens: name.tokens.clone(), entity, is_name: true })
            })
            .collect();
        for (name, entity) in names.iter().zip(&builder.given) {
            let Some(entity) = *entity else { continue };
            let member = &mut builder.cast.members[entity];
            member.gender = member.gender.or(name.gender).or_else(|| first_gender(words, name));
        }
        (builder.cast, places)
    }
}

/// The gender of a full name by its first word.
fn first_gender(words: &PeopleWords, name: &Name) -> Option<Gender> {
    let first = name.words.first().filter(|_| name.kind == EntityKind::Person && name.words.len() > 1)?;
    match (words.first_names.male.contains(first), words.first_names.female.contains(first)) {
        (true, _) => Some(Gender::Male),
        (false, true) => Some(Gender::Female),
        (false, false) => first.split_once('-').and_then(|(part, _)| {
            let (male, female) =
                (words.first_names.male.contains(part), words.first_names.female.contains(part));
            if male { Some(Gender::Male) } else { female.then_some(Gender::Female) }
        }),
    }
}

struct Builder<'a> {
    names: &'a [Name],
    words: &'a PeopleWords,
    cast: Cast,
    /// The member of each name.
    given: Vec<Option<usize>>,
    /// Members by their names' words: kind first, so that a person and a town of one name stay two.
    by_word: BTreeMap<(bool, String), Vec<usize>>,
}

impl Builder<'_> {
    /// People whose names have two words or more, in order of the text.
    fn full_people(&mut self) {
        for place in 0..self.names.len() {
            let name = &self.names[place];
            if name.kind != EntityKind::Person || name.words.len() < 2 {
                continue;
            }
            let known = self.known(true, &name.words, |own| same_person(self.words, own, &name.words));
            self.give(place, known);
        }
    }

    /// Names of one word go to the person of that surname, last spoken of before, else first after.
    fn short_people(&mut self) {
        for place in 0..self.names.len() {
            let name = &self.names[place];
            if name.kind != EntityKind::Person || name.words.len() != 1 {
                continue;
            }
            let word = &name.words[0];
            let fits = |own: &[String], at_end: bool| {
                if at_end { own.last() == Some(word) } else { own.first() == Some(word) }
            };
            let by_surname = self.candidates(true, word, name.gender, |own| fits(own, true));
            let by_first = self.candidates(true, word, name.gender, |own| fits(own, false));
            let candidates = if by_surname.is_empty() { by_first } else { by_surname };
            let before =
                (0..place).rev().find_map(|at| self.given[at].filter(|entity| candidates.contains(entity)));
            let after = || {
                (place..self.names.len())
                    .find_map(|at| self.given[at].filter(|entity| candidates.contains(entity)))
            };
            let known = before.or_else(after);
            self.give(place, known);
        }
    }

    /// Bodies, places, groups and all else.
    fn others(&mut self) {
        let mut order: Vec<usize> =
            (0..self.names.len()).filter(|&place| self.names[place].kind != EntityKind::Person).collect();
        // Longer names first, so that short forms find them.
        order.sort_by_key(|&place| (std::cmp::Reverse(self.names[place].words.len().min(3)), place));
        for place in order {
            let name = &self.names[place];
            let kind = name.kind;
            let country = self.words.countries.find(&name.shown).map(|(country, what)| (country, what));
            let known = match country {
                Some((country, what)) => self.cast.members.iter().position(|member| {
                    member.kind == kind
                        && member.forms.iter().any(|_| {
                            self.words
                                .countries
                                .find(&member.name)
                                .is_some_and(|found| found == (country, what))
                        })
                }),
                None => self.known_body(name),
            };
            self.give(place, known);
        }
    }

    fn known_body(&self, name: &Name) -> Option<usize> {
        let exact = self.known(false, &name.words, |own| own == name.words);
        if exact.is_some() || name.kind != EntityKind::Organization {
            return exact;
        }
        let core = self.core(&name.words);
        let acronym =
            name.words.len() == 1 && name.shown.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        let found: Vec<usize> = (0..self.cast.members.len())
            .filter(|&entity| {
                let member = &self.cast.members[entity];
                member.kind == EntityKind::Organization
                    && member.forms.iter().any(|own| {
                        self.core(own) == core
                            || (own.len() > core.len() && own.starts_with(core))
                            || (acronym && initials(own, self.words) == name.words[0])
                    })
            })
            .collect();
        // A short form that fits two bodies is neither's.
        (found.len() == 1).then(|| found[0])
    }

    /// A body's name without the words that are left out at times.
    fn core<'w>(&self, words: &'w [String]) -> &'w [String] {
        let end = words
            .iter()
            .rposition(|word| !self.words.names.legal.contains(word))
            .map_or(words.len(), |last| last + 1);
        &words[..end]
    }

    /// The first member that shares a word with these and fits.
    fn known(&self, is_person: bool, words: &[String], fits: impl Fn(&[String]) -> bool) -> Option<usize> {
        let mut found: Vec<usize> = words
            .iter()
            .flat_map(|word| self.by_word.get(&(is_person, word.clone())).into_iter().flatten().copied())
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().find(|&entity| self.cast.members[entity].forms.iter().any(|own| fits(own)))
    }

    /// Members of one word that fit, of a gender that can be.
    fn candidates(
        &self,
        is_person: bool,
        word: &str,
        gender: Option<Gender>,
        fits: impl Fn(&[String]) -> bool,
    ) -> Vec<usize> {
        let all = self.by_word.get(&(is_person, word.to_owned())).into_iter().flatten().copied();
        let own_gender = |entity: usize| {
            let member = &self.cast.members[entity];
            member.gender.or_else(|| {
                let forms = member.forms.iter().filter(|form| form.len() > 1);
                forms.filter_map(|form| form.first()).find_map(|first| {
                    match (
                        self.words.first_names.male.contains(first),
                        self.words.first_names.female.contains(first),
                    ) {
                        (true, _) => Some(Gender::Male),
                        (false, true) => Some(Gender::Female),
                        (false, false) => None,
                    }
                })
            })
        };
        all.filter(|&entity| self.cast.members[entity].forms.iter().any(|own| fits(own)))
            .filter(|&entity| gender.is_none() || own_gender(entity).is_none_or(|own| Some(own) == gender))
            .collect()
    }

    fn give(&mut self, place: usize, known: Option<usize>) {
        let name = &self.names[place];
        let entity = known.unwrap_or_else(|| {
            self.cast.members.push(Member::new(name.shown.clone(), name.kind));
            self.cast.members.len() - 1
        });
        let is_person = name.kind == EntityKind::Person;
        let member = &mut self.cast.members[entity];
        if fullness(&name.words) > member.forms.iter().map(|form| fullness(form)).max().unwrap_or_default() {
            member.name = name.shown.clone();
        }
        if member.forms.insert(name.words.clone()) {
            for word in &name.words {
                let list = self.by_word.entry((is_person, word.clone())).or_default();
                if !list.contains(&entity) {
                    list.push(entity);
                }
            }
        }
        member.gender = member.gender.or(name.gender);
        self.given[place] = Some(entity);
    }
}

/// How full a name is: words that are more than an initial, then all words.
fn fullness(words: &[String]) -> (usize, usize) {
    (words.iter().filter(|word| word.chars().count() > 1).count(), words.len())
}

/// The first letters of a body's name, small words left out.
fn initials(words: &[String], lists: &PeopleWords) -> String {
    let small = |word: &&String| {
        word.len() > 3
            || !(lists.names.particles.contains(*word)
                || matches!(word.as_str(), "of" | "the" | "and" | "for" | "in"))
    };
    words.iter().filter(small).filter_map(|word| word.chars().next()).collect()
}

/// Whether two full names can be one person's: the same surname, and first names that agree; or one name within
/// the other.
fn same_person(words: &PeopleWords, one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() < 2 {
        return false;
    }
    let mut rest = long.iter();
    if short.iter().all(|word| rest.any(|own| own == word)) {
        return true;
    }
    let (Some(a), Some(b)) = (short.first(), long.first()) else { return false };
    short.last() == long.last()
        && same_first(words, a, b)
        && (short.len() == 2 || short.get(1) == long.get(1) || long.len() == 2)
}

/// Whether two first names can be one: an initial, a nickname.
fn same_first(words: &PeopleWords, a: &str, b: &str) -> bool {
    let short_for = |a: &str, b: &str| words.nicknames.get(a).is_some_and(|full| full.contains(b));
    let initial = |a: &str, b: &str| a.chars().count() == 1 && b.starts_with(a);
    a == b || short_for(a, b) || short_for(b, a) || initial(a, b) || initial(b, a)
}
