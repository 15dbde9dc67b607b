//! Lists of an archive in JSON, a line each: stories, what a search found, what the desk was told.

use std::io::{self, Write};

use model::{
    ArticleRow, Difference, EventKind, EventRow, Hit, Quoted, Revision, RevisionKind, Span, Standing,
    StoryRow,
};
use serde::Serialize;

use super::{finding, line};

#[derive(Serialize)]
struct StoryJson<'a> {
    id: &'a str,
    sequence: i64,
    changed_at: &'a str,
    articles: usize,
    stale: bool,
    headline: Option<&'a str>,
    outlets: &'a [String],
    days: Option<&'a [String; 2]>,
    statuses: Vec<StatusJson>,
    differences: usize,
    most_telling: Vec<DifferenceJson<'a>>,
}

#[derive(Serialize)]
struct StatusJson {
    status: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    kind: &'a str,
    nature: &'static str,
    why: &'a str,
}

/// One line of `stories --database`: a story in short.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn story_row_line(row: &StoryRow, out: &mut dyn Write) -> io::Result<()> {
    let summary = row.summary.as_ref();
    let difference = |difference: &'_ Difference| finding::nature(difference.nature);
    line(
        &StoryJson {
            id: &row.id,
            sequence: row.sequence,
            changed_at: &row.changed_at,
            articles: row.article_count,
            stale: row.stale,
            headline: summary.map(|summary| summary.headline.as_str()),
            outlets: summary.map_or(&[], |summary| &summary.outlets),
            days: summary.and_then(|summary| summary.days.as_ref()),
            statuses: summary
                .into_iter()
                .flat_map(|summary| &summary.statuses)
                .map(|counted| StatusJson { status: finding::status(counted.status), count: counted.count })
                .collect(),
            differences: summary.map_or(0, |summary| summary.difference_count),
            most_telling: summary
                .into_iter()
                .flat_map(|summary| &summary.differences)
                .map(|d| DifferenceJson { kind: &d.kind, nature: difference(d), why: &d.why })
                .collect(),
        },
        out,
    )
}

#[derive(Serialize)]
struct HitJson<'a> {
    number: i64,
    id: &'a str,
    story: Option<&'a str>,
    outlet: Option<&'a str>,
    url: Option<&'a str>,
    published: Option<&'a str>,
    input: &'a str,
    added_at: &'a str,
    headline: &'a str,
    excerpt: Option<ExcerptJson>,
    found: Vec<&'a str>,
}

#[derive(Serialize)]
struct ExcerptJson {
    start: usize,
    end: usize,
    text: String,
}

/// One line of `search`: an article, a passage of it, and the words in it that were searched for.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn hit_line(hit: &Hit, out: &mut dyn Write) -> io::Result<()> {
    let ArticleRow { number, id, input, added_at, outlet, url, published, story } = &hit.article;
    let passage = |span: Span| ExcerptJson {
        start: span.start,
        end: span.end,
        text: hit.excerpt.iter().map(|piece| piece.text.as_str()).collect(),
    };
    line(
        &HitJson {
            number: *number,
            id,
            story: story.as_deref(),
            outlet: outlet.as_deref(),
            url: url.as_deref(),
            published: published.as_deref(),
            input,
            added_at,
            headline: &hit.headline,
            excerpt: hit.span.map(passage),
            found: hit.excerpt.iter().filter(|piece| piece.found).map(|piece| piece.text.as_str()).collect(),
        },
        out,
    )
}

#[derive(Serialize)]
pub(crate) struct EventJson<'a> {
    number: i64,
    at: &'a str,
    story: &'a str,
    headline: &'a str,
    kind: &'static str,
    old: Option<&'a str>,
    new: &'a str,
    by: Option<&'a str>,
    statement: QuotedJson<'a>,
    evidence: Vec<QuotedJson<'a>>,
}

#[derive(Serialize)]
struct QuotedJson<'a> {
    article: &'a str,
    outlet: Option<&'a str>,
    url: Option<&'a str>,
    start: usize,
    end: usize,
    text: &'a str,
}

/// An event in JSON.
pub(crate) fn event(row: &EventRow) -> EventJson<'_> {
    EventJson {
        number: row.number,
        at: &row.at,
        story: &row.story,
        headline: &row.headline,
        kind: event_kind(row.kind),
        old: row.old.as_ref().map(standing),
        new: standing(&row.new),
        by: row.by.as_deref(),
        statement: quoted(&row.gist),
        evidence: row.evidence.iter().map(quoted).collect(),
    }
}

fn quoted(quoted: &Quoted) -> QuotedJson<'_> {
    QuotedJson {
        article: &quoted.article,
        outlet: quoted.outlet.as_deref(),
        url: quoted.url.as_deref(),
        start: quoted.span.start,
        end: quoted.span.end,
        text: &quoted.words,
    }
}

/// The contract's word for a status, or the value itself.
pub(crate) fn standing(standing: &Standing) -> &str {
    match standing {
        Standing::Status(status) => finding::status(*status),
        Standing::Value(value) => value,
    }
}

/// What changed, as an id.
pub(crate) fn event_kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Status => "status",
        EventKind::Difference => "difference",
        EventKind::Denial => "denial",
        EventKind::Correction => "correction",
    }
}

/// One event as a line of JSON: of `events`, of a webhook, of an event stream.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn event_json(row: &EventRow, out: &mut dyn Write) -> io::Result<()> {
    line(&event(row), out)
}

#[derive(Serialize)]
struct RevisionJson<'a> {
    kind: &'static str,
    old: Option<ExcerptJson>,
    new: Option<ExcerptJson>,
    why: &'a str,
}

/// One change between two versions of an article as a line of JSON, its spans in the texts of the older and the newer.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn revision_line(revision: &Revision, [old, new]: [&str; 2], out: &mut dyn Write) -> io::Result<()> {
    let cut = |span: Span, text: &str| ExcerptJson {
        start: span.start,
        end: span.end,
        text: span.of(text).to_owned(),
    };
    line(
        &RevisionJson {
            kind: revision_kind(revision.kind),
            old: revision.old.map(|span| cut(span, old)),
            new: revision.new.map(|span| cut(span, new)),
            why: &revision.why,
        },
        out,
    )
}

/// What changed between two versions, as an id.
pub fn revision_kind(kind: RevisionKind) -> &'static str {
    match kind {
        RevisionKind::Correction => "correction",
        RevisionKind::Figure => "figure",
        RevisionKind::Reversed => "reversed",
        RevisionKind::Softened => "softened",
        RevisionKind::Hardened => "hardened",
        RevisionKind::Added => "added",
        RevisionKind::Removed => "removed",
    }
}
