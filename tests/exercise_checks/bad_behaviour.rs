//! A solution may panic, never end, or return nothing of use. Each gets a sentence.

use std::thread::sleep;
use std::time::Duration;

use from_zero::numeric::matrix::Matrix;

use crate::LIMIT;
use crate::checks::functions::{sigmoid, softmax};
use crate::checks::predictions::{mini_batch, predict};
use crate::checks::run::Outcome;
use crate::checks::training::train;
use crate::checks::{backward, functions};

/// What the check says about a function that is wrong.
#[track_caller]
fn sentence(outcome: Outcome) -> String {
    match outcome {
        Outcome::Wrong(text) => text,
        other => panic!("expected a sentence about what is wrong, found {other:?}"),
    }
}

/// The text contains all of these parts.
#[track_caller]
fn says(outcome: Outcome, parts: &[&str]) {
    let text = sentence(outcome);
    for part in parts {
        assert!(text.contains(part), "expected {part:?} in the sentence: {text}");
    }
}

#[test]
fn a_panic_is_told_with_its_message_and_its_line() {
    let line = line!() + 1;
    let outcome = softmax().check(|a| vec![a[a.len()]], LIMIT);
    let place = format!("tests/exercise_checks/bad_behaviour.rs, line {line}");
    says(outcome, &["softmax(&[0.3, 2.9, 4.0])", &place, "the len is 3 but the index is 3"]);
}

#[test]
fn a_panic_of_the_library_is_told_with_the_readers_line() {
    let line = line!() + 1;
    let wrong: backward::Dw2Db2 = |z1, dy| (z1.dot(dy), dy.column_sums());
    let outcome = backward::dw2_db2().check(wrong, LIMIT);
    says(outcome, &[&format!("bad_behaviour.rs, line {line}"), "dot: (2, 1) x (2, 3)"]);
}

#[test]
fn what_is_not_written_is_told_with_its_line() {
    let line = line!() + 1;
    let outcome = sigmoid().check(|_| todo!(), LIMIT);
    assert_eq!(outcome, Outcome::NotWritten { line });
}

#[test]
fn a_loop_without_end_is_told() {
    let forever: functions::Sigmoid = |x| {
        if x == -1.0 {
            loop {
                sleep(Duration::from_millis(10));
            }
        }
        0.5
    };
    let outcome = sigmoid().check(forever, Duration::from_millis(100));
    says(outcome, &["sigmoid(-1.0) still runs after 0.1 s", "loop"]);
}

#[test]
fn nan_is_told_and_explained() {
    says(sigmoid().check(|_| f64::NAN, LIMIT), &["sigmoid(0.0) is NaN, expected 0.5", "0/0"]);
    says(softmax().check(|a| vec![f64::NAN; a.len()], LIMIT), &["NaN", "0/0"]);
}

#[test]
fn a_wrong_length_is_told() {
    let outcome = softmax().check(|_| vec![0.5; 4], LIMIT);
    says(outcome, &["softmax(&[0.3, 2.9, 4.0]) has 4 numbers, expected 3 numbers"]);
    says(softmax().check(|_| Vec::new(), LIMIT), &["has no numbers, expected 3 numbers"]);
    says(
        predict().check(|_, _, _, _| Matrix::zeros(2, 5), LIMIT),
        &["has the shape (2, 5), expected the shape (1, 4)"],
    );
    says(
        mini_batch().check(|x, t, _, _| (x.clone(), t.clone()), LIMIT),
        &["x of mini_batch", "has the shape (1, 3), expected the shape (2, 3)"],
    );
    says(train().check(|_, _, _, _| (Vec::new(), Vec::new()), LIMIT), &["[0] is 0, expected 7"]);
}

#[test]
fn a_number_that_no_mistake_explains_is_told_with_what_was_expected() {
    let outcome = sigmoid().check(|_| 0.25, LIMIT);
    says(outcome, &["sigmoid(0.0) is 0.25, expected 0.5", "src/ch03/functions.rs"]);
    // A difference in the last shown digit is shown.
    says(sigmoid().check(|x| 0.5 + 1e-11 + 0.0 * x, LIMIT), &["0.50000000001, expected 0.5"]);
}
