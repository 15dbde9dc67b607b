//! What has changed, told while it happens: server-sent events, an event of the archive each.

use std::convert::Infallible;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt, stream};
use rashomon::archive::EventRow;

use super::{Answer, Parameters, Problem, Site};

/// How often the archive is asked for news: another process may write to it.
const ASK_SECONDS: u64 = 1;
/// Events that are sent at once.
const EVENTS_AT_ONCE: usize = 100;
/// Listeners at a time.
const LISTENERS_MAX: usize = 200;

/// Watches the archive for news as long as the server stands.
pub fn watch(site: &Arc<Site>) {
    let site: Weak<Site> = Arc::downgrade(site);
    tokio::spawn(async move {
        while let Some(site) = site.upgrade() {
            if let Ok(last) = site.readers.ask(|reader| Ok(reader.last_event()?)).await {
                site.last_event.send_if_modified(|known| std::mem::replace(known, last) != last);
            }
            drop(site);
            tokio::time::sleep(Duration::from_secs(ASK_SECONDS)).await;
        }
    });
}

/// `/api/events/stream`: from now on, or after the event that the client heard last.
///
/// # Errors
/// When too many listen.
pub async fn listen(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    if site.last_event.receiver_count() >= LISTENERS_MAX {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many listen already. Ask /api/events now and then.",
        ));
    }
    let mut heard = site.last_event.subscribe();
    let last_heard = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<i64>().ok());
    let since = match last_heard.or(parameters.number("since")?) {
        Some(since) => since,
        None => site.readers.ask(|reader| Ok(reader.last_event()?)).await?,
    };
    heard.mark_changed();
    let site = Arc::downgrade(&site);
    let batches = stream::unfold((site, heard, since), |(site, mut heard, since)| async move {
        heard.changed().await.ok()?;
        let strong = site.upgrade()?;
        let asked = strong.readers.ask(move |reader| Ok(reader.events(since, EVENTS_AT_ONCE)?)).await;
        let rows = asked.unwrap_or_default();
        let last = rows.last().map_or(since, |row| row.number);
        if rows.len() == EVENTS_AT_ONCE {
            heard.mark_changed();
        }
        Some((stream::iter(rows.iter().map(event).collect::<Vec<_>>()), (site, heard, last)))
    });
    Ok(Sse::new(batches.flatten()).keep_alive(KeepAlive::default()))
}

fn event(row: &EventRow) -> Result<Event, Infallible> {
    let mut line = Vec::new();
    render::event_json(row, &mut line).expect("memory takes every byte");
    let line = String::from_utf8_lossy(&line);
    Ok(Event::default().id(row.number.to_string()).event("change").data(line.trim_end()))
}
