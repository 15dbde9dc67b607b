//! Lists of feeds (OPML 1 and 2), read and written.

use model::{Address, AddressKind};

use super::Format;
use super::feed::decode_xml;
use crate::limits::ENTRIES_MAX;
use crate::markup::{Scanner, Token, attribute, local, root};
use crate::{IngestOptions, Ingested, Raw, Rejection};

/// Lists of feeds: they give addresses to be fetched, not articles.
pub(crate) const FORMAT: Format = Format { id: "opml", name_ends: &[".opml"], claims, read, cut: None };

fn claims(head: &[u8]) -> bool {
    root(head).as_deref() == Some("opml")
}

fn read(raw: &Raw, _: &IngestOptions) -> Result<Ingested, Rejection> {
    let decoded = decode_xml(raw)?;
    let mut ingested = Ingested::default();
    for token in Scanner::new(&decoded.text) {
        let Token::Open { name, span, .. } = token else { continue };
        if local(name) != "outline" || ingested.addresses.len() >= ENTRIES_MAX {
            continue;
        }
        let tag = span.of(&decoded.text);
        let Some(url) = attribute(tag, "xmlurl").filter(|url| url.contains("://")) else { continue };
        let title = attribute(tag, "title").or_else(|| attribute(tag, "text"));
        let outlet = title.clone();
        ingested.addresses.push(Address { url, kind: AddressKind::Feed, title, outlet, published: None });
    }
    if ingested.addresses.is_empty() {
        let why = "this list of feeds names none (no `xmlUrl` with an address)".to_owned();
        return Err(Rejection::NoArticle { input: raw.name.to_owned(), why });
    }
    Ok(ingested)
}

/// Writes the feeds among these addresses as a list that any feed reader takes (OPML 2.0).
pub fn write_opml(title: &str, addresses: &[Address]) -> String {
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head><title>");
    escape(title, &mut out);
    out.push_str("</title></head>\n  <body>\n");
    for address in addresses.iter().filter(|address| address.kind == AddressKind::Feed) {
        out.push_str("    <outline type=\"rss\" text=\"");
        escape(address.title.as_deref().unwrap_or(&address.url), &mut out);
        out.push_str("\" xmlUrl=\"");
        escape(&address.url, &mut out);
        out.push_str("\"/>\n");
    }
    out.push_str("  </body>\n</opml>\n");
    out
}

/// Adds text for an attribute or element; characters that XML cannot hold are left out.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::write_opml;
    use crate::{IngestOptions, Raw, ingest};
    use model::{Address, AddressKind};
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<Address> {
        ingest(&Raw { name: "feeds.opml", bytes: text.as_bytes() }, &IngestOptions::english(None))
            .map(|found| found.addresses)
            .unwrap_or_default()
    }

    #[test]
    fn nested_lists_with_bare_ampersands_are_read() {
        let found = read("<?xml version='1.0'?><opml version='1.0'><head><title>x</title></head><body><outline text='Coast'>
            <outline text=\"Fish & ships\" xmlUrl=\"https://selm.example/rss?a=1&b=2\" type=\"rss\"/>
            <outline title='Hill' XMLURL='https://hill.example/feed'></outline><outline text='none'/></outline></body></opml>");
        let urls: Vec<&str> = found.iter().map(|address| address.url.as_str()).collect();
        assert_eq!(urls, ["https://selm.example/rss?a=1&b=2", "https://hill.example/feed"]);
        assert_eq!((found[0].title.as_deref(), found[0].kind), (Some("Fish & ships"), AddressKind::Feed));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(title in "[^\\p{C}\\s]{1,20}", path in "[a-z&?=\"<>']{0,20}") {
            let address = Address {
                url: format!("https://selm.example/{path}"),
                kind: AddressKind::Feed,
                title: Some(title.clone()),
                outlet: Some(title),
                published: None,
            };
            let written = write_opml("Feeds", std::slice::from_ref(&address));
            prop_assert_eq!(read(&written), vec![address]);
        }

        #[test]
        fn nothing_breaks_it(text in "(<opml>|<outline |text=|xmlUrl=|\"|'|https://a.example|/>|>|&|<){0,40}") {
            let _ = read(&format!("<opml>{text}"));
        }
    }
}
