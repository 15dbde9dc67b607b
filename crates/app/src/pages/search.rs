//! Search: a form whose question is the address, so that a search can be kept and passed on.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::{Hit, Piece};
use rashomon::archive::{self, Paging};
use render::telling;

use super::frame::{Frame, page as answer};
use crate::serve::{Answer, Parameters, Site};

/// Hits of a page.
const HITS: usize = 25;
/// Outlets that the form offers.
const OUTLETS_OFFERED: usize = 200;

#[derive(Template)]
#[template(path = "search.html")]
struct Page {
    frame: Frame,
    name: String,
    speaker: String,
    outlet: String,
    since: String,
    until: String,
    outlets: Vec<String>,
    kinds: Vec<KindLine>,
    asked: bool,
    refusal: Option<String>,
    hits: Vec<HitLine>,
    next: Option<String>,
}

/// A kind of difference in the form.
struct KindLine {
    id: &'static str,
    name: String,
    chosen: bool,
}

struct HitLine {
    path: String,
    headline: String,
    line: Vec<String>,
    story: Option<String>,
    excerpt: Vec<Piece>,
}

/// `/search`
pub async fn page(State(site): State<Arc<Site>>, parameters: Parameters) -> Answer<Response> {
    let query = parameters.search();
    let page = Paging { before: parameters.number("before")?, limit: HITS };
    let asked = query != archive::Query::default();
    let answered = site.readers.ask(move |reader| {
        let found = if asked { Some(reader.search(&query, page)) } else { None };
        let outlets = reader.outlets()?.into_iter().map(|(name, _)| name).take(OUTLETS_OFFERED).collect();
        Ok((found, outlets))
    });
    let (found, outlets): (Option<Result<archive::Hits, archive::Error>>, Vec<String>) = answered.await?;
    let (hits, more, refusal) = match found {
        None => (Vec::new(), false, None),
        Some(Ok(found)) => (found.hits, found.more, None),
        // What cannot be asked is said beside the form, where it can be asked better.
        Some(Err(error)) if error.is_query() => (Vec::new(), false, Some(error.to_string())),
        Some(Err(error)) => return Err(error.into()),
    };
    let next = hits.last().filter(|_| more).map(|hit| hit.article.number);
    let text = |name: &str| parameters.one(name).unwrap_or_default().to_owned();
    let mut frame = Frame::new(&site, "Search", "/search");
    frame.question = text("q");
    answer(&Page {
        frame,
        name: text("name"),
        speaker: text("speaker"),
        outlet: text("outlet"),
        since: text("since"),
        until: text("until"),
        outlets,
        kinds: archive::kinds()
            .into_iter()
            .map(|id| KindLine { id, name: telling::kind(id), chosen: parameters.one("kind") == Some(id) })
            .collect(),
        asked,
        refusal,
        hits: hits.into_iter().map(line).collect(),
        next: next.map(|next| format!("/search?{}before={next}", parameters.without("before"))),
    })
}

fn line(hit: Hit) -> HitLine {
    let row = &hit.article;
    let path = match hit.span {
        Some(span) => render::place_path(&row.id, span),
        None => render::article_path(&row.id),
    };
    let published = row.published.as_deref().map(telling::date);
    HitLine {
        path,
        headline: hit.headline,
        line: [row.outlet.clone(), published].into_iter().flatten().collect(),
        story: row.story.as_deref().map(render::story_path),
        excerpt: hit.excerpt,
    }
}
