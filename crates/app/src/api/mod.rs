//! The programming interface: the contract's JSON, described in `openapi.json` beside this file.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rashomon::archive::Paging;
use render::FeedOptions;

use crate::serve::{Answer, Named, Parameters, Problem, Site, listen};
use crate::{clock, outputs};

/// Rows of a page where nothing else is asked for.
const ROWS: i64 = 50;
/// Rows of a page at most.
const ROWS_MAX: i64 = 500;

/// The document that describes all routes below `/api`, `/health` and `/metrics`.
const DOCUMENT: &str = include_str!("openapi.json");

/// All routes for programs.
pub fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/api/stories", get(stories))
        .route("/api/stories/{id}", get(story))
        .route("/api/articles/{id}", get(article))
        .route("/api/search", get(find))
        .route("/api/events", get(events))
        .route("/api/events/stream", get(listen))
        .route("/api/openapi.json", get(async || json(DOCUMENT)))
        .route(
            "/api/{*rest}",
            get(async || Problem::not_found("There is no such address. /api/openapi.json lists all.")),
        )
        .route("/events.json", get(json_feed))
        .route("/events.atom", get(atom))
        .route("/health", get(health))
        .route("/metrics", get(metrics))
}

fn json(body: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Rows asked for.
fn limit(parameters: &Parameters) -> Answer<usize> {
    let limit = parameters.number("limit")?.unwrap_or(ROWS);
    if !(1..=ROWS_MAX).contains(&limit) {
        return Err(Problem::request(format!("`limit` is 1 to {ROWS_MAX}.")));
    }
    Ok(usize::try_from(limit).expect("a page's rows are few"))
}

fn paging(parameters: &Parameters) -> Answer<Paging> {
    Ok(Paging { before: parameters.number("before")?, limit: limit(parameters)? })
}

async fn stories(State(site): State<Arc<Site>>, parameters: Parameters) -> Answer<Response> {
    let page = paging(&parameters)?;
    let rows = site.readers.ask(move |reader| Ok(reader.stories(page)?)).await?;
    let next = rows.last().filter(|_| rows.len() == page.limit).map(|row| row.sequence);
    Ok(json(render::stories_json(&rows, next)))
}

async fn story(State(site): State<Arc<Site>>, Named { id }: Named) -> Answer<Response> {
    let whole = Arc::clone(&site);
    let body = site.readers.ask(move |reader| written(&*whole.kept.told(reader, &id)?, "json")).await?;
    Ok(json(body))
}

/// A story in one of the forms in which dossiers are given.
fn written(told: &crate::serve::Told, form: &str) -> Answer<Vec<u8>> {
    let output =
        render::OUTPUTS.iter().find(|output| output.id == form).expect("the form is one of the table");
    let mut body = Vec::new();
    (output.render)(&told.dossier, &outputs::options(false, None, render::Colour::Never), &mut body)
        .expect("memory takes every byte");
    Ok(body)
}

/// A story as one page that can be kept and passed on.
pub fn one_page(told: &crate::serve::Told) -> Answer<Vec<u8>> {
    written(told, "html")
}

async fn article(State(site): State<Arc<Site>>, Named { id }: Named) -> Answer<Response> {
    let body = site.readers.ask(move |reader| {
        let (_, annotated) =
            reader.article(&id)?.ok_or_else(|| Problem::not_found("The archive has no such article."))?;
        let mut body = Vec::new();
        render::article_line(&annotated, &outputs::options(false, None, render::Colour::Never), &mut body)
            .expect("memory takes every byte");
        Ok(body)
    });
    Ok(json(body.await?))
}

async fn find(State(site): State<Arc<Site>>, parameters: Parameters) -> Answer<Response> {
    let (query, page) = (parameters.search(), paging(&parameters)?);
    let hits = site.readers.ask(move |reader| Ok(reader.search(&query, page)?)).await?;
    Ok(json(render::hits_json(&hits)))
}

async fn events(State(site): State<Arc<Site>>, parameters: Parameters) -> Answer<Response> {
    let (since, limit) = (parameters.number("since")?.unwrap_or(0), limit(&parameters)?);
    let rows = site.readers.ask(move |reader| Ok(reader.events(since, limit)?)).await?;
    let next = rows.last().filter(|_| rows.len() == limit).map(|row| row.number);
    Ok(json(render::events_json(&rows, next)))
}

/// The newest events, newest first, and how a feed of them calls itself.
async fn feed(
    site: &Site,
    headers: &HeaderMap,
    name: &str,
) -> Answer<(Vec<rashomon::archive::EventRow>, FeedOptions)> {
    let rows = site.readers.ask(|reader| {
        let last = reader.last_event()?;
        let mut rows = reader.events((last - ROWS).max(0), ROWS as usize)?;
        rows.reverse();
        Ok(rows)
    });
    // The guard let it through: it is one of our own names.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let home = format!("http://{host}");
    let address = Some(format!("{home}/{name}"));
    Ok((rows.await?, FeedOptions { title: "What has changed".to_owned(), home: Some(home), address }))
}

async fn json_feed(State(site): State<Arc<Site>>, headers: HeaderMap) -> Answer<Response> {
    let (rows, options) = feed(&site, &headers, "events.json").await?;
    let mut body = Vec::new();
    render::json_feed(&rows, &options, &mut body).expect("memory takes every byte");
    Ok(([(header::CONTENT_TYPE, "application/feed+json")], body).into_response())
}

async fn atom(State(site): State<Arc<Site>>, headers: HeaderMap) -> Answer<Response> {
    let (rows, options) = feed(&site, &headers, "events.atom").await?;
    let mut body = Vec::new();
    render::atom(&rows, &options, &clock::now(), &mut body).expect("memory takes every byte");
    Ok(([(header::CONTENT_TYPE, "application/atom+xml")], body).into_response())
}

async fn health(State(site): State<Arc<Site>>) -> Answer<Response> {
    let health = site.readers.ask(|reader| Ok(reader.health()?)).await;
    let health = health.map_err(|problem| Problem { status: StatusCode::SERVICE_UNAVAILABLE, ..problem })?;
    Ok(json(render::health_json(&health)))
}

async fn metrics(State(site): State<Arc<Site>>) -> Answer<Response> {
    let health = site.readers.ask(|reader| Ok(reader.health()?)).await?;
    let body = site.metrics.text(&health);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], body).into_response())
}
