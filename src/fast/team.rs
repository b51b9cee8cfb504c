//! Threads that share work. To start them takes some 50 µs, so the work should take milliseconds.

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread::{self, Builder};

/// Is told how much of some work is done: the part that is done, and the whole.
pub type Report<'a> = &'a mut dyn FnMut(usize, usize);

/// How many threads share a long computation, and who is told how far it is.
#[allow(missing_debug_implementations, reason = "a closure has none")]
pub struct Team<'a> {
    /// The results do not depend on it
    pub threads: usize,
    report: Option<Report<'a>>,
}

impl<'a> Team<'a> {
    /// So many threads. Nobody is told how far they are.
    pub fn new(threads: usize) -> Self {
        Self { threads, report: None }
    }

    /// So many threads. `report` is called on the calling thread.
    pub fn reporting(threads: usize, report: Report<'a>) -> Self {
        Self { threads, report: Some(report) }
    }

    pub(crate) fn report(&mut self, done: usize, whole: usize) {
        if let Some(report) = &mut self.report {
            report(done, whole);
        }
    }

    /// The results of work(0, …), work(1, …), …, work(shares − 1, …), in order. Share 0 runs on the
    /// calling thread, and what it reports is passed on. The reports of the others are dropped.
    pub(super) fn share_work<R: Send>(
        &mut self, shares: usize, work: impl Fn(usize, Report) -> R + Sync,
    ) -> Vec<R> {
        let here = || match &mut self.report {
            Some(report) => work(0, report),
            None => work(0, &mut |_, _| ()),
        };
        share_work(shares, here, |k| work(k, &mut |_, _| ()))
    }
}

/// Divides 0 … n − 1 into one range per thread, at most n, and returns the results of `work` for
/// these ranges, in order.
pub fn share_range<R: Send>(
    n: usize, threads: usize, work: impl Fn(Range<usize>) -> R + Sync,
) -> Vec<R> {
    let parts = threads.clamp(1, n.max(1));
    let work_on_part = |part| work(even_range(n, part, parts));
    share_work(parts, || work_on_part(0), work_on_part)
}

/// The results of here(), work(1), …, work(shares − 1), in order. `here` runs on the calling thread.
/// Each other share runs on a new thread, or also on the calling thread if the system refuses to
/// start one. If a share panics, this panics with its message.
pub fn share_work<R: Send>(
    shares: usize, here: impl FnOnce() -> R, work: impl Fn(usize) -> R + Sync,
) -> Vec<R> {
    thread::scope(|scope| {
        let work = &work;
        let start = |k| Builder::new().spawn_scoped(scope, move || work(k)).map_err(|_| k);
        let others: Vec<_> = (1..shares).map(start).collect();
        let first = here();
        let others = others.into_iter().map(|other| match other {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(k) => work(k),
        });
        [first].into_iter().chain(others).collect()
    })
}

/// One of the ranges if 0 … n − 1 is divided into `parts` ranges whose lengths differ by at most one.
pub(super) fn even_range(n: usize, part: usize, parts: usize) -> Range<usize> {
    // n · part may overflow `usize`, so the product is a `u128`.
    let end = |part: usize| (n as u128 * part as u128 / parts as u128) as usize;
    end(part)..end(part + 1)
}
