//! Splits HTML into tags and text without copying: every token is a range of the input's bytes.
//!
//! It follows the tokenizer of the HTML standard (§13.2.5) on raw bytes, in any encoding in which the bytes of
//! `< > & " ' = / !` never stand for anything else: all of the standard's but UTF-16 and ISO-2022-JP, which are
//! decoded first.

use memchr::{memchr, memmem};
use model::Span;

use super::limits::ATTRIBUTES_MAX;

/// An attribute of a start tag; its value is as written, references included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub name: Span,
    pub value: Span,
}

/// What stands at a place of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// Text in which character references mean something.
    Text(Span),
    /// Text taken as written (`<![CDATA[…]]>` in SVG and MathML): without the brackets.
    Verbatim(Span),
    /// A start tag; its attributes are in [`Lexer::attributes`] until the next token.
    Start { name: Span, self_closing: bool },
    /// An end tag.
    End { name: Span },
    /// What a comment says, bogus ones included.
    Comment(Span),
    /// A document type, unread.
    Doctype,
}

/// Where CDATA sections are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// In HTML they are comments.
    Html,
    /// In SVG and MathML they are text.
    Foreign,
}

/// Reads tokens one after another.
pub(crate) struct Lexer<'a> {
    /// The page.
    pub source: &'a [u8],
    /// Where the next token begins.
    pub at: usize,
    /// The attributes of the last start tag; the first of those with one name counts.
    pub attributes: Vec<Attribute>,
}

/// White space between the parts of a tag.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0c)
}

