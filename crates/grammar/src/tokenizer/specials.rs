//! A tokenizer's exceptions: chunks that are cut as a list says, alone or as a row of tokens.

use crate::msgpack::Value;
use crate::pack::{self, Reader, Strings, Writer};
use crate::symbols::string_id;
use foldhash::HashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// The attributes of a token in an exception, as numbers of symbols.
const ORTH: u64 = 65;
const NORM: u64 = 67;

/// One token of an exception.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token {
    /// Its length in bytes.
    pub(super) len: u32,
    /// spaCy's number of its norm; 0 when it has none of its own.
    pub(super) norm: u64,
}

/// The exceptions, and the rows of ordinary tokens ("phrases") that spell one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Specials {
    chunks: Strings,
    /// The numbers of the chunks: every new chunk is asked for several times.
    numbers: HashMap<Box<str>, u32>,
    tokens: Vec<Token>,
    /// Where the tokens of each chunk end.
    ends: Vec<u32>,
    /// Length in bytes of the longest chunk.
    longest: usize,
    /// The words that occur in phrases, sorted.
    words: Strings,
    /// A tree of phrases: from a node by a word (its number + 1) to a node. The root is 0.
    edges: Vec<(Edge, u32)>,
    /// Whether a phrase ends at each node.
    ends_phrase: Vec<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    node: u32,
    word: u32,
}

impl Specials {
    /// From the map `exceptions` of a tokenizer file.
    pub(super) fn from_spacy(exceptions: &Value<'_>) -> Result<Specials, String> {
        let entries = exceptions.map().ok_or("its exceptions are no map")?;
        let mut sorted = BTreeMap::new();
        for (chunk, tokens) in entries {
            let chunk = chunk.text().ok_or("an exception is no string")?;
            sorted.insert(chunk, tokens.array().ok_or_else(|| malformed(chunk))?);
        }
        let mut specials = Specials::default();
        for (chunk, tokens) in sorted {
            let mut spelled = String::new();
            for token in tokens {
                let (orth, norm) = token_of(token).ok_or_else(|| malformed(chunk))?;
                spelled.push_str(orth);
                specials.tokens.push(Token { len: orth.len() as u32, norm: norm.map_or(0, string_id) });
            }
            if spelled != chunk || chunk.is_empty() {
                return Err(malformed(chunk));
            }
            specials.longest = specials.longest.max(chunk.len());
            specials.chunks.push(chunk).ok_or("its exceptions are too long")?;
            specials.ends.push(specials.tokens.len() as u32);
        }
        specials.number_chunks();
        Ok(specials)
    }

    fn number_chunks(&mut self) {
        self.numbers = self.chunks.iter().map(Box::from).zip(0..).collect();
    }

    pub(super) fn chunks(&self) -> impl Iterator<Item = &str> {
        self.chunks.iter()
    }

    /// Numbers of the tokens of a chunk, if it is an exception.
    pub(super) fn find(&self, chunk: &str) -> Option<Range<usize>> {
        if chunk.len() > self.longest {
            return None;
        }
        let number = *self.numbers.get(chunk)? as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        Some(start as usize..self.ends[number] as usize)
    }

    pub(super) fn token(&self, number: usize) -> Token {
        self.tokens[number]
    }

    pub(super) fn token_count(&self) -> usize {
        self.tokens.len()
    }

    /// Takes the rows of words that spell exceptions.
    pub(super) fn set_phrases(&mut self, phrases: &[Vec<&str>]) -> Result<(), String> {
        let mut words: Vec<&str> = phrases.iter().flatten().copied().collect();
        words.sort_unstable();
        words.dedup();
        self.words = Strings::default();
        words.iter().try_for_each(|word| self.words.push(word)).ok_or("its exceptions are too long")?;
        let mut edges = BTreeMap::new();
        let mut ends_phrase = vec![false];
        for phrase in phrases {
            let mut node = 0;
            for word in phrase {
                node = *edges.entry(Edge { node, word: self.word(word) }).or_insert_with(|| {
                    ends_phrase.push(false);
                    ends_phrase.len() as u32 - 1
                });
            }
            ends_phrase[node as usize] = !phrase.is_empty();
        }
        self.edges = edges.into_iter().collect();
        self.ends_phrase = ends_phrase;
        Ok(())
    }

