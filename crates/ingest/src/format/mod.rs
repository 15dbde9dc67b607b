//! The formats that are told and read; adding one is a file and a row.

mod csv;
mod feed;
mod foreign;
pub(crate) mod html;
pub(crate) mod jsonl;
mod mhtml;
mod opml;
mod packed;
mod sitemap;
pub(crate) mod text;
pub(crate) mod wacz;
pub(crate) mod warc;

pub use html::Response;
pub(crate) use html::read as read_page;

pub use opml::write_opml;

use crate::stream::Cut;
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// A format of input.
pub struct Format {
    /// `kebab-case`.
    pub id: &'static str,
    /// Ends of file names that show it where the content does not.
    pub name_ends: &'static [&'static str],
    /// Whether the first bytes of an input are of this format.
    pub claims: fn(&[u8]) -> bool,
    /// Reads an input of this format.
    pub read: fn(&Raw, &IngestOptions) -> Result<Ingested, Rejection>,
    /// How a large input of this format is cut into records that are read one by one; none is read as a whole.
    pub(crate) cut: Option<Cut>,
}

/// Every format, most particular first; the last takes what is text at all.
pub const FORMATS: &[Format] = &[
    warc::FORMAT,
    wacz::FORMAT,
    packed::FORMAT,
    mhtml::FORMAT,
    feed::FORMAT,
    sitemap::FORMAT,
    opml::FORMAT,
    foreign::FORMAT,
    html::FORMAT,
    jsonl::FORMAT,
    csv::FORMAT,
    text::FORMAT,
];

/// The format of an input: by its content, then by its name.
pub(crate) fn format_of(name: &str, head: &[u8]) -> &'static Format {
    let (text, particular) = FORMATS.split_last().expect("there is a format");
    let name = name.to_ascii_lowercase();
    let by_content = particular.iter().find(|format| (format.claims)(head));
    by_content
        .or_else(|| particular.iter().find(|format| format.name_ends.iter().any(|end| name.ends_with(end))))
        .unwrap_or(text)
}

/// Whether an input that begins so is an archive of pages: many, and seldom of one outlet.
pub fn is_archive(name: &str, head: &[u8]) -> bool {
    ["warc", "wacz"].contains(&format_of(name, head).id)
}

#[cfg(test)]
mod tests {
    use super::{FORMATS, format_of};

    #[test]
    fn tells_formats_by_content_then_by_name() {
        let id = |name: &str, head: &str| format_of(name, head.as_bytes()).id;
        assert_eq!(id("a.txt", "{\"text\": \"x\"}"), "jsonl");
        assert_eq!(id("a.jsonl", "broken first line\n{\"text\": \"x\"}"), "jsonl");
        assert_eq!(id("a.txt", "[Photo] The bridge"), "text");
        assert_eq!(id("a.txt", " <!DOCTYPE html><title>x</title>"), "html");
        assert_eq!(id("a.txt", "<rss version=2>"), "feed");
        assert_eq!(id("a.txt", "The feed begins with <rss> and ends so."), "text");
        assert_eq!(id("a.txt", "<3 is a heart"), "text");
        assert_eq!(id("a.html", "The bridge"), "html");
    }

    #[test]
    fn ids_are_unique() {
        for (place, format) in FORMATS.iter().enumerate() {
            assert!(FORMATS[..place].iter().all(|other| other.id != format.id), "{} stands twice", format.id);
        }
    }
}
