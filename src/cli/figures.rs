//! `from-zero figures`: draws the figures of chapter 4, three more, and the computational graphs of
//! chapter 5, as SVG files.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use from_zero::beyond::overfitting::overfitted;
use from_zero::beyond::why_step_size::{Errors, errors_against_h};
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::History;
use from_zero::fast::incremental::Incremental;
use from_zero::fast::methods::{Backprop, GradientMethod};
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::numerical_gradient::Naive;
use from_zero::fast::training::Settings;
use from_zero::formats::files::replace;
use from_zero::formats::mnist::CLASSES;
use from_zero::numeric::matrix::Matrix;
use from_zero::numeric::random::Xorshift64Star;
use from_zero::plot::{figures as draw, graphs};

use super::arguments::{Arguments, Opt, opt, say};
use super::options::{BOOKS_NET, DATA, Loaded, THREADS, threads};
use super::progress::{Bar, train_with_bar};
use super::text::escaped;
use super::{Failure, Result, unwritable};

const OPENING: &str = "\
Draws as SVG files:
  figure-4-3 … figure-4-12    the figures of chapter 4
  partial-derivative          the slope of a cut through a surface
  elongated-bowl              a gradient that does not point at the minimum
  error-against-h             why h = 1e-4
  cost-of-a-gradient          the time that each method takes
  overfitting                 a net that learned from 300 images
  numerical-and-analytic      learning by both kinds of gradient
  graph-apples, graph-apples-and-oranges, graph-sigmoid, graph-affine,
  graph-softmax-with-loss     computational graphs of chapter 5
  step-by-hand                one step of learning with all its numbers

usage: from-zero figures [options]

Trains the net of the chapter three times. Exit status: 0, 1 for a failure, 2 for wrong arguments.
";

const OPTIONS: &[Opt] = &[
    opt("--out", "DIR", "folder for the files; it is created if it does not exist [figures]"),
    DATA,
    opt("--iterations", "N", "updates in figures 4-11 and 4-12 [10000]"),
    THREADS,
];

/// The most iterations of the numerical run. In a longer run the two lines look the same.
const NUMERICAL_ITERATIONS: usize = 2_000;

pub fn run(arguments: &[OsString]) -> Result<()> {
    let Some(arguments) = Arguments::parse(OPENING, OPTIONS, arguments)? else { return Ok(()) };
    let folder = arguments.path("--out", "a folder")?.unwrap_or(Path::new("figures"));
    let iterations = arguments.whole("--iterations", 10_000, 0..=1_000_000)? as usize;
    let threads = threads(&arguments)?;
    let data = Loaded::load(&arguments)?.data;
    fs::create_dir_all(folder).map_err(|error| {
        Failure::error(format!("can't create the folder {}: {error}", folder.display()))
    })?;
    let write = |name: &str, svg: String| {
        let path = folder.join(format!("{name}.svg"));
        replace(&path, svg.as_bytes())
            .map_err(|error| Failure::Error(unwritable(&path, &error)))?;
        say(&format!("{}\n", escaped(&path.display().to_string())))
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
    let (net, x, t) = small_step();
    write("step-by-hand", graphs::step_by_hand(&net, &x, &t, 1.0))?;
    write("error-against-h", draw::error_against_h(&errors(&data, threads)))?;

    let analytic = history(&data, Box::new(Backprop), iterations, threads)?;
    write("figure-4-11", draw::figure_4_11(&analytic))?;
    write("figure-4-12", draw::figure_4_12(&analytic))?;

    let overfitted = overfitted(&data, threads).map_err(Failure::error)?;
    write("overfitting", draw::overfitting(&overfitted))?;

    let both = iterations.min(NUMERICAL_ITERATIONS);
    let numerical = history(&data, Box::<Incremental>::default(), both, threads)?;
    let analytic = History { losses: analytic.losses[..both].to_vec(), ..analytic };
    write("numerical-and-analytic", draw::numerical_and_analytic(&numerical, &analytic))?;

    let note = format!("One thread, mini-batches of {COST_IMAGES} images, on this machine.");
    write("cost-of-a-gradient", draw::cost_of_a_gradient(&costs(&data), &note))
}

/// A net with 2 inputs, 2 hidden units and 2 classes, and two samples, for the step by hand.
fn small_step() -> (TwoLayerNet, Matrix, Labels) {
    let mut net = TwoLayerNet::new(2, 2, 2, 0.0, &mut Xorshift64Star::new(0));
    net.params.w1 = Matrix::from_rows(&[[1.0, -1.0], [0.5, 2.0]]);
    net.params.w2 = Matrix::from_rows(&[[1.0, -1.0], [-2.0, 1.0]]);
    (net, Matrix::from_rows(&[[1.0, 0.0], [0.0, 1.0]]), Labels::new(vec![0, 1]))
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
    let mut bar = Bar::new(hs.len());
    errors_against_h(&net, &x, &t, &hs, 500, threads, |done| bar.show(done as f64))
}

/// Trains the net of the chapter with seed 0.
fn history(
    data: &CompressedMnist,
    gradient: Box<dyn GradientMethod>,
    iterations: usize,
    threads: usize,
) -> Result<History> {
    let mut rng = Xorshift64Star::new(0);
    let mut net = BOOKS_NET.initial(&mut rng);
    let settings = Settings { gradient, ..Settings::new(iterations, threads) };
    train_with_bar(&mut net, data, &settings, &mut rng).map_err(Failure::error)
}

/// The images are reduced to n × n pixels: (n, hidden units).
const SIZES: [(usize, usize); 5] = [(2, 2), (4, 4), (7, 10), (14, 25), (28, 50)];
const COST_IMAGES: usize = 10;
/// One measurement takes at least this time, because a clock can't measure a few microseconds well.
const REPEAT: Duration = Duration::from_millis(20);
/// The measurements of a size take at least this time. There are at least three of each method, but
/// a method that takes longer than this for one gradient is measured once.
const ROUNDS: Duration = Duration::from_millis(500);

/// The time that each method takes for one gradient, for nets of five sizes. It is the least of many
/// measurements, so that other programs on this machine change it little.
fn costs(data: &CompressedMnist) -> Vec<(usize, [f64; 3])> {
    let images: Vec<usize> = (0..data.train.labels.len().min(COST_IMAGES)).collect();
    let methods: [&dyn GradientMethod; 3] = [&Naive::default(), &Incremental::default(), &Backprop];
    let mut bar = Bar::new(SIZES.len());
    let mut costs = Vec::new();
    for (side, hidden) in SIZES {
        bar.show(costs.len() as f64);
        let (x, t) = data.train.thinned(side).select(&images);
        let mut rng = Xorshift64Star::new(0);
        let net = TwoLayerNet::new(side * side, hidden, CLASSES, 0.01, &mut rng);
        let mut seconds = [f64::INFINITY; 3];
        let (first, mut rounds) = (Instant::now(), 0);
        while rounds < 3 || first.elapsed() < ROUNDS {
            for (method, least) in methods.iter().zip(&mut seconds) {
                if rounds > 0 && *least > ROUNDS.as_secs_f64() {
                    continue;
                }
                let (start, mut calls) = (Instant::now(), 0.0);
                while start.elapsed() < REPEAT {
                    method.gradient(&net, &x, &t, 1);
                    calls += 1.0;
                }
                *least = least.min(start.elapsed().as_secs_f64() / calls);
            }
            rounds += 1;
        }
        costs.push((net.params.count(), seconds));
    }
    costs
}
