//! All words of a sentence in the normal form in which reprints are compared.
//!
//! What agencies and outlets change without changing anything said is folded here: case, accents, quotation marks,
//! "14 000" and "14,000", "percent" and "%", "U.S." and "US", number words, contractions, British spelling.

use model::{Span, Token, TokenRole};

use super::Unit;
use crate::letters::plain;

pub(super) fn stream(unit: &Unit<'_>) -> Vec<Token> {
    let text = unit.span.of(unit.reading.parse.text);
    let mut stream: Vec<Token> = Vec::new();
    for (start, end) in pieces(text) {
        let piece = text.get(start..end).expect("pieces are cut between characters");
        let span = Span::new(unit.span.start + start, unit.span.start + end);
        for form in forms(unit, piece) {
            if form == "cent" && stream.last().is_some_and(|last| &*last.form == "per") {
                let last = stream.last_mut().expect("there is a last token");
                last.form = "percent".into();
                last.span = last.span.hull(span);
                continue;
            }
            let role = role(unit, &form, span);
            stream.push(Token { form: form.into(), span, role });
        }
    }
    stream
}

/// Whether there are so many words in a stream.
pub(super) fn has_words(unit: &Unit<'_>, count: usize) -> bool {
    // A piece is a word or two, but "per cent" are two pieces and one word.
    pieces(unit.span.of(unit.reading.parse.text)).nth(2 * count - 2).is_some() || stream(unit).len() >= count
}

/// Byte ranges of numbers, words and the signs that are read as words.
fn pieces(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at;
            let first = letter_at(text, start)?;
            at += first.len_utf8();
            match first {
                digit if digit.is_ascii_digit() => at = number_end(text, start),
                letter if letter.is_alphabetic() => at = word_end(text, start),
                '%' | '$' | '£' | '€' => {}
                _ => continue,
            }
            return Some((start, at));
        }
    })
}

/// The letter that begins at a byte.
fn letter_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// Where a number ends: "14,000", "14 000", "5:10", "2.5".
fn number_end(text: &str, start: usize) -> usize {
    let run = |from: usize| text.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let mut end = start + run(start);
    let mut grouped = end - start <= 3;
    while let Some(separator) = letter_at(text, end) {
        let next = run(end + separator.len_utf8());
        let thousands =
            matches!(separator, ',' | '\u{a0}' | '\u{202f}' | '\u{2009}' | ' ') && grouped && next == 3;
        let fraction = matches!(separator, '.' | ':') && next > 0;
        if !(thousands || fraction) {
            break;
        }
        grouped = thousands;
        end += separator.len_utf8() + next;
    }
    end
}

/// Where a word ends: "don’t", "U.S.", "Hôtel".
fn word_end(text: &str, start: usize) -> usize {
    let is_letter = |at: usize| letter_at(text, at).is_some_and(char::is_alphabetic);
    let mut end = start;
    loop {
        while let Some(letter) = letter_at(text, end).filter(|letter| letter.is_alphabetic()) {
            end += letter.len_utf8();
        }
        match letter_at(text, end) {
            Some('.') => {
                // Single letters with stops: an abbreviation, its last stop included.
                let before = Span::new(start, end).of(text).chars().rev().nth(1);
                let next = text.get(end + 1..).into_iter().flat_map(str::chars);
                let run = next.take(2).take_while(|letter| letter.is_alphabetic()).count();
                match before {
                    None | Some('.') if run == 1 => end += 1,
                    Some('.') => return end + 1,
                    _ => return end,
                }
            }
            Some(apostrophe @ ('\'' | '’')) if is_letter(end + apostrophe.len_utf8()) => {
                end += apostrophe.len_utf8();
            }
            _ => return end,
        }
    }
}

/// The normal forms of a piece: one, or two where it is a contraction.
fn forms(unit: &Unit<'_>, piece: &str) -> Vec<String> {
    let words = &unit.reading.language.compare;
    let folded = plain(&piece.replace('’', "'")).to_lowercase();
    if folded.starts_with(|first: char| first.is_ascii_digit()) {
        let digits: String =
            folded.chars().filter(|letter| !", \u{a0}\u{202f}\u{2009}".contains(*letter)).collect();
        return vec![digits.replace(':', ".")];
    }
    if folded == "%" {
        return vec!["percent".to_string()];
    }
    let folded = folded.replace('.', "");
    if let Some(stem) = folded.strip_suffix("n't") {
        return vec![
            words.negative_stems.get(stem).cloned().unwrap_or_else(|| stem.to_string()),
            "not".to_string(),
        ];
    }
    if folded == "cannot" {
        return vec!["can".to_string(), "not".to_string()];
    }
    if let Some((stem, tail)) = folded.split_once('\'') {
        return match words.contractions.get(tail) {
            Some(whole) if whole.is_empty() => vec![words.spelling(stem.into()).into_owned()],
            Some(whole) => vec![stem.to_string(), whole.clone()],
            None => vec![folded],
        };
    }
    match words.numbers.get(&folded) {
        Some(value) => vec![value.to_string()],
        None => vec![words.spelling(folded.into()).into_owned()],
    }
}

fn role(unit: &Unit<'_>, form: &str, span: Span) -> TokenRole {
    let (parse, words) = (unit.reading.parse, &unit.reading.language.compare);
    let Some(token) = parse.tokens_in(span).next() else { return TokenRole::Content };
    let lemma = parse.lemma(token);
    let name = parse.part(token) == "PROPN";
    if form.starts_with(|first: char| first.is_ascii_digit()) {
        TokenRole::Number
    } else if words.fillers.contains(form) {
        TokenRole::Filler
    } else if words.calendar.weekdays.contains(form) || (name && words.calendar.months.contains(form)) {
        TokenRole::Calendar
    } else if words.negation.words.contains(form) {
        TokenRole::Negation
    } else if !name && (words.hedge.words.contains(form) || words.hedge.words.contains(lemma)) {
        TokenRole::Hedge
    } else if parse.part(token) == "VERB" && words.source.speech.contains(lemma) {
        TokenRole::Speech
    } else if name {
        TokenRole::Name
    } else if ["DET", "ADP", "PRON", "AUX", "CCONJ", "SCONJ", "PART"].contains(&parse.part(token)) {
        TokenRole::Function
    } else {
        TokenRole::Content
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    fn cut(text: &str) -> Vec<&str> {
        pieces(text).filter_map(|(start, end)| text.get(start..end)).collect()
    }

    #[test]
    fn numbers_stay_whole_in_every_style() {
        assert_eq!(cut("some 130 000 troops, 14,000 dead"), ["some", "130 000", "troops", "14,000", "dead"]);
        assert_eq!(cut("On May 14, 300 came at 5:10."), ["On", "May", "14", "300", "came", "at", "5:10"]);
    }

    #[test]
    fn abbreviations_and_contractions_stay_whole() {
        assert_eq!(
            cut("the U.S. didn’t, 3 percent (4%)"),
            ["the", "U.S.", "didn’t", "3", "percent", "4", "%"]
        );
        assert_eq!(cut("at 5 a.m. today"), ["at", "5", "a.m.", "today"]);
    }
}
