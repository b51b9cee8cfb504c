//! Threads that wait for work: what NumPy leaves to its BLAS.
//!
//! `std::thread::scope` starts new threads, which takes longer than their share of one training
//! step; those of a [`Team`] are started once. For work of milliseconds there is [`share_work`].
//!
//! A waiting thread sleeps. Looking out for the next task for a while before going to sleep made a
//! training step 5 to 10 % quicker on a quiet machine, and many times slower on a busy one.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, Builder, JoinHandle};

type Task = Box<dyn FnOnce() + Send>;

/// Some threads beside the one that calls.
pub struct Team {
    members: Vec<Member>,
}

struct Member {
    tasks: Sender<Task>,
    thread: JoinHandle<()>,
}

impl Team {
    /// A team of `size`, the caller included. Where the system refuses more threads, a smaller one.
    pub fn new(size: usize) -> Self {
        let members = (1..size).map_while(|_| Member::start().ok()).collect();
        Self { members }
    }

    /// How many work at the same time, the caller included.
    pub fn size(&self) -> usize {
        self.members.len() + 1
    }

    /// Does all jobs, the first of them here, and returns their results in order. Whatever a job
    /// holds is dropped before its result arrives.
    ///
    /// # Panics
    /// If a job panics, with its message. The team can be used again.
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
                // After a panic of its own job the caller is gone and wants no result.
                let _ = sender.send((place, result));
            };
            member.tasks.send(Box::new(task)).expect("a member ends only with its team");
        }
        drop(sender); // the members have theirs
        let first = first.map(|job| job());
        let mut others: Vec<_> = results.iter().take(count).collect();
        others.sort_by_key(|(place, _)| *place);
        let others = others.into_iter().map(|(_, result)| passed_on(result));
        first.into_iter().chain(others).collect()
    }
}

/// The result, or the panic that there was instead.
fn passed_on<R>(result: thread::Result<R>) -> R {
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
            drop(tasks); // no more of them: the thread ends
            let _ = thread.join();
        }
    }
}

/// work(0), …, work(shares − 1), in order: the first here, the others on threads of their own, or
/// here too where the system refuses a thread. `work` may borrow what stands here.
///
/// # Panics
/// If `work` panics, with its message.
pub fn share_work<R: Send>(shares: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    match shares {
        0 => Vec::new(),
        _ => share_work_beside(shares, || work(0), &work),
    }
}

/// Cuts 0 … n − 1 into a range for each thread, but none without need, and returns what `work` makes
/// of them, in order. See [`share_work`].
///
/// # Panics
/// If `work` panics, with its message.
pub fn share_range<R: Send>(
    n: usize,
    threads: usize,
    work: impl Fn(Range<usize>) -> R + Sync,
) -> Vec<R> {
    let ranges: Vec<_> = even_ranges(n, threads.clamp(1, n.max(1))).collect();
    share_work(ranges.len(), |k| work(ranges[k].clone()))
}

/// [`share_work`] for at least one share, with a text of its own for the one that is done here: it
/// need not be fit to be sent to a thread.
///
/// # Panics
/// If `here` or `work` panics, with its message.
pub fn share_work_beside<R: Send>(
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
            Ok(thread) => passed_on(thread.join()),
            Err(k) => work(k),
        });
        [first].into_iter().chain(others).collect()
    })
}

/// Cuts 0 … n − 1 into `parts` ranges of lengths that differ by at most one.
pub fn even_ranges(n: usize, parts: usize) -> impl Iterator<Item = Range<usize>> {
    (0..parts).map(move |part| part_of(n, part, parts)..part_of(n, part + 1, parts))
}

/// n · part / parts, where n · part may be too large for a `usize`.
pub fn part_of(n: usize, part: usize, parts: usize) -> usize {
    (n as u128 * part as u128 / parts as u128) as usize
}
