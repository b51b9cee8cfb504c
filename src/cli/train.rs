//! `from-zero train`: trains the net of the chapter on MNIST. Sections 4.5.2 and 4.5.3.

use std::ffi::OsString;
use std::ops::ControlFlow;
use std::time::Instant;

use from_zero::ch04::s2_3_mini_batch::load_mnist;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_2_training::{Accuracy, Hyperparameters, train};
use from_zero::fast::memory::Work;
use from_zero::fast::methods::Differences;
use from_zero::fast::methods::GradientMethod::{Backprop, Incremental, Naive};
use from_zero::fast::training::{Event, Settings, fast_train_with_reports};
use from_zero::formats::mnist::PIXELS;
use from_zero::numeric::numpy_random::RandomState;
use from_zero::numeric::random::{Rng, Xorshift64Star};
use from_zero::plot::report::{EARLY, Epochs, MOST_HIDDEN, Report};

use super::arguments::{Arguments, Opt, opt, print, say};
use super::options::{
    ACTIVATION, DATA, HIDDEN, Loaded, MOST_ITERATIONS, Net, THREADS, WEIGHT_INIT_STD, data_folder,
    described, fitting_threads, load,
};
use super::outputs::{INIT, Outputs, RECORD, REPORT, SAVE, train_command};
use super::progress::Bar;
use super::summary::{fixed, summary, what_next};
use super::text::{Style, counted, duration, grouped, shown, wrapped};
use super::{Result, failed, usage, write_to_stderr};

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

/// The options that the chapters' own code does not have.
const NOT_PLAIN: &str = "--h --train-images --sampling --init --save --record --report --threads";

