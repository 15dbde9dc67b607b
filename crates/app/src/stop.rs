//! Ctrl-C, and requests of the system to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use crate::cli::Outcome;

/// Set when the user asks to end; the second time the program ends at once. May be called once in a process.
///
/// # Errors
/// When the system does not let it be listened to.
pub fn signal() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if seen.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Outcome::STOPPED_CODE));
        }
    })
    .context("Ctrl-C cannot be listened to")?;
    Ok(stop)
}
