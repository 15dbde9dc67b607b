//! Pages that wait to be fetched: hosts side by side, the pages of one host one after the other, so that a slow host holds
//! up no other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::fetch::host_of;

/// Addresses by host. Shared by those who put them there and those who fetch.
#[derive(Debug, Default)]
pub(super) struct Pages {
    state: Mutex<State>,
    woken: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// What waits, by host; no list is empty.
    waiting: BTreeMap<String, VecDeque<String>>,
    /// Hosts that have something waiting and are not asked now, longest waiting first.
    line: VecDeque<String>,
    /// Hosts that are asked now.
    busy: BTreeSet<String>,
    /// Everything that was put in and is not done.
    under_way: BTreeSet<String>,
}

impl Pages {
    /// Puts an address in; one that is under way already is left as it is.
    pub(super) fn put(&self, url: &str) {
        let mut state = self.state();
        if !state.under_way.insert(url.to_owned()) {
            return;
        }
        let host = host_of(url);
        let queue = state.waiting.entry(host.clone()).or_default();
        queue.push_back(url.to_owned());
        let first = queue.len() == 1;
        if first && !state.busy.contains(&host) {
            state.line.push_back(host);
            self.woken.notify_one();
        }
    }

    /// The next address whose host is free; waits until there is one. [`Pages::answered`] frees the host.
    pub(super) fn take(&self) -> String {
        let mut state = self.state();
        loop {
            if let Some(url) = state.next() {
                return url;
            }
            state = self.woken.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// An address's host may be asked again.
    pub(super) fn answered(&self, url: &str) {
        let mut state = self.state();
        let host = host_of(url);
        state.busy.remove(&host);
        if state.waiting.contains_key(&host) {
            state.line.push_back(host);
            self.woken.notify_one();
        }
    }

    /// Nothing more is to be done about an address.
    pub(super) fn done(&self, url: &str) {
        self.state().under_way.remove(url);
    }

    /// How many are not done.
    pub(super) fn len(&self) -> usize {
        self.state().under_way.len()
    }

    /// A thread that panicked leaves nothing half done here that another could trip over.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self) -> Option<String> {
        let host = self.line.pop_front()?;
        let queue = self.waiting.get_mut(&host)?;
        let url = queue.pop_front();
        if queue.is_empty() {
            self.waiting.remove(&host);
        }
        self.busy.insert(host);
        url
    }
}

#[cfg(test)]
mod tests {
    use super::Pages;

    #[test]
    fn a_host_is_asked_for_one_page_at_a_time() {
        let pages = Pages::default();
        for url in ["http://a.example/1", "http://a.example/2", "http://a.example/1", "http://b.example/1"] {
            pages.put(url);
        }
        assert_eq!(pages.len(), 3);
        assert_eq!(pages.take(), "http://a.example/1");
        assert_eq!(pages.take(), "http://b.example/1", "the first host is busy");
        pages.answered("http://a.example/1");
        assert_eq!(pages.take(), "http://a.example/2");
        pages.done("http://a.example/1");
        pages.put("http://a.example/3");
        assert_eq!(pages.len(), 3);
        pages.answered("http://a.example/2");
        assert_eq!(pages.take(), "http://a.example/3");
    }
}
