//! A training run as a web page. It shows the settings and the results, and a square in which the
//! reader draws a digit that the trained net reads. The page is one file and needs no internet
//! connection.
//!
//! The page contains all weights. Its forward pass, in `report.js`, uses the browser's exp, so the
//! last digits of a probability may differ from those of this crate.

use super::figures::{accuracy_axes, loss_axes};
use super::shapes::{bars, heat_map};
use super::svg::escaped;
use crate::beyond::confusion::ConfusionMatrix;
use crate::ch04::s5_1_two_layer_net::TwoLayerNet;
use crate::ch04::s5_2_training::History;
use crate::fast::evaluation::probabilities;
use crate::fast::mini_batch::CompressedDataset;
use crate::formats::base64::encode;
use crate::formats::mnist::{CLASSES, PIXELS};
use crate::numeric::matrix::Matrix;

/// The run that the page describes.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The settings, as names and values
    pub settings: &'a [(&'a str, String)],
    /// The net at the end
    pub net: &'a TwoLayerNet,
    /// What the run recorded
    pub history: &'a History,
    /// The test images
    pub test: &'a CompressedDataset,
    /// How many threads evaluate the test images
    pub threads: usize,
}

/// How many mistakes are shown.
const MISTAKES: usize = 12;

/// The most hidden units whose weights are shown.
const UNITS: usize = 100;

/// A test image that the net reads wrongly.
struct Mistake {
    image: usize,
    right: usize,
    answer: usize,
    /// y: (classes)
    probabilities: Vec<f64>,
}

/// The page, as HTML.
///
/// # Panics
/// If the net does not have 784 inputs and 10 classes, or the number of labels differs from the
/// number of test images.
#[track_caller]
pub fn page(report: &Report) -> String {
    let Report { settings, net, history, test, threads } = *report;
    let sizes = (net.params.w1.rows(), net.params.b2.len());
    assert!(sizes == (PIXELS, CLASSES), "page: a net of (inputs, classes) {sizes:?}");
    let y = probabilities(net, test, threads);
    let answers = y.argmax_rows();
    let confusion = ConfusionMatrix::new(&test.labels, &answers);
    let mistakes = worst_mistakes(&y, &answers, test);
    let accuracy = confusion.correct() as f64 / answers.len() as f64;

    let settings: String = (settings.iter())
        .map(|(name, value)| format!("<tr><th>{}<td>{}\n", escaped(name), escaped(value)))
        .collect();
    let counts: Vec<Vec<usize>> = confusion.counts.iter().map(|row| row.to_vec()).collect();
    let heat_map = heat_map("Which digit was taken for which", "digit", "taken for", &counts);
    let units = net.params.b1.len();
    let shown = if units <= UNITS {
        format!("all {units}")
    } else {
        format!("the first {UNITS} of {units}")
    };
    filled(&[
        ("STYLE", include_str!("report.css").to_string()),
        ("SCRIPT", include_str!("report.js").to_string()),
        ("ACCURACY", format!("{:.2}", 100.0 * accuracy)),
        ("RIGHT", confusion.correct().to_string()),
        ("IMAGES", answers.len().to_string()),
        ("SETTINGS", settings),
        ("LOSS", loss_axes(history).size(420.0, 320.0).svg()),
        ("ACCURACIES", accuracy_axes(history).size(420.0, 320.0).svg()),
        ("CONFUSION", heat_map),
        ("MISTAKES", mistakes_html(&mistakes, test)),
        ("UNITS", shown),
        ("NET", net_json(net)),
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
fn worst_mistakes(y: &Matrix, answers: &[usize], test: &CompressedDataset) -> Vec<Mistake> {
    let labels = test.labels.as_slice();
    let mut wrong: Vec<usize> = (0..answers.len()).filter(|&n| answers[n] != labels[n]).collect();
    wrong.sort_by(|&a, &b| y[(b, answers[b])].total_cmp(&y[(a, answers[a])]));
    let mistake = |image: usize| Mistake {
        image,
        right: labels[image],
        answer: answers[image],
        probabilities: y.row(image).to_vec(),
    };
    wrong.into_iter().take(MISTAKES).map(mistake).collect()
}

fn mistakes_html(mistakes: &[Mistake], test: &CompressedDataset) -> String {
    if mistakes.is_empty() {
        return "<p>None: the net read every test image correctly.</p>".to_string();
    }
    let card = |mistake: &Mistake| {
        let Mistake { image, right, answer, probabilities } = mistake;
        let caption = format!("{}, taken for {}", a(*right), a(*answer));
        format!(
            "<figure><canvas class=\"digit\" width=\"28\" height=\"28\" role=\"img\" aria-label=\"test image \
             {image}, {caption}\" data-pixels=\"{}\"></canvas>\n{}<figcaption>{caption}<br>\
             <small>test image {image}</small></figcaption></figure>\n",
            encode(&grey_levels(test, *image)),
            bars(&format!("Probabilities of test image {image}"), probabilities, Some(*right)),
        )
    };
    mistakes.iter().map(card).collect()
}

/// `a 7`, `an 8`
fn a(digit: usize) -> String {
    format!("{} {digit}", if digit == 8 { "an" } else { "a" })
}

/// The 784 grey levels of an image.
fn grey_levels(data: &CompressedDataset, image: usize) -> Vec<u8> {
    let mut bytes = vec![0; PIXELS];
    for (i, level) in data.images.levels(image) {
        bytes[i] = level;
    }
    bytes
}

/// The net for the page's script: its parts as f64, little-endian, in base64.
fn net_json(net: &TwoLayerNet) -> String {
    let bytes = |part: &[f64]| -> Vec<u8> { part.iter().flat_map(|v| v.to_le_bytes()).collect() };
    let parts =
        net.params.parts().map(|(name, part)| format!("\"{name}\":\"{}\"", encode(&bytes(part))));
    format!(
        "{{\"hidden\":{},\"activation\":\"{}\",{}}}",
        net.params.b1.len(),
        net.activation,
        parts.join(",\n")
    )
}
