//! Pronouns, role nouns and body nouns: one pass through the text that knows who was spoken of so far.

use std::collections::BTreeMap;
use std::ops::Range;

use model::EntityKind;

use super::cast::{Cast, Member};
use super::name::fold;
use super::role::{Said, head_of, is_role};
use super::{Gender, Place};
use crate::Parse;
use crate::lang::{CountryWord, Language, PeopleWords, WordSet};

/// How far back an antecedent may be, in sentences; and how many mentions are looked at.
const SENTENCES_MAX: usize = 7;
const ANCHORS_MAX: usize = 60;
/// How far back a body may be that a noun stands for, in sentences.
const BODY_SENTENCES_MAX: f64 = 28.0;

/// A place that has been spoken of.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    /// The token that the phrase hangs from.
    head: usize,
    entity: usize,
    sentence: usize,
    /// How prominent its place in the sentence is.
    weight: f64,
    is_quoted: bool,
}

struct Ctx<'a> {
    parse: &'a Parse<'a>,
    words: &'a PeopleWords,
    verbs: &'a WordSet,
    cast: &'a mut Cast,
    anchors: Vec<Anchor>,
    quoted: Vec<bool>,
    /// The countries named or spoken of so far, with the entity of one that was named.
    lands: BTreeMap<usize, Option<usize>>,
}

/// Adds to the names' places those of pronouns and nouns that stand for them.
pub(super) fn resolve(parse: &Parse<'_>, language: &Language, places: &mut Vec<Place>, cast: &mut Cast) {
    let mut named: Vec<Option<usize>> = vec![None; parse.len()];
    let mut within = vec![false; parse.len()];
    for (number, place) in places.iter().enumerate() {
        within[place.tokens.clone()].fill(true);
        named[place.tokens.start] = Some(number);
    }
    let quoted = quoted(parse);
    let mut ctx = Ctx {
        parse,
        words: &language.people,
        verbs: &language.speech.verbs,
        cast,
        anchors: Vec::new(),
        quoted,
        lands: BTreeMap::new(),
    };
    let mut bodies: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for token in 0..parse.len() {
        if let Some(place) = named[token].map(|number| &places[number]) {
            ctx.anchor(head_of(parse, &place.tokens), place.entity);
            ctx.named_land(place);
        }
        if within[token] {
            continue;
        }
        let found = ctx
            .pronoun(token)
            .or_else(|| ctx.role(token, &within))
            .or_else(|| ctx.land(token))
            .or_else(|| ctx.body(token, &mut bodies));
        if let Some((tokens, entity)) = found {
            ctx.anchor(token, entity);
            places.push(Place { tokens, entity, is_name: false });
        }
    }
}

/// Which tokens stand between quotation marks; a mark's state ends with its paragraph.
fn quoted(parse: &Parse<'_>) -> Vec<bool> {
    let mut quoted = vec![false; parse.len()];
    for piece in &parse.document.pieces {
        let mut open = false;
        for token in piece.clone() {
            match parse.word(token) {
                "“" | "``" => open = true,
                "”" => open = false,
                "\"" | "''" => open = !open,
                _ => quoted[token] = open,
            }
        }
    }
    quoted
}

