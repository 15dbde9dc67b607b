//! Lists of an archive at a terminal: stories, what a search found, what the desk was told.

use std::io::{self, Write};

use model::{EventKind, EventRow, Hit, Quoted, Standing, StoryRow};

use super::page::Page;
use super::rich::{Rich, Style};
use crate::{RenderOptions, telling};

/// Columns by which what belongs to a line stands to its right.
const INDENT: usize = 2;

/// Stories, each with what is disputed in it.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn stories_text(rows: &[StoryRow], options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(options.width, 0, options.colour);
    for row in rows {
        let headline = row.summary.as_ref().map_or("(not compared yet)", |summary| &summary.headline);
        page.paragraph(0, &Rich::of(headline, Style::Strong).with(" ", Style::Dim).with(&row.id, Style::Dim));
        page.paragraph(INDENT, &Rich::of(&story_line(row), Style::Dim));
        for difference in row.summary.iter().flat_map(|summary| &summary.differences) {
            let line = Rich::of(&telling::kind(&difference.kind), Style::Accent);
            page.paragraph(INDENT, &line.with(": ", Style::Plain).with(&difference.why, Style::Plain));
        }
        page.blank();
    }
    out.write_all(page.out.as_bytes())
}

fn story_line(row: &StoryRow) -> String {
    let mut parts = vec![telling::count(row.article_count, "article")];
    if let Some(summary) = &row.summary {
        parts.push(telling::count(summary.outlets.len(), "outlet"));
        if let Some([first, last]) = &summary.days {
            let (first, last) = (telling::date(first), telling::date(last));
            parts.push(if first == last { first } else { format!("{first} to {last}") });
        }
        parts.push(telling::count(summary.difference_count, "difference"));
    }
    parts.push(format!("changed {}", row.changed_at));
    if row.stale {
        parts.push("more has come since".to_owned());
    }
    parts.join(", ")
}

/// What a search found, the words searched for set apart.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn hits_text(hits: &[Hit], options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(options.width, 0, options.colour);
    let brackets = if page.is_plain() { ["[", "]"] } else { ["", ""] };
    for hit in hits {
        let row = &hit.article;
        page.paragraph(
            0,
            &Rich::of(&hit.headline, Style::Strong).with(" ", Style::Dim).with(&row.id, Style::Dim),
        );
        let published = row.published.as_deref().map(telling::date);
        let parts = [row.outlet.clone(), published, row.story.as_ref().map(|story| format!("story {story}"))];
        let line = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        page.paragraph(INDENT, &Rich::of(&line, Style::Dim));
        let mut excerpt = Rich::new();
        for piece in &hit.excerpt {
            match piece.found {
                false => excerpt.push(&piece.text, Style::Plain),
                true => {
                    excerpt.push(brackets[0], Style::Plain);
                    excerpt.push(&piece.text, Style::Mark);
                    excerpt.push(brackets[1], Style::Plain);
                }
            }
        }
        page.paragraph(INDENT, &excerpt);
        page.blank();
    }
    out.write_all(page.out.as_bytes())
}

/// What the desk was told, with the words that show it.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn events_text(events: &[EventRow], options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(options.width, 0, options.colour);
    for event in events {
        page.paragraph(0, &Rich::of(&event_line(event), Style::Accent));
        let about = format!("{} ({}, {}, event {})", event.headline, event.story, event.at, event.number);
        page.paragraph(INDENT, &Rich::of(&about, Style::Dim));
        let more = event.evidence.iter().filter(|place| **place != event.gist);
        for quoted in std::iter::once(&event.gist).chain(more) {
            page.paragraph(INDENT, &evidence(quoted));
        }
        page.blank();
    }
    out.write_all(page.out.as_bytes())
}

fn evidence(quoted: &Quoted) -> Rich {
    let [open, close] = telling::quoted(&quoted.words);
    let who = quoted.outlet.as_ref().map(|outlet| format!("{outlet}, ")).unwrap_or_default();
    let place = format!(" {who}{} bytes {}–{}", quoted.article, quoted.span.start, quoted.span.end);
    Rich::of(open, Style::Plain)
        .with(&quoted.words, Style::Plain)
        .with(close, Style::Plain)
        .with(&place, Style::Dim)
}

/// An event in a line: "3 → 6, Ana Ruiz"; "single source → corroborated".
pub fn event_line(event: &EventRow) -> String {
    let what = match event.kind {
        EventKind::Status => "Status",
        EventKind::Difference => "Disputed",
        EventKind::Denial => "Denied",
        EventKind::Correction => "Corrected",
    };
    let standing = |standing: &Standing| match standing {
        Standing::Status(status) => telling::status(*status).to_owned(),
        Standing::Value(value) => value.clone(),
    };
    let old = event.old.as_ref().map(|old| format!("{} → ", standing(old))).unwrap_or_default();
    let by = event.by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
    format!("{what}: {old}{}{by}", standing(&event.new))
}
