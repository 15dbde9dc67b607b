//! Proper names: the analysis's named entities, with its common slips set right.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use model::EntityKind;

use super::Gender;
use crate::Parse;
use crate::lang::{CountryWord, PeopleWords, SpeechWords};

/// A name as it stands in the text.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// Without article, title and possessive.
    pub tokens: Range<usize>,
    /// What it is.
    pub kind: EntityKind,
    /// As printed, single spaces.
    pub shown: String,
    /// Its words for comparing: lower case, no marks, no title.
    pub words: Vec<String>,
    /// What the words before it say of its bearer.
    pub gender: Option<Gender>,
}

/// Longest name, in tokens; longer ones are parse errors.
const NAME_TOKENS_MAX: usize = 10;
/// A line with this share of capitals is set as a title: its capitals show no names.
const TITLE_SHARE: f64 = 0.6;

/// All names, in order of the text.
pub(super) fn names(parse: &Parse<'_>, words: &PeopleWords, speech: &SpeechWords) -> Vec<Name> {
    let mut ranges: Vec<(Range<usize>, Option<EntityKind>)> = Vec::new();
    for range in parse.names() {
        let Some(kind) = kind_of(parse.entity(range.start)) else { continue };
        for part in parts(parse, words, range, kind).into_iter().filter(|(part, _)| !part.is_empty()) {
            let kind = if part.1 { kind } else { guess(parse, words, &part.0).unwrap_or(EntityKind::Other) };
            let part = widened(parse, part.0, kind, words);
            if ranges.last().is_none_or(|(last, _)| last.end <= part.start) {
                ranges.push((part, Some(kind)));
            }
        }
    }
    let mut free: Vec<(Range<usize>, Option<EntityKind>)> = unlabelled(parse, words, &ranges);
    free.extend(ranges);
    free.sort_by_key(|(range, _)| range.start);
    let free = joined(parse, words, free);
    let mut names: Vec<(Name, bool)> = Vec::new();
    for (range, kind) in free {
        let known = kind.is_some();
        if let Some(name) = name(parse, words, range, kind) {
            names.push((name, known));
        }
    }
    agree(parse, words, speech, names)
}

/// Ranges with a person's last name joined to what stands before it: "Ursula" and "Brink" in "Ursula van der Brink",
/// "José Nuñez" and "Ortiz" where a hyphen is between. A particle before a last name alone belongs to it.
fn joined(
    parse: &Parse<'_>,
    words: &PeopleWords,
    ranges: Vec<(Range<usize>, Option<EntityKind>)>,
) -> Vec<(Range<usize>, Option<EntityKind>)> {
    let may_be_person = |kind: Option<EntityKind>| matches!(kind, None | Some(EntityKind::Person));
    let mut found: Vec<(Range<usize>, Option<EntityKind>)> = Vec::new();
    for (mut range, kind) in ranges {
        let free_from = found.last().map_or(0, |(last, _)| last.end);
        let start = particles_before(parse, words, range.start).max(free_from);
        let hyphen = range.start.checked_sub(1).filter(|&token| is_inner_hyphen(parse, token));
        let before = found.last_mut().filter(|(last, last_kind)| {
            let particles = last.end == start && start < range.start;
            let hyphened = Some(last.end) == hyphen && may_be_person(kind);
            // A town's name that hangs from a particle is a first name: "by Milan ter Horst".
            let first = particles && last.len() == 1 && hangs_from(parse, last.start, start..range.end);
            (particles || hyphened) && (may_be_person(*last_kind) || first && may_be_person(kind))
        });
        match before {
            Some((last, last_kind)) => {
                last.end = range.end;
                let own = last_kind.filter(|_| may_be_person(*last_kind));
                *last_kind = own.or(kind.filter(|_| may_be_person(kind)));
            }
            None => {
                if may_be_person(kind) {
                    let first = first_before(parse, words, start..range.end, start < range.start);
                    range.start = first.filter(|&first| first >= free_from).unwrap_or(start);
                }
                found.push((range, kind));
            }
        }
    }
    found
}

