//! Fetching from a server that misbehaves in every way that is known: no answer hangs, floods or leads astray.

#![allow(clippy::disallowed_methods, reason = "whether budgets of time are kept is seen on a real clock")]

mod server;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use app::fetch::{
    Answer, Clock, FetchOptions, Fetched, Fetcher, Memory, PrivateNetworks, Refusal, SystemClock, fetch_all,
};
use jiff::{SignedDuration, Timestamp};
use server::{Server, ok};

/// A clock that stands still, but for those who wait.
struct StillClock(Mutex<Timestamp>);

/// When every test begins.
fn start() -> Timestamp {
    "2025-03-04T10:00:00Z".parse().expect("it is a time")
}

impl StillClock {
    fn new() -> StillClock {
        StillClock(Mutex::new(start()))
    }

    fn passed(&self) -> SignedDuration {
        start().duration_until(self.now())
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no thread panics here")
    }

    fn wait_until(&self, then: Timestamp) {
        let mut now = self.0.lock().expect("no thread panics here");
        *now = then.max(*now);
    }
}

/// Small budgets, so that what is too slow or too large is so soon.
fn options() -> FetchOptions {
    FetchOptions {
        time_max: Duration::from_millis(1500),
        body_bytes_max: 100_000,
        ..FetchOptions::polite(PrivateNetworks::Allowed)
    }
}

fn fetch(server: &Server, path: &str) -> Result<Answer, Refusal> {
    let clock = StillClock::new();
    Fetcher::new(options(), &clock).fetch(&server.url(path), &Memory::default())
}

fn page(answer: Result<Answer, Refusal>) -> Fetched {
    match answer {
        Ok(Answer::Fetched(page)) => *page,
        other => panic!("{other:?} is no page"),
    }
}

/// What a path gives, that answers with these bytes.
fn refusal(answer: &'static [u8]) -> Refusal {
    let server = Server::start(move |request| match request.path.as_str() {
        "/page" => answer.to_vec(),
        _ => server::not_found(),
    });
    match fetch(&server, "/page") {
        Err(refusal) => refusal,
        Ok(answer) => panic!("{answer:?} was read"),
    }
}

#[test]
fn a_page_comes_with_all_that_an_archive_needs() {
    let server = Server::start(|request| match request.path.as_str() {
        "/page?x=1" => {
            ok("content-type: text/html; charset=klingon\r\nx-odd: caf\u{e9}\r\n", b"<p>The bridge.")
        }
        _ => server::not_found(),
    });
    let page = page(fetch(&server, "/page?x=1#top"));
    assert_eq!(
        (page.status, page.version.as_str(), page.body.as_slice()),
        (200, "HTTP/1.1", &b"<p>The bridge."[..])
    );
    assert_eq!(page.header("content-type"), Some("text/html; charset=klingon"));
    assert_eq!(
        (page.url.as_str(), page.final_url.as_str()),
        (server.url("/page?x=1").as_str(), page.url.as_str())
    );
    assert_eq!(page.fetched_at.to_string(), "2025-03-04T10:00:00Z");
    let asked = server.requests().into_iter().find(|request| request.path == "/page?x=1").unwrap();
    assert!(asked.header("user-agent").unwrap().starts_with("rashomon/"), "{asked:?}");
    assert!(page.request.iter().all(|header| asked.header(&header.name) == Some(&header.value)));
}

