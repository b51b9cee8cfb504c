//! The team of threads: results in order, nothing kept, panics passed on.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use from_zero::fast::team::{Team, even_ranges, share_work, share_work_with_first};

#[test]
fn results_come_in_the_order_of_the_jobs() {
    for size in [0, 1, 2, 3, 8] {
        let mut team = Team::new(size);
        assert_eq!(team.size(), size.max(1));
        for count in [0, 1, 2, 7, 40] {
            let results = team.run((0..count).map(|n| move || n * n));
            assert_eq!(results, (0..count).map(|n| n * n).collect::<Vec<_>>(), "{size} {count}");
        }
    }
}

#[test]
fn jobs_run_on_the_caller_and_on_as_many_threads_as_there_are() {
    let mut team = Team::new(3);
    let ids = team.run((0..3).map(|_| || thread::current().id()));
    assert_eq!(ids[0], thread::current().id());
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[2] != ids[0]);
    // And on the same threads the next time.
    assert_eq!(team.run((0..3).map(|_| || thread::current().id())), ids);
}

#[test]
fn what_a_job_holds_is_dropped_before_its_result_arrives() {
    let mut team = Team::new(4);
    let mut shared = Arc::new(0);
    for round in 0..200 {
        let jobs = (0..4).map(|_| {
            let shared = Arc::clone(&shared);
            move || *shared
        });
        assert_eq!(team.run(jobs), [round; 4]);
        *Arc::get_mut(&mut shared).expect("nobody else holds it") += 1;
    }
}

#[test]
fn a_panic_in_any_job_is_passed_on_and_the_team_goes_on() {
    let mut team = Team::new(3);
    for bad in 0..5 {
        let jobs = (0..5).map(|n| move || assert_ne!(n, bad, "on purpose, in job {n}"));
        let panic = catch_unwind(AssertUnwindSafe(|| team.run(jobs))).expect_err("it panics");
        let message = panic.downcast_ref::<String>().expect("a formatted message");
        assert!(message.contains(&format!("on purpose, in job {bad}")), "{message}");
        assert_eq!(team.run((0..5).map(|n| move || n)), [0, 1, 2, 3, 4]);
    }
}

#[test]
fn shared_work_may_borrow_and_comes_in_order() {
    let numbers = [1, 2, 3, 4, 5];
    for shares in 0..=5 {
        let results = share_work(shares, |k| 10 * numbers[k]);
        assert_eq!(results, (0..shares).map(|k| 10 * (k + 1)).collect::<Vec<_>>());
    }
    let mut calls = Vec::new(); // not to be shared with a thread
    let results = share_work_with_first(3, || calls.push("here"), |k| assert!(k > 0));
    assert_eq!((results.len(), calls), (3, vec!["here"]));
}

#[test]
fn a_panic_in_shared_work_is_passed_on() {
    for bad in 0..3 {
        let work = |k| assert_ne!(k, bad, "on purpose, in share {k}");
        let panic = catch_unwind(|| share_work(3, work)).expect_err("it panics");
        let message = panic.downcast_ref::<String>().expect("a formatted message");
        assert!(message.contains(&format!("on purpose, in share {bad}")), "{message}");
    }
}

#[test]
fn a_team_ends_with_its_threads() {
    /// Says that its thread has come to its end, after a while.
    struct Ending(Arc<AtomicUsize>);
    impl Drop for Ending {
        fn drop(&mut self) {
            thread::sleep(Duration::from_millis(100));
            self.0.fetch_add(1, Relaxed);
        }
    }
    thread_local! {
        static ENDING: RefCell<Option<Ending>> = const { RefCell::new(None) };
    }
    let ended = Arc::new(AtomicUsize::new(0));
    let mut team = Team::new(3);
    let beside = team.size() - 1;
    team.run((0..team.size()).map(|k| {
        let ending = Ending(Arc::clone(&ended));
        move || if k > 0 { ENDING.set(Some(ending)) } else { std::mem::forget(ending) }
    }));
    assert_eq!(ended.load(Relaxed), 0);
    drop(team);
    assert_eq!(ended.load(Relaxed), beside);
}

#[test]
fn even_ranges_cover_everything_once() {
    let ranges: Vec<_> = even_ranges(usize::MAX, 3).collect();
    let third = usize::MAX / 3;
    assert_eq!(ranges, [0..third, third..2 * third, 2 * third..usize::MAX]);
    for (n, parts) in [(10, 3), (2, 5), (0, 2), (784, 2), (7, 7)] {
        let ranges: Vec<_> = even_ranges(n, parts).collect();
        assert_eq!(ranges.len(), parts);
        let all: Vec<usize> = ranges.iter().cloned().flatten().collect();
        assert_eq!(all, (0..n).collect::<Vec<_>>());
        let longest = ranges.iter().map(ExactSizeIterator::len).max();
        let shortest = ranges.iter().map(ExactSizeIterator::len).min();
        assert!(longest.unwrap_or(0) - shortest.unwrap_or(0) <= 1, "{ranges:?}");
    }
}
