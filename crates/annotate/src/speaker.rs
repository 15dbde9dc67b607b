//! Who the speakers are: the sources of quotations as the people and bodies that they stand for, and the speaker
//! of quotations that go on without naming one.

mod carried;
mod turn;

use model::{Entity, EntityKind, Mention, Quotation, QuotationForm, Span};

use crate::Parse;
use crate::lang::{Language, PeopleWords, WordSet};

/// A quotation without a source goes on with the speaker of one so many sentences before.
const SENTENCES_MAX: usize = 2;
/// Mentions that may hold one token: names within role nouns within names.
const OVERLAPS_MAX: usize = 8;
/// How many mentions before a pronoun are looked at.
const MENTIONS_MAX: usize = 300;

/// A speaker: as shown, and as an entity where it is one.
#[derive(Clone, Debug, PartialEq)]
struct Speaker {
    name: String,
    entity: Option<usize>,
    /// Where it was named.
    at: usize,
}

/// Who and what is known of an article when its speakers are looked for.
pub(crate) struct Known<'a> {
    /// In order of the text.
    pub mentions: &'a [Mention],
    /// What the mentions stand for.
    pub entities: &'a [Entity],
}

/// Fills in the speakers of quotations; what is said in a printed conversation is added to them.
pub(crate) fn speakers(
    parse: &Parse<'_>,
    known: &Known<'_>,
    quotations: &mut Vec<Quotation>,
    language: &Language,
) {
    turn::give(parse, language, quotations);
    let (words, answers) = (&language.people, &language.speech.answers);
    let mut ctx =
        Ctx { parse, mentions: known.mentions, entities: known.entities, words, answers, first_answer: None };
    let mut named = quotations.iter().filter_map(|quotation| quotation.source);
    ctx.first_answer = named.find(|&source| ctx.answers(source));
    let mut before: Option<Speaker> = None;
    let sources: Vec<Option<Span>> =
        quotations.iter().map(|quotation| ctx.cited(quotation).or(quotation.source)).collect();
    let mut order: Vec<usize> = (0..quotations.len()).filter(|&place| sources[place].is_some()).collect();
    order.sort_by_key(|&place| sources[place]);
    let mut named: Vec<Option<Speaker>> = vec![None; quotations.len()];
    for place in order {
        let source = sources[place].expect("only quotations with a source are looked at");
        let speaker = ctx.speaker(source, before.as_ref());
        before = speaker.clone().or(before);
        named[place] = speaker;
    }
    for place in 0..quotations.len() {
        if sources[place].is_none() && quotations[place].form != QuotationForm::Scare {
            named[place] = ctx.carried(quotations, &named, place);
        }
    }
    for (quotation, speaker) in quotations.iter_mut().zip(named) {
        quotation.speaker_entity = speaker.as_ref().and_then(|speaker| speaker.entity);
        quotation.speaker = speaker.map(|speaker| speaker.name);
    }
}

struct Ctx<'a> {
    parse: &'a Parse<'a>,
    mentions: &'a [Mention],
    entities: &'a [Entity],
    words: &'a PeopleWords,
    /// Labels of answers in a printed conversation.
    answers: &'a WordSet,
    first_answer: Option<Span>,
}

