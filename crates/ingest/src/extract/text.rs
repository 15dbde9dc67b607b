//! Text of a page into blocks: white space as single spaces, references resolved, every run with its source.

use encoding_rs::Encoding;
use model::Span;

use super::build::Builder;
use super::lexer::is_space;
use super::page::{Block, Origin, Piece, held};
use super::reference::{Within, reference};
use super::tag::{BLOCK, Tag};
use crate::decode::Stepper;

/// Characters that are white space to the eye or not seen at all, though HTML has them as text.
fn is_blank(c: char) -> bool {
    c == '\u{feff}' || c == '\u{200b}' || c == '\u{ad}' || c == '\0' || c.is_whitespace()
}

/// Whether a blank character parts words.
fn is_gap(c: char) -> bool {
    c.is_whitespace()
}

/// How many bytes are words of ASCII with single spaces between them, up to the end of the last such word. A word
/// that goes on in other characters is not among them.
fn plain_length(bytes: &[u8]) -> usize {
    // Where the last whole word ended.
    let mut end = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b' ' if at > 0 && bytes[at - 1] == b' ' => return end,
            b' ' => end = at,
            b'&' | b'\n' | b'\t' | b'\r' | 0x0c => return if bytes[at - 1] == b' ' { end } else { at },
            0 | 0x80.. => return end,
            _ => {}
        }
    }
    if bytes.last() == Some(&b' ') { end } else { bytes.len() }
}

