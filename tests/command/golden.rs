//! The whole output of each command, as it was when somebody looked at it.
//!
//! The files in `golden` can be read. To accept other outputs, run
//! `FROM_ZERO_GOLDEN=write cargo test --test command` and look at what changed. The numbers in them
//! are computed a second way in `numbers.rs`.

use std::fs;
use std::path::Path;

use crate::common::*;

/// Compares the runs with the file, in which the output follows each command.
#[track_caller]
fn compare(file: &str, folder: &Path, commands: &[&str]) {
    let mut text = String::new();
    for words in commands {
        let Ended { line, status, stdout, stderr } = run_in(folder, words);
        text += &format!("$ {line}\n{}", without_times(&stdout));
        text +=
            &stderr.lines().map(|line| format!("[standard error] {line}\n")).collect::<String>();
        text += &format!("[exit status {status}]\n\n");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/command/golden")
        .join(format!("{file}.txt"));
    if std::env::var_os("FROM_ZERO_GOLDEN").is_some_and(|value| value == "write") {
        fs::write(&path, &text).expect("the golden file can be written");
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if text != golden {
        panic!("{}", difference(file, &golden, &text));
    }
}

/// The first lines that differ.
fn difference(file: &str, golden: &str, found: &str) -> String {
    let (golden, found): (Vec<&str>, Vec<&str>) =
        (golden.lines().collect(), found.lines().collect());
    let lines = golden.len().max(found.len());
    let pair =
        |n: usize| [&golden, &found].map(|lines| lines.get(n).copied().unwrap_or("(nothing)"));
    let differs = |n: &usize| pair(*n)[0] != pair(*n)[1];
    let first = (0..lines).find(differs).unwrap_or(0);
    let command =
        found[..found.len().min(first + 1)].iter().rev().find(|line| line.starts_with("$ "));
    let mut text = format!(
        "{} prints something else:\n",
        command.unwrap_or(&"the command").trim_start_matches("$ ")
    );
    for n in (0..lines).filter(differs).take(4) {
        let [expected, now] = pair(n);
        text +=
            &format!("  line {} expected: {expected}\n  line {} found:    {now}\n", n + 1, n + 1);
    }
    text + &format!(
        "{} lines of tests/command/golden/{file}.txt differ. If the new output is right, run\n  \
         FROM_ZERO_GOLDEN=write cargo test --test command",
        (0..lines).filter(differs).count()
    )
}

#[test]
fn train_prints_what_it_printed() {
    let run = format!("{RUN} --data .");
    compare(
        "train",
        trained(),
        &[
            &run,
            &format!("train {run} --random numpy --seed 3"),
            &format!("{run} --sampling shuffle --seed 2"),
            &format!("{run} --activation relu --weight-init-std 0.1"),
            &format!("{run} --train-images 40 --threads 1"),
            "--data . --threads 2 --iterations 0",
            "--data . --threads 1 --iterations 1 --batch-size 1000 --init net.npz",
        ],
    );
}

#[test]
fn train_by_differences_prints_what_it_printed() {
    let small = "--data . --hidden 3 --threads 2 --learning-rate 1 --batch-size 15 --iterations";
    let naive = "--data . --hidden 1 --threads 2 --batch-size 40 --iterations 5 --gradient naive";
    compare(
        "train_by_differences",
        trained(),
        &[
            &format!("{small} 101 --gradient numerical"),
            &format!("{small} 12 --gradient numerical --h 0.5 --activation relu"),
            naive,
            &format!("{naive} --h 0.5"),
        ],
    );
}

#[test]
fn a_net_that_learns_nothing_gets_the_advice_that_it_got() {
    let data = small_data("advice");
    let run = "--data . --threads 2 --hidden 5 --batch-size 3 --iterations";
    compare(
        "advice",
        &data,
        &[
            &format!("{run} 30"),
            &format!("{run} 500 --learning-rate 1e-9"),
            &format!("{run} 500 --learning-rate 1000"),
            &format!("{run} 500 --learning-rate 300 --activation relu"),
        ],
    );
    let faint: Vec<u8> = (0..TEST * 784).map(|i| (i % 4) as u8).collect();
    let images = idx_bytes(&[TEST as u32, 28, 28], &faint);
    fs::write(data.join("t10k-images-idx3-ubyte"), images).expect("written");
    compare("advice_for_faint_pixels", &data, &[&format!("{run} 500")]);
}

#[test]
fn the_files_that_train_writes_are_announced_as_they_were() {
    let data = small_data("announced");
    let run = "--data . --threads 2 --iterations 2 --hidden 2 --batch-size 20";
    compare(
        "files",
        &data,
        &[
            &format!("{run} --save net.npz"),
            &format!("{run} --record run.npz"),
            &format!("{run} --report page.html"),
            &format!("{run} --activation relu --save relu.npz --record run.npz --report page.html"),
        ],
    );
}

#[test]
fn plain_prints_what_it_printed() {
    let run = "--plain --data . --hidden 12 --batch-size 4 --learning-rate 0.42 --iterations 700";
    let commands = [run.to_string(), format!("{run} --seed 3 --random numpy --activation relu")];
    compare("plain", trained(), &commands.each_ref().map(String::as_str));
    let words = "--plain --data . --hidden 1 --batch-size 50 --iterations 7 --gradient numerical --weight-init-std 1 --learning-rate 0.5";
    let ended = run_in(trained(), words);
    ended.expect_status(0);
    // The estimate of the time differs from run to run.
    let expected = "from-zero: 1,610 losses for each gradient: about ";
    assert!(
        ended.stderr.starts_with(expected),
        "{words}: expected '{expected}…', found {}",
        ended.stderr
    );
    let analytic = run_in(trained(), &words.replace("numerical", "backprop")).output();
    assert_eq!(ended.stdout, analytic, "{words}: expected the accuracies of --gradient backprop");
}

#[test]
fn evaluate_prints_what_it_printed() {
    compare(
        "evaluate",
        trained(),
        &[
            "evaluate --data . --params net.npz --threads 2",
            "evaluate --data . --params relu.npz --activation relu",
            "evaluate --data . --params relu.npz --activation sigmoid",
        ],
    );
}

#[test]
fn predict_prints_what_it_printed() {
    compare(
        "predict",
        trained(),
        &[
            "predict --data . --params net.npz --index 0",
            "predict --data . --params net.npz --index 2",
            "predict --data . --params net.npz --index 12 --split test",
            "predict --data . --params net.npz --index 22",
            "predict --data . --params net.npz --index 22 --split train",
            "predict --data . --params relu.npz --index 69 --activation relu",
            "predict --params net.npz --image four.png",
        ],
    );
}

#[test]
fn check_prints_what_it_printed() {
    let small = "check --data . --threads 2 --hidden 5";
    compare(
        "check",
        trained(),
        &[
            "check --data . --threads 2",
            "check --data . --threads 2 --h 0.01",
            &format!("{small} --all"),
            &format!("{small} --images 9 --activation relu --iterations 200 --seed 5"),
            &format!("{small} --h 0.01"),
            &format!("{small} --h 1"),
            &format!("{small} --h 1e-12 --threads 1"),
        ],
    );
}

#[test]
fn the_sweep_of_h_prints_what_it_printed() {
    compare(
        "sweep_h",
        trained(),
        &["check --sweep-h --data . --hidden 4 --iterations 200 --seed 1"],
    );
}

#[test]
fn why_prints_what_it_printed() {
    compare(
        "why",
        trained(),
        &["check --why --data . --hidden 4 --iterations 300 --images 20 --seed 2"],
    );
}

#[test]
fn chapter_prints_the_sections_as_it_did() {
    let sections = [
        "preface", "3", "4.2.1", "4.2.2", "4.2.4", "4.2.5", "4.3", "4.4", "4.5.1", "step", "5.1",
        "5.4", "5.5", "5.6",
    ];
    let commands = sections.map(|section| format!("chapter {section}"));
    compare("chapter", trained(), &commands.each_ref().map(String::as_str));
}

#[test]
fn figures_names_the_files_as_it_did() {
    let data = small_data("figures-golden");
    compare("figures", &data, &["figures --data . --iterations 20 --out drawn"]);
    // The axis of the losses ends with the number of iterations.
    let losses = fs::read_to_string(data.join("drawn/figure-4-11.svg")).expect("written");
    assert!(losses.contains(">20</text>") && !losses.contains(">200</text>"), "figure-4-11");
}

#[test]
fn the_help_texts_are_as_they_were() {
    compare(
        "help",
        trained(),
        &[
            "help",
            "train --help",
            "evaluate -h",
            "help predict",
            "chapter --help",
            "figures --help",
            "check --help",
            "--version",
            "check -V",
        ],
    );
}
