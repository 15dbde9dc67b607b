//! Elements whose content is no markup: scripts, styles, titles. Finds where they end.

use memchr::{memchr, memmem};
use model::Span;

use super::lexer::{Lexer, is_space};

impl Lexer<'_> {
    /// The content of the element that was just opened, up to its end tag, which is the next token.
    pub(crate) fn raw_text(&mut self, element: &[u8]) -> Span {
        let start = self.at;
        self.at = if element.eq_ignore_ascii_case(b"script") {
            script_end(self.source, start)
        } else {
            end_tag(self.source, start, element).unwrap_or(self.source.len())
        };
        Span::new(start, self.at)
    }
}

/// Where the next end tag of the element begins.
fn end_tag(source: &[u8], mut from: usize, element: &[u8]) -> Option<usize> {
    loop {
        let at = from + memchr(b'<', &source[from..])?;
        let rest = &source[at + 1..];
        if rest.first() == Some(&b'/') && is_tag(&rest[1..], element) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Where a script ends. Between `<!--` and `-->`, a `<script` makes the `</script` after it text.
fn script_end(source: &[u8], start: usize) -> usize {
    let (mut from, mut escaped_until, mut is_double) = (start, start, false);
    while let Some(length) = memchr(b'<', &source[from..]) {
        let at = from + length;
        let rest = &source[at + 1..];
        from = at + 1;
        if rest.first() == Some(&b'/') && is_tag(&rest[1..], b"script") {
            if !is_double || at >= escaped_until {
                return at;
            }
            is_double = false;
        } else if at >= escaped_until && rest.starts_with(b"!--") {
            is_double = false;
            // The two dashes that begin it may be those that end it.
            let end = memmem::find(&source[at + 2..], b"-->");
            escaped_until = end.map_or(source.len(), |length| at + 2 + length + 3);
        } else if at < escaped_until && is_tag(rest, b"script") {
            is_double = true;
        }
    }
    source.len()
}

/// Whether a tag of this element begins with these bytes, which follow `<` or `</`.
fn is_tag(rest: &[u8], element: &[u8]) -> bool {
    let ends = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>');
    rest.get(..element.len()).is_some_and(|name| name.eq_ignore_ascii_case(element))
        && rest.get(element.len()).is_some_and(ends)
}

#[cfg(test)]
mod tests {
    use crate::extract::lexer::{Lexer, bytes_of};

    fn content<'a>(element: &str, after: &'a str) -> &'a str {
        let span = Lexer::new(after.as_bytes()).raw_text(element.as_bytes());
        std::str::from_utf8(bytes_of(after.as_bytes(), span)).unwrap()
    }

    #[test]
    fn a_title_ends_at_its_own_end_tag() {
        assert_eq!(content("title", "a </titles> <b> </TITLE >c"), "a </titles> <b> ");
        assert_eq!(content("style", "a </style"), "a </style");
    }

    #[test]
    fn a_script_in_a_comment_in_a_script_is_text() {
        assert_eq!(
            content("script", "a<!-- <script> b </script> c --> d</script>e"),
            "a<!-- <script> b </script> c --> d"
        );
        assert_eq!(content("script", "a<!-- b </script> c -->"), "a<!-- b ");
        assert_eq!(content("script", "a<!--> <script> </script>b"), "a<!--> <script> ");
        assert_eq!(content("script", "<!-- <script> --> </script>b"), "<!-- <script> --> ");
    }
}
