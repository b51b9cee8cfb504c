//! The command as a process: what it prints, what it says of bad input, and how it ends.

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::idx_bytes;
use from_zero::ch04::s5_1_two_layer_net::Parameters;
use from_zero::formats::npz::{self, Npz};
use from_zero::numeric::matrix::Matrix;
use from_zero::trained::saving::save_parameters;

fn from_zero() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_from-zero"));
    // So many columns that no sentence is wrapped.
    command.env("COLUMNS", "1000").env_remove("MNIST_DIR").env_remove("NO_COLOR");
    command.stdin(Stdio::null());
    command
}

struct Ended {
    status: i32,
    stdout: String,
    stderr: String,
}

fn run(command: &mut Command) -> Ended {
    let output = command.output().expect("it starts");
    Ended {
        status: output.status.code().expect("no signal"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A data set of 40 training and 20 test images, to train on in no time. The digit is how many rows
/// are black.
fn small_data(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder of our own");
    for (part, count) in [("train", 40), ("t10k", 20)] {
        let labels: Vec<u8> = (0..count).map(|n| n as u8 * 3 % 10).collect();
        let pixels = labels.iter().flat_map(|&label| {
            (0..784).map(move |i| if i / 28 < usize::from(label) { 255 } else { 0 })
        });
        let pixels: Vec<u8> = pixels.collect();
        let images = idx_bytes(&[count, 28, 28], &pixels);
        let write = |kind: &str, bytes: &[u8]| {
            fs::write(folder.join(format!("{part}-{kind}-ubyte")), bytes)
                .expect("a file of our own");
        };
        write("images-idx3", &images);
        write("labels-idx1", &idx_bytes(&[count], &labels));
    }
    folder
}

/// The whole output without what depends on the clock: seconds become `_`.
fn without_times(text: &str) -> String {
    let line = |line: &str| match line {
        line if line.starts_with("data ") => line.rsplit_once(" in ").expect(line).0.to_string(),
        line if line.ends_with(" s") => {
            line.rsplitn(3, ' ').last().expect(line).trim_end().to_string()
        }
        line if line.contains(" iterations in ") => {
            line.split(" in ").next().expect(line).to_string()
        }
        line => line.to_string(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The rows of the table, without the column that depends on the clock.
fn table(stdout: &str) -> String {
    without_times(stdout).split_once("\niteration ").expect("a table").1.to_string()
}

#[test]
fn it_says_what_it_does_and_prints_a_line_each_epoch() {
    let data = small_data("epochs");
    let options = ["--iterations", "9", "--batch-size", "10", "--threads", "1", "--seed", "7"];
    let ended = run(from_zero().arg("train").args(options).arg("--data").arg(&data));
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = ended.stdout.lines().collect();
    let here = std::env::current_dir().expect("a folder");
    let shown = data.strip_prefix(here).unwrap_or(&data);
    let expected = format!(
        "data      40 training images and 20 test images of {}, loaded in",
        shown.display()
    );
    assert!(lines[0].starts_with(&expected), "{}", lines[0]);
    assert_eq!(
        lines[1..4],
        [
            "net       784 inputs, 50 hidden units (sigmoid), 10 classes (softmax): 39,760 parameters",
            "start     weights from N(0, 0.01²), biases 0",
            "training  9 iterations on mini-batches of 10, learning rate 0.1, gradient by backpropagation, seed 7, 1 thread",
        ]
    );
    assert_eq!(lines[5], "iteration     loss    train     test  elapsed");
    // 40 images in mini-batches of 10: an epoch has 4 iterations.
    for (line, iteration) in lines[6..9].iter().zip(["0", "4", "8"]) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        assert_eq!((fields[0], fields.len()), (iteration, 6), "{line}");
        assert!((1.0..4.0).contains(&fields[1].parse::<f64>().expect("a loss")), "{line}");
        for accuracy in &fields[2..4] {
            assert!((0.0..=1.0).contains(&accuracy.parse::<f64>().expect("an accuracy")), "{line}");
        }
    }
    assert!(lines[10].starts_with("9 iterations in "), "{}", lines[10]);
    assert_eq!(lines.len(), 11);
}

#[test]
fn no_argument_means_train_and_the_default_data_are_the_fixtures() {
    // From the checkout, from another folder of it, and from outside.
    for folder in ["src/numeric", ".", ".."] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let ended = run(from_zero().args(["--iterations", "0"]).current_dir(folder));
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
        assert!(
            ended.stdout.starts_with("data      60,000 training images and 10,000 test images of ")
        );
        assert!(ended.stdout.ends_with("iteration     loss    train     test  elapsed\n"));
    }
}

#[test]
fn the_environment_names_the_data_and_the_option_overrides_it() {
    let data = small_data("environment");
    let zero = ["--iterations", "0"];
    let ended = run(from_zero().args(zero).env("MNIST_DIR", &data));
    assert!(ended.stdout.starts_with("data      40 training"), "{}", ended.stdout);
    let ended = run(from_zero().args(zero).arg("--data").arg(&data).env("MNIST_DIR", "/nowhere"));
    assert!(ended.stdout.starts_with("data      40 training"), "{}", ended.stdout);
    let ended = run(from_zero().args(zero).env("MNIST_DIR", ""));
    assert!(ended.stdout.starts_with("data      60,000 training"), "{}", ended.stdout);
}

#[test]
fn the_same_seed_prints_the_same_and_another_does_not() {
    let data = small_data("seeds");
    let train = |options: &str| {
        let options = options.split(' ');
        let ended =
            run(from_zero().args(options).args(["--iterations", "9"]).arg("--data").arg(&data));
        assert_eq!(ended.status, 0);
        table(&ended.stdout)
    };
    assert_eq!(train("--seed 5 --threads 1"), train("--seed=5 --threads=3"));
    assert_eq!(train("--seed 6 --seed 5"), train("--seed 5"));
    assert_ne!(train("--seed 5"), train("--seed 6"));
    assert_ne!(train("--seed 5 --hidden 3"), train("--seed 5"));
    assert_ne!(train("--seed 5 --learning-rate 1e0"), train("--seed 5"));
}

#[test]
fn the_naive_gradient_is_announced_and_learns_the_same() {
    let data = small_data("naive");
    let options = ["--hidden", "1", "--iterations", "3", "--batch-size", "2", "--gradient"];
    let train = |gradient| {
        let ended = run(from_zero().args(options).arg(gradient).arg("--data").arg(&data));
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
        ended.stdout
    };
    let naive = train("naive");
    assert!(naive.contains("gradient by 1,610 losses per iteration, h = 0.0001"), "{naive}");
    assert_eq!(table(&naive), table(&train("backprop")));
    let numerical = train("numerical");
    let announced = "gradient by incremental central differences, h = 0.0001";
    assert!(numerical.contains(announced), "{numerical}");
    assert_eq!(table(&numerical), table(&naive));
}

#[test]
fn help_and_version() {
    for arguments in [&["--help"][..], &["help"], &["train", "-h"], &["--seed", "1", "--help"]] {
        let ended = run(from_zero().args(arguments));
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
        for option in
            ["--data DIR", "--gradient", "--iterations", "--batch-size", "--learning-rate"]
        {
            assert!(ended.stdout.contains(option), "{option}");
        }
        for option in ["--hidden", "--seed", "--threads", "--help", "--version", "usage: from-zero"]
        {
            assert!(ended.stdout.contains(option), "{option}");
        }
    }
    let ended = run(from_zero().args(["check", "--help"]));
    assert!(
        ended.stdout.contains("usage: from-zero check") && ended.stdout.contains("\n  --sweep-h  ")
    );
    let ended = run(from_zero().arg("--help"));
    assert!(ended.stdout.contains("\n  check  ") && ended.stdout.contains("\n  train  "));
    for arguments in [
        &["check", "--version"][..],
        &["--version"][..],
        &["-V"],
        &["--seed", "1", "--version"],
        &["train", "-V"],
    ] {
        let ended = run(from_zero().args(arguments));
        assert_eq!(ended.stdout, format!("from-zero {}\n", env!("CARGO_PKG_VERSION")));
    }
}

#[test]
fn wrong_arguments_are_one_sentence_and_exit_status_2() {
    let all = "--data, --gradient, --h, --activation, --hidden, --weight-init-std, --train-images, --sampling, --iterations, --batch-size, --learning-rate, --seed, --random, --init, --save, --record, --report, --threads, --help, --version";
    let cases = [
        ("fly", "unknown command 'fly': expected one of train, evaluate, predict, chapter, figures, check, help".to_string()),
        ("--fast", format!("unknown option '--fast': expected one of {all}")),
        ("train fast", format!("unknown argument 'fast': expected one of {all}")),
        ("--fast=1", format!("unknown option '--fast=1': expected one of {all}")),
        ("--seed", "--seed: expected N after it, found nothing".to_string()),
        ("--data", "--data: expected DIR after it, found nothing".to_string()),
        ("--gradient magic", "--gradient: expected backprop or numerical or naive, found 'magic'".to_string()),
        ("--iterations x", "--iterations: expected a whole number from 0 to 1000000, found 'x'".to_string()),
        ("--iterations -1", "--iterations: expected a whole number from 0 to 1000000, found '-1'".to_string()),
        ("--iterations 1.5", "--iterations: expected a whole number from 0 to 1000000, found '1.5'".to_string()),
        ("--batch-size 0", "--batch-size: expected a whole number from 1 to 60000, found '0'".to_string()),
        ("--batch-size=", "--batch-size: expected a whole number from 1 to 60000, found ''".to_string()),
        ("--hidden 0", "--hidden: expected a whole number from 1 to 10000, found '0'".to_string()),
        ("--hidden 10001", "--hidden: expected a whole number from 1 to 10000, found '10001'".to_string()),
        ("--threads 0", "--threads: expected a whole number from 1 to 1024, found '0'".to_string()),
        (
            "--seed 18446744073709551616",
            "--seed: expected a whole number from 0 to 18446744073709551615, found '18446744073709551616'".to_string(),
        ),
        ("--iterations --help=x", "--iterations: expected N after it, found --help=x".to_string()),
        ("--learning-rate nan", "--learning-rate: expected a finite number above 0, found 'nan'".to_string()),
        ("--learning-rate inf", "--learning-rate: expected a finite number above 0, found 'inf'".to_string()),
        ("--learning-rate 0", "--learning-rate: expected a finite number above 0, found '0'".to_string()),
        ("--learning-rate -0.1", "--learning-rate: expected a finite number above 0, found '-0.1'".to_string()),
        ("--gradient naive --h 0", "--h: expected a number from 1e-12 to 100.0, found '0'".to_string()),
        ("--gradient numerical --h nan", "--h: expected a number from 1e-12 to 100.0, found 'nan'".to_string()),
        (
            "--h 1e-4",
            "--h: backpropagation has no h; choose --gradient numerical or naive".to_string(),
        ),
        ("--data=", "--data: expected a folder, found ''".to_string()),
        ("--activation step", "--activation: expected sigmoid or relu, found 'step'".to_string()),
        ("--random python", "--random: expected xorshift or numpy, found 'python'".to_string()),
        (
            "--random numpy --seed 4294967296",
            "--seed: expected a whole number from 0 to 4294967295 with --random numpy, found 4294967296"
                .to_string(),
        ),
        (
            "--init net.npz --hidden 30",
            "--hidden: the file of --init determines the number of hidden units".to_string(),
        ),
        (
            "--init net.npz --weight-init-std 1",
            "--weight-init-std: the file of --init determines the weights".to_string(),
        ),
        (
            "--weight-init-std -1",
            "--weight-init-std: expected a number from 0.0 to 1000.0, found '-1'".to_string(),
        ),
        (
            "--weight-init-std nan",
            "--weight-init-std: expected a number from 0.0 to 1000.0, found 'nan'".to_string(),
        ),
        ("--sampling once", "--sampling: expected choice or shuffle, found 'once'".to_string()),
        (
            "--save a.npz --record a.npz",
            "--record: expected another file than the file of --save, found the same file".to_string(),
        ),
        ("--save=", "--save: expected a file, found ''".to_string()),
        ("--save --hidden=3", "--save: expected FILE after it, found --hidden=3".to_string()),
        ("--save -h", "--save: expected FILE after it, found -h".to_string()),
        ("--record --version", "--record: expected FILE after it, found --version".to_string()),
        (
            "evaluate",
            "--params: expected a .npz file from train --save, found none".to_string(),
        ),
        (
            "predict",
            "expected --params FILE with --image FILE or --index N, see predict --help".to_string(),
        ),
        (
            "predict --params net.npz",
            "expected --params FILE with --image FILE or --index N, see predict --help".to_string(),
        ),
        (
            "predict --image digit.png",
            "expected --params FILE with --image FILE or --index N, see predict --help".to_string(),
        ),
        ("predict --params net.npz --image=", "--image: expected a file, found ''".to_string()),
        (
            "predict --params net.npz --image digit.png --index 3",
            "--index: --image shows a picture, not MNIST; leave out one of the two".to_string(),
        ),
        (
            "predict --params net.npz --image digit.png --split train",
            "--split: --image shows a picture, not MNIST; leave out one of the two".to_string(),
        ),
        (
            "predict --params net.npz --index 4294967296",
            "--index: expected a whole number from 0 to 4294967295, found '4294967296'".to_string(),
        ),
        (
            "predict --params net.npz --index 1 --split all",
            "--split: expected train or test, found 'all'".to_string(),
        ),
        ("check --activation Relu", "--activation: expected sigmoid or relu, found 'Relu'".to_string()),
        ("check --images 0", "--images: expected a whole number from 1 to 60000, found '0'".to_string()),
        ("check --images 60001", "--images: expected a whole number from 1 to 60000, found '60001'".to_string()),
        ("check --images", "--images: expected N after it, found nothing".to_string()),
        ("check --why=yes", "--why: expected nothing after it, found '--why=yes'".to_string()),
        ("check --why yes", "unknown argument 'yes': expected one of --data, --images, --activation, --hidden, --iterations, --seed, --h, --sweep-h, --why, --threads, --help, --version".to_string()),
        (
            "check --sweep-h --h 0.1",
            "--h: --sweep-h and --why choose h themselves; leave out --h".to_string(),
        ),
        ("--iterations --seed 1", "--iterations: expected N after it, found --seed".to_string()),
        (
            "--batch-size 60000 --hidden 400",
            "--batch-size 60000 with 400 hidden units: expected a product of at most 15000000, \
             which needs a gigabyte of memory"
                .to_string(),
        ),
        (
            "check --threads 200 --hidden 501",
            "--threads 200 with 501 hidden units: expected a product of at most 100000, \
             which needs a gigabyte of memory"
                .to_string(),
        ),
        (
            "check --images 60000 --hidden 400",
            "--images 60000 with 400 hidden units: expected a product of at most 15000000, \
             which needs a gigabyte of memory"
                .to_string(),
        ),
        ("--seed \u{1b}[31m", "--seed: expected a whole number from 0 to 18446744073709551615, \
         found '\\u{1b}[31m'".to_string()),
        ("--learning-rate fast", "--learning-rate: expected a finite number above 0, found 'fast'".to_string()),
    ];
    for (arguments, sentence) in cases {
        let ended = run(from_zero().args(arguments.split(' ')));
        assert_eq!(ended.status, 2, "{arguments}");
        assert_eq!(ended.stderr, format!("from-zero: {sentence}\n"));
        assert_eq!(ended.stdout, "");
    }
}

#[test]
fn more_images_than_there_are_is_a_wrong_argument() {
    let data = small_data("images");
    let ended = run(from_zero().args(["check", "--images", "41", "--data"]).arg(&data));
    assert_eq!((ended.status, ended.stdout.as_str()), (2, ""));
    let here = std::env::current_dir().expect("a folder");
    let shown = data.strip_prefix(here).unwrap_or(&data).display();
    assert_eq!(
        ended.stderr,
        format!(
            "from-zero: --images: expected at most the 40 training images of {shown}, found 41\n"
        )
    );
}

/// `check` with the chapter's data; stdout and exit status.
fn check(options: &str) -> (String, i32) {
    let options = options.split_whitespace();
    let ended = run(from_zero().arg("check").args(options));
    let complaint =
        "from-zero: the gradients do not agree: the worst verdict is wrong, see the last column\n";
    match ended.status {
        0 => assert_eq!(ended.stderr, ""),
        _ => assert!([complaint, UNDECIDED].contains(&ended.stderr.as_str()), "{}", ended.stderr),
    }
    (ended.stdout, ended.status)
}

const UNDECIDED: &str = "from-zero: at least one verdict is undecided: rounding or kinks hide all \
     derivatives; try another --h or other --images\n";

#[test]
fn check_says_that_the_gradients_agree() {
    let (stdout, status) = check("");
    assert_eq!(status, 0);
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(lines[0], "data      the first 3 training images of fixtures/mnist");
    assert!(lines[1].ends_with("39,760 parameters; seed 0, untrained"), "{}", lines[1]);
    // Two losses, three pairs of gradients, four parts; a verdict on all but the book's loss
    // against backpropagation.
    let rows = |part: &str| lines.iter().filter(|line| line.starts_with(part)).count();
    assert_eq!(["  W1 ", "  b1 ", "  W2 ", "  b2 "].map(rows), [6; 4]);
    assert_eq!(lines.iter().filter(|line| line.ends_with(" good")).count(), 16);
    // The mean of b2: h²/6 f‴ for the exact loss, and what the 1e-7 makes of it.
    assert!(stdout.contains("  b2       10  1.2e-10"), "{stdout}");
    assert!(stdout.contains("  b2       10   1.4e-7"), "{stdout}");
    assert!(stdout.ends_with("\nThe gradients agree: every verdict is good.\n"), "{stdout}");
    // The side by side has all 15 digits of three ways.
    let row = lines.iter().find(|line| line.starts_with("b2 digit")).expect("a row");
    let digits: Vec<f64> = row.split_whitespace().skip(3).map(|v| v.parse().expect(row)).collect();
    assert!(digits.len() == 3 && (digits[0] - digits[2]).abs() < 1e-9, "{row}");
}

#[test]
fn check_has_an_exit_status_for_scripts() {
    assert_eq!(check("--h 1 --images 2 --threads 1").1, 1);
    assert!(check("--h 1e-12").0.contains("undecided"));
    assert_eq!(check("--h 1e-12").1, 1);
    // A net that is sure of its answers: its losses are small, their rounding is not.
    for images in ["1", "3", "20"] {
        let (stdout, status) =
            check(&format!("--activation relu --hidden 10 --iterations 3000 --images {images}"));
        assert_eq!(status, 0, "{stdout}");
    }
    let (stdout, status) = check("--activation relu --hidden 10 --images 30");
    assert_eq!(status, 0);
    assert!(
        stdout.contains(
            "without 164 derivatives of W1 and 1 of b1: there the step h crosses the kink"
        ),
        "{stdout}"
    );
}

#[test]
fn the_verdict_counts_though_nobody_reads_it() {
    let mut command = from_zero();
    command.args(["check", "--h", "1"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

#[test]
fn a_check_of_kinks_alone_is_undecided() {
    // Blank images: the sums of a relu layer are its biases, 0, on the kink.
    let data = small_data("blank");
    fs::write(data.join("train-images-idx3-ubyte"), idx_bytes(&[40, 28, 28], &[0; 40 * 784]))
        .expect("written");
    let ended = run(from_zero().args(["check", "--activation", "relu", "--data"]).arg(&data));
    assert_eq!((ended.status, ended.stderr.as_str()), (1, UNDECIDED));
    assert!(
        ended.stdout.contains("  b1        0        –        – all at kinks"),
        "{}",
        ended.stdout
    );
    assert!(!ended.stdout.contains("NaN"), "{}", ended.stdout);
}

#[cfg(unix)]
#[test]
fn a_folders_name_does_not_move_the_cursor() {
    let data = small_data("escape").join("\u{1b}[31m");
    fs::create_dir(&data).expect("created");
    for file in fs::read_dir(data.parent().expect("a parent")).expect("listed").flatten() {
        if file.path().is_file() {
            fs::copy(file.path(), data.join(file.file_name())).expect("copied");
        }
    }
    for command in ["train", "check"] {
        let ended = run(from_zero().args([command, "--iterations", "0", "--data"]).arg(&data));
        assert!(
            ended.stdout.contains("\\u{1b}[31m") && !ended.stdout.contains('\u{1b}'),
            "{command}"
        );
    }
}

#[test]
fn check_takes_a_trained_net_too() {
    let data = small_data("check");
    let options = ["check", "--iterations", "30", "--hidden", "3", "--images", "40"];
    let ended = run(from_zero().args(options).arg("--data").arg(&data));
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    assert!(ended.stdout.contains("after 30 iterations of training"), "{}", ended.stdout);
    assert!(ended.stdout.contains("  W1    2,352 "), "{}", ended.stdout);
}

#[test]
fn check_sweeps_h() {
    let (stdout, status) = check("--sweep-h");
    assert_eq!(status, 0);
    let row = |h: &str| -> Vec<f64> {
        let line = stdout.lines().find(|line| line.split_whitespace().next() == Some(h));
        let fields = line.expect(h).split_whitespace().filter(|field| *field != "*");
        fields.map(|field| field.parse().expect(h)).collect()
    };
    for h in ["1e0", "3e-1", "1e-1", "3e-2", "1e-4", "3e-12", "1e-12"] {
        assert_eq!(row(h).len(), 5, "{h}");
        assert_eq!(row(h)[0], h.parse::<f64>().expect(h));
    }
    assert_eq!(stdout.lines().filter(|line| line.contains("e-") && line.contains('*')).count(), 3);
    assert!(row("1e-4")[2] < 1e-8 && row("1e-4")[4] > 0.3, "{stdout}");
}

#[test]
fn check_says_why() {
    let (stdout, status) = check("--why");
    assert_eq!(status, 0);
    let line = |start: &str| {
        let found = stdout.lines().find(|line| line.starts_with(start)).expect(start);
        found.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(line("of the loss  ").contains(" of 39,200 50 of 50 500 of 500 10 of 10"), "{stdout}");
    assert!(line("of the accuracy").ends_with("0 of 39,200 0 of 50 0 of 500 0 of 10"), "{stdout}");
    assert!(line("of the loss, with").contains("0 of 39,200 0 of 50"), "{stdout}");
}

/// Runs on the small data set, in its folder; stdout.
fn in_folder(data: &Path, arguments: &str) -> String {
    let arguments = arguments.split(' ');
    let ended = run(from_zero().args(arguments).arg("--data=.").current_dir(data));
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    ended.stdout
}

/// The sentence with which it ends, with status 1.
fn refused_in_folder(data: &Path, arguments: &str) -> String {
    let arguments = arguments.split(' ');
    let ended = run(from_zero().args(arguments).arg("--data=.").current_dir(data));
    assert_eq!((ended.status, ended.stdout.as_str()), (1, ""));
    ended.stderr.strip_prefix("from-zero: ").expect("our name").trim_end().to_string()
}

#[test]
fn what_is_saved_is_evaluated_and_trained_on() {
    let data = small_data("save");
    let options = "--iterations 40 --batch-size 10 --hidden 3 --learning-rate 0.5";
    let stdout = in_folder(&data, &format!("{options} --save net.npz --record run.npz"));
    assert!(
        stdout.ends_with(
            "\nparameters in net.npz: from-zero evaluate --params net.npz --data .\n\
             losses and accuracies in run.npz\n"
        ),
        "{stdout}"
    );
    let last = stdout.lines().find(|line| line.contains("at the end")).expect("a summary");
    assert!(last.starts_with("40 iterations in"), "{last}");
    let evaluated = in_folder(&data, "evaluate --params net.npz");
    let lines: Vec<&str> = evaluated.lines().collect();
    assert_eq!(
        lines[0],
        "net       784 inputs, 3 hidden units (sigmoid), 10 classes (softmax): 2,395 parameters"
    );
    assert!(
        lines[2].starts_with("accuracy  0.") && lines[2].ends_with(" of 20 images"),
        "{evaluated}"
    );
    // The table of the run ends with iteration 36, but its summary is that of the net that was saved.
    let (_, at_the_end) = last.split_once("accuracy at the end ").expect(last);
    assert!(lines[2].starts_with(&format!("accuracy  {at_the_end}: ")), "{last} {evaluated}");
    assert_eq!(lines.len(), 3 + 1 + 2 + 10 + 2, "{evaluated}");
    assert!(lines[17].ends_with("For relu: --activation relu"), "{evaluated}");
    // Each row counts its images; the answers of all rows are the test images.
    let counts = lines[6..16].iter().map(|row| {
        let fields: Vec<&str> = row.split_whitespace().collect();
        let cells = fields[3..].iter().map(|cell| cell.parse::<usize>().unwrap_or(0));
        assert_eq!(cells.clone().sum::<usize>(), fields[1].parse().expect(row));
        assert_eq!(fields.len(), 13, "{row}");
        cells.sum::<usize>()
    });
    assert_eq!(counts.sum::<usize>(), 20);

    // Training goes on from the file: a run of 0 iterations changes nothing, and overwrites it.
    let before = fs::read(data.join("net.npz")).expect("written");
    in_folder(&data, "--iterations 0 --init net.npz --save net.npz");
    assert_eq!(fs::read(data.join("net.npz")).expect("written"), before);
    let first_loss = |stdout: &str| -> f64 {
        table(stdout)
            .lines()
            .nth(1)
            .expect("a row")
            .split_whitespace()
            .nth(1)
            .expect("a loss")
            .parse()
            .expect("a number")
    };
    let from_nothing = in_folder(&data, "--iterations 1 --batch-size 40");
    let from_there = in_folder(&data, "--iterations 1 --batch-size 40 --init net.npz");
    assert!(first_loss(&from_there) < first_loss(&from_nothing), "{from_there} {from_nothing}");
    // Two runs of the same seed leave the same bytes.
    in_folder(&data, &format!("{options} --save again.npz"));
    assert_eq!(fs::read(data.join("again.npz")).expect("written"), before);
}

#[test]
fn a_relu_net_is_evaluated_as_one() {
    let data = small_data("save-relu");
    let options = "--iterations 40 --batch-size 10 --activation relu";
    let stdout = in_folder(&data, &format!("{options} --save net.npz"));
    let command = "from-zero evaluate --params net.npz --activation relu --data .";
    assert!(stdout.trim_end().ends_with(command), "{stdout}");
    let arguments = command.strip_prefix("from-zero ").expect("our name");
    let arguments = arguments.strip_suffix(" --data .").expect("it names the data");
    assert!(in_folder(&data, arguments).contains("50 hidden units (relu)"));
}

#[test]
fn numpys_random_numbers_are_another_run() {
    let data = small_data("random");
    let run = |options: &str| table(&in_folder(&data, &format!("--iterations 5 {options}")));
    assert_eq!(run("--random xorshift"), run("--seed 0"));
    assert_ne!(run("--random numpy"), run("--random xorshift"));
    assert_ne!(run("--random numpy --seed 1"), run("--random numpy"));
    assert_eq!(run("--random numpy --seed 4294967295"), run("--random=numpy --seed=4294967295"));
}

#[test]
fn one_image_is_shown_with_ten_probabilities() {
    let data = small_data("predict");
    in_folder(&data, "--iterations 1 --save net.npz");
    for (split, name) in [("", "test image 4"), (" --split train", "training image 4")] {
        let stdout = in_folder(&data, &format!("predict --params net.npz --index 4{split}"));
        let lines: Vec<&str> = stdout.lines().collect();
        // Image 4 shows a 2: its two upper rows are ink.
        assert_eq!(lines[1], format!("data      {name} of .: a 2"));
        assert_eq!(lines[3], "█".repeat(28));
        assert_eq!(lines[4], "");
        let rows = &lines[5..15];
        let probabilities = rows.iter().enumerate().map(|(digit, row)| {
            let fields: Vec<&str> = row.split_whitespace().collect();
            assert_eq!(fields[0], digit.to_string());
            assert_eq!(fields.contains(&"right"), digit == 2, "{row}");
            fields[1].parse::<f64>().expect(row)
        });
        assert!((probabilities.sum::<f64>() - 1.0).abs() < 1e-3, "{stdout}");
        // After one iteration, no digit is probable.
        assert!(lines[18].starts_with("The net is not sure: it reads a"), "{stdout}");
        assert!(lines[18].ends_with(". The right answer is 2."), "{stdout}");
        assert_eq!(lines.len(), 19);
    }
    let ended = run(from_zero()
        .args(["predict", "--params=net.npz", "--index=20", "--data=."])
        .current_dir(&data));
    assert_eq!(ended.status, 2);
    assert_eq!(
        ended.stderr,
        "from-zero: --index: expected a number below the 20 test images of ., found 20\n"
    );
}

/// The folder of the pictures of digits.
fn digits() -> String {
    common::fixtures("images/digits").display().to_string()
}

#[test]
fn ones_own_digit_is_shown_with_the_answer_and_no_data_are_loaded() {
    let data = small_data("image");
    in_folder(&data, "--iterations 1 --save unsure.npz");
    // A net that always answers 3, with a probability that the biases alone give.
    let params = Parameters {
        w1: Matrix::zeros(784, 1),
        b1: vec![0.0],
        w2: Matrix::zeros(1, 10),
        b2: (0..10).map(|digit| if digit == 3 { 5.0 } else { 0.0 }).collect(),
    };
    save_parameters(&data.join("three.npz"), &params).expect("saved");
    fs::copy(common::fixtures("images/digits/thick.png"), data.join("four.png")).expect("copied");
    for part in ["train", "t10k"] {
        for file in ["images-idx3-ubyte", "labels-idx1-ubyte"] {
            fs::remove_file(data.join(format!("{part}-{file}"))).expect("removed");
        }
    }
    let shown = |net: &str| {
        let command = format!("predict --image four.png --params {net}.npz");
        let ended = run(from_zero().args(command.split(' ')).current_dir(&data));
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
        ended.stdout
    };
    let three = shown("three");
    let lines: Vec<&str> = three.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "net       784 inputs, 1 hidden unit (sigmoid), 10 classes (softmax): 805 parameters",
            "picture   90 × 90 pixels, prepared as 28 × 28",
            ""
        ]
    );
    // The ink begins in row 5 of 28. The bar of 3 is the longest.
    assert_eq!(lines[5], "             ▄███               0  0.0064 ▏");
    assert!(lines[8].ends_with("3  0.9428 ██████████████████████▋"), "{three}");
    assert_eq!(lines[17..], ["", "The net reads a 3, with 94.3 %."]);
    let unsure = shown("unsure");
    let sentence = unsure.lines().last().expect("a line");
    assert!(sentence.starts_with("The net is not sure: "), "{unsure}");
    let numbers = sentence.split(['(', '%']).filter_map(|field| field.trim().parse::<f64>().ok());
    let numbers: Vec<f64> = numbers.collect();
    assert!(numbers.len() == 2 && 80.0 > numbers[0] && numbers[0] >= numbers[1], "{unsure}");
}

#[test]
fn a_picture_that_can_t_be_read_is_one_sentence() {
    let data = small_data("no-image");
    in_folder(&data, "--iterations 1 --save net.npz");
    fs::write(data.join("blank.pgm"), "P2 2 1 9 4 4").expect("written");
    fs::write(data.join("photo.png"), b"\xff\xd8\xff\xe0 and so on").expect("written");
    fs::write(data.join("large.ppm"), "P6 65535 65535 255 ").expect("written");
    let file = fs::File::create(data.join("long.png")).expect("created");
    file.set_len((1 << 26) + 1).expect("without blocks on the disk");
    for (file, sentence) in [
        ("blank.pgm", "expected a digit, found a blank page: nothing on it is darker or lighter"),
        ("photo.png", "expected a PNG, PGM or PPM picture, found a JPEG picture; save it as PNG"),
        (
            "large.ppm",
            "expected 1 to 25000000 pixels, found 65535 × 65535: make the picture smaller",
        ),
        ("long.png", "expected at most 67108864 bytes"),
        (".", "expected a file, found a folder, a pipe or a device"),
        ("nothing.png", "No such file or directory (os error 2)"),
    ] {
        let arguments = ["predict", "--params", "net.npz", "--image", file];
        let ended = run(from_zero().args(arguments).current_dir(&data));
        assert_eq!((ended.status, ended.stdout.as_str()), (1, ""));
        assert_eq!(ended.stderr, format!("from-zero: {file}: {sentence}\n"));
    }
}

#[test]
fn a_trained_net_reads_digits_that_were_not_drawn_for_mnist() {
    let folder = small_data("own-digits");
    let saved = folder.join("net.npz").display().to_string();
    let trained = run(from_zero().args(["--iterations", "3000", "--save", &saved]));
    assert_eq!((trained.status, trained.stderr.as_str()), (0, ""));
    for (name, digit) in [
        ("thick", 4),
        ("thin", 4),
        ("one", 1),
        ("tiny", 2),
        ("light", 7),
        ("white-ink", 7),
        ("photo", 2),
        ("scan", 2),
    ] {
        let picture = format!("{}/{name}.png", digits());
        let ended = run(from_zero().args(["predict", "--params", &saved, "--image", &picture]));
        let says = ended.stdout.lines().last().unwrap_or_default().to_string();
        let sure = says.starts_with(&format!("The net reads a {digit}, with "));
        let unsure = format!("The net is not sure: it reads a {digit} (");
        assert!(sure || says.starts_with(&unsure), "{name}: expected a {digit}, found {says}");
    }
}

#[test]
fn what_is_no_net_is_one_sentence() {
    let data = small_data("no-net");
    let arrays = common::fixtures("numpy/arrays");
    for (file, sentence) in [
        ("net.npz", "expected W1 of the shape (784, 1 to 10000), found (4, 3)"),
        ("zeros.npz", "expected W1 of the shape (784, 1 to 10000), found (500, 500)"),
        ("zip64.npz", "a zip file with lengths of 64 bits (zip64), expected a small one"),
        ("positional.npz", "expected the arrays W1, b1, W2 and b2, found no W1 among arr_0, arr_1"),
        (
            "objects.npz",
            "W1.npy: Python objects, stored as a pickle: they are not read, since that could run any \
             program; expected an array of numbers",
        ),
        (
            "little_f8.npy",
            "expected a .npz file, as np.savez writes it, found a single array of NumPy (.npy)",
        ),
        (
            "pytorch.npz",
            "expected the arrays W1, b1, W2 and b2, found a file of PyTorch: save its arrays with \
             np.savez",
        ),
    ] {
        fs::copy(arrays.join(file), data.join(file)).expect("copied");
        for command in ["evaluate --params", "predict --index 0 --params", "--init"] {
            let said = refused_in_folder(&data, &format!("{command} {file}"));
            assert_eq!(said, format!("{file}: {sentence}"), "{command}");
        }
    }
    assert!(refused_in_folder(&data, "evaluate --params nothing.npz").starts_with("nothing.npz: "));
}

#[test]
fn arrays_that_are_not_used_are_named_in_one_line() {
    let data = small_data("deeper");
    in_folder(&data, "train --iterations 0 --save net.npz");
    // A net of three layers has the same four arrays, if its sizes fit, and two more.
    let bytes = fs::read(data.join("net.npz")).expect("read");
    let npz = Npz::parse(&bytes).expect("ours");
    let array = |name: &str| npz.array(name, 1 << 20).expect("ours").expect("there");
    let mut arrays = ["W1", "b1", "W2", "b2"].map(|name| (name, array(name))).to_vec();
    arrays.extend([("W3", array("b1")), ("b3\u{1b}[2J", array("b2"))]);
    fs::write(data.join("deeper.npz"), npz::write(&arrays)).expect("written");
    for command in ["evaluate --params", "predict --index 0 --params", "--iterations 0 --init"] {
        let arguments = format!("{command} deeper.npz --data .");
        let ended = run(from_zero().args(arguments.split(' ')).current_dir(&data));
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        let note = "from-zero: deeper.npz: this net of two layers does not use W3, b3\\u{1b}[2J\n";
        assert_eq!(ended.stderr, note, "{command}");
    }
}

#[test]
fn a_file_of_the_data_in_a_folder_of_its_name_is_not_overwritten_either() {
    let data = small_data("overwrite-inner");
    let name = "t10k-labels-idx1-ubyte";
    fs::rename(data.join(name), data.join("waiting")).expect("renamed");
    fs::create_dir(data.join(name)).expect("created");
    let inner = format!("{name}/t10k-labels.idx1-ubyte");
    fs::rename(data.join("waiting"), data.join(&inner)).expect("renamed");
    let arguments = ["--iterations", "1", "--data", ".", "--save", &inner];
    let ended = run(from_zero().args(arguments).current_dir(&data));
    let said = "from-zero: --save: expected another file than the file of --data, found the same \
                file\n";
    assert_eq!((ended.status, ended.stderr.as_str()), (2, said));
    in_folder(&data, "--iterations 1");
}

#[test]
fn the_walk_through_the_chapter_finds_every_number() {
    let ended = run(from_zero().arg("chapter").env_remove("COLUMNS"));
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    let end =
        "\nAll 193 numbers agree.\n4 more depend on random weights, and are near the book's.\n";
    assert!(ended.stdout.ends_with(end), "{}", ended.stdout);
    assert!(!ended.stdout.contains("NOT"), "{}", ended.stdout);
    assert!(ended.stdout.lines().all(|line| line.chars().count() <= 80));
    // Each file that it names is there.
    let files = ended.stdout.split_whitespace().filter(|word| word.starts_with("src/"));
    let files: Vec<&str> = files.collect();
    assert!(files.len() >= 17);
    for file in files {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(file).is_file(), "{file}");
    }
}

#[test]
fn nothing_is_wider_than_80_columns() {
    let data = small_data("wide");
    in_folder(&data, "--iterations 0 --hidden 7 --save n.npz");
    for arguments in [
        "help",
        "evaluate --help",
        "predict --help",
        "chapter --help",
        "figures --help",
        "check --help",
        "--data . --iterations 5 --hidden 7 --learning-rate 0.123456789",
        "evaluate --params n.npz --data .",
        "predict --params n.npz --data . --index 3",
        "check --data . --hidden 7",
        "check --data . --hidden 7 --activation relu --images 30",
        "check --data . --hidden 7 --why",
        "check --data . --hidden 7 --sweep-h",
    ] {
        let mut command = from_zero();
        command.args(arguments.split(' ')).current_dir(&data).env_remove("COLUMNS");
        for line in run(&mut command).stdout.lines() {
            assert!(line.chars().count() <= 80, "{arguments}: {line}");
        }
    }
}

#[test]
fn a_loss_that_did_not_fall_is_said() {
    let data = small_data("no-fall");
    let line =
        |rate: &str| format!("The loss did not fall: try another --learning-rate than {rate}.\n");
    for (rate, falls) in [("1000.0", false), ("1e-9", false), ("0.1", true)] {
        let options = "--iterations 500 --hidden 5 --batch-size 20 --learning-rate";
        let stdout = in_folder(&data, &format!("{options} {rate}"));
        assert_eq!(stdout.contains(&line(rate)), !falls, "{stdout}");
    }
    assert!(!in_folder(&data, "--iterations 100 --hidden 5").contains("did not fall"));
}

#[test]
fn a_similar_name_is_proposed() {
    for (arguments, meant) in [
        ("--lr 1", "'--lr': did you mean --learning-rate?"),
        ("--iter 1", "'--iter': did you mean --iterations?"),
        ("--learning-rat 1", "'--learning-rat': did you mean --learning-rate?"),
        ("--sede 1", "'--sede': did you mean --seed?"),
        ("check --sweep", "'--sweep': did you mean --sweep-h?"),
        ("trian", "'trian': did you mean train?"),
        ("evalute", "'evalute': did you mean evaluate?"),
    ] {
        let ended = run(from_zero().args(arguments.split(' ')));
        let end = format!("{meant}\n");
        assert!(ended.status == 2 && ended.stderr.ends_with(&end), "{}", ended.stderr);
    }
}

#[test]
fn a_section_of_the_chapter_needs_no_data_if_it_shows_none() {
    let ended = run(from_zero().args(["chapter", "4.4"]).env("MNIST_DIR", "/nowhere"));
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    assert!(ended.stdout.contains("digits\n\n4.4  Gradient\nsrc/ch04/s4_1_gradient.rs\n"));
    assert!(ended.stdout.contains("\n4.4.1  ") && !ended.stdout.contains("\n4.3"));
    let ended = run(from_zero().args(["chapter", "4.2.3"]).env("MNIST_DIR", "/nowhere"));
    assert_eq!(ended.status, 1);
    let data = small_data("chapter");
    for section in ["4.1.2", "4.2.3", "4.5.3", "5.7.3"] {
        let said = refused_in_folder(&data, &format!("chapter {section}"));
        assert_eq!(
            said,
            "expected the 60,000 and 10,000 images of MNIST for the chapter's numbers, found 40 and 20 in ."
        );
    }
    let ended = run(from_zero().args(["chapter", "9"]));
    assert_eq!(ended.status, 2);
    assert!(ended.stderr.starts_with("from-zero: no section '9': expected one of preface, 3.2, "));
}

#[test]
fn numbers_that_do_not_agree_are_counted() {
    // As many images as MNIST has, all of them black: where x is 0 no difference has a rounding error.
    let folder = small_data("black");
    for (part, count) in [("train", 60_000), ("t10k", 10_000)] {
        let write = |kind: &str, bytes: &[u8]| {
            fs::write(folder.join(format!("{part}-{kind}-ubyte")), bytes).expect("our own file");
        };
        write("images-idx3", &idx_bytes(&[count, 28, 28], &vec![0; count as usize * 784]));
        write("labels-idx1", &idx_bytes(&[count], &vec![0; count as usize]));
    }
    let ended = run(from_zero().args(["chapter", "5.7.3", "--data"]).arg(&folder));
    assert_eq!(ended.status, 1);
    assert!(ended.stdout.contains("NOT EQUAL: "), "{}", ended.stdout);
    let said = ended.stderr.strip_prefix("from-zero: ").expect("our name").trim_end();
    assert!(said.ends_with(" numbers do not agree, see NOT EQUAL"), "{said}");
    fs::remove_dir_all(&folder).expect("our own folder");
}

#[test]
fn a_net_of_init_that_is_too_large_for_the_threads_is_refused() {
    let data = small_data("large-init");
    let made = run(from_zero()
        .args(["--iterations", "0", "--hidden", "101", "--save", "net.npz", "--data=."])
        .current_dir(&data));
    assert_eq!(made.status, 0);
    let ended = run(from_zero()
        .args(["--iterations", "1", "--init", "net.npz", "--threads", "1000", "--data=."])
        .current_dir(&data));
    assert_eq!((ended.status, ended.stdout.as_str()), (2, ""));
    assert_eq!(
        ended.stderr,
        "from-zero: --threads 1000 with 101 hidden units: expected a \
         product of at most 100000, which needs a gigabyte of memory\n"
    );
}

#[test]
fn the_figures_are_drawn_as_they_were() {
    // Those that are pure mathematics, and those that follow from the seed alone: the same bytes
    // everywhere. To accept other ones, run this test with UPDATE_GOLDEN set, and look at them.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command").join("figures");
    let _ = fs::remove_dir_all(&folder);
    let ended = run(from_zero().args(["figures", "--iterations", "2000", "--out"]).arg(&folder));
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    let written: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(written.len(), 19);
    assert!(written.iter().all(|path| Path::new(path).is_file()), "{written:?}");

    let golden = common::fixtures("figures");
    for name in [
        "figure-4-3",
        "figure-4-4",
        "figure-4-5",
        "figure-4-6",
        "figure-4-7",
        "figure-4-8",
        "figure-4-9",
        "figure-4-10",
        "figure-4-11",
        "figure-4-12",
        "error-against-h",
        "overfitting",
        "numerical-and-analytic",
        "graph-apples",
        "graph-apples-and-oranges",
        "graph-sigmoid",
        "graph-affine",
        "graph-softmax-with-loss",
    ] {
        let file = format!("{name}.svg");
        let drawn = fs::read_to_string(folder.join(&file)).expect("written");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(&golden).expect("a folder");
            fs::write(golden.join(&file), &drawn).expect("written");
        }
        assert!(drawn == fs::read_to_string(golden.join(&file)).expect("golden"), "{file} differs");
    }

    // The times differ from run to run, but not their order: for each of five sizes the naive
    // gradient is above the incremental one, and backpropagation below both.
    let drawn = fs::read_to_string(folder.join("cost-of-a-gradient.svg")).expect("written");
    let markers = drawn.split("<circle ").skip(1).filter(|circle| circle.contains(" r=\"3\""));
    let from_above: Vec<f64> = markers
        .map(|circle| circle.split("cy=\"").nth(1).expect("a place").split('"').next())
        .map(|cy| cy.expect("it ends").parse().expect("a number"))
        .collect();
    assert_eq!(from_above.len(), 15, "{drawn}");
    for size in 0..5 {
        let [naive, incremental, backprop] = [0, 5, 10].map(|method| from_above[method + size]);
        assert!(naive < incremental && incremental < backprop, "{from_above:?}");
    }
}

#[test]
fn the_help_of_figures_names_what_it_draws() {
    let help = run(from_zero().args(["figures", "--help"])).stdout;
    for file in fs::read_dir(common::fixtures("figures")).expect("the golden files") {
        let name = file.expect("a file").file_name().into_string().expect("a name");
        let Some(name) = name.strip_suffix(".svg") else { continue };
        assert!(name.starts_with("figure-4-") || help.contains(name), "{name}: {help}");
    }
}

#[test]
fn figures_that_cannot_be_written_are_one_sentence() {
    let data = small_data("unwritten-figures");
    fs::write(data.join("file"), "").expect("written");
    let said = refused_in_folder(&data, "figures --out file");
    assert!(said.starts_with("can't create the folder file: "), "{said}");
    let said = refused_in_folder(&data, "figures --out file/below");
    assert!(said.starts_with("can't create the folder file/below: "), "{said}");
    // A folder in the place of a figure; those before it are there.
    fs::create_dir_all(data.join("out/figure-4-4.svg")).expect("created");
    let ended = run(from_zero().args(["figures", "--out=out", "--data=."]).current_dir(&data));
    assert_eq!((ended.status, ended.stdout.as_str()), (1, "out/figure-4-3.svg\n"));
    assert!(ended.stderr.starts_with("from-zero: can't write out/figure-4-4.svg: "));
}

#[test]
fn a_page_is_written_for_a_run_of_any_length() {
    let data = small_data("report");
    for iterations in ["0", "1", "40"] {
        let options = format!("--iterations {iterations} --hidden 3 --report run.html");
        let stdout = in_folder(&data, &options);
        let said = "a page about the run in run.html: open it in a browser, and draw a digit\n";
        assert!(stdout.ends_with(said), "{stdout}");
        let page = fs::read_to_string(data.join("run.html")).expect("written");
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
        assert!(page.contains("of 20.</p>") && page.contains("3 hidden units (sigmoid)"));
        let moment =
            if iterations == "0" { "Before any training" } else { "After the last update" };
        assert!(page.contains(&format!("<p>{moment} it reads ")), "{page}");
        // Here each iteration is an epoch. Of 40 nets every second one is kept, and the last net.
        let nets = match iterations {
            "0" => 1,
            "1" => 2,
            _ => 21,
        };
        assert_eq!(page.matches("{\"iteration\":").count(), nets);
        let command = format!("<td>from-zero train {options} --data=.\n");
        assert!(page.contains(&command), "{command}");
    }
    let said = refused_in_folder(&data, "--iterations 1 --report nowhere/run.html");
    assert!(said.starts_with("can't write nowhere/run.html: "), "{said}");
}

#[test]
fn a_page_for_a_very_large_net_is_refused() {
    let data = small_data("large-page");
    let said = "--report: expected a net of at most 1600 hidden units, for a page of 4 MB, found ";
    let options = ["--iterations=0", "--hidden=10000", "--report=run.html", "--data=."];
    let ended = run(from_zero().args(options).current_dir(&data));
    assert_eq!((ended.status, ended.stderr), (2, format!("from-zero: {said}10000\n")));
    in_folder(&data, "--iterations 0 --hidden 1601 --save net.npz");
    let options = ["--iterations=0", "--init=net.npz", "--report=run.html", "--data=."];
    let ended = run(from_zero().args(options).current_dir(&data));
    assert_eq!((ended.status, ended.stderr), (2, format!("from-zero: {said}1601\n")));
    assert!(!data.join("run.html").exists());

    in_folder(&data, "--iterations 1 --hidden 1600 --report run.html");
    let page = fs::metadata(data.join("run.html")).expect("written");
    assert!(page.len() <= 4_000_000, "{} bytes", page.len());
}

#[test]
fn names_with_markup_are_text_in_the_page() {
    let data = small_data("markup");
    let settings = |name: &str| {
        in_folder(&data, "--iterations 0 --hidden 2 --save net.npz");
        fs::rename(data.join("net.npz"), data.join(name)).expect("renamed");
        let options = ["--iterations=1", "--report=run.html", "--data=.", "--init", name];
        let ended = run(from_zero().args(options).current_dir(&data));
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
        let page = fs::read_to_string(data.join("run.html")).expect("written");
        let (_, table) = page.split_once("<table>").expect("a table");
        table.split_once("</table>").expect("an end").0.to_string()
    };
    let table = settings("<b>a&b c.npz");
    assert!(table.contains("the parameters of &lt;b&gt;a&amp;b c.npz\n"), "{table}");
    let command = "<td>from-zero train --iterations=1 --report=run.html --data=. --init ";
    assert!(table.contains(&format!("{command}&#39;&lt;b&gt;a&amp;b c.npz&#39;\n")), "{table}");
    // Characters that change the direction of the text, and quotes: no command.
    let no_command =
        "<th>command<td>not shown: a name in it has characters that a shell may change\n";
    let table = settings("a\u{202e}zpn.npz");
    assert!(table.contains("the parameters of a\\u{202e}zpn.npz\n"), "{table}");
    assert!(table.contains(no_command) && !table.contains('\u{202e}'), "{table}");
    assert!(settings("it's.npz").contains(no_command));
}

#[test]
fn what_cannot_be_written_is_known_before_the_work() {
    let data = small_data("unwritable");
    for option in ["--save", "--record", "--report"] {
        let said = refused_in_folder(&data, &format!("--iterations 1 {option} nowhere/net.npz"));
        assert!(said.starts_with("can't write nowhere/net.npz: "), "{said}");
        let said = refused_in_folder(&data, &format!("--iterations 1 {option} ."));
        let expected = "can't write .: expected a file, found a folder, a pipe or a device";
        assert_eq!(said, expected);
    }
    let names: Vec<_> = fs::read_dir(&data).expect("listed").flatten().collect();
    assert_eq!(names.len(), 4, "{names:?}");
}

#[test]
fn what_is_to_be_written_is_written_though_nobody_reads() {
    let data = small_data("unread");
    let mut command = from_zero();
    command.args(["--iterations", "400", "--batch-size", "10", "--hidden", "2", "--data", "."]);
    command.args(["--save", "net.npz", "--record", "run.npz"]).current_dir(&data);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(data.join("net.npz").is_file() && data.join("run.npz").is_file());
}

#[test]
fn two_names_of_one_file_are_found_out() {
    let data = small_data("one-file");
    let refused = |arguments: &str| {
        let arguments = arguments.split(' ');
        let ended = run(from_zero().args(arguments).arg("--data=.").current_dir(&data));
        assert_eq!(ended.status, 2);
        ended.stderr
    };
    assert_eq!(
        refused("--save a.npz --record ./a.npz"),
        "from-zero: --record: expected another file than the file of --save, found the same file\n"
    );
    in_folder(&data, "--iterations 1 --save net.npz");
    assert_eq!(
        refused("--init net.npz --record ../one-file/net.npz"),
        "from-zero: --record: expected another file than the file of --init, found the same file\n"
    );
    in_folder(&data, "--iterations 1 --init net.npz --save ./net.npz");
}

#[test]
fn the_data_are_not_overwritten() {
    let data = small_data("overwrite");
    for option in ["--save", "--record", "--report"] {
        let arguments = ["--iterations", "1", "--data", ".", option, "./t10k-labels-idx1-ubyte"];
        let ended = run(from_zero().args(arguments).current_dir(&data));
        assert_eq!(ended.status, 2);
        let expected = format!(
            "from-zero: {option}: expected another file than the file of --data, found the same file\n"
        );
        assert_eq!(ended.stderr, expected);
    }
}

#[test]
fn one_file_that_cannot_be_written_takes_no_other_along() {
    // A net whose numbers can't be saved: the losses of its run can.
    let data = small_data("one-of-two");
    let mut huge = String::from("--iterations 1 --batch-size 1 --learning-rate 1e200");
    huge += " --save net.npz --record run.npz";
    let arguments = huge.split(' ');
    let ended = run(from_zero().args(arguments).arg("--data=.").current_dir(&data));
    assert_eq!(ended.status, 1);
    let said = ended.stderr;
    assert!(said.starts_with("from-zero: can't write net.npz: expected finite numbers"), "{said}");
    assert!(!data.join("net.npz").exists() && data.join("run.npz").is_file());
}

#[test]
fn a_name_that_a_shell_would_not_take_is_not_put_into_a_command() {
    let data = small_data("names");
    let options = ["--iterations", "1", "--data=.", "--save", "my \u{1b}net.npz"];
    let ended = run(from_zero().args(options).current_dir(&data));
    assert_eq!(ended.status, 0);
    assert!(ended.stdout.ends_with("\nparameters in my \\u{1b}net.npz\n"), "{}", ended.stdout);
}

#[cfg(unix)]
#[test]
fn a_kill_in_the_middle_of_a_save_leaves_the_former_file_or_the_new_one() {
    let data = small_data("killed");
    in_folder(&data, "--iterations 0 --hidden 2 --save net.npz");
    let former = fs::read(data.join("net.npz")).expect("saved");
    let is_begun = |entry: &fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with(".from-zero-") && entry.metadata().is_ok_and(|m| m.len() > 1_000_000)
    };
    for _ in 0..3 {
        // 63 MB: long enough to be met on the way.
        let mut command = from_zero();
        command.args([
            "--iterations",
            "0",
            "--hidden",
            "10000",
            "--save",
            "net.npz",
            "--data",
            ".",
        ]);
        let mut child =
            command.current_dir(&data).stdout(Stdio::null()).spawn().expect("it starts");
        while child.try_wait().expect("it is ours").is_none() {
            if fs::read_dir(&data).expect("listed").flatten().any(|entry| is_begun(&entry)) {
                child.kill().expect("it is ours");
                break;
            }
        }
        child.wait().expect("it ends");
        let now = fs::read(data.join("net.npz")).expect("it is there");
        assert!(now == former || now.len() > 63_000_000, "{} bytes", now.len());
        in_folder(&data, "evaluate --params net.npz");
    }
    // What was left behind is no hindrance.
    in_folder(&data, "--iterations 0 --hidden 2 --save net.npz");
    assert_eq!(fs::read(data.join("net.npz")).expect("saved"), former);
    fs::remove_dir_all(&data).expect("removed");
}

#[cfg(unix)]
#[test]
fn names_that_are_no_unicode_are_written_and_read() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let data = small_data("bytes");
    let name = OsStr::from_bytes(b"net\xff.npz");
    let with = |before: &[&str]| {
        run(from_zero().args(before).arg(name).arg("--data=.").current_dir(&data))
    };
    let ended = with(&["--iterations", "1", "--save"]);
    assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    assert!(ended.stdout.ends_with("parameters in net\u{fffd}.npz\n"), "{}", ended.stdout);
    assert!(data.join(name).is_file());
    assert_eq!(with(&["evaluate", "--params"]).status, 0);
    assert_eq!(with(&["--iterations", "1", "--report"]).status, 0);
}

#[test]
fn neither_an_environment_nor_a_thousand_threads_matter() {
    let data = small_data("bare");
    let options = ["--iterations", "3", "--batch-size", "20", "--data", "."];
    let run_with = |threads: &str| {
        let mut command = from_zero();
        command.env_clear().args(options).args(["--threads", threads]).current_dir(&data);
        let ended = run(&mut command);
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
        table(&ended.stdout)
    };
    assert_eq!(run_with("1000"), run_with("1"));
}

#[test]
fn a_run_that_diverges_leaves_the_former_file() {
    let data = small_data("diverged");
    fs::write(data.join("net.npz"), "as it was").expect("written");
    let ended = run(from_zero()
        .args(["--learning-rate", "1e308", "--save", "net.npz", "--data", "."])
        .current_dir(&data));
    assert_eq!(ended.status, 1, "{}", ended.stderr);
    assert_eq!(fs::read(data.join("net.npz")).expect("read"), b"as it was");
    assert_eq!(fs::read_dir(&data).expect("listed").count(), 5);
}

#[test]
fn knobs_that_teach() {
    let data = small_data("knobs");
    // The first ten of 40 images, in mini-batches of 5: an epoch has two iterations.
    let options = "--iterations 5 --batch-size 5 --hidden 3 --train-images 10";
    let stdout = in_folder(&data, options);
    assert!(stdout.starts_with("data      10 training images and 20 test images of ."), "{stdout}");
    let iterations = |stdout: &str| -> Vec<String> {
        let rows = table(stdout);
        let rows = rows.lines().skip(1).take_while(|row| !row.is_empty());
        rows.map(|row| row.split_whitespace().next().expect("a number").to_string()).collect()
    };
    assert_eq!(iterations(&stdout), ["0", "2", "4"]);
    // The accuracy in training is a multiple of 1/10.
    let first = table(&stdout).lines().nth(1).expect("a row").to_string();
    let train = first.split_whitespace().nth(2).expect("an accuracy").to_string();
    assert!(train.ends_with("000"), "{first}");
    for count in ["0", "41", "ten"] {
        let ended = run(from_zero().args(["--train-images", count, "--data"]).arg(&data));
        assert_eq!((ended.status, ended.stdout.as_str()), (2, ""));
        let expected = "from-zero: --train-images: expected a whole number from 1 to 40, found";
        assert!(ended.stderr.starts_with(&format!("{expected} '{count}'")), "{}", ended.stderr);
    }

    let shuffled = |threads: &str, rest: &str| {
        let rest = format!("{options} --sampling shuffle --threads {threads} {rest}");
        in_folder(&data, rest.trim_end())
    };
    let one = shuffled("1", "");
    assert!(one.contains("seed 0, each image once an epoch, 1 thread\n"), "{one}");
    assert_eq!(table(&shuffled("3", "")), table(&one), "any number of threads");
    assert_ne!(table(&one), table(&stdout), "another order than --sampling choice");
    assert_eq!(table(&in_folder(&data, &format!("{options} --sampling choice"))), table(&stdout));
    assert_ne!(table(&shuffled("1", "--random numpy")), table(&one));
    for gradient in ["numerical", "naive"] {
        let by_differences = shuffled("2", &format!("--gradient {gradient}"));
        assert_eq!(table(&by_differences), table(&one), "{gradient}");
    }

    // The weights are the same random numbers, multiplied.
    let weights = |std: &str| {
        let options = format!("--iterations 0 --weight-init-std {std} --save net.npz");
        let stdout = in_folder(&data, &options);
        let bytes = fs::read(data.join("net.npz")).expect("written");
        let npz = Npz::parse(&bytes).expect("ours");
        (stdout, npz.array("W1", 784 * 50).expect("read").expect("there").data)
    };
    let (stdout, large) = weights("2");
    assert!(stdout.contains("\nstart     weights from N(0, 2.0²), biases 0\n"), "{stdout}");
    let (_, small) = weights("0.01");
    assert!(small.iter().zip(&large).all(|(small, large)| (200.0 * small - large).abs() < 1e-12));
    assert!(weights("0").1.iter().all(|&w| w == 0.0));
}

#[test]
fn relu_is_an_activation_for_all_three_gradients() {
    let data = small_data("relu");
    let train = |options: &str| {
        let options = options.split(' ');
        let fixed = ["--iterations", "3", "--batch-size", "2", "--hidden", "2", "--activation"];
        let ended = run(from_zero().args(fixed).args(options).arg("--data").arg(&data));
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
        let table = table(&ended.stdout);
        (ended.stdout, table)
    };
    let (stdout, backprop) = train("relu");
    assert!(stdout.contains("2 hidden units (relu)"), "{stdout}");
    assert_eq!(train("relu --gradient numerical").1, backprop);
    assert_eq!(train("relu --gradient naive").1, backprop);
    assert_ne!(train("sigmoid").1, backprop);
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_unicode() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let ended = run(from_zero().arg("--seed").arg(OsStr::from_bytes(b"\xff")));
    assert_eq!((ended.status, ended.stdout.as_str()), (2, ""));
    // Such a folder can be named in both ways.
    let folder = small_data("unicode").join(OsStr::from_bytes(b"\xff"));
    let copy = |from: &Path| {
        fs::create_dir(&folder).expect("created");
        for file in fs::read_dir(from).expect("listed").flatten() {
            if file.path().is_file() {
                fs::copy(file.path(), folder.join(file.file_name())).expect("copied");
            }
        }
    };
    copy(folder.parent().expect("a parent"));
    let with_equals =
        [OsStr::from_bytes(b"--data="), folder.as_os_str()].map(OsStr::as_bytes).concat();
    let zero = ["--iterations", "0"];
    assert_eq!(run(from_zero().args(zero).arg("--data").arg(&folder)).status, 0);
    assert_eq!(run(from_zero().args(zero).arg(OsStr::from_bytes(&with_equals))).status, 0);
}

/// Runs on a good data set after this damage; returns the sentence, with the folder's name taken
/// out.
fn complaint(name: &str, damage: impl Fn(&Path)) -> String {
    let data = small_data(name);
    damage(&data);
    let ended = run(from_zero().arg("--data").arg(&data).args(["--iterations", "1"]));
    assert_eq!((ended.status, ended.stdout.as_str()), (1, ""), "{}", ended.stderr);
    let sentence = ended.stderr.strip_prefix("from-zero: ").expect("our name").to_string();
    assert_eq!(sentence.matches('\n').count(), 1, "{sentence}");
    sentence.trim_end().replace(&data.display().to_string(), "DIR")
}

#[test]
fn bad_data_are_one_sentence_and_exit_status_1() {
    let replace = |file: &'static str, bytes: Vec<u8>| {
        move |data: &Path| fs::write(data.join(file), &bytes).expect("written")
    };
    let said = complaint("folder", |data| fs::remove_dir_all(data).expect("removed"));
    assert_eq!(
        said,
        "DIR: expected train-images-idx3-ubyte or train-images-idx3-ubyte.gz, found no such folder; \
         --data DIR or MNIST_DIR gives the folder"
    );
    let said = complaint("file", |data| {
        fs::remove_file(data.join("t10k-labels-idx1-ubyte")).expect("removed")
    });
    assert!(said.starts_with("DIR: expected t10k-labels-idx1-ubyte or "), "{said}");
    let said =
        complaint("short", replace("train-images-idx3-ubyte", idx_bytes(&[40, 28, 28], &[])));
    assert_eq!(said, "DIR/train-images-idx3-ubyte: needs 31376 bytes, has 16");
    let said = complaint("magic", replace("train-images-idx3-ubyte", b"GIF89a".to_vec()));
    assert!(said.ends_with("found a GIF picture"), "{said}");
    let said = complaint("counts", replace("train-labels-idx1-ubyte", idx_bytes(&[1], &[1])));
    assert!(said.contains(" has 40 images but ") && said.contains(" has 1 labels"), "{said}");
    let said = complaint("label", replace("t10k-labels-idx1-ubyte", idx_bytes(&[20], &[11; 20])));
    assert!(
        said.ends_with("expected labels from 0 to 9, found 11 at place 0, counted from 0"),
        "{said}"
    );
    let said =
        complaint("size", replace("t10k-images-idx3-ubyte", idx_bytes(&[20, 7, 7], &[0; 980])));
    assert!(said.ends_with("the pixels of N images, found 20×7×7 unsigned bytes"), "{said}");
    let said = complaint("page", |data| {
        fs::remove_file(data.join("train-images-idx3-ubyte")).expect("removed");
        fs::write(data.join("train-images-idx3-ubyte.gz"), "<!doctype html><p>Not found")
            .expect("written");
    });
    let web_page = "found a web page instead of the file: download the file again";
    assert!(said.ends_with(web_page), "{said}");
    let said = complaint("page", replace("t10k-images-idx3-ubyte", b"<!doctype html>".to_vec()));
    assert!(said.ends_with(web_page), "{said}");
    let said = complaint("corrupted", |data| {
        let file = common::fixtures("mnist").join("t10k-labels-idx1-ubyte.gz");
        let mut bytes = fs::read(file).expect("the fixture");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        fs::remove_file(data.join("t10k-labels-idx1-ubyte")).expect("removed");
        fs::write(data.join("t10k-labels-idx1-ubyte.gz"), bytes).expect("written");
    });
    assert!(said.starts_with("DIR/t10k-labels-idx1-ubyte.gz is damaged or incomplete: "), "{said}");
}

#[test]
fn a_loss_that_is_no_number_stops_the_run() {
    let data = small_data("diverges");
    let options = ["--learning-rate", "1.7e308", "--iterations", "50"];
    let ended = run(from_zero().args(options).arg("--data").arg(&data));
    assert_eq!(ended.status, 1);
    let expected = "with a learning rate of 1.7e308: try a smaller learning rate\n";
    assert!(
        ended.stderr.starts_with("from-zero: the loss became NaN at iteration "),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.ends_with(expected), "{}", ended.stderr);
}

#[test]
fn a_reader_that_closes_the_pipe_ends_it_quietly() {
    let data = small_data("pipe");
    let mut command = from_zero();
    command.args(["--iterations", "1000000", "--batch-size", "40", "--hidden", "1"]);
    let mut child = command
        .arg("--data")
        .arg(&data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("piped"));
    reader.read_line(&mut line).expect("a line");
    assert!(line.starts_with("data "), "{line}");
    drop(reader);
    let mut stderr = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("text");
    assert_eq!(stderr, "");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

/// A reader of the output that fails the command in one of three ways.
#[cfg(target_os = "linux")]
#[derive(Clone, Copy, Debug)]
enum Reader {
    /// It is gone before the first line
    Gone,
    /// It reads one line
    OneLine,
    /// `> /dev/full`
    FullDisk,
}

/// The exit status of a command whose output has this reader.
#[cfg(target_os = "linux")]
fn status_with(reader: Reader, folder: &Path, arguments: &str) -> Option<i32> {
    let mut command = from_zero();
    command.args(arguments.split(' ')).current_dir(folder).stderr(Stdio::null());
    if let Reader::FullDisk = reader {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
        return command.stdout(full).status().expect("it starts").code();
    }
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    if let Reader::OneLine = reader {
        stdout.read_line(&mut String::new()).expect("a line");
    }
    drop(stdout);
    child.wait().expect("it ends").code()
}

#[cfg(target_os = "linux")]
#[test]
fn no_command_succeeds_without_the_files_that_it_was_asked_for() {
    use Reader::{FullDisk, Gone, OneLine};
    let data = small_data("readers");
    let train = "--data . --iterations 3 --hidden 2 --save n.npz --record r.npz --report p.html";
    let figures = "figures --data . --iterations 1 --out drawn";
    for (reader, arguments, folder, files, status) in [
        (Gone, train, ".", 3, 0),
        (OneLine, train, ".", 3, 0),
        (FullDisk, train, ".", 3, 1), // all is written, and the failure is reported
        (Gone, figures, "drawn", 19, 0),
        (FullDisk, figures, "drawn", 1, 1),
    ] {
        let _ = fs::remove_dir_all(data.join("drawn"));
        for file in ["n.npz", "r.npz", "p.html"] {
            let _ = fs::remove_file(data.join(file));
        }
        let place = format!("{arguments}: {reader:?}");
        assert_eq!(status_with(reader, &data, arguments), Some(status), "{place}");
        let names = fs::read_dir(data.join(folder)).expect("a folder").flatten();
        let written = names.filter(|entry| !entry.file_name().to_string_lossy().contains("ubyte"));
        assert_eq!(written.filter(|entry| entry.path().is_file()).count(), files, "{place}");
    }
    // The commands that write no file: a full disk is a failure, a reader who has gone is not.
    in_folder(&data, "--iterations 0 --hidden 2 --save n.npz");
    for command in [
        "evaluate --params n.npz --data .",
        "predict --params n.npz --data . --index 0",
        "chapter 4.3",
    ] {
        assert_eq!(status_with(FullDisk, &data, command), Some(1), "{command}");
        assert_eq!(status_with(Gone, &data, command), Some(0), "{command}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_removed_during_the_run_is_made_again() {
    let data = small_data("removed");
    let folder = data.join("results");
    fs::create_dir(&folder).expect("a folder");
    let mut command = from_zero();
    command.args("--data . --iterations 3000 --hidden 30 --save results/net.npz".split(' '));
    let mut child = command.current_dir(&data).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut String::new()).expect("a line"); // the files were tried before it
    fs::remove_dir_all(&folder).expect("removed");
    stdout.read_to_string(&mut String::new()).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    in_folder(&data, "evaluate --params results/net.npz");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_output_is_a_sentence() {
    let data = small_data("full");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let mut command = from_zero();
    command.args(["--iterations", "1"]).arg("--data").arg(&data).stdout(full);
    let ended = run(&mut command);
    assert_eq!(ended.status, 1);
    assert!(ended.stderr.starts_with("from-zero: can't write the output: "), "{}", ended.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_errors_leaves_the_status() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let status = |arguments: [&str; 2]| {
        let mut command = from_zero();
        command.args(arguments).stdout(full()).stderr(full());
        command.status().expect("it starts").code()
    };
    assert_eq!(status(["--seed", "x"]), Some(2));
    assert_eq!(status(["--data", "/nowhere"]), Some(1));
    assert_eq!(status(["--iterations", "1"]), Some(1));
}

#[test]
fn without_a_terminal_there_is_neither_bar_nor_colour() {
    let data = small_data("plain");
    let ended = run(from_zero().args(["--iterations", "50"]).arg("--data").arg(&data));
    assert_eq!(ended.stderr, "");
    assert!(!ended.stdout.contains(['\x1b', '\r']));
}
