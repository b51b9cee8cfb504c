//! Runs the exercises and says which are done, which one is next, and why one is not right.

use std::io::{self, Write};

use crate::checks::run::Outcome;

/// One exercise with the function to be checked.
pub struct Task {
    pub id: &'static str,
    pub title: &'static str,
    /// One number, worked out
    pub example: String,
    pub check: Box<dyn Fn() -> Outcome>,
    /// A task that uses the functions of the others waits until they are done
    pub waits: bool,
}

/// The file in which the reader writes.
const FILE: &str = "tests/exercises/mine.rs";

/// The columns of a line.
const WIDTH: usize = 88;

/// Where a line of text begins, after the state and the number.
const INDENT: usize = 11;

/// Returns the exit status: 0 if everything that was asked for is done, 1 if not, 2 if nothing could
/// be run.
pub fn run(tasks: &[Task], arguments: &[String], out: &mut impl Write) -> io::Result<u8> {
    let (options, words): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|argument| argument.starts_with('-'));
    if options.iter().any(|option| *option == "--list") {
        for Task { id, title, .. } in tasks {
            writeln!(out, "{id} {title}")?;
        }
        return Ok(0);
    }
    if let Some(option) = options.first() {
        writeln!(out, "{option} is no option here. There are --list, and a number such as e05.")?;
        return Ok(2);
    }
    let asked = |task: &&Task| {
        let name = format!("{} {}", task.id, task.title);
        words.iter().all(|word| name.contains(word.as_str()))
    };
    let chosen: Vec<&Task> = tasks.iter().filter(asked).collect();
    let (Some(first), Some(last)) = (tasks.first(), tasks.last()) else { return Ok(0) };
    if chosen.is_empty() {
        let words: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
        let (first, last) = (first.id, last.id);
        let words = words.join(" ");
        writeln!(
            out,
            "No exercise is called \"{words}\". They are {first} to {last}: see --list."
        )?;
        return Ok(2);
    }

    writeln!(out)?;
    let (mut done, mut next) = (0, None);
    for task in &chosen {
        let outcome = match task.waits && chosen.len() > 1 && done + 1 < chosen.len() {
            true => None,
            false => Some((task.check)()),
        };
        let (state, text) = match outcome {
            Some(Outcome::Done(text)) => {
                done += 1;
                ("done", text)
            }
            Some(Outcome::NotWritten { line }) => {
                ("-", format!("not written yet: open {FILE}, line {line}"))
            }
            Some(Outcome::Wrong(text)) => ("no", text),
            None => ("-", "waits until the others are done".to_string()),
        };
        writeln!(out, "{state:<4}  {}  {}", task.id, task.title)?;
        for line in wrapped(&text) {
            writeln!(out, "{:INDENT$}{line}", "")?;
        }
        if state != "done" && next.is_none() {
            next = Some(task);
        }
    }
    writeln!(out, "\n{done} of {} done.", chosen.len())?;
    let Some(next) = next else { return Ok(0) };
    writeln!(out, "Next: {}, {}", next.id, next.title)?;
    if !next.example.is_empty() {
        writeln!(out, "For example: {}", next.example)?;
    }
    writeln!(out, "Only this one: cargo test --test exercises {}", next.id)?;
    Ok(1)
}

/// Lines of at most [`WIDTH`] columns, divided at spaces.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let length = |line: &String| line.chars().count() + 1 + word.chars().count();
        match lines.last_mut() {
            Some(line) if INDENT + length(line) <= WIDTH => *line += &format!(" {word}"),
            _ => lines.push(word.to_string()),
        }
    }
    lines
}
