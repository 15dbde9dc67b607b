//! Explicit signs that a text, or part of it, comes from another publisher.

use std::borrow::Cow;

use model::{Credit, Span};

use crate::IngestOptions;
use crate::line::Line;
use crate::outlet::Outlet;
use crate::words::{PageWords, plain};

/// Longest name of a publisher, in words.
const PUBLISHER_WORDS_MAX: usize = 7;
/// Bracketed words of one line that are looked at.
const BRACKETS_MAX: usize = 20;
/// Longest line in which a credit other than a bracketed one is looked for, in words.
const CREDIT_WORDS_MAX: usize = 60;

/// Where a line stands, for its credits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// About a picture: it credits no text.
    Image,
    /// At the head or foot of the report, where bracketed agencies are credits.
    Edge,
    /// Anywhere else.
    Inside,
}

/// The credits of a text, in its order.
pub(crate) fn credits(
    text: &str,
    lines: &[Line],
    options: &IngestOptions,
    place_of: impl Fn(usize) -> Place,
) -> Vec<Credit> {
    let mut found: Vec<Credit> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let place = place_of(number);
        if place == Place::Image {
            continue;
        }
        let whole = if line.word_count <= CREDIT_WORDS_MAX { line_credit(text, line, options) } else { None };
        match whole {
            Some(credit) => found.push(credit),
            None if place == Place::Edge => found.extend(bracketed(text, line, options)),
            None => {}
        }
    }
    found
}

/// A line that is, or ends in, a credit.
fn line_credit(text: &str, line: &Line, options: &IngestOptions) -> Option<Credit> {
    let (shown, words) = (line.span.of(text), &options.words);
    // A line that is too long to be held against phrases has no such form yet.
    let folded = if line.plain.is_empty() { Cow::Owned(plain(shown)) } else { Cow::Borrowed(&*line.plain) };
    copyright((shown, &folded), words)
        .or_else(|| sourced((shown, &folded), words))
        .or_else(|| contributed((shown, &folded), options))
        .map(|publisher| Credit { span: line.span, publisher })
}

/// "© 2022 Bloomberg", "Copyright 2017 The Associated Press. All rights reserved."
fn copyright((line, folded): (&str, &str), words: &PageWords) -> Option<String> {
    if !words.cues.copyright_marks.iter().any(|mark| folded.starts_with(mark.as_str())) {
        return None;
    }
    let mut name = String::new();
    for word in line.split_whitespace() {
        let lower = plain(word);
        let rest = folded.find(&lower).and_then(|at| folded.get(at..)).unwrap_or_default();
        let is_mark = words.cues.copyright_marks.iter().any(|mark| lower.trim_matches([',', '.']) == *mark)
            || lower == "by"
            || word.starts_with(char::is_numeric);
        let bare = word.trim_start_matches('©').trim_matches([',', ';', '|', '-', '–']);
        if is_mark || bare.is_empty() || bare.starts_with(char::is_numeric) {
            if name.is_empty() { continue } else { break }
        }
        if words.cues.copyright_ends.iter().any(|end| rest.starts_with(end.as_str())) {
            break;
        }
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(bare.trim_end_matches('.'));
        if word.ends_with(['.', '|', ';']) && !word.trim_end_matches('.').contains('.') {
            break;
        }
    }
    publisher(&name)
}

/// "Source: Press TV", "This article was originally published by The Conversation."
fn sourced((line, folded): (&str, &str), words: &PageWords) -> Option<String> {
    let folded = folded.trim_start_matches(['(', '[', '—', '–', '-', ' ']);
    let mark = words
        .cues
        .source_marks
        .iter()
        .chain(&words.cues.with_files)
        .filter(|mark| folded.starts_with(mark.as_str()))
        .max_by_key(|mark| mark.len())?;
    let skipped = mark.split_whitespace().count();
    let shown = line.trim_start_matches(['(', '[', '—', '–', '-', ' ']);
    let rest: Vec<&str> = shown.split_whitespace().skip(skipped).collect();
    let rest = if rest.is_empty() {
        shown.split_once(':').map(|(_, rest)| rest.to_owned())?
    } else {
        rest.join(" ")
    };
    publisher(rest.split([';', '|', ')', ']']).next()?)
}

