//! Inputs that are addresses: fetched when `--fetch` allows it, refused with a reason when not.

use app::fetch::{Answer, FetchOptions, Fetched, Fetcher, Memory, PrivateNetworks, SystemClock, fetch_all};
use rashomon::{Raw, ReadOptions, Reading, Response};

use crate::cli::ReadArguments;
use crate::progress::Bar;

/// Whether an input is an address and no file.
pub fn is_address(name: &str) -> bool {
    name.contains("://")
}

/// Fetches addresses and reads what comes, in their order.
pub fn read(addresses: &[String], arguments: &ReadArguments, options: &ReadOptions, reading: &mut Reading) {
    if !arguments.fetch {
        for address in addresses {
            let reason =
                "Addresses are fetched only with --fetch. Add it, or save the page and name the file.";
            reading.skip(address, reason.to_owned());
        }
        return;
    }
    let private = if arguments.allow_private { PrivateNetworks::Allowed } else { PrivateNetworks::Refused };
    let fetcher = Fetcher::new(FetchOptions::polite(private), &SystemClock);
    let bar = Bar::new("fetching", arguments.quiet);
    fetch_all(&fetcher, addresses, &Memory::default(), &mut |place, answer| {
        let name = &addresses[place];
        match answer {
            Ok(Answer::Fetched(page)) => read_page(name, &page, options, reading),
            Ok(Answer::Unchanged) => {
                reading.skip(name, "It has not changed since it was last read.".to_owned())
            }
            Err(refusal) => reading.skip(name, refusal.to_string()),
        }
        bar.set(place + 1, addresses.len());
    });
    bar.finish();
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
