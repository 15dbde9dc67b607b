//! Independent pieces of work shared by threads; what comes out does not depend on their number.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, PoisonError, mpsc};

/// How many work, and how far they may be ahead of who takes what they have done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Threads; at least one works.
    pub thread_count: usize,
    /// Jobs that are asked for before the first of them is taken: so many outcomes are held at most.
    pub jobs_ahead: usize,
}

/// Begins a thread's work: what it returns does its jobs, with whatever the thread keeps between them.
pub(crate) type Begin<'w, Job, Outcome> = &'w (dyn Fn() -> Box<dyn FnMut(Job) -> Outcome + 'w> + Sync);

/// What is to be done next.
pub(crate) enum Next<Job> {
    /// This.
    Job(Job),
    /// Nothing before an outcome is taken: what waits is enough.
    Later,
    /// Nothing more.
    Nothing,
}

/// Does jobs on several threads while this one makes them with `next` and takes what comes of them: `take` gets the
/// outcomes, in the order of the jobs. Where one thread is to work, it is this one: what is taken is in its own memory
/// and gone before the next job is done.
///
/// # Errors
/// Those of `next` and `take`; nothing is taken after one.
pub(crate) fn in_step<State, Job: Send, Outcome: Send, Error>(
    (state, pace): (&mut State, Pace),
    next: &dyn Fn(&mut State) -> Result<Next<Job>, Error>,
    begin: Begin<'_, Job, Outcome>,
    take: &dyn Fn(&mut State, Outcome) -> Result<(), Error>,
) -> Result<(), Error> {
    if pace.thread_count <= 1 {
        let mut work = begin();
        while let Next::Job(job) = next(state)? {
            take(state, work(job))?;
        }
        return Ok(());
    }
    let jobs_ahead = pace.jobs_ahead.max(1);
    let (ask, asked) = mpsc::channel::<(usize, Job)>();
    let (answer, answers) = mpsc::channel();
    let asked = Mutex::new(asked);
    std::thread::scope(|scope| {
        // Whoever works ends when nobody can ask any more, or when nobody takes what was done.
        let (ask, answers) = (ask, answers);
        for _ in 0..pace.thread_count {
            let (asked, answer) = (&asked, answer.clone());
            scope.spawn(move || {
                let mut work = begin();
                loop {
                    let job = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, job)) = job else { break };
                    // A panic is this thread's, too, or it would wait for ever.
                    let outcome = catch_unwind(AssertUnwindSafe(|| work(job)));
                    if answer.send((number, outcome)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(answer);
        let (mut asked_count, mut taken_count, mut is_more) = (0, 0, true);
        let mut done: BTreeMap<usize, Outcome> = BTreeMap::new();
        loop {
            while is_more && asked_count - taken_count < jobs_ahead {
                match next(state)? {
                    Next::Job(job) => {
                        ask.send((asked_count, job)).expect("the other end outlives the threads");
                        asked_count += 1;
                    }
                    Next::Later if taken_count < asked_count => break,
                    Next::Later | Next::Nothing => is_more = false,
                }
            }
            if taken_count == asked_count {
                return Ok(());
            }
            let (number, outcome) = answers.recv().expect("threads live as long as jobs may come");
            done.insert(number, outcome.unwrap_or_else(|panic| resume_unwind(panic)));
            while let Some(outcome) = done.remove(&taken_count) {
                take(state, outcome)?;
                taken_count += 1;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Next, Pace, in_step};

    /// Numbers that are still to be doubled, and those that are.
    type Numbers = (std::ops::Range<u64>, Vec<u64>);

    fn doubled(end: u64, thread_count: usize) -> Result<Vec<u64>, String> {
        let mut state: Numbers = (0..end, Vec::new());
        // Odd ones wait until all before them are taken.
        let next = |state: &mut Numbers| {
            Ok(match state.0.clone().next() {
                Some(number) if number % 2 == 1 && (state.1.len() as u64) < number => Next::Later,
                _ => state.0.next().map_or(Next::Nothing, Next::Job),
            })
        };
        let take = |state: &mut Numbers, number: u64| {
            if number == 666 {
                return Err(format!("{} before", state.1.len()));
            }
            state.1.push(number);
            Ok(())
        };
        let pace = Pace { thread_count, jobs_ahead: 8 };
        in_step((&mut state, pace), &next, &|| Box::new(|number| number * 2), &take)?;
        Ok(state.1)
    }

    #[test]
    fn outcomes_stand_in_the_order_of_the_jobs() {
        let expected: Vec<u64> = (0..100).map(|number| number * 2).collect();
        for thread_count in [0, 1, 7] {
            assert_eq!(doubled(100, thread_count).unwrap(), expected);
        }
        assert!(doubled(0, 2).unwrap().is_empty());
    }

    #[test]
    #[should_panic(expected = "one of the jobs")]
    fn a_panic_ends_it() {
        let next = |left: &mut u32| {
            *left = left.saturating_sub(1);
            Ok::<_, ()>(if *left > 0 { Next::Job(*left) } else { Next::Nothing })
        };
        let work = |number: u32| assert!(number != 3, "one of the jobs");
        let pace = Pace { thread_count: 2, jobs_ahead: 8 };
        in_step((&mut 9, pace), &next, &|| Box::new(work), &|_, ()| Ok(())).unwrap();
    }

    #[test]
    fn an_error_ends_it() {
        for thread_count in [1, 3] {
            assert_eq!(doubled(1000, thread_count).unwrap_err(), "333 before");
        }
    }

    #[test]
    fn one_thread_takes_each_outcome_before_the_next_job() {
        let next = |taken: &mut Vec<u32>| {
            Ok::<_, ()>(if taken.len() < 5 { Next::Job(taken.len() as u32) } else { Next::Nothing })
        };
        let take = |taken: &mut Vec<u32>, number| {
            taken.push(number);
            Ok(())
        };
        let mut taken = Vec::new();
        let pace = Pace { thread_count: 1, jobs_ahead: 8 };
        in_step((&mut taken, pace), &next, &|| Box::new(|number| number), &take).unwrap();
        assert_eq!(taken, [0, 1, 2, 3, 4]);
    }
}
