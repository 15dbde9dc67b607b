//! Fetching from the web, politely and without trust: what a site forbids or reserves is not read, no address leads
//! into a private network, and no answer takes more than its budget.

mod address;
mod clock;
mod exchange;
mod many;
mod memory;
mod post;
mod refusal;
mod reservation;
mod robots;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ureq::Agent;
use url::Url;

use exchange::{Budget, Overflow, Reply, get, unpacked};
use memory::Site;
use reservation::{SiteReservations, in_headers, in_page};
use robots::{ROBOTS_BYTES_MAX, Rules};

pub use address::PrivateNetworks;
pub use clock::{Clock, SystemClock};
pub use many::fetch_all;
pub use memory::{Memory, Validators};
pub use refusal::Refusal;
pub use reservation::Reservation;

/// The name by which robots.txt calls us.
const ROBOT: &str = "rashomon";
/// Redirects of a page that are followed.
const REDIRECTS_MAX: usize = 10;
/// Redirects of a robots.txt that are followed (RFC 9309 asks for at least five).
const SITE_REDIRECTS_MAX: usize = 5;
/// How many times its size a site's file may be unpacked to; what is longer is refused.
const PACKED_MAX: usize = 16;
/// How long a site's robots.txt and reservations are remembered (RFC 9309: at most a day).
const SITE_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a site is left alone whose robots.txt cannot be had.
const SITE_CLOSED: SignedDuration = SignedDuration::from_mins(10);
/// How often a site that asks to come back soon is asked again.
const RETRIES_MAX: usize = 1;
/// How long a site that is asked too often, and does not say more, is left alone.
const REST: SignedDuration = SignedDuration::from_mins(1);

/// How to fetch.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// Whether machines of private networks may be asked.
    pub private: PrivateNetworks,
    /// How we call ourselves, with an address where more is said.
    pub user_agent: String,
    /// Time for one page with its redirects and its site's rules; waiting for a turn is not counted.
    pub time_max: Duration,
    /// Bytes of one page, packed and unpacked.
    pub body_bytes_max: usize,
    /// Time between two requests to one host, where its robots.txt asks for no more.
    pub pace: SignedDuration,
    /// Longest wait for a turn; with a longer one the answer is [`Refusal::Later`].
    pub wait_max: SignedDuration,
}

impl FetchOptions {
    /// As a careful reader would: a page a second from each host, half a minute and 32 MiB a page.
    pub fn polite(private: PrivateNetworks) -> FetchOptions {
        FetchOptions {
            private,
            user_agent: format!(
                "{ROBOT}/{} (+{}; compares news reports)",
                env!("CARGO_PKG_VERSION"),
                env!("CARGO_PKG_REPOSITORY")
            ),
            time_max: Duration::from_secs(30),
            body_bytes_max: 32 << 20,
            pace: SignedDuration::from_secs(1),
            wait_max: SignedDuration::from_secs(30),
        }
    }
}

/// A header of a request or an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// In lower case.
    pub name: String,
    /// As it came; bytes that are no UTF-8 are replaced.
    pub value: String,
}

impl Header {
    fn new(name: &str, value: &str) -> Header {
        Header { name: name.to_owned(), value: value.to_owned() }
    }
}

/// One step of a redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The address that was asked.
    pub url: String,
    /// 301, 302, 303, 307 or 308; with 301 and 308 the page has moved for good.
    pub status: u16,
}

/// A page that came whole, with all that a record of a web archive (WARC) needs.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The address as asked, in normal form.
    pub url: String,
    /// The address that answered.
    pub final_url: String,
    /// The redirects between them.
    pub hops: Vec<Hop>,
    /// HTTP's number for the answer: 200 or 203.
    pub status: u16,
    /// `HTTP/1.1`
    pub version: String,
    /// What was sent with the last request.
    pub request: Vec<Header>,
    /// What came with the answer.
    pub headers: Vec<Header>,
    /// What was sent, unpacked.
    pub body: Vec<u8>,
    /// The body as it came, where it was packed (`content-encoding`); `None`: as in `body`.
    pub packed: Option<Vec<u8>>,
    /// When the answer was whole.
    pub fetched_at: Timestamp,
    /// What the publisher says about mining the text, if anything; never that it is reserved.
    pub reservation: Option<Reservation>,
}

impl Fetched {
    /// A header's first value; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.name == name).map(|header| header.value.as_str())
    }
}

/// What an address gave.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A page.
    Fetched(Box<Fetched>),
    /// The page is as it was the last time (304).
    Unchanged,
}

/// Fetches addresses. Shared by threads; what is learned goes to the caller's [`Memory`].
pub struct Fetcher<'c> {
    agent: Agent,
    options: FetchOptions,
    clock: &'c dyn Clock,
}

