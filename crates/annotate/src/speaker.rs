//! Who the speakers are: the sources of quotations as the people and bodies that they stand for, and the speaker
//! of quotations that go on without naming one.

use model::{Entity, EntityKind, Mention, Quotation, QuotationForm, Span};

use crate::Parse;
use crate::lang::{Language, PeopleWords};

/// A quotation without a source goes on with the speaker of one so many sentences before.
const SENTENCES_MAX: usize = 2;

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

/// Fills in the speakers of quotations.
pub(crate) fn speakers(
    parse: &Parse<'_>,
    known: &Known<'_>,
    quotations: &mut [Quotation],
    language: &Language,
) {
    let ctx = Ctx { parse, mentions: known.mentions, entities: known.entities, words: &language.people };
    let mut before: Option<Speaker> = None;
    let mut order: Vec<usize> =
        (0..quotations.len()).filter(|&place| quotations[place].source.is_some()).collect();
    order.sort_by_key(|&place| quotations[place].source);
    let mut named: Vec<Option<Speaker>> = vec![None; quotations.len()];
    for place in order {
        let source = quotations[place].source.expect("only quotations with a source are looked at");
        let speaker = ctx.speaker(source, before.as_ref());
        before = speaker.clone().or(before);
        named[place] = speaker;
    }
    for place in 0..quotations.len() {
        if quotations[place].source.is_none() && quotations[place].form != QuotationForm::Scare {
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
        let head = self.head(source);
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
            return self.pronoun(head, own, before).map(|speaker| Speaker { at: source.start, ..speaker });
        }
        match own.filter(|_| !joined) {
            Some(mention) if !mention.is_name || self.covers(mention, source) => {
                Some(self.entity(mention, source))
            }
            Some(_) | None => shown(),
        }
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
        let here = self.mentions.iter().filter(|mention| mention.span.contains(span));
        here.min_by_key(|mention| (!mention.is_name, mention.span.len()))
    }

    /// The person who is named in a source and is its head, or stands in apposition to it: not the one whose
    /// spokesman speaks.
    fn person_in(&self, source: Span, head: usize) -> Option<&Mention> {
        let people = self.mentions.iter().filter(|mention| {
            mention.is_name
                && source.contains(mention.span)
                && self.entities[mention.entity].kind == EntityKind::Person
        });
        let mut found: Vec<(usize, &Mention)> =
            people.filter_map(|mention| Some((self.steps(mention, head)?, mention))).collect();
        found.sort_by_key(|(steps, mention)| (*steps, mention.span));
        found.first().map(|(_, mention)| *mention)
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
            .any(|list| list.contains(&word))
    }

    /// Whom a pronoun in a reporting clause means: who spoke last, if nobody who fits was spoken of since.
    fn pronoun(&self, token: usize, own: Option<&Mention>, before: Option<&Speaker>) -> Option<Speaker> {
        let word = self.parse.lower(token);
        let singular = self.words.pronouns.male.contains(&word) || self.words.pronouns.female.contains(&word);
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
            None => singular == self.is_singular(before),
        };
        match resolved {
            None => fits.then(|| before.clone()),
            Some(resolved)
                if fits && before.entity.is_none() && self.last_named(&resolved, token) < before.at =>
            {
                Some(before.clone())
            }
            Some(resolved) => Some(resolved),
        }
    }

    /// Whether an unnamed source is one person.
    fn is_singular(&self, speaker: &Speaker) -> bool {
        let there = self.parse.tokens_in(Span::new(speaker.at, speaker.at + speaker.name.len().max(1)));
        let head = there
            .clone()
            .find(|&token| !there.contains(&self.parse.head(token)) || self.parse.head(token) == token);
        head.is_some_and(|head| {
            let lemma = self.parse.lemma(head);
            matches!(self.parse.tag(head), "NN" | "NNP") && !self.words.bodies.contains_key(&lemma)
        })
    }

    /// Where an entity was last named before a token.
    fn last_named(&self, speaker: &Speaker, token: usize) -> usize {
        let limit = self.parse.span(token).start;
        let places = self
            .mentions
            .iter()
            .filter(|mention| Some(mention.entity) == speaker.entity && mention.span.start < limit);
        places.map(|mention| mention.span.start).max().unwrap_or(0)
    }

    /// Whether a name is all that a source says, so that it may be shown by its fullest form.
    fn covers(&self, mention: &Mention, source: Span) -> bool {
        let tokens = self.parse.tokens_in(source);
        let own = self.parse.tokens_in(mention.span);
        let modifies = |token: usize| {
            matches!(self.parse.part(token), "NOUN" | "PROPN" | "ADJ" | "NUM") && !own.contains(&token)
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

    /// The speaker of a quotation that names none: who says what stands beside it in its paragraph, or who spoke
    /// last when it goes on or stands alone.
    fn carried(&self, quotations: &[Quotation], named: &[Option<Speaker>], place: usize) -> Option<Speaker> {
        let content = *quotations[place].content.first()?;
        let last = *quotations[place].content.last()?;
        let [start, end] = [content, last]
            .map(|span| self.parse.tokens_in(span).start.min(self.parse.len().saturating_sub(1)));
        let (sentence, piece) = (self.parse.sentence_of(start), self.parse.piece_of(start));
        let mut best: Option<(usize, &Speaker)> = None;
        for (other, speaker) in quotations.iter().zip(named) {
            let (Some(speaker), Some(source)) = (speaker, other.source) else { continue };
            let there = self.parse.tokens_in(source).start.min(self.parse.len() - 1);
            let (that_sentence, that_piece) = (self.parse.sentence_of(there), self.parse.piece_of(there));
            let distance =
                sentence.abs_diff(that_sentence).min(self.parse.sentence_of(end).abs_diff(that_sentence));
            let before = source.start < content.start;
            let fits = if that_piece == piece {
                distance <= SENTENCES_MAX
            } else {
                before && that_piece + 1 == piece && distance <= SENTENCES_MAX && self.stands_alone(content)
            };
            let rank = 2 * distance + usize::from(!before) + if that_piece == piece { 0 } else { 4 };
            if fits && best.is_none_or(|(other, _)| rank < other) {
                best = Some((rank, speaker));
            }
        }
        best.map(|(_, speaker)| speaker.clone())
    }

    /// Whether a quotation begins its paragraph.
    fn stands_alone(&self, content: Span) -> bool {
        let start = self.parse.tokens_in(content).start;
        let piece = &self.parse.document.pieces[self.parse.piece_of(start.min(self.parse.len() - 1))];
        start <= piece.start + 1
    }
}

/// A source as shown: without the marks at its ends.
fn printed(source: &str) -> String {
    let bare = source.trim().trim_end_matches([',', ';', ':', '—', '–', '-']).trim();
    let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
    bare.to_owned()
}