/// The bytes of a span.
pub(crate) fn bytes_of(source: &[u8], span: Span) -> &[u8] {
    &source[span.range()]
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(source: &'a [u8]) -> Lexer<'a> {
        Lexer { source, at: 0, attributes: Vec::with_capacity(16) }
    }

    /// The next token; `None` at the end, also when the input ends within a tag, which is then no tag.
    pub(crate) fn next(&mut self, content: Content) -> Option<Token> {
        let source = self.source;
        // "</>" is nothing at all.
        while source.get(self.at..).is_some_and(|rest| rest.starts_with(b"</>")) {
            self.at += 3;
        }
        let start = self.at;
        if start >= source.len() {
            return None;
        }
        if source[start] != b'<' || !self.is_markup(start) {
            self.at = self.text_end(start + 1);
            return Some(Token::Text(Span::new(start, self.at)));
        }
        match source[start + 1] {
            b'/' => self.end_tag(start),
            b'!' => Some(self.declaration(start, content)),
            b'?' => Some(self.bogus_comment(start + 1)),
            _ => {
                let name = self.name(start + 1);
                let self_closing = self.read_attributes(name.end)?;
                Some(Token::Start { name, self_closing })
            }
        }
    }

    /// The value of an attribute of the last start tag, as written.
    pub(crate) fn attribute(&self, name: &[u8]) -> Option<&'a [u8]> {
        let is_it = |known: &&Attribute| bytes_of(self.source, known.name).eq_ignore_ascii_case(name);
        self.attributes.iter().find(is_it).map(|found| bytes_of(self.source, found.value))
    }

    /// Whether the `<` there begins markup: otherwise it is text.
    fn is_markup(&self, at: usize) -> bool {
        match self.source.get(at + 1) {
            Some(b'!' | b'?') => true,
            Some(b'/') => self.source.len() > at + 2,
            Some(byte) => byte.is_ascii_alphabetic(),
            None => false,
        }
    }

    fn text_end(&self, mut from: usize) -> usize {
        while let Some(length) = self.source.get(from..).and_then(|rest| memchr(b'<', rest)) {
            from += length;
            if self.is_markup(from) {
                return from;
            }
            from += 1;
        }
        self.source.len()
    }

    fn end_tag(&mut self, start: usize) -> Option<Token> {
        match self.source[start + 2] {
            byte if byte.is_ascii_alphabetic() => {
                let name = self.name(start + 2);
                self.read_attributes(name.end)?;
                Some(Token::End { name })
            }
            _ => Some(self.bogus_comment(start + 2)),
        }
    }

    /// `<!…`: a comment, a document type, a CDATA section, or nonsense, which is a comment.
    fn declaration(&mut self, start: usize, content: Content) -> Token {
        let rest = &self.source[start + 2..];
        if rest.starts_with(b"--") {
            let (length, end) = comment(&self.source[start + 4..]);
            self.at = start + 4 + end;
            return Token::Comment(Span::new(start + 4, start + 4 + length));
        }
        if content == Content::Foreign && rest.starts_with(b"[CDATA[") {
            let from = start + 9;
            let length = memmem::find(&self.source[from..], b"]]>").unwrap_or(self.source.len() - from);
            self.at = (from + length + 3).min(self.source.len());
            return Token::Verbatim(Span::new(from, from + length));
        }
        if rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype")) {
            self.at = memchr(b'>', rest).map_or(self.source.len(), |length| start + 2 + length + 1);
            return Token::Doctype;
        }
        self.bogus_comment(start + 2)
    }

    fn bogus_comment(&mut self, from: usize) -> Token {
        let end = memchr(b'>', &self.source[from..]).map_or(self.source.len(), |length| from + length);
        self.at = (end + 1).min(self.source.len());
        Token::Comment(Span::new(from, end))
    }

    fn name(&self, start: usize) -> Span {
        let ends = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>');
        let length = self.source[start..].iter().position(ends).unwrap_or(self.source.len() - start);
        Span::new(start, start + length)
    }

    /// Reads attributes up to the `>` that ends the tag: whether a `/` stood right before it.
    fn read_attributes(&mut self, mut at: usize) -> Option<bool> {
        self.attributes.clear();
        let source = self.source;
        self.at = source.len();
        loop {
            match *source.get(at)? {
                b'>' => {
                    self.at = at + 1;
                    return Some(source[at - 1] == b'/' && !self.is_in_value(at - 1));
                }
                b'/' => at += 1,
                byte if is_space(byte) => at += 1,
                _ => {
                    let (attribute, end) = attribute_at(source, at)?;
                    if self.attributes.len() < ATTRIBUTES_MAX {
                        self.attributes.push(attribute);
                    }
                    at = end;
                }
            }
        }
    }

    /// Whether the byte belongs to the last attribute's value: `<a href=/>` closes nothing.
    fn is_in_value(&self, at: usize) -> bool {
        self.attributes.last().is_some_and(|last| last.value.range().contains(&at))
    }
}

/// One attribute, with the place after it. A leading `=` belongs to the name.
fn attribute_at(source: &[u8], start: usize) -> Option<(Attribute, usize)> {
    let ends = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>' | b'=');
    let end = start + 1 + source[start + 1..].iter().position(ends)?;
    let name = Span::new(start, end);
    let skip = |from: usize| source[from..].iter().position(|byte| !is_space(*byte)).map(|n| from + n);
    let mark = skip(end)?;
    if source[mark] != b'=' {
        return Some((Attribute { name, value: Span::new(end, end) }, end));
    }
    let from = skip(mark + 1)?;
    match source[from] {
        quote @ (b'"' | b'\'') => {
            let length = memchr(quote, &source[from + 1..])?;
            let value = Span::new(from + 1, from + 1 + length);
            Some((Attribute { name, value }, value.end + 1))
        }
        b'>' => Some((Attribute { name, value: Span::new(from, from) }, from)),
        _ => {
            let length = source[from..].iter().position(|byte| is_space(*byte) || *byte == b'>')?;
            let value = Span::new(from, from + length);
            Some((Attribute { name, value }, value.end))
        }
    }
}