pub fn run(words: &[OsString]) -> Result<()> {
    let arguments = Arguments::parse(include_str!("help/train.txt"), OPTIONS, words)?;
    let h = arguments.number("--h", H, 1e-12..=100.0)?;
    let differences = Differences { h, ..Differences::default() };
    let (incremental, naive) = (Incremental(differences), Naive(differences));
    let methods = [("backprop", Backprop), ("numerical", incremental), ("naive", naive)];
    let gradient = arguments.choice("--gradient", Backprop, &methods)?;
    if gradient == Backprop && arguments.has("--h") {
        return usage("--h: backpropagation has no h; choose --gradient numerical or naive");
    }
    let iterations = arguments.whole("--iterations", 10_000, 0..=MOST_ITERATIONS)? as usize;
    let batch_size = arguments.whole("--batch-size", 100, 1..=MOST_ITERATIONS)? as usize;
    let learning_rate = arguments.positive("--learning-rate", 0.1)?;
    let numerical = gradient != Backprop;
    let hyperparameters = Hyperparameters { iterations, batch_size, learning_rate, numerical };
    let net = Net::from_options(&arguments)?;
    let of_numpy = arguments.choice("--random", false, &[("xorshift", false), ("numpy", true)])?;
    let (mut rng, mut stream) = random_stream(&arguments, of_numpy)?;
    let shuffle = arguments.choice("--sampling", false, &[("choice", false), ("shuffle", true)])?;
    if shuffle {
        stream += ", each image once an epoch";
    }
    if arguments.has(PLAIN.name) {
        return train_plainly(&arguments, &net, &hyperparameters, &mut rng);
    }
    let init = arguments.path(INIT.name, "a file")?;
    for (option, of_file) in [(HIDDEN, "number of hidden units"), (WEIGHT_INIT_STD, "weights")] {
        if init.is_some() && arguments.has(option.name) {
            let option = option.name;
            return usage(format!("{option}: the file of --init determines the {of_file}"));
        }
    }
    let outputs = Outputs::from_options(&arguments)?;
    let (start, mut net) = match init {
        Some(path) => (format!("the parameters of {}", shown(path)), net.loaded(path)?),
        None => {
            let start = format!("weights from N(0, {:?}²), biases 0", net.weight_init_std);
            (start, net.initial(&mut rng))
        }
    };
    let hidden = net.params.b1.len();
    if outputs.report.is_some() && hidden > MOST_HIDDEN {
        let expected = format!("a net of at most {MOST_HIDDEN} hidden units, for a page of 4 MB");
        return usage(format!("--report: expected {expected}, found {hidden}"));
    }
    let losses = grouped(2 * net.params.count());
    let way = match gradient {
        Backprop => "by backpropagation".to_string(),
        Incremental(_) => format!("by incremental central differences, h = {h:?}"),
        Naive(_) => format!("by {losses} losses per iteration, h = {h:?}"),
    };
    let Loaded { mut data, folder, seconds } = load(&arguments)?;
    let all = data.train.labels.len() as u64;
    let images = arguments.whole("--train-images", all, 1..=all)?;
    if images < all {
        data.train = data.train.first(images as usize);
    }
    if shuffle && batch_size as u64 > images {
        let most = counted(images as usize, "training image");
        return usage(format!(
            "--batch-size: with --sampling shuffle, expected at most the {most} of an epoch, found \
             {batch_size}"
        ));
    }
    let (own_nets, sorted) = (gradient == naive, gradient == incremental);
    let work = Work { hidden, samples: batch_size, own_nets, sorted };
    let threads = fitting_threads(&arguments, work, &data, "--batch-size")?;
    let settings = Settings {
        hyperparameters,
        gradient,
        threads,
        epochs_of_the_book: of_numpy,
        shuffle,
        is_kept: |iteration| EARLY.contains(&iteration),
    };
    let [train, test] = [(&data.train, "training image"), (&data.test, "test image")]
        .map(|(part, what)| counted(part.labels.len(), what));
    let (updates, images) = (counted(iterations, "iteration"), grouped(batch_size));
    let training = format!(
        "{updates} on mini-batches of {images}, learning rate {learning_rate:?}, gradient {way}, {stream}"
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
    let mut printed = print(&format!("{lines}\n{header}\n"));
    if printed.is_err() && outputs.is_empty() {
        return printed;
    }
    let mut bar = Bar::new(iterations);
    bar.show(0.0);
    let mut epochs = Epochs::default();
    let with_page = outputs.report.is_some();
    let history = fast_train_with_reports(&mut net, &data, &settings, &mut rng, |event| {
        match event {
            Event::Gradient { iteration, done, total } => {
                bar.show(iteration as f64 + done as f64 / total as f64);
            }
            Event::Iteration { iteration, .. } => bar.show((iteration + 1) as f64),
            Event::Kept { iteration, net } if with_page => epochs.keep(iteration, None, net),
            Event::Kept { .. } => {}
            Event::Epoch { iteration, loss, accuracy: Accuracy { train, test }, net } => {
                if with_page {
                    epochs.keep(iteration, Some(test), net);
                }
                bar.clear();
                let elapsed = bar.started.elapsed().as_secs_f64();
                let test = style.strong(&format!("{test:8.4}"));
                let loss = fixed(loss, 4);
                let line = format!("{iteration:9} {loss:>8} {train:8.4} {test} {elapsed:6.1} s\n");
                if printed.is_ok() {
                    printed = print(&line);
                }
                if printed.is_err() && outputs.is_empty() {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    });
    bar.clear();
    let seconds = bar.started.elapsed().as_secs_f64();
    let history = history.or_else(failed)?;

    facts.push(("command", train_command(words)));
    let (net, epochs, history, train, test) = (&net, &epochs, &history, &data.train, &data.test);
    let run = Report { settings: &facts, net, epochs, history, train, test, threads };
    // The files come first: they must not be lost if printing fails.
    outputs.write(&run)?;
    printed?;
    print(&summary(&run, learning_rate, seconds))?;
    outputs.announce(&arguments, net.activation)?;
    // The files have commands of their own.
    if iterations > 0 && outputs.is_empty() { print(&what_next()) } else { Ok(()) }
}

/// Trains with the functions of the chapters, and prints what the book's program prints.
fn train_plainly(
    arguments: &Arguments, net: &Net, hyperparameters: &Hyperparameters, rng: &mut Box<dyn Rng>,
) -> Result<()> {
    let &Hyperparameters { iterations, batch_size, learning_rate, numerical } = hyperparameters;
    if let Some(option) = NOT_PLAIN.split(' ').find(|option| arguments.has(option)) {
        return usage(format!(
            "{option}: with --plain, the chapters' own code does not have this; leave out one of the two"
        ));
    }
    if arguments.get("--gradient").is_some_and(|word| word == "naive") {
        return usage("--gradient: with --plain, numerical is the book's; choose it or backprop");
    }
    // The mini-batch, and a1 and z1 of all images. With the images, so many need a gigabyte.
    let numbers = batch_size * PIXELS + 3 * 60_000 * net.hidden;
    if numbers > 70_000_000 {
        return usage(
            "--plain: expected less memory than a gigabyte; choose a smaller --batch-size or \
             --hidden, or leave out --plain",
        );
    }
    let data = load_mnist(&data_folder(arguments)?).or_else(failed)?;
    let mut net = net.initial(rng);
    if numerical {
        // One loss, to say how long the gradients will take.
        let (x, t) = data.train.mini_batch(batch_size, &mut Xorshift64Star::new(0));
        let start = Instant::now();
        net.loss(&x, &t);
        let losses = 2 * net.params.count();
        let seconds = start.elapsed().as_secs_f64() * losses as f64;
        let (once, all) = (duration(seconds), duration(seconds * iterations as f64));
        let losses = grouped(losses);
        write_to_stderr(format!(
            "{losses} losses for each gradient: about {once} for one iteration, {all} for all"
        ));
    }
    let mut printed = Ok(());
    let history = train(&mut net, &data, hyperparameters, rng, |_, Accuracy { train, test }| {
        if printed.is_ok() {
            printed = say(&format!("train acc, test acc | {train}, {test}\n"));
        }
    });
    printed?;
    match history.losses.last() {
        Some(loss) if !loss.is_finite() => failed(format!(
            "the loss became {loss}: try a smaller --learning-rate than {learning_rate:?}"
        )),
        _ => Ok(()),
    }
}

/// The random numbers of the run, and where they come from, in words.
fn random_stream(arguments: &Arguments, of_numpy: bool) -> Result<(Box<dyn Rng>, String)> {
    let seed = arguments.whole("--seed", 0, 0..=u64::MAX)?;
    if !of_numpy {
        return Ok((Box::new(Xorshift64Star::new(seed)), format!("seed {seed}")));
    }
    let expected = format!("expected a whole number from 0 to {} with --random numpy", u32::MAX);
    let seed =
        u32::try_from(seed).or_else(|_| usage(format!("--seed: {expected}, found {seed}")))?;
    Ok((Box::new(RandomState::new(seed)), format!("seed {seed} of NumPy")))
}
