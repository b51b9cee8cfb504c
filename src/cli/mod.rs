//! The command: which subcommand, and how it ends.

mod arguments;
mod chapter;
mod check;
mod evaluate;
mod figures;
mod options;
mod outputs;
mod predict;
mod progress;
mod text;
mod train;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use text::escaped;

/// Why the command ends before its work is done.
#[derive(Debug)]
enum Failure {
    /// The arguments are wrong: exit status 2.
    Usage(String),
    /// Anything else: exit status 1.
    Error(String),
    /// Whoever read our output has gone, as `head` does when it has enough: no reason to complain.
    ReaderGone,
}

impl Failure {
    /// From an error while writing to standard output.
    fn output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ReaderGone,
            _ => Failure::Error(format!("can't write the output: {error}")),
        }
    }
}

/// Why a file could not be written.
fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("can't write {}: {error}", path.display())
}

/// Runs the command with these arguments and says how it ended.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let (status, sentence) = match dispatch(&arguments) {
        Ok(()) | Err(Failure::ReaderGone) => return ExitCode::SUCCESS,
        Err(Failure::Error(sentence)) => (1, sentence),
        Err(Failure::Usage(sentence)) => (2, sentence),
    };
    let line = format!("from-zero: {}\n", escaped(&shortened(sentence)));
    // Where even this can't be written, the status still tells.
    let _ = io::stderr().write_all(line.as_bytes());
    ExitCode::from(status)
}

/// Names come from outside, and are not to fill the screen. What is wrong stands behind them.
fn shortened(sentence: String) -> String {
    const LONGEST: usize = 2_000;
    let characters: Vec<char> = sentence.chars().collect();
    if characters.len() <= LONGEST {
        return sentence;
    }
    let (start, end) = (LONGEST / 2, characters.len() - LONGEST / 2);
    characters[..start].iter().chain(&['…']).chain(&characters[end..]).collect()
}

/// What each subcommand is for.
const COMMANDS: &str = "\
commands:
  train     trains the net on MNIST; what is done where no command is named
  evaluate  tells how well a trained net reads, and which digit it takes for which
  predict   shows an image, and how probable a trained net holds each digit
  chapter   walks through the book's numbers, each beside the one computed here and now
  figures   draws the chapter's figures as SVG files
  check     holds the gradients of all three ways against one another; why h = 1e-4; why a loss
  help      shows this

from-zero COMMAND --help tells the options of each. Those of train:

";

/// The first argument names the subcommand; without a name it is `train`.
fn dispatch(arguments: &[OsString]) -> Result<(), Failure> {
    let first = arguments.first().map(|first| first.to_string_lossy());
    match first.as_deref() {
        Some("help" | "--help" | "-h") => {
            arguments::print(COMMANDS)?;
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
        Some(other) => Err(Failure::Usage(format!(
            "unknown command '{other}': expected train, evaluate, predict, chapter, figures, check or help; see from-zero --help"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_does_not_hide_what_is_wrong_with_it() {
        let name = "数".repeat(3_000);
        let said = shortened(format!("{name}: No such file"));
        assert_eq!(said.chars().count(), 2_001);
        assert!(said.starts_with("数数") && said.ends_with("数: No such file"), "{said}");
        assert_eq!(shortened("x".repeat(2_000)), "x".repeat(2_000));
    }
}
