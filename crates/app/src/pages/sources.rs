//! Where everything comes from: outlets, inputs as they came, what could not be read and why, and the archive's health.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use rashomon::archive::{FeedRow, Health, InputRow, Paging, Reader};
use render::telling;

use super::frame::{Frame, page as answer};
use super::front::moment;
use crate::serve::{Answer, Parameters, Site};

/// Inputs of a page.
const INPUTS: usize = 60;
/// Outlets that are listed.
const OUTLETS_MAX: usize = 300;

/// Feeds that are listed.
const FEEDS_MAX: usize = 1000;

#[derive(Template)]
#[template(path = "sources.html")]
struct Page {
    frame: Frame,
    counts: Vec<String>,
    warnings: Vec<String>,
    size: String,
    version: String,
    feeds: Vec<FeedLine>,
    outlets: Vec<OutletLine>,
    inputs: Vec<InputLine>,
    next: Option<i64>,
}

struct FeedLine {
    title: String,
    url: String,
    health: String,
    failing: bool,
}

struct OutletLine {
    name: String,
    path: String,
    count: usize,
}

struct InputLine {
    name: String,
    added_at: String,
    articles: String,
    digest: String,
    refusal: Option<String>,
    skipped: Vec<[String; 2]>,
}

/// `/sources`
pub async fn page(State(site): State<Arc<Site>>, parameters: Parameters) -> Answer<Response> {
    let before = parameters.number("before")?;
    let asked = site.readers.ask(move |reader| {
        let rows = reader.inputs(Paging { before, limit: INPUTS })?;
        let next = rows.last().filter(|_| rows.len() == INPUTS).map(|row| row.number);
        let inputs = rows.iter().map(|row| input(reader, row)).collect::<Answer<Vec<_>>>()?;
        Ok((reader.health()?, reader.outlets()?, inputs, next, reader.feeds()?))
    });
    let (health, outlets, inputs, next, feeds) = asked.await?;
    let outlet = |(name, count): (String, usize)| OutletLine {
        path: format!("/search?outlet={}", render::percent(&name)),
        name,
        count,
    };
    answer(&Page {
        frame: Frame::new(&site, "Sources", "/sources"),
        counts: [
            telling::count(health.article_count, "article"),
            telling::count(health.outlet_count, "outlet"),
            telling::count(health.input_count, "input"),
            telling::count(health.story_count, "story"),
            telling::count(health.event_count, "event"),
        ]
        .to_vec(),
        warnings: warnings(&health),
        size: format!("{:.1} MB", health.database_bytes as f64 / 1e6),
        version: health.version,
        feeds: feeds.into_iter().take(FEEDS_MAX).map(feed).collect(),
        outlets: outlets.into_iter().take(OUTLETS_MAX).map(outlet).collect(),
        inputs,
        next,
    })
}

fn feed(row: FeedRow) -> FeedLine {
    FeedLine {
        health: telling::feed_health(&row),
        failing: row.failed_in_a_row > 0,
        title: row.title.unwrap_or_else(|| row.url.clone()),
        url: row.url,
    }
}

fn warnings(health: &Health) -> Vec<String> {
    let mut warnings = Vec::new();
    if health.unfinished_count > 0 {
        warnings.push(format!(
            "Inputs that were not read to the end, because a process was stopped: {}. `rashomon add` without inputs goes on.",
            health.unfinished_count
        ));
    }
    if health.stale_count > 0 {
        warnings.push(format!(
            "Stories that wait to be compared again: {}. `rashomon add` without inputs does it.",
            health.stale_count
        ));
    }
    if health.refused_count > 0 {
        warnings.push(format!(
            "Inputs that could not be read, with the reasons below: {}.",
            health.refused_count
        ));
    }
    warnings
}

fn input(reader: &Reader, row: &InputRow) -> Answer<InputLine> {
    let skipped = reader.skipped(row.number)?;
    Ok(InputLine {
        name: row.name.clone(),
        added_at: moment(&row.added_at),
        articles: telling::count(row.article_count, "article"),
        digest: row.sha256.chars().take(12).collect(),
        refusal: row.refusal.clone(),
        skipped: skipped.into_iter().map(|skipped| [skipped.input, skipped.reason]).collect(),
    })
}
