//! `from-zero figures`: draws the figures of the book, and more, as SVG files.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use from_zero::beyond::overfitting::overfitted;
use from_zero::beyond::step_by_hand::example;
use from_zero::beyond::why_step_size::{Errors, errors_against_h};
use from_zero::ch04::s5_2_training::History;
use from_zero::fast::methods::{Differences, GradientMethod};
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::training::Settings;
use from_zero::formats::files::replace;
use from_zero::numeric::random::Xorshift64Star;
use from_zero::plot::{figures as draw, graphs};

use super::arguments::{Arguments, Opt, opt, say};
use super::options::{BOOKS_NET, DATA, THREADS, load, threads};
use super::progress::{train_with_bar, with_bar};
use super::text::shown;
use super::{Result, failed, unwritable};

const OPTIONS: &[Opt] = &[
    opt("--out", "DIR", "folder for the files; it is created if it does not exist [figures]"),
    DATA,
    opt("--iterations", "N", "updates in figures 4-11 and 4-12 [10000]"),
    THREADS,
];

pub fn run(arguments: &[OsString]) -> Result<()> {
    let arguments = Arguments::parse(include_str!("help/figures.txt"), OPTIONS, arguments)?;
    let folder = arguments.path("--out", "a folder")?.unwrap_or(Path::new("figures"));
    let iterations = arguments.whole("--iterations", 10_000, 0..=1_000_000)? as usize;
    let threads = threads(&arguments)?;
    let data = load(&arguments)?.data;
    fs::create_dir_all(folder).or_else(|error| {
        failed(format!("can't create the folder {}: {error}", folder.display()))
    })?;
    let write = |name: &str, svg: String| {
        let path = folder.join(format!("{name}.svg"));
        replace(&path, svg.as_bytes()).or_else(|error| failed(unwritable(&path, &error)))?;
        say(&format!("{}\n", shown(&path)))
    };

    write("figure-4-3", draw::figure_4_3())?;
    write("figure-4-4", draw::figure_4_4())?;
    write("figure-4-5", draw::figure_4_5())?;
    write("figure-4-6", draw::figure_4_6())?;
    write("figure-4-7", draw::figure_4_7())?;
    write("figure-4-8", draw::figure_4_8())?;
    write("figure-4-9", draw::figure_4_9())?;
    write("figure-4-10", draw::figure_4_10())?;
    write("partial-derivative", draw::partial_derivative())?;
    write("elongated-bowl", draw::elongated_bowl())?;
    write("graph-apples", graphs::apples())?;
    write("graph-apples-and-oranges", graphs::apples_and_oranges())?;
    write("graph-sigmoid", graphs::sigmoid())?;
    write("graph-affine", graphs::affine())?;
    write("graph-softmax-with-loss", graphs::softmax_with_loss())?;
    let (net, x, t) = example();
    write("step-by-hand", graphs::step_by_hand(&net, &x, &t, 1.0))?;
    write("error-against-h", draw::error_against_h(&errors(&data, threads)))?;

    let analytic = history(&data, GradientMethod::Backprop, iterations, threads)?;
    write("figure-4-11", draw::figure_4_11(&analytic).svg())?;
    write("figure-4-12", draw::figure_4_12(&analytic).svg())?;

    let overfitted = overfitted(&data, threads).or_else(failed)?;
    write("overfitting", draw::overfitting(&overfitted))?;

    let both = iterations.min(1_000); // in a longer run the two lines look the same
    let incremental = GradientMethod::Incremental(Differences::default());
    let numerical = history(&data, incremental, both, threads)?;
    let analytic = History { losses: analytic.losses[..both].to_vec(), ..analytic };
    write("numerical-and-analytic", draw::numerical_and_analytic(&numerical, &analytic))
}

/// The error against h for the untrained net on three images, with ten h per power of 10.
fn errors(data: &CompressedMnist, threads: usize) -> Vec<Errors> {
    let net = BOOKS_NET.initial(&mut Xorshift64Star::new(0));
    let images: Vec<usize> = (0..data.train.labels.len().min(3)).collect();
    let (x, t) = data.train.select(&images);
    let mantissas = ["1", "1.3", "1.6", "2", "2.5", "3.2", "4", "5", "6.3", "8"];
    let decades = (1..=12).rev().flat_map(|k| mantissas.map(|m| format!("{m}e-{k}")));
    let hs: Vec<f64> =
        decades.chain(["1".to_string()]).map(|h| h.parse().expect("a number")).collect();
    with_bar(hs.len(), threads, |team| errors_against_h(&net, (&x, &t), &hs, 500, team))
}

fn history(
    data: &CompressedMnist, gradient: GradientMethod, iterations: usize, threads: usize,
) -> Result<History> {
    let mut rng = Xorshift64Star::new(0);
    let mut net = BOOKS_NET.initial(&mut rng);
    let settings = Settings { gradient, ..Settings::new(iterations, threads) };
    train_with_bar(&mut net, data, &settings, &mut rng).or_else(failed)
}
