//! `from-zero evaluate`: how well a net reads, and which digit it takes for which.

use std::ffi::OsString;

use from_zero::beyond::confusion::ConfusionMatrix;
use from_zero::fast::evaluation::{answers, fast_accuracy};
use from_zero::formats::mnist::CLASSES;

use super::Failure;
use super::arguments::{Arguments, Opt, print};
use super::options::{ACTIVATION, DATA, Loaded, PARAMS, THREADS, described, given_net, threads};
use super::text::{Style, grouped};

const OPENING: &str = "\
Tells how well a trained net reads the digits of MNIST.

usage: from-zero evaluate --params FILE [options]

Prints its accuracy on the training and on the test images, and of the test images for each digit
what the net took it for. Exit status: 0, 1 for a failure, 2 for wrong arguments.
";

const OPTIONS: &[Opt] = &[PARAMS, ACTIVATION, DATA, THREADS];

/// Runs the subcommand.
pub fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let Some(arguments) = Arguments::of(OPENING, OPTIONS, arguments)? else {
        return Ok(());
    };
    let threads = threads(&arguments)?;
    let net = given_net(&arguments)?;
    let Loaded { data, folder, .. } = Loaded::of(&arguments)?;

    let test = ConfusionMatrix::new(&data.test.labels, &answers(&net, &data.test, threads));
    let images = data.test.labels.len();
    let train = fast_accuracy(&net, &data.train, threads);
    print(&format!(
        "net       {}\n\
         data      {folder}\n\
         accuracy  {train:.4} in training and {:.4} in the test: {} of {} images\n\n",
        described(&net),
        test.correct() as f64 / images as f64,
        grouped(test.correct()),
        grouped(images),
    ))?;
    print(&table(&test, &Style::of_stdout()))
}

/// A line for each digit: how many images show it, how many were read right, and all answers.
fn table(test: &ConfusionMatrix, style: &Style) -> String {
    let digits: String = (0..CLASSES).map(|digit| format!("{digit:6}")).collect();
    let mut text = style.faint(&format!("digit  images  accuracy   taken for{}", &digits[4..]));
    text += "\n";
    for digit in 0..CLASSES {
        let images = test.images(digit);
        let right = test.counts[digit][digit];
        let accuracy = match images {
            0 => "–".to_string(),
            _ => format!("{:.4}", right as f64 / images as f64),
        };
        text += &format!("{digit:5}{:>8}{accuracy:>10}       ", grouped(images));
        for (answer, &count) in test.counts[digit].iter().enumerate() {
            let cell = match count {
                0 => format!("{:>6}", "·"),
                _ => format!("{count:6}"),
            };
            text += &if answer == digit { style.strong(&cell) } else { cell };
        }
        text += "\n";
    }
    text
}
