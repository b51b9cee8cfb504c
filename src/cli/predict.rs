//! `from-zero predict`: one image, and the answer of a trained net.

use std::ffi::OsString;

use from_zero::formats::mnist::{CLASSES, SIDE};
use from_zero::numeric::matrix::Matrix;

use super::arguments::{Arguments, Opt, opt, print};
use super::options::{ACTIVATION, DATA, Loaded, PARAMS, described, given_net};
use super::text::{Style, counted};
use super::{Failure, Result};

const OPENING: &str = "\
Shows an image of MNIST, and the probability that a trained net gives each digit.

usage: from-zero predict --params FILE --index N [options]

Exit status: 0 for a right or a wrong answer, 1 for a failure, 2 for wrong arguments.
";

const INDEX: Opt = opt("--index", "N", "number of the image, counted from 0");
const SPLIT: Opt = opt("--split", "PART", "part of the data with the image: train or test [test]");

const OPTIONS: &[Opt] = &[PARAMS, INDEX, SPLIT, ACTIVATION, DATA];

/// Runs the subcommand.
pub fn run(arguments: &[OsString]) -> Result<()> {
    let Some(arguments) = Arguments::parse(OPENING, OPTIONS, arguments)? else { return Ok(()) };
    if !arguments.has(INDEX.name) {
        let sentence = "--index: expected the number of an image, counted from 0, found none";
        return Err(Failure::usage(sentence));
    }
    let index = arguments.whole(INDEX.name, 0, 0..=59_999)? as usize;
    let of_train = arguments.choice(SPLIT.name, false, &[("train", true), ("test", false)])?;
    let net = given_net(&arguments)?;
    let Loaded { data, folder, .. } = Loaded::load(&arguments)?;
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
    let net = described(&net);
    print(&format!("net       {net}\ndata      {name} image {index} of {folder}: a {right}\n\n"))?;
    for (pixels, bar) in picture(&x).iter().zip(bars(y.row(0), right, &Style::of_stdout())) {
        print(&format!("{}\n", format!("{pixels}    {bar}").trim_end()))?;
    }
    if answer == right {
        print(&format!("\nThe net's answer is {answer}, which is right.\n"))
    } else {
        print(&format!("\nThe net's answer is {answer}. The right answer is {right}.\n"))
    }
}

/// A pixel with at least this value is drawn.
const INK: f64 = 0.3;

/// An image of 28 × 28 pixels as 14 lines of 28 characters. Each character shows two pixels, one
/// above the other, so the pixels are about square.
fn picture(x: &Matrix) -> Vec<String> {
    let ink = |row: usize, column: usize| x[(0, SIDE * row + column)] >= INK;
    let cell = |row, column| match (ink(row, column), ink(row + 1, column)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    let line = |row| (0..SIDE).map(|column| cell(row, column)).collect();
    (0..SIDE).step_by(2).map(line).collect()
}

/// The length of the bar for a probability of 1, in characters.
const LONGEST_BAR: f64 = 24.0;

/// A line with a bar for each digit, in the middle of 14 lines. The bars are drawn in steps of an
/// eighth of a character.
fn bars(y: &[f64], right: usize, style: &Style) -> Vec<String> {
    let bar = |probability: f64| {
        let eighths = (probability * LONGEST_BAR * 8.0).round() as usize;
        let rest = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8];
        format!("{}{rest}", "█".repeat(eighths / 8))
    };
    let mut lines = vec![String::new(); 14];
    for digit in 0..CLASSES {
        let mark = if digit == right { style.strong("right") } else { String::new() };
        lines[digit + 2] = format!("{digit}  {:.4} {:<26}{mark}", y[digit], bar(y[digit]));
    }
    lines
}
