//! What watching feeds needs of the archive: feeds with their health, pages that they named, and pauses for others.

use ingest::Raw;
use model::{AddressKind, FeedPage, FeedRow};
use store::Error;

use super::Archive;
use crate::read::{ReadOptions, Reading, read};

/// What a feed says, read once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedRead {
    /// What it calls itself.
    pub title: Option<String>,
    /// The pages that it names, each once.
    pub pages: Vec<FeedPage>,
}

/// Reads the pages that a feed names. `url` is the feed's address.
///
/// # Errors
/// When it names none: a sentence that says what it is instead.
pub fn read_feed(url: &str, bytes: &[u8], options: &ReadOptions) -> Result<FeedRead, String> {
    let mut reading = Reading::default();
    read(&Raw { name: url, bytes }, options, &mut reading);
    let mut found = FeedRead::default();
    for address in reading.addresses.iter().filter(|address| address.kind == AddressKind::Page) {
        if found.pages.iter().any(|known| known.url == address.url) {
            continue;
        }
        let entry = reading.articles.iter().find(|article| article.url.as_ref() == Some(&address.url));
        let changed = entry.and_then(|article| article.modified.as_ref()).or(address.published.as_ref());
        found.title = found.title.or_else(|| address.outlet.clone());
        found.pages.push(FeedPage {
            url: address.url.clone(),
            feed: url.to_owned(),
            version: changed.map(|changed| changed.value.clone()),
        });
    }
    if found.pages.is_empty() {
        let why = reading.skipped.first().map(|skipped| skipped.reason.clone());
        return Err(why.filter(|_| reading.articles.is_empty()).unwrap_or_else(|| {
            "It names no pages, so it is no feed. Look for the feed's own address on that page.".to_owned()
        }));
    }
    Ok(found)
}

impl Archive {
    /// Lets other processes add until [`Archive::wake`]; nothing may be added in between.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn rest(&mut self) -> Result<(), Error> {
        self.store.rest()
    }

    /// Takes up adding again.
    ///
    /// # Errors
    /// When another process adds now ([`Error::is_in_use`]).
    pub fn wake(&mut self) -> Result<(), Error> {
        if self.store.wake()? {
            // Others have filed articles that the index does not know.
            self.index = None;
        }
        Ok(())
    }

    /// Notes something about the archive as a whole under a name: [`Reader::fact`](store::Reader::fact) reads it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put_fact(&mut self, key: &str, value: &str) -> Result<(), Error> {
        self.store.put_fact(key, value)
    }

    /// How inputs are read.
    pub fn read_options(&self) -> &ReadOptions {
        &self.read
    }

    /// Keeps how a feed fares and what it names, both or neither; returns how many of its pages are new.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn put_feed(&mut self, feed: &FeedRow, pages: &[FeedPage], now: &str) -> Result<usize, Error> {
        self.store.put_feed(feed, pages, now)
    }

    /// Forgets a feed; what came from it stays. Returns whether it was known.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn forget_feed(&mut self, url: &str) -> Result<bool, Error> {
        self.store.forget_feed(url)
    }

    /// Notes that pages of feeds are in.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn pages_are_in(&mut self, urls: &[&str]) -> Result<(), Error> {
        self.store.pages_are_in(urls)
    }

    /// Notes why a page did not come; it is tried again when `next` says, or never.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn page_failed(&mut self, url: &str, failure: &str, next: Option<&str>) -> Result<(), Error> {
        self.store.page_failed(url, failure, next)
    }

    /// How often a page was tried in vain.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn page_tries(&self, url: &str) -> Result<u32, Error> {
        self.store.page_tries(url)
    }
}
