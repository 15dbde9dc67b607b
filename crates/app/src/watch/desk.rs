//! From feeds to the archive: feeds are asked, the pages that they name are fetched, and what is new is added.
//!
//! Three kinds of threads: one asks the feeds, some fetch pages, and the caller's own writes. What is to be done stands in
//! the archive before it is begun (a feed's answer and the pages that it names in one transaction), so a process that is
//! killed at any moment goes on where it was.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rashomon::archive::{EventRow, FeedRow, read_feed};
use rashomon::{Archive, Raw};

use super::health::written;
use super::pages::Pages;
use super::{Feed, Hooks, News, Rounds, Watch, WatchOptions, capture};
use crate::fetch::{Answer, FetchOptions, Fetcher, Memory, Refusal, SystemClock, Validators};

/// Pages that are added together: their stories are compared once.
const BATCH_PAGES_MAX: usize = 64;
/// Bytes of pages that are added together.
const BATCH_BYTES_MAX: usize = 32 << 20;
/// After so long without another page, what has come is added.
const QUIET: Duration = Duration::from_secs(2);
/// How often it is looked whether to stop.
const TICK: Duration = Duration::from_millis(200);
/// Pages that are asked for at the same time, each of another host.
const PAGES_AT_ONCE: usize = 8;
/// Pages that wait in memory; more wait in the archive.
const WAITING_MAX: usize = 500;
/// How often a page is tried.
const TRIES_MAX: u32 = 5;
/// How long a page rests after it was tried in vain for the first time; then four times as long each time.
const PAGE_REST: SignedDuration = SignedDuration::from_mins(10);
/// How long the archive may be written to by others before that is told.
const IN_USE_TOLD: u32 = 5;

/// How to watch.
#[derive(Clone, Debug)]
pub struct DeskOptions {
    /// How to fetch.
    pub fetch: FetchOptions,
    /// How often feeds are asked.
    pub watch: WatchOptions,
    /// Whether to go on when all feeds were asked and what they name is in.
    pub rounds: Rounds,
    /// Where each event is sent.
    pub webhooks: Vec<String>,
}

