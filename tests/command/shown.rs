//! What only the command knows: times, what it hands to the page, how `--plain` ends.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Instant;

use crate::common::*;

/// The number before ` s` behind these words.
#[track_caller]
fn seconds_after(text: &str, words: &str) -> f64 {
    let (_, rest) = text.split_once(words).unwrap_or_else(|| panic!("no '{words}' in\n{text}"));
    let number = rest.split(' ').next().unwrap_or("");
    number.parse().unwrap_or_else(|_| panic!("no number behind '{words}': {number}"))
}

#[test]
fn the_times_are_seconds() {
    // A run of no iterations does little more than load.
    let start = Instant::now();
    let output = run_in(trained(), "--data . --iterations 0").output();
    let whole = start.elapsed().as_secs_f64();
    let loading = seconds_after(&output, ", loaded in ");
    assert!(loading <= whole, "loaded in {loading} s, and the whole command took {whole} s");
    // Each iteration is an epoch here, so the last line of the table is from the end.
    let words = "--data . --iterations 4000 --hidden 30 --batch-size 150 --threads 1";
    let start = Instant::now();
    let output = run_in(trained(), words).output();
    let whole = start.elapsed().as_secs_f64();
    let training = seconds_after(&output, "4,000 iterations in ");
    let row = output.lines().rfind(|line| line.ends_with(" s")).expect("a table");
    let elapsed = numbers(row)[4];
    assert!(
        training <= whole + 0.1 && training >= 0.5 * whole,
        "{training} s of training, and the whole command took {whole} s"
    );
    assert!(
        (elapsed - training).abs() <= 0.1 + 0.1 * training,
        "{elapsed} s in the last line of the table, {training} s of training"
    );
}

/// A time such as `2 min 05 s`, in seconds.
fn duration(text: &str) -> f64 {
    let words: Vec<&str> = text.split(' ').collect();
    let unit = |unit: &str| match unit {
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        other => panic!("no unit of time: {other}"),
    };
    words.chunks(2).map(|pair| pair[0].parse::<f64>().expect("a number") * unit(pair[1])).sum()
}

/// The first line on standard error of a run that is then ended.
fn first_line_of_errors(words: &str) -> String {
    let mut command = wide();
    command.args(words.split(' ')).current_dir(trained());
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stderr.take().expect("piped")).read_line(&mut line).expect("a line");
    child.kill().expect("it is ours");
    child.wait().expect("it ends");
    line.trim_end().to_string()
}

#[test]
fn a_slow_run_without_a_terminal_says_how_long_it_will_take() {
    // It trains for minutes; the line comes after five seconds.
    let words =
        "--data . --gradient naive --hidden 20 --batch-size 150 --iterations 50 --threads 1";
    let start = Instant::now();
    let line = first_line_of_errors(words);
    let passed = start.elapsed().as_secs_f64();
    let parts: Option<(&str, &str, &str)> = line.strip_prefix("from-zero: ").and_then(|rest| {
        let (percent, rest) = rest.split_once(" % in ")?;
        let (elapsed, left) = rest.split_once(", about ")?;
        Some((percent, elapsed, left.strip_suffix(" left")?))
    });
    let (percent, elapsed, left) = parts.unwrap_or_else(|| panic!("{words}: found '{line}'"));
    let (share, elapsed, left) =
        (percent.parse::<f64>().expect("a share") / 100.0, duration(elapsed), duration(left));
    assert!(
        elapsed <= passed + 0.5 && elapsed >= 0.7 * passed,
        "{elapsed} s, seen after {passed} s"
    );
    // The share has two decimals of a percent.
    let [least, most] = [share + 1e-4, share - 1e-4].map(|share| elapsed * (1.0 / share - 1.0));
    assert!(
        left >= 0.85 * least - 1.0 && (most < 0.0 || left <= 1.15 * most + 1.0),
        "{words}: {left} s left, expected {least} to {most} from '{line}'"
    );
}

#[test]
fn plain_says_before_a_numerical_run_how_long_it_will_take() {
    let words =
        "--plain --data . --gradient numerical --hidden 50 --batch-size 150 --iterations 60";
    let line = first_line_of_errors(words);
    let (one, all) = line
        .strip_prefix("from-zero: 79,520 losses for each gradient: about ")
        .and_then(|rest| rest.strip_suffix(" for all")?.split_once(" for one iteration, "))
        .unwrap_or_else(|| panic!("{words}: found '{line}'"));
    let (one, all) = (duration(one), duration(all));
    // Both are rounded.
    assert!(one > 3.0 && (all / one - 60.0).abs() <= 60.0 * 0.6 / one + 1.0, "{words}: {line}");
}

#[test]
fn plain_ends_with_a_sentence_if_it_diverges() {
    let words = "--plain --data . --hidden 3 --iterations 9 --batch-size 9 --learning-rate 1e308 --activation relu";
    let ended = run_in(trained(), words);
    ended.expect_status(1);
    let expected = "from-zero: the loss became NaN: try a smaller --learning-rate than 1e308\n";
    assert_eq!(ended.stderr, expected, "{words}");
}

#[test]
fn the_page_has_the_nets_and_images_of_the_run() {
    let data = small_data("page");
    let words = "--data . --iterations 700 --batch-size 4 --hidden 12 --learning-rate 0.42";
    let output = in_folder(&data, &format!("{words} --report page.html"));
    let page = fs::read_to_string(data.join("page.html")).expect("written");
    // Each net with its iteration: those of the first iterations, of the epochs, and of the end.
    let nets: Vec<(usize, f64)> = page
        .split("{\"iteration\":")
        .skip(1)
        .map(|net| {
            let (iteration, rest) = net.split_once(",\"test\":\"").expect("a net");
            let (test, _) = rest.split_once('"').expect("an accuracy");
            (iteration.parse().expect("a number"), test.parse().expect("a number"))
        })
        .collect();
    let iterations: Vec<usize> = nets.iter().map(|net| net.0).collect();
    for early in [10, 30, 100, 200, 300, 450] {
        assert!(iterations.contains(&early), "no net of iteration {early} among {iterations:?}");
    }
    let rows = epochs(&output);
    for &(iteration, test) in nets.iter().filter(|net| !net.1.is_nan() && net.0 < 700) {
        let row = rows.iter().find(|row| row[0] == iteration as f64).expect("an epoch");
        assert_eq!(format!("{test:.4}"), format!("{:.4}", row[3]), "the net of {iteration}");
    }
    // Each image with its label, which follows its number.
    let labels = |name: &str| -> Vec<usize> {
        let (_, list) = page.split_once(&format!("\"{name}\":[")).expect("a list");
        let (list, _) = list.split_once("]]").expect("the list ends");
        let image =
            |image: &str| image.split(',').nth(1).expect("a label").parse().expect("a digit");
        list.split("[").skip(1).map(image).collect()
    };
    let [train, test] = [&crate::common::data().train, &crate::common::data().test];
    assert_eq!(labels("training"), train.labels.as_slice(), "the training images");
    assert_eq!(labels("images"), test.labels.as_slice(), "the test images");
    let sizes = "<td lang=\"en\">150 training images and 70 test images of .\n";
    assert!(page.contains(sizes), "expected in the page: {sizes}");
}
