//! `from-zero train`: trains the net of the chapter on MNIST. Sections 4.5.2 and 4.5.3.

use std::ffi::OsString;
use std::ops::ControlFlow;

use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_1_two_layer_net::TwoLayerNet;
use from_zero::ch04::s5_2_training::{Accuracy, History, Hyperparameters};
use from_zero::fast::evaluation::fast_accuracy;
use from_zero::fast::incremental::Incremental;
use from_zero::fast::methods::{Backprop, GradientMethod};
use from_zero::fast::mini_batch::CompressedMnist;
use from_zero::fast::numerical_gradient::Naive;
use from_zero::fast::training::{EpochRule, Event, Settings, fast_train_with_reports};
use from_zero::fast::two_layer_net::CrossEntropy::Book;
use from_zero::numeric::numpy_random::RandomState;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::plot::report::{Epochs, MOST_HIDDEN, Report};

use super::arguments::{Arguments, Opt, opt, print};
use super::options::{
    ACTIVATION, DATA, HIDDEN, Loaded, MOST_ITERATIONS, Net, THREADS, WEIGHT_INIT_STD, described,
    threads,
};
use super::outputs::{INIT, Outputs, RECORD, REPORT, SAVE, train_command};
use super::progress::Bar;
use super::text::{Style, counted, escaped, grouped, wrapped};
use super::{Failure, Result};

const OPENING: &str = "\
Trains the two-layer net of chapter 4 of Deep Learning from Scratch on MNIST.

usage: from-zero [train] [options]

Prints one line per epoch: the iteration, the loss of its mini-batch, the accuracy on all training
images and on all test images, and the time since the start. Exit status: 0, 1 for a failure, 2 for
wrong arguments.
";

const OPTIONS: &[Opt] = &[
    DATA,
    opt("--gradient", "WORD", "backprop, numerical (incremental) or naive (the book's) [backprop]"),
    opt("--h", "X", "step h of the numerical and the naive gradient [0.0001]"),
    ACTIVATION,
    HIDDEN,
    WEIGHT_INIT_STD,
    opt("--train-images", "N", "learn from the first N training images only [all]"),
    opt("--sampling", "WORD", "choice (the book's) or shuffle (each image once an epoch) [choice]"),
    opt("--iterations", "N", "number of updates [10000]"),
    opt("--batch-size", "N", "images per mini-batch [100]"),
    opt("--learning-rate", "X", "an update subtracts this number times the gradient [0.1]"),
    opt("--seed", "N", "seed of weights and mini-batches; it determines the result exactly [0]"),
    opt("--random", "STREAM", "random numbers: xorshift, or numpy as in the book [xorshift]"),
    INIT,
    SAVE,
    RECORD,
    REPORT,
    THREADS,
];