impl Ctx<'_> {
    /// The speaker that a source names; `before` is the speaker named before it.
    fn speaker(&self, source: Span, before: Option<&Speaker>) -> Option<Speaker> {
        let tokens = self.parse.tokens_in(source);
        let shown =
            || Some(Speaker { name: printed(source.of(self.parse.text)), entity: None, at: source.start });
        if tokens.is_empty() {
            return shown();
        }
        if self.answers(source) {
            return self.answerer(source).or_else(shown);
        }
        let head = self.head(source);
        if let Some(meant) = self.antecedent(head) {
            return self.meant(meant, source, before);
        }
        let joined = self
            .parse
            .children(head)
            .iter()
            .any(|child| self.parse.label(*child) == "conj" && tokens.contains(child));
        if let (Some(mention), false) = (self.person_in(source, head), joined) {
            return Some(self.entity(mention, source));
        }
        let own = self.mention_at(head);
        if self.is_pronoun(head) {
            // "Parents gathered. They said": whom the sentence before speaks of, unless it spoke itself.
            let subject = self.subject_before(head);
            let newer = |subject: &Speaker| before.is_none_or(|before| subject.at > before.at);
            let speaker = subject.clone().filter(|subject| own.is_none() && newer(subject));
            let speaker = speaker.or_else(|| self.pronoun(head, own, before)).or(subject);
            return speaker.map(|speaker| Speaker { at: source.start, ..speaker });
        }
        if let Some(speaker) = self.issuer(source, head, before) {
            return Some(speaker);
        }
        // "The company Arvid Lines": the name says which.
        let is_body = self.words.bodies.contains_key(self.parse.lemma(head));
        let named = || self.mentions_in(source).iter().find(|mention| self.names(mention, head));
        let own = own.filter(|own| own.is_name).or_else(|| named().filter(|_| is_body)).or(own);
        match own.filter(|_| !joined) {
            Some(mention) if !mention.is_name || self.covers(mention, source) => {
                Some(self.entity(mention, source))
            }
            Some(_) | None => shown(),
        }
    }

    /// Whether a source is the label of an answer.
    fn answers(&self, source: Span) -> bool {
        self.answers.contains(&source.of(self.parse.text).to_lowercase())
    }

    /// Who answers in a printed conversation: the only person named in full before it.
    fn answerer(&self, source: Span) -> Option<Speaker> {
        let before = self.mentions_before(self.first_answer?.start);
        let in_full = |entity: &Entity| entity.kind == EntityKind::Person && entity.name.contains(' ');
        let mut people = before.filter(|mention| mention.is_name && in_full(&self.entities[mention.entity]));
        let first = people.next()?;
        people.all(|other| other.entity == first.entity).then(|| self.entity(first, source))
    }

    /// The noun that a relative pronoun stands for: "the minister, who said".
    fn antecedent(&self, pronoun: usize) -> Option<usize> {
        let is_relative = |token: usize| matches!(self.parse.tag(token), "WP" | "WDT");
        let verb = self.parse.head(pronoun);
        let noun = self.parse.head(verb);
        let relates = is_relative(pronoun) && self.parse.label(verb) == "relcl" && noun < pronoun;
        (relates && !is_relative(noun)).then_some(noun)
    }

    /// The speaker that a noun names for the relative pronoun after it: with its appositions, if one of them is a
    /// name.
    fn meant(&self, noun: usize, pronoun: Span, before: Option<&Speaker>) -> Option<Speaker> {
        let phrase = |without: &[&str]| {
            let tokens = self.parse.subtree(noun, without);
            let own = |token: &&usize| {
                self.parse.span(**token).end <= pronoun.start && self.parse.part(**token) != "PUNCT"
            };
            let last = tokens.iter().rev().find(own).copied().unwrap_or(noun);
            self.parse.span(tokens[0]).hull(self.parse.span(last.max(tokens[0])))
        };
        let whole = self.speaker(phrase(&["relcl", "acl", "conj", "cc"]), before);
        let named = whole.filter(|speaker| speaker.entity.is_some());
        let speaker =
            named.or_else(|| self.speaker(phrase(&["relcl", "acl", "conj", "cc", "appos"]), before));
        speaker.map(|speaker| Speaker { at: pronoun.start, ..speaker })
    }

    /// Who is quoted by the source: "the paper quoted him as saying", "he was quoted as saying".
    fn cited(&self, quotation: &Quotation) -> Option<Span> {
        let cue = self.parse.tokens_in(quotation.cue?);
        // "saying" hangs from "as", and that from "quoted".
        let above = |token: usize| {
            if self.parse.label(token) == "pcomp" { self.parse.head(self.parse.head(token)) } else { token }
        };
        let verb = cue.flat_map(|token| [token, above(token)]).find(|&token| {
            self.words.citing.contains(self.parse.lemma(token)) && self.parse.part(token) == "VERB"
        })?;
        let object = match self.parse.child(verb, &["nsubjpass"]) {
            Some(quoted) => quoted,
            None => {
                self.parse.child(verb, &["nsubj"])?;
                self.parse.child(verb, &["dobj", "pobj"])?
            }
        };
        let tokens = self.parse.subtree(object, &["relcl", "acl", "prep", "punct", "appos"]);
        let person = tokens.iter().any(|&token| self.parse.part(token) == "PROPN");
        (person || self.is_pronoun(object)).then(|| self.parse.span(tokens[0]).hull(self.parse.span(object)))
    }

    /// Who has issued the statement that is a source: the one in whose name it stands, or who spoke before.
    fn issuer(&self, source: Span, head: usize, before: Option<&Speaker>) -> Option<Speaker> {
        if !self.words.documents.contains(self.parse.lemma(head)) {
            return None;
        }
        let tokens = self.parse.tokens_in(source);
        let owners: Vec<usize> =
            tokens.clone().filter(|&token| token != head && self.is_owner(token, head)).collect();
        let owner = owners.iter().find_map(|&token| {
            // "the words of the engineer Lena Korb"
            let named = || self.mentions_in(source).iter().find(|mention| self.names(mention, token));
            let mention = self.mention_at(token).or_else(named).filter(|mention| {
                matches!(
                    self.entities[mention.entity].kind,
                    EntityKind::Person | EntityKind::Organization | EntityKind::Place
                )
            });
            let is_body = self.words.bodies.contains_key(self.parse.lemma(token));
            match mention {
                Some(mention) => Some(self.entity(mention, source)),
                None => is_body.then(|| Speaker {
                    name: self.parse.word(token).to_owned(),
                    entity: None,
                    at: source.start,
                }),
            }
        });
        let definite = self.parse.child(head, &["det"]).is_some_and(|det| self.parse.lower(det) == "the");
        // "the report by the auditors" is not that of who spoke before.
        let foreign = owners.iter().any(|&token| self.parse.label(token) == "pobj");
        owner.or_else(|| {
            before
                .filter(|_| definite && !foreign)
                .map(|before| Speaker { at: source.start, ..before.clone() })
        })
    }

    /// Whether a name tells which one a noun means: "the company Arvid Lines", "the engineer Lena Korb".
    fn names(&self, mention: &Mention, noun: usize) -> bool {
        let tokens = self.parse.tokens_in(mention.span);
        let close = tokens.start.abs_diff(noun + 1) <= 1;
        mention.is_name && close && tokens.start > noun && self.steps(mention, noun).is_some()
    }

    /// Whether a token names the owner of a document: before it, or after "by", "from" or "of".
    fn is_owner(&self, token: usize, head: usize) -> bool {
        let above = self.parse.head(token);
        let direct = above == head && matches!(self.parse.label(token), "poss" | "compound" | "amod");
        let through = self.parse.label(token) == "pobj"
            && matches!(self.parse.lower(above), "by" | "from" | "of")
            && (self.parse.head(above) == head || self.parse.head(self.parse.head(above)) == head);
        direct || through
    }

    /// The token that the rest of a source hangs from.
    fn head(&self, source: Span) -> usize {
        let tokens = self.parse.tokens_in(source);
        let outside = |&token: &usize| {
            let above = self.parse.head(token);
            (above == token || !tokens.contains(&above))
                && !matches!(self.parse.part(token), "PUNCT" | "SPACE" | "DET" | "ADP" | "ADV" | "CCONJ")
        };
        tokens.clone().find(outside).unwrap_or(tokens.start)
    }

    /// The mention that a token belongs to, names first.
    fn mention_at(&self, token: usize) -> Option<&Mention> {
        let span = self.parse.span(token);
        let end = self.mentions.partition_point(|mention| mention.span.start <= span.start);
        let here = self.mentions[end.saturating_sub(OVERLAPS_MAX)..end].iter();
        let here = here.filter(|mention| mention.span.contains(span));
        here.min_by_key(|mention| (!mention.is_name, mention.span.len()))
    }

    /// The mentions within a span.
    fn mentions_in(&self, span: Span) -> &[Mention] {
        let start = self.mentions.partition_point(|mention| mention.span.start < span.start);
        let end = self.mentions.partition_point(|mention| mention.span.start < span.end);
        &self.mentions[start..end.max(start)]
    }

    /// The mentions before a place in the text, latest first; so many as are looked at.
    fn mentions_before(&self, place: usize) -> impl Iterator<Item = &Mention> {
        let end = self.mentions.partition_point(|mention| mention.span.start < place);
        self.mentions[..end].iter().rev().take(MENTIONS_MAX)
    }

    /// The person who is named in a source and is its head, or stands in apposition to it: not the one whose
    /// spokesman speaks.
    fn person_in(&self, source: Span, head: usize) -> Option<&Mention> {
        let is_person = |mention: &&Mention| {
            mention.is_name
                && source.contains(mention.span)
                && self.entities[mention.entity].kind == EntityKind::Person
        };
        let people = || self.mentions_in(source).iter().filter(is_person);
        let mut found: Vec<(usize, &Mention)> =
            people().filter_map(|mention| Some((self.steps(mention, head)?, mention))).collect();
        found.sort_by_key(|(steps, mention)| (*steps, mention.span));
        let after_comma = |mention: &&Mention| {
            let before = self.parse.tokens_in(mention.span).start.checked_sub(1);
            before.is_some_and(|token| {
                self.parse.word(token) == "," && self.parse.span(token).start > source.start
            })
        };
        found.first().map(|(_, mention)| *mention).or_else(|| people().find(after_comma))
    }

    /// How many appositions lie between a name and the head of its source.
    fn steps(&self, mention: &Mention, head: usize) -> Option<usize> {
        let tokens = self.parse.tokens_in(mention.span);
        let mut at = tokens
            .clone()
            .rev()
            .find(|&token| !tokens.contains(&self.parse.head(token)) || self.parse.head(token) == token)?;
        for steps in 0..6 {
            if at == head || tokens.contains(&head) {
                return Some(steps);
            }
            if !matches!(self.parse.label(at), "appos" | "compound" | "flat" | "nmod" | "amod") {
                return None;
            }
            at = self.parse.head(at);
        }
        None
    }

    fn is_pronoun(&self, token: usize) -> bool {
        let word = self.parse.lower(token);
        let pronouns = &self.words.pronouns;
        [&pronouns.male, &pronouns.female, &pronouns.body, &pronouns.many]
            .iter()
            .any(|list| list.contains(word))
    }

    /// Whom a pronoun in a reporting clause means: who spoke last, if nobody who fits was spoken of since.
    fn pronoun(&self, token: usize, own: Option<&Mention>, before: Option<&Speaker>) -> Option<Speaker> {
        let word = self.parse.lower(token);
        let singular = self.words.pronouns.male.contains(word) || self.words.pronouns.female.contains(word);
        let resolved = own.map(|mention| self.entity(mention, mention.span));
        let near = |speaker: &&Speaker| {
            let there = self.parse.tokens_in(Span::new(speaker.at, speaker.at + 1)).start;
            let last = self.parse.len().saturating_sub(1);
            self.parse.sentence_of(token).abs_diff(self.parse.sentence_of(there.min(last))) <= SENTENCES_MAX
        };
        let Some(before) = before.filter(near) else { return resolved };
        let kind = before.entity.map(|entity| self.entities[entity].kind);
        let fits = match kind {
            Some(EntityKind::Person) => singular,
            Some(EntityKind::Organization | EntityKind::Place | EntityKind::Group | EntityKind::Other) => {
                !singular
            }
            None if self.words.pronouns.many.contains(word) => !self.is_singular(before),
            None if self.words.pronouns.body.contains(word) => {
                self.is_body(before) || self.is_singular(before)
            }
            None => self.is_singular(before),
        };
        match resolved {
            None => fits.then(|| before.clone()),
            Some(resolved) => {
                let since = self.last_named(&resolved, token) < before.at;
                let other = kind != Some(EntityKind::Person) || self.agrees(&resolved, before);
                Some(if fits && since && other { before.clone() } else { resolved })
            }
        }
    }

    /// The subject of a sentence just before, where "they" or "it" can mean it: "Parents gathered. They said".
    fn subject_before(&self, token: usize) -> Option<Speaker> {
        let word = self.parse.lower(token);
        let pronouns = &self.words.pronouns;
        let many = pronouns.many.contains(word);
        if !many && !pronouns.body.contains(word) {
            return None;
        }
        let sentence = self.parse.sentence_of(token);
        let before = (sentence.saturating_sub(SENTENCES_MAX)..sentence).rev();
        let tokens = before.flat_map(|number| self.parse.sentences[number].clone());
        let subject = tokens.into_iter().find(|&subject| {
            let verb = self.parse.head(subject);
            let fits = match self.parse.tag(subject) {
                "NNS" | "NNPS" => many,
                "NN" => !many && self.words.bodies.contains_key(self.parse.lemma(subject)),
                _ => false,
            };
            fits && ["nsubj", "nsubjpass"].contains(&self.parse.label(subject))
                && self.parse.head(verb) == verb
                && self.parse.piece_of(subject) == self.parse.piece_of(token)
        })?;
        let phrase = self.parse.subtree(subject, &["relcl", "acl", "prep", "punct", "appos", "conj", "cc"]);
        let span = self.parse.span(phrase[0]).hull(self.parse.span(subject));
        Some(Speaker { name: printed(span.of(self.parse.text)), entity: None, at: span.start })
    }

    /// The token that an unnamed source hangs from.
    fn head_of(&self, speaker: &Speaker) -> Option<usize> {
        let there = self.parse.tokens_in(Span::new(speaker.at, speaker.at + speaker.name.len().max(1)));
        let above = |token: usize| self.parse.head(token);
        there.clone().find(|&token| !there.contains(&above(token)) || above(token) == token)
    }

    /// Whether an unnamed source is a body: "the union".
    fn is_body(&self, speaker: &Speaker) -> bool {
        self.head_of(speaker).is_some_and(|head| {
            let lemma = self.parse.lemma(head);
            self.parse.tag(head) == "NN"
                && !self.words.roles.contains_key(lemma)
                && !self.words.public.contains(lemma)
        })
    }

    /// Whether nothing that stands for two people tells one for a man and the other for a woman.
    fn agrees(&self, one: &Speaker, other: &Speaker) -> bool {
        let spoken = |speaker: &Speaker, list: &WordSet| {
            let near = self.mentions_before(one.at.max(other.at));
            let own = near.filter(|mention| Some(mention.entity) == speaker.entity && !mention.is_name);
            own.into_iter().any(|mention| list.contains(&mention.span.of(self.parse.text).to_lowercase()))
        };
        let pronouns = &self.words.pronouns;
        let (male, female) = (
            |speaker: &Speaker| spoken(speaker, &pronouns.male),
            |speaker: &Speaker| spoken(speaker, &pronouns.female),
        );
        let first = |speaker: &Speaker| speaker.name.split(' ').next().unwrap_or_default().to_lowercase();
        let names = &self.words.first_names;
        let man = |speaker: &Speaker| male(speaker) || names.male.contains(&first(speaker));
        let woman = |speaker: &Speaker| female(speaker) || names.female.contains(&first(speaker));
        !(man(one) && woman(other) || woman(one) && man(other))
    }

    /// Whether an unnamed source is one person.
    fn is_singular(&self, speaker: &Speaker) -> bool {
        self.head_of(speaker).is_some_and(|head| {
            let lemma = self.parse.lemma(head);
            matches!(self.parse.tag(head), "NN" | "NNP") && !self.words.bodies.contains_key(lemma)
        })
    }

    /// Where an entity was last named before a token.
    fn last_named(&self, speaker: &Speaker, token: usize) -> usize {
        let mut before = self.mentions_before(self.parse.span(token).start);
        let last = before.find(|mention| Some(mention.entity) == speaker.entity);
        last.map_or(0, |mention| mention.span.start)
    }

    /// Whether a name is all that a source says, so that it may be shown by its fullest form.
    fn covers(&self, mention: &Mention, source: Span) -> bool {
        let tokens = self.parse.tokens_in(source);
        let own = self.parse.tokens_in(mention.span);
        let modifies = |token: usize| {
            // "the company Norvik Stone" is its name.
            matches!(self.parse.part(token), "NOUN" | "PROPN" | "ADJ" | "NUM")
                && !own.contains(&token)
                && !self.words.bodies.contains_key(self.parse.lower(token))
        };
        let kind = self.entities[mention.entity].kind;
        kind == EntityKind::Person || !tokens.into_iter().any(modifies)
    }

    fn entity(&self, mention: &Mention, at: Span) -> Speaker {
        Speaker {
            name: self.entities[mention.entity].name.clone(),
            entity: Some(mention.entity),
            at: at.start,
        }
    }
}

