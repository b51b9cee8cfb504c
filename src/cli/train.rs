//! `from-zero train`: trains the net of the chapter on MNIST. Sections 4.5.2 and 4.5.3.

use std::ffi::OsString;
use std::ops::ControlFlow;

use from_zero::ch04::s2_3_mini_batch::load_mnist;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_2_training::{Accuracy, Hyperparameters, train};
use from_zero::fast::memory::Work;
use from_zero::fast::methods::{Differences, GradientMethod};
use from_zero::fast::training::{EpochRule, Event, Settings, fast_train_with_reports};
use from_zero::formats::mnist::PIXELS;
use from_zero::numeric::numpy_random::RandomState;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::plot::report::{EARLY, Epochs, MOST_HIDDEN, Report};

use super::arguments::{Arguments, Opt, opt, print, say};
use super::options::{
    ACTIVATION, DATA, HIDDEN, Loaded, MOST_ITERATIONS, Net, THREADS, WEIGHT_INIT_STD, data_folder,
    described, fitting_threads, threads,
};
use super::outputs::{INIT, Outputs, RECORD, REPORT, SAVE, train_command};
use super::progress::Bar;
use super::summary::{Finished, fixed};
use super::text::{Style, counted, duration, escaped, grouped, wrapped};
use super::{Failure, Result, write_to_stderr};

const OPENING: &str = "\
Trains the two-layer net of chapter 4 of Deep Learning from Scratch on MNIST.

usage: from-zero [train] [options]

Prints one line per epoch: the iteration, the loss of its mini-batch, the accuracy on all training
images and on all test images, and the time since the start. Then it says how well the net reads.

With --plain it runs the chapters' own code, src/ch04, on one thread, and prints what the program of
section 4.5.3 prints. A line that you change there changes what is printed. Exit status: 0, 1 for a
failure, 2 for wrong arguments.
";

