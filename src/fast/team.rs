//! Threads that share work. NumPy leaves this to its BLAS library.
//!
//! Each call starts its threads and waits for them. That takes some 50 µs, so the work should take
//! milliseconds.

use std::ops::Range;
use std::panic::resume_unwind;
use std::thread::{self, Builder};

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
    share_work(ranges.len(), || work(ranges[0].clone()), |k| work(ranges[k].clone()))
}

/// The results of here(), work(1), …, work(shares − 1), in order. `here` runs on the calling thread
/// and need not be `Send`. Each other share runs on a new thread. If the system refuses to start a
/// thread, the share also runs on the calling thread. Both functions may borrow local variables.
///
/// # Panics
/// If `here` or `work` panics, with the same message.
pub fn share_work<R: Send>(
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
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(k) => work(k),
        });
        [first].into_iter().chain(others).collect()
    })
}

/// Divides 0 … n − 1 into `parts` ranges whose lengths differ by at most one.
pub fn even_ranges(n: usize, parts: usize) -> impl Iterator<Item = Range<usize>> {
    (0..parts).map(move |part| even_range(n, part, parts))
}

/// One of these ranges: from n · part / parts to n · (part + 1) / parts.
pub(super) fn even_range(n: usize, part: usize, parts: usize) -> Range<usize> {
    // n · part may overflow `usize`, so the product is a `u128`.
    let end = |part: usize| (n as u128 * part as u128 / parts as u128) as usize;
    end(part)..end(part + 1)
}
