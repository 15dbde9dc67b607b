//! What only those may do who have the secret: add files. Nothing here writes but through the one thread that adds.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::FormRejection;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::frame::{Frame, page as answer, signed_in, to};
use crate::serve::{Answer, Job, Named, Problem, Site, State as JobState};

/// The name of the cookie by which a browser is known that gave the secret.
pub const COOKIE: &str = "rashomon";
/// Where the secret is given.
pub const LOGIN_PATH: &str = "/login";
/// Where files are added.
pub const ADD_PATH: &str = "/add";
/// Bytes of all files of an upload.
pub const UPLOAD_BYTES_MAX: usize = 32 << 20;
/// Files of an upload.
const FILES_MAX: usize = 500;
/// Letters of a file's name that are kept.
const NAME_LENGTH_MAX: usize = 200;
/// Seconds after which the page of a job asks again, where no script does.
const ASK_AGAIN_SECONDS: u32 = 1;

#[derive(Template)]
#[template(path = "add.html")]
struct AddPage {
    frame: Frame,
    megabytes: usize,
}

/// `/add`: the form, for those who gave the secret; the door for others.
pub async fn form(State(site): State<Arc<Site>>, headers: HeaderMap) -> Answer<Response> {
    if !signed_in(&site, &headers) {
        return Ok(to(LOGIN_PATH));
    }
    answer(&AddPage { frame: Frame::new(&site, "Add", ADD_PATH), megabytes: UPLOAD_BYTES_MAX >> 20 })
}

/// Takes files and begins to read them.
pub async fn add(
    State(site): State<Arc<Site>>,
    files: Result<Multipart, MultipartRejection>,
) -> Answer<Response> {
    let mut files =
        files.map_err(|_| Problem::request("Files come as multipart/form-data with a boundary."))?;
    let mut inputs = Vec::new();
    while let Some(field) = files.next_field().await.map_err(upload)? {
        let name = file_name(field.file_name().unwrap_or_default());
        let bytes = field.bytes().await.map_err(upload)?;
        if bytes.is_empty() {
            continue;
        }
        if inputs.len() == FILES_MAX {
            return Err(Problem::request(format!("At most {FILES_MAX} files are taken at once.")));
        }
        inputs.push((name, bytes.to_vec()));
    }
    if inputs.is_empty() {
        return Err(Problem::request("There is no file in it. Choose one or more."));
    }
    let number = site.adding.put(Job::Add(inputs))?;
    Ok(to(&format!("{ADD_PATH}/{number}")))
}

fn upload(error: axum::extract::multipart::MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!(
                "At most {} MB are taken at once. `rashomon add` takes any size.",
                UPLOAD_BYTES_MAX >> 20
            ),
        ),
        _ => Problem::request("The upload broke off. Send it again."),
    }
}

/// What a file is called in the archive: the last part of what the browser says. It names no file of ours.
fn file_name(said: &str) -> String {
    let name = said.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(NAME_LENGTH_MAX).collect();
    if name.trim().is_empty() { "upload".to_owned() } else { name }
}

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage {
    frame: Frame,
    title: &'static str,
    progress: Option<[usize; 2]>,
    lines: Vec<String>,
    done: bool,
}

/// `/add/{number}`: how far an upload is.
pub async fn state(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Named { id: number }: Named,
) -> Answer<Response> {
    if !signed_in(&site, &headers) {
        return Ok(to(LOGIN_PATH));
    }
    let state = number.parse().ok().and_then(|number| site.adding.state(number));
    let state = state.ok_or_else(|| Problem::not_found("There is no such upload, or it was long ago."))?;
    let mut frame = Frame::new(&site, "Adding", ADD_PATH);
    let (title, progress, lines) = match state {
        JobState::Waiting => ("Waiting for others to be read", None, Vec::new()),
        JobState::Reading(done, all) => ("Reading articles", Some([done, all]), Vec::new()),
        JobState::Comparing(done, all) => ("Comparing stories", Some([done, all]), Vec::new()),
        JobState::Done(lines) => ("Done", None, lines),
        JobState::Failed(why) => ("Not done", None, vec![why]),
    };
    let done = matches!(title, "Done" | "Not done");
    frame.again = (!done).then_some(ASK_AGAIN_SECONDS);
    answer(&JobPage { frame, title, progress, lines, done })
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
    wrong: bool,
}

/// `/login`
pub async fn door(State(site): State<Arc<Site>>) -> Answer<Response> {
    if site.key.is_none() {
        return Err(Problem::not_found(
            "This archive is only read here. Start the server with --token-file to write.",
        ));
    }
    answer(&LoginPage { frame: Frame::new(&site, "Log in", LOGIN_PATH), wrong: false })
}

/// Lets a browser in that gives the secret.
pub async fn log_in(
    State(site): State<Arc<Site>>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer<Response> {
    let Form(fields) = form.map_err(|_| Problem::request("The secret comes as a short form."))?;
    let secret = fields.iter().find(|(name, _)| name == "token").map(|(_, value)| value.as_str());
    let key = site.key.as_ref().filter(|key| secret.is_some_and(|secret| key.opens(secret)));
    match key {
        Some(key) => {
            let cookie =
                format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800", key.cookie());
            Ok((
                StatusCode::SEE_OTHER,
                [(header::LOCATION, ADD_PATH.to_owned()), (header::SET_COOKIE, cookie)],
                (),
            )
                .into_response())
        }
        None => {
            let page = LoginPage { frame: Frame::new(&site, "Log in", LOGIN_PATH), wrong: true };
            let mut response = answer(&page)?;
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            Ok(response)
        }
    }
}

/// Forgets a browser.
pub async fn log_out() -> Response {
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    (StatusCode::SEE_OTHER, [(header::LOCATION, "/".to_owned()), (header::SET_COOKIE, cookie)], ())
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_s_name_leads_nowhere() {
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("C:\\news\\a.txt"), "a.txt");
        assert_eq!(file_name("a\u{0}\n.txt"), "a.txt");
        assert_eq!(file_name("/"), "upload");
        assert_eq!(file_name(&"x".repeat(999)).len(), 200);
    }
}
