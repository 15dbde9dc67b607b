//! Inputs of any size, record by record: read on many threads, handed on in their order, at constant memory.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ingest::{Ingested, Piece, Pieces, Position, Record, Rejection, Tally};
use model::{Address, Annotated, Article, Skipped};

use crate::engine::Engine;
use crate::read::{ReadOptions, not_fetched};

/// Records that are read at once or wait for one before them, per thread.
const WINDOW_RECORDS: usize = 16;
/// Bytes of records that may wait, in all: a bound on memory whatever their size.
const WINDOW_BYTES_MAX: usize = 32 << 20;

/// How a stream is read.
#[derive(Clone, Debug)]
pub struct StreamOptions {
    /// How inputs are read.
    pub read: ReadOptions,
    /// Threads that read records. The outcome does not depend on it.
    pub thread_count: usize,
    /// When nothing comes of any record for so long, the first that is waited for is skipped.
    pub record_time_max: Duration,
}

/// What came of one record, in the order of its input.
#[derive(Clone, Debug)]
pub struct Step<T> {
    /// Its articles; their ids may repeat ([`ingest::Ids`]).
    pub articles: Vec<T>,
    /// What it names and does not hold.
    pub addresses: Vec<Address>,
    /// What of it could not be read.
    pub skipped: Vec<Skipped>,
    /// What was odd in it, as sentences.
    pub warnings: Vec<String>,
    /// What became of it.
    pub tally: Tally,
    /// Where reading would go on after it.
    pub position: Position,
}

/// Takes steps; may say that it is enough.
pub type Sink<'a, T> = &'a mut dyn FnMut(Step<T>) -> ControlFlow<()>;

/// Reads the articles of an input.
pub fn extract_stream(pieces: Pieces, options: &StreamOptions, sink: Sink<Article>) {
    in_order(pieces, options, Arc::new(|job| job(&mut |article| article)), sink);
}

/// Reads and annotates the articles of an input.
pub fn annotate_stream(engine: &Arc<Engine>, pieces: Pieces, options: &StreamOptions, sink: Sink<Annotated>) {
    let engine = Arc::clone(engine);
    in_order(pieces, options, Arc::new(move |job| engine.with_session(job)), sink);
}

/// What one thread does with an article.
pub(crate) type Work<'a, T> = &'a mut dyn FnMut(Article) -> T;
/// Runs a job with a thread's own work.
type WithWork<T> = dyn Fn(&mut dyn FnMut(Work<T>)) + Send + Sync;

struct Job {
    number: u64,
    record: Record,
}

struct Done<T> {
    number: u64,
    step: Step<T>,
}

/// A record that was handed out, or what came of it.
struct Slot<T> {
    name: String,
    size: usize,
    position: Position,
    step: Option<Step<T>>,
}

/// Threads that read records.
struct Crew<T> {
    jobs: Sender<Job>,
    /// Where the threads take their jobs, one at a time.
    queue: Arc<Mutex<Receiver<Job>>>,
    results: Receiver<Done<T>>,
    send_results: Sender<Done<T>>,
    with_work: Arc<WithWork<T>>,
    options: Arc<ReadOptions>,
}

impl<T: Send + 'static> Crew<T> {
    fn new(options: &StreamOptions, with_work: Arc<WithWork<T>>) -> Crew<T> {
        let (jobs, queue) = mpsc::channel();
        let (send_results, results) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let crew =
            Crew { jobs, queue, results, send_results, with_work, options: Arc::new(options.read.clone()) };
        (0..options.thread_count.max(1)).for_each(|_| crew.hire());
        crew
    }

    /// One more thread. It ends when the crew is dropped; one that hangs in a record ends with the program.
    fn hire(&self) {
        let (queue, results) = (Arc::clone(&self.queue), self.send_results.clone());
        let (with_work, options) = (Arc::clone(&self.with_work), Arc::clone(&self.options));
        std::thread::spawn(move || {
            let mut broken = true;
            while broken {
                broken = false;
                with_work(&mut |work| broken = serve(work, &queue, &results, &options).is_break());
            }
        });
    }
}