#[test]
fn the_second_request_is_conditional_and_half_a_page_is_asked_for_again() {
    let server = Server::start(|request| match request.path.as_str() {
        "/page" if request.header("if-none-match") == Some("W/\"7\"") => {
            assert_eq!(request.header("if-modified-since"), Some("Tue, 04 Mar 2025 09:00:00 GMT"));
            server::status("304 Not Modified", "etag: W/\"8\"\r\n")
        }
        "/page" if request.header("if-none-match") == Some("W/\"8\"") => ok("", b"new"),
        "/page" => ok("etag: W/\"7\"\r\nlast-modified: Tue, 04 Mar 2025 09:00:00 GMT\r\n", b"old"),
        "/half" => b"HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: 50\r\n\r\nhalf".to_vec(),
        "/wrong" => server::status("304 Not Modified", ""),
        _ => server::not_found(),
    });
    let (clock, memory) = (StillClock::new(), Memory::default());
    let fetcher = Fetcher::new(options(), &clock);
    let ask = |path: &str| fetcher.fetch(&server.url(path), &memory);
    assert_eq!(page(ask("/page")).body, b"old");
    assert!(matches!(ask("/page"), Ok(Answer::Unchanged)));
    assert_eq!(page(ask("/page")).body, b"new", "the validators of the 304 are sent next");
    assert!(memory.validators(&server.url("/page")).is_none(), "a page without validators has none");
    for _ in 0..2 {
        assert!(matches!(ask("/half"), Err(Refusal::Garbled { .. })));
    }
    assert!(
        server
            .requests()
            .iter()
            .filter(|request| request.path == "/half")
            .all(|request| request.header("if-none-match").is_none())
    );
    assert_eq!(ask("/wrong").unwrap_err(), Refusal::Status { status: 304 });
}

#[test]
fn a_host_is_asked_once_a_second_or_as_slowly_as_it_wants() {
    let answer = |request: &server::Request| match request.path.as_str() {
        "/robots.txt" => ok("", b"User-agent: *\nCrawl-delay: 5\n"),
        path if path.starts_with("/page") => ok("", b"x"),
        _ => server::not_found(),
    };
    let (slow, plain) = (Server::start(answer), Server::start(|_| ok("", b"[]")));
    let (clock, memory) = (StillClock::new(), Memory::default());
    let fetcher = Fetcher::new(options(), &clock);
    for number in 0..3 {
        page(fetcher.fetch(&plain.url(&format!("/page{number}")), &memory));
    }
    assert_eq!(clock.passed().as_secs(), 2);
    for number in 0..3 {
        page(fetcher.fetch(&slow.url(&format!("/page{number}")), &memory));
    }
    assert_eq!(clock.passed().as_secs(), 12);
    let rules = slow.requests().iter().filter(|request| request.path == "/robots.txt").count();
    assert_eq!(rules, 1, "robots.txt is remembered");
    clock.wait_until(clock.now() + SignedDuration::from_hours(25));
    page(fetcher.fetch(&slow.url("/page"), &memory));
    assert_eq!(
        slow.requests().iter().filter(|request| request.path == "/robots.txt").count(),
        2,
        "for a day"
    );
}

#[test]
fn retry_after_is_obeyed_in_seconds_and_as_a_date() {
    let server = Server::start(|request| match request.path.as_str() {
        "/soon" if request.earlier == 0 => server::status("429 Too Many Requests", "retry-after: 7\r\n"),
        "/soon" => ok("", b"there"),
        "/date" => {
            server::status("503 Service Unavailable", "retry-after: Tue, 04 Mar 2025 12:00:00 GMT\r\n")
        }
        "/always" => server::status("429 Too Many Requests", "retry-after: 1\r\n"),
        "/busy" => server::status("503 Service Unavailable", "retry-after: soon\r\n"),
        _ => server::not_found(),
    });
    let (clock, memory) = (StillClock::new(), Memory::default());
    let fetcher = Fetcher::new(options(), &clock);
    let ask = |path: &str| fetcher.fetch(&server.url(path), &memory);
    assert_eq!(page(ask("/soon")).body, b"there");
    assert_eq!(clock.passed().as_secs(), 7);
    assert!(matches!(ask("/always"), Err(Refusal::Later { .. })), "it is asked once more, and not for ever");
    assert_eq!(ask("/busy").unwrap_err(), Refusal::Status { status: 503 });
    let noon: Timestamp = "2025-03-04T12:00:00Z".parse().unwrap();
    assert_eq!(ask("/date").unwrap_err(), Refusal::Later { until: noon });
    let before = server.requests().len();
    assert_eq!(ask("/soon").unwrap_err(), Refusal::Later { until: noon }, "all of the host rests");
    assert_eq!(server.requests().len(), before);
}

