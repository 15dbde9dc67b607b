//! What all pages share: the masthead, the way in which foreign text is shown, the page that says what went wrong.

use std::fmt;

use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::assets;
use crate::serve::{Answer, Problem, Site};

/// Escapes what templates show, as the dossier does: also characters that turn the direction of writing.
#[derive(Clone, Copy, Debug)]
pub struct Shown;

impl askama::filters::Escaper for Shown {
    fn write_escaped_str<W: fmt::Write>(&self, mut out: W, text: &str) -> fmt::Result {
        out.write_str(&render::escape(text))
    }
}

/// The frame around a page.
pub struct Frame {
    /// The window's title.
    pub title: String,
    /// Which part of the site it is: an address of the masthead.
    pub part: &'static str,
    /// Changes with the style sheet and the script, so that browsers may keep them.
    pub assets: &'static str,
    /// Whether anybody may write here.
    pub writable: bool,
    /// What is asked for in the search field.
    pub question: String,
    /// Seconds after which the page asks again, where something is under way.
    pub again: Option<u32>,
}

impl Frame {
    /// Of a page.
    pub fn new(site: &Site, title: impl Into<String>, part: &'static str) -> Frame {
        Frame {
            title: title.into(),
            part,
            assets: assets::version(),
            writable: site.key.is_some(),
            question: String::new(),
            again: None,
        }
    }
}

/// A page as an answer.
///
/// # Errors
/// Never, with templates that only write to memory.
pub fn page(template: &impl Template) -> Answer<Response> {
    let body = template.render().map_err(|error| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, format!("The page broke: {error}."))
    })?;
    Ok(html(body))
}

/// Markup as an answer.
pub fn html(body: impl IntoResponse) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

/// Sends a browser elsewhere on this server.
pub fn to(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address.to_owned())], ()).into_response()
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    frame: Frame,
    title: &'a str,
    detail: &'a str,
}

/// What went wrong, as a page.
pub fn problem_page(site: &Site, problem: &Problem) -> Response {
    let template = ProblemPage {
        frame: Frame::new(site, problem.title(), ""),
        title: problem.title(),
        detail: &problem.detail,
    };
    let mut response = page(&template).unwrap_or_else(IntoResponse::into_response);
    *response.status_mut() = problem.status;
    response
}

/// Whether the browser that asks has given the secret.
pub fn signed_in(site: &Site, headers: &HeaderMap) -> bool {
    site.may_write(headers)
}
