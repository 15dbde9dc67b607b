//! What a quantity counts: the head noun with its modifiers, through "of", or understood from what went before.

use std::ops::Range;

use super::atom::Atom;
use crate::Parse;
use crate::lang::FigureWords;

/// Tokens between a number and its noun; a longer way is a mistake of the parse.
const WAY_MAX: usize = 9;

/// What is counted, where it is printed.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    /// Tokens of the noun with its modifiers.
    pub tokens: Range<usize>,
    /// Token of the head noun.
    pub noun: usize,
}

/// The noun that is counted by what ends before atom `end`.
pub(crate) fn counted(parse: &Parse, atoms: &[Atom<'_>], end: usize, words: &FigureWords) -> Option<Counted> {
    let last = atoms.get(end.checked_sub(1)?)?.token;
    let next = atoms.get(end)?;
    let next_token = if next.token == last { last + 1 } else { next.token };
    let limit = limit(parse, atoms, end);
    if words.of.contains(&next.lower) {
        return through(parse, next.token, limit, words);
    }
    let mut found = climb(parse, last, limit).or_else(|| scan(parse, next_token, limit))?;
    if found < next_token {
        return None;
    }
    let is_container = words.containers.contains(parse.lemma(found));
    let of = found + 1;
    if is_container
        && of < parse.len()
        && words.of.contains(parse.word(of))
        && let Some(inner) = through(parse, of, limit, words)
    {
        found = inner.noun;
    }
    let start = skip_marks(parse, next_token, found);
    Some(Counted { tokens: start..found + 1, noun: found })
}

/// The noun after "of".
fn through(parse: &Parse, of: usize, limit: usize, words: &FigureWords) -> Option<Counted> {
    let start = of + 1;
    if start >= limit {
        return None;
    }
    let by_tree =
        parse.child(of, &["pobj"]).filter(|&noun| noun >= start && noun < limit && is_noun(parse, noun));
    let noun = by_tree.or_else(|| scan(parse, start, limit))?;
    if words.containers.contains(parse.lemma(noun))
        && noun + 2 < limit
        && words.of.contains(parse.lower(noun + 1))
        && let Some(inner) = through(parse, noun + 1, limit, words)
    {
        return Some(inner);
    }
    Some(Counted { tokens: skip_marks(parse, start, noun)..noun + 1, noun })
}

/// One past the last token that may belong: the sentence's end, or where the next number begins.
fn limit(parse: &Parse, atoms: &[Atom<'_>], end: usize) -> usize {
    let first = atoms[end].token;
    let sentence = parse.sentences[parse.sentence_of(first)].end;
    let number = atoms[end..]
        .iter()
        .take(WAY_MAX * 2)
        .find(|atom| atom.is_digits())
        .map_or(sentence, |atom| atom.token);
    sentence.min(number.max(first)).min(first + WAY_MAX)
}

/// Up the tree to the right, as long as the way is that of a modifier.
fn climb(parse: &Parse, from: usize, limit: usize) -> Option<usize> {
    let mut here = from;
    for _ in 0..WAY_MAX {
        let head = parse.head(here);
        let modifies = [
            "nummod", "quantmod", "compound", "amod", "nmod", "npadvmod", "advmod", "det", "poss", "punct",
            "dep",
        ]
        .contains(&parse.label(here));
        if !modifies || head <= here || head >= limit {
            break;
        }
        here = head;
    }
    (here > from && is_noun(parse, here)).then_some(here)
}

/// To the last noun of the run of modifiers and nouns that follows.
fn scan(parse: &Parse, start: usize, limit: usize) -> Option<usize> {
    let mut noun = None;
    for token in start..limit.min(parse.len()) {
        match parse.tag(token) {
            "NN" | "NNS" | "NNP" | "NNPS" => noun = Some(token),
            _ if noun.is_some() && parse.tag(token) != "HYPH" => break,
            "JJ" | "JJR" | "JJS" | "VBN" | "VBG" | "HYPH" | "POS" | "RBS" | "DT" | "PRP$" | "``" | "''" => {}
            _ => break,
        }
    }
    noun
}

fn is_noun(parse: &Parse, token: usize) -> bool {
    ["NN", "NNS", "NNP", "NNPS"].contains(&parse.tag(token))
}

/// The first token that is not a quotation mark, hyphen or determiner.
fn skip_marks(parse: &Parse, start: usize, end: usize) -> usize {
    (start..end)
        .find(|&token| {
            !["``", "''", "HYPH", ":", "-LRB-"].contains(&parse.tag(token)) && parse.part(token) != "DET"
        })
        .unwrap_or(end)
}
