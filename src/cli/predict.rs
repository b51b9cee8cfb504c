//! `from-zero predict`: one image as the net sees it, and what it makes of it.

use std::ffi::OsString;

use from_zero::formats::mnist::CLASSES;
use from_zero::numeric::matrix::Matrix;

use super::Failure;
use super::arguments::{Arguments, Opt, print};
use super::options::{ACTIVATION, DATA, Loaded, PARAMS, described, given_net};
use super::text::{Style, counted};

const OPENING: &str = "\
Shows an image of MNIST, and how probable a trained net holds each digit.

usage: from-zero predict --params FILE --index N [options]

Exit status: 0, whether the answer is right or not; 1 for a failure, 2 for wrong arguments.
";

const INDEX: Opt = Opt { name: "--index", value: "N", help: "which image, counted from 0" };
const SPLIT: Opt =
    Opt { name: "--split", value: "PART", help: "of the data: train or test [test]" };

const OPTIONS: &[Opt] = &[PARAMS, INDEX, SPLIT, ACTIVATION, DATA];

/// Runs the subcommand.
pub fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let Some(arguments) = Arguments::of(OPENING, OPTIONS, arguments)? else {
        return Ok(());
    };
    if !arguments.has(INDEX.name) {
        let sentence = "--index: expected the number of an image, counted from 0, found none";
        return Err(Failure::Usage(sentence.to_string()));
    }
    let index = arguments.whole(INDEX.name, 0, 0..=59_999)? as usize;
    let of_train = arguments.choice(SPLIT.name, false, &[("train", true), ("test", false)])?;
    let net = given_net(&arguments)?;
    let Loaded { data, folder, .. } = Loaded::of(&arguments)?;
    let (part, name) = if of_train { (data.train, "training") } else { (data.test, "test") };
    let images = part.labels.len();
    if index >= images {
        return Err(Failure::Usage(format!(
            "--index: expected a number below the {} of {folder}, found {index}",
            counted(images, &format!("{name} image"))
        )));
    }

    let (x, t) = part.select(&[index]);
    let x = x.to_matrix();
    let y = net.predict(&x);
    let (answer, right) = (y.argmax_rows()[0], t.as_slice()[0]);
    print(&format!(
        "net       {}\ndata      {name} image {index} of {folder}: a {right}\n\n{}\n{}",
        described(&net),
        side_by_side(&picture(&x), &bars(y.row(0), right, &Style::of_stdout())),
        match answer == right {
            true => format!("The net's answer is {answer}, which is right.\n"),
            false => format!("The net's answer is {answer}; right is {right}.\n"),
        }
    ))
}

/// From this value on a pixel is drawn.
const INK: f64 = 0.3;

/// An image of 28 × 28 pixels as 14 lines of 28 characters: each shows one pixel above another, so
/// that they come out about square.
fn picture(x: &Matrix) -> Vec<String> {
    let ink = |row: usize, column: usize| x[(0, 28 * row + column)] >= INK;
    let cell = |row, column| match (ink(row, column), ink(row + 1, column)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    let line = |row| (0..28).map(|column| cell(row, column)).collect();
    (0..28).step_by(2).map(line).collect()
}

/// How long the bar of a probability of 1 is.
const LONGEST_BAR: f64 = 24.0;

/// A bar for each digit, in steps of an eighth of a character.
fn bars(y: &[f64], right: usize, style: &Style) -> Vec<String> {
    let bar = |probability: f64| {
        let eighths = (probability * LONGEST_BAR * 8.0).round() as usize;
        let rest = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8];
        format!("{}{rest}", "█".repeat(eighths / 8))
    };
    let mut lines = vec![String::new(); 2];
    lines.extend((0..CLASSES).map(|digit| {
        let mark = if digit == right { style.strong("right") } else { String::new() };
        let line = format!("{digit}  {:.4} {:<26}{mark}", y[digit], bar(y[digit]));
        line.trim_end().to_string()
    }));
    lines
}

fn side_by_side(left: &[String], right: &[String]) -> String {
    let none = String::new();
    let lines = left.iter().enumerate().map(|(i, left)| {
        let right = right.get(i).unwrap_or(&none);
        format!("{}\n", format!("{left}    {right}").trim_end())
    });
    lines.collect()
}
