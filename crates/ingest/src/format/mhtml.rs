//! Pages saved as one file (MHTML, RFC 2557): the page in a MIME message, traced through its encoding to the file.

use encoding_rs::UTF_8;
use model::Span;

use super::Format;
use super::html::{self, Response};
use crate::http::{head_length, media_type};
use crate::limits::{HEAD_BYTES_MAX, PARTS_MAX, WHOLE_BYTES_MAX};
use crate::trace::{Tracer, compose};
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// Saved pages.
pub(crate) const FORMAT: Format =
    Format { id: "mhtml", name_ends: &[".mhtml", ".mht"], claims, read, cut: None };

/// Header fields of a message or of a part of it.
#[derive(Default)]
struct Fields {
    media_type: String,
    charset: Option<String>,
    boundary: Option<String>,
    encoding: String,
    location: Option<String>,
}

fn claims(head: &[u8]) -> bool {
    let head = &head[..head_length(head).unwrap_or(head.len())];
    let begins = |begin: &&str| {
        head.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin.as_bytes()))
    };
    ["from:", "mime-version:", "subject:", "date:", "content-type:", "snapshot-"].iter().any(begins)
        && memchr::memmem::find(&head.to_ascii_lowercase(), b"multipart/related").is_some()
}

fn read(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    let nothing = |why: &str| Rejection::NoArticle { input: raw.name.to_owned(), why: why.to_owned() };
    if raw.bytes.len() > WHOLE_BYTES_MAX {
        let (input, size) = (raw.name.to_owned(), raw.bytes.len());
        return Err(Rejection::OverBudget { input, what: "file", size, limit: WHOLE_BYTES_MAX });
    }
    let length = head_length(&raw.bytes[..raw.bytes.len().min(HEAD_BYTES_MAX)]);
    let length = length.ok_or_else(|| nothing("its header has no end"))?;
    let message = fields(&raw.bytes[..length]);
    let boundary =
        message.boundary.ok_or_else(|| nothing("its header names no boundary between its parts"))?;
    let page = parts(raw.bytes, length, &boundary).find_map(|part| {
        let body = head_length(part.of_bytes(raw.bytes))?;
        let fields = fields(&part.of_bytes(raw.bytes)[..body]);
        let is_page = matches!(fields.media_type.as_str(), "text/html" | "application/xhtml+xml");
        is_page.then(|| Part { fields, body: Span::new(part.start + body, part.end) })
    });
    let Part { fields, body } = page.ok_or_else(|| nothing("none of its parts is a page"))?;
    let (bytes, tracer) = match fields.encoding.as_str() {
        "quoted-printable" => quoted_printable(body.of_bytes(raw.bytes), body.start),
        "base64" => base64(body.of_bytes(raw.bytes), body.start),
        _ => {
            let mut tracer = Tracer::default();
            tracer.push_plain(0, body.start, body.len());
            (body.of_bytes(raw.bytes).to_vec(), tracer)
        }
    };
    let response = Response {
        charset: fields
            .charset
            .as_deref()
            .filter(|label| encoding_rs::Encoding::for_label(label.as_bytes()).is_some()),
        url: fields.location.as_deref().filter(|url| url.starts_with("http")),
        captured: None,
    };
    let mut ingested = html::read(&Raw { name: raw.name, bytes: &bytes }, &response, options)?;
    let map = tracer.finish();
    for article in &mut ingested.articles {
        let composed = compose(&article.text, article.source_map.as_deref(), map.as_deref());
        article.source_map = Some(composed.unwrap_or_default());
    }
    Ok(ingested)
}

/// The part that is the page.
struct Part {
    fields: Fields,
    body: Span,
}

/// Slices of bytes by spans.
trait OfBytes {
    fn of_bytes(self, bytes: &[u8]) -> &[u8];
}

impl OfBytes for Span {
    fn of_bytes(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.range()).unwrap_or_default()
    }
}

/// Reads header fields; folded lines go on with the one before.
fn fields(head: &[u8]) -> Fields {
    let (text, _) = UTF_8.decode_without_bom_handling(head);
    let unfolded = text.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    let mut fields = Fields::default();
    for (name, value) in unfolded.lines().filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => {
                (fields.media_type, fields.charset) = media_type(value);
                fields.boundary = value.split(';').find_map(|part| {
                    let (name, value) = part.split_once('=')?;
                    let value = value.trim().trim_matches('"');
                    (name.trim().eq_ignore_ascii_case("boundary") && !value.is_empty())
                        .then(|| value.to_owned())
                });
            }
            "content-transfer-encoding" => fields.encoding = value.to_ascii_lowercase(),
            "content-location" => fields.location = Some(value.to_owned()),
            _ => {}
        }
    }
    fields
}

/// The parts between the boundary's lines; a file that was cut off ends its last part.
fn parts<'b>(bytes: &'b [u8], from: usize, boundary: &str) -> impl Iterator<Item = Span> + use<'b> {
    let mark = format!("--{boundary}").into_bytes();
    let starts: Vec<usize> = memchr::memmem::find_iter(&bytes[from..], &mark)
        .map(|at| from + at)
        .filter(|&at| at == 0 || bytes[at - 1] == b'\n')
        .take(PARTS_MAX)
        .collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([bytes.len()]).collect();
    starts.into_iter().zip(ends).map(move |(start, end)| {
        let line = memchr::memchr(b'\n', &bytes[start..end]).map_or(end, |at| start + at + 1);
        Span::new(line, end)
    })
}

