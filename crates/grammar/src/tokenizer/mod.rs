//! Text → tokens, as spaCy's tokenizer cuts them: at spaces, then by affixes, exceptions and infixes.

mod cache;
mod chunk;
mod specials;

pub(crate) use cache::{Form, FormId, TokenCache};

use crate::msgpack::{self, Value};
use crate::pack::{self, Reader, Writer};
use crate::pattern::{Pattern, Scratch};
use crate::unicode::is_space;
use cache::Part;
use chunk::Chunk;
use specials::Specials;
use std::ops::Range;

/// A run without a space longer than this many characters is cut into runs of this length before all else. spaCy
/// takes time that grows with the square of the length; no word and few addresses are as long.
const CHUNK_CHARS_MAX: usize = 4096;

/// A token of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RawToken {
    /// First byte in the piece.
    pub(crate) start: u32,
    /// The byte after the last.
    pub(crate) end: u32,
    /// Number of its form in the [`TokenCache`].
    pub(crate) form: FormId,
    /// Whether a space follows that is no token.
    pub(crate) space_after: bool,
}

/// A pipeline's tokenizer.
#[derive(Clone, Debug)]
pub(crate) struct Tokenizer {
    prefixes: Option<Pattern>,
    suffixes: Option<Pattern>,
    infixes: Option<Pattern>,
    /// Chunks that are one token, before affixes are looked for.
    whole: Option<Pattern>,
    /// Chunks that are one token, after affixes are gone.
    address: Option<Pattern>,
    specials: Specials,
}

impl Tokenizer {
    /// From the file `tokenizer` of a pipeline.
    pub(crate) fn from_spacy(bytes: &[u8]) -> Result<Tokenizer, String> {
        let file = msgpack::parse(bytes).map_err(|error| error.to_string())?;
        let pattern = |name: &str| match file.get(name) {
            None | Some(Value::Nil) => Ok(None),
            Some(source) => {
                let source = source.text().ok_or_else(|| format!("its `{name}` is no string"))?;
                let wrong = |what| format!("its expression `{name}` has {what}");
                Pattern::new(source).map(Some).map_err(wrong)
            }
        };
        let mut tokenizer = Tokenizer {
            prefixes: pattern("prefix_search")?,
            suffixes: pattern("suffix_search")?,
            infixes: pattern("infix_finditer")?,
            whole: pattern("token_match")?,
            address: pattern("url_match")?,
            specials: match file.get("exceptions") {
                None | Some(Value::Nil) => Specials::default(),
                Some(exceptions) => Specials::from_spacy(exceptions)?,
            },
        };
        let is_thorough = file.get("faster_heuristics") == Some(&Value::Bool(false));
        tokenizer.find_phrases(is_thorough)?;
        Ok(tokenizer)
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        for pattern in [&self.prefixes, &self.suffixes, &self.infixes, &self.whole, &self.address] {
            out.str(pattern.as_ref().map_or("", Pattern::source));
        }
        self.specials.write(out);
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<Tokenizer, pack::Error> {
        let pattern = |input: &mut Reader<'_>| match input.str()? {
            "" => Ok(None),
            source => Pattern::new(source).map(Some).map_err(|_| input.error("an expression that is none")),
        };
        Ok(Tokenizer {
            prefixes: pattern(input)?,
            suffixes: pattern(input)?,
            infixes: pattern(input)?,
            whole: pattern(input)?,
            address: pattern(input)?,
            specials: Specials::read(input)?,
        })
    }

    /// Cuts a piece of text (shorter than 4 GiB) into tokens. They cover everything but single spaces.
    pub(crate) fn tokenize(&self, cache: &mut TokenCache, piece: &str, out: &mut Vec<RawToken>) {
        out.clear();
        cache.make_room();
        for chunk in chunks(piece) {
            match chunk {
                Cut::Space => {
                    if let Some(last) = out.last_mut() {
                        last.space_after = true;
                    }
                }
                Cut::Chunk(start, text) => self.append(cache, (start, text), out),
            }
        }
        self.apply_phrases(cache, piece, out);
    }

    fn append(&self, cache: &mut TokenCache, (start, text): (usize, &str), out: &mut Vec<RawToken>) {
        let place = |part: &Part| RawToken {
            start: start as u32 + part.start,
            end: start as u32 + part.end,
            form: part.form,
            space_after: false,
        };
        if let Some(parts) = cache.chunk(text) {
            out.extend(parts.iter().map(place));
            return;
        }
        let parts = self.parts(cache, text);
        cache.keep_chunk(text, &parts);
        out.extend(parts.iter().map(place));
    }

