//! HTTP responses as archives and fetching keep them: status, media type, and the payload out of its codings.

use std::borrow::Cow;
use std::io::{self, Cursor, Read};

use crate::buffered::Buffered;
use crate::limits::{CODING_DEPTH_MAX, HEAD_BYTES_MAX, PAYLOAD_BYTES_MAX};
use crate::unpacked::{Packing, Unpacked, packing};

/// Header fields that are kept; more are passed over.
const FIELDS_MAX: usize = 1000;

/// What a response says before its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ResponseHead {
    /// 200 where the status line cannot be read.
    pub status: u16,
    /// In lower case, without parameters; empty where none is given.
    pub media_type: String,
    /// The `charset` of the media type.
    pub charset: Option<String>,
    chunked: bool,
    codings: Vec<String>,
    /// Bytes before the body.
    pub length: usize,
}

/// Reads the head of a response; `None` when the bytes do not begin with one that ends.
pub(crate) fn response_head(bytes: &[u8]) -> Option<ResponseHead> {
    if !bytes.starts_with(b"HTTP/") {
        return None;
    }
    let length = head_length(&bytes[..bytes.len().min(HEAD_BYTES_MAX)])?;
    let text = String::from_utf8_lossy(&bytes[..length]);
    let status = text.lines().next()?.split_ascii_whitespace().nth(1).and_then(|status| status.parse().ok());
    let mut head = ResponseHead { status: status.unwrap_or(200), length, ..ResponseHead::default() };
    for (name, value) in text.lines().skip(1).take(FIELDS_MAX).filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "content-type" => (head.media_type, head.charset) = media_type(value),
            "transfer-encoding" => head.chunked |= value.to_ascii_lowercase().contains("chunked"),
            "content-encoding" => {
                let codings = value.split(',').map(|coding| coding.trim().to_ascii_lowercase());
                head.codings.extend(codings.filter(|coding| !coding.is_empty() && coding != "identity"));
            }
            _ => {}
        }
    }
    Some(head)
}

/// A media type in lower case, and its `charset`.
pub(crate) fn media_type(value: &str) -> (String, Option<String>) {
    let mut parts = value.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    });
    (kind, charset)
}

/// Bytes up to and with the empty line that ends a header block.
pub(crate) fn head_length(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find_map(|at| {
        let rest = &bytes[at + 1..];
        let empty = [&b"\r\n"[..], b"\n"].into_iter().find(|end| rest.starts_with(end))?;
        Some(at + 1 + empty.len())
    })
}

impl ResponseHead {
    /// The body as the server meant it: out of its chunks, then out of its codings. Archives often keep bodies that
    /// are unpacked already under the headers of the packed ones, so that what does not look packed is taken as it is.
    ///
    /// # Errors
    /// A sentence, when it is packed and cannot be unpacked, or is too large.
    pub(crate) fn payload<'b>(&self, body: &'b [u8]) -> Result<Cow<'b, [u8]>, String> {
        let mut payload = self.unchunked(body);
        if self.codings.len() > CODING_DEPTH_MAX {
            return Err(format!(
                "It is packed {} times over; at most {CODING_DEPTH_MAX} are undone.",
                self.codings.len()
            ));
        }
        for coding in self.codings.iter().rev() {
            if let Some(unpacked) = decode(coding, &payload)? {
                payload = Cow::Owned(unpacked);
            }
        }
        Ok(payload)
    }

    /// The body out of its chunks, still in its codings.
    pub(crate) fn unchunked<'b>(&self, body: &'b [u8]) -> Cow<'b, [u8]> {
        if self.chunked { unchunk(body).map_or(Cow::Borrowed(body), Cow::Owned) } else { Cow::Borrowed(body) }
    }
}

/// Puts chunks together (RFC 9112, 7.1); `None` when the body does not begin with one. A cut off body gives what it has.
fn unchunk(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    let mut first = true;
    loop {
        let end = memchr::memchr(b'\n', &rest[..rest.len().min(HEAD_BYTES_MAX)]);
        let line = end.map(|end| rest[..end].trim_ascii());
        let digits =
            line.map(|line| line.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii());
        let size = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| !digits.starts_with('+'))
            .and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let (Some(end), Some(size)) = (end, size) else {
            return (!first).then_some(out);
        };
        if size == 0 {
            return Some(out);
        }
        first = false;
        rest = &rest[end + 1..];
        let taken = size.min(rest.len());
        out.extend_from_slice(&rest[..taken]);
        rest = &rest[taken..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        if rest.is_empty() {
            return Some(out);
        }
    }
}

/// Undoes one coding; `None` when the bytes are not packed that way.
fn decode(coding: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
    match coding {
        "gzip" | "x-gzip" if packing(bytes) == Packing::Gzip => unpack(bytes).map(Some),
        "zstd" if packing(bytes) == Packing::Zstd => unpack(bytes).map(Some),
        "gzip" | "x-gzip" | "zstd" => Ok(None),
        // Servers send both what the standard says, zlib's format, and bare deflate.
        "deflate" => match read_some(flate2::read::ZlibDecoder::new(bytes))? {
            None => read_all(flate2::read::DeflateDecoder::new(bytes)),
            unpacked => Ok(unpacked),
        },
        "br" => read_all(brotli_decompressor::Decompressor::new(bytes, 16 << 10)),
        other => Err(format!("Its content coding “{}” is not known.", crate::excerpt(other))),
    }
}

