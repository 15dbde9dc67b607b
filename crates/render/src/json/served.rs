//! What a server's programming interface answers: lists with the way to their next page, and what went wrong (RFC 9457).

use std::io;

use model::{EventRow, Health, Hits, StoryRow};
use serde::Serialize;

use super::{event_json, hit_line, story_row_line};

/// A page of stories. `next` is the cursor of the page after it.
pub fn stories_json(rows: &[StoryRow], next: Option<i64>) -> Vec<u8> {
    list("stories", next, rows.iter().map(|row| one(|out| story_row_line(row, out))))
}

/// A page of what a search found.
pub fn hits_json(hits: &Hits) -> Vec<u8> {
    let next = hits.hits.last().filter(|_| hits.more).map(|hit| hit.article.number);
    list("hits", next, hits.hits.iter().map(|hit| one(|out| hit_line(hit, out))))
}

/// A page of events, oldest first; `next` is the number after which the next page begins.
pub fn events_json(events: &[EventRow], next: Option<i64>) -> Vec<u8> {
    list("events", next, events.iter().map(|row| one(|out| event_json(row, out))))
}

fn one(write: impl Fn(&mut dyn io::Write) -> io::Result<()>) -> Vec<u8> {
    let mut line = Vec::new();
    write(&mut line).expect("memory takes every byte");
    line
}

/// A list of lines that are JSON already.
fn list(name: &str, next: Option<i64>, lines: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut out = format!("{{\"{name}\":[").into_bytes();
    for (number, line) in lines.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        out.extend(line.trim_ascii_end());
    }
    let next = next.map_or("null".to_owned(), |next| next.to_string());
    out.extend(format!("],\"next\":{next}}}\n").into_bytes());
    out
}

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
}

/// What went wrong, as a problem document (RFC 9457). `detail` is a sentence for the person who can act.
pub fn problem_json(status: u16, title: &str, detail: &str) -> Vec<u8> {
    bytes(&Problem { r#type: "about:blank", title, status, detail })
}

#[derive(Serialize)]
struct HealthJson<'a> {
    status: &'static str,
    version: &'a str,
    inputs: usize,
    refused: usize,
    unfinished: usize,
    articles: usize,
    outlets: usize,
    stories: usize,
    stale: usize,
    events: usize,
    database_bytes: u64,
}

/// How many of everything there are: a sign of life.
pub fn health_json(health: &Health) -> Vec<u8> {
    bytes(&HealthJson {
        status: "ok",
        version: &health.version,
        inputs: health.input_count,
        refused: health.refused_count,
        unfinished: health.unfinished_count,
        articles: health.article_count,
        outlets: health.outlet_count,
        stories: health.story_count,
        stale: health.stale_count,
        events: health.event_count,
        database_bytes: health.database_bytes,
    })
}

fn bytes<T: Serialize>(value: &T) -> Vec<u8> {
    one(|out| super::line(value, out))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{list, problem_json};

    #[test]
    fn a_list_says_where_it_goes_on() {
        let lines = || [b"{\"a\":1}\n".to_vec(), b"{}\n".to_vec()].into_iter();
        let parsed = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
        assert_eq!(parsed(&list("hits", Some(7), lines())), json!({"hits": [{"a": 1}, {}], "next": 7}));
        assert_eq!(parsed(&list("hits", None, lines().take(0))), json!({"hits": [], "next": null}));
    }

    #[test]
    fn a_problem_is_told_in_the_standards_words() {
        let problem: Value = serde_json::from_slice(&problem_json(404, "Not Found", "No \"x\".")).unwrap();
        assert_eq!(
            problem,
            json!({"type": "about:blank", "title": "Not Found", "status": 404, "detail": "No \"x\"."})
        );
    }
}