/// A source as shown: without the marks at its ends.
fn printed(source: &str) -> String {
    let bare = source.trim().trim_end_matches([',', ';', ':', '—', '–', '-']).trim();
    let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
    bare.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Known, speakers};
    use crate::{Parse, Tools, mention};
    use model::{Quotation, QuotationForm, Span};

    /// The speakers of quotations, each given by its words and the words of its source.
    fn speakers_of(text: &str, given: &[(&str, Option<&str>)]) -> Vec<Option<String>> {
        let tools = Tools::built_in();
        let pieces: Vec<std::ops::Range<usize>> = text
            .split('\n')
            .scan(0, |start, line| {
                let range = *start..*start + line.len();
                *start = range.end + 1;
                Some(range)
            })
            .collect();
        let document = tools.session().analyze(text, &pieces);
        let parse = Parse::new(text, &document);
        let (mentions, entities) = mention::entities(&parse, &tools.language);
        let mut from = 0;
        let mut quotations: Vec<Quotation> = Vec::new();
        for (content, source) in given {
            let place = |words: &str, from: usize| {
                let start = from + text.get(from..).unwrap().find(words).unwrap();
                Span::new(start, start + words.len())
            };
            let content = place(content, 0);
            let source = source.map(|source| place(source, from));
            from = source.map_or(content.end, |source| source.end);
            let form = QuotationForm::Direct;
            quotations.push(Quotation {
                form,
                content: vec![content],
                cue: None,
                source,
                speaker: None,
                speaker_entity: None,
            });
        }
        let known = Known { mentions: &mentions, entities: &entities };
        speakers(&parse, &known, &mut quotations, &tools.language);
        quotations.into_iter().map(|quotation| quotation.speaker).collect()
    }

    #[test]
    fn a_source_is_shown_by_its_full_name() {
        let text = "The works were opened by Mayor Ana Ruiz. “It is done,” Ruiz said. “At last,” she added.";
        let found = speakers_of(
            text,
            &[("“It is done,”", Some("Ruiz said".split(' ').next().unwrap())), ("“At last,”", Some("she"))],
        );
        assert_eq!(found[1].as_deref(), Some("Ana Ruiz"));
    }

    #[test]
    fn the_spokesman_of_somebody_is_somebody_else() {
        let text = "“No comment,” said a spokesman for Ana Ruiz.";
        assert_eq!(
            speakers_of(text, &[("“No comment,”", Some("a spokesman for Ana Ruiz"))])[0].as_deref(),
            Some("a spokesman for Ana Ruiz")
        );
    }

    #[test]
    fn a_name_in_apposition_is_the_speaker() {
        let text = "“We are late,” said the ministry's spokesman, Peter Lang.";
        assert_eq!(
            speakers_of(text, &[("“We are late,”", Some("the ministry's spokesman, Peter Lang"))])[0]
                .as_deref(),
            Some("Peter Lang")
        );
    }

    #[test]
    fn a_relative_pronoun_is_what_it_stands_for() {
        let cases = [
            ("The dam was shut by the minister, who said it leaked.", "who", "it leaked", "the minister"),
            ("She met the police chief, Ana Ruiz, who said it leaked.", "who", "it leaked", "Ana Ruiz"),
            ("Two divers who said it leaked went home.", "who", "it leaked", "Two divers"),
            ("Nobody knows who said it leaked.", "who", "it leaked", "who"),
        ];
        for (text, source, content, speaker) in cases {
            assert_eq!(speakers_of(text, &[(content, Some(source))])[0].as_deref(), Some(speaker), "{text}");
        }
    }

    #[test]
    fn a_pronoun_after_an_unnamed_speaker_is_that_speaker() {
        let text = "Peter Lang ran away. “I saw it,” a police officer said. “It was dark,” he added.";
        let found =
            speakers_of(text, &[("“I saw it,”", Some("a police officer")), ("“It was dark,”", Some("he"))]);
        assert_eq!(found[1].as_deref(), Some("a police officer"));
    }

    #[test]
    fn a_quotation_goes_on_in_the_next_paragraph() {
        let text = "“We are late,” Peter Lang said.\n“But we are not sorry.”";
        let found =
            speakers_of(text, &[("“We are late,”", Some("Peter Lang")), ("“But we are not sorry.”", None)]);
        assert_eq!(found[1].as_deref(), Some("Peter Lang"));
    }

    #[test]
    fn a_quotation_far_from_any_speaker_has_none() {
        let text = "“We are late,” Peter Lang said.\nThe bridge was opened in 1871.\nIt was rebuilt twice.\n“The ugliest in town.”";
        let found =
            speakers_of(text, &[("“We are late,”", Some("Peter Lang")), ("“The ugliest in town.”", None)]);
        assert_eq!(found[1], None);
    }

    #[test]
    fn a_statement_is_its_issuers() {
        let text = "Selm Shipping apologised on Monday. “We are sorry,” a statement by Selm Shipping said.";
        assert_eq!(
            speakers_of(text, &[("“We are sorry,”", Some("a statement by Selm Shipping"))])[0].as_deref(),
            Some("Selm Shipping")
        );
    }

    #[test]
    fn several_sources_stay_as_printed() {
        let text = "“We are ready,” France and Germany said.";
        assert_eq!(
            speakers_of(text, &[("“We are ready,”", Some("France and Germany"))])[0].as_deref(),
            Some("France and Germany")
        );
    }
}