#[test]
fn what_robots_txt_forbids_is_not_asked_for() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => server::status("302 Found", "location: /rules\r\n"),
        "/rules" => ok("", b"User-agent: rashomon\nDisallow: /private\nUser-agent: *\nDisallow: /\n"),
        "/open" => server::status("302 Found", "location: /private/1\r\n"),
        "/private/1" => panic!("a forbidden page was asked for"),
        _ => ok("", b"x"),
    });
    assert_eq!(fetch(&server, "/private/1").unwrap_err(), Refusal::Robots { rule: "/private".to_owned() });
    assert!(matches!(fetch(&server, "/open"), Err(Refusal::Robots { .. })), "nor by a redirect");
    page(fetch(&server, "/free"));
}

#[test]
fn without_robots_txt_all_is_allowed_and_with_a_broken_one_nothing() {
    let with = |answer: fn() -> Vec<u8>| {
        let server = Server::start(move |request| match request.path.as_str() {
            "/robots.txt" => answer(),
            "/page" => ok("", b"x"),
            _ => server::not_found(),
        });
        fetch(&server, "/page")
    };
    page(with(server::not_found));
    page(with(|| server::status("403 Forbidden", "")));
    page(with(|| server::status("302 Found", "location: /robots.txt\r\n")));
    page(with(|| ok("", &b"User-agent: *\nAllow: /\n# long\n".repeat(100_000))));
    let broken = with(|| server::status("500 Internal Server Error", ""));
    assert_eq!(broken.unwrap_err(), Refusal::RobotsUnread { why: "status 500".to_owned() });
    assert!(matches!(with(|| b"no HTTP at all\r\n\r\n".to_vec()), Err(Refusal::RobotsUnread { .. })));
}

#[test]
fn reserved_rights_are_obeyed_wherever_they_are_said() {
    let server = Server::start(|request| {
        match request.path.as_str() {
        "/.well-known/tdmrep.json" => ok(
            "content-type: application/json\r\n",
            br#"[{"location":"/paid/*","tdm-reservation":1,"tdm-policy":"https://arle.example/tdm"},{"location":"/free/*","tdm-reservation":0}]"#,
        ),
        "/header" => ok("tdm-reservation: 1\r\netag: \"1\"\r\n", b"x"),
        "/meta" => ok("", b"<html><head><meta name=\"tdm-reservation\" content=\"1\"></head>"),
        "/paid/1" => panic!("a reserved page was asked for"),
        "/free/1" | "/plain" => ok("", b"x"),
        _ => server::not_found(),
    }
    });
    let policy = Some("https://arle.example/tdm".to_owned());
    assert_eq!(
        fetch(&server, "/paid/1").unwrap_err(),
        Refusal::Reserved { place: "its tdmrep.json", policy }
    );
    assert_eq!(
        fetch(&server, "/header").unwrap_err(),
        Refusal::Reserved { place: "its header", policy: None }
    );
    assert_eq!(fetch(&server, "/meta").unwrap_err(), Refusal::Reserved { place: "the page", policy: None });
    assert!(page(fetch(&server, "/free/1")).reservation.is_some_and(|found| !found.reserved), "recorded");
    assert_eq!(page(fetch(&server, "/plain")).reservation, None);
}