/// Where the particles begin that stand before a name: its own start where there is none.
fn particles_before(parse: &Parse<'_>, words: &PeopleWords, start: usize) -> usize {
    const PARTICLES_MAX: usize = 3;
    let is_particle = |token: &usize| {
        words.names.particles.contains(parse.word(*token))
            && !["CD", "CC"].contains(&parse.tag(*token))
            && parse.sentence_of(*token) == parse.sentence_of(start)
    };
    start - (0..start).rev().take(PARTICLES_MAX).take_while(is_particle).count()
}

/// The first name that the analysis took for a common word, as it does at the head of a sentence: "Joost" before
/// "ter Horst".
fn first_before(
    parse: &Parse<'_>,
    words: &PeopleWords,
    name: Range<usize>,
    has_particle: bool,
) -> Option<usize> {
    let first = name.start.checked_sub(1).filter(|_| has_particle)?;
    let lower = parse.lower(first);
    let titled = words.roles.contains_key(lower)
        || [&words.titles.male, &words.titles.female, &words.titles.any]
            .iter()
            .any(|list| list.contains(lower));
    let common = titled || words.names.not_names.contains(lower) || words.public.contains(lower);
    let own = parse.entity(first).is_empty()
        && parse.word(first).starts_with(char::is_uppercase)
        && words.countries.find(parse.word(first)).is_none()
        && hangs_from(parse, first, name);
    (own && !common).then_some(first)
}

/// Whether a word modifies a name that it stands before.
fn hangs_from(parse: &Parse<'_>, token: usize, name: Range<usize>) -> bool {
    matches!(parse.label(token), "compound" | "amod" | "nmod") && name.contains(&parse.head(token))
}

/// Whether a token is a hyphen with a letter close by on either side.
fn is_inner_hyphen(parse: &Parse<'_>, token: usize) -> bool {
    let close = |one: usize, next: usize| parse.span(one).end == parse.span(next).start;
    matches!(parse.word(token), "-" | "‑")
        && token > 0
        && token + 1 < parse.len()
        && close(token - 1, token)
        && close(token, token + 1)
}

fn kind_of(label: &str) -> Option<EntityKind> {
    match label {
        "PERSON" => Some(EntityKind::Person),
        "ORG" => Some(EntityKind::Organization),
        "GPE" | "LOC" | "FAC" => Some(EntityKind::Place),
        "NORP" => Some(EntityKind::Group),
        "EVENT" | "PRODUCT" | "WORK_OF_ART" | "LAW" => Some(EntityKind::Other),
        _ => None,
    }
}

/// A labelled range cut at possessives: "Germany's Scholz" is two names, "Russia's Defense Ministry" one. Says of
/// each part whether the label is its own.
fn parts(
    parse: &Parse<'_>,
    words: &PeopleWords,
    range: Range<usize>,
    kind: EntityKind,
) -> Vec<(Range<usize>, bool)> {
    if let Some(bracket) = range.clone().find(|&token| matches!(parse.word(token), "(" | "[")) {
        return vec![(range.start..bracket, true), (bracket + 1..range.end, true)];
    }
    let cut = range.clone().find(|&token| parse.tag(token) == "POS" && token + 1 < range.end);
    let last = parse.lower(range.end - 1);
    let Some(cut) = cut.filter(|_| !words.names.body_words.contains(last)) else {
        return vec![(range, true)];
    };
    let keeps = kind == EntityKind::Person;
    vec![(range.start..cut, !keeps), (cut + 1..range.end, keeps)]
}