const OPTIONS: &[Opt] = &[
    DATA,
    opt("--gradient", "WORD", "backprop, numerical (incremental) or naive (the book's) [backprop]"),
    opt("--h", "X", "step h of the numerical and the naive gradient [0.0001]"),
    PLAIN,
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

const PLAIN: Opt = opt("--plain", "", "run the code of the chapters itself, on one thread");

/// The options that the chapters' own code has.
const OF_PLAIN: [&str; 11] = [
    "--plain",
    "--data",
    "--gradient",
    "--activation",
    "--hidden",
    "--weight-init-std",
    "--iterations",
    "--batch-size",
    "--learning-rate",
    "--seed",
    "--random",
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
    let plain = arguments.has(PLAIN.name);
    let hyperparameters = Hyperparameters {
        iterations: arguments.whole("--iterations", 10_000, 0..=MOST_ITERATIONS)? as usize,
        batch_size: arguments.whole("--batch-size", 100, 1..=MOST_ITERATIONS)? as usize,
        learning_rate: arguments.positive("--learning-rate", 0.1)?,
        numerical: method != "backprop",
    };
    let gradient = match method {
        "numerical" => GradientMethod::Incremental(Differences { h, ..Differences::default() }),
        "naive" => GradientMethod::Naive(Differences { h, ..Differences::default() }),
        _ => GradientMethod::Backprop,
    };
    let net = Net::from_options(&arguments)?;
    let (mut rng, mut stream, epochs) = random_stream(&arguments)?;
    let samplings = [("choice", false), ("shuffle", true)];
    let shuffle = arguments.choice("--sampling", false, &samplings)?;
    if shuffle {
        stream += ", each image once an epoch";
    }
    if plain {
        if let Some(option) =
            OPTIONS.iter().find(|o| arguments.has(o.name) && !OF_PLAIN.contains(&o.name))
        {
            let sentence = "the chapters' own code does not have this; leave out one of the two";
            return Err(Failure::Usage(format!("{}: with --plain, {sentence}", option.name)));
        }
        return train_plainly(&arguments, &net, &hyperparameters, &mut rng);
    }
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
    let outputs = Outputs::from_options(&arguments)?;
    let mut net = match init {
        Some(path) => net.loaded(path)?,
        None => net.initial(&mut rng),
    };
    let hidden = net.params.b1.len();
    if outputs.report.is_some() && hidden > MOST_HIDDEN {
        let expected = format!("a net of at most {MOST_HIDDEN} hidden units, for a page of 4 MB");
        return Err(Failure::usage(format!("--report: expected {expected}, found {hidden}")));
    }
    let losses = grouped(2 * net.params.count());
    let way = match method {
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
    if shuffle && hyperparameters.batch_size as u64 > images {
        return Err(Failure::Usage(format!(
            "--batch-size: with --sampling shuffle, expected at most the {} of an epoch, found {}",
            counted(images as usize, "training image"),
            hyperparameters.batch_size
        )));
    }
    let work = Work {
        hidden,
        samples: hyperparameters.batch_size,
        own_nets: method == "naive",
        sorted: method == "numerical",
    };
    let threads = fitting_threads(work, &data, "--batch-size", threads(&arguments)?)?;
    let is_kept = |iteration| EARLY.contains(&iteration);
    let settings = Settings { hyperparameters, gradient, threads, epochs, shuffle, is_kept };
    let [train, test] = [(&data.train, "training image"), (&data.test, "test image")]
        .map(|(part, what)| counted(part.labels.len(), what));
    let training = format!(
        "{} on mini-batches of {}, learning rate {:?}, gradient {way}, {stream}",
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
    let (mut nets, mut epoch_test) = (Epochs::default(), None);
    let history = fast_train_with_reports(&mut net, &data, &settings, &mut rng, |event| {
        match event {
            Event::Gradient { iteration, done, total } => {
                bar.show(iteration as f64 + done as f64 / total as f64);
            }
            Event::Iteration { iteration, .. } => bar.show((iteration + 1) as f64),
            Event::Net { iteration, net } => {
                if outputs.report.is_some() {
                    let test = epoch_test.filter(|(at, _)| *at == iteration).map(|(_, test)| test);
                    nets.keep(iteration, test, net);
                }
            }
            Event::Epoch { iteration, loss, accuracy: Accuracy { train, test } } => {
                epoch_test = Some((iteration, test));
                bar.clear();
                let elapsed = bar.started.elapsed().as_secs_f64();
                let test = style.strong(&format!("{test:8.4}"));
                let loss = fixed(loss, 4);
                let line = format!("{iteration:9} {loss:>8} {train:8.4} {test} {elapsed:6.1} s\n");
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
    if let Some(failure) = failure {
        return Err(failure);
    }
    let run = Finished { data: &data, settings: &settings, net: &net, history: &history, seconds };
    print(&run.summary())?;
    outputs.announce(&arguments, net.activation)?;
    print(&run.what_next(&outputs))
}

/// Trains with the functions of the chapters, and prints what the book's program prints.
fn train_plainly(
    arguments: &Arguments, net: &Net, hyperparameters: &Hyperparameters, rng: &mut Box<dyn Rng>,
) -> Result<()> {
    if arguments.get("--gradient").is_some_and(|word| word == "naive") {
        let sentence = "--gradient: with --plain, numerical is the book's; choose it or backprop";
        return Err(Failure::usage(sentence));
    }
    // The mini-batch, and a1 and z1 of all images, of 8 bytes each. With the images, which are plain
    // numbers here, too, so many of them need a gigabyte.
    let numbers = hyperparameters.batch_size * PIXELS + 3 * 60_000 * net.hidden;
    if numbers > 70_000_000 {
        let sentence = "--plain: expected less memory than a gigabyte; choose a smaller \
            --batch-size or --hidden, or leave out --plain";
        return Err(Failure::usage(sentence));
    }
    let data = load_mnist(&data_folder(arguments)?).map_err(Failure::error)?;
    let mut net = net.initial(rng);
    if hyperparameters.numerical {
        // One loss, to say how long the gradients will take.
        let mut trial = Xorshift64Star::new(0);
        let (x, t) = data.train.mini_batch(hyperparameters.batch_size, &mut trial);
        let start = std::time::Instant::now();
        net.loss(&x, &t);
        let losses = 2 * net.params.count();
        let gradient = start.elapsed().as_secs_f64() * losses as f64;
        let all = duration(gradient * hyperparameters.iterations as f64);
        write_to_stderr(format!(
            "{} losses for each gradient: about {} for one iteration, {all} for all",
            grouped(losses),
            duration(gradient)
        ));
    }
    let mut failure = None;
    let history = train(&mut net, &data, hyperparameters, rng, |_, Accuracy { train, test }| {
        let line = format!("train acc, test acc | {train}, {test}\n");
        failure = failure.take().or(say(&line).err());
    });
    match (failure, history.losses.last()) {
        (Some(failure), _) => Err(failure),
        (None, Some(loss)) if !loss.is_finite() => Err(Failure::Error(format!(
            "the loss became {loss}: try a smaller --learning-rate than {:?}",
            hyperparameters.learning_rate
        ))),
        _ => Ok(()),
    }
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
