//! The command as a process: what it prints, what it says of bad input, and how it ends.

mod chapter;
mod check;
mod common;
mod digits;
mod files;
mod golden;
mod messages;
mod numbers;
mod options;
mod shown;
mod terminal;
mod training;
mod words;