/// Takes in the words of a person's name that the label left out.
fn widened(
    parse: &Parse<'_>,
    mut range: Range<usize>,
    kind: EntityKind,
    words: &PeopleWords,
) -> Range<usize> {
    if kind != EntityKind::Person {
        return range;
    }
    let free = |token: usize| parse.entity(token).is_empty() && parse.tag(token) == "NNP";
    if let Some(before) = range.start.checked_sub(1).filter(|&token| free(token)) {
        let first = fold(parse.word(before));
        let same = parse.sentence_of(before) == parse.sentence_of(range.start);
        if same && (words.first_names.male.contains(&first) || words.first_names.female.contains(&first)) {
            range.start = before;
        }
    }
    let last = range.end - 1;
    let goes_on = |token: usize| {
        token < parse.len()
            && free(token)
            && parse.head(last) == token
            && parse.label(last) == "compound"
            && !words.roles.contains_key(parse.lower(token))
    };
    if goes_on(range.end) {
        range.end += 1;
    }
    range
}

/// Runs of proper nouns without a label, outside of lines that are set as titles.
fn unlabelled(
    parse: &Parse<'_>,
    words: &PeopleWords,
    taken: &[(Range<usize>, Option<EntityKind>)],
) -> Vec<(Range<usize>, Option<EntityKind>)> {
    // The first word of a sentence is often tagged as something else: what is a proper noun elsewhere is one here.
    let opens = |token: usize| parse.sentences[parse.sentence_of(token)].start == token;
    let proper: BTreeSet<&str> = (0..parse.len())
        .filter(|&token| parse.tag(token) == "NNP" && !opens(token))
        .map(|token| parse.lower(token))
        .collect();
    let is_labelled = |token: usize| {
        let place = taken.partition_point(|(range, _)| range.end <= token);
        taken.get(place).is_some_and(|(range, _)| range.contains(&token))
    };
    let is_free = |token: usize| {
        // Few words have a capital and no label.
        parse.word(token).starts_with(char::is_uppercase)
            && parse.entity(token).is_empty()
            && (matches!(parse.tag(token), "NNP" | "NNPS")
                || opens(token) && proper.contains(parse.lower(token)))
            && !is_labelled(token)
            && !words.names.not_names.contains(parse.lower(token))
    };
    let mut found: Vec<(Range<usize>, Option<EntityKind>)> = Vec::new();
    for piece in parse.document.pieces.iter().filter(|piece| !is_title(parse, (*piece).clone())) {
        let mut token = piece.start;
        while token < piece.end {
            let length = (token..piece.end).take_while(|&at| is_free(at)).count();
            if length > 0 {
                found.push((token..token + length, None));
            }
            token += length.max(1);
        }
    }
    found
}

fn is_title(parse: &Parse<'_>, piece: Range<usize>) -> bool {
    let (mut all, mut capitals) = (0u32, 0u32);
    for word in piece.map(|token| parse.word(token)) {
        if word.starts_with(char::is_alphabetic) && word.chars().nth(3).is_some() {
            all += 1;
            capitals += u32::from(word.starts_with(char::is_uppercase));
        }
    }
    all >= 3 && f64::from(capitals) >= TITLE_SHARE * f64::from(all)
}

