//! What a page says of its article in microdata (schema.org): elements with `itemprop`, whose words readers see.

use super::json_ld::Described;
use super::page::{Block, Item, Page, Property};

/// Longest text that names an author, in words: longer ones tell of them.
const AUTHOR_WORDS_MAX: usize = 14;
/// Authors of one article.
const AUTHORS_MAX: usize = 20;

/// The article that the page's elements describe. Dates are in [`Page::times`], for they stand in attributes.
pub(crate) fn described(page: &Page) -> Described {
    let first = |wanted: Property| page.items.iter().find(|item| item.property == wanted);
    let headline = first(Property::Headline).and_then(|item| words(page, item));
    let section = first(Property::Section).and_then(|item| words(page, item));
    Described { headline, section, authors: authors(page), ..Described::default() }
}

/// The first author and those beside it; authors further down are those of comments.
fn authors(page: &Page) -> Vec<String> {
    let Some(first) = page.items.iter().find(|item| item.property == Property::Author) else {
        return Vec::new();
    };
    let parent = |item: &Item| page.nodes[item.node as usize].parent;
    let beside = |item: &&Item| item.property == Property::Author && parent(item) == parent(first);
    let named = |author: &Item| {
        let inside = |item: &&Item| {
            item.property == Property::Name && page.upwards(item.node).any(|holder| holder == author.node)
        };
        words_around(page, page.items.iter().find(inside).unwrap_or(author))
    };
    let all = page.items.iter().filter(beside).take(AUTHORS_MAX).filter_map(named);
    all.filter(|text| text.split_whitespace().count() <= AUTHOR_WORDS_MAX).collect()
}

/// The text of the block that begins in an element.
fn words(page: &Page, item: &Item) -> Option<String> {
    let block = page.blocks.get(item.block as usize)?;
    let is_in_item = page.upwards(block.leaf).any(|holder| holder == item.node);
    is_in_item.then(|| text(page, block))
}

/// The same, or that of the block in which the element stands: "By Ana Ruiz".
fn words_around(page: &Page, item: &Item) -> Option<String> {
    let block = page.blocks.get(item.block as usize)?;
    let holds_item = page.upwards(item.node).any(|holder| holder == block.node);
    words(page, item).or_else(|| holds_item.then(|| text(page, block)))
}

/// The text of a block on one line.
fn text(page: &Page, block: &Block) -> String {
    page.words(block).split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::described;
    use crate::extract::build::build;
    use crate::extract::encoding::Told;
    use crate::{IngestOptions, Raw, ingest};
    use model::PublishedOrigin;

    const PAGE: &str = "<html><body><div itemscope itemtype='https://schema.org/NewsArticle'>\
        <div itemprop='headline'>Ferry runs aground off Selm</div>\
        <p>By <span itemprop=author itemscope><span itemprop=name>Ana Ruiz</span></span></p>\
        <span itemprop=datePublished content='2021-03-14T09:30:00Z'>Sunday</span>\
        <div itemprop='articleSection'>Harbour</div>\
        <div itemprop=articleBody><p>The ferry Halcyon ran aground in thick fog on Sunday, the coast guard said, and forty people \
        were brought ashore by fishing boats from Port Selm.</p><p>Divers will look at the hull on Monday, and the line stays \
        shut until they are done, the harbour master told the Selm Courier.</p></div></div>\
        <div itemprop=comment itemscope><p itemprop=author>Harbour Cat</p><p itemprop=text>I saw it from the quay!</p></div>";

    #[test]
    fn elements_say_what_they_are() {
        let page = build(PAGE.as_bytes(), Told::utf8(PAGE));
        let found = described(&page);
        assert_eq!(found.headline.as_deref(), Some("Ferry runs aground off Selm"));
        assert_eq!(found.section.as_deref(), Some("Harbour"));
        assert_eq!(found.authors, ["By Ana Ruiz"]);
    }

    #[test]
    fn an_article_in_microdata_has_its_author_and_date() {
        let raw = Raw { name: "a.html", bytes: PAGE.as_bytes() };
        let article = ingest(&raw, &IngestOptions::english(None)).unwrap().articles.remove(0);
        assert_eq!(article.byline, ["Ana Ruiz"]);
        assert_eq!(article.section.as_deref(), Some("Harbour"));
        let published = article.published.unwrap();
        assert_eq!(
            (published.value.as_str(), published.origin),
            ("2021-03-14T09:30Z", PublishedOrigin::Meta)
        );
    }

    #[test]
    fn an_item_without_words_says_nothing() {
        let page = {
            let page = "<p itemprop=headline></p><p>Other</p><i itemprop=author></i>";
            build(page.as_bytes(), Told::utf8(page))
        };
        assert_eq!(described(&page), super::Described::default());
    }
}
