//! `from-zero check`: do the three gradients agree? Section 5.7.3. And why h = 1e-4, and why a
//! loss at all?

use std::ffi::OsString;

use from_zero::beyond::incremental::Incremental;
use from_zero::beyond::verdict::{
    Comparison, LargestDifference, Verdict, crossed_kinks, rounding_error_of_loss,
};
use from_zero::beyond::why_loss::{gradient_of_accuracy, gradient_with_step, nudge_bias};
use from_zero::beyond::why_step_size::{Errors, errors_against_h};
use from_zero::ch04::s2_1_loss::{CrossEntropy, DELTA, pick_label_columns};
use from_zero::ch04::s2_4_targets::Labels;
use from_zero::ch04::s3_differentiation::H;
use from_zero::ch04::s5_1_two_layer_net::{Parameters, TwoLayerNet};
use from_zero::fast::compressed::{Batch, BatchInput};
use from_zero::fast::methods::GradientMethod;
use from_zero::fast::numerical_gradient::Naive;
use from_zero::fast::training::Settings;
use from_zero::fast::two_layer_net::{gradient, predict};
use from_zero::fast::workers::Workers;
use from_zero::formats::mnist::CLASSES;
use from_zero::numeric::random::Xorshift64Star;

use super::Failure;
use super::arguments::{Arguments, Opt, say};
use super::options::{
    ACTIVATION, DATA, HIDDEN, Loaded, MOST_ITERATIONS, Net, THREADS, described, threads,
};
use super::progress::{Bar, train_with_bar};
use super::text::{Style, counted, grouped};

const OPENING: &str = "\
Holds the three gradients against one another on real images: naive and incremental central
differences, and backpropagation.

usage: from-zero check [options]

For W1, b1, W2 and b2 the mean |difference|, as the book prints it, and the largest absolute and
relative difference with their places. A relative difference, less what the rounding of the losses
explains, is good up to 1e-7, fair to 1e-4, doubtful to 1e-2, wrong above; and undecided where
rounding or kinks hide everything. Exit status: 0 if all are good or fair, 1 if not or for another
failure, 2 for wrong arguments.
";

const OPTIONS: &[Opt] = &[
    DATA,
    Opt { name: "--images", value: "N", help: "the first N training images [3]" },
    ACTIVATION,
    HIDDEN,
    Opt { name: "--iterations", value: "N", help: "how long the net learns before the check [0]" },
    Opt { name: "--seed", value: "N", help: "for weights and mini-batches [0]" },
    Opt { name: "--h", value: "X", help: "how far each parameter is nudged [0.0001]" },
    Opt {
        name: "--sweep-h",
        value: "",
        help: "instead: the error of the differences for h from 1 to 1e-12",
    },
    Opt {
        name: "--why",
        value: "",
        help: "instead: why not the accuracy, and why not a step function (4.2.5)",
    },
    THREADS,
];

/// A net and the images on which it is checked.
struct Case {
    net: TwoLayerNet,
    x: Batch,
    t: Labels,
    threads: usize,
    style: Style,
    /// Whether this is what the book checks: three images, 50 units, untrained
    is_the_books: bool,
}

/// Runs the subcommand.
pub fn run(arguments: &[OsString]) -> Result<(), Failure> {
    let Some(arguments) = Arguments::of(OPENING, OPTIONS, arguments)? else {
        return Ok(());
    };
    let images = arguments.whole("--images", 3, 1..=60_000)? as usize;
    let iterations = arguments.whole("--iterations", 0, 0..=MOST_ITERATIONS)? as usize;
    let seed = arguments.whole("--seed", 0, 0..=u64::MAX)?;
    let h = arguments.number("--h", H, 1e-12..=100.0)?;
    let net = Net::of(&arguments)?;
    let threads = threads(&arguments)?;
    net.fits(images, "--images", threads)?;
    let (sweep, why) = (arguments.has("--sweep-h"), arguments.has("--why"));
    if arguments.has("--h") && (sweep || why) {
        let sentence = "--h: expected neither --sweep-h, which tries many, nor --why beside it";
        return Err(Failure::Usage(sentence.to_string()));
    }

    let Loaded { data, folder, .. } = Loaded::of(&arguments)?;
    let there = data.train.labels.len();
    if images > there {
        return Err(Failure::Usage(format!(
            "--images: expected at most the {} of {folder}, found {images}",
            counted(there, "training image")
        )));
    }
    let mut rng = Xorshift64Star::new(seed);
    let mut net = net.initial(&mut rng);
    let settings = Settings::new(iterations, threads);
    train_with_bar(&mut net, &data, &settings, &mut rng)
        .map_err(|error| Failure::Error(error.to_string()))?;

    say(&format!(
        "data      the first {} of {folder}\nnet       {}\n          seed {seed}, {}\n",
        counted(images, "training image"),
        described(&net),
        match iterations {
            0 => "untrained".to_string(),
            n => format!("after {} of training", counted(n, "iteration")),
        }
    ))?;
    let (x, t) = data.train.select(&(0..images).collect::<Vec<_>>());
    let is_the_books = (images, iterations, net.params.b1.len()) == (3, 0, 50);
    let case = Case { net, x, t, threads, style: Style::of_stdout(), is_the_books };
    if sweep {
        case.sweep_h()?;
    }
    if why {
        case.why()?;
    }
    if sweep || why { Ok(()) } else { case.check(h) }
}

