//! A training run as a web page. It shows the settings and the results, and a square in which the
//! reader draws a digit that the trained net reads. The page is one file and needs no internet
//! connection.
//!
//! The page contains the net at the end, and the net as it was at some epochs. A slider chooses one
//! of them. The numbers of a net are rounded to 16 bits, so the page's probabilities differ from
//! those of this crate by less than 0.001.

use std::mem;

use super::figures::{accuracy_axes, loss_axes};
use super::shapes::heat_map;
use super::svg::escaped;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::ch04::s5_2_training::History;
use crate::fast::evaluation::probabilities;
use crate::fast::mini_batch::CompressedDataset;
use crate::formats::base64::encode;
use crate::formats::mnist::{CLASSES, PIXELS};
use crate::numeric::grouped;
use crate::numeric::matrix::Matrix;
use crate::trained::confusion::ConfusionMatrix;

/// The run that the page describes.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The settings, as names and values
    pub settings: &'a [(&'a str, String)],
    /// The net at the end
    pub net: &'a TwoLayerNet,
    /// The net as it was before
    pub epochs: &'a Epochs,
    /// What the run recorded
    pub history: &'a History,
    /// The test images
    pub test: &'a CompressedDataset,
    /// How many threads evaluate the test images
    pub threads: usize,
}

/// How many mistakes are shown.
const MISTAKES: usize = 12;

/// How many test images the page contains, for its button.
const TEST_IMAGES: usize = 100;

/// The most epochs whose nets are in the page.
const EPOCHS: usize = 20;

/// The most hidden units of all nets together: then a page has at most 4 MB.
pub const MOST_HIDDEN: usize = 1_600;

/// The net as it was at some epochs of a run. At most 20 nets are kept, and fewer of a large net, so
/// that the page has at most 4 MB.
#[derive(Clone, Debug, Default)]
pub struct Epochs {
    /// How many epochs there were
    seen: usize,
    /// How often every second net was left out
    halved: u32,
    /// The nets that are kept, as the page's script reads them
    nets: Vec<String>,
}

impl Epochs {
    /// Must be called once at each epoch, with the accuracy on the test images. The nets that are
    /// kept are evenly spread over the run.
    pub fn keep(&mut self, iteration: usize, test: f64, net: &TwoLayerNet) {
        // One net is that at the end.
        let most = (MOST_HIDDEN / net.params.b1.len().max(1)).saturating_sub(1).min(EPOCHS);
        if most > 0 && self.seen.is_multiple_of(1 << self.halved) {
            self.nets.push(net_json(iteration, test, net));
        }
        self.seen += 1;
        if self.nets.len() > most {
            self.nets = mem::take(&mut self.nets).into_iter().step_by(2).collect();
            self.halved += 1;
        }
    }
}

