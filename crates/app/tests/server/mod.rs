//! A small HTTP server on this machine whose answers are bytes, so that it can misbehave in any way.

#![allow(dead_code, reason = "each test needs another part of the server")]
#![allow(clippy::disallowed_methods, reason = "a server that drips does so in real time")]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// Path and query.
    pub path: String,
    /// How often the path was asked for before.
    pub earlier: usize,
    headers: Vec<(String, String)>,
}

impl Request {
    /// A header's value; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A server that lives as long as the process of its test.
pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers each request with bytes, and hangs up.
    pub fn start(answer: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static) -> Server {
        Server::serve(move |request, stream| drop(stream.write_all(&answer(request))))
    }

    /// Answers `/page` with a beginning, and then the same piece for ever, with a pause before each.
    pub fn start_streaming(start: &'static [u8], piece: &'static [u8], pause: Duration) -> Server {
        Server::serve(move |request, stream| {
            if request.path != "/page" {
                return drop(stream.write_all(&not_found()));
            }
            if stream.write_all(start).is_err() {
                return;
            }
            // A minute is for ever here; a client that reads on fails its test long before.
            let end = std::time::Instant::now() + Duration::from_secs(60);
            while std::time::Instant::now() < end && stream.write_all(piece).is_ok() {
                std::thread::sleep(pause);
            }
        })
    }

    fn serve(answer: impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine is free");
        let address = listener.local_addr().expect("it is bound");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&requests), Arc::new(answer));
        std::thread::spawn(move || {
            let counts = Arc::new(Mutex::new(BTreeMap::<String, usize>::new()));
            for mut stream in listener.incoming().flatten() {
                let (seen, answer, counts) = (Arc::clone(&seen), Arc::clone(&answer), Arc::clone(&counts));
                std::thread::spawn(move || {
                    let Some(mut request) = read(&mut stream) else { return };
                    let mut counts = counts.lock().expect("no thread panics here");
                    let count = counts.entry(request.path.clone()).or_insert(0);
                    request.earlier = *count;
                    *count += 1;
                    drop(counts);
                    seen.lock().expect("no thread panics here").push(request.clone());
                    answer(&request, &mut stream);
                });
            }
        });
        Server { address, requests }
    }

    /// An address on the server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The port that it listens to.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What it was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no thread panics here").clone()
    }
}

fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = text.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Request { path, earlier: 0, headers })
}

/// A sound answer with more headers (each ended by a line break) and a body.
pub fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// An answer without a body.
pub fn status(status: &str, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n{headers}\r\n").into_bytes()
}

/// What a server says that has no such page.
pub fn not_found() -> Vec<u8> {
    status("404 Not Found", "")
}

/// Bytes packed with gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packing = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packing.write_all(bytes).expect("memory takes it");
    packing.finish().expect("memory takes it")
}
