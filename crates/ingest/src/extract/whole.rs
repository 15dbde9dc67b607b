//! Whether a page gives the whole article: behind a paywall, only a summary, or only notices.

use model::Article;

use super::Judged;
use crate::words::{PageWords, plain};

/// Fewest words of an article's text.
const WORDS_MIN: usize = 8;
/// An article that is said not to be free and is shorter than this, in words, is not all there.
const STUB_WORDS_MAX: usize = 250;
/// A text that breaks off and is shorter than this, in words, is a summary.
const SUMMARY_WORDS_MAX: usize = 120;
/// So many blocks after the text may ask for a subscription.
const AFTER_BLOCKS: usize = 6;
/// Shorter lines are found on any page: "Log in".
const ASKING_WORDS_MIN: usize = 4;
/// What a text that breaks off ends in.
const BROKEN_ENDS: [&str; 4] = ["…", "...", "[…]", "[...]"];
/// The kind of furniture that asks for a subscription.
const PAYWALL: &str = "paywall";
/// The kind that asks for consent.
const COOKIES: &str = "cookie-notice";

/// Why the text is not the whole article; `None` where nothing says so.
pub(crate) fn cut_short(judged: &Judged, words: &PageWords) -> Option<String> {
    let page = &judged.page;
    let count = judged.word_count(STUB_WORDS_MAX);
    let last = *judged.body.last()?;
    let asks = |place: usize| {
        let text = page.words(&page.blocks[place]);
        let count = text.split_whitespace().count();
        count >= ASKING_WORDS_MIN && words.phrases.is_of_kind(PAYWALL, &plain(text), count)
    };
    let is_asking = || (last..page.blocks.len().min(last + 1 + AFTER_BLOCKS)).any(asks);
    let breaks_off = || {
        let end = page.words(&page.blocks[last]).trim_end();
        BROKEN_ENDS.iter().any(|mark| end.ends_with(mark))
    };
    if count < STUB_WORDS_MAX && (judged.described.is_free == Some(false) || is_asking()) {
        Some(PAYWALL.to_owned())
    } else if count < SUMMARY_WORDS_MAX && breaks_off() {
        Some("summary".to_owned())
    } else {
        None
    }
}

/// Why there is no article in what was taken for one: too few words that are no furniture.
pub(crate) fn no_article(judged: &Judged, article: &Article, words: &PageWords) -> Option<String> {
    let is_furniture = |at: usize| article.furniture.iter().any(|piece| piece.span.range().contains(&at));
    let mut count = 0;
    let mut start = article.headline.map_or(0, |headline| headline.end);
    let body = article.text.get(start..).unwrap_or_default();
    for line in body.split_inclusive('\n') {
        if !is_furniture(start) {
            count += line.split_whitespace().count();
        }
        if count >= WORDS_MIN {
            return None;
        }
        start += line.len();
    }
    let page = &judged.page;
    let holds = |kind: &str| {
        page.blocks.iter().any(|block| {
            let text = page.words(block);
            let count = text.split_whitespace().count();
            count >= ASKING_WORDS_MIN && words.phrases.is_of_kind(kind, &plain(text), count)
        })
    };
    Some(if holds(COOKIES) {
        "it only asks for consent to cookies; save the page after the choice is made".to_owned()
    } else if holds(PAYWALL) {
        "it only asks for a subscription; save the page as a subscriber sees it".to_owned()
    } else {
        "no part of the page reads as an article; save the article's own page, after it has loaded".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use crate::{IngestOptions, Raw, Rejection, ingest};

    const STORY: &str = "<p>The ferry Halcyon ran aground in thick fog on Sunday, the coast guard said, and forty people \
        were brought ashore by fishing boats from Port Selm.</p><p>Divers will look at the hull on Monday, and the line \
        stays shut until they are done, the harbour master told the Selm Courier by telephone.</p><p>It is the second time \
        in two years that a ferry of the line has met the sandbank, which moves a little with every winter.</p>";

    fn cut_short(after: &str, head: &str) -> Option<String> {
        read(&format!("{STORY}{after}"), head)
    }

    fn read(body: &str, head: &str) -> Option<String> {
        let page = format!(
            "<html><head>{head}<title>Ferry runs aground</title></head><body><article><h1>Ferry runs aground</h1>{body}</article></body></html>"
        );
        let raw = Raw { name: "a.html", bytes: page.as_bytes() };
        ingest(&raw, &IngestOptions::english(None)).unwrap().articles.remove(0).cut_short
    }

    #[test]
    fn a_stub_says_so() {
        let data = "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":false}</script>";
        assert_eq!(cut_short("", data).as_deref(), Some("paywall"));
        assert_eq!(cut_short("<p>Subscribe to continue reading</p>", "").as_deref(), Some("paywall"));
        assert_eq!(read(&STORY.replace("with every winter.", "and …"), "").as_deref(), Some("summary"));
        assert_eq!(cut_short("", ""), None);
    }

    #[test]
    fn a_wall_is_no_article() {
        let page = "<!doctype html><title>Selm Courier</title><h1>We value your privacy</h1><p>We use cookies to make this \
            site work and to count who reads it.</p><button>Accept all</button>";
        let found = ingest(&Raw { name: "a.html", bytes: page.as_bytes() }, &IngestOptions::english(None));
        assert!(
            matches!(&found, Err(Rejection::NoArticle { why, .. }) if why.contains("cookies")),
            "{found:?}"
        );
    }
}