    /// Number of a word in phrases, from 1; 0 when it is in none.
    pub(super) fn word(&self, text: &str) -> u32 {
        match text.len() <= self.longest {
            true => self.words.find(text).map_or(0, |number| number as u32 + 1),
            false => 0,
        }
    }

    /// Appends the lengths of the phrases that begin a row of words.
    pub(super) fn phrases(&self, words: impl Iterator<Item = u32>, lengths: &mut Vec<usize>) {
        let mut node = 0;
        for (before, word) in words.enumerate() {
            let Ok(place) = self.edges.binary_search_by_key(&Edge { node, word }, |&(edge, _)| edge) else {
                return;
            };
            node = self.edges[place].1;
            if self.ends_phrase[node as usize] {
                lengths.push(before + 1);
            }
        }
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.strings(&self.chunks.iter().collect::<Vec<_>>());
        let mut norms: Vec<u64> = self.tokens.iter().map(|token| token.norm).collect();
        norms.sort_unstable();
        norms.dedup();
        out.list(&norms, |out, &norm| out.u64(norm));
        out.list(&self.tokens, |out, token| {
            out.varint(token.len as usize);
            out.varint(norms.binary_search(&token.norm).expect("the list was made of these"));
        });
        out.list(&self.ends, |out, &end| out.varint(end as usize));
        out.strings(&self.words.iter().collect::<Vec<_>>());
        out.list(&self.edges, |out, &(edge, to)| {
            out.varint(edge.node as usize);
            out.varint(edge.word as usize);
            out.varint(to as usize);
        });
        out.list(&self.ends_phrase, |out, &ends| out.u8(u8::from(ends)));
    }

    pub(super) fn read(input: &mut Reader<'_>) -> Result<Specials, pack::Error> {
        let chunks = input.strings()?;
        let norms = input.list(Reader::u64)?;
        let tokens = input.list(|input| {
            let len = input.varint()? as u32;
            let norm = *norms.get(input.varint()?).ok_or(input.error("a norm that is not there"))?;
            Ok(Token { len, norm })
        })?;
        let mut specials = Specials {
            longest: chunks.iter().map(str::len).max().unwrap_or(0),
            chunks,
            numbers: HashMap::default(),
            tokens,
            ends: input.list(|input| Ok(input.varint()? as u32))?,
            words: input.strings()?,
            edges: input.list(|input| {
                let edge = Edge { node: input.varint()? as u32, word: input.varint()? as u32 };
                Ok((edge, input.varint()? as u32))
            })?,
            ends_phrase: input.list(|input| Ok(input.u8()? == 1))?,
        };
        specials.number_chunks();
        match specials.is_sound() {
            true => Ok(specials),
            false => Err(input.error("exceptions that do not fit together")),
        }
    }

    /// What the methods above rely on: the tokens of a chunk spell it, and all numbers are within their tables.
    fn is_sound(&self) -> bool {
        let mut start = 0;
        let spelled = self.ends.len() == self.chunks.len()
            && self.chunks.iter().zip(&self.ends).all(|(chunk, &end)| {
                let tokens = self.tokens.get(start..end as usize).unwrap_or(&[]);
                start = end as usize;
                let mut at = 0;
                !tokens.is_empty()
                    && tokens.iter().all(|token| {
                        at += token.len as usize;
                        token.len > 0 && chunk.is_char_boundary(at)
                    })
                    && at == chunk.len()
            });
        spelled
            && self.chunks.is_sorted()
            && self.words.is_sorted()
            && self.edges.is_sorted()
            && self.edges.iter().all(|&(_, to)| (to as usize) < self.ends_phrase.len())
    }
}

fn malformed(chunk: &str) -> String {
    format!("its exception for {chunk:?} is no list of tokens that spell it")
}

/// The form of an exception's token, and its norm if it has one.
fn token_of<'a>(token: &Value<'a>) -> Option<(&'a str, Option<&'a str>)> {
    let (mut orth, mut norm) = (None, None);
    for (attribute, value) in token.map()? {
        match (attribute.uint(), attribute.text()) {
            (Some(ORTH), _) | (_, Some("ORTH")) => orth = value.text(),
            (Some(NORM), _) | (_, Some("NORM")) => norm = value.text(),
            _ => return None,
        }
    }
    orth.filter(|orth| !orth.is_empty()).map(|orth| (orth, norm))
}