/// Does jobs until there are none; breaks off when one failed, because what it was doing may be half done.
fn serve<T>(
    work: Work<T>,
    queue: &Mutex<Receiver<Job>>,
    results: &Sender<Done<T>>,
    options: &ReadOptions,
) -> ControlFlow<()> {
    loop {
        let job = queue.lock().expect("no thread panics while it takes a job").recv();
        let Ok(Job { number, record }) = job else { return ControlFlow::Continue(()) };
        let outcome = catch_unwind(AssertUnwindSafe(|| step(&record, options, work)));
        let broken = outcome.is_err();
        let step = outcome.unwrap_or_else(|_| {
            failed(record.name(), "Reading it failed inside rashomon; please report it with this record.")
        });
        // Nobody waits for results once the stream is stopped.
        if results.send(Done { number, step }).is_err() {
            return ControlFlow::Continue(());
        }
        if broken {
            return ControlFlow::Break(());
        }
    }
}

fn in_order<T: Send + 'static>(
    mut pieces: Pieces,
    options: &StreamOptions,
    with_work: Arc<WithWork<T>>,
    sink: Sink<T>,
) {
    let crew = Crew::new(options, with_work);
    let mut window: VecDeque<Slot<T>> = VecDeque::new();
    let (mut first, mut waiting_bytes, mut ended) = (0u64, 0, false);
    loop {
        while !ended
            && window.len() < WINDOW_RECORDS * options.thread_count.max(1)
            && waiting_bytes < WINDOW_BYTES_MAX
        {
            let Some(piece) = pieces.next() else {
                ended = true;
                break;
            };
            let slot = hand_out(piece, first + window.len() as u64, pieces.position(), &crew);
            waiting_bytes += slot.size;
            window.push_back(slot);
        }
        while let Some(step) = window.front_mut().and_then(|slot| slot.step.take()) {
            waiting_bytes -= window.pop_front().map_or(0, |slot| slot.size);
            first += 1;
            if sink(step).is_break() {
                return;
            }
        }
        let Some(front) = window.front_mut() else {
            if ended {
                return;
            }
            continue;
        };
        match crew.results.recv_timeout(options.record_time_max) {
            Ok(done) => {
                // What was given up on may still come; it is late then.
                let place = done.number.checked_sub(first).and_then(|place| usize::try_from(place).ok());
                if let Some(slot) = place.and_then(|place| window.get_mut(place)) {
                    slot.step = Some(Step { position: slot.position, ..done.step });
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                let reason =
                    format!("Reading it took more than {} seconds.", options.record_time_max.as_secs());
                front.step = Some(Step { position: front.position, ..failed(front.name.clone(), &reason) });
                crew.hire();
            }
        }
    }
}

/// Gives a record to the crew; what needs no reading is done at once.
fn hand_out<T>(piece: Piece, number: u64, position: Position, crew: &Crew<T>) -> Slot<T> {
    match piece {
        Piece::Record(record) => {
            let (name, size) = (record.name(), record.size());
            crew.jobs.send(Job { number, record }).expect("the crew keeps the other end");
            Slot { name, size, position, step: None }
        }
        Piece::PassedOver(what) => {
            let mut step = empty(position);
            step.tally.pass_over(what);
            Slot { name: String::new(), size: 0, position, step: Some(step) }
        }
        Piece::Skipped(skipped) => {
            let step = Step { position, ..failed(skipped.input, &skipped.reason) };
            Slot { name: String::new(), size: 0, position, step: Some(step) }
        }
    }
}

/// Reads a record and works on each of its articles.
fn step<T>(record: &Record, options: &ReadOptions, work: Work<T>) -> Step<T> {
    let outcome: Result<Ingested, Rejection> = record.read(&options.ingest);
    let mut step = empty(Position::default());
    step.tally.note(&outcome);
    match outcome {
        Ok(found) => {
            let only_addresses = found.articles.is_empty() && !found.addresses.is_empty();
            step.articles = found.articles.into_iter().map(work).collect();
            step.skipped = found.skipped;
            if only_addresses {
                let reason = not_fetched(found.addresses.len());
                step.skipped.push(Skipped { input: record.name(), reason });
            }
            step.addresses = found.addresses;
            step.warnings = found.warnings;
        }
        Err(rejection) => {
            step.skipped.push(Skipped { input: record.name(), reason: rejection.to_string() });
        }
    }
    step
}

fn empty<T>(position: Position) -> Step<T> {
    Step {
        articles: Vec::new(),
        addresses: Vec::new(),
        skipped: Vec::new(),
        warnings: Vec::new(),
        tally: Tally::default(),
        position,
    }
}

fn failed<T>(input: String, reason: &str) -> Step<T> {
    let mut step = empty(Position::default());
    step.tally.skipped_count = 1;
    step.skipped.push(Skipped { input, reason: reason.to_owned() });
    step
}