impl Case {
    /// The check itself, for both losses.
    fn check(&self, h: f64) -> Result<(), Failure> {
        say(&format!(
            "check     central differences with h = {h:?} and backpropagation, {}\n",
            counted(self.threads, "thread")
        ))?;
        let kinks = crossed_kinks(&self.net, &self.x, h);
        let rounding = rounding_error_of_loss(&self.net, &self.x, h);
        let [in_w1, in_b1, ..] =
            kinks.each_ref().map(|part| part.iter().filter(|&&crosses| crosses).count());
        if in_w1 + in_b1 > 0 {
            say(&format!(
                "          without {} of W1 and {in_b1} of b1, whose nudge goes across the kink of a relu\n",
                counted(in_w1, "derivative")
            ))?;
        }
        let analytic = gradient(&self.net, &self.x, &self.t);
        let mut worst = Verdict::Good;
        for loss in [CrossEntropy::Exact, CrossEntropy::Book] {
            let exact = loss == CrossEntropy::Exact;
            let columns = format!(
                "{:>14}{:>10}{:>10}{:24}{:>10}",
                "compared", "mean", "largest", "", "relative"
            );
            let title = self.style.strong(title(loss));
            say(&format!("\n{title}\n{}\n", self.style.faint(&columns)))?;
            let naive = self.naive(h, loss);
            let incremental = Incremental { h, loss };
            let incremental = incremental.gradient_of(&self.net, &self.x, &self.t, self.threads);
            for (pair, a, b, judged) in [
                ("naive and backpropagation", &naive, &analytic, exact),
                ("incremental and backpropagation", &incremental, &analytic, exact),
                ("naive and incremental", &naive, &incremental, true),
            ] {
                let comparisons = compare(a, b, rounding, &kinks);
                say(&table(pair, &comparisons, judged, self.hidden()))?;
                let verdicts = comparisons.iter().map(|(_, comparison)| comparison.verdict());
                worst = verdicts.filter(|_| judged).fold(worst, Ord::max);
            }
            match exact {
                true => say(&self.side_by_side([&naive, &incremental, &analytic]))?,
                false => say(&self.why_not_closer())?,
            }
            if exact && self.is_the_books && h == H {
                say(OF_THE_BOOK)?;
            }
        }
        let sentence = match worst {
            Verdict::Good | Verdict::Fair => {
                return say(&format!("\nThe gradients agree: at worst {worst}.\n"));
            }
            Verdict::Undecided => {
                "nothing can be said of some of the derivatives: all of them drown in the rounding of \
                 the differences, or are at kinks; try another --h, or other --images"
            }
            Verdict::Doubtful => {
                "the gradients do not agree: at worst doubtful, see the last column"
            }
            Verdict::Wrong => "the gradients do not agree: at worst wrong, see the last column",
        };
        Err(Failure::Error(sentence.to_string()))
    }

    fn naive(&self, h: f64, loss: CrossEntropy) -> Parameters {
        let mut bar = Bar::new(2 * self.net.params.count());
        let mut workers = Workers::new(self.threads);
        let mut progress = |done, _| bar.show(done as f64);
        Naive { h, loss }.gradient_with_progress(
            &self.net,
            &self.x,
            &self.t,
            &mut workers,
            &mut progress,
        )
    }

    fn hidden(&self) -> usize {
        self.net.params.b1.len()
    }

    /// Of each part the derivative that is largest by backpropagation, by all three ways.
    fn side_by_side(&self, gradients: [&Parameters; 3]) -> String {
        let mut text = format!(
            "\n{:<26}{:>22}{:>22}{:>22}\n",
            "largest derivative", "naive", "incremental", "backpropagation"
        );
        let [.., analytic] = gradients;
        for (part, (name, derivatives)) in analytic.parts().into_iter().enumerate() {
            let indices = 0..derivatives.len();
            let largest =
                |&i: &usize, &j: &usize| derivatives[i].abs().total_cmp(&derivatives[j].abs());
            let index = indices.max_by(largest).expect("no part is empty");
            let values = gradients.map(|gradient| gradient.parts()[part].1[index]);
            let place = place(name, index, self.hidden());
            text += &format!("{name} {place:<23}");
            text += &values.map(|value| format!("{value:>22.15}")).concat();
            text += "\n";
        }
        text
    }

