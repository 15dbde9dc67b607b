//! Web pages: the article of a page, every run of its text traced to the page's bytes.

use model::{Span, Trace};

use super::Format;
use crate::article::{Given, article, id_of};
use crate::extract::build::build;
use crate::extract::author::authors;
use crate::extract::encoding::{Told, encoding_of};
use crate::extract::heading::headline;
use crate::extract::limits::{NODES_MAX, PAGE_BYTES_MAX};
use crate::extract::page::{Fragment, Piece};
use crate::extract::when::when;
use crate::extract::whole::{cut_short, no_article};
use crate::extract::{Judged, judge};
use crate::limits::ARTICLE_BYTES_MAX;
use crate::trace::compose;
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// Pages in HTML.
pub(crate) const FORMAT: Format = Format {
    id: "html",
    name_ends: &[".html", ".htm", ".xhtml", ".shtml"],
    claims,
    read: read_raw,
    cut: None,
};

/// What stands between headline and text, and between paragraphs.
const GAP: &str = "\n\n";

/// What came with a page, or anything else that was fetched.
#[derive(Clone, Copy, Debug, Default)]
pub struct Response<'a> {
    /// The encoding that the server named: `Content-Type: text/html; charset=…`.
    pub charset: Option<&'a str>,
    /// The page's address.
    pub url: Option<&'a str>,
    /// When it was fetched, ISO 8601: nothing on it can be dated later.
    pub captured: Option<&'a str>,
}

fn read_raw(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    read(raw, &Response::default(), options)
}

/// Reads the article of a page. Its `source_map` leads to `raw.bytes`, in whatever encoding they are.
///
/// # Errors
/// When the page is too large, or holds no article: an empty shell, a list of links, a notice.
pub(crate) fn read(raw: &Raw, response: &Response, options: &IngestOptions) -> Result<Ingested, Rejection> {
    let input = || raw.name.to_owned();
    let size = raw.bytes.len();
    if size > PAGE_BYTES_MAX {
        return Err(Rejection::OverBudget { input: input(), what: "page", size, limit: PAGE_BYTES_MAX });
    }
    let told = encoding_of(raw.bytes, response.charset);
    if told.encoding == encoding_rs::REPLACEMENT {
        return Err(Rejection::BadEncoding { input: input() });
    }
    if told.encoding.is_ascii_compatible() {
        return read_told(raw, told, response, options);
    }
    let decoded = crate::decode::traced(told.encoding, raw.bytes, told.mark_bytes);
    let utf8 = Told { encoding: encoding_rs::UTF_8, mark_bytes: 0 };
    let mut ingested =
        read_told(&Raw { name: raw.name, bytes: decoded.text.as_bytes() }, utf8, response, options)?;
    for article in &mut ingested.articles {
        article.source_map =
            compose(&article.text, article.source_map.as_deref(), decoded.source_map.as_deref());
    }
    Ok(ingested)
}

fn read_told(
    raw: &Raw,
    told: Told,
    response: &Response,
    options: &IngestOptions,
) -> Result<Ingested, Rejection> {
    let judged = judge(raw.bytes, told, &options.pages.weights);
    let (text, headline) = text_of(&judged);
    let size = text.text.len();
    if size > ARTICLE_BYTES_MAX {
        let limit = ARTICLE_BYTES_MAX;
        return Err(Rejection::OverBudget { input: raw.name.to_owned(), what: "text", size, limit });
    }
    let canonical =
        judged.page.canonical.map(|span| judged.page.value(span)).or_else(|| judged.page.meta("og:url"));
    let url = response.url.map(str::to_owned).or(canonical).filter(|url| url.starts_with("http"));
    let latest = response.captured.or(options.reference_date.as_deref()).and_then(|date| date.get(..10));
    let when = when(&judged, url.as_deref(), latest, &options.words);
    let given = Given {
        id: Some(id_of(raw.name)),
        outlet: outlet(&judged, url.as_deref()),
        url,
        headline,
        byline: authors(&judged, &options.words),
        published: when.published,
        source_map: Some(traces(&text)),
        ..Given::default()
    };
    let mut article = article(raw.name, text.text, given, options);
    if let Some(why) = no_article(&judged, &article, &options.words) {
        return Err(Rejection::NoArticle { input: raw.name.to_owned(), why });
    }
    article.cut_short = cut_short(&judged, &options.words);
    article.modified = when.modified;
    article.section = judged.described.section.clone().or_else(|| judged.page.meta("article:section"));
    Ok(Ingested { articles: vec![article], warnings: warnings(raw, &judged), ..Ingested::default() })
}

