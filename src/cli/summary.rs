//! What `train` says at its end: how well the net reads, how the loss fell, three images with the
//! net's answers, and what to do next. If the net learned nothing, it says why.

use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::{Accuracy, History};
use from_zero::fast::evaluation::{answers, fast_accuracy};
use from_zero::fast::mini_batch::{CompressedDataset, CompressedMnist};
use from_zero::fast::training::Settings;
use from_zero::fast::two_layer_net::hidden;
use from_zero::formats::mnist::CLASSES;
use from_zero::numeric::elementary::ln;

use super::outputs::Outputs;
use super::predict::picture;
use super::text::{Style, a_digit, columns, counted, grouped, program, wrapped};

/// A run that ended.
pub struct Finished<'a> {
    pub data: &'a CompressedMnist,
    pub settings: &'a Settings,
    pub net: &'a TwoLayerNet,
    pub history: &'a History,
    pub seconds: f64,
}

impl Finished<'_> {
    /// How well the net reads. It is empty for a run without iterations.
    pub fn summary(&self) -> String {
        let losses = &self.history.losses;
        let Some(&last) = losses.last() else { return String::new() };
        let threads = self.settings.threads;
        // The history has the accuracy after the first update of each epoch, as in the book. If that
        // is not the last update, the net is evaluated once more.
        let train = match self.history.accuracies.last() {
            Some(&(iteration, Accuracy { train, .. })) if iteration + 1 == losses.len() => train,
            _ => fast_accuracy(self.net, &self.data.train, threads),
        };
        let answers = answers(self.net, &self.data.test, threads);
        let right = self.data.test.labels.count_equal(&answers);
        let images = self.data.test.labels.len();
        let test = right as f64 / images as f64;
        let style = Style::of_stdout();
        let sentence = format!(
            "The net reads {} of the {} (accuracy {test:.4}), which it has not seen in training. On \
             the training images its accuracy is {train:.4}.",
            grouped(right),
            counted(images, "test image"),
        );
        let mut text = format!(
            "\n{} in {:.1} s, last loss {}\n\n{}\n",
            counted(losses.len(), "iteration"),
            self.seconds,
            fixed(last, 4),
            style.strong(&wrapped(&sentence, 0)),
        );
        if let Some(advice) = self.advice(test) {
            return text + &format!("\n{}\n", style.wrong(&wrapped(&advice, 0)));
        }
        if losses.len() >= 2 * CURVE {
            text += &format!("\n{}\n", curve(losses));
        }
        text + &three_images(&self.data.test, &answers, &style)
    }

    /// Three commands, as they can be typed. After the first of a reader's runs they are useful, so
    /// they are left out if the run wrote files, which have their own.
    pub fn what_next(&self, outputs: &Outputs) -> String {
        if self.history.losses.is_empty() || !outputs.is_empty() {
            return String::new();
        }
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

    /// Why the net learned nothing, if it did not: if it is hardly better than a guess. A guess
    /// gives every class the same probability, so its loss is ln 10 = 2.30, and it is right for the
    /// share of the most frequent class.
    fn advice(&self, test: f64) -> Option<String> {
        let labels = self.data.test.labels.as_slice();
        let count = |class| labels.iter().filter(|&&label| label == class).count();
        let most = (0..CLASSES).map(count).max().unwrap_or(0) as f64 / labels.len() as f64;
        let losses = &self.history.losses;
        let end = &losses[losses.len() - losses.len().min(100)..];
        let end = end.iter().sum::<f64>() / end.len() as f64;
        let guess = ln(CLASSES as f64);
        if test > most + 0.1 && end < 0.95 * guess {
            return None;
        }
        let hyperparameters = &self.settings.hyperparameters;
        let rate = hyperparameters.learning_rate;
        let sample: Vec<usize> = (0..self.data.test.images.rows().min(1_000)).collect();
        let (x, _) = self.data.test.select(&sample);
        let brightest = (0..x.rows()).flat_map(|n| x.levels(n)).map(|(_, level)| level).max();
        let cause = if losses.len() < 500 {
            "In the first few hundred iterations the loss hardly falls: try more --iterations"
                .into()
        } else if brightest.is_none_or(|level| level < 32) {
            let level = brightest.unwrap_or(0);
            format!(
                "The brightest pixel is {level} of 255: multiply the pixels, so that ink is 255"
            )
        } else if hidden(self.net, &x).as_slice().iter().all(|&z| z == 0.0) {
            format!(
                "All hidden units are 0 for every image. A step was too large, and relu can't come \
                 back from there: try a smaller --learning-rate than {rate:?}"
            )
        } else if rate > 0.5 {
            format!("The steps are too large: try a smaller --learning-rate than {rate:?}")
        } else {
            format!("The steps are too small: try a larger --learning-rate than {rate:?}")
        };
        Some(format!(
            "The net learned almost nothing: its loss is {}, and a guess has ln 10 = {}. {cause}. \
             'Symptoms' in src/map.md has more causes.",
            fixed(end, 2),
            fixed(guess, 2),
        ))
    }
}

/// A number with some decimals, and never −0: the book's loss can be −1e-7.
pub fn fixed(v: f64, decimals: usize) -> String {
    let text = format!("{v:.decimals$}");
    let is_0 =
        text.strip_prefix('-').is_some_and(|digits| digits.chars().all(|c| "0.".contains(c)));
    if is_0 { text[1..].to_string() } else { text }
}

/// How many characters the curve of the losses has.
const CURVE: usize = 50;

/// `loss  2.30 ██▇▅▃▂▁▁ 0.22`: each character is the mean of its share of the losses. The height of
/// a full block is the largest mean.
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
    let (x, _) = test.select(&shown);
    let x = x.to_matrix();
    let pictures: Vec<Vec<String>> = (0..shown.len()).map(|n| picture(x.row(n))).collect();
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
