//! The exit status of the gradient check.

use std::fs;
use std::process::Stdio;

use crate::common::*;

const UNDECIDED: &str = "the check is undecided: rounding errors are larger than the derivatives, or \
                         the step h crosses a corner of each; try another --h or other --images";

#[test]
fn check_has_an_exit_status_for_scripts() {
    // A net that is sure of its answers: its losses are small, their rounding is not.
    for images in ["1", "20"] {
        let words = "check --activation relu --hidden 10 --iterations 1500 --images";
        run(wide().args(words.split(' ')).arg(images)).output();
    }
    for (words, sentence) in
        [("check --h 1 --images 2", "the gradients do not agree"), ("check --h 1e-12", UNDECIDED)]
    {
        let ended = run(wide().args(words.split(' ')));
        ended.expect_status(1);
        assert_eq!(ended.stderr, format!("from-zero: {sentence}\n"), "{words}: another sentence");
    }
}

#[test]
fn derivatives_at_corners_of_relu_are_left_out_and_counted() {
    let words = "check --activation relu --hidden 10 --images 30";
    let output = run(wide().args(words.split(' '))).output();
    let compared: f64 = ["W1", "b1", "W2", "b2"]
        .map(|part| numbers(line_with(&output, &format!("  {part}")))[0])
        .iter()
        .sum();
    // The parameters of 10 hidden units.
    let left_out = 784.0 * 10.0 + 10.0 + 100.0 + 10.0 - compared;
    let sentence = format!("{left_out} derivatives left out: there the step h crosses the corner");
    assert!(
        left_out > 1.0 && output.contains(&sentence),
        "{words}: expected '{sentence}' in\n{output}"
    );
}

#[test]
fn the_verdict_counts_though_nobody_reads_it() {
    let mut command = wide();
    command.args(["check", "--h", "1"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    drop(child.stdout.take());
    let status = child.wait().expect("it ends").code();
    assert_eq!(status, Some(1), "check --h 1, whose output nobody reads: another exit status");
}

#[test]
fn a_check_of_corners_alone_is_undecided() {
    // Blank images: the sums of a relu layer are its biases, 0, at the corner.
    let data = small_data("blank");
    let blank = idx_bytes(&[TRAIN as u32, 28, 28], &[0; TRAIN * 784]);
    fs::write(data.join("train-images-idx3-ubyte"), blank).expect("written");
    let ended = run_in(&data, "check --activation relu --data .");
    ended.expect_status(1);
    let row = line_with(&ended.stdout, "  b1");
    let words: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(
        [words[1], words[2]],
        ["0", "–"],
        "expected no derivative of b1 to be compared: {row}"
    );
    assert!(row.ends_with(" undecided"), "expected the verdict undecided: {row}");
    assert!(!ended.stdout.contains("NaN"), "no number is missing in\n{}", ended.stdout);
}