    /// Why the book's loss and backpropagation differ.
    fn why_not_closer(&self) -> String {
        let y_t = pick_label_columns(&predict(&self.net, &self.x), &self.t);
        let smallest = y_t.iter().copied().fold(f64::INFINITY, f64::min);
        format!(
            "\nThese are the gradients of two functions: the 1e-7 multiplies what each sample adds to a\n\
             derivative by yₜ/(yₜ + 1e-7), and backpropagation leaves that out. The smallest yₜ here is\n\
             {smallest:.2e}, where it makes {:.0e} of the derivative; so a difference is no mistake, and has no\n\
             verdict. Where the parts of several samples cancel, more of the rest differs.\n",
            DELTA / (smallest + DELTA)
        )
    }
}

/// W1, b1, W2 and b2 of two gradients.
fn compare(
    a: &Parameters,
    b: &Parameters,
    rounding: f64,
    kinks: &[Vec<bool>; 4],
) -> Vec<(&'static str, Comparison)> {
    let parts = a.parts().into_iter().zip(b.parts()).zip(kinks);
    parts
        .map(|(((name, a), (_, b)), kinks)| {
            (name, Comparison::new(a, b, |_| rounding, |i| kinks[i]))
        })
        .collect()
}

/// What the book prints for its own check.
const OF_THE_BOOK: &str = "
The book prints the means W1 2.2e-13, b1 9.7e-13, W2 8.4e-13 and b2 1.19e-10 for naive and
backpropagation. They are those of a net with relu (--activation relu), as the book has it in
chapter 5, and of the exact loss: older than its 1e-7.
";

/// The naive gradient of the loss, in the form of the two of `why_loss.rs`.
fn of_loss(
    net: &TwoLayerNet,
    x: &Batch,
    t: &Labels,
    threads: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Parameters {
    Naive::default().gradient_with_progress(net, x, t, &mut Workers::new(threads), progress)
}

fn title(loss: CrossEntropy) -> &'static str {
    match loss {
        CrossEntropy::Exact => "The exact loss −ln yₜ: backpropagation gives its gradient",
        CrossEntropy::Book => "The book's loss −ln(yₜ + 1e-7)",
    }
}

