//! An article's page: its text with everything that was read in it, and the versions of it that were seen.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use model::{Annotated, ArticleRow, Span};
use rashomon::archive::{self, Reader};
use render::{ArticleView, telling};

use super::frame::{Frame, page as answer};
use super::front::moment;
use crate::serve::{Answer, Named, Parameters, Problem, Site};

#[derive(Template)]
#[template(path = "article.html")]
struct Page {
    frame: Frame,
    headline: String,
    kicker: Vec<String>,
    url: Option<String>,
    story: Option<String>,
    input: String,
    digest: String,
    api: String,
    speakers: Vec<[String; 2]>,
    disputes: String,
    text: String,
    versions: Vec<VersionLine>,
}

struct VersionLine {
    path: String,
    added_at: String,
    here: bool,
    changes: Vec<Change>,
}

struct Change {
    kind: String,
    why: String,
    old: Option<String>,
    new: Option<String>,
}

/// `/articles/{id}`
pub async fn page(
    State(site): State<Arc<Site>>,
    Named { id }: Named,
    parameters: Parameters,
) -> Answer<Response> {
    let whole = Arc::clone(&site);
    let at = parameters.one("at").and_then(span);
    site.readers.ask(move |reader| answer(&made(&whole, reader, &id, at)?)).await
}

/// Two numbers with a dash between.
fn span(value: &str) -> Option<Span> {
    let (start, end) = value.split_once('-')?;
    let (start, end) = (start.parse().ok()?, end.parse().ok()?);
    (start <= end).then(|| Span::new(start, end))
}

fn made(site: &Site, reader: &Reader, id: &str, at: Option<Span>) -> Answer<Page> {
    let (row, annotated) =
        reader.article(id)?.ok_or_else(|| Problem::not_found("The archive has no such article."))?;
    // A story that was not compared yet has no dossier; its articles can be read all the same.
    let told = row.story.as_deref().and_then(|story| site.kept.told(reader, story).ok());
    let place = told.as_ref().and_then(|told| {
        let index = told.dossier.articles.iter().position(|other| other.article.id == id)?;
        Some((&told.dossier, index))
    });
    let headline = headline(&annotated);
    Ok(Page {
        frame: Frame::new(site, headline.clone(), "/"),
        kicker: kicker(&annotated),
        url: annotated.article.url.clone().filter(|url| is_web(url)),
        story: row.story.as_deref().map(render::story_path),
        input: annotated.article.input.clone(),
        digest: annotated.article.digest.clone(),
        api: format!("/api{}", render::article_path(id)),
        speakers: speakers(&annotated),
        disputes: place.map(|(dossier, index)| render::disputes_html(dossier, index)).unwrap_or_default(),
        text: render::article_html(&annotated, &ArticleView { story: place, at }),
        versions: versions(reader, &row)?,
        headline,
    })
}

fn headline(annotated: &Annotated) -> String {
    let article = &annotated.article;
    let printed = article.headline.map(|span| span.of(&article.text).trim()).filter(|line| !line.is_empty());
    let first = || article.text.lines().map(str::trim).find(|line| !line.is_empty());
    printed.or_else(first).unwrap_or(&article.id).to_owned()
}

fn kicker(annotated: &Annotated) -> Vec<String> {
    let article = &annotated.article;
    let mut kicker = vec![article.outlet.clone().unwrap_or_else(|| article.id.clone())];
    if !article.byline.is_empty() {
        kicker.push(format!("By {}", article.byline.join(", ")));
    }
    kicker.push(
        article.published.as_ref().map_or("No date".to_owned(), |published| telling::date(&published.value)),
    );
    kicker.extend(article.cut_short.as_ref().map(|why| format!("cut short: {why}")));
    kicker
}

/// Addresses of the web only: a link must not run anything.
fn is_web(url: &str) -> bool {
    url.split_once("://").is_some_and(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    })
}

/// Who is quoted, each once, with the way to the speaker's page.
fn speakers(annotated: &Annotated) -> Vec<[String; 2]> {
    let mut names: Vec<&String> =
        annotated.quotations.iter().filter_map(|said| said.speaker.as_ref()).collect();
    names.sort();
    names.dedup();
    names.into_iter().map(|name| [name.clone(), render::speaker_path(name)]).collect()
}

fn versions(reader: &Reader, row: &ArticleRow) -> Answer<Vec<VersionLine>> {
    let Some(url) = &row.url else { return Ok(Vec::new()) };
    if reader.versions(url)?.len() < 2 {
        return Ok(Vec::new());
    }
    let versions = archive::versions(reader, url)?;
    if versions.len() < 2 {
        return Ok(Vec::new());
    }
    let text = |number: usize| versions[number].annotated.article.text.as_str();
    let line = |(number, version): (usize, &archive::Version)| VersionLine {
        path: render::article_path(&version.row.id),
        added_at: moment(&version.row.added_at),
        here: version.row.id == row.id,
        changes: version
            .revisions
            .iter()
            .map(|revision| Change {
                kind: render::revision_kind(revision.kind).to_owned(),
                why: revision.why.clone(),
                old: revision.old.map(|span| span.of(text(number.saturating_sub(1))).trim().to_owned()),
                new: revision.new.map(|span| span.of(text(number)).trim().to_owned()),
            })
            .collect(),
    };
    Ok(versions.iter().enumerate().map(line).collect())
}
