//! A feed on this machine that grows, for `cargo xtask kill`: its pages lie on many hosts, so that all are fetched at once.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::invented::report;

/// Hosts on which pages lie: numbers of the loopback network.
const HOSTS: u64 = 200;

/// A server that lives as long as the process.
pub struct Newsroom {
    port: u16,
    pages: Arc<AtomicU64>,
}

impl Newsroom {
    /// Begins without a page.
    ///
    /// # Errors
    /// When no port can be listened on.
    pub fn open() -> anyhow::Result<Newsroom> {
        let listener = TcpListener::bind("0.0.0.0:0")?;
        let port = listener.local_addr()?.port();
        let pages = Arc::new(AtomicU64::new(0));
        let told = Arc::clone(&pages);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let told = Arc::clone(&told);
                // A client that is killed breaks off; that is what this is for.
                std::thread::spawn(move || drop(answer(stream, port, told.load(Ordering::Relaxed))));
            }
        });
        Ok(Newsroom { port, pages })
    }

    /// The feed's address.
    pub fn feed(&self) -> String {
        format!("http://127.0.0.1:{}/feed", self.port)
    }

    /// Adds pages to the feed.
    pub fn publish(&self, count: u64) {
        self.pages.fetch_add(count, Ordering::Relaxed);
    }
}

fn answer(mut stream: TcpStream, port: u16, pages: u64) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let tag = format!("\"{pages}\"");
    let known = head.lines().any(|line| line.to_ascii_lowercase() == format!("if-none-match: {tag}"));
    let (status, body) = match path.strip_prefix("/page/").and_then(|number| number.parse().ok()) {
        _ if path == "/feed" && known => ("304 Not Modified", String::new()),
        _ if path == "/feed" => ("200 OK", feed(port, pages)),
        Some(number) => ("200 OK", page(number)),
        None => ("404 Not Found", String::new()),
    };
    let tag = if path == "/feed" { format!("etag: {tag}\r\n") } else { String::new() };
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{tag}\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}

fn feed(port: u16, pages: u64) -> String {
    let item = |number: u64| {
        let link = format!("http://127.0.0.{}:{port}/page/{number}", number % HOSTS + 2);
        format!("<item><title>{number}</title><link>{link}</link></item>")
    };
    let items: String = (0..pages).rev().map(item).collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>")
}

fn page(number: u64) -> String {
    let record: serde_json::Value = serde_json::from_str(&report(number)).expect("a report is JSON");
    let of = |name: &str| record[name].as_str().unwrap_or_default();
    let paragraphs: String = of("text")
        .split("\n\n")
        .map(|paragraph| format!("<p>{}</p>", paragraph.replace('&', "&amp;")))
        .collect();
    format!(
        "<html lang=\"en\"><head><title>{0}</title><meta property=\"article:published_time\" content=\"{1}\">\
         </head><body><article><h1>{0}</h1>{paragraphs}</article></body></html>",
        of("title"),
        of("published")
    )
}
