//! A training run as a web page. The reader draws a digit that the trained net reads, sees why, and
//! lets a net learn step by step. The page is one file and needs no internet connection.
//!
//! The files of the page are in `plot/page/`. This module writes the data into it. The numbers of a
//! net are rounded to 16 bits, so the page's probabilities differ from those of this crate by less
//! than 0.001. Images keep all 8 bits, so a gradient in the page is the program's.

use std::mem;

use super::axes::Axes;
use super::figures::{evenly_spread, figure_4_11, figure_4_12};
use super::svg::escaped;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::ch04::s5_2_training::History;
use crate::fast::evaluation::probabilities;
use crate::fast::mini_batch::CompressedDataset;
use crate::formats::base64::encode;
use crate::formats::mnist::{CLASSES, PIXELS};
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
    /// The training images
    pub train: &'a CompressedDataset,
    /// The test images
    pub test: &'a CompressedDataset,
    /// How many threads evaluate the test images
    pub threads: usize,
}

/// Iterations of the first epoch whose nets are kept, too, because the net learns most there.
pub const EARLY: [usize; 6] = [10, 30, 100, 200, 300, 450];

/// The most hidden units of all nets together: then a page has at most 4 MB.
pub const MOST_HIDDEN: usize = 1_600;

/// The net at some moments of a run: at [`EARLY`] and at 20 epochs, or at fewer for a large net.
#[derive(Clone, Debug, Default)]
pub struct Epochs {
    /// How many epochs there were
    seen: usize,
    /// How often every second epoch was left out
    halved: u32,
    /// Nets, each with its iteration, as the page's script reads them
    early: Vec<(usize, String)>,
    at_epochs: Vec<(usize, String)>,
}

impl Epochs {
    /// Must be called once at each epoch, with the accuracy on the test images, and may be called at
    /// the iterations of [`EARLY`], without. The epochs that are kept are evenly spread over the run.
    pub fn keep(&mut self, iteration: usize, test: Option<f64>, net: &TwoLayerNet) {
        // One net is that at the end. A large net leaves no room for early ones.
        let room = (MOST_HIDDEN / net.params.b1.len().max(1)).saturating_sub(1);
        let for_early = if room >= 2 * EARLY.len() { EARLY.len() } else { 0 };
        let Some(test) = test else {
            if self.early.len() < for_early {
                self.early.push((iteration, net_json(iteration, f64::NAN, net)));
            }
            return;
        };
        let most = (room - for_early).min(20);
        if most > 0 && self.seen.is_multiple_of(1 << self.halved) {
            self.at_epochs.push((iteration, net_json(iteration, test, net)));
        }
        self.seen += 1;
        if self.at_epochs.len() > most {
            self.at_epochs = mem::take(&mut self.at_epochs).into_iter().step_by(2).collect();
            self.halved += 1;
        }
    }

    /// All nets in the order of the run. An epoch at an early iteration is there once, with its accuracy.
    fn nets(&self) -> Vec<String> {
        let mut nets = [&self.at_epochs[..], &self.early].concat();
        nets.sort_by_key(|(iteration, _)| *iteration);
        nets.dedup_by_key(|(iteration, _)| *iteration);
        nets.into_iter().map(|(_, json)| json).collect()
    }
}

/// The page, as HTML, for a net with 784 inputs and 10 classes.
pub fn page(report: &Report) -> String {
    let Report { settings, net, epochs, history, train, test, threads } = *report;
    let sizes = (net.params.w1.rows(), net.params.b2.len());
    assert!(sizes == (PIXELS, CLASSES), "page: a net of (inputs, classes) {sizes:?}");
    let y = probabilities(net, test, threads);
    let answers = y.argmax_rows();
    let confusion = ConfusionMatrix::new(&test.labels, &answers);
    let (updates, images) = (history.losses.len(), answers.len());
    let accuracy = confusion.correct() as f64 / images as f64;

    let row = |(name, value): &(&str, String)| {
        let (name, value) = (escaped(name), escaped(value));
        format!("<tr><th data-t=\"{name}\">{name}<td lang=\"en\">{value}\n")
    };
    let settings: String = settings.iter().map(row).collect();
    let tested = |indices: &[usize]| images_json(indices, test, |n| answers[n]);
    // For the net that learns in the page. It shows no answers for them, so the labels stand there.
    let learned = evenly_spread(1_000, train.labels.len());
    let learned = images_json(&learned, train, |n| train.labels.as_slice()[n]);
    let mut nets = epochs.nets();
    nets.push(net_json(updates, accuracy, net));
    let (hidden, activation, nets) = (net.params.b1.len(), net.activation, nets.join(",\n"));
    let run = format!(
        "{{\"hidden\":{hidden},\"activation\":\"{activation}\",\"counts\":{:?},\n\
         \"nets\":[{nets}],\n\"training\":{learned},\n\"images\":{},\n\"mistakes\":{},\n\"examples\":{}}}",
        confusion.counts,
        tested(&evenly_spread(200, images)),
        tested(&worst_mistakes(&y, &answers, test)),
        tested(&examples(&y, &answers, test)),
    );
    // The iterations of one unit of the axis: of an iteration 1, of an epoch those until the next.
    let per_epoch = history.accuracies.get(1).map_or(updates.max(1), |(iteration, _)| *iteration);
    let curves = curve(&figure_4_11(history), 1) + &curve(&figure_4_12(history), per_epoch);
    // The settings come last, so that nothing in them is replaced.
    include_str!("page/page.html")
        .replace("{{STYLE}}", include_str!("page/page.css"))
        .replace("{{SCRIPT}}", &SCRIPT.concat())
        .replace("{{CURVES}}", &curves)
        .replace("{{RUN}}", &run)
        .replace("{{SETTINGS}}", &settings)
}