#[test]
fn redirects_are_followed_so_far_and_each_is_looked_at() {
    let server = Server::start(|request| match request.path.as_str() {
        "/moved" => server::status("301 Moved Permanently", "location: a/../page\r\n"),
        "/page" => ok("", b"x"),
        "/loop" => server::status("302 Found", "location: /pool\r\n"),
        "/pool" => server::status("302 Found", "location: /loop\r\n"),
        "/file" => server::status("302 Found", "location: file:///etc/passwd\r\n"),
        "/nowhere" => server::status("302 Found", ""),
        path if path.starts_with("/on") => {
            server::status("307 Temporary Redirect", &format!("location: {path}n\r\n"))
        }
        _ => server::not_found(),
    });
    let moved = page(fetch(&server, "/moved"));
    assert_eq!((moved.final_url, moved.hops.len(), moved.hops[0].status), (server.url("/page"), 1, 301));
    assert!(matches!(fetch(&server, "/loop"), Err(Refusal::RedirectLoop { .. })));
    assert_eq!(fetch(&server, "/on").unwrap_err(), Refusal::Redirects { count: 10 });
    assert_eq!(fetch(&server, "/file").unwrap_err(), Refusal::Scheme { scheme: "file".to_owned() });
    assert_eq!(fetch(&server, "/nowhere").unwrap_err(), Refusal::Status { status: 302 });
}

#[test]
fn private_addresses_are_refused_before_anything_is_sent() {
    let server = Server::start(|_| panic!("a private machine was asked"));
    let clock = StillClock::new();
    let fetcher = Fetcher::new(FetchOptions { private: PrivateNetworks::Refused, ..options() }, &clock);
    let port = server.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0",
        "169.254.169.254",
    ] {
        let refused = fetcher.fetch(&format!("http://{host}:{port}/"), &Memory::default());
        assert!(matches!(refused, Err(Refusal::Private { .. })), "{host}: {refused:?}");
    }
}

