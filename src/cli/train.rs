//! `from-zero train`: the chapter's net learns the chapter's data. Sections 4.5.2 and 4.5.3.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use from_zero::learning::differentiation::H;
use from_zero::learning::gradient::{Backprop, GradientMethod};
use from_zero::learning::incremental::Incremental;
use from_zero::learning::loss::DELTA;
use from_zero::learning::mnist::{CLASSES, Mnist, MnistError, PIXELS};
use from_zero::learning::naive::Naive;
use from_zero::learning::training::{Accuracy, Event, Settings, train};
use from_zero::learning::two_layer_net::TwoLayerNet;
use from_zero::numeric::random::Xorshift64Star;

use super::Failure;
use super::arguments::{Arguments, Opt, Request, help, print};
use super::progress::{Bar, counted, grouped, terminal_is_dumb};

const OPENING: &str = "\
Trains the two-layer net of chapter 4 of Deep Learning from Scratch on MNIST.

usage: from-zero [train] [options]

Prints a line each epoch: iteration, loss of its mini-batch, accuracy on all training and on all
test images, seconds since the start. Exit status: 0, 1 for a failure, 2 for wrong arguments.
";

const OPTIONS: &[Opt] = &[
    Opt {
        name: "--data",
        value: "DIR",
        help: "folder of the four MNIST files [$MNIST_DIR or fixtures/mnist]",
    },
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
    Opt { name: "--iterations", value: "N", help: "how many updates [10000]" },
    Opt { name: "--batch-size", value: "N", help: "images in a mini-batch [100]" },
    Opt { name: "--learning-rate", value: "X", help: "how far to go against the gradient [0.1]" },
    Opt { name: "--hidden", value: "N", help: "units in the hidden layer [50]" },
    Opt {
        name: "--seed",
        value: "N",
        help: "for weights and mini-batches: same seed, same bits [0]",
    },
    Opt {
        name: "--threads",
        value: "N",
        help: "threads that share the work; the result stays the same [all cores]",
    },
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
            Method::Numerical => Box::new(Incremental { h, delta: DELTA }),
            Method::Naive => Box::new(Naive { h }),
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

/// The most numbers that the hidden layer may have, over all images of a mini-batch.
const LARGEST_LAYER: usize = 20_000_000;

/// The standard deviation of the first weights, as the book has it.
const WEIGHT_INIT_STD: f64 = 0.01;

/// Runs the subcommand.
pub fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let arguments = match Arguments::parse(OPTIONS, arguments)? {
        Request::Help => return print(&help(OPENING, OPTIONS)),
        Request::Version => {
            return print(concat!("from-zero ", env!("CARGO_PKG_VERSION"), "\n"));
        }
        Request::Run(arguments) => arguments,
    };
    let method = arguments.choice("--gradient", Method::Backprop, &METHODS)?;
    let h = arguments.number("--h", H, 1e-12..=100.0)?;
    if method == Method::Backprop && arguments.get("--h").is_some() {
        let sentence = "--h: backpropagation has no h; choose --gradient numerical or naive";
        return Err(Failure::Usage(sentence.to_string()));
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let settings = Settings {
        gradient: method.with(h),
        iterations: arguments.whole("--iterations", 10_000, 0..=1_000_000_000)? as usize,
        batch_size: arguments.whole("--batch-size", 100, 1..=60_000)? as usize,
        learning_rate: arguments.positive("--learning-rate", 0.1)?,
        threads: arguments.whole("--threads", cores as u64, 1..=1_024)? as usize,
    };
    let hidden = arguments.whole("--hidden", 50, 1..=10_000)? as usize;
    let seed = arguments.whole("--seed", 0, 0..=u64::MAX)?;

    if settings.batch_size * hidden > LARGEST_LAYER {
        return Err(Failure::Usage(format!(
            "--batch-size {} with --hidden {hidden}: expected a product of at most {LARGEST_LAYER}, \
             which take a gigabyte of memory",
            settings.batch_size
        )));
    }

    let folder = data_folder(arguments.get("--data"))?;
    let start = Instant::now();
    let data = Mnist::load(&folder).map_err(unloaded)?;
    let loaded = start.elapsed().as_secs_f64();

    let mut rng = Xorshift64Star::new(seed);
    let mut net = TwoLayerNet::new(PIXELS, hidden, CLASSES, WEIGHT_INIT_STD, &mut rng);
    let style = Style::of_stdout();
    print(&format!(
        "{}\n\n{}\n",
        introduction(&folder, &data, loaded, &net, &settings, &method.description(h, &net), seed),
        style.faint("iteration     loss    train     test  elapsed")
    ))?;

    let mut bar = Bar::new(settings.iterations);
    bar.show(0.0);
    let mut failure = None;
    let history = train(&mut net, &data, &settings, &mut rng, |event| {
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
    Ok(())
}

/// What is about to happen, in three lines.
fn introduction(
    folder: &Path,
    data: &Mnist,
    loaded: f64,
    net: &TwoLayerNet,
    settings: &Settings,
    method: &str,
    seed: u64,
) -> String {
    // As short as it can be: where the folder lies below this one, from here.
    let here = env::current_dir().unwrap_or_default();
    let below = folder.strip_prefix(here).ok();
    let folder = below.filter(|below| !below.as_os_str().is_empty()).unwrap_or(folder);
    format!(
        "data      {} and {} of {}, loaded in {loaded:.2} s\n\
         net       {PIXELS} inputs, {} (sigmoid), {CLASSES} classes (softmax): {}\n\
         training  {} on mini-batches of {}, learning rate {:?}, gradient {method}, seed {seed}, {}",
        counted(data.train.labels.len(), "training image"),
        counted(data.test.labels.len(), "test image"),
        folder.display(),
        counted(net.params.b1.len(), "hidden unit"),
        counted(net.params.count(), "parameter"),
        counted(settings.iterations, "iteration"),
        grouped(settings.batch_size),
        settings.learning_rate,
        counted(settings.threads, "thread"),
    )
}

/// `--data`, or `MNIST_DIR`, or the fixtures of the checkout that we are in or that we were built in.
fn data_folder(option: Option<&OsStr>) -> Result<PathBuf, Failure> {
    const FIXTURES: &str = "fixtures/mnist";
    if let Some(folder) = option {
        return match folder.is_empty() {
            true => Err(Failure::Usage("--data: expected a folder, found ''".to_string())),
            false => Ok(folder.into()),
        };
    }
    if let Some(folder) = env::var_os("MNIST_DIR").filter(|folder| !folder.is_empty()) {
        return Ok(folder.into());
    }
    let starts = [env::current_dir(), env::current_exe()];
    let candidates = starts.iter().flatten().flat_map(|start| start.ancestors());
    let mut folders = candidates.map(|folder| folder.join(FIXTURES));
    let found = folders.find(|folder| folder.is_dir());
    Ok(found.unwrap_or_else(|| FIXTURES.into()))
}

/// Where the data were not found, how to say where they are.
fn unloaded(error: MnistError) -> Failure {
    Failure::Error(match error {
        MnistError::Missing { .. } => {
            format!("{error}; name their folder with --data DIR or in MNIST_DIR")
        }
        _ => error.to_string(),
    })
}

/// Colours, where standard output is a terminal that has them and `NO_COLOR` is not set or empty
/// (no-color.org).
struct Style {
    colour: bool,
}

impl Style {
    fn of_stdout() -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colour: io::stdout().is_terminal() && !refused && !terminal_is_dumb() }
    }

    fn faint(&self, text: &str) -> String {
        self.wrap("2", text)
    }

    fn strong(&self, text: &str) -> String {
        self.wrap("1", text)
    }

    fn wrap(&self, code: &str, text: &str) -> String {
        match self.colour {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_string(),
        }
    }
}
