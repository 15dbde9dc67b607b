//! What went wrong, for a program (RFC 9457) or, where a browser asked, as a page.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rashomon::archive::Error;

/// Something that cannot be answered: a status and a sentence for the person who can act.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// What, and what to do.
    pub detail: String,
}

/// What a route answers.
pub type Answer<T> = Result<T, Problem>;

impl Problem {
    /// Of a status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem { status, detail: detail.into() }
    }

    /// There is no such thing.
    pub fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, detail)
    }

    /// It was asked wrongly.
    pub fn request(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, detail)
    }

    /// The address is there, and not for this.
    pub fn method() -> Problem {
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "This address does not take that method.")
    }

    /// The status in the standard's words.
    pub fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Problem")
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        let status = if error.is_query() {
            StatusCode::BAD_REQUEST
        } else if error.is_transient() {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::INTERNAL_SERVER_ERROR
        };
        Problem::new(status, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = render::problem_json(self.status.as_u16(), self.title(), &self.detail);
        let mut response =
            (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        // The guard makes a page of it where a browser asked.
        response.extensions_mut().insert(self);
        response
    }
}
