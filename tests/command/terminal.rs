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
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
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
    assert_eq!(status(["--seed", "x"]), Some(2));
    assert_eq!(status(["--data", "/nowhere"]), Some(1));
    assert_eq!(status(["--iterations", "1"]), Some(1));
}

#[test]
fn without_a_terminal_there_is_neither_bar_nor_colour() {
    let data = small_data("plain");
    let ended = run(wide().args(["--iterations", "50"]).arg("--data").arg(&data));
    assert_eq!(ended.stderr, "");
    assert!(!ended.stdout.contains(['\x1b', '\r']));
}