/// The page, as HTML.
///
/// # Panics
/// If the net does not have 784 inputs and 10 classes, or the number of labels differs from the
/// number of test images.
#[track_caller]
pub fn page(report: &Report) -> String {
    let Report { settings, net, epochs, history, test, threads } = *report;
    let sizes = (net.params.w1.rows(), net.params.b2.len());
    assert!(sizes == (PIXELS, CLASSES), "page: a net of (inputs, classes) {sizes:?}");
    let y = probabilities(net, test, threads);
    let answers = y.argmax_rows();
    let confusion = ConfusionMatrix::new(&test.labels, &answers);
    let (updates, images) = (history.losses.len(), answers.len());
    let accuracy = confusion.correct() as f64 / images as f64;

    let settings: String = (settings.iter())
        .map(|(name, value)| format!("<tr><th>{}<td>{}\n", escaped(name), escaped(value)))
        .collect();
    let counts: Vec<Vec<usize>> = confusion.counts.iter().map(|row| row.to_vec()).collect();
    let all_images = format!("{} test images", grouped(images));
    let moment = if updates == 0 { "Before any training" } else { "After the last update" };
    let at_end = match images {
        0 => "There are no test images.".to_string(),
        _ => format!(
            "{moment} it reads {:.2} % of the test images: {} of {}.",
            100.0 * accuracy,
            grouped(confusion.correct()),
            grouped(images)
        ),
    };
    let count = images.min(TEST_IMAGES);
    let some_images: Vec<usize> = (0..count).map(|k| k * images / count).collect();
    let mut nets = epochs.nets.clone();
    nets.push(net_json(updates, accuracy, net));
    let run = format!(
        "{{\"hidden\":{},\"activation\":\"{}\",\n\"nets\":[{}],\n\"images\":{},\n\"mistakes\":{}}}",
        net.params.b1.len(),
        net.activation,
        nets.join(",\n"),
        images_json(&some_images, test),
        images_json(&worst_mistakes(&y, &answers, test), test)
    );
    filled(&[
        ("STYLE", include_str!("report.css").to_string()),
        ("SCRIPT", include_str!("report.js").to_string()),
        ("ACCURACY", at_end),
        ("SETTINGS", settings),
        ("LOSS", loss_axes(history).size(420.0, 320.0).svg()),
        ("ACCURACIES", accuracy_axes(history).size(420.0, 320.0).svg()),
        ("CONFUSION", heat_map(&all_images, "digit", "taken for", &counts)),
        ("RUN", run),
    ])
}

/// The template, with each `{{NAME}}` replaced by its value. A `{{NAME}}` inside a value is not
/// replaced.
fn filled(values: &[(&str, String)]) -> String {
    let mut pieces = include_str!("report.html").split("{{");
    let mut page = pieces.next().expect("a piece").to_string();
    for piece in pieces {
        let (name, behind) = piece.split_once("}}").expect("the template has }} after each {{");
        let value = values.iter().find(|(known, _)| *known == name);
        page += &value.expect("each name in the template has a value").1;
        page += behind;
    }
    page
}

/// The mistakes of which the net was most certain.
fn worst_mistakes(y: &Matrix, answers: &[usize], test: &CompressedDataset) -> Vec<usize> {
    let labels = test.labels.as_slice();
    let mut wrong: Vec<usize> = (0..answers.len()).filter(|&n| answers[n] != labels[n]).collect();
    wrong.sort_by(|&a, &b| y[(b, answers[b])].total_cmp(&y[(a, answers[a])]));
    wrong.truncate(MISTAKES);
    wrong
}

/// Test images for the page's script: index, label, and 784 grey levels.
fn images_json(images: &[usize], test: &CompressedDataset) -> String {
    let json = |&image: &usize| {
        let mut pixels = vec![0; PIXELS];
        for (i, level) in test.images.levels(image) {
            pixels[i] = level;
        }
        format!("[{image},{},\"{}\"]", test.labels.as_slice()[image], encode(&pixels))
    };
    format!("[{}]", images.iter().map(json).collect::<Vec<_>>().join(",\n"))
}

/// A net for the page's script, with its iteration and its accuracy on the test images. Its numbers
/// are W1, b1, W2 and b2, little-endian, in base64:
///
/// ```text
/// each part:   step (f64)   one integer for each number (i16 each): the number is step × integer
/// ```
fn net_json(iteration: usize, test: f64, net: &TwoLayerNet) -> String {
    let mut bytes = Vec::new();
    for (_, part) in net.params.parts() {
        let largest = part.iter().fold(0.0, |largest: f64, v| largest.max(v.abs()));
        // If a number is not finite, the page's probabilities become NaN, too.
        let is_finite = part.iter().all(|v| v.is_finite());
        let step = if is_finite { largest / f64::from(i16::MAX) } else { f64::NAN };
        bytes.extend(step.to_le_bytes());
        // If all numbers are 0, the quotient is NaN, and `as i16` makes it 0.
        bytes.extend(part.iter().flat_map(|v| ((v / step).round() as i16).to_le_bytes()));
    }
    // In quotes, because JSON has no NaN.
    format!("{{\"iteration\":{iteration},\"test\":\"{test}\",\"numbers\":\"{}\"}}", encode(&bytes))
}
