//! One chunk without a space → tokens: exceptions, affixes from both ends, addresses, infixes.

use super::Tokenizer;
use super::specials::Specials;
use crate::pattern::{Pattern, Scratch};
use std::ops::Range;

/// A chunk, its characters, and where each begins.
pub(super) struct Chunk<'a> {
    text: &'a str,
    pub(super) chars: Vec<char>,
    starts: Vec<usize>,
}

/// A token of a chunk.
pub(super) struct Token {
    pub(super) bytes: Range<usize>,
    /// Its number among the tokens of exceptions.
    pub(super) special: Option<usize>,
}

impl<'a> Chunk<'a> {
    pub(super) fn new(text: &'a str) -> Chunk<'a> {
        let mut starts: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
        starts.push(text.len());
        Chunk { text, chars: text.chars().collect(), starts }
    }

    fn bytes(&self, chars: &Range<usize>) -> Range<usize> {
        self.starts[chars.start]..self.starts[chars.end]
    }

    fn text(&self, chars: &Range<usize>) -> &'a str {
        self.text.get(self.bytes(chars)).unwrap_or("")
    }

    fn token(&self, chars: Range<usize>) -> Token {
        Token { bytes: self.bytes(&chars), special: None }
    }
}

/// What is left of a chunk without its affixes, in characters, and the affixes from outside in.
struct Stripped {
    core: Range<usize>,
    prefixes: Vec<Range<usize>>,
    suffixes: Vec<Range<usize>>,
}

impl Tokenizer {
    /// The tokens of a chunk, with regard to exceptions if there are any.
    pub(super) fn cut(
        &self,
        scratch: &mut Scratch,
        chunk: &Chunk<'_>,
        specials: Option<&Specials>,
    ) -> Vec<Token> {
        let all = 0..chunk.chars.len();
        if let Some(tokens) = special(specials, chunk, &all) {
            return tokens;
        }
        let Stripped { core, prefixes, suffixes } = self.strip(scratch, chunk, specials);
        let mut tokens: Vec<Token> = prefixes.into_iter().map(|prefix| chunk.token(prefix)).collect();
        if let Some(special) = special(specials, chunk, &core) {
            tokens.extend(special);
        } else if !core.is_empty() {
            self.cut_core(scratch, (chunk, core), &mut tokens);
        }
        tokens.extend(suffixes.into_iter().rev().map(|suffix| chunk.token(suffix)));
        tokens
    }

    /// Takes a prefix and a suffix off at a time, until neither is left or the rest is an exception.
    fn strip(&self, scratch: &mut Scratch, chunk: &Chunk<'_>, specials: Option<&Specials>) -> Stripped {
        let mut core = 0..chunk.chars.len();
        let (mut prefixes, mut suffixes) = (Vec::new(), Vec::new());
        let is_special = |chars: &Range<usize>| is_special(specials, chunk, chars);
        while !core.is_empty() {
            if matches_start(&self.whole, scratch, &chunk.chars[core.clone()]) || is_special(&core) {
                break;
            }
            let prefix_len = affix_len(&self.prefixes, scratch, &chunk.chars[core.clone()]);
            let after_prefix = core.start + prefix_len..core.end;
            if prefix_len > 0 && is_special(&after_prefix) {
                prefixes.push(core.start..after_prefix.start);
                core = after_prefix;
                break;
            }
            let suffix_len = affix_len(&self.suffixes, scratch, &chunk.chars[after_prefix.clone()]);
            let before_suffix = core.start..core.end - suffix_len;
            if suffix_len > 0 && is_special(&before_suffix) {
                suffixes.push(before_suffix.end..core.end);
                core = before_suffix;
                break;
            }
            if prefix_len == 0 && suffix_len == 0 {
                break;
            }
            // A suffix is looked for behind the prefix, so the two never overlap.
            if prefix_len > 0 {
                prefixes.push(core.start..after_prefix.start);
            }
            if suffix_len > 0 {
                suffixes.push(before_suffix.end..core.end);
            }
            core = after_prefix.start..before_suffix.end;
        }
        Stripped { core, prefixes, suffixes }
    }

    fn cut_core(
        &self,
        scratch: &mut Scratch,
        (chunk, core): (&Chunk<'_>, Range<usize>),
        tokens: &mut Vec<Token>,
    ) {
        let chars = &chunk.chars[core.clone()];
        let is_whole =
            matches_start(&self.whole, scratch, chars) || matches_start(&self.address, scratch, chars);
        let infixes = match &self.infixes {
            Some(infixes) if !is_whole => infixes.find_all(scratch, chars),
            _ => Vec::new(),
        };
        let mut start = 0;
        for infix in infixes {
            // An infix at the very start separates nothing.
            if infix.start == 0 {
                continue;
            }
            for part in [start..infix.start, infix.clone()] {
                if !part.is_empty() {
                    tokens.push(chunk.token(core.start + part.start..core.start + part.end));
                }
            }
            start = infix.end;
        }
        if core.start + start < core.end {
            tokens.push(chunk.token(core.start + start..core.end));
        }
    }
}

fn is_special(specials: Option<&Specials>, chunk: &Chunk<'_>, chars: &Range<usize>) -> bool {
    specials.is_some_and(|specials| specials.find(chunk.text(chars)).is_some())
}

fn special(specials: Option<&Specials>, chunk: &Chunk<'_>, chars: &Range<usize>) -> Option<Vec<Token>> {
    let specials = specials?;
    let numbers = specials.find(chunk.text(chars))?;
    let mut end = chunk.bytes(chars).start;
    let token = |number| {
        let start = end;
        end += specials.token(number).len as usize;
        Token { bytes: start..end, special: Some(number) }
    };
    Some(numbers.map(token).collect())
}

fn matches_start(pattern: &Option<Pattern>, scratch: &mut Scratch, chars: &[char]) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.matches_start(scratch, chars))
}

fn affix_len(pattern: &Option<Pattern>, scratch: &mut Scratch, chars: &[char]) -> usize {
    pattern.as_ref().and_then(|pattern| pattern.search(scratch, chars)).map_or(0, |affix| affix.len())
}