/// Decodes quoted-printable (RFC 2045, 6.7), each byte traced; what is no code stays as it is.
fn quoted_printable(bytes: &[u8], start: usize) -> (Vec<u8>, Tracer) {
    let (mut out, mut tracer) = (Vec::with_capacity(bytes.len()), Tracer::default());
    let mut at = 0;
    while at < bytes.len() {
        let run = memchr::memchr(b'=', &bytes[at..]).unwrap_or(bytes.len() - at);
        tracer.push_plain(out.len(), start + at, run);
        out.extend_from_slice(&bytes[at..at + run]);
        at += run;
        let Some(code) = bytes.get(at..) else { break };
        let digits = code.get(1..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let length = match (code, byte) {
            ([], _) => break,
            ([b'=', b'\r', b'\n', ..], _) => 3,
            ([b'=', b'\n', ..], _) => 2,
            (_, Some(byte)) => {
                out.push(byte);
                3
            }
            (_, None) => {
                out.push(b'=');
                1
            }
        };
        if !matches!(code, [b'=', b'\r' | b'\n', ..]) {
            tracer.push(Span::new(out.len() - 1, out.len()), Span::new(start + at, start + at + length), 1);
        }
        at += length;
    }
    (out, tracer)
}

/// Decodes base 64 (RFC 4648), each group of three bytes traced to its four characters; others are passed over.
fn base64(bytes: &[u8], start: usize) -> (Vec<u8>, Tracer) {
    let (mut out, mut tracer) = (Vec::with_capacity(bytes.len() / 4 * 3), Tracer::default());
    let (mut bits, mut count, mut from) = (0u32, 0, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        if count == 0 {
            from = at;
        }
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            let before = out.len();
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            tracer.push(Span::new(before, out.len()), Span::new(start + from, start + at + 1), 3);
            (bits, count) = (0, 0);
        }
    }
    // Two characters hold one byte more, three hold two.
    if count >= 2 {
        let before = out.len();
        let filled = (bits << (6 * (4 - count))).to_be_bytes();
        out.extend_from_slice(&filled[1..count]);
        tracer.push(Span::new(before, out.len()), Span::new(start + from, bytes.len() + start), 3);
    }
    (out, tracer)
}

#[cfg(test)]
mod tests {
    use super::{base64, quoted_printable};
    use crate::trace::source_of;
    use crate::{IngestOptions, Ingested, Raw, Rejection, ingest};
    use model::Span;
    use proptest::prelude::*;

    const REPORT: &str = "<html><head><title>Ferry</title></head><body><article><h1>Ferry runs aground off Port Selm</h1>\
        <p>The ferry Halcyon ran aground on Sunday in thick fog, a few hundred metres from the pier, the coast guard said.</p>\
        <p>=E2=80=9CWe felt a long scrape and then noth=\r\ning at all,=E2=80=9D said Mara Quill, who was on the upper deck with two children.</p>\
        </article></body></html>";

    fn message(encoding: &str, body: &str) -> String {
        format!(
            "From: <Saved>\r\nSubject: Ferry\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--x--1\"\r\n\r\n\
            ----x--1\r\nContent-Type: text/css\r\n\r\nbody {{}}\r\n----x--1\r\nContent-Type: text/html; charset=utf-8\r\n\
            Content-Transfer-Encoding: {encoding}\r\nContent-Location: https://selm.example/ferry\r\n\r\n{body}\r\n----x--1--\r\n"
        )
    }

    fn read(text: &[u8]) -> Result<Ingested, Rejection> {
        ingest(&Raw { name: "ferry.mhtml", bytes: text }, &IngestOptions::english(None))
    }

    #[test]
    fn the_page_of_a_message_is_traced_to_the_file() {
        let file = message("quoted-printable", REPORT);
        let article = read(file.as_bytes()).unwrap().articles.remove(0);
        assert_eq!(article.url.as_deref(), Some("https://selm.example/ferry"));
        let words = "“We felt a long scrape and then nothing at all,”";
        let at = article.text.find(words).unwrap();
        let source = source_of(article.source_map.as_deref(), Span::new(at, at + words.len())).unwrap();
        assert_eq!(source.of(&file), "=E2=80=9CWe felt a long scrape and then noth=\r\ning at all,=E2=80=9D");
    }

    #[test]
    fn base_64_is_decoded_and_traced() {
        let (bytes, tracer) = base64(b"VGhl\r\nIGZlcnJ5", 10);
        assert_eq!(bytes, b"The ferry");
        assert_eq!(source_of(tracer.finish().as_deref(), Span::new(3, 6)), Some(Span::new(16, 20)));
        assert_eq!((base64(b"QQ==", 0).0, base64(b"QUI=", 0).0), (b"A".to_vec(), b"AB".to_vec()));
    }

    #[test]
    fn codes_that_are_none_stay() {
        assert_eq!(quoted_printable(b"a=ZZ=3D=", 0).0, b"a=ZZ==");
    }

    #[test]
    fn messages_without_a_page_are_refused() {
        let file = message("7bit", "").replace("text/html", "text/plain");
        assert!(matches!(read(file.as_bytes()), Err(Rejection::NoArticle { .. })));
    }

    proptest! {
        #[test]
        fn no_damage_breaks_it(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8), base: bool) {
            let mut bytes = message(if base { "base64" } else { "quoted-printable" }, REPORT).into_bytes();
            for (place, byte) in places {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            if let Ok(found) = read(&bytes) {
                for trace in found.articles.iter().flat_map(|article| article.source_map.iter().flatten()) {
                    prop_assert!(trace.source.end <= bytes.len());
                }
            }
        }
    }
}
