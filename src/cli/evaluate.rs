//! `from-zero evaluate`: the accuracy of a trained net, and which digits it confuses.

use std::ffi::OsString;

use from_zero::fast::evaluation::{answers, fast_accuracy};
use from_zero::fast::memory::Work;
use from_zero::formats::mnist::CLASSES;
use from_zero::trained::confusion::ConfusionMatrix;

use super::Result;
use super::arguments::{Arguments, Opt, print};
use super::options::{
    ACTIVATION, DATA, Loaded, PARAMS, THREADS, described, fitting_threads, given_net, load,
};
use super::text::{Style, grouped, wrapped};

const OPTIONS: &[Opt] = &[PARAMS, ACTIVATION, DATA, THREADS];

pub fn run(arguments: &[OsString]) -> Result<()> {
    let arguments = Arguments::parse(include_str!("help/evaluate.txt"), OPTIONS, arguments)?;
    let net = given_net(&arguments)?;
    let Loaded { data, folder, .. } = load(&arguments)?;
    // 100 images go through the net at once, on each thread.
    let work = Work { hidden: net.params.b1.len(), samples: 100, own_nets: false, sorted: false };
    let threads = fitting_threads(&arguments, work, &data, PARAMS.name)?;

    let test = ConfusionMatrix::new(&data.test.labels, &answers(&net, &data.test, threads));
    let train = fast_accuracy(&net, &data.train, threads);
    let net = wrapped(&format!("net       {}", described(&net)), 10);
    let (images, right) = (data.test.labels.len(), test.correct());
    let accuracy = right as f64 / images as f64;
    let (images, right) = (grouped(images), grouped(right));
    print(&format!(
        "{net}\ndata      {folder}\naccuracy  {train:.4} in training and {accuracy:.4} in the test: \
         {right} of {images} images\n\n"
    ))?;
    print(&table(&test, &Style::of_stdout()))?;
    if arguments.has(ACTIVATION.name) {
        return Ok(());
    }
    print("\nThe file does not say which activation the net has. For relu: --activation relu\n")
}

/// One line per digit: the number of its images, the accuracy, and how often each answer was given.
fn table(test: &ConfusionMatrix, style: &Style) -> String {
    let digits: String = (0..CLASSES).map(|digit| format!("{digit:5}")).collect();
    let heading = format!("{:28}taken for\ndigit  images  accuracy   {digits}", "");
    let mut text = format!("{}\n", style.faint(&heading));
    for digit in 0..CLASSES {
        let images = test.images(digit);
        let right = test.counts[digit][digit];
        let accuracy = format!("{:.4}", right as f64 / images as f64);
        let accuracy = if images == 0 { "–" } else { &accuracy };
        text += &format!("{digit:5}{:>8}{accuracy:>10}   ", grouped(images));
        for (answer, &count) in test.counts[digit].iter().enumerate() {
            let cell = if count == 0 { format!("{:>5}", "·") } else { format!("{count:5}") };
            text += &if answer == digit { style.right(&cell) } else { cell };
        }
        text += "\n";
    }
    text
}
