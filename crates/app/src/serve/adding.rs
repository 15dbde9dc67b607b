//! What is added through the server: one thread writes, in the order of arrival, and tells how far it is.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use app::watch::Hooks;
use axum::http::StatusCode;
use model::Override;
use rashomon::{Archive, Raw, archive};

use super::{Answer, Problem};
use crate::archive::ArchiveArguments;
use crate::clock;

/// Jobs that wait: with the bytes of an upload, what bounds their memory.
const WAITING_MAX: usize = 4;
/// Jobs whose outcome is remembered.
const REMEMBERED_MAX: usize = 200;

/// Something to be done.
pub enum Job {
    /// Inputs are added: names and bytes.
    Add(Vec<(String, Vec<u8>)>),
    /// A decision is written to its file and replayed.
    Decide(Override),
    /// The last decision is taken back.
    Undo,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Others come first.
    Waiting,
    /// So many articles are read, of how many.
    Reading(usize, usize),
    /// So many stories are compared, of how many.
    Comparing(usize, usize),
    /// It is in: sentences that say what was done, and what was left aside.
    Done(Vec<String>),
    /// It is not in: why.
    Failed(String),
}

/// The jobs.
pub struct Adding {
    states: Mutex<BTreeMap<u64, State>>,
    queue: SyncSender<(u64, Job)>,
}

impl Adding {
    /// Begins the thread that adds. It holds the archive only while there is something to add, so that other
    /// processes may add too.
    pub fn begin(archive: ArchiveArguments, hooks: Hooks) -> Arc<Adding> {
        let (queue, jobs) = sync_channel(WAITING_MAX);
        let adding = Arc::new(Adding { states: Mutex::new(BTreeMap::new()), queue });
        let told = Arc::downgrade(&adding);
        std::thread::spawn(move || {
            let jobs: Receiver<(u64, Job)> = jobs;
            while let Ok((number, job)) = jobs.recv() {
                let Some(adding) = told.upgrade() else { return };
                let set = |state| adding.set(number, state);
                let state = work((&archive, &hooks), &job, &set)
                    .unwrap_or_else(|error| State::Failed(format!("{error:#}")));
                adding.set(number, state);
            }
        });
        adding
    }

    /// Puts a job at the end of the queue; tells its number.
    ///
    /// # Errors
    /// When too many wait.
    pub fn put(&self, job: Job) -> Answer<u64> {
        let number = {
            let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
            let number = states.keys().next_back().map_or(1, |last| last + 1);
            states.insert(number, State::Waiting);
            while states.len() > REMEMBERED_MAX {
                states.pop_first();
            }
            number
        };
        self.queue.try_send((number, job)).map_err(|_| {
            self.states.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "Too much waits to be read. Try again in a minute.")
        })?;
        Ok(number)
    }

    /// How far a job is.
    pub fn state(&self, number: u64) -> Option<State> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
    }

    fn set(&self, number: u64, state: State) {
        if let Some(known) = self.states.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&number) {
            *known = state;
        }
    }
}

fn work(
    (archive, hooks): (&ArchiveArguments, &Hooks),
    job: &Job,
    set: &(dyn Fn(State) + Sync),
) -> anyhow::Result<State> {
    let decisions = archive.overrides();
    let mut archive = archive.open()?;
    let mut unsent = hooks.deliver(&mut archive)?;
    archive.resume(&|done, all| set(State::Reading(done, all)))?;
    let mut told = match job {
        Job::Add(inputs) => add(&mut archive, inputs, set)?,
        Job::Decide(entry) => {
            archive::decide(&decisions, entry)?;
            vec!["The decision is written down.".to_owned()]
        }
        Job::Undo => vec![match archive::undo(&decisions)? {
            Some(_) => "The last decision is taken back.".to_owned(),
            None => "There was no decision to take back.".to_owned(),
        }],
    };
    let settled = archive.settle(&clock::now(), &|done, all| set(State::Comparing(done, all)))?;
    told.push(format!(
        "{} compared; {}.",
        render::telling::count(settled.story_count, "story"),
        render::telling::count(settled.event_count, "event"),
    ));
    unsent.extend(hooks.deliver(&mut archive)?);
    told.extend(unsent.iter().map(|(url, why)| format!("{url} was not told: {why} It is told later.")));
    Ok(State::Done(told))
}

fn add(
    archive: &mut Archive,
    inputs: &[(String, Vec<u8>)],
    set: &(dyn Fn(State) + Sync),
) -> anyhow::Result<Vec<String>> {
    let raws: Vec<Raw> = inputs.iter().map(|(name, bytes)| Raw { name, bytes }).collect();
    let added = archive.add(&raws, &clock::now(), &|done, all| set(State::Reading(done, all)))?;
    let count = render::telling::count;
    let mut told = vec![format!(
        "{}, {} known already; {}.",
        count(added.input_count, "new input"),
        added.known_count,
        count(added.article_count, "article"),
    )];
    told.extend(added.skipped.iter().map(|skipped| format!("{}: {}", skipped.input, skipped.reason)));
    told.extend(added.warnings);
    Ok(told)
}