/// What is told while feeds are watched.
#[derive(Debug)]
pub enum Told<'t> {
    /// A feed named so many new pages.
    Named(&'t FeedRow, usize),
    /// A feed failed.
    Failed(&'t FeedRow),
    /// A page did not come, for this reason.
    Missing(&'t str, &'t str),
    /// So many pages were added, with so many articles.
    Added(usize, usize),
    /// What has changed by them.
    Events(&'t [EventRow]),
    /// An event was not taken by this address, for this reason; it is sent again later.
    Unsent(&'t str, &'t str),
    /// Another process writes to the archive; what comes waits for it.
    InUse,
}

/// Something has come.
enum Came {
    Feed(Box<Feed>, News),
    Page(String, Result<Answer, Refusal>),
    /// All feeds were asked, and none is to be asked again.
    FeedsDone,
}

/// Watches feeds until told to stop, or until all is done where one round was asked for.
///
/// # Errors
/// When the disk refuses.
pub fn watch(
    (archive, urls): (&mut Archive, &[String]),
    options: &DeskOptions,
    (stop, tell): (&AtomicBool, &mut dyn FnMut(Told)),
) -> Result<(), rashomon::archive::Error> {
    let (send, receive) = sync_channel(PAGES_AT_ONCE);
    let pages = Arc::new(Pages::default());
    let memory = Arc::new(Memory::default());
    let hooks = Hooks::new(options.fetch.clone(), options.webhooks.clone());
    let memory_too = Arc::clone(&memory);
    let mut desk = Desk { archive, memory: memory_too, pages, hooks, stop, tell, batch: Vec::new(), size: 0 };
    desk.resume()?;
    let feeds = urls.iter().map(|url| desk.feed(url)).collect::<Result<Vec<Feed>, _>>()?;
    start(feeds, (&desk.pages, memory), options, &send);
    desk.write_from(&receive, options.rounds)
}

/// Starts the threads that ask. They end with the process: nothing of theirs has to be finished.
fn start(
    mut feeds: Vec<Feed>,
    (pages, memory): (&Arc<Pages>, Arc<Memory>),
    options: &DeskOptions,
    send: &SyncSender<Came>,
) {
    for _ in 0..PAGES_AT_ONCE {
        let (pages, memory, send) = (Arc::clone(pages), Arc::clone(&memory), send.clone());
        let options = options.fetch.clone();
        std::thread::spawn(move || {
            let fetcher = Fetcher::new(options, &SystemClock);
            loop {
                let url = pages.take();
                let answer = fetcher.fetch(&url, &memory);
                pages.answered(&url);
                if send.send(Came::Page(url, answer)).is_err() {
                    return;
                }
            }
        });
    }
    let (options, send) = (options.clone(), send.clone());
    std::thread::spawn(move || {
        let fetcher = Fetcher::new(options.fetch, &SystemClock);
        let watch = Watch { fetcher: &fetcher, memory: &memory, clock: &SystemClock, options: options.watch };
        watch.run(&mut feeds, options.rounds, &mut |feed, news| match send
            .send(Came::Feed(Box::new(feed.clone()), news))
        {
            Ok(()) => std::ops::ControlFlow::Continue(()),
            Err(_) => std::ops::ControlFlow::Break(()),
        });
        // Nobody listens any more when the desk has stopped.
        drop(send.send(Came::FeedsDone));
    });
}

/// The one that writes.
struct Desk<'d> {
    archive: &'d mut Archive,
    memory: Arc<Memory>,
    pages: Arc<Pages>,
    hooks: Hooks,
    stop: &'d AtomicBool,
    tell: &'d mut dyn FnMut(Told),
    /// Pages that have come and are not added yet: address and capture.
    batch: Vec<(String, Vec<u8>)>,
    size: usize,
}

type Done = Result<(), rashomon::archive::Error>;

impl Desk<'_> {
    /// Finishes what a stopped process began.
    fn resume(&mut self) -> Done {
        let before = self.archive.reader().last_event()?;
        self.archive.resume(&|_, _| {})?;
        self.archive.settle(&now(), &|_, _| {})?;
        self.tell_events(before)
    }

    /// A feed as it was left, with what it is asked with next time.
    fn feed(&self, url: &str) -> Result<Feed, rashomon::archive::Error> {
        let Some(row) = self.archive.reader().feed(url)? else { return Ok(Feed::new(url)) };
        if let Some(from) = &row.answered_from {
            let validators = Validators { etag: row.etag.clone(), modified: row.modified.clone() };
            self.memory.keep(from, validators);
        }
        Ok(Feed::of(&row))
    }

    fn write_from(&mut self, receive: &Receiver<Came>, rounds: Rounds) -> Done {
        let mut feeds_done = false;
        let mut quiet = Duration::ZERO;
        self.put_due()?;
        self.archive.rest()?;
        while !self.stop.load(Ordering::Relaxed) {
            match receive.recv_timeout(TICK) {
                Ok(came) => {
                    quiet = Duration::ZERO;
                    match came {
                        Came::Feed(feed, news) => self.take_feed(&feed, news)?,
                        Came::Page(url, answer) => self.take_page(url, answer)?,
                        Came::FeedsDone => feeds_done = true,
                    }
                }
                Err(RecvTimeoutError::Timeout) => quiet += TICK,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            let full = self.batch.len() >= BATCH_PAGES_MAX || self.size >= BATCH_BYTES_MAX;
            let nothing_comes = quiet >= QUIET || self.pages.len() == self.batch.len();
            if full || (nothing_comes && !self.batch.is_empty()) {
                self.add()?;
            } else if quiet >= QUIET && self.pages.len() < WAITING_MAX {
                quiet = Duration::ZERO;
                self.put_due()?;
            }
            let done = feeds_done && self.pages.len() == 0;
            if done && rounds == Rounds::One {
                self.put_due()?;
                if self.pages.len() == 0 {
                    return Ok(());
                }
            }
        }
        self.add()
    }

    /// Notes a feed's answer, and has the pages fetched that it names.
    fn take_feed(&mut self, feed: &Feed, news: News) -> Done {
        let mut row = feed.row();
        let mut named = Vec::new();
        if let Some(known) = self.archive.reader().feed(&row.url)? {
            row.title = known.title;
            (row.answered_from, row.etag, row.modified) = (known.answered_from, known.etag, known.modified);
        }
        if let News::Changed(page) = news {
            match read_feed(&page.final_url, &page.body, self.archive.read_options()) {
                Ok(read) => {
                    row.title = read.title.or(row.title);
                    named = read.pages;
                    named.iter_mut().for_each(|page| page.feed.clone_from(&row.url));
                    row.answered_from = Some(page.final_url.clone());
                }
                Err(why) => {
                    // Without validators it is sent whole next time, and looked at again.
                    self.memory.keep(&page.final_url, Validators::default());
                    row.failure = Some(why);
                    row.failed_count += 1;
                    row.failed_in_a_row += 1;
                }
            }
        }
        if let Some(from) = &row.answered_from {
            let validators = self.memory.validators(from).unwrap_or_default();
            (row.etag, row.modified) = (validators.etag, validators.modified);
        }
        self.wake()?;
        let new_count = self.archive.put_feed(&row, &named, &now())?;
        self.archive.rest()?;
        if row.failed_in_a_row > 0 {
            (self.tell)(Told::Failed(&row));
        } else if new_count > 0 {
            (self.tell)(Told::Named(&row, new_count));
        }
        self.put_due()
    }

    /// Has the pages fetched whose time has come.
    fn put_due(&mut self) -> Done {
        let room = WAITING_MAX.saturating_sub(self.pages.len());
        // Those under way are among those that wait.
        for page in self.archive.reader().pages_due(&now(), room + self.pages.len())? {
            if self.archive.reader().page_came(&page.url)? {
                self.wake()?;
                self.archive.pages_are_in(&[&page.url])?;
                self.archive.rest()?;
            } else {
                self.pages.put(&page.url);
            }
        }
        Ok(())
    }

    fn take_page(&mut self, url: String, answer: Result<Answer, Refusal>) -> Done {
        let (failure, may_pass, until) = match answer {
            Ok(Answer::Fetched(page)) => match capture(&page) {
                Ok(bytes) => {
                    self.size += bytes.len();
                    self.batch.push((url, bytes));
                    return Ok(());
                }
                Err(error) => (format!("It cannot be kept: {error}."), false, None),
            },
            Ok(Answer::Unchanged) => {
                self.wake()?;
                self.archive.pages_are_in(&[&url])?;
                self.archive.rest()?;
                self.pages.done(&url);
                return Ok(());
            }
            Err(refusal) => {
                let until = if let Refusal::Later { until } = &refusal { Some(*until) } else { None };
                (refusal.to_string(), refusal.may_pass(), until)
            }
        };
        self.wake()?;
        let tries = self.archive.page_tries(&url)?;
        let rest = PAGE_REST * 4_i32.saturating_pow(tries);
        let next = until.unwrap_or_else(|| Timestamp::now() + rest);
        let next = Some(written(next)).filter(|_| may_pass && tries + 1 < TRIES_MAX);
        self.archive.page_failed(&url, &failure, next.as_deref())?;
        self.archive.rest()?;
        self.pages.done(&url);
        (self.tell)(Told::Missing(&url, &failure));
        Ok(())
    }

    /// Adds what has come, and compares the stories that it changes.
    fn add(&mut self) -> Done {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.wake()?;
        self.size = 0;
        let batch = std::mem::take(&mut self.batch);
        let raws: Vec<Raw> = batch.iter().map(|(name, bytes)| Raw { name, bytes }).collect();
        let added = self.archive.add(&raws, &now(), &|_, _| {})?;
        let urls: Vec<&str> = batch.iter().map(|(url, _)| url.as_str()).collect();
        self.archive.pages_are_in(&urls)?;
        let before = self.archive.reader().last_event()?;
        self.archive.settle(&now(), &|_, _| {})?;
        urls.iter().for_each(|url| self.pages.done(url));
        (self.tell)(Told::Added(batch.len(), added.article_count));
        for skipped in &added.skipped {
            (self.tell)(Told::Missing(&skipped.input, &skipped.reason));
        }
        self.tell_events(before)?;
        self.archive.rest()
    }

    fn tell_events(&mut self, before: i64) -> Done {
        let events = self.archive.reader().events(before, usize::MAX)?;
        if !events.is_empty() {
            (self.tell)(Told::Events(&events));
        }
        for (url, why) in self.hooks.deliver(self.archive)? {
            (self.tell)(Told::Unsent(&url, &why));
        }
        Ok(())
    }

    /// Takes up writing, when others let it.
    fn wake(&mut self) -> Done {
        let mut waited = 0;
        loop {
            match self.archive.wake() {
                Err(error) if error.is_in_use() => {
                    waited += 1;
                    if waited == IN_USE_TOLD {
                        (self.tell)(Told::InUse);
                    }
                    if self.stop.load(Ordering::Relaxed) {
                        return Err(error);
                    }
                    std::thread::sleep(TICK);
                }
                other => return other,
            }
        }
    }
}

fn now() -> String {
    written(Timestamp::now())
}