impl Builder<'_> {
    /// `<br>`: two in a row end a block.
    pub(super) fn line_break(&mut self) {
        let Some(block) = &mut self.block else { return };
        self.breaks += 1;
        if self.breaks >= 2 {
            return self.flush();
        }
        block.break_count = block.break_count.saturating_add(1);
        self.space_from = Some(usize::MAX);
    }

    /// Ends the block that is being filled.
    pub(super) fn flush(&mut self) {
        if let Some(mut block) = self.block.take() {
            block.text[1] = self.page.text.len() as u32;
            block.pieces[1] = self.page.pieces.len() as u32;
            self.page.text.push('\n');
            self.page.blocks.push(block);
        }
        self.space_from = None;
        self.breaks = 0;
    }

    fn begin(&mut self) {
        let leaf = self.top();
        let is_box = |id: &u32| {
            let tag = self.page.nodes[*id as usize].tag;
            tag.is(BLOCK) || tag == Tag::Body
        };
        let node = self.page.upwards(leaf).find(is_box).unwrap_or(0);
        let at = self.page.text.len() as u32;
        let piece = self.page.pieces.len() as u32;
        let image_count = std::mem::take(&mut self.images);
        self.block = Some(Block {
            text: [at, at],
            pieces: [piece, piece],
            node,
            leaf,
            image_count,
            ..Block::default()
        });
        self.space_from = None;
    }

    /// Text in which references mean something.
    pub(super) fn text(&mut self, span: Span) {
        let before = self.page.text.len();
        let flags = self.page.nodes[self.top() as usize].held;
        if flags & held::SKIP != 0 {
            return;
        }
        let source = self.page.source;
        let mut at = span.start;
        while at < span.end {
            if is_space(source[at]) {
                self.space_from.get_or_insert(at);
                at += 1;
            } else if source[at] == b'&' {
                at += self.referenced(at, span.end);
            } else {
                let rest = &source[at..span.end];
                let mut length = plain_length(rest);
                if length > 0 {
                    self.plain_words(Span::new(at, at + length));
                } else {
                    let ends = |byte: &u8| is_space(*byte) || *byte == b'&';
                    length = rest.iter().position(ends).unwrap_or(rest.len());
                    self.word(Span::new(at, at + length));
                }
                at += length;
            }
        }
        self.count(before, flags);
    }

    /// Text as written.
    pub(super) fn verbatim(&mut self, span: Span) {
        let before = self.page.text.len();
        let flags = self.page.nodes[self.top() as usize].held;
        let is_read = flags & held::SKIP == 0;
        let source = self.page.source;
        let mut at = span.start;
        while at < span.end && is_read {
            let is_gap = is_space(source[at]);
            let rest = &source[at..span.end];
            let length = rest.iter().position(|byte| is_space(*byte) != is_gap).unwrap_or(rest.len());
            if is_gap {
                self.space_from.get_or_insert(at);
            } else {
                self.word(Span::new(at, at + length));
            }
            at += length;
        }
        self.count(before, flags);
    }

    /// Adds what was just written to the sums of its block.
    fn count(&mut self, before: usize, flags: u32) {
        let Some(block) = &mut self.block else { return };
        let added = (self.page.text.len() - before) as u32;
        if flags & held::LINK != 0 {
            block.link_bytes += added;
        }
        if flags & held::EMPHASIS != 0 {
            block.emphasis_bytes += added;
        }
    }

    /// A reference, or an `&` that is none: how much of the source it takes.
    fn referenced(&mut self, at: usize, end: usize) -> usize {
        let Some(found) = reference(&self.page.source[at..end], Within::Text) else {
            self.word(Span::new(at, at + 1));
            return 1;
        };
        if is_blank(found.first) && found.second.is_none() {
            if is_gap(found.first) {
                self.space_from.get_or_insert(at);
            }
            return found.length;
        }
        self.lead(at);
        let start = self.page.text.len();
        self.page.text.push(found.first);
        self.page.text.extend(found.second);
        self.piece(start, Span::new(at, at + found.length), Origin::Reference);
        found.length
    }

    /// Writes the space before a word; whether that space is the one byte before it in the source.
    fn lead(&mut self, at: usize) -> bool {
        if self.block.is_none() {
            self.begin();
        }
        let was_break = self.breaks > 0;
        self.breaks = 0;
        let Some(from) = self.space_from.take() else { return false };
        let start = self.block.as_ref().map_or(0, |block| block.text[0] as usize);
        if self.page.text.len() == start {
            return false;
        }
        self.page.text.push(if was_break { '\n' } else { ' ' });
        !was_break && from.checked_add(1) == Some(at)
    }

    /// A word as written.
    fn word(&mut self, span: Span) {
        let bytes = &self.page.source[span.range()];
        if bytes.is_ascii() && !bytes.contains(&0) {
            self.plain_words(span);
        } else if let Some(page) = self.page.utf8 {
            let word = page.get(span.range()).expect("words end at ASCII bytes");
            self.unicode_word(word, span.start);
        } else if self.page.encoding.is_single_byte() {
            let (word, broken) = self.page.encoding.decode_without_bom_handling(bytes);
            self.page.broken_count += usize::from(broken);
            for (place, c) in word.chars().enumerate() {
                self.character(c, Span::new(span.start + place, span.start + place + 1));
            }
        } else {
            self.decoded_word(self.page.encoding, span);
        }
    }

    /// Words of ASCII with single spaces between them.
    fn plain_words(&mut self, span: Span) {
        let spaced = self.lead(span.start);
        let start = self.page.text.len();
        self.page.text.push_str(match self.page.utf8 {
            Some(page) => page.get(span.range()).expect("ASCII lies between characters"),
            None => std::str::from_utf8(&self.page.source[span.range()]).expect("ASCII is UTF-8"),
        });
        self.same(start, span, spaced);
    }

    /// A word of UTF-8 that is not ASCII; it may hold blanks that HTML does not take for any.
    fn unicode_word(&mut self, word: &str, from: usize) {
        let mut rest = word;
        while !rest.is_empty() {
            let length = rest.find(is_blank).unwrap_or(rest.len());
            let at = from + (word.len() - rest.len());
            if length > 0 {
                let spaced = self.lead(at);
                let start = self.page.text.len();
                self.page.text.push_str(rest.get(..length).unwrap_or_default());
                self.same(start, Span::new(at, at + length), spaced);
            }
            let after = rest.get(length..).unwrap_or_default();
            let blank = after.chars().next();
            if blank.is_some_and(is_gap) {
                self.space_from.get_or_insert(at + length);
            }
            rest = after.get(blank.map_or(0, char::len_utf8)..).unwrap_or_default();
        }
    }

    /// A word in an encoding of several bytes a character: decoded byte by byte, so that each is known with its bytes.
    fn decoded_word(&mut self, encoding: &'static Encoding, span: Span) {
        let mut stepper = Stepper::new(encoding, span.start);
        let source = self.page.source;
        for at in span.range() {
            stepper.step(source, (at, at + 1 == span.end), &mut |decoded, source| {
                let mut characters = decoded.chars();
                match (characters.next(), characters.next()) {
                    (Some(c), None) => self.character(c, source),
                    _ => self.characters(decoded, source),
                }
            });
        }
        self.page.broken_count += stepper.broken_count;
    }

    /// One decoded character and its bytes.
    fn character(&mut self, c: char, source: Span) {
        if is_blank(c) {
            if is_gap(c) {
                self.space_from.get_or_insert(source.start);
            }
            return;
        }
        let spaced = self.lead(source.start);
        let start = self.page.text.len();
        self.page.text.push(c);
        if c.is_ascii() && source.len() == 1 {
            self.same(start, source, spaced);
        } else {
            self.piece(start, source, Origin::Decoded);
        }
    }

    /// Several decoded characters whose bytes cannot be told apart.
    fn characters(&mut self, decoded: &str, source: Span) {
        self.lead(source.start);
        let start = self.page.text.len();
        self.page.text.push_str(decoded);
        self.piece(start, source, Origin::Reference);
    }

    /// A run that is its source byte for byte; `spaced` when the space before it is, too.
    fn same(&mut self, start: usize, source: Span, spaced: bool) {
        let space = u32::from(spaced);
        let first = self.block.as_ref().map_or(0, |block| block.pieces[0] as usize);
        let end = self.page.text.len() as u32;
        if let Some(last) = self.page.pieces[first..].last_mut()
            && last.origin == Origin::Same
            && last.source[1] + space == source.start as u32
            && last.text[1] + space == start as u32
        {
            last.text[1] = end;
            last.source[1] = source.end as u32;
            return;
        }
        self.piece(start, source, Origin::Same);
    }

    /// Notes where the text since `start` comes from; characters of one width make one run.
    fn piece(&mut self, start: usize, source: Span, origin: Origin) {
        let text = [start as u32, self.page.text.len() as u32];
        let source = [source.start as u32, source.end as u32];
        let first = self.block.as_ref().map_or(0, |block| block.pieces[0] as usize);
        if origin == Origin::Decoded
            && let Some(last) = self.page.pieces[first..].last_mut()
            && last.origin == origin
            && last.text[1] == text[0]
            && last.source[1] == source[0]
            // A place in the text tells that in the source as long as one is in proportion to the other.
            && (last.text[1] - last.text[0]) * (source[1] - source[0])
                == (last.source[1] - last.source[0]) * (text[1] - text[0])
        {
            last.text[1] = text[1];
            last.source[1] = source[1];
            return;
        }
        self.page.pieces.push(Piece { text, source, origin });
    }
}
