//! One version of a report as published.

use crate::Span;

/// One version as published (schema.org NewsArticle).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Article {
    /// Unique in its run: given by the input, else made from its name.
    pub id: String,
    /// The input it came from, as the user named it.
    pub input: String,
    /// Who publishes it.
    pub outlet: Option<String>,
    /// Who owns the outlet, where that is known: two outlets of one owner are one voice.
    pub owner: Option<String>,
    /// Whom a feed or page names as where it took the text from, outside the text (RSS `<source>`).
    pub origin: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// BCP 47 code of the text's language.
    pub language: String,
    /// The text, unchanged; every span points here.
    pub text: String,
    /// The headline within the text.
    pub headline: Option<Span>,
    /// The text without its headline, where it was `ingest` that put the one before the other (web pages); `None` where
    /// they stand so in the input.
    pub body: Option<Span>,
    /// Who signs: names within the text, or as the input's metadata gives them.
    pub byline: Vec<String>,
    /// The place and agency line before the first sentence: "GENEVA (AP) —".
    pub dateline: Option<Span>,
    /// Explicit signs that text came from elsewhere: "© 2022 Bloomberg", "Source: Press TV", "(Reuters)".
    pub credits: Vec<Credit>,
    /// When it was published, and how that is known.
    pub published: Option<Published>,
    /// When the page says that it was last changed, and how that is known.
    pub modified: Option<Published>,
    /// The part of the paper that it stands in, as the page names it: "World", "Politics".
    pub section: Option<String>,
    /// Why the text is not the whole report: `paywall`, `summary`, `empty`; `None` where nothing says so.
    pub cut_short: Option<String>,
    /// Where in an archive of pages it lies; `None` for anything else.
    pub capture: Option<Capture>,
    /// SHA-256 of `text`, in hexadecimal.
    pub digest: String,
    /// What is on the page but not of the report. Marked, never deleted; nothing in it becomes a statement.
    pub furniture: Vec<Furniture>,
    /// From text to raw input bytes; `None` where text is the input itself.
    pub source_map: Option<Vec<Trace>>,
}

/// The record of a web archive that a page was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// The archive's record id (`WARC-Record-ID`), as written there.
    pub record: String,
    /// The archive within the input, where the input is a package of archives (WACZ).
    pub member: Option<String>,
    /// First byte of the record in its file: of the compressed member, where it is compressed.
    pub offset: u64,
    /// First byte of the record in its compressed member, unpacked; 0 where each record has a member of its own.
    pub within: u64,
    /// Digest of the payload, as written there (`sha1:…`), or ours where none is.
    pub payload_digest: Option<String>,
    /// When it was captured, ISO 8601. Nothing on the page can be dated later.
    pub date: Option<String>,
}

/// The address of a page or feed that an input names and does not hold: a list of URLs, a sitemap, a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// Absolute, as given.
    pub url: String,
    /// What lies there.
    pub kind: AddressKind,
    /// What the list calls it.
    pub title: Option<String>,
    /// Who publishes it, where the list says so.
    pub outlet: Option<String>,
    /// When it was published, where the list says so.
    pub published: Option<Published>,
}

/// What lies at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressKind {
    /// One article.
    Page,
    /// A feed of articles.
    Feed,
    /// A list of further addresses.
    Sitemap,
}

/// A piece of the page that is not the report: a comment form, other stories' headlines, a copyright line.
#[derive(Clone, Debug, PartialEq)]
pub struct Furniture {
    /// Whole lines, without the line break after them.
    pub span: Span,
    /// `comment-form`, `related-headlines`, `image-credit`, `copyright`, `paywall`, `section-label`, …
    pub kind: String,
}

/// A sign that the text, or part of it, comes from another publisher.
#[derive(Clone, Debug, PartialEq)]
pub struct Credit {
    /// The credit as printed.
    pub span: Span,
    /// The publisher named in it.
    pub publisher: String,
}

/// A publication date and its origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// ISO 8601: `2022-02-15`, `2022-02`, or with a time where one is given.
    pub value: String,
    /// `year`, `month`, `day` or `minute`.
    pub precision: &'static str,
    /// Where it was read.
    pub origin: PublishedOrigin,
    /// The words that show it; empty when it was given from outside the text.
    pub evidence: Vec<Span>,
}

/// Where a publication date was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublishedOrigin {
    /// schema.org metadata of the page.
    JsonLd,
    /// Another metadata element of the page.
    Meta,
    /// The article's address.
    Url,
    /// A feed's entry.
    Feed,
    /// A date line printed in the text.
    Text,
    /// Worked out from weekdays, years and dates in the text.
    Inferred,
    /// A field of the input, or the user.
    Given,
}

/// A run of text and the raw input bytes it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// In the article's text.
    pub text: Span,
    /// In the raw input.
    pub source: Span,
}
