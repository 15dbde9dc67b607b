//! Independent pieces of work shared by threads; what comes out does not depend on their number.

use std::sync::{Mutex, PoisonError};

/// Does each job once, on so many threads, and gives the outcomes in the order of the jobs. Jobs that take long should
/// come first, so that no thread waits for the last.
pub(crate) fn on_threads<Job: Send, Outcome: Send>(
    jobs: Vec<Job>,
    thread_count: usize,
    work: &(dyn Fn(Job) -> Outcome + Sync),
) -> Vec<Outcome> {
    let count = jobs.len();
    let waiting = Mutex::new(jobs.into_iter().enumerate());
    let done = Mutex::new(Vec::with_capacity(count));
    std::thread::scope(|scope| {
        for _ in 0..thread_count.clamp(1, count.max(1)) {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((number, job)) = next else { break };
                    let outcome = work(job);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((number, outcome));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::on_threads;

    #[test]
    fn outcomes_stand_in_the_order_of_the_jobs() {
        let jobs: Vec<u64> = (0..100).collect();
        let doubled: Vec<u64> = jobs.iter().map(|job| job * 2).collect();
        for thread_count in [0, 1, 7] {
            assert_eq!(on_threads(jobs.clone(), thread_count, &|job| job * 2), doubled);
        }
        assert!(on_threads(Vec::<u64>::new(), 2, &|job| job).is_empty());
    }
}
