//! Direct, indirect, mixed or scare: how much of a quotation stands between marks.

use model::{Quotation, QuotationForm, Span};

use super::Draft;
use super::marks::Marked;
use crate::Parse;

/// Fewer words than this between marks are no quotation of their own.
pub(super) const QUOTED_WORDS_MIN: usize = 3;
/// What stands between one pair of marks carries a content when it is this share of its words; in percent.
const SHARE_MIN: usize = 50;

/// Decides the form of a draft.
pub(super) fn quotation(parse: &Parse<'_>, marked: &[Marked], draft: Draft) -> Quotation {
    let Draft { content, cue, source } = draft;
    let form = form(parse, marked, &content, cue.or(source).is_some());
    Quotation { form, content, cue, source, speaker: None, speaker_entity: None }
}

fn form(parse: &Parse<'_>, marked: &[Marked], content: &[Span], is_attributed: bool) -> QuotationForm {
    let quoted = |chunk: Span| within(marked, chunk).map(|span| word_count(span.of(parse.text)));
    let inside: usize = content.iter().flat_map(|&chunk| quoted(chunk)).sum();
    if inside == 0 {
        return QuotationForm::Indirect;
    }
    let all: usize = content.iter().map(|chunk| word_count(chunk.of(parse.text))).sum();
    if inside >= all {
        let is_scare = !is_attributed && is_scare(parse, content);
        if is_scare { QuotationForm::Scare } else { QuotationForm::Direct }
    } else if content.iter().any(|&chunk| carries(parse, marked, chunk)) {
        QuotationForm::Mixed
    } else {
        QuotationForm::Indirect
    }
}

/// Whether one quotation in a content makes up most of it. If none does, the content is in the outlet's words,
/// and the quotations in it stand for themselves.
fn carries(parse: &Parse<'_>, marked: &[Marked], chunk: Span) -> bool {
    let all = word_count(chunk.of(parse.text));
    let words = within(marked, chunk).map(|span| word_count(span.of(parse.text)));
    words.into_iter().any(|words| words >= QUOTED_WORDS_MIN && words * 100 >= all * SHARE_MIN)
}

/// Whether a content of which `span` is a part is more than that quotation.
pub(super) fn is_embedded(parse: &Parse<'_>, span: Span, content: Span) -> bool {
    word_count(span.of(parse.text)) * 100 < word_count(content.of(parse.text)) * SHARE_MIN
}

/// The parts of a span that stand between marks.
pub(super) fn within(marked: &[Marked], span: Span) -> impl Iterator<Item = Span> {
    let first = marked.partition_point(|marked| marked.outer.end <= span.start);
    let touching = marked[first..].iter().take_while(move |marked| marked.outer.start < span.end);
    touching
        .filter(move |marked| marked.inner.overlaps(span))
        .map(move |marked| Span::new(marked.inner.start.max(span.start), marked.inner.end.min(span.end)))
}

/// Words with a letter or digit in them.
pub(super) fn word_count(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// Whether words between marks, without anybody to say them, are a term or a title and no utterance: few words,
/// a phrase without a verb, or every long word in capitals.
fn is_scare(parse: &Parse<'_>, content: &[Span]) -> bool {
    const PHRASE_WORDS_MAX: usize = 4;
    let [only] = content else { return false };
    let words = only.of(parse.text);
    let count = word_count(words);
    let has_verb = parse.tokens_in(*only).any(|token| matches!(parse.part(token), "VERB" | "AUX"));
    let is_whole = || is_sentence(parse, *only);
    is_title(words) || (count < QUOTED_WORDS_MIN || count <= PHRASE_WORDS_MAX && !has_verb) && !is_whole()
}

/// Whether words between marks are whole sentences by themselves, however short: "Forty years."
fn is_sentence(parse: &Parse<'_>, content: Span) -> bool {
    const WORDS_MIN: usize = 2;
    let (words, tokens) = (content.of(parse.text), parse.tokens_in(content));
    let ends = words.trim_end_matches(|letter: char| !letter.is_alphanumeric() && !".!?…".contains(letter));
    let begins = tokens.clone().next().is_some_and(|token| parse.document.sentence_starts[token]);
    let closes = tokens.end >= parse.len()
        || parse.document.sentence_starts[tokens.end]
        || parse.piece_of(tokens.end) != parse.piece_of(tokens.end - 1);
    begins && closes && ends.ends_with(['.', '!', '?', '…']) && word_count(words) >= WORDS_MIN
}

/// Whether words are written as a title or a name: capitals, but for short words between them.
pub(super) fn is_title(words: &str) -> bool {
    const SHORT: usize = 3;
    let (mut capital_count, mut small_count) = (0, 0);
    for word in words.split_whitespace() {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        match bare.chars().next() {
            Some(letter) if !letter.is_lowercase() => capital_count += 1,
            Some(_) if bare.chars().count() > SHORT => return false,
            Some(_) => small_count += 1,
            None => {}
        }
    }
    capital_count > 1 && capital_count > small_count
}

#[cfg(test)]
mod tests {
    use super::is_title;

    #[test]
    fn titles_are_told_from_utterances() {
        assert!(is_title("The Bridge of Small Hours"));
        assert!(is_title("Harbour Watch"));
        assert!(!is_title("We will rebuild Kelstrand"));
        assert!(!is_title("I am so sad, Peter"));
        assert!(!is_title("gift"));
    }
}
