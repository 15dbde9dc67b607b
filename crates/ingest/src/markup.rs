//! Feeds and lists in XML: tags and text with their places, whatever their faults.

use std::borrow::Cow;

use model::{Span, Trace};

use crate::extract::reference::{Within, reference};
use crate::limits::TAG_BYTES_MAX;
use crate::trace::Tracer;

/// A piece of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    /// `<name …>`; `empty` when it ends itself.
    Open { name: &'t str, span: Span, empty: bool },
    /// `</name>`.
    Close { name: &'t str, span: Span },
    /// Characters with references in them.
    Text(Span),
    /// Characters that stand for themselves.
    Verbatim(Span),
}

/// Cuts text into tokens from left to right; everything is some token, in linear time.
pub(crate) struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str) -> Scanner<'t> {
        Scanner { text, at: 0 }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes what ends with `end`, or all of the rest.
    fn pass(&mut self, end: &str) -> Span {
        let start = self.at;
        let found = memchr::memmem::find(self.rest().as_bytes(), end.as_bytes());
        let inner_end = found.map_or(self.text.len(), |found| start + found);
        self.at = found.map_or(self.text.len(), |found| start + found + end.len());
        Span::new(start, inner_end)
    }

    /// The end of the tag that begins here, quotation marks heeded; `Err` tells how far to take it for text.
    fn tag_end(&self) -> Result<usize, usize> {
        let bytes = self.rest().as_bytes();
        let mut quote = None;
        let mut plain_end = None;
        for (place, &byte) in bytes.iter().enumerate().take(TAG_BYTES_MAX) {
            match (byte, quote) {
                (b'>', None) => return Ok(self.at + place + 1),
                (b'>', Some(_)) => plain_end = plain_end.or(Some(place)),
                (b'"' | b'\'', None) if bytes[place - 1] == b'=' => quote = Some(byte),
                (byte, Some(open)) if byte == open => quote = None,
                _ => {}
            }
        }
        // An attribute whose quotation mark never ends: the tag ends at the first `>` after all.
        match plain_end {
            Some(place) if bytes.len() < TAG_BYTES_MAX => Ok(self.at + place + 1),
            _ => {
                let mut end = self.text.len().min(self.at + TAG_BYTES_MAX);
                while !self.text.is_char_boundary(end) {
                    end += 1;
                }
                Err(end)
            }
        }
    }

    fn tag(&mut self) -> Token<'t> {
        let start = self.at;
        let end = match self.tag_end() {
            Ok(end) => end,
            Err(end) => {
                self.at = end;
                return Token::Text(Span::new(start, end));
            }
        };
        self.at = end;
        let inner = self.text.get(start + 1..end - 1).unwrap_or_default();
        let name_of =
            |inner: &'t str| inner.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        let span = Span::new(start, end);
        match inner.strip_prefix('/') {
            Some(inner) => Token::Close { name: name_of(inner.trim_start()), span },
            None => Token::Open { name: name_of(inner), span, empty: inner.ends_with('/') },
        }
    }
}

impl<'t> Iterator for Scanner<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            if rest.starts_with("<!--") {
                self.at += 4;
                self.pass("-->");
            } else if rest.starts_with("<![CDATA[") {
                self.at += 9;
                return Some(Token::Verbatim(self.pass("]]>")));
            } else if rest.starts_with("<!") || rest.starts_with("<?") {
                let subset = rest.find(['[', '>']).is_some_and(|at| rest.as_bytes()[at] == b'[');
                self.pass(if subset { "]>" } else { ">" });
            } else if rest.starts_with('<')
                && rest
                    .get(1..)
                    .unwrap_or_default()
                    .starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '_' | ':'))
            {
                return Some(self.tag());
            } else {
                let start = self.at;
                let length = rest.get(1..).and_then(|after| after.find('<')).map_or(rest.len(), |at| at + 1);
                self.at += length;
                return Some(Token::Text(Span::new(start, start + length)));
            }
        }
    }
}

/// A name without its prefix, in lower case.
pub(crate) fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase()
}

/// The first tag's name without its prefix, in lower case; nothing where text comes first.
pub(crate) fn root(head: &[u8]) -> Option<String> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if !head.starts_with(b"<") {
        return None;
    }
    let text = match std::str::from_utf8(head) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(&head[..error.valid_up_to()]),
        Err(_) => String::from_utf8_lossy(head),
    };
    Scanner::new(&text).find_map(|token| match token {
        Token::Open { name, .. } => Some(local(name)),
        Token::Close { .. } | Token::Text(_) | Token::Verbatim(_) => None,
    })
}

