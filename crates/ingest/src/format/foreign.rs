//! Formats that are recognised so that they are not taken for plain text, but not read.

use super::Format;
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// What is told apart, and refused with a reason.
pub(crate) const FORMAT: Format = Format { id: "foreign", name_ends: &[], claims, read, cut: None };

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
    Signature { start: b"BZh", what: "a bzip2 archive", next: UNPACK },
    Signature { start: b"\xfd7zXZ", what: "an xz archive", next: UNPACK },
    Signature { start: b"\x89PNG", what: "an image", next: SAVE_TEXT },
    Signature { start: b"\xff\xd8\xff", what: "an image", next: SAVE_TEXT },
    Signature { start: b"GIF8", what: "an image", next: SAVE_TEXT },
    Signature { start: b"SQLite format 3", what: "a database", next: "export its articles as JSONL" },
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
    SIGNATURES.iter().find(|signature| bytes.starts_with(signature.start))
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn tells_binary_formats_by_their_first_bytes() {
        let what = |text: &str| signature(text.as_bytes()).map(|signature| signature.what);
        assert_eq!(what("%PDF-1.7"), Some("a PDF document"));
        assert_eq!(what("A file that begins with %PDF- is a document."), None);
    }
}