impl<'c> Fetcher<'c> {
    /// With options and a clock.
    pub fn new(options: FetchOptions, clock: &'c dyn Clock) -> Fetcher<'c> {
        Fetcher { agent: exchange::agent(options.private), options, clock }
    }

    /// Fetches an address: what it leads to, or that it has not changed since `memory` met it.
    ///
    /// # Errors
    /// The reason why there is nothing to read.
    pub fn fetch(&self, address: &str, memory: &Memory) -> Result<Answer, Refusal> {
        let mut at = address::parse(address)?;
        let mut trip = Trip {
            fetcher: self,
            memory,
            asked: at.to_string(),
            left: self.options.time_max,
            hops: Vec::new(),
            seen: BTreeSet::new(),
            retries: 0,
        };
        loop {
            match trip.visit(&at)? {
                Visit::Moved(next) => at = next,
                Visit::Again => {}
                Visit::Done(answer) => return Ok(answer),
            }
        }
    }
}

/// The way from one address to its page.
struct Trip<'t> {
    fetcher: &'t Fetcher<'t>,
    memory: &'t Memory,
    asked: String,
    /// What is left of the time.
    left: Duration,
    hops: Vec<Hop>,
    seen: BTreeSet<String>,
    retries: usize,
}

/// What a visit to one address of the way led to.
enum Visit {
    Moved(Url),
    Again,
    Done(Answer),
}

