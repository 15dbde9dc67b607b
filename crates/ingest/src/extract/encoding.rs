//! The encoding of a page: from its first bytes, what the server said, what the page says, and its bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};
use memchr::memmem;

use super::lexer::{Content, Lexer, Token, bytes_of};
use crate::limits::GUESS_BYTES_MAX;

/// How much of a page is searched for the encoding that it names, in bytes. The standard asks for 1,024; pages that
/// name it later mean it all the same.
const PRESCAN_BYTES_MAX: usize = 8 << 10;
/// A page that is UTF-8 throughout, with so many characters beyond ASCII, is UTF-8 whatever it says of itself.
const UTF8_PROOF_MIN: usize = 12;

/// Bytes that are looked over at once for characters beyond ASCII.
const SCAN_BYTES: usize = 64;

/// An encoding and the length of the mark that shows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    pub encoding: &'static Encoding,
    pub mark_bytes: usize,
    /// The page as text, where it is UTF-8 throughout.
    pub utf8: Option<&'a str>,
}

impl<'a> Told<'a> {
    /// What is text already.
    pub(crate) fn utf8(text: &'a str) -> Told<'a> {
        Told { encoding: UTF_8, mark_bytes: 0, utf8: Some(text) }
    }
}

/// Tells the encoding of a page; `label` is what came with it, as in `Content-Type: text/html; charset=…`.
pub(crate) fn encoding_of<'a>(source: &'a [u8], label: Option<&str>) -> Told<'a> {
    let utf8 = simdutf8::basic::from_utf8(source).ok();
    let told = |encoding: &'static Encoding, mark_bytes: usize| Told {
        encoding,
        mark_bytes,
        utf8: utf8.filter(|_| encoding == UTF_8),
    };
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(source) {
        return told(encoding, mark_bytes);
    }
    let named = label
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .or_else(|| crate::decode::wide(&source[..source.len().min(GUESS_BYTES_MAX)]))
        .or_else(|| named_by_page(&source[..source.len().min(PRESCAN_BYTES_MAX)]));
    told(checked(source, utf8.is_some(), named), 0)
}

/// What a page says it is, unless its bytes prove otherwise.
fn checked(source: &[u8], is_utf8: bool, named: Option<&'static Encoding>) -> &'static Encoding {
    match named {
        Some(wide) if !wide.is_ascii_compatible() => wide,
        _ if is_utf8 && has_wide(source, UTF8_PROOF_MIN) => UTF_8,
        _ if is_utf8 => named.unwrap_or(UTF_8),
        Some(other) if other != UTF_8 => other,
        _ => guess(source),
    }
}

/// Whether UTF-8 has so many characters beyond ASCII.
fn has_wide(source: &[u8], count: usize) -> bool {
    let wide = source.chunks(SCAN_BYTES).filter(|part| !part.is_ascii());
    // Each such character has one first byte.
    wide.flatten().filter(|byte| **byte >= 0xc0).take(count).count() == count
}

fn guess(source: &[u8]) -> &'static Encoding {
    if crate::decode::mostly_utf8(source) {
        return UTF_8;
    }
    let head = &source[..source.len().min(GUESS_BYTES_MAX)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(head, head.len() == source.len());
    detector.guess(None, Utf8Detection::Deny)
}

/// The encoding that the first `meta` or `?xml` of a page names.
fn named_by_page(head: &[u8]) -> Option<&'static Encoding> {
    if head.starts_with(b"<?xml") {
        let end = memchr::memchr(b'>', head)?;
        if let Some(found) = after_word(&head[..end], b"encoding") {
            return Some(found);
        }
    }
    let mut lexer = Lexer::new(head);
    while let Some(token) = lexer.next(Content::Html) {
        let Token::Start { name, .. } = token else { continue };
        if !bytes_of(head, name).eq_ignore_ascii_case(b"meta") {
            continue;
        }
        let charset = lexer.attribute(b"charset").and_then(label);
        let by_type = || lexer.attribute(b"content").and_then(|content| after_word(content, b"charset"));
        if let Some(found) = charset.or_else(by_type) {
            return Some(found);
        }
    }
    None
}

/// The encoding named after a word and `=`.
fn after_word(bytes: &[u8], word: &[u8]) -> Option<&'static Encoding> {
    let lower = bytes.to_ascii_lowercase();
    let at = memmem::find(&lower, word)? + word.len();
    let rest = bytes[at..].trim_ascii_start().strip_prefix(b"=")?;
    let rest = rest.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b';' | b'?');
    label(&rest[..rest.iter().position(is_end).unwrap_or(rest.len())])
}

/// An encoding by its label. A page whose `meta` can be read byte by byte is not in UTF-16, whatever it says.
fn label(name: &[u8]) -> Option<&'static Encoding> {
    let found = Encoding::for_label(name)?;
    Some(match found {
        _ if found == UTF_16LE || found == UTF_16BE => UTF_8,
        _ if found == X_USER_DEFINED => WINDOWS_1252,
        found => found,
    })
}

#[cfg(test)]
mod tests {
    use super::encoding_of;

    fn told(source: &[u8], label: Option<&str>) -> &'static str {
        encoding_of(source, label).encoding.name()
    }

    #[test]
    fn marks_come_before_labels_before_metas() {
        assert_eq!(told(b"\xef\xbb\xbf<meta charset=big5>", Some("gbk")), "UTF-8");
        assert_eq!(told(b"<meta charset=big5>", Some("gbk")), "GBK");
        assert_eq!(told(b"<p><meta charset='big5'>", None), "Big5");
        assert_eq!(
            told(b"<meta http-equiv=Content-Type content=\"text/html; Charset = latin1\">", None),
            "windows-1252"
        );
        assert_eq!(told(b"<?xml version='1.0' encoding='koi8-r'?><p>", None), "KOI8-R");
        assert_eq!(told(b"<!-- <meta charset=big5> --><p>", None), "UTF-8");
        assert_eq!(told(b"<meta charset=utf-16le>", None), "UTF-8");
        assert_eq!(told(b"<\0p\0>\0", None), "UTF-16LE");
    }

    #[test]
    fn bytes_outdo_what_a_page_says() {
        let page = "<meta charset=latin1><p>«…………………………………»";
        assert_eq!(told(page.as_bytes(), None), "UTF-8");
        assert_eq!(
            told(b"<meta charset=utf-8><p>The caf\xe9 owner\x92s son said it was \x93fine\x94.", None),
            "windows-1252"
        );
        assert_eq!(
            told("<meta charset=utf-8><p>“We” said “no”".as_bytes().split_last().unwrap().1, None),
            "UTF-8"
        );
    }
}