pub fn run(words: &[OsString]) -> Result<()> {
    let Some(arguments) = Arguments::parse(OPENING, OPTIONS, words)? else { return Ok(()) };
    let methods = ["backprop", "numerical", "naive"].map(|word| (word, word));
    let method = arguments.choice("--gradient", "backprop", &methods)?;
    let h = arguments.number("--h", H, 1e-12..=100.0)?;
    if method == "backprop" && arguments.has("--h") {
        let sentence = "--h: backpropagation has no h; choose --gradient numerical or naive";
        return Err(Failure::usage(sentence));
    }
    // The numerical gradient keeps the pixels of a mini-batch sorted: 12 kB for each image.
    let most_samples = if method == "numerical" { 20_000 } else { 60_000 };
    let hyperparameters = Hyperparameters {
        iterations: arguments.whole("--iterations", 10_000, 0..=MOST_ITERATIONS)? as usize,
        batch_size: arguments.whole("--batch-size", 100, 1..=most_samples)? as usize,
        learning_rate: arguments.positive("--learning-rate", 0.1)?,
    };
    let gradient: Box<dyn GradientMethod> = match method {
        "numerical" => Box::new(Incremental(Naive { h, loss: Book })),
        "naive" => Box::new(Naive { h, loss: Book }),
        _ => Box::new(Backprop),
    };
    let net = Net::from_options(&arguments)?;
    let (mut rng, mut stream, epochs) = random_stream(&arguments)?;
    let samplings = [("choice", false), ("shuffle", true)];
    let shuffle = arguments.choice("--sampling", false, &samplings)?;
    if shuffle {
        stream += ", each image once an epoch";
    }
    let threads = threads(&arguments)?;
    let settings = Settings { hyperparameters, gradient, threads, epochs, shuffle };
    let init = arguments.path(INIT.name, "a file")?;
    for (option, of_file) in [(HIDDEN, "number of hidden units"), (WEIGHT_INIT_STD, "weights")] {
        if init.is_some() && arguments.has(option.name) {
            let sentence = format!("{}: the file of --init determines the {of_file}", option.name);
            return Err(Failure::Usage(sentence));
        }
    }
    let start = match init {
        None => format!("weights from N(0, {:?}²), biases 0", net.weight_init_std),
        Some(path) => format!("the parameters of {}", escaped(&path.display().to_string())),
    };
    let fits = |net: &Net| net.fits(hyperparameters.batch_size, "--batch-size", settings.threads);
    if init.is_none() {
        fits(&net)?;
    }
    let outputs = Outputs::from_options(&arguments)?;
    let mut net = match init {
        Some(path) => {
            let loaded = net.loaded(path)?;
            fits(&Net { hidden: loaded.params.b1.len(), ..net })?;
            loaded
        }
        None => net.initial(&mut rng),
    };
    let hidden = net.params.b1.len();
    if outputs.report.is_some() && hidden > MOST_HIDDEN {
        let expected = format!("a net of at most {MOST_HIDDEN} hidden units, for a page of 4 MB");
        return Err(Failure::usage(format!("--report: expected {expected}, found {hidden}")));
    }
    let losses = grouped(2 * net.params.count());
    let gradient = match method {
        "numerical" => format!("by incremental central differences, h = {h:?}"),
        "naive" => format!("by {losses} losses per iteration, h = {h:?}"),
        _ => "by backpropagation".to_string(),
    };
    let Loaded { mut data, folder, seconds } = Loaded::load(&arguments)?;
    let all = data.train.labels.len() as u64;
    let images = arguments.whole("--train-images", all, 1..=all)?;
    if images < all {
        data.train = data.train.first(images as usize);
    }
    let [train, test] = [(&data.train, "training image"), (&data.test, "test image")]
        .map(|(part, what)| counted(part.labels.len(), what));
    let training = format!(
        "{} on mini-batches of {}, learning rate {:?}, gradient {gradient}, {stream}",
        counted(hyperparameters.iterations, "iteration"),
        grouped(hyperparameters.batch_size),
        hyperparameters.learning_rate,
    );
    // For the terminal and the page. What depends on the machine is not in the page.
    let mut facts = vec![
        ("data", format!("{train} and {test} of {folder}")),
        ("net", described(&net)),
        ("start", start),
        ("training", training),
    ];
    let mut lines: Vec<String> =
        facts.iter().map(|(name, value)| format!("{name:<10}{value}")).collect();
    lines[0] += &format!(", loaded in {seconds:.2} s");
    lines[3] += &format!(", {}", counted(threads, "thread"));
    let lines: String = lines.iter().map(|line| wrapped(line, 10) + "\n").collect();
    let style = Style::of_stdout();
    let header = style.faint("iteration     loss    train     test  elapsed");
    // If nobody reads the output, the run continues only if files will be written.
    let mut failure = match print(&format!("{lines}\n{header}\n")) {
        Err(failure) if outputs.is_empty() => return Err(failure),
        printed => printed.err(),
    };
    let mut bar = Bar::new(hyperparameters.iterations);
    bar.show(0.0);
    let mut nets = Epochs::default();
    let history = fast_train_with_reports(&mut net, &data, &settings, &mut rng, |event| {
        match event {
            Event::Gradient { iteration, done, total } => {
                bar.show(iteration as f64 + done as f64 / total as f64);
            }
            Event::Iteration { iteration, .. } => bar.show((iteration + 1) as f64),
            Event::Epoch { iteration, loss, accuracy: Accuracy { train, test }, net } => {
                if outputs.report.is_some() {
                    nets.keep(iteration, Some(test), net);
                }
                bar.clear();
                let elapsed = bar.started.elapsed().as_secs_f64();
                let test = style.strong(&format!("{test:8.4}"));
                let line = format!("{iteration:9} {loss:8.4} {train:8.4} {test} {elapsed:6.1} s\n");
                if failure.is_none() {
                    failure = print(&line).err();
                }
                if failure.is_some() && outputs.is_empty() {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    });
    bar.clear();
    let seconds = bar.started.elapsed().as_secs_f64();
    let history = history.map_err(Failure::error)?;

    // The files come first: they must not be lost if printing fails.
    facts.push(("command", train_command(words)));
    outputs.write(&Report {
        settings: &facts,
        net: &net,
        epochs: &nets,
        history: &history,
        train: &data.train,
        test: &data.test,
        threads,
    })?;
    match failure {
        Some(failure) => return Err(failure),
        None => print(&summary(&data, &settings, &net, &history, seconds).unwrap_or_default())?,
    }
    outputs.announce(&arguments, net.activation)
}

/// The last loss, and the accuracy of the net at the end. `None` for a run without iterations.
fn summary(
    data: &CompressedMnist,
    settings: &Settings,
    net: &TwoLayerNet,
    history: &History,
    seconds: f64,
) -> Option<String> {
    let losses = &history.losses;
    let loss = losses.last()?;
    // The history has the accuracy after the first update of each epoch, as in the book. If that is
    // not the last update, the net is evaluated once more.
    let evaluate = |part| fast_accuracy(net, part, settings.threads);
    let Accuracy { train, test } = match history.accuracies.last() {
        Some(&(iteration, accuracy)) if iteration + 1 == losses.len() => accuracy,
        _ => Accuracy { train: evaluate(&data.train), test: evaluate(&data.test) },
    };
    let line = format!(
        "{} in {seconds:.1} s: last loss {loss:.4}, accuracy at the end {train:.4} in training and \
         {test:.4} in the test\n",
        counted(losses.len(), "iteration"),
    );
    let mut text = format!("\n{}", wrapped(&line, 2));
    let start: f64 = losses.iter().take(100).sum();
    let end: f64 = losses.iter().rev().take(100).sum();
    if losses.len() >= 500 && end > 0.95 * start {
        let rate = settings.hyperparameters.learning_rate;
        let line = format!("The loss did not fall: try another --learning-rate than {rate:?}.\n");
        text += &Style::of_stdout().wrong(&line);
    }
    Some(text)
}

/// The random numbers of the run, where they come from, in words, and when the accuracy is
/// measured.
fn random_stream(arguments: &Arguments) -> Result<(Box<dyn Rng>, String, EpochRule)> {
    let seed = arguments.whole("--seed", 0, 0..=u64::MAX)?;
    let numpy = arguments.choice("--random", false, &[("xorshift", false), ("numpy", true)])?;
    if !numpy {
        let rng = Box::new(Xorshift64Star::new(seed));
        return Ok((rng, format!("seed {seed}"), EpochRule::Whole));
    }
    let most = u32::MAX;
    let expected = format!("expected a whole number from 0 to {most} with --random numpy");
    let seed = u32::try_from(seed)
        .map_err(|_| Failure::usage(format!("--seed: {expected}, found {seed}")))?;
    let rng = Box::new(RandomState::new(seed));
    Ok((rng, format!("seed {seed} of NumPy"), EpochRule::Book))
}
