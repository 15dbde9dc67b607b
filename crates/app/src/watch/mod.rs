//! Feeds that are asked again and again: each at its own pace, slower while it fails or says nothing new, and none
//! held up by another.

mod capture;
mod desk;
mod health;
mod pages;
mod webhook;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError, mpsc};

use jiff::{SignedDuration, Timestamp};

use rashomon::archive::FeedRow;

use crate::fetch::{Answer, Clock, Fetched, Fetcher, Memory, Refusal};

pub use capture::capture;
pub use desk::{DeskOptions, Told, watch};
pub use health::Health;
pub use webhook::Hooks;

/// How long an answer is waited for before it is looked which feeds have fallen due.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);

/// How often feeds are asked.
#[derive(Clone, Copy, Debug)]
pub struct WatchOptions {
    /// Time between two requests of a feed that brings something new each time.
    pub pause_min: SignedDuration,
    /// The longest time, for one that is silent or fails.
    pub pause_max: SignedDuration,
    /// Feeds that are asked at the same time.
    pub at_once: usize,
}

impl WatchOptions {
    /// Every five minutes at most, every six hours at least, eight at a time.
    pub fn polite() -> WatchOptions {
        WatchOptions {
            pause_min: SignedDuration::from_mins(5),
            pause_max: SignedDuration::from_hours(6),
            at_once: 8,
        }
    }
}

/// How long feeds are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounds {
    /// Until told to stop.
    Endless,
    /// Each is asked once, whenever its time would be.
    One,
}

/// A feed that is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// Its address.
    pub url: String,
    /// How it has fared.
    pub health: Health,
}

impl Feed {
    /// One that was never asked.
    pub fn new(url: &str) -> Feed {
        Feed { url: url.to_owned(), health: Health::default() }
    }

    /// As it was left.
    pub(crate) fn of(row: &FeedRow) -> Feed {
        Feed { url: row.url.clone(), health: Health::of(row) }
    }

    /// As it is kept; what it was answered with is not known here.
    pub(crate) fn row(&self) -> FeedRow {
        FeedRow { url: self.url.clone(), ..self.health.row() }
    }
}

/// What came of asking a feed once.
#[derive(Debug)]
pub enum News {
    /// It has changed, or is met for the first time.
    Changed(Box<Fetched>),
    /// It is as it was.
    Unchanged,
    /// It gave nothing.
    Failed(Refusal),
}

impl News {
    fn of(answer: Result<Answer, Refusal>) -> News {
        match answer {
            Ok(Answer::Fetched(page)) => News::Changed(page),
            Ok(Answer::Unchanged) => News::Unchanged,
            Err(refusal) => News::Failed(refusal),
        }
    }
}

/// With what feeds are asked.
pub struct Watch<'w> {
    /// Asks.
    pub fetcher: &'w Fetcher<'w>,
    /// What is known from the last time.
    pub memory: &'w Memory,
    /// Tells when to ask.
    pub clock: &'w dyn Clock,
    /// How often.
    pub options: WatchOptions,
}

impl Watch<'_> {
    /// Asks the feeds whenever it is their time, and tells of each answer, until told to stop. A feed that hangs holds
    /// one of the places until its budget is spent; at most one answer a place waits to be told, so memory does not
    /// grow with feeds or time.
    pub fn run(
        &self,
        feeds: &mut [Feed],
        rounds: Rounds,
        tell: &mut dyn FnMut(&Feed, News) -> ControlFlow<()>,
    ) {
        let mut waiting = self.first_times(feeds, rounds);
        let (ask, asked) = mpsc::channel::<(usize, String)>();
        let (answer, answers) = mpsc::sync_channel(0);
        let asked = Mutex::new(asked);
        std::thread::scope(|scope| {
            let places = self.options.at_once.clamp(1, feeds.len().max(1));
            for _ in 0..places {
                let (asked, answer) = (&asked, answer.clone());
                scope.spawn(move || self.work(asked, &answer));
            }
            drop(answer);
            let mut busy = 0;
            while busy > 0 || !waiting.is_empty() {
                let now = self.clock.now();
                while busy < places
                    && let Some(&(next, place)) = waiting.first().filter(|(next, _)| *next <= now)
                {
                    waiting.remove(&(next, place));
                    busy += 1;
                    ask.send((place, feeds[place].url.clone())).expect("workers listen until `ask` is gone");
                }
                let next = waiting.first().map(|(next, _)| *next).filter(|_| busy < places);
                if let (0, Some(next)) = (busy, next) {
                    self.clock.wait_until(next);
                    continue;
                }
                let patience = next.map_or(PATIENCE, |next| now.duration_until(next).min(PATIENCE));
                match answers.recv_timeout(patience.try_into().unwrap_or_default()) {
                    Ok((place, answer)) => {
                        busy -= 1;
                        let news = News::of(answer);
                        let next = feeds[place].health.note(&news, self.clock.now(), &self.options);
                        if rounds == Rounds::Endless {
                            waiting.insert((next, place));
                        }
                        if tell(&feeds[place], news).is_break() {
                            break;
                        }
                    }
                    Err(mpsc::RecvTimeoutError::Timeout) => {}
                    Err(mpsc::RecvTimeoutError::Disconnected) => break,
                }
            }
            drop((ask, answers));
        });
    }

    /// When each feed is to be asked first.
    fn first_times(&self, feeds: &[Feed], rounds: Rounds) -> BTreeSet<(Timestamp, usize)> {
        let now = self.clock.now();
        let due = |feed: &Feed| feed.health.next.filter(|_| rounds == Rounds::Endless).unwrap_or(now);
        feeds.iter().enumerate().map(|(place, feed)| (due(feed), place)).collect()
    }

    /// Asks one feed after the other until there is nobody to ask for.
    fn work(
        &self,
        asked: &Mutex<mpsc::Receiver<(usize, String)>>,
        answer: &mpsc::SyncSender<(usize, Result<Answer, Refusal>)>,
    ) {
        loop {
            let next = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((place, url)) = next else { return };
            if answer.send((place, self.fetcher.fetch(&url, self.memory))).is_err() {
                return;
            }
        }
    }
}
