//! The user's own decisions: what a story is decided about, who decided it and when, and taking the last one back.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use model::{Override, Ruling};
use rashomon::archive::{self, Reader};

use super::frame::{Frame, page as answer, signed_in, to};
use super::front::moment;
use super::write::{ADD_PATH, LOGIN_PATH};
use crate::clock;
use crate::serve::{Answer, Job, Named, Problem, Site};

/// Where decisions are listed and made.
pub const DECISIONS_PATH: &str = "/decisions";
/// Letters of anything that is written into a form here.
const LETTERS_MAX: usize = 300;
/// Articles that a form may name.
const ARTICLES_MAX: usize = 200;

#[derive(Template)]
#[template(path = "decide.html")]
struct StoryForms {
    frame: Frame,
    story: String,
    headline: String,
    path: String,
    articles: Vec<ArticleLine>,
}

struct ArticleLine {
    id: String,
    outlet: String,
    headline: String,
}

/// `/stories/{id}/decide`: the forms, for those who gave the secret.
pub async fn forms(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Named { id }: Named,
) -> Answer<Response> {
    if !signed_in(&site, &headers) {
        return Ok(to(LOGIN_PATH));
    }
    let whole = Arc::clone(&site);
    let told = site.readers.ask(move |reader| whole.kept.told(reader, &id)).await?;
    let articles = told.dossier.articles.iter().map(|annotated| {
        let article = &annotated.article;
        let headline = article.headline.map_or("", |span| span.of(&article.text));
        let outlet = article.outlet.as_deref().unwrap_or(&article.input);
        let (outlet, headline) = (outlet.to_owned(), headline.trim().to_owned());
        ArticleLine { id: article.id.clone(), outlet, headline }
    });
    let headline =
        told.row.summary.as_ref().map_or_else(|| told.row.id.clone(), |told| told.headline.clone());
    answer(&StoryForms {
        frame: Frame::new(&site, "Decide", DECISIONS_PATH),
        path: render::story_path(&told.row.id),
        story: told.row.id.clone(),
        headline,
        articles: articles.collect(),
    })
}

#[derive(Template)]
#[template(path = "decisions.html")]
struct List {
    frame: Frame,
    writable: bool,
    file: String,
    conflicts: Vec<String>,
    decisions: Vec<DecisionLine>,
}

struct DecisionLine {
    what: String,
    who: String,
    last: bool,
}

/// `/decisions`: all of them, newest first.
pub async fn list(State(site): State<Arc<Site>>, headers: HeaderMap) -> Answer<Response> {
    let path = site.overrides.clone();
    let found = site.readers.ask(move |_| Ok(archive::decisions(&path)?)).await?;
    let count = found.overrides.entries.len();
    let line = |(number, entry): (usize, &Override)| DecisionLine {
        what: told(&entry.ruling),
        who: [entry.by.clone(), entry.at.as_deref().map(moment)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
        last: number + 1 == count,
    };
    answer(&List {
        frame: Frame::new(&site, "Decisions", DECISIONS_PATH),
        writable: signed_in(&site, &headers),
        file: site.overrides.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        conflicts: found.conflicts,
        decisions: found.overrides.entries.iter().enumerate().rev().map(line).collect(),
    })
}

/// A decision in a sentence.
fn told(ruling: &Ruling) -> String {
    match ruling {
        Ruling::Merge(articles) => format!("One story: {}.", articles.join(", ")),
        Ruling::Split(articles) => format!("A story of their own: {}.", articles.join(", ")),
        Ruling::Alias { name, also } => format!("{name} is also called {}.", also.join(", ")),
        Ruling::Owner { outlet, owner } => format!("{outlet} belongs to {owner}."),
        Ruling::Ignore { article, words: None } => format!("{article} is left out."),
        Ruling::Ignore { article, words: Some(words) } => {
            format!("What {article} says with the words “{words}” is left out.")
        }
    }
}

/// A form's fields: names and values, some more than once.
type Fields = Vec<(String, String)>;

/// Takes a decision, writes it to its file and has the stories compared that it touches.
pub async fn decide(
    State(site): State<Arc<Site>>,
    form: Result<Form<Fields>, FormRejection>,
) -> Answer<Response> {
    let Form(fields) = form.map_err(|_| Problem::request("A decision comes as a short form."))?;
    let by = one(&fields, "by")?;
    let asked = site.readers.ask(move |reader| ruling(reader, &fields));
    let entry = Override {
        line: 0,
        by: by.filter(|by| !by.is_empty()),
        at: Some(clock::now()),
        ruling: asked.await?,
    };
    let number = site.adding.put(Job::Decide(entry))?;
    Ok(to(&format!("{ADD_PATH}/{number}")))
}

/// Takes back the last decision.
pub async fn undo(State(site): State<Arc<Site>>) -> Answer<Response> {
    let number = site.adding.put(Job::Undo)?;
    Ok(to(&format!("{ADD_PATH}/{number}")))
}

/// What a form says.
fn ruling(reader: &Reader, fields: &Fields) -> Answer<Ruling> {
    let named = articles(reader, fields)?;
    let wanted = |name: &str| -> Answer<String> {
        one(fields, name)?
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Problem::request(format!("The field `{name}` is empty.")))
    };
    match one(fields, "kind")?.as_deref() {
        Some("split") if named.is_empty() => Err(Problem::request("Choose the reports that are split off.")),
        Some("split") => Ok(Ruling::Split(named)),
        Some("ignore") => match named.as_slice() {
            [article] => {
                let words = one(fields, "words")?.filter(|words| !words.is_empty());
                Ok(Ruling::Ignore { article: article.clone(), words })
            }
            _ => Err(Problem::request("Choose one report to leave out.")),
        },
        Some("merge") => {
            let mut both = Vec::new();
            for story in [wanted("story")?, wanted("into")?] {
                let id = story.rsplit('/').next().unwrap_or_default();
                let told = archive::dossier(reader, id)?;
                let first = told.and_then(|told| Some(told.articles.first()?.article.id.clone()));
                both.push(first.ok_or_else(|| Problem::request(format!("There is no story {id}.")))?);
            }
            if both[0] == both[1] {
                return Err(Problem::request("Both are one story already. Name another one."));
            }
            // The story that is named keeps its id.
            both.reverse();
            Ok(Ruling::Merge(both))
        }
        Some("alias") => Ok(Ruling::Alias { name: wanted("name")?, also: vec![wanted("also")?] }),
        _ => Err(Problem::request("A decision is `merge`, `split`, `alias` or `ignore`.")),
    }
}

/// The articles that a form names; all have to be there.
fn articles(reader: &Reader, fields: &Fields) -> Answer<Vec<String>> {
    let named: Vec<String> =
        fields.iter().filter(|(key, _)| key == "article").map(|(_, value)| value.clone()).collect();
    if named.len() > ARTICLES_MAX {
        return Err(Problem::request(format!("At most {ARTICLES_MAX} reports are named at once.")));
    }
    for id in &named {
        if reader.article_row(id)?.is_none() {
            return Err(Problem::request("A report that the form names is not in the archive."));
        }
    }
    Ok(named)
}

/// A field's last value, within limits: no control characters, which would break the file's lines.
fn one(fields: &Fields, name: &str) -> Answer<Option<String>> {
    let value = fields.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.trim().to_owned());
    match value {
        Some(value) if value.chars().count() > LETTERS_MAX || value.contains(char::is_control) => Err(
            Problem::request(format!("The field `{name}` takes one line of {LETTERS_MAX} letters at most.")),
        ),
        value => Ok(value),
    }
}
