//! Readers of the archive, kept open and lent to one request at a time, on threads that may wait.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use rashomon::archive::{self, Reader};
use tokio::sync::Semaphore;

use super::{Answer, Problem};

/// Readers at a time: more would only wait for one another's processor.
const READERS_MAX: usize = 16;

/// The pool.
pub struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Reader>>,
    free: Arc<Semaphore>,
}

impl Readers {
    /// Of an archive.
    pub fn new(path: PathBuf) -> Arc<Readers> {
        Arc::new(Readers { path, idle: Mutex::new(Vec::new()), free: Arc::new(Semaphore::new(READERS_MAX)) })
    }

    /// Asks the archive on a thread of its own kind.
    ///
    /// # Errors
    /// Those of `ask`; when the archive cannot be opened; when `ask` breaks down.
    pub async fn ask<T: Send + 'static>(
        self: &Arc<Readers>,
        ask: impl FnOnce(&Reader) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let place = Arc::clone(&self.free).acquire_owned().await.expect("the places are never closed");
        let readers = Arc::clone(self);
        let asked = tokio::task::spawn_blocking(move || {
            let _place = place;
            let idle = readers.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let reader = idle.map_or_else(|| archive::open_reader(&readers.path), Ok)?;
            let answer = ask(&reader);
            readers.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            answer
        });
        asked.await.unwrap_or_else(|_| {
            Err(Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The answer broke down: a fault of the program. `rashomon doctor` says whether the archive is whole.",
            ))
        })
    }
}
