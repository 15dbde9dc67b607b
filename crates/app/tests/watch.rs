//! Watching many feeds on a server that misbehaves: each keeps its cadence, whatever the others do.

mod server;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use app::fetch::{FetchOptions, Fetcher, Memory, PrivateNetworks, SystemClock};
use app::watch::{Feed, News, Rounds, Watch, WatchOptions};
use jiff::SignedDuration;
use server::{Server, ok};

fn options() -> FetchOptions {
    FetchOptions {
        time_max: Duration::from_secs(2),
        pace: SignedDuration::ZERO,
        ..FetchOptions::polite(PrivateNetworks::Allowed)
    }
}

/// How often something new, nothing new and nothing at all came from each feed.
type Counts = BTreeMap<String, [usize; 3]>;

/// Watches feeds until so many answers were told.
fn watch(feeds: &mut [Feed], answer_count: usize) -> Counts {
    let (fetcher, memory) = (Fetcher::new(options(), &SystemClock), Memory::default());
    let pause = SignedDuration::from_millis(50);
    let options = WatchOptions { pause_min: pause, pause_max: pause * 2, at_once: 8 };
    let watch = Watch { fetcher: &fetcher, memory: &memory, clock: &SystemClock, options };
    let (mut counts, mut told) = (Counts::new(), 0);
    watch.run(feeds, Rounds::Endless, &mut |feed, news| {
        let kind = match news {
            News::Changed(_) => 0,
            News::Unchanged => 1,
            News::Failed(_) => 2,
        };
        counts.entry(feed.url.clone()).or_default()[kind] += 1;
        told += 1;
        if told == answer_count { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    counts
}

#[test]
fn a_feed_that_hangs_holds_up_no_other() {
    let hanging = Server::start_streaming(b"HTTP/1.1 200 OK\r\n\r\n", b"a", Duration::from_millis(50));
    let quick = Server::start(|request| match (request.path.as_str(), request.header("if-none-match")) {
        ("/still", Some("\"1\"")) => server::status("304 Not Modified", ""),
        ("/still", _) => ok("etag: \"1\"\r\n", b"<rss/>"),
        ("/gone", _) => server::status("410 Gone", ""),
        ("/new", _) => ok("", b"<rss/>"),
        _ => server::not_found(),
    });
    let url = |path: &str| quick.url(path);
    let mut feeds =
        [hanging.url("/page"), url("/still"), url("/gone"), url("/new")].map(|url| Feed::new(&url));
    let counts = watch(&mut feeds, 30);
    let of = |url: &str| counts.get(url).copied().unwrap_or_default();
    assert!(of(&hanging.url("/page"))[2] <= 2, "{counts:?}");
    assert_eq!(of(&url("/still"))[0], 1, "only the first request brings something: {counts:?}");
    assert!(
        of(&url("/still"))[1] >= 3 && of(&url("/new"))[0] >= 5 && of(&url("/gone"))[2] >= 3,
        "{counts:?}"
    );
    let health = &feeds[1].health;
    assert_eq!((health.changed_count, health.failed_count), (1, 0));
    assert!(feeds[2].health.failure.as_deref().is_some_and(|why| why.contains("410")));
}

#[test]
fn five_hundred_feeds_are_all_asked() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" | "/.well-known/tdmrep.json" => server::not_found(),
        _ => ok("", b"<rss/>"),
    });
    let mut feeds: Vec<Feed> = (0..500).map(|place| Feed::new(&server.url(&format!("/{place}")))).collect();
    let counts = watch(&mut feeds, 1000);
    assert_eq!(counts.len(), 500, "each was asked");
    assert!(counts.values().all(|[new, still, failed]| *new >= 1 && still + failed == 0));
    assert!(feeds.iter().all(|feed| feed.health.next.is_some()));
}
