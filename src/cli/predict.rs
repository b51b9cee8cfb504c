//! `from-zero predict`: one image, and the answer of a trained net.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::formats::files::read_at_most;
use from_zero::formats::mnist::{CLASSES, SIDE};
use from_zero::formats::png::parse_picture;
use from_zero::numeric::matrix::Matrix;
use from_zero::trained::own_digit::prepare;

use super::arguments::{Arguments, Opt, opt, print};
use super::options::{ACTIVATION, DATA, Loaded, PARAMS, described, given_net, load};
use super::text::{Style, a_digit, counted, program, wrapped};
use super::{Result, failed, usage};

const IMAGE: Opt = opt("--image", "FILE", "picture of one digit: PNG, PGM or PPM");
const INDEX: Opt = opt("--index", "N", "number of the image of MNIST, counted from 0");
const SPLIT: Opt = opt("--split", "PART", "part of MNIST with the image: train or test [test]");

const OPTIONS: &[Opt] = &[PARAMS, IMAGE, INDEX, SPLIT, ACTIVATION, DATA];

/// The most pixels and bytes of a picture. A photograph of a phone has up to 24.5 million pixels.
const MOST_PIXELS: usize = 25_000_000;
const MOST_BYTES: usize = 1 << 26;

/// Below this probability, the net is not sure. Pictures differ more from what it has learned.
const SURE: f64 = 0.7;
const SURE_OF_PICTURE: f64 = 0.8;

pub fn run(arguments: &[OsString]) -> Result<()> {
    let arguments = Arguments::parse(include_str!("help/predict.txt"), OPTIONS, arguments)?;
    let path = arguments.path(IMAGE.name, "a file")?;
    if !arguments.has(PARAMS.name) || path.is_none() && !arguments.has(INDEX.name) {
        return usage(format!(
            "expected --params FILE with --image FILE or --index N; this makes a FILE for --params: \
             {} --save net.npz",
            program()
        ));
    }
    if let Some(path) = path {
        let of_mnist = [INDEX, SPLIT, DATA].map(|option| option.name);
        if let Some(name) = of_mnist.into_iter().find(|name| arguments.has(name)) {
            let sentence = "--image shows a picture, not MNIST; leave out one of the two";
            return usage(format!("{name}: {sentence}"));
        }
        let net = given_net(&arguments)?;
        let (x, signs, size) =
            prepared(path).or_else(|error| failed(format!("{}: {error}", path.display())))?;
        return show(&net, &format!("picture   {size}, prepared as 28 × 28"), &x, &signs, None);
    }

    let index = arguments.whole(INDEX.name, 0, 0..=u32::MAX.into())? as usize;
    let of_train = arguments.choice(SPLIT.name, false, &[("train", true), ("test", false)])?;
    let net = given_net(&arguments)?;
    let Loaded { data, folder, .. } = load(&arguments)?;
    let (part, name) = if of_train { (data.train, "training") } else { (data.test, "test") };
    let images = part.labels.len();
    if index >= images {
        let images = counted(images, &format!("{name} image"));
        return usage(format!(
            "--index: expected a number below the {images} of {folder}, found {index}"
        ));
    }
    let (x, t) = part.select(&[index]);
    let right = t.as_slice()[0];
    let source = format!("data      {name} image {index} of {folder}: {}", a_digit(right));
    show(&net, &source, &x.to_matrix(), &[], Some(right))
}

/// The picture in a file, prepared for the net, the signs that it is no digit, and its size as text.
fn prepared(path: &Path) -> io::Result<(Matrix, Vec<&'static str>, String)> {
    let file = read_at_most(path, MOST_BYTES)?
        .ok_or_else(|| io::Error::other(format!("expected at most {MOST_BYTES} bytes")))?;
    let picture = parse_picture(&file, MOST_PIXELS)?;
    let blank = "expected a digit, found a blank page: nothing on it is darker or lighter";
    let (x, signs) = prepare(&picture).ok_or_else(|| io::Error::other(blank))?;
    let (width, height) = picture.size();
    Ok((x, signs, format!("{width} × {height} pixels")))
}

fn show(
    net: &TwoLayerNet, source: &str, x: &Matrix, signs: &[&str], right: Option<usize>,
) -> Result<()> {
    let y = net.predict(x).into_vec();
    let net = wrapped(&format!("net       {}", described(net)), 10);
    print(&format!("{net}\n{source}\n\n"))?;
    for (pixels, bar) in picture(x.row(0)).iter().zip(bars(&y, right, &Style::of_stdout())) {
        print(&format!("{}\n", format!("{pixels}    {bar}").trim_end()))?;
    }
    print(&format!("\n{}\n", wrapped(&answer(&y, signs, right), 2)))
}

/// The net's answer with its share. It is not sure if that is small, or if there are signs.
fn answer(y: &[f64], signs: &[&str], right: Option<usize>) -> String {
    let mut digits: Vec<usize> = (0..CLASSES).collect();
    digits.sort_by(|&a, &b| y[b].total_cmp(&y[a]));
    let (first, second) = (digits[0], digits[1]);
    let share = |digit: usize| format!("{:.1} %", 100.0 * y[digit]);
    let is_sure = y[first] >= if right.is_some() { SURE } else { SURE_OF_PICTURE };
    let reads = match is_sure {
        true => format!("reads {}, with {}", a_digit(first), share(first)),
        false => {
            let [first, second] = [first, second].map(|k| format!("{} ({})", a_digit(k), share(k)));
            format!("reads {first} or {second}")
        }
    };
    let start = match (is_sure, signs) {
        (true, []) => format!("The net {reads}"),
        (false, []) => format!("The net is not sure: it {reads}"),
        _ => format!("The net is not sure: {}. It {reads}", signs.join("; ")),
    };
    match right {
        Some(right) if right == first && is_sure => format!("{start}, which is right."),
        Some(right) => format!("{start}. The right answer is {right}."),
        None => format!("{start}."),
    }
}

/// An image as 14 lines of 28 characters. Each character shows two pixels, one above the other, so the
/// pixels are about square. Those below 0.3 are not drawn.
pub fn picture(x: &[f64]) -> Vec<String> {
    let ink = |row: usize, column: usize| x[SIDE * row + column] >= 0.3;
    let cell = |row, column| match (ink(row, column), ink(row + 1, column)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    let line = |row| (0..SIDE).map(|column| cell(row, column)).collect();
    (0..SIDE).step_by(2).map(line).collect()
}

/// A line for each digit, in the middle of 14. The bar of a probability of 1 has 24 characters.
fn bars(y: &[f64], right: Option<usize>, style: &Style) -> Vec<String> {
    let bar = |probability: f64| {
        let eighths = (probability * 24.0 * 8.0).round() as usize;
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
