//! What `train` says at its end.

use from_zero::ch04::s5_2_training::Accuracy;
use from_zero::fast::evaluation::{answers, fast_accuracy};
use from_zero::fast::mini_batch::CompressedDataset;
use from_zero::fast::two_layer_net::hidden;
use from_zero::formats::mnist::CLASSES;
use from_zero::numeric::elementary::ln;
use from_zero::plot::report::Report;

use super::predict::picture;
use super::text::{Style, a_digit, columns, counted, grouped, program, wrapped};

/// How well the net reads, or why it learned nothing. It is empty for a run without iterations.
pub fn summary(run: &Report, learning_rate: f64, seconds: f64) -> String {
    let losses = &run.history.losses;
    let Some(&last) = losses.last() else { return String::new() };
    // If the last accuracy is not that of the last update, the net is evaluated once more.
    let train = match run.history.accuracies.last() {
        Some(&(iteration, Accuracy { train, .. })) if iteration + 1 == losses.len() => train,
        _ => fast_accuracy(run.net, run.train, run.threads),
    };
    let answers = answers(run.net, run.test, run.threads);
    let (right, images) = (run.test.labels.count_equal(&answers), answers.len());
    let test = right as f64 / images as f64;
    let style = Style::of_stdout();
    let (right, images) = (grouped(right), counted(images, "test image"));
    let sentence = format!(
        "The net reads {right} of the {images} (accuracy {test:.4}), which it has not seen in \
         training. On the training images its accuracy is {train:.4}."
    );
    let sentence = style.strong(&wrapped(&sentence, 0));
    let (iterations, last) = (counted(losses.len(), "iteration"), fixed(last, 4));
    let mut text = format!("\n{iterations} in {seconds:.1} s, last loss {last}\n\n{sentence}\n");
    if let Some(advice) = advice(run, learning_rate, test) {
        return text + &format!("\n{}\n", style.wrong(&wrapped(&advice, 0)));
    }
    if losses.len() >= 2 * CURVE {
        text += &format!("\n{}\n", curve(losses));
    }
    text + &three_images(run.test, &answers, &style)
}

/// Three commands, as they can be typed, for the first of a reader's runs.
pub fn what_next() -> String {
    let program = program();
    let next = [
        ("--report run.html", "a page: draw a digit, watch it learn"),
        ("chapter", "the numbers of the book beside ours"),
        ("check", "is backpropagation right? (5.7.3)"),
    ];
    let width = program.chars().count() + 18; // the longest words have 17 characters
    let lines = next.map(|(words, what)| {
        let command = format!("{program} {words}");
        format!("  {command:<width$}  {what}\n")
    });
    format!("\nWhat next?\n{}", lines.concat())
}

/// Why the net learned nothing, if it is hardly better than a guess: that has a loss of ln 10 = 2.30,
/// and is right for the share of the most frequent class.
fn advice(run: &Report, rate: f64, test: f64) -> Option<String> {
    let labels = run.test.labels.as_slice();
    let count = |class| labels.iter().filter(|&&label| label == class).count();
    let most = (0..CLASSES).map(count).max().unwrap_or(0) as f64 / labels.len() as f64;
    let losses = &run.history.losses;
    let end = &losses[losses.len() - losses.len().min(100)..];
    let end = end.iter().sum::<f64>() / end.len() as f64;
    let guess = ln(CLASSES as f64);
    if test > most + 0.1 && end < 0.95 * guess {
        return None;
    }
    let x = run.test.first(1_000).images;
    let levels = (0..x.rows()).flat_map(|n| x.levels(n)).map(|(_, level)| level);
    let brightest = levels.max().unwrap_or(0);
    let cause = if losses.len() < 500 {
        "In the first few hundred iterations the loss hardly falls: try more --iterations".into()
    } else if brightest < 32 {
        format!(
            "The brightest pixel is {brightest} of 255: multiply the pixels, so that ink is 255"
        )
    } else if hidden(run.net, &x).as_slice().iter().all(|&z| z == 0.0) {
        format!(
            "All hidden units are 0 for every image. A step was too large, and relu can't come back \
             from there: try a smaller --learning-rate than {rate:?}"
        )
    } else if rate > 0.5 {
        format!("The steps are too large: try a smaller --learning-rate than {rate:?}")
    } else {
        format!("The steps are too small: try a larger --learning-rate than {rate:?}")
    };
    let (end, guess) = (fixed(end, 2), fixed(guess, 2));
    Some(format!(
        "The net learned almost nothing: its loss is {end}, and a guess has ln 10 = {guess}. {cause}. \
         'Symptoms' in src/map.md has more causes."
    ))
}

/// A number with some decimals, and never −0: the book's loss can be −1e-7.
pub fn fixed(v: f64, decimals: usize) -> String {
    let text = format!("{v:.decimals$}");
    if text.parse() == Ok(0.0) { text.replace('-', "") } else { text }
}

/// How many characters the curve of the losses has.
const CURVE: usize = 50;

/// `loss  2.30 ██▇▅▃▂▁▁ 0.22`: each character is the mean of its share of the losses.
fn curve(losses: &[f64]) -> String {
    let mean = |k: usize| {
        let part = &losses[k * losses.len() / CURVE..(k + 1) * losses.len() / CURVE];
        part.iter().sum::<f64>() / part.len() as f64
    };
    let means: Vec<f64> = (0..CURVE).map(mean).collect();
    let most = means.iter().copied().fold(0.0, f64::max);
    let block = |&mean: &f64| match (8.0 * mean / most).round() as usize {
        0 => '▁',
        eighths => ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][eighths.min(8) - 1],
    };
    let blocks: String = means.iter().map(block).collect();
    format!("loss  {} {blocks} {}", fixed(means[0], 2), fixed(means[CURVE - 1], 2))
}

/// The first two test images and the first one that the net reads wrongly, or the first three.
fn three_images(test: &CompressedDataset, answers: &[usize], style: &Style) -> String {
    const WIDTH: usize = 24; // a digit of MNIST is at most 20 pixels wide, and nearly in the middle
    let labels = test.labels.as_slice();
    let mut shown: Vec<usize> = (0..labels.len().min(2)).collect();
    let wrong = (2..labels.len()).find(|&n| labels[n] != answers[n]);
    shown.extend(wrong.or((labels.len() > 2).then_some(2)));
    if columns() < 3 * (WIDTH + 2) {
        shown.truncate(1);
    }
    let x = test.select(&shown).0.to_matrix();
    let pictures: Vec<Vec<String>> = x.iter_rows().map(picture).collect();
    let mut text = String::new();
    for line in 0..14 {
        let cells = pictures.iter().map(|picture| {
            let cell: String = picture[line].chars().skip(2).take(WIDTH).collect();
            format!("{cell}  ")
        });
        text += &format!("{}\n", cells.collect::<String>().trim_end());
    }
    for &n in &shown {
        let (label, answer) = (labels[n], answers[n]);
        let caption = format!("{}, read as {}", a_digit(label), a_digit(answer));
        let padded = format!("{caption:<width$}", width = WIDTH + 2);
        text += &if label == answer { style.right(&padded) } else { style.wrong(&padded) };
    }
    format!("\n{}\n", text.trim_end())
}
