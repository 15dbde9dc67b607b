//! News feeds: RSS 0.9 to 2.0, Atom and JSON Feed. Entries with text become articles; what they link to has to be fetched.

use model::{Address, AddressKind, Published, PublishedOrigin, Skipped, Span};

use super::Format;
use crate::article::{Given, article, id_of};
use crate::decode::{Decoded, decode_as};
use crate::feed::{Entry, Feed, Field, read_json, read_xml};
use crate::format::html::fragment;
use crate::limits::ARTICLE_BYTES_MAX;
use crate::markup::{Traced, root};
use crate::published::given as given_date;
use crate::trace::{compose, source_of};
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// Feeds.
pub(crate) const FORMAT: Format =
    Format { id: "feed", name_ends: &[".rss", ".atom", ".rdf"], claims, read, cut: None };

/// What stands between headline and text.
const GAP: &str = "\n\n";
/// What every version of JSON Feed names.
const JSON_FEED: &[u8] = b"jsonfeed.org/version/";
/// With fewer bytes a description is a teaser, with more it may be the report.
const SUMMARY_BYTES_MAX: usize = 1500;
/// How a text that goes on elsewhere ends.
const GOES_ON: &[&str] = &["…", "...", "[…]", "[...]", "…]"];

fn claims(head: &[u8]) -> bool {
    let is_json =
        head.trim_ascii_start().starts_with(b"{") && memchr::memmem::find(head, JSON_FEED).is_some();
    is_json || root(head).is_some_and(|root| matches!(root.as_str(), "rss" | "feed" | "rdf" | "channel"))
}

/// A file in XML or JSON, decoded as it says of itself.
pub(crate) fn decode_xml(raw: &Raw) -> Result<Decoded, Rejection> {
    let head = String::from_utf8_lossy(&raw.bytes[..raw.bytes.len().min(200)]);
    let declaration = head.split_once("?>").map(|(declaration, _)| declaration.to_owned());
    let label =
        declaration.and_then(|declaration| crate::markup::attribute(&format!("{declaration}>"), "encoding"));
    decode_as(raw.bytes, label.as_deref()).ok_or_else(|| Rejection::Binary { input: raw.name.to_owned() })
}

fn read(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    let decoded = decode_xml(raw)?;
    let nothing = |why: String| Rejection::NoArticle { input: raw.name.to_owned(), why };
    let feed = if decoded.text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        read_json(&decoded.text).map_err(|error| nothing(format!("it is no JSON Feed ({error})")))?
    } else {
        read_xml(&decoded.text)
    };
    if feed.entries.is_empty() {
        return Err(nothing("the feed has no entry".to_owned()));
    }
    let mut ingested = Ingested::default();
    for (number, entry) in feed.entries.iter().enumerate() {
        let reader = Reader { raw, decoded: &decoded, feed: &feed, entry, number: number + 1, options };
        reader.read(&mut ingested);
    }
    if feed.over_count > 0 {
        let reason = format!("{} more entries of this feed are not read.", feed.over_count);
        ingested.skipped.push(Skipped { input: raw.name.to_owned(), reason });
    }
    if ingested.articles.is_empty() && ingested.addresses.is_empty() {
        return Err(nothing("its entries have neither text nor address".to_owned()));
    }
    Ok(ingested)
}

/// An entry while it is read.
struct Reader<'a> {
    raw: &'a Raw<'a>,
    decoded: &'a Decoded,
    feed: &'a Feed,
    entry: &'a Entry,
    number: usize,
    options: &'a IngestOptions,
}

