//! Inputs that are addresses, and those that inputs name: fetched when `--fetch` allows it, refused with a reason when not.

use std::collections::BTreeSet;

use app::fetch::{Answer, FetchOptions, Fetched, Fetcher, Memory, PrivateNetworks, SystemClock, fetch_all};
use model::Address;
use rashomon::{Raw, ReadOptions, Reading, Response};

use crate::cli::ReadArguments;
use crate::progress::Bar;

/// Why an address is skipped without `--fetch`.
pub const NOT_FETCHED: &str =
    "Addresses are fetched only with --fetch. Add it, or save the page and name the file.";
/// Why an address is skipped whose page is as it was.
pub const UNCHANGED: &str = "It has not changed since it was last read.";
/// Addresses that are followed in one run, besides those that were named: what lists, sitemaps and feeds hold.
const FOLLOWED_MAX: usize = 500;
/// Steps from an input to a page: from a list of feeds to a feed, from there to a page. A sitemap of sitemaps has one more.
const STEPS_MAX: usize = 4;

/// Whether an input is an address and no file.
pub fn is_address(name: &str) -> bool {
    name.contains("://")
}

/// How the program fetches: politely, and from private networks only where it is told to.
pub fn fetch_options(allow_private: bool) -> FetchOptions {
    FetchOptions::polite(if allow_private { PrivateNetworks::Allowed } else { PrivateNetworks::Refused })
}

/// The web as one run sees it: what was asked for already, and what its hosts said.
pub struct Web<'a> {
    options: &'a ReadOptions,
    /// `None` without `--fetch`.
    fetcher: Option<Fetcher<'static>>,
    memory: Memory,
    asked: BTreeSet<String>,
    quiet: bool,
}

impl<'a> Web<'a> {
    /// As the arguments allow it; nothing is fetched yet.
    pub fn new(arguments: &ReadArguments, options: &'a ReadOptions) -> Web<'a> {
        let fetcher = || Fetcher::new(fetch_options(arguments.allow_private), &SystemClock);
        Web {
            options,
            fetcher: arguments.fetch.then(fetcher),
            memory: Memory::default(),
            asked: BTreeSet::new(),
            quiet: arguments.quiet,
        }
    }

    /// Fetches addresses that were named and reads what comes, in their order.
    pub fn read(&mut self, names: &[String], reading: &mut Reading) {
        if self.fetcher.is_none() {
            for name in names {
                reading.skip(name, NOT_FETCHED.to_owned());
            }
            return;
        }
        self.asked.extend(names.iter().cloned());
        self.fetch(names, reading, &mut |_, _| ());
    }

    /// Fetches the addresses that the inputs name, and those that what comes names in turn: each once, and so many.
    pub fn follow(&mut self, reading: &mut Reading) {
        if self.fetcher.is_none() {
            return;
        }
        let mut left = FOLLOWED_MAX;
        for _ in 0..STEPS_MAX {
            let mut new = self.new_addresses(reading);
            let over = new.split_off(left.min(new.len()));
            left -= new.len();
            for address in over {
                let reason = format!(
                    "No more than {FOLLOWED_MAX} addresses that inputs name are fetched in one run; name it by itself."
                );
                reading.skip(&address.url, reason);
            }
            let names: Vec<String> = new.iter().map(|address| address.url.clone()).collect();
            self.fetch(&names, reading, &mut |place, reading| complete(reading, &new[place]));
        }
        for address in self.new_addresses(reading) {
            let reason = format!(
                "It is named by a list in a list, more than {STEPS_MAX} steps from an input; name it by itself."
            );
            reading.skip(&address.url, reason);
        }
    }

    /// What was named since the last time and not asked for before.
    fn new_addresses(&mut self, reading: &mut Reading) -> Vec<Address> {
        let mut new = reading.take_addresses();
        new.retain(|address| self.asked.insert(address.url.clone()));
        new
    }

    /// Reads what comes from addresses; `read` is called after each that was read, with its place.
    fn fetch(&self, names: &[String], reading: &mut Reading, read: &mut dyn FnMut(usize, &mut Reading)) {
        let Some(fetcher) = &self.fetcher else { return };
        let bar = Bar::new("fetching", self.quiet);
        fetch_all(fetcher, names, &self.memory, &mut |place, answer| {
            let name = &names[place];
            match answer {
                Ok(Answer::Fetched(page)) => {
                    read_page(name, &page, self.options, reading);
                    read(place, reading);
                }
                Ok(Answer::Unchanged) => reading.skip(name, UNCHANGED.to_owned()),
                Err(refusal) => reading.skip(name, refusal.to_string()),
            }
            bar.set(place + 1, names.len());
        });
        bar.finish();
    }
}

/// What the list says of an address, for the article at it that does not say so itself.
fn complete(reading: &mut Reading, address: &Address) {
    let own = reading.articles.iter_mut().rev().take_while(|article| article.input == address.url);
    for article in own {
        article.outlet = article.outlet.take().or_else(|| address.outlet.clone());
        article.published = article.published.take().or_else(|| address.published.clone());
    }
}

fn read_page(name: &str, page: &Fetched, options: &ReadOptions, reading: &mut Reading) {
    let captured = page.fetched_at.to_string();
    let response = Response {
        charset: page.header("content-type").and_then(charset),
        url: Some(&page.final_url),
        captured: Some(&captured),
    };
    rashomon::read_response(&Raw { name, bytes: &page.body }, &response, options, reading);
}

/// The encoding in `text/html; charset=utf-8`.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    })
}

#[cfg(test)]
mod tests {
    use super::charset;

    #[test]
    fn the_encoding_is_read_from_the_type() {
        assert_eq!(charset("text/html; Charset=\"windows-1252\""), Some("windows-1252"));
        assert_eq!(charset("text/html;level=1;charset=utf-8"), Some("utf-8"));
        assert_eq!((charset("text/html"), charset("text/html; charset")), (None, None));
    }
}
