//! `from-zero figures`: draws the figures of the chapter, and three more, as SVG files.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Instant;

use from_zero::beyond::incremental::Incremental;
use from_zero::beyond::why_step_size::{Errors, errors_against_h};
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::History;
use from_zero::fast::methods::{Backprop, GradientMethod};
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::numerical_gradient::Naive;
use from_zero::fast::training::Settings;
use from_zero::formats::files::replace;
use from_zero::formats::mnist::CLASSES;
use from_zero::numeric::random::Xorshift64Star;
use from_zero::plot::figures as draw;

use super::arguments::{Arguments, Opt, opt, say};
use super::options::{BOOKS_NET, DATA, Loaded, THREADS, threads};
use super::progress::{Bar, train_with_bar};
use super::text::{counted, escaped};
use super::unwritable;
use super::{Failure, Result};

const OPENING: &str = "\
Draws the figures of the chapter as SVG files, and three more: the error of the differences against
h, the cost of a gradient, and training by numerical differentiation next to backpropagation.

usage: from-zero figures [options]

Trains the net of the chapter twice. Exit status: 0, 1 for a failure, 2 for wrong arguments.
";

const OPTIONS: &[Opt] = &[
    opt("--out", "DIR", "folder for the files; it is created if it does not exist [figures]"),
    DATA,
    opt("--iterations", "N", "updates in figures 4-11 and 4-12 [10000]"),
    THREADS,
];

/// The most iterations of the numerical run. In a longer run the two lines look the same.
const NUMERICAL_ITERATIONS: usize = 2_000;

/// Runs the subcommand.
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
    write("error-against-h", draw::error_against_h(&errors(&data, threads)))?;

    let analytic = history(&data, Box::new(Backprop), iterations, threads)?;
    write("figure-4-11", draw::figure_4_11(&analytic))?;
    write("figure-4-12", draw::figure_4_12(&analytic))?;

    let both = iterations.min(NUMERICAL_ITERATIONS);
    let numerical = history(&data, Box::<Incremental>::default(), both, threads)?;
    let analytic = History { losses: analytic.losses[..both].to_vec(), ..analytic };
    write("numerical-and-analytic", draw::numerical_and_analytic(&numerical, &analytic))?;

    let note = format!(
        "Measured on this machine, {}, mini-batch of {COST_IMAGES} images, median of {COST_RUNS}.",
        counted(threads, "thread")
    );
    write("cost-of-a-gradient", draw::cost_of_a_gradient(&costs(&data, threads), &note))
}

/// The error against h for the untrained net on three images, with ten h per power of 10.
fn errors(data: &CompressedMnist, threads: usize) -> Vec<Errors> {
    let net = BOOKS_NET.initial(&mut Xorshift64Star::new(0));
    let images: Vec<usize> = (0..data.train.labels.len().min(3)).collect();
    let (x, t) = data.train.select(&images);
    let mantissas = ["1", "1.3", "1.6", "2", "2.5", "3.2", "4", "5", "6.3", "8"];
    let decades = (1..=12).rev().flat_map(|k| mantissas.map(|m| format!("{m}e-{k}")));
    let hs = decades.chain(["1".to_string()]).map(|h| h.parse().expect("a number"));
    let hs: Vec<f64> = hs.collect();
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
const COST_RUNS: usize = 3;

/// The time that each method takes for one gradient, for nets of five sizes.
fn costs(data: &CompressedMnist, threads: usize) -> Vec<draw::Cost> {
    let images: Vec<usize> = (0..data.train.labels.len().min(COST_IMAGES)).collect();
    let mut bar = Bar::new(SIZES.len());
    let mut costs = Vec::new();
    for (side, hidden) in SIZES {
        bar.show(costs.len() as f64);
        let (x, t) = data.train.thinned(side).select(&images);
        let mut rng = Xorshift64Star::new(0);
        let net = TwoLayerNet::new(side * side, hidden, CLASSES, 0.01, &mut rng);
        let median_seconds = |method: &dyn GradientMethod| {
            let mut times = [0.0; COST_RUNS];
            for time in &mut times {
                let start = Instant::now();
                method.gradient(&net, &x, &t, threads);
                *time = start.elapsed().as_secs_f64();
            }
            times.sort_by(f64::total_cmp);
            times[COST_RUNS / 2]
        };
        costs.push(draw::Cost {
            parameters: net.params.count(),
            naive: median_seconds(&Naive::default()),
            incremental: median_seconds(&Incremental::default()),
            backprop: median_seconds(&Backprop),
        });
    }
    costs
}
