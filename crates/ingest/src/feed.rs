//! The entries of a feed with the place of each field: RSS and Atom from their tags, JSON Feed from its values.

use model::{Span, Trace};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::format::jsonl::{offset, scalar, unescape};
use crate::limits::{DEPTH_MAX, ENTRIES_MAX};
use crate::markup::{Scanner, Token, Traced, attribute, local};
use crate::trace::Tracer;

/// A feed.
#[derive(Debug, Default)]
pub(crate) struct Feed {
    pub title: Option<String>,
    pub entries: Vec<Entry>,
    /// Entries beyond those that are read.
    pub over_count: usize,
}

/// A field's text and where each character of it stands in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub text: String,
    pub map: Option<Vec<Trace>>,
}

/// One entry as it is written.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    pub id: Option<String>,
    pub title: Option<Field>,
    /// All of the text.
    pub content: Option<Field>,
    /// What stands for it in short.
    pub summary: Option<Field>,
    /// Whether content and summary are plain text, not HTML.
    pub plain: bool,
    pub link: Option<String>,
    pub authors: Vec<String>,
    /// Where the text was taken from (RSS `<source>`).
    pub origin: Option<String>,
    pub published: Option<String>,
    pub updated: Option<String>,
}

/// An element that is open, above the one whose text is being read.
struct Open {
    name: String,
    tag: Span,
    /// First byte of its content.
    inner: usize,
}

/// Reads a feed in XML.
pub(crate) fn read_xml(text: &str) -> Feed {
    let mut feed = Feed::default();
    let mut open: Vec<Open> = Vec::new();
    let mut entry: Option<Entry> = None;
    let mut entry_depth = 0;
    for token in Scanner::new(text) {
        match token {
            Token::Open { name, span, empty } => {
                let name = element(name);
                if matches!(name.as_str(), "item" | "entry") && entry.is_none() {
                    entry = Some(Entry::default());
                    entry_depth = open.len();
                } else if let Some(entry) = &mut entry
                    && open.len() == entry_depth + 1
                {
                    opened(entry, &name, span.of(text));
                }
                if !empty && open.len() < DEPTH_MAX {
                    open.push(Open { name, tag: span, inner: span.end });
                }
            }
            Token::Close { name, span } => {
                let name = element(name);
                // Tags that were never closed end with the one around them.
                let Some(depth) = open.iter().rposition(|open| open.name == name) else { continue };
                let Some(closed) = open.get(depth) else { continue };
                let inner = Span::new(closed.inner, span.start);
                if let Some(found) = &mut entry {
                    if depth == entry_depth {
                        add(&mut feed, entry.take().unwrap_or_default());
                    } else if depth == entry_depth + 1 {
                        closed_field(found, closed, inner, text);
                    } else if depth == entry_depth + 2 {
                        let path = [open[depth - 1].name.as_str(), name.as_str()];
                        closed_inner(found, path, || value(inner, text));
                    }
                } else if name == "title"
                    && feed.title.is_none()
                    && depth > 0
                    && matches!(open[depth - 1].name.as_str(), "channel" | "feed")
                {
                    feed.title = value(inner, text);
                }
                open.truncate(depth);
            }
            Token::Text(_) | Token::Verbatim(_) => {}
        }
    }
    // A feed that was cut off ends in the middle of an entry: what it has of it is no entry.
    feed
}

fn add(feed: &mut Feed, entry: Entry) {
    if feed.entries.len() < ENTRIES_MAX {
        feed.entries.push(entry);
    } else {
        feed.over_count += 1;
    }
}

/// A name in lower case; of prefixes only those that change its meaning are kept.
fn element(name: &str) -> String {
    let prefix = name.split_once(':').map(|(prefix, _)| prefix.to_ascii_lowercase());
    match prefix.as_deref() {
        Some(prefix @ ("media" | "itunes" | "georss" | "gml" | "thr" | "slash" | "wfw")) => {
            format!("{prefix}:{}", local(name))
        }
        _ => local(name),
    }
}

/// What a tag within an entry says by its attributes.
fn opened(entry: &mut Entry, name: &str, tag: &str) {
    if name == "link"
        && let Some(href) = attribute(tag, "href")
        && attribute(tag, "rel").is_none_or(|rel| rel == "alternate")
        && entry.link.is_none()
    {
        entry.link = Some(href);
    }
}

