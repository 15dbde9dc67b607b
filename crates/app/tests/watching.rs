//! `rashomon watch` from end to end: feeds of a server on this machine, an archive, and what the archive says after.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the message")]

mod server;

use std::path::Path;
use std::process::{Command, Output};

use server::{Request, Server, ok, status};

fn program(words: &[&str], archive: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rashomon")).args(words).arg("--database").arg(archive).output().unwrap()
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn page(title: &str, text: &str) -> Vec<u8> {
    let page = format!(
        "<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    );
    ok("content-type: text/html; charset=utf-8\r\n", page.as_bytes())
}

/// An answer with a feed that names pages of its own host by their numbers.
fn feed(request: &Request, headers: &str, numbers: &[usize]) -> Vec<u8> {
    let host = request.header("host").unwrap_or_default();
    let item = |number: &usize| {
        format!("<item><title>Report {number}</title><link>http://{host}/{number}</link></item>")
    };
    let items: String = numbers.iter().map(item).collect();
    let feed = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Tornby Herald</title>{items}</channel></rss>"
    );
    ok(&format!("{headers}content-type: application/rss+xml\r\n"), feed.as_bytes())
}

/// The two reports that feeds name.
fn report(path: &str) -> Option<Vec<u8>> {
    let told = match path {
        "/1" => page(
            "Old bridge in Tornby collapses",
            "The old bridge in Tornby collapsed on Tuesday morning, killing 3 people, police chief Ana Ruiz said.",
        ),
        "/2" => page(
            "Six dead as Tornby bridge collapses",
            "The old bridge in Tornby collapsed on Tuesday, killing 6 people, hospital director Mats Lind said.",
        ),
        _ => return None,
    };
    Some(told)
}

/// A feed of two pages with a validator, one that is broken, one that is none, and one that changes.
fn newsroom() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/feed" if request.header("if-none-match") == Some("\"a\"") => {
            status("304 Not Modified", "etag: \"a\"\r\n")
        }
        "/feed" => feed(request, "etag: \"a\"\r\n", &[1, 2, 9]),
        "/page" => page(
            "No feed at all",
            "This page is about the weather of Tuesday, and names nothing else to read.",
        ),
        "/broken" => status("500 Internal Server Error", ""),
        path => report(path).unwrap_or_else(server::not_found),
    })
}

#[test]
fn the_first_round_adds_the_second_finds_nothing_new_and_a_broken_feed_holds_up_none() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, server) = (folder.path().join("desk.db"), newsroom());
    let list = folder.path().join("feeds.txt");
    let lines: String = ["/feed", "/broken", "/page"].map(|path| server.url(path) + "\n").concat();
    std::fs::write(&list, lines).unwrap();
    let watch = ["watch", list.to_str().unwrap(), "--once", "--allow-private"];

    let first = program(&watch, &archive);
    assert!(first.status.success(), "{}", told(&first));
    assert!(told(&first).contains("3 new pages"), "{}", told(&first));
    let health = told(&program(&["doctor"], &archive));
    assert!(health.contains("2 inputs (0 refused), 2 articles"), "{health}");
    assert!(health.contains("status 500") || health.contains("500"), "{health}");
    assert!(health.contains("names no pages"), "{health}");
    assert!(health.contains("All is well"), "{health}");

    let asked = server.requests().len();
    let second = program(&watch, &archive);
    assert!(second.status.success(), "{}", told(&second));
    assert!(!told(&second).contains("new page"), "{}", told(&second));
    let since: Vec<String> = server.requests()[asked..].iter().map(|request| request.path.clone()).collect();
    assert!(since.iter().any(|path| path == "/feed") && !since.iter().any(|path| path == "/1"), "{since:?}");
    let after = told(&program(&["doctor"], &archive));
    assert!(after.contains("2 inputs (0 refused), 2 articles"), "{after}");
}

#[test]
fn a_change_is_sent_to_a_webhook_until_it_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("desk.db");
    // The second page is there from the second round on; the hook takes nothing before its third request.
    let server = Server::start(|request| match request.path.as_str() {
        "/feed" => feed(request, "", &[1, 2][..=request.earlier.min(1)]),
        "/hook" if request.earlier < 2 => status("503 Service Unavailable", ""),
        "/hook" => ok("", b""),
        path => report(path).unwrap_or_else(server::not_found),
    });
    let (feed, hook) = (server.url("/feed"), server.url("/hook"));
    let watch = ["watch", &feed, "--once", "--allow-private", "--webhook", &hook];
    for _ in 0..2 {
        let round = program(&watch, &archive);
        assert!(round.status.success(), "{}", told(&round));
    }
    let events = program(&["events", "--format", "jsonl"], &archive).stdout;
    let event_count = String::from_utf8_lossy(&events).lines().count();
    let hooked = server.requests().into_iter().filter(|request| request.path == "/hook").count();
    assert!(event_count > 0, "the second report changes what stands");
    assert_eq!(hooked, event_count + 2, "two requests were not taken");
    let refused = program(&["watch", &feed, "--once", "--webhook", "http://127.0.0.1:9/"], &archive);
    assert!(told(&refused).contains("private"), "{}", told(&refused));
}

#[test]
fn add_tells_webhooks_too_and_no_event_is_sent_twice_whoever_sends() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("desk.db");
    let server = Server::start(|request| match request.path.as_str() {
        "/feed" => feed(request, "", &[1]),
        "/hook" => ok("", b""),
        path => report(path).unwrap_or_else(server::not_found),
    });
    let hook = server.url("/hook");
    for page in ["/1", "/2"] {
        let add = ["add", &server.url(page), "--fetch", "--allow-private", "--webhook", &hook];
        let added = program(&add, &archive);
        assert!(added.status.success(), "{}", told(&added));
    }
    let watch = ["watch", &server.url("/feed"), "--once", "--allow-private", "--webhook", &hook];
    let watched = program(&watch, &archive);
    assert!(watched.status.success(), "{}", told(&watched));
    let events = program(&["events", "--format", "jsonl"], &archive).stdout;
    let event_count = String::from_utf8_lossy(&events).lines().count();
    let hooked: Vec<Request> =
        server.requests().into_iter().filter(|request| request.path == "/hook").collect();
    assert!(event_count > 0, "the second report changes what stands");
    assert_eq!(hooked.len(), event_count, "each event is sent once");
}

#[test]
fn add_fetches_addresses_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, server) = (folder.path().join("desk.db"), newsroom());
    let address = server.url("/1");
    let untold = told(&program(&["add", &address], &archive));
    assert!(untold.contains("only with --fetch"), "{untold}");
    let fetched = told(&program(&["add", &address, "--fetch", "--allow-private"], &archive));
    assert!(fetched.contains("1 new input, 0 known; 1 article"), "{fetched}");
    let health = told(&program(&["doctor"], &archive));
    assert!(health.contains("All is well"), "{health}");
}

#[test]
fn private_addresses_are_refused_unless_told_and_feeds_are_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, server) = (folder.path().join("desk.db"), newsroom());
    let feed = server.url("/feed");
    let refused = program(&["watch", &feed, "--once"], &archive);
    assert!(told(&refused).contains("private"), "{}", told(&refused));
    assert_eq!(server.requests().len(), 0);
    let forgotten = program(&["watch", "--forget", &feed], &archive);
    assert!(forgotten.status.success(), "{}", told(&forgotten));
    let none = program(&["watch", "--once"], &archive);
    assert!(!none.status.success() && told(&none).contains("no feed is named"), "{}", told(&none));
}
