//! `from-zero train`: the chapter's net learns the chapter's data. Sections 4.5.2 and 4.5.3.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use from_zero::formats::files::{check_replaceable, replace, resolved};
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
use from_zero::plot::report::{Report, page as page_of};

use super::Failure;
use super::arguments::{Arguments, Opt, Request, help, print, version};
use super::options::{
    ACTIVATION, DATA, HIDDEN, Loaded, Net, THREADS, data_files, described, threads,
};
use super::progress::Bar;
use super::text::{Style, chart, counted, escaped, grouped};
use super::unwritable;

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
    Opt {
        name: "--report",
        value: "FILE",
        help: "write a page (.html) about the run, with a square to draw digits in",
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
    let stream = format!("seed {seed}{}", if is_numpys(&arguments)? { " of NumPy" } else { "" });
    let init = arguments.path("--init", "a file")?;
    if init.is_some() && arguments.has(HIDDEN.name) {
        let sentence = "--hidden: the file of --init says how many hidden units there are";
        return Err(Failure::Usage(sentence.to_string()));
    }
    let save = arguments.path("--save", "a file")?;
    let record = arguments.path("--record", "a file")?;
    let report = arguments.path("--report", "a file")?;
    // What can't be written at the end is to be known before the work.
    let outputs = [("--save", save), ("--record", record), ("--report", report)];
    check_outputs(&outputs, init, &data_files(&arguments)?)?;
    if record.is_some() && settings.iterations > MOST_RECORDED {
        return Err(Failure::Usage(format!(
            "--record: expected at most {MOST_RECORDED} --iterations, found {}",
            settings.iterations
        )));
    }
    let mut net = match init {
        Some(path) => {
            let loaded = net.loaded(path)?;
            let hidden = loaded.params.b1.len();
            let net = Net { hidden, source: "the net of --init, with a hidden layer of", ..net };
            net.fits(settings.batch_size, "--batch-size", settings.threads)?;
            loaded
        }
        None => net.first(&mut rng),
    };
    let loaded = Loaded::of(&arguments)?;
    let style = Style::of_stdout();
    print(&format!(
        "{}\n\n{}\n",
        introduction(&loaded, &net, init, &settings, &method.description(h, &net), &stream),
        style.faint("iteration     loss    train     test  elapsed")
    ))?;

    let mut bar = Bar::new(settings.iterations);
    bar.show(0.0);
    let mut failure = None;
    let goes_on = outputs.iter().any(|(_, path)| path.is_some());
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
                if failure.is_none() {
                    failure = print(&line).err();
                }
                // Where nobody reads, only a file that is to be written is worth the work.
                if failure.is_some() && !goes_on {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    });
    bar.clear();
    let seconds = bar.elapsed().as_secs_f64();
    let history = history.map_err(|error| Failure::Error(error.to_string()))?;

    // First what must not be lost; each, also where another can't be written.
    let saved = save.map(|path| (path, save_parameters(path, &net.params)));
    let recorded = record.map(|path| (path, save_history(path, &history)));
    let reported = report.map(|path| {
        let page = Report {
            settings: &described_run(
                &loaded,
                &net,
                init,
                &settings,
                &method.description(h, &net),
                &stream,
            ),
            net: &net,
            history: &history,
            test: &loaded.data.test,
            threads: settings.threads,
        };
        (path, replace(path, page_of(&page).as_bytes()))
    });
    let files = [saved, recorded, reported];
    let unwritten: Vec<String> = (files.iter().flatten())
        .filter_map(|(path, result)| result.as_ref().err().map(|error| unwritable(path, error)))
        .collect();
    if !unwritten.is_empty() {
        return Err(Failure::Error(unwritten.join("; ")));
    }
    if let Some(failure) = failure {
        return Err(failure);
    }

    if let (Some(loss), Some((_, Accuracy { train, test }))) =
        (history.losses.last(), history.accuracies.last())
    {
        print(&format!(
            "\n{} in {seconds:.1} s: last loss {loss:.4}, last accuracy {train:.4} in training and {test:.4} in the test\n",
            counted(history.losses.len(), "iteration"),
        ))?;
        if io::stdout().is_terminal() && history.accuracies.len() > 1 {
            let accuracies: Vec<f64> = history.accuracies.iter().map(|(_, a)| a.test).collect();
            let title = match accuracies.len() {
                n if n <= MOST_COLUMNS => "a column an epoch".to_string(),
                n => format!("{MOST_COLUMNS} of {} epochs", grouped(n)),
            };
            let title = style.faint(&format!("  accuracy in the test, {title}"));
            print(&format!("\n{title}\n{}", chart(&accuracies, MOST_COLUMNS)))?;
        }
    }
    if let Some(path) = save {
        let command = evaluate_command(path, arguments.get(DATA.name), net.activation);
        print(&format!("parameters in {}{command}\n", escaped(&path.display().to_string())))?;
    }
    if let Some(path) = record {
        let name = escaped(&path.display().to_string());
        print(&format!("losses and accuracies in {name}\n"))?;
    }
    if let Some(path) = report {
        let name = escaped(&path.display().to_string());
        print(&format!(
            "a page about the run in {name}: open it in a browser, and draw a digit\n"
        ))?;
    }
    Ok(())
}

