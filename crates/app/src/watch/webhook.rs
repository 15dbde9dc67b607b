//! Events sent to other programs: each in order, tried a few times, and again later from where it stopped.

use std::time::Duration;

use rashomon::Archive;
use rashomon::archive::Error;

use crate::fetch::{FetchOptions, Fetcher, Refusal, SystemClock};

/// Pauses before an event is tried again.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];
/// Events that are sent in one go.
const EVENTS_AT_ONCE: usize = 200;

/// How long another program may take to be told of an event.
const HOOK_TIME: Duration = Duration::from_secs(10);

/// Addresses to which events are sent. Whoever holds the archive to write sends what has not been sent, so that several
/// processes may know the same addresses, and each event is sent once.
pub struct Hooks {
    fetcher: Fetcher<'static>,
    urls: Vec<String>,
}

impl Hooks {
    /// These addresses, asked like pages, but each for ten seconds at most.
    pub fn new(fetch: FetchOptions, urls: Vec<String>) -> Hooks {
        Hooks { fetcher: Fetcher::new(FetchOptions { time_max: HOOK_TIME, ..fetch }, &SystemClock), urls }
    }

    /// Sends each address the events that it was not sent yet, oldest first; one that is new gets those from now on. Where
    /// an event is not taken, the address waits until there is more to tell. Returns what went wrong, by address.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn deliver(&self, archive: &mut Archive) -> Result<Vec<(String, String)>, Error> {
        deliver(archive, (&self.fetcher, &self.urls))
    }
}

fn deliver(
    archive: &mut Archive,
    (fetcher, urls): (&Fetcher<'_>, &[String]),
) -> Result<Vec<(String, String)>, Error> {
    let mut failures = Vec::new();
    for url in urls {
        let key = format!("webhook {url}");
        let Some(mut sent) = archive.reader().fact(&key)?.and_then(|sent| sent.parse::<i64>().ok()) else {
            let last = archive.reader().last_event()?;
            archive.put_fact(&key, &last.to_string())?;
            continue;
        };
        for event in archive.reader().events(sent, EVENTS_AT_ONCE)? {
            let mut body = Vec::new();
            render::event_json(&event, &mut body).expect("memory takes every byte");
            if let Err(why) = tried(fetcher, url, (&event.number.to_string(), &body)) {
                failures.push((url.clone(), why.to_string()));
                break;
            }
            sent = event.number;
            // A kill before this line sends the event again, with the same key.
            archive.put_fact(&key, &sent.to_string())?;
        }
    }
    Ok(failures)
}

fn tried(fetcher: &Fetcher<'_>, url: &str, sent: (&str, &[u8])) -> Result<(), Refusal> {
    for pause in PAUSES {
        match fetcher.post(url, sent) {
            Err(refusal) if refusal.may_pass() => std::thread::sleep(pause),
            other => return other,
        }
    }
    fetcher.post(url, sent)
}
