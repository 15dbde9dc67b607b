//! Writes web archives (WARC 1.1), a record a gzip member, as crawlers and replay tools expect them.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::digest::sha1;
use crate::http::head_length;
use crate::unpacked::Packing;

/// Writes records one after the other.
pub struct WarcWriter<W> {
    out: W,
    packing: Packing,
    offset: u64,
}

/// What is written as one record.
#[derive(Clone, Copy, Debug)]
pub struct WriteRecord<'a> {
    /// `response`, `request`, `resource`, `conversion`, `metadata`, `warcinfo`, `revisit`.
    pub kind: &'a str,
    /// An absolute URI that names only this record: `urn:uuid:…`, without brackets.
    pub id: &'a str,
    /// When it was captured, in UTC: `2022-02-15T10:34:00Z`.
    pub date: &'a str,
    /// What was captured; none for `warcinfo`.
    pub target: Option<&'a str>,
    /// Media type of the block: `application/http; msgtype=response` for a response with its HTTP head.
    pub media_type: &'a str,
    /// Further fields, name and value: `WARC-IP-Address`, `WARC-Refers-To`.
    pub fields: &'a [[&'a str; 2]],
    /// The record's block.
    pub block: &'a [u8],
}

impl<W: Write> WarcWriter<W> {
    /// Records as they are (`.warc`).
    pub fn plain(out: W) -> WarcWriter<W> {
        WarcWriter { out, packing: Packing::Plain, offset: 0 }
    }

    /// Each record in a gzip member of its own (`.warc.gz`), so that it can be read by itself.
    pub fn gzip(out: W) -> WarcWriter<W> {
        WarcWriter { out, packing: Packing::Gzip, offset: 0 }
    }

    /// Writes a record, with digests of its block and payload, and tells the byte that it begins at: counted from
    /// where this writer began.
    ///
    /// # Errors
    /// When a field would break the header's lines, or the disk refuses.
    pub fn write(&mut self, record: &WriteRecord) -> io::Result<u64> {
        let mut bytes = header(record)?;
        bytes.extend_from_slice(record.block);
        bytes.extend_from_slice(b"\r\n\r\n");
        if self.packing == Packing::Gzip {
            let mut packer = GzEncoder::new(Vec::new(), Compression::default());
            packer.write_all(&bytes)?;
            bytes = packer.finish()?;
        }
        self.out.write_all(&bytes)?;
        let begun = self.offset;
        self.offset += bytes.len() as u64;
        Ok(begun)
    }

    /// Gives back what was written to.
    ///
    /// # Errors
    /// When the last bytes cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

fn header(record: &WriteRecord) -> io::Result<Vec<u8>> {
    let id = format!("<{}>", record.id);
    let length = record.block.len().to_string();
    let block_digest = sha1(record.block);
    let body = head_length(record.block).filter(|_| record.block.starts_with(b"HTTP/"));
    let payload_digest = sha1(&record.block[body.unwrap_or(0)..]);
    let mut fields = vec![["WARC-Type", record.kind], ["WARC-Record-ID", &id], ["WARC-Date", record.date]];
    fields.extend(record.target.map(|target| ["WARC-Target-URI", target]));
    fields.push(["WARC-Block-Digest", &block_digest]);
    if matches!(record.kind, "response" | "resource" | "conversion") {
        fields.push(["WARC-Payload-Digest", &payload_digest]);
    }
    fields.extend_from_slice(record.fields);
    fields.extend([["Content-Type", record.media_type], ["Content-Length", &length]]);
    let mut bytes = b"WARC/1.1\r\n".to_vec();
    for [name, value] in fields {
        if name.contains([':', '\r', '\n']) || value.contains(['\r', '\n']) {
            let why = format!("the field {name} would break the record's header");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    Ok(bytes)
}