/// A name from a range of tokens, or none when nothing of it is one.
fn name(
    parse: &Parse<'_>,
    words: &PeopleWords,
    mut range: Range<usize>,
    kind: Option<EntityKind>,
) -> Option<Name> {
    let strip =
        |token: usize| parse.tag(token) == "POS" || !parse.word(token).contains(char::is_alphanumeric);
    while !range.is_empty() && (parse.tag(range.start) == "DT" || strip(range.start)) {
        range.start += 1;
    }
    while !range.is_empty() && strip(range.end - 1) {
        range.end -= 1;
    }
    let mut kind = kind.or_else(|| guess(parse, words, &range));
    let mut gender = None;
    while range.len() > 1 && (kind == Some(EntityKind::Person) || kind.is_none()) {
        let first = parse.lower(range.start);
        let nation = words.countries.find(parse.word(range.start)).is_some();
        let role = words.roles.contains_key(first);
        let titled = words.titles.male.contains(first)
            || words.titles.female.contains(first)
            || words.titles.any.contains(first);
        if !(titled || role || nation && kind == Some(EntityKind::Person)) {
            break;
        }
        gender = gender.or(titled_gender(words, first));
        kind = if titled || role { Some(EntityKind::Person) } else { kind };
        range.start += 1;
    }
    while range.len() > 1
        && kind == Some(EntityKind::Person)
        && !parse.word(range.end - 1).starts_with(char::is_uppercase)
        && !ends_in_given_name(parse, words, &range)
    {
        range.end -= 1;
    }
    if range.is_empty()
        || range.len() > NAME_TOKENS_MAX
        || !range.clone().any(|token| parse.word(token).chars().any(char::is_alphabetic))
    {
        return None;
    }
    if let Some(before) =
        range.start.checked_sub(1).filter(|&token| parse.piece_of(token) == parse.piece_of(range.start))
    {
        gender = gender.or(titled_gender(words, parse.lower(before)));
    }
    if is_title_only(parse, words, &range) {
        return None;
    }
    let shown = parse.span_of(range.clone()).of(parse.text).split_whitespace().collect::<Vec<_>>().join(" ");
    let kind = kind.unwrap_or(EntityKind::Other);
    let shown = match owner(parse, words, &range, kind) {
        Some(owner) => format!("{owner} {shown}"),
        None => shown,
    };
    let words = range.clone().filter_map(|token| word(parse, words, token, kind)).collect();
    Some(Name { tokens: range, kind, shown, words, gender })
}

/// Whether a name ends as many in East Asia do, "Kim Yong-dae", and not as in "Ada Brandt-era".
fn ends_in_given_name(parse: &Parse<'_>, words: &PeopleWords, range: &Range<usize>) -> bool {
    let first = fold(parse.word(range.start));
    range.len() > 3
        && is_inner_hyphen(parse, range.end - 2)
        && parse.tag(range.end - 1).starts_with("NN")
        && !words.first_names.male.contains(&first)
        && !words.first_names.female.contains(&first)
}

/// Whether a range holds only words of a title: "Chancellor", the "State" of "Secretary of State Ana Ruiz".
fn is_title_only(parse: &Parse<'_>, words: &PeopleWords, range: &Range<usize>) -> bool {
    let is_role = |token: usize| {
        let word = parse.lower(token);
        words.roles.contains_key(word)
            || words.titles.any.contains(word)
            || words.countries.find(parse.word(token)).is_some()
    };
    let last = parse.lower(range.end - 1);
    let role_last = words.roles.contains_key(last) || words.titles.any.contains(last);
    let of_office = range.start >= 2
        && parse.lower(range.start - 1) == "of"
        && words.roles.contains_key(parse.lower(range.start - 2))
        && range.end < parse.len()
        && parse.tag(range.end) == "NNP";
    of_office || (role_last && range.clone().all(is_role))
}

/// Whose ministry or parliament it is: "Russia's Defense Ministry".
fn owner(parse: &Parse<'_>, words: &PeopleWords, range: &Range<usize>, kind: EntityKind) -> Option<String> {
    let (country, mark) = (range.start.checked_sub(2)?, range.start - 1);
    let is_body =
        kind == EntityKind::Organization && words.names.body_words.contains(parse.lower(range.end - 1));
    let owned = parse.tag(mark) == "POS" && words.countries.find(parse.word(country)).is_some();
    (is_body && owned).then(|| parse.span_of(country..mark + 1).of(parse.text).to_owned())
}

/// A word of a name for comparing.
fn word(parse: &Parse<'_>, words: &PeopleWords, token: usize, kind: EntityKind) -> Option<String> {
    let folded = fold(parse.word(token));
    let foreign = folded.is_empty() || (kind == EntityKind::Person && words.titles.after.contains(&folded));
    (!foreign && parse.tag(token) != "POS").then(|| folded.into_owned())
}

fn titled_gender(words: &PeopleWords, title: &str) -> Option<Gender> {
    match (words.titles.male.contains(title), words.titles.female.contains(title)) {
        (true, false) => Some(Gender::Male),
        (false, true) => Some(Gender::Female),
        (true, true) | (false, false) => None,
    }
}

