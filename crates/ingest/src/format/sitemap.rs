//! Sitemaps, with what Google's extension for news says: addresses of pages, their titles and dates.

use model::{Address, AddressKind, PublishedOrigin};

use super::Format;
use super::feed::decode_xml;
use crate::limits::ENTRIES_MAX;
use crate::markup::{Scanner, Token, Traced, local, root};
use crate::published::given as given_date;
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// Sitemaps: they give addresses to be fetched, not articles.
pub(crate) const FORMAT: Format = Format { id: "sitemap", name_ends: &[], claims, read, cut: None };

fn claims(head: &[u8]) -> bool {
    root(head).is_some_and(|root| matches!(root.as_str(), "urlset" | "sitemapindex"))
}

/// An entry as it is written.
#[derive(Default)]
struct Entry {
    url: String,
    title: Option<String>,
    outlet: Option<String>,
    date: Option<String>,
}

fn read(raw: &Raw, options: &IngestOptions) -> Result<Ingested, Rejection> {
    let decoded = decode_xml(raw)?;
    let mut ingested = Ingested::default();
    let mut entry = Entry::default();
    let mut value = Traced::default();
    for token in Scanner::new(&decoded.text) {
        match token {
            Token::Text(span) => value.resolve(span.of(&decoded.text), span.start),
            Token::Verbatim(span) => value.copy(span.of(&decoded.text), span.start),
            Token::Open { .. } => value = Traced::default(),
            Token::Close { name, .. } => {
                let (text, _) = std::mem::take(&mut value).finish();
                let text = text.trim().to_owned();
                let some = || Some(text.clone()).filter(|text| !text.is_empty());
                // `image:loc` and `video:title` tell of other things.
                let own = !name.contains(':') || name.to_ascii_lowercase().starts_with("news:");
                match local(name).as_str() {
                    "loc" if own => entry.url = text,
                    "title" if own => entry.title = some(),
                    "name" if own => entry.outlet = some(),
                    "publication_date" => entry.date = some(),
                    kind @ ("url" | "sitemap") => {
                        let kind = if kind == "url" { AddressKind::Page } else { AddressKind::Sitemap };
                        add(&mut ingested, std::mem::take(&mut entry), kind, options);
                    }
                    _ => {}
                }
            }
        }
    }
    if ingested.addresses.is_empty() {
        let why = "the sitemap names no page (no `loc` with an address)".to_owned();
        return Err(Rejection::NoArticle { input: raw.name.to_owned(), why });
    }
    Ok(ingested)
}

fn add(ingested: &mut Ingested, entry: Entry, kind: AddressKind, options: &IngestOptions) {
    if !entry.url.contains("://") || ingested.addresses.len() >= ENTRIES_MAX {
        return;
    }
    let published = entry.date.as_deref().and_then(|date| given_date(date, &options.words));
    let published = published.map(|mut date| {
        date.origin = PublishedOrigin::Feed;
        date
    });
    let Entry { url, title, outlet, .. } = entry;
    ingested.addresses.push(Address { url, kind, title, outlet, published });
}

#[cfg(test)]
mod tests {
    use crate::{IngestOptions, Raw, ingest};
    use model::{Address, AddressKind};
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<Address> {
        ingest(&Raw { name: "sitemap.xml", bytes: text.as_bytes() }, &IngestOptions::english(None))
            .map(|found| found.addresses)
            .unwrap_or_default()
    }

    #[test]
    fn pages_come_with_title_outlet_and_date() {
        let found = read("<?xml version='1.0'?><urlset xmlns:news='x'><url><loc> https://selm.example/1?a&amp;b </loc>
            <image:image><image:loc>https://selm.example/1.jpg</image:loc></image:image>
            <news:news><news:publication><news:name>The Selm Courier</news:name><news:language>en</news:language></news:publication>
            <news:publication_date>2021-03-15T06:30:00Z</news:publication_date><news:title>Ferry &amp; fog</news:title></news:news></url>
            <url><loc>no address</loc></url></urlset>");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].url.as_str(), found[0].kind), ("https://selm.example/1?a&b", AddressKind::Page));
        assert_eq!(
            (found[0].title.as_deref(), found[0].outlet.as_deref()),
            (Some("Ferry & fog"), Some("The Selm Courier"))
        );
        assert_eq!(found[0].published.as_ref().unwrap().value, "2021-03-15T06:30Z");
        let index =
            read("<sitemapindex><sitemap><loc>https://selm.example/a.xml</loc></sitemap></sitemapindex>");
        assert_eq!(index[0].kind, AddressKind::Sitemap);
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(text in "(</?url>|</?loc>|<news:title>|https://a.example|<!\\[CDATA\\[|]]>|&|<){0,40}") {
            let _ = read(&format!("<urlset>{text}"));
        }
    }
}
