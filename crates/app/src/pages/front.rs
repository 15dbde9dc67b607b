//! The front page: stories by newest change, each with what is disputed in it; and what has changed, event by event.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::{EventRow, Quoted, StoryRow};
use rashomon::archive::Paging;
use render::telling;

use super::frame::{Frame, page as answer};
use crate::serve::{Answer, Parameters, Site};

/// Stories of a page.
const STORIES: usize = 20;
/// Events beside the stories.
const EVENTS_BESIDE: usize = 8;
/// Events of a page.
const EVENTS: usize = 60;
/// Differences shown of a story.
const DIFFERENCES: usize = 3;
/// Outlets named of a story.
const OUTLETS: usize = 4;

#[derive(Template)]
#[template(path = "front.html")]
struct Front {
    frame: Frame,
    lead: Option<StoryLine>,
    stories: Vec<StoryLine>,
    events: Vec<EventLine>,
    articles: String,
    first: bool,
    next: Option<i64>,
}

/// A story in a list.
pub struct StoryLine {
    path: String,
    headline: String,
    kicker: Vec<String>,
    differences: Vec<DifferenceLine>,
    more: usize,
    statuses: Vec<String>,
    stale: bool,
}

struct DifferenceLine {
    kind: String,
    nature: &'static str,
    why: String,
}

/// An event in a list.
pub struct EventLine {
    number: i64,
    what: String,
    story: String,
    headline: String,
    at: String,
    gist: Words,
    evidence: Vec<Words>,
}

/// Words of a report.
struct Words {
    outlet: String,
    path: String,
    words: String,
    marks: [&'static str; 2],
}

/// `/`
pub async fn page(State(site): State<Arc<Site>>, parameters: Parameters) -> Answer<Response> {
    let before = parameters.number("before")?;
    let asked = site.readers.ask(move |reader| {
        let rows = reader.stories(Paging { before, limit: STORIES })?;
        let last = reader.last_event()?;
        let events = match before {
            None => reader.events((last - EVENTS_BESIDE as i64).max(0), EVENTS_BESIDE)?,
            Some(_) => Vec::new(),
        };
        Ok((rows, events, reader.health()?.article_count))
    });
    let (rows, events, article_count) = asked.await?;
    let next = rows.last().filter(|_| rows.len() == STORIES).map(|row| row.sequence);
    let mut stories: Vec<StoryLine> = rows.iter().map(story).collect();
    let lead = if before.is_none() && !stories.is_empty() { Some(stories.remove(0)) } else { None };
    answer(&Front {
        frame: Frame::new(&site, "Stories", "/"),
        lead,
        stories,
        events: events.iter().rev().map(event).collect(),
        articles: telling::count(article_count, "report"),
        first: before.is_none(),
        next,
    })
}

fn story(row: &StoryRow) -> StoryLine {
    let mut kicker = vec![telling::count(row.article_count, "report")];
    let summary = row.summary.as_ref();
    if let Some(summary) = summary {
        let named: Vec<&str> = summary.outlets.iter().take(OUTLETS).map(String::as_str).collect();
        let more = summary.outlets.len().saturating_sub(OUTLETS);
        if !named.is_empty() {
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            kicker.push(format!("{}{more}", named.join(", ")));
        }
        if let Some([first, last]) = &summary.days {
            let (first, last) = (telling::date(first), telling::date(last));
            kicker.push(if first == last { first } else { format!("{first} to {last}") });
        }
    }
    let differences = summary.map(|summary| summary.differences.as_slice()).unwrap_or_default();
    let line = |difference: &model::Difference| DifferenceLine {
        kind: telling::kind(&difference.kind),
        nature: telling::nature(difference.nature),
        why: difference.why.clone(),
    };
    // Two quotations that differ in one way make the same sentence.
    let mut told: Vec<&model::Difference> = Vec::new();
    for difference in differences {
        if !told.contains(&difference) {
            told.push(difference);
        }
    }
    let shown: Vec<DifferenceLine> = told.into_iter().take(DIFFERENCES).map(line).collect();
    StoryLine {
        path: render::story_path(&row.id),
        headline: summary.map_or("Not compared yet", |summary| &summary.headline).to_owned(),
        kicker,
        more: summary.map_or(0, |summary| summary.difference_count).saturating_sub(shown.len()),
        differences: shown,
        statuses: summary
            .into_iter()
            .flat_map(|summary| &summary.statuses)
            .map(|counted| format!("{} {}", counted.count, telling::status(counted.status)))
            .collect(),
        stale: row.stale,
    }
}

fn event(row: &EventRow) -> EventLine {
    EventLine {
        number: row.number,
        what: render::event_line(row),
        story: render::story_path(&row.story),
        headline: row.headline.clone(),
        at: moment(&row.at),
        gist: words(&row.gist),
        // The statement itself stands above its evidence.
        evidence: row.evidence.iter().filter(|place| **place != row.gist).map(words).collect(),
    }
}

fn words(quoted: &Quoted) -> Words {
    Words {
        outlet: quoted.outlet.clone().unwrap_or_else(|| quoted.article.clone()),
        path: render::place_path(&quoted.article, quoted.span),
        words: quoted.words.trim().to_owned(),
        marks: telling::quoted(&quoted.words),
    }
}

/// A moment as people write it, to the minute.
pub fn moment(at: &str) -> String {
    let minute = at.get(..16).unwrap_or(at);
    format!("{} UTC", telling::date(minute))
}

#[derive(Template)]
#[template(path = "events.html")]
struct Events {
    frame: Frame,
    events: Vec<EventLine>,
    older: Option<i64>,
}

/// `/events`
pub async fn events(State(site): State<Arc<Site>>, parameters: Parameters) -> Answer<Response> {
    let until = parameters.number("until")?;
    let asked = site.readers.ask(move |reader| {
        let last = reader.last_event()?.min(until.unwrap_or(i64::MAX));
        let first = (last - EVENTS as i64).max(0);
        let rows = reader.events(first, EVENTS)?;
        Ok((rows.into_iter().filter(|row| row.number <= last).collect::<Vec<_>>(), first))
    });
    let (rows, first) = asked.await?;
    answer(&Events {
        frame: Frame::new(&site, "What has changed", "/events"),
        events: rows.iter().rev().map(event).collect(),
        older: (first > 0).then_some(first),
    })
}
