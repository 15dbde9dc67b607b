//! One request and its answer, under a budget of time and bytes.

use std::io::Read;
use std::time::Duration;

use ureq::http::HeaderMap;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Error};
use url::Url;

use super::address::{Guard, PrivateAddress};
use super::memory::Validators;
use super::{Header, PrivateNetworks, Refusal};

/// Largest head of an answer, in bytes.
const HEADER_BYTES_MAX: usize = 64 << 10;
/// What is asked for first.
const ACCEPT: &str = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json;q=0.9,application/xml;q=0.8,*/*;q=0.5";

/// How much one request may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    pub time: Duration,
    /// Of the body, before and after unpacking.
    pub bytes: usize,
    pub overflow: Overflow,
}

/// What to do with a body over its budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overflow {
    Refuse,
    /// Read its beginning.
    Cut,
}

/// An answer with its whole body.
pub(crate) struct Reply {
    pub status: u16,
    pub version: String,
    pub headers: HeaderMap,
    /// As it came, without the chunks that it came in.
    pub payload: Vec<u8>,
    /// What was sent with the request.
    pub sent: Vec<Header>,
}

impl Reply {
    /// A header's first value, where it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A client that follows no redirects, keeps no cookies and uses no proxy: through a proxy it could not be seen to
/// which machine a name leads.
pub(crate) fn agent(private: PrivateNetworks) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_response_header_size(HEADER_BYTES_MAX)
        .build();
    let guard = Guard { private, inner: DefaultResolver::default() };
    Agent::with_parts(config, DefaultConnector::default(), guard)
}

/// Asks for an address, with the validators of the last time.
pub(crate) fn get(
    (agent, user_agent): (&Agent, &str),
    url: &Url,
    known: &Validators,
    budget: Budget,
) -> Result<Reply, Refusal> {
    let mut sent = vec![
        Header::new("user-agent", user_agent),
        Header::new("accept", ACCEPT),
        Header::new("accept-encoding", "gzip"),
    ];
    sent.extend(known.etag.as_ref().map(|etag| Header::new("if-none-match", etag)));
    sent.extend(known.modified.as_ref().map(|modified| Header::new("if-modified-since", modified)));
    let mut request = agent.get(url.as_str()).config().timeout_global(Some(budget.time)).build();
    for header in &sent {
        request = request.header(&header.name, &header.value);
    }
    let refused = |error: Error| refusal(error, budget);
    let (head, body) = request.call().map_err(refused)?.into_parts();
    let announced = body.content_length().unwrap_or(0);
    let bytes = budget.bytes as u64;
    if budget.overflow == Overflow::Refuse && announced > bytes {
        return Err(Refusal::TooLarge { what: "page", limit: budget.bytes });
    }
    let mut payload = Vec::new();
    let taken = if budget.overflow == Overflow::Refuse { bytes + 1 } else { bytes };
    let read = body.into_with_config().limit(u64::MAX).reader().take(taken).read_to_end(&mut payload);
    read.map_err(|error| refused(Error::from(error)))?;
    if payload.len() > budget.bytes {
        return Err(Refusal::TooLarge { what: "page", limit: budget.bytes });
    }
    let version = format!("{:?}", head.version);
    Ok(Reply { status: head.status.as_u16(), version, headers: head.headers, payload, sent })
}

/// The body as its author wrote it: what the server packed for the way is unpacked, within the budget of bytes.
pub(crate) fn unpacked(reply: &Reply, bytes: usize) -> Result<Option<Vec<u8>>, Refusal> {
    let coding = reply.header("content-encoding").unwrap_or("identity").trim().to_ascii_lowercase();
    match coding.as_str() {
        "" | "identity" => return Ok(None),
        "gzip" | "x-gzip" => {}
        other => {
            let other: String = other.chars().filter(|c| c.is_ascii_graphic()).take(20).collect();
            return Err(Refusal::Garbled {
                why: format!("it is packed as {other}, which was not asked for"),
            });
        }
    }
    if reply.payload.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let mut body = Vec::new();
    let unpacking = flate2::read::MultiGzDecoder::new(reply.payload.as_slice());
    let read = unpacking.take(bytes as u64 + 1).read_to_end(&mut body);
    if body.len() > bytes {
        return Err(Refusal::TooLarge { what: "page", limit: bytes });
    }
    match read {
        Ok(_) => Ok(Some(body)),
        Err(error) => Err(Refusal::Garbled { why: format!("it cannot be unpacked, {error}") }),
    }
}

/// What went wrong, in our words.
pub(crate) fn refusal(error: Error, budget: Budget) -> Refusal {
    let garbled = |why: String| Refusal::Garbled { why };
    match error {
        Error::Timeout(_) => Refusal::TooSlow { seconds: budget.time.as_secs_f64() },
        Error::HostNotFound => Refusal::Unresolved,
        Error::LargeResponseHeader(_, limit) => Refusal::TooLarge { what: "header", limit },
        Error::Other(other) => match other.downcast_ref::<PrivateAddress>() {
            Some(private) => Refusal::Private { address: private.0.ip().to_string() },
            None => Refusal::Unreachable { why: other.to_string() },
        },
        Error::Io(error) => match error.kind() {
            std::io::ErrorKind::UnexpectedEof => garbled("it ends too early".to_owned()),
            std::io::ErrorKind::InvalidData => garbled(error.to_string()),
            std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => {
                Refusal::TooSlow { seconds: budget.time.as_secs_f64() }
            }
            _ => Refusal::Unreachable { why: error.to_string() },
        },
        Error::ConnectionFailed | Error::Tls(_) | Error::Rustls(_) => {
            Refusal::Unreachable { why: error.to_string() }
        }
        other => garbled(other.to_string()),
    }
}
