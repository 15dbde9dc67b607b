//! Lists of addresses: one a line, or a table with a column of them.

use model::{Address, AddressKind, Skipped};

use super::Format;
use crate::decode::decode;
use crate::limits::{ENTRIES_MAX, SKIPPED_LISTED_MAX};
use crate::published::given as given_date;
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// Lists of addresses: they give what is to be fetched, not articles.
pub(crate) const FORMAT: Format = Format { id: "csv", name_ends: &[".csv", ".tsv"], claims, read, cut: None };

/// Lines that are looked at to tell a list of addresses from a text that begins with one.
const LINES_LOOKED_AT: usize = 20;
/// What may stand between two columns.
const SEPARATORS: &[u8] = b",;\t";

/// Names of columns, as in the fields of JSONL.
#[derive(Default)]
struct Columns {
    title: Option<usize>,
    outlet: Option<usize>,
    published: Option<usize>,
}

fn claims(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let is_address = |line: &[u8]| {
        let cell = line.split(|byte| SEPARATORS.contains(byte)).next().unwrap_or_default();
        is_url(&String::from_utf8_lossy(cell))
    };
    lines.next().is_some_and(is_address) && lines.take(LINES_LOOKED_AT).all(is_address)
}

/// Whether a cell is an address and nothing else.
fn is_url(cell: &str) -> bool {
    let cell = cell.trim().trim_matches('"');
    let rest = cell.strip_prefix("https://").or_else(|| cell.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

fn read(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    let decoded = decode(raw.bytes).ok_or_else(|| Rejection::Binary { input: raw.name.to_owned() })?;
    let first_line = decoded.text.lines().next().unwrap_or_default();
    let separator = SEPARATORS.iter().copied().max_by_key(|&separator| {
        // Of separators that are equally many, the first in the list.
        let count = first_line.bytes().filter(|&byte| byte == separator).count();
        (count, std::cmp::Reverse(separator != b','))
    });
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator.unwrap_or(b','))
        .from_reader(decoded.text.as_bytes());
    let (mut ingested, mut columns) = (Ingested::default(), Columns::default());
    let mut unlisted_count = 0;
    for (number, row) in rows.records().enumerate() {
        let cell = |row: &csv::StringRecord, column: Option<usize>| {
            Some(row.get(column?)?.trim().to_owned()).filter(|cell| !cell.is_empty())
        };
        let row = row.ok().filter(|_| ingested.addresses.len() < ENTRIES_MAX);
        let url = row.as_ref().and_then(|row| row.iter().find(|cell| is_url(cell)));
        match (&row, url) {
            (Some(row), Some(url)) => ingested.addresses.push(Address {
                url: url.trim().to_owned(),
                kind: AddressKind::Page,
                title: cell(row, columns.title),
                outlet: cell(row, columns.outlet),
                published: cell(row, columns.published).and_then(|date| given_date(&date, &options.words)),
            }),
            (Some(row), None) if number == 0 => columns = named(row),
            (Some(_) | None, _) if ingested.skipped.len() >= SKIPPED_LISTED_MAX => unlisted_count += 1,
            (Some(_) | None, _) => ingested.skipped.push(Skipped {
                input: format!("{}:{}", raw.name, number + 1),
                reason: "No cell of this row is an address that begins with https:// or http://.".to_owned(),
            }),
        }
    }
    if unlisted_count > 0 {
        let reason = format!("{unlisted_count} more rows of it have no address.");
        ingested.skipped.push(Skipped { input: raw.name.to_owned(), reason });
    }
    if ingested.addresses.is_empty() {
        let why = "no row of the table has an address that begins with https:// or http://".to_owned();
        return Err(Rejection::NoArticle { input: raw.name.to_owned(), why });
    }
    Ok(ingested)
}

/// The columns that a first row without address names.
fn named(row: &csv::StringRecord) -> Columns {
    let column = |name: &str| row.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    Columns { title: column("title"), outlet: column("outlet"), published: column("published") }
}

#[cfg(test)]
mod tests {
    use super::claims;
    use crate::{IngestOptions, Ingested, Raw, Rejection, ingest};
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Ingested, Rejection> {
        ingest(&Raw { name: "list.csv", bytes: text.as_bytes() }, &IngestOptions::english(None))
    }

    #[test]
    fn tables_and_plain_lists_are_read() {
        let found = read("title,link,published\n\"Ferry, fog\",https://selm.example/1,2021-03-15\nChoir,none,\nx,http://selm.example/2,\n").unwrap();
        assert_eq!((found.addresses.len(), found.skipped.len()), (2, 1));
        assert_eq!(found.addresses[0].title.as_deref(), Some("Ferry, fog"));
        assert_eq!(found.addresses[0].published.as_ref().unwrap().value, "2021-03-15");
        assert_eq!(found.skipped[0].input, "list.csv:3");
        assert_eq!(read("https://a.example/1\nhttps://a.example/2").unwrap().addresses.len(), 2);
        assert_eq!(read("a;b\nx;https://a.example/1").unwrap().addresses.len(), 1);
        assert!(matches!(read("a,b\nc,d"), Err(Rejection::NoArticle { .. })));
    }

    #[test]
    fn a_text_that_begins_with_an_address_is_no_list() {
        assert!(claims(b"https://a.example/1\r\n\r\nhttp://b.example\r\n"));
        assert!(
            !claims(b"https://a.example/1\nThe ferry ran aground.")
                && !claims(b"https://a.example/ says so\n")
        );
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(text in "(https://a|\"|,|;|\t|\n|\r|x){0,40}") {
            let _ = read(&text);
        }
    }
}