/// What an unlabelled name is by its own words and the title before it.
fn guess(parse: &Parse<'_>, words: &PeopleWords, range: &Range<usize>) -> Option<EntityKind> {
    if range.is_empty() {
        return None;
    }
    let shown = parse.span_of(range.clone()).of(parse.text);
    match words.countries.find(shown) {
        Some((_, CountryWord::Name | CountryWord::Capital)) => return Some(EntityKind::Place),
        Some((_, CountryWord::People)) => return Some(EntityKind::Group),
        None => {}
    }
    if words.names.body_words.contains(parse.lower(range.end - 1)) && range.len() > 1 {
        return Some(EntityKind::Organization);
    }
    let before = range.start.checked_sub(1).map(|token| parse.lower(token)).unwrap_or_default();
    let titled = words.titles.male.contains(before)
        || words.titles.female.contains(before)
        || words.titles.any.contains(before);
    let first = fold(parse.word(range.start));
    let named = range.len() > 1
        && (words.first_names.male.contains(&first) || words.first_names.female.contains(&first));
    (titled || named).then_some(EntityKind::Person)
}

/// Sets the kinds of names right by what the article says elsewhere. What is not known to be a name and has no kind is one
/// only where it speaks.
fn agree(
    parse: &Parse<'_>,
    words: &PeopleWords,
    speech: &SpeechWords,
    names: Vec<(Name, bool)>,
) -> Vec<Name> {
    let kinds = agreed_kinds(parse, words, &names);
    let speaks = |name: &Name| {
        speech.verbs.contains(parse.lemma(parse.head(name.tokens.end - 1)))
            && parse.label(name.tokens.end - 1) == "nsubj"
    };
    names
        .into_iter()
        .zip(kinds)
        .filter(|((name, known), kind)| *known || *kind != EntityKind::Other || speaks(name))
        .map(|((name, _), kind)| Name { kind, ..name })
        .collect()
}

/// The kinds of names: one kind throughout the article, and a word that ends a person's full name is that person's.
fn agreed_kinds(parse: &Parse<'_>, words: &PeopleWords, names: &[(Name, bool)]) -> Vec<EntityKind> {
    /// Of kinds with as many votes, the first is taken.
    const KINDS: [EntityKind; 5] = [
        EntityKind::Person,
        EntityKind::Organization,
        EntityKind::Place,
        EntityKind::Group,
        EntityKind::Other,
    ];
    let mut votes: BTreeMap<&[String], [usize; KINDS.len()]> = BTreeMap::new();
    let mut surnames: BTreeSet<&str> = BTreeSet::new();
    for (name, known) in names {
        let kind = KINDS.iter().position(|&kind| kind == name.kind).expect("all kinds are there");
        votes.entry(&name.words).or_default()[kind] += if *known { 2 } else { 1 };
        let first = name.words.first().map(String::as_str).unwrap_or_default();
        let plausible =
            words.first_names.male.contains(first) || words.first_names.female.contains(first) || *known;
        if name.kind == EntityKind::Person && name.words.len() > 1 && plausible {
            surnames.insert(&name.words[name.words.len() - 1]);
        }
    }
    let doubles = double_surnames(words, names);
    let kind = |name: &Name| {
        let surname = match &name.words[..] {
            [only] => surnames.contains(only.as_str()),
            several => doubles.contains(several),
        };
        let named_body = name.kind == EntityKind::Person
            && name.words.len() == 1
            && name.gender.is_none()
            && has_article(parse, name);
        let votes = &votes[&name.words[..]];
        let best = (0..KINDS.len()).rev().max_by_key(|&kind| votes[kind]);
        let best = best.map_or(name.kind, |best| KINDS[best]);
        match (fixed_kind(words, name), surname) {
            (Some(kind), _) => kind,
            (None, false) if has_role(parse, words, name) => EntityKind::Person,
            (None, false) if named_body => EntityKind::Organization,
            (None, true) => EntityKind::Person,
            (None, false) => best,
        }
    };
    names.iter().map(|(name, _)| kind(name)).collect()
}

