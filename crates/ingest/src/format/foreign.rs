//! Formats that are recognised so that they are not taken for plain text, but not read.

use super::Format;
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// What is told apart, and refused with a reason.
pub(crate) const FORMAT: Format = Format { id: "foreign", name_ends: &[], claims, read };

/// A format by the bytes it begins with.
struct Signature {
    start: &'static [u8],
    what: &'static str,
    next: &'static str,
}

const SAVE_TEXT: &str = "save its text in a plain text file";
const UNPACK: &str = "unpack it first";

/// Files that are no text, or text that needs a program of its own.
const SIGNATURES: &[Signature] = &[
    Signature { start: b"%PDF-", what: "a PDF document", next: SAVE_TEXT },
    Signature { start: b"{\\rtf", what: "an RTF document", next: SAVE_TEXT },
    Signature { start: b"PK\x03\x04", what: "a ZIP archive or office document", next: UNPACK },
    Signature { start: b"\x1f\x8b", what: "a gzip archive", next: UNPACK },
    Signature { start: b"BZh", what: "a bzip2 archive", next: UNPACK },
    Signature { start: b"\xfd7zXZ", what: "an xz archive", next: UNPACK },
    Signature { start: b"\x28\xb5\x2f\xfd", what: "a Zstandard archive", next: UNPACK },
    Signature { start: b"\x89PNG", what: "an image", next: SAVE_TEXT },
    Signature { start: b"\xff\xd8\xff", what: "an image", next: SAVE_TEXT },
    Signature { start: b"GIF8", what: "an image", next: SAVE_TEXT },
    Signature { start: b"WARC/1.", what: "a web archive (WARC)", next: "save the text of its pages" },
    Signature { start: b"SQLite format 3", what: "a database", next: "export its articles as JSONL" },
];

/// Markup by what stands near its beginning.
const MARKUP: &[Signature] = &[
    Signature { start: b"<rss", what: "a news feed", next: "save the text of its articles" },
    Signature { start: b"<feed", what: "a news feed", next: "save the text of its articles" },
    Signature { start: b"<rdf:rdf", what: "a news feed", next: "save the text of its articles" },
    Signature { start: b"<opml", what: "a list of feeds (OPML)", next: "save the text of their articles" },
];

fn claims(head: &[u8]) -> bool {
    signature(head).is_some()
}

fn read(raw: &Raw, _: &IngestOptions) -> Result<Ingested, Rejection> {
    let input = raw.name.to_owned();
    Err(match signature(raw.bytes) {
        Some(signature) => Rejection::UnknownFormat { input, what: signature.what, next: signature.next },
        None => Rejection::Binary { input },
    })
}

fn signature(bytes: &[u8]) -> Option<&'static Signature> {
    if let Some(found) = SIGNATURES.iter().find(|signature| bytes.starts_with(signature.start)) {
        return Some(found);
    }
    let head =
        bytes[..bytes.len().min(crate::limits::SNIFF_BYTES_MAX)].trim_ascii_start().to_ascii_lowercase();
    let holds = |words: &[u8]| memchr::memmem::find(&head, words).is_some();
    MARKUP.iter().find(|signature| head.starts_with(b"<") && holds(signature.start))
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn tells_markup_from_text_about_markup() {
        let what = |text: &str| signature(text.as_bytes()).map(|signature| signature.what);
        assert_eq!(what("<?xml version=\"1.0\"?>\n<rss version=\"2.0\">"), Some("a news feed"));
        assert_eq!(what("The feed begins with <rss> and ends so."), None);
        assert_eq!(what("<3 is a heart"), None);
        assert_eq!(what("%PDF-1.7"), Some("a PDF document"));
    }
}