/// The script: each file uses those before it.
const SCRIPT: [&str; 9] = [
    include_str!("page/net.js"),
    include_str!("page/language.js"),
    include_str!("page/pictures.js"),
    include_str!("page/drawing.js"),
    include_str!("page/reading.js"),
    include_str!("page/why.js"),
    include_str!("page/learn.js"),
    include_str!("page/weight.js"),
    include_str!("page/page.js"),
];

/// A figure, and for the script where its axes are. A unit of the horizontal one has `iterations`.
fn curve(axes: &Axes, iterations: usize) -> String {
    let ([low, high], [left, right, top, bottom]) = axes.frame();
    format!(
        "<div class=\"curve\" data-ends=\"{low} {high}\" data-frame=\"{left} {right} {top} {bottom}\" \
         data-unit=\"{iterations}\">\n{}</div>\n",
        axes.svg()
    )
}

/// The 12 mistakes of which the net was most certain.
fn worst_mistakes(y: &Matrix, answers: &[usize], test: &CompressedDataset) -> Vec<usize> {
    let labels = test.labels.as_slice();
    let mut wrong: Vec<usize> = (0..answers.len()).filter(|&n| answers[n] != labels[n]).collect();
    wrong.sort_by(|&a, &b| y[(b, answers[b])].total_cmp(&y[(a, answers[a])]));
    wrong.truncate(12);
    wrong
}

/// For each digit and each answer, the image of which the net was most certain.
fn examples(y: &Matrix, answers: &[usize], test: &CompressedDataset) -> Vec<usize> {
    let mut best: [[Option<usize>; CLASSES]; CLASSES] = Default::default();
    for (n, (&label, &answer)) in test.labels.as_slice().iter().zip(answers).enumerate() {
        let place = &mut best[label][answer];
        if place.is_none_or(|other| y[(n, answer)] > y[(other, answer)]) {
            *place = Some(n);
        }
    }
    best.into_iter().flatten().flatten().collect()
}

/// Images for the page's script: index, label, the net's answer, and the pixels. Where images have
/// much more ink than those of MNIST, the last ones are left out.
fn images_json(
    indices: &[usize], data: &CompressedDataset, answer: impl Fn(usize) -> usize,
) -> String {
    let json = |&n: &usize| {
        let pixels = encode(&short_pixels(data.images.levels(n)));
        format!("[{n},{},{},\"{pixels}\"]", data.labels.as_slice()[n], answer(n))
    };
    let mut bytes = 0;
    let fits = |image: &String| {
        bytes += image.len();
        bytes <= 330_000 // 1,000 images of MNIST
    };
    let images: Vec<String> = indices.iter().map(json).take_while(fits).collect();
    format!("[{}]", images.join(",\n"))
}

/// The pixels of an image, from those that are not 0: (column, level). Each byte is a level from 1 to
/// 255, or 0, and then the next one is how many zeros there are. The zeros at the end are left out.
fn short_pixels(levels: impl Iterator<Item = (usize, u8)>) -> Vec<u8> {
    let (mut bytes, mut next) = (Vec::new(), 0);
    for (i, level) in levels {
        let mut zeros = i - next;
        while zeros > 0 {
            let run = zeros.min(255);
            bytes.extend([0, run as u8]);
            zeros -= run;
        }
        bytes.push(level);
        next = i + 1;
    }
    bytes
}

/// A net for the page's script, with its iteration and its accuracy on the test images. Its numbers
/// are W1, b1, W2 and b2, little-endian, in base64. Each part is a step (f64), and an integer (i16) for
/// each number, which is step × integer.
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