/// Last names of several words in people's full names: "van der Brink", "Nuñez-Ortiz".
fn double_surnames(words: &PeopleWords, names: &[(Name, bool)]) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    for (name, _) in names.iter().filter(|(name, _)| name.kind == EntityKind::Person) {
        let last = name.shown.rsplit(' ').next().unwrap_or_default();
        let hyphened = last.split(['-', '‑']).count();
        let own = |at: &usize| {
            let length = name.words.len() - at;
            words.names.particles.contains(&name.words[*at]) || length == hyphened
        };
        let starts = 1..name.words.len().saturating_sub(1);
        found.extend(starts.filter(own).map(|at| name.words[at..].to_vec()));
    }
    found
}

/// Whether "the" stands before a name: people have none.
fn has_article(parse: &Parse<'_>, name: &Name) -> bool {
    let before = name.tokens.start.checked_sub(1);
    before.is_some_and(|token| parse.tag(token) == "DT") && parse.head(name.tokens.start) < name.tokens.end
}

/// Whether a role noun stands in apposition to a name: "Estrada, the former mayor".
fn has_role(parse: &Parse<'_>, words: &PeopleWords, name: &Name) -> bool {
    let head = super::role::head_of(parse, &name.tokens);
    let short = name.words.len() <= 3 && !name.words.iter().any(|word| words.names.body_words.contains(word));
    short
        && parse
            .children(head)
            .iter()
            .any(|&child| parse.label(child) == "appos" && super::role::is_role(parse, words, child))
}

/// The kind of a name whose words leave no doubt.
fn fixed_kind(words: &PeopleWords, name: &Name) -> Option<EntityKind> {
    let country = words.countries.find(&name.shown);
    let last = name.words.last().map(String::as_str).unwrap_or_default();
    let first = name.words.first().map(String::as_str).unwrap_or_default();
    match country {
        Some((_, CountryWord::Name | CountryWord::Capital)) if name.gender.is_none() => {
            Some(EntityKind::Place)
        }
        Some((_, CountryWord::People)) if name.gender.is_none() => Some(EntityKind::Group),
        Some(_) => None,
        None if name.gender.is_some() => Some(EntityKind::Person),
        None if name.words.len() > 1
            && words.names.body_words.contains(last)
            && name.kind != EntityKind::Place =>
        {
            Some(EntityKind::Organization)
        }
        None => {
            let named = words.first_names.male.contains(first) || words.first_names.female.contains(first);
            let plain =
                name.shown.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\'' | '’'));
            let of_many = (2..=4).contains(&name.words.len())
                && plain
                && !name.shown.split(' ').skip(1).any(|word| {
                    word.starts_with(char::is_lowercase) && !words.names.particles.contains(word)
                });
            (named && of_many && matches!(name.kind, EntityKind::Organization | EntityKind::Person))
                .then_some(EntityKind::Person)
        }
    }
}

/// A word for comparing: lower case, without accents, dots and possessive.
pub(super) fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(word);
    }
    let mut kept = crate::letters::plain(word).to_lowercase();
    if let Some(stem) = kept.strip_suffix("'s").or_else(|| kept.strip_suffix("’s")) {
        kept.truncate(stem.len());
    }
    if kept.contains('’') {
        kept = kept.replace('’', "'");
    }
    kept.retain(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '\''));
    match kept.trim_matches(['-', '\'']) {
        trimmed if trimmed.len() < kept.len() => Cow::Owned(trimmed.to_owned()),
        _ => Cow::Owned(kept),
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn words_fold_to_what_they_are_compared_by() {
        let words = ["mayor", "Müller’s", "O’Dell's", "J.K.", "-era", "Yong-dae", "F16", "–"];
        assert_eq!(words.map(fold), ["mayor", "muller", "o'dell", "jk", "era", "yong-dae", "f16", ""]);
    }
}
