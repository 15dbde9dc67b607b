//! Web pages: the article of a page, every run of its text traced to the page's bytes.

use encoding_rs::Encoding;
use model::{Article, Span, Trace};

use super::{Format, format_of};
use crate::article::{Given, article, id_of};
use crate::extract::author::authors;
use crate::extract::build::build;
use crate::extract::encoding::{Told, encoding_of};
use crate::extract::heading::headline;
use crate::extract::limits::{NODES_MAX, PAGE_BYTES_MAX};
use crate::extract::page::{Fragment, Piece};
use crate::extract::reference::{Within, resolve};
use crate::extract::when::when;
use crate::extract::whole::{cut_short, no_article};
use crate::extract::{Judged, judge};
use crate::limits::{ARTICLE_BYTES_MAX, SNIFF_BYTES_MAX};
use crate::outlet::host;
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
    let text = Told::utf8(&decoded.text);
    let mut ingested =
        read_told(&Raw { name: raw.name, bytes: decoded.text.as_bytes() }, text, response, options)?;
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
        outlet: outlet(&judged),
        url,
        headline,
        byline: authors(&judged, &options.words),
        published: when.published,
        source_map: Some(traces(&text)),
        ..Given::default()
    };
    let mut article = article(raw.name, text.text, given, options);
    article.body = headline.map(|headline| body_after(headline, &article.text));
    if let Some(why) = no_article(&judged, &article, &options.words) {
        return Err(Rejection::NoArticle { input: raw.name.to_owned(), why });
    }
    article.outlet = article.outlet.or_else(|| outlet_of(article.url.as_deref()?));
    article.cut_short = cut_short(&judged, &options.words);
    article.modified = when.modified;
    article.section = judged.described.section.clone().or_else(|| judged.page.meta("article:section"));
    Ok(Ingested { articles: vec![article], warnings: warnings(raw, &judged), ..Ingested::default() })
}

/// Who publishes the page, as it says itself.
fn outlet(judged: &Judged) -> Option<String> {
    let said = judged.page.meta("og:site_name").or_else(|| judged.described.publisher.clone());
    said.filter(|name| !name.contains("://"))
}

/// The host of an address, for an outlet that nobody names otherwise.
fn outlet_of(url: &str) -> Option<String> {
    let host = host(url)?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned()).filter(|host| !host.is_empty())
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

/// What follows the headline and the gap after it.
fn body_after(headline: Span, text: &str) -> Span {
    Span::new(text.len().min(headline.end + GAP.len()), text.len())
}

/// All that a piece of HTML shows, paragraph by paragraph, traced to the piece. For what is an article's text by itself.
pub(crate) fn fragment(html: &str) -> (String, Vec<Trace>) {
    let html = html.get(..PAGE_BYTES_MAX).unwrap_or(html);
    let page = build(html.as_bytes(), Told::utf8(html));
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

/// What reading the runs of a page's text from its bytes again has shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retraced {
    /// Runs that were read: none of what is no page.
    pub run_count: usize,
    /// Those of the text that the bytes do not bear out, in order.
    pub wrong: Vec<Span>,
}

/// Reads every run of an article's text from the bytes of its page again; `charset` is what came with the page. A run is
/// borne out when its bytes, decoded, are the run's text, or, where they are character references, stand for it.
pub fn retraced(page: &[u8], charset: Option<&str>, article: &Article) -> Retraced {
    let head = &page[..page.len().min(SNIFF_BYTES_MAX)];
    let is_page = match Encoding::for_bom(head) {
        Some((encoding, mark)) => claims(encoding.decode_without_bom_handling(&head[mark..]).0.as_bytes()),
        None => format_of(&article.input, head).id == FORMAT.id,
    };
    if !is_page {
        return Retraced::default();
    }
    let encoding = encoding_of(page, charset).encoding;
    let runs = article.source_map.as_deref().unwrap_or_default();
    let wrong = runs.iter().filter(|trace| !bears_out(page, encoding, &article.text, trace));
    Retraced { run_count: runs.len(), wrong: wrong.map(|trace| trace.text).collect() }
}

