//! A story's page: the dossier, live, with filters as plain links.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use render::StatementWindow;

use super::filter::{Choices, Filter};
use super::frame::{Frame, page as answer, to};
use super::front::moment;
use crate::api;
use crate::serve::{Answer, Named, Parameters, Site};

#[derive(Template)]
#[template(path = "story.html")]
struct Page<'a> {
    frame: Frame,
    path: String,
    api: String,
    head: &'a str,
    nav: &'a str,
    sections: &'a str,
    choices: Vec<Choices>,
    filtered: bool,
    stale: bool,
    changed: String,
}

/// `/stories/{id}`
pub async fn page(
    State(site): State<Arc<Site>>,
    Named { id }: Named,
    parameters: Parameters,
) -> Answer<Response> {
    let whole = Arc::clone(&site);
    let asked = id.clone();
    let filter = Filter::of(&parameters);
    let first = parameters.number("from")?.and_then(|first| usize::try_from(first).ok()).unwrap_or(0);
    let made = site.readers.ask(move |reader| {
        let told = whole.kept.told(reader, &asked)?;
        let id = told.row.id.clone();
        let part = (first > 0 || !filter.is_empty()).then(|| {
            let path = filter.window_path(&id);
            let window = StatementWindow { first, path: &path };
            render::story_html(&told.dossier, &filter.apply(&told.dossier), window)
        });
        let html = part.as_ref().unwrap_or_else(|| told.html());
        let path = render::story_path(&id);
        let page = answer(&Page {
            frame: Frame::new(&whole, html.title.clone(), "/"),
            api: format!("/api{path}"),
            path,
            head: &html.head,
            nav: &html.nav,
            sections: &html.sections,
            choices: filter.choices(&told.dossier),
            filtered: !filter.is_empty(),
            stale: told.row.stale,
            changed: moment(&told.row.changed_at),
        })?;
        Ok((id, page))
    });
    let (now, page) = made.await?;
    Ok(if now == id { page } else { to(&render::story_path(&now)) })
}

/// `/stories/{id}/dossier.html`: the same as one file that can be kept and passed on.
pub async fn one_page(State(site): State<Arc<Site>>, Named { id }: Named) -> Answer<Response> {
    let whole = Arc::clone(&site);
    let body = site.readers.ask(move |reader| api::one_page(&*whole.kept.told(reader, &id)?)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"dossier.html\""),
        // It carries its own style sheet, and is opened from a disk.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    Ok((headers, body).into_response())
}