/// Who publishes the page: as it says itself, else the host of its address.
fn outlet(judged: &Judged, url: Option<&str>) -> Option<String> {
    let host = || {
        let rest = url?.split_once("://")?.1;
        let host = rest.split(['/', '?', '#', ':']).next()?;
        Some(host.strip_prefix("www.").unwrap_or(host).to_owned()).filter(|host| !host.is_empty())
    };
    let said = judged.page.meta("og:site_name").or_else(|| judged.described.publisher.clone());
    said.filter(|name| !name.contains("://")).or_else(host)
}

/// What was odd about a page.
fn warnings(raw: &Raw, judged: &Judged) -> Vec<String> {
    let mut warnings = Vec::new();
    if judged.page.is_cut {
        warnings.push(format!(
            "{}: it has more than {NODES_MAX} elements; only its beginning was read.",
            raw.name
        ));
    }
    if judged.page.broken_count > 0 {
        warnings.push(format!(
            "{}: {} places are not {} and stand as \u{fffd}; save it again from its origin to have them right.",
            raw.name,
            judged.page.broken_count,
            judged.page.encoding.name()
        ));
    }
    warnings
}

/// The text of the article with where it comes from: headline, blank line, body.
fn text_of(judged: &Judged) -> (Fragment, Option<Span>) {
    let mut whole = Fragment::default();
    let headline = headline(judged).map(|found| {
        append(&mut whole, found);
        Span::new(0, whole.text.len())
    });
    for place in &judged.body {
        append(&mut whole, judged.page.fragment_of(&judged.page.blocks[*place]));
    }
    (whole, headline)
}

/// All that a piece of HTML shows, paragraph by paragraph, traced to the piece. For what is an article's text by itself.
pub(crate) fn fragment(html: &str) -> (String, Vec<Trace>) {
    let html = html.get(..PAGE_BYTES_MAX).unwrap_or(html);
    let page = build(html.as_bytes(), encoding_rs::UTF_8, 0);
    let mut whole = Fragment::default();
    for block in &page.blocks {
        append(&mut whole, page.fragment_of(block));
    }
    let traces = traces(&whole);
    (whole.text, traces)
}

/// Adds a paragraph to a text.
fn append(whole: &mut Fragment, paragraph: Fragment) {
    if !whole.text.is_empty() {
        whole.text.push_str(GAP);
    }
    let shift = whole.text.len() as u32;
    whole.text.push_str(&paragraph.text);
    let moved =
        paragraph.pieces.into_iter().map(|piece| Piece { text: piece.text.map(|at| at + shift), ..piece });
    whole.pieces.extend(moved);
}

fn traces(text: &Fragment) -> Vec<Trace> {
    let span = |[start, end]: [u32; 2]| Span::new(start as usize, end as usize);
    text.pieces.iter().map(|piece| Trace { text: span(piece.text), source: span(piece.source) }).collect()
}

/// Tags with which a page, or a piece of one, may begin.
const FIRST_TAGS: &[&[u8]] = &[
    b"<div",
    b"<p>",
    b"<p ",
    b"<article",
    b"<section",
    b"<main",
    b"<h1",
    b"<meta",
    b"<script",
    b"<style",
    b"<!--",
    b"<table",
    b"<span",
    b"<title",
    b"<link",
];
/// Markup that shows a page near its beginning.
const MARKS: &[&[u8]] = &[b"<!doctype html", b"<html", b"<head>", b"<body"];

fn claims(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let head = head[..head.len().min(crate::limits::SNIFF_BYTES_MAX)].trim_ascii_start().to_ascii_lowercase();
    let holds = |words: &[u8]| memchr::memmem::find(&head, words).is_some();
    let is_piece = || {
        FIRST_TAGS.iter().any(|tag| head.starts_with(tag)) && (holds(b"</") || holds(b"/>") || holds(b"-->"))
    };
    head.starts_with(b"<") && (MARKS.iter().any(|mark| holds(mark)) || is_piece())
}

#[cfg(test)]
mod tests {
    use super::claims;

    #[test]
    fn tells_pages_from_text_about_pages() {
        assert!(claims(b"\n<!-- x --><HTML lang=en>"));
        assert!(claims(b"\xef\xbb\xbf<!DOCTYPE html><title>x</title>"));
        assert!(claims(b"<div class=a><p>The bridge</p></div>"));
        assert!(!claims(b"The page begins with <html> and ends so."));
        assert!(!claims(b"<3 is a heart"));
    }
}
