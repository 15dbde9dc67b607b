//! The style sheet and the script: built into the program, under addresses that change when they do.

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::serve::{Answer, Named, Problem};

const SCRIPT: &str = include_str!("../../assets/live.js");
const STYLE: &str = include_str!("../../assets/site.css");

fn style() -> String {
    format!("{}\n{STYLE}", render::STYLE)
}

/// A short digest of all assets.
pub fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let digest = Sha256::digest(format!("{}{SCRIPT}", style()));
        digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    })
}

/// `/assets/…`: one of a fixed set of names, no file.
pub async fn asset(Named { id: name }: Named) -> Answer<Response> {
    let (kind, body) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", style()),
        "live.js" => ("text/javascript; charset=utf-8", SCRIPT.to_owned()),
        _ => return Err(Problem::not_found("There is no such asset.")),
    };
    let kept = "public, max-age=31536000, immutable";
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], body).into_response())
}
