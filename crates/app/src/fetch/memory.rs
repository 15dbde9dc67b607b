//! What is kept between requests, by whoever asks: validators of pages, what sites allow, when hosts may be asked.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::Refusal;
use super::reservation::SiteReservations;
use super::robots::Rules;

/// Pages whose validators are kept; beyond that the first by address are forgotten.
const PAGES_MAX: usize = 200_000;
/// Sites whose rules are kept.
const SITES_MAX: usize = 20_000;

/// What a page's server gave to ask with next time (RFC 9110): sent back as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, with its quotation marks and its `W/`.
    pub etag: Option<String>,
    /// `Last-Modified`, as written.
    pub modified: Option<String>,
}

/// What a site lets be read.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub rules: Rules,
    pub reservations: SiteReservations,
    /// Why nothing of it may be read, where its robots.txt cannot be had.
    pub closed: Option<Refusal>,
    /// When it has to be asked again.
    pub until: Timestamp,
}

/// State between requests. It belongs to the caller, who may keep the validators beyond the run.
#[derive(Debug, Default)]
pub struct Memory {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    pages: BTreeMap<String, Validators>,
    sites: BTreeMap<String, Site>,
    /// When each host may be asked next.
    free: BTreeMap<String, Timestamp>,
}

impl Memory {
    /// What is known about an address from the last time.
    pub fn validators(&self, url: &str) -> Option<Validators> {
        self.state().pages.get(url).cloned()
    }

    /// Keeps the validators of an address; without any, forgets it.
    pub fn keep(&self, url: &str, validators: Validators) {
        let mut state = self.state();
        if validators == Validators::default() {
            state.pages.remove(url);
            return;
        }
        state.pages.insert(url.to_owned(), validators);
        if state.pages.len() > PAGES_MAX {
            state.pages.pop_first();
        }
    }

    /// When a host (`arle.example`, with its port where it has one) may be asked next; `None`: at once.
    pub fn free_at(&self, host: &str) -> Option<Timestamp> {
        self.state().free.get(host).copied()
    }

    pub(crate) fn site(&self, origin: &str, now: Timestamp) -> Option<Site> {
        self.state().sites.get(origin).filter(|site| site.until > now).cloned()
    }

    pub(crate) fn keep_site(&self, origin: &str, site: Site, now: Timestamp) {
        let mut state = self.state();
        if state.sites.len() >= SITES_MAX {
            state.sites.retain(|_, site| site.until > now);
            state.free.retain(|_, free| *free > now);
        }
        if state.sites.len() >= SITES_MAX {
            state.sites.pop_first();
        }
        state.sites.insert(origin.to_owned(), site);
    }

    /// Takes the next turn at a host and leaves `pace` after it: when the turn comes, or `Err` with that time when it
    /// lies more than `wait_max` ahead; then no turn is taken.
    pub(crate) fn take_turn(
        &self,
        host: &str,
        now: Timestamp,
        (pace, wait_max): (SignedDuration, SignedDuration),
    ) -> Result<Timestamp, Timestamp> {
        let mut state = self.state();
        let turn = state.free.get(host).copied().unwrap_or(now).max(now);
        if now.duration_until(turn) > wait_max {
            return Err(turn);
        }
        state.free.insert(host.to_owned(), turn.saturating_add(pace).unwrap_or(Timestamp::MAX));
        Ok(turn)
    }

    /// Lets a host rest until then.
    pub(crate) fn rest(&self, host: &str, until: Timestamp) {
        let mut state = self.state();
        let free = state.free.entry(host.to_owned()).or_insert(until);
        *free = until.max(*free);
    }

    /// A thread that panicked leaves nothing half done here: each change is one insertion.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Memory, Validators};

    #[test]
    fn turns_at_a_host_lie_apart() {
        let (memory, now) = (Memory::default(), Timestamp::UNIX_EPOCH);
        let second = SignedDuration::from_secs(1);
        let turn = |host: &str| memory.take_turn(host, now, (second, second * 2));
        assert_eq!(turn("a"), Ok(now));
        assert_eq!(turn("a"), Ok(now + second));
        assert_eq!((turn("b"), turn("a")), (Ok(now), Ok(now + second * 2)));
        assert_eq!(turn("a"), Err(now + second * 3));
        memory.rest("b", now + second * 60);
        memory.rest("b", now + second * 30);
        assert_eq!(memory.free_at("b"), Some(now + second * 60));
    }

    #[test]
    fn a_page_without_validators_is_forgotten() {
        let memory = Memory::default();
        let validators = Validators { etag: Some("W/\"1\"".to_owned()), modified: None };
        memory.keep("a", validators.clone());
        assert_eq!(memory.validators("a"), Some(validators));
        memory.keep("a", Validators::default());
        assert_eq!(memory.validators("a"), None);
    }
}
