//! A fetched page as the archive keeps it: the record of a web archive, so that its encoding, address and time can be
//! read from it again.

use std::io;

use rashomon::{WarcWriter, WriteRecord};
use sha2::{Digest, Sha256};

use crate::fetch::Fetched;

/// Header fields that speak of the way and not of the page: how it was cut into pieces, and how long they were.
const OF_THE_WAY: [&str; 2] = ["transfer-encoding", "content-length"];

/// One record (WARC 1.1, `response`): the answer with its head, and its body as it came.
///
/// # Errors
/// When an address would break the record's head.
pub fn capture(page: &Fetched) -> io::Result<Vec<u8>> {
    let body = page.packed.as_ref().unwrap_or(&page.body);
    let mut block = format!("{} {} OK\r\n", page.version, page.status).into_bytes();
    for header in page.headers.iter().filter(|header| !OF_THE_WAY.contains(&header.name.as_str())) {
        block.extend_from_slice(format!("{}: {}\r\n", header.name, header.value).as_bytes());
    }
    block.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    block.extend_from_slice(body);
    let date = page.fetched_at.to_string();
    let mut writer = WarcWriter::plain(Vec::new());
    writer.write(&WriteRecord {
        kind: "response",
        id: &id(page, &date),
        date: &date,
        target: Some(&page.final_url),
        media_type: "application/http; msgtype=response",
        fields: &[],
        block: &block,
    })?;
    writer.finish()
}

/// The record's name: made of what it holds, so that it is the same whenever it is written (RFC 9562, version 8).
fn id(page: &Fetched, date: &str) -> String {
    let mut digest = Sha256::new();
    for part in [page.final_url.as_bytes(), date.as_bytes(), &page.body] {
        digest.update(part);
        digest.update([0]);
    }
    let mut bytes: [u8; 16] = digest.finalize()[..16].try_into().expect("a digest has 32 bytes");
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default().to_owned();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rashomon::{Raw, ReadOptions, Reading, read};

    use super::capture;
    use crate::fetch::{Fetched, Header};

    #[test]
    fn a_capture_knows_address_time_and_encoding() {
        let header = |name: &str, value: &str| Header { name: name.to_owned(), value: value.to_owned() };
        let body = b"<html><head><title>Caf\xe9 burns in Tornby</title></head><body><article><h1>Caf\xe9 burns in Tornby</h1>\
            <p>The old caf\xe9 in Tornby burned down on Tuesday morning, and nobody was hurt, police said.</p>\
            <p>Firefighters from two towns needed three hours to put the fire out, said mayor Olaf Berg.</p></article></body></html>";
        let page = Fetched {
            url: "https://herald.example/1".to_owned(),
            final_url: "https://www.herald.example/news/1".to_owned(),
            hops: Vec::new(),
            status: 200,
            version: "HTTP/1.1".to_owned(),
            request: Vec::new(),
            headers: vec![
                header("content-type", "text/html; charset=windows-1252"),
                header("transfer-encoding", "chunked"),
            ],
            body: body.to_vec(),
            packed: None,
            fetched_at: Timestamp::UNIX_EPOCH,
            reservation: None,
        };
        let bytes = capture(&page).unwrap();
        let mut reading = Reading::default();
        read(&Raw { name: &page.url, bytes: &bytes }, &ReadOptions::english(None), &mut reading);
        assert_eq!(reading.articles.len(), 1, "{:?}", reading.skipped);
        let article = &reading.articles[0];
        assert!(article.text.contains("old café in Tornby"), "{}", article.text);
        assert_eq!(article.url.as_deref(), Some("https://www.herald.example/news/1"));
        assert_eq!(article.input, page.url);
        let capture = article.capture.as_ref().unwrap();
        assert_eq!(capture.date.as_deref(), Some("1970-01-01T00:00:00Z"));
    }
}