/// An attribute's value with its references resolved; names are compared without prefix and case.
pub(crate) fn attribute(tag: &str, wanted: &str) -> Option<String> {
    let mut rest = tag.trim_start_matches('<');
    rest = rest.get(rest.find(char::is_whitespace)?..)?;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let name_end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>'))?;
        let (name, after) = rest.split_at(name_end);
        let after = after.trim_start();
        let Some(after) = after.strip_prefix('=') else {
            if name.is_empty() {
                return None;
            }
            rest = after;
            continue;
        };
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => after.get(1..)?.split_once(quote)?,
            None => {
                after.split_at(after.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(after.len()))
            }
        };
        if local(name) == wanted {
            let mut traced = Traced::default();
            traced.resolve(value, 0);
            return Some(traced.text.trim().to_owned()).filter(|value| !value.is_empty());
        }
        rest = after;
    }
}

/// Text that grows together with its way back.
#[derive(Default)]
pub(crate) struct Traced {
    pub text: String,
    tracer: Tracer,
}

impl Traced {
    /// The text and its traces; `None` when it is its own source.
    pub(crate) fn finish(self) -> (String, Option<Vec<Trace>>) {
        (self.text, self.tracer.finish())
    }

    pub(crate) fn push(&mut self, c: char, source: Span) {
        let start = self.text.len();
        self.text.push(c);
        self.tracer.push(Span::new(start, self.text.len()), source, 1);
    }

    /// Adds what has no source: a gap between paragraphs.
    pub(crate) fn push_untraced(&mut self, gap: &str) {
        self.text.push_str(gap);
    }

    /// Adds characters as they are; `start` is the first one's place.
    pub(crate) fn copy(&mut self, part: &str, start: usize) {
        for (place, c) in part.char_indices() {
            self.push(c, Span::new(start + place, start + place + c.len_utf8()));
        }
    }

    /// Adds characters with their references resolved; `start` is the first one's place.
    pub(crate) fn resolve(&mut self, part: &str, start: usize) {
        let mut at = 0;
        while let Some(rest) = part.get(at..).filter(|rest| !rest.is_empty()) {
            let run = rest.find('&').unwrap_or(rest.len());
            self.copy(rest.get(..run).unwrap_or_default(), start + at);
            at += run;
            let Some(rest) = part.get(at..).filter(|rest| !rest.is_empty()) else { break };
            let found = reference(rest.as_bytes(), Within::Text);
            let length = found.map_or(1, |found| found.length);
            let source = Span::new(start + at, start + at + length);
            self.push(found.map_or('&', |found| found.first), source);
            if let Some(second) = found.and_then(|found| found.second) {
                self.push(second, source);
            }
            at += length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Scanner, Traced, attribute, root};
    use crate::trace::source_of;
    use model::Span;
    use proptest::prelude::*;

    #[test]
    fn references_are_traced() {
        let source = "AT&amp;T &#8217;x &nosuch; &";
        let mut traced = Traced::default();
        traced.resolve(source, 0);
        let (text, map) = traced.finish();
        assert_eq!(text, "AT&T ’x &nosuch; &");
        let at = text.find('’').unwrap();
        assert_eq!(source_of(map.as_deref(), Span::new(at, at + 3)).unwrap().of(source), "&#8217;");
    }

    #[test]
    fn attributes_are_read_in_any_quotes_and_case() {
        let tag = "<outline text='A &amp; B' xmlUrl=\"https://a.example/?a=1&b=2\" bare=x type>";
        assert_eq!(attribute(tag, "text").as_deref(), Some("A & B"));
        assert_eq!(attribute(tag, "xmlurl").as_deref(), Some("https://a.example/?a=1&b=2"));
        assert_eq!(
            (attribute(tag, "bare").as_deref(), attribute(tag, "type"), attribute(tag, "no")),
            (Some("x"), None, None)
        );
    }

    #[test]
    fn the_root_is_found_behind_the_prolog() {
        assert_eq!(
            root(
                "\u{feff}<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY a '>'>]><!-- <no> --><atom:Feed a='>'>"
                    .as_bytes()
            )
            .as_deref(),
            Some("feed")
        );
        assert_eq!(root(b"text <rss>"), None);
    }

    proptest! {
        #[test]
        fn every_text_is_tokens(text in "(<[a-z/!?]{0,3}|[\"'=> é&;#x]|]]>|<!--|<!\\[CDATA\\[|-->){0,60}") {
            let mut end = 0;
            for token in Scanner::new(&text) {
                let span = match token {
                    super::Token::Open { span, .. } | super::Token::Close { span, .. } => span,
                    super::Token::Text(span) | super::Token::Verbatim(span) => span,
                };
                prop_assert!(span.start >= end && text.get(span.range()).is_some());
                end = span.end;
            }
            let mut traced = Traced::default();
            traced.resolve(&text, 0);
            let _ = attribute(&text, "x");
        }
    }
}
