//! Shared work: results in order, panics passed on.

use std::panic::catch_unwind;

use from_zero::fast::team::{share_range, share_work};

#[test]
fn the_results_of_shared_work_are_in_order() {
    let numbers = [1, 2, 3, 4, 5];
    for shares in 1..=5 {
        let results = share_work(shares, || 10 * numbers[0], |k| 10 * numbers[k]);
        assert_eq!(results, (0..shares).map(|k| 10 * (k + 1)).collect::<Vec<_>>());
        // More threads than numbers are not started.
        for threads in [0, 1, 2, shares, 9] {
            let results = share_range(shares, threads, |range| numbers[range].to_vec());
            assert_eq!(results.len(), threads.clamp(1, shares), "{shares} {threads}");
            assert_eq!(results.concat(), numbers[..shares], "{shares} {threads}");
        }
    }
    assert_eq!(share_range(0, 3, |range| range.len()), [0]);
    let mut calls = Vec::new(); // not to be shared with a thread
    let results = share_work(3, || calls.push("here"), |k| assert!(k > 0));
    assert_eq!((results.len(), calls), (3, vec!["here"]));
}

#[test]
fn a_panic_in_shared_work_is_passed_on() {
    for bad in 0..3 {
        let work = |k| assert_ne!(k, bad, "on purpose, in share {k}");
        let panic = catch_unwind(|| share_work(3, || work(0), work)).expect_err("it panics");
        let message = panic.downcast_ref::<String>().expect("a formatted message");
        assert!(message.contains(&format!("on purpose, in share {bad}")), "{message}");
    }
}

#[test]
fn the_ranges_of_shared_work_cover_everything_once() {
    let ranges = share_range(usize::MAX, 3, |range| range);
    let third = usize::MAX / 3;
    assert_eq!(ranges, [0..third, third..2 * third, 2 * third..usize::MAX]);
    for (n, threads) in [(10, 3), (2, 5), (0, 2), (784, 2), (7, 7)] {
        let ranges = share_range(n, threads, |range| range);
        let all: Vec<usize> = ranges.iter().cloned().flatten().collect();
        assert_eq!(all, (0..n).collect::<Vec<_>>(), "{n} numbers for {threads} threads");
        let longest = ranges.iter().map(ExactSizeIterator::len).max();
        let shortest = ranges.iter().map(ExactSizeIterator::len).min();
        assert!(longest.unwrap_or(0) - shortest.unwrap_or(0) <= 1, "{ranges:?}");
    }
}