/// A line for each part of the gradients. The verdict stands only where there is one to pass.
fn table(
    pair: &str,
    comparisons: &[(&'static str, Comparison)],
    judged: bool,
    hidden: usize,
) -> String {
    let mut text = format!("{pair}\n");
    for (name, comparison) in comparisons {
        let cell = |number: &str, words: &str| format!("{number:>10} {words:<23}");
        let at = |LargestDifference { index, by, .. }| {
            cell(&format!("{by:.1e}"), &place(name, index, hidden))
        };
        let none = cell("–", "all at kinks");
        let absolute = comparison.absolute.map_or(none.clone(), at);
        let relative = match comparison.relative {
            Some(LargestDifference { by: 0.0, .. }) => cell("–", "all within rounding"),
            relative => relative.map_or(none, at),
        };
        let verdict = if judged { comparison.verdict().to_string() } else { String::new() };
        let compared = grouped(comparison.compared);
        let mean = match comparison.compared {
            0 => "–".to_string(),
            _ => format!("{:.1e}", comparison.mean),
        };
        let line = format!("  {name}{compared:>10}{mean:>10}{absolute}{relative}{verdict}");
        text += line.trim_end();
        text += "\n";
    }
    text
}

/// A parameter by what it connects: pixel (row, column), hidden unit, digit.
fn place(part: &str, index: usize, hidden: usize) -> String {
    let pixel = |i: usize| format!("pixel ({},{})", i / 28, i % 28);
    match part {
        "W1" => format!("{}, unit {}", pixel(index / hidden), index % hidden),
        "b1" => format!("unit {index}"),
        "W2" => format!("unit {}, digit {}", index / CLASSES, index % CLASSES),
        _ => format!("digit {index}"),
    }
}

/// How many parameters the sweep looks at.
const SAMPLE: usize = 500;

impl Case {
    /// The error of the differences against h: the V curve as a table.
    fn sweep_h(&self) -> Result<(), Failure> {
        // 1, 0.3, 0.1, 0.03 … written as a reader would, so that h is that number exactly.
        let hs: Vec<f64> = (0..=24)
            .map(|k| format!("{}e-{}", [1, 3][k % 2], k.div_ceil(2)))
            .map(|h| h.parse().expect("a number"))
            .collect();
        let mut bar = Bar::new(hs.len());
        let progress = |done| bar.show(done as f64);
        let errors =
            errors_against_h(&self.net, &self.x, &self.t, &hs, SAMPLE, self.threads, progress);
        bar.clear();

        let at_books_h = errors.iter().find(|errors| errors.h == H).expect("among them");
        let columns: [fn(&Errors) -> f64; 4] =
            [|e| e.f64.forward, |e| e.f64.central, |e| e.f32.forward, |e| e.f32.central];
        let best = columns.map(|column| {
            let best = errors.iter().min_by(|a, b| column(a).total_cmp(&column(b)));
            best.expect("25 of them").h
        });
        say(&format!(
            "sweep     the exact loss; median error of {} derivatives, as a part of the derivative\n\n\
             {}\n{}\n",
            at_books_h.parameters,
            self.style.faint("                  f64                       f32"),
            self.style.faint("    h     forward     central     forward     central"),
        ))?;
        for error in &errors {
            let mut line = format!("{:5.0e}", error.h);
            for (column, best) in columns.iter().zip(best) {
                let value =
                    format!("{:10.1e}{}", column(error), if error.h == best { " *" } else { "  " });
                line += &if error.h == best { self.style.strong(&value) } else { value };
            }
            say(&format!("{}\n", line.trim_end()))?;
        }
        say(&format!(
            "\n\
             best h, measured    {:>7.0e}     {:>7.0e}     {:>7.0e}     {:>7.0e}\n\
             √ε and ∛ε           {:>7.0e}     {:>7.0e}     {:>7.0e}     {:>7.0e}\n\
             \n\
             For large h the loss bends between the two points: the error grows with h for the forward\n\
             difference, with h² for the central one. For small h the two losses agree in so many digits\n\
             that their difference is rounding. The best h is near √(ε|f/f″|) or ∛(ε|f/f‴|); one weight of\n\
             many bends the loss so little that it is larger here than √ε and ∛ε. With the book's 1e-4 half\n\
             of the derivatives are off by {:.1e} of their size or more in f64, and by {:.1e} in f32.\n",
            best[0],
            best[1],
            best[2],
            best[3],
            f64::EPSILON.sqrt(),
            f64::EPSILON.cbrt(),
            f32::EPSILON.sqrt(),
            f32::EPSILON.cbrt(),
            at_books_h.f64.central,
            at_books_h.f32.central,
        ))
    }

    /// Section 4.2.5.
    fn why(&self) -> Result<(), Failure> {
        let Self { net, x, t, .. } = self;
        say(&format!(
            "\n{}\n\nDerivatives by central differences, of {}:\n\n\
             {:<38}{:>14}{:>10}{:>12}{:>9}\n",
            self.style.strong("Why a loss, and not the accuracy? Why no step function? (4.2.5)"),
            counted(x.rows(), "image"),
            "how many are not 0",
            "W1",
            "b1",
            "W2",
            "b2"
        ))?;
        let mut bar = Bar::new(3 * 2 * net.params.count());
        let mut gradients = Vec::new();
        for way in [of_loss, gradient_of_accuracy, gradient_with_step] {
            let mut progress =
                |done, total: usize| bar.show((gradients.len() * total + done) as f64);
            gradients.push(way(net, x, t, self.threads, &mut progress));
        }
        bar.clear();
        let names = ["of the loss", "of the accuracy", "of the loss, with a step function"];
        for (name, gradient) in names.iter().zip(gradients) {
            let counts = gradient.parts().map(|(_, part)| {
                let not_0 = part.iter().filter(|&&d| d != 0.0).count();
                format!("{} of {}", grouped(not_0), grouped(part.len()))
            });
            let [w1, b1, w2, b2] = counts;
            say(&format!("{name:<34}{w1:>18}{b1:>10}{w2:>12}{b2:>9}\n"))?;
        }
        let class = t.as_slice()[0];
        say(&format!(
            "\nThe bias of digit {class} nudged by a little more each time:\n\n{:>10}{:>12}{:>12}\n",
            "nudge", "accuracy", "loss"
        ))?;
        let by = [0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0];
        for nudged in nudge_bias(net, &x.to_matrix(), t, class, &by) {
            say(&format!("{:>10}{:12.4}{:12.6}\n", nudged.by, nudged.accuracy, nudged.loss))?;
        }
        say(
            "\nThe loss answers every nudge, and says which way is down. The accuracy stays, or jumps: its\n\
             derivative is 0 almost everywhere. With a step between the layers the loss does the same, as\n\
             far as the first layer goes. (A nudge that happens to cross a jump gives a number, but no\n\
             slope. W1 of a pixel that is 0 in all images has no derivative in any case.)\n",
        )
    }
}