/// What follows `<!--`: how long the comment's words are, and how much is read.
fn comment(body: &[u8]) -> (usize, usize) {
    if body.starts_with(b">") {
        return (0, 1);
    }
    if body.starts_with(b"->") {
        return (0, 2);
    }
    let mut at = 0;
    while let Some(length) = memmem::find(&body[at..], b"--") {
        let rest = &body[at + length + 2..];
        if rest.starts_with(b">") {
            return (at + length, at + length + 3);
        }
        if rest.starts_with(b"!>") {
            return (at + length, at + length + 4);
        }
        at += length + 1;
    }
    let unfinished: [&[u8]; 3] = [b"--!", b"--", b"-"];
    let tail = unfinished.iter().find(|tail| body.ends_with(tail)).map_or(0, |tail| tail.len());
    (body.len() - tail, body.len())
}

#[cfg(test)]
mod tests {
    use super::{Content, Lexer, Token, bytes_of};

    /// Tokens as words: `<a x=1>`, `</a>`, `"text"`, `!comment`, `?` for a document type.
    fn read(page: &str, content: Content) -> Vec<String> {
        let mut lexer = Lexer::new(page.as_bytes());
        let mut found = Vec::new();
        let of = |span| String::from_utf8_lossy(bytes_of(page.as_bytes(), span)).into_owned();
        while let Some(token) = lexer.next(content) {
            found.push(match token {
                Token::Text(span) => format!("\"{}\"", of(span)),
                Token::Verbatim(span) => format!("[{}]", of(span)),
                Token::End { name } => format!("</{}>", of(name)),
                Token::Comment(span) => format!("!{}", of(span)),
                Token::Doctype => "?".to_owned(),
                Token::Start { name, self_closing } => {
                    let attributes: String = lexer
                        .attributes
                        .iter()
                        .map(|attribute| format!(" {}={}", of(attribute.name), of(attribute.value)))
                        .collect();
                    format!("<{}{attributes}{}>", of(name), if self_closing { "/" } else { "" })
                }
            });
        }
        found
    }

    fn html(page: &str) -> Vec<String> {
        read(page, Content::Html)
    }

    #[test]
    fn tags_and_text_keep_their_places() {
        assert_eq!(
            html("<p class='a b' id=c hidden>Ship &amp; quay</p>"),
            ["<p class=a b id=c hidden=>", "\"Ship &amp; quay\"", "</p>"]
        );
        assert_eq!(html("<br/><a href=/>x"), ["<br/>", "<a href=/>", "\"x\""]);
        assert_eq!(html("<a b = \"c>d\" e='f'g>"), ["<a b=c>d e=f g=>"]);
        assert_eq!(html("<a / b><a =c=d>"), ["<a b=>", "<a =c=d>"]);
    }

    #[test]
    fn what_only_looks_like_markup_is_text() {
        assert_eq!(html("1 < 2 <3 a<"), ["\"1 < 2 <3 a<\""]);
        assert_eq!(html("a</"), ["\"a</\""]);
        assert_eq!(html("a</>b"), ["\"a\"", "\"b\""]);
        assert_eq!(html("a<p class=\"b"), ["\"a\""]);
    }

    #[test]
    fn comments_end_where_the_standard_says() {
        assert_eq!(html("<!-->a<!--->b"), ["!", "\"a\"", "!", "\"b\""]);
        assert_eq!(html("<!-- a -- b --!>c"), ["! a -- b ", "\"c\""]);
        assert_eq!(html("<!-- a > b"), ["! a > b"]);
        assert_eq!(html("<?x?></3><!y>"), ["!?x?", "!3", "!y"]);
        assert_eq!(html("<!DOCTYPE html>a"), ["?", "\"a\""]);
    }

    #[test]
    fn cdata_is_text_in_drawings_only() {
        assert_eq!(read("<![CDATA[a<b]]>c", Content::Foreign), ["[a<b]", "\"c\""]);
        assert_eq!(html("<![CDATA[a]]>c"), ["![CDATA[a]]", "\"c\""]);
    }
}
