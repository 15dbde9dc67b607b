//! Names brought together: one member for each person, body, place or group.

use std::collections::{BTreeMap, BTreeSet};

use model::EntityKind;

use super::name::Name;
use super::{Gender, Place};
use crate::lang::{CountryWord, PeopleWords};

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
            by_initials: BTreeMap::new(),
            first: Vec::new(),
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
    gender_of(words, first).or_else(|| first.split_once('-').and_then(|(part, _)| gender_of(words, part)))
}

/// The gender of a first name.
fn gender_of(words: &PeopleWords, first: &str) -> Option<Gender> {
    match (words.first_names.male.contains(first), words.first_names.female.contains(first)) {
        (true, _) => Some(Gender::Male),
        (false, true) => Some(Gender::Female),
        (false, false) => None,
    }
}

struct Builder<'a> {
    names: &'a [Name],
    words: &'a PeopleWords,
    cast: Cast,
    /// The member of each name.
    given: Vec<Option<usize>>,
    /// Members by their names' words: kind first, so that a person and a town of one name stay two.
    by_word: BTreeMap<(bool, &'a str), Vec<usize>>,
    /// Bodies by the first letters of their names.
    by_initials: BTreeMap<String, Vec<usize>>,
    /// The first place of each member among the names.
    first: Vec<usize>,
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
        let mut last: BTreeMap<usize, usize> = BTreeMap::new();
        for place in 0..self.names.len() {
            let name = &self.names[place];
            if name.kind == EntityKind::Person && name.words.len() == 1 {
                let candidates = self.candidates(name);
                let before =
                    candidates.iter().filter_map(|entity| last.get(entity).map(|at| (*at, *entity))).max();
                let after = || candidates.iter().map(|entity| (self.first[*entity], *entity)).min();
                let known = before.or_else(after).map(|(_, entity)| entity);
                self.give(place, known);
            }
            if let Some(entity) = self.given[place] {
                last.insert(entity, place);
            }
        }
    }

    /// The people whom a name of one word can mean: by surname, else by first name, of a gender that can be.
    fn candidates(&self, name: &Name) -> Vec<usize> {
        let word = &name.words[0];
        let all = || self.by_word.get(&(true, word.as_str())).into_iter().flatten().copied();
        let with = |fits: &dyn Fn(&[String]) -> bool| -> Vec<usize> {
            let named = all().filter(|&entity| self.cast.members[entity].forms.iter().any(|own| fits(own)));
            named.filter(|&entity| self.can_be(entity, name.gender)).collect()
        };
        let by_surname = with(&|own| own.last() == Some(word));
        if by_surname.is_empty() { with(&|own| own.first() == Some(word)) } else { by_surname }
    }

    /// Whether a person can be of a gender.
    fn can_be(&self, entity: usize, gender: Option<Gender>) -> bool {
        let member = &self.cast.members[entity];
        let full = || member.forms.iter().filter(|form| form.len() > 1).filter_map(|form| form.first());
        let own = member.gender.or_else(|| full().find_map(|first| gender_of(self.words, first)));
        gender.is_none() || own.is_none() || own == gender
    }

    /// Bodies, places, groups and all else.
    fn others(&mut self) {
        let mut order: Vec<usize> =
            (0..self.names.len()).filter(|&place| self.names[place].kind != EntityKind::Person).collect();
        // Longer names first, so that short forms find them.
        order.sort_by_key(|&place| (std::cmp::Reverse(self.names[place].words.len().min(3)), place));
        let mut countries: BTreeMap<(usize, bool), usize> = BTreeMap::new();
        for place in order {
            let name = &self.names[place];
            match self.words.countries.find(&name.shown) {
                // A capital is not its country, though it may speak for it.
                Some((country, what)) if what != CountryWord::Capital => {
                    let key = (country, what == CountryWord::Name);
                    self.give(place, countries.get(&key).copied());
                    countries.insert(key, self.given[place].expect("it was just given"));
                }
                Some(_) | None => {
                    let known = self.known_body(place);
                    self.give(place, known);
                }
            }
        }
    }

    fn known_body(&self, place: usize) -> Option<usize> {
        let name = &self.names[place];
        if let Some(entity) = self.bracketed(place) {
            return Some(entity);
        }
        let exact = self.known(false, &name.words, |own| own == name.words);
        if exact.is_some() || name.kind != EntityKind::Organization {
            return exact;
        }
        let core = self.core(&name.words);
        let acronym =
            name.words.len() == 1 && name.shown.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        let fits = |own: &[String], entity: usize| {
            let shortened = own.len() > core.len()
                && own.starts_with(core)
                && (core.len() > 1 || self.is_before(entity, place));
            self.core(own) == core || shortened || (acronym && initials(own, self.words) == name.words[0])
        };
        let first = name.words.first()?;
        let alike = self.by_word.get(&(false, first.as_str())).into_iter().flatten();
        let spelled = self.by_initials.get(first).filter(|_| acronym).into_iter().flatten();
        let mut found: Vec<usize> = alike.chain(spelled).copied().collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|&entity| {
            let member = &self.cast.members[entity];
            member.kind == EntityKind::Organization && member.forms.iter().any(|own| fits(own, entity))
        });
        // A short form that fits two bodies is neither's.
        (found.len() == 1).then(|| found[0])
    }

    /// The body whose short form follows it in brackets: "Arlesford Harbour Authority (AHA)".
    fn bracketed(&self, place: usize) -> Option<usize> {
        let (name, before) = (&self.names[place], place.checked_sub(1)?);
        let full = &self.names[before];
        let short =
            name.words.len() == 1 && name.shown.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        let near = full.tokens.end + 1 == name.tokens.start && full.words.len() > 1;
        let alike = full.words.first()?.chars().next() == name.words.first()?.chars().next();
        (short && near && alike).then(|| self.given[before]).flatten()
    }

    /// Whether a member was named before a place: a name is shortened after it was given in full.
    fn is_before(&self, entity: usize, place: usize) -> bool {
        self.first[entity] < place
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
            .flat_map(|word| self.by_word.get(&(is_person, word.as_str())).into_iter().flatten().copied())
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().find(|&entity| self.cast.members[entity].forms.iter().any(|own| fits(own)))
    }

    fn give(&mut self, place: usize, known: Option<usize>) {
        let names = self.names;
        let name = &names[place];
        let entity = known.unwrap_or_else(|| {
            self.cast.members.push(Member::new(name.shown.clone(), name.kind));
            self.first.push(place);
            self.cast.members.len() - 1
        });
        let is_person = name.kind == EntityKind::Person;
        self.first[entity] = self.first[entity].min(place);
        if name.kind == EntityKind::Organization && name.words.len() > 1 {
            let list = self.by_initials.entry(initials(&name.words, self.words)).or_default();
            if !list.contains(&entity) {
                list.push(entity);
            }
        }
        let member = &mut self.cast.members[entity];
        member.gender = member.gender.or(name.gender);
        self.given[place] = Some(entity);
        if member.forms.contains(&name.words) {
            return;
        }
        if fullness(&name.words) > member.forms.iter().map(|form| fullness(form)).max().unwrap_or_default() {
            member.name = name.shown.clone();
        }
        member.forms.insert(name.words.clone());
        for word in &name.words {
            let list = self.by_word.entry((is_person, word.as_str())).or_default();
            if !list.contains(&entity) {
                list.push(entity);
            }
        }
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
            || !(lists.names.particles.contains(word)
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
