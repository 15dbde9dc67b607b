//! Many addresses at once: hosts side by side, the pages of one host one after the other.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::{Answer, Fetcher, Memory, Refusal, host_of};

/// Hosts that are asked at the same time.
const HOSTS_AT_ONCE: usize = 8;

/// Fetches addresses, and tells of each, in their order, what came. A host that is slow, or wants us to wait, holds
/// up no other.
pub fn fetch_all(
    fetcher: &Fetcher,
    addresses: &[String],
    memory: &Memory,
    tell: &mut dyn FnMut(usize, Result<Answer, Refusal>),
) {
    let mut hosts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, address) in addresses.iter().enumerate() {
        hosts.entry(host_of(address)).or_default().push(place);
    }
    let mut queues: Vec<Vec<usize>> = hosts.into_values().collect();
    queues.sort();
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..HOSTS_AT_ONCE.min(queues.len()) {
            let (send, next, queues) = (send.clone(), &next, &queues);
            scope.spawn(move || {
                while let Some(queue) = queues.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for &place in queue {
                        let answer = fetcher.fetch(&addresses[place], memory);
                        // The receiver lives as long as this scope; a failed send means that it is unwinding.
                        if send.send((place, answer)).is_err() {
                            return;
                        }
                    }
                }
            });
        }
        drop(send);
        let mut early = BTreeMap::new();
        let mut told = 0;
        for (place, answer) in receive {
            early.insert(place, answer);
            while let Some(answer) = early.remove(&told) {
                tell(told, answer);
                told += 1;
            }
        }
    });
}