#[test]
fn bodies_without_end_and_bombs_stop_at_the_budget() {
    let endless = Server::start_streaming(b"HTTP/1.1 200 OK\r\n\r\n", &[b'a'; 1000], Duration::ZERO);
    assert_eq!(fetch(&endless, "/page").unwrap_err(), Refusal::TooLarge { what: "page", limit: 100_000 });
    let slow = Server::start_streaming(b"HTTP/1.1 200 OK\r\n\r\n", b"a", Duration::from_millis(50));
    let start = Instant::now();
    assert!(matches!(fetch(&slow, "/page"), Err(Refusal::TooSlow { .. })));
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    let dripping = Server::start_streaming(b"HTTP/1.1 200 OK\r\nx-", b"a", Duration::from_millis(50));
    assert!(matches!(fetch(&dripping, "/page"), Err(Refusal::TooSlow { .. })));
    let silent = Server::start_streaming(b"", b"", Duration::from_millis(50));
    assert!(matches!(fetch(&silent, "/page"), Err(Refusal::TooSlow { .. })));
    let headers = Server::start_streaming(
        b"HTTP/1.1 200 OK\r\n",
        b"x-long: aaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
        Duration::ZERO,
    );
    let refused = fetch(&headers, "/page").unwrap_err();
    assert!(
        matches!(refused, Refusal::TooLarge { what: "header", .. } | Refusal::Garbled { .. }),
        "{refused:?}"
    );
    let bomb = server::gzip(&vec![b'a'; 50 << 20]);
    assert!(bomb.len() < 100_000, "the bomb is small on the way");
    let bomb = Server::start(move |request| match request.path.as_str() {
        "/page" => ok("content-encoding: gzip\r\n", &bomb),
        _ => server::not_found(),
    });
    assert_eq!(fetch(&bomb, "/page").unwrap_err(), Refusal::TooLarge { what: "page", limit: 100_000 });
    let announced = refusal(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n");
    assert_eq!(announced, Refusal::TooLarge { what: "page", limit: 100_000 });
}

#[test]
fn packed_pages_are_unpacked_and_kept_as_they_came() {
    let packed = server::gzip(b"<p>The bridge.");
    let kept = packed.clone();
    let server = Server::start(move |request| match request.path.as_str() {
        "/page" => ok("content-encoding: gzip\r\n", &packed),
        "/cut" => ok("content-encoding: gzip\r\n", &packed[..packed.len() - 9]),
        "/not" => ok("content-encoding: gzip\r\n", b"<p>not packed"),
        "/br" => ok("content-encoding: br\r\n", b"x"),
        _ => server::not_found(),
    });
    let page = page(fetch(&server, "/page"));
    assert_eq!((page.body.as_slice(), page.packed), (&b"<p>The bridge."[..], Some(kept)));
    for path in ["/cut", "/not", "/br"] {
        assert!(matches!(fetch(&server, path), Err(Refusal::Garbled { .. })), "{path}");
    }
}

#[test]
fn what_is_no_sound_http_is_a_reason() {
    let garbled = [
        &b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort"[..],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello",
        b"HTTP/1.1 2x0 OK\r\n\r\nhello",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x03\x01\x00\x05hello",
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 10",
    ];
    for answer in garbled {
        let refused = refusal(answer);
        let shown = String::from_utf8_lossy(answer);
        assert!(
            matches!(refused, Refusal::Garbled { .. } | Refusal::Unreachable { .. }),
            "{shown:?}: {refused:?}"
        );
    }
    assert_eq!(
        refusal(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
        Refusal::Status { status: 404 }
    );
    assert_eq!(
        refusal(b"HTTP/1.1 206 Partial Content\r\ncontent-length: 0\r\n\r\n"),
        Refusal::Status { status: 206 }
    );
    let gone = Server::start(|_| Vec::new()).url("/page");
    let clock = StillClock::new();
    let refused =
        Fetcher::new(options(), &clock).fetch("http://127.0.0.1:1/", &Memory::default()).unwrap_err();
    assert!(matches!(refused, Refusal::Unreachable { .. }), "{gone}: {refused:?}");
}

#[test]
fn many_addresses_are_told_in_their_order_and_a_slow_host_holds_up_no_other() {
    let slow = Server::start_streaming(b"HTTP/1.1 200 OK\r\n\r\n", b"a", Duration::from_millis(50));
    let quick: Vec<Server> = (0..3).map(|_| Server::start(|_| ok("", b"x"))).collect();
    let mut addresses = vec![slow.url("/page"), "no address".to_owned()];
    addresses.extend(quick.iter().map(|server| server.url("/page")));
    addresses.extend(quick.iter().map(|server| server.url("/next")));
    // The hosts share a clock: one that leaps when somebody waits would take the time of all others.
    let options = FetchOptions { time_max: Duration::from_secs(4), ..options() };
    let fetcher = Fetcher::new(options, &SystemClock);
    let mut told = Vec::new();
    fetch_all(&fetcher, &addresses, &Memory::default(), &mut |place, answer| {
        told.push((place, answer.err()))
    });
    let places: Vec<usize> = told.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, (0..8).collect::<Vec<usize>>());
    let refused: Vec<_> = told.iter().filter(|(_, refusal)| refusal.is_some()).collect();
    assert!(matches!(refused[..], [(0, _), (1, _)]), "{refused:?}");
}

/// The program itself, on an address of the server.
#[test]
fn the_program_reads_an_address_only_when_told_to() {
    let report = "<!doctype html><html><head><title>Pier shut until October</title></head><body><article><h1>Pier shut until October</h1>\
        <p>The pier at Tarn Bay will stay shut until October, the harbour director said on Wednesday, after divers found cracks.</p>\
        <p>The caf\u{e9}s on it have had to close, and the regatta in July will now begin at the fish quay instead.</p></article></body></html>";
    let bytes: Vec<u8> = report.chars().map(|c| u8::try_from(u32::from(c)).expect("it is Latin")).collect();
    let server = Server::start(move |request| match request.path.as_str() {
        "/news/pier" => ok("content-type: text/html; charset=iso-8859-1\r\n", &bytes),
        "/robots.txt" => ok("", b"User-agent: *\nDisallow: /secret\n"),
        _ => server::not_found(),
    });
    let (page, secret) = (server.url("/news/pier"), server.url("/secret"));
    let run = |flags: &[&str]| {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_rashomon"))
            .args(["extract", &page, &secret])
            .args(flags)
            .output()
            .expect("the program starts");
        (
            String::from_utf8_lossy(&done.stdout).into_owned(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    };
    assert!(run(&[]).1.contains("only with --fetch"));
    assert!(run(&["--fetch"]).1.contains("--allow-private"));
    let (read, told) = run(&["--fetch", "--allow-private"]);
    let article: serde_json::Value = serde_json::from_str(read.trim()).expect("one line of JSON");
    assert_eq!(
        (article["url"].as_str(), article["input"].as_str()),
        (Some(page.as_str()), Some(page.as_str()))
    );
    assert!(article["text"].as_str().is_some_and(|text| text.contains("The cafés on it")), "{read}");
    assert!(told.contains("robots.txt forbids it (“/secret”)"), "{told}");
}

/// A report on a page of the server.
fn report(headline: &str) -> Vec<u8> {
    let page = format!(
        "<!doctype html><html><head><title>{headline}</title></head><body><article><h1>{headline}</h1>\
        <p>The pier at Tarn Bay will stay shut until October, the harbour director said on Wednesday, after divers found cracks.</p>\
        <p>The kiosks on it have had to close, and the regatta in July will now begin at the fish quay instead.</p></article></body></html>"
    );
    ok("content-type: text/html; charset=utf-8\r\n", page.as_bytes())
}

/// Lists lead to feeds, feeds and sitemaps to pages, and to themselves: each address is read once or has its reason.
#[test]
fn addresses_in_lists_sitemaps_and_feeds_are_followed_once_and_so_far() {
    let server = Server::start(|request| {
        let host = request.header("host").unwrap_or_default();
        let sitemap = |locations: &[&str]| {
            let list: String = locations
                .iter()
                .map(|path| format!("<sitemap><loc>http://{host}{path}</loc></sitemap>"))
                .collect();
            ok("", format!("<sitemapindex>{list}</sitemapindex>").as_bytes())
        };
        match request.path.as_str() {
            "/map.xml" => sitemap(&["/map.xml", "/deep/1.xml", "/pages.xml"]),
            "/deep/1.xml" => sitemap(&["/deep/2.xml"]),
            "/deep/2.xml" => sitemap(&["/deep/3.xml"]),
            "/deep/3.xml" => sitemap(&["/deep/4.xml"]),
            "/pages.xml" => ok(
                "",
                format!(
                    "<urlset xmlns:news='n'><url><loc>http://{host}/pier</loc><news:news><news:publication><news:name>Tarn Bay Echo\
                    </news:name></news:publication><news:publication_date>2025-03-03</news:publication_date></news:news></url>\
                    <url><loc>http://{host}/gone</loc></url></urlset>"
                )
                .as_bytes(),
            ),
            "/pier" => report("Pier shut until October"),
            "/robots.txt" => ok("crawl-delay: 0\r\n", b"User-agent: *\nDisallow: /secret\n"),
            _ => server::not_found(),
        }
    });
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let list = folder.path().join("list.csv");
    let [map, secret, pier] = ["/map.xml", "/secret", "/pier"].map(|path| server.url(path));
    std::fs::write(&list, format!("{map}\n{secret}\n{pier}\n")).expect("the folder is ours");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_rashomon"))
        .args(["extract", "--fetch", "--allow-private"])
        .arg(&list)
        .output()
        .expect("the program starts");
    let (read, told) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    let lines: Vec<serde_json::Value> =
        read.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(lines.len(), 1, "{read}{told}");
    assert_eq!(lines[0]["headline"]["text"], "Pier shut until October");
    assert_eq!(lines[0]["input"], *pier);
    assert!(told.contains("robots.txt forbids it"), "{told}");
    assert!(told.contains("/gone: "), "{told}");
    assert!(told.contains("/deep/4.xml: It is named by a list in a list"), "{told}");
    assert!(!told.contains("list.csv") && !told.contains("/map.xml:"), "{told}");
    let asked = server.requests();
    assert_eq!(asked.iter().filter(|request| request.path == "/map.xml").count(), 1);
    assert!(!asked.iter().any(|request| request.path == "/secret"));
}
