//! `from-zero predict`: one image, and the answer of a trained net.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::formats::files::read_at_most;
use from_zero::formats::image;
use from_zero::formats::mnist::{CLASSES, SIDE};
use from_zero::numeric::matrix::Matrix;
use from_zero::trained::own_digit::prepare;

use super::arguments::{Arguments, Opt, opt, print};
use super::options::{ACTIVATION, DATA, Loaded, PARAMS, described, given_net};
use super::text::{Style, counted, wrapped};
use super::{Failure, Result};

const OPENING: &str = "\
Shows an image of MNIST or a picture of your own digit, and the probability that a trained net gives
each digit. The picture shows one digit, dark on light or light on dark, and is prepared as MNIST's
images are. If no digit has a probability of 0.7, the net is not sure, and the two most probable are
named.

usage: from-zero predict --params FILE --image FILE
       from-zero predict --params FILE --index N [options]

Exit status: 0 for a right or a wrong answer, 1 for a failure, 2 for wrong arguments.
";

const IMAGE: Opt = opt("--image", "FILE", "picture of one digit: PNG, PGM or PPM");
const INDEX: Opt = opt("--index", "N", "number of the image of MNIST, counted from 0");
const SPLIT: Opt = opt("--split", "PART", "part of MNIST with the image: train or test [test]");

const OPTIONS: &[Opt] = &[PARAMS, IMAGE, INDEX, SPLIT, ACTIVATION, DATA];

/// The most pixels of a picture, and the most bytes of its file. A photograph has about 12 million
/// pixels. With 16 million of 8 bytes, reading takes less than half a gigabyte.
const MOST_PIXELS: usize = 1 << 24;
const MOST_BYTES: usize = 1 << 26;

/// Below this probability, the net is not sure. Of the book's net's answers to the test images, 98
/// in 100 are right above it, and 57 in 100 below it.
const SURE: f64 = 0.7;

pub fn run(arguments: &[OsString]) -> Result<()> {
    let Some(arguments) = Arguments::parse(OPENING, OPTIONS, arguments)? else { return Ok(()) };
    let path = arguments.path(IMAGE.name, "a file")?;
    if !arguments.has(PARAMS.name) || path.is_none() && !arguments.has(INDEX.name) {
        let needed = "expected --params FILE with --image FILE or --index N, see predict --help";
        return Err(Failure::usage(needed));
    }
    if let Some(path) = path {
        let of_mnist = [INDEX, SPLIT, DATA].map(|option| option.name);
        if let Some(name) = of_mnist.into_iter().find(|name| arguments.has(name)) {
            let sentence = "--image shows a picture, not MNIST; leave out one of the two";
            return Err(Failure::Usage(format!("{name}: {sentence}")));
        }
        let net = given_net(&arguments)?;
        let (x, size) = prepared(path)
            .map_err(|error| Failure::Error(format!("{}: {error}", path.display())))?;
        return show(&net, &format!("picture   {size}, prepared as 28 × 28"), &x, None);
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
    let right = t.as_slice()[0];
    let source = format!("data      {name} image {index} of {folder}: a {right}");
    show(&net, &source, &x.to_matrix(), Some(right))
}

/// The picture in a file, prepared for the net, and its size as text.
fn prepared(path: &Path) -> io::Result<(Matrix, String)> {
    let file = read_at_most(path, MOST_BYTES)?
        .ok_or_else(|| io::Error::other(format!("expected at most {MOST_BYTES} bytes")))?;
    let picture = image::parse(&file, MOST_PIXELS).map_err(io::Error::other)?;
    let empty = "expected a digit, found a picture whose pixels are all equal";
    let x = prepare(&picture).ok_or_else(|| io::Error::other(empty))?;
    Ok((x, format!("{} × {} pixels", picture.width, picture.height)))
}

/// Prints the image with ten bars, and the net's answer.
fn show(net: &TwoLayerNet, source: &str, x: &Matrix, right: Option<usize>) -> Result<()> {
    let y = net.predict(x).into_vec();
    let net = wrapped(&format!("net       {}", described(net)), 10);
    print(&format!("{net}\n{source}\n\n"))?;
    for (pixels, bar) in picture(x.row(0)).iter().zip(bars(&y, right, &Style::of_stdout())) {
        print(&format!("{}\n", format!("{pixels}    {bar}").trim_end()))?;
    }
    let mut digits: Vec<usize> = (0..CLASSES).collect();
    digits.sort_by(|&a, &b| y[b].total_cmp(&y[a]));
    let (answer, second) = (digits[0], digits[1]);
    let (p, q) = (y[answer], y[second]);
    let sentence = match p >= SURE {
        true => format!("The net's answer is {answer}"),
        false => format!("The net is not sure: {answer} ({p:.2}) or {second} ({q:.2})"),
    };
    let end = match right {
        Some(right) if right == answer && p >= SURE => ", which is right".to_string(),
        Some(right) => format!(". The right answer is {right}"),
        None => String::new(),
    };
    print(&format!("\n{sentence}{end}.\n"))
}

/// A pixel with at least this value is drawn.
const INK: f64 = 0.3;

/// An image of 28 × 28 pixels as 14 lines of 28 characters. Each character shows two pixels, one
/// above the other, so the pixels are about square.
pub fn picture(x: &[f64]) -> Vec<String> {
    let ink = |row: usize, column: usize| x[SIDE * row + column] >= INK;
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
fn bars(y: &[f64], right: Option<usize>, style: &Style) -> Vec<String> {
    let bar = |probability: f64| {
        let eighths = (probability * LONGEST_BAR * 8.0).round() as usize;
        let rest = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8];
        format!("{}{rest}", "█".repeat(eighths / 8))
    };
    let mut lines = vec![String::new(); 14];
    for digit in 0..CLASSES {
        let mark = if Some(digit) == right { style.right("right") } else { String::new() };
        lines[digit + 2] = format!("{digit}  {:.4} {:<26}{mark}", y[digit], bar(y[digit]));
    }
    lines
}
