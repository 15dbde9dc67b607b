//! The pages: made on the server, readable without a script, a style sheet and a small script of our own.

mod articles;
mod assets;
mod decide;
mod filter;
mod frame;
mod front;
mod search;
mod sources;
mod speakers;
mod stories;
mod write;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::serve::Site;

pub use filter::Filter;
pub use frame::{Shown, problem_page};
pub use write::{ADD_PATH, COOKIE, LOGIN_PATH};

/// All pages.
pub fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(front::page))
        .route("/events", get(front::events))
        .route("/stories/{id}", get(stories::page))
        .route("/stories/{id}/dossier.html", get(stories::one_page))
        .route("/stories/{id}/decide", get(decide::forms))
        .route(decide::DECISIONS_PATH, get(decide::list).post(decide::decide))
        .route("/decisions/undo", post(decide::undo))
        .route("/articles/{id}", get(articles::page))
        .route("/search", get(search::page))
        .route("/speakers", get(speakers::list))
        .route("/speakers/{name}", get(speakers::page))
        .route("/sources", get(sources::page))
        .route(
            ADD_PATH,
            get(write::form).post(write::add).layer(DefaultBodyLimit::max(write::UPLOAD_BYTES_MAX)),
        )
        .route("/add/{number}", get(write::state))
        .route(LOGIN_PATH, get(write::door).post(write::log_in))
        .route("/logout", post(write::log_out))
        .route("/assets/{name}", get(assets::asset))
}