impl Trip<'_> {
    fn visit(&mut self, at: &Url) -> Result<Visit, Refusal> {
        let options = &self.fetcher.options;
        if self.retries == 0 && !self.seen.insert(at.to_string()) {
            return Err(Refusal::RedirectLoop { url: at.to_string() });
        }
        address::check_private(at, options.private)?;
        let site = self.site(at)?;
        if let Some(closed) = site.closed {
            return Err(closed);
        }
        if let Some(rule) = site.rules.forbids(&path(at)) {
            return Err(Refusal::Robots { rule: rule.to_owned() });
        }
        let reservation = allowed(site.reservations.of(&path(at)))?;
        let delay = site.rules.crawl_delay.and_then(|delay| SignedDuration::try_from_secs_f64(delay).ok());
        let pace = options.pace.max(delay.unwrap_or_default());
        let now = self.fetcher.clock.now();
        let turn = self.memory.take_turn(&host(at), now, (pace, options.wait_max));
        self.fetcher.clock.wait_until(turn.map_err(|until| Refusal::Later { until })?);
        let known = self.memory.validators(at.as_str()).unwrap_or_default();
        let reply = self.get(at, &known, (options.body_bytes_max, Overflow::Refuse))?;
        match reply.status {
            200 | 203 => self.page(at, reply, reservation).map(Visit::Done),
            304 if known != Validators::default() => {
                if reply.header("etag").is_some() || reply.header("last-modified").is_some() {
                    self.memory.keep(at.as_str(), validators(&reply));
                }
                Ok(Visit::Done(Answer::Unchanged))
            }
            301 | 302 | 303 | 307 | 308 => self.moved(at, &reply).map(Visit::Moved),
            429 | 503 => self.later(at, &reply),
            status => Err(Refusal::Status { status }),
        }
    }

    /// Follows a redirect.
    fn moved(&mut self, at: &Url, reply: &Reply) -> Result<Url, Refusal> {
        let location = reply.header("location").ok_or(Refusal::Status { status: reply.status })?;
        let next = address::join(at, location)?;
        self.hops.push(Hop { url: at.to_string(), status: reply.status });
        self.retries = 0;
        if self.hops.len() > REDIRECTS_MAX {
            return Err(Refusal::Redirects { count: REDIRECTS_MAX });
        }
        Ok(next)
    }

    /// Leaves a host alone for as long as it asks, and asks again if that is soon.
    fn later(&mut self, at: &Url, reply: &Reply) -> Result<Visit, Refusal> {
        let now = self.fetcher.clock.now();
        let until = reply.header("retry-after").and_then(|value| clock::retry_after(value, now));
        let Some(until) = until.or_else(|| (reply.status == 429).then(|| now + REST)) else {
            return Err(Refusal::Status { status: reply.status });
        };
        self.memory.rest(&host(at), until);
        self.retries += 1;
        if self.retries > RETRIES_MAX || now.duration_until(until) > self.fetcher.options.wait_max {
            return Err(Refusal::Later { until });
        }
        Ok(Visit::Again)
    }

    /// A page that came whole. Only now its validators are kept: half a page must not pass for read.
    fn page(&mut self, at: &Url, reply: Reply, reservation: Option<Reservation>) -> Result<Answer, Refusal> {
        let said = allowed(in_headers(|name| reply.header(name)))?;
        let unpacked = unpacked(&reply, self.fetcher.options.body_bytes_max)?;
        let written = allowed(in_page(unpacked.as_ref().unwrap_or(&reply.payload)))?;
        self.memory.keep(at.as_str(), validators(&reply));
        let headers = reply.headers.iter().map(|(name, value)| Header {
            name: name.as_str().to_owned(),
            value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
        });
        let headers = headers.collect();
        let (body, packed) = match unpacked {
            Some(body) => (body, Some(reply.payload)),
            None => (reply.payload, None),
        };
        Ok(Answer::Fetched(Box::new(Fetched {
            url: std::mem::take(&mut self.asked),
            final_url: at.to_string(),
            hops: std::mem::take(&mut self.hops),
            status: reply.status,
            version: reply.version,
            request: reply.sent,
            headers,
            body,
            packed,
            fetched_at: self.fetcher.clock.now(),
            reservation: written.or(said).or(reservation),
        })))
    }

    /// What a site lets be read, from memory or from itself.
    fn site(&mut self, at: &Url) -> Result<Site, Refusal> {
        let origin = at.origin().ascii_serialization();
        if let Some(site) = self.memory.site(&origin, self.fetcher.clock.now()) {
            return Ok(site);
        }
        let (rules, closed) = match self.site_file(at, "/robots.txt", ROBOTS_BYTES_MAX) {
            Ok(file) => (file.map(|bytes| Rules::read(&bytes, ROBOT)).unwrap_or_default(), None),
            // That nobody answers says more than that robots.txt was not there.
            Err(gone @ (Refusal::Unresolved | Refusal::Unreachable { .. } | Refusal::TooSlow { .. })) => {
                (Rules::default(), Some(gone))
            }
            Err(Refusal::Private { address }) => return Err(Refusal::Private { address }),
            Err(Refusal::Status { status }) => {
                (Rules::default(), Some(Refusal::RobotsUnread { why: format!("status {status}") }))
            }
            Err(other) => {
                let why = other.to_string().trim_end_matches('.').to_owned();
                (Rules::default(), Some(Refusal::RobotsUnread { why }))
            }
        };
        let mut reservations = SiteReservations::default();
        if closed.is_none()
            && let Ok(Some(file)) =
                self.site_file(at, "/.well-known/tdmrep.json", reservation::FILE_BYTES_MAX)
        {
            reservations = SiteReservations::read(&file);
        }
        let now = self.fetcher.clock.now();
        let kept = if closed.is_none() { SITE_KEPT } else { SITE_CLOSED };
        let site = Site { rules, reservations, closed, until: now + kept };
        self.memory.keep_site(&origin, site.clone(), now);
        Ok(site)
    }

    /// A file of a site: its beginning, or that there is none (4xx, or too many redirects).
    fn site_file(&mut self, at: &Url, path: &str, bytes: usize) -> Result<Option<Vec<u8>>, Refusal> {
        let mut at = address::join(at, path)?;
        for _ in 0..=SITE_REDIRECTS_MAX {
            address::check_private(&at, self.fetcher.options.private)?;
            let reply = self.get(&at, &Validators::default(), (bytes, Overflow::Cut))?;
            match reply.status {
                200..=299 => {
                    // What is cut here may have been packed well.
                    let unpacked = unpacked(&reply, bytes * PACKED_MAX)?;
                    return Ok(Some(unpacked.unwrap_or(reply.payload)));
                }
                301 | 302 | 303 | 307 | 308 => match reply.header("location") {
                    Some(location) => at = address::join(&at, location)?,
                    None => return Ok(None),
                },
                status @ 500..=599 => return Err(Refusal::Status { status }),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Asks for an address within what is left of the time.
    fn get(
        &mut self,
        at: &Url,
        known: &Validators,
        (bytes, overflow): (usize, Overflow),
    ) -> Result<Reply, Refusal> {
        let fetcher = self.fetcher;
        let late = Refusal::TooSlow { seconds: fetcher.options.time_max.as_secs_f64() };
        if self.left.is_zero() {
            return Err(late);
        }
        let start = fetcher.clock.now();
        let budget = Budget { time: self.left, bytes, overflow };
        let reply = get((&fetcher.agent, &fetcher.options.user_agent), at, known, budget);
        let taken: Duration = start.duration_until(fetcher.clock.now()).try_into().unwrap_or_default();
        self.left = self.left.saturating_sub(taken);
        match reply {
            Err(Refusal::TooSlow { .. }) => Err(late),
            other => other,
        }
    }
}

/// Lets through what is not reserved.
fn allowed(reservation: Option<Reservation>) -> Result<Option<Reservation>, Refusal> {
    match reservation {
        Some(Reservation { reserved: true, place, policy }) => Err(Refusal::Reserved { place, policy }),
        other => Ok(other),
    }
}

fn validators(reply: &Reply) -> Validators {
    let text = |name: &str| reply.header(name).map(str::to_owned);
    Validators { etag: text("etag"), modified: text("last-modified") }
}

/// A path with its query, as robots.txt speaks of it.
fn path(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// The host of an address as it is written; empty for what is none.
pub(crate) fn host_of(address: &str) -> String {
    address::parse(address).map(|url| host(&url)).unwrap_or_default()
}

/// Who waits between requests: a host, with its port where that is not the usual one.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
