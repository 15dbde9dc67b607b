//! What the desk was told, as a feed that any reader takes: JSON Feed 1.1 and Atom (RFC 4287).

use std::io::{self, Write};

use model::EventRow;
use serde::Serialize;

use crate::event_line;
use crate::html::escape;
use crate::json::{EventJson, event};

/// What a feed says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedOptions {
    /// Its title.
    pub title: String,
    /// Where the archive's pages are, without a slash at the end; `None` where there are none: items then have no link.
    pub home: Option<String>,
    /// Where the feed itself is.
    pub address: Option<String>,
}

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_page_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_url: Option<&'a str>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    title: String,
    content_text: String,
    date_published: &'a str,
    tags: [&'static str; 1],
    /// The event as the archive's other outputs give it: JSON Feed leaves names that begin with `_` to whoever writes it.
    _rashomon: EventJson<'a>,
}

/// A JSON Feed of events, in the order given: newest first is customary.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn json_feed(events: &[EventRow], options: &FeedOptions, out: &mut dyn Write) -> io::Result<()> {
    let items = events.iter().map(|row| Item {
        id: id(row),
        url: link(row, options),
        title: title(row),
        content_text: content(row),
        date_published: &row.at,
        tags: [crate::json::event_kind(row.kind)],
        _rashomon: event(row),
    });
    let feed = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: &options.title,
        home_page_url: options.home.as_deref(),
        feed_url: options.address.as_deref(),
        items: items.collect(),
    };
    let mut bytes = serde_json::to_vec(&feed).map_err(io::Error::other)?;
    bytes.push(b'\n');
    out.write_all(&bytes)
}

/// An Atom feed of events, in the order given: newest first is customary. `updated` is said of a feed without events.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn atom(
    events: &[EventRow],
    options: &FeedOptions,
    updated: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let newest = events.iter().map(|row| row.at.as_str()).max().unwrap_or(updated);
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">"
    )?;
    let feed_id = options.address.as_deref().unwrap_or("urn:rashomon:events");
    writeln!(out, "<id>{}</id><title>{}</title>", escape(feed_id), escape(&options.title))?;
    writeln!(out, "<updated>{}</updated><author><name>Rashomon</name></author>", escape(newest))?;
    if let Some(address) = &options.address {
        writeln!(out, "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>", escape(address))?;
    }
    if let Some(home) = &options.home {
        writeln!(out, "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", escape(home))?;
    }
    for row in events {
        write!(out, "<entry><id>{}</id><title>{}</title>", escape(&id(row)), escape(&title(row)))?;
        write!(out, "<updated>{at}</updated><published>{at}</published>", at = escape(&row.at))?;
        write!(out, "<category term=\"{}\"/>", crate::json::event_kind(row.kind))?;
        if let Some(link) = link(row, options) {
            write!(out, "<link rel=\"alternate\" href=\"{}\"/>", escape(&link))?;
        }
        writeln!(out, "<content type=\"text\">{}</content></entry>", escape(&content(row)))?;
    }
    writeln!(out, "</feed>")
}

/// An event's number is never used again, so that a reader shows it once.
fn id(row: &EventRow) -> String {
    format!("urn:rashomon:event:{}", row.number)
}

fn link(row: &EventRow, options: &FeedOptions) -> Option<String> {
    options.home.as_ref().map(|home| format!("{home}/stories/{}", row.story))
}

fn title(row: &EventRow) -> String {
    format!("{} — {}", event_line(row), row.headline)
}

/// The statement and the words that show the change, each with its outlet.
fn content(row: &EventRow) -> String {
    let mut lines = vec![format!("“{}”", row.gist.words)];
    for quoted in &row.evidence {
        let who = quoted.outlet.as_deref().unwrap_or(&quoted.article);
        let place = quoted.url.as_deref().map(|url| format!(" {url}")).unwrap_or_default();
        lines.push(format!("{who}: “{}”{place}", quoted.words));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use model::{EventKind, EventRow, Quoted, Span, Standing, Status};

    use super::{FeedOptions, atom, json_feed};

    fn event() -> EventRow {
        let quoted = |words: &str| Quoted {
            article: "a<1".to_owned(),
            outlet: Some("Herald & Post".to_owned()),
            url: None,
            span: Span::new(3, 3 + words.len()),
            words: words.to_owned(),
        };
        EventRow {
            number: 7,
            at: "2022-03-01T09:00:00Z".to_owned(),
            story: "s-1".to_owned(),
            headline: "Bridge \u{1}falls".to_owned(),
            kind: EventKind::Status,
            gist: quoted("</content><script>"),
            old: Some(Standing::Status(Status::SingleSource)),
            new: Standing::Status(Status::Corroborated),
            by: None,
            evidence: vec![quoted("It fell.")],
        }
    }

    fn options() -> FeedOptions {
        let home = Some("http://127.0.0.1:8080".to_owned());
        FeedOptions { title: "Desk".to_owned(), home, address: None }
    }

    #[test]
    fn a_feed_carries_old_and_new_and_the_words() {
        let mut out = Vec::new();
        json_feed(&[event()], &options(), &mut out).unwrap();
        let feed: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        let item = &feed["items"][0];
        assert_eq!(item["id"], "urn:rashomon:event:7");
        assert_eq!(item["url"], "http://127.0.0.1:8080/stories/s-1");
        assert_eq!(item["_rashomon"]["old"], "single-source");
        assert_eq!(item["_rashomon"]["new"], "corroborated");
        assert_eq!(item["_rashomon"]["evidence"][0]["text"], "It fell.");
    }

    #[test]
    fn nothing_foreign_is_markup_in_atom() {
        let mut out = Vec::new();
        atom(&[event()], &options(), "2022-03-01T09:00:00Z", &mut out).unwrap();
        let feed = String::from_utf8(out).unwrap();
        assert!(feed.contains("single source → corroborated"));
        assert!(!feed.contains("<script>") && !feed.contains('\u{1}') && feed.contains("Herald &amp; Post"));
        assert_eq!(feed.matches("<entry>").count(), 1);
    }
}
