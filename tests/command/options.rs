//! Every option of every command does something, and its default is the one that the help text says.

use std::fs;
use std::path::Path;

use crate::common::*;

/// What shows that an option does something.
enum Shows {
    /// The output differs
    Output,
    /// The output stays the same but for this part of it, which is added
    Adds(&'static str),
    /// The run is refused with a sentence that contains this
    Refusal(&'static str),
    /// This file is written
    File(&'static str),
}
use Shows::{Adds, File, Output, Refusal};

/// A run of the command, the same run with the option, and what the option shows.
struct Row(&'static str, &'static str, &'static str, Shows);

const TRAIN: &str = "train --data . --hidden 2 --iterations 30 --batch-size 5 --threads 2";
const BY_DIFFERENCES: &str = "train --data . --hidden 1 --iterations 20 --batch-size 5 --threads 2 \
                              --gradient numerical --weight-init-std 1";
const EVALUATE: &str = "evaluate --data . --params relu.npz";
const PREDICT: &str = "predict --data . --params net.npz --index 4";
const CHECK: &str = "check --data . --hidden 3 --threads 2";

const ROWS: &[Row] = &[
    Row(TRAIN, "--data", "other", Output),
    Row(TRAIN, "--gradient", "numerical", Output),
    Row(BY_DIFFERENCES, "--h", "2", Output),
    Row(TRAIN, "--h", "2", Refusal("backpropagation has no h")),
    Row("train --data . --hidden 2 --iterations 30", "--plain", "", Output),
    Row(TRAIN, "--activation", "relu", Output),
    Row(TRAIN, "--hidden", "3", Output),
    Row(TRAIN, "--weight-init-std", "0.5", Output),
    Row(TRAIN, "--train-images", "30", Output),
    Row(TRAIN, "--sampling", "shuffle", Output),
    Row(TRAIN, "--iterations", "31", Output),
    Row(TRAIN, "--batch-size", "6", Output),
    Row(TRAIN, "--learning-rate", "0.2", Output),
    Row(TRAIN, "--seed", "1", Output),
    Row(TRAIN, "--random", "numpy", Output),
    Row("train --data . --iterations 30", "--init", "net.npz", Output),
    Row(TRAIN, "--save", "written.npz", File("written.npz")),
    Row(TRAIN, "--record", "recorded.npz", File("recorded.npz")),
    Row(TRAIN, "--report", "page.html", File("page.html")),
    Row(TRAIN, "--threads", "1", Adds(", 1 thread")),
    Row(EVALUATE, "--data", "other", Output),
    Row(EVALUATE, "--params", "net.npz", Output),
    Row(EVALUATE, "--activation", "relu", Output),
    Row(EVALUATE, "--threads", "1025", Refusal("expected a whole number from 1 to 1024")),
    Row("predict --params net.npz --index 4", "--data", "other", Output),
    Row(PREDICT, "--params", "relu.npz", Output),
    Row("predict --params net.npz", "--image", "four.png", Adds("picture   90 × 90 pixels")),
    Row(PREDICT, "--index", "5", Output),
    Row(PREDICT, "--split", "train", Output),
    Row(PREDICT, "--activation", "relu", Output),
    Row(CHECK, "--data", "other", Output),
    Row(CHECK, "--images", "4", Output),
    Row(CHECK, "--activation", "relu", Output),
    Row(CHECK, "--hidden", "2", Output),
    Row(CHECK, "--iterations", "9", Output),
    Row(CHECK, "--seed", "1", Output),
    Row(CHECK, "--h", "0.001", Output),
    Row(CHECK, "--all", "", Adds("incremental and backpropagation")),
    Row(CHECK, "--sweep-h", "", Adds("best h here")),
    Row(CHECK, "--why", "", Adds("Why a loss")),
    Row(CHECK, "--threads", "1", Adds(", 1 thread")),
    Row("chapter 5.7.3", "--data", "other", Refusal("found 150 and 70 in other")),
    Row("chapter 4.2.5", "--threads", "0", Refusal("expected a whole number from 1 to 1024")),
    Row("figures --data other --iterations 1", "--out", "here", File("here/figure-4-11.svg")),
    Row("figures", "--data", "nowhere", Refusal("found no such folder")),
    Row("figures --data other", "--iterations", "1000001", Refusal("from 0 to 1000000")),
    Row(
        "figures --data other",
        "--threads",
        "0",
        Refusal("expected a whole number from 1 to 1024"),
    ),
];

/// The lines of a help text that describe an option: its name and all that is said of it.
fn described_options(command: &str) -> Vec<(String, String)> {
    let help = run(wide().args([command, "--help"])).output();
    let lines = help.lines().filter(|line| line.starts_with("  --"));
    lines
        .map(|line| {
            let name = line.split_whitespace().next().expect("a name");
            (name.to_string(), line.to_string())
        })
        .collect()
}

/// A folder with both nets, and in `other` the same data with training and test exchanged.
fn folder() -> &'static Path {
    static FOLDER: std::sync::OnceLock<std::path::PathBuf> = std::sync::OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = small_data("options");
        for file in ["net.npz", "relu.npz", "four.png"] {
            fs::copy(trained().join(file), folder.join(file)).expect("copied");
        }
        let other = folder.join("other");
        fs::create_dir(&other).expect("a folder");
        for kind in ["images-idx3-ubyte", "labels-idx1-ubyte"] {
            for part in ["train", "t10k"] {
                let file = format!("{part}-{kind}");
                fs::copy(folder.join(&file), other.join(&file)).expect("copied");
            }
        }
        // Other labels: each digit is the next one.
        for part in ["train", "t10k"] {
            let file = other.join(format!("{part}-labels-idx1-ubyte"));
            let mut bytes = fs::read(&file).expect("read");
            bytes[8..].iter_mut().for_each(|label| *label = (*label + 1) % 10);
            fs::write(&file, bytes).expect("written");
        }
        folder
    })
}

/// The output without the lines that only repeat the settings, and without times.
fn numbers_of(output: &str) -> String {
    let is_setting = |line: &&str| {
        ["data ", "net ", "start ", "training ", "check "].iter().any(|name| line.starts_with(name))
    };
    let lines: Vec<&str> = output.lines().filter(|line| !is_setting(line)).collect();
    without_times(&lines.join("\n"))
}

#[test]
fn each_option_of_each_command_has_a_row() {
    for command in ["train", "evaluate", "predict", "chapter", "figures", "check"] {
        for (name, _) in described_options(command) {
            let has_row = ROWS.iter().any(|Row(words, option, ..)| {
                words.split(' ').next() == Some(command) && *option == name
            });
            assert!(has_row, "{command} {name}: expected a row in tests/command/options.rs");
        }
    }
}

#[test]
fn each_option_does_something() {
    let folder = folder();
    for Row(words, option, value, shows) in ROWS {
        let with = format!("{words} {option} {value}");
        let line = format!("from-zero {}", with.trim_end());
        let ended = run(wide().args(with.split_whitespace()).current_dir(folder));
        match shows {
            Refusal(part) => {
                let said = &ended.stderr;
                assert!(ended.status != 0, "{line}: expected a refusal, found exit status 0");
                assert!(
                    said.contains(part),
                    "{line}: expected a sentence with '{part}', found {said}"
                );
            }
            File(name) => {
                ended.expect_success();
                assert!(folder.join(name).is_file(), "{line}: expected the file {name}");
                assert!(ended.stdout.contains(name), "{line}: expected {name} in the output");
            }
            Adds(part) => {
                ended.expect_status(0);
                assert!(ended.stdout.contains(part), "{line}: expected '{part}' in the output");
                let without = run(wide().args(words.split_whitespace()).current_dir(folder));
                assert!(
                    !without.stdout.contains(part),
                    "from-zero {words}: found '{part}' without {option}"
                );
            }
            Output => {
                ended.expect_status(0);
                let without = run(wide().args(words.split_whitespace()).current_dir(folder));
                let [with, without] = [ended, without].map(|ended| numbers_of(&ended.stdout));
                if *option == "--gradient" {
                    assert_eq!(with, without, "{line}: expected the numbers of backprop");
                } else {
                    assert!(
                        with != without,
                        "{line}: expected other numbers than without {option}"
                    );
                }
            }
        }
    }
}

/// A run with the default number of iterations.
const TEN_THOUSAND: &str = "train --hidden 1 --batch-size 1 --data .";

#[test]
fn the_defaults_are_those_of_the_help_texts() {
    let folder = folder();
    let mut count = 0;
    for (command, words) in [
        ("train", "train --iterations 20 --batch-size 5 --data ."),
        ("train", "train --hidden 2 --iterations 3 --data . --learning-rate 0.3"),
        ("train", TEN_THOUSAND),
        ("train", "train --hidden 2 --iterations 3 --data . --gradient numerical"),
        ("check", "check --data . --hidden 3"),
        ("check", "check --data . --images 1 --iterations 2"),
        ("predict", "predict --data . --params net.npz --index 3"),
        ("evaluate", "evaluate --data . --params net.npz"),
    ] {
        let run_with = |more: &str| {
            let with = format!("{words} {more}");
            let ended = run(wide().args(with.split_whitespace()).current_dir(folder));
            ended.expect_success();
            without_times(&ended.stdout)
        };
        let expected = run_with("");
        for (name, line) in described_options(command) {
            let default = line.rsplit_once('[').map(|(_, end)| end.trim_end_matches(']'));
            let Some(default) = default else { continue };
            // Not a value: 'all cores', and the folders.
            let is_value = !default.contains(' ') && default != "all" && default != "figures";
            let is_given = words.split(' ').any(|word| word == name);
            // The activation also decides whether evaluate says that the file does not know it.
            if !is_value || is_given || command == "evaluate" && name == "--activation" {
                continue;
            }
            // This run is slow, and only for the number of iterations.
            if words == TEN_THOUSAND && name != "--iterations" {
                continue;
            }
            if name == "--h" && !words.contains("numerical") && command == "train" {
                continue;
            }
            count += 1;
            let found = run_with(&format!("{name} {default}"));
            assert!(
                found == expected,
                "from-zero {words} {name} {default}: expected the output without it, since the help text \
                 says that {default} is the default"
            );
        }
    }
    assert!(count >= 30, "expected at least 30 defaults, found {count}");
}

#[test]
fn the_header_says_what_was_used() {
    let words = "--data . --hidden 7 --activation relu --weight-init-std 0.03 --train-images 60 \
                 --sampling shuffle --iterations 1234 --batch-size 9 --learning-rate 0.07 --seed 77 \
                 --random numpy --threads 3 --gradient numerical --h 0.002";
    let words = words.replace("--iterations 1234", "--iterations 12");
    let output = run(wide().args(words.split_whitespace()).current_dir(folder())).output();
    let header = output.split("\n\n").next().unwrap_or_default();
    for part in [
        "60 training images and 70 test images of .",
        "7 hidden units (relu)",
        ": 5,575 parameters",
        "N(0, 0.03²)",
        "12 iterations on mini-batches of 9,",
        "learning rate 0.07,",
        "incremental central differences, h = 0.002,",
        "seed 77 of NumPy, each image once an epoch,",
        " 3 threads",
    ] {
        assert!(header.contains(part), "from-zero {words}: expected '{part}' in\n{header}");
    }
}

#[test]
fn help_is_asked_for_in_several_ways() {
    let output = |words: &str| run(wide().args(words.split(' '))).output();
    assert_eq!(output("--help"), output("help"), "--help and help");
    for command in ["evaluate", "predict", "chapter", "figures", "check", "train"] {
        let help = output(&format!("{command} --help"));
        for same in [
            format!("help {command}"),
            format!("{command} -h"),
            format!("{command} --threads 1 -h"),
        ] {
            // predict has no threads, but -h may also follow another option.
            let same = if command == "predict" { same.replace("threads", "index") } else { same };
            assert_eq!(output(&same), help, "from-zero {same} and {command} --help");
        }
        assert!(
            help.contains(&format!(
                "usage: from-zero {}",
                if command == "train" { "[train]" } else { command }
            )),
            "{command} --help: expected how to call it"
        );
    }
    let version = format!("from-zero {}\n", env!("CARGO_PKG_VERSION"));
    for words in ["--version", "-V", "check --version", "--seed 1 --version", "train -V"] {
        assert_eq!(output(words), version, "from-zero {words}");
    }
}