/// What an element within an entry says by its content.
fn closed_field(entry: &mut Entry, closed: &Open, inner: Span, text: &str) {
    let own = || value(inner, text);
    let keep = |kept: &mut Option<String>| *kept = kept.take().or_else(own);
    match closed.name.as_str() {
        "title" => entry.title = entry.title.take().or_else(|| Some(field(closed, inner, text))),
        "encoded" | "content" | "fullitem" | "body" => {
            let found = field(closed, inner, text);
            // An entry may give its text in several forms; the longest is the whole one.
            if entry.content.as_ref().is_none_or(|kept| kept.text.len() < found.text.len()) {
                entry.content = Some(found);
            }
        }
        "description" | "summary" | "abstract" => {
            entry.summary = entry.summary.take().or_else(|| Some(field(closed, inner, text)));
        }
        "link" => keep(&mut entry.link),
        "guid" | "id" => {
            keep(&mut entry.id);
            let is_address = attribute(closed.tag.of(text), "ispermalink").is_none_or(|is| is == "true");
            if entry.link.is_none() && is_address {
                entry.link = own().filter(|id| id.contains("://"));
            }
        }
        "creator" | "author" if !text.get(inner.range()).unwrap_or_default().contains('<') => {
            entry.authors.extend(own());
        }
        "source" => entry.origin = entry.origin.take().or_else(own),
        "pubdate" | "published" | "issued" | "date" | "created" => keep(&mut entry.published),
        "updated" | "modified" => keep(&mut entry.updated),
        _ => {}
    }
}

/// What an element within an entry's element says: Atom's names of authors and title of the source.
fn closed_inner(entry: &mut Entry, path: [&str; 2], value: impl Fn() -> Option<String>) {
    match path {
        ["author", "name"] => entry.authors.extend(value()),
        ["source", "title"] => entry.origin = entry.origin.take().or_else(value),
        _ => {}
    }
}

/// Content as one line of text: references resolved, tags left out.
fn value(inner: Span, text: &str) -> Option<String> {
    let content = read(inner, text).text;
    let mut shown = String::new();
    for token in Scanner::new(&content) {
        if let Token::Text(span) | Token::Verbatim(span) = token {
            shown.push_str(span.of(&content));
        }
    }
    let value = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    (!value.is_empty()).then_some(value)
}

fn field(closed: &Open, inner: Span, text: &str) -> Field {
    // Atom may hold markup as it is (`type="xhtml"`), without a layer of references around it.
    let kind = attribute(closed.tag.of(text), "type");
    if kind.as_deref() == Some("xhtml") {
        let mut traced = Traced::default();
        traced.copy(inner.of(text), inner.start);
        let (text, map) = traced.finish();
        return Field { text, map };
    }
    read(inner, text)
}

/// Content with its references resolved and its verbatim sections opened; tags stay as they are.
fn read(inner: Span, text: &str) -> Field {
    let mut traced = Traced::default();
    let content = inner.of(text);
    for token in Scanner::new(content) {
        match token {
            Token::Text(span) => traced.resolve(span.of(content), inner.start + span.start),
            Token::Verbatim(span) | Token::Open { span, .. } | Token::Close { span, .. } => {
                traced.copy(span.of(content), inner.start + span.start);
            }
        }
    }
    let (text, map) = traced.finish();
    Field { text, map }
}

/// A JSON Feed (version 1 or 1.1).
#[derive(Deserialize)]
struct JsonFeed<'a> {
    #[serde(borrow, default)]
    title: Option<&'a RawValue>,
    #[serde(borrow, default)]
    items: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct JsonItem<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    url: Option<&'a RawValue>,
    #[serde(borrow, default)]
    title: Option<&'a RawValue>,
    #[serde(borrow, default)]
    content_html: Option<&'a RawValue>,
    #[serde(borrow, default)]
    content_text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    summary: Option<&'a RawValue>,
    #[serde(borrow, default)]
    date_published: Option<&'a RawValue>,
    #[serde(borrow, default)]
    date_modified: Option<&'a RawValue>,
    #[serde(borrow, default)]
    author: Option<JsonAuthor<'a>>,
    #[serde(borrow, default)]
    authors: Vec<JsonAuthor<'a>>,
}

#[derive(Deserialize)]
struct JsonAuthor<'a> {
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
}

/// Reads a feed in JSON; an item that is none costs only itself.
///
/// # Errors
/// What the parser says.
pub(crate) fn read_json(text: &str) -> Result<Feed, String> {
    let json: JsonFeed = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut feed = Feed { title: json.title.and_then(scalar), ..Feed::default() };
    for raw in json.items {
        let Ok(item) = serde_json::from_str::<JsonItem>(raw.get()) else {
            feed.over_count += 1;
            continue;
        };
        let field = |raw: Option<&RawValue>| {
            let raw = raw?;
            let (mut value, mut tracer) = (String::new(), Tracer::default());
            let place = offset(text.as_bytes(), raw.get().as_bytes());
            unescape(raw.get(), place, &mut value, &mut tracer)
                .then(|| Field { text: value, map: Some(tracer.finish().unwrap_or_default()) })
        };
        let plain = item.content_html.is_none();
        let authors =
            item.authors.iter().chain(&item.author).filter_map(|author| author.name.and_then(scalar));
        let entry = Entry {
            id: item.id.and_then(scalar),
            title: field(item.title),
            content: field(item.content_html).or_else(|| field(item.content_text)),
            summary: field(item.summary),
            plain,
            link: item.url.and_then(scalar),
            authors: authors.collect(),
            origin: None,
            published: item.date_published.and_then(scalar),
            updated: item.date_modified.and_then(scalar),
        };
        add(&mut feed, entry);
    }
    Ok(feed)
}