    fn parts(&self, cache: &mut TokenCache, text: &str) -> Vec<Part> {
        let chunk = Chunk::new(text);
        let tokens = self.cut(&mut cache.scratch, &chunk, Some(&self.specials));
        let number = |cut: chunk::Token| {
            let text = text.get(cut.bytes.clone()).unwrap_or("");
            let form = match cut.special {
                Some(token) => cache.special_number(text, token, &self.specials),
                None => cache.number(text, &self.specials),
            };
            Part { start: cut.bytes.start as u32, end: cut.bytes.end as u32, form }
        };
        tokens.into_iter().map(number).collect()
    }

    /// Finds the exceptions that may also come about as a row of tokens, as emoticons do after a word.
    fn find_phrases(&mut self, is_thorough: bool) -> Result<(), String> {
        let mut scratch = Scratch::default();
        let mut phrases = Vec::new();
        for special in self.specials.chunks() {
            let chunk = Chunk::new(special);
            let has_affix = |scratch: &mut Scratch| {
                let affixes = [&self.prefixes, &self.suffixes, &self.infixes];
                affixes.into_iter().flatten().any(|affix| affix.search(scratch, &chunk.chars).is_some())
            };
            if is_thorough || special.contains(' ') || has_affix(&mut scratch) {
                phrases.push(self.words(&mut scratch, special));
            }
        }
        let phrases: Vec<Vec<&str>> =
            phrases.iter().map(|words| words.iter().map(String::as_str).collect()).collect();
        self.specials.set_phrases(&phrases)
    }

    /// The tokens of a text when there are no exceptions.
    fn words(&self, scratch: &mut Scratch, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        for cut in chunks(text) {
            if let Cut::Chunk(_, text) = cut {
                let tokens = self.cut(scratch, &Chunk::new(text), None);
                words.extend(tokens.into_iter().filter_map(|token| text.get(token.bytes)).map(str::to_owned));
            }
        }
        words
    }

    /// Replaces rows of tokens that spell an exception by its tokens: the longest first, then the leftmost.
    fn apply_phrases(&self, cache: &mut TokenCache, piece: &str, out: &mut Vec<RawToken>) {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut lengths = Vec::new();
        for start in 0..out.len() {
            if cache.form(out[start].form).word != 0 {
                let words = out[start..].iter().map(|token| cache.form(token.form).word);
                self.specials.phrases(words, &mut lengths);
                found.extend(lengths.drain(..).map(|length| start..start + length));
            }
        }
        found.sort_by_key(|range| (std::cmp::Reverse(range.len()), range.start));
        let mut seen = vec![false; if found.is_empty() { 0 } else { out.len() }];
        found.retain(|range| {
            let is_free = !seen[range.start] && !seen[range.end - 1];
            seen[range.clone()].fill(true);
            is_free
        });
        found.sort_by_key(|range| range.start);
        if !found.is_empty() {
            self.replace(cache, piece, (found, out));
        }
    }

    fn replace(
        &self,
        cache: &mut TokenCache,
        piece: &str,
        (found, out): (Vec<Range<usize>>, &mut Vec<RawToken>),
    ) {
        let old = std::mem::take(out);
        let mut done = 0;
        for range in found {
            let (first, last) = (old[range.start], old[range.end - 1]);
            let text = piece.get(first.start as usize..last.end as usize).unwrap_or("");
            let Some(tokens) = self.specials.find(text) else {
                continue;
            };
            out.extend_from_slice(&old[done..range.start]);
            let mut at = first.start;
            for token in tokens {
                let end = at + self.specials.token(token).len;
                let form = piece.get(at as usize..end as usize).unwrap_or("");
                let form = cache.special_number(form, token, &self.specials);
                out.push(RawToken { start: at, end, form, space_after: false });
                at = end;
            }
            if let Some(token) = out.last_mut() {
                token.space_after = last.space_after;
            }
            done = range.end;
        }
        out.extend_from_slice(&old[done..]);
    }
}

enum Cut<'a> {
    /// The single space that ends a word.
    Space,
    /// Text without a space, or white space, and where it begins.
    Chunk(usize, &'a str),
}

/// Cuts a text where white space begins or ends. The first space after a word is none of the chunks.
fn chunks(text: &str) -> impl Iterator<Item = Cut<'_>> {
    let mut at = 0;
    let mut after_word = false;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        if after_word && rest.starts_with(' ') {
            at += 1;
            after_word = false;
            return Some(Cut::Space);
        }
        let in_space = rest.starts_with(is_space);
        let chars_max = if in_space { usize::MAX } else { CHUNK_CHARS_MAX };
        let ends = |&(place, (_, c)): &(usize, (usize, char))| place == chars_max || is_space(c) != in_space;
        let end = rest.char_indices().enumerate().find(ends).map_or(rest.len(), |(_, (end, _))| end);
        let start = at;
        at += end;
        after_word = !in_space;
        Some(Cut::Chunk(start, rest.get(..end).unwrap_or("")))
    })
}

#[cfg(test)]
mod tests;
