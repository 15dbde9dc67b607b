//! What stands before every route: who may ask and write, how long it may take, what a browser is told about the answer.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::adding::Adding;
use super::kept::Kept;
use super::metrics::Metrics;
use super::readers::Readers;
use super::{Key, Options, Problem};
use crate::pages;

/// Bytes of a form that is no upload.
pub const FORM_BYTES_MAX: usize = 16 << 10;
/// Bytes of an answer that is held against what the client has already.
const TAGGED_BYTES_MAX: usize = 64 << 20;
/// How long an answer may take.
const ANSWER_SECONDS_MAX: u64 = 30;
/// How long an upload may take.
const UPLOAD_SECONDS_MAX: u64 = 600;

/// What a page may load and run: our own style sheet and script, and nothing else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
     img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What all routes share.
pub struct Site {
    /// Readers of the archive.
    pub readers: Arc<Readers>,
    /// Dossiers asked for lately.
    pub kept: Kept,
    /// What the server has done.
    pub metrics: Metrics,
    /// What is being added.
    pub adding: Arc<Adding>,
    /// Who may write.
    pub key: Option<Key>,
    /// The number of the last event.
    pub last_event: watch::Sender<i64>,
    /// The file of the users' decisions.
    pub overrides: PathBuf,
    hosts: Vec<String>,
}

impl Site {
    /// Of the options, listening at `address`.
    pub fn new(options: Options, address: SocketAddr) -> Site {
        let port = address.port();
        let mut hosts = vec![address.to_string()];
        if address.ip().is_loopback() {
            hosts.extend(["localhost", "127.0.0.1", "[::1]"].map(|name| format!("{name}:{port}")));
        }
        hosts.extend(options.hosts.iter().map(|name| name.to_ascii_lowercase()));
        Site {
            readers: Readers::new(options.archive.database.database.clone()),
            kept: Kept::default(),
            metrics: Metrics::default(),
            overrides: options.archive.overrides(),
            adding: Adding::begin(options.archive, options.hooks),
            key: options.key,
            last_event: watch::Sender::new(0),
            hosts,
        }
    }

    /// Whether who asks has given the secret.
    pub fn may_write(&self, headers: &HeaderMap) -> bool {
        let Some(key) = &self.key else { return false };
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = cookies
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().strip_prefix(pages::COOKIE)?.strip_prefix('='));
        bearer.is_some_and(|secret| key.opens(secret)) || cookies.any(|cookie| key.knows(cookie))
    }

    /// A page elsewhere whose name leads here must not read the archive through its visitor's browser.
    fn is_ours(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
        host.is_some_and(|host| self.hosts.contains(&host.to_ascii_lowercase()))
    }
}

/// Whether a browser sends this on behalf of another site. What is no browser tells neither origin nor site.
fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site != "same-origin" && site != "none",
        (None, Some(origin)) => {
            let own = origin.split_once("://").map(|(_, host)| host);
            own != text("host")
        }
        (None, None) => false,
    }
}

/// Asks the route, if it may be asked.
#[expect(clippy::disallowed_methods, reason = "how long an answer takes is measured here, in `app`")]
pub async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let is_get = request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let wants_page = !request.uri().path().starts_with("/api/")
        && request
            .headers()
            .get_all(header::ACCEPT)
            .iter()
            .any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")));
    let may_write = site.may_write(request.headers());
    let mut response = match refusal(&site, &request, may_write) {
        Some(problem) => problem.into_response(),
        None => answer(request, next).await,
    };
    if wants_page && let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = pages::problem_page(&site, &problem);
    }
    if is_get && response.status() == StatusCode::OK {
        response = tagged(response, known.as_ref()).await;
    }
    protect(response.headers_mut());
    site.metrics.count(route.as_deref().unwrap_or("none"), response.status().as_u16(), begun.elapsed());
    response
}

fn refusal(site: &Site, request: &Request, may_write: bool) -> Option<Problem> {
    if !site.is_ours(request.headers()) {
        return Some(Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "This server does not answer to that name. Start it with --host NAME to let it.",
        ));
    }
    // Only POST writes; what no route knows is told so there.
    if *request.method() != Method::POST {
        return None;
    }
    if is_foreign(request.headers()) {
        return Some(Problem::new(StatusCode::FORBIDDEN, "Another site may not write to this archive."));
    }
    if site.key.is_none() {
        return Some(Problem::new(
            StatusCode::FORBIDDEN,
            "This archive is only read here. Start the server with --token-file to write.",
        ));
    }
    if !may_write && request.uri().path() != pages::LOGIN_PATH {
        return Some(Problem::new(
            StatusCode::UNAUTHORIZED,
            "Give the secret first: at /login, or as a bearer token.",
        ));
    }
    None
}

async fn answer(request: Request, next: Next) -> Response {
    let is_upload = request.method() != Method::GET && request.uri().path() == pages::ADD_PATH;
    let seconds = if is_upload { UPLOAD_SECONDS_MAX } else { ANSWER_SECONDS_MAX };
    match tokio::time::timeout(Duration::from_secs(seconds), next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "The answer took too long. Ask for less, or later.")
                .into_response()
        }
    }
}

/// Gives an answer its tag, and spares the client what it has already. A stream is let through.
async fn tagged(response: Response, known: Option<&HeaderValue>) -> Response {
    if axum::body::HttpBody::size_hint(response.body()).exact().is_none() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, TAGGED_BYTES_MAX).await else {
        return Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The answer is too long to be sent. Ask for less.",
        )
        .into_response();
    };
    let digest = Sha256::digest(&bytes);
    let tag: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let is_known = known.and_then(|known| known.to_str().ok()).is_some_and(|known| {
        known
            .split(',')
            .any(|part| matches!(part.trim().trim_start_matches("W/"), part if part == tag || part == "*"))
    });
    parts.headers.insert(header::ETAG, HeaderValue::try_from(tag).expect("hexadecimal digits make a header"));
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn protect(headers: &mut HeaderMap) {
    for (name, value) in [
        ("content-security-policy", PAGE_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ("cache-control", "no-cache"),
    ] {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::is_foreign;

    #[test]
    fn what_another_site_sends_is_known() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let pair = |(name, value): &(&'static str, &'static str)| {
                (HeaderName::from_static(name), HeaderValue::from_static(value))
            };
            pairs.iter().map(pair).collect::<HeaderMap>()
        };
        let foreign = |pairs| is_foreign(&headers(pairs));
        assert!(!foreign(&[("host", "a:1")]));
        assert!(!foreign(&[("host", "a:1"), ("origin", "http://a:1")]));
        assert!(foreign(&[("host", "a:1"), ("origin", "http://b:1")]));
        assert!(foreign(&[("host", "a:1"), ("origin", "null")]));
        assert!(foreign(&[("host", "a:1"), ("sec-fetch-site", "cross-site"), ("origin", "http://a:1")]));
        assert!(foreign(&[("host", "a:1"), ("sec-fetch-site", "same-site")]));
        assert!(!foreign(&[("host", "a:1"), ("sec-fetch-site", "same-origin")]));
    }
}