fn bears_out(page: &[u8], encoding: &'static Encoding, text: &str, trace: &Trace) -> bool {
    let Some(bytes) = page.get(trace.source.range()) else { return false };
    let text = text.get(trace.text.range()).unwrap_or_default();
    // A run of Japanese mail encoding begins in the middle of its two-byte state.
    let shifted = || [b"\x1b$B", bytes].concat();
    let (plain, _) = encoding.decode_without_bom_handling(bytes);
    let mut resolved = String::new();
    resolve(&plain, Within::Text, &mut resolved);
    // Any blank is told as a space, also one of a single byte that stands between two words of a run.
    let folded = |text: &str| text.replace(char::is_whitespace, " ");
    folded(&plain) == folded(text)
        || folded(&resolved) == folded(text)
        || (encoding == encoding_rs::ISO_2022_JP
            && encoding.decode_without_bom_handling(&shifted()).0 == text)
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
    let head = head[..head.len().min(SNIFF_BYTES_MAX)].trim_ascii_start().to_ascii_lowercase();
    let holds = |words: &[u8]| memchr::memmem::find(&head, words).is_some();
    let is_piece = || {
        FIRST_TAGS.iter().any(|tag| head.starts_with(tag)) && (holds(b"</") || holds(b"/>") || holds(b"-->"))
    };
    head.starts_with(b"<") && (MARKS.iter().any(|mark| holds(mark)) || is_piece())
}

#[cfg(test)]
mod tests {
    use super::{claims, retraced};
    use crate::{IngestOptions, Raw, ingest};
    use encoding_rs::{
        BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_2022_JP, ISO_8859_2, ISO_8859_3,
        ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_8_I, ISO_8859_10, ISO_8859_13,
        ISO_8859_14, ISO_8859_15, ISO_8859_16, KOI8_R, KOI8_U, MACINTOSH, SHIFT_JIS, UTF_8, UTF_16BE,
        UTF_16LE, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254,
        WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258, X_MAC_CYRILLIC,
    };
    use proptest::prelude::*;

    #[test]
    fn a_page_that_begins_with_damage_is_decoded_once() {
        let page = "\0\0\0 5<html><head><meta charset=iso-8859-1></head><body><p>The caf\u{e9} owner Ren\u{e9} Doyle saved \
            the regatta after all, the harbour master of the town said on Sunday.</p></body></html>";
        for encoding in [WINDOWS_1252, UTF_16LE] {
            let bytes: Vec<u8> = match encoding == UTF_16LE {
                true => page.trim_start_matches('\0').encode_utf16().flat_map(u16::to_le_bytes).collect(),
                false => encoding.encode(page).0.into_owned(),
            };
            let found =
                ingest(&Raw { name: "a.html", bytes: &bytes }, &IngestOptions::english(None)).unwrap();
            let article = &found.articles[0];
            assert!(article.text.contains("café owner René Doyle"), "{}", article.text);
            assert_eq!(retraced(&bytes, None, article).wrong, []);
        }
    }

    #[test]
    fn tells_pages_from_text_about_pages() {
        assert!(claims(b"\n<!-- x --><HTML lang=en>"));
        assert!(claims(b"\xef\xbb\xbf<!DOCTYPE html><title>x</title>"));
        assert!(claims(b"<div class=a><p>The bridge</p></div>"));
        assert!(!claims(b"The page begins with <html> and ends so."));
        assert!(!claims(b"<3 is a heart"));
    }

    /// Reads a page in an encoding and holds every run of its text against its bytes.
    fn check(encoding: &'static Encoding, words: &str) {
        let page = format!(
            "<!doctype html><html><head><meta charset=\"{}\"><title>Ferry aground</title></head><body><h1>Ferry aground</h1>\
             <p>The ferry ran aground in fog on Sunday, {words} &amp; the <b>coast</b>\n guard, and forty people were \
             brought ashore by boats.</p><p>Divers will look at the hull on Monday &ndash; {words} &#8217;so&#8217; said the \
             harbour master of the town.</p></body></html>",
            encoding.name()
        );
        let bytes = match encoding.name() {
            "UTF-16LE" => {
                [0xfeff].into_iter().chain(page.encode_utf16()).flat_map(u16::to_le_bytes).collect()
            }
            "UTF-16BE" => {
                [0xfeff].into_iter().chain(page.encode_utf16()).flat_map(u16::to_be_bytes).collect()
            }
            _ => encoding.encode(&page).0.into_owned(),
        };
        let found = ingest(&Raw { name: "a.html", bytes: &bytes }, &IngestOptions::english(None));
        let article = found.unwrap_or_else(|error| panic!("{}: {error}", encoding.name())).articles.remove(0);
        let name = encoding.name();
        assert!(
            article.text.contains(&format!("fog on Sunday, {words} & the coast guard")),
            "{name}: {}",
            article.text
        );
        assert!(article.text.contains(&format!("{words} ’so’ said")), "{name}: {}", article.text);
        assert_eq!(retraced(&bytes, None, &article).wrong, [], "{name}");
        let traced: usize = article.source_map.iter().flatten().map(|trace| trace.text.len()).sum();
        assert!(traced * 10 > article.text.len() * 9, "{name}: too little is traced");
    }

