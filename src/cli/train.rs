//! `from-zero train`: the chapter's net learns the chapter's data. Sections 4.5.2 and 4.5.3.

use std::ffi::OsString;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use from_zero::formats::files::check_replaceable;
use from_zero::learning::differentiation::H;
use from_zero::learning::functions::Activation;
use from_zero::learning::gradient::{Backprop, GradientMethod};
use from_zero::learning::incremental::Incremental;
use from_zero::learning::loss::CrossEntropy::Book;
use from_zero::learning::naive::Naive;
use from_zero::learning::storage::{save_history, save_parameters};
use from_zero::learning::training::{Accuracy, Event, Settings, train};
use from_zero::learning::two_layer_net::TwoLayerNet;
use from_zero::numeric::numpy_random::RandomState;
use from_zero::numeric::random::{Rng, Xorshift64Star};

use super::Failure;
use super::arguments::{Arguments, Opt, Request, help, print, version};
use super::options::{ACTIVATION, DATA, HIDDEN, Loaded, Net, THREADS, described, threads};
use super::progress::Bar;
use super::text::{Style, counted, grouped};

const OPENING: &str = "\
Trains the two-layer net of chapter 4 of Deep Learning from Scratch on MNIST.

usage: from-zero [train] [options]

Prints a line each epoch: iteration, loss of its mini-batch, accuracy on all training and on all
test images, seconds since the start. Exit status: 0, 1 for a failure, 2 for wrong arguments.
";

const OPTIONS: &[Opt] = &[
    DATA,
    Opt {
        name: "--gradient",
        value: "METHOD",
        help: "backprop, numerical, or naive: two losses for each parameter [backprop]",
    },
    Opt {
        name: "--h",
        value: "X",
        help: "how far numerical and naive nudge each parameter [0.0001]",
    },
    ACTIVATION,
    HIDDEN,
    Opt { name: "--iterations", value: "N", help: "how many updates [10000]" },
    Opt { name: "--batch-size", value: "N", help: "images in a mini-batch [100]" },
    Opt { name: "--learning-rate", value: "X", help: "how far to go against the gradient [0.1]" },
    Opt {
        name: "--seed",
        value: "N",
        help: "for weights and mini-batches: same seed, same bits [0]",
    },
    Opt {
        name: "--random",
        value: "STREAM",
        help: "xorshift, or numpy: the book's own random numbers [xorshift]",
    },
    Opt { name: "--init", value: "FILE", help: "begin with the parameters of this .npz file" },
    Opt {
        name: "--save",
        value: "FILE",
        help: "write the parameters to this .npz file at the end",
    },
    Opt {
        name: "--record",
        value: "FILE",
        help: "write losses and accuracies to this .npz file at the end",
    },
    THREADS,
];

/// The ways to a gradient, by their names on the command line.
#[derive(Clone, Copy, PartialEq)]
enum Method {
    Backprop,
    Numerical,
    Naive,
}

const METHODS: [(&str, Method); 3] =
    [("backprop", Method::Backprop), ("numerical", Method::Numerical), ("naive", Method::Naive)];

impl Method {
    fn with(self, h: f64) -> Box<dyn GradientMethod> {
        match self {
            Method::Backprop => Box::new(Backprop),
            Method::Numerical => Box::new(Incremental { h, loss: Book }),
            Method::Naive => Box::new(Naive { h, loss: Book }),
        }
    }

    fn description(self, h: f64, net: &TwoLayerNet) -> String {
        match self {
            Method::Backprop => "by backpropagation".to_string(),
            Method::Numerical => format!("by incremental central differences, h = {h:?}"),
            Method::Naive => {
                let losses = grouped(2 * net.params.count());
                format!("by {losses} losses an iteration, h = {h:?}")
            }
        }
    }
}

