//! The command `from-zero`: it selects the subcommand, and reports errors and the exit status.

mod arguments;
mod chapter;
mod check;
mod evaluate;
mod figures;
mod options;
mod outputs;
mod predict;
mod progress;
mod summary;
mod text;
mod train;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use text::{escaped, program, wrapped};

/// Why the command stops early.
enum Failure {
    /// The arguments are wrong: exit status 2
    Usage(String),
    /// Any other error: exit status 1
    Error(String),
    /// The help text was shown, or nobody reads our output any more, as after `| head`: no error
    Done,
}

type Result<T> = std::result::Result<T, Failure>;

fn usage<T>(sentence: impl Display) -> Result<T> {
    Err(Failure::Usage(sentence.to_string()))
}

fn failed<T>(sentence: impl Display) -> Result<T> {
    Err(Failure::Error(sentence.to_string()))
}

fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("can't write {}: {error}", path.display())
}

pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let (status, sentence) = match dispatch(&arguments) {
        Ok(()) | Err(Failure::Done) => return ExitCode::SUCCESS,
        Err(Failure::Error(sentence)) => (1, sentence),
        Err(Failure::Usage(sentence)) => (2, sentence),
    };
    write_to_stderr(sentence);
    ExitCode::from(status)
}

/// Writes a sentence to standard error. If this fails, the exit status still reports a failure.
fn write_to_stderr(sentence: String) {
    let line = format!("from-zero: {}\n", escaped(&sentence));
    let line = if io::stderr().is_terminal() { wrapped(&line, 2) } else { line };
    let _ = io::stderr().write_all(line.as_bytes());
}

const NAMES: [&str; 7] = ["train", "evaluate", "predict", "chapter", "figures", "check", "help"];

/// The first argument names the subcommand. Without a name it is `train`.
fn dispatch(arguments: &[OsString]) -> Result<()> {
    let first = arguments.first().map(|first| first.to_string_lossy());
    match first.as_deref() {
        Some("help") if arguments.len() > 1 => {
            dispatch(&[arguments[1].clone(), "--help".into()]) // help predict
        }
        Some("help" | "--help" | "-h") => {
            let commands = include_str!("help/commands.txt").replace("PROGRAM", &program());
            arguments::print(&commands)?;
            train::run(&["--help".into()])
        }
        Some("train") => train::run(&arguments[1..]),
        Some("figures") => figures::run(&arguments[1..]),
        Some("chapter") => chapter::run(&arguments[1..]),
        Some("evaluate") => evaluate::run(&arguments[1..]),
        Some("predict") => predict::run(&arguments[1..]),
        Some("check") => check::run(&arguments[1..]),
        Some(option) if option.starts_with('-') => train::run(arguments),
        None => train::run(arguments),
        Some(other) => arguments::unknown("command", other, &NAMES),
    }
}
