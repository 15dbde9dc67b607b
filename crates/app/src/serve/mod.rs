//! The server: from the socket to the routes. What the pages show is in `pages`, what programs are answered in `api`.

mod adding;
mod guard;
mod kept;
mod key;
mod metrics;
mod news;
mod problem;
mod query;
mod readers;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use app::watch::Hooks;
use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

pub use adding::{Job, State};
pub use guard::Site;
pub use kept::Told;
pub use key::Key;
pub use news::listen;
pub use problem::{Answer, Problem};
pub use query::{Named, Parameters};

use crate::archive::ArchiveArguments;
use crate::{api, pages, progress};

/// Connections at a time; more wait for a place.
const CONNECTIONS_MAX: usize = 512;
/// How long a client may take to say what it wants.
const HEAD_SECONDS_MAX: u64 = 20;
/// Bytes that a request's head may have.
const HEAD_BYTES_MAX: usize = 64 << 10;
/// Threads that ask the archive.
const BLOCKING_THREADS_MAX: usize = 32;
/// How long what is under way may go on after the server was told to stop.
const STOP_SECONDS_MAX: u64 = 3;

/// How to serve.
pub struct Options {
    /// The archive, and how it reads what is added.
    pub archive: ArchiveArguments,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Names under which the server may be called, beside its own address.
    pub hosts: Vec<String>,
    /// Who may write; nobody without it.
    pub key: Option<Key>,
    /// Who is told what has changed by it.
    pub hooks: Hooks,
}

/// Serves until the process is told to stop (Ctrl-C).
///
/// # Errors
/// When the address cannot be listened on.
pub fn run(options: Options) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .build()
        .context("the system gives no threads to serve with")?;
    let outcome = runtime.block_on(accept(options));
    runtime.shutdown_timeout(Duration::from_secs(STOP_SECONDS_MAX));
    outcome
}

async fn accept(options: Options) -> anyhow::Result<()> {
    let wanted = options.listen;
    let listener = TcpListener::bind(wanted)
        .await
        .with_context(|| format!("{wanted} cannot be listened on. Choose another with --listen"))?;
    let address = listener.local_addr().context("the system does not say where it listens")?;
    if !address.ip().is_loopback() {
        progress::complain("warning: whoever can reach this address can read the archive.");
    }
    progress::complain(&format!("http://{address}/"));
    let site = Arc::new(Site::new(options, address));
    news::watch(&site);
    let routes = routes(site);
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let place = Arc::clone(&places).acquire_owned().await.context("the places are never closed")?;
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let routes = routes.clone();
                    tokio::spawn(async move {
                        answer(stream, routes).await;
                        drop(place);
                    });
                }
                // The system is out of something that others will give back.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            _ = tokio::signal::ctrl_c() => return Ok(()),
        }
    }
}

async fn answer(stream: TcpStream, routes: Router) {
    // What the client does not hear, nobody needs to be told.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEAD_SECONDS_MAX))
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes))
        .await;
}

/// Everything that can be asked, behind the guard.
fn routes(site: Arc<Site>) -> Router {
    let guard = axum::middleware::from_fn_with_state(Arc::clone(&site), guard::guard);
    Router::new()
        .merge(pages::routes())
        .merge(api::routes())
        .fallback(|| async { Problem::not_found("There is no such page.") })
        .method_not_allowed_fallback(|| async { Problem::method() })
        .layer(axum::extract::DefaultBodyLimit::max(guard::FORM_BYTES_MAX))
        .layer(guard)
        .with_state(site)
}