/// "The Associated Press contributed to this report."
fn contributed((line, folded): (&str, &str), options: &IngestOptions) -> Option<String> {
    let bare = folded.trim_end_matches(['.', ')', '*']);
    let mark = options
        .words
        .cues
        .contributed
        .iter()
        .filter(|mark| bare.ends_with(mark.as_str()))
        .max_by_key(|mark| mark.len())?;
    let all: Vec<&str> = line.split_whitespace().collect();
    let name = all.get(..all.len().checked_sub(mark.split(' ').count())?)?.join(" ");
    let name = name.trim_start_matches(['(', '—', '–', '*', ' ']);
    let lower = plain(name);
    let known = options.outlets.by_credit(name).map(|outlet| outlet.name.clone());
    known.or_else(|| (lower.starts_with("the ")).then(|| publisher(name)).flatten())
}

/// "(Reuters)", "(AFP, dpa)": words in brackets that are all agencies.
fn bracketed(text: &str, line: &Line, options: &IngestOptions) -> Vec<Credit> {
    let shown = line.span.of(text);
    let mut found = Vec::new();
    for (open, _) in shown.match_indices('(').take(BRACKETS_MAX) {
        let Some(length) = shown.get(open..).and_then(|rest| rest.find(')')) else { continue };
        let inner = shown.get(open + 1..open + length).unwrap_or_default();
        let named: Option<Vec<&Outlet>> =
            inner.split([',', '/', '&']).map(|part| options.outlets.by_credit(part.trim())).collect();
        let span = Span::new(line.span.start + open, line.span.start + open + length + 1);
        found.extend(
            named.into_iter().flatten().map(|outlet| Credit { span, publisher: outlet.name.clone() }),
        );
    }
    found
}

/// A name that can be a publisher's.
fn publisher(name: &str) -> Option<String> {
    let name = name.trim().trim_end_matches(['.', ',']).trim();
    let word_count = name.split_whitespace().count();
    let named = name.chars().any(|c| c.is_uppercase()) || name.contains('.');
    ((1..=PUBLISHER_WORDS_MAX).contains(&word_count) && named).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Place, credits};
    use crate::IngestOptions;
    use crate::line::lines;

    fn read(text: &str) -> Vec<(String, String)> {
        let options = IngestOptions::english(None);
        let found = credits(text, &lines(text, &options.words), &options, |_| Place::Edge);
        found.into_iter().map(|credit| (credit.span.of(text).to_owned(), credit.publisher)).collect()
    }

    fn publishers(text: &str) -> Vec<String> {
        read(text).into_iter().map(|(_, publisher)| publisher).collect()
    }

    #[test]
    fn reads_credits_of_every_form() {
        assert_eq!(publishers("© 2022 Arle Herald"), ["Arle Herald"]);
        assert_eq!(
            publishers(
                "Copyright 2017 The Associated Press. All rights reserved. This material may not be published."
            ),
            ["The Associated Press"]
        );
        assert_eq!(publishers("Copyright © 2021 Arle Herald All Rights Reserved"), ["Arle Herald"]);
        assert_eq!(publishers("Source: Arle TV"), ["Arle TV"]);
        assert_eq!(
            publishers("This article was originally published by The Arle Herald."),
            ["The Arle Herald"]
        );
        assert_eq!(publishers("Reuters contributed to this report."), ["Reuters"]);
        assert_eq!(publishers("— With files from The Canadian Press"), ["The Canadian Press"]);
        assert_eq!(read("GENEVA (AP) — Talks ended."), [("(AP)".to_owned(), "Associated Press".to_owned())]);
        assert_eq!(publishers("jm/dm (AFP, dpa)"), ["Agence France-Presse", "dpa"]);
    }

    #[test]
    fn names_of_people_and_other_brackets_are_none() {
        assert!(publishers("Ana Ruiz contributed to this report.").is_empty());
        assert!(publishers("The mayor (left) spoke with Bo Li (12).").is_empty());
        assert!(publishers("All rights reserved.").is_empty());
    }
}