impl Reader<'_> {
    fn read(&self, ingested: &mut Ingested) {
        let entry = self.entry;
        let published = self.date(entry.published.as_deref().or(entry.updated.as_deref()));
        let link = entry.link.clone().filter(|link| link.contains("://"));
        let body = entry.content.as_ref().or(entry.summary.as_ref()).map(|field| self.shown(field));
        let body = body.filter(|body| !body.text.trim().is_empty());
        if let Some(url) = &link {
            let title = entry.title.as_ref().map(|title| self.shown(title).text);
            ingested.addresses.push(Address {
                url: url.clone(),
                kind: AddressKind::Page,
                title: title.filter(|title| !title.is_empty()),
                outlet: self.feed.title.clone(),
                published: published.clone(),
            });
        }
        let Some(body) = body else { return };
        let cut_short = self.is_summary(&body).then(|| "summary".to_owned());
        if body.text.len() > ARTICLE_BYTES_MAX {
            let reason =
                format!("Its text has {} bytes and at most {ARTICLE_BYTES_MAX} are read.", body.text.len());
            ingested.skipped.push(Skipped { input: format!("{}:{}", self.raw.name, self.number), reason });
            return;
        }
        let (text, headline, map) = self.text(body);
        let given = Given {
            id: Some(entry.id.clone().unwrap_or_else(|| format!("{}:{}", id_of(self.raw.name), self.number))),
            outlet: self.feed.title.clone(),
            url: link,
            headline,
            published,
            source_map: Some(map),
            origin: entry.origin.clone(),
            cut_short,
            byline: entry.authors.clone(),
        };
        let mut article = article(self.raw.name, text, given, self.options);
        article.modified = self.date(entry.updated.as_deref());
        ingested.articles.push(article);
    }

    /// Headline, gap and text, with the way of each character to the file's bytes.
    fn text(&self, body: Shown) -> (String, Option<Span>, Vec<model::Trace>) {
        let title = self.entry.title.as_ref().map(|title| self.shown(title)).unwrap_or_default();
        let mut text = Traced::default();
        let mut add = |part: &Shown| {
            for (at, c) in part.text.char_indices() {
                match source_of(part.map.as_deref(), Span::new(at, at + c.len_utf8())) {
                    Some(source) => text.push(c, source),
                    None => text.push_untraced(c.encode_utf8(&mut [0; 4])),
                }
            }
        };
        let headline = (!title.text.is_empty()).then(|| Span::new(0, title.text.len()));
        if headline.is_some() {
            add(&title);
            add(&Shown { text: GAP.to_owned(), map: Some(Vec::new()) });
        }
        add(&body);
        let (text, map) = text.finish();
        let map = compose(&text, Some(&map.unwrap_or_default()), self.decoded.source_map.as_deref());
        (text, headline, map.unwrap_or_default())
    }

    /// What a field shows, traced to the decoded file.
    fn shown(&self, field: &Field) -> Shown {
        if self.entry.plain {
            return Shown { text: field.text.clone(), map: field.map.clone() };
        }
        let (text, inner) = fragment(&field.text);
        let map = compose(&text, Some(&inner), field.map.as_deref());
        Shown { text, map: Some(map.unwrap_or_default()) }
    }

    /// Whether the text is only what stands for it: a description that is short, or that says that it goes on.
    fn is_summary(&self, body: &Shown) -> bool {
        let short = self.entry.content.is_none() && body.text.len() < SUMMARY_BYTES_MAX;
        short || GOES_ON.iter().any(|end| body.text.trim_end().ends_with(end))
    }

    fn date(&self, field: Option<&str>) -> Option<Published> {
        let mut date = given_date(field?, &self.options.words)?;
        date.origin = PublishedOrigin::Feed;
        if date.precision == "minute" && date.value.len() == "2022-02-15T10:34".len() {
            date.value.push_str(&zone(field?).unwrap_or_default());
        }
        Some(date)
    }
}

/// The zone at the end of a date in a feed (RFC 822): `GMT`, `+0100`; letters for other zones are ambiguous.
fn zone(field: &str) -> Option<String> {
    let zone = field.split_whitespace().next_back()?;
    if ["GMT", "UT", "UTC", "Z", "+0000", "-0000"].contains(&zone) {
        return Some("Z".to_owned());
    }
    let (sign, digits) = zone.split_at_checked(1)?;
    let is_offset =
        ["+", "-"].contains(&sign) && digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_offset.then(|| {
        format!("{sign}{}:{}", digits.get(..2).unwrap_or_default(), digits.get(2..).unwrap_or_default())
    })
}

/// Text as it is shown, traced to the decoded file.
#[derive(Default)]
struct Shown {
    text: String,
    map: Option<Vec<model::Trace>>,
}

#[cfg(test)]
mod tests {
    use super::claims;
    use crate::trace::source_of;
    use crate::{IngestOptions, Ingested, Raw, Rejection, ingest};
    use model::{PublishedOrigin, Span};
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Ingested, Rejection> {
        ingest(&Raw { name: "selm.xml", bytes: text.as_bytes() }, &IngestOptions::english(None))
    }

