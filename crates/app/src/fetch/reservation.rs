//! Rights to mine a text that its publisher reserves, in the three places where the TDM Reservation Protocol
//! (W3C community report) lets it be said: a file of the site, a header, the page itself.

use memchr::memmem;
use serde::Deserialize;

use super::robots::{Path, Pattern};

/// Most bytes of a site's file that are read.
pub(crate) const FILE_BYTES_MAX: usize = 256 << 10;
/// Most rows of a site's file that are read.
const ROWS_MAX: usize = 10_000;
/// Where a page's head is looked for, in bytes from its start.
const HEAD_BYTES_MAX: usize = 256 << 10;
/// Longest tag that is looked at, in bytes.
const TAG_BYTES_MAX: usize = 4 << 10;
/// Longest address of a policy that is repeated, in characters.
const POLICY_CHARS_MAX: usize = 300;

/// What a publisher says about mining a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Whether the rights are reserved; `false` where they are expressly not.
    pub reserved: bool,
    /// Where it is said: `its tdmrep.json`, `its header`, `the page`.
    pub place: &'static str,
    /// Where a licence can be had.
    pub policy: Option<String>,
}

/// A site's `/.well-known/tdmrep.json`.
#[derive(Clone, Debug, Default)]
pub(crate) struct SiteReservations(Vec<Row>);

#[derive(Clone, Debug)]
struct Row {
    pattern: Pattern,
    reserved: bool,
    policy: Option<String>,
}

#[derive(Deserialize)]
struct WrittenRow {
    location: String,
    #[serde(rename = "tdm-reservation")]
    reservation: serde_json::Value,
    #[serde(rename = "tdm-policy", default)]
    policy: Option<serde_json::Value>,
}

impl SiteReservations {
    /// Reads the file; rows and files that are not in its form say nothing.
    pub(crate) fn read(bytes: &[u8]) -> SiteReservations {
        let rows: Vec<serde_json::Value> = serde_json::from_slice(bytes).unwrap_or_default();
        let rows = rows.into_iter().take(ROWS_MAX).filter_map(|row| serde_json::from_value(row).ok());
        let rows = rows.filter_map(|row: WrittenRow| {
            let reserved = says_so(&row.reservation.to_string())?;
            let policy = row.policy.as_ref().and_then(serde_json::Value::as_str).map(short);
            Some(Row { pattern: Pattern::read(row.location.as_bytes()), reserved, policy })
        });
        SiteReservations(rows.collect())
    }

    /// What it says about a path: the longest location that fits, as in robots.txt; of two as long, that reserves.
    pub(crate) fn of(&self, path: &str) -> Option<Reservation> {
        let path = Path::new(path);
        let fitting = self.0.iter().filter(|row| row.pattern.fits(&path));
        let row = fitting.max_by_key(|row| (row.pattern.length, row.reserved))?;
        Some(Reservation { reserved: row.reserved, place: "its tdmrep.json", policy: row.policy.clone() })
    }
}

/// What the headers `tdm-reservation` and `tdm-policy` say.
pub(crate) fn in_headers<'h>(header: impl Fn(&str) -> Option<&'h str>) -> Option<Reservation> {
    let reserved = says_so(header("tdm-reservation")?)?;
    Some(Reservation { reserved, place: "its header", policy: header("tdm-policy").map(short) })
}

/// What the `meta` elements of a page say.
pub(crate) fn in_page(bytes: &[u8]) -> Option<Reservation> {
    let head = bytes.get(..HEAD_BYTES_MAX).unwrap_or(bytes).to_ascii_lowercase();
    let (mut reserved, mut policy) = (None, None);
    for at in memmem::find_iter(&head, b"<meta") {
        let tag = &bytes[at..bytes.len().min(at + TAG_BYTES_MAX)];
        let tag = &tag[..memchr::memchr(b'>', tag).unwrap_or(tag.len())];
        let tag = String::from_utf8_lossy(tag);
        let name = attribute(&tag, "name").unwrap_or_default().to_ascii_lowercase();
        match (name.as_str(), attribute(&tag, "content")) {
            ("tdm-reservation", Some(content)) => reserved = reserved.or(says_so(content)),
            ("tdm-policy", Some(content)) => policy = policy.or(Some(short(content))),
            _ => {}
        }
    }
    Some(Reservation { reserved: reserved?, place: "the page", policy })
}

/// `1` reserves, `0` does not; anything else says nothing.
fn says_so(value: &str) -> Option<bool> {
    match value.trim().trim_matches('"') {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

fn short(address: &str) -> String {
    address.trim().chars().filter(|c| !c.is_control()).take(POLICY_CHARS_MAX).collect()
}

/// The value of an attribute in a tag, with or without quotation marks.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag.get("<meta".len()..)?;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end =
            rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
        let (found, after) = rest.split_at_checked(end).filter(|(found, _)| !found.is_empty())?;
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
            rest = after;
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(mark @ ('"' | '\'')) => value.get(1..)?.split_once(mark)?,
            Some(_) | None => value
                .split_at_checked(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))?,
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{SiteReservations, in_headers, in_page};

    #[test]
    fn the_longest_location_of_a_site_decides() {
        let file = br#"[{"location":"/","tdm-reservation":1,"tdm-policy":"https://a.example/tdm"},
            {"location":"/free/*","tdm-reservation":0},{"location":"/free/*.pdf$","tdm-reservation":"1"},
            {"location":3},{"tdm-reservation":1},"x"]"#;
        let site = SiteReservations::read(file);
        let reserved = |path: &str| site.of(path).map(|found| found.reserved);
        assert_eq!(
            (reserved("/news"), reserved("/free/1"), reserved("/free/1.pdf")),
            (Some(true), Some(false), Some(true))
        );
        assert_eq!(site.of("/news").unwrap().policy.as_deref(), Some("https://a.example/tdm"));
        for odd in [&b"{}"[..], b"", b"<html>", b"[1,2]"] {
            assert!(SiteReservations::read(odd).of("/").is_none());
        }
    }

    #[test]
    fn headers_and_pages_say_it_too() {
        let header = |value: &'static str| {
            in_headers(move |name| (name == "tdm-reservation").then_some(value)).map(|found| found.reserved)
        };
        assert_eq!((header("1"), header(" 0 "), header("yes")), (Some(true), Some(false), None));
        let page = |head: &str| in_page(head.as_bytes()).map(|found| (found.reserved, found.policy));
        assert_eq!(
            page("<META charset=utf-8><meta content=\"1\" name='TDM-Reservation' />"),
            Some((true, None))
        );
        assert_eq!(
            page("<meta name=tdm-policy content=https://a.example/p><meta name=tdm-reservation content=1>"),
            Some((true, Some("https://a.example/p".to_owned())))
        );
        assert_eq!(page("<meta name=\"tdm-reservation\" content=\"0\">"), Some((false, None)));
        assert_eq!(
            page("<p>about tdm-reservation=1</p><meta name=description content='tdm-reservation 1'>"),
            None
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_page(bytes in proptest::collection::vec(any::<u8>(), 0..200), tail in "[ a-z=\"'/>é]{0,40}") {
            let _ = in_page(&[b"<meta ".as_slice(), tail.as_bytes(), &bytes].concat());
            let _ = SiteReservations::read(&bytes);
        }
    }
}
