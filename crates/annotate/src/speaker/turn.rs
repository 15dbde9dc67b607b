//! Turns of a printed conversation: "KORB: Not before Friday." at the head of a paragraph.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use model::{Quotation, QuotationForm, Span};

use crate::Parse;
use crate::lang::Language;

/// Longest name of who has the turn, in tokens.
const NAME_TOKENS_MAX: usize = 6;

/// A paragraph that somebody speaks.
struct Turn {
    name: Span,
    colon: Span,
    words: Span,
}

impl Turn {
    /// What is said in the turn. No marks stand around it: that it is word for word is not claimed.
    fn quotation(self) -> Quotation {
        Quotation {
            form: QuotationForm::Indirect,
            content: vec![self.words],
            cue: Some(self.colon),
            source: Some(self.name),
            speaker: None,
            speaker_entity: None,
        }
    }
}

/// What a paragraph begins with that may be the name of a speaker.
struct Label {
    tokens: Range<usize>,
    end: usize,
    /// In lower case.
    name: String,
}

/// Gives each turn of an article to who takes it.
pub(super) fn give(parse: &Parse<'_>, language: &Language, quotations: &mut Vec<Quotation>) {
    let turns = turns(parse, language);
    if turns.is_empty() {
        return;
    }
    // A name with its colon is no reporting clause of a part of the turn.
    let at_head = |span: Span| {
        let place = turns.partition_point(|turn| turn.colon.end <= span.start);
        turns.get(place).is_some_and(|turn| span.overlaps(turn.name.hull(turn.colon)))
    };
    quotations.retain(|quotation| ![quotation.source, quotation.cue].into_iter().flatten().any(at_head));
    quotations.extend(turns.into_iter().map(Turn::quotation));
    quotations.sort_by_key(|quotation| (quotation.content[0], quotation.cue));
}

/// The turns of an article, where it prints a conversation: with two speakers, or one whom it names as a person
/// elsewhere. "UPDATE: …" and "OSTERVIK: …" are no turns. Questions of an interviewer without a name are left out.
fn turns(parse: &Parse<'_>, language: &Language) -> Vec<Turn> {
    let labels: Vec<Label> =
        parse.document.pieces.iter().filter_map(|piece| label(parse, piece.clone())).collect();
    if labels.is_empty() {
        return Vec::new();
    }
    let people = people(parse, &labels);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for label in &labels {
        *counts.entry(&label.name).or_default() += 1;
    }
    let is_person = |label: &Label| people.contains(parse.lower(label.tokens.end - 1));
    let speaks = |label: &&Label| {
        is_person(label)
            || !is_heading(parse, language, label)
                && (counts[label.name.as_str()] > 1 || is_role(parse, language, label))
    };
    let names: BTreeSet<&str> = labels.iter().filter(speaks).map(|label| label.name.as_str()).collect();
    let conversation = names.len() > 1 || labels.iter().any(is_person);
    let asks = |label: &&Label| language.speech.questions.contains(&label.name);
    labels
        .iter()
        .filter(|label| conversation && speaks(label) && !asks(label))
        .map(|label| Turn {
            name: parse.span_of(label.tokens.clone()),
            colon: parse.span(label.tokens.end),
            words: parse.span_of(label.tokens.end + 1..label.end).trimmed(parse.text),
        })
        .collect()
}

/// The words in capitals with which a paragraph begins, a colon and more words after them.
fn label(parse: &Parse<'_>, piece: Range<usize>) -> Option<Label> {
    let in_capitals = |token: &usize| !parse.word(*token).contains(char::is_lowercase);
    let near = (piece.start..piece.end).take(NAME_TOKENS_MAX + 1).take_while(in_capitals);
    let colon = near.into_iter().find(|&token| parse.word(token) == ":")?;
    let tokens = piece.start..colon;
    let word = |token: usize| parse.word(token).starts_with(char::is_alphabetic);
    let named = !tokens.is_empty() && word(piece.start) && word(colon - 1);
    let goes_on = colon + 1 < piece.end
        && parse.span(colon).end < parse.span(colon + 1).start
        && (colon + 1..piece.end).any(word);
    let name = tokens.clone().map(|token| parse.lower(token)).collect::<Vec<_>>().join(" ");
    (named && goes_on).then_some(Label { tokens, end: piece.end, name })
}

/// The last words of people's names that are printed outside of the labels.
fn people<'p>(parse: &'p Parse<'_>, labels: &[Label]) -> BTreeSet<&'p str> {
    let within = |token: usize| {
        let place = labels.partition_point(|label| label.tokens.end <= token);
        labels.get(place).is_some_and(|label| label.tokens.contains(&token))
    };
    let named = parse.names().into_iter().filter(|name| parse.entity(name.start) == "PERSON");
    named.map(|name| name.end - 1).filter(|&token| !within(token)).map(|token| parse.lower(token)).collect()
}

/// Whether a label is the place of a report, or what such lines are headed with: "UPDATE".
fn is_heading(parse: &Parse<'_>, language: &Language, label: &Label) -> bool {
    let is_place = |token: usize| {
        matches!(parse.entity(token), "GPE" | "LOC" | "FAC") || matches!(parse.tag(token), "CD")
    };
    let heads = |token: usize| language.speech.headings.contains(parse.lower(token));
    label.tokens.clone().any(|token| is_place(token) || heads(token))
}

/// Whether a label says what the speaker is: "MODERATOR", "Q".
fn is_role(parse: &Parse<'_>, language: &Language, label: &Label) -> bool {
    let last = parse.lower(label.tokens.end - 1);
    let speech = &language.speech;
    language.people.roles.contains_key(last)
        || [&speech.questions, &speech.answers, &speech.turns].iter().any(|list| list.contains(last))
}

#[cfg(test)]
mod tests {
    use super::turns;
    use crate::{Parse, Tools};

    /// Name and first word of each turn.
    fn read(text: &str) -> Vec<String> {
        let tools = Tools::built_in();
        let mut at = 0;
        let mut pieces = Vec::new();
        for line in text.split_inclusive('\n') {
            pieces.push(at..at + line.trim_end().len());
            at += line.len();
        }
        let document = tools.session().analyze(text, &pieces);
        let found = turns(&Parse::new(text, &document), &tools.language);
        let first = |words: &str| words.split(' ').next().unwrap().to_owned();
        found.iter().map(|turn| format!("{}: {}", turn.name.of(text), first(turn.words.of(text)))).collect()
    }

    #[test]
    fn speakers_take_turns() {
        let text =
            "HOLT: With us is the harbour master, Lena Korb.\nKORB: Thank you.\nHOLT: When will it open?";
        assert_eq!(read(text), ["HOLT: With", "KORB: Thank", "HOLT: When"]);
        assert_eq!(
            read("MODERATOR: Who pays?\nMINISTER: The state pays."),
            ["MODERATOR: Who", "MINISTER: The"]
        );
    }

    #[test]
    fn an_answer_is_said_and_a_question_is_not() {
        assert_eq!(read("Q: When will it open?\nA: Not before Friday."), ["A: Not"]);
    }

    #[test]
    fn headings_and_places_speak_nothing() {
        assert!(read("OSTERVIK: The harbour was closed.\nLena Korb said so.").is_empty());
        assert!(
            read("UPDATE: The ferry has sunk.\nNOTE: This was corrected.\nUPDATE: All are safe.").is_empty()
        );
        assert!(read("MINISTER: The state will pay.\nThe harbour was closed.").is_empty());
        assert!(read("AT 10:35 THE HARBOUR WAS CLOSED").is_empty());
        assert!(read("").is_empty());
    }
}