/// Unpacks bytes that carry the mark of their packing. What is cut off or damaged gives what comes before.
fn unpack(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let source = Buffered::new(Box::new(Cursor::new(bytes)));
    let unpacked = Unpacked::new(source).map_err(|error| format!("It cannot be unpacked: {error}."))?;
    Ok(read_some(unpacked)?.unwrap_or_default())
}

/// Reads up to the limit or to damage; `None` when there is damage at once.
fn read_some(packed: impl Read) -> Result<Option<Vec<u8>>, String> {
    let (out, outcome) = read_limited(packed)?;
    Ok((outcome.is_ok() || !out.is_empty()).then_some(out))
}

/// Reads what is whole; `None` where there is damage. For codings without a mark, which make something of anything.
fn read_all(packed: impl Read) -> Result<Option<Vec<u8>>, String> {
    let (out, outcome) = read_limited(packed)?;
    Ok(outcome.is_ok().then_some(out))
}

fn read_limited(packed: impl Read) -> Result<(Vec<u8>, io::Result<usize>), String> {
    let mut out = Vec::new();
    let outcome = packed.take(PAYLOAD_BYTES_MAX as u64 + 1).read_to_end(&mut out);
    if out.len() > PAYLOAD_BYTES_MAX {
        return Err(format!("Unpacked it has more than {PAYLOAD_BYTES_MAX} bytes, the most that are read."));
    }
    Ok((out, outcome))
}

#[cfg(test)]
mod tests {
    use super::{ResponseHead, response_head};
    use flate2::Compression;
    use proptest::prelude::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn payload(headers: &str, body: &[u8]) -> Result<Vec<u8>, String> {
        let bytes = [format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n").as_bytes(), body].concat();
        let head = response_head(&bytes).unwrap();
        head.payload(&bytes[head.length..]).map(|payload| payload.into_owned())
    }

    #[test]
    fn reads_status_media_type_and_charset() {
        let head =
            response_head(b"HTTP/1.0 404 Gone\nContent-Type: Text/HTML; x=1; Charset=\"utf-8\"\n\nbody")
                .unwrap();
        assert_eq!(
            (head.status, head.media_type.as_str(), head.charset.as_deref()),
            (404, "text/html", Some("utf-8"))
        );
        assert_eq!(head.length, 65);
        assert!(
            response_head(b"HTTP/1.1 200 OK\r\nA: b\r\n").is_none() && response_head(b"<html>").is_none()
        );
    }

    #[test]
    fn payloads_come_out_of_chunks_and_codings() {
        let text = b"The ferry ran aground.".as_slice();
        assert_eq!(payload("A: b", text).unwrap(), text);
        assert_eq!(
            payload("Transfer-Encoding: chunked", b"5;x=y\r\nThe f\r\n11\r\nerry ran aground.\r\n0\r\n\r\n")
                .unwrap(),
            text
        );
        assert_eq!(payload("Content-Encoding: gzip", &gzip(text)).unwrap(), text);
        assert_eq!(payload("Content-Encoding: gzip, gzip", &gzip(&gzip(text))).unwrap(), text);
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(text).unwrap();
        assert_eq!(payload("Content-Encoding: deflate", &zlib.finish().unwrap()).unwrap(), text);
        let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
        bare.write_all(text).unwrap();
        assert_eq!(payload("Content-Encoding: deflate", &bare.finish().unwrap()).unwrap(), text);
        let brotli = b"\x8b\x0a\x80\x54\x68\x65\x20\x66\x65\x72\x72\x79\x20\x72\x61\x6e\x20\x61\x67\x72\x6f\x75\x6e\x64\x2e\x03";
        assert_eq!(payload("Content-Encoding: br", brotli).unwrap(), text);
    }

    #[test]
    fn what_only_says_that_it_is_packed_is_taken_as_it_is() {
        for headers in [
            "Transfer-Encoding: chunked",
            "Content-Encoding: gzip",
            "Content-Encoding: deflate",
            "Content-Encoding: zstd",
        ] {
            assert_eq!(payload(headers, b"<p>The ferry").unwrap(), b"<p>The ferry", "{headers}");
        }
        assert!(payload("Content-Encoding: rot13", b"x").is_err());
        assert!(payload("Content-Encoding: gzip,gzip,gzip,gzip", b"x").is_err());
    }

    #[test]
    fn a_cut_off_body_gives_what_it_has_and_a_bomb_nothing() {
        let packed = gzip(&b"The ferry ran aground. ".repeat(4000));
        let cut = payload("Content-Encoding: gzip", &packed[..packed.len() - 9]).unwrap();
        assert!(cut.starts_with(b"The ferry"));
        assert!(
            payload("Content-Encoding: gzip", &gzip(&vec![0; 40 << 20])).unwrap_err().contains("more than")
        );
    }

    proptest! {
        #[test]
        fn no_body_breaks_it(body in proptest::collection::vec(any::<u8>(), 0..300), coding in "(gzip|deflate|br|zstd)(, (gzip|br))?", chunked: bool) {
            let head = ResponseHead { chunked, codings: coding.split(", ").map(str::to_owned).collect(), ..ResponseHead::default() };
            let _ = head.payload(&body);
        }
    }
}