    #[test]
    fn every_encoding_of_the_standard_is_traced() {
        let latin = [WINDOWS_1252, WINDOWS_1254, ISO_8859_15, MACINTOSH, UTF_8, UTF_16LE, UTF_16BE];
        latin.iter().for_each(|encoding| check(encoding, "«naïve café»"));
        [ISO_8859_2, WINDOWS_1250, ISO_8859_16].iter().for_each(|encoding| check(encoding, "Łódź"));
        [ISO_8859_3, ISO_8859_14, WINDOWS_1258].iter().for_each(|encoding| check(encoding, "àüß"));
        [ISO_8859_4, ISO_8859_10, ISO_8859_13, WINDOWS_1257]
            .iter()
            .for_each(|encoding| check(encoding, "šžå"));
        [WINDOWS_1251, KOI8_R, KOI8_U, ISO_8859_5, IBM866, X_MAC_CYRILLIC]
            .iter()
            .for_each(|encoding| check(encoding, "Мэр сказал"));
        [WINDOWS_1253, ISO_8859_7].iter().for_each(|encoding| check(encoding, "γέφυρα"));
        [WINDOWS_1255, ISO_8859_8, ISO_8859_8_I].iter().for_each(|encoding| check(encoding, "הגשר"));
        [WINDOWS_1256, ISO_8859_6].iter().for_each(|encoding| check(encoding, "قال"));
        check(WINDOWS_874, "สะพาน");
        [GBK, GB18030].iter().for_each(|encoding| check(encoding, "市长说大桥"));
        check(BIG5, "市長說大橋");
        [SHIFT_JIS, EUC_JP, ISO_2022_JP].iter().for_each(|encoding| check(encoding, "市長は「橋」と"));
        check(EUC_KR, "시장은 다리가");
    }

    #[test]
    fn endless_nesting_takes_linear_time() {
        let deep = "<div>".repeat(400_000);
        let closing = "</b></p></x></table>".repeat(100_000);
        let story =
            "<p>The ferry ran aground in thick fog on Sunday morning, the coast guard of Selm said.</p>"
                .repeat(3);
        let page = format!("<html><body>{story}{deep}{closing}<a {}>", "b=c ".repeat(300_000));
        assert!(
            ingest(&Raw { name: "a.html", bytes: page.as_bytes() }, &IngestOptions::english(None)).is_ok()
        );
    }

    /// Pieces that meet in bad pages.
    const PIECES: &[&str] = &[
        "<p>",
        "</p>",
        "<div class='comment a-b'>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<li>",
        "<ul>",
        "</ul>",
        "<a href=/author>",
        "</a>",
        "<svg>",
        "<![CDATA[x]]>",
        "</svg>",
        "<script>",
        "<!--",
        "-->",
        "</script>",
        "<script type=application/ld+json>",
        "{\"@type\":\"Article\",",
        "\"headline\":[{}]}",
        "<title>",
        "</title>",
        "<h1>",
        "</h2>",
        "<br>",
        "<template>",
        "<select>",
        "<option>",
        "&amp;",
        "&#x",
        "&nbsp;",
        "&notit",
        "\u{a0}",
        "<meta property=og:title content='A &amp; b'>",
        "<time datetime=2021-01-01>",
        "é",
        "橋",
        "\u{0}",
        "<",
        "</",
        "<a b='",
        "The ferry ran aground in fog on Sunday, the coast guard said. ",
        "Forty were brought ashore by fishing boats from Selm. ",
    ];

    proptest! {
        #[test]
        fn tag_soup_is_read_and_traced(places in proptest::collection::vec(0..PIECES.len(), 0..80)) {
            let soup: String = places.iter().map(|place| PIECES[*place]).collect();
            let page = format!("<html>{soup}");
            if let Ok(found) = ingest(&Raw { name: "a.html", bytes: page.as_bytes() }, &IngestOptions::english(None)) {
                let article = &found.articles[0];
                prop_assert_eq!(retraced(page.as_bytes(), None, article).wrong, []);
                prop_assert!(article.headline.is_none_or(|span| article.text.get(span.range()).is_some()));
            }
        }
    }
}