impl Ctx<'_> {
    fn anchor(&mut self, head: usize, entity: usize) {
        let anchor = Anchor {
            head,
            entity,
            sentence: self.parse.sentence_of(head),
            weight: self.weight(head),
            is_quoted: self.quoted[head],
        };
        self.anchors.push(anchor);
    }

    /// Takes note of a country that a name is of.
    fn named_land(&mut self, place: &Place) {
        let shown = self.parse.span_of(place.tokens.clone()).of(self.parse.text);
        let Some((country, what)) = self.words.countries.find(shown) else { return };
        let named = (what == CountryWord::Name).then_some(place.entity);
        let known = self.lands.entry(country).or_default();
        *known = known.or(named);
    }

    /// "The country said": the only one that was spoken of before.
    fn land(&self, token: usize) -> Option<(Range<usize>, usize)> {
        let parse = self.parse;
        let speaks = parse.label(token) == "nsubj" && self.verbs.contains(parse.lemma(parse.head(token)));
        if !speaks || parse.tag(token) != "NN" || !self.words.lands.contains(parse.lower(token)) {
            return None;
        }
        let phrase = self.phrase(token);
        let entity = self.lands.values().next().copied().flatten().filter(|_| self.lands.len() == 1)?;
        (phrase.len() == 2 && self.is_definite(&phrase, token)).then_some((phrase, entity))
    }

    /// Subjects come before objects, subjects of main clauses and of speech before others.
    fn weight(&self, head: usize) -> f64 {
        let above = self.parse.head(head);
        let main = self.parse.head(above) == above || self.verbs.contains(self.parse.lemma(above));
        match self.parse.label(head) {
            "nsubj" if main => 1.0,
            "nsubj" | "nsubjpass" => 0.6,
            "agent" | "ROOT" => 0.4,
            "pobj"
                if self.parse.lower(above) == "by"
                    || self.parse.lower(above) == "to" && self.parse.label(above) == "prep" =>
            {
                0.2
            }
            "poss" | "compound" | "nmod" => -0.3,
            "appos" => self.weight_above(above),
            "conj" => 0.1,
            _ => 0.0,
        }
    }

    fn weight_above(&self, head: usize) -> f64 {
        if self.parse.label(head).starts_with("nsubj") { 0.7 } else { 0.0 }
    }

    /// The person that "he" or "she" stands for, the speaking body that "it" does.
    fn pronoun(&self, token: usize) -> Option<(Range<usize>, usize)> {
        if self.parse.part(token) != "PRON" {
            return None;
        }
        let word = self.parse.lower(token);
        let pronouns = &self.words.pronouns;
        let entity = if pronouns.male.contains(word) {
            self.antecedent(token, Gender::Male)
        } else if pronouns.female.contains(word) {
            self.antecedent(token, Gender::Female)
        } else if pronouns.body.contains(word) {
            self.speaking_body(token)
        } else {
            None
        };
        entity.map(|entity| (token..token + 1, entity))
    }

    /// The likeliest person of a gender before a token.
    fn antecedent(&self, token: usize, gender: Gender) -> Option<usize> {
        let sentence = self.parse.sentence_of(token);
        let mut scores: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        let is_subject = self.parse.label(token).starts_with("nsubj");
        for anchor in self.recent(sentence) {
            let member = &self.cast.members[anchor.entity];
            let fits = member.kind == EntityKind::Person && member.gender.is_none_or(|own| own == gender);
            if !fits || self.is_bound(token, anchor.head) {
                continue;
            }
            let distance = (sentence - anchor.sentence) as f64;
            let same_piece = self.parse.piece_of(token) == self.parse.piece_of(anchor.head);
            let mut score = anchor.weight - 0.8 * distance;
            score += if same_piece { 0.3 } else { 0.0 };
            score += if member.gender == Some(gender) { 0.3 } else { 0.0 };
            score += if is_subject && self.parse.label(anchor.head).starts_with("nsubj") { 0.2 } else { 0.0 };
            score -= if anchor.is_quoted && !self.quoted[token] { 0.8 } else { 0.0 };
            let entry = scores.entry(anchor.entity).or_insert((f64::NEG_INFINITY, anchor.head));
            if score > entry.0 {
                *entry = (score, entry.1.max(anchor.head));
            }
        }
        let counts = |entity: usize| {
            self.recent(sentence)
                .filter(|anchor| anchor.entity == entity && sentence - anchor.sentence <= 3)
                .count()
        };
        scores
            .into_iter()
            .map(|(entity, (score, head))| (score + 0.1 * counts(entity).min(4) as f64, head, entity))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, _, entity)| entity)
    }

    /// Mentions of the last few sentences, latest first.
    fn recent(&self, sentence: usize) -> impl Iterator<Item = &Anchor> {
        let anchors = self.anchors.iter().rev().take(ANCHORS_MAX);
        anchors.take_while(move |anchor| anchor.sentence + SENTENCES_MAX >= sentence)
    }

    /// Whether two phrases hang from one verb, so that a plain pronoun cannot mean the other.
    fn is_bound(&self, pronoun: usize, other: usize) -> bool {
        if self.words.pronouns.possessive.contains(self.parse.lower(pronoun))
            && self.parse.label(pronoun) == "poss"
        {
            return false;
        }
        let clause = |token: usize| {
            let above = self.parse.head(token);
            if matches!(self.parse.label(above), "prep" | "agent" | "dative") {
                self.parse.head(above)
            } else {
                above
            }
        };
        self.parse.label(other) != "poss"
            && clause(pronoun) == clause(other)
            && self.parse.sentence_of(pronoun) == self.parse.sentence_of(other)
    }

    /// "It said": the body or country that was last a subject.
    fn speaking_body(&self, token: usize) -> Option<usize> {
        let verb = self.parse.head(token);
        if self.parse.label(token) != "nsubj" || !self.verbs.contains(self.parse.lemma(verb)) {
            return None;
        }
        let sentence = self.parse.sentence_of(token);
        let subject = |anchor: &&Anchor| {
            let kind = self.cast.members[anchor.entity].kind;
            matches!(kind, EntityKind::Organization | EntityKind::Place)
                && anchor.weight >= 0.6
                && sentence - anchor.sentence <= 3
        };
        self.recent(sentence).find(subject).map(|anchor| anchor.entity)
    }

    /// The person that a role noun stands for: "the chancellor", "the Russian leader".
    fn role(&self, token: usize, within: &[bool]) -> Option<(Range<usize>, usize)> {
        let parse = self.parse;
        if !matches!(parse.tag(token), "NN" | "NNP") || !is_role(parse, self.words, token) {
            return None;
        }
        let named = parse.children(token).iter().any(|&child| parse.label(child) == "appos" && within[child]);
        let before_name = within.get(token + 1).copied().unwrap_or(false) && parse.tag(token) != "POS";
        let part_of_role = parse.label(token) == "compound" || named || before_name;
        if part_of_role {
            return None;
        }
        let phrase = self.phrase(token);
        if !self.is_definite(&phrase, token) {
            return None;
        }
        let tokens: Vec<usize> =
            parse.subtree(token, &["relcl", "acl", "appos", "conj", "cc", "punct", "det"]);
        let said = Said::of(parse, self.words, &tokens);
        let (noun, sentence) = (fold(parse.lemma(token)), parse.sentence_of(token));
        let mut best: Option<(f64, usize)> = None;
        for anchor in self.anchors.iter().rev().take(4 * ANCHORS_MAX) {
            let member = &self.cast.members[anchor.entity];
            let Some(fit) = self.role_fit(&said, &noun, member) else { continue };
            if self.is_bound(token, anchor.head) {
                continue;
            }
            let score = fit + 0.2 * anchor.weight - 0.1 * (sentence - anchor.sentence).min(15) as f64;
            if best.is_none_or(|(other, _)| score > other) {
                best = Some((score, anchor.entity));
            }
        }
        best.filter(|(score, _)| *score > 0.0).map(|(_, entity)| (phrase, entity))
    }

    /// How well a role noun fits a person; `None` when it cannot be.
    fn role_fit(&self, said: &Said, noun: &str, member: &Member) -> Option<f64> {
        if member.kind != EntityKind::Person || member.roles.is_empty() {
            return None;
        }
        let gender = self.cast_gender(noun);
        if gender.is_some_and(|gender| member.gender.is_some_and(|own| own != gender)) {
            return None;
        }
        let stands_for = self.words.roles.get(noun);
        let exact = member.roles.contains(noun);
        let broad = stands_for.is_some_and(|roles| roles.iter().any(|role| member.roles.contains(role)));
        if !exact && !broad {
            return None;
        }
        let mut fit = if exact { 2.0 } else { 1.2 };
        if !said.countries.is_empty() {
            let same = said.countries.iter().any(|country| member.countries.contains(country));
            if !same && !member.countries.is_empty() {
                return None;
            }
            fit += if same { 1.0 } else { -0.8 };
        }
        if !said.bodies.is_empty() {
            let same = said
                .bodies
                .iter()
                .any(|body| member.bodies.contains(body) || member.words().any(|word| word == body));
            if !same {
                return None;
            }
            fit += 1.0;
        }
        let strange = said.fields.iter().filter(|field| !member.fields.contains(*field)).count();
        Some(fit - 0.7 * strange as f64)
    }

    fn cast_gender(&self, noun: &str) -> Option<Gender> {
        match (self.words.titles.male.contains(noun), self.words.titles.female.contains(noun)) {
            (true, false) => Some(Gender::Male),
            (false, true) => Some(Gender::Female),
            (true, true) | (false, false) => None,
        }
    }

    /// The body that "the ministry" stands for; a body that is named by a noun alone, such as "Arlesford police",
    /// becomes a member of the cast when it is first spoken of.
    fn body(
        &mut self,
        token: usize,
        seen: &mut BTreeMap<Vec<String>, usize>,
    ) -> Option<(Range<usize>, usize)> {
        let parse = self.parse;
        let is_noun = matches!(parse.tag(token), "NN" | "NNS" | "NNP")
            && !matches!(parse.label(token), "compound" | "amod");
        if !is_noun {
            return None;
        }
        let noun = fold(parse.lemma(token));
        let stands_for = self.words.bodies.get(&noun)?;
        let phrase = self.phrase(token);
        let own: Vec<usize> =
            parse.subtree(token, &["relcl", "acl", "appos", "conj", "cc", "punct", "det", "prep", "case"]);
        let own: Vec<usize> = own.into_iter().filter(|&at| at <= token && parse.tag(at) != "POS").collect();
        let plain =
            own.iter().all(|&at| at == token || matches!(parse.tag(at), "JJ" | "VBN" | "VBG" | "HYPH"));
        if own.len() == 1 || (plain && stands_for.is_empty()) {
            if !self.is_definite(&phrase, token) {
                return None;
            }
            let known = self.known_body(&noun, parse.sentence_of(token));
            return known.map(|entity| (phrase, entity));
        }
        // "the NATO alliance" is the body whose name stands in it.
        let named = self.anchors.iter().rev().take(own.len()).find(|anchor| own.contains(&anchor.head));
        let named = named.filter(|anchor| self.cast.members[anchor.entity].kind == EntityKind::Organization);
        if let Some(anchor) = named {
            return Some((phrase, anchor.entity));
        }
        let proper = own
            .iter()
            .any(|&at| parse.part(at) == "PROPN" || self.words.countries.find(parse.word(at)).is_some());
        if !proper || stands_for.is_empty() {
            return None;
        }
        let key: Vec<String> = own.iter().map(|&at| fold(parse.word(at)).into_owned()).collect();
        let entity = *seen.entry(key.clone()).or_insert_with(|| {
            let start = own[0];
            let shown = parse.span_of(start..token + 1).of(parse.text).to_owned();
            self.cast.members.push(Member::named(shown, EntityKind::Organization, key));
            self.cast.members.len() - 1
        });
        Some((own[0]..token + 1, entity))
    }

    /// The body spoken of before that a noun alone stands for: one with its words, and of several the most
    /// prominent.
    fn known_body(&self, noun: &str, sentence: usize) -> Option<usize> {
        let stands_for = self.words.bodies.get(noun)?;
        let is_other = |word: &str| self.words.bodies.values().any(|words| words.contains(word));
        let fits = |anchor: &&Anchor| {
            let member = &self.cast.members[anchor.entity];
            member.kind == EntityKind::Organization
                && member.words().next().is_some()
                && if stands_for.is_empty() {
                    !member.words().any(is_other)
                } else {
                    member.words().any(|word| stands_for.contains(word))
                }
        };
        let mut scores: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for anchor in self.anchors.iter().rev().take(2 * ANCHORS_MAX).filter(fits) {
            let distance = (sentence - anchor.sentence) as f64;
            let modifies = matches!(self.parse.label(anchor.head), "compound" | "nmod" | "amod");
            if distance <= BODY_SENTENCES_MAX && !modifies {
                let (score, count) = scores.entry(anchor.entity).or_insert((0.0, 0.0));
                *score += (1.0 + anchor.weight) / (1.0 + 0.5 * distance);
                *count += 1.0;
            }
        }
        let total = |(score, count): (f64, f64)| score * (1.0 + count.ln());
        let best = scores.into_iter().max_by(|a, b| total(a.1).total_cmp(&total(b.1)).then(b.0.cmp(&a.0)));
        best.map(|(entity, _)| entity)
    }

    /// A noun with what stands before it in its phrase.
    fn phrase(&self, token: usize) -> Range<usize> {
        let parse = self.parse;
        let all = parse.subtree(token, &["relcl", "acl", "appos", "conj", "cc", "prep", "punct", "advmod"]);
        let start = all.iter().copied().filter(|&at| at <= token).min().unwrap_or(token);
        let start = if token - start > 8 { token } else { start };
        start..token + 1
    }

    /// Whether a phrase speaks of somebody known: "the", "this", a possessive, or a nationality.
    fn is_definite(&self, phrase: &Range<usize>, token: usize) -> bool {
        let parse = self.parse;
        let determiner = parse.child(token, &["det"]).map(|det| parse.lower(det));
        let owned = parse.child(token, &["poss"]).is_some();
        let national = phrase.clone().any(|at| self.words.countries.find(parse.word(at)).is_some());
        match determiner {
            Some("the" | "this" | "that") => true,
            Some(_) => false,
            None => owned || national,
        }
    }
}