    const RSS: &str = "<?xml version='1.0' encoding='utf-8'?><rss version=\"2.0\" xmlns:content=\"x\"><channel>
        <title>The Selm Courier</title><image><title>no</title></image>
        <item><title>Ferry &amp; fog</title><link>https://selm.example/1?a=1&amp;b=2</link>
        <pubDate>Mon, 15 Mar 2021 06:30:00 GMT</pubDate><source url=\"https://wire.example/\">Coast Wire</source>
        <description>Forty were brought ashore.</description>
        <content:encoded><![CDATA[<p>The ferry’s hull was <b>torn</b> open &#8211; in fog.</p><p>Nobody was hurt.</p>]]></content:encoded></item>
        <item><title>Choir buys lighthouse</title><link>https://selm.example/2</link>
        <description>&lt;p&gt;The choir has bought it for 40,000 crowns.&lt;/p&gt;</description></item>
        <item><link>https://selm.example/3</link></item>
        </channel></rss>";

    #[test]
    fn entries_with_text_are_articles_and_all_links_addresses() {
        let found = read(RSS).unwrap();
        assert_eq!((found.articles.len(), found.addresses.len()), (2, 3));
        let first = &found.articles[0];
        assert_eq!(first.text, "Ferry & fog\n\nThe ferry’s hull was torn open – in fog.\n\nNobody was hurt.");
        assert_eq!(first.headline.unwrap().of(&first.text), "Ferry & fog");
        assert_eq!(
            (first.outlet.as_deref(), first.origin.as_deref()),
            (Some("The Selm Courier"), Some("Coast Wire"))
        );
        assert_eq!(
            (first.cut_short.as_deref(), found.articles[1].cut_short.as_deref()),
            (None, Some("summary"))
        );
        assert_eq!(first.url.as_deref(), Some("https://selm.example/1?a=1&b=2"));
        let published = first.published.as_ref().unwrap();
        assert_eq!(
            (published.value.as_str(), published.origin),
            ("2021-03-15T06:30Z", PublishedOrigin::Feed)
        );
    }

    #[test]
    fn every_word_is_traced_to_the_file() {
        let found = read(RSS).unwrap();
        let source = |number: usize, words: &str| {
            let article = &found.articles[number];
            let at = article.text.find(words).unwrap();
            source_of(article.source_map.as_deref(), Span::new(at, at + words.len())).unwrap().of(RSS)
        };
        assert_eq!(source(0, "Ferry & fog"), "Ferry &amp; fog");
        assert_eq!(source(0, "torn open –"), "torn</b> open &#8211;");
        assert_eq!(source(1, "40,000"), "40,000");
    }

    #[test]
    fn atom_and_json_feed_are_read() {
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Selm</title><entry><id>urn:1</id><title>Ferry</title>
            <link rel='self' href='https://selm.example/self'/><link href='https://selm.example/1'/><author><name>Ana Ruiz</name></author>
            <published>2021-03-15T06:30:00Z</published><updated>2021-03-16T06:30:00Z</updated>
            <content type='xhtml'><div><p>The ferry ran <i>aground</i>.</p></div></content></entry></feed>";
        let article = read(atom).unwrap().articles.remove(0);
        assert_eq!(
            (article.id.as_str(), article.text.as_str()),
            ("urn:1", "Ferry\n\nThe ferry ran aground.")
        );
        assert_eq!(
            (article.url.as_deref(), article.byline),
            (Some("https://selm.example/1"), vec!["Ana Ruiz".to_owned()])
        );
        assert_eq!(article.modified.unwrap().value, "2021-03-16T06:30Z");
        let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Selm", "items": [{"id": 1, "url": "https://selm.example/1",
            "content_html": "<p>The ferry ran \u201caground\u201d.</p>"}, 7, {"id": "2", "content_text": "Plain <text>."}]}"#;
        let found = read(json).unwrap();
        assert_eq!(found.articles[0].text, "The ferry ran “aground”.");
        assert_eq!((found.articles[1].text.as_str(), found.skipped.len()), ("Plain <text>.", 1));
        let at = found.articles[0].text.find('“').unwrap();
        let source = source_of(found.articles[0].source_map.as_deref(), Span::new(at, at + 3)).unwrap();
        assert_eq!(source.of(json), r"\u201c");
    }

    #[test]
    fn zones_of_dates_are_kept() {
        let zone = |field: &str| super::zone(field);
        assert_eq!(zone("Mon, 15 Mar 2021 06:30:00 -0530").as_deref(), Some("-05:30"));
        assert_eq!(
            (zone("15 Mar 2021 06:30 GMT").as_deref(), zone("15 Mar 2021 06:30 EST")),
            (Some("Z"), None)
        );
    }

    #[test]
    fn claims_feeds_and_nothing_else() {
        assert!(
            claims(b"<?xml version='1.0'?>\n<rss version='0.91'>")
                && claims(b"<atom:feed>")
                && claims(b"<rdf:RDF>")
        );
        assert!(!claims(b"<html><body><rss>") && !claims(b"{\"text\": \"x\"}") && !claims(b"The <rss> tag"));
    }

    proptest! {
        #[test]
        fn no_damage_breaks_it(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8), cut in any::<prop::sample::Index>()) {
            let mut bytes = RSS.as_bytes().to_vec();
            for (place, byte) in places {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            bytes.truncate(cut.index(bytes.len()) + 1);
            if let Ok(found) = ingest(&Raw { name: "a", bytes: &bytes }, &IngestOptions::english(None)) {
                for article in &found.articles {
                    for trace in article.source_map.iter().flatten() {
                        prop_assert!(article.text.get(trace.text.range()).is_some() && trace.source.end <= bytes.len());
                    }
                }
            }
        }
    }
}
