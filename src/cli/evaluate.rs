//! `from-zero evaluate`: the accuracy of a trained net, and which digits it confuses.

use std::ffi::OsString;

use from_zero::fast::evaluation::{answers, fast_accuracy};
use from_zero::fast::memory::Work;
use from_zero::formats::mnist::CLASSES;
use from_zero::trained::confusion::ConfusionMatrix;

use super::Result;
use super::arguments::{Arguments, Opt, print};
use super::options::{
    ACTIVATION, DATA, Loaded, PARAMS, THREADS, described, fitting_threads, given_net, threads,
};
use super::text::{Style, grouped, wrapped};

const OPENING: &str = include_str!("help/evaluate.txt");

const OPTIONS: &[Opt] = &[PARAMS, ACTIVATION, DATA, THREADS];

pub fn run(arguments: &[OsString]) -> Result<()> {
    let Some(arguments) = Arguments::parse(OPENING, OPTIONS, arguments)? else { return Ok(()) };
    let net = given_net(&arguments)?;
    let Loaded { data, folder, .. } = Loaded::load(&arguments)?;
    // 100 images go through the net at once, on each thread.
    let work = Work { hidden: net.params.b1.len(), samples: 100, own_nets: false, sorted: false };
    let threads = fitting_threads(work, &data, PARAMS.name, threads(&arguments)?)?;

    let test = ConfusionMatrix::new(&data.test.labels, &answers(&net, &data.test, threads));
    let images = data.test.labels.len();
    let train = fast_accuracy(&net, &data.train, threads);
    print(&format!(
        "{}\n\
         data      {folder}\n\
         accuracy  {train:.4} in training and {:.4} in the test: {} of {} images\n\n",
        wrapped(&format!("net       {}", described(&net)), 10),
        test.correct() as f64 / images as f64,
        grouped(test.correct()),
        grouped(images),
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
        let accuracy = if images == 0 {
            "–".to_string()
        } else {
            format!("{:.4}", right as f64 / images as f64)
        };
        text += &format!("{digit:5}{:>8}{accuracy:>10}   ", grouped(images));
        for (answer, &count) in test.counts[digit].iter().enumerate() {
            let cell = if count == 0 { format!("{:>5}", "·") } else { format!("{count:5}") };
            text += &if answer == digit { style.right(&cell) } else { cell };
        }
        text += "\n";
    }
    text
}