/// Runs the subcommand.
pub fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let arguments = match Arguments::parse(OPTIONS, arguments)? {
        Request::Help => return print(&help(OPENING, OPTIONS)),
        Request::Version => return version(),
        Request::Run(arguments) => arguments,
    };
    let method = arguments.choice("--gradient", Method::Backprop, &METHODS)?;
    let h = arguments.number("--h", H, 1e-12..=100.0)?;
    if method == Method::Backprop && arguments.get("--h").is_some() {
        let sentence = "--h: backpropagation has no h; choose --gradient numerical or naive";
        return Err(Failure::Usage(sentence.to_string()));
    }
    let settings = Settings {
        gradient: method.with(h),
        iterations: arguments.whole("--iterations", 10_000, 0..=1_000_000_000)? as usize,
        batch_size: arguments.whole("--batch-size", 100, 1..=60_000)? as usize,
        learning_rate: arguments.positive("--learning-rate", 0.1)?,
        threads: threads(&arguments)?,
    };
    let net = Net::of(&arguments)?;
    let seed = arguments.whole("--seed", 0, 0..=u64::MAX)?;

    net.fits(settings.batch_size, "--batch-size", settings.threads)?;
    let mut rng = random_stream(&arguments, seed)?;
    let init = arguments.path("--init", "a file")?;
    if init.is_some() && arguments.has(HIDDEN.name) {
        let sentence = "--hidden: the file of --init says how many hidden units there are";
        return Err(Failure::Usage(sentence.to_string()));
    }
    let save = arguments.path("--save", "a file")?;
    let record = arguments.path("--record", "a file")?;
    if save.is_some() && save == record {
        let sentence = "--record: expected another file than that of --save, found the same";
        return Err(Failure::Usage(sentence.to_string()));
    }

    // What can't be written at the end is to be known before the work.
    for path in [save, record].into_iter().flatten() {
        check_replaceable(path).map_err(|error| unwritable(path, &error))?;
    }
    let mut net = match init {
        Some(path) => {
            let loaded = net.loaded(path)?;
            let hidden = loaded.params.b1.len();
            Net { hidden, ..net }.fits(settings.batch_size, "--batch-size", settings.threads)?;
            loaded
        }
        None => net.first(&mut rng),
    };
    let loaded = Loaded::of(&arguments)?;
    let style = Style::of_stdout();
    print(&format!(
        "{}\n\n{}\n",
        introduction(&loaded, &net, &settings, &method.description(h, &net), seed),
        style.faint("iteration     loss    train     test  elapsed")
    ))?;

    let mut bar = Bar::new(settings.iterations);
    bar.show(0.0);
    let mut failure = None;
    let history = train(&mut net, &loaded.data, &settings, &mut rng, |event| {
        match event {
            Event::Gradient { iteration, done, total } => {
                bar.show(iteration as f64 + done as f64 / total as f64);
            }
            Event::Iteration { iteration, .. } => bar.show((iteration + 1) as f64),
            Event::Epoch { iteration, loss, accuracy: Accuracy { train, test } } => {
                bar.clear();
                let elapsed = bar.elapsed().as_secs_f64();
                let test = style.strong(&format!("{test:8.4}"));
                let line = format!("{iteration:9} {loss:8.4} {train:8.4} {test} {elapsed:6.1} s\n");
                if let Err(error) = print(&line) {
                    failure = Some(error);
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    });
    bar.clear();
    if let Some(failure) = failure {
        return Err(failure);
    }
    let history = history.map_err(|error| Failure::Error(error.to_string()))?;

    if let (Some(loss), Some((_, Accuracy { train, test }))) =
        (history.losses.last(), history.accuracies.last())
    {
        print(&format!(
            "\n{} in {:.1} s: last loss {loss:.4}, last accuracy {train:.4} in training and {test:.4} in the test\n",
            counted(history.losses.len(), "iteration"),
            bar.elapsed().as_secs_f64(),
        ))?;
    }
    if let Some(path) = save {
        save_parameters(path, &net.params).map_err(|error| unwritable(path, &error))?;
        let shown = path.display();
        let activation = match net.activation {
            Activation::Sigmoid => String::new(),
            other => format!(" --activation {other}"),
        };
        print(&format!(
            "parameters in {shown}: from-zero evaluate --params {shown}{activation}\n"
        ))?;
    }
    if let Some(path) = record {
        save_history(path, &history).map_err(|error| unwritable(path, &error))?;
        print(&format!("losses and accuracies in {}\n", path.display()))?;
    }
    Ok(())
}

/// The random numbers of the run.
fn random_stream(arguments: &Arguments, seed: u64) -> Result<Box<dyn Rng>, Failure> {
    let numpy = arguments.choice("--random", false, &[("xorshift", false), ("numpy", true)])?;
    if !numpy {
        return Ok(Box::new(Xorshift64Star::new(seed)));
    }
    let seed = u32::try_from(seed).map_err(|_| {
        Failure::Usage(format!(
            "--seed: expected a whole number from 0 to {} with --random numpy, found {seed}",
            u32::MAX
        ))
    })?;
    Ok(Box::new(RandomState::new(seed)))
}

/// Why a file could not be written.
fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Error(format!("can't write {}: {error}", path.display()))
}

/// What is about to happen, in three lines.
fn introduction(
    loaded: &Loaded,
    net: &TwoLayerNet,
    settings: &Settings,
    method: &str,
    seed: u64,
) -> String {
    let Loaded { data, folder, seconds } = loaded;
    format!(
        "data      {} and {} of {folder}, loaded in {seconds:.2} s\n\
         net       {}\n\
         training  {} on mini-batches of {}, learning rate {:?}, gradient {method}, seed {seed}, {}",
        counted(data.train.labels.len(), "training image"),
        counted(data.test.labels.len(), "test image"),
        described(net),
        counted(settings.iterations, "iteration"),
        grouped(settings.batch_size),
        settings.learning_rate,
        counted(settings.threads, "thread"),
    )
}
