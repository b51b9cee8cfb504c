//! Terminals, pipes and full disks.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;

use crate::common::*;

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
        let mut command = wide();
        command.args(arguments.split(' ')).current_dir(&data).env_remove("COLUMNS");
        for line in run(&mut command).stdout.lines() {
            assert!(line.chars().count() <= 80, "{arguments}: {line}");
        }
    }
}

#[test]
fn what_is_to_be_written_is_written_though_nobody_reads() {
    let data = small_data("unread");
    let mut command = wide();
    command.args(["--iterations", "400", "--batch-size", "10", "--hidden", "2", "--data", "."]);
    command.args(["--save", "net.npz", "--record", "run.npz"]).current_dir(&data);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let status = child.wait().expect("it ends").code();
    assert_eq!(
        status,
        Some(0),
        "train --save, after whose first line nobody reads: the exit status"
    );
    assert!(data.join("net.npz").is_file() && data.join("run.npz").is_file());
}

#[test]
fn a_reader_that_closes_the_pipe_ends_it_quietly() {
    let data = small_data("pipe");
    let mut command = wide();
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
    assert_eq!(stderr, "", "train, after whose first line nobody reads: standard error");
    let status = child.wait().expect("it ends").code();
    assert_eq!(status, Some(0), "train, after whose first line nobody reads: the exit status");
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
    let mut command = wide();
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
        (Gone, figures, "drawn", 21, 0),
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

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_output_is_a_sentence() {
    let data = small_data("full");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let mut command = wide();
    command.args(["--iterations", "1"]).arg("--data").arg(&data).stdout(full);
    let ended = run(&mut command);
    ended.expect_status(1);
    assert!(ended.stderr.starts_with("from-zero: can't write the output: "), "{}", ended.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_errors_leaves_the_status() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let status = |arguments: [&str; 2]| {
        let mut command = wide();
        command.args(arguments).stdout(full()).stderr(full());
        command.status().expect("it starts").code()
    };
    for (words, expected) in
        [(["--seed", "x"], 2), (["--data", "/nowhere"], 1), (["--iterations", "1"], 1)]
    {
        let place = format!("from-zero {} with a full disk: the exit status", words.join(" "));
        assert_eq!(status(words), Some(expected), "{place}");
    }
}

#[test]
fn without_a_terminal_there_is_neither_bar_nor_colour() {
    let data = small_data("plain");
    let ended = run(wide().args(["--iterations", "50"]).arg("--data").arg(&data));
    assert_eq!(ended.stderr, "");
    assert!(!ended.stdout.contains(['\x1b', '\r']));
}

/// What the command prints on a terminal, or `None` where there is no program `script` that makes one
/// (Debian has it in bsdutils).
#[cfg(target_os = "linux")]
fn on_a_terminal(folder: &Path, words: &str, environment: &[(&str, &str)]) -> Option<String> {
    let line = format!("{} {words}", env!("CARGO_BIN_EXE_from-zero"));
    let mut command = std::process::Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).current_dir(folder).stdin(Stdio::null());
    for name in ["CARGO", "COLUMNS", "MNIST_DIR", "NO_COLOR"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm").envs(environment.iter().copied());
    let Ok(output) = command.output() else {
        eprintln!("{words}: not tested on a terminal, since there is no program `script` here");
        return None;
    };
    assert!(output.status.success(), "{line}, on a terminal: {}", output.status);
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colours_that_mean_something() {
    let folder = trained();
    let check = "check --data . --hidden 2";
    let Some(shown) = on_a_terminal(folder, check, &[]) else { return };
    let (green, red) = ("\x1b[32m", "\x1b[31m");
    assert!(shown.contains(&format!("{green}good")), "{check}: expected good in green in\n{shown}");
    assert!(!shown.contains(red), "{check}: expected nothing in red in\n{shown}");
    // Emphasis that ends.
    let count = |code: &str| shown.matches(code).count();
    let ends = count("\x1b[0m");
    assert_eq!(count("\x1b["), 2 * ends, "{check}: the beginnings and ends of colours");

    // A fair verdict, in the sentence and in the table.
    let fair = "check --data . --threads 1 --hidden 5 --h 0.01";
    let shown = on_a_terminal(folder, fair, &[]).unwrap_or_default();
    let found = shown.matches(&format!("{green}fair")).count();
    assert!(found >= 2, "{fair}: {found} times fair in green in\n{shown}");
    let evaluate = "evaluate --params net.npz --data . --activation sigmoid";
    let shown = on_a_terminal(folder, evaluate, &[]).unwrap_or_default();
    for (digit, row) in
        shown.lines().skip_while(|line| !line.contains("digit  images")).skip(1).enumerate()
    {
        // The right answers are on the diagonal: three columns, then the answers before it.
        let (before, _) = row.split_once(green).unwrap_or_default();
        assert_eq!(
            before.split_whitespace().count(),
            3 + digit,
            "{evaluate}: where green begins in {row:?}"
        );
    }
    let predict = "predict --params net.npz --data . --index 22";
    let shown = on_a_terminal(folder, predict, &[]).unwrap_or_default();
    assert!(
        shown.contains(&format!("{green}right")),
        "{predict}: expected 'right' in green in\n{shown}"
    );

    let wrong = format!("{RUN} --data . --iterations 3");
    let shown = on_a_terminal(folder, &wrong, &[]).unwrap_or_default();
    assert!(
        shown.contains(&format!("{red}The net learned almost nothing")),
        "{wrong}: expected advice in red in\n{shown}"
    );
    let train = format!("{RUN} --data .");
    let shown = on_a_terminal(folder, &train, &[("COLUMNS", "100")]).unwrap_or_default();
    // The heading of the table is faint (2), and the accuracy in the test strong (1), by ECMA-48.
    assert!(shown.contains("\x1b[2miteration     loss"), "{train}: a faint heading in\n{shown}");
    assert!(shown.contains("\x1b[1m  0."), "{train}: strong numbers in\n{shown}");
    let captions = shown.lines().find(|line| line.contains("read as")).unwrap_or_default();
    for caption in captions.split("\x1b[0m").filter(|caption| caption.contains("read as")) {
        let digits: Vec<char> = caption
            .split("m")
            .last()
            .unwrap_or_default()
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        let expected = if digits[0] == digits[1] { green } else { red };
        assert!(caption.contains(expected), "{train}: the colour of {caption:?}");
    }
    assert!(captions.contains(red), "{train}: expected a mistake in red in {captions:?}");
    let chapter = on_a_terminal(folder, "chapter 4.3", &[]).unwrap_or_default();
    assert!(
        chapter.contains("\x1b[1m4.3.1") && !chapter.contains(red),
        "chapter 4.3: its colours in\n{chapter}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn colours_can_be_refused() {
    let words = "check --data . --hidden 2";
    for (environment, coloured) in [
        (("NO_COLOR", "1"), false),
        (("NO_COLOR", ""), true),
        (("TERM", "dumb"), false),
        (("TERM", "xterm-256color"), true),
    ] {
        let Some(shown) = on_a_terminal(trained(), words, &[environment]) else { return };
        assert_eq!(
            shown.contains("\x1b["),
            coloured,
            "{words} with {environment:?}: colours in\n{shown}"
        );
    }
}

/// The lines of the progress bar. Each begins and ends with a carriage return.
#[cfg(target_os = "linux")]
fn bars(shown: &str) -> Vec<&str> {
    shown.split(['\r', '\n']).filter(|part| part.contains('%') && !part.contains('|')).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn the_progress_bar_fits_into_the_columns() {
    // Slow enough for a few drawings.
    let words = "--data . --iterations 20000 --batch-size 1 --hidden 3";
    for columns in ["", "50", "120"] {
        let environment = if columns.is_empty() { vec![] } else { vec![("COLUMNS", columns)] };
        let Some(shown) = on_a_terminal(trained(), words, &environment) else { return };
        let bars = bars(&shown);
        assert!(!bars.is_empty(), "{words} with COLUMNS={columns}: expected a progress bar");
        let longest = bars.iter().map(|bar| bar.trim_end().chars().count()).max().unwrap_or(0);
        assert!(
            longest <= 48,
            "{words} with COLUMNS={columns}: a bar of {longest} columns: {:?}",
            bars[0]
        );
        // The share grows, and the bar with it.
        let shares: Vec<f64> = bars
            .iter()
            .map(|bar| bar.split('%').next().unwrap_or("").trim().parse().expect("a share"))
            .collect();
        assert!(
            shares.is_sorted() && shares[shares.len() - 1] <= 100.0,
            "{words}: the shares {shares:?}"
        );
        for (bar, share) in bars.iter().zip(&shares).filter(|(bar, _)| bar.contains('─')) {
            let [filled, empty] = ['━', '─'].map(|cell| bar.chars().filter(|&c| c == cell).count());
            let expected = share / 100.0 * (filled + empty) as f64;
            assert!(
                (filled as f64 - expected).abs() <= 1.01,
                "{words}: {filled} cells are filled at {share} %"
            );
        }
    }
    // Near the end little time is left, if the whole takes some seconds.
    let long = words.replace("20000", "320000");
    let shown = on_a_terminal(trained(), &long, &[]).unwrap_or_default();
    let left: Vec<(f64, f64)> = bars(&shown)
        .iter()
        .filter_map(|bar| {
            let (share, rest) = bar.split_once('%')?;
            let (_, seconds) = rest.trim_end().strip_suffix(" s left")?.rsplit_once(' ')?;
            Some((share.trim().parse().ok()?, seconds.parse().ok()?))
        })
        .collect();
    // A machine that is done within the first second never says how much is left.
    if let Some(&(share, seconds)) = left.last() {
        assert!(share > 90.0 && seconds <= 1.0, "{long}: {seconds} s left at {share} %");
    }
    let dumb = on_a_terminal(trained(), words, &[("TERM", "dumb")]).unwrap_or_default();
    assert!(!dumb.contains('━') && !dumb.contains('─'), "{words} with TERM=dumb: a bar");
}

#[cfg(target_os = "linux")]
#[test]
fn the_text_is_as_wide_as_the_terminal() {
    for columns in [40, 60, 80] {
        let help =
            run(from_zero().args(["evaluate", "--help"]).env("COLUMNS", columns.to_string()))
                .output();
        let sentences: Vec<&str> = help
            .split("\n\n")
            .filter(|part| !part.contains("\n ") && !part.starts_with("usage"))
            .collect();
        let widest = sentences
            .iter()
            .flat_map(|part| part.lines())
            .map(|line| line.chars().count())
            .max()
            .unwrap_or(0);
        assert!(
            (columns - 12..columns).contains(&widest),
            "evaluate --help with COLUMNS={columns}: the longest line has {widest}"
        );
    }
}