/// How many epochs the chart in the terminal shows at most.
const MOST_COLUMNS: usize = 32;

/// How many iterations are recorded at most: each is a number in the file.
const MOST_RECORDED: usize = 100_000_000;

/// Refuses files that can't be written; two of them that are one; one of the data set; and that of
/// `--init` for another than `--save`.
fn check_outputs(
    outputs: &[(&str, Option<&Path>)],
    init: Option<&Path>,
    data: &[PathBuf],
) -> Result<(), Failure> {
    let data = data.iter().filter_map(|path| resolved(path).ok());
    let mut taken: Vec<(&str, PathBuf)> = data.map(|path| (DATA.name, path)).collect();
    if let Some(init) = init.and_then(|init| resolved(init).ok()) {
        taken.push(("--init", init));
    }
    for &(option, path) in outputs {
        let Some(path) = path else {
            continue;
        };
        let cannot = |error| Failure::Error(unwritable(path, &error));
        check_replaceable(path).map_err(cannot)?;
        let target = resolved(path).map_err(cannot)?;
        let same = taken
            .iter()
            .find(|(other, taken)| *taken == target && (option, *other) != ("--save", "--init"));
        if let Some((other, _)) = same {
            return Err(Failure::Usage(format!(
                "{option}: expected another file than that of {other}, found the same"
            )));
        }
        taken.push((option, target));
    }
    Ok(())
}

/// `: from-zero evaluate --params net.npz`, if a shell would take the names as they are.
fn evaluate_command(path: &Path, data: Option<&OsStr>, activation: Activation) -> String {
    let plain = |name: &OsStr| {
        let is_plain = |c: char| c.is_alphanumeric() || "._-/+".contains(c);
        name.to_str()
            .filter(|name| name.chars().all(is_plain) && !name.starts_with('-'))
            .map(str::to_string)
    };
    let Some(name) = plain(path.as_os_str()) else {
        return String::new();
    };
    let mut command = format!(": from-zero evaluate --params {name}");
    if activation != Activation::Sigmoid {
        command += &format!(" --activation {activation}");
    }
    match data.map(plain) {
        None => command,
        Some(Some(data)) => format!("{command} --data {data}"),
        Some(None) => String::new(),
    }
}

/// Whether the random numbers are to be NumPy's.
fn is_numpys(arguments: &Arguments) -> Result<bool, Failure> {
    arguments.choice("--random", false, &[("xorshift", false), ("numpy", true)])
}

/// The random numbers of the run.
fn random_stream(arguments: &Arguments, seed: u64) -> Result<Box<dyn Rng>, Failure> {
    if !is_numpys(arguments)? {
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

/// What was asked for, for the page.
fn described_run(
    loaded: &Loaded,
    net: &TwoLayerNet,
    init: Option<&Path>,
    settings: &Settings,
    method: &str,
    stream: &str,
) -> Vec<(&'static str, String)> {
    let Settings { iterations, batch_size, learning_rate, .. } = settings;
    let Loaded { data, folder, .. } = loaded;
    let first = match init {
        None => "weights from N(0, 0.01²), biases 0".to_string(),
        Some(path) => format!("the parameters of {}", path.display()),
    };
    vec![
        (
            "data",
            format!(
                "{} and {} of {folder}",
                counted(data.train.labels.len(), "training image"),
                counted(data.test.labels.len(), "test image")
            ),
        ),
        ("net", described(net)),
        ("at first", first),
        ("training", counted(*iterations, "iteration")),
        ("mini-batch", counted(*batch_size, "image")),
        ("learning rate", format!("{learning_rate:?}")),
        ("gradient", method.to_string()),
        ("random numbers", stream.to_string()),
    ]
}

/// What is about to happen, in three lines.
fn introduction(
    loaded: &Loaded,
    net: &TwoLayerNet,
    init: Option<&Path>,
    settings: &Settings,
    method: &str,
    stream: &str,
) -> String {
    let origin =
        init.map_or(String::new(), |path| format!(" of {}", escaped(&path.display().to_string())));
    let Loaded { data, folder, seconds } = loaded;
    format!(
        "data      {} and {} of {folder}, loaded in {seconds:.2} s\n\
         net       {}{origin}\n\
         training  {} on mini-batches of {}, learning rate {:?}, gradient {method}, {stream}, {}",
        counted(data.train.labels.len(), "training image"),
        counted(data.test.labels.len(), "test image"),
        described(net),
        counted(settings.iterations, "iteration"),
        grouped(settings.batch_size),
        settings.learning_rate,
        counted(settings.threads, "thread"),
    )
}
