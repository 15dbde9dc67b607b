//! Speakers: who is quoted in the archive, and all that one of them is reported to have said, in whose wording.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::{Annotated, Quotation, QuotationForm};
use rashomon::archive::{ArticleRow, Paging};
use render::telling;

use super::frame::{Frame, page as answer};
use crate::serve::{Answer, Named, Parameters, Site};

/// Names of a list.
const NAMES: usize = 120;
/// Articles of a page.
const ARTICLES: usize = 40;

#[derive(Template)]
#[template(path = "speakers.html")]
struct List {
    frame: Frame,
    beginning: String,
    names: Vec<NameLine>,
}

struct NameLine {
    name: String,
    path: String,
    count: usize,
}

/// `/speakers`: those quoted in most reports, or those whose name begins as asked.
pub async fn list(State(site): State<Arc<Site>>, parameters: Parameters) -> Answer<Response> {
    let beginning = parameters.one("q").unwrap_or_default().to_owned();
    let asked = beginning.clone();
    let names = site.readers.ask(move |reader| Ok(reader.speakers(&asked, NAMES)?)).await?;
    let line = |(name, count): (String, usize)| NameLine { path: render::speaker_path(&name), name, count };
    answer(&List {
        frame: Frame::new(&site, "Speakers", "/speakers"),
        beginning,
        names: names.into_iter().map(line).collect(),
    })
}

#[derive(Template)]
#[template(path = "speaker.html")]
struct Page {
    frame: Frame,
    name: String,
    /// Where all reports are searched for the name: one that is named in passing is quoted nowhere.
    search: String,
    reports: Vec<Report>,
    next: Option<String>,
}

/// What one report has somebody say.
struct Report {
    path: String,
    outlet: String,
    date: String,
    story: Option<String>,
    said: Vec<Said>,
}

struct Said {
    path: String,
    form: &'static str,
    words: String,
    marks: [&'static str; 2],
}

/// `/speakers/{name}`
pub async fn page(
    State(site): State<Arc<Site>>,
    Named { id: name }: Named,
    parameters: Parameters,
) -> Answer<Response> {
    let before = parameters.number("before")?;
    let asked = name.clone();
    let found = site.readers.ask(move |reader| {
        let rows = reader.quoting(&asked, Paging { before, limit: ARTICLES })?;
        let mut reports = Vec::new();
        for row in &rows {
            if let Some((_, annotated)) = reader.article(&row.id)? {
                reports.push(report(row, &annotated, &asked));
            }
        }
        Ok((reports, rows.last().filter(|_| rows.len() == ARTICLES).map(|row| row.number)))
    });
    let (reports, next) = found.await?;
    answer(&Page {
        frame: Frame::new(&site, name.clone(), "/speakers"),
        search: format!("/search?q={}", render::percent(&format!("\"{name}\""))),
        next: next.map(|next| format!("{}?before={next}", render::speaker_path(&name))),
        name,
        reports,
    })
}

fn report(row: &ArticleRow, annotated: &Annotated, name: &str) -> Report {
    let is_theirs = |said: &&Quotation| {
        said.speaker.as_ref().is_some_and(|speaker| speaker.to_lowercase() == name.to_lowercase())
    };
    Report {
        path: render::article_path(&row.id),
        outlet: row.outlet.clone().unwrap_or_else(|| row.id.clone()),
        date: row.published.as_deref().map(telling::date).unwrap_or_default(),
        story: row.story.as_deref().map(render::story_path),
        said: annotated
            .quotations
            .iter()
            .filter(is_theirs)
            .filter_map(|quotation| said(quotation, annotated))
            .collect(),
    }
}

fn said(quotation: &Quotation, annotated: &Annotated) -> Option<Said> {
    let first = quotation.content.first()?;
    let parts: Vec<&str> =
        quotation.content.iter().map(|span| span.of(&annotated.article.text).trim()).collect();
    let words = parts.join(" … ");
    Some(Said {
        path: render::place_path(&annotated.article.id, *first),
        form: match quotation.form {
            QuotationForm::Direct => "quoted",
            QuotationForm::Mixed => "partly quoted",
            QuotationForm::Indirect => "reported",
            QuotationForm::Scare => "held at arm’s length",
        },
        marks: telling::quoted(&words),
        words,
    })
}
