//! Threads that share work. NumPy leaves this to its BLAS library.
//!
//! The threads of a [`Team`] are started once, and wait for tasks. A training step needs them,
//! because starting a thread takes longer than a part of the step. [`share_work`] starts new
//! threads for work that takes milliseconds.
//!
//! A waiting thread sleeps. If it looked for the next task in a loop for a while, a training step
//! would be 5 to 10 % faster on a quiet machine, but many times slower on a busy one.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, Builder, JoinHandle};

type Task = Box<dyn FnOnce() + Send>;

/// Some threads, and the thread that calls them.
pub struct Team {
    members: Vec<Member>,
}

struct Member {
    tasks: Sender<Task>,
    thread: JoinHandle<()>,
}

impl Team {
    /// A team of `size` threads. The caller is one of them. If the system refuses to start a
    /// thread, the team is smaller.
    pub fn new(size: usize) -> Self {
        let members = (1..size).map_while(|_| Member::start().ok()).collect();
        Self { members }
    }

    /// How many threads work at the same time. The caller is one of them.
    pub fn size(&self) -> usize {
        self.members.len() + 1
    }

    /// Runs all jobs and returns their results in order. The first job runs on the calling thread.
    /// A job and everything that it owns is dropped before its result arrives.
    ///
    /// # Panics
    /// If a job panics, with the same message. The team can be used again.
    pub fn run<R, J>(&mut self, jobs: impl IntoIterator<Item = J>) -> Vec<R>
    where
        R: Send + 'static,
        J: FnOnce() -> R + Send + 'static,
    {
        let mut jobs = jobs.into_iter();
        if self.members.is_empty() {
            return jobs.map(|job| job()).collect();
        }
        let first = jobs.next();
        let (sender, results) = channel();
        let mut count = 0;
        for (job, member) in jobs.zip(self.members.iter().cycle()) {
            let (sender, place) = (sender.clone(), count);
            count += 1;
            let task = move || {
                let result = catch_unwind(AssertUnwindSafe(job));
                // If the caller's own job panicked, nobody receives the result.
                let _ = sender.send((place, result));
            };
            member.tasks.send(Box::new(task)).expect("a thread ends only with its team");
        }
        drop(sender); // the other threads have clones of it
        let first = first.map(|job| job());
        let mut others: Vec<_> = results.iter().take(count).collect();
        others.sort_by_key(|(place, _)| *place);
        let others = others.into_iter().map(|(_, result)| result_or_panic(result));
        first.into_iter().chain(others).collect()
    }
}

/// The result, or the same panic again.
fn result_or_panic<R>(result: thread::Result<R>) -> R {
    result.unwrap_or_else(|panic| resume_unwind(panic))
}

impl Member {
    fn start() -> std::io::Result<Self> {
        let (sender, tasks) = channel::<Task>();
        let work = move || tasks.into_iter().for_each(|task| task());
        Ok(Self { tasks: sender, thread: Builder::new().spawn(work)? })
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        for Member { tasks, thread } in self.members.drain(..) {
            drop(tasks); // no more tasks can arrive, so the thread ends
            let _ = thread.join();
        }
    }
}

/// The results of work(0), …, work(shares − 1), in order. The first runs on the calling thread,
/// each other on a new thread. If the system refuses to start a thread, it also runs on the calling
/// thread. `work` may borrow local variables.
///
/// # Panics
/// If `work` panics, with the same message.
pub fn share_work<R: Send>(shares: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    match shares {
        0 => Vec::new(),
        _ => share_work_with_first(shares, || work(0), &work),
    }
}

/// Divides 0 … n − 1 into one range per thread, at most n, and returns the results of `work` for
/// these ranges, in order. See [`share_work`].
///
/// # Panics
/// If `work` panics, with the same message.
pub fn share_range<R: Send>(
    n: usize,
    threads: usize,
    work: impl Fn(Range<usize>) -> R + Sync,
) -> Vec<R> {
    let ranges: Vec<_> = even_ranges(n, threads.clamp(1, n.max(1))).collect();
    share_work(ranges.len(), |k| work(ranges[k].clone()))
}

/// Like [`share_work`], but the first share is `here()`. It runs on the calling thread and need not
/// be `Send`.
///
/// # Panics
/// If `here` or `work` panics, with the same message.
pub fn share_work_with_first<R: Send>(
    shares: usize,
    here: impl FnOnce() -> R,
    work: impl Fn(usize) -> R + Sync,
) -> Vec<R> {
    thread::scope(|scope| {
        let work = &work;
        let start = |k| Builder::new().spawn_scoped(scope, move || work(k)).map_err(|_| k);
        let others: Vec<_> = (1..shares).map(start).collect();
        let first = here();
        let others = others.into_iter().map(|other| match other {
            Ok(thread) => result_or_panic(thread.join()),
            Err(k) => work(k),
        });
        [first].into_iter().chain(others).collect()
    })
}

/// Divides 0 … n − 1 into `parts` ranges whose lengths differ by at most one.
pub fn even_ranges(n: usize, parts: usize) -> impl Iterator<Item = Range<usize>> {
    (0..parts).map(move |part| part_of(n, part, parts)..part_of(n, part + 1, parts))
}

/// n · part / parts. n · part may overflow `usize`, so the product is a `u128`.
pub fn part_of(n: usize, part: usize, parts: usize) -> usize {
    (n as u128 * part as u128 / parts as u128) as usize
}
