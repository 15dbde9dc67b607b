//! The speakers of quotations that name none: said beside it, or by whoever spoke last.

use model::{EntityKind, Mention, Quotation, QuotationForm, Span};

use super::{Ctx, SENTENCES_MAX, Speaker};

/// How many quotations on either side are looked at.
const NEIGHBOURS_MAX: usize = 12;

/// Where a quotation without a source stands.
struct Here {
    content: Span,
    sentence: usize,
    last_sentence: usize,
    piece: usize,
}

impl Ctx<'_> {
    /// The speaker of a quotation that names none: the person named beside its reporting verb, who says what
    /// stands beside it in its paragraph, or who spoke last when it goes on.
    pub(super) fn carried(
        &self,
        quotations: &[Quotation],
        named: &[Option<Speaker>],
        place: usize,
    ) -> Option<Speaker> {
        let content = *quotations[place].content.first()?;
        let last = *quotations[place].content.last()?;
        if let Some(speaker) = quotations[place].cue.and_then(|cue| self.beside(content.hull(last), cue)) {
            return Some(speaker);
        }
        let [start, end] = [content, last]
            .map(|span| self.parse.tokens_in(span).start.min(self.parse.len().saturating_sub(1)));
        let (sentence, piece) = (self.parse.sentence_of(start), self.parse.piece_of(start));
        let here = Here { content, sentence, last_sentence: self.parse.sentence_of(end), piece };
        let near = place.saturating_sub(NEIGHBOURS_MAX)..quotations.len().min(place + NEIGHBOURS_MAX);
        let mut best: Option<(usize, &Speaker)> = None;
        for other in near {
            let (Some(speaker), Some(source)) = (&named[other], quotations[other].source) else { continue };
            let Some(rank) = self.rank(&here, &quotations[other], source) else { continue };
            if self.can_speak(speaker, source) && best.is_none_or(|(other, _)| rank < other) {
                best = Some((rank, speaker));
            }
        }
        best.map(|(_, speaker)| speaker.clone()).or_else(|| self.beside_speech(&here))
    }

    /// Whom the sentences on either side speak of, where a quotation is a sentence of its own: "Captain Pontes stood
    /// on the pier. ‘Forty years.’ He shook his head."
    fn beside_speech(&self, here: &Here) -> Option<Speaker> {
        let whole = self.parse.sentences.get(here.sentence)?;
        if !here.content.overlaps(self.parse.span(whole.start)) {
            return None;
        }
        let next = here.last_sentence + 1;
        let sides = [here.sentence.checked_sub(1), Some(next)].into_iter().flatten();
        let near = sides.filter_map(|number| self.parse.sentences.get(number));
        let mut near = near.filter(|sentence| self.parse.piece_of(sentence.start) == here.piece);
        near.find_map(|sentence| {
            let subject = sentence.clone().find(|&token| {
                let verb = self.parse.head(token);
                self.parse.label(token) == "nsubj" && self.parse.head(verb) == verb
            })?;
            let mention = self.mention_at(subject)?;
            let person = self.entities[mention.entity].kind == EntityKind::Person;
            person.then(|| self.entity(mention, mention.span))
        })
    }

    /// How far off another quotation's speaker is; `None` when it is not the speaker here.
    fn rank(&self, here: &Here, other: &Quotation, source: Span) -> Option<usize> {
        let there = self.parse.tokens_in(source).start.min(self.parse.len() - 1);
        let (sentence, piece) = (self.parse.sentence_of(there), self.parse.piece_of(there));
        let distance = here.sentence.abs_diff(sentence).min(here.last_sentence.abs_diff(sentence));
        let is_before = source.start < here.content.start;
        if piece == here.piece {
            return (distance <= SENTENCES_MAX).then_some(1 + 2 * distance + usize::from(!is_before));
        }
        if !is_before || piece > here.piece || !self.begins_paragraph(here.content) {
            return None;
        }
        let is_next = piece + 1 == here.piece;
        let spoken = matches!(other.form, QuotationForm::Direct | QuotationForm::Mixed);
        match is_open(self.parse.text, other) {
            // A mark that was never closed: what begins with one goes on, also after a paragraph between.
            true if here.piece <= piece + 2 => Some(0),
            _ if is_next && distance <= if spoken { SENTENCES_MAX } else { 1 } => Some(5 + 2 * distance),
            _ => None,
        }
    }

    /// The only person or body named in the reporting clause of a quotation: "wrote on his page Ana Ruiz".
    fn beside(&self, content: Span, cue: Span) -> Option<Speaker> {
        let cue = self.parse.tokens_in(cue).start;
        let sentence =
            self.parse.sentences.get(self.parse.sentence_of(cue.min(self.parse.len().checked_sub(1)?)))?;
        let outside = self.parse.span_of(sentence.clone());
        let mut found: Vec<&Mention> = self
            .mentions_in(outside)
            .iter()
            .filter(|mention| mention.is_name && !content.overlaps(mention.span))
            .filter(|mention| self.entities[mention.entity].kind == EntityKind::Person)
            .collect();
        found.dedup_by_key(|mention| mention.entity);
        match found[..] {
            [only] => Some(self.entity(only, only.span)),
            _ => None,
        }
    }

    /// Whether a speaker is one: a person, a body, a place, or a noun for such.
    fn can_speak(&self, speaker: &Speaker, source: Span) -> bool {
        let kind = speaker.entity.map(|entity| self.entities[entity].kind);
        let lemma = self.parse.lemma(self.head(source));
        let known = [
            self.words.roles.contains_key(lemma),
            self.words.bodies.contains_key(lemma),
            self.words.public.contains(lemma),
        ];
        match kind {
            Some(EntityKind::Other) => false,
            Some(EntityKind::Person | EntityKind::Organization | EntityKind::Place | EntityKind::Group) => {
                true
            }
            None => known.contains(&true),
        }
    }

    /// Whether a quotation begins its paragraph.
    fn begins_paragraph(&self, content: Span) -> bool {
        let start = self.parse.tokens_in(content).start;
        let piece = &self.parse.document.pieces[self.parse.piece_of(start.min(self.parse.len() - 1))];
        start <= piece.start + 1
    }
}

/// Whether a quotation begins with a mark and does not end with one.
fn is_open(text: &str, quotation: &Quotation) -> bool {
    quotation.content.last().is_some_and(|last| {
        let words = last.of(text);
        words.starts_with(['“', '"']) && !words.ends_with(['”', '"'])
    })
}
